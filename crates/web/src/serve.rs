//! Serving connections, with limits on everything a stranger can hold open.
//!
//! A connection has a [`Place`]. Where all places are taken, the one that has been silent longest makes room, so that
//! connections which ask nothing never keep out those which do.

mod places;
mod pulse;
mod stream;
mod tls;

pub use self::tls::{ClientCertificates, Identity, Tls};

use self::{
    places::{Place, Places},
    stream::Stream,
    tls::certificate_of,
};
use crate::{http::certificate::ConnectionCertificate, options::ConnectionLimits, site::Site};
use axum::extract::ConnectInfo;
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{Instant, sleep_until},
};

/// Bytes of one request's head.
const HEADER_BYTES: usize = 32 * 1024;

/// How long a connection that is told to end may take for the answers under way.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Serves until `shutdown` completes, then lets requests under way finish.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listen(listener, None, site, shutdown).await
}

/// The same over TLS. The limits are those of this listener alone.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve_tls(
    listener: TcpListener,
    tls: Tls,
    site: Site,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    listen(listener, Some(tls), site, shutdown).await
}

async fn listen(
    listener: TcpListener,
    tls: Option<Tls>,
    site: Site,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let options = site.options();
    let places = Places::new(options.connections, options.trusted_proxies.clone());
    let (stop, stopping) = watch::channel(());
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors. They are free again when connections end, so wait instead of trying at once.
                tracing::warn!(error = %error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Without a place the connection is closed at once: as many requests as there are places are under way.
        let Some(place) = places.take(peer.ip(), Instant::now()) else { continue };
        let connection = Connection { peer, place, limits: places.limits(), stopping: stopping.clone() };
        tokio::spawn(connection.serve(stream, tls.clone(), site.clone()));
    }
    drop(listener);
    drop(stopping);
    let _ = stop.send(());
    stop.closed().await;
    Ok(())
}

/// One connection, HTTP/1.1 or HTTP/2.
struct Connection {
    peer: SocketAddr,
    place: Place,
    limits: ConnectionLimits,
    stopping: watch::Receiver<()>,
}

impl Connection {
    /// Answers until it ends, says nothing for too long, has to make room, or the server stops.
    async fn serve(mut self, stream: TcpStream, tls: Option<Tls>, site: Site) {
        // Answers are small and complete: waiting to fill a packet only adds delay.
        let _ = stream.set_nodelay(true);
        let stream = Stream::new(stream, self.place.pulse(), self.limits.write);
        let Some(tls) = tls else { return self.converse(stream, site, None).await };
        let shaken = match self.in_time(tls.accept(stream)).await {
            Some(shaken) => shaken,
            None => return,
        };
        match shaken.and_then(|stream| Ok((certificate_of(&stream, &tls)?, stream))) {
            Ok((certificate, stream)) => self.converse(stream, site, certificate).await,
            Err(error) => {
                tracing::info!(%error, client.ip = %self.peer.ip(), "a connection could not be protected");
            }
        }
    }

    /// What comes before the first request; nothing when it takes too long, or its place is needed.
    async fn in_time<T>(&mut self, first: impl Future<Output = T>) -> Option<T> {
        let (pulse, mut first) = (self.place.pulse(), std::pin::pin!(first));
        loop {
            let now = Instant::now();
            let look = pulse.look(self.limits, now);
            if look <= now {
                return None;
            }
            tokio::select! {
                done = first.as_mut() => return Some(done),
                () = self.place.evicted() => return None,
                () = sleep_until(look) => {}
                _ = self.stopping.changed() => return None,
            }
        }
    }

    async fn converse<S>(mut self, stream: S, site: Site, certificate: Option<ConnectionCertificate>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { peer, limits, .. } = self;
        let pulse = self.place.pulse();
        let busy = pulse.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            let under_way = busy.begin();
            request.extensions_mut().insert(ConnectInfo(peer));
            if let Some(certificate) = &certificate {
                request.extensions_mut().insert(certificate.clone());
            }
            let answer = site.answer(request);
            async move {
                let answered = answer.await;
                drop(under_way);
                answered
            }
        });
        let builder = builder(limits);
        let serving = builder.serve_connection(TokioIo::new(stream), service);
        let mut serving = std::pin::pin!(serving);
        let mut look = pulse.look(limits, Instant::now());
        let ended = loop {
            tokio::select! {
                ended = serving.as_mut() => break ended,
                () = self.place.evicted() => break Ok(()),
                () = sleep_until(look) => {
                    let now = Instant::now();
                    look = pulse.look(limits, now);
                    if look <= now {
                        if pulse.has_asked() {
                            serving.as_mut().graceful_shutdown();
                            let _ = tokio::time::timeout(LAST_WORDS, serving.as_mut()).await;
                        }
                        break Ok(());
                    }
                }
                _ = self.stopping.changed() => {
                    serving.as_mut().graceful_shutdown();
                    break serving.await;
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(error = %error, client.ip = %peer.ip(), "a connection broke off");
        }
    }
}

fn builder(limits: ConnectionLimits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(100)
        .max_header_list_size(16 * 1024)
        .keep_alive_interval(Duration::from_secs(20));
    builder
}
