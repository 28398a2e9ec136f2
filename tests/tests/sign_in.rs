//! The main job: a person comes from an application, gives what is asked, and the ID token tells the truth about it.

use serde_json::json;
use vestibule_domain::MfaMode;
use vestibule_tests::{Setup, on_every_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_makes_one_factor_and_the_token_says_so() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        assert_eq!(page.text("h1"), "Sign in");
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let claims = tokens.claims();
        assert_eq!(claims["acr"], "urn:vestibule:acr:1fa");
        assert_eq!(claims["amr"], json!(["pwd"]));
        assert_eq!(claims["auth_time"], server.clock.seconds());
        assert_eq!(claims["nonce"], "the-nonce");
        assert_eq!(tokens.access_claims()["acr"], claims["acr"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolled_user_is_asked_for_the_code_and_the_token_says_mfa() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        browser.sign_in("alice").await;
        let phone = server.enrol(&mut browser).await;

        let mut laptop = server.browser();
        let page = rp.authorize(&mut laptop, &[]).await;
        let page = laptop.log_in(&page, "alice@example.test", vestibule_tests::PASSWORD).await;
        assert!(page.has_id("otp"), "{}", page.body);
        let page = laptop.answer(&page, &phone.wrong_code(&server.clock)).await;
        assert!(page.has_id("form-error"), "{}", page.body);
        let page = laptop.answer(&page, &phone.code(&server.clock)).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        // The application calls the class "2", so that is its name in the application's tokens.
        assert_eq!(claims["acr"], "2");
        assert_eq!(claims["amr"], json!(["mfa", "otp", "pwd"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_requires_a_factor_enrols_on_the_way_in() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
        assert!(page.has_id("recovery-codes"), "{}", page.body);
        let page = browser.submit(page.form_of("#codes-next")).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["amr"], json!(["mfa", "otp", "pwd"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stepping_up_asks_only_for_the_code_and_keeps_the_session() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        browser.sign_in("alice").await;
        let phone = server.enrol(&mut browser).await;
        // The session that enrolled is worth what it was worth before.
        let before = rp.verified(&rp.silent(&mut browser, &[]).await).await.claims();
        assert_eq!(before["acr"], "urn:vestibule:acr:1fa");
        let silent = rp.silent(&mut browser, &[("acr_values", "urn:vestibule:acr:mfa")]).await;
        assert_eq!(silent.error(), Some("interaction_required"));

        server.clock.advance(30);
        let page = rp.authorize(&mut browser, &[("acr_values", "2")]).await;
        assert!(page.has_id("otp") && !page.has_id("password"), "{}", page.body);
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        let after = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(after["acr"], "2");
        assert_eq!(after["sid"], before["sid"]);
        assert_eq!(after["auth_time"], server.clock.seconds());
        assert_eq!(after["amr"], json!(["mfa", "otp", "pwd"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rule_behind_an_issued_class_can_be_looked_up_by_its_session() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).min_acr(vestibule_domain::Acr::OneFactor).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        browser.sign_in("alice").await;
        server.enrol(&mut browser).await;
        let claims = rp.verified(&rp.silent(&mut browser, &[]).await).await.claims();
        let sid = claims["sid"].as_str().unwrap();
        let explained = server.admin().explain("main", sid).await.unwrap().unwrap();
        assert_eq!((explained.user.as_str(), explained.application.as_deref()), ("alice", Some("app")));
        let why = explained.why.unwrap();
        assert_eq!((why.reasons[0].rule.as_str(), why.version), ("pool", server.pool().version));
        assert!(server.admin().explain("other", sid).await.unwrap().is_none(), "another pool's session");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parameter_that_comes_twice_gets_a_page_of_ours() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    for path in
        ["/login?request=a&request=b", "/login/factor?flow=a&flow=b", "/login/register?token=a&token=b"]
    {
        let page = browser.get(path).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(page.has("main"), "{path}: {}", page.body);
    }
}
