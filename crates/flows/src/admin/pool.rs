//! The settings page of a pool's own administrators: the switch for everybody, a user's factors taken away, and why a
//! prompt appeared.

use crate::{
    admin::{Admin, accounts::FactorReset},
    base::{
        audit::{AuditAction, Detailed as _, Ended, Why},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, end_sessions},
    },
    policy::lockout::{LockOut, OwnedFactors, PoolState},
    sign_in::gate::Account,
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use vestibule_domain::{
    AuditId, Credential, FactorKind, MfaMode, Pool, SessionId, Timestamp, User, user::fold,
};
use vestibule_store::{
    PlatformTx, PoolTx, StoreError,
    records::{AuditRow, GrantRow},
};

/// Proof that the account belongs to an administrator of its pool.
#[derive(Clone, Copy)]
pub struct PoolAdmin<'a>(&'a Account);

/// What the settings page shows.
pub struct PoolSettingsView {
    /// Who is asked for a second factor.
    pub mode: MfaMode,
    /// How many users would be asked to enrol if everybody were.
    pub will_enrol: u64,
}

/// What became of turning the switch.
pub enum Switched {
    /// Done.
    Done,
    /// It stood there already.
    Unchanged,
    /// The second factor is locked for everybody: it is no longer a matter of a switch.
    Locked,
    /// These could not get in any more; nothing was changed.
    Blocked(Vec<LockOut>),
}

/// What became of taking a user's factors away.
pub enum ResetAnswer {
    /// Done, and the user was told.
    Done(FactorReset),
    /// No such user.
    Unknown,
    /// Administrators do not do that to themselves: their own security page asks for a proof first.
    Oneself,
    /// The user could not get in any more; nothing was changed.
    Blocked,
}

/// Why a prompt or a refusal appeared.
pub struct Explanation {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub user: String,
    /// At which stage: `second-factor`, `enrol`, `suggest`; `granted` for a code or token; empty for a refusal.
    pub stage: String,
    /// Rules and their version; none where no rule was asked.
    pub why: Option<Why>,
    /// Name of the application; none for the user center.
    pub application: Option<String>,
    /// Whether it was a refusal.
    pub refused: bool,
}

impl Account {
    /// Whether the account may see its pool's settings page.
    pub fn as_admin(&self, cx: &Cx) -> Option<PoolAdmin<'_>> {
        is_admin(&cx.pool.pool, &self.live.user).then_some(PoolAdmin(self))
    }
}

/// Whether the user is an administrator of the pool.
pub(crate) fn is_admin(pool: &Pool, user: &User) -> bool {
    pool.settings.admin_group.as_ref().is_some_and(|group| user.groups.contains(group))
}

impl Admin<'_> {
    /// The settings page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn pool_settings(self, cx: &Cx, _: PoolAdmin<'_>) -> Result<PoolSettingsView, Failure> {
        let backups = self.app.registry().iter().filter(|factor| factor.traits().evidence.is_recovery());
        let backups: Vec<FactorKind> = backups.map(|factor| factor.kind()).collect();
        let will_enrol = self.app.pool_store(cx).users_without_factor(&backups).await?;
        Ok(PoolSettingsView { mode: cx.pool.pool.settings.mfa.mode(), will_enrol })
    }

    /// Turns the switch for everybody.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn switch_mfa(self, cx: &Cx, admin: PoolAdmin<'_>, mode: MfaMode) -> Result<Switched, Failure> {
        let before = self.app.store().platform().pool_by_slug(&cx.pool.pool.slug).await?;
        let before = before.ok_or_else(|| Failure::internal("the pool is gone"))?;
        if before.settings.mfa.mode() == mode {
            return Ok(Switched::Unchanged);
        }
        if before.settings.mfa.everybody.locked == Some(true) {
            return Ok(Switched::Locked);
        }
        let mut after = before.clone();
        after.settings.mfa.everybody.mode = Some(mode);
        let store = self.app.pool_store(cx);
        let clients = store.clients().await?;
        let scenes =
            (PoolState { pool: &before, clients: &clients }, PoolState { pool: &after, clients: &clients });
        let shut = self.app.policies().lock_outs(scenes, &store.census().await?, cx.now);
        if !shut.is_empty() {
            return Ok(Switched::Blocked(shut));
        }
        let audit = self
            .app
            .audit(cx, AuditAction::PolicyChanged, Some(admin.0.live.user.id), Ended::Done)
            .why("mode", mode.as_str());
        let seen = before.version;
        let job = move |tx: PlatformTx| async move {
            let pool = tx.pool(after.id);
            pool.lock_pool().await?;
            // Somebody else's change of the settings is not overwritten by an older state.
            if tx.pool_version(after.id).await? != Some(seen) {
                return Err(StoreError::Conflict("the settings were changed by somebody else".to_owned()));
            }
            tx.upsert_pool(&after).await?;
            pool.insert_audit(&audit).await
        };
        match self.app.store().platform().write(job).await {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return Ok(Switched::Unchanged),
            Err(error) => return Err(error.into()),
        }
        self.app.refresh_configuration().await?;
        Ok(Switched::Done)
    }

    /// Takes all factors of a user of the pool away: audited, and told to the user. It gives the administrator nothing:
    /// the user's password stays, every session ends, and what the rules ask is asked at the next sign-in.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn reset_factors_of(
        self,
        cx: &Cx,
        admin: PoolAdmin<'_>,
        username: &str,
    ) -> Result<ResetAnswer, Failure> {
        let store = self.app.pool_store(cx);
        let folded: String = fold(username).chars().take(254).collect();
        let Some(found) = store.user_by_identifier(&folded).await? else { return Ok(ResetAnswer::Unknown) };
        let by = &admin.0.live.user;
        if found.user.id == by.id {
            return Ok(ResetAnswer::Oneself);
        }
        let means = OwnedFactors::of(&store, found.user.id).await?;
        let clients = store.clients().await?;
        let scene = PoolState { pool: &cx.pool.pool, clients: &clients };
        let lines = (&means.line(&found.user), &means.line_with(&found.user, &[]));
        if self.app.policies().would_strand(scene, lines, cx.now) {
            return Ok(ResetAnswer::Blocked);
        }
        let audit = self
            .app
            .audit(cx, AuditAction::FactorsReset, Some(found.user.id), Ended::Done)
            .why("by", by.id.to_string());
        let reset = self.prepare_reset(&cx.pool.pool, &found.user, &means.own, audit, cx.now)?;
        Ok(ResetAnswer::Done(store.write(move |tx| async move { reset.run(&tx).await }).await?))
    }

    /// Explains a challenge or a refusal of the pool by its reference, or the `acr` that was issued last in a session by the
    /// session's `sid`.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn explain(
        self,
        cx: &Cx,
        _: PoolAdmin<'_>,
        trace: &str,
    ) -> Result<Option<Explanation>, Failure> {
        self.explain_in(&cx.pool.pool, trace).await
    }

    pub(crate) async fn explain_in(self, pool: &Pool, trace: &str) -> Result<Option<Explanation>, Failure> {
        let Ok(id) = trace.trim().parse::<Uuid>() else { return Ok(None) };
        let Some((seconds, _)) = id.get_timestamp().map(|stamp| stamp.to_unix()) else { return Ok(None) };
        let Ok(seconds) = i64::try_from(seconds) else { return Ok(None) };
        let store = self.app.store().pool(pool.id);
        let found = store.audit_row(Timestamp::from_seconds(seconds), AuditId::from_uuid(id)).await?;
        let (user, explanation) = match found.filter(explains) {
            Some(row) => (row.user, explanation(&row)),
            // Not a prompt: then perhaps a session, whose latest code or token has its reasons with it.
            None => match store.grants_of_session(SessionId::from_uuid(id)).await?.into_iter().next() {
                Some(grant) => (Some(grant.user), granted(grant)),
                None => return Ok(None),
            },
        };
        let user = match user {
            Some(user) => store.user(user).await?.map(|user| user.username),
            None => None,
        };
        Ok(Some(Explanation { user: user.unwrap_or_default(), ..explanation }))
    }
}

/// Stage of an explanation of what was issued.
const GRANTED: &str = "granted";

fn granted(grant: GrantRow) -> Explanation {
    Explanation {
        at: grant.created_at,
        user: String::new(),
        stage: GRANTED.to_owned(),
        why: serde_json::from_str(&grant.basis).ok(),
        application: Some(grant.client_id),
        refused: false,
    }
}

/// Whether a row tells why a prompt or a refusal appeared.
fn explains(row: &AuditRow) -> bool {
    [AuditAction::Challenge, AuditAction::Refusal].iter().any(|action| row.action == action.as_str())
}

fn explanation(row: &AuditRow) -> Explanation {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let part = |name: &str| detail.get(name).cloned().unwrap_or_default();
    Explanation {
        at: row.at,
        user: String::new(),
        stage: part("stage").as_str().unwrap_or_default().to_owned(),
        why: serde_json::from_value(part("why")).ok(),
        application: row.client_id.clone(),
        refused: row.action == AuditAction::Refusal.as_str(),
    }
}

/// Everything that taking a user's factors away writes.
#[derive(Clone)]
pub(crate) struct Reset {
    user: vestibule_domain::UserId,
    kinds: Vec<FactorKind>,
    told: Notices,
    now: Timestamp,
}

impl Reset {
    pub(crate) async fn run(self, tx: &PoolTx) -> Result<FactorReset, StoreError> {
        tx.lock_user(self.user).await?;
        let mut removed = BTreeMap::new();
        for kind in self.kinds {
            let count = tx.delete_credentials_of_kind(self.user, &kind).await?;
            removed.insert(kind, count);
        }
        tx.clear_all_attempts(self.user.as_uuid()).await?;
        let sessions = end_sessions(tx, self.user, SessionEnd::ByAdministrator, self.now).await?;
        self.told.store(tx).await?;
        Ok(FactorReset { removed, sessions })
    }
}

impl Admin<'_> {
    pub(crate) fn prepare_reset(
        self,
        pool: &Pool,
        user: &User,
        own: &[Credential],
        audit: AuditRow,
        now: Timestamp,
    ) -> Result<Reset, Failure> {
        let kinds: std::collections::BTreeSet<FactorKind> = own.iter().map(|one| one.kind.clone()).collect();
        let letter = Letter::to_user(user, now, Notice::FactorsReset);
        let told = Notices { mails: self.app.letters(pool, now, letter)?, audit };
        Ok(Reset { user: user.id, kinds: kinds.into_iter().collect(), told, now })
    }
}
