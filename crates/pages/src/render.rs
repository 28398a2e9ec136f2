//! The template engine: strict, embedded, one environment for every language.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::extension::Added;
use crate::i18n::Texts;
use crate::voice::{self, Voice};
use crate::{
    Chrome, Extension, Locale, Mail, MailFrame, Message, Page, RenderedMail, TextOverrides, assets,
    generated, svg,
};

/// Why a page could not be made. Always a fault of the program, never of the person.
#[derive(Debug, thiserror::Error)]
pub enum PagesError {
    /// A template is broken or does not fit its context.
    #[error("template: {0:#}")]
    Template(#[from] Error),
    /// A text is missing or does not fit its arguments.
    #[error("translation: {0}")]
    Translation(String),
    /// An extension brings something that does not fit.
    #[error("extension: {0}")]
    Extension(String),
}

impl From<PagesError> for Error {
    fn from(error: PagesError) -> Self {
        match error {
            PagesError::Template(error) => error,
            PagesError::Translation(what) | PagesError::Extension(what) => {
                Self::new(ErrorKind::InvalidOperation, what)
            }
        }
    }
}

/// Every template and text. Make one and share it.
pub struct Pages {
    texts: Arc<Texts>,
    environment: Environment<'static>,
}

impl Pages {
    /// The one set that a process without extensions needs: the templates are part of the program, so reading them
    /// once will do.
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

    /// Parses every template; a language is read when it is first spoken.
    ///
    /// # Errors
    /// A broken template.
    pub fn new() -> Result<Self, PagesError> {
        Self::with_extensions(&[])
    }

    /// As [`Pages::new`], with templates and texts of factors that are not the product's own.
    ///
    /// # Errors
    /// As [`Pages::new`]; and a template or text that is broken, outside the factor's own corner or there already.
    pub fn with_extensions(extensions: &[Extension]) -> Result<Self, PagesError> {
        let added = Added::of(extensions)?;
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_function("asset", asset);
        environment.add_function("t", voice::t);
        environment.add_function("message", voice::message);
        environment.add_filter("href", href);
        environment.add_filter("drawing", drawing);
        environment.add_filter("rfc3339", rfc3339);
        environment.add_filter("readable", readable);
        for (name, source) in generated::TEMPLATES {
            environment.add_template(name, source)?;
        }
        for (name, source) in added.templates {
            environment.add_template_owned(name.to_owned(), source.to_owned())?;
        }
        Ok(Self { texts: Arc::new(Texts::new(added.texts)), environment })
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
        let frame = context! {
            chrome => Value::from(Serde(chrome)),
            voice => Value::from_dyn_object(Voice::new(&self.texts, chrome.locale, &chrome.texts)),
            lang => chrome.locale.tag(),
            dir => chrome.locale.dir(),
            title => title_key,
            page => page,
        };
        Ok(self.environment.get_template(template)?.render(frame)?)
    }

    /// Renders a mail as text and as HTML.
    ///
    /// # Errors
    /// The template does not fit the context, or a translation key has no text.
    pub fn render_mail(&self, frame: &MailFrame, mail: &Mail) -> Result<RenderedMail, PagesError> {
        let voice = Voice::new(&self.texts, frame.locale, &frame.texts);
        let word = |key: &str| voice.say(key, &BTreeMap::new());
        let outline = mail.outline();
        let mut args = outline.args;
        args.insert("pool".to_owned(), frame.pool_name.as_str().into());
        args.insert("account".to_owned(), frame.account.as_str().into());
        if let Some(key) = outline.factor {
            args.insert("factor".to_owned(), word(key)?.into());
        }
        let get = |part: &str| voice.say(&format!("{}-{part}", outline.name), &args);
        let links: Vec<Value> = outline
            .links
            .iter()
            .map(|(label, url)| Ok(context! { label => word(label)?, url => *url }))
            .collect::<Result<_, PagesError>>()?;
        let values = context! {
            voice => Value::from_dyn_object(Arc::clone(&voice)),
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
            text: self.environment.get_template("emails/mail.txt")?.render(values.clone())?,
            html: self.environment.get_template("emails/mail.html")?.render(values)?,
        })
    }

    /// The text of a key that takes no arguments, for use outside pages; never the pool's own words.
    ///
    /// # Errors
    /// The key has no text.
    pub fn text(&self, locale: Locale, key: &str) -> Result<String, PagesError> {
        self.texts.get(locale, &TextOverrides::new(), key, &BTreeMap::new())
    }

    /// The text of a message, for use outside pages; never the pool's own words.
    ///
    /// # Errors
    /// The key has no text, or an argument is missing.
    pub fn message_text(&self, locale: Locale, message: &Message) -> Result<String, PagesError> {
        self.texts.get(locale, &TextOverrides::new(), &message.key, &message.args)
    }
}

/// A subject must not be able to start another header.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
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
