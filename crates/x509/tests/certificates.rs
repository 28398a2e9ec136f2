//! Whose a certificate is, and who vouches for it.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SanType,
};
use std::net::IpAddr;
use time::OffsetDateTime;
use vestibule_x509::{
    Authorities, BadAuthorities, BadCertificate, DistinguishedName, PeerCertificate, SubjectName,
};

const NOW: i64 = 1_800_000_000;

fn at(offset: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(NOW + offset).unwrap()
}

fn named(name: &[(DnType, DnValue)], sans: Vec<SanType>) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.remove(DnType::CommonName);
    for (kind, value) in name {
        params.distinguished_name.push(kind.clone(), value.clone());
    }
    params.subject_alt_names = sans;
    (params.not_before, params.not_after) = (at(-60), at(3600));
    params
}

fn utf8(text: &str) -> DnValue {
    DnValue::Utf8String(text.to_owned())
}

fn printable(text: &str) -> DnValue {
    DnValue::PrintableString(text.try_into().unwrap())
}

struct Ca {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: Vec<u8>,
}

fn authority(name: &str, above: Option<&Ca>) -> Ca {
    let mut params = named(&[(DnType::CommonName, utf8(name))], Vec::new());
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let made = match above {
        Some(above) => params.signed_by(&key, &above.issuer).unwrap(),
        None => params.self_signed(&key).unwrap(),
    };
    Ca { pem: made.pem(), der: made.der().to_vec(), issuer: Issuer::new(params, key) }
}

fn issued(ca: &Ca, params: &CertificateParams) -> Vec<u8> {
    params.signed_by(&KeyPair::generate().unwrap(), &ca.issuer).unwrap().der().to_vec()
}

fn billing() -> CertificateParams {
    named(
        &[
            (DnType::CountryName, printable("DE")),
            (DnType::OrganizationName, utf8("Example, Inc.")),
            (DnType::CommonName, utf8("billing")),
        ],
        vec![
            SanType::DnsName("billing.example.com".try_into().unwrap()),
            SanType::DnsName("*.shop.example.com".try_into().unwrap()),
            SanType::URI("spiffe://example.com/billing".try_into().unwrap()),
            SanType::IpAddress("192.0.2.7".parse().unwrap()),
            SanType::IpAddress("2001:db8::7".parse().unwrap()),
            SanType::Rfc822Name("billing@example.com".try_into().unwrap()),
        ],
    )
}

fn peer(der: Vec<u8>) -> PeerCertificate {
    PeerCertificate::from_der(der).unwrap()
}

#[test]
fn a_subject_is_the_same_however_its_texts_are_encoded_and_no_other() {
    let shown = peer(issued(&authority("CA", None), &billing()));
    let is_of = |text: &str| shown.is_of(&SubjectName::Distinguished(text.parse().unwrap()));
    for same in [
        r"CN=billing,O=Example\, Inc.,C=DE",
        r"CN=billing, O=Example\, Inc., C=DE",
        r"cn=billing,o=Example\2C Inc.,c=DE",
        r"2.5.4.3=billing,O=Example\, Inc.,C=DE",
    ] {
        assert!(is_of(same), "{same}");
    }
    for other in [
        "CN=billing",
        r"C=DE,O=Example\, Inc.,CN=billing",
        r"CN=billing,O=Example\, Inc.",
        r"CN=billing,O=Example\, Inc.,C=DE,DC=com",
        r"CN=Billing,O=Example\, Inc.,C=DE",
        r"CN=billing+O=Example\, Inc.,C=DE",
        r"CN=billing,O=Example\, Inc.\ ,C=DE",
        r"OU=billing,O=Example\, Inc.,C=DE",
    ] {
        assert!(!is_of(other), "{other}");
    }
    // What is in the log can be registered.
    assert!(is_of(&shown.subject().to_string()), "{}", shown.subject());
}

#[test]
fn a_certificate_without_a_subject_is_nobodys() {
    let shown = peer(issued(&authority("CA", None), &named(&[], Vec::new())));
    assert!(shown.subject().is_empty());
    assert!(!shown.is_of(&SubjectName::Distinguished(DistinguishedName::default())));
    assert!(!shown.is_of(&SubjectName::Dns("billing.example.com".to_owned())));
}

#[test]
fn one_alternative_name_of_the_right_kind_is_enough() {
    let shown = peer(issued(&authority("CA", None), &billing()));
    let ip = |text: &str| SubjectName::Ip(text.parse::<IpAddr>().unwrap());
    for own in [
        SubjectName::Dns("billing.example.com".into()),
        SubjectName::Dns("BILLING.example.com".into()),
        SubjectName::Uri("spiffe://example.com/billing".into()),
        ip("192.0.2.7"),
        ip("2001:db8::7"),
        SubjectName::Email("billing@example.com".into()),
    ] {
        assert!(shown.is_of(&own), "{own:?}");
    }
    for other in [
        SubjectName::Dns("shop.example.com".into()),
        // A wildcard stands for no host.
        SubjectName::Dns("a.shop.example.com".into()),
        SubjectName::Dns("spiffe://example.com/billing".into()),
        SubjectName::Uri("spiffe://example.com/Billing".into()),
        SubjectName::Uri("billing.example.com".into()),
        ip("192.0.2.8"),
        ip("::ffff:192.0.2.7"),
        SubjectName::Email("Billing@example.com".into()),
    ] {
        assert!(!shown.is_of(&other), "{other:?}");
    }
}

#[test]
fn only_a_trusted_authority_vouches_and_only_for_clients_in_time() {
    let (root, other) = (authority("Root", None), authority("Root", None));
    let trusted = Authorities::parse(&root.pem).unwrap();
    let good = issued(&root, &billing());
    assert_eq!(trusted.vouch_for(&peer(good.clone()), NOW), Ok(()));
    assert!(
        Authorities::parse(&(other.pem.clone() + &root.pem))
            .unwrap()
            .vouch_for(&peer(good.clone()), NOW)
            .is_ok()
    );
    // The same names, another key.
    assert!(trusted.vouch_for(&peer(issued(&other, &billing())), NOW).is_err());
    assert!(trusted.vouch_for(&peer(good.clone()), NOW + 3700).is_err(), "expired");
    assert!(trusted.vouch_for(&peer(good), NOW - 120).is_err(), "not yet");
    assert!(trusted.vouch_for(&peer(root.der.clone()), NOW).is_err(), "an authority is no client");
    let mut of_server = billing();
    of_server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert!(trusted.vouch_for(&peer(issued(&root, &of_server)), NOW).is_err(), "for servers alone");
}

#[test]
fn what_lies_between_comes_with_the_certificate() {
    let root = authority("Root", None);
    let between = authority("Between", Some(&root));
    let leaf = issued(&between, &billing());
    let trusted = Authorities::parse(&root.pem).unwrap();
    assert!(trusted.vouch_for(&peer(leaf.clone()), NOW).is_err(), "it is not there");
    let whole = PeerCertificate::of_chain([leaf.clone(), between.der.clone()]).unwrap().unwrap();
    assert_eq!(trusted.vouch_for(&whole, NOW), Ok(()));
    // Who has a certificate of a client is no authority.
    let by_leaf = Ca {
        issuer: Issuer::new(billing(), KeyPair::generate().unwrap()),
        pem: String::new(),
        der: Vec::new(),
    };
    let forged =
        PeerCertificate::of_chain([issued(&by_leaf, &billing()), leaf, between.der]).unwrap().unwrap();
    assert!(trusted.vouch_for(&forged, NOW).is_err());
}

#[test]
fn a_text_is_read_as_proxies_write_it() {
    let der = issued(&authority("CA", None), &billing());
    let made = peer(der.clone());
    let pem = pem_of(&der);
    for text in [pem.clone(), pem.replace('\n', " "), pem.replace('\n', ""), base64_of(&der)] {
        assert_eq!(PeerCertificate::from_text(&text).unwrap(), made);
    }
    for bad in ["", "AAAA", "-----BEGIN CERTIFICATE-----", &pem.replace("END", "END OF"), "%%%"] {
        assert_eq!(PeerCertificate::from_text(bad), Err(BadCertificate::Encoding), "{bad}");
    }
    assert_eq!(PeerCertificate::of_chain(Vec::<Vec<u8>>::new()), Ok(None));
    let long = vec![0; 16 * 1024 + 1];
    assert_eq!(PeerCertificate::from_der(long.clone()), Err(BadCertificate::TooLong));
    assert_eq!(PeerCertificate::of_chain([der.clone(), long]), Err(BadCertificate::TooLong));
    assert_eq!(PeerCertificate::of_chain(vec![der; 7]), Err(BadCertificate::TooLong));
}

#[test]
fn authorities_are_certificates() {
    assert_eq!(Authorities::parse("").err(), Some(BadAuthorities::Pem));
    assert_eq!(Authorities::parse("not pem").err(), Some(BadAuthorities::Pem));
    let key = KeyPair::generate().unwrap().serialize_pem();
    assert_eq!(Authorities::parse(&key).err(), Some(BadAuthorities::Pem), "a key alone");
    let nonsense = pem_of(b"nonsense");
    assert_eq!(Authorities::parse(&nonsense).err(), Some(BadAuthorities::Certificate));
}

fn base64_of(der: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(der)
}

fn pem_of(der: &[u8]) -> String {
    let text = base64_of(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

proptest! {
    #[test]
    fn no_text_and_no_bytes_end_the_program(text in ".{0,300}", bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = text.parse::<DistinguishedName>();
        let _ = PeerCertificate::from_text(&text);
        let _ = Authorities::parse(&text);
        let _ = PeerCertificate::from_der(bytes);
    }

    #[test]
    fn a_damaged_certificate_is_never_vouched_for(place in 0_usize..2000, bit in 0_u32..8) {
        let root = authority("Root", None);
        let mut der = issued(&root, &billing());
        let place = place % der.len();
        if let Some(byte) = der.get_mut(place) {
            *byte ^= 1 << bit;
        }
        if let Ok(shown) = PeerCertificate::from_der(der) {
            prop_assert!(Authorities::parse(&root.pem).unwrap().vouch_for(&shown, NOW).is_err());
            let _ = (shown.subject().to_string(), shown.is_of(&SubjectName::Dns("a".into())));
        }
    }
}
