//! A code by mail: six digits, ten minutes, five tries.
//!
//! It opens the second factor and is worth nothing in `acr`: somebody who can read the mail can also reset the password
//! with it (NIST SP 800-63B-4 §3.1.3). Off unless a pool's rules name it, and no factor at all while no mail can be
//! sent.
//!
//! There is one credential a user, and its public data is the address that was proved when it was enrolled. When the account
//! gets another address, by a mailed code or from somebody who knows that it is the user's, the credential moves to it in the
//! same transaction; to an address that nobody proved nothing is written. Enrolling *is* answering a mailed
//! code, the very thing that a sign-in asks for, so the enrolment counts as such an answer: it has evidence, of the
//! same little worth.
//!
//! Codes count once and in order: every challenge has a higher serial than the last one that was answered, and the
//! credential's counter takes it over with the answer, so what was mailed before is dead.

mod code;

#[cfg(test)]
mod tests;

use crate::{
    digits,
    factor::{FactorCx, FactorError, SecondFactor, mine},
    types::{
        Aftermath, Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView,
        NewCredential, OutboundMessage, Replaces, Verified,
    },
};
use code::{Challenge, DIGITS, MINUTES, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::borrow::Cow;
use vestibule_domain::{
    Category, Counts, Credential, CredentialId, Email, Evidence, FactorKind, credential::Public,
};

/// Prefix of the mail's translation keys.
const MAIL: &str = "factor-email-mail";

/// The mailed code.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailCode;

impl EmailCode {
    /// Its kind.
    pub const KIND: FactorKind = FactorKind::new("email");
}

/// The public data of the credential.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Where codes are mailed to.
    address: String,
}

fn public(address: &Email) -> Result<Public, serde_json::Error> {
    serde_json::to_string(&Stored { address: address.as_str().to_owned() }).map(Public)
}

fn evidence() -> Evidence {
    Evidence {
        category: Category::Possession,
        amr: vec![Cow::Borrowed("otp"), Cow::Borrowed("email")],
        phishing_resistant: false,
        user_verified: false,
        hardware: false,
        counts: Counts::PolicyOnly,
    }
}

/// Enough of an address for its owner to recognise it: `a•••@e•••.com`. The same number of dots whatever they hide.
fn masked(address: &Email) -> String {
    let (local, domain) = address.as_str().rsplit_once('@').unwrap_or_default();
    let (host, end) = domain.rsplit_once('.').unwrap_or_default();
    let first = |text: &str| text.chars().take(1).collect::<String>();
    format!("{}•••@{}•••.{end}", first(local), first(host))
}

fn view(template: &str, address: &Email) -> FactorView {
    let data = json!({ "address": masked(address), "digits": DIGITS, "minutes": MINUTES });
    FactorView { template: format!("factors/email/{template}.html"), data }
}

/// A challenge with its mail.
fn ceremony(cx: &FactorCx<'_>, purpose: Purpose, template: &str, challenge: &Challenge) -> Ceremony {
    let message = OutboundMessage {
        template: MAIL.to_owned(),
        data: json!({ "code": challenge.text(), "minutes": MINUTES }),
        to: challenge.address.clone(),
    };
    let (state, view) = (challenge.seal(cx, purpose), view(template, &challenge.address));
    Ceremony { state, view, outbox: vec![message] }
}

/// A credential and its address.
fn enrolled(credential: &Credential) -> Result<(&Credential, Email), FactorError> {
    let broken =
        || FactorError::Internal(format!("the address of credential {} cannot be read", credential.id));
    let stored: Stored = serde_json::from_str(&credential.public.0).map_err(|_| broken())?;
    Ok((credential, Email::parse(&stored.address).map_err(|_| broken())?))
}

impl SecondFactor for EmailCode {
    fn kind(&self) -> FactorKind {
        Self::KIND
    }

    fn watched(&self) -> bool {
        false
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: evidence(),
            several: false,
            named: false,
            enrollable: true,
            automatic: false,
            low_water: None,
            use_mails: None,
            on_by_default: false,
            mailbox: true,
        }
    }

    fn available(&self, cx: &FactorCx<'_>) -> bool {
        cx.can_mail && cx.subject.email.is_some()
    }

    fn moved(&self, own: &[Credential], address: &Email) -> Vec<(CredentialId, Public)> {
        let mine = own.iter().filter(|one| one.kind == Self::KIND);
        mine.filter_map(|one| Some((one.id, public(address).ok()?))).collect()
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let address = Email::parse("ada@example.com");
        address.iter().flat_map(|address| ["enrol", "verify"].map(|name| view(name, address))).collect()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let address =
            cx.subject.email.ok_or_else(|| FactorError::Internal("the user has no address".to_owned()))?;
        let used =
            mine(cx, &Self::KIND, own).map_or(0, |mine| mine.iter().map(|one| one.counter).fold(0, i64::max));
        let challenge = Challenge::new(cx, serial(cx, used), address.clone());
        Ok(ceremony(cx, Purpose::Enrol, "enrol", &challenge))
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        let challenge = Challenge::open(cx, Purpose::Enrol, state)?;
        // The account may have got another address since the mail went out.
        let still = cx.subject.email.is_some_and(|address| address.key() == challenge.address.key());
        if !still {
            return Err(FactorError::StateInvalid);
        }
        let typed = digits::read(input.get("code"), DIGITS).ok_or(FactorError::Wrong)?;
        if !challenge.fits(&typed, cx.now) {
            return Err(FactorError::Wrong);
        }
        let public = public(&challenge.address).map_err(|error| FactorError::Internal(error.to_string()))?;
        let credential =
            NewCredential { label: String::new(), public, secret: None, counter: challenge.serial };
        Ok(Enrolment {
            credentials: vec![credential],
            replaces: Replaces::AllOfKind,
            evidence: Some(evidence()),
            reveal: None,
            label: String::new(),
        })
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let mine = mine(cx, &Self::KIND, own)?;
        let (credential, address) =
            mine.into_iter().next().ok_or(FactorError::NotEnrolled).and_then(enrolled)?;
        let challenge = Challenge::new(cx, serial(cx, credential.counter), address);
        Ok(ceremony(cx, Purpose::Verify, "verify", &challenge))
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let mine = mine(cx, &Self::KIND, own)?;
        let challenge = Challenge::open(cx, Purpose::Verify, state)?;
        let typed = digits::read(input.get("code"), DIGITS).ok_or(FactorError::Wrong)?;
        let (credential, address) =
            mine.into_iter().next().ok_or(FactorError::NotEnrolled).and_then(enrolled)?;
        // Neither a code that another one has overtaken, nor one that went to an address given up since.
        let current = challenge.serial > credential.counter && address.key() == challenge.address.key();
        if !(challenge.fits(&typed, cx.now) && current) {
            return Err(FactorError::Wrong);
        }
        let effect = Effect::RaiseCounter { to: challenge.serial };
        Ok(Verified { credential: credential.id, effect, evidence: evidence() })
    }

    /// Counts the wrong answers to this challenge, to an enrolment's as well; says nothing, so there is nothing to learn.
    fn after_wrong(
        &self,
        cx: &FactorCx<'_>,
        _own: &[Credential],
        state: &CeremonyState,
        _input: &FactorInput,
    ) -> Aftermath {
        let counted = [Purpose::Verify, Purpose::Enrol].into_iter().find_map(|purpose| {
            let challenge = Challenge::open(cx, purpose, state).ok()?;
            challenge.missed().map(|challenge| challenge.seal(cx, purpose))
        });
        Aftermath { state: counted, hint: None }
    }
}

/// A serial above `used`: the time, unless a clock was turned back or two challenges share a second.
fn serial(cx: &FactorCx<'_>, used: i64) -> i64 {
    cx.now.as_seconds().max(used.saturating_add(1))
}
