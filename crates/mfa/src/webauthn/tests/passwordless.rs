use super::*;

fn sign_in(bench: &Bench) -> PasswordlessCx<'_> {
    PasswordlessCx { now: NOW, entropy: &bench.entropy, keys: &bench.keys, pool: &bench.pool }
}

fn passkey() -> (Bench, SoftAuthenticator, Credential) {
    let (bench, mut device) = (Bench::new(), SoftAuthenticator::synced());
    let (row, _) = enrol(&bench, WebAuthn::passkey(), &mut device, &[]).unwrap();
    (bench, device, row)
}

#[test]
fn only_passkeys_open_the_first_door() {
    assert!(WebAuthn::passkey().passwordless().is_some());
    assert!(WebAuthn::security_key().passwordless().is_none());
}

#[test]
fn a_passkey_says_who_is_there_and_proves_it() {
    let (bench, mut device, row) = passkey();
    let factor = WebAuthn::passkey();
    let begun = Passwordless::begin(&factor, &sign_in(&bench)).ok().unwrap();
    let asked = options(&begun);
    assert_eq!(asked["allowCredentials"], json!([]), "nobody's credentials are named");
    assert_eq!(asked["userVerification"], "required");
    let reply = answer(&device.get(text(&begun), ORIGIN));
    assert_eq!(factor.claimed(&sign_in(&bench), &reply), Ok(bench.user));
    let cx = bench.at(NOW);
    let verified = factor.open(&cx, from_ref(&row), &begun.state, &reply).unwrap();
    assert_eq!((verified.credential, verified.evidence.user_verified), (row.id, true));
    assert_eq!(factor.open(&cx, &[], &begun.state, &reply), Err(FactorError::NotEnrolled));
    // The state of one pool or factor is of no use at another.
    assert_eq!(factor.verify(&cx, from_ref(&row), &begun.state, &reply), Err(FactorError::StateInvalid));
    let second = factor.begin_verify(&cx, from_ref(&row)).ok().unwrap();
    assert_eq!(factor.open(&cx, from_ref(&row), &second.state, &reply), Err(FactorError::StateInvalid));
    assert_eq!(
        factor.open(&bench.at(NOW + 301), from_ref(&row), &begun.state, &reply),
        Err(FactorError::StateInvalid)
    );
    let away = pool("acme", &bench.entropy);
    let elsewhere = FactorCx { pool: &away, ..cx };
    assert_eq!(factor.open(&elsewhere, &[row], &begun.state, &reply), Err(FactorError::StateInvalid));
}

#[test]
fn the_first_door_believes_no_handle() {
    let (bench, mut device, row) = passkey();
    let factor = WebAuthn::passkey();
    let victim = UserId::new(NOW, &bench.entropy);
    let begun = Passwordless::begin(&factor, &sign_in(&bench)).ok().unwrap();

    // Mallory's passkey under the victim's handle: judged by the victim's credentials, which have no such key.
    device.manners.user_handle = Some(Some(victim.as_bytes().to_vec()));
    let reply = answer(&device.get(text(&begun), ORIGIN));
    assert_eq!(factor.claimed(&sign_in(&bench), &reply), Ok(victim));
    let subject = Subject { user: victim, ..bench.at(NOW).subject };
    let cx = FactorCx { subject, ..bench.at(NOW) };
    let mut other = SoftAuthenticator::synced();
    let begun_enrol = factor.begin_enrol(&cx, &[]).ok().unwrap();
    let made = other.create(text(&begun_enrol), ORIGIN);
    let made = factor.finish_enrol(&cx, &begun_enrol.state, &answer(&made)).ok().unwrap();
    let theirs = Credential { user: victim, ..bench.row(&factor, made.credentials[0].clone()) };
    // Not "wrong", which would count against the victim: anybody can claim a handle.
    assert_eq!(factor.open(&cx, &[theirs], &begun.state, &reply), Err(FactorError::NotEnrolled));
    assert_eq!(factor.open(&cx, from_ref(&row), &begun.state, &reply), Err(FactorError::NotEnrolled));
    // Nor does it serve the one whose key it is.
    assert_eq!(factor.open(&bench.at(NOW), from_ref(&row), &begun.state, &reply), Err(FactorError::Wrong));

    for handle in [None, Some(Vec::new()), Some(vec![1; 15]), Some(vec![1; 17]), Some(vec![1; 64])] {
        device.manners.user_handle = Some(handle);
        let reply = answer(&device.get(text(&begun), ORIGIN));
        assert_eq!(factor.claimed(&sign_in(&bench), &reply), Err(FactorError::Wrong));
        let opened = factor.open(&bench.at(NOW), from_ref(&row), &begun.state, &reply);
        assert_eq!(opened, Err(FactorError::Wrong));
    }
    for text in ["", "{}", "null", "[]", "\0"] {
        assert_eq!(factor.claimed(&sign_in(&bench), &answer(text)), Err(FactorError::Wrong));
    }
    assert_eq!(factor.claimed(&sign_in(&bench), &FactorInput::default()), Err(FactorError::Wrong));
}

#[test]
fn no_passkey_that_does_not_verify_its_user_opens_the_first_door() {
    let (bench, mut device, row) = passkey();
    let factor = WebAuthn::passkey();
    let begun = Passwordless::begin(&factor, &sign_in(&bench)).ok().unwrap();
    device.manners = Manners { user_verified: false, ..device.manners };
    let reply = answer(&device.get(text(&begun), ORIGIN));
    assert_eq!(factor.open(&bench.at(NOW), &[row], &begun.state, &reply), Err(FactorError::Wrong));
}
