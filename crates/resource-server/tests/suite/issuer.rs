//! The keys of an issuer on loopback, as `HttpKeys` reads them.
#![cfg(feature = "reqwest")]

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use vestibule_resource_server::{FetchedKeys, HttpKeys, KeySource as _, KeysError, ResourceServer};

use crate::api::{AUDIENCE, Key, NOW, changed, claims, parts};

const OIDC: &str = "a/.well-known/openid-configuration";
const OAUTH: &str = ".well-known/oauth-authorization-server/a";

/// What stands at each path: status, body, and a header.
type Pages = Arc<Mutex<Vec<(String, u16, String)>>>;

struct Issuer {
    pages: Pages,
    base: String,
}

async fn page(State(pages): State<Pages>, Path(path): Path<String>) -> (StatusCode, HeaderMap, String) {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, "public, max-age=120".parse().unwrap());
    headers.insert(header::LOCATION, "/jwks".parse().unwrap());
    let pages = pages.lock().unwrap();
    let found = pages.iter().find(|(at, ..)| *at == path);
    let (status, body) = found.map_or((404, String::new()), |(_, status, body)| (*status, body.clone()));
    (StatusCode::from_u16(status).unwrap(), headers, body)
}

impl Issuer {
    async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", socket.local_addr().unwrap());
        let pages = Pages::default();
        let app = Router::new().route("/{*path}", axum::routing::get(page)).with_state(Arc::clone(&pages));
        tokio::spawn(async move { axum::serve(socket, app).await });
        Self { pages, base }
    }

    fn name(&self) -> String {
        format!("{}/a", self.base)
    }

    fn put(&self, path: &str, status: u16, body: impl ToString) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(at, ..)| at != path);
        pages.push((path.to_owned(), status, body.to_string()));
    }

    fn metadata(&self) -> Value {
        json!({ "issuer": self.name(), "jwks_uri": format!("{}/jwks", self.base), "more": [1] })
    }

    async fn fetch(&self) -> Result<FetchedKeys, KeysError> {
        HttpKeys::new(&self.name()).unwrap().fetch().await
    }
}

#[tokio::test]
async fn keys_are_found_by_either_metadata() {
    let (issuer, key) = (Issuer::start().await, Key::new("k1"));
    issuer.put("jwks", 200, json!({ "keys": [key.published()] }));
    for path in [OAUTH, OIDC] {
        issuer.put(path, 200, issuer.metadata());
        let fetched = issuer.fetch().await.unwrap();
        assert_eq!(json!(fetched.keys), json!({ "keys": [key.published()] }));
        assert_eq!(fetched.fresh_for.unwrap().as_secs(), 120);
        issuer.put(path, 404, "");
    }
    assert!(matches!(issuer.fetch().await, Err(KeysError::Unreachable(_))));

    issuer.put(OIDC, 200, issuer.metadata());
    let api = ResourceServer::builder(&issuer.name(), AUDIENCE).clock(|| NOW).build().unwrap();
    let token = key.token(&changed(claims(), json!({ "iss": issuer.name() })));
    let parts = parts("GET", "/", &[("authorization", &format!("Bearer {token}"))]);
    assert_eq!(api.admit(&parts).await.unwrap().sub, "user-1");
}

#[tokio::test]
async fn wrong_documents_bring_no_keys() {
    let (issuer, key) = (Issuer::start().await, Key::new("k1"));
    let keys = json!({ "keys": [key.published()] });
    let mut with_secret = keys.clone();
    with_secret["keys"][0]["d"] = json!("AAAA");
    let with = |changes: Value| changed(issuer.metadata(), changes).to_string();
    for (metadata, status, jwks, expected) in [
        (with(json!({ "issuer": "https://evil.example" })), 200, keys.to_string(), "another issuer"),
        (with(json!({ "issuer": format!("{}/", issuer.name()) })), 200, keys.to_string(), "another issuer"),
        (with(json!({ "jwks_uri": "http://keys.example/jwks" })), 200, keys.to_string(), "not an https URL"),
        (with(json!({ "jwks_uri": "file:///etc/passwd" })), 200, keys.to_string(), "not an https URL"),
        (with(json!({ "jwks_uri": null })), 200, keys.to_string(), "missing"),
        ("{".to_owned(), 200, keys.to_string(), "missing"),
        (with(json!({ "more": "x".repeat(70_000) })), 200, keys.to_string(), "longer than"),
        (with(json!({})), 302, keys.to_string(), "redirect"),
        (with(json!({})), 500, keys.to_string(), "cannot be read"),
        (with(json!({})), 200, "[]".to_owned(), "key set is wrong"),
        (with(json!({})), 200, with_secret.to_string(), "key set is wrong"),
        (with(json!({})), 200, format!("{}{keys}", " ".repeat(70_000)), "longer than"),
    ] {
        issuer.put(OIDC, 200, metadata);
        issuer.put("jwks", status, jwks);
        let error = issuer.fetch().await.expect_err(expected).to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    issuer.put(OIDC, 302, "");
    assert!(issuer.fetch().await.is_err(), "metadata is not looked for elsewhere");
}

#[tokio::test]
async fn nobody_listens() {
    let keys = HttpKeys::new("http://127.0.0.1:1/a").unwrap();
    assert!(matches!(keys.fetch().await, Err(KeysError::Unreachable(_))));
}
