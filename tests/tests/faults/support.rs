//! What the tests of faults have in common.

use vestibule_tests::{Browser, Page, Server, Setup};
use vestibule_web::WebOptions;

/// A server behind a proxy on this machine, so that a test says from which address a browser comes.
pub(crate) fn behind_proxy(setup: Setup) -> Setup {
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    Setup { web: WebOptions { trusted_proxies, ..setup.web }, ..setup }
}

/// A new browser that comes from an address, see [`behind_proxy`].
pub(crate) fn browser_from(server: &Server, address: &str) -> Browser {
    let mut browser = server.browser();
    browser.headers.push(("x-forwarded-for".to_owned(), address.to_owned()));
    browser
}

/// Whether somebody is in the user center.
pub(crate) fn is_inside(page: &Page) -> bool {
    !page.left && page.has_id("sign-out")
}

/// Asks for a reset of a password.
pub(crate) async fn ask_reset(browser: &mut Browser, identifier: &str) -> Page {
    let page = browser.get("/login/reset").await;
    browser.submit(page.form_of("#reset-submit").with("identifier", identifier)).await
}

/// Asks for a registration.
pub(crate) async fn ask_registration(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/login/register").await;
    browser.submit(page.form_of("#register-submit").with("email", email)).await
}

/// Opens the form behind a new registration link.
pub(crate) async fn registration_form(server: &Server, browser: &mut Browser, email: &str) -> Page {
    ask_registration(browser, email).await;
    let link = server.mailed_link(email, "/login/register/complete").await.unwrap();
    browser.get(&link).await
}

/// Types a user name and a password.
pub(crate) async fn try_password(browser: &mut Browser, name: &str, password: &str) -> Page {
    let page = browser.get("/u").await;
    browser.log_in(&page, name, password).await
}
