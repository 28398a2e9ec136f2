//! Relying-party applications of a pool.

pub mod redirect_uri;

/// A closed set of names as they go over the wire: one line for each is all that its readers need.
macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The one of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

mod answers;
mod check;
mod exchange;
mod logout;
mod registered;
mod subject;
mod tls;

pub use answers::{ClientAnswers, ContentEncryption, Encryption, KeyEncryption};
pub use exchange::{ExchangeMode, ExchangeRule};
pub use logout::ClientLogout;
pub(crate) use logout::web_address;
pub use registered::{Registered, RegisteredBy};
pub use subject::{Sector, SubjectType};
pub use tls::ClientTls;

use crate::assurance::Acr;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Whether an application can keep a secret (RFC 6749 §2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// It can: it runs on a server.
    Confidential,
    /// It cannot: it runs in a browser or on a device.
    Public,
}

names! {
    /// How an application proves itself at the token endpoint (OpenID Connect Core §9).
    ClientAuthMethod {
        /// Secret in the `Authorization` header.
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the form.
        ClientSecretPost = "client_secret_post",
        /// A token that is signed with its own key (RFC 7523): no secret is shared.
        PrivateKeyJwt = "private_key_jwt",
        /// A certificate that an authority of the pool vouches for (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// A certificate of its own, which it publishes among its keys (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
        /// Not at all: PKCE binds the code.
        None = "none",
    }
}

impl ClientAuthMethod {
    /// Whether both sides know what proves the application.
    pub const fn shares_a_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }

    /// Whether a certificate proves the application.
    pub const fn shows_a_certificate(self) -> bool {
        matches!(self, Self::TlsClientAuth | Self::SelfSignedTlsClientAuth)
    }

    /// Whether it proves the application with a key that is its own.
    pub const fn proves_an_own_key(self) -> bool {
        self.shows_a_certificate() || matches!(self, Self::PrivateKeyJwt)
    }
}

// A grant is a line here, and a line and a file in the crates `oidc` and `flows`.
names! {
    /// A grant that an application may use (RFC 6749 §4.1, §4.4 and §6, RFC 8628 §3.4, RFC 8693 §2.1, RFC 7523 §2.1).
    GrantType {
        /// Sign-in by redirect, with PKCE.
        AuthorizationCode = "authorization_code",
        /// Renewal by refresh token.
        RefreshToken = "refresh_token",
        /// For itself, without a user.
        ClientCredentials = "client_credentials",
        /// Sign-in of a device whose user answers in a browser elsewhere.
        DeviceCode = "urn:ietf:params:oauth:grant-type:device_code",
        /// A token for another one, as rules of the application say (RFC 8693 §2.1).
        TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange",
        /// The word of an issuer that the pool trusts (RFC 7523 §2.1).
        JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer",
    }
}

names! {
    /// Something that is asked of applications beyond what the common libraries do by themselves. A pool asks it of all of
    /// its applications, an application of itself; what either asks counts.
    Strictness {
        /// A confidential application has to send a PKCE challenge, too (RFC 9700 §2.1.1).
        RequirePkce = "require_pkce",
        /// A scope that is not known or not registered ends the sign-in instead of being left out (RFC 6749 §3.3).
        RefuseUnknownScopes = "refuse_unknown_scopes",
        /// Refresh tokens are given for `offline_access` only (OpenID Connect Core §11), none that end with the session.
        OfflineAccessOnly = "offline_access_only",
        /// A refresh token works once: a lost answer is not given again.
        NoRefreshGrace = "no_refresh_grace",
        /// The claims of granted scopes are at userinfo alone, not in the ID token (OpenID Connect Core §5.4).
        ClaimsAtUserinfo = "claims_at_userinfo",
        /// `acr_values` is a demand, as an essential `acr` claim is; for libraries that cannot send the `claims` parameter.
        EssentialAcrValues = "essential_acr_values",
        /// Access tokens are for registered APIs only (RFC 8707), none for the issuer itself: nothing can be read at userinfo.
        ApisOnly = "apis_only",
        /// Authorization requests are pushed before they are carried out (RFC 9126).
        RequirePushedRequests = "require_pushed_requests",
        /// Authorization requests are signed by the application (RFC 9101).
        RequireSignedRequests = "require_signed_requests",
        /// The answers to authorization requests are signed (JWT Secured Authorization Response Mode).
        RequireSignedResponses = "require_signed_responses",
        /// Access tokens are bound to a key that the application proves (RFC 9449).
        RequireBoundTokens = "require_bound_tokens",
        /// Proofs of such a key carry a nonce of this server (RFC 9449 §8).
        RequireDpopNonce = "require_dpop_nonce",
        /// What an application signs to prove itself is for the issuer alone, and not for one of its addresses.
        IssuerAudience = "issuer_audience",
        /// RSASSA-PKCS1-v1_5 does not count in what an application signs, and it is told nothing that is signed so (FAPI 2.0
        /// Security Profile §5.4.1): ES256 stands in. Access tokens have the algorithm of the API that reads them.
        NoRs256 = "no_rs256",
        /// An application proves itself with a key of its own, never with a secret that both sides know.
        NoSharedSecrets = "no_shared_secrets",
    }
}

// A profile is a line here and the list of what it stands for.
names! {
    /// A profile of the FAPI 2.0 family, by name: what it asks beyond the usual, as a whole.
    Profile {
        /// FAPI 2.0 Security Profile.
        Fapi2Security = "fapi2_security",
        /// FAPI 2.0 Message Signing: the same, and requests and responses are signed.
        Fapi2MessageSigning = "fapi2_message_signing",
    }
}

impl Profile {
    /// What it stands for.
    pub fn strictness(self) -> impl Iterator<Item = Strictness> {
        let security = [
            Strictness::RequirePkce,
            Strictness::RequirePushedRequests,
            Strictness::RequireBoundTokens,
            Strictness::IssuerAudience,
            Strictness::NoRs256,
            Strictness::NoSharedSecrets,
        ];
        let signing = [Strictness::RequireSignedRequests, Strictness::RequireSignedResponses];
        let signing = signing.into_iter().filter(move |_| self == Self::Fapi2MessageSigning);
        security.into_iter().chain(signing)
    }
}

/// Signature algorithms of ID tokens, as in `id_token_signed_response_alg`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TokenAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl TokenAlg {
    /// All algorithms; that of ID tokens when nothing is said (OpenID Connect Registration §2) first.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The JOSE name (RFC 7518 §3.1, RFC 8037 §3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// What a pool says about the tokens of its applications, and asks of all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TokenRules {
    /// Algorithm of ID tokens, where the application does not say another: RS256 (OpenID Connect Registration §2).
    pub id_token_alg: TokenAlg,
    /// Algorithm of access tokens. It belongs to the API that reads them, never to the application that asks.
    pub access_token_alg: TokenAlg,
    /// `typ` of access tokens.
    pub access_token_type: AccessTokenType,
    /// What is asked of every application beyond the usual.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub strict: BTreeSet<Strictness>,
    /// The profile that every application follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
}

impl TokenRules {
    /// What the pool asks of every application, its profile included.
    pub fn asked(&self) -> BTreeSet<Strictness> {
        self.strict.iter().copied().chain(self.profile.into_iter().flat_map(Profile::strictness)).collect()
    }
}

impl Default for TokenRules {
    fn default() -> Self {
        Self {
            id_token_alg: TokenAlg::Rs256,
            access_token_alg: TokenAlg::Es256,
            access_token_type: AccessTokenType::default(),
            strict: BTreeSet::new(),
            profile: None,
        }
    }
}

/// What access tokens look like: the `typ` header of a JWT, or nothing that anybody but this provider can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AccessTokenType {
    /// RFC 9068 §2.1: an access token cannot be taken for any other token.
    #[default]
    #[serde(rename = "at+jwt")]
    AtJwt,
    /// For resource servers that refuse `at+jwt`.
    #[serde(rename = "JWT")]
    Jwt,
    /// Sealed: its reader asks for what it says (RFC 7662).
    #[serde(rename = "opaque")]
    Opaque,
}

/// A registered application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// `client_id` (RFC 6749 §2.2).
    pub id: String,
    /// Shown to users.
    pub name: String,
    /// Confidential or public.
    pub kind: ClientKind,
    /// The one method that it may authenticate with. When left out, whatever fits its kind: a confidential application sends
    /// its secret in the header or in the form, as its library likes.
    #[serde(default)]
    pub auth_method: Option<ClientAuthMethod>,
    /// SHA-256 of the secret; none for public clients.
    pub secret_sha256: Option<[u8; 32]>,
    /// Its public keys (RFC 7517 §5): what it signs is verified with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where they are published instead: fetched when they are needed, again for a key that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// How it is known by a certificate.
    #[serde(default, flatten)]
    pub tls: ClientTls,
    /// Compared exactly, except the port of loopback addresses (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// For RP-initiated logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it keeps signed requests (RFC 9101 §5.2); fragments do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request_uris: Vec<String>,
    /// Whether its users have identifiers of their own at it (OIDC Core §8).
    #[serde(default, skip_serializing_if = "SubjectType::is_public")]
    pub subject_type: SubjectType,
    /// The list of all addresses of one sector, where they have several hosts (OIDC Registration §5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    /// How it hears that a session ended.
    #[serde(default, flatten)]
    pub logout: ClientLogout,
    /// Scopes it may ask for. A request without `scope` asks for all of them but `offline_access` (RFC 6749 §3.3).
    pub scopes: Vec<String>,
    /// The APIs that it may ask tokens for, by identifier (RFC 8707).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub apis: BTreeSet<String>,
    /// The one of them that a request without `resource` is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_api: Option<String>,
    /// The APIs that it serves: it may ask what their tokens say (RFC 7662).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub introspects: BTreeSet<String>,
    /// Grants it may use.
    pub grants: Vec<GrantType>,
    /// The tokens that it may exchange (RFC 8693), and for which: nothing that no rule allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<ExchangeRule>,
    /// Algorithm of its ID tokens, where it is not the pool's.
    #[serde(default)]
    pub id_token_alg: Option<TokenAlg>,
    /// How that and userinfo are signed and encrypted beyond the usual.
    #[serde(default, flatten)]
    pub answers: ClientAnswers,
    /// Belongs to the tenant: users are not asked for consent.
    pub first_party: bool,
    /// Never below this class.
    pub min_acr: Option<Acr>,
    /// Its own names for the classes.
    pub acr_aliases: BTreeMap<String, Acr>,
    /// Used when the request has no `max_age`, in seconds.
    pub default_max_age: Option<i64>,
    /// What is asked of it beyond the usual.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub strict: BTreeSet<Strictness>,
    /// The profile that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// Its answers come without `iss` (RFC 9207): its library stumbles over it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub omit_iss: bool,
    /// How it came, where it registered by itself: its users are always asked for consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered: Option<Registered>,
    /// A disabled application can do nothing.
    pub enabled: bool,
}

impl Client {
    /// An application of which nothing else is said: enabled, without an address, a scope or a grant.
    pub fn new(id: &str, kind: ClientKind) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            kind,
            auth_method: None,
            secret_sha256: None,
            jwks: None,
            jwks_uri: None,
            tls: ClientTls::default(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            request_uris: Vec::new(),
            subject_type: SubjectType::Public,
            sector_identifier_uri: None,
            scopes: Vec::new(),
            apis: BTreeSet::new(),
            default_api: None,
            introspects: BTreeSet::new(),
            grants: Vec::new(),
            exchange: Vec::new(),
            id_token_alg: None,
            answers: ClientAnswers::default(),
            first_party: false,
            min_acr: None,
            acr_aliases: BTreeMap::new(),
            default_max_age: None,
            strict: BTreeSet::new(),
            profile: None,
            omit_iss: false,
            logout: ClientLogout::default(),
            registered: None,
            enabled: true,
        }
    }

    /// The class that an `acr` value means to this application, if any.
    pub fn resolve_acr(&self, value: &str) -> Option<Acr> {
        self.acr_aliases.get(value).copied().or_else(|| value.parse().ok())
    }

    /// The application's own name for a class, or the product's.
    pub fn name_of_acr(&self, acr: Acr) -> &str {
        let alias = self.acr_aliases.iter().find(|(_, class)| **class == acr);
        alias.map_or(acr.as_str(), |(name, _)| name.as_str())
    }

    /// Whether the application may authenticate in this way.
    pub fn accepts(&self, used: ClientAuthMethod) -> bool {
        let fits = match self.auth_method {
            Some(pinned) => pinned == used,
            None if self.kind == ClientKind::Public => used == ClientAuthMethod::None,
            None => used.shares_a_secret() || (used == ClientAuthMethod::PrivateKeyJwt && self.has_keys()),
        };
        fits && (used.proves_an_own_key() || !self.is_strict(Strictness::NoSharedSecrets))
    }

    /// The algorithm of what is signed for it: its own, or the pool's. What it may not use itself it is not given, either.
    pub fn signed_with(&self, tokens: &TokenRules) -> TokenAlg {
        self.permitted(self.id_token_alg.unwrap_or(tokens.id_token_alg))
    }

    /// The algorithm of its userinfo, where that is signed.
    pub fn userinfo_signed_with(&self) -> Option<TokenAlg> {
        self.answers.userinfo_signed_response_alg.map(|alg| self.permitted(alg))
    }

    fn permitted(&self, alg: TokenAlg) -> TokenAlg {
        match alg {
            TokenAlg::Rs256 if self.is_strict(Strictness::NoRs256) => TokenAlg::Es256,
            alg => alg,
        }
    }

    /// How long its codes live in seconds: as long as those of the pool, and a minute at most with a profile (FAPI 2.0 Security
    /// Profile §5.3.2.1).
    pub fn code_lifetime(&self, pool: i64) -> i64 {
        if self.profile.is_some() { pool.min(60) } else { pool }
    }

    /// Whether a signed request may be fetched from the address: it is registered, whatever its fragment says, which is only a
    /// mark of the content (OIDC Core §6.2).
    pub fn may_refer_to(&self, uri: &str) -> bool {
        self.request_uris.iter().any(|known| without_fragment(known) == without_fragment(uri))
    }

    /// Whether it has published keys.
    pub const fn has_keys(&self) -> bool {
        self.jwks.is_some() || self.jwks_uri.is_some()
    }

    /// Whether it has to have a secret: it is confidential, and nothing else would prove it. Keys may be there for encryption
    /// alone; who proves itself with them and is told things in secret, too, names its method.
    pub fn needs_secret(&self) -> bool {
        let only_reads = self.answers.id_token().is_some() || self.answers.userinfo().is_some();
        let proves_by_keys = self.has_keys() && !only_reads;
        self.kind == ClientKind::Confidential
            && self.auth_method.map_or(!proves_by_keys, ClientAuthMethod::shares_a_secret)
    }

    /// Whether something is asked of it beyond the usual.
    pub fn is_strict(&self, about: Strictness) -> bool {
        self.strict.contains(&about)
    }

    /// Whether a code needs a PKCE challenge (RFC 7636, RFC 9700 §2.1.1). One that is sent is checked in any case.
    pub fn requires_pkce(&self) -> bool {
        self.kind == ClientKind::Public || self.is_strict(Strictness::RequirePkce)
    }

    /// The application as it counts at its pool: with what the pool asks of all.
    #[must_use]
    pub fn at(mut self, tokens: &TokenRules) -> Self {
        self.strict.extend(tokens.asked());
        self.strict.extend(self.profile.into_iter().flat_map(Profile::strictness));
        self.profile = self.profile.or(tokens.profile);
        // Without `iss` an application could take the answer of one provider for another's (FAPI 2.0 Security Profile §5.3.2.2).
        self.omit_iss = self.omit_iss && self.profile.is_none();
        self
    }

    /// Whether a token for the API may be asked for.
    pub fn may_ask_for(&self, api: &str) -> bool {
        self.apis.contains(api) || self.default_api.as_deref() == Some(api)
    }

    /// Whether the application may use the grant.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }
}

/// An address up to its fragment, which is not sent.
pub fn without_fragment(uri: &str) -> &str {
    uri.split_once('#').map_or(uri, |(address, _)| address)
}
