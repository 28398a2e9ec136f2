//! `vestibule demo`: a server, users and an application on one machine, with all data in one directory.

pub(crate) mod files;
mod summary;

use crate::{
    ambient::Ambient,
    console,
    embed::{Purpose, Vestibule, Wired},
    extras::Extras,
    mailer::Mailer,
    permissions,
    problem::Problem,
    runtime::{self, Opened},
    serve::{self, Running},
    specs, telemetry,
};
use anyhow::Context as _;
use clap::Args;
use files::{Credentials, Directory};
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
use vestibule_config::{DatabaseUrl, Mail, PoolFile, SecretText, Settings};
use vestibule_domain::Acr;
use vestibule_flows::{Actor, App, PoolSpec};
use vestibule_mfa::Registry;

/// The settings of the demo, as documented in `config/demo.toml`.
const SETTINGS: &str = include_str!("../../../config/demo.toml");
/// Its pools, applications and users.
const POOLS: &str = include_str!("../../../config/demo-pools.toml");
/// The ports that [`POOLS`] is written with.
const WRITTEN_PORTS: (&str, &str) = (":8080", ":8090");

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule demo\n  vestibule demo --open\n  vestibule demo --port 9080 --app-port 9090\n  vestibule demo --reset                 start over\n\nEverything is in var/demo below the current directory, and only this machine can reach it."
)]
pub(crate) struct Demo {
    /// Port of the sign-in server.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the demo application.
    #[arg(long, default_value_t = 8090)]
    app_port: u16,
    /// Where all data is kept.
    #[arg(long, default_value = "var/demo", value_name = "DIR")]
    dir: PathBuf,
    /// Start over: delete what earlier runs wrote into the directory, and nothing else.
    #[arg(long)]
    reset: bool,
    /// Open the demo application in the browser.
    #[arg(long)]
    open: bool,
}

impl Demo {
    pub(crate) async fn run(self, extras: &Extras, json: bool) -> anyhow::Result<()> {
        // Ports first: a demo that runs already must not lose its data to --reset.
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let remedy = |flag: &str| format!("stop the other program, or choose another port with {flag} PORT");
        let login = serve::listen(local(self.port), &remedy("--port")).await?;
        let application = serve::listen(local(self.app_port), &remedy("--app-port")).await?;
        let directory = Directory::new(&self.dir);
        if self.reset {
            directory.reset()?;
        }
        let is_first = directory.prepare()?;
        let credentials = directory.credentials()?;
        let settings = self.settings(&directory)?;
        telemetry::init(&settings.log);
        permissions::tighten(&settings);
        let opened = runtime::open(&settings, Ambient::default(), extras, true).await?;
        let Opened { app, pages } = opened;
        self.prepare(&app, &directory, &credentials.value).await?;
        if credentials.is_new && !is_first {
            renew_passwords(&app, &credentials.value).await?;
        }
        let mailer = Mailer::new(&settings.mail)?;
        // What programs read is JSON alone; the mails are in the directory.
        let mailer = if json { mailer } else { mailer.announcing() };
        let wired = Wired { app: Arc::new(app), pages, mailer: Some(mailer), purpose: Purpose::Demo };
        let running = Vestibule::start(&settings, wired).await?.serve(login)?;
        let address = format!("http://127.0.0.1:{}", self.app_port);
        let relying_party = relying_party::Settings {
            issuer: format!("http://localhost:{}/oidc", self.port),
            client_id: "demo-app".to_owned(),
            client_secret: Some(credentials.value.demo_app_secret.clone()),
            base_url: address.clone(),
            acr_step_up: Acr::Mfa.as_str().to_owned(),
            account_url: Some(format!("http://localhost:{}{}", self.port, vestibule_web::paths::ACCOUNT)),
        };
        let served = tokio::spawn(relying_party::serve(relying_party, application));
        let signal = serve::StopSignal::listen();
        let facts = summary::Facts {
            port: self.port,
            application: &address,
            credentials: &credentials.value,
            directory: &self.dir,
            is_first,
        };
        if json {
            console::say(summary::json(&facts));
        } else {
            console::say(summary::text(&facts));
        }
        if self.open {
            open_browser(&address);
        }
        until_end(running, signal, served).await
    }

    fn settings(&self, directory: &Directory) -> anyhow::Result<Settings> {
        // Of the environment nothing counts here: the demo runs the same everywhere.
        let mut settings = Settings::parse(None, SETTINGS, &BTreeMap::new())?;
        settings.server.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        settings.database.url = DatabaseUrl::new(format!("sqlite://{}", directory.database().display()));
        settings.secrets.key_ring_file = Some(directory.key_ring());
        if let Mail::File { directory: mail, .. } = &mut settings.mail {
            *mail = directory.mail();
        }
        Ok(settings)
    }

    async fn prepare(
        &self,
        app: &App,
        directory: &Directory,
        credentials: &Credentials,
    ) -> anyhow::Result<()> {
        app.store().migrate().await?;
        let applied = app.admin(Actor::file()).apply(&self.pools(app.registry(), credentials)?).await;
        applied.with_context(|| {
            let dir = directory.path().display();
            format!("the demo's data in {dir} cannot be used; `vestibule demo --reset` starts over")
        })?;
        Ok(())
    }

    /// The demo's pools on the chosen ports, with this directory's passwords.
    fn pools(&self, registry: &Registry, credentials: &Credentials) -> anyhow::Result<Vec<PoolSpec>> {
        let mut file = PoolFile::parse(None, POOLS, registry)?;
        let (login, application) = (format!(":{}", self.port), format!(":{}", self.app_port));
        for pool in &mut file.pool {
            pool.origin = pool.origin.replace(WRITTEN_PORTS.0, &login);
            for client in &mut pool.client {
                client.secret = Some(SecretText::new(credentials.demo_app_secret.as_str()));
                let uris = client.redirect_uris.iter_mut().chain(&mut client.post_logout_redirect_uris);
                uris.for_each(|uri| *uri = uri.replace(WRITTEN_PORTS.1, &application));
            }
            for user in &mut pool.user {
                user.password = credentials.of(&user.username).map(SecretText::new);
            }
        }
        specs::pool_specs(&file, registry)
    }
}

/// The file with the passwords is gone, but the accounts are there: they get the new ones.
async fn renew_passwords(app: &App, credentials: &Credentials) -> anyhow::Result<()> {
    for (pool, user) in [("demo", "alice"), ("demo", "admin"), ("operator", "admin")] {
        if let Some(password) = credentials.of(user) {
            app.admin(Actor::command_line())
                .set_user_password(pool, user, password.to_owned().into())
                .await?;
        }
    }
    Ok(())
}

async fn until_end(
    running: Running,
    signal: serve::StopSignal,
    served: tokio::task::JoinHandle<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let stop = served.abort_handle();
    let application = async { served.await.context("the demo application ended")? };
    let outcome = tokio::select! {
        ended = serve::until_signal(running, signal) => ended,
        ended = application => ended,
    };
    stop.abort();
    outcome
}

/// Asks the desktop to open a page; where there is none, the address is on the screen anyway.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    let started = std::process::Command::new(opener)
        .arg(address)
        .stdin(quiet())
        .stdout(quiet())
        .stderr(quiet())
        .spawn();
    if started.is_err() {
        let problem = Problem::new(
            format!("{opener} is not there to open a browser"),
            format!("open {address} yourself"),
        );
        console::complain(format_args!("note: {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demo(port: u16, app_port: u16) -> Demo {
        Demo { port, app_port, dir: PathBuf::from("var/demo"), reset: false, open: false }
    }

    fn credentials() -> Credentials {
        Credentials {
            alice: "alice-alice-alice-1".to_owned(),
            admin: "admin-admin-admin-1".to_owned(),
            demo_app_secret: "0123456789abcdef0123456789abcdef".to_owned(),
        }
    }

    #[test]
    fn the_pools_follow_the_ports() {
        let pools = demo(9080, 9090).pools(&Registry::builtin(), &credentials()).unwrap();
        let origins: Vec<&str> = pools.iter().map(|pool| pool.origin.as_str()).collect();
        assert_eq!(origins, ["http://localhost:9080", "http://operator.localhost:9080"]);
        let client = &pools.first().unwrap().clients.first().unwrap().client;
        assert_eq!(client.redirect_uris, ["http://127.0.0.1:9090/callback"]);
        assert_eq!(client.post_logout_redirect_uris, ["http://127.0.0.1:9090/signed-out"]);
    }

    #[test]
    fn every_declared_user_gets_a_password() {
        let pools = demo(8080, 8090).pools(&Registry::builtin(), &credentials()).unwrap();
        let users: Vec<_> = pools.iter().flat_map(|pool| &pool.users).collect();
        assert_eq!(users.len(), 3);
        assert!(users.iter().all(|user| user.password.is_some()));
    }

    #[test]
    fn all_data_is_in_the_directory() {
        let demo = demo(8080, 8090);
        let settings = demo.settings(&Directory::new(&demo.dir)).unwrap();
        assert_eq!(settings.database.url.expose(), "sqlite://var/demo/vestibule.sqlite");
        assert_eq!(settings.secrets.key_ring_file, Some(PathBuf::from("var/demo/key-ring")));
        assert!(
            matches!(&settings.mail, Mail::File { directory, .. } if *directory == demo.dir.join("mail"))
        );
    }
}
