//! RFC 6749 §4.1.3 and RFC 7636 §4.5: a code for tokens.

use super::GrantRequest;
use crate::{OAuthError, Parameters, pkce};
use vestibule_domain::GrantType;
use zeroize::Zeroizing;

/// A code, and what it is bound to. Without `Debug`: it holds the code and the verifier.
#[derive(Clone)]
pub struct AuthorizationCode {
    /// The code.
    pub code: Zeroizing<String>,
    /// Has to equal the one of the authorization request.
    pub redirect_uri: String,
    /// A well-formed verifier; whether it is the right one is for [`pkce::verify`].
    pub code_verifier: Zeroizing<String>,
}

impl GrantRequest for AuthorizationCode {
    const GRANT: GrantType = GrantType::AuthorizationCode;
    const PARAMETERS: &'static [&'static str] = &["code", "redirect_uri", "code_verifier"];

    /// The verifier is required: no authorization request passes without a challenge.
    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let code = form.require("code")?;
        let redirect_uri = form.require("redirect_uri")?;
        let code_verifier = form.require("code_verifier")?;
        if !pkce::is_verifier(code_verifier) {
            return Err(OAuthError::invalid_request(
                "code_verifier must have 43 to 128 unreserved characters",
            ));
        }
        Ok(Self {
            code: Zeroizing::new(code.to_owned()),
            redirect_uri: redirect_uri.to_owned(),
            code_verifier: Zeroizing::new(code_verifier.to_owned()),
        })
    }
}
