//! The presets in `config/presets/` are whole pool files, and data: no code knows one of them by name.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/factors.rs"]
mod factors;

use factors::Factors;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vestibule_config::{PoolFile, PoolSpec};
use vestibule_domain::policy::{AfterRecovery, Proof};
use vestibule_domain::{FactorKind, MfaMode};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every preset: its name and its text.
fn presets() -> Vec<(String, String)> {
    let files = fs::read_dir(root().join("config/presets")).unwrap().map(|entry| entry.unwrap().path());
    let mut presets: Vec<(String, String)> = files
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "toml", "{}", path.display());
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    presets.sort();
    assert!(presets.len() >= 5, "{presets:?}");
    presets
}

fn pool(name: &str, text: &str) -> PoolSpec {
    let file =
        PoolFile::parse(Some(Path::new(name)), text, &Factors).unwrap_or_else(|error| panic!("{error}"));
    let [pool] = file.pool.as_slice() else { panic!("{name}: not one pool") };
    pool.clone()
}

/// What a preset says in a factor's own table.
fn own<'a>(pool: &'a PoolSpec, kind: &'static str, key: &str) -> Option<&'a Value> {
    pool.factor.get(&FactorKind::new(kind))?.get(key)
}

/// How many recovery codes there are; ten where nothing is said.
fn codes(pool: &PoolSpec) -> u64 {
    own(pool, "recovery", "codes").map_or(10, |codes| codes.as_u64().unwrap())
}

#[test]
fn every_preset_is_a_whole_pool_to_try_out() {
    for (name, text) in presets() {
        let pool = pool(&name, &text);
        assert_eq!(pool.slug, name);
        assert_eq!(pool.origin, format!("http://{name}.localhost:8080"));
        assert_eq!((pool.client.len(), pool.user.len()), (1, 2), "{name}");
        let group = pool.admin_group.as_ref().unwrap_or_else(|| panic!("{name} has no admins"));
        let admins = pool.user.iter().filter(|user| user.groups.contains(group)).count();
        assert_eq!(admins, 1, "{name}: an admin and a user");
        // A file that everybody has is no place for a secret.
        assert!(pool.user.iter().all(|user| user.password.is_none()), "{name}");
        assert!(pool.client.iter().all(|client| client.secret.is_none()), "{name}");
        // Who has no codes and no phone needs somebody to turn to.
        assert!(codes(&pool) > 0 || pool.branding.support_email.is_some(), "{name}");
        assert!(!pool.texts["en"].is_empty(), "{name}");
        assert!(pool.branding.accent.is_some(), "{name}");
    }
}

#[test]
fn every_preset_begins_with_what_it_is_for_and_explains_its_knobs() {
    for (name, text) in presets() {
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some("#:schema ../schema/pools.schema.json"), "{name}");
        let head: Vec<&str> = lines.take_while(|line| line.starts_with('#')).collect();
        let head = head.join("\n");
        assert!(
            head.starts_with("# A pool in the manner of ") && head.contains("What differs from the defaults")
        );
        let docs = fs::read_to_string(root().join("docs/presets.md")).unwrap();
        assert!(docs.contains(&format!("config/presets/{name}.toml")), "{name} is not in docs/presets.md");
    }
}

#[test]
fn the_presets_differ_where_the_products_do() {
    let all: Vec<PoolSpec> = presets().iter().map(|(name, text)| pool(name, text)).collect();
    let some = |fits: &dyn Fn(&PoolSpec) -> bool| {
        let count = all.iter().filter(|pool| fits(pool)).count();
        count > 0 && count < all.len()
    };
    assert!(some(&|pool| pool.mfa.mode() == MfaMode::Required));
    assert!(some(&|pool| pool.mfa.everybody.locked == Some(true)));
    assert!(some(&|pool| pool.mfa.spare_forced));
    assert!(some(&|pool| pool.enrolment.experimental));
    assert!(some(&|pool| own(pool, "totp", "show_secret") != Some(&false.into())));
    for proof in [Proof::Recent, Proof::Password] {
        assert!(some(&|pool| pool.mfa.everybody.enrol == Some(proof)), "{proof:?}");
    }
    for proof in [Proof::Recent, Proof::Password, Proof::Factor] {
        assert!(some(&|pool| pool.mfa.everybody.disable == Some(proof)), "{proof:?}");
    }
    for after in [AfterRecovery::Session, AfterRecovery::Enrol] {
        assert!(some(&|pool| pool.mfa.everybody.after_recovery == Some(after)), "{after:?}");
    }
    for codes in [0, 1, 10] {
        assert!(some(&|pool| self::codes(pool) == codes), "{codes} codes");
    }
}

/// Every text file below a directory.
fn files(below: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(below).unwrap().map(|entry| entry.unwrap()) {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if name != "target" && name != "node_modules" {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

#[test]
fn no_code_knows_a_preset_by_name() {
    let names: Vec<String> = presets().into_iter().map(|(name, _)| name).collect();
    let mut found = Vec::new();
    for place in ["crates", "templates", "migrations", "examples"] {
        files(&root().join(place), &mut found);
    }
    assert!(found.len() > 100, "only {} files were looked at", found.len());
    let mut guilty = Vec::new();
    for path in found {
        // A picture or a font speaks of nobody.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let text = text.to_lowercase();
        guilty.extend(names.iter().filter(|name| text.contains(*name)).map(|name| (path.clone(), name)));
    }
    assert!(guilty.is_empty(), "presets are data, told apart by no code: {guilty:?}");
}

#[test]
fn fault_c8_a_preset_has_all_of_its_words_in_each_language_that_it_speaks() {
    for (name, text) in presets() {
        let pool = pool(&name, &text);
        let keys = |tag: &str| pool.texts[tag].keys().cloned().collect::<BTreeSet<String>>();
        for tag in pool.texts.keys() {
            assert_eq!(keys(tag), keys("en"), "{name}: {tag} and en");
        }
    }
}
