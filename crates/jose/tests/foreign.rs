//! What others sign: key sets of applications, proofs that bring their key, shared secrets. Most of it is from somebody
//! who wants in.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test helper may panic: that is the test failing"
)]

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::PrivateSigningKey as _;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, Expect, ForeignKeys, ForeignKeysError, JwkError, MAX_FOREIGN_BYTES, MAX_PROOF_BYTES,
    MAX_TOKEN_BYTES, SigningKey, Typ, VerifyError, sign, verify_embedded, verify_foreign, verify_hmac,
};

static KEYS: LazyLock<[SigningKey; 4]> =
    LazyLock::new(|| Alg::ALL.map(|alg| SigningKey::generate(alg).unwrap()));

const ANY: Expect<'static> = Expect { typ: Typ::Plain, algs: &Alg::ALL };
const ASSERTION: Typ<'static> = Typ::PlainOr(&["client-authentication+jwt"]);
const CLAIMS: &str = r#"{"iss":"app"}"#;

fn b64(raw: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(raw)
}

/// A token over any header and payload text, truly signed by `key`.
fn signed(key: &SigningKey, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(payload));
    let signature = key.sign(&key.alg().into(), message.as_bytes()).unwrap();
    format!("{message}.{}", b64(signature))
}

fn with_hmac(secret: &[u8], header: &str, payload: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(payload));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", b64(tag))
}

/// The public key without the members in `but`.
fn public(key: &SigningKey, but: &[&str]) -> Value {
    let mut json = serde_json::to_value(key.public()).unwrap();
    json.as_object_mut().unwrap().retain(|name, _| !but.contains(&name.as_str()));
    json
}

fn with(mut key: Value, name: &str, value: impl Into<Value>) -> Value {
    key[name] = value.into();
    key
}

fn set(keys: impl IntoIterator<Item = Value>) -> ForeignKeys {
    serde_json::from_value(json!({ "keys": Vec::from_iter(keys) })).unwrap()
}

fn outcome(keys: &ForeignKeys, token: &str) -> Result<String, VerifyError> {
    verify_foreign::<Value>(keys, token, &ANY).map(|read| read.kid)
}

#[test]
fn each_algorithm_with_and_without_kid() {
    let keys = set(KEYS.iter().map(|key| public(key, &[])));
    let nameless = set(KEYS.iter().map(|key| public(key, &["kid", "alg", "use"])));
    for key in KEYS.iter() {
        let named = sign(key, None, &json!({})).unwrap();
        let bare = signed(key, &format!(r#"{{"alg":"{}"}}"#, key.alg()), CLAIMS);
        assert_eq!(outcome(&keys, &named), Ok(key.kid().to_owned()));
        assert_eq!(outcome(&keys, &bare), Ok(key.kid().to_owned()));
        assert_eq!(outcome(&nameless, &bare), Ok(key.kid().to_owned()), "the thumbprint");
        assert_eq!(outcome(&nameless, &named), Err(VerifyError::UnknownKey), "its own thumbprint is no name");
        assert!(keys.verifies(key.alg()) && nameless.verifies(key.alg()));
    }
    // An RSA key that names no algorithm is for both, one that names one for that alone.
    let [rs, .., ps] = &*KEYS;
    for (key, other) in [(rs, Alg::Ps256), (ps, Alg::Rs256)] {
        let twin = SigningKey::import_pkcs8(other, &key.to_pkcs8().unwrap()).unwrap();
        let token = sign(&twin, None, &json!({})).unwrap();
        assert_eq!(outcome(&set([public(key, &[])]), &token), Err(VerifyError::KeyAlgorithm));
        assert_eq!(outcome(&set([public(key, &["alg"])]), &token), Ok(key.kid().to_owned()));
    }
    let narrow = Expect { algs: &[Alg::Es256], ..ANY };
    let token = sign(rs, None, &json!({})).unwrap();
    assert_eq!(verify_foreign::<Value>(&keys, &token, &narrow), Err(VerifyError::Algorithm));
}

/// RFC 9864 section 2.2 gives Ed25519 a name of its own; keys and tokens have the old one or the new one.
#[test]
fn ed25519_has_two_names() {
    let [_, other, key, _] = &*KEYS;
    for labelled in ["EdDSA", "Ed25519"] {
        let published = with(public(key, &[]), "alg", labelled);
        for name in ["EdDSA", "Ed25519"] {
            let token = signed(key, &format!(r#"{{"alg":"{name}"}}"#), CLAIMS);
            assert_eq!(outcome(&set([published.clone()]), &token), Ok(key.kid().to_owned()));
            assert_eq!(outcome(&set([public(other, &[])]), &token), Err(VerifyError::KeyAlgorithm));
            let header = with(proof_header(key, &published), "alg", name);
            assert_eq!(proof(key, &header), Ok(key.public().thumbprint()));
        }
    }
    for name in ["ed25519", "Ed448", "ED25519"] {
        let token = signed(key, &format!(r#"{{"alg":"{name}"}}"#), CLAIMS);
        assert_eq!(outcome(&set([public(key, &[])]), &token), Err(VerifyError::Algorithm));
    }
}

#[test]
fn several_types_are_accepted_and_others_are_not() {
    let key = &KEYS[1];
    let keys = set([public(key, &[])]);
    let read = |typ: Option<&str>, accepted| {
        let token = sign(key, typ, &json!({})).unwrap();
        verify_foreign::<Value>(&keys, &token, &Expect { typ: accepted, algs: &Alg::ALL }).map(|_| ())
    };
    for typ in [None, Some("JWT"), Some("client-authentication+jwt")] {
        assert_eq!(read(typ, ASSERTION), Ok(()));
    }
    for typ in ["at+jwt", "dpop+jwt", "oauth-authz-req+jwt", "logout+jwt", ""] {
        assert_eq!(read(Some(typ), ASSERTION), Err(VerifyError::Type));
    }
    assert_eq!(read(Some("client-authentication+jwt"), Typ::Plain), Err(VerifyError::Type));
}

#[test]
fn names_of_keys_do_not_lead_astray() {
    let [mine, other] = [(); 2].map(|()| SigningKey::generate(Alg::Es256).unwrap());
    let header = |kid: &str| format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#);
    // Two keys under one name: either may have signed. Another's name: neither.
    let twins = set([&mine, &other].map(|key| with(public(key, &[]), "kid", "same")));
    assert_eq!(outcome(&twins, &signed(&other, &header("same"), CLAIMS)), Ok("same".to_owned()));
    let apart = set([with(public(&mine, &[]), "kid", "a"), with(public(&other, &[]), "kid", "b")]);
    assert_eq!(outcome(&apart, &signed(&mine, &header("b"), CLAIMS)), Err(VerifyError::Signature));
    assert_eq!(outcome(&apart, &signed(&mine, &header("c"), CLAIMS)), Err(VerifyError::UnknownKey));
    assert_eq!(outcome(&apart, &signed(&mine, &header(""), CLAIMS)), Err(VerifyError::UnknownKey));
    assert_eq!(
        outcome(&apart, &signed(&mine, r#"{"alg":"ES256","kid":null}"#, CLAIMS)),
        Err(VerifyError::Header)
    );
    assert_eq!(
        outcome(&set([public(&KEYS[0], &[])]), &signed(&mine, &header(KEYS[0].kid()), CLAIMS)),
        Err(VerifyError::KeyAlgorithm)
    );
    // Without a name eight keys are tried, and no more.
    let bare = signed(&mine, r#"{"alg":"ES256"}"#, CLAIMS);
    let filled = |before| {
        let others = std::iter::repeat_n(public(&other, &[]), before);
        set(others.chain([public(&KEYS[0], &[]), public(&mine, &[])]))
    };
    assert_eq!(outcome(&filled(7), &bare), Ok(mine.kid().to_owned()));
    assert_eq!(outcome(&filled(8), &bare), Err(VerifyError::Signature));
    assert_eq!(outcome(&set([]), &bare), Err(VerifyError::UnknownKey));
}

#[test]
fn no_signature_passes_without_a_published_key() {
    let key = &KEYS[0];
    let (keys, jwk) = (set([public(key, &["alg"])]), public(key, &[]));
    for name in ["none", "None", "", "HS256", "RS384", "dir"] {
        for kid in ["", r#","kid":"KID""#] {
            let header = format!(r#"{{"alg":"{name}"{kid}}}"#).replace("KID", key.kid());
            let message = format!("{}.{}", b64(&header), b64(CLAIMS));
            assert_eq!(outcome(&keys, &format!("{message}.")), Err(VerifyError::Algorithm));
            assert_eq!(outcome(&keys, &signed(key, &header, CLAIMS)), Err(VerifyError::Algorithm));
            let modulus = URL_SAFE_NO_PAD.decode(jwk["n"].as_str().unwrap()).unwrap();
            for secret in [jwk.to_string().as_bytes(), &modulus] {
                assert_eq!(outcome(&keys, &with_hmac(secret, &header, CLAIMS)), Err(VerifyError::Algorithm));
            }
        }
    }
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("jwk", jwk),
        ("jku", json!("https://app.example/jwks")),
        ("x5u", json!("https://app.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("b64", json!(false)),
    ] {
        let header = json!({ "alg": "RS256", name: value }).to_string();
        let refused = VerifyError::ForbiddenHeader(name);
        assert_eq!(outcome(&keys, &signed(key, &header, CLAIMS)), Err(refused));
        let header = header.replace("RS256", "HS256");
        let token = with_hmac(&[1; 32], &header, CLAIMS);
        assert_eq!(verify_hmac::<Value>(&[1; 32], &token, Typ::Plain), Err(refused));
    }
    let repeated = signed(key, r#"{"alg":"HS256","alg":"RS256"}"#, CLAIMS);
    assert_eq!(outcome(&keys, &repeated), Err(VerifyError::Header));
}

#[test]
fn sets_keep_their_document_and_skip_what_is_not_for_signatures() {
    let [rs, es, ed, _] = &*KEYS;
    let document = json!({
        "keys": [
            with(public(rs, &[]), "use", "enc"),
            with(public(rs, &[]), "alg", "RSA-OAEP-256"),
            with(public(rs, &["use"]), "key_ops", json!(["encrypt", "wrapKey"])),
            with(public(es, &["use"]), "alg", "ECDH-ES"),
            with(public(es, &[]), "crv", "P-521"),
            with(public(es, &[]), "x", public(es, &[])["y"].clone()),
            with(public(es, &[]), "kid", 5),
            json!({ "kty": "oct" }),
            json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA" }),
            json!({}),
            with(public(ed, &[]), "x5t#S256", "kept"),
        ],
        "kept": [1, { "too": null }],
    });
    let keys: ForeignKeys = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(serde_json::to_value(&keys).unwrap(), document);
    assert_eq!(ForeignKeys::parse(document.to_string().as_bytes()), Ok(keys.clone()));
    assert_eq!(Alg::ALL.map(|alg| keys.verifies(alg)), [false, false, true, false]);
    assert!(!format!("{keys:?}").contains("kept"));
}

#[test]
fn sets_that_are_refused() {
    let key = public(&KEYS[1], &[]);
    let parse = |document: Value| {
        let parsed = ForeignKeys::parse(document.to_string().as_bytes()).err();
        assert_eq!(serde_json::from_value::<ForeignKeys>(document).is_err(), parsed.is_some());
        parsed
    };
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] {
        for value in [json!("AAAA"), json!(""), Value::Null, json!([])] {
            let leaked = with(key.clone(), name, value.clone());
            let refused = Some(ForeignKeysError::Secret);
            assert_eq!(parse(json!({ "keys": [key, leaked] })), refused, "{name}");
            let unknown = json!({ "kty": "new", name: value });
            assert_eq!(parse(json!({ "keys": [unknown, key] })), refused, "{name} of a type nobody knows");
        }
    }
    assert_eq!(parse(with(json!({ "keys": [key] }), "d", "AAAA")), Some(ForeignKeysError::Secret));
    for shape in [
        json!({}),
        json!([key]),
        key.clone(),
        json!({ "keys": key }),
        json!({ "keys": [[key]] }),
        json!({ "keys": ["a"] }),
        json!(null),
    ] {
        assert_eq!(parse(shape), Some(ForeignKeysError::Shape));
    }
    let text = json!({ "keys": [key] }).to_string();
    for repeated in [
        text.replacen('{', r#"{"keys":[],"#, 1),
        text.replacen(r#""kty""#, r#""kty":"oct","kty""#, 1),
        text.replacen(r#""kty""#, r#""x":"AAAA","kty""#, 1),
    ] {
        assert_ne!(repeated, text);
        assert_eq!(ForeignKeys::parse(repeated.as_bytes()), Err(ForeignKeysError::Shape));
        assert!(serde_json::from_str::<ForeignKeys>(&repeated).is_err());
    }
    assert_eq!(ForeignKeys::parse(b""), Err(ForeignKeysError::Shape));
    assert_eq!(ForeignKeys::parse(b"{\"keys\":[]} x"), Err(ForeignKeysError::Shape));

    assert_eq!(parse(json!({ "keys": vec![key.clone(); 32] })), None);
    assert_eq!(parse(json!({ "keys": vec![json!({}); 33] })), Some(ForeignKeysError::TooMany));
    let filler = MAX_FOREIGN_BYTES - r#"{"keys":[],"x":""}"#.len();
    assert_eq!(parse(json!({ "keys": [], "x": "a".repeat(filler) })), None);
    assert_eq!(parse(json!({ "keys": [], "x": "a".repeat(filler + 1) })), Some(ForeignKeysError::TooLong));
}

/// The header of a proof by `key`, with `change` made to its `jwk`.
fn proof_header(key: &SigningKey, jwk: &Value) -> Value {
    json!({ "typ": "dpop+jwt", "alg": key.alg().as_str(), "jwk": jwk })
}

fn proof(key: &SigningKey, header: &Value) -> Result<String, VerifyError> {
    let token = signed(key, &header.to_string(), CLAIMS);
    verify_embedded::<Value>(&token, "dpop+jwt", &Alg::ALL).map(|(jwk, claims)| {
        assert_eq!((claims, jwk.kid()), (json!({ "iss": "app" }), jwk.thumbprint().as_str()));
        assert_eq!(jwk.alg(), key.alg());
        jwk.thumbprint()
    })
}

#[test]
fn proofs_bring_their_key() {
    for key in KEYS.iter() {
        let thumbprint = Ok(key.public().thumbprint());
        assert_eq!(proof(key, &proof_header(key, &public(key, &[]))), thumbprint);
        assert_eq!(proof(key, &proof_header(key, &public(key, &["kid", "use", "alg"]))), thumbprint);
        let claiming = with(public(key, &[]), "kid", KEYS[2].kid());
        assert_eq!(proof(key, &proof_header(key, &claiming)), thumbprint, "kid is the sender's own word");
        assert_eq!(proof(key, &with(proof_header(key, &claiming), "kid", "x")), thumbprint);
    }
}

#[test]
fn proofs_that_are_none() {
    let [rs, es, ed, _] = &*KEYS;
    let jwk = public(es, &[]);
    let good = proof_header(es, &jwk);
    for typ in ["DPoP+JWT", "application/dpop+jwt", "JWT", "at+jwt", "dpop+jwt ", ""] {
        assert_eq!(proof(es, &with(good.clone(), "typ", typ)), Err(VerifyError::Type), "{typ}");
    }
    assert_eq!(proof(es, &json!({ "alg": "ES256", "jwk": jwk })), Err(VerifyError::Type));
    for (name, value) in [
        ("crit", json!(["jwk"])),
        ("jku", json!("")),
        ("x5u", json!("")),
        ("x5c", json!([])),
        ("b64", json!(true)),
    ] {
        let refused = VerifyError::ForbiddenHeader(name);
        assert_eq!(proof(es, &with(good.clone(), name, value)), Err(refused));
    }
    for alg in ["none", "HS256", "es256", "ES384", ""] {
        assert_eq!(proof(es, &with(good.clone(), "alg", alg)), Err(VerifyError::Algorithm));
    }
    assert_eq!(proof(es, &json!({ "typ": "dpop+jwt", "alg": "ES256" })), Err(VerifyError::UnknownKey));
    for shape in [json!("key"), json!([jwk]), Value::Null] {
        assert_eq!(proof(es, &with(good.clone(), "jwk", shape)), Err(VerifyError::Header));
    }
    for (bad, expected) in [
        (with(jwk.clone(), "d", "AAAA"), JwkError::Secret),
        (with(jwk.clone(), "k", "AAAA"), JwkError::Secret),
        (with(public(rs, &[]), "qi", "AAAA"), JwkError::Secret),
        (json!({ "kty": "oct" }), JwkError::Unsupported),
        (json!({ "kty": "oct", "k": "AAAA" }), JwkError::Secret),
        (public(rs, &["alg"]), JwkError::Unsupported),
        (public(ed, &["alg"]), JwkError::Unsupported),
        (public(ed, &[]), JwkError::Unsupported),
        (with(jwk.clone(), "alg", "ES384"), JwkError::Unsupported),
        (with(jwk.clone(), "use", "enc"), JwkError::Purpose),
        (with(jwk.clone(), "key_ops", json!(["deriveKey"])), JwkError::Purpose),
        (with(jwk.clone(), "crv", "P-384"), JwkError::Unsupported),
        (with(jwk.clone(), "x", jwk["y"].clone()), JwkError::Invalid),
        (with(jwk.clone(), "y", "AAAA"), JwkError::Invalid),
        (json!({}), JwkError::Unsupported),
    ] {
        assert_eq!(proof(es, &proof_header(es, &bad)), Err(VerifyError::EmbeddedKey(expected)), "{bad}");
    }
    let stolen = proof_header(es, &public(&SigningKey::generate(Alg::Es256).unwrap(), &[]));
    assert_eq!(proof(es, &stolen), Err(VerifyError::Signature), "another's key");
    let twice = good.to_string().replacen(r#""kty""#, r#""kty":"EC","kty""#, 1);
    let token = signed(es, &twice, CLAIMS);
    assert_eq!(verify_embedded::<Value>(&token, "dpop+jwt", &Alg::ALL), Err(VerifyError::Header));

    let token = signed(es, &good.to_string(), CLAIMS);
    assert_eq!(verify_embedded::<Value>(&token, "dpop+jwt", &[Alg::EdDsa]), Err(VerifyError::Algorithm));
    assert_eq!(outcome(&set([jwk]), &token), Err(VerifyError::ForbiddenHeader("jwk")));
    let long = format!(r#"{{"a":"{}"}}"#, "a".repeat(MAX_PROOF_BYTES));
    let token = signed(es, &good.to_string(), &long);
    assert!(token.len() < MAX_TOKEN_BYTES);
    assert_eq!(verify_embedded::<Value>(&token, "dpop+jwt", &Alg::ALL), Err(VerifyError::TooLong));
}

#[test]
fn shared_secrets() {
    let secret = [3; 32];
    let read = |token: &str| verify_hmac::<Value>(&secret, token, ASSERTION);
    let good = with_hmac(&secret, r#"{"alg":"HS256"}"#, CLAIMS);
    assert_eq!(read(&good), Ok(json!({ "iss": "app" })));
    for header in
        [r#"{"alg":"HS256","typ":"JWT","kid":"any"}"#, r#"{"alg":"HS256","typ":"client-authentication+jwt"}"#]
    {
        assert_eq!(read(&with_hmac(&secret, header, CLAIMS)), Ok(json!({ "iss": "app" })));
    }
    for (header, expected) in [
        (r#"{"alg":"none"}"#, VerifyError::Algorithm),
        (r#"{"alg":"hs256"}"#, VerifyError::Algorithm),
        (r#"{"alg":"HS512"}"#, VerifyError::Algorithm),
        (r#"{"alg":"ES256"}"#, VerifyError::Algorithm),
        ("{}", VerifyError::Algorithm),
        (r#"{"alg":["HS256"]}"#, VerifyError::Header),
        (r#"{"alg":"HS256","alg":"HS256"}"#, VerifyError::Header),
        (r#"{"alg":"HS256","typ":"at+jwt"}"#, VerifyError::Type),
    ] {
        assert_eq!(read(&with_hmac(&secret, header, CLAIMS)), Err(expected), "{header}");
    }
    let (message, tag) = good.rsplit_once('.').unwrap();
    let raw = URL_SAFE_NO_PAD.decode(tag).unwrap();
    for wrong in [&[][..], &raw[..16], &raw[..31], &[0; 32], &[raw.as_slice(), &[0]].concat()] {
        assert_eq!(read(&format!("{message}.{}", b64(wrong))), Err(VerifyError::Signature));
    }
    assert_eq!(verify_hmac::<Value>(&[4; 32], &good, ASSERTION), Err(VerifyError::Signature));
    let short = with_hmac(&[3; 31], r#"{"alg":"HS256"}"#, CLAIMS);
    assert_eq!(verify_hmac::<Value>(&[3; 31], &short, ASSERTION), Err(VerifyError::WeakSecret));
    assert_eq!(verify_hmac::<Value>(&[], &good, ASSERTION), Err(VerifyError::WeakSecret));
    assert_eq!(read(&with_hmac(&secret, r#"{"alg":"HS256"}"#, "[]")), Err(VerifyError::Payload));
    assert_eq!(read(&format!("{good}.AA.AA")), Err(VerifyError::Malformed));
    assert_eq!(read(&"A".repeat(MAX_TOKEN_BYTES + 1)), Err(VerifyError::TooLong));
}
