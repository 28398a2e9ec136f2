//! The Python packages that interoperability tests borrow, in a virtual environment of their own.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{problem::Problem, process, report::progress};

/// What the environment was made from: the list of packages, and the version of Python.
const STAMP: &str = ".made-from";

/// Installs exactly what the list names, unless it is there already; gives the environment's Python.
pub(crate) fn prepare(root: &Path, python: &Path) -> anyhow::Result<PathBuf> {
    let project = root.join("tests/browser-tools/interop");
    let list = std::fs::read_to_string(project.join("requirements.txt"))
        .context("cannot read the list of Python packages")?;
    let mut version = process::command(python);
    version.arg("--version");
    let made_from = format!("{}\n{list}", process::output(version)?);
    let environment = project.join(".venv");
    let own = environment.join("bin/python");
    if std::fs::read_to_string(environment.join(STAMP)).is_ok_and(|found| found == made_from) {
        return Ok(own);
    }
    progress("installing the Python packages of tests/browser-tools/interop");
    let mut make = process::command(python);
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    if !process::run(make, true)?.success() {
        return Err(Problem::error(
            "no virtual environment could be made for the Python packages of the tests",
            "see Python's message above; Debian, Ubuntu: apt-get install python3-venv",
        ));
    }
    let mut install = process::command(&own);
    install
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"])
        .current_dir(&project);
    if !process::run(install, true)?.success() {
        return Err(Problem::error(
            "`pip install` failed in tests/browser-tools/interop",
            "see pip's message above; Python 3.10 or later is needed, and a reachable package index",
        ));
    }
    std::fs::write(environment.join(STAMP), made_from)
        .context("cannot note which Python packages are installed")?;
    Ok(own)
}
