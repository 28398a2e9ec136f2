//! The floor: what the work costs when it is done with nothing around it.
//!
//! `axum` with its plain server, and only what a workload cannot avoid: a digest of the client's secret, ES256
//! signatures, one durable row in a commit that waiting rows share, one ES256 verification, one argon2id hash.

use anyhow::Context as _;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        UnparsedPublicKey,
    },
};
use axum::{
    Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Deserialize;
use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, mpsc},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, oneshot},
};

/// Rows in one commit at most, as in the product.
const GROUP: usize = 64;

struct Floor {
    key: EcdsaKeyPair,
    random: SystemRandom,
    log: Log,
    /// Of the password of everybody.
    hash: [u8; 32],
    /// Working memory of hashes, one for each permit.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    permits: Semaphore,
    token: String,
}

/// Where a durable row goes.
enum Log {
    Sqlite(mpsc::Sender<Row>),
    Postgres(sqlx::PgPool),
}

struct Row {
    key: Vec<u8>,
    text: String,
    done: oneshot::Sender<bool>,
}

/// Serves the floor until standard input ends.
pub(crate) async fn serve(database: &str) -> anyhow::Result<()> {
    let floor = Arc::new(Floor::new(open(database).await?)?);
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/work", post(work))
        .route("/verify", get(verify))
        .route("/hash", post(hash))
        .with_state(floor);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let ready = serde_json::json!({ "ready": true, "listen": listener.local_addr()?.to_string() });
    crate::terminal::say(&ready.to_string());
    let ended = tokio::task::spawn_blocking(|| {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            // The floor has no counters; a question about them gets an answer all the same.
            crate::terminal::say("0 0 0");
        }
    });
    tokio::select! {
        served = std::future::IntoFuture::into_future(axum::serve(axum::serve::ListenerExt::tap_io(
            listener,
            |stream| { let _ = stream.set_nodelay(true); }
        ), router)) => served.context("the floor failed"),
        _ = ended => Ok(()),
    }
}

async fn open(database: &str) -> anyhow::Result<Log> {
    if let Some(path) = database.strip_prefix("sqlite://") {
        let (send, receive) = mpsc::channel();
        let connection = rusqlite::Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; \
             CREATE TABLE IF NOT EXISTS floor (key BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        )?;
        std::thread::spawn(move || write(&connection, &receive));
        return Ok(Log::Sqlite(send));
    }
    let pool = sqlx::postgres::PgPoolOptions::new()
        .max_connections(8)
        .test_before_acquire(false)
        .connect(database)
        .await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS floor (key BYTEA PRIMARY KEY, text TEXT NOT NULL)")
        .execute(&pool)
        .await?;
    Ok(Log::Postgres(pool))
}

/// Writes rows: as many in a commit as wait for it.
fn write(connection: &rusqlite::Connection, rows: &mpsc::Receiver<Row>) {
    while let Ok(first) = rows.recv() {
        let group: Vec<Row> = std::iter::once(first).chain(rows.try_iter().take(GROUP - 1)).collect();
        let written = commit(connection, &group).is_ok();
        for row in group {
            // A caller that went away does not need its answer.
            let _ = row.done.send(written);
        }
    }
}

fn commit(connection: &rusqlite::Connection, group: &[Row]) -> rusqlite::Result<()> {
    connection.prepare_cached("BEGIN IMMEDIATE")?.execute(())?;
    let mut insert = connection.prepare_cached("INSERT INTO floor (key, text) VALUES (?1, ?2)")?;
    for row in group {
        insert.execute((&row.key, &row.text))?;
    }
    connection.prepare_cached("COMMIT")?.execute(())?;
    Ok(())
}

impl Floor {
    fn new(log: Log) -> anyhow::Result<Self> {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
        let pkcs8 = pkcs8.map_err(|_| anyhow::anyhow!("no key"))?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref());
        let key = key.map_err(|_| anyhow::anyhow!("no key"))?;
        let memory = Arc::default();
        let hash = hashed(&memory, crate::site::PASSWORD).context("no hash")?;
        let permits = Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
        let mut floor = Self { key, random, log, hash, memory, permits, token: String::new() };
        floor.token = floor.signed("at").context("no signature")?;
        Ok(floor)
    }

    /// A token with the claims that every token has.
    fn signed(&self, jti: &str) -> Option<String> {
        let claims = serde_json::json!({
            "iss": crate::site::ORIGIN, "sub": "user", "aud": crate::site::CLIENT, "iat": 1, "exp": 2,
            "jti": jti, "scope": "openid", "acr": "1", "auth_time": 1,
        });
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"JWT","kid":"floor"}"#);
        let message = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.key.sign(&self.random, message.as_bytes()).ok()?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Makes one row durable.
    async fn commit(&self, text: &str) -> bool {
        let mut key = vec![0; 32];
        if aws_lc_rs::rand::fill(&mut key).is_err() {
            return false;
        }
        match &self.log {
            Log::Sqlite(queue) => {
                let (done, waiting) = oneshot::channel();
                let row = Row { key, text: text.to_owned(), done };
                queue.send(row).is_ok() && waiting.await.unwrap_or(false)
            }
            Log::Postgres(pool) => {
                let insert = sqlx::query("INSERT INTO floor (key, text) VALUES ($1, $2)");
                insert.bind(key).bind(text).execute(pool).await.is_ok()
            }
        }
    }
}

/// The hash of a password at production's cost, on memory that hashes share.
fn hashed(memory: &Mutex<Vec<Vec<Block>>>, password: &str) -> Option<[u8; 32]> {
    let cost = vestibule_flows::HashCost::default();
    let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None).ok()?;
    let blocks = params.block_count();
    let mut free = memory.lock().ok()?.pop().unwrap_or_else(|| vec![Block::new(); blocks]);
    let mut output = [0; 32];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password.as_bytes(), &[7; 16], &mut output, &mut free).ok()?;
    memory.lock().ok()?.push(free);
    Some(output)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    sign: u8,
    #[serde(default)]
    commit: u8,
}

/// Reads the form, digests the client's secret, commits, signs, answers in JSON.
async fn work(
    State(floor): State<Arc<Floor>>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let basic = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let basic = basic.and_then(|value| value.strip_prefix("Basic ")).map(|value| STANDARD.decode(value));
    let Some(Ok(secret)) = basic else { return StatusCode::UNAUTHORIZED.into_response() };
    let digest = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &secret));
    for _ in 0..asked.commit {
        if !floor.commit(&digest).await {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    let tokens: Vec<String> = (0..asked.sign).filter_map(|_| floor.signed(&digest)).collect();
    let answer = serde_json::json!({ "tokens": tokens, "fields": form.len() });
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// Verifies an ES256 signature and answers in JSON.
async fn verify(State(floor): State<Arc<Floor>>) -> Response {
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, floor.key.public_key().as_ref());
    let right = floor.token.rsplit_once('.').is_some_and(|(message, signature)| {
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
        key.verify(message.as_bytes(), &signature).is_ok()
    });
    if !right {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let answer = serde_json::json!({ "sub": "user", "name": "Somebody", "email": "somebody@example.test" });
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// Checks a password and does nothing else.
async fn hash(State(floor): State<Arc<Floor>>, password: String) -> Response {
    let Ok(_permit) = floor.permits.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let memory = Arc::clone(&floor.memory);
    match tokio::task::spawn_blocking(move || hashed(&memory, &password)).await {
        Ok(Some(hash)) if hash == floor.hash => "right".into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}
