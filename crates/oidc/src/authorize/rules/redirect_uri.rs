//! RFC 9700 §2.1, OIDC Core §3.1.2.1 `redirect_uri`: required, and one of the registered ones.

use crate::{ErrorCode, OAuthError, Parameters, VerifiedRedirect};
use vestibule_domain::Client;

pub(in crate::authorize) fn check(
    params: &Parameters,
    client: &Client,
) -> Result<VerifiedRedirect, OAuthError> {
    let refuse = |hint| OAuthError::new(ErrorCode::InvalidRedirectUri, hint);
    let sent = params.get("redirect_uri").ok_or_else(|| refuse("redirect_uri is missing"))?;
    VerifiedRedirect::of_client(client, sent)
        .ok_or_else(|| refuse("redirect_uri is not registered for this application"))
}
