//! Statements whose parameters are numbered when the text is written, and changes that wait to be sent with others.
//!
//! A trip to the database costs more than most statements do. A change that gives no answer needs no trip of its own:
//! SQLite runs a text of several statements at once, PostgreSQL runs changes of different tables as one statement
//! (`WITH`). A [`Change`] says itself what it does to which table; no text is ever read to find that out.

use sea_orm::{ActiveModelTrait as _, EntityTrait, IdenStatic as _, IntoActiveModel, Iterable as _, Value};
use std::{fmt, fmt::Write as _};

/// A table, by its name in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Table(&'static str);

impl Table {
    /// The table of an entity.
    pub(crate) fn of<E: EntityTrait>() -> Self {
        Self(E::default().table_name())
    }

    pub(crate) const fn name(self) -> &'static str {
        self.0
    }
}

/// What a change does to its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Adds rows and touches no other, so that two such changes of one table do not meet.
    Insert,
    /// Adds a row, or changes the one that is there.
    Upsert,
    /// Removes rows.
    Delete,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Insert => "insert into",
            Self::Upsert => "upsert into",
            Self::Delete => "delete from",
        })
    }
}

/// A statement: its text, and the values with the places in the text where they stand.
#[derive(Clone, Debug)]
pub(crate) struct Sql {
    text: String,
    /// Byte offsets in `text`, in order.
    values: Vec<(usize, Value)>,
}

impl Sql {
    pub(crate) fn new(text: &str) -> Self {
        // Most statements fit, and then neither grows.
        let mut sql = Self { text: String::with_capacity(256), values: Vec::with_capacity(16) };
        sql.text.push_str(text);
        sql
    }

    /// Goes on with a text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Goes on with a parameter that has this value.
    pub(crate) fn value(mut self, value: impl Into<Value>) -> Self {
        self.values.push((self.text.len(), value.into()));
        self
    }

    /// Adds the statement to a text that may have parameters already: those of this statement get the next numbers.
    fn write_to(self, sql: &mut String, values: &mut Vec<Value>) {
        let mut from = 0;
        for (at, value) in self.values {
            sql.push_str(self.text.get(from..at).unwrap_or_default());
            from = at;
            values.push(value);
            // Writing to a text cannot fail.
            let _ = write!(sql, "${}", values.len());
        }
        sql.push_str(self.text.get(from..).unwrap_or_default());
    }

    /// The statement by itself.
    pub(crate) fn into_parts(self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::with_capacity(256), Vec::with_capacity(16));
        self.write_to(&mut sql, &mut values);
        (sql, values)
    }
}

/// A statement that changes one table and is not asked for anything.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) table: Table,
    pub(crate) effect: Effect,
    pub(crate) statement: Sql,
}

impl Change {
    /// Adds a row; it is an error when its key is there.
    pub(crate) fn insert<E>(row: E::Model) -> Self
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        Self::added::<E>(row, Effect::Insert, "")
    }

    /// Adds a row unless its key, or anything else that only one row may have, is there.
    pub(crate) fn insert_if_absent<E>(row: E::Model) -> Self
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        Self::added::<E>(row, Effect::Insert, " ON CONFLICT DO NOTHING")
    }

    /// Adds a row, or does what `on_conflict` says to the one that is there.
    pub(crate) fn upsert<E>(row: E::Model, on_conflict: &'static str) -> Self
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        Self::added::<E>(row, Effect::Upsert, on_conflict)
    }

    /// Removes the rows whose columns have these values.
    pub(crate) fn delete<E: EntityTrait>(condition: impl IntoIterator<Item = (E::Column, Value)>) -> Self {
        let table = Table::of::<E>();
        let mut statement = Sql::new("DELETE FROM ").text(table.name());
        for (number, (column, value)) in condition.into_iter().enumerate() {
            statement = statement.text(if number == 0 { " WHERE " } else { " AND " });
            statement = statement.text(column.as_str()).text(" = ").value(value);
        }
        Self { table, effect: Effect::Delete, statement }
    }

    fn added<E>(row: E::Model, effect: Effect, tail: &'static str) -> Self
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let table = Table::of::<E>();
        let row = row.into_active_model();
        let mut statement = Sql::new("INSERT INTO ").text(table.name());
        let mut values = Vec::new();
        for column in E::Column::iter() {
            // Every field of a model is set, so none is left out here.
            if let Some(value) = row.get(column).into_value() {
                statement = statement.text(if values.is_empty() { " (" } else { ", " }).text(column.as_str());
                values.push(value);
            }
        }
        statement = statement.text(") VALUES (");
        for (number, value) in values.into_iter().enumerate() {
            statement = if number == 0 { statement } else { statement.text(", ") }.value(value);
        }
        Self { table, effect, statement: statement.text(")").text(tail) }
    }
}

/// Changes that wait to be sent, in order.
#[derive(Debug, Default)]
pub(crate) struct WaitingChanges(Vec<Change>);

/// What the changes of one trip do, for its error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SentChanges(Vec<(Effect, Table)>);

impl WaitingChanges {
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn push(&mut self, change: Change) {
        self.0.push(change);
    }

    /// What they do.
    pub(crate) fn names(&self) -> SentChanges {
        SentChanges(self.0.iter().map(|change| (change.effect, change.table)).collect())
    }

    /// Whether a change may become one statement with these. All of them would see the database as it was before, so
    /// none may touch what another has changed: rows are only added, or the table is no other's.
    pub(crate) fn may_include(&self, change: &Change) -> bool {
        let only_adds = |effect| effect == Effect::Insert;
        self.0
            .iter()
            .all(|other| other.table != change.table || (only_adds(other.effect) && only_adds(change.effect)))
    }

    /// As one text: `opening`, these, and `last` with its values. Only SQLite takes such a text.
    ///
    /// The numbers of `last` stay, and those of the changes follow them: SQLite finds a value by its number, wherever
    /// that stands in the text.
    pub(crate) fn in_turn(
        self,
        opening: Option<&str>,
        last: Option<(&str, Vec<Value>)>,
    ) -> (String, Vec<Value>) {
        let (last, mut values) = last.unzip();
        let mut values = values.take().unwrap_or_default();
        let mut sql = String::with_capacity(512);
        sql.push_str(opening.unwrap_or_default());
        let part = |sql: &mut String| {
            if !sql.is_empty() {
                sql.push_str("; ");
            }
        };
        for change in self.0 {
            part(&mut sql);
            change.statement.write_to(&mut sql, &mut values);
        }
        if let Some(last) = last {
            part(&mut sql);
            sql.push_str(last);
        }
        (sql, values)
    }

    /// As one statement, which changes all or nothing.
    pub(crate) fn at_once(mut self) -> (String, Vec<Value>) {
        let Some(last) = self.0.pop() else { return Default::default() };
        let (mut sql, mut values) = (String::with_capacity(512), Vec::with_capacity(32));
        for (number, change) in self.0.into_iter().enumerate() {
            sql.push_str(if number == 0 { "WITH " } else { ", " });
            // Writing to a text cannot fail.
            let _ = write!(sql, "change{number} AS (");
            change.statement.write_to(&mut sql, &mut values);
            sql.push(')');
        }
        if !sql.is_empty() {
            sql.push(' ');
        }
        last.statement.write_to(&mut sql, &mut values);
        (sql, values)
    }
}

impl SentChanges {
    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of one table, when the database says which table is to blame; all of them when it is none of these.
    pub(crate) fn of_table(&self, names_table: impl Fn(&str) -> bool) -> Self {
        let named: Vec<_> = self.0.iter().copied().filter(|(_, table)| names_table(table.name())).collect();
        if named.is_empty() { self.clone() } else { Self(named) }
    }
}

impl fmt::Display for SentChanges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (effect, table)) in self.0.iter().enumerate() {
            let or = if number == 0 { "" } else { " or " };
            write!(f, "{or}{effect} {}", table.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const X: Table = Table("x");
    const Y: Table = Table("y");

    fn change(effect: Effect, table: Table) -> Change {
        let statement = match effect {
            Effect::Insert | Effect::Upsert => Sql::new(&format!("INSERT INTO {} VALUES (", table.name()))
                .value(1_i64)
                .text(", ")
                .value(2_i64)
                .text(")"),
            Effect::Delete => Sql::new(&format!("DELETE FROM {} WHERE a = ", table.name())).value(3_i64),
        };
        Change { table, effect, statement }
    }

    fn waiting(changes: &[(Effect, Table)]) -> WaitingChanges {
        WaitingChanges(changes.iter().map(|(effect, table)| change(*effect, *table)).collect())
    }

    #[test]
    fn values_are_numbered_through() {
        let (sql, values) = waiting(&[(Effect::Insert, X), (Effect::Delete, Y)]).in_turn(None, None);
        assert_eq!(sql, "INSERT INTO x VALUES ($1, $2); DELETE FROM y WHERE a = $3");
        assert_eq!(values, [1_i64.into(), 2_i64.into(), Value::from(3_i64)]);
    }

    #[test]
    fn the_numbers_of_the_statement_that_follows_stay() {
        let last = ("SELECT a FROM z WHERE b = $2 AND c = $1", vec![8_i64.into(), Value::from(9_i64)]);
        let (sql, values) = waiting(&[(Effect::Delete, Y)]).in_turn(Some("BEGIN"), Some(last));
        assert_eq!(sql, "BEGIN; DELETE FROM y WHERE a = $3; SELECT a FROM z WHERE b = $2 AND c = $1");
        assert_eq!(values, [8_i64.into(), 9_i64.into(), Value::from(3_i64)]);
    }

    #[test]
    fn one_statement_holds_what_does_not_meet() {
        let mut changes = WaitingChanges::default();
        for (effect, table) in [(Effect::Insert, X), (Effect::Delete, Y), (Effect::Insert, X)] {
            assert!(changes.may_include(&change(effect, table)), "{effect} {table:?}");
            changes.push(change(effect, table));
        }
        for (effect, table) in
            [(Effect::Delete, X), (Effect::Insert, Y), (Effect::Delete, Y), (Effect::Upsert, X)]
        {
            assert!(!changes.may_include(&change(effect, table)), "{effect} {table:?}");
        }
        assert_eq!(
            changes.at_once().0,
            "WITH change0 AS (INSERT INTO x VALUES ($1, $2)), change1 AS (DELETE FROM y WHERE a = $3) \
             INSERT INTO x VALUES ($4, $5)"
        );
    }

    #[test]
    fn an_error_names_the_change_that_the_database_blames() {
        let sent = waiting(&[(Effect::Insert, X), (Effect::Delete, Y)]).names();
        assert_eq!(sent.to_string(), "insert into x or delete from y");
        assert_eq!(sent.of_table(|table| table == "y").to_string(), "delete from y");
        assert_eq!(sent.of_table(|table| table == "z"), sent);
    }
}
