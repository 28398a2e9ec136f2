//! Authorities, and certificates that applications show.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};
use time::{Duration, OffsetDateTime};
use vestibule_seal::sha256;

/// An authority that issues certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its certificate, in PEM.
    pub pem: String,
    now: OffsetDateTime,
}

/// A certificate with its key.
#[derive(Clone)]
pub struct Shown {
    /// The certificate, DER-encoded.
    pub der: Vec<u8>,
    /// The same in PEM.
    pub pem: String,
    /// Its private key, in PEM.
    pub key: String,
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::OrganizationName, "Example");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn dated(name: &str, now: OffsetDateTime) -> CertificateParams {
    let mut params = named(name);
    params.not_before = now - Duration::hours(1);
    params.not_after = now + Duration::hours(24);
    params
}

impl Authority {
    /// One of that name, whose certificates count for a day from `now`, in seconds since 1970.
    ///
    /// # Panics
    /// When keys cannot be made.
    pub fn new(name: &str, now: i64) -> Self {
        let now = OffsetDateTime::from_unix_timestamp(now).unwrap();
        let mut params = dated(name, now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem, now }
    }

    /// A certificate for a client of that name.
    pub fn issue(&self, name: &str) -> Shown {
        self.issue_as(name, |_| {})
    }

    /// The same, with something changed: `O=Example,CN=name`, or rather `CN=name,O=Example` as RFC 4514 writes it.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn issue_as(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Shown {
        let mut params = dated(name, self.now);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let issued = params.signed_by(&key, &self.issuer).unwrap();
        Shown { der: issued.der().to_vec(), pem: issued.pem(), key: key.serialize_pem() }
    }
}

impl Shown {
    /// A certificate that vouches for itself, for longer than any test runs.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn alone(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let made = named(name).self_signed(&key).unwrap();
        Self { der: made.der().to_vec(), pem: made.pem(), key: key.serialize_pem() }
    }

    /// The key, for a listener of a test's own.
    ///
    /// # Panics
    /// Never: the key was made here.
    pub fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::from_pem_slice(self.key.as_bytes()).unwrap()
    }

    /// As a proxy hands it on (RFC 9440).
    pub fn handed_on(&self) -> String {
        format!(":{}:", STANDARD.encode(&self.der))
    }

    /// Its thumbprint, as tokens have it.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(sha256(&self.der))
    }

    /// The bytes in base64, as key sets have it (`x5c`).
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }
}
