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
use vestibule_oidc::{ErrorCode, OAuthError};

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

    /// What the consent page shows, and who is asked; none when the session does not meet the request any more.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent_page(self, cx: &Cx, request: &str) -> Result<Option<ConsentPage>, Failure> {
        let Some(Consenting { checked, live, .. }) = self.consenting(cx, request).await? else {
            return Ok(None);
        };
        Ok(Some(ConsentPage {
            client_id: checked.client.id.clone(),
            client_name: checked.client.name.clone(),
            scopes: checked.disclosed.clone(),
            username: live.user.username,
            locale: live.user.locale,
            answered_at: checked.to.redirect().origin(),
            origin: SelfMade::of(&checked.client),
        }))
    }

    /// The user's answer to the consent page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent(self, cx: &Cx, request: &str, allow: bool) -> Result<Step, Failure> {
        let Some(Consenting { checked, live, met }) = self.consenting(cx, request).await? else {
            return Ok(self.again(cx, request).await?.unwrap_or_else(|| Next::Expired.into()));
        };
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
        let Some(live) = self.app.live(cx).await?.filter(|live| checked.is_for(&live.user)) else {
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
    /// Origin or scheme of the address where the application is answered.
    pub answered_at: String,
    /// Where it comes from, if no administrator added it.
    pub origin: Option<SelfMade>,
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
