//! The revocation endpoint.

use crate::{
    call::{FormCall, ScriptCall},
    http::reply::{Reply, Stop},
    oidc::token::back_channel,
};
use http::StatusCode;
use vestibule_oidc::discovery::path;

/// The revocation endpoint (RFC 7009 §2).
pub(crate) async fn revoke(script: ScriptCall, message: FormCall) -> Reply {
    let ScriptCall { visit, headers } = script;
    visit.note_client(&message.body);
    let refused = |error| Stop::back_channel(&headers, error);
    let request = back_channel(&visit, &headers, path::REVOCATION, &message.body).map_err(refused)?;
    visit.app().oidc().revoke(&visit.cx, request).await?.map_err(refused)?;
    Ok(visit.json(StatusCode::OK, "{}".to_owned()))
}
