//! A code is good once, for a while, for one person.

use crate::support::{
    SESSION, add_device, at_once, credential, enrolled, forgive, is_inside, pending, pending_at, recover,
    remove, sign_in_with, state, to_recovery,
};
use reqwest::StatusCode;
use vestibule_domain::MfaMode;
use vestibule_tests::{Setup, on_every_engine};

fn full_width(code: &str) -> String {
    code.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap()).collect()
}

fn arabic(code: &str) -> String {
    code.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0x660).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a22_a_used_code_is_refused_in_every_spelling_and_without_a_hint() {
    on_every_engine(|engine| async move {
        let (mut server, _, phone) = enrolled(Setup::on(engine)).await;
        let (_, page) = sign_in_with(&server, &phone.wrong_code(&server.clock)).await;
        let wrong = page.text("#form-error");
        assert!(!wrong.is_empty());
        let used = phone.code(&server.clock);
        let (_, page) = sign_in_with(&server, &used).await;
        assert!(is_inside(&page), "{}", page.body);
        let (head, tail) = used.split_at(3);
        let spellings = [
            used.clone(),
            format!(" {used}"),
            format!("{used} "),
            format!("{head} {tail}"),
            format!("{used}\t"),
            format!("\u{a0}{used}"),
            full_width(&used),
            arabic(&used),
            format!("+{used}"),
            format!("0{used}"),
            format!("{used}.0"),
        ];
        for spelling in spellings {
            forgive(&server).await;
            let (browser, page) = sign_in_with(&server, &spelling).await;
            assert_eq!(
                (page.text("#form-error"), page.status),
                (wrong.clone(), StatusCode::OK),
                "{spelling:?}"
            );
            assert!(!browser.cookies.contains_key(SESSION), "{spelling:?}");
        }
        // No form carries a NUL, whatever else it says.
        forgive(&server).await;
        let (browser, page) = sign_in_with(&server, &format!("{used}\0")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
        assert!(!browser.cookies.contains_key(SESSION));
        // Nor after a restart, nor a step later, when it would still be in the window.
        forgive(&server).await;
        server.restart().await;
        server.clock.advance(30);
        let (_, page) = sign_in_with(&server, &used).await;
        assert_eq!(page.text("#form-error"), wrong);
        // Neither a space nor the digits of another script are a mistake in a code that was not used.
        let fresh = phone.code(&server.clock);
        let (head, tail) = fresh.split_at(3);
        let (_, page) = sign_in_with(&server, &format!(" {} {} ", full_width(head), arabic(tail))).await;
        assert!(is_inside(&page), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a22_the_code_before_a_used_one_is_used_too() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    server.clock.advance(60);
    let (early, now) = (phone.code_at(server.clock.seconds() + 30), phone.code(&server.clock));
    assert!(is_inside(&sign_in_with(&server, &early).await.1));
    for code in [now, phone.code_at(server.clock.seconds() - 30), early] {
        assert!(!is_inside(&sign_in_with(&server, &code).await.1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a22_the_code_of_the_enrolment_signs_nobody_in() {
    for mode in [MfaMode::Optional, MfaMode::Required] {
        let server = Setup::default().mfa(mode).start().await;
        let mut owner = server.browser();
        let mut page = owner.sign_in("alice").await;
        if mode == MfaMode::Optional {
            let security = owner.get("/u/security").await;
            page = owner.submit(security.form_of("#add-totp")).await;
        }
        let shown = server.clock.seconds();
        let (phone, page) = owner.finish_enrolment(&page, &server.clock).await;
        assert!(page.has_id("recovery-codes"), "{}", page.body);
        let (_, page) = sign_in_with(&server, &phone.code_at(shown)).await;
        assert!(!is_inside(&page), "{mode:?}");
        server.clock.advance(30);
        let (_, page) = sign_in_with(&server, &phone.code_at(shown)).await;
        assert!(!is_inside(&page), "{mode:?}");
        let (_, page) = sign_in_with(&server, &phone.code(&server.clock)).await;
        assert!(is_inside(&page), "{mode:?} {}", page.body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a22_an_enrolment_form_is_good_once() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).nodes(3).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let security = owner.get("/u/security").await;
        let page = owner.submit(security.form_of("#add-totp")).await;
        let secret: String = page.text("#totp-secret").split_whitespace().collect();
        let phone = vestibule_tests::Authenticator { secret, codes: Vec::new() };
        let form = page.form_of("#enrol-submit").with("code", &phone.code(&server.clock));
        let jobs = (0..10).map(|_| {
            let (mut browser, form) = (owner.clone(), form.clone());
            async move { browser.post(&form).await }
        });
        let pages = at_once(jobs).await;
        assert_eq!(pages.iter().filter(|page| page.has_id("recovery-codes")).count(), 1);
        let credentials = state(&server).await.credentials;
        assert_eq!(credentials.iter().filter(|one| one.1 == "totp").count(), 1);
        assert_eq!(credentials.iter().filter(|one| one.1 == "recovery").count(), 10);
        assert_eq!(server.audited("factor-enrolled", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a23_of_twenty_sign_ins_with_one_code_one_succeeds() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        for _ in 0..4 {
            server.clock.advance(30);
            forgive(&server).await;
            let before = server.audited("second-factor", "done").await;
            let sessions = state(&server).await.sessions.len();
            let code = phone.code(&server.clock);
            let mut jobs = Vec::new();
            for number in 0..20 {
                let (mut browser, page) = pending_at(&server, number % 3).await;
                let form = page.form_of("#factor-submit").with("code", &code);
                jobs.push(async move {
                    let page = browser.submit(form).await;
                    (is_inside(&page), browser.cookies.contains_key(SESSION), page.status)
                });
            }
            let ended = at_once(jobs).await;
            assert_eq!(ended.iter().filter(|(inside, ..)| *inside).count(), 1, "{ended:?}");
            assert_eq!(ended.iter().filter(|(_, session, _)| *session).count(), 1, "{ended:?}");
            assert!(ended.iter().all(|(.., status)| !status.is_server_error()), "{ended:?}");
            assert_eq!(server.audited("second-factor", "done").await - before, 1);
            assert_eq!(state(&server).await.sessions.len() - sessions, 1);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a23_one_form_sent_twenty_times_makes_one_session_and_one_code() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        let (rp, mut browser) = (server.rp(), server.browser());
        let page = rp.authorize(&mut browser, &[]).await;
        let page = browser.log_in(&page, "alice", vestibule_tests::PASSWORD).await;
        let form = page.form_of("#factor-submit").with("code", &phone.code(&server.clock));
        let sessions = state(&server).await.sessions.len();
        let jobs = (0..20).map(|_| {
            let (mut browser, form) = (browser.clone(), form.clone());
            async move { browser.submit(form).await }
        });
        let pages = at_once(jobs).await;
        let codes = pages.iter().filter(|page| page.left && page.query().contains_key("code"));
        assert_eq!(codes.count(), 1);
        assert_eq!(state(&server).await.sessions.len() - sessions, 1);
        assert_eq!(server.audited("second-factor", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a25_the_window_is_one_step_to_either_side() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    // At the first, a middle and the last second of a step.
    for second in [0, 13, 29] {
        server.clock.advance(300);
        server.clock.advance((second - server.clock.seconds()).rem_euclid(30));
        let now = server.clock.seconds();
        assert_eq!(now % 30, second);
        for far in [-3, -2, 2, 3] {
            let (_, page) = sign_in_with(&server, &phone.code_at(now + far * 30)).await;
            assert!(!is_inside(&page), "{far} at {second}");
        }
        forgive(&server).await;
        for near in [-1, 0, 1] {
            let (_, page) = sign_in_with(&server, &phone.code_at(now + near * 30)).await;
            assert!(is_inside(&page), "{near} at {second}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a26_a_recovery_code_opens_the_door_once() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine).nodes(3)).await;
        for (round, code) in phone.codes.iter().take(3).enumerate() {
            forgive(&server).await;
            let mut jobs = Vec::new();
            for number in 0..20 {
                let (mut browser, page) = pending_at(&server, number % 3).await;
                let page = to_recovery(&mut browser, &page).await;
                let form = page.form_of("#factor-submit").with("code", code);
                jobs.push(async move {
                    let page = browser.submit(form).await;
                    (page.has_id("done-next") && browser.cookies.contains_key(SESSION), page.status)
                });
            }
            let ended = at_once(jobs).await;
            assert_eq!(ended.iter().filter(|(opened, _)| *opened).count(), 1, "{ended:?}");
            assert!(ended.iter().all(|(_, status)| !status.is_server_error()), "{ended:?}");
            assert_eq!(server.audited("second-factor", "done").await, round + 1);
            let left = state(&server).await.credentials.iter().filter(|one| one.1 == "recovery").count();
            assert_eq!(left, 9 - round);
            // Again, in every spelling that would be read as the same.
            for spelling in [code.clone(), code.to_lowercase(), code.replace('-', " "), code.replace('-', "")]
            {
                forgive(&server).await;
                let (browser, page) = recover(&server, &spelling).await;
                assert!(!browser.cookies.contains_key(SESSION), "{}", page.body);
                assert!(page.has_id("form-error"), "{}", page.body);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_a26_codes_of_somebody_else_or_of_another_pool_open_nothing() {
    let (server, _, phone) = enrolled(Setup::default()).await;
    server.add_user("bob").await;
    let mut bob = crate::support::password_suffices(&server, "bob").await;
    let bobs = server.enrol(&mut bob).await;
    let mut elsewhere = server.browser_at(0, &server.other().origin);
    elsewhere.sign_in("alice").await;
    let other = server.enrol(&mut elsewhere).await;
    for codes in [&bobs, &other] {
        forgive(&server).await;
        let (browser, page) = recover(&server, codes.codes.first().unwrap()).await;
        assert!(!browser.cookies.contains_key(SESSION), "{}", page.body);
        let (browser, page) = sign_in_with(&server, &codes.code(&server.clock)).await;
        assert!(!browser.cookies.contains_key(SESSION), "{}", page.body);
    }
    forgive(&server).await;
    assert!(is_inside(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_devices_answer_each_with_its_own_code_once() {
    let (server, mut owner, phone) = enrolled(Setup::default()).await;
    let (tablet, page) = add_device(&server, &mut owner, "Work tablet").await;
    assert!(is_inside(&page) && !page.has_id("recovery-codes"), "{}", page.body);
    let page = owner.get("/u/security").await;
    let names = page.texts("#factors h3 bdi");
    assert_eq!(names, ["Authenticator app", "Work tablet"]);
    assert_eq!(page.text("#recovery-left"), owner.get("/u/security").await.text("#recovery-left"));
    for device in [&tablet, &phone] {
        assert!(is_inside(&sign_in_with(&server, &device.code(&server.clock)).await.1));
        assert!(!is_inside(&sign_in_with(&server, &device.code(&server.clock)).await.1));
    }
    // A name can be changed, for a better one only, and changes nothing else.
    let id = credential(&server, "Work tablet").await;
    let rename = |label: &str| page.form_of(&format!("[id=\"label-{id}\"]")).with("label", label);
    for bad in ["", "   ", &"x".repeat(41), "a\u{7}b"] {
        let page = owner.submit(rename(bad)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{bad:?}");
    }
    let page = owner.submit(rename("Old tablet")).await;
    assert_eq!(page.texts("#factors h3 bdi"), ["Authenticator app", "Old tablet"]);
    server.clock.advance(30);
    assert!(is_inside(&sign_in_with(&server, &tablet.code(&server.clock)).await.1));
    // Removed, it does not answer any more; the other one does, and the recovery codes stay.
    let (mut owner, _) = sign_in_with(&server, &phone.code(&server.clock)).await;
    let page = owner.get("/u/security").await;
    let page = remove(&mut owner, &page, &id).await;
    assert_eq!(page.texts("#factors h3 bdi"), ["Authenticator app"], "{}", page.body);
    server.clock.advance(30);
    assert!(!is_inside(&sign_in_with(&server, &tablet.code(&server.clock)).await.1));
    assert!(is_inside(&sign_in_with(&server, &phone.code(&server.clock)).await.1));
    assert!(recover(&server, phone.codes.first().unwrap()).await.1.has_id("done-next"));
    let (_, page) = pending(&server).await;
    assert!(page.has_id("otp"));
}
