//! Authorization requests that are pushed (RFC 9126) or signed (RFC 9101), and answers that are signed (JARM).

use crate::support::{Document, named};
use serde_json::{Value, json};
use vestibule_domain::{Client, Strictness};
use vestibule_jose::{Alg, Typ};
use vestibule_tests::{App, Browser, Server, Setup, Signer, Tokens, challenge, on_every_engine, payload};

fn form<'a>(rp: &'a App, challenge: &'a str, extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    form.retain(|(known, _)| extra.iter().all(|(name, _)| known != name));
    form.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    form
}

async fn push(rp: &App, extra: &[(&str, &str)]) -> Tokens {
    let challenge = challenge();
    rp.post("/oidc/par", &form(rp, &challenge, extra)).await
}

fn path(client_id: &str, request_uri: &str, extra: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", client_id), ("request_uri", request_uri)])
        .extend_pairs(extra)
        .finish();
    format!("/oidc/auth?{query}")
}

async fn signed_in(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c33_a_pushed_request_leads_to_one_code_of_its_application() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        server.add_client("other", |_| {}).await;
        let (rp, other) = (server.rp(), named(&server.rp(), "other"));
        // The first request after a change reads the configuration.
        push(&rp, &[]).await;
        let before = server.app().store().counters();
        let pushed = push(&rp, &[("prompt", "none")]).await;
        assert_eq!(
            (pushed.status.as_u16(), pushed.body["expires_in"].as_i64()),
            (201, Some(120)),
            "{:?}",
            pushed.body
        );
        assert_eq!(server.app().store().counters().statements, before.statements, "nothing is stored");
        let uri = pushed.text("request_uri");
        assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:"), "{uri}");
        let mut browser = signed_in(&server).await;
        // Of another application, another pool, tampered with: a page, and nobody is sent anywhere.
        let bent = uri.replace("request_uri:", "request_uri:A");
        for (client, uri) in
            [(&other, uri.as_str()), (&rp, &bent), (&rp, "urn:ietf:params:oauth:request_uri:")]
        {
            let page = browser.get(&path(&client.client_id, uri, &[])).await;
            assert!(!page.left && page.status == 400, "{} {}", page.status, page.url);
        }
        let neighbour = server.other().origin.clone();
        let page = server.browser_at(0, &neighbour).get(&path("app", &uri, &[])).await;
        assert!(!page.left && page.status == 400);
        // What else the browser brings does not count.
        let page = browser
            .get(&path(
                "app",
                &uri,
                &[("scope", "openid profile"), ("state", "x"), ("redirect_uri", "https://evil.example")],
            ))
            .await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        assert_eq!(tokens.text("scope"), "openid email");
        // Once, whoever comes, and at whichever node.
        let mut elsewhere = server.browser_at(1, &server.pool().origin.clone());
        elsewhere.sign_in("alice").await;
        for browser in [&mut browser, &mut elsewhere] {
            let page = browser.get(&path("app", &uri, &[])).await;
            assert_eq!(rp.callback(&page).error(), Some("invalid_request_uri"));
        }
        // It waits for so long and no longer.
        let pushed = push(&rp, &[("prompt", "none")]).await.text("request_uri");
        server.clock.advance(120);
        let page = browser.get(&path("app", &pushed, &[])).await;
        assert!(
            !page.left && page.status == 400 && page.body.contains("invalid_request_uri"),
            "{}",
            page.body
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c33_twenty_browsers_get_one_code_of_a_pushed_request() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let uri = push(&rp, &[("prompt", "none")]).await.text("request_uri");
        let browser = signed_in(&server).await;
        let come = (0..20).map(|_| {
            let (mut browser, rp, path) = (browser.clone(), rp.clone(), path("app", &uri, &[]));
            tokio::spawn(async move {
                let page = browser.get(&path).await;
                rp.callback(&page).error().map(str::to_owned)
            })
        });
        let mut codes = 0;
        for one in come.collect::<Vec<_>>() {
            match one.await.unwrap().as_deref() {
                None => codes += 1,
                Some(error) => assert_eq!(error, "invalid_request_uri"),
            }
        }
        assert_eq!(codes, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pushed_request_survives_the_sign_in_that_it_waits_for() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let uri = push(&rp, &[("login_hint", "alice")]).await.text("request_uri");
    let mut browser = server.browser();
    // The page is loaded twice, and the sign-in takes longer than the request could wait to be begun.
    for _ in 0..2 {
        assert!(browser.get(&path("app", &uri, &[])).await.has_id("login-submit"));
    }
    let page = browser.get(&path("app", &uri, &[])).await;
    server.clock.advance(600);
    let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
    rp.verified(&rp.callback(&page)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_told_when_it_is_pushed() {
    let server = Setup::default().start().await;
    server
        .add_client("strict", |client| {
            client.strict.insert(Strictness::RequirePushedRequests);
        })
        .await;
    let (rp, strict) = (server.rp(), named(&server.rp(), "strict"));
    for (extra, error) in [
        (("redirect_uri", "https://evil.example/cb"), "invalid_request"),
        (("redirect_uri", ""), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (("resource", "https://unknown.example"), "invalid_target"),
        (("claims", "{"), "invalid_request"),
        (("prompt", "none login"), "invalid_request"),
    ] {
        let refused = push(&rp, &[extra]).await;
        assert_eq!((refused.status.as_u16(), refused.error()), (400, Some(error)), "{extra:?}");
    }
    let long = "x".repeat(6_000);
    assert_eq!(push(&rp, &[("state", &long)]).await.error(), Some("invalid_request"));
    let mut wrong = rp.clone();
    wrong.secret = Some("wrong".to_owned());
    assert_eq!(push(&wrong, &[]).await.error(), Some("invalid_client"));
    let mut browser = signed_in(&server).await;
    assert_eq!(strict.silent(&mut browser, &[]).await.error(), Some("invalid_request"));
    let uri = push(&strict, &[("prompt", "none")]).await.text("request_uri");
    let page = browser.get(&path("strict", &uri, &[])).await;
    strict.verified(&strict.callback(&page)).await;
    // The operator's changes since count.
    let uri = push(&rp, &[("prompt", "none")]).await.text("request_uri");
    server
        .add_client("app", |client| client.redirect_uris = vec!["https://moved.example/cb".to_owned()])
        .await;
    let page = browser.get(&path("app", &uri, &[])).await;
    assert!(!page.left, "{}", page.url);
}

/// An application that signs its requests.
async fn signing(server: &Server, signer: &Signer, change: impl Fn(&mut Client)) -> App {
    let jwks = signer.jwks();
    server
        .add_client("signing", |client| {
            client.jwks = Some(jwks.clone());
            change(client);
        })
        .await;
    named(&server.rp(), "signing")
}

fn object(server: &Server, rp: &App, changes: &Value) -> Value {
    let now = server.clock.seconds();
    let mut claims = json!({
        "iss": rp.client_id, "aud": server.pool().origin.issuer(), "exp": now + 300, "nbf": now,
        "client_id": rp.client_id, "redirect_uri": rp.redirect_uri, "response_type": "code",
        "scope": "openid email", "state": "the-state", "nonce": "the-nonce", "prompt": "none",
        "code_challenge": challenge(), "code_challenge_method": "S256",
        "max_age": 3600, "claims": { "id_token": { "email": null } },
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    // What is changed to nothing is not there.
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c34_a_signed_request_is_what_its_application_signed() {
    let server = Setup::default().start().await;
    let (signer, stranger) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
    let rp = signing(&server, &signer, |_| {}).await;
    let mut browser = signed_in(&server).await;
    let ask = async |browser: &mut Browser, object: &str, extra: &[(&str, &str)]| {
        let mut all = vec![("request", object)];
        all.extend(extra);
        rp.authorize(browser, &all).await
    };
    // What stands outside does not count, be it more or other.
    let good = signer.sign(&object(&server, &rp, &json!({})));
    let page =
        ask(&mut browser, &good, &[("scope", "openid profile offline_access"), ("state", "other")]).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    assert_eq!(tokens.text("scope"), "openid email");
    let now = server.clock.seconds();
    for changes in [
        json!({ "iss": "other" }),
        json!({ "sub": "signing" }),
        json!({ "exp": null, "nbf": now - 3_700 }),
        json!({ "client_id": "app" }),
        json!({ "client_id": null }),
        json!({ "aud": "https://other.example/oidc" }),
        json!({ "exp": now - 31 }),
        json!({ "nbf": now + 60 }),
        json!({ "exp": now + 3_700 }),
        json!({ "exp": null, "nbf": now + 60 }),
        json!({ "request": "x" }),
        json!({ "request_uri": "https://rp.example/r" }),
    ] {
        let token = signer.sign(&object(&server, &rp, &changes));
        let page = ask(&mut browser, &token, &[]).await;
        assert_eq!(rp.callback(&page).error(), Some("invalid_request_object"), "{changes}");
        // Where no address outside can be trusted, nobody is sent anywhere.
        let page = ask(&mut browser, &token, &[("redirect_uri", "https://evil.example")]).await;
        assert!(!page.left && page.status == 400, "{}", page.url);
    }
    let claims = object(&server, &rp, &json!({}));
    for token in [
        stranger.sign(&claims),
        stranger.as_if(&signer, &claims),
        stranger.without_kid(&claims),
        "x".to_owned(),
        good.replace('.', ".."),
    ] {
        let page = ask(&mut browser, &token, &[]).await;
        assert_eq!(rp.callback(&page).error(), Some("invalid_request_object"), "{token}");
    }
    // An application without keys cannot have signed anything.
    let page = server.rp().authorize(&mut browser, &[("request", &good)]).await;
    assert_eq!(server.rp().callback(&page).error(), Some("invalid_request_object"));
    // An address inside is judged as any other.
    let evil = signer.sign(&object(&server, &rp, &json!({ "redirect_uri": "https://evil.example/cb" })));
    assert!(!ask(&mut browser, &evil, &[]).await.left);
    // It can be pushed, too.
    let pushed = rp.post("/oidc/par", &[("request", &good)]).await;
    let page = browser.get(&path("signing", &pushed.text("request_uri"), &[])).await;
    rp.verified(&rp.callback(&page)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signed_requests_can_be_asked_for() {
    let server = Setup::default().start().await;
    let signer = Signer::new(Alg::Es256);
    let rp = signing(&server, &signer, |client| {
        client.strict.insert(Strictness::RequireSignedRequests);
    })
    .await;
    let mut browser = signed_in(&server).await;
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("invalid_request"));
    assert_eq!(push(&rp, &[]).await.error(), Some("invalid_request"));
    // What it signs is for this provider and for a while.
    for without in ["exp", "nbf", "aud"] {
        let mut claims = object(&server, &rp, &json!({}));
        claims.as_object_mut().unwrap().remove(without);
        let page = rp.authorize(&mut browser, &[("request", &signer.sign(&claims))]).await;
        assert_eq!(rp.callback(&page).error(), Some("invalid_request_object"), "{without}");
    }
    let good = signer.sign(&object(&server, &rp, &json!({})));
    let page = rp.authorize(&mut browser, &[("request", &good)]).await;
    rp.verified(&rp.callback(&page)).await;
    // FAPI 2.0 Message Signing §5.3.1: each says for whom it is, and from when until when.
    for name in ["aud", "nbf", "exp"] {
        let endless = signer.sign(&object(&server, &rp, &json!({ name: null })));
        let page = rp.authorize(&mut browser, &[("request", &endless)]).await;
        assert_eq!(rp.callback(&page).error(), Some("invalid_request_object"), "{name}");
        let pushed = rp.post("/oidc/par", &[("request", &endless)]).await;
        assert_eq!(pushed.error(), Some("invalid_request_object"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_switched_on_while_a_request_waits_counts_for_it() {
    let server = Setup::default().start().await;
    for (rule, error) in [
        (Strictness::RequirePushedRequests, "invalid_request"),
        (Strictness::RequireSignedRequests, "invalid_request"),
        (Strictness::RequireSignedResponses, "invalid_request"),
        (Strictness::RefuseUnknownScopes, ""),
    ] {
        server.add_client("waits", |client| client.strict.clear()).await;
        let rp = named(&server.rp(), "waits");
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        server
            .add_client("waits", |client| {
                client.strict.insert(rule);
            })
            .await;
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        let mut answer = rp.callback(&page);
        if rule == Strictness::RequireSignedResponses {
            let signed = payload(&answer.0["response"]);
            answer.0.insert("error".to_owned(), signed["error"].as_str().unwrap().to_owned());
        }
        assert_eq!(answer.error().unwrap_or_default(), error, "{rule:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c33_a_pushed_request_is_not_taken_up_when_nobody_remembers_it() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let uri = push(&rp, &[]).await.text("request_uri");
    let mut browser = server.browser();
    let login = browser.get(&path("app", &uri, &[])).await;
    let page = browser.log_in(&login, "alice", vestibule_tests::PASSWORD).await;
    rp.verified(&rp.callback(&page)).await;
    // The page of the sign-in is kept for two days, and what was spent is swept meanwhile.
    server.clock.advance(2 * 86_400);
    server.app().store().sweep(server.app().now()).await.unwrap();
    let mut later = server.browser();
    for browser in [&mut browser, &mut later] {
        let again = browser.get(&login.url).await;
        let again = browser.log_in(&again, "alice", vestibule_tests::PASSWORD).await;
        assert_eq!(rp.callback(&again).error(), Some("invalid_request_uri"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_can_be_signed() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let mut browser = signed_in(&server).await;
    let read = async |response: &str| {
        let claims = rp.signed_by_provider(response, Typ::Plain).await;
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(server.pool().origin.issuer()), &json!("app")));
        assert_eq!(claims["exp"], json!(server.clock.seconds() + 600));
        claims
    };
    for mode in ["jwt", "query.jwt"] {
        let page = rp.authorize(&mut browser, &[("prompt", "none"), ("response_mode", mode)]).await;
        let parameters = rp.callback(&page).0;
        assert_eq!(parameters.keys().collect::<Vec<_>>(), ["response"], "{mode}");
        let claims = read(&parameters["response"]).await;
        assert_eq!(claims["state"], json!("the-state"));
        assert_eq!(rp.exchange(claims["code"].as_str().unwrap()).await.status, 200);
        // It is for the application alone: here it passes for no other token.
        assert_eq!(rp.userinfo(&parameters["response"]).await.error(), Some("invalid_token"));
        let hint = rp.silent(&mut browser, &[("id_token_hint", &parameters["response"])]).await;
        assert_eq!(hint.error(), Some("invalid_request"));
    }
    let page = rp.authorize(&mut browser, &[("prompt", "none"), ("response_mode", "form_post.jwt")]).await;
    let fields = page.form_of("button").fields;
    let response = fields.iter().find(|(name, _)| name == "response").unwrap();
    assert!(read(&response.1).await["code"].is_string() && fields.len() == 1, "{fields:?}");
    // Errors are answers as well.
    let page = rp.authorize(&mut browser, &[("prompt", "login none"), ("response_mode", "jwt")]).await;
    assert_eq!(read(&rp.callback(&page).0["response"]).await["error"], json!("invalid_request"));
    server
        .add_client("strict", |client| {
            client.strict.insert(Strictness::RequireSignedResponses);
        })
        .await;
    let strict = named(&rp, "strict");
    let usual = strict.silent(&mut browser, &[]).await;
    assert!(usual.0.contains_key("response"), "{usual:?}");
    for mode in ["query", "fragment", "form_post"] {
        let page = strict.authorize(&mut browser, &[("prompt", "none"), ("response_mode", mode)]).await;
        let answer = strict.callback(&page).0;
        assert_eq!(payload(&answer["response"])["error"], json!("invalid_request"), "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c36_a_signed_request_is_fetched_from_its_application_alone() {
    let (signer, stranger) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
    let mut setup = Setup::default();
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    let server = setup.start().await;
    let mut browser = signed_in(&server).await;
    let place = Document::of("application/oauth-authz-req+jwt", "").await;
    let other = Document::of("application/oauth-authz-req+jwt", "").await;
    let page = Document::of("text/html", "<html>").await;
    let marked = format!("{}#mark", place.uri);
    let uris = vec![marked.clone(), page.uri.clone()];
    let rp = signing(&server, &signer, |client| client.request_uris.clone_from(&uris)).await;
    let also = |client: &mut Client| {
        client.jwks = Some(signer.jwks());
        client.request_uris.clone_from(&uris);
    };
    server.add_client("also", also).await;
    let another = named(&server.rp(), "also");
    place.becomes(&signer.sign(&object(&server, &rp, &json!({ "scope": "openid email" }))));
    let ask = async |browser: &mut Browser, rp: &App, uri: &str, extra: &[(&str, &str)]| {
        let mut all = vec![("prompt", "none"), ("request_uri", uri)];
        all.extend_from_slice(extra);
        rp.authorize(browser, &all).await
    };
    // With any mark, what stands outside does not count, and it is not fetched each time.
    for uri in [marked.as_str(), place.uri.as_str(), &format!("{}#other", place.uri)] {
        let page = ask(&mut browser, &rp, uri, &[("scope", "openid profile"), ("state", "other")]).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        assert_eq!(tokens.text("scope"), "openid email");
    }
    assert_eq!(place.asked(), 1);
    // Nobody else's address is asked, nor is a request of another application one of this.
    for uri in [
        other.uri.as_str(),
        &format!("{}/", place.uri),
        &format!("{}?a", place.uri),
        "file:///etc/passwd",
        "https://rp.example/r",
    ] {
        let page = ask(&mut browser, &rp, uri, &[]).await;
        assert_eq!(rp.callback(&page).error(), Some("invalid_request_uri"), "{uri}");
        let page = ask(&mut browser, &rp, uri, &[("redirect_uri", "https://evil.example")]).await;
        assert!(!page.left && page.status == 400, "{uri} {}", page.url);
    }
    assert_eq!((other.asked(), page.asked()), (0, 0));
    let both = ask(&mut browser, &another, &place.uri, &[]).await;
    assert_eq!(rp.callback(&both).error(), Some("invalid_request_object"));
    // What is no request, and both ways at once.
    let html = ask(&mut browser, &rp, &page.uri, &[]).await;
    assert_eq!(rp.callback(&html).error(), Some("invalid_request_uri"));
    let twice = ask(&mut browser, &rp, &place.uri, &[("request", "x")]).await;
    assert_eq!(rp.callback(&twice).error(), Some("invalid_request"));
    // What another one signed, or what is over, does not count; what stands there then does, a minute later.
    server.clock.advance(90_000);
    for (bad, error) in [
        (stranger.as_if(&signer, &object(&server, &rp, &json!({}))), "invalid_request_object"),
        ("x".repeat(70_000), "invalid_request_uri"),
    ] {
        server.clock.advance(3_600);
        place.becomes(&bad);
        let page = ask(&mut browser, &rp, &place.uri, &[]).await;
        assert_eq!(rp.callback(&page).error(), Some(error));
    }
    server.clock.advance(3_600);
    place.becomes(&signer.sign(&object(&server, &rp, &json!({ "prompt": "none" }))));
    let page = ask(&mut browser, &rp, &place.uri, &[]).await;
    // The session is over by now; the request counts.
    assert_eq!(rp.callback(&page).error(), Some("login_required"));
    // A pool that does not allow its own network has nobody asked there.
    server.rule(|settings| settings.outbound.allow.clear()).await;
    let before = place.asked();
    let page = ask(&mut browser, &rp, &place.uri, &[]).await;
    assert_eq!(rp.callback(&page).error(), Some("invalid_request_uri"));
    assert_eq!(place.asked(), before);
}
