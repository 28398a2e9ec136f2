//! Extractors for what people send from our own pages.

use crate::{
    http::form::{Fields, is_form, is_same_origin, parse, read},
    visit::{Visit, Web},
};
use axum::{
    extract::{FromRequest, FromRequestParts as _, Request},
    response::Response,
};
use http::StatusCode;
use std::sync::Arc;
use vestibule_pages::{Message, keys};

/// A form of one of our own pages: right pool, same origin, right content type, this browser's token.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Web>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if !is_same_origin(&parts.headers, visit.cx.pool.pool.origin.as_str()) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::CROSS_SITE)));
        }
        if !is_form(&parts.headers) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::UNSUPPORTED_MEDIA_TYPE)));
        }
        let body = read(body, web.options.body_limit).await.map_err(|why| visit.unreadable(why))?;
        let Some(fields) = parse(&body) else {
            return Err(visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST)));
        };
        if !visit.app().csrf_is_valid(&visit.cx, fields.get("csrf")) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::FORM_EXPIRED)));
        }
        Ok(Self { visit, fields })
    }
}
