//! A relying party as a customer would write it, on the `openidconnect` crate; its API is guarded by
//! `vestibule-resource-server`, which takes tokens of every provider.
//!
//! It owns: sign-in by authorization code with PKCE (`provider`, `sign_in`), a protected API that asks for a
//! stronger sign-in in the words of RFC 9470 (`api`), a client of that API that answers by stepping up
//! (`call_api`), sign-out, and pages that tell what the ID token says. It must not know any provider in particular:
//! everything comes from the issuer's discovery document.
//!
//! **Adding a page or an action**: a handler in the module it belongs to, one line in [`router`], and a form or link
//! in `pages.rs`.

mod api;
mod call_api;
mod challenge;
mod explain;
mod pages;
mod provider;
mod session;
mod sign_in;
mod sign_out;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::provider::Provider;
use crate::session::Sessions;

/// What the application needs to know.
#[derive(Clone)]
pub struct Settings {
    /// Issuer of the identity provider, exactly as in its tokens, such as `https://acme.id.example.com/oidc`.
    pub issuer: String,
    /// Client id at that issuer.
    pub client_id: String,
    /// Client secret; `None` for a public client.
    pub client_secret: Option<String>,
    /// Where browsers reach this application, without a trailing slash, such as `http://127.0.0.1:8090`.
    pub base_url: String,
    /// The `acr` value that stands for "with a second factor".
    pub acr_step_up: String,
    /// Where people manage their account at the provider, such as `https://acme.id.example.com/u`, if that is known.
    pub account_url: Option<String>,
}

/// What every handler shares.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) provider: Provider,
    pub(crate) sessions: Sessions,
    policy: HeaderValue,
}

impl App {
    /// A URL of this application.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.base_url)
    }
}

pub(crate) type Shared = State<Arc<App>>;

/// Serves the application on `listener` until the future is dropped or the socket fails.
///
/// The identity provider is not needed to start: it is looked for at the first sign-in, and again until it answers.
///
/// # Errors
/// When a setting is not a URL, or the listener fails.
pub async fn serve(settings: Settings, listener: tokio::net::TcpListener) -> anyhow::Result<()> {
    let app = router(settings)?;
    axum::serve(listener, app).await.context("the listener failed")
}

/// The application as a router, for embedding it elsewhere.
///
/// # Errors
/// When a setting is not a URL, or no HTTP client can be made.
pub fn router(mut settings: Settings) -> anyhow::Result<Router> {
    // reqwest is built without a TLS provider of its own. An error means that one is installed: just as well.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    settings.base_url.truncate(settings.base_url.trim_end_matches('/').len());
    let provider = Provider::new(&settings)?;
    let issuer = url::Url::parse(&settings.issuer).context("the issuer is not a URL")?;
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self' {}",
        issuer.origin().ascii_serialization()
    );
    let guarded = api::guard(&settings, &provider)?;
    let app = Arc::new(App {
        sessions: Sessions::new(settings.base_url.starts_with("https:")),
        policy: HeaderValue::from_str(&policy).context("the issuer is not fit for a header")?,
        provider,
        settings,
    });
    Ok(Router::new()
        .route("/", get(pages::home))
        .route("/app.css", get(pages::css))
        .route("/icon.svg", get(pages::icon))
        .route("/sign-in", post(sign_in::plain))
        .route("/sign-in-mfa", post(sign_in::with_second_factor))
        .route("/sign-in-silent", post(sign_in::silent))
        .route("/step-up", post(sign_in::step_up))
        .route("/callback", get(sign_in::callback))
        .route("/refresh", post(sign_in::refresh))
        .route("/call-api", post(call_api::call))
        .route("/api/transfer", get(api::transfer).post(api::transfer).layer(guarded))
        .route("/sign-out", post(sign_out::begin))
        .route("/signed-out", get(sign_out::done))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(Arc::clone(&app), guard))
        .with_state(app))
}

/// Refuses forms of other sites, and puts the security headers on every answer.
async fn guard(State(app): Shared, request: Request, next: Next) -> Response {
    let own = url::Url::parse(&app.settings.base_url).map(|url| url.origin().ascii_serialization());
    let foreign = request.method() == Method::POST
        && !request.uri().path().starts_with("/api/")
        && !comes_from(request.headers(), &own.unwrap_or_default());
    let mut response = if foreign {
        (StatusCode::FORBIDDEN, "This form was sent by another site and is refused.").into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, app.policy.clone());
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Not "no-referrer": browsers would then send "Origin: null" with our own forms.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a form was sent by a page of `own` origin. Every browser sends `Sec-Fetch-Site` or `Origin` with a POST;
/// a client that sends neither is no browser and carries nobody's cookie. The cookie is `SameSite=Lax` besides.
fn comes_from(headers: &HeaderMap, own: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    match (text("origin"), text("sec-fetch-site")) {
        (Some(origin), _) => origin == own,
        (None, Some(site)) => site == "same-origin",
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests;
