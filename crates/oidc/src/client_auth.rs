//! Client authentication (RFC 6749 §2.3, OIDC Core §9), the same at every endpoint of the back channel. A method is one
//! file, one row in the table, and one line in [`ClientAuthMethod`].

mod client_secret_basic;
mod client_secret_post;
mod none;
mod private_key_jwt;
mod self_signed_tls_client_auth;
mod tls_client_auth;

use crate::{BackChannelRequest, OAuthError, once::OneTime};
use std::collections::BTreeSet;
use vestibule_domain::{Client, ClientAuthMethod, Strictness, Timestamp};
use vestibule_jose::{ForeignKeys, VerifyError};
use vestibule_seal::{ct_eq, sha256};
use vestibule_x509::{Authorities, PeerCertificate, Untrusted};
use zeroize::Zeroizing;

/// What a request says about which application sent it. Without `Debug`: it holds the secret.
pub struct ClientCredentials {
    client_id: String,
    method: ClientAuthMethod,
    /// What the secret can be: one that is sent raw and one that is form-encoded look alike.
    secrets: Vec<Zeroizing<String>>,
    /// A token that the application signed (RFC 7523 §2.2).
    assertion: Option<Zeroizing<String>>,
    /// The certificate of its connection, whatever the method is.
    certificate: Option<PeerCertificate>,
}

/// Where and when an application proves itself, and the keys that it is known by.
#[derive(Clone, Copy)]
pub struct Proving<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// The URL of the endpoint.
    pub url: &'a str,
    /// The application's public keys, as far as they are known.
    pub keys: Option<&'a ForeignKeys>,
    /// Who vouches for certificates of the pool's applications.
    pub authorities: Option<&'a Authorities>,
    /// The moment.
    pub now: Timestamp,
}

/// An application that has proved itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it used up by doing so: the caller spends it before anything else is done.
    pub once: Option<OneTime>,
}

/// One method: how it is recognized, read and judged.
struct Method {
    name: ClientAuthMethod,
    /// Whether the request uses it. One by certificate looks like none at all: the registration tells them apart.
    used: fn(&BackChannelRequest) -> Result<bool, OAuthError>,
    /// Reads what it carries.
    read: fn(&BackChannelRequest) -> Result<ClientCredentials, OAuthError>,
    /// Judges the application that is registered with it. The secret was compared before, in constant time.
    judge: fn(&Client, &ClientCredentials, Evidence<'_>) -> Result<Proof, ClientAuthFailure>,
}

/// The methods, in the order in which discovery lists them.
const METHODS: &[Method] = &[
    client_secret_basic::METHOD,
    client_secret_post::METHOD,
    private_key_jwt::METHOD,
    tls_client_auth::METHOD,
    self_signed_tls_client_auth::METHOD,
    none::METHOD,
];

/// What a method judges by.
#[derive(Clone, Copy)]
struct Evidence<'a> {
    secret: Secret,
    proving: Proving<'a>,
}

/// Whether the secret that was sent is the one that is registered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secret {
    Right,
    Wrong,
}

/// Why an application was not authenticated: for the log alone, the public answer is the same for every reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientAuthFailure {
    /// There is neither a `client_id` nor anything else.
    #[error("the request does not say which application sends it")]
    Anonymous,
    /// RFC 7523 §2.2: of another type, or without an issuer that could be read.
    #[error("the client assertion is of another type or cannot be read")]
    Assertion,
    /// The application has published no keys.
    #[error("the application {0:?} has no keys, or they could not be fetched")]
    NoKeys(String),
    /// The assertion is not signed by the application.
    #[error("the assertion does not verify: {0}")]
    Signature(VerifyError),
    /// It says something else than it should.
    #[error("the assertion's {0} is missing or wrong")]
    AssertionClaim(&'static str),
    /// It was used before.
    #[error("the assertion was used before")]
    AssertionReused,
    /// The connection showed no certificate, or no proxy handed it on.
    #[error("the connection of the application {0:?} showed no certificate")]
    NoCertificate(String),
    /// The pool trusts no authority.
    #[error("the pool names no authorities for certificates of its applications")]
    NoAuthorities,
    /// It showed a certificate that is not its own.
    #[error("the certificate is not the one of the application {client_id:?}; its subject is {subject:?}")]
    OtherCertificate {
        /// Which application.
        client_id: String,
        /// The subject of what it showed.
        subject: String,
    },
    /// Nobody vouches for it.
    #[error(transparent)]
    Untrusted(Untrusted),
    /// Not `Basic`, or not its encoding.
    #[error("the Authorization header is not HTTP Basic with form-encoded halves")]
    Malformed,
    /// Nobody has registered it.
    #[error("the application {0:?} is not registered")]
    Unknown(String),
    /// It is registered, but switched off.
    #[error("the application {0:?} is disabled")]
    Disabled(String),
    /// It uses a method that it is not registered with.
    #[error("the application {client_id:?} used {used} but is registered with {registered}")]
    OtherMethod {
        /// Which application.
        client_id: String,
        /// The method of the request.
        used: &'static str,
        /// The method of the registration.
        registered: &'static str,
    },
    /// The secret is not the registered one.
    #[error("the application {0:?} sent a wrong secret")]
    WrongSecret(String),
    /// A confidential application cannot go without a secret.
    #[error("the application {0:?} is not public and has to authenticate")]
    NotPublic(String),
}

impl From<ClientAuthFailure> for OAuthError {
    fn from(failure: ClientAuthFailure) -> Self {
        Self::invalid_client().with_cause(failure)
    }
}

impl ClientCredentials {
    /// Reads who sent the request. Exactly one method may be used (RFC 6749 §2.3).
    ///
    /// # Errors
    /// `invalid_request` for two methods at once, `invalid_client` for none or a malformed one.
    pub fn read(request: &BackChannelRequest) -> Result<Self, OAuthError> {
        let mut chosen: Option<&Method> = None;
        for method in METHODS {
            if !(method.used)(request)? {
                continue;
            }
            if chosen.replace(method).is_some() {
                let hint = "the client uses two authentication methods at once";
                return Err(OAuthError::invalid_request(hint));
            }
        }
        let read = (chosen.ok_or(ClientAuthFailure::Anonymous)?.read)(request)?;
        Ok(Self { certificate: request.certificate.clone(), ..read })
    }

    /// Who it claims to be, to look the application up.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether a secret, an assertion or a certificate came with the request, right or wrong.
    pub const fn has_proof(&self) -> bool {
        !self.secrets.is_empty() || self.assertion.is_some() || self.certificate.is_some()
    }

    /// Whether it is judged by the keys that the application published.
    pub fn needs_keys_of(&self, client: &Client) -> bool {
        self.is_signed() || self.method_at(client) == ClientAuthMethod::SelfSignedTlsClientAuth
    }

    /// Which method this is, of an application. Who proves itself by a certificate and who does not at all send the same.
    fn method_at(&self, client: &Client) -> ClientAuthMethod {
        let by_certificate = client.auth_method.filter(|method| method.shows_a_certificate());
        by_certificate.filter(|_| self.method == ClientAuthMethod::None).unwrap_or(self.method)
    }

    fn shown(&self) -> Result<&PeerCertificate, ClientAuthFailure> {
        self.certificate.as_ref().ok_or_else(|| ClientAuthFailure::NoCertificate(self.client_id.clone()))
    }

    /// Whether it is something that the application signed.
    pub const fn is_signed(&self) -> bool {
        self.assertion.is_some()
    }

    /// Which method it uses.
    pub const fn method(&self) -> ClientAuthMethod {
        self.method
    }

    fn of_secret(client_id: String, method: ClientAuthMethod, secret: Zeroizing<String>) -> Self {
        Self { client_id, method, secrets: vec![secret], assertion: None, certificate: None }
    }

    fn unproved(client_id: String) -> Self {
        let method = ClientAuthMethod::None;
        Self { client_id, method, secrets: Vec::new(), assertion: None, certificate: None }
    }
}

/// Of a method that nothing in a request shows.
#[expect(clippy::unnecessary_wraps, reason = "the type of the table")]
const fn never(_: &BackChannelRequest) -> Result<bool, OAuthError> {
    Ok(false)
}

/// What only says who it is.
fn read_bare(request: &BackChannelRequest) -> Result<ClientCredentials, OAuthError> {
    let client_id = request.form.client_id().ok_or(ClientAuthFailure::Anonymous)?.to_owned();
    Ok(ClientCredentials::unproved(client_id))
}

/// Checks that the request comes from the application, by a method that it may use. `client` is the one that
/// [`ClientCredentials::client_id`] names, if it exists.
///
/// # Errors
/// `invalid_client`, the same for every reason and after the same work; [`ClientAuthFailure`] is its cause.
pub fn authenticate(
    client: Option<&Client>,
    credentials: &ClientCredentials,
    proving: Proving<'_>,
) -> Result<Proof, OAuthError> {
    let registered = client.and_then(|client| client.secret_sha256);
    let expected = registered.unwrap_or_default();
    let equal = credentials
        .secrets
        .iter()
        .fold(false, |equal, secret| equal | ct_eq(&expected, &sha256(secret.as_bytes())));
    let secret = if equal && registered.is_some() { Secret::Right } else { Secret::Wrong };
    judge(client, credentials, Evidence { secret, proving }).map_err(OAuthError::from)
}

fn judge(
    client: Option<&Client>,
    credentials: &ClientCredentials,
    evidence: Evidence<'_>,
) -> Result<Proof, ClientAuthFailure> {
    let client_id = || credentials.client_id.chars().take(200).collect::<String>();
    let client = client
        .filter(|client| client.id == credentials.client_id)
        .ok_or_else(|| ClientAuthFailure::Unknown(client_id()))?;
    if !client.enabled {
        return Err(ClientAuthFailure::Disabled(client_id()));
    }
    let used = credentials.method_at(client);
    let method = METHODS.iter().find(|method| method.name == used);
    let method = method.filter(|method| client.accepts(method.name));
    let other = || ClientAuthFailure::OtherMethod {
        client_id: client_id(),
        used: used.as_str(),
        registered: client.auth_method.map_or("a secret, or as public", ClientAuthMethod::as_str),
    };
    (method.ok_or_else(other)?.judge)(client, credentials, evidence)
}

/// What both methods with a secret ask.
fn by_secret(
    client: &Client,
    _: &ClientCredentials,
    evidence: Evidence<'_>,
) -> Result<Proof, ClientAuthFailure> {
    match evidence.secret {
        Secret::Right => Ok(Proof { once: None }),
        Secret::Wrong => Err(ClientAuthFailure::WrongSecret(client.id.clone())),
    }
}

/// The methods that are left where this is asked of every application, for discovery.
pub fn methods(strict: &BTreeSet<Strictness>) -> impl Iterator<Item = ClientAuthMethod> {
    let any = !strict.contains(&Strictness::NoSharedSecrets);
    let names = METHODS.iter().map(|method| method.name);
    names.filter(move |name| any || name.proves_an_own_key())
}

/// The `WWW-Authenticate` header that goes with `invalid_client` (RFC 6749 §5.2).
pub const fn basic_challenge() -> &'static str {
    "Basic realm=\"vestibule\", charset=\"UTF-8\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_that_can_be_registered_has_a_row() {
        let rows: Vec<ClientAuthMethod> = methods(&BTreeSet::new()).collect();
        assert_eq!(rows, ClientAuthMethod::ALL);
    }
}
