//! What is wrong with a declared value, and where. Every rule of a field speaks in this form, whether the value comes
//! from a file, a command, a page or an API; only the reader of a file adds the place in it.

use std::{collections::BTreeMap, fmt};
use url::{Host, Url};

/// Longest name that is shown to people, in characters.
pub const LONGEST_NAME: usize = 128;

/// Longest text of a pool's own, in characters.
pub const LONGEST_TEXT: usize = 1000;

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the field or entry of that name.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
}

/// Where a value stands in a declaration, by the names of the pool file: `pool[0].client[1].redirect_uris[0]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldPath(Vec<Step>);

impl FieldPath {
    /// The declaration as a whole.
    pub fn root() -> Self {
        Self::default()
    }

    /// The field of that name below.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.and(Step::Key(key.to_owned()))
    }

    /// The entry of a list below, counted from 0.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.and(Step::Index(index))
    }

    /// Another path, seen from here.
    #[must_use]
    pub fn join(&self, below: &Self) -> Self {
        Self(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    fn and(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// One thing that is wrong with a declared value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub at: FieldPath,
    /// What is wrong.
    pub cause: String,
    /// What would have been right.
    pub expected: Option<String>,
    /// What is there instead; never a secret.
    pub found: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault of the value at hand.
    #[must_use]
    pub fn new(cause: impl Into<String>) -> Self {
        Self { cause: cause.into(), ..Self::default() }
    }

    /// With what would have been right.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// With what is there instead; never a secret.
    #[must_use]
    pub fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same fault, seen from `above` its place.
    #[must_use]
    pub fn below(mut self, above: &FieldPath) -> Self {
        self.at = above.join(&self.at);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.cause)?;
        for (label, value) in [("expected", &self.expected), ("found", &self.found), ("to do", &self.hint)] {
            if let Some(value) = value {
                write!(f, "; {label}: {value}")?;
            }
        }
        Ok(())
    }
}

/// Collects faults: a declaration is told all that is wrong with it at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault of the value at this place.
    pub fn add(&mut self, at: &FieldPath, fault: Fault) {
        self.0.push(fault.below(at));
    }

    /// Adds a fault when `fits` is false.
    pub fn require(&mut self, fits: bool, at: &FieldPath, fault: impl FnOnce() -> Fault) {
        if !fits {
            self.add(at, fault());
        }
    }

    /// Adds what a rule found, if anything.
    pub fn judge<T>(&mut self, at: &FieldPath, judged: Result<T, Fault>) {
        if let Err(fault) = judged {
            self.add(at, fault);
        }
    }

    /// Adds a fault for every value that was there before; `values` are (where, what).
    pub fn unique(&mut self, what: &str, values: impl IntoIterator<Item = (FieldPath, String)>) {
        let mut seen: BTreeMap<String, FieldPath> = BTreeMap::new();
        for (at, value) in values {
            if let Some(first) = seen.get(&value) {
                let fault = Fault::new(format!("this {what} is there twice"))
                    .expected(format!("a {what} of its own"))
                    .found(format!("{value:?}, as in {first}"));
                self.add(&at, fault.hint("rename or remove one of the two"));
            } else {
                seen.insert(value, at);
            }
        }
    }

    /// All that was found, in the order of the checks.
    pub fn into_vec(self) -> Vec<Fault> {
        self.0
    }
}

/// The short name of a pool or a tenant.
///
/// # Errors
/// A [`Fault`] that says what a slug is.
pub fn slug(text: &str) -> Result<(), Fault> {
    let fits = (1..=63).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    fits.then_some(()).ok_or_else(|| {
        Fault::new("not a slug")
            .expected("1 to 63 of a-z, 0-9 and -, not beginning or ending with -")
            .found(format!("{text:?}"))
            .hint("choose a short name such as `acme`")
    })
}

/// Whether a text fits into the line it is shown in: no control characters or line breaks, and nothing that turns the
/// direction of the text around it. Whatever is shown to people keeps this rule, whoever writes it.
pub fn is_one_line(text: &str) -> bool {
    text.chars().all(is_printable)
}

/// Whether a character may stand in such a text.
pub fn is_printable(c: char) -> bool {
    !crate::precis::steers(c)
}

/// A name that is shown to people: of a pool, an application, a user, a group, a rule, a factor.
///
/// # Errors
/// A [`Fault`] that says what a name is.
pub fn name(text: &str) -> Result<(), Fault> {
    let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME && is_one_line(text);
    fits.then_some(()).ok_or_else(|| {
        Fault::new("not a name")
            .expected(format!(
                "1 to {LONGEST_NAME} characters, not only blanks, without line breaks or marks of direction"
            ))
            .found(format!("{text:?}"))
            .hint("choose another name")
    })
}

/// A text of a pool's own: one line.
///
/// # Errors
/// A [`Fault`] that says what fits on a page.
pub fn text(text: &str) -> Result<(), Fault> {
    let length = text.chars().count();
    let fits = !text.trim().is_empty() && length <= LONGEST_TEXT && is_one_line(text);
    fits.then_some(()).ok_or_else(|| {
        Fault::new("not a text for a page")
            .expected(format!("1 to {LONGEST_TEXT} characters on one line"))
            .found(format!("{length} characters"))
            .hint("shorten it, or remove the line for the usual text")
    })
}

/// The shape of a language tag (BCP 47), as far as translations are told apart by it.
///
/// # Errors
/// A [`Fault`] that says what a tag looks like.
pub fn locale(tag: &str) -> Result<(), Fault> {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    fits.then_some(()).ok_or_else(|| {
        Fault::new("not a language")
            .expected("a language tag such as `en`, `pt-BR` or `zh-Hans`")
            .found(format!("{tag:?}"))
            .hint("correct the tag, or remove the line for `en`")
    })
}

/// A color, `#rrggbb`.
///
/// # Errors
/// A [`Fault`] that says how a color is written.
pub fn color(text: &str) -> Result<(), Fault> {
    let fits = text
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    fits.then_some(()).ok_or_else(|| {
        Fault::new("not a color")
            .expected("#rrggbb")
            .found(format!("{text:?}"))
            .hint("write # and six hexadecimal digits")
    })
}

/// A link that a page shows: an absolute `https` URL, the same to every reader of URLs.
///
/// # Errors
/// A [`Fault`] that says what a link looks like.
pub fn https_link(text: &str) -> Result<(), Fault> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    let read = Url::parse(text).is_ok_and(|url| url.has_host() && url.username().is_empty());
    (read && text.starts_with("https://") && !text.contains(odd)).then_some(()).ok_or_else(|| {
        Fault::new("not a link")
            .expected("https://…")
            .found(format!("{text:?}"))
            .hint("write the https address of the page, or remove the line")
    })
}

/// Checks a scope (RFC 6749 §3.3).
///
/// # Errors
/// A [`Fault`] that says what it is made of.
pub fn scope(text: &str) -> Result<(), Fault> {
    // scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
    let token = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    if !text.is_empty() && text.chars().all(token) {
        return Ok(());
    }
    Err(Fault::new("not a scope")
        .expected("visible ASCII characters without blanks, quotes and backslashes")
        .found(format!("{text:?}"))
        .hint("one scope an entry: [\"openid\", \"profile\"]"))
}

/// A number within a range, both ends included.
///
/// # Errors
/// A [`Fault`] that names the range.
pub fn range<N: PartialOrd + fmt::Display>(value: N, least: N, most: N) -> Result<(), Fault> {
    let expected = format!("{least} to {most}");
    (least..=most).contains(&value).then_some(()).ok_or_else(|| {
        Fault::new("out of range")
            .expected(expected)
            .found(value.to_string())
            .hint("correct the number, or remove the line")
    })
}

/// Whether a host is this machine by name or address.
pub fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => name.as_ref() == "localhost" || name.as_ref().ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}
