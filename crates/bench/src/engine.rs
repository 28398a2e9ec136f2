//! One database engine from an empty database to its figures.

use crate::{
    cli::{Database, Options},
    figures::{Counted, EngineFigures, Floors, Memory, Row, Starts},
    machine::{Meter, Process},
    measure::{Comparison, Plan, Spread, Team, Worker as _, compare},
    people::People,
    seed::{self, CHEAP, Seeded},
    site,
    stage::Stage,
    terminal::progress,
    visitor::{Visitor, World},
    workload::{COMMIT, Call, FloorVisitor, HELLO, SIGN, Work, Workload},
};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use vestibule_config::Settings;
use vestibule_flows::HashCost;

/// People whose passwords cost what they cost in production.
const STRONG: usize = 900;
/// People whose passwords cost nothing.
const CHEAP_PEOPLE: usize = 3500;

struct Bench<'a> {
    options: &'a Options,
    stage: Stage<'a>,
    plan: Plan,
}

/// Measures one engine.
pub(crate) async fn measure(options: &Options, database: Database) -> anyhow::Result<EngineFigures> {
    progress(&format!("{database:?}: starting with an empty database"));
    let bench = Bench { options, stage: Stage::set(&options.place, database).await?, plan: plan(options) };
    let stage = &bench.stage;
    let first = if options.wants(Workload::Starts) { Some(bench.first_starts().await?) } else { None };
    progress("filling it");
    let production = stage.settings("production", HashCost::default())?;
    let cheap = stage.settings("cheap", CHEAP)?;
    let settings = Settings::load(Some(&production), &BTreeMap::new())?;
    let (strong, cheap_people) = if options.quick { (400, 1500) } else { (STRONG, CHEAP_PEOPLE) };
    let Seeded { strong, cheap: unhashed } = seed::seed(&settings, strong, cheap_people).await?;
    let (strong, unhashed) = (Arc::new(People::new(strong)), Arc::new(People::new(unhashed)));
    progress("counting statements and commits, one operation at a time");
    let counted = bench.count(&cheap, &unhashed).await?;
    let starts = match first {
        Some(first) => Some(bench.warm_starts(&production, first).await?),
        None => None,
    };
    let floor_database = match database {
        Database::Sqlite => stage.file("floor"),
        Database::Postgres => stage.empty_database("floor").await?,
    };
    let floor = Process::start(&std::env::current_exe()?, &["floor", "--database", &floor_database])?;
    let floors = bench.floors(&floor).await?;
    let mut rows = Vec::new();
    let server = stage.product(&production)?;
    let (idle_kib, storm_peak_kib) = (bench.idle(&server).await?, bench.storm(&server, &strong).await?);
    for work in [
        Work::Jwks,
        Work::Discovery,
        Work::NotModified,
        Work::Userinfo,
        Work::Silent,
        Work::Refresh,
        Work::SignIn,
    ] {
        rows.extend(bench.row(work, &server, &strong, &floor, &counted).await?);
    }
    let memory = bench.memory(&server, idle_kib, storm_peak_kib)?;
    server.stop()?;
    let server = stage.product(&cheap)?;
    for work in [Work::StepUp, Work::SignInBesideHash] {
        rows.extend(bench.row(work, &server, &unhashed, &floor, &counted).await?);
    }
    server.stop()?;
    rows.sort_by_key(|row| Work::ALL.iter().position(|work| *work == row.work));
    bench.stage.close().await;
    Ok(EngineFigures { database: format!("{database:?}"), starts, memory, floors, rows })
}

/// How long and how often each workload is measured.
const fn plan(options: &Options) -> Plan {
    if options.quick {
        Plan { rounds: 2, time: Duration::from_millis(700), most: u64::MAX }
    } else {
        Plan { rounds: 6, time: Duration::from_secs(2), most: u64::MAX }
    }
}

impl Bench<'_> {
    /// From nothing to the first answer, the schema included.
    async fn first_starts(&self) -> anyhow::Result<Vec<f64>> {
        let mut figures = Vec::new();
        for number in 0..self.starts() {
            let name = format!("first{number}");
            let url = self.stage.empty_database(&name).await?;
            let settings = self.stage.settings_at(&name, &url, HashCost::default())?;
            let started = Instant::now();
            let server = self.stage.first_start(&settings)?;
            let mut http = crate::http::Http::new(server.address, "localhost".to_owned());
            http.send("GET", "/healthz", &[], None).await?.expect(200)?;
            figures.push(started.elapsed().as_secs_f64() * 1e3);
            server.stop()?;
        }
        Ok(figures)
    }

    const fn starts(&self) -> usize {
        if self.options.quick { 3 } else { 7 }
    }

    /// From nothing to the first answer that needs the pool, on the database as it is.
    async fn warm_starts(&self, settings: &Path, first_ms: Vec<f64>) -> anyhow::Result<Starts> {
        let mut warm_ms = Vec::new();
        for _ in 0..self.starts() {
            let started = Instant::now();
            let server = self.stage.product(settings)?;
            let mut http = crate::http::Http::new(server.address, site::HOST.to_owned());
            http.send("GET", "/oidc/.well-known/openid-configuration", &[], None).await?.expect(200)?;
            warm_ms.push(started.elapsed().as_secs_f64() * 1e3);
            server.stop()?;
        }
        Ok(Starts { warm_ms, first_ms })
    }

    /// Statements, trips and commits of one operation: the middle of several, because once a second the server looks
    /// whether the configuration has changed.
    async fn count(&self, settings: &Path, people: &Arc<People>) -> anyhow::Result<Vec<Counted>> {
        let settings = settings.to_string_lossy();
        let mut server = Process::start(&std::env::current_exe()?, &["serve", "--config", &settings])?;
        let world = World::meet(server.address, Arc::clone(people)).await?;
        let mut counted = Vec::new();
        for work in Work::ALL {
            let mut visitor = Visitor::ready(&world, work).await?;
            visitor.operation().await?;
            let mut seen = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..9 {
                let before = server.counters()?;
                visitor.operation().await?;
                let after = server.counters()?;
                for (seen, (after, before)) in seen.iter_mut().zip(after.into_iter().zip(before)) {
                    seen.push(after - before);
                }
            }
            let [statements, trips, commits] = seen.map(|mut figures: Vec<u64>| {
                figures.sort_unstable();
                figures.get(figures.len() / 2).copied().unwrap_or_default()
            });
            counted.push(Counted { work, statements, trips, commits });
            if work == Work::Refresh {
                visitor.replay_is_refused().await?;
            }
        }
        server.stop()?;
        Ok(counted)
    }

    /// The floors by themselves.
    async fn floors(&self, floor: &Process) -> anyhow::Result<Floors> {
        progress("the floors");
        let meter = Meter::new(floor.id(), self.stage.postmaster)?;
        let team = |calls: &'static [Call]| {
            let workers = (0..16).map(|_| FloorVisitor::new(floor.address, calls)).collect();
            Team { workers, meter: &meter }
        };
        let (_, low) = compare(team(SIGN), team(HELLO), self.plan).await?;
        let (_, high) = compare(team(COMMIT), team(&[Call::Verify]), self.plan).await?;
        Ok(Floors {
            hello: Spread::of(&low.floor.cpu_us),
            sign: Spread::of(&low.product.cpu_us),
            commit: Spread::of(&high.product.cpu_us),
            verify: Spread::of(&high.floor.cpu_us),
        })
    }

    async fn row(
        &self,
        work: Work,
        server: &Process,
        people: &Arc<People>,
        floor: &Process,
        counted: &[Counted],
    ) -> anyhow::Result<Option<Row>> {
        if !self.options.wants(work.asked_as()) {
            return Ok(None);
        }
        progress(work.name());
        let world = World::meet(server.address, Arc::clone(people)).await?;
        let mut product = Vec::new();
        let mut below = Vec::new();
        for _ in 0..work.connections() {
            product.push(Visitor::ready(&world, work).await?);
            below.push(FloorVisitor::new(floor.address, work.floor()));
        }
        let postmaster = self.stage.postmaster;
        let (server_meter, floor_meter) =
            (Meter::new(server.id(), postmaster)?, Meter::new(floor.id(), postmaster)?);
        let plan = self.plan.at_most(work.most());
        let product = Team { workers: product, meter: &server_meter };
        let below = Team { workers: below, meter: &floor_meter };
        let (mut product, comparison): (_, Comparison) = compare(product, below, plan).await?;
        if let (Work::Refresh, Some(first)) = (work, product.first_mut()) {
            first.replay_is_refused().await?;
        }
        let counted = counted.iter().find(|one| one.work == work);
        let counted = counted.copied().unwrap_or(Counted { work, statements: 0, trips: 0, commits: 0 });
        Ok(Some(Row { work, counted, comparison }))
    }

    /// Memory of a server that has answered one request and then had nothing to do, in KiB.
    async fn idle(&self, server: &Process) -> anyhow::Result<u64> {
        let mut http = crate::http::Http::new(server.address, site::HOST.to_owned());
        http.send("GET", "/oidc/jwks", &[], None).await?.expect(200)?;
        tokio::time::sleep(Duration::from_secs(if self.options.quick { 2 } else { 10 })).await;
        server.memory("VmRSS")
    }

    const fn at_once(&self) -> usize {
        if self.options.quick { 60 } else { 300 }
    }

    /// Memory at most while many people sign in at once, each for the first time, in KiB.
    async fn storm(&self, server: &Process, people: &Arc<People>) -> anyhow::Result<u64> {
        progress("many sign-ins at once");
        server.forget_peak()?;
        let world = World::meet(server.address, Arc::clone(people)).await?;
        let mut tasks = Vec::new();
        for _ in 0..self.at_once() {
            let mut visitor = Visitor::ready(&world, Work::SignIn).await?;
            tasks.push(tokio::spawn(async move { visitor.operation().await }));
        }
        for task in tasks {
            task.await??;
        }
        server.memory("VmHWM")
    }

    fn memory(&self, server: &Process, idle_kib: u64, storm_peak_kib: u64) -> anyhow::Result<Memory> {
        Ok(Memory {
            idle_kib,
            after_load_kib: server.memory("VmRSS")?,
            storm: self.at_once(),
            storm_peak_kib,
            permits: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            engine_is_sqlite: self.stage.database == Database::Sqlite,
        })
    }
}
