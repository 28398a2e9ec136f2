//! The code that a device shows and a person types (RFC 8628 §6.1).

use crate::typed::code_chars;
use std::fmt;
use vestibule_seal::Entropy;

/// Twenty consonants: no words, no vowels, nothing that looks like a digit (RFC 8628 §6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// Letters of a code: with twenty to choose from, 34.5 bits.
const LENGTH: usize = 8;

/// Letters of a group, as a code is shown.
const GROUP: usize = 4;

/// A code in its canonical form: eight of the letters. It is shown as `XXXX-XXXX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCode(String);

impl UserCode {
    /// A new one; every letter is as likely as any other.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut text = String::with_capacity(LENGTH);
        while text.len() < LENGTH {
            let mut bytes = [0; 2 * LENGTH];
            entropy.fill(&mut bytes);
            // Bytes from 240 on would make the first letters likelier.
            let fair = bytes.into_iter().filter(|byte| *byte < 240);
            let letters = fair.filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()));
            text.extend(letters.take(LENGTH - text.len()).map(|letter| char::from(*letter)));
        }
        Self(text)
    }

    /// Reads what a person typed: in any case and width, with separators anywhere. `None` for what cannot be a code.
    pub fn read(typed: &str) -> Option<Self> {
        let mut text = String::with_capacity(LENGTH);
        for c in code_chars(typed) {
            let c = c.to_ascii_uppercase();
            let known = u8::try_from(c).is_ok_and(|byte| LETTERS.contains(&byte));
            if !known || text.len() == LENGTH {
                return None;
            }
            text.push(c);
        }
        (text.len() == LENGTH).then_some(Self(text))
    }

    /// The letters alone.
    pub fn letters(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserCode {
    /// As it is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at_checked(GROUP).unwrap_or((&self.0, ""));
        write!(f, "{first}-{second}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use vestibule_seal::testing::SeededEntropy;

    #[test]
    fn what_is_shown_can_be_typed_in_many_ways() {
        let code = UserCode::read("WDJBMJHT").unwrap();
        assert_eq!(code.to_string(), "WDJB-MJHT");
        for typed in ["wdjb-mjht", " WDJB MJHT ", "w d j b m j h t", "ＷＤＪＢ－ｍｊｈｔ", "WDJB\u{2013}MJHT"]
        {
            assert_eq!(UserCode::read(typed).as_ref(), Some(&code), "{typed}");
        }
        for wrong in ["", "WDJB-MJH", "WDJB-MJHTB", "WDJA-MJHT", "WDJ8-MJHT", "WDJB.MJHT", "WDJБ-MJHT"] {
            assert_eq!(UserCode::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn threat_c41_every_letter_of_a_code_is_as_likely() {
        let entropy = SeededEntropy::new(7);
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for _ in 0..5000 {
            let code = UserCode::new(&entropy);
            assert_eq!(UserCode::read(&code.to_string()), Some(code.clone()));
            for letter in code.letters().chars() {
                *counts.entry(letter).or_default() += 1;
            }
        }
        assert_eq!(counts.len(), LETTERS.len());
        // 2000 each on average; the deviation of each is 44.
        assert!(counts.values().all(|count| (1750..2250).contains(count)), "{counts:?}");
    }
}
