//! Decrypting.

use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey};
use zeroize::Zeroizing;

use super::agree::{self, Context};
use super::content::Sealed;
use super::keys::Private;
use super::{DecryptionKey, JweAlg, JweEnc};
use crate::decode;
use crate::header::{BadHeader, Header};
use crate::jwk::Members;

/// Header parameters that would bring a key, or change what is encrypted. `crit` is among them because nothing that
/// could be critical is supported.
const FORBIDDEN: [&str; 6] = ["crit", "zip", "jwk", "jku", "x5u", "x5c"];

/// How many keys are tried for one token that names none.
const MAX_TRIES: usize = 8;

/// Why a token is not decrypted. No variant carries any of the token's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// Longer than [`ExpectJwe::max_bytes`].
    #[error("the token is too long")]
    TooLong,
    /// Not five parts of canonical base64url.
    #[error("the token is not a compact JWE")]
    Malformed,
    /// The header is not a JSON object with unique members of the right types.
    #[error("the token's header is not valid")]
    Header,
    /// The header brings a key, compresses, or names something critical.
    #[error("the token's header has the forbidden parameter {0}")]
    ForbiddenHeader(&'static str),
    /// `alg` or `enc` is unknown or not expected here.
    #[error("the token's encryption algorithm is not accepted")]
    Algorithm,
    /// Everything else: no such key, a wrong key, a changed token. They are one, because a sender who could tell them
    /// apart could decrypt with us (RFC 7516 section 11.5).
    #[error("the token does not decrypt")]
    Failed,
}

impl From<BadHeader> for DecryptError {
    fn from(BadHeader: BadHeader) -> Self {
        Self::Header
    }
}

/// What an encrypted token must be. There is no default.
#[derive(Clone, Copy, Debug)]
pub struct ExpectJwe<'a> {
    /// The `alg`s accepted.
    pub algs: &'a [JweAlg],
    /// The `enc`s accepted.
    pub encs: &'a [JweEnc],
    /// The longest token that is looked at, in bytes. Its payload is always shorter.
    pub max_bytes: usize,
}

/// What was inside. Nothing is known about who encrypted it: the public key is public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decrypted {
    /// The payload.
    pub payload: Vec<u8>,
    /// The type of the payload, as the header has it: `JWT` for a signed token.
    pub cty: Option<String>,
    /// Which key decrypted it.
    pub kid: String,
    /// How its content key came.
    pub alg: JweAlg,
    /// How its content was encrypted.
    pub enc: JweEnc,
}

/// Decrypts a compact JWE with one of `keys`. `kid` may be missing: then the first 8 keys for the algorithm are tried.
///
/// # Errors
/// [`DecryptError`].
pub fn decrypt(
    keys: &[DecryptionKey],
    token: &str,
    expect: &ExpectJwe<'_>,
) -> Result<Decrypted, DecryptError> {
    let parts = Parts::split(token, expect.max_bytes)?;
    let header = Header::parse(&decode(parts.header).ok_or(DecryptError::Malformed)?)?;
    if let Some(name) = header.any_of(FORBIDDEN.into_iter()) {
        return Err(DecryptError::ForbiddenHeader(name));
    }
    let alg = header.text("alg")?.and_then(|name| name.parse().ok()).filter(|alg| expect.algs.contains(alg));
    let enc = header.text("enc")?.and_then(|name| name.parse().ok()).filter(|enc| expect.encs.contains(enc));
    let (alg, enc) = alg.zip(enc).ok_or(DecryptError::Algorithm)?;
    let (kid, cty) = (header.text("kid")?, header.text("cty")?.map(str::to_owned));
    let sealed = parts.sealed()?;
    let delivered = Delivered::read(&parts, &header, enc)?;
    let fits = |key: &&DecryptionKey| key.alg() == alg && kid.is_none_or(|kid| kid == key.kid());
    for key in keys.iter().filter(fits).take(MAX_TRIES) {
        let cek = delivered.content_key(key.private());
        if let Some(payload) = cek.and_then(|cek| sealed.open(enc, &cek, parts.header)) {
            return Ok(Decrypted { payload, cty, kid: key.kid().to_owned(), alg, enc });
        }
    }
    Err(DecryptError::Failed)
}

/// The parts of a compact JWE, still encoded.
struct Parts<'a> {
    header: &'a str,
    wrapped: &'a str,
    nonce: &'a str,
    ciphertext: &'a str,
    tag: &'a str,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str, limit: usize) -> Result<Self, DecryptError> {
        if token.len() > limit {
            return Err(DecryptError::TooLong);
        }
        let mut parts = token.split('.');
        let mut next = || parts.next().ok_or(DecryptError::Malformed);
        let split =
            Self { header: next()?, wrapped: next()?, nonce: next()?, ciphertext: next()?, tag: next()? };
        // Four dots, no more.
        if parts.next().is_some() { Err(DecryptError::Malformed) } else { Ok(split) }
    }

    fn sealed(&self) -> Result<Sealed, DecryptError> {
        let raw = |text| decode(text).ok_or(DecryptError::Malformed);
        Ok(Sealed { nonce: raw(self.nonce)?, ciphertext: raw(self.ciphertext)?, tag: raw(self.tag)? })
    }
}

/// How the content key came: what the token says about it.
struct Delivered<'a> {
    wrapped: Vec<u8>,
    header: &'a Header,
    enc: JweEnc,
    apu: Vec<u8>,
    apv: Vec<u8>,
}

impl<'a> Delivered<'a> {
    fn read(parts: &Parts<'_>, header: &'a Header, enc: JweEnc) -> Result<Self, DecryptError> {
        let wrapped = decode(parts.wrapped).ok_or(DecryptError::Malformed)?;
        let (apu, apv) = (header.bytes("apu")?.unwrap_or_default(), header.bytes("apv")?.unwrap_or_default());
        header.object("epk")?;
        Ok(Self { wrapped, header, enc, apu, apv })
    }

    fn content_key(&self, key: &Private) -> Option<Zeroizing<Vec<u8>>> {
        match key {
            Private::Rsa(key) => self.unwrapped(key),
            // In direct agreement there is no encrypted key.
            Private::P256(_) if !self.wrapped.is_empty() => None,
            Private::P256(key) => {
                let epk = Members::of(self.header.object("epk").ok()??).ok()?.material().ok()?;
                let context = Context { enc: self.enc, apu: &self.apu, apv: &self.apv };
                agree::consume(key, &epk, &context)
            }
        }
    }

    /// A key that does not unwrap becomes a random one, as RFC 7516 section 11.5 recommends: the content then fails to
    /// decrypt, and neither the answer nor the work tells which of the two it was.
    fn unwrapped(&self, key: &OaepPrivateDecryptingKey) -> Option<Zeroizing<Vec<u8>>> {
        let mut cek = Zeroizing::new(vec![0; self.enc.key_bytes()]);
        rand::fill(&mut cek).ok()?;
        let mut buffer = Zeroizing::new(vec![0; key.min_output_size()]);
        if let Ok(plain) = key.decrypt(&OAEP_SHA256_MGF1SHA256, &self.wrapped, &mut buffer, None)
            && plain.len() == cek.len()
        {
            cek.copy_from_slice(plain);
        }
        Some(cek)
    }
}
