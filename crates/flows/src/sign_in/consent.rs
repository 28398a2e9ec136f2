//! The user's consent to what an application may have.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
        sealed_request::OpenedRequest,
    },
    oidc::request::{CheckedRequest, Unmet, leave_by_choice},
    sign_in::{
        SignIn,
        course::{Met, Standing},
    },
};
use vestibule_domain::{Client, Intent, RegisteredBy, User};
use vestibule_oidc::{
    ErrorCode, OAuthError,
    authorize::{AnswerTo, DeviceRequest},
};

impl SignIn<'_> {
    /// Whether the user has to be asked: not for the tenant's own applications, otherwise for anything not granted yet.
    pub(crate) async fn needs_consent(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        user: &User,
    ) -> Result<bool, Failure> {
        if checked.client.first_party || checked.request.prompt.consent {
            return Ok(!checked.is_agreed(None));
        }
        let granted = self.app.pool_store(cx).consent(user.id, &checked.client.id).await?;
        Ok(!checked.is_agreed(granted.as_ref()))
    }

    /// What the consent page shows, and who is asked.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent_page(self, cx: &Cx, request: &str) -> Result<ConsentView, Failure> {
        let Some(Consenting { checked, live, .. }) = self.consenting(cx, request).await? else {
            return Ok(ConsentView::NotNow);
        };
        if let Some(device) = checked.to.device()
            && !self.device_waits(cx, device).await?
        {
            return Ok(ConsentView::DeviceGone);
        }
        let asked_by = match &checked.to {
            AnswerTo::Application(to) => Asker::Application { answered_at: to.redirect().origin() },
            AnswerTo::Device(device) => Asker::Device(device.clone()),
        };
        Ok(ConsentView::Ask(Box::new(ConsentPage {
            client_id: checked.client.id.clone(),
            client_name: checked.client.name.clone(),
            scopes: checked.disclosed.clone(),
            username: live.user.username,
            locale: live.user.locale,
            origin: SelfMade::of(&checked.client),
            asked_by,
        })))
    }

    /// The user's answer to the consent page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent(self, cx: &Cx, request: &str, allow: bool) -> Result<Step, Failure> {
        let again = async || Ok(self.again(cx, request).await?.unwrap_or_else(|| Next::Expired.into()));
        let Some(Consenting { checked, live, met }) = self.consenting(cx, request).await? else {
            return again().await;
        };
        if let Some(device) = checked.to.device() {
            let answered = self.answer_device(cx, &checked, device, &live, allow).await?;
            return match answered {
                Some(answer) => Ok(Next::Device(answer).into()),
                None => again().await,
            };
        }
        let user = live.user.id;
        let ended = if allow { Ended::Done } else { Ended::Refused };
        let audit = self.app.audit(cx, AuditAction::Consent, Some(user), ended).client(&checked.client.id);
        if !allow {
            self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
            let error = OAuthError::new(ErrorCode::AccessDenied, "the user did not agree");
            return Ok(leave_by_choice(cx, &checked, error).into());
        }
        let ends = live.session.expires_at;
        let mint = self.app.oidc().mint(cx, &checked, &met.authenticated, &met.requirement, ends);
        let Some(mint) = mint else { return Ok(Next::Expired.into()) };
        let (client_id, scopes, now) = (checked.client.id, checked.disclosed, cx.now);
        let answer = self
            .app
            .pool_store(cx)
            .write(move |tx| async move {
                tx.upsert_consent(user, &client_id, &scopes, now).await?;
                tx.insert_audit(&audit).await?;
                mint.store(&tx, user).await
            })
            .await?;
        // It was just agreed to, so there is an answer.
        Ok(answer.map_or(Next::Expired, Next::Answer).into())
    }

    async fn consenting(self, cx: &Cx, request: &str) -> Result<Option<Consenting>, Failure> {
        let OpenedRequest::Own(pending) = self.app.open_request(cx, request) else { return Ok(None) };
        let Intent::Authorize(asked) = &pending.intent else { return Ok(None) };
        let Ok(checked) = self.app.oidc().check_request(cx, asked) else { return Ok(None) };
        let Some(live) = self.app.live(cx).await?.filter(|live| checked.is_for(cx, &live.user)) else {
            return Ok(None);
        };
        Ok(match self.standing(cx, &checked, &live, checked.request.received_at).await? {
            Ok(Standing::Met(met)) => Some(Consenting { checked, live, met }),
            Ok(Standing::Missing(_)) | Err(Unmet) => None,
        })
    }
}

/// A user who has given everything that an application asks for, but has yet to agree.
struct Consenting {
    checked: CheckedRequest,
    live: Live,
    met: Box<Met>,
}

/// What the consent page shows.
pub struct ConsentPage {
    /// `client_id`.
    pub client_id: String,
    /// The application's name.
    pub client_name: String,
    /// What it asks for, by scopes or by single claims.
    pub scopes: Vec<String>,
    /// Who is asked.
    pub username: String,
    /// The user's language, if known.
    pub locale: Option<String>,
    /// Where it comes from, if no administrator added it.
    pub origin: Option<SelfMade>,
    /// Where the application is.
    pub asked_by: Asker,
}

/// Where an application comes from that no administrator added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelfMade {
    /// It registered by itself: nobody has looked at its name.
    Registered,
    /// A document at this host describes it.
    Described {
        /// The host.
        host: String,
        /// Whether the pool trusts that host.
        trusted: bool,
    },
}

impl SelfMade {
    fn of(client: &Client) -> Option<Self> {
        let registered = client.registered.as_ref().filter(|registered| !registered.taken_over)?;
        Some(match &registered.by {
            RegisteredBy::Request { .. } => Self::Registered,
            RegisteredBy::Document { host } => {
                Self::Described { host: host.clone(), trusted: registered.vouched }
            }
        })
    }
}

/// Where the application is that asks.
pub enum Asker {
    /// In this browser.
    Application {
        /// Origin or scheme of the address where it is answered.
        answered_at: String,
    },
    /// On a device elsewhere.
    Device(DeviceRequest),
}

/// What becomes of the consent page.
pub enum ConsentView {
    /// It is shown.
    Ask(Box<ConsentPage>),
    /// The device does not wait any more: it is too late, or it was answered.
    DeviceGone,
    /// The session does not meet the request any more: something else comes first.
    NotNow,
}
