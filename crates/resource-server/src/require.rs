//! What a route asks of a token beyond being valid.

use crate::claims::Claims;
use crate::refusal::Reason;

/// Scopes, separated by spaces: the token must have each of them.
#[derive(Clone, Copy, Debug)]
pub struct RequireScope<'a>(pub &'a str);

/// A sign-in that is strong and fresh enough (RFC 9470).
#[derive(Clone, Copy, Debug, Default)]
pub struct RequireAuthentication<'a> {
    /// The classes that would do, in the order in which the application should ask for them. The token's `acr` must be
    /// one of them: a class that is better than these has to be listed as well. Empty: any.
    pub acr_values: &'a [&'a str],
    /// The greatest age of the sign-in, in seconds.
    pub max_age: Option<u32>,
}

/// [`RequireScope`] or [`RequireAuthentication`].
#[derive(Clone, Debug)]
pub struct Requirement(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Scopes(Vec<String>),
    Authentication { acr_values: Vec<String>, max_age: Option<u32> },
}

impl From<RequireScope<'_>> for Requirement {
    fn from(RequireScope(scopes): RequireScope<'_>) -> Self {
        Self(Kind::Scopes(scopes.split_whitespace().map(str::to_owned).collect()))
    }
}

impl From<RequireAuthentication<'_>> for Requirement {
    fn from(required: RequireAuthentication<'_>) -> Self {
        let acr_values = required.acr_values.iter().map(|&value| value.to_owned()).collect();
        Self(Kind::Authentication { acr_values, max_age: required.max_age })
    }
}

impl Requirement {
    /// Whether a token is enough at `now`, with `leeway` for an `auth_time` in the future; both in seconds.
    pub(crate) fn check(&self, claims: &Claims, now: i64, leeway: i64) -> Result<(), Reason> {
        match &self.0 {
            Kind::Scopes(required) if required.iter().all(|scope| claims.scopes.contains(scope)) => Ok(()),
            Kind::Scopes(required) => Err(Reason::Scope { required: required.clone() }),
            Kind::Authentication { acr_values, max_age } => {
                let strong = acr_values.is_empty()
                    || claims.acr.as_ref().is_some_and(|reached| acr_values.contains(reached));
                let is_fresh = |max_age: u32| {
                    claims.auth_time.is_some_and(|time| {
                        time <= now.saturating_add(leeway) && now.saturating_sub(time) <= i64::from(max_age)
                    })
                };
                if strong && max_age.is_none_or(is_fresh) {
                    return Ok(());
                }
                Err(Reason::Authentication { acr_values: acr_values.clone(), max_age: *max_age })
            }
        }
    }
}
