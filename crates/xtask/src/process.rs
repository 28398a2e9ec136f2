//! Running other programs.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Command, ExitStatus, Stdio},
};

use anyhow::bail;

use crate::{interrupt, problem::Problem};

/// A command without input, in a process group of its own: Ctrl-C reaches it through us, once.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).process_group(0);
    command
}

/// Runs a command with its output passed through, on standard error when `quiet_stdout`. Errors when it cannot be
/// started or the program was interrupted.
pub(crate) fn run(mut command: Command, quiet_stdout: bool) -> anyhow::Result<ExitStatus> {
    if quiet_stdout {
        return run_lines(command, &mut std::io::stderr(), |_line| {});
    }
    let mut child = command.spawn().map_err(|error| cannot_start(&command, error))?;
    let _watched = interrupt::Watched::new(child.id());
    let status = child.wait()?;
    not_interrupted()?;
    Ok(status)
}

/// Runs a command with its standard output passed on to `sink` line by line, and shows every line to `read`.
pub(crate) fn run_lines(
    mut command: Command,
    sink: &mut dyn std::io::Write,
    mut read: impl FnMut(&str),
) -> anyhow::Result<ExitStatus> {
    command.stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_start(&command, error))?;
    let _watched = interrupt::Watched::new(child.id());
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not text: a test may print anything.
        while output.read_until(b'\n', &mut line)? > 0 {
            read(&String::from_utf8_lossy(&line));
            sink.write_all(&line)?;
            sink.flush()?;
            line.clear();
        }
    }
    let status = child.wait()?;
    not_interrupted()?;
    Ok(status)
}

/// Runs a command and gives its trimmed standard output; an error holds what it wrote to standard error.
pub(crate) fn output(mut command: Command) -> anyhow::Result<String> {
    let result = command.output().map_err(|error| cannot_start(&command, error))?;
    not_interrupted()?;
    if !result.status.success() {
        bail!(
            "{} ended with {}: {}",
            name(&command),
            result.status,
            String::from_utf8_lossy(&result.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&result.stdout).trim().to_owned())
}

/// Whether a command can be run and succeeds; its output goes nowhere.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// An error when somebody asked the program to stop.
pub(crate) fn not_interrupted() -> anyhow::Result<()> {
    if interrupt::requested() {
        bail!("interrupted");
    }
    Ok(())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn cannot_start(command: &Command, error: std::io::Error) -> anyhow::Error {
    let name = name(command);
    let remedy = format!("make sure that `{name}` is installed and on the PATH");
    Problem::because(error, format!("cannot start `{name}`"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = command("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn lines_pass_by_also_when_they_are_not_text() {
        let (mut seen, mut sink) = (Vec::new(), Vec::new());
        let script = shell(r"printf 'one\n\377\ntwo'; exit 3");
        let status = run_lines(script, &mut sink, |line| seen.push(line.trim().to_owned())).unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(seen, ["one", "\u{fffd}", "two"]);
        assert_eq!(sink, b"one\n\xff\ntwo");
    }

    #[test]
    fn a_failed_command_gives_its_own_words_as_the_cause() {
        let error = output(shell("echo broken >&2; exit 1")).unwrap_err().to_string();
        assert!(error.contains("broken"), "{error}");
    }

    #[test]
    fn a_missing_program_is_named_with_a_remedy() {
        let error = output(command("no-such-program-here")).unwrap_err();
        assert!(Problem::render(&error).contains("make sure that `no-such-program-here` is installed"));
    }
}
