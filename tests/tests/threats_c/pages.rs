//! C17, C19: a sign-in belongs to the browser that began it, and every answer says which issuer it is from.

use crate::support::{enrolled, essential, named, with_phone};
use vestibule_domain::{GrantType, MfaMode};
use vestibule_tests::{App, Browser, Callback, PASSWORD, Page, Server, Setup};

/// An application that belongs to somebody else, and alice's browser on its consent page.
async fn consenting(server: &Server) -> (App, Browser, Page) {
    server.add_client("foreign", |client| client.first_party = false).await;
    let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
    (rp, browser, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c17_the_consent_page_of_a_victim_opens_in_no_other_browser() {
    let server = Setup::default().start().await;
    server.add_user("mallory").await;
    let (rp, mut alice, page) = consenting(&server).await;
    let form = page.form_of("#consent-allow");
    let (mut stranger, mut mallory, mut again) = (server.browser(), server.browser(), server.browser());
    mallory.sign_in("mallory").await;
    // Even alice herself, when she sits at another browser.
    again.sign_in("alice").await;
    for other in [&mut stranger, &mut mallory, &mut again] {
        let shown = other.send("GET", &page.url, None).await;
        assert_eq!(shown.status, 400, "{}", shown.body);
        assert!(!shown.has_id("consent-allow") && !shown.body.contains("alice"), "{}", shown.body);
        // Her form with a token of theirs.
        let own = other.get("/login?switch=1").await.form_of("#login-submit");
        for decision in ["allow", "deny", ""] {
            let forged = form.clone().forged("decision", decision);
            let forged = forged.forged("csrf", own.value("csrf").unwrap());
            let answer = other.submit(forged).await;
            assert!(!answer.left && answer.status.is_client_error(), "{decision} {}", answer.url);
        }
        assert_eq!(other.post(&form).await.status, 403);
        let resume = page.url.replace("/login/consent", "/login/resume");
        let answer = other.get(&resume).await;
        assert!(!answer.left && !answer.has_id("consent-allow"), "{} {}", answer.url, answer.body);
    }
    let alice_id = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
    assert!(server.rows().consent(alice_id, "foreign").await.unwrap().is_none());
    assert!(server.rows().grants_of(alice_id).await.unwrap().is_empty());
    // It is hers still.
    let page = alice.submit(form).await;
    rp.verified(&rp.callback(&page)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c17_a_stolen_request_and_browser_cookie_are_not_a_session() {
    let server = Setup::default().start().await;
    let (_, alice, page) = consenting(&server).await;
    let mut thief = alice.thief();
    thief.cookies.remove("vestibule").unwrap();
    let shown = thief.get(&page.url).await;
    assert!(shown.has_id("login-submit") && !shown.has_id("consent-allow"), "{}", shown.body);
    let answer = thief.submit(page.form_of("#consent-allow")).await;
    assert!(!answer.left && answer.has_id("login-submit"), "{} {}", answer.url, answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c17_consent_cannot_be_had_before_the_doors_are_open() {
    let (server, _, _) = enrolled(Setup::default()).await;
    server.add_client("foreign", |client| client.first_party = false).await;
    let (rp, mut thief) = (named(&server.rp(), "foreign"), server.browser());
    let page = rp.authorize(&mut thief, &[]).await;
    let login = page.form_of("#login-submit");
    let allow = |login: &vestibule_tests::Form| {
        let mut form = login.clone().forged("decision", "allow");
        form.action = "/login/consent".to_owned();
        form
    };
    let answer = thief.submit(allow(&login)).await;
    assert!(!answer.left && answer.has_id("login-submit"), "{}", answer.url);
    let page = thief.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("otp"));
    let answer = thief.submit(allow(&login)).await;
    assert!(!answer.left && !answer.has_id("consent-allow"), "{} {}", answer.url, answer.body);
    // A session that stands, for a request that wants more than it has.
    server.add_user("bob").await;
    let mut bob = server.browser();
    bob.sign_in("bob").await;
    server.clock.advance(1);
    let page = rp.authorize(&mut bob, &[("prompt", "login")]).await;
    let answer = bob.submit(allow(&page.form_of("#login-submit"))).await;
    assert!(!answer.left && answer.has_id("login-submit"), "{} {}", answer.url, answer.body);
}

/// Who asks, with which parameters, and the error.
type Case<'a> = (&'a App, &'a [(&'a str, &'a str)], Option<&'a str>);

/// What every answer carries.
fn complete(server: &Server, callback: &Callback, error: Option<&str>, page: &str) {
    assert_eq!(callback.error(), error, "{page}");
    assert_eq!(callback.0.contains_key("code"), error.is_none(), "{page}");
    assert_eq!(callback.0.get("iss"), Some(&server.pool().origin.issuer()), "{page}");
    assert_eq!(callback.0.get("state").map(String::as_str), Some("the-state"), "{page}");
    for once in ["iss=", "state=", "error=", "code="] {
        let count = page.split(['?', '&']).filter(|pair| pair.starts_with(once)).count();
        assert!(count <= 1, "{once} {page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c19_every_answer_names_the_issuer_errors_too() {
    let server = Setup::default().start().await;
    server.add_client("foreign", |client| client.first_party = false).await;
    server.add_client("codeless", |client| client.grants = vec![GrantType::RefreshToken]).await;
    let rp = server.rp();
    let (foreign, codeless) = (named(&rp, "foreign"), named(&rp, "codeless"));
    let mut alice = server.browser();
    let page = rp.authorize(&mut alice, &[]).await;
    let page = alice.log_in(&page, "alice", PASSWORD).await;
    complete(&server, &rp.callback(&page), None, &page.url);
    let (phr, unknown) = (essential(&["phr"]), essential(&["urn:nobody:knows:this"]));
    let cases: [Case<'_>; 18] = [
        (&rp, &[("prompt", "none")], None),
        (&rp, &[("response_type", "token")], Some("unsupported_response_type")),
        (&rp, &[("response_type", "")], Some("invalid_request")),
        (&rp, &[("scope", "admin")], Some("invalid_scope")),
        (&rp, &[("scope", "OPENID")], Some("invalid_scope")),
        (&rp, &[("code_challenge", "")], Some("invalid_request")),
        (&rp, &[("response_mode", "fragment")], Some("invalid_request")),
        (&rp, &[("prompt", "none login")], Some("invalid_request")),
        (&rp, &[("max_age", "-1")], Some("invalid_request")),
        (&rp, &[("claims", "{")], Some("invalid_request")),
        (&rp, &[("id_token_hint", "x.y.z")], Some("invalid_request")),
        (&rp, &[("request", "x")], Some("invalid_request_object")),
        (&rp, &[("request_uri", "https://x.example/")], Some("invalid_request_uri")),
        (&rp, &[("registration", "{}")], Some("registration_not_supported")),
        (&rp, &[("claims", &unknown)], Some("unmet_authentication_requirements")),
        (&rp, &[("claims", &phr), ("prompt", "none")], Some("interaction_required")),
        (&foreign, &[("prompt", "none")], Some("consent_required")),
        (&codeless, &[], Some("unauthorized_client")),
    ];
    for (rp, extra, error) in cases {
        let page = rp.authorize(&mut alice, extra).await;
        complete(&server, &rp.callback(&page), error, &page.url);
    }
    let mut stranger = server.browser();
    let page = rp.authorize(&mut stranger, &[("prompt", "none")]).await;
    complete(&server, &rp.callback(&page), Some("login_required"), &page.url);
    let page = rp.authorize(&mut stranger, &[]).await;
    let page = stranger.submit(page.form_of("#cancel")).await;
    complete(&server, &rp.callback(&page), Some("access_denied"), &page.url);
    let page = foreign.authorize(&mut alice, &[]).await;
    let page = alice.submit(page.form_of("#consent-deny")).await;
    complete(&server, &rp.callback(&page), Some("access_denied"), &page.url);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c19_the_issuer_is_named_behind_the_second_door_and_in_addresses_with_a_query() {
    let (server, mut owner, phone) = enrolled(Setup::default()).await;
    let uri = "https://app.example/cb?tenant=1";
    server.add_client("web", |client| client.redirect_uris = vec![uri.to_owned()]).await;
    let mut rp = named(&server.rp(), "web");
    uri.clone_into(&mut rp.redirect_uri);
    let (_, page) = with_phone(&server, &rp, &phone, &[]).await;
    complete(&server, &rp.callback(&page), None, &page.url);
    assert_eq!(page.query().get("tenant").map(String::as_str), Some("1"));
    let page = rp.authorize(&mut owner, &[("prompt", "none"), ("acr_values", "urn:vestibule:acr:mfa")]).await;
    complete(&server, &rp.callback(&page), Some("interaction_required"), &page.url);
    assert_eq!(page.query().get("tenant").map(String::as_str), Some("1"));
    let mut quitter = server.browser();
    let page = rp.authorize(&mut quitter, &[]).await;
    let page = quitter.log_in(&page, "alice", PASSWORD).await;
    let page = quitter.submit(page.form_of("#cancel")).await;
    complete(&server, &rp.callback(&page), Some("access_denied"), &page.url);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c19_two_pools_never_speak_for_each_other() {
    let server = Setup::default().mfa(MfaMode::Optional).start().await;
    let (here, there) = (server.rp(), server.rp_at(0, &server.other().origin));
    let mut issuers = Vec::new();
    for (rp, origin) in [(&here, &server.pool().origin), (&there, &server.other().origin)] {
        let mut browser = server.browser_at(0, origin);
        // What a client claims about the host is not believed.
        browser.headers.push(("x-forwarded-host".to_owned(), "evil.example".to_owned()));
        browser.headers.push(("forwarded".to_owned(), "host=evil.example".to_owned()));
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let callback = rp.callback(&page);
        let claims = rp.verified(&callback).await.claims();
        assert_eq!(claims["iss"], callback.0["iss"].as_str());
        issuers.push(callback.0["iss"].clone());
    }
    assert_ne!(issuers.first(), issuers.last());
}
