//! The people who sign in: each with an authenticator, each doing one thing at a time.
//!
//! A code is good once, so a person who has given two codes has to wait for the next thirty seconds like everybody
//! else. Nothing is switched off for the benchmark.

use anyhow::{Context as _, bail};
use aws_lc_rs::hmac;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use vestibule::SystemClock;
use vestibule_domain::Clock as _;

/// Seconds of one code.
const PERIOD: i64 = 30;
/// How long to wait for somebody with a code to spare.
const PATIENCE: u32 = 600;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// User name.
    pub(crate) name: String,
    /// The authenticator's secret.
    pub(crate) secret: Vec<u8>,
    /// The first step whose code was not given yet.
    pub(crate) next_step: i64,
    /// Tokens of sessions that a password opened.
    pub(crate) sessions: Vec<String>,
}

/// A queue of people: the one who was busy last comes last.
pub(crate) struct People(Mutex<VecDeque<Person>>);

impl People {
    pub(crate) fn new(people: Vec<Person>) -> Self {
        Self(Mutex::new(people.into()))
    }

    /// Somebody, with a code that the server accepts now.
    pub(crate) async fn take(&self) -> anyhow::Result<(Person, String)> {
        for _ in 0..PATIENCE {
            if let Some(found) = self.try_take()? {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("nobody has a code to spare")
    }

    fn try_take(&self) -> anyhow::Result<Option<(Person, String)>> {
        let step = SystemClock.now().as_seconds() / PERIOD;
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The one who was busy first is the one who waited longest.
        let Some(mut person) = queue.pop_front() else { return Ok(None) };
        let due = person.next_step.max(step);
        if due > step + 1 {
            queue.push_front(person);
            return Ok(None);
        }
        person.next_step = due + 1;
        let code = code(&person.secret, due)?;
        Ok(Some((person, code)))
    }

    /// Gives somebody back.
    pub(crate) fn give(&self, person: Person) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(person);
    }
}

/// The step of a time.
pub(crate) const fn step_of(seconds: i64) -> i64 {
    seconds / PERIOD
}

/// The six digits of a step (RFC 6238 with SHA-1).
pub(crate) fn code(secret: &[u8], step: i64) -> anyhow::Result<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().context("no tag")? & 15);
    let four: [u8; 4] = tag.get(offset..offset + 4).context("a short tag")?.try_into()?;
    Ok(format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of eight digits.
        for (time, digits) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code(b"12345678901234567890", step_of(time)).unwrap(), digits);
        }
    }

    #[tokio::test]
    async fn nobody_gives_a_code_twice() {
        let now = step_of(SystemClock.now().as_seconds());
        let one = Person { name: "a".into(), secret: vec![1; 20], next_step: now, sessions: Vec::new() };
        let people = People::new(vec![one]);
        let (person, first) = people.take().await.unwrap();
        assert!(people.try_take().unwrap().is_none(), "one person does one thing at a time");
        people.give(person);
        let (person, second) = people.take().await.unwrap();
        assert_ne!(first, second);
        people.give(Person { next_step: now + 5, ..person });
        assert!(people.try_take().unwrap().is_none(), "codes of the future are not accepted");
    }
}
