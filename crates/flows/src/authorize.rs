//! Authorization requests: may this browser's session answer, or what is missing?

use crate::{
    app::App,
    audit::{Detailed, Ended},
    context::{Cx, Live, Next, Step},
    error::Failure,
    finish::Mint,
    request::Opened,
};
use uuid::Uuid;
use vestibule_domain::{
    Acr, Authenticated, Client, Credential, Effective, FactorKind, FactorOffer, Intent, Need, Reason,
    Requirement, Timestamp, User,
    attempts::Attempts,
    policy::{plan, reachable},
};
use vestibule_oidc::{
    ErrorCode, OAuthError, Parameters,
    authorize::{AcrGoal, AuthorizationRequest, Rejection},
    tokens::verify_id_token_hint,
};
use vestibule_store::records::ConsentRow;

/// A checked request and the application it is from.
pub(crate) struct Checked {
    pub(crate) client: Client,
    pub(crate) request: AuthorizationRequest,
    /// `sub` of the `id_token_hint`.
    pub(crate) hinted_user: Option<String>,
    /// The `claims` parameter as it was sent, for the grant.
    pub(crate) claims: Option<String>,
}

/// Under which name a request's own wish is explained, beside the names of rules.
pub(crate) const REQUEST_RULE: &str = "request";

/// A user's factors under a policy: what there is and what there could be.
pub(crate) struct Offers {
    pub(crate) policy: Effective,
    pub(crate) own: Vec<Credential>,
    pub(crate) enrolled: Vec<FactorOffer>,
    pub(crate) enrollable: Vec<FactorOffer>,
    pub(crate) attempts: Vec<(FactorKind, Attempts)>,
}

/// The class asked for cannot be had at all.
pub(crate) struct Unmet;

impl App {
    /// `GET /oidc/auth`: an authorization request arrives (OIDC Core §3.1.2).
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn authorize(&self, cx: &Cx, query: &str) -> Result<Step, Failure> {
        self.proceed(cx, Intent::Authorize { query: query.to_owned(), at: cx.now }, true).await
    }

    /// Goes on with a sealed request after something was done for it.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn resume(&self, cx: &Cx, request: &str) -> Result<Step, Failure> {
        match self.open_request(cx, request) {
            Opened::Mine(intent) => self.proceed(cx, intent, false).await,
            Opened::Foreign(_) | Opened::Unusable => Ok(Next::Expired.into()),
        }
    }

    /// Wants a page of the user center: opens it, or says what has to come first.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn user_center(&self, cx: &Cx, path: &str) -> Result<Step, Failure> {
        self.proceed(cx, Intent::UserCenter { path: path.to_owned() }, false).await
    }

    pub(crate) async fn proceed(&self, cx: &Cx, intent: Intent, arriving: bool) -> Result<Step, Failure> {
        match &intent {
            Intent::UserCenter { path } => {
                let path = path.clone();
                match self.gate(cx, crate::account::Gate::of_path(&path), &path).await? {
                    crate::account::Gated::Open(_) => Ok(Next::Home { path }.into()),
                    crate::account::Gated::First(step) => Ok(step),
                }
            }
            Intent::Authorize { query, at } => {
                let checked = match self.check_request(cx, query) {
                    Ok(checked) => checked,
                    Err(next) => return Ok(next.into()),
                };
                self.decide(cx, &intent, &checked, *at, arriving).await
            }
        }
    }

    /// Checks the parameters against the application's registration as it is now.
    pub(crate) fn check_request(&self, cx: &Cx, query: &str) -> Result<Checked, Next> {
        let parameters = Parameters::parse(query).map_err(Next::Page)?;
        let client_id = parameters
            .client_id()
            .ok_or_else(|| Next::Page(OAuthError::invalid_request("client_id is missing")))?;
        let client = cx.pool.client(client_id).ok_or_else(|| Next::Page(OAuthError::unknown_client()))?;
        let request =
            vestibule_oidc::authorize::check(&parameters, client).map_err(|rejection| match rejection {
                Rejection::Page(error) => Next::Page(error),
                Rejection::Redirect { to, state, error } => {
                    Next::Leave { url: to.error(&error, state.as_deref(), &cx.pool.issuer) }
                }
            })?;
        let hinted_user = match &request.id_token_hint {
            None => None,
            Some(hint) => {
                match verify_id_token_hint(hint, cx.pool.verifying_keys(), &cx.pool.issuer, Some(&client.id))
                {
                    Ok(claims) => Some(claims.sub),
                    Err(_) => {
                        let error = OAuthError::invalid_request("id_token_hint invalid");
                        return Err(leave_with(cx, &request, &error));
                    }
                }
            }
        };
        let claims = parameters.get("claims").map(str::to_owned);
        Ok(Checked { client: client.clone(), request, hinted_user, claims })
    }

    async fn decide(
        &self,
        cx: &Cx,
        intent: &Intent,
        checked: &Checked,
        at: Timestamp,
        arriving: bool,
    ) -> Result<Step, Failure> {
        let silent = checked.request.prompt.none;
        let login = || Next::Login { request: self.seal_request(cx, intent) };
        let refuse = |code, hint: &str| leave_with(cx, &checked.request, &OAuthError::new(code, hint));
        let found = self.live_and_consent(cx, &checked.client.id).await?;
        let Some((live, consent)) = found.filter(|(live, _)| checked.is_for(&live.user)) else {
            return Ok(if silent {
                refuse(ErrorCode::LoginRequired, "nobody is signed in")
            } else {
                login()
            }
            .into());
        };
        // A request that demands a new sign-in is not answered by the session it arrives with, however young.
        let at = if arriving && checked.wants_new_login() { cx.now + 1 } else { at };
        let policy = self.policy_inside(cx, &live.user, Some(checked));
        if let Some((authenticated, requirement)) = answered_by(cx, (checked, &policy), &live, at) {
            let agreed = checked.is_agreed(consent.as_ref());
            return self
                .authorized(cx, (intent, checked, agreed), &live, (&authenticated, &requirement))
                .await;
        }
        let offers = self.offers(cx, &live.user, policy).await?;
        let events = &live.session.events;
        let Ok(requirement) = checked.requirement(cx, at, &offers, events) else {
            return Ok(refuse(
                ErrorCode::UnmetAuthenticationRequirements,
                "no known acr value was asked for",
            )
            .into());
        };
        match plan(&requirement, events, &offers.enrolled, &offers.enrollable, cx.now) {
            Need::Nothing | Need::Suggest(_) => {
                match Authenticated::from_session(&live.session, &requirement, cx.now) {
                    Some(authenticated) => {
                        let agreed = checked.is_agreed(consent.as_ref());
                        self.authorized(cx, (intent, checked, agreed), &live, (&authenticated, &requirement))
                            .await
                    }
                    None => Ok(login().into()),
                }
            }
            Need::FirstFactor if silent => {
                Ok(refuse(ErrorCode::LoginRequired, "the sign-in is older than the request allows").into())
            }
            Need::FirstFactor => Ok(login().into()),
            Need::Unreachable => {
                let audit = self.refusal_row(cx, (live.user.id, intent), Some(&requirement));
                let error = unreachable(&requirement, audit.id);
                self.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
                Ok(leave_with(cx, &checked.request, &error).into())
            }
            Need::SecondFactor(_) | Need::Enrol(_) if silent => {
                Ok(refuse(ErrorCode::InteractionRequired, "a second factor is needed").into())
            }
            need => self.start_flow(cx, intent.clone(), &live, (requirement, need), &offers.own).await,
        }
    }

    async fn authorized(
        &self,
        cx: &Cx,
        (intent, checked, agreed): (&Intent, &Checked, bool),
        live: &Live,
        proof: (&Authenticated, &Requirement),
    ) -> Result<Step, Failure> {
        if !agreed {
            if checked.request.prompt.none {
                let error = OAuthError::new(ErrorCode::ConsentRequired, "the user has not agreed yet");
                return Ok(leave_with(cx, &checked.request, &error).into());
            }
            return Ok(Next::Consent { request: self.seal_request(cx, intent) }.into());
        }
        let mint = self.mint(cx, checked, proof);
        let url = mint.url.clone();
        let touch = self.touch_of(cx, live);
        let user = live.user.id;
        self.pool_store(cx)
            .write(move |tx| async move {
                if let Some((id, now, ip, agent)) = touch {
                    tx.touch_session(id, now, ip.as_deref(), agent.as_deref()).await?;
                }
                mint.store(&tx, user).await
            })
            .await?;
        Ok(Next::Leave { url }.into())
    }

    /// Whether the user has to be asked: not for the tenant's own applications, else for anything not yet granted.
    pub(crate) async fn needs_consent(
        &self,
        cx: &Cx,
        checked: &Checked,
        user: &User,
    ) -> Result<bool, Failure> {
        if checked.client.first_party || checked.request.prompt.consent {
            return Ok(!checked.is_agreed(None));
        }
        let granted = self.pool_store(cx).consent(user.id, &checked.client.id).await?;
        Ok(!checked.is_agreed(granted.as_ref()))
    }

    /// What the consent page shows, and who is asked; none when the session does not meet the request any more.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent_page(&self, cx: &Cx, request: &str) -> Result<Option<ConsentPage>, Failure> {
        let Some((_, checked, live, _)) = self.consenting(cx, request).await? else { return Ok(None) };
        Ok(Some(ConsentPage {
            client_id: checked.client.id.clone(),
            client_name: checked.client.name.clone(),
            scopes: checked.request.scopes.clone(),
            username: live.user.username,
            form_target: checked.request.redirect.origin_for_csp(),
        }))
    }

    /// The user's answer to the consent page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn consent(&self, cx: &Cx, request: &str, allow: bool) -> Result<Step, Failure> {
        let Some((requirement, checked, live, authenticated)) = self.consenting(cx, request).await? else {
            return self.resume(cx, request).await;
        };
        let user = live.user.id;
        let ended = if allow { Ended::Done } else { Ended::Refused };
        let audit = self.audit(cx, "consent", Some(user), ended).client(&checked.client.id);
        if !allow {
            self.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
            let error = OAuthError::new(ErrorCode::AccessDenied, "the user did not agree");
            return Ok(leave_with(cx, &checked.request, &error).into());
        }
        let mint = self.mint(cx, &checked, (&authenticated, &requirement));
        let url = mint.url.clone();
        let (client_id, scopes, now) = (checked.client.id, checked.request.scopes, cx.now);
        self.pool_store(cx)
            .write(move |tx| async move {
                tx.upsert_consent(user, &client_id, &scopes, now).await?;
                tx.insert_audit(&audit).await?;
                mint.store(&tx, user).await
            })
            .await?;
        Ok(Next::Leave { url }.into())
    }

    async fn consenting(
        &self,
        cx: &Cx,
        request: &str,
    ) -> Result<Option<(Requirement, Checked, Live, Authenticated)>, Failure> {
        let Opened::Mine(intent) = self.open_request(cx, request) else { return Ok(None) };
        let Intent::Authorize { query, at } = &intent else { return Ok(None) };
        let Ok(checked) = self.check_request(cx, query) else { return Ok(None) };
        let Some(live) = self.live(cx).await?.filter(|live| checked.is_for(&live.user)) else {
            return Ok(None);
        };
        let policy = self.policy_inside(cx, &live.user, Some(&checked));
        let offers = self.offers(cx, &live.user, policy).await?;
        let Ok(requirement) = checked.requirement(cx, *at, &offers, &live.session.events) else {
            return Ok(None);
        };
        let authenticated = Authenticated::from_session(&live.session, &requirement, cx.now);
        Ok(authenticated.map(|authenticated| (requirement, checked, live, authenticated)))
    }

    pub(crate) fn mint(&self, cx: &Cx, checked: &Checked, proof: (&Authenticated, &Requirement)) -> Mint {
        Mint::new(self, cx, checked, proof)
    }
}

/// The quick way: a session that meets even the strictest reading of the request needs no look at the factors.
fn answered_by(
    cx: &Cx,
    (checked, policy): (&Checked, &Effective),
    live: &Live,
    at: Timestamp,
) -> Option<(Authenticated, Requirement)> {
    let strictest = checked.requirement_with(policy, at, true, |_| true).ok()?;
    let authenticated = Authenticated::from_session(&live.session, &strictest, cx.now)?;
    Some((authenticated, strictest))
}

/// What the consent page shows.
pub struct ConsentPage {
    /// `client_id`.
    pub client_id: String,
    /// The application's name.
    pub client_name: String,
    /// What it asks for.
    pub scopes: Vec<String>,
    /// Who is asked.
    pub username: String,
    /// Where the form's redirect leads, for `form-action`.
    pub form_target: String,
}

impl Checked {
    /// Whether the user is the one that the `id_token_hint` and the `claims` parameter name, if they name one.
    pub(crate) fn is_for(&self, user: &User) -> bool {
        let id = user.id.to_string();
        let required = self.request.claims.as_ref().and_then(|claims| claims.required_subject());
        self.hinted_user.as_deref().is_none_or(|sub| sub == id) && required.is_none_or(|sub| sub == id)
    }

    /// Whether the user need not be asked: for the tenant's own applications, and where all of it was granted before.
    fn is_agreed(&self, granted: Option<&ConsentRow>) -> bool {
        let covers = |scope: &String| granted.is_some_and(|consent| consent.scopes.contains(scope));
        !self.request.prompt.consent && (self.client.first_party || self.request.scopes.iter().all(covers))
    }

    fn wants_new_login(&self) -> bool {
        self.request.prompt.login || self.request.prompt.select_account || self.request.max_age == Some(0)
    }

    /// What the request requires of a user with these factors.
    pub(crate) fn requirement(
        &self,
        cx: &Cx,
        at: Timestamp,
        offers: &Offers,
        events: &[vestibule_domain::AuthEvent],
    ) -> Result<Requirement, Unmet> {
        let has = offers.has_factor();
        let floor = self.requirement_with(&offers.policy, at, has, |_| false)?;
        let within_reach = |goal: Acr| reachable(&floor, events, &offers.enrolled, cx.now) >= goal;
        self.requirement_with(&offers.policy, at, has, within_reach)
    }

    /// As [`Checked::requirement`]; `within_reach` says whether a class that is only wished for can be asked for.
    fn requirement_with(
        &self,
        policy: &Effective,
        at: Timestamp,
        has_factor: bool,
        within_reach: impl Fn(Acr) -> bool,
    ) -> Result<Requirement, Unmet> {
        let mut requirement = Requirement::floor(policy, has_factor);
        if self.wants_new_login() {
            requirement = requirement.all_since(at);
        }
        if let Some(max_age) = self.request.max_age {
            requirement = requirement.all_since(at - max_age);
        }
        match self.request.acr.goal() {
            AcrGoal::None => Ok(requirement),
            AcrGoal::Essential(Some(acr)) => Ok(requirement.at_least(acr, Reason::Requested, REQUEST_RULE)),
            AcrGoal::Essential(None) => Err(Unmet),
            AcrGoal::Voluntary(acr) if within_reach(acr) => {
                Ok(requirement.at_least(acr, Reason::Requested, REQUEST_RULE))
            }
            AcrGoal::Voluntary(_) => Ok(requirement),
        }
    }
}

/// Back to the application with an error.
pub(crate) fn leave_with(cx: &Cx, request: &AuthorizationRequest, error: &OAuthError) -> Next {
    Next::Leave { url: request.redirect.error(error, request.state.as_deref(), &cx.pool.issuer) }
}

/// What the application is told when the user cannot give what is required.
pub(crate) fn unreachable(requirement: &Requirement, reference: Uuid) -> OAuthError {
    let (code, hint) = if requirement.acr > Acr::OneFactor {
        (ErrorCode::UnmetAuthenticationRequirements, "the user cannot reach the requested acr")
    } else {
        (ErrorCode::AccessDenied, "the user cannot give the second factor that is required")
    };
    OAuthError::new(code, format!("{hint} (reference {reference})"))
}
