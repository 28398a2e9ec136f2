//! A refresh token for new tokens, itself included (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! Reuse revokes the family. One case is none: an answer that was lost, or a second tab that asked at the same moment. For
//! [`GRACE`] the same application gets the answer again, with the same successor, as long as nobody has used that; so a thief
//! gets nothing that the application does not have as well, and whichever of them comes second with the successor is found out.

use super::{
    Applicant, Grant, Redeemed, end_reused,
    issue::{Aim, Granted, Issue, NewRefresh, aim, is_openid, successors, targets_of},
};
use crate::{
    base::{
        app::App,
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::{
        Oidc,
        bound::{holder_of_refresh, same_holder, spend_proof},
        living::still_registered,
    },
};
use std::sync::Arc;
use vestibule_domain::{Client, ClientKind, Strictness, Timestamp};
use vestibule_oidc::{
    Holder, OAuthError,
    dpop::BadProof,
    token::{
        NotHonoured,
        grants::{RefreshToken, narrowed_scopes},
    },
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{GrantWithUser, RefreshRow, Spend},
};

/// The grant of RFC 6749 §6.
pub(super) struct Refresh;

/// For so many seconds a token that was used yields its successor again.
const GRACE: i64 = 10;

/// What spending a refresh token led to; both are written.
enum Spent {
    Good { grant: Box<GrantWithUser>, scopes: Vec<String>, secret: String, aim: Aim },
    Refused(NotHonoured),
}

impl Grant for Refresh {
    type Request = RefreshToken;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: RefreshToken) -> Redeemed {
        let Applicant { client, key, recipient } = by;
        let (hash, now) = (sha256(request.refresh_token.as_bytes()), cx.now);
        let (app, token) = (oidc.app.clone(), request.refresh_token);
        let secret = successors(&app, &token).next();
        let secret = secret.ok_or_else(|| Failure::internal("a key ring without keys"))?;
        let (secret, refresh) = NewRefresh::of(secret, cx, &client);
        let refresh = refresh.bound_to(holder_of_refresh(&client, key.as_ref()));
        let reused =
            oidc.app.audit(cx, AuditAction::RefreshTokenReused, None, Ended::Refused).client(&client.id);
        let (proved, pool) = (key.clone(), Arc::clone(&cx.pool));
        let (client_id, asked, resource) = (client.id.clone(), request.scope, request.resource);
        // An error of the inner result leaves no trace: nothing is written.
        let job = move |tx: PoolTx| async move {
            let (row, grant, given) = match tx.redeem_refresh(&hash, now).await? {
                Spend::Won((row, grant)) => (row, grant, None),
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    // Whoever cannot prove the key had no use of the token, and must not end the grant of whoever can.
                    if let Err(why) = same_holder(&row, proved.as_ref()) {
                        return Ok(Err(NotHonoured::from(why).into()));
                    }
                    let forgiving = !refresh.client().is_strict(Strictness::NoRefreshGrace);
                    let given = if forgiving { given_before(&tx, &app, &token, now).await? } else { None };
                    let Some(given) = given else {
                        let ended = end_reused(&tx, row.grant, proved.as_ref(), reused, now).await?;
                        return Ok(ended.map(|()| Spent::Refused(NotHonoured::Replayed)));
                    };
                    // What came of it may be bound by now.
                    if let Err(why) = same_holder(&given.row, proved.as_ref()) {
                        return Ok(Err(NotHonoured::from(why).into()));
                    }
                    let grant = tx.live_grant(row.grant, now).await?;
                    (row, grant, Some(given.secret))
                }
                Spend::Replayed(_) | Spend::Unknown => {
                    return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                }
            };
            if row.client_id != client_id {
                return Ok(Err(NotHonoured::OtherClient { issued_to: row.client_id }.into()));
            }
            if let Err(why) = bound_enough(&row, refresh.client(), proved.as_ref()) {
                return Ok(Err(NotHonoured::from(why).into()));
            }
            let Some(grant) = grant else { return Ok(Ok(Spent::Refused(NotHonoured::GrantOver))) };
            let granted = still_registered(refresh.client(), &grant.grant.scopes);
            let scopes = match narrowed_scopes(refresh.client(), &granted, asked.as_deref()) {
                Ok(scopes) => scopes,
                Err(error) => return Ok(Err(error)),
            };
            let targets = targets_of(&grant.grant, &resource);
            let aim = match aim(&pool, refresh.client(), targets, is_openid(&scopes)) {
                Ok(aim) => aim,
                Err(error) => return Ok(Err(error)),
            };
            if let Err(error) = spend_proof(&tx, proved.as_ref()).await? {
                return Ok(Err(error));
            }
            let secret = match given {
                Some(secret) => secret,
                None => {
                    tx.insert_refresh(&refresh.after(&row)).await?;
                    secret
                }
            };
            Ok::<_, StoreError>(Ok(Spent::Good { grant: Box::new(grant), scopes, secret, aim }))
        };
        match oidc.app.pool_store(cx).write_or_undo(job).await? {
            Ok(Spent::Good { grant, scopes, secret, aim }) => {
                let granted = Granted { aim, refresh: Some(secret), key, recipient };
                Issue::for_user(&cx.pool, &client, &grant, scopes)?.tokens(oidc, cx, granted).map(Ok)
            }
            Ok(Spent::Refused(reason)) => Ok(Err(OAuthError::from(reason))),
            Err(error) => Ok(Err(error)),
        }
    }
}

/// Whether a refresh token comes with the key that it is bound to. One of a public application that is bound to none is not
/// taken where tokens have to be bound: whoever stole it could bind it to a key of their own.
fn bound_enough(row: &RefreshRow, client: &Client, proved: Option<&Holder>) -> Result<(), BadProof> {
    let always = client.is_strict(Strictness::RequireBoundTokens);
    let by_certificate = client.tls.tls_client_certificate_bound_access_tokens;
    let needs_key = client.kind == ClientKind::Public && (always || by_certificate);
    if needs_key && row.dpop_jkt.is_none() && row.x5t_s256.is_none() {
        return Err(BadProof::Missing);
    }
    same_holder(row, proved)
}

/// A token that was given, and may not have arrived.
struct Given {
    secret: String,
    row: RefreshRow,
}

/// The successor that was given for this token a moment ago and has not been used: its answer may not have arrived. Once it was
/// used, it had.
async fn given_before(
    tx: &PoolTx,
    app: &App,
    token: &str,
    now: Timestamp,
) -> Result<Option<Given>, StoreError> {
    let hash = sha256(token.as_bytes());
    for secret in successors(app, token) {
        if let Some(row) = tx.refresh_follower(&hash, &sha256(secret.as_bytes()), now - GRACE).await? {
            return Ok(Some(Given { secret, row }));
        }
    }
    Ok(None)
}
