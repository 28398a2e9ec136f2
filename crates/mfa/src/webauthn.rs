//! WebAuthn (Level 3): passkeys and security keys.
//!
//! One module, two kinds of factor. A *passkey* is discoverable and verifies its user at every answer, so it opens
//! the first factor by itself and counts as two categories. A *security key* is touched after the password: it is asked
//! for no user verification, and one that happens all the same adds nothing.
//!
//! RP id and origin are the pool's, exactly; the user handle is the user's identifier. The challenge is sealed into
//! the ceremony's state and bound to pool, user, kind and purpose. A challenge answers once because its ceremony is
//! taken once, and once more because every answer raises the number in the row.
//!
//! **To allow another algorithm**: one more line in `ceremony::ALGORITHMS`, under the library's name for it.

mod answer;
mod ceremony;
mod judge;
mod record;
mod settings;
mod wire;

#[cfg(test)]
mod tests;

pub use record::{About, about};
pub use settings::WebauthnSettings;

use crate::{
    factor::{FactorCx, FactorError, Passwordless, PasswordlessCx, SecondFactor, mine},
    label,
    settings::FactorSettings as _,
    types::{
        Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView, NewCredential,
        Replaces, Verified,
    },
};
use ceremony::{Challenge, Purpose, binding};
use record::{Mark, Record};
use serde_json::{Value, json};
use std::borrow::Cow;
use vestibule_domain::{
    Category, Counts, Credential, Evidence, FactorKind, Fault, PoolSettings, UserId, credential::Public,
};
use webauthn_rs_core::proto::{PublicKeyCredential, RegisterPublicKeyCredential};

/// What kind of WebAuthn factor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flavour {
    Passkey,
    SecurityKey,
}

impl Flavour {
    const fn kind(self) -> FactorKind {
        match self {
            Self::Passkey => WebAuthn::PASSKEY,
            Self::SecurityKey => WebAuthn::SECURITY_KEY,
        }
    }

    fn of(kind: &FactorKind) -> Option<Self> {
        [Self::Passkey, Self::SecurityKey].into_iter().find(|one| one.kind() == *kind)
    }

    /// What the pool decides about this kind.
    fn settings(self, pool: &PoolSettings) -> Result<WebauthnSettings, FactorError> {
        WebauthnSettings::of(pool, &self.kind())
    }

    /// What is asked of the authenticator (`UserVerificationRequirement`, WebAuthn Level 3 §5.8.6).
    const fn verification(self) -> &'static str {
        match self {
            Self::Passkey => "required",
            Self::SecurityKey => "discouraged",
        }
    }

    /// The name proposed for the first one of a user.
    const fn suggestion(self) -> &'static str {
        match self {
            Self::Passkey => "Passkey",
            Self::SecurityKey => "Security key",
        }
    }

    /// The first of "Passkey", "Passkey 2", … that the user has not given yet.
    fn suggest(self, own: &[Credential]) -> String {
        let taken = |name: &String| own.iter().any(|one| one.label == *name);
        let numbered = (2..).map(|number| format!("{} {number}", self.suggestion()));
        std::iter::once(self.suggestion().to_owned())
            .chain(numbered)
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    /// What an answer is worth. RFC 8176 §2: `hwk` and `swk` for a key in hardware or software, `user` for the touch.
    fn evidence(self, user_verified: bool, hardware: bool) -> Evidence {
        Evidence {
            category: Category::Possession,
            amr: vec![Cow::Borrowed(if hardware { "hwk" } else { "swk" }), Cow::Borrowed("user")],
            phishing_resistant: true,
            user_verified: user_verified && self == Self::Passkey,
            hardware,
            counts: Counts::TowardAcr,
        }
    }

    fn enrol_view(self, options: &str, own: &[Credential]) -> FactorView {
        let data = json!({ "options": options, "taken_labels": label::taken(own) });
        FactorView { template: format!("factors/{}/enrol.html", self.kind()), data }
    }

    fn sign_in_view(self, options: &str) -> FactorView {
        let data = json!({ "options": options, "scripted": true, "autocomplete": "webauthn" });
        FactorView { template: format!("factors/{}/sign_in.html", self.kind()), data }
    }

    fn verify_view(self, options: &str) -> FactorView {
        let data = json!({ "options": options });
        FactorView { template: format!("factors/{}/verify.html", self.kind()), data }
    }
}

/// Passkeys, or security keys.
#[derive(Clone, Copy, Debug)]
pub struct WebAuthn(Flavour);

impl WebAuthn {
    /// The kind of passkeys.
    pub const PASSKEY: FactorKind = FactorKind::new("passkey");
    /// The kind of security keys.
    pub const SECURITY_KEY: FactorKind = FactorKind::new("security-key");

    /// The factor that passkeys are.
    #[must_use]
    pub const fn passkey() -> Self {
        Self(Flavour::Passkey)
    }

    /// The factor that security keys are.
    #[must_use]
    pub const fn security_key() -> Self {
        Self(Flavour::SecurityKey)
    }

    /// Judges an assertion of the subject's by one of `own`.
    fn judge(
        self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        challenge: &Challenge,
        reply: &PublicKeyCredential,
    ) -> Result<Verified, FactorError> {
        let flavour = self.0;
        answer::check_id(&reply.id, &reply.raw_id, &reply.type_)?;
        let mine = mine(cx, &flavour.kind(), own)?;
        let mut refusal = FactorError::Wrong;
        for credential in mine {
            let (Some(record), Some(mark)) =
                (Record::read(&credential.public), Mark::read(credential.counter))
            else {
                refusal = FactorError::Internal(format!("credential {} cannot be read", credential.id));
                continue;
            };
            if record.id != reply.id {
                continue;
            }
            let asserted = judge::assert(flavour, cx.pool, challenge, &record, mark, reply)?;
            let hardware = judge::is_hardware(&record, &flavour.settings(&cx.pool.settings)?)?;
            return Ok(Verified {
                credential: credential.id,
                effect: Effect::RaiseCounter { to: asserted.mark.write() },
                evidence: flavour.evidence(asserted.user_verified, hardware),
            });
        }
        Err(refusal)
    }
}

impl SecondFactor for WebAuthn {
    fn kind(&self) -> FactorKind {
        self.0.kind()
    }

    fn watched(&self) -> bool {
        false
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: self.0.evidence(true, true),
            several: true,
            named: true,
            enrollable: true,
            automatic: false,
            low_water: None,
            use_mails: None,
            on_by_default: true,
            mailbox: false,
        }
    }

    fn evidence_of(&self, pool: &PoolSettings, credential: &Credential) -> Evidence {
        let settings = self.0.settings(pool).unwrap_or_default();
        let record = record::Record::read(&credential.public);
        let hardware = record.map_or_else(
            || !settings.attestation_roots.is_empty(),
            |record| judge::is_hardware(&record, &settings).unwrap_or(false),
        );
        self.0.evidence(true, hardware)
    }

    fn potential(&self, pool: &PoolSettings) -> Evidence {
        let settings = self.0.settings(pool).unwrap_or_default();
        self.0.evidence(true, !settings.attestation_roots.is_empty())
    }

    fn detail(&self, credential: &Credential) -> Option<&'static str> {
        let about = about(credential)?;
        Some(match (about.backup_eligible, about.backup_state) {
            (_, true) => "credential-synced",
            (true, false) => "credential-syncable",
            (false, false) if self.0 == Flavour::SecurityKey || about.is_carried() => "credential-key-bound",
            (false, false) => "credential-device-bound",
        })
    }

    fn passwordless(&self) -> Option<&dyn Passwordless> {
        (self.0 == Flavour::Passkey).then_some(self)
    }

    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        WebauthnSettings::faults(settings)
    }

    fn settings_schema(&self) -> Option<Value> {
        Some(WebauthnSettings::schema())
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let options = r#"{"challenge":"q83vEjRWeJA","rpId":"login.example.com"}"#;
        let sign_in = self.passwordless().map(|_| self.0.sign_in_view(options));
        let views = [self.0.enrol_view(options, &[]), self.0.verify_view(options)];
        views.into_iter().chain(sign_in).collect()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let (flavour, user) = (self.0, cx.subject.user);
        judge::roots(&flavour.settings(&cx.pool.settings)?)?;
        let mut challenge = Challenge::new(cx.entropy, cx.now);
        challenge.suggestion = flavour.suggest(own);
        challenge.taken = ceremony::records(user, own).map(|one| one.id).collect();
        let id = user.to_string();
        let account = if cx.subject.account.trim().is_empty() { &id } else { cx.subject.account };
        let options = ceremony::creation(flavour, cx.pool, user, account, &challenge, own)?;
        let view = flavour.enrol_view(&options, own);
        let state = challenge.seal(cx.keys, cx.entropy, &binding(flavour, cx.pool, Purpose::Enrol(user)))?;
        Ok(Ceremony { state, view, outbox: Vec::new() })
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        let flavour = self.0;
        let ad = binding(flavour, cx.pool, Purpose::Enrol(cx.subject.user));
        let challenge = Challenge::open(state, cx.keys, &ad, cx.now)?;
        let label = label::read(input.get("label"), &challenge.suggestion)?;
        let reply: RegisterPublicKeyCredential = answer::parse(input)?;
        let registered = judge::register(flavour, cx.pool, &challenge, &reply)?;
        let record = registered.record;
        let hardware = judge::is_hardware(&record, &flavour.settings(&cx.pool.settings)?)?;
        let evidence = flavour.evidence(record.user_verified, hardware);
        let public =
            serde_json::to_string(&record).map_err(|error| FactorError::Internal(error.to_string()))?;
        let credential = NewCredential {
            label: label.clone(),
            public: Public(public),
            secret: None,
            counter: registered.mark.write(),
        };
        Ok(Enrolment {
            credentials: vec![credential],
            replaces: Replaces::Nothing,
            evidence: Some(evidence),
            reveal: None,
            label,
        })
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let (flavour, user) = (self.0, cx.subject.user);
        let mine = mine(cx, &flavour.kind(), own)?;
        let allowed: Vec<Record> = mine.iter().filter_map(|one| Record::read(&one.public)).collect();
        if allowed.is_empty() {
            // Not a list without entries: that would ask whoever is there.
            return Err(FactorError::Internal("none of the user's credentials can be read".to_owned()));
        }
        let challenge = Challenge::new(cx.entropy, cx.now);
        let view = flavour.verify_view(&ceremony::request(flavour, cx.pool, &challenge, allowed.into_iter()));
        let state = challenge.seal(cx.keys, cx.entropy, &binding(flavour, cx.pool, Purpose::Verify(user)))?;
        Ok(Ceremony { state, view, outbox: Vec::new() })
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let user = cx.subject.user;
        let challenge =
            Challenge::open(state, cx.keys, &binding(self.0, cx.pool, Purpose::Verify(user)), cx.now)?;
        let reply: PublicKeyCredential = answer::parse(input)?;
        // The user is known, so a handle need not be there; one that is there has to be the user's (§7.2 step 6).
        let handle = reply.get_user_unique_id().filter(|handle| !handle.is_empty());
        if handle.is_some_and(|handle| handle != user.as_bytes()) {
            return Err(FactorError::Wrong);
        }
        self.judge(cx, own, &challenge, &reply)
    }
}

impl Passwordless for WebAuthn {
    fn begin(&self, cx: &PasswordlessCx<'_>) -> Result<Ceremony, FactorError> {
        let challenge = Challenge::new(cx.entropy, cx.now);
        let options = ceremony::request(self.0, cx.pool, &challenge, std::iter::empty());
        let state = challenge.seal(cx.keys, cx.entropy, &binding(self.0, cx.pool, Purpose::Passwordless))?;
        Ok(Ceremony { state, view: self.0.sign_in_view(&options), outbox: Vec::new() })
    }

    fn claimed(&self, _: &PasswordlessCx<'_>, input: &FactorInput) -> Result<UserId, FactorError> {
        let reply: PublicKeyCredential = answer::parse(input)?;
        wire::user(reply.get_user_unique_id())
    }

    fn open(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let challenge =
            Challenge::open(state, cx.keys, &binding(self.0, cx.pool, Purpose::Passwordless), cx.now)?;
        let reply: PublicKeyCredential = answer::parse(input)?;
        // Nobody is known yet, so the handle has to be there (§7.2 step 6).
        if wire::user(reply.get_user_unique_id())? != cx.subject.user {
            return Err(FactorError::Wrong);
        }
        // Anybody can name a user; only an answer with one of the user's credentials is a guess that counts.
        let known = mine(cx, &self.0.kind(), own)?
            .iter()
            .any(|one| Record::read(&one.public).is_some_and(|record| record.id == reply.id));
        if known { self.judge(cx, own, &challenge, &reply) } else { Err(FactorError::NotEnrolled) }
    }
}
