//! OIDC Core §9 `private_key_jwt`, RFC 7523 §2.2 and §3: a token that the application signed with its own key. It counts once.

use super::{ClientAuthFailure, ClientCredentials, Evidence, Method, Proof, Proving};
use crate::{
    BackChannelRequest, OAuthError, discovery::path, once::OneTime, signed::foreign_algs, tokens::one_or_many,
};
use serde::{Deserialize, de::IgnoredAny};
use vestibule_domain::{Client, ClientAuthMethod::PrivateKeyJwt, Strictness};
use vestibule_jose::{Expect, Times, Typ, peek_unverified, verify_foreign};
use zeroize::Zeroizing;

pub(super) const METHOD: Method = Method { name: PrivateKeyJwt, used, read, judge };

/// RFC 7523 §2.2.
const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;

/// The longest life of an assertion in seconds: it is remembered for so long.
const LONGEST: i64 = 3_600;

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 256;

/// What an assertion says (RFC 7523 §3).
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    jti: Option<String>,
    /// A signed authorization request has it: that travels through browsers and is no proof (RFC 9101 §10.8).
    response_type: Option<IgnoredAny>,
    #[serde(flatten)]
    times: Times,
}

/// What is read before the signature is checked, to look the application up.
#[derive(Deserialize)]
struct Claimed {
    sub: String,
}

fn used(request: &BackChannelRequest) -> Result<bool, OAuthError> {
    let form = &request.form;
    Ok(form.get("client_assertion").is_some() || form.get("client_assertion_type").is_some())
}

fn read(request: &BackChannelRequest) -> Result<ClientCredentials, OAuthError> {
    let form = &request.form;
    let assertion = form.get("client_assertion").filter(|_| form.get("client_assertion_type") == Some(TYPE));
    let assertion = assertion.ok_or(ClientAuthFailure::Assertion)?;
    let claimed: Claimed = peek_unverified(assertion).map_err(|_| ClientAuthFailure::Assertion)?;
    if form.client_id().is_some_and(|client_id| client_id != claimed.sub) {
        return Err(OAuthError::invalid_request("client_id differs from the client assertion"));
    }
    let assertion = Some(Zeroizing::new(assertion.to_owned()));
    let unproved = ClientCredentials::unproved(claimed.sub);
    Ok(ClientCredentials { method: PrivateKeyJwt, assertion, ..unproved })
}

fn judge(
    client: &Client,
    credentials: &ClientCredentials,
    evidence: Evidence<'_>,
) -> Result<Proof, ClientAuthFailure> {
    let proving = evidence.proving;
    let assertion = credentials.assertion.as_deref().ok_or(ClientAuthFailure::Assertion)?;
    let keys = proving.keys.ok_or_else(|| ClientAuthFailure::NoKeys(client.id.clone()))?;
    let expect = Expect { typ: Typ::PlainOr(&["client-authentication+jwt"]), algs: foreign_algs(client) };
    let claims: Claims =
        verify_foreign(keys, assertion, &expect).map_err(ClientAuthFailure::Signature)?.claims;
    let wrong = |claim| Err(ClientAuthFailure::AssertionClaim(claim));
    if claims.iss != client.id {
        return wrong("iss");
    }
    if claims.sub != client.id {
        return wrong("sub");
    }
    if claims.response_type.is_some() {
        return wrong("response_type");
    }
    if !is_for(&claims.aud, client, proving) {
        return wrong("aud");
    }
    let now = proving.now.as_seconds();
    if claims.times.check(now, LEEWAY).is_err() {
        return wrong("exp, nbf or iat");
    }
    let expires = claims.times.exp.unwrap_or_default();
    if expires > now + LONGEST + LEEWAY {
        return wrong("exp (at most an hour away)");
    }
    match claims.jti.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID) {
        Some(id) => {
            let expires_at = proving.now + (expires - now + LEEWAY);
            Ok(Proof { once: Some(OneTime::new("client-assertion", &client.id, &id, expires_at)) })
        }
        None => wrong("jti"),
    }
}

/// Whether every audience is this provider, so that nothing that was meant for another one counts (RFC 7523 §3, RFC 9126 §2).
/// Addresses of endpoints count where the issuer alone is not asked for: most libraries name the token endpoint.
fn is_for(audience: &[String], client: &Client, proving: Proving<'_>) -> bool {
    let ours = |one: &String| {
        let token = one.strip_prefix(proving.issuer) == Some(path::TOKEN);
        let endpoint = token || one == proving.url;
        one == proving.issuer || (endpoint && !client.is_strict(Strictness::IssuerAudience))
    };
    !audience.is_empty() && audience.iter().all(ours)
}
