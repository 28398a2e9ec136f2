//! A small HTTP/1.1 client: one kept connection, no redirects, answers with a length.

use anyhow::{Context as _, bail};
use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

/// The longest that one answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The longest answer.
const MOST_BYTES: usize = 1 << 20;

/// A connection to one server.
pub(crate) struct Http {
    address: SocketAddr,
    host: String,
    from: Option<IpAddr>,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The first header of a name, lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The cookies it sets.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().filter(|(known, _)| known == "set-cookie").map(|(_, value)| value.as_str())
    }

    /// The answer, when its status is this one.
    pub(crate) fn expect(self, status: u16) -> anyhow::Result<Self> {
        if self.status != status {
            let start: String = self.body.chars().take(400).collect();
            bail!("status {} instead of {status}: {start}", self.status);
        }
        Ok(self)
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> anyhow::Result<&str> {
        self.header("location").context("a redirect without a location")
    }
}

impl Http {
    /// A client that connects when it is first used.
    pub(crate) const fn new(address: SocketAddr, host: String) -> Self {
        Self { address, host, from: None, stream: None, buffer: Vec::new() }
    }

    /// The same from one of this machine's addresses: servers count what comes from each.
    pub(crate) fn from(self, from: IpAddr) -> Self {
        Self { from: Some(from), ..self }
    }

    /// Another client of the same kind, with a connection of its own.
    pub(crate) fn again(&self) -> Self {
        Self { stream: None, buffer: Vec::new(), host: self.host.clone(), ..*self }
    }

    /// Sends a request; a body is a form.
    pub(crate) async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> anyhow::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: bench\r\n", self.host);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = body {
            let length = body.len();
            head.push_str(&format!(
                "content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
            ));
        } else {
            head.push_str("\r\n");
        }
        let answered = tokio::time::timeout(PATIENCE, self.exchange(head.as_bytes())).await;
        let answered = answered.context("no answer in time").and_then(|answer| answer);
        if answered.is_err() {
            // Whatever is left of it belongs to no other answer.
            self.stream = None;
        }
        answered.with_context(|| format!("{method} {}", path.split('?').next().unwrap_or_default()))
    }

    async fn exchange(&mut self, request: &[u8]) -> anyhow::Result<Answer> {
        if self.stream.is_none() {
            self.stream = Some(connect(self.address, self.from).await?);
        }
        let Some(stream) = self.stream.as_mut() else { bail!("no connection") };
        stream.write_all(request).await?;
        self.buffer.clear();
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            read_more(stream, &mut self.buffer).await?;
        };
        let head = String::from_utf8_lossy(self.buffer.get(..end).unwrap_or_default()).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let status: u16 = status.context("no status line")?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = match length {
            _ if matches!(status, 204 | 304) => 0,
            Some((_, length)) => length.parse().context("content-length")?,
            None => bail!("an answer without a length"),
        };
        while self.buffer.len() < end + 4 + length {
            read_more(stream, &mut self.buffer).await?;
        }
        let body = self.buffer.get(end + 4..end + 4 + length).unwrap_or_default();
        let body = String::from_utf8_lossy(body).into_owned();
        if headers.iter().any(|(name, value)| name == "connection" && value == "close") {
            self.stream = None;
        }
        Ok(Answer { status, headers, body })
    }
}

/// A connection, from an address where one is given.
pub(crate) async fn connect(to: SocketAddr, from: Option<IpAddr>) -> anyhow::Result<TcpStream> {
    let stream = match from {
        None => TcpStream::connect(to).await,
        Some(from) => {
            let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
            socket.bind(SocketAddr::new(from, 0))?;
            socket.connect(to).await
        }
    };
    let stream = stream.context("cannot connect")?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> anyhow::Result<()> {
    if stream.read_buf(buffer).await? == 0 {
        bail!("the server closed the connection");
    }
    if buffer.len() > MOST_BYTES {
        bail!("the answer is too long");
    }
    Ok(())
}
