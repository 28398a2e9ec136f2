//! Giving up, starting again, and going on with a request.

use crate::{
    extract::{Asked, EXPIRED, FlowPosted, Posted, token},
    http::reply::{Reply, Stop},
    paths,
    visit::Visit,
};
use serde::Deserialize;
use vestibule_domain::FlowId;
use vestibule_flows::{Next, RequestOwner, Step};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// A sign-in is over, was begun in another browser, or is finished: on with what it was for, at the session of now.
pub(crate) async fn over(visit: &Visit, request: &str) -> Reply {
    if request.is_empty() {
        let somebody = visit.app().live(&visit.cx).await?;
        return somebody.map(|_| visit.see_other(paths::ACCOUNT)).ok_or(EXPIRED);
    }
    match visit.app().sign_in().again(&visit.cx, request).await? {
        Some(step) => Ok(visit.step(&step)),
        None => Err(lost(visit, request)),
    }
}

/// Nothing goes on by itself. With a request that was meant for another browser a new sign-in can begin, if somebody wants.
pub(crate) fn lost(visit: &Visit, request: &str) -> Stop {
    match visit.app().sign_in().request_owner(&visit.cx, request) {
        RequestOwner::Nobody => EXPIRED,
        RequestOwner::ThisBrowser | RequestOwner::AnotherBrowser => Stop::Over(Some(paths::login(request))),
    }
}

/// What comes next; where the sign-in is over, what it was for.
pub(crate) async fn go_on(visit: &Visit, step: Step, request: &str) -> Reply {
    match step.next {
        Next::Expired => over(visit, request).await,
        _ => Ok(visit.step(&step)),
    }
}

/// Gives up, at either factor.
pub(crate) async fn cancel(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let (flow, request) = match fields.get("flow").split_once('.') {
        Some((flow, request)) => (flow, token(request)),
        None => (fields.get("flow"), token(fields.get("request"))),
    };
    let left = match flow.parse::<FlowId>() {
        Ok(flow) => visit.app().sign_in().leave_flow(&visit.cx, flow, false).await?,
        Err(_) => Next::Expired,
    };
    let next = match left {
        // There is no flow yet, or it is over: the wish to leave holds for what it is about.
        Next::Expired if !request.is_empty() => visit.app().sign_in().cancel_request(&visit.cx, request),
        left => left,
    };
    go_on(&visit, next.into(), request).await
}

/// "Not you?": back to the first factor with an empty name.
pub(crate) async fn restart(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    Ok(match visit.app().sign_in().leave_flow(&visit.cx, flow.id, true).await? {
        Next::Login { request } => visit.see_other(&paths::login_as_other(&request)),
        Next::Expired
            if visit.app().sign_in().request_owner(&visit.cx, &flow.request) == RequestOwner::ThisBrowser =>
        {
            visit.see_other(&paths::login_as_other(&flow.request))
        }
        next => return go_on(&visit, next.into(), &flow.request).await,
    })
}

/// Goes on with a request after something was done for it.
pub(crate) async fn resume(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    over(&visit, token(&query.request)).await
}
