//! The sign-in as one state machine, and the proof that it was finished.
//!
//! A flow begins after the first factor: before that was right nothing is stored. Every published bypass of a
//! second factor is a state that the policy forgot, so there is one type of state, its transitions are the methods
//! below, and [`Authenticated`] can only be made from a finished flow or a session that meets the requirement.

use crate::{
    action::Action,
    assurance::{Assurance, AuthEvent, EventKind, Evidence, assess},
    credential::FactorKind,
    ids::{FlowId, SessionId, UserId},
    policy::{Need, Requirement},
    session::{Session, merge_events},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What the sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intent {
    /// An authorization request, judged when it arrived.
    Authorize(AuthorizationIntent),
    /// Something in the user center.
    Account(Action),
}

/// An authorization request in a form that only the protocol reads. One of another layout, as an older version wrote
/// it, is empty here and counts as expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationIntent {
    /// The application that asks.
    #[serde(default)]
    pub client_id: String,
    /// What it asks for.
    #[serde(default)]
    pub request: serde_json::Value,
}

/// Where a sign-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Stage {
    /// A factor has to answer.
    #[serde(alias = "second-door")]
    SecondFactor {
        /// The factors that would do, best first.
        choices: Vec<FactorKind>,
        /// The one that is asked.
        asked: FactorKind,
    },
    /// A factor has to be enrolled; nothing else is possible.
    Enrol {
        /// The factors that would do.
        choices: Vec<FactorKind>,
    },
    /// Nothing is missing, but an enrolment is proposed; it can be postponed.
    Suggest {
        /// The factors that can be enrolled.
        choices: Vec<FactorKind>,
    },
    /// A factor was enrolled; its recovery codes are on the screen.
    SaveCodes,
    /// Finished.
    Authenticated,
    /// Over: the user cannot give what is asked.
    Unreachable,
}

/// The transition does not exist from this stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sign-in is not at a stage where this can happen")]
pub struct WrongStage;

/// A sign-in whose first factor is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginFlow {
    id: FlowId,
    intent: Intent,
    browser: [u8; 32],
    user: UserId,
    base: Option<SessionId>,
    requirement: Requirement,
    events: Vec<AuthEvent>,
    stage: Stage,
    expires_at: Timestamp,
}

/// What a flow begins with.
#[derive(Clone, Debug)]
pub struct Begin {
    /// Its identifier.
    pub id: FlowId,
    /// What it is for.
    pub intent: Intent,
    /// Digest of the cookie of the browser that started it; no other browser can continue it.
    pub browser: [u8; 32],
    /// Who opened the first factor.
    pub user: UserId,
    /// The session that is being raised, if there is one.
    pub base: Option<SessionId>,
    /// What is required.
    pub requirement: Requirement,
    /// The proofs so far: those of the session, and the new one.
    pub events: Vec<AuthEvent>,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl LoginFlow {
    /// Starts a flow at the stage that `need` says.
    ///
    /// # Errors
    /// [`WrongStage`] when the first factor is missing, or `need` claims that nothing is missing and that is untrue.
    pub fn begin(begin: Begin, need: Need, now: Timestamp) -> Result<Self, WrongStage> {
        let Begin { id, intent, browser, user, base, requirement, events, expires_at } = begin;
        let stage = Stage::Unreachable;
        Self { id, intent, browser, user, base, requirement, events, stage, expires_at }.advance(need, now)
    }

    fn advance(mut self, need: Need, now: Timestamp) -> Result<Self, WrongStage> {
        self.stage = match need {
            Need::FirstFactor => return Err(WrongStage),
            Need::Nothing if self.requirement.is_met_by(&self.events, now) => Stage::Authenticated,
            Need::Nothing => return Err(WrongStage),
            Need::SecondFactor(choices) => match choices.first().cloned() {
                Some(asked) => Stage::SecondFactor { choices, asked },
                None => Stage::Unreachable,
            },
            Need::Enrol(choices) => Stage::Enrol { choices },
            Need::Suggest(choices) if self.requirement.is_met_by(&self.events, now) => {
                Stage::Suggest { choices }
            }
            Need::Suggest(_) => return Err(WrongStage),
            Need::Unreachable => Stage::Unreachable,
        };
        Ok(self)
    }

    /// The user wants to answer with another factor.
    ///
    /// # Errors
    /// [`WrongStage`] when that factor is not among the choices.
    pub fn choose(mut self, kind: &FactorKind) -> Result<Self, WrongStage> {
        match &mut self.stage {
            Stage::SecondFactor { choices, asked } if choices.contains(kind) => {
                *asked = kind.clone();
                Ok(self)
            }
            _ => Err(WrongStage),
        }
    }

    /// A factor gave a right answer; `need` is what the plan says with `event` added.
    ///
    /// # Errors
    /// [`WrongStage`] when no factor, or another one, was asked.
    pub fn answered(mut self, event: AuthEvent, need: Need, now: Timestamp) -> Result<Self, WrongStage> {
        match &self.stage {
            Stage::SecondFactor { asked, .. } if *asked == event.factor => {}
            _ => return Err(WrongStage),
        }
        self.events = merge_events(&self.events, &[event]);
        self.advance(need, now)
    }

    /// A factor was enrolled and answered its first challenge; its recovery codes are shown when `codes` says so.
    ///
    /// # Errors
    /// [`WrongStage`] when the flow did not ask for an enrolment of that kind, or it does not satisfy the requirement.
    pub fn enrolled(mut self, event: AuthEvent, codes: bool, now: Timestamp) -> Result<Self, WrongStage> {
        match &self.stage {
            Stage::Enrol { choices } | Stage::Suggest { choices } if choices.contains(&event.factor) => {}
            _ => return Err(WrongStage),
        }
        self.events = merge_events(&self.events, &[event]);
        self = self.advance(Need::Nothing, now)?;
        if codes {
            self.stage = Stage::SaveCodes;
        }
        Ok(self)
    }

    /// The user has saved the recovery codes.
    ///
    /// # Errors
    /// [`WrongStage`] when none were shown, or the proofs have aged out meanwhile.
    pub fn codes_saved(self, now: Timestamp) -> Result<Self, WrongStage> {
        if self.stage == Stage::SaveCodes { self.advance(Need::Nothing, now) } else { Err(WrongStage) }
    }

    /// The user postpones the enrolment that was proposed, for the whole session, which lasts until `expires_at` at most.
    /// Whether that can still be done is for the caller to know.
    ///
    /// # Errors
    /// [`WrongStage`] when none was proposed, or the proofs have aged out meanwhile.
    pub fn postpone(mut self, now: Timestamp, expires_at: Timestamp) -> Result<Self, WrongStage> {
        if !matches!(self.stage, Stage::Suggest { .. }) {
            return Err(WrongStage);
        }
        let postponed = AuthEvent {
            factor: FactorKind::POSTPONED,
            credential: None,
            kind: EventKind::Postponed,
            at: now,
            expires_at,
            evidence: Evidence::nothing(),
        };
        self.events = merge_events(&self.events, &[postponed]);
        self.advance(Need::Nothing, now)
    }

    /// The sign-in is judged by the rules and factors of now: what they ask is asked besides what was asked so far, and
    /// `need` is what the plan says of both together.
    ///
    /// # Errors
    /// [`WrongStage`] when the first factor is missing, or `need` claims that nothing is missing and that is untrue.
    pub fn reconsidered(
        mut self,
        requirement: &Requirement,
        need: Need,
        now: Timestamp,
    ) -> Result<Self, WrongStage> {
        self.requirement = self.requirement.and(requirement);
        self.advance(need, now)
    }

    /// Its identifier.
    pub const fn id(&self) -> FlowId {
        self.id
    }
    /// What it is for.
    pub const fn intent(&self) -> &Intent {
        &self.intent
    }
    /// Digest of the browser's cookie.
    pub const fn browser(&self) -> &[u8; 32] {
        &self.browser
    }
    /// Who is signing in. Not yet proved beyond the first factor.
    pub const fn user(&self) -> UserId {
        self.user
    }
    /// The session that is being raised.
    pub const fn base(&self) -> Option<SessionId> {
        self.base
    }
    /// What is required.
    pub const fn requirement(&self) -> &Requirement {
        &self.requirement
    }
    /// The proofs so far.
    pub fn events(&self) -> &[AuthEvent] {
        &self.events
    }
    /// Where it stands.
    pub const fn stage(&self) -> &Stage {
        &self.stage
    }
    /// When it ends.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// Proof that a user has given everything that was required: the only way to codes, consent and `/u`.
///
/// Its fields are private and it cannot be deserialized; the two constructors below check.
#[derive(Clone, Debug)]
pub struct Authenticated {
    user: UserId,
    session: SessionId,
    assurance: Assurance,
}

impl Authenticated {
    /// From a finished flow. `None` unless it stands at [`Stage::Authenticated`] and its proofs still meet the
    /// requirement. `session` is the session that the flow opens or raises.
    pub fn from_flow(flow: &LoginFlow, session: SessionId, now: Timestamp) -> Option<Self> {
        if flow.stage != Stage::Authenticated || now >= flow.expires_at {
            return None;
        }
        Self::check(flow.user, session, &flow.events, &flow.requirement, now)
    }

    /// From a living session that meets the requirement.
    pub fn from_session(session: &Session, requirement: &Requirement, now: Timestamp) -> Option<Self> {
        Self::check(session.user, session.id, &session.events, requirement, now)
    }

    fn check(
        user: UserId,
        session: SessionId,
        events: &[AuthEvent],
        requirement: &Requirement,
        now: Timestamp,
    ) -> Option<Self> {
        if !requirement.is_met_by(events, now) {
            return None;
        }
        let counted: Vec<AuthEvent> = requirement.counted(events, now).into_iter().cloned().collect();
        let assurance = assess(&counted, Timestamp::EPOCH, now)?;
        Some(Self { user, session, assurance })
    }

    /// Who.
    pub const fn user(&self) -> UserId {
        self.user
    }
    /// In which session.
    pub const fn session(&self) -> SessionId {
        self.session
    }
    /// What the proofs are worth.
    pub const fn assurance(&self) -> &Assurance {
        &self.assurance
    }
}
