use super::*;
use proptest::prelude::*;

/// A user with one credential, and the device it is on.
struct Scene {
    bench: Bench,
    factor: WebAuthn,
    device: SoftAuthenticator,
    row: Credential,
}

fn scene(factor: WebAuthn) -> Scene {
    let (bench, mut device) = (Bench::new(), SoftAuthenticator::counting());
    let (row, _) = enrol(&bench, factor, &mut device, &[]).unwrap();
    Scene { bench, factor, device, row }
}

const BOTH: [WebAuthn; 2] = [WebAuthn::passkey(), WebAuthn::security_key()];

impl Scene {
    fn own(&self) -> Vec<Credential> {
        vec![self.row.clone()]
    }

    fn asked(&mut self) -> (CeremonyState, String) {
        let own = self.own();
        asked(&self.bench, self.factor, &mut self.device, &own)
    }

    /// Answers while misbehaving in one way.
    fn with(&mut self, manners: Manners) -> Result<Verified, FactorError> {
        let before = std::mem::replace(&mut self.device.manners, manners);
        let outcome = verify(&self.bench, self.factor, &mut self.device, from_ref(&self.row));
        self.device.manners = before;
        outcome
    }

    /// Registers another one while misbehaving in one way.
    fn enrol_with(&mut self, manners: Manners) -> Result<(), FactorError> {
        let before = std::mem::replace(&mut self.device.manners, manners);
        let outcome = enrol(&self.bench, self.factor, &mut self.device, &[]);
        self.device.manners = before;
        outcome.map(drop)
    }
}

/// Everything that authenticator or browser can say that is not right, at registration and at answers alike.
fn bad_manners() -> Vec<(&'static str, Manners)> {
    let good = Manners::default;
    let origin = |origin: &str| Manners { origin: Some(origin.to_owned()), ..good() };
    let act = |act: &str| Manners { act: Some(act.to_owned()), ..good() };
    let mut all: Vec<(&str, Manners)> = [
        "https://evil.example",
        "https://acme.example.com.evil.example",
        "https://evilacme.example.com",
        "https://sub.acme.example.com",
        "https://example.com",
        "https://other.example.com",
        "http://acme.example.com",
        "https://acme.example.com:8443",
        "https://acme.example.com:443",
        "https://acme.example.com/",
        "https://acme.example.com/path",
        "https://user@acme.example.com",
        "https://ACME.example.com",
        "https://acme.example.com.",
        " https://acme.example.com",
        "android:apk-key-hash:AAAA",
        "null",
        "",
    ]
    .into_iter()
    .map(|bad| (bad, origin(bad)))
    .collect();
    all.extend([
        ("payment", act("payment.get")),
        ("no type", act("")),
        ("framed by another site", Manners { cross_origin: Some(true), ..good() }),
        ("another site on top", Manners { top_origin: Some("https://evil.example".to_owned()), ..good() }),
        ("nobody touched it", Manners { user_present: false, ..good() }),
        ("another rp", Manners { rp_id: Some("evil.example".to_owned()), ..good() }),
        ("a wider rp", Manners { rp_id: Some("example.com".to_owned()), ..good() }),
        ("another challenge", Manners { challenge: Some(encode(&[7; 32])), ..good() }),
        ("no challenge", Manners { challenge: Some(String::new()), ..good() }),
        ("backed up but not eligible", Manners { backup_state: true, ..good() }),
    ]);
    all
}

#[test]
fn wrong_origins_types_and_flags_are_refused_in_both_ceremonies() {
    for factor in BOTH {
        let mut scene = scene(factor);
        for (name, manners) in bad_manners() {
            assert_eq!(scene.with(manners.clone()), Err(FactorError::Wrong), "answer: {name:?}");
            assert_eq!(scene.enrol_with(manners), Err(FactorError::Wrong), "registration: {name:?}");
        }
        assert!(scene.with(Manners::default()).is_ok());
        assert!(scene.with(Manners { cross_origin: None, ..Manners::default() }).is_ok());
        let same = Manners { top_origin: Some(ORIGIN.to_owned()), ..Manners::default() };
        assert!(scene.with(same).is_ok());
    }
}

#[test]
fn an_answer_of_one_ceremony_is_none_of_the_other() {
    for factor in BOTH {
        let mut scene = scene(factor);
        let create = Manners { act: Some("webauthn.create".to_owned()), ..Manners::default() };
        assert_eq!(scene.with(create), Err(FactorError::Wrong));
        let get = Manners { act: Some("webauthn.get".to_owned()), ..Manners::default() };
        assert_eq!(scene.enrol_with(get), Err(FactorError::Wrong));
    }
}

#[test]
fn an_answer_counts_once_whether_the_authenticator_counts_or_not() {
    for factor in BOTH {
        for mut device in [SoftAuthenticator::counting(), SoftAuthenticator::synced()] {
            let bench = Bench::new();
            let (mut row, _) = enrol(&bench, factor, &mut device, &[]).unwrap();
            for _ in 0..3 {
                let (state, reply) = asked(&bench, factor, &mut device, from_ref(&row));
                // Twenty requests read the row before the first of them writes.
                let judged =
                    |_| factor.verify(&bench.at(NOW), from_ref(&row), &state, &answer(&reply)).unwrap();
                let all: Vec<Verified> = (0..20).map(judged).collect();
                let took = all.iter().filter(|verified| applied(&mut row, verified)).count();
                assert_eq!(took, 1);
                let fresh = factor.begin_verify(&bench.at(NOW), from_ref(&row)).ok().unwrap();
                let again = factor.verify(&bench.at(NOW), from_ref(&row), &fresh.state, &answer(&reply));
                assert_eq!(again, Err(FactorError::Wrong));
            }
        }
    }
}

#[test]
fn a_counter_that_does_not_rise_is_a_clone() {
    for factor in BOTH {
        let mut scene = scene(factor);
        let registered = scene.device.counter.unwrap();
        let verified = scene.with(Manners::default()).unwrap();
        assert!(applied(&mut scene.row, &verified));
        // The device adds one before it answers.
        for last in [Some(registered), Some(registered - 1), None] {
            scene.device.counter = last;
            assert_eq!(scene.with(Manners::default()), Err(FactorError::Wrong), "{last:?}");
        }
        scene.device.counter = Some(1000);
        let verified = scene.with(Manners::default()).unwrap();
        assert!(applied(&mut scene.row, &verified));
        scene.device.counter = Some(u32::MAX - 1);
        let verified = scene.with(Manners::default()).unwrap();
        assert!(applied(&mut scene.row, &verified));
        assert_eq!(scene.with(Manners::default()), Err(FactorError::Wrong), "past the end");
    }
}

#[test]
fn a_counterless_authenticator_may_begin_to_count() {
    let mut scene = scene(WebAuthn::passkey());
    scene.device.counter = None;
    let (row, _) = enrol(&scene.bench, scene.factor, &mut scene.device, &[]).unwrap();
    scene.row = row;
    for _ in 0..3 {
        let verified = scene.with(Manners::default()).unwrap();
        assert!(applied(&mut scene.row, &verified));
    }
    scene.device.counter = Some(0);
    let verified = scene.with(Manners::default()).unwrap();
    assert!(applied(&mut scene.row, &verified));
    scene.device.counter = None;
    assert_eq!(scene.with(Manners::default()), Err(FactorError::Wrong));
}

#[test]
fn backup_eligibility_never_changes() {
    for factor in BOTH {
        let mut scene = scene(factor);
        let flipped = Manners { backup_eligible: true, ..Manners::default() };
        assert_eq!(scene.with(flipped), Err(FactorError::Wrong));
        scene.device = SoftAuthenticator::synced();
        let (row, _) = enrol(&scene.bench, factor, &mut scene.device, &[]).unwrap();
        scene.row = row;
        assert_eq!(scene.with(Manners::default()), Err(FactorError::Wrong));
    }
}

#[test]
fn a_handle_has_to_be_the_users_own() {
    for factor in BOTH {
        let mut scene = scene(factor);
        let (user, other) = (scene.bench.user, UserId::new(NOW, &scene.bench.entropy));
        let mut with = |handle: Option<Vec<u8>>| {
            scene.with(Manners { user_handle: Some(handle), ..Manners::default() }).map(drop)
        };
        assert_eq!(with(Some(other.as_bytes().to_vec())), Err(FactorError::Wrong));
        assert_eq!(with(Some(user.to_string().into_bytes())), Err(FactorError::Wrong));
        assert_eq!(with(Some(user.as_bytes().to_vec())), Ok(()));
        assert_eq!(with(Some(Vec::new())), Ok(()));
        assert_eq!(with(None), Ok(()));
    }
}

#[test]
fn credentials_of_others_and_of_the_other_kind_do_not_answer() {
    for (factor, other) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0])] {
        let mut scene = scene(factor);
        let (state, reply) = scene.asked();
        let mallory = UserId::new(NOW, &scene.bench.entropy);
        let stolen = [Credential { user: mallory, ..scene.row.clone() }];
        let cx = scene.bench.at(NOW);
        assert_eq!(factor.verify(&cx, &stolen, &state, &answer(&reply)), Err(FactorError::NotEnrolled));
        let renamed = [Credential { kind: other.kind(), ..scene.row.clone() }];
        assert!(other.verify(&cx, &renamed, &state, &answer(&reply)).is_err(), "a state of the other kind");
        let (own, _) = enrol(&scene.bench, factor, &mut SoftAuthenticator::counting(), &[]).unwrap();
        assert_eq!(factor.verify(&cx, &[own], &state, &answer(&reply)), Err(FactorError::Wrong));
    }
}

#[test]
fn a_challenge_is_good_for_five_minutes_one_user_one_pool_and_one_purpose() {
    for factor in BOTH {
        let mut scene = scene(factor);
        let own = scene.own();
        let (state, reply) = asked(&scene.bench, factor, &mut scene.device, &own);
        let reply = answer(&reply);
        let at = |now: Timestamp| factor.verify(&scene.bench.at(now), &own, &state, &reply);
        assert!(at(NOW + 300).is_ok() && at(NOW - 60).is_ok());
        for late in [NOW + 301, NOW - 61, Timestamp::from_seconds(i64::MAX), Timestamp::EPOCH] {
            assert_eq!(at(late), Err(FactorError::StateInvalid));
        }
        let other = Bench { user: UserId::new(NOW, &scene.bench.entropy), ..Bench::new() };
        let keys = KeyRing::generate(&scene.bench.entropy);
        let away = pool("acme", &scene.bench.entropy);
        let right = scene.bench.at(NOW);
        for cx in [
            FactorCx { subject: other.at(NOW).subject, ..right },
            FactorCx { keys: &keys, ..right },
            FactorCx { pool: &away, ..right },
        ] {
            assert_eq!(factor.verify(&cx, &own, &state, &reply), Err(FactorError::StateInvalid));
        }
        assert_eq!(factor.finish_enrol(&right, &state, &reply).err(), Some(FactorError::StateInvalid));
        let begun = factor.begin_enrol(&right, &own).ok().unwrap();
        assert_eq!(factor.verify(&right, &own, &begun.state, &reply), Err(FactorError::StateInvalid));
        // An answer to another challenge of the same user.
        let fresh = factor.begin_verify(&right, &own).ok().unwrap();
        assert_eq!(factor.verify(&right, &own, &fresh.state, &reply), Err(FactorError::Wrong));
    }
}

#[test]
fn an_authenticator_is_registered_once() {
    for (factor, other) in [(BOTH[0], BOTH[1]), (BOTH[1], BOTH[0])] {
        let mut scene = scene(factor);
        for second in [factor, other] {
            // A browser that ignores the list of those that are there already.
            let begun = second.begin_enrol(&scene.bench.at(NOW), &scene.own()).ok().unwrap();
            let mut asked = options(&begun);
            let (id, credential) = (Record::read(&scene.row.public).unwrap().id, &mut scene.device);
            asked["excludeCredentials"] = Value::Null;
            let reply = credential.create(&asked.to_string(), ORIGIN);
            let mut reply: Value = serde_json::from_str(&reply).unwrap();
            let object = decode(reply["response"]["attestationObject"].as_str().unwrap());
            let fresh = decode(reply["id"].as_str().unwrap());
            let at = object.windows(fresh.len()).position(|window| window == fresh).unwrap();
            let forged = [&object[..at], &decode(&id), &object[at + fresh.len()..]].concat();
            reply["response"]["attestationObject"] = encode(&forged).into();
            reply["id"] = id.as_str().into();
            reply["rawId"] = id.as_str().into();
            let outcome =
                second.finish_enrol(&scene.bench.at(NOW), &begun.state, &answer(&reply.to_string()));
            assert_eq!(outcome.err(), Some(FactorError::Wrong));
        }
    }
}

#[test]
fn both_forms_of_the_id_have_to_agree() {
    let mut scene = scene(WebAuthn::passkey());
    let (state, reply) = scene.asked();
    let judge = |change: &dyn Fn(&mut Value)| {
        let mut changed: Value = serde_json::from_str(&reply).unwrap();
        change(&mut changed);
        scene.factor.verify(&scene.bench.at(NOW), &scene.own(), &state, &answer(&changed.to_string()))
    };
    assert!(judge(&|_| {}).is_ok());
    assert!(judge(&|reply| reply["response"]["userHandle"] = Value::Null).is_ok());
    let without = |reply: &mut Value| {
        reply["response"].as_object_mut().unwrap().remove("userHandle");
        reply.as_object_mut().unwrap().remove("clientExtensionResults");
    };
    assert!(judge(&without).is_ok());
    assert_eq!(judge(&|reply| reply["id"] = "AAAA".into()), Err(FactorError::Wrong));
    assert_eq!(judge(&|reply| reply["rawId"] = "AAAA".into()), Err(FactorError::Wrong));
    assert_eq!(judge(&|reply| reply["type"] = "password".into()), Err(FactorError::Wrong));
    assert_eq!(judge(&|reply| reply["clientExtensionResults"] = json!({"appid": true})).map(drop), Ok(()));
    assert_eq!(judge(&|reply| reply["response"]["signature"] = "".into()), Err(FactorError::Wrong));
    let long = "A".repeat(70_000);
    assert_eq!(judge(&|reply| reply["padding"] = long.as_str().into()), Err(FactorError::Wrong));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_bit_of_an_answer_can_be_turned_over(field in 0..5_usize, bit: prop::sample::Index, key: bool) {
        let factor = BOTH[usize::from(key)];
        let mut scene = scene(factor);
        scene.device.manners.user_handle = Some(Some(scene.bench.user.as_bytes().to_vec()));
        let (state, reply) = scene.asked();
        let mut reply: Value = serde_json::from_str(&reply).unwrap();
        let name = ["id", "authenticatorData", "clientDataJSON", "signature", "userHandle"][field];
        let place = if field == 0 { &mut reply["id"] } else { &mut reply["response"][name] };
        let mut bytes = decode(place.as_str().unwrap());
        let bit = bit.index(bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        *place = encode(&bytes).into();
        if field == 0 {
            reply["rawId"] = encode(&bytes).into();
        }
        let outcome =
            factor.verify(&scene.bench.at(NOW), &scene.own(), &state, &answer(&reply.to_string()));
        prop_assert_eq!(outcome, Err(FactorError::Wrong), "bit {} of {}", bit, name);
    }

    #[test]
    fn no_bytes_panic(object: Vec<u8>, data: Vec<u8>, client: Vec<u8>) {
        let scene = scene(WebAuthn::passkey());
        let reply = json!({
            "id": Record::read(&scene.row.public).unwrap().id,
            "rawId": Record::read(&scene.row.public).unwrap().id,
            "type": "public-key",
            "response": {
                "clientDataJSON": encode(&client),
                "attestationObject": encode(&object),
                "authenticatorData": encode(&data),
                "signature": encode(&object),
            },
        });
        let reply = answer(&reply.to_string());
        let cx = scene.bench.at(NOW);
        let begun = scene.factor.begin_enrol(&cx, &[]).ok().unwrap();
        let registered = scene.factor.finish_enrol(&cx, &begun.state, &reply);
        prop_assert_eq!(registered.err(), Some(FactorError::Wrong));
        let begun = scene.factor.begin_verify(&cx, &scene.own()).ok().unwrap();
        let verified = scene.factor.verify(&cx, &scene.own(), &begun.state, &reply);
        prop_assert_eq!(verified.err(), Some(FactorError::Wrong));
    }
}
