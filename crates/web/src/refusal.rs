//! What went wrong, told once to the caller and once to the log.
//!
//! People get a page, programs JSON; both get a way on and never a cause. The log gets the cause. This is the only place
//! that writes a protocol refusal or a failure of a use case to the log.

use crate::{
    http::{
        log::{Causes, Escaped},
        reply::Told,
        seldom::Seldom,
    },
    page::Frame,
    paths,
    visit::{Caller, Visit},
};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use std::error::Error as _;
use vestibule_domain::client::redirect_uri::parse_redirect_uri;
use vestibule_flows::Failure;
use vestibule_oidc::{
    ErrorCode, OAuthError, bearer, dpop,
    logout::{SignOutProblem, SignOutRefusal},
};
use vestibule_pages::{ErrorFact, ErrorPage, Message, keys};

/// The status of a failure.
pub(crate) fn status_of(cause: &Failure) -> StatusCode {
    if cause.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
}

/// The page for an error, with the words of the protocol.
fn coded(status: StatusCode, key: &'static str, error: &OAuthError) -> ErrorPage {
    let code = format!("{}: {}", error.code.as_str(), error.hint());
    ErrorPage::new(status.as_u16(), Message::error(key)).with_code(code)
}

/// What the developer of the application can do.
fn advice(error: &OAuthError) -> &'static str {
    match error.arrived() {
        Some(arrived) if arrived.parameter == "client_id" => keys::ADVICE_CLIENT,
        Some(arrived) if parse_redirect_uri(&arrived.value).is_err() => keys::ADVICE_UNFIT,
        Some(_) => keys::ADVICE_REGISTER,
        None => keys::ADVICE_REQUEST,
    }
}

impl Visit {
    /// A use case failed: the cause goes to the log, the caller gets the request's name.
    pub(crate) fn failed(&self, cause: &Failure) -> Response {
        self.log_failure(cause);
        let status = status_of(cause);
        if self.caller == Caller::Program {
            let code =
                if cause.is_passing() { ErrorCode::TemporarilyUnavailable } else { ErrorCode::ServerError };
            let error = OAuthError::new(code, format!("try again; request {}", self.cx.request_id));
            return self.json(status, error.to_json().to_string());
        }
        let key = if cause.is_passing() { keys::UNAVAILABLE } else { keys::INTERNAL_ERROR };
        let mut response = self.problem(status, Message::error(key));
        if cause.is_passing() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }

    /// What is turned away because of overload comes in crowds, and a crowd must not write the log full.
    fn log_failure(&self, cause: &Failure) {
        static BUSY: Seldom = Seldom::new();
        if !matches!(cause, Failure::Busy) {
            tracing::error!(
                request.id = %self.cx.request_id,
                pool.id = %self.cx.pool.pool.id,
                error = %Causes(cause),
                "failed"
            );
        } else if let Some(others) = BUSY.happened(self.cx.now) {
            tracing::warn!(
                request.id = %self.cx.request_id,
                pool.id = %self.cx.pool.pool.id,
                others,
                "turned away: too many passwords are being checked at once; others were since the last such line"
            );
        }
    }

    /// A protocol refusal, except one that leaves by a redirect.
    pub(crate) fn refused(&self, error: &OAuthError, told: Told) -> Response {
        self.log_refusal(error, told);
        match told {
            Told::Json { challenged } => self.refused_as_json(error, challenged),
            Told::Challenge => {
                // At a resource a proof that does not count is as good as no token (RFC 9449 §7.1).
                let proof = matches!(error.code, ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce);
                let status = if proof { 401 } else { error.status() };
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
                self.challenge(status, Some(error))
            }
            Told::Page | Told::Redirect => self.refused_as_page(error),
        }
    }

    /// Writes a protocol refusal to the log: what the application is told, and the cause that it is not told.
    pub(crate) fn log_refusal(&self, error: &OAuthError, told: Told) {
        let cause = error.source().map(|cause| Causes(cause).to_string());
        tracing::info!(
            request.id = %self.cx.request_id,
            pool.id = %self.cx.pool.pool.id,
            client.id = error.client().or(self.client()).map(|client| Escaped(client).to_string()),
            oauth.error = error.code.as_str(),
            oauth.hint = error.hint(),
            oauth.told = told.as_str(),
            oauth.cause = cause,
            "refused"
        );
    }

    /// A protocol error that is shown to the user because it must not be sent anywhere (RFC 6749 §4.1.2.1).
    fn refused_as_page(&self, error: &OAuthError) -> Response {
        let (status, key) = match error.code {
            ErrorCode::UnknownClient => (StatusCode::BAD_REQUEST, keys::CLIENT_UNKNOWN),
            ErrorCode::InvalidRedirectUri => (StatusCode::BAD_REQUEST, keys::REDIRECT_URI_INVALID),
            ErrorCode::TemporarilyUnavailable => (StatusCode::SERVICE_UNAVAILABLE, keys::UNAVAILABLE),
            ErrorCode::AccessDenied | ErrorCode::UnmetAuthenticationRequirements => {
                let page = coded(StatusCode::FORBIDDEN, keys::ACCOUNT_LOCKED, error);
                return self.page(StatusCode::FORBIDDEN, &page, Frame::default());
            }
            _ => (StatusCode::BAD_REQUEST, keys::AUTHORIZE_REQUEST_INVALID),
        };
        let page = coded(status, key, error).with_advice(self.arrived(error), advice(error));
        self.page(status, &page, Frame::default())
    }

    /// A sign-out that an application asked for in a wrong way. Whoever came with it can still sign out here.
    pub(crate) fn sign_out_refused(&self, refusal: &SignOutRefusal) -> Response {
        let SignOutRefusal { problem, error } = refusal;
        self.log_refusal(error, Told::Page);
        let key = match problem {
            SignOutProblem::Unreadable => keys::SIGNOUT_UNREADABLE,
            SignOutProblem::UnknownApplication => keys::CLIENT_UNKNOWN,
            SignOutProblem::OtherApplication => keys::SIGNOUT_OTHER_APPLICATION,
            SignOutProblem::NoApplication => keys::SIGNOUT_NO_APPLICATION,
            SignOutProblem::AddressNotRegistered => keys::SIGNOUT_ADDRESS,
        };
        let status = StatusCode::BAD_REQUEST;
        let page = coded(status, key, error)
            .with_advice(self.arrived(error), advice(error))
            .with_way(paths::END_SESSION, keys::NEXT_SIGN_OUT);
        self.page(status, &page, Frame::default())
    }

    /// What a developer has to know of what arrived: which application, and which value is wrong.
    fn arrived(&self, error: &OAuthError) -> Vec<ErrorFact> {
        let of_request = self.client().map(|client| ("client_id", client));
        let wrong = error.arrived().map(|arrived| (arrived.parameter, arrived.value.as_str()));
        let all = of_request.into_iter().filter(|_| wrong.is_none_or(|(name, _)| name != "client_id"));
        let fact = |(name, value): (&str, &str)| {
            let label = if name == "client_id" { keys::ARRIVED_CLIENT } else { keys::ARRIVED_ADDRESS };
            ErrorFact { label: Message::notice(label), value: value.to_owned() }
        };
        all.chain(wrong).map(fact).collect()
    }

    /// A protocol error for a program (RFC 6749 §5.2).
    fn refused_as_json(&self, error: &OAuthError, challenged: bool) -> Response {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = self.json(status, error.to_json().to_string());
        if challenged && status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(vestibule_oidc::client_auth::basic_challenge());
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// The answer of a protected resource to a request without a good token (RFC 6750 §3).
    pub(crate) fn challenge(&self, status: StatusCode, error: Option<&OAuthError>) -> Response {
        let body = error.map(|error| error.to_json().to_string()).unwrap_or_default();
        let mut response = self.json(status, body);
        // A proof that was wrong is no matter of bearer tokens; who has brought nothing learns both ways.
        let of_proof = error
            .is_some_and(|error| matches!(error.code, ErrorCode::InvalidDpopProof | ErrorCode::UseDpopNonce));
        let by_bearer = (!of_proof).then(|| bearer::challenge(error, None, None));
        let by_proof = (of_proof || error.is_none()).then(|| dpop::challenge(error));
        for challenge in by_bearer.into_iter().chain(by_proof) {
            if let Ok(value) = HeaderValue::from_str(&challenge) {
                response.headers_mut().append(header::WWW_AUTHENTICATE, value);
            }
        }
        response
    }
}
