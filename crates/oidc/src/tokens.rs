//! The tokens this provider signs, and reading them back.

mod access;
mod acting;
mod encrypted;
mod hint;
mod id;
mod logout;
mod presented;

pub use access::{
    AccessTokenClaims, AccessTokenHeader, AccessTokenInput, ClientSubject, Confirmation, Subject,
    UserSubject, access_token, verify_access_token,
};
pub use acting::{Acting, Actor, MOST_ACTORS, MayAct, Obtained};
pub use encrypted::Recipient;
pub(crate) use encrypted::{content_encryptions, key_encryptions};
pub use hint::{HintClaims, verify_id_token_hint};
pub use id::{IdTokenExtra, IdTokenInput, SignedIdToken, id_token};
pub use logout::{LogoutTokenInput, logout_token};
pub use presented::{SignedIn, verify_presented_id_token};

use serde::{Deserialize, Deserializer};
use vestibule_domain::TokenAlg;
use vestibule_jose::Alg;

/// Why a token could not be made: always our own fault.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The issuer is not a URL.
    #[error("the issuer is not a URL")]
    Issuer(#[from] openidconnect::url::ParseError),
    /// A moment that a calendar cannot express.
    #[error("a time is out of range")]
    Time,
    /// The ID token could not be signed.
    #[error("the ID token could not be signed")]
    IdToken(#[from] openidconnect::JsonWebTokenError),
    /// An answer, to an authorization request or about a token, could not be signed.
    #[error("the answer could not be signed")]
    Answer(#[source] vestibule_jose::SignError),
    /// The access token could not be signed.
    #[error("the access token could not be signed")]
    AccessToken(#[from] vestibule_jose::SignError),
    /// The logout token could not be signed.
    #[error("the logout token could not be signed")]
    LogoutToken(#[source] vestibule_jose::SignError),
    /// Something could not be encrypted to an application.
    #[error("the answer could not be encrypted")]
    Encryption(#[source] vestibule_jose::EncryptError),
}

/// Why a genuine token is not accepted: for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongToken {
    /// Another issuer made it.
    #[error("the issuer is {0:?}")]
    Issuer(String),
    /// It is for somebody else.
    #[error("the audience is {0:?}")]
    Audience(Vec<String>),
    /// It is bound to a key and comes without its proof, or the other way around.
    #[error("the token is not presented as it is bound")]
    Binding,
    /// Its subject is neither a user who signed in nor the application itself.
    #[error("the subject is incomplete")]
    Subject,
    /// Its grant is revoked or over, or its user cannot sign in.
    #[error("the grant is revoked or over")]
    GrantOver,
    /// Its application is gone.
    #[error("the application {0:?} is not registered")]
    UnknownClient(String),
}

impl From<TokenError> for crate::OAuthError {
    fn from(error: TokenError) -> Self {
        Self::server_error(error)
    }
}

/// The key algorithm of an application's ID tokens.
pub const fn key_alg(alg: TokenAlg) -> Alg {
    match alg {
        TokenAlg::Rs256 => Alg::Rs256,
        TokenAlg::Es256 => Alg::Es256,
        TokenAlg::EdDsa => Alg::EdDsa,
    }
}

/// RFC 7519 §4.1.3: `aud` is a text or a list of texts.
pub(crate) fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Audiences {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Audiences::deserialize(deserializer)? {
        Audiences::One(audience) => vec![audience],
        Audiences::Many(audiences) => audiences,
    })
}
