//! A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). A code that was used before takes all its tokens with it.

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
use vestibule_domain::Client;
use vestibule_oidc::{
    OAuthError, pkce,
    token::{NotHonoured, grants::AuthorizationCode},
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{CodeRow, GrantWithUser, Spend},
};

/// The grant of RFC 6749 §4.1.
pub(super) struct Code;

/// What spending a code led to; both are written.
enum Spent {
    Good { grant: Box<GrantWithUser>, nonce: Option<String>, scopes: Vec<String> },
    Refused(NotHonoured),
}

impl Grant for Code {
    type Request = AuthorizationCode;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, client: Client, request: AuthorizationCode) -> Redeemed {
        let (hash, now) = (sha256(request.code.as_bytes()), cx.now);
        let (secret, refresh) = NewRefresh::prepare(oidc, cx, &client);
        let replayed = oidc.app.audit(cx, AuditAction::CodeReplayed, None, Ended::Refused).client(&client.id);
        let client_id = client.id.clone();
        // An error of the inner result leaves no trace: nothing is written.
        let job = move |tx: PoolTx| async move {
            let (row, grant) = match tx.redeem_code(&hash, now).await? {
                Spend::Won(won) => won,
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    tx.revoke_grant(row.grant, now).await?;
                    tx.insert_audit(&replayed).await?;
                    return Ok(Ok(Spent::Refused(NotHonoured::Replayed)));
                }
                Spend::Replayed(_) | Spend::Unknown => {
                    return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                }
            };
            if row.client_id != client_id {
                return Ok(Err(NotHonoured::OtherClient { issued_to: row.client_id }));
            }
            let grant = match bound(&row, &request).and(grant.ok_or(NotHonoured::GrantOver)) {
                Ok(grant) => grant,
                Err(reason) => return Ok(Ok(Spent::Refused(reason))),
            };
            let scopes = still_registered(refresh.client(), &grant.grant.scopes);
            if let Some(refresh) = refresh.for_grant(&grant.grant) {
                tx.insert_refresh(&refresh).await?;
            }
            Ok::<_, StoreError>(Ok(Spent::Good { grant: Box::new(grant), nonce: row.nonce, scopes }))
        };
        match oidc.app.pool_store(cx).write_or_undo(job).await? {
            Ok(Spent::Good { grant, nonce, scopes }) => {
                let issue = Issue::for_user(&client, &grant, scopes).with_nonce(nonce);
                issue.tokens(oidc, cx, Some(secret)).map(Ok)
            }
            Ok(Spent::Refused(reason)) | Err(reason) => Ok(Err(OAuthError::from(reason))),
        }
    }
}

/// Whether the code comes with what it was bound to.
fn bound(row: &CodeRow, request: &AuthorizationCode) -> Result<(), NotHonoured> {
    if row.redirect_uri != request.redirect_uri {
        return Err(NotHonoured::RedirectUri {
            sent: request.redirect_uri.chars().take(256).collect(),
            authorized: row.redirect_uri.clone(),
        });
    }
    pkce::verify(&row.challenge, &request.code_verifier).map_err(|_| NotHonoured::Pkce(pkce::PkceMismatch))
}
