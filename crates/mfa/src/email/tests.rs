use super::*;
use crate::testkit::{Bench, NOW, form, pool};
use proptest::prelude::*;
use vestibule_domain::{Timestamp, UserId, assurance::class_of};
use vestibule_seal::{KeyRing, testing::SeededEntropy};

fn mailed(ceremony: &Ceremony) -> String {
    let [mail] = ceremony.outbox.as_slice() else { panic!("one mail") };
    assert_eq!((mail.template.as_str(), &mail.data["minutes"]), ("factor-email-mail", &json!(10)));
    assert_eq!(mail.data.as_object().unwrap().len(), 2);
    mail.data["code"].as_str().unwrap().to_owned()
}

fn other(code: &str) -> &'static str {
    if code == "000000" { "111111" } else { "000000" }
}

fn enrol(bench: &Bench) -> Vec<Credential> {
    let cx = bench.at(NOW);
    let ceremony = EmailCode.begin_enrol(&cx, &[]).ok().unwrap();
    let code = mailed(&ceremony);
    let enrolment = EmailCode.finish_enrol(&cx, &ceremony.state, &form(&[("code", &code)])).ok().unwrap();
    enrolment.credentials.into_iter().map(|new| bench.row(&EmailCode, new)).collect()
}

fn verify(
    cx: &FactorCx<'_>,
    own: &[Credential],
    state: &CeremonyState,
    code: &str,
) -> Result<Verified, FactorError> {
    EmailCode.verify(cx, own, state, &form(&[("code", code)]))
}

#[test]
fn it_is_there_while_mail_can_be_sent_and_the_user_has_an_address() {
    let bench = Bench::new();
    let cx = bench.at(NOW);
    assert!(EmailCode.available(&cx));
    assert!(!EmailCode.available(&FactorCx { can_mail: false, ..cx }));
    let nobody = FactorCx { subject: crate::Subject { email: None, ..cx.subject }, ..cx };
    assert!(!EmailCode.available(&nobody));
    assert!(matches!(EmailCode.begin_enrol(&nobody, &[]), Err(FactorError::Internal(_))));
    assert!(!EmailCode.traits().on_by_default);
}

#[test]
fn a_code_opens_the_door_once_and_is_worth_no_factor() {
    let bench = Bench::new();
    let mut own = enrol(&bench);
    let cx = bench.at(NOW);
    let ceremony = EmailCode.begin_verify(&cx, &own).ok().unwrap();
    let code = mailed(&ceremony);
    let verified = verify(&cx, &own, &ceremony.state, &format!(" {} {} ", &code[..3], &code[3..])).unwrap();
    let class = class_of([&Evidence::password(), &verified.evidence].into_iter());
    assert_eq!(class, vestibule_domain::Acr::OneFactor);
    assert_eq!(verified.evidence.amr, ["otp", "email"]);
    let Effect::RaiseCounter { to } = verified.effect else { panic!("{verified:?}") };
    assert!(to > own[0].counter);
    own[0].counter = to;
    assert_eq!(verify(&cx, &own, &ceremony.state, &code), Err(FactorError::Wrong));
    // In the same second, and after the clock was turned back.
    for now in [NOW, NOW - 3_600] {
        let cx = bench.at(now);
        let next = EmailCode.begin_verify(&cx, &own).ok().unwrap();
        assert_eq!(verify(&cx, &own, &next.state, &code), Err(FactorError::Wrong));
        assert!(verify(&cx, &own, &next.state, &mailed(&next)).is_ok());
    }
}

#[test]
fn a_code_fits_its_own_challenge_only() {
    let bench = Bench::new();
    let own = enrol(&bench);
    let cx = bench.at(NOW);
    let (one, two) =
        (EmailCode.begin_verify(&cx, &own).ok().unwrap(), EmailCode.begin_verify(&cx, &own).ok().unwrap());
    assert_ne!(mailed(&one), mailed(&two));
    assert_eq!(verify(&cx, &own, &two.state, &mailed(&one)), Err(FactorError::Wrong));
    assert_eq!(verify(&cx, &own, &one.state, &mailed(&two)), Err(FactorError::Wrong));
    // The other purpose.
    let enrolment = EmailCode.begin_enrol(&cx, &own).ok().unwrap();
    assert_eq!(verify(&cx, &own, &one.state, &mailed(&enrolment)), Err(FactorError::Wrong));
    assert_eq!(verify(&cx, &own, &enrolment.state, &mailed(&enrolment)), Err(FactorError::StateInvalid));
    let input = form(&[("code", &mailed(&one))]);
    assert_eq!(EmailCode.finish_enrol(&cx, &one.state, &input).err(), Some(FactorError::StateInvalid));
    assert_eq!(EmailCode.finish_enrol(&cx, &enrolment.state, &input).err(), Some(FactorError::Wrong));
    // Another user, and another pool.
    let mut elsewhere = Bench::new();
    elsewhere.user = UserId::new(NOW + 1, &bench.entropy);
    let theirs: Vec<Credential> =
        own.iter().cloned().map(|one| Credential { user: elsewhere.user, ..one }).collect();
    let outcome = verify(&elsewhere.at(NOW), &theirs, &one.state, &mailed(&one));
    assert_eq!(outcome, Err(FactorError::StateInvalid));
    let mut elsewhere = Bench::new();
    elsewhere.pool = pool("other", &SeededEntropy::new(99));
    assert_eq!(verify(&elsewhere.at(NOW), &own, &one.state, &mailed(&one)), Err(FactorError::StateInvalid));
}

#[test]
fn ten_minutes_and_not_a_second_more() {
    let bench = Bench::new();
    let own = enrol(&bench);
    let ceremony = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
    let enrolment = EmailCode.begin_enrol(&bench.at(NOW), &own).ok().unwrap();
    for (age, good) in [(0, true), (599, true), (600, false), (86_400, false)] {
        let cx = bench.at(NOW + age);
        assert_eq!(verify(&cx, &own, &ceremony.state, &mailed(&ceremony)).is_ok(), good, "{age}");
        let input = form(&[("code", &mailed(&enrolment))]);
        assert_eq!(EmailCode.finish_enrol(&cx, &enrolment.state, &input).is_ok(), good, "{age}");
    }
}

#[test]
fn the_sixth_answer_is_wrong_even_if_it_is_right() {
    let bench = Bench::new();
    let own = enrol(&bench);
    let cx = bench.at(NOW);
    for enrolling in [false, true] {
        let ceremony =
            if enrolling { EmailCode.begin_enrol(&cx, &own) } else { EmailCode.begin_verify(&cx, &own) };
        let ceremony = ceremony.ok().unwrap();
        let code = mailed(&ceremony);
        let judge = |state: &CeremonyState, code: &str| {
            let input = form(&[("code", code)]);
            if enrolling {
                EmailCode.finish_enrol(&cx, state, &input).map(drop)
            } else {
                EmailCode.verify(&cx, &own, state, &input).map(drop)
            }
        };
        let mut state = ceremony.state;
        for wrong in 1..=8 {
            assert_eq!(judge(&state, other(&code)), Err(FactorError::Wrong));
            let after = EmailCode.after_wrong(&cx, &own, &state, &form(&[("code", other(&code))]));
            assert_eq!((after.hint, after.state.is_some()), (None, wrong <= 5), "{wrong}");
            state = after.state.unwrap_or(state);
            let right = judge(&state, &code);
            assert_eq!(right, if wrong < 5 { Ok(()) } else { Err(FactorError::Wrong) }, "{wrong}");
        }
    }
}

#[test]
fn the_state_hides_the_code_and_outlives_a_rotation() {
    let mut bench = Bench::new();
    let text = KeyRing::generate_text(&SeededEntropy::new(1));
    bench.keys = KeyRing::parse(&text).unwrap();
    let own = enrol(&bench);
    let ceremony = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
    let code = mailed(&ceremony);
    assert!(!ceremony.state.0.windows(6).any(|six| six == code.as_bytes()));
    assert!(!serde_json::to_string(&ceremony.view.data).unwrap().contains(&code));
    let fresh = KeyRing::generate_text(&SeededEntropy::new(2));
    bench.keys = KeyRing::parse(&format!("{fresh},{text}")).unwrap();
    assert!(verify(&bench.at(NOW), &own, &ceremony.state, &code).is_ok());
    bench.keys = KeyRing::parse(&fresh).unwrap();
    assert_eq!(verify(&bench.at(NOW), &own, &ceremony.state, &code), Err(FactorError::StateInvalid));
}

#[test]
fn codes_go_to_the_address_that_was_enrolled() {
    let mut bench = Bench::new();
    let own = enrol(&bench);
    let pending = EmailCode.begin_enrol(&bench.at(NOW), &[]).ok().unwrap();
    bench.email = Email::parse("mallory@example.net").unwrap();
    let ceremony = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
    assert_eq!(ceremony.outbox[0].to.as_str(), "alice@example.com");
    let input = form(&[("code", &mailed(&pending))]);
    let outcome = EmailCode.finish_enrol(&bench.at(NOW), &pending.state, &input);
    assert_eq!(outcome.err(), Some(FactorError::StateInvalid), "the address is no longer the account's");
    // A new enrolment takes the place of the old one; what was mailed to the old address is dead.
    let again = enrol(&bench);
    assert_eq!(again.len(), 1);
    let moved = [Credential { id: own[0].id, counter: 0, ..again[0].clone() }];
    let outcome = verify(&bench.at(NOW), &moved, &ceremony.state, &mailed(&ceremony));
    assert_eq!(outcome, Err(FactorError::Wrong));
    assert_eq!(EmailCode.begin_verify(&bench.at(NOW), &again).ok().unwrap().outbox[0].to, bench.email);
}

#[test]
fn fault_u18_codes_follow_the_address_that_the_user_proved() {
    let bench = Bench::new();
    let own = enrol(&bench);
    let old = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
    let proved = Email::parse("alice@example.net").unwrap();
    let moved = EmailCode.moved(&own, &proved);
    assert_eq!(moved.len(), 1);
    let own = [Credential { public: moved[0].1.clone(), ..own[0].clone() }];
    assert_eq!(moved[0].0, own[0].id);
    let new = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
    assert_eq!(new.outbox[0].to, proved);
    assert_eq!(verify(&bench.at(NOW), &own, &old.state, &mailed(&old)), Err(FactorError::Wrong));
    assert!(verify(&bench.at(NOW), &own, &new.state, &mailed(&new)).is_ok());
    let other = [Credential { kind: vestibule_domain::FactorKind::new("totp"), ..own[0].clone() }];
    assert!(EmailCode.moved(&other, &proved).is_empty());
}

#[test]
fn an_enrolment_counts_as_an_answer() {
    let bench = Bench::new();
    let cx = bench.at(NOW);
    let ceremony = EmailCode.begin_enrol(&cx, &[]).ok().unwrap();
    assert_eq!(ceremony.outbox[0].to, bench.email);
    let input = form(&[("code", &mailed(&ceremony)), ("label", "x")]);
    let enrolment = EmailCode.finish_enrol(&cx, &ceremony.state, &input).ok().unwrap();
    assert_eq!((enrolment.evidence, enrolment.replaces), (Some(evidence()), Replaces::AllOfKind));
    assert_eq!((enrolment.credentials.len(), enrolment.label.as_str()), (1, ""));
    assert_eq!(enrolment.credentials[0].public.0, "{\"address\":\"alice@example.com\"}");
    assert!(enrolment.credentials[0].secret.is_none() && enrolment.reveal.is_none());
}

#[test]
fn addresses_are_masked_whatever_their_length() {
    for (address, shown) in [
        ("alice@example.com", "a•••@e•••.com"),
        ("a@b.example", "a•••@b•••.example"),
        ("A.b+c@mail.example.co.uk", "A•••@m•••.uk"),
    ] {
        assert_eq!(masked(&Email::parse(address).unwrap()), shown);
    }
}

proptest! {
    #[test]
    fn only_the_code_is_an_answer(seed: u64, typed in "[0-9]{6}", age in 0_i64..1_200) {
        let mut bench = Bench::new();
        bench.entropy = SeededEntropy::new(seed);
        let own = enrol(&bench);
        let ceremony = EmailCode.begin_verify(&bench.at(NOW), &own).ok().unwrap();
        let right = typed == mailed(&ceremony) && age < 600;
        prop_assert_eq!(verify(&bench.at(NOW + age), &own, &ceremony.state, &typed).is_ok(), right);
    }

    #[test]
    fn no_state_and_no_time_makes_it_panic(state: Vec<u8>, now: i64, typed in ".{0,20}") {
        let bench = Bench::new();
        let own = enrol(&bench);
        let (cx, state, input) = (bench.at(Timestamp::from_seconds(now)), CeremonyState(state), form(&[("code", &typed)]));
        prop_assert_eq!(EmailCode.verify(&cx, &own, &state, &input), Err(FactorError::StateInvalid));
        prop_assert_eq!(EmailCode.after_wrong(&cx, &own, &state, &input), Aftermath::default());
        let ceremony = EmailCode.begin_verify(&cx, &own).ok().unwrap();
        let after = EmailCode.after_wrong(&cx, &own, &ceremony.state, &input);
        prop_assert!(after.state.is_some());
    }
}
