//! Two pools, two users, and what the caller of a factor does around it.

use super::{ContractDriver, Device, Violation, deliver, ensure};
use crate::{
    Ceremony, Effect, Enrolment, FactorCx, FactorError, FactorInput, NewCredential, PasswordlessCx, Replaces,
    SecondFactor, Subject, Verified, guarded,
};
use vestibule_domain::{
    Credential, CredentialId, Email, Origin, Pool, PoolId, PoolSettings, Timestamp, UserId,
};
use vestibule_seal::{KeyRing, testing::SeededEntropy};

/// Any moment.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_010);

/// Where a factor is tried out.
pub(super) struct World {
    entropy: SeededEntropy,
    keys: KeyRing,
    pub(super) home: Pool,
    pub(super) away: Pool,
    pub(super) alice: UserId,
    pub(super) mallory: UserId,
    email: Email,
}

impl World {
    pub(super) fn new() -> Result<Self, Violation> {
        let entropy = SeededEntropy::new(7);
        let pool = |slug: &str| -> Result<Pool, Violation> {
            let origin = Origin::parse(&format!("https://{slug}.example.com"));
            Ok(Pool {
                id: PoolId::new(NOW, &entropy),
                tenant: slug.to_owned(),
                slug: slug.to_owned(),
                name: format!("{slug} & Söhne"),
                origin: origin.map_err(|error| Violation(error.to_string()))?,
                settings: PoolSettings::default(),
                version: 1,
            })
        };
        let (home, away) = (pool("home")?, pool("away")?);
        let (alice, mallory) = (UserId::new(NOW, &entropy), UserId::new(NOW, &entropy));
        let email = Email::parse("alice@example.com").map_err(|error| Violation(error.to_string()))?;
        Ok(Self { keys: KeyRing::generate(&entropy), home, away, alice, mallory, email, entropy })
    }

    pub(super) fn cx<'a>(&'a self, pool: &'a Pool, user: UserId, now: Timestamp) -> FactorCx<'a> {
        let subject = Subject { user, account: "alice@example.com", email: Some(&self.email), locale: None };
        FactorCx { now, entropy: &self.entropy, keys: &self.keys, pool, can_mail: true, subject }
    }

    /// The first factor of a pool.
    pub(super) fn sign_in<'a>(&'a self, pool: &'a Pool, now: Timestamp) -> PasswordlessCx<'a> {
        PasswordlessCx { now, entropy: &self.entropy, keys: &self.keys, pool }
    }

    /// Alice at home.
    pub(super) fn alice(&self, now: Timestamp) -> FactorCx<'_> {
        self.cx(&self.home, self.alice, now)
    }

    fn row(&self, factor: &dyn SecondFactor, new: NewCredential) -> Credential {
        let NewCredential { label, public, secret, counter } = new;
        let (id, kind) = (CredentialId::new(NOW, &self.entropy), factor.kind());
        Credential {
            id,
            user: self.alice,
            kind,
            label,
            public,
            secret,
            counter,
            chosen: true,
            created_at: NOW,
            last_used_at: None,
        }
    }

    /// Alice enrols; the rows are in `own` afterwards.
    pub(super) fn enrol(
        &self,
        factor: &dyn SecondFactor,
        driver: &dyn ContractDriver,
    ) -> Result<Enrolled, Violation> {
        let mut device = driver.device();
        let mut own = Vec::new();
        self.enrol_into(factor, &mut *device, &mut own)?;
        Ok(Enrolled { device, own })
    }

    /// As [`World::enrol`], for a user who may have some already.
    pub(super) fn enrol_into(
        &self,
        factor: &dyn SecondFactor,
        device: &mut dyn Device,
        own: &mut Vec<Credential>,
    ) -> Result<Enrolment, Violation> {
        let cx = self.alice(NOW);
        let ceremony = ran("begin_enrol", guarded(|| factor.begin_enrol(&cx, own)))?;
        deliver(device, &ceremony);
        let input = device.enrol(&ceremony.view, NOW);
        let enrolment = ran("finish_enrol", guarded(|| factor.finish_enrol(&cx, &ceremony.state, &input)))?;
        if let Some(revealed) = &enrolment.reveal {
            device.keep(revealed);
        }
        if enrolment.replaces == Replaces::AllOfKind {
            own.retain(|one| one.kind != factor.kind());
        }
        own.extend(enrolment.credentials.iter().cloned().map(|new| self.row(factor, new)));
        Ok(enrolment)
    }

    /// A challenge to Alice.
    pub(super) fn challenge(
        &self,
        factor: &dyn SecondFactor,
        own: &[Credential],
        now: Timestamp,
    ) -> Result<Ceremony, Violation> {
        ran("begin_verify", guarded(|| factor.begin_verify(&self.alice(now), own)))
    }

    /// A challenge to Alice whose messages reach her.
    pub(super) fn put(
        &self,
        factor: &dyn SecondFactor,
        enrolled: &mut Enrolled,
        now: Timestamp,
    ) -> Result<Ceremony, Violation> {
        let ceremony = self.challenge(factor, &enrolled.own, now)?;
        deliver(&mut *enrolled.device, &ceremony);
        Ok(ceremony)
    }

    /// A right answer of Alice's, judged in a context of the test's choice.
    pub(super) fn judged(
        &self,
        factor: &dyn SecondFactor,
        enrolled: &mut Enrolled,
        now: Timestamp,
        judge: impl FnOnce(&Ceremony, &FactorInput, &[Credential]) -> Result<Verified, FactorError>,
    ) -> Result<Result<Verified, FactorError>, Violation> {
        let ceremony = self.put(factor, enrolled, now)?;
        let input = enrolled.device.answer(&ceremony.view, now);
        Ok(guarded(|| judge(&ceremony, &input, &enrolled.own)))
    }
}

/// A user's rows and what the user holds.
pub(super) struct Enrolled {
    pub(super) device: Box<dyn Device>,
    pub(super) own: Vec<Credential>,
}

/// Takes the result of a step that has to succeed.
pub(super) fn ran<T>(step: &str, outcome: Result<T, FactorError>) -> Result<T, Violation> {
    outcome.map_err(|error| Violation(format!("{step} failed where it has to succeed: {error}")))
}

/// Whether the factor panicked.
pub(super) fn panicked<T>(outcome: &Result<T, FactorError>) -> bool {
    matches!(outcome, Err(FactorError::Internal(why)) if why.starts_with("the factor panicked"))
}

/// Applies an effect as the store does: conditionally.
pub(super) fn apply(own: &mut Vec<Credential>, verified: &Verified) -> Result<(), Violation> {
    let row = own.iter_mut().find(|one| one.id == verified.credential);
    let row = row.ok_or_else(|| Violation("the credential that answered is not the user's".to_owned()))?;
    match &verified.effect {
        Effect::RaiseCounter { to } => {
            ensure(*to > row.counter, || format!("the counter does not rise: {} to {to}", row.counter))?;
            row.counter = *to;
        }
        Effect::Spend => own.retain(|one| one.id != verified.credential),
        Effect::Replace { public, secret, .. } => {
            ensure(*public != row.public || *secret != row.secret, || "nothing is replaced".to_owned())?;
            row.public = public.clone();
            row.secret.clone_from(secret);
        }
    }
    Ok(())
}
