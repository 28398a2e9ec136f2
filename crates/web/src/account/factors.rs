//! The security page.

use crate::{
    account::card::{card, card_of, replaces},
    extract::Posted,
    gate::enter,
    page::Frame,
    paths,
    visit::Visit,
};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, FactorKind, policy::Obligation};
use vestibule_flows::{Account, FactorLine, ManageFactors, View};
use vestibule_pages::{FactorChoice, FactorRow, Message, Nav, RecoveryStatus, SecurityPage, keys};

/// What was just done, by the address of the page that follows it.
#[derive(Deserialize)]
pub(crate) struct Done {
    #[serde(default)]
    done: String,
}

/// Everything about factors.
pub(crate) async fn page(mut visit: Visit, Query(Done { done }): Query<Done>) -> Response {
    let account = match enter(&mut visit, View(AccountPage::Security)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let done = match paths::done(&done) {
        Some(paths::Done::Enrolled) => keys::DONE_ENROLLED,
        Some(paths::Done::NewCodes) => keys::CODES_REGENERATED,
        None => return show(&visit, &account, (StatusCode::OK, None, None)).await,
    };
    // Anybody can write an address: without a factor nothing was done.
    let notice = match card_of(&visit, &account).await {
        Ok(card) => (card.factor_count > 0).then(|| Message::success(done)),
        Err(response) => return response,
    };
    show(&visit, &account, (StatusCode::OK, notice, None)).await
}

/// The same for somebody who is about to change something: what every change asks for is asked here, once.
pub(crate) async fn manage(mut visit: Visit) -> Response {
    match enter(&mut visit, ManageFactors).await {
        Ok(account) => render(&visit, &account, true, (StatusCode::OK, None, None)).await,
        Err(response) => response,
    }
}

pub(crate) async fn show(
    visit: &Visit,
    account: &Account,
    said: (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    render(visit, account, false, said).await
}

async fn render(
    visit: &Visit,
    account: &Account,
    managing: bool,
    (status, notice, error): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let view = match visit.app().accounts().security(&visit.cx, account).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    let (mfa_policy, note) = match view.obligation {
        Obligation::Off => ("off", keys::POLICY_OFF),
        Obligation::Optional | Obligation::Announced { .. } => ("optional", keys::POLICY_OPTIONAL),
        Obligation::Required => ("required", keys::POLICY_REQUIRED),
    };
    let stuck = view.locked || view.obligation == Obligation::Required;
    let removable = !stuck || view.factors.len() > 1;
    let row = |line: &FactorLine| FactorRow {
        id: line.credential.id.to_string(),
        kind: line.credential.kind.to_string(),
        title_key: format!("factor-{}", line.credential.kind),
        label: line.credential.label.clone(),
        created: line.credential.created_at.as_seconds(),
        last_used: line.credential.last_used_at.map(|at| at.as_seconds()),
        disabled: line.disabled,
        removable,
        detail: line.detail.map(Message::notice),
    };
    let choice = |kind: &FactorKind| FactorChoice {
        replaces: replaces(visit, &view, kind),
        ..FactorChoice::new(kind.as_str())
    };
    let recovery = view.sets.first();
    let page = SecurityPage {
        card: card(visit, &view),
        managing,
        locked: view.locked,
        mfa_policy: mfa_policy.to_owned(),
        mfa_active: view.asked && !view.factors.is_empty(),
        factors: view.factors.iter().map(row).collect(),
        addable: view.addable.iter().map(choice).collect(),
        recovery: recovery.map(|set| RecoveryStatus { left: set.left, total: set.total, low: set.low }),
        notice,
        error,
        policy_note: Some(Message::notice(note)),
    };
    visit.page(status, &page, Frame::center(visit, account, Nav::Security))
}

/// Renames a factor.
pub(crate) async fn rename(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Security)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let renamed = match fields.get("credential").parse() {
        Ok(id) => visit.app().accounts().rename_factor(&visit.cx, &account, id, fields.get("label")).await,
        Err(_) => Ok(false),
    };
    let answer = match renamed {
        Ok(true) => (StatusCode::OK, Some(Message::success(keys::FACTOR_RENAMED)), None),
        Ok(false) => (StatusCode::BAD_REQUEST, None, Some(Message::error(keys::LABEL_INVALID))),
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer).await
}
