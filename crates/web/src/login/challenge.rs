//! The page of a flow at its stage, and the second factor.

use crate::{
    extract::{EXPIRED, FlowAsked, FlowPosted},
    http::reply::Reply,
    messages::{Said, reason, shown, stale, throttled, too_many, wrong_answer},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::{FactorKind, FlowId};
use vestibule_flows::{Answer, Chosen, FlowPage, FlowView};
use vestibule_mfa::FactorView;
use vestibule_pages::{
    DonePage, EnrolChoicePage, EnrolPage, FactorChoice, Message, SecondFactorPage, SkipOffer, keys,
};

/// The page of a flow at its stage.
pub(crate) async fn page(asked: FlowAsked) -> Reply {
    let FlowAsked { visit, flow } = asked;
    show(&visit, flow, Said::default()).await
}

/// What every page of a flow says.
struct About {
    flow: String,
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
pub(crate) async fn show(visit: &Visit, id: FlowId, said: Said) -> Reply {
    let page = visit.app().sign_in().flow_page(&visit.cx, id).await?.ok_or(EXPIRED)?;
    visit.speak(page.locale.as_deref());
    let about = About {
        flow: id.to_string(),
        reason: reason_for(visit, &page),
        skip: page
            .skip
            .as_ref()
            .map(|skip| SkipOffer { left: skip.skips_left, from: skip.from.map(|from| from.as_seconds()) }),
        locked: page.locked,
        said,
    };
    let (status, frame) = (about.said.status, Frame::toward(page.client_name.is_some()));
    Ok(match page.view {
        FlowView::Verify { kind, view, others } => {
            let FlowPage { username, client_name, remember_days, .. } = page;
            let asked = Verification { kind, view, others, username, client_name, remember_days };
            visit.page(status, &verification(about, asked), frame)
        }
        FlowView::EnrolChoice(kinds) => visit.page(status, &enrolment_choice(about, choices(&kinds)), frame),
        FlowView::Enrol { kind, view } => visit.page(status, &enrolment(about, &kind, view), frame),
        FlowView::CodesShown => visit.page(status, &codes_shown(id), frame),
    })
}

fn choices(kinds: &[FactorKind]) -> Vec<FactorChoice> {
    kinds.iter().map(|kind| FactorChoice::new(kind.as_str())).collect()
}

/// A second factor is asked for.
fn verification(about: About, asked: Verification) -> SecondFactorPage {
    SecondFactorPage {
        trace: Some(about.flow.clone()),
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
        trace: Some(about.flow.clone()),
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
        trace: Some(about.flow.clone()),
        flow: Some(about.flow),
        view: shown(view),
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

/// The recovery codes were shown and are gone; only going on is left.
fn codes_shown(id: FlowId) -> DonePage {
    DonePage {
        title: Message::notice(keys::CODES_SHOWN),
        detail: Message::notice(keys::CODES_SHOWN_DETAIL),
        next_url: paths::codes_continue(id),
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
    let said = match visit.app().sign_in().answer(&visit.cx, flow, &ceremony, input).await? {
        Answer::Step(step) => return Ok(visit.step(&step)),
        Answer::Locked { seconds, request } => return Ok(locked(&visit, seconds, &request)),
        Answer::Expired => return Err(EXPIRED),
        Answer::Wrong { kind, hint } => wrong_answer(&kind, hint),
        Answer::Throttled { seconds } => too_many(seconds),
        Answer::Disabled => Said::wrong(StatusCode::FORBIDDEN, Message::error(keys::FACTOR_DISABLED)),
        Answer::Stale => stale(),
    };
    show(&visit, flow, said).await
}

/// One wrong answer too many: this sign-in is over.
fn locked(visit: &Visit, seconds: i64, request: &str) -> Response {
    let page = DonePage {
        title: Message::error(keys::TITLE_TOO_MANY),
        detail: throttled(seconds),
        next_url: paths::login(request),
        next_label: Message::notice(keys::NEXT_SIGN_IN),
        advice: None,
    };
    visit.page(StatusCode::TOO_MANY_REQUESTS, &page, Frame::default())
}

/// Another factor, or which one to enrol.
pub(crate) async fn choose(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, fields } = posted;
    let kind = FactorKind::from_text(fields.get("kind"));
    match visit.app().sign_in().choose_factor(&visit.cx, flow, &kind).await? {
        Chosen::Next(next) => Ok(visit.next(&next)),
        Chosen::TooManyMails => {
            let error = Message::error(keys::MAIL_LIMIT).arg("minutes", 60);
            show(&visit, flow, Said::wrong(StatusCode::TOO_MANY_REQUESTS, error)).await
        }
    }
}
