//! A request that was judged, in the form in which it waits for the user.

use super::{
    AcrRequest, AcrWish, Endpoint, Prompts, Rejection, ResponseMode, ReturnAddress,
    rules::{self, Authorization, DeviceAuthorization},
};
use crate::{ErrorCode, OAuthError, claims::ClaimsParameter, dpop::BadProof, once::OneTime};
use serde::{Deserialize, Serialize};
use vestibule_domain::{Api, Attribute, Client, Timestamp};

/// The layout of a stored request; another one is not read. It changes with every field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
struct Layout;

/// A request was stored by another version of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored request has another layout")]
struct OtherLayout;

impl TryFrom<u8> for Layout {
    type Error = OtherLayout;
    fn try_from(version: u8) -> Result<Self, OtherLayout> {
        if version == 5 { Ok(Self) } else { Err(OtherLayout) }
    }
}

impl From<Layout> for u8 {
    fn from(_: Layout) -> Self {
        5
    }
}

/// An authorization request that has passed every rule, whatever way it came. It can be stored: what it lacks is the
/// proof that its answer may be sent anywhere, which [`ResolvedRequest::still_registered`] makes again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ResolvedRequest {
    layout: Layout,
    /// Whose it is.
    pub client_id: String,
    /// How it is answered.
    pub reply: Reply,
    /// Goes into the ID token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// What is asked for and permitted; `offline_access` only together with `offline`. Without `openid` it is a request of
    /// RFC 6749 alone, and no ID token comes of it.
    pub scopes: Vec<String>,
    /// The APIs that the tokens will be for, by identifier (RFC 8707).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Refresh tokens that outlive the session are asked for and permitted. An application that is not first-party needs the user's consent.
    pub offline: bool,
    /// The S256 challenge (RFC 7636 §4.3); a confidential application may do without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// The thumbprint of the key that has to be proved with the code (RFC 9449 §10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// Where it was pushed (RFC 9126): it leads to one code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed: Option<Pushed>,
    /// Whether the application signed it (RFC 9101).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signed: bool,
    /// What the user has to be shown.
    #[serde(default, skip_serializing_if = "Prompts::is_empty")]
    pub prompt: Prompts,
    /// The greatest age of the sign-in in seconds, from the request or the application's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<i64>,
    /// A name to begin with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// The subject of the `id_token_hint`, whose signature was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hinted_subject: Option<String>,
    /// Which authentication context class is asked for.
    #[serde(default, skip_serializing_if = "AcrWish::is_empty")]
    pub acr: AcrWish,
    /// Single claims, limited to what the application may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimsParameter>,
    /// Languages, best first, as BCP 47 tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ui_locales: Vec<String>,
    /// When it arrived; `prompt=login` and `max_age` count from here.
    pub received_at: Timestamp,
}

/// How a request is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Reply {
    /// By sending the browser back.
    Redirect {
        /// As it was sent; the token request has to repeat it (RFC 6749 §4.1.3).
        redirect_uri: String,
        /// How the answer is sent.
        response_mode: ResponseMode,
        /// Sent back as it came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    },
    /// At the token endpoint, where a device asks for it (RFC 8628 §3.4).
    Device(DeviceRequest),
}

/// What is known of a device that asks (RFC 8628 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// Digest of its device code, by which it is stored.
    pub hash: [u8; 32],
    /// The code that it shows, as it shows it.
    pub user_code: String,
    /// When it asked, in seconds since the epoch.
    pub asked_at: Timestamp,
    /// The address that it asked from, where that is known.
    pub asked_from: Option<String>,
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq)]
pub enum AnswerTo {
    /// To the application, by the browser.
    Application(ReturnAddress),
    /// To a device that asks again and again. The browser stays here.
    Device(DeviceRequest),
}

impl AnswerTo {
    /// The address of the application, where there is one.
    pub const fn address(&self) -> Option<&ReturnAddress> {
        match self {
            Self::Application(address) => Some(address),
            Self::Device(_) => None,
        }
    }

    /// The device that waits, where there is one.
    pub const fn device(&self) -> Option<&DeviceRequest> {
        match self {
            Self::Application(_) => None,
            Self::Device(device) => Some(device),
        }
    }
}

/// What counts now, besides the application itself.
#[derive(Clone, Copy)]
pub struct Registered<'a> {
    /// The pool's APIs.
    pub apis: &'a [Api],
    /// What it declares of its users.
    pub attributes: &'a [Attribute],
    /// The moment.
    pub now: Timestamp,
}

/// So many seconds after a pushed request could be begun last it is remembered that it led to a code: a sign-in takes its time.
const REMEMBERED: i64 = 86_400;

/// What a pushed request is known by (RFC 9126 §4: it counts once).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pushed {
    /// Its identifier.
    pub id: String,
    /// From then on it is not taken any more, in seconds since the epoch.
    pub expires_at: Timestamp,
}

impl ResolvedRequest {
    /// The same, as it was pushed. Where the application proved a key it is bound to that (RFC 9449 §10.1).
    ///
    /// # Errors
    /// `invalid_dpop_proof` when it names another key.
    pub fn pushed_as(mut self, pushed: Pushed, proved: Option<&str>) -> Result<Self, OAuthError> {
        if let (Some(named), Some(proved)) = (self.dpop_jkt.as_deref(), proved)
            && named != proved
        {
            return Err(BadProof::OtherKey.into());
        }
        self.dpop_jkt = self.dpop_jkt.or_else(|| proved.map(str::to_owned));
        self.pushed = Some(pushed);
        Ok(self)
    }

    /// What is used up by a code for it, if it was pushed.
    pub fn once(&self) -> Option<OneTime> {
        let pushed = self.pushed.as_ref()?;
        // A sign-in may take longer than the request may wait to be begun.
        Some(OneTime::new("pushed-request", &self.client_id, &pushed.id, pushed.expires_at + REMEMBERED))
    }
}

/// A request that the application may make by its registration of now.
#[derive(Clone, Debug, PartialEq)]
pub struct PermittedRequest {
    /// The request, with what is still permitted of its scopes and claims.
    pub request: ResolvedRequest,
    /// Where and how it is answered.
    pub to: AnswerTo,
    /// Which class is asked for, in the application's words of now.
    pub acr: AcrRequest,
}

impl PermittedRequest {
    /// Puts together what the rules found. Every rule of the table is named here, so none can be left out of it.
    pub(super) fn of(found: Authorization, client: &Client, now: Timestamp) -> Self {
        let Authorization {
            client: (),
            redirect_uri,
            state,
            pushed: (),
            grant: (),
            request_object: signed,
            response_type: (),
            response_mode,
            scope,
            resource,
            pkce,
            dpop_jkt,
            nonce,
            prompt,
            max_age,
            claims,
            acr,
            login_hint,
            ui_locales,
            id_token_hint,
        } = found;
        let to = ReturnAddress::new(client, redirect_uri, response_mode, state.clone());
        let answered_in = acr.resolve(client);
        let request = ResolvedRequest {
            layout: Layout,
            client_id: client.id.clone(),
            reply: Reply::Redirect { redirect_uri: to.redirect().as_str().to_owned(), response_mode, state },
            nonce,
            scopes: scope.scopes,
            resources: resource,
            offline: scope.offline,
            code_challenge: pkce,
            dpop_jkt,
            pushed: None,
            signed,
            prompt,
            max_age,
            login_hint,
            hinted_subject: id_token_hint,
            acr,
            claims,
            ui_locales,
            received_at: now,
        };
        Self { request, to: AnswerTo::Application(to), acr: answered_in }
    }
}

impl ResolvedRequest {
    /// Puts together what the rules found for a device.
    pub(super) fn of_device(
        found: DeviceAuthorization,
        client: &Client,
        device: DeviceRequest,
        now: Timestamp,
    ) -> Self {
        let DeviceAuthorization {
            client: (),
            redirect_uri: (),
            state: (),
            pushed: (),
            grant: (),
            request_object: signed,
            response_type: (),
            response_mode: (),
            scope,
            resource,
            pkce: (),
            dpop_jkt: (),
            nonce: (),
            prompt: (),
            max_age,
            claims,
            acr,
            login_hint: (),
            ui_locales,
            id_token_hint: (),
        } = found;
        Self {
            layout: Layout,
            client_id: client.id.clone(),
            reply: Reply::Device(device),
            nonce: None,
            scopes: scope.scopes,
            resources: resource,
            offline: scope.offline,
            code_challenge: None,
            dpop_jkt: None,
            pushed: None,
            signed,
            prompt: Prompts::default(),
            max_age,
            login_hint: None,
            hinted_subject: None,
            acr,
            claims,
            ui_locales,
            received_at: now,
        }
    }
}

impl ResolvedRequest {
    /// Checks the request against the registration of now, as the same rules did when it arrived: an operator may have
    /// disabled the application or taken an address, a scope or a grant from it.
    ///
    /// # Errors
    /// As [`super::resolve`].
    pub fn still_registered(
        &self,
        client: &Client,
        registered: Registered<'_>,
    ) -> Result<PermittedRequest, Rejection> {
        let trusted = rules::client::permitted(&self.client_id, client)
            .map_err(|error| error.by_rule("client"))
            .and_then(|()| self.answer_to(client));
        let to = trusted.map_err(Rejection::Page)?;
        let scope = match (self.permitted(client, registered), &to) {
            (Ok(scope), _) => scope,
            (Err(error), AnswerTo::Application(to)) => {
                return Err(Rejection::Redirect { to: to.clone(), error });
            }
            (Err(error), AnswerTo::Device(_)) => return Err(Rejection::Page(error)),
        };
        let request = Self {
            scopes: scope.scopes,
            offline: scope.offline,
            claims: self.claims.clone().map(|claims| claims.limited_to(client, registered.attributes)),
            ..self.clone()
        };
        Ok(PermittedRequest { acr: self.acr.resolve(client), request, to })
    }

    /// Where it is answered, if that is still registered.
    fn answer_to(&self, client: &Client) -> Result<AnswerTo, OAuthError> {
        let (redirect_uri, response_mode, state) = match &self.reply {
            Reply::Redirect { redirect_uri, response_mode, state } => (redirect_uri, *response_mode, state),
            Reply::Device(device) => return Ok(AnswerTo::Device(device.clone())),
        };
        let redirect = rules::redirect_uri::permitted(redirect_uri, client);
        let redirect = redirect.map_err(|error| error.by_rule("redirect_uri"))?;
        // Where answers have to be signed by now, the one that says so is.
        let strict = rules::response_mode::permitted(response_mode, client).is_err();
        let mode = if strict { response_mode.signed() } else { response_mode };
        Ok(AnswerTo::Application(ReturnAddress::new(client, redirect, mode, state.clone())))
    }

    /// Asks the rules again whose answer an operator may have changed; all of them but those that are about the request alone.
    fn permitted(
        &self,
        client: &Client,
        registered: Registered<'_>,
    ) -> Result<rules::scope::Found, OAuthError> {
        let by = |rule: &'static str| move |error: OAuthError| error.by_rule(rule);
        let endpoint = match self.reply {
            Reply::Redirect { .. } => Endpoint::Authorization,
            Reply::Device(_) => Endpoint::DeviceAuthorization,
        };
        if let Reply::Redirect { .. } = self.reply {
            self.still_begins(client, registered.now).map_err(by("pushed"))?;
        }
        rules::grant::permitted(endpoint, client).map_err(by("grant"))?;
        rules::request_object::permitted(self.signed, client).map_err(by("request_object"))?;
        if let Reply::Redirect { response_mode, .. } = self.reply {
            rules::response_mode::permitted(response_mode, client).map_err(by("response_mode"))?;
        }
        let scopes = self.scopes.iter().map(String::as_str);
        let scope = rules::scope::permitted(scopes, client).map_err(by("scope"))?;
        if let Reply::Redirect { .. } = self.reply {
            rules::pkce::permitted(self.code_challenge.is_some(), client).map_err(by("pkce"))?;
        }
        let named = self.resources.iter().map(String::as_str);
        rules::resource::permitted(named, client, registered.apis).map_err(by("resource"))?;
        Ok(scope)
    }

    /// Whether it was pushed, where it has to be, and not too long ago.
    fn still_begins(&self, client: &Client, now: Timestamp) -> Result<(), OAuthError> {
        let pushed = self.pushed.as_ref();
        rules::pushed::permitted(pushed.is_some(), client)?;
        if pushed.is_some_and(|pushed| now >= pushed.expires_at + REMEMBERED) {
            // From then on nobody remembers whether it led to a code.
            let hint = "the pushed request is too old: push it again";
            return Err(OAuthError::new(ErrorCode::InvalidRequestUri, hint));
        }
        Ok(())
    }

    /// The same request of a device that shows this.
    #[must_use]
    pub fn shown_by(self, device: DeviceRequest) -> Self {
        Self { reply: Reply::Device(device), ..self }
    }

    /// The device that it is of, if it is of one.
    pub const fn device(&self) -> Option<&DeviceRequest> {
        match &self.reply {
            Reply::Redirect { .. } => None,
            Reply::Device(device) => Some(device),
        }
    }

    /// The same request, as if it arrived now: the user came back to it by a mailed link.
    #[must_use]
    pub fn received_again(self, now: Timestamp) -> Self {
        Self { received_at: now, ..self }
    }

    /// The scopes, those whose claims the `claims` parameter asks for one by one, and the APIs by their identifiers: what the
    /// application gets to know or to do, by whichever parameter.
    pub fn disclosed(&self, attributes: &[Attribute]) -> Vec<String> {
        let claimed = self.claims.iter().flat_map(|claims| claims.scopes(attributes)).map(str::to_owned);
        let more = claimed.filter(|scope| !self.scopes.contains(scope));
        self.scopes.iter().cloned().chain(more).chain(self.resources.iter().cloned()).collect()
    }

    /// Whether the `id_token_hint` and the `claims` parameter name this subject, or none at all.
    pub fn expects(&self, subject: &str) -> bool {
        let claimed = self.claims.as_ref().and_then(ClaimsParameter::required_subject);
        [self.hinted_subject.as_deref(), claimed].into_iter().flatten().all(|expected| expected == subject)
    }
}
