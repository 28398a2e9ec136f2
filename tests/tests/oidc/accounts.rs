//! Accounts on the way to an application: disabled, registered, with a forgotten password.

use crate::support::{enrolled, password, tokens_of};
use vestibule_domain::UserStatus;
use vestibule_tests::{PASSWORD, Setup, on_every_engine};

const NEW: &str = "lighthouse under nine snows";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_user_is_out_at_once_and_everywhere() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        let under_way = rp.silent(&mut browser, &[]).await;
        server.admin().set_user_status("main", "alice", UserStatus::Disabled).await.unwrap();
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
        assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_eq!(rp.exchange(&under_way.code()).await.error(), Some("invalid_grant"));
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        assert!(browser.get("/u").await.has_id("login-submit"));
        // The right password and a wrong one look the same.
        let mut other = server.browser();
        let page = rp.authorize(&mut other, &[]).await;
        let right = other.log_in(&page, "alice", PASSWORD).await;
        let wrong = other.log_in(&page, "alice", "not the password").await;
        assert!(right.has_id("form-error") && !right.left, "{} {}", right.url, right.body);
        assert_eq!(right.text("#form-error"), wrong.text("#form-error"));
        // Enabled again, the account is there, but not what was taken from it.
        server.admin().set_user_status("main", "alice", UserStatus::Active).await.unwrap();
        assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        server.clock.advance(3600);
        tokens_of(&server, &rp).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registration_by_mail_leads_back_to_the_application() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        // The link may be opened where it was asked for, or somewhere else.
        for (name, same) in [("carol", true), ("dave", false)] {
            let address = format!("{name}@example.test");
            let mut browser = server.browser();
            let page = rp.authorize(&mut browser, &[]).await;
            let page = browser.get(&page.attribute("#register", "href").unwrap()).await;
            let page = browser.submit(page.form_of("#register-submit").with("email", &address)).await;
            assert!(page.has_id("mail-sent"), "{}", page.body);
            let link = server.mailed_link(&address, "/login/register/complete").await.unwrap();
            let mut browser = if same { browser } else { server.browser() };
            let page = browser.get(&link).await;
            let form = page.form_of("#register-complete-submit");
            let page = browser.submit(form.with("username", name).with("password", PASSWORD)).await;
            assert!(page.has_id("done-title"), "{}", page.body);
            let page = browser.get(&page.attribute("#done-next", "href").unwrap()).await;
            assert!(page.body.contains("The Application"), "{}", page.body);
            let page = browser.log_in(&page, name, PASSWORD).await;
            let tokens = rp.verified(&rp.callback(&page)).await;
            let told = rp.userinfo(&tokens.text("access_token")).await.body;
            assert_eq!(told["email"], address);
            assert_eq!((&told["email_verified"], &told["preferred_username"]), (&true.into(), &name.into()));
            // The link is used up.
            assert_eq!(browser.get(&link).await.status, 410);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_does_not_outlive_the_addresses_of_its_application() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.get(&page.attribute("#register", "href").unwrap()).await;
    browser.submit(page.form_of("#register-submit").with("email", "carol@example.test")).await;
    let link = server.mailed_link("carol@example.test", "/login/register/complete").await.unwrap();
    server.add_client("app", |client| client.redirect_uris = vec!["https://new.example/".to_owned()]).await;
    let page = browser.get(&link).await;
    let form = page.form_of("#register-complete-submit");
    let page = browser.submit(form.with("username", "carol").with("password", PASSWORD)).await;
    let page = browser.get(&page.attribute("#done-next", "href").unwrap()).await;
    let page = browser.log_in(&page, "carol", PASSWORD).await;
    assert!(!page.left && page.status == 400, "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_reset_keeps_the_second_factor_and_ends_everything_else() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(Setup::on(engine)).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = crate::support::both_factors(&server, &mut browser, &page, &phone).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let mut thief = server.browser();
        let page = rp.authorize(&mut thief, &[]).await;
        let page = thief.get(&page.attribute("#forgot-password", "href").unwrap()).await;
        let page = thief.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        assert!(page.has_id("mail-sent"), "{}", page.body);
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let page = thief.get(&link).await;
        let page = thief.submit(page.form_of("#reset-complete-submit").with("password", NEW)).await;
        assert!(page.has_id("done-title"), "{}", page.body);
        // No session comes of it, and all others are gone.
        assert!(!thief.cookies.contains_key("vestibule"));
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
        assert_eq!(thief.get(&link).await.status, 410);
        // The mailbox opens the first factor alone.
        server.clock.advance(30);
        let page = rp.authorize(&mut thief, &[]).await;
        let old = password(&mut thief, &page).await;
        assert!(old.has_id("form-error"), "{}", old.body);
        let page = thief.log_in(&page, "alice", NEW).await;
        assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        assert_eq!(rp.silent(&mut thief, &[]).await.error(), Some("login_required"));
        let page = thief.answer(&page, &phone.code(&server.clock)).await;
        assert_eq!(rp.verified(&rp.callback(&page)).await.claims()["acr"], "2");
    })
    .await;
}
