//! Tokens that are exchanged for others (RFC 8693).

use crate::{
    apis::{api, inactive, introspect, names},
    proofs::{proof_of, proving},
    support::{MFA, ONE, enrolled, named},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vestibule_domain::{
    AccessTokenType, Acr, Api, Budget, Client, ClientKind, ExchangeMode, ExchangeRule, FactorKind, GrantType,
    KeyEncryption, MfaMode, Policy, UserStatus,
    policy::{Ask, Rule, When},
};
use vestibule_jose::Alg;
use vestibule_store::{BudgetKey, PoolTx};
use vestibule_tests::{
    App, Authenticator, Browser, PASSWORD, Server, Setup, Signer, Tokens, on_every_engine,
};

const ORDERS: &str = "https://orders.example";
const LEDGER: &str = "https://ledger.example";
/// Its tokens are opaque.
const VAULT: &str = "https://vault.example";

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID: &str = "urn:ietf:params:oauth:token-type:id_token";

fn rule(audience: &str, api: &str, scopes: &[(&str, &str)]) -> ExchangeRule {
    let pair = |(new, old): &(&str, &str)| ((*new).to_owned(), (*old).to_owned());
    ExchangeRule {
        issued_to: names(&[]),
        audience: names(&[audience]),
        api: api.to_owned(),
        scopes: scopes.iter().map(pair).collect::<BTreeMap<_, _>>(),
        mode: ExchangeMode::Delegation,
        bound_subjects: false,
        id_tokens: false,
    }
}

/// The application that people sign in to asks for orders; the API of orders calls the ledger, and that calls the vault.
fn setup(setup: Setup) -> Setup {
    let mut setup = setup.client(|client| {
        client.apis = names(&[ORDERS, VAULT]);
        client.scopes.extend(["orders.read", "orders.write", "vault.open"].map(str::to_owned));
    });
    setup.settings.apis = vec![
        api(ORDERS, &["orders.read", "orders.write"]),
        api(LEDGER, &["ledger.read", "ledger.write"]),
        Api { access_token_type: Some(AccessTokenType::Opaque), ..api(VAULT, &["vault.open"]) },
    ];
    setup
}

fn serves(client: &mut Client, own: &str, calls: &str) {
    client.grants = vec![GrantType::TokenExchange, GrantType::ClientCredentials];
    client.redirect_uris = Vec::new();
    client.first_party = false;
    client.acr_aliases.clear();
    client.introspects = names(&[own]);
    client.apis = names(&[calls]);
}

/// The API of orders, which may call the ledger.
async fn orders_as(server: &Server, change: impl Fn(&mut Client)) -> App {
    server
        .add_client("orders", |client| {
            serves(client, ORDERS, LEDGER);
            client.scopes = ["ledger.read", "ledger.write"].map(str::to_owned).to_vec();
            let scopes = [("ledger.read", "orders.read"), ("ledger.write", "orders.write")];
            client.exchange = vec![rule(ORDERS, LEDGER, &scopes)];
            change(client);
        })
        .await;
    named(&server.rp(), "orders")
}

async fn orders(server: &Server) -> App {
    orders_as(server, |_| {}).await
}

/// The API of the ledger, which may call the vault.
async fn ledger(server: &Server, mode: ExchangeMode) -> App {
    server
        .add_client("ledger", |client| {
            serves(client, LEDGER, VAULT);
            client.scopes = vec!["vault.open".to_owned()];
            client.exchange =
                vec![ExchangeRule { mode, ..rule(LEDGER, VAULT, &[("vault.open", "ledger.read")]) }];
        })
        .await;
    named(&server.rp(), "ledger")
}

async fn alice(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    browser
}

/// Alice's tokens at the application, the access token for that API alone.
async fn tokens_for(rp: &App, browser: &mut Browser, api: &str, scope: &str) -> Tokens {
    let callback = rp.silent(browser, &[("resource", api), ("scope", scope)]).await;
    assert_eq!(callback.error(), None, "{callback:?}");
    let code = callback.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", vestibule_tests::VERIFIER),
        ("resource", api),
    ];
    let tokens = rp.token(&form).await;
    assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    tokens
}

const SCOPE: &str = "openid orders.read";

async fn subject(server: &Server, browser: &mut Browser) -> String {
    tokens_for(&server.rp(), browser, ORDERS, SCOPE).await.text("access_token")
}

/// Exchanges an access token; what is said besides takes the place of the usual.
async fn exchange(by: &App, token: &str, extra: &[(&str, &str)]) -> Tokens {
    let mut form = vec![("grant_type", EXCHANGE), ("subject_token", token), ("subject_token_type", ACCESS)];
    form.retain(|(known, _)| extra.iter().all(|(name, _)| known != name));
    form.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    by.token(&form).await
}

/// How it was refused.
fn refused(answer: &Tokens) -> (u16, &str) {
    (answer.status.as_u16(), answer.error().unwrap_or_default())
}

const TARGET: (u16, &str) = (400, "invalid_target");
const REQUEST: (u16, &str) = (400, "invalid_request");
const TOO_MUCH: (u16, &str) = (400, "invalid_scope");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_calls_another_one_on_behalf_of_its_caller() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let (orders, ledger) = (orders(&server).await, ledger(&server, ExchangeMode::Delegation).await);
        let mut browser = alice(&server).await;
        let first = subject(&server, &mut browser).await;
        let old = vestibule_tests::payload(&first);
        server.clock.advance(100);
        let answer = exchange(&orders, &first, &[]).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        assert_eq!(
            (&answer.body["issued_token_type"], &answer.body["token_type"], &answer.body["scope"]),
            (&json!(ACCESS), &json!("Bearer"), &json!("ledger.read"))
        );
        // It never lives longer than what it was got for, and there is nothing to renew it with.
        assert_eq!(answer.body["expires_in"], json!(500));
        assert!(answer.body.get("refresh_token").is_none() && answer.body.get("id_token").is_none());
        let new = answer.access_claims();
        for same in ["sub", "gid", "sid", "acr", "amr", "auth_time", "iss", "exp"] {
            assert_eq!(new[same], old[same], "{same}");
        }
        assert_eq!(
            (&new["aud"], &new["client_id"], &new["scope"], &new["act"]),
            (
                &json!(LEDGER),
                &json!("orders"),
                &json!("ledger.read"),
                &json!({ "sub": "orders", "client_id": "orders" })
            )
        );
        assert_ne!(new["jti"], old["jti"]);
        // Who has it may exchange it again, and the chain tells the truth; what is opaque says it at introspection.
        let second = exchange(&ledger, &answer.text("access_token"), &[("audience", VAULT)]).await;
        assert_eq!(second.status, 200, "{:?}", second.body);
        let told = introspect(&ledger, &second.text("access_token")).await.body;
        assert_eq!(
            (&told["active"], &told["aud"], &told["act"]),
            (
                &json!(true),
                &json!(VAULT),
                &json!({ "sub": "ledger", "client_id": "ledger", "act": { "sub": "orders", "client_id": "orders" } })
            )
        );
        assert_eq!((&told["sub"], &told["exp"]), (&old["sub"], &old["exp"]));
        assert_eq!(introspect(&ledger, &answer.text("access_token")).await.body["act"]["sub"], "orders");
        assert!(inactive(&introspect(&orders, &second.text("access_token")).await), "none of its business");
        // It is written down.
        assert_eq!(server.audited("token-exchanged", "done").await, 2);
        let rows = server.rows().audit(10, Some("token-exchanged")).await.unwrap();
        let of_first = rows.iter().find(|row| row.client_id.as_deref() == Some("orders")).unwrap();
        let detail: Value = serde_json::from_str(&of_first.detail).unwrap();
        assert_eq!(
            (&detail["api"], &detail["acts"], &detail["scope"], &detail["mode"]),
            (&json!(LEDGER), &json!("orders"), &json!("ledger.read"), &json!("delegation"))
        );
        assert_eq!(of_first.user.unwrap().to_string(), old["sub"].as_str().unwrap());
        // Nobody reads alice's claims with it.
        assert_eq!(orders.userinfo(&answer.text("access_token")).await.status, 401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_impersonated_token_still_names_who_acted_before() {
    let server = setup(Setup::default()).start().await;
    let as_if = |client: &mut Client| client.exchange[0].mode = ExchangeMode::Impersonation;
    let (orders, ledger) =
        (orders_as(&server, as_if).await, ledger(&server, ExchangeMode::Impersonation).await);
    let mut browser = alice(&server).await;
    let first = subject(&server, &mut browser).await;
    let plain = exchange(&orders, &first, &[]).await;
    assert_eq!(plain.access_claims().get("act"), None);
    // No rule lets somebody else be said to act.
    let own = [("grant_type", "client_credentials"), ("resource", LEDGER)];
    let own = orders.token(&own).await.text("access_token");
    let actor = [("actor_token", own.as_str()), ("actor_token_type", ACCESS)];
    assert_eq!(refused(&exchange(&orders, &first, &actor).await), TARGET);
    // What an actor got is exchanged as if the user had: the actor stays.
    orders_as(&server, |_| {}).await;
    let acted = exchange(&orders, &first, &[]).await.text("access_token");
    let second = exchange(&ledger, &acted, &[]).await.text("access_token");
    assert_eq!(
        introspect(&ledger, &second).await.body["act"],
        json!({ "sub": "orders", "client_id": "orders" })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_exchanges_its_own_id_token_and_says_who_acts() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let own = |client: &mut Client| {
            client.grants.extend([GrantType::TokenExchange, GrantType::ClientCredentials]);
            client.apis.insert(LEDGER.to_owned());
            client.scopes.push("ledger.read".to_owned());
            client.exchange = vec![ExchangeRule {
                issued_to: names(&["shop"]),
                audience: names(&[]),
                id_tokens: true,
                ..rule(ORDERS, LEDGER, &[("ledger.read", "profile")])
            }];
        };
        server.add_client("shop", own).await;
        let shop = named(&server.rp(), "shop");
        let mut browser = alice(&server).await;
        let tokens = tokens_for(&shop, &mut browser, ORDERS, "openid profile orders.read").await;
        let id = tokens.text("id_token");
        let as_id = [("subject_token_type", ID), ("resource", LEDGER)];
        let answer = exchange(&shop, &id, &as_id).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let (new, told) = (answer.access_claims(), tokens.claims());
        assert_eq!((&new["sub"], &new["sid"], &new["acr"]), (&told["sub"], &told["sid"], &told["acr"]));
        assert_eq!((&new["scope"], &new["act"]["sub"]), (&json!("ledger.read"), &json!("shop")));
        // Another user acts, who is signed in at the same application.
        server.add_user("bob").await;
        let mut other = server.browser();
        other.sign_in("bob").await;
        let bob = tokens_for(&shop, &mut other, ORDERS, "openid").await;
        let bobs = bob.text("id_token");
        let actor = [("actor_token", bobs.as_str()), ("actor_token_type", ID)];
        let both = exchange(&shop, &id, &[&as_id[..], &actor].concat()).await;
        assert_eq!(both.status, 200, "{:?}", both.body);
        let act = &both.access_claims()["act"];
        assert_eq!((&act["sub"], &act["client_id"]), (&bob.claims()["sub"], &json!("shop")));
        assert_eq!(both.access_claims()["sub"], told["sub"], "alice is still the one it is about");
        // The application itself can be said to act by a token as well.
        let itself = shop.token(&[("grant_type", "client_credentials")]).await.text("access_token");
        let actor = [("actor_token", itself.as_str()), ("actor_token_type", ACCESS)];
        let itself = exchange(&shop, &id, &[&as_id[..], &actor].concat()).await;
        assert_eq!(itself.access_claims()["act"], json!({ "sub": "shop", "client_id": "shop" }));
        // It dies with the sign-in of whoever acts.
        let token = both.text("access_token");
        assert_eq!(introspect(&shop, &token).await.body["active"], json!(true));
        let home = other.get("/u").await;
        other.submit(home.form("/u/sign-out")).await;
        assert!(inactive(&introspect(&shop, &token).await));
        let actor = [("actor_token", bobs.as_str()), ("actor_token_type", ID)];
        assert_eq!(refused(&exchange(&shop, &id, &[&as_id[..], &actor].concat()).await), REQUEST);
        // What is no ID token of the application is none, whatever it is called.
        let access = tokens.text("access_token");
        for wrong in [access.as_str(), "x", &tokens.text("refresh_token"), &id[..id.len() - 2]] {
            assert_eq!(refused(&exchange(&shop, wrong, &as_id).await), REQUEST, "{wrong}");
        }
        let foreign = named(&server.rp(), "orders");
        orders(&server).await;
        assert_eq!(refused(&exchange(&foreign, &id, &as_id).await), REQUEST);
        server.clock.advance(605);
        assert_eq!(refused(&exchange(&shop, &id, &as_id).await), REQUEST, "it is over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c45_nothing_is_exchanged_that_no_rule_allows() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let orders = orders(&server).await;
        let mut browser = alice(&server).await;
        let token = subject(&server, &mut browser).await;
        // What is asked for beyond the rule, and beyond what the subject token has.
        for (extra, expected) in [
            (&[("resource", ORDERS)][..], TARGET),
            (&[("resource", VAULT)], TARGET),
            (&[("audience", "ledger")], TARGET),
            (&[("resource", LEDGER), ("audience", VAULT)], TARGET),
            (&[("resource", "https://LEDGER.example")], TARGET),
            (&[("resource", &server.pool().origin.issuer())], TARGET),
            (&[("scope", "ledger.write")], TOO_MUCH),
            (&[("scope", "ledger.read ledger.write")], TOO_MUCH),
            (&[("scope", "orders.read")], TOO_MUCH),
            (&[("scope", "openid")], TOO_MUCH),
            (&[("scope", "offline_access")], TOO_MUCH),
            (&[("requested_token_type", ID)], REQUEST),
            (&[("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token")], REQUEST),
            (&[("requested_token_type", "urn:ietf:params:oauth:token-type:jwt")], REQUEST),
            (&[("subject_token_type", "")], REQUEST),
            (&[("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")], REQUEST),
            (&[("subject_token_type", "urn:ietf:params:oauth:token-type:saml2")], REQUEST),
            (&[("subject_token_type", ID)], REQUEST),
            (&[("subject_token", "")], REQUEST),
            (&[("subject_token", "x")], REQUEST),
            (&[("actor_token", &token)], REQUEST),
            (&[("actor_token_type", ACCESS)], REQUEST),
            (&[("actor_token", &token), ("actor_token_type", ACCESS)], REQUEST),
        ] {
            assert_eq!(refused(&exchange(&orders, &token, extra).await), expected, "{extra:?}");
        }
        assert_eq!(
            exchange(&orders, &token, &[("scope", "ledger.read"), ("audience", LEDGER)]).await.status,
            200
        );
        // Without a rule, without the grant, without a secret; and by nobody to whom the token has not come.
        let own = |client: &mut Client| {
            client.introspects = names(&[LEDGER]);
            client.exchange = vec![ExchangeRule {
                issued_to: names(&["app"]),
                audience: names(&[]),
                ..rule(ORDERS, LEDGER, &[("ledger.read", "orders.read")])
            }];
        };
        let thief = orders_as(&server, own).await;
        assert_eq!(refused(&exchange(&thief, &token, &[]).await), REQUEST, "it serves another API");
        let other = |client: &mut Client| {
            client.exchange[0].issued_to = names(&["somebody"]);
        };
        let orders = orders_as(&server, other).await;
        assert_eq!(refused(&exchange(&orders, &token, &[]).await), TARGET);
        assert_eq!(refused(&exchange(&server.rp(), &token, &[]).await), (400, "unauthorized_client"));
        // An application that acts for itself has no user whose token could be exchanged.
        let itself = [("grant_type", "client_credentials"), ("resource", LEDGER)];
        let itself = orders.token(&itself).await.text("access_token");
        assert_eq!(refused(&exchange(&orders, &itself, &[]).await), REQUEST);
        assert!(server.audited("token-exchanged", "refused").await > 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registration_says_what_is_wrong_with_a_rule() {
    let mut good = Client::new("orders", ClientKind::Confidential);
    serves(&mut good, ORDERS, LEDGER);
    good.scopes = vec!["ledger.read".to_owned()];
    good.exchange = vec![rule(ORDERS, LEDGER, &[("ledger.read", "orders.read")])];
    let faults = |change: &dyn Fn(&mut Client)| {
        let mut client = good.clone();
        change(&mut client);
        let mut faults = vestibule_domain::Faults::default();
        client.check(&vestibule_domain::FieldPath::root(), &mut faults);
        faults.into_vec().len()
    };
    assert_eq!(faults(&|_| {}), 0);
    let wrong: [&dyn Fn(&mut Client); 9] = [
        &|client| client.exchange.clear(),
        &|client| client.grants.retain(|grant| *grant != GrantType::TokenExchange),
        &|client| client.exchange[0].audience.clear(),
        &|client| client.exchange[0].audience = names(&[VAULT]),
        &|client| client.exchange[0].api = VAULT.to_owned(),
        &|client| {
            client.exchange[0].scopes.insert("ledger.write".to_owned(), "orders.read".to_owned());
        },
        &|client| {
            client.exchange[0].scopes.insert("ledger.read".to_owned(), "a b".to_owned());
        },
        &|client| client.exchange = vec![client.exchange[0].clone(); 65],
        &|client| {
            client.kind = ClientKind::Public;
            client.introspects.clear();
            client.exchange[0].audience.clear();
            client.exchange[0].issued_to = names(&["orders"]);
            client.grants = vec![GrantType::TokenExchange];
        },
    ];
    for (index, change) in wrong.iter().enumerate() {
        assert_eq!(faults(*change), 1, "{index}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c46_a_token_that_is_given_back_ends_alone() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let (orders, ledger) = (orders(&server).await, ledger(&server, ExchangeMode::Delegation).await);
        // What alice has at the application stays.
        let mut browser = alice(&server).await;
        let tokens =
            tokens_for(&server.rp(), &mut browser, ORDERS, "openid orders.read offline_access").await;
        let (first, twin) =
            (tokens.text("access_token"), exchange(&orders, &tokens.text("access_token"), &[]).await);
        let answer = exchange(&orders, &first, &[]).await.text("access_token");
        for stranger in [&ledger, &server.rp()] {
            stranger.post("/oidc/revoke", &[("token", &answer)]).await;
            assert_eq!(introspect(&ledger, &answer).await.body["active"], json!(true));
        }
        for _ in 0..2 {
            assert_eq!(orders.post("/oidc/revoke", &[("token", &answer)]).await.status, 200);
        }
        assert!(inactive(&introspect(&ledger, &answer).await));
        assert_eq!(refused(&exchange(&ledger, &answer, &[]).await), REQUEST);
        assert_eq!(server.audited("token-revoked", "done").await, 1);
        assert_eq!(introspect(&ledger, &twin.text("access_token")).await.body["active"], json!(true));
        assert_eq!(introspect(&orders, &first).await.body["active"], json!(true));
        let next = server.rp().refresh(&tokens.text("refresh_token")).await;
        assert_eq!(next.status, 200, "alice did not sign out");
        server.clock.advance(700);
        server.app().store().sweep(server.app().now()).await.unwrap();
        assert!(inactive(&introspect(&ledger, &answer).await), "forgotten, and over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c46_whatever_ends_the_sign_in_ends_what_came_of_it() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let (orders, ledger) = (orders(&server).await, ledger(&server, ExchangeMode::Delegation).await);
        let slug = server.pool().slug.clone();
        for change in ["sign-out", "given back", "disabled", "password", "application", "operator", "deleted"]
        {
            let mut browser = alice(&server).await;
            let tokens = tokens_for(&server.rp(), &mut browser, ORDERS, SCOPE).await;
            let first = tokens.text("access_token");
            let answer = exchange(&orders, &first, &[]).await.text("access_token");
            let again = exchange(&ledger, &answer, &[]).await.text("access_token");
            let admin = server.admin();
            match change {
                "sign-out" => {
                    let home = browser.get("/u").await;
                    browser.submit(home.form("/u/sign-out")).await;
                }
                "given back" => {
                    server.rp().post("/oidc/revoke", &[("token", &first)]).await;
                }
                "disabled" => {
                    admin.set_user_status(&slug, "alice", UserStatus::Disabled).await.unwrap();
                }
                "password" => {
                    let new = zeroize::Zeroizing::new(PASSWORD.to_owned());
                    admin.set_user_password(&slug, "alice", new).await.unwrap();
                }
                "application" => {
                    server.add_client("app", |client| client.enabled = false).await;
                }
                "operator" => {
                    orders_as(&server, |client| {
                        client.exchange.clear();
                        client.grants = vec![GrantType::ClientCredentials];
                    })
                    .await;
                }
                _ => {
                    admin.delete_user(&slug, "alice").await.unwrap();
                }
            }
            // Also what somebody else got for it: whoever was taken out of the middle of the chain acts no more.
            for token in [&answer, &again] {
                assert!(inactive(&introspect(&ledger, token).await), "{change}");
            }
            assert_eq!(refused(&exchange(&ledger, &answer, &[]).await), REQUEST, "{change}");
            if change != "operator" {
                assert_eq!(refused(&exchange(&orders, &first, &[]).await), REQUEST, "{change}");
            }
            match change {
                "disabled" => {
                    admin.set_user_status(&slug, "alice", UserStatus::Active).await.unwrap();
                }
                "application" => server.add_client("app", |client| client.enabled = true).await,
                "operator" => drop(orders_as(&server, |_| {}).await),
                _ => {}
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c47_nobody_makes_a_free_token_of_a_bound_one() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        server
            .add_client("bound", |client| {
                client.grants.push(GrantType::TokenExchange);
                client.apis.insert(LEDGER.to_owned());
                client.scopes.push("ledger.read".to_owned());
                client.exchange = vec![ExchangeRule {
                    issued_to: names(&["bound"]),
                    audience: names(&[]),
                    ..rule(ORDERS, LEDGER, &[("ledger.read", "orders.read")])
                }];
            })
            .await;
        let bound = named(&server.rp(), "bound");
        let (own, other) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
        let proof = |signer: &Signer, jti: &str| proof_of(&server, signer, jti, &json!({}));
        let mut browser = alice(&server).await;
        let signing_in = proving(&bound, &[&proof(&own, "sign-in")]);
        let subject = tokens_for(&signing_in, &mut browser, ORDERS, SCOPE).await.text("access_token");
        // Its own application proves the key, and what it gets is bound to it; once for each proof.
        assert_eq!(refused(&exchange(&bound, &subject, &[]).await), REQUEST);
        let stolen = proving(&bound, &[&proof(&other, "1")]);
        assert_eq!(refused(&exchange(&stolen, &subject, &[]).await), REQUEST);
        let with = proving(&bound, &[&proof(&own, "2")]);
        let answer = exchange(&with, &subject, &[]).await;
        assert_eq!((answer.status.as_u16(), &answer.body["token_type"]), (200, &json!("DPoP")));
        assert_eq!(answer.access_claims()["cnf"], json!({ "jkt": own.thumbprint() }));
        let before = server.audited("token-exchanged", "refused").await;
        assert_eq!(exchange(&with, &subject, &[]).await.error(), Some("invalid_dpop_proof"));
        assert_eq!(
            server.audited("token-exchanged", "refused").await,
            before + 1,
            "a replay is written down"
        );
        // An API that got it has another key, or none: only where its rule says that it checks the proofs itself, and then what
        // it gets is bound to its own key.
        let api = orders(&server).await;
        for asks in [api.clone(), proving(&api, &[&proof(&other, "3")])] {
            assert_eq!(refused(&exchange(&asks, &subject, &[]).await), REQUEST);
        }
        let api = orders_as(&server, |client| client.exchange[0].bound_subjects = true).await;
        assert_eq!(refused(&exchange(&api, &subject, &[]).await), REQUEST, "it would be free");
        let answer = exchange(&proving(&api, &[&proof(&other, "4")]), &subject, &[]).await;
        assert_eq!(answer.access_claims()["cnf"], json!({ "jkt": other.thumbprint() }));
        // An actor token that is bound proves nothing without its key, either.
        let itself = [("grant_type", "client_credentials"), ("resource", LEDGER)];
        let itself = proving(&api, &[&proof(&other, "5")]).token(&itself).await.text("access_token");
        let actor = [("actor_token", itself.as_str()), ("actor_token_type", ACCESS)];
        let free = tokens_for(&server.rp(), &mut browser, ORDERS, SCOPE).await.text("access_token");
        assert_eq!(refused(&exchange(&api, &free, &actor).await), REQUEST);
        assert_eq!(exchange(&proving(&api, &[&proof(&other, "6")]), &free, &actor).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_pool_asks_of_a_sign_in_holds_for_an_exchange() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(setup(Setup::on(engine))).await;
        let spared = server.rp();
        let mut browser = server.browser();
        let page = spared.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        spared.verified(&spared.callback(&page)).await;
        server.add_user("carol").await;
        let mut plain = server.browser();
        plain.sign_in("carol").await;
        let asks = Ask { min_acr: Some(Acr::Mfa), ..Ask::default() };
        let when = When { scopes: vec!["ledger.write".to_owned()], ..When::default() };
        let rule = Rule { name: "ledger".to_owned(), when, ask: asks };
        server.rule(|settings| settings.mfa.rules = vec![rule.clone()]).await;
        let orders = orders(&server).await;
        let both = "openid orders.read orders.write";
        let strong = tokens_for(&spared, &mut browser, ORDERS, both).await.text("access_token");
        let weak = tokens_for(&spared, &mut plain, ORDERS, both).await.text("access_token");
        // The application has a name of its own for the class; the one that exchanges has none.
        assert_eq!(vestibule_tests::payload(&strong)["acr"], "2");
        assert_eq!(vestibule_tests::payload(&weak)["acr"], ONE);
        assert_eq!(exchange(&orders, &strong, &[]).await.access_claims()["acr"], MFA);
        let unmet = exchange(&orders, &weak, &[]).await;
        assert_eq!(refused(&unmet), (400, "unmet_authentication_requirements"));
        assert!(unmet.text("error_description").ends_with(&format!("acr_values={MFA}")), "{:?}", unmet.body);
        // What needs no second factor is given, with the truth about the sign-in.
        let read = exchange(&orders, &weak, &[("scope", "ledger.read")]).await;
        assert_eq!(read.access_claims()["acr"], ONE);
        // The floor of the application that exchanges, its names for the classes, and its oldest sign-in.
        let floor = |client: &mut Client| {
            client.min_acr = Some(Acr::Mfa);
            client.acr_aliases = BTreeMap::from([("gold".to_owned(), Acr::Mfa)]);
        };
        let high = orders_as(&server, floor).await;
        let unmet = exchange(&high, &weak, &[("scope", "ledger.read")]).await;
        assert!(unmet.text("error_description").ends_with("acr_values=gold"), "{:?}", unmet.body);
        assert_eq!(exchange(&high, &strong, &[]).await.access_claims()["acr"], "gold");
        let recent = orders_as(&server, |client| client.default_max_age = Some(60)).await;
        server.clock.advance(120);
        let old = exchange(&recent, &strong, &[]).await;
        assert_eq!(refused(&old), (400, "unmet_authentication_requirements"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn access_in_a_users_absence_is_exchanged_by_what_the_sign_in_was_worth() {
    let server = setup(Setup::default()).start().await;
    let orders = orders(&server).await;
    for gone in ["signed out", "long ago"] {
        let mut browser = alice(&server).await;
        let first = tokens_for(&server.rp(), &mut browser, ORDERS, "openid orders.read offline_access").await;
        if gone == "signed out" {
            let home = browser.get("/u").await;
            browser.submit(home.form("/u/sign-out")).await;
        } else {
            server.clock.advance(5 * 86_400);
        }
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &first.text("refresh_token")),
            ("resource", ORDERS),
        ];
        let later = server.rp().token(&form).await.text("access_token");
        let answer = exchange(&orders, &later, &[]).await;
        assert_eq!(answer.status, 200, "{gone} {:?}", answer.body);
        assert_eq!(answer.access_claims()["auth_time"], first.claims()["auth_time"]);
        let high = orders_as(&server, |client| client.min_acr = Some(Acr::Mfa)).await;
        assert_eq!(refused(&exchange(&high, &later, &[]).await), (400, "unmet_authentication_requirements"));
        orders_as(&server, |_| {}).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_of_actors_has_an_end() {
    let server = setup(Setup::default()).start().await;
    let again = |client: &mut Client| {
        client.introspects = names(&[ORDERS, LEDGER]);
        let scopes = [("ledger.read", "ledger.read")];
        client.exchange.push(rule(LEDGER, LEDGER, &scopes));
    };
    let orders = orders_as(&server, again).await;
    let mut token = subject(&server, &mut alice(&server).await).await;
    for _ in 0..5 {
        token = exchange(&orders, &token, &[]).await.text("access_token");
    }
    assert_eq!(refused(&exchange(&orders, &token, &[]).await), REQUEST);
}

/// An application that exchanges the tokens that were issued to it.
async fn shop(server: &Server) -> App {
    server
        .add_client("shop", |client| {
            client.grants.push(GrantType::TokenExchange);
            client.apis.insert(LEDGER.to_owned());
            client.scopes.push("ledger.read".to_owned());
            client.exchange = vec![ExchangeRule {
                issued_to: names(&["shop"]),
                audience: names(&[]),
                ..rule(ORDERS, LEDGER, &[("ledger.read", "orders.read")])
            }];
        })
        .await;
    named(&server.rp(), "shop")
}

const UNMET: (u16, &str) = (400, "unmet_authentication_requirements");

/// Alice signs in at the application with both factors.
async fn with_both(server: &Server, phone: &Authenticator) -> Browser {
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    rp.verified(&rp.callback(&page)).await;
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c47_an_id_token_counts_only_where_a_rule_says_so() {
    let server = setup(Setup::default()).start().await;
    let shop = shop(&server).await;
    let mut browser = alice(&server).await;
    // The access token of this sign-in is bound, and the ID token is not.
    let own = Signer::new(Alg::Es256);
    let signing_in = proving(&shop, &[&proof_of(&server, &own, "sign-in", &json!({}))]);
    let tokens = tokens_for(&signing_in, &mut browser, ORDERS, SCOPE).await;
    let id = tokens.text("id_token");
    assert_eq!(refused(&exchange(&shop, &id, &[("subject_token_type", ID)]).await), TARGET);
    let free = tokens_for(&shop, &mut browser, ORDERS, SCOPE).await.text("access_token");
    let actor = [("actor_token", id.as_str()), ("actor_token_type", ID)];
    assert_eq!(refused(&exchange(&shop, &free, &actor).await), TARGET);
    assert_eq!(exchange(&shop, &free, &[]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c45_who_acts_has_signed_in_as_the_pool_asks() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(setup(Setup::on(engine))).await;
        let shop = shop(&server).await;
        let mut strong = with_both(&server, &phone).await;
        let alices = tokens_for(&shop, &mut strong, ORDERS, SCOPE).await.text("access_token");
        server.add_user("bob").await;
        let mut weak = server.browser();
        weak.sign_in("bob").await;
        let bobs = tokens_for(&shop, &mut weak, ORDERS, SCOPE).await.text("access_token");
        let actor = [("actor_token", bobs.as_str()), ("actor_token_type", ACCESS)];
        assert_eq!(exchange(&shop, &alices, &actor).await.status, 200);
        let ask = Ask { min_acr: Some(Acr::Mfa), ..Ask::default() };
        let when = When { scopes: vec!["ledger.read".to_owned()], ..When::default() };
        let rules = vec![Rule { name: "ledger".to_owned(), when, ask }];
        server.rule(|settings| settings.mfa.rules = rules.clone()).await;
        assert_eq!(exchange(&shop, &alices, &[]).await.status, 200);
        assert_eq!(refused(&exchange(&shop, &alices, &actor).await), UNMET);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c45_a_sign_in_that_is_over_is_worth_no_more_than_its_token_tells() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(setup(Setup::on(engine))).await;
        let api = orders(&server).await;
        let mut browser = with_both(&server, &phone).await;
        let scope = "openid orders.read offline_access";
        let first = tokens_for(&server.rp(), &mut browser, ORDERS, scope).await;
        let home = browser.get("/u").await;
        browser.submit(home.form("/u/sign-out")).await;
        let refresh = async |token: String| {
            let form =
                [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("resource", ORDERS)];
            server.rp().token(&form).await
        };
        let later = refresh(first.text("refresh_token")).await;
        let token = later.text("access_token");
        assert_eq!(exchange(&api, &token, &[]).await.access_claims()["acr"], MFA);
        // Which kinds of factor answered is not told, nor when each of them did.
        let totp = || vec![FactorKind::new("totp")];
        server.rule(|settings| settings.mfa.everybody.factors = Some(totp())).await;
        assert_eq!(refused(&exchange(&api, &token, &[]).await), UNMET);
        server.rule(|settings| settings.mfa.everybody.factors = None).await;
        let same = || vec![["totp", "email"].map(FactorKind::new).to_vec()];
        server.rule(|settings| settings.mfa.everybody.distinct = same()).await;
        assert_eq!(refused(&exchange(&api, &token, &[]).await), UNMET);
        server.rule(|settings| settings.mfa.everybody.distinct = Vec::new()).await;
        let recent = orders_as(&server, |client| client.default_max_age = Some(3_600)).await;
        assert_eq!(refused(&exchange(&recent, &token, &[]).await), UNMET);
        let api = orders(&server).await;
        assert_eq!(exchange(&api, &token, &[]).await.status, 200);
        // The second factor proves nothing any more, as in a session.
        server.clock.advance(13 * 3_600);
        let token = refresh(later.text("refresh_token")).await.text("access_token");
        assert_eq!(refused(&exchange(&api, &token, &[]).await), UNMET);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enrolment_that_was_put_off_in_the_session_is_put_off_for_an_exchange() {
    let everybody = Ask { mode: Some(MfaMode::Required), skips: Some(1), ..Ask::default() };
    let policy = Policy { everybody, ..Policy::default() };
    let server = setup(Setup::default().policy(policy)).start().await;
    let orders = orders(&server).await;
    let mut browser = server.browser();
    let page = browser.sign_in("alice").await;
    browser.submit(page.form_of("#enrol-skip")).await;
    let first = subject(&server, &mut browser).await;
    let answer = exchange(&orders, &first, &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c46_what_a_rule_gives_no_more_is_gone_from_living_tokens() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let (orders, ledger) = (orders(&server).await, ledger(&server, ExchangeMode::Delegation).await);
        let mut browser = alice(&server).await;
        let both = "openid orders.read orders.write";
        let first = tokens_for(&server.rp(), &mut browser, ORDERS, both).await.text("access_token");
        let token = exchange(&orders, &first, &[]).await.text("access_token");
        let scope = async || introspect(&ledger, &token).await.body["scope"].clone();
        assert_eq!(scope().await, json!("ledger.read ledger.write"));
        let without = |scope: &'static str| {
            move |client: &mut Client| {
                client.exchange[0].scopes.remove(scope);
            }
        };
        orders_as(&server, without("ledger.write")).await;
        assert_eq!(scope().await, json!("ledger.read"));
        assert_eq!(exchange(&ledger, &token, &[]).await.status, 200);
        // What is gone is exchanged for nothing, either.
        orders_as(&server, without("ledger.read")).await;
        assert_eq!(scope().await, json!("ledger.write"));
        assert_eq!(refused(&exchange(&ledger, &token, &[]).await), TOO_MUCH);
    })
    .await;
}

/// Uses a budget up.
async fn use_up(server: &Server, budget: Budget, whose: &str) {
    let (now, most) = (server.app().now(), budget.terms().most);
    let key = BudgetKey { budget, hash: vestibule_seal::sha256(whose.as_bytes()), times: 1 };
    let spend = move |tx: PoolTx| async move {
        for _ in 0..1000 {
            tx.spend_budgets(&[key], now).await?;
        }
        Ok(())
    };
    for _ in 0..most.div_ceil(1000) {
        server.rows().write(spend).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c46_an_application_fills_the_trail_with_no_more_than_its_own_rows() {
    on_every_engine(|engine| async move {
        let server = setup(Setup::on(engine)).start().await;
        let orders = orders(&server).await;
        let mut browser = alice(&server).await;
        let first = subject(&server, &mut browser).await;
        // The rows about guesses are for others, and rows about refusals take nothing from those about tokens.
        use_up(&server, Budget::RowAtPool, "pool").await;
        assert_eq!(exchange(&orders, "x", &[]).await.status, 400);
        assert_eq!(server.audited("token-exchanged", "refused").await, 1);
        use_up(&server, Budget::RefusalRowOfApplication, "orders").await;
        assert_eq!(exchange(&orders, "x", &[]).await.status, 400);
        assert_eq!(server.audited("token-exchanged", "refused").await, 1);
        let token = exchange(&orders, &first, &[]).await.text("access_token");
        assert_eq!(server.audited("token-exchanged", "done").await, 1);
        // Tokens are exchanged and given back all the same.
        use_up(&server, Budget::ExchangeRowOfApplication, "orders").await;
        assert_eq!(exchange(&orders, &first, &[]).await.status, 200);
        assert_eq!(server.audited("token-exchanged", "done").await, 1);
        orders.post("/oidc/revoke", &[("token", &token)]).await;
        assert!(inactive(&introspect(&orders, &token).await));
        assert_eq!(server.audited("token-revoked", "done").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_dead_already_is_given_back_without_a_row() {
    let server = setup(Setup::default()).start().await;
    let orders = orders(&server).await;
    let mut browser = alice(&server).await;
    let token = exchange(&orders, &subject(&server, &mut browser).await, &[]).await.text("access_token");
    let home = browser.get("/u").await;
    browser.submit(home.form("/u/sign-out")).await;
    assert_eq!(orders.post("/oidc/revoke", &[("token", &token)]).await.status, 200);
    assert_eq!(server.audited("token-revoked", "done").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_key_is_looked_for_where_no_id_token_is_given() {
    let server = setup(Setup::default()).start().await;
    // It can be told nothing in secret.
    let only_rsa = Signer::new(Alg::Ps256).jwks();
    let orders = orders_as(&server, |client| {
        client.jwks = Some(only_rsa.clone());
        client.answers.id_token_encrypted_response_alg = Some(KeyEncryption::EcdhEs);
    })
    .await;
    let first = subject(&server, &mut alice(&server).await).await;
    let answer = exchange(&orders, &first, &[]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
}
