//! Phones whose clock is off, and a server whose clock is.

use crate::support::{anything, failures, got_in, insider, is_inside, pending};
use reqwest::StatusCode;
use vestibule_tests::{Authenticator, Browser, Page, Server, on_every_engine};

/// Somebody with an authenticator app.
async fn phone_of(server: &Server, name: &str) -> Authenticator {
    let mut browser = insider(server, name).await;
    server.enrol(&mut browser).await
}

/// Types what a phone shows whose clock is ahead by so many seconds.
async fn type_in(
    server: &Server,
    (browser, page): (&mut Browser, &Page),
    phone: &Authenticator,
    ahead: i64,
) -> Page {
    let code = phone.code_at(server.clock.seconds() + ahead);
    let page = browser.answer(page, &code).await;
    server.clock.advance(30);
    page
}

async fn readiness(server: &Server) -> StatusCode {
    server.browser().send("GET", "/readyz", None).await.status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a25_a_phone_that_is_off_is_told_by_how_much_and_never_let_in() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let phone = phone_of(&server, "alice").await;
        for (ahead, words) in [(420, ["fast", "7 minutes"]), (-420, ["slow", "7 minutes"])] {
            server.clock.advance(3600);
            crate::support::forgive(&server, "alice").await;
            let (mut browser, page) = pending(&server, "alice").await;
            let page = type_in(&server, (&mut browser, &page), &phone, ahead).await;
            assert!(
                page.has_id("form-error") && !page.has_id("factor-hint"),
                "after one code: {}",
                page.body
            );
            let page = type_in(&server, (&mut browser, &page), &phone, ahead).await;
            let hint = page.text("#factor-hint");
            assert!(words.iter().all(|word| hint.contains(word)), "{ahead} {hint:?}");
            // Told, and still wrong and counted.
            assert!(!got_in(&browser, &page));
            assert_eq!(failures(&server, "alice", "totp").await, 2);
            let page = type_in(&server, (&mut browser, &page), &phone, ahead).await;
            assert!(!got_in(&browser, &page) && page.has_id("form-error"));
            assert_eq!(failures(&server, "alice", "totp").await, 3);
            let page = type_in(&server, (&mut browser, &page), &phone, 0).await;
            assert!(is_inside(&page), "{}", page.body);
        }
        // The same code twice, codes that drift apart, and those of another phone, say nothing.
        let stranger = phone_of_nobody();
        for (what, aheads, phone) in [
            ("the same code", [420, 390, 360], &phone),
            ("apart", [420, -300, 600], &phone),
            ("too far", [1200, 1200, 1200], &phone),
            ("another secret", [420, 420, 420], &stranger),
            ("another secret, in time", [0, 0, 0], &stranger),
        ] {
            server.clock.advance(3600);
            crate::support::forgive(&server, "alice").await;
            let (mut browser, mut page) = pending(&server, "alice").await;
            for (number, ahead) in (1..).zip(aheads) {
                page = type_in(&server, (&mut browser, &page), phone, ahead).await;
                assert!(!got_in(&browser, &page) && !page.has_id("factor-hint"), "{what} {}", page.body);
                assert_eq!(failures(&server, "alice", "totp").await, number, "{what}");
            }
        }
        assert_eq!(readiness(&server).await, StatusCode::OK);
    })
    .await;
}

/// A phone that was enrolled nowhere.
fn phone_of_nobody() -> Authenticator {
    Authenticator { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(), codes: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a25_when_five_phones_are_off_alike_it_is_the_server() {
    on_every_engine(|engine| async move {
        let server = anything(engine).start().await;
        let names = ["alice", "bruno", "clara", "diana", "erich"];
        let mut phones = Vec::new();
        for name in names {
            if name != "alice" {
                server.add_user(name).await;
            }
            phones.push(phone_of(&server, name).await);
        }
        // Each by another amount: five users whose own clocks are off.
        let apart = [180, 420, -240, 660, -600];
        for aheads in [apart, [420; 5]] {
            server.clock.advance(3600);
            for (number, ((name, phone), ahead)) in names.iter().zip(&phones).zip(aheads).enumerate() {
                assert_eq!(readiness(&server).await, StatusCode::OK, "{name} {number}");
                let (mut browser, page) = pending(&server, name).await;
                let page = type_in(&server, (&mut browser, &page), phone, ahead).await;
                let page = type_in(&server, (&mut browser, &page), phone, ahead).await;
                assert!(page.has_id("factor-hint"), "{name} {ahead} {}", page.body);
            }
        }
        let page = server.browser().send("GET", "/readyz", None).await;
        assert!(page.body.contains("clock_drift_seconds 4"), "{}", page.body);
        // Whoever can bring that about must not take the node away from the others.
        assert_eq!(page.status, StatusCode::OK);
        // It says so, and goes on serving; nobody's code is accepted for it.
        assert_eq!(server.browser().get("/login").await.status, StatusCode::OK);
        let (mut browser, page) = pending(&server, "alice").await;
        let page = type_in(&server, (&mut browser, &page), phones.first().unwrap(), 420).await;
        assert!(!got_in(&browser, &page));
        server.clock.advance(3600);
        let page = server.browser().send("GET", "/readyz", None).await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "ready\n"));
    })
    .await;
}
