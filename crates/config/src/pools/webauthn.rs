//! `[pool.webauthn]`: which hardware may be used.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vestibule_domain::pool::WebauthnSettings;

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

impl WebauthnSpec {
    /// The settings; of a file that passed its checks.
    pub(super) fn settings(&self) -> WebauthnSettings {
        WebauthnSettings {
            aaguids: self.aaguids.iter().filter_map(|text| text.parse().ok()).collect(),
            attestation_roots: self.attestation_roots.clone(),
        }
    }
}

impl From<WebauthnSettings> for WebauthnSpec {
    fn from(settings: WebauthnSettings) -> Self {
        Self {
            aaguids: settings.aaguids.iter().map(ToString::to_string).collect(),
            attestation_roots: settings.attestation_roots,
        }
    }
}
