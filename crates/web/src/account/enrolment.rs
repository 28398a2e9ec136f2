//! Setting up a factor in the user center.

use crate::{
    account::{card::card_of, factors::Query, removal::asked},
    extract::{Asked, At, MALFORMED, NOT_FOUND, Posted},
    gate::enter,
    http::reply::Reply,
    messages::{Said, reveal, shown_again, stale, wrong_answer},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Admitted, EnableFactors, EnrolFactor, Enrolled, Kept, RegenerateCodes, View};
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
    Ok(visit.say(paths::SECURITY, &Said::done(keys::MFA_ENABLED)))
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
    show(&visit, &account, visit.said()).await
}

async fn show(visit: &Visit, account: &Admitted<EnrolFactor>, said: Said) -> Reply {
    let page = visit.app().accounts().enrolment_page(&visit.cx, account).await?.ok_or(NOT_FOUND)?;
    let view = EnrolPage {
        action: paths::enrol_factor(&page.kind),
        flow: None,
        view: shown_again(page.view, &said),
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
    let after = paths::security_after(paths::Done::Enrolled);
    let (label, input) = (fields.get("label").to_owned(), fields.into_factor_input());
    let said = match visit.app().accounts().finish_enrolment(&visit.cx, &account, &ceremony, input).await? {
        Enrolled::Shown { step } => {
            let response = visit.see_other(&paths::codes(paths::Done::Enrolled));
            return Ok(visit.with_session(response, step.and_then(|step| step.session).as_ref()));
        }
        Enrolled::Step(step) => return Ok(visit.with_step(visit.see_other(&after), &step)),
        Enrolled::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Enrolled::Refused { key } => Said::wrong(StatusCode::FORBIDDEN, Message::error(key)),
        Enrolled::LabelInvalid => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::LABEL_INVALID)),
        Enrolled::Stale | Enrolled::Expired => stale(),
    };
    Ok(visit.say(&paths::enrol_factor(&account.action().0), &said.typed("label", &label)))
}

/// What a change shows only once: on this page, until it is saved.
pub(crate) async fn codes(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let account = enter(&visit, View(AccountPage::Security)).await?;
    let revealed = match visit.app().accounts().revealed(&visit.cx, &account).await? {
        Some(Kept::Shown(revealed)) => Some(*revealed),
        Some(Kept::AfterProof) => {
            let account = enter(&visit, RegenerateCodes).await?;
            visit.app().accounts().revealed_again(&visit.cx, &account).await?
        }
        None => None,
    };
    let Some(revealed) = revealed else { return Ok(visit.see_other(paths::SECURITY)) };
    let page = reveal(revealed, &paths::codes(done_of(&query)), None);
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Security)))
}

fn done_of(query: &Query) -> paths::Done {
    paths::done(&query.done).unwrap_or(paths::Done::Enrolled)
}

/// It is saved.
pub(crate) async fn saved(Asked(query): Asked<Query>, posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, View(AccountPage::Security)).await?;
    visit.app().accounts().saved(&visit.cx, &account).await?;
    Ok(visit.see_other(&paths::security_after(done_of(&query))))
}
