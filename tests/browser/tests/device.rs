//! Devices without a browser (RFC 8628): their user's part in Chromium, and openid-client, as it comes from npm, as the device.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use tokio::process::Command;
use vestibule_browser_tests::{CHROMIUM, Chromium, Demo, NODE, NODE_TOOLS, RelyingParty, tools};
use vestibule_domain::{Acr, Client, ClientKind, GrantType};
use vestibule_tests::{App, Browser, PASSWORD, Server, Setup, Tokens};

/// The application of a television.
fn tv(client: &mut Client) {
    client.kind = ClientKind::Public;
    client.auth_method = None;
    client.grants = vec![GrantType::DeviceCode, GrantType::RefreshToken];
    client.redirect_uris = Vec::new();
    client.name = "Atlas TV".to_owned();
}

/// What a device asks, and what it is shown.
async fn ask(app: &App) -> Tokens {
    let told = app.post("/oidc/device", &[("scope", "openid profile offline_access")]).await;
    assert_eq!(told.status, 200, "{:?}", told.body);
    told
}

async fn poll(app: &App, device: &Tokens) -> Tokens {
    let grant = GrantType::DeviceCode.as_str();
    app.token(&[("grant_type", grant), ("device_code", &device.text("device_code"))]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_let_in_with_the_keyboard_and_no_way_back_loses_anything() {
    let Some([chromium]) = tools([CHROMIUM]) else { return };
    let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(Setup::default(), |_| {}));
    demo.server.add_client("tv", tv).await;
    let mut app = demo.server.rp();
    (app.client_id, app.secret) = ("tv".to_owned(), None);

    // From the code on the screen to the answer, with nothing but the keyboard.
    let device = ask(&app).await;
    let tab = chromium.visitor().await;
    tab.open(&device.text("verification_uri")).await;
    tab.type_in("alice").await;
    tab.key("Tab").await;
    tab.type_in(PASSWORD).await;
    tab.key_through("Enter").await;
    tab.type_in(&device.text("user_code").to_lowercase().replace('-', " ")).await;
    tab.key_through("Enter").await;
    assert_eq!(tab.text("#device-code").await, device.text("user_code"));
    // Back, forward, and a reload show what was there.
    tab.back().await;
    assert!(tab.sees("#device-submit").await, "{}", tab.url().await);
    tab.forward().await;
    tab.reload().await;
    assert!(tab.sees("#device-facts").await, "{}", tab.url().await);
    assert_eq!(poll(&app, &device).await.error(), Some("authorization_pending"));
    tab.tab_to("#consent-allow").await;
    tab.key_through("Enter").await;
    assert!(tab.text("#done-title").await.contains("connected"), "{}", tab.text("body").await);
    tab.reload().await;
    assert!(tab.text("#done-title").await.contains("connected"), "{}", tab.text("body").await);
    assert_eq!(poll(&app, &device).await.status, 200);
    // The question before is over, and says so.
    tab.back().await;
    tab.reload().await;
    assert_eq!(tab.attribute("#error-back", "href").await, "/device");
    assert_eq!(tab.complaints().iter().filter(|one| !one.contains("400")).count(), 0);

    // The address with the code: shown, compared, sent by hand; without scripts, too.
    for scripts in [true, false] {
        tab.scripts(scripts).await;
        let device = ask(&app).await;
        tab.open(&device.text("verification_uri_complete")).await;
        assert_eq!(tab.attribute("#user-code", "value").await, device.text("user_code"));
        tab.follow("#device-submit").await;
        tab.follow("#consent-deny").await;
        assert!(tab.text("#done-title").await.contains("not let in"), "{}", tab.text("body").await);
        assert_eq!(poll(&app, &device).await.error(), Some("access_denied"));
    }
    chromium.end().await;
}

/// openid-client, as a device of this server, and what it shows.
async fn party(asked: Value, server: &Server) -> Option<(RelyingParty, Value)> {
    let [node, directory] = tools([NODE, NODE_TOOLS])?;
    let mut command = Command::new(node);
    command.arg("openid-client-device.mjs").current_dir(directory);
    let mut whole = json!({ "issuer": server.pool().origin.issuer(), "clientId": "tv", "alg": "ES256" });
    whole.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
    let mut running = RelyingParty::start(command, &whole);
    let shown = running.word().await.unwrap();
    Some((running, shown))
}

async fn answer(browser: &mut Browser, shown: &Value, button: &str) {
    let page = browser.get("/device").await;
    let code = shown["user_code"].as_str().unwrap();
    let page = browser.submit(page.form("/device").with("user_code", code)).await;
    let page = browser.submit(page.form_of(button)).await;
    assert!(page.has_id("done-title"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_device_waits_for_its_user() {
    let setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
    let server = setup.start().await;
    server.add_client("tv", tv).await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    for (asked, kind) in [(json!({}), "bearer"), (json!({ "dpop": true }), "dpop")] {
        let Some((mut device, shown)) = party(asked, &server).await else { return };
        assert_eq!(shown["verification_uri"], server.pool().origin.url("/device"));
        answer(&mut browser, &shown, "#consent-allow").await;
        let found = device.word().await.unwrap();
        assert_eq!(found["claims"]["acr"], Acr::OneFactor.as_str(), "{found}");
        assert_eq!((&found["claims"]["amr"], &found["claims"]["aud"]), (&json!(["pwd"]), &json!(["tv"])));
        assert_eq!(found["userinfo"]["email"], "alice@example.test");
        assert_eq!(found["tokenType"].as_str().unwrap().to_lowercase(), kind);
        assert_eq!(
            (&found["scope"], &found["rotated"]),
            (&"openid profile email offline_access".into(), &true.into())
        );
    }
    let Some((mut device, shown)) = party(json!({}), &server).await else { return };
    answer(&mut browser, &shown, "#consent-deny").await;
    assert_eq!(device.word().await.unwrap(), json!({ "error": "access_denied" }));
}
