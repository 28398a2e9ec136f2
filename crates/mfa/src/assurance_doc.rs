//! `docs/assurance.md`, written from the code that decides: which proofs make which `acr` and `amr`.

use crate::registry::Registry;
use std::fmt::Write as _;
use vestibule_domain::{
    Acr, AuthEvent, Counts, Evidence, FactorKind, Timestamp,
    assurance::{EventKind, assess},
};

/// One thing a user may prove in a sign-in.
struct Piece {
    name: String,
    kind: FactorKind,
    evidence: Evidence,
    first: bool,
}

/// Every set of proofs that can open a first factor: their names, and what they come to.
#[must_use]
pub fn truth_table(registry: &Registry) -> Vec<(Vec<String>, Acr, Vec<String>)> {
    let pieces = pieces(registry);
    let sets = (1_u32..1 << pieces.len()).filter_map(|set| {
        let chosen: Vec<&Piece> = pieces
            .iter()
            .enumerate()
            .filter(|(index, _)| set & (1 << index) != 0)
            .map(|(_, one)| one)
            .collect();
        let once = |kind: &FactorKind| chosen.iter().filter(|one| one.kind == *kind).count() == 1;
        let possible = chosen.iter().any(|one| one.first) && chosen.iter().all(|one| once(&one.kind));
        possible.then(|| row(&chosen))
    });
    let mut rows: Vec<_> = sets.collect();
    rows.sort_by_key(|(names, acr, _)| (*acr, names.len()));
    rows
}

fn pieces(registry: &Registry) -> Vec<Piece> {
    let password = Piece {
        name: "password".to_owned(),
        kind: FactorKind::PASSWORD,
        evidence: Evidence::password(),
        first: true,
    };
    let mut pieces = vec![password];
    for factor in registry.iter() {
        let (kind, best) = (factor.kind(), factor.traits().evidence);
        let first = factor.passwordless().is_some();
        let named = |name: String, evidence: Evidence| Piece { name, kind: kind.clone(), evidence, first };
        if best.hardware {
            let software =
                best.amr.iter().map(|value| if value == "hwk" { "swk".into() } else { value.clone() });
            let plain = Evidence { hardware: false, amr: software.collect(), ..best.clone() };
            pieces.push(named(kind.to_string(), plain));
            pieces.push(named(format!("{kind} (attested hardware)"), best));
        } else {
            pieces.push(named(kind.to_string(), best));
        }
    }
    pieces
}

fn row(chosen: &[&Piece]) -> (Vec<String>, Acr, Vec<String>) {
    let now = Timestamp::from_seconds(1);
    let event = |piece: &&Piece| AuthEvent {
        factor: piece.kind.clone(),
        credential: None,
        kind: if piece.first { EventKind::FirstFactor } else { EventKind::SecondFactor },
        at: now,
        expires_at: now + 1,
        evidence: piece.evidence.clone(),
    };
    let events: Vec<AuthEvent> = chosen.iter().map(event).collect();
    let names = chosen.iter().map(|piece| piece.name.clone()).collect();
    match assess(&events, Timestamp::EPOCH, now) {
        Some(assurance) => (names, assurance.acr, assurance.amr),
        None => (names, Acr::OneFactor, Vec::new()),
    }
}

/// The document.
#[must_use]
pub fn assurance_document(registry: &Registry) -> String {
    let mut text = String::from(HEAD);
    let _ = writeln!(text, "|Class | `acr` | Short name in settings | Reached by|\n|---|---|---|---|");
    for acr in Acr::ALL {
        let _ = writeln!(text, "|{} | `{}` | `{}` | {}|", name(acr), acr.as_str(), acr.short(), meaning(acr));
    }
    text.push_str(PROOFS);
    let _ = writeln!(
        text,
        "|Factor | Category | `amr` | Counts in `acr` | Phishing-resistant | Verifies the user | On by default|\n|---|---|---|---|---|---|---|"
    );
    let yes = |is: bool| if is { "yes" } else { "no" };
    for factor in registry.iter() {
        let (traits, kind) = (factor.traits(), factor.kind());
        let evidence = traits.evidence;
        let counts = match evidence.counts {
            Counts::TowardAcr => "yes",
            Counts::PolicyOnly => "no, opens the second factor only",
            Counts::RecoveryOnly => "no, a way back in",
        };
        let _ = writeln!(
            text,
            "|{kind} | {:?} | {} | {counts} | {} | {} | {}|",
            evidence.category,
            evidence.amr.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" "),
            yes(evidence.phishing_resistant),
            yes(evidence.user_verified),
            yes(traits.on_by_default),
        );
    }
    text.push_str(TABLE);
    let _ = writeln!(text, "|Proved in the session | Class | `amr`|\n|---|---|---|");
    for (names, acr, amr) in truth_table(registry) {
        let amr = amr.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "|{} | {} | {amr}|", names.join(" + "), name(acr));
    }
    text
}

fn name(acr: Acr) -> &'static str {
    match acr {
        Acr::OneFactor => "one factor",
        Acr::Mfa => "multi-factor",
        Acr::Phr => "phishing-resistant",
        Acr::Phrh => "phishing-resistant, hardware-protected",
    }
}

fn meaning(acr: Acr) -> &'static str {
    match acr {
        Acr::OneFactor => "any first factor",
        Acr::Mfa => "two factors of distinct categories, or one that verifies its user by itself",
        Acr::Phr => "the same, one of them bound to the name of the site",
        Acr::Phrh => "the same, its key attested to live in hardware and never to leave it",
    }
}

const HEAD: &str = "# Assurance: what `acr` and `amr` say

Written from the code by `cargo xtask generate`; do not edit.

A session holds the proofs that its user gave, each with its own expiry. `acr`, `amr` and `auth_time` are computed from
the proofs that are live when they are asked for; nothing is stored, so assurance falls when a proof ages out and rises
only when a challenge is answered. Owning or enrolling a factor proves nothing, nor does a remembered browser. An
application may give the classes its own names (`acr_aliases`, such as `2` for `mfa`).

## The ladder

";

const PROOFS: &str = "
## The proofs

A password (`pwd`, knowledge) opens the first factor; so does a factor that verifies its user and says who it is. Two
proofs of one category are one factor. `amr` names the methods (RFC 8176) and gains `mfa` where the class is at least
multi-factor; `email` and `rec` are names of our own for a mailed code and a recovery code.

";

const TABLE: &str = "
## Every combination

";
