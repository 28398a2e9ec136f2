//! The provider as an independent relying party sees it: the npm library openid-client goes through discovery, PKCE,
//! the code exchange, every signing algorithm, userinfo, refresh and sign-out.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::path::PathBuf;
use tokio::process::Command;
use vestibule_browser_tests::{NODE, NODE_TOOLS, RelyingParty, tools};
use vestibule_domain::{ClientAuthMethod, ClientKind, TokenAlg};
use vestibule_tests::{PASSWORD, Server, Setup};

const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

/// A running relying party that waits for its person to come back.
struct Party {
    running: RelyingParty,
    /// Where it sends its person.
    authorize: String,
}

impl Party {
    /// Starts it and reads where it sends people.
    async fn start([node, directory]: &[PathBuf; 2], server: &Server, client: Value) -> Self {
        let mut asked = json!({
            "issuer": server.pool().origin.issuer(),
            "clientId": "app",
            "clientSecret": server.rp().secret,
            "redirectUri": REDIRECT_URI,
            "postLogoutRedirectUri": "http://127.0.0.1:9/signed-out",
            "alg": "ES256",
        });
        asked.as_object_mut().unwrap().extend(client.as_object().unwrap().clone());
        let mut command = Command::new(node);
        command.arg("openid-client.mjs").current_dir(directory);
        let mut running = RelyingParty::start(command, &asked);
        let authorize = running.line().await.unwrap();
        Self { running, authorize }
    }

    /// Hands it the address that its person came back to; gives what it found, or what it complains about.
    async fn finish(mut self, callback: &str) -> Result<Value, String> {
        self.running.tell(callback).await;
        self.running.line().await.map(|line| serde_json::from_str(&line).unwrap())
    }
}

async fn start() -> Option<([PathBuf; 2], Server)> {
    let found = tools([NODE, NODE_TOOLS])?;
    // The library reads the machine's clock and resolves names as the machine does.
    let setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
    Some((found, setup.start().await))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_relying_party_accepts_tokens_of_every_algorithm() {
    let Some((tools, server)) = start().await else { return };
    for (id, alg, name) in
        [("es", TokenAlg::Es256, "ES256"), ("rs", TokenAlg::Rs256, "RS256"), ("ed", TokenAlg::EdDsa, "EdDSA")]
    {
        server.add_client(id, move |client| client.id_token_alg = Some(alg)).await;
        let party = Party::start(&tools, &server, json!({ "clientId": id, "alg": name })).await;
        let mut browser = server.browser();
        let page = browser.get(&party.authorize).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.left, "{} {}", page.url, page.body);
        let found = party.finish(&page.url).await.unwrap_or_else(|why| panic!("{name}: {why}"));

        assert_eq!(found["header"]["alg"], name);
        assert_eq!(found["claims"]["iss"], server.pool().origin.issuer());
        assert_eq!(found["claims"]["acr"], "urn:vestibule:acr:1fa");
        assert_eq!(found["claims"]["amr"], json!(["pwd"]));
        assert_eq!(found["tokenType"].as_str().unwrap().to_lowercase(), "bearer");
        assert!(found["expiresIn"].as_u64().unwrap() > 0);
        assert_eq!(found["userinfo"]["email"], "alice@example.test");
        assert_eq!(found["userinfo"]["sub"], found["claims"]["sub"]);
        assert_eq!(found["refreshed"]["rotated"], true);
        for claim in ["sub", "sid", "acr", "amr", "auth_time"] {
            assert_eq!(found["refreshed"]["claims"][claim], found["claims"][claim], "{name} {claim}");
        }

        // The sign-out that the library composed from discovery: at once, and back at the application.
        let page = browser.get(found["logout"].as_str().unwrap()).await;
        assert_eq!(page.url, "http://127.0.0.1:9/signed-out?state=signed-out-state");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_relying_party_gets_the_essential_class_it_demanded() {
    let Some((tools, server)) = start().await else { return };
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let phone = server.enrol(&mut browser).await;
    let party = Party::start(&tools, &server, json!({ "acr": "2" })).await;
    let page = browser.get(&party.authorize).await;
    assert!(page.has_id("otp"), "{}", page.body);
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    let found = party.finish(&page.url).await.unwrap();
    assert_eq!(found["claims"]["acr"], "2");
    assert_eq!(found["claims"]["amr"], json!(["mfa", "otp", "pwd"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_public_client_needs_no_secret() {
    let Some((tools, server)) = start().await else { return };
    let public = |client: &mut vestibule_domain::Client| {
        client.kind = ClientKind::Public;
        client.auth_method = Some(ClientAuthMethod::None);
        client.secret_sha256 = None;
    };
    server.add_client("spa", public).await;
    let party = Party::start(&tools, &server, json!({ "clientId": "spa", "clientSecret": null })).await;
    let mut browser = server.browser();
    let page = browser.get(&party.authorize).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let found = party.finish(&page.url).await.unwrap();
    assert_eq!(found["claims"]["aud"], json!(["spa"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_independent_relying_party_does_look_at_what_it_gets() {
    let Some((tools, server)) = start().await else { return };
    // It expects another algorithm than the client is registered with: its check of the signature is no formality.
    let party = Party::start(&tools, &server, json!({ "alg": "RS256" })).await;
    let mut browser = server.browser();
    let page = browser.get(&party.authorize).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let complaint = party.finish(&page.url).await.unwrap_err();
    assert!(complaint.contains("alg"), "{complaint}");
    // An answer that names another issuer is not believed (RFC 9207).
    let party = Party::start(&tools, &server, json!({})).await;
    let page = browser.get(&party.authorize).await;
    assert!(page.left && page.query().contains_key("iss"), "{}", page.url);
    let mut callback = url::Url::parse(&page.url).unwrap();
    let query: Vec<(String, String)> = page
        .query()
        .into_iter()
        .map(
            |(name, value)| {
                if name == "iss" { (name, server.other().origin.issuer()) } else { (name, value) }
            },
        )
        .collect();
    callback.query_pairs_mut().clear().extend_pairs(query);
    let complaint = party.finish(callback.as_str()).await.unwrap_err();
    assert!(complaint.contains("iss"), "{complaint}");
}
