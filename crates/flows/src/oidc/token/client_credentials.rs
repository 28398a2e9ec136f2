//! A token for an application itself (RFC 6749 §4.4): nothing is stored, and it ends with its lifetime.

use super::{
    Applicant, Grant, Redeemed,
    issue::{Granted, Issue, aim},
};
use crate::{base::cx::Cx, oidc::Oidc};
use vestibule_oidc::{
    Holder,
    audience::Targets,
    dpop::{BadProof, ProvedKey},
    token::grants::{ClientCredentialsGrant, own_scopes},
};

/// The grant of RFC 6749 §4.4.
pub(super) struct Itself;

impl Grant for Itself {
    type Request = ClientCredentialsGrant;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: ClientCredentialsGrant) -> Redeemed {
        let Applicant { client, key, .. } = by;
        let own = &cx.pool.pool.settings.attributes;
        let scopes = match own_scopes(&client, own, request.scope.as_deref()) {
            Ok(scopes) => scopes,
            Err(error) => return Ok(Err(error)),
        };
        let otherwise: Vec<String> = client.default_api.iter().cloned().collect();
        let granted: Vec<String> = client.apis.iter().chain(&otherwise).cloned().collect();
        let targets = Targets { granted: &granted, otherwise: &otherwise, asked: &request.resource };
        let aim = match aim(&cx.pool, &client, targets, false) {
            Ok(aim) => aim,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(ProvedKey { once, .. }) = key.as_ref().and_then(Holder::key)
            && !oidc.spend(cx, *once).await?
        {
            return Ok(Err(BadProof::Reused.into()));
        }
        let granted = Granted { aim, refresh: None, key, recipient: None };
        Issue::for_itself(&client, scopes).tokens(oidc, cx, granted).map(Ok)
    }
}
