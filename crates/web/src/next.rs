//! The one place that turns "what comes next" into a redirect.

use crate::visit::Visit;
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::{LoginFlow, Stage};
use vestibule_flows::{Failure, Next, Step};
use vestibule_pages::{Message, keys};

/// Where a flow's page is.
pub(crate) fn flow_path(flow: &LoginFlow) -> String {
    let page = match flow.stage() {
        Stage::SecondFactor { .. } => "factor",
        Stage::Enrol { .. } | Stage::Suggest { .. } => "enrol",
        Stage::SaveCodes | Stage::Authenticated | Stage::Refused(_) => "codes",
    };
    format!("/login/{page}?flow={}", flow.id())
}

impl Visit {
    /// Goes on.
    pub(crate) fn next(&self, next: &Next) -> Response {
        match next {
            Next::Login { request } => self.see_other(&format!("/login?request={request}")),
            Next::Flow(flow) => self.see_other(&flow_path(flow)),
            Next::Consent { request } => self.see_other(&format!("/login/consent?request={request}")),
            Next::Recovered { request } => self.see_other(&format!("/login/recovered?request={request}")),
            Next::Leave { url } => self.see_other(url),
            Next::Home { path } => self.see_other(path),
            Next::Page(error) => self.oauth_page(error),
            Next::Expired => self.problem(StatusCode::BAD_REQUEST, Message::error(keys::FLOW_EXPIRED)),
        }
    }

    /// Goes on, with the new session if there is one.
    pub(crate) fn step(&self, step: Result<Step, Failure>) -> Response {
        match step {
            Ok(step) => self.with_step(self.next(&step.next), &step),
            Err(cause) => self.failed(&cause),
        }
    }
}
