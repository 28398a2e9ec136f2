//! An application of which only the addresses matter.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

/// Answers every request with what a function makes of its path, and remembers the paths.
pub(crate) struct Application {
    /// Its origin.
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

/// An answer of the application.
pub(crate) enum Says {
    /// A redirect to an address.
    Go(String),
    /// A page.
    Page(String),
}

impl Application {
    pub(crate) async fn start(answer: impl Fn(&str) -> Says + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, answer) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(answer));
        let paths = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (paths, answer) = (Arc::clone(&paths), Arc::clone(&answer));
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                    paths.lock().unwrap().push(path.clone());
                    let text = match answer(&path) {
                        Says::Go(to) => {
                            format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n")
                        }
                        Says::Page(html) => format!(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n",
                            html.len()
                        ),
                    };
                    let body = if let Says::Page(html) = answer(&path) { html } else { String::new() };
                    let _ =
                        stream.write_all(format!("{text}Connection: close\r\n\r\n{body}").as_bytes()).await;
                });
            }
        });
        Self { url, seen, task }
    }

    /// The paths that were asked for so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The address that it registers.
    pub(crate) fn callback(&self) -> String {
        format!("{}/callback", self.url)
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.task.abort();
    }
}
