//! The files that are written by a program.

use std::{path::Path, process::ExitCode};

use anyhow::Context as _;

use crate::{cargo, parties, problem::Problem};

/// Every generated file that this program can write: its path in the repository, and what it must hold.
fn files() -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut files: Vec<_> = vestibule_config::generated_schemas().into_iter().collect();
    files.push(parties::page(Path::new("."))?);
    files.push(parties::apis_page(Path::new("."))?);
    Ok(files)
}

/// The files that the product itself writes, with the name by which it does: the factors have their say in them. Tests of
/// the product compare them.
const BY_PRODUCT: [(&str, &str); 3] = [
    ("docs/assurance.md", "assurance"),
    ("docs/cli.md", "commands"),
    ("config/schema/pools.schema.json", "pools"),
];

fn by_product(path: &'static str, name: &str) -> anyhow::Result<(&'static str, String)> {
    let mut ask = cargo::cargo();
    ask.args(["run", "--quiet", "--package", "vestibule", "--bin", "vestibule"]);
    ask.args(cargo::locked()).args(["--", "schema", name]);
    let done = ask.output().context("cannot run cargo")?;
    if !done.status.success() {
        let cause = format!("the product could not be built to write {path}");
        return Err(Problem::error(cause, "see its errors above"));
    }
    Ok((path, String::from_utf8(done.stdout)?))
}

/// Those of the files that are not what they should be.
fn differing(files: &[(&'static str, String)]) -> Vec<&'static str> {
    let same = |(path, content): &&(&'static str, String)| {
        std::fs::read_to_string(path).is_ok_and(|found| found == *content)
    };
    files.iter().filter(|file| !same(file)).map(|(path, _)| *path).collect()
}

/// The generated files that are not what the sources say.
pub(crate) fn stale() -> anyhow::Result<Vec<&'static str>> {
    Ok(differing(&files()?))
}

/// Writes the stale files, or only names them when `check`.
pub(crate) fn run(check: bool, json: bool) -> anyhow::Result<ExitCode> {
    let mut files = files()?;
    for (path, name) in BY_PRODUCT {
        files.push(by_product(path, name)?);
    }
    let stale = differing(&files);
    if !check {
        for (path, content) in files.iter().filter(|(path, _)| stale.contains(path)) {
            let directory = Path::new(path).parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(directory)
                .with_context(|| format!("cannot make {}", directory.display()))?;
            std::fs::write(path, content).with_context(|| format!("cannot write {path}"))?;
        }
    }
    if json {
        let all: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        println!("{}", serde_json::json!({ "files": all, "stale": stale, "written": !check }));
    } else {
        for (path, _) in &files {
            let state = match (stale.contains(path), check) {
                (false, _) => "up to date",
                (true, true) => "stale: run `cargo xtask generate`",
                (true, false) => "written",
            };
            println!("{path}: {state}");
        }
    }
    Ok(ExitCode::from(u8::from(check && !stale.is_empty())))
}
