//! Whether somebody can get in at all: asked before every change that could shut users out for good.

use super::{
    plan::{FactorOffer, Need, plan},
    requirement::Requirement,
};
use crate::{
    assurance::{AuthEvent, EventKind, Evidence},
    credential::FactorKind,
    session::merge_events,
    time::Timestamp,
};

/// Steps after which a way is given up: longer than any real one.
const LONGEST_WAY: u8 = 6;

/// Whether somebody whose first factor `kind` gives `evidence` can reach the requirement at `now` with the factors they
/// have, or by enrolling what they may. Throttles are not looked at: they pass.
pub fn way_in(
    requirement: &Requirement,
    kind: &FactorKind,
    evidence: &Evidence,
    enrolled: &[FactorOffer],
    enrollable: &[FactorOffer],
    now: Timestamp,
) -> bool {
    // Users can repeat a proof that is asked again, so the age of proofs shuts nobody out.
    let requirement =
        Requirement { first_since: Timestamp::EPOCH, second_since: Timestamp::EPOCH, ..requirement.clone() };
    let opening = event(kind, evidence, EventKind::FirstFactor, now);
    walk(&requirement, &[opening], enrolled, enrollable, now, LONGEST_WAY)
}

fn walk(
    requirement: &Requirement,
    events: &[AuthEvent],
    enrolled: &[FactorOffer],
    enrollable: &[FactorOffer],
    now: Timestamp,
    steps: u8,
) -> bool {
    let Some(steps) = steps.checked_sub(1) else { return false };
    let goes_on = |kinds: &[FactorKind], from: &[FactorOffer]| {
        from.iter().filter(|offer| kinds.contains(&offer.kind)).any(|offer| {
            let answer = event(&offer.kind, &offer.evidence, EventKind::SecondFactor, now);
            // An answer that was given before leads nowhere new.
            let new = events.iter().all(|before| before.factor != answer.factor);
            new && walk(requirement, &merge_events(events, &[answer]), enrolled, enrollable, now, steps)
        })
    };
    match plan(requirement, events, enrolled, enrollable, now) {
        Need::Nothing | Need::Suggest(_) => true,
        Need::FirstFactor | Need::Unreachable => false,
        Need::SecondFactor(kinds) => goes_on(&kinds, enrolled),
        Need::Enrol(kinds) => goes_on(&kinds, enrollable) || kinds.iter().any(|kind| again(events, kind)),
    }
}

/// A factor that answered before and is enrolled again: allowed, and then it answers.
fn again(events: &[AuthEvent], kind: &FactorKind) -> bool {
    events.iter().any(|event| event.factor == *kind)
}

fn event(factor: &FactorKind, evidence: &Evidence, kind: EventKind, now: Timestamp) -> AuthEvent {
    let (factor, evidence) = (factor.clone(), evidence.clone());
    AuthEvent { factor, credential: None, kind, at: now, expires_at: now + 1, evidence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assurance::{Acr, Category, Counts},
        policy::Effective,
        pool::MfaMode,
    };
    use std::borrow::Cow;

    const NOW: Timestamp = Timestamp::from_seconds(10_000);

    fn offer(kind: &'static str, phishing_resistant: bool, counts: Counts) -> FactorOffer {
        let evidence = Evidence {
            category: Category::Possession,
            amr: vec![Cow::Borrowed("x")],
            phishing_resistant,
            user_verified: false,
            hardware: false,
            counts,
        };
        FactorOffer { kind: FactorKind::new(kind), evidence, disabled: false, chosen: true }
    }

    #[test]
    fn who_can_get_in() {
        let totp = || offer("totp", false, Counts::TowardAcr);
        let key = || offer("key", true, Counts::TowardAcr);
        let mail = || offer("email", false, Counts::PolicyOnly);
        let rec = || offer("recovery", false, Counts::RecoveryOnly);
        let dead = || FactorOffer { disabled: true, ..totp() };
        let floor = |mode, min, has| Requirement::floor(&Effective::plain(mode, min), has);
        use MfaMode::*;
        let rows = [
            ("a password is enough", floor(Optional, None, false), vec![], vec![], true),
            ("a factor answers", floor(Optional, None, true), vec![totp()], vec![], true),
            ("a dead one does not", floor(Optional, None, true), vec![dead()], vec![totp()], false),
            ("but codes do", floor(Optional, None, true), vec![dead(), rec()], vec![totp()], true),
            ("required and enrollable", floor(Required, None, false), vec![], vec![totp()], true),
            ("required, nothing to enrol", floor(Required, None, false), vec![], vec![], false),
            ("a mailed code is no class", floor(Optional, Some(Acr::Mfa), true), vec![mail()], vec![], false),
            (
                "unless more can be enrolled",
                floor(Optional, Some(Acr::Mfa), true),
                vec![mail()],
                vec![totp()],
                true,
            ),
            (
                "phr by enrolling behind totp",
                floor(Optional, Some(Acr::Phr), true),
                vec![totp()],
                vec![key()],
                true,
            ),
            ("phr out of reach", floor(Optional, Some(Acr::Phr), true), vec![totp()], vec![], false),
        ];
        for (name, requirement, enrolled, enrollable, expected) in rows {
            let password = Evidence::password();
            let found = way_in(&requirement, &FactorKind::PASSWORD, &password, &enrolled, &enrollable, NOW);
            assert_eq!(found, expected, "{name}");
        }
    }
}
