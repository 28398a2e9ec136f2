//! What the demo says when it is ready.

use super::files::Credentials;
use crate::console::{bold, dim};
use serde_json::json;
use std::path::Path;
use vestibule_web::paths::{ACCOUNT, SECURITY, SETTINGS};

/// What the summary is about.
pub(super) struct Facts<'a> {
    pub(super) port: u16,
    pub(super) application: &'a str,
    pub(super) credentials: &'a Credentials,
    pub(super) directory: &'a Path,
    pub(super) is_first: bool,
}

/// The summary.
pub(super) fn text(facts: &Facts<'_>) -> String {
    let Facts { port, application, credentials, directory, is_first } = facts;
    let directory = directory.display();
    let login = format!("http://localhost:{port}");
    let operator = format!("http://operator.localhost:{port}");
    let row = |name: &str, value: &str, note: &str| {
        let note = if note.is_empty() { String::new() } else { format!("  {}", dim(note)) };
        format!("    {name:<18}{}{note}", bold(value))
    };
    let state = if *is_first { "made just now" } else { "as you left them" };
    [
        String::new(),
        format!("  {} on this machine only; users and data {state}", bold("Vestibule demo")),
        String::new(),
        row("Demo application", application, "← begin here"),
        row("User center", &format!("{login}{ACCOUNT}"), ""),
        row("Pool settings", &format!("{login}{SETTINGS}"), "as admin: second factors for everybody, resets, reasons"),
        row("Operator pool", &format!("{operator}{ACCOUNT}"), "asks everybody for a second factor"),
        row("Issuer", &format!("{login}/oidc"), ""),
        String::new(),
        row("alice", &credentials.alice, "pool demo"),
        row("admin", &credentials.admin, "pools demo and operator: an administrator of both"),
        dim("    as first made; a password you have changed since counts instead"),
        String::new(),
        format!("  {}", bold("What to try")),
        format!("    1  Sign in at {application} as alice. The ID token says acr 1fa, amr pwd."),
        format!("    2  Enrol an authenticator at {login}{SECURITY}. Scan the code with any"),
        "       authenticator app, or type its secret in; keep the recovery codes it shows.".to_owned(),
        "    3  Back in the application press \"Step up now\": only the code is asked for, and the token says mfa."
            .to_owned(),
        "    4  Call the API without it: it answers with a challenge, and stepping up satisfies it."
            .to_owned(),
        "    5  Sign out, and sign in again: the second factor is closed until you open it.".to_owned(),
        format!("    6  Register, or forget your password: the mail appears here and in {directory}/mail."),
        String::new(),
        dim("  Ctrl-C stops. `vestibule demo` finds everything again, `vestibule demo --reset` starts over."),
        String::new(),
    ]
    .join("\n")
}

/// The same for programs: one JSON object when the demo is ready.
pub(super) fn json(facts: &Facts<'_>) -> serde_json::Value {
    let login = format!("http://localhost:{}", facts.port);
    let operator = format!("http://operator.localhost:{}", facts.port);
    json!({
        "ready": true,
        "application": facts.application,
        "issuer": format!("{login}/oidc"),
        "user_center": format!("{login}{ACCOUNT}"),
        "pool_settings": format!("{login}{SETTINGS}"),
        "operator": format!("{operator}{ACCOUNT}"),
        "directory": facts.directory.display().to_string(),
        "is_first": facts.is_first,
        "users": [
            { "username": "alice", "password": facts.credentials.alice, "pools": ["demo"] },
            { "username": "admin", "password": facts.credentials.admin, "pools": ["demo", "operator"] },
        ],
    })
}
