//! What the attacks have in common.

use vestibule_tests::{App, Authenticator, Browser, Callback, PASSWORD, Page, Server, Setup, Tokens};

pub(crate) use vestibule_tests::at_once;

/// Essential `acr` values as the `claims` parameter.
pub(crate) fn essential(values: &[&str]) -> String {
    serde_json::json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
}

/// The class with a password alone, and with a second factor.
pub(crate) const ONE: &str = "urn:vestibule:acr:1fa";
pub(crate) const MFA: &str = "urn:vestibule:acr:mfa";

/// The application `app` under another name.
pub(crate) fn named(rp: &App, id: &str) -> App {
    let mut other = rp.clone();
    id.clone_into(&mut other.client_id);
    other
}

/// The application with other credentials.
pub(crate) fn proving(rp: &App, id: &str, secret: Option<&str>) -> App {
    let mut other = named(rp, id);
    other.secret = secret.map(str::to_owned);
    other
}

/// A new browser in which alice signs in to the application with her password alone, and the answer.
pub(crate) async fn arrives(server: &Server, rp: &App) -> (Browser, Callback) {
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let callback = rp.callback(&page);
    (browser, callback)
}

/// The same, up to the tokens.
pub(crate) async fn tokens_of(server: &Server, rp: &App) -> (Browser, Tokens) {
    let (browser, callback) = arrives(server, rp).await;
    let tokens = rp.verified(&callback).await;
    (browser, tokens)
}

/// A server where alice has an authenticator app, and the browser in which she got it.
pub(crate) async fn enrolled(setup: Setup) -> (Server, Browser, Authenticator) {
    let server = setup.start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, owner, phone)
}

/// Signs a new browser in to the application with both factors.
pub(crate) async fn with_phone(
    server: &Server,
    rp: &App,
    phone: &Authenticator,
    extra: &[(&str, &str)],
) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, extra).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("otp"), "{} {}", page.url, page.body);
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    (browser, page)
}

/// Whether every token of the answer is worth nothing.
pub(crate) async fn all_dead(rp: &App, tokens: &Tokens) -> bool {
    let refreshed = rp.refresh(&tokens.text("refresh_token")).await;
    let told = rp.userinfo(&tokens.text("access_token")).await;
    refreshed.error() == Some("invalid_grant") && told.error() == Some("invalid_token")
}
