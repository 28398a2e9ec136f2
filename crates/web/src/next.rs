//! The one place that turns "what comes next" into a redirect.

use crate::{extract::Handle, http::reply::Told, page::Frame, paths, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_flows::{DeviceAnswer, Next, NoteReader, Step};
use vestibule_oidc::authorize::AuthorizationResponse;
use vestibule_pages::{AnswerPage, ErrorPage, Message, keys};

impl Visit {
    /// Goes on.
    pub(crate) fn next(&self, next: &Next) -> Response {
        match next {
            Next::Login { request } => self.see_other(&paths::login(request)),
            Next::Register { request } => self.see_other(&paths::register(request)),
            Next::Flow(flow) => {
                let request = self.app().sign_in().request_of(&self.cx, flow);
                self.see_other(&paths::flow(flow.stage(), &Handle { id: flow.id(), request }.to_string()))
            }
            Next::Consent { request } => self.see_other(&paths::consent(request)),
            Next::Recovered { request } => self.see_other(&paths::recovered(request)),
            Next::Answer(answer) => self.answer(answer),
            Next::Device(DeviceAnswer::Over) => {
                self.dead_end(StatusCode::BAD_REQUEST, keys::DEVICE_CODE_WRONG, paths::DEVICE)
            }
            Next::Device(answer) => {
                let reader = NoteReader { page: paths::DEVICE_ANSWERED, user: None };
                let note = serde_json::to_vec(answer).unwrap_or_default();
                self.see_other(&paths::device_answered(&self.app().seal_note(&self.cx, &reader, &note)))
            }
            Next::Account(action) => self.see_other(&paths::action(action)),
            Next::Page(error) => self.refused(error, Told::Page),
            Next::Expired => self.over(None),
        }
    }

    /// Answers the application in the way that it asked for.
    fn answer(&self, answer: &AuthorizationResponse) -> Response {
        if let Some(error) = answer.refusal() {
            self.log_refusal(error, Told::Redirect);
        }
        let pool = &self.cx.pool;
        let parameters = match answer.parameters(self.cx.now, || pool.key_for(answer.client_id())) {
            Ok(parameters) => parameters,
            Err(cause) => return self.failed(&cause),
        };
        if !answer.mode().is_form() {
            return self.see_other(&answer.query_url(&parameters));
        }
        let page = AnswerPage {
            client_name: self.client().and_then(|id| pool.client_name(id)).map(str::to_owned),
            action: answer.target().as_str().to_owned(),
            fields: parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        self.page(StatusCode::OK, &page, Frame::toward(true))
    }

    /// The sign-in is over, or was never this browser's: it can be begun again; in the user center, where nothing says
    /// what it was for.
    pub(crate) fn over(&self, way: Option<&str>) -> Response {
        self.dead_end(StatusCode::BAD_REQUEST, keys::FLOW_EXPIRED, way.unwrap_or(paths::ACCOUNT))
    }

    /// Something cannot go on. There is a way on nevertheless.
    pub(crate) fn dead_end(&self, status: StatusCode, key: &'static str, way: &str) -> Response {
        let page = ErrorPage::new(status.as_u16(), Message::error(key)).with_way(way, keys::NEXT_START_AGAIN);
        // Only a sign-in leads on to an application.
        self.page(status, &page, Frame::toward(way.starts_with(paths::LOGIN)))
    }

    /// Goes on, with the cookies that the step brings.
    pub(crate) fn step(&self, step: &Step) -> Response {
        self.with_step(self.next(&step.next), step)
    }
}
