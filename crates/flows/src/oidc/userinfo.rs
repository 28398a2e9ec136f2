//! Userinfo (OIDC Core §5.3).

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde_json::{Map, Value};
use vestibule_domain::Client;
use vestibule_oidc::{
    ErrorCode, OAuthError,
    bearer::{Credential, Scheme},
    claims::{AskedClaims, ClaimsParameter},
    dpop::{BadProof, ProofOf, ProvedKey},
    signed_userinfo,
    tokens::{AccessTokenClaims, Confirmation, Recipient, WrongToken},
    userinfo,
};
use vestibule_store::records::GrantRow;
use vestibule_x509::PeerCertificate;

/// A token as it was presented at userinfo.
pub struct Presented<'a> {
    /// The token, and how.
    pub credential: Credential<'a>,
    /// The value of the `DPoP` header.
    pub proof: Option<&'a str>,
    /// The method of the request, in capitals.
    pub method: &'a str,
    /// The URL of userinfo, as applications know it.
    pub url: &'a str,
    /// The certificate of the connection.
    pub certificate: Option<&'a PeerCertificate>,
}

/// What userinfo answers.
pub enum UserinfoAnswer {
    /// The claims as JSON.
    Plain(String),
    /// A token: signed, encrypted, or both (OIDC Core §5.3.2).
    Token(String),
}

impl Oidc<'_> {
    /// Userinfo (OIDC Core §5.3): the claims of the user whose access token this is, as long as the grant lives.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn userinfo(
        self,
        cx: &Cx,
        presented: Presented<'_>,
    ) -> Result<Result<UserinfoAnswer, OAuthError>, Failure> {
        let claims = match self.read_access_token(cx, presented.credential.token) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
        let proof = match self.proved_to_have(cx, &presented, &claims) {
            Ok(proof) => proof,
            Err(error) => return Ok(Err(error.with_client(&claims.client_id))),
        };
        if let Err(error) = claims.require_audience(&cx.pool.issuer) {
            return Ok(Err(error.with_client(&claims.client_id)));
        }
        let refused = |error: OAuthError| Ok(Err(error.with_client(&claims.client_id)));
        let invalid = |why: WrongToken| refused(OAuthError::invalid_token().with_cause(why));
        if !claims.has_scope("openid") {
            return refused(OAuthError::new(ErrorCode::InsufficientScope, "the openid scope is needed"));
        }
        let Some(subject) = claims.subject.user() else { return invalid(WrongToken::Subject) };
        let Some(granted) = self.app.pool_store(cx).live_grant(subject.gid, cx.now).await? else {
            return invalid(WrongToken::GrantOver);
        };
        let Some(client) = cx.pool.client(&claims.client_id) else {
            return invalid(WrongToken::UnknownClient(claims.client_id.clone()));
        };
        let recipient = match self.recipient(cx, client, client.answers.userinfo()).await {
            Ok(recipient) => recipient,
            Err(error) => return refused(error),
        };
        // Only now: a token that is worth nothing leaves no trace, however often it comes.
        if let Some(proof) = proof
            && !self.spend(cx, proof.once).await?
        {
            return refused(BadProof::Reused.into());
        }
        let requested = claims_of(cx, client, &granted.grant);
        let own = &cx.pool.pool.settings.attributes;
        let asked = AskedClaims { own, scopes: &claims.scopes(), claims: requested.as_ref() };
        let body = userinfo(&granted.user, &cx.pool.subject_of(client, granted.user.id)?, asked);
        worded(cx, client, body, recipient.as_ref()).map(Ok)
    }
}

/// The answer as the application registered for it.
fn worded(
    cx: &Cx,
    client: &Client,
    claims: Map<String, Value>,
    recipient: Option<&Recipient>,
) -> Result<UserinfoAnswer, Failure> {
    let signed = match client.userinfo_signed_with() {
        Some(alg) => {
            let key = cx.pool.signing_key(alg)?;
            signed_userinfo(claims, &cx.pool.issuer, &client.id, key).map(UserinfoAnswer::Token)
        }
        None => Ok(UserinfoAnswer::Plain(Value::Object(claims).to_string())),
    };
    let sealed = signed.and_then(|answer| match (answer, recipient) {
        (answer, None) => Ok(answer),
        (UserinfoAnswer::Plain(claims), Some(to)) => to.seal_claims(&claims).map(UserinfoAnswer::Token),
        (UserinfoAnswer::Token(token), Some(to)) => to.seal_token(&token).map(UserinfoAnswer::Token),
    });
    sealed.map_err(Failure::internal)
}

impl Oidc<'_> {
    /// Checks that a bound token comes with a proof of its key (RFC 9449 §7.1) or with its certificate (RFC 8705 §3), and an unbound
    /// one without a proof (RFC 9449 §7.2).
    fn proved_to_have(
        self,
        cx: &Cx,
        presented: &Presented<'_>,
        claims: &AccessTokenClaims,
    ) -> Result<Option<ProvedKey>, OAuthError> {
        let invalid = |why| Err(OAuthError::invalid_token().with_cause(why));
        let bound = match (&claims.cnf, presented.credential.scheme) {
            (None, Scheme::Bearer) => return Ok(None),
            (Some(Confirmation::Certificate(bound)), Scheme::Bearer)
                if presented.certificate.is_some_and(|shown| shown.thumbprint() == *bound) =>
            {
                return Ok(None);
            }
            (Some(Confirmation::Key(jkt)), Scheme::Dpop) => jkt,
            _ => return invalid(WrongToken::Binding),
        };
        let Some(client) = cx.pool.client(&claims.client_id) else {
            return invalid(WrongToken::UnknownClient(claims.client_id.clone()));
        };
        let Some(proof) = presented.proof else { return Err(BadProof::Missing.into()) };
        let Presented { method, url, .. } = *presented;
        let of = ProofOf { proof, method, url, token: Some(presented.credential.token), now: cx.now };
        let key = self.proof_checked(cx, of, client)?;
        if key.jkt == *bound { Ok(Some(key)) } else { invalid(WrongToken::Binding) }
    }
}

/// The single claims that were asked for, limited to what the application may have now.
pub(super) fn claims_of(cx: &Cx, client: &Client, grant: &GrantRow) -> Option<ClaimsParameter> {
    let text = grant.claims.as_deref()?;
    let own = &cx.pool.pool.settings.attributes;
    ClaimsParameter::parse(text).ok().map(|claims| claims.limited_to(client, own))
}
