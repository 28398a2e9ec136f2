//! The program as people run it: arguments in, text and exit code out.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// A directory of a test's own, deleted at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("vestibule-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// The program, in this directory, with nothing of this test run's environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule"));
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Runs with this directory's settings file.
    fn with_settings(&self, arguments: &[&str]) -> Ran {
        let mut all = arguments.to_vec();
        all.extend(["--config", "settings.toml"]);
        self.run(&all)
    }

    /// Settings with a key ring and a migrated database.
    fn ready() -> Self {
        let scratch = Self::new();
        let key = scratch.run(&["keys", "generate"]).succeeded();
        scratch.write("key-ring", &key);
        private(&scratch.0.join("key-ring"));
        scratch.write("settings.toml", SETTINGS);
        scratch.with_settings(&["migrate"]).succeeded();
        scratch
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SETTINGS: &str = r#"
[database]
url = "sqlite://data/test.sqlite"
[secrets]
key_ring_file = "key-ring"
[password_hashing]
memory_kib = 8
iterations = 1
"#;

const POOLS: &str = r#"
[[pool]]
slug = "acme"
name = "Acme"
origin = "http://localhost:9999"
registration = true

[[pool.client]]
id = "shop"
name = "Shop"
kind = "confidential"
redirect_uris = ["https://shop.example.com/callback"]

[[pool.user]]
username = "jo"
email = "jo@example.com"
password = "three blue bicycles"
"#;

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "out: {}\nerr: {}", self.out, self.err);
        self.out
    }

    /// Exit code 1 with every one of these texts on standard error.
    #[track_caller]
    fn failed(self, texts: &[&str]) {
        assert_eq!(self.code, Some(1), "out: {}\nerr: {}", self.out, self.err);
        for text in texts {
            assert!(self.err.contains(text), "{text:?} is missing in: {}", self.err);
        }
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &Path) {}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_wrong_command_line_is_code_2() {
    let scratch = Scratch::new();
    for arguments in [&["dance"][..], &["serve", "--nonsense"], &["pool", "create", "acme"], &["schema", "x"]]
    {
        let ran = scratch.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.err);
    }
    assert!(scratch.run(&["--help"]).succeeded().contains("Examples:"));
}

#[test]
fn a_generated_key_is_one_line_and_never_the_same() {
    let scratch = Scratch::new();
    let first = scratch.run(&["keys", "generate"]);
    assert!(first.err.contains("VESTIBULE_KEY_RING"), "{}", first.err);
    let first = first.succeeded();
    assert_eq!(first.trim().len(), 43);
    assert_eq!(first.lines().count(), 1);
    assert_ne!(first, scratch.run(&["keys", "generate"]).succeeded());
}

#[test]
fn serve_refuses_without_a_key_ring_or_with_a_placeholder() {
    let scratch = Scratch::new();
    scratch.run(&["serve"]).failed(&["there is no key ring", "vestibule keys generate"]);
    let mut placeholder = scratch.command(&["serve"]);
    let ran = Ran::of(placeholder.env("VESTIBULE_KEY_RING", "change-me").output().unwrap());
    ran.failed(&["placeholder", "vestibule keys generate"]);
    assert!(!scratch.0.join("var").exists(), "a refusal leaves nothing behind");
}

#[test]
fn serve_refuses_without_a_database_and_names_the_remedy() {
    let scratch = Scratch::new();
    let key = scratch.run(&["keys", "generate"]).succeeded();
    scratch.write("key-ring", &key);
    scratch.write("settings.toml", SETTINGS);
    scratch.with_settings(&["serve"]).failed(&["there is no database", "vestibule migrate"]);
    scratch.with_settings(&["pool", "list"]).failed(&["there is no database", "vestibule migrate"]);
    assert!(!scratch.0.join("data").exists(), "a refusal leaves nothing behind");
}

#[test]
fn an_unreachable_database_is_told_without_its_password() {
    let scratch = Scratch::ready();
    let url = format!("postgres://vestibule:hunter2@127.0.0.1:{}/vestibule", free_port());
    let mut command = scratch.command(&["serve", "--config", "settings.toml"]);
    let ran = Ran::of(command.env("VESTIBULE__DATABASE__URL", url).output().unwrap());
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    ran.failed(&["cannot be reached", "check the database URL"]);
}

#[test]
fn an_unknown_settings_key_is_shown_with_its_place() {
    let scratch = Scratch::new();
    scratch.write("settings.toml", "[server]\nlisten = \"127.0.0.1:8080\"\nlisen = 1\n");
    scratch.with_settings(&["serve"]).failed(&[
        "settings.toml:3:1",
        "unknown key `lisen`",
        "expected",
        "listen",
    ]);
    scratch.write("settings.toml", "[server\n");
    scratch.with_settings(&["check"]).succeeded_not("settings.toml:1:");
}

impl Ran {
    /// `check` reports on standard output and fails.
    #[track_caller]
    fn succeeded_not(self, text: &str) {
        assert_eq!(self.code, Some(1), "{} {}", self.out, self.err);
        assert!(self.out.contains(text), "{text:?} is missing in: {}", self.out);
    }
}

#[test]
fn migrating_twice_does_nothing_the_second_time() {
    let scratch = Scratch::ready();
    let second = scratch.with_settings(&["migrate"]).succeeded();
    assert!(second.contains("nothing to do"), "{second}");
    assert!(scratch.with_settings(&["migrate", "--check"]).succeeded().contains("up to date"));
}

#[test]
fn check_tells_what_is_wrong_and_what_is_right() {
    let scratch = Scratch::new();
    scratch.run(&["check"]).succeeded_not("WRONG key ring");
    let scratch = Scratch::ready();
    let fine = scratch.with_settings(&["check"]).succeeded();
    assert!(!fine.contains("WRONG"), "{fine}");
    scratch.write("pools.toml", POOLS);
    scratch.with_settings(&["apply", "pools.toml", "--yes"]).succeeded();
    let json = scratch.with_settings(&["check", "--json"]).succeeded();
    assert!(json.contains("\"ok\": true") && json.contains("pool acme"), "{json}");
    // With another ring nothing that is sealed can be read.
    let key = scratch.run(&["keys", "generate"]).succeeded();
    scratch.write("key-ring", &key);
    scratch.with_settings(&["check"]).succeeded_not("WRONG pool acme");
}

#[tokio::test]
async fn a_newer_database_is_refused_and_not_touched() {
    let scratch = Scratch::ready();
    let url = format!("sqlite://{}", scratch.0.join("data/test.sqlite").display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query("INSERT INTO schema_migrations (version, name) VALUES (9999, 'later')")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    scratch.with_settings(&["serve"]).failed(&["9999", "newer program"]);
    scratch.with_settings(&["serve", "--migrate"]).failed(&["9999", "newer program"]);
    scratch.with_settings(&["migrate"]).failed(&["9999", "newer program"]);
    scratch.with_settings(&["user", "list", "--pool", "acme"]).failed(&["9999", "newer program"]);
}

#[test]
fn applying_shows_a_plan_and_applying_twice_changes_nothing() {
    let scratch = Scratch::ready();
    scratch.write("pools.toml", POOLS);
    let apply = |more: &[&str]| scratch.with_settings(&[&["apply", "pools.toml"], more].concat());
    let plan = apply(&["--dry-run"]).succeeded();
    assert!(
        plan.contains("+ pool acme")
            && plan.contains("+ client acme/shop")
            && plan.contains("+ user acme/jo")
    );
    assert!(scratch.with_settings(&["pool", "list", "--json"]).succeeded().contains("\"pools\": []"));
    apply(&[]).failed(&["nobody is there to answer", "--yes"]);
    let first = apply(&["--yes"]).succeeded();
    assert!(first.contains("shown once"), "{first}");
    let second = apply(&["--yes", "--json"]).succeeded();
    assert!(!second.contains("\"create\"") && !second.contains("\"update\""), "{second}");
    assert!(second.contains("\"secrets\": []"), "{second}");
    // The password of an existing user is not touched, whatever the file says.
    scratch.write("pools.toml", &POOLS.replace("three blue bicycles", "four green bicycles"));
    assert!(apply(&["--dry-run"]).succeeded().contains("nothing to change"));
    scratch.write("pools.toml", &POOLS.replace("registration = true", "registration = false"));
    assert!(apply(&["--dry-run"]).succeeded().contains("registration: true → false"));
}

#[test]
fn a_bad_pool_file_changes_nothing() {
    let scratch = Scratch::ready();
    scratch.write("pools.toml", &POOLS.replace("https://shop", "http://shop"));
    scratch
        .with_settings(&["apply", "pools.toml", "--yes"])
        .failed(&["pools.toml:12:", "unprotected redirect URI"]);
    scratch.write("pools.toml", &POOLS.replace("three blue bicycles", "short"));
    scratch.with_settings(&["apply", "pools.toml", "--yes"]).failed(&["password is refused", "at least 15"]);
    assert!(scratch.with_settings(&["pool", "list", "--json"]).succeeded().contains("\"pools\": []"));
}

#[test]
fn where_an_application_hears_of_sign_outs_is_set_shown_and_taken_away() {
    let scratch = Scratch::ready();
    let run = |arguments: &[&str]| scratch.with_settings(arguments);
    run(&["pool", "add", "acme", "--origin", "http://localhost:9999", "--name", "Acme"]).succeeded();
    let there = ["--pool", "acme", "shop"];
    let application = |verb: &str, more: &[&str]| run(&[&["application", verb], &there[..], more].concat());
    let back = ["--backchannel-logout-uri", "https://shop.example.com/out"];
    application("add", &[&["--redirect-uri", "https://shop.example.com/cb"], &back[..]].concat()).succeeded();
    let shown = application("show", &[]).succeeded();
    assert!(shown.contains("backchannel_logout_uri = \"https://shop.example.com/out\""), "{shown}");
    let changed =
        application("update", &["--frontchannel-logout-uri", "https://shop.example.com/bye"]).succeeded();
    assert!(changed.contains("frontchannel_logout_uri"), "{changed}");
    let shown = application("show", &["--json"]).succeeded();
    assert!(shown.contains("\"frontchannel_logout_uri\": \"https://shop.example.com/bye\""), "{shown}");
    application("update", &["--frontchannel-logout-uri", "https://elsewhere.example.com/bye"])
        .failed(&["a sign-out page of another origin", "one of the redirect_uris"]);
    application("update", &["--backchannel-logout-uri", "http://shop.example.com/out"])
        .failed(&["not an address for sign-outs"]);
    assert!(application("logouts", &["--json"]).succeeded().contains("\"logouts\": []"));
    assert!(application("logouts", &[]).succeeded().contains("LAST ERROR"));
    run(&["application", "logouts", "--pool", "acme", "none"]).failed(&["has no application \"none\""]);
    application("update", &["--backchannel-logout-uri", "none", "--frontchannel-logout-uri", "none"])
        .succeeded();
    let shown = application("show", &[]).succeeded();
    assert!(!shown.contains("channel_logout_uri"), "{shown}");
}

#[test]
fn applications_that_nobody_signs_in_to_are_added_by_their_grants() {
    let scratch = Scratch::ready();
    let run = |arguments: &[&str]| scratch.with_settings(arguments);
    run(&["pool", "add", "acme", "--origin", "http://localhost:9999", "--name", "Acme"]).succeeded();
    let add = |id: &str, more: &[&str]| run(&[&["application", "add", "--pool", "acme", id], more].concat());
    let show = |id: &str| run(&["application", "show", "--pool", "acme", id]).succeeded();
    add("batch", &["--grant", "client_credentials", "--scope", "orders.read"]).succeeded();
    let batch = show("batch");
    assert!(batch.contains("grants = [\"client_credentials\"]"), "{batch}");
    assert!(batch.contains("scopes = [\"orders.read\"]"), "{batch}");
    // People have to be led back somewhere, and a machine without anything to do is a mistake.
    // A device needs no address, and signs people in.
    add("tv", &["--public", "--grant", "device_code", "--grant", "refresh_token"]).succeeded();
    let tv = show("tv");
    let grants = "grants = [\"urn:ietf:params:oauth:grant-type:device_code\", \"refresh_token\"]";
    assert!(tv.contains(grants) && tv.contains("offline_access"), "{tv}");
    add("shop", &["--grant", "authorization_code"]).failed(&["no redirect URI"]);
    add("idle", &["--grant", "none"]).failed(&["an application that nobody can sign in to"]);
    add("orders-api", &["--grant", "none", "--introspects", "https://orders.example.com"])
        .failed(&["an API that the pool does not have"]);
    add("once", &["--grant", "authorization_code", "--redirect-uri", "https://once.example.com/cb"])
        .succeeded();
    assert!(!show("once").contains("offline_access"));
}

#[test]
fn small_commands_do_what_they_say() {
    let scratch = Scratch::ready();
    let run = |arguments: &[&str]| scratch.with_settings(arguments);
    run(&["pool", "create", "acme", "--origin", "http://localhost:9999", "--name", "Acme"]).succeeded();
    run(&["pool", "create", "acme", "--origin", "http://localhost:9998"]).failed(&["exists already"]);
    run(&["pool", "create", "other", "--origin", "http://localhost:9999"])
        .failed(&["belongs to pool \"acme\""]);
    run(&["pool", "update", "acme", "--mfa", "required"]).succeeded();
    let shown = run(&["pool", "show", "acme"]).succeeded();
    assert!(
        shown.contains("policy = \"required\"") && shown.contains("http://localhost:9999/oidc"),
        "{shown}"
    );

    let client = ["client", "add", "--pool", "acme", "shop", "--redirect-uri", "https://shop.example.com/cb"];
    let made = run(&client).succeeded();
    assert!(made.contains("shown once"), "{made}");
    run(&client).failed(&["application \"shop\" exists already"]);
    assert!(run(&["client", "rotate-secret", "--pool", "acme", "shop"]).succeeded().contains("shown once"));
    run(&["client", "add", "--pool", "acme", "bad", "--redirect-uri", "http://evil.example.com/"])
        .failed(&["unprotected"]);
    let listed = run(&["client", "list", "--pool", "acme", "--json"]).succeeded();
    assert!(listed.contains("\"has_secret\": true") && !listed.contains("secret_sha256"), "{listed}");
    run(&["client", "remove", "--pool", "acme", "shop", "--yes"]).succeeded();
    run(&["client", "remove", "--pool", "acme", "shop", "--yes"]).failed(&["has no application \"shop\""]);

    let made = run(&["user", "add", "--pool", "acme", "jo", "--email", "jo@example.com"]).succeeded();
    assert!(made.contains("password, shown once"), "{made}");
    run(&["user", "add", "--pool", "acme", "JO", "--email", "other@example.com"]).failed(&["exists already"]);
    run(&["user", "add", "--pool", "acme", "mo", "--email", "jo@example.com"])
        .failed(&["belongs to another user"]);
    run(&["user", "disable", "--pool", "acme", "jo"]).succeeded();
    assert!(run(&["user", "list", "--pool", "acme"]).succeeded().contains("disabled"));
    run(&["user", "enable", "--pool", "acme", "jo@example.com"]).succeeded();
    assert!(run(&["user", "set-password", "--pool", "acme", "jo"]).succeeded().contains("shown once"));
    assert!(
        run(&["user", "reset-factors", "--pool", "acme", "jo"]).succeeded().contains("nothing was enrolled")
    );
    run(&["user", "disable", "--pool", "acme", "nobody"]).failed(&["has no user \"nobody\""]);
    run(&["user", "list", "--pool", "nowhere"]).failed(&["no pool \"nowhere\"", "vestibule pool list"]);
}

#[test]
fn what_applications_are_told_of_a_user_is_set_shown_exported_and_taken_away() {
    let scratch = Scratch::ready();
    let run = |arguments: &[&str]| scratch.with_settings(arguments);
    let attributes = "[[pool.attribute]]\nname = \"badge\"\ntype = \"integer\"\nscope = \"staff\"\n\
                      [[pool.attribute]]\nname = \"languages\"\ntype = \"string_list\"\nscope = \"staff\"\n";
    scratch.write("pools.toml", &format!("{POOLS}\n{attributes}"));
    run(&["apply", "pools.toml", "--yes"]).succeeded();
    let user = |verb: &str, more: &[&str]| run(&[&["user", verb, "--pool", "acme"], more].concat());
    user(
        "add",
        &[
            "mo",
            "--email",
            "mo@example.com",
            "--no-password",
            "--set",
            "given_name=Mo",
            "--role",
            "reader",
            "--attribute",
            "badge=7",
        ],
    )
    .succeeded();
    let shown = user("show", &["mo"]).succeeded();
    for line in ["given_name    Mo", "roles         reader", "badge         7"] {
        assert!(shown.contains(line), "{shown}");
    }
    let changed = user(
        "update",
        &[
            "mo",
            "--set",
            "phone_number=+49 30 1234567",
            "--phone-number-verified",
            "true",
            "--set",
            "given_name=none",
            "--role",
            "writer",
            "--attribute",
            "languages=de",
            "--attribute",
            "languages=en",
        ],
    )
    .succeeded();
    assert!(changed.contains("profile.phone_number: changed") && !changed.contains("1234567"), "{changed}");
    let shown = user("show", &["mo", "--json"]).succeeded();
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    let expected = serde_json::json!({
        "phone_number": "+49301234567", "phone_number_verified": true, "roles": ["writer"],
        "attributes": { "badge": 7, "languages": ["de", "en"] },
    });
    assert_eq!(shown["profile"], expected);
    user("update", &["mo", "--set", "phone_number=+49301234568"]).succeeded();
    assert!(user("show", &["mo"]).succeeded().contains("+49301234568 (not verified)"));
    user("update", &["mo", "--set", "birthdate=soon"]).failed(&["not a possible value", "YYYY-MM-DD"]);
    user("update", &["mo", "--set", "roles=admin"]).failed(&["no field \"roles\"", "given_name"]);
    user("update", &["mo", "--set", "given_name"]).failed(&["has no value"]);
    user("update", &["mo", "--attribute", "badge=seven"]).failed(&["a whole number"]);
    user("update", &["mo", "--attribute", "other=7"]).failed(&["has no attribute \"other\""]);
    user("update", &["mo", "--phone-number-verified", "true", "--set", "phone_number=none"])
        .failed(&["a number that is proved, and none that is known"]);
    // What is exported can be applied again, and changes nothing.
    let exported = user("export", &["mo"]).succeeded();
    assert!(exported.contains("badge = 7") && exported.contains("[[pool.attribute]]"), "{exported}");
    scratch.write("mo.toml", &exported);
    assert!(run(&["apply", "mo.toml", "--dry-run"]).succeeded().contains("nothing to change"));
    let collides = attributes.replace("name = \"badge\"", "name = \"sub\"");
    scratch.write("bad.toml", &format!("{POOLS}\n{collides}"));
    run(&["apply", "bad.toml", "--yes"]).failed(&["a claim that has a meaning of its own", "set `claim`"]);
    // A file that says nothing of the profile leaves it.
    scratch.write(
        "again.toml",
        &format!("{POOLS}\n{attributes}\n[[pool.user]]\nusername = \"mo\"\nemail = \"mo@example.com\"\n"),
    );
    assert!(run(&["apply", "again.toml", "--dry-run"]).succeeded().contains("nothing to change"));
}

#[test]
fn signing_keys_go_through_their_lives_and_can_be_resealed() {
    let scratch = Scratch::ready();
    let run = |arguments: &[&str]| scratch.with_settings(arguments);
    run(&["pool", "create", "acme", "--origin", "http://localhost:9999"]).succeeded();
    let rotate = ["keys", "rotate", "--pool", "acme", "--alg", "ES256"];
    let count = |status: &str| {
        let listed = run(&["keys", "list", "--pool", "acme", "--json"]).succeeded();
        listed.matches(&format!("\"status\": \"{status}\"")).count()
    };
    assert_eq!((count("active"), count("next"), count("retired")), (3, 0, 0));
    run(&rotate).succeeded();
    assert_eq!((count("active"), count("next"), count("retired")), (3, 1, 0));
    run(&rotate).succeeded();
    assert_eq!((count("active"), count("next"), count("retired")), (3, 1, 1));
    run(&[&rotate[..], &["--forget"]].concat()).succeeded();
    assert_eq!((count("active"), count("next"), count("retired")), (3, 1, 0));

    let callback = "https://survey.example/callback";
    let survey = ["application", "add", "--pool", "acme", "survey", "--redirect-uri", callback];
    run(&[&survey[..], &["--subject-type", "pairwise"]].concat()).succeeded();
    // Whoever asks for a name needs the secret that names are made of.
    run(&["user", "by-subject", "--pool", "acme", "nobody"]).failed(&["nobody"]);

    let old = fs::read_to_string(scratch.0.join("key-ring")).unwrap();
    let new = scratch.run(&["keys", "generate"]).succeeded();
    scratch.write("key-ring", &format!("{new}{old}"));
    let resealed = run(&["keys", "reseal", "--json"]).succeeded();
    assert!(resealed.contains("\"signing_keys\": 4"), "{resealed}");
    assert!(resealed.contains("\"subject_secrets\": 1"), "{resealed}");
    scratch.write("key-ring", &old);
    run(&["check"])
        .succeeded_not("the secret of pairwise identifiers is sealed under a key that is not in the ring");
    scratch.write("key-ring", &new);
    assert!(!run(&["check"]).succeeded().contains("WRONG"));
}

#[test]
fn schemas_are_json() {
    let scratch = Scratch::new();
    for of in ["settings", "pools"] {
        let text = scratch.run(&["schema", of]).succeeded();
        assert!(text.starts_with('{') && text.contains("$schema"), "{of}");
    }
}

/// A program that runs until the test ends.
struct Server(Child);

impl Server {
    /// Starts the program and reads its output up to a line that contains `ready`.
    fn start(mut command: Command, ready: &str) -> (Self, String) {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut server = Self(child);
        let mut output = String::new();
        let mut lines = BufReader::new(server.0.stdout.take().unwrap());
        while !output.contains(ready) {
            assert_ne!(lines.read_line(&mut output).unwrap(), 0, "the program ended: {output}");
        }
        // Whatever it says later must not stop it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        (server, output)
    }

    /// Ends it as an operator would, and says whether it ended well.
    fn stop(mut self) -> bool {
        let ended = Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        assert!(ended.success());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The answer to a GET, head and body.
fn get(port: u16, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn serve_answers_until_it_is_told_to_stop() {
    let scratch = Scratch::ready();
    let port = free_port();
    scratch.write("pools.toml", &POOLS.replace("9999", &port.to_string()));
    scratch.with_settings(&["apply", "pools.toml", "--yes"]).succeeded();
    let mut command = scratch.command(&["serve", "--config", "settings.toml"]);
    command.env("VESTIBULE__SERVER__LISTEN", format!("127.0.0.1:{port}"));
    let (server, output) = Server::start(command, "is ready on");
    assert!(output.contains("with 1 pool"), "{output}");
    let host = format!("localhost:{port}");
    let discovery = get(port, &host, "/oidc/.well-known/openid-configuration");
    assert!(
        discovery.contains("200 OK") && discovery.contains(&format!("http://{host}/oidc")),
        "{discovery}"
    );
    assert!(!get(port, "evil.example.com", "/login").contains("200 OK"));

    // What another process changes is seen within a second or so, without a restart.
    let other = free_port();
    scratch
        .with_settings(&["pool", "create", "late", "--origin", &format!("http://late.localhost:{other}")])
        .succeeded();
    let begun = Instant::now();
    let late = || get(port, &format!("late.localhost:{other}"), "/oidc/jwks");
    while !late().contains("200 OK") {
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", late());
        std::thread::sleep(Duration::from_millis(100));
    }

    let mut second = scratch.command(&["serve", "--config", "settings.toml"]);
    let ran = Ran::of(second.env("VESTIBULE__SERVER__LISTEN", format!("127.0.0.1:{port}")).output().unwrap());
    ran.failed(&[&format!("port {port} is in use"), "server.listen"]);
    assert!(server.stop());
}

/// The passwords in a demo's summary and in its file.
fn passwords(scratch: &Scratch, summary: &str) -> String {
    let kept = fs::read_to_string(scratch.0.join("var/demo/credentials.toml")).unwrap();
    let secrets: Vec<&str> = kept.lines().filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(secrets.len(), 3, "{kept}");
    for shown in &secrets[..2] {
        assert!(summary.contains(shown), "a password is not in the summary: {summary}");
    }
    assert!(!summary.contains(secrets[2]), "the client secret has no place in the summary");
    secrets.join(" ")
}

#[test]
fn the_demo_runs_keeps_its_data_and_starts_over() {
    let scratch = Scratch::new();
    let (port, app_port) = (free_port(), free_port());
    let (port_text, app_port_text) = (port.to_string(), app_port.to_string());
    let arguments = ["demo", "--port", &port_text, "--app-port", &app_port_text];
    let start = |more: &[&str]| {
        Server::start(scratch.command(&[&arguments[..], more].concat()), "--reset` starts over")
    };

    let (server, summary) = start(&[]);
    let first = passwords(&scratch, &summary);
    let host = format!("localhost:{port}");
    let discovery = get(port, &host, "/oidc/.well-known/openid-configuration");
    assert!(
        discovery.contains("200 OK") && discovery.contains(&format!("http://{host}/oidc")),
        "{discovery}"
    );
    let operator = get(port, &format!("operator.{host}"), "/oidc/.well-known/openid-configuration");
    assert!(operator.contains("200 OK"), "{operator}");
    assert!(get(app_port, &format!("127.0.0.1:{app_port}"), "/").contains("200 OK"));
    // A running demo keeps its data from a second one's --reset.
    let second = scratch.run(&[&arguments[..], &["--reset"]].concat());
    second.failed(&[&format!("port {port} is in use"), "--port PORT"]);
    assert!(server.stop());

    let (server, summary) = start(&[]);
    assert_eq!(passwords(&scratch, &summary), first);
    assert!(summary.contains("as you left them"), "{summary}");
    assert!(server.stop());

    scratch.write("var/demo/mine.txt", "mine");
    let (server, summary) = start(&["--reset"]);
    assert_ne!(passwords(&scratch, &summary), first);
    assert!(summary.contains("made just now"), "{summary}");
    assert!(scratch.0.join("var/demo/mine.txt").exists());
    assert!(server.stop());
}

#[test]
fn policy_explain_and_test_answer_for_one_request() {
    let scratch = Scratch::ready();
    let pools = r#"
[[pool]]
slug = "acme"
name = "Acme"
origin = "http://localhost:8080"
[pool.mfa]
policy = "optional"
[[pool.mfa.rule]]
name = "finance"
groups = ["finance"]
policy = "required"
factors = ["totp"]
[[pool.client]]
id = "bank"
name = "Bank"
kind = "public"
redirect_uris = ["http://127.0.0.1:9/cb"]
min_acr = "mfa"
[[pool.user]]
username = "alice"
email = "alice@example.test"
"#;
    scratch.write("pools.toml", pools);
    scratch.with_settings(&["apply", "pools.toml", "--yes"]).succeeded();

    let explain = |more: &[&str]| {
        let mut all = vec!["policy", "explain", "--pool", "acme", "--json"];
        all.extend(more);
        serde_json::from_str::<serde_json::Value>(&scratch.with_settings(&all).succeeded()).unwrap()
    };
    let plain = explain(&["--user", "alice"]);
    assert_eq!((&plain["asked"], &plain["knobs"]["policy"]["rule"]), (&"nothing".into(), &"pool".into()));
    let finance = explain(&["--group", "finance"]);
    assert_eq!(finance["asked"], "enrol");
    assert_eq!(finance["factors"], serde_json::json!(["totp"]));
    assert_eq!(finance["why"]["reasons"][0]["rule"], "finance");
    assert_eq!(finance["why"]["version"], 1);
    let bank = explain(&["--group", "finance", "--factor", "totp", "--client", "bank"]);
    assert_eq!(bank["asked"], "second-factor");
    assert_eq!(bank["why"]["reasons"][0]["rule"], "application bank");
    // Without attestation nothing reaches the highest class; a passkey reaches the one below, behind the code.
    assert_eq!(explain(&["--factor", "totp", "--acr", "phrh"])["asked"], "refused");
    assert_eq!(explain(&["--factor", "totp", "--acr", "phr"])["asked"], "second-factor");

    let unknown = scratch.with_settings(&["policy", "explain", "--pool", "acme", "--factor", "tatoo"]);
    unknown.failed(&["name one of passkey"]);
    let trace = scratch.with_settings(&["policy", "explain", "--pool", "acme", "--trace", "nothing"]);
    trace.failed(&["copy the whole reference"]);

    let case = "[[case]]\nname = \"finance\"\npool = \"acme\"\ngroups = [\"finance\"]\n";
    scratch.write("good.toml", &format!("{case}expect = \"enrol\"\nrule = \"finance\"\n"));
    assert!(
        scratch.with_settings(&["policy", "test", "good.toml"]).succeeded().contains("1 cases, 0 failed")
    );
    scratch.write("bad.toml", &format!("{case}expect = \"nothing\"\n"));
    let bad = scratch.with_settings(&["policy", "test", "bad.toml", "--json"]);
    assert_eq!(bad.code, Some(1));
    let verdict: serde_json::Value = serde_json::from_str(&bad.out).unwrap();
    assert_eq!((&verdict["failed"], &verdict["cases"][0]["answered"]), (&1.into(), &"enrol".into()));
    scratch.write("broken.toml", "[[case]]\nnam = 1\n");
    scratch.with_settings(&["policy", "test", "broken.toml"]).failed(&["policy test --help"]);
}
