//! Setting up a factor in the user center.

use crate::{
    account::{card::card_of, factors::show, removal::asked},
    extract::Posted,
    gate::enter,
    messages::{reveal, shown},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::{extract::Path, response::Response};
use http::StatusCode;
use vestibule_domain::FactorKind;
use vestibule_flows::{EnableFactors, EnrolFactor, Enrolled};
use vestibule_pages::{ConfirmPage, EnrolPage, Message, Nav, keys};

/// Before a first factor: how it stands, and what it means.
pub(crate) async fn confirm_enable(mut visit: Visit) -> Response {
    let account = match enter(&mut visit, EnableFactors).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match card_of(&visit, &account).await {
        Ok(card) if card.can_enable => asked(&visit, &account, &ConfirmPage::enable(card.locked)),
        Ok(_) => visit.see_other(paths::SECURITY),
        Err(response) => response,
    }
}

/// On to the enrolment; to the choice where there is one. A user with a factor that is not asked for is asked from now on.
pub(crate) async fn enable(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, EnableFactors).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().accounts().security(&visit.cx, &account).await {
        Ok(view) if view.asked && !view.factors.is_empty() => visit.see_other(paths::SECURITY),
        Ok(view) if !view.factors.is_empty() => {
            match visit.app().accounts().choose_factors(&visit.cx, &account).await {
                Ok(_) => {
                    let enabled = Some(Message::success(keys::MFA_ENABLED));
                    show(&visit, &account, (StatusCode::OK, enabled, None)).await
                }
                Err(cause) => visit.failed(&cause),
            }
        }
        Ok(view) => match view.addable.as_slice() {
            [only] => visit.see_other(&paths::enrol_factor(only)),
            _ => visit.see_other(&paths::security_choice()),
        },
        Err(cause) => visit.failed(&cause),
    }
}

/// Wants another factor, or a new challenge for it.
pub(crate) async fn add(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let Some(kind) = paths::enrollable(fields.get("kind")) else {
        return visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST));
    };
    let account = match enter(&mut visit, EnrolFactor(kind)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().accounts().restart_enrolment(&visit.cx, &account).await {
        Ok(()) => visit.see_other(&paths::enrol_factor(&account.action().0)),
        Err(cause) => visit.failed(&cause),
    }
}

/// The enrolment page.
pub(crate) async fn page(visit: Visit, Path(kind): Path<String>) -> Response {
    match paths::enrollable(&kind) {
        Some(kind) => show_form(visit, kind, (StatusCode::OK, None)).await,
        None => visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND)),
    }
}

async fn show_form(
    mut visit: Visit,
    kind: FactorKind,
    (status, error): (StatusCode, Option<Message>),
) -> Response {
    let account = match enter(&mut visit, EnrolFactor(kind)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().accounts().enrolment_page(&visit.cx, &account).await {
        Ok(Some(page)) => {
            let page = EnrolPage {
                action: paths::enrol_factor(&page.kind),
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
pub(crate) async fn enrol(Path(kind): Path<String>, posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let Some(kind) = paths::enrollable(&kind) else {
        return visit.problem(StatusCode::NOT_FOUND, Message::error(keys::NOT_FOUND));
    };
    let account = match enter(&mut visit, EnrolFactor(kind)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let ceremony = fields.get("ceremony");
    let enrolled =
        visit.app().accounts().finish_enrolment(&visit.cx, &account, ceremony, fields.for_factor()).await;
    let (status, error) = match enrolled {
        Ok(Enrolled::Shown { revealed, step }) => {
            let page = reveal(revealed, &paths::security_after(paths::Done::Enrolled), None);
            let response = visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security));
            return visit.with_session(response, step.and_then(|step| step.session).as_ref());
        }
        Ok(Enrolled::Step(step)) => {
            return visit.with_step(visit.see_other(&paths::security_after(paths::Done::Enrolled)), &step);
        }
        Ok(Enrolled::Wrong { kind }) => (StatusCode::OK, Message::error(format!("factor-{kind}-wrong"))),
        Ok(Enrolled::Refused { key }) => (StatusCode::FORBIDDEN, Message::error(key)),
        Ok(Enrolled::LabelInvalid) => (StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Ok(Enrolled::Stale | Enrolled::Expired) => {
            (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED))
        }
        Err(cause) => return visit.failed(&cause),
    };
    show_form(visit, account.action().0.clone(), (status, Some(error))).await
}
