//! Changing or proving the mail address.

use crate::{
    extract::Posted,
    gate::enter,
    http::reply::{Reply, Stop},
    messages::{Said, too_many},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_domain::{AccountPage, user::shown_address};
use vestibule_flows::{AddressAsked, AddressProof, ChangeAddress, View};
use vestibule_pages::{AddressPage, Message, Nav, keys};

/// The server cannot send mail.
const OFF: Stop = Stop::Problem(StatusCode::FORBIDDEN, keys::FEATURE_OFF);

/// The form for the address. Where the present one was never proved, it stands there already.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, ChangeAddress).await?;
    if !visit.app().can_mail() {
        return Err(OFF);
    }
    let user = &account.live.user;
    let shown = user.email.as_deref().map(shown_address);
    let said = visit.said();
    let unproved = shown.clone().filter(|_| !user.email_verified);
    let page = AddressPage {
        email: said.again("email").or(unproved).unwrap_or_default(),
        current: shown,
        verified: user.email_verified,
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::center(&visit, &account, Nav::Profile)))
}

/// Mails a code to the address.
pub(crate) async fn ask(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, ChangeAddress).await?;
    let typed = fields.get("email");
    let wrong = |key| Said::wrong(StatusCode::BAD_REQUEST, Message::error(key));
    let said = match visit.app().accounts().ask_address(&visit.cx, &account, typed).await? {
        AddressAsked::Taken => return Ok(visit.say(paths::PROFILE, &Said::default())),
        AddressAsked::NoMail => return Err(OFF),
        AddressAsked::Invalid => wrong(keys::EMAIL_INVALID),
        AddressAsked::Same => wrong(keys::EMAIL_UNCHANGED),
        AddressAsked::TooMany { seconds } => too_many(seconds),
    };
    Ok(visit.say(paths::PROFILE_ADDRESS, &said.typed("email", typed)))
}

/// Proves an address by its code.
pub(crate) async fn prove(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    let proof = visit.app().accounts().prove_address(&visit.cx, &account, fields.get("code")).await?;
    let said = match proof {
        AddressProof::Done => Said::done(keys::EMAIL_PROVED),
        AddressProof::Wrong => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::EMAIL_CODE_WRONG)),
        AddressProof::InUse => Said::wrong(StatusCode::CONFLICT, Message::error(keys::EMAIL_IN_USE)),
        AddressProof::TooMany { seconds } => too_many(seconds),
    };
    Ok(visit.say(paths::PROFILE, &said))
}

/// Forgets an address that waits for its code.
pub(crate) async fn cancel(posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    visit.app().accounts().cancel_address(&visit.cx, &account).await?;
    Ok(visit.say(paths::PROFILE, &Said::default()))
}
