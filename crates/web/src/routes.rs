//! The routes, one line each, and the layers around them.

use crate::{
    account, assets,
    http::{headers::guard, reply::bare},
    login, oidc, ops, pool_settings,
    visit::{RequestName, Visit, Web},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get, options, post},
};
use http::{HeaderName, HeaderValue, StatusCode};
use std::sync::Arc;
use tower_http::{
    catch_panic::CatchPanicLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
};
use tracing::Instrument;
use vestibule_pages::{Message, keys};

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
    "/": get account::home::root;
    "/healthz": get ops::healthz;
    "/readyz": get ops::readyz;
    "/favicon.ico": get assets::favicon;
    "/assets/pool.css": get assets::pool_css;
    "/assets/{hash}/{name}": get assets::asset;
    "/oidc/.well-known/openid-configuration": get oidc::documents::discovery;
    "/oidc/jwks": get oidc::documents::jwks;
    "/oidc/auth": get oidc::authorize::authorize, post oidc::authorize::authorize_post;
    "/oidc/token": post oidc::token::token, options oidc::scripts::preflight;
    "/oidc/me": get oidc::userinfo::userinfo, post oidc::userinfo::userinfo_post, options oidc::scripts::preflight;
    "/oidc/session/end": get oidc::logout::end_session, post oidc::logout::end_session_post;
    "/oidc/session/end/confirm": post oidc::logout::end_session_confirm;
    "/login": get login::password::page, post login::password::password;
    "/login/passwordless": post login::passwordless::answer;
    "/login/skip": post login::enrolment::skip;
    "/login/cancel": post login::leave::cancel;
    "/login/restart": post login::leave::restart;
    "/login/resume": get login::leave::resume;
    "/login/consent": get login::consent::page, post login::consent::decide;
    "/login/recovered": get login::recovered::page;
    "/login/factor": get login::challenge::page, post login::challenge::answer;
    "/login/factor/choose": post login::challenge::choose;
    "/login/enrol": get login::challenge::page, post login::enrolment::enrol;
    "/login/enrol/choose": post login::challenge::choose;
    "/login/codes": get login::challenge::page, post login::enrolment::codes_saved;
    "/login/codes/continue": get login::enrolment::codes_continue;
    "/login/register": get login::register::page, post login::register::ask;
    "/login/register/complete": get login::register::form, post login::register::complete;
    "/login/reset": get login::reset::page, post login::reset::ask;
    "/login/reset/complete": get login::reset::form, post login::reset::complete;
    "/u": get account::home::page;
    "/u/profile": get account::profile::page, post account::profile::save;
    "/u/password": get account::password::page, post account::password::change;
    "/u/sessions": get account::sessions::page;
    "/u/sessions/revoke": post account::sessions::revoke;
    "/u/sessions/revoke-others": post account::sessions::revoke_others;
    "/u/sessions/forget": post account::sessions::forget;
    "/u/apps": get account::apps::page;
    "/u/apps/revoke": post account::apps::revoke;
    "/u/sign-out": post account::sessions::sign_out;
    "/u/security": get account::factors::page;
    "/u/security/manage": get account::factors::manage;
    "/u/security/enrol": post account::enrolment::add;
    "/u/security/enrol/{kind}": get account::enrolment::page, post account::enrolment::enrol;
    "/u/security/rename": post account::factors::rename;
    "/u/security/enable": get account::enrolment::confirm_enable, post account::enrolment::enable;
    "/u/security/disable": get account::removal::confirm_disable, post account::removal::disable;
    "/u/security/remove/{credential}": get account::removal::confirm_remove, post account::removal::remove;
    "/u/security/regenerate": get account::removal::confirm_regenerate, post account::removal::regenerate;
    "/u/settings": get pool_settings::page;
    "/u/settings/mfa": get pool_settings::back, post pool_settings::switch;
    "/u/settings/reset-factors": get pool_settings::back, post pool_settings::reset_factors;
    "/u/settings/explain": get pool_settings::explain;
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
            bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.\n")
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
