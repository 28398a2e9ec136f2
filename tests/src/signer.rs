//! A key of a relying party, used through a library that is not ours.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use openidconnect::{PrivateSigningKey, core::CoreJwsSigningAlgorithm};
use serde_json::{Value, json};
use vestibule_jose::{Alg, SigningKey};
use vestibule_seal::sha256;

/// A key that signs assertions, requests and proofs.
pub struct Signer {
    key: SigningKey,
    /// The header that it writes; a test may change it.
    pub header: Header,
}

impl Signer {
    /// A new key.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn new(alg: Alg) -> Self {
        let key = SigningKey::generate(alg).unwrap();
        let mut header = Header::new(named(alg));
        header.kid = Some(key.kid().to_owned());
        Self { key, header }
    }

    /// Its public half as JSON.
    pub fn public(&self) -> Value {
        serde_json::to_value(self.key.public()).unwrap_or_default()
    }

    /// Its thumbprint (RFC 7638).
    pub fn thumbprint(&self) -> String {
        self.key.public().thumbprint()
    }

    /// A key set with it.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.public()] })
    }

    /// Claims, signed with the header as it is.
    ///
    /// # Panics
    /// When they cannot be signed.
    pub fn sign(&self, claims: &Value) -> String {
        self.with(&self.header, claims)
    }

    /// Claims, signed with another header.
    ///
    /// # Panics
    /// When they cannot be signed.
    pub fn with(&self, header: &Header, claims: &Value) -> String {
        let der = self.key.to_pkcs8().unwrap();
        let key = match header.alg {
            Algorithm::ES256 => EncodingKey::from_ec_der(&der),
            Algorithm::EdDSA => EncodingKey::from_ed_der(&der),
            _ => EncodingKey::from_rsa_der(der.get(RSA_AT..).unwrap()),
        };
        encode(header, claims, &key).unwrap()
    }

    /// Claims, signed by this key as if it were that of `other`.
    pub fn as_if(&self, other: &Self, claims: &Value) -> String {
        self.with(&Header { kid: other.header.kid.clone(), ..self.header.clone() }, claims)
    }

    /// Claims, signed without a word about the key.
    pub fn without_kid(&self, claims: &Value) -> String {
        self.with(&Header { kid: None, ..self.header.clone() }, claims)
    }

    /// Claims, signed with any header at all.
    ///
    /// # Panics
    /// When they cannot be signed.
    pub fn raw(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let alg = CoreJwsSigningAlgorithm::EcdsaP256Sha256;
        let signature = PrivateSigningKey::sign(&self.key, &alg, message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A DPoP proof (RFC 9449 §4.2) with these claims on top.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn proof(&self, claims: &Value) -> String {
        let mut header = Header::new(self.header.alg);
        header.typ = Some("dpop+jwt".to_owned());
        header.jwk = Some(serde_json::from_value(self.public()).unwrap());
        self.with(&header, claims)
    }
}

/// The digest of a token that a proof carries (RFC 9449 §4.2).
pub fn ath(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(token.as_bytes()))
}

/// Where the RSAPrivateKey (RFC 8017 §A.1.2) begins in a PrivateKeyInfo (RFC 5958 §2) of a key of 2048 bits or more: behind the
/// head of the sequence, the version, the name of the algorithm and the head of the octet string.
const RSA_AT: usize = 4 + 3 + 15 + 4;

const fn named(alg: Alg) -> Algorithm {
    match alg {
        Alg::EdDsa => Algorithm::EdDSA,
        Alg::Es256 => Algorithm::ES256,
        Alg::Rs256 => Algorithm::RS256,
        Alg::Ps256 => Algorithm::PS256,
    }
}
