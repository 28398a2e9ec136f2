//! For orchestrators: these answer at any host.

use crate::{http::reply::bare, visit::Web};
use axum::{extract::State, response::Response};
use http::StatusCode;
use std::sync::Arc;

/// The process runs.
pub(crate) async fn healthz() -> Response {
    bare(StatusCode::OK, "ok\n")
}

/// The database answers, and the clock is not off: when many users' clocks differ from ours alike, it is ours.
pub(crate) async fn readyz(State(web): State<Arc<Web>>) -> Response {
    match web.app.store().ping().await {
        Ok(()) => match web.app.clock_suspicion() {
            None => bare(StatusCode::OK, "ready\n"),
            Some(drift) => {
                tracing::error!(clock.drift = drift, "many users' clocks differ from this machine's alike");
                bare(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable: the clocks of many users differ from this machine's by the same; check its time\n",
                )
            }
        },
        Err(error) => {
            tracing::warn!(error = %error, "not ready");
            bare(StatusCode::SERVICE_UNAVAILABLE, "unavailable: the database does not answer\n")
        }
    }
}
