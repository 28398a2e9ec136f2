//! The certificate that a client showed (RFC 8705 §3).

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The certificate whose key the client proved on its TLS connection. Who ends TLS, the application itself or a layer that reads the
/// header of a trusted proxy, inserts it into the extensions of the request; tokens that are bound to a certificate are refused
/// without it. Never insert what a client could have written: that would make every such token a bearer token.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate(Arc<[u8]>);

impl ClientCertificate {
    /// The certificate, DER-encoded (RFC 5280 §4.1).
    #[must_use]
    pub fn from_der(der: &[u8]) -> Self {
        Self(der.into())
    }

    /// `x5t#S256`: SHA-256, base64url.
    pub(crate) fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.0))
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.thumbprint())
    }
}
