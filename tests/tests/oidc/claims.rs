//! Which claims go where: scopes, the `claims` parameter, userinfo.

use crate::support::{named, tokens_of};
use serde_json::{Value, json};
use vestibule_tests::{App, Browser, Setup, Tokens};

async fn again(rp: &App, browser: &mut Browser, extra: &[(&str, &str)]) -> Tokens {
    rp.verified(&rp.silent(browser, extra).await).await
}

fn names(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn userinfo_tells_what_the_scopes_ask_for() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    let sub = tokens.claims()["sub"].clone();
    let profile = ["name", "preferred_username", "sub", "updated_at"];
    let email = ["email", "email_verified", "sub"];
    let all = ["email", "email_verified", "name", "preferred_username", "sub", "updated_at"];
    for (scope, expected) in [
        ("openid", &["sub"][..]),
        ("openid profile", &profile[..]),
        ("openid email", &email[..]),
        ("openid email profile", &all[..]),
    ] {
        let tokens = again(&rp, &mut browser, &[("scope", scope)]).await;
        let told = rp.userinfo(&tokens.text("access_token")).await;
        let mut found = names(&told.body);
        found.sort_unstable();
        assert_eq!(found, expected, "{scope}");
        assert_eq!(told.body["sub"], sub);
        assert_eq!(tokens.text("scope"), scope);
    }
    let tokens = again(&rp, &mut browser, &[]).await;
    let told = rp.userinfo(&tokens.text("access_token")).await.body;
    assert_eq!(told["email"], "alice@example.test");
    assert_eq!(told["email_verified"], true);
    assert_eq!(told["name"], "alice Example");
    assert_eq!(told["preferred_username"], "alice");
    assert!(told["updated_at"].is_i64(), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_claims_parameter_asks_for_single_claims() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let wish = json!({
        "userinfo": { "email": { "essential": true }, "picture": null },
        "id_token": { "name": null, "preferred_username": { "value": "somebody" }, "auth_time": { "essential": true } },
    })
    .to_string();
    let tokens = again(&rp, &mut browser, &[("scope", "openid offline_access"), ("claims", &wish)]).await;
    let claims = tokens.claims();
    assert_eq!((&claims["name"], &claims["preferred_username"]), (&json!("alice Example"), &json!("alice")));
    assert_eq!(claims.get("email"), None);
    let told = rp.userinfo(&tokens.text("access_token")).await;
    assert_eq!(names(&told.body), ["email", "sub"]);
    // The wish belongs to the sign-in: refreshed tokens honour it as well.
    let next = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.claims()["name"], "alice Example");
    let told = rp.userinfo(&next.text("access_token")).await;
    assert_eq!(told.body["email"], "alice@example.test");
    for bad in ["{", "[]", "7", r#"{"userinfo":[]}"#, r#"{"id_token":{"acr":"phr"}}"#] {
        let silent = rp.silent(&mut browser, &[("claims", bad)]).await;
        assert_eq!(silent.error(), Some("invalid_request"), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_claims_parameter_is_no_way_around_the_scopes_of_an_application() {
    let server = Setup::default().start().await;
    server.add_client("poor", |client| client.scopes = vec!["openid".to_owned()]).await;
    let rp = named(&server.rp(), "poor");
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    let wish =
        r#"{"userinfo":{"email":{"essential":true}},"id_token":{"email":null,"name":{"essential":true}}}"#;
    let extra = [("scope", "openid"), ("claims", wish)];
    let tokens = again(&rp, &mut browser, &extra).await;
    assert_eq!(tokens.claims().get("email").or(tokens.claims().get("name")), None);
    assert_eq!(names(&rp.userinfo(&tokens.text("access_token")).await.body), ["sub"]);
    let tokens = again(&rp, &mut browser, &[("scope", "openid email")]).await;
    assert_eq!(tokens.claims().get("email"), None);
    assert_eq!(tokens.text("scope"), "openid");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subject_in_the_claims_parameter_has_to_be_the_one_who_signs_in() {
    let server = Setup::default().start().await;
    server.add_user("bob").await;
    let rp = server.rp();
    let (mut alice, tokens) = tokens_of(&server, &rp).await;
    let sub = tokens.claims()["sub"].as_str().unwrap().to_owned();
    let wish = |sub: &str| json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    let (hers, nobody) = (wish(&sub), wish("somebody"));
    assert_eq!(again(&rp, &mut alice, &[("claims", &hers)]).await.claims()["sub"], sub);
    assert_eq!(rp.silent(&mut alice, &[("claims", &nobody)]).await.error(), Some("login_required"));
    let mut bob = server.browser();
    bob.sign_in("bob").await;
    assert_eq!(rp.silent(&mut bob, &[("claims", &hers)]).await.error(), Some("login_required"));
    let page = rp.authorize(&mut bob, &[("claims", &hers)]).await;
    let page = bob.log_in(&page, "bob", vestibule_tests::PASSWORD).await;
    assert_eq!(rp.callback(&page).error(), Some("login_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn userinfo_wants_a_living_access_token() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let access = tokens.text("access_token");
    let (head, rest) = access.split_once('.').unwrap();
    let forged = format!("{head}.{}", rest.chars().rev().collect::<String>());
    for bad in [tokens.text("id_token"), tokens.text("refresh_token"), forged, "x".to_owned()] {
        let told = rp.userinfo(&bad).await;
        assert_eq!((told.status.as_u16(), told.error()), (401, Some("invalid_token")), "{bad}");
    }
    let mut plain = rp.browser.clone();
    let none = plain.send("GET", "/oidc/me", None).await;
    assert_eq!(none.status, 401);
    let challenge = none.headers["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer") && !challenge.contains("error"), "{challenge}");
    // Not in the query.
    let page = plain.send("GET", &format!("/oidc/me?access_token={access}"), None).await;
    assert_eq!(page.status, 401);
    plain.headers.push(("authorization".to_owned(), format!("Bearer {access}")));
    let page = plain.send("POST", "/oidc/me", None).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    server.clock.advance(600 + 5);
    assert_eq!(rp.userinfo(&access).await.error(), Some("invalid_token"));
}
