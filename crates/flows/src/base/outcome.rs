//! What every use case answers.

use crate::base::cx::{RememberedBrowserToken, SessionToken};
use serde::{Deserialize, Serialize};
use vestibule_domain::{AccountPage, Action, FlowId, LoginFlow};
use vestibule_oidc::{OAuthError, authorize::AuthorizationResponse};

/// What comes next. `web` turns it into a redirect in one place.
#[derive(Clone, Debug)]
pub enum Next {
    /// The first factor, for this sealed request.
    Login {
        /// Opaque.
        request: String,
    },
    /// The page where an account is made, for this sealed request.
    Register {
        /// Opaque.
        request: String,
    },
    /// A sign-in under way, at its stage.
    Flow(Box<LoginFlow>),
    /// The user is asked for consent.
    Consent {
        /// Opaque.
        request: String,
    },
    /// A recovery code was used: tell the user, then continue with the sealed request.
    Recovered {
        /// Opaque.
        request: String,
    },
    /// Back to the application, with a code or an error.
    Answer(AuthorizationResponse),
    /// The user has answered a device; the browser stays here.
    Device(DeviceAnswer),
    /// To a page of the user center, to do this there.
    Account(Action),
    /// An error that must not be sent anywhere else (RFC 6749 §4.1.2.1).
    Page(OAuthError),
    /// The sealed request or the flow has expired, was tampered with or belongs to another browser.
    Expired,
}

/// What a user has told a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceAnswer {
    /// It may.
    Allowed {
        /// The name of its application.
        client_name: String,
    },
    /// It may not.
    Denied {
        /// The name of its application.
        client_name: String,
    },
    /// Nothing: it is too late, or another answer was given.
    Over,
}

impl Next {
    /// To the first page of the user center.
    pub(crate) const fn home() -> Self {
        Self::Account(Action::View(AccountPage::Home))
    }

    /// The flow's identifier, when the next thing is a flow.
    pub fn flow_id(&self) -> Option<FlowId> {
        match self {
            Self::Flow(flow) => Some(flow.id()),
            _ => None,
        }
    }
}

/// What comes next, and the cookie to set when a session was opened or raised.
pub struct Step {
    /// What comes next.
    pub next: Next,
    /// A new session secret; replaces the browser's.
    pub session: Option<SessionToken>,
    /// The secret of a browser that is remembered from now on, and for how many seconds.
    pub remembered_browser: Option<(RememberedBrowserToken, i64)>,
}

impl From<Next> for Step {
    fn from(next: Next) -> Self {
        Self { next, session: None, remembered_browser: None }
    }
}
