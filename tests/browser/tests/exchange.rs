//! Token exchange (RFC 8693) and assertions (RFC 7523) with openid-client, as it comes from npm.

use serde_json::json;
use std::collections::BTreeSet;
use tokio::process::Command;
use vestibule_browser_tests::{NODE, NODE_TOOLS, RelyingParty, tools};
use vestibule_domain::{
    Api, AssertedSubject, Client, ExchangeMode, ExchangeRule, GrantType, PoolSettings, TrustedIssuer,
};
use vestibule_jose::Alg;
use vestibule_tests::{CLIENT_SECRET, Server, Setup, Signer, VERIFIER};

const ORDERS: &str = "https://orders.example";
const LEDGER: &str = "https://ledger.example";
const PARTNER: &str = "https://partner.example";

fn names(of: &[&str]) -> BTreeSet<String> {
    of.iter().map(|one| (*one).to_owned()).collect()
}

fn declare(settings: &mut PoolSettings, keys: &Signer) {
    let api = |id: &str, scope: &str| Api {
        id: id.to_owned(),
        name: None,
        scopes: names(&[scope]),
        access_token_alg: None,
        access_token_type: None,
        access_token_lifetime: None,
    };
    settings.apis = vec![api(ORDERS, "orders.read"), api(LEDGER, "ledger.read")];
    settings.trusted_issuers = vec![TrustedIssuer {
        issuer: PARTNER.to_owned(),
        jwks: Some(keys.jwks()),
        jwks_uri: None,
        applications: names(&["orders"]),
        subject: AssertedSubject::UserId,
        domains: BTreeSet::new(),
        apis: names(&[LEDGER]),
        scopes: names(&["ledger.read"]),
        first_factor: false,
    }];
}

fn orders(client: &mut Client) {
    client.auth_method = None;
    client.grants = vec![GrantType::TokenExchange, GrantType::JwtBearer];
    client.redirect_uris = Vec::new();
    client.introspects = names(&[ORDERS]);
    client.apis = names(&[LEDGER]);
    client.scopes = vec!["ledger.read".to_owned()];
    client.exchange = vec![ExchangeRule {
        issued_to: names(&["app"]),
        audience: names(&[ORDERS]),
        api: LEDGER.to_owned(),
        scopes: [("ledger.read".to_owned(), "orders.read".to_owned())].into(),
        mode: ExchangeMode::Delegation,
        bound_subjects: false,
        id_tokens: false,
    }];
}

/// Alice's token for the API of orders.
async fn subject(server: &Server) -> String {
    let (rp, mut browser) = (server.rp(), server.browser());
    browser.sign_in("alice").await;
    let callback = rp.silent(&mut browser, &[("resource", ORDERS), ("scope", "openid orders.read")]).await;
    let code = callback.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
        ("resource", ORDERS),
    ];
    rp.token(&form).await.text("access_token")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_independent_library_exchanges_tokens_and_uses_assertions() {
    let Some([node, directory]) = tools([NODE, NODE_TOOLS]) else { return };
    let keys = Signer::new(Alg::Es256);
    let setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
    let mut setup = setup.client(|client| {
        client.apis = names(&[ORDERS]);
        client.scopes.push("orders.read".to_owned());
    });
    declare(&mut setup.settings, &keys);
    let server = setup.start().await;
    server.add_client("orders", orders).await;
    let (issuer, now) = (server.pool().origin.issuer(), server.clock.seconds());
    let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id.to_string();
    let assertion =
        keys.sign(&json!({ "iss": PARTNER, "sub": alice, "aud": issuer, "jti": "1", "exp": now + 120 }));
    let access = "urn:ietf:params:oauth:token-type:access_token";
    let asked = json!({
        "issuer": issuer, "clientId": "orders", "clientSecret": CLIENT_SECRET,
        "exchange": {
            "subject_token": subject(&server).await, "subject_token_type": access, "audience": LEDGER,
            "requested_token_type": access,
        },
        "assertion": { "assertion": assertion },
    });
    let mut command = Command::new(node);
    command.arg("openid-client-exchange.mjs").current_dir(directory);
    let found = RelyingParty::start(command, &asked).word().await.unwrap();
    for grant in [GrantType::TokenExchange, GrantType::JwtBearer] {
        assert!(found["grants"].as_array().unwrap().contains(&json!(grant.as_str())), "{found}");
    }
    assert_eq!(found["exchanged"]["issued_token_type"], access, "{found}");
    assert_eq!((&found["exchanged"]["scope"], &found["boundAs"]), (&json!("ledger.read"), &json!("dpop")));
    assert_eq!(
        (&found["told"]["act"]["sub"], &found["told"]["sub"], &found["active"]),
        (&json!("orders"), &json!(alice), &json!(false))
    );
    assert_eq!(
        (&found["asserted"]["scope"], &found["refused"]),
        (&json!("ledger.read"), &json!("invalid_grant"))
    );
}
