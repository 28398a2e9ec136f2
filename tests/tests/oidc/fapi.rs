//! What the profiles of FAPI 2.0 change about what is signed, by either side.

use crate::support::named;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{ClientKind, GrantType, Profile, Strictness, TokenAlg};
use vestibule_jose::Alg;
use vestibule_tests::{App, Server, Setup, Signer, ath, payload};

fn header(token: &str) -> Value {
    payload(&format!(".{}", token.split('.').next().unwrap()))
}

/// The algorithms of all that an application is told: its answer, its ID token, and what introspection says.
async fn told_with(server: &Server, rp: &App) -> BTreeSet<String> {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let page = rp.authorize(&mut browser, &[("prompt", "none"), ("response_mode", "jwt")]).await;
    let answer = rp.callback(&page).0["response"].clone();
    let tokens = rp.exchange(payload(&answer)["code"].as_str().unwrap()).await;
    let mut asker = rp.clone();
    asker.browser.headers.push(("accept".to_owned(), "application/token-introspection+jwt".to_owned()));
    let told = asker.send("/oidc/introspect", &[("token", &tokens.text("access_token"))]).await;
    let signed = [answer, tokens.text("id_token"), told.body];
    signed.iter().map(|token| header(token)["alg"].as_str().unwrap().to_owned()).collect()
}

fn only(alg: &str) -> BTreeSet<String> {
    BTreeSet::from([alg.to_owned()])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_signed_with_rs256_for_whom_it_does_not_count() {
    let server = Setup::default().start().await;
    for (id, strict, alg, expected) in [
        ("usual", false, None, "RS256"),
        ("default", true, None, "ES256"),
        ("said", true, Some(TokenAlg::Rs256), "ES256"),
        ("other", true, Some(TokenAlg::EdDsa), "EdDSA"),
    ] {
        server
            .add_client(id, |client| {
                client.id_token_alg = alg;
                client.strict.extend(strict.then_some(Strictness::NoRs256));
            })
            .await;
        assert_eq!(told_with(&server, &named(&server.rp(), id)).await, only(expected), "{id}");
    }
    // The same when the pool asks it of all of its applications.
    server
        .rule(|settings| {
            settings.tokens.strict.insert(Strictness::NoRs256);
        })
        .await;
    assert_eq!(told_with(&server, &named(&server.rp(), "usual")).await, only("ES256"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proofs_are_held_to_the_same_algorithms() {
    let server =
        Setup::default().client(|client| client.grants.push(GrantType::ClientCredentials)).start().await;
    server
        .add_client("strict", |client| {
            client.strict.insert(Strictness::NoRs256);
        })
        .await;
    let (usual, strict) = (server.rp(), named(&server.rp(), "strict"));
    let itself = [("grant_type", "client_credentials")];
    for (alg, good) in [(Alg::Rs256, false), (Alg::Ps256, true), (Alg::Es256, true), (Alg::EdDsa, true)] {
        let signer = Signer::new(alg);
        let proving = |rp: &App, jti: &str, changes: &Value| {
            let mut claims = json!({
                "jti": jti, "htm": "POST", "htu": format!("{}/token", server.pool().origin.issuer()),
                "iat": server.clock.seconds(),
            });
            claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let mut rp = rp.clone();
            rp.browser.headers.push(("dpop".to_owned(), signer.proof(&claims)));
            rp
        };
        let tokens = proving(&usual, "1", &json!({})).token(&itself).await;
        assert_eq!(tokens.status, 200, "{alg} {:?}", tokens.body);
        let refused = proving(&strict, "2", &json!({})).token(&itself).await;
        assert_eq!(refused.error(), (!good).then_some("invalid_dpop_proof"), "{alg}");
        // A token from before the switch is not used with such a proof either.
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let code = usual.silent(&mut browser, &[]).await.code();
        let token = proving(&usual, "3", &json!({})).exchange(&code).await.text("access_token");
        for (jti, switched) in [("4", false), ("5", true)] {
            server
                .add_client("app", |client| client.strict.extend(switched.then_some(Strictness::NoRs256)))
                .await;
            let htu = format!("{}/me", server.pool().origin.issuer());
            let at_me = json!({ "htm": "GET", "htu": htu, "ath": ath(&token) });
            let mut browser = proving(&usual, jti, &at_me).browser;
            browser.headers.push(("authorization".to_owned(), format!("DPoP {token}")));
            let status = browser.send("GET", "/oidc/me", None).await.status;
            assert_eq!(status.is_success(), good || !switched, "{alg} {status}");
        }
        server.add_client("app", |_| {}).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metadata_promise_what_a_pool_of_a_profile_takes() {
    let server = Setup::default().start().await;
    let metadata = async || -> Value {
        let page = server.browser().send("GET", "/oidc/.well-known/openid-configuration", None).await;
        serde_json::from_str(&page.body).unwrap()
    };
    let lists = [
        "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_signing_alg_values_supported",
        "request_object_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "authorization_signing_alg_values_supported",
        "introspection_signing_alg_values_supported",
    ];
    let methods = [
        "token_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_methods_supported",
    ];
    let before = metadata().await;
    server.rule(|settings| settings.tokens.profile = Some(Profile::Fapi2MessageSigning)).await;
    let after = metadata().await;
    let has = |document: &Value, name: &str, value: &str| {
        document[name].as_array().unwrap().contains(&json!(value))
    };
    for name in lists {
        assert!(has(&before, name, "RS256") && !has(&after, name, "RS256"), "{name} {after}");
        assert!(has(&after, name, "ES256"), "{name} {after}");
    }
    for name in methods {
        assert!(has(&before, name, "client_secret_basic") && has(&before, name, "client_secret_post"));
        assert_eq!(after[name], json!(["private_key_jwt"]), "{name}");
    }
    let modes = "response_modes_supported";
    assert_eq!(before[modes].as_array().unwrap().len(), 5);
    assert_eq!(after[modes], json!(["query.jwt", "form_post.jwt", "jwt"]));
    // OIDC Discovery §3 asks for it there.
    assert!(has(&after, "id_token_signing_alg_values_supported", "RS256"));
    assert_eq!(after["require_pushed_authorization_requests"], true);
    assert_eq!(after["require_signed_request_object"], true);
}

/// FAPI 2.0 Security Profile §5.3.2.1: only who can prove itself is an application there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_without_a_proof_is_none() {
    let server = Setup::default().start().await;
    let public = |id: &'static str, profile: Option<Profile>| {
        server.add_client(id, move |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
            client.profile = profile;
        })
    };
    public("usual", None).await;
    public("fapi", Some(Profile::Fapi2Security)).await;
    for (id, error) in [("usual", "invalid_request"), ("fapi", "invalid_client")] {
        let mut rp = named(&server.rp(), id);
        rp.secret = None;
        assert_eq!(rp.post("/oidc/par", &[("response_type", "code")]).await.error(), Some(error), "{id}");
    }
}
