//! Whom an access token is for (RFC 8707, RFC 9068 §2.2): registered APIs, or the issuer itself, whose userinfo endpoint
//! reads it.

use crate::{ErrorCode, OAuthError, authorize::OFFLINE_ACCESS, claims::ToldClaim};
use vestibule_domain::{Api, Attribute, Client, Strictness, TokenShape, client::TokenRules};

/// So many APIs can one request name.
const MOST: usize = 8;

/// The APIs that a request names, each once: those of the pool that the application may ask tokens for.
///
/// # Errors
/// `invalid_target` (RFC 8707 §2) for anything else.
pub fn named_apis<'a>(
    named: impl Iterator<Item = &'a str>,
    client: &Client,
    apis: &[Api],
) -> Result<Vec<String>, OAuthError> {
    let mut found: Vec<String> = Vec::new();
    for name in named {
        if !client.may_ask_for(name) || !apis.iter().any(|api| api.id == name) {
            let hint = "resource is not an API that the application may ask for";
            return Err(OAuthError::new(ErrorCode::InvalidTarget, hint).with_arrived("resource", name));
        }
        if !found.iter().any(|known| known == name) {
            found.push(name.to_owned());
        }
    }
    if found.len() > MOST {
        return Err(OAuthError::new(ErrorCode::InvalidTarget, format!("more than {MOST} resources")));
    }
    Ok(found)
}

/// Whether a token may be for no API at all, by what the application and its pool ask for. Where a default API takes the place,
/// it has done so before.
///
/// # Errors
/// `invalid_target`.
pub fn may_name_none(client: &Client) -> Result<(), OAuthError> {
    if client.is_strict(Strictness::ApisOnly) {
        return Err(OAuthError::new(
            ErrorCode::InvalidTarget,
            "resource is missing: tokens are for APIs only",
        ));
    }
    Ok(())
}

/// The APIs that a token request is about, by identifier.
#[derive(Clone, Copy)]
pub struct Targets<'a> {
    /// Those that may be asked for: what the authorization request named, or what the application has.
    pub granted: &'a [String],
    /// Those that the token is for when none is asked for.
    pub otherwise: &'a [String],
    /// Those that are asked for.
    pub asked: &'a [String],
}

/// Whom a token is for. It has at least one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    apis: Vec<Api>,
    issuer: bool,
}

impl Audience {
    /// The audience of a token request. It may ask for less than was granted (RFC 8707 §2.2), and then the token is for nobody
    /// else. Where it asks for nothing in particular and `userinfo` is true, the issuer reads the token, too: who signed in is
    /// told at userinfo.
    ///
    /// # Errors
    /// `invalid_target` for an API that was not granted, or when nothing is left of them.
    pub fn of(
        client: &Client,
        apis: &[Api],
        targets: Targets<'_>,
        userinfo: bool,
    ) -> Result<Self, OAuthError> {
        let refuse = |hint: &str| Err(OAuthError::new(ErrorCode::InvalidTarget, hint));
        let Targets { granted, otherwise, asked } = targets;
        if asked.iter().any(|name| !granted.contains(name)) {
            return refuse("resource was not granted");
        }
        let names = if asked.is_empty() { otherwise } else { asked };
        // An operator may have taken an API away since.
        let found = standing(client, apis, names);
        if found.is_empty() && !names.is_empty() {
            return refuse("the API is not registered any more");
        }
        if found.is_empty() {
            may_name_none(client)?;
        }
        let reads = userinfo && asked.is_empty() && !client.is_strict(Strictness::ApisOnly);
        Ok(Self { issuer: found.is_empty() || reads, apis: found })
    }

    /// What an operator has left of the audience of a token: its APIs that are still registered and that its application may
    /// still ask for, and the issuer. Nothing when no reader is left.
    pub fn left_of(client: &Client, apis: &[Api], issuer: &str, audience: &[String]) -> Option<Self> {
        let left = Self {
            apis: standing(client, apis, audience),
            issuer: audience.iter().any(|name| name == issuer),
        };
        (left.issuer || !left.apis.is_empty()).then_some(left)
    }

    /// `aud` (RFC 9068 §2.2).
    pub fn names(&self, issuer: &str) -> Vec<String> {
        let issuer = self.issuer.then(|| issuer.to_owned());
        self.apis.iter().map(|api| api.id.clone()).chain(issuer).collect()
    }

    /// What the token looks like: as its APIs read it, or as the pool has it.
    ///
    /// # Errors
    /// `invalid_target` when no one token can be read by all of them (RFC 8707 §2.2).
    pub fn shape(&self, pool: &TokenRules, lifetime: i64) -> Result<TokenShape, OAuthError> {
        let shapes = self.apis.iter().map(|api| api.shape(pool, lifetime));
        let of_pool = TokenShape { alg: pool.access_token_alg, typ: pool.access_token_type, lifetime };
        let hint = "these APIs read different tokens: ask for one resource at a time";
        let one = shapes.map(Some).reduce(|one, other| one?.and(other?));
        one.unwrap_or(Some(of_pool)).ok_or_else(|| OAuthError::new(ErrorCode::InvalidTarget, hint))
    }

    /// What of the granted scopes is in the token: an API's own where it is for that API, those of userinfo where the issuer
    /// reads it (those of the claims that the pool declares of its `own` among them), and what is nobody's where a reader has no
    /// scopes of its own.
    pub fn scopes(&self, apis: &[Api], own: &[Attribute], granted: &[String]) -> Vec<String> {
        let unclaimed = self.issuer || self.apis.iter().any(|api| api.scopes.is_empty());
        let kept = |scope: &&String| {
            if is_of_users(scope, own) {
                return self.issuer;
            }
            let of_api = |api: &Api| api.scopes.contains(*scope);
            if apis.iter().any(of_api) { self.apis.iter().any(of_api) } else { unclaimed }
        };
        granted.iter().filter(kept).cloned().collect()
    }
}

/// The APIs of these names, each once, that are registered and that the application may ask for.
fn standing(client: &Client, apis: &[Api], names: &[String]) -> Vec<Api> {
    let named = |api: &&Api| names.contains(&api.id) && client.may_ask_for(&api.id);
    apis.iter().filter(named).cloned().collect()
}

/// Whether a scope is about a user: identity, claims, access in a user's absence.
pub(crate) fn is_of_users(scope: &str, own: &[Attribute]) -> bool {
    matches!(scope, "openid" | OFFLINE_ACCESS) || ToldClaim::all(own).any(|claim| claim.scope() == scope)
}
