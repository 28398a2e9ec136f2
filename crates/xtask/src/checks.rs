//! The house checks: formatting, lints, dependencies, documentation, generated files.

use crate::{cargo, dependencies, generate, process, report::Report};

/// Every check.
pub(crate) fn all(report: &mut Report) -> anyhow::Result<()> {
    source(report)?;
    dependencies(report)?;
    documentation(report)?;
    generated(report)
}

/// Formatting and lints.
fn source(report: &mut Report) -> anyhow::Result<()> {
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

/// What the workspace depends on, and the compiler that it promises to work with.
fn dependencies(report: &mut Report) -> anyhow::Result<()> {
    let quiet = report.json();
    let remedy = "see .cargo/deny.toml for what is allowed and why";
    report.step("licences, bans and sources", remedy, || dependencies::allowed(quiet))?;
    let remedy = "take an older version of the crate, or raise rust-version in Cargo.toml and the README";
    report.step("oldest compiler", remedy, dependencies::old_enough)
}

/// That the documentation of the code builds without a warning.
fn documentation(report: &mut Report) -> anyhow::Result<()> {
    let quiet = report.json();
    report.step("documentation", "mend what rustdoc names above", || {
        let mut document = cargo::cargo();
        document.args(["doc", "--workspace", "--no-deps"]).args(cargo::locked());
        document.env("RUSTDOCFLAGS", "-D warnings");
        Ok(process::run(document, quiet)?.success())
    })
}

/// That the generated files are what the sources say.
fn generated(report: &mut Report) -> anyhow::Result<()> {
    report.step("generated files", "run `cargo xtask generate`", || {
        let stale = generate::stale()?;
        for file in &stale {
            eprintln!("{file} is stale");
        }
        Ok(stale.is_empty())
    })
}

fn tool(component: &str, subcommand: &str) -> bool {
    cargo::has_subcommand(subcommand) || cargo::add_component(component, subcommand)
}
