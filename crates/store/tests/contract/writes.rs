//! What one call of `write` promises: all or nothing, durable, and whatever happens to its neighbours.

use crate::{
    bed::{on_each, race, unique},
    rows::*,
};
use std::{sync::Arc, time::Duration};
use vestibule_domain::UserId;
use vestibule_store::{PoolTx, StoreError};

/// Every error a job can come to, and a panic.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_that_fails_leaves_nothing_and_harms_nobody() {
    on_each(|world| async move {
        std::panic::set_hook(Box::new(|_| {}));
        let results = race(40, |task| {
            let pool = world.pool.clone();
            async move {
                pool.write(move |tx| async move {
                    tx.insert_user(&a_user(&format!("user{task}")), None).await?;
                    match task % 4 {
                        0 => Ok(()),
                        1 => Err(StoreError::Conflict("own".to_owned())),
                        2 => tx.insert_session(&a_session(UserId::from_uuid(unique())), &a_hash()).await,
                        _ => panic!("a job panics"),
                    }
                })
                .await
            }
        })
        .await;
        let _ = std::panic::take_hook();
        for (task, result) in results.into_iter().enumerate() {
            match task % 4 {
                0 => assert_eq!(result, Ok(())),
                1 => assert_eq!(result, Err(StoreError::Conflict("own".to_owned()))),
                2 => assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}"),
                _ => assert!(matches!(result, Err(StoreError::Interrupted(_))), "{result:?}"),
            }
        }
        let names: Vec<String> = users_of(&world.pool, 100).await.into_iter().map(|u| u.username).collect();
        assert_eq!(names.len(), 10);
        assert!(names.iter().all(|name| name[4..].parse::<usize>().unwrap() % 4 == 0), "{names:?}");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_undoes_the_change_and_comes_back() {
    on_each(|world| async move {
        let refused: Result<Result<(), &str>, StoreError> = world
            .pool
            .write_or_undo(|tx| async move {
                tx.insert_user(&a_user("alice"), None).await?;
                Ok(Err("no"))
            })
            .await;
        assert_eq!(refused, Ok(Err("no")));
        assert_eq!(users_of(&world.pool, 1).await, []);
        let kept: Result<Result<u8, &str>, StoreError> = world
            .pool
            .write_or_undo(|tx| async move {
                tx.insert_user(&a_user("alice"), None).await?;
                Ok(Ok(7))
            })
            .await;
        assert_eq!(kept, Ok(Ok(7)));
        assert_eq!(users_of(&world.pool, 2).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_ignores_a_failed_statement_is_not_committed() {
    on_each(|world| async move {
        let outcome = world.pool.write(|tx| async move {
            tx.insert_user(&a_user("alice"), None).await?;
            let failed = tx.insert_session(&a_session(UserId::from_uuid(unique())), &a_hash()).await;
            assert!(failed.is_err());
            Ok(())
        });
        assert!(matches!(outcome.await, Err(StoreError::Interrupted(_))));
        assert_eq!(users_of(&world.pool, 1).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_cannot_be_used_beyond_its_job() {
    on_each(|world| async move {
        let escaped: Arc<std::sync::Mutex<Option<PoolTx>>> = Arc::default();
        let out = Arc::clone(&escaped);
        let outcome = world.pool.write(move |tx| async move {
            *out.lock().unwrap() = Some(tx);
            Ok(())
        });
        let _ = outcome.await;
        let tx = escaped.lock().unwrap().take().unwrap();
        let late = tx.insert_user(&a_user("alice"), None).await;
        assert!(matches!(late, Err(StoreError::Interrupted(_))), "{late:?}");
        drop(tx);
        user_in(&world.pool, "bob").await;
        assert_eq!(users_of(&world.pool, 9).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_that_go_away_do_not_disturb_the_others() {
    on_each(|world| async move {
        let mut leaving = Vec::new();
        for n in 0..50 {
            let pool = world.pool.clone();
            leaving.push(tokio::spawn(async move {
                pool.write(move |tx| async move {
                    tx.insert_user(&a_user(&format!("gone{n}")), None).await?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    tx.insert_audit(&an_audit_line("user.created", n)).await
                })
                .await
            }));
        }
        for (n, one) in leaving.iter().enumerate() {
            if n % 2 == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            one.abort();
        }
        let results = race(20, |n| {
            let pool = world.pool.clone();
            async move { user_in(&pool, &format!("stays{n}")).await }
        })
        .await;
        assert_eq!(results.len(), 20);
        let users = users_of(&world.pool, 200).await;
        let (stayed, gone): (Vec<_>, Vec<_>) =
            users.into_iter().partition(|user| user.username.starts_with("stays"));
        assert_eq!(stayed.len(), 20);
        // Each of the others is there with its line in the trail, or not at all.
        let lines = world.pool.audit(1000, None).await.unwrap().len();
        assert_eq!(gone.len(), lines);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_groups_what_waits_and_postgres_commits_each() {
    on_each(|world| async move {
        let before = world.store.counters().commits;
        race(200, |n| {
            let pool = world.pool.clone();
            async move { user_in(&pool, &format!("user{n}")).await }
        })
        .await;
        let commits = world.store.counters().commits - before;
        if world.bed.is_sqlite() {
            assert!(commits < 100, "{commits} commits for 200 changes");
        } else {
            assert_eq!(commits, 200);
        }
        assert_eq!(users_of(&world.pool, 1000).await.len(), 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_written_is_seen_by_the_next_read_and_by_other_nodes() {
    on_each(|world| async move {
        let second = world.bed.connect().await;
        for n in 0..50 {
            let user = user_in(&world.pool, &format!("user{n}")).await;
            assert!(world.pool.user(user.id).await.unwrap().is_some());
            assert!(second.pool(world.pool.id()).user(user.id).await.unwrap().is_some());
        }
        second.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_transaction_reads_its_own_changes() {
    on_each(|world| async move {
        let outcome = world.pool.write(|tx| async move {
            let user = a_user("alice");
            tx.insert_user(&user, None).await?;
            Ok(tx.user(user.id).await?.is_some())
        });
        assert_eq!(outcome.await, Ok(true));
    })
    .await;
}

#[tokio::test]
async fn errors_never_quote_what_was_stored() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice-the-secret-name").await;
        let (session, token) = session_in(&world.pool, user.id).await;
        let again =
            world.pool.write(move |tx| async move { tx.insert_session(&session, &token).await }).await;
        let mut wrong = a_user("wrong@name-of-a-secret");
        wrong.email = Some("secret@example.test".to_owned());
        let checked =
            world.pool.write(move |tx| async move { tx.insert_user(&wrong, Some("$secret")).await }).await;
        world.bed.raw("UPDATE users SET group_names = '[\"secret\", 1]'").await.unwrap();
        let corrupt = world.pool.user(user.id).await;
        assert!(matches!(corrupt, Err(StoreError::Corrupt(_))));
        for text in [
            again.unwrap_err().to_string(),
            checked.unwrap_err().to_string(),
            corrupt.unwrap_err().to_string(),
        ] {
            assert!(!text.contains("secret") && !text.contains(&user.id.to_string()), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_closed_store_refuses() {
    on_each(|world| async move {
        let second = world.bed.connect().await;
        let pool = second.pool(world.pool.id());
        let user = user_in(&pool, "alice").await;
        second.close().await;
        second.close().await;
        assert!(pool.user(user.id).await.is_err());
        assert!(pool.write(|tx| async move { tx.insert_user(&a_user("bob"), None).await }).await.is_err());
        assert_eq!(users_of(&world.pool, 9).await.len(), 1);
    })
    .await;
}
