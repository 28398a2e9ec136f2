//! What every factor has to keep, whatever it is: run by `tests/contract.rs` over the built-in registry, and by
//! anybody who writes one more.
//!
//! A [`Device`] plays the user with what the user holds. Nothing here knows a kind.

mod aftermath;
mod hostile;
mod ordinary;
mod passwordless;
mod world;

use crate::{Ceremony, FactorInput, FactorView, OutboundMessage, SecondFactor};
use vestibule_domain::Timestamp;

/// What a user holds: an app with a secret, a sheet of codes, a key.
pub trait Device {
    /// Fills in the form of an enrolment with right values.
    fn enrol(&mut self, shown: &FactorView, now: Timestamp) -> FactorInput;

    /// Keeps what is shown once at the end of an enrolment.
    fn keep(&mut self, revealed: &FactorView);

    /// Gets a message that was sent for a challenge, before it is asked to answer that challenge.
    fn receive(&mut self, _message: &OutboundMessage) {}

    /// The right answer to a challenge: one that was not given before.
    fn answer(&mut self, shown: &FactorView, now: Timestamp) -> FactorInput;

    /// A well-formed answer that is wrong.
    fn wrong(&mut self, shown: &FactorView, now: Timestamp) -> FactorInput;

    /// What somebody answers who holds nothing and tries their `luck`, a random number. A factor whose answers can be
    /// guessed at all has to say how.
    fn guess(&mut self, shown: &FactorView, now: Timestamp, _luck: u64) -> FactorInput {
        self.wrong(shown, now)
    }
}

/// The messages of a challenge reach the user.
fn deliver(device: &mut dyn Device, ceremony: &Ceremony) {
    ceremony.outbox.iter().for_each(|message| device.receive(message));
}

/// Knows how users get along with one factor.
pub trait ContractDriver {
    /// An empty device.
    fn device(&self) -> Box<dyn Device>;

    /// Seconds until the same device can give another right answer.
    fn pause(&self) -> i64;
}

/// What a factor does that it must not, or fails to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(pub String);

/// Runs the whole contract.
///
/// # Errors
/// The first [`Violation`].
pub fn check(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    ordinary::description(factor)?;
    ordinary::life(factor, driver)?;
    ordinary::labels(factor, driver)?;
    hostile::wrong_answers(factor, driver)?;
    hostile::somebody_elses(factor, driver)?;
    hostile::states(factor, driver)?;
    hostile::odd_input(factor, driver)?;
    hostile::broken_rows(factor, driver)?;
    aftermath::availability(factor)?;
    aftermath::guesses(factor, driver)?;
    aftermath::memory(factor, driver)?;
    aftermath::garbage(factor, driver)?;
    passwordless::passwordless(factor, driver)
}

/// Fails with `what` unless `holds`.
fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation(what())) }
}
