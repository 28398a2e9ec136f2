//! Sign-ins that somebody else began, and cookies that somebody else chose.

use crate::support::{BROWSER, SESSION, enrolled, hidden, is_inside, is_signed_in, pending, rows};
use vestibule_tests::{Browser, PASSWORD, Server, Setup, on_every_engine};

async fn nobody(server: &Server, attacker: &Browser) {
    assert!(!is_signed_in(attacker).await);
    let answer = server.rp().silent(&mut attacker.clone(), &[]).await;
    assert_eq!(answer.error(), Some("login_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_who_opens_a_link_that_was_passed_on_signs_in_for_themselves_alone() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut attacker, mut victim) = (server.rp(), server.browser(), server.browser());
        let bait = rp.authorize(&mut attacker, &[]).await;
        let request = hidden(&bait, "request");
        // The victim opens the attacker's very page, and gets a request of their own.
        let page = victim.get(&format!("/login?request={request}")).await;
        assert_ne!(hidden(&page, "request"), request);
        let page = victim.log_in(&page, "alice", PASSWORD).await;
        assert!(rp.callback(&page).0.contains_key("code"));
        nobody(&server, &attacker).await;
        for path in ["/login/resume", "/login/consent", "/login", "/login/recovered"] {
            let page = attacker.get(&format!("{path}?request={request}")).await;
            assert!(
                !page.left && !is_inside(&page) && !page.has_id("consent-allow"),
                "{path}: {}",
                page.body
            );
        }
        nobody(&server, &attacker).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_a_form_of_the_attackers_request_is_not_taken_from_the_victim() {
    let server = Setup::default().start().await;
    let (rp, mut attacker, mut victim) = (server.rp(), server.browser(), server.browser());
    let bait = rp.authorize(&mut attacker, &[]).await;
    let own = victim.get("/login").await;
    let before = rows(&server).await;
    for path in ["/login", "/login/consent", "/login/cancel"] {
        let mut form = own.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
        path.clone_into(&mut form.action);
        let form = form.with("request", &hidden(&bait, "request")).forged("decision", "allow");
        let page = victim.post(&form).await;
        assert!(page.status.is_client_error(), "{path}: {} {}", page.status, page.body);
        assert!(!victim.cookies.contains_key(SESSION));
    }
    assert_eq!(rows(&server).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_a_sign_in_under_way_belongs_to_the_browser_that_began_it() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    // The attacker knows the password and hands the second factor to the victim, who has the phone.
    let (attacker, door) = pending(&server, 0).await;
    let (flow, ceremony) = (hidden(&door, "flow"), hidden(&door, "ceremony"));
    let mut victim = server.browser();
    let own = victim.get("/login").await;
    let before = rows(&server).await;
    for path in ["/login/factor", "/login/enrol", "/login/codes", "/login/codes/continue"] {
        let page = victim.get(&format!("{path}?flow={flow}")).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(!page.body.contains("alice"), "{path}");
    }
    for path in [
        "/login/factor",
        "/login/factor/choose",
        "/login/enrol",
        "/login/enrol/choose",
        "/login/codes",
        "/login/cancel",
        "/login/restart",
    ] {
        let mut form = own.form_of("#login-submit").forged("flow", &flow).forged("ceremony", &ceremony);
        path.clone_into(&mut form.action);
        form = form.forged("kind", "totp").forged("code", &phone.code(&server.clock));
        let page = victim.post(&form).await;
        assert_eq!(page.status, 400, "{path}: {}", page.body);
        assert!(!victim.cookies.contains_key(SESSION), "{path}");
    }
    assert_eq!(rows(&server).await, before);
    nobody(&server, &attacker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_a_planted_session_cookie_is_never_the_one_that_is_signed_in() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_user("mallory").await;
        let mut attacker = server.browser();
        attacker.sign_in("mallory").await;
        let living = attacker.cookies.get(SESSION).unwrap().clone();
        for planted in [living, "chosen-by-the-attacker".to_owned(), "A".repeat(43)] {
            let mut victim = server.browser();
            victim.cookies.insert(SESSION.to_owned(), planted.clone());
            let page = server.rp().authorize(&mut victim, &[("prompt", "login")]).await;
            let page = victim.get(&format!("/login?request={}&switch=1", hidden(&page, "request"))).await;
            let page = victim.log_in(&page, "alice", PASSWORD).await;
            assert!(server.rp().callback(&page).0.contains_key("code"));
            assert_ne!(victim.cookies.get(SESSION), Some(&planted));
            attacker.cookies.insert(SESSION.to_owned(), planted);
            let page = attacker.get("/u").await;
            assert_ne!(page.text("#profile-username"), "alice");
        }
        // The session that lay in the victim's browser ended with the victim's sign-in.
        nobody(&server, &attacker).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_a_planted_browser_cookie_gives_no_session() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let mut attacker = server.browser();
    attacker.get("/login").await;
    let mut victim = server.browser();
    victim.cookies.insert(BROWSER.to_owned(), attacker.cookies.get(BROWSER).unwrap().clone());
    let page = victim.sign_in("alice").await;
    nobody(&server, &attacker).await;
    let page = victim.answer(&page, &phone.code(&server.clock)).await;
    assert!(is_inside(&page));
    nobody(&server, &attacker).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b1_every_proof_makes_a_new_cookie_and_the_old_one_is_dead() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let mut seen: Vec<String> = Vec::new();
        let next = |browser: &Browser, seen: &mut Vec<String>, what: &str| {
            let cookie = browser.cookies.get(SESSION).unwrap().clone();
            assert!(!seen.contains(&cookie), "{what} kept the cookie");
            assert!(cookie.len() >= 43, "{cookie}");
            seen.push(cookie);
        };
        browser.sign_in("alice").await;
        next(&browser, &mut seen, "the first factor");
        let phone = server.enrol(&mut browser).await;
        next(&browser, &mut seen, "enrolment");
        let page = rp.authorize(&mut browser, &[("acr_values", "2")]).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.left);
        next(&browser, &mut seen, "the second factor");
        server.clock.advance(30);
        let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.left);
        next(&browser, &mut seen, "signing in again");
        let living = seen.pop().unwrap();
        for dead in seen {
            let mut thief = server.browser();
            thief.cookies = browser.cookies.clone();
            thief.cookies.insert(SESSION.to_owned(), dead);
            nobody(&server, &thief).await;
        }
        assert_eq!(browser.cookies.get(SESSION), Some(&living));
        assert!(is_signed_in(&browser).await);
    })
    .await;
}
