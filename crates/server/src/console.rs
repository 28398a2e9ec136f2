//! Words to the person at the terminal. Nothing else in the product prints.

use serde_json::Value;
use std::{
    fmt::Display,
    io::{IsTerminal as _, Write as _, stderr, stdin, stdout},
};

/// A line on standard output. A reader that has gone away is nobody's problem.
pub(crate) fn say(text: impl Display) {
    let mut out = stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// A line on standard error.
pub(crate) fn complain(text: impl Display) {
    let _ = writeln!(stderr().lock(), "{text}");
}

/// JSON on standard output.
pub(crate) fn json(value: &Value) {
    say(format_args!("{value:#}"));
}

/// Whether standard output is a terminal that wants more than plain text.
pub(crate) fn is_rich() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// The text in bold where the terminal can.
pub(crate) fn bold(text: &str) -> String {
    if is_rich() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The text in a quiet tone where the terminal can.
pub(crate) fn dim(text: &str) -> String {
    if is_rich() { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Asks a yes-or-no question; `None` when nobody is there to answer.
pub(crate) fn confirm(question: &str) -> Option<bool> {
    let answer = answer(&format!("{question} [y/N] "))?;
    Some(matches!(answer.as_str(), "y" | "Y" | "yes"))
}

/// Asks a question; `None` when nobody is there to answer.
pub(crate) fn answer(question: &str) -> Option<String> {
    if !stdin().is_terminal() {
        return None;
    }
    let mut out = stdout().lock();
    let _ = write!(out, "{question}").and_then(|()| out.flush());
    let mut answer = String::new();
    stdin().read_line(&mut answer).ok()?;
    Some(answer.trim().to_owned())
}

/// Rows in aligned columns under a heading.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![bold(&line(head.to_vec()))];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines.join("\n")
}
