//! Whatever anybody sends: an outcome, never a panic, and never an acceptance.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, DecryptionKey, Expect, ExpectJwe, ForeignKeys, JweAlg, JweEnc, SigningKey, Typ, decrypt, encrypt,
    sign, verify_embedded, verify_foreign, verify_hmac,
};

static SIGNED: LazyLock<(ForeignKeys, String)> = LazyLock::new(|| {
    let key = SigningKey::generate(Alg::Es256).unwrap();
    let set = json!({ "keys": [key.public()] });
    (serde_json::from_value(set).unwrap(), sign(&key, None, &json!({ "sub": "alice" })).unwrap())
});

static ENCRYPTED: LazyLock<(DecryptionKey, String)> = LazyLock::new(|| {
    let key = DecryptionKey::generate(JweAlg::EcdhEs).unwrap();
    let token = encrypt(&key.public(), JweEnc::A128Gcm, None, b"secret").unwrap();
    (key, token)
});

/// Whether any way to read a token accepts it.
fn accepted(token: &str) -> bool {
    let expect = Expect { typ: Typ::Plain, algs: &Alg::ALL };
    let jwe = ExpectJwe { algs: &JweAlg::ALL, encs: &JweEnc::ALL, max_bytes: 16 * 1024 };
    verify_foreign::<Value>(&SIGNED.0, token, &expect).is_ok()
        || verify_embedded::<Value>(token, "dpop+jwt", &Alg::ALL).is_ok()
        || verify_hmac::<Value>(&[9; 32], token, Typ::Plain).is_ok()
        || decrypt(std::slice::from_ref(&ENCRYPTED.0), token, &jwe).is_ok()
}

/// JSON with names and values that mean something here.
fn telling_json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "alg", "enc", "kid", "typ", "jwk", "epk", "kty", "crv", "x", "y", "n", "e", "d", "k", "use",
        "key_ops", "keys", "crit", "apu", "apv", "zip",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "ES256",
            "PS256",
            "HS256",
            "none",
            "ECDH-ES",
            "RSA-OAEP-256",
            "A128GCM",
            "EC",
            "RSA",
            "OKP",
            "P-256",
            "Ed25519",
            "dpop+jwt",
            "JWT",
            "sig",
            "enc",
            "AQAB",
            "AAAA",
            "",
        ])
        .prop_map(Value::from),
        prop::collection::vec(any::<u8>(), 32).prop_map(|raw| Value::from(URL_SAFE_NO_PAD.encode(raw))),
    ];
    leaf.prop_recursive(4, 32, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn text(token in any::<String>()) {
        prop_assert!(!accepted(&token));
        prop_assert!(ForeignKeys::parse(token.as_bytes()).is_err());
    }

    #[test]
    fn dotted_base64url(parts in prop::collection::vec("[A-Za-z0-9_-]{0,60}", 0..7)) {
        prop_assert!(!accepted(&parts.join(".")));
    }

    #[test]
    fn headers(header in telling_json(), rest in prop::collection::vec("[A-Za-z0-9_-]{0,30}", 2..5)) {
        let token = [URL_SAFE_NO_PAD.encode(header.to_string()), rest.join(".")].join(".");
        prop_assert!(!accepted(&token));
    }

    #[test]
    fn key_sets(keys in telling_json(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let document = json!({ "keys": [keys.clone()] });
        if let Ok(set) = serde_json::from_value::<ForeignKeys>(document.clone()) {
            prop_assert_eq!(serde_json::to_value(&set).unwrap(), document);
        }
        let _ = (serde_json::from_value::<ForeignKeys>(keys), ForeignKeys::parse(&bytes));
    }

    #[test]
    fn one_changed_character(place in any::<prop::sample::Index>(), other in "[A-Za-z0-9_.=-]") {
        for token in [&SIGNED.1, &ENCRYPTED.1] {
            let place = place.index(token.len());
            let (before, after) = token.split_at(place);
            let (old, after) = after.split_at(1);
            let changed = [before, &other, after].concat();
            prop_assert_eq!(accepted(&changed), old == other);
        }
    }
}
