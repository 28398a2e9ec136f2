//! Which factors there are.

mod registered;

use crate::{
    email::EmailCode, factor::SecondFactor, recovery::RecoveryCodes, totp::Totp, webauthn::WebAuthn,
};
use registered::Registered;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use vestibule_domain::{
    Category, Counts, Credential, Evidence, FactorKind, FactorOffer, FactorRules, Fault, PoolSettings,
};

/// Why factors cannot be registered together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Two factors claim one name.
    #[error("two second factors are of kind {0}; rename one of them")]
    DuplicateKind(FactorKind),
    /// A factor cannot say what it is.
    #[error("the second factor {name} cannot be used: {cause}")]
    Broken {
        /// The name of its type.
        name: &'static str,
        /// What went wrong.
        cause: String,
    },
}

/// The factors of this installation, the preferred ones first.
#[derive(Clone)]
pub struct Registry {
    factors: Vec<Arc<dyn SecondFactor>>,
}

impl Registry {
    /// The factors that come with the product.
    #[must_use]
    pub fn builtin() -> Self {
        let factors: [Arc<dyn SecondFactor>; 5] = [
            Arc::new(WebAuthn::passkey()),
            Arc::new(WebAuthn::security_key()),
            Arc::new(Totp),
            Arc::new(EmailCode),
            Arc::new(RecoveryCodes),
        ];
        Self { factors: factors.into_iter().filter_map(|factor| registered(factor).ok()).collect() }
    }

    /// The kinds that are on where a pool's rules name none.
    pub fn on_by_default(&self) -> impl Iterator<Item = FactorKind> {
        self.iter().filter(|factor| factor.traits().on_by_default).map(SecondFactor::kind)
    }

    /// A registry of these factors, in order of preference. Each factor is asked once, now, what it is, and held to that.
    ///
    /// # Errors
    /// [`RegistryError`] when one of them cannot say, or two of them have the same kind.
    pub fn new(factors: Vec<Arc<dyn SecondFactor>>) -> Result<Self, RegistryError> {
        let factors: Vec<_> = factors.into_iter().map(registered).collect::<Result<_, _>>()?;
        let mut seen = std::collections::BTreeSet::new();
        match factors.iter().map(|factor| factor.kind()).find(|kind| !seen.insert(kind.clone())) {
            Some(twice) => Err(RegistryError::DuplicateKind(twice)),
            None => Ok(Self { factors }),
        }
    }

    /// The same registry with one factor more, the least preferred one.
    ///
    /// # Errors
    /// As [`Registry::new`].
    pub fn with(self, factor: Arc<dyn SecondFactor>) -> Result<Self, RegistryError> {
        let mut factors = self.factors;
        factors.push(factor);
        Self::new(factors)
    }

    /// Its factors, to make another registry of them.
    #[must_use]
    pub fn into_factors(self) -> Vec<Arc<dyn SecondFactor>> {
        self.factors
    }

    /// The factor of that kind.
    #[must_use]
    pub fn get(&self, kind: &FactorKind) -> Option<&dyn SecondFactor> {
        self.get_shared(kind).map(|factor| &**factor)
    }

    /// As [`Registry::get`], to be taken along.
    #[must_use]
    pub fn get_shared(&self, kind: &FactorKind) -> Option<&Arc<dyn SecondFactor>> {
        self.factors.iter().find(|factor| factor.kind() == *kind)
    }

    /// All factors, the preferred ones first.
    pub fn iter(&self) -> impl Iterator<Item = &dyn SecondFactor> {
        self.factors.iter().map(|factor| &**factor)
    }

    /// The JSON Schemas of the factors' settings, by kind.
    #[must_use]
    pub fn settings_schemas(&self) -> BTreeMap<String, Value> {
        let schema = |factor: &dyn SecondFactor| Some((factor.kind().to_string(), factor.settings_schema()?));
        self.iter().filter_map(schema).collect()
    }

    /// The kinds of which the user has at least one credential, in the registry's order; those for which `answers` says
    /// no are there but disabled.
    ///
    /// A credential whose factor is no longer in the registry is offered as a disabled one, too: taking a factor out of
    /// service must not turn its owners into users without one.
    #[must_use]
    pub fn offers(
        &self,
        pool: &PoolSettings,
        own: &[Credential],
        answers: impl Fn(&dyn SecondFactor) -> bool,
    ) -> Vec<FactorOffer> {
        let offer = |kind: FactorKind, evidence: Evidence, disabled: bool| {
            let mut mine = own.iter().filter(|one| one.kind == kind).peekable();
            mine.peek()?;
            let chosen = mine.any(|one| one.chosen);
            Some(FactorOffer { kind, evidence, disabled, chosen })
        };
        let best = |factor: &dyn SecondFactor| {
            let mine = own.iter().filter(|one| one.kind == factor.kind());
            mine.map(|one| factor.evidence_of(pool, one)).max_by_key(strength)
        };
        let known = self.iter().filter_map(|factor| offer(factor.kind(), best(factor)?, !answers(factor)));
        let mut offers: Vec<FactorOffer> = known.collect();
        for one in own {
            if !offers.iter().any(|offer| offer.kind == one.kind) {
                offers.extend(offer(one.kind.clone(), out_of_service(), true));
            }
        }
        offers
    }

    /// The kinds that the user could enrol to get a factor that counts, as far as `may` allows them.
    #[must_use]
    pub fn enrollable(
        &self,
        pool: &PoolSettings,
        own: &[Credential],
        may: impl Fn(&dyn SecondFactor) -> bool,
    ) -> Vec<FactorOffer> {
        let offers = self.iter().filter(|factor| may(*factor)).filter_map(|factor| {
            let (kind, traits) = (factor.kind(), factor.traits());
            let full = !traits.several && own.iter().any(|one| one.kind == kind);
            let counts = traits.enrollable && !traits.evidence.is_recovery();
            let evidence = factor.potential(pool);
            (counts && !full).then_some(FactorOffer { kind, evidence, disabled: false, chosen: true })
        });
        offers.collect()
    }
}

impl FactorRules for Registry {
    fn check_settings(&self, kind: &FactorKind, settings: &Value) -> Vec<Fault> {
        if let Some(factor) = self.get(kind) {
            return factor.check_settings(settings);
        }
        let known: Vec<String> = self.iter().map(|factor| factor.kind().to_string()).collect();
        let fault = Fault::new(format!("there is no factor of kind {:?}", kind.as_str()));
        vec![
            fault
                .expected(format!("one of {}", known.join(", ")))
                .hint("correct the name, or remove the table"),
        ]
    }

    fn is_mailbox(&self, kind: &FactorKind) -> bool {
        self.get(kind).is_some_and(|factor| factor.traits().mailbox)
    }
}

fn registered(factor: Arc<dyn SecondFactor>) -> Result<Arc<dyn SecondFactor>, RegistryError> {
    Ok(Arc::new(Registered::new(factor)?))
}

/// The higher the more an answer is worth.
fn strength(evidence: &Evidence) -> (bool, bool, bool) {
    (evidence.phishing_resistant, evidence.user_verified, evidence.hardware)
}

/// What is assumed of a factor that is no longer in the registry: that it was a factor that counts.
fn out_of_service() -> Evidence {
    Evidence {
        category: Category::Possession,
        amr: Vec::new(),
        phishing_resistant: false,
        user_verified: false,
        hardware: false,
        counts: Counts::TowardAcr,
    }
}
