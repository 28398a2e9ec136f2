//! Published examples: RFC 7515 appendix A, RFC 7520 section 4, RFC 7638 section 3.1, RFC 8037 appendix A, RFC 9449
//! sections 4.1 and 7.1. Those for encryption, RFC 7516 appendix A.1, RFC 7518 appendix C and RFC 7520 section 5.6,
//! stand next to what they reach. The other ones of RFC 7520 use what is not supported: PS384, ES512, RSA1_5, RSA-OAEP
//! with SHA-1, key wrapping, AES-CBC, or the JSON serialization.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test helper may panic: that is the test failing"
)]

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, BadSignature, Expect, ForeignKeys, Jwk, SigningKey, Typ, VerifyError, peek_unverified, sign,
    verify_embedded, verify_foreign, verify_hmac,
};

const PAYLOAD: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

fn raw(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn check(jwk: &Jwk, header: &str, payload: &str, signature: &str) {
    let message = format!("{header}.{payload}");
    assert_eq!(jwk.verify_signature(message.as_bytes(), &raw(signature)), Ok(()));
    let other = format!("{header}.{payload}A");
    assert_eq!(jwk.verify_signature(other.as_bytes(), &raw(signature)), Err(BadSignature));
    let mut bent = raw(signature);
    bent[10] ^= 1;
    assert_eq!(jwk.verify_signature(message.as_bytes(), &bent), Err(BadSignature));
}

#[test]
fn rfc_7515_a_2_rs256() {
    let jwk: Jwk = serde_json::from_value(json!({
        "kty": "RSA", "e": "AQAB",
        "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT\
              -SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS\
              -UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2e\
              thFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    }))
    .unwrap();
    assert_eq!(jwk.alg(), Alg::Rs256);
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGb\
                     ds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0G\
                     arZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6Lbg\
                     GY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    check(&jwk, "eyJhbGciOiJSUzI1NiJ9", PAYLOAD, signature);
}

#[test]
fn rfc_7515_a_3_es256() {
    let (x, y) =
        ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    let jwk: Jwk = serde_json::from_value(json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })).unwrap();
    assert_eq!(jwk.alg(), Alg::Es256);
    let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    check(&jwk, "eyJhbGciOiJFUzI1NiJ9", PAYLOAD, signature);

    // The example's private key is the same key to us.
    let (d, point) = (raw("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"), [vec![4], raw(x), raw(y)].concat());
    let pair =
        EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &d, &point).unwrap();
    let key = SigningKey::import_pkcs8(Alg::Es256, pair.to_pkcs8v1().unwrap().as_ref()).unwrap();
    assert_eq!(key.public(), jwk);
}

/// RFC 8037 appendix A.1 to A.4: key, thumbprint, and a signature that is deterministic.
#[test]
fn rfc_8037_a_ed25519() {
    // PKCS#8 (RFC 8410 section 7) around the example's seed.
    let seed = raw("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A");
    let prefix = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let key = SigningKey::import_pkcs8(Alg::EdDsa, &[&prefix, seed.as_slice()].concat()).unwrap();
    assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let published = serde_json::to_value(key.public()).unwrap();
    assert_eq!(published["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");

    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    check(&key.public(), "eyJhbGciOiJFZERTQSJ9", "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", signature);
    let signed = openidconnect::PrivateSigningKey::sign(
        &key,
        &Alg::EdDsa.into(),
        b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
    );
    assert_eq!(signed.unwrap(), raw(signature));
    // Its payload is no JSON object, which our tokens always are.
    let token = format!("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.{signature}");
    assert_eq!(peek_unverified::<serde_json::Value>(&token), Err(VerifyError::Payload));
}

#[test]
fn rfc_7638_3_1_thumbprint() {
    let jwk: Jwk = serde_json::from_value(json!({
        "kty": "RSA", "e": "AQAB", "alg": "RS256", "kid": "2011-04-29",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi\
              FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnY\
              b9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0\
              Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    }))
    .unwrap();
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(jwk.kid(), "2011-04-29");
}

/// The bytes of the header are part of the contract with relying parties.
#[test]
fn headers_are_minimal() {
    let key = SigningKey::generate(Alg::EdDsa).unwrap();
    let header = |typ| {
        let token = sign(&key, typ, &json!({})).unwrap();
        String::from_utf8(raw(token.split('.').next().unwrap())).unwrap()
    };
    assert_eq!(header(None), format!(r#"{{"alg":"EdDSA","kid":"{}"}}"#, key.kid()));
    assert_eq!(header(Some("at+jwt")), format!(r#"{{"alg":"EdDSA","kid":"{}","typ":"at+jwt"}}"#, key.kid()));
}

/// RFC 7520 sections 4.1 and 4.4. The payload is a sentence, which our tokens never are: it is refused after the
/// signature.
#[test]
fn rfc_7520_4_rs256_and_hs256() {
    let payload = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aG\
                   Ugcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1p\
                   Z2h0IGJlIHN3ZXB0IG9mZiB0by4";
    let jwk: Jwk = serde_json::from_value(json!({
        "kty": "RSA", "kid": "bilbo.baggins@hobbiton.example", "use": "sig", "e": "AQAB",
        "n": "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFK\
              rKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD\
              5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig\
              3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"
    }))
    .unwrap();
    let header = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
    let signature = "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7P\
                     NDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9e\
                     Ro4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4\
                     uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";
    check(&jwk, header, payload, signature);
    let keys: ForeignKeys = serde_json::from_value(json!({ "keys": [jwk] })).unwrap();
    let token = format!("{header}.{payload}.{signature}");
    let expect = Expect { typ: Typ::Plain, algs: &Alg::ALL };
    assert_eq!(verify_foreign::<Value>(&keys, &token, &expect), Err(VerifyError::Payload));
    let bent = format!("{header}.{payload}.{}", signature.replacen("MR", "MS", 1));
    assert_eq!(verify_foreign::<Value>(&keys, &bent, &expect), Err(VerifyError::Signature));

    let secret = raw("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg");
    let header = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
    let token = format!("{header}.{payload}.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0");
    assert_eq!(verify_hmac::<Value>(&secret, &token, Typ::Plain), Err(VerifyError::Payload));
    let bent = token.replace(".s0h", ".s1h");
    assert_eq!(verify_hmac::<Value>(&secret, &bent, Typ::Plain), Err(VerifyError::Signature));
}

/// RFC 9449 figures 2 and 12: proofs for the token endpoint and for a resource; figure 8 has the thumbprint.
#[test]
fn rfc_9449_proofs() {
    for (token, jti) in [
        (
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpD\
             a0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6\
             IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGU\
             uY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NV\
             Y-FNyJK70nfbV37xRZT3Lg",
            "-BwC3ESc6acc2lTc",
        ),
        (
            "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpD\
             a0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6\
             IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGx\
             lLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk\
             1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJ\
             pLjA",
            "e1j3V_bKic8-LAEB",
        ),
    ] {
        let (jwk, claims) = verify_embedded::<Value>(token, "dpop+jwt", &[Alg::Es256]).unwrap();
        assert_eq!(jwk.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert_eq!(claims["jti"], jti);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let bent = format!("{message}.2{}", signature[1..].replacen('L', "K", 1));
        assert_eq!(
            verify_embedded::<Value>(&bent, "dpop+jwt", &[Alg::Es256]).map(|_| ()),
            Err(VerifyError::Signature)
        );
    }
}
