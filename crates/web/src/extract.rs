//! Extractors for what people send from our own pages.

use crate::{
    http::{
        form::{Fields, is_form, is_same_origin, parse, read},
        reply::Stop,
    },
    visit::{Visit, Web},
};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::{StatusCode, request::Parts};
use serde::{Deserialize, de::DeserializeOwned};
use std::{str::FromStr, sync::Arc};
use vestibule_domain::FlowId;
use vestibule_pages::keys;

/// A sign-in or its request has expired, was tampered with, or belongs to another browser.
pub(crate) const EXPIRED: Stop = Stop::Problem(StatusCode::BAD_REQUEST, keys::FLOW_EXPIRED);

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
            return Err(Stop::Problem(StatusCode::FORBIDDEN, keys::FORM_EXPIRED));
        }
        Ok(Self { visit, fields })
    }
}

/// A form that belongs to a sign-in under way.
pub(crate) struct FlowPosted {
    pub(crate) visit: Visit,
    pub(crate) flow: FlowId,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Web>> for FlowPosted {
    type Rejection = Stop;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Stop> {
        let Posted { visit, fields } = Posted::from_request(request, web).await?;
        let flow = fields.get("flow").parse().map_err(|_| EXPIRED)?;
        Ok(Self { visit, flow, fields })
    }
}

/// A page that belongs to a sign-in under way.
pub(crate) struct FlowAsked {
    pub(crate) visit: Visit,
    pub(crate) flow: FlowId,
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
        let flow = query.flow.parse().map_err(|_| EXPIRED)?;
        Ok(Self { visit, flow })
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
