//! Encrypted tokens: round trips, the choice of the key, and what somebody sends who wants to read or to learn.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, DecryptError, DecryptionKey, Expect, ExpectJwe, ForeignKeys, JweAlg, JweEnc, KeyError, SigningKey,
    Typ, VerifyError, decrypt, encrypt, peek_unverified, sign, verify,
};

static KEYS: LazyLock<[DecryptionKey; 2]> =
    LazyLock::new(|| JweAlg::ALL.map(|alg| DecryptionKey::generate(alg).unwrap()));

const ANY: ExpectJwe<'static> = ExpectJwe { algs: &JweAlg::ALL, encs: &JweEnc::ALL, max_bytes: 16 * 1024 };

fn outcome(token: &str) -> Result<Vec<u8>, DecryptError> {
    decrypt(KEYS.as_slice(), token, &ANY).map(|read| read.payload)
}

fn token(key: &DecryptionKey) -> String {
    encrypt(&key.public(), JweEnc::A256Gcm, Some("JWT"), b"secret").unwrap()
}

fn b64(raw: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(raw)
}

fn parts(token: &str) -> [String; 5] {
    token.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts(token)[0]).unwrap()).unwrap()
}

/// `token` under another header.
fn under(token: &str, header: impl AsRef<[u8]>) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", b64(header))
}

#[test]
fn what_is_encrypted_comes_back() {
    for key in KEYS.iter() {
        for enc in JweEnc::ALL {
            for (cty, payload) in [(None, vec![]), (Some("JWT"), b"payload".to_vec()), (None, vec![0; 5_000])]
            {
                let token = encrypt(&key.public(), enc, cty, &payload).unwrap();
                assert_ne!(token, encrypt(&key.public(), enc, cty, &payload).unwrap());
                let read = decrypt(KEYS.as_slice(), &token, &ANY).unwrap();
                assert_eq!((read.payload, read.cty.as_deref()), (payload, cty));
                assert_eq!((read.kid.as_str(), read.alg, read.enc), (key.kid(), key.alg(), enc));
            }
        }
        let names: Vec<_> = header(&token(key)).as_object().unwrap().keys().cloned().collect();
        let expected: &[&str] = match key.alg() {
            JweAlg::RsaOaep256 => &["alg", "cty", "enc", "kid"],
            JweAlg::EcdhEs => &["alg", "cty", "enc", "epk", "kid"],
        };
        let mut sorted = names;
        sorted.sort();
        assert_eq!(sorted, expected);
    }
    let epk = header(&token(&KEYS[1]))["epk"].clone();
    assert_eq!(epk.as_object().unwrap().len(), 4, "kty, crv, x, y: {epk}");
}

#[test]
fn stored_keys_come_back_as_themselves() {
    for key in KEYS.iter() {
        let (alg, pkcs8) = (key.alg(), key.to_pkcs8());
        let back = DecryptionKey::from_pkcs8(key.kid(), alg, &pkcs8).unwrap();
        assert_eq!(back.public(), key.public());
        assert_eq!(decrypt(&[back], &token(key), &ANY).unwrap().payload, b"secret");
        assert_eq!(DecryptionKey::from_pkcs8("x", alg, &pkcs8).err(), Some(KeyError::KidMismatch));
        for other in JweAlg::ALL.into_iter().filter(|other| *other != alg) {
            assert!(DecryptionKey::import_pkcs8(other, &pkcs8).is_err());
        }
        assert!(DecryptionKey::import_pkcs8(alg, &pkcs8[1..]).is_err());

        let published = serde_json::to_value(key.public()).unwrap();
        assert_eq!((&published["use"], &published["alg"]), (&json!("enc"), &json!(alg.as_str())));
        assert_eq!(published["kid"], key.kid());
        assert!(published.get("d").is_none());
        let set: ForeignKeys = serde_json::from_value(json!({ "keys": [published] })).unwrap();
        assert_eq!(set.encryption_key(alg), Some(&key.public()));
        assert!(Alg::ALL.into_iter().all(|alg| !set.verifies(alg)), "never for signatures");
    }
}

#[test]
fn the_key_of_a_set_is_one_for_encryption() {
    let [rsa, ec] = KEYS.each_ref().map(|key| serde_json::to_value(key.public()).unwrap());
    let with = |key: &Value, changes: Value| {
        let mut key = key.clone();
        for (name, value) in changes.as_object().unwrap() {
            key[name] = value.clone();
        }
        key
    };
    let chosen = |keys: Vec<Value>, alg| {
        let set: ForeignKeys = serde_json::from_value(json!({ "keys": keys })).unwrap();
        set.encryption_key(alg).map(|key| key.kid().unwrap_or("none").to_owned())
    };
    let bare = with(&ec, json!({ "use": null, "alg": null, "kid": "bare" }));
    let labelled = with(&ec, json!({ "kid": "labelled", "alg": null }));
    assert_eq!(chosen(vec![bare.clone(), labelled], JweAlg::EcdhEs).as_deref(), Some("labelled"));
    assert_eq!(chosen(vec![bare.clone()], JweAlg::EcdhEs).as_deref(), Some("bare"));
    assert_eq!(chosen(vec![bare], JweAlg::RsaOaep256), None);
    assert_eq!(chosen(vec![with(&rsa, json!({ "kid": null }))], JweAlg::RsaOaep256).as_deref(), Some("none"));
    for ops in [json!([]), json!(["deriveKey"]), json!(["encrypt", "wrapKey"])] {
        assert!(chosen(vec![with(&ec, json!({ "key_ops": ops }))], JweAlg::EcdhEs).is_some());
    }
    for unusable in [
        with(&ec, json!({ "use": "sig" })),
        with(&ec, json!({ "key_ops": ["verify"] })),
        with(&ec, json!({ "alg": "ECDH-ES+A256KW" })),
        with(&ec, json!({ "alg": "ES256" })),
        with(&ec, json!({ "crv": "P-384" })),
        with(&ec, json!({ "x": ec["y"] })),
        with(&ec, json!({ "x": "AAAA" })),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": ec["x"], "use": "enc" }),
        json!({ "kty": "OKP", "crv": "X25519", "x": ec["x"], "use": "enc" }),
        with(&rsa, json!({ "alg": "RSA-OAEP" })),
        with(&rsa, json!({ "alg": "RSA1_5" })),
        with(&rsa, json!({ "alg": "RS256", "use": null })),
        with(&rsa, json!({ "e": "AQ" })),
        with(&rsa, json!({ "n": "w".repeat(171) })),
    ] {
        for alg in JweAlg::ALL {
            assert_eq!(chosen(vec![unusable.clone()], alg), None, "{unusable}");
        }
    }
}

#[test]
fn every_changed_part_fails_alike() {
    for key in KEYS.iter() {
        let good = token(key);
        assert_eq!(outcome(&good), Ok(b"secret".to_vec()));
        let original = parts(&good);
        for part in 1..5 {
            let raw = URL_SAFE_NO_PAD.decode(&original[part]).unwrap();
            let mut changed = vec![[raw.as_slice(), &[0]].concat()];
            if let Some(shorter) = raw.len().checked_sub(1) {
                changed.extend([vec![], raw[..shorter].to_vec(), raw[1..].to_vec(), vec![0; raw.len()]]);
                for index in [0, raw.len() / 2, shorter] {
                    let mut bent = raw.clone();
                    bent[index] ^= 1;
                    changed.push(bent);
                }
            }
            for bytes in changed {
                let mut parts = original.clone();
                parts[part] = b64(&bytes);
                assert_eq!(outcome(&parts.join(".")), Err(DecryptError::Failed), "{part} {bytes:?}");
            }
            for text in [format!("{}=", original[part]), format!("{} ", original[part]), "A".to_owned()] {
                let mut parts = original.clone();
                parts[part] = text;
                assert_eq!(outcome(&parts.join(".")), Err(DecryptError::Malformed));
            }
        }
        for text in [format!("{good}."), format!("{good}.AAAA"), format!(".{good}"), original[..4].join(".")]
        {
            assert_eq!(outcome(&text), Err(DecryptError::Malformed));
        }
        // Another nonce-and-content pair under the same header, and the header of another token.
        let (other, mut mixed) = (parts(&token(key)), original.clone());
        mixed[2..].clone_from_slice(&other[2..]);
        assert_eq!(outcome(&mixed.join(".")), Err(DecryptError::Failed));
        // What the header says is authenticated: another content type, or the same members in another spelling.
        let mut retyped = header(&good);
        retyped["cty"] = json!("text/html");
        assert_eq!(outcome(&under(&good, retyped.to_string())), Err(DecryptError::Failed));
        assert_eq!(outcome(&under(&good, format!(" {}", header(&good)))), Err(DecryptError::Failed));
    }
}

#[test]
fn keys_and_algorithms_of_others() {
    let [rsa, ec] = &*KEYS;
    for key in [rsa, ec] {
        let good = token(key);
        let stranger = DecryptionKey::generate(key.alg()).unwrap();
        assert_eq!(decrypt(&[], &good, &ANY), Err(DecryptError::Failed));
        assert_eq!(
            decrypt(std::slice::from_ref(&stranger), &good, &ANY),
            Err(DecryptError::Failed),
            "unknown kid"
        );
        // Without kid the keys are tried, eight at most.
        let mut bare = serde_json::to_value(key.public()).unwrap();
        bare.as_object_mut().unwrap().remove("kid");
        let set: ForeignKeys = serde_json::from_value(json!({ "keys": [bare] })).unwrap();
        let recipient = set.encryption_key(key.alg()).unwrap();
        let nameless = encrypt(recipient, JweEnc::A128Gcm, None, b"secret").unwrap();
        assert_eq!(header(&nameless).get("kid"), None);
        let after = |strangers| [vec![stranger.clone(); strangers], vec![key.clone()]].concat();
        assert_eq!(decrypt(&after(7), &nameless, &ANY).map(|read| read.kid), Ok(key.kid().to_owned()));
        assert_eq!(decrypt(&after(8), &nameless, &ANY), Err(DecryptError::Failed));
        for narrow in [
            ExpectJwe { algs: &[], ..ANY },
            ExpectJwe { encs: &[JweEnc::A128Gcm], ..ANY },
            ExpectJwe {
                algs: if key.alg() == JweAlg::EcdhEs { &[JweAlg::RsaOaep256] } else { &[JweAlg::EcdhEs] },
                ..ANY
            },
        ] {
            assert_eq!(decrypt(KEYS.as_slice(), &good, &narrow), Err(DecryptError::Algorithm));
        }
        let limit = ExpectJwe { max_bytes: good.len(), ..ANY };
        assert!(decrypt(KEYS.as_slice(), &good, &limit).is_ok());
        let limit = ExpectJwe { max_bytes: good.len() - 1, ..ANY };
        assert_eq!(decrypt(KEYS.as_slice(), &good, &limit), Err(DecryptError::TooLong));
        // The wrapped key of one algorithm under the name of the other, and the name of another key.
        let mut swapped = header(&good);
        swapped["alg"] = json!(if key.alg() == JweAlg::EcdhEs { "RSA-OAEP-256" } else { "ECDH-ES" });
        assert_eq!(outcome(&under(&good, swapped.to_string())), Err(DecryptError::Failed));
        swapped.as_object_mut().unwrap().remove("kid");
        assert_eq!(outcome(&under(&good, swapped.to_string())), Err(DecryptError::Failed));
    }
}

#[test]
fn headers_that_bring_their_own_rules() {
    let good = token(&KEYS[1]);
    let changed = |name: &str, value: Value| {
        let mut header = header(&good);
        header[name] = value;
        outcome(&under(&good, header.to_string())).unwrap_err()
    };
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!(null)),
        ("zip", json!("DEF")),
        ("zip", json!("")),
        ("jwk", json!({})),
        ("jku", json!("https://evil.example")),
        ("x5u", json!("https://evil.example")),
        ("x5c", json!([])),
    ] {
        assert_eq!(changed(name, value), DecryptError::ForbiddenHeader(name));
    }
    for (name, value) in [
        ("alg", json!("dir")),
        ("alg", json!("none")),
        ("alg", json!("RSA1_5")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!("ECDH-ES+A128KW")),
        ("alg", json!("PBES2-HS256+A128KW")),
        ("alg", json!("RS256")),
        ("alg", json!("ecdh-es")),
        ("enc", json!("A128CBC-HS256")),
        ("enc", json!("A192GCM")),
        ("enc", json!("")),
    ] {
        assert_eq!(changed(name, value.clone()), DecryptError::Algorithm, "{value}");
    }
    for (name, value) in [
        ("alg", json!(["ECDH-ES"])),
        ("enc", json!(null)),
        ("kid", json!(1)),
        ("cty", json!({})),
        ("epk", json!("AAAA")),
        ("epk", json!(null)),
        ("apu", json!(1)),
        ("apu", json!("not base64url")),
        ("apv", json!("AA==")),
    ] {
        assert_eq!(changed(name, value.clone()), DecryptError::Header, "{name} {value}");
    }
    let text = header(&good).to_string();
    for bad in [
        text.replacen('{', r#"{"alg":"RSA-OAEP-256","#, 1),
        text.replacen(r#""kty""#, r#""kty":"EC","kty""#, 1),
        format!("[{text}]"),
        format!("{text} x"),
        String::new(),
        "null".to_owned(),
    ] {
        assert_ne!(bad, text);
        assert_eq!(outcome(&under(&good, &bad)), Err(DecryptError::Header), "{bad}");
    }
}

/// Points that are not on P-256 lie on other curves, some with small subgroups: the answers would give the private key
/// away bit by bit if they were multiplied with it.
#[test]
fn ephemeral_keys_off_the_curve() {
    let good = token(&KEYS[1]);
    let epk = header(&good)["epk"].clone();
    let public = serde_json::to_value(KEYS[1].public()).unwrap();
    let with = |name: &str, value: Value| {
        let mut changed = epk.clone();
        changed[name] = value;
        changed
    };
    let zero = "A".repeat(43);
    let modulus = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8";
    for bad in [
        json!({ "kty": "EC", "crv": "P-256", "x": zero, "y": zero }),
        json!({ "kty": "EC", "crv": "P-256", "x": modulus, "y": epk["y"] }),
        json!({ "kty": "EC", "crv": "P-256", "x": zero, "y": epk["y"] }),
        json!({ "kty": "EC", "crv": "P-256", "x": epk["y"], "y": epk["x"] }),
        with("x", public["x"].clone()),
        with("y", public["y"].clone()),
        with("x", json!("AAAA")),
        with("x", json!(null)),
        with("y", json!("")),
        with("y", json!(7)),
        with("crv", json!("P-384")),
        with("crv", json!("secp256k1")),
        with("crv", json!("X25519")),
        with("kty", json!("OKP")),
        with("kty", json!("oct")),
        with("d", json!("AAAA")),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": epk["x"] }),
        json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" }),
        json!({}),
        // On the curve, but not this token's.
        public.clone(),
    ] {
        let mut header = header(&good);
        header["epk"] = bad.clone();
        assert_eq!(outcome(&under(&good, header.to_string())), Err(DecryptError::Failed), "{bad}");
    }
    let mut header = header(&good);
    header.as_object_mut().unwrap().remove("epk");
    assert_eq!(outcome(&under(&good, header.to_string())), Err(DecryptError::Failed));
}

#[test]
fn signed_is_not_encrypted_nor_the_other_way_round() {
    let signer = SigningKey::generate(Alg::Es256).unwrap();
    let signed = sign(&signer, None, &json!({ "sub": "alice" })).unwrap();
    assert_eq!(outcome(&signed), Err(DecryptError::Malformed));
    for shape in ["", ".", "....", ".....", "a.b.c.d", "a.b.c.d.e.f"] {
        assert!(outcome(shape).is_err(), "{shape}");
    }
    let expect = Expect { typ: Typ::Plain, algs: &Alg::ALL };
    for key in KEYS.iter() {
        let nested = encrypt(&key.public(), JweEnc::A256Gcm, Some("JWT"), signed.as_bytes()).unwrap();
        assert_eq!(verify::<Value>(&[signer.public()], &nested, &expect), Err(VerifyError::Malformed));
        assert_eq!(peek_unverified::<Value>(&nested), Err(VerifyError::Malformed));
        let flattened =
            json!({ "protected": parts(&nested)[0], "ciphertext": parts(&nested)[3] }).to_string();
        assert_eq!(outcome(&flattened), Err(DecryptError::Malformed));

        let read = decrypt(KEYS.as_slice(), &nested, &ANY).unwrap();
        assert_eq!(read.cty.as_deref(), Some("JWT"));
        let inner = String::from_utf8(read.payload).unwrap();
        assert_eq!(verify::<Value>(&[signer.public()], &inner, &expect).unwrap().claims["sub"], "alice");
    }
}
