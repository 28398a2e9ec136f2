//! Applying a declaration: the difference is written in one transaction.

use crate::{
    admin::{
        Admin, AdminError,
        actor::Via,
        plan::{Plan, PlanAction, Present, UserWork, Work, compare},
        spec::{PoolSpec, UserSpec},
        subjects::write_clients,
    },
    base::{
        audit::AuditAction,
        failure::Failure,
        session_end::{SessionEnd, end_sessions},
    },
    factor::address::{AddressChange, AddressWritten, NewAddress},
};
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};
use vestibule_domain::{Client, Pool, PoolId, Timestamp, TokenAlg, User, UserId, UserProfile, UserStatus};
use vestibule_seal::sha256;
use vestibule_store::{
    PlatformTx, PoolTx, StoreError,
    records::{AuditRow, Insertion, KeyStatus, PoolWrite, SigningKeyRow},
};
use zeroize::Zeroizing;

/// What applying did.
pub struct Applied {
    /// The steps.
    pub plan: Plan,
    /// Secrets that were drawn; they can never be read again.
    pub secrets: Vec<ClientSecret>,
}

/// How far applying has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// New users whose password is hashed.
    pub done: usize,
    /// New users in all.
    pub all: usize,
}

/// Passwords that wait to be hashed side by side; how many are hashed at once is the hasher's affair.
const AT_ONCE: usize = 64;

/// Counts what is done, and tells of it.
struct Steps<'a> {
    all: usize,
    done: AtomicUsize,
    tell: &'a (dyn Fn(Progress) + Sync),
}

impl Steps<'_> {
    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        (self.tell)(Progress { done, all: self.all });
    }
}

/// The secret of an application, to be shown once.
pub struct ClientSecret {
    /// Slug of the pool.
    pub pool: String,
    /// `client_id`.
    pub client: String,
    /// The secret.
    pub secret: Zeroizing<String>,
}

/// A declared pool: what is there, what it becomes, and what has to be written for that.
struct Wanted<'a> {
    before: Option<&'a Pool>,
    pool: Pool,
    work: Work<'a>,
}

/// What is written of a pool itself.
#[derive(Clone, Copy)]
enum PoolChange {
    None,
    New,
    /// One that had this version when it was looked at.
    Of {
        version: i64,
    },
}

/// Everything to write for one pool, computed before the transaction begins: nothing slow happens inside it.
#[derive(Clone)]
struct Ready {
    pool: Pool,
    write: PoolChange,
    keys: Vec<SigningKeyRow>,
    clients: Vec<Client>,
    new_users: Vec<(User, Option<String>)>,
    changed_users: Vec<ChangedUser>,
    audit: Vec<AuditRow>,
}

/// A user who is there, and what is written of them: what was read before the transaction and is not to change must not undo
/// what somebody else writes meanwhile.
#[derive(Clone)]
struct ChangedUser {
    user: User,
    /// As they were, where name, language or profile change.
    was: Option<Box<User>>,
    groups: bool,
    address: Option<AddressChange>,
}

impl Admin<'_> {
    /// What [`Admin::apply`] would do. Writes nothing.
    ///
    /// # Errors
    /// [`AdminError`] when it cannot be done.
    pub async fn plan(&self, wanted: &[PoolSpec]) -> Result<Plan, AdminError> {
        let mut plan = Plan::default();
        let there = self.present(wanted).await?;
        for (spec, present) in wanted.iter().zip(&there) {
            compare(spec, present, &mut plan.steps)?;
        }
        Ok(plan)
    }

    /// Makes what is there as declared, in one transaction: all of it or nothing. Applying twice changes nothing.
    ///
    /// # Errors
    /// [`AdminError`]; then nothing has changed.
    pub async fn apply(&self, wanted: &[PoolSpec]) -> Result<Applied, AdminError> {
        self.apply_telling(wanted, &|_| {}).await
    }

    /// As [`Admin::apply`], and says after each password that was hashed how far it has come: that is what takes long.
    ///
    /// # Errors
    /// As [`Admin::apply`].
    pub async fn apply_telling(
        &self,
        wanted: &[PoolSpec],
        tell: &(dyn Fn(Progress) + Sync),
    ) -> Result<Applied, AdminError> {
        let now = self.app.now();
        let there = self.present(wanted).await?;
        let mut applied = Applied { plan: Plan::default(), secrets: Vec::new() };
        let mut works = Vec::new();
        for (spec, present) in wanted.iter().zip(&there) {
            let work = compare(spec, present, &mut applied.plan.steps)?;
            let before = present.pool.as_ref();
            works.push(Wanted { work, before, pool: self.pool_as_wanted(spec, present, now) });
        }
        if applied.plan.is_unchanged() {
            return Ok(applied);
        }
        let mut admins = HashMap::new();
        for (Wanted { work, pool, .. }, present) in works.iter().zip(&there) {
            self.check_sectors(pool, &work.clients, &present.clients).await?;
            admins.extend(self.check_ways(work, pool, present, now).await?.map(|held| (pool.id, held)));
        }
        let orders = works.iter().flat_map(|Wanted { work, pool, .. }| {
            work.algs.iter().map(|alg| (pool.id, *alg, KeyStatus::Active)).collect::<Vec<_>>()
        });
        let mut keys: HashMap<PoolId, Vec<SigningKeyRow>> = HashMap::new();
        for (pool, row) in self.draw_signing_keys(orders.collect(), now).await? {
            keys.entry(pool).or_default().push(row);
        }
        let new = |wanted: &Wanted<'_>| {
            wanted.work.users.iter().filter(|user| matches!(user, UserWork::New(..))).count()
        };
        let all: usize = works.iter().map(new).sum();
        let steps = Steps { all, done: AtomicUsize::new(0), tell };
        let mut ready = Vec::new();
        for wanted in works {
            let keys = keys.remove(&wanted.pool.id).unwrap_or_default();
            ready.push(self.make_ready(wanted, keys, &steps, &mut applied.secrets).await?);
        }
        let pools = ready.iter().map(|one| one.pool.id).collect();
        let job = move |tx: PlatformTx| async move {
            for (pool, held) in &admins {
                held.hold(&tx.pool(*pool)).await?;
            }
            // Before the configuration, as whoever registers an application by itself.
            for one in ready.iter().filter(|one| !one.clients.is_empty()) {
                tx.pool(one.pool.id).lock_pool().await?;
            }
            for one in &ready {
                write_pool(&tx, one).await?;
                write_contents(&tx.pool(one.pool.id), one, now).await?;
            }
            Ok(())
        };
        self.change_pools(pools, job).await?;
        Ok(applied)
    }

    /// Makes a pool that is not there yet, with its keys.
    ///
    /// # Errors
    /// [`AdminError::Exists`], and those of [`Admin::apply`].
    pub async fn create_pool(&self, spec: PoolSpec) -> Result<Applied, AdminError> {
        if self.app.store().platform().pool_by_slug(&spec.slug).await?.is_some() {
            return Err(AdminError::Exists { kind: "pool", name: spec.slug });
        }
        self.apply(&[spec]).await
    }

    fn pool_as_wanted(&self, spec: &PoolSpec, present: &Present, now: Timestamp) -> Pool {
        let id = present.pool.as_ref().map(|pool| pool.id);
        Pool {
            id: id.unwrap_or_else(|| PoolId::new(now, self.app.entropy().as_ref())),
            tenant: spec.tenant.clone(),
            slug: spec.slug.clone(),
            name: spec.name.clone(),
            origin: spec.origin.clone(),
            settings: spec.settings.clone(),
            version: present.pool.as_ref().map_or(1, |pool| pool.version),
        }
    }

    async fn present(&self, wanted: &[PoolSpec]) -> Result<Vec<Present>, AdminError> {
        // All pools, not only those of the actor: an origin or name of any pool is taken.
        let pools = self.app.store().platform().pools().await?;
        let covers = |pool: &Pool| self.actor.scope().covers(pool);
        let declared = |pool: &Pool| wanted.iter().any(|spec| spec.slug == pool.slug);
        let mut there = Vec::new();
        for spec in wanted {
            let taken = pools.iter().find(|pool| !declared(pool) && pool.origin == spec.origin);
            if let Some(taken) = taken {
                return Err(AdminError::OriginTaken {
                    origin: spec.origin.to_string(),
                    pool: covers(taken).then(|| taken.slug.clone()),
                });
            }
            let mut present = Present::default();
            if let Some(pool) = pools.iter().find(|pool| pool.slug == spec.slug) {
                self.read_present(pool, spec, &mut present).await?;
            }
            if !self.actor.scope().covers_change(present.pool.as_ref(), &spec.tenant) {
                return Err(AdminError::NoSuchPool(spec.slug.clone()));
            }
            there.push(present);
        }
        Ok(there)
    }

    async fn read_present(&self, pool: &Pool, spec: &PoolSpec, present: &mut Present) -> Result<(), Failure> {
        let store = self.app.store().pool(pool.id);
        present.pool = Some(pool.clone());
        let keys = store.signing_keys().await?;
        let active = keys.into_iter().filter(|key| key.status == KeyStatus::Active);
        present.algs = active.map(|key| key.alg).collect::<Vec<TokenAlg>>();
        present.clients = store.clients().await?;
        for user in &spec.users {
            let key = user.username.key();
            if let Some(found) = store.user_by_identifier(&key).await? {
                present.users.insert(key, found.user);
            }
            if let Some(key) = user.email.as_ref().map(vestibule_domain::Email::key)
                && let Some(found) = store.user_by_identifier(&key).await?
            {
                present.addresses.insert(key, found.user);
            }
        }
        Ok(())
    }

    async fn make_ready(
        &self,
        wanted: Wanted<'_>,
        keys: Vec<SigningKeyRow>,
        steps: &Steps<'_>,
        secrets: &mut Vec<ClientSecret>,
    ) -> Result<Ready, AdminError> {
        let Wanted { before, pool, work } = wanted;
        let now = self.app.now();
        let mut audit = Vec::new();
        let write = match (work.pool, before) {
            (PlanAction::Unchanged, _) => PoolChange::None,
            (_, None) => PoolChange::New,
            (_, Some(before)) => PoolChange::Of { version: before.version },
        };
        if work.pool != PlanAction::Unchanged {
            let detail = json!({ "pool": pool.slug, "changes": work.pool_changes });
            audit.push(self.audit(now, pool_action(before, &pool), None, detail));
        }
        for key in &keys {
            let detail = json!({ "kid": key.kid, "alg": key.alg.as_str(), "status": key.status.as_str() });
            audit.push(self.audit(now, AuditAction::KeyCreated, None, detail));
        }
        let mut clients = Vec::new();
        for change in work.clients {
            let mut client = change.client;
            if change.draw_secret {
                let secret = Zeroizing::new(self.app.secret());
                client.secret_sha256 = Some(sha256(secret.as_bytes()));
                secrets.push(ClientSecret { pool: pool.slug.clone(), client: client.id.clone(), secret });
            }
            let action = if change.action == PlanAction::Create {
                AuditAction::ClientCreated
            } else {
                AuditAction::ClientUpdated
            };
            let mut row = self.audit(now, action, None, json!({ "changes": change.changes }));
            row.client_id = Some(client.id.clone());
            audit.push(row);
            clients.push(client);
        }
        let (mut fresh, mut changed_users) = (Vec::new(), Vec::new());
        for change in work.users {
            match change {
                UserWork::New(wanted, profile) => fresh.push((wanted, profile)),
                UserWork::Changed { was, user, changes } => {
                    let detail = json!({ "changes": changes });
                    audit.push(self.audit(now, AuditAction::UserUpdated, Some(user.id), detail));
                    let address = self.address_change(&pool, &was, &user, now)?;
                    let about = |user: &User| (user.name.clone(), user.locale.clone(), user.profile.clone());
                    let groups = was.groups != user.groups;
                    let was = (about(&was) != about(&user)).then_some(was);
                    changed_users.push(ChangedUser { user: *user, was, groups, address });
                }
            }
        }
        let new_users = self.new_users(&pool, &fresh, steps).await?;
        for (user, _) in &new_users {
            audit.push(self.audit(now, AuditAction::UserCreated, Some(user.id), json!({})));
        }
        Ok(Ready { pool, write, keys, clients, new_users, changed_users, audit })
    }

    /// What a change of a user's address writes; `None` where it stays as it is.
    fn address_change(
        &self,
        pool: &Pool,
        was: &User,
        user: &User,
        now: Timestamp,
    ) -> Result<Option<AddressChange>, Failure> {
        if (&was.email, was.email_verified) == (&user.email, user.email_verified) {
            return Ok(None);
        }
        // Whoever has the machine needs no mail to be believed, and may mend an address that was never the user's.
        let undo = self.actor.via() == Via::SettingsPage;
        let (to, verified) = (user.email.as_deref(), user.email_verified);
        let new = NewAddress { user: was, to, verified, undo };
        self.app.factors().address_change(pool, new, now).map(Some)
    }

    /// New users with their hashes, side by side: as many at once as the machine has cores, and never more than hashing has
    /// permits.
    async fn new_users(
        &self,
        pool: &Pool,
        wanted: &[(&UserSpec, Box<UserProfile>)],
        steps: &Steps<'_>,
    ) -> Result<Vec<(User, Option<String>)>, AdminError> {
        let now = self.app.now();
        let mut each = Vec::new();
        for (wanted, profile) in wanted {
            each.push(self.new_user(pool, wanted, profile, now));
        }
        let mut made = Vec::new();
        let mut hashed = stream::iter(each).buffered(AT_ONCE);
        while let Some(user) = hashed.next().await {
            made.push(user?);
            steps.step();
        }
        Ok(made)
    }

    /// A new user, to be hashed. Owns what it needs, so that many can wait side by side.
    fn new_user(
        &self,
        pool: &Pool,
        wanted: &UserSpec,
        profile: &UserProfile,
        now: Timestamp,
    ) -> impl Future<Output = Result<(User, Option<String>), AdminError>> + Send + use<> {
        let user = User {
            id: UserId::new(now, self.app.entropy().as_ref()),
            username: wanted.username.as_str().to_owned(),
            email: wanted.email.as_ref().map(|email| email.as_str().to_owned()),
            email_verified: wanted.email_verified && wanted.email.is_some(),
            name: wanted.name.clone(),
            locale: wanted.locale.clone(),
            groups: wanted.groups.clone(),
            profile: profile.clone(),
            status: UserStatus::Active,
            mfa_skips: 0,
            created_at: now,
            updated_at: now,
        };
        let (app, actor, pool, password) =
            (self.app.clone(), self.actor.clone(), pool.clone(), wanted.password.clone());
        async move {
            let hash = match password {
                Some(password) => Some(app.admin(actor).hash_for(&pool, &user, password).await?),
                None => None,
            };
            Ok((user, hash))
        }
    }
}

/// The audit action of a pool's change. A change of the second factor's rules alone has an action of its own.
fn pool_action(before: Option<&Pool>, after: &Pool) -> AuditAction {
    let Some(before) = before else { return AuditAction::PoolCreated };
    let mut rules_alone = before.clone();
    rules_alone.settings.mfa = after.settings.mfa.clone();
    if rules_alone == *after { AuditAction::PolicyChanged } else { AuditAction::PoolUpdated }
}

fn written(outcome: PoolWrite, pool: &Pool) -> Result<(), StoreError> {
    match outcome {
        PoolWrite::Written => Ok(()),
        PoolWrite::SlugTaken => {
            Err(StoreError::Conflict(format!("pool {:?} was made by somebody else", pool.slug)))
        }
        PoolWrite::OriginTaken => {
            Err(StoreError::Conflict(format!("the origin {} belongs to another pool", pool.origin)))
        }
    }
}

async fn write_pool(tx: &PlatformTx, ready: &Ready) -> Result<(), StoreError> {
    match ready.write {
        PoolChange::None => return Ok(()),
        PoolChange::New => {}
        PoolChange::Of { version } => {
            tx.pool(ready.pool.id).lock_pool().await?;
            // Somebody else's change of the settings is not overwritten by an older state.
            if tx.pool_version(ready.pool.id).await? != Some(version) {
                let slug = &ready.pool.slug;
                let what = format!("the settings of pool {slug:?} were changed by somebody else");
                return Err(StoreError::Conflict(what));
            }
        }
    }
    written(tx.upsert_pool(&ready.pool).await?, &ready.pool)
}

/// The user as held, with the change that is wanted: what the user changed meanwhile, and nobody wants changed, stays.
fn rebased(held: User, was: &User, wanted: &User) -> User {
    let changed = |was: &Option<String>, wanted: &Option<String>, held: Option<String>| {
        if was == wanted { held } else { wanted.clone() }
    };
    User {
        name: changed(&was.name, &wanted.name, held.name),
        locale: changed(&was.locale, &wanted.locale, held.locale),
        profile: held.profile.rebased(&was.profile, &wanted.profile),
        ..held
    }
}

async fn write_contents(tx: &PoolTx, ready: &Ready, now: Timestamp) -> Result<(), StoreError> {
    for key in &ready.keys {
        tx.insert_signing_key(key).await?;
    }
    write_clients(tx, &ready.clients).await?;
    for (user, hash) in &ready.new_users {
        if tx.insert_user(user, hash.as_deref()).await? != Insertion::Inserted {
            let name = &user.username;
            return Err(StoreError::Conflict(format!("the name or address of user {name:?} is taken")));
        }
    }
    for ChangedUser { user, was, groups, address } in &ready.changed_users {
        if let Some(was) = was
            && let Some((held, _)) = tx.locked_user(user.id, ready.pool.version).await?
        {
            tx.update_profile(&rebased(held, was, user), now).await?;
        }
        if *groups {
            tx.set_groups(user.id, &user.groups, now).await?;
        }
        let Some(address) = address else { continue };
        let what = match address.clone().run(tx).await? {
            AddressWritten::Done if address.is_another() => {
                end_sessions(tx, user.id, SessionEnd::ReplacedByAdministrator, now).await?;
                continue;
            }
            AddressWritten::Done => continue,
            AddressWritten::Taken => "is taken",
            AddressWritten::Moved => "was changed by somebody else",
        };
        return Err(StoreError::Conflict(format!("the address of user {:?} {what}", user.username)));
    }
    for row in &ready.audit {
        tx.insert_audit(row).await?;
    }
    Ok(())
}
