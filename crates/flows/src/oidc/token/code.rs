//! A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). A code that was used before takes all its tokens with it.

use super::{
    Applicant, Grant, Redeemed, end_reused,
    issue::{Begun, Granted, Issue, NewRefresh},
};
use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
    },
    oidc::{
        Oidc,
        bound::{holder_of_refresh, same_key},
    },
};
use std::sync::Arc;
use vestibule_domain::Client;
use vestibule_oidc::{
    OAuthError, VerifiedRedirect, pkce,
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
    Good { grant: Box<GrantWithUser>, nonce: Option<String>, begun: Begun },
    Refused(NotHonoured),
}

impl Grant for Code {
    type Request = AuthorizationCode;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: AuthorizationCode) -> Redeemed {
        let Applicant { client, key, recipient } = by;
        let (hash, now) = (sha256(request.code.as_bytes()), cx.now);
        let (secret, refresh) = NewRefresh::first(oidc, cx, &client);
        let (refresh, proved) = (refresh.bound_to(holder_of_refresh(&client, key.as_ref())), key.clone());
        let pool = Arc::clone(&cx.pool);
        let replayed = oidc.app.audit(cx, AuditAction::CodeReplayed, None, Ended::Refused).client(&client.id);
        let client_id = client.id.clone();
        // An error of the inner result leaves no trace: nothing is written.
        let job = move |tx: PoolTx| async move {
            let (row, grant) = match tx.redeem_code(&hash, now).await? {
                Spend::Won(won) => won,
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    // Of a code that is bound to a key nobody else can have made use.
                    if let Err(why) = same_key(row.dpop_jkt.as_deref(), proved.as_ref()) {
                        return Ok(Err(NotHonoured::from(why).into()));
                    }
                    let ended = end_reused(&tx, row.grant, proved.as_ref(), replayed, now).await?;
                    return Ok(ended.map(|()| Spent::Refused(NotHonoured::Replayed)));
                }
                Spend::Replayed(_) | Spend::Unknown => {
                    return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                }
            };
            if row.client_id != client_id {
                return Ok(Err(NotHonoured::OtherClient { issued_to: row.client_id }.into()));
            }
            let same_key = same_key(row.dpop_jkt.as_deref(), proved.as_ref()).map_err(NotHonoured::from);
            let bound = bound(&row, &request, refresh.client()).and(same_key);
            let grant = match bound.and(grant.ok_or(NotHonoured::GrantOver)) {
                Ok(grant) => grant,
                Err(reason) => return Ok(Ok(Spent::Refused(reason))),
            };
            let begun = refresh.begin(&tx, &pool, &grant.grant, &request.resource, proved.as_ref()).await?;
            let good = |begun| Spent::Good { grant: Box::new(grant), nonce: row.nonce, begun };
            Ok::<_, StoreError>(begun.map(good))
        };
        match oidc.app.pool_store(cx).write_or_undo(job).await? {
            Ok(Spent::Good { grant, nonce, begun: Begun { scopes, aim } }) => {
                let issue = Issue::for_user(&cx.pool, &client, &grant, scopes)?.with_nonce(nonce);
                issue.tokens(oidc, cx, Granted { aim, refresh: Some(secret), key, recipient }).map(Ok)
            }
            Ok(Spent::Refused(reason)) => Ok(Err(OAuthError::from(reason))),
            Err(error) => Ok(Err(error)),
        }
    }
}

/// Whether the code comes with what it was bound to: the address and, if there was one, the challenge.
fn bound(row: &CodeRow, request: &AuthorizationCode, client: &Client) -> Result<(), NotHonoured> {
    let challenge = row.challenge.as_deref();
    let same = match request.redirect_uri.as_deref() {
        Some(sent) => sent == row.redirect_uri,
        None => challenge.is_some(),
    };
    if !same {
        let sent = request.redirect_uri.as_deref().unwrap_or_default();
        return Err(NotHonoured::RedirectUri {
            sent: sent.chars().take(256).collect(),
            authorized: row.redirect_uri.clone(),
        });
    }
    // Where a sector is known by its addresses, whoever was answered at another one is no part of it.
    if client.sector().is_some() && VerifiedRedirect::of_client(client, &row.redirect_uri).is_none() {
        return Err(NotHonoured::GrantOver);
    }
    let verifier = request.code_verifier.as_ref().map(|verifier| verifier.as_str());
    if challenge.is_none() && client.requires_pkce() {
        return Err(NotHonoured::Pkce(pkce::PkceMismatch));
    }
    pkce::bound(challenge, verifier).map_err(|_| NotHonoured::Pkce(pkce::PkceMismatch))
}
