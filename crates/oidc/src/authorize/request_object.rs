//! Signed authorization requests (RFC 9101, OIDC Core §6.1): from the token to the parameters that it carries.

use crate::{ErrorCode, OAuthError, Parameters, signed::foreign_algs, tokens::one_or_many};
use serde::Deserialize;
use serde_json::{Map, Value};
use vestibule_domain::{Client, Strictness, Timestamp};
use vestibule_jose::{Expect, ForeignKeys, Times, Typ, VerifyError, verify_foreign};

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;

/// The longest time in seconds between the beginning and the end of a request's life, where it says both (FAPI 2.0 Message
/// Signing §5.3.1).
const LONGEST: i64 = 3_600;

/// What a request says about itself; all the rest are parameters.
const ABOUT_ITSELF: [&str; 7] = ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"];

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    #[serde(default, deserialize_with = "one_or_many")]
    aud: Vec<String>,
    client_id: Option<String>,
    sub: Option<String>,
    #[serde(flatten)]
    times: Times,
}

/// Why a signed request is not taken: for the log alone.
#[derive(Debug, thiserror::Error)]
enum BadObject {
    #[error("the application has no keys, or they could not be fetched")]
    NoKeys,
    #[error("it does not verify")]
    Signature(#[source] VerifyError),
    #[error("its {0} is missing or wrong")]
    Claim(&'static str),
}

/// Where and when a signed request arrives.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The application's public keys, as far as they are known.
    pub keys: Option<&'a ForeignKeys>,
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// The moment.
    pub now: Timestamp,
}

/// Reads a signed request. What is outside it does not count (RFC 9101 §5), but for the `client_id`, which has to be the same.
///
/// # Errors
/// `invalid_request_object` when it is not the application's, not for this issuer, not of now, or malformed.
pub fn read(object: &str, client: &Client, reading: Reading<'_>) -> Result<Parameters, OAuthError> {
    let invalid = |why| {
        OAuthError::new(ErrorCode::InvalidRequestObject, "the signed request is not valid").with_cause(why)
    };
    let keys = reading.keys.ok_or_else(|| invalid(BadObject::NoKeys))?;
    let expect = Expect { typ: Typ::PlainOr(&["oauth-authz-req+jwt"]), algs: foreign_algs(client) };
    let verified = verify_foreign::<Map<String, Value>>(keys, object, &expect);
    let members = verified.map_err(|why| invalid(BadObject::Signature(why)))?.claims;
    check(&members, client, reading).map_err(|claim| invalid(BadObject::Claim(claim)))?;
    parameters(members).ok_or_else(|| invalid(BadObject::Claim("parameters")))
}

/// Checks what a request says about itself; the error is the claim that is wrong.
fn check(members: &Map<String, Value>, client: &Client, reading: Reading<'_>) -> Result<(), &'static str> {
    let claims: Claims = serde_json::from_value(Value::Object(members.clone())).map_err(|_| "shape")?;
    if claims.iss.is_some_and(|iss| iss != client.id) {
        return Err("iss");
    }
    if claims.client_id.as_deref() != Some(client.id.as_str()) {
        return Err("client_id");
    }
    // What says of itself that it is the application could be sent to the token endpoint in its name (RFC 9101 §10.8).
    if claims.sub.is_some_and(|sub| sub == client.id) {
        return Err("sub");
    }
    // An application that always signs means what it signs for this provider, and for a while.
    let strict = client.is_strict(Strictness::RequireSignedRequests);
    let meant = claims.aud.iter().any(|one| one == reading.issuer);
    if !meant && (strict || !claims.aud.is_empty()) {
        return Err("aud");
    }
    check_times(claims.times, strict, reading.now.as_seconds())
}

fn check_times(times: Times, strict: bool, now: i64) -> Result<(), &'static str> {
    if strict && times.nbf.is_none() {
        return Err("nbf");
    }
    if strict && times.exp.is_none() {
        return Err("exp");
    }
    let begins = times.nbf.or(times.iat);
    let distance = |exp: i64| begins.is_some_and(|begins| exp.saturating_sub(begins) > LONGEST);
    if times.exp.is_some_and(distance) {
        return Err("exp (at most an hour after nbf)");
    }
    // Without an end it counts for as long as one that says the longest.
    let exp = times.exp.or_else(|| begins.map(|begins| begins.saturating_add(LONGEST)));
    let unlimited = exp.is_none();
    let judged = Times { exp, ..times }.check(now, LEEWAY);
    if unlimited || judged.is_ok() { Ok(()) } else { Err("exp, nbf or iat") }
}

/// The parameters that the claims are (RFC 9101 §4): numbers as they are written, and structures as JSON.
fn parameters(members: Map<String, Value>) -> Option<Parameters> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (name, value) in members {
        match value {
            _ if ABOUT_ITSELF.contains(&name.as_str()) => {}
            // A request in a request would never end.
            _ if name == "request" || name == "request_uri" => return None,
            Value::Null => {}
            Value::String(text) => pairs.push((name, text)),
            Value::Array(list) if name == "resource" => {
                for one in list {
                    pairs.push((name.clone(), one.as_str()?.to_owned()));
                }
            }
            other => pairs.push((name, other.to_string())),
        }
    }
    Parameters::of(&pairs)
}
