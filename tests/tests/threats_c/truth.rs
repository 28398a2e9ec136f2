//! C23: `acr`, `amr` and `auth_time` are those of what this session did, and of nothing else.

use crate::support::{MFA, ONE, enrolled, essential, named, tokens_of, with_phone};
use serde_json::{Value, json};
use vestibule_domain::Acr;
use vestibule_tests::{PASSWORD, Setup, on_every_engine};

/// What a token says about the sign-in.
fn said(claims: &Value) -> [Value; 3] {
    ["acr", "amr", "auth_time"].map(|name| claims[name].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c23_a_silent_request_for_more_than_the_session_has_is_an_error() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_client("strict", |client| client.min_acr = Some(Acr::Mfa)).await;
        let (rp, strict) = (server.rp(), named(&server.rp(), "strict"));
        let (mut browser, _) = tokens_of(&server, &rp).await;
        let wish = essential(&[MFA, "2"]);
        let silent = rp.silent(&mut browser, &[("claims", &wish)]).await;
        assert_eq!(silent.error(), Some("interaction_required"));
        assert_eq!(strict.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        // With a phone that was not used in this session the same.
        let phone = server.enrol(&mut browser).await;
        for extra in [("claims", wish.as_str()), ("acr_values", MFA), ("acr_values", "2")] {
            let silent = rp.silent(&mut browser, &[extra]).await;
            assert_eq!(silent.error(), Some("interaction_required"), "{extra:?}");
        }
        assert_eq!(strict.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
        // The password page and the code page are no session yet, however far somebody went.
        let mut half = server.browser();
        let page = rp.authorize(&mut half, &[]).await;
        let page = half.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("otp"));
        assert_eq!(rp.silent(&mut half, &[]).await.error(), Some("login_required"));
        let page = half.answer(&page, &phone.code(&server.clock)).await;
        rp.verified(&rp.callback(&page)).await;
        let silent = rp.silent(&mut half, &[("claims", &wish)]).await;
        assert_eq!(rp.verified(&silent).await.claims()["acr"], MFA);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c23_a_silent_request_answers_nobody_who_is_not_signed_in() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let mut stranger = server.browser();
    assert_eq!(rp.silent(&mut stranger, &[]).await.error(), Some("login_required"));
    stranger.cookies.insert("vestibule".to_owned(), "a".repeat(43));
    assert_eq!(rp.silent(&mut stranger, &[]).await.error(), Some("login_required"));
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
    server.clock.advance(8 * 3600 + 60);
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c23_a_refreshed_token_keeps_what_the_sign_in_was_worth() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let rp = server.rp();
        // One factor stays one factor, whatever happens later.
        let (mut browser, weak) = tokens_of(&server, &rp).await;
        let before = weak.claims();
        let phone = server.enrol(&mut browser).await;
        let weak = rp.refresh(&weak.text("refresh_token")).await;
        assert_eq!(said(&weak.claims()), said(&before));
        let page = rp.authorize(&mut browser, &[("acr_values", "2")]).await;
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        let strong = rp.verified(&rp.callback(&page)).await;
        let strong_said = said(&strong.claims());
        assert_eq!(strong_said, [json!("2"), json!(["mfa", "otp", "pwd"]), json!(server.clock.seconds())]);
        // They say the same after a code was given in the same session.
        let weak = rp.refresh(&weak.text("refresh_token")).await;
        assert_eq!(said(&weak.claims()), said(&before));
        assert_eq!(weak.access_claims()["acr"], ONE);
        assert_eq!(weak.access_claims()["auth_time"], before["auth_time"]);
        // And two factors stay two, with their date: a refresh is no new sign-in.
        server.clock.advance(13 * 3600);
        let later = rp.refresh(&strong.text("refresh_token")).await;
        assert_eq!(said(&later.claims()), strong_said);
        assert_eq!(later.access_claims()["auth_time"], strong_said[2]);
        let refreshed = later.claims();
        assert_eq!((&refreshed["nonce"], &refreshed["sid"]), (&Value::Null, &strong.claims()["sid"]));
        assert_eq!(refreshed["sub"], before["sub"]);
        assert_eq!(refreshed["iat"], server.clock.seconds());
        // Asking for another class there changes nothing.
        let token = later.text("refresh_token");
        let fields = [("grant_type", "refresh_token"), ("refresh_token", &*token), ("acr_values", "phrh")];
        assert_eq!(said(&rp.token(&fields).await.claims()), strong_said);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c23_another_application_sees_what_this_session_did() {
    on_every_engine(|engine| async move {
        let (server, mut weak, phone) = enrolled(Setup::on(engine)).await;
        server
            .add_client("second", |client| {
                client.acr_aliases = [("high".to_owned(), Acr::Mfa), ("2".to_owned(), Acr::OneFactor)].into();
            })
            .await;
        let (rp, second) = (server.rp(), named(&server.rp(), "second"));
        let (mut strong, page) = with_phone(&server, &rp, &phone, &[]).await;
        let first = rp.verified(&rp.callback(&page)).await.claims();
        server.clock.advance(60);
        let seen = second.verified(&second.silent(&mut strong, &[]).await).await.claims();
        // By its own names, with the date of the sign-in and not of the request.
        assert_eq!(seen["acr"], "high");
        for name in ["amr", "auth_time", "sid", "sub"] {
            assert_eq!(seen[name], first[name], "{name}");
        }
        assert_eq!(seen["aud"], json!(["second"]));
        // The other browser of the same person did less, and that is what is said there.
        let seen = second.verified(&second.silent(&mut weak, &[]).await).await.claims();
        assert_eq!((&seen["acr"], &seen["amr"]), (&json!("2"), &json!(["pwd"])));
        assert_ne!(seen["sid"], first["sid"]);
        let wish = essential(&["high"]);
        let silent = second.silent(&mut weak, &[("claims", &wish)]).await;
        assert_eq!(silent.error(), Some("interaction_required"));
        // One application's name for a class means nothing to another one.
        let silent = rp.silent(&mut strong, &[("claims", &wish)]).await;
        assert_eq!(silent.error(), Some("unmet_authentication_requirements"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c23_the_class_falls_when_the_second_factor_has_aged_out() {
    let mut setup = Setup::default();
    setup.settings.lifetimes.second_factor = 600;
    let (server, _, phone) = enrolled(setup).await;
    server.add_client("second", |_| {}).await;
    let rp = server.rp();
    let (mut browser, page) = with_phone(&server, &rp, &phone, &[]).await;
    let first = rp.verified(&rp.callback(&page)).await.claims();
    server.clock.advance(599);
    for rp in [rp.clone(), named(&rp, "second")] {
        assert_eq!(said(&rp.verified(&rp.silent(&mut browser, &[]).await).await.claims()), said(&first));
    }
    server.clock.advance(1);
    for rp in [rp.clone(), named(&rp, "second")] {
        // The owner of a phone is asked for it again; nobody gets "2" for an answer of yesterday.
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    }
    let page = rp.authorize(&mut browser, &[]).await;
    assert!(page.has_id("otp") && !page.has_id("password"), "{} {}", page.url, page.body);
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    let again = rp.verified(&rp.callback(&page)).await.claims();
    assert_eq!(said(&again), [json!("2"), json!(["mfa", "otp", "pwd"]), json!(server.clock.seconds())]);
    assert_eq!(again["sid"], first["sid"]);
}
