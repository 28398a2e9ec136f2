//! Extractors for what people send from our own pages.

use crate::{
    http::{
        form::{Fields, is_form, is_same_origin, parse, read},
        reply::Stop,
    },
    paths,
    visit::{Visit, Web},
};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use std::{fmt, str::FromStr, sync::Arc};
use vestibule_domain::FlowId;
use vestibule_pages::keys;

/// A sign-in or its request was tampered with, or nothing is known of it.
pub(crate) const EXPIRED: Stop = Stop::Over(None);

/// There is no such page.
pub(crate) const NOT_FOUND: Stop = Stop::Problem(StatusCode::NOT_FOUND, keys::NOT_FOUND);

/// The request makes no sense.
pub(crate) const MALFORMED: Stop = Stop::Problem(StatusCode::BAD_REQUEST, keys::MALFORMED_REQUEST);

/// A form of one of our own pages: right pool, same origin, right content type, this browser's token.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Web>> for Posted {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if !is_same_origin(&parts.headers, visit.cx.pool.pool.origin.as_str()) {
            return Err(Stop::Problem(StatusCode::FORBIDDEN, keys::CROSS_SITE));
        }
        if !is_form(&parts.headers) {
            return Err(Stop::Problem(StatusCode::FORBIDDEN, keys::UNSUPPORTED_MEDIA_TYPE));
        }
        let body = read(body, web.options.body_limit).await?;
        let fields = parse(&body).ok_or(MALFORMED)?;
        visit.note_form(&fields);
        if !visit.app().csrf_is_valid(&visit.cx, fields.get("csrf")) {
            return Err(Stop::FormExpired(way_back(parts.uri.path(), &fields)));
        }
        Ok(Self { visit, fields })
    }
}

/// Names a sign-in under way in addresses and forms: which, and, sealed, what it is for. So a page that is older than its
/// sign-in still leads to what it was for.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(crate) id: FlowId,
    /// A sealed request; empty where there is none.
    pub(crate) request: String,
}

impl Handle {
    /// Reads a handle; a text that is none is that of a sign-in of which nothing is known.
    fn read(text: &str) -> Result<Self, Stop> {
        let (id, request) = text.split_once('.').unwrap_or((text, ""));
        let id = id.parse().map_err(|_| EXPIRED)?;
        Ok(Self { id, request: token(request).to_owned() })
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.request.as_str() {
            "" => self.id.fmt(f),
            request => write!(f, "{}.{request}", self.id),
        }
    }
}

/// A text that can stand in an address as it is, as everything sealed and every secret of a link can; else empty.
pub(crate) fn token(text: &str) -> &str {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if text.bytes().all(fits) { text } else { "" }
}

/// Where somebody begins again whose form is not this browser's: its cookies are gone, or others. With what the form was
/// for, where it says so; otherwise at the page that the form belongs to.
fn way_back(path: &str, fields: &Fields) -> String {
    let request = match fields.get("flow").split_once('.') {
        Some((_, request)) => request,
        None => fields.get("request"),
    };
    let (request, link) = (token(request), token(fields.get("token")));
    match path {
        paths::REGISTER_COMPLETE | paths::RESET_COMPLETE if !link.is_empty() => paths::of_link(path, link),
        paths::REGISTER if !request.is_empty() => paths::register(request),
        paths::RESET if !request.is_empty() => paths::reset(request),
        paths::REGISTER | paths::RESET => path.to_owned(),
        paths::LANGUAGE => paths::back_to(fields.get("to")).to_owned(),
        _ if path.starts_with(paths::LOGIN) && !request.is_empty() => paths::login(request),
        paths::DEVICE => paths::device(fields.get("user_code")),
        paths::PROFILE | paths::PASSWORD => path.to_owned(),
        _ => [paths::SESSIONS, paths::APPS, paths::SECURITY, paths::SETTINGS]
            .into_iter()
            .find(|page| path.starts_with(page))
            .unwrap_or(paths::ACCOUNT)
            .to_owned(),
    }
}

/// A form that belongs to a sign-in under way.
pub(crate) struct FlowPosted {
    pub(crate) visit: Visit,
    pub(crate) flow: Handle,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Web>> for FlowPosted {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let Posted { visit, fields } = Posted::from_request(request, web).await?;
        let flow = Handle::read(fields.get("flow"))?;
        Ok(Self { visit, flow, fields })
    }
}

/// A page that belongs to a sign-in under way.
pub(crate) struct FlowAsked {
    pub(crate) visit: Visit,
    pub(crate) flow: Handle,
}

#[derive(Deserialize)]
struct FlowQuery {
    #[serde(default)]
    flow: String,
}

impl FromRequestParts<Arc<Web>> for FlowAsked {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        let visit = Visit::from_request_parts(parts, web).await?;
        let Asked(query) = Asked::<FlowQuery>::from_request_parts(parts, web).await?;
        Ok(Self { visit, flow: Handle::read(&query.flow)? })
    }
}

/// The query of one of our own pages.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Web>> for Asked<T> {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        // What is wrong is shown on a page, and a page needs a visit.
        Visit::from_request_parts(parts, web).await?;
        let query = Query::from_request_parts(parts, web).await;
        query.map(|Query(query)| Self(query)).map_err(|_| MALFORMED)
    }
}

/// What the address names: a kind, or an identifier.
pub(crate) struct At<T>(pub(crate) T);

impl<T: FromStr + Send> FromRequestParts<Arc<Web>> for At<T> {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        Visit::from_request_parts(parts, web).await?;
        let Path(text) = Path::<String>::from_request_parts(parts, web).await.map_err(|_| NOT_FOUND)?;
        text.parse().map(Self).map_err(|_| NOT_FOUND)
    }
}
