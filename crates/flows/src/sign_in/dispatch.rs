//! An authorization request at a browser's session: answered, refused, or what has to come first.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
        sealed_request::OpenedRequest,
    },
    oidc::request::{CheckedRequest, answered_by, intent_of, leave_with, unreachable},
    sign_in::{
        SignIn,
        course::{Course, Proposals},
    },
};
use vestibule_domain::{Authenticated, Intent, Requirement};
use vestibule_oidc::{ErrorCode, OAuthError};

impl SignIn<'_> {
    /// `GET /oidc/auth`: an authorization request arrives (OIDC Core §3.1.2).
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn authorize(self, cx: &Cx, query: &str) -> Result<Step, Failure> {
        match self.app.oidc().arriving_request(cx, query) {
            Ok(checked) => self.decide(cx, &intent_of(&checked.request), &checked, true).await,
            Err(next) => Ok(next.into()),
        }
    }

    /// Goes on with a sealed request after something was done for it.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn resume(self, cx: &Cx, request: &str) -> Result<Step, Failure> {
        match self.app.open_request(cx, request) {
            OpenedRequest::Own(intent) => self.proceed(cx, intent).await,
            OpenedRequest::Foreign(_) | OpenedRequest::Unusable => Ok(Next::Expired.into()),
        }
    }

    pub(crate) async fn proceed(self, cx: &Cx, intent: Intent) -> Result<Step, Failure> {
        match &intent {
            Intent::Account(action) => self.go_on(cx, action.clone()).await,
            Intent::Authorize(asked) => {
                let checked = match self.app.oidc().check_request(cx, asked) {
                    Ok(checked) => checked,
                    Err(next) => return Ok(next.into()),
                };
                self.decide(cx, &intent, &checked, false).await
            }
        }
    }

    async fn decide(
        self,
        cx: &Cx,
        intent: &Intent,
        checked: &CheckedRequest,
        arriving: bool,
    ) -> Result<Step, Failure> {
        let silent = checked.request.prompt.none;
        let login = || Next::Login { request: self.app.seal_request(cx, intent) };
        let refuse = |code, hint: &str| leave_with(cx, checked, OAuthError::new(code, hint));
        let found = self.app.live_and_consent(cx, &checked.client.id).await?;
        let Some((live, consent)) = found.filter(|(live, _)| checked.is_for(&live.user)) else {
            return Ok(if silent {
                refuse(ErrorCode::LoginRequired, "nobody is signed in")
            } else {
                login()
            }
            .into());
        };
        // A request that demands a new sign-in is not answered by the session it arrives with, however young.
        let at = checked.request.received_at;
        let at = if arriving && checked.wants_new_login() { at + 1 } else { at };
        let policy = self.app.policies().policy_inside(cx, &live.user, Some(&checked.application()));
        if let Some((authenticated, requirement)) = answered_by(cx, (checked, &policy), &live, at) {
            let agreed = checked.is_agreed(consent.as_ref());
            return self
                .authorized(cx, (intent, checked, agreed), &live, (&authenticated, &requirement))
                .await;
        }
        let offers = self.app.policies().offers(cx, &live.user, policy).await?;
        let events = &live.session.events;
        let Ok(requirement) = checked.requirement(cx.now, at, &offers, events) else {
            return Ok(refuse(
                ErrorCode::UnmetAuthenticationRequirements,
                "no known acr value was asked for",
            )
            .into());
        };
        match Course::of(&requirement, events, &offers, Proposals::Over, cx.now) {
            Course::Through | Course::Propose(_) => {
                match Authenticated::from_session(&live.session, &requirement, cx.now) {
                    Some(authenticated) => {
                        let agreed = checked.is_agreed(consent.as_ref());
                        self.authorized(cx, (intent, checked, agreed), &live, (&authenticated, &requirement))
                            .await
                    }
                    None => Ok(login().into()),
                }
            }
            Course::FirstFactor if silent => {
                Ok(refuse(ErrorCode::LoginRequired, "the sign-in is older than the request allows").into())
            }
            Course::FirstFactor => Ok(login().into()),
            Course::Unreachable => {
                let audit = self.app.refusal_row(cx, (live.user.id, intent), Some(&requirement));
                let error = unreachable(&requirement, audit.id);
                self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
                Ok(leave_with(cx, checked, error).into())
            }
            Course::SecondFactor(_) | Course::Enrol(_) if silent => {
                Ok(refuse(ErrorCode::InteractionRequired, "a second factor is needed").into())
            }
            course => {
                self.start_flow(cx, intent.clone(), &live, (requirement, course.need()), &offers.own).await
            }
        }
    }

    async fn authorized(
        self,
        cx: &Cx,
        (intent, checked, agreed): (&Intent, &CheckedRequest, bool),
        live: &Live,
        proof: (&Authenticated, &Requirement),
    ) -> Result<Step, Failure> {
        if !agreed {
            if checked.request.prompt.none {
                let error = OAuthError::new(ErrorCode::ConsentRequired, "the user has not agreed yet");
                return Ok(leave_with(cx, checked, error).into());
            }
            return Ok(Next::Consent { request: self.app.seal_request(cx, intent) }.into());
        }
        let mint = self.app.oidc().mint(cx, checked, proof);
        let answer = mint.answer.clone();
        let touch = self.app.touch_of(cx, live);
        let user = live.user.id;
        self.app
            .pool_store(cx)
            .write(move |tx| async move {
                if let Some((id, now, ip, agent)) = touch {
                    tx.touch_session(id, now, ip.as_deref(), agent.as_deref()).await?;
                }
                mint.store(&tx, user).await
            })
            .await?;
        Ok(Next::Answer(answer).into())
    }
}
