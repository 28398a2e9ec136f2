//! `docs/presets.md` has a row for every scenario that the presets' suites carry out, and the pictures that it shows.

use super::{cases::is_id, root, text};
use std::{collections::BTreeSet, path::Path};

const PAGE: &str = "docs/presets.md";
const PICTURES: &str = "screenshots/presets/";

/// The suites, and the letter of each one's scenarios.
const SUITES: &[(&str, char)] =
    &[("authing", 'a'), ("clevertap", 'c'), ("cloudeka", 'l'), ("cloudmc", 'm'), ("experimental_iam", 'x')];

/// The scenarios that a suite's tests are named after: `l1_profile_shows…` carries out L1.
fn carried_out(suite: &str, letter: char) -> Vec<String> {
    let source = text(Path::new(&format!("tests/browser/tests/{suite}.rs"))).unwrap_or_default();
    let names = source.split("async fn ").skip(1).filter_map(|rest| rest.split('_').next());
    let ids = names.filter(|name| is_id(name) && name.starts_with(letter));
    ids.map(str::to_uppercase).collect()
}

/// The scenario of each row, and the pictures that the row links.
fn rows(page: &str) -> Vec<(&str, Vec<&str>)> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    rows.filter(|(id, _)| is_id(id)).map(|(id, row)| (id, pictures(row))).collect()
}

/// The names of the pictures in a text.
fn pictures(text: &str) -> Vec<&str> {
    text.split(PICTURES).skip(1).filter_map(|rest| rest.split(')').next()).collect()
}

#[test]
fn every_scenario_of_the_presets_has_one_row_and_its_pictures() {
    let page = text(Path::new(PAGE)).unwrap_or_default();
    let rows = rows(&page);
    let mut scenarios: Vec<String> =
        SUITES.iter().flat_map(|(suite, letter)| carried_out(suite, *letter)).collect();
    assert!(scenarios.len() >= 57, "the test reads the suites wrongly: {scenarios:?}");
    let mut listed: Vec<&str> = rows.iter().map(|(id, _)| *id).collect();
    scenarios.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, scenarios, "{PAGE} and the suites differ");
    let bare: Vec<&str> = rows.iter().filter(|(_, shown)| shown.is_empty()).map(|(id, _)| *id).collect();
    assert!(bare.is_empty(), "{PAGE} shows no picture of {bare:?}");
}

#[test]
fn the_pictures_of_the_presets_are_those_that_are_shown() {
    let page = text(Path::new(PAGE)).unwrap_or_default();
    let shown: BTreeSet<String> = pictures(&page).into_iter().map(str::to_owned).collect();
    let folder = root().join("docs").join(PICTURES);
    let kept: BTreeSet<String> = std::fs::read_dir(&folder)
        .expect("a folder of pictures")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .collect();
    assert_eq!(shown, kept, "what {PAGE} shows and what there is");
    for name in &kept {
        let picture = std::fs::read(folder.join(name)).expect("a readable picture");
        // PNG (ISO/IEC 15948) §11.2.2: the width is at 16, the colour type at 25.
        let width = picture
            .get(16..20)
            .map_or(u32::MAX, |width| width.iter().fold(0, |whole, byte| (whole << 8) | u32::from(*byte)));
        assert!(width <= 800, "{name} is {width} pixels wide");
        assert_eq!(picture.get(25), Some(&3), "{name} has no palette");
    }
}
