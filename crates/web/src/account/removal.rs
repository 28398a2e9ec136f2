//! Removing a factor, switching the second factor off, and new recovery codes.

use crate::{
    account::factors::show,
    extract::{At, Posted},
    gate::enter,
    http::reply::Reply,
    messages::Said,
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::{CredentialId, FactorKind, policy::Obligation};
use vestibule_flows::{Account, DisableFactors, FactorLine, Kept, RegenerateCodes, Removal, RemoveFactor};
use vestibule_pages::{ConfirmItem, ConfirmPage, Message, Nav, keys};

/// Asks for a confirmation.
pub(crate) fn asked(visit: &Visit, account: &Account, page: &ConfirmPage) -> Response {
    visit.page(StatusCode::OK, page, Frame::center(visit, account, Nav::Security))
}

fn item(line: &FactorLine) -> ConfirmItem {
    let title_key = format!("factor-{}", line.credential.kind);
    ConfirmItem { title_key, label: line.credential.label.clone() }
}

/// Before one factor goes.
pub(crate) async fn confirm_remove(visit: Visit, At(id): At<CredentialId>) -> Reply {
    let account = enter(&visit, RemoveFactor(id)).await?;
    let view = visit.app().accounts().security(&visit.cx, &account).await?;
    let Some(line) = view.factors.iter().find(|line| line.credential.id == id) else {
        return show(&visit, &account, Said::gone()).await;
    };
    let mut page = ConfirmPage::remove(&id.to_string()).with_items(vec![item(line)]);
    if view.factors.len() == 1 {
        page.warning = Some(Message::warning(keys::CONFIRM_LAST_WARNING));
    }
    Ok(asked(&visit, &account, &page))
}

/// Removes a factor.
pub(crate) async fn remove(At(id): At<CredentialId>, posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, RemoveFactor(id)).await?;
    let removal = visit.app().accounts().remove_factor(&visit.cx, &account).await?;
    Ok(visit.say(paths::SECURITY, &after(removal, keys::FACTOR_REMOVED)))
}

fn after(removal: Removal, done: &'static str) -> Said {
    let forbidden = |key| Said::wrong(StatusCode::FORBIDDEN, Message::error(key));
    match removal {
        Removal::Done => Said::done(done),
        Removal::Unknown => Said::gone(),
        Removal::Required => forbidden(keys::FACTOR_REQUIRED),
        Removal::Locked => forbidden(keys::MFA_LOCKED),
    }
}

/// Before the second factor is switched off.
pub(crate) async fn confirm_disable(visit: Visit) -> Reply {
    let account = enter(&visit, DisableFactors).await?;
    let view = visit.app().accounts().security(&visit.cx, &account).await?;
    if view.locked || view.obligation == Obligation::Required {
        return show(&visit, &account, after(Removal::Locked, keys::MFA_DISABLED)).await;
    }
    if view.factors.is_empty() {
        return Ok(visit.see_other(paths::SECURITY));
    }
    let items = view.factors.iter().map(item).collect();
    Ok(asked(&visit, &account, &ConfirmPage::disable().with_items(items)))
}

/// Switches the second factor off.
pub(crate) async fn disable(posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, DisableFactors).await?;
    let removal = match visit.app().accounts().disable_factors(&visit.cx, &account).await? {
        // To add another factor first would not help here, as it does when a single factor is removed.
        Removal::Required => Removal::Locked,
        removal => removal,
    };
    Ok(visit.say(paths::SECURITY, &after(removal, keys::MFA_DISABLED)))
}

/// Before new recovery codes take the place of the old ones.
pub(crate) async fn confirm_regenerate(visit: Visit) -> Reply {
    let account = enter(&visit, RegenerateCodes).await?;
    if matches!(visit.app().accounts().revealed(&visit.cx, &account).await?, Some(Kept::AfterProof)) {
        // What was to be proved was proved for the codes that are not saved yet.
        return Ok(visit.see_other(&paths::codes(paths::Done::NewCodes)));
    }
    Ok(asked(&visit, &account, &ConfirmPage::regenerate()))
}

/// New recovery codes; the old ones are void.
pub(crate) async fn regenerate(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, RegenerateCodes).await?;
    let kind = fields.optional("kind").map(FactorKind::from_text);
    match visit.app().accounts().regenerate(&visit.cx, &account, kind.as_ref()).await? {
        true => Ok(visit.see_other(&paths::codes(paths::Done::NewCodes))),
        false => Ok(visit.say(paths::SECURITY, &Said::gone())),
    }
}
