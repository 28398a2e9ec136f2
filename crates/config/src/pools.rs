//! The declarative pool file of `vestibule apply FILE`: pools with their applications and users.
//!
//! Plain data after the checks that a file alone allows (addresses, duplicates, what belongs together). Whether a
//! locale is translated or a password is good enough is for whoever applies it.

mod check;
mod enrolment;
mod mfa;

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::error::ConfigError;
use crate::secret::SecretText;

pub use enrolment::{AuthenticatorSpec, EnrolmentSpec, WebauthnSpec};
pub use mfa::{AfterRecoveryKind, Knobs, MfaPolicyKind, MfaSpec, Moment, ProofKind, RuleSpec};

/// A pool file: the pools it declares. Pools of the server that it does not name stay as they are.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Vestibule pools")]
pub struct PoolFile {
    /// The pools, each a `[[pool]]` table.
    #[serde(default)]
    pub pool: Vec<PoolSpec>,
}

/// One user pool: an origin with its own users, applications and keys.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PoolSpec {
    /// Short name of the customer whose pool it is.
    #[serde(default = "default_tenant")]
    #[schemars(regex(pattern = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub tenant: String,
    /// Short name used in commands: 1 to 63 lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"))]
    pub slug: String,
    /// Name shown to people.
    pub name: String,
    /// Where the pool is reached: `https://host[:port]`, without a path. `http` only for localhost and loopback.
    pub origin: String,
    /// Language of pages and mail when the browser asks for none that exists, such as `en`.
    #[serde(default = "english")]
    pub locale: String,
    /// Whether people may register themselves.
    #[serde(default)]
    pub registration: bool,
    /// Whether a forgotten password can be reset by mail.
    #[serde(default)]
    pub password_reset: bool,
    /// Second factors.
    #[serde(default)]
    pub mfa: MfaSpec,
    /// What setting up a second factor looks like.
    #[serde(default)]
    pub enrolment: EnrolmentSpec,
    /// Which WebAuthn authenticators may be registered.
    #[serde(default)]
    pub webauthn: WebauthnSpec,
    /// The group whose members see the pool's settings in the user center: the switch for everybody, resetting a user's
    /// factors, why somebody was asked. When left out, nobody does.
    pub admin_group: Option<String>,
    /// The pool's own words: a `[pool.texts.LANGUAGE]` table each with `key = "plain text"`, for pages and mail. A key is
    /// one of the translation files (`templates/locales/en/main.ftl`); `{ $name }` stands for what the key's own text has
    /// there.
    #[serde(default)]
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Looks.
    #[serde(default)]
    pub branding: Branding,
    /// How long things live, where not as usual.
    #[serde(default)]
    pub lifetimes: LifetimesSpec,
    /// Applications, each a `[[pool.client]]` table.
    #[serde(default)]
    pub client: Vec<ClientSpec>,
    /// Users, each a `[[pool.user]]` table.
    #[serde(default)]
    pub user: Vec<UserSpec>,
}

/// How long things live, in seconds. What is left out is as usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LifetimesSpec {
    /// A session that is not used: 28800 by default.
    #[schemars(range(min = 1))]
    pub session_idle: Option<u32>,
    /// A session at the most, and what a password proves: 86400 by default.
    #[schemars(range(min = 1))]
    pub session_absolute: Option<u32>,
    /// What a second factor proves: 43200 by default.
    #[schemars(range(min = 1))]
    pub second_factor: Option<u32>,
    /// An authorization code: 60 by default.
    #[schemars(range(min = 1))]
    pub code: Option<u32>,
    /// An access token: 600 by default.
    #[schemars(range(min = 1))]
    pub access_token: Option<u32>,
    /// An ID token: 600 by default.
    #[schemars(range(min = 1))]
    pub id_token: Option<u32>,
    /// A refresh token that is not used: 1209600 by default.
    #[schemars(range(min = 1))]
    pub refresh_idle: Option<u32>,
    /// A chain of refresh tokens at the most: 7776000 by default.
    #[schemars(range(min = 1))]
    pub refresh_absolute: Option<u32>,
    /// A sign-in under way: 1800 by default.
    #[schemars(range(min = 1))]
    pub flow: Option<u32>,
    /// A mailed link: 1800 by default.
    #[schemars(range(min = 1))]
    pub mail_link: Option<u32>,
    /// How recent a proof has to be for a change of factors: 300 by default.
    #[schemars(range(min = 1))]
    pub fresh: Option<u32>,
}

fn default_tenant() -> String {
    "default".to_owned()
}

fn english() -> String {
    "en".to_owned()
}

/// Looks of a pool's pages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Branding {
    /// Accent color, `#rrggbb`.
    #[schemars(regex(pattern = r"^#[0-9a-fA-F]{6}$"))]
    pub accent: Option<String>,
    /// Address that error pages and mail tell people to write to.
    pub support_email: Option<String>,
}

/// One application (OAuth client) of a pool.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientSpec {
    /// `client_id`.
    pub id: String,
    /// Name shown on the consent page.
    pub name: String,
    /// Whether it can keep a secret (a server can; a browser or phone application cannot).
    pub kind: ClientKind,
    /// Its secret, at least 32 characters. When neither this nor `secret_sha256` is given for a confidential
    /// application, one is generated when it is created, and shown once.
    #[schemars(length(min = 32))]
    pub secret: Option<SecretText>,
    /// SHA-256 of its secret, 64 hexadecimal digits, so that the secret need not stand in a file.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub secret_sha256: Option<String>,
    /// Where people may be sent back to after sign-in; compared exactly.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where people may be sent back to after sign-out; compared exactly.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    #[serde(default = "openid")]
    pub scopes: Vec<String>,
    /// Grants it may use.
    #[serde(default = "code_and_refresh")]
    pub grants: Vec<GrantKind>,
    /// How it proves itself at the token endpoint; by default `client_secret_basic` for a confidential and `none`
    /// for a public application.
    pub token_endpoint_auth_method: Option<ClientAuthMethod>,
    /// Algorithm that signs its ID tokens.
    #[serde(default)]
    pub id_token_alg: IdTokenAlg,
    /// Whether it belongs to the pool's owner, so that people are not asked for consent.
    #[serde(default)]
    pub first_party: bool,
    /// The least assurance that every sign-in to it must reach.
    pub min_acr: Option<AcrLevel>,
    /// Its own names for assurance levels: `{ "2" = "mfa" }`.
    #[serde(default)]
    pub acr_aliases: BTreeMap<String, AcrLevel>,
    /// Oldest sign-in it accepts when it does not say otherwise, in seconds.
    pub default_max_age: Option<u64>,
}

impl ClientSpec {
    /// How it proves itself at the token endpoint, with the default for its kind filled in.
    #[must_use]
    pub fn auth_method(&self) -> ClientAuthMethod {
        self.token_endpoint_auth_method.unwrap_or(match self.kind {
            ClientKind::Confidential => ClientAuthMethod::ClientSecretBasic,
            ClientKind::Public => ClientAuthMethod::None,
        })
    }
}

fn openid() -> Vec<String> {
    vec!["openid".to_owned()]
}

fn code_and_refresh() -> Vec<GrantKind> {
    vec![GrantKind::AuthorizationCode, GrantKind::RefreshToken]
}

/// Whether an application can keep a secret (RFC 6749 section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// It can: it runs on a server.
    Confidential,
    /// It cannot: it runs in a browser or on a device.
    Public,
}

/// A grant an application may use (RFC 6749 sections 4.1 and 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// Sign-in by redirect, with PKCE.
    AuthorizationCode,
    /// Renewal by refresh token.
    RefreshToken,
}

impl GrantKind {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

/// How an application proves itself at the token endpoint (OpenID Connect Core section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthMethod {
    /// Secret in the `Authorization` header.
    ClientSecretBasic,
    /// Secret in the form.
    ClientSecretPost,
    /// Not at all: PKCE binds the code.
    None,
}

impl ClientAuthMethod {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::None => "none",
        }
    }
}

/// Algorithm that signs ID tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum IdTokenAlg {
    /// ECDSA on P-256.
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    /// RSA PKCS #1 v1.5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl IdTokenAlg {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// A rung of the assurance ladder, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum AcrLevel {
    /// One factor.
    #[serde(rename = "1fa")]
    OneFactor,
    /// Two distinct factors.
    #[serde(rename = "mfa")]
    MultiFactor,
    /// Resistant to phishing.
    #[serde(rename = "phr")]
    PhishingResistant,
    /// Resistant to phishing, key in hardware.
    #[serde(rename = "phrh")]
    PhishingResistantHardware,
}

impl AcrLevel {
    /// Its short name, as in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OneFactor => "1fa",
            Self::MultiFactor => "mfa",
            Self::PhishingResistant => "phr",
            Self::PhishingResistantHardware => "phrh",
        }
    }
}

/// One user of a pool.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserSpec {
    /// Name to sign in with; unique in the pool whatever its case.
    pub username: String,
    /// Address to sign in with and to write to; unique in the pool whatever its case.
    pub email: String,
    /// Whether the address is known to be the user's.
    #[serde(default)]
    pub email_verified: bool,
    /// Full name.
    pub name: Option<String>,
    /// Password given when the user is created; never changes an existing one.
    pub password: Option<SecretText>,
    /// Groups, such as `tenant-admin`.
    #[serde(default)]
    pub groups: Vec<String>,
}

impl PoolFile {
    /// Reads and checks a pool file.
    ///
    /// # Errors
    /// Everything that is wrong, with file, line and column. When the file does not even have the right shape,
    /// the first misfit alone is reported.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text =
            crate::settings::read(path, "pass the path of a pool file; see config/pools.example.toml")?;
        Self::parse(Some(path), &text)
    }

    /// [`PoolFile::load`] on text already at hand; `path` is only how errors name it.
    ///
    /// # Errors
    /// As [`PoolFile::load`].
    pub fn parse(path: Option<&Path>, text: &str) -> Result<Self, ConfigError> {
        let document = Document::parse(path, text)?;
        let file: Self = document.read()?;
        file.check(&document)?;
        Ok(file)
    }
}
