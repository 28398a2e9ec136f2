//! RP-Initiated Logout 1.0.

mod front_channel;

pub use front_channel::LogoutFrames;

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

/// What may be done, and whom it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Logout {
    /// The application that asks.
    pub client_id: Option<String>,
    /// Where the browser goes afterwards; this provider's own page if there is none.
    pub back: Option<SignOutReturn>,
    /// The sign-in that the application knows, by a hint that this provider signed.
    pub known: Option<KnownSignIn>,
}

/// The user and the session that a hint names, as the application that it was issued to knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSignIn {
    /// The application that the hint was issued to, where it is one: only that can be told whom it names.
    pub client_id: Option<String>,
    sub: String,
    sid: Option<String>,
}

impl KnownSignIn {
    /// Whether it is the sign-in of this user in this session. Then the user need not be asked: only the application that
    /// they signed in to could know it (RP-Initiated Logout §2).
    pub fn is(&self, sub: &str, sid: &str) -> bool {
        self.sub == sub && self.sid.as_deref() == Some(sid)
    }
}

/// Why a sign-out is not led on as an application asks. It is told on a page: nobody is sent anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignOutProblem {
    /// The message itself cannot be read.
    Unreadable,
    /// Nobody registered the `client_id`.
    UnknownApplication,
    /// The hint was issued to another application than the one that asks.
    OtherApplication,
    /// An address is named, but not whose it is.
    NoApplication,
    /// The address is not registered for the application.
    AddressNotRegistered,
}

/// A refusal with its cause for people and its error for developers.
#[derive(Clone, Debug, PartialEq)]
pub struct SignOutRefusal {
    /// What is wrong.
    pub problem: SignOutProblem,
    /// The same for the developer and the log.
    pub error: OAuthError,
}

impl SignOutRefusal {
    fn new(problem: SignOutProblem, hint: &str) -> Self {
        Self { problem, error: OAuthError::invalid_request(hint) }
    }

    /// Adds which application it is about, for the log.
    #[must_use]
    pub fn with_client(self, client_id: &str) -> Self {
        Self { error: self.error.with_client(client_id), ..self }
    }
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

    /// The registered address, and the `state` that goes with it.
    pub fn parts(&self) -> (String, Option<&str>) {
        (self.to.with(None), self.state.as_deref())
    }

    /// The URL, with `state`.
    pub fn url(&self) -> String {
        self.to.with(self.state.as_deref().map(|state| ("state", state)))
    }
}

impl EndSessionRequest {
    /// Reads a query or form.
    ///
    /// # Errors
    /// `invalid_request` as in [`Parameters::parse`].
    pub fn parse(encoded: &str) -> Result<Self, SignOutRefusal> {
        let params = Parameters::parse(encoded)
            .map_err(|error| SignOutRefusal { problem: SignOutProblem::Unreadable, error })?;
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
    /// An application that registered by itself, and that nobody vouches for, gets nobody back without a hint.
    ///
    /// A hint that could not be verified names nobody, so nothing that came with it counts: signing out is still the
    /// user's to do, without a redirect. Keys rotate, and applications keep tokens for long.
    ///
    /// # Errors
    /// [`SignOutRefusal`]: nothing is redirected.
    pub fn check(self, hint: Option<HintClaims>, client: Option<&Client>) -> Result<Logout, SignOutRefusal> {
        if self.id_token_hint.is_some() && hint.is_none() {
            return Ok(Logout::default());
        }
        if let Some(client_id) = &self.client_id {
            if hint.as_ref().is_some_and(|hint| !hint.aud.contains(client_id)) {
                let hint = "id_token_hint invalid: it was not issued to client_id";
                return Err(SignOutRefusal::new(SignOutProblem::OtherApplication, hint));
            }
            if client.is_none_or(|client| client.id != *client_id) {
                let error = OAuthError::unknown_client(client_id);
                return Err(SignOutRefusal { problem: SignOutProblem::UnknownApplication, error });
            }
        }
        let back = match (&self.post_logout_redirect_uri, client) {
            (None, _) => None,
            (Some(_), None) => {
                let hint = "post_logout_redirect_uri needs an id_token_hint or a client_id";
                return Err(SignOutRefusal::new(SignOutProblem::NoApplication, hint));
            }
            (Some(uri), Some(client)) => Some(registered(client, uri, self.state)?),
        };
        // RFC 9700 §4.11.2: nobody is sent to a stranger's address who has not even signed in there.
        let strangers = client.is_some_and(Client::is_a_strangers) && hint.is_none();
        let back = back.filter(|_| !strangers);
        let known = hint.map(|hint| {
            let client_id = client.map(|client| client.id.clone()).filter(|id| hint.aud.contains(id));
            KnownSignIn { client_id, sub: hint.sub, sid: hint.sid }
        });
        Ok(Logout { client_id: client.map(|client| client.id.clone()), back, known })
    }
}

fn registered(client: &Client, uri: &str, state: Option<String>) -> Result<SignOutReturn, SignOutRefusal> {
    let back = if client.enabled { SignOutReturn::of_client(client, uri, state) } else { None };
    back.ok_or_else(|| SignOutRefusal {
        problem: SignOutProblem::AddressNotRegistered,
        error: OAuthError::invalid_request("post_logout_redirect_uri not registered")
            .with_arrived("post_logout_redirect_uri", uri)
            .with_cause(RedirectMismatch::new(uri, &client.post_logout_redirect_uris)),
    })
}
