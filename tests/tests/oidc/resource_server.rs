//! The crate for APIs of others takes what the product makes for them, and nothing else of it.

use crate::support::MFA;
use std::{collections::BTreeSet, sync::Arc};
use vestibule_domain::{Api, GrantType, TokenAlg, client::AccessTokenType};
use vestibule_resource_server::{
    AccessToken, BoxFuture, Builder, FetchedKeys, ForeignKeys, KeySource, KeysError, RequireAuthentication,
    RequireScope, ResourceServer,
};
use vestibule_tests::{App, Server, Setup, Tokens, VERIFIER};

const ORDERS: &str = "https://orders.example";
const LEGACY: &str = "https://legacy.example";
const VAULT: &str = "https://vault.example";

/// The keys that the product publishes.
struct Published(ForeignKeys);

impl KeySource for Published {
    fn fetch(&self) -> BoxFuture<'_, Result<FetchedKeys, KeysError>> {
        Box::pin(async { Ok(FetchedKeys { keys: self.0.clone(), fresh_for: None }) })
    }
}

async fn start() -> Server {
    let api = |id: &str, kind: Option<AccessTokenType>, alg: Option<TokenAlg>| Api {
        id: id.to_owned(),
        name: None,
        scopes: BTreeSet::new(),
        access_token_alg: alg,
        access_token_type: kind,
        access_token_lifetime: None,
    };
    let mut setup = Setup::default().client(|client| {
        client.apis = [ORDERS, LEGACY, VAULT].map(str::to_owned).into();
        client.scopes.push("orders.read".to_owned());
        client.grants.push(GrantType::ClientCredentials);
    });
    setup.settings.apis = vec![
        Api { scopes: BTreeSet::from(["orders.read".to_owned()]), ..api(ORDERS, None, None) },
        api(LEGACY, Some(AccessTokenType::Jwt), Some(TokenAlg::Rs256)),
        api(VAULT, Some(AccessTokenType::Opaque), None),
    ];
    setup.start().await
}

/// Tokens of alice, who signs in with a password, for an API or for the issuer.
async fn tokens(server: &Server, rp: &App, api: Option<&str>) -> Tokens {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let resource = api.map(|api| ("resource", api));
    let ask: Vec<(&str, &str)> =
        [("scope", "openid email orders.read")].into_iter().chain(resource).collect();
    let code = rp.silent(&mut browser, &ask).await.code();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    form.extend(resource);
    let tokens = rp.token(&form).await;
    assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    tokens
}

async fn guard(server: &Server, audience: &str, set: impl FnOnce(Builder) -> Builder) -> ResourceServer {
    let mut browser = server.browser();
    let published = browser.send("GET", "/oidc/jwks", None).await.body;
    let keys = ForeignKeys::parse(published.as_bytes()).unwrap();
    let clock = Arc::clone(&server.clock);
    let builder = ResourceServer::builder(&server.pool().origin.issuer(), audience);
    set(builder.keys(Published(keys)).clock(move || clock.seconds())).build().unwrap()
}

async fn call(api: &ResourceServer, token: &str) -> Result<AccessToken, String> {
    let request = axum::http::Request::builder().header("authorization", format!("Bearer {token}"));
    let (parts, ()) = request.body(()).unwrap().into_parts();
    api.admit(&parts).await.map_err(|refusal| format!("{:?}", refusal.reason()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_takes_tokens_that_are_for_it() {
    let server = start().await;
    let rp = server.rp();
    let orders = guard(&server, ORDERS, |builder| builder).await;
    let of_alice = tokens(&server, &rp, Some(ORDERS)).await;
    let token = call(&orders, &of_alice.text("access_token")).await.unwrap();
    assert_eq!((token.client_id.as_str(), token.amr.as_slice()), ("app", &["pwd".to_owned()][..]));
    assert!(token.require(RequireScope("orders.read")).is_ok());
    assert!(token.require(RequireScope("email")).is_err(), "that is the issuer's");
    let fresh = RequireAuthentication { acr_values: &[], max_age: Some(60) };
    assert!(token.require(fresh).is_ok());
    server.clock.advance(61);
    assert!(token.require(fresh).is_err());
    assert!(token.require(RequireAuthentication { acr_values: &[MFA], max_age: None }).is_err());
    let form = [("grant_type", "client_credentials"), ("resource", ORDERS)];
    let of_itself = call(&orders, &rp.token(&form).await.text("access_token")).await.unwrap();
    assert_eq!((of_itself.sub.as_str(), &of_itself.acr), ("app", &None));
    server.clock.advance(600);
    assert_eq!(call(&orders, &of_alice.text("access_token")).await.unwrap_err(), "Token(Times(Expired))");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_takes_nothing_else_that_the_product_signs() {
    let server = start().await;
    let rp = server.rp();
    let orders = guard(&server, ORDERS, |builder| builder).await;
    let legacy = guard(&server, LEGACY, Builder::accept_plain_jwt).await;
    // An API that the application is called like, so that the audience of ID tokens is its own.
    let confused = guard(&server, "app", Builder::accept_plain_jwt).await;
    let of_orders = tokens(&server, &rp, Some(ORDERS)).await;
    let (for_orders, id_token) = (of_orders.text("access_token"), of_orders.text("id_token"));
    let for_legacy = tokens(&server, &rp, Some(LEGACY)).await.text("access_token");
    let opaque = tokens(&server, &rp, Some(VAULT)).await.text("access_token");
    let plain = tokens(&server, &rp, None).await.text("access_token");
    for (api, token, expected) in [
        (&orders, &for_orders, None),
        (&orders, &for_legacy, Some("Token(Jws(Type))")),
        (&orders, &id_token, Some("Token(Jws(Type))")),
        (&orders, &opaque, Some("Token(Jws(Malformed))")),
        (&orders, &plain, Some("Token(Audience)")),
        (&legacy, &for_legacy, None),
        (&legacy, &for_orders, Some("Token(Audience)")),
        (&legacy, &id_token, Some("Token(Audience)")),
        (&confused, &id_token, Some("Token(NotAccess)")),
    ] {
        assert_eq!(call(api, token).await.err().as_deref(), expected, "{token}");
    }
}
