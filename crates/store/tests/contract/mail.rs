//! Mailed links, the outbox, the audit trail.

use crate::{
    bed::{on_each, unique},
    rows::*,
};
use vestibule_domain::{AuditId, UserId};
use vestibule_store::{AuditRow, Claim, LEASE, MailBody, MailWaiting};

#[tokio::test]
async fn a_mailed_link_is_good_for_its_purpose_and_time() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let row = a_mail_token(Some(user));
        let (hash, copy) = (row.hash, row.clone());
        world.pool.write(move |tx| async move { tx.insert_mail_token(&copy).await }).await.unwrap();
        let read = |purpose: &'static str, now| {
            let pool = world.pool.clone();
            async move { pool.mail_token(&hash, purpose, now).await.unwrap() }
        };
        assert!(read("reset", at(1)).await == Some(row.clone()));
        assert!(read("register", at(1)).await.is_none() && read("reset", at(1800)).await.is_none());
        let spent = world.pool.write(move |tx| async move {
            assert!(tx.spend_mail_token(&hash, "register", at(1)).await?.is_none());
            assert!(tx.spend_mail_token(&hash, "reset", at(1800)).await?.is_none());
            tx.spend_mail_token(&hash, "reset", at(1799)).await
        });
        assert!(spent.await.unwrap() == Some(row));
        assert!(read("reset", at(1)).await.is_none());
        let deleted = world.pool.write(move |tx| async move {
            tx.insert_mail_token(&a_mail_token(Some(user))).await?;
            tx.insert_mail_token(&a_mail_token(None)).await?;
            tx.delete_mail_tokens(user).await
        });
        assert_eq!(deleted.await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_leased_retried_and_forgotten() {
    on_each(|world| async move {
        let (mail, platform) = (a_mail(), world.store.platform());
        let (id, pool, copy) = (mail.id, world.pool.id(), mail.clone());
        world.pool.write(move |tx| async move { tx.queue_mail(&copy).await }).await.unwrap();
        assert!(platform.claim_mail(at(-1), &Claim::any(10)).await.unwrap().is_empty(), "not yet due");
        let mut claimed = platform.claim_mail(at(0), &Claim::any(10)).await.unwrap();
        let (owner, first) = claimed.remove(0);
        assert_eq!((owner, first.tries, claimed.len()), (pool, 1, 0));
        assert!(vestibule_store::MailRow { tries: 0, ..first } == mail);
        assert!(platform.claim_mail(at(LEASE - 1), &Claim::any(10)).await.unwrap().is_empty(), "leased");
        assert_eq!(
            platform.claim_mail(at(LEASE), &Claim::any(10)).await.unwrap()[0].1.tries,
            2,
            "its sender died"
        );
        assert_eq!(platform.mail_failed(pool, id, at(5000)).await, Ok(true));
        assert!(platform.claim_mail(at(4999), &Claim::any(10)).await.unwrap().is_empty());
        assert_eq!(platform.claim_mail(at(5000), &Claim::any(10)).await.unwrap().len(), 1);
        assert_eq!(platform.mail_sent(world.other.id(), id).await, Ok(false));
        assert_eq!(platform.mail_sent(pool, id).await, Ok(true));
        assert_eq!(platform.mail_sent(pool, id).await, Ok(false));
        assert_eq!(platform.mail_failed(pool, id, at(1)).await, Ok(false));
    })
    .await;
}

#[tokio::test]
async fn the_oldest_mails_go_first() {
    on_each(|world| async move {
        for seconds in [3, 1, 2] {
            let mut mail = a_mail();
            mail.created_at = at(seconds);
            world.pool.write(move |tx| async move { tx.queue_mail(&mail).await }).await.unwrap();
        }
        let claimed = world.store.platform().claim_mail(at(9), &Claim::any(2)).await.unwrap();
        let times: Vec<_> = claimed.iter().map(|(_, mail)| mail.created_at).collect();
        assert_eq!(times, [at(1), at(2)]);
    })
    .await;
}

#[tokio::test]
async fn the_audit_trail_only_grows() {
    on_each(|world| async move {
        // Of a time that has not come yet by any clock.
        let [one, two, three] = [1, 2, 3].map(|seconds| 4_000_000_000 + seconds);
        let lines =
            [an_audit_line("login", one), an_audit_line("logout", two), an_audit_line("login", three)];
        for line in lines.clone() {
            world.pool.write(move |tx| async move { tx.insert_audit(&line).await }).await.unwrap();
        }
        let [first, second, third] = lines;
        assert_eq!(world.pool.audit(10, None).await.unwrap(), [third.clone(), second, first.clone()]);
        assert_eq!(world.pool.audit(10, Some("login")).await.unwrap(), [third.clone(), first]);
        assert_eq!(world.pool.audit(1, None).await.unwrap(), [third]);
        for sql in ["UPDATE audit SET outcome = 'x'", "DELETE FROM audit"] {
            let refused = world.bed.raw(sql).await.unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{refused}");
        }
        assert_eq!(world.store.sweep(at(1_000_000_000)).await, Ok(0));
        // Nor does it when the program is wrong about the time: the database has a clock of its own.
        assert_eq!(world.store.sweep(at(8_000_000_000)).await, Ok(0));
        assert_eq!(world.pool.audit(10, None).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn fault_s9_a_pool_keeps_its_audit_trail_for_as_long_as_it_says() {
    on_each(|world| async move {
        let day = 86_400;
        let lines: Vec<AuditRow> = (0..1_200).map(|number| an_audit_line("login", number)).collect();
        let last = an_audit_line("login", 100 * day);
        let all: Vec<AuditRow> = lines.into_iter().chain([last.clone()]).collect();
        world
            .pool
            .write(move |tx| async move {
                for line in &all {
                    tx.insert_audit(line).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(world.store.sweep(at(400 * day)).await, Ok(0), "they are kept for 400 days");
        assert_eq!(world.store.sweep(at(402 * day)).await, Ok(1_200));
        assert_eq!(world.pool.audit(10, None).await.unwrap(), [last]);
        let mut pool = world.store.platform().pools().await.unwrap().remove(0);
        pool.settings.lifetimes.audit = 30 * day;
        world.store.platform().write(move |tx| async move { tx.upsert_pool(&pool).await }).await.unwrap();
        assert_eq!(world.store.sweep(at(132 * day)).await, Ok(1));
    })
    .await;
}

#[tokio::test]
async fn a_line_of_the_trail_is_found_by_its_key_and_the_lines_of_a_user_in_order() {
    on_each(|world| async move {
        let user = UserId::from_uuid(unique());
        let mut lines: Vec<AuditRow> = (0..5).map(|n| an_audit_line("challenge", n / 2)).collect();
        for line in &mut lines[1..] {
            line.user = Some(user);
        }
        let copy = lines.clone();
        world
            .pool
            .write(move |tx| async move {
                for line in &copy {
                    tx.insert_audit(line).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        for line in &lines {
            assert_eq!(world.pool.audit_row(line.at, line.id).await.unwrap().as_ref(), Some(line));
        }
        assert_eq!(world.pool.audit_row(at(9), lines[0].id).await.unwrap(), None);
        assert_eq!(world.pool.audit_row(at(0), AuditId::from_uuid(unique())).await.unwrap(), None);
    })
    .await;
}

/// A mail to an address, queued so many seconds after the start.
async fn queued(pool: &vestibule_store::PoolStore, to: &str, seconds: i64) {
    let mail = vestibule_store::MailRow { to: to.to_owned(), created_at: at(seconds), ..a_mail() };
    pool.write(move |tx| async move { tx.queue_mail(&mail).await }).await.unwrap();
}

#[tokio::test]
async fn fault_u1_the_mails_of_one_destination_or_pool_never_take_all_places() {
    on_each(|world| async move {
        let platform = world.store.platform();
        for seconds in 0..20 {
            queued(&world.pool, "someone@Silent.example", seconds).await;
        }
        queued(&world.pool, "jo@quick.example", 30).await;
        queued(&world.other, "jo@silent.example", 31).await;
        let claim = Claim { most: 10, of_pool: 6, of_destination: 4, ..Claim::any(0) };
        let first = platform.claim_mail(at(40), &claim).await.unwrap();
        let to = |rows: &[(vestibule_domain::PoolId, vestibule_store::MailRow)]| {
            rows.iter().map(|(_, mail)| mail.to.clone()).collect::<Vec<_>>()
        };
        let silent = "someone@Silent.example".to_owned();
        let expected =
            [vec![silent.clone(); 4], vec!["jo@quick.example".to_owned(), "jo@silent.example".to_owned()]]
                .concat();
        assert_eq!(to(&first), expected, "newer mails to others are not behind the many");
        // What is full is left out, and nothing else.
        queued(&world.pool, "jo@quick.example", 41).await;
        queued(&world.other, "jo@silent.example", 42).await;
        let full = vec![(world.pool.id(), "silent.example".to_owned())];
        let claim = Claim { full_destinations: full, ..claim };
        let second = platform.claim_mail(at(43), &claim).await.unwrap();
        assert_eq!(to(&second), ["jo@quick.example", "jo@silent.example"]);
        queued(&world.other, "jo@quick.example", 44).await;
        let claim = Claim { full_pools: vec![world.pool.id()], ..Claim::any(10) };
        assert_eq!(to(&platform.claim_mail(at(45), &claim).await.unwrap()), ["jo@quick.example"]);
    })
    .await;
}

#[tokio::test]
async fn fault_u1_the_oldest_waiting_mail_is_known() {
    on_each(|world| async move {
        let platform = world.store.platform();
        assert_eq!(platform.waiting_mail().await, Ok(MailWaiting::default()));
        queued(&world.other, "jo@example.test", 5).await;
        queued(&world.pool, "jo@example.test", 3).await;
        queued(&world.pool, "", 1).await;
        let waiting = MailWaiting { count: 2, oldest: Some(at(3)) };
        assert_eq!(platform.waiting_mail().await, Ok(waiting), "a mail to nobody is none");
        platform.claim_mail(at(9), &Claim::any(9)).await.unwrap();
        assert_eq!(platform.waiting_mail().await, Ok(waiting), "claimed is not sent");
    })
    .await;
}

#[tokio::test]
async fn fault_s7_mails_of_an_earlier_version_are_still_sent() {
    on_each(|world| async move {
        queued(&world.pool, "jo@example.test", 0).await;
        let earlier = "UPDATE outbox SET body = NULL, destination = '', subject = 'Hello', body_text = 'text', \
                       body_html = 'html'";
        world.bed.raw(earlier).await.unwrap();
        let claimed = world.store.platform().claim_mail(at(1), &Claim::any(9)).await.unwrap();
        let body = MailBody::Plain { subject: "Hello".to_owned(), text: "text".to_owned(), html: "html".to_owned() };
        assert!(claimed[0].1.body == body);
        assert!(world.store.platform().sealed_mail().await.unwrap().is_empty());
    })
    .await;
}
