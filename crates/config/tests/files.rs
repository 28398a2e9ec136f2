//! The files in `config/` are what the code says they are.
#![expect(clippy::panic, reason = "tests")]

#[path = "support/factors.rs"]
mod factors;

use factors::Factors;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use vestibule_config::{Mail, PoolFile, Settings, generated_schemas};
use vestibule_domain::{Acr, ClientAuthMethod, ClientKind, MfaMode};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn settings(name: &str) -> Settings {
    match Settings::load(Some(&root().join("config").join(name)), &BTreeMap::new()) {
        Ok(settings) => settings,
        Err(error) => panic!("{error}"),
    }
}

fn pools(name: &str) -> PoolFile {
    match PoolFile::load(&root().join("config").join(name), &Factors) {
        Ok(pools) => pools,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn default_toml_equals_the_defaults_and_names_every_key() {
    let shown = settings("default.toml");
    assert!(shown == Settings::default());
    assert!(Settings::load(None, &BTreeMap::new()).ok().unwrap() == Settings::default());

    let text = std::fs::read_to_string(root().join("config/default.toml")).unwrap();
    let value = serde_json::to_value(&shown).unwrap();
    for (section, keys) in value.as_object().unwrap() {
        assert!(text.contains(&format!("[{section}]")), "[{section}] is not in default.toml");
        for key in keys.as_object().unwrap().keys() {
            let named = [format!("\n{key} = "), format!("\n# {key} = ")];
            assert!(named.iter().any(|line| text.contains(line)), "{section}.{key} is not in default.toml");
        }
    }
}

#[test]
fn development_and_demo_settings_are_usable() {
    assert!(matches!(settings("development.toml").mail, Mail::Terminal { .. }));
    let demo = settings("demo.toml");
    assert!(matches!(demo.mail, Mail::File { .. }));
    assert_eq!(demo.database.url.expose(), "sqlite://var/demo/vestibule.sqlite");
}

#[test]
fn demo_pools_are_the_two_of_the_demo() {
    let file = pools("demo-pools.toml");
    let [demo, operator] = file.pool.as_slice() else { panic!("two pools") };
    assert_eq!((demo.origin.as_str(), demo.mfa.mode()), ("http://localhost:8080", MfaMode::Optional));
    assert!(demo.registration && demo.password_reset && !operator.registration);
    assert_eq!(operator.origin, "http://operator.localhost:8080");
    assert_eq!(operator.mfa.mode(), MfaMode::Required);
    let [app] = demo.client.as_slice() else { panic!("one application") };
    assert_eq!((app.id.as_str(), app.kind), ("demo-app", ClientKind::Confidential));
    assert!(app.secret.is_none() && app.secret_sha256.is_none() && !app.first_party);
    assert_eq!(app.client().auth_method, None);
    assert!(file.pool.iter().flat_map(|pool| &pool.user).all(|user| user.password.is_none()));
    assert_eq!(operator.user[0].groups, ["tenant-admin"]);
}

#[test]
fn the_example_pools_use_every_kind_of_application() {
    let file = pools("pools.example.toml");
    let clients = &file.pool[0].client;
    assert_eq!(clients[0].acr_aliases["2"], Acr::Mfa);
    assert_eq!(clients[1].min_acr, Some(Acr::Mfa));
    assert!(clients[2].client().accepts(ClientAuthMethod::None));
}

#[test]
fn generated_schemas_are_up_to_date() {
    for (path, text) in generated_schemas() {
        let file = root().join(path);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(stored == text, "{path} is stale: run UPDATE_SCHEMAS=1 cargo test -p vestibule-config");
    }
}
