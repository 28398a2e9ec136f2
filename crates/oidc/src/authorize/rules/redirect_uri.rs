//! RFC 9700 §2.1, OIDC Core §3.1.2.1 `redirect_uri`: required, and one of the registered ones.

use super::Asked;
use crate::{ErrorCode, OAuthError, RedirectMismatch, VerifiedRedirect};
use vestibule_domain::Client;

pub(super) type Found = VerifiedRedirect;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let missing = || OAuthError::new(ErrorCode::InvalidRedirectUri, "redirect_uri is missing");
    permitted(asked.params.get("redirect_uri").ok_or_else(missing)?, asked.client)
}

pub(in crate::authorize) fn permitted(sent: &str, client: &Client) -> Result<VerifiedRedirect, OAuthError> {
    VerifiedRedirect::of_client(client, sent).ok_or_else(|| {
        let hint = "redirect_uri is not registered for this application";
        OAuthError::new(ErrorCode::InvalidRedirectUri, hint)
            .with_arrived("redirect_uri", sent)
            .with_cause(RedirectMismatch::new(sent, &client.redirect_uris))
    })
}
