//! Applications that act for themselves (RFC 6749 §4.4), and tokens that are given back (RFC 7009).

use crate::support::{named, tokens_of};
use vestibule_domain::{Client, ClientKind, GrantType, Strictness};
use vestibule_tests::{App, Server, Setup, Tokens, on_every_engine};

/// An application that nobody signs in to.
async fn service(server: &Server, id: &str, change: impl Fn(&mut Client)) -> App {
    server
        .add_client(id, |client| {
            client.grants = vec![GrantType::ClientCredentials];
            client.redirect_uris = Vec::new();
            client.scopes = vec!["reports.read".to_owned(), "reports.write".to_owned()];
            change(client);
        })
        .await;
    named(&server.rp(), id)
}

async fn for_itself(rp: &App, scope: &str) -> Tokens {
    let form = [("grant_type", "client_credentials"), ("scope", scope)];
    let form: Vec<(&str, &str)> = form.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    rp.token(&form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_gets_a_token_for_itself() {
    let server = Setup::default().start().await;
    let rp = service(&server, "robot", |_| {}).await;
    // The first request after a change reads the configuration.
    for_itself(&rp, "").await;
    for (asked, granted) in [
        ("", "reports.read reports.write"),
        ("reports.read", "reports.read"),
        ("reports.write unknown reports.write", "reports.write"),
    ] {
        let before = server.app().store().counters();
        let tokens = for_itself(&rp, asked).await;
        let after = server.app().store().counters();
        assert_eq!(
            (tokens.status.as_u16(), tokens.text("scope").as_str()),
            (200, granted),
            "{:?}",
            tokens.body
        );
        assert_eq!(after.statements, before.statements, "it needs no statement");
        assert!(tokens.body.get("id_token").is_none() && tokens.body.get("refresh_token").is_none());
        let claims = tokens.access_claims();
        assert_eq!((&claims["sub"], &claims["client_id"]), (&"robot".into(), &"robot".into()));
        for absent in ["gid", "sid", "acr", "auth_time"] {
            assert!(claims.get(absent).is_none(), "{absent}");
        }
        // There is no user to tell about.
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.error(), Some("insufficient_scope"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_needs_a_user_is_not_for_an_application_itself() {
    let server = Setup::default().start().await;
    let both = |client: &mut Client| client.grants.push(GrantType::ClientCredentials);
    server.add_client("both", both).await;
    let rp = named(&server.rp(), "both");
    for scope in ["openid", "email", "offline_access", "groups"] {
        assert_eq!(for_itself(&rp, scope).await.error(), Some("invalid_scope"), "{scope}");
    }
    assert_eq!(for_itself(&rp, "").await.text("scope"), "");
    let strict = service(&server, "strict", |client| {
        client.strict.insert(Strictness::RefuseUnknownScopes);
    });
    assert_eq!(for_itself(&strict.await, "unknown").await.error(), Some("invalid_scope"));
    // Neither for whoever may not use the grant, nor for whoever cannot say who it is.
    assert_eq!(for_itself(&server.rp(), "").await.error(), Some("unauthorized_client"));
    let mut unproved = rp.clone();
    unproved.secret = None;
    assert_eq!(for_itself(&unproved, "").await.error(), Some("invalid_client"));
}

async fn revoke(rp: &App, token: &str) -> Tokens {
    rp.post("/oidc/revoke", &[("token", token)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c24_a_token_that_is_given_back_takes_its_grant_along() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let (rp, second) = (server.rp(), server.rp_at(1, &server.pool().origin.clone()));
        for name in ["access_token", "refresh_token"] {
            let (mut browser, tokens) = tokens_of(&server, &rp).await;
            let kept = rp.verified(&rp.silent(&mut browser, &[]).await).await;
            assert_eq!(revoke(&rp, &tokens.text(name)).await.status, 200);
            assert_eq!(
                second.refresh(&tokens.text("refresh_token")).await.error(),
                Some("invalid_grant"),
                "{name}"
            );
            let told = second.userinfo(&tokens.text("access_token")).await;
            assert_eq!(told.error(), Some("invalid_token"), "{name}");
            // Once more, and what nobody issued, is no error (RFC 7009 §2.2).
            assert_eq!(revoke(&rp, &tokens.text(name)).await.status, 200);
            // Another sign-in of the same session is another grant.
            assert_eq!(rp.refresh(&kept.text("refresh_token")).await.status, 200, "{name}");
        }
        assert_eq!(server.audited("token-revoked", "done").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gives_back_what_is_anothers() {
    let server = Setup::default().start().await;
    server.add_client("other", |_| {}).await;
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
        })
        .await;
    let (rp, mut spa) = (server.rp(), named(&server.rp(), "spa"));
    spa.secret = None;
    let (_, tokens) = tokens_of(&server, &rp).await;
    for other in [named(&rp, "other"), spa.clone(), server.rp_at(0, &server.other().origin)] {
        for name in ["access_token", "refresh_token", "id_token"] {
            assert_eq!(revoke(&other, &tokens.text(name)).await.status, 200, "{name}");
        }
    }
    assert_eq!(rp.userinfo(&tokens.text("access_token")).await.status, 200);
    let next = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.status, 200);
    // Without credentials nobody is heard, and without a token there is nothing to do.
    let mut wrong = rp.clone();
    wrong.secret = Some("wrong".to_owned());
    assert_eq!(revoke(&wrong, &next.text("refresh_token")).await.error(), Some("invalid_client"));
    assert_eq!(rp.post("/oidc/revoke", &[]).await.error(), Some("invalid_request"));
    assert_eq!(revoke(&rp, "x").await.status, 200);
    assert_eq!(rp.refresh(&next.text("refresh_token")).await.status, 200);
    // A public application gives its own back.
    let (_, own) = tokens_of(&server, &spa).await;
    assert_eq!(revoke(&spa, &own.text("refresh_token")).await.status, 200);
    assert_eq!(spa.refresh(&own.text("refresh_token")).await.error(), Some("invalid_grant"));
}
