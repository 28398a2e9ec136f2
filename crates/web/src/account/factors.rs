//! The security page.

use crate::{
    account::card::{card, card_of, replaces},
    extract::{Asked, Posted},
    gate::enter,
    http::reply::Reply,
    messages::Said,
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{AccountPage, FactorKind, policy::Obligation};
use vestibule_flows::{Account, FactorLine, ManageFactors, SecurityView, View};
use vestibule_pages::{FactorChoice, FactorRow, Message, Nav, RecoveryStatus, SecurityPage, keys};

/// What the address says was just done.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    pub(crate) done: String,
}

/// Everything about factors.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let account = enter(&visit, View(AccountPage::Security)).await?;
    let done = match paths::done(&query.done) {
        Some(paths::Done::Enrolled) => keys::DONE_ENROLLED,
        Some(paths::Done::NewCodes) => keys::CODES_REGENERATED,
        None => return show(&visit, &account, visit.said()).await,
    };
    // Anybody can write this address by hand: a user without a factor has done nothing.
    let has_one = card_of(&visit, &account).await?.factor_count > 0;
    let said = if has_one { Said::done(done) } else { Said::default() };
    show(&visit, &account, said).await
}

/// The same for somebody who is about to change something: what every change asks for is asked here, once.
pub(crate) async fn manage(visit: Visit) -> Reply {
    let account = enter(&visit, ManageFactors).await?;
    let view = visit.app().accounts().security(&visit.cx, &account).await?;
    let page = SecurityPage { managing: true, ..security_page(&visit, &view) };
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security)))
}

/// Shows the security page with what was just done.
pub(crate) async fn show(visit: &Visit, account: &Account, said: Said) -> Reply {
    let view = visit.app().accounts().security(&visit.cx, account).await?;
    let mut page = SecurityPage {
        notice: said.notice.clone(),
        error: said.error.clone(),
        ..security_page(visit, &view)
    };
    // A name that was refused is still there to be mended.
    if let (Some(id), Some(label)) = (said.again("credential"), said.again("label"))
        && let Some(row) = page.factors.iter_mut().find(|row| row.id == id)
    {
        row.label = label;
    }
    Ok(visit.page(said.status, &page, Frame::center(visit, account, Nav::Security)))
}

fn security_page(visit: &Visit, view: &SecurityView) -> SecurityPage {
    let asked = view.asked && !view.factors.is_empty();
    let (mfa_policy, note) = match view.obligation {
        Obligation::Off if asked => ("off", keys::POLICY_OFF_ASKED),
        Obligation::Off => ("off", keys::POLICY_OFF),
        // What was announced is there already for somebody who has one.
        Obligation::Announced { .. } if !asked => ("optional", keys::POLICY_ANNOUNCED),
        Obligation::Optional | Obligation::Announced { .. } => ("optional", keys::POLICY_OPTIONAL),
        Obligation::Required => ("required", keys::POLICY_REQUIRED),
    };
    let stuck = view.locked || view.obligation == Obligation::Required;
    let removable = !stuck || view.factors.len() > 1;
    let choice = |kind: &FactorKind| FactorChoice {
        replaces: replaces(visit, view, kind),
        ..FactorChoice::new(kind.as_str())
    };
    let recovery = view.sets.first();
    SecurityPage {
        card: card(visit, view),
        managing: false,
        locked: view.locked,
        mfa_policy: mfa_policy.to_owned(),
        mfa_active: asked,
        factors: view.factors.iter().map(|line| row(line, removable)).collect(),
        addable: view.addable.iter().map(choice).collect(),
        recovery: recovery.map(|set| RecoveryStatus { left: set.left, total: set.total, low: set.low }),
        notice: None,
        error: None,
        policy_note: Some(Message::notice(note)),
    }
}

fn row(line: &FactorLine, removable: bool) -> FactorRow {
    FactorRow {
        id: line.credential.id.to_string(),
        kind: line.credential.kind.to_string(),
        title_key: format!("factor-{}", line.credential.kind),
        label: line.credential.label.clone(),
        created: line.credential.created_at.as_seconds(),
        last_used: line.credential.last_used_at.map(|at| at.as_seconds()),
        disabled: line.disabled,
        removable,
        detail: line.detail.map(Message::notice),
    }
}

/// Renames a factor.
pub(crate) async fn rename(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Security)).await?;
    let label = fields.get("label");
    let renamed = match fields.get("credential").parse() {
        Ok(id) => visit.app().accounts().rename_factor(&visit.cx, &account, id, label).await?,
        Err(_) => false,
    };
    let invalid = || Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID));
    let said = match renamed {
        true => Said::done(keys::FACTOR_RENAMED),
        false => invalid().typed("credential", fields.get("credential")).typed("label", label),
    };
    Ok(visit.say(paths::SECURITY, &said))
}
