//! Unchanged relying parties from their registries, configured as their own quick start says. Each is a small script in
//! `tests/browser-tools/interop`, and a row in `parties.json` there says what it has to find; `docs/relying-parties.md`
//! shows the same rows. To add one: its package where versions are pinned, a script, a row, and `cargo xtask generate`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use tokio::process::Command;
use vestibule_browser_tests::{
    APACHE, CHROMIUM, Chromium, GO_PARTIES, JAVA, JAVA_PARTIES, MOD_AUTH_OPENIDC, NODE, NODE_TOOLS,
    OIDC_AGENT, PYTHON, QUARKUS, RUBY, RelyingParty, Tab, java_program, script, tools,
};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, GrantType, Strictness, pool::RegistrationMode};
use vestibule_tests::{Browser, PASSWORD, Server, Setup};

const PARTIES: &str = include_str!("../../browser-tools/interop/parties.json");
/// Where the applications believe to be. Nothing listens there: a party is its person's browser at its own side.
const BASE: &str = "http://127.0.0.1:9";

/// A row of `parties.json`.
struct Party(Value);

impl Party {
    fn all() -> Vec<Self> {
        let rows: Vec<Value> = serde_json::from_str(PARTIES).unwrap();
        rows.into_iter().map(Self).collect()
    }

    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.0))
    }

    fn texts(&self, name: &str) -> Vec<&str> {
        self.0[name].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
    }

    fn is_public(&self) -> bool {
        self.0["public"] == true
    }

    /// What runs it, when it is none that lives in a page.
    fn runs_by(&self) -> Option<Tool> {
        let script = self.text("script");
        if self.is_public() {
            None
        } else if script.ends_with(".py") {
            Some(Tool::Python)
        } else if self.text("registry") == "Go" {
            Some(Tool::Go)
        } else if self.text("registry") == "Maven" {
            Some(Tool::Java)
        } else if self.text("registry") == "Debian" {
            Some(Tool::Debian)
        } else {
            Some(Tool::Node)
        }
    }

    /// Asserts that it found what its row says.
    fn assert(&self, found: &Value, sub: &str) {
        let name = self.text("name");
        let known = |claim: &str| match claim {
            "sub" => sub,
            "name" => "alice Example",
            "email" => "alice@example.test",
            other => panic!("{name} has a row with the claim {other}"),
        };
        for claim in self.texts("claims") {
            assert_eq!(found["claims"][claim], known(claim), "{name}: {claim} in {found:#}");
        }
        for also in self.texts("also") {
            let good = match also {
                "userinfo" => found["userinfo"]["sub"] == sub && found["userinfo"]["email"] == known("email"),
                "refresh" => found["refreshed"] == true || found["refreshed"]["sub"] == sub,
                "sign-out" => found["signedOut"].as_str().is_some_and(|at| at.starts_with(BASE)),
                // Without a session, and with the ID token in its place.
                "bearer" => found["bearer"] == json!([401, 202]),
                // All of it was as a device without a browser.
                "device" => found["device"] == true,
                // With an application that it registered itself, for the same person.
                "registration" => found["registered"] == json!({ "sub": sub, "other": true }),
                // With a group of the person's, and with another one.
                "groups" => found["groups"] == json!([200, 403]),
                other => panic!("{name} has a row with {other}"),
            };
            assert!(good, "{name}: {also} in {found:#}");
        }
        for (what, wanted) in [("cancelled", "cancelled"), ("wrongSecret", "wrong_secret")] {
            let told = found[what].to_string();
            assert!(told.contains(self.text(wanted)), "{name}: {what} in {found:#}");
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Tool {
    Node,
    Python,
    Go,
    Java,
    Debian,
}

/// What it says next.
async fn word(running: &mut RelyingParty, name: &str) -> Value {
    running.word().await.unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// What a person does at the provider when an application sends them there; gives the address that they come back to.
async fn visit(browser: &mut Browser, to: &str, how: &str) -> String {
    let mut page = browser.get(to).await;
    while !page.left {
        let typed = how.strip_prefix("type ").or_else(|| how.strip_prefix("refuse "));
        page = if how == "cancel" && page.has_id("cancel") {
            browser.submit(page.form_of("#cancel")).await
        } else if page.has_id("login-submit") {
            browser.log_in(&page, "alice", PASSWORD).await
        } else if let Some(code) = typed.filter(|_| page.has_id("device-submit")) {
            browser.submit(page.form("/device").with("user_code", code)).await
        } else if page.has_id("done-title") {
            // The way of a device: nobody leaves.
            break;
        } else if how == "decline" && page.has_id("cancel") {
            browser.submit(page.form_of("#cancel")).await
        } else if how.starts_with("refuse") && page.has_id("consent-deny") {
            browser.submit(page.form_of("#consent-deny")).await
        } else if page.has_id("consent-allow") {
            browser.submit(page.form_of("#consent-allow")).await
        } else {
            panic!("{how}: {} {}", page.url, page.body)
        };
    }
    page.url
}

async fn start() -> Server {
    // The libraries read the machine's clock and resolve names as the machine does.
    let groups = vec!["staff".to_owned()];
    let mut setup = Setup { real_time: true, main: ("localhost", "Pool main"), groups, ..Setup::default() };
    // For the one that registers itself.
    setup.settings.client_registration.mode = RegistrationMode::Open;
    setup.start().await
}

/// The application as `vestibule application add` registers it, told nothing but redirect URIs.
fn as_added(client: &mut Client, redirect_uri: &str, signed_out: &[&str]) {
    client.redirect_uris = vec![redirect_uri.to_owned()];
    client.post_logout_redirect_uris = signed_out.iter().map(|uri| (*uri).to_owned()).collect();
    client.auth_method = None;
    client.id_token_alg = None;
    client.first_party = false;
    client.acr_aliases.clear();
}

async fn sub(server: &Server) -> String {
    server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id.to_string()
}

/// Runs every party that one tool runs.
async fn run_all(tool: Tool, program: impl Fn(&Party) -> Command, more: Value) {
    let server = start().await;
    let sub = sub(&server).await;
    let parties: Vec<Party> =
        Party::all().into_iter().filter(|party| party.runs_by() == Some(tool)).collect();
    assert!(!parties.is_empty());
    for (number, party) in parties.iter().enumerate() {
        let name = party.text("name");
        let id = format!("app-{number}");
        let redirect_uri = format!("{BASE}{}", party.text("callback"));
        let (signed_out, home) = (format!("{BASE}/signed-out"), format!("{BASE}/"));
        let register = |client: &mut Client| {
            as_added(client, &redirect_uri, &[&signed_out, BASE, &home]);
            client.scopes.extend(party.0["scopes"].as_array().into_iter().flatten().map(|scope| {
                let scope = scope.as_str().unwrap();
                scope.to_owned()
            }));
            client.omit_iss = party.0["omit_iss"] == true;
            if party.0["device"] == true {
                client.grants.push(GrantType::DeviceCode);
            }
        };
        server.add_client(&id, register).await;
        let mut asked = json!({
            "issuer": server.pool().origin.issuer(),
            "clientId": id,
            "clientSecret": server.rp().secret,
            "base": BASE,
            "redirectUri": redirect_uri,
            "signedOutUri": signed_out,
        });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        party.assert(&run(&server, program(party), &asked, name).await, &sub);
    }
}

/// Runs a party with a person of its own; gives what it found.
async fn run(server: &Server, program: Command, asked: &Value, name: &str) -> Value {
    let mut running = RelyingParty::start(program, asked);
    let mut browser = server.browser();
    loop {
        let word = word(&mut running, name).await;
        let Some(to) = word["visit"].as_str() else { return word["found"].clone() };
        let back = visit(&mut browser, to, word["as"].as_str().unwrap()).await;
        running.tell(&back).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_from_npm_sign_in_as_their_quick_start_says() {
    let Some([node, npm]) = tools([NODE, NODE_TOOLS]) else { return };
    run_all(Tool::Node, |party| script(&node, &npm, party.text("script")), json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_from_pypi_sign_in_as_their_quick_start_says() {
    let Some([python, npm]) = tools([PYTHON, NODE_TOOLS]) else { return };
    run_all(Tool::Python, |party| script(&python, &npm, party.text("script")), json!({})).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_in_go_sign_in_as_their_quick_start_says() {
    let Some([programs, node, npm]) = tools([GO_PARTIES, NODE, NODE_TOOLS]) else { return };
    let program = |party: &Party| {
        // A program as its makers publish it has a script that runs it.
        if party.text("script").ends_with(".mjs") {
            script(&node, &npm, party.text("script"))
        } else {
            Command::new(programs.join(party.text("script")))
        }
    };
    run_all(Tool::Go, program, json!({ "program": programs.join("oauth2-proxy") })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_in_java_sign_in_as_their_quick_start_says() {
    let Some([java, archive, quarkus, node, npm]) = tools([JAVA, JAVA_PARTIES, QUARKUS, NODE, NODE_TOOLS])
    else {
        return;
    };
    let program = |party: &Party| {
        if party.text("script").ends_with(".mjs") {
            script(&node, &npm, party.text("script"))
        } else {
            java_program(&java, &archive, party.text("script"))
        }
    };
    run_all(Tool::Java, program, json!({ "java": java, "quarkus": quarkus })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parties_from_debian_sign_in_as_their_quick_start_says() {
    let Some([apache, module, agent, ruby, node, npm]) =
        tools([APACHE, MOD_AUTH_OPENIDC, OIDC_AGENT, RUBY, NODE, NODE_TOOLS])
    else {
        return;
    };
    let program = |party: &Party| {
        let name = party.text("script");
        script(if name.ends_with(".rb") { &ruby } else { &node }, &npm, name)
    };
    let more = json!({ "apache": apache, "modules": module.parent().unwrap(), "agent": agent });
    run_all(Tool::Debian, program, more).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_mod_auth_openidc_goes_round_in_circles_a_setting_ends_it() {
    let Some([apache, module, node, npm]) = tools([APACHE, MOD_AUTH_OPENIDC, NODE, NODE_TOOLS]) else {
        return;
    };
    let server = start().await;
    let redirect_uri = format!("{BASE}/secure/redirect_uri");
    let circle = json!({ "turns": 3, "shown": "sent on" });
    for (trial, id, omit_iss, strict, told) in [
        // It takes an error with `iss` for somebody who wants to sign in.
        ("cancel", "with-iss", false, None, None),
        ("cancel", "without-iss", true, None, Some("access_denied")),
        // It asks again for what was a wish.
        ("step-up", "wish", true, None, None),
        (
            "step-up",
            "demand",
            true,
            Some(Strictness::EssentialAcrValues),
            Some("unmet_authentication_requirements"),
        ),
    ] {
        let register = |client: &mut Client| {
            as_added(client, &redirect_uri, &[]);
            client.omit_iss = omit_iss;
            client.strict.extend(strict);
        };
        server.add_client(id, register).await;
        let asked = json!({
            "issuer": server.pool().origin.issuer(),
            "clientId": id,
            "clientSecret": server.rp().secret,
            "base": BASE,
            "redirectUri": redirect_uri,
            "apache": apache,
            "modules": module.parent().unwrap(),
            "trial": trial,
        });
        let found = run(&server, script(&node, &npm, "mod_auth_openidc.mjs"), &asked, id).await;
        match told {
            None => assert_eq!(found, circle, "{id}"),
            Some(error) => {
                assert_eq!(found["turns"], 1, "{id}: {found}");
                assert!(found["shown"].as_str().unwrap().contains(error), "{id}: {found}");
            }
        }
    }
}

/// What the application in the page shows, as soon as it shows what is waited for.
async fn shown(tab: &Tab, what: &str) -> Value {
    let script = format!("!!document.querySelector('#found')?.textContent.includes({what:?})");
    tab.until(what, &script).await;
    serde_json::from_str(&tab.text("#found").await).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_in_a_page_signs_in_renews_silently_and_signs_out() {
    let Some([node, npm, chromium]) = tools([NODE, NODE_TOOLS, CHROMIUM]) else { return };
    let (server, chromium) = tokio::join!(start(), Chromium::start(&chromium));
    let sub = sub(&server).await;
    let parties: Vec<Party> = Party::all().into_iter().filter(|party| party.runs_by().is_none()).collect();
    assert!(!parties.is_empty());
    for (number, party) in parties.iter().enumerate() {
        let (name, id) = (party.text("name"), format!("page-{number}"));
        let asked = json!({ "issuer": server.pool().origin.issuer(), "clientId": id });
        let mut running = RelyingParty::start(script(&node, &npm, party.text("script")), &asked);
        let at = word(&mut running, name).await["listening"].as_str().unwrap().to_owned();
        let public = |client: &mut Client| {
            as_added(client, &at, &[&at]);
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
            client.secret_sha256 = None;
        };
        server.add_client(&id, public).await;

        let tab = chromium.visitor().await;
        tab.open(&at).await;
        shown(&tab, "user").await;
        tab.follow("#sign-in").await;
        tab.follow("#cancel").await;
        let told = shown(&tab, "error").await;
        assert_eq!(told["error"], party.text("cancelled"), "{name}: {told}");

        tab.follow("#sign-in").await;
        tab.log_in("alice", PASSWORD).await;
        tab.follow("#consent-allow").await;
        let first = shown(&tab, "signedIn").await["signedIn"].clone();
        let known = [("sub", sub.as_str()), ("name", "alice Example"), ("email", "alice@example.test")];
        for (claim, value) in known {
            assert!(party.texts("claims").contains(&claim));
            assert_eq!(first["claims"][claim], value, "{name}: {first}");
        }

        // Silently, by the refresh token that it got without asking for one.
        tab.press("#renew").await;
        let renewed = shown(&tab, "renewed").await["renewed"].clone();
        assert_eq!(renewed["claims"]["sub"], first["claims"]["sub"]);
        assert_ne!(renewed["token"], first["token"]);
        assert_ne!(renewed["refresh"], first["refresh"]);

        tab.follow("#sign-out").await;
        assert_eq!(shown(&tab, "user").await, json!({ "user": null }), "{name}");
        assert!(tab.url().await.starts_with(&at), "{}", tab.url().await);
        // The provider's session is gone, too.
        tab.follow("#sign-in").await;
        assert!(tab.sees("#login-submit").await, "{}", tab.url().await);
    }
    chromium.end().await;
}
