//! Overload: what many requests at once may not do to others, nor to those who sent them.

use crate::support::{behind_proxy, browser_from, try_password};
use reqwest::StatusCode;
use std::time::Duration;
use tokio::task::JoinSet;
use vestibule_flows::HashCost;
use vestibule_tests::{Authenticator, PASSWORD, Page, Server, Setup, on_every_engine};
use vestibule_web::WebOptions;

/// Slow enough that requests arrive faster than they are answered.
const SLOW: HashCost = HashCost { memory_kib: 8192, iterations: 6, parallelism: 1 };

/// Sign-ins at unknown names, all from one address, all on their way when this returns.
async fn crowd(server: &Server, count: usize) -> JoinSet<Page> {
    let mut browser = browser_from(server, "198.51.100.1");
    let login = browser.get("/login").await;
    let mut crowd = JoinSet::new();
    for number in 0..count {
        let (mut browser, form) = (browser.clone(), login.form_of("#login-submit"));
        let form = form.with("username", &format!("nobody{number}")).with("password", PASSWORD);
        crowd.spawn(async move { browser.post(&form).await });
    }
    crowd
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s5_an_overloaded_server_says_so_and_counts_nothing() {
    on_every_engine(|engine| async move {
        let patient = WebOptions { request_timeout: Duration::from_secs(300), ..WebOptions::default() };
        let setup = Setup { cost: SLOW, permits: 1, web: patient, ..Setup::on(engine) };
        let server = behind_proxy(setup).start().await;
        let pages = crowd(&server, 400).await.join_all().await;
        let (busy, served): (Vec<&Page>, Vec<&Page>) =
            pages.iter().partition(|page| page.status == StatusCode::SERVICE_UNAVAILABLE);
        assert!(!busy.is_empty(), "nobody was turned away");
        assert!(served.iter().all(|page| page.status == StatusCode::OK));
        assert!(busy.iter().all(|page| page.headers.contains_key("retry-after")));
        // Whoever was turned away has not guessed.
        assert_eq!(server.audited("password", "refused").await, served.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s5_a_crowd_from_one_address_does_not_keep_others_waiting() {
    let setup = Setup { cost: SLOW, permits: 1, ..Setup::default() };
    let server = behind_proxy(setup).start().await;
    let mut person = browser_from(&server, "203.0.113.9");
    let login = person.get("/u").await;
    let mut crowd = crowd(&server, 140).await;
    // Hashing is under way.
    crowd.join_next().await.unwrap().unwrap();
    let page = person.log_in(&login, "alice", PASSWORD).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(person.cookies.contains_key("vestibule"), "{}", page.body);
    let (mut meanwhile, count) = (0, crowd.len());
    while let Some(page) = crowd.try_join_next() {
        page.unwrap();
        meanwhile += 1;
    }
    assert!(meanwhile * 2 < count, "{meanwhile} of {count} were before alice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s4_what_users_type_never_takes_a_node_away() {
    let server = Setup::default().start().await;
    let mut phones: Vec<(String, Authenticator)> = Vec::new();
    for name in ["bruno", "clara", "diana", "erich", "frida", "georg"] {
        server.add_user(name).await;
        let mut browser = server.browser();
        browser.sign_in(name).await;
        phones.push((name.to_owned(), server.enrol(&mut browser).await));
    }
    server.clock.advance(3600);
    for (name, phone) in &phones {
        let mut browser = server.browser();
        let mut page = try_password(&mut browser, name, PASSWORD).await;
        for _ in 0..2 {
            page = browser.answer(&page, &phone.code_at(server.clock.seconds() + 300)).await;
            server.clock.advance(30);
        }
        let ready = browser.send("GET", "/readyz", None).await;
        assert_eq!(ready.status, StatusCode::OK, "{name}: {}", ready.body);
    }
    let ready = server.browser().send("GET", "/readyz", None).await;
    assert!(ready.body.starts_with("ready\nclock_drift_seconds "), "{}", ready.body);
}
