//! Templates and texts of factors that are not the product's own: each stays in its own corner.

use std::collections::BTreeSet;

use crate::i18n::keys_of;
use crate::{Locale, PagesError, generated, is_text_key};

/// What a factor brings that is not one of the product's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extension {
    /// Name and source of each template; names begin with `factors/<kind>/`.
    pub templates: Vec<(String, String)>,
    /// Language tag and Fluent source; keys are `factor-<kind>` or begin with `factor-<kind>-`. English is the
    /// language of last resort, so every key is there in English.
    pub locales: Vec<(String, String)>,
}

/// What all extensions bring together, checked.
#[derive(Default)]
pub(crate) struct Added<'a> {
    pub(crate) templates: Vec<(&'a str, &'a str)>,
    pub(crate) texts: Vec<(Locale, String)>,
}

impl<'a> Added<'a> {
    /// Checks that nobody reaches beyond their own factor.
    ///
    /// # Errors
    /// [`PagesError::Extension`] names what does.
    pub(crate) fn of(extensions: &'a [Extension]) -> Result<Self, PagesError> {
        let mut added = Self::default();
        let mut taken = BTreeSet::new();
        for extension in extensions {
            let kinds = added.take_templates(extension, &mut taken)?;
            added.take_texts(extension, &kinds)?;
            taken.extend(kinds);
        }
        Ok(added)
    }

    /// Returns the kinds that the extension is about.
    fn take_templates(
        &mut self,
        extension: &'a Extension,
        taken: &mut BTreeSet<&'a str>,
    ) -> Result<BTreeSet<&'a str>, PagesError> {
        let mut kinds = BTreeSet::new();
        for (name, source) in &extension.templates {
            let kind = kind_of(name).ok_or_else(|| {
                refused(name, "a template of an extension is called factors/<kind>/<name>.html")
            })?;
            let folder = format!("factors/{kind}/");
            if taken.contains(kind) || generated::TEMPLATES.iter().any(|(own, _)| own.starts_with(&folder)) {
                return Err(refused(name, "this kind of factor is there already"));
            }
            if self.templates.iter().any(|(own, _)| own == name) {
                return Err(refused(name, "the template is there twice"));
            }
            kinds.insert(kind);
            self.templates.push((name, source));
        }
        Ok(kinds)
    }

    fn take_texts(&mut self, extension: &Extension, kinds: &BTreeSet<&str>) -> Result<(), PagesError> {
        let mut english = BTreeSet::new();
        let mut all = BTreeSet::new();
        for (tag, source) in &extension.locales {
            let locale = Locale::all().find(|locale| locale.tag() == tag);
            let locale = locale.ok_or_else(|| refused(tag, "this language is not spoken here"))?;
            let keys = keys_of(source).map_err(|error| refused(tag, &error.to_string()))?;
            for key in &keys {
                let own = key.strip_prefix("factor-").is_some_and(|rest| {
                    kinds.iter().any(|kind| {
                        rest.strip_prefix(kind).is_some_and(|end| end.is_empty() || end.starts_with('-'))
                    })
                });
                if !own {
                    return Err(refused(
                        key,
                        "a text of an extension is called factor-<kind> or factor-<kind>-…",
                    ));
                }
                if is_text_key(key) || self.says(locale, key) {
                    return Err(refused(key, "the text is there already"));
                }
            }
            if locale == Locale::english() {
                english.extend(keys.iter().cloned());
            }
            all.extend(keys);
            self.texts.push((locale, source.clone()));
        }
        for kind in kinds {
            all.extend(EVERY_FACTOR_SAYS.iter().map(|end| format!("factor-{kind}{end}")));
        }
        match all.difference(&english).next() {
            Some(key) => Err(refused(key, "there is no English text")),
            None => Ok(()),
        }
    }

    fn says(&self, locale: Locale, key: &str) -> bool {
        let of_locale = self.texts.iter().filter(|(own, _)| *own == locale);
        of_locale.filter_map(|(_, source)| keys_of(source).ok()).any(|keys| keys.contains(key))
    }
}

/// What is said of every factor by convention: its name, what it is good for, the headline of its enrolment, and
/// that an answer is wrong.
const EVERY_FACTOR_SAYS: [&str; 4] = ["", "-description", "-enrol-title", "-wrong"];

fn kind_of(name: &str) -> Option<&str> {
    let (kind, file) = name.strip_prefix("factors/")?.split_once('/')?;
    let plain = |text: &str, more: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || more.contains(c))
    };
    let stem = file.strip_suffix(".html")?;
    (plain(kind, "-") && plain(stem, "-_")).then_some(kind)
}

fn refused(what: &str, why: &str) -> PagesError {
    PagesError::Extension(format!("{what}: {why}"))
}
