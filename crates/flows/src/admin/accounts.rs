//! What administrators do to accounts.

use crate::{
    admin::{
        Admin, AdminError,
        apply::Applied,
        spec::{PoolSpec, UserSpec},
    },
    base::{
        app::App,
        audit::{AuditAction, Detailed as _},
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, end_sessions},
    },
    policy::lockout::{OwnedFactors, PoolState, Usable, UserChange},
    sign_in::password::forget_guesses,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use vestibule_domain::{Email, FactorKind, Pool, Source, Timestamp, User, UserId, UserStatus, user::fold};
use vestibule_store::{Page, PoolTx, StoreError, UserFilter};
use zeroize::Zeroizing;

/// What a reset of factors removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorReset {
    /// How many credentials of each kind.
    pub removed: BTreeMap<FactorKind, u64>,
    /// How many sessions ended.
    pub sessions: u64,
}

/// What became of taking a user's factors away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResetAnswer {
    /// Done, and the user was told.
    Done(FactorReset),
    /// No such user.
    Unknown,
    /// Administrators do not do that to themselves: their own security page asks for a proof first.
    Oneself,
    /// The user could not get in any more; nothing was changed.
    Blocked {
        /// User name.
        username: String,
    },
}

/// What became of giving a user another address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressAnswer {
    /// Done, and the old address was told.
    Done {
        /// User name.
        username: String,
        /// The address now.
        email: String,
    },
    /// No such user.
    Unknown,
    /// Administrators do not do that to themselves: their own profile asks for a proof first.
    Oneself,
    /// It is no address.
    Invalid,
    /// The user has it already.
    Same,
    /// Somebody else has it.
    InUse,
    /// The user could not get in any more; nothing was changed.
    Blocked,
}

/// Everything that taking a user's factors away writes.
#[derive(Clone)]
struct Reset {
    app: App,
    pool: Pool,
    user: UserId,
    usable: Usable,
    told: Notices,
    now: Timestamp,
}

impl Reset {
    async fn run(mut self, tx: &PoolTx) -> Result<Result<FactorReset, ResetAnswer>, StoreError> {
        let Some((user, changed)) = tx.locked_user(self.user, self.pool.version).await? else {
            return Ok(Err(ResetAnswer::Unknown));
        };
        let (owned, clients) = (OwnedFactors::of(tx, user.id).await?, tx.clients().await?);
        let pool = PoolState { pool: changed.as_ref().unwrap_or(&self.pool), clients: &clients };
        let change = UserChange { before: &owned.line(&user), after: &owned.line_with(&user, &[]) };
        if self.app.policies().would_strand(pool, change, &self.usable, self.now) {
            return Ok(Err(ResetAnswer::Blocked { username: user.username }));
        }
        let kinds: BTreeSet<FactorKind> = owned.own.iter().map(|one| one.kind.clone()).collect();
        let names: Vec<&str> = kinds.iter().map(FactorKind::as_str).collect();
        self.told.audit = self.told.audit.and("kinds", names);
        let mut removed = BTreeMap::new();
        for kind in kinds {
            let count = tx.delete_credentials_of_kind(self.user, &kind).await?;
            removed.insert(kind, count);
        }
        tx.clear_all_attempts(self.user.as_uuid()).await?;
        forget_guesses(tx, self.user).await?;
        let sessions = end_sessions(tx, self.user, SessionEnd::ByAdministrator, self.now).await?;
        self.told.store(tx).await?;
        Ok(Ok(FactorReset { removed, sessions }))
    }
}

impl Admin<'_> {
    /// A page of the users of a pool that pass the filter, in the order in which they were made.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn users_of(
        &self,
        pool: &str,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Page<User, UserId>, AdminError> {
        let pool = self.pool_named(pool).await?;
        Ok(self.app.store().pool(pool.id).users(filter, after, limit).await?)
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`AdminError::Exists`], [`AdminError::EmailTaken`], [`AdminError::Weak`] and others.
    pub async fn create_user(&self, pool: &str, user: UserSpec) -> Result<User, AdminError> {
        let pool = self.pool_named(pool).await?;
        let store = self.app.store().pool(pool.id);
        let key = user.username.key();
        if store.user_by_identifier(&key).await?.is_some() {
            return Err(AdminError::Exists { kind: "user", name: user.username.as_str().to_owned() });
        }
        self.apply(&[PoolSpec { users: vec![user], ..PoolSpec::of(&pool) }]).await?;
        let made = store.user_by_identifier(&key).await?.map(|found| found.user);
        made.ok_or_else(|| AdminError::Conflict("the user was removed again at once".to_owned()))
    }

    /// Makes a user as `change` says; what it leaves alone stays. Says what changed.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`], [`AdminError::EmailTaken`], [`AdminError::Strands`], [`AdminError::LastAdmin`] and others.
    pub async fn update_user(
        &self,
        pool: &str,
        user: &str,
        change: impl FnOnce(&mut UserSpec),
    ) -> Result<Applied, AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let mut wanted = UserSpec::of(&user)?;
        change(&mut wanted);
        self.apply(&[PoolSpec { users: vec![wanted], ..PoolSpec::of(&pool) }]).await
    }

    /// Gives a user another address, for somebody who lost the mailbox of the old one. It gives the administrator nothing: the
    /// address counts as not proved, so no password is reset with it before its user, signed in, has proved it. The old
    /// address is told and can take the change back.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn change_address(
        &self,
        pool: &str,
        user: &str,
        address: &str,
    ) -> Result<AddressAnswer, AdminError> {
        let (_, user) = match self.account(pool, user).await {
            Ok(found) => found,
            Err(AdminError::NoSuchUser { .. }) => return Ok(AddressAnswer::Unknown),
            Err(error) => return Err(error),
        };
        if self.actor.is(&user) {
            return Ok(AddressAnswer::Oneself);
        }
        let Ok(email) = Email::parse(address) else { return Ok(AddressAnswer::Invalid) };
        if user.email.as_deref().map(fold) == Some(email.key()) {
            return Ok(AddressAnswer::Same);
        }
        let shown = email.as_str().to_owned();
        let change = |wanted: &mut UserSpec| {
            wanted.email = Some(email);
            wanted.email_verified = false;
        };
        match self.update_user(pool, &user.id.to_string(), change).await {
            Ok(_) => Ok(AddressAnswer::Done { username: user.username, email: shown }),
            Err(AdminError::EmailTaken { .. }) => Ok(AddressAnswer::InUse),
            Err(AdminError::Strands(_) | AdminError::LockOut(_) | AdminError::Conflict(_)) => {
                Ok(AddressAnswer::Blocked)
            }
            Err(error) => Err(error),
        }
    }

    /// Disables an account, which ends its sessions and tokens at once, or enables it again. Returns whether that
    /// changed anything.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn set_user_status(
        &self,
        pool: &str,
        user: &str,
        status: UserStatus,
    ) -> Result<bool, AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        if user.status == status {
            return Ok(false);
        }
        let now = self.app.now();
        let disabled = status == UserStatus::Disabled;
        let action = if disabled { AuditAction::UserDisabled } else { AuditAction::UserEnabled };
        let row = self.audit(now, action, Some(user.id), json!({}));
        let admins = if disabled { self.admins_without(&pool, &user, now).await? } else { None };
        let job = move |tx: PoolTx| async move {
            if let Some(admins) = &admins {
                admins.hold(&tx).await?;
            }
            tx.set_user_status(user.id, status, now).await?;
            if disabled {
                end_sessions(&tx, user.id, SessionEnd::AccountDisabled, now).await?;
            }
            tx.insert_audit(&row).await
        };
        self.change(pool.id, job).await?;
        Ok(true)
    }

    /// Gives an account another password. Sessions, tokens and mailed links end; failed attempts are forgotten; the
    /// user is told by mail.
    ///
    /// # Errors
    /// [`AdminError::Weak`], [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn set_user_password(
        &self,
        pool: &str,
        user: &str,
        password: Zeroizing<String>,
    ) -> Result<(), AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let hash = self.hash_for(&pool, &user, password).await?;
        let now = self.app.now();
        let mails = self.app.letters(&pool, now, Letter::to_user(&user, now, Notice::PasswordChanged))?;
        let audit = self.audit(now, AuditAction::PasswordSet, Some(user.id), json!({}));
        let told = Notices { mails, audit };
        let job = move |tx: PoolTx| async move {
            tx.set_password(user.id, &hash, now).await?;
            forget_guesses(&tx, user.id).await?;
            end_sessions(&tx, user.id, SessionEnd::ReplacedByAdministrator, now).await?;
            told.store(&tx).await
        };
        self.change(pool.id, job).await
    }

    /// Takes all second factors of an account away, for somebody who lost them: the user is told by mail. It gives the
    /// administrator nothing: the password stays, every session ends, and what the rules ask is asked at the next sign-in.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn reset_factors(&self, pool: &str, user: &str) -> Result<ResetAnswer, AdminError> {
        let (pool, user) = match self.account(pool, user).await {
            Ok(found) => found,
            Err(AdminError::NoSuchUser { .. }) => return Ok(ResetAnswer::Unknown),
            Err(error) => return Err(error),
        };
        if self.actor.is(&user) {
            return Ok(ResetAnswer::Oneself);
        }
        let now = self.app.now();
        let audit = self.audit(now, AuditAction::FactorsReset, Some(user.id), json!({}));
        let letter = Letter::to_user(&user, now, Notice::FactorsReset);
        let told = Notices { mails: self.app.letters(&pool, now, letter)?, audit };
        let usable = self.app.policies().usable(&pool, &user, now);
        let id = pool.id;
        let reset = Reset { app: self.app.clone(), pool, user: user.id, usable, told, now };
        let done = self.change_or_undo(id, move |tx| async move { reset.run(&tx).await }).await?;
        Ok(done.map_or_else(|refused| refused, ResetAnswer::Done))
    }

    /// The account of that name, address or identifier.
    pub(super) async fn account(&self, pool: &str, name: &str) -> Result<(Pool, User), AdminError> {
        let pool = self.pool_named(pool).await?;
        let store = self.app.store().pool(pool.id);
        let user = match name.parse::<UserId>() {
            Ok(id) => store.user(id).await?,
            Err(_) => store.user_by_typed(name).await?.map(|found| found.user),
        };
        match user {
            Some(user) => Ok((pool, user)),
            None => Err(AdminError::NoSuchUser { pool: pool.slug, user: name.to_owned() }),
        }
    }

    /// Judges and hashes a password that an administrator chose, as strictly as one that a user chooses.
    pub(super) async fn hash_for(
        &self,
        pool: &Pool,
        user: &User,
        password: Zeroizing<String>,
    ) -> Result<String, AdminError> {
        let personal = [user.username.as_str(), user.email.as_deref().unwrap_or_default()];
        let hashed = self.app.accounts().hash_new(Source::Unknown, pool, password, &personal).await?;
        hashed.map_err(AdminError::Weak)
    }
}
