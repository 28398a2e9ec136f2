//! Userinfo.

use crate::{
    call::ScriptCall,
    http::{
        form::{is_form, read},
        headers::text,
        reply::{Reply, Stop},
    },
};
use axum::extract::Request;
use http::{StatusCode, header};
use vestibule_oidc::{Parameters, bearer};

/// Userinfo (OIDC Core §5.3), with the token in the header (RFC 6750 §2.1).
pub(crate) async fn userinfo(script: ScriptCall) -> Reply {
    answer(script, None).await
}

/// The same by POST, with the token in the header or in a form (RFC 6750 §2.2).
pub(crate) async fn userinfo_post(script: ScriptCall, request: Request) -> Reply {
    if !is_form(request.headers()) {
        return answer(script, None).await;
    }
    let body = read(request.into_body(), script.visit.web.options.body_limit).await?;
    let form = Parameters::parse(&body).map_err(Stop::challenge)?;
    answer(script, form.get("access_token")).await
}

async fn answer(script: ScriptCall, in_form: Option<&str>) -> Reply {
    let ScriptCall { visit, headers } = script;
    let token = bearer::presented(text(&headers, header::AUTHORIZATION), in_form).map_err(Stop::challenge)?;
    let claims = visit.app().oidc().userinfo(&visit.cx, token.ok_or(Stop::NoToken)?).await?;
    Ok(visit.json(StatusCode::OK, claims.map_err(Stop::challenge)?.to_string()))
}
