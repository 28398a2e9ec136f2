//! Published documents and the keys behind them.

use crate::support::tokens_of;
use std::collections::BTreeSet;
use vestibule_domain::TokenAlg;
use vestibule_flows::KeyRotation;
use vestibule_tests::{App, Page, Server, Setup, Tokens};

/// The `kid` in the header of a token.
fn kid(token: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

async fn published(rp: &App) -> BTreeSet<String> {
    let page = rp.browser.clone().send("GET", "/oidc/jwks", None).await;
    let keys: serde_json::Value = serde_json::from_str(&page.body).unwrap();
    let keys = keys["keys"].as_array().unwrap().iter();
    keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn rotate(server: &Server, how: KeyRotation) {
    server.admin().rotate_keys("main", &TokenAlg::ALL, how).await.unwrap();
    server.refresh().await;
}

/// Whether what the old tokens are good for, still works.
async fn honoured(server: &Server, rp: &App, old: &Tokens) -> (bool, bool) {
    let told = rp.userinfo(&old.text("access_token")).await;
    let hint = old.text("id_token");
    let page = rp.authorize(&mut server.browser(), &[("id_token_hint", &hint)]).await;
    (told.status == 200, !page.left)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_publishes_first_then_signs_and_keeps_old_tokens_good() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, old) = tokens_of(&server, &rp).await;
    let first = kid(&old.text("id_token"));
    assert!(published(&rp).await.contains(&first));
    let mut seen = published(&rp).await;
    let mut signers = BTreeSet::from([first.clone()]);
    for _ in 0..3 {
        rotate(&server, KeyRotation::default()).await;
        let now = published(&rp).await;
        assert!(seen.is_subset(&now), "{seen:?} {now:?}");
        let tokens = rp.verified(&rp.silent(&mut browser, &[]).await).await;
        let signer = kid(&tokens.text("id_token"));
        // Whoever fetched the keys before this rotation can check the token.
        assert!(seen.contains(&signer), "{signer} {seen:?}");
        signers.insert(signer);
        assert_eq!(honoured(&server, &rp, &old).await, (true, true));
        assert_eq!(honoured(&server, &rp, &tokens).await, (true, true));
        seen = now;
    }
    assert!(signers.len() >= 3, "{signers:?}");
    let refreshed = rp.refresh(&old.text("refresh_token")).await;
    assert_ne!(kid(&refreshed.text("id_token")), first);
    assert_eq!(refreshed.claims()["sub"], old.claims()["sub"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_now_signs_with_a_new_key_at_once() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, old) = tokens_of(&server, &rp).await;
    rotate(&server, KeyRotation { now: true, forget: false }).await;
    let new = rp.verified(&rp.silent(&mut browser, &[]).await).await;
    assert_ne!(kid(&new.text("id_token")), kid(&old.text("id_token")));
    assert_eq!(kid(&new.text("access_token")), kid(&new.text("id_token")));
    assert!(published(&rp).await.contains(&kid(&old.text("id_token"))));
    assert_eq!(honoured(&server, &rp, &old).await, (true, true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_leaked_is_forgotten_with_all_it_signed() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, old) = tokens_of(&server, &rp).await;
    rotate(&server, KeyRotation { now: true, forget: true }).await;
    assert!(!published(&rp).await.contains(&kid(&old.text("id_token"))));
    assert_eq!(honoured(&server, &rp, &old).await, (false, false));
    // Sessions and refresh tokens are no signatures.
    let new = rp.verified(&rp.silent(&mut browser, &[]).await).await;
    assert_eq!(honoured(&server, &rp, &new).await, (true, true));
    assert_eq!(rp.refresh(&old.text("refresh_token")).await.status, 200);
    // The other pool has keys of its own.
    let there = server.rp_at(0, &server.other().origin);
    assert!(published(&there).await.is_disjoint(&published(&rp).await));
}

async fn fetch(rp: &App, path: &str, tag: Option<&str>) -> Page {
    let mut browser = rp.browser.clone();
    browser.headers.extend(tag.map(|tag| ("if-none-match".to_owned(), tag.to_owned())));
    browser.send("GET", path, None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_have_tags_and_may_be_read_from_anywhere() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    for path in ["/oidc/jwks", "/oidc/.well-known/openid-configuration"] {
        let page = fetch(&rp, path, None).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.headers["content-type"], "application/json");
        assert_eq!(page.headers["access-control-allow-origin"], "*");
        assert!(page.headers["cache-control"].to_str().unwrap().contains("max-age"), "{:?}", page.headers);
        assert!(!page.headers.contains_key("set-cookie"), "{:?}", page.headers);
        let tag = page.headers["etag"].to_str().unwrap().to_owned();
        let known = fetch(&rp, path, Some(&tag)).await;
        assert_eq!((known.status.as_u16(), known.body.as_str()), (304, ""));
        assert_eq!(known.headers["etag"], *tag);
        assert_eq!(fetch(&rp, path, Some("\"another\"")).await.body, page.body);
    }
    let tag = fetch(&rp, "/oidc/jwks", None).await.headers["etag"].to_str().unwrap().to_owned();
    rotate(&server, KeyRotation { now: true, forget: false }).await;
    let page = fetch(&rp, "/oidc/jwks", Some(&tag)).await;
    assert_eq!(page.status, 200);
    assert_ne!(page.headers["etag"], *tag);
    for private in ["\"d\"", "\"p\"", "\"q\"", "\"dp\"", "\"dq\"", "\"qi\"", "\"k\""] {
        assert!(!page.body.contains(private), "{private}");
    }
}
