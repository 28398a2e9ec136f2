//! Encrypting.

use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey};
use serde::Serialize;
use zeroize::Zeroizing;

use super::agree::{self, Context};
use super::content::Sealed;
use super::keys::rsa;
use super::{EncryptionKey, JweAlg, JweEnc};
use crate::encode;
use crate::jwk::{Labels, Material, Published};

/// The library failed to encrypt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token could not be encrypted")]
pub struct EncryptError;

/// The header this crate writes.
#[derive(Serialize)]
struct Written<'a> {
    alg: JweAlg,
    enc: JweEnc,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cty: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epk: Option<Published<'a>>,
}

/// The content key, and how the recipient gets it.
struct Delivery {
    cek: Zeroizing<Vec<u8>>,
    /// The encrypted key; empty after an agreement.
    wrapped: Vec<u8>,
    ephemeral: Option<Material>,
}

/// Encrypts `payload` to `recipient` as a compact JWE with the headers `alg`, `enc`, `epk` as the algorithm needs it,
/// and `kid` and `cty` where there are any. A signed token inside has the `cty` `JWT` (RFC 7519 section 5.2).
///
/// Content key, nonce and ephemeral key are drawn for each call by the random generator inside aws-lc.
///
/// # Errors
/// [`EncryptError`] when the library fails.
pub fn encrypt(
    recipient: &EncryptionKey,
    enc: JweEnc,
    cty: Option<&str>,
    payload: &[u8],
) -> Result<String, EncryptError> {
    let delivery = deliver(recipient, enc).ok_or(EncryptError)?;
    let epk = delivery.ephemeral.as_ref().map(|material| material.published(Labels::default()));
    let header = Written { alg: recipient.alg(), enc, kid: recipient.kid(), cty, epk };
    let header = encode(serde_json::to_vec(&header).map_err(|_| EncryptError)?);
    let sealed = Sealed::new(enc, &delivery.cek, &header, payload).ok_or(EncryptError)?;
    let rest = [&delivery.wrapped, &sealed.nonce, &sealed.ciphertext, &sealed.tag].map(encode);
    Ok(format!("{header}.{}", rest.join(".")))
}

fn deliver(recipient: &EncryptionKey, enc: JweEnc) -> Option<Delivery> {
    match recipient.alg() {
        JweAlg::RsaOaep256 => {
            let mut cek = Zeroizing::new(vec![0; enc.key_bytes()]);
            rand::fill(&mut cek).ok()?;
            let key = OaepPublicEncryptingKey::new(rsa(recipient.material())?).ok()?;
            let mut buffer = vec![0; key.ciphertext_size()];
            let wrapped = key.encrypt(&OAEP_SHA256_MGF1SHA256, &cek, &mut buffer, None).ok()?.to_vec();
            Some(Delivery { cek, wrapped, ephemeral: None })
        }
        JweAlg::EcdhEs => {
            let context = Context { enc, apu: &[], apv: &[] };
            let (ephemeral, cek) = agree::produce(recipient.material(), &context)?;
            Some(Delivery { cek, wrapped: Vec::new(), ephemeral: Some(ephemeral) })
        }
    }
}
