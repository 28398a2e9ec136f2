//! What is refused is written to the log once, with what it is about, and in characters that a terminal does not obey.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::{
    io::{self, Write},
    sync::{Arc, LazyLock, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use vestibule_tests::{PASSWORD, Server, Setup};

/// What was logged so far.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log of all tests here: a process has one.
static LOG: LazyLock<Log> = LazyLock::new(|| {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(move || writer.clone())
        .init();
    log
});

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The fields of the refusals of a code at a server.
    fn refusals(&self, server: &Server, code: &str) -> Vec<serde_json::Value> {
        let pool = server.pool().id.to_string();
        let lines = self.text();
        let events = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let fields = events.map(|mut event| event["fields"].take());
        let refused = fields.filter(|fields| fields["message"] == "refused" && fields["pool.id"] == pool);
        refused.filter(|fields| fields["oauth.error"] == code).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s15_every_refusal_is_logged_once_and_escaped() {
    let log = &*LOG;
    let server = Setup::default().start().await;
    let mut browser = server.browser();

    let page = browser.get("/oidc/auth?client_id=no%0Abody%E2%80%AE").await;
    assert_eq!(page.status, 400);
    let shown = log.refusals(&server, "invalid_client");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0]["client.id"], "no\\u{a}body\\u{202e}");
    assert_eq!(shown[0]["oauth.told"], "Page");
    assert!(!shown[0]["request.id"].as_str().unwrap().is_empty(), "{shown:?}");

    let grant = [("grant_type", "nonsense"), ("client_id", "app"), ("client_secret", "wrong")];
    let grant = grant.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let answer = browser.send("POST", "/oidc/token", Some(&grant)).await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    let code = serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["error"].take();
    let told = log.refusals(&server, code.as_str().unwrap());
    assert_eq!(told.iter().filter(|fields| fields["oauth.told"] == "Json").count(), 1, "{told:?}");

    browser.headers.push(("authorization".to_owned(), "Bearer nobody".to_owned()));
    assert_eq!(browser.get("/oidc/me").await.status, 401);
    let challenged = log.refusals(&server, "invalid_token");
    assert_eq!(challenged.len(), 1, "{challenged:?}");
    assert_eq!(challenged[0]["oauth.told"], "Challenge");

    // Clients send what they like, unencoded, too.
    let mut raw = TcpStream::connect(server.address(0)).await.unwrap();
    let host = server.pool().origin.authority();
    let request = format!("GET /x\u{202e}y HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    raw.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    raw.read_to_end(&mut answer).await.unwrap();
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 40"), "{answer:?}");
    assert!(!log.text().contains('\u{202e}'), "a line of the log turns around");
}

/// What the log says of the one refusal of a code so far: the application and to whom it was told.
fn the_one(server: &Server, code: &str) -> (String, String) {
    let found = LOG.refusals(server, code);
    assert_eq!(found.len(), 1, "{found:?}");
    let text = |name: &str| found[0][name].as_str().unwrap_or_default().to_owned();
    (text("client.id"), text("oauth.told"))
}

fn told(client: &str, to: &str) -> (String, String) {
    (client.to_owned(), to.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s15_a_refusal_in_the_middle_of_a_sign_in_names_its_application() {
    let _ = &*LOG;
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let mut app = server.rp();

    // A redirect at once, and one after a page.
    assert_eq!(app.silent(&mut browser, &[]).await.error(), Some("login_required"));
    assert_eq!(the_one(&server, "login_required"), told("app", "Redirect"));
    let page = app.authorize(&mut browser, &[]).await;
    let gone = browser.submit(page.form_of("#cancel")).await;
    assert_eq!(app.callback(&gone).error(), Some("access_denied"));
    assert_eq!(the_one(&server, "access_denied"), told("app", "Redirect"));

    // Behind the first factor the address names a sign-in and no application.
    let mut elsewhere = server.browser();
    elsewhere.sign_in("alice").await;
    server.enrol(&mut elsewhere).await;
    let page = app.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let gone = browser.submit(page.form_of("#cancel")).await;
    assert_eq!(app.callback(&gone).error(), Some("access_denied"));
    let denied = LOG.refusals(&server, "access_denied");
    assert_eq!(denied.len(), 2, "{denied:?}");
    assert_eq!(denied[1]["client.id"], "app");
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["phrh"]}}}"#;
    let page = app.authorize(&mut browser, &[("claims", essential)]).await;
    let gone = browser.log_in(&page, "alice", PASSWORD).await;
    assert_eq!(app.callback(&gone).error(), Some("unmet_authentication_requirements"));
    assert_eq!(the_one(&server, "unmet_authentication_requirements"), told("app", "Redirect"));

    // Credentials in a header.
    assert_eq!(app.exchange("no code").await.error(), Some("invalid_grant"));
    assert_eq!(the_one(&server, "invalid_grant"), told("app", "Json"));
    app.secret = Some("wrong".to_owned());
    assert_eq!(app.exchange("no code").await.error(), Some("invalid_client"));
    assert_eq!(the_one(&server, "invalid_client"), told("app", "Json"));
}
