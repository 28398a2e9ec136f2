//! A factor of somebody else's that does whatever it is told, most of it wrong.

use serde_json::json;
use std::{
    borrow::Cow,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use vestibule_domain::{Category, Credential, CredentialId, Evidence, FactorKind};
use vestibule_mfa::{
    Aftermath, Ceremony, CeremonyState, Effect, Enrolment, FactorCx, FactorError, FactorInput, FactorTraits,
    FactorView, Registry, SecondFactor, Verified,
};
use vestibule_pages::Extension;
use vestibule_tests::Setup;

/// What it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mood {
    /// Takes the code 123456, rightly.
    Well,
    BeginPanics,
    BeginStalls,
    BeginFails,
    HugeState,
    HugeView,
    MissingTemplate,
    ViewOfAnother,
    VerifyPanics,
    VerifyStalls,
    VerifyFails,
    /// Answers with a credential that nobody has.
    ForeignCredential,
    /// Answers with the user's credential of another kind.
    OtherKind,
    /// Claims more than it is.
    Boasts,
    /// Does not say what makes the answer count once.
    StaleEffect,
    /// Replaces what is not there.
    WrongEffect,
    AfterWrongPanics,
    AfterWrongStalls,
    AfterWrongHuge,
    AvailablePanics,
}

/// The factor, its mood, and what lets go of the calls that stall.
#[derive(Clone)]
pub(crate) struct Moody {
    kind: &'static str,
    watched: bool,
    mood: Arc<Mutex<Mood>>,
    released: Arc<(Mutex<bool>, Condvar)>,
    stalled: Arc<AtomicUsize>,
}

/// The right code.
pub(crate) const CODE: &str = "123456";

impl Moody {
    pub(crate) fn new(kind: &'static str, watched: bool) -> Self {
        let released = Arc::new((Mutex::new(false), Condvar::new()));
        Self { kind, watched, mood: Arc::new(Mutex::new(Mood::Well)), released, stalled: Arc::default() }
    }

    pub(crate) fn feel(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Lets all calls return that stall, now and later.
    pub(crate) fn release(&self) {
        *self.released.0.lock().unwrap() = true;
        self.released.1.notify_all();
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    /// Waits until so many calls have stalled so far.
    pub(crate) async fn stalls(&self, calls: usize) {
        for _ in 0..1200 {
            if self.stalled.load(Ordering::SeqCst) >= calls {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} calls stalled, not {calls}", self.stalled.load(Ordering::SeqCst));
    }

    fn stall(&self) {
        self.stalled.fetch_add(1, Ordering::SeqCst);
        let held = self.released.0.lock().unwrap();
        let _ = self.released.1.wait_timeout_while(held, Duration::from_secs(60), |free| !*free);
    }

    fn evidence() -> Evidence {
        Evidence { category: Category::Possession, amr: vec![Cow::Borrowed("card")], ..Evidence::password() }
    }

    fn view(&self, template: &str) -> FactorView {
        FactorView { template: format!("factors/{}/{template}.html", self.kind), data: json!({}) }
    }
}

/// The product with these factors before its own.
pub(crate) fn with(setup: Setup, factors: &[&Moody]) -> Setup {
    let mut setup = setup;
    let mut all: Vec<Arc<dyn SecondFactor>> = Vec::new();
    for factor in factors {
        all.push(Arc::new((*factor).clone()));
        let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let field = r#"<input id="otp" name="code" type="text">"#;
        let kind = factor.kind;
        setup.extensions.push(Extension {
            templates: vec![
                file(&format!("factors/{kind}/enrol.html"), field),
                file(&format!("factors/{kind}/verify.html"), field),
            ],
            locales: vec![file(
                "en",
                &format!(
                    "factor-{kind} = Moody\nfactor-{kind}-description = Moody\nfactor-{kind}-enrol-title = \
                     Moody\nfactor-{kind}-wrong = Wrong.\n"
                ),
            )],
        });
    }
    all.extend(Registry::builtin().into_factors());
    setup.registry = Registry::new(all).unwrap();
    setup.settings.mfa.everybody.factors = None;
    setup
}

impl SecondFactor for Moody {
    fn kind(&self) -> FactorKind {
        FactorKind::new(self.kind)
    }

    fn traits(&self) -> FactorTraits {
        FactorTraits {
            evidence: Self::evidence(),
            several: false,
            named: false,
            enrollable: true,
            automatic: false,
            low_water: None,
            use_mails: None,
            on_by_default: true,
            mailbox: false,
        }
    }

    fn available(&self, _: &FactorCx<'_>) -> bool {
        assert!(self.mood() != Mood::AvailablePanics, "nobody knows");
        true
    }

    fn watched(&self) -> bool {
        self.watched
    }

    fn sample_views(&self) -> Vec<FactorView> {
        vec![self.view("enrol"), self.view("verify")]
    }

    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError> {
        self.begin_verify(cx, own)
    }

    fn finish_enrol(
        &self,
        _: &FactorCx<'_>,
        _: &CeremonyState,
        _: &FactorInput,
    ) -> Result<Enrolment, FactorError> {
        match self.mood() {
            Mood::VerifyPanics => panic!("an enrolment"),
            Mood::VerifyStalls => self.stall(),
            _ => {}
        }
        Err(FactorError::Wrong)
    }

    fn begin_verify(&self, _: &FactorCx<'_>, _: &[Credential]) -> Result<Ceremony, FactorError> {
        let (mut state, mut view) = (CeremonyState::default(), self.view("verify"));
        match self.mood() {
            Mood::BeginPanics => panic!("a challenge"),
            Mood::BeginStalls => self.stall(),
            Mood::BeginFails => return Err(FactorError::Internal("no challenge".to_owned())),
            Mood::HugeState => state.0 = vec![7; 30_000_000],
            Mood::HugeView => view.data = json!({ "x": "x".repeat(30_000_000) }),
            Mood::MissingTemplate => view = self.view("nowhere"),
            Mood::ViewOfAnother => "pages/security.html".clone_into(&mut view.template),
            _ => {}
        }
        Ok(Ceremony { state, view, outbox: Vec::new() })
    }

    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        _: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let mood = self.mood();
        let mine = own.iter().find(|one| one.kind == self.kind()).ok_or(FactorError::NotEnrolled)?;
        let mut right = Verified {
            credential: mine.id,
            effect: Effect::RaiseCounter { to: mine.counter + 1 },
            evidence: Self::evidence(),
        };
        match mood {
            Mood::VerifyPanics => panic!("an answer"),
            Mood::VerifyStalls => self.stall(),
            Mood::VerifyFails => return Err(FactorError::Internal("no verdict".to_owned())),
            Mood::ForeignCredential => right.credential = CredentialId::new(cx.now, cx.entropy),
            Mood::OtherKind => {
                right.credential = own.iter().find(|one| one.kind != self.kind()).unwrap().id;
            }
            Mood::Boasts => {
                right.evidence.phishing_resistant = true;
                right.evidence.hardware = true;
            }
            Mood::StaleEffect => right.effect = Effect::RaiseCounter { to: mine.counter },
            Mood::WrongEffect => {
                let was = vestibule_domain::credential::Public("another".to_owned());
                right.effect = Effect::Replace { was, public: mine.public.clone(), secret: None };
            }
            _ => {}
        }
        if input.get("code") == Some(CODE) { Ok(right) } else { Err(FactorError::Wrong) }
    }

    fn after_wrong(
        &self,
        _: &FactorCx<'_>,
        _: &[Credential],
        _: &CeremonyState,
        _: &FactorInput,
    ) -> Aftermath {
        match self.mood() {
            Mood::AfterWrongPanics => panic!("afterwards"),
            Mood::AfterWrongStalls => self.stall(),
            Mood::AfterWrongHuge => {
                return Aftermath { state: Some(CeremonyState(vec![7; 30_000_000])), hint: None };
            }
            _ => {}
        }
        Aftermath::default()
    }
}
