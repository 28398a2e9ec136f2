//! Mails that strangers can cause, and what they leave behind.

use crate::support::{ask_registration, ask_reset, behind_proxy, browser_from, try_password};
use reqwest::StatusCode;
use vestibule_domain::{Budget, Email, Source};
use vestibule_store::{BudgetKey, PoolTx};
use vestibule_tests::{Engine, PASSWORD, Server, Setup, on_every_engine};

const ALICE: &str = "alice@example.test";

/// How many mails went to an address.
async fn mailed(server: &Server, to: &str) -> usize {
    server.mails().await.iter().filter(|mail| mail.to == to).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_addresses_of_one_mailbox_share_its_mails() {
    on_every_engine(|engine| async move {
        let server = behind_proxy(Setup::on(engine)).start().await;
        for number in 0..50 {
            // Each from somewhere else.
            let mut browser = browser_from(&server, &format!("198.51.100.{number}"));
            let address = match number % 3 {
                0 => format!("victim+{number}@example.test"),
                1 => format!("vic.tim+{number}@Example.test"),
                _ => "v.i.c.t.i.m@example.test".to_owned(),
            };
            let page = ask_registration(&mut browser, &address).await;
            assert_eq!(page.status, StatusCode::OK);
        }
        assert_eq!(server.mails().await.len(), 5);
        assert_eq!(server.audited("registration-asked", "done").await, 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_one_source_causes_few_mails_and_rows() {
    on_every_engine(|engine| async move {
        let server = behind_proxy(Setup::on(engine)).start().await;
        let mut flood = browser_from(&server, "198.51.100.1");
        let (register, reset) = (flood.get("/login/register").await, flood.get("/login/reset").await);
        let mut refused = 0;
        for number in 0..60 {
            let form = register.form_of("#register-submit").with("email", &format!("v{number}@example.test"));
            let page = flood.post(&form).await;
            assert!(page.status == StatusCode::OK || page.status == StatusCode::TOO_MANY_REQUESTS);
            if page.status == StatusCode::TOO_MANY_REQUESTS {
                refused += 1;
                // What was typed stays, and the page says how long it takes.
                assert!(page.has(&format!("input[value='v{number}@example.test']")), "{}", page.body);
                assert!(page.text("#form-error").contains("60 minutes"), "{}", page.text("#form-error"));
            }
            let form = reset.form_of("#reset-submit").with("identifier", &format!("nobody{number}"));
            flood.post(&form).await;
        }
        assert_eq!(refused, 30);
        assert_eq!(server.audited("registration-asked", "done").await, 30);
        assert_eq!(server.audited("reset-asked", "done").await, 30);
        // Nobody else is held up by it.
        let mut person = browser_from(&server, "203.0.113.9");
        assert_eq!(ask_reset(&mut person, "alice").await.status, StatusCode::OK);
        assert_eq!(mailed(&server, ALICE).await, 1);
        // And it is over in an hour, without a trace but the trail.
        server.clock.advance(3600);
        assert_eq!(ask_registration(&mut flood, "late@example.test").await.status, StatusCode::OK);
        server.clock.advance(3600);
        server.app().store().sweep(server.app().now()).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s3_registrations_of_strangers_do_not_suppress_a_reset() {
    on_every_engine(|engine| async move {
        let server = behind_proxy(Setup::on(engine)).start().await;
        for number in 0..8 {
            let mut stranger = browser_from(&server, &format!("198.51.100.{number}"));
            ask_registration(&mut stranger, ALICE).await;
        }
        let before = mailed(&server, ALICE).await;
        ask_reset(&mut browser_from(&server, "203.0.113.9"), "alice").await;
        assert_eq!(mailed(&server, ALICE).await, before + 1);
        assert!(server.mailed_link(ALICE, "/login/reset/complete").await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s3_resets_of_strangers_do_not_suppress_that_of_the_owners_browser() {
    on_every_engine(|engine| async move {
        let server = behind_proxy(Setup::on(engine)).start().await;
        let mut owner = browser_from(&server, "203.0.113.9");
        owner.sign_in("alice").await;
        owner.cookies.remove("vestibule");
        for number in 0..8 {
            ask_reset(&mut browser_from(&server, &format!("198.51.100.{number}")), ALICE).await;
        }
        assert_eq!(mailed(&server, ALICE).await, 5);
        // The owner's browser has a few of its own, and no more.
        for expected in [6, 7, 8, 8, 8] {
            assert_eq!(ask_reset(&mut owner, "alice").await.status, StatusCode::OK);
            assert_eq!(mailed(&server, ALICE).await, expected);
        }
        // For another account it is a stranger's.
        server.add_user("bruno").await;
        for number in 0..8 {
            ask_reset(&mut browser_from(&server, &format!("198.51.100.{number}")), "bruno").await;
        }
        ask_reset(&mut owner, "bruno").await;
        assert_eq!(mailed(&server, "bruno@example.test").await, 5);
    })
    .await;
}

/// Wrong passwords of strangers until the account is disabled, or as many as are said.
async fn hostile(server: &Server, failures: u32) {
    for _ in 0..failures {
        try_password(&mut server.browser(), "alice", "not the password").await;
        server.clock.advance(3600);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s12_failures_of_strangers_do_not_lock_the_owners_browser() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        owner.cookies.remove("vestibule");
        hostile(&server, 5).await;
        server.clock.advance(-3600);
        // Somebody else has to wait; the owner does not.
        let page = try_password(&mut server.browser(), "alice", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let page = try_password(&mut owner, "alice", PASSWORD).await;
        assert!(owner.cookies.contains_key("vestibule"), "{}", page.body);
        // That does not help the strangers.
        let page = try_password(&mut server.browser(), "alice", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        // And the browser is no way to guess: it has a count of its own.
        owner.cookies.remove("vestibule");
        for number in 1..=5 {
            let page = try_password(&mut owner, "alice", "not the password").await;
            assert_eq!(page.status, StatusCode::OK, "{number}");
        }
        let page = try_password(&mut owner, "alice", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        server.clock.advance(30);
        try_password(&mut owner, "alice", PASSWORD).await;
        assert!(owner.cookies.contains_key("vestibule"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s3_the_owner_of_a_disabled_password_is_told_once_with_a_way_back() {
    let server = Setup::on(Engine::Sqlite).start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    owner.cookies.remove("vestibule");
    hostile(&server, 110).await;
    let mails = server.mails().await;
    let told: Vec<_> =
        mails.iter().filter(|mail| mail.to == ALICE && mail.text.contains("/login/reset")).collect();
    assert_eq!(told.len(), 1, "{:?}", mails.iter().map(|mail| &mail.subject).collect::<Vec<_>>());
    assert!(told[0].text.contains("alice"));
    let page = try_password(&mut server.browser(), "alice", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    // Where they have signed in before, it goes on.
    try_password(&mut owner, "alice", PASSWORD).await;
    assert!(owner.cookies.contains_key("vestibule"));
    // Guesses at a name that nobody has do the same, and tell nobody.
    for _ in 0..101 {
        try_password(&mut server.browser(), "nobody", "not the password").await;
        server.clock.advance(3600);
    }
    assert_eq!(server.mails().await.len(), mails.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s14_wrong_codes_behind_a_right_password_are_told_and_written_down() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let before = server.mails().await.len();
        for number in 1..=20 {
            let mut thief = server.browser();
            let page = try_password(&mut thief, "alice", PASSWORD).await;
            thief.answer(&page, &phone.wrong_code(&server.clock)).await;
            assert_eq!(server.mails().await.len(), before + usize::from(number >= 5), "{number}");
        }
        let mails = server.mails().await;
        assert!(mails.last().unwrap().text.contains("password"), "{}", mails.last().unwrap().text);
        assert_eq!(server.audited("second-factor", "refused").await, 5);
        assert_eq!(server.audited("throttled", "refused").await, 15);
        // Not again on the same day, though the guesser goes on.
        server.clock.advance(3600);
        let mut thief = server.browser();
        let page = try_password(&mut thief, "alice", PASSWORD).await;
        thief.answer(&page, &phone.wrong_code(&server.clock)).await;
        assert_eq!(server.mails().await.len(), mails.len());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s14_wrong_client_secrets_and_throttled_guesses_leave_rows_but_not_any_number() {
    let server = Setup::default().start().await;
    let mut rp = server.rp();
    rp.secret = Some("not-the-secret-of-the-application-0123456789".to_owned());
    for _ in 0..70 {
        assert_eq!(rp.exchange("x").await.status, 401);
    }
    assert_eq!(server.audited("client-refused", "refused").await, 70);
    let mut guesser = server.browser();
    let login = guesser.get("/login").await;
    let form = login.form_of("#login-submit").with("username", "alice").with("password", "not the password");
    for _ in 0..70 {
        guesser.post(&form).await;
    }
    assert_eq!(server.audited("password", "refused").await, 5);
    assert_eq!(
        server.audited("throttled", "refused").await,
        30,
        "100 of both kinds in an hour from one source"
    );
    guesser.post(&form).await;
    assert_eq!(server.audited("throttled", "refused").await, 30);
    let before = server.app().store().counters();
    rp.exchange("x").await;
    assert_eq!(server.app().store().counters().commits, before.commits, "what is refused costs no commit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_networks_around_a_source_have_budgets_of_their_own() {
    let server = behind_proxy(Setup::default()).start().await;
    let mut number = 0;
    // One mail for each network of 64 bits: those of 56 bits around them get 4 * 30, that of 48 bits 16 * 30.
    for (network, granted) in [(0x100, 120), (0x200, 120), (0x300, 120), (0x400, 120), (0x500, 0)] {
        for host in 0..122 {
            number += 1;
            let mut browser = browser_from(&server, &format!("2001:db8:7:{:x}::1", network + host));
            ask_registration(&mut browser, &format!("v{number}@example.test")).await;
        }
        let before = number;
        let mails = server.mails().await;
        let of_these = mails.iter().filter(|mail| {
            let number: i32 = mail.to[1..].split('@').next().unwrap().parse().unwrap();
            number > before - 122
        });
        assert_eq!(of_these.count(), granted, "{network:x}");
    }
    let mut elsewhere = browser_from(&server, "2001:db8:8::1");
    ask_registration(&mut elsewhere, "v9999@example.test").await;
    assert_eq!(mailed(&server, "v9999@example.test").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_guesses_from_a_network_that_used_up_its_own_are_refused_wherever_in_it_they_come_from() {
    on_every_engine(|engine| async move {
        let server = behind_proxy(Setup::on(engine)).start().await;
        // As if 4 * 1000 wrong passwords had come from there.
        let network = Source::V6Of56([0x20, 1, 0x0d, 0xb8, 0, 7, 1]);
        let hash = vestibule_seal::sha256(format!("{network:?}").as_bytes());
        let now = server.app().now();
        let spend = move |tx: PoolTx| async move {
            let key = BudgetKey { budget: Budget::WrongPasswordFromSource, hash, times: 4 };
            for _ in 0..4000 {
                assert_eq!(tx.spend_budgets(&[key], now).await?, None);
            }
            Ok(())
        };
        server.rows().write(spend).await.unwrap();
        let mut seen = Vec::new();
        for host in 0..3 {
            let mut guesser = browser_from(&server, &format!("2001:db8:7:1{host:02x}::1"));
            seen.push(try_password(&mut guesser, &format!("nobody{host}"), "a wrong one").await.status);
        }
        assert_eq!(seen, [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS, StatusCode::TOO_MANY_REQUESTS]);
        let mut neighbour = browser_from(&server, "2001:db8:7:200::1");
        try_password(&mut neighbour, "alice", PASSWORD).await;
        assert!(neighbour.cookies.contains_key("vestibule"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_notices_are_held_back_after_a_while_and_never_silently() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.browser().sign_in("alice").await;
        for _ in 0..14 {
            server.browser().sign_in("alice").await;
        }
        // Ten of them, and one that says where the others are listed.
        let mails = server.mails().await;
        let to_alice: Vec<_> = mails.iter().filter(|mail| mail.to == ALICE).collect();
        assert_eq!(to_alice.len(), 11);
        let leads = |text: &str| text.contains("/u/activity");
        assert_eq!(to_alice.iter().filter(|mail| leads(&mail.text)).count(), 1);
        assert_eq!(server.audited("notice-held-back", "refused").await, 4);
        let rows = server.rows().audit(100, Some("notice-held-back")).await.unwrap();
        assert!(rows.iter().all(|row| row.detail == r#"{"notice":"new-browser"}"#), "{rows:?}");
        // What is changed has another budget: noise does not hide it.
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let before = mailed(&server, ALICE).await;
        server.enrol(&mut owner).await;
        assert!(mailed(&server, ALICE).await > before);
        // Other accounts have their own, and it is over in an hour.
        server.add_user("bruno").await;
        server.browser().sign_in("bruno").await;
        server.browser().sign_in("bruno").await;
        assert_eq!(mailed(&server, "bruno@example.test").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s9_whoever_sets_addresses_mails_strangers_ten_times_in_an_hour() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        for number in 0..16 {
            let set = |spec: &mut vestibule_flows::UserSpec| {
                spec.email = Some(Email::parse(&format!("victim+{number}@example.test")).unwrap());
                spec.email_verified = false;
            };
            server.admin().update_user("main", "alice", set).await.unwrap();
        }
        let mails = server.mails().await;
        let to_victim = mails.iter().filter(|mail| mail.to.starts_with("victim")).count();
        assert_eq!(to_victim, 10);
        assert_eq!(server.audited("notice-held-back", "refused").await, 5);
        // The one that was proved was told.
        assert_eq!(mailed(&server, ALICE).await, 1);
    })
    .await;
}
