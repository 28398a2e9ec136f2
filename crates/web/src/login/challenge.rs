//! The page of a flow at its stage, and the second factor.

use crate::{
    extract::{FlowAsked, FlowPosted, Handle},
    http::reply::Reply,
    login::leave::{go_on, over},
    messages::{Ended, Said, reason, reveal, shown, shown_again, stale, too_many, wrong_answer},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::FactorKind;
use vestibule_flows::{Answer, Chosen, FlowPage, FlowView};
use vestibule_mfa::FactorView;
use vestibule_pages::{
    DonePage, EnrolChoicePage, EnrolPage, FactorChoice, Message, SecondFactorPage, SkipOffer, keys,
};

/// The page of a flow at its stage.
pub(crate) async fn page(asked: FlowAsked) -> Reply {
    let FlowAsked { visit, flow } = asked;
    let Some(page) = visit.app().sign_in().flow_page(&visit.cx, flow.id).await? else {
        return over(&visit, &flow.request).await;
    };
    // What was proved in another tab meanwhile need not be proved again.
    match visit.app().sign_in().beyond_flow(&visit.cx, &page.flow).await? {
        Some(step) => Ok(visit.step(&step)),
        None => Ok(show(&visit, &flow, page)),
    }
}

/// What every page of a flow says.
struct About {
    flow: String,
    /// The flow alone: what the help desk looks up.
    trace: String,
    reason: Option<Message>,
    skip: Option<SkipOffer>,
    locked: bool,
    /// The notice is a hint here: what a factor has to say besides "wrong".
    said: Said,
}

/// What the page of a second factor says besides.
struct Verification {
    kind: FactorKind,
    view: FactorView,
    others: Vec<FactorKind>,
    username: String,
    client_name: Option<String>,
    remember_days: Option<u32>,
}

/// Shows the page of a flow at its stage.
fn show(visit: &Visit, flow: &Handle, page: FlowPage) -> Response {
    let said = visit.said();
    visit.speak(page.locale.as_deref());
    let request = visit.app().sign_in().request_of(&visit.cx, &page.flow);
    let about = About {
        flow: Handle { request, ..flow.clone() }.to_string(),
        trace: flow.id.to_string(),
        reason: reason_for(visit, &page),
        skip: page
            .skip
            .as_ref()
            .map(|skip| SkipOffer { left: skip.skips_left, from: skip.from.map(|from| from.as_seconds()) }),
        locked: page.locked,
        said,
    };
    let (status, frame) = (about.said.status, Frame::toward(page.client_name.is_some()));
    match page.view {
        FlowView::Verify { kind, view, others } => {
            let FlowPage { username, client_name, remember_days, .. } = page;
            let asked = Verification { kind, view, others, username, client_name, remember_days };
            visit.page(status, &verification(about, asked), frame)
        }
        FlowView::EnrolChoice(kinds) => visit.page(status, &enrolment_choice(about, choices(&kinds)), frame),
        FlowView::Enrol { kind, view } => visit.page(status, &enrolment(about, &kind, view), frame),
        FlowView::Codes(Some(revealed)) => {
            visit.page(status, &reveal(revealed, paths::CODES, Some(about.flow)), frame)
        }
        FlowView::Codes(None) => visit.page(status, &codes_shown(&about.flow), frame),
    }
}

fn choices(kinds: &[FactorKind]) -> Vec<FactorChoice> {
    kinds.iter().map(|kind| FactorChoice::new(kind.as_str())).collect()
}

/// A second factor is asked for.
fn verification(about: About, asked: Verification) -> SecondFactorPage {
    SecondFactorPage {
        trace: Some(about.trace),
        flow: about.flow,
        view: shown(asked.view),
        kind: asked.kind.to_string(),
        others: choices(&asked.others),
        error: about.said.error,
        username: asked.username,
        client_name: asked.client_name,
        reason: about.reason,
        cancel: true,
        remember_days: asked.remember_days,
        hint: about.said.notice,
    }
}

/// A factor is to be enrolled: first, which.
fn enrolment_choice(about: About, choices: Vec<FactorChoice>) -> EnrolChoicePage {
    EnrolChoicePage {
        trace: Some(about.trace),
        flow: about.flow,
        choices,
        reason: about.reason,
        cancel: true,
        skip: about.skip,
        locked_warning: about.locked,
    }
}

/// A factor is being enrolled.
fn enrolment(about: About, kind: &FactorKind, view: FactorView) -> EnrolPage {
    EnrolPage {
        action: paths::ENROL.to_owned(),
        trace: Some(about.trace),
        flow: Some(about.flow),
        view: shown_again(view, &about.said),
        kind: kind.to_string(),
        error: about.said.error,
        forced: about.skip.is_none(),
        reason: about.reason,
        cancel: true,
        skip: about.skip,
        locked_warning: about.locked,
        hint: about.said.notice,
        replaces: false,
    }
}

/// The recovery codes were shown long ago and are gone; only going on is left.
fn codes_shown(flow: &str) -> DonePage {
    DonePage {
        title: Message::notice(keys::CODES_SHOWN),
        detail: Message::notice(keys::CODES_SHOWN_DETAIL),
        next_url: paths::at_flow(paths::CODES_CONTINUE, flow),
        next_label: Message::notice(keys::NEXT_CONTINUE),
        advice: None,
    }
}

/// Why something is asked for, as the page says it.
fn reason_for(visit: &Visit, page: &FlowPage) -> Option<Message> {
    let pool = visit.cx.pool.pool.name.as_str();
    let requirement = page.flow.requirement();
    let enrols = matches!(page.view, FlowView::EnrolChoice(_) | FlowView::Enrol { .. });
    let recovered = page.flow.events().iter().any(|event| event.evidence.is_recovery());
    // A recovery code of earlier is no reason for a prompt: only one that leads to nothing but an enrolment.
    if enrols && recovered && requirement.rebind && page.skip.is_none() {
        return Some(Message::notice(keys::REASON_RECOVERED));
    }
    if page.skip.is_some() {
        return Some(Message::notice(keys::REASON_SUGGESTED).arg("pool", pool));
    }
    let client = page.client_name.as_deref().unwrap_or_default();
    requirement.reasons.first().map(|because| reason(because, pool, client))
}

/// An answer at the second factor.
pub(crate) async fn answer(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, fields } = posted;
    let ceremony = fields.get("ceremony").to_owned();
    let input = fields.into_factor_input();
    let said = match visit.app().sign_in().answer(&visit.cx, flow.id, &ceremony, input).await? {
        Answer::Step(step) => return go_on(&visit, *step, &flow.request).await,
        Answer::Locked { seconds, request } => {
            return Ok(visit.say(&paths::login(&request), &Said::ended(Ended::Locked(seconds))));
        }
        Answer::Expired => return over(&visit, &flow.request).await,
        Answer::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Answer::Throttled { seconds } => too_many(seconds),
        Answer::Disabled => Said::wrong(StatusCode::FORBIDDEN, Message::error(keys::FACTOR_DISABLED)),
        Answer::Stale => stale(),
    };
    Ok(visit.say(&paths::at_flow(paths::FACTOR, &flow.to_string()), &said))
}

/// Another factor, or which one to enrol.
pub(crate) async fn choose(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, fields } = posted;
    let kind = FactorKind::from_text(fields.get("kind"));
    match visit.app().sign_in().choose_factor(&visit.cx, flow.id, &kind).await? {
        Chosen::Next(next) => go_on(&visit, next.into(), &flow.request).await,
        Chosen::TooManyMails => {
            let error = Message::error(keys::MAIL_LIMIT).arg("minutes", 60);
            let said = Said::wrong(StatusCode::TOO_MANY_REQUESTS, error);
            Ok(visit.say(&paths::at_flow(paths::FACTOR, &flow.to_string()), &said))
        }
    }
}
