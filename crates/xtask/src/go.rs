//! The relying parties in Go that interoperability tests run.

use std::path::{Path, PathBuf};

use crate::{problem::Problem, process, report::progress};

/// What is built: parties of ours, and a program as its makers publish it.
const PROGRAMS: [&str; 5] =
    ["./go-oidc", "./go-oidc-api", "./goth", "./zitadel-oidc", "github.com/oauth2-proxy/oauth2-proxy/v7"];

/// Builds them from the modules that the lock file names; gives the directory with the programs. Go keeps what it has
/// built, so that a second time is quick.
pub(crate) fn prepare(root: &Path, go: &Path) -> anyhow::Result<PathBuf> {
    let project = root.join("tests/browser-tools/interop/go");
    let programs = project.join("bin");
    // Of several programs Go writes into a directory that is there.
    std::fs::create_dir_all(&programs)?;
    progress("building the relying parties in Go (the first time takes minutes)");
    let mut build = process::command(go);
    build.args(["build", "-mod=readonly", "-o"]).arg(&programs).args(PROGRAMS).current_dir(&project);
    if !process::run(build, true)?.success() {
        return Err(Problem::error(
            "`go build` failed in tests/browser-tools/interop/go",
            "see Go's message above; it must be 1.26 or later, or 1.21 or later and free to fetch that, and reach its modules",
        ));
    }
    Ok(programs)
}
