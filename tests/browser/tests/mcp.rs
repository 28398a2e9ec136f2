//! A client of the Model Context Protocol meets a server of it that is protected by the product: it knows the server's address
//! alone. The server is made with the crate for resource servers; the client is the protocol's own SDK.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::net::TcpListener;
use vestibule_browser_tests::{NODE, NODE_TOOLS, RelyingParty, script, tools};
use vestibule_domain::{Api, ClientRegistration, RegistrationMode};
use vestibule_resource_server::{AccessToken, Description, RequireScope, ResourceServer};
use vestibule_tests::{Browser, PASSWORD, REDIRECT_URI, Server, Setup};

/// One tool of one server, and what the protocol asks around it.
async fn serve(token: AccessToken, Json(call): Json<Value>) -> Response {
    let Some(id) = call.get("id") else { return StatusCode::ACCEPTED.into_response() };
    let result = match call["method"].as_str() {
        Some("initialize") => json!({
            "protocolVersion": call["params"]["protocolVersion"],
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "notebook", "version": "1.0.0" },
        }),
        Some("tools/list") => json!({ "tools": [{ "name": "whoami", "inputSchema": { "type": "object" } }] }),
        Some("tools/call") => json!({ "content": [{ "type": "text", "text": token.sub }] }),
        other => panic!("{other:?}"),
    };
    Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response()
}

/// The server, where the provider and the client can reach it.
struct Notebook {
    listener: TcpListener,
    address: String,
}

impl Notebook {
    async fn bind() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/mcp", listener.local_addr().unwrap());
        Self { listener, address }
    }

    fn trust(self, issuer: &str) {
        let description = Description {
            name: Some("Notebook"),
            scopes: &["notes.read", "offline_access"],
            ..Description::default()
        };
        let api = ResourceServer::builder(issuer, &self.address).describe(description).build().unwrap();
        let notes = post(serve).layer(api.require(RequireScope("notes.read")));
        let router = Router::new().route("/mcp", notes).merge(api.metadata());
        tokio::spawn(async move { axum::serve(self.listener, router).await.unwrap() });
    }
}

async fn provider(notebook: &Notebook) -> Server {
    let mut setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
    setup.settings.apis = vec![Api {
        id: notebook.address.clone(),
        name: Some("Notebook".to_owned()),
        scopes: BTreeSet::from(["notes.read".to_owned()]),
        access_token_alg: None,
        access_token_type: None,
        access_token_lifetime: None,
    }];
    let scopes = ["openid", "notes.read", "offline_access"].map(str::to_owned);
    setup.settings.client_registration = ClientRegistration {
        mode: RegistrationMode::Open,
        scopes: scopes.into(),
        apis: BTreeSet::from([notebook.address.clone()]),
        ..ClientRegistration::default()
    };
    setup.start().await
}

async fn agree(browser: &mut Browser, authorize: &str) -> String {
    let page = browser.get(authorize).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    assert!(page.body.contains("Notebook assistant") && page.has_id("consent-registered"), "{}", page.body);
    assert!(page.texts(".scopes").concat().contains("Notebook"), "the API by its name: {}", page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    assert!(page.left && page.url.starts_with(REDIRECT_URI), "{} {}", page.url, page.body);
    page.url
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_knows_a_servers_address_alone_registers_signs_its_person_in_and_calls_a_tool() {
    let Some([node, directory]) = tools([NODE, NODE_TOOLS]) else { return };
    let notebook = Notebook::bind().await;
    let address = notebook.address.clone();
    let server = provider(&notebook).await;
    let issuer = server.pool().origin.issuer();
    notebook.trust(&issuer);
    let asked = json!({ "server": address, "redirectUri": REDIRECT_URI });
    let mut party = RelyingParty::start(script(&node, &directory, "mcp.mjs"), &asked);
    let asks = party.word().await.unwrap_or_else(|why| panic!("{why}"));
    let back = agree(&mut server.browser(), asks["visit"].as_str().unwrap()).await;
    party.tell(&back).await;
    let found = party.word().await.unwrap_or_else(|why| panic!("{why}"))["found"].clone();
    assert_eq!(found["refused"], true, "without a token nothing is said but where to get one");
    assert_eq!(found["authorize"]["resource"], address);
    assert_eq!(found["authorize"]["scope"], "notes.read offline_access");
    assert_eq!(found["iss"], issuer);
    let alice = server.admin().user_named("main", "alice").await.unwrap();
    assert_eq!(found["whoami"], alice.id.to_string());
    assert_eq!(found["scope"], "notes.read", "the token is for the server alone");
    assert_eq!((&found["refreshed"], &found["renewed"]), (&json!("AUTHORIZED"), &json!(true)));
    assert_eq!(found["again"], found["whoami"]);
}
