//! A pool of `config/presets`, as its file says, with the demo application and people who look at it.

use crate::{Authenticator, CHROMIUM, Chromium, OATHTOOL, Scanned, Tab, scan, tools};
use relying_party::Settings;
use std::path::{Path, PathBuf};
use tokio::{net::TcpListener, sync::OnceCell, task::JoinHandle};
use vestibule_config::PoolFile;
use vestibule_domain::ClientKind;
use vestibule_flows::{PoolSpec, SecretSpec};
use vestibule_tests::{App, CLIENT_SECRET, PASSWORD, Page, REDIRECT_URI, Server, Setup};
use zeroize::Zeroizing;

/// A provider whose pool is a preset. The pool, its rules, words, applications and people are those of the file. What is
/// the test's own: the port, a password for everybody, and the secret and addresses of the applications.
///
/// There is also a pool `other` with the same settings in another tenant, with the user `alice`.
pub struct Preset {
    /// The provider. Its clock is ahead of the machine's by what it was told to [`advance`](vestibule_tests::TestClock).
    pub server: Server,
    /// Where the application is: the demo, registered as the first application of the file.
    pub url: String,
    /// The independent authenticator.
    pub oathtool: PathBuf,
    client: String,
    program: PathBuf,
    chromium: OnceCell<Chromium>,
    task: JoinHandle<()>,
}

impl Preset {
    /// Starts the pool of `config/presets/NAME.toml`; `None` with a notice when a tool is missing.
    ///
    /// # Panics
    /// When the file cannot be applied.
    pub async fn start(name: &str) -> Option<Self> {
        Self::with(name, |_| {}).await
    }

    /// The same after an operator's change, such as a flag that the file's own words speak of.
    ///
    /// # Panics
    /// When the file cannot be applied.
    pub async fn with(name: &str, change: impl FnOnce(&mut PoolSpec)) -> Option<Self> {
        let [program, oathtool] = tools([CHROMIUM, OATHTOOL])?;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut pool = declared(name);
        for spec in &mut pool.clients {
            spec.client.redirect_uris = vec![format!("{url}/callback"), REDIRECT_URI.to_owned()];
            spec.client.post_logout_redirect_uris = vec![format!("{url}/signed-out")];
            if spec.client.kind == ClientKind::Confidential {
                spec.secret = SecretSpec::Given(Zeroizing::new(CLIENT_SECRET.to_owned()));
            }
        }
        for user in &mut pool.users {
            user.password = Some(Zeroizing::new(PASSWORD.to_owned()));
        }
        change(&mut pool);
        let client = pool.clients.first().unwrap().client.clone();
        let setup =
            Setup { settings: pool.settings.clone(), real_time: true, pool: Some(pool), ..Setup::default() };
        let server = setup.start().await;
        let settings = Settings {
            issuer: server.pool().origin.issuer(),
            client_id: client.id.clone(),
            client_secret: (client.kind == ClientKind::Confidential).then(|| CLIENT_SECRET.to_owned()),
            base_url: url.clone(),
            acr_step_up: "urn:vestibule:acr:mfa".to_owned(),
            account_url: None,
        };
        let task = tokio::spawn(async move { relying_party::serve(settings, listener).await.unwrap() });
        let (client, chromium) = (client.id, OnceCell::new());
        Some(Self { server, url, oathtool, client, program, chromium, task })
    }

    /// A new visitor in a browser, which is started for the first one.
    pub async fn visitor(&self) -> Tab {
        self.chromium.get_or_init(|| Chromium::start(&self.program)).await.visitor().await
    }

    /// A visitor who signs in to the user center with a password, and with a code where `phone` has one.
    ///
    /// # Panics
    /// When that does not lead into the user center.
    pub async fn signed_in(&self, username: &str, phone: Option<&Authenticator>) -> Tab {
        let tab = self.visitor().await;
        self.enter(&tab, username, phone).await;
        assert!(tab.sees("#sign-out").await, "{}: {}", tab.url().await, tab.text("body").await);
        tab
    }

    /// Types the password to open the user center, and a code where `phone` has one. Wherever that leads.
    pub async fn enter(&self, tab: &Tab, username: &str, phone: Option<&Authenticator>) {
        tab.open(&self.provider("/u")).await;
        tab.log_in(username, PASSWORD).await;
        if let Some(phone) = phone {
            self.answer(tab, phone).await;
        }
    }

    /// Types the code of now where a sign-in asks for one. Time passes first, so that it was not used before.
    pub async fn answer(&self, tab: &Tab, phone: &Authenticator) {
        self.server.clock.advance(30);
        tab.fill("#otp", &phone.code(&self.server.clock)).await;
        tab.follow("#factor-submit").await;
    }

    /// An address of the provider.
    pub fn provider(&self, path: &str) -> String {
        self.server.pool().origin.url(path)
    }

    /// What a camera sees in the QR code on the screen, and an authenticator app that has scanned it.
    ///
    /// # Panics
    /// When there is no code to be seen.
    pub async fn scan(&self, tab: &Tab) -> (Scanned, Authenticator) {
        let scanned = scan(tab).await;
        let phone = Authenticator::with(scanned.parameter("secret"), &self.oathtool);
        (scanned, phone)
    }

    /// Scans the QR code on the screen and confirms it with a right code. Wherever that leads.
    pub async fn confirm(&self, tab: &Tab) -> Authenticator {
        let (_, phone) = self.scan(tab).await;
        tab.fill("#otp", &phone.code(&self.server.clock)).await;
        tab.follow("#enrol-submit").await;
        phone
    }

    /// The application for requests without a browser.
    pub fn rp(&self) -> App {
        let mut app = self.server.rp();
        app.client_id.clone_from(&self.client);
        app
    }

    /// A visitor who presses the application's button and has typed the password.
    pub async fn at_application(&self, button: &str, username: &str) -> Tab {
        let tab = self.visitor().await;
        tab.open(&self.url).await;
        tab.follow(button).await;
        tab.log_in(username, PASSWORD).await;
        tab
    }

    /// What the application was told about the sign-in: `acr` and the sorted `amr`, separated by blanks.
    ///
    /// # Panics
    /// When the tab is not at the application.
    pub async fn claims(&self, tab: &Tab) -> (String, String) {
        assert_eq!(tab.url().await, format!("{}/", self.url), "{}", tab.text("body").await);
        let amr = "Array.from(document.querySelectorAll('#claim-amr .value'), e => e.textContent).join(' ')";
        let amr = tab.eval(amr).await.as_str().unwrap().to_owned();
        (tab.text("#claim-acr .value").await, amr)
    }

    /// Ends the browser; what its console said fails the test.
    ///
    /// # Panics
    /// When it said anything.
    pub async fn end(mut self, tab: &Tab) {
        assert_eq!(tab.complaints(), Vec::<String>::new());
        if let Some(chromium) = self.chromium.take() {
            chromium.end().await;
        }
    }
}

impl Drop for Preset {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The one pool of a preset's file.
fn declared(name: &str) -> PoolSpec {
    let presets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/presets");
    let registry = vestibule::Registry::builtin();
    let file = PoolFile::load(&presets.join(format!("{name}.toml")), &registry).unwrap();
    let mut pools = vestibule::pool_specs(&file, &registry).unwrap();
    assert_eq!(pools.len(), 1, "a preset is one pool");
    pools.remove(0)
}

/// Whether an answer refuses, and names why.
///
/// # Panics
/// When it does not.
pub fn assert_forbidden(page: &Page, why: &str) {
    assert_eq!(page.status.as_u16(), 403, "{} {}", page.url, page.body);
    assert!(page.body.contains(why), "{why} is not in {}", page.body);
}
