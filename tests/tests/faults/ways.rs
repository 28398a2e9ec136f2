//! The way of a person through a sign-in: it is never cut, whatever the application does with its own part of it.

use vestibule_tests::{PASSWORD, Page, Setup, on_every_engine};

fn directive(page: &Page, name: &str) -> Option<String> {
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    policy.split("; ").find_map(|one| one.strip_prefix(name)).map(|sources| sources.trim().to_owned())
}

fn opener(page: &Page) -> &str {
    page.headers["cross-origin-opener-policy"].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u2_and_u3_no_page_on_the_way_to_an_application_cuts_the_way_or_the_opener() {
    let server = Setup::default().client(|client| client.first_party = false).start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    browser.sign_in("alice").await;
    let phone = server.enrol(&mut browser).await;
    let mut browser = server.browser();
    let first = browser.send("GET", &rp.authorize_path(&[]), None).await;
    assert_eq!((first.status.as_u16(), opener(&first)), (303, "unsafe-none"));
    let login = browser.go_on(first).await;
    let wrong = browser.log_in(&login, "alice", "wrong").await;
    let factor = browser.log_in(&wrong, "alice", PASSWORD).await;
    let form = factor.form_of("#factor-submit").with("code", &phone.code(&server.clock));
    let consent = browser.submit(form).await;
    for page in [&login, &wrong, &factor, &consent] {
        assert!(page.has("main form[method=post]"), "{}", page.url);
        assert_eq!((directive(page, "form-action"), opener(page)), (None, "unsafe-none"), "{}", page.url);
    }
    let answer = browser.post(&consent.form_of("#consent-allow")).await;
    assert_eq!((answer.status.as_u16(), opener(&answer)), (303, "unsafe-none"));

    // The user center leads nowhere else, and nobody else's window holds it.
    for path in
        ["/u", "/u/profile", "/u/password", "/u/security", "/u/sessions", "/u/apps", "/oidc/session/end"]
    {
        let page = browser.get(path).await;
        assert_eq!(
            (directive(&page, "form-action").as_deref(), opener(&page)),
            (Some("'self'"), "same-origin"),
            "{path}"
        );
    }
    let page = server.browser().get("/u").await;
    assert!(page.has_id("login-submit"));
    assert_eq!((directive(&page, "form-action").as_deref(), opener(&page)), (Some("'self'"), "same-origin"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u12_a_state_comes_back_as_it_came_up_to_the_limit_of_the_request() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        browser.sign_in("alice").await;
        let phone = server.enrol(&mut browser).await;
        let overhead = rp.authorize_path(&[("state", "s")]).len() - "/oidc/auth?".len() - 1;
        for length in [3000, 8 * 1024 - overhead] {
            let state: String =
                (0..length).map(|n| char::from(b'a' + u8::try_from(n % 26).unwrap())).collect();
            let mut browser = server.browser();
            let page = rp.authorize(&mut browser, &[("state", &state)]).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            let page = browser.answer(&page, &phone.code(&server.clock)).await;
            assert_eq!(rp.callback(&page).0["state"], state);
            assert!(rp.callback(&page).0.contains_key("code"));
            server.clock.advance(30);
            let state = &state[..length - "&prompt=none".len()];
            let refused = rp.silent(&mut server.browser(), &[("state", state)]).await;
            assert_eq!((refused.error(), refused.0["state"].as_str()), (Some("login_required"), state));
        }
    })
    .await;
}
