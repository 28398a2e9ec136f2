//! The settings of the server.

pub(crate) mod check;
mod mail;
mod tls;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use mail::{Mail, SmtpSecurity};
pub use tls::TlsSettings;

use crate::document::Document;
use crate::error::{ConfigError, Problem};
use crate::secret::{DatabaseUrl, SecretText};
use crate::{KEY_RING_VARIABLE, overrides};

/// Everything `vestibule serve` needs to run. Every section and key has a default, except where a choice
/// (`mail.transport = "smtp"`) asks for more.
///
/// Serialising shows the effective settings without their secrets.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Vestibule settings")]
pub struct Settings {
    /// The listening socket and the limits of a request.
    pub server: Server,
    /// HTTPS by the server itself.
    pub tls: TlsSettings,
    /// Where data lives.
    pub database: Database,
    /// Where the key ring that seals stored secrets comes from.
    pub secrets: Secrets,
    /// How mail leaves.
    pub mail: Mail,
    /// The cost of a password hash (argon2id).
    pub password_hashing: PasswordHashing,
    /// What the program says about itself.
    pub log: Log,
}

/// The listening socket and the limits of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Server {
    /// Address and port to listen on. Names are not looked up: write `127.0.0.1:8080` or `[::1]:8080`.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Networks (CIDR) of reverse proxies whose forwarded client address is believed. From anywhere else the
    /// forwarding headers are ignored.
    #[schemars(with = "Vec<String>")]
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they hand on the certificate that an application showed to them, such as `Client-Cert` (RFC 9440). They
    /// must remove it from what others send: whoever could write it would be any application.
    pub client_certificate_header: Option<String>,
    /// Longest time in seconds that one request may take, 1 to 600.
    #[schemars(range(min = 1, max = 600))]
    pub request_timeout_seconds: u64,
    /// Largest request body in bytes, 1024 to 16777216.
    #[schemars(range(min = 1024, max = 16_777_216))]
    pub body_limit_bytes: usize,
    /// How many seconds running requests may finish in after the signal to stop, 0 to 600.
    #[schemars(range(min = 0, max = 600))]
    pub shutdown_grace_seconds: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            trusted_proxies: Vec::new(),
            client_certificate_header: None,
            request_timeout_seconds: 15,
            body_limit_bytes: 65_536,
            shutdown_grace_seconds: 10,
        }
    }
}

impl Server {
    /// Whether the peer at `address` is one of the trusted proxies.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }
}

/// Where data lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://path/to/file.sqlite` (relative to the working directory; made when missing) or
    /// `postgres://user:password@host/database`.
    pub url: DatabaseUrl,
    /// Largest number of connections (SQLite: readers in addition to the one writer), 1 to 1000.
    #[schemars(range(min = 1, max = 1000))]
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: DatabaseUrl::new("sqlite://var/vestibule.sqlite"), max_connections: 8 }
    }
}

/// Where the key ring that seals stored secrets comes from.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Secrets {
    /// File that holds the key ring, readable by the server's user alone. The environment variable
    /// `VESTIBULE_KEY_RING` carries the ring itself and wins over this.
    pub key_ring_file: Option<PathBuf>,
    #[serde(skip)]
    key_ring: Option<SecretText>,
}

impl Secrets {
    /// The key ring as text: from `VESTIBULE_KEY_RING`, otherwise from `key_ring_file`; `None` when neither is set.
    ///
    /// # Errors
    /// When the file cannot be read or is empty. The error names the file, never its contents.
    pub fn key_ring(&self) -> Result<Option<SecretText>, ConfigError> {
        if let Some(ring) = &self.key_ring {
            return Ok(Some(ring.clone()));
        }
        let Some(path) = &self.key_ring_file else { return Ok(None) };
        let ring = read(path, "make the key ring file, or correct secrets.key_ring_file")?;
        let ring = SecretText::new(ring);
        if ring.expose().trim().is_empty() {
            let mut problem = Problem::new("the key ring file is empty");
            problem.file = Some(path.display().to_string());
            return Err(problem.hint("write a key ring into it").into());
        }
        Ok(Some(ring))
    }

    /// Where [`Secrets::key_ring`] looks, in words for a message: the variable, the file, or neither.
    #[must_use]
    pub fn source(&self) -> String {
        match (&self.key_ring, &self.key_ring_file) {
            (Some(_), _) => format!("environment variable {KEY_RING_VARIABLE}"),
            (None, Some(path)) => format!("file {}", path.display()),
            (None, None) => format!("neither {KEY_RING_VARIABLE} nor secrets.key_ring_file is set"),
        }
    }
}

/// The cost of a password hash (argon2id). The defaults are OWASP's first choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PasswordHashing {
    /// Memory of one hash in KiB, 8 × `parallelism` to 4194304.
    #[schemars(range(min = 8, max = 4_194_304))]
    pub memory_kib: u32,
    /// Passes over that memory, 1 to 64.
    #[schemars(range(min = 1, max = 64))]
    pub iterations: u32,
    /// Lanes, 1 to 64.
    #[schemars(range(min = 1, max = 64))]
    pub parallelism: u32,
    /// How many hashes may run at once; 0 means one for each processor core.
    pub permits: usize,
}

impl Default for PasswordHashing {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1, permits: 0 }
    }
}

impl PasswordHashing {
    /// How many hashes may run at once, with 0 resolved to the number of processor cores; at least 1.
    #[must_use]
    pub fn effective_permits(&self) -> usize {
        match self.permits {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            permits => permits,
        }
    }
}

/// What the program says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Form of a line.
    pub format: LogFormat,
    /// Least important level that is written.
    pub level: LogLevel,
}

/// Form of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Importance of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something failed that should not.
    Error,
    /// Something an operator should look at.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// How it happened.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The level as `tracing` spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Settings {
    /// Reads the file (or the defaults, without one), lays `VESTIBULE__SECTION__KEY` variables over it, takes
    /// the key ring and the mail password from their variables, and checks everything.
    ///
    /// # Errors
    /// All that is wrong, with file, line and column, or with the variable's name.
    pub fn load(path: Option<&Path>, env: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let text = match path {
            Some(path) => read(path, "pass the path of a settings file, or none for the defaults")?,
            None => String::new(),
        };
        Self::parse(path, &text, env)
    }

    /// [`Settings::load`] on text already at hand; `path` is only how errors name it.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn parse(
        path: Option<&Path>,
        text: &str,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, ConfigError> {
        let mut document = Document::parse(path, text)?;
        overrides::apply(&mut document, env)?;
        let mut settings: Self = document.read()?;
        settings.check(&document, env)?;
        settings.secrets.key_ring =
            env.get(KEY_RING_VARIABLE).filter(|ring| !ring.trim().is_empty()).map(SecretText::new);
        Ok(settings)
    }
}

/// Reads a file as text.
pub(crate) fn read(path: &Path, hint: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|error| {
        let mut problem = Problem::new(format!("cannot be read: {error}")).hint(hint);
        problem.file = Some(path.display().to_string());
        problem.into()
    })
}
