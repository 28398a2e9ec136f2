//! What authorization requests leave behind.

use vestibule_tests::{Setup, on_every_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_a_grant_whose_code_nobody_redeemed_dies_with_it() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let rp = server.rp();
        let long = format!(r#"{{"userinfo":{{"email":{{"values":["{}"]}}}}}}"#, "x".repeat(4000));
        let mut codes = Vec::new();
        for _ in 0..30 {
            codes.push(rp.silent(&mut browser, &[("claims", &long)]).await.code());
        }
        let tokens = rp.exchange(codes.last().unwrap()).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
        let grants = server.rows().grants_of(alice).await.unwrap();
        // What has no effect is not kept.
        assert!(grants.iter().all(|grant| grant.claims.as_ref().is_none_or(|claims| claims.len() < 200)));
        assert_eq!(grants.len(), 30);
        server.clock.advance(server.pool().settings.lifetimes.code);
        server.app().store().sweep(server.app().now()).await.unwrap();
        assert_eq!(server.rows().grants_of(alice).await.unwrap().len(), 1);
        // The one that was redeemed lives on.
        let tokens = rp.userinfo(&tokens.text("access_token")).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    })
    .await;
}

/// More than anybody adds between two looks: one addition in sixteen brings one.
const LOOKED_BY_THEN: usize = 250;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_one_session_keeps_its_newest_grants_at_an_application() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let rp = server.rp();
        let first = rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await;
        assert_eq!(rp.userinfo(&first.text("access_token")).await.status, 200);
        server.clock.advance(1);
        for _ in 0..100 + 2 * LOOKED_BY_THEN {
            rp.silent(&mut browser, &[]).await.code();
        }
        server.clock.advance(1);
        let last = rp.silent(&mut browser, &[]).await.code();
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
        let kept = server.rows().grants_of(alice).await.unwrap().len();
        assert!((100..100 + LOOKED_BY_THEN).contains(&kept), "{kept}");
        // The newest works, and so does the oldest: what nobody redeems ends nothing that somebody uses.
        assert_eq!(rp.exchange(&last).await.status, 200);
        assert_eq!(rp.userinfo(&first.text("access_token")).await.status, 200);
        // Another application, and another session, have their own.
        let mut other = server.browser();
        other.sign_in("alice").await;
        let code = rp.silent(&mut other, &[]).await.code();
        assert_eq!(rp.exchange(&code).await.status, 200);
    })
    .await;
}
