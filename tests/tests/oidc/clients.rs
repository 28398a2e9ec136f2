//! How applications prove themselves, and what scripts in browsers may read.

use crate::support::{named, tokens_of};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule_domain::{ClientAuthMethod, ClientKind, TokenAlg};
use vestibule_tests::{App, Callback, Page, Server, Setup, VERIFIER};

/// A header, a form, and the status that answers them.
type Attempt<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], u16);

/// The token endpoint with whatever header and form.
async fn token(rp: &App, header: Option<&str>, form: &[(&str, &str)]) -> Page {
    let mut browser = rp.browser.clone();
    browser.headers.extend(header.map(|header| ("authorization".to_owned(), header.to_owned())));
    let fields: Vec<(String, String)> =
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.send("POST", "/oidc/token", Some(&fields)).await
}

/// A code of a signed-in browser, and the form that exchanges it.
fn exchange<'a>(rp: &'a App, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &rp.redirect_uri),
        ("code_verifier", VERIFIER),
    ]
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

async fn public(server: &Server) -> App {
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
        })
        .await;
    let mut rp = named(&server.rp(), "spa");
    rp.secret = None;
    rp
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_application_needs_its_verifier_and_no_secret() {
    let server = Setup::default().start().await;
    let rp = public(&server).await;
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    let next = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.status, 200, "{:?}", next.body);
    assert_eq!(rp.userinfo(&next.text("access_token")).await.status, 200);
    // A secret that it cannot have is a mistake or somebody else's.
    let code = rp.silent(&mut browser, &[]).await.code();
    let form = exchange(&rp, &code);
    let with = |extra: &[(&'static str, &'static str)]| [form.clone(), extra.to_vec()].concat();
    for (header, form) in [
        (Some(basic("spa", "guess")), with(&[])),
        (None, with(&[("client_id", "spa"), ("client_secret", "guess")])),
        (None, with(&[])),
    ] {
        let page = token(&rp, header.as_deref(), &form).await;
        assert_eq!(page.status, 401, "{header:?} {}", page.body);
        assert!(page.body.contains("invalid_client"), "{}", page.body);
    }
    assert_eq!(token(&rp, None, &with(&[("client_id", "spa")])).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_application_uses_the_one_method_it_is_registered_with() {
    let server = Setup::default().start().await;
    server.add_client("poster", |client| client.auth_method = Some(ClientAuthMethod::ClientSecretPost)).await;
    let rp = server.rp();
    let secret = rp.secret.clone().unwrap();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    for (id, by_header) in [("app", true), ("poster", false)] {
        let rp = named(&rp, id);
        let code = rp.silent(&mut browser, &[]).await.code();
        let form = exchange(&rp, &code);
        let posted = [form.clone(), vec![("client_id", id), ("client_secret", &secret)]].concat();
        let named = [form.clone(), vec![("client_id", id)]].concat();
        let (header, wrong) = (basic(id, &secret), basic(id, "wrong"));
        let assertion = [
            form.clone(),
            vec![
                ("client_id", id),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", "eyJhbGciOiJub25lIn0.e30."),
            ],
        ]
        .concat();
        let refused: [Attempt<'_>; 6] = [
            (Some(&wrong), &form, 401),
            (None, &named, 401),
            (None, &assertion, 401),
            (Some("Bearer x"), &form, 401),
            (Some(&header), &posted, 400),
            if by_header { (None, &posted, 401) } else { (Some(&header), &form, 401) },
        ];
        for (number, (header, form, status)) in refused.into_iter().enumerate() {
            let page = token(&rp, header, form).await;
            assert_eq!(page.status, status, "{id} {number} {}", page.body);
            let challenged = status == 401 && header.is_some();
            assert_eq!(page.headers.contains_key("www-authenticate"), challenged, "{id} {number}");
        }
        // None of that cost the code.
        let good = if by_header { token(&rp, Some(&header), &form) } else { token(&rp, None, &posted) };
        let good = good.await;
        assert_eq!(good.status, 200, "{id} {}", good.body);
        assert_eq!(good.headers["cache-control"], "no-store");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_with_special_characters_is_form_encoded_in_the_header() {
    let server = Setup::default().start().await;
    server.add_client("odd id", |_| {}).await;
    let rp = named(&server.rp(), "odd id");
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    let code = rp.silent(&mut browser, &[]).await.code();
    let header = basic("odd+id", rp.secret.as_deref().unwrap());
    let page = token(&rp, Some(&header), &exchange(&rp, &code)).await;
    assert_eq!(page.status, 200, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotated_secret_is_the_only_one() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    let fresh = server.admin().rotate_client_secret("main", "app").await.unwrap();
    server.refresh().await;
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_client"));
    let mut renewed = rp.clone();
    renewed.secret = Some(fresh.secret.to_string());
    renewed.verified(&rp.silent(&mut browser, &[]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_application_gets_id_tokens_of_its_algorithm() {
    let server = Setup::default().start().await;
    for alg in TokenAlg::ALL {
        server.add_client(alg.as_str(), |client| client.id_token_alg = Some(alg)).await;
    }
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    let keys: serde_json::Value =
        serde_json::from_str(&browser.send("GET", "/oidc/jwks", None).await.body).unwrap();
    for alg in TokenAlg::ALL {
        let rp = named(&server.rp(), alg.as_str());
        let tokens = rp.verified(&rp.silent(&mut browser, &[]).await).await;
        let refreshed = rp.refresh(&tokens.text("refresh_token")).await;
        for token in [&tokens, &refreshed] {
            let header = token.text("id_token");
            let header = header.split('.').next().unwrap();
            let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
            let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
            assert_eq!(header["alg"], alg.as_str());
            let published = keys["keys"].as_array().unwrap().iter();
            let published: Vec<_> = published.filter(|key| key["kid"] == header["kid"]).collect();
            assert_eq!(published.len(), 1, "{header}");
            assert_eq!((&published[0]["use"], published[0].get("d")), (&"sig".into(), None));
        }
        assert_eq!(rp.userinfo(&refreshed.text("access_token")).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_may_come_as_a_form() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let path = rp.authorize_path(&[("state", "a b&c=d/\u{e9}"), ("prompt", "none")]);
    let fields: Vec<(String, String)> =
        url::form_urlencoded::parse(path.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    // From the application's own page.
    browser.headers.push(("origin".to_owned(), "https://app.example".to_owned()));
    browser.headers.push(("sec-fetch-site".to_owned(), "cross-site".to_owned()));
    let page = browser.send("POST", "/oidc/auth", Some(&fields)).await;
    browser.headers.clear();
    let page = browser.go_on(page).await;
    let Callback(answer) = rp.callback(&page);
    assert_eq!(answer["state"], "a b&c=d/\u{e9}");
    assert_eq!(rp.exchange(&answer["code"]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scripts_of_registered_origins_may_read_tokens_and_nobody_elses() {
    let server = Setup::default().start().await;
    let rp = public(&server).await;
    server
        .add_client("off", |client| {
            client.enabled = false;
            client.redirect_uris = vec!["https://off.example/cb".to_owned()];
        })
        .await;
    let (_, tokens) = tokens_of(&server, &rp).await;
    let allowed = |page: &Page| page.headers.get("access-control-allow-origin").cloned();
    for (origin, may) in [
        ("http://127.0.0.1:9", true),
        ("http://127.0.0.1:90", false),
        ("http://127.0.0.1", false),
        ("https://127.0.0.1:9", false),
        ("http://127.0.0.1:9.evil.example", false),
        ("http://localhost:9", false),
        ("https://off.example", false),
        ("https://evil.example", false),
        ("null", false),
        ("*", false),
        ("", false),
    ] {
        let mut script = rp.browser.clone();
        script.headers.push(("origin".to_owned(), origin.to_owned()));
        for path in ["/oidc/token", "/oidc/me"] {
            let page = script.send("OPTIONS", path, None).await;
            assert_eq!(allowed(&page).is_some(), may, "{origin} {path}");
            assert_eq!(page.headers.contains_key("access-control-allow-methods"), may, "{origin}");
        }
        let form = [("grant_type".to_owned(), "refresh_token".to_owned())];
        let page = script.send("POST", "/oidc/token", Some(&form)).await;
        assert_eq!(allowed(&page).is_some(), may, "{origin}");
        script.headers.push(("authorization".to_owned(), format!("Bearer {}", tokens.text("access_token"))));
        let page = script.send("GET", "/oidc/me", None).await;
        assert_eq!(page.status, 200);
        assert_eq!(allowed(&page).is_some(), may, "{origin}");
        for page in [page, script.send("GET", "/oidc/auth", None).await, script.send("GET", "/u", None).await]
        {
            assert!(!page.headers.contains_key("access-control-allow-credentials"), "{origin}");
            if let Some(answered) = allowed(&page) {
                assert_eq!((page.url.ends_with("/oidc/me"), answered.to_str().unwrap()), (true, origin));
                assert_eq!(page.headers["vary"], "Origin");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_application_can_do_nothing() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    let under_way = rp.silent(&mut browser, &[]).await;
    let mut late = server.browser();
    let login = rp.authorize(&mut late, &[]).await;
    server.add_client("app", |client| client.enabled = false).await;
    let page = rp.authorize(&mut browser, &[]).await;
    assert!(!page.left && page.status == 400 && page.has_id("error-code"), "{} {}", page.url, page.body);
    let page = late.log_in(&login, "alice", vestibule_tests::PASSWORD).await;
    assert!(!page.left && page.status == 400, "{} {}", page.url, page.body);
    assert_eq!(rp.exchange(&under_way.code()).await.error(), Some("invalid_client"));
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_client"));
    assert_eq!(rp.userinfo(&tokens.text("access_token")).await.error(), Some("invalid_token"));
    // Nothing was lost: the operator may change their mind.
    server.add_client("app", |client| client.enabled = true).await;
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.status, 200);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_not_encoded_is_the_senders_mistake() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let server = Setup::default().start().await;
    for path in ["/oidc/auth", "/oidc/session/end"] {
        for body in ["client_id=app\r\nx=y", "client_id=app&state=\u{e9}", "a b"] {
            let mut socket = tokio::net::TcpStream::connect(server.address(0)).await.unwrap();
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\
                 content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
                server.pool().origin.authority(),
                body.len()
            );
            socket.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 400 "), "{path} {body:?} {answer}");
        }
    }
}
