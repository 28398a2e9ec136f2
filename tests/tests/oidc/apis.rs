//! Tokens for registered APIs (RFC 8707, RFC 9068), and what they say to whoever may know (RFC 7662, RFC 9701).

use crate::support::{named, tokens_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{
    Api, Client, ClientKind, GrantType, PoolSettings, Strictness, TokenAlg, client::AccessTokenType,
};
use vestibule_jose::Typ;
use vestibule_tests::{App, Server, Setup, Tokens, on_every_engine, payload};

const ORDERS: &str = "https://orders.example";
const STOCK: &str = "https://stock.example";
/// Reads tokens that others cannot.
const LEGACY: &str = "https://legacy.example";
/// Reads none, but asks.
const VAULT: &str = "https://vault.example";

pub(crate) fn api(id: &str, scopes: &[&str]) -> Api {
    Api {
        id: id.to_owned(),
        name: None,
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        access_token_alg: None,
        access_token_type: None,
        access_token_lifetime: None,
    }
}

fn declare(settings: &mut PoolSettings) {
    settings.apis = vec![
        api(ORDERS, &["orders.read", "orders.write"]),
        Api { access_token_lifetime: Some(60), ..api(STOCK, &["stock.read"]) },
        Api {
            access_token_alg: Some(TokenAlg::Rs256),
            access_token_type: Some(AccessTokenType::Jwt),
            ..api(LEGACY, &[])
        },
        Api { access_token_type: Some(AccessTokenType::Opaque), ..api(VAULT, &[]) },
    ];
}

pub(crate) fn names(apis: &[&str]) -> BTreeSet<String> {
    apis.iter().map(|api| (*api).to_owned()).collect()
}

/// The application may ask for every API.
fn asks(client: &mut Client) {
    client.apis = names(&[ORDERS, STOCK, LEGACY, VAULT]);
    client.scopes.extend(["orders.read", "orders.write", "stock.read", "other"].map(str::to_owned));
    client.grants.push(GrantType::ClientCredentials);
}

fn setup(setup: Setup) -> Setup {
    let mut setup = setup.client(asks);
    declare(&mut setup.settings);
    setup
}

/// Signs in with these parameters, and redeems the code with those.
async fn signed_in(server: &Server, rp: &App, ask: &[(&str, &str)], redeem: &[(&str, &str)]) -> Tokens {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let callback = rp.silent(&mut browser, ask).await;
    assert_eq!(callback.error(), None, "{callback:?}");
    let code = callback.code();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", vestibule_tests::VERIFIER),
    ];
    form.extend(redeem);
    rp.token(&form).await
}

fn header(token: &str) -> Value {
    payload(&format!(".{}", token.split('.').next().unwrap()))
}

const SCOPE: (&str, &str) = ("scope", "openid email orders.read stock.read other");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_is_for_the_apis_that_were_named() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let (rp, issuer) = (server.rp(), server.pool().origin.issuer());
        // What is asked for at sign-in, when the code is redeemed, then audience and scope of the token.
        for (ask, redeem, audience, scope) in [
            (&[][..], &[][..], json!(issuer), "openid email other"),
            (&[("resource", ORDERS)], &[], json!([ORDERS, issuer]), "openid email orders.read other"),
            (&[("resource", ORDERS)], &[("resource", ORDERS)], json!(ORDERS), "orders.read"),
            (
                &[("resource", ORDERS), ("resource", STOCK)],
                &[("resource", STOCK)],
                json!(STOCK),
                "stock.read",
            ),
            (
                &[("resource", ORDERS), ("resource", STOCK), ("resource", ORDERS)],
                &[],
                json!([ORDERS, STOCK, issuer]),
                "openid email orders.read stock.read other",
            ),
            (&[("resource", LEGACY)], &[("resource", LEGACY)], json!(LEGACY), "other"),
        ] {
            let ask: Vec<(&str, &str)> = ask.iter().copied().chain([SCOPE]).collect();
            let tokens = signed_in(&server, &rp, &ask, redeem).await;
            assert_eq!(tokens.status, 200, "{ask:?} {:?}", tokens.body);
            let claims = tokens.access_claims();
            assert_eq!(
                (&claims["aud"], claims["scope"].as_str(), tokens.text("scope").as_str()),
                (&audience, Some(scope), scope),
                "{ask:?}"
            );
            assert_eq!((&claims["amr"], claims["acr"].is_string()), (&json!(["pwd"]), true));
            assert!(tokens.body.get("id_token").is_some(), "the ID token tells of the sign-in all the same");
            // Userinfo reads what is for the issuer, and nothing else.
            let told = rp.userinfo(&tokens.text("access_token")).await;
            let for_issuer = audience.to_string().contains(&issuer);
            assert_eq!(told.status.as_u16(), if for_issuer { 200 } else { 401 }, "{ask:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_api_sees_one_kind_of_token_whoever_asks() {
    let server = setup(Setup::default()).start().await;
    server
        .add_client("other", |client| {
            asks(client);
            client.id_token_alg = Some(TokenAlg::EdDsa);
        })
        .await;
    for rp in [server.rp(), named(&server.rp(), "other")] {
        let of = async |api: &str| {
            let form = [("grant_type", "client_credentials"), ("resource", api)];
            let tokens = rp.token(&form).await;
            assert_eq!(tokens.status, 200, "{:?}", tokens.body);
            tokens
        };
        let legacy = header(&of(LEGACY).await.text("access_token"));
        assert_eq!((&legacy["alg"], &legacy["typ"]), (&json!("RS256"), &json!("JWT")));
        let orders = header(&of(ORDERS).await.text("access_token"));
        assert_eq!((&orders["alg"], &orders["typ"]), (&json!("ES256"), &json!("at+jwt")));
        assert_eq!(
            (of(STOCK).await.body["expires_in"].as_i64(), of(ORDERS).await.body["expires_in"].as_i64()),
            (Some(60), Some(600))
        );
        let opaque = of(VAULT).await.text("access_token");
        assert!(opaque.starts_with("vst_at_") && !opaque.contains('.'), "{opaque}");
        // No token can be of two kinds.
        let both = [("grant_type", "client_credentials"), ("resource", ORDERS), ("resource", LEGACY)];
        assert_eq!(rp.token(&both).await.error(), Some("invalid_target"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c30_nobody_gets_a_token_for_what_was_not_granted() {
    let server = setup(Setup::default()).start().await;
    server.add_client("narrow", |client| client.apis = names(&[ORDERS])).await;
    server.add_client("none", |client| client.apis.clear()).await;
    let (rp, narrow, none) = (server.rp(), named(&server.rp(), "narrow"), named(&server.rp(), "none"));
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    for (rp, resource) in [
        (&none, ORDERS),
        (&narrow, STOCK),
        (&rp, "https://unknown.example"),
        (&rp, "https://orders.example/"),
        (&rp, "https://ORDERS.example"),
        (&rp, "orders"),
        (&rp, "https://orders.example#a"),
        (&rp, &server.pool().origin.issuer()),
    ] {
        let refused = rp.silent(&mut browser, &[("resource", resource)]).await;
        assert_eq!(refused.error(), Some("invalid_target"), "{resource}");
        let form = [("grant_type", "client_credentials"), ("resource", resource)];
        assert_eq!(rp.token(&form).await.error(), Some("invalid_target"), "{resource}");
    }
    // Less than was granted may be asked for, never more; and nothing is spent by asking.
    let code = rp.silent(&mut browser, &[("resource", ORDERS)]).await.code();
    let redeem = async |resource: &str| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", rp.redirect_uri.as_str()),
            ("code_verifier", vestibule_tests::VERIFIER),
            ("resource", resource),
        ];
        rp.token(&form).await
    };
    assert_eq!(redeem(STOCK).await.error(), Some("invalid_target"));
    assert_eq!(redeem(ORDERS).await.access_claims()["aud"], json!(ORDERS));
    let tokens = signed_in(&server, &rp, &[SCOPE, ("resource", ORDERS), ("resource", STOCK)], &[]).await;
    let refresh = |token: String, resource: &'static str| {
        let rp = rp.clone();
        async move {
            let form =
                [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("resource", resource)];
            rp.token(&form).await
        }
    };
    let stock = refresh(tokens.text("refresh_token"), STOCK).await;
    assert_eq!(
        (stock.access_claims()["aud"].clone(), stock.text("scope").as_str()),
        (json!(STOCK), "stock.read")
    );
    let both = rp.refresh(&stock.text("refresh_token")).await;
    assert_eq!(both.access_claims()["aud"].as_array().map(Vec::len), Some(3));
    // An API that the operator takes away is not granted any more.
    server.rule(|settings| settings.apis.retain(|api| api.id != STOCK)).await;
    let gone = refresh(both.text("refresh_token"), STOCK).await;
    assert_eq!(gone.error(), Some("invalid_target"));
    // The refresh token waits for a better question.
    assert_eq!(refresh(both.text("refresh_token"), ORDERS).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_default_api_and_apis_only() {
    let mut setup = setup(Setup::default()).client(|client| {
        asks(client);
        client.default_api = Some(ORDERS.to_owned());
    });
    declare(&mut setup.settings);
    let server = setup.start().await;
    let (rp, issuer) = (server.rp(), server.pool().origin.issuer());
    // Libraries that know no `resource` still ask userinfo.
    let tokens = signed_in(&server, &rp, &[SCOPE], &[]).await;
    assert_eq!(tokens.access_claims()["aud"], json!([ORDERS, issuer]));
    assert_eq!(rp.userinfo(&tokens.text("access_token")).await.status, 200);
    let itself = rp.token(&[("grant_type", "client_credentials")]).await;
    assert_eq!(
        (itself.access_claims()["aud"].clone(), itself.text("scope").as_str()),
        (json!(ORDERS), "orders.read orders.write")
    );
    let strict = |id: &'static str, default: Option<&'static str>| {
        server.add_client(id, move |client| {
            asks(client);
            client.default_api = default.map(str::to_owned);
            client.strict.insert(Strictness::ApisOnly);
        })
    };
    strict("strict", Some(ORDERS)).await;
    let rp = named(&server.rp(), "strict");
    let tokens = signed_in(&server, &rp, &[SCOPE], &[]).await;
    assert_eq!(tokens.access_claims()["aud"], json!(ORDERS));
    strict("stricter", None).await;
    let rp = named(&server.rp(), "stricter");
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("invalid_target"));
    assert_eq!(rp.token(&[("grant_type", "client_credentials")]).await.error(), Some("invalid_target"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_asked_before_others_use_an_api_for_them() {
    let mut setup = setup(Setup::default());
    setup.settings.apis.iter_mut().filter(|api| api.id == ORDERS).for_each(|api| {
        api.name = Some("The <order> book".to_owned());
    });
    let server = setup.start().await;
    server
        .add_client("foreign", |client| {
            asks(client);
            client.first_party = false;
        })
        .await;
    let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
    browser.sign_in("alice").await;
    let page = rp.authorize(&mut browser, &[]).await;
    assert!(!page.body.contains("order&gt; book") && page.has_id("consent-allow"), "{}", page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
    // What was agreed to says nothing of an API.
    let page = rp.authorize(&mut browser, &[("resource", ORDERS)]).await;
    assert!(page.body.contains("Use The &lt;order&gt; book on your behalf"), "{}", page.body);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    rp.verified(&rp.callback(&page)).await;
    assert_eq!(rp.silent(&mut browser, &[("resource", ORDERS)]).await.error(), None);
    assert_eq!(rp.silent(&mut browser, &[("resource", STOCK)]).await.error(), Some("consent_required"));
    assert!(browser.get("/u/apps").await.body.contains("Use The &lt;order&gt; book"));
}

pub(crate) async fn introspect(asker: &App, token: &str) -> Tokens {
    asker.post("/oidc/introspect", &[("token", token)]).await
}

pub(crate) fn inactive(told: &Tokens) -> bool {
    told.status == 200 && told.body == json!({ "active": false })
}

/// An API that asks what the tokens for it say.
async fn resource_server(server: &Server, id: &str, of: &[&str]) -> App {
    let of = names(of);
    server
        .add_client(id, move |client| {
            client.grants = Vec::new();
            client.redirect_uris = Vec::new();
            client.scopes = Vec::new();
            client.introspects = of.clone();
        })
        .await;
    named(&server.rp(), id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_learns_what_its_tokens_say_while_they_live() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let rp = server.rp();
        let vault = resource_server(&server, "vault", &[VAULT]).await;
        let orders = resource_server(&server, "orders", &[ORDERS]).await;
        for (api, asker, other) in [(VAULT, &vault, &orders), (ORDERS, &orders, &vault)] {
            let tokens = signed_in(&server, &rp, &[SCOPE, ("resource", api)], &[("resource", api)]).await;
            let token = tokens.text("access_token");
            let told = introspect(asker, &token).await.body;
            assert_eq!(
                (&told["active"], &told["aud"], &told["client_id"], &told["token_type"], &told["amr"]),
                (&json!(true), &json!(api), &json!("app"), &json!("Bearer"), &json!(["pwd"])),
                "{told}"
            );
            for name in ["sub", "iss", "exp", "iat", "jti", "acr", "auth_time", "scope"] {
                assert!(told.get(name).is_some(), "{name}");
            }
            // Its own application may know, too; an API that it is not for may not even know that it exists.
            assert_eq!(introspect(&rp, &token).await.body, told);
            assert!(inactive(&introspect(other, &token).await));
            // It is for no other endpoint.
            assert_eq!(rp.userinfo(&token).await.error(), Some("invalid_token"));
            rp.post("/oidc/revoke", &[("token", &token)]).await;
            assert!(inactive(&introspect(asker, &token).await), "given back");
        }
        // A token of an application itself has no grant; it ends with its time, or with what the application has lost.
        let form = [("grant_type", "client_credentials"), ("resource", VAULT)];
        let robot = |apis: &'static [&'static str]| {
            server.add_client("robot", move |client| {
                asks(client);
                client.apis = names(apis);
            })
        };
        robot(&[VAULT]).await;
        let token = named(&rp, "robot").token(&form).await.text("access_token");
        assert_eq!(introspect(&vault, &token).await.body["sub"], json!("robot"));
        robot(&[ORDERS]).await;
        assert!(inactive(&introspect(&vault, &token).await), "the API was taken away");
        let token = rp.token(&form).await.text("access_token");
        assert_eq!(introspect(&vault, &token).await.body["sub"], json!("app"));
        server.clock.advance(700);
        assert!(inactive(&introspect(&vault, &token).await), "expired");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_that_was_taken_away_reads_no_token_any_more() {
    let server = setup(Setup::default()).start().await;
    let rp = server.rp();
    let orders = resource_server(&server, "orders", &[ORDERS]).await;
    let tokens = signed_in(&server, &rp, &[SCOPE, ("resource", ORDERS)], &[]).await;
    let token = tokens.text("access_token");
    assert_eq!(introspect(&orders, &token).await.body["aud"], json!([ORDERS, server.pool().origin.issuer()]));
    server.rule(|settings| settings.apis.retain(|api| api.id != ORDERS)).await;
    assert!(inactive(&introspect(&orders, &token).await));
    // What is left of it is for userinfo.
    let told = introspect(&rp, &token).await.body;
    assert_eq!(told["aud"], json!(server.pool().origin.issuer()), "{told}");
    assert_eq!(rp.userinfo(&token).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn apis_only_counts_for_what_was_granted_before() {
    let server = setup(Setup::default()).start().await;
    let rp = server.rp();
    let before = signed_in(&server, &rp, &[SCOPE], &[]).await;
    server
        .add_client("app", |client| {
            asks(client);
            client.default_api = Some(ORDERS.to_owned());
            client.strict.insert(Strictness::ApisOnly);
        })
        .await;
    let refused = rp.refresh(&before.text("refresh_token")).await;
    assert_eq!(refused.error(), Some("invalid_target"), "{:?}", refused.body);
    let now = signed_in(&server, &rp, &[SCOPE], &[]).await;
    assert_eq!(now.access_claims()["aud"], json!(ORDERS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_learns_of_its_own_refresh_tokens_alone() {
    let server = setup(Setup::default()).start().await;
    server.add_client("other", |_| {}).await;
    let (rp, other) = (server.rp(), named(&server.rp(), "other"));
    let (_, tokens) = tokens_of(&server, &rp).await;
    let token = tokens.text("refresh_token");
    let told = introspect(&rp, &token).await.body;
    assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!("app")), "{told}");
    assert!(inactive(&introspect(&other, &token).await));
    let next = rp.refresh(&token).await.text("refresh_token");
    assert!(inactive(&introspect(&rp, &token).await), "used");
    assert_eq!(introspect(&rp, &next).await.body["active"], json!(true));
    for garbage in ["x", "vst_at_", "vst_at_AAAA", "a.b.c", &tokens.text("id_token")] {
        assert!(inactive(&introspect(&rp, garbage).await), "{garbage}");
    }
    // Sealed tokens are of one pool: another one cannot open them.
    server.rule(|settings| settings.tokens.access_token_type = AccessTokenType::Opaque).await;
    let sealed = rp.refresh(&next).await.text("access_token");
    assert!(sealed.starts_with("vst_at_"));
    assert_eq!(rp.userinfo(&sealed).await.status, 200);
    let neighbour = server.rp_at(0, &server.other().origin);
    assert!(inactive(&introspect(&neighbour, &sealed).await));
    assert_eq!(neighbour.userinfo(&sealed).await.error(), Some("invalid_token"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_tries_tokens_out_without_saying_who_asks() {
    let server = setup(Setup::default()).start().await;
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
        })
        .await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let token = tokens.text("access_token");
    let mut spa = named(&rp, "spa");
    spa.secret = None;
    let mut wrong = rp.clone();
    wrong.secret = Some("wrong".to_owned());
    for asker in [&spa, &wrong] {
        assert_eq!(introspect(asker, &token).await.error(), Some("invalid_client"));
    }
    assert_eq!(rp.post("/oidc/introspect", &[]).await.error(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_answer_can_be_signed_for_whoever_asked() {
    let server = setup(Setup::default()).start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let mut asker = rp.clone();
    let accepts = "application/json;q=0.1, application/token-introspection+jwt";
    asker.browser.headers.push(("accept".to_owned(), accepts.to_owned()));
    let answer = asker.send("/oidc/introspect", &[("token", &tokens.text("access_token"))]).await;
    assert_eq!(answer.headers["content-type"], "application/token-introspection+jwt");
    let claims = rp.signed_by_provider(&answer.body, Typ::Only("token-introspection+jwt")).await;
    assert_eq!((&claims["aud"], &claims["iss"]), (&json!("app"), &json!(server.pool().origin.issuer())));
    assert_eq!(claims["token_introspection"]["active"], json!(true));
    assert!(claims.get("sub").is_none() && claims.get("exp").is_none(), "RFC 9701 §5: it is no other token");
    // It passes for nothing else here.
    assert_eq!(rp.userinfo(&answer.body).await.error(), Some("invalid_token"));
}
