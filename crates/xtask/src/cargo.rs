//! Calling cargo.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{problem::Problem, process, report, report::Counts};

/// The workspace's directory: where this crate was built from, or the current one when the tree has moved since.
pub(crate) fn workspace_root() -> anyhow::Result<PathBuf> {
    let mut locate = cargo();
    locate.args(["locate-project", "--workspace", "--message-format", "plain"]);
    let manifest = PathBuf::from(process::output(locate).map_err(|error| {
        Problem::because(error, "cannot find the workspace", "run this command inside the repository")
    })?);
    Ok(manifest.parent().map_or(manifest.clone(), PathBuf::from))
}

/// A cargo command, without what `cargo run` put into the environment for this program: build scripts must see the
/// same environment as in a build started by hand, or they would run again.
pub(crate) fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::command(program);
    for (name, _) in std::env::vars_os() {
        let given = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_CRATE_NAME"
        });
        if given {
            command.env_remove(name);
        }
    }
    if report::in_ci() {
        // Nothing is built twice there.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// The arguments that keep CI from changing the lock file.
pub(crate) fn locked() -> &'static [&'static str] {
    if report::in_ci() { &["--locked"] } else { &[] }
}

/// Whether `cargo NAME` exists and runs. A toolchain managed by rustup may hold a stand-in that does not.
pub(crate) fn has_subcommand(name: &str) -> bool {
    let mut version = cargo();
    version.args([name, "--version"]);
    process::succeeds(version)
}

/// Asks rustup for a component of the toolchain in use; whether `cargo SUBCOMMAND` runs afterwards.
pub(crate) fn add_component(component: &str, subcommand: &str) -> bool {
    report::progress(&format!("asking rustup for {component}"));
    let mut rustup = process::command("rustup");
    rustup.args(["component", "add", component]).stdout(Stdio::null());
    rustup.status().is_ok_and(|status| status.success()) && has_subcommand(subcommand)
}

/// Runs tests of the workspace with the environment given, and counts them while their output passes by.
pub(crate) fn test(
    filter: Option<&str>,
    environment: &[(&str, String)],
    to_stderr: bool,
) -> anyhow::Result<(bool, Counts)> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).args(locked()).args(filter);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut counts = Counts::default();
    let mut sink: Box<dyn std::io::Write> =
        if to_stderr { Box::new(std::io::stderr()) } else { Box::new(std::io::stdout()) };
    let status = process::run_lines(command, &mut sink, |line| counts.read(line))?;
    Ok((status.success(), counts))
}
