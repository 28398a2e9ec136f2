//! RP-initiated logout.

use crate::{call::FormCall, extract::Posted, http::reply::Reply, page::Frame, paths, visit::Visit};
use axum::{extract::RawQuery, response::Response};
use http::StatusCode;
use vestibule_flows::{Farewell, LogoutDecision, LogoutPage};
use vestibule_pages::{LogoutPage as LogoutView, SignedOutPage};

/// RP-initiated logout (RP-Initiated Logout 1.0 §2): asks the user, where that is called for.
pub(crate) async fn end_session(visit: Visit, RawQuery(query): RawQuery) -> Reply {
    let query = query.unwrap_or_default();
    visit.note_client(&query);
    match visit.app().oidc().logout_page(&visit.cx, &query).await? {
        LogoutPage::Confirm { username, client_name, leads_back } => {
            let hidden = vec![("request".to_owned(), query)];
            let page = LogoutView { client_name, username, hidden };
            Ok(visit.page(StatusCode::OK, &page, Frame::toward(leads_back)))
        }
        LogoutPage::Done { back: Some(back) } => Ok(visit.without_session(visit.see_other(&back.url()))),
        LogoutPage::Done { back: None } => Ok(visit.without_session(signed_out(&visit))),
        LogoutPage::SignedOut(query) => {
            Ok(visit.without_session(visit.see_other(&paths::signed_out(&query))))
        }
        LogoutPage::Farewell(farewell) => Ok(visit.without_session(take_leave(&visit, farewell))),
        LogoutPage::Rejected(refusal) => Ok(visit.sign_out_refused(&refusal)),
    }
}

/// The same request as a form, sent on as a GET so that the browser brings its cookies.
pub(crate) async fn end_session_post(message: FormCall) -> Reply {
    message.as_get(paths::END_SESSION)
}

/// The user's decision.
pub(crate) async fn end_session_confirm(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let leave = fields.get("decision") != "stay";
    match visit.app().oidc().logout(&visit.cx, fields.get("request"), leave).await? {
        LogoutDecision::Leave(back) => Ok(visit.without_session(visit.see_other(&back.url()))),
        // Nobody is signed in there now, and it says so.
        LogoutDecision::SignedOut => Ok(visit.without_session(visit.see_other(paths::END_SESSION))),
        LogoutDecision::Farewell(query) => {
            Ok(visit.without_session(visit.see_other(&paths::signed_out(&query))))
        }
        LogoutDecision::Stayed => Ok(visit.see_other(paths::ACCOUNT)),
        LogoutDecision::Rejected(refusal) => Ok(visit.sign_out_refused(&refusal)),
    }
}

/// Nobody is signed in. Whoever was can sign in again.
fn signed_out(visit: &Visit) -> Response {
    let page = SignedOutPage { back_url: Some(paths::ACCOUNT.to_owned()), ..SignedOutPage::default() };
    visit.page(StatusCode::OK, &page, Frame::default())
}

/// Nobody is signed in any more: the browser loads what applications want it to (Front-Channel Logout 1.0 §3), and goes on by
/// itself if somebody asked for that.
fn take_leave(visit: &Visit, farewell: Farewell) -> Response {
    let Farewell { frames, back, client_name } = farewell;
    let leads_on = back.is_some();
    let page = SignedOutPage {
        client_name: client_name.filter(|_| leads_on),
        back_url: Some(back.map_or_else(|| paths::ACCOUNT.to_owned(), |back| back.url())),
        leads_on,
        frames: frames.addresses,
    };
    visit.page(StatusCode::OK, &page, Frame { loads: frames.origins, ..Frame::toward(leads_on) })
}
