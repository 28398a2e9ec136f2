//! What a handler gives back: an answer, or what stopped it.

use crate::http::{form::Unreadable, misdirected::Misdirected};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::{borrow::Cow, sync::Arc};
use vestibule_domain::{AccountPage, Action};
use vestibule_flows::{AdminError, Failure, Next, Step, Unchanged};
use vestibule_oidc::OAuthError;
use vestibule_pages::keys;

/// An answer, or what stopped the handler.
pub(crate) type Reply = Result<Response, Stop>;

/// What stops a handler. It knows neither page nor language: [`answer_stops`](crate::stop::answer_stops) makes an answer
/// of it, in the form that the caller understands, and writes the log.
pub(crate) enum Stop {
    /// No pool lives at the host of the request: what to tell about it.
    NoPool(Box<Misdirected>),
    /// A use case failed.
    Failed(Failure),
    /// A protocol refusal.
    Refused {
        /// What is refused, with its cause.
        error: OAuthError,
        /// To whom it is told.
        told: Told,
    },
    /// A protected resource was asked for without a token (RFC 6750 §3.1): a challenge without an error.
    NoToken,
    /// A page that says what is wrong: its status and the key of its text.
    Problem(StatusCode, &'static str),
    /// A form that this browser did not get from here. The way to where it can be filled in again.
    FormExpired(String),
    /// A sign-in that is over or was never here. The way to begin it again, where that is known.
    Over(Option<String>),
    /// Something else comes first: signing in, or proving more.
    First(Box<Step>),
}

/// To whom a protocol refusal is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The user, on a page, because it must not be sent anywhere (RFC 6749 §4.1.2.1).
    Page,
    /// The application, at a back-channel endpoint (RFC 6749 §5.2).
    Json {
        /// It authenticated in the `Authorization` header, so a wrong secret is answered with a challenge. One that did not
        /// would see the challenge alone: many libraries hide the error behind it.
        challenged: bool,
    },
    /// The application, at a protected resource: in `WWW-Authenticate`, too (RFC 6750 §3).
    Challenge,
    /// The application, by a redirect of the browser (RFC 6749 §4.1.2.1).
    Redirect,
}

impl Told {
    /// Its name in the log.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "Page",
            Self::Json { .. } => "Json",
            Self::Challenge => "Challenge",
            Self::Redirect => "Redirect",
        }
    }
}

impl Stop {
    /// A refusal that is shown to the user.
    pub(crate) fn page(error: OAuthError) -> Self {
        Self::Refused { error, told: Told::Page }
    }

    /// A refusal for the application.
    pub(crate) fn json(error: OAuthError) -> Self {
        Self::Refused { error, told: Told::Json { challenged: false } }
    }

    /// A refusal for the application that sent these headers to an endpoint where applications authenticate.
    pub(crate) fn back_channel(headers: &HeaderMap, error: OAuthError) -> Self {
        let challenged = headers.contains_key(header::AUTHORIZATION);
        Self::Refused { error, told: Told::Json { challenged } }
    }

    /// A refusal of a protected resource.
    pub(crate) fn challenge(error: OAuthError) -> Self {
        Self::Refused { error, told: Told::Challenge }
    }

    /// What stopped the handler of a response, if anything did.
    pub(crate) fn behind(response: &mut Response) -> Option<Arc<Self>> {
        response.extensions_mut().remove::<Arc<Self>>()
    }
}

impl From<Unreadable> for Stop {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::TooLarge => Self::Problem(StatusCode::PAYLOAD_TOO_LARGE, keys::TOO_LARGE),
            Unreadable::NotText => Self::Problem(StatusCode::BAD_REQUEST, keys::MALFORMED_REQUEST),
        }
    }
}

impl From<AdminError> for Stop {
    /// Who has to pass the gate again is led to it. Other refusals that a page can show are outcomes; everything else is a
    /// failure.
    fn from(cause: AdminError) -> Self {
        match cause {
            AdminError::Ended => Unchanged::Ended.into(),
            cause => Self::Failed(cause.into()),
        }
    }
}

impl From<Unchanged> for Stop {
    /// Who has to pass the gate again is led to it.
    fn from(why: Unchanged) -> Self {
        match why {
            Unchanged::Ended => {
                let home = Next::Account(Action::View(AccountPage::Home));
                Self::First(Box::new(home.into()))
            }
            Unchanged::Failed(cause) => Self::Failed(cause),
        }
    }
}

impl From<Failure> for Stop {
    fn from(cause: Failure) -> Self {
        Self::Failed(cause)
    }
}

impl IntoResponse for Stop {
    /// An empty answer with the stop in it.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A plain answer where there is no pool whose page could be shown.
pub(crate) fn bare(status: StatusCode, text: impl Into<Cow<'static, str>>) -> Response {
    let mut response = (status, text.into()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
