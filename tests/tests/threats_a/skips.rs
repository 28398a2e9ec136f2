//! An enrolment that may be postponed is postponed as often as was said, and not once it is required.

use crate::support::{SESSION, alice, at_once, count, is_inside, state};
use reqwest::StatusCode;
use vestibule_domain::{
    MfaMode, Policy, Timestamp,
    policy::{Ask, Rule, When},
};
use vestibule_tests::{Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

fn suggesting(skips: Option<u32>, required_from: Option<Timestamp>) -> Policy {
    let everybody = Ask { mode: Some(MfaMode::Required), skips, required_from, ..Ask::default() };
    Policy { everybody, ..Policy::default() }
}

/// Alice's browser where an enrolment is proposed.
async fn proposed(server: &Server, node: usize) -> (Browser, Page) {
    let mut browser = server.browser_at(node, &server.pool().origin);
    let page = browser.sign_in("alice").await;
    assert!(page.enrols() && page.has_id("enrol-skip"), "{} {}", page.url, page.body);
    assert!(!browser.cookies.contains_key(SESSION));
    (browser, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_twenty_who_put_it_off_at_once_put_it_off_three_times_in_all() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(suggesting(Some(3), None)).nodes(3).start().await;
        let mut jobs = Vec::new();
        for number in 0..20 {
            let (mut browser, page) = proposed(&server, number % 3).await;
            let form = page.form_of("#enrol-skip");
            jobs.push(async move {
                let page = browser.post(&form).await;
                (page.status, browser.cookies.contains_key(SESSION))
            });
        }
        let ended = at_once(jobs).await;
        assert_eq!(ended.iter().filter(|(_, session)| *session).count(), 3, "{ended:?}");
        let refused = ended.iter().filter(|(status, _)| *status == StatusCode::FORBIDDEN).count();
        assert_eq!(refused, 17, "{ended:?}");
        assert_eq!(alice(&server).await.mfa_skips, 3);
        assert_eq!(state(&server).await.sessions.len(), 3);
        // From now on it is required, on every node.
        for node in 0..3 {
            let mut browser = server.browser_at(node, &server.pool().origin);
            let page = browser.sign_in("alice").await;
            assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_one_sign_in_is_put_off_once_however_often_it_is_sent() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(suggesting(Some(9), None)).nodes(3).start().await;
        let (browser, page) = proposed(&server, 0).await;
        let form = page.form_of("#enrol-skip");
        let jobs = (0..20).map(|_| {
            let (mut browser, form) = (browser.clone(), form.clone());
            async move {
                let page = browser.post(&form).await;
                assert!(!page.status.is_server_error(), "{}", page.body);
                browser.cookies.contains_key(SESSION)
            }
        });
        let sessions = at_once(jobs).await.into_iter().filter(|session| *session).count();
        assert_eq!((sessions, alice(&server).await.mfa_skips), (1, 1));
    })
    .await;
}

/// What the forms of the proposal give when the enrolment may no longer be postponed.
async fn assert_stuck(server: &Server, (mut browser, page): (Browser, Page), what: &str) {
    let before = state(server).await;
    for _ in 0..2 {
        let answer = browser.submit(page.form_of("#enrol-skip")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what} {} {}", answer.url, answer.body);
        assert!(answer.has_id("form-error") || answer.enrols(), "{what} {}", answer.body);
        assert!(!browser.cookies.contains_key(SESSION), "{what}");
        assert!(browser.get("/u").await.has_id("login-submit"), "{what}");
    }
    // Nor by what comes after an enrolment.
    let flow = page.form_of("#enrol-skip").value("flow").unwrap().to_owned();
    for path in ["/login/codes/continue", "/login/codes", "/login/factor"] {
        let answer = browser.get(&format!("{path}?flow={flow}")).await;
        assert!(!is_inside(&answer) && !browser.cookies.contains_key(SESSION), "{what} {path}");
    }
    assert_eq!(state(server).await, before, "{what}");
    // Enrolling is the way on.
    let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
    let page = browser.submit(page.form_of("#codes-next")).await;
    assert!(is_inside(&page), "{what} {} {}", page.url, page.body);
    assert_eq!(count(server, "totp").await, 1, "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_what_has_become_required_meanwhile_is_not_put_off() {
    on_every_engine(|engine| async move {
        // The tenant changes its mind.
        let server = Setup::on(engine).policy(suggesting(Some(3), None)).start().await;
        let waiting = proposed(&server, 0).await;
        server.rule(|settings| settings.mfa = Policy::of(MfaMode::Required)).await;
        assert_stuck(&server, waiting, "a stricter rule").await;
        // The day comes.
        let start = 1_900_000_000;
        let day = Timestamp::from_seconds(start + 600);
        let server = Setup::on(engine).policy(suggesting(None, Some(day))).start().await;
        let waiting = proposed(&server, 0).await;
        server.clock.advance(600 - (server.clock.seconds() - start));
        assert_stuck(&server, waiting, "the day").await;
        // The last time was elsewhere.
        let server = Setup::on(engine).policy(suggesting(Some(1), None)).start().await;
        let (waiting, (mut other, page)) = (proposed(&server, 0).await, proposed(&server, 0).await);
        let page = other.submit(page.form_of("#enrol-skip")).await;
        assert!(is_inside(&page), "{} {} {}", page.status, page.url, page.body);
        // It is good for all of this session, and for no other.
        assert_eq!(server.rp().silent(&mut other, &[]).await.error(), None);
        assert!(is_inside(&other.get("/u/security").await));
        let page = server.rp().authorize(&mut other, &[("prompt", "login")]).await;
        let page = other.log_in(&page, "alice", PASSWORD).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        let before = alice(&server).await;
        let (mut browser, page) = waiting;
        let answer = browser.submit(page.form_of("#enrol-skip")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{} {}", answer.url, answer.body);
        assert!(!browser.cookies.contains_key(SESSION));
        assert_eq!(alice(&server).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_a_required_enrolment_has_no_way_to_be_put_off() {
    let strict = Rule {
        name: "the bank".to_owned(),
        when: When { applications: vec!["bank".to_owned()], ..When::default() },
        ask: Ask { mode: Some(MfaMode::Required), ..Ask::default() },
    };
    let policy = Policy { rules: vec![strict], ..suggesting(Some(3), None) };
    let server = Setup::on(Engine::Sqlite).policy(policy).start().await;
    server.add_client("bank", |_| {}).await;
    let mut bank = server.rp();
    "bank".clone_into(&mut bank.client_id);
    // One application proposes what another requires.
    let mut browser = server.browser();
    let page = server.rp().authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let skip = page.form_of("#enrol-skip");
    let page = browser.submit(skip.clone()).await;
    server.rp().verified(&server.rp().callback(&page)).await;
    assert_eq!(bank.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    let page = bank.authorize(&mut browser, &[]).await;
    assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
    let before = state(&server).await;
    let flow = page.form_of("#choose-totp").value("flow").unwrap().to_owned();
    for flow in [flow.as_str(), skip.flow_id(), "", "x"] {
        let answer = browser.submit(skip.clone().with("flow", flow)).await;
        assert!(!answer.left && (!is_inside(&answer) || flow == skip.flow_id()), "{flow} {}", answer.url);
    }
    assert_eq!(state(&server).await, before);
    // The finished one leads where it led before, to the application that asks for no factor, and no further.
    let answer = browser.submit(skip.clone()).await;
    assert!(server.rp().callback(&answer).0.contains_key("code"));
    assert_eq!(bank.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    assert_eq!(alice(&server).await.mfa_skips, 1);
}

/// A pool where one application alone proposes an enrolment, so often.
async fn proposing_app(engine: Engine, skips: u32) -> Server {
    let ask = Ask { mode: Some(MfaMode::Required), skips: Some(skips), ..Ask::default() };
    let when = When { applications: vec!["app".to_owned()], ..When::default() };
    let rules = vec![Rule { name: "the application".to_owned(), when, ask }];
    Setup::on(engine).policy(Policy { rules, ..Policy::default() }).start().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a41_a_sign_in_elsewhere_first_is_no_way_around_the_count() {
    on_every_engine(|engine| async move {
        let server = proposing_app(engine, 2).await;
        let rp = server.rp();
        for used in 1..=2 {
            let mut browser = server.browser();
            assert!(is_inside(&browser.sign_in("alice").await));
            // The session is worth what it is worth, but it has postponed nothing.
            assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
            let page = rp.authorize(&mut browser, &[]).await;
            assert!(page.has_id("enrol-skip"), "{} {}", page.url, page.body);
            assert_eq!(alice(&server).await.mfa_skips, used - 1);
            let page = browser.submit(page.form_of("#enrol-skip")).await;
            rp.verified(&rp.callback(&page)).await;
            assert_eq!(alice(&server).await.mfa_skips, used);
            // Counted once, and then good for all of the session.
            for _ in 0..2 {
                assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
                assert!(is_inside(&browser.get("/u/security").await));
            }
            assert_eq!(alice(&server).await.mfa_skips, used);
        }
        let mut browser = server.browser();
        assert!(is_inside(&browser.sign_in("alice").await));
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        let page = rp.authorize(&mut browser, &[]).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a41_what_one_session_postponed_is_not_postponed_in_another_nor_for_a_stricter_rule() {
    on_every_engine(|engine| async move {
        let server = proposing_app(engine, 1).await;
        let rp = server.rp();
        let mut early = server.browser();
        assert!(is_inside(&early.sign_in("alice").await));
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = browser.submit(page.form_of("#enrol-skip")).await;
        rp.verified(&rp.callback(&page)).await;
        // The session that was open before gets nothing of it.
        assert_eq!(rp.silent(&mut early, &[]).await.error(), Some("interaction_required"));
        let page = rp.authorize(&mut early, &[]).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        // What is required from now on is required of the session that postponed, too.
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
        server.rule(|settings| settings.mfa = Policy::of(MfaMode::Required)).await;
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        assert!(!is_inside(&browser.get("/u").await));
    })
    .await;
}
