//! What the workspace depends on: licences, banned crates, sources, and compilers that are too old for it.
//!
//! `cargo deny` judges the first three from `.cargo/deny.toml`. It is a program of two hundred crates that a test command
//! should not build, so where it is not installed this module reads the same file and judges the same lists over
//! `cargo metadata`, for this machine's platform. Hosted CI runs `cargo deny` itself, for every platform of the file and
//! with advisories.

use std::collections::BTreeSet;

use anyhow::Context as _;
use serde::Deserialize;

use crate::{cargo, licence, process};

/// The rules, as both programs read them.
const RULES: &str = ".cargo/deny.toml";

/// The parts of the rules that are judged here.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

/// What `cargo metadata` says.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// `None` for a directory of this machine.
    source: Option<String>,
    /// The oldest compiler that the crate promises to work with.
    rust_version: Option<String>,
}

/// The workspace's packages and all others that are built for this machine.
struct Graph {
    members: Vec<Package>,
    others: Vec<Package>,
}

/// Runs `cargo deny` where it is installed, the own reading of its rules elsewhere. `quiet` keeps standard output free.
pub(crate) fn allowed(quiet: bool) -> anyhow::Result<bool> {
    if cargo::has_subcommand("deny") {
        let mut deny = cargo::cargo();
        deny.args(["deny", "check", "bans", "licenses", "sources"]);
        return Ok(process::run(deny, quiet)?.success());
    }
    let text = std::fs::read_to_string(RULES).with_context(|| format!("cannot read {RULES}"))?;
    let rules: Rules = toml::from_str(&text).with_context(|| format!("cannot understand {RULES}"))?;
    Ok(told(&forbidden(&rules, &graph()?.others)))
}

/// Whether every crate works with the oldest compiler that the workspace promises to work with. That our own code
/// uses nothing newer is clippy's to say (`incompatible_msrv`).
pub(crate) fn old_enough() -> anyhow::Result<bool> {
    let graph = graph()?;
    Ok(told(&too_new(&graph.members, &graph.others)))
}

fn told(faults: &[String]) -> bool {
    for fault in faults {
        eprintln!("{fault}");
    }
    faults.is_empty()
}

fn graph() -> anyhow::Result<Graph> {
    let mut version = cargo::cargo();
    version.arg("-vV");
    let version = process::output(version)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("cargo names no host")?;
    let mut ask = cargo::cargo();
    ask.args(["metadata", "--format-version", "1", "--filter-platform", host]).args(cargo::locked());
    let metadata: Metadata = serde_json::from_str(&process::output(ask)?)?;
    // `cargo metadata` also has what a feature would only adjust if something else enabled it; `cargo tree` does not.
    let mut ask = cargo::cargo();
    ask.args(["tree", "--workspace", "--prefix", "none", "--format", "{p}"]).args(cargo::locked());
    let tree = process::output(ask)?;
    let used: BTreeSet<&str> = tree.lines().filter_map(name_and_version).collect();
    let built = |package: &Package| used.contains(format!("{} v{}", package.name, package.version).as_str());
    let (members, others) = metadata
        .packages
        .iter()
        .filter(|package| built(package))
        .cloned()
        .partition(|package| metadata.workspace_members.contains(&package.id));
    Ok(Graph { members, others })
}

/// The part of a line of `cargo tree` that names the package: `NAME vVERSION`, which a path or a mark may follow.
fn name_and_version(line: &str) -> Option<&str> {
    let end = line.match_indices(' ').nth(1).map_or(line.len(), |(at, _)| at);
    line.get(..end).filter(|name| name.contains(" v"))
}

/// What the rules forbid of these packages, in words.
fn forbidden(rules: &Rules, packages: &[Package]) -> Vec<String> {
    let mut faults = Vec::new();
    for package in packages {
        let name = format!("{} {}", package.name, package.version);
        match package.license.as_deref() {
            None => faults.push(format!("{name} names no licence")),
            Some(terms) if !licence::is_allowed(terms, &rules.licenses.allow) => {
                faults.push(format!("{name} is under {terms}, which {RULES} does not allow"));
            }
            Some(_) => {}
        }
        if let Some(ban) = rules.bans.deny.iter().find(|ban| ban.name == package.name) {
            faults.push(format!("{name} is banned: {}", ban.reason));
        }
        match package.source.as_deref() {
            Some(source) if is_registry(source) => {}
            source => faults.push(format!("{name} comes from {}", source.unwrap_or("a directory"))),
        }
    }
    faults
}

/// Whether this is cargo's own registry, by the name that it has whatever server stands in for it.
fn is_registry(source: &str) -> bool {
    source.starts_with("registry+") && source.ends_with("/rust-lang/crates.io-index")
}

/// Members that promise no compiler or another one than the rest, and crates that need a newer one.
fn too_new(members: &[Package], others: &[Package]) -> Vec<String> {
    let Some(promised) = members.iter().find_map(|member| member.rust_version.clone()) else {
        return vec!["no crate of the workspace declares a rust-version".to_owned()];
    };
    let different = members
        .iter()
        .filter(|member| member.rust_version.as_ref() != Some(&promised))
        .map(|member| format!("{} does not declare rust-version {promised}", member.name));
    let newer = others.iter().filter_map(|package| {
        let needed = package.rust_version.as_deref()?;
        (numbers(needed) > numbers(&promised))
            .then(|| format!("{} {} needs Rust {needed}", package.name, package.version))
    });
    different.chain(newer).collect()
}

/// A version as numbers that compare; what is missing is zero, what is no number is newer than everything.
fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(u32::MAX));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTRY: &str = "registry+https://example.org/rust-lang/crates.io-index";

    fn package(name: &str, license: Option<&str>, source: Option<&str>) -> Package {
        let text = |text: &str| text.to_owned();
        Package {
            id: text(name),
            name: text(name),
            version: text("1.0.0"),
            license: license.map(text),
            source: source.map(text),
            rust_version: None,
        }
    }

    fn needing(name: &str, rust: Option<&str>) -> Package {
        Package { rust_version: rust.map(str::to_owned), ..package(name, None, None) }
    }

    fn rules() -> Rules {
        toml::from_str(
            "[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"evil\", reason = \"no reason\" }]",
        )
        .unwrap()
    }

    #[test]
    fn licences_bans_and_sources_are_judged() {
        let of = |package| forbidden(&rules(), &[package]);
        assert!(of(package("good", Some("MIT OR GPL-3.0"), Some(REGISTRY))).is_empty());
        assert_eq!(of(package("closed", None, Some(REGISTRY))), ["closed 1.0.0 names no licence"]);
        assert!(of(package("viral", Some("GPL-3.0"), Some(REGISTRY)))[0].contains("GPL-3.0"));
        assert_eq!(of(package("evil", Some("MIT"), Some(REGISTRY))), ["evil 1.0.0 is banned: no reason"]);
        for source in [None, Some("git+https://example.org/x"), Some("registry+https://example.org/index")] {
            assert_eq!(of(package("stray", Some("MIT"), source)).len(), 1, "{source:?}");
        }
    }

    #[test]
    fn packages_are_read_from_the_tree() {
        for line in ["serde v1.0.1", "serde v1.0.1 (*)", "serde v1.0.1 (proc-macro) (*)"] {
            assert_eq!(name_and_version(line), Some("serde v1.0.1"));
        }
        assert_eq!(name_and_version(""), None);
        assert_eq!(name_and_version("[dev-dependencies]"), None);
    }

    #[test]
    fn the_rules_of_the_workspace_are_understood() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(RULES);
        let rules: Rules = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(rules.licenses.allow.iter().any(|id| id == "MIT"));
        assert!(rules.bans.deny.iter().any(|ban| ban.name == "openssl-sys"));
    }

    #[test]
    fn crates_that_need_a_newer_compiler_are_named() {
        let members = [needing("ours", Some("1.94")), needing("also-ours", Some("1.94"))];
        let others = [needing("old", Some("1.9")), needing("silent", None), needing("same", Some("1.94.0"))];
        assert!(too_new(&members, &others).is_empty());
        assert_eq!(too_new(&members, &[needing("new", Some("1.94.1"))]), ["new 1.0.0 needs Rust 1.94.1"]);
        let mixed = [needing("ours", Some("1.94")), needing("forgotten", None)];
        assert_eq!(too_new(&mixed, &[]), ["forgotten does not declare rust-version 1.94"]);
        assert_eq!(too_new(&[needing("none", None)], &[]).len(), 1);
    }
}
