//! C1: an answer goes to a registered address or nowhere.

use crate::support::{named, tokens_of};
use vestibule_domain::{ClientAuthMethod, ClientKind};
use vestibule_tests::{App, Browser, PASSWORD, Page, Server, Setup, VERIFIER};

/// Where a request may lead; the mutants are made from these.
const REGISTERED: [&str; 5] = [
    "https://app.example/cb",
    "https://app.example/cb?tenant=1",
    "http://127.0.0.1/native/cb",
    "http://localhost:8000/cb",
    "com.example.app:/oauth/cb",
];

const MUTANTS: [&str; 91] = [
    // Path, case, dots, encoding.
    "https://app.example/cb/",
    "https://app.example/CB",
    "https://app.example/c",
    "https://app.example/cbx",
    "https://app.example/",
    "https://app.example",
    "https://app.example/cb%23",
    "https://app.example/%63b",
    "https://app.example/cb%00",
    "https://app.example/cb%2e",
    "https://app.example/cb%2F..%2Fevil",
    "https://app.example/cb/..",
    "https://app.example/x/../cb",
    "https://app.example/./cb",
    "https://app.example//cb",
    "https://app.example/cb/%2e%2e/evil",
    "https://app.example/cb/..;/evil",
    "https://app.example/cb;evil",
    "https://app.example/cb/../../evil",
    "https://app.example/cb\\..\\evil",
    // Scheme, host, port.
    "http://app.example/cb",
    "HTTPS://app.example/cb",
    "https://APP.example/cb",
    "https://app.example./cb",
    "https://app.example:443/cb",
    "https://app.example:8443/cb",
    "https://app.example:/cb",
    "https:/app.example/cb",
    "https:app.example/cb",
    "https:///app.example/cb",
    "https:\\\\app.example\\cb",
    "//app.example/cb",
    "/cb",
    "app.example/cb",
    "javascript:alert(1)//https://app.example/cb",
    "data:text/html,https://app.example/cb",
    "file:///cb",
    "https://*.example/cb",
    "https://app.example/*",
    "https://app.example.evil.example/cb",
    "https://app.example%2eevil.example/cb",
    "https://evil.example/https://app.example/cb",
    "https://app.ex\u{430}mple/cb",
    "https://app\u{3002}example/cb",
    // A user name that hides the host.
    "https://app.example\\@evil.example/cb",
    "https://evil.example\\@app.example/cb",
    "https://app.example@evil.example/cb",
    "https://app.example@@evil.example/cb",
    "https://evil.example@app.example/cb",
    "https://:@app.example/cb",
    "https://@app.example/cb",
    "https://user:pass@app.example/cb",
    "https://app.example%40evil.example/cb",
    // Query and fragment.
    "https://app.example/cb?",
    "https://app.example/cb?x=1",
    "https://app.example/cb?tenant=2",
    "https://app.example/cb?tenant=1&x=2",
    "https://app.example/cb?tenant=1&code=stolen",
    "https://app.example/cb?tenant=%31",
    "https://app.example/cb?TENANT=1",
    "https://app.example/cb#",
    "https://app.example/cb#evil",
    "https://evil.example/#https://app.example/cb",
    "https://evil.example/?https://app.example/cb",
    // Separators and white space.
    " https://app.example/cb",
    "https://app.example/cb ",
    "\thttps://app.example/cb",
    "https://app.example/c\nb",
    "https://app.example/cb\r\nLocation: https://evil.example/",
    "https://app.example/cb,https://evil.example/cb",
    "https://app.example/cb https://evil.example/cb",
    // Loopback addresses: the port is free, nothing else.
    "http://127.0.0.2/native/cb",
    "http://127.1/native/cb",
    "http://2130706433/native/cb",
    "http://0x7f.0.0.1/native/cb",
    "http://0177.0.0.1/native/cb",
    "http://[::1]/native/cb",
    "http://[::ffff:127.0.0.1]/native/cb",
    "http://localhost/native/cb",
    "http://127.0.0.1.evil.example/native/cb",
    "http://127.0.0.1:80@evil.example/native/cb",
    "http://127.0.0.1:80\\@evil.example/native/cb",
    "http://127.0.0.1:99999/native/cb",
    "http://127.0.0.1:0/native/cb",
    "http://127.0.0.1:8080/native/cb?x=1",
    "https://127.0.0.1/native/cb",
    "http://localhost:8001/cb",
    // Private-use schemes.
    "com.example.app:/oauth/cb/",
    "com.example.app://oauth/cb",
    "com.example.app2:/oauth/cb",
    "COM.example.app:/oauth/cb",
];

async fn start() -> (Server, App) {
    let server = Setup::default().start().await;
    server
        .add_client("web", |client| {
            client.redirect_uris = REGISTERED.map(str::to_owned).to_vec();
            client.post_logout_redirect_uris = REGISTERED.map(str::to_owned).to_vec();
            // A native application: only such a one has a private-use scheme and a free port.
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
        })
        .await;
    let mut rp = named(&server.rp(), "web");
    rp.secret = None;
    (server, rp)
}

/// A page of the provider that says what is wrong, and sends nobody anywhere.
fn stays(page: &Page, why: &str) {
    assert_eq!(page.status, 400, "{why}: {} {}", page.url, page.body);
    assert!(!page.left && !page.headers.contains_key("location"), "{why}: {:?}", page.headers);
    assert!(!page.headers.contains_key("refresh"), "{why}");
    assert!(page.text("#error-code").starts_with("invalid_redirect_uri"), "{why}: {}", page.body);
    // What arrived is shown to its sender as text, and leads nowhere.
    for element in ["a[href]", "form[action]", "link[href]", "script[src]", "meta[http-equiv]"] {
        let attribute = element.split(['[', ']']).nth(1).unwrap();
        let led = page.attribute(
            &format!("{}[{attribute}*='evil.example']", element.split('[').next().unwrap()),
            attribute,
        );
        assert!(led.is_none(), "{why}: {led:?}");
    }
}

/// The request as a form, the way an application may send it too.
async fn posted(browser: &mut Browser, path: &str) -> Page {
    let query = path.split_once('?').unwrap().1;
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let page = browser.send("POST", "/oidc/auth", Some(&fields)).await;
    browser.go_on(page).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c1_no_mutant_of_a_redirect_address_is_answered() {
    let (server, rp) = start().await;
    let (mut stranger, mut alice) = (server.browser(), server.browser());
    alice.sign_in("alice").await;
    for mutant in MUTANTS {
        let shapes: [&[(&str, &str)]; 3] = [
            &[("redirect_uri", mutant)],
            &[("redirect_uri", mutant), ("prompt", "none")],
            // An error of the application must not be sent there either.
            &[("redirect_uri", mutant), ("response_type", "token")],
        ];
        for shape in shapes {
            let path = rp.authorize_path(shape);
            for browser in [&mut stranger, &mut alice] {
                stays(&browser.send("GET", &path, None).await, mutant);
                stays(&posted(browser, &path).await, mutant);
            }
        }
    }
    // All of this would prove nothing if the registered ones did not work.
    for good in REGISTERED.into_iter().chain(["http://127.0.0.1:54321/native/cb"]) {
        let page = rp.authorize(&mut alice, &[("redirect_uri", good), ("prompt", "none")]).await;
        assert!(page.left && page.url.starts_with(good), "{good}: {} {}", page.url, page.body);
        assert!(page.query().contains_key("code"), "{}", page.url);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c1_no_request_without_exactly_one_address_is_answered() {
    let (server, rp) = start().await;
    let mut alice = server.browser();
    alice.sign_in("alice").await;
    let good = "https://app.example/cb";
    let encoded = |uri: &str| -> String { url::form_urlencoded::byte_serialize(uri.as_bytes()).collect() };
    stays(&alice.get(&rp.authorize_path(&[("redirect_uri", "")])).await, "none");
    let path = rp.authorize_path(&[("redirect_uri", good), ("prompt", "none")]);
    let once = format!("redirect_uri={}", encoded(good));
    let evil = encoded("https://evil.example/");
    for twisted in [
        format!("{path}&redirect_uri={evil}"),
        path.replace(&once, &format!("redirect_uri={evil}&{once}")),
        format!("{path}&redirect%5Furi={evil}"),
        path.replace(&once, "redirect_uri="),
        path.replace(&once, &format!("redirect_uri%5B%5D={evil}")),
        path.replace(&once, &format!("redirect_uri={}", encoded(&encoded(good)))),
        path.replace(&once, &format!("REDIRECT_URI={}", encoded(good))),
        path.replace(&once, &format!("redirect_uri={}%00", encoded(good))),
        path.replace(&once, &format!("redirect_uri={}%FF", encoded(good))),
        // An application that does not exist, or another one's address.
        path.replace("client_id=web", "client_id=nobody"),
        path.replace("client_id=web", "client_id=app"),
        path.replace("client_id=web", "client_id=WEB"),
        path.replace("client_id=web", "client_id="),
    ] {
        let page = alice.send("GET", &twisted, None).await;
        assert_eq!(page.status, 400, "{twisted} {}", page.body);
        assert!(!page.headers.contains_key("location"), "{twisted}: {:?}", page.headers);
    }
    assert!(alice.get(&path).await.left);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c1_an_address_that_was_withdrawn_meanwhile_gets_nothing() {
    let (server, rp) = start().await;
    let (mut alice, mut quitter) = (server.browser(), server.browser());
    let wanted = [("redirect_uri", "https://app.example/cb")];
    let (login, cancel) =
        (rp.authorize(&mut alice, &wanted).await, rp.authorize(&mut quitter, &wanted).await);
    server.add_client("web", |client| client.redirect_uris = vec!["https://new.example/".to_owned()]).await;
    stays(&alice.log_in(&login, "alice", PASSWORD).await, "signs in");
    stays(&quitter.submit(cancel.form_of("#cancel")).await, "gives up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c1_the_token_request_repeats_the_address_exactly() {
    let (server, rp) = start().await;
    let mut alice = server.browser();
    alice.sign_in("alice").await;
    let sent = "http://127.0.0.1:54321/native/cb";
    for other in [
        "http://127.0.0.1/native/cb",
        "http://127.0.0.1:54322/native/cb",
        "https://app.example/cb",
        "http://127.0.0.1:54321/native/cb?",
        "http://127.0.0.1:54321/native/cb/",
    ] {
        let page = rp.authorize(&mut alice, &[("redirect_uri", sent), ("prompt", "none")]).await;
        let code = page.query().remove("code").unwrap();
        let exchange = async |uri: &str| {
            let fields = [
                ("grant_type", "authorization_code"),
                ("code", code.as_str()),
                ("redirect_uri", uri),
                ("code_verifier", VERIFIER),
            ];
            rp.token(&fields).await
        };
        assert_eq!(exchange(other).await.error(), Some("invalid_grant"), "{other}");
        // And after a wrong guess there is no second one.
        assert_eq!(exchange(sent).await.error(), Some("invalid_grant"), "{other}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c1_no_mutant_of_a_logout_address_is_followed() {
    let (server, _) = start().await;
    let (mut alice, tokens) = tokens_of(&server, &server.rp()).await;
    let hint = tokens.text("id_token");
    let path = |pairs: &[(&str, &str)]| {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        format!("/oidc/session/end?{query}")
    };
    // The port is free only where codes are sent.
    for mutant in MUTANTS.into_iter().chain(["http://127.0.0.1:54321/native/cb"]) {
        let (whose, to) = (("client_id", "web"), ("post_logout_redirect_uri", mutant));
        for path in [path(&[whose, to]), path(&[to]), path(&[("id_token_hint", &hint), to])] {
            for browser in [&mut alice, &mut server.browser()] {
                let page = browser.send("GET", &path, None).await;
                assert_eq!(page.status, 400, "{path} {}", page.body);
                assert!(!page.headers.contains_key("location"), "{mutant}");
            }
        }
    }
    assert_eq!(server.rp().silent(&mut alice, &[]).await.error(), None);
}
