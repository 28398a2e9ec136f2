//! Rules that change while somebody is under way: an answer is judged by the rules of now.

use crate::support::{
    answered, anything, count, forgive, got_in, holder, insider, is_inside, options, pending,
    prove_first_factor, state,
};
use reqwest::StatusCode;
use vestibule_domain::{Acr, FactorKind, MfaMode, PoolSettings};
use vestibule_mfa::soft_authenticator::SoftAuthenticator;
use vestibule_tests::{Authenticator, PASSWORD, Server, on_every_engine};

fn only(kind: &'static str) -> impl Fn(&mut PoolSettings) {
    move |settings| settings.mfa.everybody.factors = Some(vec![FactorKind::new(kind)])
}

fn all(settings: &mut PoolSettings) {
    let kinds = ["passkey", "security-key", "totp", "email"].map(FactorKind::new);
    settings.mfa.everybody.factors = Some(kinds.to_vec());
}

async fn phone_of(server: &Server, name: &str) -> Authenticator {
    let mut browser = insider(server, name).await;
    server.enrol(&mut browser).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_a_factor_that_is_withdrawn_between_page_and_answer_answers_no_more() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let phone = phone_of(&server, "alice").await;
        let (mut browser, page) = pending(&server, "alice").await;
        server.rule(only("passkey")).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(!got_in(&browser, &page) && page.status.as_u16() < 500, "{} {}", page.status, page.body);
        assert_eq!(count(&server, "alice", "totp").await, 1);
        server.rule(all).await;
        forgive(&server, "alice").await;
        let (mut browser, page) = pending(&server, "alice").await;
        assert!(is_inside(&browser.answer(&page, &phone.code(&server.clock)).await));
        // At the first factor.
        server.add_user("bob").await;
        let mut key = SoftAuthenticator::counting();
        holder(&server, "bob", "passkey", &mut key).await;
        let mut browser = server.browser();
        let form = answered(&server, &browser.get("/u").await, &mut key);
        server.rule(only("totp")).await;
        let page = browser.submit(form).await;
        assert!(!got_in(&browser, &page) && page.status.as_u16() < 500, "{} {}", page.status, page.body);
        assert!(!server.browser().get("/login").await.has_id("passkey-submit"));
        server.rule(all).await;
        let (_, page) = prove_first_factor(&server, &mut key).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_a_factor_that_is_withdrawn_while_it_is_enrolled_is_not_enrolled() {
    on_every_engine(|engine| async move {
        for forced in [false, true] {
            let mut setup = anything(engine);
            if forced {
                setup.settings.mfa.everybody.mode = Some(MfaMode::Required);
            }
            let server = setup.start().await;
            let mut browser = server.browser();
            let mut page = browser.sign_in("alice").await;
            if !forced {
                page = browser.get("/u/security/enrol/totp").await;
            }
            let page = browser.to_totp(&page).await;
            server.rule(only("passkey")).await;
            let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
            assert!(page.status.as_u16() < 500, "{forced} {} {}", page.status, page.body);
            assert!(!page.has_id("recovery-codes"), "{forced} {}", page.body);
            assert!(state(&server, "alice").await.credentials.is_empty(), "{forced}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_what_is_locked_between_page_and_answer_stays() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let phone = phone_of(&server, "alice").await;
        let (mut browser, page) = pending(&server, "alice").await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(is_inside(&page));
        let page = browser.get("/u/security").await;
        let removal = page.attribute(".remove-factor", "href").unwrap();
        let asked = [browser.get(&removal).await, browser.get("/u/security/disable").await];
        server.rule(|settings| settings.mfa.everybody.locked = Some(true)).await;
        let before = state(&server, "alice").await;
        for page in asked {
            let page = browser.submit(page.form_of("#confirm-submit")).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{} {}", page.url, page.body);
            assert_eq!(state(&server, "alice").await.credentials, before.credentials);
        }
        server.rule(|settings| settings.mfa.everybody.locked = None).await;
        let page = browser.get(&removal).await;
        let page = browser.submit(page.form_of("#confirm-submit")).await;
        assert_eq!(
            (page.status, count(&server, "alice", "totp").await),
            (StatusCode::OK, 0),
            "{}",
            page.body
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_what_is_required_between_page_and_answer_is_asked_for() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let (rp, mut browser, mut inside) = (server.rp(), server.browser(), insider(&server, "alice").await);
        let page = rp.authorize(&mut browser, &[]).await;
        server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Required)).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.enrols() && !got_in(&browser, &page), "{} {}", page.url, page.body);
        // Nor does a session from before the rule get anything more.
        assert_eq!(rp.silent(&mut inside, &[]).await.error(), Some("interaction_required"));
        assert!(!is_inside(&inside.get("/u/security").await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a2_an_answer_that_is_no_longer_good_enough_gets_no_code() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let phone = phone_of(&server, "alice").await;
        let rp = server.rp();
        // The second factor is asked for; meanwhile the rules want more than a code.
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"));
        server.rule(|settings| settings.mfa.everybody.min_acr = Some(Acr::Phr)).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        let code = page.left && page.query().contains_key("code");
        assert!(!code && page.status.as_u16() < 500, "{} {}", page.url, page.body);
        assert!(rp.silent(&mut browser, &[]).await.error().is_some());
        // With what the rules want now, the same browser gets its code.
        let mut key = SoftAuthenticator::counting();
        server.rule(|settings| settings.mfa.everybody.min_acr = None).await;
        server.add_user("bob").await;
        holder(&server, "bob", "passkey", &mut key).await;
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        server.rule(|settings| settings.mfa.everybody.min_acr = Some(Acr::Phr)).await;
        let page = browser.log_in(&page, "bob", PASSWORD).await;
        let answer = key.get(&options(&page), server.pool().origin.as_str());
        let page = browser.submit(page.form_of("#factor-submit").with("credential", &answer)).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "phr", "{claims}");
    })
    .await;
}
