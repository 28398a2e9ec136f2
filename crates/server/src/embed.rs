//! The product as a part of another program: everything that `vestibule serve` starts, except the listener.

use crate::{
    ambient::Ambient,
    deliveries::send_all,
    extras::Extras,
    logouts::Herald,
    mailer::Mailer,
    outbox::{self, Postman},
    permissions,
    runtime::{self, Opened},
    workers,
};
use anyhow::Context as _;
use http::HeaderName;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinHandle};
use vestibule_config::Settings;
use vestibule_flows::App;
use vestibule_pages::Pages;
use vestibule_web::{Site, SiteParts, WebOptions};

/// How long workers may take to come to an end.
const WORKERS_GRACE: Duration = Duration::from_secs(5);

/// What the server is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be used.
    Service,
    /// To be tried: every page says so.
    Demo,
}

/// The product without a listener: its [`Site`] answers requests wherever it is mounted, and its workers read the
/// configuration when it has changed, send mail and sweep expired rows until [`Vestibule::stop`].
pub struct Vestibule {
    site: Site,
    app: Arc<App>,
    grace: Duration,
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

/// What a [`Vestibule`] is made of.
pub(crate) struct Wired {
    pub(crate) app: Arc<App>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) mailer: Option<Mailer>,
    pub(crate) purpose: Purpose,
}

/// Decides what a [`Vestibule`] is made of, see [`Vestibule::builder`].
pub struct Builder {
    settings: Settings,
    ambient: Ambient,
    extras: Extras,
    migrate: bool,
    purpose: Purpose,
}

impl Builder {
    /// Second factors that are not the product's own.
    #[must_use]
    pub fn extras(self, extras: Extras) -> Self {
        Self { extras, ..self }
    }

    /// Where time and randomness come from; without this, from the machine.
    #[must_use]
    pub fn ambient(self, ambient: Ambient) -> Self {
        Self { ambient, ..self }
    }

    /// Brings the database to the schema of this program first, and makes it when it is missing.
    #[must_use]
    pub fn migrate(self) -> Self {
        Self { migrate: true, ..self }
    }

    /// Marks every page as a demonstration.
    #[must_use]
    pub fn demo(self) -> Self {
        Self { purpose: Purpose::Demo, ..self }
    }

    /// Opens the database and starts the workers. Has to run inside a tokio runtime.
    ///
    /// # Errors
    /// With cause and remedy for the person who started the program: no key ring, no database or one of another version,
    /// mail that cannot be sent, broken templates.
    pub async fn build(self) -> anyhow::Result<Vestibule> {
        let mailer = Mailer::new(&self.settings.mail)?;
        permissions::tighten(&self.settings);
        let opened = runtime::open(&self.settings, self.ambient, &self.extras, self.migrate).await?;
        let Opened { app, pages } = opened;
        if self.migrate {
            app.store().migrate().await?;
        }
        runtime::require_current_schema(app.store()).await?;
        let wired = Wired { app: Arc::new(app), pages, mailer: Some(mailer), purpose: self.purpose };
        Vestibule::start(&self.settings, wired).await
    }
}

/// A header that the settings name.
fn header(name: Option<&str>) -> anyhow::Result<Option<HeaderName>> {
    name.map(str::parse).transpose().context("server.client_certificate_header is no header")
}

impl Vestibule {
    /// Begins to put the product together. Of the settings, all count but `server.listen`, `tls` and `log`: who answers on which
    /// address, and where logs go, is the embedding program's affair. What the product logs are `tracing` events.
    #[must_use]
    pub fn builder(settings: Settings) -> Builder {
        Builder {
            settings,
            ambient: Ambient::default(),
            extras: Extras::default(),
            migrate: false,
            purpose: Purpose::Service,
        }
    }

    /// Reads the configuration and starts the workers.
    pub(crate) async fn start(settings: &Settings, wired: Wired) -> anyhow::Result<Self> {
        let Wired { app, pages, mailer, purpose } = wired;
        app.refresh_configuration().await.context("the pools cannot be read")?;
        let server = &settings.server;
        let options = WebOptions {
            demo: purpose == Purpose::Demo,
            trusted_proxies: server.trusted_proxies.clone(),
            client_certificate_header: header(server.client_certificate_header.as_deref())?,
            body_limit: server.body_limit_bytes,
            request_timeout: Duration::from_secs(server.request_timeout_seconds),
            ..WebOptions::default()
        };
        let site = Site::new(SiteParts { app: Arc::clone(&app), pages, options });
        let (stop, stopped) = watch::channel(false);
        let mut workers = vec![
            tokio::spawn(workers::follow_configuration(Arc::clone(&app), stopped.clone())),
            tokio::spawn(workers::sweep(Arc::clone(&app), stopped.clone())),
            tokio::spawn(send_all(Herald(Arc::clone(&app)), stopped.clone())),
        ];
        if let Some(mailer) = mailer {
            workers.push(tokio::spawn(outbox::watch_mail(Arc::clone(&app), stopped.clone())));
            workers.push(tokio::spawn(send_all(Postman { app: Arc::clone(&app), mailer }, stopped)));
        }
        let grace = Duration::from_secs(server.shutdown_grace_seconds);
        Ok(Self { site, app, grace, stop, workers })
    }

    /// Answers requests: a [`tower::Service`](Site) for a router's fallback, or for the hosts of the pools.
    #[must_use]
    pub fn site(&self) -> Site {
        self.site.clone()
    }

    /// The use cases, for what an operator does.
    #[must_use]
    pub const fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// How long requests under way may take at the end.
    pub(crate) const fn grace(&self) -> Duration {
        self.grace
    }

    /// Works beside the others until the end.
    pub(crate) fn works(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.workers.push(tokio::spawn(work));
    }

    /// Hears when it is to end.
    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// Tells workers and listener to end.
    pub(crate) fn tell_to_stop(&self) {
        // Nobody listens any more only when all have ended already.
        let _ = self.stop.send(true);
    }

    /// Ends the workers and closes the database. Whoever listens has stopped before.
    pub async fn stop(self) {
        self.tell_to_stop();
        for mut worker in self.workers {
            if tokio::time::timeout(WORKERS_GRACE, &mut worker).await.is_err() {
                worker.abort();
            }
        }
        self.app.store().close().await;
    }
}
