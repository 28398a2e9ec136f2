//! Progress while it runs, and the verdict at the end.

use std::{process::ExitCode, time::Instant};

use serde::Serialize;

/// Counts of single tests, as the test harness reports them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
    /// Tests marked `#[ignore]`.
    pub(crate) ignored: u64,
}

impl Counts {
    /// Adds what a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; …` says; other lines add nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let Some(rest) = line.trim_start().strip_prefix("test result:") else { return };
        let Some((_verdict, numbers)) = rest.split_once('.') else { return };
        for part in numbers.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(name)) =
                (words.next().and_then(|word| word.parse::<u64>().ok()), words.next())
            else {
                continue;
            };
            match name {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

/// One step's outcome.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
enum Step {
    Passed { name: String, seconds: f64 },
    Failed { name: String, seconds: f64, remedy: String },
    Skipped { name: String, reason: String },
}

/// Collects steps and counts, and says at the end whether the run is good.
#[derive(Debug)]
pub(crate) struct Report {
    json: bool,
    ci: bool,
    started: Instant,
    steps: Vec<Step>,
    counts: Option<Counts>,
}

impl Report {
    /// An empty report; `json` asks for a machine-readable summary on standard output.
    pub(crate) fn new(json: bool) -> Self {
        Self { json, ci: in_ci(), started: Instant::now(), steps: Vec::new(), counts: None }
    }

    /// Whether standard output is reserved for the summary.
    pub(crate) fn json(&self) -> bool {
        self.json
    }

    /// Runs one step: announces it, times it and notes whether it passed. `remedy` says how to put a failure right.
    pub(crate) fn step(
        &mut self,
        name: &str,
        remedy: &str,
        work: impl FnOnce() -> anyhow::Result<bool>,
    ) -> anyhow::Result<()> {
        progress(name);
        let started = Instant::now();
        let passed = work()?;
        let seconds = seconds_since(started);
        self.steps.push(if passed {
            Step::Passed { name: name.into(), seconds }
        } else {
            eprintln!("xtask: {name}: failed; {remedy}");
            Step::Failed { name: name.into(), seconds, remedy: remedy.into() }
        });
        Ok(())
    }

    /// Notes loudly that something was left out, and why.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        eprintln!("xtask: SKIPPED: {name}: {reason}");
        self.steps.push(Step::Skipped { name: name.into(), reason: reason.into() });
    }

    /// Notes the counts of single tests.
    pub(crate) fn count(&mut self, counts: Counts) {
        self.counts = Some(counts);
    }

    /// Whether everything passed; a skip counts as a failure in CI.
    fn good(&self) -> bool {
        let skipped = self.counts.is_some_and(|counts| counts.ignored > 0)
            || self.steps.iter().any(|step| matches!(step, Step::Skipped { .. }));
        let failed = self.counts.is_some_and(|counts| counts.failed > 0)
            || self.steps.iter().any(|step| matches!(step, Step::Failed { .. }));
        !(failed || (self.ci && skipped))
    }

    /// Writes the summary and gives the exit code.
    pub(crate) fn finish(self) -> ExitCode {
        let good = self.good();
        eprintln!();
        for step in &self.steps {
            match step {
                Step::Passed { name, seconds } => eprintln!("  ok       {name} ({seconds:.1} s)"),
                Step::Failed { name, seconds, remedy } => {
                    eprintln!("  FAILED   {name} ({seconds:.1} s): {remedy}");
                }
                Step::Skipped { name, reason } => eprintln!("  SKIPPED  {name}: {reason}"),
            }
        }
        if self.ci && !good && !self.steps.iter().any(|step| matches!(step, Step::Failed { .. })) {
            eprintln!("  CI=true: a skipped or ignored test is a failure");
        }
        let line = self.line();
        if self.json {
            let summary = serde_json::json!({
                "ok": good,
                "seconds": seconds_since(self.started),
                "tests": self.counts,
                "steps": self.steps,
            });
            eprintln!("{line}");
            println!("{summary}");
        } else {
            println!("{line}");
        }
        ExitCode::from(u8::from(!good))
    }

    /// The last line: tests where there are any, steps otherwise.
    fn line(&self) -> String {
        let steps = self.steps.iter().fold((0, 0, 0), |(passed, failed, skipped), step| match step {
            Step::Passed { .. } => (passed + 1, failed, skipped),
            Step::Failed { .. } => (passed, failed + 1, skipped),
            Step::Skipped { .. } => (passed, failed, skipped + 1),
        });
        match self.counts {
            Some(counts) => {
                let ignored = plural(counts.ignored, ", ", " ignored");
                format!("{} passed, {} failed{ignored}", counts.passed, counts.failed)
            }
            None => format!("{} passed, {} failed{}", steps.0, steps.1, plural(steps.2, ", ", " skipped")),
        }
    }
}

/// Nothing for zero, otherwise the number between two texts.
fn plural(number: u64, before: &str, after: &str) -> String {
    if number == 0 { String::new() } else { format!("{before}{number}{after}") }
}

fn seconds_since(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 10.0).round() / 10.0
}

/// Says on standard error what happens now.
pub(crate) fn progress(what: &str) {
    eprintln!("==> {what}");
}

/// Whether this runs under continuous integration, where a skip is a failure.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_over_result_lines_and_ignore_other_lines() {
        let mut counts = Counts::default();
        counts.read(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s",
        );
        counts.read("test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out");
        counts.read("test login::works ... ok");
        assert_eq!(counts, Counts { passed: 8, failed: 2, ignored: 1 });
    }

    fn report(ci: bool) -> Report {
        Report { json: false, ci, started: Instant::now(), steps: Vec::new(), counts: None }
    }

    #[test]
    fn a_skip_is_a_failure_only_in_ci() {
        for (ci, good) in [(false, true), (true, false)] {
            let mut skipped = report(ci);
            skipped.skip("lints", "not installed");
            assert_eq!(skipped.good(), good);
            let mut ignored = report(ci);
            ignored.count(Counts { passed: 1, failed: 0, ignored: 1 });
            assert_eq!(ignored.good(), good);
        }
    }

    #[test]
    fn a_failed_test_or_step_fails_the_run() {
        let mut tests = report(false);
        tests.count(Counts { passed: 1, failed: 1, ignored: 0 });
        assert!(!tests.good());
        assert_eq!(tests.line(), "1 passed, 1 failed");
        let mut step = report(false);
        step.step("lints", "mend them", || Ok(false)).unwrap();
        assert!(!step.good());
        assert_eq!(step.line(), "0 passed, 1 failed");
    }
}
