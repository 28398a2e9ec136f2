//! Takes the pictures of the documentation: `cargo xtask screenshots` runs this and names the browser.
//!
//! To add a picture: one `shot` where a journey passes the page; of a preset, one `page` of its [`Album`].

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program of the repository's own"
)]

mod album;
mod authing;
mod clevertap;
mod cloudeka;
mod cloudmc;
mod experimental_iam;
mod palette;

use album::Album;
use std::path::Path;
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, Demo, OATHTOOL, Tab, tools};
use vestibule_domain::{Email, PoolSettings, Username};
use vestibule_flows::UserSpec;
use vestibule_tests::{PASSWORD, Setup};

const DESK: (i64, i64) = (1280, 800);
const PHONE: (i64, i64) = (390, 844);

/// What shows the second language of a preset.
const FRENCH: &[&str] = &["security", "set-up", "backup-codes", "login"];

/// The window's picture in a look, as `docs/screenshots/NAME.png`.
async fn shot(tab: &Tab, name: &str, (width, height): (i64, i64), dark: bool) {
    tab.size(width, height).await;
    tab.dark(dark).await;
    tab.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))").await;
    let picture = tab.picture().await;
    keep(name, &picture);
    tab.size(DESK.0, DESK.1).await;
    tab.dark(false).await;
}

/// Writes `docs/screenshots/NAME.png`.
fn keep(name: &str, picture: &[u8]) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/screenshots/{name}.png"));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, picture).unwrap();
    println!("docs/screenshots/{name}.png: {} KiB", picture.len().div_ceil(1024));
}

/// All, or those that the arguments name: a preset, or `product` for what has none.
#[tokio::main]
async fn main() {
    let Some([chromium, oathtool]) = tools([CHROMIUM, OATHTOOL]) else { std::process::exit(2) };
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let all = wanted.is_empty();
    let wants = |name: &str| all || wanted.iter().any(|wanted| wanted == name);
    if wants("product") {
        product(&chromium, &oathtool).await;
    }
    if wants("cloudeka") {
        let album = Album::open("cloudeka", "id").await;
        cloudeka::walk(&album).await;
        album.close().await;
    }
    if wants("clevertap") {
        let album = Album::open("clevertap", "en").await;
        clevertap::walk(&album).await;
        album.close().await;
    }
    if wants("experimental-iam") {
        let album = Album::open("experimental-iam", "en").await;
        experimental_iam::walk(&album).await;
        album.close().await;
    }
    if wants("authing") {
        let album = Album::open("authing", "zh-Hans").await;
        authing::walk(&album).await;
        album.close().await;
    }
    if wants("cloudmc") {
        let album = Album::open("cloudmc", "en").await;
        cloudmc::walk(&album).await;
        album.close().await;
        let album = Album::open("cloudmc", "fr").await.only("-fr", FRENCH);
        cloudmc::walk(&album).await;
        album.close().await;
    }
}

/// The product as it is without a preset.
async fn product(chromium: &Path, oathtool: &Path) {
    let chromium = Chromium::start(chromium).await;
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
        profile: vestibule_domain::UserProfile::default(),
        seen: vestibule_domain::UserProfile::default(),
        password: None,
        exact: false,
    };
    ada.password = Some(PASSWORD.to_owned().into());
    demo.server.admin().create_user("main", ada).await.unwrap();
    take(&chromium, &demo, oathtool).await;
    chromium.end().await;
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
