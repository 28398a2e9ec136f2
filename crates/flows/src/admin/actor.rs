//! Who does an administrative thing: through what, for which pools, and with which proof.

use crate::{
    base::{app::App, cx::Cx, runtime::PoolRuntime},
    sign_in::{
        gate::{Account, Administer, Admitted},
        hold::Hold,
    },
};
use std::{fmt, sync::Arc};
use vestibule_domain::{Pool, PoolId, SessionId, User, UserId};
use vestibule_store::{PoolTx, StoreError, records::AuditRow};

/// Proof that the account belongs to an administrator of its pool. It is enough to look at the settings page; to do or ask
/// something there takes an [`Actor`].
#[derive(Clone, Copy)]
pub struct PoolAdmin<'a>(std::marker::PhantomData<&'a Account>);

impl Account {
    /// Whether the account may see its pool's settings page.
    pub fn as_admin(&self, cx: &Cx) -> Option<PoolAdmin<'_>> {
        is_admin(&cx.pool.pool, &self.live.user).then_some(PoolAdmin(std::marker::PhantomData))
    }
}

/// Whether the user is an administrator of the pool.
pub(super) fn is_admin(pool: &Pool, user: &User) -> bool {
    pool.settings.admin_group.as_ref().is_some_and(|group| user.groups.contains(group))
}

impl Admitted<Administer> {
    /// The administrator at the pool's settings page, for that pool alone; `None` for anybody else.
    pub fn actor(&self, app: &App, cx: &Cx) -> Option<Actor> {
        self.as_admin(cx)?;
        let gate = Gate { hold: self.hold(app, cx), pool: Arc::clone(&cx.pool) };
        Some(Actor {
            who: Who::User(self.live.user.id),
            via: Via::SettingsPage,
            scope: Scope::Pool(cx.pool.pool.id),
            proof: Proof::Session(self.live.session.id),
            request: Some(RequestOrigin { ip: cx.ip.clone(), id: cx.request_id.clone(), gate }),
        })
    }
}

/// Somebody who administers. Every administrative use case asks the actor whether it covers the pool, and writes the actor
/// into its rows of the audit trail.
///
/// One that stands for a person is made from the proof that only the gate before [`Administer`] gives; one for the machine
/// is made by the program that somebody could start there.
#[derive(Clone, Debug)]
pub struct Actor {
    who: Who,
    via: Via,
    scope: Scope,
    proof: Proof,
    request: Option<RequestOrigin>,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Who {
    /// Whoever operates the machine.
    Operator,
    /// A user of a pool.
    User(UserId),
}

/// Through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Via {
    /// A command.
    CommandLine,
    /// A file of declarations.
    File,
    /// The settings page of a pool.
    SettingsPage,
}

impl Via {
    /// Its name in the audit trail.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommandLine => "command-line",
            Self::File => "file",
            Self::SettingsPage => "settings-page",
        }
    }
}

/// For which pools. A pool that is not covered does not exist for the actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every pool of the server.
    Server,
    /// The pools of one tenant, by its name.
    Tenant(String),
    /// One pool.
    Pool(PoolId),
}

impl Scope {
    /// Whether a pool belongs to it.
    #[must_use]
    pub fn covers(&self, pool: &Pool) -> bool {
        match self {
            Self::Server => true,
            Self::Tenant(tenant) => *tenant == pool.tenant,
            Self::Pool(id) => *id == pool.id,
        }
    }

    /// Whether a pool may be made, or changed, so that it belongs to a tenant: nobody makes one, or gives one away, beyond
    /// what they cover.
    #[must_use]
    pub fn covers_change(&self, before: Option<&Pool>, tenant: &str) -> bool {
        let covers = |pool: &Pool| self.covers(pool);
        match self {
            Self::Server => true,
            Self::Tenant(own) => own == tenant && before.is_none_or(covers),
            Self::Pool(_) => before.is_some_and(|pool| covers(pool) && pool.tenant == tenant),
        }
    }
}

/// What shows that it is the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Access to the machine: its settings, its key ring and its database.
    Machine,
    /// A session that the gate before [`Administer`] let in.
    Session(SessionId),
}

/// Where a request came from, for the audit trail, and the gate that it passed.
#[derive(Clone, Debug)]
struct RequestOrigin {
    ip: Option<String>,
    id: String,
    gate: Gate,
}

/// The gate that a person passed, to be passed again in the transaction of what they do.
#[derive(Clone)]
struct Gate {
    hold: Hold,
    /// The pool as it was in the request.
    pool: Arc<PoolRuntime>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// Whether it still lets its administrator in.
    async fn is_open(&self, tx: &PoolTx) -> Result<bool, StoreError> {
        let held = self.hold.enter(tx).await?;
        Ok(held
            .is_some_and(|held| is_admin(held.changed.as_ref().unwrap_or(&self.pool.pool), &held.live.user)))
    }
}

impl Actor {
    /// An operator at the command line, for every pool.
    #[must_use]
    pub const fn command_line() -> Self {
        Self::operator(Via::CommandLine)
    }

    /// An operator who applies a file, for every pool.
    #[must_use]
    pub const fn file() -> Self {
        Self::operator(Via::File)
    }

    const fn operator(via: Via) -> Self {
        Self { who: Who::Operator, via, scope: Scope::Server, proof: Proof::Machine, request: None }
    }

    /// The same actor, for the pools of one tenant alone. One who covers less than the server stays as limited as before.
    #[must_use]
    pub fn in_tenant(self, tenant: impl Into<String>) -> Self {
        let scope = match self.scope {
            Scope::Server => Scope::Tenant(tenant.into()),
            narrower => narrower,
        };
        Self { scope, ..self }
    }

    /// Who acts.
    #[must_use]
    pub const fn who(&self) -> Who {
        self.who
    }

    /// Through what.
    #[must_use]
    pub const fn via(&self) -> Via {
        self.via
    }

    /// For which pools.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// With which proof.
    #[must_use]
    pub const fn proof(&self) -> Proof {
        self.proof
    }

    /// Whether the actor is this user.
    #[must_use]
    pub fn is(&self, user: &User) -> bool {
        self.who == Who::User(user.id)
    }

    /// Whether the actor may still do it, in the transaction in which it is done: a person's user and session are held, and
    /// are still those of an administrator who has proved what is asked. Whoever has the machine may.
    pub(super) async fn still_may(&self, tx: &PoolTx) -> Result<bool, StoreError> {
        match &self.request {
            Some(request) => request.gate.is_open(tx).await,
            None => Ok(true),
        }
    }

    /// Writes the actor into a row of the audit trail.
    pub(super) fn sign(&self, row: &mut AuditRow, detail: &mut serde_json::Map<String, serde_json::Value>) {
        let who = match self.who {
            Who::Operator => "operator".to_owned(),
            Who::User(id) => id.to_string(),
        };
        // A change that concerns nobody in particular is found by whoever made it.
        if let (None, Who::User(id)) = (row.user, self.who) {
            row.user = Some(id);
        }
        detail.insert("actor".to_owned(), who.into());
        detail.insert("via".to_owned(), self.via.as_str().into());
        row.session = match self.proof {
            Proof::Machine => None,
            Proof::Session(id) => Some(id),
        };
        if let Some(RequestOrigin { ip, id, .. }) = &self.request {
            row.ip.clone_from(ip);
            row.request_id = Some(id.clone());
        }
    }
}
