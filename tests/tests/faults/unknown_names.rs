//! Whether somebody has a name must not show in what a guess at it costs, nor in how long it is remembered.

use crate::support::try_password;
use reqwest::StatusCode;
use std::time::{Duration, Instant};
use vestibule_domain::{Source, attempts::DISABLE_AT};
use vestibule_flows::{HashCost, Hasher};
use vestibule_seal::testing::SeededEntropy;
use vestibule_tests::{Browser, PASSWORD, Server, Setup, on_every_engine};
use zeroize::Zeroizing;

/// How long a wrong password at a name takes.
async fn guess(server: &Server, browser: &mut Browser, name: &str) -> Duration {
    let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id.as_uuid();
    server.rows().write(move |tx| async move { tx.clear_all_attempts(alice).await }).await.unwrap();
    let form = browser.get("/login").await.form_of("#login-submit");
    let form = form.with("username", name).with("password", "not the password");
    let began = Instant::now();
    assert_eq!(browser.post(&form).await.status, StatusCode::OK);
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s8_an_unknown_name_costs_what_an_old_password_costs() {
    // A password from before the cost was raised, fifty-fold, and one from before it was lowered.
    let today = HashCost { memory_kib: 4096, iterations: 6, parallelism: 1 };
    for (memory_kib, iterations) in [(512, 1), (8192, 12)] {
        let server = Setup { cost: today, ..Setup::default() }.start().await;
        let entropy = SeededEntropy::new(1);
        let hasher = Hasher::new(HashCost { memory_kib, iterations, parallelism: 1 }, 1, &entropy).unwrap();
        let place = hasher.place(Source::Unknown).await.unwrap();
        let old = hasher.hash(place, Zeroizing::new(PASSWORD.to_owned()), &entropy).await.unwrap();
        let (alice, now) =
            (server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id, server.app().now());
        server.rows().write(move |tx| async move { tx.set_password(alice, &old, now).await }).await.unwrap();
        let mut browser = server.browser();
        guess(&server, &mut browser, "alice").await;
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for number in 0..25 {
            known.push(guess(&server, &mut browser, "alice").await);
            unknown.push(guess(&server, &mut browser, &format!("ghost{number}")).await);
        }
        // The quickest of many samples that alternate: what the work itself takes, whatever else the machine does. The fault made
        // one many times the other.
        let (known, unknown) = (known.into_iter().min().unwrap(), unknown.into_iter().min().unwrap());
        assert!(known < unknown * 3 && unknown < known * 3, "{memory_kib}: {known:?} {unknown:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s8_failures_at_known_and_unknown_names_are_remembered_by_one_rule() {
    let server = Setup::default().start().await;
    for (days, forgotten) in [(3, false), (390, false), (401, true)] {
        for name in ["alice", "ghost"] {
            for _ in 0..8 {
                try_password(&mut server.browser(), name, "not the password").await;
                server.clock.advance(3600);
            }
        }
        server.clock.advance(days * 86_400);
        server.app().store().sweep(server.app().now()).await.unwrap();
        let mut statuses = Vec::new();
        for name in ["alice", "ghost"] {
            for _ in 0..2 {
                statuses.push(try_password(&mut server.browser(), name, "not the password").await.status);
            }
        }
        let second = if forgotten { StatusCode::OK } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(statuses, [StatusCode::OK, second, StatusCode::OK, second], "{days}");
        server.clock.advance(500 * 86_400);
        server.app().store().sweep(server.app().now()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s8_a_locked_name_says_nothing_about_its_address() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        for locked in ["alice", "ghost"] {
            while try_password(&mut server.browser(), locked, "not the password").await.status
                == StatusCode::OK
            {}
        }
        // Each address, that of the locked account and one that nobody has, is free, and gets as many guesses.
        let mut free = Vec::new();
        for address in ["alice@example.test", "Alice@Example.Test", "ghost@example.test"] {
            let mut guesses = 0;
            while try_password(&mut server.browser(), address, "not the password").await.status
                == StatusCode::OK
            {
                guesses += 1;
            }
            free.push(guesses);
        }
        let [address, again, nobodys] = free[..] else { panic!("three") };
        assert!(address == nobodys && address > 0, "{free:?}");
        // However it is written, it is one address.
        assert_eq!(again, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s8_two_names_are_no_more_guesses_and_a_new_password_frees_both() {
    let server = Setup::default().start().await;
    let names = ["alice", "alice@example.test", "ghost", "ghost@example.test"];
    let mut guesses = names.map(|_| 0_u32);
    for _ in 0..DISABLE_AT {
        for (name, count) in names.iter().zip(&mut guesses) {
            let page = try_password(&mut server.browser(), name, "not the password").await;
            *count += u32::from(page.status == StatusCode::OK);
        }
        server.clock.advance(3600);
    }
    assert_eq!(guesses, [DISABLE_AT / 2; 4]);
    // The owner is told about each, by the name that is meant.
    let told: Vec<String> = server.mails().await.into_iter().map(|mail| mail.text).collect();
    for name in ["for alice.", "for alice@example.test."] {
        assert_eq!(told.iter().filter(|text| text.contains(name)).count(), 1, "{name} {told:?}");
    }
    let new = "a quite different phrase 9";
    server.admin().set_user_password("main", "alice", Zeroizing::new(new.to_owned())).await.unwrap();
    for name in ["alice", "alice@example.test"] {
        let page = try_password(&mut server.browser(), name, new).await;
        assert!(!page.has_id("login-submit"), "{}", page.body);
    }
}
