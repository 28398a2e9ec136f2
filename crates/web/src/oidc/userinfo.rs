//! Userinfo.

use crate::{
    call::ScriptCall,
    http::{
        headers::text,
        reply::{Reply, Stop},
    },
};
use http::{StatusCode, header};
use vestibule_oidc::bearer;

/// Userinfo (OIDC Core §5.3). With POST, too, the token travels in the header.
pub(crate) async fn userinfo(script: ScriptCall) -> Reply {
    let ScriptCall { visit, headers } = script;
    let token = bearer::token(text(&headers, header::AUTHORIZATION)).map_err(Stop::challenge)?;
    let claims = visit.app().oidc().userinfo(&visit.cx, token.ok_or(Stop::NoToken)?).await?;
    Ok(visit.json(StatusCode::OK, claims.map_err(Stop::challenge)?.to_string()))
}
