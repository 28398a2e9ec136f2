//! Sign-in, step-up and refresh: OpenID Connect Core section 3.1 with PKCE (RFC 7636) and `iss` (RFC 9207).

use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreIdToken, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, ClaimsVerificationError, CsrfToken, IdTokenVerifier,
    Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RequestTokenError, Scope, SignatureVerificationError,
    SubjectIdentifier, TokenResponse as _,
};
use serde::Deserialize;

use crate::pages::{self, Failure};
use crate::provider::{ALGORITHMS, Client};
use crate::session::{Pending, Tokens};
use crate::{App, Shared, call_api};

const SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What a sign-in asks the provider for.
#[derive(Default)]
pub(crate) struct Ask {
    /// Wished for, in `acr_values`: the answer may be weaker.
    pub(crate) acr_values: Option<String>,
    /// Demanded, in `claims`: the provider must reach it or answer with an error.
    pub(crate) essential_acr: Option<String>,
    /// Oldest authentication that will do.
    pub(crate) max_age: Option<Duration>,
    /// `prompt=none`: answer without asking the person anything.
    pub(crate) silent: bool,
    /// Call the API again afterwards.
    pub(crate) then_call_api: bool,
}

pub(crate) async fn plain(State(app): Shared, headers: HeaderMap) -> Response {
    begin(&app, &headers, Ask::default()).await
}

pub(crate) async fn with_second_factor(State(app): Shared, headers: HeaderMap) -> Response {
    let essential_acr = Some(app.settings.acr_step_up.clone());
    begin(&app, &headers, Ask { essential_acr, ..Ask::default() }).await
}

pub(crate) async fn silent(State(app): Shared, headers: HeaderMap) -> Response {
    begin(&app, &headers, Ask { silent: true, ..Ask::default() }).await
}

pub(crate) async fn step_up(State(app): Shared, headers: HeaderMap) -> Response {
    let acr_values = Some(app.settings.acr_step_up.clone());
    begin(&app, &headers, Ask { acr_values, ..Ask::default() }).await
}

/// Sends the browser to the provider.
pub(crate) async fn begin(app: &App, headers: &HeaderMap, ask: Ask) -> Response {
    let client = match app.provider.client().await {
        Ok((client, _)) => client,
        Err(error) => return pages::failure(&Failure::unreachable(&error)),
    };
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let flow = CoreAuthenticationFlow::AuthorizationCode;
    let mut request = client
        .authorize_url(flow, || CsrfToken::new_random_len(32), || Nonce::new_random_len(32))
        .set_pkce_challenge(challenge)
        // "openid" is added by the crate.
        .add_scopes(
            SCOPES.iter().filter(|scope| **scope != "openid").map(|scope| Scope::new((*scope).to_owned())),
        );
    if let Some(acr) = &ask.acr_values {
        for value in acr.split(' ').filter(|value| !value.is_empty()) {
            request = request.add_auth_context_value(AuthenticationContextClass::new(value.to_owned()));
        }
    }
    if let Some(acr) = &ask.essential_acr {
        request = request.add_extra_param("claims", essential(acr));
    }
    if let Some(age) = ask.max_age {
        request = request.set_max_age(age);
    }
    if ask.silent {
        request = request.add_prompt(CoreAuthPrompt::None);
    }
    let (url, state, nonce) = request.url();
    let pending =
        Pending { state, nonce, verifier, required_acr: ask.essential_acr, then_call_api: ask.then_call_api };
    app.sessions.redirect(headers, false, url.as_str(), |session| session.begin(pending))
}

/// The `claims` parameter that demands an `acr` (OpenID Connect Core section 5.5.1.1).
fn essential(acr: &str) -> String {
    serde_json::json!({ "id_token": { "acr": { "essential": true, "values": [acr] } } }).to_string()
}

/// What the provider sends back.
#[derive(Default, Deserialize)]
pub(crate) struct Answer {
    pub(crate) state: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
}

pub(crate) async fn callback(
    State(app): Shared,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    let pending = answer
        .state
        .as_deref()
        .and_then(|state| app.sessions.with(&headers, |session| session.take_pending(state)));
    let Some(pending) = pending else { return pages::failure(&Failure::state()) };
    let then_call_api = pending.then_call_api;
    let tokens = match accept(&app, answer, pending).await {
        Ok(tokens) => tokens,
        Err(failure) => return pages::failure(&failure),
    };
    let steps = if then_call_api { call_api::again(&app, &tokens).await } else { Vec::new() };
    app.sessions.redirect(&headers, true, "/", |session| {
        session.tokens = Some(tokens);
        session.api_steps.extend(steps);
    })
}

/// Checks an answer and exchanges its code.
async fn accept(app: &App, answer: Answer, pending: Pending) -> Result<Tokens, Failure> {
    let (client, metadata) = app.provider.client().await.map_err(|error| Failure::unreachable(&error))?;
    let must_name_issuer = metadata.additional_metadata().authorization_response_iss_parameter_supported;
    // RFC 9207 section 2.4, before anything else of the answer is believed, errors included.
    match &answer.iss {
        Some(iss) if iss != metadata.issuer().as_str() => return Err(Failure::issuer(iss)),
        None if must_name_issuer => return Err(Failure::issuer("nobody")),
        _ => {}
    }
    if let Some(error) = answer.error {
        return Err(Failure::oauth(&error, answer.error_description.as_deref()));
    }
    let code = answer.code.ok_or_else(|| Failure::local("The answer has neither a code nor an error."))?;
    let response = client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| Failure::local(&error.to_string()))?
        .set_pkce_verifier(pending.verifier)
        .request_async(app.provider.http())
        .await
        .map_err(|error| token_failure(&error))?;
    let id_token = response.id_token().ok_or_else(|| Failure::local("The answer has no ID token."))?.clone();
    verify(app, &client, &id_token, pending.required_acr.as_deref(), &pending.nonce).await?;
    let mut tokens = tokens(&response, id_token, None)?;
    tokens.name = name(app, &client, &tokens).await;
    Ok(tokens)
}

/// What to call the person (OpenID Connect Core section 5.3): nothing depends on it, so that a provider without
/// userinfo, or a scope that was not granted, is no failure.
async fn name(app: &App, client: &Client, tokens: &Tokens) -> Option<String> {
    let subject = tokens.claims.get("sub")?.as_str()?.to_owned();
    let request =
        client.user_info(tokens.access_token.clone(), Some(SubjectIdentifier::new(subject))).ok()?;
    let told: CoreUserInfoClaims = request.request_async(app.provider.http()).await.ok()?;
    let name = told.name().and_then(|names| names.get(None)).map(|name| name.to_string());
    name.or_else(|| told.preferred_username().map(|name| name.to_string()))
}

/// Verifies an ID token; with keys read again when it names one that is not known yet.
async fn verify(
    app: &App,
    client: &Client,
    id_token: &CoreIdToken,
    required_acr: Option<&str>,
    nonce: &Nonce,
) -> Result<(), Failure> {
    let unknown_key =
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey);
    let refused = |error: ClaimsVerificationError| Failure::token(&error.to_string());
    match id_token.claims(&verifier(client, required_acr), nonce) {
        Ok(_) => Ok(()),
        Err(error) if error.to_string() == unknown_key.to_string() => {
            app.provider.forget().await;
            let (client, _) = app.provider.client().await.map_err(|error| Failure::unreachable(&error))?;
            id_token.claims(&verifier(&client, required_acr), nonce).map(|_| ()).map_err(refused)
        }
        Err(error) => Err(refused(error)),
    }
}

fn verifier<'a>(
    client: &'a Client,
    required_acr: Option<&str>,
) -> IdTokenVerifier<'a, openidconnect::core::CoreJsonWebKey> {
    let verifier = client.id_token_verifier().set_allowed_algs(ALGORITHMS);
    let Some(required) = required_acr.map(str::to_owned) else { return verifier };
    // An essential claim that is not checked is only a wish.
    verifier.set_auth_context_verifier_fn(move |acr| match acr {
        Some(acr) if ***acr == *required => Ok(()),
        Some(acr) => Err(format!("acr is {}, and {required} was required", **acr)),
        None => Err(format!("there is no acr, and {required} was required")),
    })
}

fn tokens(
    response: &CoreTokenResponse,
    id_token: CoreIdToken,
    earlier: Option<&Tokens>,
) -> Result<Tokens, Failure> {
    Ok(Tokens {
        claims: payload(&id_token).map_err(|error| Failure::token(&error.to_string()))?,
        id_token,
        access_token: response.access_token().clone(),
        refresh_token: response
            .refresh_token()
            .cloned()
            .or_else(|| earlier.and_then(|earlier| earlier.refresh_token.clone())),
        name: earlier.and_then(|earlier| earlier.name.clone()),
    })
}

/// The claims as they stand in a verified ID token, those that the crate has no type for included.
fn payload(id_token: &CoreIdToken) -> anyhow::Result<serde_json::Map<String, serde_json::Value>> {
    let text = id_token.to_string();
    let part = text.split('.').nth(1).context("no payload")?;
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part)?)?)
}

/// Uses the refresh token (RFC 6749 section 6, OpenID Connect Core section 12).
pub(crate) async fn refresh(State(app): Shared, headers: HeaderMap) -> Response {
    let Some(tokens) = app.sessions.with(&headers, |session| session.tokens.clone()) else {
        return app.sessions.redirect(&headers, false, "/", |_| ());
    };
    match refreshed(&app, &tokens).await {
        Ok(tokens) => app.sessions.redirect(&headers, false, "/", |session| {
            session.tokens = Some(tokens);
            session.notice =
                Some("Fresh tokens, by the refresh token. What they say was not raised.".to_owned());
        }),
        Err(failure) => pages::failure(&failure),
    }
}

async fn refreshed(app: &App, earlier: &Tokens) -> Result<Tokens, Failure> {
    let Some(refresh_token) = &earlier.refresh_token else {
        return Err(Failure::local("The provider gave no refresh token."));
    };
    let (client, _) = app.provider.client().await.map_err(|error| Failure::unreachable(&error))?;
    let response = client
        .exchange_refresh_token(refresh_token)
        .map_err(|error| Failure::local(&error.to_string()))?
        .request_async(app.provider.http())
        .await
        .map_err(|error| token_failure(&error))?;
    let Some(id_token) = response.id_token() else {
        return tokens(&response, earlier.id_token.clone(), Some(earlier));
    };
    // Section 12.2: signed like the first, for the same person; a nonce is not repeated.
    let claims = id_token
        .claims(&verifier(&client, None), |_: Option<&Nonce>| Ok(()))
        .map_err(|error| Failure::token(&error.to_string()))?;
    if earlier.claims.get("sub").and_then(|sub| sub.as_str()) != Some(claims.subject().as_str()) {
        return Err(Failure::token("it is about another person"));
    }
    tokens(&response, id_token.clone(), Some(earlier))
}

fn token_failure<E: std::error::Error>(
    error: &RequestTokenError<
        E,
        openidconnect::StandardErrorResponse<openidconnect::core::CoreErrorResponseType>,
    >,
) -> Failure {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            Failure::oauth(answer.error().as_ref(), answer.error_description().map(String::as_str))
        }
        RequestTokenError::Request(_) => Failure::local("The token endpoint cannot be reached."),
        _ => Failure::local("The token endpoint's answer cannot be understood."),
    }
}
