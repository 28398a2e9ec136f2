//! Translations: one Fluent bundle a language, read when it is first spoken.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use fluent_syntax::parser;
use unic_langid::LanguageIdentifier;

use crate::message::Arg;
use crate::{Locale, PagesError, TextOverrides, generated};

type Bundle = FluentBundle<FluentResource>;

/// Whether a key is one of the product's texts, which a tenant may replace by its own words.
#[must_use]
pub fn is_text_key(key: &str) -> bool {
    static KEYS: OnceLock<BTreeSet<String>> = OnceLock::new();
    KEYS.get_or_init(|| source_of(Locale::english()).and_then(keys_of).unwrap_or_default()).contains(key)
}

/// The keys of a Fluent source.
///
/// # Errors
/// A syntax error, a key that is there twice, or something that is no message.
pub(crate) fn keys_of(source: &str) -> Result<BTreeSet<String>, PagesError> {
    let resource = parser::parse(source).map_err(|(_, errors)| broken(&format!("{errors:?}")))?;
    let mut keys = BTreeSet::new();
    for entry in resource.body {
        match entry {
            Entry::Message(message) if message.value.is_none() => {
                return Err(broken(&format!("{} has no text", message.id.name)));
            }
            Entry::Message(message) if !keys.insert(message.id.name.to_owned()) => {
                return Err(broken(&format!("{} is there twice", message.id.name)));
            }
            Entry::Term(term) => return Err(broken(&format!("-{} is a term", term.id.name))),
            Entry::Junk { content } => return Err(broken(content)),
            Entry::Message(_) | Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
        }
    }
    Ok(keys)
}

fn broken(what: &str) -> PagesError {
    PagesError::Translation(what.to_owned())
}

fn source_of(locale: Locale) -> Result<&'static str, PagesError> {
    let found = generated::LOCALES.iter().find(|(tag, _)| *tag == locale.tag());
    found.map(|(_, source)| *source).ok_or_else(|| broken(&format!("{locale}: no such language")))
}

/// The texts of every language.
pub(crate) struct Texts {
    /// Languages of which nobody has asked for a text yet are not read.
    bundles: Vec<(Locale, OnceLock<Result<Bundle, String>>)>,
    /// What factors from elsewhere bring, checked.
    added: Vec<(Locale, String)>,
}

impl Texts {
    /// The embedded texts and those that were `added`.
    pub(crate) fn new(added: Vec<(Locale, String)>) -> Self {
        Self { bundles: Locale::all().map(|locale| (locale, OnceLock::new())).collect(), added }
    }

    /// The text of a key: the tenant's own words for this language, otherwise its translation, otherwise the English text,
    /// so that a translation that lags behind shuts no page.
    ///
    /// # Errors
    /// Unknown key, or an argument that the text wants and nobody gave.
    pub(crate) fn get(
        &self,
        locale: Locale,
        own: &TextOverrides,
        key: &str,
        args: &BTreeMap<String, Arg>,
    ) -> Result<String, PagesError> {
        if let Some(text) = own.get(locale.tag()).and_then(|texts| texts.get(key)) {
            return Ok(fill(text, args));
        }
        for speaker in [locale, Locale::english()] {
            let bundle = self.bundle(speaker)?;
            if let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) {
                let mut errors = Vec::new();
                let text = bundle.format_pattern(pattern, Some(&fluent(args)), &mut errors).into_owned();
                return match errors.first() {
                    None => Ok(text),
                    Some(error) => Err(broken(&format!("{speaker}: {key}: {error}"))),
                };
            }
        }
        Err(broken(&format!("{locale}: no text for {key}")))
    }

    fn bundle(&self, locale: Locale) -> Result<&Bundle, PagesError> {
        let found = self.bundles.iter().find(|(own, _)| *own == locale);
        let (_, cell) = found.ok_or_else(|| broken(&format!("{locale}: no such language")))?;
        cell.get_or_init(|| self.read(locale)).as_ref().map_err(|error| broken(&format!("{locale}: {error}")))
    }

    fn read(&self, locale: Locale) -> Result<Bundle, String> {
        let language: LanguageIdentifier = locale.tag().parse().map_err(|error| format!("{error}"))?;
        let mut bundle = Bundle::new_concurrent(vec![language]);
        // Isolation marks would end up in names people copy; the pages set `dir` instead.
        bundle.set_use_isolating(false);
        let own = source_of(locale).map_err(|error| error.to_string())?;
        let added = self.added.iter().filter(|(of, _)| *of == locale).map(|(_, source)| source.as_str());
        for source in std::iter::once(own).chain(added) {
            let resource =
                FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| format!("{errors:?}"))?;
            bundle.add_resource(resource).map_err(|errors| format!("{errors:?}"))?;
        }
        Ok(bundle)
    }
}

fn fluent(args: &BTreeMap<String, Arg>) -> FluentArgs<'_> {
    let values = args.iter().map(|(name, value)| {
        let value = match value {
            Arg::Number(number) => FluentValue::from(*number),
            Arg::Text(text) => FluentValue::from(text.as_str()),
        };
        (name.as_str(), value)
    });
    values.collect()
}

/// A tenant's own words with the arguments in their places: `{ $name }`, any spacing. What names no argument stays as
/// it is, and an argument is never looked into.
fn fill(text: &str, args: &BTreeMap<String, Arg>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let place = after.split_once('}').and_then(|(inside, behind)| {
            let value = args.get(inside.trim().strip_prefix('$')?)?;
            Some((value, behind))
        });
        match place {
            Some((Arg::Number(number), behind)) => {
                filled.push_str(&number.to_string());
                rest = behind;
            }
            Some((Arg::Text(value), behind)) => {
                filled.push_str(value);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_their_places_and_nothing_else_does() {
        let args: BTreeMap<String, Arg> =
            [("a", Arg::from("{ $n } {")), ("n", Arg::from(7))].map(|(k, v)| (k.to_owned(), v)).into();
        for (text, expected) in [
            ("{ $a }!", "{ $n } {!"),
            ("{$n} and {  $n  }", "7 and 7"),
            ("{ $other } { n } {}", "{ $other } { n } {}"),
            ("{{ $n }", "{7"),
            ("{ $n", "{ $n"),
            ("plain", "plain"),
        ] {
            assert_eq!(fill(text, &args), expected, "{text}");
        }
    }

    #[test]
    fn keys_are_those_of_the_english_file() {
        assert!(is_text_key("login-title") && is_text_key("credentials_wrong"));
        assert!(!is_text_key("") && !is_text_key("no-such-key") && !is_text_key("login-title = x"));
    }

    #[test]
    fn a_broken_file_is_told() {
        for bad in
            ["a = 1\na = 2\n", "-term = 1\n", "a = { $b\n", "a =\n", "just words\n", "a =\n    .b = c\n"]
        {
            assert!(keys_of(bad).is_err(), "{bad}");
        }
        assert_eq!(keys_of("a = 1\nb = { $c }\n").unwrap().len(), 2);
    }

    #[test]
    fn english_helps_out() {
        let texts = Texts::new(vec![(Locale::english(), "only-english = Hello\n".to_owned())]);
        let german = Locale::parse("de").unwrap();
        let none = TextOverrides::new();
        assert_eq!(texts.get(german, &none, "only-english", &BTreeMap::new()).unwrap(), "Hello");
        assert!(texts.get(german, &none, "nobody-says-this", &BTreeMap::new()).is_err());
    }
}
