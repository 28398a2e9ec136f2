//! The settings page of a pool's own administrators.

use crate::{
    extract::{Asked, MALFORMED, Posted},
    gate::enter,
    http::reply::{Reply, Stop},
    messages::{Said, reason},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, MfaMode, PoolTask, user::shown_address};
use vestibule_flows::{
    Account, AddressAnswer, Administer, Explanation, LockOut, PromptOutcome, ResetAnswer, Switched, View,
};
use vestibule_pages::{Explained, ExplainedReason, Message, Nav, SettingsPage, keys};

/// Query of the explanation.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    trace: String,
}

/// Users who are no administrators are told so: that there is such a page is no secret.
const FORBIDDEN: Stop = Stop::Problem(StatusCode::FORBIDDEN, keys::NOT_ALLOWED_HERE);

/// What the page says, and with which status.
struct Answer {
    status: StatusCode,
    page: SettingsPage,
}

impl Answer {
    /// Something is wrong; the page keeps what else it shows.
    fn wrong(status: StatusCode, key: &'static str, page: SettingsPage) -> Self {
        Self { status, page: SettingsPage { error: Some(Message::error(key)), ..page } }
    }
}

/// The pool of the request.
fn pool_of(visit: &Visit) -> &str {
    &visit.cx.pool.pool.slug
}

/// The page.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Settings)).await?;
    let said = visit.said();
    let page = SettingsPage {
        notice: said.notice.clone(),
        error: said.error.clone(),
        blocked: said.more.clone(),
        username: said.again("username").unwrap_or_default(),
        address_username: said.again("address_username").unwrap_or_default(),
        address_email: said.again("address_email").unwrap_or_default(),
        ..SettingsPage::default()
    };
    show(&visit, &account, Answer { status: said.status, page }).await
}

async fn show(visit: &Visit, account: &Account, answer: Answer) -> Reply {
    let admin = account.as_admin(&visit.cx).ok_or(FORBIDDEN)?;
    let view = visit.app().pool_settings(&visit.cx, admin).await?;
    let page = SettingsPage {
        mode: view.mode.as_str().to_owned(),
        locked: view.locked,
        will_enrol: view.will_enrol,
        ..answer.page
    };
    Ok(visit.page(answer.status, &page, Frame::center(visit, account, Nav::Settings)))
}

/// After a proof that a form had asked for. What the form would have done is not done: its sender sees the page and
/// decides again.
pub(crate) async fn back(visit: Visit) -> Response {
    visit.see_other(paths::SETTINGS)
}

/// Turns the switch for everybody.
pub(crate) async fn switch(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, Administer(PoolTask::SwitchSecondFactor)).await?;
    let actor = account.actor(&visit.cx).ok_or(FORBIDDEN)?;
    let mode = match fields.get("mode") {
        "required" => MfaMode::Required,
        "optional" => MfaMode::Optional,
        _ => return Err(MALFORMED),
    };
    let wrong = |status, key| Said::wrong(status, Message::error(key));
    let said = match visit.app().admin(actor).switch_mfa(pool_of(&visit), mode).await? {
        Switched::Done => Said::done(keys::SETTINGS_SAVED),
        Switched::Unchanged => {
            Said { notice: Some(Message::notice(keys::NOTHING_CHANGED)), ..Said::default() }
        }
        Switched::Locked => wrong(StatusCode::FORBIDDEN, keys::MFA_LOCKED),
        Switched::Blocked(outs) => {
            let more = outs.iter().map(lock_out).collect();
            Said { more, ..wrong(StatusCode::CONFLICT, keys::NOTHING_CHANGED) }
        }
    };
    Ok(visit.say(paths::SETTINGS, &said))
}

fn lock_out(out: &LockOut) -> Message {
    let count = i64::try_from(out.users).unwrap_or(i64::MAX);
    Message::error(keys::LOCKOUT).arg("count", count).arg("names", out.sample.join(", "))
}

/// Takes a user's factors away.
pub(crate) async fn reset_factors(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, Administer(PoolTask::ResetFactors)).await?;
    let actor = account.actor(&visit.cx).ok_or(FORBIDDEN)?;
    let username: String = fields.get("username").chars().take(254).collect();
    let wrong = |status, key| Said::wrong(status, Message::error(key)).typed("username", &username);
    let said = match visit.app().admin(actor).reset_factors(pool_of(&visit), &username).await? {
        ResetAnswer::Done(reset) => {
            let count = i64::try_from(reset.removed.values().sum::<u64>()).unwrap_or(i64::MAX);
            let done = Message::success(keys::FACTORS_RESET);
            let done = done.arg("username", username.as_str()).arg("count", count);
            Said { notice: Some(done), ..Said::default() }
        }
        ResetAnswer::Unknown => wrong(StatusCode::NOT_FOUND, keys::USER_UNKNOWN),
        ResetAnswer::Oneself => wrong(StatusCode::FORBIDDEN, keys::NOT_ALLOWED_HERE),
        ResetAnswer::Blocked { .. } => wrong(StatusCode::CONFLICT, keys::NOTHING_CHANGED),
    };
    Ok(visit.say(paths::SETTINGS, &said))
}

/// Gives a user another mail address, which counts as not proved: whoever sets an address gains nothing by it.
pub(crate) async fn change_address(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, Administer(PoolTask::ChangeAddress)).await?;
    let actor = account.actor(&visit.cx).ok_or(FORBIDDEN)?;
    let username: String = fields.get("username").chars().take(254).collect();
    let email = fields.get("email");
    let wrong = |status, key| {
        let said = Said::wrong(status, Message::error(key));
        said.typed("address_username", &username).typed("address_email", email)
    };
    let changed = visit.app().admin(actor).change_address(pool_of(&visit), &username, email).await?;
    let said = match changed {
        AddressAnswer::Done { username, email } => Said {
            notice: Some(
                Message::success(keys::ADDRESS_SET)
                    .arg("username", username)
                    .arg("email", shown_address(&email)),
            ),
            ..Said::default()
        },
        AddressAnswer::Unknown => wrong(StatusCode::NOT_FOUND, keys::USER_UNKNOWN),
        AddressAnswer::Oneself => wrong(StatusCode::FORBIDDEN, keys::NOT_ALLOWED_HERE),
        AddressAnswer::Invalid => wrong(StatusCode::BAD_REQUEST, keys::EMAIL_INVALID),
        AddressAnswer::Same => wrong(StatusCode::BAD_REQUEST, keys::EMAIL_UNCHANGED),
        AddressAnswer::InUse => wrong(StatusCode::CONFLICT, keys::EMAIL_IN_USE),
        AddressAnswer::Blocked => wrong(StatusCode::CONFLICT, keys::NOTHING_CHANGED),
    };
    Ok(visit.say(paths::SETTINGS, &said))
}

/// Explains a prompt by its reference.
pub(crate) async fn explain(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let account = enter(&visit, Administer(PoolTask::Explain)).await?;
    let actor = account.actor(&visit.cx).ok_or(FORBIDDEN)?;
    if query.trace.trim().is_empty() {
        // Nothing was asked yet, or the question was lost on the way to a proof.
        return Ok(visit.see_other(paths::SETTINGS));
    }
    let trace: String = query.trace.chars().take(64).collect();
    let answer = match visit.app().admin(actor).explain(pool_of(&visit), &trace).await? {
        Some(explanation) => {
            let explained = Some(explained(&visit, explanation));
            let page = SettingsPage { trace, explained, ..SettingsPage::default() };
            Answer { status: StatusCode::OK, page }
        }
        None => {
            let page = SettingsPage { trace, ..SettingsPage::default() };
            Answer::wrong(StatusCode::NOT_FOUND, keys::TRACE_UNKNOWN, page)
        }
    };
    show(&visit, &account, answer).await
}

fn explained(visit: &Visit, explanation: Explanation) -> Explained {
    let Explanation { at, user, stage, why, outcome, application } = explanation;
    let pool = visit.cx.pool.pool.name.as_str();
    let client = application.clone().unwrap_or_default();
    let told = |because: &vestibule_domain::Because| ExplainedReason {
        text: reason(because, pool, &client),
        rule: because.rule.clone(),
    };
    let reasons = why.as_ref().map(|why| why.reasons.iter().map(told).collect()).unwrap_or_default();
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
        outcome: Message::notice(match outcome {
            PromptOutcome::Open => keys::EXPLAIN_OPEN,
            PromptOutcome::Passed => keys::EXPLAIN_PASSED,
            PromptOutcome::Failed => keys::EXPLAIN_FAILED,
        }),
    }
}
