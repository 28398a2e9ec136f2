//! Consent: other people's applications ask for it once, and for every scope.

use crate::support::named;
use vestibule_tests::{App, Browser, PASSWORD, Server, Setup};

/// An application that belongs to somebody else, and a browser in which alice is signed in.
async fn start() -> (Server, App, Browser) {
    let server = Setup::default().start().await;
    server
        .add_client("foreign", |client| {
            client.first_party = false;
            client.name = "Somebody Else".to_owned();
        })
        .await;
    let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
    browser.sign_in("alice").await;
    (server, rp, browser)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_is_asked_once_and_remembered() {
    let (server, rp, mut browser) = start().await;
    let page = rp.authorize(&mut browser, &[]).await;
    assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
    assert!(page.body.contains("Somebody Else") && page.body.contains("alice"), "{}", page.body);
    assert_eq!(page.texts(".scopes li").len(), 4, "{}", page.body);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("consent_required"));
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
    for extra in
        [("scope", "openid"), ("scope", "openid email profile offline_access"), ("nonce", "the-nonce")]
    {
        let page = rp.authorize(&mut browser, &[extra]).await;
        rp.verified(&rp.callback(&page)).await;
    }
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
    // Remembered for the person, not for the browser; and not for anybody else.
    server.add_user("bob").await;
    let mut other = server.browser();
    let page = rp.authorize(&mut other, &[]).await;
    let page = other.log_in(&page, "alice", PASSWORD).await;
    rp.verified(&rp.callback(&page)).await;
    let mut bob = server.browser();
    let page = rp.authorize(&mut bob, &[]).await;
    let page = bob.log_in(&page, "bob", PASSWORD).await;
    assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
    assert_eq!(server.audited("consent", "done").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_scopes_ask_again() {
    let (_server, rp, mut browser) = start().await;
    let few = [("scope", "openid email")];
    let page = rp.authorize(&mut browser, &few).await;
    assert_eq!(page.texts(".scopes li").len(), 2, "{}", page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    assert_eq!(tokens.text("scope"), "openid email");
    for more in ["openid email profile", "openid email offline_access", "openid profile"] {
        let page = rp.authorize(&mut browser, &[("scope", more)]).await;
        assert!(page.has_id("consent-allow"), "{more} {} {}", page.url, page.body);
        assert_eq!(rp.silent(&mut browser, &[("scope", more)]).await.error(), Some("consent_required"));
    }
    assert_eq!(rp.silent(&mut browser, &few).await.error(), None);
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
    assert_eq!(rp.silent(&mut browser, &few).await.error(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusing_is_access_denied_and_is_not_remembered() {
    let (server, rp, mut browser) = start().await;
    for _ in 0..2 {
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.submit(page.form_of("#consent-deny")).await;
        let callback = rp.callback(&page);
        assert_eq!(callback.error(), Some("access_denied"));
        assert!(!callback.0.contains_key("code"));
    }
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("consent_required"));
    assert_eq!(server.audited("consent", "refused").await, 2);
    // A form without either button is no consent.
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.submit(page.form("/login/consent")).await;
    assert_eq!(rp.callback(&page).error(), Some("access_denied"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompt_consent_asks_although_it_was_given() {
    let (server, rp, mut browser) = start().await;
    let page = rp.authorize(&mut browser, &[]).await;
    browser.submit(page.form_of("#consent-allow")).await;
    for rp in [rp.clone(), server.rp()] {
        let page = rp.authorize(&mut browser, &[("prompt", "consent")]).await;
        assert!(page.has_id("consent-allow"), "{} {} {}", rp.client_id, page.url, page.body);
        let page = browser.submit(page.form_of("#consent-allow")).await;
        rp.verified(&rp.callback(&page)).await;
    }
    // Together with a new sign-in both are asked, in that order.
    server.clock.advance(60);
    let page = rp.authorize(&mut browser, &[("prompt", "login consent")]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.has_id("consent-allow"), "{} {}", page.url, page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    assert_eq!(claims["auth_time"], server.clock.seconds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenants_own_applications_do_not_ask() {
    let (server, _, mut browser) = start().await;
    let rp = server.rp();
    let page = rp.authorize(&mut browser, &[]).await;
    rp.verified(&rp.callback(&page)).await;
}
