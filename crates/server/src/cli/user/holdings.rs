//! What a user has: sessions, factors, applications; and the end of it.

use super::{EndSessions, Whom, as_json, details};
use crate::{
    cli::{
        Common,
        ask::{Concern, Loss, Sure, counted},
        moment, operator,
    },
    console,
};
use serde_json::{Value, json};
use vestibule_domain::{Credential, FactorKind, Session, UserStatus};
use vestibule_flows::{App, KnownAs, UserHoldings, WhichFactor};

/// Prints a user with what they have.
pub(super) async fn show(common: &Common, app: &App, whom: &Whom) -> anyhow::Result<()> {
    let UserHoldings { user, sessions, factors, applications } =
        operator(app).holdings_of_user(&whom.pool, &whom.user).await?;
    if common.json {
        let mut value = as_json(&user);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("sessions".to_owned(), sessions.len().into());
            fields.insert("factors".to_owned(), factor_json(&factors));
            fields.insert("applications".to_owned(), json!(applications));
        }
        console::json(&value);
        return Ok(());
    }
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let verified = if user.email_verified { "verified" } else { "not verified" };
    let status = if user.status == UserStatus::Active { "active" } else { "disabled" };
    let kinds: Vec<String> = tally(&factors).iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    for (name, value) in [
        ("user name", user.username),
        ("id", user.id.to_string()),
        ("address", user.email.map_or_else(|| "none".to_owned(), |email| format!("{email} ({verified})"))),
        ("name", or_none(user.name)),
        ("language", or_none(user.locale)),
        ("groups", or_none(Some(user.groups.join(", ")).filter(|groups| !groups.is_empty()))),
        ("status", status.to_owned()),
        ("created", moment(user.created_at.as_seconds())),
        ("changed", moment(user.updated_at.as_seconds())),
        ("sessions", sessions.len().to_string()),
        ("factors", or_none(Some(kinds.join(", ")).filter(|kinds| !kinds.is_empty()))),
        ("applications", or_none(Some(applications.join(", ")).filter(|names| !names.is_empty()))),
    ] {
        console::say(format_args!("{name:<13} {value}"));
    }
    for (name, value) in details::lines(&user.profile) {
        console::say(format_args!("{name:<13} {value}"));
    }
    Ok(())
}

/// Prints whom an application means.
pub(super) async fn known_as(common: &Common, app: &App, pool: &str, subject: &str) -> anyhow::Result<()> {
    let KnownAs { user, applications } = operator(app).user_by_subject(pool, subject).await?;
    if common.json {
        console::json(&json!({ "id": user.id, "username": user.username, "applications": applications }));
        return Ok(());
    }
    console::say(format_args!("user name     {}", user.username));
    console::say(format_args!("id            {}", user.id));
    console::say(format_args!("applications  {}", applications.join(", ")));
    Ok(())
}

/// Deletes a user.
pub(super) async fn delete(common: &Common, app: &App, whom: &Whom, sure: &Sure) -> anyhow::Result<()> {
    let holdings = operator(app).holdings_of_user(&whom.pool, &whom.user).await?;
    let name = holdings.user.username.as_str();
    let loss = Loss {
        name,
        text: format!(
            "User {name} of pool {} goes, with {}, {} and what {} got.",
            whom.pool,
            counted(holdings.sessions.len() as u64, "session"),
            counted(holdings.factors.len() as u64, "factor"),
            counted(holdings.applications.len() as u64, "application"),
        ),
        json: json!({
            "user": name, "id": holdings.user.id, "sessions": holdings.sessions.len(),
            "factors": factor_json(&holdings.factors), "applications": holdings.applications,
        }),
    };
    if !sure.ask(common, &loss)? {
        return Ok(());
    }
    operator(app).delete_user(&whom.pool, &whom.user).await?;
    if common.json {
        console::json(&json!({ "done": true, "gone": loss.json }));
    } else {
        console::say(format_args!("user {name} was deleted from pool {}", whom.pool));
    }
    Ok(())
}

/// Prints the sessions of a user.
pub(super) async fn sessions(common: &Common, app: &App, whom: &Whom) -> anyhow::Result<()> {
    let sessions = operator(app).holdings_of_user(&whom.pool, &whom.user).await?.sessions;
    if common.json {
        let one = |session: &Session| {
            json!({
                "id": session.id, "created_at": moment(session.created_at.as_seconds()),
                "last_seen_at": moment(session.last_seen_at.as_seconds()),
                "expires_at": moment(session.expires_at.as_seconds()), "ip": session.ip,
                "user_agent": session.user_agent, "factors": proved(session),
            })
        };
        console::json(&json!({ "sessions": sessions.iter().map(one).collect::<Vec<_>>() }));
        return Ok(());
    }
    let row = |session: &Session| {
        vec![
            session.id.to_string(),
            moment(session.created_at.as_seconds()),
            moment(session.last_seen_at.as_seconds()),
            session.ip.clone().unwrap_or_default(),
            proved(session).join(", "),
        ]
    };
    let rows: Vec<Vec<String>> = sessions.iter().map(row).collect();
    console::say(console::table(&["ID", "BEGAN", "LAST SEEN", "IP", "PROVED"], &rows));
    Ok(())
}

/// What was proved in a session, by kind.
fn proved(session: &Session) -> Vec<String> {
    session.events.iter().map(|event| event.factor.to_string()).collect()
}

/// Ends sessions.
pub(super) async fn end_sessions(common: &Common, app: &App, which: EndSessions) -> anyhow::Result<()> {
    let EndSessions { pool, user, session, everybody, yes } = which;
    let admin = operator(app);
    let mut ended = 0;
    if let Some(user) = &user {
        ended = admin.end_sessions_of_user(&pool, user, session).await?;
    } else if everybody {
        let totals = admin.holdings_of_pool(&pool).await?;
        let text = format!(
            "Every session of pool {pool} ends, with its tokens: {} of {}.",
            counted(totals.sessions, "session"),
            counted(totals.users, "user"),
        );
        if !(Concern { lines: vec![text] }).confirmed(common, yes)? {
            return Ok(());
        }
        for user in crate::cli::pool::everybody(app, &pool).await? {
            ended += admin.end_sessions_of_user(&pool, &user.id.to_string(), None).await?;
        }
    }
    if common.json {
        console::json(&json!({ "pool": pool, "user": user, "ended": ended }));
    } else {
        console::say(format_args!("{} ended", counted(ended, "session")));
    }
    Ok(())
}

/// How many factors of each kind.
fn tally(factors: &[Credential]) -> Vec<(FactorKind, u64)> {
    let mut counts: Vec<(FactorKind, u64)> = Vec::new();
    for factor in factors {
        match counts.iter_mut().find(|(kind, _)| *kind == factor.kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((factor.kind.clone(), 1)),
        }
    }
    counts
}

fn factor_json(factors: &[Credential]) -> Value {
    let one = |factor: &Credential| {
        json!({
            "id": factor.id, "kind": factor.kind, "label": factor.label, "chosen": factor.chosen,
            "created_at": moment(factor.created_at.as_seconds()),
            "last_used_at": factor.last_used_at.map(|at| moment(at.as_seconds())),
        })
    };
    factors.iter().map(one).collect()
}

/// Prints the factors of a user.
pub(super) async fn factors(common: &Common, app: &App, whom: &Whom) -> anyhow::Result<()> {
    let factors = operator(app).holdings_of_user(&whom.pool, &whom.user).await?.factors;
    if common.json {
        console::json(&json!({ "factors": factor_json(&factors) }));
        return Ok(());
    }
    let row = |factor: &Credential| {
        vec![
            factor.id.to_string(),
            factor.kind.to_string(),
            factor.label.clone(),
            moment(factor.created_at.as_seconds()),
            factor.last_used_at.map_or_else(|| "never".to_owned(), |at| moment(at.as_seconds())),
        ]
    };
    let rows: Vec<Vec<String>> = factors.iter().map(row).collect();
    console::say(console::table(&["ID", "KIND", "LABEL", "ENROLLED", "LAST USED"], &rows));
    Ok(())
}

/// Takes a factor of a user away.
pub(super) async fn remove_factor(
    common: &Common,
    app: &App,
    whom: &Whom,
    factor: &str,
    yes: bool,
) -> anyhow::Result<()> {
    let user = operator(app).user_named(&whom.pool, &whom.user).await?;
    let text = format!("User {} loses the factor {factor}, and every session ends.", user.username);
    if !(Concern { lines: vec![text] }).confirmed(common, yes)? {
        return Ok(());
    }
    let which = WhichFactor::parse(factor);
    let removed = operator(app).remove_factor_of_user(&whom.pool, &whom.user, &which).await?;
    if common.json {
        console::json(&json!({ "user": user.username, "removed": removed }));
    } else {
        console::say(format_args!("{} removed", counted(removed, "factor")));
    }
    Ok(())
}

/// Shows whom taking all factors away concerns, and asks. A user who has none loses nothing.
pub(super) async fn may_reset(common: &Common, app: &App, whom: &Whom, yes: bool) -> anyhow::Result<bool> {
    let UserHoldings { user, sessions, factors, .. } =
        operator(app).holdings_of_user(&whom.pool, &whom.user).await?;
    let kinds: Vec<String> = tally(&factors).iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let text = format!(
        "User {} loses {}, and {} end. Make sure that it is they who ask.",
        user.username,
        kinds.join(", "),
        counted(sessions.len() as u64, "session")
    );
    let lines = if factors.is_empty() { Vec::new() } else { vec![text] };
    Concern { lines }.confirmed(common, yes)
}
