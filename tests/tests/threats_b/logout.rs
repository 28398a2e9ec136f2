//! Signing out at the wish of an application: asked for, confirmed, and complete.

use crate::support::{SESSION, changed, hidden, is_signed_in, rows};
use vestibule_tests::{App, Browser, Page, Server, Setup, on_every_engine};

const BACK: &str = "http://127.0.0.1:9/signed-out";

fn ask(pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("/oidc/session/end?{query}")
}

async fn alice(server: &Server) -> (App, Browser, String) {
    let (rp, mut browser) = (server.rp(), server.browser());
    browser.sign_in("alice").await;
    let tokens = rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await;
    (rp, browser, tokens.text("id_token"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_nobody_is_signed_out_without_having_agreed() {
    let server = Setup::default().start().await;
    server.add_user("mallory").await;
    // Hints that are good, and not of this sign-in: of the same user elsewhere, of one that is over, of somebody else.
    let (_, _, elsewhere) = alice(&server).await;
    let (rp, mut mallory) = (server.rp(), server.browser());
    mallory.sign_in("mallory").await;
    let foreign = rp.exchange(&rp.silent(&mut mallory, &[]).await.code()).await.text("id_token");
    let (_, mut browser, _) = alice(&server).await;
    let before = rows(&server).await;
    for pairs in [
        vec![],
        vec![("client_id", "app")],
        vec![("id_token_hint", elsewhere.as_str())],
        vec![("id_token_hint", foreign.as_str())],
        vec![
            ("id_token_hint", elsewhere.as_str()),
            ("post_logout_redirect_uri", BACK),
            ("state", "s"),
            ("decision", "confirm"),
        ],
    ] {
        for method in ["GET", "POST"] {
            let path = ask(&pairs);
            let page = match method {
                "GET" => browser.get(&path).await,
                _ => {
                    let fields = crate::support::fields(&pairs);
                    let page = browser.send("POST", "/oidc/session/end", Some(&fields)).await;
                    browser.go_on(page).await
                }
            };
            assert!(page.has_id("logout-confirm") && !page.left, "{method} {path}: {}", page.body);
            assert!(page.text("main").contains("alice"));
        }
    }
    let page = browser.get(&ask(&[("client_id", "app"), ("post_logout_redirect_uri", BACK)])).await;
    let page = browser.submit(page.form_of("#logout-cancel")).await;
    assert!(page.has_id("sign-out"), "{} {}", page.url, page.body);
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
    // The confirmation is a form of ours, with the token of this browser.
    let page = browser.get(&ask(&[])).await;
    let mut form = page.form_of("#logout-confirm");
    form.fields.retain(|(name, _)| name != "csrf");
    assert_eq!(browser.post(&form).await.status, 403);
    assert_eq!(browser.send("GET", "/oidc/session/end/confirm?decision=confirm", None).await.status, 405);
    assert!(is_signed_in(&browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u10_the_hint_of_this_very_sign_in_needs_no_question() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        for (extra, method) in
            [(vec![], "GET"), (vec![("post_logout_redirect_uri", BACK), ("state", "s")], "POST")]
        {
            let (_, mut browser, hint) = alice(&server).await;
            let mut elsewhere = server.browser();
            elsewhere.sign_in("alice").await;
            // It may have expired: it is a hint.
            server.clock.advance(3600);
            let mut pairs = vec![("id_token_hint", hint.as_str())];
            pairs.extend(extra.clone());
            let page = match method {
                "GET" => browser.get(&ask(&pairs)).await,
                _ => {
                    let page = browser
                        .send("POST", "/oidc/session/end", Some(&crate::support::fields(&pairs)))
                        .await;
                    browser.go_on(page).await
                }
            };
            assert!(!browser.cookies.contains_key(SESSION) && is_signed_in(&elsewhere).await);
            if extra.is_empty() {
                assert!(page.has_id("signed-out-back"), "{}", page.body);
                // The way to sign in again.
                let again = browser.get(&page.attribute("#signed-out-back", "href").unwrap()).await;
                assert!(again.has_id("login-submit"), "{}", again.url);
                assert_eq!(browser.get(&ask(&pairs)).await.status, 200, "a reload says the same");
            } else {
                assert!(page.left && page.url == format!("{BACK}?state=s"), "{} {}", page.url, page.body);
            }
        }
        assert_eq!(server.audited("sign-out", "done").await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_signing_out_leads_only_to_a_registered_address() {
    let server = Setup::default().start().await;
    let (_, mut browser, hint) = alice(&server).await;
    let evil = [
        "http://127.0.0.1:9/signed-out/",
        "http://127.0.0.1:9/signed-out?x",
        "http://127.0.0.1:9/signed-out#x",
        "http://127.0.0.1:9/Signed-Out",
        "http://127.0.0.1:10/signed-out",
        "http://127.0.0.1:9/signed-out/../evil",
        "http://127.0.0.1:9@evil.example/signed-out",
        "http://evil.example/signed-out",
        "https://127.0.0.1:9/signed-out",
        "http://127.0.0.1:9/callback",
        "//evil.example",
        "/u",
        "javascript:alert(1)",
        "http://127.0.0.1:9\\@evil.example/signed-out",
        " http://127.0.0.1:9/signed-out",
        "http://127.0.0.1:9/signed-out ",
        "http://127.0.0.1:9/signed-out\r\nSet-Cookie: a=b",
        "HTTP://127.0.0.1:9/signed-out",
    ];
    let before = rows(&server).await;
    for uri in evil {
        for base in [vec![("client_id", "app")], vec![("id_token_hint", hint.as_str())]] {
            let mut pairs = base;
            pairs.push(("post_logout_redirect_uri", uri));
            for mut visitor in [browser.clone(), server.browser()] {
                let page = visitor.get(&ask(&pairs)).await;
                assert_eq!((page.status.as_u16(), page.left), (400, false), "{uri}: {}", page.url);
                assert!(!page.has_id("logout-confirm"));
            }
            // Nor by the confirmation itself.
            let mut form = browser.get(&ask(&[])).await.form_of("#logout-confirm");
            form = form.with("request", ask(&pairs).split_once('?').unwrap().1);
            let page = browser.post(&form).await;
            assert_eq!(page.status, 400, "{uri}");
        }
    }
    // Without an application there is no registration.
    let page = browser.get(&ask(&[("post_logout_redirect_uri", BACK)])).await;
    assert_eq!(page.status, 400);
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
    assert!(is_signed_in(&browser).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_an_invalid_hint_signs_nobody_out() {
    let server = Setup::default().start().await;
    let (rp, mut browser, hint) = alice(&server).await;
    server.add_client("second", |_| {}).await;
    let parts: Vec<&str> = hint.split('.').collect();
    let none =
        base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, br#"{"alg":"none"}"#);
    let flipped = if hint.ends_with('A') { "B" } else { "A" };
    let bad = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.{}{}", parts[0], parts[1], &parts[2][..20], &flipped.repeat(66)),
        format!("{}.{}A.{}", parts[0], parts[1], parts[2]),
        rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await.text("access_token"),
    ];
    let before = rows(&server).await;
    for hint in &bad {
        for extra in [vec![], vec![("client_id", "app"), ("post_logout_redirect_uri", BACK)]] {
            let mut pairs = vec![("id_token_hint", hint.as_str())];
            pairs.extend(extra);
            // Fault U10: keys rotate, so this is no error of the user's. Signing out is theirs to do, without a redirect.
            let page = browser.get(&ask(&pairs)).await;
            assert_eq!((page.status.as_u16(), page.left), (200, false), "{hint}");
            assert!(page.has_id("logout-confirm"), "{}", page.body);
        }
    }
    // A good hint of another application than the one that asks.
    for client in ["second", "nobody"] {
        let page = browser.get(&ask(&[("id_token_hint", &hint), ("client_id", client)])).await;
        assert_eq!(page.status.as_u16(), 400, "{client}");
    }
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
    // Not even the user's own consent leads anywhere on the word of a hint that says nothing.
    let pairs =
        [("id_token_hint", bad[0].as_str()), ("client_id", "app"), ("post_logout_redirect_uri", BACK)];
    let page = confirm(&mut browser, &pairs).await;
    assert!(!page.left && page.has_id("signed-out-back"), "{} {}", page.url, page.body);
    assert!(!browser.cookies.contains_key(SESSION));
    let page = browser.get(&ask(&pairs)).await;
    assert!(!page.left && page.has_id("signed-out-back"), "nobody is signed in: {}", page.body);
}

/// What is asked, what the page says, and what the developer reads.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u20_an_error_of_a_sign_out_says_what_happened_and_whose_matter_it_is() {
    let server = Setup::default().start().await;
    server.add_client("second", |_| {}).await;
    let (_, mut browser, hint) = alice(&server).await;
    let evil = "https://elsewhere.example/bye?<x>";
    let cases: [Case<'_>; 5] = [
        (
            &[("client_id", "app"), ("post_logout_redirect_uri", evil)],
            "is not registered for it",
            "post_logout",
        ),
        (&[("client_id", "nobody")], "is not known here", "client_id"),
        (&[("post_logout_redirect_uri", BACK)], "does not say which application", "needs an id_token_hint"),
        (
            &[("id_token_hint", &hint), ("client_id", "second")],
            "the token of another",
            "not issued to client_id",
        ),
        (&[("state", "a"), ("state", "b")], "can’t be read", "repeated"),
    ];
    for (pairs, says, code) in cases {
        let page = browser.get(&ask(pairs)).await;
        assert_eq!((page.status.as_u16(), page.left), (400, false), "{pairs:?}");
        let detail = page.text("#error-detail");
        assert!(detail.contains(says) && detail.contains("maker"), "{pairs:?}: {detail}");
        assert!(!detail.contains("Go back"), "{detail}");
        assert!(page.text("#error-code").contains(code), "{}", page.text("#error-code"));
        assert!(page.has_id("error-advice") && page.has_id("request-id"));
        // No dead end: the user can still sign out here.
        let way = page.attribute("#error-back", "href").unwrap();
        assert!(browser.get(&way).await.has_id("logout-confirm"), "{way}");
    }
    let page = browser.get(&ask(cases[0].0)).await;
    assert_eq!(page.texts(".error-fact"), ["app", evil]);
    assert!(
        !page.body.contains("<x>") && !page.body.contains(BACK),
        "nothing raw, and nothing that is registered"
    );
    assert!(is_signed_in(&browser).await);
}

async fn confirm(browser: &mut Browser, pairs: &[(&str, &str)]) -> Page {
    let page = browser.get(&ask(pairs)).await;
    if page.left || !browser.cookies.contains_key(SESSION) {
        // The hint of this very sign-in is not asked about.
        return page;
    }
    browser.submit(page.form_of("#logout-confirm")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_state_comes_back_and_nothing_else_does() {
    let server = Setup::default().start().await;
    let (_, mut browser, hint) = alice(&server).await;
    for state in ["the state", "a&b=c#d", "\"><script>{{7*7}}", "ü\r\nx"] {
        let pairs = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK), ("state", state)];
        let page = confirm(&mut browser, &pairs).await;
        assert!(page.left && page.url.starts_with(&format!("{BACK}?state=")), "{}", page.url);
        assert_eq!(page.query().into_iter().collect::<Vec<_>>(), [("state".to_owned(), state.to_owned())]);
        assert!(!browser.cookies.contains_key(SESSION));
        // Nobody is signed in now: the same wish is granted without a question, and the address is still checked.
        let page = browser.get(&ask(&pairs)).await;
        assert!(page.left && page.url.starts_with(BACK));
        browser.sign_in("alice").await;
    }
    let page = confirm(&mut browser, &[("client_id", "app"), ("post_logout_redirect_uri", BACK)]).await;
    assert_eq!(page.url, BACK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b6_signing_out_ends_the_tokens_of_the_session_but_for_offline_access() {
    on_every_engine(|engine| async move {
        for by_application in [true, false] {
            let server = Setup::on(engine).start().await;
            let (rp, mut browser, _) = alice(&server).await;
            let mut elsewhere = server.browser();
            elsewhere.sign_in("alice").await;
            let online =
                rp.exchange(&rp.silent(&mut browser, &[("scope", "openid profile")]).await.code()).await;
            let offline = rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await;
            let distant = rp.exchange(&rp.silent(&mut elsewhere, &[("scope", "openid")]).await.code()).await;
            let unspent = rp.silent(&mut browser, &[("scope", "openid")]).await.code();
            if by_application {
                confirm(&mut browser, &[("client_id", "app")]).await;
            } else {
                let page = browser.get("/u").await;
                browser.submit(page.form("/u/sign-out")).await;
            }
            assert_eq!(rp.userinfo(&online.text("access_token")).await.status, 401);
            assert_eq!(rp.refresh(&online.text("refresh_token")).await.error(), Some("invalid_grant"));
            assert_eq!(rp.exchange(&unspent).await.error(), Some("invalid_grant"));
            assert_eq!(rp.userinfo(&offline.text("access_token")).await.status, 200);
            let refreshed = rp.refresh(&offline.text("refresh_token")).await;
            assert_eq!(refreshed.status, 200, "offline access ended with the session: {:?}", refreshed.body);
            assert_eq!(rp.userinfo(&distant.text("access_token")).await.status, 200);
            assert!(is_signed_in(&elsewhere).await && !is_signed_in(&browser).await);
            assert_eq!(server.audited("sign-out", "done").await, 1);
            // Ended from the list of sessions instead, offline access ends, too.
            browser.sign_in("alice").await;
            let tokens = rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await;
            let page = elsewhere.get("/u/sessions").await;
            elsewhere.submit(page.form_of("#revoke-others")).await;
            assert!(!is_signed_in(&browser).await);
            assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
            assert!(hidden(&page, "csrf").len() > 20);
        }
    })
    .await;
}
