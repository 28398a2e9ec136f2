//! What the rules answer to one request, without anybody signing in.

use crate::{
    admin::{Admin, AdminError},
    base::audit::Why,
    factor::call::PoolAt,
    policy::lockout::{line_of, own_of, somebody},
    sign_in::course::{Course, Proposals},
};
use serde::Serialize;
use std::collections::BTreeMap;
use vestibule_domain::{
    Acr, AuthEvent, Client, Effective, Evidence, FactorKind, Facts, Pool, Reason, Requirement, User,
    assurance::EventKind,
    policy::{DEFAULT_RULE, Decided, Obligation},
};
use vestibule_store::{CensusKind, CensusLine};

/// Who asks for what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyQuestion {
    /// Slug of the pool.
    pub pool: String,
    /// An existing user; their groups and factors count.
    pub user: Option<String>,
    /// Groups of an invented user.
    pub groups: Vec<String>,
    /// Factors of an invented user.
    pub factors: Vec<FactorKind>,
    /// `client_id`; none for the user center.
    pub client: Option<String>,
    /// Scopes asked for.
    pub scopes: Vec<String>,
    /// An essential class.
    pub acr: Option<Acr>,
}

/// What is asked after the right password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Nothing more.
    Nothing,
    /// A second factor.
    SecondFactor,
    /// To enrol one.
    Enrol,
    /// An enrolment is proposed and can be put off.
    Suggest,
    /// It cannot be reached.
    Refused,
}

impl Asked {
    /// Its name, as in files and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::SecondFactor => "second-factor",
            Self::Enrol => "enrol",
            Self::Suggest => "suggest",
            Self::Refused => "refused",
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PolicyAnswer {
    /// What is asked after the right password.
    pub asked: Asked,
    /// Of which factors.
    pub factors: Vec<FactorKind>,
    /// Why: classes, reasons, rules, version.
    pub why: Why,
    /// Every knob, with its value and the rule that decided it.
    pub knobs: BTreeMap<&'static str, Knob>,
}

/// A decided knob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Knob {
    /// As in settings.
    pub value: String,
    /// Name of the rule.
    pub rule: String,
}

/// Whoever the question is about.
struct Asker {
    user: User,
    line: CensusLine,
}

impl Admin<'_> {
    /// What would be asked now.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`], [`AdminError::NoSuchUser`], [`AdminError::NoSuchClient`] or
    /// [`AdminError::Failure`].
    pub async fn ask_policy(&self, question: &PolicyQuestion) -> Result<PolicyAnswer, AdminError> {
        let pool = self.pool_named(&question.pool).await?;
        let client = match &question.client {
            Some(id) => Some(self.client_of(&pool, id).await?),
            None => None,
        };
        let asker = match &question.user {
            Some(name) => {
                let (_, user) = self.account(&question.pool, name).await?;
                let store = self.app.store().pool(pool.id);
                let (own, attempts) =
                    (store.credentials(user.id).await?, store.attempts(user.id.as_uuid()).await?);
                Asker { line: line_of(&user, &own, &attempts, true), user }
            }
            None => {
                let line = invented(question);
                let user = somebody(&line, self.app.now());
                Asker { line, user }
            }
        };
        Ok(self.answer_policy(&pool, client.as_ref(), question, &asker))
    }

    async fn client_of(&self, pool: &Pool, id: &str) -> Result<Client, AdminError> {
        let clients = self.app.store().pool(pool.id).clients().await?;
        let found = clients.into_iter().find(|client| client.id == id);
        found.ok_or_else(|| AdminError::NoSuchClient { pool: pool.slug.clone(), client: id.to_owned() })
    }

    fn answer_policy(
        &self,
        pool: &Pool,
        client: Option<&Client>,
        question: &PolicyQuestion,
        asker: &Asker,
    ) -> PolicyAnswer {
        let (Asker { user, line }, now) = (asker, self.app.now());
        let facts = Facts {
            application: client.map(|client| client.id.as_str()),
            application_acr: client.and_then(|client| client.min_acr),
            groups: &user.groups,
            scopes: &question.scopes,
            skips_used: user.mfa_skips,
            now,
        };
        let policy = self.app.policies().effective(pool, &facts);
        let knobs = knobs(&policy);
        let place = PoolAt { pool, now, can_mail: self.app.can_mail() };
        let offers = self.app.policies().offers_of(place, user, policy, own_of(line, user));
        let mut requirement = Requirement::floor(&offers.policy, offers.has_factor());
        if let Some(acr) = question.acr {
            requirement =
                requirement.at_least(acr, Reason::Requested, vestibule_domain::policy::REQUEST_RULE);
        }
        let password = AuthEvent {
            factor: FactorKind::PASSWORD,
            credential: None,
            kind: EventKind::FirstFactor,
            at: now,
            expires_at: now + 1,
            evidence: Evidence::password(),
        };
        let (asked, factors) = match Course::of(&requirement, &[password], &offers, Proposals::Made, now) {
            Course::Through => (Asked::Nothing, Vec::new()),
            Course::Propose(kinds) => (Asked::Suggest, kinds),
            Course::SecondFactor(kinds) => (Asked::SecondFactor, kinds),
            Course::Enrol(kinds) => (Asked::Enrol, kinds),
            Course::FirstFactor | Course::Unreachable => (Asked::Refused, Vec::new()),
        };
        PolicyAnswer { asked, factors, why: Why::of(&requirement), knobs }
    }
}

fn invented(question: &PolicyQuestion) -> CensusLine {
    let kind = |kind: &FactorKind| CensusKind { kind: kind.clone(), disabled: false, chosen: true };
    CensusLine {
        groups: question.groups.clone(),
        kinds: question.factors.iter().map(kind).collect(),
        has_password: true,
        email_verified: true,
        skips: 0,
        users: 1,
        sample: Vec::new(),
    }
}

fn knobs(policy: &Effective) -> BTreeMap<&'static str, Knob> {
    let mode = match policy.mode.value {
        Obligation::Off => "off".to_owned(),
        Obligation::Optional => "optional".to_owned(),
        Obligation::Required => "required".to_owned(),
        Obligation::Announced { from: Some(from), .. } => {
            format!("required from {}", vestibule_domain::time::moment(from))
        }
        Obligation::Announced { skips_left, .. } => {
            format!("required after {} more", skips_left.unwrap_or_default())
        }
    };
    let named = policy.factors.value.as_ref().filter(|_| policy.factors.rule != DEFAULT_RULE);
    let factors = named.map_or_else(
        || "all that are on by default".to_owned(),
        |kinds| kinds.iter().map(FactorKind::as_str).collect::<Vec<_>>().join(", "),
    );
    BTreeMap::from([
        ("policy", Knob { value: mode, rule: policy.mode.rule.clone() }),
        ("min_acr", knob(&policy.min_acr, |acr| acr.short().to_owned())),
        ("locked", knob(&policy.locked, bool::to_string)),
        ("factors", Knob { value: factors, rule: policy.factors.rule.clone() }),
        ("enrol", knob(&policy.enrol, |proof| proof.as_str().to_owned())),
        ("remove", knob(&policy.remove, |proof| proof.as_str().to_owned())),
        ("disable", knob(&policy.disable, |proof| proof.as_str().to_owned())),
        ("regenerate", knob(&policy.regenerate, |proof| proof.as_str().to_owned())),
        ("after_recovery", knob(&policy.after_recovery, |after| after.as_str().to_owned())),
        ("remember_days", knob(&policy.remember_days, u32::to_string)),
    ])
}

fn knob<T>(decided: &Decided<T>, text: impl Fn(&T) -> String) -> Knob {
    Knob { value: text(&decided.value), rule: decided.rule.clone() }
}
