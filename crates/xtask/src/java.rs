//! The relying parties and APIs in Java that interoperability tests run.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use crate::{problem::Problem, process, report::progress};

/// What the application of Quarkus was built from: its build takes long even when nothing has changed.
const STAMP: &str = "target/.built-from";

/// The archives with the programs.
pub(crate) struct Archives {
    /// Those of Spring Boot.
    pub(crate) spring: PathBuf,
    /// That of Quarkus, beside its libraries.
    pub(crate) quarkus: PathBuf,
}

/// Builds them from the versions that each `pom.xml` names. Maven keeps what it has fetched, so that a second time is quick.
pub(crate) fn prepare(root: &Path, maven: &Path) -> anyhow::Result<Archives> {
    let interop = root.join("tests/browser-tools/interop");
    let (spring, quarkus) = (interop.join("java"), interop.join("quarkus"));
    progress("building the relying parties in Java (the first time fetches Spring Boot and Quarkus)");
    package(&spring, maven)?;
    let archives = Archives {
        spring: spring.join("target/spring-parties.jar"),
        quarkus: quarkus.join("target/quarkus-app/quarkus-run.jar"),
    };
    let sources = sources(&quarkus)?;
    let stamp = quarkus.join(STAMP);
    let built =
        archives.quarkus.exists() && std::fs::read_to_string(&stamp).is_ok_and(|found| found == sources);
    if !built {
        package(&quarkus, maven)?;
        std::fs::write(&stamp, sources)
            .context("cannot note what the application of Quarkus was built from")?;
    }
    Ok(archives)
}

fn package(project: &Path, maven: &Path) -> anyhow::Result<()> {
    let mut build = process::command(maven);
    build.args(["--quiet", "--batch-mode", "package"]).current_dir(project);
    if process::run(build, true)?.success() {
        return Ok(());
    }
    Err(Problem::error(
        format!("`mvn package` failed in {}", project.display()),
        "see Maven's message above; it needs a JDK, 17 or later, and a reachable repository",
    ))
}

/// Everything that a project is built from, in one text.
fn sources(project: &Path) -> anyhow::Result<String> {
    let mut files = vec![project.join("pom.xml")];
    let classes = std::fs::read_dir(project.join("src/main/java/vestibule/interop"))
        .context("cannot list the sources of the application of Quarkus")?;
    for class in classes {
        files.push(class?.path());
    }
    files.sort();
    files.iter().try_fold(String::new(), |mut all, file| {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        writeln!(all, "{}\n{text}", file.display())?;
        Ok(all)
    })
}
