//! What every answer carries: no framing, no foreign or inline code, no copy in any cache.

use crate::support::{Answer, Victim, cookies, encoded, enrolled, exchange, hidden, pending, request};
use std::collections::BTreeSet;
use vestibule_domain::MfaMode;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup};
use vestibule_web::ROUTES;

/// Answers that are the same for everybody, and may be kept.
const PUBLIC: [&str; 7] = [
    "/healthz",
    "/favicon.ico",
    "/assets/pool.css",
    "/assets/{hash}/{name}",
    "/oidc/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server/oidc",
    "/oidc/jwks",
];

fn directives(policy: &str) -> Vec<(String, Vec<String>)> {
    let one = |directive: &str| {
        let mut words = directive.split_whitespace().map(str::to_owned);
        words.next().map(|name| (name, words.collect()))
    };
    policy.split(';').filter_map(one).collect()
}

/// The policy of an answer lets nobody frame it and runs nothing that is not a file of ours.
fn assert_guarded(what: &str, header: impl Fn(&str) -> Option<String>, body: &str) {
    let policy = header("content-security-policy").unwrap_or_else(|| panic!("{what} has no policy"));
    let all = directives(&policy);
    let get = |name: &str| all.iter().find(|(known, _)| known == name).map(|(_, sources)| sources.clone());
    let none = Some(vec!["'none'".to_owned()]);
    assert_eq!(get("frame-ancestors"), none, "{what}: {policy}");
    assert_eq!(get("default-src"), none, "{what}: {policy}");
    assert_eq!(get("base-uri"), none, "{what}: {policy}");
    for (name, sources) in &all {
        let loose = |source: &String| {
            source.contains("unsafe")
                || source == "*"
                || source == "data:"
                || source == "blob:"
                || source == "http:"
        };
        assert!(!sources.iter().any(loose), "{what}: {name} {sources:?}");
        if name.ends_with("-src") && name != "default-src" {
            assert_eq!(sources, &["'self'"], "{what}: {name}");
        }
    }
    assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{what}");
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{what}");
    assert!(header("referrer-policy").is_some_and(|value| ["same-origin", "no-referrer"].contains(&&*value)));
    let opener = header("cross-origin-opener-policy");
    match opener.as_deref() {
        Some("same-origin") => {}
        // The way to an application, and redirects, which show nothing.
        Some("unsafe-none") => {
            let on_the_way =
                header("location").is_some() || ["/login", "/oidc"].iter().any(|at| what.contains(at));
            assert!(on_the_way, "{what}: {opener:?}");
        }
        other => panic!("{what}: {other:?}"),
    }
    assert!(header("strict-transport-security").is_some(), "{what}");
    let html = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if html {
        assert_inert(what, body);
    }
}

/// A page that works under the policy: no inline script, style or handler, nothing from elsewhere.
pub(crate) fn assert_inert(what: &str, body: &str) {
    let document = scraper::Html::parse_document(body);
    let every = scraper::Selector::parse("*").unwrap();
    for element in document.select(&every).map(|element| (element.value(), element)) {
        let (value, element) = element;
        for (name, content) in value.attrs() {
            assert!(!name.starts_with("on") && name != "style", "{what}: {}", element.html());
            let link = ["href", "src", "action", "formaction", "xlink:href", "data"].contains(&name);
            let lower: String = content.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
            let code = lower.starts_with("javascript:")
                || lower.starts_with("data:")
                || lower.starts_with("vbscript:");
            assert!(!(link && code), "{what}: {}", element.html());
        }
        match value.name() {
            "script" => {
                assert!(
                    value.attr("src").is_some_and(|src| src.starts_with("/assets/")),
                    "{what}: {}",
                    element.html()
                );
                assert!(element.text().collect::<String>().trim().is_empty(), "{what}");
            }
            "style" | "iframe" | "object" | "embed" | "base" | "frame" => {
                panic!("{what}: {}", element.html())
            }
            "meta" => assert!(value.attr("http-equiv").is_none(), "{what}: {}", element.html()),
            _ => {}
        }
    }
}

fn assert_private(what: &str, header: impl Fn(&str) -> Option<String>) {
    assert_eq!(header("cache-control").as_deref(), Some("no-store"), "{what}");
}

fn assert_cookies(what: &str, set: &[&str]) {
    for cookie in set {
        let lower = cookie.to_lowercase();
        for attribute in ["; path=/", "; httponly", "; samesite=lax"] {
            assert!(lower.contains(attribute), "{what}: {cookie}");
        }
        assert!(!lower.contains("domain="), "{what}: {cookie}");
    }
}

/// Everything at once about one answer.
fn assert_answer(what: &str, answer: &Answer, public: bool) {
    let header = |name: &str| answer.header(name).map(str::to_owned);
    assert_guarded(what, header, &answer.body);
    let set: Vec<&str> =
        answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| &**value).collect();
    assert_cookies(what, &set);
    if public {
        assert!(set.is_empty(), "{what} is public and sets a cookie");
    } else {
        assert_private(what, header);
    }
}

fn assert_page(what: &str, page: &Page) {
    let header = |name: &str| page.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_guarded(what, header, &page.body);
    assert_private(what, header);
}

async fn at(server: &Server, browser: &Browser, method: &str, target: &str, body: &str) -> Answer {
    let (host, cookies) = (server.pool().origin.authority(), cookies(browser));
    let mut headers = vec![("Host", host), ("Content-Type", "application/x-www-form-urlencoded")];
    if !cookies.is_empty() {
        headers.push(("Cookie", &cookies));
    }
    exchange(server.address(0), &request(method, target, &headers, body.as_bytes())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b15_and_b19_every_route_in_every_state_is_guarded_and_kept_by_nobody() {
    let victim = Victim::new().await;
    let (server, mut half) = (&victim.server, pending(&victim.server, 0).await);
    let visitors = [
        ("a stranger", server.browser()),
        ("half a session", half.0.clone()),
        ("alice", victim.browser.clone()),
    ];
    let flow = hidden(&half.1, "flow");
    half.0.get("/login").await;
    let css = half.1.attribute("link[rel=stylesheet]", "href").unwrap();
    let mut walked = BTreeSet::new();
    for (who, browser) in visitors {
        for route in ROUTES {
            for method in route.methods {
                let concrete = match route.path {
                    "/assets/{hash}/{name}" => css.clone(),
                    path => format!("{}?flow={flow}&token=x&trace={flow}", victim.known.path(path)),
                };
                for (target, body) in [
                    (concrete.clone(), String::new()),
                    (concrete, encoded(&victim.with_token(route.path, "wrong"))),
                ] {
                    let what = format!("{method} {target} by {who}");
                    let answer = at(server, &browser, &method.to_uppercase(), &target, &body).await;
                    assert!((200..500).contains(&answer.status), "{what}: {}", answer.status);
                    let public = PUBLIC.contains(&route.path) || *method == "options";
                    assert_answer(&what, &answer, public);
                }
                walked.insert((route.path, *method));
            }
        }
        // What is not in the table.
        for (method, target) in
            [("GET", "/nowhere"), ("DELETE", "/u"), ("PUT", "/login"), ("GET", "/u/security/enrol/none")]
        {
            let answer = at(server, &browser, method, target, "").await;
            assert!((300..500).contains(&answer.status), "{method} {target}: {}", answer.status);
            assert_answer(&format!("{method} {target} by {who}"), &answer, false);
        }
    }
    assert!(walked.len() >= 75, "{}", walked.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b15_and_b19_every_page_that_a_person_comes_across_is_guarded() {
    let server = Setup::default().administered().client(|client| client.first_party = false).start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let mut seen = BTreeSet::new();
    let mut check = |page: &Page| {
        assert!(
            page.headers
                .get("content-type")
                .is_some_and(|kind| kind.to_str().unwrap().starts_with("text/html")),
            "{} {}",
            page.status,
            page.url
        );
        assert_page(&page.url, page);
        seen.insert(page.text("h1"));
    };
    let login = rp.authorize(&mut browser, &[]).await;
    check(&login);
    check(&browser.log_in(&login, "alice", "wrong").await);
    let consent = browser.log_in(&login, "alice", PASSWORD).await;
    check(&consent);
    let page = browser.submit(consent.form_of("#consent-allow")).await;
    assert!(rp.callback(&page).0.contains_key("code"));
    for path in [
        "/u",
        "/u/profile",
        "/u/password",
        "/u/security",
        "/u/security/enable",
        "/u/sessions",
        "/u/apps",
        "/u/settings",
        "/u/settings/explain?trace=x",
        "/u/security/enrol/totp",
        "/u/security/enrol/passkey",
        "/login",
        "/login/register",
        "/login/reset",
        "/nowhere",
        "/oidc/auth",
        "/oidc/session/end",
        "/login/register/complete?token=x",
        "/login/consent?request=x",
    ] {
        check(&browser.get(path).await);
    }
    let page = browser.get("/u/security/enrol/totp").await;
    let (phone, page) = browser.finish_enrolment(&page, &server.clock).await;
    check(&page);
    server.clock.advance(30);
    for path in ["/u/security/disable", "/u/security/regenerate", "/u/security"] {
        let page = browser.get(path).await;
        check(&page);
        if let Some(remove) = page.attribute(".remove-factor", "href") {
            check(&browser.get(&remove).await);
        }
    }
    let (mut half, page) = pending(&server, 0).await;
    check(&page);
    check(&half.answer(&page, &phone.wrong_code(&server.clock)).await);
    let mut stranger = server.browser();
    for (path, button, field, value) in [
        ("/login/register", "#register-submit", "email", "new@example.test"),
        ("/login/reset", "#reset-submit", "identifier", "alice"),
    ] {
        let page = stranger.get(path).await;
        check(&stranger.submit(page.form_of(button).with(field, value)).await);
    }
    for (to, about) in
        [("new@example.test", "/login/register/complete"), ("alice@example.test", "/login/reset/complete")]
    {
        let link = server.mailed_link(to, about).await.unwrap();
        check(&stranger.get(&link).await);
    }
    let page = browser.get("/u").await;
    check(&browser.submit(page.form("/u/sign-out")).await);
    assert!(seen.len() >= 24, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b15_forced_enrolment_is_guarded_too() {
    let server = Setup::default().mfa(MfaMode::Required).start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert_page(&format!("the choice {}", page.url), &page);
    let page = browser.to_totp(&page).await;
    assert_page(&format!("enrolment {}", page.url), &page);
    let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
    assert!(page.has_id("recovery-codes"));
    assert_page(&format!("the codes {}", page.url), &page);
    let again = browser.get(&format!("/login/codes?flow={}", hidden(&page, "flow"))).await;
    assert_page(&format!("the codes again {}", again.url), &again);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b19_tokens_and_claims_are_kept_by_nobody() {
    let (server, mut browser, _) = enrolled(Setup::default()).await;
    let rp = server.rp();
    let code = rp.silent(&mut browser, &[]).await.code();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &rp.redirect_uri),
            ("code_verifier", vestibule_tests::VERIFIER),
            ("client_id", "app"),
            ("client_secret", "wrong"),
        ])
        .finish();
    let answer = at(&server, &server.browser(), "POST", "/oidc/token", &body).await;
    assert_eq!(answer.status, 401);
    assert_answer("a refused token request", &answer, false);
    let tokens = rp.exchange(&code).await;
    let bearer = format!("Bearer {}", tokens.text("access_token"));
    let headers = [("Host", server.pool().origin.authority()), ("Authorization", &bearer)];
    let answer = exchange(server.address(0), &request("GET", "/oidc/me", &headers, b"")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("alice"));
    assert_answer("userinfo", &answer, false);
    let mut client = rp.browser.clone();
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("app:{}", rp.secret.as_ref().unwrap()),
    );
    client.headers.push(("authorization".to_owned(), format!("Basic {basic}")));
    let fields = crate::support::fields(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", &tokens.text("refresh_token")),
    ]);
    let page = client.send("POST", "/oidc/token", Some(&fields)).await;
    assert!(page.status == 200 && page.body.contains("access_token"), "{}", page.body);
    assert_page("tokens", &page);
}
