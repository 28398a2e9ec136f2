//! The short form of `cargo xtask soak`.

mod support;

use support::Short;

/// The long form takes hours. This one shows that the command is whole, and finds what breaks often.
#[test]
fn fault_s17_many_people_at_once_get_no_wrong_answer() {
    let mut soak = Short::of("soak");
    let figures = soak.figures(&["--operations", "1200", "--connections", "16,64"]);
    let done: Vec<(String, u64, bool)> = figures
        .iter()
        .map(|one| {
            let enough = one["operations"].as_u64().unwrap() >= 1200;
            (one["database"].as_str().unwrap().to_owned(), one["connections"].as_u64().unwrap(), enough)
        })
        .collect();
    let each = |name: &&str| [16, 64].map(|number| ((*name).to_owned(), number, true));
    let expected: Vec<(String, u64, bool)> = soak.databases.iter().flat_map(each).collect();
    assert_eq!(done, expected);
}
