//! What a pool decides about authenticators.

use super::judge;
use crate::settings::FactorSettings;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_domain::field::{Fault, Faults, FieldPath};

/// Which authenticators may be registered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WebauthnSettings {
    /// Models that may be registered, by AAGUID; when empty, all. Without `attestation_roots` the model is only the
    /// authenticator's own word (WebAuthn Level 3 §6.5.1).
    #[schemars(inner(regex(pattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")))]
    pub aaguids: Vec<String>,
    /// Certificates in PEM form, one of which has to vouch for the authenticator; when empty, no attestation is asked
    /// for.
    pub attestation_roots: Vec<String>,
}

impl WebauthnSettings {
    /// Whether this model may be registered.
    pub(super) fn allows(&self, aaguid: Uuid) -> bool {
        self.aaguids.is_empty()
            || self.aaguids.iter().any(|text| text.parse::<Uuid>().is_ok_and(|one| one == aaguid))
    }
}

impl FactorSettings for WebauthnSettings {
    fn check(&self, faults: &mut Faults) {
        let models = FieldPath::root().key("aaguids");
        for (index, text) in self.aaguids.iter().enumerate() {
            faults.require(is_uuid(text), &models.index(index), || {
                Fault::new("not an AAGUID")
                    .expected(
                        "8-4-4-4-12 hexadecimal digits, such as \"2fc0579f-8113-47ea-b116-bb5a8db9202a\"",
                    )
                    .found(format!("{text:?}"))
                    .hint("copy it from the maker's list or from the FIDO metadata service")
            });
        }
        let listed = self.aaguids.iter().enumerate();
        faults.unique("AAGUID", listed.map(|(index, text)| (models.index(index), text.to_lowercase())));
        let roots = FieldPath::root().key("attestation_roots");
        for (index, pem) in self.attestation_roots.iter().enumerate() {
            if let Err(error) = judge::root(pem) {
                let fault = Fault::new("not a certificate")
                    .expected("one certificate in PEM form, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----")
                    .found(error.to_string())
                    .hint("paste it between triple quotes: \"\"\"…\"\"\"");
                faults.add(&roots.index(index), fault);
            }
        }
    }
}

/// The one spelling with hyphens: the library reads others, too, which no list of a maker has.
fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.parse::<Uuid>().is_ok()
}
