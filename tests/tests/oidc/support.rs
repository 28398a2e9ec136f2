//! What the tests have in common.

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
