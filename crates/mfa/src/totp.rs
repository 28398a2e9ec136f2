//! Time-based one-time passwords (RFC 6238): an authenticator app.
//!
//! SHA-1, six digits, thirty seconds: the one combination that every app implements. Of the steps around the server's
//! time one before and one after are accepted (§5.2), and each step once: the last accepted one is the credential's
//! counter, which only rises. What follows a wrong code whose phone has the wrong time is in `drift`.

mod code;
mod drift;
mod settings;
mod uri;

#[cfg(test)]
mod tests;

use crate::{
    FactorSettings as _, digits,
    factor::{FactorCx, FactorError, SecondFactor, mine},
    label,
    types::{
        Aftermath, Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView,
        NewCredential, Replaces, Verified,
    },
};
use code::{Generator, SECRET_LEN};
use serde_json::{Value, json};
pub use settings::{AuthenticatorApp, TotpSettings};
use std::borrow::Cow;
use vestibule_domain::{
    Category, Counts, Credential, CredentialId, Evidence, FactorKind, Fault, credential::Public,
};
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
        counts: Counts::TowardAcr,
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
    beside: &[Credential],
    looks: &TotpSettings,
) -> Result<FactorView, FactorError> {
    let url = uri::otpauth(secret, names)?;
    // The QR code and the link hold it in any case; what is not to be seen is not in the page to be copied, either.
    let text = if looks.show_secret { uri::base32(secret) } else { String::new() };
    let groups: Vec<String> =
        text.chars().collect::<Vec<_>>().chunks(4).map(|four| four.iter().collect()).collect();
    let data = json!({
        "qr_svg": uri::qr_svg(&url)?,
        "secret_groups": groups,
        "secret": text,
        "otpauth_url": url,
        "account": names.account,
        "issuer": names.issuer,
        "taken_labels": label::taken(beside),
        "digits": code::DIGITS,
        "period": code::PERIOD,
        "show_secret": looks.show_secret,
        "open_secret": looks.open_secret,
        "authenticators": looks.authenticator,
    });
    Ok(FactorView { template: "factors/totp/enrol.html".to_owned(), data })
}

impl SecondFactor for Totp {
    fn kind(&self) -> FactorKind {
        Self::KIND
    }

    fn watched(&self) -> bool {
        false
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: evidence(),
            several: true,
            named: true,
            enrollable: true,
            automatic: false,
            low_water: None,
            use_mails: None,
            on_by_default: true,
            mailbox: false,
        }
    }

    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        TotpSettings::faults(settings)
    }

    fn settings_schema(&self) -> Option<Value> {
        Some(TotpSettings::schema())
    }

    fn sample_views(&self) -> Vec<FactorView> {
        let names = uri::Names { issuer: "Example", account: "alice@example.com" };
        let store = |name: &str| Some(format!("https://store.example/{name}"));
        let app = |name: &str, android, ios| AuthenticatorApp { name: name.to_owned(), android, ios };
        let named = TotpSettings {
            authenticator: vec![app("Both", store("a"), store("i")), app("One", None, store("i"))],
            ..TotpSettings::default()
        };
        let hidden = TotpSettings { show_secret: false, ..TotpSettings::default() };
        let open = TotpSettings { open_secret: true, ..TotpSettings::default() };
        let enrol = [named, hidden, open, TotpSettings::default()]
            .map(|looks| enrol_view(b"12345678901234567890", names, &[], &looks));
        enrol.into_iter().flatten().chain([verify_view()]).collect()
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let secret = Zeroizing::new(vestibule_seal::bytes::<SECRET_LEN>(cx.entropy));
        // The name is free again where the old one goes.
        let beside = if cx.pool.settings.enrolment.replace { &[] } else { own };
        let suggestion = suggest(beside);
        let user = cx.subject.user.to_string();
        let account = if cx.subject.account.trim().is_empty() { &user } else { cx.subject.account };
        let names = uri::Names { issuer: &cx.pool.name, account };
        let looks = TotpSettings::of(&cx.pool.settings, &Self::KIND)?;
        let view = enrol_view(&secret, names, beside, &looks)?;
        let state = Pending { secret, seen: Vec::new(), suggestion }.seal(cx);
        Ok(Ceremony { state, view, outbox: Vec::new() })
    }

    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        let Pending { secret, suggestion, .. } = Pending::open(cx, state)?;
        let label = label::read(input.get("label"), &suggestion)?;
        let typed = digits::read(input.get("code"), code::DIGITS).ok_or(FactorError::Wrong)?;
        // The code that proves the app works is burned like any other: it cannot be used to sign in, too.
        let step =
            Generator::new(&secret).matching_step(&typed, cx.now, i64::MIN).ok_or(FactorError::Wrong)?;
        let credential = NewCredential {
            label: label.clone(),
            public: Public::default(),
            secret: Some(cx.keys.seal(cx.entropy, &secret_ad(cx), secret.as_slice())),
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
        drift::open(cx, state)?;
        let mine = mine(cx, &Self::KIND, own)?;
        let typed = digits::read(input.get("code"), code::DIGITS).ok_or(FactorError::Wrong)?;
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

    fn secrets(&self, own: &[Credential]) -> u32 {
        u32::try_from(own.iter().filter(|one| one.kind == Self::KIND).count()).unwrap_or(u32::MAX)
    }

    /// Whether the phone's clock is off, when it is set up, too: see `drift`. Codes inside the window, used ones therefore, say nothing.
    fn after_wrong(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Aftermath {
        let typed = digits::read(input.get("code"), code::DIGITS);
        if let (Some(typed), Ok(pending)) = (&typed, Pending::open(cx, state)) {
            return pending.after_wrong(cx, typed);
        }
        let (Some(typed), Ok(mine), Ok(before)) = (typed, mine(cx, &Self::KIND, own), drift::open(cx, state))
        else {
            return Aftermath::default();
        };
        let mut seen = Vec::new();
        for credential in mine {
            if let Ok(secret) = open_secret(cx, credential) {
                seen.extend(drift::look(cx, credential.id, &Generator::new(&secret), &typed));
            }
        }
        let hint = drift::agreed(&before, &seen).map(drift::hint);
        Aftermath { state: Some(drift::seal(cx, &[before, seen].concat())), hint }
    }
}

/// An authenticator app that is being set up.
struct Pending {
    secret: Zeroizing<[u8; SECRET_LEN]>,
    /// What wrong codes said of the phone's clock.
    seen: Vec<drift::Sighting>,
    suggestion: String,
}

impl Pending {
    fn seal(&self, cx: &FactorCx<'_>) -> CeremonyState {
        let seen = drift::write(&self.seen);
        let plain = Zeroizing::new([self.secret.as_slice(), &seen, self.suggestion.as_bytes()].concat());
        CeremonyState(cx.keys.seal(cx.entropy, &enrolment_ad(cx), &plain).into_bytes())
    }

    fn open(cx: &FactorCx<'_>, state: &CeremonyState) -> Result<Self, FactorError> {
        let sealed = Sealed::from_bytes(state.0.clone());
        let plain = cx.keys.open(&enrolment_ad(cx), &sealed).map_err(|_| FactorError::StateInvalid)?;
        let parts = || {
            let (secret, rest) = plain.split_first_chunk::<SECRET_LEN>()?;
            let (seen, suggestion) = rest.split_at_checked(drift::MEMORY)?;
            Some((secret, seen, std::str::from_utf8(suggestion).ok()?))
        };
        let (secret, seen, suggestion) = parts().ok_or(FactorError::StateInvalid)?;
        let (secret, seen) = (Zeroizing::new(*secret), drift::read_all(seen)?);
        Ok(Self { secret, seen, suggestion: suggestion.to_owned() })
    }

    /// The same guard as at a sign-in: the drift is told by two codes, never by one.
    fn after_wrong(mut self, cx: &FactorCx<'_>, typed: &str) -> Aftermath {
        // There is no credential yet, and only one that could become one.
        let none = CredentialId::from_uuid(uuid::Uuid::nil());
        let seen = drift::look(cx, none, &Generator::new(&self.secret), typed);
        let hint = drift::agreed(&self.seen, &seen).map(drift::hint);
        self.seen.extend(seen);
        Aftermath { state: Some(self.seal(cx)), hint }
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
