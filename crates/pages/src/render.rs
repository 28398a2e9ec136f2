//! The template engine: strict, embedded, one environment a language.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::i18n::Texts;
use crate::{Arg, Chrome, Locale, Mail, MailFrame, Message, Page, RenderedMail, assets, generated, svg};

/// Why a page could not be made. Always a fault of the program, never of the person.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is broken or does not fit its context.
    #[error("template: {0:#}")]
    Template(#[from] Error),
    /// A text is missing or does not fit its arguments.
    #[error("translation: {0}")]
    Translation(String),
}

impl From<PagesError> for Error {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Template(error) => error,
            PagesError::Translation(what) => Self::new(ErrorKind::InvalidOperation, what),
        }
    }
}

/// Every template and text, parsed. Make one and share it.
pub struct Pages {
    texts: Arc<Texts>,
    environments: Vec<(Locale, Environment<'static>)>,
}

impl Pages {
    /// The one set that a process needs: the templates are part of the program, so reading them once will do.
    ///
    /// # Errors
    /// As [`Pages::new`].
    pub fn shared() -> Result<Arc<Self>, PagesError> {
        static SHARED: OnceLock<Arc<Pages>> = OnceLock::new();
        if let Some(pages) = SHARED.get() {
            return Ok(Arc::clone(pages));
        }
        let pages = Arc::new(Self::new()?);
        Ok(Arc::clone(SHARED.get_or_init(|| pages)))
    }

    /// Parses every template and translation.
    ///
    /// # Errors
    /// A broken template or translation file.
    pub fn new() -> Result<Self, PagesError> {
        let texts = Arc::new(Texts::load()?);
        let mut base = Environment::new();
        base.set_undefined_behavior(UndefinedBehavior::Strict);
        base.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        base.add_function("asset", asset);
        base.add_filter("href", href);
        base.add_filter("drawing", drawing);
        base.add_filter("rfc3339", rfc3339);
        base.add_filter("readable", readable);
        for (name, source) in generated::TEMPLATES {
            base.add_template(name, source)?;
        }
        let environments = Locale::all()
            .map(|locale| {
                let mut environment = base.clone();
                let own = Arc::clone(&texts);
                environment
                    .add_function("t", move |key: String, kwargs: Kwargs| text(&own, locale, &key, &kwargs));
                let own = Arc::clone(&texts);
                environment
                    .add_function("message", move |message: Value| message_text(&own, locale, &message));
                (locale, environment)
            })
            .collect();
        Ok(Self { texts, environments })
    }

    /// Renders a page inside its frame.
    ///
    /// # Errors
    /// The template does not fit the context, or a translation key has no text.
    pub fn render<P: Page>(&self, chrome: &Chrome, page: &P) -> Result<String, PagesError> {
        self.render_value(P::TEMPLATE, page.title_key(), chrome, Value::from(Serde(page)))
    }

    pub(crate) fn render_value(
        &self,
        template: &str,
        title_key: &str,
        chrome: &Chrome,
        page: Value,
    ) -> Result<String, PagesError> {
        let environment = self.environment(chrome.locale)?;
        let frame = context! {
            chrome => Value::from(Serde(chrome)),
            lang => chrome.locale.tag(),
            dir => chrome.locale.dir(),
            title => title_key,
            page => page,
        };
        Ok(environment.get_template(template)?.render(frame)?)
    }

    /// Renders a mail as text and as HTML.
    ///
    /// # Errors
    /// The template does not fit the context, or a translation key has no text.
    pub fn render_mail(&self, frame: &MailFrame, mail: &Mail) -> Result<RenderedMail, PagesError> {
        let environment = self.environment(frame.locale)?;
        let outline = mail.outline();
        let mut args = outline.args;
        args.insert("pool".to_owned(), frame.pool_name.as_str().into());
        args.insert("account".to_owned(), frame.account.as_str().into());
        if let Some(key) = outline.factor {
            args.insert("factor".to_owned(), self.text(frame.locale, key)?.into());
        }
        let get = |part: &str| self.texts.get(frame.locale, &format!("mail-{}-{part}", outline.name), &args);
        let links: Vec<Value> = outline
            .links
            .iter()
            .map(|(label, url)| Ok(context! { label => self.text(frame.locale, label)?, url => *url }))
            .collect::<Result<_, PagesError>>()?;
        let values = context! {
            lang => frame.locale.tag(),
            dir => frame.locale.dir(),
            pool_name => frame.pool_name.clone(),
            support_email => frame.support_email.clone(),
            account => frame.account.clone(),
            account_url => frame.account_url.clone(),
            at => frame.at,
            change => outline.change,
            links => links,
            subject => get("subject")?,
            lead => get("lead")?,
            after => get("after")?,
        };
        Ok(RenderedMail {
            subject: one_line(&get("subject")?),
            text: environment.get_template("emails/mail.txt")?.render(values.clone())?,
            html: environment.get_template("emails/mail.html")?.render(values)?,
        })
    }

    /// The text of a key that takes no arguments, for use outside pages.
    ///
    /// # Errors
    /// The key has no text.
    pub fn text(&self, locale: Locale, key: &str) -> Result<String, PagesError> {
        self.texts.get(locale, key, &BTreeMap::new())
    }

    /// The text of a message, for use outside pages.
    ///
    /// # Errors
    /// The key has no text, or an argument is missing.
    pub fn message_text(&self, locale: Locale, message: &Message) -> Result<String, PagesError> {
        self.texts.get(locale, &message.key, &message.args)
    }

    fn environment(&self, locale: Locale) -> Result<&Environment<'static>, PagesError> {
        self.environments
            .iter()
            .find_map(|(own, environment)| (*own == locale).then_some(environment))
            .ok_or_else(|| PagesError::Translation(format!("{locale}: no such language")))
    }
}

/// A subject must not be able to start another header.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn argument(value: &Value) -> Arg {
    match i64::try_from(value.clone()) {
        Ok(number) if value.is_number() => Arg::Number(number),
        _ => Arg::Text(value.to_string()),
    }
}

/// `t("key", name=value)`
fn text(texts: &Texts, locale: Locale, key: &str, kwargs: &Kwargs) -> Result<String, Error> {
    let mut args = BTreeMap::new();
    for name in kwargs.args() {
        args.insert(name.to_owned(), argument(&kwargs.peek::<Value>(name)?));
    }
    Ok(texts.get(locale, key, &args)?)
}

/// `message(page.error)`
fn message_text(texts: &Texts, locale: Locale, message: &Value) -> Result<String, Error> {
    let key = message.get_attr("key")?;
    let given = message.get_attr("args")?;
    let mut args = BTreeMap::new();
    for name in given.try_iter()? {
        args.insert(name.to_string(), argument(&given.get_item(&name)?));
    }
    let key = key.as_str().ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "not a message"))?;
    Ok(texts.get(locale, key, &args)?)
}

/// `asset("app.css")`
fn asset(name: String) -> Result<Value, Error> {
    assets::asset_url(&name)
        .map(|url| Value::from_safe_string(url.to_owned()))
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("there is no asset {name}")))
}

/// A link target that cannot run anything: a path of this site, http(s), mailto or otpauth. Anything else leads
/// nowhere.
fn href(url: String) -> Value {
    let local = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    let calm = ["https://", "http://", "mailto:", "otpauth://"].iter().any(|scheme| url.starts_with(scheme));
    if !(local || calm) || url.contains(char::is_control) {
        return Value::from_safe_string("#".to_owned());
    }
    let mut escaped = String::with_capacity(url.len() + 8);
    for c in url.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    Value::from_safe_string(escaped)
}

/// A QR code as it is, once it is known to be nothing but shapes.
fn drawing(source: String) -> Result<Value, Error> {
    svg::plain_drawing(&source)
        .map(|plain| Value::from_safe_string(plain.to_owned()))
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "the drawing is not made of plain shapes"))
}

fn moment(seconds: i64) -> Result<OffsetDateTime, Error> {
    OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// Unix seconds for `<time datetime>`.
fn rfc3339(seconds: i64) -> Result<String, Error> {
    moment(seconds)?
        .format(&Rfc3339)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}

/// Unix seconds for people of any language: year first, so that no one takes the day for the month.
fn readable(seconds: i64) -> Result<String, Error> {
    let at = moment(seconds)?;
    Ok(format!(
        "{:04}-{:02}-{:02} {:02}:{:02} UTC",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_cannot_run_anything() {
        for bad in
            ["javascript:alert(1)", " javascript:x", "data:text/html,x", "//evil.example", "/\\evil", "x"]
        {
            assert_eq!(href(bad.to_owned()).to_string(), "#", "{bad}");
        }
        assert_eq!(href("/login?a=b&c=\"".to_owned()).to_string(), "/login?a=b&amp;c=&quot;");
    }

    #[test]
    fn subjects_are_one_line() {
        assert_eq!(one_line("a\r\nBcc: b\u{85}c"), "a Bcc: b c");
    }

    #[test]
    fn times_are_written_the_same_for_everybody() {
        assert_eq!(readable(1_795_000_000).unwrap(), "2026-11-18 11:06 UTC");
        assert_eq!(rfc3339(1_795_000_000).unwrap(), "2026-11-18T11:06:40Z");
        assert!(readable(i64::MAX).is_err());
    }
}
