//! Which application sends a request of the back channel.

use crate::base::cx::Cx;
use vestibule_domain::Client;
use vestibule_oidc::{
    BackChannelRequest, OAuthError,
    client_auth::{ClientCredentials, authenticate},
};

/// The application, once it has authenticated itself.
pub(super) fn authenticated(cx: &Cx, request: &BackChannelRequest) -> Result<Client, OAuthError> {
    let credentials = ClientCredentials::read(request)?;
    let client = cx.pool.client(credentials.client_id());
    authenticate(client, &credentials).map_err(|error| error.with_client(credentials.client_id()))?;
    // An application that does not exist is never authenticated.
    client.cloned().ok_or_else(OAuthError::invalid_client)
}

/// The application whose secret a request pretends to have.
pub(super) fn claimed<'a>(cx: &'a Cx, request: &BackChannelRequest) -> Option<&'a Client> {
    let credentials = ClientCredentials::read(request).ok().filter(ClientCredentials::has_secret)?;
    cx.pool.client(credentials.client_id())
}
