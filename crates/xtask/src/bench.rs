//! `cargo xtask bench`, `soak` and `siege`: everything built and started that they need; the measuring is in
//! `crates/bench`.

use std::process::{Command, ExitCode};

use crate::{
    against,
    cli::{BenchOptions, SiegeOptions, SoakOptions},
    consent::Consent,
    process,
    programs::Workshop,
};

/// The report, in the workspace.
const REPORT: &str = "docs/benchmarks.md";

/// Measures this tree, alone or in turns with an older version.
pub(crate) fn run(options: &BenchOptions, consent: Consent) -> anyhow::Result<ExitCode> {
    let workshop = Workshop::open(options.engine, consent, options.json)?;
    if let Some(commit) = &options.against {
        return against::run(commit, &workshop, options);
    }
    let mut bench = workshop.command(&workshop.programs, "run");
    bench.args(options.selection());
    // Only a run of all workloads writes the report.
    if options.workload.is_empty() {
        std::fs::create_dir_all("docs")?;
        bench.args(["--report", REPORT]);
    }
    finish(bench, options.json)
}

/// Lets many people work at once for a long time.
pub(crate) fn soak(options: &SoakOptions, consent: Consent) -> anyhow::Result<ExitCode> {
    let workshop = Workshop::open(options.engine, consent, options.json)?;
    let mut soak = workshop.command(&workshop.programs, "soak");
    soak.args(["--operations", &options.operations.to_string()]);
    let connections: Vec<String> = options.connections.iter().map(ToString::to_string).collect();
    soak.args(["--connections", &connections.join(",")]);
    finish(soak, options.json)
}

/// Attacks a server while ordinary people sign in.
pub(crate) fn siege(options: &SiegeOptions, consent: Consent) -> anyhow::Result<ExitCode> {
    let workshop = Workshop::open(options.engine, consent, options.json)?;
    let mut siege = workshop.command(&workshop.programs, "siege");
    siege.args(["--people", &options.people.to_string(), "--connections", &options.connections.to_string()]);
    siege.args(["--sign-ins", &options.sign_ins.to_string(), "--requests", &options.requests.to_string()]);
    finish(siege, options.json)
}

fn finish(mut command: Command, json: bool) -> anyhow::Result<ExitCode> {
    command.args(json.then_some("--json"));
    Ok(if process::run(command, false)?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
