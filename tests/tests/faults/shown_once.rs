//! What is shown until it is saved, and what a page says after a redirect: who can read it, where, and for how long.

use vestibule_domain::{SessionId, Timestamp};
use vestibule_tests::{
    Authenticator, Browser, PASSWORD, Page, Server, Setup, on_every_engine, recovery_codes,
};

/// Seconds in which a proof is good for a change.
const FRESH: i64 = 300;

/// The one session of a user.
async fn session_of(server: &Server, name: &str) -> SessionId {
    let user = server.rows().user_by_identifier(name).await.unwrap().unwrap().user;
    server.rows().sessions_of(user.id).await.unwrap().first().unwrap().id
}

/// Whether a row still keeps what a session shows, old or not.
async fn is_kept(server: &Server, session: SessionId) -> bool {
    let bound = vestibule_seal::sha256(&[b"session".as_slice(), session.as_uuid().as_bytes()].concat());
    server.rows().ceremony(&bound, "reveal", Timestamp::EPOCH).await.unwrap().is_some()
}

/// Enrols an authenticator app, and does not say that the codes are saved.
async fn enrols(server: &Server, browser: &mut Browser) -> Authenticator {
    let page = browser.get("/u/security/enrol/totp").await;
    let (phone, page) = browser.finish_enrolment(&page, &server.clock).await;
    Authenticator { codes: recovery_codes(&page), ..phone }
}

/// Answers the second factor where a page asks it.
async fn proved(server: &Server, browser: &mut Browser, page: Page, secret: &str) -> Page {
    if !page.has_id("factor-submit") {
        return page;
    }
    server.clock.advance(30);
    let phone = Authenticator { secret: secret.to_owned(), codes: Vec::new() };
    browser.answer(&page, &phone.code(&server.clock)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u5_codes_that_are_not_saved_end_with_their_session_and_their_factor() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        for (index, end) in ["saved", "signed out", "ended elsewhere", "password", "off", "administrator"]
            .into_iter()
            .enumerate()
        {
            let name = format!("person{index}");
            server.add_user(&name).await;
            let mut browser = server.browser();
            browser.sign_in(&name).await;
            let session = session_of(&server, &name).await;
            let phone = enrols(&server, &mut browser).await;
            let shown = browser.get("/u/security/codes").await;
            assert!(shown.has_id("recovery-codes") && is_kept(&server, session).await, "{end}");
            server.clock.advance(30);
            match end {
                "saved" => {
                    browser.submit(shown.form_of("#codes-next")).await;
                }
                "signed out" => {
                    let page = browser.get("/u").await;
                    browser.submit(page.form_of("#sign-out")).await;
                }
                "ended elsewhere" | "password" => {
                    let mut other = server.browser();
                    let page = other.sign_in(&name).await;
                    proved(&server, &mut other, page, &phone.secret).await;
                    if end == "password" {
                        let page = other.get("/u/password").await;
                        let form = page.form_of("#password-save").with("current_password", PASSWORD);
                        other.submit(form.with("new_password", "a moat without a castle 32")).await;
                    } else {
                        let page = other.get("/u/sessions").await;
                        other.submit(page.form_of("#revoke-others")).await;
                    }
                }
                "off" => {
                    let page = browser.get("/u/security/disable").await;
                    let page = proved(&server, &mut browser, page, &phone.secret).await;
                    assert!(is_kept(&server, session).await, "not before it is done");
                    browser.submit(page.form("/u/security/disable")).await;
                }
                _ => {
                    server.admin().reset_factors(&server.pool().slug, &name).await.unwrap();
                }
            }
            assert!(!is_kept(&server, session).await, "{end}");
            let page = browser.get("/u/security/codes").await;
            assert!(!page.has_id("recovery-codes"), "{end}: {}", page.url);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u5_old_codes_are_shown_to_nobody_who_has_not_proved_anew() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let phone = enrols(&server, &mut browser).await;
        server.clock.advance(FRESH + 30);
        // Whoever finds the session open reads nothing, at neither address.
        let mut thief = browser.thief();
        for path in ["/u/security/codes", "/u/security/codes?done=enrolled", "/u/security/regenerate"] {
            let page = thief.get(path).await;
            assert!(page.has_id("factor-submit") && !page.has_id("recovery-codes"), "{path} {}", page.url);
            assert!(phone.codes.iter().all(|code| !page.body.contains(code)), "{path}");
        }
        // The owner proves it, and comes back to the same codes.
        let page = browser.get("/u/security/codes").await;
        let page = proved(&server, &mut browser, page, &phone.secret).await;
        assert_eq!(recovery_codes(&page), phone.codes, "{} {}", page.url, page.body);
        let page = browser.submit(page.form_of("#codes-next")).await;
        assert!(page.has_id("sign-out"), "{}", page.url);
        // Then new ones can be made.
        let confirm = browser.get("/u/security/regenerate").await;
        let page = browser.submit(confirm.form("/u/security/regenerate")).await;
        let fresh = recovery_codes(&page);
        assert!(fresh.len() == phone.codes.len() && fresh != phone.codes, "{}", page.body);
        // They are kept for a while only.
        server.clock.advance(server.pool().settings.lifetimes.flow);
        assert!(!browser.get("/u/security/codes").await.has_id("recovery-codes"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u5_new_codes_in_one_session_take_the_old_ones_from_the_page_of_another() {
    let server = Setup::default().start().await;
    let mut first = server.browser();
    first.sign_in("alice").await;
    let phone = enrols(&server, &mut first).await;
    server.clock.advance(30);
    let mut second = server.browser();
    let page = second.sign_in("alice").await;
    second.answer(&page, &phone.code(&server.clock)).await;
    let confirm = second.get("/u/security/regenerate").await;
    let page = second.submit(confirm.form("/u/security/regenerate")).await;
    assert!(page.has_id("recovery-codes"), "{} {}", page.url, page.body);
    let old = first.get("/u/security/codes").await;
    assert!(!old.has_id("recovery-codes"), "what is worth nothing any more is not shown as if it were");
}

/// The note of an address.
fn note_of(url: &str) -> &str {
    url.split("said=").nth(1).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_nobody_makes_a_page_say_what_it_does_not_say() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    let wrong = browser.log_in(&login, "alice", "no").await;
    assert!(wrong.has_id("form-error"), "{}", wrong.body);
    let note = note_of(&wrong.url).to_owned();
    // At another page of the same browser, and changed in any place.
    browser.sign_in("alice").await;
    for path in ["/u/profile", "/u/password", "/u/security", "/u/sessions", "/u/apps", "/login/reset"] {
        let page = browser.get(&format!("{path}?said={note}")).await;
        assert!(!page.has_id("form-error") && !page.has(".alert-error"), "{path} {}", page.body);
    }
    for at in (0..note.len()).step_by(9) {
        let mut bytes = note.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let page = browser.get(&format!("/login?switch=1&said={}", String::from_utf8(bytes).unwrap())).await;
        assert!(page.has_id("login-submit") && !page.has_id("form-error"), "{at}");
    }
    let page = browser.get("/login?switch=1&said=").await;
    assert!(page.has_id("login-submit") && !page.has_id("form-error"));
    // In another browser.
    let page = server.browser().get(&format!("/login?said={note}")).await;
    assert!(page.has_id("login-submit") && !page.has_id("form-error") && !page.body.contains("alice"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_the_next_person_at_a_shared_browser_is_not_shown_what_was_typed() {
    let server = Setup::default().start().await;
    server.add_user("bruno").await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let page = browser.get("/u/profile").await;
    let form = page.form_of("#profile-save").with("name", "A secret of Alice\u{7}");
    let wrong = browser.submit(form).await;
    assert!(wrong.has_id("form-error") && wrong.body.contains("A secret of Alice"), "{}", wrong.body);
    browser.submit(wrong.form_of("#sign-out")).await;
    browser.sign_in("bruno").await;
    let page = browser.get(&wrong.url).await;
    assert!(page.has_id("sign-out") && !page.has_id("form-error"), "{}", page.url);
    assert!(!page.body.contains("A secret of Alice"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_no_secret_travels_in_an_address() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let secret = "Tr0ub4dor-and-3";
    let login = browser.get("/login").await;
    let mut seen = vec![browser.log_in(&login, "alice", secret).await];
    browser.sign_in("alice").await;
    let page = browser.get("/u/password").await;
    let form = page.form_of("#password-save").with("current_password", secret).with("new_password", secret);
    seen.push(browser.submit(form).await);
    let page = browser.get("/u/security/enrol/totp").await;
    let page = browser.to_totp(&page).await;
    seen.push(browser.submit(page.form_of("#enrol-submit").with("code", "123456")).await);
    for page in seen {
        assert!(page.url.contains("said="), "{}", page.url);
        assert!(!page.url.contains(secret) && !page.body.contains(secret), "{}", page.url);
        assert!(!page.url.contains("123456") && !page.body.contains("123456"), "{}", page.url);
    }
}
