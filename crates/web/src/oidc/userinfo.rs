//! Userinfo.

use crate::{
    call::{ScriptCall, protocol_headers},
    http::{
        form::{is_form, read},
        reply::{Reply, Stop},
    },
};
use axum::extract::Request;
use http::StatusCode;
use vestibule_flows::{Presented, UserinfoAnswer};
use vestibule_oidc::{Parameters, bearer};

/// Userinfo (OIDC Core §5.3), with the token in the header (RFC 6750 §2.1).
pub(crate) async fn userinfo(script: ScriptCall) -> Reply {
    answer(script, "GET", None).await
}

/// The same by POST, with the token in the header or in a form (RFC 6750 §2.2).
pub(crate) async fn userinfo_post(script: ScriptCall, request: Request) -> Reply {
    if !is_form(request.headers()) {
        return answer(script, "POST", None).await;
    }
    let body = read(request.into_body(), script.visit.web.options.body_limit).await?;
    let form = Parameters::parse(&body).map_err(Stop::challenge)?;
    answer(script, "POST", form.get("access_token")).await
}

async fn answer(script: ScriptCall, method: &str, in_form: Option<&str>) -> Reply {
    let ScriptCall { visit, headers, url, certificate } = script;
    let certificate = certificate.map_err(Stop::challenge)?;
    let sent = protocol_headers(&headers);
    let authorization = sent.authorization().map_err(Stop::challenge)?;
    let credential = bearer::presented(authorization, in_form).map_err(Stop::challenge)?;
    let presented = Presented {
        credential: credential.ok_or(Stop::NoToken)?,
        proof: sent.dpop().map_err(Stop::challenge)?,
        method,
        url: &url,
        certificate: certificate.as_ref(),
    };
    let answer = visit.app().oidc().userinfo(&visit.cx, presented).await?;
    Ok(match answer.map_err(Stop::challenge)? {
        UserinfoAnswer::Plain(claims) => visit.json(StatusCode::OK, claims),
        UserinfoAnswer::Token(token) => visit.message(StatusCode::OK, "application/jwt", token),
    })
}
