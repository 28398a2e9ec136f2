//! Text for people: always a translation key with arguments, never a finished sentence.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One argument of a [`Message`]. Numbers stay numbers, so that plural rules can see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A count or a duration.
    Number(i64),
    /// Anything else; escaped when it is written into a page.
    Text(String),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<i32> for Arg {
    fn from(value: i32) -> Self {
        Self::Number(value.into())
    }
}

impl From<u32> for Arg {
    fn from(value: u32) -> Self {
        Self::Number(value.into())
    }
}

impl From<usize> for Arg {
    fn from(value: usize) -> Self {
        Self::Number(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Arg {
    fn from(value: u64) -> Self {
        Self::Number(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Arg {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Arg {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// How a message is meant; decides its colour, its icon and how it is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Something went wrong and the person has to act. Announced at once.
    Error,
    /// Something to know before going on.
    Warning,
    /// Something the person asked for is done.
    Success,
    /// Neutral information.
    #[default]
    Notice,
}

/// A translatable message. The keys that exist are the constants of [`crate::keys`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Translation key. A key without a text makes the page fail to render, so tests find it.
    pub key: Cow<'static, str>,
    /// Arguments by name.
    pub args: BTreeMap<String, Arg>,
    /// How the message is meant.
    pub tone: Tone,
}

impl Message {
    /// A message of any tone.
    #[must_use]
    pub fn new(tone: Tone, key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), args: BTreeMap::new(), tone }
    }

    /// Something went wrong.
    #[must_use]
    pub fn error(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Tone::Error, key)
    }

    /// Something to know before going on.
    #[must_use]
    pub fn warning(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Tone::Warning, key)
    }

    /// Something is done.
    #[must_use]
    pub fn success(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Tone::Success, key)
    }

    /// Neutral information.
    #[must_use]
    pub fn notice(key: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Tone::Notice, key)
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
}
