//! The issuer's keys: where they come from, and how long they are kept.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;
use vestibule_jose::{ForeignKeys, ForeignKeysError};

use crate::clock::Clock;

/// A future that can be sent and named.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How long keys count as fresh, whatever their source says: at least, at most, and where it says nothing. Seconds.
const FRESH: (i64, i64, i64) = (60, 24 * 3600, 600);
/// Seconds between two tries while there are keys: made-up key ids cannot flood the issuer.
const PAUSE: i64 = 60;
/// Seconds between two tries while there are none.
const PAUSE_WITHOUT_KEYS: i64 = 5;
/// When a fetch is given up.
const LONGEST_FETCH: Duration = Duration::from_secs(15);
/// How long a request waits for a fetch that it cannot do without.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Where the keys of the issuer come from.
pub trait KeySource: Send + Sync + 'static {
    /// Reads the keys of now. It is called at most once at a time, at most once a minute while there are keys, and is
    /// dropped when it takes longer than 15 seconds.
    ///
    /// # Errors
    /// [`KeysError`], which is logged; the keys of before stay.
    fn fetch(&self) -> BoxFuture<'_, Result<FetchedKeys, KeysError>>;
}

/// What a [`KeySource`] read.
#[derive(Clone, Debug)]
pub struct FetchedKeys {
    /// The keys, every one of the issuer.
    pub keys: ForeignKeys,
    /// How long they count as fresh (RFC 9111 §4.2.1), if the source knows; from one minute to one day are obeyed.
    pub fresh_for: Option<Duration>,
}

/// Why there are no keys.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// The issuer does not answer, or not with 200.
    #[error("the issuer's metadata or keys cannot be read")]
    Unreachable(#[source] Arc<dyn Error + Send + Sync>),
    /// The metadata is not what OpenID Connect Discovery 1.0 §3 or RFC 8414 §2 says.
    #[error("the issuer's metadata is wrong: {0}")]
    Metadata(&'static str),
    /// The key set is not one.
    #[error("the issuer's key set is wrong")]
    Keys(#[source] ForeignKeysError),
    /// It took too long.
    #[error("the issuer did not answer in time")]
    TimedOut,
}

/// Keys and when they were read. Seconds since 1970.
struct Known {
    keys: Arc<ForeignKeys>,
    read_at: i64,
    fresh_until: i64,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    tried_at: Option<i64>,
    /// Its sender is dropped when the fetch has ended, however it ended.
    running: Option<watch::Receiver<()>>,
    failed: Option<KeysError>,
}

/// The keys in memory. Fetches run in tasks of their own: no request that finds its key waits for one.
pub(crate) struct KeyCache {
    source: Box<dyn KeySource>,
    clock: Arc<dyn Clock>,
    /// Seconds for which keys are good after they were fresh, when the issuer cannot be read.
    keep: i64,
    state: Mutex<State>,
}

impl KeyCache {
    pub(crate) fn new(source: Box<dyn KeySource>, clock: Arc<dyn Clock>, keep: i64) -> Self {
        Self { source, clock, keep, state: Mutex::default() }
    }

    /// The keys, waiting for them only where there are none.
    pub(crate) async fn get(self: &Arc<Self>) -> Result<Arc<ForeignKeys>, KeysError> {
        let now = self.clock.now();
        let Some(keys) = self.usable(now) else {
            let running = self.begin(now);
            return self.after(running).await;
        };
        if self.is_stale(now) {
            self.begin(now);
        }
        Ok(keys)
    }

    /// Keys that were read after `old`, for a token whose key is not among those. `None` when it is too early to ask
    /// again, or the issuer does not answer.
    pub(crate) async fn newer_than(self: &Arc<Self>, old: &Arc<ForeignKeys>) -> Option<Arc<ForeignKeys>> {
        let now = self.clock.now();
        let is_newer = |keys: &Arc<ForeignKeys>| !Arc::ptr_eq(keys, old);
        if let Some(keys) = self.usable(now).filter(is_newer) {
            return Some(keys);
        }
        // A fetch may have ended since the line above, so that there is none to wait for.
        let running = self.begin(now);
        self.after(running).await.ok().filter(is_newer)
    }

    /// The keys after a fetch has ended, if one runs.
    async fn after(&self, running: Option<watch::Receiver<()>>) -> Result<Arc<ForeignKeys>, KeysError> {
        if let Some(mut running) = running {
            // The only change is the end of the sender; a task that panicked ends it as well.
            let _ended = timeout(LONGEST_WAIT, running.changed()).await.map_err(|_| KeysError::TimedOut)?;
        }
        let failed = self.lock().failed.clone();
        self.usable(self.clock.now()).ok_or_else(|| failed.unwrap_or(KeysError::TimedOut))
    }

    fn usable(&self, now: i64) -> Option<Arc<ForeignKeys>> {
        let state = self.lock();
        let known = state.known.as_ref()?;
        (now < known.fresh_until.saturating_add(self.keep)).then(|| Arc::clone(&known.keys))
    }

    /// Whether the keys are to be read again. A clock that was set back must not keep them for ever.
    fn is_stale(&self, now: i64) -> bool {
        self.lock().known.as_ref().is_none_or(|known| !(known.read_at..known.fresh_until).contains(&now))
    }

    /// Starts a fetch unless one runs, which is joined, or it is too early.
    fn begin(self: &Arc<Self>, now: i64) -> Option<watch::Receiver<()>> {
        let pause = if self.usable(now).is_some() { PAUSE } else { PAUSE_WITHOUT_KEYS };
        let mut state = self.lock();
        if let Some(running) = state.running.as_ref().filter(|running| running.has_changed().is_ok()) {
            return Some(running.clone());
        }
        if state.tried_at.is_some_and(|tried| (tried..tried.saturating_add(pause)).contains(&now)) {
            return None;
        }
        let (done, running) = watch::channel(());
        state.tried_at = Some(now);
        state.running = Some(running.clone());
        drop(state);
        let cache = Arc::clone(self);
        tokio::spawn(async move {
            cache.fetch().await;
            drop(done);
        });
        Some(running)
    }

    async fn fetch(&self) {
        let fetched = timeout(LONGEST_FETCH, self.source.fetch()).await.unwrap_or(Err(KeysError::TimedOut));
        let read_at = self.clock.now();
        let mut state = self.lock();
        match fetched {
            Ok(FetchedKeys { keys, fresh_for }) => {
                let (least, most, default) = FRESH;
                let fresh_for =
                    fresh_for.map_or(default, |time| i64::try_from(time.as_secs()).unwrap_or(most));
                let fresh_until = read_at.saturating_add(fresh_for.clamp(least, most));
                state.known = Some(Known { keys: Arc::new(keys), read_at, fresh_until });
                state.failed = None;
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "the keys of the issuer were not read");
                state.failed = Some(error);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
