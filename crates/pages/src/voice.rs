//! Who speaks on a page: a language and the pool's own words. What templates call `t` and `message`.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Kwargs, Object, Value};
use minijinja::{Error, ErrorKind, State};

use crate::i18n::Texts;
use crate::{Arg, Locale, PagesError, TextOverrides};

/// Name of the variable that every template is rendered with.
pub(crate) const VOICE: &str = "voice";

/// What it takes to say something.
pub(crate) struct Voice {
    texts: Arc<Texts>,
    locale: Locale,
    own: Arc<TextOverrides>,
}

impl std::fmt::Debug for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Voice({})", self.locale)
    }
}

impl Object for Voice {}

impl Voice {
    pub(crate) fn new(texts: &Arc<Texts>, locale: Locale, own: &Arc<TextOverrides>) -> Arc<Self> {
        Arc::new(Self { texts: Arc::clone(texts), locale, own: Arc::clone(own) })
    }

    /// The text of a key.
    pub(crate) fn say(&self, key: &str, args: &BTreeMap<String, Arg>) -> Result<String, PagesError> {
        self.texts.get(self.locale, &self.own, key, args)
    }

    /// The voice of the page that is being rendered. Macros do not see the page's variables, so it stays with the
    /// rendering once it was found; every page says something before its first macro does.
    fn of(state: &mut State<'_, '_>) -> Result<Arc<Self>, Error> {
        if let Some(voice) = state.get_extension::<Arc<Self>>() {
            return Ok(Arc::clone(voice));
        }
        let found = state.lookup(VOICE).and_then(|value| value.downcast_object::<Self>());
        let voice = found.ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "nobody speaks here"))?;
        Ok(Arc::clone(state.get_or_insert_extension(voice)))
    }
}

/// `t("key", name=value)`
pub(crate) fn t(state: &mut State<'_, '_>, key: &str, kwargs: Kwargs) -> Result<String, Error> {
    let mut args = BTreeMap::new();
    for name in kwargs.args() {
        args.insert(name.to_owned(), argument(&kwargs.peek::<Value>(name)?));
    }
    Ok(Voice::of(state)?.say(key, &args)?)
}

/// `message(page.error)`
pub(crate) fn message(state: &mut State<'_, '_>, message: Value) -> Result<String, Error> {
    let key = message.get_attr("key")?;
    let given = message.get_attr("args")?;
    let mut args = BTreeMap::new();
    for name in given.try_iter()? {
        args.insert(name.to_string(), argument(&given.get_item(&name)?));
    }
    let key = key.as_str().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a message"))?;
    Ok(Voice::of(state)?.say(key, &args)?)
}

fn argument(value: &Value) -> Arg {
    match i64::try_from(value.clone()) {
        Ok(number) if value.is_number() => Arg::Number(number),
        _ => Arg::Text(value.to_string()),
    }
}
