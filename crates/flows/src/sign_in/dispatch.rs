//! An authorization request at a browser's session: answered, refused, or what has to come first.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
        sealed_request::PendingRequest,
    },
    oidc::request::{CheckedRequest, Unmet, intent_of, leave_with},
    sign_in::{
        SignIn,
        course::{Course, Met, Standing},
        intent::TurnedAway,
    },
};
use vestibule_domain::{Authenticated, Intent, Requirement, Timestamp};
use vestibule_oidc::{ErrorCode, OAuthError};

impl SignIn<'_> {
    /// `GET /oidc/auth`: an authorization request arrives (OIDC Core §3.1.2).
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn authorize(self, cx: &Cx, query: &str) -> Result<Step, Failure> {
        match self.app.oidc().arriving_request(cx, query).await {
            Ok(checked) => {
                let pending = PendingRequest::new(cx, intent_of(&checked.request));
                if checked.request.prompt.create {
                    // Once: whoever comes back from there with an account signs in.
                    return Ok(Next::Register { request: self.app.seal_again(cx, &pending) }.into());
                }
                self.decide(cx, &pending, &checked, true).await
            }
            Err(next) => Ok(next.into()),
        }
    }

    /// Goes on with a request at the session of now.
    pub(crate) async fn proceed(self, cx: &Cx, pending: PendingRequest) -> Result<Step, Failure> {
        match &pending.intent {
            Intent::Account(_) => self.go_on(cx, pending).await,
            Intent::Authorize(asked) => match self.app.oidc().check_request(cx, asked) {
                Ok(checked) => self.decide(cx, &pending, &checked, false).await,
                Err(next) => Ok(next.into()),
            },
        }
    }

    pub(crate) async fn decide(
        self,
        cx: &Cx,
        pending: &PendingRequest,
        checked: &CheckedRequest,
        arriving: bool,
    ) -> Result<Step, Failure> {
        let (intent, silent) = (&pending.intent, checked.request.prompt.none);
        let login = || Next::Login { request: self.app.seal_again(cx, pending) };
        let refuse = |code, hint: &str| leave_with(cx, checked, OAuthError::new(code, hint));
        let found = self.app.live_and_consent(cx, &checked.client.id).await?;
        let Some((live, consent)) = found.filter(|(live, _)| checked.is_for(cx, &live.user)) else {
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
        let unagreed = || {
            if silent {
                refuse(ErrorCode::ConsentRequired, "the user has not agreed yet")
            } else {
                Next::Consent { request: self.app.seal_again(cx, pending) }
            }
        };
        let missing = match self.standing(cx, checked, &live, at).await? {
            Ok(Standing::Met(_)) if !checked.is_agreed(consent.as_ref()) => return Ok(unagreed().into()),
            Ok(Standing::Met(met)) => {
                let answer = self.authorized(cx, checked, &live, &met).await?;
                return Ok(answer.unwrap_or_else(unagreed).into());
            }
            Ok(Standing::Missing(missing)) => *missing,
            Err(Unmet) => {
                let code = ErrorCode::UnmetAuthenticationRequirements;
                return Ok(refuse(code, "no known acr value was asked for").into());
            }
        };
        match missing.course {
            Course::FirstFactor if silent => {
                Ok(refuse(ErrorCode::LoginRequired, "the sign-in is older than the request allows").into())
            }
            Course::Through | Course::FirstFactor => Ok(login().into()),
            Course::Unreachable => self.turn_away(cx, &live, intent, &missing.requirement).await,
            Course::Propose(_) if silent => {
                Ok(refuse(ErrorCode::InteractionRequired, "the user has to be asked to enrol a factor")
                    .into())
            }
            Course::SecondFactor(_) | Course::Enrol(_) if silent => {
                Ok(refuse(ErrorCode::InteractionRequired, "a second factor is needed").into())
            }
            Course::Propose(_) | Course::SecondFactor(_) | Course::Enrol(_) => {
                self.start_flow(cx, intent.clone(), &live, missing).await
            }
        }
    }

    /// How a session stands before an application's request. Proofs are asked again as of `at`, where the request asks for
    /// new ones.
    pub(crate) async fn standing(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        live: &Live,
        at: Timestamp,
    ) -> Result<Result<Standing, Unmet>, Failure> {
        let policy = self.app.policies().policy_inside(cx, live, Some(&checked.application()));
        if let Ok(requirement) = checked.strictest(&policy, at)
            && let Some(authenticated) = Authenticated::from_session(&live.session, &requirement, cx.now)
        {
            return Ok(Ok(Standing::Met(Box::new(Met { requirement, authenticated }))));
        }
        let offers = self.app.policies().offers(cx, &live.user, policy).await?;
        let requirement = checked.requirement(cx.now, at, &offers, &live.session.events);
        Ok(requirement.map(|requirement| Standing::of(live, requirement, offers, cx.now)))
    }

    /// A user who is signed in cannot give what is required; that is written down.
    pub(crate) async fn turn_away(
        self,
        cx: &Cx,
        live: &Live,
        intent: &Intent,
        requirement: &Requirement,
    ) -> Result<Step, Failure> {
        let TurnedAway { next, audit } = self.unreachable(cx, live.user.id, intent, requirement);
        self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
        Ok(next.into())
    }

    /// The code. `None`: the user took the consent back meanwhile.
    async fn authorized(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        live: &Live,
        met: &Met,
    ) -> Result<Option<Next>, Failure> {
        let (met, ends) = (&met, live.session.expires_at);
        let mint = self.app.oidc().mint(cx, checked, &met.authenticated, &met.requirement, ends);
        let Some(mint) = mint else { return Ok(None) };
        let touch = self.app.touch_of(cx, live);
        let user = live.user.id;
        let stored = self
            .app
            .pool_store(cx)
            .write(move |tx| async move {
                if let Some(touch) = touch {
                    touch.store(&tx).await?;
                }
                mint.store(&tx, user).await
            })
            .await?;
        Ok(stored.map(Next::Answer))
    }
}
