//! `cargo xtask bench`: everything built and started that the benchmark needs; the measuring is in `crates/bench`.

use std::{path::Path, process::ExitCode};

use crate::{
    cargo,
    cli::{BenchEngine, BenchOptions},
    consent::Consent,
    needs,
    postgres::{Cluster, Keeping},
    problem::Problem,
    process,
    report::progress,
};

/// The report, in the workspace.
const REPORT: &str = "docs/benchmarks.md";
/// Databases of a run: below the build directory, which is on a disk where `/tmp` may be memory.
const DATA: &str = "bench-data";

/// Builds, runs, and tidies up.
pub(crate) fn run(options: &BenchOptions, consent: Consent) -> anyhow::Result<ExitCode> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let target = std::path::absolute(target)?;
    if !Path::new("/proc/self/stat").exists() {
        return Err(Problem::error(
            "processor time is read from /proc, which this system does not have",
            "run it on Linux",
        ));
    }
    progress("building in the release profile");
    let mut build = cargo::cargo();
    build.args(["build", "--release", "--package", "vestibule", "--package", "vestibule-bench"]);
    build.args(cargo::locked());
    if !process::run(build, options.json)?.success() {
        return Err(Problem::error("the build failed", "see its errors above"));
    }
    let programs = target.join("release");
    let mut bench = process::command(programs.join("vestibule-bench"));
    let data = target.join(DATA);
    bench.arg("run").arg("--program").arg(programs.join("vestibule")).arg("--data").arg(&data);
    let engines = match options.engine {
        BenchEngine::Sqlite => "sqlite",
        BenchEngine::Postgres => "postgres",
        BenchEngine::Both => "sqlite,postgres",
    };
    bench.args(["--engine", engines]);
    let names: Vec<String> = options.workload.iter().map(|workload| workload.name()).collect();
    if names.is_empty() {
        std::fs::create_dir_all("docs")?;
        bench.args(["--report", REPORT]);
    } else {
        bench.args(["--workload", &names.join(",")]);
    }
    bench.args(options.quick.then_some("--quick")).args(options.json.then_some("--json"));
    let cluster = match options.engine {
        BenchEngine::Sqlite => None,
        BenchEngine::Postgres | BenchEngine::Both => {
            Some(Cluster::start_keeping(&needs::postgres_binaries(consent)?, Keeping::Durable)?)
        }
    };
    if let Some(cluster) = &cluster {
        bench.env("VESTIBULE_BENCH_POSTGRES", cluster.url());
    }
    let status = process::run(bench, false);
    // Thrown away whatever happened; what is left over is emptied by the next run.
    let _ = std::fs::remove_dir_all(&data);
    Ok(if status?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
