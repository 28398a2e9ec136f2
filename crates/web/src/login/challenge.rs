//! The page of a flow at its stage, and the second factor.

use crate::{
    extract::Posted,
    messages::{shown, throttled},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::{FactorKind, FlowId, Reason};
use vestibule_flows::{Answer, Chosen, FlowPage, FlowView, Next};
use vestibule_mfa::Hint;
use vestibule_pages::{
    DonePage, EnrolChoicePage, EnrolPage, FactorChoice, Locale, Message, SecondFactorPage, SkipOffer, keys,
};

/// Query of the pages of a flow.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    flow: String,
}

/// The page of a flow at its stage.
pub(crate) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let Ok(flow) = asked.flow.parse() else { return visit.next(&Next::Expired) };
    show(visit, flow, (StatusCode::OK, None, None)).await
}

pub(crate) async fn show(
    mut visit: Visit,
    id: FlowId,
    (status, error, hint): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let page = match visit.app().sign_in().flow_page(&visit.cx, id).await {
        Ok(Some(page)) => page,
        Ok(None) => return visit.next(&Next::Expired),
        Err(cause) => return visit.failed(&cause),
    };
    if let Some(locale) = page.locale.as_deref().and_then(Locale::parse) {
        visit.locale = locale;
    }
    let trace = Some(id.to_string());
    let locked_warning = page.locked;
    let recovered = page.flow.events().iter().any(|event| event.evidence.is_recovery());
    let reason = match page.flow.requirement().reasons.first() {
        _ if recovered => Some(Message::notice(keys::REASON_RECOVERED)),
        _ if page.skip.is_some() => {
            Some(Message::notice(keys::REASON_SUGGESTED).arg("pool", visit.cx.pool.pool.name.as_str()))
        }
        first => first.map(|because| reason_of(because.reason, &page, &visit.cx.pool.pool.name)),
    };
    let skip = page
        .skip
        .map(|skip| SkipOffer { left: skip.skips_left, from: skip.from.map(|from| from.as_seconds()) });
    let (flow, cancel, frame) = (id.to_string(), true, Frame::toward(page.form_target));
    match page.view {
        FlowView::Verify { kind, view, others } => {
            let page = SecondFactorPage {
                flow,
                view: shown(view),
                kind: kind.to_string(),
                others: others.iter().map(|kind| FactorChoice::new(kind.as_str())).collect(),
                error,
                username: page.username,
                client_name: page.client_name,
                reason,
                cancel,
                remember_days: page.remember_days,
                hint,
                trace,
            };
            visit.page(status, &page, frame)
        }
        FlowView::EnrolChoice(choices) => {
            let choices = choices.iter().map(|kind| FactorChoice::new(kind.as_str())).collect();
            let page = EnrolChoicePage { flow, choices, reason, cancel, skip, locked_warning, trace };
            visit.page(status, &page, frame)
        }
        FlowView::Enrol { kind, view } => {
            let page = EnrolPage {
                action: paths::ENROL.to_owned(),
                flow: Some(flow),
                view: shown(view),
                kind: kind.to_string(),
                error,
                forced: skip.is_none(),
                reason,
                cancel,
                skip,
                locked_warning,
                replaces: false,
                trace,
            };
            visit.page(status, &page, frame)
        }
        FlowView::CodesShown => {
            let page = DonePage {
                title: Message::notice(keys::CODES_SHOWN),
                detail: Message::notice(keys::CODES_SHOWN_DETAIL),
                next_url: paths::codes_continue(id),
                next_label: Message::notice(keys::NEXT_CONTINUE),
            };
            visit.page(status, &page, frame)
        }
    }
}

fn reason_of(reason: Reason, page: &FlowPage, pool: &str) -> Message {
    let client = page.client_name.clone().unwrap_or_default();
    match reason {
        Reason::PoolRequires => Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", pool),
        Reason::UserEnrolled => Message::notice(keys::REASON_ENROLLED),
        Reason::ApplicationRequires | Reason::Requested => {
            Message::notice(keys::REASON_APP_REQUIRES).arg("client", client)
        }
        Reason::Fresh => Message::notice(keys::REASON_FRESH),
    }
}

/// An answer at the second factor.
pub(crate) async fn answer(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    let answer =
        visit.app().sign_in().answer(&visit.cx, flow, fields.get("ceremony"), fields.for_factor()).await;
    let mut help = None;
    let (status, error) = match answer {
        Ok(Answer::Step(step)) => return visit.step(Ok(*step)),
        Ok(Answer::Locked { seconds, request }) => return locked(&visit, seconds, &request),
        Ok(Answer::Expired) => return visit.next(&Next::Expired),
        Ok(Answer::Wrong { kind, hint }) => {
            help = hint.map(told);
            (StatusCode::OK, Message::error(format!("factor-{kind}-wrong")))
        }
        Ok(Answer::Throttled { seconds }) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
        Ok(Answer::Disabled) => (StatusCode::FORBIDDEN, Message::error(keys::FACTOR_DISABLED)),
        Ok(Answer::Stale) => (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED)),
        Err(cause) => return visit.failed(&cause),
    };
    show(visit, flow, (status, Some(error), help)).await
}

/// What a factor has to say besides "wrong".
fn told(hint: Hint) -> Message {
    hint.args.into_iter().fold(Message::notice(hint.key), |message, (name, value)| message.arg(&name, value))
}

/// One wrong answer too many: this sign-in is over.
fn locked(visit: &Visit, seconds: i64, request: &str) -> Response {
    let page = DonePage {
        title: Message::error(keys::TITLE_TOO_MANY),
        detail: throttled(seconds),
        next_url: paths::login(request),
        next_label: Message::notice(keys::NEXT_SIGN_IN),
    };
    visit.page(StatusCode::TOO_MANY_REQUESTS, &page, Frame::default())
}

/// Another factor, or which one to enrol.
pub(crate) async fn choose(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    let kind = FactorKind::from_text(fields.get("kind"));
    match visit.app().sign_in().choose_factor(&visit.cx, flow, &kind).await {
        Ok(Chosen::Next(next)) => visit.next(&next),
        Ok(Chosen::TooManyMails) => {
            let error = Message::error(keys::MAIL_LIMIT).arg("minutes", 60);
            show(visit, flow, (StatusCode::TOO_MANY_REQUESTS, Some(error), None)).await
        }
        Err(cause) => visit.failed(&cause),
    }
}
