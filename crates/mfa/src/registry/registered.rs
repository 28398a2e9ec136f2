//! A factor of the registry: what it is was read once, so that a description can neither change nor fail later.

use super::RegistryError;
use crate::{
    factor::{FactorCx, FactorError, Passwordless, SecondFactor, guarded},
    types::{Aftermath, Ceremony, CeremonyState, Enrolment, FactorInput, FactorTraits, FactorView, Verified},
};
use serde_json::Value;
use std::sync::Arc;
use vestibule_domain::{
    Credential, CredentialId, Email, Evidence, FactorKind, Fault, PoolSettings, credential::Public,
};

/// A factor and what it said of itself. Its ceremonies are passed on as they are: the caller guards them. What merely
/// describes it is guarded here, and a factor that fails there is worth no more than its traits, or not available.
pub(super) struct Registered {
    kind: FactorKind,
    traits: FactorTraits,
    factor: Arc<dyn SecondFactor>,
}

impl Registered {
    pub(super) fn new(factor: Arc<dyn SecondFactor>) -> Result<Self, RegistryError> {
        let name = factor.type_name();
        let broken = |cause: FactorError| RegistryError::Broken { name, cause: cause.to_string() };
        let kind = guarded(|| Ok(factor.kind())).map_err(broken)?;
        kind.check().map_err(|fault| RegistryError::Broken { name, cause: fault.to_string() })?;
        let traits = guarded(|| Ok(factor.traits())).map_err(broken)?;
        Ok(Self { kind, traits, factor })
    }

    /// What the factor says, or `instead` when it fails.
    fn describe<T>(&self, instead: T, ask: impl FnOnce(&dyn SecondFactor) -> T) -> T {
        guarded(|| Ok(ask(&*self.factor))).unwrap_or(instead)
    }
}

impl SecondFactor for Registered {
    fn type_name(&self) -> &'static str {
        self.factor.type_name()
    }

    fn kind(&self) -> FactorKind {
        self.kind.clone()
    }

    fn traits(&self) -> FactorTraits {
        self.traits.clone()
    }

    fn evidence_of(&self, pool: &PoolSettings, credential: &Credential) -> Evidence {
        self.describe(self.traits.evidence.clone(), |factor| factor.evidence_of(pool, credential))
    }

    fn potential(&self, pool: &PoolSettings) -> Evidence {
        self.describe(self.traits.evidence.clone(), |factor| factor.potential(pool))
    }

    fn available(&self, cx: &FactorCx<'_>) -> bool {
        self.describe(false, |factor| factor.available(cx))
    }

    fn moved(&self, own: &[Credential], address: &Email) -> Vec<(CredentialId, Public)> {
        self.describe(Vec::new(), |factor| factor.moved(own, address))
    }

    fn watched(&self) -> bool {
        self.describe(true, |factor| factor.watched())
    }

    fn detail(&self, credential: &Credential) -> Option<&'static str> {
        self.describe(None, |factor| factor.detail(credential))
    }

    fn passwordless(&self) -> Option<&dyn Passwordless> {
        guarded(|| Ok(self.factor.passwordless())).unwrap_or(None)
    }

    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        guarded(|| Ok(self.factor.check_settings(settings)))
            .unwrap_or_else(|cause| vec![Fault::new(cause.to_string())])
    }

    fn settings_schema(&self) -> Option<Value> {
        self.describe(None, |factor| factor.settings_schema())
    }

    fn sample_views(&self) -> Vec<FactorView> {
        self.factor.sample_views()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        self.factor.begin_enrol(cx, own)
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        self.factor.finish_enrol(cx, state, input)
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        self.factor.begin_verify(cx, own)
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        self.factor.verify(cx, own, state, input)
    }

    fn secrets(&self, own: &[Credential]) -> u32 {
        self.describe(1, |factor| factor.secrets(own))
    }

    fn after_wrong(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Aftermath {
        self.factor.after_wrong(cx, own, state, input)
    }
}
