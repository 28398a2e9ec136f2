//! `prompt=login`, `prompt=select_account`, `max_age` and `default_max_age`: when somebody is asked again.

use crate::support::{both_factors, enrolled, named, password, tokens_of};
use serde_json::json;
use vestibule_tests::{PASSWORD, Setup};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompt_login_asks_again_even_in_the_same_second() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, first) = tokens_of(&server, &rp).await;
    for _ in 0..2 {
        // Time stands still.
        let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        assert_eq!(page.attribute("#username", "value").as_deref(), Some("alice"));
        assert!(page.has("#username[readonly]"), "{}", page.body);
        let page = password(&mut browser, &page).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["auth_time"], server.clock.seconds());
        assert_eq!(claims["sid"], first.claims()["sid"]);
        server.clock.advance(100);
    }
    // The session that is there does not answer for the one that was asked for.
    let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
    let request = page.form_of("#login-submit").value("request").unwrap().to_owned();
    let page = browser.get(&format!("/login/resume?request={request}")).await;
    assert!(page.has_id("password"), "{} {}", page.url, page.body);
    // A wrong password is not an answer either.
    let page = browser.log_in(&page, "alice", "not the password").await;
    assert!(page.has_id("form-error"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompt_login_asks_an_enrolled_user_for_both_factors_again() {
    let (server, phone) = enrolled(Setup::default()).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    rp.verified(&rp.callback(&page)).await;
    server.clock.advance(30);
    for extra in [("prompt", "login"), ("max_age", "0"), ("prompt", "select_account")] {
        let page = rp.authorize(&mut browser, &[extra]).await;
        let page = both_factors(&server, &mut browser, &page, &phone).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["auth_time"], server.clock.seconds(), "{extra:?}");
        assert_eq!(claims["amr"], json!(["mfa", "otp", "pwd"]));
        server.clock.advance(30);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompt_select_account_lets_somebody_else_sign_in() {
    let server = Setup::default().start().await;
    server.add_user("bob").await;
    let rp = server.rp();
    let (mut browser, alice) = tokens_of(&server, &rp).await;
    let page = rp.authorize(&mut browser, &[("prompt", "select_account")]).await;
    assert!(page.has_id("login-submit") && !page.has("#username[readonly]"), "{}", page.body);
    let page = browser.log_in(&page, "bob", PASSWORD).await;
    let bob = rp.verified(&rp.callback(&page)).await.claims();
    assert_ne!(bob["sub"], alice.claims()["sub"]);
    assert_ne!(bob["sid"], alice.claims()["sid"]);
    // One browser has one session: alice's ended, and its tokens with it.
    assert_eq!(rp.userinfo(&alice.text("access_token")).await.error(), Some("invalid_token"));
    assert_eq!(rp.refresh(&alice.text("refresh_token")).await.error(), Some("invalid_grant"));
    let next = rp.verified(&rp.silent(&mut browser, &[]).await).await;
    let told = rp.userinfo(&next.text("access_token")).await;
    assert_eq!(told.body["preferred_username"], "bob");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_age_asks_whoever_signed_in_longer_ago() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let signed_in = server.clock.seconds();
    server.clock.advance(60);
    let young = rp.verified(&rp.silent(&mut browser, &[("max_age", "60")]).await).await.claims();
    assert_eq!(young["auth_time"], signed_in);
    for (age, silent) in [("59", "login_required"), ("0", "login_required"), ("1", "login_required")] {
        assert_eq!(rp.silent(&mut browser, &[("max_age", age)]).await.error(), Some(silent), "{age}");
    }
    let page = rp.authorize(&mut browser, &[("max_age", "59")]).await;
    // Whoever takes their time is not asked twice.
    server.clock.advance(300);
    let page = password(&mut browser, &page).await;
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    assert_eq!(claims["auth_time"], server.clock.seconds());
    for (bad, error) in [("-1", "invalid_request"), ("soon", "invalid_request"), ("1.5", "invalid_request")] {
        assert_eq!(rp.silent(&mut browser, &[("max_age", bad)]).await.error(), Some(error), "{bad}");
    }
    let huge = "99999999999999999999";
    assert_eq!(rp.silent(&mut browser, &[("max_age", huge)]).await.error(), Some("invalid_request"));
    assert_eq!(rp.silent(&mut browser, &[("max_age", "9223372036854775807")]).await.error(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_age_zero_asks_again_in_the_same_second() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    assert_eq!(rp.silent(&mut browser, &[("max_age", "0")]).await.error(), Some("login_required"));
    let page = rp.authorize(&mut browser, &[("max_age", "0")]).await;
    let page = password(&mut browser, &page).await;
    rp.verified(&rp.callback(&page)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_age_is_about_both_factors_of_an_enrolled_user() {
    let (server, phone) = enrolled(Setup::default()).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    rp.verified(&rp.callback(&page)).await;
    server.clock.advance(120);
    let page = rp.authorize(&mut browser, &[("max_age", "60")]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    rp.verified(&rp.callback(&page)).await;
    // A code alone, later, does not make the password young.
    server.clock.advance(100);
    let page = rp.authorize(&mut browser, &[("max_age", "90")]).await;
    assert!(page.has_id("password"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn default_max_age_counts_where_the_request_says_nothing() {
    let server = Setup::default().start().await;
    server.add_client("bank", |client| client.default_max_age = Some(60)).await;
    let (rp, bank) = (server.rp(), named(&server.rp(), "bank"));
    let (mut browser, _) = tokens_of(&server, &rp).await;
    server.clock.advance(60);
    assert_eq!(bank.silent(&mut browser, &[]).await.error(), None);
    server.clock.advance(1);
    assert_eq!(bank.silent(&mut browser, &[]).await.error(), Some("login_required"));
    assert_eq!(bank.silent(&mut browser, &[("max_age", "3600")]).await.error(), None);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
    let page = bank.authorize(&mut browser, &[]).await;
    let page = password(&mut browser, &page).await;
    let claims = bank.verified(&bank.callback(&page)).await.claims();
    assert_eq!(claims["auth_time"], server.clock.seconds());
}
