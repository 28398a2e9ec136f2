//! Applications hear that a session has ended: OpenID Connect Back-Channel Logout 1.0.

use crate::support::{named, tokens_of};
use jsonwebtoken::{DecodingKey, Validation};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use vestibule_domain::{TokenAlg, UserStatus};
use vestibule_flows::{LogoutOutcome, LogoutState};
use vestibule_tests::{App, Browser, Ear, Engine, PASSWORD, Server, Setup, Tokens, on_every_engine};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// A server whose pools may ask this machine, with the application `app` at this ear.
async fn listening(engine: Engine, ear: &Ear) -> Server {
    let uri = ear.uri.clone();
    let mut setup =
        Setup::on(engine).client(move |client| client.logout.backchannel_logout_uri = Some(uri.clone()));
    setup.settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()];
    setup.start().await
}

fn sid(tokens: &Tokens) -> String {
    tokens.claims()["sid"].as_str().unwrap().to_owned()
}

/// What an application does with a logout token (§2.6): checks all of it, and says whose session it is about.
async fn understood(server: &Server, rp: &App, token: &str) -> (String, String) {
    let keys = rp.browser.clone().send("GET", "/oidc/jwks", None).await;
    let keys: jsonwebtoken::jwk::JwkSet = serde_json::from_str(&keys.body).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("logout+jwt"));
    let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref().unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    let issuer = server.pool().origin.issuer();
    validation.set_audience(&[&rp.client_id]);
    validation.set_issuer(&[&issuer]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    // The time of the test is not that of the machine.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    let names: BTreeSet<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["iss", "sub", "aud", "iat", "exp", "jti", "events", "sid"]));
    assert_eq!(claims["events"], json!({ EVENT: {} }));
    let now = server.clock.seconds();
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now), Some(now + 120)));
    let text = |name: &str| claims[name].as_str().unwrap().to_owned();
    assert!(text("jti").len() >= 22, "nobody guesses it");
    (text("sub"), text("sid"))
}

/// Sends what is due, and gives the sessions that the application was told of.
async fn told(server: &Server, rp: &App, ear: &Ear) -> HashSet<String> {
    server.tell_applications().await;
    let mut sessions = HashSet::new();
    for token in ear.tokens() {
        let (_, sid) = understood(server, rp, &token).await;
        assert!(sessions.insert(sid), "each session once");
    }
    sessions
}

async fn press(browser: &mut Browser, path: &str, selector: &str) {
    let page = browser.get(path).await;
    browser.submit(page.form_of(selector)).await;
}

async fn change_password(browser: &mut Browser, old: &str, new: &str) {
    let page = browser.get("/u/password").await;
    let form = page.form_of("#password-save").with("current_password", old).with("new_password", new);
    let page = browser.submit(form).await;
    assert!(!page.has_id("form-error"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_way_out_of_a_session_is_told() {
    on_every_engine(|engine| async move {
        let ear = Ear::open().await;
        let server = listening(engine, &ear).await;
        let rp = server.rp();
        let heard = async |expected: &[&Tokens], way: &str| {
            let expected: HashSet<String> = expected.iter().map(|tokens| sid(tokens)).collect();
            assert_eq!(told(&server, &rp, &ear).await, expected, "{way}");
        };
        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        heard(&[], "a sign-in").await;
        browser.get(&format!("/oidc/session/end?id_token_hint={}", tokens.text("id_token"))).await;
        heard(&[&tokens], "the application signs out").await;

        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        press(&mut browser, "/oidc/session/end", "#logout-confirm").await;
        heard(&[&tokens], "an application asks, and the user agrees").await;

        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        press(&mut browser, "/u", "#sign-out").await;
        heard(&[&tokens], "the user center").await;

        let (_, lost) = tokens_of(&server, &rp).await;
        let (mut browser, kept) = tokens_of(&server, &rp).await;
        press(&mut browser, "/u/sessions", ".revoke-session").await;
        heard(&[&lost], "another session is revoked").await;
        let ((_, one), (_, two)) = (tokens_of(&server, &rp).await, tokens_of(&server, &rp).await);
        press(&mut browser, "/u/sessions", "#revoke-others").await;
        heard(&[&one, &two], "all others are revoked").await;
        let (_, stolen) = tokens_of(&server, &rp).await;
        change_password(&mut browser, PASSWORD, "lighthouse under nine snows").await;
        heard(&[&stolen], "a new password").await;
        change_password(&mut browser, "lighthouse under nine snows", PASSWORD).await;

        server.add_user("bob").await;
        let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        let page = browser.log_in(&page, "bob", PASSWORD).await;
        let bobs = rp.verified(&rp.callback(&page)).await;
        heard(&[&kept], "somebody else signs in").await;
        press(&mut browser, "/u", "#sign-out").await;
        heard(&[&bobs], "and out").await;

        let (_, tokens) = tokens_of(&server, &rp).await;
        let only = sid(&tokens).parse().unwrap();
        server.admin().end_sessions_of_user("main", "alice", Some(only)).await.unwrap();
        heard(&[&tokens], "an administrator ends one").await;
        let ((_, one), (_, two)) = (tokens_of(&server, &rp).await, tokens_of(&server, &rp).await);
        server.admin().end_sessions_of_user("main", "alice", None).await.unwrap();
        heard(&[&one, &two], "an administrator ends all").await;
        let (_, tokens) = tokens_of(&server, &rp).await;
        server.admin().set_user_status("main", "alice", UserStatus::Disabled).await.unwrap();
        heard(&[&tokens], "a disabled user").await;
        server.admin().set_user_status("main", "alice", UserStatus::Active).await.unwrap();
        let (_, tokens) = tokens_of(&server, &rp).await;
        server.admin().delete_user("main", "alice").await.unwrap();
        heard(&[&tokens], "a deleted user").await;

        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "bob", PASSWORD).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let page = browser.get("/u/data/delete").await;
        server.clock.advance(1);
        let page = browser.log_in(&page, "bob", PASSWORD).await;
        browser.submit(page.form_of("#delete-submit").with("username", "bob")).await;
        heard(&[&tokens], "a user who deletes the account").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_applications_of_the_session_are_told() {
    on_every_engine(|engine| async move {
        let (ear, second_ear, third_ear) = (Ear::open().await, Ear::open().await, Ear::open().await);
        let server = listening(engine, &ear).await;
        for (id, ear) in [("second", &second_ear), ("third", &third_ear)] {
            let uri = ear.uri.clone();
            let change = move |client: &mut vestibule_domain::Client| {
                client.logout.backchannel_logout_uri = Some(uri.clone());
                client.id_token_alg = Some(TokenAlg::EdDsa);
            };
            server.add_client(id, change).await;
        }
        server.add_client("deaf", |client| client.logout = vestibule_domain::ClientLogout::default()).await;
        let (rp, second) = (server.rp(), named(&server.rp(), "second"));
        let (mut browser, tokens) = tokens_of(&server, &rp).await;
        second.verified(&second.silent(&mut browser, &[]).await).await;
        let deaf = named(&rp, "deaf");
        deaf.verified(&deaf.silent(&mut browser, &[]).await).await;
        press(&mut browser, "/u", "#sign-out").await;
        assert_eq!(server.tell_applications().await, [LogoutOutcome::Delivered, LogoutOutcome::Delivered]);
        let (sub, session) = understood(&server, &rp, &ear.tokens().concat()).await;
        assert_eq!((sub.as_str(), &session), (tokens.claims()["sub"].as_str().unwrap(), &sid(&tokens)));
        let token = second_ear.tokens().concat();
        assert_eq!(understood(&server, &second, &token).await, (sub, session));
        let alg = jsonwebtoken::decode_header(&token).unwrap().alg;
        assert_eq!(alg, jsonwebtoken::Algorithm::EdDSA, "the algorithm of its ID tokens");
        assert_eq!(third_ear.tokens(), Vec::<String>::new(), "nobody signed in to it");
        assert_eq!(server.tell_applications().await, [], "once");
        assert_eq!(server.audited("backchannel-logout", "done").await, 2);
    })
    .await;
}

/// One sign-in and one sign-out.
async fn in_and_out(server: &Server, rp: &App) {
    let (mut browser, _) = tokens_of(server, rp).await;
    press(&mut browser, "/u", "#sign-out").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_for_now_is_tried_again_with_a_fresh_token() {
    on_every_engine(|engine| async move {
        let ear = Ear::open().await;
        let server = listening(engine, &ear).await;
        let rp = server.rp();
        in_and_out(&server, &rp).await;
        ear.answer(&[500, 429, 408, 302, 204]);
        let mut tokens = HashSet::new();
        for (status, wait) in [("500", 30), ("429", 120), ("408", 480), ("302", 1920)] {
            let told = server.tell_applications().await;
            let [LogoutOutcome::Failed { error, next_try_at }] = told.as_slice() else {
                panic!("{status}: {told:?}")
            };
            let seconds = next_try_at.since(server.app().now());
            assert!(error.contains(status) && seconds == wait, "{error} {seconds}");
            let state = server.admin().logouts_of("main", "app", 9).await.unwrap().remove(0).state;
            let next_try_at = server.app().now() + wait;
            assert_eq!(state, LogoutState::Waiting { next_try_at, last_error: Some(error.clone()) });
            server.clock.advance(wait - 1);
            assert_eq!(server.tell_applications().await, [], "not yet");
            server.clock.advance(1);
            tokens.extend(ear.tokens());
        }
        assert_eq!(server.tell_applications().await, [LogoutOutcome::Delivered]);
        let last = ear.tokens().concat();
        understood(&server, &rp, &last).await;
        tokens.insert(last);
        assert_eq!(tokens.len(), 5, "each with an identifier and a time of its own");
        let notice = server.admin().logouts_of("main", "app", 9).await.unwrap().remove(0);
        assert_eq!((notice.tries, notice.state), (5, LogoutState::Delivered { at: server.app().now() }));
        assert_eq!(server.audited("backchannel-logout", "done").await, 1, "the end of it is in the trail");
        assert_eq!(server.audited("backchannel-logout", "refused").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_final_and_everything_ends_after_a_day() {
    on_every_engine(|engine| async move {
        let ear = Ear::open().await;
        let server = listening(engine, &ear).await;
        let rp = server.rp();
        for status in [400_u16, 401, 404, 410] {
            in_and_out(&server, &rp).await;
            ear.answer(&[status]);
            let told = server.tell_applications().await;
            let [LogoutOutcome::GivenUp { error }] = told.as_slice() else { panic!("{told:?}") };
            assert!(error.contains(&status.to_string()), "{error}");
            let state = server.admin().logouts_of("main", "app", 1).await.unwrap().remove(0).state;
            assert_eq!(state, LogoutState::GivenUp { error: error.clone() });
            server.clock.advance(1);
        }
        server.clock.advance(7 * 3600);
        assert_eq!(server.tell_applications().await, []);
        assert_eq!(server.audited("backchannel-logout", "refused").await, 4);
        ear.tokens();

        in_and_out(&server, &rp).await;
        ear.answer(&[503; 20]);
        let mut tries = 0;
        while server
            .tell_applications()
            .await
            .pop()
            .is_some_and(|told| matches!(told, LogoutOutcome::Failed { .. }))
        {
            tries += 1;
            server.clock.advance(6 * 3600);
        }
        assert_eq!((tries, ear.tokens().len()), (9, 10));
        server.clock.advance(7 * 3600);
        assert_eq!(server.tell_applications().await, []);
        assert_eq!(server.audited("backchannel-logout", "refused").await, 5);
        server.clock.advance(4 * 86_400);
        server.app().store().sweep(server.app().now()).await.unwrap();
        assert_eq!(server.admin().logouts_of("main", "app", 9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c28_an_address_inside_is_not_asked_unless_the_pool_allows_it() {
    let ear = Ear::open().await;
    let server = listening(Engine::Sqlite, &ear).await;
    server.rule(|settings| settings.outbound.allow.clear()).await;
    let rp = server.rp();
    in_and_out(&server, &rp).await;
    let told = server.tell_applications().await;
    let [LogoutOutcome::Failed { error, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert!(error.contains("not public") && error.contains("[pool.outbound] allow"), "{error}");
    server.rule(|settings| settings.outbound.allow = vec!["127.0.0.0/8".parse().unwrap()]).await;
    server.clock.advance(30);
    assert_eq!(server.tell_applications().await, [LogoutOutcome::Delivered], "the operator has allowed it");
    assert_eq!(ear.tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_without_an_address_any_more_is_not_told() {
    let ear = Ear::open().await;
    let server = listening(Engine::Sqlite, &ear).await;
    let rp = server.rp();
    let uri = ear.uri.clone();
    for change in ["no address", "disabled", "deleted"] {
        let with = uri.clone();
        server
            .add_client("app", move |client| client.logout.backchannel_logout_uri = Some(with.clone()))
            .await;
        in_and_out(&server, &rp).await;
        match change {
            "no address" => {
                server.add_client("app", |client| client.logout.backchannel_logout_uri = None).await;
            }
            "disabled" => server.add_client("app", |client| client.enabled = false).await,
            _ => server.admin().remove_client("main", "app").await.unwrap(),
        }
        let told = server.tell_applications().await;
        match change {
            "deleted" => assert_eq!(told, [], "its notices went with it"),
            _ => assert!(matches!(told.as_slice(), [LogoutOutcome::GivenUp { .. }]), "{change}: {told:?}"),
        }
    }
    assert_eq!(ear.tokens(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c29_a_logout_token_is_no_other_token() {
    let ear = Ear::open().await;
    let server = listening(Engine::Sqlite, &ear).await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let (mut other, _) = tokens_of(&server, &rp).await;
    press(&mut browser, "/u", "#sign-out").await;
    server.tell_applications().await;
    let token = ear.tokens().concat();
    assert_eq!(rp.userinfo(&token).await.error(), Some("invalid_token"));
    assert_eq!(rp.refresh(&token).await.error(), Some("invalid_grant"));
    assert_eq!(rp.exchange(&token).await.error(), Some("invalid_grant"));
    // As a hint it signs nobody in silently, and nobody out without a question.
    let silent = rp.authorize(&mut other, &[("prompt", "none"), ("id_token_hint", &token)]).await;
    assert!(!silent.url.contains("code="), "{}", silent.url);
    let page = other.get(&format!("/oidc/session/end?id_token_hint={token}")).await;
    assert!(page.has_id("logout-confirm"), "{}", page.body);
    // Even where access tokens have no type of their own.
    server.rule(|settings| settings.tokens.access_token_type = vestibule_domain::AccessTokenType::Jwt).await;
    assert_eq!(rp.userinfo(&token).await.error(), Some("invalid_token"));
}
