//! What the short forms of the long commands share: the program, its data and its databases.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// A command of the program, on every database that tests have.
pub(crate) struct Short {
    command: Command,
    data: PathBuf,
    /// The names of the databases, in the order of the figures.
    pub(crate) databases: Vec<&'static str>,
}

impl Short {
    /// A command with a directory of its own.
    pub(crate) fn of(name: &str) -> Self {
        let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-bench"));
        command.arg(name).arg("--json").arg("--data").arg(&data);
        let mut databases = vec!["Sqlite"];
        match std::env::var("VESTIBULE_TEST_POSTGRES") {
            Ok(url) if !url.is_empty() => {
                databases.push("Postgres");
                command.args(["--engine", "sqlite,postgres"]).env("VESTIBULE_BENCH_POSTGRES", url);
            }
            _ => assert!(std::env::var("CI").is_err(), "set VESTIBULE_TEST_POSTGRES: CI tests both engines"),
        }
        Self { command, data, databases }
    }

    /// Runs it to a good end; its figures.
    pub(crate) fn figures(&mut self, args: &[&str]) -> Vec<Value> {
        let output = self.command.args(args).output().expect("it starts");
        std::fs::remove_dir_all(&self.data).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
        figures.as_array().unwrap().clone()
    }
}
