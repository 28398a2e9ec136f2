//! What runs in the background while requests are answered.

use crate::mailer::Mailer;
use futures_util::{StreamExt as _, stream};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::MissedTickBehavior};
use vestibule_domain::{PoolId, Timestamp};
use vestibule_flows::App;
use vestibule_store::{StoreError, records::MailRow};

/// How often the configuration's version, and the outbox, are looked at.
const SOON: Duration = Duration::from_secs(1);
/// How often expired rows are swept.
const SWEEP: Duration = Duration::from_secs(60);
/// How many mails are taken out of the outbox at once.
const BATCH: u64 = 16;
/// How many mails are on their way at once.
const AT_ONCE: usize = 4;
/// How often a mail is tried before it is given up: for about a day.
const MOST_TRIES: u32 = 10;

/// Ends when the server is told to stop.
pub(crate) async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody is left to say stop.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Runs `work` again and again until the server stops. The first time is one period from now.
async fn every<F: Future<Output = ()>>(
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
struct Health(std::sync::atomic::AtomicBool);

impl Health {
    fn note<T, E: std::fmt::Display>(&self, what: &str, outcome: Result<T, E>) -> Option<T> {
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

/// Sends what is in the outbox.
pub(crate) async fn send_mail(app: Arc<App>, mailer: Mailer, stopped: watch::Receiver<bool>) {
    let health = Health::default();
    let (app, mailer) = (&app, &mailer);
    every(SOON, stopped.clone(), || async {
        loop {
            let claimed = app.store().platform().claim_mail(app.now(), BATCH).await;
            let batch = health.note("outbox", claimed).unwrap_or_default();
            if batch.is_empty() || *stopped.borrow() {
                return;
            }
            let sending = stream::iter(batch).for_each_concurrent(AT_ONCE, |(pool, mail)| async move {
                if let Err(error) = send_one(app, mailer, pool, &mail).await {
                    tracing::warn!(pool.id = %pool, mail.id = %mail.id, error = %error, "the outbox cannot be written");
                }
            });
            sending.await;
        }
    })
    .await;
}

async fn send_one(app: &App, mailer: &Mailer, pool: PoolId, mail: &MailRow) -> Result<(), StoreError> {
    let platform = app.store().platform();
    if mail.to.is_empty() {
        // Queued for a name that nobody has, so that asking costs the same; there is nobody to write to.
        platform.mail_sent(pool, mail.id).await?;
        return Ok(());
    }
    match mailer.send(mail).await {
        Ok(()) => {
            platform.mail_sent(pool, mail.id).await?;
            tracing::info!(pool.id = %pool, mail.id = %mail.id, mail.tries = mail.tries, "mail was sent");
        }
        Err(failure) if failure.permanent || mail.tries >= MOST_TRIES => {
            platform.mail_sent(pool, mail.id).await?;
            tracing::error!(
                pool.id = %pool, mail.id = %mail.id, mail.tries = mail.tries, error = %failure.cause,
                "mail was given up"
            );
        }
        Err(failure) => {
            let next = next_try(app.now(), mail.tries);
            platform.mail_failed(pool, mail.id, next).await?;
            tracing::warn!(
                pool.id = %pool, mail.id = %mail.id, mail.tries = mail.tries, error = %failure.cause,
                retry.seconds = next.since(app.now()), "mail could not be sent yet"
            );
        }
    }
    Ok(())
}

/// Half a minute after the first failure, then four times as long each time, six hours at most.
fn next_try(now: Timestamp, tries: u32) -> Timestamp {
    let wait = 30_i64.saturating_mul(4_i64.saturating_pow(tries.saturating_sub(1)));
    now + wait.min(6 * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_tried_for_about_a_day() {
        let t0 = Timestamp::EPOCH;
        let waits: Vec<i64> = (1..MOST_TRIES).map(|tries| next_try(t0, tries).as_seconds()).collect();
        assert_eq!(waits.get(..6).unwrap(), [30, 120, 480, 1920, 7680, 21_600]);
        let total: i64 = waits.iter().sum();
        assert!((20 * 3600..36 * 3600).contains(&total), "{total}");
    }

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
