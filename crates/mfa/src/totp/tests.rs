use super::*;
use crate::testkit::{Bench, NOW, form, pool};
use proptest::prelude::*;
use std::process::Command;
use vestibule_domain::Timestamp;
use vestibule_seal::{KeyRing, testing::SeededEntropy};

/// The secret of RFC 6238, appendix B.
const RFC_SECRET: &[u8; 20] = b"12345678901234567890";
const STEP: i64 = NOW.as_seconds() / 30;

fn credential(bench: &Bench, secret: &[u8; 20], counter: i64) -> Credential {
    let sealed = bench.keys.seal(&bench.entropy, &secret_ad(&bench.at(NOW)), secret);
    let new =
        NewCredential { label: "Phone".to_owned(), public: Public::default(), secret: Some(sealed), counter };
    bench.row(&Totp, new)
}

fn code_of(secret: &[u8; 20], step: i64) -> String {
    Generator::new(secret).code(step).unwrap().to_string()
}

fn verify(bench: &Bench, own: &[Credential], now: Timestamp, typed: &str) -> Result<Verified, FactorError> {
    Totp.verify(&bench.at(now), own, &CeremonyState::default(), &form(&[("code", typed)]))
}

#[test]
fn codes_are_those_of_rfc_6238() {
    // Appendix B gives eight digits; six are the last six of them (RFC 4226 §5.3).
    let vectors = [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ];
    let bench = Bench::new();
    for (time, eight) in vectors {
        let six = &eight[2..];
        assert_eq!(code_of(RFC_SECRET, time / 30), six);
        let own = [credential(&bench, RFC_SECRET, 0)];
        let verified = verify(&bench, &own, Timestamp::from_seconds(time), six).unwrap();
        assert_eq!(verified.effect, Effect::RaiseCounter { to: time / 30 });
    }
}

/// Codes by OATH Toolkit, an implementation with no line in common with ours.
fn oathtool(secret: &str, time: i64) -> Option<String> {
    let program = std::env::var("VESTIBULE_TEST_OATHTOOL").unwrap_or_else(|_| "oathtool".to_owned());
    let output =
        Command::new(program).args(["--totp", "-b", secret, "-N", &format!("@{time}")]).output().ok()?;
    assert!(output.status.success(), "oathtool: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

#[test]
fn an_independent_implementation_can_sign_in() {
    let bench = Bench::new();
    let ceremony = Totp.begin_enrol(&bench.at(NOW), &[]).ok().unwrap();
    let secret = ceremony.view.data["secret"].as_str().unwrap().to_owned();
    let Some(code) = oathtool(&secret, NOW.as_seconds()) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "install oathtool");
        eprintln!("oathtool is not installed: not compared with another implementation");
        return;
    };
    let enrolment =
        Totp.finish_enrol(&bench.at(NOW), &ceremony.state, &form(&[("code", &code)])).ok().unwrap();
    let own: Vec<Credential> = enrolment.credentials.into_iter().map(|new| bench.row(&Totp, new)).collect();
    for later in [30, 3_600, 86_400, 800_000_000] {
        let now = NOW + later;
        let code = oathtool(&secret, now.as_seconds()).unwrap();
        let to = now.as_seconds() / 30;
        assert_eq!(verify(&bench, &own, now, &code).unwrap().effect, Effect::RaiseCounter { to });
    }
}

#[test]
fn one_step_to_either_side_is_accepted_and_no_more() {
    let bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let first = Timestamp::from_seconds(STEP * 30);
    for now in [first, first + 29] {
        for shift in -3..=3 {
            let outcome = verify(&bench, &own, now, &code_of(RFC_SECRET, STEP + shift));
            if (-1..=1).contains(&shift) {
                let verified = outcome.unwrap();
                assert_eq!(verified.effect, Effect::RaiseCounter { to: STEP + shift });
                assert_eq!((verified.credential, verified.evidence), (own[0].id, evidence()));
            } else {
                assert_eq!(outcome, Err(FactorError::Wrong), "{shift}");
            }
        }
    }
    assert!(verify(&bench, &own, first + 30, &code_of(RFC_SECRET, STEP)).is_ok());
    assert!(verify(&bench, &own, first + 60, &code_of(RFC_SECRET, STEP)).is_err());
}

#[test]
fn a_step_counts_once_and_burns_the_earlier_ones() {
    let bench = Bench::new();
    for (counter, accepted) in [
        (STEP - 2, [true, true, true]),
        (STEP - 1, [false, true, true]),
        (STEP, [false, false, true]),
        (STEP + 1, [false; 3]),
    ] {
        let own = [credential(&bench, RFC_SECRET, counter)];
        for (shift, expected) in (-1..=1).zip(accepted) {
            let outcome = verify(&bench, &own, NOW, &code_of(RFC_SECRET, STEP + shift));
            assert_eq!(outcome.is_ok(), expected, "counter {counter}, shift {shift}");
        }
    }
}

#[test]
fn fault_u7_six_digits_of_any_script_are_read_with_separators_anywhere() {
    let bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let code = code_of(RFC_SECRET, STEP);
    let (left, right) = code.split_at(3);
    let from = |zero: u32| -> String {
        code.bytes().map(|b| char::from_u32(u32::from(b - b'0') + zero).unwrap()).collect()
    };
    let good = [
        code.clone(),
        format!("{left} {right}"),
        format!(" \t{left}  {right}\r\n"),
        from(0xFF10),
        from(0x0660),
        from(0x06F0),
        from(0x0966),
        format!("{left}\u{a0}{right}"),
        format!("{left}-{right}"),
        format!("\u{200e}{left}\u{2013}{right}\u{200b}"),
    ];
    for good in good {
        assert!(verify(&bench, &own, NOW, &good).is_ok(), "{good:?}");
    }
    let bad = [
        format!("+{}", &code[1..]),
        format!("{code}0"),
        format!("0{code}"),
        code[..5].to_owned(),
        String::new(),
        "abcdef".to_owned(),
        format!("{code}\0"),
    ];
    for bad in bad {
        assert_eq!(verify(&bench, &own, NOW, &bad), Err(FactorError::Wrong), "{bad:?}");
    }
    let nothing = Totp.verify(&bench.at(NOW), &own, &CeremonyState::default(), &form(&[]));
    assert_eq!(nothing, Err(FactorError::Wrong));
}

#[test]
fn malformed_answers_are_refused_before_any_secret_is_opened() {
    let bench = Bench::new();
    let broken = Credential { secret: None, ..credential(&bench, RFC_SECRET, 0) };
    assert_eq!(verify(&bench, std::slice::from_ref(&broken), NOW, "12345x"), Err(FactorError::Wrong));
    assert!(matches!(verify(&bench, &[broken], NOW, "123456"), Err(FactorError::Internal(_))));
}

#[test]
fn each_of_two_devices_answers_and_has_its_own_counter() {
    let bench = Bench::new();
    let other = b"abcdefghijklmnopqrst";
    let own = [credential(&bench, RFC_SECRET, STEP), credential(&bench, other, 0)];
    assert_eq!(verify(&bench, &own, NOW, &code_of(RFC_SECRET, STEP)), Err(FactorError::Wrong));
    assert_eq!(verify(&bench, &own, NOW, &code_of(other, STEP)).unwrap().credential, own[1].id);
    assert_eq!(verify(&bench, &own, NOW, &code_of(RFC_SECRET, STEP + 1)).unwrap().credential, own[0].id);
    let broken = Credential { secret: None, ..own[0].clone() };
    let own = [broken, own[1].clone()];
    assert_eq!(verify(&bench, &own, NOW, &code_of(other, STEP)).unwrap().credential, own[1].id);
    let outcome = verify(&bench, &own, NOW, &code_of(other, STEP + 9));
    assert!(matches!(outcome, Err(FactorError::Internal(why)) if why.contains(&own[0].id.to_string())));
}

#[test]
fn secrets_open_for_their_user_and_pool_only_and_after_a_rotation() {
    let mut bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let code = code_of(RFC_SECRET, STEP);
    let mut elsewhere = Bench::new();
    elsewhere.pool = pool("other", &SeededEntropy::new(99));
    assert!(matches!(verify(&elsewhere, &own, NOW, &code), Err(FactorError::Internal(_))));
    let text = KeyRing::generate_text(&SeededEntropy::new(1));
    let old = KeyRing::parse(&text).unwrap();
    bench.keys = old;
    let own = [credential(&bench, RFC_SECRET, 0)];
    let fresh = KeyRing::generate_text(&SeededEntropy::new(2));
    bench.keys = KeyRing::parse(&format!("{fresh},{text}")).unwrap();
    assert!(verify(&bench, &own, NOW, &code).is_ok());
    bench.keys = KeyRing::parse(&fresh).unwrap();
    assert!(matches!(verify(&bench, &own, NOW, &code), Err(FactorError::Internal(_))));
}

#[test]
fn an_enrolment_is_active_only_after_a_code_and_burns_it() {
    let bench = Bench::new();
    let cx = bench.at(NOW);
    let ceremony = Totp.begin_enrol(&cx, &[]).ok().unwrap();
    let text = ceremony.view.data["secret"].as_str().unwrap();
    let secret = totp_rs::Secret::try_from_base32(text).unwrap();
    let secret: [u8; 20] = secret.as_bytes().try_into().unwrap();
    assert!(!ceremony.state.0.windows(20).any(|window| window == secret), "the state is not sealed");
    let finish = |fields: &[(&str, &str)]| Totp.finish_enrol(&cx, &ceremony.state, &form(fields));
    for shift in [-2, 2] {
        assert_eq!(finish(&[("code", &code_of(&secret, STEP + shift))]).err(), Some(FactorError::Wrong));
    }
    assert_eq!(finish(&[]).err(), Some(FactorError::Wrong));
    let code = code_of(&secret, STEP + 1);
    let enrolment = finish(&[("code", &code), ("label", " Work phone ")]).ok().unwrap();
    assert_eq!((enrolment.label.as_str(), enrolment.replaces), ("Work phone", Replaces::Nothing));
    assert_eq!(enrolment.evidence, Some(evidence()));
    let own: Vec<Credential> = enrolment.credentials.into_iter().map(|new| bench.row(&Totp, new)).collect();
    assert_eq!((own.len(), own[0].counter, own[0].label.as_str()), (1, STEP + 1, "Work phone"));
    assert_eq!(verify(&bench, &own, NOW, &code), Err(FactorError::Wrong));
    assert!(verify(&bench, &own, NOW + 60, &code_of(&secret, STEP + 2)).is_ok());
}

#[test]
fn neither_a_state_nor_a_secret_stands_in_for_the_other() {
    let bench = Bench::new();
    let own = credential(&bench, RFC_SECRET, 0);
    let code = code_of(RFC_SECRET, STEP);
    let state = CeremonyState(own.secret.clone().unwrap().into_bytes());
    let outcome = Totp.finish_enrol(&bench.at(NOW), &state, &form(&[("code", &code)]));
    assert_eq!(outcome.err(), Some(FactorError::StateInvalid));
    let ceremony = Totp.begin_enrol(&bench.at(NOW), &[]).ok().unwrap();
    let swapped = Credential { secret: Some(Sealed::from_bytes(ceremony.state.0)), ..own };
    assert!(matches!(verify(&bench, &[swapped], NOW, &code), Err(FactorError::Internal(_))));
}

#[test]
fn the_enrolment_page_has_exactly_the_agreed_fields() {
    let bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let named = [Credential { label: SUGGESTION.to_owned(), ..own[0].clone() }];
    for own in [&own, &named] {
        let view = Totp.begin_enrol(&bench.at(NOW), own).ok().unwrap().view;
        let data = view.data.as_object().unwrap();
        let fields: Vec<&str> = data.keys().map(String::as_str).collect();
        let mut agreed = vec![
            "qr_svg",
            "secret_groups",
            "secret",
            "otpauth_url",
            "account",
            "issuer",
            "taken_labels",
            "digits",
            "period",
            "show_secret",
            "open_secret",
            "authenticators",
        ];
        agreed.sort_unstable();
        assert_eq!(fields, agreed);
        assert_eq!(view.template, "factors/totp/enrol.html");
        let secret = data["secret"].as_str().unwrap();
        assert_eq!(secret.len(), 32);
        let groups: Vec<&str> =
            data["secret_groups"].as_array().unwrap().iter().map(|g| g.as_str().unwrap()).collect();
        assert!(groups.iter().all(|group| group.len() == 4) && groups.concat() == secret);
        assert_eq!(
            data["otpauth_url"],
            format!("otpauth://totp/acme:alice%40example.com?secret={secret}&issuer=acme")
        );
        assert_eq!((&data["issuer"], &data["account"]), (&json!("acme"), &json!("alice@example.com")));
        assert_eq!((&data["digits"], &data["period"]), (&json!(6), &json!(30)));
        assert_eq!(data["taken_labels"], json!([own[0].label]));
        let svg = data["qr_svg"].as_str().unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && svg.contains("viewBox=\"0 0 "));
        assert!(!svg.contains("<?xml") && !svg.contains("style=") && !svg.contains("<script"));
    }
}

#[test]
fn the_drawing_is_the_qr_code_of_the_url() {
    // Drawn back from its path onto a grid, and compared module by module.
    let text = "otpauth://totp/acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=acme";
    let svg = uri::qr_svg(text).unwrap();
    let code = qrcode::QrCode::new(text).unwrap();
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut grid = vec![vec![false; code.width() + 8]; code.width() + 8];
    for run in path.split('z').filter(|run| !run.is_empty()) {
        let (place, shape) = run.trim_start_matches('M').split_once('h').unwrap();
        let (x, y) = place.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let length: usize = shape.split_once('v').unwrap().0.parse().unwrap();
        assert_eq!(shape, format!("{length}v1h-{length}"));
        grid[y][x..x + length].iter_mut().for_each(|module| *module = true);
    }
    for (y, row) in grid.iter().enumerate() {
        for (x, dark) in row.iter().enumerate() {
            let inside = (4..code.width() + 4).contains(&x) && (4..code.width() + 4).contains(&y);
            assert_eq!(*dark, inside && code[(x - 4, y - 4)] == qrcode::Color::Dark, "{x},{y}");
        }
    }
}

#[test]
fn awkward_names_still_make_a_url_and_a_qr_code() {
    let mut bench = Bench::new();
    let accounts = ["", "   ", "a:b:c", "名前@例え.jp", "a\u{202E}\nb", &"🦀".repeat(500), &"x".repeat(5000)];
    for issuer in ["", ":", "Müller & Söhne: Berlin", &"🦀".repeat(500)] {
        bench.pool.name = issuer.to_owned();
        for account in accounts {
            let mut cx = bench.at(NOW);
            cx.subject.account = account;
            let view = Totp.begin_enrol(&cx, &[]).ok().unwrap().view;
            let url = view.data["otpauth_url"].as_str().unwrap();
            let read = totp_rs::Totp::from_url(url).unwrap();
            assert_eq!(
                read.secret().to_base32(),
                view.data["secret"].as_str().unwrap(),
                "{issuer:?} {account:?}"
            );
            assert!(
                !read.account_name().is_empty() && read.issuer().is_some_and(|issuer| !issuer.is_empty())
            );
            assert!(view.data["qr_svg"].as_str().unwrap().len() > 1000);
        }
    }
}

#[test]
fn the_default_name_is_the_one_that_was_suggested() {
    let bench = Bench::new();
    let named = [Credential { label: SUGGESTION.to_owned(), ..credential(&bench, RFC_SECRET, 0) }];
    let ceremony = Totp.begin_enrol(&bench.at(NOW), &named).ok().unwrap();
    let secret = totp_rs::Secret::try_from_base32(ceremony.view.data["secret"].as_str().unwrap()).unwrap();
    let code = code_of(secret.as_bytes().try_into().unwrap(), STEP);
    let input = form(&[("code", &code), ("label", "  ")]);
    let enrolment = Totp.finish_enrol(&bench.at(NOW), &ceremony.state, &input).ok().unwrap();
    assert_eq!(enrolment.label, "Authenticator app 2");
}

#[test]
fn every_bit_of_a_secret_is_random() {
    let bench = Bench::new();
    let (mut ones, mut zeros) = ([0_u8; 20], [0_u8; 20]);
    for _ in 0..64 {
        let view = Totp.begin_enrol(&bench.at(NOW), &[]).ok().unwrap().view;
        let secret = totp_rs::Secret::try_from_base32(view.data["secret"].as_str().unwrap()).unwrap();
        for (index, byte) in secret.as_bytes().iter().enumerate() {
            ones[index] |= byte;
            zeros[index] |= !byte;
        }
    }
    assert_eq!((ones, zeros), ([0xff; 20], [0xff; 20]));
}

proptest! {
    #[test]
    fn an_answer_is_right_exactly_for_the_three_codes_not_burned(
        secret: [u8; 20], now in 60_i64..4_000_000_000, shift in -5_i64..=5, behind in 0_i64..4,
    ) {
        let bench = Bench::new();
        let current = now / 30;
        let counter = current + 1 - behind;
        let own = [credential(&bench, &secret, counter)];
        prop_assume!(current + shift >= 0);
        let typed = code_of(&secret, current + shift);
        // Two steps may share a code by chance, so the model asks for the codes and not for the steps.
        let right = (current - 1..=current + 1).find(|step| *step > counter && code_of(&secret, *step) == typed);
        let outcome = verify(&bench, &own, Timestamp::from_seconds(now), &typed);
        prop_assert_eq!(outcome.ok().map(|v| v.effect), right.map(|to| Effect::RaiseCounter { to }));
    }
}

#[test]
fn the_page_looks_as_the_pool_says() {
    let mut bench = Bench::new();
    let view = |bench: &Bench| Totp.begin_enrol(&bench.at(NOW), &[]).ok().unwrap().view.data;
    let plain = view(&bench);
    assert_eq!((&plain["show_secret"], &plain["authenticators"]), (&json!(true), &json!([])));
    let ios = Some("https://store.example/app".to_owned());
    let settings = json!({ "show_secret": false, "authenticator": [{ "name": "App", "ios": ios }] });
    bench.pool.settings.factors.insert(Totp::KIND, settings);
    let hidden = view(&bench);
    assert_eq!((&hidden["show_secret"], &hidden["secret"]), (&json!(false), &json!("")));
    assert_eq!(hidden["secret_groups"], json!([]));
    assert_eq!(hidden["authenticators"], json!([{ "name": "App", "android": null, "ios": ios }]));
    let url = hidden["otpauth_url"].as_str().unwrap();
    assert!(totp_rs::Totp::from_url(url).is_ok() && hidden["qr_svg"].as_str().unwrap().len() > 1000);
}

/// Wrong codes one after the other, as the caller deals with them.
struct Wrongs<'a> {
    bench: &'a Bench,
    own: &'a [Credential],
    state: CeremonyState,
}

impl<'a> Wrongs<'a> {
    fn new(bench: &'a Bench, own: &'a [Credential]) -> Self {
        let state = Totp.begin_verify(&bench.at(NOW), own).ok().unwrap().state;
        Self { bench, own, state }
    }

    /// What is told after a wrong code.
    fn typed(&mut self, now: Timestamp, code: &str) -> Option<crate::Hint> {
        let (cx, input) = (self.bench.at(now), form(&[("code", code)]));
        assert_eq!(Totp.verify(&cx, self.own, &self.state, &input), Err(FactorError::Wrong));
        let after = Totp.after_wrong(&cx, self.own, &self.state, &input);
        self.state = after.state.unwrap_or_else(|| self.state.clone());
        assert_eq!(Totp.verify(&cx, self.own, &self.state, &input), Err(FactorError::Wrong), "accepted");
        after.hint
    }
}

#[test]
fn a_phone_that_is_off_is_told_after_two_codes_and_never_accepted() {
    let bench = Bench::new();
    let other = credential(&bench, b"abcdefghijklmnopqrst", 0);
    // The counter may be later than the codes of a phone whose clock has gone back.
    for counter in [0, STEP] {
        let own = [other.clone(), credential(&bench, RFC_SECRET, counter)];
        for (off, way, minutes) in [
            (7 * 60, "ahead", 7),
            (-7 * 60, "behind", 7),
            (15 * 60, "ahead", 15),
            (-15 * 60, "behind", 15),
            (75, "ahead", 1),
        ] {
            let phone = |now: Timestamp| code_of(RFC_SECRET, (now.as_seconds() + off).div_euclid(30));
            let mut wrongs = Wrongs::new(&bench, &own);
            assert_eq!(wrongs.typed(NOW, &phone(NOW)), None, "after one code");
            let hint = wrongs.typed(NOW + 30, &phone(NOW + 30)).unwrap();
            assert_eq!(hint.key, format!("factor-totp-drift-{way}"));
            assert!((hint.drift.unwrap() - off).abs() <= 30, "{off}: {hint:?}");
            assert!((hint.args["minutes"] - minutes).abs() <= 1, "{off}: {hint:?}");
            // And the right phone still signs in with the state that was written.
            let right = code_of(RFC_SECRET, STEP + 2);
            let cx = bench.at(NOW + 60);
            assert!(Totp.verify(&cx, &own, &wrongs.state, &form(&[("code", &right)])).is_ok());
        }
    }
}

#[test]
fn a_mistyped_code_between_two_does_not_matter() {
    let bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let phone = |now: Timestamp| code_of(RFC_SECRET, now.as_seconds() / 30 + 14);
    let mut wrongs = Wrongs::new(&bench, &own);
    assert_eq!(wrongs.typed(NOW, &phone(NOW)), None);
    assert_eq!(wrongs.typed(NOW, "000000"), None);
    assert_eq!(wrongs.typed(NOW, "12345"), None);
    assert_eq!(wrongs.typed(NOW + 61, &phone(NOW + 61)).unwrap().drift, Some(420));
}

#[test]
fn what_says_nothing_about_a_clock_is_not_told() {
    let bench = Bench::new();
    let other = b"abcdefghijklmnopqrst";
    let own = [credential(&bench, RFC_SECRET, STEP + 3), credential(&bench, other, STEP + 3)];
    let step = |shift: i64| code_of(RFC_SECRET, STEP + shift);
    let silent = |codes: &[(Timestamp, String)]| {
        let mut wrongs = Wrongs::new(&bench, &own);
        for (now, code) in codes {
            assert_eq!(wrongs.typed(*now, code), None, "{codes:?}");
        }
    };
    // The same code twice, at once and a step later.
    silent(&[(NOW, step(14)), (NOW, step(14)), (NOW + 30, step(14))]);
    // Used codes inside the window.
    silent(&[(NOW, step(0)), (NOW + 30, step(1)), (NOW + 60, step(2))]);
    // Two codes that are off by different times, or of different devices.
    silent(&[(NOW, step(14)), (NOW, step(20)), (NOW, step(-9))]);
    silent(&[(NOW, step(14)), (NOW + 30, code_of(other, STEP + 15))]);
    // Too far away, and another secret.
    silent(&[(NOW, step(32)), (NOW + 30, step(33)), (NOW, step(-32)), (NOW + 30, step(-32))]);
    let stranger = |shift| code_of(b"ABCDEFGHIJKLMNOPQRST", STEP + shift);
    silent(&[(NOW, stranger(14)), (NOW + 30, stranger(15)), (NOW + 60, stranger(2))]);
}

#[test]
fn the_memory_is_sealed_for_its_user_and_always_as_long() {
    let bench = Bench::new();
    let own = [credential(&bench, RFC_SECRET, 0)];
    let cx = bench.at(NOW);
    let after = |code: &str, state: &CeremonyState| {
        Totp.after_wrong(&cx, &own, state, &form(&[("code", code)])).state.unwrap()
    };
    let nothing = after("000000", &CeremonyState::default());
    let mut state = CeremonyState::default();
    for shift in (2..=31).chain(-31..=-2) {
        state = after(&code_of(RFC_SECRET, STEP + shift), &state);
        assert_eq!(state.0.len(), nothing.0.len());
    }
    let mut elsewhere = Bench::new();
    elsewhere.pool = pool("other", &SeededEntropy::new(99));
    assert_eq!(
        Totp.verify(&elsewhere.at(NOW), &own, &state, &form(&[("code", "000000")])),
        Err(FactorError::StateInvalid)
    );
    let garbage = CeremonyState(vec![7; 300]);
    assert_eq!(Totp.after_wrong(&cx, &own, &garbage, &form(&[("code", "000000")])), Aftermath::default());
    let enrolment = Totp.begin_enrol(&cx, &[]).ok().unwrap().state;
    // An enrolment has a memory of its own, of the new secret alone and as long whatever it holds.
    let after = Totp.after_wrong(&cx, &own, &enrolment, &form(&[("code", &code_of(RFC_SECRET, STEP + 9))]));
    assert_eq!((after.hint, after.state.unwrap().0.len()), (None, enrolment.0.len()));
    let garbage = Totp.after_wrong(&elsewhere.at(NOW), &own, &enrolment, &form(&[("code", "000000")]));
    assert_eq!(garbage, Aftermath::default());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn guesses_are_told_nothing(secret: [u8; 20], guesses in prop::collection::vec("[0-9]{6}", 1..40), now in 2_000_i64..4_000_000_000) {
        let bench = Bench::new();
        let own = [credential(&bench, &secret, 0)];
        let mut state = CeremonyState::default();
        for (count, guess) in (0..).zip(&guesses) {
            let cx = bench.at(Timestamp::from_seconds(now + 10 * count));
            let after = Totp.after_wrong(&cx, &own, &state, &form(&[("code", guess)]));
            // Two guesses that are told would have to be two real codes, equally far away.
            prop_assert_eq!(after.hint, None);
            state = after.state.unwrap();
        }
    }

    #[test]
    fn every_drift_within_reach_is_found_and_none_beyond(seconds in -1_200_i64..1_200, now in 10_000_i64..4_000_000_000) {
        let bench = Bench::new();
        let own = [credential(&bench, RFC_SECRET, i64::MAX)];
        let mut state = CeremonyState::default();
        let mut told = None;
        let mut steps = Vec::new();
        for moment in [now, now + 40] {
            let step = (moment + seconds).div_euclid(30);
            steps.push(step - moment.div_euclid(30));
            let input = form(&[("code", &code_of(RFC_SECRET, step))]);
            let after = Totp.after_wrong(&bench.at(Timestamp::from_seconds(moment)), &own, &state, &input);
            prop_assert!(told.is_none());
            (told, state) = (after.hint, after.state.unwrap());
        }
        let within = steps.iter().all(|offset| (2..=31).contains(&offset.abs()));
        prop_assert_eq!(told.is_some(), within, "{:?}", steps);
        if let Some(hint) = told {
            prop_assert!((hint.drift.unwrap() - seconds).abs() <= 30);
        }
    }
}

/// (place, cause) of everything that is wrong with settings.
fn faults(settings: &serde_json::Value) -> Vec<(String, String)> {
    Totp.check_settings(settings).into_iter().map(|fault| (fault.at.to_string(), fault.cause)).collect()
}

#[test]
fn settings_name_apps_with_links_once() {
    assert_eq!(faults(&json!({})), []);
    let app = |link: &str| json!({ "authenticator": [{ "name": "Codes", "ios": link }] });
    assert_eq!(faults(&app("https://apps.example/1")), []);
    for link in
        ["http://play.google.com/x", "javascript:alert(1)", "play.google.com", "https://a b", "https:x", ""]
    {
        assert_eq!(
            faults(&app(link)),
            [("authenticator[0].ios".to_owned(), "not a link".to_owned())],
            "{link}"
        );
    }
    let twice = faults(&json!({ "authenticator": [{ "name": "Codes" }, { "name": "codes" }] }));
    assert_eq!(twice, [("authenticator[1].name".to_owned(), "this authenticator is there twice".to_owned())]);
    // The key speaks of a secret without holding one, so its value may be shown.
    assert!(faults(&json!({ "show_secret": "perhaps" }))[0].1.contains("perhaps"));
    assert!(faults(&json!({ "show_secrets": true }))[0].1.contains("show_secrets"));
}
