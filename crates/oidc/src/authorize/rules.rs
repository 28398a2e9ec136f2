//! The rules of an authorization request. The table is their order; the first that refuses is the answer.

mod acr;
mod claims;
pub(super) mod client;
mod dpop_jkt;
pub(super) mod grant;
mod id_token_hint;
mod login_hint;
mod max_age;
mod nonce;
pub(super) mod pkce;
mod prompt;
pub(super) mod pushed;
pub(super) mod redirect_uri;
pub(super) mod request_object;
pub(super) mod resource;
pub(super) mod response_mode;
mod response_type;
pub(super) mod scope;
mod state;
mod ui_locales;

use super::{Arrival, ReturnAddress};
use crate::{OAuthError, Parameters, claims::ClaimsParameter};
use std::{error::Error, sync::Arc};
use vestibule_domain::Client;

/// Who takes authorization requests: the columns of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// RFC 6749 §3.1.
    Authorization,
    /// RFC 9126 §2.
    PushedAuthorization,
    /// RFC 8628 §3.1.
    DeviceAuthorization,
    /// OpenID Connect Client-Initiated Backchannel Authentication §7.
    Backchannel,
}

/// What a rule looks at.
pub(super) struct Asked<'a> {
    endpoint: Endpoint,
    params: &'a Parameters,
    client: &'a Client,
    arrival: Arrival<'a>,
    /// The `claims` parameter, which two rules read.
    claims: Option<Result<ClaimsParameter, OAuthError>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        endpoint: Endpoint,
        params: &'a Parameters,
        client: &'a Client,
        arrival: Arrival<'a>,
    ) -> Self {
        let claims = params.get("claims").map(ClaimsParameter::parse);
        Self { endpoint, params, client, arrival, claims }
    }
}

/// The cause of every refusal: which rule, and why where the hint does not say it all.
#[derive(Debug, thiserror::Error)]
#[error("refused by the rule {rule}")]
pub struct RefusedByRule {
    /// Its name in the table.
    pub rule: &'static str,
    #[source]
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl OAuthError {
    /// Adds the name of the rule to the cause.
    pub(super) fn by_rule(self, rule: &'static str) -> Self {
        let cause = self.cause();
        self.with_cause(RefusedByRule { rule, cause })
    }
}

macro_rules! asked_at {
    (applies) => {
        true
    };
    (skip) => {
        false
    };
}

macro_rules! found {
    (applies $rule:ident) => {
        $rule::Found
    };
    (skip $rule:ident) => {
        ()
    };
}

macro_rules! ask {
    (applies $rule:ident $asked:ident) => {
        $rule::check($asked).map_err(|error| error.by_rule(stringify!($rule)))?
    };
    (skip $rule:ident $asked:ident) => {
        ()
    };
}

/// The code of one column: a struct with what each rule found, and the function that asks the rules in order.
macro_rules! column {
    ($found:ident by $judge:ident: $($rule:ident $applies:ident;)*) => {
        /// What each rule of this endpoint found; nothing where the endpoint skips it.
        pub(super) struct $found {
            $(pub(super) $rule: found!($applies $rule),)*
        }

        /// Asks the rules of this endpoint.
        pub(super) fn $judge(asked: &Asked<'_>) -> Result<$found, OAuthError> {
            Ok($found { $($rule: ask!($applies $rule asked),)* })
        }
    };
}

/// Reads the table. An endpoint that begins to be served gets a `column!` here.
macro_rules! rules {
    ($($rule:ident | $authorization:ident | $pushed:ident | $device:ident | $backchannel:ident;)*) => {
        const TABLE: &[(&str, [bool; 4])] = &[$((
            stringify!($rule),
            [asked_at!($authorization), asked_at!($pushed), asked_at!($device), asked_at!($backchannel)],
        ),)*];

        column! { Authorization by authorization: $($rule $authorization;)* }
        column! { DeviceAuthorization by device_authorization: $($rule $device;)* }
    };
}

// `claims` is before `acr`, which would otherwise report a malformed `claims` first; the signature is checked last.
rules! {
    // rule         | Authorization | Pushed  | Device  | Backchannel
    client          | applies       | applies | applies | applies;
    redirect_uri    | applies       | applies | skip    | skip;
    state           | applies       | applies | skip    | skip;
    pushed          | applies       | applies | skip    | skip;
    grant           | applies       | applies | applies | applies;
    request_object  | applies       | applies | applies | applies;
    response_type   | applies       | applies | skip    | skip;
    response_mode   | applies       | applies | skip    | skip;
    scope           | applies       | applies | applies | applies;
    resource        | applies       | applies | applies | applies;
    pkce            | applies       | applies | skip    | skip;
    dpop_jkt        | applies       | applies | skip    | skip;
    nonce           | applies       | applies | skip    | skip;
    prompt          | applies       | applies | skip    | skip;
    max_age         | applies       | applies | applies | applies;
    claims          | applies       | applies | applies | skip;
    acr             | applies       | applies | applies | applies;
    login_hint      | applies       | applies | skip    | applies;
    ui_locales      | applies       | applies | applies | applies;
    id_token_hint   | applies       | applies | skip    | applies;
}

/// The rules that an endpoint asks, in order.
pub fn rules_of(endpoint: Endpoint) -> impl Iterator<Item = &'static str> {
    let column = match endpoint {
        Endpoint::Authorization => 0,
        Endpoint::PushedAuthorization => 1,
        Endpoint::DeviceAuthorization => 2,
        Endpoint::Backchannel => 3,
    };
    let asks = move |applies: &[bool; 4]| applies.get(column).copied().unwrap_or(false);
    TABLE.iter().filter(move |(_, applies)| asks(applies)).map(|(rule, _)| *rule)
}

/// Where a refusal may be sent: nowhere unless the application and its address are in order (RFC 6749 §4.1.2.1).
/// What cannot be sent back is left out. A device has no address.
pub(super) fn return_address(asked: &Asked<'_>) -> Option<ReturnAddress> {
    if !matches!(asked.endpoint, Endpoint::Authorization | Endpoint::PushedAuthorization) {
        return None;
    }
    client::check(asked).ok()?;
    let redirect = redirect_uri::check(asked).ok()?;
    let mode = response_mode::check(asked).unwrap_or_else(|_| response_mode::usual(asked.client));
    Some(ReturnAddress::new(asked.client, redirect, mode, state::check(asked).ok().flatten()))
}
