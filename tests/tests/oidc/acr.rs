//! Classes: names and aliases, the floor of an application, and an answer that ages out.

use crate::support::{MFA, ONE, both_factors, enrolled, named, password, tokens_of};
use serde_json::json;
use vestibule_domain::{Acr, MfaMode};
use vestibule_tests::Setup;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_is_named_as_it_was_asked_for_or_as_the_application_calls_it() {
    let (server, phone) = enrolled(Setup::default()).await;
    server.add_client("plain", |client| client.acr_aliases.clear()).await;
    server
        .add_client("rich", |client| {
            client.acr_aliases =
                [("bronze".to_owned(), Acr::OneFactor), ("gold".to_owned(), Acr::Mfa)].into();
        })
        .await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    assert_eq!(rp.verified(&rp.callback(&page)).await.claims()["acr"], "2");
    for (client, asked, name) in [
        ("app", "", "2"),
        ("app", "2", "2"),
        ("app", MFA, MFA),
        ("app", "mfa", "mfa"),
        ("app", "unknown", "2"),
        ("app", ONE, ONE),
        ("app", "unknown urn:vestibule:acr:1fa 2", "2"),
        ("plain", "", MFA),
        ("plain", "2", MFA),
        ("rich", "", "gold"),
        ("rich", "bronze", "bronze"),
        ("rich", "gold bronze", "gold"),
        ("rich", "phr", "gold"),
    ] {
        let rp = named(&rp, client);
        let tokens = rp.verified(&rp.silent(&mut browser, &[("acr_values", asked)]).await).await;
        assert_eq!(tokens.claims()["acr"], name, "{client} {asked}");
        assert_eq!(tokens.access_claims()["acr"], name, "{client} {asked}");
        assert_eq!(tokens.claims()["amr"], json!(["mfa", "otp", "pwd"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alias_that_is_asked_for_leads_to_the_second_door() {
    let (server, phone) = enrolled(Setup::default()).await;
    let rp = server.rp();
    let mut owner = server.browser();
    let page = owner.sign_in("alice").await;
    let page = owner.answer(&page, &phone.code(&server.clock)).await;
    assert!(page.has_id("sign-out"), "{} {}", page.url, page.body);
    assert_eq!(rp.verified(&rp.silent(&mut owner, &[("acr_values", "2")]).await).await.claims()["acr"], "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_floor_of_an_application_makes_its_users_enrol() {
    let server = Setup::default().min_acr(Acr::Mfa).start().await;
    server.add_client("low", |client| client.min_acr = None).await;
    let rp = server.rp();
    let (low, mut browser) = (named(&rp, "low"), server.browser());
    // What the request says cannot lower it.
    for extra in [("acr_values", ONE), ("claims", r#"{"id_token":{"acr":{"essential":true,"value":"1fa"}}}"#)]
    {
        let page = rp.authorize(&mut browser, &[extra]).await;
        let page = password(&mut browser, &page).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{extra:?} {} {}", page.url, page.body);
    }
    let page = rp.authorize(&mut browser, &[]).await;
    let page = password(&mut browser, &page).await;
    let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
    let page = browser.submit(page.form_of("#codes-next")).await;
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    assert_eq!(claims["acr"], "2");
    assert_eq!(low.verified(&low.silent(&mut browser, &[]).await).await.claims()["acr"], "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applications_without_a_floor_are_content_with_a_password() {
    let server = Setup::default().min_acr(Acr::Mfa).start().await;
    server.add_client("low", |client| client.min_acr = None).await;
    let (rp, low) = (server.rp(), named(&server.rp(), "low"));
    let (mut browser, tokens) = tokens_of(&server, &low).await;
    assert_eq!(tokens.claims()["acr"], ONE);
    // The same session is not enough for the other application.
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    let page = rp.authorize(&mut browser, &[]).await;
    assert!(page.enrols() && page.has_id("reason"), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_factors_are_off_an_answer_that_aged_out_is_told_as_one_factor() {
    let mut setup = Setup::default();
    setup.settings.lifetimes.second_factor = 600;
    let (server, phone) = enrolled(setup).await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    let first = tokens.claims();
    // The operator takes the factors away: the second factor is gone, and with it the class.
    server.clock.advance(600);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    let id = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
    let rows = server.rows();
    for credential in rows.credentials(id).await.unwrap() {
        let kind = credential.kind.clone();
        rows.write(move |tx| async move { tx.delete_credentials_of_kind(id, &kind).await }).await.unwrap();
    }
    let later = rp.verified(&rp.silent(&mut browser, &[]).await).await.claims();
    assert_eq!((&later["acr"], &later["amr"]), (&json!(ONE), &json!(["pwd"])));
    // `auth_time` falls back to the proof that is left, here given in the same second.
    assert_eq!(later["auth_time"], first["auth_time"]);
    let silent = rp.silent(&mut browser, &[("acr_values", "2")]).await;
    assert_eq!(rp.verified(&silent).await.claims()["acr"], ONE);
    // What was issued before keeps what was true then.
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.claims()["acr"], "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_requires_a_factor_still_tells_the_class_truthfully() {
    let server = Setup::default().mfa(MfaMode::Required).start().await;
    let (rp, mut browser) = (server.rp(), server.browser());
    let page = rp.authorize(&mut browser, &[("acr_values", ONE)]).await;
    let page = password(&mut browser, &page).await;
    assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
    let (_, page) = browser.finish_enrolment(&page, &server.clock).await;
    let page = browser.submit(page.form_of("#codes-next")).await;
    let claims = rp.verified(&rp.callback(&page)).await.claims();
    // It asked by this name, and has at least that.
    assert_eq!((&claims["acr"], &claims["amr"]), (&json!(ONE), &json!(["mfa", "otp", "pwd"])));
    assert_eq!(rp.verified(&rp.silent(&mut browser, &[]).await).await.claims()["acr"], "2");
}
