//! OIDC Core §9 `none`: a public application only says who it is (RFC 6749 §3.2.1).

use super::{ClientAuthFailure, ClientCredentials, Evidence, Method, Proof, read_bare};
use crate::{BackChannelRequest, OAuthError};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind};

pub(super) const METHOD: Method = Method { name: ClientAuthMethod::None, used, read: read_bare, judge };

fn used(request: &BackChannelRequest) -> Result<bool, OAuthError> {
    let in_form = ["client_secret", "client_assertion", "client_assertion_type"]
        .into_iter()
        .any(|name| request.form.get(name).is_some());
    let proof = request.headers.authorization()?.is_some() || in_form;
    Ok(!proof && request.form.client_id().is_some())
}

fn judge(client: &Client, _: &ClientCredentials, _: Evidence<'_>) -> Result<Proof, ClientAuthFailure> {
    match client.kind {
        ClientKind::Public => Ok(Proof { once: None }),
        ClientKind::Confidential => Err(ClientAuthFailure::NotPublic(client.id.clone())),
    }
}
