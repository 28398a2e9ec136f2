//! What a factor must keep to if it can be the first factor.

use super::{
    ContractDriver, Violation, deliver, ensure,
    hostile::tampered,
    ordinary::no_more_than,
    world::{NOW, World, apply, panicked, ran},
};
use crate::{Ceremony, CeremonyState, FactorError, Passwordless, SecondFactor, guarded};
use vestibule_domain::Credential;

/// Longer than any challenge may stay open where everybody can ask for one.
const LONG: i64 = 3_600;

/// It lets in once, the user who answered, and nobody else, elsewhere or later.
pub(super) fn passwordless(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let Some(passwordless) = factor.passwordless() else { return Ok(()) };
    opens(factor, passwordless, driver)?;
    strangers(factor, passwordless, driver)?;
    states(factor, passwordless, driver)
}

fn begin(world: &World, passwordless: &dyn Passwordless) -> Result<Ceremony, Violation> {
    ran("begin at the first factor", guarded(|| passwordless.begin(&world.sign_in(&world.home, NOW))))
}

fn opens(
    factor: &dyn SecondFactor,
    passwordless: &dyn Passwordless,
    driver: &dyn ContractDriver,
) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let ceremony = begin(&world, passwordless)?;
    deliver(&mut *enrolled.device, &ceremony);
    let input = enrolled.device.answer(&ceremony.view, NOW);
    let claimed = guarded(|| passwordless.claimed(&world.sign_in(&world.home, NOW), &input));
    ensure(ran("claimed", claimed)? == world.alice, || "it claims to be somebody else".to_owned())?;
    let cx = world.alice(NOW);
    let opened = guarded(|| passwordless.open(&cx, &enrolled.own, &ceremony.state, &input));
    let verified = ran("open", opened)?;
    let evidence = &verified.evidence;
    let told = no_more_than(evidence, &factor.traits().evidence);
    ensure(told, || "at the first factor an answer is worth more than the traits say".to_owned())?;
    apply(&mut enrolled.own, &verified)?;
    let again = guarded(|| passwordless.open(&cx, &enrolled.own, &ceremony.state, &input));
    ensure(again.is_err(), || "the first factor opens twice with one answer".to_owned())?;
    let fresh = begin(&world, passwordless)?;
    let again = guarded(|| passwordless.open(&cx, &enrolled.own, &fresh.state, &input));
    ensure(again.is_err(), || "the first factor opens with an old answer".to_owned())
}

fn strangers(
    factor: &dyn SecondFactor,
    passwordless: &dyn Passwordless,
    driver: &dyn ContractDriver,
) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let ceremony = begin(&world, passwordless)?;
    deliver(&mut *enrolled.device, &ceremony);
    let input = enrolled.device.answer(&ceremony.view, NOW);
    let moved: Vec<Credential> =
        enrolled.own.iter().cloned().map(|one| Credential { user: world.mallory, ..one }).collect();
    let none: &[Credential] = &[];
    let cases = [
        ("for another user", world.cx(&world.home, world.mallory, NOW), enrolled.own.as_slice()),
        ("with a copied credential", world.cx(&world.home, world.mallory, NOW), moved.as_slice()),
        ("in another pool", world.cx(&world.away, world.alice, NOW), enrolled.own.as_slice()),
        ("without a credential", world.alice(NOW), none),
        ("long after", world.alice(NOW + LONG), enrolled.own.as_slice()),
    ];
    for (what, cx, own) in cases {
        let outcome = guarded(|| passwordless.open(&cx, own, &ceremony.state, &input));
        ensure(outcome.is_err(), || format!("the first factor opens {what}"))?;
        ensure(!panicked(&outcome), || format!("the first factor panics {what}"))?;
    }
    let wrong = enrolled.device.wrong(&ceremony.view, NOW);
    for input in [wrong, crate::FactorInput::default()] {
        let outcome =
            guarded(|| passwordless.open(&world.alice(NOW), &enrolled.own, &ceremony.state, &input));
        ensure(outcome.err() == Some(FactorError::Wrong), || {
            "a wrong answer at the first factor is not simply wrong".to_owned()
        })?;
    }
    let nobody =
        guarded(|| passwordless.claimed(&world.sign_in(&world.home, NOW), &crate::FactorInput::default()));
    ensure(nobody == Err(FactorError::Wrong), || "nobody claims to be somebody".to_owned())
}

fn states(
    factor: &dyn SecondFactor,
    passwordless: &dyn Passwordless,
    driver: &dyn ContractDriver,
) -> Result<(), Violation> {
    let world = World::new()?;
    let mut enrolled = world.enrol(factor, driver)?;
    let (cx, own) = (world.alice(NOW), enrolled.own.clone());
    let ceremony = begin(&world, passwordless)?;
    deliver(&mut *enrolled.device, &ceremony);
    let input = enrolled.device.answer(&ceremony.view, NOW);
    let refused = |state: &CeremonyState, what: &str| {
        let outcome = guarded(|| passwordless.open(&cx, &own, state, &input));
        ensure(outcome.err() == Some(FactorError::StateInvalid), || format!("{what} opens the first factor"))
    };
    tampered(&ceremony.state).iter().try_for_each(|state| refused(state, "a changed state"))?;
    let second = world.put(factor, &mut enrolled, NOW)?;
    refused(&second.state, "the second factor's state")?;
    let enrolment = ran("begin_enrol", guarded(|| factor.begin_enrol(&cx, &own)))?;
    refused(&enrolment.state, "an enrolment's state")?;
    let outcome = guarded(|| factor.verify(&cx, &own, &ceremony.state, &input));
    ensure(outcome.err() == Some(FactorError::StateInvalid), || {
        "the first factor's state opens the second".to_owned()
    })
}
