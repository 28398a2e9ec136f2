//! A change on its way to the database: what to run, and whom to tell.

use super::{
    executor::Executor,
    transaction::{Ended, Transaction},
};
use crate::error::StoreError;
use futures_util::FutureExt as _;
use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc};
use tokio::sync::oneshot;

/// What a caller gets: its own value, its own refusal (which undoes the change), or an error.
pub(crate) type Answer<T, R> = Result<Result<T, R>, StoreError>;

type Running = Pin<Box<dyn Future<Output = (Finished, Option<Ended>)> + Send>>;

/// A change that waits for its turn, whatever it returns.
pub(crate) struct Job(Box<dyn FnOnce(Turn) -> Running + Send>);

/// Its turn has come.
enum Turn {
    /// Inside this transaction.
    Run(Executor, Arc<Transaction>),
    /// There is no transaction to run in.
    Refuse(StoreError),
}

/// A change whose job is done and which waits for the commit.
pub(crate) struct Finished {
    verdict: Verdict,
    answer: Box<dyn FnOnce(Option<StoreError>) + Send>,
}

/// What is to become of the effects of a change.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Keep them.
    Keep,
    /// Undo them: the caller refused.
    Undo,
    /// Undo them: this went wrong.
    Failed(StoreError),
}

impl Job {
    /// Wraps a job; the receiver yields its answer once the change is committed or undone.
    ///
    /// A job that panics is undone like one that fails: the writer and the other changes live on.
    pub(crate) fn new<T, R, F, Fut>(job: F) -> (Self, oneshot::Receiver<Answer<T, R>>)
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(Executor) -> Fut + Send + 'static,
        Fut: Future<Output = Answer<T, R>> + Send + 'static,
    {
        let (reply, receiver) = oneshot::channel::<Answer<T, R>>();
        let run = move |turn: Turn| -> Running {
            Box::pin(async move {
                let (exec, transaction) = match turn {
                    Turn::Run(exec, transaction) => (exec, transaction),
                    Turn::Refuse(error) => return (Finished::of(reply, Err(error)), None),
                };
                if reply.is_closed() {
                    // Nobody waits any more and nothing has happened yet.
                    let finished = Finished { verdict: Verdict::Undo, answer: Box::new(|_| {}) };
                    return (finished, transaction.end().await.ok());
                }
                let outcome = AssertUnwindSafe(async move { job(exec).await }).catch_unwind().await;
                let ended = transaction.end().await.ok();
                let outcome = match outcome {
                    Err(_) => Err(StoreError::Interrupted("its job panicked")),
                    Ok(Ok(Ok(_))) if ended.as_ref().is_none_or(|ended| ended.has_failed) => {
                        Err(StoreError::Interrupted("a statement of it had failed and its job went on"))
                    }
                    Ok(outcome) => outcome,
                };
                (Finished::of(reply, outcome), ended)
            })
        };
        (Self(Box::new(run)), receiver)
    }

    /// Runs it inside a transaction that somebody else began, and gives that back: its one owner, whatever handles the
    /// job has kept. None is a connection that is lost.
    pub(crate) async fn run(
        self,
        exec: Executor,
        transaction: Arc<Transaction>,
    ) -> (Finished, Option<Ended>) {
        (self.0)(Turn::Run(exec, transaction)).await
    }

    /// Tells its caller that it will not run.
    pub(crate) async fn refuse(self, error: StoreError) {
        (self.0)(Turn::Refuse(error)).await.0.answer(None);
    }
}

impl Finished {
    fn of<T, R>(reply: oneshot::Sender<Answer<T, R>>, outcome: Answer<T, R>) -> Self
    where
        T: Send + 'static,
        R: Send + 'static,
    {
        let verdict = match &outcome {
            Ok(Ok(_)) => Verdict::Keep,
            Ok(Err(_)) => Verdict::Undo,
            Err(error) => Verdict::Failed(error.clone()),
        };
        let answer = move |failure: Option<StoreError>| {
            let answer = match failure {
                Some(failure) if matches!(outcome, Ok(Ok(_))) => Err(failure),
                _ => outcome,
            };
            // A caller that went away does not need its answer.
            let _ = reply.send(answer);
        };
        Self { verdict, answer: Box::new(answer) }
    }

    /// What is to become of its effects.
    pub(crate) const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Tells the caller. `failure` says that effects which should have been kept were lost after all.
    pub(crate) fn answer(self, failure: Option<StoreError>) {
        (self.answer)(failure);
    }
}
