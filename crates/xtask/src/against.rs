//! `cargo xtask bench --against COMMIT`: an older version and this tree, measured in turns in one run.
//!
//! Each version is measured by its own generator, since that fills the database of its own version. What both share is
//! the floor, so a workload is compared by its ratios to the floor of the same minute: a machine that is slower for a
//! while makes both slower.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Command, ExitCode},
};

use serde::{Deserialize, Serialize};

use crate::{
    cli::BenchOptions,
    problem::Problem,
    process,
    programs::{Programs, Workshop},
    report::progress,
};

/// Turns of each version. Odd, so that the median of turns is a measured one.
const TURNS: usize = 3;
/// A workload that needs this much more processor time than before has become slower.
const LIMIT_PERCENT: f64 = 3.0;

/// What is read of the figures of a run, whatever else a version writes there.
#[derive(Deserialize)]
struct Figures {
    engines: Vec<EngineFigures>,
}

#[derive(Deserialize)]
struct EngineFigures {
    database: String,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    work: String,
    comparison: Comparison,
}

#[derive(Deserialize)]
struct Comparison {
    ratio: Vec<f64>,
}

/// Ratios to the floor by database and workload, of all turns of one version.
type Ratios = BTreeMap<(String, String), Vec<f64>>;

/// One workload of both versions.
#[derive(Debug, Serialize)]
struct Change {
    database: String,
    work: String,
    /// Median ratio to the floor before.
    before: f64,
    /// Median ratio to the floor now.
    now: f64,
    /// How much more processor time an operation needs now, in percent.
    percent: f64,
    /// Whether that is more than [`LIMIT_PERCENT`].
    slower: bool,
}

/// The older version's source, taken away again when this goes.
struct Checkout(PathBuf);

impl Checkout {
    fn of(commit: &str, at: PathBuf) -> anyhow::Result<Self> {
        // What an interrupted run left.
        drop(Self(at.clone()));
        let mut add = process::command("git");
        add.args(["worktree", "add", "--quiet", "--force", "--detach"]).arg(&at).arg(commit);
        process::output(add).map_err(|error| {
            let remedy = "name a commit, branch or tag of this repository";
            Problem::because(error, format!("cannot check out `{commit}`"), remedy)
        })?;
        Ok(Self(at))
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let mut remove = process::command("git");
        remove.args(["worktree", "remove", "--force"]).arg(&self.0).stderr(std::process::Stdio::null());
        let _ = process::succeeds(remove);
    }
}

/// Builds the older version, measures both, and says what became slower. The exit code is 1 when something did.
pub(crate) fn run(commit: &str, workshop: &Workshop, options: &BenchOptions) -> anyhow::Result<ExitCode> {
    let place = workshop.target.join("against");
    let checkout = Checkout::of(commit, place.join("source"))?;
    progress(&format!("building {commit} in the release profile"));
    // A build directory of its own: cargo compares times of files, and both trees have the same packages.
    let older = Programs::build(&checkout.0, &place.join("target"), true)?;
    let measure = |programs: &Programs| {
        let mut command = workshop.command(programs, "run");
        command.args(options.selection()).arg("--json");
        figures(command)
    };
    let (mut then, mut now) = (Ratios::new(), Ratios::new());
    for turn in 1..=TURNS {
        progress(&format!("turn {turn} of {TURNS}: {commit}"));
        collect(&mut then, &measure(&older)?);
        progress(&format!("turn {turn} of {TURNS}: this tree"));
        collect(&mut now, &measure(&workshop.programs)?);
    }
    let changes = compared(&then, &now);
    if changes.is_empty() {
        return Err(Problem::error(
            format!("`{commit}` and this tree have no workload in common"),
            "choose a later commit",
        ));
    }
    show(commit, &changes, options.json)?;
    Ok(if changes.iter().any(|change| change.slower) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn figures(measure: Command) -> anyhow::Result<Figures> {
    let mut output = Vec::new();
    let status = process::run_lines(measure, &mut output, |_line| {})?;
    if !status.success() {
        return Err(Problem::error("a measurement failed", "see its errors above"));
    }
    Ok(serde_json::from_slice(&output)?)
}

fn collect(ratios: &mut Ratios, figures: &Figures) {
    for engine in &figures.engines {
        for row in &engine.rows {
            let of = ratios.entry((engine.database.clone(), row.work.clone())).or_default();
            of.extend(&row.comparison.ratio);
        }
    }
}

fn compared(before: &Ratios, now: &Ratios) -> Vec<Change> {
    let both = before.iter().filter_map(|(key, before)| Some((key, median(before)?, median(now.get(key)?)?)));
    both.map(|((database, work), before, now)| {
        let percent = (now / before - 1.0) * 100.0;
        let (database, work) = (database.clone(), work.clone());
        Change { database, work, before, now, percent, slower: percent > LIMIT_PERCENT }
    })
    .collect()
}

fn median(figures: &[f64]) -> Option<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        return sorted.get(half).copied();
    }
    Some(f64::midpoint(*sorted.get(half.checked_sub(1)?)?, *sorted.get(half)?))
}

#[expect(clippy::print_stdout, reason = "the result of the command")]
fn show(commit: &str, changes: &[Change], json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(changes)?);
        return Ok(());
    }
    println!(
        "Processor time of an operation over its floor, medians of {TURNS} turns; {commit} is \"before\".\n"
    );
    println!("| database | workload | before | now | change |\n|---|---|---|---|---|");
    for change in changes {
        let Change { database, work, before, now, percent, slower } = change;
        let mark = if *slower { ", slower" } else { "" };
        println!("| {database} | {work} | {before:.2} | {now:.2} | {percent:+.1} %{mark} |");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratios(work: &str, figures: &[f64]) -> Ratios {
        Ratios::from([(("SQLite".to_owned(), work.to_owned()), figures.to_vec())])
    }

    #[test]
    fn a_workload_is_slower_when_its_median_grew_by_more_than_the_limit() {
        let before = ratios("refresh", &[2.0, 2.1, 9.0]);
        let changes = compared(&before, &ratios("refresh", &[2.15, 2.2, 1.0]));
        assert!(changes.iter().all(|change| !change.slower), "{changes:?}");
        let changes = compared(&before, &ratios("refresh", &[2.2, 2.17, 2.3]));
        assert!(changes.len() == 1 && changes.iter().all(|change| change.slower), "{changes:?}");
    }

    #[test]
    fn only_what_both_versions_measure_is_compared() {
        assert!(compared(&ratios("refresh", &[1.0]), &ratios("step-up", &[1.0])).is_empty());
    }

    #[test]
    fn figures_of_any_version_are_read() {
        let text = r#"{"machine":{},"engines":[{"database":"SQLite","memory":{},"rows":[
            {"work":"silent","statements":3,"comparison":{"product":{},"ratio":[1.0,3.0]}}]}]}"#;
        let mut found = Ratios::new();
        collect(&mut found, &serde_json::from_str(text).unwrap());
        assert_eq!(found, ratios("silent", &[1.0, 3.0]));
        assert_eq!(median(&[1.0, 3.0]), Some(2.0));
        assert_eq!(median(&[]), None);
    }
}
