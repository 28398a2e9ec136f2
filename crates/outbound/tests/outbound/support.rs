//! Servers that misbehave, a resolver that says what it is told, and a clock that stands.

use futures_util::future::BoxFuture;
use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    sync::Semaphore,
};
use vestibule_domain::{Clock, Timestamp};
use vestibule_outbound::{Limits, Outbound, OutboundRules, Resolver, Tls};

/// What is asked for in most tests.
pub(crate) const JSON: &[&str] = &["application/json"];

/// A clock that only tests turn.
#[derive(Debug)]
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst))
    }
}

/// Answers for names, one after the other; the last one stays. Whatever the name is.
#[derive(Debug, Default)]
pub(crate) struct Names {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    pub(crate) asked: AtomicUsize,
}

impl Names {
    pub(crate) fn say(&self, answers: &[&[&str]]) {
        let parsed = answers.iter().map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect());
        *self.answers.lock().unwrap() = parsed.collect();
    }
}

impl Resolver for Names {
    fn addresses<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            if name == "slow.example" {
                std::future::pending::<()>().await;
            }
            let mut answers = self.answers.lock().unwrap();
            let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            answer.ok_or_else(|| io::Error::other("no such name"))
        })
    }
}

pub(crate) struct Setup {
    pub(crate) outbound: Outbound,
    pub(crate) clock: Arc<Hands>,
    pub(crate) names: Arc<Names>,
    pub(crate) rules: OutboundRules,
}

/// Generous, so that no machine is too slow for what should work.
pub(crate) fn patient() -> Limits {
    let long = Duration::from_secs(60);
    Limits { total: long, wait: long, connect: long, ..Limits::default() }
}

/// For what never ends.
pub(crate) fn hasty() -> Limits {
    Limits { total: Duration::from_millis(500), ..patient() }
}

pub(crate) fn setup(limits: Limits) -> Setup {
    with(limits, Tls::public().unwrap())
}

/// A client for which every name is on this machine, which its pool allows.
pub(crate) fn with(limits: Limits, tls: Tls) -> Setup {
    let clock = Arc::new(Hands(AtomicI64::new(784_111_777)));
    let names = Arc::new(Names::default());
    names.say(&[&["127.0.0.1"]]);
    let outbound = Outbound::with(clock.clone(), names.clone(), tls, limits);
    Setup { outbound, clock, names, rules: allowing("127.0.0.0/8") }
}

pub(crate) fn allowing(network: &str) -> OutboundRules {
    OutboundRules { on_behalf_of: "pool".into(), allow: vec![network.parse().unwrap()] }
}

/// How a server answers.
#[derive(Clone)]
pub(crate) enum Way {
    /// With these bytes, and then it hangs up.
    Says(Vec<u8>),
    /// With these bytes, and then it is silent.
    Hangs(Vec<u8>),
    /// With the first bytes, and then with the second ones for ever.
    Repeats(Vec<u8>, Vec<u8>, Duration),
    /// As the first one, as soon as somebody gives it a permit.
    Waits(Arc<Semaphore>, Vec<u8>),
}

/// A server, and what it was asked.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) fn url(&self) -> String {
        format!("http://rp.example:{}/keys", self.address.port())
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// Until it has heard so many requests.
    pub(crate) async fn hears(&self, requests: usize) {
        while self.count() < requests {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

pub(crate) fn json(headers: &str, body: &str) -> Vec<u8> {
    answer("200 OK", &format!("content-type: application/json\r\n{headers}"), body)
}

pub(crate) async fn serve(way: Way) -> Server {
    serve_at("127.0.0.1:0", way, None).await
}

pub(crate) async fn serve_at(address: &str, way: Way, tls: Option<tokio_rustls::TlsAcceptor>) -> Server {
    let listener = TcpListener::bind(address).await.unwrap();
    let server = Server { address: listener.local_addr().unwrap(), heard: Arc::default() };
    let heard = Arc::clone(&server.heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (way, heard, tls) = (way.clone(), Arc::clone(&heard), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => drop(speak(socket, way, heard).await),
                    Some(tls) => {
                        if let Ok(socket) = tls.accept(socket).await {
                            drop(speak(socket, way, heard).await);
                        }
                    }
                }
            });
        }
    });
    server
}

async fn speak(
    mut socket: impl AsyncRead + AsyncWrite + Unpin,
    way: Way,
    heard: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let mut request = Vec::new();
    // The head, and a form if there is one.
    loop {
        let mut part = [0; 4096];
        let read = socket.read(&mut part).await?;
        request.extend_from_slice(part.get(..read).unwrap_or_default());
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return Ok(());
            }
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            heard.lock().unwrap().push(text);
            break;
        }
    }
    match way {
        Way::Says(bytes) => socket.write_all(&bytes).await?,
        Way::Hangs(bytes) => {
            socket.write_all(&bytes).await?;
            socket.flush().await?;
            std::future::pending::<()>().await;
        }
        Way::Repeats(first, more, pause) => {
            socket.write_all(&first).await?;
            loop {
                socket.write_all(&more).await?;
                socket.flush().await?;
                tokio::time::sleep(pause).await;
            }
        }
        Way::Waits(permits, bytes) => {
            permits.acquire().await.map_err(io::Error::other)?.forget();
            socket.write_all(&bytes).await?;
        }
    }
    socket.shutdown().await
}
