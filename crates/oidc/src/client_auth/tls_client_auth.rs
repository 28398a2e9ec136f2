//! RFC 8705 §2.1 `tls_client_auth`: a certificate that an authority of the pool vouches for, issued to the one name by which
//! the application is known.

use super::{ClientAuthFailure, ClientCredentials, Evidence, Method, Proof, never, read_bare};
use vestibule_domain::{Client, ClientAuthMethod};

pub(super) const METHOD: Method =
    Method { name: ClientAuthMethod::TlsClientAuth, used: never, read: read_bare, judge };

fn judge(
    client: &Client,
    credentials: &ClientCredentials,
    evidence: Evidence<'_>,
) -> Result<Proof, ClientAuthFailure> {
    let shown = credentials.shown()?;
    let authorities = evidence.proving.authorities.ok_or(ClientAuthFailure::NoAuthorities)?;
    // The name first: whoever shows a certificate of somebody else costs no signature.
    let name = client.tls.subject();
    if !name.is_some_and(|name| shown.is_of(&name)) {
        return Err(ClientAuthFailure::OtherCertificate {
            client_id: client.id.clone(),
            subject: shown.subject().to_string().chars().take(256).collect(),
        });
    }
    authorities.vouch_for(shown, evidence.proving.now.as_seconds()).map_err(ClientAuthFailure::Untrusted)?;
    Ok(Proof { once: None })
}
