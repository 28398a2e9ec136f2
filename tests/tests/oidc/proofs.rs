//! What applications sign to prove themselves (RFC 7523) and the keys that their tokens are bound to (RFC 9449).

use crate::support::{Document, named};
use jsonwebtoken::Header;
use serde_json::{Value, json};
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, GrantType, Profile, Strictness};
use vestibule_jose::Alg;
use vestibule_tests::{App, Browser, Server, Setup, Signer, Tokens, VERIFIER, ath, on_every_engine};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An application that proves itself with its key.
async fn keyed(server: &Server, id: &str, signer: &Signer, change: impl Fn(&mut Client)) -> App {
    let jwks = signer.jwks();
    server
        .add_client(id, |client| {
            client.auth_method = Some(ClientAuthMethod::PrivateKeyJwt);
            client.jwks = Some(jwks.clone());
            client.secret_sha256 = None;
            client.grants.push(GrantType::ClientCredentials);
            change(client);
        })
        .await;
    let mut rp = named(&server.rp(), id);
    rp.secret = None;
    rp
}

fn claims(server: &Server, id: &str, jti: &str) -> Value {
    let now = server.clock.seconds();
    let issuer = server.pool().origin.issuer();
    json!({ "iss": id, "sub": id, "aud": issuer, "jti": jti, "exp": now + 60, "iat": now })
}

async fn with_assertion(rp: &App, assertion: &str) -> Tokens {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", TYPE),
        ("client_assertion", assertion),
    ];
    rp.token(&form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c31_an_assertion_counts_once_for_its_maker_and_this_provider() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let (signer, stranger) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
        let rp = keyed(&server, "keyed", &signer, |_| {}).await;
        let issuer = server.pool().origin.issuer();
        let good = signer.sign(&claims(&server, "keyed", "a"));
        assert_eq!(with_assertion(&rp, &good).await.status, 200);
        // Neither here nor at another node.
        let mut elsewhere = server.rp_at(1, &server.pool().origin.clone());
        (elsewhere.client_id, elsewhere.secret) = ("keyed".to_owned(), None);
        for rp in [&rp, &elsewhere] {
            assert_eq!(with_assertion(rp, &good).await.error(), Some("invalid_client"), "used before");
        }
        let changed = |name: &str, value: Value| {
            let mut claims = claims(&server, "keyed", name);
            claims[name] = value;
            claims
        };
        for audience in
            [json!(issuer), json!(format!("{issuer}/token")), json!([issuer, format!("{issuer}/token")])]
        {
            let token = signer.sign(&changed("aud", audience.clone()));
            let mut again: Value = changed("aud", audience.clone());
            again["jti"] = audience.to_string().into();
            assert_eq!(with_assertion(&rp, &signer.sign(&again)).await.status, 200, "{audience} {token}");
        }
        let now = server.clock.seconds();
        let mut wrong: Vec<Value> = vec![
            changed("iss", json!("other")),
            changed("sub", json!("app")),
            changed("aud", json!("https://other.example/oidc")),
            changed("aud", json!([issuer, "https://other.example"])),
            changed("aud", json!([])),
            changed("exp", json!(now - 31)),
            changed("exp", json!(now + 7_200)),
            changed("iat", json!(now + 61)),
            changed("jti", json!("")),
            changed("jti", json!("x".repeat(300))),
        ];
        for name in ["iss", "sub", "aud", "exp", "jti"] {
            let mut without = claims(&server, "keyed", name);
            without.as_object_mut().unwrap().remove(name);
            wrong.push(without);
        }
        for claims in &wrong {
            let refused = with_assertion(&rp, &signer.sign(claims)).await;
            // Whom it speaks for is read before its signature is checked.
            let other = claims["sub"] == "app";
            let expected = if other { (400, Some("invalid_request")) } else { (401, Some("invalid_client")) };
            assert_eq!((refused.status.as_u16(), refused.error()), expected, "{claims}");
        }
        let fresh = claims(&server, "keyed", "fresh");
        for token in [
            stranger.sign(&fresh),
            stranger.as_if(&signer, &fresh),
            stranger.without_kid(&fresh),
            signer.sign(&with_response_type(&fresh)),
            signer.proof(&fresh),
            signer.with(&Header { typ: Some("at+jwt".to_owned()), ..signer.header.clone() }, &fresh),
            unsigned(&fresh),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            let error = with_assertion(&rp, &token).await;
            assert!(matches!(error.error(), Some("invalid_client" | "invalid_request")), "{token}");
        }
        // It was none of these; and nobody's secret counts for an application that has a key.
        assert_eq!(with_assertion(&rp, &signer.sign(&fresh)).await.status, 200);
        let mut by_secret = rp.clone();
        by_secret.secret = server.rp().secret;
        let form = [("grant_type", "client_credentials")];
        assert_eq!(by_secret.token(&form).await.error(), Some("invalid_client"));
        assert_eq!(rp.token(&form).await.error(), Some("invalid_client"));
    })
    .await;
}

/// As a signed authorization request, which travels through browsers.
fn with_response_type(claims: &Value) -> Value {
    let mut claims = claims.clone();
    claims["response_type"] = json!("code");
    claims
}

fn unsigned(claims: &Value) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strict_application_names_the_issuer_alone() {
    let server = Setup::default().start().await;
    let signer = Signer::new(Alg::EdDsa);
    let rp = keyed(&server, "strict", &signer, |client| {
        client.strict.insert(Strictness::IssuerAudience);
    })
    .await;
    let mut for_token = claims(&server, "strict", "1");
    for_token["aud"] = format!("{}/token", server.pool().origin.issuer()).into();
    assert_eq!(with_assertion(&rp, &signer.sign(&for_token)).await.error(), Some("invalid_client"));
    assert_eq!(with_assertion(&rp, &signer.sign(&claims(&server, "strict", "2"))).await.status, 200);
}

/// A proof for a request, with changes.
pub(crate) fn proof_of(server: &Server, signer: &Signer, jti: &str, changes: &Value) -> String {
    let mut claims = json!({
        "jti": jti, "htm": "POST", "htu": format!("{}/token", server.pool().origin.issuer()),
        "iat": server.clock.seconds(),
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    signer.proof(&claims)
}

pub(crate) fn proving(rp: &App, proofs: &[&str]) -> App {
    let mut rp = rp.clone();
    rp.browser.headers.extend(proofs.iter().map(|proof| ("dpop".to_owned(), (*proof).to_owned())));
    rp
}

async fn code_of(browser: &mut Browser, rp: &App, extra: &[(&str, &str)]) -> String {
    let answer = rp.silent(browser, extra).await;
    assert_eq!(answer.error(), None, "{answer:?}");
    answer.code()
}

fn itself() -> [(&'static str, &'static str); 1] {
    [("grant_type", "client_credentials")]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c32_a_proof_is_of_one_request_and_counts_once() {
    let server = Setup::default()
        .nodes(2)
        .client(|client| client.grants.push(GrantType::ClientCredentials))
        .start()
        .await;
    let (rp, signer) = (server.rp(), Signer::new(Alg::Es256));
    let good = proof_of(&server, &signer, "one", &json!({}));
    let tokens = proving(&rp, &[&good]).token(&itself()).await;
    assert_eq!(
        (tokens.status.as_u16(), tokens.text("token_type").as_str()),
        (200, "DPoP"),
        "{:?}",
        tokens.body
    );
    assert_eq!(tokens.access_claims()["cnf"], json!({ "jkt": signer.thumbprint() }));
    let elsewhere = server.rp_at(1, &server.pool().origin.clone());
    for rp in [&rp, &elsewhere] {
        assert_eq!(
            proving(rp, &[&good]).token(&itself()).await.error(),
            Some("invalid_dpop_proof"),
            "used before"
        );
    }
    let (now, issuer) = (server.clock.seconds(), server.pool().origin.issuer());
    for (jti, changes) in [
        ("a", json!({ "htm": "GET" })),
        ("b", json!({ "htm": "post" })),
        ("c", json!({ "htu": format!("{issuer}/me") })),
        ("d", json!({ "htu": "https://other.example/oidc/token" })),
        ("e", json!({ "iat": now - 301 })),
        ("f", json!({ "iat": now + 61 })),
        ("g", json!({ "iat": "soon" })),
        ("h", json!({ "iat": i64::MIN })),
        ("", json!({})),
        (&"x".repeat(300), json!({})),
    ] {
        let proof = proof_of(&server, &signer, jti, &changes);
        let refused = proving(&rp, &[&proof]).token(&itself()).await;
        assert_eq!(
            (refused.status.as_u16(), refused.error()),
            (400, Some("invalid_dpop_proof")),
            "{jti} {changes}"
        );
    }
    let claims = json!({ "jti": "k", "htm": "POST", "htu": format!("{issuer}/token"), "iat": now });
    for bad in [signer.sign(&claims), unsigned(&claims), "x".to_owned(), with_private_key(&signer, &claims)] {
        assert_eq!(proving(&rp, &[&bad]).token(&itself()).await.error(), Some("invalid_dpop_proof"), "{bad}");
    }
    let (one, two) =
        (proof_of(&server, &signer, "l", &json!({})), proof_of(&server, &signer, "m", &json!({})));
    assert_eq!(proving(&rp, &[&one, &two]).token(&itself()).await.error(), Some("invalid_request"));
    // Without it the same would have counted.
    let plain = signer.raw(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": signer.public() }), &claims);
    assert_eq!(proving(&rp, &[&plain]).token(&itself()).await.status, 200);
    // None of them was spent by being refused for something else.
    assert_eq!(proving(&rp, &[&one]).token(&itself()).await.status, 200);
    // The query is no part of the address, and a maker whose clock is a little off is heard.
    let odd = json!({ "htu": format!("{issuer}/token?a#b"), "iat": now - 299 });
    assert_eq!(proving(&rp, &[&proof_of(&server, &signer, "n", &odd)]).token(&itself()).await.status, 200);
}

/// The same with its private half in the header, signed with it there.
fn with_private_key(signer: &Signer, claims: &Value) -> String {
    let mut jwk = signer.public();
    jwk["d"] = jwk["x"].clone();
    signer.raw(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }), claims)
}

async fn me(rp: &App, scheme: &str, token: &str, proofs: &[&str]) -> vestibule_tests::Page {
    let mut browser = proving(rp, proofs).browser;
    browser.headers.push(("authorization".to_owned(), format!("{scheme} {token}")));
    browser.send("GET", "/oidc/me", None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c32_a_bound_token_is_worth_nothing_without_its_key() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, signer, thief) = (server.rp(), Signer::new(Alg::EdDsa), Signer::new(Alg::EdDsa));
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let code = code_of(&mut browser, &rp, &[]).await;
        let tokens = proving(&rp, &[&proof_of(&server, &signer, "t", &json!({}))]).exchange(&code).await;
        let token = tokens.text("access_token");
        let at_me = |signer: &Signer, jti: &str, token: &str| {
            let htu = format!("{}/me", server.pool().origin.issuer());
            proof_of(&server, signer, jti, &json!({ "htm": "GET", "htu": htu, "ath": ath(token) }))
        };
        let good = at_me(&signer, "1", &token);
        assert_eq!(me(&rp, "DPoP", &token, &[&good]).await.status, 200);
        let replayed = me(&rp, "DPoP", &token, &[&good]).await;
        assert_eq!(replayed.status, 401);
        let challenge = replayed.headers["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.starts_with("DPoP error=\"invalid_dpop_proof\"") && challenge.contains("algs="),
            "{challenge}"
        );
        for (scheme, proofs) in [
            ("Bearer", vec![]),
            ("Bearer", vec![at_me(&signer, "2", &token)]),
            ("DPoP", vec![]),
            ("DPoP", vec![at_me(&thief, "3", &token)]),
            ("DPoP", vec![at_me(&signer, "4", "another token")]),
            ("DPoP", vec![proof_of(&server, &signer, "5", &json!({ "ath": ath(&token) }))]),
        ] {
            let proofs: Vec<&str> = proofs.iter().map(String::as_str).collect();
            assert_eq!(me(&rp, scheme, &token, &proofs).await.status, 401, "{scheme} {proofs:?}");
        }
        // A token of anybody is used as that, and introspection tells how.
        let free = rp.verified(&rp.silent(&mut browser, &[]).await).await.text("access_token");
        assert_eq!(me(&rp, "DPoP", &free, &[&at_me(&signer, "6", &free)]).await.status, 401);
        let told = rp.post("/oidc/introspect", &[("token", &token)]).await.body;
        assert_eq!((&told["token_type"], &told["cnf"]["jkt"]), (&json!("DPoP"), &json!(signer.thumbprint())));
    })
    .await;
}

/// An application without a secret.
async fn public(server: &Server, change: impl Fn(&mut Client)) -> App {
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
            change(client);
        })
        .await;
    let mut rp = named(&server.rp(), "spa");
    rp.secret = None;
    rp
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c32_codes_and_refresh_tokens_of_public_applications_are_bound() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = public(&server, |_| {}).await;
        let (signer, thief) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256));
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        let jkt = signer.thumbprint();
        let mut count = 0;
        let mut by = |signer: &Signer| {
            count += 1;
            proving(&rp, &[&proof_of(&server, signer, &count.to_string(), &json!({}))])
        };
        // The code that was asked for with a key is for that key.
        for asker in [rp.clone(), by(&thief)] {
            let code = code_of(&mut browser, &rp, &[("dpop_jkt", &jkt)]).await;
            assert_eq!(asker.exchange(&code).await.error(), Some("invalid_grant"));
        }
        let code = code_of(&mut browser, &rp, &[("dpop_jkt", &jkt)]).await;
        let first = by(&signer).exchange(&code).await;
        assert_eq!(first.status, 200, "{:?}", first.body);
        let refresh = first.text("refresh_token");
        for asker in [rp.clone(), by(&thief)] {
            assert_eq!(asker.refresh(&refresh).await.error(), Some("invalid_grant"));
        }
        // Its owner is not locked out by them.
        let second = by(&signer).refresh(&refresh).await;
        assert_eq!(
            (second.status.as_u16(), second.text("token_type").as_str()),
            (200, "DPoP"),
            "{:?}",
            second.body
        );
        // Neither does it end the grant that somebody without the key comes with a token that was used.
        assert_eq!(by(&thief).refresh(&refresh).await.error(), Some("invalid_grant"));
        let third = by(&signer).refresh(&second.text("refresh_token")).await;
        assert_eq!(third.status, 200, "{:?}", third.body);
        // One that was free becomes bound by the first proof.
        let code = code_of(&mut browser, &rp, &[]).await;
        let free = rp.exchange(&code).await.text("refresh_token");
        let bound = by(&signer).refresh(&free).await.text("refresh_token");
        for asker in [rp.clone(), by(&thief)] {
            assert_eq!(asker.refresh(&bound).await.error(), Some("invalid_grant"));
        }
        // The grace for a lost answer is for whoever holds the key that the answer was bound to.
        let code = code_of(&mut browser, &rp, &[]).await;
        let free = rp.exchange(&code).await.text("refresh_token");
        let once = by(&signer);
        assert_eq!(once.refresh(&free).await.status, 200);
        for asker in [rp.clone(), by(&thief)] {
            assert_eq!(asker.refresh(&free).await.error(), Some("invalid_grant"));
        }
        let again = by(&signer).refresh(&free).await;
        assert_eq!(again.status, 200, "{:?}", again.body);
        // A request that was recorded ends nobody's grant, however late it comes.
        server.clock.advance(11);
        assert_eq!(once.refresh(&free).await.error(), Some("invalid_dpop_proof"));
        let next = by(&signer).refresh(&again.text("refresh_token")).await;
        assert_eq!(next.status, 200, "{:?}", next.body);
        // Whoever has the key and comes with an old token ends it, once.
        let audited = server.audited("refresh-token-reused", "refused").await;
        for _ in 0..5 {
            assert_eq!(by(&signer).refresh(&free).await.error(), Some("invalid_grant"));
        }
        assert_eq!(server.audited("refresh-token-reused", "refused").await, audited + 1);
        // Where tokens have to be bound, one from before is worth nothing: whoever stole it could bind it.
        let code = code_of(&mut browser, &rp, &[]).await;
        let free = rp.exchange(&code).await.text("refresh_token");
        public(&server, |client| client.strict.extend([Strictness::RequireBoundTokens])).await;
        assert_eq!(by(&thief).refresh(&free).await.error(), Some("invalid_grant"));
        for bad in ["x", &"A".repeat(43), &"=".repeat(43)] {
            let answer = rp.silent(&mut browser, &[("dpop_jkt", bad)]).await;
            let expected = if bad.starts_with('A') { None } else { Some("invalid_request") };
            assert_eq!(answer.error(), expected, "{bad}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nonce_of_this_server_can_be_asked_for() {
    let server = Setup::default().start().await;
    let signer = Signer::new(Alg::Es256);
    server
        .add_client("strict", |client| {
            client.grants.push(GrantType::ClientCredentials);
            client.strict.extend([Strictness::RequireDpopNonce, Strictness::RequireBoundTokens]);
        })
        .await;
    let rp = named(&server.rp(), "strict");
    assert_eq!(rp.token(&itself()).await.error(), Some("invalid_dpop_proof"), "tokens are bound");
    let ask = async |jti: &str, changes: &Value| {
        proving(&rp, &[&proof_of(&server, &signer, jti, changes)]).send("/oidc/token", &itself()).await
    };
    let refused = ask("1", &json!({})).await;
    assert!(refused.status == 400 && refused.body.contains("use_dpop_nonce"), "{}", refused.body);
    let nonce = refused.headers["dpop-nonce"].to_str().unwrap().to_owned();
    assert_eq!(ask("2", &json!({ "nonce": nonce })).await.status, 200);
    assert!(ask("3", &json!({ "nonce": "guessed" })).await.body.contains("use_dpop_nonce"));
    server.clock.advance(149);
    assert_eq!(ask("4", &json!({ "nonce": nonce })).await.status, 200, "still good");
    server.clock.advance(300);
    let late = ask("5", &json!({ "nonce": nonce })).await;
    assert!(late.body.contains("use_dpop_nonce"), "{}", late.body);
    assert_ne!(late.headers["dpop-nonce"].to_str().unwrap(), nonce);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_name_switches_an_application_to_fapi() {
    let server = Setup::default().start().await;
    let signer = Signer::new(Alg::Es256);
    let rp = keyed(&server, "fapi", &signer, |client| {
        client.profile = Some(Profile::Fapi2Security);
        client.omit_iss = true;
    })
    .await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("invalid_request"), "it has to push");
    let mut count = 0;
    let mut proof = |path: &str| {
        count += 1;
        let htu = format!("{}{path}", server.pool().origin.issuer());
        proving(&rp, &[&proof_of(&server, &signer, &format!("p{count}"), &json!({ "htu": htu }))])
    };
    let assertion = |jti: &str| signer.sign(&claims(&server, "fapi", jti));
    let challenge = vestibule_tests::challenge();
    let (first, second, third) = (assertion("1"), assertion("2"), assertion("3"));
    let ask = |assertion| {
        vec![
            ("client_assertion_type", TYPE),
            ("client_assertion", assertion),
            ("redirect_uri", rp.redirect_uri.as_str()),
            ("response_type", "code"),
            ("scope", "openid"),
            ("state", "the-state"),
            ("prompt", "none"),
        ]
    };
    let without = rp.post("/oidc/par", &ask(&first)).await;
    assert_eq!(without.error(), Some("invalid_request"), "PKCE");
    let mut form = ask(&second);
    form.extend([("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")]);
    let pushed = proof("/par").post("/oidc/par", &form).await;
    assert_eq!(pushed.status, 201, "{:?}", pushed.body);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "fapi"), ("request_uri", &pushed.text("request_uri"))])
        .finish();
    let page = browser.get(&format!("/oidc/auth?{query}")).await;
    let answer = rp.callback(&page);
    assert!(answer.0.contains_key("iss"), "the profile leaves no answer without it: {answer:?}");
    let code = answer.code();
    let redeem = |assertion| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", rp.redirect_uri.as_str()),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", TYPE),
            ("client_assertion", assertion),
        ]
    };
    let tokens = proof("/token").token(&redeem(&third)).await;
    assert_eq!(
        (tokens.status.as_u16(), tokens.text("token_type").as_str()),
        (200, "DPoP"),
        "{:?}",
        tokens.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_are_published_can_be_changed_at_any_time() {
    let (old, new, stranger) = (Signer::new(Alg::Es256), Signer::new(Alg::Es256), Signer::new(Alg::Es256));
    let place = Document::of("application/json", &old.jwks().to_string()).await;
    let mut setup = Setup::default();
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    let server = setup.start().await;
    let rp = keyed(&server, "keyed", &old, |client| {
        client.jwks = None;
        client.jwks_uri = Some(place.uri.clone());
    })
    .await;
    let signed = |signer: &Signer, jti: &str| signer.sign(&claims(&server, "keyed", jti));
    assert_eq!(place.asked(), 0, "nobody needs them yet");
    for jti in ["1", "2"] {
        assert_eq!(with_assertion(&rp, &signed(&old, jti)).await.status, 200, "{jti}");
    }
    assert_eq!(place.asked(), 1);
    // Whoever signs with keys that nobody knows makes the server ask once a minute at most.
    for jti in 0..20 {
        let error = with_assertion(&rp, &signed(&stranger, &format!("s{jti}"))).await;
        assert_eq!(error.error(), Some("invalid_client"));
    }
    assert_eq!(place.asked(), 1, "it was asked a moment ago");
    server.clock.advance(61);
    place.becomes(&new.jwks().to_string());
    assert_eq!(with_assertion(&rp, &signed(&new, "3")).await.status, 200);
    assert_eq!(place.asked(), 2);
    // The old key went with the old document.
    assert_eq!(with_assertion(&rp, &signed(&old, "4")).await.error(), Some("invalid_client"));
    // A set that gives a private key away is worth nothing, and neither is what is no set.
    for document in ["{}", "<html>", &json!({ "keys": [{ "kty": "oct", "k": "AAAA" }] }).to_string()] {
        server.clock.advance(90_000);
        place.becomes(document);
        assert_eq!(
            with_assertion(&rp, &signed(&new, document)).await.error(),
            Some("invalid_client"),
            "{document}"
        );
    }
    // A pool that does not allow it has nobody asked on its own network.
    server.rule(|settings| settings.outbound.allow.clear()).await;
    let before = place.asked();
    assert_eq!(with_assertion(&rp, &signed(&new, "5")).await.error(), Some("invalid_client"));
    assert_eq!(place.asked(), before);
}
