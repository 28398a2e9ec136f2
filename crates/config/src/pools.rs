//! The declarative pool file of `vestibule apply FILE`: pools with their applications and users.
//!
//! The shape of the file is here; its values and their rules are the domain's. What a file alone cannot tell (whether a
//! locale is translated, a factor known, a password good enough) is for the program that applies it.

mod check;
mod declared;
mod mfa;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vestibule_domain::pool::{Enrolment, Lifetimes, RESERVED_USERNAMES, TrustedIssuer, rename_texts};
use vestibule_domain::{
    AccountRules, Acr, Api, Attribute, ClientAuthMethod, ClientKind, ClientRegistration, ContentEncryption,
    ExchangeRule, FactorKind, FactorRules, GrantType, KeyEncryption, MutualTls, OutboundSettings, Policy,
    Profile, Strictness, SubjectType, TokenAlg, TokenRules, UserProfile,
};

use crate::document::Document;
use crate::error::ConfigError;
use crate::repair;
use crate::secret::SecretText;

/// Reads a moment as the file writes it.
pub(crate) fn moment(text: &str) -> Option<vestibule_domain::Timestamp> {
    mfa::Moment::parse(text).map(|moment| moment.0)
}

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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// User names that people cannot register, nor one that looks like them; administrators can give them. When left out,
    /// the usual ones such as `admin`, `root` and `support`.
    #[serde(default = "reserved_usernames")]
    pub reserved_usernames: Vec<String>,
    /// Whether a forgotten password can be reset by mail.
    #[serde(default)]
    pub password_reset: bool,
    /// What people may do with their own account.
    #[serde(default)]
    pub account: AccountRules,
    /// Second factors.
    #[serde(default, with = "mfa")]
    #[schemars(with = "mfa::MfaSpec")]
    pub mfa: Policy,
    /// What setting up a second factor looks like, whichever it is.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// What factors have settings of their own for: a `[pool.factor.KIND]` table each, such as `[pool.factor.totp]`.
    #[serde(default)]
    pub factor: BTreeMap<FactorKind, Value>,
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
    /// The tokens of the pool's applications, and what is asked of all of them beyond the usual.
    #[serde(default)]
    pub tokens: TokenRules,
    /// APIs that access tokens can be for, each a `[[pool.api]]` table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api: Vec<Api>,
    /// What applications may register by themselves (RFC 7591); nothing when left out.
    #[serde(default)]
    pub client_registration: ClientRegistration,
    /// How applications prove themselves by certificates (RFC 8705).
    #[serde(default)]
    pub mutual_tls: MutualTls,
    /// Issuers whose word about the pool's users counts (RFC 7523), each a `[[pool.trusted_issuer]]` table; none when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trusted_issuer: Vec<TrustedIssuer>,
    /// What the pool knows of its users beside the standard claims, each a `[[pool.attribute]]` table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribute: Vec<Attribute>,
    /// What the server may reach when it asks addresses that applications name, such as `backchannel_logout_uri`.
    #[serde(default)]
    pub outbound: OutboundSettings,
    /// How long things live, where not as usual.
    #[serde(default)]
    pub lifetimes: Lifetimes,
    /// Applications, each a `[[pool.client]]` table.
    #[serde(default, skip_serializing)]
    pub client: Vec<ClientSpec>,
    /// Users, each a `[[pool.user]]` table.
    #[serde(default, skip_serializing)]
    pub user: Vec<UserSpec>,
}

fn default_tenant() -> String {
    "default".to_owned()
}

fn english() -> String {
    "en".to_owned()
}

fn reserved_usernames() -> Vec<String> {
    RESERVED_USERNAMES.map(str::to_owned).to_vec()
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    #[serde(skip_serializing)]
    #[schemars(length(min = 32))]
    pub secret: Option<SecretText>,
    /// SHA-256 of its secret, 64 hexadecimal digits, so that the secret need not stand in a file.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub secret_sha256: Option<String>,
    /// Its public keys as a JSON Web Key Set, for what it signs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where it publishes them instead: `https`, or `http` on loopback. An address that is not public has to be allowed in
    /// `[pool.outbound]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// With `tls_client_auth`: the subject of its certificate as a whole, as RFC 4514 writes it: `CN=billing,O=Example,C=DE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_subject_dn: Option<String>,
    /// With `tls_client_auth`, instead: a host among the alternative names of its certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_dns: Option<String>,
    /// Instead: an address among them, such as `spiffe://example.com/billing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_uri: Option<String>,
    /// Instead: an IP address among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_ip: Option<String>,
    /// Instead: a mail address among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls_client_auth_san_email: Option<String>,
    /// Whether its access tokens are bound to the certificate that it shows when it asks for them (RFC 8705 §3).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Where people may be sent back to after sign-in; compared exactly.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where people may be sent back to after sign-out; compared exactly.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it keeps signed requests (RFC 9101 §5.2): `https`, or `http` on loopback. An address that is not public has to be
    /// allowed in `[pool.outbound]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,
    /// Where the server posts a logout token when a session ends (OpenID Connect Back-Channel Logout): `https`, or `http` on
    /// loopback. An address that is not public has to be allowed in `[pool.outbound]`.
    pub backchannel_logout_uri: Option<String>,
    /// Whether it needs the session in the logout token, which always has it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backchannel_logout_session_required: bool,
    /// Page of the application that the browser loads, hidden, when people sign out (OpenID Connect Front-Channel Logout);
    /// scheme, host and port are those of one of its `redirect_uris`.
    pub frontchannel_logout_uri: Option<String>,
    /// Whether that page needs issuer and session, which it is always told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub frontchannel_logout_session_required: bool,
    /// Scopes it may ask for.
    #[serde(default = "openid")]
    pub scopes: Vec<String>,
    /// APIs that it may ask tokens for, by their `id` in `[[pool.api]]`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub apis: BTreeSet<String>,
    /// The API that a request without `resource` is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_api: Option<String>,
    /// APIs that it serves: it may ask what their tokens say (RFC 7662).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub introspects: BTreeSet<String>,
    /// Grants it may use.
    #[serde(default = "code_and_refresh")]
    pub grants: Vec<GrantType>,
    /// Which tokens it may exchange for which others (RFC 8693), each a `[[pool.client.exchange]]` table. Nothing may be
    /// exchanged that no table allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<ExchangeRule>,
    /// The one way in which it proves itself at the token endpoint. When left out, a confidential application sends its secret
    /// in the header or in the form, as its library likes, and a public one has none.
    pub token_endpoint_auth_method: Option<ClientAuthMethod>,
    /// Algorithm that signs its ID tokens, where it is not the pool's.
    pub id_token_alg: Option<TokenAlg>,
    /// Algorithm that signs the answers of userinfo for it; they are plain JSON when left out.
    pub userinfo_signed_response_alg: Option<TokenAlg>,
    /// Encrypts its ID tokens to a key of its `jwks` or `jwks_uri`.
    pub id_token_encrypted_response_alg: Option<KeyEncryption>,
    /// How the ID token is encrypted; A256GCM when left out.
    pub id_token_encrypted_response_enc: Option<ContentEncryption>,
    /// Encrypts the answers of userinfo to a key of its `jwks` or `jwks_uri`.
    pub userinfo_encrypted_response_alg: Option<KeyEncryption>,
    /// How they are encrypted; A256GCM when left out.
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
    /// Which identifier of a user it is told: the `public` one, or one that its sector alone knows (`pairwise`).
    #[serde(default, skip_serializing_if = "SubjectType::is_public")]
    pub subject_type: SubjectType,
    /// Where a JSON list of all redirect URIs of its sector stands, where they have several hosts; read when it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// Whether it belongs to the pool's owner, so that people are not asked for consent.
    #[serde(default)]
    pub first_party: bool,
    /// The least assurance that every sign-in to it must reach.
    pub min_acr: Option<Acr>,
    /// Its own names for assurance levels: `{ "2" = "mfa" }`.
    #[serde(default)]
    pub acr_aliases: BTreeMap<String, Acr>,
    /// Oldest sign-in it accepts when it does not say otherwise, in seconds.
    pub default_max_age: Option<u32>,
    /// What is asked of it beyond the usual.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub strict: BTreeSet<Strictness>,
    /// The profile that it follows as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Whether its answers come without `iss` (RFC 9207), for a library that stumbles over it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub omit_iss: bool,
    /// Whether it can be used. Nobody signs in to one that is switched off, and its tokens are not renewed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
}

const fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_yes(flag: &bool) -> bool {
    *flag
}

fn openid() -> Vec<String> {
    vec!["openid".to_owned()]
}

fn code_and_refresh() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode, GrantType::RefreshToken]
}

/// One user of a pool.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    #[serde(skip_serializing)]
    pub password: Option<SecretText>,
    /// Groups, such as `tenant-admin`.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What applications are told beside: a `[pool.user.profile]` table. What it does not say stays as it is.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub profile: UserProfile,
}

fn is_empty(profile: &UserProfile) -> bool {
    *profile == UserProfile::default()
}

/// Keys that were the pool's before factors had settings of their own, and where they are now.
const MOVED: [(&str, &str); 5] = [
    ("webauthn", "move its keys to [pool.factor.passkey] and [pool.factor.security-key]"),
    ("show_secret", "move it to [pool.factor.totp]"),
    ("open_secret", "move it to [pool.factor.totp]"),
    ("authenticator", "write [[pool.factor.totp.authenticator]]"),
    ("recovery_codes", "write `codes` in [pool.factor.recovery]"),
];

/// Says of a key that has moved where it is now.
fn moved(mut error: ConfigError) -> ConfigError {
    for problem in &mut error.problems {
        let place = MOVED.iter().find(|(key, _)| problem.cause == format!("unknown key `{key}`"));
        if let Some((_, place)) = place {
            problem.hint = Some((*place).to_owned());
        }
    }
    error
}

impl PoolFile {
    /// Reads and checks a pool file; `factors` checks what is theirs.
    ///
    /// # Errors
    /// Everything that is wrong, with file, line and column.
    pub fn load(path: &Path, factors: &dyn FactorRules) -> Result<Self, ConfigError> {
        let text =
            crate::settings::read(path, "pass the path of a pool file; see config/pools.example.toml")?;
        Self::parse(Some(path), &text, factors)
    }

    /// [`PoolFile::load`] on text already at hand; `path` is only how errors name it.
    ///
    /// # Errors
    /// As [`PoolFile::load`].
    pub fn parse(path: Option<&Path>, text: &str, factors: &dyn FactorRules) -> Result<Self, ConfigError> {
        let document = Document::parse(path, text)?;
        let mut repaired = repair::read::<Self>(&document);
        let mut problems = std::mem::take(&mut repaired.problems);
        if let Some(file) = &repaired.value {
            problems.extend(file.check(&document, factors, &|at| repaired.is_invented(at)));
        }
        ConfigError::check(problems).map_err(moved)?;
        let Some(mut file) = repaired.value else { return document.read().map_err(moved) };
        // Only now: a fault is told under the key that the file has.
        file.pool.iter_mut().for_each(|pool| rename_texts(&mut pool.texts));
        Ok(file)
    }
}
