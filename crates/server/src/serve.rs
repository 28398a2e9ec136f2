//! A running server.

use crate::{mailer::Mailer, problem::Problem, workers};
use anyhow::Context as _;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use vestibule_config::Settings;
use vestibule_flows::App;
use vestibule_web::WebOptions;

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

/// A server that answers, with its workers.
pub struct Running {
    address: SocketAddr,
    app: Arc<App>,
    grace: Duration,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    workers: Vec<JoinHandle<()>>,
}

/// Listens on an address.
///
/// # Errors
/// [`Problem`] with `remedy` when the port is taken or not allowed.
pub(crate) async fn listen(address: SocketAddr, remedy: &str) -> Result<TcpListener, Problem> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Problem::new(format!("port {} is in use at {}", address.port(), address.ip()), remedy)
        }
        std::io::ErrorKind::PermissionDenied => Problem::new(
            format!("this user may not listen on {address}: {error}"),
            "choose a port of 1024 or above",
        ),
        _ => Problem::new(format!("cannot listen on {address}: {error}"), remedy),
    })
}

/// Starts to answer requests on `listener`, and the workers: the configuration is read anew when it changed, mail
/// leaves, and expired rows are swept.
///
/// # Errors
/// When the configuration cannot be read, or the listener has no address.
pub async fn start(
    settings: &Settings,
    app: Arc<App>,
    listener: TcpListener,
    mailer: Option<Mailer>,
    purpose: Purpose,
) -> anyhow::Result<Running> {
    app.refresh_configuration().await.context("the pools cannot be read")?;
    let address = listener.local_addr().context("the listener has no address")?;
    let server = &settings.server;
    let options = WebOptions {
        demo: purpose == Purpose::Demo,
        trusted_proxies: server.trusted_proxies.clone(),
        body_limit: server.body_limit_bytes,
        request_timeout: Duration::from_secs(server.request_timeout_seconds),
    };
    let pages = crate::extras::pages().context("templates cannot be read")?;
    let site = vestibule_web::site(Arc::clone(&app), pages, options);
    let (stop, stopped) = watch::channel(false);
    let shutdown = workers::until_stopped(stopped.clone());
    let serving = tokio::spawn(vestibule_web::serve(listener, site, shutdown));
    let mut workers = vec![
        tokio::spawn(workers::follow_configuration(Arc::clone(&app), stopped.clone())),
        tokio::spawn(workers::sweep(Arc::clone(&app), stopped.clone())),
    ];
    if let Some(mailer) = mailer {
        workers.push(tokio::spawn(workers::send_mail(Arc::clone(&app), mailer, stopped)));
    }
    let grace = Duration::from_secs(server.shutdown_grace_seconds);
    Ok(Running { address, app, grace, stop, serving, workers })
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its application.
    #[must_use]
    pub const fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// Waits until the listener fails; it does not end by itself otherwise.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn failed(&mut self) -> anyhow::Result<()> {
        (&mut self.serving).await.context("the server ended")?.context("the listener failed")
    }

    /// Takes no more requests, lets running ones finish within the time of grace, then ends everything.
    pub async fn stop(mut self) {
        // Nobody listens any more only when all have ended already.
        let _ = self.stop.send(true);
        if tokio::time::timeout(self.grace, &mut self.serving).await.is_err() {
            tracing::warn!(grace.seconds = self.grace.as_secs(), "requests were cut off at shutdown");
            self.serving.abort();
        }
        for mut worker in self.workers {
            if tokio::time::timeout(WORKERS_GRACE, &mut worker).await.is_err() {
                worker.abort();
            }
        }
        self.app.store().close().await;
    }
}

/// The signal to stop: Ctrl-C or SIGTERM. It is heard from the moment this is made, so it has to be made before the
/// program says that it is ready.
pub(crate) struct StopSignal {
    #[cfg(unix)]
    terminate: Option<tokio::signal::unix::Signal>,
    #[cfg(unix)]
    interrupt: Option<tokio::signal::unix::Signal>,
}

impl StopSignal {
    /// Begins to listen. Where that is not possible, the program runs until it is killed.
    pub(crate) fn listen() -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
            Self { terminate: terminate.ok(), interrupt: interrupt.ok() }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for it.
    async fn comes(&mut self) {
        #[cfg(unix)]
        match (&mut self.terminate, &mut self.interrupt) {
            (Some(terminate), Some(interrupt)) => tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            },
            _ => std::future::pending().await,
        }
        #[cfg(not(unix))]
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Serves until a signal comes or the listener fails; a second signal ends the program at once.
pub(crate) async fn until_signal(mut running: Running, mut signal: StopSignal) -> anyhow::Result<()> {
    let ended = tokio::select! {
        () = signal.comes() => Ok(()),
        ended = running.failed() => ended,
    };
    tokio::spawn(async move {
        signal.comes().await;
        std::process::exit(130);
    });
    if ended.is_ok() {
        running.stop().await;
    }
    ended
}
