//! Guessing codes and passwords: what is counted, for whom, and how long it lasts.

use crate::support::{
    SESSION, at_once, enrolled, failures, is_inside, pending, pending_at, recover, remove, sign_in_with,
    state, to_recovery,
};
use reqwest::StatusCode;
use vestibule_domain::attempts::{DISABLE_AT, FREE_FAILURES};
use vestibule_tests::{Authenticator, Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

const LIMIT: usize = FREE_FAILURES as usize;

/// Guesses wrongly, each time in a new browser with the right password, until the counter stops it.
async fn guess_until_locked(server: &Server, phone: &Authenticator) {
    for _ in 0..LIMIT {
        let (_, page) = sign_in_with(server, &phone.wrong_code(&server.clock)).await;
        assert!(!is_inside(&page));
    }
}

/// Whether the answer says to wait, without having looked at the code.
fn is_throttled(page: &Page) -> bool {
    page.status == StatusCode::TOO_MANY_REQUESTS
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a15_five_wrong_codes_close_the_door_even_to_the_right_one() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(Setup::on(engine)).await;
        let (mut guesser, mut page) = pending(&server).await;
        let waiting = page.clone();
        for number in 1..=LIMIT {
            page = guesser.answer(&page, &phone.wrong_code(&server.clock)).await;
            assert_eq!(is_throttled(&page), number == LIMIT, "{number} {}", page.body);
        }
        // The sign-in that guessed is over, right code or not.
        let page = guesser.answer(&waiting, &phone.code(&server.clock)).await;
        assert!(page.has_id("login-submit") && !guesser.cookies.contains_key(SESSION), "{}", page.body);
        // And a new one has to wait: to the last second of the window, on a restarted server, too.
        for wait in [0, 29] {
            server.clock.advance(wait);
            server.restart().await;
            let (browser, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
            assert!(is_throttled(&page), "{wait} {}", page.body);
            assert!(!browser.cookies.contains_key(SESSION));
        }
        assert_eq!(server.audited("second-factor", "refused").await, LIMIT);
        assert_eq!(server.audited("second-factor", "done").await, 0);
        assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
        // The next failure doubles the wait.
        server.clock.advance(1);
        let (_, page) = sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
        assert!(is_throttled(&page));
        server.clock.advance(59);
        assert!(is_throttled(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
        server.clock.advance(1);
        assert!(is_inside(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
        assert_eq!(failures(&server, "totp").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a15_a_throttled_answer_says_nothing_about_the_code() {
    let (server, _, phone) = enrolled(Setup::default().client(|client| client.first_party = false)).await;
    guess_until_locked(&server, &phone).await;
    // Not by its text, and not by the work it makes: the code is not looked at.
    let rp = server.rp();
    let mut seen = Vec::new();
    for code in [phone.wrong_code(&server.clock), phone.code(&server.clock), "garbage".to_owned()] {
        let mut browser = server.browser();
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        let form = page.form_of("#factor-submit").with("code", &code);
        let before = server.app().store().counters();
        let page = browser.post(&form).await;
        let after = server.app().store().counters();
        assert!(is_throttled(&page));
        seen.push((page.text("#form-error"), page.status, after.statements - before.statements));
    }
    let first = seen.first().unwrap();
    assert!(seen.iter().all(|one| one == first), "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a15_one_hundred_failures_disable_the_factor_for_good() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(Setup::on(engine)).await;
        for number in 1..DISABLE_AT {
            let (_, page) = sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
            assert!(!is_inside(&page));
            assert_eq!(failures(&server, "totp").await, number);
            server.clock.advance(3600);
        }
        let (mut waiting, late) = pending(&server).await;
        let (_, page) = sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
        assert!(is_throttled(&page));
        let page = waiting.answer(&late, &phone.code(&server.clock)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
        // The owner is told, once.
        let mails = server.mails().await;
        let told = mails.iter().filter(|mail| mail.subject.contains("switched off"));
        assert_eq!(told.count(), 1);
        // Neither a year nor a restart brings it back; and it is not as if there were no factor.
        server.clock.advance(365 * 86_400);
        server.restart().await;
        let (mut browser, page) = pending(&server).await;
        assert!(page.has_id("recovery-code") && !page.has_id("choose-totp"), "{}", page.body);
        for action in ["/login/factor", "/login/factor/choose"] {
            let mut form = page.form_of("#factor-submit").forged("kind", "totp");
            form.action = action.to_owned();
            let page = browser.submit(form.forged("code", &phone.code(&server.clock))).await;
            assert!(!is_inside(&page), "{action}");
        }
        assert_eq!(server.audited("second-factor", "done").await, 0);
        assert_eq!(failures(&server, "totp").await, DISABLE_AT);
        // A recovery code lets the owner in, does not revive the factor, and lets the owner bind it again.
        let (mut owner, page) = recover(&server, phone.codes.first().unwrap()).await;
        assert!(page.has_id("done-next"), "{}", page.body);
        assert!(pending(&server).await.1.has_id("recovery-code"));
        let page = owner.get("/u/security").await;
        let id = state(&server).await.credentials.iter().find(|one| one.1 == "totp").unwrap().0.clone();
        let page = remove(&mut owner, &page, &id).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let phone = server.enrol(&mut owner).await;
        assert!(is_inside(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
    })
    .await;
}

async fn try_password(server: &Server, name: &str, password: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    let page = browser.log_in(&page, name, password).await;
    (browser, page)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a15_one_hundred_wrong_passwords_disable_the_password() {
    on_every_engine(|engine| async move {
        let mut server = Setup::on(engine).start().await;
        for number in 1..=DISABLE_AT {
            let name = if number % 2 == 0 { "alice" } else { "Alice@Example.Test" };
            let (_, page) = try_password(&server, name, "not the password").await;
            assert!(page.has_id("login-submit") && !is_throttled(&page), "{number} {}", page.body);
            server.clock.advance(3600);
        }
        assert_eq!(failures(&server, "password").await, DISABLE_AT);
        server.clock.advance(365 * 86_400);
        server.restart().await;
        for name in ["alice", "alice@example.test"] {
            let (browser, page) = try_password(&server, name, PASSWORD).await;
            assert!(is_throttled(&page) && !browser.cookies.contains_key(SESSION), "{}", page.body);
        }
        assert_eq!(server.audited("sign-in", "done").await, 0);
        assert_eq!(server.audited("password", "refused").await, DISABLE_AT as usize);
        // The owner of the address binds it again.
        let mut browser = server.browser();
        let page = browser.get("/login/reset").await;
        browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let form = browser.get(&link).await.form_of("#reset-complete-submit");
        let page = browser.submit(form.with("password", "a quite different phrase 9")).await;
        assert!(page.has_id("done-title"), "{}", page.body);
        let (_, page) = try_password(&server, "alice", "a quite different phrase 9").await;
        assert!(is_inside(&page), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a16_new_cookies_new_sign_ins_and_restarts_buy_no_guesses() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(Setup::on(engine).nodes(2)).await;
        for round in 0..25 {
            let (mut browser, mut page) = pending_at(&server, round % 2).await;
            browser.headers.push(("user-agent".to_owned(), format!("Agent/{round}")));
            for _ in 0..4 {
                if !page.has_id("otp") {
                    break;
                }
                page = browser.answer(&page, &phone.wrong_code(&server.clock)).await;
            }
            if round % 8 == 3 {
                server.restart().await;
            }
        }
        assert_eq!(server.audited("second-factor", "refused").await, LIMIT);
        assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
        let (_, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_throttled(&page));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a16_nothing_but_the_right_code_clears_the_count() {
    let (server, mut owner, phone) = enrolled(Setup::default()).await;
    for _ in 0..4 {
        sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
    }
    // Giving up, starting again, switching methods, reloading, changing the profile or using a recovery code do not.
    let (mut browser, page) = pending(&server).await;
    let page = to_recovery(&mut browser, &page).await;
    let page = browser.submit(page.form_of("#choose-totp")).await;
    let page = browser.get(&page.url).await;
    browser.submit(page.form_of("#switch-account")).await;
    recover(&server, phone.codes.first().unwrap()).await;
    server.app().store().sweep(server.app().now()).await.unwrap();
    assert_eq!(failures(&server, "totp").await, 4);
    let page = owner.get("/u/security").await;
    assert!(is_inside(&page));
    let (_, page) = sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
    assert!(is_throttled(&page));
    // Neither does time: the sweep forgets nobody who exists.
    server.clock.advance(400 * 86_400);
    server.app().store().sweep(server.app().now()).await.unwrap();
    assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a18_of_fifty_parallel_guesses_five_are_evaluated() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        let mut jobs = Vec::new();
        for number in 0..50 {
            let (mut browser, page) = pending_at(&server, number % 3).await;
            let form = page.form_of("#factor-submit").with("code", &phone.wrong_code(&server.clock));
            jobs.push(async move { browser.post(&form).await });
        }
        let pages = at_once(jobs).await;
        assert_eq!(server.audited("second-factor", "refused").await, LIMIT);
        assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
        let evaluated = pages.iter().filter(|page| page.status == StatusCode::OK).count();
        // The fifth is told that it was one too many; everybody else has to wait.
        assert_eq!(evaluated, LIMIT - 1);
        assert_eq!(pages.iter().filter(|page| is_throttled(page)).count(), 50 - evaluated);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a18_fifty_parallel_guesses_of_one_sign_in_are_not_more() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        let (browser, page) = pending(&server).await;
        let form = page.form_of("#factor-submit").with("code", &phone.wrong_code(&server.clock));
        let rounds = (0..50).map(|_| {
            let (mut browser, form) = (browser.clone(), form.clone());
            async move { browser.post(&form).await }
        });
        let pages = at_once(rounds).await;
        // One challenge, one answer: the others came too late.
        assert_eq!(server.audited("second-factor", "refused").await, 1);
        assert_eq!(pages.iter().filter(|page| page.status == StatusCode::OK).count(), 1);
        assert!(pages.iter().all(|page| !page.status.is_server_error()));
        assert_eq!(failures(&server, "totp").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a18_fifty_parallel_passwords_are_five_guesses_for_known_and_unknown_names() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(3).start().await;
        for name in ["alice", "nobody"] {
            let before = server.audited("password", "refused").await;
            let mut jobs = Vec::new();
            for number in 0..50 {
                let mut browser = server.browser_at(number % 3, &server.pool().origin);
                let page = browser.get("/u").await;
                let form = page.form_of("#login-submit").with("username", name).with("password", "wrong");
                jobs.push(async move { browser.post(&form).await });
            }
            let pages = at_once(jobs).await;
            assert_eq!(server.audited("password", "refused").await - before, LIMIT, "{name}");
            assert_eq!(pages.iter().filter(|page| is_throttled(page)).count(), 50 - LIMIT, "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a19_the_lock_is_kept_when_every_node_restarts() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        guess_until_locked(&server, &phone).await;
        let (mut before, waiting) = pending(&server).await;
        server.restart().await;
        // In the sign-in from before the restart, and in a new one at each node.
        let page = before.answer(&waiting, &phone.code(&server.clock)).await;
        assert!(is_throttled(&page), "{}", page.body);
        for node in 0..3 {
            let (mut browser, page) = pending_at(&server, node).await;
            let page = browser.answer(&page, &phone.code(&server.clock)).await;
            assert!(is_throttled(&page) && !browser.cookies.contains_key(SESSION), "{}", page.body);
        }
        assert_eq!(server.audited("second-factor", "done").await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a21_forwarded_headers_of_anybody_make_no_new_bucket() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let lie = |browser: &mut Browser, number: usize| {
        let address = format!("203.0.113.{number}");
        for name in ["x-forwarded-for", "x-real-ip", "true-client-ip", "cf-connecting-ip", "x-client-ip"] {
            browser.headers.push((name.to_owned(), address.clone()));
        }
        browser.headers.push(("forwarded".to_owned(), format!("for={address};proto=https")));
    };
    for number in 0..50 {
        let mut browser = server.browser();
        lie(&mut browser, number);
        let page = browser.sign_in("alice").await;
        assert!(page.has_id("otp"), "{}", page.body);
        browser.answer(&page, &phone.wrong_code(&server.clock)).await;
    }
    assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
    for number in 0..50 {
        let mut browser = server.browser();
        lie(&mut browser, number);
        let page = browser.get("/u").await;
        browser.log_in(&page, "alice", "wrong").await;
    }
    // Each counts for the name and for the address.
    assert_eq!(failures(&server, "password").await, 2 * FREE_FAILURES);
    for action in ["second-factor", "password"] {
        assert_eq!(server.audited(action, "refused").await, LIMIT, "{action}");
    }
    // And nobody can write somebody else's address into the audit trail.
    let rows = server.rows().audit(10_000, None).await.unwrap();
    assert!(rows.iter().filter_map(|row| row.ip.as_deref()).all(|ip| ip == "127.0.0.1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a27_a_sign_in_that_guessed_is_dead_after_the_wait() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        let right = phone.codes.first().unwrap();
        let (mut guesser, page) = pending(&server).await;
        let mut page = to_recovery(&mut guesser, &page).await;
        let waiting = page.clone();
        for _ in 0..LIMIT {
            page = guesser.answer(&page, "0000-0000-0000-0000-0000-0000").await;
        }
        assert!(is_throttled(&page), "{}", page.body);
        server.clock.advance(60);
        let flow = waiting.form_of("#factor-submit").value("flow").unwrap().to_owned();
        for code in [right.as_str(), "0000-0000-0000-0000-0000-0000"] {
            let page = guesser.answer(&waiting, code).await;
            assert!(page.has_id("login-submit"), "{}", page.body);
        }
        // Not by way of the other factor either: the flow is gone, and the sign-in begins again.
        let page = guesser.submit(waiting.form_of("#choose-totp")).await;
        assert!(page.has_id("login-submit"), "{}", page.body);
        assert!(guesser.get(&format!("/login/factor?flow={flow}")).await.has_id("login-submit"));
        assert_eq!(failures(&server, "recovery").await, FREE_FAILURES);
        // Through the first factor again it works.
        let (_, page) = recover(&server, right).await;
        assert!(page.has_id("done-next"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a27_a_stock_of_sign_ins_is_one_guess_each_and_no_faster() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    let mut stock = Vec::new();
    for _ in 0..8 {
        stock.push(pending(&server).await);
    }
    guess_until_locked(&server, &phone).await;
    for (browser, page) in &mut stock {
        let wrong = phone.wrong_code(&server.clock);
        assert!(is_throttled(&browser.answer(page, &wrong).await));
    }
    assert_eq!(failures(&server, "totp").await, FREE_FAILURES);
    server.clock.advance(30);
    let wrong = phone.wrong_code(&server.clock);
    let jobs = stock.into_iter().map(|(mut browser, page)| {
        let wrong = wrong.clone();
        async move {
            let flow = page.form_of("#factor-submit").value("flow").unwrap().to_owned();
            let page = browser.get(&format!("/login/factor?flow={flow}")).await;
            browser.answer(&page, &wrong).await
        }
    });
    at_once(jobs).await;
    assert_eq!(failures(&server, "totp").await, FREE_FAILURES + 1);
    assert_eq!(server.audited("second-factor", "refused").await, LIMIT + 1);
}

/// How many of twenty answers at once, most of which cannot count, take the time that says nothing.
async fn told_alike(engine: Engine) -> usize {
    let (server, _, phone) = enrolled(Setup::on(engine)).await;
    // Ten answers to one challenge, half of them right; and one to each of ten challenges, all wrong.
    let (browser, page) = pending(&server).await;
    let form = page.form_of("#factor-submit");
    let right = phone.code(&server.clock);
    let wrong = phone.wrong_code(&server.clock);
    let same = (0..10).map(|number| {
        let code = if number % 2 == 0 { &right } else { &wrong };
        (browser.clone(), form.clone().with("code", code))
    });
    let mut jobs: Vec<_> = same.collect();
    for _ in 0..10 {
        let (browser, page) = pending(&server).await;
        jobs.push((browser, page.form_of("#factor-submit").with("code", &wrong)));
    }
    let timed = jobs.into_iter().map(|(mut browser, form)| async move {
        let begun = std::time::Instant::now();
        browser.post(&form).await;
        begun.elapsed()
    });
    // Somebody holds the counter until all of them have been judged.
    let (rows, id, now) = (server.rows(), crate::support::alice(&server).await.id, server.app().now());
    let held = tokio::spawn(async move {
        let totp = vestibule_domain::FactorKind::new("totp");
        let hold = rows.write(move |tx| async move {
            tx.admit_attempt(id.as_uuid(), &totp, now).await?;
            tokio::time::sleep(std::time::Duration::from_millis(700)).await;
            Ok(())
        });
        hold.await
    });
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let times = at_once(timed).await;
    held.await.unwrap().unwrap();
    times.iter().filter(|time| time.as_millis() >= 1_000).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a44_what_does_not_count_is_told_at_a_time_that_says_nothing() {
    on_every_engine(|engine| async move {
        // On a busy machine some come too late to be judged, and are told so at once.
        let mut alike = 0;
        for _ in 0..25 {
            alike = alike.max(told_alike(engine).await);
            if alike >= 10 {
                return;
            }
        }
        panic!("only {alike} of the answers that do not count were told alike");
    })
    .await;
}
