//! What a page says is so, for this person and at this moment.

use vestibule_domain::{
    FactorKind, MfaMode, TextField,
    policy::{Ask, Rule, When},
};
use vestibule_tests::{Authenticator, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

/// Where finance has to have a second factor and nobody else.
fn with_group_rule(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    setup.settings.mfa.rules.push(Rule {
        name: "finance".to_owned(),
        when: When { groups: vec!["finance".to_owned()], ..When::default() },
        ask: Ask { mode: Some(MfaMode::Required), ..Ask::default() },
    });
    setup
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u15_a_rule_of_one_group_is_not_told_as_a_rule_for_everybody() {
    on_every_engine(|engine| async move {
        let server = with_group_rule(engine).start().await;
        server.add_member("fin", &["finance"]).await;
        let page = server.browser().sign_in("fin").await;
        assert!(page.enrols(), "{}", page.body);
        let reason = page.text("#reason");
        assert!(!reason.contains("everyone") && reason.contains("asks you"), "{reason}");
        let mut everybody = Setup::on(engine);
        everybody.settings.mfa.everybody.mode = Some(MfaMode::Required);
        let server = everybody.start().await;
        let page = server.browser().sign_in("alice").await;
        assert!(page.text("#reason").contains("everyone"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u15_nobody_is_told_that_time_has_passed_seconds_after_a_proof() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        browser.sign_in("alice").await;
        server.enrol(&mut browser).await;
        let page = browser.get("/u/security").await;
        let remove = page.attribute(".remove-factor", "href").unwrap();
        let page = browser.get(&remove).await;
        let said = page.text("body");
        assert!(!said.contains("a while"), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u15_the_note_on_the_security_page_is_about_this_person() {
    on_every_engine(|engine| async move {
        let server = with_group_rule(engine).start().await;
        let mut alice = server.browser();
        alice.sign_in("alice").await;
        let phone = server.enrol(&mut alice).await;
        server.add_user("bob").await;
        let mut bob = server.browser();
        bob.sign_in("bob").await;
        assert!(bob.get("/u/security").await.text("#policy-note").contains("up to you"));
        // Somebody who is still asked is not told that nobody is.
        server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Off)).await;
        let mut again = server.browser();
        let page = again.sign_in("alice").await;
        again.answer(&page, &phone.code(&server.clock)).await;
        let note = again.get("/u/security").await.text("#policy-note");
        assert!(note.contains("still asked"), "{note}");
        let note = bob.get("/u/security").await.text("#policy-note");
        assert!(!note.contains("still asked") && !note.contains("asked for here"), "{note}");
        // Somebody who will have to have one is not told that it is up to them.
        server
            .rule(|settings| {
                settings.mfa.everybody.mode = Some(MfaMode::Required);
                settings.mfa.everybody.skips = Some(3);
            })
            .await;
        let page = bob.get("/u/security").await;
        let page = bob.submit(page.form_of("#enrol-skip")).await;
        let note = page.text("#policy-note");
        assert!(!note.contains("up to you") && note.contains("required of you"), "{note}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u15_an_answered_prompt_has_an_outcome() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let outcome =
            async |trace: &str| server.admin().explain("main", trace).await.unwrap().unwrap().outcome;
        let mut browser = server.browser();
        let page = browser.sign_in("alice").await;
        let trace = page.form_of("#factor-submit").flow_id().to_owned();
        assert_eq!(outcome(&trace).await, vestibule_flows::PromptOutcome::Open);
        server.clock.advance(5);
        browser.answer(&page, &phone.code(&server.clock)).await;
        assert_eq!(outcome(&trace).await, vestibule_flows::PromptOutcome::Passed);
        server.clock.advance(30);
        let mut browser = server.browser();
        let page = browser.sign_in("alice").await;
        let trace = page.form_of("#factor-submit").flow_id().to_owned();
        browser.submit(page.form("/login/cancel")).await;
        assert_eq!(outcome(&trace).await, vestibule_flows::PromptOutcome::Failed);
    })
    .await;
}

/// Types a code of another moment into an enrolment.
async fn enrol_with(
    server: &Server,
    browser: &mut vestibule_tests::Browser,
    page: &Page,
    ahead: i64,
) -> Page {
    let secret: String = page.text("#totp-secret").split_whitespace().collect();
    let phone = Authenticator { secret, codes: Vec::new() };
    let form = page.form_of("#enrol-submit").with("code", &phone.code_at(server.clock.seconds() + ahead));
    let page = browser.submit(form).await;
    server.clock.advance(30);
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u16_a_phone_that_is_off_is_told_where_it_is_set_up() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Required)).await;
        for inside in [true, false] {
            if inside {
                server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Optional)).await;
            } else {
                server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Required)).await;
            }
            for (ahead, words) in [(420, ["fast", "7 minutes"]), (-420, ["slow", "7 minutes"])] {
                let mut browser = server.browser();
                let page = browser.sign_in("alice").await;
                let page = if inside {
                    let page = browser.get("/u/security").await;
                    browser.submit(page.form_of("#add-totp")).await
                } else {
                    browser.to_totp(&page).await
                };
                // One such code says nothing, neither does the same one twice.
                let page = enrol_with(&server, &mut browser, &page, ahead).await;
                assert!(page.has_id("form-error") && !page.has_id("factor-hint"), "{}", page.body);
                let same = enrol_with(&server, &mut browser, &page, ahead - 30).await;
                assert!(!same.has_id("factor-hint"), "{}", same.body);
                let page = enrol_with(&server, &mut browser, &same, ahead).await;
                let hint = page.text("#factor-hint");
                assert!(words.iter().all(|word| hint.contains(word)), "{inside} {ahead} {hint:?}");
                // It says one thing, and the same secret still works with the right code.
                assert!(!page.text("#form-error").contains("next one"), "{}", page.text("#form-error"));
                assert!(page.has_id("totp-secret"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u17_somebody_who_lost_the_phone_sees_the_way_in_and_what_to_do_next() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let mut browser = server.browser();
        let page = browser.sign_in("alice").await;
        let (way, cancel) = (page.body.find("id=\"other-methods\""), page.body.find("id=\"cancel\""));
        assert!(way.is_some() && way < cancel, "{}", page.body);
        assert!(page.text("#other-methods summary").contains("Lost your phone"));
        let page = browser.submit(page.form_of("#choose-recovery")).await;
        let page = browser.answer(&page, &phone.codes[0]).await;
        assert!(page.text("#done-advice").contains("lost"), "{}", page.body);
        assert_eq!(page.attribute("#done-advice-link", "href").as_deref(), Some("/u/security"));
        let page = browser.get("/u/security").await;
        assert!(page.has(".remove-factor"), "{}", page.body);
        // Where there is no other way the page says who helps.
        let mut setup = Setup::on(engine);
        setup.settings.support_email = Some("help@example.test".to_owned());
        setup.settings.factors.insert(FactorKind::new("recovery"), serde_json::json!({ "codes": 0 }));
        let server = setup.start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let page = owner.get("/u/security").await;
        let page = owner.submit(page.form_of("#add-totp")).await;
        owner.finish_enrolment(&page, &server.clock).await;
        let page = server.browser().sign_in("alice").await;
        assert!(page.text("#no-other-method").contains("help@example.test"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u21_nothing_is_promised_that_cannot_be_given() {
    on_every_engine(|engine| async move {
        let setup = Setup::on(engine).client(|client| {
            client.first_party = false;
            client.scopes.extend(["address", "phone", "ledger.read"].map(str::to_owned));
        });
        let server = setup.start().await;
        let rp = server.rp();
        let mut browser = server.browser();
        let metadata = browser.get("/oidc/.well-known/openid-configuration").await;
        let metadata: serde_json::Value = serde_json::from_str(&metadata.body).unwrap();
        assert_eq!(
            metadata["scopes_supported"],
            serde_json::json!(["address", "email", "offline_access", "openid", "phone", "profile"])
        );
        let scope = "openid email address phone ledger.read groups";
        let page = rp.authorize(&mut browser, &[("scope", scope)]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("consent-allow"), "{}", page.body);
        let asked = page.text(".scopes");
        assert!(asked.contains("email") && asked.contains("ledger.read"), "{asked}");
        assert!(asked.contains("postal") && asked.contains("phone"), "{asked}");
        assert!(!asked.contains("roup"), "it is not registered for groups: {asked}");
        let page = browser.submit(page.form_of("#consent-allow")).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let granted = tokens.text("scope");
        assert!(granted.contains("address") && granted.contains("phone"), "{granted}");
        // What was promised is given as soon as it is known, and nothing that is not.
        let told = async || rp.userinfo(&tokens.text("access_token")).await.body;
        assert_eq!(told().await.get("phone_number"), None);
        let known = |spec: &mut vestibule_flows::UserSpec| {
            for (field, text) in [(TextField::PhoneNumber, "+493012345678"), (TextField::Locality, "Berlin")]
            {
                spec.profile.set(field, Some(text)).unwrap();
            }
        };
        server.admin().update_user("main", "alice", known).await.unwrap();
        assert_eq!(told().await["phone_number"], "+493012345678");
        assert_eq!(told().await["address"]["locality"], "Berlin");
        // The grant is complete: the next sign-in asks nothing.
        let silent = rp.silent(&mut browser, &[("scope", scope)]).await;
        assert_eq!(silent.error(), None);
    })
    .await;
}
