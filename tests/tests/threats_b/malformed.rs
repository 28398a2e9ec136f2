//! Requests that nobody's browser sends: a clear refusal, and nothing changed.

use crate::support::{
    BROWSER, SESSION, Victim, changed, cookies, encoded, enrolled, exchange, hidden, is_signed_in, pending,
    request, rows,
};
use vestibule_tests::{PASSWORD, Setup, concrete, on_every_engine};
use vestibule_web::ROUTES;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_where_no_pool_lives_is_refused_whatever_is_asked() {
    let server = Setup::default().start().await;
    let (address, authority) = (server.address(0), server.pool().origin.authority().to_owned());
    let port = address.port();
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("{authority}.evil.example"),
        format!("x.{authority}"),
        "main.localhost".to_owned(),
        format!("main.localhost.:{port}"),
        format!("main.localhost:{port}@evil.example"),
        format!("evil.example@main.localhost:{port}"),
        format!("main.localhost:{port}/"),
        format!("127.0.0.1:{port}"),
        String::new(),
    ] {
        for route in ROUTES.iter().filter(|route| {
            !["/healthz", "/readyz", "/metrics", "/favicon.ico", "/assets/{hash}/{name}"]
                .contains(&route.path)
        }) {
            for method in route.methods {
                let answer = exchange(
                    address,
                    &request(&method.to_uppercase(), &concrete(route.path), &[("Host", &host), FORM], b"a=b"),
                )
                .await;
                assert!(
                    [400, 421].contains(&answer.status),
                    "{method} {} at {host:?}: {}",
                    route.path,
                    answer.status
                );
                assert!(answer.header("set-cookie").is_none() && answer.header("location").is_none());
                // What arrived is named, so that an administrator can see it, in a text that no browser takes for more.
                assert!(
                    answer.status == 400
                        || answer.header("content-type") == Some("text/plain; charset=utf-8")
                );
                assert!(answer.body.len() < 2000, "{}", answer.body);
                if answer.status == 421 {
                    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{host:?}");
                }
            }
        }
        let answer = exchange(address, &request("GET", "/login", &[("Host", &host)], b"")).await;
        assert!([400, 421].contains(&answer.status), "{host:?}: {}", answer.status);
    }
    let answer = exchange(address, &request("GET", "/login", &[("Host", "evil.example")], b"")).await;
    assert_eq!(answer.status, 421);
    assert!(answer.body.contains("unknown_host"), "{}", answer.body);
    // None at all, and two.
    for headers in [
        vec![],
        vec![("Host", authority.as_str()), ("Host", "evil.example")],
        vec![("Host", &authority), ("Host", &authority)],
    ] {
        let answer = exchange(address, &request("GET", "/login", &headers, b"")).await;
        assert!([400, 421].contains(&answer.status), "{headers:?}: {}", answer.status);
    }
    // The target names the host, too (RFC 9112 §3.2.2): it wins, and is no way around.
    let absolute =
        exchange(address, &request("GET", "http://evil.example/login", &[("Host", &authority)], b"")).await;
    assert_eq!(absolute.status, 421);
    for good in [authority.clone(), authority.to_uppercase()] {
        let answer = exchange(address, &request("GET", "/login", &[("Host", &good)], b"")).await;
        assert_eq!(answer.status, 200, "{good}");
        assert!(!answer.body.contains("MAIN.LOCALHOST"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_a_route_does_not_have_is_refused() {
    let victim = Victim::new().await;
    let before = rows(&victim.server).await;
    let origin = victim.server.pool().origin.as_str().to_owned();
    for route in ROUTES {
        let path = victim.known.path(route.path);
        let body = encoded(&victim.with_token(route.path, &victim.csrf));
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS", "get", "Post"]
        {
            // Methods are case-sensitive (RFC 9110 §9.1).
            let known = method.chars().all(char::is_uppercase)
                && route.methods.contains(&method.to_lowercase().as_str());
            if known {
                continue;
            }
            let answer = victim.send(method, &path, &[FORM, ("Origin", &origin)], &body).await;
            assert!([400, 405].contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
    assert!(is_signed_in(&victim.browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tampered_cookie_is_nobodys() {
    let (server, owner, _) = enrolled(Setup::default()).await;
    let good = owner.cookies.get(SESSION).unwrap().clone();
    let mut last = good.clone();
    let end = if last.ends_with('A') { 'B' } else { 'A' };
    last.pop();
    last.push(end);
    let before = rows(&server).await;
    for bad in [
        last,
        good[1..].to_owned(),
        format!("{good}A"),
        format!("{good}="),
        good.to_lowercase(),
        good.to_uppercase(),
        format!(" {good} x"),
        format!("\"{good}\""),
        format!("{good}%00"),
        "' OR 1=1 --".to_owned(),
        String::new(),
        "A".repeat(128),
        "A".repeat(129),
        "A".repeat(4000),
        "null".to_owned(),
        "../../etc/passwd".to_owned(),
    ] {
        for path in ["/u", "/u/security", "/login", "/oidc/session/end"] {
            let cookie = format!("{BROWSER}={}; {SESSION}={bad}", owner.cookies.get(BROWSER).unwrap());
            let headers = [("Host", server.pool().origin.authority()), ("Cookie", cookie.as_str())];
            let answer = exchange(server.address(0), &request("GET", path, &headers, b"")).await;
            assert!(answer.status < 500, "{path} {bad}: {}", answer.status);
            assert!(!answer.body.contains("alice"), "{path} {bad}");
        }
    }
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
    // Two cookies of the name: one of them could be a sibling host's. It never makes somebody else of the visitor.
    let cookie = format!("{SESSION}=planted; {SESSION}={good}");
    let headers = [("Host", server.pool().origin.authority()), ("Cookie", cookie.as_str())];
    let answer = exchange(server.address(0), &request("GET", "/u", &headers, b"")).await;
    assert!(answer.status < 500);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tampered_request_or_flow_leads_to_a_page_that_says_so() {
    let (server, _, _) = enrolled(Setup::default()).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let login = rp.authorize(&mut browser, &[]).await;
    let good = hidden(&login, "request");
    let (_, door) = pending(&server, 0).await;
    let flow = hidden(&door, "flow").split('.').next().unwrap().to_owned();
    let before = rows(&server).await;
    let mut bad: Vec<String> = (0..good.len())
        .step_by(7)
        .map(|index| {
            let mut bytes = good.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        })
        .collect();
    bad.extend([
        good[1..].to_owned(),
        good[..good.len() - 1].to_owned(),
        format!("{good}A"),
        format!("{good}{good}"),
        "A".to_owned(),
        "A".repeat(9000),
        flow.clone(),
        "%00".to_owned(),
    ]);
    for request in &bad {
        for path in ["/login", "/login/resume", "/login/consent"] {
            let page = browser.get(&format!("{path}?request={request}")).await;
            assert!(page.status.is_client_error(), "{path}?request={request}: {}", page.status);
        }
        let form = login.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
        let page = browser.post(&form.with("request", request)).await;
        assert!(page.status.is_client_error(), "{request}: {}", page.status);
    }
    for bad in [
        flow.clone(),
        String::new(),
        "x".to_owned(),
        flow.to_uppercase(),
        flow[1..].to_owned(),
        format!("{flow}0"),
        "00000000-0000-0000-0000-000000000000".to_owned(),
        "%F0%9F%92%A9".to_owned(),
        "' OR 1=1 --".to_owned(),
        "9".repeat(5000),
    ] {
        let query = url::form_urlencoded::byte_serialize(bad.as_bytes()).collect::<String>();
        for path in ["/login/factor", "/login/enrol", "/login/codes", "/login/codes/continue"] {
            let page = browser.get(&format!("{path}?flow={query}")).await;
            assert_eq!(page.status, 400, "{path} {bad}");
            assert!(page.has_id("error-detail"), "{}", page.body);
        }
        for path in [
            "/login/factor",
            "/login/factor/choose",
            "/login/enrol",
            "/login/enrol/choose",
            "/login/codes",
            "/login/restart",
        ] {
            let mut form = login.form_of("#login-submit").forged("flow", &bad).forged("ceremony", &bad);
            path.clone_into(&mut form.action);
            let page = browser.post(&form).await;
            assert_eq!(page.status, 400, "{path} {bad}: {}", page.body);
        }
    }
    // Too late is not as wrong as tampered with: it counts as arriving now.
    server.clock.advance(1800);
    assert!(browser.get(&format!("/login?request={good}")).await.has_id("login-submit"));
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_can_be_read_in_two_ways_is_read_in_none() {
    let victim = Victim::new().await;
    let before = rows(&victim.server).await;
    let (csrf, origin) = (victim.csrf.clone(), victim.server.pool().origin.as_str().to_owned());
    let many: String = (0..70).map(|number| format!("&f{number}=x")).collect();
    let bodies: Vec<Vec<u8>> = vec![
        format!("csrf={csrf}&name=a&name=b").into_bytes(),
        format!("csrf={csrf}&csrf={csrf}").into_bytes(),
        format!("csrf={csrf}{many}").into_bytes(),
        [format!("csrf={csrf}&name=").as_bytes(), b"\xff\xfe"].concat(),
    ];
    let posts = ROUTES.iter().filter(|route| {
        route.methods.contains(&"post")
            && !(route.path.starts_with("/oidc/") && route.path != "/oidc/session/end/confirm")
    });
    for route in posts {
        for body in &bodies {
            let cookies = cookies(&victim.browser);
            let headers = [
                ("Host", victim.server.pool().origin.authority()),
                ("Cookie", &cookies),
                FORM,
                ("Origin", &origin),
            ];
            let bytes = request("POST", &concrete(route.path), &headers, body);
            let answer = exchange(victim.server.address(0), &bytes).await;
            assert_eq!(answer.status, 400, "{} {}", route.path, String::from_utf8_lossy(body));
        }
    }
    for (path, query) in [
        ("/oidc/auth", "client_id=app&client_id=app"),
        ("/oidc/session/end", "state=a&state=b"),
        ("/login", "request=a&request=b"),
        ("/login/factor", "flow=a&flow=b"),
        ("/oidc/auth", "client_id=%ff"),
        ("/oidc/auth", "client_id=%"),
        ("/login", "request=%ff"),
    ] {
        let answer = victim.send("GET", &format!("{path}?{query}"), &[], "").await;
        assert_eq!(answer.status, 400, "{path}?{query}");
        assert_eq!(answer.header("location"), None);
    }
    assert_eq!(changed(&before, &rows(&victim.server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_sent_on_puts_nothing_into_a_header() {
    let server = Setup::default().start().await;
    let host = server.pool().origin.authority();
    for path in ["/oidc/auth", "/oidc/session/end"] {
        for body in [
            "state=a\r\nSet-Cookie: vestibule=planted".as_bytes(),
            b"state=a\nb",
            b"state=\0",
            b"state=\x7f",
            "state=ü".as_bytes(),
            "state=\u{202e}".as_bytes(),
            b"state=a b",
        ] {
            let answer =
                exchange(server.address(0), &request("POST", path, &[("Host", host), FORM], body)).await;
            assert_eq!(answer.status, 400, "{path} {body:?}: {}", answer.body);
            assert_eq!(answer.header("location"), None);
            assert!(answer.header("set-cookie").is_none_or(|cookie| !cookie.contains("planted")));
        }
        // Nor does anything lead away from this origin.
        let answer =
            exchange(server.address(0), &request("POST", path, &[("Host", host), FORM], b"//evil.example/"))
                .await;
        assert!(answer.header("location").unwrap().starts_with(&format!("{path}?")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s11_a_nul_is_refused_on_both_databases_alike() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        let page = browser.get("/u").await;
        let page = browser.log_in(&page, "alice\0", PASSWORD).await;
        assert_eq!(page.status, 400, "{}", page.body);
        let page = browser.get("/login/reset").await;
        let form = page.form_of("#reset-submit").with("identifier", "alice\0");
        assert_eq!(browser.submit(form).await.status, 400);
        let page = server.rp().authorize(&mut browser, &[("nonce", "a\0")]).await;
        assert_eq!(page.status, 400, "{} {}", page.url, page.body);
    })
    .await;
}
