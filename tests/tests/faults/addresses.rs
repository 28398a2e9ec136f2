//! The mail address of an account: proved, changed, and taken back.

use crate::support::{ask_registration, ask_reset, behind_proxy, browser_from, is_inside, try_password};
use reqwest::StatusCode;
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;
use vestibule_domain::{Email, FactorKind, MfaMode};
use vestibule_store::{PoolTx, records::MailTokenRow};
use vestibule_tests::{Browser, Engine, PASSWORD, Page, Server, Setup, at_once, on_every_engine};

const ALICE: &str = "alice@example.test";
const NEW: &str = "alice@new.example";
const WEEK: i64 = 7 * 86_400;

/// How many mails went to an address.
async fn mailed(server: &Server, to: &str) -> usize {
    server.mails().await.iter().filter(|mail| mail.to == to).count()
}

/// The last code that was mailed to an address, as it stands in the mail.
async fn code(server: &Server, to: &str) -> String {
    let digits = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let mails = server.mails().await;
    let found = mails.iter().rev().filter(|mail| mail.to == to).find_map(|mail| {
        let words: Vec<&str> = mail.text.split_whitespace().collect();
        words.windows(2).find(|pair| pair.iter().all(digits)).map(|pair| pair.join(" "))
    });
    found.unwrap()
}

/// The form for another address, after the password was given once more.
async fn form(server: &Server, browser: &mut Browser, name: &str) -> Page {
    let page = browser.get("/u/profile/address").await;
    if page.has_id("address-submit") {
        return page;
    }
    // Later than the sign-in, or it would be the same.
    server.clock.advance(1);
    browser.log_in(&page, name, PASSWORD).await
}

/// Asks for another address.
async fn ask(server: &Server, browser: &mut Browser, name: &str, address: &str) -> Page {
    let page = form(server, browser, name).await;
    // Of mails of one second nobody knows which is the last.
    server.clock.advance(1);
    browser.submit(page.form_of("#address-submit").with("email", address)).await
}

/// Types a code on the profile.
async fn prove(browser: &mut Browser, code: &str) -> Page {
    let page = browser.get("/u/profile").await;
    browser.submit(page.form_of("#prove-submit").with("code", code)).await
}

/// Changes the address with the code that was mailed.
async fn change(server: &Server, browser: &mut Browser, name: &str, address: &str) -> Page {
    ask(server, browser, name, address).await;
    let code = code(server, address).await;
    prove(browser, &code).await
}

/// Follows the link that takes a change back.
async fn take_back(server: &Server, browser: &mut Browser, to: &str) -> Page {
    let link = server.mailed_link(to, "/login/address").await.unwrap();
    let page = browser.get(&link).await;
    browser.submit(page.form_of("#address-undo-submit")).await
}

/// The address of a user, and whether it is proved.
async fn address(server: &Server, name: &str) -> (Option<String>, bool) {
    let user = server.rows().user_by_identifier(name).await.unwrap().unwrap().user;
    (user.email, user.email_verified)
}

fn proved(address: &str) -> (Option<String>, bool) {
    (Some(address.to_owned()), true)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_an_address_is_changed_by_the_code_that_was_mailed_to_it() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let page = ask(&server, &mut owner, "alice", " Alice@NEW.example ").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.text("#pending-lead").contains("Alice@NEW.example"), "{}", page.body);
        assert_eq!(address(&server, "alice").await, proved(ALICE), "nothing counts before it is proved");
        assert_eq!(mailed(&server, ALICE).await, 0, "there is nothing to tell yet");
        let page = prove(&mut owner, "1234 5678").await;
        assert!(page.text("#form-error").contains("not valid"), "{}", page.body);
        let code = code(&server, "Alice@NEW.example").await;
        // As another keyboard types it.
        let typed: String = code
            .chars()
            .map(|c| c.to_digit(10).and_then(|n| char::from_u32(0x0660 + n)).unwrap_or('-'))
            .collect();
        let page = prove(&mut owner, &typed).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.has_id("pending-email") && page.text("#profile-email") == "Alice@NEW.example");
        assert_eq!(address(&server, "alice").await, proved("Alice@NEW.example"));
        // The old one is told, with the way back; a reload says nothing again and changes nothing.
        let mails = server.mails().await;
        let told = mails.iter().rfind(|mail| mail.to == ALICE).unwrap();
        assert!(told.text.contains("/login/address?") && told.text.contains("7 days"), "{}", told.text);
        assert!(prove_again(&mut owner, &page, &code).await.has_id("profile-email"));
        assert_eq!(server.audited("address-changed", "done").await, 1);
        // Applications are told, and one signs in with it.
        let rp = server.rp();
        let tokens = rp.verified(&rp.silent(&mut owner, &[("scope", "openid email")]).await).await;
        let told = rp.userinfo(&tokens.text("access_token")).await.body;
        assert_eq!((&told["email"], &told["email_verified"]), (&json!("Alice@NEW.example"), &json!(true)));
        let mut elsewhere = server.browser();
        try_password(&mut elsewhere, ALICE, PASSWORD).await;
        assert!(!elsewhere.cookies.contains_key("vestibule"));
        try_password(&mut elsewhere, NEW, PASSWORD).await;
        assert!(elsewhere.cookies.contains_key("vestibule"));
    })
    .await;
}

/// Sends a code that was used to the profile, where there is no form for it any more.
async fn prove_again(browser: &mut Browser, page: &Page, code: &str) -> Page {
    let form = page.form_of("#profile-save").to("/u/profile/address/prove").forged("code", code);
    browser.submit(form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_nobody_changes_an_address_at_an_open_session() {
    let server = Setup::default().start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    // Right after the sign-in, and with the second factor set up or not.
    for _ in 0..2 {
        let page = owner.get("/u/profile/address").await;
        assert!(page.has_id("login-submit") && !page.has_id("address-submit"), "{}", page.body);
        let page = owner.get("/u/profile").await;
        let forged = page.form_of("#profile-save").to("/u/profile/address").forged("email", NEW);
        let page = owner.submit(forged).await;
        assert!(page.has_id("login-submit"), "{}", page.body);
        assert_eq!(server.audited("address-asked", "done").await, 0);
        if server.audited("factor-enrolled", "done").await == 0 {
            server.enrol(&mut owner).await;
        }
    }
    // What was proved for it is good for a few minutes.
    let page = form(&server, &mut owner, "alice").await;
    assert!(page.has_id("address-submit"), "{} {}", page.url, page.body);
    server.clock.advance(301);
    let page = owner.get("/u/profile/address").await;
    assert!(!page.has_id("address-submit"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_whether_an_address_is_taken_is_told_to_its_mailbox_alone() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_user("bruno").await;
        let mut asker = server.browser();
        asker.sign_in("alice").await;
        let mut bodies = Vec::new();
        for wanted in ["bruno@example.test", "nobody@example.test"] {
            let page = ask(&server, &mut asker, "alice", wanted).await;
            assert!(page.has_id("pending-email"));
            let wrong = prove(&mut asker, "00000000").await;
            let both = [page.body, wrong.body].map(|body| normalised(&body, wanted));
            bodies.push(both);
        }
        assert_eq!(bodies[0], bodies[1]);
        let mails = server.mails().await;
        let told = mails.iter().rfind(|mail| mail.to == "bruno@example.test").unwrap();
        assert!(told.text.contains("bruno") && !told.text.contains("alice"), "{}", told.text);
        // Nor is a name told with a code, to a mailbox that may be a stranger's.
        let told = mails.iter().rfind(|mail| mail.to == "nobody@example.test").unwrap();
        assert!(!told.text.contains("alice") && !told.html.contains("alice"), "{}", told.text);
        assert_eq!(server.audited("address-asked", "done").await, 2);
        assert_eq!(address(&server, "bruno").await, proved("bruno@example.test"));
        // Somebody who gets the address before the code is typed has it.
        change_loses_a_race(&server, &mut asker).await;
    })
    .await;
}

async fn change_loses_a_race(server: &Server, asker: &mut Browser) {
    let wanted = "carla@example.test";
    ask(server, asker, "alice", wanted).await;
    let code = code(server, wanted).await;
    server.add_user("carla").await;
    let page = prove(asker, &code).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
    assert_eq!(address(server, "alice").await, proved(ALICE));
}

/// A page without what differs from request to request.
fn normalised(body: &str, address: &str) -> String {
    let body = body.replace(address, "ADDRESS");
    let differs = |line: &str| ["csrf", "said=", "<time"].iter().any(|mark| line.contains(mark));
    let lines = body.lines().filter(|line| !differs(line));
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_a_code_counts_in_the_account_that_asked_for_it_and_once() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_user("bruno").await;
        let (mut mallory, mut victim) = (server.browser(), server.browser());
        mallory.sign_in("alice").await;
        victim.sign_in("bruno").await;
        // Mallory's code, read by the victim, does nothing in the victim's account, and the other way round.
        ask(&server, &mut mallory, "alice", "shared@example.test").await;
        let first = code(&server, "shared@example.test").await;
        ask(&server, &mut victim, "bruno", "other@example.test").await;
        let page = prove(&mut victim, &first).await;
        assert!(page.has_id("form-error"), "{}", page.body);
        assert_eq!(address(&server, "bruno").await, proved("bruno@example.test"));
        // Sent many times at once it counts once.
        let profile = mallory.get("/u/profile").await;
        let form = profile.form_of("#prove-submit").with("code", &first);
        let all = at_once((0..6).map(|_| {
            let (mut browser, form) = (mallory.clone(), form.clone());
            async move { browser.post(&form).await.status }
        }))
        .await;
        assert!(all.iter().all(|status| !status.is_server_error()), "{all:?}");
        assert_eq!(server.audited("address-changed", "done").await, 1);
        assert_eq!(address(&server, "alice").await, proved("shared@example.test"));
        assert_eq!(
            server.mails().await.iter().filter(|mail| mail.text.contains("/login/address?")).count(),
            1
        );
        // A code that is too old counts for nothing.
        let late = code(&server, "other@example.test").await;
        server.clock.advance(1800);
        let page = victim.get("/u/profile").await;
        assert!(!page.has_id("pending-email"), "{}", page.body);
        let page = prove_again(&mut victim, &page, &late).await;
        assert!(page.has_id("form-error"));
        assert_eq!(address(&server, "bruno").await, proved("bruno@example.test"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_codes_and_mails_about_addresses_are_bounded() {
    let server = behind_proxy(Setup::default()).start().await;
    let mut owner = browser_from(&server, "203.0.113.9");
    owner.sign_in("alice").await;
    ask(&server, &mut owner, "alice", NEW).await;
    let good = code(&server, NEW).await;
    let mut last = StatusCode::OK;
    for number in 0..11 {
        last = prove(&mut owner, &format!("{number:08}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    prove(&mut owner, &good).await;
    assert_eq!(address(&server, "alice").await, proved(ALICE), "a right one is not looked at either");
    // One mailbox gets five, however it is written; a code that is there stays good.
    server.clock.advance(3600);
    for number in 0..8 {
        let wanted = if number % 2 == 0 { "al.ice@new.example" } else { "Alice+x@New.example" };
        let page = ask(&server, &mut owner, "alice", wanted).await;
        assert_eq!(page.status, StatusCode::OK, "{number} {}", page.body);
    }
    let to_mailbox = |mails: Vec<vestibule_flows::OutgoingMail>| {
        mails.iter().filter(|mail| mail.to.to_lowercase().ends_with("@new.example")).count()
    };
    assert_eq!(to_mailbox(server.mails().await), 1 + 5);
    // One account asks ten times in an hour.
    let mut seen = Vec::new();
    for number in 0..5 {
        seen.push(ask(&server, &mut owner, "alice", &format!("n{number}@example.test")).await.status);
    }
    assert_eq!(seen.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count(), 3, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_the_old_mailbox_takes_a_change_back() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        // Somebody who knows the password and sits at a session of their own.
        let (mut thief, mut owner) = (server.browser(), server.browser());
        thief.sign_in("alice").await;
        let page = change(&server, &mut thief, "alice", NEW).await;
        assert!(page.has_id("profile-email"), "{}", page.body);
        // What the thief does next does not take the way back away.
        let page = thief.get("/u/password").await;
        let form = page.form_of("#password-save").with("current_password", PASSWORD);
        thief.submit(form.with("new_password", "the thief was in here 77")).await;
        ask_with(&server, &mut thief, "the thief was in here 77", "thief@example.test").await;
        let pending = code(&server, "thief@example.test").await;
        let link = server.mailed_link(ALICE, "/login/address").await.unwrap();
        let page = owner.get(&link).await;
        assert!(page.text("#address-undo-lead").contains(ALICE), "{}", page.body);
        assert_eq!(address(&server, "alice").await, proved(NEW), "nothing is done by looking");
        let page = owner.submit(page.form_of("#address-undo-submit")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.has("#done-next[href='/login/reset']"), "{}", page.body);
        assert_eq!(address(&server, "alice").await, proved(ALICE));
        assert_eq!(server.audited("address-restored", "done").await, 1);
        // Everybody is out, what was begun is void, and the link is spent.
        assert!(thief.get("/u").await.has_id("login-submit"));
        assert_eq!(owner.get(&link).await.status, StatusCode::GONE);
        try_password(&mut thief, "alice", "the thief was in here 77").await;
        let page = thief.get("/u/profile").await;
        assert!(!page.has_id("pending-email"), "{}", page.body);
        prove_again(&mut thief, &page, &pending).await;
        assert_eq!(address(&server, "alice").await, proved(ALICE));
        // With the old address the owner gets a password, with the new one nobody does.
        let before = server.mails().await.len();
        ask_reset(&mut server.browser(), NEW).await;
        assert_eq!(server.mails().await.len(), before);
        ask_reset(&mut owner, "alice").await;
        assert!(server.mailed_link(ALICE, "/login/reset/complete").await.is_some());
    })
    .await;
}

/// Asks for another address where the password is not that of the tests.
async fn ask_with(server: &Server, browser: &mut Browser, password: &str, address: &str) {
    let mut page = browser.get("/u/profile/address").await;
    if !page.has_id("address-submit") {
        server.clock.advance(1);
        page = browser.log_in(&page, "alice", password).await;
    }
    browser.submit(page.form_of("#address-submit").with("email", address)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_no_password_is_reset_with_an_address_that_can_still_be_taken_back() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        // A link to the old address dies with it.
        ask_reset(&mut server.browser(), "alice").await;
        let early = server.mailed_link(ALICE, "/login/reset/complete").await.unwrap();
        change(&server, &mut thief, "alice", NEW).await;
        assert_eq!(server.browser().get(&early).await.status, StatusCode::GONE);
        let resets = async |to: &str| {
            let mails = server.mails().await;
            mails.iter().filter(|mail| mail.to == to && mail.text.contains("/login/reset/complete")).count()
        };
        for identifier in ["alice", NEW] {
            ask_reset(&mut server.browser(), identifier).await;
        }
        assert_eq!((resets(NEW).await, resets(ALICE).await), (0, 3), "the old mailbox has the say");
        server.clock.advance(WEEK);
        ask_reset(&mut server.browser(), NEW).await;
        assert_eq!((resets(NEW).await, resets(ALICE).await), (1, 3));
        let link = server.mailed_link(ALICE, "/login/address").await.unwrap();
        assert_eq!(server.browser().get(&link).await.status, StatusCode::GONE, "a week is over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_of_several_changes_the_first_mailbox_alone_has_a_way_back() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        change(&server, &mut thief, "alice", "second@example.test").await;
        change(&server, &mut thief, "alice", "third@example.test").await;
        assert_eq!(address(&server, "alice").await, proved("third@example.test"));
        // The second is told, and was not there for long enough to have a say.
        assert!(server.mailed_link("second@example.test", "/login/address").await.is_none());
        assert_eq!(mailed(&server, "second@example.test").await, 2);
        take_back(&server, &mut server.browser(), ALICE).await;
        assert_eq!(address(&server, "alice").await, proved(ALICE));
        // After that it begins anew.
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        change(&server, &mut thief, "alice", "third@example.test").await;
        take_back(&server, &mut server.browser(), ALICE).await;
        assert_eq!(address(&server, "alice").await, proved(ALICE));
    })
    .await;
}

/// How many links to reset a password were mailed to an address.
async fn resets(server: &Server, to: &str) -> usize {
    let mails = server.mails().await;
    mails.iter().filter(|mail| mail.to == to && mail.text.contains("/login/reset/complete")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_a_mailbox_that_was_there_for_a_moment_keeps_nothing_when_the_owner_is_back() {
    const THIEF: &str = "thief@example.test";
    on_every_engine(|engine| async move {
        // The owner's address was proved before, or never was.
        for was_proved in [true, false] {
            let server = Setup::on(engine).start().await;
            let set = |spec: &mut vestibule_flows::UserSpec| spec.email_verified = was_proved;
            if !was_proved {
                server.admin().update_user("main", "alice", set).await.unwrap();
            }
            let (mut thief, mut owner) = (server.browser(), server.browser());
            thief.sign_in("alice").await;
            change(&server, &mut thief, "alice", THIEF).await;
            assert_eq!(address(&server, "alice").await, proved(THIEF));
            owner.sign_in("alice").await;
            change(&server, &mut owner, "alice", ALICE).await;
            assert_eq!(address(&server, "alice").await, proved(ALICE), "{was_proved}");
            assert!(server.mailed_link(THIEF, "/login/address").await.is_none(), "{was_proved}");
            ask_reset(&mut server.browser(), "alice").await;
            assert_eq!((resets(&server, THIEF).await, resets(&server, ALICE).await), (0, 1), "{was_proved}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_a_reset_that_was_asked_for_before_a_change_was_taken_back_opens_nothing_after() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        change(&server, &mut thief, "alice", NEW).await;
        take_back(&server, &mut server.browser(), ALICE).await;
        // As by a request that had read the account before, and wrote its link afterwards.
        let user = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
        let now = server.app().now();
        let late = MailTokenRow {
            hash: vestibule_seal::sha256(b"late"),
            purpose: "reset".to_owned(),
            user: Some(user),
            email: NEW.to_owned(),
            data: String::new(),
            created_at: now,
            expires_at: now + 600,
        };
        server.rows().write(move |tx| async move { tx.insert_mail_token(&late).await }).await.unwrap();
        let page = thief.get("/login/reset/complete?token=late").await;
        let form = page.form_of("#reset-complete-submit").with("password", "the thief was in here 77");
        assert_eq!(thief.submit(form).await.status, StatusCode::GONE);
        assert!(!is_inside(&try_password(&mut thief, "alice", "the thief was in here 77").await));
        assert!(is_inside(&server.browser().sign_in("alice").await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_taking_a_change_back_takes_the_factors_that_came_since() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        change(&server, &mut thief, "alice", NEW).await;
        server.enrol(&mut thief).await;
        take_back(&server, &mut server.browser(), ALICE).await;
        assert!(is_inside(&server.browser().sign_in("alice").await), "nobody is asked for the thief's code");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_a_way_back_that_meets_another_change_works_all_the_same() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut thief = server.browser();
        thief.sign_in("alice").await;
        change(&server, &mut thief, "alice", NEW).await;
        let link = server.mailed_link(ALICE, "/login/address").await.unwrap();
        let mut owner = server.browser();
        let form = owner.get(&link).await.form_of("#address-undo-submit");
        // Another change holds the account when the link is used, and is written while it waits.
        let user = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
        let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (at_work, ends, rows, now) = (begun.clone(), end.clone(), server.rows(), server.app().now());
        let other = tokio::spawn(async move {
            let job = move |tx: PoolTx| async move {
                tx.lock_user(user).await?;
                at_work.notify_one();
                ends.notified().await;
                tx.set_email(user, Some("third@example.test"), true, now).await
            };
            rows.write(job).await
        });
        begun.notified().await;
        let statements = server.app().store().counters().statements;
        let used = tokio::spawn(async move { owner.submit(form).await });
        // It has begun to read; what else it reads before it waits, it reads now, or it would not matter.
        while server.app().store().counters().statements == statements {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        end.notify_one();
        assert_eq!(other.await.unwrap(), Ok(true));
        let page = used.await.unwrap();
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(address(&server, "alice").await, proved(ALICE));
        assert!(thief.get("/u").await.has_id("login-submit"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_an_old_address_that_is_somebody_elses_by_now_still_ends_everything() {
    let server = Setup::default().start().await;
    let mut thief = server.browser();
    thief.sign_in("alice").await;
    change(&server, &mut thief, "alice", NEW).await;
    // The owner of the mailbox made an account of its own.
    let mut owner = server.browser();
    ask_registration(&mut owner, ALICE).await;
    let link = server.mailed_link(ALICE, "/login/register/complete").await.unwrap();
    let page = owner.get(&link).await;
    let form = page.form_of("#register-complete-submit").with("username", "alice2");
    owner.submit(form.with("password", PASSWORD)).await;
    let page = take_back(&server, &mut owner, ALICE).await;
    assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
    assert_eq!(address(&server, "alice").await, (Some(NEW.to_owned()), false));
    assert_eq!(address(&server, "alice2").await, proved(ALICE));
    assert!(thief.get("/u").await.has_id("login-submit"));
    // The mailbox has the say over the account as before.
    ask_reset(&mut server.browser(), "alice").await;
    assert_eq!((resets(&server, NEW).await, resets(&server, ALICE).await), (0, 1));
}

/// A pool where a mailed code is a second factor.
fn mailing(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    setup.settings.password_reset = false;
    setup.settings.mfa.everybody.mode = Some(MfaMode::Optional);
    setup.settings.mfa.everybody.factors = Some([FactorKind::from_text("email")].into());
    setup
}

/// The last six digits that were mailed to an address.
async fn factor_code(server: &Server, to: &str) -> String {
    let digits = |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = |text: &str| text.split(|c: char| !c.is_ascii_digit()).find(digits).map(str::to_owned);
    let mails = server.mails().await;
    let found = mails.iter().rev().filter(|mail| mail.to == to).find_map(|mail| code(&mail.text));
    assert!(mails.iter().all(|mail| code(&mail.text).is_none() || !mail.text.contains("alice")), "no name");
    // The next one is mailed later.
    server.clock.advance(1);
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_who_proves_an_address_can_use_mailed_codes_and_they_follow_it() {
    on_every_engine(|engine| async move {
        let server = mailing(engine).start().await;
        let unproved = |spec: &mut vestibule_flows::UserSpec| spec.email_verified = false;
        server.admin().update_user("main", "alice", unproved).await.unwrap();
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        assert!(!owner.get("/u/security").await.has_id("add-email"), "there is no address to mail to");
        let page = owner.get("/u/profile").await;
        assert_eq!(page.attribute("#change-email", "href").as_deref(), Some("/u/profile/address"));
        // The address stands in the form already.
        let page = form(&server, &mut owner, "alice").await;
        assert_eq!(page.form_of("#address-submit").value("email"), Some(ALICE));
        let page = owner.submit(page.form_of("#address-submit")).await;
        assert!(page.has_id("pending-email"));
        let proof = code(&server, ALICE).await;
        prove(&mut owner, &proof).await;
        assert_eq!(address(&server, "alice").await, proved(ALICE));
        let page = owner.get("/u/security").await;
        let page = owner.submit(page.form_of("#add-email")).await;
        let answer = factor_code(&server, ALICE).await;
        owner.submit(page.form_of("#enrol-submit").with("code", &answer)).await;
        // A sign-in that waits for a code to the old address when the address changes.
        let mut waiting = server.browser();
        let page = try_password(&mut waiting, "alice", PASSWORD).await;
        assert!(page.has_id("mailed"), "{}", page.body);
        let stale = factor_code(&server, ALICE).await;
        server.clock.advance(30);
        change(&server, &mut owner, "alice", NEW).await;
        let late = waiting.answer(&page, &stale).await;
        assert!(!waiting.cookies.contains_key("vestibule"), "{}", late.body);
        let mut browser = server.browser();
        let page = try_password(&mut browser, "alice", PASSWORD).await;
        let fresh = factor_code(&server, NEW).await;
        browser.answer(&page, &fresh).await;
        assert!(browser.cookies.contains_key("vestibule"));
        // And back again.
        take_back(&server, &mut server.browser(), ALICE).await;
        let before = mailed(&server, ALICE).await;
        try_password(&mut server.browser(), "alice", PASSWORD).await;
        assert_eq!(mailed(&server, ALICE).await, before + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_administrators_change_an_address_and_gain_nothing_by_it() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).administered().start().await;
        server.add_user("bruno").await;
        let mut admin = server.browser();
        admin.sign_in("alice").await;
        ask_reset(&mut server.browser(), "bruno").await;
        let early = server.mailed_link("bruno@example.test", "/login/reset/complete").await.unwrap();
        let set = async |browser: &mut Browser, name: &str, email: &str| {
            let page = browser.get("/u/settings").await;
            let form = page.form_of("#change-address").with("username", name).with("email", email);
            browser.submit(form).await
        };
        for (name, email, status) in [
            ("nobody", NEW, StatusCode::NOT_FOUND),
            ("bruno", "no address", StatusCode::BAD_REQUEST),
            ("bruno", "BRUNO@example.test", StatusCode::BAD_REQUEST),
            ("bruno", ALICE, StatusCode::CONFLICT),
            ("alice", NEW, StatusCode::FORBIDDEN),
        ] {
            let page = set(&mut admin, name, email).await;
            assert_eq!(page.status, status, "{name} {email} {}", page.body);
            assert!(page.has(&format!("#address-username[value='{name}']")), "what was typed stays");
        }
        let mut before = server.browser();
        before.sign_in("bruno").await;
        assert!(is_inside(&before.get("/u").await));
        let page = set(&mut admin, "bruno", "mallory@example.test").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(before.get("/u").await.has_id("login-submit"), "whoever was inside is out");
        assert!(is_inside(&admin.get("/u").await), "and nobody else");
        assert_eq!(address(&server, "bruno").await, (Some("mallory@example.test".to_owned()), false));
        // It opens no way into the account, and a link to the old address is dead.
        let before = mailed(&server, "mallory@example.test").await;
        ask_reset(&mut server.browser(), "bruno").await;
        assert_eq!(mailed(&server, "mallory@example.test").await, before);
        assert_eq!(server.browser().get(&early).await.status, StatusCode::GONE);
        // Nor does a proof of the new one take the way back away. The old mailbox was told, and takes the change back.
        let mut inside = server.browser();
        inside.sign_in("bruno").await;
        change(&server, &mut inside, "bruno", "mallory@example.test").await;
        assert_eq!(address(&server, "bruno").await, proved("mallory@example.test"));
        ask_reset(&mut server.browser(), "bruno").await;
        assert_eq!(resets(&server, "mallory@example.test").await, 0);
        take_back(&server, &mut server.browser(), "bruno@example.test").await;
        assert_eq!(address(&server, "bruno").await, proved("bruno@example.test"));
        // Others have no such form.
        let mut other = server.browser();
        other.sign_in("bruno").await;
        let page = other.get("/u/profile").await;
        let form = page.form_of("#profile-save").to("/u/settings/address");
        let page = other.submit(form.forged("username", "alice").forged("email", NEW)).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(address(&server, "alice").await, proved(ALICE));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_an_operator_changes_and_verifies_an_address_and_what_hung_on_the_old_one_ends() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        ask_reset(&mut server.browser(), "alice").await;
        let early = server.mailed_link(ALICE, "/login/reset/complete").await.unwrap();
        ask(&server, &mut owner, "alice", "pending@example.test").await;
        let pending = code(&server, "pending@example.test").await;
        let moved = |spec: &mut vestibule_flows::UserSpec| {
            spec.email = Some(Email::parse(NEW).unwrap());
            spec.email_verified = true;
        };
        server.admin().update_user("main", "alice", moved).await.unwrap();
        assert_eq!(address(&server, "alice").await, proved(NEW));
        assert_eq!(server.browser().get(&early).await.status, StatusCode::GONE);
        // Whoever was inside is out, as after a new password; what they asked for is void.
        assert!(owner.get("/u/profile").await.has_id("login-submit"));
        owner.cookies.clear();
        owner.sign_in("alice").await;
        let page = owner.get("/u/profile").await;
        assert!(!page.has_id("pending-email"), "{}", page.body);
        prove_again(&mut owner, &page, &pending).await;
        assert_eq!(address(&server, "alice").await, proved(NEW));
        // The old address is told, and has no say: the operator may be mending a mistake.
        let mails = server.mails().await;
        let told = mails.iter().rfind(|mail| mail.to == ALICE).unwrap();
        assert!(
            !told.text.contains("/login/address?") && told.text.contains("another address"),
            "{}",
            told.text
        );
        ask_reset(&mut server.browser(), "alice").await;
        assert!(server.mailed_link(NEW, "/login/reset/complete").await.is_some());
        // A change of anything else leaves links and sessions alone, another word on the same address included.
        let mut inside = server.browser();
        inside.sign_in("alice").await;
        for verified in [false, true] {
            let said = |spec: &mut vestibule_flows::UserSpec| spec.email_verified = verified;
            server.admin().update_user("main", "alice", said).await.unwrap();
        }
        assert!(is_inside(&inside.get("/u").await));
        ask_reset(&mut server.browser(), "alice").await;
        let renamed = |spec: &mut vestibule_flows::UserSpec| spec.name = Some("Alice".to_owned());
        server.admin().update_user("main", "alice", renamed).await.unwrap();
        let link = server.mailed_link(NEW, "/login/reset/complete").await.unwrap();
        assert_eq!(server.browser().get(&link).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u18_nothing_is_offered_where_no_mail_can_be_sent() {
    let server = Setup { can_mail: false, ..Setup::default() }.start().await;
    let mut owner = server.browser();
    owner.sign_in("alice").await;
    assert!(!owner.get("/u/profile").await.has_id("change-email"));
    let page = form(&server, &mut owner, "alice").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.body);
}
