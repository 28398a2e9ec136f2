//! Reading a key ring from configuration text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zeroize::Zeroizing;

use crate::derive::KEY_LEN;

/// Why a text is not a key ring, and what to do. Never quotes the text. `position` counts keys from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// No key at all.
    #[error("the key ring is empty; give at least one base64 key of 32 random bytes, the active one first")]
    Empty,
    /// A well-known placeholder instead of a key.
    #[error(
        "key {position} is a placeholder such as \"change-me\"; replace it with 32 random bytes as base64"
    )]
    Placeholder {
        /// Which key.
        position: usize,
    },
    /// Characters outside base64 or a cut-off text.
    #[error(
        "key {position} is not base64; write 32 random bytes as standard or url-safe base64, keys separated by \
         commas or line breaks"
    )]
    NotBase64 {
        /// Which key.
        position: usize,
    },
    /// Not 32 bytes.
    #[error("key {position} has {found} bytes instead of 32; generate one with `openssl rand -base64 32`")]
    WrongLength {
        /// Which key.
        position: usize,
        /// How many bytes it decodes to.
        found: usize,
    },
    /// The same key twice.
    #[error("key {position} repeats key {first}; remove one of them")]
    Duplicate {
        /// Which key.
        position: usize,
        /// The earlier one it equals.
        first: usize,
    },
    /// 32 bytes that nobody drew at random.
    #[error(
        "key {position} is guessable: it repeats few bytes, counts, or encodes typed text; generate one with \
         `openssl rand -base64 32`"
    )]
    Weak {
        /// Which key.
        position: usize,
    },
}

/// Key bytes behind a pointer, so that moving them leaves no copy behind; wiped when dropped.
pub(crate) type KeyBytes = Box<Zeroizing<[u8; KEY_LEN]>>;

/// Reads the keys of `text` in order.
pub(crate) fn parse_keys(text: &str) -> Result<Vec<KeyBytes>, KeyRingError> {
    let entries = || text.split([',', '\n', '\r']).map(str::trim).filter(|entry| !entry.is_empty());
    let mut keys: Vec<KeyBytes> = Vec::with_capacity(entries().count());
    for (index, entry) in entries().enumerate() {
        let position = index + 1;
        let key = parse_key(entry, position)?;
        if let Some(earlier) = keys.iter().position(|known| **known == *key) {
            return Err(KeyRingError::Duplicate { position, first: earlier + 1 });
        }
        keys.push(key);
    }
    if keys.is_empty() { Err(KeyRingError::Empty) } else { Ok(keys) }
}

/// Reads one key in any of the four spellings of base64.
fn parse_key(entry: &str, position: usize) -> Result<KeyBytes, KeyRingError> {
    if is_placeholder(entry) {
        return Err(KeyRingError::Placeholder { position });
    }
    let standard: Zeroizing<String> = Zeroizing::new(
        entry
            .trim_end_matches('=')
            .chars()
            .map(|c| {
                if c == '-' {
                    '+'
                } else if c == '_' {
                    '/'
                } else {
                    c
                }
            })
            .collect(),
    );
    let bytes = STANDARD_NO_PAD.decode(standard.as_bytes()).map(Zeroizing::new);
    let bytes = bytes.map_err(|_| KeyRingError::NotBase64 { position })?;
    let mut key: KeyBytes = Box::new(Zeroizing::new([0; KEY_LEN]));
    if bytes.len() != KEY_LEN {
        return Err(KeyRingError::WrongLength { position, found: bytes.len() });
    }
    key.copy_from_slice(&bytes);
    if is_weak(&key) { Err(KeyRingError::Weak { position }) } else { Ok(key) }
}

/// Texts people leave in place of a secret.
fn is_placeholder(entry: &str) -> bool {
    const WORDS: [&str; 8] =
        ["changeme", "replaceme", "secret", "password", "default", "example", "placeholder", "insecure"];
    let bare: Zeroizing<String> = Zeroizing::new(
        entry.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect(),
    );
    // A real key has 43 characters and may hold any short word by chance; a short text with one cannot be a key.
    WORDS.iter().any(|word| bare.starts_with(word) && bare.len() < 40)
        || ["changeme", "replaceme"].iter().any(|word| bare.contains(word))
}

/// Whether no random generator can have drawn `key`: each of these has a chance below 2^-45 for a good one.
fn is_weak(key: &[u8; KEY_LEN]) -> bool {
    let mut distinct = *key;
    distinct.sort_unstable();
    let distinct = 1 + distinct.windows(2).filter(|pair| pair.first() != pair.last()).count();
    let typed = key.iter().all(|byte| matches!(byte, b' '..=b'~'));
    let step =
        |pair: &[u8]| pair.last().copied().unwrap_or(0).wrapping_sub(pair.first().copied().unwrap_or(0));
    let counts = key.windows(2).all(|pair| matches!(step(pair), 1 | 255));
    distinct < 12 || typed || counts
}
