//! Which factors there are.

use crate::{factor::SecondFactor, recovery::RecoveryCodes, totp::Totp};
use std::sync::Arc;
use vestibule_domain::{Category, Credential, Evidence, FactorKind, FactorOffer};

/// Two factors claim one name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two second factors are of kind {0}; rename one of them")]
pub struct DuplicateKind(pub FactorKind);

/// The factors of this installation, the preferred ones first.
#[derive(Clone)]
pub struct Registry {
    factors: Vec<Arc<dyn SecondFactor>>,
}

impl Registry {
    /// The factors that come with the product.
    #[must_use]
    pub fn builtin() -> Self {
        Self { factors: vec![Arc::new(Totp), Arc::new(RecoveryCodes)] }
    }

    /// A registry of one's own choice, in order of preference.
    ///
    /// # Errors
    /// [`DuplicateKind`] when two of them have the same kind.
    pub fn new(factors: Vec<Arc<dyn SecondFactor>>) -> Result<Self, DuplicateKind> {
        let kinds: Vec<FactorKind> = factors.iter().map(|factor| factor.kind()).collect();
        let mut seen = std::collections::BTreeSet::new();
        match kinds.into_iter().find(|kind| !seen.insert(kind.clone())) {
            Some(twice) => Err(DuplicateKind(twice)),
            None => Ok(Self { factors }),
        }
    }

    /// The factor of that kind.
    #[must_use]
    pub fn get(&self, kind: &FactorKind) -> Option<&dyn SecondFactor> {
        self.iter().find(|factor| factor.kind() == *kind)
    }

    /// All factors, the preferred ones first.
    pub fn iter(&self) -> impl Iterator<Item = &dyn SecondFactor> {
        self.factors.iter().map(|factor| &**factor)
    }

    /// The kinds of which the user has at least one credential, in the registry's order.
    ///
    /// A credential whose factor is no longer in the registry is offered as a disabled one: taking a factor out of
    /// service must not turn its owners into users without one.
    #[must_use]
    pub fn offers(&self, own: &[Credential], disabled: &[FactorKind]) -> Vec<FactorOffer> {
        let has = |kind: &FactorKind| own.iter().any(|one| one.kind == *kind);
        let known = self.iter().filter(|factor| has(&factor.kind())).map(|factor| {
            let kind = factor.kind();
            FactorOffer { disabled: disabled.contains(&kind), evidence: factor.traits().evidence, kind }
        });
        let mut offers: Vec<FactorOffer> = known.collect();
        for one in own {
            if !offers.iter().any(|offer| offer.kind == one.kind) {
                offers.push(FactorOffer {
                    kind: one.kind.clone(),
                    evidence: out_of_service(),
                    disabled: true,
                });
            }
        }
        offers
    }

    /// The kinds that the user could enrol to get a factor that counts.
    #[must_use]
    pub fn enrollable(&self, own: &[Credential]) -> Vec<FactorOffer> {
        let offers = self.iter().filter_map(|factor| {
            let (kind, traits) = (factor.kind(), factor.traits());
            let full = !traits.several && own.iter().any(|one| one.kind == kind);
            let counts = traits.enrollable && !traits.evidence.backup;
            (counts && !full).then_some(FactorOffer { kind, evidence: traits.evidence, disabled: false })
        });
        offers.collect()
    }
}

/// What is assumed of a factor nobody can ask any more: that it was one.
fn out_of_service() -> Evidence {
    Evidence {
        category: Category::Possession,
        amr: Vec::new(),
        phishing_resistant: false,
        user_verified: false,
        hardware: false,
        backup: false,
    }
}
