//! What a browser asks before a script of another origin may send a request.

use crate::{call::ScriptCall, visit::Slot};
use axum::{
    Extension,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// A preflight of a script of one of the pool's applications (Fetch §3.2.2).
pub(crate) async fn preflight(_: ScriptCall, Extension(slot): Extension<Slot>) -> Response {
    allowed(&slot, HeaderValue::from_static("GET, POST"))
}

/// The answer to a preflight: who may read what comes may also ask, by these methods.
pub(super) fn allowed(slot: &Slot, methods: HeaderValue) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if slot.readable_by().is_some() {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, dpop"),
        );
        headers.insert(HeaderName::from_static("access-control-max-age"), HeaderValue::from_static("600"));
    }
    response
}
