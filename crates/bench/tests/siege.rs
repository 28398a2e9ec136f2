//! The short form of `cargo xtask siege`.

mod support;

use support::Short;

/// Times are judged by the long form alone, which runs on a machine that has nothing else to do.
#[test]
fn fault_s5_and_s6_and_s9_people_get_in_while_strangers_attack() {
    let mut siege = Short::of("siege");
    let figures = siege.figures(&[
        "--people",
        "8",
        "--connections",
        "20",
        "--sign-ins",
        "48",
        "--requests",
        "400",
        "--ignore-times",
    ]);
    let tested: Vec<&str> = figures.iter().map(|one| one["database"].as_str().unwrap()).collect();
    assert_eq!(tested, siege.databases);
    for one in &figures {
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
