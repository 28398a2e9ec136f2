//! RP-initiated logout.

use crate::{call::FormCall, extract::Posted, page::Frame, paths, visit::Visit};
use axum::{extract::RawQuery, response::Response};
use http::StatusCode;
use vestibule_flows::{LogoutDecision, LogoutPage};
use vestibule_pages::{LogoutPage as LogoutView, SignedOutPage};

/// RP-initiated logout (RP-Initiated Logout 1.0 §2): asks the user.
pub(crate) async fn end_session(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match visit.app().oidc().logout_page(&visit.cx, &query).await {
        Ok(LogoutPage::Confirm { username, client_name, form_target }) => {
            let hidden = vec![("request".to_owned(), query)];
            let page = LogoutView { client_name, username, hidden };
            visit.page(StatusCode::OK, &page, Frame::toward(form_target))
        }
        Ok(LogoutPage::Done { back: Some(back) }) => visit.see_other(&back.url()),
        Ok(LogoutPage::Done { back: None }) => {
            let page = SignedOutPage { client_name: None, back_url: None };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(LogoutPage::Rejected(error)) => visit.oauth_page(&error),
        Err(cause) => visit.failed(&cause),
    }
}

/// The same request as a form, sent on as a GET so that the browser brings its cookies.
pub(crate) async fn end_session_post(message: FormCall) -> Response {
    message.as_get(paths::END_SESSION)
}

/// The user's decision.
pub(crate) async fn end_session_confirm(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let leave = fields.get("decision") != "stay";
    match visit.app().oidc().logout(&visit.cx, fields.get("request"), leave).await {
        Ok(LogoutDecision::Leave(back)) => visit.without_session(visit.see_other(&back.url())),
        Ok(LogoutDecision::SignedOut) => {
            let page = SignedOutPage { client_name: None, back_url: None };
            visit.without_session(visit.page(StatusCode::OK, &page, Frame::default()))
        }
        Ok(LogoutDecision::Stayed) => visit.see_other(paths::ACCOUNT),
        Ok(LogoutDecision::Rejected(error)) => visit.oauth_page(&error),
        Err(cause) => visit.failed(&cause),
    }
}
