//! Recovery codes: ten of them or as many as the pool says, on paper, each good once.
//!
//! A way back in, not a factor: a code opens the second factor and adds nothing to `acr`. 120 bits each, so that a
//! plain digest is enough to store them and one conditional delete spends one (ASVS 5.0, 6.5.2).
//!
//! A pool that wants none has none: none are issued, and those that were issued before do not work until it wants them again.

mod code;

#[cfg(test)]
mod tests;

use crate::{
    factor::{FactorCx, FactorError, SecondFactor, mine},
    settings::FactorSettings,
    types::{
        Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView, NewCredential,
        Replaces, UseMails, Verified,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use code::{Code, Owner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use vestibule_domain::{
    Category, Counts, Credential, Evidence, FactorKind, Fault,
    credential::Public,
    field::{self, Faults, FieldPath},
};
use vestibule_seal::ct_eq;

/// The most codes that a user gets, whatever the pool says.
const MOST: u32 = 20;
/// So few left are worth a warning.
const LOW_WATER: u32 = 2;

/// The recovery codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecoveryCodes;

impl RecoveryCodes {
    /// Their kind.
    pub const KIND: FactorKind = FactorKind::new("recovery");
}

/// The public data of one code.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Digest of the code, base64url.
    hash: String,
}

fn evidence() -> Evidence {
    Evidence {
        category: Category::Possession,
        amr: vec![Cow::Borrowed("rec")],
        phishing_resistant: false,
        user_verified: false,
        hardware: false,
        counts: Counts::RecoveryOnly,
    }
}

/// What a pool decides about recovery codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RecoverySettings {
    /// How many recovery codes come with the first factor; 0 for none, so that only an admin can help.
    #[schemars(range(max = 20))]
    pub codes: u32,
}

impl Default for RecoverySettings {
    fn default() -> Self {
        Self { codes: 10 }
    }
}

impl FactorSettings for RecoverySettings {
    fn check(&self, faults: &mut Faults) {
        faults.judge(&FieldPath::root().key("codes"), field::range(self.codes, 0, MOST));
    }
}

fn owner<'a>(cx: &FactorCx<'a>) -> Owner<'a> {
    Owner { pool: &cx.pool.id, user: cx.subject.user }
}

/// How many codes a user of the pool gets.
fn count(cx: &FactorCx<'_>) -> u32 {
    // Settings that cannot be read were never accepted; codes are then handed out as usual.
    let settings = RecoverySettings::of(&cx.pool.settings, &RecoveryCodes::KIND).unwrap_or_default();
    settings.codes.min(MOST)
}

/// The page's own title where there is but one code: the titles by convention speak of several.
fn title(count: usize, alone: &'static str) -> Option<&'static str> {
    (count == 1).then_some(alone)
}

fn enrol_view(count: u32, replaced: usize) -> FactorView {
    let title = title(usize::try_from(count).unwrap_or(usize::MAX), "factor-recovery-enrol-title-one");
    let data = json!({ "count": count, "replaced": replaced, "title_key": title });
    FactorView { template: "factors/recovery/enrol.html".to_owned(), data }
}

fn verify_view() -> FactorView {
    let data = json!({ "length": code::LENGTH });
    FactorView { template: "factors/recovery/verify.html".to_owned(), data }
}

fn codes_view(codes: &[String]) -> FactorView {
    let data = json!({ "codes": codes, "title_key": title(codes.len(), "factor-recovery-reveal-title-one") });
    FactorView { template: "factors/recovery/codes.html".to_owned(), data }
}

/// These ceremonies need no memory: the caller binds them to the user, and takes each once.
fn stateless(state: &CeremonyState) -> Result<(), FactorError> {
    if *state == CeremonyState::default() { Ok(()) } else { Err(FactorError::StateInvalid) }
}

impl SecondFactor for RecoveryCodes {
    fn kind(&self) -> FactorKind {
        Self::KIND
    }

    fn watched(&self) -> bool {
        false
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: evidence(),
            several: true,
            named: false,
            enrollable: true,
            automatic: true,
            low_water: Some(LOW_WATER),
            use_mails: Some(UseMails { used: "factor-recovery-used", low: Some("factor-recovery-low") }),
            on_by_default: true,
            mailbox: false,
        }
    }

    fn available(&self, cx: &FactorCx<'_>) -> bool {
        count(cx) > 0
    }

    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        RecoverySettings::faults(settings)
    }

    fn settings_schema(&self) -> Option<Value> {
        Some(RecoverySettings::schema())
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let codes: Vec<String> = (0..10).map(|n| Code::new([n; 15]).grouped()).collect();
        let one = codes.get(..1).unwrap_or_default();
        let enrol = [enrol_view(10, 0), enrol_view(10, 4), enrol_view(1, 0), enrol_view(1, 1)];
        enrol.into_iter().chain([codes_view(&codes), codes_view(one), verify_view()]).collect()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let replaced = mine(cx, &Self::KIND, own).map_or(0, |codes| codes.len());
        Ok(Ceremony {
            state: CeremonyState::default(),
            view: enrol_view(count(cx), replaced),
            outbox: Vec::new(),
        })
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        _input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        stateless(state)?;
        let codes: Vec<Code> = (0..count(cx)).map(|_| Code::new(vestibule_seal::bytes(cx.entropy))).collect();
        let credentials =
            codes.iter().map(|code| new_credential(&code.hash(owner(cx)))).collect::<Result<_, _>>()?;
        if codes.is_empty() {
            // None are wanted: nothing is written, replaced or shown.
            let (replaces, evidence, reveal) = (Replaces::Nothing, None, None);
            return Ok(Enrolment { credentials, replaces, evidence, reveal, label: String::new() });
        }
        let shown: Vec<String> = codes.iter().map(Code::grouped).collect();
        Ok(Enrolment {
            credentials,
            replaces: Replaces::AllOfKind,
            evidence: None,
            reveal: Some(codes_view(&shown)),
            label: String::new(),
        })
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        mine(cx, &Self::KIND, own)?;
        Ok(Ceremony { state: CeremonyState::default(), view: verify_view(), outbox: Vec::new() })
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        stateless(state)?;
        let mine = mine(cx, &Self::KIND, own)?;
        let typed = input.get("code").and_then(Code::read).ok_or(FactorError::Wrong)?;
        let hash = typed.hash(owner(cx));
        let mut refusal = FactorError::Wrong;
        let mut accepted = None;
        // All of them are compared, so that the time does not tell how many are left.
        for credential in mine {
            match stored_hash(credential) {
                Ok(stored) if ct_eq(&stored, &hash) => accepted = Some(credential.id),
                Ok(_) => {}
                Err(broken) => refusal = broken,
            }
        }
        let credential = accepted.ok_or(refusal)?;
        Ok(Verified { credential, effect: Effect::Spend, evidence: evidence() })
    }
}

fn new_credential(hash: &[u8; 32]) -> Result<NewCredential, FactorError> {
    let stored = Stored { hash: URL_SAFE_NO_PAD.encode(hash) };
    let public = serde_json::to_string(&stored).map_err(|error| FactorError::Internal(error.to_string()))?;
    Ok(NewCredential { label: String::new(), public: Public(public), secret: None, counter: 0 })
}

fn stored_hash(credential: &Credential) -> Result<Vec<u8>, FactorError> {
    let broken =
        || FactorError::Internal(format!("the digest of credential {} cannot be read", credential.id));
    let stored: Stored = serde_json::from_str(&credential.public.0).map_err(|_| broken())?;
    URL_SAFE_NO_PAD.decode(stored.hash).map_err(|_| broken())
}
