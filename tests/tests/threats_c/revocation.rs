//! C24: what the user takes back is dead at once, refresh tokens, access tokens and codes alike.

use crate::support::{all_dead, named, tokens_of};
use vestibule_tests::{App, Browser, Setup, Tokens, on_every_engine};

/// Whether the tokens still work; the refreshed ones take their place.
async fn alive(rp: &App, tokens: &mut Tokens) -> bool {
    let told = rp.userinfo(&tokens.text("access_token")).await;
    *tokens = rp.refresh(&tokens.text("refresh_token")).await;
    told.status == 200 && tokens.error().is_none()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_disconnecting_an_application_kills_its_tokens_everywhere() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_client("second", |_| {}).await;
        let (rp, second) = (server.rp(), named(&server.rp(), "second"));
        let (mut here, tokens) = tokens_of(&server, &rp).await;
        let (mut there, elsewhere) = tokens_of(&server, &rp).await;
        let mut kept = second.verified(&second.silent(&mut here, &[]).await).await;
        let under_way = rp.silent(&mut there, &[]).await;
        let page = here.get("/u/apps").await;
        let form = page.form_of(".revoke-app");
        here.submit(form.forged("client", "app")).await;
        assert!(all_dead(&rp, &tokens).await);
        assert!(all_dead(&rp, &elsewhere).await);
        assert_eq!(rp.exchange(&under_way.code()).await.error(), Some("invalid_grant"));
        assert!(alive(&second, &mut kept).await);
        // The session is the user's own and stays; a new sign-in gives new tokens.
        let mut fresh = rp.verified(&rp.silent(&mut here, &[]).await).await;
        assert!(alive(&rp, &mut fresh).await);
        assert!(all_dead(&rp, &tokens).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_revoking_a_session_kills_its_tokens_and_no_others() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut lost, stolen) = tokens_of(&server, &rp).await;
        let child = rp.refresh(&stolen.text("refresh_token")).await;
        let under_way = rp.silent(&mut lost, &[]).await;
        let (mut here, mut kept) = tokens_of(&server, &rp).await;
        let page = here.get("/u/sessions").await;
        here.submit(page.form_of(".revoke-session")).await;
        assert!(all_dead(&rp, &child).await);
        assert_eq!(rp.userinfo(&stolen.text("access_token")).await.error(), Some("invalid_token"));
        assert_eq!(rp.exchange(&under_way.code()).await.error(), Some("invalid_grant"));
        assert_eq!(rp.silent(&mut lost, &[]).await.error(), Some("login_required"));
        assert!(alive(&rp, &mut kept).await);
        // Nor do they come back when the session's row is long gone.
        server.clock.advance(30 * 3600);
        server.app().store().sweep(vestibule_domain::Clock::now(&*server.clock)).await.unwrap();
        assert_eq!(rp.refresh(&child.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert!(rp.refresh(&kept.text("refresh_token")).await.error().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_revoking_all_others_leaves_only_this_one() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, one) = tokens_of(&server, &rp).await;
    let (_, two) = tokens_of(&server, &rp).await;
    let (mut here, mut kept) = tokens_of(&server, &rp).await;
    let page = here.get("/u/sessions").await;
    here.submit(page.form_of("#revoke-others")).await;
    assert!(all_dead(&rp, &one).await && all_dead(&rp, &two).await);
    assert!(alive(&rp, &mut kept).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_a_new_password_kills_all_tokens() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut here, own) = tokens_of(&server, &rp).await;
    let (mut there, stolen) = tokens_of(&server, &rp).await;
    let page = here.get("/u/password").await;
    let form = page.form_of("#password-save");
    let form = form
        .with("current_password", vestibule_tests::PASSWORD)
        .with("new_password", "lighthouse under nine snows");
    let page = here.submit(form).await;
    assert!(!page.has_id("form-error"), "{}", page.body);
    assert!(all_dead(&rp, &own).await && all_dead(&rp, &stolen).await);
    assert_eq!(rp.silent(&mut there, &[]).await.error(), Some("login_required"));
    assert_eq!(rp.silent(&mut here, &[]).await.error(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_after_a_sign_out_only_offline_access_is_left() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut browser, mut offline) = tokens_of(&server, &rp).await;
        let online = rp.verified(&rp.silent(&mut browser, &[("scope", "openid email")]).await).await;
        assert_eq!(rp.userinfo(&online.text("access_token")).await.status, 200);
        let page = browser.get("/u").await;
        sign_out(&mut browser, &page).await;
        let told = rp.userinfo(&online.text("access_token")).await;
        assert_eq!(told.error(), Some("invalid_token"));
        assert_eq!(rp.refresh(&online.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert!(alive(&rp, &mut offline).await);
        // And that, too, can be taken back.
        let (mut browser, _) = tokens_of(&server, &rp).await;
        let page = browser.get("/u/apps").await;
        browser.submit(page.form_of(".revoke-app")).await;
        assert!(all_dead(&rp, &offline).await);
    })
    .await;
}

async fn sign_out(browser: &mut Browser, page: &vestibule_tests::Page) {
    browser.submit(page.form_of("#sign-out")).await;
    assert!(!browser.cookies.contains_key("vestibule"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_nobody_revokes_what_is_not_theirs() {
    let server = Setup::default().start().await;
    server.add_user("mallory").await;
    let rp = server.rp();
    let (mut alice, mut tokens) = tokens_of(&server, &rp).await;
    let sid = tokens.claims()["sid"].as_str().unwrap().to_owned();
    let (mut mallory, mut second) = (server.browser(), server.browser());
    mallory.sign_in("mallory").await;
    second.sign_in("mallory").await;
    assert_eq!(rp.silent(&mut mallory, &[]).await.error(), None);
    let page = mallory.get("/u/sessions").await;
    mallory.submit(page.form_of(".revoke-session").with("session", &sid)).await;
    mallory.submit(page.form_of("#revoke-others")).await;
    let page = mallory.get("/u/apps").await;
    mallory.submit(page.form_of(".revoke-app")).await;
    assert!(alive(&rp, &mut tokens).await);
    assert_eq!(rp.silent(&mut alice, &[]).await.error(), None);
}
