//! User pools: an origin with its own users, applications, keys and policy.

mod check;
mod factors;
mod mutual_tls;
mod registration;
mod stored;
mod trusted;

pub use factors::FactorRules;
pub use mutual_tls::MutualTls;
pub use registration::{ClientRegistration, MetadataDocuments, RegistrationMode};
pub use stored::rename_texts;
pub use trusted::{AssertedSubject, TrustedIssuer};

use crate::{
    api::Api, attribute::Attribute, client::TokenRules, credential::FactorKind, field::is_loopback,
    ids::PoolId, policy::Policy, profile::PersonalField, user::skeleton,
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};
use url::Url;

/// The web origin of a pool (RFC 6454): `https`, or `http` on a loopback host for development.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin {
    text: String,
    authority: String,
    host: String,
    secure: bool,
}

/// Why a text is not the origin of a pool.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OriginError {
    /// Not an absolute URL.
    #[error("not a URL; expected something like https://login.example.com")]
    NotAUrl,
    /// Something other than scheme, host and port.
    #[error("a pool's origin is only scheme, host and port; remove the path, query, fragment or user name")]
    NotAnOrigin,
    /// Plain HTTP to another machine.
    #[error("http is allowed only for localhost, *.localhost and loopback addresses; use https")]
    NotSecure,
}

impl Origin {
    /// Reads an origin.
    ///
    /// # Errors
    /// [`OriginError`] says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        let url = Url::parse(text).map_err(|_| OriginError::NotAUrl)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::NotAnOrigin);
        }
        let (secure, host) = match (url.scheme(), url.host()) {
            ("https", Some(host)) => (true, host),
            ("http", Some(host)) if is_loopback(&host) => (false, host),
            ("http", Some(_)) => return Err(OriginError::NotSecure),
            _ => return Err(OriginError::NotAUrl),
        };
        let host = host.to_string();
        let authority = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
        Ok(Self { text: format!("{}://{authority}", url.scheme()), authority, host, secure })
    }

    /// Scheme, host and port, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port as in a `Host` header, without the scheme's default port.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The host alone; also the WebAuthn RP id.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where it is not the default one of the scheme. Cookies do not tell ports apart (RFC 6265 §8.5).
    pub fn port(&self) -> Option<&str> {
        self.authority.strip_prefix(self.host.as_str())?.strip_prefix(':')
    }

    /// Whether cookies can be `Secure` and carry the `__Host-` prefix.
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// The issuer identifier (OIDC Discovery §3).
    pub fn issuer(&self) -> String {
        format!("{}/oidc", self.text)
    }

    /// The absolute URL of a path that begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl TryFrom<String> for Origin {
    type Error = OriginError;
    fn try_from(text: String) -> Result<Self, OriginError> {
        Self::parse(&text)
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.text
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Who is asked for a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MfaMode {
    /// Nobody new: enrolment is not offered. A factor that is already enrolled is still asked for.
    // Switching a feature off must not open an account.
    Off,
    /// Every user who has enrolled one.
    #[default]
    Optional,
    /// Everybody; a user without a factor must enrol one at sign-in.
    Required,
}

impl MfaMode {
    /// Its name in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

/// How long things live, in seconds. What is left out is as usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Lifetimes {
    /// A session that is not used.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub session_idle: i64,
    /// A session in all, and what a password proves.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub session_absolute: i64,
    /// What a second factor proves.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub second_factor: i64,
    /// An authorization code (RFC 9700 §2.1.1: short).
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub code: i64,
    /// An access token.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub access_token: i64,
    /// An ID token.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub id_token: i64,
    /// A refresh token that is not used.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub refresh_idle: i64,
    /// A chain of refresh tokens in all.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub refresh_absolute: i64,
    /// A sign-in under way.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub flow: i64,
    /// A mailed link.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub mail_link: i64,
    /// How recent a proof has to be for a change of factors.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub fresh: i64,
    /// A row of the audit trail, 30 days at least: nobody hides what they did by a change of settings.
    #[cfg_attr(feature = "schema", schemars(range(min = 2_592_000, max = 4_294_967_295u32)))]
    pub audit: i64,
}

/// The shortest time that a pool can keep its audit trail for, in seconds.
pub(crate) const AUDIT_AT_LEAST: i64 = 30 * 86_400;

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            session_idle: 8 * 3600,
            session_absolute: 24 * 3600,
            second_factor: 12 * 3600,
            code: 60,
            access_token: 600,
            id_token: 600,
            refresh_idle: 14 * 86_400,
            refresh_absolute: 90 * 86_400,
            flow: 1800,
            mail_link: 1800,
            fresh: 300,
            audit: 400 * 86_400,
        }
    }
}

/// What the tenant decides about a pool.
///
/// Written and read as JSON by the store; what an earlier version wrote is read, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct PoolSettings {
    /// Language where the user's is not known, as a BCP 47 tag.
    pub locale: String,
    /// Whether people may create accounts.
    pub registration: bool,
    /// Whether a forgotten password can be reset by mail.
    pub password_reset: bool,
    /// What people may do with their own account.
    pub account: AccountRules,
    /// The second factor: who is asked for what.
    pub mfa: Policy,
    /// What enrolling looks like.
    pub enrolment: Enrolment,
    /// What factors have settings of their own for, by kind. Each is an object in the factor's own form, which nobody but
    /// the factor reads.
    pub factors: BTreeMap<FactorKind, Value>,
    /// The group whose members see the settings page of the pool; nobody does where it is not named.
    pub admin_group: Option<String>,
    /// The tenant's own words: language tag, then translation key, then plain text.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    /// Colour of buttons and links, `#rrggbb`.
    pub accent: Option<String>,
    /// Shown where users are stuck.
    pub support_email: Option<String>,
    /// User names that nobody gives themselves, nor one that looks like them (UTS 39). An administrator can.
    pub reserved_usernames: Vec<String>,
    /// The tokens of its applications, and what is asked of all of them.
    pub tokens: TokenRules,
    /// The APIs that access tokens can be for.
    pub apis: Vec<Api>,
    /// What applications may register by themselves.
    pub client_registration: ClientRegistration,
    /// How its applications prove themselves by certificates.
    pub mutual_tls: MutualTls,
    /// Issuers whose word about its users counts.
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// What it knows of its users beside the standard claims.
    pub attributes: Vec<Attribute>,
    /// What may be asked of addresses that its applications name.
    pub outbound: OutboundSettings,
    /// Lifetimes.
    pub lifetimes: Lifetimes,
}

/// The names that are reserved where the tenant does not say which: those that speak for the house, and the addresses that
/// every domain has (RFC 2142).
pub const RESERVED_USERNAMES: [&str; 34] = [
    "abuse",
    "account",
    "accounts",
    "admin",
    "administrator",
    "api",
    "billing",
    "contact",
    "help",
    "helpdesk",
    "hostmaster",
    "info",
    "login",
    "mail",
    "mfa",
    "moderator",
    "noc",
    "noreply",
    "no-reply",
    "official",
    "operator",
    "postmaster",
    "register",
    "root",
    "sales",
    "security",
    "service",
    "staff",
    "superuser",
    "support",
    "sysadmin",
    "system",
    "webmaster",
    "www",
];

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            registration: false,
            password_reset: true,
            account: AccountRules::default(),
            mfa: Policy::default(),
            enrolment: Enrolment::default(),
            factors: BTreeMap::new(),
            admin_group: None,
            texts: BTreeMap::new(),
            accent: None,
            support_email: None,
            reserved_usernames: RESERVED_USERNAMES.map(str::to_owned).to_vec(),
            tokens: TokenRules::default(),
            apis: Vec::new(),
            client_registration: ClientRegistration::default(),
            mutual_tls: MutualTls::default(),
            trusted_issuers: Vec::new(),
            attributes: Vec::new(),
            outbound: OutboundSettings::default(),
            lifetimes: Lifetimes::default(),
        }
    }
}

impl PoolSettings {
    /// Whether people may delete their account. Where the tenant does not say it, those may who could make it themselves.
    pub fn offers_deletion(&self) -> bool {
        self.account.self_delete.unwrap_or(self.registration)
    }

    /// The API of that identifier.
    pub fn api(&self, id: &str) -> Option<&Api> {
        self.apis.iter().find(|api| api.id == id)
    }

    /// Whether a name may not be chosen because it is reserved, or can be taken for one that is.
    pub fn reserves(&self, username: &str) -> bool {
        let look = skeleton(username);
        self.reserved_usernames.iter().any(|reserved| skeleton(reserved) == look)
    }
}

/// What people may do with their own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AccountRules {
    /// Whether people may delete their own account. When left out, they may where `registration` lets them make one.
    pub self_delete: Option<bool>,
    /// The standard fields that people fill in on their profile page, beside the full name and the language. When left out,
    /// given name and surname: what nobody needs is not asked.
    pub profile_fields: BTreeSet<PersonalField>,
}

impl Default for AccountRules {
    fn default() -> Self {
        let profile_fields = BTreeSet::from([PersonalField::GivenName, PersonalField::FamilyName]);
        Self { self_delete: None, profile_fields }
    }
}

/// What the server may reach when it asks addresses that the pool's applications name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OutboundSettings {
    /// Networks that may be asked although they are not public, such as `["10.1.0.0/16"]`; `["127.0.0.0/8"]` for applications
    /// on this machine. Nothing else in them is protected from the pool's applications then.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub allow: Vec<IpNet>,
}

/// What setting up a second factor looks like, whichever it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Enrolment {
    /// Whether a new factor takes the place of those of its kind, one of which has to answer first, instead of standing
    /// beside them. What `mfa.remove` asks for is then asked before that enrolment, too.
    pub replace: bool,
    /// Whether everything about second factors is marked as experimental, together with `branding.support_email`.
    pub experimental: bool,
}

/// The tenant of pools that were declared without one.
pub const DEFAULT_TENANT: &str = "default";

/// A user pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its identifier.
    pub id: PoolId,
    /// The customer whose pool it is, by short name. A tenant owns one or more pools.
    pub tenant: String,
    /// Its short name in commands and files.
    pub slug: String,
    /// Shown to users.
    pub name: String,
    /// Where it lives.
    pub origin: Origin,
    /// What the tenant decided.
    pub settings: PoolSettings,
    /// Counts the changes of what the tenant decided, from 1; a decision is explained by rule and version.
    pub version: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_https_or_loopback_and_nothing_more() {
        let good = Origin::parse("http://acme.localhost:8080").unwrap();
        assert_eq!(
            (good.authority(), good.host(), good.is_secure()),
            ("acme.localhost:8080", "acme.localhost", false)
        );
        assert_eq!(
            Origin::parse("https://Login.Example.com:443/").unwrap().as_str(),
            "https://login.example.com"
        );
        for (text, error) in [
            ("http://example.com", OriginError::NotSecure),
            ("http://localhost.example.com", OriginError::NotSecure),
            ("https://a/b", OriginError::NotAnOrigin),
            ("https://u@a", OriginError::NotAnOrigin),
            ("https://a/?q", OriginError::NotAnOrigin),
            ("ftp://a", OriginError::NotAUrl),
            ("a.example", OriginError::NotAUrl),
        ] {
            assert_eq!(Origin::parse(text), Err(error), "{text}");
        }
    }
}
