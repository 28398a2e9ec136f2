//! A running server.

use crate::{
    embed::{Purpose, Vestibule, Wired},
    extras::Extras,
    mailer::Mailer,
    problem::Problem,
    tls::{self, Files},
    workers,
};
use anyhow::Context as _;
use std::{net::SocketAddr, sync::Arc};
use tokio::{net::TcpListener, task::JoinSet};
use vestibule_config::Settings;
use vestibule_flows::App;
use vestibule_web::{ClientCertificates, Tls};

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

/// Starts to answer requests on `listener`, and the workers. The factors are the product's own; a program that brings
/// others uses [`Vestibule::builder`].
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
    let pages = Extras::default().pages().context("templates cannot be read")?;
    Vestibule::start(settings, Wired { app, pages, mailer, purpose }).await?.serve(listener)
}

/// A server that answers on a listener of its own, with its workers.
pub struct Running {
    vestibule: Vestibule,
    address: SocketAddr,
    serving: JoinSet<std::io::Result<()>>,
}

/// Where a server listens over TLS.
#[derive(Default)]
pub(crate) struct Secure {
    files: Option<Files>,
    listeners: Vec<SecureListener>,
}

struct SecureListener {
    listener: TcpListener,
    tls: Tls,
}

impl Secure {
    /// Listens on the addresses for HTTPS, if there are any.
    ///
    /// # Errors
    /// [`Problem`] when certificate or key cannot be used, or a port is taken or not allowed.
    pub(crate) async fn listen(settings: &Settings) -> Result<Self, Problem> {
        let Some(files) = Files::named(&settings.tls) else { return Ok(Self::default()) };
        let mut listeners = Vec::new();
        for (address, asks, key) in [
            (settings.tls.listen, ClientCertificates::NotAsked, "listen"),
            (settings.tls.client_certificate_listen, ClientCertificates::Asked, "client_certificate_listen"),
        ] {
            let Some(address) = address else { continue };
            let remedy = format!("stop the other program, or set tls.{key} to another port");
            let tls = files.tls(asks)?;
            listeners.push(SecureListener { listener: listen(address, &remedy).await?, tls });
        }
        Ok(Self { files: Some(files), listeners })
    }
}

impl Vestibule {
    /// Starts to answer requests on `listener`.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn serve(self, listener: TcpListener) -> anyhow::Result<Running> {
        self.serve_secure(listener, Secure::default())
    }

    /// The same, over TLS as well.
    pub(crate) fn serve_secure(mut self, listener: TcpListener, secure: Secure) -> anyhow::Result<Running> {
        let address = listener.local_addr().context("the listener has no address")?;
        let mut serving = JoinSet::new();
        serving.spawn(vestibule_web::serve(listener, self.site(), workers::until_stopped(self.stopped())));
        let mut renewed = Vec::new();
        for SecureListener { listener, tls } in secure.listeners {
            renewed.push(tls.clone());
            let shutdown = workers::until_stopped(self.stopped());
            serving.spawn(vestibule_web::serve_tls(listener, tls, self.site(), shutdown));
        }
        if let Some(files) = secure.files {
            let stopped = self.stopped();
            self.works(tls::follow(files, renewed, stopped));
        }
        Ok(Running { vestibule: self, address, serving })
    }
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
        self.vestibule.app()
    }

    /// Waits until the listener fails; it does not end by itself otherwise.
    ///
    /// # Errors
    /// Why it ended.
    pub async fn failed(&mut self) -> anyhow::Result<()> {
        let ended = self.serving.join_next().await.context("the server ended")?;
        ended.context("the server ended")?.context("the listener failed")
    }

    /// Takes no more requests, lets running ones finish within the time of grace, then ends everything.
    pub async fn stop(mut self) {
        self.vestibule.tell_to_stop();
        let grace = self.vestibule.grace();
        let all = async { while self.serving.join_next().await.is_some() {} };
        if tokio::time::timeout(grace, all).await.is_err() {
            tracing::warn!(grace.seconds = grace.as_secs(), "requests were cut off at shutdown");
            self.serving.shutdown().await;
        }
        self.vestibule.stop().await;
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
