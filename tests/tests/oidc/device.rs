//! Devices that are let in by somebody with a browser elsewhere (RFC 8628).

use crate::support::{MFA, ONE, both_factors, enrolled, named, password};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{Acr, Client, ClientKind, GrantType, UserStatus};
use vestibule_jose::Alg;
use vestibule_tests::{
    App, Authenticator, Browser, PASSWORD, Page, Server, Setup, Signer, Tokens, at_once, on_every_engine,
};

/// The application of a device: public, with all that its screen could ask for.
async fn tv_as(server: &Server, id: &str, change: impl Fn(&mut Client)) -> App {
    server
        .add_client(id, |client| {
            client.kind = ClientKind::Public;
            client.auth_method = None;
            client.grants = vec![GrantType::DeviceCode, GrantType::RefreshToken];
            client.redirect_uris = Vec::new();
            client.name = "Atlas TV".to_owned();
            change(client);
        })
        .await;
    let mut tv = named(&server.rp(), id);
    tv.secret = None;
    tv
}

async fn tv(server: &Server) -> App {
    tv_as(server, "tv", |_| {}).await
}

/// A device that waits.
struct Waiting {
    code: String,
    shown: String,
    told: Value,
}

async fn ask(tv: &App, extra: &[(&str, &str)]) -> Waiting {
    let mut fields = vec![("scope", "openid profile offline_access")];
    fields.retain(|(known, _)| extra.iter().all(|(name, _)| known != name));
    fields.extend_from_slice(extra);
    let told = tv.post("/oidc/device", &fields).await;
    assert_eq!(told.status, 200, "{:?}", told.body);
    Waiting { code: told.text("device_code"), shown: told.text("user_code"), told: told.body }
}

async fn poll(tv: &App, code: &str) -> Tokens {
    tv.token(&[("grant_type", GrantType::DeviceCode.as_str()), ("device_code", code)]).await
}

/// Types a code into the page of somebody who is signed in.
async fn type_code(browser: &mut Browser, typed: &str) -> Page {
    let page = browser.get("/device").await;
    browser.submit(page.form("/device").with("user_code", typed)).await
}

/// Says yes or no on the page that a code leads to.
async fn answer(browser: &mut Browser, page: &Page, allow: bool) -> Page {
    assert!(page.has_id("device-facts"), "{} {}", page.url, page.body);
    let button = if allow { "#consent-allow" } else { "#consent-deny" };
    browser.submit(page.form_of(button)).await
}

/// Alice lets a device in, in a browser where she is signed in.
async fn let_in(browser: &mut Browser, device: &Waiting) -> Page {
    let page = type_code(browser, &device.shown).await;
    let done = answer(browser, &page, true).await;
    assert!(
        done.url.contains("/device/answered") && done.body.contains("Atlas TV"),
        "{} {}",
        done.url,
        done.body
    );
    done
}

async fn alice(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_is_let_in_by_its_user() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let tv = tv(&server).await;
        let device = ask(&tv, &[]).await;
        let origin = server.pool().origin.as_str();
        assert_eq!(device.told["verification_uri"], format!("{origin}/device"));
        let complete = device.told["verification_uri_complete"].as_str().unwrap();
        assert_eq!(complete, format!("{origin}/device?user_code={}", device.shown));
        assert_eq!((&device.told["expires_in"], &device.told["interval"]), (&600.into(), &5.into()));
        assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));

        // Somebody who is not signed in signs in first, and what was typed or came with the address is still there.
        let mut browser = server.browser();
        let page = browser.get(complete.strip_prefix(origin).unwrap()).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert_eq!(page.form("/device").value("user_code"), Some(device.shown.as_str()));
        let signed_in = server.clock.seconds();
        server.clock.advance(7);
        let page = browser.submit(page.form("/device")).await;
        for told in ["Atlas TV", "alice", &device.shown, "127.0.0.1"] {
            assert!(page.body.contains(told), "{told}: {}", page.body);
        }
        assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
        let done = answer(&mut browser, &page, true).await;
        assert!(done.url.contains("/device/answered"), "{}", done.url);

        // Every node knows it, and says the truth about what alice proved.
        server.clock.advance(5);
        let mut second = server.rp_at(1, &server.pool().origin.clone());
        (second.client_id, second.secret) = (tv.client_id.clone(), None);
        let tokens = poll(&second, &device.code).await;
        assert_eq!(tokens.status, 200, "{:?}", tokens.body);
        let claims = tokens.claims();
        assert_eq!((&claims["acr"], &claims["amr"]), (&ONE.into(), &json!(["pwd"])));
        assert_eq!((&claims["aud"], &claims["auth_time"]), (&json!(["tv"]), &signed_in.into()));
        assert!(claims.get("nonce").is_none());
        assert_eq!(tokens.text("scope"), "openid profile offline_access");
        assert_eq!(tv.userinfo(&tokens.text("access_token")).await.text("sub"), claims["sub"]);
        let next = tv.refresh(&tokens.text("refresh_token")).await;
        assert_eq!((next.status.as_u16(), &next.claims()["sid"]), (200, &claims["sid"]));
        assert_eq!(server.audited("consent", "done").await, 1);
        // It is among the connected applications, and ends from there.
        let apps = browser.get("/u/apps").await;
        assert!(apps.body.contains("Atlas TV"), "{}", apps.body);
        browser.submit(apps.form("/u/apps/revoke")).await;
        assert_eq!(tv.refresh(&next.text("refresh_token")).await.error(), Some("invalid_grant"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_waits_costs_one_read_and_one_that_hurries_slows_down() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let tv = tv(&server).await;
        let device = ask(&tv, &[]).await;
        for _ in 0..3 {
            let before = server.app().store().counters();
            assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
            let after = server.app().store().counters();
            assert_eq!((after.statements - before.statements, after.commits - before.commits), (1, 0));
            server.clock.advance(5);
        }
        assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
        for _ in 0..2 {
            assert_eq!(poll(&tv, &device.code).await.error(), Some("slow_down"));
        }
        // From now on it has to wait 15 s.
        server.clock.advance(10);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("slow_down"));
        server.clock.advance(20);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
        // There is an end to it, and to what is written.
        for _ in 0..30 {
            assert_eq!(poll(&tv, &device.code).await.error(), Some("slow_down"));
        }
        let before = server.app().store().counters().commits;
        assert_eq!(poll(&tv, &device.code).await.error(), Some("slow_down"));
        assert_eq!(server.app().store().counters().commits, before);
        server.clock.advance(60);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
        // However fast it was, it gets its tokens.
        let_in(&mut alice(&server).await, &device).await;
        assert_eq!(poll(&tv, &device.code).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_hears_no_and_too_late() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (tv, mut browser) = (tv(&server).await, alice(&server).await);
        let device = ask(&tv, &[]).await;
        let page = type_code(&mut browser, &device.shown).await;
        let done = answer(&mut browser, &page, false).await;
        assert!(done.has_id("done-title") && done.url.contains("/device/answered"), "{}", done.url);
        for _ in 0..2 {
            assert_eq!(poll(&tv, &device.code).await.error(), Some("access_denied"));
        }
        assert_eq!(server.audited("consent", "refused").await, 1);
        let device = ask(&tv, &[]).await;
        let page = type_code(&mut browser, &device.shown).await;
        server.clock.advance(600);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("expired_token"));
        let late = browser.submit(page.form_of("#consent-allow")).await;
        assert_eq!(late.status, 400, "{}", late.body);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("expired_token"));
        // An answer that is not collected in time is none.
        let device = ask(&tv, &[]).await;
        let_in(&mut browser, &device).await;
        server.clock.advance(600);
        assert_eq!(poll(&tv, &device.code).await.error(), Some("expired_token"));
        server.clock.advance(3_600);
        server.app().store().sweep(server.app().now()).await.unwrap();
        assert_eq!(poll(&tv, &device.code).await.error(), Some("invalid_grant"));
        let grants = server.rows().grants_of(user_of(&server).await).await.unwrap();
        assert!(grants.is_empty(), "nobody came for it: {grants:?}");
    })
    .await;
}

async fn user_of(server: &Server) -> vestibule_domain::UserId {
    server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_are_typed_in_many_ways() {
    let server = Setup::default().start().await;
    let (tv, mut browser) = (tv(&server).await, alice(&server).await);
    let device = ask(&tv, &[]).await;
    let bare = device.shown.replace('-', "");
    let wide: String = bare.chars().map(|c| char::from_u32(u32::from(c) - 0x41 + 0xFF21).unwrap()).collect();
    for typed in [bare.to_lowercase(), format!("  {} ", device.shown), wide, device.shown.replace('-', " – ")]
    {
        let page = type_code(&mut browser, &typed).await;
        assert!(page.has_id("device-facts"), "{typed} {}", page.body);
    }
    // What the page did not take is shown again, to be corrected.
    for typed in ["", "BCDF", "BCDF-GHJK-L", "<b>BCDFGHJK", "BCDF-GHJK"] {
        let page = type_code(&mut browser, typed).await;
        assert_eq!((page.status.as_u16(), page.form("/device").value("user_code")), (400, Some(typed)));
        assert!(page.has("[data-code='device_code_wrong']"), "{}", page.body);
        // A reload says it again, and sends nothing.
        let path = page.url.split("/device").nth(1).map(|rest| format!("/device{rest}")).unwrap();
        assert!(browser.get(&path).await.has("[data-code='device_code_wrong']"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_applications_that_are_registered_for_it_may_ask() {
    let server = Setup::default().start().await;
    let tv = tv(&server).await;
    let refused = server.rp().post("/oidc/device", &[("scope", "openid")]).await;
    assert_eq!((refused.status.as_u16(), refused.error()), (400, Some("unauthorized_client")));
    assert_eq!(poll(&server.rp(), "x").await.error(), Some("unauthorized_client"));
    assert_eq!(poll(&tv, "x").await.error(), Some("invalid_grant"));
    let missing = tv.token(&[("grant_type", GrantType::DeviceCode.as_str())]).await;
    assert_eq!(missing.error(), Some("invalid_request"));
    for (bad, error) in [
        (("scope", "unknown"), "invalid_scope"),
        (("max_age", "-1"), "invalid_request"),
        (("claims", "{"), "invalid_request"),
        (("resource", "https://nobody.example"), "invalid_target"),
        (("request", "x"), "invalid_request_object"),
        (("request_uri", "https://nobody.example/r"), "invalid_request_uri"),
    ] {
        assert_eq!(tv.post("/oidc/device", &[bad]).await.error(), Some(error), "{bad:?}");
    }
    // One with a secret has to prove it, here as at the token endpoint.
    let secret = |client: &mut Client| {
        client.kind = ClientKind::Confidential;
    };
    let mut box_ = tv_as(&server, "box", secret).await;
    assert_eq!(box_.post("/oidc/device", &[]).await.error(), Some("invalid_client"));
    box_.secret.clone_from(&server.rp().secret);
    let device = ask(&box_, &[]).await;
    let_in(&mut alice(&server).await, &device).await;
    let mut unproved = box_.clone();
    unproved.secret = None;
    assert_eq!(poll(&unproved, &device.code).await.error(), Some("invalid_client"));
    assert_eq!(poll(&box_, &device.code).await.status, 200);
    // Such an application needs no address, and has none.
    let page = tv.authorize(&mut server.browser(), &[]).await;
    assert_eq!(page.status, 400, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_application_asks_for_is_proved_before_the_answer() {
    let server = Setup::default().start().await;
    let tv = tv(&server).await;
    let strict = tv_as(&server, "strict", |client| client.min_acr = Some(Acr::Mfa)).await;
    // Whoever asks for a fresh sign-in gets one, and the token tells its time.
    let device = ask(&tv, &[("max_age", "0")]).await;
    let mut browser = alice(&server).await;
    server.clock.advance(60);
    let page = type_code(&mut browser, &device.shown).await;
    let page = password(&mut browser, &page).await;
    answer(&mut browser, &page, true).await;
    assert_eq!(poll(&tv, &device.code).await.claims()["auth_time"], server.clock.seconds());
    // What nobody can give leads to no answer.
    let claims =
        json!({ "id_token": { "acr": { "essential": true, "values": ["urn:unknown"] } } }).to_string();
    let device = ask(&tv, &[("claims", &claims)]).await;
    let page = type_code(&mut browser, &device.shown).await;
    assert!(page.status == 403 && page.body.contains("unmet_authentication_requirements"), "{}", page.body);
    assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
    // A session of a password alone is not enough for an application that wants two factors.
    let device = ask(&strict, &[]).await;
    let page = type_code(&mut browser, &device.shown).await;
    assert!(page.enrols(), "{} {}", page.url, page.body);
    let (mut phone, page) = browser.finish_enrolment(&page, &server.clock).await;
    let page = onward(&server, &mut browser, page, &mut phone).await;
    answer(&mut browser, &page, true).await;
    assert_eq!(poll(&strict, &device.code).await.claims()["acr"], "2");
    // Somebody who comes without a session proves both, and is asked then.
    server.clock.advance(30);
    let device = ask(&strict, &[("acr_values", MFA)]).await;
    let mut other = server.browser();
    let page = other.get("/device").await;
    let page = both_factors(&server, &mut other, &page, &phone).await;
    let page = other.submit(page.form("/device").with("user_code", &device.shown)).await;
    answer(&mut other, &page, true).await;
    let claims = poll(&strict, &device.code).await.claims();
    assert_eq!((&claims["acr"], &claims["amr"]), (&MFA.into(), &json!(["mfa", "otp", "pwd"])));
    assert_eq!(claims["auth_time"], server.clock.seconds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c40_a_code_that_somebody_sent_opens_nothing_by_itself() {
    let server = Setup::default().start().await;
    let (tv, mut browser) = (tv(&server).await, alice(&server).await);
    // The user agreed to all of it before, and the application is the tenant's own: asked all the same.
    let_in(&mut browser, &ask(&tv, &[]).await).await;
    server.clock.advance(60);
    let device = ask(&tv, &[]).await;
    let asked_at = server.clock.seconds();
    let link = format!("/device?user_code={}", device.shown);
    for _ in 0..2 {
        let page = browser.get(&link).await;
        // The code is shown, to be compared, and has to be sent by hand (RFC 8628 §3.3.1).
        assert_eq!(page.form("/device").value("user_code"), Some(device.shown.as_str()));
        assert!(page.text(".lead").contains("exactly this code"), "{}", page.body);
    }
    server.clock.advance(40);
    let page = browser.submit(browser.clone().get(&link).await.form("/device")).await;
    assert!(page.text("h1").contains("Let this device in?"), "{}", page.body);
    assert!(page.has_id("device-warning") && page.text("#device-code") == device.shown, "{}", page.body);
    let moment = vestibule_domain::time::moment(vestibule_domain::Timestamp::from_seconds(asked_at));
    assert!(page.body.contains(&moment[..19]) && page.body.contains("127.0.0.1"), "{}", page.body);
    // Looking answers nothing, however often; neither does a form of another site, or without either button.
    let path = page.url.split_once("/login/").map(|(_, rest)| format!("/login/{rest}")).unwrap();
    assert!(browser.get(&path).await.has_id("device-facts"));
    let forged = page.form_of("#consent-allow").forged("csrf", "x");
    browser.submit(forged).await;
    assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
    // The page is for the browser that typed the code.
    let mut bob = server.browser();
    server.add_user("bob").await;
    bob.sign_in("bob").await;
    assert!(!bob.get(&path).await.has_id("device-facts"));
    // Passed on as a sign-in, it leads to the code and to its comparison, and not to the answer.
    let sealed = url::Url::parse(&page.url).unwrap();
    let login = format!("/login?{}", sealed.query().unwrap());
    for mut victim in [bob.clone(), server.browser()] {
        let page = victim.get(&login).await;
        let page =
            if page.has_id("login-submit") { victim.log_in(&page, "bob", PASSWORD).await } else { page };
        assert!(!page.has_id("device-facts") && page.has("[name=user_code]"), "{} {}", page.url, page.body);
    }
    let done = browser.submit(page.form("/login/consent")).await;
    assert!(done.body.contains("not let in"), "{}", done.body);
    assert_eq!(poll(&tv, &device.code).await.error(), Some("access_denied"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c41_codes_cannot_be_guessed() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let tv = tv(&server).await;
        let device = ask(&tv, &[]).await;
        // A stranger learns nothing at all: whatever they type leads to the sign-in.
        let mut stranger = server.browser();
        let page = stranger.get(&format!("/device?user_code={}", device.shown)).await;
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
        let mut browser = alice(&server).await;
        // One answer for unknown, late, refused, allowed and collected codes.
        let expired = ask(&tv, &[]).await;
        server.clock.advance(600);
        let [denied, allowed, collected] = [ask(&tv, &[]).await, ask(&tv, &[]).await, ask(&tv, &[]).await];
        let page = type_code(&mut browser, &denied.shown).await;
        answer(&mut browser, &page, false).await;
        let_in(&mut browser, &allowed).await;
        let_in(&mut browser, &collected).await;
        assert_eq!(poll(&tv, &collected.code).await.status, 200);
        let mut said = BTreeSet::new();
        for code in [&expired.shown, &denied.shown, &allowed.shown, &collected.shown, "BBBB-BBBB"] {
            let page = type_code(&mut browser, code).await;
            said.insert((page.status.as_u16(), page.text("#form-error")));
        }
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!(server.audited("device-code", "refused").await, 5);
        // Thirty an hour for a person: 3 that were good and 5 that were not are gone.
        for _ in 0..22 {
            assert_eq!(type_code(&mut browser, "BBBB-BBBC").await.status, 400);
        }
        let device = ask(&tv, &[]).await;
        for code in ["BBBB-BBBC", &device.shown] {
            let page = type_code(&mut browser, code).await;
            assert_eq!(page.status, 429, "{}", page.body);
            assert_eq!(page.form("/device").value("user_code"), Some(code));
        }
        // The database alone does not give the code away.
        let row = server.rows().device_request(&vestibule_seal::sha256(device.code.as_bytes())).await;
        let row = row.unwrap().unwrap();
        let plain = device.shown.replace('-', "");
        assert!(!row.request.contains(&plain) && row.user_code != vestibule_seal::sha256(plain.as_bytes()));
        server.clock.advance(3_600);
        let_in(&mut browser, &ask(&tv, &[]).await).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c41_guesses_of_many_people_count_for_their_source() {
    let server = Setup::default().start().await;
    let tv = tv(&server).await;
    for person in ["ann", "ben", "cid", "dan"] {
        server.add_user(person).await;
        let mut browser = server.browser();
        browser.sign_in(person).await;
        let tries = if person == "dan" { 10 } else { 30 };
        for _ in 0..tries {
            assert_eq!(type_code(&mut browser, "BBBB-BBBB").await.status, 400);
        }
    }
    let device = ask(&tv, &[]).await;
    assert_eq!(type_code(&mut alice(&server).await, &device.shown).await.status, 429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c42_requests_of_devices_are_counted() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let tv = tv(&server).await;
        for _ in 0..100 {
            ask(&tv, &[]).await;
        }
        for _ in 0..3 {
            let refused = tv.post("/oidc/device", &[]).await;
            assert_eq!((refused.status.as_u16(), refused.error()), (503, Some("temporarily_unavailable")));
        }
        // What is wrong stores and counts nothing.
        server.clock.advance(3_600);
        for _ in 0..110 {
            tv.post("/oidc/device", &[("max_age", "x")]).await;
        }
        ask(&tv, &[]).await;
        server.clock.advance(4_200);
        assert!(server.app().store().sweep(server.app().now()).await.unwrap() >= 101);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn threat_c43_a_device_code_is_redeemed_once_and_a_copy_ends_it() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let (tv, mut browser) = (tv(&server).await, alice(&server).await);
        let device = ask(&tv, &[]).await;
        let_in(&mut browser, &device).await;
        // Neither another application nor the same one of another pool, and not as another kind of code.
        let other = tv_as(&server, "other", |_| {}).await;
        let mut elsewhere = server.rp_at(0, &server.other().origin.clone());
        (elsewhere.client_id, elsewhere.secret) = ("tv".to_owned(), None);
        assert_eq!(poll(&other, &device.code).await.error(), Some("invalid_grant"));
        assert_eq!(poll(&elsewhere, &device.code).await.error(), Some("invalid_client"));
        assert_eq!(server.rp().exchange(&device.code).await.error(), Some("invalid_grant"));
        assert_eq!(poll(&tv, &device.shown).await.error(), Some("invalid_grant"));
        let racing = (0..20).map(|number| {
            let mut tv = server.rp_at(number % 2, &server.pool().origin.clone());
            (tv.client_id, tv.secret) = ("tv".to_owned(), None);
            let code = device.code.clone();
            async move { poll(&tv, &code).await }
        });
        let all = at_once(racing).await;
        let good: Vec<&Tokens> = all.iter().filter(|tokens| tokens.status == 200).collect();
        assert_eq!(good.len(), 1);
        assert!(all.iter().filter(|one| one.status != 200).all(|one| one.error() == Some("invalid_grant")));
        let refused = tv.refresh(&good[0].text("refresh_token")).await;
        assert_eq!(refused.error(), Some("invalid_grant"), "somebody has a copy");
        assert_eq!(server.audited("code-replayed", "refused").await, 1);
        // Twenty answers at once are one, and all of them hear the same.
        let device = ask(&tv, &[]).await;
        let page = type_code(&mut browser, &device.shown).await;
        let forms = (0..20).map(|_| (browser.clone(), page.form_of("#consent-allow")));
        let sent = forms.map(|(mut browser, form)| async move { browser.submit(form).await });
        for done in at_once(sent).await {
            assert!(done.url.contains("/device/answered"), "{} {}", done.url, done.body);
        }
        assert_eq!(server.audited("consent", "done").await, 2);
        // No after yes is too late, and changes nothing.
        let late = browser.submit(page.form_of("#consent-deny")).await;
        assert!(late.body.contains("connected"), "{}", late.body);
        assert_eq!(poll(&tv, &device.code).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c43_a_device_code_that_is_bound_to_a_key_needs_it() {
    let server = Setup::default().start().await;
    let (tv, signer, thief) = (tv(&server).await, Signer::new(Alg::Es256), Signer::new(Alg::Es256));
    let (issuer, counter) = (server.pool().origin.issuer(), std::cell::Cell::new(0));
    let proving = |signer: &Signer, path: &str| {
        counter.set(counter.get() + 1);
        let (id, now) = (counter.get().to_string(), server.clock.seconds());
        let claims = json!({ "jti": id, "htm": "POST", "htu": format!("{issuer}{path}"), "iat": now });
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": signer.public() });
        let mut rp = tv.clone();
        rp.browser.headers.push(("dpop".to_owned(), signer.raw(&header, &claims)));
        rp
    };
    let begun = proving(&signer, "/device");
    let device = ask(&begun, &[]).await;
    // The proof of a request counts once.
    assert_eq!(begun.post("/oidc/device", &[]).await.error(), Some("invalid_dpop_proof"));
    assert_eq!(poll(&proving(&signer, "/token"), &device.code).await.error(), Some("authorization_pending"));
    assert_eq!(poll(&tv, &device.code).await.error(), Some("invalid_grant"));
    let_in(&mut alice(&server).await, &device).await;
    for other in [tv.clone(), proving(&thief, "/token")] {
        assert_eq!(poll(&other, &device.code).await.error(), Some("invalid_grant"));
    }
    let owner = proving(&signer, "/token");
    let tokens = poll(&owner, &device.code).await;
    assert_eq!((tokens.status.as_u16(), tokens.text("token_type").as_str()), (200, "DPoP"));
    assert_eq!(tv.refresh(&tokens.text("refresh_token")).await.error(), Some("invalid_grant"));
    // Whoever has recorded the request, or has the code alone, ends nothing.
    assert_eq!(poll(&owner, &device.code).await.error(), Some("invalid_dpop_proof"));
    assert_eq!(poll(&tv, &device.code).await.error(), Some("invalid_grant"));
    let next = proving(&signer, "/token").refresh(&tokens.text("refresh_token")).await;
    assert_eq!(next.status, 200, "{:?}", next.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c44_an_answer_needs_a_session_that_still_gives_what_is_asked() {
    on_every_engine(|engine| async move {
        let (server, mut phone) = enrolled(Setup::on(engine)).await;
        let tv = tv_as(&server, "tv", |client| client.min_acr = Some(Acr::Mfa)).await;
        let (slug, admin) = (server.pool().slug.clone(), server.admin());
        let changes = ["signed-out", "disabled", "reset", "grant", "disabled-client"];
        for (number, change) in changes.into_iter().enumerate() {
            server.clock.advance(60);
            let mut browser = server.browser();
            let device = ask(&tv, &[]).await;
            let page = browser.get(&format!("/device?user_code={}", device.shown)).await;
            let page = onward(&server, &mut browser, page, &mut phone).await;
            let page = browser.submit(page.form("/device")).await;
            let page = onward(&server, &mut browser, page, &mut phone).await;
            let form = page.form_of("#consent-allow");
            match number {
                0 => {
                    let mut same = browser.clone();
                    let home = same.get("/u").await;
                    same.submit(home.form("/u/sign-out")).await;
                }
                1 => {
                    admin.set_user_status(&slug, "alice", UserStatus::Disabled).await.unwrap();
                }
                2 => {
                    admin.reset_factors(&slug, "alice").await.unwrap();
                }
                3 => {
                    tv_as(&server, "tv", |client| {
                        client.grants = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
                        client.redirect_uris = vec!["http://127.0.0.1:9/callback".to_owned()];
                    })
                    .await;
                }
                _ => {
                    tv_as(&server, "tv", |client| client.enabled = false).await;
                }
            }
            let done = browser.submit(form).await;
            assert!(!done.url.contains("/device/answered"), "{change}: {} {}", done.url, done.body);
            if number == 1 {
                admin.set_user_status(&slug, "alice", UserStatus::Active).await.unwrap();
            }
            let tv = tv_as(&server, "tv", |client| client.min_acr = Some(Acr::Mfa)).await;
            assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"), "{change}");
        }
    })
    .await;
}

/// Gives whatever a page asks for on the way.
async fn onward(server: &Server, browser: &mut Browser, mut page: Page, phone: &mut Authenticator) -> Page {
    for _ in 0..6 {
        page = if page.has_id("login-submit") {
            password(browser, &page).await
        } else if page.has_id("otp") && page.has_id("factor-submit") {
            browser.answer(&page, &phone.code(&server.clock)).await
        } else if page.enrols() {
            let (new, page) = browser.finish_enrolment(&page, &server.clock).await;
            *phone = new;
            server.clock.advance(30);
            page
        } else if page.has_id("codes-next") {
            browser.submit(page.form_of("#codes-next")).await
        } else {
            return page;
        };
    }
    page
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_c44_whatever_ends_the_session_or_the_account_ends_the_device() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (tv, slug) = (tv(&server).await, server.pool().slug.clone());
        for change in ["everywhere", "application", "disabled", "password", "deleted"] {
            let mut browser = alice(&server).await;
            // One has collected its tokens, one has been allowed and has yet to ask.
            let (first, second) = (ask(&tv, &[]).await, ask(&tv, &[]).await);
            let_in(&mut browser, &first).await;
            let_in(&mut browser, &second).await;
            let tokens = poll(&tv, &first.code).await;
            let admin = server.admin();
            match change {
                "everywhere" => {
                    let mut other = alice(&server).await;
                    let page = other.get("/u/sessions").await;
                    other.submit(page.form("/u/sessions/revoke-others")).await;
                }
                "application" => {
                    let page = browser.get("/u/apps").await;
                    browser.submit(page.form("/u/apps/revoke")).await;
                }
                "disabled" => {
                    admin.set_user_status(&slug, "alice", UserStatus::Disabled).await.unwrap();
                    admin.set_user_status(&slug, "alice", UserStatus::Active).await.unwrap();
                }
                "password" => {
                    let new = zeroize(PASSWORD);
                    admin.set_user_password(&slug, "alice", new).await.unwrap();
                }
                _ => {
                    admin.delete_user(&slug, "alice").await.unwrap();
                }
            }
            assert_eq!(poll(&tv, &second.code).await.error(), Some("invalid_grant"), "{change}");
            let refreshed = tv.refresh(&tokens.text("refresh_token")).await;
            assert_eq!(refreshed.error(), Some("invalid_grant"), "{change}");
            assert_eq!(tv.userinfo(&tokens.text("access_token")).await.status, 401, "{change}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_offline_access_a_device_stays_as_long_as_the_session() {
    let server = Setup::default().start().await;
    let (tv, mut browser) = (tv(&server).await, alice(&server).await);
    let (bound, free) = (ask(&tv, &[("scope", "openid")]).await, ask(&tv, &[]).await);
    let_in(&mut browser, &bound).await;
    let_in(&mut browser, &free).await;
    let (bound, free) = (poll(&tv, &bound.code).await, poll(&tv, &free.code).await);
    let home = browser.get("/u").await;
    browser.submit(home.form("/u/sign-out")).await;
    assert_eq!(tv.refresh(&bound.text("refresh_token")).await.error(), Some("invalid_grant"));
    assert_eq!(tv.refresh(&free.text("refresh_token")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_typed_is_lost_on_the_way() {
    let server = Setup::default().start().await;
    let (tv, mut browser) = (tv(&server).await, alice(&server).await);
    let device = ask(&tv, &[]).await;
    // The session ended while the page was open: after the sign-in the code is there.
    let page = browser.get("/device").await;
    browser.cookies.remove("vestibule");
    let page = browser.submit(page.form("/device").with("user_code", &device.shown)).await;
    let page = password(&mut browser, &page).await;
    assert_eq!(page.form("/device").value("user_code"), Some(device.shown.as_str()));
    // Two tabs, and the way back: both lead on, and the second answer hears what the first one was.
    let one = browser.submit(page.form("/device")).await;
    let two = browser.submit(page.form("/device")).await;
    let done = answer(&mut browser, &one, true).await;
    let again = answer(&mut browser, &two, true).await;
    for page in [&done, &again] {
        assert!(page.url.contains("/device/answered") && page.body.contains("connected"), "{}", page.body);
    }
    // A reload of the last page says the same; in another browser, or without its note, it says nothing.
    let path = done.url.split_once("/device").map(|(_, rest)| format!("/device{rest}")).unwrap();
    assert!(browser.get(&path).await.body.contains("connected"));
    for mut other in [alice(&server).await, browser.clone()] {
        let path = if other.cookies.get("vestibule") == browser.cookies.get("vestibule") {
            "/device/answered"
        } else {
            path.as_str()
        };
        assert!(other.get(path).await.has_id("device-submit"), "{path}");
    }
    // The page of the question is over, and leads back to the first one.
    let over =
        browser.get(&one.url.split_once("/login").map(|(_, rest)| format!("/login{rest}")).unwrap()).await;
    assert_eq!(over.status, 400, "{}", over.body);
    assert_eq!(over.attribute("#error-back", "href").as_deref(), Some("/device"), "{}", over.body);
    // Giving up at the sign-in leads back to the code; the device goes on waiting.
    let device = ask(&tv, &[("max_age", "0")]).await;
    let page = type_code(&mut browser, &device.shown).await;
    let page = browser.submit(page.form("/login/cancel")).await;
    assert_eq!(page.form("/device").value("user_code"), Some(device.shown.as_str()), "{}", page.url);
    assert_eq!(poll(&tv, &device.code).await.error(), Some("authorization_pending"));
}

fn zeroize(text: &str) -> zeroize::Zeroizing<String> {
    zeroize::Zeroizing::new(text.to_owned())
}
