//! What people do with their own account: registration, recovery, profile, address, password, sessions, applications, factors.
//!
//! Knows `sign_in` and what is below it.

pub(crate) mod activity;
pub(crate) mod address;
pub(crate) mod data;
pub(crate) mod enrolment;
pub(crate) mod factors;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod recovery;
pub(crate) mod registration;
pub(crate) mod sessions;

use crate::{
    base::{app::App, cx::Cx, failure::Failure},
    sign_in::{
        gate::{Admitted, Gated},
        hold::Held,
    },
};
use vestibule_store::{PoolTx, StoreError, records::AuditRow};

/// A user's own account. See [`App::accounts`].
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    app: &'a App,
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum Unchanged {
    /// Since the gate was passed the session ended, the account was disabled, or more is asked than the session gives: the
    /// user has to pass it again.
    Ended,
    /// The database or the program failed.
    Failed(Failure),
}

impl From<Failure> for Unchanged {
    fn from(cause: Failure) -> Self {
        Self::Failed(cause)
    }
}

impl From<StoreError> for Unchanged {
    fn from(cause: StoreError) -> Self {
        Self::Failed(cause.into())
    }
}

impl Accounts<'_> {
    /// The one way in which a signed-in user changes anything: in a transaction that begins with the gate once more. The job
    /// gets the user, the session and the factors as they are held; its refusal undoes the change.
    async fn change<A, T, R, F, Fut>(
        self,
        cx: &Cx,
        admitted: &Admitted<A>,
        job: F,
    ) -> Result<Result<T, R>, Unchanged>
    where
        A: Gated,
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(PoolTx, Held) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Result<T, R>, StoreError>> + Send + 'static,
    {
        let hold = admitted.hold(self.app, cx);
        let store = self.app.pool_store(cx);
        let change = store.write_or_undo(move |tx| async move {
            let Some(held) = hold.enter(&tx).await? else { return Ok(Err(None)) };
            Ok(job(tx, held).await?.map_err(Some))
        });
        match change.await? {
            Ok(done) => Ok(Ok(done)),
            Err(Some(refusal)) => Ok(Err(refusal)),
            Err(None) => Err(Unchanged::Ended),
        }
    }

    /// Writes down what was refused.
    async fn note(self, cx: &Cx, row: AuditRow) -> Result<(), Failure> {
        let store = self.app.pool_store(cx);
        Ok(store.write(move |tx| async move { tx.insert_audit(&row).await }).await?)
    }

    /// As [`Accounts::change`], for a job that refuses nothing.
    async fn change_for_sure<A, T, F, Fut>(
        self,
        cx: &Cx,
        admitted: &Admitted<A>,
        job: F,
    ) -> Result<T, Unchanged>
    where
        A: Gated,
        T: Send + 'static,
        F: FnOnce(PoolTx, Held) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let job = move |tx: PoolTx, held: Held| async move { Ok(Ok(job(tx, held).await?)) };
        let done: Result<T, std::convert::Infallible> = self.change(cx, admitted, job).await?;
        done.map_or_else(|never| match never {}, Ok)
    }
}

impl App {
    /// A user's own account.
    pub const fn accounts(&self) -> Accounts<'_> {
        Accounts { app: self }
    }
}
