//! The shortest way from what was proved to what is required.

use super::requirement::Requirement;
use crate::{
    assurance::{Acr, AuthEvent, Counts, Evidence, class_of},
    credential::FactorKind,
    time::Timestamp,
};

/// A kind of factor the user has, or could have, and what its answer would be worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorOffer {
    /// Which.
    pub kind: FactorKind,
    /// What a right answer is worth.
    pub evidence: Evidence,
    /// It exists but does not answer: too many wrong answers, not allowed any more, or out of service.
    pub disabled: bool,
    /// Whether the user enrolled it of their own accord; otherwise a rule had forced them to.
    pub chosen: bool,
}

/// The next thing to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the requirement is met.
    Nothing,
    /// The first factor.
    FirstFactor,
    /// One of these factors.
    SecondFactor(Vec<FactorKind>),
    /// To enrol one of these.
    Enrol(Vec<FactorKind>),
    /// Nothing is missing, but the tenant wants one of these proposed.
    Suggest(Vec<FactorKind>),
    /// The user cannot reach it.
    Unreachable,
}

/// Whether any factor that counts is enrolled, disabled ones included: a factor that no longer answers must not
/// turn its owner into somebody without one.
pub fn has_factor(enrolled: &[FactorOffer]) -> bool {
    enrolled.iter().any(|offer| !offer.evidence.is_recovery())
}

/// What to propose to a user whose sign-in is complete: only to a user without a factor, and only what can be enrolled.
pub fn suggestion(
    requirement: &Requirement,
    enrolled: &[FactorOffer],
    enrollable: &[FactorOffer],
) -> Option<Vec<FactorKind>> {
    let wanted = requirement.suggest.is_some() && !has_factor(enrolled) && !enrollable.is_empty();
    wanted.then(|| enrollable.iter().map(|offer| offer.kind.clone()).collect())
}

/// The class that these events and enrolled factors can reach together without enrolling anything.
pub fn reachable(
    requirement: &Requirement,
    events: &[AuthEvent],
    enrolled: &[FactorOffer],
    now: Timestamp,
) -> Acr {
    let mut evidence = requirement.standing(events, now).evidence;
    if evidence.is_empty() {
        evidence.push(Evidence::password());
    }
    let answers = |offer: &&FactorOffer| !offer.disabled && requirement.allows(&offer.kind, &offer.evidence);
    evidence.extend(enrolled.iter().filter(answers).map(|offer| offer.evidence.clone()));
    class_of(evidence.iter())
}

/// The shortest way from the events to the requirement.
///
/// Enrolment is offered only to somebody who has no factor, or who has just opened the second factor: a session that
/// has yet to give its second factor can never add one.
pub fn plan(
    requirement: &Requirement,
    events: &[AuthEvent],
    enrolled: &[FactorOffer],
    enrollable: &[FactorOffer],
    now: Timestamp,
) -> Need {
    let standing = requirement.standing(events, now);
    if !standing.first {
        return Need::FirstFactor;
    }
    if standing.second && standing.class {
        return Need::Nothing;
    }
    let answers = |offer: &&FactorOffer| {
        !offer.disabled
            && requirement.allows(&offer.kind, &offer.evidence)
            && requirement.is_enough(&offer.evidence)
            && !requirement.repeats(standing.first_kinds.iter(), &offer.kind)
    };
    let reaches = |offer: &&FactorOffer| {
        answers(offer)
            && !offer.evidence.is_recovery()
            && class_of(standing.evidence.iter().chain([&offer.evidence])) >= requirement.acr
    };
    let kinds =
        |offers: Vec<&FactorOffer>| offers.into_iter().map(|offer| offer.kind.clone()).collect::<Vec<_>>();
    let direct = kinds(enrolled.iter().filter(reaches).collect());
    let new = kinds(enrollable.iter().filter(reaches).collect());
    let owner = has_factor(enrolled);

    // Nobody adds a factor before they have given one themselves: a remembered browser gave none, and a mailed code is
    // not enough where a real factor could have answered.
    let strong = enrolled.iter().filter(answers).any(|offer| offer.evidence.counts == Counts::TowardAcr);
    let opened = standing.second_proofs.iter().any(|counts| *counts != Counts::PolicyOnly || !strong);

    if owner && !opened {
        if direct.is_empty() && !standing.class && new.is_empty() {
            return Need::Unreachable;
        }
        // What would only lead back here is not asked for: a mailed code before an enrolment that takes a real factor.
        let idle = strong && direct.is_empty();
        let answering = enrolled
            .iter()
            .filter(answers)
            .filter(|offer| !(idle && offer.evidence.counts == Counts::PolicyOnly));
        let others: Vec<FactorKind> =
            answering.map(|offer| offer.kind.clone()).filter(|kind| !direct.contains(kind)).collect();
        let choices: Vec<FactorKind> = direct.into_iter().chain(others).collect();
        return if choices.is_empty() { Need::Unreachable } else { Need::SecondFactor(choices) };
    }
    if !direct.is_empty() && !standing.recovery_used {
        return Need::SecondFactor(direct);
    }
    if !new.is_empty() {
        return Need::Enrol(new);
    }
    if direct.is_empty() { Need::Unreachable } else { Need::SecondFactor(direct) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assurance::{Category, Counts, EventKind},
        policy::{Effective, Reason},
        pool::MfaMode,
    };
    use std::borrow::Cow;

    const NOW: Timestamp = Timestamp::from_seconds(10_000);

    fn evidence(resistant: bool, backup: bool) -> Evidence {
        Evidence {
            category: Category::Possession,
            amr: vec![Cow::Borrowed("x")],
            phishing_resistant: resistant,
            user_verified: false,
            hardware: false,
            counts: if backup { Counts::RecoveryOnly } else { Counts::TowardAcr },
        }
    }
    fn offer(kind: &'static str, resistant: bool, backup: bool) -> FactorOffer {
        let (kind, evidence) = (FactorKind::new(kind), evidence(resistant, backup));
        FactorOffer { kind, evidence, disabled: false, chosen: true }
    }
    fn event(factor: &'static str, kind: EventKind, evidence: Evidence, age: i64) -> AuthEvent {
        let (at, expires_at) = (NOW - age, NOW - age + 5_000);
        AuthEvent { factor: FactorKind::new(factor), credential: None, kind, at, expires_at, evidence }
    }
    fn pwd(age: i64) -> AuthEvent {
        event("password", EventKind::FirstFactor, Evidence::password(), age)
    }
    fn kinds(names: &[&'static str]) -> Vec<FactorKind> {
        names.iter().map(|name| FactorKind::new(name)).collect()
    }

    type Row = (&'static str, Requirement, Vec<AuthEvent>, Vec<FactorOffer>, Vec<FactorOffer>, Need);

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn the_transition_table() {
        let totp = || offer("totp", false, false);
        let rec = || offer("recovery", false, true);
        let key = || offer("key", true, false);
        let totp_now = || event("totp", EventKind::SecondFactor, evidence(false, false), 1);
        let rec_now = || event("recovery", EventKind::SecondFactor, evidence(false, true), 1);
        let floor = |mode, has, min| Requirement::floor(&Effective::plain(mode, min), has);
        let ask = |acr| floor(MfaMode::Optional, true, None).at_least(acr, Reason::Requested, "request");
        let dead = FactorOffer { disabled: true, ..totp() };
        use Acr::*;
        use MfaMode::*;
        use Need::*;
        let rows: Vec<Row> = vec![
            ("nothing yet", floor(Optional, false, None), vec![], vec![], vec![], FirstFactor),
            ("password is enough", floor(Optional, false, None), vec![pwd(1)], vec![], vec![totp()], Nothing),
            (
                "who has a factor is asked",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![totp()],
                vec![],
                SecondFactor(kinds(&["totp"])),
            ),
            (
                "even when the pool switched it off",
                floor(Off, true, None),
                vec![pwd(1)],
                vec![totp()],
                vec![],
                SecondFactor(kinds(&["totp"])),
            ),
            (
                "codes come second",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![rec(), totp()],
                vec![],
                SecondFactor(kinds(&["totp", "recovery"])),
            ),
            (
                "required, none yet",
                floor(Required, false, None),
                vec![pwd(1)],
                vec![],
                vec![totp()],
                Enrol(kinds(&["totp"])),
            ),
            (
                "required, left-over codes are no factor",
                floor(Required, false, None),
                vec![pwd(1)],
                vec![rec()],
                vec![totp()],
                Enrol(kinds(&["totp"])),
            ),
            (
                "required, none possible",
                floor(Required, false, None),
                vec![pwd(1)],
                vec![],
                vec![],
                Unreachable,
            ),
            (
                "recovery opens the door",
                floor(Optional, true, None),
                vec![pwd(1), rec_now()],
                vec![totp()],
                vec![],
                Nothing,
            ),
            (
                "but is no class: bind a new factor",
                ask(Mfa),
                vec![pwd(1), rec_now()],
                vec![totp()],
                vec![totp()],
                Enrol(kinds(&["totp"])),
            ),
            (
                "just bound: open, but no class",
                ask(Mfa),
                vec![pwd(1), event("totp", EventKind::Enrolment, evidence(false, false), 1)],
                vec![totp()],
                vec![totp()],
                SecondFactor(kinds(&["totp"])),
            ),
            (
                "just bound: the pool is content",
                floor(Required, true, None),
                vec![pwd(1), event("totp", EventKind::Enrolment, evidence(false, false), 1)],
                vec![totp()],
                vec![],
                Nothing,
            ),
            ("step up", ask(Mfa), vec![pwd(1)], vec![totp()], vec![], SecondFactor(kinds(&["totp"]))),
            ("reached", ask(Mfa), vec![pwd(1), totp_now()], vec![totp()], vec![], Nothing),
            (
                "app floor",
                floor(Optional, false, Some(Mfa)),
                vec![pwd(1)],
                vec![],
                vec![totp()],
                Enrol(kinds(&["totp"])),
            ),
            (
                "the factor that reaches it comes first",
                ask(Phr),
                vec![pwd(1)],
                vec![totp(), key()],
                vec![],
                SecondFactor(kinds(&["key", "totp"])),
            ),
            (
                "never enrol before the door is open",
                ask(Phr),
                vec![pwd(1)],
                vec![totp()],
                vec![key()],
                SecondFactor(kinds(&["totp"])),
            ),
            (
                "after it, enrol",
                ask(Phr),
                vec![pwd(1), totp_now()],
                vec![totp()],
                vec![key()],
                Enrol(kinds(&["key"])),
            ),
            ("cannot", ask(Phr), vec![pwd(1)], vec![totp()], vec![], Unreachable),
            (
                "disabled is not absent",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![dead.clone()],
                vec![totp()],
                Unreachable,
            ),
            (
                "disabled leaves the codes",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![dead, rec()],
                vec![totp()],
                SecondFactor(kinds(&["recovery"])),
            ),
            (
                "old proofs do not count",
                ask(Mfa).all_since(NOW - 5),
                vec![pwd(10), totp_now()],
                vec![totp()],
                vec![],
                FirstFactor,
            ),
            (
                "a fresh factor",
                ask(OneFactor).second_factor_since(NOW),
                vec![pwd(10), totp_now()],
                vec![totp()],
                vec![],
                SecondFactor(kinds(&["totp"])),
            ),
        ];
        for (name, requirement, events, enrolled, enrollable, expected) in rows {
            assert_eq!(plan(&requirement, &events, &enrolled, &enrollable, NOW), expected, "{name}");
            assert_eq!(requirement.is_met_by(&events, NOW), expected == Nothing, "{name}");
        }
    }
}
