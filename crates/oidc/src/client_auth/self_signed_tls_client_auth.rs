//! RFC 8705 §2.2 `self_signed_tls_client_auth`: a certificate of the application's own, which is among its keys (`x5c`, or
//! `x5t#S256`). Nobody vouches for it: neither its dates nor its names count, only that it is this one.

use super::{ClientAuthFailure, ClientCredentials, Evidence, Method, Proof, never, read_bare};
use vestibule_domain::{Client, ClientAuthMethod};

pub(super) const METHOD: Method =
    Method { name: ClientAuthMethod::SelfSignedTlsClientAuth, used: never, read: read_bare, judge };

fn judge(
    client: &Client,
    credentials: &ClientCredentials,
    evidence: Evidence<'_>,
) -> Result<Proof, ClientAuthFailure> {
    let shown = credentials.shown()?;
    let keys = evidence.proving.keys.ok_or_else(|| ClientAuthFailure::NoKeys(client.id.clone()))?;
    if !keys.has_certificate(&shown.thumbprint()) {
        return Err(ClientAuthFailure::OtherCertificate {
            client_id: client.id.clone(),
            subject: shown.subject().to_string().chars().take(256).collect(),
        });
    }
    Ok(Proof { once: None })
}
