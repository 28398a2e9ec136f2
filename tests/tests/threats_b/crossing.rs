//! What belongs to one pool, brought to another; and many users at once.

use crate::support::{BROWSER, SESSION, at_once, changed, enrolled, enter, hidden, is_inside, rows};
use vestibule_tests::{Browser, PASSWORD, Server, Setup, on_every_engine};

/// A browser at the other pool that has all cookies of one at the pool under test.
fn smuggled(server: &Server, browser: &Browser) -> Browser {
    let mut at_other = server.browser_at(0, &server.other().origin);
    at_other.cookies = browser.cookies.clone();
    at_other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d2_a_session_of_one_pool_is_none_at_another() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let owner = enter(&server, 0, &phone).await;
        let mut thief = smuggled(&server, &owner);
        for path in [
            "/u",
            "/u/profile",
            "/u/security",
            "/u/settings",
            "/u/settings/explain",
            "/u/sessions",
            "/u/apps",
            "/u/password",
            "/login/recovered",
        ] {
            let page = thief.get(path).await;
            assert!(page.has_id("login-submit") && !is_inside(&page), "{path}: {}", page.body);
        }
        let rp = server.rp_at(0, &server.other().origin);
        assert_eq!(rp.silent(&mut thief, &[]).await.error(), Some("login_required"));
        let page = thief.get("/oidc/session/end?client_id=app").await;
        assert!(!page.has_id("logout-confirm"), "the other pool knows who is signed in here");
        assert!(crate::support::is_signed_in(&owner).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d2_tokens_codes_and_hints_of_one_pool_are_refused_at_another() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        // The application has the same name and even the same secret there.
        let other = server.rp_at(0, &server.other().origin);
        browser.sign_in("alice").await;
        let code = rp.silent(&mut browser, &[]).await.code();
        assert_eq!(other.exchange(&code).await.error(), Some("invalid_grant"));
        let tokens = rp.exchange(&code).await;
        assert_eq!(tokens.status, 200, "the other pool spent the code");
        let refresh = tokens.text("refresh_token");
        assert_eq!(other.refresh(&refresh).await.error(), Some("invalid_grant"));
        assert_eq!(other.userinfo(&tokens.text("access_token")).await.status, 401);
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.status, 200);
        let hint = tokens.text("id_token");
        let mut visitor = server.browser_at(0, &server.other().origin);
        visitor.sign_in("alice").await;
        let answer = other.silent(&mut visitor, &[("id_token_hint", &hint)]).await;
        assert_eq!(answer.error(), Some("invalid_request"));
        let page = visitor.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
        // It is no hint here, so the user is asked as without one.
        assert!(page.has_id("logout-confirm") && visitor.get("/u").await.has_id("sign-out"), "{}", page.body);
        // An id token is no access token either, and an access token is no hint.
        assert_eq!(rp.userinfo(&hint).await.status, 401);
        let answer = rp.silent(&mut browser, &[("id_token_hint", &tokens.text("access_token"))]).await;
        assert_eq!(answer.error(), Some("invalid_request"));
        assert_eq!(
            rp.refresh(&refresh).await.status,
            200,
            "the refresh token was spent or revoked elsewhere"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d2_requests_flows_and_challenges_of_one_pool_are_refused_at_another() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let login = rp.authorize(&mut browser, &[]).await;
    let door = browser.log_in(&login, "alice", PASSWORD).await;
    let (request, flow, ceremony) =
        (hidden(&login, "request"), hidden(&door, "flow"), hidden(&door, "ceremony"));
    // Even with the very same browser cookie at the other pool.
    let mut thief = smuggled(&server, &browser);
    let own = thief.get("/login").await;
    let before = rows(&server).await;
    for path in ["/login", "/login/resume", "/login/consent"] {
        let page = thief.get(&format!("{path}?request={request}")).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
    }
    for path in ["/login/factor", "/login/enrol", "/login/codes", "/login/codes/continue"] {
        assert_eq!(thief.get(&format!("{path}?flow={flow}")).await.status, 400, "{path}");
    }
    for path in [
        "/login",
        "/login/cancel",
        "/login/restart",
        "/login/passwordless",
        "/login/skip",
        "/login/consent",
        "/login/factor",
        "/login/factor/choose",
        "/login/enrol",
        "/login/enrol/choose",
        "/login/codes",
    ] {
        let mut form = own.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
        path.clone_into(&mut form.action);
        form = form.with("request", &request).forged("ceremony", &ceremony).forged("kind", "totp");
        if path != "/login" && path != "/login/consent" {
            form = form.forged("flow", &flow);
        }
        let page = thief.post(&form.forged("code", &phone.code(&server.clock))).await;
        assert!(page.status.is_client_error(), "{path}: {} {}", page.status, page.body);
        assert!(!thief.cookies.contains_key(SESSION), "{path}");
    }
    assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
    let page = browser.answer(&door, &phone.code(&server.clock)).await;
    assert!(rp.callback(&page).0.contains_key("code"), "the sign-in was harmed elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d2_the_forms_of_one_pool_are_refused_at_another() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let here = hidden(&browser.get("/login").await, "csrf");
    let mut thief = smuggled(&server, &browser);
    assert_eq!(thief.cookies.get(BROWSER), browser.cookies.get(BROWSER));
    let page = thief.get("/login").await;
    assert_ne!(hidden(&page, "csrf"), here, "one token serves two pools");
    let form = page.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
    let refused = thief.post(&form.clone().with("csrf", &here)).await;
    assert_eq!(refused.status, 403);
    assert!(is_inside(&thief.submit(form).await));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d2_a_mailed_link_of_one_pool_is_refused_at_another() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let page = browser.get("/login/reset").await;
    browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
    let page = browser.get("/login/register").await;
    browser.submit(page.form_of("#register-submit").with("email", "new@example.test")).await;
    let mut other = server.browser_at(0, &server.other().origin);
    for (to, path, button) in [
        ("alice@example.test", "/login/reset/complete", "#reset-complete-submit"),
        ("new@example.test", "/login/register/complete", "#register-complete-submit"),
    ] {
        let link = server.mailed_link(to, path).await.unwrap();
        let token = link.split_once("token=").unwrap().1.to_owned();
        let before = rows(&server).await;
        let page = other.get(&format!("{path}?token={token}")).await;
        assert!(page.status.is_client_error() && !page.body.contains("new@example.test"));
        let mut form = other.get("/login").await.form_of("#login-submit").forged("token", &token);
        path.clone_into(&mut form.action);
        let page = other
            .post(&form.forged("username", "newcomer").forged("password", "an intruders password 1"))
            .await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        assert_eq!(changed(&before, &rows(&server).await, &[]), Vec::<String>::new());
        assert!(browser.get(&link).await.has(button), "the link was spent elsewhere");
        // A link is good for one thing only.
        let wrong = if path.contains("reset") { "/login/register/complete" } else { "/login/reset/complete" };
        assert!(browser.get(&format!("{wrong}?token={token}")).await.status.is_client_error());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d1_identifiers_of_another_pool_or_user_name_nothing_here() {
    let (server, mut victim, _) = enrolled(Setup::default()).await;
    server.rp().exchange(&server.rp().silent(&mut victim, &[]).await.code()).await;
    let credential = hidden(&victim.get("/u/security").await, "credential");
    let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user;
    let session = server.rows().sessions_of(alice.id).await.unwrap()[0].id.to_string();
    server.add_user("mallory").await;
    let mut neighbour = server.browser_at(0, &server.other().origin);
    neighbour.sign_in("alice").await;
    let mut colleague = server.browser();
    colleague.sign_in("mallory").await;
    for (who, mut attacker) in [("a neighbour", neighbour), ("a colleague", colleague)] {
        attacker.enrol_totp(&server.clock).await;
        server.clock.advance(30);
        // A factor was just enrolled with a fresh session, so every gate of the user center is asked in earnest.
        let page = attacker.get("/u/profile").await;
        let before = rows(&server).await;
        for (path, name, value) in [
            ("/u/sessions/revoke", "session", session.as_str()),
            ("/u/security/rename", "credential", &credential),
            (&*format!("/u/security/remove/{credential}"), "credential", &credential),
            ("/u/settings/reset-factors", "username", "alice"),
            ("/u/settings/mfa", "mode", "required"),
            ("/u/apps/revoke", "client", "app"),
        ] {
            let mut form = page.form("/u/profile").forged(name, value).forged("label", "Mallory");
            path.clone_into(&mut form.action);
            let answer = attacker.submit(form).await;
            assert!(!answer.status.is_server_error(), "{path}");
            assert!(!answer.has(".alert-success"), "{path} by {who}: {}", answer.body);
        }
        assert_eq!(
            changed(&before, &rows(&server).await, &["flows", "ceremonies"]),
            Vec::<String>::new(),
            "{who}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_d6_sixty_people_at_once_each_get_their_own_tokens() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let names: Vec<String> = (0..60).map(|number| format!("person{number:02}")).collect();
        let mut expected = Vec::new();
        for name in &names {
            server.add_user(name).await;
            expected.push(server.rows().user_by_identifier(name).await.unwrap().unwrap().user.id.to_string());
        }
        let origin = server.pool().origin.clone();
        let jobs = names.iter().zip(expected).enumerate().map(|(index, (name, sub))| {
            let (rp, mut browser) =
                (server.rp_at(index % 2, &origin), server.browser_at((index / 2) % 2, &origin));
            let name = name.clone();
            async move {
                let page = rp.authorize(&mut browser, &[]).await;
                let page = browser.log_in(&page, &name, PASSWORD).await;
                let first = rp.exchange(&rp.callback(&page).code()).await;
                let second = rp.refresh(&first.text("refresh_token")).await;
                let silent = rp.exchange(&rp.silent(&mut browser, &[]).await.code()).await;
                for tokens in [&first, &second, &silent] {
                    assert_eq!(tokens.claims()["sub"], sub.as_str(), "{name}");
                    assert_eq!(tokens.access_claims()["sub"], sub.as_str(), "{name}");
                    let me = rp.userinfo(&tokens.text("access_token")).await;
                    assert_eq!(me.body["sub"], sub.as_str());
                    assert_eq!(me.body["preferred_username"], name.as_str());
                    assert_eq!(me.body["email"], format!("{name}@example.test"));
                }
                let page = browser.get("/u/profile").await;
                assert_eq!(page.text("#profile-username"), name);
                (sub, first.text("refresh_token"), first.claims()["sid"].as_str().unwrap().to_owned())
            }
        });
        let all = at_once(jobs.collect::<Vec<_>>()).await;
        let distinct = |pick: fn(&(String, String, String)) -> &String| {
            all.iter().map(pick).collect::<std::collections::BTreeSet<_>>().len()
        };
        assert_eq!((distinct(|one| &one.0), distinct(|one| &one.1), distinct(|one| &one.2)), (60, 60, 60));
    })
    .await;
}
