//! People with factors of every kind, and a look at what an attack may not change.

use std::time::Duration;
use vestibule_domain::{
    Credential, CredentialId, FactorKind, Session, User, attempts::Attempts, credential::Public,
};
use vestibule_mfa::soft_authenticator::SoftAuthenticator;
use vestibule_tests::{Browser, Engine, Form, PASSWORD, Page, Server, Setup};

/// Name of the session cookie on plain HTTP.
pub(crate) const SESSION: &str = "vestibule";

/// How long anything may take while a factor stalls.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A pool that takes everything there is.
pub(crate) fn anything(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    let kinds = ["passkey", "security-key", "totp", "email"].map(FactorKind::new);
    setup.settings.mfa.everybody.factors = Some(kinds.to_vec());
    setup.settings.lifetimes.flow = 3600;
    setup
}

/// A user as the database has them.
pub(crate) async fn user(server: &Server, name: &str) -> User {
    server.rows().user_by_identifier(name).await.unwrap().unwrap().user
}

/// A user's counter of failures of a kind.
pub(crate) async fn failures(server: &Server, name: &str, kind: &str) -> u32 {
    let counters = server.rows().attempts(user(server, name).await.id.as_uuid()).await.unwrap();
    let found = counters.into_iter().find(|(known, _)| known.as_str() == kind);
    found.map_or_else(Attempts::default, |(_, attempts)| attempts).failures
}

/// Forgets a user's failures, so that a refusal that follows has another reason than them.
pub(crate) async fn forgive(server: &Server, name: &str) {
    let id = user(server, name).await.id;
    let rows = server.rows();
    rows.write(move |tx| async move { tx.clear_all_attempts(id.as_uuid()).await }).await.unwrap();
}

/// Everything of a user that no attack may change.
#[derive(Debug, PartialEq)]
pub(crate) struct State {
    user: User,
    password: Option<String>,
    /// Identifier, kind, public data and counter.
    pub(crate) credentials: Vec<(String, String, String, i64)>,
    pub(crate) sessions: Vec<Session>,
}

/// Looks at the database.
pub(crate) async fn state(server: &Server, name: &str) -> State {
    let rows = server.rows();
    let found = rows.user_by_identifier(name).await.unwrap().unwrap();
    let id = found.user.id;
    let credentials = rows.credentials(id).await.unwrap().into_iter();
    State {
        user: found.user,
        password: found.password_hash,
        credentials: credentials
            .map(|one| (one.id.to_string(), one.kind.to_string(), one.public.0, one.counter))
            .collect(),
        sessions: rows.sessions_of(id).await.unwrap(),
    }
}

/// A user's credentials of a kind.
pub(crate) async fn count(server: &Server, name: &str, kind: &str) -> usize {
    state(server, name).await.credentials.iter().filter(|(_, known, ..)| known == kind).count()
}

/// Writes a credential into the database, as if it had been enrolled.
pub(crate) async fn give(server: &Server, name: &str, kind: &str, public: &str) -> CredentialId {
    let (user, now) = (user(server, name).await.id, server.app().now());
    let entropy = vestibule_seal::testing::SeededEntropy::new(u64::from(kind.as_bytes()[0]));
    let id = CredentialId::new(now, &entropy);
    let row = Credential {
        id,
        user,
        kind: FactorKind::from_text(kind),
        label: String::new(),
        public: Public(public.to_owned()),
        secret: None,
        counter: 0,
        chosen: true,
        created_at: now,
        last_used_at: None,
    };
    server.rows().write(move |tx| async move { tx.insert_credential(&row).await }).await.unwrap();
    id
}

/// Whether a page is one of the user center.
pub(crate) fn is_inside(page: &Page) -> bool {
    !page.left && page.has_id("sign-out")
}

/// Whether somebody got anywhere: into the user center, to an application, or to a session.
pub(crate) fn got_in(browser: &Browser, page: &Page) -> bool {
    is_inside(page)
        || (page.left && page.query().contains_key("code"))
        || browser.cookies.contains_key(SESSION)
}

/// A browser in the user center, where the password is enough.
pub(crate) async fn insider(server: &Server, name: &str) -> Browser {
    let mut browser = server.browser();
    let page = browser.sign_in(name).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    browser
}

/// A new browser that gave the right password and stands at the second factor.
pub(crate) async fn pending(server: &Server, name: &str) -> (Browser, Page) {
    pending_at(server, name, 0).await
}

/// The same at a certain node.
pub(crate) async fn pending_at(server: &Server, name: &str, node: usize) -> (Browser, Page) {
    let mut browser = server.browser_at(node, &server.pool().origin);
    let page = browser.sign_in(name).await;
    assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
    assert!(!browser.cookies.contains_key(SESSION));
    (browser, page)
}

/// The mails with a code to a user, oldest first.
pub(crate) async fn codes(server: &Server, name: &str) -> Vec<String> {
    let is_code = |word: &&str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
    let to = format!("{name}@example.test");
    let mails = server.mails().await;
    let mails = mails.iter().filter(|mail| mail.to == to && mail.subject.contains("Your code"));
    mails.map(|mail| mail.text.split_whitespace().find(is_code).unwrap().to_owned()).collect()
}

/// The code in the newest mail to a user. Time passes, so that the next mail is newer.
pub(crate) async fn mailed(server: &Server, name: &str) -> String {
    let code = codes(server, name).await.last().unwrap().clone();
    server.clock.advance(1);
    code
}

/// Enrols the mailed code in the user center.
pub(crate) async fn enrol_email(server: &Server, browser: &mut Browser, name: &str) {
    let page = browser.get("/u/security/enrol/email").await;
    assert!(page.has_id("enrol-submit"), "{} {}", page.url, page.body);
    let form = page.form_of("#enrol-submit").with("code", &mailed(server, name).await);
    browser.submit(form).await;
    assert_eq!(count(server, name, "email").await, 1);
}

/// The options that a page hands to the browser's authenticators.
pub(crate) fn options(page: &Page) -> String {
    let found = ["create", "get"]
        .iter()
        .find_map(|act| page.attribute(&format!("[data-webauthn={act}]"), "data-options"));
    found.unwrap_or_else(|| panic!("no options on {}: {}", page.url, page.body))
}

/// Enrols a passkey or a security key in the user center, and gives the page after it.
pub(crate) async fn enrol_key(
    server: &Server,
    browser: &mut Browser,
    kind: &str,
    key: &mut SoftAuthenticator,
) -> Page {
    let page = browser.get(&format!("/u/security/enrol/{kind}")).await;
    let answer = key.create(&options(&page), server.pool().origin.as_str());
    browser.submit(page.form_of("#enrol-submit").with("credential", &answer)).await
}

/// A user with a key of a kind, and nothing else but recovery codes.
pub(crate) async fn holder(server: &Server, name: &str, kind: &str, key: &mut SoftAuthenticator) {
    let mut browser = insider(server, name).await;
    enrol_key(server, &mut browser, kind, key).await;
    assert_eq!(count(server, name, kind).await, 1);
}

/// The form of the first factor on a login page, answered by a passkey of a page at the pool's own origin.
pub(crate) fn answered(server: &Server, page: &Page, key: &mut SoftAuthenticator) -> Form {
    let answer = key.get(&options(page), server.pool().origin.as_str());
    page.form_of("#passkey-submit").with("credential", &answer)
}

/// Signs a new browser in to the user center with a passkey alone.
pub(crate) async fn prove_first_factor(server: &Server, key: &mut SoftAuthenticator) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    let page = browser.submit(answered(server, &page, key)).await;
    (browser, page)
}

/// Signs a new browser in with a password, and says whether that is the end of it.
pub(crate) async fn password_is_enough(server: &Server, name: &str) -> bool {
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    is_inside(&browser.log_in(&page, name, PASSWORD).await)
}
