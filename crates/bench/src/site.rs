//! What generator and seed agree on: the pool, the application, and the keys its tokens are checked with.

use anyhow::{Context as _, bail};
use aws_lc_rs::{
    digest,
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;
use std::collections::HashMap;

/// `Host` of the pool. Nothing listens there: requests go to the measured process and name this.
pub(crate) const HOST: &str = "bench.localhost:8080";
/// Origin of the pool.
pub(crate) const ORIGIN: &str = "http://bench.localhost:8080";
/// `client_id`.
pub(crate) const CLIENT: &str = "bench";
/// The application's secret, of this throw-away database.
pub(crate) const CLIENT_SECRET: &str = "the-secret-of-an-application-that-does-not-exist";
/// Where codes are sent; nobody listens there.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:9/callback";
/// Everybody's password, in this throw-away database.
pub(crate) const PASSWORD: &str = "tulips over the moat 42";

/// `Authorization` of the application.
pub(crate) fn basic() -> String {
    format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{CLIENT_SECRET}")))
}

/// SHA-256 of a text, base64url.
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

/// A query or form from pairs.
pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The published ES256 keys, by `kid`.
pub(crate) struct Keys(HashMap<String, UnparsedPublicKey<Vec<u8>>>);

impl Keys {
    /// Reads a key set.
    pub(crate) fn read(text: &str) -> anyhow::Result<Self> {
        let set: Value = serde_json::from_str(text)?;
        let keys = set.get("keys").and_then(Value::as_array).context("a set without keys")?;
        let mut found = HashMap::new();
        for key in keys.iter().filter(|key| key.get("crv").and_then(Value::as_str) == Some("P-256")) {
            let part = |name: &str| -> anyhow::Result<Vec<u8>> {
                let text = key.get(name).and_then(Value::as_str).context("a key without its coordinates")?;
                Ok(URL_SAFE_NO_PAD.decode(text)?)
            };
            let point = [vec![4], part("x")?, part("y")?].concat();
            let kid = key.get("kid").and_then(Value::as_str).context("a key without kid")?;
            found.insert(kid.to_owned(), UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point));
        }
        if found.is_empty() {
            bail!("the key set has no ES256 key");
        }
        Ok(Self(found))
    }

    /// The claims of a token whose signature is right.
    pub(crate) fn verified(&self, token: &str) -> anyhow::Result<Value> {
        let (message, signature) = token.rsplit_once('.').context("not a token")?;
        let (header, claims) = message.split_once('.').context("not a token")?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header)?)?;
        let kid = header.get("kid").and_then(Value::as_str).context("a token without kid")?;
        let key = self.0.get(kid).context("a token of an unknown key")?;
        let signature = URL_SAFE_NO_PAD.decode(signature)?;
        if key.verify(message.as_bytes(), &signature).is_err() {
            bail!("a token with a wrong signature");
        }
        Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?)
    }
}
