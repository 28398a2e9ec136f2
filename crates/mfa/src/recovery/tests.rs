use super::*;
use crate::testkit::{Bench, NOW, form, pool};
use proptest::prelude::*;
use std::collections::BTreeSet;
use vestibule_domain::UserId;
use vestibule_seal::testing::SeededEntropy;

fn issue(bench: &Bench) -> (Vec<String>, Vec<Credential>) {
    let cx = bench.at(NOW);
    let enrolment = RecoveryCodes.finish_enrol(&cx, &CeremonyState::default(), &form(&[])).ok().unwrap();
    assert_eq!((enrolment.replaces, enrolment.evidence), (Replaces::AllOfKind, None));
    let reveal = enrolment.reveal.unwrap();
    assert_eq!(reveal.template, "factors/recovery/codes.html");
    let codes = reveal.data["codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    (codes, enrolment.credentials.into_iter().map(|new| bench.row(&RecoveryCodes, new)).collect())
}

fn verify(bench: &Bench, own: &[Credential], typed: &str) -> Result<Verified, FactorError> {
    RecoveryCodes.verify(&bench.at(NOW), own, &CeremonyState::default(), &form(&[("code", typed)]))
}

#[test]
fn ten_codes_each_good_once_in_any_order() {
    let bench = Bench::new();
    let (codes, mut own) = issue(&bench);
    assert_eq!((codes.len(), own.len(), codes.iter().collect::<BTreeSet<_>>().len()), (10, 10, 10));
    assert!(own.iter().all(|one| one.secret.is_none() && one.label.is_empty() && one.counter == 0));
    for (index, code) in codes.iter().enumerate().rev() {
        let verified = verify(&bench, &own, code).unwrap();
        assert_eq!((verified.credential, &verified.effect), (own[index].id, &Effect::Spend));
        assert!(verified.evidence.is_recovery() && !verified.evidence.phishing_resistant);
        assert_eq!(verified.evidence.amr, ["rec"]);
        own.retain(|one| one.id != verified.credential);
        let expected = if own.is_empty() { FactorError::NotEnrolled } else { FactorError::Wrong };
        assert_eq!(verify(&bench, &own, code), Err(expected));
    }
}

#[test]
fn codes_are_shown_in_groups_of_unmistakable_characters() {
    let (codes, _) = issue(&Bench::new());
    for code in codes {
        let groups: Vec<&str> = code.split('-').collect();
        assert!(groups.len() == 6 && groups.iter().all(|group| group.len() == 4), "{code}");
        assert!(!code.contains(['I', 'L', 'O', 'U']) && !code.contains(char::is_lowercase), "{code}");
    }
}

#[test]
fn codes_spell_out_their_bytes() {
    assert_eq!(Code::new([0; 15]).grouped(), "0000-0000-0000-0000-0000-0000");
    assert_eq!(Code::new([0xff; 15]).grouped(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    // The digits from 0 upwards, five bits each.
    let ascending =
        [0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF, 0x84, 0x65, 0x3A, 0x56, 0xD7];
    assert_eq!(Code::new(ascending).grouped(), "0123-4567-89AB-CDEF-GHJK-MNPQ");
}

#[test]
fn typing_is_forgiven_where_nothing_is_ambiguous() {
    let bench = Bench::new();
    let (codes, own) = issue(&bench);
    let code = codes.iter().find(|code| code.contains('0') && code.contains('1')).unwrap_or(&codes[0]);
    let id = verify(&bench, &own, code).unwrap().credential;
    let bare = code.replace('-', "");
    let wide: String = bare.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
    let arabic = |c: char| c.to_digit(10).map_or(c, |value| char::from_u32(0x0660 + value).unwrap());
    let spellings = [
        code.to_lowercase(),
        bare.clone(),
        format!("  {}\n", code.replace('-', " ")),
        code.replace('-', "\u{2013}"),
        code.replace('-', "\u{a0}"),
        code.replace('0', "o").replace('1', "l"),
        code.replace('0', "O").replace('1', "I"),
        format!("{}-", code.replace('-', "--")),
        wide,
        bare.chars().map(arabic).collect(),
        format!("\u{202a}{}\u{202c}", code.replace('-', "\u{200b}\u{2212}\u{202f}")),
    ];
    for spelling in spellings {
        assert_eq!(verify(&bench, &own, &spelling).map(|v| v.credential), Ok(id), "{spelling:?}");
    }
    let bad = [format!("{bare}0"), bare[1..].to_owned(), bare.replace(&bare[..1], "U"), String::new()];
    for bad in bad {
        assert_eq!(verify(&bench, &own, &bad), Err(FactorError::Wrong), "{bad:?}");
    }
}

#[test]
fn digests_differ_for_another_user_pool_or_code() {
    let entropy = SeededEntropy::new(5);
    let pools = [pool("a", &entropy).id, pool("b", &entropy).id];
    let users = [UserId::new(NOW, &entropy), UserId::new(NOW, &entropy)];
    let mut seen = BTreeSet::new();
    for pool in &pools {
        for user in users {
            for code in [[1; 15], [2; 15]] {
                assert!(seen.insert(Code::new(code).hash(Owner { pool, user })));
            }
        }
    }
}

#[test]
fn only_digests_are_stored() {
    let (codes, own) = issue(&Bench::new());
    for one in &own {
        let stored: serde_json::Value = serde_json::from_str(&one.public.0).unwrap();
        assert_eq!(stored.as_object().unwrap().len(), 1);
        assert_eq!(URL_SAFE_NO_PAD.decode(stored["hash"].as_str().unwrap()).unwrap().len(), 32);
        assert!(!codes.iter().any(|code| one.public.0.contains(&code.replace('-', ""))));
    }
}

#[test]
fn a_broken_row_does_not_hide_a_good_one() {
    let bench = Bench::new();
    let (codes, mut own) = issue(&bench);
    own[0].public = Public("{}".to_owned());
    assert!(verify(&bench, &own, &codes[5]).is_ok());
    let id = own[0].id.to_string();
    assert!(matches!(verify(&bench, &own, &codes[0]), Err(FactorError::Internal(why)) if why.contains(&id)));
}

#[test]
fn the_enrolment_page_says_what_is_replaced() {
    let bench = Bench::new();
    let (_, own) = issue(&bench);
    let data = |own: &[Credential]| RecoveryCodes.begin_enrol(&bench.at(NOW), own).ok().unwrap().view.data;
    assert_eq!(data(&[]), json!({ "count": 10, "replaced": 0, "title_key": null }));
    assert_eq!(data(&own[..4]), json!({ "count": 10, "replaced": 4, "title_key": null }));
}

#[test]
fn the_pool_says_how_many() {
    let mut bench = Bench::new();
    for (wanted, given) in [(1, 1), (2, 2), (20, 20), (21, 20), (u32::MAX, 20)] {
        bench.pool.settings.factors.insert(RecoveryCodes::KIND, json!({ "codes": wanted }));
        assert!(RecoveryCodes.available(&bench.at(NOW)));
        let (codes, own) = issue(&bench);
        assert_eq!((codes.len(), own.len()), (given, given));
        let shown = RecoveryCodes.begin_enrol(&bench.at(NOW), &own).ok().unwrap().view.data;
        assert_eq!((&shown["count"], &shown["replaced"]), (&json!(given), &json!(given)));
        let title = if given == 1 { json!("factor-recovery-enrol-title-one") } else { json!(null) };
        assert_eq!(shown["title_key"], title);
    }
}

#[test]
fn a_pool_that_wants_none_has_none_and_takes_none_away() {
    let mut bench = Bench::new();
    bench.pool.settings.factors.insert(RecoveryCodes::KIND, json!({ "codes": 0 }));
    let cx = bench.at(NOW);
    assert!(!RecoveryCodes.available(&cx));
    let enrolment = RecoveryCodes.finish_enrol(&cx, &CeremonyState::default(), &form(&[])).ok().unwrap();
    assert!(enrolment.credentials.is_empty() && enrolment.reveal.is_none());
    assert_eq!(enrolment.replaces, Replaces::Nothing);
}

#[test]
fn every_character_of_a_code_is_random() {
    let bench = Bench::new();
    let mut seen = vec![BTreeSet::new(); code::LENGTH];
    for _ in 0..60 {
        for code in issue(&bench).0 {
            code.replace('-', "").chars().enumerate().for_each(|(place, c)| {
                seen[place].insert(c);
            });
        }
    }
    assert!(seen.iter().all(|characters| characters.len() == 32));
}

proptest! {
    #[test]
    fn what_is_shown_is_read_back(bytes: [u8; 15]) {
        let code = Code::new(bytes);
        let read = Code::read(&code.grouped()).unwrap();
        prop_assert_eq!(read.grouped(), code.grouped());
        let back = Code::read(&code.grouped().to_lowercase()).unwrap();
        prop_assert_eq!(back.grouped(), code.grouped());
    }

    #[test]
    fn reading_never_panics_and_only_yields_whole_codes(typed in ".{0,60}") {
        if let Some(code) = Code::read(&typed) {
            prop_assert_eq!(code.grouped().len(), 29);
        }
    }
}

#[test]
fn settings_say_a_number_that_fits_on_a_page() {
    assert!(RecoveryCodes.check_settings(&json!({ "codes": 20 })).is_empty());
    let faults = RecoveryCodes.check_settings(&json!({ "codes": 21 }));
    let [fault] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!((fault.at.to_string().as_str(), fault.cause.as_str()), ("codes", "out of range"));
}
