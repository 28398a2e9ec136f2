//! The tenant's rule table, and what it comes to for one request.
//!
//! A rule says *when* it applies (application, group, scope; nothing named means always) and what it *asks*. Every
//! rule that applies counts, and of each knob the strictest value wins, so the order of rules means nothing and no
//! rule can weaken another. The winner's name stays with the value: it is what an admin reads when a user wonders.

use crate::{assurance::Acr, credential::FactorKind, pool::MfaMode, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Name of the pool's own rule, the one without conditions.
pub const POOL_RULE: &str = "pool";

/// Name under which what nobody decided is explained.
pub const DEFAULT_RULE: &str = "default";

/// Name under which what an application asked for with its request is explained.
pub const REQUEST_RULE: &str = "request";

/// What the name of the rule begins with that an application's registration is.
const APPLICATION_RULE: &str = "application ";

/// Whether a rule of that name is the registration of an application, and not one of the pool's table.
pub fn asked_by_application(rule: &str) -> bool {
    rule.starts_with(APPLICATION_RULE)
}

/// What a change of factors needs besides what every sign-in to the pool needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// All that the sign-in asked for, given recently. Taking a factor away needs a recent factor or recovery code in any
    /// case.
    #[default]
    Recent,
    /// The password once more, typed after the sign-in that began the session, and recently.
    Password,
    /// A factor or a recovery code once more, given after the sign-in that began the session, and recently.
    Factor,
    /// Both.
    PasswordAndFactor,
}

impl Proof {
    /// Whether the password has to be typed again.
    pub const fn password(self) -> bool {
        matches!(self, Self::Password | Self::PasswordAndFactor)
    }

    /// Whether a factor has to answer again.
    pub const fn factor(self) -> bool {
        matches!(self, Self::Factor | Self::PasswordAndFactor)
    }

    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::Password => "password",
            Self::Factor => "factor",
            Self::PasswordAndFactor => "password-and-factor",
        }
    }

    /// What satisfies both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self.password() || other.password(), self.factor() || other.factor()) {
            (true, true) => Self::PasswordAndFactor,
            (true, false) => Self::Password,
            (false, true) => Self::Factor,
            (false, false) => Self::Recent,
        }
    }

    /// What either of them asks for in any case.
    #[must_use]
    pub const fn common(self, other: Self) -> Self {
        match (self.password() && other.password(), self.factor() && other.factor()) {
            (true, true) => Self::PasswordAndFactor,
            (true, false) => Self::Password,
            (false, true) => Self::Factor,
            (false, false) => Self::Recent,
        }
    }
}

/// What a recovery code leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum AfterRecovery {
    /// A full session, and the advice to enrol again.
    #[default]
    Session,
    /// Nothing but a new enrolment; the old device stops working.
    Enrol,
}

impl AfterRecovery {
    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Enrol => "enrol",
        }
    }
}

/// What a rule asks. What it leaves out it does not decide.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Ask {
    /// Who is asked for a second factor.
    pub mode: Option<MfaMode>,
    /// With [`MfaMode::Required`]: until then an enrolment is proposed, and only from then on required.
    pub required_from: Option<Timestamp>,
    /// With [`MfaMode::Required`]: how often a user may postpone the enrolment first.
    pub skips: Option<u32>,
    /// The least class of every sign-in.
    pub min_acr: Option<Acr>,
    /// Whether the last factor can no longer be removed.
    pub locked: Option<bool>,
    /// The factors that may be enrolled and used; nothing means all that are on by default.
    pub factors: Option<Vec<FactorKind>>,
    /// Lists of kinds, each one thing in the tenant's eyes: a sign-in may not use two of a list as its two factors.
    pub distinct: Vec<Vec<FactorKind>>,
    /// What enrolling needs.
    pub enrol: Option<Proof>,
    /// What removing one factor needs.
    pub remove: Option<Proof>,
    /// What switching the second factor off needs.
    pub disable: Option<Proof>,
    /// What new recovery codes need.
    pub regenerate: Option<Proof>,
    /// What follows a recovery code.
    pub after_recovery: Option<AfterRecovery>,
    /// For how many days a browser may be remembered; 0 forbids it.
    pub remember_days: Option<u32>,
}

/// When a rule applies: everything that is named must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// `client_id`s, one of which asks.
    pub applications: Vec<String>,
    /// Groups, one of which the user is in.
    pub groups: Vec<String>,
    /// Scopes, one of which is asked for.
    pub scopes: Vec<String>,
}

/// One line of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Its name, unique in the pool.
    pub name: String,
    /// When it applies.
    pub when: When,
    /// What it asks.
    pub ask: Ask,
}

/// The second-factor policy of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What the pool asks of everybody; explained as the rule [`POOL_RULE`].
    pub everybody: Ask,
    /// Users who had to enrol are no longer asked once no rule requires it; users who chose to enrol are.
    pub spare_forced: bool,
    /// The table.
    pub rules: Vec<Rule>,
}

impl Default for Policy {
    fn default() -> Self {
        let everybody = Ask { mode: Some(MfaMode::Optional), ..Ask::default() };
        Self { everybody, spare_forced: false, rules: Vec::new() }
    }
}

impl Policy {
    /// A policy of one mode and nothing else.
    pub fn of(mode: MfaMode) -> Self {
        Self { everybody: Ask { mode: Some(mode), ..Ask::default() }, ..Self::default() }
    }

    /// What the pool asks of everybody.
    pub fn mode(&self) -> MfaMode {
        self.everybody.mode.unwrap_or_default()
    }
}

/// What a rule table is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// `client_id` of the application; none in the user center.
    pub application: Option<&'a str>,
    /// The application's own least class.
    pub application_acr: Option<Acr>,
    /// The user's groups.
    pub groups: &'a [String],
    /// The scopes asked for.
    pub scopes: &'a [String],
    /// How often the user has put an enrolment off.
    pub skips_used: u32,
    /// Now.
    pub now: Timestamp,
}

impl When {
    /// Whether the rule applies.
    pub fn fits(&self, facts: &Facts<'_>) -> bool {
        let application = |wanted: &String| facts.application == Some(wanted.as_str());
        (self.applications.is_empty() || self.applications.iter().any(application))
            && (self.groups.is_empty() || self.groups.iter().any(|group| facts.groups.contains(group)))
            && (self.scopes.is_empty() || self.scopes.iter().any(|scope| facts.scopes.contains(scope)))
    }
}

/// What a user has to do about second factors, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obligation {
    /// Enrolment is not offered.
    Off,
    /// As the user likes.
    Optional,
    /// Proposed, and still postponed.
    Announced {
        /// From when it is required, where a date was set.
        from: Option<Timestamp>,
        /// How often it can still be postponed, where that is counted.
        skips_left: Option<u32>,
    },
    /// Required.
    Required,
}

impl Obligation {
    fn of(ask: &Ask, facts: &Facts<'_>) -> Option<Self> {
        Some(match ask.mode? {
            MfaMode::Off => Self::Off,
            MfaMode::Optional => Self::Optional,
            MfaMode::Required => {
                let from = ask.required_from.filter(|from| facts.now < *from);
                let skips_left = ask.skips.map(|skips| skips.saturating_sub(facts.skips_used));
                match (from, skips_left) {
                    (Some(_), _) => Self::Announced { from, skips_left: None },
                    (None, Some(left)) if left > 0 => Self::Announced { from: None, skips_left },
                    _ => Self::Required,
                }
            }
        })
    }

    /// The higher the stricter.
    fn rank(self) -> (u8, i64) {
        match self {
            Self::Off => (0, 0),
            Self::Optional => (1, 0),
            Self::Announced { from, skips_left } => {
                let left = skips_left.map_or(0, i64::from);
                (2, from.map_or(0, |from| -from.as_seconds()).saturating_sub(left))
            }
            Self::Required => (3, 0),
        }
    }
}

/// A value and the rule that decided it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided<T> {
    /// The value.
    pub value: T,
    /// Name of the rule.
    pub rule: String,
}

impl<T> Decided<T> {
    fn by(value: T, rule: &str) -> Self {
        Self { value, rule: rule.to_owned() }
    }

    /// Takes the other value where it is stricter.
    fn tighten(&mut self, value: Option<T>, rule: &str, stricter: impl Fn(&T, &T) -> bool) {
        if let Some(value) = value
            && (self.rule == DEFAULT_RULE || stricter(&value, &self.value))
        {
            *self = Self::by(value, rule);
        }
    }
}

/// What the rules come to for one user, application and request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Version of the pool's settings.
    pub version: i64,
    /// Who is asked.
    pub mode: Decided<Obligation>,
    /// The least class.
    pub min_acr: Decided<Acr>,
    /// Whether the last factor can no longer be removed.
    pub locked: Decided<bool>,
    /// The factors that may be used; `None`: all that are on by default, see [`Effective::with_default_factors`].
    pub factors: Decided<Option<BTreeSet<FactorKind>>>,
    /// Kinds that are one thing.
    pub distinct: Vec<Vec<FactorKind>>,
    /// What enrolling needs.
    pub enrol: Decided<Proof>,
    /// What removing one factor needs.
    pub remove: Decided<Proof>,
    /// What switching off needs.
    pub disable: Decided<Proof>,
    /// What new recovery codes need.
    pub regenerate: Decided<Proof>,
    /// What follows a recovery code.
    pub after_recovery: Decided<AfterRecovery>,
    /// For how many days a browser may be remembered.
    pub remember_days: Decided<u32>,
    /// Browsers remembered before this moment do not count; none counts where it is missing.
    pub remembered_since: Option<Timestamp>,
    /// Users who had to enrol are no longer asked.
    pub spare_forced: bool,
}

impl Effective {
    /// Folds the rules that apply.
    pub fn of(policy: &Policy, version: i64, facts: &Facts<'_>) -> Self {
        let application = facts.application_acr.map(|acr| {
            let ask = Ask { min_acr: Some(acr), ..Ask::default() };
            (format!("{APPLICATION_RULE}{}", facts.application.unwrap_or_default()), ask)
        });
        let own = policy
            .rules
            .iter()
            .filter(|rule| rule.when.fits(facts))
            .map(|rule| (rule.name.as_str(), &rule.ask));
        let application = application.iter().map(|(name, ask)| (name.as_str(), ask));
        let asks = std::iter::once((POOL_RULE, &policy.everybody)).chain(application).chain(own);
        let mut effective = Self { spare_forced: policy.spare_forced, ..Self::nothing(version) };
        for (rule, ask) in asks {
            effective.apply(rule, ask, facts);
        }
        let days = i64::from(effective.remember_days.value);
        effective.remembered_since = (days > 0).then(|| facts.now - days * 86_400);
        effective
    }

    /// A policy of one mode and one least class, by the pool's rule.
    pub fn plain(mode: MfaMode, min_acr: Option<Acr>) -> Self {
        let everybody = Ask { mode: Some(mode), min_acr, ..Ask::default() };
        let facts = Facts {
            application: None,
            application_acr: None,
            groups: &[],
            scopes: &[],
            skips_used: 0,
            now: Timestamp::EPOCH,
        };
        Self::of(&Policy { everybody, ..Policy::default() }, 0, &facts)
    }

    fn nothing(version: i64) -> Self {
        Self {
            version,
            mode: Decided::by(Obligation::Optional, DEFAULT_RULE),
            min_acr: Decided::by(Acr::OneFactor, DEFAULT_RULE),
            locked: Decided::by(false, DEFAULT_RULE),
            factors: Decided::by(None, DEFAULT_RULE),
            distinct: Vec::new(),
            enrol: Decided::by(Proof::Recent, DEFAULT_RULE),
            remove: Decided::by(Proof::Recent, DEFAULT_RULE),
            disable: Decided::by(Proof::Recent, DEFAULT_RULE),
            regenerate: Decided::by(Proof::Recent, DEFAULT_RULE),
            after_recovery: Decided::by(AfterRecovery::Session, DEFAULT_RULE),
            remember_days: Decided::by(0, DEFAULT_RULE),
            remembered_since: None,
            spare_forced: false,
        }
    }

    fn apply(&mut self, rule: &str, ask: &Ask, facts: &Facts<'_>) {
        self.mode.tighten(Obligation::of(ask, facts), rule, |new, old| new.rank() > old.rank());
        self.min_acr.tighten(ask.min_acr, rule, |new, old| new > old);
        self.locked.tighten(ask.locked, rule, |new, old| *new && !*old);
        self.after_recovery.tighten(ask.after_recovery, rule, |new, old| new > old);
        self.remember_days.tighten(ask.remember_days, rule, |new, old| new < old);
        if let Some(kinds) = &ask.factors {
            let kinds: BTreeSet<FactorKind> = kinds.iter().cloned().collect();
            let both = match &self.factors.value {
                Some(before) => before.intersection(&kinds).cloned().collect(),
                None => kinds,
            };
            if self.factors.value.as_ref() != Some(&both) {
                self.factors = Decided::by(Some(both), rule);
            }
        }
        self.distinct.extend(ask.distinct.iter().cloned());
        demand(&mut self.enrol, ask.enrol, rule);
        demand(&mut self.remove, ask.remove, rule);
        demand(&mut self.disable, ask.disable, rule);
        demand(&mut self.regenerate, ask.regenerate, rule);
    }

    /// Says which factors are on by default: where no rule names any, these may be used and no others.
    #[must_use]
    pub fn with_default_factors(mut self, kinds: impl IntoIterator<Item = FactorKind>) -> Self {
        self.factors.value.get_or_insert_with(|| kinds.into_iter().collect());
        self
    }

    /// Whether a factor of that kind may be enrolled and used.
    pub fn allows(&self, kind: &FactorKind) -> bool {
        self.factors.value.as_ref().is_none_or(|kinds| kinds.contains(kind))
    }

    /// Whether users may enrol anything.
    pub fn offers_enrolment(&self) -> bool {
        self.mode.value != Obligation::Off
    }

    /// Whether a factor that the user was once forced to enrol is left alone.
    pub fn spares_forced(&self) -> bool {
        self.spare_forced && self.mode.value != Obligation::Required
    }
}

/// Adds to what is needed; nothing is taken away.
fn demand(proof: &mut Decided<Proof>, asked: Option<Proof>, rule: &str) {
    if let Some(asked) = asked {
        let both = proof.value.and(asked);
        if both != proof.value || proof.rule == DEFAULT_RULE {
            *proof = Decided::by(both, rule);
        }
    }
}
