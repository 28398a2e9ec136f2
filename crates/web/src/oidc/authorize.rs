//! The authorization endpoint.

use crate::{
    call::FormCall,
    http::{
        form::first,
        reply::{Reply, Stop},
    },
    paths,
    visit::Visit,
};
use axum::extract::RawQuery;

/// The authorization endpoint (OIDC Core §3.1.2.1).
pub(crate) async fn authorize(mut visit: Visit, RawQuery(query): RawQuery) -> Reply {
    let query = query.unwrap_or_default();
    visit.note_client(&query);
    visit.acquaint(first(&query, "client_id").as_ref().map(|id| id.as_str())).await?.map_err(Stop::page)?;
    let step = visit.app().sign_in().authorize(&visit.cx, &query).await?;
    Ok(visit.step(&step))
}

/// The same request as a form: sent on as a GET, so that the browser brings its cookies.
pub(crate) async fn authorize_post(message: FormCall) -> Reply {
    message.as_get(paths::AUTHORIZE)
}
