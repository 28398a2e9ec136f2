//! The demo application and its provider, both on loopback, and an authenticator that is not the product's.

use crate::Tab;
use relying_party::Settings;
use std::{path::PathBuf, process::Command};
use tokio::{net::TcpListener, task::JoinHandle};
use vestibule_domain::Client;
use vestibule_tests::{PASSWORD, Server, Setup, TestClock};

/// A provider whose pool lives at `http://localhost:PORT`, and the demo application registered there as `app`.
pub struct Demo {
    /// The provider.
    pub server: Server,
    /// Where the application is.
    pub url: String,
    task: JoinHandle<()>,
}

impl Demo {
    /// Starts both. The application is somebody else's, so that it needs consent, and has no names of its own for
    /// authentication contexts; `change` may change more.
    pub async fn start(setup: Setup, change: impl Fn(&mut Client) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let base = url.clone();
        let setup = Setup { real_time: true, main: ("localhost", setup.main.1), ..setup };
        let server = setup
            .client(move |client| {
                client.name = "Demo Application".to_owned();
                client.redirect_uris = vec![format!("{base}/callback")];
                client.post_logout_redirect_uris = vec![format!("{base}/signed-out")];
                client.first_party = false;
                client.acr_aliases.clear();
                change(client);
            })
            .start()
            .await;
        let settings = Settings {
            issuer: server.pool().origin.issuer(),
            client_id: "app".to_owned(),
            client_secret: server.rp().secret,
            base_url: url.clone(),
            acr_step_up: "urn:vestibule:acr:mfa".to_owned(),
            account_url: None,
        };
        let task = tokio::spawn(async move { relying_party::serve(settings, listener).await.unwrap() });
        Self { server, url, task }
    }

    /// An address of the provider.
    pub fn provider(&self, path: &str) -> String {
        self.server.pool().origin.url(path)
    }

    /// Signs in to the user center with a password, and with a code where `phone` has one.
    pub async fn enter(&self, tab: &Tab, username: &str, phone: Option<&Authenticator>) {
        tab.open(&self.provider("/u")).await;
        tab.log_in(username, PASSWORD).await;
        if let Some(phone) = phone {
            tab.fill("#otp", &phone.code(&self.server.clock)).await;
            tab.follow("#factor-submit").await;
        }
        assert!(tab.sees("#sign-out").await, "{}", tab.url().await);
    }

    /// Enrols an authenticator app in the user center, from a tab that is signed in there. Time passes, so that its
    /// next code is good. The tab ends on the security page.
    pub async fn enrol(&self, tab: &Tab, oathtool: &std::path::Path) -> Authenticator {
        tab.open(&self.provider("/u/security")).await;
        tab.follow("#add-totp").await;
        let mut phone = Authenticator::read(tab, oathtool).await;
        tab.fill("#otp", &phone.code(&self.server.clock)).await;
        tab.follow("#enrol-submit").await;
        phone.codes = Authenticator::codes_on(tab).await;
        tab.follow("#codes-next").await;
        self.server.clock.advance(30);
        phone
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An authenticator app: the secret as a page showed it, and `oathtool` for the codes.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// The secret, base32.
    pub secret: String,
    /// Recovery codes that came with it.
    pub codes: Vec<String>,
    oathtool: PathBuf,
}

impl Authenticator {
    /// Reads the secret off an enrolment page. Where the page asks which factor to set up, this one is chosen.
    pub async fn read(tab: &Tab, oathtool: &std::path::Path) -> Self {
        if tab.sees("#choose-totp").await {
            tab.follow("#choose-totp").await;
        }
        let secret = tab.attribute("#totp-secret", "data-value").await;
        assert!(!secret.is_empty(), "no secret at {}", tab.url().await);
        Self { secret, codes: Vec::new(), oathtool: oathtool.to_owned() }
    }

    /// An app that was given the secret in another way, such as by [`scan`](crate::scan).
    pub fn with(secret: &str, oathtool: &std::path::Path) -> Self {
        Self { secret: secret.to_owned(), codes: Vec::new(), oathtool: oathtool.to_owned() }
    }

    /// The recovery codes on a page.
    pub async fn codes_on(tab: &Tab) -> Vec<String> {
        let script =
            "Array.from(document.querySelectorAll('#recovery-codes li'), li => li.textContent.trim())";
        let codes: Vec<String> = serde_json::from_value(tab.eval(script).await).unwrap();
        assert!(!codes.is_empty(), "no recovery codes at {}", tab.url().await);
        codes
    }

    /// The code at a time.
    pub fn code_at(&self, seconds: i64) -> String {
        let mut command = Command::new(&self.oathtool);
        command.args(["--totp", "--base32", "--now", &format!("@{seconds}"), "--", &self.secret]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// The code now.
    pub fn code(&self, clock: &TestClock) -> String {
        self.code_at(clock.seconds())
    }

    /// A code that is wrong now and for some time around.
    pub fn wrong_code(&self, clock: &TestClock) -> String {
        let near: Vec<String> = (-4..=4).map(|step| self.code_at(clock.seconds() + step * 30)).collect();
        (0..1000).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }
}
