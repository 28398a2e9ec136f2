//! Whoever sends much, slowly or in every variation costs the server little, and the others nothing.

use crate::support::{Victim, at_once, changed, encoded, exchange, request, rows};
use serde_json::json;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};
use vestibule_domain::ClientKind;
use vestibule_flows::HashCost;
use vestibule_jose::Alg;
use vestibule_tests::{PASSWORD, Setup, Signer, ath, challenge};
use vestibule_web::{ROUTES, WebOptions};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e1_an_endless_password_is_refused_before_it_is_hashed() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    let before = server.app().store().counters();
    for (bytes, status) in [(1025, 400), (60 * 1024, 400), (1024 * 1024, 413)] {
        let form =
            login.form_of("#login-submit").with("username", "alice").with("password", &"p".repeat(bytes));
        let body = encoded(&form.fields);
        let cookies = crate::support::cookies(&browser);
        let headers = [("Host", server.pool().origin.authority()), ("Cookie", &cookies), FORM];
        let answer = exchange(server.address(0), &request("POST", "/login", &headers, body.as_bytes())).await;
        let status_of = match answer.header("location") {
            Some(page) => browser.get(page).await.status.as_u16(),
            None => answer.status,
        };
        assert_eq!(status_of, status, "{bytes}: {}", answer.body);
        let form = login.form_of("#login-submit").with("username", &"u".repeat(bytes.min(60_000)));
        assert_eq!(browser.post(&form.with("password", "x")).await.status, 400);
    }
    // An attempt is counted before it is hashed; none was counted, so none was hashed.
    assert_eq!(server.app().store().counters(), before);
    // 1024 bytes are a password like any other.
    let form = login.form_of("#login-submit").with("username", "alice").with("password", &"p".repeat(1024));
    assert_eq!(browser.post(&form).await.status, 200);
    // Nor is an endless new one taken anywhere.
    let page = browser.get("/login/reset").await;
    browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
    let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
    let page = browser.get(&link).await;
    let before = rows(&server).await;
    let page =
        browser.post(&page.form_of("#reset-complete-submit").with("password", &"ab ".repeat(342))).await;
    assert_eq!(page.status, 400);
    browser.sign_in("alice").await;
    let sessions = rows(&server).await;
    let page = browser.get("/u/password").await;
    for (current, new) in
        [("x".repeat(1025), "a new password 123".to_owned()), (PASSWORD.to_owned(), "ab ".repeat(342))]
    {
        let form = page.form("/u/password").with("current_password", &current).with("new_password", &new);
        assert_eq!(browser.post(&form).await.status, 400);
    }
    assert_eq!(before.get("users"), rows(&server).await.get("users"));
    assert_eq!(changed(&sessions, &rows(&server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e1_sixty_sign_ins_at_once_leave_the_server_answering() {
    let cost = HashCost { memory_kib: 4096, iterations: 6, parallelism: 1 };
    let server = Setup { cost, permits: 1, ..Setup::default() }.start().await;
    for number in 0..60 {
        // Names that nobody has: the work is the same, and making sixty users costs sixty hashes.
        assert!(server.rows().user_by_identifier(&format!("nobody{number}")).await.unwrap().is_none());
    }
    let mut logins = JoinSet::new();
    for number in 0..60 {
        let mut browser = server.browser();
        logins.spawn(async move {
            let page = browser.get("/login").await;
            browser.log_in(&page, &format!("nobody{number}"), PASSWORD).await.status.as_u16()
        });
    }
    // The first is done, so hashing is under way; the others wait for their turn.
    assert_eq!(logins.join_next().await.unwrap().unwrap(), 200);
    let mut visitor = server.browser();
    for path in ["/healthz", "/readyz", "/oidc/.well-known/openid-configuration", "/oidc/jwks", "/login"] {
        for _ in 0..3 {
            assert_eq!(visitor.get(path).await.status, 200, "{path}");
        }
    }
    assert!(logins.len() > 20, "the answers waited for the hashes: only {} left", logins.len());
    let rest = logins.join_all().await;
    assert!(rest.iter().all(|status| *status == 200), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e2_a_body_that_is_too_long_is_refused_on_every_route() {
    let victim = Victim::new().await;
    let before = rows(&victim.server).await;
    let origin = victim.server.pool().origin.as_str().to_owned();
    for route in ROUTES.iter().filter(|route| route.methods.contains(&"post") && route.path != "/oidc/me") {
        let path = victim.known.path(route.path);
        let body = format!("csrf={}&x={}", victim.csrf, "x".repeat(65 * 1024));
        let answer = victim.send("POST", &path, &[FORM, ("Origin", &origin)], &body).await;
        assert_eq!(answer.status, 413, "{path}: {}", answer.body);
        // Just as long as is allowed.
        let body = format!("csrf={}&x={}", victim.csrf, "x".repeat(63 * 1024));
        if path == "/u/security/rename" {
            let answer = victim.send("POST", &path, &[FORM, ("Origin", &origin)], &body).await;
            let said = victim.send("GET", answer.header("location").unwrap(), &[], "").await;
            assert_eq!(said.status, 400, "{path}");
        }
    }
    // Without a length, in pieces; and with one that lies.
    let cookies = crate::support::cookies(&victim.browser);
    let head = format!(
        "POST /u/profile HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\nContent-Type: {}\r\nConnection: close\r\n",
        victim.server.pool().origin.authority(),
        FORM.1
    );
    let piece = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", piece.repeat(8));
    let answer = exchange(victim.server.address(0), chunked.as_bytes()).await;
    assert_eq!(answer.status, 413);
    // Compressed: it is read as it is, never unpacked.
    let gzip = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3][..], &[0; 2000]].concat();
    let headers = [
        ("Host", victim.server.pool().origin.authority()),
        ("Cookie", &cookies),
        FORM,
        ("Content-Encoding", "gzip"),
    ];
    let answer = exchange(victim.server.address(0), &request("POST", "/u/profile", &headers, &gzip)).await;
    assert!([400, 403, 415].contains(&answer.status), "{}", answer.status);
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e2_a_body_that_never_comes_is_not_waited_for() {
    let web = WebOptions { request_timeout: Duration::from_secs(1), ..WebOptions::default() };
    let server = Setup { web, ..Setup::default() }.start().await;
    let host = server.pool().origin.authority().to_owned();
    let (address, mut jobs) = (server.address(0), Vec::new());
    for path in ["/login", "/oidc/token", "/u/profile", "/login/register", "/oidc/session/end/confirm"] {
        for length in ["Content-Length: 200", "Transfer-Encoding: chunked"] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {}\r\n{length}\r\n\r\n",
                FORM.1
            );
            jobs.push(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(head.as_bytes()).await.unwrap();
                if length.starts_with('C') {
                    stream.write_all(b"csrf=x").await.unwrap();
                } else {
                    stream.write_all(b"3\r\na=b\r\n").await.unwrap();
                }
                let mut answer = [0_u8; 64];
                let count = stream.read(&mut answer).await.unwrap();
                let line = String::from_utf8_lossy(&answer[..count]).into_owned();
                assert!(line.starts_with("HTTP/1.1 408"), "{path} {length}: {line}");
            });
        }
    }
    at_once(jobs).await;
    assert_eq!(server.browser().get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e3_whatever_strangers_vary_nothing_is_stored() {
    let server = Setup::default().start().await;
    let (rp, challenge) = (server.rp(), challenge());
    let mut browser = server.browser();
    // The first request loads the pool.
    rp.authorize(&mut browser, &[]).await;
    let before = (rows(&server).await, server.app().store().counters());
    let jobs = (0..8).map(|worker| {
        let (rp, mut browser, challenge) = (rp.clone(), server.browser(), challenge.clone());
        async move {
            for number in 0..150 {
                let odd = format!("x{worker}-{number}");
                browser.cookies.clear();
                browser.headers = vec![
                    ("accept-language".to_owned(), format!("{odd},x-{odd};q=0.5")),
                    ("user-agent".to_owned(), odd.clone()),
                ];
                let scope = format!("openid {odd}");
                for (name, value) in [
                    ("ui_locales", &odd),
                    ("scope", &scope),
                    ("client_id", &odd),
                    ("acr_values", &odd),
                    ("state", &odd),
                    ("login_hint", &odd),
                    ("claims", &format!("{{\"id_token\":{{\"{odd}\":null}}}}")),
                    ("code_challenge", &challenge),
                ] {
                    let page = browser.send("GET", &rp.authorize_path(&[(name, value)]), None).await;
                    assert!(!page.status.is_server_error(), "{name}={value}: {}", page.status);
                }
                for path in [
                    format!("/{odd}"),
                    format!("/login?request={odd}"),
                    format!("/u/security/enrol/{odd}"),
                    format!("/oidc/session/end?client_id={odd}"),
                    "/u".to_owned(),
                ] {
                    let page = browser.send("GET", &path, None).await;
                    assert!(!page.status.is_server_error(), "{path}: {}", page.status);
                }
            }
        }
    });
    at_once(jobs.collect::<Vec<_>>()).await;
    let host = format!("{}.localhost", "x".repeat(40));
    for number in 0..200 {
        let host = format!("{number}.{host}");
        assert_eq!(
            exchange(server.address(0), &request("GET", "/login", &[("Host", &host)], b"")).await.status,
            421
        );
    }
    let after = (rows(&server).await, server.app().store().counters());
    assert_eq!(changed(&before.0, &after.0, &[]), Vec::<String>::new());
    assert_eq!(before.1.commits, after.1.commits);
    // Not even read: what a stranger's request needs is in memory. A form with an unknown name is another matter: it
    // is counted, so that guessing is slow, and forgotten in time.
    assert!(after.1.statements - before.1.statements < 50, "{:?} {:?}", before.1, after.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e3_refused_token_requests_write_nothing() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    rp.exchange("x").await;
    let before = rows(&server).await;
    for number in 0..300 {
        let odd = format!("x{number}");
        rp.exchange(&odd).await;
        rp.refresh(&odd).await;
        rp.userinfo(&odd).await;
        let mut stranger = rp.clone();
        stranger.client_id.clone_from(&odd);
        assert_eq!(stranger.exchange(&odd).await.status, 401);
    }
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e3_proofs_of_strangers_leave_no_trace() {
    let server = Setup::default().start().await;
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
        })
        .await;
    let (mut rp, signer) = (server.rp(), Signer::new(Alg::Es256));
    (rp.client_id, rp.secret) = ("spa".to_owned(), None);
    rp.refresh("x").await;
    let proving = |number: usize, method: &str, path: &str| {
        let mut rp = rp.clone();
        let proof = signer.proof(&json!({
            "jti": format!("{method}{path}{number}"), "htm": method, "iat": server.clock.seconds(),
            "htu": format!("{}{path}", server.pool().origin.issuer()), "ath": ath("x"),
        }));
        rp.browser.headers.push(("dpop".to_owned(), proof));
        rp
    };
    let before = rows(&server).await;
    for number in 0..20 {
        assert_eq!(proving(number, "POST", "/token").refresh("x").await.error(), Some("invalid_grant"));
        let challenge = challenge();
        let form = [
            ("redirect_uri", rp.redirect_uri.as_str()),
            ("response_type", "code"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        assert_eq!(proving(number, "POST", "/par").post("/oidc/par", &form).await.status, 201);
        let mut me = proving(number, "GET", "/me").browser;
        me.headers.push(("authorization".to_owned(), "DPoP x".to_owned()));
        assert_eq!(me.send("GET", "/oidc/me", None).await.status, 401);
    }
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e3_what_guessing_leaves_behind_is_swept() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    let before = rows(&server).await;
    for number in 0..40 {
        let form =
            login.form_of("#login-submit").with("username", &format!("nobody{number}")).with("password", "x");
        assert_eq!(browser.post(&form).await.status, 200);
    }
    let page = browser.get("/login/reset").await;
    for number in 0..20 {
        browser.post(&page.form_of("#reset-submit").with("identifier", &format!("nobody{number}"))).await;
    }
    server.clock.advance(400 * 86_400);
    server.app().store().sweep(server.app().now()).await.unwrap();
    server.mails().await;
    assert_eq!(changed(&before, &rows(&server).await, &["audit", "outbox"]), Vec::<String>::new());
}
