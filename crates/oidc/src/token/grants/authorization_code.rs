//! RFC 6749 §4.1.3 and RFC 7636 §4.5: a code for tokens.

use super::{GrantRequest, resources_of};
use crate::{OAuthError, Parameters, pkce};
use vestibule_domain::GrantType;
use zeroize::Zeroizing;

/// A code, and what it is bound to. Without `Debug`: it holds the code and the verifier.
#[derive(Clone)]
pub struct AuthorizationCode {
    /// The code.
    pub code: Zeroizing<String>,
    /// Has to equal the one of the authorization request. A code with a PKCE challenge is bound without it (OAuth 2.1 §4.1.3).
    pub redirect_uri: Option<String>,
    /// A well-formed verifier; whether there has to be one, and whether it is the right one, is for [`pkce::bound`].
    pub code_verifier: Option<Zeroizing<String>>,
    /// Fewer APIs than the authorization request named, if it names any (RFC 8707 §2.2).
    pub resource: Vec<String>,
}

impl GrantRequest for AuthorizationCode {
    const GRANT: GrantType = GrantType::AuthorizationCode;
    const PARAMETERS: &'static [&'static str] = &["code", "redirect_uri", "code_verifier", "resource"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let code = form.require("code")?;
        let code_verifier = form.get("code_verifier");
        if code_verifier.is_some_and(|verifier| !pkce::is_verifier(verifier)) {
            return Err(OAuthError::invalid_request(
                "code_verifier must have 43 to 128 unreserved characters",
            ));
        }
        Ok(Self {
            code: Zeroizing::new(code.to_owned()),
            redirect_uri: form.get("redirect_uri").map(str::to_owned),
            code_verifier: code_verifier.map(|verifier| Zeroizing::new(verifier.to_owned())),
            resource: resources_of(form),
        })
    }
}
