//! RFC 8707 §2 `resource`, which may be repeated: APIs of the pool that the application may ask tokens for. A request without
//! one is for the application's default API, if it has one.

use super::Asked;
use crate::{
    OAuthError,
    audience::{may_name_none, named_apis},
};
use vestibule_domain::{Api, Client};

pub(super) type Found = Vec<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let mut named: Vec<&str> = asked.params.all("resource").collect();
    if named.is_empty() {
        named.extend(asked.client.default_api.as_deref());
    }
    permitted(named.into_iter(), asked.client, asked.arrival.apis)
}

pub(in crate::authorize) fn permitted<'a>(
    named: impl Iterator<Item = &'a str>,
    client: &Client,
    apis: &[Api],
) -> Result<Found, OAuthError> {
    let found = named_apis(named, client, apis)?;
    if found.is_empty() {
        may_name_none(client)?;
    }
    Ok(found)
}
