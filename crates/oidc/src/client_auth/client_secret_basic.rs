//! OIDC Core §9 `client_secret_basic`: HTTP Basic (RFC 7617), with both halves form-encoded before (RFC 6749 §2.3.1).

use super::{ClientAuthFailure, ClientCredentials, Method, by_secret};
use crate::{BackChannelRequest, OAuthError, parameters::form_decode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_domain::ClientAuthMethod::ClientSecretBasic;
use zeroize::Zeroizing;

pub(super) const METHOD: Method = Method { name: ClientSecretBasic, used, read, judge: by_secret };

fn used(request: &BackChannelRequest) -> Result<bool, OAuthError> {
    Ok(request.headers.authorization()?.is_some())
}

fn read(request: &BackChannelRequest) -> Result<ClientCredentials, OAuthError> {
    let header = request.headers.authorization()?;
    let (client_id, secret) = header.and_then(basic).ok_or(ClientAuthFailure::Malformed)?;
    if request.form.client_id().is_some_and(|in_form| in_form != client_id) {
        return Err(OAuthError::invalid_request("client_id differs from the Authorization header"));
    }
    Ok(ClientCredentials::of_secret(client_id, ClientSecretBasic, secret))
}

fn basic(header: &str) -> Option<(String, Zeroizing<String>)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Zeroizing::new(STANDARD.decode(encoded.trim_matches(' ')).ok()?);
    let (client_id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    let client_id = form_decode(client_id).filter(|id| !id.is_empty())?;
    Some((client_id, Zeroizing::new(form_decode(secret)?)))
}
