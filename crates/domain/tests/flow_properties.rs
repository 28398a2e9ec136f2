//! Random sign-ins against a model of what a sign-in proves.
//!
//! The model below is written from the rules and not from the code: it counts events one by one and compares classes
//! as numbers.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use proptest::{
    collection::vec, option, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner,
};
use std::borrow::Cow;
use std::collections::BTreeMap;
use uuid::Uuid;
use vestibule_domain::{
    AccountPage, Acr, Action, AuthEvent, Authenticated, Category, Counts, CredentialId, Effective, Evidence,
    FactorKind, FactorOffer, Facts, FlowId, Intent, LeastStrength, LoginFlow, MfaMode, Need, Policy, Reason,
    Requirement, Session, SessionId, Stage, Timestamp, UserId, assess,
    assurance::EventKind,
    flow::Begin,
    policy::{AfterRecovery, Ask, has_factor, plan, suggestion},
    session::merge_events,
};

const START: i64 = 10_000;
const KINDS: [&str; 5] = ["password", "totp", "key", "face", "recovery"];

mod model {
    //! What the rules say.

    use super::*;

    /// The ladder as numbers, so that nothing depends on the order of the code's own type.
    pub(super) fn rank(acr: Acr) -> u8 {
        match acr {
            Acr::OneFactor => 1,
            Acr::Mfa => 2,
            Acr::Phr => 3,
            Acr::Phrh => 4,
        }
    }

    /// Whether the tenant takes two kinds for one thing.
    fn same(ask: &Requirement, one: &FactorKind, other: &FactorKind) -> bool {
        ask.distinct.iter().any(|group| group.contains(one) && group.contains(other))
    }

    /// Whether answers of a kind count where a rule names kinds: the password and ways back in are not named by any.
    fn allowed(ask: &Requirement, kind: &FactorKind, evidence: &Evidence) -> bool {
        let named = |kinds: &std::collections::BTreeSet<FactorKind>| kinds.iter().any(|one| one == kind);
        kind.as_str() == "password"
            || matches!(evidence.counts, Counts::RecoveryOnly)
            || ask.factors.as_ref().is_none_or(named)
    }

    /// Which events count: young enough for their factor, and not run out. A remembered browser counts only where no
    /// recent proof is asked; and a second proof needs a first one that the tenant does not take for the same thing.
    pub(super) fn counted<'a>(ask: &Requirement, events: &'a [AuthEvent], now: i64) -> Vec<&'a AuthEvent> {
        let lives = |event: &AuthEvent| {
            let young = |since: Timestamp| event.at.as_seconds() >= since.as_seconds();
            event.expires_at.as_seconds() > now
                && (matches!(event.kind, EventKind::RememberedBrowser)
                    || allowed(ask, &event.factor, &event.evidence))
                && match event.kind {
                    EventKind::FirstFactor => young(ask.first_since),
                    EventKind::SecondFactor => young(ask.second_since),
                    // An answer is asked, and an enrolment is none.
                    EventKind::Enrolment => young(ask.second_since) && !ask.answered,
                    EventKind::RememberedBrowser => {
                        ask.second_since.as_seconds() == 0 && ask.remembered_since.is_some_and(young)
                    }
                    EventKind::Postponed => false,
                }
        };
        let firsts: Vec<&AuthEvent> =
            events.iter().filter(|one| one.kind == EventKind::FirstFactor && lives(one)).collect();
        let mut out = Vec::new();
        for event in events.iter().filter(|event| lives(event)) {
            let fits = firsts.is_empty() || firsts.iter().any(|one| !same(ask, &one.factor, &event.factor));
            if event.kind == EventKind::FirstFactor || fits {
                out.push(event);
            }
        }
        out
    }

    /// The events that prove something: a factor that was merely bound to the account has answered nobody.
    pub(super) fn proofs<'a>(ask: &Requirement, events: &'a [AuthEvent], now: i64) -> Vec<&'a AuthEvent> {
        counted(ask, events, now)
            .into_iter()
            .filter(|one| matches!(one.kind, EventKind::FirstFactor | EventKind::SecondFactor))
            .collect()
    }

    /// Two categories, or one authenticator that checked its user itself, make two factors; phishing resistance and
    /// hardware add to that only. What only satisfies the policy, or leads back in, is worth nothing.
    pub(super) fn class<'a>(evidence: impl IntoIterator<Item = &'a Evidence>) -> u8 {
        let (mut knows, mut has, mut is, mut verified, mut resistant, mut hard) = (0, 0, 0, 0, 0, 0);
        for one in evidence {
            if !matches!(one.counts, Counts::TowardAcr) {
                continue;
            }
            match one.category {
                Category::Knowledge => knows = 1,
                Category::Possession => has = 1,
                Category::Inherence => is = 1,
            }
            verified |= u8::from(one.user_verified);
            resistant |= u8::from(one.phishing_resistant);
            hard |= u8::from(one.phishing_resistant && one.hardware);
        }
        let two_factors = knows + has + is + verified >= 2 || verified == 1;
        if two_factors { 2 + resistant + hard } else { 1 }
    }

    /// Whether this event opens the second factor of somebody who asks for so much.
    pub(super) fn opens(ask: &Requirement, one: &AuthEvent) -> bool {
        let backup = matches!(one.evidence.counts, Counts::RecoveryOnly);
        let strong = match ask.least {
            LeastStrength::Any => true,
            LeastStrength::Factor => backup || matches!(one.evidence.counts, Counts::TowardAcr),
            LeastStrength::PhishingResistant => {
                backup
                    || (matches!(one.evidence.counts, Counts::TowardAcr) && one.evidence.phishing_resistant)
            }
        };
        match one.kind {
            EventKind::SecondFactor | EventKind::Enrolment => strong,
            EventKind::FirstFactor => one.evidence.user_verified,
            EventKind::RememberedBrowser => matches!(ask.least, LeastStrength::Any),
            EventKind::Postponed => false,
        }
    }

    /// Whether somebody with a factor may add another: they gave a factor themselves, which a remembered browser did
    /// not, and a mailed code only where no real factor could have answered.
    pub(super) fn unlocked(
        ask: &Requirement,
        events: &[AuthEvent],
        enrolled: &[FactorOffer],
        now: i64,
    ) -> bool {
        let counted = counted(ask, events, now);
        let firsts: Vec<&AuthEvent> =
            counted.iter().filter(|one| one.kind == EventKind::FirstFactor).copied().collect();
        let real = enrolled.iter().any(|one| {
            let enough = ask.least != LeastStrength::PhishingResistant || one.evidence.phishing_resistant;
            let other = firsts.iter().any(|first| !same(ask, &first.factor, &one.kind));
            let answers = !one.disabled && allowed(ask, &one.kind, &one.evidence);
            matches!(one.evidence.counts, Counts::TowardAcr) && answers && enough && other
        });
        counted.iter().any(|one| {
            let mailed = matches!(one.evidence.counts, Counts::PolicyOnly);
            one.kind != EventKind::RememberedBrowser && opens(ask, one) && !(mailed && real)
        })
    }

    /// Whether it was opened by something that the tenant lets in; a recovery code may lead to an enrolment only.
    fn let_in(ask: &Requirement, events: &[AuthEvent], now: i64) -> bool {
        let barred = |one: &AuthEvent| ask.rebind && matches!(one.evidence.counts, Counts::RecoveryOnly);
        counted(ask, events, now).iter().any(|one| opens(ask, one) && !barred(one))
    }

    /// Whether the events do.
    pub(super) fn met(ask: &Requirement, events: &[AuthEvent], now: i64) -> bool {
        let counted = counted(ask, events, now);
        let first = counted.iter().any(|one| one.kind == EventKind::FirstFactor);
        let second = !ask.second_factor || let_in(ask, events, now);
        let class = class(proofs(ask, events, now).into_iter().map(|one| &one.evidence));
        first && second && class >= rank(ask.acr)
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn kind() -> impl Strategy<Value = FactorKind> {
    select(&KINDS[..]).prop_map(FactorKind::new)
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let category = select(vec![Category::Knowledge, Category::Possession, Category::Inherence]);
    let rare = || prop::bool::weighted(0.25);
    let words = || select(vec!["pwd", "otp", "hwk", "rec"]).prop_map(|word| vec![Cow::Borrowed(word)]);
    (category, words(), prop::bool::ANY, rare(), prop::bool::ANY, counts()).prop_map(
        |(category, amr, phishing_resistant, user_verified, hardware, counts)| Evidence {
            category,
            amr,
            phishing_resistant,
            user_verified,
            hardware,
            counts,
        },
    )
}

fn counts() -> impl Strategy<Value = Counts> {
    prop_oneof![5 => Just(Counts::TowardAcr), 1 => Just(Counts::PolicyOnly), 2 => Just(Counts::RecoveryOnly)]
}

fn event() -> impl Strategy<Value = AuthEvent> {
    let credential = option::of((1_u128..4).prop_map(|n| CredentialId::from_uuid(Uuid::from_u128(n))));
    let event_kind = prop_oneof![
        3 => Just(EventKind::FirstFactor),
        3 => Just(EventKind::SecondFactor),
        1 => Just(EventKind::Enrolment),
        1 => Just(EventKind::RememberedBrowser),
        1 => Just(EventKind::Postponed),
    ];
    (kind(), credential, event_kind, START - 600..=START, 1_i64..2_000, evidence()).prop_map(
        |(factor, credential, kind, given, life, evidence)| {
            let (at, expires_at) = (at(given), at(given + life));
            AuthEvent { factor, credential, kind, at, expires_at, evidence }
        },
    )
}

/// A password that has just been right; without it most flows would not begin.
fn password(now: i64) -> AuthEvent {
    AuthEvent {
        factor: FactorKind::PASSWORD,
        credential: None,
        kind: EventKind::FirstFactor,
        at: at(now),
        expires_at: at(now + 3_000),
        evidence: Evidence::password(),
    }
}

fn events() -> impl Strategy<Value = Vec<AuthEvent>> {
    (prop::bool::weighted(0.8), vec(event(), 0..4)).prop_map(|(fresh, mut events)| {
        events.extend(fresh.then(|| password(START)));
        events
    })
}

/// Offers of distinct kinds.
fn offers() -> impl Strategy<Value = Vec<FactorOffer>> {
    let one = (kind(), evidence(), prop::bool::weighted(0.3));
    let offer = |(kind, evidence, disabled)| FactorOffer { kind, evidence, disabled, chosen: true };
    vec(one.prop_map(offer), 0..4).prop_map(|all| {
        let unique: BTreeMap<FactorKind, FactorOffer> =
            all.into_iter().map(|one| (one.kind.clone(), one)).collect();
        unique.into_values().collect()
    })
}

fn acr() -> impl Strategy<Value = Acr> {
    select(Acr::ALL.to_vec())
}

/// What the tenant's rules and the request ask for.
#[derive(Clone, Debug)]
struct Wish {
    mode: MfaMode,
    /// The enrolment is required only after so many skips; it is proposed before.
    announced: bool,
    floor: Option<Acr>,
    requested: Option<Acr>,
    all_since: Option<i64>,
    factor_since: Option<i64>,
    answered: bool,
    least: LeastStrength,
    /// The kinds that a rule names.
    factors: Option<Vec<FactorKind>>,
    distinct: Vec<Vec<FactorKind>>,
    rebind: bool,
    /// How old the remembering of a browser may be.
    remembered: Option<i64>,
}

impl Wish {
    fn of(&self, owner: bool) -> Requirement {
        let everybody = Ask {
            mode: Some(self.mode),
            skips: self.announced.then_some(3),
            min_acr: self.floor,
            factors: self.factors.clone(),
            distinct: self.distinct.clone(),
            after_recovery: self.rebind.then_some(AfterRecovery::Enrol),
            ..Ask::default()
        };
        let (groups, scopes) = (&[], &[]);
        let (application, application_acr, now) = (None, None, at(START));
        let facts = Facts { application, application_acr, groups, scopes, skips_used: 1, now };
        let policy = Policy { everybody, ..Policy::default() };
        let mut ask =
            Requirement::floor(&Effective::of(&policy, 7, &facts), owner).at_least_strength(self.least);
        ask.remembered_since = self.remembered.map(|age| at(START - age));
        if let Some(acr) = self.requested {
            ask = ask.at_least(acr, Reason::Requested, "request");
        }
        if let Some(age) = self.all_since {
            ask = ask.all_since(at(START - age));
        }
        if let Some(age) = self.factor_since {
            let since = at(START - age);
            ask = if self.answered { ask.answered_since(since) } else { ask.second_factor_since(since) };
        }
        ask
    }
}

fn least() -> impl Strategy<Value = LeastStrength> {
    prop_oneof![4 => Just(LeastStrength::Any), 1 => Just(LeastStrength::Factor), 1 => Just(LeastStrength::PhishingResistant)]
}

fn groups() -> impl Strategy<Value = Vec<Vec<FactorKind>>> {
    prop_oneof![2 => Just(Vec::new()), 1 => vec(vec(kind(), 2..4), 1..3)]
}

fn wish() -> impl Strategy<Value = Wish> {
    let mode = select(vec![MfaMode::Off, MfaMode::Optional, MfaMode::Required]);
    let rare = || prop::bool::weighted(0.25);
    let age = || prop::option::weighted(0.3, 0_i64..600);
    let tenant = (mode, rare(), prop::option::weighted(0.3, acr()), least(), groups(), rare());
    let remembered = option::of(0_i64..600);
    let factors = prop::option::weighted(0.25, vec(kind(), 0..4));
    let factor_since = (age(), prop::bool::ANY);
    (tenant, option::of(acr()), age(), factor_since, remembered, factors).prop_map(
        |(tenant, requested, all_since, (factor_since, answered), remembered, factors)| {
            let (mode, announced, floor, least, distinct, rebind) = tenant;
            Wish {
                mode,
                announced,
                floor,
                requested,
                all_since,
                factor_since,
                answered,
                least,
                factors,
                distinct,
                rebind,
                remembered,
            }
        },
    )
}

/// Where the caller takes the next need from.
#[derive(Clone, Debug)]
enum Claim {
    /// From the plan, as it has to.
    Plan,
    /// From nowhere: a caller with a fault.
    Forged(Need),
}

#[derive(Clone, Debug)]
enum Step {
    Choose(FactorKind),
    Answer {
        kind: Option<FactorKind>,
        template: AuthEvent,
        claim: Claim,
    },
    Enrol {
        kind: Option<FactorKind>,
        template: AuthEvent,
        codes: bool,
    },
    SaveCodes,
    Postponed,
    Wait(i64),
    /// Whoever can write the database moves the flow to another stage.
    Rewrite(&'static str),
}

fn need() -> impl Strategy<Value = Need> {
    prop_oneof![
        4 => Just(Need::Nothing),
        1 => Just(Need::FirstFactor),
        2 => vec(kind(), 0..3).prop_map(Need::SecondFactor),
        2 => vec(kind(), 0..3).prop_map(Need::Enrol),
        1 => vec(kind(), 0..3).prop_map(Need::Suggest),
        1 => Just(Need::Unreachable),
    ]
}

/// Steps of an honest caller, or of any caller.
fn steps(honest: bool) -> impl Strategy<Value = Vec<Step>> {
    let (forged, rewrite) = if honest { (0, 0) } else { (3, 1) };
    let claim = prop_oneof![3 => Just(Claim::Plan).boxed(), forged => need().prop_map(Claim::Forged).boxed()];
    let whose = || prop::option::weighted(0.2, kind());
    let step = prop_oneof![
        2 => kind().prop_map(Step::Choose),
        6 => (whose(), event(), claim).prop_map(|(kind, template, claim)| Step::Answer { kind, template, claim }),
        4 => (whose(), event(), prop::bool::ANY)
            .prop_map(|(kind, template, codes)| Step::Enrol { kind, template, codes }),
        2 => Just(Step::SaveCodes),
        2 => Just(Step::Postponed),
        2 => (0_i64..1_200).prop_map(Step::Wait),
        rewrite => select(vec!["authenticated", "save-codes"]).prop_map(Step::Rewrite),
    ];
    vec(step, 0..10)
}

/// The plan, and what is proposed to somebody whose sign-in is complete.
fn next(
    ask: &Requirement,
    events: &[AuthEvent],
    (enrolled, enrollable): (&[FactorOffer], &[FactorOffer]),
    now: Timestamp,
) -> Need {
    match plan(ask, events, enrolled, enrollable, now) {
        Need::Nothing => suggestion(ask, enrolled, enrollable).map_or(Need::Nothing, Need::Suggest),
        need => need,
    }
}

/// A caller with a clock, the user's factors, and a flow.
struct Caller {
    now: i64,
    enrolled: Vec<FactorOffer>,
    enrollable: Vec<FactorOffer>,
    flow: LoginFlow,
}

impl Caller {
    /// Begins a flow; `None` where the first factor is shut.
    fn begin(
        wish: &Wish,
        events: Vec<AuthEvent>,
        offers: (Vec<FactorOffer>, Vec<FactorOffer>),
        claim: &Claim,
    ) -> Option<Self> {
        let (enrolled, enrollable) = offers;
        let requirement = wish.of(has_factor(&enrolled));
        let need = match claim {
            Claim::Plan => next(&requirement, &events, (&enrolled, &enrollable), at(START)),
            Claim::Forged(need) => need.clone(),
        };
        let begin = Begin {
            id: FlowId::from_uuid(Uuid::from_u128(1)),
            intent: Intent::Account(Action::View(AccountPage::Home)),
            browser: [7; 32],
            user: UserId::from_uuid(Uuid::from_u128(2)),
            base: None,
            requirement,
            events,
            expires_at: at(START + 1_800),
        };
        let flow = LoginFlow::begin(begin, need, at(START)).ok()?;
        Some(Self { now: START, enrolled, enrollable, flow })
    }

    fn asked(&self) -> FactorKind {
        match self.flow.stage() {
            Stage::SecondFactor { asked, .. } => asked.clone(),
            Stage::Enrol { choices } | Stage::Suggest { choices } => {
                choices.first().cloned().unwrap_or(FactorKind::PASSWORD)
            }
            _ => FactorKind::PASSWORD,
        }
    }

    /// Takes one step. A refused one leaves everything as it was; whether the stage was entered again is returned.
    fn step(&mut self, step: Step) -> bool {
        let flow = self.flow.clone();
        let now = at(self.now);
        let fit = |kind: Option<FactorKind>, template: AuthEvent, asked| {
            let life = template.expires_at.since(template.at);
            AuthEvent { factor: kind.unwrap_or(asked), at: now, expires_at: now + life, ..template }
        };
        let next = match step {
            Step::Wait(seconds) => {
                self.now += seconds;
                return false;
            }
            Step::Choose(kind) => flow.choose(&kind),
            Step::Answer { kind, template, claim } => {
                let event = fit(kind, template, self.asked());
                let events = merge_events(flow.events(), std::slice::from_ref(&event));
                let need = match claim {
                    Claim::Plan => next(flow.requirement(), &events, (&self.enrolled, &self.enrollable), now),
                    Claim::Forged(need) => need,
                };
                flow.answered(event, need, now)
            }
            Step::Enrol { kind, template, codes } => {
                let event = fit(kind, template, self.asked());
                let offer = FactorOffer {
                    kind: event.factor.clone(),
                    evidence: event.evidence.clone(),
                    disabled: false,
                    chosen: true,
                };
                let next = flow.enrolled(event, codes, now);
                if next.is_ok() {
                    self.enrolled.push(offer);
                }
                next
            }
            Step::SaveCodes => flow.codes_saved(now),
            Step::Postponed => flow.postpone(now, at(self.now + 3_000)),
            Step::Rewrite(stage) => {
                let mut json = serde_json::to_value(&flow).unwrap();
                json.as_object_mut().unwrap().insert("stage".to_owned(), serde_json::json!({ "is": stage }));
                Ok(serde_json::from_value(json).unwrap())
            }
        };
        match next {
            Ok(next) => {
                self.flow = next;
                true
            }
            Err(_) => false,
        }
    }

    fn authenticated(&self) -> Option<Authenticated> {
        Authenticated::from_flow(&self.flow, SessionId::from_uuid(Uuid::from_u128(3)), at(self.now))
    }

    fn met(&self) -> bool {
        model::met(self.flow.requirement(), self.flow.events(), self.now)
    }
}

/// Whoever is authenticated has given everything, and it is worth what the model says.
fn authenticated_is_deserved(caller: &Caller) -> Result<(), TestCaseError> {
    let (ask, events) = (caller.flow.requirement(), caller.flow.events());
    let Some(proof) = caller.authenticated() else { return Ok(()) };
    prop_assert_eq!(caller.flow.stage(), &Stage::Authenticated);
    prop_assert!(caller.met(), "authenticated without having met {:?} by {:?}", ask, events);
    prop_assert!(caller.now < caller.flow.expires_at().as_seconds());
    let counted = model::proofs(ask, events, caller.now);
    let class = model::class(counted.iter().map(|one| &one.evidence));
    prop_assert_eq!(model::rank(proof.assurance().acr), class);
    prop_assert_eq!(Some(proof.assurance().auth_time), counted.iter().map(|one| one.at).max());
    for value in proof.assurance().amr.iter().filter(|value| *value != "mfa") {
        prop_assert!(
            counted.iter().any(|one| one.evidence.amr.iter().any(|amr| amr == value)),
            "{} out of thin air",
            value
        );
    }
    prop_assert_eq!(proof.assurance().amr.iter().any(|value| value == "mfa"), class >= 2);
    prop_assert_eq!(proof.user(), caller.flow.user());
    Ok(())
}

/// Whether a flow at that stage knows the step at all.
fn exists(stage: &Stage, step: &Step) -> bool {
    match step {
        Step::Choose(kind) => matches!(stage, Stage::SecondFactor { choices, .. } if choices.contains(kind)),
        Step::Answer { kind, .. } => {
            matches!(stage, Stage::SecondFactor { asked, .. } if kind.as_ref().is_none_or(|kind| kind == asked))
        }
        Step::Enrol { kind, .. } => match stage {
            Stage::Enrol { choices } | Stage::Suggest { choices } => {
                kind.as_ref().or(choices.first()).is_some_and(|kind| choices.contains(kind))
            }
            _ => false,
        },
        Step::SaveCodes => *stage == Stage::SaveCodes,
        Step::Postponed => matches!(stage, Stage::Suggest { .. }),
        Step::Wait(_) | Step::Rewrite(_) => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_authenticated_without_counted_evidence(
        wish in wish(), events in events(), enrolled in offers(), enrollable in offers(),
        claim in prop_oneof![Just(Claim::Plan), need().prop_map(Claim::Forged)], steps in steps(false),
    ) {
        let Some(mut caller) = Caller::begin(&wish, events, (enrolled, enrollable), &claim) else { return Ok(()) };
        authenticated_is_deserved(&caller)?;
        for step in steps {
            let rewritten = matches!(step, Step::Rewrite(_));
            let allowed = exists(caller.flow.stage(), &step);
            let entered = caller.step(step);
            prop_assert!(allowed || !entered, "a transition that does not exist was made");
            authenticated_is_deserved(&caller)?;
            // The stage itself is honest, too, unless somebody wrote it into the database.
            if entered
                && !rewritten
                && matches!(caller.flow.stage(), Stage::Authenticated | Stage::Suggest { .. })
            {
                prop_assert!(caller.met());
            }
            let stored = serde_json::to_string(&caller.flow).unwrap();
            prop_assert_eq!(&serde_json::from_str::<LoginFlow>(&stored).unwrap(), &caller.flow);
        }
    }

    #[test]
    fn nobody_adds_a_key_to_a_door_they_stand_before(
        wish in wish(), events in events(), enrolled in offers(), enrollable in offers(), steps in steps(true),
    ) {
        let owner = |caller: &Caller| caller.enrolled.iter().any(|one| !one.evidence.is_recovery());
        let Some(mut caller) = Caller::begin(&wish, events, (enrolled, enrollable), &Claim::Plan) else { return Ok(()) };
        let mut entered = true;
        for step in steps.into_iter().map(Some).chain([None]) {
            if entered && matches!(caller.flow.stage(), Stage::Enrol { .. }) && owner(&caller) {
                let opened = model::unlocked(caller.flow.requirement(), caller.flow.events(), &caller.enrolled, caller.now);
                prop_assert!(opened, "enrolment before the second factor: {:?}", caller.flow);
            }
            if entered && matches!(caller.flow.stage(), Stage::Suggest { .. }) {
                // Nothing is proposed to somebody who has a factor: what was asked of them before still is.
                prop_assert!(!owner(&caller) && caller.met(), "{:?}", caller.flow);
                prop_assert!(caller.flow.requirement().suggest.is_some());
            }
            authenticated_is_deserved(&caller)?;
            entered = step.is_some_and(|step| caller.step(step));
        }
    }

    #[test]
    fn the_plan_agrees_with_the_model(
        wish in wish(), events in events(), enrolled in offers(), enrollable in offers(), owner: bool, wait in 0_i64..2_500,
    ) {
        let (ask, now) = (wish.of(owner || has_factor(&enrolled)), START + wait);
        let need = plan(&ask, &events, &enrolled, &enrollable, at(now));
        let met = model::met(&ask, &events, now);
        prop_assert_eq!(ask.is_met_by(&events, at(now)), met);
        prop_assert_eq!(need == Need::Nothing, met);
        let first = model::counted(&ask, &events, now).iter().any(|one| one.kind == EventKind::FirstFactor);
        prop_assert_eq!(need == Need::FirstFactor, !first);
        let usable = |kinds: &[FactorKind], from: &[FactorOffer]| {
            !kinds.is_empty() && kinds.iter().all(|kind| from.iter().any(|one| one.kind == *kind && !one.disabled))
        };
        match &need {
            Need::SecondFactor(kinds) => prop_assert!(usable(kinds, &enrolled), "{:?}", kinds),
            Need::Enrol(kinds) => {
                prop_assert!(usable(kinds, &enrollable), "{:?}", kinds);
                let owns = enrolled.iter().any(|one| !one.evidence.is_recovery());
                prop_assert!(!owns || model::unlocked(&ask, &events, &enrolled, now));
            }
            Need::Nothing | Need::FirstFactor | Need::Unreachable => {}
            Need::Suggest(_) => prop_assert!(false, "the plan never proposes"),
        }
        let session = Session {
            id: SessionId::from_uuid(Uuid::from_u128(3)),
            user: UserId::from_uuid(Uuid::from_u128(2)),
            events,
            created_at: at(0),
            last_seen_at: at(now),
            expires_at: at(now + 1),
            ip: None,
            user_agent: None,
        };
        prop_assert_eq!(Authenticated::from_session(&session, &ask, at(now)).is_some(), met);
    }

    #[test]
    fn who_follows_the_plan_arrives(
        wish in wish(), events in events(), enrolled in offers(), enrollable in offers(),
    ) {
        let ask = wish.of(has_factor(&enrolled));
        let mut events: Vec<AuthEvent> = events;
        // The answers come from credentials of their own, so that none takes the place of an older, stronger one.
        let answer = |offer: &FactorOffer, index: u128| AuthEvent {
            factor: offer.kind.clone(),
            credential: Some(CredentialId::from_uuid(Uuid::from_u128(100 + index))),
            kind: EventKind::SecondFactor,
            at: at(START),
            expires_at: at(START + 1_000),
            evidence: offer.evidence.clone(),
        };
        for round in 0.. {
            prop_assert!(round < 4, "the plan goes in circles: {:?} {:?}", ask, events);
            let (event, last) = match plan(&ask, &events, &enrolled, &enrollable, at(START)) {
                Need::Nothing | Need::Suggest(_) | Need::Unreachable => break,
                Need::FirstFactor => (password(START), false),
                Need::SecondFactor(kinds) => {
                    (answer(enrolled.iter().find(|one| one.kind == kinds[0]).unwrap(), round), false)
                }
                Need::Enrol(kinds) => {
                    (answer(enrollable.iter().find(|one| one.kind == kinds[0]).unwrap(), round), true)
                }
            };
            events = merge_events(&events, &[event]);
            if last {
                prop_assert!(model::met(&ask, &events, START), "an enrolment that the plan asked for is not enough");
                break;
            }
        }
    }

    #[test]
    fn assurance_only_falls_by_itself(
        events in vec(event(), 0..6), since in START - 700..START + 100, later in 0_i64..200,
        now in START..START + 2_000, wait in 0_i64..2_000,
    ) {
        let worth = |since, now| assess(&events, at(since), at(now));
        let (before, after) = (worth(since, now), worth(since + later, now + wait));
        let rank = |one: &Option<vestibule_domain::Assurance>| one.as_ref().map_or(0, |one| model::rank(one.acr));
        prop_assert!(rank(&after) <= rank(&before), "{:?} became {:?}", before, after);
        if let (Some(before), Some(after)) = (&before, &after) {
            prop_assert!(after.auth_time <= before.auth_time);
            prop_assert!(after.amr.iter().all(|value| before.amr.contains(value)));
        }
    }

    #[test]
    fn a_requirement_is_never_met_by_waiting(
        wish in wish(), events in events(), owner: bool, now in START..START + 2_000, wait in 0_i64..2_000,
    ) {
        let ask = wish.of(owner);
        prop_assert!(ask.is_met_by(&events, at(now)) || !ask.is_met_by(&events, at(now + wait)));
    }

    #[test]
    fn what_is_no_factor_never_raises_the_class(
        wish in wish(), events in events(), template in event(), owner: bool, second: bool, policy_only: bool,
    ) {
        let mut weak = AuthEvent { at: at(START), expires_at: at(START + 1_000), ..template };
        weak.evidence.counts = if policy_only { Counts::PolicyOnly } else { Counts::RecoveryOnly };
        weak.kind = if second { EventKind::SecondFactor } else { weak.kind };
        let with = merge_events(&events, &[weak]);
        let class = |events: &[AuthEvent]| {
            assess(events, Timestamp::EPOCH, at(START)).map_or(1, |one| model::rank(one.acr))
        };
        prop_assert!(class(&with) <= class(&events));
        // What it may do is open the second factor; it can never be what a relying party asked for.
        let ask = wish.of(owner);
        let proofs = model::proofs(&ask, &with, START);
        let real = proofs.iter().map(|one| &one.evidence).filter(|one| one.counts == Counts::TowardAcr);
        prop_assert!(!ask.is_met_by(&with, at(START)) || model::class(real) >= model::rank(ask.acr));
    }

    #[test]
    fn what_proves_nothing_raises_nothing(
        wish in wish(), events in events(), template in event(), owner: bool, age in 0_i64..600, bound: bool,
    ) {
        let (given, until) = (at(START - age), at(START + 1_000));
        let kind = if bound { EventKind::Enrolment } else { EventKind::RememberedBrowser };
        let silent = AuthEvent { kind, at: given, expires_at: until, ..template };
        let with: Vec<AuthEvent> = events.iter().cloned().chain([silent]).collect();
        let worth = |events: &[AuthEvent]| assess(events, Timestamp::EPOCH, at(START));
        prop_assert_eq!(worth(&with), worth(&events));
        // It satisfies the policy in a session whose class is enough, and does nothing else.
        let ask = wish.of(owner);
        let without_factor = Requirement { second_factor: false, ..ask.clone() };
        prop_assert!(!ask.is_met_by(&with, at(START)) || without_factor.is_met_by(&events, at(START)));
        // And a remembered browser not even that, where a recent proof or a real factor is asked.
        let recent =
            ask.second_since > Timestamp::EPOCH || ask.least > LeastStrength::Any || ask.remembered_since.is_none();
        if !bound && recent {
            prop_assert_eq!(ask.is_met_by(&with, at(START)), ask.is_met_by(&events, at(START)));
        }
    }

    #[test]
    fn who_gives_more_is_asked_no_more_and_asking_more_is_never_met_by_less(
        wish in wish(), more in wish(), events in events(), owner: bool, wait in 0_i64..2_000,
    ) {
        let (ask, now) = (wish.of(owner), at(START + wait));
        let mut strict = ask.clone().at_least_strength(more.least);
        strict.distinct.extend(more.distinct.clone());
        strict.rebind |= more.rebind;
        let shorter = more.remembered.map(|age| at(START - age));
        strict.remembered_since = strict.remembered_since.zip(shorter).map(|(one, other)| one.max(other));
        if let Some(acr) = more.requested {
            strict = strict.at_least(acr, Reason::Requested, "request");
        }
        if let Some(age) = more.all_since {
            strict = strict.all_since(at(START - age));
        }
        if let Some(age) = more.factor_since {
            strict = strict.second_factor_since(at(START - age));
        }
        prop_assert!(!strict.is_met_by(&events, now) || ask.is_met_by(&events, now), "{:?} {:?}", ask, strict);
    }

    #[test]
    fn a_recovery_code_leads_to_an_enrolment_where_the_tenant_says_so(
        wish in wish(), events in events(), enrolled in offers(), enrollable in offers(),
    ) {
        let ask = Wish { rebind: true, mode: MfaMode::Required, announced: false, ..wish }.of(has_factor(&enrolled));
        let counted = model::counted(&ask, &events, START);
        let only = counted
            .iter()
            .filter(|one| model::opens(&ask, one))
            .all(|one| one.evidence.is_recovery());
        let need = plan(&ask, &events, &enrolled, &enrollable, at(START));
        prop_assert!(!only || need != Need::Nothing, "a recovery code alone lets in: {:?}", events);
    }
}

/// The properties above say nothing if the sequences never get anywhere.
#[test]
fn the_sequences_get_everywhere() {
    let mut runner = TestRunner::deterministic();
    let strategy = (wish(), events(), offers(), offers(), steps(true));
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut count = |what: String| *seen.entry(what).or_default() += 1;
    for _ in 0..4_000 {
        let (wish, events, enrolled, enrollable, steps) = strategy.new_tree(&mut runner).unwrap().current();
        let disabled = enrolled.iter().any(|one| one.disabled && !one.evidence.is_recovery());
        let Some(mut caller) = Caller::begin(&wish, events, (enrolled, enrollable), &Claim::Plan) else {
            continue;
        };
        for step in [Step::Wait(0)].into_iter().chain(steps) {
            caller.step(step);
            match (caller.flow.stage(), caller.authenticated()) {
                (Stage::Authenticated, Some(proof)) => {
                    count(format!("authenticated {:?}", proof.assurance().acr));
                    if caller.flow.requirement().second_factor {
                        count("authenticated behind the second factor".to_owned());
                    }
                }
                (Stage::Authenticated, None) => count("aged out".to_owned()),
                (Stage::Enrol { .. }, _) if disabled => count("enrol with a disabled factor".to_owned()),
                (Stage::Enrol { .. }, _) => count("enrol".to_owned()),
                (stage, _) => count(format!("{stage:?}").split([' ', '{', '(']).next().unwrap().to_owned()),
            }
        }
    }
    let expected = [
        "authenticated OneFactor",
        "authenticated Mfa",
        "authenticated Phr",
        "authenticated Phrh",
        "authenticated behind the second factor",
        "aged out",
        "enrol",
        "enrol with a disabled factor",
        "SecondFactor",
        "Suggest",
        "SaveCodes",
        "Unreachable",
    ];
    for what in expected {
        assert!(seen.get(what).is_some_and(|times| *times >= 10), "{what} is hardly ever reached: {seen:?}");
    }
}

#[test]
fn a_request_that_an_older_version_stored_can_be_read_and_says_nothing() {
    let stored = r#"{"authorize":{"query":"client_id=app&state=s","at":1800000000}}"#;
    let Intent::Authorize(asked) = serde_json::from_str(stored).unwrap() else { panic!("another intent") };
    assert_eq!((asked.client_id.as_str(), asked.request), ("", serde_json::Value::Null));
}
