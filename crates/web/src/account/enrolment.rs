//! Setting up a factor in the user center.

use crate::{
    account::{card::card_of, factors, removal::asked},
    extract::{At, MALFORMED, NOT_FOUND, Posted},
    gate::enter,
    http::reply::Reply,
    messages::{Said, reveal, shown, stale, wrong_answer},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_flows::{Admitted, EnableFactors, EnrolFactor, Enrolled};
use vestibule_pages::{ConfirmPage, EnrolPage, Message, Nav, keys};

/// Before the first second factor is set up: the present state, and what a factor means.
pub(crate) async fn confirm_enable(visit: Visit) -> Reply {
    let account = enter(&visit, EnableFactors).await?;
    let card = card_of(&visit, &account).await?;
    if !card.can_enable {
        return Ok(visit.see_other(paths::SECURITY));
    }
    Ok(asked(&visit, &account, &ConfirmPage::enable(card.locked)))
}

/// On to the enrolment; to the choice where there is one. A user with a factor that is not asked for is asked from now on.
pub(crate) async fn enable(posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, EnableFactors).await?;
    let view = visit.app().accounts().security(&visit.cx, &account).await?;
    if view.factors.is_empty() {
        return Ok(match view.addable.as_slice() {
            [only] => visit.see_other(&paths::enrol_factor(only)),
            _ => visit.see_other(&paths::security_choice()),
        });
    }
    if view.asked {
        return Ok(visit.see_other(paths::SECURITY));
    }
    visit.app().accounts().choose_factors(&visit.cx, &account).await?;
    factors::show(&visit, &account, Said::done(keys::MFA_ENABLED)).await
}

/// Wants another factor, or a new challenge for it.
pub(crate) async fn add(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let kind = paths::enrollable(fields.get("kind")).ok_or(MALFORMED)?;
    let account = enter(&visit, EnrolFactor(kind)).await?;
    visit.app().accounts().restart_enrolment(&visit.cx, &account).await?;
    Ok(visit.see_other(&paths::enrol_factor(&account.action().0)))
}

/// The enrolment page.
pub(crate) async fn page(visit: Visit, At(kind): At<String>) -> Reply {
    let kind = paths::enrollable(&kind).ok_or(NOT_FOUND)?;
    let account = enter(&visit, EnrolFactor(kind)).await?;
    show(&visit, &account, Said::default()).await
}

async fn show(visit: &Visit, account: &Admitted<EnrolFactor>, said: Said) -> Reply {
    let page = visit.app().accounts().enrolment_page(&visit.cx, account).await?.ok_or(NOT_FOUND)?;
    let view = EnrolPage {
        action: paths::enrol_factor(&page.kind),
        flow: None,
        view: shown(page.view),
        kind: page.kind.to_string(),
        error: said.error,
        forced: false,
        reason: None,
        cancel: true,
        skip: None,
        locked_warning: page.locked,
        hint: said.notice,
        replaces: page.replaces,
        trace: None,
    };
    Ok(visit.page(said.status, &view, Frame::center(visit, account, Nav::Security)))
}

/// The answer to an enrolment.
pub(crate) async fn enrol(At(kind): At<String>, posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let kind = paths::enrollable(&kind).ok_or(NOT_FOUND)?;
    let account = enter(&visit, EnrolFactor(kind)).await?;
    let ceremony = fields.get("ceremony").to_owned();
    let (input, after) = (fields.into_factor_input(), paths::security_after(paths::Done::Enrolled));
    let said = match visit.app().accounts().finish_enrolment(&visit.cx, &account, &ceremony, input).await? {
        Enrolled::Shown { revealed, step } => {
            let page = reveal(revealed, &after, None);
            let response = visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security));
            return Ok(visit.with_session(response, step.and_then(|step| step.session).as_ref()));
        }
        Enrolled::Step(step) => return Ok(visit.with_step(visit.see_other(&after), &step)),
        Enrolled::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Enrolled::Refused { key } => Said::wrong(StatusCode::FORBIDDEN, Message::error(key)),
        Enrolled::LabelInvalid => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Enrolled::Stale | Enrolled::Expired => stale(),
    };
    show(&visit, &account, said).await
}
