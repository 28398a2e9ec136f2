//! What a factor has to withstand.

use super::{
    ContractDriver, Violation, deliver, ensure,
    world::{NOW, World, panicked, ran},
};
use crate::{CeremonyState, FactorError, FactorInput, SecondFactor, guarded};
use vestibule_domain::{Credential, Timestamp, credential::Public};
use vestibule_seal::Sealed;

/// A well-formed wrong answer, and none at all.
pub(super) fn wrong_answers(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let ceremony = world.put(factor, &mut enrolled, now)?;
    let wrong = enrolled.device.wrong(&ceremony.view, now);
    for input in [wrong, FactorInput::default()] {
        let outcome = guarded(|| factor.verify(&world.alice(now), &enrolled.own, &ceremony.state, &input));
        ensure(outcome.err() == Some(FactorError::Wrong), || {
            "a wrong answer is not simply wrong".to_owned()
        })?;
    }
    Ok(())
}

/// Right answers with rows that belong to another user or another pool, under their own name and under a false one.
pub(super) fn somebody_elses(
    factor: &dyn SecondFactor,
    driver: &dyn ContractDriver,
) -> Result<(), Violation> {
    let world = World::new()?;
    let now = NOW + driver.pause();
    let moved = |own: &[Credential]| -> Vec<Credential> {
        own.iter().cloned().map(|one| Credential { user: world.mallory, ..one }).collect()
    };
    let mallory = world.cx(&world.home, world.mallory, now);
    let away = world.cx(&world.away, world.alice, now);

    let mut enrolled = world.enrol(factor, driver)?;
    let outcome = world.judged(factor, &mut enrolled, now, |ceremony, input, own| {
        factor.verify(&mallory, own, &ceremony.state, input)
    })?;
    ensure(outcome.is_err(), || "another user's credential is accepted".to_owned())?;

    let mut enrolled = world.enrol(factor, driver)?;
    let outcome = world.judged(factor, &mut enrolled, now, |ceremony, input, own| {
        factor.verify(&mallory, &moved(own), &ceremony.state, input)
    })?;
    ensure(outcome.is_err(), || "a credential copied to another user is accepted".to_owned())?;

    let mut enrolled = world.enrol(factor, driver)?;
    let outcome = world.judged(factor, &mut enrolled, now, |ceremony, input, own| {
        factor.verify(&away, own, &ceremony.state, input)
    })?;
    ensure(outcome.is_err(), || "another pool's credential is accepted".to_owned())?;

    let mut enrolled = world.enrol(factor, driver)?;
    let outcome = world.judged(factor, &mut enrolled, now, |ceremony, input, own| {
        let kind = vestibule_domain::FactorKind::new("something-else");
        let others: Vec<Credential> =
            own.iter().cloned().map(|one| Credential { kind: kind.clone(), ..one }).collect();
        factor.verify(&world.alice(now), &others, &ceremony.state, input)
    })?;
    ensure(outcome.is_err(), || "a credential of another kind is accepted".to_owned())
}

/// All that can be done to a state: cut, lengthened, a bit turned over, emptied, replaced.
pub(super) fn tampered(state: &CeremonyState) -> Vec<CeremonyState> {
    let bytes = &state.0;
    let mut out =
        vec![[bytes.as_slice(), &[0]].concat(), [&[1], bytes.as_slice()].concat(), vec![0xff; 4096]];
    if let Some((_, shorter)) = bytes.split_last() {
        out.push(shorter.to_vec());
        out.push(Vec::new());
    }
    for index in 0..bytes.len() {
        let mut turned = bytes.clone();
        turned.iter_mut().skip(index).take(1).for_each(|byte| *byte ^= 1);
        out.push(turned);
    }
    out.into_iter().map(CeremonyState).collect()
}

/// States that were changed, and whole ones of another user, pool or ceremony.
pub(super) fn states(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let now = NOW + driver.pause();
    let refused = |outcome: Option<FactorError>, what: &str| {
        ensure(outcome == Some(FactorError::StateInvalid), || {
            format!("{what}: {outcome:?} instead of StateInvalid")
        })
    };

    let begun = ran("begin_enrol", guarded(|| factor.begin_enrol(&world.alice(NOW), &[])))?;
    let mut device = driver.device();
    deliver(&mut *device, &begun);
    let input = device.enrol(&begun.view, NOW);
    for state in tampered(&begun.state) {
        let outcome = guarded(|| factor.finish_enrol(&world.alice(NOW), &state, &input));
        refused(outcome.err(), "a changed state finishes an enrolment")?;
    }
    let mut enrolled = world.enrol(factor, driver)?;
    let challenge = world.put(factor, &mut enrolled, now)?;
    let answer = enrolled.device.answer(&challenge.view, now);
    for state in tampered(&challenge.state) {
        let outcome = guarded(|| factor.verify(&world.alice(now), &enrolled.own, &state, &answer));
        refused(outcome.err(), "a changed state is verified")?;
    }
    if challenge.state != begun.state {
        let outcome = guarded(|| factor.verify(&world.alice(now), &enrolled.own, &begun.state, &answer));
        refused(outcome.err(), "an enrolment's state is verified")?;
        let outcome = guarded(|| factor.finish_enrol(&world.alice(NOW), &challenge.state, &input));
        refused(outcome.err(), "a challenge's state finishes an enrolment")?;
    }
    let strangers = [world.cx(&world.home, world.mallory, NOW), world.cx(&world.away, world.alice, NOW)];
    // A state without bytes says nothing, so only the caller can tell whose it is.
    for stranger in strangers.iter().filter(|_| !begun.state.0.is_empty()) {
        let outcome = guarded(|| factor.finish_enrol(stranger, &begun.state, &input));
        refused(outcome.err(), "a stranger finishes an enrolment")?;
    }
    Ok(())
}

/// Things that arrive in forms.
pub(super) fn oddities() -> Vec<String> {
    let plain = [
        "",
        " ",
        "0",
        "-1",
        "+12345",
        "1e5",
        "１２３４５６",
        "٣٣٣٣٣٣",
        "12345\0",
        "123456\u{0}",
        "\u{0}",
        "null",
        "{}",
        "[]",
        "🦀",
        "\u{202E}654321",
        "%00",
        "' OR 1=1 --",
        "../../etc/passwd",
        "{{7*7}}",
        "<script>",
        "e\u{301}",
        "\u{FEFF}",
    ];
    let mut all: Vec<String> = plain.map(str::to_owned).to_vec();
    all.extend(["9", "A", "-", " ", "é", "１"].map(|piece| piece.repeat(300_000)));
    all
}

/// No input and no time makes a factor panic, and none of the odd ones is an answer.
pub(super) fn odd_input(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let begun = ran("begin_enrol", guarded(|| factor.begin_enrol(&world.alice(now), &[])))?;
    let mut device = driver.device();
    deliver(&mut *device, &begun);
    let form = device.enrol(&begun.view, now);
    let challenge = world.put(factor, &mut enrolled, now)?;
    let answer = enrolled.device.answer(&challenge.view, now);
    for odd in oddities() {
        let short: String = odd.chars().take(12).collect();
        for name in form.names() {
            let outcome =
                guarded(|| factor.finish_enrol(&world.alice(now), &begun.state, &form.with(name, &odd)));
            ensure(!panicked(&outcome), || format!("{name}={short:?} panics in an enrolment"))?;
        }
        for name in answer.names() {
            let input = answer.with(name, &odd);
            let outcome =
                guarded(|| factor.verify(&world.alice(now), &enrolled.own, &challenge.state, &input));
            ensure(!panicked(&outcome), || format!("{name}={short:?} panics"))?;
            ensure(outcome.is_err(), || format!("{name}={short:?} is an answer"))?;
        }
    }
    for seconds in [i64::MIN, -1, 0, 1, i64::MAX] {
        let cx = world.alice(Timestamp::from_seconds(seconds));
        let outcome = guarded(|| factor.verify(&cx, &enrolled.own, &challenge.state, &answer));
        ensure(!panicked(&outcome), || format!("the time {seconds} panics"))?;
        let outcome = guarded(|| factor.finish_enrol(&cx, &begun.state, &form));
        ensure(!panicked(&outcome), || format!("the time {seconds} panics in an enrolment"))?;
    }
    Ok(())
}

/// Rows that were damaged are refused, and say so in the log rather than by a panic.
pub(super) fn broken_rows(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let challenge = world.put(factor, &mut enrolled, now)?;
    let answer = enrolled.device.answer(&challenge.view, now);
    for text in ["", "null", "{}", "[]", "{\"hash\":7}", "{\"hash\":\"*\"}", "\u{0}"] {
        for secret in [None, Some(Sealed::from_bytes([])), Some(Sealed::from_bytes([1; 64]))] {
            let break_row = |one: Credential| {
                let counter = i64::MIN;
                Credential { public: Public(text.to_owned()), secret: secret.clone(), counter, ..one }
            };
            let broken: Vec<Credential> = enrolled.own.iter().cloned().map(break_row).collect();
            let outcome = guarded(|| factor.verify(&world.alice(now), &broken, &challenge.state, &answer));
            ensure(!panicked(&outcome), || format!("a row with {text:?} panics"))?;
            ensure(outcome.is_err(), || format!("a row with {text:?} answers"))?;
            let begun = guarded(|| factor.begin_enrol(&world.alice(now), &broken));
            ensure(begun.is_ok(), || format!("a row with {text:?} prevents an enrolment"))?;
        }
    }
    Ok(())
}
