//! Who gets in with a passkey alone, and what anybody can learn by trying.

use crate::support::{
    answered, anything, failures, forgive, got_in, holder, is_inside, options, prove_first_factor, state,
    user,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use vestibule_domain::{
    FactorKind, UserStatus,
    attempts::DISABLE_AT,
    policy::{Ask, Rule, When},
};
use vestibule_mfa::soft_authenticator::{SoftAuthenticator, encode};
use vestibule_tests::{Browser, Page, Server, on_every_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a35_a_passkey_signs_in_as_what_it_is() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let mut key = SoftAuthenticator::synced();
        holder(&server, "alice", "passkey", &mut key).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.submit(answered(&server, &page, &mut key)).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "phr", "{claims}");
        assert_eq!(claims["amr"], json!(["mfa", "swk", "user"]));
        assert_eq!(claims["sub"], user(&server, "alice").await.id.to_string());
        assert_eq!(server.audited("sign-in", "done").await, 2);
    })
    .await;
}

/// Has a user's passkey answer wrongly until it is disabled.
async fn wear_out(server: &Server, name: &str) {
    let id = user(server, name).await.id;
    for _ in 0..DISABLE_AT {
        let (now, kind) = (server.app().now(), FactorKind::new("passkey"));
        let count = move |tx: vestibule_store::PoolTx| async move {
            tx.admit_attempt(id.as_uuid(), &kind, now).await
        };
        server.rows().write(count).await.unwrap();
        server.clock.advance(3600);
    }
    assert_eq!(failures(server, name, "passkey").await, DISABLE_AT);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a35_a_passkey_opens_nothing_where_it_may_not() {
    on_every_engine(|engine| async move {
        let mut setup = anything(engine);
        let ask = Ask { factors: Some(vec![FactorKind::new("totp")]), ..Ask::default() };
        let when = When { groups: vec!["vault".to_owned()], ..When::default() };
        setup.settings.mfa.rules.push(Rule { name: "vault".to_owned(), when, ask });
        let server = setup.start().await;
        let mut keys = Vec::new();
        for name in ["alice", "carol", "dora", "erin"] {
            if name != "alice" {
                server.add_user(name).await;
            }
            let mut key = SoftAuthenticator::counting();
            holder(&server, name, "passkey", &mut key).await;
            let (_, page) = prove_first_factor(&server, &mut key).await;
            assert!(is_inside(&page), "{name} {} {}", page.url, page.body);
            keys.push(key);
        }
        let [mut alice, mut carol, mut dora, mut erin] =
            <[SoftAuthenticator; 4]>::try_from(keys).ok().unwrap();
        // One is disabled, of one the factor, one has come into a group whose rule wants something else.
        server.admin().set_user_status("main", "carol", UserStatus::Disabled).await.unwrap();
        wear_out(&server, "dora").await;
        server.add_member("fred", &["vault"]).await;
        let fred = user(&server, "fred").await.id;
        // Erin's key is given to somebody in that group: the same credential under another owner.
        let erins = server.rows().credentials(user(&server, "erin").await.id).await.unwrap();
        let mut moved = erins.into_iter().find(|one| one.kind.as_str() == "passkey").unwrap();
        moved.user = fred;
        moved.id = vestibule_domain::CredentialId::new(
            server.app().now(),
            &vestibule_seal::testing::SeededEntropy::new(77),
        );
        server.rows().write(move |tx| async move { tx.insert_credential(&moved).await }).await.unwrap();
        erin.manners.user_handle = Some(Some(fred.as_bytes().to_vec()));
        let mut said = Vec::new();
        for (what, key) in [("disabled", &mut carol), ("a dead factor", &mut dora), ("a rule", &mut erin)] {
            let (browser, page) = prove_first_factor(&server, key).await;
            assert!(!got_in(&browser, &page), "{what} {}", page.body);
            said.push((page.status, page.text("#form-error")));
        }
        // The owner of a key at another pool is nobody here, and the other way round.
        let mut foreign = SoftAuthenticator::counting();
        let mut there = server.browser_at(0, &server.other().origin);
        let page = there.sign_in("alice").await;
        assert!(is_inside(&page));
        let page = there.get("/u/security/enrol/passkey").await;
        let answer = foreign.create(&options(&page), server.other().origin.as_str());
        there.submit(page.form_of("#enrol-submit").with("credential", &answer)).await;
        let mut browser = server.browser();
        let login = browser.get("/u").await;
        let mut bent: Value = serde_json::from_str(&options(&login)).unwrap();
        bent["rpId"] = server.other().origin.host().into();
        for origin in [&server.other().origin, &server.pool().origin] {
            for manners in [None, Some(server.pool().origin.host().to_owned())] {
                let mut foreign = foreign.clone();
                foreign.manners.rp_id = manners;
                let answer = foreign.get(&bent.to_string(), origin.as_str());
                let login = browser.get("/u").await;
                let page = browser.submit(login.form_of("#passkey-submit").with("credential", &answer)).await;
                assert!(!got_in(&browser, &page), "{}", page.body);
                said.push((page.status, page.text("#form-error")));
            }
        }
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        // A challenge is good for a while.
        for (after, opens) in [(240, true), (660, false)] {
            let mut browser = server.browser();
            let form = answered(&server, &browser.get("/u").await, &mut alice);
            server.clock.advance(after);
            let page = browser.submit(form).await;
            assert_eq!(got_in(&browser, &page), opens, "{after} {}", page.body);
        }
        assert_eq!(failures(&server, "alice", "passkey").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_no_other_factor_passes_for_a_first_door() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let mut key = SoftAuthenticator::counting();
        holder(&server, "alice", "security-key", &mut key).await;
        let before = state(&server, "alice").await;
        let handle = user(&server, "alice").await.id.as_bytes().to_vec();
        key.manners.user_handle = Some(Some(handle));
        for kind in ["passkey", "security-key", "totp", "email", "recovery", "password", "", "Passkey"] {
            let mut browser = server.browser();
            let login = browser.get("/u").await;
            let mut asked: Value = serde_json::from_str(&options(&login)).unwrap();
            asked["allowCredentials"] = json!([{ "id": key_id(&before.credentials), "type": "public-key" }]);
            let answer = key.get(&asked.to_string(), server.pool().origin.as_str());
            let form = login.form_of("#passkey-submit").with("credential", &answer).with("kind", kind);
            let page = browser.submit(form.forged("code", "000000")).await;
            assert!(!got_in(&browser, &page) && page.status.as_u16() < 500, "{kind} {}", page.body);
        }
        assert_eq!(state(&server, "alice").await, before);
    })
    .await;
}

/// The id by which authenticators know the first credential that has one.
fn key_id(credentials: &[(String, String, String, i64)]) -> String {
    let mut public = credentials.iter().filter(|one| one.1 == "security-key").map(|one| one.2.as_str());
    let public: Value = serde_json::from_str(public.next().unwrap()).unwrap();
    public["id"].as_str().unwrap().to_owned()
}

async fn bytes(server: &Server, name: &str) -> [u8; 16] {
    <[u8; 16]>::try_from(user(server, name).await.id.as_bytes()).unwrap()
}

/// A page without what is different each time.
fn normal(page: &Page) -> (StatusCode, String) {
    let mut body = page.body.clone();
    for mark in [
        "name=\"csrf\" value=\"",
        "name=\"request\" value=\"",
        "name=\"ceremony\" value=\"",
        "&quot;challenge&quot;:&quot;",
        "&#34;challenge&#34;:&#34;",
        "request=",
        "said=",
        "id=\"request-id\" dir=\"ltr\">",
        "id=\"request-id\" dir=\"",
    ] {
        let mut parts = body.split(mark);
        let mut clean = parts.next().unwrap().to_owned();
        for part in parts {
            let end = part.find(['"', '<', '&']).unwrap_or(part.len());
            clean.push_str(mark);
            clean.push_str(&part[end..]);
        }
        body = clean;
    }
    (page.status, body)
}

async fn answer_for(
    server: &Server,
    browser: &mut Browser,
    key: &SoftAuthenticator,
    change: impl Fn(&mut Value),
) -> Page {
    let login = browser.get("/u").await;
    let answer = key.clone().get(&options(&login), server.pool().origin.as_str());
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    change(&mut answer);
    browser.post(&login.form_of("#passkey-submit").with("credential", &answer.to_string())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_the_first_door_says_nothing_about_users_and_passkeys() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        // One browser for all: a sealed request is as long as the cookie makes it.
        let mut browser = server.browser();
        let fresh = browser.get("/login").await;
        assert!(fresh.has_id("passkey-submit"));
        for name in ["bruno", "clara"] {
            server.add_user(name).await;
        }
        let mut key = SoftAuthenticator::counting();
        holder(&server, "alice", "passkey", &mut key).await;
        let mut other = SoftAuthenticator::counting();
        holder(&server, "clara", "passkey", &mut other).await;
        server.admin().set_user_status("main", "clara", UserStatus::Disabled).await.unwrap();
        // The challenge is for any user, whichever user the hint names.
        let rp = server.rp();
        let challenge = |page: &Page| {
            let mut options: Value = serde_json::from_str(&options(page)).unwrap();
            options["challenge"] = Value::Null;
            options
        };
        for hint in ["alice", "bruno", "clara", "nobod"] {
            let page = rp.authorize(&mut browser, &[("login_hint", hint)]).await;
            assert_eq!(challenge(&page), challenge(&fresh), "{hint}");
            assert_eq!(challenge(&page)["allowCredentials"], json!([]));
        }
        let page = browser.get("/login").await;
        assert_eq!(normal(&page), normal(&fresh));
        assert_eq!(page.body.len(), fresh.body.len());
        let mut pages = Vec::new();
        let ids = [
            ("nobody", [9; 16]),
            ("without a key", bytes(&server, "bruno").await),
            ("disabled", bytes(&server, "clara").await),
            ("with a key", bytes(&server, "alice").await),
        ];
        for (what, id) in ids {
            for known in [false, true] {
                let page = answer_for(&server, &mut browser, &key, |answer| {
                    answer["response"]["userHandle"] = encode(&id).into();
                    answer["response"]["signature"] = encode(&[0; 70]).into();
                    if !known {
                        answer["id"] = encode(&[5; 32]).into();
                        answer["rawId"] = encode(&[5; 32]).into();
                    }
                });
                pages.push((what, known, page.await));
            }
        }
        let (_, _, first) = pages.first().unwrap();
        assert!(first.has_id("form-error"));
        for (what, known, page) in &pages {
            assert_eq!(normal(page), normal(first), "{what} {known}");
            assert_eq!(page.body.len(), first.body.len(), "{what} {known}");
            let names = |page: &Page| page.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(page), names(first), "{what} {known}");
        }
        forgive(&server, "alice").await;
    })
    .await;
}
