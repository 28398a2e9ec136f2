//! The preset `authing`, row by row: a hosted login with a user center where people bind and unbind their authenticator.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use relying_party::Settings;
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, Preset, Tab, tools};
use vestibule_domain::FactorKind;
use vestibule_tests::PASSWORD;

const PRESET: &str = "authing";

/// What the application is told of a sign-in.
fn told(acr: &str, amr: &str) -> (String, String) {
    (format!("urn:vestibule:acr:{acr}"), amr.to_owned())
}

/// What stands on a page, as its reader sees it.
async fn words(tab: &Tab) -> String {
    tab.text("main").await
}

/// From the user center to the QR code.
async fn to_qr_code(preset: &Preset, tab: &Tab) {
    tab.open(&preset.provider("/u")).await;
    assert_eq!(tab.text("#mfa-enable").await, "Set up new MFA");
    tab.follow("#mfa-enable").await;
    assert_eq!(tab.text("#confirm-submit").await, "Set up new MFA");
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.text("h1").await, "Set up new MFA", "{}", words(tab).await);
    assert!(tab.sees("#qr svg").await);
}

/// Mei in the user center, with an authenticator bound and the recovery code written down. The next code is good.
async fn bound(preset: &Preset) -> (Tab, Authenticator) {
    let tab = preset.signed_in("mei", None).await;
    to_qr_code(preset, &tab).await;
    let mut phone = preset.confirm(&tab).await;
    phone.codes = Authenticator::codes_on(&tab).await;
    tab.follow("#codes-next").await;
    preset.server.clock.advance(30);
    (tab, phone)
}

/// The login page of the user center, with the password typed; it asks for more.
async fn at_second_factor(preset: &Preset) -> Tab {
    let tab = preset.visitor().await;
    preset.enter(&tab, "mei", None).await;
    assert!(tab.sees("#otp").await, "{}", words(&tab).await);
    tab
}

async fn type_code(tab: &Tab, code: &str) {
    tab.fill("#otp", code).await;
    tab.follow("#factor-submit").await;
}

/// From the question for a code to the one for the recovery code.
async fn to_recovery(tab: &Tab) {
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
}

async fn recover(tab: &Tab, code: &str) {
    tab.fill("#recovery-code", code).await;
    tab.follow("#factor-submit").await;
}

/// An installation that an admin made with the command line, in a directory of its own.
struct Installation {
    directory: PathBuf,
    serving: Option<Child>,
}

impl Installation {
    fn new() -> Self {
        let directory = std::env::temp_dir().join(format!("vestibule-authing-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let settings = "[database]\nurl = \"sqlite://data/vestibule.sqlite\"\n[password_hashing]\nmemory_kib = 8\niterations = 1\n";
        std::fs::write(directory.join("settings.toml"), settings).unwrap();
        Self { directory, serving: None }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestibule-under-test"));
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .env("VESTIBULE_CONFIG", "settings.toml");
        if let Ok(ring) = std::fs::read_to_string(self.directory.join("key-ring")) {
            command.env("VESTIBULE_KEY_RING", ring.trim());
        }
        command
    }

    /// What a command says; it has to succeed. `typed` is what it reads.
    #[track_caller]
    fn run(&self, arguments: &[&str], typed: &str) -> String {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the server on a port, and waits until it is ready.
    fn serve(&mut self, port: u16) {
        let mut command = self.command(&["serve"]);
        command.env("VESTIBULE__SERVER__LISTEN", format!("127.0.0.1:{port}"));
        command.env("VESTIBULE__LOG__LEVEL", "warn");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        self.serving = Some(child);
        let mut said = String::new();
        while !said.contains("is ready on") {
            assert_ne!(output.read_line(&mut said).unwrap(), 0, "the program ended: {said}");
        }
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if let Some(serving) = &mut self.serving {
            let _ = serving.kill();
            let _ = serving.wait();
        }
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// A1: An admin registers, creates a user pool and an application with hosted login. Here with the command line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_an_admin_makes_a_pool_and_an_application_whose_users_sign_in_at_the_hosted_login() {
    const SECRET: &str = "a-secret-that-the-admin-chose-0123456789";
    let Some([chromium]) = tools([CHROMIUM]) else { return };
    let application = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", application.local_addr().unwrap());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let origin = format!("http://tulips.localhost:{port}");
    let preset = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/presets/authing.toml");

    let mut admin = Installation::new();
    std::fs::write(admin.directory.join("key-ring"), admin.run(&["keys", "generate"], "")).unwrap();
    admin.run(&["migrate"], "");
    let create = ["pool", "create", "tulips", "--origin", &origin, "--name", "Tulips", "--preset"];
    admin.run(&[&create[..], &[preset.to_str().unwrap()]].concat(), "");
    let client = ["client", "add", "--pool", "tulips", "shop", "--name", "Tulip Shop", "--first-party"];
    let (callback, signed_out) = (format!("{url}/callback"), format!("{url}/signed-out"));
    let addresses =
        ["--redirect-uri", &callback, "--post-logout-redirect-uri", &signed_out, "--secret-stdin"];
    admin.run(&[&client[..], &addresses].concat(), SECRET);
    for (name, groups) in [("olga", &["--group", "admins"][..]), ("jan", &[])] {
        let email = format!("{name}@example.com");
        let add = ["user", "add", "--pool", "tulips", name, "--email", &email, "--password-stdin"];
        admin.run(&[&add[..], groups].concat(), PASSWORD);
    }
    admin.serve(port);

    let settings = Settings {
        issuer: format!("{origin}/oidc"),
        client_id: "shop".to_owned(),
        client_secret: Some(SECRET.to_owned()),
        base_url: url.clone(),
        acr_step_up: "urn:vestibule:acr:mfa".to_owned(),
        account_url: None,
    };
    let shop = tokio::spawn(async move { relying_party::serve(settings, application).await.unwrap() });
    let chromium = Chromium::start(&chromium).await;
    let tab = chromium.visitor().await;
    tab.open(&url).await;
    tab.follow("#sign-in").await;
    assert!(tab.url().await.starts_with(&format!("{origin}/login")), "{}", tab.url().await);
    assert!(tab.text("body").await.contains("Tulips") && words(&tab).await.contains("Tulip Shop"));
    tab.log_in("jan", PASSWORD).await;
    assert_eq!(tab.url().await, format!("{url}/"), "{}", words(&tab).await);
    assert_eq!(tab.text("#claim-acr .value").await, "urn:vestibule:acr:1fa");
    assert!(
        words(&tab).await.contains(&format!("{origin}/oidc")),
        "the issuer is the pool: {}",
        words(&tab).await
    );
    // The pool has the preset's ways and words, and its admin the settings that others do not have.
    tab.open(&format!("{origin}/u")).await;
    assert_eq!(tab.text("#mfa-enable").await, "Set up new MFA");
    assert!(tab.sees(".nav-side [href='/u/security']").await);
    assert!(!tab.sees(".nav-side [href='/u/settings']").await);
    let tab = chromium.visitor().await;
    tab.open(&format!("{origin}/u")).await;
    tab.log_in("olga", PASSWORD).await;
    assert!(tab.sees(".nav-side [href='/u/settings']").await, "{}", tab.text("body").await);
    assert_eq!(tab.complaints(), Vec::<String>::new());
    chromium.end().await;
    shop.abort();
}

/// A2: Each tenant has a subdomain of its own; `/u` needs a login.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_every_tenant_has_an_address_of_its_own_and_the_user_center_asks_for_a_login() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (here, there) = (&preset.server.pool().origin, &preset.server.other().origin);
    assert_eq!((here.host(), there.host()), ("authing.localhost", "other.localhost"));
    let tab = preset.visitor().await;
    tab.open(&here.url("/u")).await;
    assert!(tab.url().await.starts_with(&here.url("/login")), "{}", tab.url().await);
    assert!(tab.sees("#password").await && !tab.sees("#sign-out").await);
    tab.log_in("mei", PASSWORD).await;
    assert_eq!(tab.url().await, here.url("/u"));
    assert!(tab.text("body").await.contains("User Center"));
    // The neighbour's user center does not know them: neither the session nor the account.
    tab.open(&there.url("/u")).await;
    assert!(tab.url().await.starts_with(&there.url("/login")), "{}", tab.url().await);
    tab.log_in("mei", PASSWORD).await;
    assert!(tab.sees("#form-error").await && !tab.sees("#sign-out").await);
    tab.log_in("alice", PASSWORD).await;
    assert_eq!(tab.url().await, there.url("/u"));
    assert_eq!(tab.text("#account-name").await, "alice Example");
    // Each keeps its own, side by side.
    tab.open(&here.url("/u")).await;
    assert_eq!(tab.text("#account-name").await, "Mei Example");
    preset.end(&tab).await;
}

/// A3: At `/u`, *Set up new MFA* leads to a QR code; the phone lists an entry with issuer and account.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a3_set_up_new_mfa_shows_a_qr_code_that_names_issuer_and_account() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("mei", None).await;
    assert_eq!(tab.url().await, preset.provider("/u"));
    to_qr_code(&preset, &tab).await;
    let (scanned, phone) = preset.scan(&tab).await;
    assert_eq!(scanned.label, "User Center:mei@authing.example");
    assert_eq!(scanned.parameter("issuer"), "User Center");
    assert!(phone.secret.len() >= 32, "160 bits: {}", phone.secret);
    // On the phone itself, a link does what the camera does; nothing is there to be typed.
    assert_eq!(tab.attribute("#open-app", "href").await, scanned.url);
    assert!(!tab.sees("#manual").await && !tab.sees("#totp-secret").await);
    assert!(!words(&tab).await.contains(&phone.secret));
    // The two apps that the guide shows.
    assert!(tab.sees("#authenticators a").await, "the links are there at once");
    let apps = tab.text("#authenticators").await;
    assert!(apps.contains("Google Authenticator") && apps.contains("Microsoft Authenticator"), "{apps}");
    preset.end(&tab).await;
}

/// A4: *Next*, then a six-digit code confirms the binding.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a4_a_right_six_digit_code_confirms_the_binding_and_a_wrong_one_does_not() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let clock = &preset.server.clock;
    let tab = preset.signed_in("mei", None).await;
    to_qr_code(&preset, &tab).await;
    let (_, phone) = preset.scan(&tab).await;
    assert_eq!(tab.text("label[for=otp]").await, "Dynamic password");
    assert_eq!(tab.text("#enrol-submit").await, "Next");
    tab.fill("#otp", &phone.wrong_code(clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.text("#form-error").await.contains("dynamic password is not valid"));
    // Nothing is bound: another visit needs the password alone.
    let visitor = preset.signed_in("mei", None).await;
    assert_eq!(visitor.attribute("#mfa-status", "data-state").await, "off");
    // The same QR code is still there, and its code binds.
    let (again, _) = preset.scan(&tab).await;
    assert_eq!(again.parameter("secret"), phone.secret);
    let code = phone.code(clock);
    assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{code}");
    tab.fill("#otp", &code).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#recovery-codes").await, "{}", words(&tab).await);
    let visitor = at_second_factor(&preset).await;
    assert_eq!(visitor.complaints(), Vec::<String>::new());
    preset.end(&tab).await;
}

/// A5: The recovery code is shown; *Next* has to be pressed to finish; then a page of success.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a5_one_recovery_code_is_shown_and_next_leads_to_success() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("mei", None).await;
    to_qr_code(&preset, &tab).await;
    preset.confirm(&tab).await;
    assert_eq!(tab.text("h1").await, "Save your recovery code");
    assert_eq!(Authenticator::codes_on(&tab).await.len(), 1);
    assert!(words(&tab).await.contains("It works once"), "{}", words(&tab).await);
    // Nothing else leads on from here.
    let ways =
        "Array.from(document.querySelectorAll('main a[href], main [type=submit]'), e => e.id).join(' ')";
    assert_eq!(tab.eval(ways).await, "codes-next");
    assert_eq!(tab.text("#codes-next").await, "Next");
    tab.follow("#codes-next").await;
    assert_eq!(tab.text("main [role=status]").await, "MFA is bound");
    assert_eq!(tab.attribute("#mfa-status", "data-state").await, "on");
    assert!(tab.text("#factors").await.contains("Authenticator app"));
    assert_eq!(tab.text("#recovery-left").await, "Unused recovery codes: 1");
    assert!(!words(&tab).await.contains("lock yourself out"), "one of one is not few");

    // Within a sign-in nobody gets further without it: the application demands the second factor of somebody new.
    let tab = preset.at_application("#sign-in-mfa", "admin").await;
    preset.confirm(&tab).await;
    assert_eq!(Authenticator::codes_on(&tab).await.len(), 1);
    let page = tab.url().await;
    let elsewhere = preset.provider("/u");
    let reached = format!("fetch({elsewhere:?}).then(answer => answer.url)");
    let reached = tab.eval(&reached).await;
    assert!(reached.as_str().unwrap().contains("/login"), "not signed in yet: {reached}");
    assert_eq!(tab.url().await, page);
    tab.follow("#codes-next").await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    preset.end(&tab).await;
}

/// A6: The code is never shown again; stored hashed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a6_the_recovery_code_is_never_shown_again_and_stored_as_a_hash() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (tab, phone) = bound(&preset).await;
    let code = &phone.codes[0];
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    // Not by going back to the page that showed it.
    tab.eval("window.after = true; history.back()").await;
    // Also where the browser kept the whole page: it is loaded again.
    let gone =
        "!window.after && document.readyState === 'complete' && !document.querySelector('#recovery-codes')";
    tab.until("a page without the codes", gone).await;
    for path in [
        "/u",
        "/u/security",
        "/u/security/enrol/totp",
        "/u/security/enrol/recovery",
        "/u/security/regenerate",
    ] {
        tab.open(&preset.provider(path)).await;
        let source = tab.eval("document.documentElement.outerHTML").await.as_str().unwrap().to_owned();
        assert!(!source.contains(code.as_str()) && !source.contains(&bare), "{path} shows it");
    }
    // The row holds a digest of 256 bits; the code itself is nowhere in the database.
    let rows = preset.server.rows();
    let user = rows.user_by_identifier("mei").await.unwrap().unwrap().user;
    let held = rows.credentials(user.id).await.unwrap();
    let recovery: Vec<_> = held.iter().filter(|one| one.kind == FactorKind::new("recovery")).collect();
    assert_eq!(recovery.len(), 1);
    let public: serde_json::Value = serde_json::from_str(&recovery[0].public.0).unwrap();
    assert_eq!(public["hash"].as_str().unwrap().len(), 43, "{public}");
    let database = preset.server.database.strip_prefix("sqlite://").unwrap().to_owned();
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{database}{suffix}")).unwrap_or_default();
        for secret in [code.as_str(), &bare, &bare.to_lowercase(), &phone.secret] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "a secret is in the database{suffix}");
        }
        assert!(!suffix.is_empty() || !bytes.is_empty(), "the database was looked at");
    }
    preset.end(&tab).await;
}

/// A7: `/oidc/session/end` ends the session; the next visit asks for a login.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a7_the_address_that_ends_the_session_leads_to_a_login_at_the_next_visit() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("mei", None).await;
    tab.open(&preset.provider("/oidc/session/end")).await;
    tab.follow("#logout-confirm").await;
    assert_eq!(tab.text("h1").await, "Signed out");
    tab.open(&preset.provider("/u")).await;
    assert!(tab.url().await.starts_with(&preset.provider("/login")) && tab.sees("#password").await);
    tab.open(&preset.provider("/")).await;
    assert!(tab.sees("#password").await, "the pool's address alone asks, too");
    // The application asks again as well.
    tab.open(&preset.url).await;
    tab.follow("#sign-in").await;
    assert!(tab.sees("#password").await);
    preset.end(&tab).await;
}

/// A8: Password, then the second-factor page; the right code signs in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a8_after_the_password_the_right_code_signs_in() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = bound(&preset).await;
    let tab = at_second_factor(&preset).await;
    assert_eq!(tab.text("label[for=otp]").await, "Dynamic password");
    let inside = "fetch('/u').then(answer => answer.url.includes('/login'))";
    assert_eq!(tab.eval(inside).await, true, "half a sign-in is none");
    type_code(&tab, &phone.code(&preset.server.clock)).await;
    assert_eq!(tab.url().await, preset.provider("/u"));
    assert!(tab.sees("#sign-out").await);
    // A wrong password does not get as far as the question.
    let tab = preset.visitor().await;
    tab.open(&preset.provider("/u")).await;
    tab.log_in("mei", "not the password").await;
    assert!(tab.sees("#form-error").await && !tab.sees("#otp").await);
    preset.end(&tab).await;
}

/// A9: A wrong code: error, another try, throttled. The same code twice: refused.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a9_wrong_and_used_codes_are_refused_and_guessing_is_throttled() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let clock = &preset.server.clock;
    let (_, phone) = bound(&preset).await;
    let tab = at_second_factor(&preset).await;
    type_code(&tab, &phone.wrong_code(clock)).await;
    assert!(tab.text("#form-error").await.contains("dynamic password is not valid"));
    let code = phone.code(clock);
    type_code(&tab, &code).await;
    assert!(tab.sees("#sign-out").await, "the next try counts: {}", words(&tab).await);

    let second = at_second_factor(&preset).await;
    type_code(&second, &code).await;
    assert!(second.text("#form-error").await.contains("was used already"));
    assert!(!second.sees("#sign-out").await);

    for _ in 0..12 {
        if !second.sees("#otp").await || words(&second).await.contains("Too many attempts") {
            break;
        }
        type_code(&second, &phone.wrong_code(clock)).await;
    }
    assert!(words(&second).await.contains("Too many attempts"), "{}", words(&second).await);
    // Half a minute later there is one try; the wait after it is longer, and even a right code sits it out.
    clock.advance(31);
    let guesser = at_second_factor(&preset).await;
    type_code(&guesser, &phone.wrong_code(clock)).await;
    clock.advance(30);
    let third = preset.visitor().await;
    preset.enter(&third, "mei", None).await;
    if third.sees("#otp").await {
        type_code(&third, &phone.code(clock)).await;
    }
    assert!(!third.sees("#sign-out").await, "{}", words(&third).await);
    assert!(words(&third).await.contains("Too many attempts"), "{}", words(&third).await);
    // With the time over, the owner gets in.
    clock.advance(3600);
    let fourth = at_second_factor(&preset).await;
    type_code(&fourth, &phone.code(clock)).await;
    assert!(fourth.sees("#sign-out").await, "{}", words(&fourth).await);
    preset.end(&fourth).await;
}

/// A10: The recovery code restores access once, when the device is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a10_the_recovery_code_restores_full_access_once() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = bound(&preset).await;
    // Somebody else who has it, and is a little later.
    let again = at_second_factor(&preset).await;
    to_recovery(&again).await;
    let tab = preset.at_application("#sign-in", "mei").await;
    to_recovery(&tab).await;
    recover(&tab, &phone.codes[0]).await;
    assert!(words(&tab).await.contains("It was the last one"), "{}", words(&tab).await);
    tab.follow("#done-next").await;
    assert_eq!(preset.claims(&tab).await, told("1fa", "pwd rec"), "in, and not told as a second factor");
    tab.open(&preset.provider("/u")).await;
    assert!(tab.sees("#sign-out").await && tab.sees("#mfa-manage").await, "a full session");
    tab.open(&preset.provider("/u/security")).await;
    assert!(words(&tab).await.contains("lock yourself out"), "what to do next: {}", words(&tab).await);
    // Once.
    recover(&again, &phone.codes[0]).await;
    assert!(again.sees("#form-error").await && !again.sees("#sign-out").await, "{}", words(&again).await);
    again.open(&preset.provider("/u")).await;
    assert!(again.sees("#password").await, "still outside");
    // Another one is made as the first was, and says so.
    tab.follow("#regenerate-codes").await;
    tab.follow("#confirm-submit").await;
    let new = Authenticator::codes_on(&tab).await;
    assert!(new.len() == 1 && new[0] != phone.codes[0]);
    tab.follow("#codes-next").await;
    assert!(tab.text("main [role=status]").await.contains("new recovery code"), "{}", words(&tab).await);
    // Whoever got in with it unbinds the lost phone and binds another; the lost one is worth nothing then.
    tab.follow("#mfa-disable").await;
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.attribute("#mfa-status", "data-state").await, "off", "{}", words(&tab).await);
    to_qr_code(&preset, &tab).await;
    let other = preset.confirm(&tab).await;
    assert_ne!(other.secret, phone.secret);
    preset.server.clock.advance(30);
    let late = at_second_factor(&preset).await;
    type_code(&late, &phone.code(&preset.server.clock)).await;
    assert!(late.sees("#form-error").await && !late.sees("#sign-out").await);
    type_code(&late, &other.code(&preset.server.clock)).await;
    assert!(late.sees("#sign-out").await, "{}", words(&late).await);
    preset.end(&tab).await;
}

/// A11: *Unbind* at `/u` removes the factor; the next login takes one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a11_unbind_removes_the_factor_and_the_next_login_is_one_step() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = bound(&preset).await;
    let tab = preset.signed_in("mei", Some(&phone)).await;
    assert_eq!(tab.text("#mfa-disable").await, "Unbind");
    tab.follow("#mfa-disable").await;
    assert_eq!(tab.text("h1").await, "Unbind MFA?");
    assert!(words(&tab).await.contains("Authenticator app"), "what it is about: {}", words(&tab).await);
    assert_eq!(tab.text("#confirm-submit").await, "Unbind");
    tab.follow("#confirm-submit").await;
    assert!(words(&tab).await.contains("MFA is unbound"), "{}", words(&tab).await);
    assert!(tab.sees("#no-factors").await);
    let next = preset.signed_in("mei", None).await;
    assert_eq!(next.text("#mfa-enable").await, "Set up new MFA", "as on the first day");
    let application = preset.at_application("#sign-in", "mei").await;
    assert_eq!(preset.claims(&application).await, told("1fa", "pwd"));

    // The same on the line of the factor itself; and the old phone's entry is not the new one's.
    to_qr_code(&preset, &next).await;
    let second = preset.confirm(&next).await;
    assert_ne!(second.secret, phone.secret);
    next.follow("#codes-next").await;
    let tab = preset.signed_in("mei", Some(&second)).await;
    tab.open(&preset.provider("/u/security")).await;
    tab.press("#factors summary").await;
    assert_eq!(tab.text(".remove-factor").await, "Unbind");
    tab.follow(".remove-factor").await;
    assert_eq!(tab.text("h1").await, "Unbind this MFA?");
    tab.follow("#confirm-submit").await;
    assert!(tab.sees("#no-factors").await, "{}", words(&tab).await);

    // Somebody who knows only the password cannot: what unbinds is the factor itself.
    to_qr_code(&preset, &tab).await;
    let third = preset.confirm(&tab).await;
    preset.server.clock.advance(3600);
    tab.open(&preset.provider("/u")).await;
    tab.follow("#mfa-disable").await;
    assert!(!tab.sees("#confirm-submit").await, "{}", words(&tab).await);
    if tab.sees("#password").await {
        tab.fill("#password", PASSWORD).await;
        tab.follow("#login-submit").await;
    }
    assert!(tab.sees("#otp").await && !tab.sees("#confirm-submit").await, "{}", words(&tab).await);
    type_code(&tab, &third.code(&preset.server.clock)).await;
    assert!(tab.sees("#confirm-submit").await, "{}", words(&tab).await);
    preset.end(&tab).await;
}

/// A12: Before MFA `acr` is low; after it the ID token has a higher `acr`, and `amr` gains `otp` and `mfa`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a12_the_id_token_rises_with_the_second_factor() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.at_application("#sign-in", "mei").await;
    assert_eq!(preset.claims(&tab).await, told("1fa", "pwd"));
    let sid = tab.text("#claim-sid .value").await;
    to_qr_code(&preset, &tab).await;
    let phone = preset.confirm(&tab).await;
    tab.follow("#codes-next").await;
    // Binding alone proves nothing to the application.
    tab.open(&preset.url).await;
    tab.follow("#refresh").await;
    assert_eq!(preset.claims(&tab).await, told("1fa", "pwd"));
    tab.follow("#step-up").await;
    preset.answer(&tab, &phone).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    assert_eq!(tab.text("#claim-sid .value").await, sid, "the same session, raised");
    // A new sign-in has both from the beginning, whatever the application asked for.
    let fresh = preset.at_application("#sign-in", "mei").await;
    preset.answer(&fresh, &phone).await;
    assert_eq!(preset.claims(&fresh).await, told("mfa", "mfa otp pwd"));
    assert_eq!(fresh.complaints(), Vec::<String>::new());
    preset.end(&tab).await;
}

/// A13: Six digits, a period of 30 s and SHA-1 by default, so that every app takes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a13_codes_have_six_digits_a_period_of_thirty_seconds_and_sha1() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let clock = &preset.server.clock;
    let tab = preset.signed_in("mei", None).await;
    to_qr_code(&preset, &tab).await;
    let (scanned, phone) = preset.scan(&tab).await;
    for (name, value) in [("digits", "6"), ("period", "30"), ("algorithm", "SHA1")] {
        let said = scanned.parameter(name);
        assert!(
            said == value || said.is_empty(),
            "{name}={said}; apps that read nothing of it assume {value}"
        );
    }
    // An app that knows nothing but these defaults makes the codes that are accepted.
    let now = clock.seconds();
    let step = now - now % 30;
    assert_eq!(phone.code_at(step), phone.code_at(step + 29));
    assert_ne!(phone.code_at(step), phone.code_at(step + 30));
    tab.fill("#otp", &phone.code_at(step)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#codes-next").await, "{}", words(&tab).await);
    clock.advance(600);
    // One that is minutes old is of the right app and nevertheless wrong.
    let visitor = at_second_factor(&preset).await;
    type_code(&visitor, &phone.code_at(clock.seconds() - 150)).await;
    assert!(visitor.sees("#form-error").await);
    type_code(&visitor, &phone.code(clock)).await;
    assert!(visitor.sees("#sign-out").await, "{}", words(&visitor).await);
    preset.end(&tab).await;
}

/// The preset offers what its guide shows and nothing else: no passkey on the login page, none to be added.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_authenticator_app_is_the_only_second_factor_there_is() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.visitor().await;
    tab.open(&preset.provider("/u")).await;
    assert!(!tab.sees("#passkey-submit").await);
    assert_eq!(tab.attribute("#username", "autocomplete").await, "username");
    tab.log_in("mei", PASSWORD).await;
    tab.open(&preset.provider("/u/security")).await;
    assert!(tab.sees("#add-totp").await && !tab.sees("#add-passkey").await);
    preset.end(&tab).await;
}
