//! House rules that no lint can keep: the size of files, words that must not be in the repository, a tidy top level,
//! and lists of threats, faults and scenarios that match the tests.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod cases;
mod parameters;
mod presets;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

/// The most lines a source file may have, tests in it not counted.
const MOST_LINES: usize = 500;

/// What the repository's top level may hold, besides files that start with a dot or with `LICENSE`.
const TOP_LEVEL: &[&str] = &[
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "SECURITY.md",
    "config",
    "crates",
    "docs",
    "examples",
    "migrations",
    "rust-toolchain.toml",
    "templates",
    "tests",
];

/// Names of package registries' servers: which one a build uses is the machine's affair. Written in two parts, so
/// that this file keeps its own rule.
const REGISTRIES: &[(&str, &str)] = &[
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("registry.npm", "js.org"),
    ("registry.yarn", "pkg.com"),
    ("registry.npm", "mirror.com"),
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("proxy.golang", ".org"),
];

/// Directories in which people, machines and build servers keep their own files.
const MACHINE_PATHS: &[(&str, &str)] =
    &[("/ho", "me/"), ("/ro", "ot/"), ("/Us", "ers/"), ("/wo", "rk/"), ("C:", "\\Users\\")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The repository's files, relative to its root: those that git tracks, or in a tree without git (or before the
/// first commit) those that are not obviously a build's.
fn files() -> Vec<PathBuf> {
    let listed = Command::new("git").current_dir(root()).args(["ls-files", "-z"]).output();
    let tracked: Vec<PathBuf> = listed
        .ok()
        .filter(|listed| listed.status.success())
        .and_then(|listed| String::from_utf8(listed.stdout).ok())
        .map(|names| names.split_terminator('\0').map(PathBuf::from).collect())
        .unwrap_or_default();
    let found: Vec<PathBuf> = if tracked.is_empty() { walk(&root()) } else { tracked };
    let found: Vec<PathBuf> = found.into_iter().filter(|path| root().join(path).is_file()).collect();
    assert!(found.len() > 20, "only {} files found: the test looks in the wrong place", found.len());
    found
}

fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if ["target", "node_modules", ".git", ".venv", "var"].contains(&name) || name.contains(".sqlite") {
            continue;
        }
        if path.is_dir() {
            found.extend(walk(&path));
        } else {
            found.push(path.strip_prefix(root()).expect("below the root").to_owned());
        }
    }
    found
}

/// The text of a file, or nothing when it is not text.
fn text(path: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(path)).expect("a readable file")).ok()
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The product's own sources: `crates/NAME/src/**.rs` and `examples/NAME/src/**.rs`.
fn sources() -> Vec<PathBuf> {
    let in_src = |path: &PathBuf| {
        let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
        matches!(parts.as_slice(), ["crates" | "examples", _, "src", ..])
    };
    files().into_iter().filter(|path| is_rust(path) && in_src(path)).collect()
}

/// The lines outside `#[cfg(test)]` modules, and the names of test modules that live in files of their own. Reads
/// what rustfmt writes: a module ends at the brace that stands under its first letter.
fn outside_tests(source: &str) -> (Vec<&str>, Vec<String>) {
    let (mut found, mut elsewhere) = (Vec::new(), Vec::new());
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        found.push(line);
        if line.trim() != "#[cfg(test)]" {
            continue;
        }
        let of_item = found.len() - 1;
        found.extend(std::iter::from_fn(|| lines.next_if(|next| next.trim_start().starts_with("#["))));
        let Some(next) = lines.peek() else { break };
        let indent = next.len() - next.trim_start().len();
        let Some((_, module)) = next.trim().split_once("mod ") else {
            continue;
        };
        found.truncate(of_item);
        if let Some(name) = module.strip_suffix(';') {
            elsewhere.push(name.to_owned());
            lines.next();
        } else {
            let end = format!("{}}}", " ".repeat(indent));
            let one_line = module.ends_with('}');
            lines.next();
            if !one_line {
                lines.by_ref().find(|line| *line == end);
            }
        }
    }
    (found, elsewhere)
}

/// Where the module `name`, declared in `path`, keeps its file and its children, without the extension.
fn module_path(path: &Path, name: &str) -> PathBuf {
    let directory = path.parent().unwrap_or(Path::new(""));
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("lib" | "main" | "mod") | None => directory.join(name),
        Some(stem) => directory.join(stem).join(name),
    }
}

/// Test modules that live in files of their own, each without its ending.
fn test_modules() -> BTreeSet<PathBuf> {
    let of = |path: PathBuf| {
        let source = text(&path).expect("Rust is text");
        let (_, elsewhere) = outside_tests(&source);
        elsewhere.into_iter().map(move |name| module_path(&path, &name))
    };
    sources().into_iter().flat_map(of).collect()
}

/// Whether a file is one of these modules, or belongs to one.
fn is_test_module(path: &Path, of_tests: &BTreeSet<PathBuf>) -> bool {
    of_tests.iter().any(|module| path.with_extension("").starts_with(module))
}

#[test]
fn source_files_stay_short() {
    let of_tests = test_modules();
    let lines = |path: &Path| outside_tests(&text(path).expect("Rust is text")).0.len();
    let long: Vec<String> = sources()
        .iter()
        .filter(|path| !is_test_module(path, &of_tests))
        .map(|path| (path, lines(path)))
        .filter(|(_, lines)| *lines >= MOST_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(
        long.is_empty(),
        "files have {MOST_LINES} lines or more outside tests; split them:\n{}",
        long.join("\n")
    );
}

#[test]
fn lint_exceptions_are_expectations_with_a_reason() {
    let banned = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let faults: Vec<String> = files()
        .iter()
        .filter(|path| is_rust(path))
        .flat_map(|path| {
            let source = text(path).expect("Rust is text");
            let found =
                source.lines().enumerate().filter(|(_, line)| banned.iter().any(|word| line.contains(word)));
            found.map(|(at, _)| format!("{}:{}", path.display(), at + 1)).collect::<Vec<_>>()
        })
        .collect();
    assert!(
        faults.is_empty(),
        "use #[expect(…, reason = \"…\")], which warns when it is needless:\n{faults:#?}"
    );
}

/// Where a path of this kind begins in a line, not counting paths inside an address or a longer path.
fn names_a_machine_path(line: &str) -> bool {
    MACHINE_PATHS.iter().any(|(one, two)| {
        let word = format!("{one}{two}");
        line.match_indices(&word).any(|(at, _)| {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            !before.is_some_and(|before| before.is_alphanumeric() || "._-})~$/".contains(before))
        })
    })
}

#[test]
fn the_repository_names_no_registry_server_and_no_machine_path() {
    let mut faults = Vec::new();
    for path in files() {
        let Some(content) = text(&path) else { continue };
        for (at, line) in content.lines().enumerate() {
            let registry =
                REGISTRIES.iter().map(|(one, two)| format!("{one}{two}")).find(|word| line.contains(word));
            if let Some(word) = registry {
                faults.push(format!("{}:{}: names {word}", path.display(), at + 1));
            }
            if names_a_machine_path(line) {
                faults.push(format!("{}:{}: holds a path of one machine", path.display(), at + 1));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Crates that know addresses of the product from one file alone, and that file.
const PATHS: &[(&str, &str)] = &[("crates/web/src", "crates/web/src/paths.rs")];

#[test]
fn every_address_of_the_product_stands_in_one_file() {
    let mut spelled = Vec::new();
    for (home, file) in PATHS {
        let elsewhere = sources().into_iter().filter(|path| path.starts_with(home) && !path.ends_with(file));
        let mut read = 0;
        for path in elsewhere {
            read += 1;
            let text = text(&path).unwrap_or_default();
            let lines = text
                .lines()
                .enumerate()
                .filter(|(_, line)| ["\"/login", "\"/u", "\"/oidc"].iter().any(|start| line.contains(start)));
            spelled.extend(lines.map(|(number, line)| format!("{}:{}: {line}", path.display(), number + 1)));
        }
        assert!(read > 5, "only {read} files found below {home}: the test looks in the wrong place");
        let own = text(Path::new(file)).unwrap_or_default();
        assert!(own.contains("\"/login"), "{file} spells no address: the test looks in the wrong place");
    }
    assert!(spelled.is_empty(), "use the constants and functions of paths.rs:\n{}", spelled.join("\n"));
}

#[test]
fn the_top_level_stays_tidy() {
    let strange: BTreeSet<String> = files()
        .iter()
        .filter_map(|path| path.iter().next()?.to_str().map(str::to_owned))
        .filter(|name| {
            !(name.starts_with('.') || name.starts_with("LICENSE") || TOP_LEVEL.contains(&name.as_str()))
        })
        .collect();
    assert!(strange.is_empty(), "{strange:?} do not belong to the top level");
}

#[test]
fn lines_of_test_modules_are_not_counted() {
    fn counted(source: &str) -> (usize, Vec<String>) {
        let (found, elsewhere) = outside_tests(source);
        (found.len(), elsewhere)
    }
    let inside = "fn a() {}\n\n#[cfg(test)]\n#[expect(x, reason = \"\")]\nmod tests {\n    fn b() {\n    }\n}\nfn c() {}\n";
    assert_eq!(counted(inside), (3, Vec::new()));
    let own_file = "#[cfg(test)]\nmod tests;\nfn a() {}\n";
    assert_eq!(counted(own_file), (1, vec!["tests".to_owned()]));
    let function = "#[cfg(test)]\nfn helper() {}\nfn a() {}\n";
    assert_eq!(counted(function), (3, Vec::new()));
    assert_eq!(module_path(Path::new("crates/x/src/lib.rs"), "tests"), Path::new("crates/x/src/tests"));
    assert_eq!(module_path(Path::new("crates/x/src/a.rs"), "tests"), Path::new("crates/x/src/a/tests"));
}

#[test]
fn machine_paths_are_told_from_addresses() {
    assert!(names_a_machine_path(concat!("see /ho", "me/somebody/notes")));
    assert!(names_a_machine_path(concat!("\"/wo", "rk/tree\"")));
    assert!(!names_a_machine_path(concat!("https://example.org/ho", "me/page")));
    assert!(!names_a_machine_path(concat!("../wo", "rk/tree")));
    assert!(!names_a_machine_path("nothing"));
}

/// The attacks send every field that any form has; one that they do not know is one that nobody attacks.
#[test]
fn the_attackers_know_every_field_that_is_read_from_a_form() {
    let mut known = vestibule_tests::Known::names();
    known.push("csrf".to_owned());
    let mut read = BTreeSet::new();
    for path in sources().iter().filter(|path| path.starts_with("crates/web/src")) {
        let text = text(path).unwrap_or_default();
        for call in [".get(\"", ".optional(\"", ".secret(\""] {
            let call = format!("fields{call}");
            let names = text.split(&call).skip(1);
            read.extend(names.filter_map(|rest| rest.split_once('"')).map(|(name, _)| name.to_owned()));
        }
    }
    assert!(read.len() > 15, "the test reads the sources wrongly: {read:?}");
    let unknown: Vec<&String> = read.iter().filter(|name| !known.contains(name)).collect();
    assert!(unknown.is_empty(), "add to tests/src/known.rs: {unknown:?}");
}
