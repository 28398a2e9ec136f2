//! What came over a connection.

use std::fmt;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use vestibule_seal::sha256;
use x509_cert::{
    Certificate,
    der::Decode as _,
    ext::pkix::{SubjectAltName, name::GeneralName},
};

use crate::name::{DistinguishedName, SubjectName};

/// Longest certificate, in bytes.
const LONGEST: usize = 16 * 1024;

/// Most certificates between the one that was shown and its authority.
///
/// Whoever shows a chain has it checked by every order of them, so they are few.
const MOST_BETWEEN: usize = 3;

/// A certificate whose key the peer has proved, and those that lead from it to an authority.
#[derive(Clone, PartialEq, Eq)]
pub struct PeerCertificate {
    der: Vec<u8>,
    between: Vec<Vec<u8>>,
}

/// Why something is not a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCertificate {
    /// There is none, or its encoding is broken.
    #[error("it is not an X.509 certificate")]
    Encoding,
    /// Longer than anybody needs.
    #[error("the certificate is longer than 16 KiB, or there are more than 3 others")]
    TooLong,
}

impl PeerCertificate {
    /// The certificates of a connection in the order of TLS (RFC 8446 §4.4.2): that of the peer first, each vouched for by the
    /// next. `None` when there is none.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn of_chain(chain: impl IntoIterator<Item = Vec<u8>>) -> Result<Option<Self>, BadCertificate> {
        let mut chain = chain.into_iter();
        let Some(der) = chain.next() else { return Ok(None) };
        let between: Vec<Vec<u8>> = chain.take(MOST_BETWEEN + 1).collect();
        if between.len() > MOST_BETWEEN || between.iter().any(|der| der.len() > LONGEST) {
            return Err(BadCertificate::TooLong);
        }
        let peer = Self { between, ..Self::from_der(der)? };
        Ok(Some(peer))
    }

    /// A certificate alone, DER-encoded (RFC 5280 §4.1).
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_der(der: Vec<u8>) -> Result<Self, BadCertificate> {
        if der.len() > LONGEST {
            return Err(BadCertificate::TooLong);
        }
        Certificate::from_der(&der).map_err(|_| BadCertificate::Encoding)?;
        Ok(Self { der, between: Vec::new() })
    }

    /// A certificate as text: one in PEM (RFC 7468 §5), its line breaks kept or written as blanks, or its bytes in base64.
    ///
    /// # Errors
    /// [`BadCertificate`].
    pub fn from_text(text: &str) -> Result<Self, BadCertificate> {
        let bare = match text.trim().strip_prefix("-----BEGIN CERTIFICATE-----") {
            Some(rest) => rest.split_once("-----END CERTIFICATE-----").ok_or(BadCertificate::Encoding)?.0,
            None => text,
        };
        let bare: String = bare.chars().filter(|character| !character.is_ascii_whitespace()).collect();
        if bare.len() > LONGEST * 2 {
            return Err(BadCertificate::TooLong);
        }
        Self::from_der(STANDARD.decode(bare).map_err(|_| BadCertificate::Encoding)?)
    }

    /// The certificate, DER-encoded.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn between(&self) -> impl Iterator<Item = CertificateDer<'_>> {
        self.between.iter().map(|der| CertificateDer::from(der.as_slice()))
    }

    /// The SHA-256 thumbprint, base64url: `x5t#S256` (RFC 8705 §3.1, RFC 7515 §4.1.8).
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(&self.der))
    }

    /// Its subject (RFC 5280 §4.1.2.6).
    pub fn subject(&self) -> DistinguishedName {
        self.parsed()
            .map(|parsed| DistinguishedName::of(parsed.tbs_certificate().subject()))
            .unwrap_or_default()
    }

    /// Whether it is a certificate of that name (RFC 8705 §2.1.2). One of several alternative names is enough.
    pub fn is_of(&self, name: &SubjectName) -> bool {
        let Some(parsed) = self.parsed() else { return false };
        if let SubjectName::Distinguished(expected) = name {
            let subject = DistinguishedName::of(parsed.tbs_certificate().subject());
            return !subject.is_empty() && subject == *expected;
        }
        let Ok(Some((_, SubjectAltName(names)))) = parsed.tbs_certificate().get_extension() else {
            return false;
        };
        names.iter().any(|one| matches(one, name))
    }

    fn parsed(&self) -> Option<Certificate> {
        Certificate::from_der(&self.der).ok()
    }
}

fn matches(one: &GeneralName, name: &SubjectName) -> bool {
    match (one, name) {
        (GeneralName::DnsName(dns), SubjectName::Dns(expected)) => {
            dns.as_str().eq_ignore_ascii_case(expected)
        }
        (GeneralName::UniformResourceIdentifier(uri), SubjectName::Uri(expected)) => uri.as_str() == expected,
        (GeneralName::Rfc822Name(mail), SubjectName::Email(expected)) => mail.as_str() == expected,
        (GeneralName::IpAddress(octets), SubjectName::Ip(expected)) => match expected {
            std::net::IpAddr::V4(ip) => octets.as_bytes() == ip.octets(),
            std::net::IpAddr::V6(ip) => octets.as_bytes() == ip.octets(),
        },
        _ => false,
    }
}

impl fmt::Debug for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerCertificate({})", self.thumbprint())
    }
}

/// The certificates of a text in PEM; other sections are left out.
pub(crate) fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, BadCertificate> {
    let sections: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    sections.map_err(|_| BadCertificate::Encoding)
}
