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

/// Reads the signed request in `outer`. What is outside it does not count (RFC 9101 §5), but for the `client_id`, which has to
/// be the same. `None` when there is none.
///
/// # Errors
/// `invalid_request_object` when it is not the application's, not for this issuer, not of now, or malformed.
pub fn read(
    outer: &Parameters,
    client: &Client,
    reading: Reading<'_>,
) -> Result<Option<Parameters>, OAuthError> {
    let Some(object) = outer.get("request") else { return Ok(None) };
    let invalid = |why| {
        OAuthError::new(ErrorCode::InvalidRequestObject, "the signed request is not valid").with_cause(why)
    };
    let keys = reading.keys.ok_or_else(|| invalid(BadObject::NoKeys))?;
    let expect = Expect { typ: Typ::PlainOr(&["oauth-authz-req+jwt"]), algs: foreign_algs(client) };
    let verified = verify_foreign::<Map<String, Value>>(keys, object, &expect);
    let members = verified.map_err(|why| invalid(BadObject::Signature(why)))?.claims;
    check(&members, client, reading).map_err(|claim| invalid(BadObject::Claim(claim)))?;
    parameters(members).map(Some).ok_or_else(|| invalid(BadObject::Claim("parameters")))
}

/// Checks what a request says about itself; the error is the claim that is wrong.
fn check(members: &Map<String, Value>, client: &Client, reading: Reading<'_>) -> Result<(), &'static str> {
    let claims: Claims = serde_json::from_value(Value::Object(members.clone())).map_err(|_| "shape")?;
    if claims.iss.as_ref().is_some_and(|iss| *iss != client.id) {
        return Err("iss");
    }
    if claims.client_id.as_deref() != Some(client.id.as_str()) {
        return Err("client_id");
    }
    if !claims.aud.is_empty() && !claims.aud.iter().any(|one| one == reading.issuer) {
        return Err("aud");
    }
    if client.is_strict(Strictness::RequireSignedRequests) {
        bounded(&claims)?;
    }
    // Without an end it lasts, but does not begin sooner.
    let exp = claims.times.exp.unwrap_or(i64::MAX);
    let begins = claims.times.nbf.or(claims.times.iat).filter(|_| claims.times.exp.is_some());
    if begins.is_some_and(|begins| exp.saturating_sub(begins) > LONGEST) {
        return Err("exp (at most an hour after nbf)");
    }
    let times = Times { exp: Some(exp), ..claims.times };
    times.check(reading.now.as_seconds(), LEEWAY).map_err(|_| "exp, nbf or iat")
}

/// FAPI 2.0 Message Signing §5.3.1: where nothing but signed requests counts, each says for whom it is, and from when until when.
fn bounded(claims: &Claims) -> Result<(), &'static str> {
    if claims.aud.is_empty() {
        return Err("aud");
    }
    claims.times.nbf.ok_or("nbf")?;
    claims.times.exp.ok_or("exp")?;
    Ok(())
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
