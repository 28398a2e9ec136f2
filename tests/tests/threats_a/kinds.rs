//! The factors that a rule names are those that count, wherever they were given.

use crate::support::{count, enrolled, entered, is_inside};
use vestibule_domain::{
    FactorKind, MfaMode,
    policy::{Ask, Rule, When},
};
use vestibule_mfa::soft_authenticator::SoftAuthenticator;
use vestibule_tests::{App, Authenticator, Browser, Engine, Page, Server, Setup, on_every_engine};

/// A pool that takes every kind, with an application for which a rule names some.
async fn with_vault(engine: Engine, kinds: &[&'static str]) -> (Server, App, Authenticator) {
    let mut setup = Setup::on(engine);
    let everything = ["passkey", "security-key", "totp", "email"].map(FactorKind::new);
    setup.settings.mfa.everybody.factors = Some(everything.to_vec());
    let named = kinds.iter().map(|kind| FactorKind::new(kind)).collect();
    let ask = Ask { mode: Some(MfaMode::Required), factors: Some(named), ..Ask::default() };
    let when = When { applications: vec!["vault".to_owned()], ..When::default() };
    setup.settings.mfa.rules.push(Rule { name: "the vault".to_owned(), when, ask });
    let (server, _, phone) = enrolled(setup).await;
    server.add_client("vault", |_| {}).await;
    let mut vault = server.rp();
    "vault".clone_into(&mut vault.client_id);
    (server, vault, phone)
}

async fn enrol_passkey(server: &Server, browser: &mut Browser) -> SoftAuthenticator {
    let mut key = SoftAuthenticator::default();
    let page = browser.get("/u/security/enrol/passkey").await;
    let options = page.attribute("[data-webauthn=create]", "data-options").unwrap();
    let answer = key.create(&options, server.pool().origin.as_str());
    browser.submit(page.form_of("#enrol-submit").with("credential", &answer)).await;
    assert_eq!(count(server, "passkey").await, 1);
    server.clock.advance(30);
    key
}

fn options(page: &Page) -> String {
    page.attribute("[data-webauthn=get]", "data-options").unwrap_or_else(|| panic!("{}", page.body))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a40_a_code_given_elsewhere_opens_nothing_whose_rule_names_only_passkeys() {
    on_every_engine(|engine| async move {
        let (server, vault, phone) = with_vault(engine, &["passkey"]).await;
        // A session of password and code, as good as any for the user center and the other applications.
        let mut thief = entered(&server, &phone).await;
        let mut owner = entered(&server, &phone).await;
        let mut key = enrol_passkey(&server, &mut owner).await;
        assert!(is_inside(&thief.get("/u/security").await));
        assert_eq!(server.rp().silent(&mut thief, &[]).await.error(), None);
        assert_eq!(vault.silent(&mut thief, &[]).await.error(), Some("interaction_required"));
        let page = vault.authorize(&mut thief, &[]).await;
        assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
        assert!(!page.has_id("choose-totp") && !page.has_id("otp"), "{}", page.body);
        // Nor where the code is asked once more, for another application.
        let other = server.rp().authorize(&mut thief, &[("prompt", "login")]).await;
        let other = thief.log_in(&other, "alice", vestibule_tests::PASSWORD).await;
        let other = if other.has_id("choose-totp") {
            thief.submit(other.form_of("#choose-totp")).await
        } else {
            other
        };
        let back = thief.answer(&other, &phone.code(&server.clock)).await;
        server.rp().verified(&server.rp().callback(&back)).await;
        assert_eq!(vault.silent(&mut thief, &[]).await.error(), Some("interaction_required"));
        // What the rule names opens it, and the token says no more than that.
        let answer = key.get(&options(&page), server.pool().origin.as_str());
        let page = thief.submit(page.form_of("#factor-submit").with("credential", &answer)).await;
        let claims = vault.verified(&vault.callback(&page)).await.claims();
        assert!(!claims["amr"].to_string().contains("otp"), "{claims}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a40_a_passkey_that_signed_in_alone_opens_nothing_whose_rule_names_only_codes() {
    on_every_engine(|engine| async move {
        let (server, vault, phone) = with_vault(engine, &["totp"]).await;
        let mut owner = entered(&server, &phone).await;
        let mut key = enrol_passkey(&server, &mut owner).await;
        let mut browser = server.browser();
        let page = browser.get("/u").await;
        let wanted = page.attribute("#passkey-form [data-webauthn=get]", "data-options").unwrap();
        let answer = key.get(&wanted, server.pool().origin.as_str());
        let page = browser.submit(page.form_of("#passkey-submit").with("credential", &answer)).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        assert_eq!(server.rp().silent(&mut browser, &[]).await.error(), None);
        assert!(vault.silent(&mut browser, &[]).await.error().is_some());
        let page = vault.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        vault.verified(&vault.callback(&page)).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a40_a_kind_that_only_one_rule_switches_on_counts_nowhere_else() {
    on_every_engine(|engine| async move {
        // Nobody is named but for one application, which takes mailed codes.
        let mut setup = Setup::on(engine);
        let ask = Ask { factors: Some(vec![FactorKind::new("email")]), ..Ask::default() };
        let when = When { applications: vec!["shop".to_owned()], ..When::default() };
        setup.settings.mfa.rules.push(Rule { name: "the shop".to_owned(), when, ask });
        let everybody = &mut setup.settings.mfa.everybody;
        everybody.mode = Some(MfaMode::Required);
        let server = setup.start().await;
        server.add_client("shop", |_| {}).await;
        let mut shop = server.rp();
        "shop".clone_into(&mut shop.client_id);
        let mut browser = server.browser();
        let page = shop.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        assert!(page.has_id("enrol-submit"), "{} {}", page.url, page.body);
        let mails = server.mails().await;
        let is_code = |word: &&str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
        let code = mails.last().unwrap().text.split_whitespace().find(is_code).unwrap().to_owned();
        let page = browser.submit(page.form_of("#enrol-submit").with("code", &code)).await;
        let page = browser.submit(page.form_of("#codes-next")).await;
        shop.verified(&shop.callback(&page)).await;
        assert_eq!(shop.silent(&mut browser, &[]).await.error(), None);
        assert!(server.rp().silent(&mut browser, &[]).await.error().is_some());
        let page = browser.get("/u").await;
        assert!(!is_inside(&page), "{} {}", page.url, page.body);
    })
    .await;
}
