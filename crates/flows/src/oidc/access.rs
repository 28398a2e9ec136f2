//! Access tokens as they travel: signed for everybody who knows the keys, or sealed so that only this provider can read them.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use vestibule_domain::{AccessTokenType, TokenShape};
use vestibule_oidc::{
    OAuthError,
    tokens::{AccessTokenClaims, AccessTokenHeader, access_token, verify_access_token},
};
use vestibule_seal::AssociatedData;

/// Begins an opaque token, so that scanners for leaked secrets know it.
const OPAQUE: &str = "vst_at_";

impl Oidc<'_> {
    fn sealed_for(cx: &Cx) -> AssociatedData {
        AssociatedData::new("access-token").with(cx.pool.pool.id.as_bytes())
    }

    /// Signs or seals a token. A sealed one is not stored, either: it costs no row, and says everything by itself.
    pub(super) fn write_access_token(
        self,
        cx: &Cx,
        claims: &AccessTokenClaims,
        shape: TokenShape,
    ) -> Result<String, Failure> {
        let header = match shape.typ {
            AccessTokenType::AtJwt => AccessTokenHeader::AtJwt,
            AccessTokenType::Jwt => AccessTokenHeader::Jwt,
            AccessTokenType::Opaque => {
                let sealed = self.app.seal_value(&Self::sealed_for(cx), claims).map_err(Failure::internal)?;
                return Ok(OPAQUE.to_owned() + &sealed);
            }
        };
        access_token(claims, header, cx.pool.signing_key(shape.alg)?).map_err(Failure::internal)
    }

    /// Reads an access token of this pool, whomever it is for. Whether its grant still lives is not looked at.
    ///
    /// The error is `invalid_token`, the same for every reason.
    pub(super) fn read_access_token(self, cx: &Cx, token: &str) -> Result<AccessTokenClaims, OAuthError> {
        let Some(sealed) = token.strip_prefix(OPAQUE) else {
            return verify_access_token(token, cx.pool.verifying_keys(), &cx.pool.issuer, cx.now);
        };
        let opened = self.app.open_value::<AccessTokenClaims>(&Self::sealed_for(cx), sealed);
        let claims = opened.map_err(|error| OAuthError::invalid_token().with_cause(error))?;
        claims.check(&cx.pool.issuer, cx.now)?;
        Ok(claims)
    }
}
