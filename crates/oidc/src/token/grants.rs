//! The grants, as the token endpoint reads them. A grant is one file here, one row in [`GRANTS`], and one line in
//! [`GrantType`]; discovery, configuration and hints read the table.

mod authorization_code;
mod client_credentials;
mod device_code;
mod jwt_bearer;
mod refresh_token;
mod token_exchange;

pub use authorization_code::AuthorizationCode;
pub use client_credentials::{ClientCredentialsGrant, own_scopes};
pub use device_code::{DeviceCode, NotYet};
pub use jwt_bearer::JwtBearer;
pub use refresh_token::{RefreshToken, narrowed_scopes};
pub use token_exchange::{ACCESS_TOKEN, PresentedToken, TokenExchange};

use crate::{ErrorCode, OAuthError, Parameters};
use vestibule_domain::{Client, GrantType};

/// A token request that has everything its grant needs.
pub trait GrantRequest: Sized {
    /// Which grant.
    const GRANT: GrantType;
    /// The parameters that it reads besides `grant_type` and those of client authentication.
    const PARAMETERS: &'static [&'static str];

    /// Reads the request; [`Parameters::parse`] has already refused repeated parameters.
    ///
    /// # Errors
    /// `invalid_request` with the parameter that is missing or malformed.
    fn read(form: &Parameters) -> Result<Self, OAuthError>;
}

/// The scopes of a token request, if it names any (RFC 6749 §3.3).
fn scopes_of(form: &Parameters) -> Option<Vec<String>> {
    let text = form.get("scope")?;
    Some(text.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect())
}

/// The APIs that a token request names (RFC 8707 §2.2).
fn resources_of(form: &Parameters) -> Vec<String> {
    form.all("resource").map(str::to_owned).collect()
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its name.
    pub grant: GrantType,
    /// The parameters that it reads.
    pub parameters: &'static [&'static str],
}

impl Grant {
    const fn of<R: GrantRequest>() -> Self {
        Self { grant: R::GRANT, parameters: R::PARAMETERS }
    }
}

/// The grants of the token endpoint, in the order in which discovery lists them.
pub const GRANTS: &[Grant] = &[
    Grant::of::<AuthorizationCode>(),
    Grant::of::<RefreshToken>(),
    Grant::of::<ClientCredentialsGrant>(),
    Grant::of::<DeviceCode>(),
    Grant::of::<TokenExchange>(),
    Grant::of::<JwtBearer>(),
];

/// Which grant a form asks for.
///
/// # Errors
/// `invalid_request` when it does not say, `unsupported_grant_type` for anything that is not in the table.
pub fn asked_for(form: &Parameters) -> Result<GrantType, OAuthError> {
    let name = form.require("grant_type")?;
    let known = GRANTS.iter().find(|row| row.grant.as_str() == name);
    known.map(|row| row.grant).ok_or_else(|| {
        let names: Vec<&str> = GRANTS.iter().map(|row| row.grant.as_str()).collect();
        let hint = format!("grant_type must be {}", names.join(" or "));
        OAuthError::new(ErrorCode::UnsupportedGrantType, hint)
    })
}

/// Whether the application may use a grant, by its registration of now.
///
/// # Errors
/// `unauthorized_client` (RFC 6749 §5.2).
pub fn permitted(grant: GrantType, client: &Client) -> Result<(), OAuthError> {
    if client.may_use(grant) {
        return Ok(());
    }
    let hint = format!("the application may not use the grant {}", grant.as_str());
    Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_that_can_be_registered_has_a_row() {
        let rows: Vec<GrantType> = GRANTS.iter().map(|row| row.grant).collect();
        assert_eq!(rows, GrantType::ALL);
    }
}
