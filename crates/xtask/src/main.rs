//! Developer commands, run as `cargo xtask COMMAND`.
//!
//! Owns: setting up everything the tests need (a private PostgreSQL cluster, Chromium, relying parties
//! from npm, PyPI, Go, Maven and Debian, `oathtool`),
//! running them, the house checks, writing the generated files, and taking the documentation's pictures. Must not know:
//! anything about the product beyond its crates' names and the settings type whose schema it writes.
//!
//! To add a command: a variant of [`cli::Command`] with its help and an example, a module with the work, and an arm
//! in [`dispatch`]. To add something the tests need from the machine: a row in [`needs`]; to add a
//! generated file: an entry in [`generate`]'s list.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks on the terminal"
)]

mod against;
mod bench;
mod cargo;
mod checks;
mod cli;
mod consent;
mod dependencies;
mod generate;
mod go;
mod interrupt;
mod java;
mod licence;
mod needs;
mod node;
mod parties;
mod postgres;
mod problem;
mod process;
mod programs;
mod python;
mod report;
mod screenshots;
mod suite;
mod tools;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    cli::{Cli, Command},
    consent::Consent,
    problem::Problem,
    report::Report,
};

fn main() -> ExitCode {
    let cli = Cli::parse();
    interrupt::listen();
    match dispatch(cli.command, Consent::here(cli.yes)) {
        Ok(code) => code,
        Err(error) if interrupt::requested() => {
            eprintln!("xtask: stopped: {error}");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("{}", Problem::render(&error));
            ExitCode::from(2)
        }
    }
}

/// Runs one command. `Ok` carries the exit code of work that was done and judged; an error is work that could not
/// be done.
fn dispatch(command: Command, consent: Consent) -> anyhow::Result<ExitCode> {
    let root = cargo::workspace_root()?;
    std::env::set_current_dir(&root)?;
    match command {
        Command::Test(options) => {
            let mut report = Report::new(options.json);
            suite::run(&options, consent, &mut report)?;
            Ok(report.finish())
        }
        Command::Check { json } => {
            let mut report = Report::new(json);
            checks::all(&mut report)?;
            Ok(report.finish())
        }
        Command::Generate { check, json } => generate::run(check, json),
        Command::Bench(options) => bench::run(&options, consent),
        Command::Soak(options) => bench::soak(&options, consent),
        Command::Siege(options) => bench::siege(&options, consent),
        Command::Postgres { command } => postgres::serve(&command, &needs::postgres_binaries(consent)?),
        Command::Screenshots { which } => screenshots::take(&which, consent),
    }
}
