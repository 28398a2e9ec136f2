//! Checks that types alone cannot make.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::{Mail, Settings, SmtpSecurity};
use crate::document::{Document, KeyPath};
use crate::error::{ConfigError, Problem};
use crate::secret::SecretText;

impl Settings {
    /// Checks ranges and addresses, and takes the mail password out of its variable.
    pub(super) fn check(
        &mut self,
        document: &Document<'_>,
        env: &BTreeMap<String, String>,
    ) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        let mut report = |section: &str, key: &str, problem: Problem| {
            problems.push(document.locate(&KeyPath::root().key(section).key(key), problem));
        };
        self.check_ranges(&mut report);
        self.check_database(&mut report);
        check_mail(&mut self.mail, env, &mut report);
        ConfigError::check(problems)
    }

    fn check_ranges(&self, report: &mut impl FnMut(&str, &str, Problem)) {
        let (server, hashing) = (&self.server, &self.password_hashing);
        let least_memory = 8 * u64::from(hashing.parallelism);
        for (section, key, value, least, most) in [
            ("server", "request_timeout_seconds", server.request_timeout_seconds, 1, 600),
            ("server", "body_limit_bytes", server.body_limit_bytes as u64, 1024, 16_777_216),
            ("server", "shutdown_grace_seconds", server.shutdown_grace_seconds, 0, 600),
            ("database", "max_connections", self.database.max_connections.into(), 1, 1000),
            ("password_hashing", "memory_kib", hashing.memory_kib.into(), least_memory, 4_194_304),
            ("password_hashing", "iterations", hashing.iterations.into(), 1, 64),
            ("password_hashing", "parallelism", hashing.parallelism.into(), 1, 64),
            ("password_hashing", "permits", hashing.permits as u64, 0, 1024),
        ] {
            if value < least || value > most {
                let problem = Problem::new("a number out of range")
                    .expected(format!("{least} to {most}"))
                    .found(value.to_string());
                report(section, key, problem.hint("correct the number, or remove the line for the default"));
            }
        }
    }

    fn check_database(&self, report: &mut impl FnMut(&str, &str, Problem)) {
        let url = self.database.url.expose();
        let cause = match url.split_once(':') {
            // sqlx accepts both sqlite:PATH and sqlite://PATH, and a path is not a URL's authority.
            Some(("sqlite", path)) if !path.trim_start_matches("//").is_empty() => return,
            Some(("sqlite", _)) => "the database address names no file",
            Some(("postgres" | "postgresql", _)) => match url::Url::parse(url) {
                Ok(url) if url.path().len() > 1 => return,
                Ok(_) => "the database address names no database",
                Err(_) => "not a valid database address",
            },
            _ => "not a database that is supported",
        };
        let problem = Problem::new(cause)
            .expected("sqlite://path/to/file.sqlite or postgres://user:password@host/database")
            .found(self.database.url.redacted())
            .hint("correct the address; special characters in a password are written as %XX");
        report("database", "url", problem);
    }
}

fn check_mail(mail: &mut Mail, env: &BTreeMap<String, String>, report: &mut impl FnMut(&str, &str, Problem)) {
    if let Mail::Terminal { from } | Mail::File { from, .. } | Mail::Smtp { from, .. } = &mail
        && !is_mailbox(from)
    {
        let problem = Problem::new("not a sender address")
            .expected("name@example.com or Name <name@example.com>")
            .found(format!("{from:?}"));
        report("mail", "from", problem.hint("correct the address"));
    }
    let Mail::Smtp { host, security, username, password_env, password, .. } = mail else { return };
    if *security == SmtpSecurity::None && !is_loopback(host) {
        let problem = Problem::new("mail would travel unprotected over the network")
            .expected("security = \"tls\" or \"starttls\" (\"none\" only for a loopback host)")
            .found(format!("security = \"none\" with host {host:?}"));
        report("mail", "security", problem.hint("use \"tls\" (port 465) or \"starttls\" (port 587)"));
    }
    match (username.as_ref(), password_env.as_ref()) {
        (None, Some(_)) | (Some(_), None) => {
            let problem = Problem::new("a user name and a password belong together")
                .expected("both `username` and `password_env`, or neither")
                .hint("add the missing one; password_env is the NAME of an environment variable");
            report("mail", if username.is_some() { "username" } else { "password_env" }, problem);
        }
        (Some(_), Some(name)) => match env.get(name).filter(|value| !value.is_empty()) {
            Some(value) => *password = Some(SecretText::new(value)),
            None => {
                let problem = Problem::new("the environment variable named here is not set")
                    .expected("the name of an environment variable that holds the password")
                    .hint("set the variable for the server, or correct its name here");
                report("mail", "password_env", problem);
            }
        },
        (None, None) => {}
    }
}

/// Whether this can be a sender: an address, alone or in angle brackets behind a name.
fn is_mailbox(text: &str) -> bool {
    let address = match text.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    is_email(address) && !text.chars().any(char::is_control)
}

/// Whether this can be an email address: one `@`, something on both sides, no blanks or brackets.
pub(crate) fn is_email(address: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"[]\\".contains(c);
    address.len() <= 254
        && !address.contains(strange)
        && address.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
        })
}

/// Whether a host is this machine by name or address.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.to_ascii_lowercase().ends_with(".localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
