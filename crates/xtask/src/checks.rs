//! The house checks: formatting, lints, licences and bans, generated files.

use crate::{cargo, generate, process, report::Report};

/// Every check.
pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    source(report)?;
    dependencies(report)?;
    generated(report)
}

/// Formatting and lints.
pub(crate) fn source(report: &mut Report) -> anyhow::Result<()> {
    let quiet = report.json();
    if tool("rustfmt", "fmt") {
        report.step("formatting", "run `cargo fmt --all`", || {
            let mut format = cargo::cargo();
            format.args(["fmt", "--all", "--check"]);
            Ok(process::run(format, quiet)?.success())
        })?;
    } else {
        report.skip("formatting", "this toolchain has no rustfmt: `rustup component add rustfmt`");
    }
    if tool("clippy", "clippy") {
        report.step("lints", "mend what clippy names above", || {
            let mut lint = cargo::cargo();
            lint.args(["clippy", "--workspace", "--all-targets"])
                .args(cargo::locked())
                .args(["--", "-D", "warnings"]);
            Ok(process::run(lint, quiet)?.success())
        })
    } else {
        report.skip("lints", "this toolchain has no clippy: `rustup component add clippy`");
        Ok(())
    }
}

/// That the generated files are what the sources say.
pub(crate) fn generated(report: &mut Report) -> anyhow::Result<()> {
    report.step("generated files", "run `cargo xtask generate`", || {
        let stale = generate::stale();
        for file in &stale {
            eprintln!("{file} is stale");
        }
        Ok(stale.is_empty())
    })
}

fn dependencies(report: &mut Report) -> anyhow::Result<()> {
    if !cargo::has_subcommand("deny") {
        report.skip("licences and bans", "cargo-deny is not installed: `cargo install --locked cargo-deny`");
        return Ok(());
    }
    let quiet = report.json();
    report.step("licences and bans", "see .cargo/deny.toml for what is allowed and why", || {
        let mut deny = cargo::cargo();
        deny.args(["deny", "check", "bans", "licenses", "sources"]);
        Ok(process::run(deny, quiet)?.success())
    })
}

fn tool(component: &str, subcommand: &str) -> bool {
    cargo::has_subcommand(subcommand) || cargo::add_component(component, subcommand)
}
