//! Tokens made by somebody who wants in. Each differs from an accepted one in the one thing under test.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use openidconnect::PrivateSigningKey as _;
use serde_json::{Value, json};
use vestibule_jose::{Alg, Expect, Jwk, MAX_TOKEN_BYTES, SigningKey, Typ, VerifyError, sign, verify};

struct Keys {
    rsa: SigningKey,
    ec: SigningKey,
    ed: SigningKey,
    ps: SigningKey,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys {
    rsa: SigningKey::generate(Alg::Rs256).unwrap(),
    ec: SigningKey::generate(Alg::Es256).unwrap(),
    ed: SigningKey::generate(Alg::EdDsa).unwrap(),
    ps: SigningKey::generate(Alg::Ps256).unwrap(),
});

const CLAIMS: &str = r#"{"sub":"alice"}"#;

fn published() -> Vec<Jwk> {
    vec![KEYS.rsa.public(), KEYS.ec.public(), KEYS.ed.public(), KEYS.ps.public()]
}

fn outcome(token: &str) -> Result<Value, VerifyError> {
    verify::<Value>(&published(), token, &Expect { typ: Typ::Only("at+jwt"), algs: &Alg::ALL })
        .map(|read| read.claims)
}

fn b64(raw: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(raw)
}

/// A token over any header and payload text, truly signed by `key`.
fn signed(key: &SigningKey, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(payload));
    let signature = key.sign(&key.alg().into(), message.as_bytes()).unwrap();
    format!("{message}.{}", b64(signature))
}

/// The accepted header of `key` with more members, as text.
fn header(key: &SigningKey, more: &str) -> String {
    format!(r#"{{"alg":"{}","kid":"{}","typ":"at+jwt"{more}}}"#, key.alg(), key.kid())
}

#[test]
fn the_starting_point_is_accepted() {
    for key in [&KEYS.rsa, &KEYS.ec, &KEYS.ed, &KEYS.ps] {
        assert_eq!(outcome(&signed(key, &header(key, ""), CLAIMS)), Ok(json!({ "sub": "alice" })));
        assert_eq!(
            outcome(&signed(key, &header(key, r#","cty":"x","x5t":"y""#), CLAIMS)),
            Ok(json!({ "sub": "alice" }))
        );
    }
}

#[test]
fn unsigned_and_symmetric_tokens() {
    for key in [&KEYS.rsa, &KEYS.ec, &KEYS.ed, &KEYS.ps] {
        for name in ["none", "None", "NONE", "nOnE", ""] {
            let head = format!(r#"{{"alg":"{name}","kid":"{}","typ":"at+jwt"}}"#, key.kid());
            let message = format!("{}.{}", b64(&head), b64(CLAIMS));
            assert_eq!(outcome(&format!("{message}.")), Err(VerifyError::Algorithm));
            assert_eq!(outcome(&signed(key, &head, CLAIMS)), Err(VerifyError::Algorithm));
        }
        // The public key, as JSON and as raw bytes, as an HMAC secret.
        let jwk = serde_json::to_value(key.public()).unwrap();
        let member = jwk["n"].as_str().or_else(|| jwk["x"].as_str()).unwrap();
        for secret in [jwk.to_string().into_bytes(), URL_SAFE_NO_PAD.decode(member).unwrap()] {
            for name in ["HS256", key.alg().as_str()] {
                let head = format!(r#"{{"alg":"{name}","kid":"{}","typ":"at+jwt"}}"#, key.kid());
                let message = format!("{}.{}", b64(head), b64(CLAIMS));
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
                let expected = if name == "HS256" { VerifyError::Algorithm } else { VerifyError::Signature };
                assert_eq!(outcome(&format!("{message}.{}", b64(tag))), Err(expected));
            }
        }
        let unsigned = signed(key, &header(key, ""), CLAIMS);
        let unsigned = unsigned.rsplit_once('.').unwrap().0;
        assert_eq!(outcome(&format!("{unsigned}.")), Err(VerifyError::Signature), "an empty signature");
    }
}

#[test]
fn keys_and_algorithms_of_others() {
    let Keys { rsa, ec, ed, ps } = &*KEYS;
    let foreign = SigningKey::generate(Alg::Es256).unwrap();
    assert_eq!(outcome(&signed(&foreign, &header(&foreign, ""), CLAIMS)), Err(VerifyError::UnknownKey));
    assert_eq!(outcome(&signed(&foreign, &header(ec, ""), CLAIMS)), Err(VerifyError::Signature));
    for (signer, alg, named) in [
        (ec, "ES256", rsa),
        (rsa, "RS256", ec),
        (ec, "ES256", ed),
        (ed, "EdDSA", ec),
        (rsa, "PS256", rsa),
        (rsa, "RS256", ps),
    ] {
        let head = format!(r#"{{"alg":"{alg}","kid":"{}","typ":"at+jwt"}}"#, named.kid());
        assert_eq!(outcome(&signed(signer, &head, CLAIMS)), Err(VerifyError::KeyAlgorithm));
    }
    for name in ["RS384", "PS384", "ES384", "ES256K", "Ed448", "es256", "RSA1_5", "dir"] {
        let head = format!(r#"{{"alg":"{name}","kid":"{}","typ":"at+jwt"}}"#, ec.kid());
        assert_eq!(outcome(&signed(ec, &head, CLAIMS)), Err(VerifyError::Algorithm), "{name}");
    }
    // Known key and algorithm, but not one this caller accepts.
    let good = signed(rsa, &header(rsa, ""), CLAIMS);
    let narrow = Expect { typ: Typ::Only("at+jwt"), algs: &[Alg::Es256, Alg::EdDsa] };
    assert_eq!(verify::<Value>(&published(), &good, &narrow).err(), Some(VerifyError::Algorithm));
    assert_eq!(
        verify::<Value>(&[], &good, &Expect { algs: &Alg::ALL, ..narrow }).err(),
        Some(VerifyError::UnknownKey)
    );
}

#[test]
fn headers_that_bring_their_own_rules() {
    let ec = &KEYS.ec;
    let jwk = serde_json::to_string(&SigningKey::generate(Alg::Es256).unwrap().public()).unwrap();
    for (name, value) in [
        ("crit", r#"["exp"]"#),
        ("crit", "[]"),
        ("crit", "null"),
        ("jwk", jwk.as_str()),
        ("jku", r#""https://evil.example/jwks""#),
        ("x5u", r#""https://evil.example/cert""#),
        ("x5c", r#"["MIIB"]"#),
        ("b64", "false"),
    ] {
        let token = signed(ec, &header(ec, &format!(r#","{name}":{value}"#)), CLAIMS);
        assert_eq!(outcome(&token), Err(VerifyError::ForbiddenHeader(name)));
    }
    // The attacker's key inside, signed with it, under our kid: refused before any of it is used.
    let attacker = SigningKey::generate(Alg::Es256).unwrap();
    let jwk = serde_json::to_string(&attacker.public()).unwrap();
    let token = signed(&attacker, &header(ec, &format!(r#","jwk":{jwk}"#)), CLAIMS);
    assert_eq!(outcome(&token), Err(VerifyError::ForbiddenHeader("jwk")));

    let kid = ec.kid();
    for (expected, head) in [
        (VerifyError::Header, header(ec, r#","alg":"ES256""#)),
        (VerifyError::Header, header(ec, r#","x":1,"x":2"#)),
        (VerifyError::Header, header(ec, r#","x":{"y":1,"y":2}"#)),
        (VerifyError::Header, format!(r#"[{{"alg":"ES256","kid":"{kid}"}}]"#)),
        (VerifyError::Header, "\"ES256\"".to_owned()),
        (VerifyError::Header, "null".to_owned()),
        (VerifyError::Header, String::new()),
        (VerifyError::Header, format!("{} x", header(ec, ""))),
        (VerifyError::Header, format!(r#"{{"alg":["ES256"],"kid":"{kid}","typ":"at+jwt"}}"#)),
        (VerifyError::Header, r#"{"alg":"ES256","kid":7,"typ":"at+jwt"}"#.to_owned()),
        (VerifyError::Header, format!(r#"{{"alg":"ES256","kid":"{kid}","typ":1}}"#)),
        (VerifyError::Algorithm, format!(r#"{{"kid":"{kid}","typ":"at+jwt"}}"#)),
        (VerifyError::UnknownKey, r#"{"alg":"ES256","typ":"at+jwt"}"#.to_owned()),
        (VerifyError::UnknownKey, r#"{"alg":"ES256","kid":"","typ":"at+jwt"}"#.to_owned()),
        (VerifyError::UnknownKey, r#"{"alg":"ES256","kid":"../../dev/null","typ":"at+jwt"}"#.to_owned()),
        (VerifyError::Type, format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#)),
        (VerifyError::Type, format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"JWT"}}"#)),
        (VerifyError::Type, format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"logout+jwt"}}"#)),
    ] {
        assert_eq!(outcome(&signed(ec, &head, CLAIMS)), Err(expected), "{head}");
    }
    let id_token = Expect { typ: Typ::Plain, algs: &[Alg::Es256] };
    let access_token = sign(ec, Some("at+jwt"), &json!({})).unwrap();
    assert_eq!(verify::<Value>(&published(), &access_token, &id_token).err(), Some(VerifyError::Type));
}

#[test]
fn shapes_that_are_not_a_compact_jws() {
    let good = signed(&KEYS.ec, &header(&KEYS.ec, ""), CLAIMS);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (head, payload) = message.split_once('.').unwrap();
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        message.to_owned(),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}.AAAA.AAAA"),
        format!("{good}="),
        format!("{good}=="),
        format!("{good}\n"),
        format!(" {good}"),
        format!("{head}=.{payload}.{signature}"),
        format!("{head}..{payload}.{signature}"),
        format!("{head} .{payload}.{signature}"),
        json!({ "protected": head, "payload": payload, "signature": signature }).to_string(),
    ] {
        assert!(outcome(&token).is_err(), "{token}");
    }
    assert_eq!(outcome(&format!("{good}.")), Err(VerifyError::Malformed));
    assert_eq!(outcome(&"A".repeat(MAX_TOKEN_BYTES + 1)), Err(VerifyError::TooLong));
    let long = format!(r#"{{"sub":"{}"}}"#, "a".repeat(MAX_TOKEN_BYTES));
    assert_eq!(outcome(&signed(&KEYS.ec, &header(&KEYS.ec, ""), &long)), Err(VerifyError::TooLong));
}

/// The same signature bytes must have one spelling only, or a token could be made to look like another.
#[test]
fn signatures_have_one_spelling() {
    for key in [&KEYS.rsa, &KEYS.ec, &KEYS.ed, &KEYS.ps] {
        let good = signed(key, &header(key, ""), CLAIMS);
        let (message, signature) = good.rsplit_once('.').unwrap();
        let raw = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert_eq!(outcome(&format!("{message}.{}", URL_SAFE.encode(&raw))), Err(VerifyError::Malformed));
        // Stray bits in the last character: 256 and 64 bytes both leave four unused.
        let last = signature.chars().last().unwrap();
        let (kept, twin) = (&signature[..signature.len() - 1], char::from(last as u8 + 1));
        assert_eq!(outcome(&format!("{message}.{kept}{twin}")), Err(VerifyError::Malformed));
        let standard = STANDARD.encode(&raw).replace('=', "");
        if standard.contains(['+', '/']) {
            assert_eq!(outcome(&format!("{message}.{standard}")), Err(VerifyError::Malformed));
        }
        for wrong in [
            &raw[1..],
            &raw[..raw.len() - 1],
            &[raw.as_slice(), &[0]].concat(),
            &[&[0], raw.as_slice()].concat(),
        ] {
            assert_eq!(outcome(&format!("{message}.{}", b64(wrong))), Err(VerifyError::Signature));
        }
    }
    // A DER signature by the right key, and zeros, for ES256.
    let key = &KEYS.ec;
    let message = format!("{}.{}", b64(header(key, "")), b64(CLAIMS));
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key.to_pkcs8().unwrap()).unwrap();
    let der = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    for signature in [der.as_ref(), &[0; 64], &[0xff; 64]] {
        assert_eq!(outcome(&format!("{message}.{}", b64(signature))), Err(VerifyError::Signature));
    }
}

#[test]
fn every_tampered_character() {
    for key in [&KEYS.ec, &KEYS.ed] {
        let good = signed(key, &header(key, ""), CLAIMS);
        for index in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            assert!(outcome(&String::from_utf8(bytes).unwrap()).is_err(), "{index}");
        }
    }
}

#[test]
fn payloads_that_are_not_one_object() {
    let key = &KEYS.ed;
    for payload in [
        r#"{"sub":"alice","sub":"admin"}"#,
        r#"{"cnf":{"jkt":"a","jkt":"b"}}"#,
        "[]",
        "\"alice\"",
        "",
        "{",
        r#"{"sub":"a"}{"sub":"b"}"#,
    ] {
        assert_eq!(outcome(&signed(key, &header(key, ""), payload)), Err(VerifyError::Payload), "{payload}");
    }
    let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(outcome(&signed(key, &header(key, ""), &deep)), Err(VerifyError::Payload));
    // A payload that lacks what the caller reads.
    #[derive(Debug, serde::Deserialize)]
    struct Needs {
        #[serde(rename = "jti")]
        _jti: String,
    }
    let token = signed(key, &header(key, ""), CLAIMS);
    let read = verify::<Needs>(&published(), &token, &Expect { typ: Typ::Only("at+jwt"), algs: &Alg::ALL });
    assert_eq!(read.err(), Some(VerifyError::Payload));
}
