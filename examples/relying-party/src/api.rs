//! A protected resource: it trusts JWT access tokens (RFC 9068) of the issuer, and asks for a stronger or fresher
//! sign-in with the challenge of RFC 9470.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use crate::{Settings, Shared, explain, provider::Provider};

/// Oldest authentication that may move money, in seconds.
pub(crate) const MAX_AGE: i64 = 300;

/// Keys are read again at most this often, so that made-up key ids cannot flood the provider.
const REFETCH_AFTER: Duration = Duration::from_secs(10);

/// What the resource server knows.
pub(crate) struct ResourceServer {
    issuer: String,
    acr: String,
    keys: Mutex<Option<(Instant, JwkSet)>>,
}

/// The claims of an access token that matter here (RFC 9068 section 2.2).
#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    acr: Option<String>,
    auth_time: Option<i64>,
}

/// Why a request is not served.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// There is no token.
    NoToken,
    /// The token is not one of ours, or no longer.
    Invalid(&'static str),
    /// The sign-in behind the token is not strong or fresh enough.
    Insufficient(&'static str),
    /// The keys of the issuer cannot be read.
    NoKeys,
}

pub(crate) async fn transfer(State(app): Shared, headers: HeaderMap) -> Response {
    let server = &app.api;
    match server.admit(&app.provider, &headers).await {
        Ok(claims) => {
            Json(json!({ "transferred": true, "by": claims.sub, "acr": claims.acr })).into_response()
        }
        Err(refusal) => server.challenge(&refusal),
    }
}

impl ResourceServer {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { issuer: settings.issuer.clone(), acr: settings.acr_step_up.clone(), keys: Mutex::new(None) }
    }

    async fn admit(&self, provider: &Provider, headers: &HeaderMap) -> Result<Claims, Refusal> {
        let token = bearer(headers).ok_or(Refusal::NoToken)?;
        let claims = self.verify(provider, token).await?;
        self.strong_enough(&claims, now())?;
        Ok(claims)
    }

    /// RFC 9068 section 4. A resource server with an identifier of its own would compare `aud` as well.
    async fn verify(&self, provider: &Provider, token: &str) -> Result<Claims, Refusal> {
        let parsed = decode_header(token).map_err(|_| Refusal::Invalid("not a JWT"))?;
        let kind = parsed.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
        if kind.strip_prefix("application/").unwrap_or(&kind) != "at+jwt" {
            return Err(Refusal::Invalid("not an access token"));
        }
        if !matches!(parsed.alg, Algorithm::ES256 | Algorithm::RS256 | Algorithm::EdDSA) {
            return Err(Refusal::Invalid("signed with an algorithm that is not accepted"));
        }
        let kid = parsed.kid.ok_or(Refusal::Invalid("no key id"))?;
        let key = self.key(provider, &kid).await?;
        let mut validation = Validation::new(parsed.alg);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.validate_aud = false;
        validation.validate_nbf = true;
        validation.leeway = 5;
        decode::<Claims>(token, &key, &validation)
            .map(|data| data.claims)
            .map_err(|_| Refusal::Invalid("expired, or not signed by the issuer"))
    }

    async fn key(&self, provider: &Provider, kid: &str) -> Result<DecodingKey, Refusal> {
        let mut keys = self.keys.lock().await;
        let known = |keys: &Option<(Instant, JwkSet)>| {
            keys.as_ref().and_then(|(_, set)| set.find(kid)).and_then(|jwk| DecodingKey::from_jwk(jwk).ok())
        };
        if let Some(key) = known(&keys) {
            return Ok(key);
        }
        if keys.as_ref().is_none_or(|(read, _)| read.elapsed() > REFETCH_AFTER) {
            let set = read_keys(provider).await.map_err(|_| Refusal::NoKeys)?;
            *keys = Some((Instant::now(), set));
        }
        known(&keys).ok_or(Refusal::Invalid("signed with an unknown key"))
    }

    fn strong_enough(&self, claims: &Claims, now: i64) -> Result<(), Refusal> {
        if !claims.acr.as_deref().is_some_and(|acr| explain::is_enough(acr, &self.acr)) {
            return Err(Refusal::Insufficient("A transfer needs a sign-in with a second factor"));
        }
        if claims.auth_time.is_none_or(|time| now - time > MAX_AGE) {
            return Err(Refusal::Insufficient("A transfer needs a sign-in of the last five minutes"));
        }
        Ok(())
    }

    /// RFC 6750 section 3, RFC 9470 section 3.
    fn challenge(&self, refusal: &Refusal) -> Response {
        let (status, value) = match refusal {
            Refusal::NoToken => (StatusCode::UNAUTHORIZED, "Bearer".to_owned()),
            Refusal::Invalid(why) => (
                StatusCode::UNAUTHORIZED,
                format!("Bearer error=\"invalid_token\", error_description=\"{why}\""),
            ),
            Refusal::Insufficient(why) => (
                StatusCode::UNAUTHORIZED,
                format!(
                    "Bearer error=\"insufficient_user_authentication\", error_description=\"{why}\", \
                     acr_values=\"{}\", max_age=\"{MAX_AGE}\"",
                    self.acr
                ),
            ),
            Refusal::NoKeys => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        };
        let mut response = status.into_response();
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        response
    }
}

async fn read_keys(provider: &Provider) -> anyhow::Result<JwkSet> {
    let metadata = provider.metadata().await?;
    let response =
        provider.http().0.get(metadata.jwks_uri().url().clone()).send().await?.error_for_status()?;
    Ok(response.json().await?)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this application stands alone and reads its own clock")]
pub(crate) fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::challenge::StepUp;

    fn server() -> ResourceServer {
        ResourceServer {
            issuer: "https://id.example".to_owned(),
            acr: "urn:x:mfa".to_owned(),
            keys: Mutex::new(None),
        }
    }

    #[test]
    fn only_the_right_acr_of_the_last_minutes_is_strong_enough() {
        for (acr, auth_time, fits) in [
            (Some("urn:x:mfa"), Some(1000), true),
            (Some("urn:x:mfa"), Some(700), true),
            (Some("urn:x:mfa"), Some(699), false),
            (Some("urn:x:mfa"), None, false),
            (Some("urn:x:1fa"), Some(1000), false),
            (None, Some(1000), false),
        ] {
            let claims = Claims { sub: "s".to_owned(), acr: acr.map(str::to_owned), auth_time };
            assert_eq!(server().strong_enough(&claims, 1000).is_ok(), fits, "{acr:?} {auth_time:?}");
        }
    }

    #[test]
    fn the_challenge_says_what_would_do() {
        let response = server().challenge(&Refusal::Insufficient("because"));
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        let asked = StepUp::asked_for_in(response.headers()["www-authenticate"].to_str().unwrap()).unwrap();
        assert_eq!(asked.acr_values.as_deref(), Some("urn:x:mfa"));
        assert_eq!(asked.max_age, Some(Duration::from_secs(300)));
        assert_eq!(asked.description.as_deref(), Some("because"));

        let plain = server().challenge(&Refusal::NoToken);
        assert_eq!(plain.headers()["www-authenticate"], "Bearer");
    }
}
