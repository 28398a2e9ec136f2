//! Style sheets, scripts, pictures.

use crate::{http::reply::bare, paths, visit::Visit};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

fn file(body: impl IntoResponse, content_type: &str, cache: HeaderValue) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(content_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, cache);
    response
}

/// A file whose address changes with its content.
pub(crate) async fn asset(Path((hash, name)): Path<(String, String)>) -> Response {
    match vestibule_pages::asset(&paths::asset(&hash, &name)) {
        Some(asset) => file(asset.body, asset.content_type, FOREVER),
        None => bare(StatusCode::NOT_FOUND, "not_found\n"),
    }
}

/// Browsers ask for it without being told to.
pub(crate) async fn favicon() -> Response {
    let found = vestibule_pages::asset_url("favicon.svg").and_then(vestibule_pages::asset);
    match found {
        Some(asset) => file(asset.body, asset.content_type, A_DAY),
        None => bare(StatusCode::NOT_FOUND, "not_found\n"),
    }
}

/// The pool's own colour.
pub(crate) async fn pool_css(visit: Visit) -> Response {
    let colour = visit.cx.pool.pool.settings.accent.as_deref();
    match colour.and_then(vestibule_pages::accent_css) {
        Some(css) => file(css, "text/css; charset=utf-8", A_DAY),
        None => bare(StatusCode::NOT_FOUND, "not_found\n"),
    }
}
