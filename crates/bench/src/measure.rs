//! Closed loops, in turns: product, floor, product, floor …

use crate::machine::Meter;
use serde::Serialize;
use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Somebody who does one operation after the other.
pub(crate) trait Worker: Send + 'static {
    /// One operation, with its answers checked.
    fn operation(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// How long and how often.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Rounds of each side.
    pub(crate) rounds: usize,
    /// Of one round.
    pub(crate) time: Duration,
    /// Operations in one round at most.
    pub(crate) most: u64,
}

impl Plan {
    /// The same with rounds that end after so many operations.
    pub(crate) const fn at_most(self, most: u64) -> Self {
        Self { most, ..self }
    }
}

/// The figures of one side.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Side {
    /// Microseconds of processor time an operation, round by round.
    pub(crate) cpu_us: Vec<f64>,
    /// Operations a second, round by round; shared with the generator, so a by-product.
    pub(crate) per_second: Vec<f64>,
}

/// Both sides.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Comparison {
    pub(crate) product: Side,
    pub(crate) floor: Side,
    /// Product over floor, pair by pair.
    pub(crate) ratio: Vec<f64>,
}

/// Middle, least and most.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// Of some figures; zeros for none.
    pub(crate) fn of(figures: &[f64]) -> Self {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
        let (half, last) = (sorted.len() / 2, sorted.len().saturating_sub(1));
        let median = if sorted.len() % 2 == 1 {
            at(half)
        } else {
            f64::midpoint(at(half.saturating_sub(1)), at(half))
        };
        Self { median, least: at(0), most: at(last) }
    }
}

/// Lets all workers work at once until time or operations are used up. The first failure ends it.
pub(crate) async fn drive<W: Worker>(workers: Vec<W>, plan: Plan) -> anyhow::Result<(Vec<W>, u64, f64)> {
    let (begun, done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let started = Instant::now();
    let mut tasks = Vec::new();
    for mut worker in workers {
        let (begun, done) = (Arc::clone(&begun), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            while started.elapsed() < plan.time && begun.fetch_add(1, Ordering::Relaxed) < plan.most {
                worker.operation().await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(worker)
        }));
    }
    let mut back = Vec::new();
    for task in tasks {
        back.push(task.await??);
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok((back, done.load(Ordering::Relaxed), seconds))
}

/// Workers, and the meter of the process that they make work.
pub(crate) struct Team<'a, W> {
    pub(crate) workers: Vec<W>,
    pub(crate) meter: &'a Meter,
}

impl<W: Worker> Team<'_, W> {
    async fn round(self, plan: Plan, side: &mut Side) -> anyhow::Result<Self> {
        let before = self.meter.seconds()?;
        let (workers, operations, seconds) = drive(self.workers, plan).await?;
        let cpu = self.meter.seconds()? - before;
        #[expect(clippy::cast_precision_loss, reason = "operations of a round are few")]
        let operations = operations.max(1) as f64;
        side.cpu_us.push(cpu * 1e6 / operations);
        side.per_second.push(operations / seconds);
        Ok(Self { workers, ..self })
    }
}

/// Measures both sides in turns, after a short round of each that does not count. Gives the product's workers back.
pub(crate) async fn compare<A: Worker, B: Worker>(
    mut product: Team<'_, A>,
    mut floor: Team<'_, B>,
    plan: Plan,
) -> anyhow::Result<(Vec<A>, Comparison)> {
    let warm = Plan { time: plan.time / 4, most: plan.most / 4, ..plan };
    let mut unused = Side::default();
    product = product.round(warm, &mut unused).await?;
    floor = floor.round(warm, &mut unused).await?;
    let mut comparison = Comparison::default();
    for _ in 0..plan.rounds {
        product = product.round(plan, &mut comparison.product).await?;
        floor = floor.round(plan, &mut comparison.floor).await?;
    }
    let pairs = comparison.product.cpu_us.iter().zip(&comparison.floor.cpu_us);
    comparison.ratio = pairs.map(|(product, floor)| product / floor.max(0.01)).collect();
    Ok((product.workers, comparison))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_have_a_middle_and_ends() {
        let odd = Spread::of(&[3.0, 1.0, 2.0]);
        assert_eq!((odd.median, odd.least, odd.most), (2.0, 1.0, 3.0));
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert_eq!(Spread::of(&[]).median, 0.0);
    }

    struct Counting(u64);
    impl Worker for Counting {
        async fn operation(&mut self) -> anyhow::Result<()> {
            self.0 += 1;
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_round_ends_after_its_operations() {
        let plan = Plan { rounds: 1, time: Duration::from_secs(60), most: 25 };
        let (workers, operations, _) = drive(vec![Counting(0), Counting(0)], plan).await.unwrap();
        assert_eq!(operations, 25);
        assert_eq!(workers.iter().map(|worker| worker.0).sum::<u64>(), 25);
    }
}
