//! Mailed links: good once, for one purpose, and not many of them.

use crate::support::{
    SESSION, alice, at_once, count, enrolled, is_inside, pending, recover, sign_in_with, state,
};
use reqwest::StatusCode;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup, on_every_engine};

const ALICE: &str = "alice@example.test";
const RESET: &str = "/login/reset/complete";
const REGISTER: &str = "/login/register/complete";
const NEW: &str = "a quite different phrase 9";

async fn ask_reset(browser: &mut Browser, identifier: &str) -> Page {
    let page = browser.get("/login/reset").await;
    browser.submit(page.form_of("#reset-submit").with("identifier", identifier)).await
}

async fn ask_registration(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/login/register").await;
    browser.submit(page.form_of("#register-submit").with("email", email)).await
}

/// All links of a kind that were mailed to an address, oldest first.
async fn links(server: &Server, to: &str, about: &str) -> Vec<String> {
    let mails = server.mails().await;
    let to_them = mails.iter().filter(|mail| mail.to.eq_ignore_ascii_case(to));
    let words = to_them.flat_map(|mail| mail.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    words.filter(|word| word.contains(about)).collect()
}

async fn use_reset(browser: &mut Browser, link: &str, password: &str) -> Page {
    let page = browser.get(link).await;
    browser.submit(page.form_of("#reset-complete-submit").with("password", password)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a12_a_reset_opens_nothing_and_removes_no_factor() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let mut browser = server.browser();
        ask_reset(&mut browser, "alice").await;
        let link = server.mailed_link(ALICE, RESET).await.unwrap();
        let before = state(&server).await.credentials;
        let page = use_reset(&mut browser, &link, NEW).await;
        assert!(page.has_id("done-title") && !is_inside(&page), "{}", page.body);
        assert!(!browser.cookies.contains_key(SESSION));
        assert!(browser.get("/u").await.has_id("login-submit"));
        let rp = server.rp();
        assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("login_required"));
        assert_eq!(state(&server).await.credentials, before);
        assert_eq!(state(&server).await.sessions, []);
        // The way on leads to the second factor, for the new password, and the old one is gone.
        let next = page.attribute("#done-next", "href").unwrap();
        let login = browser.get(&next).await;
        let refused = browser.log_in(&login, "alice", PASSWORD).await;
        assert!(refused.has_id("login-submit"), "{}", refused.body);
        let page = browser.log_in(&login, "alice", NEW).await;
        assert!(page.has_id("otp"), "{} {}", page.url, page.body);
        assert!(browser.get("/u").await.has_id("login-submit"));
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a12_a_reset_does_not_forget_failures_of_the_second_factor() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    for _ in 0..5 {
        sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
    }
    let mut browser = server.browser();
    ask_reset(&mut browser, "alice").await;
    let link = server.mailed_link(ALICE, RESET).await.unwrap();
    use_reset(&mut browser, &link, NEW).await;
    let login = browser.get("/u").await;
    let page = browser.log_in(&login, "alice", NEW).await;
    let page = browser.answer(&page, &phone.code(&server.clock)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a31_twenty_requests_mail_five_links() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(2).start().await;
        let spellings = ["alice", "ALICE", "alice@example.test", " Alice@Example.TEST "];
        for number in 0..20 {
            let mut browser = server.browser_at(number % 2, &server.pool().origin);
            let page = ask_reset(&mut browser, spellings.get(number % 4).unwrap()).await;
            assert_eq!(page.status, StatusCode::OK);
        }
        assert_eq!(links(&server, ALICE, RESET).await.len(), 5);
        for number in 0..20 {
            let email = if number % 2 == 0 { "new@example.test" } else { "New@Example.Test" };
            ask_registration(&mut server.browser(), email).await;
        }
        assert_eq!(links(&server, "new@example.test", REGISTER).await.len(), 5);
        // An address that has an account is not flooded by way of registration, either.
        let before = server.mails().await.len();
        for _ in 0..20 {
            ask_registration(&mut server.browser(), ALICE).await;
        }
        assert!(server.mails().await.len() - before <= 5);
        // Within the hour there are no more of them, although the links expire and are swept away before.
        server.clock.advance(3599 - 1800);
        server.app().store().sweep(server.app().now()).await.unwrap();
        server.clock.advance(1800);
        server.app().store().sweep(server.app().now()).await.unwrap();
        for _ in 0..20 {
            ask_reset(&mut server.browser(), "alice").await;
            ask_registration(&mut server.browser(), "new@example.test").await;
        }
        assert_eq!(links(&server, ALICE, RESET).await.len(), 5);
        assert_eq!(links(&server, "new@example.test", REGISTER).await.len(), 5);
        server.clock.advance(2);
        ask_reset(&mut server.browser(), "alice").await;
        assert_eq!(links(&server, ALICE, RESET).await.len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a31_twenty_requests_at_once_mail_five_links() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(3).start().await;
        for round in 0..3 {
            let email = format!("new{round}@example.test");
            let mut jobs = Vec::new();
            for number in 0..20 {
                let mut browser = server.browser_at(number % 3, &server.pool().origin);
                let page = browser.get("/login/register").await;
                let form = page.form_of("#register-submit").with("email", &email);
                jobs.push(async move { browser.post(&form).await.status });
            }
            let ended = at_once(jobs).await;
            assert!(ended.iter().all(|status| *status == StatusCode::OK), "{ended:?}");
            assert_eq!(links(&server, &email, REGISTER).await.len(), 5);
        }
        let mut jobs = Vec::new();
        for number in 0..20 {
            let mut browser = server.browser_at(number % 3, &server.pool().origin);
            let page = browser.get("/login/reset").await;
            let form = page.form_of("#reset-submit").with("identifier", "alice");
            jobs.push(async move { browser.post(&form).await.status });
        }
        let ended = at_once(jobs).await;
        assert!(ended.iter().all(|status| *status == StatusCode::OK), "{ended:?}");
        assert_eq!(links(&server, ALICE, RESET).await.len(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a37_a_reset_link_is_good_once() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(3).start().await;
        let mut browser = server.browser();
        ask_reset(&mut browser, "alice").await;
        ask_reset(&mut browser, "alice").await;
        let both = links(&server, ALICE, RESET).await;
        let (first, second) = (both.first().unwrap(), both.get(1).unwrap());
        // Looking, however often, and a password that is refused, spend nothing.
        for _ in 0..3 {
            assert!(browser.get(second).await.has_id("reset-complete-submit"));
        }
        let weak = use_reset(&mut browser, second, "alice").await;
        assert_eq!(weak.status, StatusCode::BAD_REQUEST);
        let mut jobs = Vec::new();
        for number in 0..10 {
            let mut browser = server.browser_at(number % 3, &server.pool().origin);
            let form = browser.get(second).await.form_of("#reset-complete-submit");
            let form = form.with("password", &format!("{NEW} {number}"));
            jobs.push(async move { browser.post(&form).await.status });
        }
        let ended = at_once(jobs).await;
        assert_eq!(ended.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{ended:?}");
        assert_eq!(ended.iter().filter(|status| **status == StatusCode::GONE).count(), 9, "{ended:?}");
        assert_eq!(server.audited("password-reset", "done").await, 1);
        // Neither it nor the other one does anything afterwards.
        let hash = server.rows().password_hash(alice(&server).await.id).await.unwrap();
        for link in [first, second] {
            let mut browser = server.browser();
            assert_eq!(browser.get(link).await.status, StatusCode::GONE);
            let token = link.split("token=").nth(1).unwrap();
            let mut form = browser.get("/login/reset").await.form_of("#reset-submit");
            form.action = RESET.to_owned();
            let page =
                browser.submit(form.forged("token", token).forged("password", "mallory was here 77")).await;
            assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
        }
        assert_eq!(server.rows().password_hash(alice(&server).await.id).await.unwrap(), hash);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a37_a_reset_link_dies_with_a_change_of_the_password_and_with_time() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        ask_reset(&mut server.browser(), "alice").await;
        let link = server.mailed_link(ALICE, RESET).await.unwrap();
        // At another pool, where there is an alice too, and for another purpose, it is nothing.
        let token = link.split("token=").nth(1).unwrap().to_owned();
        let mut elsewhere = server.browser_at(0, &server.other().origin);
        let page = elsewhere.get(&format!("{RESET}?token={token}")).await;
        assert_eq!(page.status, StatusCode::GONE);
        assert_eq!(owner.get(&format!("{REGISTER}?token={token}")).await.status, StatusCode::GONE);
        let late = server.browser().get(&link).await.form_of("#reset-complete-submit");
        let page = owner.get("/u/password").await;
        let form = page.form_of("#password-save").with("current_password", PASSWORD);
        let page = owner.submit(form.with("new_password", NEW)).await;
        assert!(is_inside(&page) && page.status == StatusCode::OK, "{}", page.body);
        assert_eq!(server.browser().get(&link).await.status, StatusCode::GONE);
        let mut thief = server.browser();
        let csrf = thief.get("/login").await.form_of("#login-submit").value("csrf").unwrap().to_owned();
        let page = thief.submit(late.forged("csrf", &csrf).with("password", "mallory was here 77")).await;
        assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
        // Nor after half an hour, whether swept or not.
        ask_reset(&mut server.browser(), "alice").await;
        let link = server.mailed_link(ALICE, RESET).await.unwrap();
        server.clock.advance(1800);
        assert_eq!(server.browser().get(&link).await.status, StatusCode::GONE);
        server.app().store().sweep(server.app().now()).await.unwrap();
        assert_eq!(server.browser().get(&link).await.status, StatusCode::GONE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a37_a_registration_link_makes_one_account() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(3).start().await;
        let mut browser = server.browser();
        ask_registration(&mut browser, "new@example.test").await;
        ask_registration(&mut browser, "NEW@example.test").await;
        let both = links(&server, "new@example.test", REGISTER).await;
        let (first, second) = (both.first().unwrap(), both.get(1).unwrap());
        let mut jobs = Vec::new();
        for number in 0..10 {
            let mut browser = server.browser_at(number % 3, &server.pool().origin);
            // Half of them with the one link, half with the other.
            let form = browser.get(if number % 2 == 0 { first } else { second }).await;
            let form = form.form_of("#register-complete-submit").with("username", &format!("new{number}"));
            let form = form.with("password", NEW);
            jobs.push(async move { browser.post(&form).await.status });
        }
        let ended = at_once(jobs).await;
        assert_eq!(ended.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{ended:?}");
        assert!(ended.iter().all(|status| !status.is_server_error()), "{ended:?}");
        let mut made = 0;
        for number in 0..10 {
            let found = server.rows().user_by_identifier(&format!("new{number}")).await.unwrap();
            made += usize::from(found.is_some());
        }
        assert_eq!(made, 1);
        assert_eq!(server.audited("registered", "done").await, 1);
        // Afterwards: neither link makes another account or another password.
        for link in [first, second] {
            let token = link.split("token=").nth(1).unwrap();
            let mut browser = server.browser();
            let mut form = browser.get("/login/register").await.form_of("#register-submit");
            form.action = REGISTER.to_owned();
            let form = form.forged("token", token).forged("username", "mallory").forged("name", "");
            let page = browser.submit(form.forged("password", "mallory was here 77")).await;
            assert!(page.status.is_client_error(), "{} {}", page.status, page.body);
            assert!(!browser.cookies.contains_key(SESSION));
        }
        assert!(server.rows().user_by_identifier("mallory").await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a37_a_link_in_the_mail_is_all_there_is_of_it() {
    // What is stored does not work as a link.
    let (server, _, phone) = enrolled(Setup::default()).await;
    ask_reset(&mut server.browser(), "alice").await;
    let link = server.mailed_link(ALICE, RESET).await.unwrap();
    let token = link.split("token=").nth(1).unwrap();
    for wrong in [&token.to_uppercase(), &format!("{token}A"), &token.chars().rev().collect(), ""] {
        let page = server.browser().get(&format!("{RESET}?token={wrong}")).await;
        assert_eq!(page.status, StatusCode::GONE, "{wrong}");
    }
    // And it changes nothing for those who have the factor.
    assert_eq!(count(&server, "totp").await, 1);
    assert!(pending(&server).await.1.has_id("otp"));
    assert!(recover(&server, phone.codes.first().unwrap()).await.1.has_id("done-next"));
}
