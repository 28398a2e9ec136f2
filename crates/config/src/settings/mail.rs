//! `[mail]`: a choice of transport, each with its own keys.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::secret::SecretText;

/// How mail leaves. The key `transport` chooses; the other keys belong to the choice.
#[derive(Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "transport", rename_all = "lowercase", deny_unknown_fields)]
pub enum Mail {
    /// No mail leaves; whatever needs mail (registration, password reset) is refused.
    #[default]
    Off,
    /// Messages are written to the terminal. For development: links in them sign people in.
    Terminal {
        /// Sender: `name@example.com` or `Name <name@example.com>`.
        from: String,
    },
    /// Each message becomes an `.eml` file in a directory. For development and tests.
    File {
        /// The directory, made when missing.
        directory: PathBuf,
        /// Sender: `name@example.com` or `Name <name@example.com>`.
        from: String,
    },
    /// Messages go to an SMTP server.
    Smtp {
        /// Host name or address of the server.
        host: String,
        /// Port; by default 465 with `tls`, 587 with `starttls`, 25 with `none`.
        #[schemars(with = "Option<u16>")]
        port: u16,
        /// How the connection is protected.
        #[serde(default)]
        security: SmtpSecurity,
        /// User name, when the server asks for one; needs `password_env`.
        username: Option<String>,
        /// Name of the environment variable that holds the password.
        password_env: Option<String>,
        /// Sender: `name@example.com` or `Name <name@example.com>`.
        from: String,
        /// The password that `password_env` named.
        #[serde(skip)]
        password: Option<SecretText>,
    },
}

/// How an SMTP connection is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// Plain at first, then TLS, which must succeed.
    Starttls,
    /// No protection: allowed for loopback hosts only.
    None,
}

impl SmtpSecurity {
    fn default_port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::None => 25,
        }
    }
}

/// The table as it is written. Flat, because a tagged enum would lose the place of an error inside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MailTable {
    transport: Transport,
    from: Option<String>,
    directory: Option<PathBuf>,
    host: Option<String>,
    port: Option<u16>,
    security: Option<SmtpSecurity>,
    username: Option<String>,
    password_env: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Transport {
    Off,
    Terminal,
    File,
    Smtp,
}

impl Transport {
    fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Terminal => "terminal",
            Self::File => "file",
            Self::Smtp => "smtp",
        }
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Off => &[],
            Self::Terminal => &["from"],
            Self::File => &["directory", "from"],
            Self::Smtp => &["host", "port", "security", "username", "password_env", "from"],
        }
    }
}

impl MailTable {
    /// The first key that is set and does not belong to the transport.
    fn stranger(&self) -> Option<&'static str> {
        let set = [
            ("from", self.from.is_some()),
            ("directory", self.directory.is_some()),
            ("host", self.host.is_some()),
            ("port", self.port.is_some()),
            ("security", self.security.is_some()),
            ("username", self.username.is_some()),
            ("password_env", self.password_env.is_some()),
        ];
        set.into_iter().find(|(key, set)| *set && !self.transport.keys().contains(key)).map(|(key, _)| key)
    }

    fn chosen(self) -> Result<Mail, String> {
        let name = self.transport.name();
        if let Some(key) = self.stranger() {
            return Err(format!("unknown field `{key}`, expected {}", listed(self.transport.keys())));
        }
        let required = |key: &str| format!("missing field `{key}`, expected with transport = \"{name}\"");
        let from = || self.from.clone().ok_or_else(|| required("from"));
        Ok(match self.transport {
            Transport::Off => Mail::Off,
            Transport::Terminal => Mail::Terminal { from: from()? },
            Transport::File => {
                let directory = self.directory.clone().ok_or_else(|| required("directory"))?;
                Mail::File { directory, from: from()? }
            }
            Transport::Smtp => {
                let host = self.host.clone().ok_or_else(|| required("host"))?;
                let security = self.security.unwrap_or_default();
                Mail::Smtp {
                    host,
                    port: self.port.unwrap_or(security.default_port()),
                    security,
                    from: from()?,
                    username: self.username,
                    password_env: self.password_env,
                    password: None,
                }
            }
        })
    }
}

fn listed(keys: &[&str]) -> String {
    let keys: Vec<String> = std::iter::once(&"transport").chain(keys).map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}

impl<'de> Deserialize<'de> for Mail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        MailTable::deserialize(deserializer)?.chosen().map_err(serde::de::Error::custom)
    }
}
