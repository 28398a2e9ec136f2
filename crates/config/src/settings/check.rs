//! Checks that types alone cannot make.

use std::collections::BTreeMap;

use url::Host;
use vestibule_domain::field::{self, Fault, FieldPath};

use super::{Mail, Settings, SmtpSecurity};
use crate::document::Document;
use crate::error::ConfigError;
use crate::secret::SecretText;

impl Settings {
    /// Checks ranges and addresses, and takes the mail password out of its variable.
    pub(super) fn check(
        &mut self,
        document: &Document<'_>,
        env: &BTreeMap<String, String>,
    ) -> Result<(), ConfigError> {
        let mut faults = Vec::new();
        let mut report = |section: &str, key: &str, fault: Fault| {
            faults.push(document.locate(fault.below(&FieldPath::root().key(section).key(key))));
        };
        self.check_ranges(&mut report);
        self.check_database(&mut report);
        self.check_tls(&mut report);
        check_mail(&mut self.mail, env, &mut report);
        ConfigError::check(faults)
    }

    fn check_ranges(&self, report: &mut impl FnMut(&str, &str, Fault)) {
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
                let fault = Fault::new("a number out of range")
                    .expected(format!("{least} to {most}"))
                    .found(value.to_string());
                report(section, key, fault.hint("correct the number, or remove the line for the default"));
            }
        }
    }

    fn check_database(&self, report: &mut impl FnMut(&str, &str, Fault)) {
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
        let fault = Fault::new(cause)
            .expected("sqlite://path/to/file.sqlite or postgres://user:password@host/database")
            .found(self.database.url.redacted())
            .hint("correct the address; special characters in a password are written as %XX");
        report("database", "url", fault);
    }
}

fn check_mail(mail: &mut Mail, env: &BTreeMap<String, String>, report: &mut impl FnMut(&str, &str, Fault)) {
    if let Mail::Terminal { from } | Mail::File { from, .. } | Mail::Smtp { from, .. } = &mail
        && !is_mailbox(from)
    {
        let fault = Fault::new("not a sender address")
            .expected("name@example.com or Name <name@example.com>")
            .found(format!("{from:?}"));
        report("mail", "from", fault.hint("correct the address"));
    }
    let Mail::Smtp { host, security, username, password_env, password, .. } = mail else { return };
    if *security == SmtpSecurity::None && !is_loopback(host) {
        let fault = Fault::new("mail would travel unprotected over the network")
            .expected("security = \"tls\" or \"starttls\" (\"none\" only for a loopback host)")
            .found(format!("security = \"none\" with host {host:?}"));
        report("mail", "security", fault.hint("use \"tls\" (port 465) or \"starttls\" (port 587)"));
    }
    match (username.as_ref(), password_env.as_ref()) {
        (None, Some(_)) | (Some(_), None) => {
            let fault = Fault::new("a user name and a password belong together")
                .expected("both `username` and `password_env`, or neither")
                .hint("add the missing one; password_env is the NAME of an environment variable");
            report("mail", if username.is_some() { "username" } else { "password_env" }, fault);
        }
        (Some(_), Some(name)) => match env.get(name).filter(|value| !value.is_empty()) {
            Some(value) => *password = Some(SecretText::new(value)),
            None => {
                let fault = Fault::new("the environment variable named here is not set")
                    .expected("the name of an environment variable that holds the password")
                    .hint("set the variable for the server, or correct its name here");
                report("mail", "password_env", fault);
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

/// Whether mail can be sent from this address. A machine's own host name has no dot, so this allows more than the
/// address of a user.
fn is_email(address: &str) -> bool {
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"[]\\".contains(c);
    address.len() <= 254
        && !address.contains(strange)
        && address.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
        })
}

/// Whether a host is this machine by name or address; an IPv6 address may stand without brackets.
fn is_loopback(host: &str) -> bool {
    let bare = host.contains(':') && !host.starts_with('[');
    let host = if bare { format!("[{host}]") } else { host.to_owned() };
    Host::parse(&host).is_ok_and(|host| field::is_loopback(&host))
}
