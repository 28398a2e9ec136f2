//! A router with the layers around it, and the words of its challenges.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::to_bytes;
use axum::http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use vestibule_resource_server::{
    AccessToken, Alg, BuildError, Description, Nonces, Reason, Refusal, RequireAuthentication, RequireScope,
    ResourceServer, Scheme,
};

use crate::api::{AUDIENCE, Api, ISSUER, Key, NOW, changed, claims, encode, request};

const MFA: &str = "urn:vestibule:acr:mfa";
const PHR: &str = "urn:vestibule:acr:phr";

async fn who(token: AccessToken) -> String {
    token.sub.clone()
}

async fn maybe(token: Option<AccessToken>) -> String {
    token.map_or_else(|| "nobody".to_owned(), |token| token.sub.clone())
}

async fn pay(token: AccessToken) -> Result<&'static str, Refusal> {
    token.require(RequireAuthentication { acr_values: &[PHR], max_age: Some(60) })?;
    Ok("paid")
}

fn router(api: &ResourceServer) -> Router {
    let strong = RequireAuthentication { acr_values: &[PHR, MFA], max_age: Some(300) };
    let nested = Router::new().route("/who", get(who)).layer(api.require(RequireScope("orders.read")));
    Router::new()
        .route("/orders", get(who).layer(api.require(RequireScope("orders.read orders.list"))))
        .route("/transfer", post(who).layer(api.require(RequireScope("orders.write")).and(strong)))
        .route("/pay", post(pay))
        .nest("/below", nested)
        .layer(api.layer())
        .route("/forgotten", get(who))
        .route("/open", get(maybe))
}

async fn call(api: &Api, method: &str, path: &str, token: Option<&str>) -> Response {
    let authorization = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<_> = authorization.iter().map(|value| ("authorization", value.as_str())).collect();
    router(&api.server).oneshot(request(method, path, &headers)).await.unwrap()
}

fn challenges(response: &Response) -> Vec<&str> {
    response.headers().get_all(WWW_AUTHENTICATE).iter().map(|value| value.to_str().unwrap()).collect()
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1000).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn routes_ask_for_what_they_need() {
    let api = Api::new();
    let token = |change: Value| api.key.token(&changed(claims(), change));
    let listing = token(json!({ "scope": "orders.list orders.read" }));
    let response = call(&api, "GET", "/orders", Some(&listing)).await;
    assert_eq!((response.status(), text(response).await.as_str()), (StatusCode::OK, "user-1"));
    let response = call(&api, "GET", "/below/who", Some(&listing)).await;
    assert_eq!(response.status(), StatusCode::OK);

    let response = call(&api, "GET", "/orders", Some(&token(json!({})))).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(
        challenges(&response),
        ["Bearer error=\"insufficient_scope\", error_description=\"the access token lacks a scope\", \
          scope=\"orders.read orders.list\""]
    );
    assert!(matches!(**response.extensions().get::<Arc<Reason>>().unwrap(), Reason::Scope { .. }));

    let response = call(&api, "GET", "/orders", None).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(challenges(&response), ["Bearer realm=\"https://orders.example.com\""]);
    assert_eq!(text(response).await, "");

    let response = call(&api, "GET", "/orders", Some("a b")).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let invalid = token(json!({ "aud": "https://other.example" }));
    for (token, description) in [
        (invalid.as_str(), "the access token is not valid here"),
        (&token(json!({ "exp": NOW - 10 })), "the access token has expired"),
    ] {
        let response = call(&api, "POST", "/transfer", Some(token)).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let expected = format!("Bearer error=\"invalid_token\", error_description=\"{description}\"");
        assert_eq!(challenges(&response), [expected]);
    }
}

/// RFC 9470 §3.
#[tokio::test]
async fn a_step_up_is_asked_for_in_its_words() {
    let api = Api::new();
    let asked = "Bearer error=\"insufficient_user_authentication\", \
                 error_description=\"a stronger or more recent sign-in is needed\", \
                 acr_values=\"urn:vestibule:acr:phr urn:vestibule:acr:mfa\", max_age=\"300\"";
    for (change, good) in [
        (json!({}), true),
        (json!({ "acr": PHR }), true),
        (json!({ "auth_time": NOW - 300 }), true),
        (json!({ "auth_time": NOW + 5 }), true),
        (json!({ "auth_time": NOW - 301 }), false),
        (json!({ "auth_time": NOW + 6 }), false),
        (json!({ "auth_time": null }), false),
        (json!({ "acr": "urn:vestibule:acr:1fa" }), false),
        (json!({ "acr": "urn:vestibule:acr:phrh" }), false),
        (json!({ "acr": format!("{PHR} {MFA}") }), false),
        (json!({ "acr": null }), false),
    ] {
        let token = api.key.token(&changed(claims(), change.clone()));
        let response = call(&api, "POST", "/transfer", Some(&token)).await;
        let status = if good { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(response.status(), status, "{change}");
        assert_eq!(challenges(&response), if good { vec![] } else { vec![asked] }, "{change}");
    }
    // Without the scope a stronger sign-in would not help.
    let token = api.key.token(&changed(claims(), json!({ "scope": "", "acr": null })));
    assert_eq!(call(&api, "POST", "/transfer", Some(&token)).await.status(), StatusCode::FORBIDDEN);

    // In a handler.
    let response = call(&api, "POST", "/pay", Some(&api.key.token(&claims()))).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(challenges(&response)[0].ends_with("acr_values=\"urn:vestibule:acr:phr\", max_age=\"60\""));
    let token = api.key.token(&changed(claims(), json!({ "acr": PHR, "auth_time": NOW })));
    assert_eq!(text(call(&api, "POST", "/pay", Some(&token)).await).await, "paid");

    // Time passes for a token that was good.
    api.pass(250);
    let token = api.key.token(&claims());
    assert_eq!(call(&api, "POST", "/transfer", Some(&token)).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn values_stay_inside_their_quotes() {
    let api = Api::new();
    let odd = RequireAuthentication { acr_values: &["a\"b\\c\r\n", "d"], max_age: None };
    let app = Router::new().route("/", get(who)).layer(api.server.require(odd));
    let authorization = format!("Bearer {}", api.key.token(&claims()));
    let response = app.oneshot(request("GET", "/", &[("authorization", &authorization)])).await.unwrap();
    assert!(challenges(&response)[0].ends_with("acr_values=\"abc d\""), "{response:?}");
}

#[tokio::test]
async fn a_route_without_a_layer_serves_nobody_who_needs_a_token() {
    let api = Api::new();
    let token = api.key.token(&claims());
    let response = call(&api, "GET", "/forgotten", Some(&token)).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(text(call(&api, "GET", "/open", Some(&token)).await).await, "nobody", "nothing was verified");
}

#[tokio::test]
async fn the_token_of_another_api_around_does_not_count() {
    let (outer, inner) = (Api::new(), Api::new());
    let app = Router::new().route("/", get(who)).layer(inner.server.layer()).layer(outer.server.layer());
    for (api, status) in [(&outer, StatusCode::UNAUTHORIZED), (&inner, StatusCode::UNAUTHORIZED)] {
        let authorization = format!("Bearer {}", api.key.token(&claims()));
        let request = request("GET", "/", &[("authorization", &authorization)]);
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status);
    }
}

/// A request of a client with the key `key`.
fn proved(api: &Api, key: &Key, path: &str, proof: Value) -> axum::http::Request<axum::body::Body> {
    let bound = json!({ "cnf": { "jkt": key.thumbprint() }, "scope": "orders.read" });
    let token = api.key.token(&changed(claims(), bound));
    let good = json!({ "jti": path, "htm": "GET", "htu": format!("{AUDIENCE}{path}"), "iat": NOW,
        "ath": encode(digest(&SHA256, token.as_bytes())) });
    let proof = key.proof(&changed(good, proof));
    request("GET", path, &[("authorization", &format!("DPoP {token}")), ("dpop", &proof)])
}

#[tokio::test]
async fn a_proof_is_spent_once_though_two_layers_look() {
    let api = Api::with(|builder| builder.public_url(AUDIENCE).dpop_nonces(Nonces::new(&[7; 32])));
    let (app, key) = (router(&api.server), Key::new("proof"));
    let response = app.clone().oneshot(proved(&api, &key, "/below/who", json!({}))).await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let nonce = response.headers()["dpop-nonce"].clone();
    let with_nonce = || json!({ "nonce": nonce.to_str().unwrap() });
    // Two layers, and a nested router that hides the beginning of the path.
    let response = app.clone().oneshot(proved(&api, &key, "/below/who", with_nonce())).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["dpop-nonce"], nonce, "the next nonce is told in time");
    let response = app.clone().oneshot(proved(&api, &key, "/below/who", with_nonce())).await.unwrap();
    assert_eq!(
        challenges(&response),
        [
            "DPoP error=\"invalid_dpop_proof\", error_description=\"the DPoP proof is not valid for this request\", \
          algs=\"RS256 ES256 EdDSA PS256\""
        ]
    );
    let response = app.oneshot(proved(&api, &key, "/orders", with_nonce())).await.unwrap();
    assert_eq!(
        (response.status(), challenges(&response)),
        (
            StatusCode::FORBIDDEN,
            vec![
                "DPoP error=\"insufficient_scope\", error_description=\"the access token lacks a scope\", \
                  scope=\"orders.read orders.list\", algs=\"RS256 ES256 EdDSA PS256\""
            ]
        )
    );
}

#[tokio::test]
async fn a_proof_names_the_whole_path_of_a_nested_route() {
    let (api, key) = (Api::dpop(), Key::new("proof"));
    let nested = Router::new().route("/who", get(who)).layer(api.server.layer());
    let app = Router::new().nest("/a", Router::new().nest("/b", nested));
    for (htu, status) in [("/a/b/who", StatusCode::OK), ("/who", StatusCode::UNAUTHORIZED)] {
        let proof = json!({ "htu": format!("{AUDIENCE}{htu}"), "jti": htu });
        let response = app.clone().oneshot(proved(&api, &key, "/a/b/who", proof)).await.unwrap();
        assert_eq!(response.status(), status, "{htu}");
    }
}

/// RFC 9449 §7.1 and §7.2.
#[tokio::test]
async fn challenges_match_how_the_client_came() {
    const DPOP: &str = "DPoP realm=\"https://orders.example.com\", algs=\"RS256 ES256 EdDSA PS256\"";
    const BEARER: &str = "Bearer realm=\"https://orders.example.com\"";
    let (api, key) = (Api::dpop(), Key::new("proof"));
    assert_eq!(challenges(&call(&api, "GET", "/orders", None).await), [BEARER, DPOP]);
    let bound = api.key.token(&changed(claims(), json!({ "cnf": { "jkt": key.thumbprint() } })));
    let response = call(&api, "GET", "/orders", Some(&bound)).await;
    assert_eq!(
        challenges(&response),
        [
            "Bearer error=\"invalid_token\", error_description=\"the access token is not bound to the key of a proof of \
          this request\"",
            DPOP
        ]
    );
    let response = call(&api, "GET", "/orders", Some("x")).await;
    assert_eq!(challenges(&response).len(), 1);

    let only = Api::with(|builder| builder.public_url(AUDIENCE).dpop_only());
    for token in [None, Some(only.key.token(&claims()))] {
        let response = call(&only, "GET", "/orders", token.as_deref()).await;
        assert_eq!((response.status(), challenges(&response)), (StatusCode::UNAUTHORIZED, vec![DPOP]));
    }
    let response = router(&only.server).oneshot(proved(&only, &key, "/below/who", json!({}))).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(!response.headers().contains_key("dpop-nonce"));
}

#[tokio::test]
async fn a_handler_can_see_how_the_token_came() {
    let (api, key) = (Api::dpop(), Key::new("proof"));
    let scheme = |token: AccessToken, Extension(same): Extension<AccessToken>| async move {
        assert_eq!(token.sub, same.sub);
        if token.scheme() == Scheme::Dpop { "dpop" } else { "bearer" }
    };
    let app = Router::new().route("/", get(scheme)).layer(api.server.layer());
    let response = app.clone().oneshot(proved(&api, &key, "/", json!({}))).await.unwrap();
    assert_eq!(text(response).await, "dpop");
    let mut bearer = request("GET", "/", &[]);
    let authorization = HeaderValue::from_str(&format!("Bearer {}", api.key.token(&claims()))).unwrap();
    bearer.headers_mut().insert("authorization", authorization);
    assert_eq!(text(app.oneshot(bearer).await.unwrap()).await, "bearer");
}

#[tokio::test]
async fn a_client_that_knows_the_api_alone_finds_the_issuer() {
    let description = Description {
        name: Some("Orders"),
        scopes: &["orders.read"],
        documentation: Some("https://orders.example/docs"),
    };
    let api = Api::with(|builder| builder.describe(description).public_url(AUDIENCE).dpop_only());
    let place = format!("{AUDIENCE}/.well-known/oauth-protected-resource");
    let app = router(&api.server).merge(api.server.metadata());
    let refused = app.clone().oneshot(request("GET", "/orders", &[])).await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(challenges(&refused)[0].ends_with(&format!(", resource_metadata=\"{place}\"")), "{refused:?}");
    let path = place.strip_prefix(AUDIENCE).unwrap();
    let told = app.oneshot(request("GET", path, &[])).await.unwrap();
    assert_eq!(
        (told.status(), &told.headers()["access-control-allow-origin"]),
        (StatusCode::OK, &HeaderValue::from_static("*"))
    );
    let told: Value = serde_json::from_str(&text(told).await).unwrap();
    assert_eq!(
        told,
        json!({
            "resource": AUDIENCE,
            "authorization_servers": [ISSUER],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["orders.read"],
            "resource_name": "Orders",
            "resource_documentation": "https://orders.example/docs",
            "dpop_signing_alg_values_supported": Alg::ALL.map(Alg::as_str),
            "dpop_bound_access_tokens_required": true,
        })
    );
    // Who is not described is not found, and has the challenges of before.
    let plain = Api::with(|builder| builder);
    let app = router(&plain.server).merge(plain.server.metadata());
    assert_eq!(app.oneshot(request("GET", path, &[])).await.unwrap().status(), StatusCode::NOT_FOUND);
    // A name is no place.
    let named = ResourceServer::builder(ISSUER, "orders")
        .describe(Description::default())
        .keys(plain.source.clone())
        .build();
    assert!(matches!(named.err(), Some(BuildError::Resource)));
}
