//! Reloads, Back, second tabs, resent forms, old pages and lost cookies: no dead end, nothing typed is lost but secrets,
//! and nobody is locked out.

use crate::support::is_inside;
use vestibule_domain::MfaMode;
use vestibule_tests::{Authenticator, Browser, PASSWORD, Server, Setup, on_every_engine, recovery_codes};

/// Longer than a sign-in may take.
fn a_long_time(server: &Server) -> i64 {
    server.pool().settings.lifetimes.flow + 60
}

async fn enrolled(setup: Setup) -> (Server, Authenticator) {
    let server = setup.start().await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let phone = server.enrol(&mut browser).await;
    (server, phone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_a_sign_in_page_older_than_its_request_still_leads_to_the_application() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(Setup::on(engine)).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let login = rp.authorize(&mut browser, &[]).await;
        server.clock.advance(a_long_time(&server));
        // Its form, its address, and a bookmark of it.
        let factor = browser.log_in(&login, "alice", PASSWORD).await;
        assert!(factor.has_id("factor-submit"), "{} {}", factor.url, factor.body);
        server.clock.advance(a_long_time(&server));
        for old in [&factor.url, &login.url] {
            let page = browser.get(old).await;
            assert!(
                page.has_id("login-submit") && page.text("main").contains("The Application"),
                "{}",
                page.body
            );
        }
        // The form of a factor that is over leads to the first factor again, and then on.
        let page = browser.answer(&factor, &phone.code(&server.clock)).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(rp.callback(&page).0.contains_key("code"));
        server.clock.advance(a_long_time(&server));
        // Back after success: the session is there, so the application is answered.
        for old in [&factor.url, &login.url] {
            let page = browser.get(old).await;
            assert!(rp.callback(&page).0.contains_key("code"), "{old}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_an_old_request_is_judged_as_one_that_arrives_now() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let login = rp.authorize(&mut browser, &[("prompt", "login")]).await;
    // A session that is younger than the request and older than its end does not answer it.
    browser.sign_in("alice").await;
    server.clock.advance(a_long_time(&server));
    let page = browser.get(&login.url).await;
    assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(rp.callback(&page).0.contains_key("code"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_back_and_resent_forms_after_success_lead_on_and_count_nothing() {
    let (server, phone) = enrolled(Setup::default().client(|client| client.first_party = false)).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let login = rp.authorize(&mut browser, &[]).await;
    let factor = browser.log_in(&login, "alice", PASSWORD).await;
    let wrong = browser.answer(&factor, &phone.wrong_code(&server.clock)).await;
    let consent = browser.answer(&wrong, &phone.code(&server.clock)).await;
    assert!(consent.has_id("consent-allow"), "{}", consent.body);
    let page = browser.submit(consent.form_of("#consent-allow")).await;
    assert!(rp.callback(&page).0.contains_key("code"));
    for _ in 0..8 {
        for form in [
            factor.form_of("#factor-submit").with("code", "000000"),
            wrong.form_of("#factor-submit").with("code", &phone.wrong_code(&server.clock)),
            factor.form("/login/factor/choose").forged("kind", "recovery"),
        ] {
            let page = browser.submit(form).await;
            assert!(rp.callback(&page).0.contains_key("code"), "{}", page.url);
        }
    }
    let page = browser.submit(consent.form_of("#consent-allow")).await;
    assert!(rp.callback(&page).0.contains_key("code"));
    // Nobody was locked out by it.
    server.clock.advance(60);
    let (mut fresh, rp) = (server.browser(), server.rp());
    let page = rp.authorize(&mut fresh, &[]).await;
    let page = fresh.log_in(&page, "alice", PASSWORD).await;
    let page = fresh.answer(&page, &phone.code(&server.clock)).await;
    assert!(rp.callback(&page).0.contains_key("code"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_a_second_tab_need_not_prove_again_what_the_first_one_proved() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(Setup::on(engine)).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let first = rp.authorize(&mut browser, &[]).await;
        let second = rp.authorize(&mut browser, &[]).await;
        let waiting = browser.log_in(&second, "alice", PASSWORD).await;
        let third = browser.get("/u/security").await;
        assert!(waiting.has_id("factor-submit") && third.has_id("login-submit"));
        let parked = browser.log_in(&third, "alice", PASSWORD).await;
        let page = browser.log_in(&first, "alice", PASSWORD).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(rp.callback(&page).0.contains_key("code"));
        // A reload of the others, or their forms with whatever is typed.
        let page = browser.get(&waiting.url).await;
        assert!(rp.callback(&page).0.contains_key("code"), "{}", page.url);
        let page = browser.answer(&waiting, "123456").await;
        assert!(rp.callback(&page).0.contains_key("code"), "{}", page.url);
        assert!(rp.callback(&browser.get(&second.url).await).0.contains_key("code"));
        for page in [browser.get(&parked.url).await, browser.answer(&parked, "123456").await] {
            assert!(is_inside(&page) && page.url.ends_with("/u/security"), "{} {}", page.url, page.body);
        }
        assert!(is_inside(&browser.get("/login").await), "a bookmark");
        // Somebody else in the second tab is not taken for the one in the first.
        server.add_user("bruno").await;
        let other = browser.get(&format!("{}&switch=1", second.url)).await;
        assert!(other.has_id("login-submit"), "{}", other.url);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_a_wrong_password_is_answered_by_a_redirect_and_a_reload_counts_nothing() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let mut page = rp.authorize(&mut browser, &[]).await;
    for _ in 0..3 {
        let answer = browser
            .post_only(&page.form_of("#login-submit").with("username", "alice").with("password", "no"))
            .await;
        assert_eq!(answer.status, 303);
        page = browser.go_on(answer).await;
        assert!(page.has_id("form-error") && !page.url.contains("alice"), "{}", page.url);
        assert_eq!(page.form_of("#login-submit").value("username"), Some("alice"), "nothing typed is lost");
        for _ in 0..5 {
            let again = browser.get(&page.url).await;
            assert!(again.has_id("form-error"));
        }
    }
    // What it says is this browser's alone, and not for ever.
    let note = page.url.split("said=").nth(1).unwrap().to_owned();
    let mut stranger = server.browser();
    let other = rp.authorize(&mut stranger, &[]).await;
    let shown = stranger.get(&format!("{}&said={note}", other.url)).await;
    assert!(shown.has_id("login-submit") && !shown.has_id("form-error") && !shown.body.contains("alice"));
    server.clock.advance(a_long_time(&server));
    assert!(!browser.get(&page.url).await.has_id("form-error"));
    let done = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(rp.callback(&done).0.contains_key("code"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_lost_cookies_cost_nothing_but_another_sign_in() {
    let (server, phone) = enrolled(Setup::default().client(|client| client.first_party = false)).await;
    let rp = server.rp();
    for at in ["login", "factor", "consent"] {
        let mut browser = server.browser();
        let mut page = rp.authorize(&mut browser, &[("prompt", "consent")]).await;
        let mut form = page.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
        if at != "login" {
            page = browser.log_in(&page, "alice", PASSWORD).await;
            form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
        }
        if at == "consent" {
            page = browser.submit(form).await;
            form = page.form_of("#consent-allow");
        }
        browser.cookies.clear();
        let refused = browser.submit(form).await;
        assert_eq!(refused.status, 403, "{at}");
        for address in [refused.attribute("#error-back", "href").unwrap(), page.url.clone()] {
            server.clock.advance(30);
            let mut browser = browser.clone();
            let mut again = browser.get(&address).await;
            if let Some(way) = again.attribute("#error-back", "href") {
                // Not this browser's any more: one button starts again at the right place.
                assert_eq!(again.status, 400, "{at} {address}");
                again = browser.get(&way).await;
            }
            assert!(again.has_id("login-submit"), "{at} {address}: {}", again.body);
            let again = browser.log_in(&again, "alice", PASSWORD).await;
            let again = browser.answer(&again, &phone.code(&server.clock)).await;
            let again = if again.has_id("consent-allow") {
                browser.submit(again.form_of("#consent-allow")).await
            } else {
                again
            };
            assert!(rp.callback(&again).0.contains_key("code"), "{at} {address}");
        }
        server.clock.advance(30);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_where_nothing_is_known_one_button_starts_again() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    for path in [
        "/login?request=made-up",
        "/login/resume?request=made-up",
        "/login/consent?request=made-up",
        "/login/recovered?request=made-up",
        "/login/factor?flow=01ba60d3-0000-7000-8000-000000000000",
        "/login/factor?flow=01ba60d3-0000-7000-8000-000000000000.made-up",
        "/login/codes?flow=x",
        "/login/enrol?flow=01ba60d3-0000-7000-8000-000000000000",
        "/login/codes/continue?flow=01ba60d3-0000-7000-8000-000000000000",
    ] {
        let page = browser.get(path).await;
        if page.has_id("login-submit") {
            continue;
        }
        assert_eq!(page.status, 400, "{path}");
        let page = browser.get(&page.attribute("#error-back", "href").unwrap()).await;
        assert!(page.has_id("login-submit"), "{path}");
    }
    // Whoever is signed in is at home.
    browser.sign_in("alice").await;
    for path in ["/login/factor?flow=01ba60d3-0000-7000-8000-000000000000", "/login", "/login/resume"] {
        assert!(is_inside(&browser.get(path).await), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u5_a_reload_shows_the_same_codes_until_they_are_saved() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let page = browser.get("/u/security/enrol/totp").await;
        let (phone, page) = browser.finish_enrolment(&page, &server.clock).await;
        let codes = recovery_codes(&page);
        assert!(codes.len() > 5 && page.url.contains("/u/security/codes"), "{}", page.url);
        assert!(codes.iter().all(|code| !page.url.contains(code)));
        for path in [page.url.as_str(), "/u/security/codes"] {
            assert_eq!(recovery_codes(&browser.get(path).await), codes);
        }
        // Another session of the same user is not shown them.
        server.clock.advance(30);
        let mut other = server.browser();
        let login = other.sign_in("alice").await;
        other.answer(&login, &phone.code(&server.clock)).await;
        assert!(!other.get("/u/security/codes").await.has_id("recovery-codes"));
        // New codes: the same.
        let confirm = browser.get("/u/security/regenerate").await;
        let page = browser.submit(confirm.form("/u/security/regenerate")).await;
        let fresh = recovery_codes(&page);
        assert!(fresh.len() == codes.len() && fresh != codes, "{}", page.body);
        assert_eq!(recovery_codes(&browser.get(&page.url).await), fresh);
        // The page of the enrolment, by Back, makes no new secret of what is shown.
        assert_eq!(recovery_codes(&browser.get("/u/security/codes").await), fresh);
        let page = browser.submit(page.form_of("#codes-next")).await;
        assert!(page.url.contains("/u/security?done=codes"), "{}", page.url);
        let gone = browser.get("/u/security/codes").await;
        assert!(is_inside(&gone) && !gone.has_id("recovery-codes"), "{}", gone.url);
        // One of the last set works.
        let mut fresh_browser = server.browser();
        let page = fresh_browser.sign_in("alice").await;
        let page = fresh_browser.submit(page.form("/login/factor/choose").forged("kind", "recovery")).await;
        let page = fresh_browser.answer(&page, &fresh[0]).await;
        assert!(page.has_id("done-next"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u5_codes_within_a_sign_in_are_shown_until_they_are_saved_and_then_gone() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
        let codes = recovery_codes(&page);
        assert!(codes.len() > 5, "{}", page.body);
        let again = browser.get(&page.url).await;
        assert_eq!(recovery_codes(&again), codes);
        let mut thief = server.browser();
        assert!(!thief.get(&page.url).await.has_id("recovery-codes"), "they are this browser's");
        let done = browser.submit(again.form_of("#codes-next")).await;
        assert!(rp.callback(&done).0.contains_key("code"));
        let after = browser.get(&page.url).await;
        assert!(rp.callback(&after).0.contains_key("code"), "{}", after.url);
        let resent = browser.submit(page.form_of("#codes-next")).await;
        assert!(rp.callback(&resent).0.contains_key("code"), "{}", resent.url);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u6_a_password_reset_within_a_sign_in_ends_in_the_application() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        for same_browser in [true, false] {
            let mut browser = server.browser();
            let login = rp.authorize(&mut browser, &[("state", "of-this-sign-in")]).await;
            let page = browser.get(&login.attribute("#forgot-password", "href").unwrap()).await;
            let sent = browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
            assert!(
                sent.has_id("mail-sent") && browser.get(&sent.url).await.has_id("mail-sent"),
                "{}",
                sent.body
            );
            let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
            assert!(!link.contains("request"), "{link}");
            let mut opener = if same_browser { browser } else { server.browser() };
            let form = opener.get(&link).await;
            let weak = opener.submit(form.form_of("#reset-complete-submit").with("password", "short")).await;
            assert!(weak.has_id("form-error"), "{}", weak.body);
            let new = if same_browser { "a castle with a moat 31" } else { "a moat without a castle 32" };
            let done = opener.submit(weak.form_of("#reset-complete-submit").with("password", new)).await;
            assert!(done.has_id("done-next"), "{}", done.body);
            assert!(opener.get(&done.url).await.has_id("done-next"), "a reload says the same");
            let page = opener.get(&done.attribute("#done-next", "href").unwrap()).await;
            assert!(page.text("main").contains("The Application"), "{}", page.body);
            let page = opener.log_in(&page, "alice", new).await;
            assert_eq!(rp.callback(&page).0["state"], "of-this-sign-in");
            assert!(rp.callback(&page).0.contains_key("code"));
        }
        // Asked for outside any sign-in it leads to the user center.
        let mut browser = server.browser();
        let page = browser.get("/login/reset").await;
        browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let form = browser.get(&link).await;
        let done = browser.submit(form.form_of("#reset-complete-submit").with("password", PASSWORD)).await;
        let page = browser.get(&done.attribute("#done-next", "href").unwrap()).await;
        assert!(is_inside(&browser.log_in(&page, "alice", PASSWORD).await));
    })
    .await;
}

/// Every form of the user center answers with a redirect, and a reload of what follows sends nothing again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_every_form_of_the_user_center_is_answered_by_a_redirect() {
    let server = Setup::default().administered().start().await;
    server.add_user("bob").await;
    let mut browser: Browser = server.browser();
    browser.sign_in("alice").await;
    let phone = server.enrol(&mut browser).await;
    let mut elsewhere = server.browser();
    let page = elsewhere.sign_in("alice").await;
    elsewhere.answer(&page, &phone.code(&server.clock)).await;
    let mut seen = 0;
    for (page, button, fields) in [
        ("/u/profile", "#profile-save", [("name", "Alice\u{7}")].as_slice()),
        ("/u/profile", "#profile-save", &[("name", "Alice Liddell")]),
        (
            "/u/password",
            "#password-save",
            &[("current_password", "wrong"), ("new_password", "wrong again 77 x")],
        ),
        ("/u/sessions", "#revoke-others", &[]),
        ("/u/security", "form[action='/u/security/rename'] button", &[("label", "")]),
        ("/u/security", "form[action='/u/security/rename'] button", &[("label", "My phone")]),
        ("/u/settings", "form[action='/u/settings/mfa'] button", &[("mode", "optional")]),
        ("/u/settings", "form[action='/u/settings/reset-factors'] button", &[("username", "bob")]),
    ] {
        let shown = browser.get(page).await;
        let mut form =
            fields.iter().fold(shown.form_of(button), |form, (name, value)| form.forged(name, value));
        if form.method == "GET" {
            // A page asks first whether it is meant.
            form = browser.submit(form).await.form_of("#confirm-submit");
        }
        let answer = browser.post_only(&form).await;
        assert_eq!(answer.status, 303, "{page} {button}: {}", answer.body);
        let said = browser.go_on(answer).await;
        assert!(is_inside(&said), "{page} {}", said.url);
        assert!(said.has(".alert"), "{page} {fields:?} says nothing: {}", said.url);
        if let [("name", name)] = fields
            && said.has_id("form-error")
        {
            assert_eq!(said.form_of("#profile-save").value("name"), Some(*name), "what was typed is kept");
        }
        seen += 1;
    }
    assert_eq!(seen, 8);
}
