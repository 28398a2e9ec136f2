//! What the tests have in common.

use axum::http::StatusCode;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, AtomicUsize, Ordering},
};
use vestibule_tests::{App, Authenticator, Browser, PASSWORD, Page, Server, Setup, Tokens};

/// The class with a password alone, and with a second factor.
pub(crate) const ONE: &str = "urn:vestibule:acr:1fa";
pub(crate) const MFA: &str = "urn:vestibule:acr:mfa";

/// The application under another name.
pub(crate) fn named(rp: &App, id: &str) -> App {
    let mut other = rp.clone();
    id.clone_into(&mut other.client_id);
    other
}

/// A new browser in which alice signs in to the application with her password alone, and her tokens.
pub(crate) async fn tokens_of(server: &Server, rp: &App) -> (Browser, Tokens) {
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    (browser, tokens)
}

/// A server where alice has an authenticator app.
pub(crate) async fn enrolled(setup: Setup) -> (Server, Authenticator) {
    let server = setup.start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, phone)
}

/// Types alice's password into the login page, whose name field may be filled in already.
pub(crate) async fn password(browser: &mut Browser, page: &Page) -> Page {
    assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
    browser.log_in(page, "alice", PASSWORD).await
}

/// Goes through both factors.
pub(crate) async fn both_factors(
    server: &Server,
    browser: &mut Browser,
    page: &Page,
    phone: &Authenticator,
) -> Page {
    let page = password(browser, page).await;
    assert!(page.has_id("otp"), "{} {}", page.url, page.body);
    browser.answer(&page, &phone.code(&server.clock)).await
}

/// A document that an application publishes at an address of its own, which may change.
pub(crate) struct Document {
    pub(crate) uri: String,
    document: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    status: Arc<AtomicU16>,
}

impl Document {
    pub(crate) async fn of(media_type: &'static str, document: &str) -> Self {
        let document = Arc::new(Mutex::new(document.to_owned()));
        let asked = Arc::new(AtomicUsize::new(0));
        let status = Arc::new(AtomicU16::new(200));
        let (body, count, answer) = (Arc::clone(&document), Arc::clone(&asked), Arc::clone(&status));
        let serve = move || {
            count.fetch_add(1, Ordering::SeqCst);
            let body = body.lock().unwrap().clone();
            let status = StatusCode::from_u16(answer.load(Ordering::SeqCst)).unwrap();
            async move { (status, [("content-type", media_type)], body) }
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/document", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .route("/document", axum::routing::get(serve.clone()))
            .route("/.well-known/document", axum::routing::get(serve));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { uri, document, asked, status }
    }

    /// The same below the place that nobody but its host has.
    pub(crate) fn well_known(&self) -> String {
        self.uri.replace("/document", "/.well-known/document")
    }

    pub(crate) fn becomes(&self, document: &str) {
        document.clone_into(&mut self.document.lock().unwrap());
    }

    /// From now on it is answered with this status.
    pub(crate) fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// How often it was fetched.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}
