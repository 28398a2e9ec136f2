//! Forms that another site sends in the victim's name.

use crate::support::{Victim, changed, encoded, hidden, is_signed_in, rows};
use std::collections::BTreeSet;
use vestibule_web::ROUTES;

/// Cross-site by protocol: applications send these forms. What they may do is shown below.
const BY_PROTOCOL: [&str; 9] = [
    "/oidc/auth",
    "/oidc/device",
    "/oidc/par",
    "/oidc/register",
    "/oidc/token",
    "/oidc/introspect",
    "/oidc/revoke",
    "/oidc/me",
    "/oidc/session/end",
];

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

fn posts() -> Vec<(&'static str, bool)> {
    let posts = ROUTES.iter().filter(|route| route.methods.contains(&"post"));
    posts.map(|route| (route.path, route.methods.contains(&"get"))).collect()
}

fn own() -> Vec<&'static str> {
    posts().into_iter().map(|(path, _)| path).filter(|path| !BY_PROTOCOL.contains(path)).collect()
}

/// One forged request: what it tries, target, headers, body.
type Forgery = (&'static str, String, Vec<(&'static str, String)>, String);

/// Every shape of a forged post to a path.
fn forgeries(victim: &Victim, route: &str, foreign: &str) -> Vec<Forgery> {
    let path = victim.known.path(route);
    let origin = victim.server.pool().origin.as_str().to_owned();
    let form = || vec![("Content-Type", FORM.1.to_owned()), ("Origin", origin.clone())];
    let with = |name: &'static str, value: &str| {
        let mut headers = form();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.to_owned()));
        headers
    };
    let token = |csrf: &str| encoded(&victim.with_token(route, csrf));
    let (right, none) = (token(&victim.csrf), encoded(&victim.known.fields(route)));
    let json = serde_json::to_string(
        &victim.with_token(route, &victim.csrf).into_iter().collect::<std::collections::BTreeMap<_, _>>(),
    );
    let sites = |site: &str| {
        let mut headers = form();
        headers.push(("Sec-Fetch-Site", site.to_owned()));
        headers
    };
    let in_query = format!("{path}?csrf={}", victim.csrf);
    let twice = format!("{none}&csrf=x&csrf={}", victim.csrf);
    let mut cut = victim.csrf.clone();
    cut.pop();
    vec![
        ("no token", path.clone(), form(), none.clone()),
        ("an empty token", path.clone(), form(), token("")),
        ("a guessed token", path.clone(), form(), token("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
        ("a cut token", path.clone(), form(), token(&cut)),
        ("another browser's token", path.clone(), form(), token(foreign)),
        ("the token in the query", in_query, form(), none.clone()),
        ("two tokens", path.clone(), form(), twice),
        ("a foreign origin", path.clone(), with("Origin", "https://evil.example"), right.clone()),
        ("the origin null", path.clone(), with("Origin", "null"), right.clone()),
        (
            "an origin that begins alike",
            path.clone(),
            with("Origin", &format!("{origin}.evil.example")),
            right.clone(),
        ),
        (
            "the other pool's origin",
            path.clone(),
            with("Origin", victim.server.other().origin.as_str()),
            right.clone(),
        ),
        ("a cross-site fetch", path.clone(), sites("cross-site"), right.clone()),
        ("a same-site fetch", path.clone(), sites("same-site"), right.clone()),
        ("a fetch from nowhere", path.clone(), sites("none"), right.clone()),
        ("plain text", path.clone(), with("Content-Type", "text/plain"), right.clone()),
        (
            "plain text with a form in its parameters",
            path.clone(),
            with("Content-Type", "text/plain; application/x-www-form-urlencoded"),
            right.clone(),
        ),
        ("json", path.clone(), with("Content-Type", "application/json"), json.unwrap()),
        ("multipart", path.clone(), with("Content-Type", "multipart/form-data; boundary=x"), right.clone()),
        ("no content type", path, vec![("Origin", origin.clone())], right),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b14_no_route_takes_a_form_that_another_site_sent() {
    let victim = Victim::new().await;
    let foreign = hidden(&victim.server.browser().get("/login").await, "csrf");
    assert!(!foreign.is_empty() && foreign != victim.csrf);
    let before = rows(&victim.server).await;
    let commits = victim.server.app().store().counters().commits;
    let mut tried = BTreeSet::new();
    for path in own() {
        for (what, target, headers, body) in forgeries(&victim, path, &foreign) {
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = victim.send("POST", &target, &headers, &body).await;
            let expected = if what == "two tokens" { 400 } else { 403 };
            assert_eq!(answer.status, expected, "{what} at {path}: {}", answer.body);
            assert_eq!(answer.header("location"), None, "{what} at {path}");
        }
        tried.insert(path);
    }
    assert!(tried.len() >= 32, "{tried:?}");
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
    assert_eq!(victim.server.app().store().counters().commits, commits);
    assert!(is_signed_in(&victim.browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b14_a_token_without_its_browser_is_worth_nothing() {
    let mut victim = Victim::new().await;
    let before = rows(&victim.server).await;
    // The session alone, and the session with the cookie of a browser whose token is known to the attacker.
    let attacker = victim.server.browser().get("/login").await;
    let own_cookie = victim.browser.cookies.remove(crate::support::BROWSER).unwrap();
    for planted in [None, Some("attackers-own-choice"), Some(own_cookie.get(1..).unwrap())] {
        victim.browser.cookies.remove(crate::support::BROWSER);
        if let Some(planted) = planted {
            victim.browser.cookies.insert(crate::support::BROWSER.to_owned(), planted.to_owned());
        }
        for csrf in [&victim.csrf, &hidden(&attacker, "csrf")] {
            for path in own() {
                let body = encoded(&victim.with_token(path, csrf));
                let answer = victim.send("POST", &victim.known.path(path), &[FORM], &body).await;
                assert_eq!(answer.status, 403, "{path} {planted:?}: {}", answer.body);
            }
        }
    }
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b14_a_link_never_does_what_a_form_does() {
    let victim = Victim::new().await;
    // Pages of sign-ins and enrolments begin a challenge when they are opened; that is no harm. Opening pages is
    // noted in the sessions.
    let before = rows(&victim.server).await;
    for (path, has_get) in posts() {
        let query = encoded(&victim.with_token(path, &victim.csrf));
        let target = format!("{}?{query}", victim.known.path(path));
        for headers in [
            vec![],
            vec![
                ("X-HTTP-Method-Override", "POST"),
                ("X-HTTP-Method", "POST"),
                ("X-Method-Override", "POST"),
            ],
            vec![("Sec-Fetch-Site", "cross-site"), FORM],
        ] {
            for method in ["GET", "HEAD"] {
                let answer = victim.send(method, &target, &headers, "").await;
                if has_get {
                    assert!(answer.status < 500, "{path}: {}", answer.status);
                } else {
                    assert_eq!(answer.status, 405, "{method} {path}");
                }
            }
        }
    }
    let after = rows(&victim.server).await;
    assert_eq!(changed(&before, &after, &["ceremonies", "flows"]), Vec::<String>::new());
    assert!(is_signed_in(&victim.browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b14_the_same_forms_from_our_own_pages_are_taken() {
    // Without this, the tests above could pass because of anything.
    for path in own() {
        let victim = Victim::new().await;
        let before = rows(&victim.server).await;
        let origin = victim.server.pool().origin.as_str().to_owned();
        let headers = [FORM, ("Origin", origin.as_str()), ("Sec-Fetch-Site", "same-origin")];
        let body = encoded(&victim.with_token(path, &victim.csrf));
        let answer = victim.send("POST", &victim.known.path(path), &headers, &body).await;
        assert!(answer.status < 500 && answer.status != 403, "{path}: {} {}", answer.status, answer.body);
        let acts = [
            // A code that no device shows: that it was tried is written down.
            "/device",
            "/login",
            "/login/restart",
            "/login/cancel",
            "/login/factor",
            "/login/enrol/choose",
            "/login/factor/choose",
            "/login/register",
            "/login/reset",
            "/oidc/session/end/confirm",
            "/language",
            "/u/profile",
            "/u/profile/address/prove",
            "/u/password",
            "/u/sessions/revoke",
            "/u/sessions/revoke-others",
            "/u/apps/revoke",
            "/u/sign-out",
            "/u/security/rename",
            "/u/sessions/forget",
            "/u/security/remove/{credential}",
            "/u/security/disable",
            "/u/security/regenerate",
            "/u/settings/mfa",
            "/u/settings/reset-factors",
            "/u/settings/address",
        ];
        let changed = changed(&before, &rows(&victim.server).await, &[]);
        if path == "/u/security/enrol/{kind}" {
            // It was taken: the answer is that there is no such challenge, and a new one waits behind the redirect.
            assert!(answer.header("location").is_some_and(|to| to.contains("said=")), "{}", answer.status);
        }
        assert_eq!(!changed.is_empty(), acts.contains(&path), "{path}: {} {changed:?}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b14_what_applications_may_send_does_no_harm() {
    let victim = Victim::new().await;
    let before = rows(&victim.server).await;
    let foreign = [FORM, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")];
    let rp = victim.server.rp();
    // The victim's cookies are no authentication of an application, nor of a token's owner.
    for form in [
        "grant_type=authorization_code&code=x&redirect_uri=x&code_verifier=x",
        "grant_type=refresh_token&refresh_token=x&client_id=app",
        "",
    ] {
        let answer = victim.send("POST", "/oidc/token", &foreign, form).await;
        assert!([400, 401].contains(&answer.status), "{}", answer.status);
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("set-cookie"), None);
    }
    for method in ["GET", "POST"] {
        let answer = victim.send(method, "/oidc/me", &foreign, "").await;
        assert_eq!((answer.status, answer.body.as_str()), (401, ""));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    // Ending a session asks, wherever the wish comes from.
    for (method, target, body) in [
        ("POST", "/oidc/session/end", "client_id=app&decision=confirm"),
        ("GET", "/oidc/session/end?client_id=app&decision=confirm", ""),
    ] {
        let answer = victim.send(method, target, &foreign, body).await;
        assert!([200, 303].contains(&answer.status), "{}", answer.status);
        assert_eq!(answer.header("set-cookie"), None);
    }
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
    // An authorization request leads to the registered address of the application and to nowhere else.
    let query = rp.authorize_path(&[]).split_once('?').unwrap().1.to_owned();
    let answer = victim.send("POST", "/oidc/auth", &foreign, &query).await;
    assert_eq!(answer.status, 303);
    let location = answer.header("location").unwrap().to_owned();
    assert!(location.starts_with("/oidc/auth?"), "{location}");
    let answer = victim.send("GET", &location, &foreign[1..], "").await;
    assert!(answer.header("location").unwrap().starts_with("http://127.0.0.1:9/callback?code="));
    let evil = query.replace("127.0.0.1%3A9", "evil.example");
    assert_ne!(evil, query);
    let answer = victim.send("GET", &format!("/oidc/auth?{evil}"), &foreign[1..], "").await;
    assert_eq!((answer.status, answer.header("location")), (400, None));
    assert!(is_signed_in(&victim.browser).await);
}
