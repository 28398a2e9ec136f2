//! `login_hint`, `id_token_hint`, `ui_locales`.

use crate::support::{named, password, tokens_of};
use vestibule_tests::{PASSWORD, Setup};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn login_hint_fills_in_the_name_and_nothing_else() {
    let server = Setup::default().start().await;
    server.add_user("bob").await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[("login_hint", "bob@example.test")]).await;
    assert_eq!(page.attribute("#username", "value").as_deref(), Some("bob@example.test"));
    assert!(!page.has("#username[readonly]"), "{}", page.body);
    // A name is only a hint: another user may sign in.
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    let told = rp.userinfo(&tokens.text("access_token")).await;
    assert_eq!(told.body["preferred_username"], "alice");
    // What would not fit into a name is left out, and is text on the page.
    let (long, strange) = ("x".repeat(255), "\"><script>alert(1)</script>");
    for (hint, shown) in [(long.as_str(), ""), (strange, strange), ("bob\r\n", "")] {
        let page = rp.authorize(&mut server.browser(), &[("login_hint", hint)]).await;
        assert_eq!(page.attribute("#username", "value").unwrap_or_default(), shown);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn id_token_hint_answers_for_the_same_user_only() {
    let server = Setup::default().start().await;
    server.add_user("bob").await;
    let rp = server.rp();
    let (mut alice, tokens) = tokens_of(&server, &rp).await;
    let hint = tokens.text("id_token");
    let hinted = [("id_token_hint", hint.as_str())];
    rp.verified(&rp.silent(&mut alice, &hinted).await).await;
    // An old one is as good (OIDC Core 3.1.2.1).
    server.clock.advance(3600);
    rp.verified(&rp.silent(&mut alice, &hinted).await).await;
    let mut bob = server.browser();
    bob.sign_in("bob").await;
    assert_eq!(rp.silent(&mut bob, &hinted).await.error(), Some("login_required"));
    assert_eq!(rp.silent(&mut server.browser(), &hinted).await.error(), Some("login_required"));
    // With a page, bob's session is not offered, and bob is not accepted.
    let page = rp.authorize(&mut bob, &hinted).await;
    assert!(page.has_id("login-submit") && !page.has("#username[readonly]"), "{}", page.body);
    let page = bob.log_in(&page, "bob", PASSWORD).await;
    let callback = rp.callback(&page);
    assert_eq!(callback.error(), Some("login_required"));
    assert!(!callback.0.contains_key("code"));
    let page = rp.authorize(&mut bob, &hinted).await;
    let page = password(&mut bob, &page).await;
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    assert_eq!(claims["sub"], tokens.claims()["sub"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn id_token_hint_that_is_none_is_refused() {
    let server = Setup::default().start().await;
    server.add_client("second", |_| {}).await;
    let rp = server.rp();
    let (mut browser, tokens) = tokens_of(&server, &rp).await;
    let genuine = tokens.text("id_token");
    let (head, rest) = genuine.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    // {"alg":"none"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    let stripped = format!("{head}.{payload}.");
    let swapped = format!("{head}.{payload}.{}", signature.chars().rev().collect::<String>());
    let there = server.rp_at(0, &server.other().origin);
    let mut neighbour = server.browser_at(0, &server.other().origin);
    let page = there.authorize(&mut neighbour, &[]).await;
    let page = neighbour.log_in(&page, "alice", PASSWORD).await;
    let foreign = there.verified(&there.callback(&page)).await.text("id_token");
    for bad in ["garbage", "a.b.c", &unsigned, &stripped, &swapped, &foreign, &tokens.text("access_token")] {
        let silent = rp.silent(&mut browser, &[("id_token_hint", bad)]).await;
        assert_eq!(silent.error(), Some("invalid_request"), "{bad}");
    }
    // Another application's token says nothing here.
    let second = named(&rp, "second");
    let silent = second.silent(&mut browser, &[("id_token_hint", &genuine)]).await;
    assert_eq!(silent.error(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ui_locales_choose_the_language_of_the_login_page() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    for (wish, language) in [
        ("de", "de"),
        ("de-AT en", "de"),
        ("xx de", "de"),
        ("en de", "en"),
        ("xx", "en"),
        ("../../etc/passwd", "en"),
        ("", "en"),
    ] {
        let page = rp.authorize(&mut server.browser(), &[("ui_locales", wish)]).await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language), "{wish}");
        assert_eq!(page.text("h1") == "Anmelden", language == "de", "{wish}");
    }
    // The browser's own wish counts where the application has none.
    let mut browser = server.browser();
    browser.headers.push(("accept-language".to_owned(), "de-CH, en;q=0.5".to_owned()));
    assert_eq!(rp.authorize(&mut browser, &[]).await.attribute("html", "lang").as_deref(), Some("de"));
    let page = rp.authorize(&mut browser, &[("ui_locales", "en")]).await;
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("en"));
}
