//! Keys: storing and reading back, publishing, and what is not a key.
#![expect(clippy::indexing_slicing, reason = "a test helper may panic: that is the test failing")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, Expect, Jwk, JwkSet, KeyError, SigningKey, Typ, Verified, VerifyError, sign, verify,
};

#[test]
fn stored_keys_come_back_as_themselves() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        let pkcs8 = key.to_pkcs8().unwrap();
        let back = SigningKey::from_pkcs8(key.kid(), alg, &pkcs8).unwrap();
        assert_eq!((back.kid(), back.alg(), back.public()), (key.kid(), alg, key.public()));
        assert_eq!(key.kid(), key.public().thumbprint());
        let token = sign(&back, None, &json!({ "a": 1 })).unwrap();
        let read =
            verify::<Value>(&[key.public()], &token, &Expect { typ: Typ::Plain, algs: &[alg] }).unwrap();
        assert_eq!(read, Verified { claims: json!({ "a": 1 }), kid: key.kid().to_owned(), alg });

        assert_eq!(SigningKey::from_pkcs8("other", alg, &pkcs8).err(), Some(KeyError::KidMismatch));
        let is_rsa = |alg| matches!(alg, Alg::Rs256 | Alg::Ps256);
        for other in Alg::ALL.into_iter().filter(|other| *other != alg) {
            if is_rsa(alg) && is_rsa(other) {
                continue; // See twins_share_their_key_id_and_nothing_else.
            }
            let outcome = SigningKey::from_pkcs8(key.kid(), other, &pkcs8).err();
            assert_eq!(outcome, Some(KeyError::Rejected(other)));
        }
        let cut = &pkcs8[..pkcs8.len() - 1];
        assert_eq!(SigningKey::import_pkcs8(alg, cut).err(), Some(KeyError::Rejected(alg)));
        assert_eq!(SigningKey::import_pkcs8(alg, b"").err(), Some(KeyError::Rejected(alg)));
    }
}

#[test]
fn published_keys_have_exactly_the_public_members() {
    for (alg, members) in [
        (Alg::Rs256, vec!["alg", "e", "kid", "kty", "n", "use"]),
        (Alg::Ps256, vec!["alg", "e", "kid", "kty", "n", "use"]),
        (Alg::Es256, vec!["alg", "crv", "kid", "kty", "use", "x", "y"]),
        (Alg::EdDsa, vec!["alg", "crv", "kid", "kty", "use", "x"]),
    ] {
        let jwk = SigningKey::generate(alg).unwrap().public();
        let json = serde_json::to_value(&jwk).unwrap();
        let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        names.sort();
        assert_eq!(names, members);
        assert_eq!((&json["use"], &json["alg"]), (&json!("sig"), &json!(alg.as_str())));
        assert_eq!(serde_json::from_value::<Jwk>(json).unwrap(), jwk);
    }
}

/// One RSA key under two algorithms: same material, so the same thumbprint and key id, yet a signature of one never
/// passes for the other's.
#[test]
fn twins_share_their_key_id_and_nothing_else() {
    let rs = SigningKey::generate(Alg::Rs256).unwrap();
    let ps = SigningKey::from_pkcs8(rs.kid(), Alg::Ps256, &rs.to_pkcs8().unwrap()).unwrap();
    assert_eq!((ps.kid(), ps.public().thumbprint()), (rs.kid(), rs.public().thumbprint()));
    assert_eq!((rs.alg(), ps.alg()), (Alg::Rs256, Alg::Ps256));
    assert_ne!(rs.public(), ps.public());
    let expect = Expect { typ: Typ::Plain, algs: &Alg::ALL };
    let twins = [rs.public(), ps.public()];
    for (key, other) in [(&rs, &ps), (&ps, &rs)] {
        let token = sign(key, None, &json!({})).unwrap();
        assert_eq!(verify::<Value>(&twins, &token, &expect).map(|read| read.alg), Ok(key.alg()));
        let refused = verify::<Value>(&[other.public()], &token, &expect).unwrap_err();
        assert_eq!(refused, VerifyError::KeyAlgorithm);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let raw = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(other.public().verify_signature(message.as_bytes(), &raw).is_err());
    }
    let mut json = serde_json::to_value(ps.public()).unwrap();
    assert_eq!(serde_json::from_value::<Jwk>(json.clone()).unwrap(), ps.public());
    json.as_object_mut().unwrap().remove("alg");
    assert_eq!(serde_json::from_value::<Jwk>(json).unwrap(), rs.public(), "RS256 if it says none");
}

fn with(base: &Value, name: &str, value: Value) -> Value {
    let mut changed = base.clone();
    changed[name] = value;
    changed
}

#[test]
fn bad_keys_are_refused_and_skipped_in_sets() {
    let ec = serde_json::to_value(SigningKey::generate(Alg::Es256).unwrap().public()).unwrap();
    let rsa = serde_json::to_value(SigningKey::generate(Alg::Rs256).unwrap().public()).unwrap();
    let twice = serde_json::to_string(&rsa).unwrap().replacen('{', r#"{"alg":"RS256","#, 1);
    assert!(serde_json::from_str::<Jwk>(&twice).is_err(), "a member twice");
    let ed = serde_json::to_value(SigningKey::generate(Alg::EdDsa).unwrap().public()).unwrap();
    let short_n = "w".repeat(171);
    let bad = [
        ("encryption", with(&ec, "use", json!("enc"))),
        ("encryption operation", with(&ec, "key_ops", json!(["encrypt"]))),
        ("private", with(&ec, "d", json!("AAAA"))),
        ("symmetric", json!({ "kty": "oct", "k": "AAAA" })),
        ("symmetric member", with(&rsa, "k", json!("AAAA"))),
        ("other algorithm", with(&rsa, "alg", json!("PS384"))),
        ("empty algorithm", with(&rsa, "alg", json!(""))),
        ("algorithm not text", with(&rsa, "alg", json!(["RS256"]))),
        ("encryption algorithm", with(&rsa, "alg", json!("RSA-OAEP-256"))),
        ("private prime", with(&rsa, "p", json!("AAAA"))),
        ("private and empty", with(&rsa, "d", Value::Null)),
        ("symmetric algorithm", with(&rsa, "alg", json!("HS256"))),
        ("algorithm of another type", with(&ec, "alg", json!("RS256"))),
        ("other curve", with(&ec, "crv", json!("P-384"))),
        ("no curve", with(&ec, "crv", Value::Null)),
        ("X25519", with(&ed, "crv", json!("X25519"))),
        ("off the curve", with(&ec, "x", ec["y"].clone())),
        ("point at zero", with(&with(&ec, "x", json!("A".repeat(43))), "y", json!("A".repeat(43)))),
        ("short coordinate", with(&ec, "x", json!("AAAA"))),
        ("padded", with(&ec, "x", json!(format!("{}=", ec["x"].as_str().unwrap())))),
        ("missing y", with(&ec, "y", Value::Null)),
        ("1024-bit modulus", with(&rsa, "n", json!(short_n))),
        ("huge modulus", with(&rsa, "n", json!("w".repeat(1368)))),
        ("leading zero", with(&rsa, "n", json!(format!("AAAA{}", rsa["n"].as_str().unwrap())))),
        ("exponent 1", with(&rsa, "e", json!("AQ"))),
        ("even exponent", with(&rsa, "e", json!("Ag"))),
        ("huge exponent", with(&rsa, "e", json!("__________8"))),
        ("even modulus", with(&rsa, "n", json!(format!("{}A", &rsa["n"].as_str().unwrap()[..341])))),
        ("2047-bit modulus", with(&rsa, "n", json!(format!("f{}", &rsa["n"].as_str().unwrap()[1..])))),
        ("no exponent", with(&rsa, "e", json!(""))),
        ("short Ed25519", with(&ed, "x", json!("AAAA"))),
        ("not an object", json!("key")),
        ("kid not text", with(&ec, "kid", json!(5))),
    ];
    let mut set = vec![ec.clone()];
    for (name, key) in bad {
        assert!(serde_json::from_value::<Jwk>(key.clone()).is_err(), "{name}");
        set.push(key);
    }
    set.extend([rsa, ed]);
    let read: JwkSet = serde_json::from_value(json!({ "keys": set })).unwrap();
    assert_eq!(read.keys.iter().map(Jwk::alg).collect::<Vec<_>>(), [Alg::Es256, Alg::Rs256, Alg::EdDsa]);
    assert!(serde_json::from_value::<JwkSet>(json!({})).is_err());

    // Optional members may be absent; without kid the thumbprint is it.
    let bare = json!({ "kty": "EC", "crv": "P-256", "x": ec["x"], "y": ec["y"], "x5t": "ignored", "key_ops": ["verify"] });
    assert_eq!(serde_json::from_value::<Jwk>(bare).unwrap().kid(), ec["kid"]);
}
