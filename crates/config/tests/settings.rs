//! What people write wrong in settings, and what they are told.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use vestibule_config::{ConfigError, LogFormat, Mail, Problem, Settings, SmtpSecurity};

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn parse(text: &str, pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
    Settings::parse(Some(Path::new("v.toml")), text, &env(pairs))
}

fn first(text: &str, pairs: &[(&str, &str)]) -> Problem {
    parse(text, pairs).err().unwrap().problems.remove(0)
}

#[test]
fn every_mistake_is_told_with_its_place() {
    // text, line, column, part of the cause, part of what was expected, part of the hint
    for (text, line, column, cause, expected, hint) in [
        ("[server]\nlistne = \"x\"\n", 2, 1, "unknown key `listne`", "`listen`", "did you mean `listen`"),
        ("[servr]\n", 1, 2, "unknown key `servr`", "`server`", "did you mean `server`"),
        ("[server]\nlisten = 8080\n", 2, 10, "wrong type", "socket address", "correct"),
        ("[server]\nlisten = \"localhost\"\n", 2, 10, "socket address", "", ""),
        ("[server]\n\ntrusted_proxies = [\"10.0.0.0/8\",\n  \"10/99\"]\n", 4, 3, "invalid IP", "", ""),
        ("[server]\nbody_limit_bytes = 12\n", 2, 20, "out of range", "1024 to 16777216", "correct"),
        ("[database]\nurl = \"mysql://x/y\"\n", 2, 7, "not a database", "sqlite://", ""),
        ("[database]\nurl = 5\n", 2, 7, "wrong type", "a text in quotes", ""),
        ("[log]\nlevel = \"inf\"\n", 2, 9, "`inf` is not allowed", "`info`", "did you mean `info`"),
        ("[mail]\ntransport = \"smtpx\"\n", 2, 13, "`smtpx` is not allowed", "`smtp`", "did you mean"),
        ("\n[mail]\nfrom = \"a@b.c\"\n", 2, 1, "missing key `transport`", "`transport`", "add"),
        ("[mail]\ntransport = \"smtp\"\nfrom = \"a@b.c\"\n", 1, 1, "missing key `host`", "`host`", "add"),
        ("[mail]\ntransport = \"off\"\nhost = \"h\"\n", 3, 1, "unknown key `host`", "`transport`", "remove"),
        ("[mail]\ntransport = \"terminal\"\nfrom = \"nobody\"\n", 3, 8, "not a sender", "name@", ""),
        ("[password_hashing]\nparallelism = 4\nmemory_kib = 8\n", 3, 14, "out of range", "32 to", ""),
        ("[server\n", 1, 8, "not valid TOML", "", "correct the line"),
        ("[log]\nlevel = info\n", 2, 9, "not valid TOML", "", "need quotes"),
    ] {
        let problem = first(text, &[]);
        assert_eq!(problem.file.as_deref(), Some("v.toml"), "{text}");
        assert_eq!((problem.line, problem.column), (Some(line), Some(column)), "{text}: {problem}");
        assert!(problem.cause.contains(cause), "{text}: {problem}");
        assert!(problem.expected.clone().unwrap_or_default().contains(expected), "{text}: {problem}");
        assert!(problem.hint.clone().unwrap_or_default().contains(hint), "{text}: {problem}");
    }
}

#[test]
fn an_error_reads_well_and_is_also_json() {
    let error = parse("[server]\nlistne = \"x\"\n", &[]).err().unwrap();
    let text = error.to_string();
    assert!(text.starts_with("v.toml:2:1: unknown key `listne`\n  expected: one of `listen`"), "{text}");
    assert!(text.ends_with("to do: did you mean `listen`?"), "{text}");
    let json = serde_json::to_value(&error).unwrap();
    let problem = &json["problems"][0];
    assert_eq!((&problem["line"], &problem["column"]), (&2.into(), &1.into()));
    assert_eq!((&problem["file"], &problem["found"]), (&"v.toml".into(), &"`listne`".into()));
}

#[test]
fn a_missing_file_is_named_with_a_remedy() {
    let error = Settings::load(Some(Path::new("/nonexistent/v.toml")), &env(&[])).err().unwrap();
    let text = error.to_string();
    assert!(text.starts_with("/nonexistent/v.toml: cannot be read") && text.contains("to do:"), "{text}");
}

#[test]
fn several_bad_values_are_told_together() {
    let error = parse("[server]\nbody_limit_bytes = 1\nrequest_timeout_seconds = 0\n", &[]).err().unwrap();
    assert_eq!(error.problems.iter().map(|p| p.line.unwrap()).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn variables_lay_over_the_file() {
    let settings = parse(
        "[server]\nlisten = \"127.0.0.1:1\"\nbody_limit_bytes = 2048\n",
        &[
            ("VESTIBULE__SERVER__LISTEN", "[::1]:9000"),
            ("VESTIBULE__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
            ("VESTIBULE__SERVER__REQUEST_TIMEOUT_SECONDS", "30"),
            ("VESTIBULE__LOG__FORMAT", "json"),
            ("VESTIBULE__MAIL__TRANSPORT", "smtp"),
            ("VESTIBULE__MAIL__HOST", "mail.example.com"),
            ("VESTIBULE__MAIL__SECURITY", "starttls"),
            ("VESTIBULE__MAIL__FROM", "V <v@example.com>"),
            ("UNRELATED", "x"),
        ],
    );
    let settings = settings.map_err(|error| error.to_string()).ok().unwrap();
    assert_eq!(settings.server.listen.to_string(), "[::1]:9000");
    assert_eq!(settings.server.body_limit_bytes, 2048);
    assert_eq!(settings.server.request_timeout_seconds, 30);
    assert_eq!(settings.log.format, LogFormat::Json);
    let trusted = ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"];
    assert!(trusted.iter().all(|ip| settings.server.trusts(ip.parse::<IpAddr>().unwrap())));
    assert!(!settings.server.trusts("192.0.2.1".parse().unwrap()));
    assert!(matches!(settings.mail, Mail::Smtp { port: 587, security: SmtpSecurity::Starttls, .. }));
}

#[test]
fn a_list_may_be_written_as_toml_and_a_variable_needs_no_file() {
    let vars = env(&[("VESTIBULE__SERVER__TRUSTED_PROXIES", "[\"192.0.2.0/24\"]")]);
    let settings = Settings::load(None, &vars).ok().unwrap();
    assert!(settings.server.trusts("192.0.2.77".parse().unwrap()));
}

#[test]
fn a_bad_variable_is_named_and_nothing_else_is_blamed() {
    let long = "# a comment that is longer than any span of a variable\n".repeat(3);
    for (variable, value, cause, expected) in [
        ("VESTIBULE__SERVER__LISTEN", "nowhere", "socket address", ""),
        ("VESTIBULE__SERVER__BODY_LIMIT_BYTES", "many", "wrong type", "whole number"),
        ("VESTIBULE__SERVER__BODY_LIMIT_BYTES", "1", "out of range", "1024"),
        ("VESTIBULE__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\", \"x\"]", "invalid IP", ""),
        ("VESTIBULE__LOG__FORMAT", "xml", "`xml` is not allowed", "`json`"),
        ("VESTIBULE__MAIL__TRANSPORT", "file", "missing key `directory`", "`directory`"),
        ("VESTIBULE__SERVER__LISTENS", "x", "no such setting", ""),
        ("VESTIBULE__SERVER", "x", "no such setting", ""),
    ] {
        let problem = first(&long, &[(variable, value)]);
        assert_eq!(problem.variable.as_deref(), Some(variable), "{problem}");
        assert_eq!((problem.file.clone(), problem.line), (None, None), "{problem}");
        assert!(problem.cause.contains(cause), "{problem}");
        assert!(problem.expected.clone().unwrap_or_default().contains(expected), "{problem}");
        assert!(problem.to_string().starts_with(&format!("environment variable {variable}: ")), "{problem}");
    }
    let problem = first("", &[("VESTIBULE__SERVER__LISTENS", "x")]);
    assert_eq!(problem.hint.as_deref(), Some("did you mean VESTIBULE__SERVER__LISTEN?"));
}

#[test]
fn the_key_ring_comes_from_its_variable_or_else_from_the_file() {
    let dir = std::env::temp_dir().join(format!("vestibule-config-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let file = dir.join("ring");
    std::fs::write(&file, "from-file").unwrap();
    let text = format!("[secrets]\nkey_ring_file = {:?}\n", file.display().to_string());

    let ring = |text: &str, pairs: &[(&str, &str)]| {
        let settings = parse(text, pairs).ok().unwrap();
        settings.secrets.key_ring().map(|ring| ring.map(|ring| ring.expose().to_owned()))
    };
    assert_eq!(ring(&text, &[]), Ok(Some("from-file".to_owned())));
    assert_eq!(ring(&text, &[("VESTIBULE_KEY_RING", "from-env")]), Ok(Some("from-env".to_owned())));
    assert_eq!(ring(&text, &[("VESTIBULE_KEY_RING", " ")]), Ok(Some("from-file".to_owned())));
    assert_eq!(ring("", &[]), Ok(None));

    std::fs::write(&file, "\n").unwrap();
    assert!(ring(&text, &[]).err().unwrap().to_string().contains("is empty"));
    std::fs::remove_dir_all(&dir).unwrap();
    assert!(ring(&text, &[]).err().unwrap().to_string().contains("cannot be read"));
}

#[test]
fn mail_is_protected_and_its_password_comes_from_a_variable() {
    let smtp = "[mail]\ntransport = \"smtp\"\nfrom = \"v@example.com\"\n";
    for host in ["localhost", "127.0.0.1", "::1"] {
        assert!(parse(&format!("{smtp}host = \"{host}\"\nsecurity = \"none\"\n"), &[]).is_ok(), "{host}");
    }
    let problem = first(&format!("{smtp}host = \"mail.example.com\"\nsecurity = \"none\"\n"), &[]);
    assert_eq!((problem.line, problem.key.as_deref()), (Some(5), Some("mail.security")));

    let with_user = format!("{smtp}host = \"h\"\nusername = \"u\"\npassword_env = \"MAIL_PW\"\n");
    let problem = first(&with_user, &[]);
    assert_eq!((problem.line, problem.key.as_deref()), (Some(6), Some("mail.password_env")));
    let settings = parse(&with_user, &[("MAIL_PW", "hunter2")]).ok().unwrap();
    let Mail::Smtp { password, port, .. } = &settings.mail else { unreachable!() };
    assert_eq!((password.as_ref().unwrap().expose(), *port), ("hunter2", 465));
    assert!(first(&format!("{smtp}host = \"h\"\nusername = \"u\"\n"), &[]).cause.contains("belong together"));
}

#[test]
fn secrets_are_in_no_output() {
    let pairs = [
        ("VESTIBULE_KEY_RING", "hunter2-ring"),
        ("VESTIBULE__DATABASE__URL", "postgres://v:hunter2@db/v"),
        ("MAIL_PW", "hunter2"),
    ];
    let smtp = "[mail]\ntransport = \"smtp\"\nfrom = \"v@example.com\"\nhost = \"h\"\nusername = \"u\"\n\
                password_env = \"MAIL_PW\"\n";
    let settings = parse(smtp, &pairs).ok().unwrap();
    let shown = serde_json::to_string(&settings).unwrap();
    assert!(!shown.contains("hunter2"), "{shown}");

    for (text, vars) in [
        ("[database]\nurl = \"mysql://v:hunter2@db/v\"\n", &[][..]),
        ("[database]\nurl = [\"postgres://v:hunter2@db/v\"]\n", &[]),
        ("", &[("VESTIBULE__DATABASE__URL", "hunter2")]),
        ("[database]\nurl = \"postgres://v:hunter2@\"\n", &[]),
    ] {
        let error = parse(text, vars).err().unwrap();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        assert!(!serde_json::to_string(&error).unwrap().contains("hunter2"));
    }
}
