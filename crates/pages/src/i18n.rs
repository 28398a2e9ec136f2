//! Translations: Fluent bundles, built once.

use std::collections::HashMap;

use fluent_templates::LanguageIdentifier;
use fluent_templates::fluent_bundle::concurrent::FluentBundle;
use fluent_templates::fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::message::Arg;
use crate::{Locale, PagesError, generated};

/// The texts of every language.
pub(crate) struct Texts(HashMap<&'static str, FluentBundle<FluentResource>>);

impl Texts {
    /// Reads the embedded files.
    ///
    /// # Errors
    /// A file with a syntax error or a key that is there twice.
    pub(crate) fn load() -> Result<Self, PagesError> {
        let mut all = HashMap::new();
        for (tag, source) in generated::LOCALES {
            let broken = |what: &str| PagesError::Translation(format!("{tag}: {what}"));
            let resource = FluentResource::try_new((*source).to_owned())
                .map_err(|(_, errors)| broken(&format!("{errors:?}")))?;
            let language: LanguageIdentifier = tag.parse().map_err(|_| broken("not a language tag"))?;
            let mut bundle = FluentBundle::new_concurrent(vec![language]);
            // Isolation marks would end up in names people copy; the pages set `dir` instead.
            bundle.set_use_isolating(false);
            bundle.add_resource(resource).map_err(|errors| broken(&format!("{errors:?}")))?;
            all.insert(*tag, bundle);
        }
        Ok(Self(all))
    }

    /// The text of a key.
    ///
    /// # Errors
    /// Unknown key, or an argument that the text wants and nobody gave.
    pub(crate) fn get<'a>(
        &self,
        locale: Locale,
        key: &str,
        args: impl IntoIterator<Item = (&'a String, &'a Arg)>,
    ) -> Result<String, PagesError> {
        let missing = || PagesError::Translation(format!("{locale}: no text for {key}"));
        let bundle = self.0.get(locale.tag()).ok_or_else(missing)?;
        let pattern = bundle.get_message(key).and_then(|message| message.value()).ok_or_else(missing)?;
        let mut values = FluentArgs::new();
        for (name, value) in args {
            let value = match value {
                Arg::Number(number) => FluentValue::from(*number),
                Arg::Text(text) => FluentValue::from(text.clone()),
            };
            values.set(name.clone(), value);
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        match errors.first() {
            None => Ok(text),
            Some(error) => Err(PagesError::Translation(format!("{locale}: {key}: {error}"))),
        }
    }
}
