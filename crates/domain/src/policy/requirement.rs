//! What one sign-in or one action needs.

use super::rules::{AfterRecovery, Effective, Obligation};
use crate::{
    assurance::{Acr, AuthEvent, Counts, EventKind, Evidence, class_of},
    credential::FactorKind,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Why something is required; told to the user in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The pool asks every user for a second factor.
    PoolRequires,
    /// The user has a factor, so it is asked for.
    UserEnrolled,
    /// The application never accepts less.
    ApplicationRequires,
    /// The application asked for it this time.
    Requested,
    /// A change of factors or passwords needs a recent proof.
    Fresh,
}

/// A reason and the rule behind it; the version is that of the pool's settings, see [`Requirement::version`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// Why, for the user.
    pub reason: Reason,
    /// Name of the rule, for the admin.
    pub rule: String,
}

/// The least that opens the second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeastStrength {
    /// Whatever the tenant lets through: a factor, a mailed code, a recovery code, a remembered device.
    #[default]
    Any,
    /// A factor or a recovery code: a user who has a real factor cannot change it with a mailed code.
    Factor,
    /// A phishing-resistant factor or a recovery code.
    #[serde(alias = "resistant")]
    PhishingResistant,
}

/// An enrolment that is proposed and may still be postponed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// From when it can no longer be postponed, where a date was set.
    pub from: Option<Timestamp>,
    /// How often it can still be postponed, where that is counted.
    pub skips_left: Option<u32>,
}

/// What a sign-in or an action needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The least class.
    pub acr: Acr,
    /// Whether the second factor has to be opened at all.
    #[serde(alias = "second_door")]
    pub second_factor: bool,
    /// What opens it.
    pub least: LeastStrength,
    /// Proofs of the first factor older than this do not count.
    pub first_since: Timestamp,
    /// Proofs of the second factor older than this do not count.
    pub second_since: Timestamp,
    /// Whether a factor has to answer: then it is not enough that one was just enrolled.
    #[serde(default)]
    pub answered: bool,
    /// The kinds of factor that count; `None`: every kind. The password and recovery codes are no factors that a tenant
    /// names, and count in any case; a remembered browser is a rule of its own.
    #[serde(default)]
    pub factors: Option<BTreeSet<FactorKind>>,
    /// Lists of kinds. A sign-in may not use two of one list, one as its first and one as its second factor.
    pub distinct: Vec<Vec<FactorKind>>,
    /// Browsers that were remembered before this moment do not count; none counts where it is missing.
    pub remembered_since: Option<Timestamp>,
    /// Whether a recovery code leads to nothing but a new enrolment.
    pub rebind: bool,
    /// An enrolment to propose.
    pub suggest: Option<Suggestion>,
    /// Why, the most important first.
    pub reasons: Vec<Because>,
    /// Version of the pool's settings that the rules are from.
    pub version: i64,
}

impl Requirement {
    /// What the policy asks for whatever the request says.
    pub fn floor(policy: &Effective, has_factor: bool) -> Self {
        let mut reasons = Vec::new();
        let because = |reason, rule: &str| Because { reason, rule: rule.to_owned() };
        if policy.min_acr.value > Acr::OneFactor {
            reasons.push(because(Reason::ApplicationRequires, &policy.min_acr.rule));
        }
        let required = policy.mode.value == Obligation::Required;
        if required {
            reasons.push(because(Reason::PoolRequires, &policy.mode.rule));
        } else if has_factor {
            reasons.push(because(Reason::UserEnrolled, &policy.mode.rule));
        }
        let suggest = match policy.mode.value {
            Obligation::Announced { from, skips_left } => Some(Suggestion { from, skips_left }),
            Obligation::Off | Obligation::Optional | Obligation::Required => None,
        };
        Self {
            acr: policy.min_acr.value,
            second_factor: has_factor || required,
            least: LeastStrength::Any,
            first_since: Timestamp::EPOCH,
            second_since: Timestamp::EPOCH,
            answered: false,
            factors: policy.factors.value.clone(),
            distinct: policy.distinct.clone(),
            remembered_since: policy.remembered_since,
            rebind: policy.after_recovery.value == AfterRecovery::Enrol,
            suggest,
            reasons,
            version: policy.version,
        }
    }

    /// Raises the class that is needed; never lowers it.
    #[must_use]
    pub fn at_least(mut self, acr: Acr, reason: Reason, rule: &str) -> Self {
        if acr > self.acr {
            self.acr = acr;
            self.reasons.insert(0, Because { reason, rule: rule.to_owned() });
        }
        self
    }

    /// Asks for all proofs again: nothing before `since` counts (`max_age`, `prompt=login`).
    #[must_use]
    pub fn all_since(self, since: Timestamp) -> Self {
        self.first_factor_since(since).second_factor_since(since)
    }

    /// Asks for the first factor again.
    #[must_use]
    pub fn first_factor_since(mut self, since: Timestamp) -> Self {
        self.first_since = self.first_since.max(since);
        self
    }

    /// Asks for the second factor again, where it has to be opened.
    #[must_use]
    pub fn second_factor_since(mut self, since: Timestamp) -> Self {
        self.second_since = self.second_since.max(since);
        self
    }

    /// As [`Requirement::second_factor_since`], by an answer: an enrolment since then is not one.
    #[must_use]
    pub fn answered_since(self, since: Timestamp) -> Self {
        Self { answered: true, ..self.second_factor_since(since) }
    }

    /// Raises what opens the second factor; never lowers it.
    #[must_use]
    pub fn at_least_strength(mut self, least: LeastStrength) -> Self {
        self.least = self.least.max(least);
        self
    }

    /// What both ask: the stricter of each. The reasons of `other` come first.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut reasons = other.reasons.clone();
        reasons.extend(self.reasons.iter().filter(|one| !other.reasons.contains(one)).cloned());
        let mut distinct = self.distinct.clone();
        distinct.extend(other.distinct.iter().filter(|one| !self.distinct.contains(one)).cloned());
        let factors = match (&self.factors, &other.factors) {
            (Some(one), Some(two)) => Some(one.intersection(two).cloned().collect()),
            (one, two) => one.as_ref().or(two.as_ref()).cloned(),
        };
        Self {
            acr: self.acr.max(other.acr),
            second_factor: self.second_factor || other.second_factor,
            least: self.least.max(other.least),
            first_since: self.first_since.max(other.first_since),
            second_since: self.second_since.max(other.second_since),
            answered: self.answered || other.answered,
            factors,
            distinct,
            remembered_since: self
                .remembered_since
                .zip(other.remembered_since)
                .map(|(one, two)| one.max(two)),
            rebind: self.rebind || other.rebind,
            suggest: other.suggest,
            reasons,
            version: other.version,
        }
    }

    /// Tells the user that it is the age of their proofs that matters.
    #[must_use]
    pub fn because_fresh(mut self, rule: &str) -> Self {
        self.reasons.insert(0, Because { reason: Reason::Fresh, rule: rule.to_owned() });
        self
    }

    /// The events that count at `now`.
    pub fn counted<'a>(&self, events: &'a [AuthEvent], now: Timestamp) -> Vec<&'a AuthEvent> {
        let live = |event: &&AuthEvent| match event.kind {
            EventKind::FirstFactor => event.is_live(self.first_since, now),
            EventKind::SecondFactor => event.is_live(self.second_since, now),
            EventKind::Enrolment => !self.answered && event.is_live(self.second_since, now),
            // It stands for a proof of long ago, so it is never enough where a recent one is asked.
            EventKind::RememberedBrowser => {
                self.second_since == Timestamp::EPOCH
                    && self.remembered_since.is_some_and(|since| event.is_live(since, now))
            }
            EventKind::Postponed => false,
        };
        let allowed = |event: &&AuthEvent| {
            event.kind == EventKind::RememberedBrowser || self.allows(&event.factor, &event.evidence)
        };
        let live: Vec<&AuthEvent> = events.iter().filter(live).filter(allowed).collect();
        let first: Vec<&FactorKind> = live
            .iter()
            .filter(|event| event.kind == EventKind::FirstFactor)
            .map(|event| &event.factor)
            .collect();
        let repeats = |event: &AuthEvent| {
            event.kind != EventKind::FirstFactor && self.repeats(first.iter().copied(), &event.factor)
        };
        live.iter().filter(|event| !repeats(event)).copied().collect()
    }

    /// Whether an answer of that kind may count at all.
    pub(crate) fn allows(&self, kind: &FactorKind, evidence: &Evidence) -> bool {
        *kind == FactorKind::PASSWORD
            || evidence.is_recovery()
            || self.factors.as_ref().is_none_or(|kinds| kinds.contains(kind))
    }

    /// Whether the tenant takes `kind` for the same thing as all that opened the first factor. One that is something else
    /// is enough: so a first proof that ages out can only take away from what counts, and never add to it.
    pub(crate) fn repeats<'a>(&self, first: impl Iterator<Item = &'a FactorKind>, kind: &FactorKind) -> bool {
        let mut first = first.peekable();
        let same = |one| self.distinct.iter().any(|group| group.contains(one) && group.contains(kind));
        first.peek().is_some() && first.all(same)
    }

    pub(crate) fn standing(&self, events: &[AuthEvent], now: Timestamp) -> Standing {
        let counted = self.counted(events, now);
        let proofs = counted.iter().filter(|event| event.kind.proves());
        let evidence: Vec<Evidence> = proofs.map(|event| event.evidence.clone()).collect();
        let lets_in =
            |event: &&AuthEvent| self.opens_second(event) && !(self.rebind && event.evidence.is_recovery());
        Standing {
            first: counted.iter().any(|event| event.kind == EventKind::FirstFactor),
            second: !self.second_factor || counted.iter().any(lets_in),
            class: class_of(evidence.iter()) >= self.acr,
            recovery_used: evidence.iter().any(Evidence::is_recovery),
            second_proofs: counted
                .iter()
                .filter(|event| event.kind != EventKind::RememberedBrowser && self.opens_second(event))
                .map(|event| event.evidence.counts)
                .collect(),
            first_kinds: counted
                .iter()
                .filter(|event| event.kind == EventKind::FirstFactor)
                .map(|event| event.factor.clone())
                .collect(),
            evidence,
        }
    }

    /// Whether the events satisfy the requirement at `now`.
    pub fn is_met_by(&self, events: &[AuthEvent], now: Timestamp) -> bool {
        let standing = self.standing(events, now);
        standing.first && standing.second && standing.class
    }

    /// Whether the event lets the session through the second factor; what it is worth is another question.
    fn opens_second(&self, event: &AuthEvent) -> bool {
        match event.kind {
            EventKind::FirstFactor => event.evidence.user_verified,
            EventKind::SecondFactor | EventKind::Enrolment => self.is_enough(&event.evidence),
            EventKind::RememberedBrowser => self.least == LeastStrength::Any,
            EventKind::Postponed => false,
        }
    }

    /// Whether an answer of that worth opens the second factor.
    pub(crate) fn is_enough(&self, evidence: &Evidence) -> bool {
        match self.least {
            LeastStrength::Any => true,
            LeastStrength::Factor => evidence.counts != Counts::PolicyOnly,
            LeastStrength::PhishingResistant => {
                evidence.is_recovery()
                    || (evidence.phishing_resistant && evidence.counts == Counts::TowardAcr)
            }
        }
    }
}

/// How far some events come.
pub(crate) struct Standing {
    pub(crate) first: bool,
    pub(crate) second: bool,
    pub(crate) class: bool,
    pub(crate) recovery_used: bool,
    /// What opened the second factor by a proof, or by an enrolment that needed one.
    pub(crate) second_proofs: Vec<Counts>,
    pub(crate) first_kinds: Vec<FactorKind>,
    pub(crate) evidence: Vec<Evidence>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::MfaMode;

    #[test]
    fn raising_never_lowers() {
        let floor = Requirement::floor(&Effective::plain(MfaMode::Off, Some(Acr::Phr)), false);
        assert_eq!(floor.at_least(Acr::Mfa, Reason::Requested, "request").acr, Acr::Phr);
    }
}
