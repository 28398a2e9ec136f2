//! What relying parties talk to.

use crate::{
    documents::document,
    visit::{Call, Caller, Frame, Posted, Visit, Web, is_form, read, text},
};
use axum::{
    extract::{FromRequest, RawQuery, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::sync::Arc;
use vestibule_flows::{LogoutDecision, LogoutPage};
use vestibule_oidc::{OAuthError, bearer};
use vestibule_pages::{LogoutPage as LogoutView, SignedOutPage};

/// Discovery (OIDC Discovery §4).
pub(super) async fn discovery(Call(visit): Call, headers: HeaderMap) -> Response {
    document(HeaderMap::new(), &headers, &visit.cx.pool.discovery)
}

/// The key set (RFC 7517 §5).
pub(super) async fn jwks(Call(visit): Call, headers: HeaderMap) -> Response {
    document(HeaderMap::new(), &headers, &visit.cx.pool.jwks)
}

/// The authorization endpoint (OIDC Core §3.1.2.1).
pub(super) async fn authorize(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let step = visit.app().authorize(&visit.cx, &query.unwrap_or_default()).await;
    visit.step(step)
}

/// A message that came as a form, from anywhere. A browser that brings one from another site leaves its cookies at home,
/// so it counts as a program: giving it a new cookie would take the old one away.
pub(super) struct Message {
    visit: Visit,
    headers: HeaderMap,
    body: String,
}

impl FromRequest<Arc<Web>> for Message {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let visit = Visit::arrive(&parts, web, Caller::Program).await?;
        if !is_form(&parts.headers) {
            let error =
                OAuthError::invalid_request("the content type must be application/x-www-form-urlencoded");
            return Err(visit.oauth_json(&error));
        }
        let body = read(&visit, body, web.options.body_limit).await?;
        Ok(Self { visit, headers: parts.headers, body })
    }
}

impl Message {
    /// The same message as a query. A body that is not form-encoded would not fit into an address.
    fn as_get(&self, path: &str) -> Response {
        if self.body.bytes().all(|byte| byte.is_ascii_graphic()) {
            return self.visit.see_other(&format!("{path}?{}", self.body));
        }
        self.visit.oauth_page(&OAuthError::invalid_request("the request is not form-encoded"))
    }
}

/// The same request as a form: sent on as a GET, so that the browser brings its cookies.
pub(super) async fn authorize_post(message: Message) -> Response {
    message.as_get("/oidc/auth")
}

/// The token endpoint (RFC 6749 §3.2).
pub(super) async fn token(message: Message) -> Response {
    let Message { visit, headers, body } = message;
    let authorization = text(&headers, header::AUTHORIZATION);
    let answered = visit.app().token(&visit.cx, authorization, &body).await;
    let response = match answered {
        Ok(Ok(tokens)) => visit.json(StatusCode::OK, tokens.to_json().to_string()),
        Ok(Err(error)) => visit.oauth_json(&error),
        Err(cause) => visit.failed_json(&cause),
    };
    readable(&visit, &headers, response)
}

/// Lets scripts of the pool's own applications read the answer; no credentials travel with such requests.
fn readable(visit: &Visit, headers: &HeaderMap, mut response: Response) -> Response {
    let origin = headers
        .get(header::ORIGIN)
        .filter(|origin| origin.to_str().is_ok_and(|origin| visit.cx.pool.serves_origin(origin)));
    if let Some(origin) = origin {
        let answered = response.headers_mut();
        answered.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answered.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// Userinfo (OIDC Core §5.3).
pub(super) async fn userinfo(Call(visit): Call, headers: HeaderMap) -> Response {
    let response = match bearer::token(text(&headers, header::AUTHORIZATION)) {
        Ok(Some(token)) => claims(&visit, token).await,
        Ok(None) => challenged(&visit, StatusCode::UNAUTHORIZED, None),
        Err(error) => challenged(&visit, StatusCode::BAD_REQUEST, Some(&error)),
    };
    readable(&visit, &headers, response)
}

async fn claims(visit: &Visit, token: &str) -> Response {
    match visit.app().userinfo(&visit.cx, token).await {
        Ok(Ok(claims)) => visit.json(StatusCode::OK, claims.to_string()),
        Ok(Err(error)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED);
            challenged(visit, status, Some(&error))
        }
        Err(cause) => visit.failed_json(&cause),
    }
}

/// As [`userinfo`]; the token still travels in the header.
pub(super) async fn userinfo_post(call: Call, headers: HeaderMap) -> Response {
    userinfo(call, headers).await
}

fn challenged(visit: &Visit, status: StatusCode, error: Option<&OAuthError>) -> Response {
    let body = error.map(|error| error.to_json().to_string()).unwrap_or_default();
    let mut response = visit.json(status, body);
    if let Ok(value) = HeaderValue::from_str(&bearer::challenge(error, None, None)) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

/// RP-initiated logout (RP-Initiated Logout 1.0 §2): asks the user.
pub(super) async fn end_session(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match visit.app().logout_page(&visit.cx, &query).await {
        Ok(LogoutPage::Confirm { username, client_name, form_target }) => {
            let hidden = vec![("request".to_owned(), query)];
            let page = LogoutView { client_name, username, hidden };
            visit.page(StatusCode::OK, &page, Frame::toward(form_target))
        }
        Ok(LogoutPage::Done { back: Some(url) }) => visit.see_other(&url),
        Ok(LogoutPage::Done { back: None }) => {
            let page = SignedOutPage { client_name: None, back_url: None };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(LogoutPage::Rejected(error)) => visit.oauth_page(&error),
        Err(cause) => visit.failed(&cause),
    }
}

/// The same request as a form, sent on as a GET so that the browser brings its cookies.
pub(super) async fn end_session_post(message: Message) -> Response {
    message.as_get("/oidc/session/end")
}

/// The user's decision.
pub(super) async fn end_session_confirm(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let leave = fields.get("decision") != "stay";
    match visit.app().logout(&visit.cx, fields.get("request"), leave).await {
        Ok(LogoutDecision::Leave { url }) => visit.without_session(visit.see_other(&url)),
        Ok(LogoutDecision::SignedOut) => {
            let page = SignedOutPage { client_name: None, back_url: None };
            visit.without_session(visit.page(StatusCode::OK, &page, Frame::default()))
        }
        Ok(LogoutDecision::Stayed) => visit.see_other("/u"),
        Ok(LogoutDecision::Rejected(error)) => visit.oauth_page(&error),
        Err(cause) => visit.failed(&cause),
    }
}

/// A preflight of a script of one of the pool's applications (Fetch §3.2.2).
pub(super) async fn preflight(Call(visit): Call, headers: HeaderMap) -> Response {
    let mut response = readable(&visit, &headers, StatusCode::NO_CONTENT.into_response());
    let answered = response.headers_mut();
    if answered.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        answered.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        answered.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type"),
        );
        answered.insert(HeaderName::from_static("access-control-max-age"), HeaderValue::from_static("600"));
    }
    response
}
