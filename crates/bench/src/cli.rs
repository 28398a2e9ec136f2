//! The command line.

use crate::workload::Workload;
use clap::{Parser, Subcommand, ValueEnum};
use std::{num::NonZero, path::PathBuf};

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
    /// Let many people work at once for a long time, and fail at the first wrong answer.
    Soak(SoakOptions),
    /// Attack a server while ordinary people sign in, and fail when somebody is kept out or a bound is broken.
    Siege(SiegeOptions),
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

/// The program, and where its databases are.
#[derive(clap::Args, Clone)]
pub(crate) struct Place {
    /// The `vestibule` program; without it, this program serves the same with its own code.
    #[arg(long)]
    pub(crate) program: Option<PathBuf>,
    /// A directory on a real disk, for databases; emptied.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// Which databases.
    #[arg(long, value_delimiter = ',', default_value = "sqlite")]
    pub(crate) engine: Vec<Database>,
    /// A PostgreSQL cluster in which databases may be made.
    #[arg(long, env = "VESTIBULE_BENCH_POSTGRES", hide_env_values = true)]
    pub(crate) postgres: Option<String>,
}

/// How long to let people work. `cargo xtask soak` has the usual numbers.
#[derive(clap::Args, Clone)]
pub(crate) struct SoakOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Operations for each number of connections: a third each silent sign-ins, refreshes and calls of userinfo.
    #[arg(long)]
    pub(crate) operations: u64,
    /// How many people work at once, one number after the other.
    #[arg(long, value_delimiter = ',', required = true, value_name = "NUMBERS")]
    pub(crate) connections: Vec<NonZero<u16>>,
    /// Write the figures as JSON on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How hard to attack. `cargo xtask siege` has the usual numbers.
#[derive(clap::Args, Clone)]
pub(crate) struct SiegeOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Ordinary people who sign in.
    #[arg(long)]
    pub(crate) people: NonZero<u16>,
    /// Connections on which nothing, half a request, or no end of requests is sent: so many of each kind.
    #[arg(long)]
    pub(crate) connections: u16,
    /// Sign-ins from one address; also the number of registrations and of password resets.
    #[arg(long)]
    pub(crate) sign_ins: u64,
    /// Authorization requests, half of them of somebody who is signed in.
    #[arg(long)]
    pub(crate) requests: u64,
    /// Do not judge times: other programs are busy here.
    #[arg(long)]
    pub(crate) ignore_times: bool,
    /// Write the figures as JSON on standard output.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to measure.
#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Which workloads; all without it.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) workload: Vec<Workload>,
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
