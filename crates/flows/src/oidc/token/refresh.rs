//! A refresh token for new tokens, itself included (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! Reuse revokes the family. One case is none: an answer that was lost, or a second tab that asked at the same moment. For
//! [`GRACE`] the same application gets the answer again, with the same successor, as long as nobody has used that; so a thief
//! gets nothing that the application does not have as well, and whichever of them comes second with the successor is found out.

use super::{
    Grant, Redeemed,
    issue::{Issue, NewRefresh, still_registered},
};
use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
    },
    oidc::Oidc,
};
use vestibule_domain::{Client, Strictness, Timestamp};
use vestibule_oidc::{
    OAuthError,
    token::{
        NotHonoured,
        grants::{RefreshToken, narrowed_scopes},
    },
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{GrantWithUser, Spend},
};

/// The grant of RFC 6749 §6.
pub(super) struct Refresh;

/// For so many seconds a token that was used yields its successor again.
const GRACE: i64 = 10;

/// What spending a refresh token led to; both are written.
enum Spent {
    Good { grant: Box<GrantWithUser>, scopes: Vec<String>, secret: String },
    Refused(NotHonoured),
}

impl Grant for Refresh {
    type Request = RefreshToken;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, client: Client, request: RefreshToken) -> Redeemed {
        let (hash, now) = (sha256(request.refresh_token.as_bytes()), cx.now);
        let successors = NewRefresh::successors(oidc, cx, &client, &request.refresh_token);
        let reused =
            oidc.app.audit(cx, AuditAction::RefreshTokenReused, None, Ended::Refused).client(&client.id);
        let (client_id, asked, served) = (client.id.clone(), request.scope, client.clone());
        // An error of the inner result leaves no trace: nothing is written.
        let job = move |tx: PoolTx| async move {
            let (row, grant, given) = match tx.redeem_refresh(&hash, now).await? {
                Spend::Won((row, grant)) => (row, grant, None),
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    let Some(given) = given_before(&tx, &hash, &successors, now).await? else {
                        tx.revoke_grant(row.grant, now).await?;
                        tx.insert_audit(&reused).await?;
                        return Ok(Ok(Spent::Refused(NotHonoured::Replayed)));
                    };
                    let grant = tx.live_grant(row.grant, now).await?;
                    (row, grant, Some(given))
                }
                Spend::Replayed(_) | Spend::Unknown => {
                    return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                }
            };
            if row.client_id != client_id {
                return Ok(Err(NotHonoured::OtherClient { issued_to: row.client_id }.into()));
            }
            let Some(grant) = grant else { return Ok(Ok(Spent::Refused(NotHonoured::GrantOver))) };
            let granted = still_registered(&served, &grant.grant.scopes);
            let scopes = match narrowed_scopes(&served, &granted, asked.as_deref()) {
                Ok(scopes) => scopes,
                Err(error) => return Ok(Err(error)),
            };
            let secret = match given {
                Some(secret) => secret,
                None => {
                    let Some((secret, next)) = successors.into_iter().next() else {
                        return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                    };
                    tx.insert_refresh(&next.after(&row)).await?;
                    secret
                }
            };
            Ok::<_, StoreError>(Ok(Spent::Good { grant: Box::new(grant), scopes, secret }))
        };
        match oidc.app.pool_store(cx).write_or_undo(job).await? {
            Ok(Spent::Good { grant, scopes, secret }) => {
                Issue::for_user(&client, &grant, scopes).tokens(oidc, cx, Some(secret)).map(Ok)
            }
            Ok(Spent::Refused(reason)) => Ok(Err(OAuthError::from(reason))),
            Err(error) => Ok(Err(error)),
        }
    }
}

/// The successor that was given for this token a moment ago and has not been used: its answer may not have arrived. Once it was
/// used, it had.
async fn given_before(
    tx: &PoolTx,
    hash: &[u8; 32],
    successors: &[(String, NewRefresh)],
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    for (secret, next) in successors {
        let forgiving = !next.client().is_strict(Strictness::NoRefreshGrace);
        if forgiving && tx.refresh_is_followed(hash, next.hash(), now - GRACE).await? {
            return Ok(Some(secret.clone()));
        }
    }
    Ok(None)
}
