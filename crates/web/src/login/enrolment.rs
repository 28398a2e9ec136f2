//! Enrolment in the middle of a sign-in.

use crate::{
    extract::{EXPIRED, FlowAsked, FlowPosted},
    http::reply::Reply,
    login::challenge::show,
    messages::{Said, reveal, stale, wrong_answer},
    page::Frame,
    paths,
};
use http::StatusCode;
use vestibule_flows::{Enrolled, Postponed};
use vestibule_pages::{Message, keys};

/// Postpones an enrolment that was proposed.
pub(crate) async fn skip(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    match visit.app().sign_in().postpone(&visit.cx, flow).await? {
        Postponed::Step(step) => Ok(visit.step(&step)),
        Postponed::NoMore => {
            let said = Said::wrong(StatusCode::FORBIDDEN, Message::error(keys::SKIPS_USED));
            show(&visit, flow, said).await
        }
    }
}

/// The answer to a forced enrolment.
pub(crate) async fn enrol(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, fields } = posted;
    let ceremony = fields.get("ceremony").to_owned();
    let input = fields.into_factor_input();
    let said = match visit.app().sign_in().enrol_in_flow(&visit.cx, flow, &ceremony, input).await? {
        Enrolled::Step(step) => return Ok(visit.step(&step)),
        Enrolled::Shown { revealed, .. } => {
            let page = reveal(revealed, paths::CODES, Some(flow.to_string()));
            // The form below may lead straight back to the application: the page's policy has to allow that.
            let flow = visit.app().sign_in().flow_page(&visit.cx, flow).await.ok().flatten();
            let to_application = flow.is_some_and(|flow| flow.client_name.is_some());
            return Ok(visit.page(StatusCode::OK, &page, Frame::toward(to_application)));
        }
        Enrolled::Expired => return Err(EXPIRED),
        Enrolled::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Enrolled::Refused { key } => Said::wrong(StatusCode::FORBIDDEN, Message::error(key)),
        Enrolled::LabelInvalid => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Enrolled::Stale => stale(),
    };
    show(&visit, flow, said).await
}

/// The codes are saved: on.
pub(crate) async fn codes_saved(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow).await?;
    Ok(visit.step(&step))
}

/// The same for somebody who reloaded the page of the codes: they are not shown twice. Nothing here needs a form of
/// its own: the flow is this browser's, and all that happens is that its owner goes on.
pub(crate) async fn codes_continue(asked: FlowAsked) -> Reply {
    let FlowAsked { visit, flow } = asked;
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow).await?;
    Ok(visit.step(&step))
}
