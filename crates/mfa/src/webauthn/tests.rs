//! What the contract does not know: the attacks on WebAuthn ceremonies, attestation, the first factor.

mod attacks;
mod attestation;
mod passwordless;

use super::*;
use crate::{
    factor::Subject,
    soft_authenticator::{Manners, SoftAuthenticator, decode, encode},
    testkit::{Bench, NOW, form, pool},
};
use serde_json::Value;
use std::slice::from_ref;
use uuid::Uuid;
use vestibule_domain::{Acr, Timestamp, assurance::class_of};
use vestibule_seal::KeyRing;

const ORIGIN: &str = "https://acme.example.com";

fn options(ceremony: &Ceremony) -> Value {
    serde_json::from_str(text(ceremony)).unwrap()
}

fn text(ceremony: &Ceremony) -> &str {
    ceremony.view.data["options"].as_str().unwrap()
}

fn answer(json: &str) -> FactorInput {
    form(&[("credential", json)])
}

/// Registers an authenticator for the bench's user.
fn enrol(
    bench: &Bench,
    factor: WebAuthn,
    device: &mut SoftAuthenticator,
    own: &[Credential],
) -> Result<(Credential, Enrolment), FactorError> {
    let begun = factor.begin_enrol(&bench.at(NOW), own)?;
    let reply = device.create(text(&begun), ORIGIN);
    let enrolment = factor.finish_enrol(&bench.at(NOW), &begun.state, &answer(&reply))?;
    Ok((bench.row(&factor, enrolment.credentials[0].clone()), enrolment))
}

/// A challenge and the device's answer to it.
fn asked(
    bench: &Bench,
    factor: WebAuthn,
    device: &mut SoftAuthenticator,
    own: &[Credential],
) -> (CeremonyState, String) {
    let begun = factor.begin_verify(&bench.at(NOW), own).ok().unwrap();
    let reply = device.get(text(&begun), ORIGIN);
    (begun.state, reply)
}

fn verify(
    bench: &Bench,
    factor: WebAuthn,
    device: &mut SoftAuthenticator,
    own: &[Credential],
) -> Result<Verified, FactorError> {
    let (state, reply) = asked(bench, factor, device, own);
    factor.verify(&bench.at(NOW), own, &state, &answer(&reply))
}

/// As the store does it; `false` for a replay.
fn applied(own: &mut Credential, verified: &Verified) -> bool {
    let Effect::RaiseCounter { to } = verified.effect else { panic!("another effect") };
    let rises = to > own.counter;
    own.counter = own.counter.max(to);
    rises
}

#[test]
fn passkeys_are_asked_to_be_discoverable_and_to_verify_and_keys_are_not() {
    let bench = Bench::new();
    let (passkey, _) = enrol(&bench, WebAuthn::passkey(), &mut SoftAuthenticator::synced(), &[]).unwrap();
    let (key, _) = enrol(&bench, WebAuthn::security_key(), &mut SoftAuthenticator::counting(), &[]).unwrap();
    let own = [passkey, key];
    for (factor, resident, verification) in [
        (WebAuthn::passkey(), "required", "required"),
        (WebAuthn::security_key(), "discouraged", "discouraged"),
    ] {
        let begun = factor.begin_enrol(&bench.at(NOW), &own).ok().unwrap();
        let asked = options(&begun);
        assert_eq!(asked["rp"]["id"], "acme.example.com");
        assert_eq!(decode(asked["user"]["id"].as_str().unwrap()), bench.user.as_bytes());
        assert_eq!(decode(asked["challenge"].as_str().unwrap()).len(), 32);
        assert_eq!(asked["authenticatorSelection"]["residentKey"], resident);
        assert_eq!(asked["authenticatorSelection"]["userVerification"], verification);
        assert_eq!(asked["attestation"], "none");
        // Both kinds are excluded: one authenticator is not two factors.
        let excluded: Vec<&Value> =
            asked["excludeCredentials"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        let ids = own.each_ref().map(|one| Value::String(Record::read(&one.public).unwrap().id));
        assert_eq!(excluded, ids.iter().collect::<Vec<_>>());
        let asked = options(&factor.begin_verify(&bench.at(NOW), &own).ok().unwrap());
        assert_eq!(asked["rpId"], "acme.example.com");
        assert_eq!(asked["userVerification"], verification);
        assert_eq!(asked["allowCredentials"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn names_are_proposed_and_numbered() {
    let bench = Bench::new();
    let mut own = Vec::new();
    for expected in ["Passkey", "Passkey 2", "Passkey 3"] {
        let (row, enrolment) =
            enrol(&bench, WebAuthn::passkey(), &mut SoftAuthenticator::synced(), &own).unwrap();
        assert_eq!((enrolment.label.as_str(), row.label.as_str()), (expected, expected));
        own.push(row);
    }
}

#[test]
fn a_passkey_alone_is_phishing_resistant_and_two_factors() {
    let bench = Bench::new();
    let mut device = SoftAuthenticator::synced();
    let (row, enrolment) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    let verified = verify(&bench, WebAuthn::passkey(), &mut device, from_ref(&row)).unwrap();
    assert_eq!(verified.credential, row.id);
    assert_eq!(verified.evidence.amr, ["swk", "user"]);
    assert_eq!(class_of([&verified.evidence].into_iter()), Acr::Phr);
    assert_eq!(enrolment.evidence, Some(verified.evidence));
}

#[test]
fn a_security_key_is_one_factor_even_when_it_verifies_its_user() {
    let bench = Bench::new();
    for obeys in [true, false] {
        let mut device = SoftAuthenticator::counting();
        device.manners.obeys = obeys;
        let (row, _) = enrol(&bench, WebAuthn::security_key(), &mut device, &[]).unwrap();
        assert_eq!(about(&row).unwrap().user_verified, !obeys);
        let evidence = verify(&bench, WebAuthn::security_key(), &mut device, &[row]).unwrap().evidence;
        assert!(!evidence.user_verified);
        assert_eq!(class_of([&evidence].into_iter()), Acr::OneFactor);
        assert_eq!(class_of([&Evidence::password(), &evidence].into_iter()), Acr::Phr);
    }
}

#[test]
fn a_key_that_verified_its_user_once_need_not_do_so_again() {
    let bench = Bench::new();
    let mut device = SoftAuthenticator::counting();
    device.manners.obeys = false;
    let (row, _) = enrol(&bench, WebAuthn::security_key(), &mut device, &[]).unwrap();
    device.manners.user_verified = false;
    assert!(verify(&bench, WebAuthn::security_key(), &mut device, &[row]).is_ok());
}

#[test]
fn a_passkey_verifies_its_user_when_registered_and_at_every_answer() {
    let bench = Bench::new();
    let mut device = SoftAuthenticator::synced();
    device.manners.user_verified = false;
    let told = FactorError::Refused("error-factor-unverified");
    assert_eq!(enrol(&bench, WebAuthn::passkey(), &mut device, &[]).err(), Some(told));
    let mut device = SoftAuthenticator::synced();
    let (row, _) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    device.manners.user_verified = false;
    assert_eq!(verify(&bench, WebAuthn::passkey(), &mut device, &[row]), Err(FactorError::Wrong));
}

#[test]
fn what_is_known_of_an_authenticator_can_be_read_by_others() {
    let bench = Bench::new();
    let mut device = SoftAuthenticator::synced();
    device.aaguid = Uuid::from_u128(7);
    let (mut row, _) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    let expected = About {
        aaguid: Uuid::from_u128(7),
        transports: vec!["usb".to_owned(), "nfc".to_owned()],
        backup_eligible: true,
        backup_state: true,
        attested: false,
        user_verified: true,
    };
    assert_eq!(about(&row), Some(expected));
    // The backup state follows the authenticator, in both directions.
    for state in [false, false, true] {
        device.manners.backup_state = state;
        let verified = verify(&bench, WebAuthn::passkey(), &mut device, from_ref(&row)).unwrap();
        assert!(applied(&mut row, &verified));
        assert_eq!(about(&row).unwrap().backup_state, state);
    }
    row.public = Public::default();
    assert_eq!(about(&row), None);
}
