//! What a benchmark runs: the release build of a version, databases, and a directory for them.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cargo,
    cli::BenchEngine,
    consent::Consent,
    needs,
    postgres::{Cluster, Keeping},
    problem::Problem,
    process,
    report::progress,
};

/// Databases of a run: below the build directory, which is on a disk where `/tmp` may be memory.
const DATA: &str = "bench-data";

/// Everything that a measurement of this tree needs. Its databases are thrown away with it.
pub(crate) struct Workshop {
    /// The build directory.
    pub(crate) target: PathBuf,
    /// This tree's programs.
    pub(crate) programs: Programs,
    engine: BenchEngine,
    data: PathBuf,
    cluster: Option<Cluster>,
}

impl Workshop {
    /// Builds the programs and starts a cluster, where the engines need one.
    pub(crate) fn open(engine: BenchEngine, consent: Consent, quiet_stdout: bool) -> anyhow::Result<Self> {
        if !Path::new("/proc/self/stat").exists() {
            return Err(Problem::error(
                "processor time and memory are read from /proc, which this system does not have",
                "run it on Linux",
            ));
        }
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let target = std::path::absolute(target)?;
        progress("building in the release profile");
        let programs = Programs::build(Path::new("."), &target, quiet_stdout)?;
        let cluster = match engine {
            BenchEngine::Sqlite => None,
            BenchEngine::Postgres | BenchEngine::Both => {
                Some(Cluster::start_keeping(&needs::postgres_binaries(consent)?, Keeping::Durable)?)
            }
        };
        Ok(Self { data: target.join(DATA), target, programs, engine, cluster })
    }

    /// A command of a version's generator, with the product of that version.
    pub(crate) fn command(&self, programs: &Programs, name: &str) -> Command {
        let mut command = process::command(&programs.generator);
        command.arg(name).arg("--program").arg(&programs.product).arg("--data").arg(&self.data);
        command.args([
            "--engine",
            match self.engine {
                BenchEngine::Sqlite => "sqlite",
                BenchEngine::Postgres => "postgres",
                BenchEngine::Both => "sqlite,postgres",
            },
        ]);
        if let Some(cluster) = &self.cluster {
            command.env("VESTIBULE_BENCH_POSTGRES", cluster.url());
        }
        command
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        // What is left over is emptied by the next run.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// What one version is measured with.
pub(crate) struct Programs {
    /// `vestibule`.
    pub(crate) product: PathBuf,
    /// `vestibule-bench` of the same version.
    pub(crate) generator: PathBuf,
}

impl Programs {
    /// Builds those of the tree at `source` in the release profile, below the directory `target`.
    pub(crate) fn build(source: &Path, target: &Path, quiet_stdout: bool) -> anyhow::Result<Self> {
        let mut build = cargo::cargo();
        build.current_dir(source).env("CARGO_TARGET_DIR", target);
        build.args(["build", "--release", "--package", "vestibule", "--package", "vestibule-bench"]);
        build.args(cargo::locked());
        if !process::run(build, quiet_stdout)?.success() {
            return Err(Problem::error("the build failed", "see its errors above"));
        }
        let programs = target.join("release");
        Ok(Self { product: programs.join("vestibule"), generator: programs.join("vestibule-bench") })
    }
}
