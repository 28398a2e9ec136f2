//! What an application was told about sessions that ended.

use super::Which;
use crate::{
    cli::{Common, moment},
    console,
};
use clap::Args;
use serde_json::{Value, json};
use vestibule_flows::{Admin, LogoutNotice, LogoutState};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule application logouts --pool acme shop\n  vestibule application logouts --pool acme shop --limit 5 --json\n\nNewest first. A notice is tried for about a day and kept for four."
)]
pub(in crate::cli) struct Logouts {
    #[command(flatten)]
    which: Which,
    /// How many of the last ones.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
}

impl Logouts {
    pub(super) async fn show(&self, common: &Common, admin: &Admin<'_>) -> anyhow::Result<()> {
        let notices = admin.logouts_of(&self.which.pool, &self.which.id, self.limit).await?;
        if common.json {
            let all: Vec<Value> = notices.iter().map(as_json).collect();
            console::json(&json!({ "logouts": all }));
            return Ok(());
        }
        let row = |notice: &LogoutNotice| {
            let (state, at, error) = told(&notice.state);
            let at = at.map_or_else(String::new, moment);
            vec![
                moment(notice.created_at.as_seconds()),
                notice.key.session.to_string(),
                state.to_owned(),
                at,
                notice.tries.to_string(),
                error.unwrap_or_default().to_owned(),
            ]
        };
        console::say(console::table(
            &["ENDED", "SESSION", "STATE", "TOLD OR NEXT", "TRIES", "LAST ERROR"],
            &notices.iter().map(row).collect::<Vec<_>>(),
        ));
        Ok(())
    }
}

/// The state by name, the time that belongs to it, and why the last try failed.
fn told(state: &LogoutState) -> (&'static str, Option<i64>, Option<&str>) {
    match state {
        LogoutState::Waiting { next_try_at, last_error } => {
            ("waiting", Some(next_try_at.as_seconds()), last_error.as_deref())
        }
        LogoutState::Delivered { at } => ("told", Some(at.as_seconds()), None),
        LogoutState::GivenUp { error } => ("given up", None, Some(error)),
    }
}

fn as_json(notice: &LogoutNotice) -> Value {
    let (state, at, error) = told(&notice.state);
    json!({
        "session": notice.key.session.to_string(),
        "subject": notice.subject,
        "ended_at": moment(notice.created_at.as_seconds()),
        "state": state.replace(' ', "_"),
        "told_or_next_at": at.map(moment),
        "tries": notice.tries,
        "last_error": error,
    })
}
