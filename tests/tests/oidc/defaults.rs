//! What works without a setting, because most libraries do it so, and the switch that makes it stricter.

use crate::support::{named, tokens_of};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use vestibule_domain::{
    AccessTokenType, Client, ClientAuthMethod, ClientKind, GrantType, PoolSettings, Strictness, TokenAlg,
    TokenRules, pool::Lifetimes,
};
use vestibule_tests::{
    App, Browser, Callback, PASSWORD, Page, Server, Setup, Tokens, VERIFIER, challenge, on_every_engine,
};

/// An application that asks for something in addition to what all are asked for.
async fn strict(server: &Server, id: &str, about: Strictness) -> App {
    server
        .add_client(id, |client| {
            client.strict.insert(about);
        })
        .await;
    named(&server.rp(), id)
}

/// A signed-in browser.
async fn signed_in(server: &Server) -> Browser {
    tokens_of(server, &server.rp()).await.0
}

/// The exchange of a code with whatever fields besides; an empty value leaves a field out.
async fn exchange(rp: &App, code: &str, fields: &[(&str, &str)]) -> Tokens {
    let mut form =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &rp.redirect_uri)];
    for (name, value) in fields {
        form.retain(|(known, _)| known != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
    rp.token(&form).await
}

const WITHOUT_PKCE: [(&str, &str); 2] = [("code_challenge", ""), ("code_challenge_method", "")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pkce_is_for_whoever_has_no_secret_and_for_whoever_sends_it() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), signed_in(&server).await);
        let code = rp.silent(&mut browser, &WITHOUT_PKCE).await.code();
        assert_eq!(exchange(&rp, &code, &[]).await.status, 200);
        // Nothing that is half of it passes: a verifier without a challenge, a challenge without its verifier, `plain`.
        let code = rp.silent(&mut browser, &WITHOUT_PKCE).await.code();
        let refused = exchange(&rp, &code, &[("code_verifier", VERIFIER)]).await;
        assert_eq!(refused.error(), Some("invalid_grant"));
        for verifier in ["", "another-verifier-of-at-least-forty-three-characters-01234"] {
            let code = rp.silent(&mut browser, &[]).await.code();
            let refused = exchange(&rp, &code, &[("code_verifier", verifier)]).await;
            assert_eq!(refused.error(), Some("invalid_grant"), "{verifier}");
        }
        for half in [
            [("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            [("code_challenge", challenge().as_str()), ("code_challenge_method", "")],
            [("code_challenge", ""), ("code_challenge_method", "S256")],
        ] {
            assert_eq!(rp.silent(&mut browser, &half).await.error(), Some("invalid_request"), "{half:?}");
        }
        // A code with a challenge is bound without its address, too; one without is not.
        let code = rp.silent(&mut browser, &[]).await.code();
        let bound = exchange(&rp, &code, &[("redirect_uri", ""), ("code_verifier", VERIFIER)]).await;
        assert_eq!(bound.status, 200, "{:?}", bound.body);
        let code = rp.silent(&mut browser, &WITHOUT_PKCE).await.code();
        assert_eq!(exchange(&rp, &code, &[("redirect_uri", "")]).await.error(), Some("invalid_grant"));
        let code = rp.silent(&mut browser, &[]).await.code();
        let elsewhere = exchange(&rp, &code, &[("redirect_uri", "https://elsewhere.example/")]).await;
        assert_eq!(elsewhere.error(), Some("invalid_grant"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pkce_can_be_demanded_of_an_application_and_of_a_pool() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    let rp = strict(&server, "careful", Strictness::RequirePkce).await;
    assert_eq!(rp.silent(&mut browser, &WITHOUT_PKCE).await.error(), Some("invalid_request"));
    rp.verified(&rp.silent(&mut browser, &[]).await).await;
    // What was begun before it was demanded does not pass after.
    server.add_client("late", |_| {}).await;
    let late = named(&rp, "late");
    let code = late.silent(&mut browser, &WITHOUT_PKCE).await.code();
    strict(&server, "late", Strictness::RequirePkce).await;
    assert_eq!(exchange(&late, &code, &[]).await.error(), Some("invalid_grant"));
    let tokens = TokenRules { strict: [Strictness::RequirePkce].into(), ..TokenRules::default() };
    let server = Setup { settings: PoolSettings { tokens, ..PoolSettings::default() }, ..Setup::default() };
    let server = server.start().await;
    let mut browser = signed_in(&server).await;
    assert_eq!(server.rp().silent(&mut browser, &WITHOUT_PKCE).await.error(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_signed_as_the_one_who_reads_them_can() {
    let server = Setup::default().client(|client| client.id_token_alg = None).start().await;
    let (_, tokens) = tokens_of(&server, &server.rp()).await;
    let header = |tokens: &Tokens, name: &str| -> Value {
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let token = tokens.text(name);
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
    };
    assert_eq!(header(&tokens, "id_token")["alg"], "RS256");
    assert_eq!(header(&tokens, "access_token")["alg"], "ES256");
    assert_eq!(header(&tokens, "access_token")["typ"], "at+jwt");
    // The pool's own default, and what an application says in its place. Access tokens are not the application's.
    let tokens = TokenRules {
        id_token_alg: TokenAlg::EdDsa,
        access_token_alg: TokenAlg::Rs256,
        access_token_type: AccessTokenType::Jwt,
        ..TokenRules::default()
    };
    let settings = PoolSettings { tokens, ..PoolSettings::default() };
    let server =
        Setup { settings, ..Setup::default() }.client(|client| client.id_token_alg = None).start().await;
    server.add_client("own", |client| client.id_token_alg = Some(TokenAlg::Es256)).await;
    for (id, alg) in [("app", "EdDSA"), ("own", "ES256")] {
        let rp = named(&server.rp(), id);
        let (_, tokens) = tokens_of(&server, &rp).await;
        assert_eq!(header(&tokens, "id_token")["alg"], alg, "{id}");
        assert_eq!(header(&tokens, "access_token")["alg"], "RS256", "{id}");
        assert_eq!(header(&tokens, "access_token")["typ"], "JWT", "{id}");
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.status, 200);
        // What an API has seen ends no session: it is no hint.
        let mut browser = signed_in(&server).await;
        let tokens_here = rp.verified(&rp.silent(&mut browser, &[]).await).await;
        let hint = tokens_here.text("access_token");
        let page = browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
        assert!(page.has_id("logout-confirm"), "{}", page.body);
        // An ID token is no access token, whatever its type says.
        assert_eq!(rp.userinfo(&tokens.text("id_token")).await.error(), Some("invalid_token"), "{id}");
    }
}

/// The token endpoint with a header and fields of the test's own.
async fn raw(rp: &App, header: Option<&str>, fields: &[(&str, &str)]) -> Page {
    let mut browser = rp.browser.clone();
    browser.headers.extend(
        header.map(|header| ("authorization".to_owned(), format!("Basic {}", STANDARD.encode(header)))),
    );
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    browser.send("POST", "/oidc/token", Some(&fields)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_counts_in_the_header_and_in_the_form_raw_and_encoded() {
    let server = Setup::default().client(|client| client.auth_method = None).start().await;
    let (rp, mut browser) = (server.rp(), signed_in(&server).await);
    let secret = "a secret/with+signs%41nd=more: of at least 32";
    server.add_client_with_secret("odd", secret, |client| client.auth_method = None).await;
    let odd = named(&rp, "odd");
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    for (header, posted) in
        [(Some(format!("odd:{secret}")), None), (Some(format!("odd:{encoded}")), None), (None, Some(secret))]
    {
        let code = odd.silent(&mut browser, &[]).await.code();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &odd.redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        form.extend(posted.into_iter().flat_map(|secret| [("client_id", "odd"), ("client_secret", secret)]));
        let page = raw(&odd, header.as_deref(), &form).await;
        assert_eq!(page.status, 200, "{header:?} {}", page.body);
    }
    // Who sends the secret in the form only when it refreshes is served, too.
    let tokens = rp.verified(&rp.silent(&mut browser, &[]).await).await;
    let refresh = tokens.text("refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
        ("client_id", "app"),
        ("client_secret", rp.secret.as_deref().unwrap()),
    ];
    assert_eq!(raw(&rp, None, &form).await.status, 200);
    // The challenge answers the header alone: a library that sent none would show it instead of the error.
    for (header, challenged) in [(Some("app:wrong"), true), (None, false)] {
        let page = raw(&rp, header, &[form[0], form[1], ("client_id", "app"), ("client_secret", "")]).await;
        assert_eq!(page.status, 401, "{header:?}");
        assert!(page.body.contains("invalid_client"), "{}", page.body);
        assert_eq!(page.headers.contains_key("www-authenticate"), challenged, "{header:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_public_application_may_send_an_empty_secret() {
    let server = Setup::default().start().await;
    server
        .add_client("spa", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = Some(ClientAuthMethod::None);
        })
        .await;
    let (rp, mut browser) = (named(&server.rp(), "spa"), signed_in(&server).await);
    let code = rp.silent(&mut browser, &[]).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", rp.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    assert_eq!(raw(&rp, Some("spa:guess"), &form).await.status, 401);
    assert_eq!(raw(&rp, Some("app:"), &form).await.status, 401, "a confidential one has a secret");
    assert_eq!(raw(&rp, Some("spa:"), &form).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_claims_of_granted_scopes_are_in_the_id_token_and_at_userinfo() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    let rp = server.rp();
    let tokens = rp.verified(&rp.silent(&mut browser, &[]).await).await;
    let told = rp.userinfo(&tokens.text("access_token")).await;
    for name in ["name", "preferred_username", "email", "email_verified"] {
        assert_eq!(tokens.claims()[name], told.body[name], "{name}");
        assert!(!tokens.claims()[name].is_null(), "{name}");
    }
    let next = rp.refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.claims()["email"], told.body["email"]);
    let some = rp.verified(&rp.silent(&mut browser, &[("scope", "openid email")]).await).await;
    assert!(some.claims()["name"].is_null() && !some.claims()["email"].is_null());
    let thin = strict(&server, "thin", Strictness::ClaimsAtUserinfo).await;
    let tokens = thin.verified(&thin.silent(&mut browser, &[]).await).await;
    assert!(tokens.claims()["email"].is_null() && tokens.claims()["name"].is_null());
    assert_eq!(thin.userinfo(&tokens.text("access_token")).await.body["email"], told.body["email"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_that_nobody_knows_is_left_out() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    let rp = server.rp();
    for (asked, granted) in [
        ("openid unknown email urn:x", "openid email"),
        ("", "openid profile email"),
        ("profile", "profile"),
        ("openid openid", "openid"),
    ] {
        let code = rp.silent(&mut browser, &[("scope", asked)]).await.code();
        let tokens = exchange(&rp, &code, &[("code_verifier", VERIFIER)]).await;
        assert_eq!(tokens.text("scope"), granted, "{asked}");
        // Without openid it is no OpenID Connect request: no ID token, no userinfo.
        let identified = granted.contains("openid");
        assert_eq!(tokens.body.get("id_token").is_some(), identified, "{asked}");
        let userinfo = rp.userinfo(&tokens.text("access_token")).await;
        assert_eq!(userinfo.status, if identified { 200 } else { 403 }, "{asked}");
    }
    assert_eq!(rp.silent(&mut browser, &[("scope", "unknown")]).await.error(), Some("invalid_scope"));
    let rp = strict(&server, "careful", Strictness::RefuseUnknownScopes).await;
    let refused = rp.silent(&mut browser, &[("scope", "openid unknown")]).await;
    assert_eq!(refused.error(), Some("invalid_scope"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_token_ends_with_the_session_and_offline_access_outlives_it() {
    on_every_engine(|engine| async move {
        let lifetimes = Lifetimes { session_idle: 1800, session_absolute: 7200, ..Lifetimes::default() };
        let settings = PoolSettings { lifetimes, ..PoolSettings::default() };
        let server = Setup { settings, ..Setup::on(engine) }.start().await;
        let rp = server.rp();
        let (mut browser, _) = tokens_of(&server, &rp).await;
        let inside = |scope| [("scope", scope)];
        let bound = rp.verified(&rp.silent(&mut browser, &inside("openid")).await).await;
        let offline = rp.verified(&rp.silent(&mut browser, &inside("openid offline_access")).await).await;
        let (mut bound, mut offline) = (bound.text("refresh_token"), offline.text("refresh_token"));
        // The application is where the person works: the session may be left alone meanwhile.
        for _ in 0..3 {
            server.clock.advance(2000);
            bound = rp.refresh(&bound).await.text("refresh_token");
            offline = rp.refresh(&offline).await.text("refresh_token");
        }
        server.clock.advance(2000);
        assert_eq!(rp.refresh(&bound).await.error(), Some("invalid_grant"));
        assert_eq!(rp.refresh(&offline).await.status, 200);
        // A sign-out ends it at once, also of a session that was left alone for too long to let anybody in.
        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        let left = rp.verified(&rp.silent(&mut browser, &inside("openid")).await).await;
        server.clock.advance(2000);
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        let mut stranger = server.browser();
        let other = rp.authorize(&mut stranger, &inside("openid")).await;
        let other = stranger.log_in(&other, "alice", PASSWORD).await;
        let other = rp.verified(&rp.callback(&other)).await;
        let listed = stranger.get("/u/sessions").await;
        assert!(listed.texts("#sessions .row").len() >= 2, "{}", listed.body);
        let hint = tokens.text("id_token");
        browser.get(&format!("/oidc/session/end?id_token_hint={hint}")).await;
        assert_eq!(rp.refresh(&left.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_eq!(rp.refresh(&other.text("refresh_token")).await.status, 200);
        // Nor does one go on that another sign-in in its browser has replaced.
        let (mut browser, _) = tokens_of(&server, &rp).await;
        let left = rp.verified(&rp.silent(&mut browser, &inside("openid")).await).await;
        server.clock.advance(2000);
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        rp.verified(&rp.callback(&page)).await;
        assert_eq!(rp.refresh(&left.text("refresh_token")).await.error(), Some("invalid_grant"));
        let (mut browser, _) = tokens_of(&server, &rp).await;
        let bound = rp.verified(&rp.silent(&mut browser, &inside("openid")).await).await;
        let page = browser.get("/u").await;
        browser.submit(page.form_of("#sign-out")).await;
        assert_eq!(rp.refresh(&bound.text("refresh_token")).await.error(), Some("invalid_grant"));
        // Who does not want it, or may not use the grant, gets none.
        let careful = strict(&server, "careful", Strictness::OfflineAccessOnly).await;
        server.add_client("codes", |client| client.grants = vec![GrantType::AuthorizationCode]).await;
        let (mut browser, _) = tokens_of(&server, &rp).await;
        for rp in [careful, named(&rp, "codes")] {
            let tokens = rp.verified(&rp.silent(&mut browser, &inside("openid")).await).await;
            assert_eq!(tokens.body.get("refresh_token"), None, "{}", rp.client_id);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_given_again_for_ten_seconds() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let (rp, second) = (server.rp(), server.rp_at(1, &server.pool().origin.clone()));
        let (_, tokens) = tokens_of(&server, &rp).await;
        let first = tokens.text("refresh_token");
        let next = rp.refresh(&first).await;
        for (wait, node) in [(0, &second), (4, &rp), (6, &second)] {
            server.clock.advance(wait);
            let again = node.refresh(&first).await;
            assert_eq!(again.status, 200, "{:?}", again.body);
            assert_eq!(again.text("refresh_token"), next.text("refresh_token"));
            assert_eq!(rp.userinfo(&again.text("access_token")).await.status, 200);
        }
        // The family goes on, and the next one is forgiven as well.
        let third = rp.refresh(&next.text("refresh_token")).await.text("refresh_token");
        assert_eq!(second.refresh(&next.text("refresh_token")).await.text("refresh_token"), third);
        assert_eq!(server.audited("refresh-token-reused", "refused").await, 0);
        // Once the successor was used its answer had arrived: whoever comes with the older one now has a copy.
        let fourth = rp.refresh(&third).await.text("refresh_token");
        assert_eq!(second.refresh(&next.text("refresh_token")).await.error(), Some("invalid_grant"));
        assert_eq!(server.audited("refresh-token-reused", "refused").await, 1);
        assert_eq!(rp.refresh(&fourth).await.error(), Some("invalid_grant"));
        // Nor after the time.
        let (_, tokens) = tokens_of(&server, &rp).await;
        let first = tokens.text("refresh_token");
        let next = rp.refresh(&first).await.text("refresh_token");
        server.clock.advance(11);
        assert_eq!(rp.refresh(&first).await.error(), Some("invalid_grant"));
        assert_eq!(rp.refresh(&next).await.error(), Some("invalid_grant"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_not_given_to_others_nor_after_the_end() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    server.add_client("other", |_| {}).await;
    let (_, tokens) = tokens_of(&server, &rp).await;
    let first = tokens.text("refresh_token");
    let next = rp.refresh(&first).await;
    assert_eq!(named(&rp, "other").refresh(&first).await.error(), Some("invalid_grant"));
    assert_eq!(rp.refresh(&next.text("refresh_token")).await.status, 200);
    // The user took it back meanwhile.
    let user = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
    let now = server.app().now();
    server.rows().write(move |tx| async move { tx.revoke_grants(user, None, now).await }).await.unwrap();
    assert_eq!(rp.refresh(&first).await.error(), Some("invalid_grant"));
    // Without forgiveness a token is good once.
    let careful = strict(&server, "careful", Strictness::NoRefreshGrace).await;
    let (_, tokens) = tokens_of(&server, &careful).await;
    let first = tokens.text("refresh_token");
    let next = careful.refresh(&first).await;
    assert_eq!(careful.refresh(&first).await.error(), Some("invalid_grant"));
    assert_eq!(careful.refresh(&next.text("refresh_token")).await.error(), Some("invalid_grant"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acr_values_are_a_wish_until_they_are_made_a_demand() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    let wish = [("acr_values", "urn:nobody:knows")];
    server.rp().silent(&mut browser, &wish).await.code();
    let rp = strict(&server, "demanding", Strictness::EssentialAcrValues).await;
    let refused = rp.silent(&mut browser, &wish).await;
    assert_eq!(refused.error(), Some("unmet_authentication_requirements"));
    let refused = rp.silent(&mut browser, &[("acr_values", "urn:vestibule:acr:mfa")]).await;
    assert_eq!(refused.error(), Some("interaction_required"));
    rp.silent(&mut browser, &[("acr_values", "urn:vestibule:acr:1fa")]).await.code();
    rp.silent(&mut browser, &[]).await.code();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn iss_comes_with_every_answer_unless_a_library_stumbles_over_it() {
    let server = Setup::default().start().await;
    let mut browser = signed_in(&server).await;
    server.add_client("old", |client| client.omit_iss = true).await;
    for (id, told) in [("app", true), ("old", false)] {
        let rp = named(&server.rp(), id);
        for extra in [[("prompt", "none")], [("max_age", "x")]] {
            let answer = rp.silent(&mut browser, &extra).await;
            assert_eq!(answer.0.contains_key("iss"), told, "{id} {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn userinfo_takes_a_token_in_one_place() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let token = tokens.text("access_token");
    let form = [("access_token".to_owned(), token.clone())];
    let header = ("authorization".to_owned(), format!("Bearer {token}"));
    let ask = async |method: &str, with_header: bool, form: Option<&[(String, String)]>| {
        let mut browser = rp.browser.clone();
        browser.headers.extend(with_header.then(|| header.clone()));
        browser.send(method, "/oidc/me", form).await
    };
    for (method, with_header, form, status) in [
        ("GET", true, None, 200),
        ("POST", true, None, 200),
        ("POST", true, Some(&[][..]), 200),
        ("POST", false, Some(&form[..]), 200),
        ("POST", true, Some(&form[..]), 400),
        ("POST", false, Some(&[][..]), 401),
        ("POST", false, None, 401),
        ("GET", false, None, 401),
    ] {
        let page = ask(method, with_header, form).await;
        assert_eq!(page.status, status, "{method} {with_header} {form:?} {}", page.body);
        assert_eq!(page.headers.contains_key("www-authenticate"), status != 200, "{method} {with_header}");
    }
    // Not in a query, where logs keep it (RFC 9700 §4.3.2).
    let page = rp.browser.clone().send("GET", &format!("/oidc/me?access_token={token}"), None).await;
    assert_eq!(page.status, 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_can_ask_for_a_registration() {
    for registration in [true, false] {
        let settings = PoolSettings { registration, ..PoolSettings::default() };
        let server = Setup { settings, ..Setup::default() }.start().await;
        let (rp, mut browser) = (server.rp(), signed_in(&server).await);
        let metadata = rp.browser.clone().send("GET", "/oidc/.well-known/openid-configuration", None).await;
        let metadata: Value = serde_json::from_str(&metadata.body).unwrap();
        let served = metadata["prompt_values_supported"].as_array().unwrap();
        assert_eq!(served.iter().any(|value| value == "create"), registration);
        let page = rp.authorize(&mut browser, &[("prompt", "create")]).await;
        if registration {
            // Also where somebody is signed in; and who has an account goes on with the same request.
            assert!(page.has_id("register-submit"), "{} {}", page.url, page.body);
            let page = browser.get(&page.attribute("#back-to-login", "href").unwrap()).await;
            let page = if page.has_id("login-submit") {
                browser.log_in(&page, "alice", PASSWORD).await
            } else {
                page
            };
            rp.verified(&rp.callback(&page)).await;
        } else {
            assert_eq!(rp.callback(&page).error(), Some("invalid_request"));
        }
        let both = rp.authorize(&mut browser, &[("prompt", "none create")]).await;
        assert_eq!(rp.callback(&both).error(), Some("invalid_request"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_can_come_as_a_form() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let mode = ("response_mode", "form_post");
    let posted = |page: &Page| -> std::collections::BTreeMap<String, String> {
        let form = page.form_of("#answer-send");
        assert_eq!((form.action.as_str(), form.method.as_str()), (rp.redirect_uri.as_str(), "POST"));
        form.fields.into_iter().collect()
    };
    // From the sign-in, silently, and with an error; the address has none of it.
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[mode]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    rp.verified(&Callback(posted(&page))).await;
    let page = rp.authorize(&mut browser, &[mode, ("prompt", "none")]).await;
    assert!(!page.url.contains("code="), "{}", page.url);
    assert_eq!(page.headers["cache-control"], "no-store");
    // What guards our own forms is not told to others.
    assert_eq!(posted(&page).into_keys().collect::<Vec<_>>(), ["code", "iss", "state"]);
    let page = rp.authorize(&mut browser, &[mode, ("max_age", "soon")]).await;
    let answer = posted(&page);
    assert_eq!((answer["error"].as_str(), answer["state"].as_str()), ("invalid_request", "the-state"));
    // No browser posts to the scheme of an app; the error goes there as usual.
    server
        .add_client("phone", |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
            client.redirect_uris = vec!["com.example.app:/cb".to_owned()];
        })
        .await;
    let mut phone = named(&rp, "phone");
    "com.example.app:/cb".clone_into(&mut phone.redirect_uri);
    let page = phone.authorize(&mut browser, &[mode]).await;
    assert_eq!(phone.callback(&page).error(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_are_told_to_whom_they_were_granted() {
    let everything = |client: &mut Client| client.scopes.push("groups".to_owned());
    let server = Setup { groups: vec!["staff".to_owned(), "ops".to_owned()], ..Setup::default() };
    let server = server.client(everything).start().await;
    let rp = server.rp();
    let (mut browser, without) = tokens_of(&server, &rp).await;
    assert!(without.claims()["groups"].is_null());
    let with = rp.verified(&rp.silent(&mut browser, &[("scope", "openid groups")]).await).await;
    let told = rp.userinfo(&with.text("access_token")).await.body["groups"].clone();
    let mut names: Vec<&str> = told.as_array().unwrap().iter().filter_map(Value::as_str).collect();
    names.sort_unstable();
    assert_eq!((names, &with.claims()["groups"]), (vec!["ops", "staff"], &told));
    // A single claim is no way around the scope.
    server.add_client("poor", |client| client.scopes.retain(|scope| scope != "groups")).await;
    let poor = named(&rp, "poor");
    let wish = r#"{"id_token":{"groups":null},"userinfo":{"groups":null}}"#;
    let tokens = poor.verified(&poor.silent(&mut browser, &[("claims", wish)]).await).await;
    assert!(tokens.claims()["groups"].is_null());
}
