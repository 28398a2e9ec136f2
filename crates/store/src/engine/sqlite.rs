//! SQLite: one writer that groups waiting changes into one durable commit, and a few readers next to it.
//!
//! A durable commit costs a flush to the disk, whatever it holds. So the writer begins one immediate transaction, runs
//! every change that waits inside a savepoint of its own, and commits once. Nobody gets an answer before that commit.

mod file;
mod savepoints;

use self::savepoints::Savepoints;
use super::{
    blame::of_changes,
    connections::{AfterBreak, Connections, Held, hold},
    executor::Executor,
    job::{Finished, Job, Verdict},
    sql::WaitingChanges,
    transaction::{Ended, Transaction},
};
use crate::{error::StoreError, options::StoreOptions, tally::Tally};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// Changes in one commit at most.
const GROUP: usize = 64;
/// Changes that may wait before callers have to.
const WAITING: usize = 1024;
/// Readers at most: beyond the cores they only cost memory.
const READERS: u32 = 4;

/// An open file.
pub(crate) struct Opened {
    pub(crate) readers: Arc<Connections>,
    pub(crate) writer: Writer,
}

/// Opens the file named in the options, and creates it with its directory where it is missing.
pub(crate) async fn connect(options: &StoreOptions, tally: &Arc<Tally>) -> Result<Opened, StoreError> {
    let count = options.max_connections.clamp(1, READERS);
    let pools = file::open(&options.url, count).await?;
    let held = hold(&pools.writer, "COMMIT").await?;
    let writer = Writer::start(held, Arc::clone(tally));
    let readers = Connections::new(pools.readers, count, AfterBreak::Keep);
    Ok(Opened { readers: Arc::new(readers), writer })
}

enum Message {
    Change(Job),
    Close(oneshot::Sender<()>),
}

/// The only way to change the file.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    fn start(held: Held, tally: Arc<Tally>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(WriterTask { connection: Some(held), waiting, tally, closing: None }.serve());
        Self { queue }
    }

    /// Queues a change.
    pub(crate) async fn submit(&self, job: Job) -> Result<(), StoreError> {
        let sent = self.queue.send(Message::Change(job)).await;
        sent.map_err(|_| StoreError::Interrupted("the store was closed"))
    }

    /// Ends the writer after the changes that wait already.
    pub(crate) async fn close(&self) {
        let (done, waiting) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            let _ = waiting.await;
        }
    }
}

/// The task that writes.
struct WriterTask {
    /// Lent to each change in turn, and back here by the time the next one begins.
    connection: Option<Held>,
    waiting: mpsc::Receiver<Message>,
    tally: Arc<Tally>,
    closing: Option<oneshot::Sender<()>>,
}

/// How a change left the transaction.
struct End {
    opening: Option<&'static str>,
    changes: WaitingChanges,
    has_begun: bool,
}

impl WriterTask {
    async fn serve(mut self) {
        while self.closing.is_none() {
            match self.waiting.recv().await {
                Some(Message::Change(job)) => self.group(job).await,
                Some(Message::Close(done)) => self.closing = Some(done),
                None => break,
            }
        }
        self.waiting.close();
        // The write-ahead log is folded into the file here, while nobody waits for it.
        if let Err(error) = self.say("PRAGMA wal_checkpoint(TRUNCATE)").await {
            tracing::debug!(%error, "the write-ahead log stays next to the database file");
        }
        drop(self.connection);
        if let Some(done) = self.closing {
            let _ = done.send(());
        }
    }

    async fn say(&self, sql: &str) -> Result<(), StoreError> {
        Ok(self.send(sql.to_owned(), Vec::new()).await??)
    }

    /// With values, even if there are none: only such statements stay prepared.
    async fn send(&self, sql: String, values: Vec<sea_orm::Value>) -> Result<Result<(), DbErr>, StoreError> {
        let connection = self.connection.as_ref().ok_or(StoreError::NO_CONNECTION)?;
        self.tally.add_trip();
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        Ok(connection.execute_raw(statement).await.map(|_| ()))
    }

    /// One commit.
    async fn group(&mut self, first: Job) {
        let mut finished: Vec<(Finished, Option<StoreError>)> = Vec::new();
        let failure = self.fill(first, &mut finished).await.err();
        if failure.is_some() {
            // Where SQLite has already ended the transaction itself, as on a full disk, this has nothing to do.
            let _ = self.say("ROLLBACK").await;
        }
        for (one, own) in finished {
            one.answer(failure.clone().or(own));
        }
    }

    async fn fill(
        &mut self,
        first: Job,
        finished: &mut Vec<(Finished, Option<StoreError>)>,
    ) -> Result<(), StoreError> {
        let mut savepoints = Savepoints::new();
        let mut next = Some(first);
        while let Some(job) = next {
            let Some(connection) = self.connection.take() else {
                job.refuse(StoreError::NO_CONNECTION).await;
                return Err(StoreError::NO_CONNECTION);
            };
            let transaction = Arc::new(Transaction::opening_with(connection, savepoints.opening()));
            let exec = Executor::within(Arc::clone(&transaction), DbBackend::Sqlite, Arc::clone(&self.tally));
            let (one, ended) = job.run(exec, transaction).await;
            let verdict = one.verdict().clone();
            finished.push((one, None));
            next = self.next(finished.len());
            let own = match ended {
                Some(Ended { connection, waiting, has_begun, .. }) => {
                    self.connection = Some(connection);
                    let end = End { changes: waiting.changes, opening: waiting.opening, has_begun };
                    self.settle(&mut savepoints, end, &verdict, next.is_some()).await
                }
                None => Err(StoreError::NO_CONNECTION),
            };
            let own = match own {
                Ok(own) => own,
                Err(error) => {
                    // Everything is undone: the change before is to blame, if it failed.
                    let cause = if let Verdict::Failed(cause) = verdict { cause } else { error };
                    if let Some(job) = next {
                        job.refuse(cause.clone()).await;
                    }
                    return Err(cause);
                }
            };
            if let Some((_, place)) = finished.last_mut() {
                *place = own;
            }
        }
        if savepoints.has_kept() {
            self.tally.add_commit();
        }
        Ok(())
    }

    /// Keeps or undoes what a change did, and commits when no other follows. Gives what went wrong with this change
    /// alone; an error is one of the whole transaction.
    async fn settle(
        &self,
        savepoints: &mut Savepoints,
        end: End,
        verdict: &Verdict,
        more: bool,
    ) -> Result<Option<StoreError>, StoreError> {
        let keep = matches!(verdict, Verdict::Keep);
        let mut own = None;
        let has_changes = keep && !end.changes.is_empty();
        let sent = end.has_begun || has_changes;
        if sent {
            savepoints.enter();
        }
        if has_changes {
            // The last words of a change and, when it is the last one, the commit in one trip.
            let names = end.changes.names();
            let last = if more { None } else { Some(("COMMIT", Vec::new())) };
            let (sql, values) = end.changes.in_turn(end.opening, last);
            match self.send(sql, values).await? {
                Ok(()) => {
                    savepoints.keep();
                    return Ok(None);
                }
                Err(error) => own = Some(of_changes(error, &names, false)),
            }
        } else if sent && keep {
            savepoints.keep();
        }
        if sent && (own.is_some() || !keep) {
            // A savepoint that is gone tells that SQLite undid everything.
            let undone = self.say(savepoints.undo()).await;
            undone.map_err(|error| own.clone().unwrap_or(error))?;
        }
        if !more && let Some(end) = savepoints.end() {
            self.say(end).await?;
        }
        Ok(own)
    }

    fn next(&mut self, done: usize) -> Option<Job> {
        if done >= GROUP || self.closing.is_some() {
            return None;
        }
        match self.waiting.try_recv() {
            Ok(Message::Change(job)) => Some(job),
            Ok(Message::Close(done)) => {
                self.closing = Some(done);
                None
            }
            Err(_) => None,
        }
    }
}
