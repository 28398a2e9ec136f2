//! What a sign-in is for: looked up, judged, and where it leads when it is given up.

use crate::{
    base::{cx::Cx, outcome::Next, sealed_request::OpenedRequest},
    factor::call::PoolAt,
    oidc::request::{CheckedRequest, device_of, leave_by_choice, leave_with, unreachable},
    policy::{
        account::action_requirement,
        offers::{Application, Offers},
    },
    sign_in::{SignIn, challenge::OwnFlow},
};
use vestibule_domain::{Acr, Action, AuthEvent, Effective, Intent, Requirement, Timestamp, UserId};
use vestibule_oidc::{
    ErrorCode, OAuthError,
    authorize::{AcrGoal, AnswerTo},
};
use vestibule_store::records::AuditRow;

impl SignIn<'_> {
    /// The rules for a flow. A request that its application would refuse by now is judged like the user center.
    pub(crate) fn flow_policy(self, cx: &Cx, current: &OwnFlow) -> Effective {
        let wish = self.wish(cx, current.flow.intent()).ok();
        self.app.policies().policy(cx, &current.user, wish.as_ref().and_then(Wish::application).as_ref())
    }

    /// Turns away a user who cannot give what is required.
    pub(crate) fn unreachable(
        self,
        cx: &Cx,
        user: UserId,
        intent: &Intent,
        requirement: &Requirement,
    ) -> TurnedAway {
        let audit = self.app.refusal_row(cx, user, intent, Some(requirement));
        let error = unreachable(requirement, audit.id);
        let next = match intent {
            Intent::Authorize(asked) => match self.app.oidc().check_request(cx, asked) {
                Ok(checked) => leave_with(cx, &checked, error),
                Err(next) => next,
            },
            Intent::Account(_) => Next::Page(error),
        };
        TurnedAway { next, audit }
    }

    /// The user gives up at the first factor.
    pub fn cancel_request(self, cx: &Cx, request: &str) -> Next {
        match self.app.open_request(cx, request) {
            OpenedRequest::Own(pending) => self.cancelled(cx, &pending.intent),
            OpenedRequest::Foreign(_) | OpenedRequest::Unusable => Next::Expired,
        }
    }

    /// Where somebody goes who gives up.
    pub(crate) fn cancelled(self, cx: &Cx, intent: &Intent) -> Next {
        let Intent::Authorize(asked) = intent else { return Next::home() };
        let checked = match self.app.oidc().check_request(cx, asked) {
            Ok(checked) => checked,
            Err(next) => return next,
        };
        if let AnswerTo::Device(device) = &checked.to {
            // The device goes on waiting: whoever does not prove who they are says nothing to it.
            return Next::Account(Action::ConnectDevice { user_code: device.user_code.clone() });
        }
        let essential = matches!(checked.acr.goal(), AcrGoal::Essential(_))
            || checked.client.min_acr.is_some_and(|acr| acr > Acr::OneFactor);
        let code =
            if essential { ErrorCode::UnmetAuthenticationRequirements } else { ErrorCode::AccessDenied };
        leave_by_choice(cx, &checked, OAuthError::new(code, "the user cancelled the sign-in"))
    }
}

/// What a sign-in is for that comes to a browser from another one. A device is not passed on: whoever connects it types its code
/// (RFC 8628 §5.4).
pub(crate) fn passed_on(intent: Intent) -> Intent {
    match device_of(&intent) {
        Some(device) => Intent::Account(Action::ConnectDevice { user_code: device.user_code }),
        None => intent,
    }
}

/// The end of a sign-in that leads nowhere: where the user goes, and the row that says why.
#[derive(Clone)]
pub(crate) struct TurnedAway {
    pub(crate) next: Next,
    pub(crate) audit: AuditRow,
}

/// Where somebody goes whose application demands a class that nobody knows.
pub(crate) fn unknown_class(cx: &Cx, wish: &Wish) -> Next {
    let error =
        OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, "no known acr value was asked for");
    match wish.checked() {
        Some(checked) => leave_with(cx, checked, error),
        None => Next::Page(error),
    }
}

/// What a sign-in is for, looked up and checked.
#[derive(Clone)]
pub(crate) enum Wish {
    /// An authorization request.
    Application(Box<CheckedRequest>),
    /// Something in the user center.
    Account(Action),
}

impl Wish {
    /// The application, where it is for one.
    pub(crate) fn application(&self) -> Option<Application<'_>> {
        self.checked().map(CheckedRequest::application)
    }

    /// The request, where it is one.
    pub(crate) fn checked(&self) -> Option<&CheckedRequest> {
        match self {
            Self::Application(checked) => Some(checked),
            Self::Account(_) => None,
        }
    }
}

impl SignIn<'_> {
    /// Looks up what an intent wishes; an error when the application would refuse it by now.
    pub(crate) fn wish(self, cx: &Cx, intent: &Intent) -> Result<Wish, Next> {
        match intent {
            Intent::Authorize(asked) => {
                Ok(Wish::Application(Box::new(self.app.oidc().check_request(cx, asked)?)))
            }
            Intent::Account(action) => Ok(Wish::Account(action.clone())),
        }
    }
}

/// What an intent requires, and the error that says that it cannot be had at all.
pub(crate) fn requirement_for(
    at: PoolAt<'_>,
    wish: &Wish,
    offers: &Offers,
    events: &[AuthEvent],
    began: Option<Timestamp>,
) -> Result<Requirement, crate::oidc::request::Unmet> {
    match wish {
        Wish::Application(checked) => {
            checked.requirement(at.now, checked.request.received_at, offers, events)
        }
        Wish::Account(action) => Ok(action_requirement(at, action, offers, began)),
    }
}
