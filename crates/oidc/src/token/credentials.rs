//! Client authentication (RFC 6749 §2.3, OIDC Core §9).

use crate::{OAuthError, Parameters, parameters::form_decode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind};
use vestibule_seal::{ct_eq, sha256};
use zeroize::Zeroizing;

/// What a request says about who sent it. Without `Debug`: it holds the secret.
pub struct ClientCredentials {
    client_id: String,
    method: ClientAuthMethod,
    secret: Option<Zeroizing<String>>,
}

impl ClientCredentials {
    /// Reads the `Authorization` header and the form. Exactly one method may be used (RFC 6749 §2.3).
    ///
    /// # Errors
    /// `invalid_request` for two methods at once, `invalid_client` for none or a malformed one.
    pub fn extract(authorization: Option<&str>, form: &Parameters) -> Result<Self, OAuthError> {
        if form.get("client_assertion").is_some() || form.get("client_assertion_type").is_some() {
            return Err(OAuthError::invalid_client());
        }
        let in_form = form.get("client_secret");
        let Some(header) = authorization else {
            let client_id = form.client_id().ok_or_else(OAuthError::invalid_client)?.to_owned();
            let method = match in_form {
                Some(_) => ClientAuthMethod::ClientSecretPost,
                None => ClientAuthMethod::None,
            };
            let secret = in_form.map(|secret| Zeroizing::new(secret.to_owned()));
            return Ok(Self { client_id, method, secret });
        };
        if in_form.is_some() {
            return Err(OAuthError::invalid_request("the client uses two authentication methods at once"));
        }
        let (client_id, secret) = basic(header).ok_or_else(OAuthError::invalid_client)?;
        if form.client_id().is_some_and(|in_form| in_form != client_id) {
            return Err(OAuthError::invalid_request("client_id differs from the Authorization header"));
        }
        Ok(Self { client_id, method: ClientAuthMethod::ClientSecretBasic, secret: Some(secret) })
    }

    /// Who it claims to be, to look the application up.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Which method it uses.
    pub const fn method(&self) -> ClientAuthMethod {
        self.method
    }

    fn secret_digest(&self) -> [u8; 32] {
        sha256(self.secret.as_ref().map_or(b"", |secret| secret.as_bytes()))
    }
}

/// RFC 7617, with both halves form-encoded before (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(String, Zeroizing<String>)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(String::from_utf8(STANDARD.decode(encoded.trim_matches(' ')).ok()?).ok()?);
    let (client_id, secret) = decoded.split_once(':')?;
    let client_id = form_decode(client_id).filter(|id| !id.is_empty())?;
    Some((client_id, Zeroizing::new(form_decode(secret)?)))
}

/// Checks that the request comes from the application, by the one method it is registered with.
///
/// # Errors
/// `invalid_client`, the same for every reason and after the same work.
pub fn authenticate(client: &Client, credentials: &ClientCredentials) -> Result<(), OAuthError> {
    let digest = credentials.secret_digest();
    let secret_matches =
        ct_eq(&client.secret_sha256.unwrap_or_default(), &digest) && client.secret_sha256.is_some();
    let proved = match client.auth_method {
        ClientAuthMethod::None => client.kind == ClientKind::Public && credentials.secret.is_none(),
        ClientAuthMethod::ClientSecretBasic | ClientAuthMethod::ClientSecretPost => {
            credentials.secret.is_some() && secret_matches
        }
    };
    let same =
        client.enabled && client.id == credentials.client_id && client.auth_method == credentials.method;
    if same && proved { Ok(()) } else { Err(OAuthError::invalid_client()) }
}

/// The answer for an application that does not exist, after the same work as for one that does.
pub fn authenticate_unknown(credentials: &ClientCredentials) -> OAuthError {
    let _ = ct_eq(&[0; 32], &credentials.secret_digest());
    OAuthError::invalid_client()
}

/// The `WWW-Authenticate` header that goes with `invalid_client` (RFC 6749 §5.2).
pub const fn basic_challenge() -> &'static str {
    "Basic realm=\"vestibule\", charset=\"UTF-8\""
}
