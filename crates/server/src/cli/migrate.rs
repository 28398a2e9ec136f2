//! `vestibule migrate`.

use super::Common;
use crate::{console, runtime};
use clap::Args;
use serde_json::json;
use std::process::ExitCode;
use vestibule_store::{NameCollision, SchemaState};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule migrate\n  vestibule migrate --check      exit code 1 when something is to be done\n\nRunning it again changes nothing. Several nodes may run it at once: one does the work."
)]
pub(super) struct Migrate {
    /// Only say whether something is to be done.
    #[arg(long)]
    check: bool,
}

impl Migrate {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let settings = common.settings()?;
        let store = runtime::open_store(&settings, !self.check).await?;
        if self.check {
            return report(store.schema().await?, common.json);
        }
        if let newer @ SchemaState::Newer { .. } = store.schema().await? {
            return report(newer, common.json);
        }
        let done = store.migrate().await?;
        if common.json {
            let collisions: Vec<_> = done
                .collisions
                .iter()
                .map(|one| json!({ "pool": one.pool, "username": one.username }))
                .collect();
            let (from, to, applied) = (done.from, done.to, done.applied);
            console::json(&json!({ "from": from, "to": to, "applied": applied, "collisions": collisions }));
        } else if done.applied.is_empty() {
            console::say(format_args!("nothing to do: the database has schema version {}", done.to));
        } else {
            for name in &done.applied {
                console::say(format_args!("  {name}"));
            }
            console::say(format_args!("the database went from schema version {} to {}", done.from, done.to));
            for one in &done.collisions {
                let NameCollision { pool, username } = one;
                console::say(format_args!(
                    "  in pool {pool} {username:?} looks like an older user name; it stays, and its user signs in as before"
                ));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn report(state: SchemaState, json: bool) -> anyhow::Result<ExitCode> {
    let (word, text, code) = match state {
        SchemaState::Current { version } => ("current", format!("up to date: schema version {version}"), 0),
        SchemaState::Empty => ("empty", "the database is empty: run `vestibule migrate`".to_owned(), 1),
        SchemaState::Behind { database, program } => {
            let text =
                format!("schema version {database}, this program needs {program}: run `vestibule migrate`");
            ("behind", text, 1)
        }
        SchemaState::Newer { database, program } => {
            let text = format!(
                "the database has schema version {database}, this program knows versions up to {program}: run the \
                 newer program, or restore a backup made before its migration"
            );
            ("newer", text, 1)
        }
    };
    if json {
        console::json(&json!({ "state": word, "detail": text }));
    } else if code == 0 {
        console::say(text);
    } else {
        console::complain(format_args!("error: {text}"));
    }
    Ok(ExitCode::from(code))
}
