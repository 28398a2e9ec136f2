//! Phones whose clock is off: seen, told, never accepted.
//!
//! A wrong code may be the right one of another moment. To say so after one code would tell a guesser who hit such a
//! code that it is one, and it might be valid soon. So the first such code is only remembered, in the challenge and
//! sealed; the drift is told when a second code, of another step, is off by as much. Somebody who guesses meets that
//! once in billions of challenges, and somebody who merely types an old code again never.
//!
//! The sealed memory has the same length whatever it holds, and is written after every wrong code.

use super::{
    Totp,
    code::{Generator, PERIOD},
};
use crate::{
    factor::{FactorCx, FactorError},
    types::{CeremonyState, Hint},
};
use std::collections::BTreeMap;
use vestibule_domain::CredentialId;
use vestibule_seal::{AssociatedData, Sealed};

/// Steps of a quarter of an hour: so far beyond the accepted window is looked.
const REACH: i64 = 15 * 60 / PERIOD;
/// Steps to either side that are accepted, and so say nothing about a clock.
const WINDOW: i64 = 1;
/// How many sightings are remembered, the latest ones. A code is one of another moment by chance once in some
/// seventeen thousand times, so real ones are never pushed out.
const KEPT: usize = 8;
/// Bytes of one sighting: credential, step, offset.
const LEN: usize = 32;
/// Bytes of all that is remembered.
pub(super) const MEMORY: usize = KEPT * LEN;

/// A code that was the right one of another moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sighting {
    credential: [u8; 16],
    step: i64,
    /// Steps from the server's time to the code's.
    offset: i64,
}

fn bound(cx: &FactorCx<'_>) -> AssociatedData {
    AssociatedData::new("totp-drift").with(cx.pool.id.as_bytes()).with(cx.subject.user.as_bytes())
}

/// What a challenge remembers. None has anything to remember when it begins.
pub(super) fn open(cx: &FactorCx<'_>, state: &CeremonyState) -> Result<Vec<Sighting>, FactorError> {
    if *state == CeremonyState::default() {
        return Ok(Vec::new());
    }
    let sealed = Sealed::from_bytes(state.0.clone());
    let plain = cx.keys.open(&bound(cx), &sealed).map_err(|_| FactorError::StateInvalid)?;
    read_all(&plain)
}

/// Reads what [`write`] wrote.
pub(super) fn read_all(plain: &[u8]) -> Result<Vec<Sighting>, FactorError> {
    plain.chunks(LEN).filter(|row| row.iter().any(|byte| *byte != 0)).map(read).collect()
}

fn read(row: &[u8]) -> Result<Sighting, FactorError> {
    let parts = || {
        let (credential, rest) = row.split_first_chunk::<16>()?;
        let (step, rest) = rest.split_first_chunk::<8>()?;
        let offset = rest.try_into().ok()?;
        Some((*credential, i64::from_be_bytes(*step), i64::from_be_bytes(offset)))
    };
    let (credential, step, offset) = parts().ok_or(FactorError::StateInvalid)?;
    Ok(Sighting { credential, step, offset })
}

/// Seals the latest sightings.
pub(super) fn seal(cx: &FactorCx<'_>, sightings: &[Sighting]) -> CeremonyState {
    CeremonyState(cx.keys.seal(cx.entropy, &bound(cx), &write(sightings)).into_bytes())
}

/// The latest sightings in [`MEMORY`] bytes.
pub(super) fn write(sightings: &[Sighting]) -> Vec<u8> {
    let first = sightings.len().saturating_sub(KEPT);
    let mut plain = Vec::with_capacity(MEMORY);
    for one in sightings.iter().skip(first) {
        plain.extend_from_slice(&one.credential);
        plain.extend_from_slice(&one.step.to_be_bytes());
        plain.extend_from_slice(&one.offset.to_be_bytes());
    }
    plain.resize(MEMORY, 0);
    plain
}

/// Every moment beyond the accepted window of which `typed` is a code.
pub(super) fn look(
    cx: &FactorCx<'_>,
    credential: CredentialId,
    generator: &Generator,
    typed: &str,
) -> Vec<Sighting> {
    let now = cx.now.as_seconds().div_euclid(PERIOD);
    let far = WINDOW + REACH;
    // All of them are compared, so that the time does not tell which one it is.
    let offsets = (-far..=far).filter(|offset| offset.abs() > WINDOW);
    let seen = offsets.filter_map(|offset| {
        let step = now.checked_add(offset)?;
        generator.has(step, typed).then_some((step, offset))
    });
    seen.map(|(step, offset)| Sighting { credential: key(credential), step, offset }).collect()
}

fn key(id: CredentialId) -> [u8; 16] {
    *id.as_uuid().as_bytes()
}

/// What two codes of one device say together, in seconds: of different steps, and off by as much, give or take a step.
pub(super) fn agreed(before: &[Sighting], now: &[Sighting]) -> Option<i64> {
    let pairs = now.iter().flat_map(|new| before.iter().map(move |old| (old, new)));
    let mut alike = pairs.filter(|(old, new)| {
        old.credential == new.credential && old.step != new.step && (old.offset - new.offset).abs() <= 1
    });
    alike.next().map(|(old, new)| (old.offset + new.offset) * PERIOD / 2)
}

/// How it is told: `drift` seconds ahead, or behind when negative.
pub(super) fn hint(drift: i64) -> Hint {
    let way = if drift > 0 { "ahead" } else { "behind" };
    let minutes = ((drift.abs() + 30) / 60).max(1);
    Hint {
        key: format!("factor-{}-drift-{way}", Totp::KIND),
        args: BTreeMap::from([("minutes".to_owned(), minutes)]),
        drift: Some(drift),
    }
}
