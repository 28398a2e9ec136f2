//! What a factor may say and remember when an answer was wrong, and when it may say that it is not there.

use super::{
    ContractDriver, Violation, ensure,
    hostile::{oddities, tampered},
    world::{NOW, World, apply, panicked, ran},
};
use crate::{Aftermath, CeremonyState, FactorCx, FactorError, FactorInput, SecondFactor, Subject, guarded};
use std::sync::atomic::{AtomicBool, Ordering};
use vestibule_domain::{Credential, Entropy, Timestamp};

/// The most that a challenge may remember, in bytes: it is kept for every sign-in under way.
const MOST: usize = 2048;
/// Guesses at one challenge: many more than any caller lets through.
const GUESSES: u64 = 60;

/// Randomness that remembers having been asked.
#[derive(Default)]
struct Watched(AtomicBool);

impl Entropy for Watched {
    fn fill(&self, buf: &mut [u8]) {
        self.0.store(true, Ordering::Relaxed);
        buf.fill(7);
    }
}

/// Whether a factor is there depends on what it is shown and on nothing else.
pub(super) fn availability(factor: &dyn SecondFactor) -> Result<(), Violation> {
    let world = World::new()?;
    let watched = Watched::default();
    let whole = FactorCx { entropy: &watched, ..world.alice(NOW) };
    let there = |cx: &FactorCx<'_>| ran("available", guarded(|| Ok(factor.available(cx))));
    ensure(there(&whole)?, || "it is not available where nothing is missing".to_owned())?;
    let nobody = Subject { account: "", email: None, locale: Some("!"), ..whole.subject };
    for can_mail in [true, false] {
        for subject in [whole.subject, nobody] {
            for now in [NOW, Timestamp::from_seconds(i64::MIN), Timestamp::from_seconds(i64::MAX)] {
                let cx = FactorCx { can_mail, subject, now, ..whole };
                let first = there(&cx)?;
                ensure((0..3).all(|_| there(&cx) == Ok(first)), || "its availability changes".to_owned())?;
            }
        }
    }
    let asked = watched.0.load(Ordering::Relaxed);
    ensure(!asked, || "its availability is left to chance".to_owned())
}

fn aftermath(
    factor: &dyn SecondFactor,
    cx: &FactorCx<'_>,
    own: &[Credential],
    state: &CeremonyState,
    input: &FactorInput,
) -> Result<Aftermath, Violation> {
    let outcome = guarded(|| Ok(factor.after_wrong(cx, own, state, input)));
    ensure(!panicked(&outcome), || "after_wrong panics".to_owned())?;
    ran("after_wrong", outcome)
}

/// Guesses learn nothing, wrong answers stay wrong, and the challenge does not grow.
pub(super) fn guesses(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let ceremony = world.put(factor, &mut enrolled, now)?;
    let mut state = ceremony.state.clone();
    for number in 0..GUESSES {
        // Any odd constant spreads the numbers over their range.
        let luck = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let input = enrolled.device.guess(&ceremony.view, now, luck);
        let now = now + i64::try_from(number).unwrap_or_default();
        let cx = world.alice(now);
        let judged = guarded(|| factor.verify(&cx, &enrolled.own, &state, &input));
        if judged.is_ok() {
            // Right by luck, so nothing follows.
            continue;
        }
        ensure(judged.err() == Some(FactorError::Wrong), || "a guess is not simply wrong".to_owned())?;
        let after = aftermath(factor, &cx, &enrolled.own, &state, &input)?;
        ensure(after.hint.is_none(), || format!("a guess is told something: {:?}", after.hint))?;
        let next = after.state.unwrap_or_else(|| state.clone());
        ensure(next.0.len() <= MOST, || format!("a challenge grows to {} bytes", next.0.len()))?;
        let again = guarded(|| factor.verify(&cx, &enrolled.own, &next, &input));
        ensure(again.err() == Some(FactorError::Wrong), || {
            "a wrong answer does not stay wrong, or its own state is refused".to_owned()
        })?;
        state = next;
    }
    Ok(())
}

/// What is remembered belongs to the challenge: the challenge can still be answered, and nobody else can use or change what is remembered.
pub(super) fn memory(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let ceremony = world.put(factor, &mut enrolled, now)?;
    let cx = world.alice(now);
    let wrong = enrolled.device.wrong(&ceremony.view, now);
    let after = aftermath(factor, &cx, &enrolled.own, &ceremony.state, &wrong)?;
    let state = after.state.unwrap_or_else(|| ceremony.state.clone());
    let answer = enrolled.device.answer(&ceremony.view, now);
    if state != ceremony.state {
        for changed in tampered(&state).into_iter().filter(|one| *one != ceremony.state) {
            let outcome = guarded(|| factor.verify(&cx, &enrolled.own, &changed, &answer));
            // Cut down to nothing it may be the state of a challenge that remembers nothing.
            let fresh = changed == CeremonyState::default();
            ensure(fresh || outcome.err() == Some(FactorError::StateInvalid), || {
                "a changed memory is taken".to_owned()
            })?;
        }
        let strangers = [world.cx(&world.home, world.mallory, now), world.cx(&world.away, world.alice, now)];
        for stranger in strangers {
            let outcome = guarded(|| factor.verify(&stranger, &enrolled.own, &state, &answer));
            ensure(outcome.is_err(), || "a stranger's memory is taken".to_owned())?;
            let theirs = aftermath(factor, &stranger, &enrolled.own, &state, &wrong)?;
            ensure(theirs == Aftermath::default(), || "a stranger's memory is read".to_owned())?;
        }
    }
    let right = guarded(|| factor.verify(&cx, &enrolled.own, &state, &answer));
    let verified = ran("verify after one wrong answer", right)?;
    apply(&mut enrolled.own, &verified)?;
    let again = guarded(|| factor.verify(&cx, &enrolled.own, &state, &answer));
    ensure(again.is_err(), || "after a wrong answer the right one is accepted twice".to_owned())
}

/// Nothing that can arrive makes it panic, and a state that is not the factor's own is left alone.
pub(super) fn garbage(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let now = NOW + driver.pause();
    let ceremony = world.put(factor, &mut enrolled, now)?;
    let wrong = enrolled.device.wrong(&ceremony.view, now);
    let cx = world.alice(now);
    for state in tampered(&ceremony.state) {
        let after = aftermath(factor, &cx, &enrolled.own, &state, &wrong)?;
        ensure(after == Aftermath::default(), || "a state that is not its own is used".to_owned())?;
    }
    for odd in oddities() {
        for name in wrong.names() {
            aftermath(factor, &cx, &enrolled.own, &ceremony.state, &wrong.with(name, &odd))?;
        }
    }
    let broken = |one: &Credential| Credential { secret: None, counter: i64::MIN, ..one.clone() };
    let broken: Vec<Credential> = enrolled.own.iter().map(broken).collect();
    for own in [&[], broken.as_slice()] {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            let cx = world.alice(Timestamp::from_seconds(seconds));
            aftermath(factor, &cx, own, &ceremony.state, &wrong)?;
        }
    }
    Ok(())
}
