//! Many people at once for a long time: every answer is checked, and the first wrong one ends it.
//!
//! What breaks once in some ten thousand operations, between two threads or two connections, shows here and in no test of
//! single requests.

use crate::{
    cli::{Database, SoakOptions},
    measure::{Plan, Worker, drive},
    people::People,
    seed::{self, CHEAP, Seeded},
    stage::Stage,
    terminal::{progress, say},
    visitor::{Visitor, World},
    workload::Work,
};
use anyhow::Context as _;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    num::NonZero,
    sync::Arc,
    time::{Duration, Instant},
};
use vestibule_config::Settings;

/// What each person does, over and over.
const TURNS: [Work; 3] = [Work::Silent, Work::Refresh, Work::Userinfo];
/// How often a line says how far it is.
const LINE: Duration = Duration::from_secs(30);

/// One number of connections on one database.
#[derive(Serialize)]
struct Soaked {
    database: String,
    connections: u16,
    operations: u64,
    seconds: f64,
    /// Resident memory of the server at the end.
    memory_kib: u64,
}

/// Lets people work on each database with each number of connections.
pub(crate) async fn run(options: &SoakOptions) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for database in &options.place.engine {
        all.extend(on(options, *database).await?);
    }
    if options.json {
        say(&serde_json::to_string(&all)?);
        return Ok(());
    }
    for Soaked { database, connections, operations, seconds, memory_kib } in &all {
        let memory = memory_kib / 1024;
        say(&format!(
            "{database}, {connections} connections: {operations} operations in {seconds:.0} s without a wrong answer, \
             {memory} MiB at the end"
        ));
    }
    Ok(())
}

async fn on(options: &SoakOptions, database: Database) -> anyhow::Result<Vec<Soaked>> {
    progress(&format!("{database:?}: filling a database"));
    let stage = Stage::set(&options.place, database).await?;
    let file = stage.settings("soak", CHEAP)?;
    let settings = Settings::load(Some(&file), &BTreeMap::new())?;
    let most = options.connections.iter().copied().max().map_or(1, NonZero::get);
    // A person has one code for every thirty seconds; one each is enough to begin without waiting.
    let people = usize::from(most) * options.connections.len();
    let Seeded { cheap, .. } = seed::seed(&settings, 0, people).await?;
    let people = Arc::new(People::new(cheap));
    let mut all = Vec::new();
    for connections in &options.connections {
        // A server of its own for each number: its memory at the end is that of this number.
        let server = stage.product(&file)?;
        let world = World::meet(server.address, Arc::clone(&people)).await?;
        let mut workers = Vec::new();
        for _ in 0..connections.get() {
            workers.push(Soaker { visitor: Visitor::ready(&world, Work::Silent).await?, turn: 0 });
        }
        progress(&format!("{database:?}: {} operations, {connections} at once", options.operations));
        let plan = Plan { rounds: 1, time: Duration::MAX, most: options.operations };
        let started = Instant::now();
        let told = tokio::spawn(tell(started));
        let outcome = drive(workers, plan).await;
        told.abort();
        let (_, operations, seconds) =
            outcome.with_context(|| format!("{database:?}, {connections} connections"))?;
        let memory_kib = server.memory("VmRSS")?;
        server.stop()?;
        let (database, connections) = (format!("{database:?}"), connections.get());
        all.push(Soaked { database, connections, operations, seconds, memory_kib });
    }
    stage.close().await;
    Ok(all)
}

async fn tell(started: Instant) {
    loop {
        tokio::time::sleep(LINE).await;
        progress(&format!("{} s and no wrong answer", started.elapsed().as_secs()));
    }
}

/// Somebody who signs in silently, refreshes the tokens, and asks who they are with them.
struct Soaker {
    visitor: Visitor,
    turn: usize,
}

impl Worker for Soaker {
    async fn operation(&mut self) -> anyhow::Result<()> {
        let work = TURNS.get(self.turn % TURNS.len()).copied().unwrap_or(Work::Silent);
        self.turn += 1;
        self.visitor.turns_to(work);
        self.visitor.operation().await
    }
}
