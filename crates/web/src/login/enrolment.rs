//! Enrolment in the middle of a sign-in.

use crate::{
    extract::{FlowAsked, FlowPosted},
    http::reply::Reply,
    login::leave::{go_on, over},
    messages::{Said, stale, wrong_answer},
    paths,
};
use http::StatusCode;
use vestibule_flows::{Enrolled, Postponed};
use vestibule_pages::{Message, keys};

/// Postpones an enrolment that was proposed.
pub(crate) async fn skip(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    match visit.app().sign_in().postpone(&visit.cx, flow.id).await? {
        Postponed::Step(step) => go_on(&visit, step, &flow.request).await,
        Postponed::NoMore => {
            let said = Said::wrong(StatusCode::FORBIDDEN, Message::error(keys::SKIPS_USED));
            Ok(visit.say(&paths::at_flow(paths::ENROL, &flow.to_string()), &said))
        }
    }
}

/// The answer to a forced enrolment.
pub(crate) async fn enrol(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, fields } = posted;
    let ceremony = fields.get("ceremony").to_owned();
    let label = fields.get("label").to_owned();
    let input = fields.into_factor_input();
    let said = match visit.app().sign_in().enrol_in_flow(&visit.cx, flow.id, &ceremony, input).await? {
        Enrolled::Step(step) => return go_on(&visit, *step, &flow.request).await,
        // The page of the flow shows them, until its owner says that they are saved.
        Enrolled::Shown { .. } => {
            return Ok(visit.see_other(&paths::at_flow(paths::CODES, &flow.to_string())));
        }
        Enrolled::Expired => return over(&visit, &flow.request).await,
        Enrolled::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Enrolled::Refused { key } => Said::wrong(StatusCode::FORBIDDEN, Message::error(key)),
        Enrolled::LabelInvalid => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Enrolled::Stale => stale(),
    };
    Ok(visit.say(&paths::at_flow(paths::ENROL, &flow.to_string()), &said.typed("label", &label)))
}

/// The codes are saved: on.
pub(crate) async fn codes_saved(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow.id).await?;
    go_on(&visit, step, &flow.request).await
}

/// The same for somebody whose codes are gone. Nothing here needs a form of its own: the flow is this browser's, and all
/// that happens is that its owner goes on.
pub(crate) async fn codes_continue(asked: FlowAsked) -> Reply {
    let FlowAsked { visit, flow } = asked;
    let step = visit.app().sign_in().codes_saved(&visit.cx, flow.id).await?;
    go_on(&visit, step, &flow.request).await
}
