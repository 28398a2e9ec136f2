//! An authorization request at a browser's session: answered, refused, or what has to come first.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
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
        match self.app.oidc().arriving_request(cx, query) {
            Ok(checked) => self.decide(cx, &intent_of(&checked.request), &checked, true).await,
            Err(next) => Ok(next.into()),
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

    pub(crate) async fn decide(
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
        let missing = match self.standing(cx, checked, &live, at).await? {
            Ok(Standing::Met(_)) if !checked.is_agreed(consent.as_ref()) => {
                return Ok(if silent {
                    refuse(ErrorCode::ConsentRequired, "the user has not agreed yet")
                } else {
                    Next::Consent { request: self.app.seal_request(cx, intent) }
                }
                .into());
            }
            Ok(Standing::Met(met)) => return self.authorized(cx, checked, &live, &met).await,
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
            Course::Through | Course::Propose(_) | Course::FirstFactor => Ok(login().into()),
            Course::Unreachable => self.turn_away(cx, &live, intent, &missing.requirement).await,
            Course::SecondFactor(_) | Course::Enrol(_) if silent => {
                Ok(refuse(ErrorCode::InteractionRequired, "a second factor is needed").into())
            }
            Course::SecondFactor(_) | Course::Enrol(_) => {
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
        let policy = self.app.policies().policy_inside(cx, &live.user, Some(&checked.application()));
        if let Ok(requirement) = checked.strictest(&policy, at)
            && let Some(authenticated) = Authenticated::from_session(&live.session, &requirement, cx.now)
        {
            return Ok(Ok(Standing::Met(Met { requirement, authenticated })));
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

    async fn authorized(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        live: &Live,
        met: &Met,
    ) -> Result<Step, Failure> {
        let mint = self.app.oidc().mint(cx, checked, &met.authenticated, &met.requirement);
        let answer = mint.answer.clone();
        let touch = self.app.touch_of(cx, live);
        let user = live.user.id;
        self.app
            .pool_store(cx)
            .write(move |tx| async move {
                if let Some(touch) = touch {
                    touch.store(&tx).await?;
                }
                mint.store(&tx, user).await
            })
            .await?;
        Ok(Next::Answer(answer).into())
    }
}
