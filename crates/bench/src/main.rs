//! The benchmark: the product as a process of its own, a floor beside it, and a load generator, all on loopback.
//!
//! **Owns** the workloads, the floor server, the generator, the measuring of processor time and memory, and the report
//! `docs/benchmarks.md`.
//!
//! **Must not know** how the product does its work: it fills the database through the store's own operations, and
//! everything it measures goes through HTTP. It is not part of the product.
//!
//! **To add a workload**: a [`workload::Work`] with its name, its floor and its operation (which asserts every
//! answer), and a line in [`engine`], where the server is chosen that it runs against.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks on the terminal"
)]

mod counted;
mod engine;
mod floor;
mod http;
mod machine;
mod measure;
mod people;
mod report;
mod seed;
mod site;
mod targets;
mod visitor;
mod workload;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use std::{path::PathBuf, process::ExitCode};

/// The benchmark. `cargo xtask bench` builds and runs it with everything it needs.
#[derive(Parser)]
#[command(name = "vestibule-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure, and write the report.
    Run(Options),
    /// The product, with its counters on a pipe.
    #[command(hide = true)]
    Serve {
        /// Settings file.
        #[arg(long)]
        config: PathBuf,
    },
    /// The floor.
    #[command(hide = true)]
    Floor {
        /// `sqlite://FILE` or `postgres://…`.
        #[arg(long)]
        database: String,
    },
}

/// What to measure.
#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    /// The `vestibule` program.
    #[arg(long)]
    program: PathBuf,
    /// A directory on a real disk, for databases; emptied.
    #[arg(long)]
    data: PathBuf,
    /// Which databases.
    #[arg(long, value_delimiter = ',', default_value = "sqlite")]
    engine: Vec<Database>,
    /// Workloads by letter; all without it.
    #[arg(long, value_delimiter = ',')]
    workload: Vec<char>,
    /// A PostgreSQL cluster in which databases may be made.
    #[arg(long, env = "VESTIBULE_BENCH_POSTGRES", hide_env_values = true)]
    postgres: Option<String>,
    /// Fewer and shorter rounds.
    #[arg(long)]
    quick: bool,
    /// Write the figures as JSON on standard output.
    #[arg(long)]
    json: bool,
    /// Write the report to this file.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Database {
    /// A file, `synchronous = FULL`.
    Sqlite,
    /// A server, `synchronous_commit = on`, `fsync = on`.
    Postgres,
}

impl Options {
    /// Whether a workload was asked for.
    pub(crate) fn wants(&self, letter: char) -> bool {
        self.workload.is_empty() || self.workload.contains(&letter)
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Run(options) => run(&options).await,
            Command::Serve { config } => counted::serve(&config).await,
            Command::Floor { database } => floor::serve(&database).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let mut engines = Vec::new();
    for database in &options.engine {
        engines.push(engine::measure(options, *database).await?);
    }
    let report = report::Report { machine: machine::describe(options), engines };
    let text = report::markdown(&report);
    if let Some(path) = &options.report {
        std::fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if options.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        println!("{text}");
    }
    Ok(())
}

/// Says what happens now.
pub(crate) fn progress(what: &str) {
    eprintln!("==> {what}");
}

/// One line on standard output, for the process that reads it.
pub(crate) fn say(line: &str) {
    println!("{line}");
}
