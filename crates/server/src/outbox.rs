//! Sending what is in the outbox.

use crate::{
    deliveries::{Bounds, Courier, Destination},
    mailer::{Mailer, Undelivered},
    workers::{Health, every},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use vestibule_domain::{MailId, PoolId, Timestamp};
use vestibule_flows::{App, ClaimedMail, Failure, OutgoingMail, next_try};
use vestibule_store::{
    StoreError,
    records::{Claim, MailWaiting, destination_of},
};

/// How long a delivery may take in any case: less than the time after which another node takes the mail.
const LONGEST: Duration = Duration::from_secs(115);
/// How often it is looked for mail that waits too long.
const WATCH: Duration = Duration::from_secs(30);
/// A mail that waits for longer, in seconds, is reason to look at the mail server.
const LATE: i64 = 300;
/// How often that is said again while it lasts, in seconds.
const REMIND: i64 = 900;

/// Sends mails. Those to one domain share a destination.
pub(crate) struct Postman {
    pub(crate) app: Arc<App>,
    pub(crate) mailer: Mailer,
}

impl Courier for Postman {
    type Item = ClaimedMail;
    const NAME: &'static str = "outbox";
    const BOUNDS: Bounds = Bounds { all: 64, of_pool: 16, of_destination: 8 };

    async fn claim(&self, claim: &Claim) -> Result<Vec<ClaimedMail>, Failure> {
        self.app.claim_mail(claim).await
    }

    fn destination(mail: &ClaimedMail) -> Destination {
        match mail {
            ClaimedMail::Ready(mail) => Destination { pool: mail.pool, name: destination_of(&mail.to) },
            ClaimedMail::Unreadable { pool, .. } => Destination { pool: *pool, name: String::new() },
        }
    }

    async fn deliver(&self, mail: ClaimedMail) {
        send_one(&self.app, &self.mailer, mail).await;
    }
}

async fn send_one(app: &App, mailer: &Mailer, mail: ClaimedMail) {
    let (pool, id, tries, outcome) = match mail {
        ClaimedMail::Ready(mail) => (mail.pool, mail.id, mail.tries, deliver(mailer, &mail).await),
        ClaimedMail::Unreadable { pool, id, tries } => {
            let cause = "it is sealed under a key that is not in the key ring".to_owned();
            (pool, id, tries, Err(Undelivered { permanent: false, cause }))
        }
    };
    if let Err(error) = write_down(app, Tried { pool, id, tries }, outcome).await {
        tracing::warn!(pool.id = %pool, mail.id = %id, error = %error, "the outbox cannot be written");
    }
}

async fn deliver(mailer: &Mailer, mail: &OutgoingMail) -> Result<(), Undelivered> {
    if mail.to.is_empty() {
        // Queued for a name that nobody has, so that asking costs the same; there is nobody to write to.
        return Ok(());
    }
    let sent = tokio::time::timeout(LONGEST, mailer.send(mail)).await;
    let sent = sent.unwrap_or_else(|_| {
        let cause = format!("it took longer than {} s", LONGEST.as_secs());
        Err(Undelivered { permanent: false, cause })
    });
    if sent.is_ok() {
        tracing::info!(pool.id = %mail.pool, mail.id = %mail.id, mail.tries = mail.tries, "mail was sent");
    }
    sent
}

/// A mail that was tried.
struct Tried {
    pool: PoolId,
    id: MailId,
    tries: u32,
}

async fn write_down(app: &App, mail: Tried, outcome: Result<(), Undelivered>) -> Result<(), StoreError> {
    let (Tried { pool, id, tries }, platform) = (mail, app.store().platform());
    match outcome {
        Ok(()) => {
            platform.mail_sent(pool, id).await?;
        }
        Err(failure) => {
            let Some(next) = next_try(app.now(), tries).filter(|_| !failure.permanent) else {
                platform.mail_sent(pool, id).await?;
                tracing::error!(
                    pool.id = %pool, mail.id = %id, mail.tries = tries, error = %failure.cause, "mail was given up"
                );
                return Ok(());
            };
            platform.mail_failed(pool, id, next).await?;
            tracing::warn!(
                pool.id = %pool, mail.id = %id, mail.tries = tries, error = %failure.cause,
                retry.seconds = next.since(app.now()), "mail could not be sent yet"
            );
        }
    }
    Ok(())
}

/// Says when mail waits too long, until the server stops.
pub(crate) async fn watch_mail(app: Arc<App>, stopped: watch::Receiver<bool>) {
    let (health, said) = (Health::default(), Mutex::new(Lateness::default()));
    every(WATCH, stopped, || async {
        let Some(waiting) = health.note("outbox", app.waiting_mail().await) else { return };
        let word = said.lock().unwrap_or_else(PoisonError::into_inner).judge(waiting, app.now());
        match word {
            Some(Word::Late { seconds }) => tracing::warn!(
                outbox.waiting = waiting.count,
                outbox.oldest_seconds = seconds,
                "mail waits: look at the mail server, and at the warnings about single mails"
            ),
            Some(Word::OnTime) => tracing::info!(outbox.waiting = waiting.count, "mail leaves in time again"),
            None => {}
        }
    })
    .await;
}

/// When it was last said that mail waits too long.
#[derive(Default)]
struct Lateness(Option<Timestamp>);

#[derive(Debug, PartialEq, Eq)]
enum Word {
    Late { seconds: i64 },
    OnTime,
}

impl Lateness {
    /// What is to be said now, if anything.
    fn judge(&mut self, waiting: MailWaiting, now: Timestamp) -> Option<Word> {
        let late = waiting.oldest.map(|oldest| now.since(oldest)).filter(|age| *age > LATE);
        match (late, self.0) {
            (Some(_), Some(said)) if now.since(said) < REMIND => None,
            (Some(seconds), _) => {
                self.0 = Some(now);
                Some(Word::Late { seconds })
            }
            (None, Some(_)) => {
                self.0 = None;
                Some(Word::OnTime)
            }
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailer::Deadlines;
    use vestibule_store::LEASE;

    #[test]
    fn a_delivery_ends_before_another_node_takes_the_mail() {
        let lease = Duration::from_secs(u64::try_from(LEASE).unwrap());
        assert!(Deadlines::default().in_all() < LONGEST && LONGEST < lease);
    }

    #[test]
    fn fault_u1_mail_that_waits_is_told_once_in_a_while_and_when_it_is_over() {
        let mut lateness = Lateness::default();
        let at = Timestamp::from_seconds;
        let waiting = |oldest| MailWaiting { count: 3, oldest: Some(at(oldest)) };
        assert_eq!(lateness.judge(MailWaiting::default(), at(0)), None);
        assert_eq!(lateness.judge(waiting(0), at(LATE)), None, "not yet");
        assert_eq!(lateness.judge(waiting(0), at(LATE + 1)), Some(Word::Late { seconds: LATE + 1 }));
        assert_eq!(lateness.judge(waiting(0), at(LATE + 2)), None, "said already");
        let again = LATE + 1 + REMIND;
        assert_eq!(lateness.judge(waiting(0), at(again)), Some(Word::Late { seconds: again }));
        assert_eq!(lateness.judge(waiting(again), at(again + 1)), Some(Word::OnTime));
        assert_eq!(lateness.judge(MailWaiting::default(), at(again + 2)), None);
    }
}
