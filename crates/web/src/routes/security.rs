//! The security page of the user center.

use crate::{
    routes::{
        center::enter,
        factor::{reveal, shown},
    },
    visit::{Frame, Posted, Visit},
};
use axum::{extract::Path, response::Response};
use http::StatusCode;
use vestibule_domain::{FactorKind, MfaMode};
use vestibule_flows::{Account, Enrolled, Removal};
use vestibule_pages::{EnrolPage, FactorChoice, FactorRow, Message, Nav, RecoveryStatus, SecurityPage, keys};

/// Where somebody comes back to who had to prove a factor first.
const CHANGE: &str = "/u/security/change";

/// Everything about factors.
pub(super) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/security").await {
        Ok(account) => show(&visit, &account, (StatusCode::OK, None, None)).await,
        Err(response) => response,
    }
}

/// The same, after a recent proof: now the change can be made.
pub(super) async fn proved(mut visit: Visit) -> Response {
    match enter(&mut visit, CHANGE).await {
        Ok(account) => {
            let notice = Some(Message::success(keys::PROVED_FRESH));
            show(&visit, &account, (StatusCode::OK, notice, None)).await
        }
        Err(response) => response,
    }
}

async fn show(
    visit: &Visit,
    account: &Account,
    (status, notice, error): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let view = match visit.app().security(&visit.cx, account).await {
        Ok(view) => view,
        Err(cause) => return visit.failed(&cause),
    };
    let (mfa_policy, note) = match view.mode {
        MfaMode::Off => ("off", keys::POLICY_OFF),
        MfaMode::Optional => ("optional", keys::POLICY_OPTIONAL),
        MfaMode::Required => ("required", keys::POLICY_REQUIRED),
    };
    let row = |line: &vestibule_flows::FactorLine| FactorRow {
        id: line.credential.id.to_string(),
        kind: line.credential.kind.to_string(),
        title_key: format!("factor-{}", line.credential.kind),
        label: line.credential.label.clone(),
        created: line.credential.created_at.as_seconds(),
        last_used: line.credential.last_used_at.map(|at| at.as_seconds()),
        disabled: line.disabled,
    };
    let recovery = view.sets.first();
    let page = SecurityPage {
        mfa_policy: mfa_policy.to_owned(),
        mfa_active: !view.factors.is_empty(),
        factors: view.factors.iter().map(row).collect(),
        addable: view.addable.iter().map(|kind| FactorChoice::new(kind.as_str())).collect(),
        recovery: recovery.map(|set| RecoveryStatus { left: set.left, total: set.total, low: set.low }),
        notice,
        error,
        policy_note: Some(Message::notice(note)),
    };
    visit.page(status, &page, Frame::center(&account.live.user, Nav::Security))
}

/// Wants another factor.
pub(super) async fn add(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let kind = fields.get("kind");
    if kind.is_empty() || !kind.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
        return visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST));
    }
    visit.see_other(&format!("/u/security/enrol/{kind}"))
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
            };
            visit.page(status, &page, Frame::center(&account.live.user, Nav::Security))
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
            let page = reveal(revealed, "/u/security", None);
            let response =
                visit.page(StatusCode::OK, &page, Frame::center(&account.live.user, Nav::Security));
            return visit.with_session(response, step.and_then(|step| step.session).as_ref());
        }
        Ok(Enrolled::Step(step)) => return visit.step(Ok(*step)),
        Ok(Enrolled::Wrong) => (StatusCode::OK, Message::error(keys::CODE_WRONG)),
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
    let account = match enter(&mut visit, "/u/security").await {
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

/// Removes a factor.
pub(super) async fn remove(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, CHANGE).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let removed = match fields.get("credential").parse() {
        Ok(id) => visit.app().remove_factor(&visit.cx, &account, id).await,
        Err(_) => Ok(Removal::Unknown),
    };
    let answer = match removed {
        Ok(Removal::Done) => (StatusCode::OK, Some(Message::success(keys::FACTOR_REMOVED)), None),
        Ok(Removal::Unknown) => (StatusCode::NOT_FOUND, None, Some(Message::error(keys::GONE))),
        Ok(Removal::Required) => (StatusCode::FORBIDDEN, None, Some(Message::error(keys::FACTOR_REQUIRED))),
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer).await
}

/// New recovery codes; the old ones are void.
pub(super) async fn regenerate(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, CHANGE).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let kind = FactorKind::from_text(fields.optional("kind").unwrap_or("recovery"));
    match visit.app().regenerate(&visit.cx, &account, &kind).await {
        Ok(Some(revealed)) => {
            let page = reveal(revealed, "/u/security", None);
            visit.page(StatusCode::OK, &page, Frame::center(&account.live.user, Nav::Security))
        }
        Ok(None) => {
            show(&visit, &account, (StatusCode::NOT_FOUND, None, Some(Message::error(keys::GONE)))).await
        }
        Err(cause) => visit.failed(&cause),
    }
}
