//! What has expired goes, what has not stays.

use crate::{
    bed::{on_each, unique},
    isolation::{TABLES, fill, snapshot},
    rows::*,
};
use vestibule_store::BROWSER_MEMORY;

#[tokio::test]
async fn expired_rows_of_every_kind_go_and_lasting_ones_stay() {
    on_each(|world| async move {
        fill(&world.pool).await;
        let phantom = unique();
        world
            .pool
            .write(move |tx| async move { tx.admit_attempt(phantom, &TOTP, at(0)).await })
            .await
            .unwrap();
        assert_eq!(world.store.sweep(at(59)).await, Ok(0), "nothing has expired yet");
        let commits = world.store.counters().commits;
        assert_eq!(world.store.sweep(at(59)).await, Ok(0));
        assert_eq!(world.store.counters().commits, commits, "and looking costs no commit");
        assert_eq!(world.store.sweep(at(60)).await, Ok(1), "the code");
        let rows = snapshot(&world.bed, world.pool.id()).await;
        let grants = rows.iter().filter(|row| row.starts_with("grants:")).count();
        assert_eq!(grants, 1, "and the grant that nobody came for");
        assert_eq!(world.store.sweep(at(1_000_000)).await, Ok(12));
        let lines = snapshot(&world.bed, world.pool.id()).await;
        let left: Vec<&str> = TABLES
            .into_iter()
            .filter(|table| lines.iter().any(|line| line.starts_with(&format!("{table}:"))))
            .collect();
        let lasting = [
            "clients",
            "signing_keys",
            "pool_secrets",
            "users",
            "attempts",
            "credentials",
            "consents",
            "outbox",
            "known_browsers",
            "audit",
        ];
        assert_eq!(left, lasting);
        assert_eq!(world.store.sweep(at(BROWSER_MEMORY - 1)).await, Ok(0));
        assert_eq!(world.store.sweep(at(BROWSER_MEMORY)).await, Ok(2), "the browser, and guesses at nobody");
        assert!(world.pool.attempts(phantom).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_backlog_is_swept_in_small_transactions() {
    on_each(|world| async move {
        world
            .pool
            .write(|tx| async move {
                let mut token = a_mail_token(None);
                for _ in 0..1100 {
                    token.hash = a_hash();
                    tx.insert_mail_token(&token).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let commits = world.store.counters().commits;
        assert_eq!(world.store.sweep(at(1800)).await, Ok(1100));
        assert_eq!(world.store.counters().commits - commits, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_sweep_at_once() {
    on_each(|world| async move {
        for _ in 0..20 {
            world
                .pool
                .write(|tx| async move { tx.insert_mail_token(&a_mail_token(None)).await })
                .await
                .unwrap();
        }
        let second = world.bed.connect().await;
        let (one, two) = tokio::join!(world.store.sweep(at(1800)), second.sweep(at(1800)));
        assert_eq!(one.unwrap() + two.unwrap(), 20);
        second.close().await;
    })
    .await;
}
