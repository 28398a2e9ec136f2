//! The relying parties and APIs in Java that interoperability tests run.

use std::path::{Path, PathBuf};

use crate::{problem::Problem, process, report::progress};

/// Builds them from the versions that `pom.xml` names; gives the archive with the programs. Maven keeps what it has fetched, so
/// that a second time is quick.
pub(crate) fn prepare(root: &Path, maven: &Path) -> anyhow::Result<PathBuf> {
    let project = root.join("tests/browser-tools/interop/java");
    progress("building the relying parties in Java (the first time fetches Spring Boot)");
    let mut build = process::command(maven);
    build.args(["--quiet", "--batch-mode", "package"]).current_dir(&project);
    if !process::run(build, true)?.success() {
        return Err(Problem::error(
            "`mvn package` failed in tests/browser-tools/interop/java",
            "see Maven's message above; it needs a JDK, 17 or later, and a reachable repository",
        ));
    }
    Ok(project.join("target/spring-parties.jar"))
}
