//! Every factor of the built-in registry under the contract, and the contract under factors that break it.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeMap;
use totp_rs::{Builder, Secret};
use vestibule_domain::{Credential, FactorKind, Timestamp};
use vestibule_mfa::{
    Ceremony, CeremonyState, Effect, Enrolment, FactorCx, FactorError, FactorInput, FactorTraits, FactorView,
    RecoveryCodes, Registry, SecondFactor, Totp, Verified,
    contract::{ContractDriver, Device, check},
};

fn form(fields: &[(&str, &str)]) -> FactorInput {
    fields.iter().copied().collect()
}

/// An authenticator app, fed from the text a user would type into it.
#[derive(Default)]
struct App {
    secret: Option<String>,
}

impl App {
    fn code(&self, now: Timestamp) -> String {
        let secret = Secret::try_from_base32(self.secret.as_ref().unwrap()).unwrap();
        Builder::new().with_secret(secret).build().unwrap().generate(now.as_seconds() as u64).to_string()
    }
}

impl Device for App {
    fn enrol(&mut self, shown: &FactorView, now: Timestamp) -> FactorInput {
        self.secret = Some(shown.data["secret"].as_str().unwrap().to_owned());
        form(&[("code", &self.code(now)), ("label", "")])
    }
    fn keep(&mut self, _: &FactorView) {
        panic!("an authenticator app has nothing to reveal");
    }
    fn answer(&mut self, _: &FactorView, now: Timestamp) -> FactorInput {
        form(&[("code", &self.code(now))])
    }
    fn wrong(&mut self, _: &FactorView, now: Timestamp) -> FactorInput {
        let right: Vec<String> = [-30, 0, 30].iter().map(|shift| self.code(now + *shift)).collect();
        let wrong = ["000000", "111111", "222222", "333333"]
            .into_iter()
            .find(|code| !right.iter().any(|r| r == code));
        form(&[("code", wrong.unwrap())])
    }
}

/// A sheet of paper.
#[derive(Default)]
struct Sheet {
    codes: Vec<String>,
}

impl Device for Sheet {
    fn enrol(&mut self, _: &FactorView, _: Timestamp) -> FactorInput {
        FactorInput::default()
    }
    fn keep(&mut self, revealed: &FactorView) {
        self.codes = revealed.data["codes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c.as_str().unwrap().to_owned())
            .collect();
    }
    fn answer(&mut self, _: &FactorView, _: Timestamp) -> FactorInput {
        form(&[("code", &self.codes.remove(0))])
    }
    fn wrong(&mut self, _: &FactorView, _: Timestamp) -> FactorInput {
        form(&[("code", "0000-0000-0000-0000-0000-0000")])
    }
}

struct Driver {
    pause: i64,
    device: fn() -> Box<dyn Device>,
}

impl ContractDriver for Driver {
    fn device(&self) -> Box<dyn Device> {
        (self.device)()
    }
    fn pause(&self) -> i64 {
        self.pause
    }
}

const APP: Driver = Driver { pause: 30, device: || Box::<App>::default() };
const SHEET: Driver = Driver { pause: 0, device: || Box::<Sheet>::default() };

#[test]
fn the_whole_registry_keeps_the_contract() {
    let drivers = BTreeMap::from([(Totp::KIND, APP), (RecoveryCodes::KIND, SHEET)]);
    let registry = Registry::builtin();
    for factor in registry.iter() {
        let kind = factor.kind();
        let driver = drivers.get(&kind).unwrap_or_else(|| panic!("write a device for {kind}"));
        check(factor, driver).unwrap_or_else(|violation| panic!("{kind}: {violation}"));
    }
    assert_eq!(registry.iter().count(), drivers.len(), "a device without a factor");
}

/// The ways in which a factor is made to break the contract.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    ForgetsTheCounter,
    TrustsOwners,
    IgnoresState,
    Panics,
    AcceptsAnything,
    Overstates,
    StrongBackup,
    NoSamples,
    HidesFields,
    KeepsControlCharacters,
    NamesForeignCredential,
}

/// An authenticator app with a fault.
struct Faulty(Fault);

impl SecondFactor for Faulty {
    fn kind(&self) -> FactorKind {
        Totp.kind()
    }
    fn traits(&self) -> FactorTraits {
        let mut traits = Totp.traits();
        if self.0 == Fault::StrongBackup {
            traits.evidence.backup = true;
            traits.evidence.phishing_resistant = true;
        }
        traits
    }
    fn sample_views(&self) -> Vec<FactorView> {
        if self.0 == Fault::NoSamples { Vec::new() } else { Totp.sample_views() }
    }
    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        let mut ceremony = Totp.begin_enrol(cx, own)?;
        if self.0 == Fault::HidesFields {
            ceremony.view.data["surprise"] = true.into();
        }
        Ok(ceremony)
    }
    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        s: &CeremonyState,
        i: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        if self.0 == Fault::KeepsControlCharacters {
            let code = i.get("code").unwrap_or_default().to_owned();
            let mut enrolment = Totp.finish_enrol(cx, s, &form(&[("code", &code)]))?;
            enrolment.label = i.get("label").unwrap_or_default().trim().to_owned();
            return Ok(enrolment);
        }
        Totp.finish_enrol(cx, s, i)
    }
    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        Totp.begin_verify(cx, own)
    }
    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let mut own = own.to_vec();
        let mut cx = *cx;
        let mut state = state.clone();
        match self.0 {
            Fault::ForgetsTheCounter => own.iter_mut().for_each(|one| one.counter = 0),
            Fault::TrustsOwners => cx.subject.user = own.first().map_or(cx.subject.user, |one| one.user),
            Fault::IgnoresState => state = CeremonyState::default(),
            Fault::Panics if input.get("code").is_some_and(|code| !code.is_ascii()) => panic!("not ASCII"),
            _ => {}
        }
        let outcome = Totp.verify(&cx, &own, &state, input);
        match (self.0, outcome) {
            (Fault::AcceptsAnything, Err(FactorError::Wrong)) => Ok(Verified {
                credential: own[0].id,
                effect: Effect::RaiseCounter { to: i64::MAX },
                evidence: self.traits().evidence,
            }),
            (Fault::Overstates, Ok(mut verified)) => {
                verified.evidence.hardware = true;
                Ok(verified)
            }
            (Fault::NamesForeignCredential, Ok(mut verified)) => {
                verified.credential = vestibule_domain::CredentialId::from_uuid(uuid::Uuid::nil());
                Ok(verified)
            }
            (_, outcome) => outcome,
        }
    }
}

#[test]
fn the_contract_notices_every_fault() {
    let faults = [
        (Fault::ForgetsTheCounter, "accepted twice"),
        (Fault::TrustsOwners, "another user's credential"),
        (Fault::IgnoresState, "changed state is verified"),
        (Fault::Panics, "panics"),
        (Fault::AcceptsAnything, "accepted twice"),
        (Fault::Overstates, "worth more"),
        (Fault::StrongBackup, "a backup claims"),
        (Fault::NoSamples, "no sample"),
        (Fault::HidesFields, "surprise"),
        (Fault::KeepsControlCharacters, "the name"),
        (Fault::NamesForeignCredential, "not the user's"),
    ];
    for (fault, expected) in faults {
        let violation = check(&Faulty(fault), &APP).expect_err(&format!("{fault:?} goes unnoticed"));
        assert!(violation.0.contains(expected), "{fault:?}: {violation}");
    }
}
