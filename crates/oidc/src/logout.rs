//! RP-Initiated Logout 1.0.

use crate::{OAuthError, Parameters, RedirectMismatch, VerifiedRedirect, tokens::HintClaims};
use vestibule_domain::Client;

/// A request to end the session (RP-Initiated Logout §2), not checked yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndSessionRequest {
    /// Who is to be signed out; a claim of the application until it is verified.
    pub id_token_hint: Option<String>,
    /// Which application asks.
    pub client_id: Option<String>,
    /// Where the user wants to go afterwards.
    pub post_logout_redirect_uri: Option<String>,
    /// Sent back as it came.
    pub state: Option<String>,
    /// Languages, best first.
    pub ui_locales: Vec<String>,
}

/// What may be done after the user has agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// The application that asks.
    pub client_id: Option<String>,
    /// Where the browser goes afterwards; this provider's own page if there is none.
    pub back: Option<SignOutReturn>,
}

/// Where a browser goes after the sign-out (RP-Initiated Logout §3). Only an address that the application registered
/// for this makes one, and no answer to an authorization request is sent there:
///
/// ```compile_fail
/// let back: vestibule_oidc::logout::SignOutReturn = "https://evil.example/".to_owned().into();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOutReturn {
    to: VerifiedRedirect,
    state: Option<String>,
}

impl SignOutReturn {
    /// Matches `sent` with the application's `post_logout_redirect_uris`, character for character (RP-Initiated
    /// Logout §3.1).
    pub fn of_client(client: &Client, sent: &str, state: Option<String>) -> Option<Self> {
        VerifiedRedirect::after_logout(client, sent).map(|to| Self { to, state })
    }

    /// The URL, with `state`.
    pub fn url(&self) -> String {
        self.to.with(self.state.as_deref().map(|state| ("state", state)))
    }

    /// The source for `form-action` in a Content Security Policy.
    pub fn origin_for_csp(&self) -> String {
        self.to.origin_for_csp()
    }
}

impl EndSessionRequest {
    /// Reads a query or form.
    ///
    /// # Errors
    /// `invalid_request` as in [`Parameters::parse`].
    pub fn parse(encoded: &str) -> Result<Self, OAuthError> {
        let params = Parameters::parse(encoded)?;
        let text = |name| params.get(name).map(str::to_owned);
        let locales = params.get("ui_locales").unwrap_or("").split(' ').filter(|tag| !tag.is_empty());
        Ok(Self {
            id_token_hint: text("id_token_hint"),
            client_id: text("client_id"),
            post_logout_redirect_uri: text("post_logout_redirect_uri"),
            state: text("state"),
            ui_locales: locales.take(8).map(str::to_owned).collect(),
        })
    }

    /// Which application to look up: `client_id`, or the only audience of the hint.
    pub fn client_of<'a>(&'a self, hint: Option<&'a HintClaims>) -> Option<&'a str> {
        let audience = || match hint?.aud.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        };
        self.client_id.as_deref().or_else(audience)
    }

    /// Checks the request. `hint` is the verified `id_token_hint`, `client` the application that
    /// [`EndSessionRequest::client_of`] names, if it exists.
    ///
    /// # Errors
    /// `invalid_request`, for the page: nothing is redirected.
    pub fn check(self, hint: Option<HintClaims>, client: Option<&Client>) -> Result<Logout, OAuthError> {
        if self.id_token_hint.is_some() && hint.is_none() {
            return Err(OAuthError::invalid_request("id_token_hint invalid"));
        }
        if let (Some(client_id), Some(hint)) = (&self.client_id, &hint)
            && !hint.aud.contains(client_id)
        {
            return Err(OAuthError::invalid_request("id_token_hint invalid: it was not issued to client_id"));
        }
        if let Some(client_id) = &self.client_id
            && client.is_none_or(|client| client.id != *client_id)
        {
            return Err(OAuthError::unknown_client(client_id));
        }
        let back = match (&self.post_logout_redirect_uri, client) {
            (None, _) => None,
            (Some(_), None) => {
                let hint = "post_logout_redirect_uri needs an id_token_hint or a client_id";
                return Err(OAuthError::invalid_request(hint));
            }
            (Some(uri), Some(client)) => Some(registered(client, uri, self.state)?),
        };
        Ok(Logout { client_id: client.map(|client| client.id.clone()), back })
    }
}

fn registered(client: &Client, uri: &str, state: Option<String>) -> Result<SignOutReturn, OAuthError> {
    let back = if client.enabled { SignOutReturn::of_client(client, uri, state) } else { None };
    back.ok_or_else(|| {
        OAuthError::invalid_request("post_logout_redirect_uri not registered")
            .with_cause(RedirectMismatch::new(uri, &client.post_logout_redirect_uris))
    })
}
