//! `[pool.enrolment]` and `[pool.webauthn]`: what setting up a second factor looks like, and which hardware may be used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What setting up a second factor looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnrolmentSpec {
    /// Whether the secret is shown beside the QR code, to be typed in or kept.
    pub show_secret: bool,
    /// Whether it is unfolded at once, with the advice to keep it; without, it takes a click.
    pub open_secret: bool,
    /// How many recovery codes come with the first factor; 0 for none, so that only an admin can help.
    #[schemars(range(max = 20))]
    pub recovery_codes: u32,
    /// Whether a new factor takes the place of those of its kind, one of which has to answer first, instead of standing
    /// beside them. What `mfa.remove` asks for is then asked before that enrolment, too.
    pub replace: bool,
    /// Whether everything about second factors is marked as experimental, with `branding.support_email` beside it.
    pub experimental: bool,
    /// Authenticator apps that are recommended, each an `[[pool.enrolment.authenticator]]` table.
    pub authenticator: Vec<AuthenticatorSpec>,
}

impl Default for EnrolmentSpec {
    fn default() -> Self {
        Self {
            show_secret: true,
            open_secret: false,
            recovery_codes: 10,
            replace: false,
            experimental: false,
            authenticator: Vec::new(),
        }
    }
}

/// An authenticator app that is recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthenticatorSpec {
    /// Its name.
    pub name: String,
    /// Where to get it for Android, an `https` address.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://"))]
    pub android: Option<String>,
    /// Where to get it for iOS, an `https` address.
    #[serde(default)]
    #[schemars(regex(pattern = "^https://"))]
    pub ios: Option<String>,
}

/// Which WebAuthn authenticators may be registered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebauthnSpec {
    /// Models that may be registered, by AAGUID; when empty, all. Without `attestation_roots` the model is only the
    /// authenticator's own word.
    #[schemars(inner(regex(pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")))]
    pub aaguids: Vec<String>,
    /// Certificates in PEM form, one of which has to vouch for the authenticator; when empty, no attestation is asked
    /// for.
    pub attestation_roots: Vec<String>,
}
