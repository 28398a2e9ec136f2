//! The profile page of the user center.

use serde::Serialize;

use super::{LocaleOption, MfaCard, MfaState, Page};
use crate::{Message, keys};

/// An address that waits for its code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PendingEmail {
    /// The address.
    pub email: String,
    /// Until when the code is good, Unix seconds.
    pub until: i64,
}

/// How a field of the profile is filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileInput {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Lines,
    /// `true`, `false`, or nothing.
    Choice,
}

/// A field of the profile that the pool offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProfileField {
    /// Name of the field in the form.
    pub name: String,
    /// Identifier in the page.
    pub id: String,
    /// Translation key of its label; `None` for the pool's own.
    pub label_key: Option<String>,
    /// The label of one of the pool's own.
    pub label: String,
    /// Translation key of a hint.
    pub hint_key: Option<String>,
    /// The value.
    pub value: String,
    /// How it is filled in.
    pub input: ProfileInput,
    /// What browsers fill in by themselves (HTML, autofill field names).
    pub autocomplete: String,
    /// Which keys a phone shows.
    pub mode: String,
    /// Identifier of the list that values can be chosen from.
    pub list: String,
    /// Whether the value was refused.
    pub wrong: bool,
}

/// The fields that there are labels for, as their translation keys end.
pub const PROFILE_FIELDS: &[&str] = &[
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "gender",
    "birthdate",
    "phone_number",
    "street_address",
    "postal_code",
    "locality",
    "region",
    "country",
    "zoneinfo",
    "picture",
    "profile",
    "website",
];

impl ProfileField {
    /// A standard field by the name of its claim, `address.` before the members of the address.
    #[must_use]
    pub fn standard(name: &str, value: String) -> Self {
        let last = name.rsplit('.').next().unwrap_or(name);
        let (hint, autocomplete, mode) = match last {
            "given_name" => (None, "given-name", ""),
            "middle_name" => (None, "additional-name", ""),
            "family_name" => (None, "family-name", ""),
            "nickname" => (None, "nickname", ""),
            "gender" => (None, "sex", ""),
            "birthdate" => (Some("birthdate"), "bday", ""),
            "phone_number" => (Some("phone_number"), "tel", "tel"),
            "street_address" => (None, "street-address", ""),
            "postal_code" => (None, "postal-code", ""),
            "locality" => (None, "address-level2", ""),
            "region" => (None, "address-level1", ""),
            "country" => (None, "country-name", ""),
            "zoneinfo" => (Some("zoneinfo"), "off", ""),
            "picture" => (Some("picture"), "photo", "url"),
            "profile" | "website" => (Some("page"), "url", "url"),
            _ => (None, "off", ""),
        };
        Self {
            name: name.to_owned(),
            id: format!("profile-{}", last.replace('_', "-")),
            label_key: Some(format!("profile-field-{last}")),
            hint_key: hint.map(|hint| format!("profile-hint-{hint}")),
            value,
            input: if last == "street_address" { ProfileInput::Lines } else { ProfileInput::Line },
            autocomplete: autocomplete.to_owned(),
            mode: mode.to_owned(),
            list: if last == "zoneinfo" { "time-zones".to_owned() } else { String::new() },
            ..Self::default()
        }
    }

    /// One of the pool's own.
    #[must_use]
    pub fn own(name: &str, label: &str, input: ProfileInput, value: String) -> Self {
        let hint_key = (input == ProfileInput::Lines).then(|| "profile-hint-lines".to_owned());
        Self {
            name: name.to_owned(),
            id: name.replace(['.', '_'], "-"),
            label: label.to_owned(),
            hint_key,
            value,
            input,
            autocomplete: "off".to_owned(),
            ..Self::default()
        }
    }
}

/// `/u/profile`; posts there (`name`, `locale`, and the names of the fields), to `/u/profile/address/prove` (`code`) and
/// `/u/profile/address/cancel`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ProfilePage {
    /// User name, shown only.
    pub username: String,
    /// Address.
    pub email: Option<String>,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// Whether it can be changed here: a mail has to prove the new one.
    pub can_change_email: bool,
    /// The address that waits for its code.
    pub pending: Option<PendingEmail>,
    /// Display name.
    pub name: String,
    /// Tag of the chosen language; empty follows the browser.
    pub locale: String,
    /// Languages to choose from.
    pub locales: Vec<LocaleOption>,
    /// What the pool offers beside.
    pub fields: Vec<ProfileField>,
    /// Names of time zones to choose from, where one of the fields is a time zone.
    pub zones: Vec<&'static str>,
    /// How second factors stand.
    pub card: MfaCard,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl ProfilePage {
    fn full() -> Vec<ProfileField> {
        let values =
            ["Ada", "", "Lovelace", "", "", "1815-12-10", "+442079460000", "12 St James\u{2019}s Square"];
        let values = values.into_iter().chain(std::iter::repeat(""));
        let standard = |(name, value): (&&str, &str)| ProfileField::standard(name, value.to_owned());
        let mut fields: Vec<ProfileField> = PROFILE_FIELDS.iter().zip(values).map(standard).collect();
        for (name, input, value) in [
            ("Department", ProfileInput::Line, "Engines"),
            ("Languages", ProfileInput::Lines, "en\nfr"),
            ("Newsletter", ProfileInput::Choice, "true"),
        ] {
            fields.push(ProfileField::own(&format!("attribute.{name}"), name, input, value.to_owned()));
        }
        fields
    }
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "pages/profile.html";

    fn title_key(&self) -> &str {
        "profile-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            username: "ada".into(),
            email: Some("ada@example.org".into()),
            email_verified: true,
            can_change_email: true,
            pending: None,
            name: "Ada Lovelace".into(),
            locale: "de".into(),
            locales: LocaleOption::all(),
            fields: ["given_name", "family_name"]
                .map(|name| ProfileField::standard(name, String::new()))
                .into(),
            zones: Vec::new(),
            card: MfaCard::sample(MfaState::Off),
            notice: Some(Message::success(keys::PROFILE_SAVED)),
            error: None,
        };
        let mut wrong = Self::full();
        if let Some(field) = wrong.iter_mut().find(|field| field.name == "birthdate") {
            (field.value, field.wrong) = ("soon".to_owned(), true);
        }
        vec![
            plain.clone(),
            Self {
                email_verified: false,
                notice: None,
                error: Some(Message::error(keys::NAME_INVALID)),
                ..plain.clone()
            },
            Self { email: None, notice: None, can_change_email: false, fields: Vec::new(), ..plain.clone() },
            Self {
                pending: Some(PendingEmail { email: "ada@example.net".into(), until: 1_795_000_000 }),
                notice: None,
                error: Some(Message::error(keys::EMAIL_CODE_WRONG)),
                ..plain.clone()
            },
            Self { error: Some(Message::error(keys::EMAIL_IN_USE)), notice: None, ..plain.clone() },
            Self {
                fields: wrong,
                zones: vec!["Europe/London", "Europe/Paris"],
                notice: None,
                error: Some(Message::error(keys::PROFILE_FIELD_INVALID)),
                ..plain.clone()
            },
            Self { notice: Some(Message::success(keys::EMAIL_PROVED)), ..plain },
        ]
    }
}
