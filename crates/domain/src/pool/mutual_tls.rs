//! Certificates of a pool's applications.

use super::Origin;
use crate::field::{Fault, Faults, FieldPath};
use serde::{Deserialize, Serialize};
use vestibule_x509::Authorities;

/// How applications of a pool prove themselves by certificates (RFC 8705).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MutualTls {
    /// Where applications find the endpoints at which they are asked for a certificate (RFC 8705 §5), such as
    /// `https://mtls.id.example.com`. When it is left out, they show one at the pool's own origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub origin: Option<Origin>,
    /// The certificates of the authorities that vouch for applications with `tls_client_auth`, in PEM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorities: Option<String>,
}

impl MutualTls {
    /// Everything that is wrong with it; places are below `at`.
    pub(super) fn check(&self, at: &FieldPath, faults: &mut Faults) {
        if let Some(pem) = &self.authorities
            && let Err(cause) = Authorities::parse(pem)
        {
            let fault = Fault::new("no authorities of certificates")
                .expected(
                    "the certificates of one or more authorities, in PEM: -----BEGIN CERTIFICATE----- …",
                )
                .hint(cause.to_string());
            faults.add(&at.key("authorities"), fault);
        }
    }
}
