//! Codes by mail: bound to one sign-in, worth little, and not sent without end.

use crate::support::{
    SESSION, anything, codes, count, enrol_email, failures, forgive, give, got_in, insider, is_inside,
    mailed, password_is_enough, pending, pending_at, user,
};
use reqwest::StatusCode;
use serde_json::json;
use vestibule_domain::{FactorKind, MfaMode};
use vestibule_tests::{
    Browser, Engine, PASSWORD, Page, Server, Setup, at_once, on_every_engine, recovery_codes,
};

/// Mails with a code that an address gets in an hour.
const LIMIT: usize = 10;

/// Alice with a mailed code as her only factor; an hour later, so that what was mailed for it no longer counts.
async fn mailing(setup: Setup) -> (Server, Browser) {
    let server = setup.start().await;
    let mut owner = insider(&server, "alice").await;
    enrol_email(&server, &mut owner, "alice").await;
    server.clock.advance(3601);
    (server, owner)
}

/// A code that is none of these.
fn wrong(codes: &[String]) -> String {
    (0..).map(|number| format!("{number:06}")).find(|code| !codes.contains(code)).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a11_a_reset_by_mail_and_a_code_by_mail_are_one_factor() {
    on_every_engine(|engine| async move {
        let (server, _) = mailing(anything(engine)).await;
        let mut browser = server.browser();
        let page = browser.get("/login/reset").await;
        browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let page = browser.get(&link).await;
        let new = "wisteria beside the moat 43";
        let page = browser.submit(page.form_of("#reset-complete-submit").with("password", new)).await;
        assert!(!got_in(&browser, &page) && count(&server, "alice", "email").await == 1, "{}", page.body);
        let rp = server.rp();
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", new).await;
        assert!(page.has_id("mailed"), "{} {}", page.url, page.body);
        let page = browser.answer(&page, &mailed(&server, "alice").await).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "urn:vestibule:acr:1fa", "{claims}");
        assert_eq!(claims["amr"], json!(["email", "otp", "pwd"]));
        // Who needs more gets an error, and no code.
        let essential = r#"{"id_token":{"acr":{"essential":true,"value":"2"}}}"#;
        let silent = rp.silent(&mut browser, &[("claims", essential)]).await;
        assert!(silent.error().is_some() && !silent.0.contains_key("code"), "{silent:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a14_whose_only_factor_is_a_mailed_code_is_asked_for_it() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let mut before = insider(&server, "alice").await;
        let mut owner = insider(&server, "alice").await;
        enrol_email(&server, &mut owner, "alice").await;
        // A session from before, and one of the password alone.
        let page = before.get("/u/security").await;
        assert!(page.has_id("mailed") || page.has_id("login-submit"), "{} {}", page.url, page.body);
        let mut browser = server.browser();
        for path in ["/u/security", "/u", "/u/password", "/u/security/enrol/totp"] {
            let page = browser.get(path).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            assert!(page.has_id("mailed"), "{path} {} {}", page.url, page.body);
            assert!(!is_inside(&browser.get(path).await), "{path}");
        }
        assert!(!browser.cookies.contains_key(SESSION));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a30_a_mailed_code_is_good_for_the_sign_in_it_was_mailed_for() {
    on_every_engine(|engine| async move {
        let (server, _) = mailing(anything(engine)).await;
        server.add_user("bob").await;
        let mut bob = insider(&server, "bob").await;
        enrol_email(&server, &mut bob, "bob").await;
        // Two of alice's sign-ins, and one of bob's.
        let (mut one, page_one) = pending(&server, "alice").await;
        let code_one = mailed(&server, "alice").await;
        let (mut two, page_two) = pending(&server, "alice").await;
        let code_two = mailed(&server, "alice").await;
        let (mut his, page_his) = pending(&server, "bob").await;
        let code_his = mailed(&server, "bob").await;
        assert!(code_one != code_two && code_one != code_his);
        let page_one = one.answer(&page_one, &code_two).await;
        assert!(!got_in(&one, &page_one), "the code of another sign-in");
        let page_one = one.answer(&page_one, &code_his).await;
        assert!(!got_in(&one, &page_one), "the code of somebody else");
        let page_his = his.answer(&page_his, &code_one).await;
        assert!(!got_in(&his, &page_his), "to somebody else");
        let page_two = two.answer(&page_two, &code_one).await;
        assert!(!got_in(&two, &page_two), "the code of an earlier sign-in");
        assert_eq!(
            (failures(&server, "alice", "email").await, failures(&server, "bob", "email").await),
            (3, 1)
        );
        // Each fits where it belongs, once; what was mailed before it is dead with it.
        assert!(is_inside(&his.answer(&page_his, &code_his).await));
        let form = page_two.form_of("#factor-submit").with("code", &code_two);
        assert!(is_inside(&two.submit(form.clone()).await));
        two.cookies.remove(SESSION);
        let again = two.submit(form).await;
        assert!(!got_in(&two, &again), "twice");
        let late = one.answer(&page_one, &code_one).await;
        assert!(!got_in(&one, &late), "overtaken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a30_a_mailed_code_dies_by_another_by_time_and_by_five_tries() {
    on_every_engine(|engine| async move {
        let (server, _) = mailing(anything(engine)).await;
        // Another one was asked for.
        let (mut browser, page) = pending(&server, "alice").await;
        let old = mailed(&server, "alice").await;
        let page = browser.submit(page.form_of("#resend").to("/login/factor/choose")).await;
        let new = mailed(&server, "alice").await;
        assert_ne!(old, new);
        let page = browser.answer(&page, &old).await;
        assert!(!got_in(&browser, &page), "{}", page.body);
        assert!(is_inside(&browser.answer(&page, &new).await));
        forgive(&server, "alice").await;
        // Ten minutes.
        for (seconds, opens) in [(597, true), (600, false)] {
            let (mut browser, page) = pending(&server, "alice").await;
            let code = mailed(&server, "alice").await;
            server.clock.advance(seconds);
            let page = browser.answer(&page, &code).await;
            assert_eq!(got_in(&browser, &page), opens, "{seconds} {}", page.body);
        }
        forgive(&server, "alice").await;
        server.clock.advance(3600);
        // Five wrong ones, even where the count of the account was cleared meanwhile.
        for (tries, opens) in [(4, true), (5, false)] {
            let (mut browser, mut page) = pending(&server, "alice").await;
            let code = mailed(&server, "alice").await;
            for _ in 0..tries {
                forgive(&server, "alice").await;
                page = browser.answer(&page, &wrong(std::slice::from_ref(&code))).await;
                assert!(page.has_id("form-error"), "{}", page.body);
            }
            forgive(&server, "alice").await;
            let page = browser.answer(&page, &code).await;
            assert_eq!(got_in(&browser, &page), opens, "{tries} {}", page.body);
        }
    })
    .await;
}

/// Answers an enrolment with a code; whether it is done.
async fn confirm(server: &Server, browser: &mut Browser, page: &Page, code: &str) -> (Page, bool) {
    let page = browser.submit(page.form_of("#enrol-submit").with("code", code)).await;
    (page, count(server, "alice", "email").await == 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a30_the_code_of_an_enrolment_is_good_for_that_enrolment() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let (mut one, mut two) = (insider(&server, "alice").await, insider(&server, "alice").await);
        let (page_one, mut page_two) =
            (one.get("/u/security/enrol/email").await, two.get("/u/security/enrol/email").await);
        let both = codes(&server, "alice").await;
        let [first, second] = <[String; 2]>::try_from(both).unwrap();
        // Both were mailed in the same second; whichever fits here does not fit there.
        let (page, done) = confirm(&server, &mut one, &page_one, &second).await;
        let (mine, theirs) = if done { (second, first) } else { (first, second) };
        if !done {
            assert!(confirm(&server, &mut one, &page, &mine).await.1);
        }
        // One for an enrolment answers no sign-in, used or not.
        let (mut browser, mut page) = pending(&server, "alice").await;
        for code in [&mine, &theirs] {
            page = browser.answer(&page, code).await;
            assert!(!got_in(&browser, &page), "{}", page.body);
        }
        // Nor does it do anything for the session that asked for it, which ended with the enrolment.
        page_two = two.submit(page_two.form_of("#enrol-submit").with("code", &theirs)).await;
        assert!(!is_inside(&page_two) && count(&server, "alice", "email").await == 1, "{}", page_two.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a30_the_code_of_an_enrolment_dies_by_time_and_by_five_tries() {
    on_every_engine(|engine| async move {
        for forced in [false, true] {
            for (tries, seconds, opens) in [(4, 0, true), (5, 0, false), (0, 597, true), (0, 600, false)] {
                let mut setup = anything(engine);
                setup.settings.lifetimes.fresh = 3600;
                if forced {
                    setup.settings.mfa.everybody.mode = Some(MfaMode::Required);
                    setup.settings.mfa.everybody.factors = Some(vec![FactorKind::new("email")]);
                }
                let server = setup.start().await;
                let mut browser = server.browser();
                let mut page = browser.sign_in("alice").await;
                if !forced {
                    page = browser.get("/u/security/enrol/email").await;
                }
                let code = mailed(&server, "alice").await;
                let wrong = wrong(std::slice::from_ref(&code));
                for _ in 0..tries {
                    let done;
                    (page, done) = confirm(&server, &mut browser, &page, &wrong).await;
                    assert!(!done && page.has_id("form-error"), "{}", page.body);
                }
                server.clock.advance(seconds);
                let (page, done) = confirm(&server, &mut browser, &page, &code).await;
                assert_eq!(done, opens, "forced {forced} {tries} {seconds} {}", page.body);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a31_who_asks_for_twenty_codes_is_mailed_ten() {
    on_every_engine(|engine| async move {
        let mut setup = anything(engine).nodes(3);
        setup.settings.lifetimes.flow = 3 * 3600;
        let (server, _) = mailing(setup).await;
        let enrolled = codes(&server, "alice").await.len();
        let (mut browser, mut page) = pending(&server, "alice").await;
        for _ in 0..20 {
            page = browser.submit(page.form_of("#resend").to("/login/factor/choose")).await;
            assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        }
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(page.text("#form-error").contains("Several codes are on their way"), "{}", page.body);
        assert_eq!(codes(&server, "alice").await.len(), enrolled + LIMIT);
        // Nor by other sign-ins, on other nodes, all at once; an hour later as many as fit.
        let mut waiting = Vec::new();
        for number in 0..40 {
            let (browser, page) = pending_at(&server, "alice", number % 3).await;
            waiting.push((browser, page.form_of("#resend").to("/login/factor/choose")));
        }
        assert_eq!(codes(&server, "alice").await.len(), enrolled + LIMIT);
        for (round, fit) in [(1, 0), (2, LIMIT)] {
            let jobs = waiting.drain(..20).map(|(mut browser, form)| async move {
                let page = browser.submit(form).await;
                (page.status, page.has_id("otp"))
            });
            let ended = at_once(jobs.collect::<Vec<_>>()).await;
            let sent = ended.iter().filter(|(status, _)| *status == StatusCode::OK).count();
            let refused = ended.iter().filter(|(status, _)| *status == StatusCode::TOO_MANY_REQUESTS).count();
            assert_eq!((sent, refused), (fit, 20 - fit), "{ended:?}");
            assert_eq!(codes(&server, "alice").await.len(), enrolled + round * LIMIT);
            server.clock.advance(3601);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a31_an_enrolment_is_mailed_for_as_often_and_no_more() {
    on_every_engine(|engine: Engine| async move {
        let server = anything(engine).start().await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            let mut browser = insider(&server, "alice").await;
            statuses.push(browser.get("/u/security/enrol/email").await.status);
        }
        assert!(statuses.iter().all(|status| !status.is_server_error()), "{statuses:?}");
        assert_eq!(codes(&server, "alice").await.len(), LIMIT);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a14_while_no_mail_goes_out_its_factor_is_asked_of_nobody_and_forgotten_by_nobody() {
    on_every_engine(|engine| async move {
        let mut setup = anything(engine);
        setup.can_mail = false;
        let server = setup.start().await;
        // The recovery codes come with another factor, which is then gone.
        let mut owner = insider(&server, "alice").await;
        let page = owner.get("/u/security").await;
        assert!(!page.has_id("add-email"), "{}", page.body);
        let page = owner.get("/u/security/enrol/email").await;
        assert!(!page.has_id("enrol-submit"), "{}", page.body);
        let page = owner.get("/u/security/enrol/totp").await;
        let (_, page) = owner.finish_enrolment(&page, &server.clock).await;
        let spare = recovery_codes(&page);
        let id = user(&server, "alice").await.id;
        let drop = move |tx: vestibule_store::PoolTx| async move {
            tx.delete_credentials_of_kind(id, &FactorKind::new("totp")).await
        };
        server.rows().write(drop).await.unwrap();
        give(&server, "alice", "email", r#"{"address":"alice@example.test"}"#).await;
        assert!(!password_is_enough(&server, "alice").await);
        let (mut browser, page) = pending(&server, "alice").await;
        assert!(page.has_id("recovery-code") && !page.has_id("choose-email"), "{}", page.body);
        let form = page.form_of("#factor-submit").forged("kind", "email").to("/login/factor/choose");
        let other = browser.submit(form).await;
        assert!(!other.has_id("mailed") && !got_in(&browser, &other), "{}", other.body);
        let (mut browser, page) = pending(&server, "alice").await;
        let page = browser.answer(&page, spare.first().unwrap()).await;
        assert!(page.has_id("done-next"), "{}", page.body);
        assert!(codes(&server, "alice").await.is_empty());
    })
    .await;
}
