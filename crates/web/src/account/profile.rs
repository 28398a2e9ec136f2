//! The profile.

use crate::{
    account::card::card_of, extract::Posted, gate::enter, http::form::Fields, http::reply::Reply,
    messages::Said, page::Frame, paths, visit::Visit,
};
use http::StatusCode;
use vestibule_domain::{
    AccountPage, Attribute, AttributeType, Editor, PersonalField, PoolSettings, ProfileEdit, TextField,
    field, profile::time_zones, user::shown_address,
};
use vestibule_flows::{Account, ProfileChange, View};
use vestibule_pages::{
    Locale, LocaleOption, Message, Nav, PendingEmail, ProfileField, ProfileInput, ProfilePage, keys,
};

/// The profile.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    show(&visit, &account, visit.said()).await
}

async fn show(visit: &Visit, account: &Account, said: Said) -> Reply {
    let card = card_of(visit, account).await?;
    let user = &account.live.user;
    let pending = visit.app().accounts().pending_address(&visit.cx, account).await?;
    let settings = &visit.cx.pool.pool.settings;
    let zoned = settings.account.profile_fields.contains(&PersonalField::Zoneinfo);
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
        fields: fields_of(settings, account, &said),
        zones: if zoned { time_zones().collect() } else { Vec::new() },
        notice: said.notice,
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::center(visit, account, Nav::Profile)))
}

/// The field in a note that says which one was refused; no form has it.
const WRONG: &str = " wrong";

/// So many bytes of what was typed are shown again after a refusal, in all: they travel in an address, and proxies take short ones.
const LONGEST_NOTE: usize = 1500;

/// What the pool lets people fill in, with what was typed before.
fn fields_of(settings: &PoolSettings, account: &Account, said: &Said) -> Vec<ProfileField> {
    let profile = &account.live.user.profile;
    let standard = offered_texts(settings).map(|field| {
        let name = field.as_str();
        let value = said.again(name).or_else(|| profile.text(field).map(str::to_owned));
        ProfileField::standard(name, value.unwrap_or_default())
    });
    let own = offered_attributes(settings).map(|attribute| {
        let stored = profile.attributes.get(&attribute.name).filter(|value| attribute.fits(value));
        let name = attribute.field();
        let value = said.again(&name).or_else(|| stored.map(vestibule_domain::AttributeValue::as_typed));
        let input = match attribute.kind {
            AttributeType::String | AttributeType::Integer => ProfileInput::Line,
            AttributeType::Boolean => ProfileInput::Choice,
            AttributeType::StringList => ProfileInput::Lines,
        };
        ProfileField::own(&name, attribute.title(), input, value.unwrap_or_default())
    });
    let wrong = said.again(WRONG);
    let marked = |field: ProfileField| ProfileField { wrong: wrong.as_ref() == Some(&field.name), ..field };
    standard.chain(own).map(marked).collect()
}

fn offered_texts(settings: &PoolSettings) -> impl Iterator<Item = TextField> + '_ {
    TextField::ALL.iter().copied().filter(|field| field.is_for(&settings.account.profile_fields))
}

fn offered_attributes(settings: &PoolSettings) -> impl Iterator<Item = &Attribute> {
    settings.attributes.iter().filter(|attribute| attribute.edit == Editor::Person)
}

/// What the form says of the fields that are offered; of the others it says nothing.
fn edit_of(settings: &PoolSettings, fields: &Fields) -> ProfileEdit {
    let texts =
        offered_texts(settings).filter_map(|field| Some((field, fields.given(field.as_str())?.to_owned())));
    let own = offered_attributes(settings)
        .filter_map(|attribute| Some((attribute.name.clone(), fields.given(&attribute.field())?.to_owned())));
    ProfileEdit { texts: texts.collect(), attributes: own.collect() }
}

/// Saves what was typed.
pub(crate) async fn save(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Profile)).await?;
    let wrong = |key| {
        let said = Said::wrong(StatusCode::BAD_REQUEST, Message::error(key));
        typed_again(
            said.typed("name", fields.get("name")).typed("locale", fields.get("locale")),
            &visit,
            &fields,
        )
    };
    let name = fields.get("name").trim().to_owned();
    if !name.is_empty() && field::name(&name).is_err() {
        return Ok(visit.say(paths::PROFILE, &wrong(keys::NAME_INVALID)));
    }
    let locale = fields.optional("locale").map(str::to_owned);
    if locale.as_deref().is_some_and(|tag| !LocaleOption::all().iter().any(|option| option.tag == tag)) {
        return Ok(visit.say(paths::PROFILE, &wrong(keys::LOCALE_INVALID)));
    }
    let name = Some(name).filter(|name| !name.is_empty());
    let edit = edit_of(&visit.cx.pool.pool.settings, &fields);
    let change = ProfileChange { name, locale, edit };
    match visit.app().accounts().update_profile(&visit.cx, account, change).await? {
        Ok(account) => {
            let chosen = account.live.user.locale.as_deref().and_then(Locale::parse);
            Ok(visit.with_language(visit.say(paths::PROFILE, &Said::done(keys::PROFILE_SAVED)), chosen))
        }
        Err(field) => {
            let said = wrong(keys::PROFILE_FIELD_INVALID).typed(WRONG, &field);
            Ok(visit.say(paths::PROFILE, &said))
        }
    }
}

/// With what was typed into the offered fields, as far as it fits.
fn typed_again(said: Said, visit: &Visit, fields: &Fields) -> Said {
    let settings = &visit.cx.pool.pool.settings;
    let names = offered_texts(settings).map(|field| field.as_str().to_owned());
    let names = names.chain(offered_attributes(settings).map(Attribute::field));
    let (mut left, mut said) = (LONGEST_NOTE, said);
    for name in names {
        let Some(text) = fields.given(&name) else { continue };
        if text.len() <= left {
            left -= text.len();
            said = said.typed_whole(&name, text);
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_a_pool_can_offer_has_a_label() {
        let every = PersonalField::ALL.iter().copied().collect();
        let offered = TextField::ALL.iter().filter(|field| field.is_for(&every));
        let last = |field: &TextField| field.as_str().rsplit('.').next().unwrap_or_default();
        let names: Vec<&str> = offered.map(last).collect();
        assert_eq!(names, vestibule_pages::PROFILE_FIELDS);
        for field in TextField::ALL.iter().filter(|field| field.is_for(&every)) {
            let shown = ProfileField::standard(field.as_str(), String::new());
            assert_eq!(shown.input == ProfileInput::Lines, field.has_lines(), "{field:?}");
        }
    }
}
