//! What is asked of a user, and the shortest way to give it.
//!
//! Two different things are required of a sign-in. The *second door* is the pool's own rule: somebody who has a
//! factor is asked for it, and a recovery code opens it. The *class* is what the relying party may rely on: a
//! recovery code does not count for it.

use crate::{
    assurance::{Acr, AuthEvent, Door, Evidence, class_of},
    credential::FactorKind,
    pool::MfaMode,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

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

/// What a sign-in or an action needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The least class.
    pub acr: Acr,
    /// Whether the second door has to be opened at all.
    pub second_door: bool,
    /// Proofs of the first door older than this do not count.
    pub first_since: Timestamp,
    /// Proofs of the second door older than this do not count.
    pub second_since: Timestamp,
    /// Why, the most important first.
    pub reasons: Vec<Reason>,
}

impl Requirement {
    /// What the pool and the application ask for whatever the request says.
    pub fn floor(mode: MfaMode, has_factor: bool, min_acr: Option<Acr>) -> Self {
        let mut reasons = Vec::new();
        if min_acr.is_some_and(|acr| acr > Acr::OneFactor) {
            reasons.push(Reason::ApplicationRequires);
        }
        if mode == MfaMode::Required {
            reasons.push(Reason::PoolRequires);
        } else if has_factor {
            reasons.push(Reason::UserEnrolled);
        }
        Self {
            acr: min_acr.unwrap_or(Acr::OneFactor),
            second_door: has_factor || mode == MfaMode::Required,
            first_since: Timestamp::EPOCH,
            second_since: Timestamp::EPOCH,
            reasons,
        }
    }

    /// Raises the class that is needed; never lowers it.
    #[must_use]
    pub fn at_least(mut self, acr: Acr, reason: Reason) -> Self {
        if acr > self.acr {
            self.acr = acr;
            self.reasons.insert(0, reason);
        }
        self
    }

    /// Asks for all proofs anew: nothing before `since` counts (`max_age`, `prompt=login`).
    #[must_use]
    pub fn all_since(mut self, since: Timestamp) -> Self {
        self.first_since = self.first_since.max(since);
        self.second_since = self.second_since.max(since);
        self
    }

    /// Tells the user that it is the age of their proofs that matters.
    #[must_use]
    pub fn because_fresh(mut self) -> Self {
        self.reasons.insert(0, Reason::Fresh);
        self
    }

    /// Asks for a recent second factor, whatever the age of the first.
    #[must_use]
    pub fn factor_since(mut self, since: Timestamp) -> Self {
        self.second_since = self.second_since.max(since);
        self.because_fresh()
    }

    /// The events that count at `now`.
    pub fn counted<'a>(&self, events: &'a [AuthEvent], now: Timestamp) -> Vec<&'a AuthEvent> {
        let since = |event: &AuthEvent| match event.door {
            Door::First => self.first_since,
            Door::Second | Door::Bound => self.second_since,
        };
        events.iter().filter(|event| event.is_live(since(event), now)).collect()
    }

    fn standing(&self, events: &[AuthEvent], now: Timestamp) -> Standing {
        let counted = self.counted(events, now);
        let proofs = counted.iter().filter(|event| event.door != Door::Bound);
        let evidence: Vec<Evidence> = proofs.map(|event| event.evidence.clone()).collect();
        Standing {
            first: counted.iter().any(|event| event.door == Door::First),
            second: !self.second_door || counted.iter().any(|event| opens_second(event)),
            class: class_of(evidence.iter()) >= self.acr,
            backup_used: evidence.iter().any(|one| one.backup),
            evidence,
        }
    }

    /// Whether the events satisfy the requirement at `now`.
    pub fn is_met_by(&self, events: &[AuthEvent], now: Timestamp) -> bool {
        let standing = self.standing(events, now);
        standing.first && standing.second && standing.class
    }
}

struct Standing {
    first: bool,
    second: bool,
    class: bool,
    backup_used: bool,
    evidence: Vec<Evidence>,
}

/// A kind of factor the user has, or could have, and what its answer would be worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorOffer {
    /// Which.
    pub kind: FactorKind,
    /// What a right answer is worth.
    pub evidence: Evidence,
    /// Too many wrong answers: it exists, but does not answer any more.
    pub disabled: bool,
}

/// The next thing to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the requirement is met.
    Nothing,
    /// The first door.
    FirstDoor,
    /// One of these factors.
    SecondDoor(Vec<FactorKind>),
    /// To enrol one of these.
    Enrol(Vec<FactorKind>),
    /// The user cannot reach it.
    Unreachable,
}

/// Whether any factor that counts is enrolled, disabled ones included: a factor that no longer answers must not
/// turn its owner into somebody without one.
pub fn has_factor(enrolled: &[FactorOffer]) -> bool {
    enrolled.iter().any(|offer| !offer.evidence.backup)
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
    evidence.extend(enrolled.iter().filter(|offer| !offer.disabled).map(|offer| offer.evidence.clone()));
    class_of(evidence.iter())
}

/// The shortest way from the events to the requirement.
///
/// Enrolment is offered only to somebody who has no factor, or who has just opened the second door: a session that
/// stands before the door can never add a key to it.
pub fn plan(
    requirement: &Requirement,
    events: &[AuthEvent],
    enrolled: &[FactorOffer],
    enrollable: &[FactorOffer],
    now: Timestamp,
) -> Need {
    let standing = requirement.standing(events, now);
    if !standing.first {
        return Need::FirstDoor;
    }
    if standing.second && standing.class {
        return Need::Nothing;
    }
    let reaches = |offer: &&FactorOffer| {
        !offer.disabled
            && !offer.evidence.backup
            && class_of(standing.evidence.iter().chain([&offer.evidence])) >= requirement.acr
    };
    let kinds =
        |offers: Vec<&FactorOffer>| offers.into_iter().map(|offer| offer.kind.clone()).collect::<Vec<_>>();
    let direct = kinds(enrolled.iter().filter(reaches).collect());
    let new = kinds(enrollable.iter().filter(reaches).collect());
    let owner = has_factor(enrolled);
    let opened = requirement.counted(events, now).into_iter().any(opens_second);

    if owner && !opened {
        if direct.is_empty() && !standing.class && new.is_empty() {
            return Need::Unreachable;
        }
        let answering = enrolled.iter().filter(|offer| !offer.disabled);
        let others: Vec<FactorKind> =
            answering.map(|offer| offer.kind.clone()).filter(|kind| !direct.contains(kind)).collect();
        let choices: Vec<FactorKind> = direct.into_iter().chain(others).collect();
        return if choices.is_empty() { Need::Unreachable } else { Need::SecondDoor(choices) };
    }
    if !direct.is_empty() && !standing.backup_used {
        return Need::SecondDoor(direct);
    }
    if !new.is_empty() {
        return Need::Enrol(new);
    }
    if direct.is_empty() { Need::Unreachable } else { Need::SecondDoor(direct) }
}

/// Whether the event lets the session through the second door; what it is worth is another question.
fn opens_second(event: &AuthEvent) -> bool {
    event.door != Door::First || event.evidence.user_verified
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assurance::Category;
    use std::borrow::Cow;

    const NOW: Timestamp = Timestamp::from_seconds(10_000);

    fn evidence(resistant: bool, backup: bool) -> Evidence {
        Evidence {
            category: Category::Possession,
            amr: vec![Cow::Borrowed("x")],
            phishing_resistant: resistant,
            user_verified: false,
            hardware: false,
            backup,
        }
    }
    fn offer(kind: &'static str, resistant: bool, backup: bool) -> FactorOffer {
        FactorOffer { kind: FactorKind::new(kind), evidence: evidence(resistant, backup), disabled: false }
    }
    fn event(kind: &'static str, door: Door, evidence: Evidence, age: i64) -> AuthEvent {
        let (at, expires_at) = (NOW - age, NOW - age + 5_000);
        AuthEvent { factor: FactorKind::new(kind), credential: None, door, at, expires_at, evidence }
    }
    fn pwd(age: i64) -> AuthEvent {
        event("password", Door::First, Evidence::password(), age)
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
        let totp_now = || event("totp", Door::Second, evidence(false, false), 1);
        let rec_now = || event("recovery", Door::Second, evidence(false, true), 1);
        let floor = Requirement::floor;
        let ask = |acr| floor(MfaMode::Optional, true, None).at_least(acr, Reason::Requested);
        let dead = FactorOffer { disabled: true, ..totp() };
        use Acr::*;
        use MfaMode::*;
        use Need::*;
        let rows: Vec<Row> = vec![
            ("nothing yet", floor(Optional, false, None), vec![], vec![], vec![], FirstDoor),
            ("password is enough", floor(Optional, false, None), vec![pwd(1)], vec![], vec![totp()], Nothing),
            (
                "who has a factor is asked",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![totp()],
                vec![],
                SecondDoor(kinds(&["totp"])),
            ),
            (
                "even when the pool switched it off",
                floor(Off, true, None),
                vec![pwd(1)],
                vec![totp()],
                vec![],
                SecondDoor(kinds(&["totp"])),
            ),
            (
                "codes come second",
                floor(Optional, true, None),
                vec![pwd(1)],
                vec![rec(), totp()],
                vec![],
                SecondDoor(kinds(&["totp", "recovery"])),
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
                vec![pwd(1), event("totp", Door::Bound, evidence(false, false), 1)],
                vec![totp()],
                vec![totp()],
                SecondDoor(kinds(&["totp"])),
            ),
            (
                "just bound: the pool is content",
                floor(Required, true, None),
                vec![pwd(1), event("totp", Door::Bound, evidence(false, false), 1)],
                vec![totp()],
                vec![],
                Nothing,
            ),
            ("step up", ask(Mfa), vec![pwd(1)], vec![totp()], vec![], SecondDoor(kinds(&["totp"]))),
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
                SecondDoor(kinds(&["key", "totp"])),
            ),
            (
                "never enrol before the door is open",
                ask(Phr),
                vec![pwd(1)],
                vec![totp()],
                vec![key()],
                SecondDoor(kinds(&["totp"])),
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
                SecondDoor(kinds(&["recovery"])),
            ),
            (
                "old proofs do not count",
                ask(Mfa).all_since(NOW - 5),
                vec![pwd(10), totp_now()],
                vec![totp()],
                vec![],
                FirstDoor,
            ),
            (
                "a fresh factor",
                ask(OneFactor).factor_since(NOW),
                vec![pwd(10), totp_now()],
                vec![totp()],
                vec![],
                SecondDoor(kinds(&["totp"])),
            ),
        ];
        for (name, requirement, events, enrolled, enrollable, expected) in rows {
            assert_eq!(plan(&requirement, &events, &enrolled, &enrollable, NOW), expected, "{name}");
            assert_eq!(requirement.is_met_by(&events, NOW), expected == Nothing, "{name}");
        }
    }

    #[test]
    fn raising_never_lowers() {
        let requirement =
            Requirement::floor(MfaMode::Off, false, Some(Acr::Phr)).at_least(Acr::Mfa, Reason::Requested);
        assert_eq!(requirement.acr, Acr::Phr);
    }
}
