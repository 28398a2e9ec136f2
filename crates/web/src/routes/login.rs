//! The first factor, consent, and going on.

use crate::{
    routes::center::enter,
    visit::{Frame, Posted, Visit},
};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{FactorKind, FlowId};
use vestibule_flows::{Next, PasswordAnswer, PasswordlessAnswer, PasswordlessOption};
use vestibule_pages::{ConsentPage, DonePage, Locale, LoginPage, Message, PasskeySignIn, ScopeItem, keys};

/// Query of the pages of a sign-in.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    request: Option<String>,
    #[serde(default)]
    switch: Option<String>,
}

/// The login page.
pub(super) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    show(visit, asked.request.as_deref(), asked.switch.is_some(), String::new(), (StatusCode::OK, None)).await
}

async fn show(
    mut visit: Visit,
    request: Option<&str>,
    switch: bool,
    username: String,
    (status, error): (StatusCode, Option<Message>),
) -> Response {
    let page = match visit.app().login_page(&visit.cx, request, switch).await {
        Ok(Some(page)) => page,
        Ok(None) => return visit.next(&Next::Expired),
        Err(cause) => return visit.failed(&cause),
    };
    if let Some(locale) = page.ui_locales.iter().find_map(|tag| Locale::parse(tag)) {
        visit.locale = locale;
    }
    let registers = visit.app().offers_registration(&visit.cx);
    let resets = visit.app().offers_reset(&visit.cx);
    let view = LoginPage {
        username: if username.is_empty() { page.username } else { username },
        error,
        notice: None,
        client_name: page.client_name,
        register_url: registers.then(|| format!("/login/register?request={}", page.request)),
        reset_url: resets.then(|| "/login/reset".to_owned()),
        reauth_user: page.reauthenticates,
        switch_url: format!("/login?request={}&switch=1", page.request),
        cancel: page.can_cancel,
        passkey: page.doors.first().and_then(door),
        request: page.request,
    };
    visit.page(status, &view, Frame::toward(page.form_target))
}

fn door(open: &PasswordlessOption) -> Option<PasskeySignIn> {
    let options = open.view.data.get("options")?;
    let options = options.as_str().map_or_else(|| options.to_string(), str::to_owned);
    Some(PasskeySignIn { kind: open.kind.to_string(), options, ceremony: open.ceremony.clone() })
}

/// An answer at a first factor without a password.
pub(super) async fn passwordless_answer(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let (request, kind) = (fields.get("request"), FactorKind::from_text(fields.get("kind")));
    let asked = (&kind, fields.get("ceremony"));
    let answer = visit.app().answer_passwordless(&visit.cx, request, asked, fields.for_factor()).await;
    let (status, error) = match answer {
        Ok(PasswordlessAnswer::Step(step)) => return visit.step(Ok(*step)),
        Ok(PasswordlessAnswer::Wrong) => (StatusCode::OK, Message::error(keys::PASSKEY_WRONG)),
        Ok(PasswordlessAnswer::Throttled { seconds }) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
        Ok(PasswordlessAnswer::Stale) => (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED)),
        Err(cause) => return visit.failed(&cause),
    };
    let request = request.to_owned();
    show(visit, Some(&request), false, String::new(), (status, Some(error))).await
}

/// A user name and a password.
pub(super) async fn password(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let (request, username) = (fields.get("request"), fields.get("username"));
    let answer = visit.app().password(&visit.cx, request, username, fields.secret("password")).await;
    let (status, error) = match answer {
        Ok(PasswordAnswer::Step(step)) => return visit.step(Ok(*step)),
        Ok(PasswordAnswer::Wrong) => (StatusCode::OK, Message::error(keys::CREDENTIALS_WRONG)),
        Ok(PasswordAnswer::Throttled { seconds }) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
        Ok(PasswordAnswer::TooLong) => (StatusCode::BAD_REQUEST, Message::error(keys::PASSWORD_TOO_LONG)),
        Ok(PasswordAnswer::Expired) => (StatusCode::BAD_REQUEST, Message::error(keys::SIGN_IN_AGAIN)),
        Err(cause) => return visit.failed(&cause),
    };
    let (request, username) = (request.to_owned(), username.chars().take(254).collect());
    show(visit, Some(&request), false, username, (status, Some(error))).await
}

/// How long to wait, in the unit that people would use.
pub(super) fn throttled(seconds: i64) -> Message {
    if seconds < 90 {
        Message::error(keys::THROTTLED_SECONDS).arg("seconds", seconds)
    } else {
        Message::error(keys::THROTTLED).arg("minutes", (seconds + 59) / 60)
    }
}

/// Gives up, at either door.
pub(super) async fn cancel(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else {
        return visit.next(&visit.app().cancel_request(&visit.cx, fields.get("request")));
    };
    match visit.app().leave_flow(&visit.cx, flow, false).await {
        Ok(next) => visit.next(&next),
        Err(cause) => visit.failed(&cause),
    }
}

/// "Not you?": back to the first factor with an empty name.
pub(super) async fn restart(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    match visit.app().leave_flow(&visit.cx, flow, true).await {
        Ok(Next::Login { request }) => visit.see_other(&format!("/login?request={request}&switch=1")),
        Ok(next) => visit.next(&next),
        Err(cause) => visit.failed(&cause),
    }
}

/// Goes on with a request after something was done for it.
pub(super) async fn resume(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let step = visit.app().resume(&visit.cx, asked.request.as_deref().unwrap_or_default()).await;
    visit.step(step)
}

/// Asks whether the application may.
pub(super) async fn consent_page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let request = asked.request.unwrap_or_default();
    match visit.app().consent_page(&visit.cx, &request).await {
        Ok(Some(page)) => {
            let host = page.form_target.split("://").last().unwrap_or_default().to_owned();
            let view = ConsentPage {
                client_name: page.client_name,
                client_host: host,
                scopes: page.scopes.iter().map(|scope| ScopeItem::new(scope)).collect(),
                username: page.username,
                switch_url: format!("/login?request={request}&switch=1"),
                request,
            };
            visit.page(StatusCode::OK, &view, Frame::toward(Some(page.form_target)))
        }
        Ok(None) => visit.problem(StatusCode::FORBIDDEN, Message::error(keys::FLOW_EXPIRED)),
        Err(cause) => visit.failed(&cause),
    }
}

/// The user's answer.
pub(super) async fn consent(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let allow = fields.get("decision") == "allow";
    let step = visit.app().consent(&visit.cx, fields.get("request"), allow).await;
    visit.step(step)
}

/// After a recovery code: what it means, and the way on.
pub(super) async fn recovered(mut visit: Visit, Query(asked): Query<Asked>) -> Response {
    let account = match enter(&mut visit, "/u").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let security = match visit.app().security(&visit.cx, &account).await {
        Ok(security) => security,
        Err(cause) => return visit.failed(&cause),
    };
    let left = security.sets.first().map(|set| set.left);
    let page = DonePage {
        title: Message::success(keys::DONE_RECOVERED),
        detail: match left {
            Some(left) => Message::notice(keys::DONE_RECOVERED_LEFT).arg("left", left),
            None => Message::notice(keys::DONE_RECOVERED_DETAIL),
        },
        next_url: format!("/login/resume?request={}", asked.request.unwrap_or_default()),
        next_label: Message::notice(keys::NEXT_CONTINUE),
    };
    visit.page(StatusCode::OK, &page, Frame::default())
}
