//! What evidence is worth: from authentication events to `acr`, `amr` and `auth_time`.
//!
//! Assurance is computed whenever it is needed and never stored. Every event has its own expiry, so assurance can
//! fall without anything happening, and only a new event, the answer to a challenge, can raise it.

use crate::{credential::FactorKind, ids::CredentialId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeSet, str::FromStr};

/// An authentication context class; of all, the weakest first.
///
/// `phr` and `phrh` are the classes of OpenID Connect Extended Authentication Profile ACR Values 1.0; the other two
/// have no registered name, so the product's own URNs are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Acr {
    /// One factor.
    #[serde(rename = "1fa")]
    OneFactor,
    /// Two distinct factors.
    Mfa,
    /// Two distinct factors, at least one of them resistant to phishing.
    Phr,
    /// As `phr`, with the key in hardware.
    Phrh,
}

impl Acr {
    /// All classes, weakest first.
    pub const ALL: [Self; 4] = [Self::OneFactor, Self::Mfa, Self::Phr, Self::Phrh];

    /// The `acr` value that names this class when the relying party has no alias for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneFactor => "urn:vestibule:acr:1fa",
            Self::Mfa => "urn:vestibule:acr:mfa",
            Self::Phr => "phr",
            Self::Phrh => "phrh",
        }
    }

    /// The short name used in settings.
    pub const fn short(self) -> &'static str {
        match self {
            Self::OneFactor => "1fa",
            Self::Mfa => "mfa",
            Self::Phr => "phr",
            Self::Phrh => "phrh",
        }
    }
}

/// The text is neither an `acr` value of this product nor the short name of one.
#[derive(Debug, thiserror::Error)]
#[error("unknown authentication context class; expected 1fa, mfa, phr or phrh")]
pub struct UnknownAcr;

impl FromStr for Acr {
    type Err = UnknownAcr;
    fn from_str(text: &str) -> Result<Self, UnknownAcr> {
        Self::ALL.into_iter().find(|acr| acr.as_str() == text || acr.short() == text).ok_or(UnknownAcr)
    }
}

/// The category of a factor (NIST SP 800-63-4 §2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Something you know.
    Knowledge,
    /// Something you have.
    Possession,
    /// Something you are.
    Inherence,
}

/// The properties of one authentication, as far as they decide what it is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The category of the factor.
    pub category: Category,
    /// Its Authentication Method Reference values (RFC 8176 §2).
    pub amr: Vec<Cow<'static, str>>,
    /// Bound to the verifier's name (NIST SP 800-63B-4 §3.2.5).
    pub phishing_resistant: bool,
    /// The authenticator itself verified the user, which is a second factor within one.
    pub user_verified: bool,
    /// The key cannot leave hardware.
    pub hardware: bool,
    /// What it may be used for.
    #[serde(alias = "worth")]
    pub counts: Counts,
}

/// What an answer may be used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// A factor: opens the second factor and counts in `acr`.
    #[default]
    #[serde(alias = "factor")]
    TowardAcr,
    /// Opens the second factor and makes its owner somebody who has one, but counts for nothing in `acr`: a code that
    /// was mailed (NIST SP 800-63B-4 §3.1.3: email is no out-of-band authenticator).
    #[serde(alias = "door-only")]
    PolicyOnly,
    /// A way back in, not a factor: opens the second factor and counts for nothing in `acr`. A user who has nothing
    /// else has no factor.
    #[serde(alias = "backup")]
    RecoveryOnly,
}

impl Evidence {
    /// A password checked against its hash: `pwd`.
    pub fn password() -> Self {
        Self {
            category: Category::Knowledge,
            amr: vec![Cow::Borrowed("pwd")],
            phishing_resistant: false,
            user_verified: false,
            hardware: false,
            counts: Counts::TowardAcr,
        }
    }

    /// A remembered browser, or a postponed enrolment: nothing was proved.
    pub fn nothing() -> Self {
        Self {
            category: Category::Possession,
            amr: Vec::new(),
            counts: Counts::PolicyOnly,
            ..Self::password()
        }
    }

    /// Whether it is a way back in and not a factor.
    pub fn is_recovery(&self) -> bool {
        self.counts == Counts::RecoveryOnly
    }
}

/// As what an event was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// Says who the user is: a password.
    #[serde(alias = "first")]
    FirstFactor,
    /// Proves it once more.
    #[serde(alias = "second")]
    SecondFactor,
    /// A factor was enrolled in this session's user center. The session is not asked for the factor that it has
    /// just set up, but nothing was proved: such an event counts for no `acr`, `amr` or `auth_time`.
    #[serde(alias = "bound")]
    Enrolment,
    /// The browser was remembered after an earlier second factor. It replaces the question where the tenant lets it;
    /// nothing was proved, so it counts for no `acr`, `amr` or `auth_time`, and never where a recent proof is asked.
    #[serde(alias = "remembered")]
    RememberedBrowser,
    /// An enrolment was postponed in this session, and that was counted. Nothing was proved: it says that the session need
    /// not be asked to enrol again, and counts for nothing else.
    Postponed,
}

impl EventKind {
    /// Whether the user proved something.
    pub const fn proves(self) -> bool {
        matches!(self, Self::FirstFactor | Self::SecondFactor)
    }
}

/// One proof that the user gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthEvent {
    /// What kind of factor answered; `password` for the first factor.
    pub factor: FactorKind,
    /// Which enrolled credential answered, when there are several.
    pub credential: Option<CredentialId>,
    /// As what it was given.
    #[serde(alias = "door")]
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// When the proof has aged out.
    pub expires_at: Timestamp,
    /// What it is worth.
    pub evidence: Evidence,
}

impl AuthEvent {
    /// Whether the proof still counts at `now`, and was given at `since` or later.
    pub fn is_live(&self, since: Timestamp, now: Timestamp) -> bool {
        self.at >= since && now < self.expires_at
    }
}

/// What a set of events is worth at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assurance {
    /// The class reached (OIDC Core §2, `acr`).
    pub acr: Acr,
    /// Methods used, sorted, with `mfa` where it is true (RFC 8176 §2).
    pub amr: Vec<String>,
    /// The latest proof (OIDC Core §2, `auth_time`).
    pub auth_time: Timestamp,
}

/// Computes assurance from the events that are live at `now` and not older than `since`.
///
/// `None` when nothing is left: there is no class below one factor.
pub fn assess(events: &[AuthEvent], since: Timestamp, now: Timestamp) -> Option<Assurance> {
    let proves = |event: &&AuthEvent| event.kind.proves() && event.is_live(since, now);
    let live: Vec<&AuthEvent> = events.iter().filter(proves).collect();
    let auth_time = live.iter().map(|event| event.at).max()?;
    let acr = class_of(live.iter().map(|event| &event.evidence));
    let mut amr: BTreeSet<String> =
        live.iter().flat_map(|event| event.evidence.amr.iter().map(|value| value.to_string())).collect();
    if acr >= Acr::Mfa {
        amr.insert("mfa".to_owned());
    }
    Some(Assurance { acr, amr: amr.into_iter().collect(), auth_time })
}

/// The class that a set of evidence reaches. Only evidence that is worth a factor adds to it.
pub fn class_of<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Acr {
    let counted: Vec<&Evidence> = evidence.filter(|one| one.counts == Counts::TowardAcr).collect();
    let categories: BTreeSet<Category> = counted.iter().map(|one| one.category).collect();
    let multi = categories.len() >= 2 || counted.iter().any(|one| one.user_verified);
    let resistant = counted.iter().any(|one| one.phishing_resistant);
    let hardware = counted.iter().any(|one| one.phishing_resistant && one.hardware);
    match (multi, resistant, hardware) {
        (true, true, true) => Acr::Phrh,
        (true, true, false) => Acr::Phr,
        (true, false, _) => Acr::Mfa,
        (false, _, _) => Acr::OneFactor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(category: Category, amr: &'static str) -> Evidence {
        Evidence { category, amr: vec![Cow::Borrowed(amr)], ..Evidence::password() }
    }

    fn event(evidence: Evidence, at: i64) -> AuthEvent {
        AuthEvent {
            factor: FactorKind::PASSWORD,
            credential: None,
            kind: EventKind::FirstFactor,
            at: Timestamp::from_seconds(at),
            expires_at: Timestamp::from_seconds(at + 100),
            evidence,
        }
    }

    #[test]
    fn ladder_is_ordered_and_names_round_trip() {
        assert!(Acr::OneFactor < Acr::Mfa && Acr::Mfa < Acr::Phr && Acr::Phr < Acr::Phrh);
        for acr in Acr::ALL {
            assert_eq!(acr.as_str().parse::<Acr>().unwrap(), acr);
            assert_eq!(acr.short().parse::<Acr>().unwrap(), acr);
        }
        assert!("2".parse::<Acr>().is_err());
    }

    #[test]
    fn truth_table_over_all_pairs_of_evidence() {
        // Every combination of two pieces of evidence, judged by the sentence of the design and not by the code.
        let bools = [false, true];
        let mut all = Vec::new();
        for category in [Category::Knowledge, Category::Possession, Category::Inherence] {
            for phishing_resistant in bools {
                for user_verified in bools {
                    for hardware in bools {
                        for counts in [Counts::TowardAcr, Counts::PolicyOnly, Counts::RecoveryOnly] {
                            let amr = vec![Cow::Borrowed("x")];
                            all.push(Evidence {
                                category,
                                amr,
                                phishing_resistant,
                                user_verified,
                                hardware,
                                counts,
                            });
                        }
                    }
                }
            }
        }
        for a in &all {
            for b in &all {
                let strong: Vec<&Evidence> =
                    [a, b].into_iter().filter(|e| e.counts == Counts::TowardAcr).collect();
                let two =
                    strong.len() == 2 && a.category != b.category || strong.iter().any(|e| e.user_verified);
                let expected = if !two {
                    Acr::OneFactor
                } else if strong.iter().any(|e| e.phishing_resistant && e.hardware) {
                    Acr::Phrh
                } else if strong.iter().any(|e| e.phishing_resistant) {
                    Acr::Phr
                } else {
                    Acr::Mfa
                };
                assert_eq!(class_of([a, b].into_iter()), expected, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn same_category_twice_is_one_factor() {
        let twice = [piece(Category::Possession, "otp"), piece(Category::Possession, "otp")];
        assert_eq!(class_of(twice.iter()), Acr::OneFactor);
    }

    #[test]
    fn assurance_falls_when_an_event_ages_out_and_never_rises_by_itself() {
        let events = [event(Evidence::password(), 0), event(piece(Category::Possession, "otp"), 50)];
        let at = |now| assess(&events, Timestamp::EPOCH, Timestamp::from_seconds(now));
        assert_eq!(at(60).unwrap().acr, Acr::Mfa);
        assert_eq!(at(60).unwrap().amr, ["mfa", "otp", "pwd"]);
        assert_eq!(at(60).unwrap().auth_time, Timestamp::from_seconds(50));
        assert_eq!(at(120).unwrap().acr, Acr::OneFactor);
        assert_eq!(at(120).unwrap().amr, ["otp"]);
        assert_eq!(at(150), None);
    }

    #[test]
    fn enrolling_a_factor_raises_nothing() {
        let bound = AuthEvent { kind: EventKind::Enrolment, ..event(piece(Category::Possession, "otp"), 50) };
        let events = [event(Evidence::password(), 0), bound];
        let assurance = assess(&events, Timestamp::EPOCH, Timestamp::from_seconds(60)).unwrap();
        assert_eq!((assurance.acr, assurance.auth_time), (Acr::OneFactor, Timestamp::EPOCH));
        assert_eq!(assurance.amr, ["pwd"]);
    }

    #[test]
    fn evidence_older_than_the_cutoff_does_not_count() {
        let events = [event(Evidence::password(), 0), event(piece(Category::Possession, "otp"), 50)];
        let fresh = assess(&events, Timestamp::from_seconds(50), Timestamp::from_seconds(60)).unwrap();
        assert_eq!((fresh.acr, fresh.amr), (Acr::OneFactor, vec!["otp".to_owned()]));
    }
}
