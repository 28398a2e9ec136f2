//! The key ring: sealing, opening, keyed MACs.
//!
//! Format 1 of a sealed value: version byte `0x01`, key id (4 bytes), salt (24 random bytes), then AES-256-GCM
//! ciphertext and its 16-byte tag.
//!
//! Each message has a key and a nonce of its own, both derived with HKDF-SHA256 from the ring key and the salt.
//! With one key and random 96-bit nonces AES-GCM must stop after 2^32 messages, or the chance of a repeated
//! nonce (which gives away the authentication key) becomes real; sealed URL tokens are made in volume, by many
//! nodes that share no counter. Here a repeat needs two equal 192-bit salts, which no volume reaches.
//!
//! Version and key id are authenticated along with the caller's [`AssociatedData`]; the salt is through the key.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::ad::push_part;
use crate::derive::{KEY_LEN, derive, sound};
use crate::ring_text::{KeyBytes, parse_keys};
use crate::{AssociatedData, Entropy, KeyId, KeyRingError, Sealed, bytes, ct_eq, sha256};

const VERSION: u8 = 1;
const SALT_LEN: usize = 24;
const TAG_LEN: usize = 16;
const SEAL_INFO: &[u8] = b"vestibule seal 1";
const MAC_INFO: &[u8] = b"vestibule mac 1";

/// Why a sealed value did not open. All of them mean: treat it as absent or forged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short, an unknown version, or not base64url.
    #[error("not a sealed value of a known format")]
    Malformed,
    /// Sealed under a key that is no longer in the ring; put that key back behind the active one.
    #[error("sealed under key {0}, which is not in the key ring")]
    UnknownKey(KeyId),
    /// Changed since it was sealed, or sealed for another context.
    #[error("a sealed value failed authentication")]
    Refused,
}

/// One key of the ring.
struct RingKey {
    id: KeyId,
    secret: KeyBytes,
}

impl RingKey {
    fn new(secret: KeyBytes) -> Self {
        let [a, b, c, d, ..] = sha256(secret.as_slice());
        Self { id: KeyId([a, b, c, d]), secret }
    }

    /// The AEAD key and nonce of the message that carries `salt`.
    fn message_key(&self, salt: &[u8; SALT_LEN]) -> (LessSafeKey, Nonce) {
        let derived = sound(derive::<{ KEY_LEN + NONCE_LEN }>(&self.secret, salt, &[SEAL_INFO]));
        let (key, nonce) = derived.split_at(KEY_LEN);
        let key = sound(UnboundKey::new(&AES_256_GCM, key));
        (LessSafeKey::new(key), sound(Nonce::try_assume_unique_for_key(nonce)))
    }

    /// HMAC-SHA256 under a key derived for `label`.
    fn mac(&self, label: &str, data: &[u8]) -> [u8; 32] {
        let mut info = Vec::with_capacity(64);
        push_part(&mut info, label.as_bytes());
        let key = sound(derive::<KEY_LEN>(&self.secret, &[], &[MAC_INFO, &info]));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), data);
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }
}

/// The keys that seal what is stored: one active key, and older ones that only open. Clones share the keys,
/// which are wiped when the last clone is dropped.
///
/// To rotate: put a fresh key first, keep the old one behind it, reseal what [`KeyRing::needs_reseal`] names,
/// then remove the old key.
#[derive(Clone)]
pub struct KeyRing {
    active: Arc<RingKey>,
    older: Arc<[RingKey]>,
}

impl KeyRing {
    /// Reads a ring: 32-byte keys as base64 (standard or url-safe, padded or not) separated by commas or line
    /// breaks, the active one first.
    ///
    /// # Errors
    /// [`KeyRingError`] names the first key that does not do and the remedy.
    pub fn parse(text: &str) -> Result<Self, KeyRingError> {
        let mut keys = parse_keys(text)?.into_iter().map(RingKey::new);
        let active = keys.next().ok_or(KeyRingError::Empty)?;
        Ok(Self { active: Arc::new(active), older: keys.collect() })
    }

    /// A ring of one fresh key. What it seals is lost with it unless the key came from text.
    #[must_use]
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut secret: KeyBytes = Box::new(Zeroizing::new([0; KEY_LEN]));
        entropy.fill(secret.as_mut_slice());
        Self { active: Arc::new(RingKey::new(secret)), older: Arc::new([]) }
    }

    /// A fresh key as text that [`KeyRing::parse`] reads: 43 characters of unpadded base64url.
    #[must_use]
    pub fn generate_text(entropy: &dyn Entropy) -> String {
        crate::random_token(entropy, KEY_LEN)
    }

    /// The id of the key that seals, for logs and status pages.
    #[must_use]
    pub fn active_id(&self) -> KeyId {
        self.active.id
    }

    /// The ids of all keys, the active one first.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys().map(|key| key.id)
    }

    /// Seals `plaintext` under the active key, bound to `ad`.
    #[must_use]
    pub fn seal(&self, entropy: &dyn Entropy, ad: &AssociatedData, plaintext: &[u8]) -> Sealed {
        let salt = bytes::<SALT_LEN>(entropy);
        let (key, nonce) = self.active.message_key(&salt);
        let mut out = Vec::with_capacity(HEADER_LEN + SALT_LEN + plaintext.len() + TAG_LEN);
        out.extend_from_slice(&header(self.active.id));
        out.extend_from_slice(&salt);
        out.extend_from_slice(plaintext);
        // Encrypts in place: the plaintext never sits in a buffer of its own.
        let (_, message) = out.split_at_mut(HEADER_LEN + SALT_LEN);
        let aad = Aad::from(bound(self.active.id, ad));
        let tag = sound(key.seal_in_place_separate_tag(nonce, aad, message));
        out.extend_from_slice(tag.as_ref());
        Sealed::from_bytes(out)
    }

    /// Opens a value sealed under any key of the ring with the same `ad`. The result is wiped when dropped.
    ///
    /// # Errors
    /// [`OpenError`] when it is malformed, under a key not in the ring, changed, or bound to something else.
    pub fn open(&self, ad: &AssociatedData, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (id, rest) = split_header(sealed.as_bytes())?;
        let (salt, message) = rest.split_first_chunk::<SALT_LEN>().ok_or(OpenError::Malformed)?;
        if message.len() < TAG_LEN {
            return Err(OpenError::Malformed);
        }
        let aad = bound(id, ad);
        let mut outcome = OpenError::UnknownKey(id);
        // Four-byte ids may collide, so every key that bears this one is tried.
        for ring_key in self.keys().filter(|key| key.id == id) {
            let (key, nonce) = ring_key.message_key(salt);
            let mut buffer = Zeroizing::new(message.to_vec());
            let opened = key.open_in_place(nonce, Aad::from(&aad), &mut buffer).map(|plain| plain.len());
            if let Ok(length) = opened {
                buffer.truncate(length);
                return Ok(buffer);
            }
            outcome = OpenError::Refused;
        }
        Err(outcome)
    }

    /// Whether `sealed` should be opened and sealed again: it is not under the active key, or not of this format.
    #[must_use]
    pub fn needs_reseal(&self, sealed: &Sealed) -> bool {
        !matches!(split_header(sealed.as_bytes()), Ok((id, _)) if id == self.active.id)
    }

    /// Seals into unpadded base64url text that fits a URL or a cookie: 60 characters more than the plaintext's.
    #[must_use]
    pub fn seal_token(&self, entropy: &dyn Entropy, ad: &AssociatedData, plaintext: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(self.seal(entropy, ad, plaintext).as_bytes())
    }

    /// Opens what [`KeyRing::seal_token`] made.
    ///
    /// # Errors
    /// As [`KeyRing::open`]; text that is not unpadded base64url is [`OpenError::Malformed`].
    pub fn open_token(&self, ad: &AssociatedData, token: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let raw = URL_SAFE_NO_PAD.decode(token).map_err(|_| OpenError::Malformed)?;
        self.open(ad, &Sealed::from_bytes(raw))
    }

    /// HMAC-SHA256 of `data` under a key derived from the active key for `label` alone (RFC 2104, RFC 5869).
    #[must_use]
    pub fn mac(&self, label: &str, data: &[u8]) -> [u8; 32] {
        self.active.mac(label, data)
    }

    /// As [`KeyRing::mac`], under every key of the ring, the active one first: what was made before a rotation is made again.
    pub fn macs<'a>(&'a self, label: &'a str, data: &'a [u8]) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.keys().map(move |key| key.mac(label, data))
    }

    /// Whether `tag` is the MAC of `data` for `label` under any key of the ring, in constant time.
    #[must_use]
    pub fn verify_mac(&self, label: &str, data: &[u8], tag: &[u8]) -> bool {
        // No early return: the time does not tell which key matched.
        self.keys().fold(false, |found, key| ct_eq(&key.mac(label, data), tag) | found)
    }

    fn keys(&self) -> impl Iterator<Item = &RingKey> {
        std::iter::once(&*self.active).chain(self.older.iter())
    }
}

/// Version byte and key id.
const HEADER_LEN: usize = 5;

fn header(id: KeyId) -> [u8; HEADER_LEN] {
    let [a, b, c, d] = id.0;
    [VERSION, a, b, c, d]
}

/// Reads the key id and what follows the header.
fn split_header(raw: &[u8]) -> Result<(KeyId, &[u8]), OpenError> {
    match raw {
        [VERSION, a, b, c, d, rest @ ..] => Ok((KeyId([*a, *b, *c, *d]), rest)),
        _ => Err(OpenError::Malformed),
    }
}

/// What the tag covers besides the plaintext: the header, then the caller's context.
fn bound(id: KeyId, ad: &AssociatedData) -> Vec<u8> {
    [header(id).as_slice(), ad.as_bytes()].concat()
}
