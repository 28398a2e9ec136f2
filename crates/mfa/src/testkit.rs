//! What the unit tests share.

use crate::{FactorCx, FactorInput, NewCredential, SecondFactor, Subject};
use vestibule_domain::{
    Credential, CredentialId, Email, Origin, Pool, PoolId, PoolSettings, Timestamp, UserId,
};
use vestibule_seal::{Entropy, KeyRing, testing::SeededEntropy};

/// Half a step into one.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_015);

pub(crate) struct Bench {
    pub(crate) entropy: SeededEntropy,
    pub(crate) keys: KeyRing,
    pub(crate) pool: Pool,
    pub(crate) user: UserId,
    pub(crate) email: Email,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let entropy = SeededEntropy::new(3);
        let pool = pool("acme", &entropy);
        let email = Email::parse("alice@example.com").unwrap();
        Self { keys: KeyRing::generate(&entropy), user: UserId::new(NOW, &entropy), pool, email, entropy }
    }

    pub(crate) fn at(&self, now: Timestamp) -> FactorCx<'_> {
        let subject =
            Subject { user: self.user, account: "alice@example.com", email: Some(&self.email), locale: None };
        let (entropy, keys, pool) = (&self.entropy, &self.keys, &self.pool);
        FactorCx { now, entropy, keys, pool, can_mail: true, subject }
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
            chosen: true,
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
        version: 1,
    }
}

pub(crate) fn form(fields: &[(&str, &str)]) -> FactorInput {
    fields.iter().copied().collect()
}
