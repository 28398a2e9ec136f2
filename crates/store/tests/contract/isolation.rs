//! What is in one pool can be neither seen nor touched from another.

use crate::{
    bed::{Bed, on_each, unique},
    rows::*,
};
use vestibule_domain::{
    CeremonyId, CredentialId, FlowId, GrantId, LoginFlow, PoolId, RememberedBrowserId, SessionId, User,
    UserId, UserStatus, attempts::Admission,
};
use vestibule_seal::Sealed;
use vestibule_store::{
    AuditRow, BudgetKey, CeremonyKey, DeviceRow, Hash, KeyStatus, LogoutKey, LogoutOutcome, PoolStore, Spend,
    StoreError,
};

/// Every table inside a pool.
pub(crate) const TABLES: [&str; 22] = [
    "clients",
    "signing_keys",
    "pool_secrets",
    "users",
    "sessions",
    "attempts",
    "credentials",
    "flows",
    "ceremonies",
    "grants",
    "codes",
    "device_requests",
    "refresh_tokens",
    "consents",
    "mail_tokens",
    "outbox",
    "logout_notices",
    "spent_challenges",
    "remembered_devices",
    "known_browsers",
    "budgets",
    "audit",
];

/// What was written into a pool.
pub(crate) struct Filled {
    user: UserId,
    session: SessionId,
    session_token: Hash,
    credential: CredentialId,
    flow: LoginFlow,
    ceremony: (CeremonyId, Hash),
    grant: GrantId,
    code: Hash,
    refresh: Hash,
    device: DeviceRow,
    link: Hash,
    remembered: (RememberedBrowserId, Hash),
    budget: BudgetKey,
    audit: AuditRow,
    notice: LogoutKey,
}

/// Writes one row of every kind.
pub(crate) async fn fill(pool: &PoolStore) -> Filled {
    let user = user_in(pool, "alice").await.id;
    let (session, session_token) = session_in(pool, user).await;
    let credential = credential_in(pool, user, TOTP).await.id;
    let grant = grant_in(pool, user, session.id).await.id;
    let (ended, _) = session_in(pool, user).await;
    grant_in(pool, user, ended.id).await;
    let (flow, ceremony, link) = (a_flow(user), a_ceremony(user), a_mail_token(Some(user)));
    let (code, refresh, device) = (a_code(grant), a_refresh(grant), a_device());
    let remembered = a_remembered_browser(user);
    let cookie = remembered_browser_in(pool, &remembered).await;
    let audit = AuditRow { user: Some(user), ..an_audit_line("login", 0) };
    let budget = a_budget();
    let filled = Filled {
        user,
        session: session.id,
        session_token,
        credential,
        flow: flow.clone(),
        ceremony: (ceremony.id, ceremony.bound_to),
        grant,
        code: code.hash,
        refresh: refresh.hash,
        device: device.clone(),
        link: link.hash,
        remembered: (remembered.id, cookie),
        budget,
        audit: audit.clone(),
        notice: LogoutKey { session: ended.id, client_id: "app".to_owned() },
    };
    pool.write(move |tx| async move {
        tx.insert_flow(&flow).await?;
        tx.insert_ceremony(&ceremony).await?;
        tx.insert_mail_token(&link).await?;
        tx.insert_code(&code).await?;
        tx.insert_refresh(&refresh).await?;
        assert!(tx.insert_device_request(&device).await?);
        tx.upsert_consent(user, "app", &[], at(0)).await?;
        tx.admit_attempt(user.as_uuid(), &TOTP, at(0)).await?;
        tx.upsert_client(&a_client("app")).await?;
        tx.insert_signing_key(&a_key("one")).await?;
        assert!(tx.insert_pool_secret("pairwise", &Sealed::from_bytes([9]), at(0)).await?);
        tx.queue_mail(&a_mail()).await?;
        assert!(tx.spend_challenge(&a_hash(), at(300)).await?);
        tx.know_browser(user, &a_hash(), at(0)).await?;
        assert_eq!(tx.spend_budgets(&[budget], at(0)).await?, None);
        assert!(tx.end_session(user, ended.id, at(0)).await?);
        tx.insert_audit(&audit).await
    })
    .await
    .unwrap();
    filled
}

/// Every row of a pool as text.
pub(crate) async fn snapshot(bed: &Bed, pool: PoolId) -> Vec<String> {
    let mark = if bed.is_sqlite() {
        format!("X'{}'", pool.as_uuid().simple().to_string().to_uppercase())
    } else {
        format!("({pool}")
    };
    let mut lines = Vec::new();
    for table in TABLES {
        let rows = bed.dump(table).await;
        lines.extend(
            rows.into_iter().filter(|row| row.starts_with(&mark)).map(|row| format!("{table}: {row}")),
        );
    }
    lines
}

#[tokio::test]
async fn another_pool_sees_nothing() {
    on_each(|world| async move {
        let made = fill(&world.pool).await;
        let lines = snapshot(&world.bed, world.pool.id()).await;
        assert!(
            TABLES.iter().all(|table| lines.iter().any(|line| line.starts_with(&format!("{table}:")))),
            "{lines:?}"
        );
        let from = &world.other;
        assert_eq!(from.user(made.user).await.unwrap(), None);
        assert!(from.user_by_identifier("alice").await.unwrap().is_none());
        assert!(from.user_by_identifier("alice@example.test").await.unwrap().is_none());
        assert_eq!(from.password_hash(made.user).await.unwrap(), None);
        assert_eq!(users_of(from, 10).await, []);
        assert_eq!(from.session_by_token(&made.session_token).await.unwrap(), None);
        assert_eq!(from.sessions_of(made.user).await.unwrap(), []);
        assert_eq!(from.attempts(made.user.as_uuid()).await.unwrap(), []);
        assert!(from.credentials(made.user).await.unwrap().is_empty());
        assert_eq!(from.credential_totals(made.user).await.unwrap(), []);
        assert_eq!(from.flow(made.flow.id(), at(0)).await.unwrap(), None);
        assert_eq!(from.live_grant(made.grant, at(0)).await.unwrap(), None);
        assert_eq!(from.grants_of(made.user).await.unwrap(), []);
        assert_eq!(from.consent(made.user, "app").await.unwrap(), None);
        assert_eq!(from.consents_of(made.user).await.unwrap(), []);
        assert!(from.agreed_to(&["app"]).await.unwrap().is_empty());
        assert_eq!(from.clients().await.unwrap(), []);
        assert!(from.signing_keys().await.unwrap().is_empty());
        assert!(from.pool_secret("pairwise").await.unwrap().is_none());
        assert!(from.mail_token(&made.link, "reset", at(0)).await.unwrap().is_none());
        assert_eq!(from.used_up(&[made.budget], at(0)).await.unwrap(), None);
        assert_eq!(from.device_request(&made.device.hash).await.unwrap(), None);
        assert_eq!(from.waiting_device(&made.device.user_code, at(1)).await.unwrap(), None);
        assert_eq!(from.audit(10, None).await.unwrap(), []);
        assert_eq!(from.audit_row(made.audit.at, made.audit.id).await.unwrap(), None);
        assert_eq!(from.grants_of_session(made.session).await.unwrap(), []);
        assert_eq!(from.remembered_browser(&made.remembered.1, made.user, at(1)).await.unwrap(), None);
        assert_eq!(from.remembered_browsers(made.user, at(1)).await.unwrap(), []);
        assert_eq!(from.census().await.unwrap(), []);
        assert!(from.clients_of_session(made.session).await.unwrap().is_empty());
        assert_eq!(from.logout_notices("app", 9).await.unwrap(), []);
        assert_eq!(from.users_without_factor(&[]).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn another_pool_touches_nothing() {
    on_each(|world| async move {
        let made = fill(&world.pool).await;
        let before = snapshot(&world.bed, world.pool.id()).await;
        let budget = made.budget;
        let Filled {
            user, session, credential, flow, ceremony, grant, code, refresh, link, remembered, ..
        } = made;
        let flow_id: FlowId = flow.id();
        let touched = world.other.write(move |tx| async move {
            let (now, bound) = (at(1), ceremony.1);
            let key = CeremonyKey { id: ceremony.0, user, kind: &TOTP, purpose: "verify", bound_to: &bound };
            assert_eq!(tx.redeem_code(&code, now).await?, Spend::Unknown);
            assert_eq!(tx.redeem_refresh(&refresh, now).await?, Spend::Unknown);
            assert!(tx.take_ceremony(&key, now).await?.is_none());
            assert!(tx.spend_mail_token(&link, "reset", now).await?.is_none());
            assert_eq!(tx.spend_budgets(&[budget], now).await?, None, "counts for itself");
            let admission = tx.admit_attempt(user.as_uuid(), &TOTP, now).await?;
            assert!(
                matches!(admission, Admission::Admitted(state) if state.failures == 1),
                "counts for itself"
            );
            Ok([
                tx.update_profile(&User { id: user, ..a_user("mallory") }, now).await?,
                tx.set_user_status(user, UserStatus::Disabled, now).await?,
                tx.set_email_verified(user, "alice@example.test", now).await?,
                tx.set_groups(user, &[], now).await?,
                tx.set_password(user, "$mine", now).await?,
                tx.replace_password_hash(user, "$argon2id$old", "$mine").await?,
                tx.raise_session(session, user, &[], &a_hash(), now).await?,
                tx.touch_session(session, now, None, None).await?,
                tx.revoke_session(user, session, now).await?,
                tx.revoke_sessions(user, None, None, now).await? > 0,
                tx.clear_all_attempts(unique()).await? > 0,
                tx.raise_counter(credential, user, 99, now).await?,
                tx.spend_credential(credential, user, now).await?,
                tx.replace_credential(&an_update(credential, user), now).await?,
                tx.rename_credential(credential, user, "Mine").await?,
                tx.choose_credentials(user).await? > 0,
                tx.delete_credential(credential, user).await?,
                tx.delete_credentials_of_kind(user, &TOTP).await? > 0,
                tx.update_flow(&flow, 0).await?,
                tx.delete_flow(flow_id, 0).await?,
                tx.revoke_grant(grant, now).await?.is_some(),
                tx.revoke_grants(user, None, now).await? > 0,
                tx.delete_consent(user, "app").await?,
                tx.touch_consent(user, "app", now).await?,
                tx.forget_consents_to("app").await? > 0,
                tx.delete_client("app").await?,
                tx.set_key_status("one", KeyStatus::Active).await?,
                tx.reseal_signing_key("one", &Sealed::from_bytes([0])).await?,
                tx.reseal_pool_secret("pairwise", &Sealed::from_bytes([9]), &Sealed::from_bytes([0])).await?,
                tx.delete_signing_key("one").await?,
                tx.delete_mail_tokens(user).await? > 0,
                tx.skip_enrolment(user, None).await?,
                tx.touch_remembered_browser(&remembered.1, now).await?,
                tx.forget_remembered_browser(user, remembered.0).await?,
                tx.forget_remembered_browsers(user).await? > 0,
            ])
        });
        assert_eq!(touched.await.unwrap(), [false; 35]);
        // What refers to a user cannot refer to one of another pool.
        for write in 0..6 {
            let refused = world.other.write(move |tx| async move {
                match write {
                    0 => tx.insert_session(&a_session(user), &a_hash()).await,
                    1 => tx.insert_credential(&a_credential(user, TOTP)).await,
                    2 => tx.insert_grant(&a_grant(user, session)).await,
                    3 => tx.remember_browser(&a_remembered_browser(user), &a_hash()).await,
                    4 => tx.know_browser(user, &a_hash(), at(0)).await.map(|_| ()),
                    _ => tx.upsert_consent(user, "app", &[], at(0)).await,
                }
            });
            assert!(matches!(refused.await, Err(StoreError::Conflict(_))), "{write}");
        }
        assert_eq!(snapshot(&world.bed, world.pool.id()).await, before);
    })
    .await;
}

#[tokio::test]
async fn another_pool_ends_no_session_and_settles_no_notice() {
    on_each(|world| async move {
        let Filled { user, session, notice, .. } = fill(&world.pool).await;
        let before = snapshot(&world.bed, world.pool.id()).await;
        let touched = world.other.write(move |tx| {
            let notice = notice.clone();
            async move {
                let settled = tx.settle_logout(&notice, &LogoutOutcome::Delivered, at(1)).await?;
                Ok((settled, tx.end_session(user, session, at(1)).await?))
            }
        });
        assert_eq!(touched.await, Ok((false, false)));
        assert_eq!(snapshot(&world.bed, world.pool.id()).await, before);
    })
    .await;
}

#[tokio::test]
async fn another_pool_answers_no_device_and_collects_nothing() {
    on_each(|world| async move {
        let Filled { device, grant, .. } = fill(&world.pool).await;
        let before = snapshot(&world.bed, world.pool.id()).await;
        let hash = device.hash;
        let touched = world.other.write(move |tx| async move {
            assert_eq!(tx.redeem_device(&hash, at(1)).await?, Spend::Unknown);
            Ok([
                tx.allow_device(&hash, grant, at(1)).await?,
                tx.deny_device(&hash, at(1)).await?,
                tx.slow_device_down(&hash, at(1)).await?,
            ])
        });
        assert_eq!(touched.await, Ok([false; 3]));
        assert_eq!(snapshot(&world.bed, world.pool.id()).await, before);
    })
    .await;
}

#[tokio::test]
async fn two_pools_may_use_the_same_identifiers() {
    on_each(|world| async move {
        let user = a_user("alice");
        let session = a_session(user.id);
        let token = a_hash();
        for pool in [&world.pool, &world.other] {
            let (user, session) = (user.clone(), session.clone());
            let outcome = pool.write(move |tx| async move {
                tx.insert_user(&user, None).await?;
                tx.insert_session(&session, &token).await?;
                tx.upsert_client(&a_client("app")).await?;
                tx.insert_signing_key(&a_key("one")).await
            });
            assert_eq!(outcome.await, Ok(()));
        }
        let (id, owner) = (session.id, user.id);
        world.pool.write(move |tx| async move { tx.revoke_session(owner, id, at(1)).await }).await.unwrap();
        assert!(world.other.session_by_token(&token).await.unwrap().is_some());
    })
    .await;
}
