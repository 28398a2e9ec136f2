//! A request that waits for its user ends when it was to end, however it is kept alive. After that it counts as one that
//! arrives at that moment: whatever its application asks for is counted from then.

use crate::support::arrives;
use vestibule_tests::{Browser, PASSWORD, Page, Setup};

/// Seconds that a request is good for.
const GOOD_FOR: i64 = 1800;

/// The sealed request in an address.
fn request_of(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().find(|(name, _)| name == "request").unwrap().1.into_owned()
}

/// The addresses at which a request goes on.
fn ways(request: &str) -> [String; 2] {
    ["/login", "/login/resume"].map(|path| format!("{path}?request={request}"))
}

/// Nobody is answered: the first factor is asked once more.
fn begins_again(page: &Page) {
    assert!(!page.left && page.has_id("login-submit"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c26_a_request_that_is_passed_on_again_and_again_ends_when_it_would_have() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let mut browser = server.browser();
    // A demand for a new sign-in: whatever is younger than the request answers it, as long as it has not ended.
    let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
    let mut request = request_of(&page.url);
    let mut last: Option<Browser> = None;
    for _ in 0..3 {
        server.clock.advance(GOOD_FOR / 4);
        // Another browser makes it its own; so does every reload there.
        let mut next = server.browser();
        for _ in 0..2 {
            let page = next.get(&format!("/login?request={request}")).await;
            begins_again(&page);
            page.form_of("#login-submit").value("request").unwrap().clone_into(&mut request);
        }
        // So does going on with it, which comes back to the first factor.
        let page = next.get(&format!("/login/resume?request={request}")).await;
        begins_again(&page);
        request = request_of(&page.url);
        last = Some(next);
    }
    let mut browser = last.unwrap();
    browser.sign_in("alice").await;
    server.clock.advance(GOOD_FOR / 4 - 1);
    for way in ways(&request) {
        assert!(rp.callback(&browser.get(&way).await).0.contains_key("code"), "{way}");
    }
    server.clock.advance(1);
    for way in ways(&request) {
        begins_again(&browser.get(&way).await);
    }
    // What it has become lives no longer than a new request, and is answered by a new sign-in.
    let page = browser.get(&format!("/login?request={request}")).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    rp.verified(&rp.callback(&page)).await;
    server.clock.advance(GOOD_FOR);
    for way in ways(&request) {
        begins_again(&browser.get(&way).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c26_a_second_factor_that_is_asked_again_and_again_keeps_no_request_alive() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    server.enrol(&mut browser).await;
    browser.cookies.remove("vestibule").unwrap();
    let page = server.rp().authorize(&mut browser, &[("prompt", "login")]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let mut handle = page.form_of("#factor-submit").value("flow").unwrap().to_owned();
    for _ in 0..3 {
        server.clock.advance(GOOD_FOR / 4);
        let page = browser.get(&format!("/login/factor?flow={handle}")).await;
        assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
        page.form_of("#factor-submit").value("flow").unwrap().clone_into(&mut handle);
    }
    server.clock.advance(GOOD_FOR / 4);
    let (_, request) = handle.split_once('.').unwrap();
    for way in [&ways(request)[..], &[format!("/login/factor?flow={handle}")]].concat() {
        begins_again(&browser.get(&way).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c26_a_page_of_consent_is_kept_alive_no_longer() {
    let server = Setup::default().start().await;
    server.add_client("foreign", |client| client.first_party = false).await;
    let mut rp = server.rp();
    let (mut browser, _) = arrives(&server, &rp).await;
    "foreign".clone_into(&mut rp.client_id);
    let page = rp.authorize(&mut browser, &[("max_age", "60")]).await;
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
    begins_again(&answer);
    // The user's way on is a new sign-in, and an agreement that was not given before it.
    let page = browser.log_in(&answer, "alice", PASSWORD).await;
    assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
}
