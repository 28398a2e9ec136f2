//! The tenant's rules, applied to one user and one wish.

use crate::{
    account::Gate,
    app::App,
    authorize::{Checked, Offers},
    context::{Cx, Next},
    error::Failure,
    watch::Place,
};
use vestibule_domain::{
    AuthEvent, Counts, Credential, Effective, FactorKind, Facts, Intent, LeastStrength, Requirement,
    Timestamp, User,
    attempts::Attempts,
    policy::{Decided, Proof, has_factor},
};
use vestibule_mfa::SecondFactor;
use vestibule_store::records::Factors;

/// What a sign-in is for, looked up and checked.
pub(crate) enum Wish {
    /// An authorization request.
    Application {
        /// The request.
        checked: Box<Checked>,
        /// When it arrived.
        at: Timestamp,
    },
    /// A page of the user center.
    Center {
        /// Its path.
        path: String,
    },
}

impl Wish {
    /// The request, where it is one.
    pub(crate) fn checked(&self) -> Option<&Checked> {
        match self {
            Self::Application { checked, .. } => Some(checked),
            Self::Center { .. } => None,
        }
    }
}

impl App {
    /// Looks up what an intent wishes; an error when the application would refuse it by now.
    pub(crate) fn wish(&self, cx: &Cx, intent: &Intent) -> Result<Wish, Next> {
        match intent {
            Intent::Authorize { query, at } => {
                Ok(Wish::Application { checked: Box::new(self.check_request(cx, query)?), at: *at })
            }
            Intent::UserCenter { path } => Ok(Wish::Center { path: path.clone() }),
        }
    }

    /// What the rules of the pool come to for this user, who signs in with this request or in the user center.
    pub(crate) fn policy(&self, cx: &Cx, user: &User, checked: Option<&Checked>) -> Effective {
        self.policy_after(cx, user, checked, user.mfa_skips)
    }

    /// As [`App::policy`], for somebody who is signed in already: how often an enrolment was put off is counted by
    /// sign-in, so the last time opens what it was put off for, too.
    pub(crate) fn policy_inside(&self, cx: &Cx, user: &User, checked: Option<&Checked>) -> Effective {
        self.policy_after(cx, user, checked, 0)
    }

    fn policy_after(&self, cx: &Cx, user: &User, checked: Option<&Checked>, skips_used: u32) -> Effective {
        let facts = Facts {
            application: checked.map(|checked| checked.client.id.as_str()),
            application_acr: checked.and_then(|checked| checked.client.min_acr),
            groups: &user.groups,
            scopes: checked.map_or(&[], |checked| checked.request.scopes.as_slice()),
            skips_used,
            now: cx.now,
        };
        let pool = &cx.pool.pool;
        Effective::of(&pool.settings.mfa, pool.version, &facts)
    }

    /// The factors of a user under a policy.
    pub(crate) async fn offers(&self, cx: &Cx, user: &User, policy: Effective) -> Result<Offers, Failure> {
        let Factors { credentials: own, attempts } = self.pool_store(cx).factors(user.id).await?;
        let at = Place { pool: &cx.pool.pool, now: cx.now, can_mail: self.can_mail() };
        Ok(self.offers_of(at, user, policy, (own, attempts)))
    }

    /// As [`App::offers`], from rows that are at hand.
    pub(crate) fn offers_of(
        &self,
        at: Place<'_>,
        user: &User,
        policy: Effective,
        (own, attempts): (Vec<Credential>, Vec<(FactorKind, Attempts)>),
    ) -> Offers {
        let dead =
            |kind: &FactorKind| attempts.iter().any(|(one, attempts)| one == kind && attempts.is_disabled());
        let usable = |factor: &dyn SecondFactor| {
            let traits = factor.traits();
            let allowed =
                traits.evidence.is_recovery() || policy.allows(&factor.kind(), traits.on_by_default);
            allowed && self.is_available(at, user, factor)
        };
        let enrolled =
            self.registry.offers(&at.pool.settings, &own, |factor| !dead(&factor.kind()) && usable(factor));
        let enrollable = if policy.offers_enrolment() {
            self.registry.enrollable(&at.pool.settings, &own, |factor| usable(factor))
        } else {
            Vec::new()
        };
        Offers { policy, own, enrolled, enrollable, attempts }
    }

    /// Asks a factor whether it can be used now; one that fails to say cannot.
    fn is_available(&self, at: Place<'_>, user: &User, factor: &dyn SecondFactor) -> bool {
        self.look(at, user, |factor_cx| Ok(factor.available(factor_cx))).unwrap_or(false)
    }
}

impl Offers {
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
    fn least(&self, changed: impl Fn(&FactorKind) -> bool) -> LeastStrength {
        let answering = self.enrolled.iter().filter(|offer| !offer.disabled && changed(&offer.kind));
        let strength = |evidence: &vestibule_domain::Evidence| match evidence.counts {
            Counts::TowardAcr if evidence.phishing_resistant => LeastStrength::PhishingResistant,
            Counts::TowardAcr => LeastStrength::Factor,
            Counts::PolicyOnly | Counts::RecoveryOnly => LeastStrength::Any,
        };
        answering.map(|offer| strength(&offer.evidence)).max().unwrap_or_default()
    }
}

/// What a page of the user center requires. `began` is when the session began, where there is one.
pub(crate) fn page_requirement(
    cx: &Cx,
    path: &str,
    offers: &Offers,
    began: Option<Timestamp>,
) -> Requirement {
    let floor = Requirement::floor(&offers.policy, offers.has_factor());
    let fresh = cx.now - cx.pool.pool.settings.lifetimes.fresh;
    let again = began.map_or(fresh, |began| fresh.max(began + 1));
    let policy = &offers.policy;
    let (proof, least) = match Gate::of_path(path) {
        Gate::View => return floor,
        Gate::Manage => {
            let each = [&policy.remove, &policy.disable, &policy.regenerate].map(|proof| proof.value);
            let value = each.into_iter().reduce(Proof::common).unwrap_or_default();
            let proof = Decided { value, rule: policy.disable.rule.clone() };
            return if value == Proof::Recent { floor } else { prove(floor, &proof, again) };
        }
        Gate::Enrol => enrolment_proof(cx, path, offers),
        Gate::Remove => {
            let target = path.rsplit('/').next().unwrap_or_default();
            let kind = offers.own.iter().find(|one| one.id.to_string() == target).map(|one| &one.kind);
            (policy.remove.clone(), offers.least(|one| kind.is_none_or(|kind| kind == one)))
        }
        // There is nothing to prove for what is refused to everybody.
        Gate::Disable if policy.locked.value => return floor,
        Gate::Disable => (policy.disable.clone(), offers.least(|_| true)),
        Gate::Regenerate => (policy.regenerate.clone(), offers.least(|_| true).min(LeastStrength::Factor)),
    };
    // A factor that no sign-in asks for any more still guards itself.
    let mut floor = floor;
    floor.second_factor |= has_factor(&offers.enrolled);
    let base = match Gate::of_path(path) {
        Gate::Enrol => floor.all_since(fresh),
        _ => floor.second_factor_since(fresh),
    };
    prove(base.at_least_strength(least), &proof, again)
}

/// What is asked before an enrolment. One that takes the place of a factor is a removal, too.
fn enrolment_proof(cx: &Cx, path: &str, offers: &Offers) -> (Decided<Proof>, LeastStrength) {
    let (enrol, remove) = (&offers.policy.enrol, &offers.policy.remove);
    // A mailed code is not enough to add a key where a real factor could answer.
    let least = offers.least(|_| true).min(LeastStrength::Factor);
    let kind = path.strip_prefix("/u/security/enrol/").map(FactorKind::from_text);
    let kind = kind.filter(|kind| cx.pool.pool.settings.enrolment.replace && offers.has(kind));
    let Some(kind) = kind else { return (enrol.clone(), least) };
    let value = enrol.value.and(remove.value);
    let rule = if value == enrol.value { &enrol.rule } else { &remove.rule };
    (Decided { value, rule: rule.clone() }, least.max(offers.least(|one| *one == kind)))
}

fn prove(requirement: Requirement, proof: &Decided<Proof>, again: Timestamp) -> Requirement {
    let mut requirement = requirement.because_fresh(&proof.rule);
    if proof.value.password() {
        requirement = requirement.first_factor_since(again);
    }
    if proof.value.factor() {
        requirement = requirement.second_factor_since(again);
    }
    requirement
}

/// What an intent requires, and the error that says that it cannot be had at all.
pub(crate) fn requirement_for(
    cx: &Cx,
    wish: &Wish,
    offers: &Offers,
    (events, began): (&[AuthEvent], Option<Timestamp>),
) -> Result<Requirement, crate::authorize::Unmet> {
    match wish {
        Wish::Application { checked, at } => checked.requirement(cx, *at, offers, events),
        Wish::Center { path } => Ok(page_requirement(cx, path, offers, began)),
    }
}
