//! The profile.

use crate::{
    account::card::card_of, extract::Posted, gate::enter, http::reply::Reply, messages::Said, page::Frame,
    paths, visit::Visit,
};
use http::StatusCode;
use vestibule_domain::{AccountPage, field, user::shown_address};
use vestibule_flows::{Account, View};
use vestibule_pages::{Locale, LocaleOption, Message, Nav, PendingEmail, ProfilePage, keys};

/// The profile.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    show(&visit, &account, visit.said()).await
}

async fn show(visit: &Visit, account: &Account, said: Said) -> Reply {
    let card = card_of(visit, account).await?;
    let user = &account.live.user;
    let pending = visit.app().accounts().pending_address(&visit.cx, account).await?;
    let page = ProfilePage {
        card,
        username: user.username.clone(),
        email: user.email.as_deref().map(shown_address),
        email_verified: user.email_verified,
        can_change_email: visit.app().can_mail(),
        pending: pending.map(|pending| PendingEmail {
            email: shown_address(&pending.address),
            until: pending.expires_at.as_seconds(),
        }),
        name: said.again("name").or_else(|| user.name.clone()).unwrap_or_default(),
        locale: said.again("locale").or_else(|| user.locale.clone()).unwrap_or_default(),
        locales: LocaleOption::all(),
        notice: said.notice,
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::center(visit, account, Nav::Profile)))
}

/// Saves name and language.
pub(crate) async fn save(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    let wrong = |key| {
        let said = Said::wrong(StatusCode::BAD_REQUEST, Message::error(key));
        visit.say(
            paths::PROFILE,
            &said.typed("name", fields.get("name")).typed("locale", fields.get("locale")),
        )
    };
    let name = fields.get("name").trim().to_owned();
    if !name.is_empty() && field::name(&name).is_err() {
        return Ok(wrong(keys::NAME_INVALID));
    }
    let locale = fields.optional("locale").map(str::to_owned);
    if locale.as_deref().is_some_and(|tag| !LocaleOption::all().iter().any(|option| option.tag == tag)) {
        return Ok(wrong(keys::LOCALE_INVALID));
    }
    let name = Some(name).filter(|name| !name.is_empty());
    let account = visit.app().accounts().update_profile(&visit.cx, account, name, locale).await?;
    let chosen = account.live.user.locale.as_deref().and_then(Locale::parse);
    Ok(visit.with_language(visit.say(paths::PROFILE, &Said::done(keys::PROFILE_SAVED)), chosen))
}
