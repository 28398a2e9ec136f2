//! Every route of the router, walked with everything that somebody has who got no further than the first door.

use crate::support::{SESSION, State, enrolled, is_inside, pending, state};
use std::collections::BTreeSet;
use vestibule_domain::MfaMode;
use vestibule_tests::{App, Browser, PASSWORD, Page, Server, Setup, VERIFIER};
use vestibule_web::ROUTES;

/// A browser with half a session, and what its pages gave away.
struct Half {
    browser: Browser,
    request: String,
    flow: String,
    ceremony: String,
    csrf: String,
}

fn value(page: &Page, name: &str) -> String {
    page.attribute(&format!("input[name={name}]"), "value").unwrap_or_default()
}

impl Half {
    fn at(browser: Browser, request: String, page: &Page) -> Self {
        let (flow, ceremony, csrf) = (value(page, "flow"), value(page, "ceremony"), value(page, "csrf"));
        assert!(!flow.is_empty() && !ceremony.is_empty() && !csrf.is_empty(), "{}", page.body);
        Self { browser, request, flow, ceremony, csrf }
    }

    /// The password is given for an application's request, nothing more.
    async fn of_an_application(server: &Server) -> Self {
        let (rp, mut browser) = (server.rp(), server.browser());
        let login = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&login, "alice", PASSWORD).await;
        Self::at(browser, value(&login, "request"), &page)
    }

    fn fields(&self, state: &State) -> Vec<(String, String)> {
        let credential = state.credentials.first().map(|(id, ..)| id.clone()).unwrap_or_default();
        let session = state.sessions.first().map(|one| one.id.to_string()).unwrap_or_default();
        let fields = [
            ("csrf", self.csrf.as_str()),
            ("request", &self.request),
            ("flow", &self.flow),
            ("ceremony", &self.ceremony),
            ("kind", "totp"),
            ("credential", &credential),
            ("session", &session),
            ("client", "app"),
            ("decision", "allow"),
            ("name", "Mallory"),
            ("label", "Mallory"),
            ("locale", "de"),
            ("username", "alice"),
            ("identifier", "alice"),
            ("email", "mallory@example.test"),
            ("password", PASSWORD),
            ("current_password", PASSWORD),
            ("new_password", "mallory was in this house 77"),
            ("code", "000000"),
            ("token", "no-such-token"),
            ("grant_type", "authorization_code"),
            ("code_verifier", VERIFIER),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }
}

fn path_of(route: &str, rp: &App, half: &Half, silent: bool) -> String {
    let concrete = route.replace("{kind}", "totp").replace("{hash}", "0").replace("{name}", "app.css");
    match route {
        "/oidc/auth" if silent => rp.authorize_path(&[("prompt", "none")]),
        "/oidc/auth" => rp.authorize_path(&[]),
        _ => format!("{concrete}?flow={}&request={}&token=none", half.flow, half.request),
    }
}

/// What nobody with half a session may ever be answered, whether directly or behind the redirects.
fn assert_nothing_given(what: &str, page: &Page) {
    assert!(!page.status.is_server_error(), "{what}: {} {}", page.status, page.body);
    assert!(!is_inside(page), "{what} opened the user center: {}", page.body);
    let code = page.left && page.query().contains_key("code");
    assert!(!code, "{what} gave a code: {}", page.url);
    for secret in ["consent-allow", "recovery-codes", "sign-out"] {
        assert!(page.left || !page.has_id(secret), "{what} showed {secret}");
    }
    let enrols = page.has_id("totp-secret");
    assert!(!enrols || page.url.contains("/login/"), "{what} began an enrolment at {}", page.url);
    assert!(!page.body.contains("access_token"), "{what}: {}", page.body);
}

/// Walks all routes, each with a new half session. Returns how many were walked.
async fn walk<F: Future<Output = Half>>(
    server: &Server,
    half: impl Fn() -> F,
    may_sign_out: bool,
) -> BTreeSet<(String, String)> {
    let (rp, mut walked) = (server.rp(), BTreeSet::new());
    for route in ROUTES {
        for (method, silent) in route.methods.iter().flat_map(|one| [(one, false), (one, true)]) {
            let what = format!("{method} {} {silent}", route.path);
            let signs_out = ["/u/sign-out", "/oidc/session/end/confirm"].contains(&route.path);
            if may_sign_out && signs_out {
                walked.insert(((*method).to_owned(), route.path.to_owned()));
                continue;
            }
            let mut half = half().await;
            let before = state(server).await;
            let cookie = half.browser.cookies.get(SESSION).cloned();
            let path = path_of(route.path, &rp, &half, silent);
            let fields = match (route.path, path.split_once('?')) {
                ("/oidc/auth", Some((_, query))) => {
                    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
                }
                _ => half.fields(&before),
            };
            let form = (*method == "post").then_some(fields.as_slice());
            let page = half.browser.send(&method.to_uppercase(), &path, form).await;
            assert_nothing_given(&what, &page);
            let page = half.browser.go_on(page).await;
            assert_nothing_given(&what, &page);
            assert_eq!(half.browser.cookies.get(SESSION).cloned(), cookie, "{what} set a session");
            assert_eq!(state(server).await, before, "{what} changed something");
            walked.insert(((*method).to_owned(), route.path.to_owned()));
        }
    }
    walked
}

fn all_routes() -> BTreeSet<(String, String)> {
    let each = |route: &vestibule_web::Route| {
        let path = route.path.to_owned();
        route.methods.iter().map(move |method| ((*method).to_owned(), path.clone())).collect::<Vec<_>>()
    };
    ROUTES.iter().flat_map(each).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_route_gives_anything_to_a_session_that_waits_at_the_second_door() {
    let (server, mut owner, _) = enrolled(Setup::default()).await;
    // What the walk looks for is there for somebody who came through both doors.
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/u") && route.methods.contains(&"get"))
    {
        let page = owner.get(&route.path.replace("{kind}", "totp")).await;
        assert!(is_inside(&page) || page.has_id("totp-secret"), "{} {}", route.path, page.body);
    }
    let code = server.rp().authorize(&mut owner, &[]).await;
    assert!(code.left && code.query().contains_key("code"), "{}", code.url);
    let walked = walk(&server, || Half::of_an_application(&server), false).await;
    assert_eq!(walked, all_routes());
    assert!(walked.len() > 40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_route_gives_anything_to_a_session_that_has_yet_to_enrol() {
    let server = Setup::default().mfa(MfaMode::Required).start().await;
    let walked = walk(&server, || Half::of_an_application(&server), false).await;
    assert_eq!(walked, all_routes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_route_gives_anything_to_a_session_from_before_the_factor() {
    let server = Setup::default().start().await;
    let (mut old, mut owner) = (server.browser(), server.browser());
    old.sign_in("alice").await;
    owner.sign_in("alice").await;
    server.enrol(&mut owner).await;
    let half = || async {
        let mut browser = old.clone();
        let login = browser.get("/login").await;
        let page = browser.get("/u").await;
        Half::at(browser, value(&login, "request"), &page)
    };
    // With a session of its own a browser may sign itself out, and nothing else. Giving the password again is
    // walked, too: it must not end in more than the second door.
    let walked = walk(&server, half, true).await;
    assert_eq!(walked, all_routes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a8_methods_and_paths_beside_the_table_open_nothing() {
    let (server, _, _) = enrolled(Setup::default()).await;
    let (browser, page) = pending(&server).await;
    let before = state(&server).await;
    let csrf = value(&page, "csrf");
    let id = &before.credentials.first().unwrap().0;
    let fields: Vec<(String, String)> = [("csrf", csrf.as_str()), ("credential", id), ("kind", "recovery")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    for path in [
        "/u/security/remove",
        "/u/security/remove/",
        "//u/security/remove",
        "/U/security/remove",
        "/u/security/./remove",
        "/u/security/%72emove",
        "/u/security/regenerate",
        "/u/security/rename",
        "/u/security/enrol",
        "/u/security/enrol/totp",
        "/u/security/enrol/recovery",
        "/u/security/enrol/../../../login",
        "/u;/security",
        "/login/enrol",
        "/login/enrol/choose",
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE", "GET", "HEAD"] {
            let mut browser = browser.clone();
            let form = (method != "GET" && method != "HEAD").then_some(fields.as_slice());
            let page = browser.send(method, path, form).await;
            assert!(!page.status.is_server_error(), "{method} {path}: {}", page.status);
            assert!(!is_inside(&page) && !page.has_id("totp-secret"), "{method} {path}");
            assert!(!browser.cookies.contains_key(SESSION), "{method} {path}");
        }
    }
    assert_eq!(state(&server).await, before);
}
