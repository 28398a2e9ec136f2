//! The `prompt` parameter.

use crate::OAuthError;
use serde::{Deserialize, Serialize};

/// What the user has to be shown (OIDC Core §3.1.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prompts {
    /// Nothing: answer at once, or with an error.
    pub none: bool,
    /// The sign-in, even when there is a session.
    pub login: bool,
    /// What the application gets, even when that was agreed before.
    pub consent: bool,
    /// The choice of the account.
    pub select_account: bool,
    /// The page where an account is made (Initiating User Registration §2).
    pub create: bool,
}

impl Prompts {
    /// The values.
    pub const NAMES: [&str; 5] = ["none", "login", "consent", "select_account", "create"];

    /// The values that a pool serves, for discovery.
    pub fn served(registration: bool) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |name| *name != "create" || registration)
    }

    /// Reads the space-separated list.
    ///
    /// # Errors
    /// `invalid_request` for an unknown value, or `none` with another.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let mut prompts = Self::default();
        for value in text.split(' ').filter(|value| !value.is_empty()) {
            match value {
                "none" => prompts.none = true,
                "login" => prompts.login = true,
                "consent" => prompts.consent = true,
                "select_account" => prompts.select_account = true,
                "create" => prompts.create = true,
                _ => return Err(OAuthError::invalid_request("prompt has an unknown value")),
            }
        }
        if prompts.none && prompts != (Self { none: true, ..Self::default() }) {
            return Err(OAuthError::invalid_request("prompt=none cannot be combined with other values"));
        }
        Ok(prompts)
    }

    /// Whether nothing in particular is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl TryFrom<String> for Prompts {
    type Error = OAuthError;
    fn try_from(text: String) -> Result<Self, OAuthError> {
        Self::parse(&text)
    }
}

impl From<Prompts> for String {
    fn from(prompts: Prompts) -> Self {
        let Prompts { none, login, consent, select_account, create } = prompts;
        let chosen = Prompts::NAMES.into_iter().zip([none, login, consent, select_account, create]);
        let names: Vec<&str> = chosen.filter(|(_, chosen)| *chosen).map(|(name, _)| name).collect();
        names.join(" ")
    }
}
