//! The provider as an independent relying party sees it that proves itself: the npm library openid-client pushes and signs
//! requests, reads signed answers, binds its tokens to a key (DPoP), signs in place of a secret, asks about tokens and
//! gives them back; jose checks access tokens as an API would. No browser is needed: whoever is signed in is not asked.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf};
use tokio::process::Command;
use vestibule_browser_tests::{NODE, NODE_TOOLS, RelyingParty, tools};
use vestibule_domain::{
    Api, Client, ClientAnswers, ClientAuthMethod, ClientKind, ContentEncryption, GrantType, KeyEncryption,
    Profile, Strictness, TokenAlg, client::AccessTokenType,
};
use vestibule_tests::{Browser, Page, REDIRECT_URI, Server, Setup};

const ORDERS: &str = "https://orders.example";
const LEGACY: &str = "https://legacy.example";
const VAULT: &str = "https://vault.example";

/// What it may sign with. It calls Ed25519 by the name of RFC 9864.
const KEYS: [&str; 4] = ["ES256", "PS256", "RS256", "Ed25519"];

/// A provider, somebody who is signed in there, and the programs.
struct Scene {
    tools: [PathBuf; 2],
    server: Server,
    browser: Browser,
}

fn api(id: &str) -> Api {
    Api {
        id: id.to_owned(),
        name: None,
        scopes: BTreeSet::new(),
        access_token_alg: None,
        access_token_type: None,
        access_token_lifetime: None,
    }
}

impl Scene {
    async fn set() -> Option<Self> {
        let tools = tools([NODE, NODE_TOOLS])?;
        // The library reads the machine's clock and resolves names as the machine does.
        let mut setup = Setup { real_time: true, main: ("localhost", "Pool main"), ..Setup::default() };
        setup.settings.apis = vec![
            Api { scopes: names(&["orders.read"]), ..api(ORDERS) },
            Api {
                access_token_alg: Some(TokenAlg::Rs256),
                access_token_type: Some(AccessTokenType::Jwt),
                ..api(LEGACY)
            },
            Api { access_token_type: Some(AccessTokenType::Opaque), ..api(VAULT) },
        ];
        let server = setup.start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        Some(Self { tools, server, browser })
    }

    /// Starts a relying party and registers it with the keys that it made.
    async fn party(&self, id: &str, change: impl Fn(&mut Client), asked: Value) -> RelyingParty {
        let mut all = json!({
            "issuer": self.server.pool().origin.issuer(),
            "clientId": id,
            "clientSecret": self.server.rp().secret,
            "redirectUri": REDIRECT_URI,
        });
        all.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
        let [node, directory] = &self.tools;
        let mut command = Command::new(node);
        command.arg("openid-client-proofs.mjs").current_dir(directory);
        let mut party = RelyingParty::start(command, &all);
        let jwks = party.word().await.unwrap_or_else(|why| panic!("{id}: {why}"))["jwks"].clone();
        let register = |client: &mut Client| {
            client.jwks = Some(jwks.clone());
            client.auth_method = None;
            client.grants.push(GrantType::ClientCredentials);
            client.apis = [ORDERS, LEGACY, VAULT].map(str::to_owned).into();
            client.scopes.push("orders.read".to_owned());
            change(client);
        };
        self.server.add_client(id, register).await;
        party.tell("registered").await;
        party
    }

    /// Sends whoever is signed in with the request of a relying party: where its page ended.
    async fn follow(&mut self, party: &mut RelyingParty) -> (String, Page) {
        let asks = party.word().await.unwrap_or_else(|why| panic!("{why}"));
        let authorize = asks["authorize"].as_str().unwrap().to_owned();
        let page = self.browser.get(&authorize).await;
        (authorize, page)
    }

    /// A whole sign-in: the names in its authorization request, and what the relying party found.
    async fn sign_in(
        &mut self,
        id: &str,
        change: impl Fn(&mut Client),
        asked: Value,
    ) -> (BTreeSet<String>, Value) {
        let mut party = self.party(id, change, asked).await;
        let (authorize, page) = self.follow(&mut party).await;
        assert!(page.left && page.url.starts_with(REDIRECT_URI), "{id} {} {}", page.url, page.body);
        party.tell(&page.url).await;
        let found = party.word().await.unwrap_or_else(|why| panic!("{id} {}: {why}", page.url));
        assert_eq!(found["claims"]["email"], "alice@example.test", "{id}");
        assert_eq!(found["userinfo"]["sub"], found["claims"]["sub"], "{id}");
        assert_eq!(found["refreshed"]["claims"]["sid"], found["claims"]["sid"], "{id}");
        let authorize = url::Url::parse(&authorize).unwrap();
        (authorize.query_pairs().map(|(name, _)| name.into_owned()).collect(), found)
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn trace(found: &Value) -> Vec<&str> {
    found["trace"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect()
}

fn usual(_: &mut Client) {}

fn keyed(client: &mut Client) {
    client.auth_method = Some(ClientAuthMethod::PrivateKeyJwt);
    client.secret_sha256 = None;
}

fn public(client: &mut Client) {
    client.kind = ClientKind::Public;
    client.secret_sha256 = None;
    client.grants.retain(|grant| *grant != GrantType::ClientCredentials);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_pushes_its_requests() {
    let Some(mut scene) = Scene::set().await else { return };
    for auth in ["basic", "post"] {
        let (asked, found) = scene.sign_in(auth, usual, json!({ "par": true, "auth": auth })).await;
        assert_eq!(asked, names(&["client_id", "request_uri"]));
        assert!(trace(&found)[0].starts_with("POST /oidc/par 201"), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_signs_its_requests_and_pushes_them_signed() {
    let Some(mut scene) = Scene::set().await else { return };
    let must = |client: &mut Client| {
        client.strict.insert(Strictness::RequireSignedRequests);
    };
    for alg in KEYS {
        for (par, expected) in [(false, ["client_id", "request"]), (true, ["client_id", "request_uri"])] {
            let asked = json!({ "jar": true, "par": par, "keyAlg": alg });
            let (asked, _) = scene.sign_in(&format!("{alg}-{par}"), must, asked).await;
            assert_eq!(asked, names(&expected), "{alg}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_decrypts_what_it_is_told() {
    let Some(mut scene) = Scene::set().await else { return };
    for (alg, name) in [(KeyEncryption::RsaOaep256, "RSA-OAEP-256"), (KeyEncryption::EcdhEs, "ECDH-ES")] {
        for enc in [ContentEncryption::A128Gcm, ContentEncryption::A256Gcm] {
            let change = move |client: &mut Client| {
                client.id_token_alg = Some(TokenAlg::Es256);
                client.answers = ClientAnswers {
                    userinfo_signed_response_alg: Some(TokenAlg::Es256),
                    id_token_encrypted_response_alg: Some(alg),
                    id_token_encrypted_response_enc: Some(enc),
                    userinfo_encrypted_response_alg: Some(alg),
                    userinfo_encrypted_response_enc: Some(enc),
                };
            };
            let id = format!("{name}-{}", enc.as_str());
            let (_, found) = scene.sign_in(&id, change, json!({ "encrypt": name })).await;
            let header = json!({ "alg": found["header"]["alg"], "enc": found["header"]["enc"] });
            assert_eq!(header, json!({ "alg": name, "enc": enc.as_str() }), "{found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_reads_signed_answers_and_looks_at_them() {
    let Some(mut scene) = Scene::set().await else { return };
    for (alg, name) in [(TokenAlg::Es256, "ES256"), (TokenAlg::Rs256, "RS256"), (TokenAlg::EdDsa, "EdDSA")] {
        let change = move |client: &mut Client| {
            client.id_token_alg = Some(alg);
            client.strict.insert(Strictness::RequireSignedResponses);
        };
        let (_, found) = scene.sign_in(name, change, json!({ "jarm": true, "alg": name })).await;
        assert_eq!(found["answer"], json!(["response"]));
    }
    // An error comes signed, too.
    let mut party = scene.party("refused", usual, json!({ "jarm": true })).await;
    let stranger = scene.server.browser();
    let signed_in = std::mem::replace(&mut scene.browser, stranger);
    let (_, page) = scene.follow(&mut party).await;
    assert!(page.query().keys().eq(["response"]), "{}", page.url);
    party.tell(&page.url).await;
    let complaint = party.word().await.unwrap_err();
    assert!(complaint.contains("login_required"), "{complaint}");
    scene.browser = signed_in;
    // What somebody changed on the way is not believed, nor what is for somebody else, nor what is not signed.
    let mut other = scene.party("other", usual, json!({ "jarm": true })).await;
    let (_, of_other) = scene.follow(&mut other).await;
    for what in ["changed", "foreign", "bare"] {
        let mut party = scene.party("app", usual, json!({ "jarm": true })).await;
        let (_, page) = scene.follow(&mut party).await;
        let mut callback = url::Url::parse(&page.url).unwrap();
        let response = page.query()["response"].clone();
        let (head, signature) = response.rsplit_once('.').unwrap();
        let flipped: String = signature.chars().rev().collect();
        match what {
            "changed" => callback.set_query(Some(&format!("response={head}.{flipped}"))),
            "foreign" => callback = url::Url::parse(&of_other.url).unwrap(),
            _ => callback.set_query(Some("code=x&state=y")),
        }
        party.tell(callback.as_str()).await;
        let complaint = party.word().await.unwrap_err();
        assert!(complaint.contains("OAUTH_"), "{what} {complaint}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_tokens_are_bound_to_its_key() {
    let Some(mut scene) = Scene::set().await else { return };
    for alg in KEYS {
        for (id, auth) in [("basic", "basic"), ("spa", "none")] {
            let change = if auth == "none" { public } else { usual };
            let asked = json!({ "dpop": alg, "auth": auth });
            let (_, found) = scene.sign_in(&format!("{alg}-{id}"), change, asked).await;
            for tokens in [&found, &found["refreshed"]] {
                assert_eq!(tokens["tokenType"], "dpop", "{alg} {id}");
                assert_eq!(tokens["access"]["claims"]["cnf"]["jkt"], found["jkt"], "{alg} {id}");
            }
            // A nonce is offered, and asked of nobody.
            assert!(trace(&found)[0].ends_with(" proof") && trace(&found)[0].contains(" 200 "), "{found}");
            if auth == "basic" {
                assert_eq!(found["introspected"]["before"]["cnf"]["jkt"], found["jkt"]);
                assert_eq!(found["introspected"]["before"]["token_type"], "DPoP");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_takes_up_the_nonce_that_is_asked_for() {
    let Some(mut scene) = Scene::set().await else { return };
    for (id, par, asked) in
        [("pushing", true, json!({ "par": true })), ("basic", false, json!({})), ("spa", false, json!({}))]
    {
        let change = |client: &mut Client| {
            if id == "spa" {
                public(client);
            }
            client.strict.extend([Strictness::RequireDpopNonce, Strictness::RequireBoundTokens]);
        };
        let mut asked = asked;
        asked["dpop"] = json!("ES256");
        asked["auth"] = json!(if id == "spa" { "none" } else { "basic" });
        let (_, found) = scene.sign_in(id, change, asked).await;
        let proofs: Vec<String> =
            trace(&found).into_iter().filter(|step| step.contains("proof")).map(shortened).collect();
        let first = if par { "/oidc/par" } else { "/oidc/token" };
        let created = if par { 201 } else { 200 };
        // Refused once, and from then on it has the nonce.
        assert_eq!(proofs[0], format!("{first} 400 proof"), "{found}");
        assert_eq!(proofs[1], format!("{first} {created} proof+nonce"), "{found}");
        let rest = &proofs[2..];
        let good = rest.iter().filter(|step| step.ends_with(" 200 proof+nonce")).count();
        // The last two of an application that cannot ask are meant to fail.
        assert_eq!(rest.len() - good, if id == "spa" { 2 } else { 0 }, "{found}");
        assert!(rest.iter().all(|step| step.ends_with("proof+nonce")), "{found}");
    }
}

/// A step without its method and what else proved the application: path, status and kind of proof.
fn shortened(step: &str) -> String {
    let words: Vec<&str> = step.split(' ').collect();
    [words[1], words[2], words[words.len() - 1]].join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_signs_in_place_of_a_secret() {
    let Some(mut scene) = Scene::set().await else { return };
    for alg in KEYS {
        let asked = json!({ "auth": "key", "keyAlg": alg, "par": true });
        let (_, found) = scene.sign_in(alg, keyed, asked).await;
        for step in trace(&found).into_iter().filter(|step| !step.contains("/me") && !step.contains("/jwks"))
        {
            assert!(step.ends_with("assertion"), "{found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_follows_the_profiles_of_fapi_as_a_whole() {
    let Some(mut scene) = Scene::set().await else { return };
    for (profile, signing) in [(Profile::Fapi2Security, false), (Profile::Fapi2MessageSigning, true)] {
        for alg in ["ES256", "PS256"] {
            for nonce in [false, true] {
                let change = |client: &mut Client| {
                    keyed(client);
                    client.id_token_alg = None;
                    client.profile = Some(profile);
                    if nonce {
                        client.strict.insert(Strictness::RequireDpopNonce);
                    }
                };
                let asked = json!({
                    "auth": "key", "keyAlg": alg, "par": true, "dpop": alg, "jar": signing, "jarm": signing,
                    "signed": if signing { json!("ES256") } else { Value::Null },
                });
                let id = format!("{alg}-{signing}-{nonce}");
                let (asked, found) = scene.sign_in(&id, change, asked).await;
                assert_eq!(asked, names(&["client_id", "request_uri"]));
                let answer = if signing { json!(["response"]) } else { json!(["code", "state", "iss"]) };
                assert_eq!(found["answer"], answer);
                assert_eq!(found["access"]["claims"]["cnf"]["jkt"], found["jkt"]);
                // FAPI 2.0 Security Profile §5.4.1: nothing is signed with RS256, though the pool's default is.
                assert_eq!(
                    (&found["header"]["alg"], &found["access"]["header"]["alg"]),
                    (&json!("ES256"), &json!("ES256"))
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_asks_about_tokens_and_gives_them_back() {
    let Some(mut scene) = Scene::set().await else { return };
    for signed in [Value::Null, json!("ES256")] {
        let (_, found) = scene.sign_in("app", usual, json!({ "signed": signed })).await;
        let before = &found["introspected"]["before"];
        assert_eq!((&before["active"], &before["client_id"]), (&json!(true), &json!("app")), "{found}");
        assert_eq!(before["sub"], found["claims"]["sub"]);
        assert_eq!(found["refreshToken"]["active"], true);
        assert_eq!(found["introspected"]["after"], json!({ "active": false }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_checks_its_tokens_with_issuer_and_audience_alone() {
    let Some(mut scene) = Scene::set().await else { return };
    let asked = |resource: &str, more: Value| {
        let mut asked = json!({ "grant": "client_credentials", "resource": resource });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    for (id, resource, more, alg) in [
        ("orders", ORDERS, json!({}), Some("ES256")),
        ("legacy", LEGACY, json!({}), Some("RS256")),
        ("keyed", ORDERS, json!({ "auth": "key", "keyAlg": "ES256", "dpop": "ES256" }), Some("ES256")),
        ("vault", VAULT, json!({}), None),
    ] {
        let change = if id == "keyed" { keyed } else { usual };
        let mut party = scene.party(id, change, asked(resource, more)).await;
        let found = party.word().await.unwrap_or_else(|why| panic!("{id}: {why}"));
        assert_eq!(found["access"]["header"]["alg"].as_str(), alg, "{found}");
        assert_eq!(found["introspected"]["aud"], resource, "{found}");
        if alg.is_some() {
            assert_eq!(
                (&found["verified"]["sub"], &found["verified"]["aud"]),
                (&json!(id), &json!(resource))
            );
        }
    }
    // The same of a person's sign-in.
    let (_, found) = scene.sign_in("person", usual, json!({ "resource": ORDERS })).await;
    assert_eq!(found["access"]["claims"]["aud"], json!([ORDERS, scene.server.pool().origin.issuer()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_that_it_reads_of_the_metadata_is_there() {
    let Some(scene) = Scene::set().await else { return };
    let mut party = scene.party("app", usual, json!({ "grant": "metadata" })).await;
    let found = party.word().await.unwrap_or_else(|why| panic!("{why}"));
    let reads = found["reads"].as_array().unwrap();
    assert!(reads.len() > 12, "{reads:?}");
    let missing: Vec<&str> = reads
        .iter()
        .map(|name| name.as_str().unwrap())
        .filter(|name| found["metadata"].get(name).is_none())
        .collect();
    // What the provider does not have, or this pool has switched off.
    let without = [
        "backchannel_authentication_endpoint",
        "mtls_endpoint_aliases",
        "registration_endpoint",
        "use_mtls_endpoint_aliases",
    ];
    assert_eq!(missing, without);
}
