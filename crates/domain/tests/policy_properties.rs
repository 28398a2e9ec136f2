//! The rule table and the ways in, against the sentences they were written from.

#![expect(clippy::panic, reason = "helpers of tests")]

use proptest::{collection::vec, option, prelude::*, sample::select};
use std::{borrow::Cow, collections::BTreeSet};
use vestibule_domain::{
    Acr, AuthEvent, Category, Counts, Effective, Evidence, FactorKind, FactorOffer, Facts, MfaMode, Policy,
    Reason, Requirement, Timestamp,
    assurance::EventKind,
    policy::{AfterRecovery, Ask, Obligation, Proof, Rule, When, way_in},
};

const NOW: i64 = 1_000_000;
const KINDS: [&str; 4] = ["totp", "key", "mail", "recovery"];

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn kind() -> impl Strategy<Value = FactorKind> {
    select(&KINDS[..]).prop_map(FactorKind::new)
}

fn words(from: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    vec(select(from).prop_map(str::to_owned), 0..3)
}

fn proof() -> impl Strategy<Value = Option<Proof>> {
    option::of(select(vec![Proof::Recent, Proof::Password, Proof::Factor, Proof::PasswordAndFactor]))
}

fn ask() -> impl Strategy<Value = Ask> {
    let mode = option::of(select(vec![MfaMode::Off, MfaMode::Optional, MfaMode::Required]));
    let after = option::of(select(vec![AfterRecovery::Session, AfterRecovery::Enrol]));
    let from = option::of((NOW - 500..NOW + 500).prop_map(at));
    let duty =
        (mode, from, option::of(0_u32..5), option::of(select(Acr::ALL.to_vec())), option::of(any::<bool>()));
    let kinds = (option::of(vec(kind(), 0..4)), vec(vec(kind(), 2..3), 0..2));
    let proofs = (proof(), proof(), proof(), proof());
    (duty, kinds, proofs, after, option::of(0_u32..40)).prop_map(
        |(duty, (factors, distinct), (enrol, remove, disable, regenerate), after_recovery, remember_days)| {
            let (mode, required_from, skips, min_acr, locked) = duty;
            Ask {
                mode,
                required_from,
                skips,
                min_acr,
                locked,
                factors,
                distinct,
                enrol,
                remove,
                disable,
                regenerate,
                after_recovery,
                remember_days,
            }
        },
    )
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let when = (words(&["app", "other"]), words(&["staff", "guests"]), words(&["openid", "money"]))
        .prop_map(|(applications, groups, scopes)| When { applications, groups, scopes });
    vec((prop_oneof![Just(When::default()), when], ask()), 0..5).prop_map(|rows| {
        let named = |(number, (when, ask))| Rule { name: format!("rule {number}"), when, ask };
        rows.into_iter().enumerate().map(named).collect()
    })
}

/// What a request looks like, owned.
#[derive(Clone, Debug)]
struct Asked {
    application: Option<&'static str>,
    application_acr: Option<Acr>,
    groups: Vec<String>,
    scopes: Vec<String>,
    skips_used: u32,
    now: i64,
}

impl Asked {
    fn facts(&self) -> Facts<'_> {
        Facts {
            application: self.application,
            application_acr: self.application_acr,
            groups: &self.groups,
            scopes: &self.scopes,
            skips_used: self.skips_used,
            now: at(self.now),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let application = option::of(select(vec!["app", "other", "third"]));
    let acr = option::of(select(Acr::ALL.to_vec()));
    (application, acr, words(&["staff"]), words(&["openid", "money"]), 0_u32..6, NOW - 600..NOW + 600)
        .prop_map(|(application, application_acr, groups, scopes, skips_used, now)| Asked {
            application,
            application_acr: application_acr.filter(|_| application.is_some()),
            groups,
            scopes,
            skips_used,
            now,
        })
}

/// Whether a rule applies, by its sentence: everything that is named must fit.
fn applies(when: &When, asked: &Asked) -> bool {
    let one_of = |named: &[String], given: &[String]| {
        let named: BTreeSet<&String> = named.iter().collect();
        named.is_empty() || given.iter().any(|one| named.contains(one))
    };
    let application: Vec<String> = asked.application.map(str::to_owned).into_iter().collect();
    one_of(&when.applications, &application)
        && one_of(&when.groups, &asked.groups)
        && one_of(&when.scopes, &asked.scopes)
}

/// What one ask comes to for the mode: a number that grows with what the user has to do.
fn duty(ask: &Ask, asked: &Asked) -> Option<(u8, i64)> {
    Some(match ask.mode? {
        MfaMode::Off => (0, 0),
        MfaMode::Optional => (1, 0),
        MfaMode::Required => match (ask.required_from, ask.skips) {
            // A date that is still to come: the nearer the stricter.
            (Some(from), _) if asked.now < from.as_seconds() => (2, -from.as_seconds()),
            // Skips are stricter than a date: the fewer the stricter.
            (_, Some(skips)) if skips > asked.skips_used => (3, -i64::from(skips - asked.skips_used)),
            _ => (4, 0),
        },
    })
}

fn duty_of(obligation: Obligation) -> (u8, i64) {
    match obligation {
        Obligation::Off => (0, 0),
        Obligation::Optional => (1, 0),
        Obligation::Announced { from: Some(from), .. } => (2, -from.as_seconds()),
        Obligation::Announced { skips_left: Some(left), .. } => (3, -i64::from(left)),
        Obligation::Announced { .. } => panic!("announced for no day and no number of skips"),
        Obligation::Required => (4, 0),
    }
}

/// A proof as the two questions it asks.
fn questions(proof: Proof) -> (bool, bool) {
    (
        matches!(proof, Proof::Password | Proof::PasswordAndFactor),
        matches!(proof, Proof::Factor | Proof::PasswordAndFactor),
    )
}

#[test]
fn what_two_proofs_have_in_common_is_what_both_ask_and_together_they_ask_what_either_does() {
    let all = [Proof::Recent, Proof::Password, Proof::Factor, Proof::PasswordAndFactor];
    for (one, other) in all.into_iter().flat_map(|one| all.map(|other| (one, other))) {
        let ((a, b), (c, d)) = (questions(one), questions(other));
        assert_eq!(questions(one.common(other)), (a && c, b && d), "{one:?} {other:?}");
        assert_eq!(questions(one.and(other)), (a || c, b || d), "{one:?} {other:?}");
    }
}

type Values = (
    (u8, i64),
    Acr,
    bool,
    Option<BTreeSet<FactorKind>>,
    BTreeSet<Vec<FactorKind>>,
    [(bool, bool); 4],
    bool,
    u32,
);

/// The fold by its sentence: of each knob the strictest value that anybody asks for.
fn oracle(policy: &Policy, asked: &Asked) -> Values {
    let own = Ask { min_acr: asked.application_acr, ..Ask::default() };
    let fitting = policy.rules.iter().filter(|rule| applies(&rule.when, asked)).map(|rule| &rule.ask);
    let asks: Vec<&Ask> = [&policy.everybody, &own].into_iter().chain(fitting).collect();
    let proofs = |of: fn(&Ask) -> Option<Proof>| {
        let both = asks.iter().filter_map(|ask| of(ask)).map(questions);
        both.fold((false, false), |(password, factor), one| (password || one.0, factor || one.1))
    };
    let lists: Vec<BTreeSet<FactorKind>> = asks
        .iter()
        .filter_map(|ask| ask.factors.as_ref())
        .map(|kinds| kinds.iter().cloned().collect())
        .collect();
    let everything: BTreeSet<FactorKind> = KINDS.iter().map(|name| FactorKind::new(name)).collect();
    let allowed =
        everything.into_iter().filter(|kind| lists.iter().all(|list| list.contains(kind))).collect();
    (
        asks.iter().filter_map(|ask| duty(ask, asked)).max().unwrap_or((1, 0)),
        asks.iter().filter_map(|ask| ask.min_acr).max().unwrap_or(Acr::OneFactor),
        asks.iter().any(|ask| ask.locked == Some(true)),
        (!lists.is_empty()).then_some(allowed),
        asks.iter().flat_map(|ask| ask.distinct.iter().cloned()).collect(),
        [proofs(|a| a.enrol), proofs(|a| a.remove), proofs(|a| a.disable), proofs(|a| a.regenerate)],
        asks.iter().any(|ask| ask.after_recovery == Some(AfterRecovery::Enrol)),
        asks.iter().filter_map(|ask| ask.remember_days).min().unwrap_or(0),
    )
}

fn values(effective: &Effective) -> Values {
    (
        duty_of(effective.mode.value),
        effective.min_acr.value,
        effective.locked.value,
        effective.factors.value.clone(),
        effective.distinct.iter().cloned().collect(),
        [&effective.enrol, &effective.remove, &effective.disable, &effective.regenerate]
            .map(|proof| questions(proof.value)),
        effective.after_recovery.value == AfterRecovery::Enrol,
        effective.remember_days.value,
    )
}

/// Whether `next` asks at least what `before` did, of every knob that `before` had somebody decide.
fn no_weaker(before: &Effective, next: &Effective) -> bool {
    let (old, new) = (values(before), values(next));
    let decided = |rule: &str| rule != "default";
    let harder = |old: (bool, bool), new: (bool, bool)| (!old.0 || new.0) && (!old.1 || new.1);
    (!decided(&before.mode.rule) || new.0 >= old.0)
        && new.1 >= old.1
        && (!old.2 || new.2)
        && old.3.as_ref().is_none_or(|old| new.3.as_ref().is_some_and(|new| new.is_subset(old)))
        && new.4.is_superset(&old.4)
        && old.5.into_iter().zip(new.5).all(|(old, new)| harder(old, new))
        && (!old.6 || new.6)
        && (!decided(&before.remember_days.rule) || new.7 <= old.7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_each_knob_the_strictest_wins(
        everybody in ask(), spare_forced: bool, rules in rules(), asked in asked(), version in 1_i64..9,
    ) {
        let policy = Policy { everybody, spare_forced, rules };
        let effective = Effective::of(&policy, version, &asked.facts());
        prop_assert_eq!(values(&effective), oracle(&policy, &asked));
        prop_assert_eq!((effective.version, effective.spare_forced), (version, spare_forced));
    }

    #[test]
    fn the_order_of_rules_means_nothing(
        everybody in ask(), rules in rules().prop_shuffle(), asked in asked(), turn in 0_usize..5,
    ) {
        let policy = Policy { everybody, rules, ..Policy::default() };
        let mut turned = policy.clone();
        let places = turned.rules.len().max(1);
        turned.rules.rotate_left(turn % places);
        let mut back = policy.clone();
        back.rules.reverse();
        let before = values(&Effective::of(&policy, 1, &asked.facts()));
        prop_assert_eq!(&values(&Effective::of(&turned, 1, &asked.facts())), &before);
        prop_assert_eq!(&values(&Effective::of(&back, 1, &asked.facts())), &before);
    }

    #[test]
    fn no_rule_weakens_another(
        everybody in ask(), rules in rules(), more in rules(), asked in asked(),
    ) {
        let policy = Policy { everybody, rules, ..Policy::default() };
        let mut longer = policy.clone();
        longer.rules.extend(more);
        let before = Effective::of(&policy, 1, &asked.facts());
        let after = Effective::of(&longer, 1, &asked.facts());
        prop_assert!(no_weaker(&before, &after), "{:?} became {:?}", before, after);
    }

    #[test]
    fn an_announcement_only_comes_nearer(everybody in ask(), rules in rules(), asked in asked(), wait in 0_i64..900, skips in 0_u32..4) {
        let policy = Policy { everybody, rules, ..Policy::default() };
        let later = Asked { now: asked.now + wait, skips_used: asked.skips_used + skips, ..asked.clone() };
        let before = Effective::of(&policy, 1, &asked.facts());
        let after = Effective::of(&policy, 1, &later.facts());
        prop_assert!(duty_of(after.mode.value) >= duty_of(before.mode.value));
    }

    #[test]
    fn the_rule_that_is_named_applies_and_asked_for_it(everybody in ask(), rules in rules(), asked in asked()) {
        let policy = Policy { everybody, rules, ..Policy::default() };
        let effective = Effective::of(&policy, 1, &asked.facts());
        let ask_of = |name: &str| -> Option<Ask> {
            let application = || format!("application {}", asked.application.unwrap_or_default());
            match name {
                "default" => None,
                "pool" => Some(policy.everybody.clone()),
                name if name == application() => Some(Ask { min_acr: asked.application_acr, ..Ask::default() }),
                name => {
                    let rule = policy.rules.iter().find(|rule| rule.name == name).unwrap_or_else(|| panic!("no rule {name}"));
                    assert!(applies(&rule.when, &asked), "{name} does not apply");
                    Some(rule.ask.clone())
                }
            }
        };
        if let Some(ask) = ask_of(&effective.mode.rule) {
            prop_assert_eq!(duty(&ask, &asked), Some(duty_of(effective.mode.value)));
        }
        if let Some(ask) = ask_of(&effective.min_acr.rule) {
            prop_assert_eq!(ask.min_acr, Some(effective.min_acr.value));
        }
        if let Some(ask) = ask_of(&effective.locked.rule) {
            prop_assert_eq!(ask.locked, Some(effective.locked.value));
        }
        if let Some(ask) = ask_of(&effective.after_recovery.rule) {
            prop_assert_eq!(ask.after_recovery, Some(effective.after_recovery.value));
        }
        if let Some(ask) = ask_of(&effective.remember_days.rule) {
            prop_assert_eq!(ask.remember_days, Some(effective.remember_days.value));
        }
        if let Some(ask) = ask_of(&effective.factors.rule) {
            let listed = ask.factors.unwrap_or_default();
            prop_assert!(effective.factors.value.iter().flatten().all(|kind| listed.contains(kind)));
        }
        for (proof, of) in [
            (&effective.enrol, (|ask: Ask| ask.enrol) as fn(Ask) -> Option<Proof>),
            (&effective.remove, |ask| ask.remove),
            (&effective.disable, |ask| ask.disable),
            (&effective.regenerate, |ask| ask.regenerate),
        ] {
            if let Some(ask) = ask_of(&proof.rule) {
                let asked = of(ask).map(questions).unwrap_or_default();
                let value = questions(proof.value);
                prop_assert!((!asked.0 || value.0) && (!asked.1 || value.1));
            }
        }
    }
}

/// Evidence that a second factor can have: something one has or is.
fn evidence() -> impl Strategy<Value = Evidence> {
    let counts = prop_oneof![4 => Just(Counts::TowardAcr), 1 => Just(Counts::PolicyOnly), 1 => Just(Counts::RecoveryOnly)];
    let category = select(vec![Category::Possession, Category::Possession, Category::Inherence]);
    (category, any::<bool>(), prop::bool::weighted(0.2), any::<bool>(), counts).prop_map(
        |(category, phishing_resistant, user_verified, hardware, counts)| Evidence {
            category,
            amr: vec![Cow::Borrowed("x")],
            phishing_resistant,
            user_verified,
            hardware,
            counts,
        },
    )
}

fn offers() -> impl Strategy<Value = Vec<FactorOffer>> {
    let taken = || (any::<bool>(), evidence(), prop::bool::weighted(0.3));
    [taken(), taken(), taken(), taken()].prop_map(|rows| {
        let offer = |(name, (there, evidence, disabled)): (&&'static str, (bool, Evidence, bool))| {
            there.then(|| FactorOffer { kind: FactorKind::new(name), evidence, disabled, chosen: true })
        };
        KINDS.iter().zip(rows).filter_map(offer).collect()
    })
}

/// The first factor: a password, or an authenticator that checks its user and so is two factors in one.
fn first() -> impl Strategy<Value = (FactorKind, Evidence)> {
    let passkey = Evidence {
        category: Category::Possession,
        amr: vec![Cow::Borrowed("x")],
        phishing_resistant: true,
        user_verified: true,
        hardware: false,
        counts: Counts::TowardAcr,
    };
    prop_oneof![
        3 => Just((FactorKind::PASSWORD, Evidence::password())),
        1 => Just((FactorKind::new("passkey"), passkey)),
    ]
}

fn requirement() -> impl Strategy<Value = (Ask, Option<Acr>)> {
    let mode = option::of(select(vec![MfaMode::Off, MfaMode::Optional, MfaMode::Required]));
    let named =
        prop_oneof![2 => Just(FactorKind::PASSWORD), 1 => Just(FactorKind::new("passkey")), 4 => kind()];
    let groups = prop_oneof![2 => Just(Vec::new()), 1 => vec(vec(named, 2..4), 1..3)];
    let after = option::of(select(vec![AfterRecovery::Session, AfterRecovery::Enrol]));
    let acr = || option::of(select(Acr::ALL.to_vec()));
    (mode, acr(), groups, after, acr()).prop_map(|(mode, min_acr, distinct, after_recovery, requested)| {
        (Ask { mode, min_acr, distinct, after_recovery, ..Ask::default() }, requested)
    })
}

/// A search that knows no plan: whether some order of answers, and an enrolment at its end, satisfies the requirement.
///
/// The rules of the search are the product's sentences: only what is enrolled and answers can answer; left-over codes
/// of somebody without a factor are no factor; and a user who has a factor enrols nothing before giving one.
struct Search<'a> {
    ask: &'a Requirement,
    enrolled: &'a [FactorOffer],
    enrollable: &'a [FactorOffer],
}

impl Search<'_> {
    fn event(offer: &FactorOffer) -> AuthEvent {
        let (factor, evidence) = (offer.kind.clone(), offer.evidence.clone());
        let (at, expires_at) = (at(NOW), at(NOW + 1));
        AuthEvent { factor, credential: None, kind: EventKind::SecondFactor, at, expires_at, evidence }
    }

    fn opened(&self, events: &[AuthEvent]) -> bool {
        let without_factor =
            Requirement { acr: Acr::OneFactor, second_factor: true, rebind: false, ..self.ask.clone() };
        without_factor.is_met_by(events, at(NOW))
    }

    fn leads_in(&self, events: &[AuthEvent]) -> bool {
        if self.ask.is_met_by(events, at(NOW)) {
            return true;
        }
        let owner = self.enrolled.iter().any(|one| one.evidence.counts != Counts::RecoveryOnly);
        let unused = |offer: &&FactorOffer| events.iter().all(|one| one.factor != offer.kind);
        let answers = self
            .enrolled
            .iter()
            .filter(|one| !one.disabled && (owner || one.evidence.counts != Counts::RecoveryOnly))
            .filter(unused);
        let with = |offer: &FactorOffer| [events, &[Self::event(offer)]].concat();
        if answers.map(with).any(|events| self.leads_in(&events)) {
            return true;
        }
        let may_enrol = !owner || self.opened(events);
        let new =
            self.enrollable.iter().filter(|one| !one.disabled && one.evidence.counts != Counts::RecoveryOnly);
        may_enrol && new.map(with).any(|events| self.ask.is_met_by(&events, at(NOW)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_has_a_way_in_finds_one(
        (ask, requested) in requirement(), first in first(), enrolled in offers(), enrollable in offers(),
    ) {
        let effective = Effective::of(
            &Policy { everybody: ask, ..Policy::default() },
            1,
            &Asked { application: None, application_acr: None, groups: Vec::new(), scopes: Vec::new(), skips_used: 0, now: NOW }
                .facts(),
        );
        let owner = enrolled.iter().any(|one| one.evidence.counts != Counts::RecoveryOnly);
        // As a sign-in asks: which answers are enough is narrowed for a change of factors only.
        let mut requirement = Requirement::floor(&effective, owner);
        if let Some(acr) = requested {
            requirement = requirement.at_least(acr, Reason::Requested, "request");
        }
        let (kind, evidence) = first;
        let opening = AuthEvent {
            factor: kind.clone(),
            credential: None,
            kind: EventKind::FirstFactor,
            at: at(NOW),
            expires_at: at(NOW + 1),
            evidence: evidence.clone(),
        };
        let search = Search { ask: &requirement, enrolled: &enrolled, enrollable: &enrollable };
        let expected = search.leads_in(&[opening]);
        let found = way_in(&requirement, &kind, &evidence, &enrolled, &enrollable, at(NOW));
        prop_assert_eq!(found, expected, "{:?}", requirement);
        // The age of proofs shuts nobody out.
        let fresh = requirement.clone().all_since(at(NOW));
        prop_assert_eq!(way_in(&fresh, &kind, &evidence, &enrolled, &enrollable, at(NOW)), expected);
    }
}
