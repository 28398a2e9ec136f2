//! The short form of `cargo xtask soak`.

use std::{path::Path, process::Command};

/// The long form takes hours. This one shows that the command is whole, and finds what breaks often.
#[test]
fn fault_s17_many_people_at_once_get_no_wrong_answer() {
    let mut soak = Command::new(env!("CARGO_BIN_EXE_vestibule-bench"));
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak");
    soak.arg("soak").arg("--data").arg(&data).args([
        "--operations",
        "1200",
        "--connections",
        "16,64",
        "--json",
    ]);
    let mut databases = vec!["Sqlite"];
    match std::env::var("VESTIBULE_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => {
            databases.push("Postgres");
            soak.args(["--engine", "sqlite,postgres"]).env("VESTIBULE_BENCH_POSTGRES", url);
        }
        _ => assert!(std::env::var("CI").is_err(), "set VESTIBULE_TEST_POSTGRES: CI tests both engines"),
    }
    let output = soak.output().expect("it starts");
    std::fs::remove_dir_all(&data).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let done: Vec<(String, u64, bool)> = figures
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let enough = one["operations"].as_u64().unwrap() >= 1200;
            (one["database"].as_str().unwrap().to_owned(), one["connections"].as_u64().unwrap(), enough)
        })
        .collect();
    let expected: Vec<(String, u64, bool)> =
        databases.iter().flat_map(|name| [16, 64].map(|number| ((*name).to_owned(), number, true))).collect();
    assert_eq!(done, expected);
}
