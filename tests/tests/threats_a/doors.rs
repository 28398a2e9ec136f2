//! Half a session stays half a session, whatever it asks for.

use crate::support::{
    SESSION, at_once, bare, count, enrolled, failures, is_inside, pending, recover, removal, sign_in_with,
    state,
};
use reqwest::StatusCode;
use vestibule_domain::{Acr, MfaMode, Policy};
use vestibule_tests::{Authenticator, PASSWORD, Setup, on_every_engine};

const PAGES: [&str; 16] = [
    "/u",
    "/u/profile",
    "/u/password",
    "/u/security",
    "/u/security/enable",
    "/u/security/disable",
    "/u/security/regenerate",
    "/u/security/remove/01ba60d3-0000-7000-8000-000000000000",
    "/u/security/enrol/totp",
    "/u/security/enrol/passkey",
    "/u/security/enrol/recovery",
    "/u/settings",
    "/u/settings/mfa",
    "/u/settings/explain?trace=01ba60d3-0000-7000-8000-000000000000",
    "/u/sessions",
    "/u/apps",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a1_a_pending_session_gets_no_code_however_it_asks() {
    on_every_engine(|engine| async move {
        let (server, _, _) = enrolled(Setup::on(engine).client(|client| client.first_party = false)).await;
        let (rp, mut thief) = (server.rp(), server.browser());
        let login = rp.authorize(&mut thief, &[]).await;
        let request = login.form_of("#login-submit").value("request").unwrap().to_owned();
        let factor = thief.log_in(&login, "alice", PASSWORD).await;
        assert!(factor.has_id("otp"), "{}", factor.body);
        let before = state(&server).await;

        for extra in [
            vec![],
            vec![("acr_values", "urn:vestibule:acr:1fa")],
            vec![("prompt", "consent")],
            vec![("prompt", "login")],
            vec![("max_age", "86400")],
            vec![("login_hint", "alice")],
            vec![("scope", "openid")],
        ] {
            let page = rp.authorize(&mut thief, &extra).await;
            assert!(page.has_id("login-submit"), "{extra:?} {} {}", page.url, page.body);
        }
        assert_eq!(rp.silent(&mut thief, &[]).await.error(), Some("login_required"));

        let path = format!("/login/consent?request={request}");
        let page = thief.get(&path).await;
        assert!(!page.left && page.has_id("login-submit"), "{} {}", page.url, page.body);
        // The consent form without its page.
        let mut form =
            factor.form_of("#factor-submit").forged("request", &request).forged("decision", "allow");
        form.action = "/login/consent".to_owned();
        let page = thief.submit(form).await;
        assert!(!page.left && page.has_id("login-submit"), "{} {}", page.url, page.body);
        let page = thief.get(&format!("/login/resume?request={request}")).await;
        assert!(!page.left && page.has_id("login-submit"), "{} {}", page.url, page.body);
        let page = thief.get(&format!("/login/recovered?request={request}")).await;
        assert!(!page.left && !is_inside(&page), "{}", page.body);
        for path in PAGES {
            let page = thief.get(path).await;
            assert!(page.has_id("login-submit"), "{path} {} {}", page.url, page.body);
        }
        assert!(!thief.cookies.contains_key(SESSION));
        assert_eq!(state(&server).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a1_a_flow_is_of_no_use_in_another_browser() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let (mut first, page) = pending(&server).await;
    let form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
    let flow = form.value("flow").unwrap().to_owned();
    // A thief knows the flow, the ceremony and even the code, but not the browser's cookie.
    let mut thief = server.browser();
    let own = thief.get("/login").await.form_of("#login-submit").value("csrf").unwrap().to_owned();
    for path in ["factor", "enrol", "codes", "codes/continue"] {
        let page = thief.get(&format!("/login/{path}?flow={flow}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path} {}", page.body);
    }
    let stolen = thief.submit(form.clone().forged("csrf", &own)).await;
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST, "{}", stolen.body);
    assert!(!thief.cookies.contains_key(SESSION));
    // Nothing was counted or spent: the owner's answer is still good.
    assert_eq!(failures(&server, "totp").await, 0);
    assert!(is_inside(&first.submit(form).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_an_enrolled_factor_is_asked_for_whatever_the_policy() {
    for mode in [MfaMode::Optional, MfaMode::Required] {
        let server = Setup::default().mfa(mode).start().await;
        let (rp, mut owner) = (server.rp(), server.browser());
        let page = owner.sign_in("alice").await;
        let phone = if mode == MfaMode::Required {
            let (phone, _) = owner.finish_enrolment(&page, &server.clock).await;
            server.clock.advance(30);
            phone
        } else {
            server.enrol(&mut owner).await
        };
        for extra in [vec![], vec![("acr_values", "urn:vestibule:acr:1fa")], vec![("prompt", "login")]] {
            let mut browser = server.browser();
            let page = rp.authorize(&mut browser, &extra).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            assert!(page.has_id("otp"), "{mode:?} {extra:?} {} {}", page.url, page.body);
        }
        let (_, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_a_factor_stays_asked_for_when_the_pool_stops_offering_them() {
    let (server, _, _) = enrolled(Setup::default()).await;
    let rows = server.app().store().clone();
    let mut pool = server.pool().clone();
    pool.settings.mfa = Policy::of(MfaMode::Off);
    rows.platform().write(move |tx| async move { tx.upsert_pool(&pool).await }).await.unwrap();
    server.refresh().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("otp"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_every_entry_with_a_password_stops_at_the_second_door() {
    let (server, _, _) = enrolled(Setup::default().min_acr(Acr::OneFactor)).await;
    let rp = server.rp();
    // Name, address, other spellings; the user center's pages; applications with every kind of request.
    for name in ["alice", "ALICE", " alice ", "alice@example.test", "Alice@Example.Test"] {
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        let page = browser.log_in(&page, name, PASSWORD).await;
        assert!(page.has_id("otp"), "{name} {}", page.body);
    }
    for path in PAGES {
        let mut browser = server.browser();
        let page = browser.get(path).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"), "{path} {}", page.body);
    }
    for extra in [("prompt", "login"), ("prompt", "consent"), ("prompt", "select_account"), ("max_age", "0")]
    {
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[extra]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"), "{extra:?} {}", page.body);
    }
    // No grant takes a password, and no header does.
    let asked = rp.token(&[("grant_type", "password"), ("username", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(asked.error(), Some("unsupported_grant_type"), "{:?}", asked.body);
    let mut browser = server.browser();
    browser.headers.push(("authorization".to_owned(), "Basic YWxpY2U6eA==".to_owned()));
    assert!(browser.get("/u").await.has_id("login-submit"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_a_required_enrolment_cannot_be_walked_around() {
    on_every_engine(|engine| async move {
        let setup = Setup::on(engine).mfa(MfaMode::Required).client(|client| client.first_party = false);
        let server = setup.start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let login = rp.authorize(&mut browser, &[]).await;
        let request = login.form_of("#login-submit").value("request").unwrap().to_owned();
        let enrol = browser.log_in(&login, "alice", PASSWORD).await;
        assert!(enrol.enrols() && !enrol.has_id("enrol-skip"), "{}", enrol.body);
        let choice = enrol.form_of("#choose-totp");
        let enrol = browser.submit(choice.clone()).await;
        assert!(enrol.has_id("totp-secret"), "{}", enrol.body);
        let flow = enrol.form_of("#enrol-submit").value("flow").unwrap().to_owned();
        let before = state(&server).await;

        for path in ["resume", "recovered", "consent"] {
            let page = browser.get(&format!("/login/{path}?request={request}")).await;
            assert!(!page.left && !is_inside(&page) && !page.has_id("consent-allow"), "{path} {}", page.body);
        }
        for path in PAGES {
            assert!(browser.get(path).await.has_id("login-submit"), "{path}");
        }
        // The page after the enrolment, and the answer at the other factor.
        let page = browser.get(&format!("/login/codes/continue?flow={flow}")).await;
        assert!(page.has_id("totp-secret"), "{} {}", page.url, page.body);
        for action in [
            "/login/codes",
            "/login/factor",
            "/login/factor/choose",
            "/login/enrol/choose",
            "/login/skip",
            "/login/passwordless",
        ] {
            for kind in ["totp", "recovery", "password", "passkey", "email", "nothing"] {
                let mut form = enrol.form_of("#enrol-submit").forged("kind", kind).forged("code", "000000");
                form.action = action.to_owned();
                let page = browser.submit(form).await;
                assert!(!page.left && !is_inside(&page), "{action} {kind} {}", page.body);
                assert!(!page.has_id("recovery-codes"), "{action} {kind}");
            }
        }
        // Giving up gives nothing up.
        let page = browser.get(&format!("/login/enrol?flow={flow}")).await;
        let page = browser.submit(page.form_of("#cancel")).await;
        assert_eq!(rp.callback(&page).error(), Some("access_denied"), "{}", page.url);
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        assert!(!browser.cookies.contains_key(SESSION));
        assert_eq!(state(&server).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_an_enrolment_begun_before_the_owner_enrolled_is_over_when_they_did() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).start().await;
        // Somebody with the password waits at the enrolment page while the owner enrols.
        let (mut thief, mut owner) = (server.browser(), server.browser());
        let waiting = thief.sign_in("alice").await;
        let waiting = thief.to_totp(&waiting).await;
        let page = owner.sign_in("alice").await;
        let (phone, page) = owner.finish_enrolment(&page, &server.clock).await;
        assert!(page.has_id("recovery-codes"));
        server.clock.advance(30);
        let before = state(&server).await;
        let (_, page) = thief.finish_enrolment(&waiting, &server.clock).await;
        assert!(!page.has_id("recovery-codes") && !is_inside(&page), "{} {}", page.url, page.body);
        assert_eq!(count(&server, "totp").await, 1);
        assert!(!thief.cookies.contains_key(SESSION));
        assert_eq!(state(&server).await.credentials, before.credentials);
        // The owner goes on undisturbed, and the thief meets the second factor.
        let (_, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{}", page.body);
        assert!(thief.sign_in("alice").await.has_id("otp"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a8_a_pending_session_cannot_enrol_delete_or_regenerate() {
    let (server, mut owner, _) = enrolled(Setup::default()).await;
    let security = owner.get("/u/security").await;
    let (mut thief, page) = pending(&server).await;
    let before = state(&server).await;
    let csrf = page.form_of("#factor-submit").value("csrf").unwrap().to_owned();
    let id = before.credentials.first().unwrap().0.clone();
    let id = id.as_str();
    let forms = [
        bare(&security, &removal(id)),
        bare(&security, "/u/security/disable"),
        bare(&security, "/u/security/enable"),
        security.form("/u/security/rename").forged("credential", id).with("label", "Mallory"),
        bare(&security, "/u/security/regenerate").forged("kind", "recovery"),
        security.form("/u/security/enrol").forged("kind", "totp"),
    ];
    for form in forms {
        let action = form.action.clone();
        let page = thief.submit(form.forged("csrf", &csrf)).await;
        assert!(page.has_id("login-submit"), "{action} {} {}", page.url, page.body);
    }
    // The flow itself cannot be turned from answering to enrolling, nor to a factor that is not its own.
    for action in
        ["/login/enrol", "/login/enrol/choose", "/login/factor/choose", "/login/codes", "/login/skip"]
    {
        for kind in ["totp", "recovery", "password", "passkey", "email", "webauthn", ""] {
            let (mut thief, page) = pending(&server).await;
            let mut form = page.form_of("#factor-submit").forged("kind", kind).forged("code", "000000");
            form.action = action.to_owned();
            let page = thief.submit(form).await;
            assert!(page.has_id("factor-submit"), "{action} {kind} {} {}", page.url, page.body);
            assert!(!page.enrols() && !thief.cookies.contains_key(SESSION));
        }
    }
    assert_eq!(state(&server).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a12_a_sign_in_that_waits_is_over_when_the_password_is_reset() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        // The attacker gave the old password and waits for a code, which the reset should make worthless.
        let (mut thief, waiting) = pending(&server).await;
        let mut owner = server.browser();
        let page = owner.get("/login/reset").await;
        owner.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let page = owner.get(&link).await;
        let form = page.form_of("#reset-complete-submit").with("password", "a quite different phrase 9");
        assert!(owner.submit(form).await.has_id("done-title"));
        let page = thief.answer(&waiting, &phone.code(&server.clock)).await;
        assert!(!is_inside(&page) && !thief.cookies.contains_key(SESSION), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a1_the_doors_hold_for_many_at_once() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        let (browser, page) = pending(&server).await;
        let form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
        let rp = server.rp();
        let path = rp.authorize_path(&[("prompt", "none")]);
        // One answers rightly; at the same moment the half session asks for a code with the cookies it has.
        let jobs = (0..20).map(|number| {
            let (mut browser, form, path) = (browser.clone(), form.clone(), path.clone());
            async move { if number == 7 { browser.post(&form).await } else { browser.get(&path).await } }
        });
        let pages = at_once(jobs).await;
        let refused = pages.iter().filter(|page| page.left && page.url.contains("error=login_required"));
        assert_eq!(refused.count(), 19);
        // Two recovery codes in two browsers are two sessions, not one.
        let (one, two) = (phone.codes.first().unwrap(), phone.codes.get(1).unwrap());
        let ((one, _), (two, _)) = (recover(&server, one).await, recover(&server, two).await);
        assert_ne!(one.cookies.get(SESSION).unwrap(), two.cookies.get(SESSION).unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_of_many_first_enrolments_at_once_one_is_the_first() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).nodes(3).start().await;
        let mut jobs = Vec::new();
        for node in [0, 1, 2, 0, 1, 2] {
            let mut browser = server.browser_at(node, &server.pool().origin);
            let page = browser.sign_in("alice").await;
            let page = browser.to_totp(&page).await;
            let secret: String = page.text("#totp-secret").split_whitespace().collect();
            let device = Authenticator { secret, codes: Vec::new() };
            let form = page.form_of("#enrol-submit").with("code", &device.code(&server.clock));
            jobs.push(async move { browser.post(&form).await });
        }
        let pages = at_once(jobs).await;
        let statuses: Vec<StatusCode> = pages.iter().map(|page| page.status).collect();
        assert!(statuses.iter().all(|status| !status.is_server_error()), "{statuses:?}");
        assert_eq!(pages.iter().filter(|page| page.has_id("recovery-codes")).count(), 1, "{statuses:?}");
        assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
    })
    .await;
}
