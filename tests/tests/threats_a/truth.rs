//! What is enrolled is not what was used, and a recovery code is no factor.

use crate::support::{add_device, count, forgive, is_inside, recover, sign_in_with, to_recovery};
use serde_json::json;
use vestibule_domain::Acr;
use vestibule_tests::{PASSWORD, Setup, on_every_engine};

const MFA: &str = "urn:vestibule:acr:mfa";
const ESSENTIAL: &str = r#"{"id_token":{"acr":{"essential":true,"values":["urn:vestibule:acr:mfa","2"]}}}"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enrolling_in_the_user_center_never_raises_the_class() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let before = tokens.claims();
        // One device, and another one.
        let phone = server.enrol(&mut browser).await;
        add_device(&server, &mut browser, "Work tablet").await;
        let after = rp.verified(&rp.silent(&mut browser, &[]).await).await.claims();
        for name in ["acr", "amr", "auth_time", "sid"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        assert_eq!(after["acr"], "urn:vestibule:acr:1fa");
        let refreshed = rp.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(refreshed.access_claims()["acr"], before["acr"]);
        for extra in [("acr_values", MFA), ("acr_values", "2"), ("claims", ESSENTIAL)] {
            let silent = rp.silent(&mut browser, &[extra]).await;
            assert_eq!(silent.error(), Some("interaction_required"), "{extra:?}");
            let page = rp.authorize(&mut browser, &[extra]).await;
            assert!(page.has_id("otp"), "{extra:?} {} {}", page.url, page.body);
        }
        // An application that never takes less gets nothing, either.
        server.add_client("strict", |client| client.min_acr = Some(Acr::Mfa)).await;
        let mut strict = rp.clone();
        strict.client_id = "strict".to_owned();
        assert_eq!(strict.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        // A code does raise it.
        let page = rp.authorize(&mut browser, &[("claims", ESSENTIAL)]).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["amr"], json!(["mfa", "otp", "pwd"]));
        assert_eq!(claims["sid"], before["sid"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_code_is_told_as_such_and_is_never_mfa() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = crate::support::enrolled(Setup::on(engine)).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = to_recovery(&mut browser, &page).await;
        let page = browser.answer(&page, phone.codes.first().unwrap()).await;
        let next = page.attribute("#done-next", "href").unwrap();
        let page = browser.get(&next).await;
        let tokens = rp.verified(&rp.callback(&page)).await;
        let claims = tokens.claims();
        assert_eq!(claims["acr"], "urn:vestibule:acr:1fa");
        assert_eq!(claims["amr"], json!(["pwd", "rec"]));
        assert_eq!(tokens.access_claims()["acr"], "urn:vestibule:acr:1fa");
        let refreshed = rp.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(refreshed.access_claims()["acr"], "urn:vestibule:acr:1fa");
        for extra in [("acr_values", MFA), ("claims", ESSENTIAL)] {
            let silent = rp.silent(&mut browser, &[extra]).await;
            assert_eq!(silent.error(), Some("interaction_required"), "{extra:?}");
        }
        // Two of them are not more than one.
        let (mut browser, page) = recover(&server, phone.codes.get(1).unwrap()).await;
        assert!(page.has_id("done-next"), "{}", page.body);
        server.clock.advance(1);
        let page = rp.authorize(&mut browser, &[("prompt", "login")]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = to_recovery(&mut browser, &page).await;
        let page = browser.answer(&page, phone.codes.get(2).unwrap()).await;
        let page = browser.get(&page.attribute("#done-next", "href").unwrap()).await;
        let page = if page.left { page } else { rp.authorize(&mut browser, &[]).await };
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "urn:vestibule:acr:1fa");
        assert_eq!(claims["amr"], json!(["pwd", "rec"]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_mfa_is_demanded_a_recovery_code_leads_to_a_new_device() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = crate::support::enrolled(Setup::on(engine).min_acr(Acr::Mfa)).await;
        // Somebody with the lost device is signed in.
        let (mut thief, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{} {}", page.url, page.body);
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let page = to_recovery(&mut browser, &page).await;
        let page = browser.answer(&page, phone.codes.first().unwrap()).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        // Whoever gives up there gets an error, and no session.
        let mut quitter = browser.clone();
        assert!(rp.silent(&mut quitter, &[]).await.error().is_some());
        let (device, page) = browser.finish_enrolment(&page, &server.clock).await;
        let codes = vestibule_tests::recovery_codes(&page);
        let page = browser.submit(page.form_of("#codes-next")).await;
        let page = match page.attribute("#done-next", "href") {
            Some(next) if !page.left => browser.get(&next).await,
            _ => page,
        };
        let claims = rp.verified(&rp.callback(&page)).await.claims();
        assert_eq!(claims["acr"], "2");
        // What stood on the lost device is gone, and so are the device and the old codes.
        assert!(!is_inside(&thief.get("/u").await));
        assert_eq!((count(&server, "totp").await, count(&server, "recovery").await), (1, 10));
        server.clock.advance(30);
        assert!(!is_inside(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
        forgive(&server).await;
        assert!(recover(&server, phone.codes.get(1).unwrap()).await.1.has_id("form-error"));
        assert!(is_inside(&sign_in_with(&server, &device.code(&server.clock)).await.1));
        assert!(recover(&server, codes.first().unwrap()).await.1.has_id("done-next"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_mfa_is_demanded_giving_up_after_a_recovery_code_gives_an_error() {
    let (server, _, phone) = crate::support::enrolled(Setup::default()).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[("claims", ESSENTIAL)]).await;
    let page = browser.log_in(&page, "alice", PASSWORD).await;
    let page = to_recovery(&mut browser, &page).await;
    let page = browser.answer(&page, phone.codes.first().unwrap()).await;
    assert!(page.enrols(), "{} {}", page.url, page.body);
    let page = browser.submit(page.form_of("#cancel")).await;
    assert_eq!(rp.callback(&page).error(), Some("unmet_authentication_requirements"), "{}", page.url);
    assert_eq!(count(&server, "totp").await, 1);
    assert_eq!(count(&server, "recovery").await, 9);
}
