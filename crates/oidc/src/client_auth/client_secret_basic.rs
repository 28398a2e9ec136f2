//! OIDC Core §9 `client_secret_basic`: HTTP Basic (RFC 7617), with both halves form-encoded before (RFC 6749 §2.3.1). Many
//! libraries do not encode them, so both readings count. A public application that sends an empty secret is one without.

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
    let credentials = header.and_then(basic).ok_or(ClientAuthFailure::Malformed)?;
    if request.form.client_id().is_some_and(|in_form| in_form != credentials.client_id) {
        return Err(OAuthError::invalid_request("client_id differs from the Authorization header"));
    }
    Ok(credentials)
}

fn basic(header: &str) -> Option<ClientCredentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = Zeroizing::new(STANDARD.decode(encoded.trim_matches(' ')).ok()?);
    let (client_id, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
    let client_id = form_decode(client_id).unwrap_or_else(|| client_id.to_owned());
    if client_id.is_empty() {
        return None;
    }
    if secret.is_empty() {
        return Some(ClientCredentials::unproved(client_id));
    }
    let mut secrets = vec![Zeroizing::new(secret.to_owned())];
    secrets.extend(form_decode(secret).filter(|decoded| decoded != secret).map(Zeroizing::new));
    Some(ClientCredentials { method: ClientSecretBasic, secrets, ..ClientCredentials::unproved(client_id) })
}
