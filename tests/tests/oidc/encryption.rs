//! ID tokens and userinfo that are signed and encrypted for one application (OIDC Core §5.3.2, §10.2; OIDC Registration §2).

use crate::support::{named, tokens_of};
use serde_json::{Value, json};
use vestibule_domain::{Client, ContentEncryption, KeyEncryption, Strictness, TokenAlg};
use vestibule_jose::{DecryptionKey, ExpectJwe, JweAlg, JweEnc, Typ, decrypt};
use vestibule_tests::{App, Page, Server, Setup, payload};

const ALGS: [KeyEncryption; 2] = [KeyEncryption::RsaOaep256, KeyEncryption::EcdhEs];

/// The keys of an application.
struct Keys(Vec<DecryptionKey>);

impl Keys {
    fn new() -> Self {
        Self(JweAlg::ALL.map(|alg| DecryptionKey::generate(alg).unwrap()).into())
    }

    fn jwks(&self) -> Value {
        let keys: Vec<Value> = self.0.iter().map(|key| json!(key.public())).collect();
        json!({ "keys": keys })
    }

    /// What was encrypted, and what it says it is.
    fn open(&self, token: &str, enc: JweEnc) -> (String, Option<String>) {
        let expect = ExpectJwe { algs: &JweAlg::ALL, encs: &[enc], max_bytes: 16_384 };
        let opened = decrypt(&self.0, token, &expect).unwrap();
        (String::from_utf8(opened.payload).unwrap(), opened.cty)
    }
}

async fn with_keys(server: &Server, id: &str, keys: &Value, change: impl Fn(&mut Client)) -> App {
    server
        .add_client(id, |client| {
            client.jwks = Some(keys.clone());
            change(client);
        })
        .await;
    named(&server.rp(), id)
}

async fn userinfo(rp: &App, token: &str) -> Page {
    let mut browser = rp.browser.clone();
    browser.headers.push(("authorization".to_owned(), format!("Bearer {token}")));
    browser.send("GET", "/oidc/me", None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_token_is_signed_and_then_encrypted() {
    let server = Setup::default().start().await;
    let (mut browser, plain) = tokens_of(&server, &server.rp()).await;
    let keys = Keys::new();
    for alg in ALGS {
        for (enc, read) in [
            (None, JweEnc::A256Gcm),
            (Some(ContentEncryption::A256Gcm), JweEnc::A256Gcm),
            (Some(ContentEncryption::A128Gcm), JweEnc::A128Gcm),
        ] {
            let id = format!("{}-{}", alg.as_str(), enc.map_or("usual", ContentEncryption::as_str));
            let rp = with_keys(&server, &id, &keys.jwks(), |client| {
                client.answers.id_token_encrypted_response_alg = Some(alg);
                client.answers.id_token_encrypted_response_enc = enc;
                client.first_party = true;
            })
            .await;
            let answer = rp.silent(&mut browser, &[]).await;
            let first = rp.exchange(&answer.code()).await;
            let next = rp.refresh(&first.text("refresh_token")).await;
            for tokens in [first, next] {
                let (inside, cty) = keys.open(&tokens.text("id_token"), read);
                assert_eq!(cty.as_deref(), Some("JWT"));
                let claims = rp.signed_by_provider(&inside, Typ::Plain).await;
                assert_eq!((&claims["aud"], &claims["sub"]), (&json!([id]), &plain.claims()["sub"]));
                assert_eq!(claims["sid"], plain.claims()["sid"]);
                // The access token is for others to read, and userinfo is as it was.
                assert_eq!(tokens.access_claims()["client_id"], id);
                assert_eq!(rp.userinfo(&tokens.text("access_token")).await.body["sub"], claims["sub"]);
                // What was decrypted is a hint as any other (OIDC Core §3.1.2.1).
                let hinted = rp.silent(&mut browser, &[("id_token_hint", &inside)]).await;
                assert_eq!(hinted.error(), None);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn userinfo_comes_as_the_application_registered_for_it() {
    let server = Setup::default().start().await;
    let (mut browser, plain) = tokens_of(&server, &server.rp()).await;
    let keys = Keys::new();
    for (id, signed, encrypted) in [
        ("signed", Some(TokenAlg::EdDsa), None),
        ("encrypted", None, Some(KeyEncryption::EcdhEs)),
        ("both", Some(TokenAlg::Es256), Some(KeyEncryption::RsaOaep256)),
    ] {
        let rp = with_keys(&server, id, &keys.jwks(), |client| {
            client.answers.userinfo_signed_response_alg = signed;
            client.answers.userinfo_encrypted_response_alg = encrypted;
            client.first_party = true;
        })
        .await;
        let answer = rp.silent(&mut browser, &[("scope", "openid email")]).await;
        let tokens = rp.exchange(&answer.code()).await;
        let page = userinfo(&rp, &tokens.text("access_token")).await;
        assert_eq!(page.headers["content-type"], "application/jwt", "{id}");
        let (inside, cty) = match encrypted {
            Some(_) => keys.open(&page.body, JweEnc::A256Gcm),
            None => (page.body.clone(), Some("JWT".to_owned())),
        };
        assert_eq!(cty.is_some(), signed.is_some(), "{id}");
        let claims: Value = match signed {
            Some(_) => rp.signed_by_provider(&inside, Typ::Plain).await,
            None => serde_json::from_str(&inside).unwrap(),
        };
        assert_eq!(claims["sub"], plain.claims()["sub"], "{id}");
        assert_eq!(claims["email"], "alice@example.test", "{id}");
        if signed.is_some() {
            // §5.3.2: who says it, and to whom; and nothing that would make it an ID token.
            assert_eq!((&claims["iss"], &claims["aud"]), (&json!(server.pool().origin.issuer()), &json!(id)));
            for name in ["exp", "iat", "nonce", "sid", "auth_time", "acr"] {
                assert_eq!(claims.get(name), None, "{id} {name}");
            }
            let page = rp.authorize(&mut browser, &[("id_token_hint", &inside), ("prompt", "none")]).await;
            assert_eq!(rp.callback(&page).error(), Some("invalid_request"), "{id}");
        }
        // A refusal is no token.
        let refused = userinfo(&rp, "wrong").await;
        assert_eq!(refused.status, 401, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c35_what_is_to_be_encrypted_is_never_given_in_the_clear() {
    let server = Setup::default().start().await;
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    // It can verify signatures, and be told nothing in secret.
    let only_rsa = json!({ "keys": [Keys::new().0[0].public()] });
    let both = |client: &mut Client| {
        client.answers.id_token_encrypted_response_alg = Some(KeyEncryption::EcdhEs);
        client.answers.userinfo_encrypted_response_alg = Some(KeyEncryption::EcdhEs);
        client.first_party = true;
    };
    let rp = with_keys(&server, "keyless", &only_rsa, both).await;
    let answer = rp.silent(&mut browser, &[]).await;
    let refused = rp.exchange(&answer.code()).await;
    assert_eq!((refused.status.as_u16(), refused.error()), (400, Some("invalid_request")));
    assert!(refused.body["error_description"].as_str().unwrap().contains("jwks"), "{:?}", refused.body);
    // Nothing was spent: with a key the same code is good.
    let keys = Keys::new();
    let rp = with_keys(&server, "keyless", &keys.jwks(), both).await;
    let tokens = rp.exchange(&answer.code()).await;
    assert_eq!(tokens.status, 200, "{:?}", tokens.body);
    let (inside, _) = keys.open(&tokens.text("id_token"), JweEnc::A256Gcm);
    assert_eq!(payload(&inside)["aud"], json!(["keyless"]));
    // Neither has userinfo anything to say to who has no key.
    let rp = with_keys(&server, "keyless", &only_rsa, both).await;
    let page = userinfo(&rp, &tokens.text("access_token")).await;
    assert_eq!(page.status, 400);
    assert!(!page.body.contains("alice"), "{}", page.body);
    // A refresh spends nothing, either.
    let refused = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(refused.error(), Some("invalid_request"));
    let rp = with_keys(&server, "keyless", &keys.jwks(), both).await;
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_rs256_does_not_count_userinfo_is_not_signed_with_it() {
    let server = Setup::default().start().await;
    let (mut browser, _) = tokens_of(&server, &server.rp()).await;
    let rp = with_keys(&server, "strict", &Keys::new().jwks(), |client| {
        client.answers.userinfo_signed_response_alg = Some(TokenAlg::Rs256);
        client.strict.insert(Strictness::NoRs256);
        client.first_party = true;
    })
    .await;
    let answer = rp.silent(&mut browser, &[]).await;
    let tokens = rp.exchange(&answer.code()).await;
    let page = userinfo(&rp, &tokens.text("access_token")).await;
    let header = page.body.split('.').next().unwrap();
    assert_eq!(payload(&format!(".{header}."))["alg"], "ES256");
}
