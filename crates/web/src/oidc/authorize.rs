//! The authorization endpoint.

use crate::{call::FormCall, paths, visit::Visit};
use axum::{extract::RawQuery, response::Response};

/// The authorization endpoint (OIDC Core §3.1.2.1).
pub(crate) async fn authorize(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let step = visit.app().sign_in().authorize(&visit.cx, &query.unwrap_or_default()).await;
    visit.step(step)
}

/// The same request as a form: sent on as a GET, so that the browser brings its cookies.
pub(crate) async fn authorize_post(message: FormCall) -> Response {
    message.as_get(paths::AUTHORIZE)
}
