//! The tenant's rules and the factors of one user under them.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
    },
    factor::{Claimant, call::PoolAt},
    policy::Policies,
};
use std::collections::BTreeSet;
use vestibule_domain::{
    AuthEvent, Client, Counts, Credential, Effective, FactorKind, FactorOffer, Facts, LeastStrength, Pool,
    User, attempts::Attempts, policy::has_factor, session::has_postponed,
};
use vestibule_mfa::SecondFactor;
use vestibule_store::records::Factors;

/// The application that somebody signs in to, as far as the rules look at it.
pub(crate) struct Application<'a> {
    pub(crate) client: &'a Client,
    /// The scopes that it asks for.
    pub(crate) scopes: &'a [String],
}

/// A user's factors under a policy: what there is and what there could be.
pub(crate) struct Offers {
    pub(crate) policy: Effective,
    pub(crate) own: Vec<Credential>,
    pub(crate) enrolled: Vec<FactorOffer>,
    pub(crate) enrollable: Vec<FactorOffer>,
    pub(crate) attempts: Vec<(FactorKind, Attempts)>,
}

impl Policies<'_> {
    /// What the rules of the pool come to for this user, who signs in with this request or in the user center.
    pub(crate) fn policy(self, cx: &Cx, user: &User, application: Option<&Application<'_>>) -> Effective {
        self.policy_at(self.app.factors().at(cx), user, application, user.mfa_skips)
    }

    /// As [`Policies::policy`], for somebody who is signed in already.
    pub(crate) fn policy_inside(
        self,
        cx: &Cx,
        live: &Live,
        application: Option<&Application<'_>>,
    ) -> Effective {
        self.policy_after(self.app.factors().at(cx), &live.user, application, &live.session.events)
    }

    /// What the rules of a pool come to at a moment, for somebody with these proofs. Postponing an enrolment is counted once
    /// for each session: who postponed it in this one, perhaps for the last time, opens with it what it was postponed for.
    pub(crate) fn policy_after(
        self,
        at: PoolAt<'_>,
        user: &User,
        application: Option<&Application<'_>>,
        events: &[AuthEvent],
    ) -> Effective {
        let here = u32::from(has_postponed(events, at.now));
        self.policy_at(at, user, application, user.mfa_skips.saturating_sub(here))
    }

    /// What the rules of a pool come to at a moment, for somebody who has postponed an enrolment so often.
    fn policy_at(
        self,
        at: PoolAt<'_>,
        user: &User,
        application: Option<&Application<'_>>,
        skips_used: u32,
    ) -> Effective {
        let facts = Facts {
            application: application.map(|one| one.client.id.as_str()),
            application_acr: application.and_then(|one| one.client.min_acr),
            groups: &user.groups,
            scopes: application.map_or(&[], |one| one.scopes),
            skips_used,
            now: at.now,
        };
        self.effective(at.pool, &facts)
    }

    /// What the rules of a pool come to, with the factors of this installation.
    pub(crate) fn effective(self, pool: &Pool, facts: &Facts<'_>) -> Effective {
        let effective = Effective::of(&pool.settings.mfa, pool.version, facts);
        effective.with_default_factors(self.app.registry().on_by_default())
    }

    /// The factors of a user under a policy.
    pub(crate) async fn offers(self, cx: &Cx, user: &User, policy: Effective) -> Result<Offers, Failure> {
        let own = self.app.pool_store(cx).factors(user.id).await?;
        let at = self.app.factors().at(cx);
        Ok(self.offers_of(at, user, policy, own))
    }

    /// As [`Policies::offers`], from rows that are at hand.
    pub(crate) fn offers_of(
        self,
        at: PoolAt<'_>,
        user: &User,
        policy: Effective,
        factors: Factors,
    ) -> Offers {
        self.offers_among(&self.available(at, user), at.pool, policy, factors)
    }

    /// The kinds of factor that can be used now, as they say themselves. Inside a transaction nobody asks them: one that
    /// stalls would hold up everybody who writes.
    pub(crate) fn available(self, at: PoolAt<'_>, user: &User) -> BTreeSet<FactorKind> {
        let available = |factor: &&dyn SecondFactor| self.is_available(at, user, *factor);
        self.app.registry().iter().filter(available).map(|factor| factor.kind()).collect()
    }

    /// As [`Policies::offers_of`], with the kinds that can be used known before.
    pub(crate) fn offers_among(
        self,
        available: &BTreeSet<FactorKind>,
        pool: &Pool,
        policy: Effective,
        Factors { credentials: own, attempts }: Factors,
    ) -> Offers {
        let dead =
            |kind: &FactorKind| attempts.iter().any(|(one, attempts)| one == kind && attempts.is_disabled());
        let usable = |factor: &dyn SecondFactor| {
            let traits = factor.traits();
            let allowed = traits.evidence.is_recovery() || policy.allows(&factor.kind());
            allowed && available.contains(&factor.kind())
        };
        let enrolled = self
            .app
            .registry()
            .offers(&pool.settings, &own, |factor| !dead(&factor.kind()) && usable(factor));
        let enrollable = if policy.offers_enrolment() {
            self.app.registry().enrollable(&pool.settings, &own, |factor| usable(factor))
        } else {
            Vec::new()
        };
        Offers { policy, own, enrolled, enrollable, attempts }
    }

    /// Asks a factor whether it can be used now; one that fails to say cannot.
    fn is_available(self, at: PoolAt<'_>, user: &User, factor: &dyn SecondFactor) -> bool {
        self.app.factors().look(at, user, |factor_cx| Ok(factor.available(factor_cx))).unwrap_or(false)
    }
}

impl Offers {
    /// Their user, in front of a factor.
    pub(crate) fn claimant<'a>(&'a self, user: &'a User) -> Claimant<'a> {
        Claimant { user, own: &self.own }
    }

    /// Whether the user is somebody who is asked for a second factor because they have one.
    pub(crate) fn has_factor(&self) -> bool {
        if self.policy.spares_forced() {
            return self.enrolled.iter().any(|offer| offer.chosen && !offer.evidence.is_recovery());
        }
        has_factor(&self.enrolled)
    }

    /// Whether there is a factor of the kind.
    pub(crate) fn has(&self, kind: &FactorKind) -> bool {
        self.own.iter().any(|one| one.kind == *kind)
    }

    /// What opens the second factor before a change of the factors `kinds`, or of all of them: nothing weaker than the
    /// strongest of those that still answer, or a way back in.
    pub(crate) fn least(&self, changed: impl Fn(&FactorKind) -> bool) -> LeastStrength {
        let answering = self.enrolled.iter().filter(|offer| !offer.disabled && changed(&offer.kind));
        let strength = |evidence: &vestibule_domain::Evidence| match evidence.counts {
            Counts::TowardAcr if evidence.phishing_resistant => LeastStrength::PhishingResistant,
            Counts::TowardAcr => LeastStrength::Factor,
            Counts::PolicyOnly | Counts::RecoveryOnly => LeastStrength::Any,
        };
        answering.map(|offer| strength(&offer.evidence)).max().unwrap_or_default()
    }
}
