//! The direction in which the files of a crate may depend on each other: layers of folders where a crate has them, and in
//! every crate no circle of files.
//!
//! A file's `crate::…` paths are its dependencies. A folder and the file of its name are one; `lib.rs` and `main.rs` put
//! the crate together and are left out, as are a crate's own `tests.rs`. What stands in `#[cfg(test)] mod tests` does not count.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The layers of one crate. A folder uses those of the layers before its own, and of its own layer only itself.
struct Layers {
    /// Its folder below `crates`.
    name: &'static str,
    /// The lowest first.
    order: &'static [&'static [&'static str]],
}

const LAYERS: &[Layers] = &[
    Layers {
        name: "flows",
        order: &[&["base"], &["factor"], &["policy"], &["oidc"], &["sign_in"], &["account"], &["admin"]],
    },
    Layers {
        name: "store",
        order: &[
            &["error", "options", "tally"],
            &["records"],
            &["text"],
            &["entity", "engine"],
            &["handles"],
            &["ops", "migrate", "sweep"],
            &["store"],
        ],
    },
    Layers {
        name: "web",
        order: &[
            &["options", "device", "paths", "http"],
            &["language"],
            &["mail", "visit"],
            &["page", "call", "extract"],
            &["refusal"],
            &["next"],
            &["stop", "gate", "messages"],
            &["ops", "assets", "oidc", "login", "account", "pool_settings"],
            &["routes"],
            &["site"],
            &["serve"],
        ],
    },
];

/// The files of a crate by what they use, each by its path below `src`.
struct Uses(BTreeMap<String, BTreeSet<String>>);

fn sources(crate_name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").join(crate_name).join("src")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The code alone: no comments, no unit tests at the end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path that begins with `crate::`, groups in braces taken apart.
fn crate_paths(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, found) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_none_or(|c| !c.is_alphanumeric() && c != '_') {
            read(&code[at + found.len()..], &mut Vec::new(), &mut paths);
        }
    }
    paths
}

/// Reads one path and gives what is left of the text.
fn read<'a>(text: &'a str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let mut text = text.trim_start();
    if let Some(inside) = text.strip_prefix('{') {
        text = inside.trim_start();
        while !text.is_empty() && !text.starts_with('}') {
            let length = prefix.len();
            let rest = read(text, prefix, paths).trim_start();
            prefix.truncate(length);
            text = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        return text.strip_prefix('}').unwrap_or(text);
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(text.len());
    let (name, rest) = text.split_at(end.max(usize::from(end == 0 && !text.is_empty())));
    prefix.push(name.to_owned());
    match rest.strip_prefix("::") {
        Some(more) if !more.starts_with('<') => read(more, prefix, paths),
        _ => {
            paths.push(prefix.clone());
            rest
        }
    }
}

impl Uses {
    fn of(crate_name: &str) -> Self {
        let (root, mut files) = (sources(crate_name), Vec::new());
        rust_files(&root, &mut files);
        let name = |path: &PathBuf| {
            path.strip_prefix(&root).expect("below the crate").to_string_lossy().replace('\\', "/")
        };
        let names: BTreeSet<String> = files.iter().map(name).collect();
        let mut uses = BTreeMap::new();
        // Tests of a whole crate use all of it.
        let apart = ["lib.rs", "main.rs", "tests.rs"];
        for path in files.iter().filter(|path| !apart.contains(&name(path).as_str())) {
            let text = fs::read_to_string(path).expect("a source file");
            let from = name(path);
            let found = crate_paths(&code(&text)).into_iter().filter_map(|path| file_of(&names, &path));
            uses.insert(from.clone(), found.filter(|to| *to != from).collect());
        }
        Self(uses)
    }

    /// Edges that go up, or sideways between folders of one layer.
    fn against(&self, layers: &Layers) -> Vec<String> {
        let layer = |file: &str| layers.order.iter().position(|layer| layer.contains(&folder_of(file)));
        let mut wrong = Vec::new();
        for (from, targets) in &self.0 {
            if layer(from).is_none() {
                wrong.push(format!("`{from}` of `{}` is in no layer: add its folder to LAYERS", layers.name));
            }
            for to in targets.iter().filter(|to| folder_of(to) != folder_of(from)) {
                if layer(to) >= layer(from) {
                    wrong.push(format!("`{from}` of `{}` uses `{to}`, which is not below it", layers.name));
                }
            }
        }
        wrong
    }

    /// Files that use each other in a circle.
    fn circles(&self) -> Vec<Vec<&str>> {
        let reach: BTreeMap<&str, BTreeSet<&str>> =
            self.0.keys().map(|file| (file.as_str(), self.reachable(file))).collect();
        let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
        for (file, targets) in reach.iter().filter(|(file, targets)| targets.contains(*file)) {
            let back = targets.iter().filter(|to| reach.get(*to).is_some_and(|found| found.contains(file)));
            circles.insert(back.copied().collect());
        }
        circles.into_iter().collect()
    }

    fn reachable(&self, file: &str) -> BTreeSet<&str> {
        let (mut found, mut open) = (BTreeSet::new(), vec![file]);
        while let Some(one) = open.pop() {
            for to in self.0.get(one).into_iter().flatten() {
                if found.insert(to.as_str()) {
                    open.push(to);
                }
            }
        }
        found
    }
}

/// The first part of a path below `src`, without its ending.
fn folder_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap_or_default()
}

/// The file that a path leads into: the deepest module that is one.
fn file_of(names: &BTreeSet<String>, path: &[String]) -> Option<String> {
    (1..=path.len()).rev().find_map(|length| {
        let module = path[..length].join("/");
        [format!("{module}.rs"), format!("{module}/mod.rs")].into_iter().find(|name| names.contains(name))
    })
}

#[test]
fn folders_depend_only_on_the_layers_below_them() {
    let wrong: Vec<String> = LAYERS.iter().flat_map(|layers| Uses::of(layers.name).against(layers)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let crates = fs::read_dir(sources("flows").join("../..")).expect("the crates");
    let mut seen = 0;
    for entry in crates {
        let name = entry.expect("a crate").file_name().to_string_lossy().into_owned();
        let uses = Uses::of(&name);
        seen += uses.0.values().map(BTreeSet::len).sum::<usize>();
        let circles = uses.circles();
        assert!(circles.is_empty(), "circles in `{name}`: {circles:?}");
    }
    assert!(seen > 300, "only {seen} edges were found: the test reads the sources wrongly");
}

#[test]
fn a_wrong_edge_and_a_circle_are_found() {
    let code = code(
        "use crate::{\n    a::{One, b::Two},\n    c::Three, // crate::d::Four\n};\nfn f() { crate::e::f() }",
    );
    let joined = |path: Vec<String>| path.join("::");
    let paths: Vec<String> = crate_paths(&code).into_iter().map(joined).collect();
    assert_eq!(paths, ["a::One", "a::b::Two", "c::Three", "e::f"]);

    let uses = |edges: &[(&str, &[&str])]| {
        let targets = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Uses(edges.iter().map(|(from, to)| ((*from).to_owned(), targets(to))).collect())
    };
    let layers = Layers { name: "x", order: &[&["low"], &["left", "right"]] };
    assert!(uses(&[("left/a.rs", &["low.rs", "left.rs"])]).against(&layers).is_empty());
    assert_eq!(uses(&[("low/a.rs", &["left.rs"])]).against(&layers).len(), 1, "upwards");
    assert_eq!(uses(&[("left.rs", &["right/b.rs"])]).against(&layers).len(), 1, "sideways");
    assert_eq!(uses(&[("new.rs", &[])]).against(&layers).len(), 1, "in no layer");
    let circle = uses(&[("a.rs", &["b.rs"]), ("b.rs", &["c.rs"]), ("c.rs", &["a.rs"]), ("d.rs", &["a.rs"])]);
    assert_eq!(circle.circles(), [["a.rs", "b.rs", "c.rs"]]);
}

/// The files of a crate in which a text stands, comments and unit tests left out.
fn where_it_stands(crate_name: &str, text: &str) -> Vec<String> {
    let (root, mut files) = (sources(crate_name), Vec::new());
    rust_files(&root, &mut files);
    let has = |path: &&PathBuf| code(&fs::read_to_string(path).expect("a source file")).contains(text);
    let name =
        |path: &PathBuf| path.strip_prefix(&root).expect("below the crate").to_string_lossy().into_owned();
    files.iter().filter(has).map(name).collect()
}

/// Every change of a signed-in user begins with the gate once more, in its own transaction.
#[test]
fn no_change_of_an_account_goes_around_the_gate() {
    let (root, mut files) = (sources("flows"), Vec::new());
    rust_files(&root.join("account"), &mut files);
    let (mut seen, mut around) = (0, Vec::new());
    for path in &files {
        let code = code(&fs::read_to_string(path).expect("a source file"));
        for function in code.split("\n    pub async fn ").skip(1).filter(|text| text.contains("&Admitted<")) {
            seen += usize::from(function.contains(".change"));
            let body = function.split("\n    }\n").next().unwrap_or_default();
            if body.contains(".write") {
                around.push(format!("{}: {}", path.display(), body.lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(seen > 6, "only {seen} changes were found: the test reads the sources wrongly");
    assert!(around.is_empty(), "use `change`:\n{}", around.join("\n"));
}

#[test]
fn one_place_interprets_what_is_missing_one_ends_a_sign_in_and_one_ends_sessions() {
    assert_eq!(where_it_stands("flows", "Need::"), ["sign_in/course.rs"], "the one dispatcher");
    assert_eq!(where_it_stands("flows", "Authenticated::from_flow"), ["sign_in/ending.rs"], "the one ending");
    assert_eq!(where_it_stands("flows", ".insert_session("), ["sign_in/ending.rs"], "the one ending");
    assert_eq!(where_it_stands("flows", "Admitted {"), ["sign_in/gate.rs"], "only a gate admits");
    for ending in [".end_session(", ".revoke_session(", ".revoke_sessions("] {
        assert_eq!(
            where_it_stands("flows", ending),
            ["base/session_end.rs"],
            "{ending}: the one end of sessions"
        );
    }
}
