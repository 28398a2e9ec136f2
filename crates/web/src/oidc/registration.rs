//! Registration of applications by themselves.

use crate::{
    call::{Call, protocol_headers},
    extract::NOT_FOUND,
    http::{
        form::read,
        headers::text,
        reply::{Reply, Stop},
    },
    oidc::scripts::allowed,
    visit::{Slot, Visit, Web},
};
use axum::{
    Extension,
    extract::{FromRequest, FromRequestParts, Path, Request},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use std::sync::Arc;
use vestibule_oidc::{
    ErrorCode, OAuthError,
    bearer::{self, Scheme},
};
use zeroize::Zeroizing;

/// A request of a program that the pool need not know yet, so of a script of any origin as well (Fetch §3.2): no cookies count,
/// and what it may do hangs on its token alone.
pub(crate) struct AnyScript(Visit);

impl AnyScript {
    /// At a pool where applications do not register by themselves there is no such page.
    fn admit(visit: Visit, parts: &Parts) -> Result<Self, Stop> {
        if !visit.app().oidc().registers(&visit.cx) {
            return Err(NOT_FOUND);
        }
        if let Some(origin) = parts.headers.get(header::ORIGIN).cloned() {
            Slot::let_read(parts, origin);
        }
        Ok(Self(visit))
    }
}

impl FromRequestParts<Arc<Web>> for AnyScript {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        let Call(visit) = Call::from_request_parts(parts, web).await?;
        Self::admit(visit, parts)
    }
}

/// A preflight of such a script.
pub(crate) async fn preflight(_: AnyScript, Extension(slot): Extension<Slot>) -> Response {
    allowed(&slot, HeaderValue::from_static("GET, POST, PUT, DELETE"))
}

/// A program's request with JSON, at a pool where applications register by themselves.
pub(crate) struct JsonCall {
    visit: Visit,
    headers: HeaderMap,
    client: String,
    body: Zeroizing<String>,
}

impl FromRequest<Arc<Web>> for JsonCall {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let Call(visit) = Call::from_request_parts(&mut parts, web).await?;
        let body = read(body, web.options.body_limit).await?;
        let AnyScript(visit) = AnyScript::admit(visit, &parts)?;
        let path = Path::<String>::from_request_parts(&mut parts, web).await;
        let client = path.map(|Path(client)| client).unwrap_or_default();
        Ok(Self { visit, headers: parts.headers, client, body })
    }
}

impl JsonCall {
    /// The body (RFC 7591 §3.1): a form of another site cannot be of this type.
    fn json(&self) -> Result<&str, Stop> {
        let media = text(&self.headers, header::CONTENT_TYPE).unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim();
        if media.eq_ignore_ascii_case("application/json") {
            return Ok(&self.body);
        }
        let hint = "the content type must be application/json";
        Err(Stop::json(OAuthError::new(ErrorCode::InvalidClientMetadata, hint)))
    }

    /// The token of the request, if it has one (RFC 6750 §2.1).
    fn token(&self) -> Result<Option<String>, Stop> {
        let sent = protocol_headers(&self.headers);
        let authorization = sent.authorization().map_err(Stop::challenge)?;
        let credential = bearer::token(authorization).map_err(Stop::challenge)?;
        Ok(credential.filter(|one| one.scheme == Scheme::Bearer).map(|one| one.token.to_owned()))
    }
}

/// An error of what was sent is told as JSON, one of the token as at every protected resource.
fn refused(error: OAuthError) -> Stop {
    match error.code {
        ErrorCode::InvalidToken => Stop::challenge(error),
        _ => Stop::json(error),
    }
}

/// The client registration endpoint (RFC 7591 §3).
pub(crate) async fn register(call: JsonCall) -> Reply {
    let token = call.token()?;
    if token.is_none() && call.visit.app().oidc().wants_token(&call.visit.cx) {
        return Err(Stop::NoToken);
    }
    let visit = &call.visit;
    let told = visit.app().oidc().register(&visit.cx, token.as_deref(), call.json()?).await?;
    Ok(visit.json(StatusCode::CREATED, told.map_err(refused)?.to_string()))
}

/// A registration (RFC 7592 §2.1).
pub(crate) async fn show(call: JsonCall) -> Reply {
    let token = call.token()?.ok_or(Stop::NoToken)?;
    let visit = &call.visit;
    let told = visit.app().oidc().registration(&visit.cx, &call.client, &token).await?;
    Ok(visit.json(StatusCode::OK, told.map_err(refused)?.to_string()))
}

/// Changes one (RFC 7592 §2.2).
pub(crate) async fn change(call: JsonCall) -> Reply {
    let token = call.token()?.ok_or(Stop::NoToken)?;
    let visit = &call.visit;
    let told = visit.app().oidc().reregister(&visit.cx, &call.client, &token, call.json()?).await?;
    Ok(visit.json(StatusCode::OK, told.map_err(refused)?.to_string()))
}

/// Removes one (RFC 7592 §2.3).
pub(crate) async fn remove(call: JsonCall) -> Reply {
    let token = call.token()?.ok_or(Stop::NoToken)?;
    let visit = &call.visit;
    let gone = visit.app().oidc().unregister(&visit.cx, &call.client, &token).await?;
    gone.map_err(refused)?;
    Ok((StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response())
}
