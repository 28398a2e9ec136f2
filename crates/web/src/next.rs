//! The one place that turns "what comes next" into a redirect.

use crate::{http::reply::Told, paths, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_flows::{Next, Step};
use vestibule_oidc::authorize::{AuthorizationResponse, ResponseMode};
use vestibule_pages::{Message, keys};

impl Visit {
    /// Goes on.
    pub(crate) fn next(&self, next: &Next) -> Response {
        match next {
            Next::Login { request } => self.see_other(&paths::login(request)),
            Next::Flow(flow) => self.see_other(&paths::flow(flow.stage(), flow.id())),
            Next::Consent { request } => self.see_other(&paths::consent(request)),
            Next::Recovered { request } => self.see_other(&paths::recovered(request)),
            Next::Answer(answer) => self.answer(answer),
            Next::Account(action) => self.see_other(&paths::action(action)),
            Next::Page(error) => self.refused(error, Told::Page),
            Next::Expired => self.problem(StatusCode::BAD_REQUEST, Message::error(keys::FLOW_EXPIRED)),
        }
    }

    /// Answers the application in the way that it asked for.
    fn answer(&self, answer: &AuthorizationResponse) -> Response {
        if let Some(error) = answer.refusal() {
            self.log_refusal(error, Told::Redirect);
        }
        match answer.mode() {
            ResponseMode::Query => self.see_other(&answer.query_url()),
        }
    }

    /// Goes on, with the cookies that the step brings.
    pub(crate) fn step(&self, step: &Step) -> Response {
        self.with_step(self.next(&step.next), step)
    }
}
