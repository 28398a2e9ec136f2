//! What a token may be exchanged for (RFC 8693), by the rules of the application that asks.

use crate::{
    ErrorCode, Holder, OAuthError,
    tokens::{AccessTokenClaims, Actor, Confirmation, MOST_ACTORS, MayAct, UserSubject},
};
use vestibule_domain::{Client, ExchangeMode, ExchangeRule, Timestamp};

/// A token that is exchanged: genuine, alive, of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectToken {
    /// Whose it is, and how that user signed in.
    pub user: UserSubject,
    /// The application that it was issued to.
    pub issued_to: String,
    /// The APIs that it is for; none of an ID token.
    pub audience: Vec<String>,
    /// What it permits.
    pub scopes: Vec<String>,
    /// What it is bound to.
    pub cnf: Option<Confirmation>,
    /// Who acts with it.
    pub act: Option<Actor>,
    /// Who may act for the user, where it is said.
    pub may_act: Option<MayAct>,
    /// When it ends, in seconds since the epoch.
    pub exp: i64,
}

impl SubjectToken {
    /// An access token of a user; nothing for one of an application that acts for itself.
    pub fn of_access(claims: AccessTokenClaims) -> Option<Self> {
        let (user, scopes) = (claims.subject.user()?.clone(), claims.scopes());
        let AccessTokenClaims { aud, client_id, cnf, acting, times, .. } = claims;
        Some(Self {
            user,
            issued_to: client_id,
            audience: aud,
            scopes,
            cnf,
            act: acting.act,
            may_act: acting.may_act,
            exp: times.exp?,
        })
    }

    /// Whether it has come to this application as it should: it is its own, or one for an API that it serves. Whatever else
    /// somebody got hold of is not exchanged, whichever rule there is.
    pub fn concerns(&self, client: &Client) -> bool {
        self.issued_to == client.id || self.audience.iter().any(|api| client.introspects.contains(api))
    }

    fn fits(&self, rule: &ExchangeRule) -> bool {
        let issued = rule.issued_to.is_empty() || rule.issued_to.contains(&self.issued_to);
        let aimed = rule.audience.is_empty() || self.audience.iter().any(|api| rule.audience.contains(api));
        // A rule that says neither is no rule.
        issued && aimed && !(rule.issued_to.is_empty() && rule.audience.is_empty())
    }
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// The APIs that were named.
    pub targets: &'a [String],
    /// The scopes that were named, if any.
    pub scope: Option<&'a [String]>,
    /// Whether somebody else is said to act than the application.
    pub other_actor: bool,
    /// Whether an ID token came, as the subject or as the actor.
    pub id_tokens: bool,
}

/// What is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The API that the new token is for.
    pub api: String,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// Whether it says who acts.
    pub mode: ExchangeMode,
    /// Whether a token that is bound to a key of somebody else counts.
    pub bound_subjects: bool,
}

fn no_rule() -> OAuthError {
    let hint = "no rule of the application allows this token to be exchanged for that API";
    OAuthError::new(ErrorCode::InvalidTarget, hint)
}

/// What the rules of the application allow. The first rule that fits counts.
///
/// # Errors
/// `invalid_target` (RFC 8693 §2.2.2) where no rule fits or it is not clear which API is meant, `invalid_scope` for more than
/// the rule gives for the scopes of the subject token.
pub fn allowed(client: &Client, subject: &SubjectToken, wish: Wish<'_>) -> Result<Allowed, OAuthError> {
    let refuse = |hint: &str| Err(OAuthError::new(ErrorCode::InvalidTarget, hint));
    let rules = client.exchange.iter().filter(|rule| {
        let who = !wish.other_actor || rule.mode == ExchangeMode::Delegation;
        let what = rule.id_tokens || !wish.id_tokens;
        subject.fits(rule) && who && what && client.may_ask_for(&rule.api)
    });
    let rule = match wish.targets {
        [] => {
            let mut fitting = rules;
            let first = fitting.next().ok_or_else(no_rule)?;
            if fitting.any(|rule| rule.api != first.api) {
                return refuse("several APIs are possible: name one as resource");
            }
            first
        }
        [api] => rules.into_iter().find(|rule| rule.api == *api).ok_or_else(no_rule)?,
        _ => return refuse("a token is exchanged for one API at a time"),
    };
    let Some(asked) = wish.scope else {
        let scopes = given(client, subject, rule);
        if scopes.is_empty() && !rule.scopes.is_empty() {
            return Err(too_much());
        }
        return Ok(of_rule(rule, scopes));
    };
    let given = given(client, subject, rule);
    if asked.iter().any(|scope| !given.contains(scope)) {
        return Err(too_much());
    }
    Ok(of_rule(rule, given.into_iter().filter(|scope| asked.contains(scope)).collect()))
}

fn of_rule(rule: &ExchangeRule, scopes: Vec<String>) -> Allowed {
    Allowed { api: rule.api.clone(), scopes, mode: rule.mode, bound_subjects: rule.bound_subjects }
}

fn too_much() -> OAuthError {
    OAuthError::new(ErrorCode::InvalidScope, "scope is wider than what the subject token gives by the rule")
}

/// The scopes that a rule gives for those of the subject token.
fn given(client: &Client, subject: &SubjectToken, rule: &ExchangeRule) -> Vec<String> {
    let has = |(scope, needed): &(&String, &String)| {
        subject.scopes.contains(needed) && client.scopes.contains(scope)
    };
    rule.scopes.iter().filter(has).map(|(scope, _)| scope.clone()).collect()
}

/// Why a token is not exchanged: for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExchanged {
    /// It was not issued to the application, nor for an API that it serves.
    #[error("the token belongs to {0:?} and is not for an API of the application")]
    NotConcerned(String),
    /// It belongs to no user.
    #[error("the token is of an application that acts for itself")]
    NoUser,
    /// It stands for no sign-in here.
    #[error("the token was given for the word of another issuer")]
    Asserted,
    /// It, or what it came from, is over.
    #[error("the token or its grant is revoked or over")]
    Over,
    /// Another one may act for its subject (RFC 8693 §4.4).
    #[error("may_act names somebody else")]
    MayNotAct,
    /// It is bound, and comes without the proof.
    #[error("the token is bound to a key that was not proved")]
    Bound,
    /// So many have acted already that no other one may.
    #[error("the chain of actors is too long")]
    TooManyActors,
    /// The actor acts for somebody else already.
    #[error("the actor token is not the actor's own")]
    BorrowedActor,
}

impl From<NotExchanged> for OAuthError {
    /// RFC 8693 §2.2.2: whatever is wrong with a token, the answer is the same.
    fn from(reason: NotExchanged) -> Self {
        Self::invalid_request("the subject or actor token is invalid, expired, revoked or not for this use")
            .with_cause(reason)
    }
}

/// Who will be told to act: the chain of the subject token stays, with the actor in front of it where the rule wants one.
///
/// # Errors
/// [`NotExchanged`] where the subject token permits somebody else, or the chain gets too long.
pub fn acting(
    subject: &SubjectToken,
    actor: Actor,
    mode: ExchangeMode,
    issuer: &str,
) -> Result<Option<Actor>, NotExchanged> {
    if subject.may_act.as_ref().is_some_and(|may| !may.permits(&actor, issuer)) {
        return Err(NotExchanged::MayNotAct);
    }
    match mode {
        ExchangeMode::Impersonation => Ok(subject.act.clone()),
        ExchangeMode::Delegation => {
            let chain = actor.after(subject.act.clone());
            if chain.depth() > MOST_ACTORS { Err(NotExchanged::TooManyActors) } else { Ok(Some(chain)) }
        }
    }
}

/// Whether a token that is bound comes with what it is bound to, or the rule takes it without and the new one will be bound to
/// a key of the application. So nobody makes a free token of a bound one.
///
/// # Errors
/// [`NotExchanged::Bound`].
pub fn keeps_bound(
    bound: Option<&Confirmation>,
    proved: Option<&Holder>,
    others_keys: bool,
) -> Result<(), NotExchanged> {
    match (bound, proved) {
        (None, _) => Ok(()),
        (Some(bound), Some(proved)) if *bound == Confirmation::from(proved) => Ok(()),
        (Some(_), Some(_)) if others_keys => Ok(()),
        (Some(_), _) => Err(NotExchanged::Bound),
    }
}

/// How long a new token may live: never longer than the one that it was got for.
///
/// # Errors
/// [`NotExchanged::Over`] where nothing is left.
pub fn time_left(exp: i64, now: Timestamp) -> Result<i64, NotExchanged> {
    let left = exp.saturating_sub(now.as_seconds());
    if left > 0 { Ok(left) } else { Err(NotExchanged::Over) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use uuid::Uuid;
    use vestibule_domain::{ClientKind, GrantId, UserId};

    fn names(of: &[&str]) -> BTreeSet<String> {
        of.iter().map(|one| (*one).to_owned()).collect()
    }

    fn texts(of: &[&str]) -> Vec<String> {
        of.iter().map(|one| (*one).to_owned()).collect()
    }

    fn actor(sub: &str) -> Actor {
        Actor { sub: sub.to_owned(), client_id: sub.to_owned(), gid: None, act: None }
    }

    fn subject() -> SubjectToken {
        let user = UserSubject {
            sub: UserId::from_uuid(Uuid::from_u128(1)).to_string(),
            gid: GrantId::from_uuid(Uuid::from_u128(2)),
            sid: None,
            acr: "1".to_owned(),
            amr: Vec::new(),
            auth_time: None,
        };
        SubjectToken {
            user,
            issued_to: "shop".to_owned(),
            audience: texts(&["a"]),
            scopes: texts(&["a.read"]),
            cnf: None,
            act: Some(actor("before")),
            may_act: None,
            exp: 100,
        }
    }

    fn rule(api: &str, mode: ExchangeMode) -> ExchangeRule {
        ExchangeRule {
            issued_to: BTreeSet::new(),
            audience: names(&["a"]),
            api: api.to_owned(),
            scopes: BTreeMap::from([("b.read".to_owned(), "a.read".to_owned())]),
            mode,
            bound_subjects: false,
            id_tokens: false,
        }
    }

    fn client(rules: Vec<ExchangeRule>) -> Client {
        let mut client = Client::new("api-a", ClientKind::Confidential);
        client.apis = names(&["b", "c"]);
        client.scopes = texts(&["b.read"]);
        client.exchange = rules;
        client
    }

    const NOTHING: Wish<'static> = Wish { targets: &[], scope: None, other_actor: false, id_tokens: false };

    #[test]
    fn the_first_rule_that_fits_counts() {
        let (delegation, impersonation) = (ExchangeMode::Delegation, ExchangeMode::Impersonation);
        let both = client(vec![rule("b", impersonation), rule("b", delegation)]);
        let mode = |wish| allowed(&both, &subject(), wish).unwrap().mode;
        assert_eq!(mode(NOTHING), impersonation);
        assert_eq!(mode(Wish { other_actor: true, ..NOTHING }), delegation);
        // Where several APIs are possible, one has to be named; where none is, none can be.
        let two = client(vec![rule("b", delegation), rule("c", delegation)]);
        let error = |client: &Client, wish| allowed(client, &subject(), wish).unwrap_err().code;
        assert_eq!(error(&two, NOTHING), ErrorCode::InvalidTarget);
        let named = texts(&["c"]);
        assert_eq!(allowed(&two, &subject(), Wish { targets: &named, ..NOTHING }).unwrap().api, "c");
        let mut taken = client(vec![rule("b", delegation)]);
        taken.apis.clear();
        assert_eq!(error(&taken, NOTHING), ErrorCode::InvalidTarget);
        assert_eq!(error(&client(Vec::new()), NOTHING), ErrorCode::InvalidTarget);
        let whatever = ExchangeRule { audience: BTreeSet::new(), ..rule("b", delegation) };
        assert_eq!(error(&client(vec![whatever]), NOTHING), ErrorCode::InvalidTarget);
    }

    #[test]
    fn id_tokens_count_only_where_the_rule_says_so() {
        let with_id = Wish { id_tokens: true, ..NOTHING };
        let plain = rule("b", ExchangeMode::Delegation);
        let refused = allowed(&client(vec![plain.clone()]), &subject(), with_id).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidTarget);
        let takes = client(vec![ExchangeRule { id_tokens: true, ..plain }]);
        assert!(allowed(&takes, &subject(), with_id).is_ok());
        assert!(allowed(&takes, &subject(), NOTHING).is_ok());
    }

    #[test]
    fn no_scope_comes_without_the_one_that_it_needs() {
        let client = client(vec![rule("b", ExchangeMode::Delegation)]);
        assert_eq!(allowed(&client, &subject(), NOTHING).unwrap().scopes, ["b.read"]);
        let poor = SubjectToken { scopes: texts(&["b.read", "a"]), ..subject() };
        assert_eq!(allowed(&client, &poor, NOTHING).unwrap_err().code, ErrorCode::InvalidScope);
        let unregistered = Client { scopes: Vec::new(), ..client };
        assert_eq!(allowed(&unregistered, &subject(), NOTHING).unwrap_err().code, ErrorCode::InvalidScope);
    }

    #[test]
    fn whoever_may_act_is_heeded_and_nobody_of_the_chain_is_lost() {
        let (delegation, impersonation) = (ExchangeMode::Delegation, ExchangeMode::Impersonation);
        let chain = acting(&subject(), actor("now"), delegation, "https://i").unwrap().unwrap();
        assert_eq!((chain.sub.as_str(), chain.depth()), ("now", 2));
        let same = acting(&subject(), actor("now"), impersonation, "https://i").unwrap();
        assert_eq!(same, Some(actor("before")));
        for mode in [delegation, impersonation] {
            let may = |sub: &str| SubjectToken {
                may_act: Some(MayAct { sub: sub.to_owned(), iss: None, client_id: None }),
                ..subject()
            };
            let judged = |sub| acting(&may(sub), actor("now"), mode, "https://i");
            assert!(judged("now").is_ok());
            assert_eq!(judged("else"), Err(NotExchanged::MayNotAct));
        }
    }

    #[test]
    fn time_only_runs_out() {
        let at = Timestamp::from_seconds;
        assert_eq!(time_left(100, at(40)), Ok(60));
        assert_eq!(time_left(100, at(100)), Err(NotExchanged::Over));
    }
}
