//! The security page of the user center, and every change of factors.

use crate::{
    routes::{
        center::enter,
        factor::{reveal, shown},
    },
    visit::{Frame, Posted, Visit},
};
use axum::{
    extract::{Path, Query},
    response::Response,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{CredentialId, FactorKind, policy::Obligation};
use vestibule_flows::{Account, Enrolled, FactorLine, Removal, SecurityView};
use vestibule_pages::{
    ConfirmItem, ConfirmPage, EnrolPage, FactorChoice, FactorRow, Message, MfaCard, MfaState, Nav,
    RecoveryStatus, SecurityPage, keys,
};

/// The page itself.
const PAGE: &str = "/u/security";

/// The same, where it says that a factor was set up, or that there are new codes.
const ENROLLED: &str = "/u/security?done=enrolled";
const NEW_CODES: &str = "/u/security?done=codes";

/// What was just done, by the address of the page that follows it.
#[derive(Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// Everything about factors.
pub(super) async fn page(mut visit: Visit, Query(Done { done }): Query<Done>) -> Response {
    let account = match enter(&mut visit, PAGE).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let done = match done.as_str() {
        "enrolled" => keys::DONE_ENROLLED,
        "codes" => keys::CODES_REGENERATED,
        _ => return show(&visit, &account, (StatusCode::OK, None, None)).await,
    };
    // Anybody can write an address: without a factor nothing was done.
    let notice = match card_of(&visit, &account).await {
        Ok(card) => (card.factor_count > 0).then(|| Message::success(done)),
        Err(response) => return response,
    };
    show(&visit, &account, (StatusCode::OK, notice, None)).await
}

/// The same for somebody who is about to change something: what every change asks for is asked here, once.
pub(super) async fn manage(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/security/manage").await {
        Ok(account) => render(&visit, &account, true, (StatusCode::OK, None, None)).await,
        Err(response) => response,
    }
}

/// How second factors stand, for the pages that show it at a glance.
pub(super) async fn card_of(visit: &Visit, account: &Account) -> Result<MfaCard, Response> {
    match visit.app().security(&visit.cx, account).await {
        Ok(view) => Ok(card(visit, &view)),
        Err(cause) => Err(visit.failed(&cause)),
    }
}

fn card(visit: &Visit, view: &SecurityView) -> MfaCard {
    let (has, required) = (!view.factors.is_empty(), view.obligation == Obligation::Required);
    // Who has one that is not asked for can still wish to be asked.
    let idle = has && !view.asked && view.obligation != Obligation::Off;
    MfaCard {
        state: match (has && view.asked, required || view.locked) {
            (false, _) => MfaState::Off,
            (true, true) => MfaState::Required,
            (true, false) => MfaState::On,
        },
        locked: view.locked,
        experimental: visit.cx.pool.pool.settings.enrolment.experimental,
        can_enable: idle || (!has && !view.addable.is_empty()),
        can_disable: has && view.asked && !required && !view.locked,
        replace: match view.addable.as_slice() {
            [only] if replaces(visit, view, only) => Some(only.to_string()),
            _ => None,
        },
        factor_count: u32::try_from(view.factors.len()).unwrap_or(u32::MAX),
    }
}

/// Whether a new factor of the kind would take the place of what is there.
fn replaces(visit: &Visit, view: &SecurityView, kind: &FactorKind) -> bool {
    let has = || view.factors.iter().any(|line| line.credential.kind == *kind);
    visit.cx.pool.pool.settings.enrolment.replace && has()
}

async fn show(
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
    let view = match visit.app().security(&visit.cx, account).await {
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

fn asked(visit: &Visit, account: &Account, page: &ConfirmPage) -> Response {
    visit.page(StatusCode::OK, page, Frame::center(visit, account, Nav::Security))
}

/// Before a first factor: how it stands, and what it means.
pub(super) async fn confirm_enable(mut visit: Visit) -> Response {
    let account = match enter(&mut visit, "/u/security/enable").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match card_of(&visit, &account).await {
        Ok(card) if card.can_enable => asked(&visit, &account, &ConfirmPage::enable(card.locked)),
        Ok(_) => visit.see_other(PAGE),
        Err(response) => response,
    }
}

/// On to the enrolment; to the choice where there is one. Who has a factor that is not asked for is asked from now on.
pub(super) async fn enable(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, "/u/security/enable").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().security(&visit.cx, &account).await {
        Ok(view) if view.asked && !view.factors.is_empty() => visit.see_other(PAGE),
        Ok(view) if !view.factors.is_empty() => match visit.app().choose_factors(&visit.cx, &account).await {
            Ok(_) => {
                let enabled = Some(Message::success(keys::MFA_ENABLED));
                show(&visit, &account, (StatusCode::OK, enabled, None)).await
            }
            Err(cause) => visit.failed(&cause),
        },
        Ok(view) => match view.addable.as_slice() {
            [only] => visit.see_other(&format!("/u/security/enrol/{only}")),
            _ => visit.see_other(&format!("{PAGE}#add-factor")),
        },
        Err(cause) => visit.failed(&cause),
    }
}

/// Wants another factor, or its challenge anew.
pub(super) async fn add(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let Some(path) = enrol_path(fields.get("kind")) else {
        return visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST));
    };
    let account = match enter(&mut visit, &path).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().restart_enrolment(&visit.cx, &account).await {
        Ok(()) => visit.see_other(&path),
        Err(cause) => visit.failed(&cause),
    }
}

/// The enrolment page.
pub(super) async fn enrol_page(visit: Visit, Path(kind): Path<String>) -> Response {
    show_enrolment(visit, &kind, (StatusCode::OK, None)).await
}

fn enrol_path(kind: &str) -> Option<String> {
    let clean = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    clean.then(|| format!("/u/security/enrol/{kind}"))
}

async fn show_enrolment(
    mut visit: Visit,
    kind: &str,
    (status, error): (StatusCode, Option<Message>),
) -> Response {
    let Some(path) = enrol_path(kind) else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND));
    };
    let account = match enter(&mut visit, &path).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let kind = FactorKind::from_text(kind);
    match visit.app().enrolment_page(&visit.cx, &account, &kind).await {
        Ok(Some(page)) => {
            let page = EnrolPage {
                action: path,
                flow: None,
                view: shown(page.view),
                kind: page.kind.to_string(),
                error,
                forced: false,
                reason: None,
                cancel: true,
                skip: None,
                locked_warning: page.locked,
                replaces: page.replaces,
                trace: None,
            };
            visit.page(status, &page, Frame::center(&visit, &account, Nav::Security))
        }
        Ok(None) => visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND)),
        Err(cause) => visit.failed(&cause),
    }
}

/// The answer to an enrolment.
pub(super) async fn enrol(Path(kind): Path<String>, posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let Some(path) = enrol_path(&kind) else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND));
    };
    let account = match enter(&mut visit, &path).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let ceremony = fields.get("ceremony");
    let enrolled = visit.app().finish_enrolment(&visit.cx, &account, ceremony, fields.for_factor()).await;
    let (status, error) = match enrolled {
        Ok(Enrolled::Shown { revealed, step }) => {
            let page = reveal(revealed, ENROLLED, None);
            let response = visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security));
            return visit.with_session(response, step.and_then(|step| step.session).as_ref());
        }
        Ok(Enrolled::Step(step)) => return visit.with_step(visit.see_other(ENROLLED), &step),
        Ok(Enrolled::Wrong { kind }) => (StatusCode::OK, Message::error(format!("factor-{kind}-wrong"))),
        Ok(Enrolled::Refused { key }) => (StatusCode::FORBIDDEN, Message::error(key)),
        Ok(Enrolled::LabelInvalid) => (StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Ok(Enrolled::Stale | Enrolled::Expired) => {
            (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED))
        }
        Err(cause) => return visit.failed(&cause),
    };
    show_enrolment(visit, &kind, (status, Some(error))).await
}

/// Renames a factor.
pub(super) async fn rename(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, PAGE).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let renamed = match fields.get("credential").parse() {
        Ok(id) => visit.app().rename_factor(&visit.cx, &account, id, fields.get("label")).await,
        Err(_) => Ok(false),
    };
    let answer = match renamed {
        Ok(true) => (StatusCode::OK, Some(Message::success(keys::FACTOR_RENAMED)), None),
        Ok(false) => (StatusCode::BAD_REQUEST, None, Some(Message::error(keys::LABEL_INVALID))),
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer).await
}

fn item(line: &FactorLine) -> ConfirmItem {
    let title_key = format!("factor-{}", line.credential.kind);
    ConfirmItem { title_key, label: line.credential.label.clone() }
}

fn remove_path(credential: CredentialId) -> String {
    format!("/u/security/remove/{credential}")
}

/// Before one factor goes.
pub(super) async fn confirm_remove(mut visit: Visit, Path(credential): Path<String>) -> Response {
    let Ok(id) = credential.parse::<CredentialId>() else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::GONE));
    };
    let account = match enter(&mut visit, &remove_path(id)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let view = match visit.app().security(&visit.cx, &account).await {
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
pub(super) async fn remove(Path(credential): Path<String>, posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let Ok(id) = credential.parse::<CredentialId>() else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::GONE));
    };
    let account = match enter(&mut visit, &remove_path(id)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let removed = visit.app().remove_factor(&visit.cx, &account, id).await;
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
pub(super) async fn confirm_disable(mut visit: Visit) -> Response {
    let account = match enter(&mut visit, "/u/security/disable").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let view = match visit.app().security(&visit.cx, &account).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    if view.locked || view.obligation == Obligation::Required {
        return show(&visit, &account, after(Removal::Locked, keys::MFA_DISABLED)).await;
    }
    if view.factors.is_empty() {
        return visit.see_other(PAGE);
    }
    let items = view.factors.iter().map(item).collect();
    asked(&visit, &account, &ConfirmPage::disable().with_items(items))
}

/// Switches the second factor off.
pub(super) async fn disable(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, "/u/security/disable").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let disabled = visit.app().disable_factors(&visit.cx, &account).await;
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
pub(super) async fn confirm_regenerate(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/security/regenerate").await {
        Ok(account) => asked(&visit, &account, &ConfirmPage::regenerate()),
        Err(response) => response,
    }
}

/// New recovery codes; the old ones are void.
pub(super) async fn regenerate(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, "/u/security/regenerate").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let kind = FactorKind::from_text(fields.optional("kind").unwrap_or("recovery"));
    match visit.app().regenerate(&visit.cx, &account, &kind).await {
        Ok(Some(revealed)) => {
            let page = reveal(revealed, NEW_CODES, None);
            visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security))
        }
        Ok(None) => show(&visit, &account, gone()).await,
        Err(cause) => visit.failed(&cause),
    }
}
