//! Migrations: once, in order, whichever node is first; and never under a program that does not know the schema.

use crate::bed::{Bed, on_each_bed, postgres};
use vestibule_store::{MigrationReport, SchemaState, Store, StoreError, StoreOptions};

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    on_each_bed(|bed| async move {
        let store = bed.connect().await;
        store.ping().await.unwrap();
        assert_eq!(store.schema().await, Ok(SchemaState::Empty));
        let first = store.migrate().await.unwrap();
        assert_eq!((first.from, first.applied.first()), (0, Some(&"0001_foundation")));
        assert_eq!(store.schema().await, Ok(SchemaState::Current { version: first.to }));
        let second = store.migrate().await;
        assert_eq!(
            second,
            Ok(MigrationReport { from: first.to, to: first.to, applied: vec![], collisions: vec![] })
        );
        store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_nodes_that_start_at_once_one_migrates() {
    on_each_bed(|bed| async move {
        let (one, two) = (bed.connect().await, bed.connect().await);
        let (first, second) = tokio::join!(one.migrate(), two.migrate());
        let mut applied = [first.unwrap().applied.len(), second.unwrap().applied.len()];
        applied.sort_unstable();
        assert_eq!(applied[0], 0);
        assert!(applied[1] > 0);
        one.close().await;
        two.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_left_alone() {
    on_each_bed(|bed| async move {
        let store = bed.connect().await;
        let program = store.migrate().await.unwrap().to;
        bed.raw("INSERT INTO schema_migrations (version, name) VALUES (9999, 'future')").await.unwrap();
        assert_eq!(store.schema().await, Ok(SchemaState::Newer { database: 9999, program }));
        assert_eq!(store.migrate().await, Err(StoreError::Newer { database: 9999, program }));
        bed.raw("DELETE FROM schema_migrations").await.unwrap();
        bed.raw("INSERT INTO schema_migrations (version, name) VALUES (-1, 'past')").await.unwrap();
        assert_eq!(store.schema().await, Ok(SchemaState::Behind { database: -1, program }));
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    on_each_bed(|bed| async move {
        let store = bed.connect().await;
        // Stands in the way of the tables to come.
        bed.raw("CREATE TABLE outbox (id BIGINT)").await.unwrap();
        assert!(store.migrate().await.is_err());
        assert_eq!(store.schema().await, Ok(SchemaState::Empty));
        bed.raw("DROP TABLE outbox").await.unwrap();
        assert!(store.migrate().await.is_ok());
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let Some(url) = postgres() else { return };
    let (file, server) = (Bed::sqlite(), Bed::postgres(url).await);
    let (left, right) = (file.connect().await, server.connect().await);
    left.migrate().await.unwrap();
    right.migrate().await.unwrap();
    let columns = file.lines(
        "SELECT m.name || '.' || c.name || CASE WHEN c.\"notnull\" THEN ' always' ELSE '' END AS line \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY line",
    );
    let expected = server.lines(
        "SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' always' ELSE '' END \
         COLLATE \"C\" FROM information_schema.columns WHERE table_schema = current_schema() AND table_name IN \
         (SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() \
         AND table_type = 'BASE TABLE') ORDER BY 1",
    );
    let columns = columns.await;
    assert!(columns.len() > 100);
    assert_eq!(columns, expected.await);
    let indexes =
        file.lines("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1");
    let expected = server.lines(
        "SELECT indexname::text COLLATE \"C\" FROM pg_indexes WHERE schemaname = current_schema() \
         AND indexname NOT LIKE '%_pkey' ORDER BY 1",
    );
    assert_eq!(indexes.await, expected.await);
    left.close().await;
    right.close().await;
    file.remove().await;
    server.remove().await;
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    for (url, hint) in [
        ("mysql://localhost/x", "sqlite: or postgres:"),
        ("sqlite::memory:", "path of a file"),
        ("sqlite:", "path of a file"),
        ("sqlite:/proc/nowhere/x.db", "/proc/nowhere"),
        ("sqlite:/", ""),
        ("postgres://nobody:s3cret@127.0.0.1:1/none", "refused"),
    ] {
        let outcome = Store::connect(&StoreOptions { url: url.to_owned(), max_connections: 2 }).await;
        let Err(StoreError::Unreachable { cause }) = outcome else { panic!("{url}") };
        assert!(cause.contains(hint), "{url}: {cause}");
        assert!(!cause.contains("s3cret"), "{cause}");
    }
    let options = StoreOptions { url: "postgres://u:s3cret@h/d".to_owned(), max_connections: 1 };
    assert!(!format!("{options:?}").contains("s3cret"));
}

/// A database as the version before names had a normal form left it, with a pool.
async fn old_database(bed: &Bed) {
    let engine = if bed.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations").join(engine);
    bed.connect().await.close().await;
    bed.raw("CREATE TABLE schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)")
        .await
        .unwrap();
    for (version, name) in [(1, "0001_foundation"), (2, "0002_sign_ins_begin_again")] {
        let sql = std::fs::read_to_string(folder.join(format!("{name}.sql"))).unwrap();
        bed.raw(&sql).await.unwrap();
        bed.raw(&format!("INSERT INTO schema_migrations VALUES ({version}, '{name}')")).await.unwrap();
    }
    bed.raw("INSERT INTO tenants VALUES ('t', 'T')").await.unwrap();
    let id = bed.identifier(1);
    bed.raw(&format!("INSERT INTO pools VALUES ({id}, 't', 'main', 'Main', 'http://localhost', '{{}}', 1)"))
        .await
        .unwrap();
}

#[tokio::test]
async fn fault_u9_names_get_their_normal_form_and_nobody_is_lost() {
    on_each_bed(|bed| async move {
        old_database(&bed).await;
        // Name and key as they were stored; the key that is expected, and whether the name keeps its look for itself.
        let users = [
            ("ａdmin", "ａdmin", "ａdmin", false),
            ("admin", "admin", "admin", true),
            ("Ａda", "ａda", "ada", true),
            ("аdа", "аdа", "аdа", false),
            ("x²", "x²", "x²", true),
            ("Bob", "bob", "bob", true),
        ];
        for (number, (name, key, ..)) in users.iter().enumerate() {
            let (pool, id) = (bed.identifier(1), bed.identifier(100 + number));
            bed.raw(&format!(
                "INSERT INTO users (pool_id, id, username, username_key, email, email_key, email_verified, group_names, \
                 status, created_at, updated_at) VALUES ({pool}, {id}, '{name}', '{key}', 'u{number}@Example.test', \
                 'u{number}@example.test', TRUE, '[]', 'active', 1, 1)"
            ))
            .await
            .unwrap();
        }
        let store = bed.connect().await;
        let report = store.migrate().await.unwrap();
        let pool = store.pool(vestibule_domain::PoolId::from_uuid(uuid::Uuid::from_u128(1)));
        let mut collided = Vec::new();
        for (number, (name, old, key, own)) in users.into_iter().enumerate() {
            for typed in [name, old] {
                let found = pool.user_by_typed(typed).await.unwrap().unwrap();
                assert_eq!(found.user.username, name, "{typed}");
            }
            assert_eq!(pool.user_by_identifier(key).await.unwrap().unwrap().user.username, name);
            let address = format!("u{number}@example.test");
            assert_eq!(pool.user_by_typed(&address).await.unwrap().unwrap().user.username, name);
            if !own {
                collided.push(name.to_owned());
            }
        }
        let mut reported: Vec<String> = report.collisions.iter().map(|one| one.username.clone()).collect();
        reported.sort();
        collided.sort();
        assert_eq!(reported, collided);
        assert!(report.collisions.iter().all(|one| one.pool == "main"));
        assert_eq!(store.name_collisions().await.unwrap(), report.collisions);
        store.close().await;
    })
    .await;
}
