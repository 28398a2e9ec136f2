//! The command line.

use crate::workload::Workload;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The benchmark. `cargo xtask bench` builds and runs it with everything it needs.
#[derive(Parser)]
#[command(name = "vestibule-bench", version)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
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
    pub(crate) program: PathBuf,
    /// A directory on a real disk, for databases; emptied.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// Which databases.
    #[arg(long, value_delimiter = ',', default_value = "sqlite")]
    pub(crate) engine: Vec<Database>,
    /// Which workloads; all without it.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) workload: Vec<Workload>,
    /// A PostgreSQL cluster in which databases may be made.
    #[arg(long, env = "VESTIBULE_BENCH_POSTGRES", hide_env_values = true)]
    pub(crate) postgres: Option<String>,
    /// Fewer and shorter rounds.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Write the figures as JSON on standard output.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the report to this file.
    #[arg(long)]
    pub(crate) report: Option<PathBuf>,
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
    pub(crate) fn wants(&self, workload: Workload) -> bool {
        self.workload.is_empty() || self.workload.contains(&workload)
    }
}
