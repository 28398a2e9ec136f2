//! What administrators do to pools, applications, users and keys.
//!
//! Whoever administers is an [`Actor`], and every use case is a method of [`Admin`], which holds one: commands, files and
//! the settings page call the same methods, and what differs between them is decided by the actor.
//!
//! Everything that creates or changes a pool, an application or a user goes through [`Admin::apply`]: what is
//! wanted is compared with what is there (a pure function in `plan.rs`), and the difference is written in one
//! transaction with its audit rows. Smaller use cases are declarations of one thing. Keys, secrets and the things
//! that happen to an existing account are in `keys.rs`, `clients.rs` and `accounts.rs`.

use crate::{
    base::{
        app::App,
        audit::{AuditAction, Ended},
        failure::Failure,
    },
    policy::lockout::LockOut,
};
use serde_json::Value;
use std::convert::Infallible;
use vestibule_domain::{
    Fault, Pool, PoolId, SessionId, Timestamp, UserId, password::Weakness, user::NameError,
};
use vestibule_store::{PlatformTx, PoolTx, StoreError, records::AuditRow};

mod accounts;
mod actor;
mod apply;
mod clients;
mod holdings;
mod keys;
mod plan;
mod policy;
mod pool;
mod spec;
mod subjects;
mod trail;
mod ways;

pub use accounts::{AddressAnswer, FactorReset, ResetAnswer};
pub use actor::{Actor, PoolAdmin, Proof, Scope, Via, Who};
pub use apply::{Applied, ClientSecret, Progress};
pub use holdings::{ClientHoldings, UserHoldings, WhichFactor};
pub use keys::{KeyChange, KeyRotation, KeyView, Resealed};
pub use plan::{Plan, PlanAction, PlanStep};
pub use policy::{Asked, Knob, PolicyAnswer, PolicyQuestion};
pub use pool::{Explanation, PoolSettingsView, PromptOutcome, Switched};
pub use spec::{ClientSpec, PoolSpec, SecretSpec, UserSpec};
pub use subjects::KnownAs;
pub use trail::TrailStart;

/// Why an administrator's wish cannot be carried out. The variants carry the facts; a command or page that shows one adds
/// what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Nobody's refusal: the database or the program.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Since the gate was passed the actor's session ended, their account was disabled or left the administrators' group, or
    /// more is asked by now; nothing was changed.
    #[error("whoever asked for the change is no longer signed in as an administrator")]
    Ended,
    /// No pool of that name that the actor covers.
    #[error("there is no pool {0:?}")]
    NoSuchPool(String),
    /// The pool has no such application.
    #[error("pool {pool:?} has no application {client:?}")]
    NoSuchClient {
        /// Slug of the pool.
        pool: String,
        /// What was asked for.
        client: String,
    },
    /// The pool has no such user.
    #[error("pool {pool:?} has no user {user:?}")]
    NoSuchUser {
        /// Slug of the pool.
        pool: String,
        /// What was asked for.
        user: String,
    },
    /// The user has no such session any more.
    #[error("the user has no session {0}")]
    NoSuchSession(SessionId),
    /// The user has no such factor.
    #[error("user {user:?} has no such factor")]
    NoSuchFactor {
        /// User name.
        user: String,
    },
    /// It is there already.
    #[error("{kind} {name:?} exists already")]
    Exists {
        /// Pool, application or user.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Another pool lives at that origin.
    #[error("the origin {origin} is in use")]
    OriginTaken {
        /// The origin.
        origin: String,
        /// Slug of the pool that has it, where the actor covers that pool.
        pool: Option<String>,
    },
    /// Another user has that address.
    #[error("the address {email} belongs to another user of pool {pool:?}")]
    EmailTaken {
        /// Slug of the pool.
        pool: String,
        /// The address.
        email: String,
    },
    /// An existing user has another address than the declaration says.
    #[error("user {user:?} of pool {pool:?} has another address than declared")]
    EmailDiffers {
        /// Slug of the pool.
        pool: String,
        /// User name.
        user: String,
    },
    /// A field of a user breaks its rule.
    #[error("user {user:?}: {fault}")]
    BadField {
        /// User name.
        user: String,
        /// What is wrong, and where.
        fault: Box<Fault>,
    },
    /// The application is public.
    #[error("application {0:?} is public and has no secret")]
    NoSecret(String),
    /// The application does not belong to the sector that it names (OpenID Connect Registration §5).
    #[error("application {client:?}: {cause}")]
    Sector {
        /// Its identifier.
        client: String,
        /// Why.
        cause: String,
    },
    /// Users would be shut out: of what, how many and by which rule.
    #[error("the change would shut users out")]
    LockOut(Vec<LockOut>),
    /// A user would be shut out: the rules ask for a second factor that could not be enrolled again.
    #[error("user {0:?} could not sign in any more")]
    Strands(String),
    /// Nobody could administer the pool any more.
    #[error("{0:?} is the last administrator of the pool who can sign in")]
    LastAdmin(String),
    /// Not a name or address.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The password is refused.
    #[error("the password is refused")]
    Weak(Weakness),
    /// Somebody else changed the same thing at the same moment.
    #[error("{0}")]
    Conflict(String),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(what) => Self::Conflict(what),
            other => Self::Failure(other.into()),
        }
    }
}

impl From<AdminError> for Failure {
    /// For a caller whose wish cannot be refused: whatever is in the way is the program's fault.
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Failure(failure) => failure,
            refusal => Self::internal(refusal),
        }
    }
}

/// What administrators do. See [`App::admin`].
#[derive(Clone)]
pub struct Admin<'a> {
    app: &'a App,
    actor: Actor,
}

impl App {
    /// What administrators do, for one of them.
    pub const fn admin(&self, actor: Actor) -> Admin<'_> {
        Admin { app: self, actor }
    }
}

impl Admin<'_> {
    /// The pools that the actor covers, by name.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn pools(&self) -> Result<Vec<Pool>, Failure> {
        let mut pools = self.app.store().platform().pools().await?;
        pools.retain(|pool| self.actor.scope().covers(pool));
        Ok(pools)
    }

    /// The pool of that name, where the actor covers it.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn pool_named(&self, slug: &str) -> Result<Pool, AdminError> {
        let found = self.app.store().platform().pool_by_slug(slug).await?;
        let covered = found.filter(|pool| self.actor.scope().covers(pool));
        covered.ok_or_else(|| AdminError::NoSuchPool(slug.to_owned()))
    }

    /// The one way in which anything of one pool is changed: in a transaction that begins with the gate once more, where the
    /// actor is a person. The job's refusal undoes the change.
    async fn change_or_undo<T, R, F, Fut>(&self, pool: PoolId, job: F) -> Result<Result<T, R>, AdminError>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Result<T, R>, StoreError>> + Send + 'static,
    {
        let (actor, store) = (self.actor.clone(), self.app.store().pool(pool));
        let change = store.write_or_undo(move |tx| async move {
            if !actor.still_may(&tx).await? {
                return Ok(Err(None));
            }
            Ok(job(tx).await?.map_err(Some))
        });
        match change.await? {
            Ok(done) => Ok(Ok(done)),
            Err(Some(refusal)) => Ok(Err(refusal)),
            Err(None) => Err(AdminError::Ended),
        }
    }

    /// As [`Admin::change_or_undo`], for a job that refuses nothing.
    async fn change<T, F, Fut>(&self, pool: PoolId, job: F) -> Result<T, AdminError>
    where
        T: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let job = move |tx: PoolTx| async move { Ok(Ok(job(tx).await?)) };
        let done: Result<T, Infallible> = self.change_or_undo(pool, job).await?;
        done.map_or_else(|never| match never {}, Ok)
    }

    /// As [`Admin::change`], for a job that concerns these pools at once.
    async fn change_pools<T, F, Fut>(&self, pools: Vec<PoolId>, job: F) -> Result<T, AdminError>
    where
        T: Send + 'static,
        F: FnOnce(PlatformTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let (actor, store) = (self.actor.clone(), self.app.store().platform());
        let change = store.write_or_undo(move |tx| async move {
            for pool in &pools {
                if !actor.still_may(&tx.pool(*pool)).await? {
                    return Ok(Err(AdminError::Ended));
                }
            }
            Ok(Ok(job(tx).await?))
        });
        change.await?
    }

    /// An audit row of something that the actor did. `detail`, a JSON object, never holds a secret.
    fn audit(&self, at: Timestamp, action: AuditAction, user: Option<UserId>, detail: Value) -> AuditRow {
        let mut row = self.app.row(at, action, user, Ended::Done);
        let mut all = serde_json::Map::new();
        self.actor.sign(&mut row, &mut all);
        if let Value::Object(more) = detail {
            all.extend(more);
        }
        row.detail = Value::Object(all).to_string();
        row
    }
}
