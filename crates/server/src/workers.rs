//! What runs in the background while requests are answered.

use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::MissedTickBehavior};
use vestibule_flows::App;

/// How often the configuration's version, and the outbox, are looked at.
pub(crate) const SOON: Duration = Duration::from_secs(1);
/// How often expired rows are swept.
const SWEEP: Duration = Duration::from_secs(60);

/// Ends when the server is told to stop.
pub(crate) async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody is left to say stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Runs `work` again and again until the server stops. The first time is one period from now.
pub(crate) async fn every<F: Future<Output = ()>>(
    period: Duration,
    stopped: watch::Receiver<bool>,
    mut work: impl FnMut() -> F,
) {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = until_stopped(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return,
            _ = ticks.tick() => work().await,
        }
    }
}

/// Says once that something fails, and once that it works again.
#[derive(Default)]
pub(crate) struct Health(std::sync::atomic::AtomicBool);

impl Health {
    /// What came of it, if anything.
    pub(crate) fn note<T, E: std::fmt::Display>(&self, what: &str, outcome: Result<T, E>) -> Option<T> {
        let failing = outcome.is_err();
        let before = self.0.swap(failing, std::sync::atomic::Ordering::Relaxed);
        match outcome {
            Ok(value) => {
                if before {
                    tracing::info!(worker.name = what, "works again");
                }
                Some(value)
            }
            Err(error) => {
                if !before {
                    tracing::warn!(worker.name = what, error = %error, "fails, and is tried again");
                }
                None
            }
        }
    }
}

/// Reads the configuration again whenever another process has changed it.
pub(crate) async fn follow_configuration(app: Arc<App>, stopped: watch::Receiver<bool>) {
    let health = Health::default();
    every(SOON, stopped, || async {
        if health.note("configuration", app.refresh_configuration().await) == Some(true) {
            tracing::debug!("the configuration was read anew");
        }
    })
    .await;
}

/// Deletes what has expired.
pub(crate) async fn sweep(app: Arc<App>, stopped: watch::Receiver<bool>) {
    let health = Health::default();
    every(SWEEP, stopped, || async {
        if let Some(rows @ 1..) = health.note("sweep", app.store().sweep(app.now()).await) {
            tracing::debug!(sweep.rows = rows, "expired rows were deleted");
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_worker_ends_when_told_to() {
        let (stop, stopped) = watch::channel(false);
        let ran = std::sync::atomic::AtomicU32::new(0);
        let count = || {
            ran.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            std::future::ready(())
        };
        let stopping = async {
            tokio::time::sleep(Duration::from_millis(3500)).await;
            stop.send(true).unwrap();
        };
        tokio::join!(every(SOON, stopped, count), stopping);
        assert_eq!(ran.load(std::sync::atomic::Ordering::Relaxed), 3);
    }
}
