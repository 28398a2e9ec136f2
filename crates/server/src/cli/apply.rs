//! `vestibule apply`.

use super::Common;
use crate::{console, problem::Problem, specs};
use clap::Args;
use serde_json::json;
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use vestibule_config::PoolFile;
use vestibule_flows::{Actor, Applied, Plan, PlanAction, Progress};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule apply pools.toml --dry-run     only show what would change\n  vestibule apply pools.toml               show it, ask, do it\n  vestibule apply pools.toml --yes --json  for scripts\n\nApplying is one transaction, and applying twice changes nothing. Pools, applications and users that the file does\nnot name stay as they are. Passwords are given to new users only."
)]
pub(super) struct Apply {
    /// The declarations; `vestibule schema pools` describes them.
    file: PathBuf,
    /// Only show what would change.
    #[arg(long)]
    dry_run: bool,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
}

impl Apply {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let registry = &common.extras.registry;
        let specs = specs::pool_specs(&PoolFile::load(&self.file, registry)?, registry)?;
        let app = common.app().await?;
        let plan = app.admin(Actor::file()).plan(&specs).await?;
        let idle = plan.is_unchanged();
        if self.dry_run || idle {
            if common.json {
                console::json(&json!({ "plan": plan, "applied": idle && !self.dry_run, "secrets": [] }));
            } else {
                console::say(shown(&plan));
            }
            return Ok(());
        }
        if !common.json {
            console::say(shown(&plan));
        }
        if !self.yes {
            match console::confirm("\nApply this?") {
                Some(true) => {}
                Some(false) => {
                    console::say("nothing was changed");
                    return Ok(());
                }
                None => {
                    let remedy = "pass --yes to apply without a question, or --dry-run to look only";
                    return Err(
                        Problem::new("nobody is there to answer whether to apply this", remedy).into()
                    );
                }
            }
        }
        let begun = Instant::now();
        let said = Mutex::new(begun);
        let tell = |progress: Progress| {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.elapsed() >= SAY_AGAIN {
                *said = Instant::now();
                console::complain(so_far(progress, begun.elapsed()));
            }
        };
        let applied = app.admin(Actor::file()).apply_telling(&specs, &tell).await?;
        if common.json {
            report(common, &applied);
        } else {
            console::say("applied");
            tell_secrets(&applied);
        }
        Ok(())
    }
}

/// How often it is said how far applying has come.
const SAY_AGAIN: Duration = Duration::from_secs(2);

/// How far applying has come, how fast it goes, and how long it will take.
fn so_far(progress: Progress, elapsed: Duration) -> String {
    let Progress { done, all } = progress;
    let count = |number: usize| u32::try_from(number).map_or(f64::MAX, f64::from);
    let rate = count(done) / elapsed.as_secs_f64().max(0.001);
    let left = count(all.saturating_sub(done)) / rate.max(0.001);
    format!("{done} of {all} passwords hashed, {rate:.0} a second, {left:.0} s left")
}

/// Says what was done, and every secret that was drawn.
pub(super) fn report(common: &Common, applied: &Applied) {
    if common.json {
        let secret = |one: &vestibule_flows::ClientSecret| json!({ "pool": one.pool, "client": one.client, "secret": one.secret.as_str() });
        let secrets: Vec<serde_json::Value> = applied.secrets.iter().map(secret).collect();
        return console::json(&json!({ "plan": applied.plan, "applied": true, "secrets": secrets }));
    }
    if !applied.plan.steps.is_empty() {
        console::say(shown(&applied.plan));
    }
    tell_secrets(applied);
}

fn tell_secrets(applied: &Applied) {
    for one in &applied.secrets {
        console::say(format_args!("\nsecret of application {}/{}, shown once:", one.pool, one.client));
        console::say(format_args!("  {}", console::bold(&one.secret)));
    }
}

fn shown(plan: &Plan) -> String {
    let mut lines = Vec::new();
    for step in &plan.steps {
        let mark = match step.action {
            PlanAction::Create => "+",
            PlanAction::Update => "~",
            PlanAction::Unchanged => continue,
        };
        lines.push(format!("{mark} {} {}", step.kind, console::bold(&step.name)));
        lines.extend(step.changes.iter().map(|change| format!("    {change}")));
    }
    let (create, update, same) =
        (plan.count(PlanAction::Create), plan.count(PlanAction::Update), plan.count(PlanAction::Unchanged));
    lines.push(if plan.is_unchanged() {
        format!("nothing to change: {same} as declared")
    } else {
        format!("{create} to create, {update} to change, {same} as declared")
    });
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_c4_progress_has_rate_and_time_left() {
        let told = so_far(Progress { done: 500, all: 2000 }, Duration::from_secs(10));
        assert_eq!(told, "500 of 2000 passwords hashed, 50 a second, 30 s left");
        assert!(so_far(Progress { done: 0, all: 0 }, Duration::ZERO).contains("0 of 0"));
    }
}
