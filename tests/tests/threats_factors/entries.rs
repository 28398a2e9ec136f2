//! Every way in, by the router's own table; and what is open to somebody who has yet to bind a new factor.

use crate::support::{SESSION, anything, count, forgive, got_in, insider, is_inside, pending, state};
use vestibule_domain::policy::AfterRecovery;
use vestibule_tests::{App, Authenticator, BYSTANDER, Browser, Known, Page, Server, on_every_engine};
use vestibule_web::ROUTES;

/// Alice with an authenticator app and recovery codes.
async fn enrolled(setup: vestibule_tests::Setup) -> (Server, Authenticator) {
    let server = setup.start().await;
    server.add_user(BYSTANDER).await;
    let mut owner = insider(&server, "alice").await;
    let phone = server.enrol(&mut owner).await;
    (server, phone)
}

fn value(page: &Page, name: &str) -> String {
    page.attribute(&format!("input[name={name}]"), "value").unwrap_or_default()
}

fn path_of(route: &str, rp: &App, known: &Known) -> String {
    let query = format!("?flow={0}&request={1}&token=none&trace={0}", known.flow, known.request);
    match route {
        "/oidc/auth" => rp.authorize_path(&[]),
        _ => format!("{}{query}", known.path(route)),
    }
}

/// Sends a route all that is known, and follows it to its end.
async fn send(
    browser: &mut Browser,
    (method, route): (&str, &str),
    (rp, known, csrf): (&App, &Known, &str),
) -> Page {
    let path = path_of(route, rp, known);
    let mut fields = known.fields(route);
    fields.push(("csrf".to_owned(), csrf.to_owned()));
    if let ("/oidc/auth", Some((_, query))) = (route, path.split_once('?')) {
        fields = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    }
    let form = (method == "post").then_some(fields.as_slice());
    let page = browser.send(&method.to_uppercase(), &path, form).await;
    browser.go_on(page).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a3_of_all_routes_those_that_take_a_password_stop_at_the_second_door() {
    on_every_engine(|engine| async move {
        let (server, phone) = enrolled(anything(engine)).await;
        let rp = server.rp();
        let before = state(&server, "alice").await;
        let (mut stopped, mut asked) = (Vec::new(), Vec::new());
        for route in ROUTES {
            for method in route.methods {
                for kind in ["totp", "passkey", "password"] {
                    let mut browser = server.browser();
                    let login = rp.authorize(&mut browser, &[]).await;
                    let mut known = Known::default().and(&login);
                    known.code = phone.code(&server.clock);
                    kind.clone_into(&mut known.kind);
                    let csrf = value(&login, "csrf");
                    let page = send(&mut browser, (method, route.path), (&rp, &known, &csrf)).await;
                    let what = format!("{method} {} {kind} {}", route.path, page.url);
                    assert!(
                        !got_in(&browser, &page) && !page.status.is_server_error(),
                        "{what} {}",
                        page.body
                    );
                    if page.has_id("factor-submit") {
                        stopped.push(route.path);
                    }
                    if page.has_id("login-submit") {
                        asked.push(route.path);
                    }
                }
                // A password that is right clears nothing of the second factor, and nothing else was changed.
                assert_eq!(state(&server, "alice").await, before, "{method} {}", route.path);
                forgive(&server, "alice").await;
            }
        }
        stopped.dedup();
        assert_eq!(stopped, ["/login"], "what takes a password");
        asked.dedup();
        for entry in ["/login/passwordless", "/oidc/auth", "/u", "/u/security", "/u/settings"] {
            assert!(asked.contains(&entry), "{entry} does not ask for the first factor: {asked:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a5_after_a_recovery_code_a_new_factor_is_all_there_is_to_do() {
    on_every_engine(|engine| async move {
        let mut setup = anything(engine);
        setup.settings.mfa.everybody.after_recovery = Some(AfterRecovery::Enrol);
        let (server, phone) = enrolled(setup).await;
        let rp = server.rp();
        let old = state(&server, "alice").await.sessions;
        for application in [false, true] {
            let mut browser = server.browser();
            let mut codes = phone.codes.iter();
            let page =
                if application { rp.authorize(&mut browser, &[]).await } else { browser.get("/u").await };
            let login = page.clone();
            let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
            let page = browser.submit(page.form_of("#choose-recovery")).await;
            let code = codes.nth(usize::from(application)).unwrap();
            let page = browser.answer(&page, code).await;
            assert!(page.enrols() && !got_in(&browser, &page), "{} {}", page.url, page.body);
            let page = browser.to_totp(&page).await;
            let before = state(&server, "alice").await;
            assert_eq!(before.sessions, old);
            let mut known = Known::default().and(&login).and(&page);
            known.credential.clone_from(&before.credentials.first().unwrap().0);
            known.code = phone.code(&server.clock);
            let csrf = value(&page, "csrf");
            for route in ROUTES {
                for method in route.methods {
                    // To give up is open to everybody.
                    if ["/login/cancel", "/login/restart"].contains(&route.path) {
                        continue;
                    }
                    let mut copy = browser.clone();
                    let page = send(&mut copy, (method, route.path), (&rp, &known, &csrf)).await;
                    let what = format!("{method} {} {}", route.path, page.url);
                    assert!(!got_in(&copy, &page) && !page.status.is_server_error(), "{what} {}", page.body);
                    assert!(!page.has_id("recovery-codes") && !page.has_id("confirm-submit"), "{what}");
                    assert_eq!(state(&server, "alice").await, before, "{what}");
                    forgive(&server, "alice").await;
                }
            }
            if !application {
                continue;
            }
            let page = browser.get(&format!("/login/enrol?flow={}", known.flow)).await;
            let page = browser.to_totp(&page).await;
            server.clock.advance(30);
            let (new, page) = browser.finish_enrolment(&page, &server.clock).await;
            assert!(page.has_id("recovery-codes"), "{} {}", page.url, page.body);
            server.clock.advance(30);
            // The lost phone is dead, with its codes.
            assert_eq!(
                (count(&server, "alice", "totp").await, count(&server, "alice", "recovery").await),
                (1, 10)
            );
            let (mut thief, page) = pending(&server, "alice").await;
            let page = thief.answer(&page, &phone.code(&server.clock)).await;
            assert!(!got_in(&thief, &page), "{}", page.body);
            let page = thief.submit(page.form_of("#choose-recovery")).await;
            let page = thief.answer(&page, phone.codes.get(5).unwrap()).await;
            assert!(!got_in(&thief, &page) && !page.enrols(), "{}", page.body);
            let (mut owner, page) = pending(&server, "alice").await;
            let page = owner.answer(&page, &new.code(&server.clock)).await;
            assert!(is_inside(&page) && owner.cookies.contains_key(SESSION), "{}", page.body);
        }
    })
    .await;
}
