//! A remembered browser replaces the question for a second factor where the tenant allows it, and nothing else.

use crate::support::{
    BROWSER, DEVICE, SESSION, add_device, alice, bare, credential, enrolled, entered, is_inside, pending,
    regenerate, remove, state, to_recovery,
};
use reqwest::StatusCode;
use serde_json::json;
use vestibule_domain::{
    Acr, UserStatus,
    policy::{Ask, Rule, When},
};
use vestibule_flows::ResetAnswer;
use vestibule_tests::{Authenticator, Browser, Engine, PASSWORD, Server, Setup, on_every_engine};
use zeroize::Zeroizing;

const DAYS: u32 = 30;

fn remembering(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    setup.settings.mfa.everybody.remember_days = Some(DAYS);
    setup
}

/// A browser of alice's that is remembered, and has no session.
async fn remembered(server: &Server, phone: &Authenticator) -> Browser {
    let (mut browser, page) = pending(server).await;
    let page = browser.answer_and_be_remembered(&page, &phone.code(&server.clock)).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    server.clock.advance(30);
    signed_out(&browser)
}

/// The same browser without its session.
fn signed_out(browser: &Browser) -> Browser {
    let mut browser = browser.clone();
    browser.cookies.remove(SESSION);
    assert!(browser.cookies.contains_key(DEVICE) && browser.cookies.contains_key(BROWSER));
    browser
}

/// Whether a browser that signs in with the right password is asked for the second factor.
async fn asked(browser: &Browser, password: &str) -> bool {
    let mut browser = browser.clone();
    let page = browser.get("/u").await;
    let page = browser.log_in(&page, "alice", password).await;
    let (asked, inside) = (page.has_id("factor-submit"), is_inside(&page));
    assert!(asked != inside, "{} {} {}", page.status, page.url, page.body);
    assert_eq!(browser.cookies.contains_key(SESSION), inside);
    asked
}

fn with_cookie(browser: &Browser, value: &str) -> Browser {
    let mut browser = browser.clone();
    browser.cookies.insert(DEVICE.to_owned(), value.to_owned());
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_a_remembered_browser_never_raises_the_class() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        server.add_client("strict", |client| client.min_acr = Some(Acr::Mfa)).await;
        let rp = server.rp();
        let mut strict = rp.clone();
        strict.client_id = "strict".to_owned();
        let mut browser = remembered(&server, &phone).await;
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        // Nothing is asked, and nothing is claimed.
        let tokens = rp.verified(&rp.callback(&page)).await;
        let refreshed = rp.refresh(&tokens.text("refresh_token")).await;
        for claims in [tokens.claims(), tokens.access_claims(), refreshed.access_claims()] {
            assert_eq!(claims["acr"], "urn:vestibule:acr:1fa", "{claims}");
        }
        assert_eq!(tokens.claims()["amr"], json!(["pwd"]));
        assert_eq!(tokens.claims()["auth_time"], server.clock.seconds());
        let essential = r#"{"id_token":{"acr":{"essential":true,"values":["urn:vestibule:acr:mfa","2"]}}}"#;
        for extra in [("acr_values", "urn:vestibule:acr:mfa"), ("claims", essential)] {
            assert_eq!(rp.silent(&mut browser, &[extra]).await.error(), Some("interaction_required"));
            let page = rp.authorize(&mut browser, &[extra]).await;
            assert!(page.has_id("otp"), "{extra:?} {} {}", page.url, page.body);
        }
        assert_eq!(strict.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        // Neither at the first sign-in of a browser.
        for extra in [("acr_values", "2"), ("claims", essential)] {
            let mut fresh = signed_out(&browser);
            let page = rp.authorize(&mut fresh, &[extra]).await;
            assert!(fresh.log_in(&page, "alice", PASSWORD).await.has_id("otp"), "{extra:?}");
        }
        let mut fresh = signed_out(&browser);
        let page = strict.authorize(&mut fresh, &[]).await;
        assert!(fresh.log_in(&page, "alice", PASSWORD).await.has_id("otp"));
        // And it says nothing instead of a password.
        let mut fresh = signed_out(&browser);
        let page = fresh.get("/u").await;
        assert!(fresh.log_in(&page, "alice", "not the password").await.has_id("form-error"));
        assert!(!fresh.cookies.contains_key(SESSION));
        assert_eq!(rp.silent(&mut fresh, &[]).await.error(), Some("login_required"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_the_cookie_is_for_this_host_alone_and_no_script_reads_it() {
    let (server, _, phone) = enrolled(remembering(Engine::Sqlite)).await;
    let (mut browser, page) = pending(&server).await;
    let form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
    let page = browser.post(&form.forged("remember", "1")).await;
    let cookies = page.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap());
    let cookie = cookies.into_iter().find(|one| one.starts_with(DEVICE)).unwrap();
    for attribute in ["; HttpOnly", "; SameSite=Lax", "; Path=/", &format!("; Max-Age={}", DAYS * 86_400)] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_a_forged_cookie_or_that_of_somebody_else_spares_nobody() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        let browser = remembered(&server, &phone).await;
        assert!(!asked(&browser, PASSWORD).await, "nothing below would mean anything");
        let good = browser.cookies.get(DEVICE).unwrap().clone();
        // Another browser of the same person.
        assert!(asked(&server.browser(), PASSWORD).await);
        let mut last = good.clone();
        let end = if last.ends_with('A') { 'B' } else { 'A' };
        last.pop();
        last.push(end);
        let row = state(&server).await.remembered_browsers.first().unwrap().id.to_string();
        let own = browser.cookies.get(BROWSER).unwrap().clone();
        for bad in [
            last,
            good.get(1..).unwrap().to_owned(),
            format!("{good}A"),
            good.to_lowercase(),
            good.to_uppercase(),
            good.chars().rev().collect(),
            row,
            own,
            alice(&server).await.id.to_string(),
            "alice".to_owned(),
            "1".to_owned(),
            "' OR 1=1 --".to_owned(),
            "%".to_owned(),
            "A".repeat(43),
        ] {
            assert!(asked(&with_cookie(&browser, &bad), PASSWORD).await, "{bad}");
        }
        // Bob's browser is remembered, too: for bob.
        server.add_user("bob").await;
        let mut bob = crate::support::password_suffices(&server, "bob").await;
        let bobs_phone = server.enrol(&mut bob).await;
        let mut bob = server.browser();
        let page = bob.sign_in("bob").await;
        let page = bob.answer_and_be_remembered(&page, &bobs_phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{}", page.body);
        let bobs = bob.cookies.get(DEVICE).unwrap().clone();
        assert!(asked(&with_cookie(&browser, &bobs), PASSWORD).await);
        let mut swapped = with_cookie(&server.browser(), &good);
        assert!(swapped.sign_in("bob").await.has_id("factor-submit"));
        // Two cookies of the name: the second is none.
        assert!(asked(&with_cookie(&server.browser(), &format!("{bobs}; {DEVICE}={good}")), PASSWORD).await);
        assert!(!asked(&with_cookie(&server.browser(), &good), PASSWORD).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_a_browser_remembered_at_one_pool_is_a_stranger_at_another() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        let here = remembered(&server, &phone).await;
        // The other pool's alice has the same name, password and habits.
        let origin = server.other().origin.clone();
        let mut neighbour = server.browser_at(0, &origin);
        neighbour.sign_in("alice").await;
        let other_phone = server.enrol(&mut neighbour).await;
        let mut there = server.browser_at(0, &origin);
        let page = there.sign_in("alice").await;
        let page = there.answer_and_be_remembered(&page, &other_phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{}", page.body);
        let there = signed_out(&there);
        assert!(!asked(&here, PASSWORD).await && !asked(&there, PASSWORD).await);
        for (mut smuggler, from) in [(server.browser_at(0, &origin), &here), (server.browser(), &there)] {
            smuggler.cookies = from.cookies.clone();
            assert!(asked(&smuggler, PASSWORD).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_a_browser_is_remembered_for_as_long_as_was_said_and_not_a_second_more() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(remembering(engine)).await;
        let browser = remembered(&server, &phone).await;
        // Thirty seconds have passed.
        server.clock.advance(i64::from(DAYS) * 86_400 - 31);
        assert!(!asked(&browser, PASSWORD).await);
        // Being used does not make it last.
        server.clock.advance(1);
        assert!(asked(&browser, PASSWORD).await);
        assert!(state(&server).await.remembered_browsers.is_empty());
        let browser = remembered(&server, &phone).await;
        server.restart().await;
        assert!(!asked(&browser, PASSWORD).await);
        // A change of the tenant's mind counts at once: fewer days, or none.
        server.clock.advance(3 * 86_400);
        server.rule(|settings| settings.mfa.everybody.remember_days = Some(3)).await;
        assert!(asked(&browser, PASSWORD).await);
        server.rule(|settings| settings.mfa.everybody.remember_days = Some(4)).await;
        assert!(!asked(&browser, PASSWORD).await);
        for never in [Some(0), None] {
            server.rule(|settings| settings.mfa.everybody.remember_days = never).await;
            assert!(asked(&browser, PASSWORD).await, "{never:?}");
            assert!(!pending(&server).await.1.has_id("remember"));
        }
    })
    .await;
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Password,
    Reset,
    SetByOperator,
    Added,
    Removed,
    Regenerated,
    DisabledAndBack,
    Forgotten,
    AllOff,
    ResetByOperator,
}

const CHANGES: [Change; 10] = [
    Change::Password,
    Change::Reset,
    Change::SetByOperator,
    Change::Added,
    Change::Removed,
    Change::Regenerated,
    Change::DisabledAndBack,
    Change::Forgotten,
    Change::AllOff,
    Change::ResetByOperator,
];

const NEW: &str = "a drawbridge of new planks 9";

/// Does it, as alice in another browser or as an operator; gives the password after it.
async fn happen(server: &Server, change: Change, owner: &mut Browser) -> &'static str {
    let page = owner.get("/u/security").await;
    match change {
        Change::Password => {
            let form = owner.get("/u/password").await.form("/u/password");
            let form = form.with("current_password", PASSWORD).with("new_password", NEW);
            assert_eq!(owner.submit(form).await.status, StatusCode::OK);
            return NEW;
        }
        Change::Reset => {
            let mut browser = server.browser();
            let page = browser.get("/login/reset").await;
            browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
            let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
            let form = browser.get(&link).await.form_of("#reset-complete-submit").with("password", NEW);
            assert!(browser.submit(form).await.has_id("done-title"));
            return NEW;
        }
        Change::SetByOperator => {
            server.admin().set_user_password("main", "alice", Zeroizing::new(NEW.to_owned())).await.unwrap();
            return NEW;
        }
        Change::Added => {
            add_device(server, owner, "One more").await;
        }
        Change::Removed => {
            let id = credential(server, "Work tablet").await;
            assert_eq!(remove(owner, &page, &id).await.status, StatusCode::OK);
        }
        Change::Regenerated => assert!(regenerate(owner, &page, "recovery").await.has_id("recovery-codes")),
        Change::DisabledAndBack => {
            for status in [UserStatus::Disabled, UserStatus::Active] {
                server.admin().set_user_status("main", "alice", status).await.unwrap();
            }
        }
        Change::Forgotten => {
            let page = owner.get("/u/sessions").await;
            let page = owner.submit(page.form("/u/sessions/forget")).await;
            assert!(page.has(".alert-success") && !page.has_id("devices"), "{}", page.body);
        }
        Change::AllOff => {
            let page = owner.submit(bare(&page, "/u/security/disable")).await;
            assert!(page.has_id("no-factors"), "{}", page.body);
        }
        Change::ResetByOperator => {
            let answer = server.admin().reset_factors("main", "alice").await.unwrap();
            assert!(matches!(answer, ResetAnswer::Done(_)), "{answer:?}");
        }
    }
    PASSWORD
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_any_change_of_the_doors_forgets_every_browser() {
    on_every_engine(|engine| async move {
        for change in CHANGES {
            let (server, mut first, phone) = enrolled(remembering(engine)).await;
            add_device(&server, &mut first, "Work tablet").await;
            let browser = remembered(&server, &phone).await;
            assert!(!asked(&browser, PASSWORD).await, "{change:?}");
            let mut owner = entered(&server, &phone).await;
            let password = happen(&server, change, &mut owner).await;
            assert!(state(&server).await.remembered_browsers.is_empty(), "{change:?}");
            if matches!(change, Change::AllOff | Change::ResetByOperator) {
                // A user without a factor is not asked; after a new factor the browser is not remembered any more.
                assert!(!asked(&browser, password).await);
                let mut owner = server.browser();
                owner.sign_in("alice").await;
                server.enrol(&mut owner).await;
            }
            assert!(asked(&browser, password).await, "{change:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_where_a_recent_proof_is_asked_nobody_is_spared() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        let rp = server.rp();
        let browser = remembered(&server, &phone).await;
        for extra in
            [("prompt", "login"), ("prompt", "select_account"), ("max_age", "0"), ("max_age", "86400")]
        {
            let mut browser = browser.clone();
            let page = rp.authorize(&mut browser, &[extra]).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            assert!(page.has_id("otp"), "{extra:?} {} {}", page.url, page.body);
        }
        // A session that was spared changes no factor, and adds none.
        let mut spared = browser.clone();
        assert!(is_inside(&spared.sign_in("alice").await));
        let page = spared.get("/u/security").await;
        assert!(is_inside(&page), "{}", page.body);
        let id = credential(&server, "Authenticator app").await;
        let removal = format!("/u/security/remove/{id}");
        let paths =
            [removal.as_str(), "/u/security/disable", "/u/security/regenerate", "/u/security/enrol/totp"];
        let before = state(&server).await.credentials;
        for path in paths {
            for answer in [spared.get(path).await, spared.submit(bare(&page, path)).await] {
                assert!(answer.has_id("otp") && !is_inside(&answer), "{path} {} {}", answer.url, answer.body);
            }
        }
        assert_eq!(state(&server).await.credentials, before);
        // The proof in that sign-in is a real one: then it counts.
        let asked = spared.get(&removal).await;
        let page = spared.answer(&asked, &phone.code(&server.clock)).await;
        assert!(page.has_id("confirm-submit"), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_an_application_whose_rule_forbids_it_still_asks() {
    on_every_engine(|engine| async move {
        let mut setup = remembering(engine);
        for (name, days) in [("bank", 0), ("shop", 1)] {
            let when = When { applications: vec![name.to_owned()], ..When::default() };
            let ask = Ask { remember_days: Some(days), ..Ask::default() };
            setup.settings.mfa.rules.push(Rule { name: format!("rule of the {name}"), when, ask });
        }
        let (server, _, phone) = enrolled(setup).await;
        for name in ["bank", "shop"] {
            server.add_client(name, |_| {}).await;
        }
        let named = |id: &str| {
            let mut rp = server.rp();
            id.clone_into(&mut rp.client_id);
            rp
        };
        let (app, bank, shop) = (server.rp(), named("bank"), named("shop"));
        let browser = remembered(&server, &phone).await;
        for (rp, is_asked) in [(&app, false), (&bank, true), (&shop, false)] {
            let mut browser = browser.clone();
            let page = rp.authorize(&mut browser, &[]).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            assert_eq!(page.has_id("otp"), is_asked, "{} {}", rp.client_id, page.url);
            assert_eq!(page.left, !is_asked, "{} {}", rp.client_id, page.url);
            // At the bank it is not even offered.
            assert!(!page.has_id("remember") || page.left, "{}", page.body);
        }
        // A session that was spared by another application is not enough there.
        let mut spared = browser.clone();
        assert!(is_inside(&spared.sign_in("alice").await));
        assert_eq!(bank.silent(&mut spared, &[]).await.error(), Some("interaction_required"));
        assert!(bank.authorize(&mut spared, &[]).await.has_id("otp"));
        assert_eq!(shop.silent(&mut spared, &[]).await.error(), None);
        // Each by its own calendar.
        server.clock.advance(86_400);
        for (rp, is_asked) in [(&app, false), (&bank, true), (&shop, true)] {
            let mut browser = browser.clone();
            let page = rp.authorize(&mut browser, &[]).await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            assert_eq!(page.has_id("otp"), is_asked, "{} {}", rp.client_id, page.url);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_only_a_right_answer_of_a_real_factor_is_remembered() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        // The box at the first factor, at a wrong answer, at a recovery code.
        let mut browser = server.browser();
        let page = browser.get("/u").await;
        let form = page.form_of("#login-submit").with("username", "alice").with("password", PASSWORD);
        let page = browser.submit(form.forged("remember", "1")).await;
        let wrong = phone.wrong_code(&server.clock);
        let page = browser.answer_and_be_remembered(&page, &wrong).await;
        assert!(page.has_id("form-error"), "{}", page.body);
        let page = to_recovery(&mut browser, &page).await;
        let form = page.form_of("#factor-submit").with("code", phone.codes.first().unwrap());
        let page = browser.submit(form.forged("remember", "1")).await;
        assert!(page.has_id("done-next"), "{}", page.body);
        assert!(!browser.cookies.contains_key(DEVICE));
        // Without the box, however good the answer.
        let browser = entered(&server, &phone).await;
        assert!(!browser.cookies.contains_key(DEVICE));
        assert!(state(&server).await.remembered_browsers.is_empty());
        // Where it is not offered the field is not read.
        server.rule(|settings| settings.mfa.everybody.remember_days = None).await;
        let (mut browser, page) = pending(&server).await;
        let form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
        assert!(is_inside(&browser.submit(form.forged("remember", "1")).await));
        assert!(!browser.cookies.contains_key(DEVICE) && state(&server).await.remembered_browsers.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_a_browser_that_was_forgotten_while_it_was_signed_in_is_asked_and_not_stuck() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(remembering(engine)).await;
        let mut browser = remembered(&server, &phone).await;
        assert!(is_inside(&browser.sign_in("alice").await));
        let mut owner = entered(&server, &phone).await;
        happen(&server, Change::Forgotten, &mut owner).await;
        assert!(browser.cookies.contains_key(DEVICE));
        let rp = server.rp();
        server.clock.advance(1);
        let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"), "{} {} {}", page.status, page.url, page.body);
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        rp.verified(&rp.callback(&page)).await;
        assert!(asked(&signed_out(&browser), PASSWORD).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a32_nobody_forgets_or_sees_the_browsers_of_somebody_else() {
    let (server, _, phone) = enrolled(remembering(Engine::Sqlite)).await;
    let browser = remembered(&server, &phone).await;
    let id = state(&server).await.remembered_browsers.first().unwrap().id.to_string();
    server.add_user("bob").await;
    let mut bob = crate::support::password_suffices(&server, "bob").await;
    let page = bob.get("/u/sessions").await;
    assert!(!page.has_id("devices"), "{}", page.body);
    let page = bob.submit(bare(&page, "/u/sessions/forget").forged("device", &id)).await;
    assert!(!page.has(".alert-success"), "{}", page.body);
    assert!(!asked(&browser, PASSWORD).await);
}
