//! What the unit tests share.

use crate::{FactorCx, FactorInput, NewCredential, SecondFactor, Subject};
use vestibule_domain::{Credential, CredentialId, Origin, Pool, PoolId, PoolSettings, Timestamp, UserId};
use vestibule_seal::{Entropy, KeyRing, testing::SeededEntropy};

/// Half a step into one.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_015);

pub(crate) struct Bench {
    pub(crate) entropy: SeededEntropy,
    pub(crate) keys: KeyRing,
    pub(crate) pool: Pool,
    pub(crate) user: UserId,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let entropy = SeededEntropy::new(3);
        let pool = pool("acme", &entropy);
        Self { keys: KeyRing::generate(&entropy), user: UserId::new(NOW, &entropy), pool, entropy }
    }

    pub(crate) fn at(&self, now: Timestamp) -> FactorCx<'_> {
        let subject = Subject { user: self.user, account: "alice@example.com" };
        FactorCx { now, entropy: &self.entropy, keys: &self.keys, pool: &self.pool, subject }
    }

    pub(crate) fn row(&self, factor: &dyn SecondFactor, new: NewCredential) -> Credential {
        let NewCredential { label, public, secret, counter } = new;
        Credential {
            id: CredentialId::new(NOW, &self.entropy),
            user: self.user,
            kind: factor.kind(),
            label,
            public,
            secret,
            counter,
            created_at: NOW,
            last_used_at: None,
        }
    }
}

pub(crate) fn pool(slug: &str, entropy: &dyn Entropy) -> Pool {
    Pool {
        id: PoolId::new(NOW, entropy),
        tenant: "acme".to_owned(),
        slug: slug.to_owned(),
        name: slug.to_owned(),
        origin: Origin::parse(&format!("https://{slug}.example.com")).unwrap(),
        settings: PoolSettings::default(),
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> FactorInput {
    fields.iter().copied().collect()
}
