use super::*;
use crate::soft_authenticator::Attestation;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer, KeyPair,
    PKCS_ECDSA_P256_SHA256,
};

const MODEL: Uuid = Uuid::from_u128(0x1234);

/// A manufacturer.
struct Maker {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Maker {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// What it builds into authenticators of one model (WebAuthn Level 3 §8.2.1).
    fn attestation(&self, model: Uuid) -> Attestation {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        name.push(DnType::CountryName, "SE");
        name.push(DnType::OrganizationName, "Maker");
        name.push(DnType::OrganizationalUnitName, "Authenticator Attestation");
        name.push(DnType::CommonName, "Maker Authenticator");
        params.distinguished_name = name;
        params.is_ca = IsCa::ExplicitNoCa;
        let value = [&[0x04, 0x10], model.as_bytes().as_slice()].concat();
        let oid = [1, 3, 6, 1, 4, 1, 45724, 1, 1, 4];
        params.custom_extensions.push(CustomExtension::from_oid_content(&oid, value));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Attestation { chain: vec![certificate.der().to_vec()], key: key.serialize_der() }
    }
}

fn device(maker: &Maker) -> SoftAuthenticator {
    SoftAuthenticator::counting().of_model(MODEL).attested(maker.attestation(MODEL))
}

/// Sets one thing for both kinds.
fn set(bench: &mut Bench, key: &str, value: Value) {
    for kind in [WebAuthn::PASSKEY, WebAuthn::SECURITY_KEY] {
        let own = bench.pool.settings.factors.entry(kind).or_insert_with(|| json!({}));
        own[key] = value.clone();
    }
}

const REFUSED: FactorError = FactorError::Refused("error-factor-model-refused");

#[test]
fn a_key_that_a_trusted_maker_vouches_for_is_hardware() {
    let (maker, other) = (Maker::new("Maker"), Maker::new("Other"));
    for (factor, acr) in [(WebAuthn::passkey(), Acr::Phrh), (WebAuthn::security_key(), Acr::OneFactor)] {
        let mut bench = Bench::new();
        set(&mut bench, "attestation_roots", json!(vec![other.pem.clone(), maker.pem.clone()]));
        let asked = options(&factor.begin_enrol(&bench.at(NOW), &[]).ok().unwrap());
        assert_eq!(asked["attestation"], "direct");
        let mut device = device(&maker);
        let (row, enrolment) = enrol(&bench, factor, &mut device, &[]).unwrap();
        assert!(about(&row).unwrap().attested);
        let evidence = verify(&bench, factor, &mut device, from_ref(&row)).unwrap().evidence;
        assert_eq!(enrolment.evidence, Some(evidence.clone()));
        assert_eq!(evidence.amr, ["hwk", "user"]);
        assert_eq!(class_of([&evidence].into_iter()), acr);
        assert_eq!(class_of([&Evidence::password(), &evidence].into_iter()), Acr::Phrh);
        // A maker that is not trusted any more vouches for nothing; the key still answers.
        for roots in [Vec::new(), vec![other.pem.clone()]] {
            set(&mut bench, "attestation_roots", json!(roots));
            let evidence = verify(&bench, factor, &mut device, from_ref(&row)).unwrap().evidence;
            assert!(!evidence.hardware && evidence.amr == ["swk", "user"]);
        }
    }
}

#[test]
fn without_roots_attestation_proves_nothing() {
    let (bench, mut device) = (Bench::new(), device(&Maker::new("Maker")));
    let (row, enrolment) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    assert!(!about(&row).unwrap().attested && !enrolment.evidence.unwrap().hardware);
    assert!(!verify(&bench, WebAuthn::passkey(), &mut device, &[row]).unwrap().evidence.hardware);
}

#[test]
fn a_key_that_can_be_copied_is_no_hardware_whoever_vouches_for_it() {
    let (mut bench, maker) = (Bench::new(), Maker::new("Maker"));
    set(&mut bench, "attestation_roots", json!(vec![maker.pem.clone()]));
    let mut device = device(&maker);
    device.manners.backup_eligible = true;
    let (row, _) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    assert!(about(&row).unwrap().attested);
    assert!(!verify(&bench, WebAuthn::passkey(), &mut device, &[row]).unwrap().evidence.hardware);
}

#[test]
fn keys_that_nobody_trusted_vouches_for_are_refused_and_the_user_is_told() {
    let (mut bench, maker) = (Bench::new(), Maker::new("Maker"));
    set(&mut bench, "attestation_roots", json!(vec![maker.pem.clone()]));
    for factor in [WebAuthn::passkey(), WebAuthn::security_key()] {
        let enrol = |mut device: SoftAuthenticator| enrol(&bench, factor, &mut device, &[]).err();
        assert_eq!(enrol(SoftAuthenticator::counting()), Some(REFUSED), "none");
        assert_eq!(enrol(device(&Maker::new("Maker"))), Some(REFUSED), "another maker of the same name");
        let mut forged = device(&maker);
        forged.attestation.as_mut().unwrap().key = maker.attestation(MODEL).key;
        assert_eq!(enrol(forged), Some(FactorError::Wrong), "a certificate without its key");
        let mut other_model = device(&maker);
        other_model.aaguid = Uuid::from_u128(5);
        assert_eq!(enrol(other_model), Some(FactorError::Wrong), "another model than the certificate says");
        assert_eq!(enrol(device(&maker)), None);
    }
}

#[test]
fn only_listed_models_can_be_registered() {
    let (mut bench, maker) = (Bench::new(), Maker::new("Maker"));
    let factor = WebAuthn::security_key();
    let plain = |aaguid: Uuid| SoftAuthenticator::counting().of_model(aaguid);
    set(&mut bench, "aaguids", json!(vec![Uuid::from_u128(1), MODEL]));
    let asked = options(&factor.begin_enrol(&bench.at(NOW), &[]).ok().unwrap());
    assert_eq!(asked["attestation"], "direct");
    let refused = |bench: &Bench, mut device: SoftAuthenticator| enrol(bench, factor, &mut device, &[]).err();
    assert_eq!(refused(&bench, plain(MODEL)), None);
    assert_eq!(refused(&bench, plain(Uuid::from_u128(2))), Some(REFUSED));
    assert_eq!(refused(&bench, plain(Uuid::nil())), Some(REFUSED));
    // Both at once: a listed model, and somebody who vouches for its being one.
    set(&mut bench, "attestation_roots", json!(vec![maker.pem.clone()]));
    assert_eq!(refused(&bench, plain(MODEL)), Some(REFUSED));
    assert_eq!(refused(&bench, device(&maker)), None);
    set(&mut bench, "aaguids", json!(vec![Uuid::from_u128(1)]));
    assert_eq!(refused(&bench, device(&maker)), Some(REFUSED));
}

#[test]
fn a_root_that_cannot_be_read_lets_nobody_in() {
    let (mut bench, maker) = (Bench::new(), Maker::new("Maker"));
    for bad in ["", "not a certificate", &maker.pem[..200]] {
        set(&mut bench, "attestation_roots", json!(vec![maker.pem.clone(), bad.to_owned()]));
        let settings = &bench.pool.settings.factors[&WebAuthn::PASSKEY];
        let faults = WebAuthn::passkey().check_settings(settings);
        assert_eq!(faults[0].at.to_string(), "attestation_roots[1]");
        let begun = WebAuthn::passkey().begin_enrol(&bench.at(NOW), &[]);
        assert!(matches!(begun.err(), Some(FactorError::Internal(_))));
    }
}

#[test]
fn settings_list_models_as_makers_write_them() {
    let faults = |id: &str| {
        let settings = json!({ "aaguids": [id] });
        WebAuthn::passkey().check_settings(&settings).into_iter().map(|fault| fault.cause).collect::<Vec<_>>()
    };
    assert_eq!(faults("2fc0579f-8113-47ea-b116-bb5a8db9202a"), Vec::<String>::new());
    for id in ["2fc0579f811347eab116bb5a8db9202a", "", "2fc0579f-8113-47ea-b116-bb5a8db9202g"] {
        assert_eq!(faults(id), ["not an AAGUID"], "{id}");
    }
    for pem in [
        "",
        "MIIB",
        "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----MIIB-----END PRIVATE KEY-----",
    ] {
        let faults = WebAuthn::passkey().check_settings(&json!({ "attestation_roots": [pem] }));
        let [fault] = faults.as_slice() else { panic!("{pem}: {faults:?}") };
        assert_eq!(
            (fault.at.to_string().as_str(), fault.cause.as_str()),
            ("attestation_roots[0]", "not a certificate")
        );
    }
}
