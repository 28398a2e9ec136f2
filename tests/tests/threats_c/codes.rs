//! C3, C4, C5: a code is for one application, for one use, and only with its verifier.

use crate::support::{all_dead, arrives, at_once, named, proving, tokens_of};
use vestibule_domain::{ClientAuthMethod, ClientKind};
use vestibule_tests::{App, Setup, Tokens, VERIFIER, challenge, on_every_engine};

/// An exchange with whatever verifier; none when it is empty.
async fn exchange(rp: &App, code: &str, verifier: &str) -> Tokens {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", verifier),
    ];
    rp.token(&fields.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>()).await
}

/// `second` is confidential, `native` is public; both may be answered at the same address as `app`.
async fn with_others(server: &vestibule_tests::Server) -> [App; 2] {
    server.add_client("second", |_| {}).await;
    server
        .add_client("native", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
        })
        .await;
    let rp = server.rp();
    [named(&rp, "second"), proving(&rp, "native", None)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c3_a_code_or_refresh_token_is_worth_nothing_to_another_application() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let others = with_others(&server).await;
        let rp = server.rp();
        let (_, callback) = arrives(&server, &rp).await;
        for other in &others {
            for _ in 0..2 {
                let refused = other.exchange(&callback.code()).await;
                assert_eq!(refused.error(), Some("invalid_grant"), "{}", other.client_id);
            }
        }
        // Nor can it be spent for its owner, or its tokens taken away.
        let tokens = rp.verified(&callback).await;
        let refresh = tokens.text("refresh_token");
        for other in &others {
            assert_eq!(other.exchange(&callback.code()).await.error(), Some("invalid_grant"));
            for _ in 0..2 {
                assert_eq!(other.refresh(&refresh).await.error(), Some("invalid_grant"));
            }
        }
        let next = rp.refresh(&refresh).await;
        assert_eq!(next.status, 200, "{:?}", next.body);
        // A spent one in foreign hands is no sign of theft from its owner.
        for other in &others {
            assert_eq!(other.refresh(&refresh).await.error(), Some("invalid_grant"));
        }
        assert_eq!(rp.userinfo(&next.text("access_token")).await.status, 200);
        assert_eq!(rp.refresh(&next.text("refresh_token")).await.status, 200);
        assert_eq!(server.audited("code-replayed", "refused").await, 0);
        assert_eq!(server.audited("refresh-token-reused", "refused").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c3_the_application_of_that_name_in_another_pool_is_another_one() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    // Same name, same secret, same address, same user name: only the pool differs.
    let neighbour = server.rp_at(0, &server.other().origin);
    let (_, callback) = arrives(&server, &rp).await;
    assert_eq!(neighbour.exchange(&callback.code()).await.error(), Some("invalid_grant"));
    let tokens = rp.verified(&callback).await;
    assert_eq!(neighbour.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
    assert_eq!(neighbour.userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c3_without_its_credentials_an_application_gets_nothing() {
    let server = Setup::default().start().await;
    with_others(&server).await;
    let rp = server.rp();
    let (_, callback) = arrives(&server, &rp).await;
    let code = callback.code();
    let with = |id: &str, secret: Option<&str>| proving(&rp, id, secret);
    for wrong in [
        with("app", None),
        with("app", Some("")),
        with("app", Some("wrong")),
        with("nobody", Some("wrong")),
        with("nobody", None),
        with("native", rp.secret.as_deref()),
    ] {
        let refused = wrong.exchange(&code).await;
        assert_eq!(refused.error(), Some("invalid_client"), "{}", wrong.client_id);
        assert_eq!(refused.status, 401);
    }
    rp.verified(&callback).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c4_a_code_is_spent_once_and_a_copy_takes_its_tokens_along() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut browser, callback) = arrives(&server, &rp).await;
        let tokens = rp.verified(&callback).await;
        let child = rp.refresh(&tokens.text("refresh_token")).await;
        // Another sign-in of the same session is not touched.
        let kept = rp.verified(&rp.silent(&mut browser, &[]).await).await;
        assert_eq!(rp.exchange(&callback.code()).await.error(), Some("invalid_grant"));
        assert!(all_dead(&rp, &child).await);
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
        assert_eq!(server.audited("code-replayed", "refused").await, 1);
        assert_eq!(rp.userinfo(&kept.text("access_token")).await.status, 200);
        assert_eq!(rp.refresh(&kept.text("refresh_token")).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c4_twenty_at_once_spend_a_code_once() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let origin = server.pool().origin.clone();
        let rps = [server.rp(), server.rp_at(1, &origin)];
        for _ in 0..3 {
            let (_, callback) = arrives(&server, &rps[0]).await;
            let code = callback.code();
            let jobs = (0..20_usize).map(|number| {
                let (rp, code) = (rps[number % 2].clone(), code.clone());
                async move { rp.exchange(&code).await }
            });
            let answers = at_once(jobs).await;
            let (good, bad): (Vec<Tokens>, Vec<Tokens>) =
                answers.into_iter().partition(|answer| answer.error().is_none());
            assert_eq!(good.len(), 1, "{good:?}");
            assert!(bad.iter().all(|answer| answer.error() == Some("invalid_grant")), "{bad:?}");
            // Nineteen copies: the winner may be the thief.
            assert!(all_dead(&rps[0], &good[0]).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c4_a_code_is_good_for_a_minute_only() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, callback) = arrives(&server, &rp).await;
    server.clock.advance(59);
    rp.verified(&callback).await;
    let late = rp.silent(&mut browser, &[]).await;
    server.clock.advance(60);
    assert_eq!(rp.exchange(&late.code()).await.error(), Some("invalid_grant"));
    // And codes that nobody was given.
    let code = late.code();
    for forged in
        ["x", "00000000000000000000000000000000", &code[1..], &format!("{code}A"), &code.to_uppercase()]
    {
        assert_eq!(rp.exchange(forged).await.error(), Some("invalid_grant"), "{forged}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c5_only_the_right_verifier_gets_the_tokens() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let [_, native] = with_others(&server).await;
        let plain = challenge();
        let (short, long) = ("a".repeat(42), "a".repeat(129));
        let other = VERIFIER.to_uppercase();
        let padded = format!("{VERIFIER}=");
        let spaced = format!("{VERIFIER} ");
        for rp in [server.rp(), native] {
            for (verifier, error) in [
                ("", "invalid_grant"),
                (short.as_str(), "invalid_request"),
                (&long, "invalid_request"),
                (&padded, "invalid_request"),
                (&spaced, "invalid_request"),
                // The challenge itself, as `plain` would have it.
                (&plain, "invalid_grant"),
                (&other, "invalid_grant"),
            ] {
                let (_, callback) = arrives(&server, &rp).await;
                let refused = exchange(&rp, &callback.code(), verifier).await;
                assert_eq!(refused.error(), Some(error), "{verifier}");
                if error == "invalid_grant" {
                    // No second guess.
                    assert_eq!(rp.exchange(&callback.code()).await.error(), Some("invalid_grant"));
                }
            }
            let (_, callback) = arrives(&server, &rp).await;
            let good = exchange(&rp, &callback.code(), VERIFIER).await;
            assert_eq!(good.status, 200, "{:?}", good.body);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c5_no_half_a_challenge_passes_and_none_where_there_is_no_secret() {
    let server = Setup::default().start().await;
    let [second, native] = with_others(&server).await;
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    let short = challenge()[1..].to_owned();
    let padded = format!("{}=", challenge());
    for rp in [server.rp(), second, native] {
        let none: &[(&str, &str)] = &[("code_challenge", ""), ("code_challenge_method", "")];
        let needed = (rp.client_id == "native").then_some("invalid_request");
        assert_eq!(rp.silent(&mut browser, none).await.error(), needed, "{}", rp.client_id);
        let shapes: [&[(&str, &str)]; 8] = [
            &[("code_challenge", "")],
            &[("code_challenge_method", "")],
            &[("code_challenge_method", "plain")],
            &[("code_challenge_method", "s256")],
            &[("code_challenge_method", "S256 plain")],
            &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            &[("code_challenge", &short)],
            &[("code_challenge", &padded)],
        ];
        for shape in shapes {
            assert_eq!(rp.silent(&mut browser, shape).await.error(), Some("invalid_request"), "{shape:?}");
            // Nor for somebody who would have to sign in first.
            let page = rp.authorize(&mut server.browser(), shape).await;
            assert_eq!(rp.callback(&page).error(), Some("invalid_request"), "{shape:?}");
        }
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
    }
}
