//! What comes next in a sign-in. This is the one place that interprets what the policy finds missing; everything that
//! begins a sign-in, goes on with one or ends one asks here.

use crate::{base::cx::Live, policy::offers::Offers};
use vestibule_domain::{
    AuthEvent, Authenticated, FactorKind, Need, Requirement, Timestamp,
    policy::{plan, suggestion},
    session::has_postponed,
};

/// Whether an enrolment that nobody requires may be proposed at this point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proposals {
    /// Somebody has just given the first factor: now is the time.
    Made,
    /// Somebody is signed in, or was asked before.
    Over,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Nothing is missing.
    Through,
    /// Nothing is missing, but one of these is proposed.
    Propose(Vec<FactorKind>),
    /// The first factor, once more.
    FirstFactor,
    /// One of these second factors.
    SecondFactor(Vec<FactorKind>),
    /// To enrol one of these.
    Enrol(Vec<FactorKind>),
    /// What is required cannot be reached.
    Unreachable,
}

impl Proposals {
    /// For somebody who is signed in, or at the end of a sign-in: a proposal that can be postponed only so often is made in
    /// every session that has not postponed it yet. Otherwise a sign-in elsewhere would be a way around the count.
    pub(crate) fn due(requirement: &Requirement, events: &[AuthEvent], now: Timestamp) -> Self {
        let counted = requirement.suggest.is_some_and(|suggestion| suggestion.skips_left.is_some());
        if counted && !has_postponed(events, now) { Self::Made } else { Self::Over }
    }
}

impl Course {
    /// What comes next for somebody with these proofs and these factors.
    pub(crate) fn of(
        requirement: &Requirement,
        events: &[AuthEvent],
        offers: &Offers,
        proposals: Proposals,
        now: Timestamp,
    ) -> Self {
        match plan(requirement, events, &offers.enrolled, &offers.enrollable, now) {
            Need::Nothing | Need::Suggest(_) => match proposals {
                Proposals::Made => suggestion(requirement, &offers.enrolled, &offers.enrollable)
                    .map_or(Self::Through, Self::Propose),
                Proposals::Over => Self::Through,
            },
            Need::FirstFactor => Self::FirstFactor,
            Need::SecondFactor(choices) => Self::SecondFactor(choices),
            Need::Enrol(choices) => Self::Enrol(choices),
            Need::Unreachable => Self::Unreachable,
        }
    }

    /// What a sign-in is told to do.
    pub(crate) fn need(self) -> Need {
        match self {
            Self::Through => Need::Nothing,
            Self::Propose(choices) => Need::Suggest(choices),
            Self::FirstFactor => Need::FirstFactor,
            Self::SecondFactor(choices) => Need::SecondFactor(choices),
            Self::Enrol(choices) => Need::Enrol(choices),
            Self::Unreachable => Need::Unreachable,
        }
    }
}

/// A session before what is required of it.
pub(crate) enum Standing {
    /// It gives all of it.
    Met(Box<Met>),
    /// It does not.
    Missing(Box<Missing>),
}

/// What was required, and the proof that it was given.
pub(crate) struct Met {
    pub(crate) requirement: Requirement,
    pub(crate) authenticated: Authenticated,
}

/// What is required and was not given, what the user has to give it with, and what comes next.
pub(crate) struct Missing {
    pub(crate) requirement: Requirement,
    pub(crate) offers: Offers,
    pub(crate) course: Course,
}

impl Standing {
    /// Judges a session.
    pub(crate) fn of(live: &Live, requirement: Requirement, offers: Offers, now: Timestamp) -> Self {
        let events = &live.session.events;
        let proposals = Proposals::due(&requirement, events, now);
        let course = Course::of(&requirement, events, &offers, proposals, now);
        match (Authenticated::from_session(&live.session, &requirement, now), &course) {
            (Some(authenticated), Course::Through) => Self::Met(Box::new(Met { requirement, authenticated })),
            _ => Self::Missing(Box::new(Missing { requirement, offers, course })),
        }
    }
}
