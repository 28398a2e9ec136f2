//! SQLite: one writer that groups waiting changes into one durable commit, and a few readers beside it.
//!
//! A durable commit costs a flush to the disk, whatever it holds. So the writer begins one immediate transaction, runs
//! every change that waits inside a savepoint of its own, and commits once. Nobody gets an answer before that commit.

use super::{
    job::{Queued, Ran, Verdict},
    lanes::{Lanes, Unsettled, hold},
};
use crate::{
    error::StoreError,
    exec::{Exec, Standing, Tally, joined},
    script::Script,
    store::StoreOptions,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};
use sqlx::{
    ConnectOptions as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{mpsc, oneshot};

/// Changes in one commit at the most.
const GROUP: usize = 64;
/// Changes that may wait before callers have to.
const WAITING: usize = 1024;
/// Readers at the most: beyond the cores they only cost memory.
const READERS: u32 = 4;

/// An open file.
pub(crate) struct Opened {
    pub(crate) readers: Arc<Lanes>,
    pub(crate) writer: Writer,
}

/// Opens the file named in the options, and creates it with its directory where it is missing.
pub(crate) async fn connect(options: &StoreOptions, tally: &Arc<Tally>) -> Result<Opened, StoreError> {
    let path = path_of(&options.url)?;
    create_directory_of(&path)?;
    let writable = file(&path).create_if_missing(true).pragma("wal_autocheckpoint", "8000");
    let held = hold(&open(writable, 1).await?, "COMMIT").await?;
    let writer = Writer::start(held, Arc::clone(tally));
    let count = options.max_connections.clamp(1, READERS);
    // No memory map: SQLite drops a reader's map, as its pages, whenever somebody has written, and mapping anew costs
    // more than reading the few pages that an answer needs.
    let readable = file(&path).read_only(true).pragma("cache_size", "-2000").pragma("mmap_size", "0");
    let readers = Lanes::new(open(readable, count).await?, count, Unsettled::Kept);
    Ok(Opened { readers: Arc::new(readers), writer })
}

/// The path of `sqlite:PATH` or `sqlite://PATH`.
fn path_of(url: &str) -> Result<PathBuf, StoreError> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    if path.is_empty() || path == ":memory:" {
        let cause = "a SQLite database needs the path of a file, as in sqlite:data/vestibule.db".to_owned();
        return Err(StoreError::Unreachable { cause });
    }
    Ok(PathBuf::from(path))
}

fn create_directory_of(path: &Path) -> Result<(), StoreError> {
    let Some(directory) = path.parent().filter(|one| !one.as_os_str().is_empty() && !one.exists()) else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Personal data: only the program's own account may look.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| StoreError::Unreachable {
        cause: format!("the directory {} cannot be created: {error}", directory.display()),
    })
}

fn file(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", "-20000")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(512)
        .disable_statement_logging()
}

async fn open(options: SqliteConnectOptions, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let pool: SqlitePool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(|error| match StoreError::from_driver(&error) {
            StoreError::Full => StoreError::Full,
            other => StoreError::Unreachable { cause: other.to_string() },
        })?;
    Ok(DatabaseConnection::from(pool))
}

enum Message {
    Change(Queued),
    Close(oneshot::Sender<()>),
}

/// The only way to change the file.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    fn start(held: DatabaseTransaction, tally: Arc<Tally>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(Desk { held: Arc::new(held), waiting, tally, closing: None }.serve());
        Self { queue }
    }

    /// Queues a change.
    pub(crate) async fn submit(&self, job: Queued) -> Result<(), StoreError> {
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
struct Desk {
    held: Arc<DatabaseTransaction>,
    waiting: mpsc::Receiver<Message>,
    tally: Arc<Tally>,
    closing: Option<oneshot::Sender<()>>,
}

impl Desk {
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
            tracing::debug!(%error, "the write-ahead log stays beside the database file");
        }
        drop(self.held);
        if let Some(done) = self.closing {
            let _ = done.send(());
        }
    }

    async fn say(&self, sql: &str) -> Result<(), StoreError> {
        self.send(joined(Some(sql), Script::default(), None)).await
    }

    /// With values, even if there are none: only such statements stay prepared.
    async fn send(&self, (sql, values): (String, Vec<sea_orm::Value>)) -> Result<(), StoreError> {
        self.tally.went();
        self.held.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
        Ok(())
    }

    /// One commit.
    async fn group(&mut self, first: Queued) {
        let mut ran: Vec<(Ran, Option<StoreError>)> = Vec::new();
        let failure = self.fill(first, &mut ran).await.err();
        if failure.is_some() {
            // Where SQLite has already ended the transaction itself, as on a full disk, this has nothing to do.
            let _ = self.say("ROLLBACK").await;
        }
        for (one, own) in ran {
            one.answer(failure.clone().or(own));
        }
    }

    async fn fill(
        &mut self,
        first: Queued,
        ran: &mut Vec<(Ran, Option<StoreError>)>,
    ) -> Result<(), StoreError> {
        let mut group = Group::new();
        let mut next = Some(first);
        while let Some(job) = next {
            let standing = Arc::new(Standing::opening_with(group.opening()));
            let exec =
                Exec::in_transaction(Arc::clone(&self.held), Arc::clone(&standing), Arc::clone(&self.tally));
            let one = job.run(exec, Arc::clone(&standing)).await;
            let verdict = one.verdict().clone();
            ran.push((one, None));
            next = self.next(ran.len());
            let own = self.settle(&mut group, &standing, &verdict, next.is_some()).await;
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
            if let Some((_, place)) = ran.last_mut() {
                *place = own;
            }
        }
        if group.kept {
            self.tally.committed();
        }
        Ok(())
    }

    /// Keeps or undoes what a change did, and commits when no other follows. Gives what went wrong with this change
    /// alone; an error is one of the whole transaction.
    async fn settle(
        &self,
        group: &mut Group,
        standing: &Standing,
        verdict: &Verdict,
        more: bool,
    ) -> Result<Option<StoreError>, StoreError> {
        let (opening, changes) = standing.take_due();
        let keep = matches!(verdict, Verdict::Keep);
        let mut own = None;
        let has_changes = keep && !changes.is_empty();
        let sent = standing.has_begun() || has_changes;
        if sent {
            group.entered();
        }
        if has_changes {
            // The last words of a change and, when it is the last one, the commit in one trip.
            let (sql, values) = joined(opening, changes, None);
            let sql = if more { sql } else { format!("{sql}; COMMIT") };
            match self.send((sql, values)).await {
                Ok(()) => {
                    group.keep();
                    return Ok(None);
                }
                Err(error) => own = Some(error),
            }
        } else if sent && keep {
            group.keep();
        }
        if sent && (own.is_some() || !keep) {
            // A savepoint that is gone tells that SQLite undid everything.
            let undone = self.say(group.undo()).await;
            undone.map_err(|error| own.clone().unwrap_or(error))?;
        }
        if !more && let Some(end) = group.end() {
            self.say(end).await?;
        }
        Ok(own)
    }

    fn next(&mut self, done: usize) -> Option<Queued> {
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

/// Where the transaction of a group stands.
///
/// Every change has a savepoint. The steps between changes are sent along with the first statement of the next one.
/// Two names take turns, so that a step which failed never makes one change's undoing hit the change before it.
struct Group {
    begun: bool,
    /// Some change was kept.
    kept: bool,
    /// Whether the savepoint is to be released by who comes next.
    release: bool,
    /// Which of the two names the present savepoint has.
    odd: bool,
}

impl Group {
    const fn new() -> Self {
        Self { begun: false, kept: false, release: false, odd: false }
    }

    /// What has to be said before the first statement of the next change.
    const fn opening(&self) -> Option<&'static str> {
        match (self.begun, self.release, self.odd) {
            (false, _, _) => Some("BEGIN IMMEDIATE; SAVEPOINT even"),
            (true, false, _) => None,
            (true, true, false) => Some("RELEASE even; SAVEPOINT odd"),
            (true, true, true) => Some("RELEASE odd; SAVEPOINT even"),
        }
    }

    /// That was said, or tried.
    const fn entered(&mut self) {
        if self.begun && self.release {
            self.odd = !self.odd;
            self.release = false;
        }
        self.begun = true;
    }

    const fn keep(&mut self) {
        self.kept = true;
        self.release = true;
    }

    /// Undoes the present change.
    const fn undo(&self) -> &'static str {
        if self.odd { "ROLLBACK TO odd" } else { "ROLLBACK TO even" }
    }

    /// Ends the transaction, if there is one.
    const fn end(&self) -> Option<&'static str> {
        match (self.begun, self.kept) {
            (false, _) => None,
            (true, true) => Some("COMMIT"),
            (true, false) => Some("ROLLBACK"),
        }
    }
}
