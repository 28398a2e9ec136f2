//! A request that waits for its user ends when it was to end, however it is kept alive.

use crate::support::arrives;
use reqwest::StatusCode;
use vestibule_tests::{PASSWORD, Server, Setup};

/// Seconds that a request is good for.
const GOOD_FOR: i64 = 1800;

/// The sealed request in an address.
fn request_of(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "request").unwrap().1.into_owned()
}

async fn is_over(server: &Server, path: &str) {
    let page = server.browser().get(path).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "{} {}", page.url, page.body);
    assert!(!page.has_id("login-submit"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c26_a_request_that_is_passed_on_again_and_again_ends_when_it_would_have() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[]).await;
    let mut link = page.url.clone();
    for _ in 0..3 {
        server.clock.advance(GOOD_FOR / 4);
        // Another browser makes it its own; so does every reload there.
        let mut next = server.browser();
        for _ in 0..2 {
            let page = next.get(&link).await;
            assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
            link = format!("/login?request={}", page.form_of("#login-submit").value("request").unwrap());
        }
        // So does going on with it, which comes back to the first factor.
        let request = link.split_once("request=").unwrap().1.to_owned();
        let page = next.get(&format!("/login/resume?request={request}")).await;
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
        link = format!("/login?request={}", request_of(&page.url));
    }
    server.clock.advance(GOOD_FOR / 4 - 1);
    assert!(server.browser().get(&link).await.has_id("login-submit"));
    server.clock.advance(1);
    is_over(&server, &link).await;
    is_over(&server, &link.replace("/login?", "/login/resume?")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c26_a_page_of_consent_is_kept_alive_no_longer() {
    let server = Setup::default().start().await;
    server.add_client("foreign", |client| client.first_party = false).await;
    let mut rp = server.rp();
    let (mut browser, _) = arrives(&server, &rp).await;
    "foreign".clone_into(&mut rp.client_id);
    let page = rp.authorize(&mut browser, &[]).await;
    let mut request = request_of(&page.url);
    for _ in 0..3 {
        server.clock.advance(GOOD_FOR / 4);
        let page = browser.get(&format!("/login/resume?request={request}")).await;
        assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
        request = request_of(&page.url);
    }
    let page = browser.get(&format!("/login/resume?request={request}")).await;
    server.clock.advance(GOOD_FOR / 4);
    let answer = browser.submit(page.form_of("#consent-allow")).await;
    assert!(!answer.left, "{}", answer.url);
    // The user's way on is a new request.
    let page = rp.authorize(&mut browser, &[]).await;
    let page =
        if page.has_id("login-submit") { browser.log_in(&page, "alice", PASSWORD).await } else { page };
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
}
