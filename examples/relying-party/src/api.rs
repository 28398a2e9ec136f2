//! A protected resource: it trusts access tokens of the issuer (RFC 9068), and asks for a stronger or fresher sign-in
//! with the challenge of RFC 9470.

use std::time::Duration;

use anyhow::Context as _;
use axum::response::Json;
use serde_json::{Value, json};
use vestibule_resource_server::{AccessToken, HttpKeys, Protect, RequireAuthentication, ResourceServer};

use crate::{Settings, explain, provider::Provider};

/// Oldest authentication that may move money, in seconds.
pub(crate) const MAX_AGE: u32 = 300;

/// By how much the provider's clock may differ: nobody sets clocks for a demonstration.
const LEEWAY: Duration = Duration::from_secs(120);

/// What stands around the API. It is not registered at the provider, so its tokens are those that are for the issuer:
/// an API with an identifier of its own names that as the audience.
pub(crate) fn guard(settings: &Settings, provider: &Provider) -> anyhow::Result<Protect> {
    let issuer = &settings.issuer;
    let keys = HttpKeys::with_client(issuer, provider.http().0.clone())?;
    let api = ResourceServer::builder(issuer, issuer)
        .keys(keys)
        .leeway(LEEWAY)
        .build()
        .context("the API cannot be guarded")?;
    let enough = explain::at_least(&settings.acr_step_up);
    let acr_values: Vec<&str> = enough.iter().map(String::as_str).collect();
    Ok(api.require(RequireAuthentication { acr_values: &acr_values, max_age: Some(MAX_AGE) }))
}

pub(crate) async fn transfer(token: AccessToken) -> Json<Value> {
    Json(json!({ "transferred": true, "by": token.sub, "acr": token.acr }))
}

/// Seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this application stands alone and reads its own clock")]
pub(crate) fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}
