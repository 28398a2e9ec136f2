//! The benchmark: the product as a process of its own, a floor to compare it with, and a load generator, all on loopback.
//!
//! **Owns** the workloads, the floor server, the generator, the measuring of processor time and memory, and the report
//! `docs/benchmarks.md`.
//!
//! **Must not know** how the product does its work: it fills the database through the store's own operations, and
//! everything it measures goes through HTTP. It is not part of the product.
//!
//! **To add a workload**: a [`workload::Work`] with its name, its floor and its operation (which asserts every
//! answer), the [`workload::Workload`] under which it is asked for (here and in `crates/xtask/src/cli.rs`), and a line in
//! [`engine`], where the server is chosen that it runs against.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks on the terminal"
)]

mod browser;
mod cli;
mod counted;
mod engine;
mod figures;
mod floor;
mod http;
mod machine;
mod measure;
mod people;
mod report;
mod seed;
mod siege;
mod site;
mod soak;
mod stage;
mod targets;
mod terminal;
mod visitor;
mod workload;

use crate::cli::{Cli, Command, Options};
use anyhow::Context as _;
use clap::Parser as _;
use std::process::ExitCode;

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
            Command::Soak(options) => soak::run(&options).await,
            Command::Siege(options) => siege::run(&options).await,
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
    for database in &options.place.engine {
        engines.push(engine::measure(options, *database).await?);
    }
    let report = figures::Report { machine: machine::describe(options.quick), engines };
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
