//! Removing a factor, switching the second factor off, and new recovery codes.

use crate::{
    account::factors::show, extract::Posted, gate::enter, messages::reveal, page::Frame, paths, visit::Visit,
};
use axum::{extract::Path, response::Response};
use http::StatusCode;
use vestibule_domain::{CredentialId, FactorKind, policy::Obligation};
use vestibule_flows::{Account, DisableFactors, FactorLine, RegenerateCodes, Removal, RemoveFactor};
use vestibule_pages::{ConfirmItem, ConfirmPage, Message, Nav, keys};

pub(crate) fn asked(visit: &Visit, account: &Account, page: &ConfirmPage) -> Response {
    visit.page(StatusCode::OK, page, Frame::center(visit, account, Nav::Security))
}

fn item(line: &FactorLine) -> ConfirmItem {
    let title_key = format!("factor-{}", line.credential.kind);
    ConfirmItem { title_key, label: line.credential.label.clone() }
}

/// Before one factor goes.
pub(crate) async fn confirm_remove(mut visit: Visit, Path(credential): Path<String>) -> Response {
    let Ok(id) = credential.parse::<CredentialId>() else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::GONE));
    };
    let account = match enter(&mut visit, RemoveFactor(id)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let view = match visit.app().accounts().security(&visit.cx, &account).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    match view.factors.iter().find(|line| line.credential.id == id) {
        Some(line) => {
            let mut page = ConfirmPage::remove(&id.to_string()).with_items(vec![item(line)]);
            if view.factors.len() == 1 {
                page.warning = Some(Message::warning(keys::CONFIRM_LAST_WARNING));
            }
            asked(&visit, &account, &page)
        }
        None => show(&visit, &account, gone()).await,
    }
}

fn gone() -> (StatusCode, Option<Message>, Option<Message>) {
    (StatusCode::NOT_FOUND, None, Some(Message::error(keys::GONE)))
}

/// Removes a factor.
pub(crate) async fn remove(Path(credential): Path<String>, posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let Ok(id) = credential.parse::<CredentialId>() else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::GONE));
    };
    let account = match enter(&mut visit, RemoveFactor(id)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let removed = visit.app().accounts().remove_factor(&visit.cx, &account).await;
    let answer = match removed.map(|removal| after(removal, keys::FACTOR_REMOVED)) {
        Ok(answer) => answer,
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer).await
}

fn after(removal: Removal, done: &'static str) -> (StatusCode, Option<Message>, Option<Message>) {
    match removal {
        Removal::Done => (StatusCode::OK, Some(Message::success(done)), None),
        Removal::Unknown => gone(),
        Removal::Required => (StatusCode::FORBIDDEN, None, Some(Message::error(keys::FACTOR_REQUIRED))),
        Removal::Locked => (StatusCode::FORBIDDEN, None, Some(Message::error(keys::MFA_LOCKED))),
    }
}

/// Before the second factor is switched off.
pub(crate) async fn confirm_disable(mut visit: Visit) -> Response {
    let account = match enter(&mut visit, DisableFactors).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let view = match visit.app().accounts().security(&visit.cx, &account).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    if view.locked || view.obligation == Obligation::Required {
        return show(&visit, &account, after(Removal::Locked, keys::MFA_DISABLED)).await;
    }
    if view.factors.is_empty() {
        return visit.see_other(paths::SECURITY);
    }
    let items = view.factors.iter().map(item).collect();
    asked(&visit, &account, &ConfirmPage::disable().with_items(items))
}

/// Switches the second factor off.
pub(crate) async fn disable(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, DisableFactors).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let disabled = visit.app().accounts().disable_factors(&visit.cx, &account).await;
    let answer = match disabled.map(|removal| match removal {
        // Another factor would not help here, as it does where one of several is to go.
        Removal::Required => after(Removal::Locked, keys::MFA_DISABLED),
        removal => after(removal, keys::MFA_DISABLED),
    }) {
        Ok(answer) => answer,
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer).await
}

/// Before new recovery codes take the place of the old ones.
pub(crate) async fn confirm_regenerate(mut visit: Visit) -> Response {
    match enter(&mut visit, RegenerateCodes).await {
        Ok(account) => asked(&visit, &account, &ConfirmPage::regenerate()),
        Err(response) => response,
    }
}

/// New recovery codes; the old ones are void.
pub(crate) async fn regenerate(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, RegenerateCodes).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let kind = FactorKind::from_text(fields.optional("kind").unwrap_or("recovery"));
    match visit.app().accounts().regenerate(&visit.cx, &account, &kind).await {
        Ok(Some(revealed)) => {
            let page = reveal(revealed, &paths::security_after(paths::Done::NewCodes), None);
            visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security))
        }
        Ok(None) => show(&visit, &account, gone()).await,
        Err(cause) => visit.failed(&cause),
    }
}
