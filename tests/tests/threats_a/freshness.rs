//! A proof opens what it is strong enough for: what guards a factor is a factor of its own strength.

use crate::support::{alice, bare, count, credential, enrolled, entered, is_inside, pending, removal, state};
use reqwest::StatusCode;
use serde_json::json;
use vestibule_domain::{FactorKind, Policy, policy::Proof};
use vestibule_mfa::soft_authenticator::SoftAuthenticator;
use vestibule_tests::{Authenticator, Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

/// A pool that takes everything there is.
fn anything(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    let kinds = ["passkey", "security-key", "totp", "email"].map(FactorKind::new);
    setup.settings.mfa.everybody.factors = Some(kinds.to_vec());
    setup
}

/// The code in the newest mail to alice.
async fn mailed(server: &Server) -> String {
    let mails = server.mails().await;
    let mail = mails.iter().rfind(|mail| mail.subject.contains("Your code")).unwrap();
    let is_code = |word: &&str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
    mail.text.split_whitespace().find(is_code).unwrap().to_owned()
}

/// Enrols the mailed code in the user center.
async fn enrol_email(server: &Server, browser: &mut Browser) {
    let page = browser.get("/u/security/enrol/email").await;
    assert!(page.has_id("enrol-submit"), "{} {}", page.url, page.body);
    let form = page.form_of("#enrol-submit").with("code", &mailed(server).await);
    browser.submit(form).await;
    assert_eq!(count(server, "email").await, 1);
    server.clock.advance(30);
}

/// Enrols a passkey in the user center.
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

/// Goes from whatever factor is asked to this one, and answers with the mailed code or the app's.
async fn prove(
    server: &Server,
    browser: &mut Browser,
    page: &Page,
    with: &str,
    phone: &Authenticator,
) -> Page {
    let choose = format!("choose-{with}");
    let page = if page.has_id(&choose) {
        browser.submit(page.form_of(&format!("#{choose}"))).await
    } else {
        page.clone()
    };
    assert_eq!(page.attribute("input[name=kind]", "value").as_deref(), Some(with), "{}", page.body);
    let code = match with {
        "email" => mailed(server).await,
        "totp" => phone.code(&server.clock),
        _ => phone.codes.first().unwrap().clone(),
    };
    let page = browser.answer(&page, &code).await;
    server.clock.advance(30);
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a10_a_mailed_code_changes_nothing_that_is_stronger_than_itself() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(anything(engine)).await;
        let mut owner = entered(&server, &phone).await;
        enrol_email(&server, &mut owner).await;
        // Whoever reads alice's mail knows her password, too.
        let (mut thief, page) = pending(&server).await;
        let page = prove(&server, &mut thief, &page, "email", &phone).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        let before = state(&server).await.credentials;
        let totp = removal(&credential(&server, "Authenticator app").await);
        let paths = [
            totp.as_str(),
            "/u/security/disable",
            "/u/security/regenerate",
            "/u/security/enrol/totp",
            "/u/security/enrol/passkey",
        ];
        for path in paths {
            for answer in [thief.get(path).await, thief.submit(bare(&page, path)).await] {
                assert!(answer.has_id("factor-submit"), "{path} {} {}", answer.url, answer.body);
                assert!(!answer.has_id("choose-email"), "{path} would take a mailed code");
                assert_ne!(answer.attribute("input[name=kind]", "value").as_deref(), Some("email"), "{path}");
                // Nor when it is not offered.
                let forged =
                    answer.form_of("#factor-submit").to("/login/factor/choose").forged("kind", "email");
                let page = thief.submit(forged).await;
                assert_ne!(page.attribute("input[name=kind]", "value").as_deref(), Some("email"), "{path}");
            }
        }
        assert_eq!(state(&server).await.credentials, before);
        // What it is as strong as, it may: itself.
        let email = before.iter().find(|one| one.1 == "email").unwrap().0.clone();
        let answer = thief.get(&removal(&email)).await;
        assert!(answer.has_id("confirm-submit"), "{} {}", answer.url, answer.body);
        // And a proof that is strong enough opens all of it.
        let asked = thief.get(&totp).await;
        let opened = prove(&server, &mut thief, &asked, "totp", &phone).await;
        assert!(opened.has_id("confirm-submit"), "{} {}", opened.url, opened.body);
        assert!(thief.get("/u/security/disable").await.has_id("confirm-submit"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a10_a_code_does_not_take_a_passkey_away() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(anything(engine)).await;
        let mut owner = entered(&server, &phone).await;
        let mut key = enrol_passkey(&server, &mut owner).await;
        let (mut thief, page) = pending(&server).await;
        let page = prove(&server, &mut thief, &page, "totp", &phone).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        let before = state(&server).await.credentials;
        let id = |kind: &str| before.iter().find(|one| one.1 == kind).unwrap().0.clone();
        let passkey = removal(&id("passkey"));
        for path in [passkey.as_str(), "/u/security/disable"] {
            for answer in [thief.get(path).await, thief.submit(bare(&page, path)).await] {
                assert!(answer.has_id("factor-submit"), "{path} {} {}", answer.url, answer.body);
                assert!(!answer.has_id("choose-totp") && !answer.has_id("otp"), "{path} would take a code");
            }
        }
        assert_eq!(state(&server).await.credentials, before);
        // The app itself, and new recovery codes, are within its strength.
        for path in [removal(&id("totp")), "/u/security/regenerate".to_owned()] {
            assert!(thief.get(&path).await.has_id("confirm-submit"), "{path}");
        }
        // The owner has it in hand; and a recovery code stands in for anything.
        let asked = thief.get(&passkey).await;
        let mut owner = thief.clone();
        let options = asked.attribute("[data-webauthn=get]", "data-options").unwrap();
        let answer = key.get(&options, server.pool().origin.as_str());
        let opened = owner.submit(asked.form_of("#factor-submit").with("credential", &answer)).await;
        assert!(opened.has_id("confirm-submit"), "{} {}", opened.url, opened.body);
        let gone = owner.submit(opened.form_of("#confirm-submit")).await;
        assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
        assert_eq!((count(&server, "passkey").await, count(&server, "totp").await), (0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a10_somebody_who_lost_everything_else_gets_rid_of_it_by_a_recovery_code() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(anything(engine)).await;
        let mut owner = entered(&server, &phone).await;
        enrol_passkey(&server, &mut owner).await;
        let before = state(&server).await.credentials;
        let passkey = before.iter().find(|one| one.1 == "passkey").unwrap().0.clone();
        // At the gate itself, where the page after a recovery code leads on to what was wished.
        let (mut lost, page) = pending(&server).await;
        let page = prove(&server, &mut lost, &page, "totp", &phone).await;
        assert!(is_inside(&page));
        let asked = lost.get(&removal(&passkey)).await;
        let told = prove(&server, &mut lost, &asked, "recovery", &phone).await;
        let next = told.attribute("#done-next", "href").unwrap();
        let page = lost.get(&next).await;
        assert_eq!(page.status, StatusCode::OK, "{} {}", page.url, page.body);
        let page = lost.get(&removal(&passkey)).await;
        let gone = lost.submit(page.form_of("#confirm-submit")).await;
        assert_eq!((gone.status, count(&server, "passkey").await), (StatusCode::OK, 0), "{}", gone.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a10_a_passkey_signs_in_alone_and_is_asked_for_nothing_more() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(anything(engine)).await;
        let mut owner = entered(&server, &phone).await;
        let mut key = enrol_passkey(&server, &mut owner).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[("acr_values", "phr")]).await;
        let options = page.attribute("#passkey-form [data-webauthn=get]", "data-options").unwrap();
        let answer = key.get(&options, server.pool().origin.as_str());
        let form = page.form_of("#passkey-submit").with("credential", &answer);
        let page = browser.submit(form.clone()).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "phr");
        assert!(!claims["amr"].as_array().unwrap().contains(&json!("pwd")), "{claims}");
        assert_eq!(claims["sub"], alice(&server).await.id.to_string());
        // Once: neither again, nor in another browser.
        let mut signed_out = browser.clone();
        signed_out.cookies.remove(crate::support::SESSION).unwrap();
        let again = signed_out.submit(form.clone()).await;
        assert!(!again.left && again.has_id("login-submit"), "{}", again.url);
        // Where the session is there still, that is what answers, and no new one begins.
        let cookies = browser.cookies.clone();
        let again = browser.submit(form.clone()).await;
        assert!(rp.callback(&again).0.contains_key("code") && browser.cookies == cookies, "{}", again.url);
        let mut thief = server.browser();
        let own = thief.get("/login").await.form_of("#login-submit");
        let stolen = thief.submit(form.forged("csrf", own.value("csrf").unwrap())).await;
        assert!(!stolen.left && !is_inside(&stolen) && !thief.cookies.contains_key("vestibule"));
    })
    .await;
}

/// What a gate asks of a session that has just come in through both factors.
#[derive(Debug, PartialEq)]
enum Wants {
    Nothing,
    Password,
    Factor,
}

fn wants(page: &Page) -> Wants {
    match (page.has_id("login-submit"), page.has_id("factor-submit")) {
        (true, _) => Wants::Password,
        (_, true) => Wants::Factor,
        _ => {
            let open = is_inside(page) || page.has_id("totp-secret");
            assert!(open, "{} {} {}", page.status, page.url, page.body);
            Wants::Nothing
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a9_every_gate_asks_what_the_tenant_wants_and_opens_when_it_has_it() {
    on_every_engine(|engine| async move {
        for proof in [Proof::Recent, Proof::Password, Proof::Factor, Proof::PasswordAndFactor] {
            let mut policy = Policy::default();
            let ask = &mut policy.everybody;
            (ask.enrol, ask.remove, ask.disable, ask.regenerate) =
                (Some(proof), Some(proof), Some(proof), Some(proof));
            let (server, _, phone) = enrolled(Setup::on(engine)).await;
            server.rule(|settings| settings.mfa = policy.clone()).await;
            let id = credential(&server, "Authenticator app").await;
            for path in
                ["/u/security/enrol/totp", &removal(&id), "/u/security/regenerate", "/u/security/disable"]
            {
                let mut owner = entered(&server, &phone).await;
                let before = state(&server).await.credentials;
                let from = owner.get("/u").await;
                let mut page = owner.get(path).await;
                let first = match proof {
                    Proof::Recent => Wants::Nothing,
                    Proof::Factor => Wants::Factor,
                    Proof::Password | Proof::PasswordAndFactor => Wants::Password,
                };
                assert_eq!(wants(&page), first, "{proof:?} {path} {}", page.url);
                if first != Wants::Nothing {
                    // The form behind the gate is shut as well.
                    let posted = owner.submit(bare(&from, path)).await;
                    assert_eq!(wants(&posted), first, "{proof:?} {path}");
                    assert_eq!(state(&server).await.credentials, before, "{proof:?} {path}");
                    page = owner.get(path).await;
                }
                if wants(&page) == Wants::Password {
                    page = owner.log_in(&page, "alice", PASSWORD).await;
                    let second =
                        if proof == Proof::PasswordAndFactor { Wants::Factor } else { Wants::Nothing };
                    assert_eq!(wants(&page), second, "{proof:?} {path} {}", page.url);
                }
                if wants(&page) == Wants::Factor {
                    page = owner.answer(&page, &phone.code(&server.clock)).await;
                    server.clock.advance(30);
                }
                // No circle: it is open.
                let open = page.has_id("confirm-submit") || page.has_id("totp-secret");
                assert!(open, "{proof:?} {path} {} {}", page.url, page.body);
                assert_eq!(wants(&owner.get(path).await), Wants::Nothing, "{proof:?} {path}");
                // For a while.
                server.clock.advance(301);
                assert_ne!(wants(&owner.get(path).await), Wants::Nothing, "{proof:?} {path}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a42_an_enrolment_is_not_the_factor_once_more() {
    on_every_engine(|engine| async move {
        let mut policy = Policy::default();
        let ask = &mut policy.everybody;
        (ask.enrol, ask.remove, ask.disable, ask.regenerate) =
            (Some(Proof::Factor), Some(Proof::Factor), Some(Proof::Factor), Some(Proof::Factor));
        let (server, mut owner, phone) = enrolled(Setup::on(engine).policy(policy)).await;
        // A moment later the session is at its owner's page, and somebody else at the keyboard.
        let id = credential(&server, "Authenticator app").await;
        let before = state(&server).await.credentials;
        let from = owner.get("/u").await;
        for path in [&removal(&id), "/u/security/regenerate", "/u/security/disable", "/u/security/enrol/totp"]
        {
            assert_eq!(wants(&owner.get(path).await), Wants::Factor, "{path}");
            assert_eq!(wants(&owner.submit(bare(&from, path)).await), Wants::Factor, "{path}");
        }
        assert_eq!(state(&server).await.credentials, before);
        // The owner has it in hand.
        let page = owner.get("/u/security/disable").await;
        let page = owner.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.has_id("confirm-submit"), "{} {}", page.url, page.body);
    })
    .await;
}
