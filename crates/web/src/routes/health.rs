//! For orchestrators: these answer at any host.

use crate::{failure::bare, visit::Web};
use axum::{extract::State, response::Response};
use http::StatusCode;
use std::sync::Arc;

/// The process runs.
pub(super) async fn healthz() -> Response {
    bare(StatusCode::OK, "ok\n")
}

/// The database answers.
pub(super) async fn readyz(State(web): State<Arc<Web>>) -> Response {
    match web.app.store().ping().await {
        Ok(()) => bare(StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = %error, "not ready");
            bare(StatusCode::SERVICE_UNAVAILABLE, "unavailable: the database does not answer\n")
        }
    }
}
