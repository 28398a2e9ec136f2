//! What is refused of proofs (RFC 9449 §4.3 and §7).

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::request::Parts;
use serde_json::{Value, json};
use vestibule_resource_server::{
    AccessToken, BoxFuture, Nonces, ProofId, Refusal, ReplayCache, Scheme, SeenProofs,
};

use crate::api::{AUDIENCE, Api, Key, NOW, URL, changed, claims, encode, parts, reason};

/// A client with a key, and a token that is bound to it.
struct Client {
    api: Api,
    key: Key,
    token: String,
}

impl Client {
    fn of(api: Api) -> Self {
        let key = Key::new("proof");
        let token = api.key.token(&changed(claims(), json!({ "cnf": { "jkt": key.thumbprint() } })));
        Self { api, key, token }
    }

    /// The claims of a good proof.
    fn proof(&self, jti: &str) -> Value {
        json!({ "jti": jti, "htm": "GET", "htu": URL, "iat": NOW, "ath": hash(&self.token) })
    }

    async fn send(&self, token: &str, proofs: &[&str]) -> Result<AccessToken, Refusal> {
        let authorization = format!("DPoP {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(proofs.iter().map(|proof| ("dpop", *proof)));
        self.api.send(&headers).await
    }

    async fn why(&self, proof: &str) -> String {
        reason(&self.send(&self.token, &[proof]).await.expect_err("refused"))
    }
}

fn hash(token: &str) -> String {
    encode(digest(&SHA256, token.as_bytes()))
}

#[tokio::test]
async fn a_good_proof_counts_once() {
    let client = Client::of(Api::dpop());
    let proof = client.key.proof(&client.proof("1"));
    let token = client.send(&client.token, &[&proof]).await.unwrap();
    assert_eq!((token.sub.as_str(), token.scheme()), ("user-1", Scheme::Dpop));
    assert_eq!(client.why(&proof).await, "Proof(Replayed)");
    // The same jti in another proof of the same key, and until the proof is too old anyway.
    client.api.pass(60);
    let later = changed(client.proof("1"), json!({ "iat": NOW + 60 }));
    assert_eq!(client.why(&client.key.proof(&later)).await, "Proof(Replayed)");
    client.api.pass(5);
    assert_eq!(client.why(&proof).await, "Proof(Replayed)", "the last second of its age");
    client.api.pass(1);
    assert_eq!(client.why(&proof).await, "Proof(Age)");
}

#[tokio::test]
async fn each_wrong_claim_of_a_proof_is_refused() {
    let client = Client::of(Api::dpop());
    for (change, expected) in [
        (json!({ "htm": "POST" }), "Proof(Method)"),
        (json!({ "htm": "get" }), "Proof(Method)"),
        (json!({ "htu": "https://orders.example.com/" }), "Proof(Address)"),
        (json!({ "htu": "https://orders.example.com/orders/" }), "Proof(Address)"),
        (json!({ "htu": "http://orders.example.com/orders" }), "Proof(Address)"),
        (json!({ "htu": "https://evil.example/orders" }), "Proof(Address)"),
        (json!({ "htu": "/orders" }), "Proof(Address)"),
        (json!({ "ath": hash("another token") }), "Proof(Token)"),
        (json!({ "ath": client.token }), "Proof(Token)"),
        (json!({ "ath": "" }), "Proof(Token)"),
        (json!({ "ath": null }), "Proof(Jws(Payload))"),
        (json!({ "iat": NOW - 66 }), "Proof(Age)"),
        (json!({ "iat": NOW + 6 }), "Proof(Age)"),
        (json!({ "iat": i64::MAX }), "Proof(Age)"),
        (json!({ "iat": i64::MIN }), "Proof(Age)"),
        (json!({ "iat": 1e300 }), "Proof(Age)"),
        (json!({ "iat": NOW.to_string() }), "Proof(Jws(Payload))"),
        (json!({ "iat": null }), "Proof(Jws(Payload))"),
        (json!({ "jti": "" }), "Proof(Jti)"),
        (json!({ "jti": "x".repeat(257) }), "Proof(Jti)"),
        (json!({ "jti": null }), "Proof(Jws(Payload))"),
    ] {
        let proof = client.key.proof(&changed(client.proof("1"), change.clone()));
        assert_eq!(client.why(&proof).await, expected, "{change}");
    }
    for (at, change) in [
        json!({ "htu": format!("{URL}?page=3#x") }),
        json!({ "htu": "HTTPS://ORDERS.example.com:443/%6Frders" }),
        json!({ "iat": NOW - 65 }),
        json!({ "iat": NOW + 5 }),
        json!({ "iat": 1_700_000_000.5 }),
        json!({ "jti": "x".repeat(256) }),
        json!({ "nonce": "not asked for" }),
    ]
    .into_iter()
    .enumerate()
    {
        let proof = client.key.proof(&changed(client.proof(&at.to_string()), change.clone()));
        assert!(client.send(&client.token, &[&proof]).await.is_ok(), "{change}");
    }
}

#[tokio::test]
async fn each_wrong_header_of_a_proof_is_refused() {
    let client = Client::of(Api::dpop());
    let stranger = Key::new("stranger");
    let jwk = client.key.jwk();
    for (header, expected) in [
        (json!({ "typ": "JWT", "alg": "EdDSA", "jwk": jwk }), "Proof(Jws(Type))"),
        (json!({ "typ": "at+jwt", "alg": "EdDSA", "jwk": jwk }), "Proof(Jws(Type))"),
        (json!({ "alg": "EdDSA", "jwk": jwk }), "Proof(Jws(Type))"),
        (json!({ "typ": "dpop+jwt", "alg": "none", "jwk": jwk }), "Proof(Jws(Algorithm))"),
        (json!({ "typ": "dpop+jwt", "alg": "HS256", "jwk": jwk }), "Proof(Jws(Algorithm))"),
        (json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }), "Proof(Jws(EmbeddedKey(Unsupported)))"),
        (json!({ "typ": "dpop+jwt", "alg": "EdDSA" }), "Proof(Jws(UnknownKey))"),
        (json!({ "typ": "dpop+jwt", "alg": "EdDSA", "kid": "k1" }), "Proof(Jws(UnknownKey))"),
        (
            json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": changed(jwk.clone(), json!({ "d": "AAAA" })) }),
            "Proof(Jws(EmbeddedKey(Secret)))",
        ),
        (
            json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": { "kty": "oct", "k": "AAAA" } }),
            "Proof(Jws(EmbeddedKey(Secret)))",
        ),
        (json!({ "typ": "dpop+jwt", "alg": "EdDSA", "jwk": stranger.jwk() }), "Proof(Jws(Signature))"),
    ] {
        assert_eq!(client.why(&client.key.jws(&header, &client.proof("1"))).await, expected, "{header}");
    }
    // A good proof, of somebody else's key.
    assert_eq!(client.why(&stranger.proof(&client.proof("1"))).await, "Token(OtherKey)");
}

#[tokio::test]
async fn one_proof_and_the_scheme_of_the_token() {
    let client = Client::of(Api::dpop());
    let (one, two) = (client.key.proof(&client.proof("1")), client.key.proof(&client.proof("2")));
    for proofs in [vec![], vec![one.as_str(), &two], vec![&one, &one], vec![""], vec!["\u{e9}"]] {
        let refusal = client.send(&client.token, &proofs).await.expect_err("refused");
        assert!(reason(&refusal).starts_with("Proof("), "{refusal:?}");
    }
    let both = format!("{one}, {two}");
    assert_eq!(client.why(&both).await, "Proof(Jws(Malformed))");

    // Stolen, and sent as a bearer token, with the stolen proof or without.
    assert_eq!(client.api.why(&client.token).await, "Token(Bound)");
    let bearer = format!("Bearer {}", client.token);
    let refusal = client.api.send(&[("authorization", &bearer), ("dpop", &one)]).await.expect_err("refused");
    assert_eq!(reason(&refusal), "Token(Bound)");
    // A bearer token does not become bound by a proof.
    let plain = client.api.key.token(&claims());
    let proof = client.key.proof(&changed(client.proof("3"), json!({ "ath": hash(&plain) })));
    let refusal = client.send(&plain, &[&proof]).await.expect_err("refused");
    assert_eq!(reason(&refusal), "Token(NotBound)");
    assert!(client.api.bearer(&plain).await.is_ok());
    // None of all this has used the proof up.
    assert!(client.send(&client.token, &[&one]).await.is_ok());
}

#[tokio::test]
async fn the_address_is_the_one_that_clients_write() {
    let at = |parts: Parts, api: Api, htu: &'static str| async move {
        let client = Client::of(api);
        let proof = client.key.proof(&changed(client.proof("1"), json!({ "htu": htu })));
        let mut parts = parts;
        parts.headers.insert("authorization", format!("DPoP {}", client.token).parse().unwrap());
        parts.headers.insert("dpop", proof.parse().unwrap());
        client.api.server.admit(&parts).await.map(|_| ()).map_err(|refusal| reason(&refusal))
    };
    let wrong = Err("Proof(Address)".to_owned());
    // A proxy takes /shop away; what the request says of its host counts for nothing.
    let below = || Api::with(|builder| builder.public_url("https://api.example.com/shop/"));
    let here = || parts("GET", "http://10.0.0.1/orders", &[("host", "evil.example")]);
    assert_eq!(at(here(), below(), "https://api.example.com/shop/orders").await, Ok(()));
    assert_eq!(at(here(), below(), "https://evil.example/orders").await, wrong);
    assert_eq!(at(here(), below(), "http://10.0.0.1/orders").await, wrong);

    let by_tenant = || {
        Api::with(|builder| {
            builder.public_url_by(|parts| {
                let tenant = parts.headers.get("x-tenant")?.to_str().ok()?;
                Some(format!("https://{tenant}.example.com{}", parts.uri.path()))
            })
        })
    };
    let tenant = || parts("GET", "/orders", &[("x-tenant", "acme")]);
    assert_eq!(at(tenant(), by_tenant(), "https://acme.example.com/orders").await, Ok(()));
    assert_eq!(at(tenant(), by_tenant(), "https://other.example.com/orders").await, wrong);
    assert_eq!(at(parts("GET", "/orders", &[]), by_tenant(), "https://acme.example.com/orders").await, wrong);
}

#[tokio::test]
async fn a_proof_needs_the_nonce_where_nonces_are_given() {
    let client =
        Client::of(Api::with(|builder| builder.public_url(AUDIENCE).dpop_nonces(Nonces::new(&[7; 32]))));
    for (jti, nonce) in [("1", json!(null)), ("2", json!("made-up")), ("3", json!(""))] {
        let proof = client.key.proof(&changed(client.proof(jti), json!({ "nonce": nonce })));
        assert_eq!(client.why(&proof).await, "Nonce");
    }
    let refusal =
        client.send(&client.token, &[&client.key.proof(&client.proof("4"))]).await.expect_err("refused");
    let response = axum::response::IntoResponse::into_response(refusal);
    let nonce = response.headers()["dpop-nonce"].to_str().unwrap().to_owned();
    assert_eq!(
        response.headers()["www-authenticate"],
        "DPoP error=\"use_dpop_nonce\", error_description=\"the DPoP proof needs the nonce of this response\", \
         algs=\"RS256 ES256 EdDSA PS256\""
    );
    let proof = client.key.proof(&changed(client.proof("4"), json!({ "nonce": nonce })));
    assert!(client.send(&client.token, &[&proof]).await.is_ok(), "a jti that was refused is not used up");
    client.api.pass(600);
    let late = json!({ "nonce": nonce, "iat": NOW + 600 });
    let token = client
        .api
        .key
        .token(&changed(claims(), json!({ "exp": NOW + 900, "cnf": { "jkt": client.key.thumbprint() } })));
    let proof = client.key.proof(&changed(changed(client.proof("5"), late), json!({ "ath": hash(&token) })));
    assert_eq!(reason(&client.send(&token, &[&proof]).await.expect_err("refused")), "Nonce");
}

struct Broken;

impl ReplayCache for Broken {
    fn is_new(
        &self,
        _: ProofId,
        _: i64,
        _: i64,
    ) -> BoxFuture<'_, Result<bool, Box<dyn std::error::Error + Send + Sync>>> {
        Box::pin(async { Err("the cache is away".into()) })
    }
}

#[tokio::test]
async fn a_cache_that_cannot_tell_refuses() {
    let client = Client::of(Api::with(|builder| builder.public_url(AUDIENCE).replay_cache(Broken)));
    let refusal =
        client.send(&client.token, &[&client.key.proof(&client.proof("1"))]).await.expect_err("refused");
    assert_eq!(reason(&refusal), "Replay(\"the cache is away\")");
    let response = axum::response::IntoResponse::into_response(refusal);
    assert_eq!(response.status(), 503);
    assert!(!response.headers().contains_key("www-authenticate"));

    let client =
        Client::of(Api::with(|builder| builder.public_url(AUDIENCE).replay_cache(SeenProofs::new(1))));
    assert!(client.send(&client.token, &[&client.key.proof(&client.proof("1"))]).await.is_ok());
    assert_eq!(client.why(&client.key.proof(&client.proof("2"))).await, "Replay(Full)");
    assert_eq!(client.why(&client.key.proof(&client.proof("1"))).await, "Proof(Replayed)");
}
