//! `docs/threats.md` and `docs/faults.md` name the same cases, in the same files, as the tests that carry them out.

use super::{files, is_rust, text};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Cases such as `A15`, each with the test files that carry it out.
type Cases = BTreeMap<String, BTreeSet<String>>;

/// A list of cases.
struct List {
    /// The page that lists them.
    page: &'static str,
    /// Begins the name of every test of a case. Written in two parts, so that this file has no such test.
    prefix: (&'static str, &'static str),
    /// With fewer cases than this, the test would read the sources wrongly.
    least: usize,
}

const THREATS: List = List { page: "docs/threats.md", prefix: ("fn thr", "eat_"), least: 40 };
const FAULTS: List = List { page: "docs/faults.md", prefix: ("fn fau", "lt_"), least: 49 };

/// Whether this is a group's letter and a number, such as `a15`.
pub(super) fn is_id(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && word.len() > 1
        && letters.all(|digit| digit.is_ascii_digit())
}

/// The cases in the name of a test after the prefix: `a33_and_a35_a_bent_answer…` carries out two.
fn cases_of(name: &str) -> Vec<String> {
    let mut words = name.split('_');
    let mut found = Vec::new();
    while let Some(id) = words.next().filter(|word| is_id(word)) {
        found.push(id.to_uppercase());
        if words.next() != Some("and") {
            break;
        }
    }
    found
}

/// How the document names a test file: without the folders that every path has.
fn short(path: &Path) -> String {
    let path = path.with_extension("");
    let parts = path.iter().filter_map(|part| part.to_str());
    parts.filter(|part| !["crates", "tests", "src"].contains(part)).collect::<Vec<_>>().join("/")
}

/// The cases that tests carry out, and tests whose name has the prefix and no case.
fn carried_out(list: &List) -> (Cases, Vec<String>) {
    let prefix = format!("{}{}", list.prefix.0, list.prefix.1);
    let (mut cases, mut nameless) = (Cases::new(), Vec::new());
    for path in files().iter().filter(|path| is_rust(path)) {
        let source = text(path).unwrap_or_default();
        for name in source.split(&prefix).skip(1).filter_map(|rest| rest.split('(').next()) {
            let ids = cases_of(name);
            if ids.is_empty() {
                nameless.push(format!("{}: {name}", path.display()));
            }
            for id in ids {
                cases.entry(id).or_default().insert(short(path));
            }
        }
    }
    (cases, nameless)
}

/// The rows of the document: the id in the first column, the files in the last one.
fn listed(document: &str) -> Cases {
    let mut cases = Cases::new();
    for line in document.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let (Some(id), Some(tests)) = (cells.first(), cells.last()) else { continue };
        if is_id(id) {
            let tests = tests.split(',').map(|test| test.trim().to_owned()).collect();
            assert!(cases.insert((*id).to_owned(), tests).is_none(), "{id} has two rows");
        }
    }
    cases
}

fn assert_equal(list: &List) {
    let (carried_out, nameless) = carried_out(list);
    assert!(nameless.is_empty(), "tests of a case without its id: {nameless:#?}");
    assert!(carried_out.len() >= list.least, "the test reads the sources wrongly: {carried_out:?}");
    let listed = listed(&text(Path::new(list.page)).unwrap_or_default());
    let ids: BTreeSet<&String> = carried_out.keys().chain(listed.keys()).collect();
    let mut differences = Vec::new();
    for id in ids {
        let joined = |files: &BTreeSet<String>| files.iter().cloned().collect::<Vec<_>>().join(", ");
        match (listed.get(id), carried_out.get(id)) {
            (None, Some(files)) => differences.push(format!("{id} has tests and no row: {}", joined(files))),
            (Some(_), None) => differences.push(format!("{id} has a row and no test")),
            (Some(row), Some(files)) if row != files => {
                differences.push(format!("{id}: the row's last column must be: {}", joined(files)));
            }
            _ => {}
        }
    }
    assert!(differences.is_empty(), "{} and the tests differ:\n{}", list.page, differences.join("\n"));
}

#[test]
fn the_list_of_threats_and_the_tests_name_the_same_cases() {
    assert_equal(&THREATS);
}

#[test]
fn the_list_of_faults_and_the_tests_name_the_same_cases() {
    assert_equal(&FAULTS);
}

#[test]
fn ids_are_read_from_names_and_rows() {
    assert_eq!(cases_of("a15_five_wrong_codes"), ["A15"]);
    assert_eq!(cases_of("a33_and_a35_a_bent_answer"), ["A33", "A35"]);
    assert_eq!(cases_of("a1_a_flow"), ["A1"]);
    assert!(cases_of("list_of_ours").is_empty());
    assert_eq!(short(Path::new("tests/tests/group/doors.rs")), "group/doors");
    assert_eq!(short(Path::new("crates/oidc/tests/protocol/tokens.rs")), "oidc/protocol/tokens");
    let rows = listed("| id | who | what | tests |\n|---|---|---|---|\n| B1 | x | y | one, two/three |\n");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows["B1"], BTreeSet::from(["one".to_owned(), "two/three".to_owned()]));
}
