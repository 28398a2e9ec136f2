//! Every language says the same things, and nothing that nobody asks for.

use std::path::Path;

use super::*;
use crate::i18n::keys_of;

/// Keys of a language with the arguments of each.
fn texts(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    keys_of(source).unwrap();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
            current = line.split(" =").next().unwrap().to_owned();
            all.insert(current.clone(), BTreeSet::new());
        }
        for piece in line.split('$').skip(1) {
            let name = piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap();
            all.get_mut(&current).unwrap().insert(name.to_owned());
        }
    }
    all
}

fn english() -> BTreeMap<String, BTreeSet<String>> {
    texts(generated::LOCALES.iter().find(|(tag, _)| *tag == "en").unwrap().1)
}

#[test]
fn the_languages_are_these() {
    let tags: Vec<&str> = Locale::all().map(Locale::tag).collect();
    assert_eq!(tags, ["en", "zh-Hans", "fr", "de", "es", "ja", "id", "ar"]);
    assert_eq!(tags.len(), generated::LOCALES.len());
}

#[test]
fn all_languages_say_the_same_things() {
    let english = english();
    assert!(english.len() > 200);
    let mut faults = Vec::new();
    for (tag, source) in generated::LOCALES {
        let own = texts(source);
        faults.extend(
            english.keys().filter(|key| !own.contains_key(*key)).map(|key| format!("{tag} lacks {key}")),
        );
        faults.extend(
            own.keys()
                .filter(|key| !english.contains_key(*key))
                .map(|key| format!("{tag}: {key} is surplus")),
        );
        let other = |key: &&String| own.get(*key).is_some_and(|arguments| arguments != &english[*key]);
        faults.extend(english.keys().filter(other).map(|key| format!("{tag}: {key} has other arguments")));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// Every Rust source of the workspace, this crate's tests left out.
fn sources(directory: &Path, found: &mut String) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
            found.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Keys that are put together from what there is.
fn composed() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut put = |stem: &str, ends: &[&str]| keys.extend(ends.iter().map(|end| format!("{stem}{end}")));
    put(
        "nav-",
        &["home", "profile", "password", "security", "sessions", "apps", "activity", "data", "settings"],
    );
    put("home-", &["profile", "password", "security", "sessions", "apps", "activity", "data", "settings"]);
    put("", ACTIVITIES);
    put("mfa-card-", &["off", "on", "required"]);
    put("settings-mfa-", &["off", "optional", "required"]);
    for scope in SCOPES {
        put(&format!("scope-{scope}"), &["", "-description"]);
    }
    put("profile-field-", PROFILE_FIELDS);
    put("profile-hint-", &["birthdate", "phone_number", "zoneinfo", "picture", "page", "lines"]);
    for mail in Mail::samples() {
        put(mail.outline().name, &["-subject", "-lead", "-after"]);
    }
    let revealed = factor_pages().revealed;
    for factor in Registry::builtin().iter() {
        let kind = factor.kind().to_string();
        put(&format!("factor-{kind}"), &["", "-description", "-enrol-title", "-wrong"]);
        if revealed.iter().any(|page| page.kind == kind) {
            put(&format!("factor-{kind}"), &["-reveal-title"]);
        }
    }
    keys
}

#[test]
fn every_text_is_used_and_every_used_key_has_one() {
    let english = english();
    let composed = composed();
    for key in keys::ALL.iter().map(|key| (*key).to_owned()).chain(composed.iter().cloned()) {
        assert!(english.contains_key(&key), "{key} has no text");
    }
    let mut all: String = generated::TEMPLATES.iter().map(|(_, source)| *source).collect();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut all);
    let unused: Vec<&String> = english
        .keys()
        .filter(|key| !composed.contains(*key) && !all.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "said nowhere: {unused:?}");
}
