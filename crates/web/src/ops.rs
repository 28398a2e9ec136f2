//! For orchestrators: these answer at any host.

use crate::{
    extract::NOT_FOUND,
    http::reply::{Reply, bare},
    visit::{Visit, Web},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts as _, Request, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header, uri::Authority};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The process runs.
pub(crate) async fn healthz() -> Response {
    bare(StatusCode::OK, "ok\n")
}

/// The database answers. What people can bring about, such as clocks that seem to be off, is told here and in the log, but
/// never makes a node unready: a few users of one tenant could take it away from everybody else.
pub(crate) async fn readyz(State(web): State<Arc<Web>>) -> Response {
    if let Err(error) = web.app.store().ping().await {
        tracing::warn!(error = %error, "not ready");
        return bare(StatusCode::SERVICE_UNAVAILABLE, "unavailable: the database does not answer\n");
    }
    match web.app.clock_suspicion() {
        None => bare(StatusCode::OK, "ready\n"),
        Some(drift) => {
            tracing::warn!(clock.drift = drift, "many users' clocks differ from this machine's alike");
            let warning = format!(
                "ready\nclock_drift_seconds {drift}\n\
                 warning: the clocks of several users differ from this machine's by the same; check its time\n"
            );
            bare(StatusCode::OK, warning)
        }
    }
}

/// Numbers in the text format of Prometheus, for whoever asks on this machine by its loopback address. What a proxy passes
/// on never counts as that: it names another host, or says for whom it asks.
pub(crate) async fn metrics(State(web): State<Arc<Web>>, request: Request) -> Reply {
    let (mut parts, _) = request.into_parts();
    let headers = &parts.headers;
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let forwarded = ["x-forwarded-for", "forwarded", "via", "x-real-ip"];
    let direct = !forwarded.iter().any(|name| headers.contains_key(*name));
    let local = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
    if !(direct && local && names_loopback(headers)) {
        Visit::from_request_parts(&mut parts, &web).await?;
        return Err(NOT_FOUND);
    }
    let waiting = web.app.waiting_mail().await?;
    let oldest = waiting.oldest.map_or(0, |oldest| web.app.now().since(oldest).max(0));
    let counters = web.app.store().counters();
    let text = [
        gauge("vestibule_outbox_waiting", "Mails that wait to be sent.", waiting.count),
        gauge("vestibule_outbox_oldest_seconds", "Age of the oldest of them.", oldest.unsigned_abs()),
        gauge(
            "vestibule_clock_drift_seconds",
            "How far the clocks of several users differ from this machine's by the same; 0 when they do not.",
            web.app.clock_suspicion().unwrap_or(0),
        ),
        counter("vestibule_store_statements_total", "Statements of operations.", counters.statements),
        counter("vestibule_store_commits_total", "Durable commits.", counters.commits),
    ];
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text.concat()).into_response())
}

/// Whether the request is addressed to a loopback literal, which no pool is.
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    let address = host.and_then(|host| host.host().trim_matches(['[', ']']).parse::<IpAddr>().ok());
    address.is_some_and(|address| address.is_loopback())
}

fn gauge(name: &str, help: &str, value: impl std::fmt::Display) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n")
}

fn counter(name: &str, help: &str, value: u64) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {value}\n")
}
