//! An application's end of the back channel: a server on loopback that keeps what it is posted.

use axum::{Router, extract::State, http::StatusCode, routing::post};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, task::JoinHandle};

#[derive(Default)]
struct Heard {
    bodies: Mutex<Vec<String>>,
    answers: Mutex<VecDeque<u16>>,
}

/// The server. It answers 200 unless it is told otherwise.
pub struct Ear {
    /// Where logout tokens are posted to.
    pub uri: String,
    heard: Arc<Heard>,
    task: JoinHandle<()>,
}

impl Ear {
    /// Listens.
    pub async fn open() -> Self {
        let heard = Arc::<Heard>::default();
        let hear = async |State(heard): State<Arc<Heard>>, body: String| {
            heard.bodies.lock().unwrap().push(body);
            let answer = heard.answers.lock().unwrap().pop_front().unwrap_or(200);
            (StatusCode::from_u16(answer).unwrap(), [("location", "/elsewhere")])
        };
        let routes = Router::new().fallback(post(hear)).with_state(Arc::clone(&heard));
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/logout?of=app", socket.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(socket, routes).await.unwrap() });
        Self { uri, heard, task }
    }

    /// Answers the next requests with these statuses.
    pub fn answer(&self, statuses: &[u16]) {
        self.heard.answers.lock().unwrap().extend(statuses);
    }

    /// The logout tokens that came since the last call, in the order in which they came.
    ///
    /// # Panics
    /// When something else came.
    pub fn tokens(&self) -> Vec<String> {
        let bodies = std::mem::take(&mut *self.heard.bodies.lock().unwrap());
        let token = |body: String| {
            let pairs: Vec<(String, String)> =
                url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            match pairs.as_slice() {
                [(name, token)] if name == "logout_token" => token.clone(),
                other => panic!("not one logout token: {other:?}"),
            }
        };
        bodies.into_iter().map(token).collect()
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.task.abort();
    }
}
