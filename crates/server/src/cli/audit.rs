//! `vestibule audit`.

use super::{Common, moment, operator};
use crate::{console, problem::Problem};
use clap::Args;
use serde_json::{Value, json};
use std::{io::IsTerminal as _, time::Duration};
use vestibule_domain::{AuditId, Timestamp};
use vestibule_flows::{App, TrailStart};
use vestibule_store::{AuditFilter, AuditRow};

/// How often new lines are looked for.
const FOLLOW: Duration = Duration::from_secs(1);

/// Lines that are read at once.
const PAGE: u64 = 500;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  vestibule audit --pool acme                                 the last 50 lines\n  vestibule audit --pool acme --user jo --action sign-in\n  vestibule audit --pool acme --outcome refused --since 2027-01-01T00:00:00Z\n  vestibule audit --pool acme --follow --json                 one JSON object a line, as things happen\n  vestibule audit --pool acme --after 019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70 --json\n\nOldest first. With --json each line of output is one JSON object (NDJSON), and its id is what --after takes.\nThe actions are those of docs/audit.md."
)]
pub(super) struct Audit {
    /// Slug of the pool.
    #[arg(long)]
    pool: String,
    /// Only this action, such as sign-in.
    #[arg(long)]
    action: Option<String>,
    /// Only with this outcome.
    #[arg(long, value_parser = ["done", "refused"])]
    outcome: Option<String>,
    /// Only what concerns this user: user name, address or identifier.
    #[arg(long)]
    user: Option<String>,
    /// Only what concerns this application.
    #[arg(long, value_name = "CLIENT")]
    application: Option<String>,
    /// Only at this time or later (RFC 3339, such as 2027-01-01T08:00:00Z).
    #[arg(long, value_parser = time)]
    since: Option<Timestamp>,
    /// Only before this time.
    #[arg(long, value_parser = time)]
    until: Option<Timestamp>,
    /// Begin behind the line with this identifier, and go on to the end.
    #[arg(long, value_name = "ID", conflicts_with = "limit")]
    after: Option<AuditId>,
    /// How many of the last lines.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(0..=10_000))]
    limit: u64,
    /// Go on with what happens from now on, until Ctrl-C.
    #[arg(long, conflicts_with = "until")]
    follow: bool,
}

/// Reads a moment.
fn time(text: &str) -> Result<Timestamp, String> {
    vestibule_config::parse_moment(text)
        .ok_or_else(|| "expected a date, or a time such as 2027-01-01T08:00:00Z".to_owned())
}

impl Audit {
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let app = common.app().await?;
        let user = match &self.user {
            Some(user) => Some(operator(&app).user_named(&self.pool, user).await?.id),
            None => None,
        };
        let filter = AuditFilter {
            action: self.action.clone(),
            outcome: self.outcome.clone(),
            user,
            client_id: self.application.clone(),
            since: self.since,
            until: self.until,
        };
        let mut last = self.begin(common, &app, &filter).await?;
        if !self.follow {
            return Ok(());
        }
        loop {
            let start = last.map_or(TrailStart::First, |(at, id)| TrailStart::After(at, id));
            let rows = operator(&app).audit_trail(&self.pool, &filter, start, PAGE).await?;
            if rows.is_empty() {
                tokio::time::sleep(FOLLOW).await;
            }
            last = shown(common, &rows).or(last);
        }
    }

    /// Shows what is there already, and says where it ended.
    async fn begin(
        &self,
        common: &Common,
        app: &App,
        filter: &AuditFilter,
    ) -> anyhow::Result<Option<(Timestamp, AuditId)>> {
        let Some(after) = self.after else {
            let rows = operator(app).audit_trail(&self.pool, filter, TrailStart::Last, self.limit).await?;
            return Ok(shown(common, &rows));
        };
        let mut last = Some((time_of(after)?, after));
        while let Some((at, id)) = last {
            let start = TrailStart::After(at, id);
            let rows = operator(app).audit_trail(&self.pool, filter, start, PAGE).await?;
            let Some(next) = shown(common, &rows) else { break };
            last = Some(next);
        }
        Ok(last)
    }
}

/// When a line was written, from its identifier (RFC 9562 §5.7).
fn time_of(id: AuditId) -> anyhow::Result<Timestamp> {
    let stamp = id.as_uuid().get_timestamp().map(|stamp| stamp.to_unix().0);
    let seconds = stamp.and_then(|seconds| i64::try_from(seconds).ok());
    seconds.map(Timestamp::from_seconds).ok_or_else(|| {
        Problem::new("this is no identifier of a line of the trail", "copy the `id` of a line").into()
    })
}

/// Prints lines, and gives the place of the last one.
fn shown(common: &Common, rows: &[AuditRow]) -> Option<(Timestamp, AuditId)> {
    for row in rows {
        if common.json {
            console::say(as_json(row));
        } else {
            console::say(as_text(row));
        }
    }
    rows.last().map(|row| (row.at, row.id))
}

fn as_json(row: &AuditRow) -> Value {
    json!({
        "id": row.id, "at": moment(row.at.as_seconds()), "action": row.action, "outcome": row.outcome,
        "user": row.user, "application": row.client_id, "session": row.session, "ip": row.ip,
        "request_id": row.request_id, "detail": serde_json::from_str::<Value>(&row.detail).unwrap_or_default(),
    })
}

fn as_text(row: &AuditRow) -> String {
    let named = [
        ("user", row.user.map(|user| user.to_string())),
        ("application", row.client_id.clone()),
        ("ip", row.ip.clone()),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some(format!(" {name}={}", value?)));
    let detail = if row.detail == "{}" { String::new() } else { format!(" {}", row.detail) };
    let outcome = if row.outcome == "done" { String::new() } else { format!(" ({})", row.outcome) };
    let head = format!("{}  {}{outcome}", moment(row.at.as_seconds()), row.action);
    let rest = format!("{}{detail}", named.collect::<String>());
    // A detail may hold what somebody typed; a terminal obeys control characters.
    let rest: String = rest.chars().filter(|c| !c.is_control()).collect();
    if std::io::stdout().is_terminal() { format!("{head}{}", console::dim(&rest)) } else { head + &rest }
}
