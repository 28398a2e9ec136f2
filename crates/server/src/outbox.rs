//! Sending what is in the outbox.
//!
//! Mails leave side by side. How many of them are on their way is bounded: in all, for each pool, and for each domain that
//! a pool writes to. So a server that is slow, or says nothing, for some recipients holds up neither the mails to others
//! nor those of other pools.

use crate::{
    mailer::{Mailer, Undelivered},
    workers::{Health, SOON, every, until_stopped},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use vestibule_domain::{MailId, PoolId, Timestamp};
use vestibule_flows::{App, ClaimedMail, OutgoingMail};
use vestibule_store::{
    StoreError,
    records::{MailClaim, MailWaiting, destination_of},
};

/// Mails on their way at once.
pub(crate) const AT_ONCE: u64 = 64;
/// Of one pool: no more are claimed while more than half of these are on their way.
const OF_POOL: u64 = 16;
/// Of one pool to one domain, in the same way.
const OF_DESTINATION: u64 = 8;
/// How long a delivery may take in any case: less than the time after which another node takes the mail.
const LONGEST: Duration = Duration::from_secs(115);
/// How often a mail is tried before it is given up: for about a day.
const MOST_TRIES: u32 = 10;
/// How often it is looked for mail that waits too long.
const WATCH: Duration = Duration::from_secs(30);
/// A mail that waits for longer, in seconds, is reason to look at the mail server.
const LATE: i64 = 300;
/// How often that is said again while it lasts, in seconds.
const REMIND: i64 = 900;

/// Where a mail goes: mails that share it may hold one another up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Destination {
    pool: PoolId,
    domain: String,
}

/// How many mails are on their way.
#[derive(Default)]
struct UnderWay {
    all: u64,
    by_pool: HashMap<PoolId, u64>,
    by_destination: HashMap<Destination, u64>,
}

impl UnderWay {
    fn enter(&mut self, key: &Destination) {
        self.all += 1;
        *self.by_pool.entry(key.pool).or_default() += 1;
        *self.by_destination.entry(key.clone()).or_default() += 1;
    }

    fn leave(&mut self, key: &Destination) {
        self.all = self.all.saturating_sub(1);
        lower(&mut self.by_pool, &key.pool);
        lower(&mut self.by_destination, key);
    }

    /// What may be claimed now; nothing when all places are taken.
    fn claim(&self) -> Option<MailClaim> {
        let most = AT_ONCE.checked_sub(self.all).filter(|free| *free > 0)?;
        let full = |count: &u64, limit: u64| *count > limit / 2;
        let pools = self.by_pool.iter().filter(|(_, count)| full(count, OF_POOL));
        let destinations = self.by_destination.iter().filter(|(_, count)| full(count, OF_DESTINATION));
        Some(MailClaim {
            most,
            of_pool: OF_POOL / 2,
            of_destination: OF_DESTINATION / 2,
            full_pools: pools.map(|(pool, _)| *pool).collect(),
            full_destinations: destinations.map(|(key, _)| (key.pool, key.domain.clone())).collect(),
        })
    }
}

/// Counts one less, and forgets what has none.
fn lower<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, u64>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// One mail's place among those on their way; given back when it is dropped, however the delivery ends.
struct Place {
    under_way: Arc<Mutex<UnderWay>>,
    key: Destination,
}

impl Place {
    fn take(under_way: &Arc<Mutex<UnderWay>>, key: Destination) -> Self {
        under_way.lock().unwrap_or_else(PoisonError::into_inner).enter(&key);
        Self { under_way: Arc::clone(under_way), key }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).leave(&self.key);
    }
}

/// Sends what is in the outbox until the server stops; what is on its way then is waited for.
pub(crate) async fn send_mail(app: Arc<App>, mailer: Mailer, stopped: watch::Receiver<bool>) {
    let (health, mailer) = (Health::default(), Arc::new(mailer));
    let under_way: Arc<Mutex<UnderWay>> = Arc::default();
    let mut deliveries = JoinSet::new();
    let mut ticks = interval(SOON);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = until_stopped(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = ticks.tick() => {}
            // A place is free again.
            Some(_) = deliveries.join_next() => {}
        }
        let claim = under_way.lock().unwrap_or_else(PoisonError::into_inner).claim();
        let Some(claim) = claim else { continue };
        for mail in health.note("outbox", app.claim_mail(&claim).await).unwrap_or_default() {
            let place = Place::take(&under_way, key_of(&mail));
            let (app, mailer) = (Arc::clone(&app), Arc::clone(&mailer));
            deliveries.spawn(async move {
                let _place = place;
                send_one(&app, &mailer, mail).await;
            });
        }
    }
    while deliveries.join_next().await.is_some() {}
}

fn key_of(mail: &ClaimedMail) -> Destination {
    match mail {
        ClaimedMail::Ready(mail) => Destination { pool: mail.pool, domain: destination_of(&mail.to) },
        ClaimedMail::Unreadable { pool, .. } => Destination { pool: *pool, domain: String::new() },
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
        Err(failure) if failure.permanent || tries >= MOST_TRIES => {
            platform.mail_sent(pool, id).await?;
            tracing::error!(
                pool.id = %pool, mail.id = %id, mail.tries = tries, error = %failure.cause, "mail was given up"
            );
        }
        Err(failure) => {
            let next = next_try(app.now(), tries);
            platform.mail_failed(pool, id, next).await?;
            tracing::warn!(
                pool.id = %pool, mail.id = %id, mail.tries = tries, error = %failure.cause,
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
    use vestibule_store::MAIL_LEASE;

    #[test]
    fn mail_is_tried_for_about_a_day() {
        let t0 = Timestamp::EPOCH;
        let waits: Vec<i64> = (1..MOST_TRIES).map(|tries| next_try(t0, tries).as_seconds()).collect();
        assert_eq!(waits.get(..6).unwrap(), [30, 120, 480, 1920, 7680, 21_600]);
        let total: i64 = waits.iter().sum();
        assert!((20 * 3600..36 * 3600).contains(&total), "{total}");
    }

    #[test]
    fn a_delivery_ends_before_another_node_takes_the_mail() {
        let lease = Duration::from_secs(u64::try_from(MAIL_LEASE).unwrap());
        assert!(Deadlines::default().in_all() < LONGEST && LONGEST < lease);
    }

    #[test]
    fn fault_u1_nothing_takes_all_places() {
        let mut under_way = UnderWay::default();
        let pool = PoolId::from_uuid(uuid::Uuid::from_u128(1));
        let key = |domain: &str| Destination { pool, domain: domain.to_owned() };
        for _ in 0..=OF_DESTINATION / 2 {
            under_way.enter(&key("silent.example"));
        }
        let claim = under_way.claim().unwrap();
        assert_eq!(claim.full_destinations, [(pool, "silent.example".to_owned())]);
        assert!(claim.full_pools.is_empty());
        for domain in ["a.example", "b.example", "c.example", "d.example"] {
            under_way.enter(&key(domain));
        }
        let claim = under_way.claim().unwrap();
        assert_eq!(claim.full_pools, [pool]);
        assert_eq!(claim.most, AT_ONCE - under_way.all);
        // With the last claim on top, both limits hold.
        assert!(OF_DESTINATION / 2 + claim.of_destination <= OF_DESTINATION);
        assert!(OF_POOL / 2 + claim.of_pool <= OF_POOL);
        while under_way.all < AT_ONCE {
            under_way.enter(&key("e.example"));
        }
        assert_eq!(under_way.claim(), None);
        for _ in 0..AT_ONCE {
            under_way.leave(&key("e.example"));
        }
        assert!(!under_way.by_destination.contains_key(&key("e.example")), "what has none is forgotten");
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
