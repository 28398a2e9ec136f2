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
