//! Refresh tokens: how long they live, and narrower scopes.

use crate::support::tokens_of;
use vestibule_tests::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_dies_of_idleness() {
    let mut setup = Setup::default();
    (setup.settings.lifetimes.refresh_idle, setup.settings.lifetimes.refresh_absolute) = (1000, 5000);
    let server = setup.start().await;
    let rp = server.rp();
    let (_, mut tokens) = tokens_of(&server, &rp).await;
    for _ in 0..2 {
        server.clock.advance(999);
        tokens = rp.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    }
    server.clock.advance(1000);
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_of_refresh_tokens_ends_however_busy_it_is() {
    let mut setup = Setup::default();
    (setup.settings.lifetimes.refresh_idle, setup.settings.lifetimes.refresh_absolute) = (1000, 2500);
    let server = setup.start().await;
    let rp = server.rp();
    let (_, mut tokens) = tokens_of(&server, &rp).await;
    for step in [900, 900, 699] {
        server.clock.advance(step);
        tokens = rp.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    }
    let access = tokens.text("access_token");
    server.clock.advance(1);
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
    // The access token of the last second goes with it.
    assert_eq!(rp.userinfo(&access).await.error(), Some("invalid_token"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refresh_tokens_are_for_those_who_may_use_the_grant() {
    let server = Setup::default().start().await;
    server
        .add_client("without", |client| client.grants = vec![vestibule_domain::GrantType::AuthorizationCode])
        .await;
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    assert_eq!(tokens.body["token_type"], "Bearer");
    assert_eq!(tokens.body["expires_in"], 600);
    let online = rp.verified(&rp.silent(&mut browser, &[("scope", "openid profile")]).await).await;
    assert!(online.body.get("refresh_token").is_some());
    // OIDC Core 11: ignored where it cannot be had.
    let without = crate::support::named(&rp, "without");
    let online = without.verified(&without.silent(&mut browser, &[]).await).await;
    assert_eq!(
        (online.body.get("refresh_token"), online.text("scope")),
        (None, "openid profile email".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scope_narrows_the_tokens_of_one_refresh() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let with = async |token: &str, scope: &str| {
        rp.token(&[("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scope)]).await
    };
    let narrow = with(&tokens.text("refresh_token"), "openid email").await;
    assert_eq!(narrow.text("scope"), "openid email");
    assert_eq!(narrow.access_claims()["scope"], "openid email");
    let told = rp.userinfo(&narrow.text("access_token")).await;
    assert_eq!((told.body.get("name"), &told.body["email"]), (None, &"alice@example.test".into()));
    // There is always an identity to refresh.
    let bare = with(&narrow.text("refresh_token"), "email").await;
    assert_eq!(bare.text("scope"), "openid email");
    let full = rp.refresh(&bare.text("refresh_token")).await;
    assert_eq!(full.text("scope"), "openid profile email offline_access");
}
