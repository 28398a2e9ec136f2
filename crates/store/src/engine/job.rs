//! A change on its way to the database: what to run, and whom to tell.

use crate::{
    error::StoreError,
    exec::{Exec, Standing},
};
use futures_util::FutureExt as _;
use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc};
use tokio::sync::oneshot;

/// What a caller gets: its own value, its own refusal (which undoes the change), or an error.
pub(crate) type Answer<T, R> = Result<Result<T, R>, StoreError>;

type Running = Pin<Box<dyn Future<Output = Ran> + Send>>;

/// A change that waits for its turn, whatever it returns.
pub(crate) struct Queued(Box<dyn FnOnce(Turn) -> Running + Send>);

/// Its turn has come.
enum Turn {
    /// Inside this transaction.
    Go(Exec, Arc<Standing>),
    /// There is no transaction to run in.
    Refused(StoreError),
}

/// A change that ran and waits for the commit.
pub(crate) struct Ran {
    verdict: Verdict,
    answer: Box<dyn FnOnce(Option<StoreError>) + Send>,
}

/// What a change wants to become of its effects.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Keep them.
    Keep,
    /// Undo them: the caller refused.
    Undo,
    /// Undo them: this went wrong.
    Failed(StoreError),
}

impl Queued {
    /// Wraps a job; the receiver yields its answer once the change is committed or undone.
    ///
    /// A job that panics is undone like one that fails: the writer and the other changes live on.
    pub(crate) fn new<T, R, F, Fut>(job: F) -> (Self, oneshot::Receiver<Answer<T, R>>)
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(Exec) -> Fut + Send + 'static,
        Fut: Future<Output = Answer<T, R>> + Send + 'static,
    {
        let (reply, receiver) = oneshot::channel::<Answer<T, R>>();
        let run = move |turn: Turn| -> Running {
            Box::pin(async move {
                let (exec, standing) = match turn {
                    Turn::Go(exec, standing) => (exec, standing),
                    Turn::Refused(error) => {
                        let verdict = Verdict::Failed(error.clone());
                        return Ran {
                            verdict,
                            answer: Box::new(move |_| reply_with(reply, Err(error), None)),
                        };
                    }
                };
                if reply.is_closed() {
                    // Nobody waits any more and nothing has happened yet.
                    return Ran { verdict: Verdict::Undo, answer: Box::new(|_| {}) };
                }
                let outcome = AssertUnwindSafe(async move { job(exec).await }).catch_unwind().await;
                standing.end();
                let outcome = match outcome {
                    Err(_) => Err(StoreError::Interrupted("its job panicked")),
                    Ok(Ok(Ok(_))) if standing.has_failed() => {
                        Err(StoreError::Interrupted("a statement of it had failed and its job went on"))
                    }
                    Ok(outcome) => outcome,
                };
                Ran {
                    verdict: Verdict::of(&outcome),
                    answer: Box::new(move |failure| reply_with(reply, outcome, failure)),
                }
            })
        };
        (Self(Box::new(run)), receiver)
    }

    /// Runs it inside a transaction that somebody else began and will end.
    pub(crate) async fn run(self, exec: Exec, standing: Arc<Standing>) -> Ran {
        (self.0)(Turn::Go(exec, standing)).await
    }

    /// Tells its caller that it will not run.
    pub(crate) async fn refuse(self, error: StoreError) {
        (self.0)(Turn::Refused(error)).await.answer(None);
    }
}

fn reply_with<T, R>(
    reply: oneshot::Sender<Answer<T, R>>,
    outcome: Answer<T, R>,
    failure: Option<StoreError>,
) {
    let answer = match failure {
        Some(failure) if matches!(outcome, Ok(Ok(_))) => Err(failure),
        _ => outcome,
    };
    // A caller that went away does not need its answer.
    let _ = reply.send(answer);
}

impl Verdict {
    fn of<T, R>(outcome: &Answer<T, R>) -> Self {
        match outcome {
            Ok(Ok(_)) => Self::Keep,
            Ok(Err(_)) => Self::Undo,
            Err(error) => Self::Failed(error.clone()),
        }
    }
}

impl Ran {
    /// What shall become of its effects.
    pub(crate) const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Tells the caller. `failure` says that effects which should have been kept were lost after all.
    pub(crate) fn answer(self, failure: Option<StoreError>) {
        (self.answer)(failure);
    }
}
