//! Changes that get in each other's way: tried again, a bounded number of times, and blamed on the right statement.

use crate::{bed::on_each, rows::*};
use sqlx::{Connection, Executor, SqliteConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::sync::Barrier;
use vestibule_store::StoreError;

/// Two transactions lock the same two users in opposite order, and each has its first lock when it asks for its second:
/// PostgreSQL ends one of them with a deadlock (SQLSTATE 40P01). SQLite runs one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_changes_in_a_deadlock_both_succeed_in_the_end() {
    on_each(|world| async move {
        let users = [user_in(&world.pool, "alice").await.id, user_in(&world.pool, "bob").await.id];
        let (both, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
        let is_sqlite = world.bed.is_sqlite();
        let change = |first: usize| {
            let (pool, both, runs) = (world.pool.clone(), Arc::clone(&both), Arc::clone(&runs));
            let name = format!("name of {first}");
            async move {
                pool.write(move |tx| async move {
                    let run = runs.fetch_add(1, Ordering::SeqCst);
                    tx.lock_user(users[first]).await?;
                    if run < 2 && !is_sqlite {
                        both.wait().await;
                    }
                    tx.lock_user(users[1 - first]).await?;
                    tx.insert_audit(&an_audit_line(&name, 1)).await
                })
                .await
            }
        };
        let outcomes = tokio::join!(tokio::spawn(change(0)), tokio::spawn(change(1)));
        assert_eq!((outcomes.0.unwrap(), outcomes.1.unwrap()), (Ok(()), Ok(())));
        assert_eq!(runs.load(Ordering::SeqCst), if is_sqlite { 2 } else { 3 });
        assert_eq!(world.pool.audit(9, None).await.unwrap().len(), 2, "each once, however often it ran");
    })
    .await;
}

#[tokio::test]
async fn a_change_that_always_loses_is_given_up_and_says_so() {
    on_each(|world| async move {
        if world.bed.is_sqlite() {
            return;
        }
        for sql in [
            "CREATE FUNCTION lose() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$ \
             LANGUAGE plpgsql",
            "CREATE TRIGGER lose BEFORE INSERT ON flows FOR EACH ROW EXECUTE FUNCTION lose()",
        ] {
            world.bed.raw(sql).await.unwrap();
        }
        let user = user_in(&world.pool, "alice").await.id;
        let runs = Arc::new(AtomicU32::new(0));
        let (count, flow) = (Arc::clone(&runs), a_flow(user));
        let lost = world.pool.write(move |tx| async move {
            count.fetch_add(1, Ordering::SeqCst);
            tx.insert_audit(&an_audit_line("x", 1)).await?;
            tx.insert_flow(&flow).await
        });
        let error = lost.await.unwrap_err();
        assert!(matches!(error, StoreError::Contention { tries: 5, .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("5 tries") && text.contains("40001") && text.contains("insert into flows"), "{text}");
        assert_eq!(runs.load(Ordering::SeqCst), 5);
        assert_eq!(world.pool.audit(9, None).await.unwrap(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_file_that_another_process_holds_for_too_long_is_asked_again() {
    on_each(|world| async move {
        if !world.bed.is_sqlite() {
            return;
        }
        let mut other = SqliteConnection::connect(&world.bed.url).await.unwrap();
        other.execute("BEGIN IMMEDIATE").await.unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let (pool, count) = (world.pool.clone(), Arc::clone(&runs));
        let waiting = tokio::spawn(async move {
            pool.write(move |tx| async move {
                count.fetch_add(1, Ordering::SeqCst);
                tx.insert_user(&a_user("alice"), None).await
            })
            .await
        });
        // Beyond the patience of SQLite itself, which is 5 seconds.
        while runs.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        other.execute("ROLLBACK").await.unwrap();
        assert_eq!(waiting.await.unwrap(), Ok(vestibule_store::Insertion::Inserted));
        assert_eq!(users_of(&world.pool, 9).await.len(), 1);
    })
    .await;
}

/// What waited is sent with something else; its error still says what it was.
#[tokio::test]
async fn the_error_of_a_change_that_waited_names_the_change() {
    on_each(|world| async move {
        let user = user_in(&world.pool, "alice").await.id;
        let taken = grant_in(&world.pool, user, a_session(user).id).await;
        for read_after in [false, true] {
            let taken = taken.clone();
            let outcome = world.pool.write(move |tx| async move {
                tx.forget_attempts(user.as_uuid(), &TOTP).await?;
                tx.insert_audit(&an_audit_line("x", 1)).await?;
                tx.insert_grant(&taken).await?;
                if read_after {
                    tx.user(user).await?;
                }
                Ok(())
            });
            let error = outcome.await.unwrap_err();
            let text = error.to_string();
            assert!(matches!(error, StoreError::Conflict(_)), "{error:?}");
            assert!(text.contains("insert into grants"), "{text}");
            assert!(!text.contains("audit") && !text.contains("attempts"), "{text}");
        }
    })
    .await;
}
