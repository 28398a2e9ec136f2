//! Our tokens under two independent libraries: `openidconnect`'s stock RustCrypto keys, and `jsonwebtoken`.
#![expect(clippy::unwrap_used, reason = "a test helper may panic: that is the test failing")]

use std::time::{Duration, UNIX_EPOCH};

use jsonwebtoken::{DecodingKey, Validation};
use openidconnect::core::{
    CoreGenderClaim, CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJsonWebKeySet,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, Audience, AuthorizationCode, ClientId, ClientSecret, EmptyAdditionalClaims, IdToken,
    IdTokenClaims, IdTokenVerifier, IssuerUrl, JsonWebKey, JsonWebKeySet, Nonce, PrivateSigningKey,
    StandardClaims, SubjectIdentifier,
};
use serde_json::{Value, json};
use vestibule_jose::{
    Alg, Expect, ForeignKeys, JwkSet, OidcKey, SigningKey, Times, Typ, sign, verify, verify_foreign,
    verify_hmac,
};

const NOW: u64 = 1_800_000_000;

fn id_token(key: &SigningKey, alg: CoreJwsSigningAlgorithm) -> Result<CoreIdToken, String> {
    let claims = IdTokenClaims::<EmptyAdditionalClaims, CoreGenderClaim>::new(
        IssuerUrl::new("https://id.example".to_owned()).unwrap(),
        vec![Audience::new("client".to_owned())],
        (UNIX_EPOCH + Duration::from_secs(NOW + 300)).into(),
        (UNIX_EPOCH + Duration::from_secs(NOW)).into(),
        StandardClaims::new(SubjectIdentifier::new("alice".to_owned())),
        EmptyAdditionalClaims {},
    )
    .set_nonce(Some(Nonce::new("n-0S6".to_owned())));
    let (access, code) =
        (AccessToken::new("the-access-token".to_owned()), AuthorizationCode::new("code".to_owned()));
    IdToken::<_, _, CoreJweContentEncryptionAlgorithm, _>::new(claims, key, alg, Some(&access), Some(&code))
        .map_err(|error| error.to_string())
}

fn issuer() -> IssuerUrl {
    IssuerUrl::new("https://id.example".to_owned()).unwrap()
}

fn claims_of<K>(token: &CoreIdToken, keys: JsonWebKeySet<K>, alg: Alg) -> Result<Value, String>
where
    K: JsonWebKey<SigningAlgorithm = CoreJwsSigningAlgorithm>,
{
    let verifier = IdTokenVerifier::new_public_client(ClientId::new("client".to_owned()), issuer(), keys)
        .set_allowed_algs([alg.into()])
        .set_time_fn(|| (UNIX_EPOCH + Duration::from_secs(NOW + 1)).into());
    let nonce = Nonce::new("n-0S6".to_owned());
    let claims = token.claims(&verifier, &nonce).map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(claims).unwrap())
}

/// The published key set as a relying party of `openidconnect` reads it.
fn stock_keys(key: &SigningKey) -> CoreJsonWebKeySet {
    let published = serde_json::to_string(&JwkSet { keys: vec![key.public()] }).unwrap();
    let read: CoreJsonWebKeySet = serde_json::from_str(&published).unwrap();
    assert_eq!(read.keys().len(), 1, "the stock key type must not skip {published}");
    read
}

#[test]
fn id_tokens_verify_under_openidconnect() {
    for alg in Alg::ALL {
        let (key, stranger) = (SigningKey::generate(alg).unwrap(), SigningKey::generate(alg).unwrap());
        let text = id_token(&key, alg.into()).unwrap().to_string();
        let token: CoreIdToken = text.parse().unwrap();

        let claims = claims_of::<CoreJsonWebKey>(&token, stock_keys(&key), alg).unwrap();
        assert_eq!(claims["sub"], "alice");
        assert_eq!(claims["at_hash"], alg.half_hash("the-access-token"), "{alg}");
        assert_eq!(claims["c_hash"], alg.half_hash("code"), "{alg}");
        let ours = JsonWebKeySet::new(vec![OidcKey::from(key.public())]);
        assert_eq!(claims_of(&token, ours, alg).unwrap(), claims);

        assert!(claims_of::<CoreJsonWebKey>(&token, stock_keys(&stranger), alg).is_err());
        let cut = text.rsplit_once('.').unwrap().0;
        let tampered: CoreIdToken = format!("{cut}.{}", "A".repeat(86)).parse().unwrap();
        assert!(claims_of::<CoreJsonWebKey>(&tampered, stock_keys(&key), alg).is_err());
        let ours = JsonWebKeySet::new(vec![OidcKey::from(key.public())]);
        assert!(claims_of(&tampered, ours, alg).is_err());

        // And our own verifier reads what openidconnect wrote.
        let read =
            verify::<Value>(&[key.public()], &text, &Expect { typ: Typ::Plain, algs: &[alg] }).unwrap();
        assert_eq!(read.claims["at_hash"], claims["at_hash"]);
    }
}

/// `at_hash` computed by the stock library for the same token: its EdDSA uses SHA-512.
#[test]
fn at_hash_agrees_with_the_stock_keys() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        let stock = stock_keys(&key).keys()[0].hash_bytes(b"the-access-token", &alg.into()).unwrap();
        let ours = key.as_verification_key().hash_bytes(b"the-access-token", &alg.into()).unwrap();
        assert_eq!(stock, ours);
        assert_eq!(ours.len(), if alg == Alg::EdDsa { 64 } else { 32 });
    }
}

#[test]
fn a_key_signs_with_its_own_algorithm_alone() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        for other in [
            CoreJwsSigningAlgorithm::HmacSha256,
            CoreJwsSigningAlgorithm::None,
            CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJwsSigningAlgorithm::EdDsa,
        ] {
            let own = CoreJwsSigningAlgorithm::from(alg) == other;
            assert_eq!(id_token(&key, other.clone()).is_ok(), own, "{alg} {other:?}");
        }
    }
}

/// A confidential client's secret becomes a "symmetric key" of our type: it must verify nothing.
#[test]
fn client_secrets_never_verify_with_our_keys() {
    let key = SigningKey::generate(Alg::Es256).unwrap();
    let symmetric = OidcKey::new_symmetric(b"secret".to_vec());
    assert!(symmetric.verify_signature(&CoreJwsSigningAlgorithm::HmacSha256, b"m", b"s").is_err());
    assert!(symmetric.hash_bytes(b"m", &CoreJwsSigningAlgorithm::HmacSha256).is_err());
    assert!(serde_json::to_value(&symmetric).is_err());

    // The stock HMAC signer with the public key's own JSON as the secret, RS256-to-HS256 style.
    let secret = serde_json::to_string(&key.public()).unwrap();
    let hmac = openidconnect::core::CoreHmacKey::new(secret.clone());
    let claims = IdTokenClaims::<EmptyAdditionalClaims, CoreGenderClaim>::new(
        issuer(),
        vec![Audience::new("client".to_owned())],
        (UNIX_EPOCH + Duration::from_secs(NOW + 300)).into(),
        (UNIX_EPOCH + Duration::from_secs(NOW)).into(),
        StandardClaims::new(SubjectIdentifier::new("mallory".to_owned())),
        EmptyAdditionalClaims {},
    );
    let forged: CoreIdToken =
        IdToken::new(claims, &hmac, CoreJwsSigningAlgorithm::HmacSha256, None, None).unwrap();
    let accepts = |token: &CoreIdToken, stock: bool| {
        let (client, secret) = (ClientId::new("client".to_owned()), ClientSecret::new(secret.clone()));
        let time = || (UNIX_EPOCH + Duration::from_secs(NOW + 1)).into();
        let any = |_: Option<&Nonce>| Ok(());
        let algs = [CoreJwsSigningAlgorithm::HmacSha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];
        if stock {
            let keys = stock_keys(&key);
            let verifier = CoreIdTokenVerifier::new_confidential_client(client, secret, issuer(), keys);
            token.claims(&verifier.set_allowed_algs(algs).set_time_fn(time), any).is_ok()
        } else {
            let keys = JsonWebKeySet::new(vec![OidcKey::from(key.public())]);
            let verifier = IdTokenVerifier::new_confidential_client(client, secret, issuer(), keys);
            token.claims(&verifier.set_allowed_algs(algs).set_time_fn(time), any).is_ok()
        }
    };
    assert!(accepts(&forged, true), "the forgery is well formed: with symmetric keys it would pass");
    assert!(!accepts(&forged, false));
}

#[test]
fn both_kinds_of_token_verify_under_jsonwebtoken() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        let published: jsonwebtoken::jwk::Jwk =
            serde_json::from_value(serde_json::to_value(key.public()).unwrap()).unwrap();
        let decoding = DecodingKey::from_jwk(&published).unwrap();
        let mut validation = Validation::new(alg.as_str().parse().unwrap());
        validation.set_audience(&["client"]);
        validation.validate_exp = false;

        let access =
            json!({ "iss": "https://id.example", "aud": "client", "sub": "alice", "exp": NOW + 300 });
        let access_token = sign(&key, Some("at+jwt"), &access).unwrap();
        let read = jsonwebtoken::decode::<Value>(&access_token, &decoding, &validation).unwrap();
        assert_eq!(read.claims, access);
        assert_eq!(read.header.typ.as_deref(), Some("at+jwt"));
        assert_eq!(read.header.kid.as_deref(), Some(key.kid()));

        let id_token = id_token(&key, alg.into()).unwrap().to_string();
        let read = jsonwebtoken::decode::<Value>(&id_token, &decoding, &validation).unwrap();
        assert_eq!(read.claims["at_hash"], alg.half_hash("the-access-token"));

        // The stored key, read by the peer, signs what we accept.
        let pkcs8 = key.to_pkcs8().unwrap();
        let encoding = match alg {
            // It takes PKCS#1: what follows the 26 bytes that name the key type (RFC 5208 section 5).
            Alg::Rs256 | Alg::Ps256 => jsonwebtoken::EncodingKey::from_rsa_der(&pkcs8[26..]),
            Alg::Es256 => jsonwebtoken::EncodingKey::from_ec_der(&pkcs8),
            Alg::EdDsa => jsonwebtoken::EncodingKey::from_ed_der(&pkcs8),
        };
        let mut header = jsonwebtoken::Header::new(alg.as_str().parse().unwrap());
        header.kid = Some(key.kid().to_owned());
        let theirs = jsonwebtoken::encode(&header, &access, &encoding).unwrap();
        let expect = Expect { typ: Typ::Plain, algs: &[alg] };
        let read = verify::<Times>(&[key.public()], &theirs, &expect).unwrap();
        assert_eq!(read.claims.exp, Some(i64::try_from(NOW).unwrap() + 300));

        // Published without kid and alg, it verifies a token without kid.
        let mut bare = serde_json::to_value(key.public()).unwrap();
        bare.as_object_mut().unwrap().retain(|name, _| name != "kid" && name != "alg");
        let keys: ForeignKeys = serde_json::from_value(json!({ "keys": [bare] })).unwrap();
        header.kid = None;
        let theirs = jsonwebtoken::encode(&header, &access, &encoding).unwrap();
        assert_eq!(verify_foreign::<Times>(&keys, &theirs, &expect).unwrap().kid, key.kid());
    }
}

#[test]
fn shared_secrets_of_jsonwebtoken_verify() {
    let (secret, claims) = ([7; 32], json!({ "sub": "app", "exp": NOW + 300 }));
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256);
    let token =
        jsonwebtoken::encode(&header, &claims, &jsonwebtoken::EncodingKey::from_secret(&secret)).unwrap();
    assert_eq!(verify_hmac::<Value>(&secret, &token, Typ::Plain), Ok(claims));
}
