//! Users.

use crate::{
    engine::{ByEngine, sql::Change, values},
    entity::{columns, pools, select, users},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{Insertion, Page, UserFilter, UserWithPassword},
    text::{from_json, to_count, to_json},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryTrait as _,
    sea_query::{ExprTrait as _, LikeExpr},
};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{
    Pool, Timestamp, User, UserId, UserProfile, UserStatus,
    user::{fold, plain_fold, skeleton},
};

const TABLE: &str = "users";

/// The columns of users in a join, behind the alias `u`.
pub(crate) static JOINED: LazyLock<String> = LazyLock::new(|| columns::<users::Entity>("u.", "u_"));

const fn status_name(status: UserStatus) -> &'static str {
    match status {
        UserStatus::Active => "active",
        UserStatus::Disabled => "disabled",
    }
}

/// What is stored of a profile: nothing where it is empty.
fn profile_column(profile: &UserProfile) -> Result<Option<String>, StoreError> {
    (*profile != UserProfile::default()).then(|| to_json(profile, TABLE)).transpose()
}

impl users::Model {
    pub(crate) fn into_user(self) -> Result<User, StoreError> {
        let status = match self.status.as_str() {
            "active" => UserStatus::Active,
            "disabled" => UserStatus::Disabled,
            _ => return Err(StoreError::corrupt(TABLE, "column status has an unknown value")),
        };
        Ok(User {
            id: UserId::from_uuid(self.id),
            username: self.username,
            email: self.email,
            email_verified: self.email_verified,
            name: self.name,
            locale: self.locale,
            groups: from_json(&self.group_names, TABLE, "group_names")?,
            profile: match &self.profile {
                Some(profile) => from_json(profile, TABLE, "profile")?,
                None => UserProfile::default(),
            },
            status,
            mfa_skips: to_count(self.mfa_skips, TABLE, "mfa_skips")?,
            created_at: Timestamp::from_seconds(self.created_at),
            updated_at: Timestamp::from_seconds(self.updated_at),
        })
    }
}

impl users::Model {
    fn into_user_with_password(mut self) -> Result<UserWithPassword, StoreError> {
        let password_hash = self.password_hash.take();
        Ok(UserWithPassword { user: self.into_user()?, password_hash })
    }
}

impl PoolReads {
    /// One user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| select::<users::Entity>("pool_id = $1 AND id = $2"));
        let row: Option<users::Model> =
            self.exec.one(&SQL, values![self.pool.as_uuid(), id.as_uuid()]).await?;
        row.map(users::Model::into_user).transpose()
    }

    /// The user with this user name or address, folded by [`fold`]. A user name has no `@` and an address has one, so
    /// at most one user answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_by_identifier(&self, folded: &str) -> Result<Option<UserWithPassword>, StoreError> {
        static BY_NAME: LazyLock<String> =
            LazyLock::new(|| select::<users::Entity>("pool_id = $1 AND username_key = $2"));
        static BY_EMAIL: LazyLock<String> =
            LazyLock::new(|| select::<users::Entity>("pool_id = $1 AND email_key = $2"));
        let sql = if folded.contains('@') { &BY_EMAIL } else { &BY_NAME };
        let row: Option<users::Model> = self.exec.one(sql, values![self.pool.as_uuid(), folded]).await?;
        row.map(users::Model::into_user_with_password).transpose()
    }

    /// The user whom somebody means who typed this. A name from before there were normal forms is found as it was typed, even
    /// where a newer one has its normal form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_by_typed(&self, typed: &str) -> Result<Option<UserWithPassword>, StoreError> {
        static EITHER: LazyLock<String> = LazyLock::new(|| {
            let condition = "pool_id = $1 AND username_key IN ($2, $3)";
            format!("{} ORDER BY (username_key = $2) DESC LIMIT 1", select::<users::Entity>(condition))
        });
        let (folded, plain) = (fold(typed), plain_fold(typed));
        if folded == plain || folded.contains('@') {
            return self.user_by_identifier(&folded).await;
        }
        let values = values![self.pool.as_uuid(), plain, folded];
        let row: Option<users::Model> = self.exec.one(&EITHER, values).await?;
        row.map(users::Model::into_user_with_password).transpose()
    }

    /// What the user's password is checked against.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn password_hash(&self, user: UserId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT password_hash FROM users WHERE pool_id = $1 AND id = $2";
        let row = self.exec.row(sql, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        Ok(row.map(|row| row.try_get_by_index::<Option<String>>(0)).transpose()?.flatten())
    }

    /// A page of the users that pass `filter`, by identifier, which is the order in which they were made; those behind
    /// `after` when it is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(
        &self,
        filter: &UserFilter,
        after: Option<UserId>,
        limit: u64,
    ) -> Result<Page<User, UserId>, StoreError> {
        let mut list = users::Entity::find()
            .filter(users::Column::PoolId.eq(self.pool.as_uuid()))
            .apply_if(filter.status, |list, status| {
                list.filter(users::Column::Status.eq(status_name(status)))
            })
            .apply_if(filter.group.as_ref(), |list, group| {
                // Groups are a JSON list, so a name in it stands in quotes.
                let quoted = serde_json::Value::from(group.as_str()).to_string();
                list.filter(users::Column::GroupNames.like(within(&quoted)))
            })
            .apply_if(filter.begins.as_ref(), |list, begins| {
                let begins = || LikeExpr::new(format!("{}%", literally(begins))).escape('\\');
                let name = users::Column::UsernameKey.like(begins());
                list.filter(name.or(users::Column::EmailKey.like(begins())))
            })
            .cursor_by(users::Column::Id);
        if let Some(after) = after {
            list.after(after.as_uuid());
        }
        // One more than asked for tells whether there is another page.
        let rows = list.first(limit.saturating_add(1)).all(&self.exec).await?;
        let items = rows.into_iter().map(users::Model::into_user).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::cut(items, limit, |user| user.id))
    }
}

/// A pattern for whatever holds this text.
fn within(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", literally(text))).escape('\\')
}

/// A text in which nothing stands for anything else when it is part of a pattern.
fn literally(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

impl PoolTx {
    /// Adds a user unless the user name or the address is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_user(
        &self,
        user: &User,
        password_hash: Option<&str>,
    ) -> Result<Insertion, StoreError> {
        let row = users::Model {
            pool_id: self.pool.as_uuid(),
            id: user.id.as_uuid(),
            username: user.username.clone(),
            username_key: fold(&user.username),
            username_skeleton: Some(skeleton(&user.username)),
            email: user.email.clone(),
            email_key: user.email.as_deref().map(fold),
            email_verified: user.email_verified,
            name: user.name.clone(),
            locale: user.locale.clone(),
            group_names: to_json(&user.groups, TABLE)?,
            profile: profile_column(&user.profile)?,
            status: status_name(user.status).to_owned(),
            password_hash: password_hash.map(str::to_owned),
            mfa_skips: i64::from(user.mfa_skips),
            created_at: user.created_at.as_seconds(),
            updated_at: user.updated_at.as_seconds(),
        };
        let added = Change::insert_if_absent::<users::Entity>(row);
        if self.exec.hit_change(added).await? {
            return Ok(Insertion::Inserted);
        }
        self.who_has(user).await
    }

    /// Why a new user could not be added.
    async fn who_has(&self, user: &User) -> Result<Insertion, StoreError> {
        let sql = "SELECT COUNT(*) FILTER (WHERE username_key = $2 OR username_skeleton = $4), \
                   COUNT(*) FILTER (WHERE email_key = $3) FROM users \
                   WHERE pool_id = $1 AND (username_key = $2 OR email_key = $3 OR username_skeleton = $4)";
        let values = values![
            self.pool.as_uuid(),
            fold(&user.username),
            user.email.as_deref().map(fold),
            skeleton(&user.username)
        ];
        let row = self.exec.row(sql, values).await?;
        let count = |index| row.as_ref().map_or(Ok(0), |row| row.try_get_by_index::<i64>(index));
        match (count(0)?, count(1)?) {
            (0, 0) => Err(StoreError::Conflict("the identifier of the user is taken".to_owned())),
            (0, _) => Ok(Insertion::EmailTaken),
            _ => Ok(Insertion::UsernameTaken),
        }
    }

    /// Makes every other lock of the same user wait until this transaction ends: for a change that depends on
    /// all of the user's rows, not on one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_user(&self, user: UserId) -> Result<(), StoreError> {
        let sql = "UPDATE users SET updated_at = updated_at WHERE pool_id = $1 AND id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        Ok(())
    }

    /// Makes everybody else wait as [`PoolTx::lock_user`] does, and reads the user as of then; with the pool as it is now,
    /// where its settings are no longer of `seen_version`. One statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locked_user(
        &self,
        user: UserId,
        seen_version: i64,
    ) -> Result<Option<(User, Option<Pool>)>, StoreError> {
        static SQL: LazyLock<ByEngine> = LazyLock::new(|| {
            let sqlite = format!(
                "SELECT {}, {} FROM users u LEFT JOIN pools p ON p.id = u.pool_id AND p.version <> $3 \
                 WHERE u.pool_id = $1 AND u.id = $2",
                *JOINED,
                columns::<pools::Entity>("p.", "p_"),
            );
            // SQLite has one writer at a time, so a transaction that writes has locked everything.
            ByEngine { postgres: format!("{sqlite} FOR UPDATE OF u"), sqlite }
        });
        let values = values![self.pool.as_uuid(), user.as_uuid(), seen_version];
        let Some(row) = self.exec.row(self.exec.pick(&SQL), values).await? else { return Ok(None) };
        let changed = match row.try_get::<Option<Uuid>>("", "p_id")? {
            Some(_) => Some(pools::Model::from_query_result(&row, "p_")?.into_pool()?),
            None => None,
        };
        Ok(Some((users::Model::from_query_result(&row, "u_")?.into_user()?, changed)))
    }

    /// Makes every other lock of the pool as a whole wait until this transaction ends: for a change that depends
    /// on all of its users.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lock_pool(&self) -> Result<(), StoreError> {
        let sql = "UPDATE pools SET version = version WHERE id = $1";
        self.exec.run(sql, values![self.pool.as_uuid()]).await?;
        Ok(())
    }

    /// Writes name, language and profile as they are in `user`. The profile is one column: whoever changes a part of it reads the
    /// rest in this transaction, by [`PoolTx::locked_user`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update_profile(&self, user: &User, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET name = $3, locale = $4, updated_at = $5, profile = $6 \
                   WHERE pool_id = $1 AND id = $2";
        let values = values![
            self.pool.as_uuid(),
            user.id.as_uuid(),
            user.name.clone(),
            user.locale.clone(),
            now.as_seconds(),
            profile_column(&user.profile)?
        ];
        self.exec.hit(sql, values).await
    }

    /// Changes the language that the user is written to in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_locale(
        &self,
        user: UserId,
        locale: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET locale = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2";
        let locale = locale.map(str::to_owned);
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), locale, now.as_seconds()]).await
    }

    /// Lets a user in or keeps it out. Keeping it out ends its sessions and grants, so that letting it in again does
    /// not bring them back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_user_status(
        &self,
        user: UserId,
        status: UserStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET status = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2";
        let values = values![self.pool.as_uuid(), user.as_uuid(), status_name(status), now.as_seconds()];
        let changed = self.exec.hit(sql, values).await?;
        if changed && status == UserStatus::Disabled {
            self.revoke_sessions(user, None, None, now).await?;
            self.revoke_grants(user, None, now).await?;
        }
        Ok(changed)
    }

    /// Notes that a mail to `email` was answered; `false` when that is no longer the user's address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_email_verified(
        &self,
        user: UserId,
        email: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET email_verified = TRUE, updated_at = $4 \
                   WHERE pool_id = $1 AND id = $2 AND email_key = $3";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), fold(email), now.as_seconds()]).await
    }

    /// Gives the user another address, or none; `false` when somebody else has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_email(
        &self,
        user: UserId,
        email: Option<&str>,
        verified: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let key = email.map(fold);
        let sql = "UPDATE users SET email = $3, email_key = $4, email_verified = $5, updated_at = $6 \
                   WHERE pool_id = $1 AND id = $2 AND ($4 IS NULL OR NOT EXISTS \
                   (SELECT 1 FROM users other WHERE other.pool_id = $1 AND other.id <> $2 \
                   AND (other.email_key = $4 OR other.username_key = $4)))";
        let values = values![
            self.pool.as_uuid(),
            user.as_uuid(),
            email.map(str::to_owned),
            key,
            verified && email.is_some(),
            now.as_seconds()
        ];
        self.exec.hit(sql, values).await
    }

    /// Counts that the user postponed an enrolment that was proposed; `false` when that was done `most` times before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn skip_enrolment(&self, user: UserId, most: Option<u32>) -> Result<bool, StoreError> {
        let sql =
            "UPDATE users SET mfa_skips = mfa_skips + 1 WHERE pool_id = $1 AND id = $2 AND mfa_skips < $3";
        let most = i64::from(most.unwrap_or(u32::MAX));
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), most]).await
    }

    /// Replaces the groups.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_groups(
        &self,
        user: UserId,
        groups: &[String],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET group_names = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2";
        let groups = to_json(&groups, TABLE)?;
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), groups, now.as_seconds()]).await
    }

    /// Sets a new password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(&self, user: UserId, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET password_hash = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), hash, now.as_seconds()]).await
    }

    /// Stores the same password, under better parameters or as it is, unless it was changed or the account disabled
    /// meanwhile. Until this transaction ends nobody else does either.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_password_hash(
        &self,
        user: UserId,
        old: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET password_hash = $4 \
                   WHERE pool_id = $1 AND id = $2 AND password_hash = $3 AND status = 'active'";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), old, new]).await
    }

    /// As [`PoolTx::replace_password_hash`], for another password: the user counts as changed at `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_password(
        &self,
        user: UserId,
        old: &str,
        new: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE users SET password_hash = $4, updated_at = $5 \
                   WHERE pool_id = $1 AND id = $2 AND password_hash = $3 AND status = 'active'";
        let values = values![self.pool.as_uuid(), user.as_uuid(), old, new, now.as_seconds()];
        self.exec.hit(sql, values).await
    }
}
