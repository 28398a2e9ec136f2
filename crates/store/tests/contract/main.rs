//! The contract of the store: every test runs on SQLite, and on PostgreSQL when `VESTIBULE_TEST_POSTGRES` holds the URL
//! of a cluster's maintenance database (each test makes a database of its own there).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod bed;
mod browsers;
mod budgets;
mod census;
mod config;
mod contention;
mod devices;
mod grants;
mod isolation;
mod logouts;
mod mail;
mod migrations;
mod races;
mod rows;
mod sweep;
mod together;
mod users;
mod writes;

#[test]
fn both_engines_are_tested_where_it_counts() {
    if bed::postgres().is_some() {
        return;
    }
    eprintln!("NOTICE: VESTIBULE_TEST_POSTGRES is not set: the contract of the store ran on SQLite alone");
    assert_ne!(
        std::env::var("CI").as_deref(),
        Ok("true"),
        "set VESTIBULE_TEST_POSTGRES: CI tests both engines"
    );
}
