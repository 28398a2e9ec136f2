//! sea-orm on our connections: with this, an [`Executor`] is what `Entity::find()….all(…)` and its like run on, inside
//! a transaction of the engine as well as outside.
//!
//! Nothing is bypassed on the way. A statement of sea-orm's is counted, waits for its turn on the connection, comes
//! after the changes that wait, and marks the transaction as failed when it fails. Errors of the store's own pass
//! through sea-orm's error type unharmed.

use super::executor::{Executor, query_all, query_one};
use crate::error::StoreError;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Value,
    prelude::async_trait::async_trait,
};

fn parts(statement: Statement) -> (String, Vec<Value>) {
    (statement.sql, statement.values.map(|values| values.0).unwrap_or_default())
}

#[async_trait]
impl ConnectionTrait for Executor {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = parts(statement);
        self.execute(&sql, values).await.map_err(StoreError::into_db)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.execute(sql, Vec::new()).await.map_err(StoreError::into_db)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        self.ask(&sql, values, query_one).await.map_err(StoreError::into_db)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = parts(statement);
        self.ask(&sql, values, query_all).await.map_err(StoreError::into_db)
    }
}
