//! OIDC Core §9 `none`: a public application only says who it is (RFC 6749 §3.2.1).

use super::{ClientAuthFailure, ClientCredentials, Method, Secret};
use crate::{BackChannelRequest, OAuthError};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind};

pub(super) const METHOD: Method = Method { name: ClientAuthMethod::None, used, read, judge };

fn used(request: &BackChannelRequest) -> Result<bool, OAuthError> {
    let proof = request.headers.authorization()?.is_some() || request.form.get("client_secret").is_some();
    Ok(!proof && request.form.client_id().is_some())
}

fn read(request: &BackChannelRequest) -> Result<ClientCredentials, OAuthError> {
    let client_id = request.form.client_id().ok_or(ClientAuthFailure::Anonymous)?.to_owned();
    Ok(ClientCredentials { client_id, method: ClientAuthMethod::None, secrets: Vec::new() })
}

fn judge(client: &Client, _: &ClientCredentials, _: Secret) -> Result<(), ClientAuthFailure> {
    match client.kind {
        ClientKind::Public => Ok(()),
        ClientKind::Confidential => Err(ClientAuthFailure::NotPublic(client.id.clone())),
    }
}
