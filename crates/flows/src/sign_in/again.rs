//! Going on with a sign-in that a person left and came back to: an old page, a second tab, a reload, a bookmark.
//!
//! Nothing here proves anything. A request is judged anew at the session that the browser has now, exactly as if it had
//! just arrived; a page only learns from here that there is no need to show it.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
        sealed_request::{OpenedRequest, PendingRequest},
    },
    policy::account::action_requirement,
    sign_in::{SignIn, course::Standing},
};
use vestibule_domain::{AccountPage, Action, Intent, LoginFlow, Stage};

/// Whose a sealed request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestOwner {
    /// The browser's that shows it.
    ThisBrowser,
    /// It is genuine, and was sealed for another one: a link that was passed on, or the cookies are gone. A new sign-in can
    /// begin with it.
    AnotherBrowser,
    /// It cannot be opened.
    Nobody,
}

impl SignIn<'_> {
    /// On with what a sealed request is for, at the session of now. `None`: it is not this browser's, or cannot be opened.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn again(self, cx: &Cx, request: &str) -> Result<Option<Step>, Failure> {
        Ok(match self.app.open_request(cx, request) {
            OpenedRequest::Own(pending) => Some(self.proceed(cx, pending).await?),
            OpenedRequest::Foreign(_) | OpenedRequest::Unusable => None,
        })
    }

    /// Whose a sealed request is.
    pub fn request_owner(self, cx: &Cx, request: &str) -> RequestOwner {
        match self.app.open_request(cx, request) {
            OpenedRequest::Own(_) => RequestOwner::ThisBrowser,
            OpenedRequest::Foreign(_) => RequestOwner::AnotherBrowser,
            OpenedRequest::Unusable => RequestOwner::Nobody,
        }
    }

    /// Where the login page leads somebody who is signed in and has proved enough for it, or has to prove something else
    /// than the first factor. `None`: the page is to be shown.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn beyond_login(self, cx: &Cx, request: Option<&str>) -> Result<Option<Step>, Failure> {
        let pending = match request.map(|sealed| self.app.open_request(cx, sealed)) {
            None => PendingRequest::new(cx, Intent::Account(Action::View(AccountPage::Home))),
            Some(OpenedRequest::Own(pending)) => pending,
            Some(_) => return Ok(None),
        };
        if self.app.live(cx).await?.is_none() {
            return Ok(None);
        }
        // As if it arrived: a request that demands a new sign-in is not answered by a session of the same second.
        let step = match &pending.intent {
            Intent::Authorize(asked) => match self.app.oidc().check_request(cx, asked) {
                Ok(checked) => self.decide(cx, &pending, &checked, true).await?,
                Err(_) => return Ok(None),
            },
            Intent::Account(_) => self.proceed(cx, pending).await?,
        };
        Ok(Some(step).filter(|step| !matches!(step.next, Next::Login { .. })))
    }

    /// Where a page of a flow leads whose user has meanwhile proved, in another tab, all that the flow is about. `None`:
    /// the page is to be shown.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn beyond_flow(self, cx: &Cx, flow: &LoginFlow) -> Result<Option<Step>, Failure> {
        if !matches!(flow.stage(), Stage::SecondFactor { .. } | Stage::Enrol { .. }) {
            return Ok(None);
        }
        let Some(live) = self.app.live(cx).await? else { return Ok(None) };
        // Somebody who is signing in as another user goes on with that; and a session that is as it was when the flow began
        // is the reason for the flow.
        let unchanged = flow.base() == Some(live.session.id) && flow.events() == live.session.events;
        if live.user.id != flow.user() || unchanged || !self.is_settled(cx, &live, flow).await? {
            return Ok(None);
        }
        Ok(Some(self.proceed(cx, PendingRequest::of_flow(cx, flow.intent())).await?))
    }

    /// Whether a session meets all that a flow is about.
    async fn is_settled(self, cx: &Cx, live: &Live, flow: &LoginFlow) -> Result<bool, Failure> {
        match flow.intent() {
            Intent::Authorize(asked) => {
                let Ok(checked) = self.app.oidc().check_request(cx, asked) else { return Ok(false) };
                // As when it arrived: what demands a new sign-in is not answered by a session of the same second.
                let at = checked.request.received_at + i64::from(checked.wants_new_login());
                let standing = self.standing(cx, &checked, live, at).await?;
                Ok(checked.is_for(cx, &live.user) && matches!(standing, Ok(Standing::Met(_))))
            }
            Intent::Account(action) => {
                let policy = self.app.policies().policy_inside(cx, live, None);
                let offers = self.app.policies().offers(cx, &live.user, policy).await?;
                let began = Some(live.session.created_at);
                let requirement = action_requirement(self.app.factors().at(cx), action, &offers, began);
                Ok(matches!(Standing::of(live, requirement, offers, cx.now), Standing::Met(_)))
            }
        }
    }

    /// What a flow is for, sealed, to go on with when the flow is over.
    pub fn request_of(self, cx: &Cx, flow: &LoginFlow) -> String {
        self.app.seal_request_of_flow(cx, flow.intent())
    }
}
