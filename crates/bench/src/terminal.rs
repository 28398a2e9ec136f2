//! What this program says: progress for people on standard error, lines for other processes on standard output.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program speaks on the terminal"
)]

/// Says what happens now.
pub(crate) fn progress(what: &str) {
    eprintln!("==> {what}");
}

/// One line on standard output, for the process that reads it.
pub(crate) fn say(line: &str) {
    println!("{line}");
}
