//! The user's part of the device grant (RFC 8628 §3.3): typing the code that the device shows, and answering.
//!
//! Only somebody who is signed in gets as far as a code, so every guess has a name. A code that waits leads to the ordinary
//! gate before its application, and from there to the consent page; the answer is given in a transaction that judges the
//! session once more.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        budget::{of_source, of_user},
        cx::{Cx, Live},
        failure::Failure,
        outcome::{DeviceAnswer, Step},
        sealed_request::PendingRequest,
    },
    oidc::{
        code::{Span, grant_for},
        device::LIFE,
        request::{CheckedRequest, intent_of},
    },
    sign_in::{
        SignIn,
        gate::{Admitted, ConnectDevice},
        hold::Hold,
        intent::Wish,
    },
};
use vestibule_domain::{Authenticated, Budget, Kept, UserCode, UserId};
use vestibule_oidc::authorize::{DeviceRequest, ResolvedRequest};
use vestibule_store::{
    PoolTx, StoreError,
    records::{DeviceState, GrantRow},
};

/// What a typed code leads to.
pub enum DeviceCodeTyped {
    /// On to this.
    Good(Box<Step>),
    /// No device that waits shows it.
    Wrong,
    /// Too many were typed.
    TooMany {
        /// Until the next one.
        seconds: i64,
    },
}

/// Why the answer was not given.
enum Unanswered {
    /// The session ended, or gives less than is asked for by now.
    SessionMoved,
    /// The device does not wait any more.
    Over,
}

impl SignIn<'_> {
    /// Somebody who is signed in types the code of a device.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn type_device_code(
        self,
        cx: &Cx,
        admitted: &Admitted<ConnectDevice>,
    ) -> Result<DeviceCodeTyped, Failure> {
        let (user, now) = (admitted.live.user.id, cx.now);
        // What cannot be a code needs no looking up, and says nothing about any.
        let Some(code) = UserCode::read(&admitted.action().0) else { return Ok(DeviceCodeTyped::Wrong) };
        let mut budgets = of_source(cx, Budget::DeviceCodeFromSource);
        budgets.push(of_user(user, Budget::DeviceCodeByAccount));
        let spend = move |tx: PoolTx| async move { tx.spend_budgets(&budgets, now).await };
        if let Some(until) = self.app.pool_store(cx).write(spend).await? {
            self.app.note_unjudged(cx, "device-code", Some(user)).await?;
            return Ok(DeviceCodeTyped::TooMany { seconds: until.wait_from(now) });
        }
        let waiting = match self.waiting_device(cx, &code).await? {
            Some(request) => {
                let intent = intent_of(&request.received_again(now));
                let wish = self.wish(cx, &intent).ok();
                wish.map(|wish| (intent, wish))
            }
            None => None,
        };
        let Some((intent, Wish::Application(checked))) = waiting else {
            let audit = self.app.audit(cx, AuditAction::DeviceCode, Some(user), Ended::Refused);
            self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
            return Ok(DeviceCodeTyped::Wrong);
        };
        let step = self.decide(cx, &PendingRequest::new(cx, intent), &checked, true).await?;
        Ok(DeviceCodeTyped::Good(Box::new(step)))
    }

    /// What the device asks for that shows a code, if it waits.
    async fn waiting_device(self, cx: &Cx, code: &UserCode) -> Result<Option<ResolvedRequest>, Failure> {
        let oidc = self.app.oidc();
        for digest in oidc.user_code_digests(cx, code) {
            if let Some(row) = self.app.pool_store(cx).waiting_device(&digest, cx.now).await? {
                return Ok(oidc.open_device(cx, &row));
            }
        }
        Ok(None)
    }

    /// Whether a device still waits for its user's answer.
    pub(crate) async fn device_waits(self, cx: &Cx, device: &DeviceRequest) -> Result<bool, Failure> {
        let row = self.app.pool_store(cx).device_request(&device.hash).await?;
        Ok(row.is_some_and(|row| row.state == DeviceState::Waiting && cx.now < row.expires_at))
    }

    /// The answer of somebody whose session meets the request of a device. `None`: it does not any more.
    pub(crate) async fn answer_device(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        device: &DeviceRequest,
        live: &Live,
        allow: bool,
    ) -> Result<Option<DeviceAnswer>, Failure> {
        let (user, hash, now) = (live.user.id, device.hash, cx.now);
        let hold = Hold::of(self.app, cx, live, Wish::Application(Box::new(checked.clone())));
        let ended = if allow { Ended::Done } else { Ended::Refused };
        let audit = self.app.audit(cx, AuditAction::Consent, Some(user), ended).client(&checked.client.id);
        let audit = audit.in_session(live.session.id).why("device", device.asked_from.clone());
        let (app, context, asked) = (self.app.clone(), cx.clone(), checked.clone());
        let redeemed_by = device.asked_at + LIFE;
        let job = move |tx: PoolTx| async move {
            let Some(held) = hold.enter(&tx).await?.filter(|held| held.changed.is_none()) else {
                return Ok(Err(Unanswered::SessionMoved));
            };
            if !allow {
                if !tx.deny_device(&hash, now).await? {
                    return Ok(Err(Unanswered::Over));
                }
                return Ok(Ok(tx.insert_audit(&audit).await?));
            }
            let (session, requirement) = (&held.live.session, &held.requirement);
            let Some(authenticated) = Authenticated::from_session(session, requirement, now) else {
                return Ok(Err(Unanswered::SessionMoved));
            };
            let span = Span { session_ends: session.expires_at, redeemed_by };
            let grant = grant_for(&app, &context, &asked, &authenticated, requirement, span);
            if !tx.allow_device(&hash, grant.id, now).await? {
                return Ok(Err(Unanswered::Over));
            }
            store_grant(&tx, &grant, &asked.disclosed).await?;
            tx.insert_audit(&audit).await?;
            Ok::<_, StoreError>(Ok(()))
        };
        let client_name = checked.client.name.clone();
        Ok(match self.app.pool_store(cx).write_or_undo(job).await? {
            Ok(()) if allow => Some(DeviceAnswer::Allowed { client_name }),
            Ok(()) => Some(DeviceAnswer::Denied { client_name }),
            Err(Unanswered::SessionMoved) => None,
            Err(Unanswered::Over) => Some(self.answered_before(cx, device, user, client_name).await?),
        })
    }

    /// What somebody is told whose answer came too late. A form that was sent twice hears what the first one did.
    async fn answered_before(
        self,
        cx: &Cx,
        device: &DeviceRequest,
        user: UserId,
        client_name: String,
    ) -> Result<DeviceAnswer, Failure> {
        let store = self.app.pool_store(cx);
        let Some(row) = store.device_request(&device.hash).await? else { return Ok(DeviceAnswer::Over) };
        Ok(match row.state {
            DeviceState::Denied => DeviceAnswer::Denied { client_name },
            DeviceState::Allowed(grant) | DeviceState::Spent(grant) => {
                let own = store.live_grant(grant, cx.now).await?.filter(|live| live.grant.user == user);
                own.map_or(DeviceAnswer::Over, |_| DeviceAnswer::Allowed { client_name })
            }
            DeviceState::Waiting => DeviceAnswer::Over,
        })
    }
}

/// Stores what a user has agreed to.
async fn store_grant(tx: &PoolTx, grant: &GrantRow, disclosed: &[String]) -> Result<(), StoreError> {
    tx.upsert_consent(grant.user, &grant.client_id, disclosed, grant.created_at).await?;
    tx.insert_grant(grant).await?;
    if Kept::is_looked_at(grant.id.as_bytes()) {
        tx.keep_newest_grants(grant, Kept::Grants.most()).await?;
    }
    Ok(())
}
