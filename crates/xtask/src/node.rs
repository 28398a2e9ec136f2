//! The small npm project that browser and interoperability tests borrow from.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{problem::Problem, process, report::progress};

/// The oldest Node.js that the packages run on.
const OLDEST: u32 = 18;
const STAMP: &str = "node_modules/.installed-lock.json";

/// Installs exactly what the lock file names, unless it is there already; gives the project's directory, whose
/// `node_modules` then is complete.
pub(crate) fn prepare(root: &Path, node: &Path, npm: &Path) -> anyhow::Result<PathBuf> {
    check_version(node)?;
    let project = root.join("tests/browser-tools");
    let lock = std::fs::read(project.join("package-lock.json"))
        .context("cannot read the lock file of npm packages")?;
    if std::fs::read(project.join(STAMP)).is_ok_and(|installed| installed == lock) {
        return Ok(project);
    }
    progress("installing the npm packages of tests/browser-tools");
    let mut install = process::command(npm);
    install
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&project);
    if !process::run(install, true)?.success() {
        return Err(Problem::error(
            "`npm ci` failed in tests/browser-tools",
            "see npm's message above; the npm registry, or the one npm is configured for, must be reachable",
        ));
    }
    std::fs::write(project.join(STAMP), lock).context("cannot note which npm packages are installed")?;
    Ok(project)
}

fn check_version(node: &Path) -> anyhow::Result<()> {
    let mut version = process::command(node);
    version.arg("--version");
    let version = process::output(version)?;
    match major(&version) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => Err(Problem::error(
            format!("{} is version {version}; the tests need {OLDEST} or later", node.display()),
            "install a current Node.js and put it first on the PATH",
        )),
    }
}

/// The first number of a version such as `v20.1.2`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_node_writes_them() {
        assert_eq!(major("v18.20.4"), Some(18));
        assert_eq!(major("v9.1.0"), Some(9));
        assert_eq!(major("unknown"), None);
    }
}
