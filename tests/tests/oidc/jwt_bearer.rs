//! Tokens for the word of an issuer that the pool trusts (RFC 7523 §2.1).

use crate::{
    apis::{api, inactive, introspect, names},
    proofs::{proof_of, proving},
    support::{Document, ONE, named},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{
    AssertedSubject, Client, ClientKind, Faults, FieldPath, GrantType, MfaMode, PoolSettings, Strictness,
    TrustedIssuer, UserStatus,
};
use vestibule_jose::Alg;
use vestibule_tests::{App, Server, Setup, Signer, Tokens, at_once, on_every_engine};

const ORDERS: &str = "https://orders.example";
const LEDGER: &str = "https://ledger.example";
const PARTNER: &str = "https://partner.example";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

/// The partner, whose users are those of the pool by their identifier.
fn partner(keys: &Signer) -> TrustedIssuer {
    TrustedIssuer {
        issuer: PARTNER.to_owned(),
        jwks: Some(keys.jwks()),
        jwks_uri: None,
        applications: names(&["batch"]),
        subject: AssertedSubject::UserId,
        domains: BTreeSet::new(),
        apis: names(&[ORDERS]),
        scopes: names(&["orders.read", "orders.write", "email", "openid"]),
        first_factor: false,
    }
}

async fn server_of(setup: Setup, trusted: &[TrustedIssuer]) -> Server {
    let mut setup = setup;
    setup.settings.apis =
        vec![api(ORDERS, &["orders.read", "orders.write", "orders.drop"]), api(LEDGER, &["ledger.read"])];
    setup.settings.trusted_issuers = trusted.to_vec();
    setup.start().await
}

fn asks(client: &mut Client) {
    client.grants = vec![GrantType::JwtBearer];
    client.redirect_uris = Vec::new();
    client.apis = names(&[ORDERS, LEDGER]);
    client.scopes = ["orders.read", "orders.write", "orders.drop", "ledger.read"].map(str::to_owned).to_vec();
}

async fn batch_as(server: &Server, id: &str, change: impl Fn(&mut Client)) -> App {
    server
        .add_client(id, |client| {
            asks(client);
            change(client);
        })
        .await;
    named(&server.rp(), id)
}

async fn batch(server: &Server) -> App {
    batch_as(server, "batch", |_| {}).await
}

async fn id_of(server: &Server, name: &str) -> String {
    server.rows().user_by_identifier(name).await.unwrap().unwrap().user.id.to_string()
}

/// What the partner says of alice, with changes; `null` takes a claim away.
async fn claims(server: &Server, jti: &str, changes: Value) -> Value {
    let now = server.clock.seconds();
    let mut claims = json!({
        "iss": PARTNER, "sub": id_of(server, "alice").await, "aud": server.pool().origin.issuer(),
        "jti": jti, "iat": now, "exp": now + 60,
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims
}

async fn ask(by: &App, assertion: &str, extra: &[(&str, &str)]) -> Tokens {
    let mut form = vec![("grant_type", GRANT), ("assertion", assertion)];
    form.extend(extra);
    by.token(&form).await
}

fn refused(answer: &Tokens) -> (u16, &str) {
    (answer.status.as_u16(), answer.error().unwrap_or_default())
}

const INVALID: (u16, &str) = (400, "invalid_grant");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_acts_for_the_user_that_a_trusted_issuer_names() {
    on_every_engine(|engine| async move {
        let keys = Signer::new(Alg::Es256);
        let server = server_of(Setup::on(engine), &[partner(&keys)]).await;
        let batch = batch(&server).await;
        let assertion = keys.sign(&claims(&server, "1", json!({})).await);
        let answer = ask(&batch, &assertion, &[]).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        assert_eq!(answer.text("scope"), "orders.read orders.write");
        for absent in ["id_token", "refresh_token", "issued_token_type"] {
            assert!(answer.body.get(absent).is_none(), "{absent}");
        }
        let told = answer.access_claims();
        assert_eq!(
            (&told["sub"], &told["aud"], &told["client_id"], &told["acr"], &told["gty"]),
            (
                &json!(id_of(&server, "alice").await),
                &json!(ORDERS),
                &json!("batch"),
                &json!("0"),
                &json!("jwt-bearer")
            )
        );
        for absent in ["sid", "amr", "auth_time", "act"] {
            assert!(told.get(absent).is_none(), "nobody has signed in here: {absent}");
        }
        assert_eq!(server.audited("assertion-taken", "done").await, 1);
        let token = answer.text("access_token");
        assert_eq!(introspect(&batch, &token).await.body["active"], json!(true));
        assert_eq!(batch.userinfo(&token).await.status, 401, "it is for no userinfo");
        // Fewer scopes, at the token endpoint by its address, and nothing beyond.
        let at_endpoint = format!("{}/token", server.pool().origin.issuer());
        let less = keys.sign(&claims(&server, "2", json!({ "aud": [at_endpoint] })).await);
        let less = ask(&batch, &less, &[("scope", "orders.read"), ("resource", ORDERS)]).await;
        assert_eq!((less.status.as_u16(), less.text("scope").as_str()), (200, "orders.read"));
        for (index, (extra, error)) in [
            (("scope", "orders.drop"), "invalid_scope"),
            (("scope", "ledger.read"), "invalid_scope"),
            (("scope", "openid"), "invalid_scope"),
            (("scope", "email"), "invalid_scope"),
            (("scope", "offline_access"), "invalid_scope"),
            (("resource", LEDGER), "invalid_target"),
            (("resource", "https://nobody.example"), "invalid_target"),
            (("resource", &server.pool().origin.issuer()), "invalid_target"),
        ]
        .into_iter()
        .enumerate()
        {
            let assertion = keys.sign(&claims(&server, &format!("more-{index}"), json!({})).await);
            assert_eq!(refused(&ask(&batch, &assertion, &[extra]).await), (400, error), "{extra:?}");
            assert_eq!(ask(&batch, &assertion, &[]).await.status, 200, "nothing was spent: {extra:?}");
        }
        // Where the pool says that the partner asks for a factor, that is what the token says, and no more.
        let counted = TrustedIssuer { first_factor: true, ..partner(&keys) };
        server.rule(move |settings| settings.trusted_issuers = vec![counted.clone()]).await;
        let boast = json!({ "acr": "phr", "amr": ["hwk", "mfa"], "auth_time": server.clock.seconds() });
        let one = ask(&batch, &keys.sign(&claims(&server, "boast", boast).await), &[]).await.access_claims();
        assert_eq!((&one["acr"], one.get("amr"), one.get("auth_time")), (&json!(ONE), None, None));
        // Given back it ends, and nothing else of alice's.
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        batch.post("/oidc/revoke", &[("token", &token)]).await;
        assert!(inactive(&introspect(&batch, &token).await));
        assert_eq!(browser.get("/u").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c48_an_assertion_counts_once_and_only_as_it_was_meant() {
    on_every_engine(|engine| async move {
        let (keys, thief) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
        let server = server_of(Setup::on(engine).nodes(2), &[partner(&keys)]).await;
        let batch = batch(&server).await;
        let issuer = server.pool().origin.issuer();
        let other = server.other().origin.issuer();
        let now = server.clock.seconds();
        for (index, change) in [
            json!({ "iss": "https://somebody.example" }),
            json!({ "iss": format!("{PARTNER}/") }),
            json!({ "iss": null }),
            json!({ "sub": null }),
            json!({ "sub": "alice" }),
            json!({ "sub": "0190b0f0-0000-7000-8000-000000000000" }),
            json!({ "sub": "batch" }),
            json!({ "aud": null }),
            json!({ "aud": [] }),
            json!({ "aud": other }),
            json!({ "aud": [issuer, other] }),
            json!({ "aud": format!("{issuer}/") }),
            json!({ "aud": format!("{issuer}/introspect") }),
            json!({ "aud": "batch" }),
            json!({ "jti": null }),
            json!({ "jti": "" }),
            json!({ "jti": "x".repeat(257) }),
            json!({ "exp": null }),
            json!({ "exp": now - 31 }),
            json!({ "exp": now + 400 }),
            json!({ "nbf": now + 60 }),
            json!({ "iat": now + 60 }),
            json!({ "client_id": "other" }),
            json!({ "act": { "sub": "desk" } }),
            json!({ "may_act": { "sub": "batch" } }),
            json!({ "cnf": { "jkt": thief.thumbprint() } }),
        ]
        .into_iter()
        .enumerate()
        {
            let claims = claims(&server, &index.to_string(), change.clone()).await;
            assert_eq!(refused(&ask(&batch, &keys.sign(&claims), &[]).await), INVALID, "{change}");
        }
        let good = claims(&server, "good", json!({})).await;
        let mut typed = keys.header.clone();
        typed.typ = Some("at+jwt".to_owned());
        for bad in [
            thief.sign(&good),
            thief.as_if(&keys, &good),
            keys.with(&typed, &good),
            keys.sign(&good) + "x",
            "x".to_owned(),
            "a.b.c".to_owned(),
        ] {
            assert_eq!(refused(&ask(&batch, &bad, &[]).await), INVALID, "{bad}");
        }
        // Another application may not use it, nor one without a secret or without the grant.
        let foreign = batch_as(&server, "foreign", |_| {}).await;
        let good = keys.sign(&good);
        assert_eq!(refused(&ask(&foreign, &good, &[]).await), INVALID);
        assert_eq!(refused(&ask(&server.rp(), &good, &[]).await), (400, "unauthorized_client"));
        assert_eq!(refused(&ask(&batch, "", &[]).await), (400, "invalid_request"));
        // Twenty at once, at two nodes: one. And never again, as long as it would count.
        let mut second = server.rp_at(1, &server.pool().origin.clone());
        second.client_id = "batch".to_owned();
        let both = [batch.clone(), second];
        let before = server.audited("assertion-taken", "refused").await;
        let answers = at_once((0..20).map(|index| {
            let (by, good) = (both[index % 2].clone(), good.clone());
            async move { ask(&by, &good, &[]).await }
        }))
        .await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        // Those who came too late are written down, and so is each replay.
        assert_eq!(server.audited("assertion-taken", "refused").await, before + 19);
        for wait in [0, 30, 59] {
            server.clock.advance(wait);
            server.app().store().sweep(server.app().now()).await.unwrap();
            assert_eq!(refused(&ask(&batch, &good, &[]).await), INVALID, "{wait}");
        }
        assert_eq!(server.audited("assertion-taken", "refused").await, before + 22);
        assert_eq!(server.audited("assertion-taken", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c48_nobody_elses_word_is_a_second_factor_or_lives_on_without_trust() {
    on_every_engine(|engine| async move {
        let keys = Signer::new(Alg::EdDsa);
        let trusted = TrustedIssuer { first_factor: true, ..partner(&keys) };
        let server = server_of(Setup::on(engine), std::slice::from_ref(&trusted)).await;
        let batch = batch(&server).await;
        let unmet = (400, "unmet_authentication_requirements");
        let sign = async |jti: &str| keys.sign(&claims(&server, jti, json!({})).await);
        // Whatever ends the user, the trust or the application ends the token.
        for change in ["disabled", "trust", "served", "api", "grant", "application"] {
            let answer = ask(&batch, &sign(change).await, &[]).await;
            let token = answer.text("access_token");
            assert_eq!(introspect(&batch, &token).await.body["active"], json!(true));
            let without = |change: &dyn Fn(&mut TrustedIssuer)| {
                let mut less = trusted.clone();
                change(&mut less);
                less
            };
            let admin = server.admin();
            let trusts = async |issuers: Vec<TrustedIssuer>| {
                server
                    .rule(move |settings: &mut PoolSettings| settings.trusted_issuers = issuers.clone())
                    .await;
            };
            match change {
                "disabled" => {
                    admin.set_user_status("main", "alice", UserStatus::Disabled).await.unwrap();
                    assert_eq!(refused(&ask(&batch, &sign("while").await, &[]).await), INVALID);
                }
                "trust" => trusts(Vec::new()).await,
                "served" => trusts(vec![without(&|one| one.applications = names(&["other"]))]).await,
                "api" => trusts(vec![without(&|one| one.apis = names(&[LEDGER]))]).await,
                "grant" => {
                    batch_as(&server, "batch", |client| client.grants = vec![GrantType::ClientCredentials])
                        .await;
                }
                _ => drop(batch_as(&server, "batch", |client| client.apis = names(&[LEDGER])).await),
            }
            assert!(inactive(&introspect(&batch, &token).await), "{change}");
            admin.set_user_status("main", "alice", UserStatus::Active).await.unwrap();
            trusts(vec![trusted.clone()]).await;
            batch_as(&server, "batch", |_| {}).await;
        }
        // It is exchanged for nothing: that would be somebody else's word twice removed.
        let token = ask(&batch, &sign("subject").await, &[]).await.text("access_token");
        batch_as(&server, "batch", |client| {
            client.grants.push(GrantType::TokenExchange);
            client.exchange = vec![vestibule_domain::ExchangeRule {
                issued_to: names(&["batch"]),
                audience: BTreeSet::new(),
                api: LEDGER.to_owned(),
                scopes: [("ledger.read".to_owned(), "orders.read".to_owned())].into(),
                mode: vestibule_domain::ExchangeMode::Impersonation,
                bound_subjects: false,
                id_tokens: false,
            }];
        })
        .await;
        let form = [("grant_type", EXCHANGE), ("subject_token", &token), ("subject_token_type", ACCESS)];
        assert_eq!(refused(&batch.token(&form).await), (400, "invalid_request"));
        // An application that wants a recent sign-in, or more than one factor.
        batch_as(&server, "batch", |client| client.default_max_age = Some(3_600)).await;
        assert_eq!(refused(&ask(&batch, &sign("age").await, &[]).await), unmet);
        batch_as(&server, "batch", |client| client.min_acr = Some(vestibule_domain::Acr::Mfa)).await;
        assert_eq!(refused(&ask(&batch, &sign("floor").await, &[]).await), unmet);
        // Who has a second factor is asked for it, and so is everybody where the pool says so.
        batch_as(&server, "batch", |_| {}).await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        server.enrol(&mut browser).await;
        assert_eq!(refused(&ask(&batch, &sign("enrolled").await, &[]).await), unmet);
        server.add_user("bob").await;
        let bob = json!({ "sub": id_of(&server, "bob").await });
        let bobs = async |jti: &str| keys.sign(&claims(&server, jti, bob.clone()).await);
        assert_eq!(ask(&batch, &bobs("bob").await, &[]).await.status, 200);
        server.rule(|settings| settings.mfa = vestibule_domain::Policy::of(MfaMode::Required)).await;
        assert_eq!(refused(&ask(&batch, &bobs("required").await, &[]).await), unmet);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c48_scopes_that_the_issuer_gives_no_more_are_gone_from_living_tokens() {
    on_every_engine(|engine| async move {
        let keys = Signer::new(Alg::Es256);
        let server = server_of(Setup::on(engine), &[partner(&keys)]).await;
        let batch = batch(&server).await;
        let assertion = keys.sign(&claims(&server, "1", json!({})).await);
        let token = ask(&batch, &assertion, &[]).await.text("access_token");
        let told = introspect(&batch, &token).await.body;
        assert_eq!(told["scope"], json!("orders.read orders.write"));
        let less = TrustedIssuer { scopes: names(&["orders.read"]), ..partner(&keys) };
        server.rule(move |settings| settings.trusted_issuers = vec![less.clone()]).await;
        let told = introspect(&batch, &token).await.body;
        assert_eq!((&told["active"], &told["scope"]), (&json!(true), &json!("orders.read")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_issuer_names_users_by_addresses_of_its_domains_alone() {
    let keys = Signer::new(Alg::Es256);
    let by_email = TrustedIssuer {
        subject: AssertedSubject::Email,
        domains: names(&["example.test"]),
        ..partner(&keys)
    };
    let server = server_of(Setup::default(), std::slice::from_ref(&by_email)).await;
    let batch = batch(&server).await;
    let said = async |jti: &str, email: Value, verified: Value| {
        let changes = json!({ "sub": "p-17", "email": email, "email_verified": verified });
        ask(&batch, &keys.sign(&claims(&server, jti, changes).await), &[]).await
    };
    let good = said("1", json!("Alice@Example.TEST"), json!(true)).await;
    assert_eq!(good.access_claims()["sub"], json!(id_of(&server, "alice").await));
    for (jti, email, verified) in [
        ("2", json!("alice@example.test"), json!(false)),
        ("3", json!("alice@example.test"), Value::Null),
        ("4", Value::Null, json!(true)),
        ("5", json!("nobody@example.test"), json!(true)),
        ("6", json!("alice@other.test"), json!(true)),
        ("7", json!("alice@sub.example.test"), json!(true)),
        ("8", json!("alice@evil.test@example.test"), json!(true)),
        ("9", json!("alice"), json!(true)),
        ("10", json!("alice@example.test\u{0}"), json!(true)),
    ] {
        assert_eq!(refused(&said(jti, email.clone(), verified).await), INVALID, "{email}");
    }
    // An address that is not proved here may be anybody's.
    server
        .rows()
        .write({
            let id = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
            let now = server.app().now();
            move |tx| async move { tx.set_email(id, Some("alice@example.test"), false, now).await }
        })
        .await
        .unwrap();
    assert_eq!(refused(&said("11", json!("alice@example.test"), json!(true)).await), INVALID);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_fetched_and_changed_and_tokens_are_bound() {
    let (old, new) = (Signer::new(Alg::Es256), Signer::new(Alg::Ps256));
    let published = Document::of("application/jwk-set+json", &old.jwks().to_string()).await;
    let by_uri = TrustedIssuer { jwks: None, jwks_uri: Some(published.uri.clone()), ..partner(&old) };
    let mut setup = Setup::default();
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    let server = server_of(setup, &[by_uri]).await;
    let batch = batch(&server).await;
    for jti in ["1", "2"] {
        assert_eq!(ask(&batch, &old.sign(&claims(&server, jti, json!({})).await), &[]).await.status, 200);
    }
    assert_eq!(published.asked(), 1);
    published.becomes(&new.jwks().to_string());
    server.clock.advance(61);
    assert_eq!(ask(&batch, &new.sign(&claims(&server, "3", json!({})).await), &[]).await.status, 200);
    assert_eq!(refused(&ask(&batch, &old.sign(&claims(&server, "4", json!({})).await), &[]).await), INVALID);
    // What is bound to a key is given to who proves it, and stays bound.
    let own = Signer::new(Alg::Es256);
    let bound = new.sign(&claims(&server, "5", json!({ "cnf": { "jkt": own.thumbprint() } })).await);
    assert_eq!(refused(&ask(&batch, &bound, &[]).await), INVALID);
    let proof = proof_of(&server, &own, "p", &json!({}));
    let answer = ask(&proving(&batch, &[&proof]), &bound, &[]).await;
    assert_eq!(answer.access_claims()["cnf"], json!({ "jkt": own.thumbprint() }));
    // Strict applications take the issuer's name alone as the audience.
    batch_as(&server, "batch", |client| client.strict = [Strictness::IssuerAudience].into()).await;
    let endpoint = json!({ "aud": format!("{}/token", server.pool().origin.issuer()) });
    assert_eq!(refused(&ask(&batch, &new.sign(&claims(&server, "6", endpoint).await), &[]).await), INVALID);
}

#[test]
fn a_pool_says_what_is_wrong_with_an_issuer() {
    let keys = Signer::new(Alg::Es256);
    let faults = |change: &dyn Fn(&mut TrustedIssuer)| {
        let mut issuer = partner(&keys);
        change(&mut issuer);
        let settings = PoolSettings {
            apis: vec![api(ORDERS, &[])],
            trusted_issuers: vec![issuer],
            ..PoolSettings::default()
        };
        let mut faults = Faults::default();
        settings.check(&FieldPath::root(), &mut faults);
        faults.into_vec().len()
    };
    assert_eq!(faults(&|_| {}), 0);
    let wrong: [&dyn Fn(&mut TrustedIssuer); 11] = [
        &|one| one.issuer.clear(),
        &|one| "a b".clone_into(&mut one.issuer),
        &|one| one.jwks = None,
        &|one| one.jwks_uri = Some("https://partner.example/jwks".to_owned()),
        &|one| (one.jwks, one.jwks_uri) = (None, Some("ftp://partner.example".to_owned())),
        &|one| one.applications.clear(),
        &|one| one.subject = AssertedSubject::Email,
        &|one| one.domains = names(&["example.test"]),
        &|one| (one.subject, one.domains) = (AssertedSubject::Email, names(&["Example.test"])),
        &|one| one.apis.clear(),
        &|one| one.apis = names(&[LEDGER]),
    ];
    for (index, change) in wrong.iter().enumerate() {
        assert_eq!(faults(*change), 1, "{index}");
    }
    // The grant is for applications that prove themselves.
    let mut client = Client::new("batch", ClientKind::Public);
    asks(&mut client);
    let mut faults = Faults::default();
    client.check(&FieldPath::root(), &mut faults);
    assert_eq!(faults.into_vec().len(), 1);
}
