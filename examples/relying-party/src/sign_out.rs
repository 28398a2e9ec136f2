//! Sign-out here and at the provider (OpenID Connect RP-Initiated Logout 1.0 section 2).

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use openidconnect::{CsrfToken, LogoutRequest, PostLogoutRedirectUrl};
use serde::Deserialize;

use crate::{Shared, pages};

pub(crate) async fn begin(State(app): Shared, headers: HeaderMap) -> Response {
    let tokens = app.sessions.with(&headers, |session| session.tokens.take());
    let state = CsrfToken::new_random_len(32);
    let metadata = app.provider.metadata().await.ok();
    let endpoint = metadata.and_then(|metadata| metadata.additional_metadata().end_session_endpoint.clone());
    let back = PostLogoutRedirectUrl::new(app.url("/signed-out"));
    let location = match (endpoint, tokens, back) {
        (Some(endpoint), Some(tokens), Ok(back)) => LogoutRequest::from(endpoint)
            .set_id_token_hint(&tokens.id_token)
            .set_client_id(app.provider.client_id().clone())
            .set_post_logout_redirect_uri(back)
            .set_state(state.clone())
            .http_get_url()
            .into(),
        // Without an address to send people to, signing out here is all that can be done.
        _ => format!("/signed-out?state={}", state.secret()),
    };
    app.sessions.redirect(&headers, true, &location, |session| {
        *session = crate::session::Session::default();
        session.sign_out_state = Some(state.into_secret());
    })
}

/// What the provider sends back.
#[derive(Deserialize)]
pub(crate) struct Answer {
    state: Option<String>,
}

pub(crate) async fn done(State(app): Shared, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    let (expected, signed_in) =
        app.sessions.with(&headers, |session| (session.sign_out_state.take(), session.tokens.is_some()));
    let ours = expected.is_some() && expected == answer.state;
    pages::signed_out(ours, signed_in)
}
