//! Takes the pictures of the documentation: `cargo xtask screenshots` runs this and names the browser.
//!
//! To add a picture: one `shot` where a journey passes the page.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the repository's own")]

use std::path::Path;
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, Demo, OATHTOOL, Preset, Tab, tools};
use vestibule_domain::{Email, PoolSettings, Username};
use vestibule_flows::UserSpec;
use vestibule_tests::{PASSWORD, Setup};

const DESK: (i64, i64) = (1280, 800);
const PHONE: (i64, i64) = (390, 844);
/// For a page with a QR code and all around it.
const TALL: (i64, i64) = (960, 940);

/// The window's picture in a look, as `docs/screenshots/NAME.png`.
async fn shot(tab: &Tab, name: &str, (width, height): (i64, i64), dark: bool) {
    tab.size(width, height).await;
    tab.dark(dark).await;
    tab.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
    let picture = tab.picture().await;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(format!("{name}.png")), &picture).unwrap();
    println!("docs/screenshots/{name}.png: {} KiB", picture.len().div_ceil(1024));
    tab.size(DESK.0, DESK.1).await;
    tab.dark(false).await;
}

#[tokio::main]
async fn main() {
    let Some([chromium, oathtool]) = tools([CHROMIUM, OATHTOOL]) else { std::process::exit(2) };
    let chromium = Chromium::start(&chromium).await;
    let settings = PoolSettings { registration: true, ..PoolSettings::default() };
    let setup = Setup { settings, main: ("localhost", "Acme"), ..Setup::default() };
    let demo = Demo::start(setup, |client| client.min_acr = None).await;
    let mut ada = UserSpec {
        username: Username::parse("ada").unwrap(),
        email: Some(Email::parse("ada@example.com").unwrap()),
        email_verified: true,
        name: Some("Ada Moreau".to_owned()),
        locale: None,
        groups: Vec::new(),
        password: None,
        exact: false,
    };
    ada.password = Some(PASSWORD.to_owned().into());
    demo.server.admin().create_user("main", ada).await.unwrap();
    take(&chromium, &demo, &oathtool).await;
    chromium.end().await;
    clevertap().await;
    cloudmc().await;
    cloudeka().await;
    experimental_iam().await;
    authing().await;
}

/// Bound and unbound at a user center.
async fn authing() {
    let preset = Preset::start("authing").await.unwrap();
    let tab = preset.signed_in("mei", None).await;
    shot(&tab, "preset-authing-user-center", DESK, false).await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    shot(&tab, "preset-authing-set-up", TALL, false).await;
    preset.confirm(&tab).await;
    tab.follow("#codes-next").await;
    shot(&tab, "preset-authing-bound", DESK, false).await;
    preset.end(&tab).await;
}

/// No way in without, and no way back.
async fn cloudeka() {
    let preset = Preset::start("cloudeka").await.unwrap();
    let tab = preset.visitor().await;
    preset.enter(&tab, "budi", None).await;
    assert!(tab.sees("#authenticators a").await, "the links are there at once");
    tab.eval("scrollTo(0, 0)").await;
    shot(&tab, "preset-cloudeka-setup", (960, 2000), false).await;
    preset.confirm(&tab).await;
    preset.server.clock.advance(2);
    tab.open(&preset.provider("/u/profile")).await;
    shot(&tab, "preset-cloudeka-profile", (1280, 940), false).await;
    tab.follow("#mfa-replace").await;
    shot(&tab, "preset-cloudeka-confirm-password", DESK, false).await;
    preset.end(&tab).await;
}

/// One button, and a label that says how much to expect of it.
async fn experimental_iam() {
    let preset = Preset::start("experimental-iam").await.unwrap();
    let tab = preset.visitor().await;
    preset.enter(&tab, "sam", None).await;
    shot(&tab, "preset-experimental-iam-dashboard", DESK, false).await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    let phone = preset.confirm(&tab).await;
    preset.server.clock.advance(30);
    tab.open(&preset.provider("/u")).await;
    tab.follow("#mfa-disable").await;
    shot(&tab, "preset-experimental-iam-disable", DESK, false).await;
    let tab = preset.visitor().await;
    preset.enter(&tab, "sam", None).await;
    tab.fill("#otp", &phone.wrong_code(&preset.server.clock)).await;
    tab.follow("#factor-submit").await;
    shot(&tab, "preset-experimental-iam-failed-login", (960, 1060), false).await;
    preset.end(&tab).await;
}

/// Where the switch for all users stands, and what it asks of one.
async fn clevertap() {
    let preset = Preset::start("clevertap").await.unwrap();
    let admin = preset.signed_in("admin", None).await;
    admin.open(&preset.provider("/u/settings")).await;
    shot(&admin, "preset-clevertap-switch", DESK, false).await;
    admin.follow("#settings-mfa-toggle").await;
    admin.follow("#confirm-submit").await;
    let user = preset.at_application("#sign-in", "priya@clevertap.example").await;
    shot(&user, "preset-clevertap-first-login", TALL, false).await;
    preset.confirm(&user).await;
    user.open(&preset.provider("/u/profile")).await;
    shot(&user, "preset-clevertap-profile", (1280, 900), false).await;
    preset.end(&user).await;
}

/// The second factor as its user comes by it, and looks after it.
async fn cloudmc() {
    let preset = Preset::start("cloudmc").await.unwrap();
    let tab = preset.signed_in("robin", None).await;
    tab.open(&preset.provider("/u/security")).await;
    shot(&tab, "preset-cloudmc-security", DESK, false).await;
    tab.follow("#mfa-enable").await;
    preset.server.clock.advance(1);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    tab.follow("#confirm-submit").await;
    preset.confirm(&tab).await;
    shot(&tab, "preset-cloudmc-backup-codes", (800, 780), false).await;
    tab.follow("#codes-next").await;
    tab.follow("#mfa-manage").await;
    shot(&tab, "preset-cloudmc-manage", (1280, 940), false).await;
    preset.end(&tab).await;
}

async fn take(chromium: &Chromium, demo: &Demo, oathtool: &Path) {
    let tab = chromium.visitor().await;
    tab.open(&demo.url).await;
    tab.follow("#sign-in").await;
    shot(&tab, "login", DESK, false).await;
    shot(&tab, "login-dark", DESK, true).await;
    shot(&tab, "login-phone", PHONE, false).await;
    tab.log_in("ada", PASSWORD).await;
    shot(&tab, "consent", DESK, false).await;
    tab.follow("#consent-allow").await;

    tab.open(&demo.provider("/u/security")).await;
    tab.follow("#add-totp").await;
    shot(&tab, "enrolment", (960, 940), false).await;
    let phone = Authenticator::read(&tab, oathtool).await;
    tab.fill("#otp", &phone.code(&demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    shot(&tab, "recovery-codes", (800, 780), false).await;
    tab.follow("#codes-next").await;
    shot(&tab, "security", DESK, false).await;
    shot(&tab, "security-phone", PHONE, true).await;

    demo.server.clock.advance(30);
    tab.open(&demo.url).await;
    tab.follow("#step-up").await;
    shot(&tab, "second-factor", DESK, false).await;
    tab.fill("#otp", &phone.code(&demo.server.clock)).await;
    tab.follow("#factor-submit").await;
    shot(&tab, "demo-application", DESK, false).await;
}
