//! Factors of somebody else's that panic, answer nonsense or never return: nobody gets in, it is written down, and no
//! other user notices.

use crate::{
    factor::{CODE, Mood, Moody, with},
    support::{
        PATIENCE, anything, failures, forgive, give, got_in, insider, is_inside, password_is_enough, pending,
        state,
    },
};
use std::time::Instant;
use vestibule_tests::{Authenticator, Browser, Engine, PASSWORD, Page, Server, at_once, on_every_engine};

/// Alice with the factor alone, and carol with it and an authenticator app.
async fn town(engine: Engine, factors: &[&Moody]) -> (Server, Authenticator) {
    let server = with(anything(engine), factors).start().await;
    server.add_user("carol").await;
    let mut carol = insider(&server, "carol").await;
    let phone = server.enrol(&mut carol).await;
    for name in ["alice", "carol"] {
        give(&server, name, "moody", "{}").await;
    }
    (server, phone)
}

/// Opens the first factor with the password, whatever follows.
async fn knock(server: &Server, name: &str) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.get("/u").await;
    let page = browser.log_in(&page, name, PASSWORD).await;
    (browser, page)
}

async fn works(server: &Server) {
    forgive(server, "alice").await;
    let (mut browser, page) = pending(server, "alice").await;
    let page = browser.answer(&page, CODE).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e6_a_factor_that_puts_no_sound_challenge_opens_nothing() {
    on_every_engine(|engine| async move {
        for watched in [true, false] {
            let moody = Moody::new("moody", watched);
            let (server, phone) = town(engine, &[&moody]).await;
            works(&server).await;
            let moods = [
                Mood::BeginPanics,
                Mood::BeginStalls,
                Mood::BeginFails,
                Mood::HugeState,
                Mood::HugeView,
                Mood::MissingTemplate,
                Mood::ViewOfAnother,
            ];
            for mood in moods.into_iter().filter(|mood| watched || *mood != Mood::BeginStalls) {
                moody.feel(mood);
                let before = state(&server, "alice").await;
                let failed = server.audited("factor-failed", "refused").await;
                let began = Instant::now();
                let (browser, page) = knock(&server, "alice").await;
                assert!(began.elapsed() < PATIENCE, "{mood:?}");
                assert!(!got_in(&browser, &page), "{mood:?} {}", page.body);
                assert!(!page.has_id("factor-submit"), "{mood:?} {}", page.body);
                assert!(page.body.len() < 100_000 && page.has("h1"), "{mood:?} {}", page.body.len());
                assert_eq!(state(&server, "alice").await, before, "{mood:?}");
                // Her password was right: the factor's failure is not held against it.
                assert_eq!(failures(&server, "alice", "password").await, 0, "{mood:?}");
                assert!(server.audited("factor-failed", "refused").await > failed, "{mood:?}");
                // A user who has another one is asked for that.
                let (mut browser, page) = knock(&server, "carol").await;
                assert!(page.has_id("otp") && page.has_id("factor-submit"), "{mood:?} {}", page.body);
                server.clock.advance(30);
                let page = browser.answer(&page, &phone.code(&server.clock)).await;
                assert!(is_inside(&page), "{mood:?} {} {}", page.url, page.body);
                // To enrol it fails as well, and changes nothing.
                server.add_user(&format!("new{mood:?}").to_lowercase()).await;
                let mut new = insider(&server, &format!("new{mood:?}").to_lowercase()).await;
                let page = new.get("/u/security/enrol/moody").await;
                assert!(!page.has_id("enrol-submit"), "{mood:?} {}", page.body);
                assert!(is_inside(&new.get("/u/security").await), "{mood:?}");
            }
            moody.feel(Mood::Well);
            moody.release();
            works(&server).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e6_a_factor_that_gives_no_sound_verdict_opens_nothing() {
    on_every_engine(|engine| async move {
        for watched in [true, false] {
            let moody = Moody::new("moody", watched);
            let (server, _) = town(engine, &[&moody]).await;
            give(&server, "alice", "elsewhere", "{}").await;
            works(&server).await;
            // What the factor breaks is written down as its failure; what merely does not fit is a wrong answer.
            let moods = [
                (Mood::VerifyPanics, true),
                (Mood::VerifyStalls, true),
                (Mood::VerifyFails, true),
                (Mood::ForeignCredential, true),
                (Mood::OtherKind, true),
                (Mood::Boasts, true),
                (Mood::StaleEffect, false),
                (Mood::WrongEffect, false),
            ];
            for (mood, fails) in moods.into_iter().filter(|(mood, _)| watched || *mood != Mood::VerifyStalls)
            {
                moody.feel(mood);
                forgive(&server, "alice").await;
                let before = state(&server, "alice").await;
                let failed = server.audited("factor-failed", "refused").await;
                let (mut browser, page) = pending(&server, "alice").await;
                let began = Instant::now();
                let page = browser.answer(&page, CODE).await;
                assert!(began.elapsed() < PATIENCE, "{mood:?}");
                assert!(!got_in(&browser, &page) && page.status.as_u16() < 500, "{mood:?} {}", page.body);
                assert_eq!(failures(&server, "alice", "moody").await, 1, "{mood:?}");
                let now = state(&server, "alice").await;
                assert_eq!(now, before, "{mood:?}");
                let news = server.audited("factor-failed", "refused").await - failed;
                assert_eq!(news > 0, fails, "{mood:?}");
                // It can be answered again when the factor has come to itself.
                moody.feel(Mood::Well);
                let page = browser.answer(&page, CODE).await;
                assert!(is_inside(&page), "{mood:?} {} {}", page.url, page.body);
            }
            moody.release();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e6_a_factor_that_fails_beside_its_verdict_hides_nothing() {
    on_every_engine(|engine| async move {
        let moody = Moody::new("moody", true);
        let (server, _) = town(engine, &[&moody]).await;
        for mood in [Mood::AfterWrongPanics, Mood::AfterWrongStalls, Mood::AfterWrongHuge] {
            forgive(&server, "alice").await;
            let failed = server.audited("factor-failed", "refused").await;
            let (mut browser, page) = pending(&server, "alice").await;
            moody.feel(mood);
            let page = browser.answer(&page, "000000").await;
            assert!(page.has_id("form-error") && !got_in(&browser, &page), "{mood:?} {}", page.body);
            assert_eq!(failures(&server, "alice", "moody").await, 1, "{mood:?}");
            assert!(server.audited("factor-failed", "refused").await > failed, "{mood:?}");
            moody.feel(Mood::Well);
            assert!(is_inside(&browser.answer(&page, CODE).await), "{mood:?}");
        }
        moody.release();
        // One that cannot say whether it can be used cannot; its owner is still somebody with a factor.
        moody.feel(Mood::AvailablePanics);
        assert!(!password_is_enough(&server, "alice").await);
        let (_, page) = knock(&server, "carol").await;
        assert!(page.has_id("factor-submit"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_e6_while_a_factor_stalls_everybody_else_signs_in() {
    on_every_engine(|engine| async move {
        let (moody, other) = (Moody::new("moody", true), Moody::new("patient", true));
        let (server, _) = town(engine, &[&moody, &other]).await;
        let names: Vec<String> = (0..100).map(|number| format!("user{number}")).collect();
        let mut phones = Vec::new();
        for (number, name) in names.iter().enumerate() {
            server.add_user(name).await;
            match number % 10 {
                0 => {
                    let mut browser = insider(&server, name).await;
                    phones.push((number, browser.enrol_totp(&server.clock).await));
                }
                1 => drop(give(&server, name, "patient", "{}").await),
                _ => {}
            }
        }
        server.clock.advance(30);
        // As many stalled calls as there can be, and more, at both steps.
        let mut victims = Vec::new();
        for number in 0..40 {
            let name = format!("victim{number}");
            server.add_user(&name).await;
            give(&server, &name, "moody", "{}").await;
            victims.push((name.clone(), pending(&server, &name).await));
        }
        let stalled = move |(mut browser, page): (Browser, Page)| async move {
            let page = browser.answer(&page, CODE).await;
            got_in(&browser, &page)
        };
        let mut jobs = tokio::task::JoinSet::new();
        moody.feel(Mood::VerifyStalls);
        for (_, half) in victims.drain(..) {
            jobs.spawn(stalled(half));
        }
        moody.stalls(40).await;
        moody.feel(Mood::BeginStalls);
        for number in 0..40 {
            let mut browser = server.browser();
            jobs.spawn(async move {
                let page = browser.sign_in(&format!("victim{number}")).await;
                got_in(&browser, &page)
            });
        }
        // All the places that a factor has: the rest is refused at once.
        moody.stalls(64).await;
        let began = Instant::now();
        let (clock, people) = (&server.clock, names.iter().enumerate());
        let signing = people.map(|(number, name)| {
            let (mut browser, name) = (server.browser(), name.clone());
            let phone = phones.iter().find(|(at, _)| *at == number).map(|(_, phone)| phone.code(clock));
            async move {
                let page = browser.get("/u").await;
                let mut page = browser.log_in(&page, &name, PASSWORD).await;
                if let Some(code) = phone.or_else(|| (number % 10 == 1).then(|| CODE.to_owned())) {
                    assert!(page.has_id("factor-submit"), "{name} {}", page.body);
                    page = browser.answer(&page, &code).await;
                }
                (name, is_inside(&page) && page.body.contains("Example"), page.status)
            }
        });
        let ended = at_once(signing.collect::<Vec<_>>()).await;
        let took = began.elapsed();
        let bad: Vec<_> = ended.iter().filter(|(_, inside, _)| !inside).collect();
        assert!(bad.is_empty(), "{bad:?}");
        assert!(took < PATIENCE, "{took:?}");
        // Nobody who waited for the factor got in, and they were told in time.
        let got = jobs.join_all().await;
        assert!(got.iter().all(|got| !got), "{got:?}");
        assert!(began.elapsed() < PATIENCE * 2);
        assert!(server.audited("factor-failed", "refused").await >= 80);
        moody.feel(Mood::Well);
        moody.release();
        works(&server).await;
    })
    .await;
}
