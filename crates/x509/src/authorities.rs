//! Who vouches for certificates.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::peer::{BadCertificate, PeerCertificate, certificates};

/// Authorities whose certificates count.
#[derive(Clone, Debug)]
pub struct Authorities(Vec<TrustAnchor<'static>>);

/// Why a text names no authorities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAuthorities {
    /// There is none in it, or it is broken.
    #[error("not one or more certificates in PEM")]
    Pem,
    /// One of them cannot be an authority.
    #[error("one of the certificates cannot be read as that of an authority")]
    Certificate,
}

/// Why nobody vouches for a certificate: for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no trusted authority vouches for the certificate: {0}")]
pub struct Untrusted(String);

impl Authorities {
    /// Reads the certificates of authorities, in PEM (RFC 7468 §5).
    ///
    /// # Errors
    /// [`BadAuthorities`].
    pub fn parse(pem: &str) -> Result<Self, BadAuthorities> {
        let certificates = certificates(pem).map_err(|_: BadCertificate| BadAuthorities::Pem)?;
        if certificates.is_empty() {
            return Err(BadAuthorities::Pem);
        }
        let anchor = |der: &CertificateDer<'_>| anchor_from_trusted_cert(der).map(|anchor| anchor.to_owned());
        let anchors: Result<Vec<_>, _> = certificates.iter().map(anchor).collect();
        anchors.map(Self).map_err(|_| BadAuthorities::Certificate)
    }

    /// Whether one of them vouches for the certificate at that moment, in seconds since 1970, as one of a client (RFC 5280 §6,
    /// §4.2.1.12). Revocation is not looked up: authorities of applications issue certificates that live for days.
    ///
    /// # Errors
    /// [`Untrusted`] says why not.
    pub fn vouch_for(&self, peer: &PeerCertificate, now: i64) -> Result<(), Untrusted> {
        let because = |error: webpki::Error| Untrusted(error.to_string());
        let der = CertificateDer::from(peer.as_der());
        let certificate = EndEntityCert::try_from(&der).map_err(because)?;
        let between: Vec<CertificateDer<'_>> = peer.between().collect();
        let now = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(now).unwrap_or_default()));
        certificate
            .verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &self.0,
                &between,
                now,
                KeyUsage::client_auth(),
                None,
                None,
            )
            .map(drop)
            .map_err(because)
    }
}
