//! Time-based one-time passwords (RFC 6238): an authenticator app.
//!
//! SHA-1, six digits, thirty seconds: the one combination that every app implements. Of the steps around the server's
//! time one before and one after are accepted (§5.2), and each step once: the last accepted one is the credential's
//! counter, which only rises.

mod code;
mod uri;

#[cfg(test)]
mod tests;

use crate::{
    factor::{FactorCx, FactorError, SecondFactor, mine},
    label,
    types::{
        Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView, NewCredential,
        Replaces, Verified,
    },
};
use code::{Generator, SECRET_LEN};
use serde_json::json;
use std::borrow::Cow;
use vestibule_domain::{Category, Credential, Evidence, FactorKind, credential::Public};
use vestibule_seal::{AssociatedData, Sealed};
use zeroize::Zeroizing;

/// The name proposed for a user's first authenticator app.
const SUGGESTION: &str = "Authenticator app";

/// The authenticator app.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totp;

impl Totp {
    /// Its kind.
    pub const KIND: FactorKind = FactorKind::new("totp");
}

fn evidence() -> Evidence {
    Evidence {
        category: Category::Possession,
        amr: vec![Cow::Borrowed("otp")],
        phishing_resistant: false,
        user_verified: false,
        hardware: false,
        backup: false,
    }
}

/// What a stored secret is bound to.
fn secret_ad(cx: &FactorCx<'_>) -> AssociatedData {
    crate::secret_ad(cx.pool.id, cx.subject.user, &Totp::KIND)
}

/// What a ceremony's state is bound to: never the same as a stored secret, so neither can stand in for the other.
fn enrolment_ad(cx: &FactorCx<'_>) -> AssociatedData {
    AssociatedData::new("totp-enrolment").with(cx.pool.id.as_bytes()).with(cx.subject.user.as_bytes())
}

/// The first of "Authenticator app", "Authenticator app 2", … that the user has not given yet.
fn suggest(own: &[Credential]) -> String {
    let taken = |name: &String| own.iter().any(|one| one.label == *name);
    let numbered = (2..).map(|number| format!("{SUGGESTION} {number}"));
    std::iter::once(SUGGESTION.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

fn verify_view() -> FactorView {
    FactorView { template: "factors/totp/verify.html".to_owned(), data: json!({ "digits": code::DIGITS }) }
}

fn enrol_view(
    secret: &[u8; SECRET_LEN],
    names: uri::Names<'_>,
    suggestion: &str,
) -> Result<FactorView, FactorError> {
    let url = uri::otpauth(secret, names)?;
    let text = uri::base32(secret);
    let groups: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(4).map(|four| four.iter().collect()).collect();
    let data = json!({
        "qr_svg": uri::qr_svg(&url)?,
        "secret_groups": groups,
        "secret": text,
        "otpauth_url": url,
        "account": names.account,
        "issuer": names.issuer,
        "label_suggestion": suggestion,
        "digits": code::DIGITS,
        "period": code::PERIOD,
    });
    Ok(FactorView { template: "factors/totp/enrol.html".to_owned(), data })
}

impl SecondFactor for Totp {
    fn kind(&self) -> FactorKind {
        Self::KIND
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: evidence(),
            several: true,
            named: true,
            enrollable: true,
            automatic: false,
            low_water: None,
        }
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let names = uri::Names { issuer: "Example", account: "alice@example.com" };
        let enrol = enrol_view(b"12345678901234567890", names, SUGGESTION);
        enrol.into_iter().chain([verify_view()]).collect()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let secret = Zeroizing::new(vestibule_seal::bytes::<SECRET_LEN>(cx.entropy));
        let suggestion = suggest(own);
        let user = cx.subject.user.to_string();
        let account = if cx.subject.account.trim().is_empty() { &user } else { cx.subject.account };
        let view = enrol_view(&secret, uri::Names { issuer: &cx.pool.name, account }, &suggestion)?;
        let plain = Zeroizing::new([secret.as_slice(), suggestion.as_bytes()].concat());
        let state = cx.keys.seal(cx.entropy, &enrolment_ad(cx), &plain);
        Ok(Ceremony { state: CeremonyState(state.into_bytes()), view, outbox: Vec::new() })
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        let sealed = Sealed::from_bytes(state.0.clone());
        let plain = cx.keys.open(&enrolment_ad(cx), &sealed).map_err(|_| FactorError::StateInvalid)?;
        let (secret, suggestion) =
            plain.split_first_chunk::<SECRET_LEN>().ok_or(FactorError::StateInvalid)?;
        let suggestion = std::str::from_utf8(suggestion).map_err(|_| FactorError::StateInvalid)?;
        let label = label::read(input.get("label"), suggestion)?;
        let typed = code::read(input.get("code")).ok_or(FactorError::Wrong)?;
        // The code that proves the app works is burned like any other: it cannot be used to sign in, too.
        let step =
            Generator::new(secret).matching_step(&typed, cx.now, i64::MIN).ok_or(FactorError::Wrong)?;
        let credential = NewCredential {
            label: label.clone(),
            public: Public::default(),
            secret: Some(cx.keys.seal(cx.entropy, &secret_ad(cx), secret)),
            counter: step,
        };
        Ok(Enrolment {
            credentials: vec![credential],
            replaces: Replaces::Nothing,
            evidence: Some(evidence()),
            reveal: None,
            label,
        })
    }

    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        mine(cx, &Self::KIND, own)?;
        Ok(Ceremony { state: CeremonyState::default(), view: verify_view(), outbox: Vec::new() })
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        if *state != CeremonyState::default() {
            return Err(FactorError::StateInvalid);
        }
        let mine = mine(cx, &Self::KIND, own)?;
        let typed = code::read(input.get("code")).ok_or(FactorError::Wrong)?;
        let mut refusal = FactorError::Wrong;
        let mut accepted = None;
        // All of them are tried, so that the time does not tell which one answered.
        for credential in mine {
            match open_secret(cx, credential) {
                Ok(secret) => {
                    let step = Generator::new(&secret).matching_step(&typed, cx.now, credential.counter);
                    accepted = accepted.or(step.map(|to| (credential.id, to)));
                }
                Err(broken) => refusal = broken,
            }
        }
        let (credential, to) = accepted.ok_or(refusal)?;
        Ok(Verified { credential, effect: Effect::RaiseCounter { to }, evidence: evidence() })
    }
}

fn open_secret(
    cx: &FactorCx<'_>,
    credential: &Credential,
) -> Result<Zeroizing<[u8; SECRET_LEN]>, FactorError> {
    let broken =
        |why: &str| FactorError::Internal(format!("the secret of credential {}: {why}", credential.id));
    let sealed = credential.secret.as_ref().ok_or_else(|| broken("is missing"))?;
    let plain = cx.keys.open(&secret_ad(cx), sealed).map_err(|error| broken(&error.to_string()))?;
    let secret = plain.as_slice().try_into().map_err(|_| broken("does not have 20 bytes"))?;
    Ok(Zeroizing::new(secret))
}
