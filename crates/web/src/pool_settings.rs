//! The settings page of a pool's own administrators.

use crate::{extract::Posted, gate::enter, page::Frame, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, MfaMode, PoolTask, Reason};
use vestibule_flows::{Account, Administer, Explanation, LockOut, ResetAnswer, Switched, View};
use vestibule_pages::{Explained, ExplainedReason, Message, Nav, SettingsPage, keys};

/// Query of the explanation.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    trace: String,
}

/// Users who are no administrators are told so: that there is such a page is no secret.
fn forbidden(visit: &Visit) -> Response {
    visit.problem(StatusCode::FORBIDDEN, Message::error(keys::NOT_ALLOWED_HERE))
}

/// The page.
pub(crate) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, View(AccountPage::Settings)).await {
        Ok(account) => show(&visit, &account, StatusCode::OK, SettingsPage::default()).await,
        Err(response) => response,
    }
}

async fn show(visit: &Visit, account: &Account, status: StatusCode, said: SettingsPage) -> Response {
    let Some(admin) = account.as_admin(&visit.cx) else { return forbidden(visit) };
    let view = match visit.app().admin().pool_settings(&visit.cx, admin).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    let page = SettingsPage { mode: view.mode.as_str().to_owned(), will_enrol: view.will_enrol, ..said };
    visit.page(status, &page, Frame::center(visit, account, Nav::Settings))
}

/// After a proof that a form had asked for. What the form would have done is not done: its sender sees the page and
/// decides again.
pub(crate) async fn back(visit: Visit) -> Response {
    visit.see_other(paths::SETTINGS)
}

/// Turns the switch for everybody.
pub(crate) async fn switch(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, Administer(PoolTask::SwitchSecondFactor)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let Some(admin) = account.as_admin(&visit.cx) else { return forbidden(&visit) };
    let mode = match fields.get("mode") {
        "required" => MfaMode::Required,
        "optional" => MfaMode::Optional,
        _ => return visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST)),
    };
    let (status, said) = match visit.app().admin().switch_mfa(&visit.cx, admin, mode).await {
        Ok(Switched::Done) => match visit.reloaded().await {
            Ok(reloaded) => {
                visit = reloaded;
                let notice = Some(Message::success(keys::SETTINGS_SAVED));
                (StatusCode::OK, SettingsPage { notice, ..SettingsPage::default() })
            }
            Err(response) => return response,
        },
        Ok(Switched::Unchanged) => {
            let notice = Some(Message::notice(keys::NOTHING_CHANGED));
            (StatusCode::OK, SettingsPage { notice, ..SettingsPage::default() })
        }
        Ok(Switched::Locked) => {
            let error = Some(Message::error(keys::MFA_LOCKED));
            (StatusCode::FORBIDDEN, SettingsPage { error, ..SettingsPage::default() })
        }
        Ok(Switched::Blocked(outs)) => {
            let blocked = outs.iter().map(lock_out).collect();
            let error = Some(Message::error(keys::NOTHING_CHANGED));
            (StatusCode::CONFLICT, SettingsPage { blocked, error, ..SettingsPage::default() })
        }
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, status, said).await
}

fn lock_out(out: &LockOut) -> Message {
    let count = i64::try_from(out.users).unwrap_or(i64::MAX);
    Message::error(keys::LOCKOUT).arg("count", count).arg("names", out.sample.join(", "))
}

/// Takes a user's factors away.
pub(crate) async fn reset_factors(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, Administer(PoolTask::ResetFactors)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let Some(admin) = account.as_admin(&visit.cx) else { return forbidden(&visit) };
    let username: String = fields.get("username").chars().take(254).collect();
    let wrong = |status, key| {
        let error = Some(Message::error(key));
        (status, SettingsPage { error, username: username.clone(), ..SettingsPage::default() })
    };
    let (status, said) = match visit.app().admin().reset_factors_of(&visit.cx, admin, &username).await {
        Ok(ResetAnswer::Done(reset)) => {
            let count = i64::try_from(reset.removed.values().sum::<u64>()).unwrap_or(i64::MAX);
            let done = Message::success(keys::FACTORS_RESET);
            let notice = Some(done.arg("username", username.as_str()).arg("count", count));
            (StatusCode::OK, SettingsPage { notice, ..SettingsPage::default() })
        }
        Ok(ResetAnswer::Unknown) => wrong(StatusCode::NOT_FOUND, keys::USER_UNKNOWN),
        Ok(ResetAnswer::Oneself) => wrong(StatusCode::FORBIDDEN, keys::NOT_ALLOWED_HERE),
        Ok(ResetAnswer::Blocked) => wrong(StatusCode::CONFLICT, keys::NOTHING_CHANGED),
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, status, said).await
}

/// Explains a prompt by its reference.
pub(crate) async fn explain(mut visit: Visit, Query(asked): Query<Asked>) -> Response {
    let account = match enter(&mut visit, Administer(PoolTask::Explain)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let Some(admin) = account.as_admin(&visit.cx) else { return forbidden(&visit) };
    if asked.trace.trim().is_empty() {
        // Nothing was asked yet, or the question was lost on the way to a proof.
        return visit.see_other(paths::SETTINGS);
    }
    let trace: String = asked.trace.chars().take(64).collect();
    let (status, said) = match visit.app().admin().explain(&visit.cx, admin, &trace).await {
        Ok(Some(explanation)) => {
            let explained = Some(explained(&visit, explanation));
            (StatusCode::OK, SettingsPage { trace, explained, ..SettingsPage::default() })
        }
        Ok(None) => {
            let error = Some(Message::error(keys::TRACE_UNKNOWN));
            (StatusCode::NOT_FOUND, SettingsPage { trace, error, ..SettingsPage::default() })
        }
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, status, said).await
}

fn explained(visit: &Visit, explanation: Explanation) -> Explained {
    let Explanation { at, user, stage, why, refused, application } = explanation;
    let pool = visit.cx.pool.pool.name.as_str();
    let client = application.clone().unwrap_or_default();
    let reason = |because: &vestibule_domain::Because| ExplainedReason {
        text: reason_text(because.reason, pool, &client),
        rule: because.rule.clone(),
    };
    let reasons = why.as_ref().map(|why| why.reasons.iter().map(reason).collect()).unwrap_or_default();
    let first = why.as_ref().and_then(|why| why.reasons.first());
    let asked = match stage.as_str() {
        "enrol" => keys::EXPLAIN_ASKED_ENROL,
        "suggest" => keys::EXPLAIN_ASKED_SUGGEST,
        "second-factor" => keys::EXPLAIN_ASKED_FACTOR,
        _ => keys::EXPLAIN_ASKED_NOTHING,
    };
    Explained {
        when: at.as_seconds(),
        user,
        application,
        asked: Message::notice(asked),
        factors: Vec::new(),
        rule: first.map_or_else(|| "-".to_owned(), |because| because.rule.clone()),
        version: why.as_ref().map_or(0, |why| why.version),
        acr: why.as_ref().map_or_else(|| "-".to_owned(), |why| why.acr.as_str().to_owned()),
        reasons,
        outcome: Message::notice(match (refused, stage.as_str()) {
            (true, _) => keys::EXPLAIN_FAILED,
            (false, "granted") => keys::EXPLAIN_PASSED,
            (false, _) => keys::EXPLAIN_OPEN,
        }),
    }
}

fn reason_text(reason: Reason, pool: &str, client: &str) -> Message {
    match reason {
        Reason::PoolRequires => Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", pool),
        Reason::UserEnrolled => Message::notice(keys::REASON_ENROLLED),
        Reason::ApplicationRequires => Message::notice(keys::REASON_APP_REQUIRES).arg("client", client),
        Reason::Requested => Message::notice(keys::REASON_REQUESTED).arg("client", client),
        Reason::Fresh => Message::notice(keys::REASON_FRESH),
    }
}
