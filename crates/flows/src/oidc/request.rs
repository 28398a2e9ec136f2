//! Authorization requests, checked: what they ask for, of whom, and what they require.

use crate::{
    base::{cx::Cx, outcome::Next},
    oidc::{Oidc, pushed::PUSHED},
    policy::offers::{Application, Offers},
};
use serde::Deserialize as _;
use vestibule_domain::{
    Acr, AuditId, AuthorizationIntent, Client, Effective, Intent, PoolSettings, Reason, Requirement,
    Timestamp, User,
    policy::{REQUEST_RULE, reachable},
};
use vestibule_oidc::{
    ErrorCode, OAuthError, Parameters,
    authorize::{
        AcrGoal, AcrRequest, AnswerTo, Arrival, AuthorizationResponse, DeviceRequest, Endpoint,
        PermittedRequest, Registered, Rejection, ResolvedRequest, refused_at, resolve,
    },
};
use vestibule_store::records::ConsentRow;

/// A request that its application may make now, and the application.
#[derive(Clone)]
pub(crate) struct CheckedRequest {
    pub(crate) client: Client,
    pub(crate) request: ResolvedRequest,
    /// What the user has to agree to: its scopes, and those that cover the single claims it asks for.
    pub(crate) disclosed: Vec<String>,
    /// Where and how the application is answered.
    pub(crate) to: AnswerTo,
    /// Which class it asks for.
    pub(crate) acr: AcrRequest,
}

/// The class asked for cannot be had at all.
pub(crate) struct Unmet;

impl Oidc<'_> {
    /// Judges a request that arrives, by every rule, or takes up one that was pushed before.
    pub(crate) async fn arriving_request(self, cx: &Cx, query: &str) -> Result<CheckedRequest, Next> {
        let parameters = Parameters::parse(query).map_err(Next::Page)?;
        let client_id = parameters
            .client_id()
            .ok_or_else(|| Next::Page(OAuthError::invalid_request("client_id is missing")))?;
        let client = registered(cx, client_id)?;
        if let Some(sealed) = parameters.get("request_uri").and_then(|uri| uri.strip_prefix(PUSHED)) {
            return self.pushed_request(cx, client, sealed);
        }
        let permitted = self.resolved(cx, Endpoint::Authorization, client, &parameters).await;
        Ok(CheckedRequest::of(cx, client, permitted.map_err(|why| rejected(cx, client, why))?))
    }

    /// Where and when a request arrives that nobody has signed.
    pub(super) fn arrival(self, cx: &Cx) -> Arrival<'_> {
        Arrival {
            issuer: &cx.pool.issuer,
            keys: cx.pool.verifying_keys(),
            registration: self.app.offers_registration(cx),
            apis: &cx.pool.pool.settings.apis,
            attributes: &cx.pool.pool.settings.attributes,
            signed: false,
            now: cx.now,
        }
    }

    /// Judges what came with a request, in the open or signed.
    pub(super) async fn resolved(
        self,
        cx: &Cx,
        endpoint: Endpoint,
        client: &Client,
        sent: &Parameters,
    ) -> Result<PermittedRequest, Rejection> {
        let mut arrival = self.arrival(cx);
        match self.signed_request(cx, client, sent).await {
            Ok(None) => resolve(endpoint, sent, client, arrival),
            Ok(Some(signed)) => {
                arrival.signed = true;
                resolve(endpoint, &signed, client, arrival)
            }
            Err(error) => Err(refused_at(sent, client, arrival, error)),
        }
    }

    /// Takes up a pushed request (RFC 9126 §4). It counts as one that arrives now.
    fn pushed_request(self, cx: &Cx, client: &Client, sealed: &str) -> Result<CheckedRequest, Next> {
        let refused = |hint: &str| {
            let error = OAuthError::new(ErrorCode::InvalidRequestUri, hint);
            Next::Page(error.with_client(&client.id))
        };
        let unknown = || refused("request_uri is not one of this application, or too old");
        let request = self.open_pushed(cx, sealed).ok_or_else(unknown)?;
        if request.client_id != client.id {
            return Err(unknown());
        }
        let request = request.received_again(cx.now);
        let permitted = request.still_registered(client, registered_now(cx));
        Ok(CheckedRequest::of(cx, client, permitted.map_err(|why| rejected(cx, client, why))?))
    }

    /// Opens a request that was judged when it arrived, and checks it against the application's registration of now.
    pub(crate) fn check_request(self, cx: &Cx, intent: &AuthorizationIntent) -> Result<CheckedRequest, Next> {
        let request = ResolvedRequest::deserialize(&intent.request).map_err(|_| Next::Expired)?;
        let client = registered(cx, &request.client_id)?;
        let permitted =
            request.still_registered(client, registered_now(cx)).map_err(|why| rejected(cx, client, why))?;
        Ok(CheckedRequest::of(cx, client, permitted))
    }
}

/// What a sign-in for this request is for.
pub(crate) fn intent_of(request: &ResolvedRequest) -> Intent {
    // Nothing in it can fail to serialize; if it did, the sign-in would count as expired.
    let stored = serde_json::to_value(request).unwrap_or_default();
    Intent::Authorize(AuthorizationIntent { client_id: request.client_id.clone(), request: stored })
}

/// The device that a sign-in is for.
pub(crate) fn device_of(intent: &Intent) -> Option<DeviceRequest> {
    let Intent::Authorize(asked) = intent else { return None };
    ResolvedRequest::deserialize(&asked.request).ok()?.device().cloned()
}

/// What an application's request is checked against again.
fn registered_now(cx: &Cx) -> Registered<'_> {
    let PoolSettings { apis, attributes, .. } = &cx.pool.pool.settings;
    Registered { apis, attributes, now: cx.now }
}

fn registered<'a>(cx: &'a Cx, client_id: &str) -> Result<&'a Client, Next> {
    cx.pool.client(client_id).ok_or_else(|| Next::Page(OAuthError::unknown_client(client_id)))
}

fn rejected(cx: &Cx, client: &Client, rejection: Rejection) -> Next {
    match rejection {
        Rejection::Page(error) => Next::Page(error.with_client(&client.id)),
        // RFC 9700 §4.11.2: a stranger's address is no place to send somebody to who has not agreed to anything.
        Rejection::Redirect { error, .. } if client.is_a_strangers() => {
            Next::Page(error.with_client(&client.id))
        }
        Rejection::Redirect { to, error } => {
            let error = error.with_client(&client.id);
            Next::Answer(AuthorizationResponse::error(&to, error, &cx.pool.issuer))
        }
    }
}

impl CheckedRequest {
    fn of(cx: &Cx, client: &Client, permitted: PermittedRequest) -> Self {
        let PermittedRequest { request, to, acr } = permitted;
        let disclosed = request.disclosed(&cx.pool.pool.settings.attributes);
        Self { client: client.clone(), disclosed, request, to, acr }
    }

    /// The application, as the rules look at it.
    pub(crate) fn application(&self) -> Application<'_> {
        Application { client: &self.client, scopes: &self.disclosed }
    }

    /// Whether the user is the one that the `id_token_hint` and the `claims` parameter name, if they name one.
    pub(crate) fn is_for(&self, cx: &Cx, user: &User) -> bool {
        // They name users as the application knows them.
        cx.pool.subject_of(&self.client, user.id).is_ok_and(|subject| self.request.expects(&subject))
    }

    /// Whether the user need not be asked: for the tenant's own applications, and where all of it was granted before. For a
    /// device always: whoever has talked somebody into typing a code must not get further by that alone (RFC 8628 §5.4).
    pub(crate) fn is_agreed(&self, granted: Option<&ConsentRow>) -> bool {
        if self.to.device().is_some() {
            return false;
        }
        let covers = |scope: &String| granted.is_some_and(|consent| consent.scopes.contains(scope));
        !self.request.prompt.consent && (self.client.first_party || self.disclosed.iter().all(covers))
    }

    pub(crate) fn wants_new_login(&self) -> bool {
        self.request.prompt.login || self.request.prompt.select_account || self.request.max_age == Some(0)
    }

    /// The strictest reading of the request: of a session that meets it the factors need not be read.
    pub(crate) fn strictest(&self, policy: &Effective, at: Timestamp) -> Result<Requirement, Unmet> {
        self.requirement_with(policy, at, true, |_| true)
    }

    /// What the request requires of a user with these factors.
    pub(crate) fn requirement(
        &self,
        now: Timestamp,
        at: Timestamp,
        offers: &Offers,
        events: &[vestibule_domain::AuthEvent],
    ) -> Result<Requirement, Unmet> {
        let has = offers.has_factor();
        let floor = self.requirement_with(&offers.policy, at, has, |_| false)?;
        let within_reach = |goal: Acr| reachable(&floor, events, &offers.enrolled, now) >= goal;
        self.requirement_with(&offers.policy, at, has, within_reach)
    }

    /// As [`CheckedRequest::requirement`]; `within_reach` says whether a class that is only wished for can be asked for.
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
        match self.acr.goal() {
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

/// Back to the application with an error, without anybody having chosen so. Where a stranger's application asked, the user is
/// shown it instead (RFC 9700 §4.11.2). A device hears nothing of it: its user may try again.
pub(crate) fn leave_with(cx: &Cx, checked: &CheckedRequest, error: OAuthError) -> Next {
    if checked.client.is_a_strangers() {
        return Next::Page(error.with_client(&checked.client.id));
    }
    leave_by_choice(cx, checked, error)
}

/// Back to the application with what the user decided.
pub(crate) fn leave_by_choice(cx: &Cx, checked: &CheckedRequest, error: OAuthError) -> Next {
    let error = error.with_client(&checked.client.id);
    match &checked.to {
        AnswerTo::Application(to) => Next::Answer(AuthorizationResponse::error(to, error, &cx.pool.issuer)),
        AnswerTo::Device(_) => Next::Page(error),
    }
}

/// What the application is told when the user cannot give what is required.
pub(crate) fn unreachable(requirement: &Requirement, reference: AuditId) -> OAuthError {
    let (code, hint) = if requirement.acr > Acr::OneFactor {
        (ErrorCode::UnmetAuthenticationRequirements, "the user cannot reach the requested acr")
    } else {
        (ErrorCode::AccessDenied, "the user cannot give the second factor that is required")
    };
    OAuthError::new(code, format!("{hint} (reference {reference})"))
}

/// The answer when another user than the hinted one signed in (OIDC Core §3.1.2.1, `id_token_hint`).
pub(crate) fn other_user(cx: &Cx, checked: &CheckedRequest) -> Next {
    let error =
        OAuthError::new(ErrorCode::LoginRequired, "another user signed in than the id_token_hint names");
    leave_with(cx, checked, error)
}
