//! What a user's claims tell beside name and address (OIDC Core §5.1): a value for each field, and what the pool declares of
//! its own.
//!
//! Whatever is in a [`UserProfile`] that was [`UserProfile::checked`] is composed (NFC), bounded and in the form of its claim. Who may
//! write which field is decided by [`UserProfile::edited`]: whatever it does not take from a person is an administrator's.

mod form;

use crate::{
    attribute::{Attribute, AttributeValue, Editor},
    field::{self, Fault, Faults, FieldPath},
    precis::composed,
};
use form::Form;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

pub use form::time_zones;

/// The most roles of one user.
const MOST_ROLES: usize = 64;

/// The most that is kept of one user, in bytes of JSON: it is read with the user, and told in tokens.
const LARGEST: usize = 16 * 1024;

/// The profile of a user. Nothing in it says who they are to the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UserProfile {
    /// Given name or first names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Surname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Casual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Address of a page about the user, `https` or `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// `https` address of a picture of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Address of the user's own page, `https` or `http`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Gender, in whichever words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Birthday: `1990-12-31`, `0000-12-31` without the year, or `1990`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Time zone by its IANA name, such as `Europe/Berlin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Telephone number (E.164), such as `+493012345678`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the number is known to be the user's. No person says that of their own number.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub phone_number_verified: bool,
    /// Postal address.
    #[serde(skip_serializing_if = "PostalAddress::is_empty")]
    pub address: PostalAddress,
    /// Roles, for applications. Administrators alone give them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<String>,
    /// Values of the attributes that the pool declares, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, AttributeValue>,
}

/// A postal address (OIDC Core §5.1.1). `formatted` and `street_address` can have several lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct PostalAddress {
    /// All of it, as it stands on a letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house number, post office box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl PostalAddress {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

macro_rules! personal_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// What a pool can let people fill in themselves.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum PersonalField {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl PersonalField {
            /// All of them, in the order of a page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The claim's name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

personal_fields! {
    /// Given name.
    GivenName = "given_name",
    /// Middle name.
    MiddleName = "middle_name",
    /// Surname.
    FamilyName = "family_name",
    /// Casual name.
    Nickname = "nickname",
    /// Gender.
    Gender = "gender",
    /// Birthday.
    Birthdate = "birthdate",
    /// Telephone number.
    PhoneNumber = "phone_number",
    /// Postal address.
    Address = "address",
    /// Time zone.
    Zoneinfo = "zoneinfo",
    /// Picture.
    Picture = "picture",
    /// Page about the user.
    Profile = "profile",
    /// The user's own page.
    Website = "website",
}

macro_rules! text_fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $($place:ident).+, $part:ident, $form:expr;)*) => {
        /// A field of the profile whose value is a text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum TextField {
            $($(#[$doc])* $variant,)*
        }

        impl TextField {
            /// All of them, in the order of a page.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in files, commands and forms: the claim's, `address.` before the members of the address.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// What a pool offers it with; nothing for what no person fills in.
            pub const fn part(self) -> PersonalField {
                match self {
                    $(Self::$variant => PersonalField::$part,)*
                }
            }

            const fn form(self) -> Form {
                match self {
                    $(Self::$variant => $form,)*
                }
            }
        }

        impl UserProfile {
            /// The value of a field.
            pub fn text(&self, field: TextField) -> Option<&str> {
                match field {
                    $(TextField::$variant => self.$($place).+.as_deref(),)*
                }
            }

            fn slot(&mut self, field: TextField) -> &mut Option<String> {
                match field {
                    $(TextField::$variant => &mut self.$($place).+,)*
                }
            }
        }
    };
}

text_fields! {
    /// Given name.
    GivenName = "given_name", given_name, GivenName, Form::Line(128);
    /// Middle name.
    MiddleName = "middle_name", middle_name, MiddleName, Form::Line(128);
    /// Surname.
    FamilyName = "family_name", family_name, FamilyName, Form::Line(128);
    /// Casual name.
    Nickname = "nickname", nickname, Nickname, Form::Line(128);
    /// Gender.
    Gender = "gender", gender, Gender, Form::Line(64);
    /// Birthday.
    Birthdate = "birthdate", birthdate, Birthdate, Form::Birthdate;
    /// Telephone number.
    PhoneNumber = "phone_number", phone_number, PhoneNumber, Form::Phone;
    /// Street and house number.
    StreetAddress = "address.street_address", address.street_address, Address, Form::Lines(256);
    /// Postal code.
    PostalCode = "address.postal_code", address.postal_code, Address, Form::Line(32);
    /// City.
    Locality = "address.locality", address.locality, Address, Form::Line(128);
    /// Region.
    Region = "address.region", address.region, Address, Form::Line(128);
    /// Country.
    Country = "address.country", address.country, Address, Form::Line(128);
    /// The whole address.
    Formatted = "address.formatted", address.formatted, Address, Form::Lines(512);
    /// Time zone.
    Zoneinfo = "zoneinfo", zoneinfo, Zoneinfo, Form::Zone;
    /// Picture.
    Picture = "picture", picture, Picture, Form::HttpsUrl;
    /// Page about the user.
    Profile = "profile", profile, Profile, Form::Url;
    /// The user's own page.
    Website = "website", website, Website, Form::Url;
}

impl TextField {
    /// The field of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == name)
    }

    /// A value as it is kept: composed, without blanks around it.
    ///
    /// # Errors
    /// A [`Fault`] that says what the field takes.
    pub fn read(self, text: &str) -> Result<String, Fault> {
        self.form().read(text)
    }

    /// Whether people fill it in themselves where the pool offers it. The whole address is what an administrator wrote: who
    /// changes a part of the address takes it away.
    pub fn is_for(self, offered: &BTreeSet<PersonalField>) -> bool {
        self != Self::Formatted && offered.contains(&self.part())
    }

    /// Whether its value can have several lines.
    pub const fn has_lines(self) -> bool {
        matches!(self.form(), Form::Lines(_))
    }

    fn place(self, at: &FieldPath) -> FieldPath {
        self.as_str().split('.').fold(at.clone(), |at, key| at.key(key))
    }
}

/// What a person typed into the fields that they were shown: only these are changed. An empty text takes a value away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileEdit {
    /// Fields.
    pub texts: BTreeMap<TextField, String>,
    /// The pool's own, by name.
    pub attributes: BTreeMap<String, String>,
}

/// How large a profile may become. Ordinary ones do not come near it; long lists do. One that is too large already, by whatever
/// way, may become smaller: nobody is locked out by it.
struct Room(usize);

impl Room {
    fn of(profile: &UserProfile) -> Self {
        Self(profile.size().max(LARGEST))
    }

    fn take(&self, profile: &UserProfile) -> Option<()> {
        (profile.size() <= self.0).then_some(())
    }
}

impl UserProfile {
    /// Sets or takes away a text. Another telephone number is not proved, and an address of which a part is another is no longer
    /// what was written as a whole.
    ///
    /// # Errors
    /// A [`Fault`] that says what the field takes.
    pub fn set(&mut self, field: TextField, text: Option<&str>) -> Result<(), Fault> {
        let value = text.map(|text| field.read(text)).transpose()?;
        if self.text(field) == value.as_deref() {
            return Ok(());
        }
        *self.slot(field) = value;
        match field.part() {
            PersonalField::PhoneNumber => self.phone_number_verified = false,
            PersonalField::Address if field != TextField::Formatted => self.address.formatted = None,
            _ => {}
        }
        Ok(())
    }

    /// The profile as its owner changed it: only in what the pool lets people change, whatever else is in the edit.
    ///
    /// # Errors
    /// The name of the first field whose value is not possible.
    pub fn edited(
        mut self,
        edit: &ProfileEdit,
        offered: &BTreeSet<PersonalField>,
        declared: &[Attribute],
    ) -> Result<Self, String> {
        let room = Room::of(&self);
        for (field, text) in edit.texts.iter().filter(|(field, _)| field.is_for(offered)) {
            let text = Some(text.trim()).filter(|text| !text.is_empty());
            self.set(*field, text).map_err(|_| field.as_str().to_owned())?;
            room.take(&self).ok_or_else(|| field.as_str().to_owned())?;
        }
        for attribute in declared.iter().filter(|attribute| attribute.edit == Editor::Person) {
            match edit.attributes.get(&attribute.name).map(|text| text.trim()) {
                None => {}
                // What does not fit any more was not shown, so that nobody has taken it away.
                Some("") => {
                    self.attributes.retain(|name, value| *name != attribute.name || !attribute.fits(value))
                }
                Some(text) => {
                    let value = attribute.read(text).map_err(|_| attribute.field())?;
                    self.attributes.insert(attribute.name.clone(), value);
                    room.take(&self).ok_or_else(|| attribute.field())?;
                }
            }
        }
        Ok(self)
    }

    /// The same profile in the form in which it is kept, if all of it is possible. Values of the pool's own that are as they
    /// `was` pass: the pool may have declared something else since.
    ///
    /// # Errors
    /// All that is wrong; places are below `at`.
    pub fn checked(&self, declared: &[Attribute], was: &Self, at: &FieldPath) -> Result<Self, Vec<Fault>> {
        let (mut faults, mut checked) = (Faults::default(), self.clone());
        for field in TextField::ALL {
            match self.text(*field).map(|text| field.read(text)) {
                None => {}
                Some(Ok(text)) => *checked.slot(*field) = Some(text),
                Some(Err(fault)) => faults.add(&field.place(at), fault),
            }
        }
        let proved = at.key("phone_number_verified");
        faults.require(self.phone_number.is_some() || !self.phone_number_verified, &proved, || {
            Fault::new("a number that is proved, and none that is known")
                .expected("phone_number")
                .hint("add the number, or remove the line")
        });
        checked.roles = self.roles.iter().map(|role| composed(role.trim())).collect();
        faults.require(checked.roles.len() <= MOST_ROLES, &at.key("roles"), || {
            Fault::new("too many roles").expected(format!("at most {MOST_ROLES}")).hint("remove some")
        });
        for (index, role) in checked.roles.iter().enumerate() {
            faults.judge(&at.key("roles").index(index), field::name(role));
        }
        let attributes = at.key("attributes");
        for (name, value) in &self.attributes {
            let at = attributes.key(name);
            let attribute = declared.iter().find(|attribute| attribute.name == *name);
            match attribute.map(|attribute| attribute.checked(value)) {
                Some(Ok(value)) => _ = checked.attributes.insert(name.clone(), value),
                _ if was.attributes.get(name) == Some(value) => {}
                Some(Err(fault)) => faults.add(&at, fault),
                None => faults.add(
                    &at,
                    Fault::new("an attribute that the pool does not have")
                        .expected("the `name` of one of its [[pool.attribute]] tables")
                        .found(format!("{name:?}"))
                        .hint("declare it, or correct the name"),
                ),
            }
        }
        faults.require(Room::of(was).take(&checked).is_some(), at, || {
            Fault::new("too much in one profile")
                .expected(format!("at most {LARGEST} bytes as JSON"))
                .hint("shorten the lists")
        });
        let faults = faults.into_vec();
        if faults.is_empty() { Ok(checked) } else { Err(faults) }
    }

    /// In bytes as JSON. What does not serialize cannot be kept.
    fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    /// Without the values of the pool's own that it does not declare like this any more.
    #[must_use]
    pub fn fitting(mut self, declared: &[Attribute]) -> Self {
        let fits = |name: &String, value: &AttributeValue| {
            declared.iter().any(|attribute| attribute.name == *name && attribute.fits(value))
        };
        self.attributes.retain(|name, value| fits(name, value));
        self
    }

    /// With what a declaration says, which was [`UserProfile::checked`]; what it does not say stays.
    #[must_use]
    pub fn with(mut self, declared: &Self) -> Self {
        for field in TextField::ALL {
            if let Some(text) = declared.text(*field) {
                // What was checked is taken.
                let _ = self.set(*field, Some(text));
            }
        }
        // As with the address of mails: a declaration that does not say so takes no proof away.
        self.phone_number_verified |= declared.phone_number.is_some() && declared.phone_number_verified;
        if !declared.roles.is_empty() {
            self.roles.clone_from(&declared.roles);
        }
        self.attributes.extend(declared.attributes.clone());
        self
    }

    /// This profile with the change that led from one profile to another: what that change left alone stays as it is here.
    #[must_use]
    pub fn rebased(mut self, was: &Self, now: &Self) -> Self {
        for field in TextField::ALL {
            if was.text(*field) != now.text(*field) {
                *self.slot(*field) = now.text(*field).map(str::to_owned);
            }
        }
        // A number and its proof are one thing: nobody else's number is proved by this change.
        let number = |profile: &Self| (profile.phone_number.clone(), profile.phone_number_verified);
        if number(was) != number(now) {
            (self.phone_number, self.phone_number_verified) = number(now);
        }
        if was.roles != now.roles {
            self.roles.clone_from(&now.roles);
        }
        let names: BTreeSet<&String> = was.attributes.keys().chain(now.attributes.keys()).collect();
        for name in names.into_iter().filter(|name| was.attributes.get(*name) != now.attributes.get(*name)) {
            match now.attributes.get(name) {
                Some(value) => _ = self.attributes.insert(name.clone(), value.clone()),
                None => _ = self.attributes.remove(name),
            }
        }
        self
    }

    /// The names of the fields in which two profiles differ; never their values.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let texts = TextField::ALL.iter().filter(|field| self.text(**field) != other.text(**field));
        let mut names: Vec<String> = texts.map(|field| field.as_str().to_owned()).collect();
        if self.phone_number_verified != other.phone_number_verified {
            names.push("phone_number_verified".to_owned());
        }
        if self.roles != other.roles {
            names.push("roles".to_owned());
        }
        let own: BTreeSet<&String> = self.attributes.keys().chain(other.attributes.keys()).collect();
        let differ = |name: &&String| self.attributes.get(*name) != other.attributes.get(*name);
        names.extend(own.into_iter().filter(differ).map(|name| format!("attributes.{name}")));
        names
    }
}

#[cfg(test)]
mod tests;
