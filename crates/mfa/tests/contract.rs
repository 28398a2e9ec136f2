//! Every factor of the built-in registry under the contract, and the contract under factors that break it.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use std::collections::BTreeMap;
use totp_rs::{Builder, Secret};
use vestibule_domain::{Counts, Credential, FactorKind, Timestamp};
use vestibule_mfa::{
    Aftermath, Ceremony, CeremonyState, Effect, EmailCode, Enrolment, FactorCx, FactorError, FactorInput,
    FactorTraits, FactorView, Hint, OutboundMessage, Passwordless, PasswordlessCx, RecoveryCodes, Registry,
    SecondFactor, Totp, Verified, WebAuthn,
    contract::{ContractDriver, Device, check},
    soft_authenticator::SoftAuthenticator,
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
    fn guess(&mut self, _: &FactorView, _: Timestamp, luck: u64) -> FactorInput {
        six_digits(luck)
    }
}

/// What somebody types who has no idea.
fn six_digits(luck: u64) -> FactorInput {
    form(&[("code", &format!("{:06}", (luck >> 20) % 1_000_000))])
}

/// Somebody's mail.
#[derive(Default)]
struct Mailbox {
    code: Option<String>,
}

impl Device for Mailbox {
    fn receive(&mut self, message: &OutboundMessage) {
        assert_eq!(message.to.as_str(), "alice@example.com");
        self.code = Some(message.data["code"].as_str().unwrap().to_owned());
    }
    fn enrol(&mut self, shown: &FactorView, now: Timestamp) -> FactorInput {
        self.answer(shown, now)
    }
    fn keep(&mut self, _: &FactorView) {
        panic!("a mailbox has nothing to reveal");
    }
    fn answer(&mut self, _: &FactorView, _: Timestamp) -> FactorInput {
        form(&[("code", self.code.as_ref().unwrap())])
    }
    fn wrong(&mut self, _: &FactorView, _: Timestamp) -> FactorInput {
        form(&[("code", if self.code.as_deref() == Some("000000") { "111111" } else { "000000" })])
    }
    fn guess(&mut self, _: &FactorView, _: Timestamp, luck: u64) -> FactorInput {
        six_digits(luck)
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

/// An authenticator and its browser.
struct Key(SoftAuthenticator);

impl Key {
    fn origin(options: &str) -> String {
        let options: serde_json::Value = serde_json::from_str(options).unwrap();
        let rp_id = options["rp"]["id"].as_str().or(options["rpId"].as_str());
        format!("https://{}", rp_id.unwrap())
    }
    fn get(&mut self, shown: &FactorView) -> FactorInput {
        let options = shown.data["options"].as_str().unwrap();
        form(&[("credential", &self.0.get(options, &Self::origin(options)))])
    }
}

impl Device for Key {
    fn enrol(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        let options = shown.data["options"].as_str().unwrap();
        form(&[("credential", &self.0.create(options, &Self::origin(options))), ("label", "")])
    }
    fn keep(&mut self, _: &FactorView) {
        panic!("an authenticator has nothing to reveal");
    }
    fn answer(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        self.get(shown)
    }
    fn wrong(&mut self, shown: &FactorView, _: Timestamp) -> FactorInput {
        self.0.manners.origin = Some("https://home.example.com.evil.example".to_owned());
        let wrong = self.get(shown);
        self.0.manners.origin = None;
        wrong
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
const KEY: Driver = Driver { pause: 0, device: || Box::new(Key(SoftAuthenticator::counting())) };
const MAIL: Driver = Driver { pause: 0, device: || Box::<Mailbox>::default() };
const SHEET: Driver = Driver { pause: 0, device: || Box::<Sheet>::default() };

#[test]
fn the_whole_registry_keeps_the_contract() {
    let drivers = BTreeMap::from([
        (WebAuthn::PASSKEY, KEY),
        (WebAuthn::SECURITY_KEY, KEY),
        (Totp::KIND, APP),
        (EmailCode::KIND, MAIL),
        (RecoveryCodes::KIND, SHEET),
    ]);
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
    StrongPolicyOnly,
    ComesAndGoes,
    LeavesItToChance,
    TalksToGuessers,
    Hoards,
    ForgivesTheNext,
    ForgetsItsOwnState,
    ReadsAnyMemory,
    PanicsAfterwards,
    NoSamples,
    HidesFields,
    KeepsControlCharacters,
    NamesForeignCredential,
}

/// An authenticator app with a fault.
struct Faulty(Fault, std::sync::atomic::AtomicU8);

impl Faulty {
    fn new(fault: Fault) -> Self {
        Self(fault, std::sync::atomic::AtomicU8::new(0))
    }
}

impl SecondFactor for Faulty {
    fn kind(&self) -> FactorKind {
        Totp.kind()
    }
    fn traits(&self) -> FactorTraits {
        let mut traits = Totp.traits();
        if self.0 == Fault::StrongBackup {
            traits.evidence.counts = Counts::RecoveryOnly;
            traits.evidence.phishing_resistant = true;
        }
        if self.0 == Fault::StrongPolicyOnly {
            traits.evidence.counts = Counts::PolicyOnly;
            traits.evidence.hardware = true;
        }
        traits
    }
    fn available(&self, cx: &FactorCx<'_>) -> bool {
        match self.0 {
            Fault::ComesAndGoes => {
                !self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed).is_multiple_of(3)
            }
            Fault::LeavesItToChance => vestibule_seal::bytes::<1>(cx.entropy) != [0],
            _ => true,
        }
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
            Fault::Hoards | Fault::ForgivesTheNext if state.0.first() == Some(&9) => {
                if self.0 == Fault::ForgivesTheNext {
                    let (credential, evidence) = (own[0].id, self.traits().evidence);
                    return Ok(Verified {
                        credential,
                        effect: Effect::RaiseCounter { to: i64::MAX },
                        evidence,
                    });
                }
                state = CeremonyState::default();
            }
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
    fn after_wrong(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Aftermath {
        let after = Totp.after_wrong(cx, own, state, input);
        let remember = |state: Vec<u8>| Aftermath { state: Some(CeremonyState(state)), hint: None };
        match self.0 {
            Fault::TalksToGuessers => {
                let hint = Hint { key: "cold".to_owned(), args: BTreeMap::new(), drift: None };
                Aftermath { hint: Some(hint), ..after }
            }
            Fault::Hoards => remember([vec![9; 100], state.0.clone()].concat()),
            Fault::ForgivesTheNext => remember(vec![9]),
            Fault::ForgetsItsOwnState => remember(vec![8; 40]),
            Fault::ReadsAnyMemory => Aftermath { state: Some(state.clone()), hint: None },
            Fault::PanicsAfterwards if input.get("code").is_some_and(|code| !code.is_ascii()) => {
                panic!("not ASCII")
            }
            _ => after,
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
        (Fault::StrongBackup, "what is worth no factor claims"),
        (Fault::StrongPolicyOnly, "what is worth no factor claims"),
        (Fault::ComesAndGoes, "availab"),
        (Fault::LeavesItToChance, "left to chance"),
        (Fault::TalksToGuessers, "told something"),
        (Fault::Hoards, "grows"),
        (Fault::ForgivesTheNext, "does not stay wrong"),
        (Fault::ForgetsItsOwnState, "its own state is refused"),
        (Fault::ReadsAnyMemory, "not its own is used"),
        (Fault::PanicsAfterwards, "after_wrong panics"),
        (Fault::NoSamples, "no sample"),
        (Fault::HidesFields, "surprise"),
        (Fault::KeepsControlCharacters, "the name"),
        (Fault::NamesForeignCredential, "not the user's"),
    ];
    for (fault, expected) in faults {
        let violation = check(&Faulty::new(fault), &APP).expect_err(&format!("{fault:?} goes unnoticed"));
        assert!(violation.0.contains(expected), "{fault:?}: {violation}");
    }
}

/// The ways in which a first factor is made to break the contract.
#[derive(Clone, Copy, Debug, PartialEq)]
enum PasswordlessFault {
    OpensTwice,
    OpensLate,
    TrustsOwners,
    ClaimsAnybody,
    AsksNoState,
    Overstates,
}

/// A passkey with a fault at the first factor.
struct FaultyPasswordless {
    key: WebAuthn,
    fault: PasswordlessFault,
    /// The last state that was made here.
    last: std::sync::Mutex<CeremonyState>,
}

impl SecondFactor for FaultyPasswordless {
    fn kind(&self) -> FactorKind {
        self.key.kind()
    }
    fn traits(&self) -> FactorTraits {
        self.key.traits()
    }
    fn passwordless(&self) -> Option<&dyn Passwordless> {
        Some(self)
    }
    fn sample_views(&self) -> Vec<FactorView> {
        self.key.sample_views()
    }
    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        self.key.begin_enrol(cx, own)
    }
    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        self.key.finish_enrol(cx, state, input)
    }
    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        self.key.begin_verify(cx, own)
    }
    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        self.key.verify(cx, own, state, input)
    }
}

impl Passwordless for FaultyPasswordless {
    fn begin(&self, cx: &PasswordlessCx<'_>) -> Result<Ceremony, FactorError> {
        let ceremony = self.key.passwordless().unwrap().begin(cx)?;
        *self.last.lock().unwrap() = ceremony.state.clone();
        Ok(ceremony)
    }
    fn claimed(
        &self,
        cx: &PasswordlessCx<'_>,
        input: &FactorInput,
    ) -> Result<vestibule_domain::UserId, FactorError> {
        let claimed = self.key.passwordless().unwrap().claimed(cx, input);
        let anybody = vestibule_domain::UserId::from_uuid(uuid::Uuid::nil());
        if self.fault == PasswordlessFault::ClaimsAnybody { Ok(claimed.unwrap_or(anybody)) } else { claimed }
    }
    fn open(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let (mut cx, mut own, mut state) = (*cx, own.to_vec(), state.clone());
        match self.fault {
            PasswordlessFault::OpensTwice => own.iter_mut().for_each(|one| one.counter = 0),
            PasswordlessFault::OpensLate => cx.now = Timestamp::from_seconds(1_800_000_010),
            PasswordlessFault::TrustsOwners => {
                cx.subject.user = own.first().map_or(cx.subject.user, |one| one.user)
            }
            PasswordlessFault::AsksNoState => state = self.last.lock().unwrap().clone(),
            PasswordlessFault::ClaimsAnybody | PasswordlessFault::Overstates => {}
        }
        let mut verified = self.key.passwordless().unwrap().open(&cx, &own, &state, input)?;
        if self.fault == PasswordlessFault::Overstates {
            verified.evidence.counts = Counts::RecoveryOnly;
        }
        Ok(verified)
    }
}

#[test]
fn the_contract_notices_every_fault_of_a_first_door() {
    for (fault, expected) in [
        (PasswordlessFault::OpensTwice, "opens twice"),
        (PasswordlessFault::OpensLate, "long after"),
        (PasswordlessFault::TrustsOwners, "for another user"),
        (PasswordlessFault::ClaimsAnybody, "nobody claims"),
        (PasswordlessFault::AsksNoState, "a changed state"),
        (PasswordlessFault::Overstates, "worth more"),
    ] {
        let passwordless =
            FaultyPasswordless { key: WebAuthn::passkey(), fault, last: std::sync::Mutex::default() };
        let violation = check(&passwordless, &KEY).expect_err(&format!("{fault:?} goes unnoticed"));
        assert!(violation.0.contains(expected), "{fault:?}: {violation}");
    }
}
