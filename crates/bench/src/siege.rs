//! Attackers and ordinary people at one server at once: everybody has to get in, and what strangers cause has to stay within
//! the bounds of `docs/security.md`.

mod attack;

use self::attack::{Attacks, FLOODED, Force, Means, Told, plain};
use crate::{
    cli::{Database, SiegeOptions},
    http::Http,
    machine::Process,
    measure::{Spread, Worker as _},
    people::People,
    seed::{self, Seeded},
    site,
    stage::Stage,
    terminal::{progress, say},
    visitor::{SESSION, Visitor, World},
    workload::Work,
};
use anyhow::{Context as _, ensure};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    io::Write as _,
    net::{IpAddr, Ipv4Addr},
    num::NonZero,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use vestibule_config::Settings;
use vestibule_domain::Budget;
use vestibule_flows::HashCost;

/// Times of an attack over those of a quiet server, at most.
const MOST_TIMES: f64 = 3.0;
/// What a server may take in memory under attack, besides what it takes when idle and its hashes, in KiB: connections,
/// requests under way, the database's cache.
const MORE_MEMORY: u64 = 96 * 1024;
/// What strangers may add to a database in one attack, in KiB: codes and sign-ins under way that have not expired, rows of the
/// audit trail within their budgets, the file's log.
const MORE_STORED: u64 = 96 * 1024;
/// How often memory is read.
const LOOK: Duration = Duration::from_millis(100);

/// What one database went through.
#[derive(Serialize)]
struct Withstood {
    database: String,
    /// Ordinary people, each of whom got in each time.
    people: u16,
    /// How often each of them signed in during the attack.
    rounds: usize,
    /// The slowest sign-in of a round with nobody else, in milliseconds.
    quiet_ms: f64,
    /// The middle of the slowest sign-ins of the rounds during the attack, in milliseconds.
    besieged_ms: f64,
    /// The second over the first.
    times: f64,
    attacks: BTreeMap<&'static str, Told>,
    /// Anonymous memory before, and the most during the attack.
    memory_kib: Range,
    /// What the database took on disk.
    database_kib: Range,
    /// Mails that the attackers made the server send to mailboxes of their choice.
    mails: usize,
}

/// Before the attack and after it, or at most during it.
#[derive(Serialize)]
struct Range {
    before: u64,
    after: u64,
}

/// Attacks a server on each database.
pub(crate) async fn run(options: &SiegeOptions) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for database in &options.place.engine {
        let stage = Stage::set(&options.place, *database).await?;
        let withstood = on(options, *database, &stage).await.with_context(|| format!("{database:?}"))?;
        stage.close().await;
        all.push(withstood);
    }
    if options.json {
        say(&serde_json::to_string(&all)?);
    } else {
        all.iter().for_each(tell);
    }
    for one in &all {
        judge(one, options).with_context(|| one.database.clone())?;
    }
    Ok(())
}

fn tell(one: &Withstood) {
    let Withstood {
        database, people, rounds, quiet_ms, besieged_ms, times, memory_kib, database_kib, ..
    } = one;
    say(&format!(
        "{database}: {people} people signed in {rounds} times each; the slowest took {besieged_ms:.0} ms instead of \
         {quiet_ms:.0} ms ({times:.1} times)"
    ));
    let (memory, stored) =
        (memory_kib.after.saturating_sub(memory_kib.before), database_kib.after - database_kib.before);
    say(&format!(
        "  {} MiB more memory, {} MiB more on disk, {} mails",
        memory / 1024,
        stored / 1024,
        one.mails
    ));
    for (name, Told { answers, cut_off }) in &one.attacks {
        let answers: Vec<String> =
            answers.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        say(&format!("  {name}: {}, {cut_off} cut off", answers.join(", ")));
    }
}

/// Whether everything stayed within its bounds.
fn judge(one: &Withstood, options: &SiegeOptions) -> anyhow::Result<()> {
    for (name, told) in &one.attacks {
        let faults: u64 = told
            .answers
            .iter()
            .filter(|(status, _)| **status >= 500 && **status != 503)
            .map(|(_, count)| count)
            .sum();
        ensure!(
            faults == 0,
            "{faults} of the {name} were answered with a fault of the server: {:?}",
            told.answers
        );
    }
    let granted = |budget: Budget| budget.terms().most as usize;
    // One more for the attacker who wanted a link of their own, from another address.
    let most = granted(Budget::RegistrationFromSource) + granted(Budget::ResetFromSource) + 1;
    ensure!(
        one.mails <= most,
        "{} mails left for mailboxes of the attackers' choice: {most} at most",
        one.mails
    );
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get) as u64;
    let hashes = cores * u64::from(HashCost::default().memory_kib);
    let memory = one.memory_kib.after.saturating_sub(one.memory_kib.before);
    ensure!(memory <= hashes + MORE_MEMORY, "{memory} KiB more memory: {} at most", hashes + MORE_MEMORY);
    let stored = one.database_kib.after.saturating_sub(one.database_kib.before);
    ensure!(stored <= MORE_STORED, "{stored} KiB more on disk: {MORE_STORED} at most");
    ensure!(
        options.ignore_times || one.times <= MOST_TIMES,
        "a sign-in took {:.1} times as long: {MOST_TIMES} at most",
        one.times
    );
    Ok(())
}

async fn on(options: &SiegeOptions, database: Database, stage: &Stage<'_>) -> anyhow::Result<Withstood> {
    progress(&format!("{database:?}: filling a database"));
    let file = stage.settings("siege", HashCost::default())?;
    let mails = stage.mails();
    let mut settings = std::fs::OpenOptions::new().append(true).open(&file)?;
    writeln!(settings, "[mail]\ntransport = \"file\"\ndirectory = {mails:?}\nfrom = \"pool@example.test\"")?;
    drop(settings);
    if options.ignore_times {
        // On a busy machine the usual deadline of a request would judge times after all.
        let text = std::fs::read_to_string(&file)?;
        std::fs::write(&file, text.replacen("[server]\n", "[server]\nrequest_timeout_seconds = 120\n", 1))?;
    }
    let settings = Settings::load(Some(&file), &BTreeMap::new())?;
    // Some for each round, so that nobody waits for the next code.
    let Seeded { strong, .. } = seed::seed(&settings, usize::from(options.people.get()) * 12, 0).await?;
    let half_way = strong.first().and_then(|person| person.sessions.first()).context("nobody")?.clone();
    let server = stage.product(&file)?;
    let world = World::meet(server.address, Arc::new(People::new(strong))).await?;
    let attacker = Visitor::ready(&world, Work::Silent).await?;
    let means = Means {
        server: server.address,
        signed_in: attacker.cookies().clone(),
        half_way: BTreeMap::from([(SESSION.to_owned(), half_way)]),
        mails: &mails,
    };
    progress("people sign in, and nobody else is there");
    round(&world, options).await?;
    let quiet_ms = round(&world, options).await?;
    let (memory, stored) = (server.memory("RssAnon")?, stage.size().await?);
    let force =
        Force { connections: options.connections, sign_ins: options.sign_ins, requests: options.requests };
    progress("the attack begins");
    let mut attacks = Attacks::begin(&means, force).await?;
    let (mut rounds, mut peak) = (Vec::new(), memory);
    loop {
        rounds.push(watched(&server, &mut peak, round(&world, options)).await?);
        if attacks.is_over()? {
            break;
        }
        progress(&format!("{} times everybody got in", rounds.len()));
    }
    let besieged_ms = Spread::of(&rounds).median;
    let attacks = attacks.told();
    let withstood = Withstood {
        database: format!("{database:?}"),
        people: options.people.get(),
        rounds: rounds.len(),
        quiet_ms,
        besieged_ms,
        times: besieged_ms / quiet_ms,
        attacks,
        memory_kib: Range { before: memory, after: peak },
        database_kib: Range { before: stored, after: stage.size().await? },
        mails: chosen(&mails)?,
    };
    let mut http = Http::new(server.address, site::HOST.to_owned());
    http.send("GET", "/healthz", &[], None).await?.expect(200)?;
    server.stop()?;
    Ok(withstood)
}

/// Everybody signs in at once, each from an address of their own. How long the slowest took, in milliseconds.
async fn round(world: &Arc<World>, options: &SiegeOptions) -> anyhow::Result<f64> {
    // On a busy machine a code may be too old when it is looked at. Then people type the next one.
    let tries = if options.ignore_times { 5 } else { 1 };
    let mut all = JoinSet::new();
    for number in 0..options.people.get() {
        let [high, low] = number.to_be_bytes();
        let from = IpAddr::V4(Ipv4Addr::new(127, 1, high, low));
        let http = Http::new(world.address, site::HOST.to_owned()).from(from);
        let mut person = Visitor::with(world, http, Work::SignIn).await?;
        all.spawn(async move {
            let started = Instant::now();
            let mut outcome = person.operation().await;
            for _ in 1..tries {
                if outcome.is_ok() {
                    break;
                }
                outcome = person.operation().await;
            }
            outcome.with_context(|| format!("person {number} did not get in"))?;
            anyhow::Ok(started.elapsed().as_secs_f64() * 1e3)
        });
    }
    let mut slowest = 0.0;
    while let Some(took) = all.join_next().await {
        slowest = f64::max(slowest, took??);
    }
    Ok(slowest)
}

/// Does something and reads the server's memory meanwhile.
async fn watched<T>(server: &Process, peak: &mut u64, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(LOOK) => *peak = server.memory("RssAnon").map_or(*peak, |now| now.max(*peak)),
        }
    }
}

/// How many mails went to mailboxes that attackers chose: strangers', and resets of those who sign in.
fn chosen(mails: &Path) -> anyhow::Result<usize> {
    let files = std::fs::read_dir(mails)?.flatten();
    let texts = files.filter_map(|file| Some(plain(&std::fs::read_to_string(file.path()).ok()?)));
    Ok(texts
        .filter(|text| text.contains(&format!("@{FLOODED}")) || text.contains("/login/reset/complete"))
        .count())
}
