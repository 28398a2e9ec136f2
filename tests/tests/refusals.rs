//! What is refused is written to the log once, with what it is about, and in characters that a terminal does not obey.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use vestibule_tests::Setup;

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

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The fields of the refusals of a code.
    fn refusals(&self, code: &str) -> Vec<serde_json::Value> {
        let lines = self.text();
        let events = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let fields = events.map(|mut event| event["fields"].take());
        fields.filter(|fields| fields["message"] == "refused" && fields["oauth.error"] == code).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s15_every_refusal_is_logged_once_and_escaped() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(move || writer.clone())
        .init();
    let server = Setup::default().start().await;
    let mut browser = server.browser();

    let page = browser.get("/oidc/auth?client_id=no%0Abody%E2%80%AE").await;
    assert_eq!(page.status, 400);
    let shown = log.refusals("invalid_client");
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert_eq!(shown[0]["client.id"], "no\\u{a}body\\u{202e}");
    assert_eq!(shown[0]["oauth.told"], "Page");
    assert!(!shown[0]["request.id"].as_str().unwrap().is_empty(), "{shown:?}");
    assert_eq!(shown[0]["pool.id"], server.pool().id.to_string());

    let grant = [("grant_type", "nonsense"), ("client_id", "app"), ("client_secret", "wrong")];
    let grant = grant.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let answer = browser.send("POST", "/oidc/token", Some(&grant)).await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    let code = serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["error"].take();
    let told = log.refusals(code.as_str().unwrap());
    assert_eq!(told.iter().filter(|fields| fields["oauth.told"] == "Json").count(), 1, "{told:?}");

    browser.headers.push(("authorization".to_owned(), "Bearer nobody".to_owned()));
    assert_eq!(browser.get("/oidc/me").await.status, 401);
    let challenged = log.refusals("invalid_token");
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
