//! Browsers: remembered ones, which are not asked for a second factor, and known ones, which cause no mail.

use crate::{
    bed::{on_each, unique},
    rows::*,
};
use vestibule_domain::{RememberedBrowserId, Timestamp};
use vestibule_store::{
    BROWSER_MEMORY, Hash, Known, MAX_KNOWN_BROWSERS, MAX_REMEMBERED_BROWSERS, PoolStore, RememberedBrowser,
    StoreError,
};

#[tokio::test]
async fn a_browser_is_remembered_for_its_user_until_it_expires() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let mallory = user_in(&world.pool, "mallory").await.id;
        let remembered = RememberedBrowser { ip: None, ..a_remembered_browser(user) };
        let cookie = remembered_browser_in(&world.pool, &remembered).await;
        let found = |hash: Hash, who, now| {
            let pool = world.pool.clone();
            async move { pool.remembered_browser(&hash, who, now).await.unwrap() }
        };
        assert_eq!(found(cookie, user, at(86_399)).await, Some(remembered.clone()));
        assert_eq!(found(cookie, user, at(86_400)).await, None, "expired");
        assert_eq!(found(cookie, mallory, at(1)).await, None, "another user's");
        assert_eq!(found(a_hash(), user, at(1)).await, None, "forged");
        let refused = remembered.clone();
        let twice =
            world.pool.write(move |tx| async move { tx.remember_browser(&refused, &cookie).await }).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))));
        let touched = world.pool.write(move |tx| async move {
            Ok([
                tx.touch_remembered_browser(&cookie, at(60)).await?,
                tx.touch_remembered_browser(&cookie, at(30)).await?,
                tx.touch_remembered_browser(&cookie, at(86_400)).await?,
                tx.touch_remembered_browser(&a_hash(), at(90)).await?,
            ])
        });
        assert_eq!(touched.await.unwrap(), [true, true, false, false]);
        let used = RememberedBrowser { last_used_at: at(60), ..remembered.clone() };
        assert_eq!(found(cookie, user, at(61)).await, Some(used.clone()));
        let long = RememberedBrowser { label: "ü".repeat(1000), ..a_remembered_browser(user) };
        remembered_browser_in(&world.pool, &long).await;
        let listed = world.pool.remembered_browsers(user, at(61)).await.unwrap();
        assert_eq!((listed.len(), &listed[0]), (2, &used), "the one used last first");
        assert_eq!(listed[1].label, "ü".repeat(256));
        assert_eq!(world.pool.remembered_browsers(user, at(86_400)).await.unwrap(), []);
        let id = remembered.id;
        let forgotten = world.pool.write(move |tx| async move {
            Ok([
                tx.forget_remembered_browser(mallory, id).await?,
                tx.forget_remembered_browser(user, RememberedBrowserId::from_uuid(unique())).await?,
                tx.forget_remembered_browser(user, id).await?,
                tx.forget_remembered_browser(user, id).await?,
                tx.touch_remembered_browser(&cookie, at(61)).await?,
            ])
        });
        assert_eq!(forgotten.await.unwrap(), [false, false, true, false, false]);
        assert_eq!(found(cookie, user, at(61)).await, None);
    })
    .await;
}

#[tokio::test]
async fn all_browsers_of_a_user_are_forgotten_at_once_and_nobody_elses() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let bystander = user_in(&world.pool, "bob").await.id;
        for _ in 0..3 {
            remembered_browser_in(&world.pool, &a_remembered_browser(user)).await;
        }
        let kept = remembered_browser_in(&world.pool, &a_remembered_browser(bystander)).await;
        let forget = || world.pool.write(move |tx| async move { tx.forget_remembered_browsers(user).await });
        assert_eq!((forget().await, forget().await), (Ok(3), Ok(0)));
        assert_eq!(world.pool.remembered_browsers(user, at(1)).await.unwrap(), []);
        assert!(world.pool.remembered_browser(&kept, bystander, at(1)).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn of_too_many_browsers_the_oldest_goes() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let bystander = user_in(&world.pool, "bob").await.id;
        let other = remembered_browser_in(&world.pool, &a_remembered_browser(bystander)).await;
        let most = i64::from(MAX_REMEMBERED_BROWSERS);
        let mut cookies = Vec::new();
        for age in 0..most {
            let remembered = RememberedBrowser { created_at: at(most - age), ..a_remembered_browser(user) };
            cookies.push(remembered_browser_in(&world.pool, &remembered).await);
        }
        // Not even the clock of another node makes a browser go that was remembered just now.
        let remembered = RememberedBrowser { created_at: at(-100), ..a_remembered_browser(user) };
        cookies.push(remembered_browser_in(&world.pool, &remembered).await);
        let mut left = Vec::new();
        for (index, cookie) in cookies.iter().enumerate() {
            if world.pool.remembered_browser(cookie, user, at(1)).await.unwrap().is_some() {
                left.push(index);
            }
        }
        let last = cookies.len() - 1;
        let expected: Vec<usize> = (0..=last).filter(|index| *index != last - 1).collect();
        assert_eq!(left, expected);
        assert!(world.pool.remembered_browser(&other, bystander, at(1)).await.unwrap().is_some());
    })
    .await;
}

async fn know(pool: &PoolStore, user: vestibule_domain::UserId, browser: Hash, now: Timestamp) -> Known {
    pool.write(move |tx| async move { tx.know_browser(user, &browser, now).await }).await.unwrap()
}

#[tokio::test]
async fn the_first_browser_is_no_news_and_another_one_is() {
    on_each(|world| async move {
        let (pool, day) = (&world.pool, 86_400);
        let user = user_in(pool, "alice").await.id;
        let bystander = user_in(pool, "bob").await.id;
        let (desk, phone) = (a_hash(), a_hash());
        assert_eq!(know(pool, user, desk, at(0)).await, Known::First);
        assert_eq!(know(pool, user, phone, at(0)).await, Known::New);
        assert_eq!(know(pool, bystander, desk, at(0)).await, Known::First, "each user for themselves");
        let before = world.bed.dump("known_browsers").await;
        let statements = world.store.counters().statements;
        assert_eq!(know(pool, user, desk, at(day - 1)).await, Known::Seen);
        assert_eq!(world.store.counters().statements - statements, 1);
        assert_eq!(world.bed.dump("known_browsers").await, before, "not more often than once a day");
        assert_eq!(know(pool, user, desk, at(day)).await, Known::Seen);
        assert_ne!(world.bed.dump("known_browsers").await, before);
        // The phone is forgotten by then, the other was used a day later.
        assert_eq!(world.store.sweep(at(BROWSER_MEMORY)).await, Ok(2));
        assert_eq!(know(pool, user, phone, at(BROWSER_MEMORY)).await, Known::New);
        assert_eq!(know(pool, user, desk, at(BROWSER_MEMORY)).await, Known::Seen);
        assert_eq!(know(pool, bystander, desk, at(BROWSER_MEMORY)).await, Known::New, "not their first");
    })
    .await;
}

#[tokio::test]
async fn of_too_many_known_browsers_the_least_recently_used_goes() {
    on_each(|world| async move {
        let (pool, day) = (&world.pool, 86_400);
        let user = user_in(pool, "alice").await.id;
        let bystander = user_in(pool, "bob").await.id;
        let theirs = a_hash();
        know(pool, bystander, theirs, at(0)).await;
        let mut browsers = Vec::new();
        for number in 0..i64::from(MAX_KNOWN_BROWSERS) {
            browsers.push(a_hash());
            know(pool, user, browsers[browsers.len() - 1], at(number)).await;
        }
        // The first one is in use again, so the second is the one that goes.
        assert_eq!(know(pool, user, browsers[0], at(day)).await, Known::Seen);
        // Not even the clock of another node makes a browser go that is new.
        browsers.push(a_hash());
        assert_eq!(know(pool, user, browsers[browsers.len() - 1], at(-1)).await, Known::New);
        for (number, browser) in browsers.iter().enumerate() {
            let is_known = pool.knows_browser(user.as_uuid(), browser).await.unwrap();
            assert_eq!(is_known, number != 1, "{number}");
        }
        assert!(pool.knows_browser(bystander.as_uuid(), &theirs).await.unwrap());
    })
    .await;
}
