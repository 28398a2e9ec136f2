//! The layer that makes an answer of whatever stopped a handler.

use crate::{
    http::{
        log::Causes,
        reply::{Stop, bare},
    },
    refusal::status_of,
    visit::{Slot, Visit},
};
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use vestibule_pages::{Message, keys};

/// RFC 9449 §8.1.
const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// What scripts may read besides the body: why they were refused, and the nonce of the next proof.
const EXPOSED: HeaderValue = HeaderValue::from_static("DPoP-Nonce, WWW-Authenticate");

/// Lets the handler run, and answers in its place when it was stopped.
pub(crate) async fn answer_stops(mut request: Request, next: Next) -> Response {
    let slot = Slot::default();
    request.extensions_mut().insert(slot.clone());
    let mut response = next.run(request).await;
    if let Some(stop) = Stop::behind(&mut response) {
        response = match slot.visit() {
            Some(visit) => explained(visit, &stop),
            None => unplaced(&stop),
        };
    }
    if let Some(nonce) = slot.dpop_nonce() {
        response.headers_mut().insert(DPOP_NONCE, nonce.clone());
    }
    if let Some(origin) = slot.readable_by() {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// The answer at a pool.
fn explained(visit: &Visit, stop: &Stop) -> Response {
    match stop {
        Stop::NoPool(_) => unplaced(stop),
        Stop::Failed(cause) => visit.failed(cause),
        Stop::Refused { error, told } => visit.refused(error, *told),
        Stop::NoToken => visit.challenge(StatusCode::UNAUTHORIZED, None),
        Stop::FormExpired(way) => visit.dead_end(StatusCode::FORBIDDEN, keys::FORM_EXPIRED, way),
        Stop::Over(way) => visit.over(way.as_deref()),
        Stop::Problem(status, key) => visit.problem(*status, Message::error(*key)),
        Stop::First(step) => visit.step(step),
    }
}

/// The answer where there is no pool.
fn unplaced(stop: &Stop) -> Response {
    match stop {
        Stop::NoPool(misdirected) => bare(StatusCode::MISDIRECTED_REQUEST, misdirected.text()),
        Stop::Failed(cause) => {
            tracing::error!(error = %Causes(cause), "a pool could not be loaded");
            bare(
                status_of(cause),
                "unavailable: the service cannot answer just now. Try again in a moment.\n",
            )
        }
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
