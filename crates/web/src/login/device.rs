//! The code that a device shows.

use crate::{
    extract::{Asked, Posted},
    gate::enter,
    http::reply::Reply,
    messages::{Said, too_many},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{ConnectDevice, DeviceAnswer, DeviceCodeTyped, NoteReader};
use vestibule_pages::{DevicePage, DonePage, Message, keys};

/// Longer texts are no code; in characters.
const LONGEST: usize = 64;

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    user_code: String,
}

fn cut(typed: &str) -> String {
    typed.chars().take(LONGEST).collect()
}

/// Asks for the code. One that came with the address is shown and not believed: the person compares it (RFC 8628 §3.3.1).
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let came = cut(&query.user_code);
    let account = enter(&visit, ConnectDevice(came.clone())).await?;
    let said = visit.said();
    let typed = said.again("user_code");
    let page = DevicePage {
        prefilled: typed.is_none() && !came.is_empty(),
        user_code: typed.unwrap_or(came),
        error: said.error,
        username: account.live.user.username.clone(),
    };
    Ok(visit.page(said.status, &page, Frame::default()))
}

/// Takes the code, and goes on to what its application asks for.
pub(crate) async fn typed(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let code = cut(fields.get("user_code"));
    let account = enter(&visit, ConnectDevice(code.clone())).await?;
    let said = match visit.app().sign_in().type_device_code(&visit.cx, &account).await? {
        DeviceCodeTyped::Good(step) => return Ok(visit.step(&step)),
        DeviceCodeTyped::Wrong => {
            Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::DEVICE_CODE_WRONG))
        }
        DeviceCodeTyped::TooMany { seconds } => too_many(seconds),
    };
    Ok(visit.say(paths::DEVICE, &said.typed("user_code", &code)))
}

/// After the answer: the browser has nothing more to do.
pub(crate) async fn answered(visit: Visit) -> Reply {
    let reader = NoteReader { page: paths::DEVICE_ANSWERED, user: None };
    let note = visit.note.as_deref().and_then(|note| visit.app().open_note(&visit.cx, &reader, note));
    let (title, detail, client) = match note.and_then(|note| serde_json::from_slice(&note).ok()) {
        Some(DeviceAnswer::Allowed { client_name }) => {
            (Message::success(keys::DEVICE_ALLOWED), keys::DEVICE_ALLOWED_DETAIL, client_name)
        }
        Some(DeviceAnswer::Denied { client_name }) => {
            (Message::notice(keys::DEVICE_DENIED), keys::DEVICE_DENIED_DETAIL, client_name)
        }
        Some(DeviceAnswer::Over) | None => return Ok(visit.see_other(paths::DEVICE)),
    };
    let page = DonePage {
        title,
        detail: Message::notice(detail).arg("client", client),
        next_url: paths::ACCOUNT.to_owned(),
        next_label: Message::notice(keys::NEXT_ACCOUNT),
        advice: None,
    };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}
