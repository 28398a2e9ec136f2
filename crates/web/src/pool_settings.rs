//! The settings page of a pool's own administrators.

use crate::{
    extract::{Asked, MALFORMED, Posted},
    gate::enter,
    http::reply::{Reply, Stop},
    messages::{LONGEST_TYPED, Said, reason},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, MfaMode, PoolTask, user::shown_address};
use vestibule_flows::{
    Account, AddressAnswer, AdminError, Administer, Explanation, LockOut, PromptOutcome, ResetAnswer,
    Switched, View,
};
use vestibule_pages::{
    ConfirmItem, ConfirmPage, Explained, ExplainedReason, Message, Nav, SettingsPage, keys,
};

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

/// What a form of the page sends, or asks about before it is done.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TYPED).collect()
}

fn mode_of(text: &str) -> Option<MfaMode> {
    [MfaMode::Required, MfaMode::Optional].into_iter().find(|mode| mode.as_str() == text)
}

/// Shows whom the switch for everybody concerns, and asks. Nothing to ask leads back to the page.
pub(crate) async fn ask_switch(visit: Visit, Asked(wanted): Asked<Wanted>) -> Reply {
    let Some(mode) = mode_of(&wanted.mode) else { return Ok(visit.see_other(paths::SETTINGS)) };
    let account = enter(&visit, Administer(PoolTask::SwitchSecondFactor(mode))).await?;
    let admin = account.as_admin(&visit.cx).ok_or(FORBIDDEN)?;
    let view = visit.app().pool_settings(&visit.cx, admin).await?;
    if view.locked {
        return Ok(visit.say(paths::SETTINGS, &wrong(StatusCode::FORBIDDEN, keys::MFA_LOCKED)));
    }
    let now = match view.mode {
        MfaMode::Off => keys::SETTINGS_MFA_OFF,
        MfaMode::Optional => keys::SETTINGS_MFA_OPTIONAL,
        MfaMode::Required => keys::SETTINGS_MFA_REQUIRED,
    };
    let page = ConfirmPage::switch(mode == MfaMode::Required, now, view.will_enrol);
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Settings)))
}

fn wrong(status: StatusCode, key: &'static str) -> Said {
    Said::wrong(status, Message::error(key))
}

/// Turns the switch for everybody.
pub(crate) async fn switch(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let mode = mode_of(fields.get("mode")).ok_or(MALFORMED)?;
    let account = enter(&visit, Administer(PoolTask::SwitchSecondFactor(mode))).await?;
    let actor = account.actor(visit.app(), &visit.cx).ok_or(FORBIDDEN)?;
    let said = match visit.app().admin(actor).switch_mfa(pool_of(&visit), mode).await? {
        Switched::Done => {
            // The one form that is answered by a page: behind a redirect the new rule may ask something of its sender first, who
            // would not learn what became of the form. Sent again, it changes nothing.
            let visit = visit.reloaded().await?;
            let notice = Some(Message::success(keys::SETTINGS_SAVED));
            let page = SettingsPage { notice, ..SettingsPage::default() };
            return show(&visit, &account, Answer { status: StatusCode::OK, page }).await;
        }
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

/// Shows whose factors would go, and asks. Where nothing would, the page says why.
pub(crate) async fn ask_reset(visit: Visit, Asked(wanted): Asked<Wanted>) -> Reply {
    let username = shortened(&wanted.username);
    let account = enter(&visit, Administer(PoolTask::ResetFactors { username: username.clone() })).await?;
    let actor = account.actor(visit.app(), &visit.cx).ok_or(FORBIDDEN)?;
    let held = match visit.app().admin(actor).holdings_of_user(pool_of(&visit), &username).await {
        Ok(held) => held,
        Err(AdminError::NoSuchUser { .. }) => {
            let said = wrong(StatusCode::NOT_FOUND, keys::USER_UNKNOWN).typed("username", &username);
            return Ok(visit.say(paths::SETTINGS, &said));
        }
        Err(error) => return Err(error.into()),
    };
    if held.user.id == account.live.user.id {
        let said = wrong(StatusCode::FORBIDDEN, keys::NOT_ALLOWED_HERE).typed("username", &username);
        return Ok(visit.say(paths::SETTINGS, &said));
    }
    let mut items: Vec<ConfirmItem> = Vec::new();
    for factor in &held.factors {
        let item = ConfirmItem { title_key: format!("factor-{}", factor.kind), label: factor.label.clone() };
        // Recovery codes are many of one kind.
        if !items.contains(&item) {
            items.push(item);
        }
    }
    let page = ConfirmPage::reset(&held.user.username).with_items(items);
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Settings)))
}

/// Takes a user's factors away.
pub(crate) async fn reset_factors(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let username = shortened(fields.get("username"));
    let account = enter(&visit, Administer(PoolTask::ResetFactors { username: username.clone() })).await?;
    let actor = account.actor(visit.app(), &visit.cx).ok_or(FORBIDDEN)?;
    let wrong = |status, key| wrong(status, key).typed("username", &username);
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

/// After a proof that the form for an address had asked for: the page, with what was typed. Nothing is done yet.
pub(crate) async fn address_again(visit: Visit, Asked(wanted): Asked<Wanted>) -> Reply {
    enter(&visit, View(AccountPage::Settings)).await?;
    let said = Said::default().typed("address_username", &wanted.username);
    Ok(visit.say(paths::SETTINGS, &said.typed("address_email", &wanted.email)))
}

/// Gives a user another mail address, which counts as not proved: whoever sets an address gains nothing by it.
pub(crate) async fn change_address(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let (username, typed) = (shortened(fields.get("username")), shortened(fields.get("email")));
    let task = PoolTask::ChangeAddress { username: username.clone(), email: typed.clone() };
    let account = enter(&visit, Administer(task)).await?;
    let actor = account.actor(visit.app(), &visit.cx).ok_or(FORBIDDEN)?;
    let email = typed.as_str();
    let wrong =
        |status, key| wrong(status, key).typed("address_username", &username).typed("address_email", email);
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
    let trace: String = query.trace.chars().take(64).collect();
    let account = enter(&visit, Administer(PoolTask::Explain { trace: trace.clone() })).await?;
    let actor = account.actor(visit.app(), &visit.cx).ok_or(FORBIDDEN)?;
    if trace.trim().is_empty() {
        return Ok(visit.see_other(paths::SETTINGS));
    }
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
