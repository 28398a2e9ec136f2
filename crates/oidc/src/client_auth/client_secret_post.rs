//! OIDC Core §9 `client_secret_post`: the secret in the form (RFC 6749 §2.3.1).

use super::{ClientAuthFailure, ClientCredentials, Method, by_secret};
use crate::{BackChannelRequest, OAuthError};
use vestibule_domain::ClientAuthMethod::ClientSecretPost;
use zeroize::Zeroizing;

pub(super) const METHOD: Method = Method { name: ClientSecretPost, used, read, judge: by_secret };

fn used(request: &BackChannelRequest) -> Result<bool, OAuthError> {
    Ok(request.form.get("client_secret").is_some())
}

fn read(request: &BackChannelRequest) -> Result<ClientCredentials, OAuthError> {
    let (client_id, secret) = (request.form.client_id(), request.form.get("client_secret"));
    let (client_id, secret) = client_id.zip(secret).ok_or(ClientAuthFailure::Anonymous)?;
    let secret = Zeroizing::new(secret.to_owned());
    Ok(ClientCredentials::of_secret(client_id.to_owned(), ClientSecretPost, secret))
}
