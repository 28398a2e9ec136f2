//! C6, C7: a refresh token is good once, and never for more than was granted.

use crate::support::{all_dead, at_once, named, tokens_of};
use std::collections::BTreeSet;
use vestibule_domain::{Client, GrantType, Strictness};
use vestibule_tests::{App, PASSWORD, Setup, Tokens, on_every_engine};

async fn refresh_with(rp: &App, token: &str, name: &str, value: &str) -> Tokens {
    rp.token(&[("grant_type", "refresh_token"), ("refresh_token", token), (name, value)]).await
}

/// Twenty refreshes with one token at once, at both nodes.
async fn twenty_at_once(rps: &[App; 2], token: &str) -> Vec<Tokens> {
    let jobs = rps.iter().cycle().take(20).map(|rp| {
        let (rp, token) = (rp.clone(), token.to_owned());
        async move { rp.refresh(&token).await }
    });
    at_once(jobs).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c6_twenty_at_once_get_one_child() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let origin = server.pool().origin.clone();
        let rps = [server.rp(), server.rp_at(1, &origin)];
        for _ in 0..3 {
            let (_, tokens) = tokens_of(&server, &rps[0]).await;
            // They are one application's: all are answered, with one and the same.
            let answers = twenty_at_once(&rps, &tokens.text("refresh_token")).await;
            let answers: BTreeSet<String> =
                answers.iter().map(|answer| answer.text("refresh_token")).collect();
            assert_eq!(answers.len(), 1, "{answers:?}");
            assert_eq!(rps[1].refresh(answers.first().unwrap()).await.status, 200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c6_without_grace_twenty_at_once_get_one_child_and_the_family_is_revoked() {
    on_every_engine(|engine| async move {
        let strict = |client: &mut Client| {
            client.strict.insert(Strictness::NoRefreshGrace);
        };
        let server = Setup::on(engine).nodes(2).client(strict).start().await;
        let origin = server.pool().origin.clone();
        let rps = [server.rp(), server.rp_at(1, &origin)];
        for _ in 0..3 {
            let (_, tokens) = tokens_of(&server, &rps[0]).await;
            let answers = twenty_at_once(&rps, &tokens.text("refresh_token")).await;
            let (good, bad): (Vec<Tokens>, Vec<Tokens>) =
                answers.into_iter().partition(|answer| answer.error().is_none());
            assert_eq!(good.len(), 1, "{good:?}");
            assert!(bad.iter().all(|answer| answer.error() == Some("invalid_grant")), "{bad:?}");
            assert!(all_dead(&rps[0], &good[0]).await);
            assert_eq!(rps[1].userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c6_a_used_refresh_token_revokes_all_that_came_of_it_and_nothing_else() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut browser, first) = tokens_of(&server, &rp).await;
        let neighbour = rp.verified(&rp.silent(&mut browser, &[]).await).await;
        let mut chain = vec![first];
        for _ in 0..3 {
            server.clock.advance(60);
            let next = rp.refresh(&chain.last().unwrap().text("refresh_token")).await;
            assert_eq!(next.status, 200, "{:?}", next.body);
            chain.push(next);
        }
        let texts: Vec<String> = chain.iter().map(|tokens| tokens.text("refresh_token")).collect();
        let distinct: std::collections::BTreeSet<&String> = texts.iter().collect();
        assert_eq!(distinct.len(), 4);
        // The second of the family, long after it was used.
        assert_eq!(rp.refresh(&texts[1]).await.error(), Some("invalid_grant"));
        assert!(all_dead(&rp, chain.last().unwrap()).await);
        assert_eq!(server.audited("refresh-token-reused", "refused").await, 1);
        assert_eq!(rp.refresh(&neighbour.text("refresh_token")).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c7_a_refresh_token_gives_no_more_scope_than_was_granted() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[("scope", "openid offline_access")]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    let refresh = tokens.text("refresh_token");
    for wide in ["openid email", "email", "openid offline_access profile"] {
        let refused = refresh_with(&rp, &refresh, "scope", wide).await;
        assert_eq!(refused.error(), Some("invalid_scope"), "{wide}");
    }
    // The refusals cost the honest application nothing.
    let mut next = rp.refresh(&refresh).await;
    assert_eq!(next.text("scope"), "openid offline_access");
    // What nobody knows gives nothing.
    for unknown in ["openid offline_access admin", "OPENID", "openid,email"] {
        next = refresh_with(&rp, &next.text("refresh_token"), "scope", unknown).await;
        assert!(["openid offline_access", "openid"].contains(&next.text("scope").as_str()), "{unknown}");
    }
    let told = rp.userinfo(&next.text("access_token")).await;
    assert!(told.body.get("email").is_none() && told.body.get("name").is_none(), "{:?}", told.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c7_a_refresh_token_opens_no_other_resource() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let mut refresh = tokens.text("refresh_token");
    for name in ["resource", "audience", "aud"] {
        let next = refresh_with(&rp, &refresh, name, "https://api.elsewhere.example/").await;
        if next.error().is_none() {
            assert_eq!(next.access_claims()["aud"], tokens.access_claims()["aud"], "{name}");
            assert_eq!(next.claims()["aud"], serde_json::json!(["app"]));
            refresh = next.text("refresh_token");
        }
    }
    assert_eq!(rp.refresh(&refresh).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c7_what_the_operator_takes_from_an_application_is_not_refreshed() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    server.add_client("app", |client| client.scopes.retain(|scope| scope != "email")).await;
    let next = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.text("scope"), "openid profile offline_access");
    let told = rp.userinfo(&next.text("access_token")).await;
    assert_eq!((told.status.as_u16(), told.body.get("email")), (200, None), "{:?}", told.body);
    assert_eq!(told.body["name"], "alice Example");
    let next = refresh_with(&rp, &next.text("refresh_token"), "scope", "openid email").await;
    assert_eq!(next.text("scope"), "openid");
    assert!(next.claims()["email"].is_null());
    // Without the grant type the token is worth nothing, and no new ones are given out.
    server.add_client("app", |client| client.grants = vec![GrantType::AuthorizationCode]).await;
    let refused = rp.refresh(&next.text("refresh_token")).await;
    assert_eq!(refused.error(), Some("unauthorized_client"));
    let (_, later) = tokens_of(&server, &rp).await;
    assert_eq!(later.body.get("refresh_token"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c7_a_consent_that_was_taken_back_ends_the_tokens() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_client("foreign", |client| client.first_party = false).await;
        let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = browser.submit(page.form_of("#consent-allow")).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        // A code that is still under way counts, too.
        let under_way = rp.silent(&mut browser, &[]).await;
        let page = browser.get("/u/apps").await;
        browser.submit(page.form_of(".revoke-app")).await;
        assert!(all_dead(&rp, &tokens).await);
        assert_eq!(rp.exchange(&under_way.code()).await.error(), Some("invalid_grant"));
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("consent_required"));
    })
    .await;
}
