//! The command line: every command with its help and its examples.

use clap::{Args, Parser, Subcommand, ValueEnum as _};
use std::num::NonZero;

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
        cargo xtask check                 formatting, lints, dependencies, documentation\n  \
        cargo xtask generate              write the generated files again\n  \
        cargo xtask bench --quick         measure, and write docs/benchmarks.md\n  \
        cargo xtask screenshots           take the documentation's pictures again\n  \
        cargo xtask postgres -- cargo test -p vestibule-store\n\n\
        Exit codes: 0 everything passed, 1 something failed, 2 it could not be done, 130 interrupted."
)]
pub(crate) struct Cli {
    /// Install missing system packages without asking; CI=true does the same.
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Set up and run every test there is.
    ///
    /// Does what `check` does, starts a private PostgreSQL cluster on a free loopback port (stopped and removed
    /// at the end, also after a failure or Ctrl-C), finds Chromium, Node.js and oathtool, and runs the tests of the
    /// whole workspace. What the machine lacks is installed where apt-get and root or password-less sudo exist, after
    /// a question on the terminal, or without one with --yes or CI=true; elsewhere the command says what to install.
    /// Nothing is skipped silently: a skip is listed at the end, and fails the run when CI=true.
    Test(TestOptions),
    /// Check formatting, lints, dependencies, documentation, and that generated files are up to date.
    ///
    /// Dependencies: licences, banned crates and sources by .cargo/deny.toml, and that none needs a newer compiler than
    /// the workspace's rust-version. Documentation: that it builds without a warning, above all without a broken link.
    #[command(after_help = "Examples:\n  cargo xtask check\n  cargo xtask check --json")]
    Check {
        /// Write a summary as one JSON object on standard output; everything else goes to standard error.
        #[arg(long)]
        json: bool,
    },
    /// Write the generated files again.
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
    /// Measure the product and a floor, and write docs/benchmarks.md.
    ///
    /// Builds the program in the release profile, starts it as a process of its own on loopback with an empty
    /// database on a real disk, and measures its processor time for each operation in turns with a floor that does
    /// the same requests, signatures and durable commits with nothing around them. PostgreSQL is a private cluster
    /// with durable commits. A whole run takes some minutes; a report is written only by a run of all workloads.
    Bench(BenchOptions),
    /// Let many people work at once for a long time, and fail at the first wrong answer.
    ///
    /// Builds the program in the release profile, starts it on loopback with a full database, and lets people sign in
    /// silently, refresh their tokens and call userinfo. What breaks once in some ten thousand operations, between two
    /// threads or two connections, shows here. A whole run takes hours; a short one is a test.
    Soak(SoakOptions),
    /// Attack a server while ordinary people sign in, and fail when one of them is kept out or a bound is broken.
    ///
    /// Silent, slow and never-reading connections, floods of sign-ins, registrations, password resets, dear passwords and
    /// authorization requests, all at once from loopback addresses of their own. Each person has to get in, in at most
    /// three times the time of a quiet server; memory, disk and mails have to stay within their bounds. A short form
    /// that does not look at times is a test.
    Siege(SiegeOptions),
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
    /// Take the documentation's pictures again, of the running product in headless Chromium.
    ///
    /// Starts the provider and the demo application in memory, walks through them, and writes docs/screenshots/*.png and
    /// docs/screenshots/presets/*.png. A preset that speaks Chinese needs a font with its characters.
    #[command(after_help = "Examples:\n  cargo xtask screenshots\n  cargo xtask screenshots product")]
    Screenshots {
        /// Only those of these presets, by the names of their files in config/presets; `product` stands for those of no preset.
        #[arg(value_name = "NAME")]
        which: Vec<String>,
    },
}

/// What to measure.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cargo xtask bench\n  cargo xtask bench --quick --engine sqlite\n  \
        cargo xtask bench --workload silent-sign-in,refresh   some workloads; the report stays as it is\n  \
        cargo xtask bench --against v0.1.0   is anything slower than in that version?\n  \
        cargo xtask bench --json > figures.json")]
pub(crate) struct BenchOptions {
    /// Fewer and shorter rounds; for a first look.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) engine: BenchEngine,
    /// Only these workloads.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "NAMES")]
    pub(crate) workload: Vec<Workload>,
    /// Measure an older version in turns with this tree, and exit with 1 when a workload became more than 3 % slower.
    ///
    /// The version is checked out and built below the build directory. Workloads are compared by their ratios to the
    /// floor. The report stays as it is.
    #[arg(long, value_name = "COMMIT")]
    pub(crate) against: Option<String>,
    /// Write the figures as one JSON object on standard output; everything else goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

impl BenchOptions {
    /// The arguments that choose what is measured.
    pub(crate) fn selection(&self) -> Vec<String> {
        let mut arguments: Vec<String> = self.quick.then(|| "--quick".to_owned()).into_iter().collect();
        let names: Vec<String> = self.workload.iter().map(|workload| workload.name()).collect();
        if !names.is_empty() {
            arguments.extend(["--workload".to_owned(), names.join(",")]);
        }
        arguments
    }
}

/// How long to let people work.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask soak\n  cargo xtask soak --engine postgres --operations 100000 --connections 64"
)]
pub(crate) struct SoakOptions {
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) engine: BenchEngine,
    /// Operations for each number of connections: a third each silent sign-ins, refreshes and calls of userinfo.
    #[arg(long, default_value_t = 1_000_000)]
    pub(crate) operations: u64,
    /// How many people work at once, one number after the other.
    #[arg(long, value_delimiter = ',', default_value = "16,64,256", value_name = "NUMBERS")]
    pub(crate) connections: Vec<NonZero<u16>>,
    /// Write the figures as one JSON list on standard output; everything else goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How hard to attack.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cargo xtask siege\n  cargo xtask siege --engine sqlite --requests 10000\n  cargo xtask siege --json > figures.json"
)]
pub(crate) struct SiegeOptions {
    /// Which databases.
    #[arg(long, value_enum, default_value = "both")]
    pub(crate) engine: BenchEngine,
    /// Ordinary people who sign in, each from an address of their own.
    #[arg(long, default_value = "20")]
    pub(crate) people: NonZero<u16>,
    /// Connections on which nothing, half a request, or no end of requests is sent: so many of each kind.
    #[arg(long, default_value_t = 600)]
    pub(crate) connections: u16,
    /// Sign-ins from one address; also the number of registrations, password resets and dear passwords.
    #[arg(long, default_value_t = 1_500)]
    pub(crate) sign_ins: u64,
    /// Authorization requests, half of them of somebody who is signed in.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) requests: u64,
    /// Write the figures as one JSON list on standard output; everything else goes to standard error.
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

/// What can be measured by itself. The letters are those of older reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Workload {
    /// With password and TOTP, then tokens.
    #[value(alias = "b")]
    SignIn,
    /// `prompt=none`, then tokens.
    #[value(alias = "c")]
    SilentSignIn,
    /// Refresh with rotation.
    #[value(alias = "d")]
    Refresh,
    /// Userinfo with a JWT.
    #[value(alias = "e")]
    Userinfo,
    /// Keys and discovery.
    #[value(alias = "f")]
    Documents,
    /// From starting the program to its first answer.
    #[value(alias = "i")]
    Starts,
    /// With TOTP, then tokens.
    #[value(alias = "j")]
    StepUp,
}

impl Workload {
    /// Its name on the command line, here and in `crates/bench`.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
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
