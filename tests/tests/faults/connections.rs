//! Connections: what strangers hold open keeps nobody out, and not for long.

use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use vestibule_tests::{Server, Setup};
use vestibule_web::{ConnectionLimits, WebOptions};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Never, as far as a test is concerned.
const NEVER: Duration = Duration::from_secs(3600);

/// Limits that never end a connection for its silence.
const PATIENT: ConnectionLimits = ConnectionLimits {
    most: 8192,
    of_address: 512,
    first_byte: NEVER,
    head: NEVER,
    write: NEVER,
    idle: NEVER,
};

async fn server(connections: ConnectionLimits) -> Server {
    let web = WebOptions { connections, request_timeout: NEVER, ..WebOptions::default() };
    Setup { web, ..Setup::default() }.start().await
}

/// A connection from an address of this machine.
async fn from(address: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((address, 0))).unwrap();
    socket.connect(to).await.unwrap()
}

/// Waits until the other side has closed the connection, and gives what it said before.
async fn until_closed(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // A reset is an end, too.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut said)).await.unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

async fn get(stream: &mut TcpStream, path: &str, more: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 4096];
    let count = timeout(PATIENCE, stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..count]).into_owned()
}

async fn is_served(address: [u8; 4], to: SocketAddr) -> bool {
    get(&mut from(address, to).await, "/healthz", "").await.starts_with("HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s6_silent_connections_of_one_address_keep_nobody_out() {
    let server = server(ConnectionLimits { of_address: 20, ..PATIENT }).await;
    let (to, host) = (server.address(0), server.pool().origin.authority().to_owned());
    // A request under way is never cut off for others.
    let mut asking = from([127, 0, 0, 2], to).await;
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    );
    asking.write_all(head.as_bytes()).await.unwrap();
    // From here on it is under way: the server waits for the body (RFC 9110 §10.1.1).
    let mut word = [0; 64];
    let count = timeout(PATIENCE, asking.read(&mut word)).await.unwrap().unwrap();
    assert!(word[..count].starts_with(b"HTTP/1.1 100"), "{:?}", &word[..count]);
    let mut oldest = from([127, 0, 0, 2], to).await;
    let mut silent = Vec::new();
    for _ in 0..60 {
        silent.push(from([127, 0, 0, 2], to).await);
    }
    assert_eq!(until_closed(&mut oldest).await, "");
    for first in silent.iter_mut().take(35) {
        assert_eq!(until_closed(first).await, "", "the oldest go first");
    }
    for _ in 0..3 {
        assert!(is_served([127, 0, 0, 2], to).await, "also from that address");
        assert!(is_served([127, 0, 0, 3], to).await);
    }
    let mut byte = [0; 1];
    let newest = silent.last_mut().unwrap();
    assert!(newest.try_read(&mut byte).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock));
    asking.write_all(b"a=b").await.unwrap();
    assert!(until_closed(&mut asking).await.starts_with("HTTP/1.1 4"), "it is answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s6_silent_connections_of_many_addresses_keep_nobody_out() {
    let server = server(ConnectionLimits { most: 40, ..PATIENT }).await;
    let to = server.address(0);
    let mut silent = Vec::new();
    for number in 0..120 {
        silent.push(from([127, 0, 1, number], to).await);
    }
    for number in 0..20 {
        assert!(is_served([127, 0, 2, number], to).await);
    }
    for first in silent.iter_mut().take(80) {
        assert_eq!(until_closed(first).await, "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s6_a_proxy_that_is_trusted_is_not_one_address() {
    let web = WebOptions {
        connections: ConnectionLimits { of_address: 5, ..PATIENT },
        trusted_proxies: vec!["127.0.0.7/32".parse().unwrap()],
        ..WebOptions::default()
    };
    let server = Setup { web, ..Setup::default() }.start().await;
    let to = server.address(0);
    let mut kept = Vec::new();
    for _ in 0..50 {
        kept.push(from([127, 0, 0, 7], to).await);
    }
    for stream in &mut kept {
        assert!(get(stream, "/healthz", "").await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s6_whoever_says_nothing_or_half_of_it_is_let_go() {
    let short = Duration::from_millis(200);
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    // After it an empty SETTINGS frame (RFC 9113 §6.5), so that the connection stands, and then no request.
    let settings = [&preface[..], &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat();
    let cases: [(&str, ConnectionLimits, &[u8]); 6] = [
        ("nothing", ConnectionLimits { first_byte: short, ..PATIENT }, b""),
        ("half a preface", ConnectionLimits { head: short, ..PATIENT }, &preface[..10]),
        ("a preface", ConnectionLimits { head: short, ..PATIENT }, preface),
        ("no stream", ConnectionLimits { head: short, ..PATIENT }, &settings),
        ("half a head", ConnectionLimits { head: short, ..PATIENT }, b"GET / HTTP/1.1\r\nHost: "),
        (
            "no second request",
            ConnectionLimits { idle: short, ..PATIENT },
            b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        ),
    ];
    for (what, limits, bytes) in cases {
        let server = server(limits).await;
        let mut stream = from([127, 0, 0, 2], server.address(0)).await;
        stream.write_all(bytes).await.unwrap();
        let said = until_closed(&mut stream).await;
        assert_eq!(said.starts_with("HTTP/1.1 200"), what == "no second request", "{what}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s6_whoever_never_reads_is_let_go() {
    let server = server(ConnectionLimits { write: Duration::from_millis(200), ..PATIENT }).await;
    let host = server.pool().origin.authority();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address(0)).await.unwrap();
    let request = format!("GET /login HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let ended = timeout(PATIENCE, async {
        // The server reads on as long as it can write; then neither happens, until it gives up.
        while stream.write_all(request.as_bytes()).await.is_ok() {}
    });
    ended.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u1_the_age_of_the_oldest_mail_is_a_metric_for_this_machine_alone() {
    let server = Setup::default().start().await;
    let to = server.address(0);
    let mut browser = server.browser();
    let page = browser.get("/login/reset").await;
    browser.post(&page.form_of("#reset-submit").with("identifier", "alice")).await;
    server.clock.advance(400);
    let told = get(&mut from([127, 0, 0, 1], to).await, "/metrics", "Connection: close\r\n").await;
    assert!(told.contains("\nvestibule_outbox_waiting 1\n"), "{told}");
    assert!(told.contains("\nvestibule_outbox_oldest_seconds 400\n"), "{told}");
    let forwarded = "X-Forwarded-For: 203.0.113.7\r\nConnection: close\r\n";
    let refused = get(&mut from([127, 0, 0, 1], to).await, "/metrics", forwarded).await;
    assert!(!refused.contains("vestibule_outbox") && !refused.starts_with("HTTP/1.1 200"), "{refused}");
    assert_eq!(browser.get("/metrics").await.status, 404, "at a pool");
}
