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
use http::HeaderMap;

/// The authorization endpoint (OIDC Core §3.1.2.1).
pub(crate) async fn authorize(mut visit: Visit, headers: HeaderMap, RawQuery(query): RawQuery) -> Reply {
    let query = query.unwrap_or_default();
    visit.note_client(&query);
    // A picture on a page of anybody has nobody ask for documents in its visitor's name.
    if opens_page(&headers) {
        visit
            .acquaint(first(&query, "client_id").as_ref().map(|id| id.as_str()))
            .await?
            .map_err(Stop::page)?;
    }
    let step = visit.app().sign_in().authorize(&visit.cx, &query).await?;
    Ok(visit.step(&step))
}

/// Whether a browser, if it is one, asks for a page and not for a part of one (Fetch Metadata, `Sec-Fetch-Dest`).
fn opens_page(headers: &HeaderMap) -> bool {
    let dest = headers.get("sec-fetch-dest");
    dest.is_none_or(|dest| ["document", "iframe"].iter().any(|page| dest == page))
}

/// The same request as a form: sent on as a GET, so that the browser brings its cookies.
pub(crate) async fn authorize_post(message: FormCall) -> Reply {
    message.as_get(paths::AUTHORIZE)
}
