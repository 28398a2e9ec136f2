//! An API on a clock that stands still, and an issuer whose keys and words are made here.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use axum::body::Body;
use axum::http::{Request, request::Parts};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_resource_server::{
    AccessToken, BoxFuture, Builder, FetchedKeys, ForeignKeys, KeySource, KeysError, Reason, Refusal,
    ResourceServer,
};

pub(crate) const NOW: i64 = 1_700_000_000;
pub(crate) const ISSUER: &str = "https://login.example.com/oidc";
pub(crate) const AUDIENCE: &str = "https://orders.example.com";
pub(crate) const URL: &str = "https://orders.example.com/orders";

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An Ed25519 key with a name.
pub(crate) struct Key {
    pair: Ed25519KeyPair,
    pub(crate) kid: &'static str,
}

impl Key {
    pub(crate) fn new(kid: &'static str) -> Self {
        Self { pair: Ed25519KeyPair::generate().unwrap(), kid }
    }

    pub(crate) fn x(&self) -> String {
        encode(self.pair.public_key())
    }

    pub(crate) fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.x() })
    }

    pub(crate) fn published(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.x(), "kid": self.kid, "use": "sig", "alg": "EdDSA" })
    }

    /// RFC 7638, spelled out.
    pub(crate) fn thumbprint(&self) -> String {
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        encode(digest(&SHA256, members.as_bytes()))
    }

    pub(crate) fn jws(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        self.jws(&json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": self.kid }), claims)
    }

    pub(crate) fn proof(&self, claims: &Value) -> String {
        self.jws(&json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": self.jwk() }), claims)
    }
}

/// What the source of keys does next.
#[derive(Clone)]
pub(crate) enum Answer {
    Keys(ForeignKeys, Option<Duration>),
    Down,
    Hang,
    Panic,
}

pub(crate) fn key_set(keys: &[&Key]) -> ForeignKeys {
    let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
    ForeignKeys::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) answer: Arc<Mutex<Answer>>,
    pub(crate) calls: Arc<AtomicUsize>,
}

impl KeySource for Source {
    fn fetch(&self) -> BoxFuture<'_, Result<FetchedKeys, KeysError>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.lock().unwrap().clone();
        Box::pin(async move {
            match answer {
                Answer::Keys(keys, fresh_for) => Ok(FetchedKeys { keys, fresh_for }),
                Answer::Down => Err(KeysError::Metadata("down")),
                Answer::Hang => std::future::pending().await,
                Answer::Panic => panic!("a source that is broken"),
            }
        })
    }
}

pub(crate) struct Api {
    pub(crate) server: ResourceServer,
    pub(crate) key: Key,
    pub(crate) source: Source,
    pub(crate) clock: Arc<AtomicI64>,
}

impl Api {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn dpop() -> Self {
        Self::with(|builder| builder.public_url(AUDIENCE))
    }

    pub(crate) fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let key = Key::new("k1");
        let answer = Arc::new(Mutex::new(Answer::Keys(key_set(&[&key]), Some(Duration::from_secs(300)))));
        let source = Source { answer, calls: Arc::default() };
        let clock = Arc::new(AtomicI64::new(NOW));
        let now = Arc::clone(&clock);
        let builder = ResourceServer::builder(ISSUER, AUDIENCE)
            .keys(source.clone())
            .clock(move || now.load(Ordering::SeqCst));
        Self { server: set(builder).build().unwrap(), key, source, clock }
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn answers(&self, answer: Answer) {
        *self.source.answer.lock().unwrap() = answer;
    }

    pub(crate) fn calls(&self) -> usize {
        self.source.calls.load(Ordering::SeqCst)
    }

    pub(crate) async fn bearer(&self, token: &str) -> Result<AccessToken, Refusal> {
        self.send(&[("authorization", &format!("Bearer {token}"))]).await
    }

    pub(crate) async fn send(&self, headers: &[(&str, &str)]) -> Result<AccessToken, Refusal> {
        self.server.admit(&request("GET", "/orders?page=2", headers).into_parts().0).await
    }

    /// The reason for which the server refuses.
    pub(crate) async fn why(&self, token: &str) -> String {
        reason(&self.bearer(token).await.expect_err(token))
    }
}

/// A reason and its causes.
pub(crate) fn reason(refusal: &Refusal) -> String {
    let reason: &Reason = refusal.reason();
    format!("{reason:?}")
}

pub(crate) fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

pub(crate) fn parts(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
    request(method, uri, headers).into_parts().0
}

/// The claims of a good token.
pub(crate) fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "client_id": "shop", "iat": NOW, "exp": NOW + 300,
        "jti": "t1", "scope": "orders.read orders.write", "acr": "urn:vestibule:acr:mfa", "amr": ["pwd", "otp"],
        "auth_time": NOW - 100, "groups": ["staff"], "sid": "s1" })
}

/// `claims` with `changes`; `null` takes a member away.
pub(crate) fn changed(mut claims: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}
