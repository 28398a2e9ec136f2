//! What the row of a credential holds.
//!
//! The public data is written once, at registration. All that changes later is one number, the row's counter, which
//! only rises: so an answer is taken by one conditional update, and of two requests with the same answer one loses,
//! whether the authenticator counts its signatures or not.

use super::wire;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_domain::{Credential, credential::Public};

/// What is known of an authenticator, for pages and rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its model (WebAuthn Level 3 §6.5.1), all zeros where it did not say. Only its own word unless it is attested.
    pub aaguid: Uuid,
    /// How it can be reached, as far as the browser knew.
    pub transports: Vec<String>,
    /// Whether its key may be copied to other devices (§6.1.3).
    pub backup_eligible: bool,
    /// Whether it had been when it last answered.
    pub backup_state: bool,
    /// Whether a certificate that the pool trusted at the time vouched for it.
    pub attested: bool,
    /// Whether it verified its user when it was registered.
    pub user_verified: bool,
}

impl About {
    /// Whether it is a key that is carried from one device to another, and not part of one (§6.2.1).
    pub(super) fn is_carried(&self) -> bool {
        let by = |name: &str| self.transports.iter().any(|own| own == name);
        !by("internal") && !by("hybrid") && (by("usb") || by("nfc") || by("ble") || by("smart-card"))
    }
}

/// Reads what is known of the authenticator behind a credential; `None` for a credential of another kind of factor.
#[must_use]
pub fn about(credential: &Credential) -> Option<About> {
    let record = Record::read(&credential.public)?;
    let mark = Mark::read(credential.counter)?;
    Some(About {
        aaguid: record.aaguid,
        transports: record.transports,
        backup_eligible: record.backup_eligible,
        backup_state: mark.backed_up,
        attested: record.attested_by.is_some(),
        user_verified: record.user_verified,
    })
}

/// The public data of a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The credential id, base64url.
    pub(super) id: String,
    /// The public key, a COSE_Key (RFC 9052 §7), base64url.
    pub(super) key: String,
    /// The model.
    pub(super) aaguid: Uuid,
    /// How it can be reached.
    pub(super) transports: Vec<String>,
    /// Whether its key may be copied. Never changes: a key that says otherwise later is refused.
    pub(super) backup_eligible: bool,
    /// SHA-256 of the trusted certificate that vouched for it, base64url.
    pub(super) attested_by: Option<String>,
    /// Whether it verified its user when it was registered.
    pub(super) user_verified: bool,
}

impl Record {
    pub(super) fn read(public: &Public) -> Option<Self> {
        serde_json::from_str(&public.0).ok()
    }

    /// The credential id.
    pub(super) fn id(&self) -> Option<Vec<u8>> {
        wire::decode(&self.id)
    }
}

/// The number in the row: 32 bits of the authenticator's signature counter, 30 bits that count the answers of an
/// authenticator whose counter stays at zero, as that of most synced passkeys does, and one bit for the backup state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The authenticator's counter (WebAuthn Level 3 §6.1.1).
    pub(super) signatures: u32,
    uses: u32,
    /// Whether the key was backed up (§6.1.3).
    pub(super) backed_up: bool,
}

const USES_BITS: u32 = 30;
const USES_MAX: u32 = (1 << USES_BITS) - 1;

impl Mark {
    pub(super) const fn new(signatures: u32, backed_up: bool) -> Self {
        Self { signatures, uses: 0, backed_up }
    }

    /// `None` for a number that no mark makes.
    pub(super) fn read(counter: i64) -> Option<Self> {
        let bits = u64::try_from(counter).ok()?;
        let uses = u32::try_from((bits >> 1) & u64::from(USES_MAX)).ok()?;
        let signatures = u32::try_from(bits >> (USES_BITS + 1)).ok()?;
        Some(Self { signatures, uses, backed_up: bits & 1 == 1 })
    }

    pub(super) fn write(self) -> i64 {
        i64::from(self.signatures) << (USES_BITS + 1) | i64::from(self.uses) << 1 | i64::from(self.backed_up)
    }

    /// The mark after an answer: always higher. `None` when the authenticator's counter did not rise, the sign of a
    /// cloned one (WebAuthn Level 3 §7.2 step 22).
    pub(super) fn after(self, signatures: u32, backed_up: bool) -> Option<Self> {
        if signatures > self.signatures {
            return Some(Self::new(signatures, backed_up));
        }
        let counts = signatures > 0 || self.signatures > 0;
        let uses = self.uses.checked_add(1).filter(|uses| *uses <= USES_MAX)?;
        (!counts).then_some(Self { signatures, uses, backed_up })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_mark_survives_its_number_and_only_rises(
            signatures in prop_oneof![Just(0), any::<u32>()],
            uses in 0..=USES_MAX,
            backed_up: bool,
            next in prop_oneof![Just(0), any::<u32>()],
            next_backed_up: bool,
        ) {
            let mark = Mark { signatures, uses, backed_up };
            prop_assert_eq!(Mark::read(mark.write()), Some(mark));
            let after = mark.after(next, next_backed_up);
            let rises = next > signatures || next == 0 && signatures == 0 && uses < USES_MAX;
            prop_assert_eq!(after.is_some(), rises);
            if let Some(after) = after {
                prop_assert!(after.write() > mark.write());
                prop_assert_eq!((after.signatures, after.backed_up), (next, next_backed_up));
            }
        }

        #[test]
        fn every_number_that_is_not_negative_is_a_mark(number: i64) {
            let mark = Mark::read(number);
            prop_assert_eq!(mark.map(Mark::write), (number >= 0).then_some(number));
        }
    }
}
