//! Questions before something is destroyed.

use super::Common;
use crate::{console, problem::Problem};
use clap::Args;
use serde_json::{Value, json};

/// What every command takes that destroys something.
#[derive(Args)]
pub(super) struct Sure {
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Only show what would go.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
}

/// What is about to go.
pub(super) struct Loss<'a> {
    /// The name to type, such as that of the user.
    pub(super) name: &'a str,
    /// What goes, in a sentence.
    pub(super) text: String,
    /// The same for programs.
    pub(super) json: Value,
}

impl Sure {
    /// Shows what is about to go, and asks for its name to be typed. Returns whether to go on.
    ///
    /// # Errors
    /// [`Problem`] when nobody is there to answer.
    pub(super) fn ask(&self, common: &Common, loss: &Loss<'_>) -> anyhow::Result<bool> {
        if self.yes {
            return Ok(true);
        }
        if self.dry_run && common.json {
            console::json(&json!({ "done": false, "would_go": loss.json }));
            return Ok(false);
        }
        if self.dry_run {
            console::say(&loss.text);
            return Ok(false);
        }
        let nobody = || {
            let remedy = "pass --yes to do it without a question, or --dry-run to look only";
            Problem::new(format!("nobody is there to confirm this: {}", loss.text), remedy)
        };
        if common.json {
            return Err(nobody().into());
        }
        console::say(&loss.text);
        let question = format!("\nType {} to go on: ", console::bold(loss.name));
        let typed = console::answer(&question).ok_or_else(nobody)?;
        if typed == loss.name {
            return Ok(true);
        }
        console::say("nothing was changed");
        Ok(false)
    }
}

/// Whom a change concerns, in sentences; nobody in particular when there are none.
pub(super) struct Concern {
    pub(super) lines: Vec<String>,
}

impl Concern {
    /// Shows whom it concerns, and asks whether to go on. Returns whether to.
    ///
    /// # Errors
    /// [`Problem`] when nobody is there to answer.
    pub(super) fn confirmed(&self, common: &Common, yes: bool) -> anyhow::Result<bool> {
        if self.lines.is_empty() || yes {
            return Ok(true);
        }
        let text = self.lines.join("\n");
        if !common.json {
            console::say(&text);
        }
        let answer = if common.json { None } else { console::confirm("\nGo on?") };
        match answer {
            Some(true) => Ok(true),
            Some(false) => {
                console::say("nothing was changed");
                Ok(false)
            }
            None => {
                let cause = format!("nobody is there to confirm this: {text}");
                Err(Problem::new(cause, "pass --yes to do it without a question").into())
            }
        }
    }
}

/// A number with its noun: `1 user`, `2 users`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
