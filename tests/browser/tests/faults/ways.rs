//! The way to an application and back, in a browser that enforces every policy.

use crate::application::{Application, Says};
use std::time::{Duration, Instant};
use vestibule_browser_tests::{CHROMIUM, Chromium, Tab, tools};
use vestibule_domain::Origin;
use vestibule_tests::{App, PASSWORD, Server, Setup};

/// A provider with an application that is asked for consent.
async fn provider(application: &Application) -> (Server, App) {
    let callback = application.callback();
    let setup = Setup { main: ("localhost", "Acme"), real_time: true, ..Setup::default() };
    let to = callback.clone();
    let setup = setup.client(move |client| {
        client.redirect_uris = vec![to.clone()];
        client.first_party = false;
    });
    let server = setup.start().await;
    let mut app = server.rp();
    app.redirect_uri = callback;
    (server, app)
}

/// Types the password and agrees. Waits for nothing: where that leads is what the test is about.
async fn agree(tab: &Tab, address: &str) {
    tab.open(address).await;
    tab.log_in("alice", PASSWORD).await;
    tab.press("#consent-allow").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u2_the_way_is_not_cut_where_the_application_goes_on_to_another_origin_or_scheme() {
    let Some([program]) = tools([CHROMIUM]) else { return };
    let chromium = Chromium::start(&program).await;
    for scripts in [true, false] {
        let landing = Application::start(|_| Says::Page("<h1 id=landed>landed</h1>".to_owned())).await;
        let next = landing.url.clone();
        let other_origin = move |path: &str| match path.starts_with("/callback") {
            true => Says::Go(format!("{next}/landed")),
            false => Says::Page(String::new()),
        };
        let application = Application::start(other_origin).await;
        let (server, app) = provider(&application).await;
        let tab = chromium.visitor().await;
        tab.scripts(scripts).await;
        agree(&tab, &server.pool().origin.url(&app.authorize_path(&[]))).await;
        tab.until("the other origin", &format!("location.href === '{}/landed'", landing.url)).await;
        assert!(application.seen().iter().any(|path| path.starts_with("/callback?code=")));
        assert_eq!(tab.complaints(), Vec::<String>::new());

        // Nobody handles the scheme here; what counts is that the provider's page forbids nothing.
        let native = Application::start(|_| Says::Go("com.example.app:/done".to_owned())).await;
        let (server, app) = provider(&native).await;
        let tab = chromium.visitor().await;
        tab.scripts(scripts).await;
        agree(&tab, &server.pool().origin.url(&app.authorize_path(&[]))).await;
        let started = Instant::now();
        while !native.seen().iter().any(|path| path.starts_with("/callback?code=")) {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "{:?} {:?}",
                native.seen(),
                tab.complaints()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let complaints = tab.complaints();
        assert!(!complaints.iter().any(|text| text.contains("form-action")), "{complaints:?}");
    }
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u3_a_sign_in_in_a_window_of_its_own_answers_the_one_that_opened_it() {
    let Some([program]) = tools([CHROMIUM]) else { return };
    let chromium = Chromium::start(&program).await;
    let application = Application::start(|path| {
        Says::Page(if path.starts_with("/callback") {
            "<title>back</title><script>opener?.postMessage('signed in', '*')</script>".to_owned()
        } else {
            "<title>waiting</title><button id=go>Sign in</button><script>
             addEventListener('message', event => { document.title = event.data; });
             document.getElementById('go').onclick = () => { window.open(location.hash.slice(1)); };
             </script>"
                .to_owned()
        })
    })
    .await;
    let (server, app) = provider(&application).await;
    let opener = chromium.visitor().await;
    let address = server.pool().origin.url(&app.authorize_path(&[]));
    opener.open(&format!("{}/opener#{address}", application.url)).await;
    opener.press("#go").await;
    let popup = chromium.window_of(&opener).await;
    popup.until("the sign-in", "!!document.querySelector('#login-submit')").await;
    popup.log_in("alice", "wrong").await;
    popup.log_in("alice", PASSWORD).await;
    popup.press("#consent-allow").await;
    opener.until("the answer", "document.title === 'signed in'").await;

    // The same for somebody who is signed in: nothing but redirects.
    opener.open(&format!("{}/opener?2#{address}", application.url)).await;
    opener.press("#go").await;
    opener.until("the second answer", "document.title === 'signed in'").await;

    // The user center lets nobody hold it.
    let center = server.pool().origin.url("/u");
    opener.open(&format!("{}/opener?3#{center}", application.url)).await;
    opener.eval("document.getElementById('go').onclick = () => { window.held = window.open(location.hash.slice(1)); }").await;
    opener.press("#go").await;
    opener.until("the cut", "window.held.closed").await;
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u14_two_pools_on_one_host_keep_their_sessions() {
    let Some([program]) = tools([CHROMIUM]) else { return };
    let setup = Setup { main: ("localhost", "Acme"), nodes: 2, real_time: true, ..Setup::default() };
    let server = setup.start().await;
    let mut second = server.spec_of_main();
    let origin = format!("http://localhost:{}", server.address(1).port());
    "second".clone_into(&mut second.slug);
    "second".clone_into(&mut second.tenant);
    second.origin = Origin::parse(&origin).unwrap();
    server.admin().apply(&[second]).await.unwrap();
    server.refresh().await;
    let chromium = Chromium::start(&program).await;
    let tab = chromium.visitor().await;
    let first = server.pool().origin.to_string();
    for origin in [&first, &origin] {
        tab.open(&format!("{origin}/u")).await;
        tab.log_in("alice", PASSWORD).await;
        assert!(tab.sees("#sign-out").await, "{}", tab.url().await);
    }
    for origin in [&first, &origin, &first] {
        tab.open(&format!("{origin}/u/profile")).await;
        assert!(tab.sees("#sign-out").await, "{origin}: {}", tab.url().await);
        tab.follow("#profile-save").await;
        assert!(tab.sees("#sign-out").await, "{origin}: {}", tab.url().await);
    }
    // The end of one is not the end of the other.
    tab.follow("#sign-out").await;
    tab.open(&format!("{origin}/u")).await;
    assert!(tab.sees("#sign-out").await, "{}", tab.url().await);
    assert_eq!(tab.complaints(), Vec::<String>::new());
    chromium.end().await;
}
