//! The short form of `cargo xtask siege`.

use std::{path::Path, process::Command};

/// Times are judged by the long form alone, which runs on a machine that has nothing else to do.
#[test]
fn fault_s5_and_s6_and_s9_people_get_in_while_strangers_attack() {
    let mut siege = Command::new(env!("CARGO_BIN_EXE_vestibule-bench"));
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("siege");
    siege.arg("siege").arg("--data").arg(&data).args(["--people", "8", "--connections", "20"]);
    siege.args(["--sign-ins", "48", "--requests", "400", "--ignore-times", "--json"]);
    let mut databases = vec!["Sqlite"];
    match std::env::var("VESTIBULE_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => {
            databases.push("Postgres");
            siege.args(["--engine", "sqlite,postgres"]).env("VESTIBULE_BENCH_POSTGRES", url);
        }
        _ => assert!(std::env::var("CI").is_err(), "set VESTIBULE_TEST_POSTGRES: CI tests both engines"),
    }
    let output = siege.output().expect("it starts");
    std::fs::remove_dir_all(&data).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let figures = figures.as_array().unwrap();
    assert_eq!(figures.iter().map(|one| one["database"].as_str().unwrap()).collect::<Vec<_>>(), databases);
    for one in figures {
        assert_eq!(one["people"], 8);
        assert!(one["rounds"].as_u64().unwrap() >= 1);
        // Every attack had answers, so it was one.
        let attacks = one["attacks"].as_object().unwrap();
        assert_eq!(attacks.len(), 7, "{attacks:?}");
        for (name, told) in attacks {
            assert!(!told["answers"].as_object().unwrap().is_empty(), "{name}: {told}");
        }
        // The budgets turned some of each flood away.
        for flooded in ["registrations", "password resets", "dear passwords"] {
            assert!(attacks[flooded]["answers"]["429"].as_u64().unwrap() > 0, "{attacks:?}");
        }
    }
}
