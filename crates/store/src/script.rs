//! Statements that wait to be sent along with the next one.
//!
//! A trip to the database costs more than most statements do. Statements that give no answer need no trip of their own:
//! SQLite runs a text of several statements at once, PostgreSQL runs changes of different tables as one statement
//! (`WITH`). The values of all are numbered through.

use sea_orm::Value;
use std::fmt::Write as _;

/// Statements with their values.
#[derive(Debug, Default)]
pub(crate) struct Script {
    statements: Vec<String>,
    values: Vec<Value>,
}

impl Script {
    pub(crate) const fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Adds a statement at the end.
    pub(crate) fn push(&mut self, sql: &str, values: Vec<Value>) {
        self.statements.push(renumbered(sql, self.values.len()));
        self.values.extend(values);
    }

    /// As a text of several statements. Only SQLite takes such a text with values.
    pub(crate) fn in_turn(self) -> (String, Vec<Value>) {
        (self.statements.join("; "), self.values)
    }

    /// As one statement, which changes all or nothing.
    pub(crate) fn at_once(mut self) -> (String, Vec<Value>) {
        let last = self.statements.pop().unwrap_or_default();
        if self.statements.is_empty() {
            return (last, self.values);
        }
        let mut sql = String::from("WITH ");
        for (number, one) in self.statements.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            // Writing to a text cannot fail.
            let _ = write!(sql, "{comma}s{number} AS ({one})");
        }
        sql.push(' ');
        sql.push_str(&last);
        (sql, self.values)
    }

    /// Whether a statement may become one with these. All of them would see the database as it was before, so none may
    /// touch what another has changed: rows are only added, or the table is no other's.
    pub(crate) fn has_room_for(&self, sql: &str) -> bool {
        let Some((adds, table)) = target(sql) else { return self.is_empty() };
        self.statements
            .iter()
            .all(|one| target(one).is_some_and(|(also_adds, other)| other != table || (adds && also_adds)))
    }
}

/// Whether a change only adds rows, and to which table it is.
fn target(sql: &str) -> Option<(bool, &str)> {
    let mut words = sql.split_ascii_whitespace();
    match (words.next()?, words.next()?) {
        ("INSERT", "INTO") => Some((!sql.contains("DO UPDATE"), words.next()?)),
        ("DELETE", "FROM") => Some((false, words.next()?)),
        ("UPDATE", table) => Some((false, table)),
        _ => None,
    }
}

/// The statement with its `$1`, `$2`, … raised by `offset`. Statements here quote nothing that has a `$` in it.
fn renumbered(sql: &str, offset: usize) -> String {
    if offset == 0 {
        return sql.to_owned();
    }
    let mut text = String::with_capacity(sql.len() + 16);
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        text.push('$');
        match number.parse::<usize>() {
            Ok(number) => {
                let _ = write!(text, "{}", number + offset);
            }
            Err(_) => text.push_str(number),
        }
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::values;

    #[test]
    fn values_are_numbered_through() {
        let mut script = Script::default();
        script.push("INSERT INTO x (a, b) VALUES ($1, $2)", values![1_i64, 2_i64]);
        script.push("DELETE FROM y WHERE a = $1 AND b < $2 AND c <> $1", values![3_i64, 4_i64]);
        let (sql, values) = script.in_turn();
        assert_eq!(
            sql,
            "INSERT INTO x (a, b) VALUES ($1, $2); \
             DELETE FROM y WHERE a = $3 AND b < $4 AND c <> $3"
        );
        assert_eq!(values.len(), 4);
    }

    #[test]
    fn one_statement_holds_what_does_not_meet() {
        let mut script = Script::default();
        for sql in ["INSERT INTO x VALUES ($1)", "DELETE FROM y WHERE a = $1", "INSERT INTO x VALUES ($1)"] {
            assert!(script.has_room_for(sql), "{sql}");
            script.push(sql, values![1_i64]);
        }
        for sql in [
            "DELETE FROM x",
            "INSERT INTO y VALUES ($1)",
            "UPDATE y SET a = 1",
            "INSERT INTO x VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2",
            "SELECT 1",
        ] {
            assert!(!script.has_room_for(sql), "{sql}");
        }
        assert_eq!(
            script.at_once().0,
            "WITH s0 AS (INSERT INTO x VALUES ($1)), s1 AS (DELETE FROM y WHERE a = $2) INSERT INTO x VALUES ($3)"
        );
    }
}
