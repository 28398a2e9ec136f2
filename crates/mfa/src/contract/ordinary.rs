//! What a factor has to do when nobody attacks.

use super::{
    ContractDriver, Violation, deliver, ensure,
    world::{NOW, World, apply, ran},
};
use crate::{FactorError, FactorView, SecondFactor, guarded, label};
use std::collections::BTreeSet;
use vestibule_domain::{Counts, Evidence, assurance::class_of};

/// Name, traits and samples.
pub(super) fn description(factor: &dyn SecondFactor) -> Result<(), Violation> {
    let (kind, traits) = (factor.kind(), factor.traits());
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let named = !kind.as_str().is_empty() && kind.as_str().chars().all(plain);
    ensure(named && kind.as_str() != "password", || {
        format!("{kind:?} cannot be a path segment and a column")
    })?;
    ensure(kind == factor.kind() && traits == factor.traits(), || "the description changes".to_owned())?;
    let Evidence { amr, phishing_resistant, user_verified, hardware, counts, .. } = &traits.evidence;
    ensure(!amr.is_empty(), || "a right answer leaves no trace in amr".to_owned())?;
    ensure(!amr.iter().any(|value| value == "mfa"), || "mfa is the product's to say".to_owned())?;
    let modest = *counts == Counts::TowardAcr || !(*phishing_resistant || *user_verified || *hardware);
    ensure(modest, || "what is worth no factor claims to be strong".to_owned())?;
    ensure(!traits.automatic || *counts == Counts::RecoveryOnly, || {
        "only a backup may be issued unasked".to_owned()
    })?;
    let samples = factor.sample_views();
    ensure(!samples.is_empty(), || "there is no sample view".to_owned())?;
    samples.iter().try_for_each(|view| well_formed(factor, view))
}

fn well_formed(factor: &dyn SecondFactor, view: &FactorView) -> Result<(), Violation> {
    let name = view.template.strip_prefix(&format!("factors/{}/", factor.kind()));
    let name = name.and_then(|rest| rest.strip_suffix(".html"));
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    ensure(name.is_some_and(plain), || format!("{} is not a template of this factor", view.template))?;
    ensure(view.data.is_object(), || format!("the data of {} is not an object", view.template))?;
    let text = serde_json::to_string(&view.data).map_err(|error| Violation(error.to_string()))?;
    let back: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Violation(error.to_string()))?;
    ensure(back == view.data, || format!("the data of {} does not survive JSON", view.template))
}

/// A real view has a sample with the same fields: otherwise the page tests render something else than users see.
fn sampled(factor: &dyn SecondFactor, view: &FactorView) -> Result<(), Violation> {
    well_formed(factor, view)?;
    let fields = |view: &FactorView| -> BTreeSet<String> {
        view.data.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
    };
    let like =
        factor.sample_views().iter().any(|one| one.template == view.template && fields(one) == fields(view));
    ensure(like, || format!("no sample of {} has the fields {:?}", view.template, fields(view)))
}

pub(super) fn no_more_than(evidence: &Evidence, best: &Evidence) -> bool {
    let password = Evidence::password();
    let class = |one| class_of([&password, one].into_iter());
    class(evidence) <= class(best)
        && evidence.category == best.category
        && evidence.counts == best.counts
        && (best.phishing_resistant || !evidence.phishing_resistant)
        && (best.user_verified || !evidence.user_verified)
        && (best.hardware || !evidence.hardware)
}

/// Enrol, answer, have the effect applied, fail with the same answer, give another one.
pub(super) fn life(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    let world = World::new()?;
    let traits = factor.traits();
    let none = guarded(|| factor.begin_verify(&world.alice(NOW), &[]));
    ensure(none.err() == Some(FactorError::NotEnrolled), || "a user without it is asked for it".to_owned())?;

    let (mut device, mut own) = (driver.device(), Vec::new());
    let enrolment = world.enrol_into(factor, &mut *device, &mut own)?;
    ensure(!enrolment.credentials.is_empty(), || "the enrolment makes no credential".to_owned())?;
    let told = enrolment.evidence.iter().all(|one| no_more_than(one, &traits.evidence));
    ensure(told, || "the enrolment is worth more than the traits say".to_owned())?;
    let bare = traits.named || (enrolment.label.is_empty() && own.iter().all(|one| one.label.is_empty()));
    ensure(bare, || "a kind without names gives one".to_owned())?;
    let begun = ran("begin_enrol", guarded(|| factor.begin_enrol(&world.alice(NOW), &own)))?;
    sampled(factor, &begun.view)?;
    enrolment.reveal.iter().try_for_each(|view| sampled(factor, view))?;

    let mut now = NOW;
    for round in 0..3 {
        now = now + driver.pause();
        let ceremony = world.challenge(factor, &own, now)?;
        deliver(&mut *device, &ceremony);
        sampled(factor, &ceremony.view)?;
        let input = device.answer(&ceremony.view, now);
        let cx = world.alice(now);
        let step = format!("verify, round {round},");
        let verified = ran(&step, guarded(|| factor.verify(&cx, &own, &ceremony.state, &input)))?;
        let told = no_more_than(&verified.evidence, &traits.evidence);
        ensure(told, || "an answer is worth more than the traits say".to_owned())?;
        apply(&mut own, &verified)?;
        let again = guarded(|| factor.verify(&cx, &own, &ceremony.state, &input));
        ensure(again.is_err(), || "the same answer is accepted twice".to_owned())?;
        let fresh = world.challenge(factor, &own, now)?;
        let again = guarded(|| factor.verify(&cx, &own, &fresh.state, &input));
        ensure(again.is_err(), || "an old answer is accepted for a new challenge".to_owned())?;
    }
    second_enrolment(factor, driver, &world)
}

/// Two enrolments share nothing, and a replaced set stops answering.
fn second_enrolment(
    factor: &dyn SecondFactor,
    driver: &dyn ContractDriver,
    world: &World,
) -> Result<(), Violation> {
    let mut first = world.enrol(factor, driver)?;
    let before = first.own.clone();
    let mut other = driver.device();
    world.enrol_into(factor, &mut *other, &mut first.own)?;
    let now = NOW + driver.pause();
    let ceremony = world.challenge(factor, &first.own, now)?;
    deliver(&mut *other, &ceremony);
    let input = other.answer(&ceremony.view, now);
    let verified = guarded(|| factor.verify(&world.alice(now), &first.own, &ceremony.state, &input));
    let verified = ran("verify with the second enrolment", verified)?;
    let old = before.iter().any(|one| one.id == verified.credential);
    ensure(!old, || "the first enrolment answers for the second".to_owned())?;
    let replaced = !before.iter().all(|one| first.own.iter().any(|now| now.id == one.id));
    if replaced {
        // Its messages go to the new device: the old one has nothing but what it held before.
        let ceremony = world.challenge(factor, &first.own, now)?;
        let input = first.device.answer(&ceremony.view, now);
        let stale = guarded(|| factor.verify(&world.alice(now), &first.own, &ceremony.state, &input));
        ensure(stale.is_err(), || "a replaced credential still answers".to_owned())?;
    }
    Ok(())
}

/// Names are kept as typed, trimmed, bounded; a kind without names ignores them.
pub(super) fn labels(factor: &dyn SecondFactor, driver: &dyn ContractDriver) -> Result<(), Violation> {
    if !factor.traits().named {
        return Ok(());
    }
    let world = World::new()?;
    let cx = world.alice(NOW);
    let long = "x".repeat(label::MAX_CHARS + 1);
    let cases = [("  Blaues Händy ", Some("Blaues Händy")), ("a\u{7}b", None), (long.as_str(), None)];
    for (typed, expected) in cases {
        let mut device = driver.device();
        let ceremony = ran("begin_enrol", guarded(|| factor.begin_enrol(&cx, &[])))?;
        deliver(&mut *device, &ceremony);
        let input = device.enrol(&ceremony.view, NOW).with("label", typed);
        let outcome = guarded(|| factor.finish_enrol(&cx, &ceremony.state, &input));
        let label = outcome.map(|enrolment| enrolment.label);
        let fits = match expected {
            Some(expected) => label.as_deref() == Ok(expected),
            None => label == Err(FactorError::LabelInvalid),
        };
        ensure(fits, || format!("the name {typed:?} came out as {label:?}"))?;
    }
    Ok(())
}
