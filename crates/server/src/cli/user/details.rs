//! What applications are told of a user beside name and address, on the command line.

use crate::{cli::client::NONE, problem::Problem};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use vestibule_domain::{Attribute, AttributeValue, Fault, TextField, UserProfile};

#[derive(Args)]
pub(super) struct Details {
    /// Field of the profile, such as given_name=Jo or address.locality=Berlin; `none` takes a value away. May be repeated.
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Attribute that the pool declares. May be repeated; for a list once for each text.
    #[arg(long, value_name = "NAME=VALUE")]
    attribute: Vec<String>,
    /// Role. May be repeated; replaces all that are there.
    #[arg(long)]
    role: Vec<String>,
    /// Whether the telephone number is known to be the user's. Another number is not verified unless this says so.
    #[arg(long, value_name = "true|false")]
    phone_number_verified: Option<bool>,
}

/// The same, read: all of it is possible.
pub(super) struct Change {
    texts: Vec<(TextField, Option<String>)>,
    attributes: BTreeMap<String, Option<AttributeValue>>,
    roles: Option<BTreeSet<String>>,
    phone_number_verified: Option<bool>,
}

impl Details {
    /// Reads the arguments for a pool that declares these attributes.
    pub(super) fn read(self, declared: &[Attribute]) -> Result<Change, Problem> {
        let given = |value: &str| (value != NONE).then(|| value.to_owned());
        let mut texts = Vec::new();
        for argument in &self.set {
            let (name, value) = pair("--set", argument)?;
            let field = TextField::named(name).ok_or_else(|| {
                let known: Vec<&str> = TextField::ALL.iter().map(|field| field.as_str()).collect();
                Problem::new(format!("--set: no field {name:?}"), format!("use one of {}", known.join(", ")))
            })?;
            let text = given(value).map(|text| field.read(&text)).transpose();
            texts.push((field, text.map_err(|fault| wrong(name, &fault))?));
        }
        let mut typed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for argument in &self.attribute {
            let (name, value) = pair("--attribute", argument)?;
            typed.entry(name).or_default().push(value);
        }
        let mut attributes = BTreeMap::new();
        for (name, values) in typed {
            let attribute = declared.iter().find(|attribute| attribute.name == name).ok_or_else(|| {
                let remedy =
                    "`vestibule pool show` has those of the pool; a [[pool.attribute]] table declares one";
                Problem::new(format!("--attribute: the pool has no attribute {name:?}"), remedy)
            })?;
            let value = given(&values.join("\n")).map(|text| attribute.read(&text)).transpose();
            attributes.insert(name.to_owned(), value.map_err(|fault| wrong(name, &fault))?);
        }
        let roles = (!self.role.is_empty())
            .then(|| self.role.into_iter().filter(|role| role != NONE).collect::<BTreeSet<String>>());
        Ok(Change { texts, attributes, roles, phone_number_verified: self.phone_number_verified })
    }
}

impl Change {
    /// Changes what was named, and nothing else.
    pub(super) fn apply(self, profile: &mut UserProfile) {
        for (field, text) in self.texts {
            // It was read before.
            let _ = profile.set(field, text.as_deref());
        }
        for (name, value) in self.attributes {
            match value {
                Some(value) => _ = profile.attributes.insert(name, value),
                None => _ = profile.attributes.remove(&name),
            }
        }
        if let Some(roles) = self.roles {
            profile.roles = roles;
        }
        if let Some(verified) = self.phone_number_verified {
            profile.phone_number_verified = verified;
        }
    }
}

/// Lines of a profile for people: what has a value, by the names of the arguments.
pub(super) fn lines(profile: &UserProfile) -> Vec<(String, String)> {
    let one_line = |text: &str| text.replace('\n', ", ");
    let texts = TextField::ALL.iter().filter_map(|field| Some((*field, profile.text(*field)?)));
    let mut lines: Vec<(String, String)> =
        texts.map(|(field, text)| (field.as_str().to_owned(), one_line(text))).collect();
    if let Some((_, number)) = lines.iter_mut().find(|(name, _)| name == TextField::PhoneNumber.as_str()) {
        number.push_str(if profile.phone_number_verified { " (verified)" } else { " (not verified)" });
    }
    if !profile.roles.is_empty() {
        lines.push(("roles".to_owned(), profile.roles.iter().cloned().collect::<Vec<_>>().join(", ")));
    }
    let own = profile.attributes.iter();
    lines.extend(own.map(|(name, value)| (name.clone(), one_line(&value.as_typed()))));
    lines
}

fn pair<'a>(option: &str, argument: &'a str) -> Result<(&'a str, &'a str), Problem> {
    argument.split_once('=').ok_or_else(|| {
        Problem::new(format!("{option}: {argument:?} has no value"), format!("write {option} NAME=VALUE"))
    })
}

fn wrong(name: &str, fault: &Fault) -> Problem {
    let expected = fault.expected.clone().unwrap_or_default();
    Problem::new(format!("{name}: {}", fault.cause), format!("it takes {expected}"))
}
