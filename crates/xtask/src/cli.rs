//! The command line: every command with its help and its examples.

use clap::{Args, Parser, Subcommand};

/// Developer commands of the vestibule workspace.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    after_help = "Examples:\n  \
        cargo xtask test                  set up and run every test there is\n  \
        cargo xtask test --fast login     only the quick tests whose name contains `login`\n  \
        cargo xtask check                 formatting, lints, licences, generated files\n  \
        cargo xtask generate              write the generated files anew\n  \
        cargo xtask bench --quick         measure, and write docs/benchmarks.md\n  \
        cargo xtask screenshots           take the documentation's pictures anew\n  \
        cargo xtask postgres -- cargo test -p vestibule-store\n\n\
        Exit codes: 0 everything passed, 1 something failed, 2 it could not be done, 130 interrupted."
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up and run every test there is.
    ///
    /// Checks formatting and lints, starts a private PostgreSQL cluster on a free loopback port (stopped and removed
    /// at the end, also after a failure or Ctrl-C), finds Chromium, Node.js and oathtool, and runs the tests of the
    /// whole workspace. What the machine lacks is installed where apt-get and root or password-less sudo exist;
    /// elsewhere the command says what to install. Nothing is skipped silently: a skip is listed at the end, and
    /// fails the run when CI=true.
    Test(TestOptions),
    /// Check formatting, lints, licences and bans, and that generated files are up to date.
    #[command(after_help = "Examples:\n  cargo xtask check\n  cargo xtask check --json")]
    Check {
        /// Write a summary as one JSON object on standard output; everything else goes to standard error.
        #[arg(long)]
        json: bool,
    },
    /// Write the generated files anew.
    #[command(
        after_help = "Examples:\n  cargo xtask generate\n  cargo xtask generate --check   change nothing, fail when a file is stale"
    )]
    Generate {
        /// Change nothing; exit with 1 when a file is stale.
        #[arg(long)]
        check: bool,
        /// Write the files and their state as one JSON object on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Measure the product beside a floor, and write docs/benchmarks.md.
    ///
    /// Builds the program in the release profile, starts it as a process of its own on loopback with an empty
    /// database on a real disk, and measures its processor time for each operation in turns with a floor that does
    /// the same requests, signatures and durable commits with nothing around them. PostgreSQL is a private cluster
    /// with durable commits. A whole run takes some minutes; a report is written only by a run of all workloads.
    Bench(BenchOptions),
    /// Start the private PostgreSQL cluster and run a command with VESTIBULE_TEST_POSTGRES set.
    ///
    /// Without a command it prints the address and waits for Ctrl-C. The cluster and everything in it is removed at
    /// the end.
    #[command(
        after_help = "Examples:\n  cargo xtask postgres\n  cargo xtask postgres -- cargo test -p vestibule-store\n  \
            cargo xtask postgres -- sh -c 'psql \"$VESTIBULE_TEST_POSTGRES\"'"
    )]
    Postgres {
        /// The command to run and its arguments.
        #[arg(last = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Take the documentation's pictures anew, of the running product in headless Chromium.
    ///
    /// Starts the provider and the demo application in memory, walks through them, and writes docs/screenshots/*.png.
    #[command(after_help = "Examples:\n  cargo xtask screenshots")]
    Screenshots,
}

/// What to measure.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask bench\n  cargo xtask bench --quick --engine sqlite\n  \
        cargo xtask bench --workload c,d --engine both   some workloads; the report stays as it is\n  \
        cargo xtask bench --json > figures.json\n\n\
        Workloads: b sign-in, c silent sign-in, d refresh, e userinfo, f documents, i starts, j step-up.")]
pub(crate) struct BenchOptions {
    /// Fewer and shorter rounds; for a first look.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) engine: BenchEngine,
    /// Only these workloads, by letter.
    #[arg(long, value_delimiter = ',', value_name = "LETTERS", value_parser = workload)]
    pub(crate) workload: Vec<char>,
    /// Write the figures as one JSON object on standard output; everything else goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Databases to measure on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BenchEngine {
    /// A SQLite file.
    Sqlite,
    /// A private PostgreSQL cluster.
    Postgres,
    /// One after the other.
    Both,
}

fn workload(letter: &str) -> Result<char, String> {
    match letter {
        "b" | "c" | "d" | "e" | "f" | "i" | "j" => letter.chars().next().ok_or_else(String::new),
        _ => Err("workloads are b, c, d, e, f, i and j".to_owned()),
    }
}

/// How to run the tests.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask test\n  cargo xtask test totp            every test whose name contains `totp`, with all services\n  \
        cargo xtask test --fast          no services, no house checks\n  CI=true cargo xtask test --json  for machines"
)]
pub(crate) struct TestOptions {
    /// Leave out the house checks, PostgreSQL, Chromium, Node.js and oathtool; refused when CI=true.
    #[arg(long)]
    pub(crate) fast: bool,
    /// Write a summary as one JSON object on standard output; everything else goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
    /// Only tests whose name contains this; leaves out the house checks.
    #[arg(value_name = "FILTER")]
    pub(crate) filter: Option<String>,
}
