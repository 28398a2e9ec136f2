//! The routes, one line each, and the layers around them.

mod assets;
mod center;
mod factor;
mod health;
mod login;
mod oidc;
mod register;
mod security;
mod settings;

use crate::{
    failure,
    front::Site,
    options::WebOptions,
    visit::{RequestName, Visit, Web},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get, options, post},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::sync::{Arc, LazyLock};
use tower_http::{
    catch_panic::CatchPanicLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
};
use tracing::Instrument;
use vestibule_flows::App;
use vestibule_pages::{Message, Pages, keys};

/// One line of the route table: methods, path, and whether it changes something for a signed-in user.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET`, `POST`, or both.
    pub methods: &'static [&'static str],
    /// As in the router.
    pub path: &'static str,
}

macro_rules! routes {
    ($($path:literal: $($method:ident $handler:path),+;)*) => {
        /// Every route there is; tests walk them all with half a session and with forged forms.
        pub const ROUTES: &[Route] = &[$(Route { path: $path, methods: &[$(stringify!($method)),+] }),*];

        fn table() -> Vec<(&'static str, MethodRouter<Arc<Web>>)> {
            vec![$(($path, MethodRouter::new()$(.merge($method($handler)))+)),*]
        }
    };
}

routes! {
    "/": get center::root;
    "/healthz": get health::healthz;
    "/readyz": get health::readyz;
    "/favicon.ico": get assets::favicon;
    "/assets/pool.css": get assets::pool_css;
    "/assets/{hash}/{name}": get assets::asset;
    "/oidc/.well-known/openid-configuration": get oidc::discovery;
    "/oidc/jwks": get oidc::jwks;
    "/oidc/auth": get oidc::authorize, post oidc::authorize_post;
    "/oidc/token": post oidc::token, options oidc::preflight;
    "/oidc/me": get oidc::userinfo, post oidc::userinfo_post, options oidc::preflight;
    "/oidc/session/end": get oidc::end_session, post oidc::end_session_post;
    "/oidc/session/end/confirm": post oidc::end_session_confirm;
    "/login": get login::page, post login::password;
    "/login/passwordless": post login::passwordless_answer;
    "/login/skip": post factor::skip;
    "/login/cancel": post login::cancel;
    "/login/restart": post login::restart;
    "/login/resume": get login::resume;
    "/login/consent": get login::consent_page, post login::consent;
    "/login/recovered": get login::recovered;
    "/login/factor": get factor::page, post factor::answer;
    "/login/factor/choose": post factor::choose;
    "/login/enrol": get factor::page, post factor::enrol;
    "/login/enrol/choose": post factor::choose;
    "/login/codes": get factor::page, post factor::codes_saved;
    "/login/codes/continue": get factor::codes_continue;
    "/login/register": get register::page, post register::ask;
    "/login/register/complete": get register::form, post register::complete;
    "/login/reset": get register::reset_page, post register::ask_reset;
    "/login/reset/complete": get register::reset_form, post register::complete_reset;
    "/u": get center::home;
    "/u/profile": get center::profile, post center::save_profile;
    "/u/password": get center::password, post center::change_password;
    "/u/sessions": get center::sessions;
    "/u/sessions/revoke": post center::revoke_session;
    "/u/sessions/revoke-others": post center::revoke_others;
    "/u/sessions/forget": post center::forget_remembered_browser;
    "/u/apps": get center::apps;
    "/u/apps/revoke": post center::revoke_app;
    "/u/sign-out": post center::sign_out;
    "/u/security": get security::page;
    "/u/security/manage": get security::manage;
    "/u/security/enrol": post security::add;
    "/u/security/enrol/{kind}": get security::enrol_page, post security::enrol;
    "/u/security/rename": post security::rename;
    "/u/security/enable": get security::confirm_enable, post security::enable;
    "/u/security/disable": get security::confirm_disable, post security::disable;
    "/u/security/remove/{credential}": get security::confirm_remove, post security::remove;
    "/u/security/regenerate": get security::confirm_regenerate, post security::regenerate;
    "/u/settings": get settings::page;
    "/u/settings/mfa": get settings::back, post settings::switch;
    "/u/settings/reset-factors": get settings::back, post settings::reset_factors;
    "/u/settings/explain": get settings::explain;
}

/// The whole HTTP side of the product.
pub fn site(app: Arc<App>, pages: Arc<Pages>, settings: WebOptions) -> Site {
    Site::new(Arc::new(Web { app, pages, options: settings }))
}

/// The routes with everything around them.
pub(crate) fn router(web: Arc<Web>) -> Router {
    let (body_limit, timeout) = (web.options.body_limit, web.options.request_timeout);
    let mut router = Router::new();
    for (path, handlers) in table() {
        router = router.route(path, handlers);
    }
    router
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, timeout))
        .layer(RequestBodyTimeoutLayer::new(timeout))
        .layer(CatchPanicLayer::custom(|_| {
            failure::bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.\n")
        }))
        .layer(from_fn(guard))
        .layer(from_fn_with_state(Arc::clone(&web), name_request))
        .with_state(web)
}

async fn not_found(visit: Visit) -> Response {
    visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND))
}

async fn method_not_allowed(visit: Visit) -> Response {
    visit.problem(StatusCode::METHOD_NOT_ALLOWED, Message::error(keys::METHOD_NOT_ALLOWED))
}

/// Names the request and logs how it ended. What a client sends as a request id is not believed.
async fn name_request(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    let name = web.app.request_name();
    request.extensions_mut().insert(RequestName(name.clone()));
    let span = tracing::info_span!(
        "request",
        request.id = %name,
        http.method = %request.method(),
        http.path = %request.uri().path()
    );
    async move {
        let mut response = next.run(request).await;
        if let Ok(value) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
        }
        tracing::info!(http.status = response.status().as_u16(), "answered");
        response
    }
    .instrument(span)
    .await
}

/// Headers that every answer carries (ASVS 3.4). `Strict-Transport-Security` means nothing over plain HTTP, where
/// browsers ignore it.
const GUARDS: [(HeaderName, HeaderValue); 8] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=()"),
    ),
    // For answers that are not pages; pages bring their own.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
];

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// What [`guard`] adds to an answer that may be read from anywhere, for answers that do not pass by it.
pub(crate) static GUARDED: LazyLock<HeaderMap> = LazyLock::new(|| {
    let mut headers = HeaderMap::with_capacity(16);
    headers.extend(GUARDS);
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    headers
});

async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in GUARDS {
        headers.entry(name).or_insert(value);
    }
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    response
}
