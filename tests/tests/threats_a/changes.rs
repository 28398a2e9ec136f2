//! Changing factors takes a factor, and a recent one.

use crate::support::{
    SESSION, add_device, at_once, bare, count, credential, enrolled, forgive, is_inside, recover, regenerate,
    removal, remove, sign_in_with, state,
};
use reqwest::StatusCode;
use vestibule_domain::MfaMode;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup, on_every_engine, recovery_codes};

/// The longest that a proof counts as recent, in seconds.
const FRESH: i64 = 300;

/// A session with a password alone, from before alice had a factor, and one of hers with it.
async fn old_and_new(setup: Setup) -> (Server, Browser, Page, Browser, vestibule_tests::Authenticator) {
    let server = setup.start().await;
    let mut old = server.browser();
    old.sign_in("alice").await;
    let page = old.get("/u/security").await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, old, page, owner, phone)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a7_a_session_of_one_factor_removes_none() {
    on_every_engine(|engine| async move {
        let (server, mut old, own, mut owner, _) = old_and_new(Setup::on(engine)).await;
        let security = owner.get("/u/security").await;
        let csrf = own.form("/u/sign-out").value("csrf").unwrap().to_owned();
        let before = state(&server).await;
        for (id, kind, ..) in &before.credentials {
            for page in [remove(&mut old, &own, id).await, old.get(&removal(id)).await] {
                assert!(page.has_id("otp") && !is_inside(&page), "{kind} {} {}", page.url, page.body);
            }
        }
        for path in ["/u/security/disable", "/u/security/regenerate", "/u/security/enable"] {
            for page in [old.submit(bare(&own, path)).await, old.get(path).await] {
                assert!(page.has_id("otp") && !is_inside(&page), "{path} {} {}", page.url, page.body);
            }
        }
        for (action, kind) in [("rename", "totp"), ("enrol", "totp"), ("enrol", "passkey")] {
            let form = security.form(&format!("/u/security/{action}")).forged("csrf", &csrf);
            let id = credential(&server, "Authenticator app").await;
            let form = form.forged("credential", &id).forged("label", "Mallory").forged("kind", kind);
            let page = old.submit(form).await;
            assert!(!is_inside(&page) && !page.enrols(), "{action} {}", page.body);
        }
        assert_eq!(state(&server).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a7_nobody_touches_the_factors_of_somebody_else() {
    let (server, _, _) = enrolled(Setup::default()).await;
    server.add_user("bob").await;
    let mut bob = crate::support::password_suffices(&server, "bob").await;
    server.enrol(&mut bob).await;
    let page = bob.get("/u/security").await;
    let before = state(&server).await;
    for (id, ..) in &before.credentials {
        for answer in [remove(&mut bob, &page, id).await, bob.get(&removal(id)).await] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
            assert!(!answer.has_id("confirm-submit"), "{}", answer.body);
        }
        let form = page.form("/u/security/rename").forged("credential", id).with("label", "Mallory");
        assert_eq!(bob.submit(form).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(state(&server).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a7_removing_a_factor_takes_a_recent_factor() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let (mut owner, _) = sign_in_with(&server, &phone.code(&server.clock)).await;
        let id = credential(&server, "Authenticator app").await;
        let page = owner.get("/u/security").await;
        server.clock.advance(FRESH + 1);
        let before = state(&server).await.credentials;
        let asked = remove(&mut owner, &page, &id).await;
        assert!(asked.has_id("otp") && !asked.has_id("password"), "{} {}", asked.url, asked.body);
        // The page it would lead to is no way around; neither is the recent proof of another browser.
        for path in [&*removal(&id), "/u/security/disable", "/u/security/regenerate"] {
            assert!(owner.get(path).await.has_id("otp"), "{path}");
        }
        // Nor is it all of them at once.
        assert!(owner.submit(bare(&page, "/u/security/disable")).await.has_id("otp"));
        let (_, other) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&other));
        assert!(remove(&mut owner, &page, &id).await.has_id("otp"));
        // A password given again is recent, but no factor.
        let login = owner.get("/login?switch=1").await;
        let page_after = owner.log_in(&login, "alice", PASSWORD).await;
        assert!(is_inside(&page_after) || page_after.has_id("otp"), "{}", page_after.body);
        assert!(remove(&mut owner, &page, &id).await.has_id("otp"));
        assert_eq!(state(&server).await.credentials.len(), before.len());
        // Proved, it works, and the recovery codes go with the last factor.
        server.clock.advance(30);
        let asked = remove(&mut owner, &page, &id).await;
        let proved = owner.answer(&asked, &phone.code(&server.clock)).await;
        assert!(is_inside(&proved) && proved.has_id("confirm-submit"), "{} {}", proved.url, proved.body);
        assert_eq!(state(&server).await.credentials.len(), before.len());
        let gone = remove(&mut owner, &proved, &id).await;
        assert!(gone.has_id("no-factors"), "{}", gone.body);
        assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (0, 0));
        assert_eq!(state(&server).await.sessions.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a9_adding_a_factor_takes_both_anew() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let (mut owner, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&page));
        let form = owner.get("/u/security/enrol/totp").await.form_of("#enrol-submit");
        let secret = |page: &Page| page.text("#totp-secret").split_whitespace().collect::<String>();
        let shown = secret(&owner.get("/u/security/enrol/totp").await);
        server.clock.advance(601);
        // Neither the page, nor the button, nor the form from when the proof was recent.
        let device = vestibule_tests::Authenticator { secret: shown, codes: Vec::new() };
        let late = form.clone().with("code", &device.code(&server.clock));
        for page in [owner.get("/u/security/enrol/totp").await, owner.submit(late).await] {
            assert!(!page.enrols() && !is_inside(&page), "{} {}", page.url, page.body);
        }
        let security = owner.get("/u/security").await;
        let page = owner.submit(security.form_of("#add-totp")).await;
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
        assert_eq!(count(&server, "totp").await, 1);
        // The password alone does not do: the factor is asked for, although the session had it.
        let page = owner.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        assert!(!owner.get("/u/security/enrol/totp").await.has_id("totp-secret"));
        let page = owner.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.has_id("totp-secret"), "{} {}", page.url, page.body);
        // What was shown before was given to nobody: there is a new secret, or the old form fails.
        let page = owner.submit(form.with("code", &device.wrong_code(&server.clock))).await;
        assert!(!page.has_id("no-factors") && count(&server, "totp").await == 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a9_the_first_factor_takes_a_recent_password() {
    let server = Setup::default().start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    let page = owner.get("/u/security").await;
    server.clock.advance(601);
    for page in [owner.get("/u/security/enrol/totp").await, owner.submit(page.form_of("#add-totp")).await] {
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
    }
    assert_eq!(state(&server).await.credentials, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a29_new_recovery_codes_take_a_recent_factor() {
    on_every_engine(|engine| async move {
        let (server, mut old, own, mut owner, phone) = old_and_new(Setup::on(engine)).await;
        let page = owner.get("/u/security").await;
        assert_eq!(page.attribute("#regenerate-codes", "href").as_deref(), Some("/u/security/regenerate"));
        // A session of one factor.
        let answer = regenerate(&mut old, &own, "recovery").await;
        assert!(answer.has_id("otp") && !answer.has_id("recovery-codes"), "{}", answer.body);
        // A session of two, but of some time ago, with every kind it could name.
        server.clock.advance(FRESH + 1);
        for kind in ["recovery", "totp", "", "password"] {
            let answer = regenerate(&mut owner, &page, kind).await;
            assert!(answer.has_id("otp") && !answer.has_id("recovery-codes"), "{kind} {}", answer.body);
        }
        assert_eq!(count(&server, "recovery").await, 10);
        let (first, second) = (phone.codes.first().unwrap(), phone.codes.get(1).unwrap());
        assert!(recover(&server, first).await.1.has_id("done-next"));
        // After a proof they are new, and the old ones are void.
        let answer = owner.get("/u/security/regenerate").await;
        let proved = owner.answer(&answer, &phone.code(&server.clock)).await;
        assert!(is_inside(&proved), "{}", proved.body);
        assert_eq!(count(&server, "recovery").await, 9);
        let shown = owner.submit(proved.form_of("#confirm-submit")).await;
        let codes = recovery_codes(&shown);
        assert_eq!(codes.len(), 10);
        assert!(codes.iter().all(|code| !phone.codes.contains(code)));
        for code in [first, second] {
            forgive(&server).await;
            let (browser, _) = recover(&server, code).await;
            assert!(!browser.cookies.contains_key(SESSION));
        }
        forgive(&server).await;
        assert!(recover(&server, codes.first().unwrap()).await.1.has_id("done-next"));
        assert_eq!(count(&server, "recovery").await, 9);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a29_codes_are_not_regenerated_into_another_kind() {
    let (server, mut owner, _) = enrolled(Setup::default()).await;
    let page = owner.get("/u/security").await;
    for kind in ["totp", "password", "nothing", "<script>"] {
        let answer = regenerate(&mut owner, &page, kind).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{kind} {}", answer.body);
    }
    assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
}

/// A server that requires a factor, and alice at home with one.
async fn required(setup: Setup) -> (Server, Browser) {
    let server = setup.mfa(MfaMode::Required).start().await;
    let mut owner = server.browser();
    let page = owner.sign_in("alice").await;
    let (_, page) = owner.finish_enrolment(&page, &server.clock).await;
    let page = owner.submit(page.form_of("#codes-next")).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    server.clock.advance(30);
    (server, owner)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_factor_stays_where_the_pool_requires_one() {
    let (server, mut owner) = required(Setup::default()).await;
    let page = owner.get("/u/security").await;
    let id = credential(&server, "Authenticator app").await;
    let answer = remove(&mut owner, &page, &id).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    let answer = owner.submit(bare(&page, "/u/security/disable")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
    // Recovery codes are not a factor that could stand in, nor can they be removed one by one.
    for (id, kind, ..) in state(&server).await.credentials.iter().filter(|one| one.1 == "recovery") {
        let answer = remove(&mut owner, &page, id).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{kind} {}", answer.body);
    }
    assert_eq!(count(&server, "recovery").await, 10);
    // With a second one, either can go, but not both.
    add_device(&server, &mut owner, "Work tablet").await;
    assert_eq!(remove(&mut owner, &page, &id).await.status, StatusCode::OK);
    let id = credential(&server, "Work tablet").await;
    assert_eq!(remove(&mut owner, &page, &id).await.status, StatusCode::FORBIDDEN);
    assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_factor_stays_however_many_are_removed_at_once() {
    on_every_engine(|engine| async move {
        let (server, mut owner) = required(Setup::on(engine).nodes(3)).await;
        for label in ["Two", "Three", "Four"] {
            add_device(&server, &mut owner, label).await;
        }
        let page = owner.get("/u/security").await;
        let ids = state(&server).await.credentials.into_iter().filter(|one| one.1 == "totp");
        let jobs = ids.map(|(id, ..)| {
            let (mut browser, page) = (owner.clone(), page.clone());
            async move { remove(&mut browser, &page, &id).await.status }
        });
        let ended = at_once(jobs).await;
        assert!(ended.iter().all(|status| !status.is_server_error()), "{ended:?}");
        assert_eq!(count(&server, "totp").await, 1, "{ended:?}");
        assert_eq!(ended.iter().filter(|status| **status == StatusCode::OK).count(), 3, "{ended:?}");
        assert_eq!(count(&server, "recovery").await, 10);
    })
    .await;
}
