//! Every preset, as it is and as the beginning of a pool of one's own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const SETTINGS: &str = r#"
[database]
url = "sqlite://data/test.sqlite"
[secrets]
key_ring_file = "key-ring"
[password_hashing]
memory_kib = 8
iterations = 1
"#;

/// A directory with settings, a key ring and a migrated database; deleted at the end.
struct Installation(PathBuf);

impl Installation {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vestibule-presets-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        let new = Self(path);
        let key = new.run(&["keys", "generate"]);
        fs::write(new.0.join("key-ring"), key).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(new.0.join("key-ring"), fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::write(new.0.join("settings.toml"), SETTINGS).unwrap();
        new.run(&["migrate", "--config", "settings.toml"]);
        new
    }

    /// What the program says on standard output; it has to succeed.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null());
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let all = [arguments, &["--json", "--config", "settings.toml"]].concat();
        serde_json::from_str(&self.run(&all)).unwrap()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Name and path of every preset.
fn presets() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/presets");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, path.canonicalize().unwrap().to_str().unwrap().to_owned())
    });
    let presets: Vec<_> = named.collect();
    assert!(presets.len() >= 5, "{presets:?}");
    presets
}

/// How often each action is in a plan.
fn count(plan: &Value, action: &str) -> usize {
    let steps = plan["plan"]["steps"].as_array().unwrap();
    steps.iter().filter(|step| step["action"] == action).count()
}

#[test]
fn every_preset_is_planned_applied_and_applied_again_without_change() {
    let installation = Installation::new("apply");
    for (name, path) in presets() {
        let planned = installation.json(&["apply", &path, "--dry-run"]);
        // The pool, its three keys, an application, an admin and a user.
        assert_eq!((count(&planned, "create"), &planned["applied"]), (7, &Value::Bool(false)), "{name}");
        let first = installation.json(&["apply", &path, "--yes"]);
        assert_eq!(first["plan"], planned["plan"], "{name}: what was planned was done");
        assert_eq!(first["secrets"].as_array().unwrap().len(), 1, "{name}: the application's secret");
        let second = installation.json(&["apply", &path, "--yes"]);
        assert_eq!((count(&second, "create"), count(&second, "update")), (0, 0), "{name}: {second}");
        assert_eq!(second["secrets"].as_array().unwrap().len(), 0, "{name}");
    }
}

#[test]
fn a_pool_begun_with_a_preset_has_its_settings_under_a_name_of_its_own() {
    let installation = Installation::new("create");
    for (name, path) in presets() {
        installation.json(&["apply", &path, "--yes"]);
        let (slug, origin) = (format!("my-{name}"), format!("https://{name}.example.com"));
        let create = ["pool", "create", &slug, "--origin", &origin, "--preset", &path, "--accent", "#123456"];
        installation.json(&create);
        let [theirs, mut mine] = [&name, &slug].map(|slug| installation.json(&["pool", "show", slug]));
        assert_eq!((&mine["name"], &mine["origin"]), (&Value::from(&*slug), &Value::from(&*origin)));
        assert_eq!(mine["settings"]["accent"], "#123456", "what is said beside the preset wins");
        mine["settings"]["accent"] = theirs["settings"]["accent"].clone();
        assert_eq!(mine["settings"], theirs["settings"], "{name}");
        let applications = installation.json(&["client", "list", "--pool", &slug]);
        assert!(!applications.to_string().contains("redirect_uris"), "{applications}");
        // Changing one thing keeps everything else.
        installation.json(&["pool", "update", &slug, "--name", "Renamed"]);
        let renamed = installation.json(&["pool", "show", &slug]);
        assert_eq!(
            (&renamed["name"], &renamed["settings"]["mfa"]),
            (&Value::from("Renamed"), &mine["settings"]["mfa"])
        );
    }
}
