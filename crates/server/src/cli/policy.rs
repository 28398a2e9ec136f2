//! `vestibule policy`: why somebody is asked, and whether the rules say what they should.

use super::{Common, moment, operator};
use crate::{console, problem::Problem};
use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{path::PathBuf, process::ExitCode};
use vestibule_domain::{Acr, FactorKind, Reason};
use vestibule_flows::{App, Explanation, PolicyAnswer, PolicyQuestion};

#[derive(Subcommand)]
pub(super) enum PolicyCommand {
    /// Answer for one request what would be asked after the right password, and by which rule; or explain a reference
    /// that somebody read on a page.
    Explain(Explain),
    /// Ask the questions of a file and compare the answers with those in it. The exit code is 1 when one differs.
    Test(Test),
}

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule policy explain --pool acme --user alice --client shop\n  vestibule policy explain --pool acme --group finance --factor totp --client bank --scope payments\n  vestibule policy explain --pool acme --user alice --acr phr --json\n  vestibule policy explain --pool acme --trace 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70"
)]
pub(super) struct Explain {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// An existing user, by user name, address or identifier.
    #[arg(long, conflicts_with_all = ["group", "factor"])]
    user: Option<String>,
    /// A group of an invented user. May be repeated.
    #[arg(long)]
    group: Vec<String>,
    /// A kind of factor that the invented user has, such as totp. May be repeated.
    #[arg(long)]
    factor: Vec<String>,
    /// Client id of the application; the user center without one.
    #[arg(long)]
    client: Option<String>,
    /// A scope that is asked for. May be repeated.
    #[arg(long)]
    scope: Vec<String>,
    /// An essential class: 1fa, mfa, phr or phrh.
    #[arg(long)]
    acr: Option<Acr>,
    /// The reference on a page or in an error: explain what happened then.
    #[arg(long, conflicts_with_all = ["user", "group", "factor", "client", "scope", "acr"])]
    trace: Option<String>,
}

#[derive(Args)]
#[command(
    after_help = "Example:\n  vestibule policy test policy-tests.toml\n\nA file:\n  [[case]]\n  name = \"finance always proves two factors\"\n  pool = \"acme\"\n  groups = [\"finance\"]\n  factors = [\"totp\"]\n  client = \"bank\"\n  expect = \"second-factor\"   # nothing, second-factor, enrol, suggest or refused\n  rule = \"finance\"           # optional: the rule that must be the first reason"
)]
pub(super) struct Test {
    /// The file with the cases.
    file: PathBuf,
}

/// The file of `policy test`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    pool: String,
    user: Option<String>,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    factors: Vec<String>,
    client: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    acr: Option<String>,
    expect: String,
    rule: Option<String>,
}

#[derive(Serialize)]
struct Verdict {
    name: String,
    passed: bool,
    expected: String,
    answered: String,
    rule: Option<String>,
}

impl PolicyCommand {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let app = common.app().await?;
        match self {
            Self::Explain(explain) => match &explain.trace {
                Some(trace) => by_trace(common, &app, &explain.pool, trace).await,
                None => by_request(common, &app, explain).await,
            },
            Self::Test(test) => test.run(common, &app).await,
        }
    }
}

fn kinds(app: &App, names: &[String]) -> anyhow::Result<Vec<FactorKind>> {
    let known = |name: &String| {
        let kind = FactorKind::from_text(name.clone());
        if app.registry().get(&kind).is_some() {
            return Ok(kind);
        }
        let there: Vec<String> = app.registry().iter().map(|factor| factor.kind().to_string()).collect();
        let cause = format!("there is no factor of kind {name:?}");
        Err(Problem::new(cause, format!("name one of {}", there.join(", "))).into())
    };
    names.iter().map(known).collect()
}

async fn by_request(common: &Common, app: &App, explain: Explain) -> anyhow::Result<ExitCode> {
    let question = PolicyQuestion {
        factors: kinds(app, &explain.factor)?,
        pool: explain.pool,
        user: explain.user,
        groups: explain.group,
        client: explain.client,
        scopes: explain.scope,
        acr: explain.acr,
    };
    let answer = operator(app).ask_policy(&question).await?;
    if common.json {
        console::json(&serde_json::to_value(&answer)?);
    } else {
        print(&answer);
    }
    Ok(ExitCode::SUCCESS)
}

/// Why something is asked.
const fn in_words(reason: Reason) -> &'static str {
    match reason {
        Reason::PoolRequires => "the pool asks everybody whom the rule covers",
        Reason::UserEnrolled => "the user has enrolled a second factor",
        Reason::ApplicationRequires => "the application never accepts less",
        Reason::Requested => "the application asked for it this time",
        Reason::Fresh => "a change needs a recent proof",
    }
}

fn print(answer: &PolicyAnswer) {
    let factors: Vec<&str> = answer.factors.iter().map(FactorKind::as_str).collect();
    let of = if factors.is_empty() { String::new() } else { format!(" ({})", factors.join(", ")) };
    console::say(format_args!("After the right password: {}{of}", console::bold(answer.asked.as_str())));
    console::say(format_args!(
        "Least class: {}; version {} of the pool's settings",
        answer.why.acr.short(),
        answer.why.version
    ));
    for because in &answer.why.reasons {
        console::say(format_args!("  because {}, by rule {:?}", in_words(because.reason), because.rule));
    }
    let rows: Vec<Vec<String>> = answer
        .knobs
        .iter()
        .map(|(name, knob)| vec![(*name).to_owned(), knob.value.clone(), knob.rule.clone()])
        .collect();
    console::say(console::table(&["knob", "value", "rule"], &rows));
}

async fn by_trace(common: &Common, app: &App, pool: &str, trace: &str) -> anyhow::Result<ExitCode> {
    let Some(Explanation { at, user, stage, why, application, outcome }) =
        operator(app).explain(pool, trace).await?
    else {
        return Err(Problem::new(
            format!("pool {pool:?} knows no prompt or refusal with the reference {trace:?}"),
            "copy the whole reference from the page or the error, and name the pool it is from",
        )
        .into());
    };
    // A refusal has no stage.
    let what = if stage.is_empty() { "refused" } else { stage.as_str() };
    if common.json {
        console::json(&json!({
            "at": moment(at.as_seconds()), "user": user, "application": application, "asked": what, "why": why,
            "outcome": outcome.as_str(),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let application = application.unwrap_or_else(|| "the user center".to_owned());
    let what = match what {
        "refused" => "was turned away",
        "granted" => "was let in",
        "enrol" => "had to enrol a second factor",
        "suggest" => "was offered to enrol a second factor",
        "second-factor" => "was asked for a second factor",
        other => other,
    };
    console::say(format_args!("{user} {what}, at {application}, on {}", moment(at.as_seconds())));
    if let Some(why) = why {
        let class = why.acr.short();
        console::say(format_args!("Least class: {class}; version {} of the pool's settings", why.version));
        for because in &why.reasons {
            console::say(format_args!("  because {}, by rule {:?}", in_words(because.reason), because.rule));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Test {
    async fn run(self, common: &Common, app: &App) -> anyhow::Result<ExitCode> {
        let path = self.file.display();
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("{path} cannot be read; `vestibule policy test --help` shows a file"))?;
        let cases: Cases = toml::from_str(&text).with_context(|| {
            format!("{path} is no file of policy cases; see `vestibule policy test --help`")
        })?;
        let mut verdicts = Vec::new();
        for case in cases.case {
            verdicts.push(case.judge(app).await?);
        }
        let failed = verdicts.iter().filter(|verdict| !verdict.passed).count();
        if common.json {
            console::json(&json!({ "cases": verdicts, "failed": failed }));
        } else {
            for verdict in &verdicts {
                let mark = if verdict.passed { "ok    " } else { "FAILED" };
                console::say(format_args!("{mark}  {}", verdict.name));
                if !verdict.passed {
                    let rule = verdict.rule.as_deref().unwrap_or("none");
                    console::say(format_args!(
                        "        expected {}, answered {} (first rule: {rule})",
                        verdict.expected, verdict.answered
                    ));
                }
            }
            console::say(format_args!("{} cases, {failed} failed", verdicts.len()));
        }
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Case {
    async fn judge(self, app: &App) -> anyhow::Result<Verdict> {
        let acr = match &self.acr {
            Some(text) => Some(text.parse::<Acr>().with_context(|| format!("case {:?}", self.name))?),
            None => None,
        };
        let question = PolicyQuestion {
            factors: kinds(app, &self.factors)?,
            pool: self.pool,
            user: self.user,
            groups: self.groups,
            client: self.client,
            scopes: self.scopes,
            acr,
        };
        let answer =
            operator(app).ask_policy(&question).await.with_context(|| format!("case {:?}", self.name))?;
        let rule = answer.why.reasons.first().map(|because| because.rule.clone());
        let passed = answer.asked.as_str() == self.expect && (self.rule.is_none() || self.rule == rule);
        let expected = match &self.rule {
            Some(rule) => format!("{} by rule {rule:?}", self.expect),
            None => self.expect,
        };
        Ok(Verdict { name: self.name, passed, expected, answered: answer.asked.as_str().to_owned(), rule })
    }
}
