//! What can only be tested from inside: the entities, the settings of the file, a disk that fills up.

use crate::{
    engine::{Executor, sql::Change, values},
    entity,
    error::StoreError,
    options::StoreOptions,
    records::UserFilter,
    store::Store,
};
use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, PaginatorTrait, PrimaryKeyToColumn,
};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};
use uuid::Uuid;
use vestibule_domain::{PoolId, Timestamp};

struct Bed {
    directory: PathBuf,
    store: Store,
}

impl Bed {
    async fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("vestibule-store-unit-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let directory = std::env::temp_dir().join(name);
        let url = format!("sqlite:{}", directory.join("new/directory/test.db").display());
        let store = Store::connect(&StoreOptions { url, max_connections: 2 }).await.unwrap();
        store.migrate().await.unwrap();
        Self { directory, store }
    }

    async fn remove(self) {
        self.store.close().await;
        std::fs::remove_dir_all(self.directory).unwrap();
    }
}

/// Name, whether it may be empty, and whether it is part of the key, of every column of an entity.
fn of_entity<E: EntityTrait>() -> (String, Vec<(String, bool, bool)>) {
    let keys: Vec<String> = E::PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned()).collect();
    let columns = E::Column::iter().map(|column| {
        let name = column.as_str().to_owned();
        let in_key = keys.contains(&name);
        (name, column.def().is_null(), in_key)
    });
    (E::default().table_name().to_owned(), columns.collect())
}

async fn of_table(exec: &Executor, table: &str) -> Vec<(String, bool, bool)> {
    let sql = "SELECT name, \"notnull\", pk FROM pragma_table_info($1) ORDER BY cid";
    let rows = exec.rows(sql, values![table]).await.unwrap();
    let column = |row: &sea_orm::QueryResult| {
        let number = |index| row.try_get_by_index::<i64>(index).unwrap();
        (row.try_get_by_index::<String>(0).unwrap(), number(1) == 0, number(2) > 0)
    };
    rows.iter().map(column).collect()
}

#[tokio::test]
async fn entities_are_the_tables_that_migrations_make() {
    let bed = Bed::new().await;
    let mut entities = vec![of_entity::<entity::pools::Entity>(), of_entity::<entity::audit::Entity>()];
    macro_rules! add {
        ($($module:ident)*) => { $(entities.push(of_entity::<entity::$module::Entity>());)* };
    }
    add!(tenants clients signing_keys pool_secrets users sessions attempts credentials flows ceremonies);
    add!(grants codes refresh_tokens consents mail_tokens outbox logout_notices);
    add!(spent_challenges remembered_browsers known_browsers budgets device_requests);
    for (table, columns) in &entities {
        assert_eq!(columns, &of_table(bed.store.database().reading(), table).await, "{table}");
    }
    // Every table is known here.
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let rows = bed.store.database().reading().rows(sql, vec![]).await.unwrap();
    let tables: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let mut known: Vec<String> = entities.into_iter().map(|(table, _)| table).collect();
    known.extend(["platform_state".to_owned(), "schema_migrations".to_owned()]);
    known.sort();
    assert_eq!(tables, known);
    bed.remove().await;
}

#[tokio::test]
async fn commits_are_durable_and_readers_cannot_write() {
    let bed = Bed::new().await;
    let pragmas = bed.store.database().change(|exec| async move {
        let journal = exec.row("PRAGMA journal_mode", vec![]).await?.unwrap();
        let synchronous = exec.number("PRAGMA synchronous", vec![]).await?;
        let foreign_keys = exec.number("PRAGMA foreign_keys", vec![]).await?;
        Ok((journal.try_get_by_index::<String>(0)?, synchronous, foreign_keys))
    });
    // 2 is FULL: sqlite.org/pragma.html#pragma_synchronous.
    assert_eq!(pragmas.await.unwrap(), ("wal".to_owned(), Some(2), Some(1)));
    let write = bed.store.database().reading().run("DELETE FROM pools", vec![]).await;
    assert!(matches!(write, Err(StoreError::Database(text)) if text.contains("readonly")));
    bed.remove().await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_directory_of_the_file_is_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let bed = Bed::new().await;
    let mode = std::fs::metadata(bed.directory.join("new/directory")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    bed.remove().await;
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_nothing_half_written() {
    let bed = Bed::new().await;
    let mails = |count: u32| {
        let store = bed.store.clone();
        async move {
            let write = store.database().change(move |exec| async move {
                for number in 0..count {
                    let sql = "INSERT INTO outbox (pool_id, id, recipient, subject, body_text, body_html, created_at, \
                               tries, next_try_at) VALUES ($1, $2, '', '', $3, '', 0, 0, 0)";
                    let (pool, id) = (Uuid::nil(), Uuid::from_u128(u128::from(number)));
                    exec.run(sql, values![pool, id, "x".repeat(4000)]).await?;
                }
                exec.run("DELETE FROM outbox WHERE id = $1", values![Uuid::from_u128(0)]).await?;
                Ok(())
            });
            write.await
        }
    };
    let limit = |pages: i64| {
        let store = bed.store.clone();
        async move {
            // SQLite gives no page numbers to a PRAGMA as parameters.
            let sql = format!("PRAGMA max_page_count = {pages}");
            store
                .database()
                .change(move |exec| async move { exec.row(&sql, vec![]).await.map(|_| ()) })
                .await
                .unwrap();
        }
    };
    let count = || async {
        bed.store.database().reading().number("SELECT COUNT(*) FROM outbox", vec![]).await.unwrap().unwrap()
    };
    mails(1).await.unwrap();
    let used = bed.store.database().reading().number("PRAGMA page_count", vec![]).await.unwrap().unwrap();
    limit(used + 5).await;
    assert_eq!(mails(50).await, Err(StoreError::Full));
    assert_eq!(count().await, 0);
    // Neighbours in the same commit are either there or told; small changes still find room.
    let (big, small, another) = tokio::join!(mails(50), mails(2), mails(50));
    assert_eq!((big, another), (Err(StoreError::Full), Err(StoreError::Full)));
    assert_eq!(count().await, i64::from(small.is_ok()));
    // And the store works again when there is room.
    limit(1_000_000).await;
    if small.is_ok() {
        bed.store
            .database()
            .change(|exec| async move { exec.run("DELETE FROM outbox", vec![]).await })
            .await
            .unwrap();
    }
    mails(50).await.unwrap();
    assert_eq!(count().await, 49);
    bed.remove().await;
}

#[tokio::test]
async fn the_hot_questions_are_answered_by_an_index() {
    let bed = Bed::new().await;
    for sql in [
        "SELECT 1 FROM users WHERE pool_id = $1 AND username_key = $2",
        "SELECT 1 FROM users WHERE pool_id = $1 AND email_key = $2",
        "SELECT 1 FROM sessions s JOIN users u ON u.pool_id = s.pool_id AND u.id = s.user_id \
         WHERE s.pool_id = $1 AND s.token_hash = $2",
        "SELECT 1 FROM mail_tokens WHERE pool_id = $1 AND email_key = $2 AND created_at >= $3",
        "UPDATE grants SET revoked_at = 1 WHERE pool_id = $1 AND session_id = $2",
        "UPDATE outbox SET tries = tries + 1 WHERE next_try_at <= $1 AND (pool_id, id) IN \
         (SELECT pool_id, id FROM outbox WHERE next_try_at <= $1 ORDER BY next_try_at, id LIMIT 3)",
        "DELETE FROM codes WHERE expires_at <= $1 AND (pool_id, hash) IN \
         (SELECT pool_id, hash FROM codes WHERE expires_at <= $1 LIMIT 3)",
        "SELECT 1 FROM device_requests WHERE pool_id = $1 AND user_code = $2",
        "DELETE FROM device_requests WHERE pool_id = $1 AND grant_id IN \
         (SELECT id FROM grants WHERE pool_id = $1 AND user_id = $2)",
        "SELECT 1 FROM device_requests WHERE expires_at <= $1 LIMIT 1",
        "SELECT 1 FROM audit WHERE pool_id = $1 ORDER BY happened_at DESC, id DESC LIMIT 5",
        "SELECT 1 FROM audit WHERE pool_id = $1 AND user_id = $2 ORDER BY happened_at DESC, id DESC LIMIT 5",
        "SELECT 1 FROM remembered_devices WHERE pool_id = $1 AND user_id = $2",
        "SELECT 1 FROM grants WHERE pool_id = $1 AND session_id = $2 AND revoked_at IS NULL",
        "SELECT DISTINCT g.session_id, g.client_id, c.document FROM grants g \
         JOIN clients c ON c.pool_id = g.pool_id AND c.id = g.client_id \
         JOIN sessions s ON s.pool_id = g.pool_id AND s.id = g.session_id \
         WHERE g.pool_id = $1 AND g.user_id = $2 AND s.user_id = $2 AND s.revoked_at = $3",
        "UPDATE logout_notices SET tries = tries + 1 WHERE next_try_at <= $1 AND (pool_id, session_id, client_id) IN \
         (SELECT pool_id, session_id, client_id FROM logout_notices WHERE next_try_at <= $1 \
         ORDER BY next_try_at, session_id, client_id LIMIT 3)",
        "SELECT 1 FROM logout_notices WHERE pool_id = $1 AND client_id = $2 ORDER BY created_at DESC LIMIT 5",
        "DELETE FROM known_browsers WHERE last_seen <= $1 AND (pool_id, user_id, browser) IN \
         (SELECT pool_id, user_id, browser FROM known_browsers WHERE last_seen <= $1 LIMIT 3)",
    ] {
        let plan =
            bed.store.database().reading().rows(&format!("EXPLAIN QUERY PLAN {sql}"), vec![]).await.unwrap();
        let steps: Vec<String> = plan.iter().map(|row| row.try_get_by_index(3).unwrap()).collect();
        assert!(!steps.is_empty() && !steps.iter().any(|step| step.starts_with("SCAN")), "{sql}: {steps:?}");
    }
    bed.remove().await;
}

#[tokio::test]
async fn a_pool_that_does_not_exist_is_empty() {
    let bed = Bed::new().await;
    let pool = bed.store.pool(PoolId::from_uuid(Uuid::from_u128(9)));
    assert!(pool.users(&UserFilter::default(), None, 9).await.unwrap().items.is_empty());
    assert_eq!(bed.store.sweep(Timestamp::from_seconds(i64::MAX)).await, Ok(0));
    bed.remove().await;
}

/// What sea-orm builds takes part in a transaction like every other statement.
#[tokio::test]
async fn the_query_builder_works_inside_a_transaction() {
    let bed = Bed::new().await;
    let line = |id: u128| entity::audit::Model {
        pool_id: Uuid::nil(),
        happened_at: 1,
        id: Uuid::from_u128(id),
        action: "x".to_owned(),
        user_id: None,
        client_id: None,
        session_id: None,
        ip: None,
        request_id: None,
        outcome: "done".to_owned(),
        detail: "{}".to_owned(),
    };
    let before = bed.store.counters();
    let database = bed.store.database();
    let seen = database.change(move |exec| async move {
        exec.defer(Change::insert::<entity::audit::Entity>(line(1))).await?;
        let waited = entity::audit::Entity::find().count(&exec).await?;
        entity::audit::Entity::insert(line(2).into_active_model()).exec_without_returning(&exec).await?;
        exec.defer(Change::insert::<entity::audit::Entity>(line(3))).await?;
        Ok((waited, entity::audit::Entity::find().all(&exec).await?.len()))
    });
    assert_eq!(seen.await, Ok((1, 3)));
    let after = bed.store.counters();
    assert_eq!((after.statements - before.statements, after.commits - before.commits), (5, 1));
    // One that fails undoes the job, even if the job forgets it, and says why.
    let taken = database.change(move |exec| async move {
        entity::audit::Entity::insert(line(4).into_active_model()).exec_without_returning(&exec).await?;
        entity::audit::Entity::insert(line(1).into_active_model()).exec_without_returning(&exec).await?;
        Ok(())
    });
    assert!(matches!(taken.await, Err(StoreError::Conflict(_))));
    let forgotten = database.change(move |exec| async move {
        let insert = entity::audit::Entity::insert(line(1).into_active_model());
        let _ = insert.exec_without_returning(&exec).await;
        Ok(())
    });
    assert!(matches!(forgotten.await, Err(StoreError::Interrupted(_))));
    // A handle that outlives its job is of no use to the query builder either.
    let escaped = database.change(move |exec| async move { Ok(exec) }).await.unwrap();
    let late = entity::audit::Entity::find().all(&escaped).await;
    assert!(matches!(late.map_err(StoreError::from), Err(StoreError::Interrupted(_))));
    assert_eq!(entity::audit::Entity::find().count(database.reading()).await, Ok(3));
    bed.remove().await;
}

#[tokio::test]
async fn fault_c1_whatever_belongs_to_a_user_or_a_pool_is_deleted_with_it() {
    use crate::ops::deletion::{tables_of_pool, tables_of_user};
    let bed = Bed::new().await;
    let with_column = async |column: &str| -> Vec<String> {
        let sql = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND c.name = $1 ORDER BY m.name";
        let rows = bed.store.database().reading().rows(sql, values![column]).await.unwrap();
        let names = rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap());
        names.filter(|name| name != "audit").collect()
    };
    let mut of_user = tables_of_user();
    of_user
        .retain(|table| !["users", "attempts", "codes", "device_requests", "refresh_tokens"].contains(table));
    of_user.sort_unstable();
    assert_eq!(with_column("user_id").await, of_user);
    let mut of_pool = tables_of_pool().to_vec();
    of_pool.sort_unstable();
    assert_eq!(with_column("pool_id").await, of_pool);
    bed.remove().await;
}
