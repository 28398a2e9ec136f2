//! What happened to the account.

use crate::{device, extract::Asked, gate::enter, http::reply::Reply, page::Frame, paths, visit::Visit};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, Timestamp};
use vestibule_flows::{ActivityLine, ActivityPlace, View};
use vestibule_pages::{ActivityPage, ActivityRow, Nav};

/// Which page of it.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    before: String,
}

/// A page of it, newest first.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let account = enter(&visit, View(AccountPage::Activity)).await?;
    let behind = place(&query.before);
    let activity = visit.app().accounts().activity(&visit.cx, &account, behind).await?;
    let page = ActivityPage {
        rows: activity.lines.into_iter().map(row).collect(),
        newest_url: behind.map(|_| paths::ACTIVITY.to_owned()),
        older_url: activity.older.map(|(at, id)| paths::activity_before(at, id)),
    };
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Activity)))
}

/// The place that an address names; the beginning, where it names none.
fn place(text: &str) -> Option<ActivityPlace> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_seconds(at.parse().ok()?), id.parse().ok()?))
}

fn row(line: ActivityLine) -> ActivityRow {
    let refused = if line.done { "" } else { "-refused" };
    let agent = line.user_agent.as_deref();
    ActivityRow {
        key: format!("activity-{}{refused}", line.action.as_str()),
        client: line.application.unwrap_or_default(),
        done: line.done,
        at: line.at.as_seconds(),
        device: device::name(agent),
        icon: agent.map(|agent| device::form(Some(agent)).icon()),
        ip: line.ip.unwrap_or_default(),
        place: None,
        by_administrator: line.by_administrator,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn fault_u19_everything_that_is_listed_has_words() {
        let keys: std::collections::BTreeSet<String> = vestibule_flows::activities()
            .map(|(action, done)| {
                format!("activity-{}{}", action.as_str(), if done { "" } else { "-refused" })
            })
            .collect();
        let texts = vestibule_pages::ACTIVITIES.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(keys, texts);
    }
}
