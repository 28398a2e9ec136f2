//! One code: its text, and its digest.

use vestibule_domain::{PoolId, UserId, typed::code_chars};
use vestibule_seal::sha256;
use zeroize::Zeroizing;

/// Characters of a code: 120 bits at five a character.
pub(super) const LENGTH: usize = 24;
/// Characters of a group, as a code is shown.
const GROUP: usize = 4;
/// Thirty-two digits without I, L, O and U, as in Crockford's base 32: none can be mistaken for another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Separates these digests from all others. Never changes once codes exist.
const DOMAIN: &[u8] = b"vestibule recovery code 1\0";

/// Whose codes.
#[derive(Clone, Copy)]
pub(super) struct Owner<'a> {
    /// The pool.
    pub(super) pool: &'a PoolId,
    /// The user.
    pub(super) user: UserId,
}

/// A code in its canonical form: 24 characters of the alphabet.
pub(super) struct Code(Zeroizing<String>);

impl Code {
    /// Spells out fifteen random bytes, five bits a character, most significant first.
    pub(super) fn new(bytes: [u8; 15]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        for five in bytes.chunks(5) {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for shift in (0..8).rev() {
                let digit = usize::try_from(bits >> (5 * shift) & 31).unwrap_or_default();
                text.extend(ALPHABET.get(digit).copied().map(char::from));
            }
        }
        Self(text)
    }

    /// Reads what the user typed: in any case and width, with separators anywhere, in the digits of any script, and with
    /// the letters that the alphabet leaves out read as the digits they were mistaken for. `None` for anything else.
    pub(super) fn read(typed: &str) -> Option<Self> {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        for c in code_chars(typed) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = u8::try_from(c).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || text.len() == LENGTH {
                return None;
            }
            text.push(c);
        }
        (text.len() == LENGTH).then_some(Self(text))
    }

    /// As it is shown: groups of four.
    pub(super) fn grouped(&self) -> String {
        let mut shown = String::with_capacity(LENGTH + LENGTH / GROUP);
        for (index, c) in self.0.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                shown.push('-');
            }
            shown.push(c);
        }
        shown
    }

    /// The digest that is stored. Every part has a fixed length, so no two owners share an input.
    pub(super) fn hash(&self, owner: Owner<'_>) -> [u8; 32] {
        let parts = [DOMAIN, owner.pool.as_bytes(), owner.user.as_bytes(), self.0.as_bytes()];
        sha256(&Zeroizing::new(parts.concat()))
    }
}
