//! A TOML file with the place of every key, and the translation of its errors.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};
use vestibule_domain::field::{Fault, FieldPath, Step};

use crate::error::{ConfigError, Problem, nearest};

/// A parsed TOML text. Values laid over it from variables carry a span behind the end of the text, by which
/// an error finds back to its variable.
pub(crate) struct Document<'i> {
    file: Option<String>,
    text: &'i str,
    table: Spanned<DeTable<'i>>,
    variables: Vec<String>,
}

impl<'i> Document<'i> {
    /// Parses `text`; `file` is how errors name it.
    pub(crate) fn parse(file: Option<&Path>, text: &'i str) -> Result<Self, ConfigError> {
        let file = file.map(|path| path.display().to_string());
        match DeTable::parse(text) {
            Ok(table) => Ok(Self { file, text, table, variables: Vec::new() }),
            Err(error) => {
                let mut problem = Problem::new(format!("not valid TOML: {}", error.message()));
                (problem.line, problem.column) = place(text, error.span().map_or(0, |span| span.start));
                problem.file = file;
                Err(problem.hint("correct the line; text values need quotes: key = \"value\"").into())
            }
        }
    }

    /// Lays `value` of an environment variable over the document.
    pub(crate) fn overlay(&mut self, variable: &str, path: &[String], value: DeValue<'i>) {
        let start = self.text.len() + 1 + self.variables.len();
        self.variables.push(variable.to_owned());
        let span = start..start + 1;
        insert(self.table.get_mut(), path, respanned(value, &span), &span);
    }

    /// A span behind the text and the variables, for what is put in place of something.
    pub(crate) const fn place_behind(&self, number: usize) -> Range<usize> {
        let start = self.text.len() + 1_000_000 + number;
        start..start + 1
    }

    /// Reads the document as a `T`.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, ConfigError> {
        T::deserialize(toml::Deserializer::from(self.table.clone()))
            .map_err(|error| self.translate(error.message(), error.span()).into())
    }

    /// Completes a fault found by a check with its place in the file.
    pub(crate) fn locate(&self, fault: Fault) -> Problem {
        let span = self.span_of(&fault.at);
        let mut problem = Problem::from(fault);
        self.place_problem(&mut problem, span);
        problem
    }

    fn place_problem(&self, problem: &mut Problem, span: Range<usize>) {
        let behind_text = span.start.checked_sub(self.text.len() + 1);
        if let Some(variable) = behind_text.and_then(|index| self.variables.get(index)) {
            problem.variable = Some(variable.clone());
        } else if let Some(file) = &self.file {
            problem.file = Some(file.clone());
            (problem.line, problem.column) = place(self.text, span.start);
        }
    }

    /// The span of the value at `path`, or of the deepest table above it that exists.
    fn span_of(&self, path: &FieldPath) -> Range<usize> {
        let mut span = 0..0;
        let mut value: Option<&Spanned<DeValue<'i>>> = None;
        for step in path.steps() {
            let next = match (step, value.map(Spanned::get_ref)) {
                (Step::Key(key), None) => self.table.get_ref().get(key.as_str()),
                (Step::Key(key), Some(DeValue::Table(table))) => table.get(key.as_str()),
                (Step::Index(index), Some(DeValue::Array(array))) => array.get(*index),
                _ => None,
            };
            let Some(next) = next else { break };
            span = next.span();
            value = Some(next);
        }
        span
    }

    /// The parsed text, with what was laid over it.
    pub(crate) const fn table(&self) -> &Spanned<DeTable<'i>> {
        &self.table
    }

    /// Turns serde's message into a problem; a value is repeated only when its key holds no secret.
    fn translate(&self, message: &str, span: Option<Range<usize>>) -> Problem {
        self.misfit(&self.table, message, span).problem
    }

    /// What serde found not to fit in `table`, which is this document or was made of it.
    pub(crate) fn misfit(
        &self,
        table: &Spanned<DeTable<'i>>,
        message: &str,
        span: Option<Range<usize>>,
    ) -> Misfit {
        let span = span.unwrap_or(0..0);
        let above = path_at(table.get_ref(), &span);
        // An error about a key of a table may carry only the place of its header; the key's own says more.
        let inside = message.split('`').nth(1).map(|name| above.key(name));
        let key_inside = inside.as_ref().and_then(|path| key_span(table.get_ref(), path));
        let is_missing = message.starts_with("missing field ");
        let path = if key_inside.is_some() { inside.clone().unwrap_or(above) } else { above };
        let secret = last_key(&path).is_some_and(holds_secret);
        let mut problem = described(message, secret);
        problem.key = Some(path.to_string()).filter(|path| !path.is_empty());
        self.place_problem(&mut problem, key_inside.unwrap_or(span));
        let at = inside.filter(|_| is_missing).unwrap_or(path);
        Misfit { at, problem, is_unknown_key: message.starts_with("unknown field ") }
    }
}

/// Something that does not fit.
pub(crate) struct Misfit {
    /// Where the value stands, or ought to.
    pub(crate) at: FieldPath,
    pub(crate) problem: Problem,
    pub(crate) is_unknown_key: bool,
}

/// The place of the key at exactly this path.
fn key_span(table: &DeTable<'_>, wanted: &FieldPath) -> Option<Range<usize>> {
    let mut found = None;
    walk(table, &FieldPath::root(), &mut |path, key, _| {
        if path == wanted {
            found = Some(key.clone());
        }
    });
    found
}

/// The deepest key whose key or value covers the start of `span`.
fn path_at(table: &DeTable<'_>, span: &Range<usize>) -> FieldPath {
    let mut best = (FieldPath::root(), usize::MAX);
    walk(table, &FieldPath::root(), &mut |path, key, value| {
        for candidate in [key, value] {
            let length = candidate.end.saturating_sub(candidate.start);
            if candidate.start <= span.start && span.start < candidate.end && length <= best.1 {
                best = (path.clone(), length);
            }
        }
    });
    best.0
}

/// The name that says what stands at a path.
fn last_key(path: &FieldPath) -> Option<&str> {
    path.steps().iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Index(_) => None,
    })
}

/// The value with this span on itself and on the items of a list.
fn respanned<'i>(value: DeValue<'i>, span: &Range<usize>) -> Spanned<DeValue<'i>> {
    let value = match value {
        DeValue::Array(items) => {
            let mut list = DeArray::new();
            for item in items.iter() {
                list.push(respanned(item.get_ref().clone(), span));
            }
            DeValue::Array(list)
        }
        other => other,
    };
    Spanned::new(span.clone(), value)
}

/// Puts a value at a path, making the tables above it where they are missing.
fn insert<'i>(table: &mut DeTable<'i>, path: &[String], value: Spanned<DeValue<'i>>, span: &Range<usize>) {
    let Some((first, rest)) = path.split_first() else { return };
    let key = || Spanned::new(span.clone(), first.clone().into());
    if rest.is_empty() {
        table.remove(first.as_str());
        table.insert(key(), value);
        return;
    }
    let is_table = table.get(first.as_str()).is_some_and(|below| below.get_ref().is_table());
    if !is_table {
        table.remove(first.as_str());
        table.insert(key(), Spanned::new(span.clone(), DeValue::Table(DeTable::new())));
    }
    if let Some(DeValue::Table(below)) = table.get_mut(first.as_str()).map(Spanned::get_mut) {
        insert(below, rest, value, span);
    }
}

/// Visits every key of a table and of the tables below it with its path, key span and value span.
fn walk(
    table: &DeTable<'_>,
    above: &FieldPath,
    visit: &mut impl FnMut(&FieldPath, &Range<usize>, &Range<usize>),
) {
    for (key, value) in table {
        let path = above.key(key.get_ref());
        visit(&path, &key.span(), &value.span());
        walk_value(value.get_ref(), &path, visit);
    }
}

fn walk_value(
    value: &DeValue<'_>,
    path: &FieldPath,
    visit: &mut impl FnMut(&FieldPath, &Range<usize>, &Range<usize>),
) {
    match value {
        DeValue::Table(table) => walk(table, path, visit),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                let path = path.index(index);
                visit(&path, &item.span(), &item.span());
                walk_value(item.get_ref(), &path, visit);
            }
        }
        _ => {}
    }
}

/// Whether a key of this name holds something that no message may repeat.
pub(crate) fn holds_secret(key: &str) -> bool {
    // Keys that speak of a password or a secret without holding one.
    let speaks = ["password_env", "password_reset", "password_hashing", "show_secret", "open_secret"];
    (key.contains("password") || key.contains("secret") || key == "url") && !speaks.contains(&key)
}

fn described(message: &str, secret: bool) -> Problem {
    let named = message.split('`').nth(1).unwrap_or_default();
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    if message.starts_with("unknown field ") {
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let hint = match nearest(named, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "remove it, or correct its spelling".to_owned(),
        };
        let expected = if known.is_empty() { "no key here" } else { expected };
        return Problem::new(format!("unknown key `{named}`"))
            .expected(expected)
            .found(format!("`{named}`"))
            .hint(hint);
    }
    if message.starts_with("missing field ") {
        return Problem::new(format!("missing key `{named}`"))
            .expected(format!("`{named}`"))
            .found("nothing")
            .hint(format!("add `{named} = …` to this table"));
    }
    if message.starts_with("unknown variant ") {
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let problem = Problem::new(format!("`{named}` is not allowed here"))
            .expected(expected)
            .found(format!("`{named}`"));
        return match nearest(named, known) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("use one of the values listed"),
        };
    }
    for (prefix, cause) in
        [("invalid type: ", "a value of the wrong type"), ("invalid value: ", "a value that does not fit")]
    {
        if let Some(found) = what.strip_prefix(prefix) {
            let found = if secret { "(not shown: the key holds a secret)" } else { found };
            let expected = in_words(expected);
            return Problem::new(cause).expected(expected).found(found).hint("correct the value");
        }
    }
    if secret {
        return Problem::new("a value that does not fit").hint("correct the value; it is not shown here");
    }
    Problem::new(message)
}

/// What a reader of data expects, as a person writes it.
fn in_words(expected: &str) -> String {
    match expected {
        "a sequence" => "a list, such as [\"one\", \"two\"]".to_owned(),
        "a map" => "a table of keys and values".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" => "a text in quotes".to_owned(),
        other => other.strip_prefix("struct ").map_or_else(|| other.to_owned(), |_| "a table".to_owned()),
    }
}

/// Line and column (in characters), from 1, of a byte offset.
fn place(text: &str, offset: usize) -> (Option<usize>, Option<usize>) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (Some(line), Some(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_from_one() {
        assert_eq!(place("a\nüb = 1", 5), (Some(2), Some(3)));
        assert_eq!(place("", 0), (Some(1), Some(1)));
    }

    #[test]
    fn a_path_finds_its_value_or_the_table_above() {
        let text = "[[pool]]\nslug = \"a\"\nuris = [\"x\",\n  \"y\"]\n";
        let document = Document::parse(Some(Path::new("p.toml")), text).unwrap();
        let uris = FieldPath::root().key("pool").index(0).key("uris");
        let at = |path: &FieldPath| {
            let problem = document.locate(Fault::new("x").below(path));
            (problem.line, problem.column, problem.key.unwrap())
        };
        assert_eq!(at(&uris.index(1)), (Some(4), Some(3), "pool[0].uris[1]".to_owned()));
        let missing = FieldPath::root().key("pool").index(0).key("name");
        assert_eq!(at(&missing), (Some(1), Some(1), "pool[0].name".to_owned()));
    }

    #[test]
    fn broken_toml_says_where() {
        let error = Document::parse(Some(Path::new("p.toml")), "a = 1\nb = = 2\n").err().unwrap();
        assert_eq!((error.problems[0].line, error.problems[0].column), (Some(2), Some(5)));
    }
}
