//! A device asks what its user has answered (RFC 8628 §3.4 and §3.5). While nobody has, that is one read.

use super::{
    Applicant, Grant, Redeemed, end_reused,
    issue::{Begun, Granted, Issue, NewRefresh},
};
use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::{
        Oidc,
        bound::{holder_of_refresh, same_holder},
    },
};
use std::sync::Arc;
use vestibule_oidc::{
    OAuthError,
    token::{
        NotHonoured,
        grants::{DeviceCode, NotYet},
    },
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{DeviceRow, DeviceState, GrantWithUser, SLOWER_BY, SLOWEST, Spend},
};

/// The grant of RFC 8628.
pub(super) struct Device;

/// What spending an answer led to; both are written.
enum Spent {
    Good { grant: Box<GrantWithUser>, begun: Begun },
    Refused(NotHonoured),
}

impl Grant for Device {
    type Request = DeviceCode;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: DeviceCode) -> Redeemed {
        let hash = sha256(request.device_code.as_bytes());
        let row = oidc.app.pool_store(cx).device_request(&hash).await?;
        let row = match row.ok_or(NotHonoured::Unknown).and_then(|row| of_device(row, &by)) {
            Ok(row) => row,
            Err(reason) => return Ok(Err(reason.into())),
        };
        match row.state {
            DeviceState::Denied => Ok(Err(NotYet::Denied.into())),
            DeviceState::Waiting | DeviceState::Allowed(_) if cx.now >= row.expires_at => {
                Ok(Err(NotYet::Expired.into()))
            }
            DeviceState::Waiting => Ok(Err(oidc.still_waiting(cx, &row).await?.into())),
            DeviceState::Allowed(_) | DeviceState::Spent(_) => {
                oidc.app.polls().forget(cx.pool.pool.id, hash);
                oidc.collect(cx, by, request, hash).await
            }
        }
    }
}

/// Whether it is the device's own application that asks, with the key that it proved when it began.
fn of_device(row: DeviceRow, by: &Applicant) -> Result<DeviceRow, NotHonoured> {
    if row.client_id != by.client.id {
        return Err(NotHonoured::OtherClient { issued_to: row.client_id });
    }
    same_holder(&row, by.key.as_ref()).map_err(NotHonoured::from)?;
    Ok(row)
}

impl Oidc<'_> {
    /// Nobody has answered. Only a question that comes too early is written down: from then on all have to come later.
    async fn still_waiting(self, cx: &Cx, row: &DeviceRow) -> Result<NotYet, Failure> {
        if !self.app.polls().too_early(cx.pool.pool.id, row.hash, row.interval, cx.now) {
            return Ok(NotYet::Pending);
        }
        if row.interval < SLOWEST {
            let (hash, now) = (row.hash, cx.now);
            let slower = move |tx: PoolTx| async move { tx.slow_device_down(&hash, now).await };
            self.app.pool_store(cx).write(slower).await?;
        }
        Ok(NotYet::TooOften { interval: SLOWEST.min(row.interval + SLOWER_BY) })
    }

    /// Its user has agreed: tokens, once.
    async fn collect(self, cx: &Cx, by: Applicant, request: DeviceCode, hash: [u8; 32]) -> Redeemed {
        let Applicant { client, key, recipient } = by;
        let now = cx.now;
        let (secret, refresh) = NewRefresh::first(self, cx, &client);
        let (refresh, proved) = (refresh.bound_to(holder_of_refresh(&client, key.as_ref())), key.clone());
        let pool = Arc::clone(&cx.pool);
        let replayed = self.app.audit(cx, AuditAction::CodeReplayed, None, Ended::Refused).client(&client.id);
        let resource = request.resource;
        // An error of the inner result leaves no trace: nothing is written.
        let job = move |tx: PoolTx| async move {
            // Whose it is, and which key it is bound to, was looked at before, and never changes.
            let grant = match tx.redeem_device(&hash, now).await? {
                Spend::Won((_, grant)) => grant,
                Spend::Replayed((row, _)) => {
                    let DeviceState::Spent(grant) = row.state else {
                        return Ok(Ok(Spent::Refused(NotHonoured::Unknown)));
                    };
                    let ended = end_reused(&tx, grant, proved.as_ref(), replayed, now).await?;
                    return Ok(ended.map(|()| Spent::Refused(NotHonoured::Replayed)));
                }
                Spend::Unknown => return Ok(Ok(Spent::Refused(NotHonoured::Unknown))),
            };
            // Nothing is spent, so that who asks again does not look like a thief.
            let Some(grant) = grant else { return Ok(Err(NotHonoured::GrantOver.into())) };
            let begun = refresh.begin(&tx, &pool, &grant.grant, &resource, proved.as_ref()).await?;
            Ok::<_, StoreError>(begun.map(|begun| Spent::Good { grant: Box::new(grant), begun }))
        };
        match self.app.pool_store(cx).write_or_undo(job).await? {
            Ok(Spent::Good { grant, begun: Begun { scopes, aim } }) => {
                let granted = Granted { aim, refresh: Some(secret), key, recipient };
                Issue::for_user(&cx.pool, &client, &grant, scopes)?.tokens(self, cx, granted).map(Ok)
            }
            Ok(Spent::Refused(reason)) => Ok(Err(OAuthError::from(reason))),
            Err(error) => Ok(Err(error)),
        }
    }
}
