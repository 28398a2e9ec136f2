//! Every route of the router, walked with everything that somebody has who got no further than the first factor.

use crate::support::{DEVICE, SESSION, State, enrolled, is_inside, pending, state};
use std::collections::BTreeSet;
use vestibule_domain::MfaMode;
use vestibule_tests::{App, BYSTANDER, Browser, Known, PASSWORD, Page, Server, Setup};
use vestibule_web::ROUTES;

/// A browser with half a session, and what its pages gave away.
struct Half {
    browser: Browser,
    known: Known,
    csrf: String,
}

fn value(page: &Page, name: &str) -> String {
    page.attribute(&format!("input[name={name}]"), "value").unwrap_or_default()
}

impl Half {
    fn at(browser: Browser, login: &Page, page: &Page) -> Self {
        let (known, csrf) = (Known::default().and(login).and(page), value(page, "csrf"));
        let all = [&known.request, &known.flow, &known.ceremony, &csrf];
        assert!(all.iter().all(|one| !one.is_empty()), "{known:?} {}", page.body);
        Self { browser, known, csrf }
    }

    /// The password is given for an application's request, nothing more.
    async fn of_an_application(server: &Server) -> Self {
        let (rp, mut browser) = (server.rp(), server.browser());
        let login = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&login, "alice", PASSWORD).await;
        let page = if page.enrols() { browser.to_totp(&page).await } else { page };
        Self::at(browser, &login, &page)
    }

    /// The rows that somebody who saw the victim's pages knows, too.
    fn knows(&mut self, state: &State) {
        if let Some((id, ..)) = state.credentials.first() {
            self.known.credential.clone_from(id);
        }
        if let Some(session) = state.sessions.first() {
            self.known.session = session.id.to_string();
        }
        if let Some(browser) = state.remembered_browsers.first() {
            self.known.device = browser.id.to_string();
        }
    }

    fn fields(&self, route: &str) -> Vec<(String, String)> {
        let mut fields = self.known.fields(route);
        fields.push(("csrf".to_owned(), self.csrf.clone()));
        fields
    }
}

/// A pool in which there is something behind every route: alice administers it, and browsers can be remembered.
fn everything() -> Setup {
    let mut setup = Setup::default().administered();
    setup.settings.mfa.everybody.remember_days = Some(30);
    setup
}

fn path_of(route: &str, rp: &App, half: &Half, silent: bool) -> String {
    let concrete = half.known.path(route);
    match route {
        "/oidc/auth" if silent => rp.authorize_path(&[("prompt", "none")]),
        "/oidc/auth" => rp.authorize_path(&[]),
        _ => format!(
            "{concrete}?flow={0}&request={1}&token=none&trace={0}",
            half.known.flow, half.known.request
        ),
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
    for given in ["confirm-submit", "settings-mfa-toggle", "explained", "devices"] {
        assert!(page.left || !page.has_id(given), "{what} showed {given}");
    }
    let enrols = page.enrols();
    assert!(!enrols || page.url.contains("/login/"), "{what} began an enrolment at {}", page.url);
    assert!(!page.body.contains("access_token"), "{what}: {}", page.body);
    assert!(!page.headers.contains_key("content-disposition"), "{what} gave a copy: {}", page.body);
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
            half.knows(&before);
            let cookies = [SESSION, DEVICE].map(|name| half.browser.cookies.get(name).cloned());
            let path = path_of(route.path, &rp, &half, silent);
            let fields = match (route.path, path.split_once('?')) {
                ("/oidc/auth", Some((_, query))) => {
                    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
                }
                _ => half.fields(route.path),
            };
            let form = (*method == "post").then_some(fields.as_slice());
            let page = half.browser.send(&method.to_uppercase(), &path, form).await;
            assert_nothing_given(&what, &page);
            let page = half.browser.go_on(page).await;
            assert_nothing_given(&what, &page);
            let now = [SESSION, DEVICE].map(|name| half.browser.cookies.get(name).cloned());
            assert_eq!(now, cookies, "{what} set a session");
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
    let (server, mut owner, phone) = enrolled(everything()).await;
    server.add_user(BYSTANDER).await;
    let mut known = Known::default();
    known.credential.clone_from(&state(&server).await.credentials.first().unwrap().0);
    // What the walk looks for is there for somebody who came through both factors.
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/u") && route.methods.contains(&"get"))
    {
        let mut page = owner.get(&known.path(route.path)).await;
        if page.has_id("login-submit") {
            // What cannot be undone asks for the password of somebody who is inside as well.
            server.clock.advance(1);
            page = owner.log_in(&page, "alice", PASSWORD).await;
        }
        // A copy of one's data is a file.
        let inside = is_inside(&page) || page.headers.contains_key("content-disposition");
        assert!(inside || page.has_id("totp-secret"), "{} {}", route.path, page.body);
    }
    // Half a session gets nothing of a browser that is remembered, either.
    let (mut browser, page) = pending(&server).await;
    browser.answer_and_be_remembered(&page, &phone.code(&server.clock)).await;
    assert!(browser.cookies.contains_key(DEVICE) && state(&server).await.remembered_browsers.len() == 1);
    let code = server.rp().authorize(&mut owner, &[]).await;
    assert!(code.left && code.query().contains_key("code"), "{}", code.url);
    let walked = walk(&server, || Half::of_an_application(&server), false).await;
    assert_eq!(walked, all_routes());
    assert!(walked.len() > 65, "{}", walked.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_route_gives_anything_to_a_session_that_has_yet_to_enrol() {
    let mut setup = everything();
    setup.settings.mfa.everybody.mode = Some(MfaMode::Required);
    let server = setup.start().await;
    server.add_user(BYSTANDER).await;
    let walked = walk(&server, || Half::of_an_application(&server), false).await;
    assert_eq!(walked, all_routes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_route_gives_anything_to_a_session_from_before_the_factor() {
    let server = everything().start().await;
    server.add_user(BYSTANDER).await;
    let (mut old, mut owner) = (server.browser(), server.browser());
    old.sign_in("alice").await;
    owner.sign_in("alice").await;
    server.enrol(&mut owner).await;
    let half = || async {
        let mut browser = old.clone();
        let login = browser.get("/login?switch=1").await;
        let page = browser.get("/u").await;
        Half::at(browser, &login, &page)
    };
    // With a session of its own a browser may sign itself out, and nothing else. Giving the password again is
    // walked, too: it must not end in more than the second factor.
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
        &format!("/u/security/remove/{id}"),
        &format!("/u/security/remove/{id}/"),
        &format!("//u/security/remove/{id}"),
        &format!("/U/security/remove/{id}"),
        &format!("/u/security/./remove/{id}"),
        &format!("/u/security/%72emove/{id}"),
        &format!("/u/security/enrol/../remove/{id}"),
        "/u/security/disable",
        "/u/security/disable/",
        "/u/security/regenerate",
        "/u/settings/mfa",
        "/u/settings//mfa",
        "/u/settings/reset-factors",
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
            assert!(!is_inside(&page) && !page.enrols(), "{method} {path}");
            assert!(!browser.cookies.contains_key(SESSION), "{method} {path}");
        }
    }
    assert_eq!(state(&server).await, before);
}
