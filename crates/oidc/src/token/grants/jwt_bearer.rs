//! RFC 7523 §2.1: the word of an issuer that the pool trusts.

use super::{GrantRequest, resources_of, scopes_of};
use crate::{OAuthError, Parameters};
use vestibule_domain::GrantType;
use zeroize::Zeroizing;

/// What an issuer said, and what is asked for. Without `Debug`: it holds the assertion.
#[derive(Clone)]
pub struct JwtBearer {
    /// A token that the issuer signed.
    pub assertion: Zeroizing<String>,
    /// The scopes, if it names any.
    pub scope: Option<Vec<String>>,
    /// The APIs that it names.
    pub resource: Vec<String>,
}

impl GrantRequest for JwtBearer {
    const GRANT: GrantType = GrantType::JwtBearer;
    const PARAMETERS: &'static [&'static str] = &["assertion", "scope", "resource"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let assertion = Zeroizing::new(form.require("assertion")?.to_owned());
        Ok(Self { assertion, scope: scopes_of(form), resource: resources_of(form) })
    }
}
