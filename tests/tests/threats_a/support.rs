//! What the attacks have in common: an enrolled victim, an attacker with the password, and a look at what changed.

use vestibule_domain::{Session, User, attempts::Attempts};
use vestibule_store::{RememberedBrowser, records::GrantRow};
use vestibule_tests::{
    Authenticator, BYSTANDER, Browser, Form, PASSWORD, Page, Server, Setup, recovery_codes,
};

pub(crate) use vestibule_tests::at_once;

/// Name of the session cookie on plain HTTP.
pub(crate) const SESSION: &str = "vestibule";

/// Name of the browser's own cookie on plain HTTP.
pub(crate) const BROWSER: &str = "vestibule-browser";

/// Name of the cookie of a remembered browser on plain HTTP.
pub(crate) const DEVICE: &str = "vestibule-device";

/// A server where alice has an authenticator app and recovery codes, her browser and her phone.
pub(crate) async fn enrolled(setup: Setup) -> (Server, Browser, Authenticator) {
    let server = setup.start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, owner, phone)
}

/// A new browser that gave the right password and stands at the second factor.
pub(crate) async fn pending(server: &Server) -> (Browser, Page) {
    pending_at(server, 0).await
}

/// The same at a certain node.
pub(crate) async fn pending_at(server: &Server, node: usize) -> (Browser, Page) {
    let mut browser = server.browser_at(node, &server.pool().origin);
    let page = browser.sign_in("alice").await;
    assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
    assert!(!browser.cookies.contains_key(SESSION));
    (browser, page)
}

/// Goes from the second-factor page to the recovery codes, unless they are asked already.
pub(crate) async fn to_recovery(browser: &mut Browser, page: &Page) -> Page {
    if page.has_id("recovery-code") {
        return page.clone();
    }
    let page = browser.submit(page.form_of("#choose-recovery")).await;
    assert!(page.has_id("recovery-code"), "{}", page.body);
    page
}

/// Signs a new browser in to the user center with a recovery code.
pub(crate) async fn recover(server: &Server, code: &str) -> (Browser, Page) {
    let (mut browser, page) = pending(server).await;
    let page = to_recovery(&mut browser, &page).await;
    let page = browser.answer(&page, code).await;
    (browser, page)
}

/// Signs a new browser in to the user center with password and code.
pub(crate) async fn sign_in_with(server: &Server, code: &str) -> (Browser, Page) {
    let (mut browser, page) = pending(server).await;
    let page = browser.answer(&page, code).await;
    (browser, page)
}

/// Adds an authenticator app with a name; time passes so that its next code is good. The second value is the page
/// after it.
pub(crate) async fn add_device(server: &Server, browser: &mut Browser, label: &str) -> (Authenticator, Page) {
    let page = browser.get("/u/security").await;
    let page = browser.submit(page.form_of("#add-totp")).await;
    assert!(page.has_id("totp-secret"), "{} {}", page.url, page.body);
    let secret: String = page.text("#totp-secret").split_whitespace().collect();
    let device = Authenticator { secret, codes: Vec::new() };
    let form = page.form_of("#enrol-submit").with("label", label);
    let page = browser.submit(form.with("code", &device.code(&server.clock))).await;
    server.clock.advance(30);
    (Authenticator { codes: recovery_codes(&page), ..device }, page)
}

/// Whether a page is one of the user center.
pub(crate) fn is_inside(page: &Page) -> bool {
    !page.left && page.has_id("sign-out")
}

/// Alice as the database has her.
pub(crate) async fn alice(server: &Server) -> User {
    server.rows().user_by_identifier("alice").await.unwrap().unwrap().user
}

/// Alice's counter of failures of a kind.
pub(crate) async fn failures(server: &Server, kind: &str) -> u32 {
    let counters = server.rows().attempts(alice(server).await.id.as_uuid()).await.unwrap();
    let found = counters.into_iter().find(|(known, _)| known.as_str() == kind);
    found.map_or_else(Attempts::default, |(_, attempts)| attempts).failures
}

/// Forgets alice's failures, so that a refusal that follows has another reason than them.
pub(crate) async fn forgive(server: &Server) {
    let id = alice(server).await.id;
    let rows = server.rows();
    rows.write(move |tx| async move { tx.clear_all_attempts(id.as_uuid()).await }).await.unwrap();
}

/// Everything of alice that no attack may change.
#[derive(Debug, PartialEq)]
pub(crate) struct State {
    user: User,
    password: Option<String>,
    /// Identifier, kind, name and counter.
    pub(crate) credentials: Vec<(String, String, String, i64)>,
    pub(crate) sessions: Vec<Session>,
    grants: Vec<GrantRow>,
    pub(crate) remembered_browsers: Vec<RememberedBrowser>,
    /// The pool's settings count their changes.
    version: i64,
    /// Of somebody else, whom an administrator could reset: how many factors.
    bystander: usize,
}

/// Looks at the database.
pub(crate) async fn state(server: &Server) -> State {
    let rows = server.rows();
    let found = rows.user_by_identifier("alice").await.unwrap().unwrap();
    let id = found.user.id;
    let bystander = match rows.user_by_identifier(BYSTANDER).await.unwrap() {
        Some(other) => rows.credentials(other.user.id).await.unwrap().len(),
        None => 0,
    };
    let credentials = rows.credentials(id).await.unwrap().into_iter();
    State {
        user: found.user,
        password: found.password_hash,
        credentials: credentials
            .map(|one| (one.id.to_string(), one.kind.to_string(), one.label, one.counter))
            .collect(),
        sessions: rows.sessions_of(id).await.unwrap(),
        grants: rows.grants_of(id).await.unwrap(),
        remembered_browsers: rows.remembered_browsers(id, server.app().now()).await.unwrap(),
        version: server.admin().pool_named("main").await.unwrap().version,
        bystander,
    }
}

/// Alice's unspent credentials of a kind.
pub(crate) async fn count(server: &Server, kind: &str) -> usize {
    state(server).await.credentials.iter().filter(|(_, known, ..)| known == kind).count()
}

/// Identifier of alice's credential of that name.
pub(crate) async fn credential(server: &Server, label: &str) -> String {
    let credentials = state(server).await.credentials;
    credentials.into_iter().find(|(_, _, known, _)| known == label).unwrap().0
}

/// A form of the user center without fields of its own, for any path: the token of its page is all it needs.
pub(crate) fn bare(from: &Page, path: &str) -> Form {
    from.form("/u/sign-out").to(path)
}

/// The path of a factor's removal.
pub(crate) fn removal(id: &str) -> String {
    format!("/u/security/remove/{id}")
}

/// Removes a factor by the form of its confirmation page, which need not have been seen, with whatever identifier.
pub(crate) async fn remove(browser: &mut Browser, from: &Page, id: &str) -> Page {
    browser.submit(bare(from, &removal(id))).await
}

/// Replaces the recovery codes in the same way.
pub(crate) async fn regenerate(browser: &mut Browser, from: &Page, kind: &str) -> Page {
    browser.submit(bare(from, "/u/security/regenerate").forged("kind", kind)).await
}

/// Signs in with nothing but the password of the harness and expects to be let in.
pub(crate) async fn password_suffices(server: &Server, name: &str) -> Browser {
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    let page = browser.log_in(&page, name, PASSWORD).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    browser
}

/// Alice's browser with a session of both factors, just proved. Time passes, so that the next code is good.
pub(crate) async fn entered(server: &Server, phone: &Authenticator) -> Browser {
    let (browser, page) = sign_in_with(server, &phone.code(&server.clock)).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    server.clock.advance(30);
    browser
}

/// Alice as an administrator with a phone, her session, and somebody else without one.
pub(crate) async fn administered(setup: Setup) -> (Server, Browser, Authenticator) {
    let (server, _, phone) = enrolled(setup.administered()).await;
    server.add_user(BYSTANDER).await;
    let admin = entered(&server, &phone).await;
    (server, admin, phone)
}
