//! Markup and template syntax in everything that anybody can write, on pages and in mails.

use crate::{
    pages::assert_inert,
    support::{encoded, exchange, fields, hidden, request},
};
use vestibule_tests::{Browser, Known, Page, Server, Setup, concrete};

/// Breaks out of attributes, elements, scripts, comments, and calculates in every template language.
const EVIL: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>--></title></textarea>{{7*7}}{{1337*7331}}${1337*7331}#{1337*7331}<%=1337*7331%>{%print(1337*7331)%}";

/// Short enough for a factor's name, and another for a display name.
const SHORT: &str = "<b onclick=x>\"'{{1337*7331}}<script>";

fn assert_harmless(what: &str, page: &Page) {
    assert!(!page.status.is_server_error(), "{what}: {}", page.status);
    if page.left {
        return;
    }
    assert_text_harmless(what, &page.body);
}

fn assert_text_harmless(what: &str, body: &str) {
    assert_inert(what, body);
    assert!(!body.contains("9801547"), "{what}: a template was evaluated\n{body}");
    for raw in ["<script>alert", "<img src=x", "<b onclick", "</title></textarea>"] {
        assert!(!body.contains(raw), "{what}: {raw}\n{body}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_markup_in_any_parameter_of_any_address_stays_text() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let names = [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "prompt",
        "display",
        "login_hint",
        "ui_locales",
        "claims_locales",
        "acr_values",
        "max_age",
        "id_token_hint",
        "claims",
        "request",
        "request_uri",
        "registration",
        EVIL,
    ];
    for name in names {
        for value in [EVIL, "javascript:alert(1)//{{1337*7331}}"] {
            let page = rp.authorize(&mut server.browser(), &[(name, value)]).await;
            assert_harmless(&format!("authorize {name}"), &page);
        }
    }
    let evil = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>();
    for path in [
        "/login",
        "/login/resume",
        "/login/consent",
        "/login/recovered",
        "/login/factor",
        "/login/enrol",
        "/login/codes",
        "/login/codes/continue",
        "/login/register",
        "/login/register/complete",
        "/login/reset",
        "/login/reset/complete",
        "/oidc/session/end",
        "/u",
        "/u/profile",
        "/u/security/enrol/totp",
        "/u/security/remove",
        "/u/settings/explain",
        "/nowhere",
    ] {
        for (who, mut browser) in [("stranger", server.browser()), ("alice", signed_in(&server).await)] {
            for name in [
                "request",
                "flow",
                "token",
                "switch",
                "client_id",
                "post_logout_redirect_uri",
                "state",
                "id_token_hint",
                "trace",
                &evil,
            ] {
                let page = browser.get(&format!("{path}?{name}={evil}")).await;
                assert_harmless(&format!("{path} {name} {who}"), &page);
            }
            let page = browser.get(&format!("{path}/{evil}")).await;
            assert_harmless(&format!("{path}/… {who}"), &page);
        }
    }
}

async fn signed_in(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_markup_in_any_field_of_any_form_stays_text() {
    let server = Setup::default().start().await;
    for (who, mut browser) in [("stranger", server.browser()), ("alice", signed_in(&server).await)] {
        let login = browser.get("/login?switch=1").await;
        for route in vestibule_web::ROUTES.iter().filter(|route| route.methods.contains(&"post")) {
            if route.path.starts_with("/oidc/") || route.path == "/u/sign-out" {
                continue;
            }
            let mut form = login.form_of("#login-submit");
            form.action = concrete(route.path);
            for name in Known::names().iter().filter(|name| *name != "request") {
                form = form.forged(name, EVIL);
            }
            let page = browser.submit(form.clone()).await;
            assert_harmless(&format!("{} {who}", route.path), &page);
            let page = browser.submit(form.forged("request", EVIL)).await;
            assert_harmless(&format!("{} {who}", route.path), &page);
        }
    }
    // What was typed is shown again, as text.
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let page = browser.log_in(&page, EVIL, "wrong").await;
    assert_harmless("login", &page);
    let shown = page.attribute("#username", "value").unwrap();
    assert_eq!(shown, EVIL.chars().take(254).collect::<String>());
    let page = browser.get("/login/register").await;
    let page = browser.submit(page.form_of("#register-submit").with("email", EVIL)).await;
    assert_harmless("register", &page);
    assert_eq!(page.attribute("#email", "value").unwrap(), EVIL.chars().take(254).collect::<String>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_what_a_user_calls_herself_and_her_phone_stays_text() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    browser.headers.push(("user-agent".to_owned(), SHORT.to_owned()));
    let page = browser.get("/u/profile").await;
    let name = &EVIL[..120];
    let page = browser.submit(page.form("/u/profile").with("name", name)).await;
    assert_harmless("profile", &page);
    assert_eq!(page.attribute("#name", "value").as_deref(), Some(name));
    assert_eq!(page.text(".bar-name"), name);
    let page = browser.get("/u/security/enrol/totp").await;
    let secret: String = page.text("#totp-secret").split_whitespace().collect();
    let code = vestibule_tests::Authenticator { secret, codes: Vec::new() }.code(&server.clock);
    let form = page.form_of("#enrol-submit").with("label", SHORT).with("code", &code);
    let page = browser.submit(form).await;
    assert!(page.has_id("recovery-codes"), "{}", page.body);
    assert_harmless("recovery codes", &page);
    server.clock.advance(60);
    let page = browser.get("/u/security").await;
    assert_harmless("security", &page);
    assert_eq!(page.text("#factors h3"), SHORT);
    let renamed = SHORT.replace("onclick", "onkeyup");
    let page = browser.submit(page.form("/u/security/rename").with("label", &renamed)).await;
    assert_eq!(page.text("#factors h3"), renamed);
    let id = hidden(&browser.get("/u/security").await, "credential");
    let removal = format!("/u/security/remove/{id}");
    for path in [
        "/u",
        "/u/profile",
        "/u/password",
        "/u/sessions",
        "/u/apps",
        "/u/security",
        "/u/security/disable",
        &removal,
    ] {
        assert_harmless(path, &browser.get(path).await);
    }
    let page = browser.get("/u/sessions").await;
    assert!(page.text("#sessions h2").contains("<b onclick=x>"), "{}", page.text("#sessions h2"));
    // The mail about the phone names it, as text.
    let mails = server.mails().await;
    let mail = mails.iter().find(|mail| mail.text.contains(SHORT)).expect("a mail that names the factor");
    assert!(!mail.html.contains("<b onclick") && !mail.html.contains("9801547"), "{}", mail.html);
    assert!(mail.html.contains("&lt;b onclick"), "{}", mail.html);
    assert!(mails.iter().all(|mail| !mail.subject.contains(['\r', '\n'])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_what_a_tenant_calls_an_application_and_a_pool_stays_text() {
    let mut setup = Setup::default().client(|client| {
        client.name = EVIL.to_owned();
        client.first_party = false;
    });
    setup.main = ("main.localhost", SHORT);
    let server = setup.start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    assert_harmless("login", &page);
    // Texts set what they quote apart by invisible marks.
    let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
    assert!(plain(page.text(".lead")).contains("<script>alert(1)</script>"), "{}", page.text(".lead"));
    let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
    assert!(page.has_id("consent-allow"));
    assert_harmless("consent", &page);
    assert!(plain(page.text("main")).contains("<img src=x onerror=alert(1)>"));
    let page = browser.submit(page.form_of("#consent-allow")).await;
    assert!(page.left);
    for path in ["/u/apps", "/u", "/u/security/enrol/totp", "/oidc/session/end?client_id=app"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_harmless(path, &page);
    }
    let phone = server.enrol(&mut browser).await;
    let mut other = server.browser();
    let page = rp.authorize(&mut other, &[("acr_values", "urn:vestibule:acr:mfa")]).await;
    let page = other.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
    assert!(page.has_id("otp"));
    assert_harmless("second factor", &page);
    assert!(!phone.secret.is_empty());
    let page = other.get("/login/register").await;
    other.submit(page.form_of("#register-submit").with("email", "new@example.test")).await;
    for mail in server.mails().await {
        assert!(!mail.html.contains("<b onclick") && !mail.html.contains("<script"), "{}", mail.html);
        assert!(!mail.html.contains("9801547") && !mail.text.contains("9801547"));
        assert!(mail.html.contains("&lt;b onclick"), "{}", mail.html);
        assert!(!mail.subject.contains(['\r', '\n']));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_what_goes_back_to_the_application_is_a_value_and_no_more() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), signed_in(&server).await);
    for state in [EVIL, "a\r\nSet-Cookie: x=y", "a&code=evil&iss=evil#fragment", "ü€😀%00", "\u{202e}"] {
        let page = rp.authorize(&mut browser, &[("state", state), ("prompt", "none")]).await;
        let callback = rp.callback(&page);
        assert_eq!(callback.0.get("state").map(String::as_str), Some(state));
        assert_ne!(callback.code(), "evil");
        assert!(page.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", page.url);
        assert!(!page.headers.contains_key("set-cookie"));
        let page = rp.authorize(&mut browser, &[("state", state), ("prompt", "none"), ("scope", EVIL)]).await;
        let callback = rp.callback(&page);
        assert!(callback.error().is_some());
        assert_eq!(callback.0.get("state").map(String::as_str), Some(state));
    }
    let tokens = rp.verified(&rp.silent(&mut browser, &[("nonce", "the-nonce")]).await).await;
    assert_eq!(tokens.claims()["nonce"], "the-nonce");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b16_no_header_of_a_request_gets_into_a_link_or_a_mail() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let page = browser.get("/login/reset").await;
    let form = fields(&[("csrf", &hidden(&page, "csrf")), ("identifier", "alice")]);
    let cookies = crate::support::cookies(&browser);
    let headers = [
        ("Host", server.pool().origin.authority()),
        ("Cookie", &cookies),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Server", "evil.example"),
        ("X-Host", "evil.example"),
        ("X-Original-URL", "/evil"),
        ("X-Rewrite-URL", "/evil"),
        ("Forwarded", "for=1.2.3.4;host=evil.example;proto=https"),
        ("X-Request-Id", "<script>alert(1)</script>"),
        ("Accept-Language", "<script>alert(1)</script>"),
        ("Referer", "https://evil.example/<script>"),
    ];
    let answer =
        exchange(server.address(0), &request("POST", "/login/reset", &headers, encoded(&form).as_bytes()))
            .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = answer.header("location").unwrap().to_owned();
    assert!(page.starts_with("/login/reset?said="), "{page}");
    assert_text_harmless("where the reset leads", &format!("{:?}", answer.headers));
    let answer = exchange(server.address(0), &request("GET", &page, &headers, &[])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_text_harmless("reset", &answer.body);
    assert!(!answer.body.contains("evil.example"));
    assert_ne!(answer.header("x-request-id"), Some("<script>alert(1)</script>"));
    let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
    assert!(link.starts_with(server.pool().origin.as_str()), "{link}");
    for mail in server.mails().await {
        assert!(!mail.html.contains("evil.example") && !mail.text.contains("evil.example"));
    }
    let answer =
        exchange(server.address(0), &request("GET", "/oidc/.well-known/openid-configuration", &headers, b""))
            .await;
    assert!(!answer.body.contains("evil.example"));
}
