//! The routes, one line each, and the layers around them.

use crate::{
    account, assets,
    extract::NOT_FOUND,
    http::{
        headers::guard,
        log::Escaped,
        reply::{Reply, Stop, bare},
    },
    login, oidc, ops, paths, pool_settings,
    stop::answer_stops,
    visit::{RequestName, Visit, Web},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, delete, get, options, post, put},
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use std::sync::Arc;
use tower_http::{
    catch_panic::CatchPanicLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
};
use tracing::Instrument;
use vestibule_pages::keys;

/// One line of the route table: methods and path.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET`, `POST`, or both.
    pub methods: &'static [&'static str],
    /// As in the router.
    pub path: &'static str,
}

macro_rules! routes {
    ($($path:ident: $($method:ident $handler:path),+;)*) => {
        /// Every route there is; tests walk them all with half a session and with forged forms.
        pub const ROUTES: &[Route] = &[$(Route { path: paths::$path, methods: &[$(stringify!($method)),+] }),*];

        fn table() -> Vec<(&'static str, MethodRouter<Arc<Web>>)> {
            vec![$((paths::$path, MethodRouter::new()$(.merge($method($handler)))+)),*]
        }
    };
}

routes! {
    ROOT: get account::home::root;
    CHANGE_PASSWORD: get account::password::well_known;
    HEALTHZ: get ops::healthz;
    READYZ: get ops::readyz;
    METRICS: get ops::metrics;
    FAVICON: get assets::favicon;
    POOL_CSS: get assets::pool_css;
    ASSET: get assets::asset;
    DISCOVERY: get oidc::documents::discovery;
    SERVER_METADATA: get oidc::documents::discovery;
    JWKS: get oidc::documents::jwks;
    AUTHORIZE: get oidc::authorize::authorize, post oidc::authorize::authorize_post;
    PUSHED: post oidc::pushed::push, options oidc::scripts::preflight;
    REGISTRATION: post oidc::registration::register, options oidc::registration::preflight;
    REGISTERED: get oidc::registration::show, put oidc::registration::change, delete oidc::registration::remove,
        options oidc::registration::preflight;
    DEVICE_AUTHORIZATION: post oidc::device::ask, options oidc::scripts::preflight;
    TOKEN: post oidc::token::token, options oidc::scripts::preflight;
    INTROSPECTION: post oidc::introspection::introspect;
    REVOCATION: post oidc::revocation::revoke, options oidc::scripts::preflight;
    USERINFO: get oidc::userinfo::userinfo, post oidc::userinfo::userinfo_post, options oidc::scripts::preflight;
    END_SESSION: get oidc::logout::end_session, post oidc::logout::end_session_post;
    END_SESSION_CONFIRM: post oidc::logout::end_session_confirm;
    DEVICE: get login::device::page, post login::device::typed;
    DEVICE_ANSWERED: get login::device::answered;
    LOGIN: get login::password::page, post login::password::password;
    PASSWORDLESS: post login::passwordless::answer;
    SKIP: post login::enrolment::skip;
    CANCEL: post login::leave::cancel;
    RESTART: post login::leave::restart;
    RESUME: get login::leave::resume;
    CONSENT: get login::consent::page, post login::consent::decide;
    RECOVERED: get login::recovered::page;
    FACTOR: get login::challenge::page, post login::challenge::answer;
    FACTOR_CHOOSE: post login::challenge::choose;
    ENROL: get login::challenge::page, post login::enrolment::enrol;
    ENROL_CHOOSE: post login::challenge::choose;
    CODES: get login::challenge::page, post login::enrolment::codes_saved;
    CODES_CONTINUE: get login::enrolment::codes_continue;
    REGISTER: get login::register::page, post login::register::ask;
    REGISTER_COMPLETE: get login::register::form, post login::register::complete;
    RESET: get login::reset::page, post login::reset::ask;
    RESET_COMPLETE: get login::reset::form, post login::reset::complete;
    ADDRESS_UNDO: get login::address::page, post login::address::undo;
    ADDRESS_UNDONE: get login::address::undone;
    DELETED: get account::data::deleted;
    LANGUAGE: post login::language::choose;
    ACCOUNT: get account::home::page;
    PROFILE: get account::profile::page, post account::profile::save;
    PROFILE_ADDRESS: get account::address::page, post account::address::ask;
    PROFILE_ADDRESS_PROVE: post account::address::prove;
    PROFILE_ADDRESS_CANCEL: post account::address::cancel;
    PASSWORD: get account::password::page, post account::password::change;
    SESSIONS: get account::sessions::page;
    SESSIONS_REVOKE: post account::sessions::revoke;
    SESSIONS_REVOKE_OTHERS: post account::sessions::revoke_others;
    SESSIONS_FORGET: post account::sessions::forget;
    APPS: get account::apps::page;
    APPS_REVOKE: post account::apps::revoke;
    ACTIVITY: get account::activity::page;
    DATA: get account::data::page;
    DATA_EXPORT: get account::data::export;
    DATA_DELETE: get account::data::confirm, post account::data::delete;
    SIGN_OUT: post account::sessions::sign_out;
    SECURITY: get account::factors::page;
    SECURITY_MANAGE: get account::factors::manage;
    SECURITY_ENROL: post account::enrolment::add;
    SECURITY_ENROL_KIND: get account::enrolment::page, post account::enrolment::enrol;
    SECURITY_RENAME: post account::factors::rename;
    SECURITY_ENABLE: get account::enrolment::confirm_enable, post account::enrolment::enable;
    SECURITY_DISABLE: get account::removal::confirm_disable, post account::removal::disable;
    SECURITY_REMOVE: get account::removal::confirm_remove, post account::removal::remove;
    SECURITY_REGENERATE: get account::removal::confirm_regenerate, post account::removal::regenerate;
    SECURITY_CODES: get account::enrolment::codes, post account::enrolment::saved;
    SETTINGS: get pool_settings::page;
    SETTINGS_MFA: get pool_settings::ask_switch, post pool_settings::switch;
    SETTINGS_RESET_FACTORS: get pool_settings::ask_reset, post pool_settings::reset_factors;
    SETTINGS_ADDRESS: get pool_settings::address_again, post pool_settings::change_address;
    SETTINGS_EXPLAIN: get pool_settings::explain;
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
        .layer(from_fn(answer_stops))
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

/// An address with a slash at its end is that of the page without it.
async fn not_found(visit: Visit, method: Method, uri: Uri) -> Reply {
    let page = uri.path().strip_suffix('/').filter(|page| method.is_safe() && shows(page));
    let page = page.ok_or(NOT_FOUND)?;
    Ok(visit.see_other(&uri.query().map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"))))
}

/// Whether there is a page at a path.
fn shows(path: &str) -> bool {
    let fits = |(pattern, part): (&str, &str)| {
        pattern == part || (pattern.starts_with('{') && !part.is_empty() && part != "..")
    };
    let matches = |route: &&Route| {
        let parts = || path.split('/');
        route.path.split('/').count() == parts().count() && route.path.split('/').zip(parts()).all(fits)
    };
    ROUTES.iter().filter(matches).any(|route| route.methods.contains(&"get"))
}

async fn method_not_allowed(_: Visit) -> Stop {
    Stop::Problem(StatusCode::METHOD_NOT_ALLOWED, keys::METHOD_NOT_ALLOWED)
}

/// Names the request and logs how it ended. What a client sends as a request id is not believed.
async fn name_request(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    let name = web.app.request_name();
    request.extensions_mut().insert(RequestName(name.clone()));
    let span = tracing::info_span!(
        "request",
        request.id = %name,
        http.method = %request.method(),
        http.path = %Escaped(request.uri().path())
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
