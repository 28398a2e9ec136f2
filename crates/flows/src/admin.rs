//! What an operator does to pools, applications, users and keys.
//!
//! Everything that creates or changes a pool, an application or a user goes through one door, [`App::apply`]: what is
//! wanted is compared with what is there (a pure function in `plan.rs`), and the difference is written in one
//! transaction with its audit rows. The small commands are declarations of one thing. Keys, secrets and the things
//! that happen to an existing account are in `keys.rs`, `clients.rs` and `accounts.rs`.

use crate::{
    base::{app::App, audit::AuditAction, failure::Failure},
    policy::lockout::LockOut,
};
use serde_json::{Value, json};
use vestibule_domain::{Pool, Timestamp, UserId, password::Weakness, user::NameError};
use vestibule_store::{StoreError, records::AuditRow};

mod accounts;

mod apply;

mod clients;

mod keys;

mod plan;

mod policy;
mod pool;

mod spec;

mod ways;

pub use accounts::FactorReset;

pub use apply::{Applied, ClientSecret};

pub use keys::{KeyChange, KeyRotation, KeyView, Resealed};

pub use plan::{Plan, PlanAction, PlanStep};
pub use pool::{Explanation, PoolAdmin, PoolSettingsView, ResetAnswer, Switched};

pub use policy::{Asked, Knob, PolicyAnswer, PolicyQuestion};

pub use spec::{ClientSpec, PoolSpec, SecretSpec, UserSpec};

/// Who did it, in audit rows of this module.
const ACTOR: &str = "cli";

/// Why an operator's wish cannot be carried out. The texts say what to do.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// Nobody's refusal: the database or the program.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// No pool of that name.
    #[error("there is no pool {0:?}; `vestibule pool list` shows the pools")]
    NoSuchPool(String),
    /// The pool has no such application.
    #[error("pool {pool:?} has no application {client:?}; `vestibule client list --pool {pool}` shows them")]
    NoSuchClient {
        /// Slug of the pool.
        pool: String,
        /// What was asked for.
        client: String,
    },
    /// The pool has no such user.
    #[error("pool {pool:?} has no user {user:?}; `vestibule user list --pool {pool}` shows them")]
    NoSuchUser {
        /// Slug of the pool.
        pool: String,
        /// What was asked for.
        user: String,
    },
    /// It is there already.
    #[error("{kind} {name:?} exists already; choose another name, or change the existing one")]
    Exists {
        /// Pool or user.
        kind: &'static str,
        /// Its name.
        name: String,
    },
    /// Another pool lives at that origin.
    #[error("the origin {origin} belongs to pool {pool:?}; every pool needs an origin of its own")]
    OriginTaken {
        /// The origin.
        origin: String,
        /// Slug of the pool that has it.
        pool: String,
    },
    /// Another user has that address.
    #[error("the address {email} belongs to another user of pool {pool:?}; addresses are unique in a pool")]
    EmailTaken {
        /// Slug of the pool.
        pool: String,
        /// The address.
        email: String,
    },
    /// An existing user has another address than the declaration says.
    #[error(
        "user {user:?} of pool {pool:?} has another address than declared; an existing user's address is not \
         changed this way, so declare the address the user has"
    )]
    EmailDiffers {
        /// Slug of the pool.
        pool: String,
        /// User name.
        user: String,
    },
    /// The application is public.
    #[error("application {0:?} is public and has no secret; only confidential applications have one")]
    NoSecret(String),
    /// Users would be shut out.
    #[error("{}", lock_out_text(.0))]
    LockOut(Vec<LockOut>),
    /// A user would be shut out.
    #[error(
        "user {0:?} could not sign in any more: the rules ask for a second factor that could not be enrolled again; \
         allow an enrolment first (`policy` other than \"off\", and a factor in `factors`)"
    )]
    Strands(String),
    /// Nobody could administer the pool any more.
    #[error(
        "{0:?} is the last administrator of the pool who can sign in; give another user the pool's admin group first"
    )]
    LastAdmin(String),
    /// Not a name or address.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The password is refused.
    #[error("the password is refused: {}", weakness_text(.0))]
    Weak(Weakness),
    /// Somebody else changed the same thing at the same moment.
    #[error("{0}; look at the present state and try again")]
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

fn lock_out_text(outs: &[LockOut]) -> String {
    let line = |out: &LockOut| {
        let to =
            out.application.as_ref().map_or("the user center".to_owned(), |id| format!("application {id:?}"));
        let when = if out.only_without_mail { " while no mail can be sent" } else { "" };
        format!(
            "{} users (such as {}) could no longer sign in to {to}{when}: rule {:?} asks for what they can neither \
             give nor enrol",
            out.users,
            out.sample.join(", "),
            out.rule,
        )
    };
    let lines: Vec<String> = outs.iter().map(line).collect();
    format!(
        "{}; let them enrol a factor that the rule allows first, or leave one they have",
        lines.join("; ")
    )
}

fn weakness_text(weakness: &Weakness) -> String {
    match weakness {
        Weakness::TooShort(least) => format!("it needs at least {least} characters"),
        Weakness::TooLong => "it is too long".to_owned(),
        Weakness::Common => "it is too easy to guess".to_owned(),
        Weakness::Personal => "it contains the user's own name".to_owned(),
    }
}

/// What administrators do. See [`App::admin`].
#[derive(Clone, Copy)]
pub struct Admin<'a> {
    app: &'a App,
}

impl App {
    /// What administrators do.
    pub const fn admin(&self) -> Admin<'_> {
        Admin { app: self }
    }
}

impl Admin<'_> {
    /// All pools, by name.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn pools(self) -> Result<Vec<Pool>, Failure> {
        Ok(self.app.store().platform().pools().await?)
    }

    /// The pool of that name.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn pool_named(self, slug: &str) -> Result<Pool, AdminError> {
        let found = self.app.store().platform().pool_by_slug(slug).await?;
        found.ok_or_else(|| AdminError::NoSuchPool(slug.to_owned()))
    }

    /// An audit row of something that an operator did. `detail` never holds a secret.
    fn operator_audit(
        self,
        at: Timestamp,
        action: AuditAction,
        user: Option<UserId>,
        detail: Value,
    ) -> AuditRow {
        let mut all = json!({ "actor": ACTOR });
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), detail) {
            all.extend(more);
        }
        AuditRow {
            id: self.app.audit_id(at),
            at,
            action: action.as_str().to_owned(),
            user,
            client_id: None,
            session: None,
            ip: None,
            request_id: None,
            outcome: "done".to_owned(),
            detail: all.to_string(),
        }
    }
}
