//! APIs in other languages that check access tokens with the usual library, which is told the issuer and its own name and
//! nothing else. Each is a small script in `tests/browser-tools/interop`, and a row in `apis.json` there; `docs/apis.md` shows
//! the same rows. To add one: its package where versions are pinned, a script, a row, and `cargo xtask generate`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::process::Command;
use vestibule_browser_tests::{
    GO_PARTIES, JAVA, JAVA_PARTIES, NODE, NODE_TOOLS, PYTHON, QUARKUS, RelyingParty, java_program, script,
    tools,
};
use vestibule_domain::{Api, GrantType, TokenAlg, client::AccessTokenType};
use vestibule_tests::{App, Server, Setup, Tokens};

const APIS: &str = include_str!("../../browser-tools/interop/apis.json");

/// An API for each kind of token that others can read: signed with each algorithm, of each type.
fn apis() -> Vec<Api> {
    let types = [(AccessTokenType::AtJwt, "at"), (AccessTokenType::Jwt, "plain")];
    let kind = |alg: TokenAlg| {
        types.map(|(typ, name)| Api {
            id: format!("https://{}-{name}.example", alg.as_str().to_ascii_lowercase()),
            name: None,
            scopes: ["orders.read".to_owned()].into(),
            access_token_alg: Some(alg),
            access_token_type: Some(typ),
            access_token_lifetime: None,
        })
    };
    TokenAlg::ALL.into_iter().flat_map(kind).collect()
}

async fn token_for(rp: &App, api: &str) -> Tokens {
    let form = [("grant_type", "client_credentials"), ("scope", "orders.read"), ("resource", api)];
    let tokens = rp.token(&form).await;
    assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    tokens
}

async fn start() -> Server {
    // The libraries read the machine's clock and resolve names as the machine does.
    let mut setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
    setup.settings.apis = apis();
    let server = setup.start().await;
    let change = |client: &mut vestibule_domain::Client| {
        (client.id_token_alg, client.first_party) = (None, true);
        client.grants.push(GrantType::ClientCredentials);
        client.apis = apis().into_iter().map(|api| api.id).collect();
        client.scopes.push("orders.read".to_owned());
    };
    server.add_client("batch", change).await;
    server
}

/// Whether a library takes tokens of this kind as it comes; most take all of them.
fn takes(row: &Value, api: &Api) -> bool {
    let among = |list: &Value, one: Value| list.as_array().is_none_or(|list| list.contains(&one));
    among(&row["algs"], json!(api.access_token_alg)) && among(&row["types"], json!(api.access_token_type))
}

/// The same token with another signature.
fn bent(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    assert_ne!(turned, signature);
    format!("{signed}.{turned}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apis_take_the_tokens_that_are_for_them_and_no_others() {
    let programs = tools([NODE, NODE_TOOLS, PYTHON, GO_PARTIES, JAVA, JAVA_PARTIES, QUARKUS]);
    let Some([node, npm, python, go, java, archive, quarkus]) = programs else { return };
    let server = start().await;
    let mut batch = server.rp();
    "batch".clone_into(&mut batch.client_id);
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let rows: Vec<Value> = serde_json::from_str(APIS).unwrap();
    let runs = |row: &Value| {
        let name = row["script"].as_str().unwrap();
        match row["registry"].as_str().unwrap() {
            "npm" => script(&node, &npm, name),
            "PyPI" => script(&python, &npm, name),
            // An application as its guide has it is started by a script.
            "Maven" if name.ends_with(".mjs") => script(&node, &npm, name),
            "Maven" => java_program(&java, &archive, name),
            _ => Command::new(go.join(name)),
        }
    };
    for row in &rows {
        for api in apis() {
            let name = format!("{} as {}", row["name"], api.id);
            let issuer = server.pool().origin.issuer();
            let asked = json!({ "issuer": issuer, "audience": api.id, "java": java, "quarkus": quarkus });
            let mut running = RelyingParty::start(runs(row), &asked);
            assert_eq!(running.word().await, Ok(json!({ "ready": true })), "{name}");
            let mut judge = async |token: &str| {
                running.tell(token).await;
                running.word().await.unwrap_or_else(|why| panic!("{name}: {why}"))
            };

            let of_machine = token_for(&batch, &api.id).await.text("access_token");
            if !takes(row, &api) {
                let refused = judge(&of_machine).await;
                assert!(refused["refused"].is_string(), "{name} was said to refuse it: {refused}");
                continue;
            }
            let accepted = judge(&of_machine).await;
            assert_eq!(accepted["accepted"]["sub"], "batch", "{name}: {accepted}");
            assert_eq!(accepted["accepted"]["scope"], "orders.read", "{name}: {accepted}");

            let wish = [("scope", "openid email orders.read"), ("resource", api.id.as_str())];
            let of_person = batch.exchange(&batch.silent(&mut browser, &wish).await.code()).await;
            let accepted = judge(&of_person.text("access_token")).await;
            for claim in ["acr", "amr", "auth_time", "scope", "client_id"] {
                assert!(!accepted["accepted"][claim].is_null(), "{name} {claim}: {accepted}");
            }

            // Whom it is for, who signed it, and whether it is an access token at all.
            let other = apis().into_iter().find(|other| other.id != api.id).unwrap().id;
            let foreign = token_for(&batch, &other).await.text("access_token");
            let id_token = of_person.text("id_token");
            for (what, token) in [
                ("for another API", foreign),
                ("bent", bent(&of_machine)),
                ("an ID token", id_token),
                ("no token", "x".to_owned()),
            ] {
                let refused = judge(&token).await;
                assert!(refused["refused"].is_string(), "{name}, {what}: {refused}");
            }
        }
    }
    let tried: BTreeSet<&str> = rows.iter().map(|row| row["registry"].as_str().unwrap()).collect();
    assert_eq!(tried, ["Go", "Maven", "PyPI", "npm"].into(), "one of each language");
}
