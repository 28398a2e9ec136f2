//! The `claims` parameter is no way around what a user agrees to, nor around the rules.

use crate::support::named;
use serde_json::{Value, json};
use vestibule_domain::{
    MfaMode,
    policy::{Ask, Rule, When},
};
use vestibule_tests::{App, Browser, Server, Setup, on_every_engine};

/// An application that belongs to somebody else, and a browser in which alice is signed in.
async fn foreign(setup: Setup) -> (Server, App, Browser) {
    let server = setup.start().await;
    server.add_client("foreign", |client| client.first_party = false).await;
    let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
    browser.sign_in("alice").await;
    (server, rp, browser)
}

fn wish(member: &str, claim: &str) -> String {
    json!({ member: { claim: null } }).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c25_a_single_claim_needs_the_consent_of_its_scope() {
    on_every_engine(|engine| async move {
        let (_server, rp, mut browser) = foreign(Setup::on(engine)).await;
        let page = rp.authorize(&mut browser, &[("scope", "openid")]).await;
        let page = browser.submit(page.form_of("#consent-allow")).await;
        rp.verified(&rp.callback(&page)).await;
        assert_eq!(rp.silent(&mut browser, &[("scope", "openid")]).await.error(), None);
        for (claim, scope) in [("email", "email"), ("email_verified", "email"), ("name", "profile")] {
            for member in ["userinfo", "id_token"] {
                let asked = wish(member, claim);
                let extra = [("scope", "openid"), ("claims", asked.as_str())];
                let silent = rp.silent(&mut browser, &extra).await;
                assert_eq!(silent.error(), Some("consent_required"), "{member} {claim}");
                let page = rp.authorize(&mut browser, &extra).await;
                // The user is told what it is about.
                assert!(page.has_id("consent-allow"), "{member} {claim} {} {}", page.url, page.body);
                assert_eq!(page.texts(".scopes li").len(), 2, "{scope} {}", page.body);
            }
        }
        let asked = wish("userinfo", "email");
        let extra = [("scope", "openid"), ("claims", asked.as_str())];
        let page = rp.authorize(&mut browser, &extra).await;
        let page = browser.submit(page.form_of("#consent-allow")).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        assert_eq!(tokens.text("scope"), "openid");
        assert_eq!(rp.userinfo(&tokens.text("access_token")).await.body["email"], "alice@example.test");
        // From then on it is agreed, and nothing else is.
        assert_eq!(rp.silent(&mut browser, &extra).await.error(), None);
        let name = wish("userinfo", "name");
        let more = rp.silent(&mut browser, &[("scope", "openid"), ("claims", &name)]).await;
        assert_eq!(more.error(), Some("consent_required"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c25_a_rule_about_a_scope_is_a_rule_about_its_claims() {
    let mut setup = Setup::default();
    setup.settings.mfa.rules.push(Rule {
        name: "addresses".to_owned(),
        when: When { scopes: vec!["email".to_owned()], ..When::default() },
        ask: Ask { mode: Some(MfaMode::Required), ..Ask::default() },
    });
    let server = setup.start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    browser.sign_in("alice").await;
    assert_eq!(rp.silent(&mut browser, &[("scope", "openid profile")]).await.error(), None);
    let asked = wish("userinfo", "email");
    for extra in [[("scope", "openid email"), ("nonce", "n")], [("scope", "openid"), ("claims", &asked)]] {
        assert_eq!(rp.silent(&mut browser, &extra).await.error(), Some("interaction_required"), "{extra:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c27_a_subject_that_is_no_text_is_refused_and_not_forgotten() {
    let server = Setup::default().start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    browser.sign_in("alice").await;
    for value in [json!(7), json!(null), json!(true), json!(["a"]), json!({ "a": 1 })] {
        for member in ["id_token", "userinfo"] {
            for request in [json!({ "value": value }), json!({ "values": [value] })] {
                let claims: Value = json!({ member: { "sub": request } });
                let answer = rp.silent(&mut browser, &[("claims", &claims.to_string())]).await;
                assert_eq!(answer.error(), Some("invalid_request"), "{claims}");
            }
        }
    }
    // A text that names somebody else is nobody's sign-in; alice's own is hers.
    let of = |sub: &str| json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    let other = rp.silent(&mut browser, &[("claims", &of("somebody"))]).await;
    assert_eq!(other.error(), Some("login_required"));
    let id = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
    assert_eq!(rp.silent(&mut browser, &[("claims", &of(&id.to_string()))]).await.error(), None);
}
