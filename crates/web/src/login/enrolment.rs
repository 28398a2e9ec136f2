//! Enrolment in the middle of a sign-in.

use crate::{extract::Posted, login::challenge::show, messages::reveal, page::Frame, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::FlowId;
use vestibule_flows::{Enrolled, Next, Postponed};
use vestibule_pages::{Message, keys};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    flow: String,
}

/// Puts off an enrolment that was proposed.
pub(crate) async fn skip(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    match visit.app().sign_in().postpone(&visit.cx, flow).await {
        Ok(Postponed::Step(step)) => visit.step(Ok(step)),
        Ok(Postponed::NoMore) => {
            let error = Message::error(keys::SKIPS_USED);
            show(visit, flow, (StatusCode::FORBIDDEN, Some(error), None)).await
        }
        Err(cause) => visit.failed(&cause),
    }
}

/// The answer to a forced enrolment.
pub(crate) async fn enrol(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    let enrolled = visit
        .app()
        .sign_in()
        .enrol_in_flow(&visit.cx, flow, fields.get("ceremony"), fields.for_factor())
        .await;
    let (status, error) = match enrolled {
        Ok(Enrolled::Step(step)) => return visit.step(Ok(*step)),
        Ok(Enrolled::Shown { revealed, .. }) => {
            let page = reveal(revealed, paths::CODES, Some(flow.to_string()));
            // The form below may lead straight back to the application: the page's policy has to allow that.
            let flow = visit.app().sign_in().flow_page(&visit.cx, flow).await.ok().flatten();
            let target = flow.and_then(|flow| flow.form_target);
            return visit.page(StatusCode::OK, &page, Frame::toward(target));
        }
        Ok(Enrolled::Expired) => return visit.next(&Next::Expired),
        Ok(Enrolled::Wrong { kind }) => (StatusCode::OK, Message::error(format!("factor-{kind}-wrong"))),
        Ok(Enrolled::Refused { key }) => (StatusCode::FORBIDDEN, Message::error(key)),
        Ok(Enrolled::LabelInvalid) => (StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Ok(Enrolled::Stale) => (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED)),
        Err(cause) => return visit.failed(&cause),
    };
    show(visit, flow, (status, Some(error), None)).await
}

/// The codes are saved: on.
pub(crate) async fn codes_saved(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow).await;
    visit.step(step)
}

/// The same for somebody who reloaded the page of the codes: they are not shown twice. Nothing here needs a form of
/// its own: the flow is this browser's, and all that happens is that its owner goes on.
pub(crate) async fn codes_continue(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let Ok(flow) = asked.flow.parse() else { return visit.next(&Next::Expired) };
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow).await;
    visit.step(step)
}
