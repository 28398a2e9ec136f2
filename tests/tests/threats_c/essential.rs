//! C22: an essential `acr` that is not reached gives an error, never a code; a voluntary one gives the truth.

use crate::support::{MFA, ONE, enrolled, essential, named, tokens_of, with_phone};
use serde_json::json;
use vestibule_domain::{Acr, FactorKind, MfaMode};
use vestibule_tests::{App, Browser, PASSWORD, Page, Server, Setup, on_every_engine};

const UNMET: &str = "unmet_authentication_requirements";

/// Where an answer of the second factor counts for ten minutes.
fn short_lived(mut setup: Setup) -> Setup {
    setup.settings.lifetimes.second_factor = 600;
    setup
}

/// The answer is this error, and no code.
fn refused(rp: &App, page: &Page, error: &str, why: &str) {
    let callback = rp.callback(page);
    assert_eq!(callback.error(), Some(error), "{why}: {}", page.url);
    assert!(!callback.0.contains_key("code"), "{why}: {}", page.url);
}

/// Where the phone is the only factor there may be, so that nobody reaches the classes above it.
fn phones_only(mut setup: Setup) -> Setup {
    setup.settings.mfa.everybody.factors = Some(vec![FactorKind::new("totp")]);
    setup
}

/// Signs in with a password, and a code where one is asked.
async fn through(server: &Server, rp: &App, extra: &[(&str, &str)]) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, extra).await;
    if page.left {
        return (browser, page);
    }
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    (browser, page)
}

/// Requests for something that nobody here can reach, whoever signs in.
fn impossible() -> Vec<String> {
    let member = |json: &str| format!(r#"{{"id_token":{{"acr":{json}}}}}"#);
    vec![
        essential(&["phr"]),
        essential(&["phrh"]),
        essential(&["phrh", "phr"]),
        essential(&["urn:nobody:knows:this"]),
        essential(&["urn:nobody:knows:this", "gold", ""]),
        essential(&["urn:nobody:knows:this", "phr"]),
        // Names of classes, but not quite.
        essential(&["URN:VESTIBULE:ACR:MFA"]),
        essential(&["urn:vestibule:acr:mfa "]),
        essential(&["urn:vestibule:acr:mfa,urn:vestibule:acr:1fa"]),
        essential(&["urn:vestibule:acr:1fa urn:vestibule:acr:mfa"]),
        member(r#"{"essential":true,"value":"phr"}"#),
        member(r#"{"essential":true,"value":"0"}"#),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_an_essential_class_that_cannot_be_reached_is_an_error() {
    on_every_engine(|engine| async move {
        let server = phones_only(Setup::on(engine)).start().await;
        let rp = server.rp();
        let mut inside = server.browser();
        inside.sign_in("alice").await;
        let wishes = impossible();
        for claims in &wishes {
            // `acr_values` cannot soften it.
            for softer in ["", ONE, MFA] {
                let extra = [("claims", claims.as_str()), ("acr_values", softer)];
                let (_, page) = through(&server, &rp, &extra).await;
                refused(&rp, &page, UNMET, claims);
                refused(&rp, &rp.authorize(&mut inside, &extra).await, UNMET, claims);
                assert_eq!(rp.silent(&mut inside, &extra).await.error(), Some(UNMET), "{claims}");
            }
        }
        // Neither for somebody with a second factor, whatever has been given already.
        let phone = server.enrol(&mut inside).await;
        for claims in &wishes {
            server.clock.advance(30);
            let (mut browser, page) = through(&server, &rp, &[("claims", claims)]).await;
            let page = if page.has_id("otp") {
                browser.answer(&page, &phone.code(&server.clock)).await
            } else {
                page
            };
            refused(&rp, &page, UNMET, claims);
        }
        server.clock.advance(30);
        let (mut full, page) = with_phone(&server, &rp, &phone, &[]).await;
        rp.verified(&rp.callback(&page)).await;
        for claims in &wishes {
            refused(&rp, &rp.authorize(&mut full, &[("claims", claims)]).await, UNMET, claims);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_where_enrolment_is_off_essential_mfa_is_an_error() {
    let server = Setup::default().mfa(MfaMode::Off).start().await;
    server.add_client("strict", |client| client.min_acr = Some(Acr::Mfa)).await;
    let (rp, strict) = (server.rp(), named(&server.rp(), "strict"));
    let claims = essential(&[MFA]);
    let (_, page) = through(&server, &rp, &[("claims", &claims)]).await;
    refused(&rp, &page, UNMET, "request");
    let (_, page) = through(&server, &strict, &[]).await;
    refused(&strict, &page, UNMET, "floor");
    let (_, page) = through(&server, &strict, &[("claims", &essential(&[ONE]))]).await;
    refused(&strict, &page, UNMET, "a request below the floor");
    let (_, page) = through(&server, &rp, &[("acr_values", MFA)]).await;
    assert_eq!(rp.verified(&rp.callback(&page)).await.claims()["acr"], ONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_an_application_with_a_floor_nobody_reaches_never_gets_a_code() {
    let server = phones_only(Setup::default().min_acr(Acr::Phr)).start().await;
    let rp = server.rp();
    let one = essential(&[ONE]);
    let shapes: [&[(&str, &str)]; 4] =
        [&[], &[("acr_values", ONE)], &[("claims", &one)], &[("prompt", "login"), ("max_age", "0")]];
    for shape in shapes {
        let (_, page) = through(&server, &rp, shape).await;
        refused(&rp, &page, UNMET, "floor");
    }
    let mut inside = server.browser();
    inside.sign_in("alice").await;
    let phone = server.enrol(&mut inside).await;
    let (mut browser, page) = through(&server, &rp, &[]).await;
    let page =
        if page.has_id("otp") { browser.answer(&page, &phone.code(&server.clock)).await } else { page };
    refused(&rp, &page, UNMET, "with a phone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_giving_up_at_any_stage_is_an_error() {
    on_every_engine(|engine| async move {
        let server = short_lived(Setup::on(engine)).start().await;
        let rp = server.rp();
        let claims = essential(&[MFA]);
        let wish = [("claims", claims.as_str())];
        // At the first factor.
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &wish).await;
        let page = browser.submit(page.form_of("#cancel")).await;
        refused(&rp, &page, UNMET, "first factor");
        // At the enrolment, by the form of the page.
        let (mut browser, page) = through(&server, &rp, &wish).await;
        assert!(page.enrols(), "{} {}", page.url, page.body);
        let left = browser.submit(page.form_of("#cancel")).await;
        refused(&rp, &left, UNMET, "enrolment");
        let again = browser.submit(page.form_of("#cancel")).await;
        assert!(!again.left || rp.callback(&again).error().is_some(), "{}", again.url);
        let again = browser.get("/u").await;
        assert!(again.has_id("login-submit"), "{}", again.body);
        // While the recovery codes are on the screen: they count as a factor only when the sign-in is finished.
        let (mut browser, page) = through(&server, &rp, &wish).await;
        let cancel = page.form_of("#cancel");
        let (phone, page) = browser.finish_enrolment(&page, &server.clock).await;
        assert!(page.has_id("recovery-codes"), "{}", page.body);
        let left = browser.submit(cancel).await;
        refused(&rp, &left, UNMET, "codes");
        let late = browser.submit(page.form_of("#codes-next")).await;
        assert!(!late.left, "{}", late.url);
        // At the second factor.
        server.clock.advance(30);
        let (mut browser, page) = through(&server, &rp, &wish).await;
        assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        let left = browser.submit(page.form_of("#cancel")).await;
        refused(&rp, &left, UNMET, "second factor");
        let late = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
        let late = browser.submit(late).await;
        assert!(!late.left, "{}", late.url);
        // At the step up of a session that has less.
        let (mut browser, page) = through(&server, &rp, &[]).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        rp.verified(&rp.callback(&page)).await;
        server.clock.advance(660);
        let page = rp.authorize(&mut browser, &wish).await;
        assert!(page.has_id("otp") && !page.has_id("password"), "{} {}", page.url, page.body);
        let left = browser.submit(page.form_of("#cancel")).await;
        refused(&rp, &left, UNMET, "step up");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_refusing_consent_after_an_essential_class_is_an_error() {
    let (server, _, phone) = enrolled(short_lived(Setup::default())).await;
    server.add_client("foreign", |client| client.first_party = false).await;
    let rp = named(&server.rp(), "foreign");
    let claims = essential(&["2", MFA]);
    let (mut browser, page) = with_phone(&server, &rp, &phone, &[("claims", &claims)]).await;
    assert!(page.has_id("consent-deny"), "{} {}", page.url, page.body);
    let page = browser.submit(page.form_of("#consent-deny")).await;
    refused(&rp, &page, "access_denied", "consent");
    // Asked again, the class has to stand at the moment of consent: here it has aged out meanwhile.
    let page = rp.authorize(&mut browser, &[("claims", &claims)]).await;
    server.clock.advance(660);
    let page = browser.submit(page.form_of("#consent-allow")).await;
    assert!(!page.left && page.has_id("otp"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_any_of_several_essential_classes_will_do_and_the_token_names_it() {
    let (server, mut owner, phone) = enrolled(Setup::default()).await;
    let rp = server.rp();
    for (values, name) in [
        (vec![MFA], MFA),
        (vec!["2"], "2"),
        (vec!["nobody-knows", "phr", "2", ONE], "2"),
        (vec![ONE], ONE),
        (vec!["phr", MFA, "2"], MFA),
    ] {
        server.clock.advance(30);
        let claims = essential(&values);
        let (_, page) = with_phone(&server, &rp, &phone, &[("claims", &claims)]).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        assert_eq!(tokens.claims()["acr"], name, "{values:?}");
        assert_eq!(tokens.claims()["amr"], json!(["mfa", "otp", "pwd"]));
    }
    // The session that enrolled the phone has not used it, so it is asked.
    let page = rp.authorize(&mut owner, &[("claims", &essential(&["phr", MFA]))]).await;
    assert!(page.has_id("otp"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c22_a_voluntary_class_that_is_not_reached_is_told_truthfully() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        let (mut inside, _) = tokens_of(&server, &rp).await;
        let voluntary = r#"{"id_token":{"acr":{"values":["phr","urn:vestibule:acr:mfa"]}}}"#;
        let false_essential = r#"{"id_token":{"acr":{"essential":false,"value":"phrh"}}}"#;
        let in_userinfo = r#"{"userinfo":{"acr":{"essential":true,"values":["phr"]}}}"#;
        let wishes: [(&str, &str); 8] = [
            ("acr_values", "phr"),
            ("acr_values", "phrh phr urn:vestibule:acr:mfa 2"),
            ("acr_values", "urn:nobody:knows:this"),
            ("acr_values", MFA),
            ("claims", voluntary),
            ("claims", false_essential),
            ("claims", in_userinfo),
            ("claims", r#"{"id_token":{"acr":null}}"#),
        ];
        for wish in wishes {
            let (_, page) = through(&server, &rp, &[wish]).await;
            for callback in [rp.callback(&page), rp.silent(&mut inside, &[wish]).await] {
                let tokens = rp.verified(&callback).await;
                assert_eq!(tokens.claims()["acr"], ONE, "{wish:?}");
                assert_eq!(tokens.claims()["amr"], json!(["pwd"]), "{wish:?}");
                assert_eq!(tokens.access_claims()["acr"], ONE, "{wish:?}");
            }
        }
        // With a phone it is asked, and the class is named by what the application asked for, or calls it.
        let phone = server.enrol(&mut inside).await;
        for (wish, name) in [(("acr_values", "phr"), "2"), (("claims", voluntary), MFA)] {
            let (_, page) = with_phone(&server, &rp, &phone, &[wish]).await;
            assert_eq!(rp.verified(&rp.callback(&page)).await.claims()["acr"], name, "{wish:?}");
            server.clock.advance(30);
        }
    })
    .await;
}
