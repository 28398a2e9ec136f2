//! The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2): from parameters to a verdict.
//!
//! A request is judged once, when it arrives: [`resolve`] asks every rule and gives a [`PermittedRequest`]. The
//! [`ResolvedRequest`] in it can be stored; whenever that is used, [`ResolvedRequest::still_registered`] checks what an operator may have changed since,
//! and only it makes the [`ReturnAddress`] that an answer is sent to.

mod acr;
mod prompt;
pub mod request_object;
mod resolved;
mod response;
mod rules;

pub use crate::parameters::Parameters;
pub use acr::{AcrGoal, AcrRequest, AcrWish, RequestedAcr};
pub use prompt::Prompts;
pub use resolved::{AnswerTo, DeviceRequest, PermittedRequest, Pushed, Registered, Reply, ResolvedRequest};
pub use response::{AuthorizationResponse, ResponseMode, ReturnAddress};
pub use rules::{Endpoint, RefusedByRule, rules_of};

use crate::OAuthError;
use vestibule_domain::{Api, Attribute, Client, Timestamp};
use vestibule_jose::Jwk;

/// The scope that gives refresh tokens (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Where and when a request arrives.
#[derive(Clone, Copy)]
pub struct Arrival<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// The pool's public keys, for `id_token_hint`.
    pub keys: &'a [Jwk],
    /// Whether people can register at the pool.
    pub registration: bool,
    /// The pool's APIs.
    pub apis: &'a [Api],
    /// What the pool declares of its users.
    pub attributes: &'a [Attribute],
    /// Whether the application signed it (RFC 9101).
    pub signed: bool,
    /// The moment.
    pub now: Timestamp,
}

/// Why a request is not carried out, and who is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// The user, on a page of this provider: there is no address that could be trusted with an answer.
    Page(OAuthError),
    /// The application.
    Redirect {
        /// Where and how.
        to: ReturnAddress,
        /// What is wrong.
        error: OAuthError,
    },
}

/// Judges a request of an application that was looked up by [`Parameters::client_id`].
///
/// # Errors
/// [`Rejection::Page`] unless the application and its redirect address can be trusted, otherwise [`Rejection::Redirect`].
pub fn resolve(
    endpoint: Endpoint,
    params: &Parameters,
    client: &Client,
    arrival: Arrival<'_>,
) -> Result<PermittedRequest, Rejection> {
    let asked = rules::Asked::new(endpoint, params, client, arrival);
    match rules::authorization(&asked) {
        Ok(found) => Ok(PermittedRequest::of(found, client, arrival.now)),
        Err(error) => Err(rejection(&asked, error)),
    }
}

/// Judges the request of a device (RFC 8628 §3.1): there is no address that anything could be sent to.
///
/// # Errors
/// What the first rule says that refuses.
pub fn resolve_device(
    params: &Parameters,
    client: &Client,
    arrival: Arrival<'_>,
    device: DeviceRequest,
) -> Result<ResolvedRequest, OAuthError> {
    let asked = rules::Asked::new(Endpoint::DeviceAuthorization, params, client, arrival);
    let found = rules::device_authorization(&asked)?;
    Ok(ResolvedRequest::of_device(found, client, device, arrival.now))
}

/// The refusal of a request whose parameters are not believed: they say where it is told, if at all.
pub fn refused_at(sent: &Parameters, client: &Client, arrival: Arrival<'_>, error: OAuthError) -> Rejection {
    rejection(&rules::Asked::new(Endpoint::Authorization, sent, client, arrival), error)
}

fn rejection(asked: &rules::Asked<'_>, error: OAuthError) -> Rejection {
    match rules::return_address(asked) {
        Some(to) => Rejection::Redirect { to, error },
        None => Rejection::Page(error),
    }
}
