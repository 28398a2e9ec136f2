//! Relying-party applications of a pool.

pub mod redirect_uri;

mod check;

use crate::assurance::Acr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

names! {
    /// How an application proves itself at the token endpoint (OpenID Connect Core §9).
    ClientAuthMethod {
        /// Secret in the `Authorization` header.
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the form.
        ClientSecretPost = "client_secret_post",
        /// Not at all: PKCE binds the code.
        None = "none",
    }
}

// A grant is a line here, and a line and a file in the crates `oidc` and `flows`.
names! {
    /// A grant that an application may use (RFC 6749 §4.1 and §6).
    GrantType {
        /// Sign-in by redirect, with PKCE.
        AuthorizationCode = "authorization_code",
        /// Renewal by refresh token.
        RefreshToken = "refresh_token",
    }
}

impl ClientAuthMethod {
    /// What an application of this kind uses when it says nothing.
    pub const fn usual(kind: ClientKind) -> Self {
        match kind {
            ClientKind::Confidential => Self::ClientSecretBasic,
            ClientKind::Public => Self::None,
        }
    }
}

/// Signature algorithms of ID tokens, as in `id_token_signed_response_alg`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TokenAlg {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl TokenAlg {
    /// All algorithms, the default first.
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    /// The JOSE name (RFC 7518 §3.1, RFC 8037 §3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
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
    /// How it authenticates.
    pub auth_method: ClientAuthMethod,
    /// SHA-256 of the secret; none for public clients.
    pub secret_sha256: Option<[u8; 32]>,
    /// Compared exactly, except the port of loopback addresses (RFC 8252 §7.3).
    pub redirect_uris: Vec<String>,
    /// For RP-initiated logout.
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Grants it may use.
    pub grants: Vec<GrantType>,
    /// Algorithm of its ID tokens.
    pub id_token_alg: TokenAlg,
    /// Belongs to the tenant: users are not asked for consent.
    pub first_party: bool,
    /// Never below this class.
    pub min_acr: Option<Acr>,
    /// Its own names for the classes.
    pub acr_aliases: BTreeMap<String, Acr>,
    /// Used when the request has no `max_age`, in seconds.
    pub default_max_age: Option<i64>,
    /// A disabled application can do nothing.
    pub enabled: bool,
}

impl Client {
    /// The class that an `acr` value means to this application, if any.
    pub fn resolve_acr(&self, value: &str) -> Option<Acr> {
        self.acr_aliases.get(value).copied().or_else(|| value.parse().ok())
    }

    /// The application's own name for a class, or the product's.
    pub fn name_of_acr(&self, acr: Acr) -> &str {
        let alias = self.acr_aliases.iter().find(|(_, class)| **class == acr);
        alias.map_or(acr.as_str(), |(name, _)| name.as_str())
    }

    /// Whether the application may use the grant.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grants.contains(&grant)
    }
}
