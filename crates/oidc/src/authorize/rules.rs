//! The checks of an authorization request. The table is their order; the first that fails is the answer.

pub(super) mod acr;
pub(super) mod claims;
pub(super) mod client;
pub(super) mod grant;
pub(super) mod hints;
pub(super) mod max_age;
pub(super) mod nonce;
pub(super) mod pkce;
pub(super) mod prompt;
pub(super) mod redirect_uri;
pub(super) mod request_object;
pub(super) mod response_mode;
pub(super) mod response_type;
pub(super) mod scope;
pub(super) mod state;

use super::AuthorizationRequest;
use crate::{OAuthError, Parameters};
use vestibule_domain::Client;

/// What a rule looks at.
pub(super) struct Asked<'a> {
    pub(super) params: &'a Parameters,
    pub(super) client: &'a Client,
}

/// A rule reads its parameters, writes what it found into the request, or refuses.
pub(super) type Rule = fn(&Asked<'_>, &mut AuthorizationRequest) -> Result<(), OAuthError>;

/// The rules in order. `client` and `redirect_uri` come before all of them: their errors are not redirected. `state`
/// is first so that every later error carries it; `claims` is before `acr`, which reads it.
pub(super) const TABLE: &[Rule] = &[
    state::check,
    grant::check,
    request_object::check,
    response_type::check,
    response_mode::check,
    scope::check,
    pkce::check,
    nonce::check,
    prompt::check,
    max_age::check,
    claims::check,
    acr::check,
    hints::check,
];
