//! The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2): from parameters to a verdict.

mod acr;
mod prompt;
mod rules;

pub use crate::parameters::Parameters;
pub use acr::{AcrGoal, AcrRequest, RequestedAcr};
pub use prompt::Prompts;

use crate::{OAuthError, VerifiedRedirect, claims::ClaimsParameter};
use vestibule_domain::Client;

/// The scope that gives refresh tokens (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// An authorization request that has passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthorizationRequest {
    /// Whose it is.
    pub client_id: String,
    /// Where the answer goes.
    pub redirect: VerifiedRedirect,
    /// The same as it was sent; the token request has to repeat it (RFC 6749 §4.1.3).
    pub redirect_uri: String,
    /// Sent back as it came.
    pub state: Option<String>,
    /// Goes into the ID token.
    pub nonce: Option<String>,
    /// What is asked for and permitted; `openid` is always among them, `offline_access` only together with `offline`.
    pub scopes: Vec<String>,
    /// Refresh tokens are asked for and permitted. Whoever is not first-party needs the user's consent to it.
    pub offline: bool,
    /// The S256 challenge (RFC 7636 §4.3).
    pub code_challenge: String,
    /// What the user has to be shown.
    pub prompt: Prompts,
    /// The greatest age of the sign-in in seconds, from the request or the application's default.
    pub max_age: Option<i64>,
    /// A name to begin with.
    pub login_hint: Option<String>,
    /// An ID token whose subject is expected; not verified yet.
    pub id_token_hint: Option<String>,
    /// Which authentication context class is asked for.
    pub acr: AcrRequest,
    /// Single claims, limited to what the application may have.
    pub claims: Option<ClaimsParameter>,
    /// Languages, best first, as BCP 47 tags.
    pub ui_locales: Vec<String>,
}

impl AuthorizationRequest {
    /// The URL that answers with a code.
    pub fn success(&self, code: &str, issuer: &str) -> String {
        self.redirect.success(code, self.state.as_deref(), issuer)
    }

    /// The URL that answers with an error.
    pub fn error(&self, error: &OAuthError, issuer: &str) -> String {
        self.redirect.error(error, self.state.as_deref(), issuer)
    }
}

/// Why a request is not carried out, and who is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Rejection {
    /// The user, on a page of this provider: there is no address that could be trusted with an answer.
    Page(OAuthError),
    /// The application.
    Redirect {
        /// Where.
        to: VerifiedRedirect,
        /// Sent back as it came.
        state: Option<String>,
        /// What is wrong.
        error: OAuthError,
    },
}

/// Checks a request of an application that was looked up by [`Parameters::client_id`].
///
/// # Errors
/// [`Rejection::Page`] until the redirect address is verified, [`Rejection::Redirect`] from then on.
pub fn check(params: &Parameters, client: &Client) -> Result<AuthorizationRequest, Rejection> {
    let redirect = verified_redirect(params, client).map_err(Rejection::Page)?;
    let asked = rules::Asked { params, client };
    let mut request = AuthorizationRequest {
        client_id: client.id.clone(),
        redirect_uri: redirect.as_str().to_owned(),
        redirect,
        state: None,
        nonce: None,
        scopes: Vec::new(),
        offline: false,
        code_challenge: String::new(),
        prompt: Prompts::default(),
        max_age: None,
        login_hint: None,
        id_token_hint: None,
        acr: AcrRequest::default(),
        claims: None,
        ui_locales: Vec::new(),
    };
    for rule in rules::TABLE {
        if let Err(error) = rule(&asked, &mut request) {
            return Err(Rejection::Redirect { to: request.redirect, state: request.state, error });
        }
    }
    Ok(request)
}

/// The verified address of a request, whether or not the rest of it is in order; for an answer to a request that can
/// no longer be carried out.
///
/// # Errors
/// What the page has to say.
pub fn verified_redirect(params: &Parameters, client: &Client) -> Result<VerifiedRedirect, OAuthError> {
    rules::client::check(params, client)?;
    rules::redirect_uri::check(params, client)
}
