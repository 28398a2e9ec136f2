//! One mailed code, and what a challenge remembers of it.

use super::EmailCode;
use crate::{
    factor::{FactorCx, FactorError},
    types::CeremonyState,
};
use vestibule_domain::{Email, Entropy, Timestamp};
use vestibule_seal::{AssociatedData, Sealed, bytes, ct_eq};
use zeroize::Zeroizing;

/// Digits of a code.
pub(super) const DIGITS: u8 = 6;
/// How many codes there are.
const CODES: u32 = 1_000_000;
/// Random numbers from here on are not used: they would make the first codes likelier than the last.
const FAIR: u32 = u32::MAX - u32::MAX % CODES;
/// Minutes that a code is good for (ASVS 5.0, 6.6.3).
pub(super) const MINUTES: i64 = 10;
/// Wrong answers to one challenge; after them its code is dead (ASVS 5.0, 6.6.3).
pub(super) const TRIES: u8 = 5;

/// What a code was mailed for. A code for one purpose is never right for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To prove the address of a new credential.
    Enrol,
    /// To open the second factor.
    Verify,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Enrol => "enrol",
            Self::Verify => "verify",
        }
    }
}

/// A challenge that waits for its code. It exists sealed, inside the one ceremony it was made for.
pub(super) struct Challenge {
    code: Zeroizing<[u8; DIGITS as usize]>,
    /// Wrong answers so far.
    tries: u8,
    /// Rises from challenge to challenge; the credential's counter keeps the last one that was answered.
    pub(super) serial: i64,
    expires_at: Timestamp,
    /// Where the code was mailed to.
    pub(super) address: Email,
}

impl Challenge {
    pub(super) fn new(cx: &FactorCx<'_>, serial: i64, address: Email) -> Self {
        let expires_at = cx.now + MINUTES * 60;
        Self { code: draw(cx.entropy), tries: 0, serial, expires_at, address }
    }

    /// The code, for the mail.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(self.code.as_slice()).into_owned()
    }

    /// Whether `typed` is the code, while it still counts.
    pub(super) fn fits(&self, typed: &str, now: Timestamp) -> bool {
        let equal = ct_eq(self.code.as_slice(), typed.as_bytes());
        equal && self.tries < TRIES && now < self.expires_at
    }

    /// One wrong answer more; `None` when that changes nothing any more.
    pub(super) fn missed(mut self) -> Option<Self> {
        if self.tries >= TRIES {
            return None;
        }
        self.tries += 1;
        Some(self)
    }

    pub(super) fn seal(&self, cx: &FactorCx<'_>, purpose: Purpose) -> CeremonyState {
        let (serial, until) = (self.serial.to_be_bytes(), self.expires_at.as_seconds().to_be_bytes());
        let tries = [self.tries];
        let address = self.address.as_str().as_bytes();
        let parts = [self.code.as_slice(), &tries, &serial, &until, address];
        let plain = Zeroizing::new(parts.concat());
        CeremonyState(cx.keys.seal(cx.entropy, &bound(cx, purpose), &plain).into_bytes())
    }

    pub(super) fn open(
        cx: &FactorCx<'_>,
        purpose: Purpose,
        state: &CeremonyState,
    ) -> Result<Self, FactorError> {
        let sealed = Sealed::from_bytes(state.0.clone());
        let plain = cx.keys.open(&bound(cx, purpose), &sealed).map_err(|_| FactorError::StateInvalid)?;
        Self::read(&plain).ok_or(FactorError::StateInvalid)
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let (code, rest) = plain.split_first_chunk::<{ DIGITS as usize }>()?;
        let ([tries], rest) = rest.split_first_chunk::<1>()?;
        let (serial, rest) = rest.split_first_chunk::<8>()?;
        let (until, address) = rest.split_first_chunk::<8>()?;
        Some(Self {
            code: Zeroizing::new(*code),
            tries: *tries,
            serial: i64::from_be_bytes(*serial),
            expires_at: Timestamp::from_seconds(i64::from_be_bytes(*until)),
            address: Email::parse(std::str::from_utf8(address).ok()?).ok()?,
        })
    }
}

/// What a challenge is sealed for: pool, user and purpose; the caller's ceremony around it says which sign-in.
fn bound(cx: &FactorCx<'_>, purpose: Purpose) -> AssociatedData {
    AssociatedData::new("email-challenge")
        .with(cx.pool.id.as_bytes())
        .with(cx.subject.user.as_bytes())
        .with(EmailCode::KIND.as_str())
        .with(purpose.as_str())
}

/// Six digits, all of them equally likely.
fn draw(entropy: &dyn Entropy) -> Zeroizing<[u8; DIGITS as usize]> {
    let number = loop {
        let number = u32::from_be_bytes(bytes(entropy));
        if number < FAIR {
            break number % CODES;
        }
    };
    let mut digits = Zeroizing::new([b'0'; DIGITS as usize]);
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use vestibule_seal::testing::SeededEntropy;

    /// Says what it was told to.
    struct Dictated(Mutex<Vec<u32>>);

    impl Entropy for Dictated {
        fn fill(&self, buf: &mut [u8]) {
            buf.copy_from_slice(&self.0.lock().unwrap().remove(0).to_be_bytes());
        }
    }

    #[test]
    fn every_code_has_the_same_number_of_draws() {
        assert_eq!((FAIR % CODES, u32::MAX - FAIR < CODES), (0, true));
        for (draws, code) in [
            (vec![0], "000000"),
            (vec![1_000_007], "000007"),
            (vec![FAIR - 1], "999999"),
            (vec![FAIR, u32::MAX, 123_456], "123456"),
        ] {
            let entropy = Dictated(Mutex::new(draws));
            assert_eq!(draw(&entropy).as_slice(), code.as_bytes());
            assert!(entropy.0.lock().unwrap().is_empty(), "{code}");
        }
    }

    #[test]
    fn every_digit_comes_up_everywhere() {
        let entropy = SeededEntropy::new(8);
        let mut seen = [[0_u32; 10]; DIGITS as usize];
        for _ in 0..5_000 {
            for (place, digit) in draw(&entropy).iter().enumerate() {
                seen[place][usize::from(digit - b'0')] += 1;
            }
        }
        // 500 are expected of each; the deviation of one count is about 21.
        assert!(seen.iter().flatten().all(|count| (380..620).contains(count)), "{seen:?}");
    }
}
