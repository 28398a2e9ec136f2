//! Requests that an application or a proxy gets wrong: whoever meets the answer can mend it.

use vestibule_tests::{Browser, Page, Server, Setup};

/// A request with another host than the pool's.
async fn with_host(server: &Server, host: &str, headers: &[(&str, &str)]) -> (u16, String) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.get(format!("http://{}/u", server.address(0))).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c3_the_page_of_a_wrong_host_says_where_the_server_answers() {
    let server = Setup::default().start().await;
    let port = server.address(0).port();
    let (status, text) = with_host(&server, &format!("127.0.0.1:{port}"), &[]).await;
    assert_eq!(status, 421);
    for part in [
        format!("\"127.0.0.1:{port}\""),
        server.pool().origin.to_string(),
        server.other().origin.to_string(),
        "vestibule check".to_owned(),
    ] {
        assert!(text.contains(&part), "{part} is not in {text}");
    }
    // Whoever comes by a proxy is a stranger, though the proxy is on this machine.
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via", "x-forwarded-host"] {
        let (status, text) = with_host(&server, "127.0.0.1", &[(header, "for=203.0.113.7")]).await;
        assert_eq!(status, 421);
        assert!(!text.contains("localhost") && text.contains("Check the address"), "{header}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c10_a_host_without_its_port_is_answered_with_what_would_fit() {
    let server = Setup::default().start().await;
    let origin = &server.pool().origin;
    let (status, text) = with_host(&server, origin.host(), &[("x-forwarded-for", "203.0.113.7")]).await;
    assert_eq!(status, 421);
    assert!(text.contains(&format!("\"{}\"", origin.host())), "{text}");
    assert!(text.contains(&format!("Host: {}", origin.authority())) && text.contains("$http_host"), "{text}");
    assert!(!text.contains(server.other().origin.as_str()), "{text}");
}

/// What a developer reads.
fn facts(page: &Page) -> Vec<String> {
    page.texts(".error-fact")
}

async fn refused(server: &Server, browser: &mut Browser, extra: &[(&str, &str)]) -> Page {
    let page = server.rp().authorize(browser, extra).await;
    assert_eq!((page.status.as_u16(), page.left), (400, false), "{extra:?} {}", page.url);
    let request = page.text("#request-id");
    assert_eq!(
        page.headers["x-request-id"].to_str().unwrap(),
        request,
        "the number under which the log tells the cause"
    );
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c2_the_page_of_a_refused_request_tells_a_developer_what_arrived_and_what_to_register() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let wrong = "https://app.example/callback?<script>alert(1)</script>";
    let fit = "https://app.example/callback?x=%3Cscript%3E";
    let page = refused(&server, &mut browser, &[("redirect_uri", fit)]).await;
    assert_eq!(facts(&page), ["app", fit]);
    assert!(
        page.text("#error-advice").contains("register exactly this text"),
        "{}",
        page.text("#error-advice")
    );
    assert!(page.text("#error-code").starts_with("invalid_redirect_uri"));
    assert!(!page.body.contains(vestibule_tests::REDIRECT_URI), "what is registered is for the log");

    let page = refused(&server, &mut browser, &[("redirect_uri", wrong)]).await;
    assert_eq!(facts(&page), ["app", wrong]);
    assert!(!page.body.contains("<script>alert"), "escaped");
    assert!(page.text("#error-advice").contains("cannot be registered"));
    let long = format!("https://app.example/{}", "x".repeat(5000));
    let page = refused(&server, &mut browser, &[("redirect_uri", &long)]).await;
    assert_eq!(facts(&page)[1].len(), 2048);

    let page = refused(&server, &mut browser, &[("client_id", "nobody\"><b>")]).await;
    assert_eq!(facts(&page), ["nobody\"><b>"]);
    assert!(page.text("#error-advice").contains("client_id") && !page.body.contains("\"><b>"));

    for (extra, code) in [
        ([("redirect_uri", "")].as_slice(), "redirect_uri is missing"),
        (&[("client_id", "")], "client_id is missing"),
        (&[("state", "a\0b")], "NUL"),
    ] {
        let page = refused(&server, &mut browser, extra).await;
        assert!(page.text("#error-code").contains(code), "{}", page.text("#error-code"));
        assert!(page.has_id("error-advice"), "{}", page.body);
    }
    // The log has the same number with the cause: tests/tests/refusals.rs.
}
