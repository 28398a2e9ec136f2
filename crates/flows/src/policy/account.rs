//! What a page or an action of the user center requires.

use crate::{factor::call::PoolAt, policy::offers::Offers};
use vestibule_domain::{
    Action, FactorKind, LeastStrength, Pool, Requirement, Timestamp,
    policy::{Decided, Proof, has_factor},
};

/// What an action in the user center requires. `began` is when the session began, where there is one.
pub(crate) fn action_requirement(
    at: PoolAt<'_>,
    action: &Action,
    offers: &Offers,
    began: Option<Timestamp>,
) -> Requirement {
    let floor = Requirement::floor(&offers.policy, offers.has_factor());
    let fresh = at.now - at.pool.settings.lifetimes.fresh;
    let again = began.map_or(fresh, |began| fresh.max(began + 1));
    let policy = &offers.policy;
    let (proof, least) = match action {
        Action::View(_) | Action::ConnectDevice { .. } => return floor,
        Action::ManageFactors => {
            let each = [&policy.remove, &policy.disable, &policy.regenerate].map(|proof| proof.value);
            let value = each.into_iter().reduce(Proof::common).unwrap_or_default();
            let proof = Decided { value, rule: policy.disable.rule.clone() };
            return if value == Proof::Recent { floor } else { prove(floor, &proof, again) };
        }
        Action::EnrolFactor(kind) => enrolment_proof(at.pool, Some(kind), offers),
        // An administrator who may change what everybody has to prove has just proved all of it.
        Action::EnableFactors | Action::ExportData | Action::Administer(_) => {
            enrolment_proof(at.pool, None, offers)
        }
        Action::RemoveFactor(id) => {
            let kind = offers.own.iter().find(|one| one.id == *id).map(|one| &one.kind);
            (policy.remove.clone(), offers.least(|one| kind.is_none_or(|kind| kind == one)))
        }
        // There is nothing to prove for what is refused to everybody.
        Action::DisableFactors if policy.locked.value => return floor,
        Action::DisableFactors => (policy.disable.clone(), offers.least(|_| true)),
        // Whoever has the address gets a forgotten password, and what is deleted does not come back. So nobody does either at a
        // session that was left open: the first factor is given once more, whatever the rules say.
        Action::ChangeAddress | Action::DeleteAccount => {
            let (mut proof, least) = enrolment_proof(at.pool, None, offers);
            proof.value = proof.value.and(Proof::Password);
            (proof, least)
        }
        Action::RegenerateCodes => {
            (policy.regenerate.clone(), offers.least(|_| true).min(LeastStrength::Factor))
        }
    };
    // A factor that sign-ins no longer ask for is still asked before it is changed.
    let mut floor = floor;
    floor.second_factor |= has_factor(&offers.enrolled);
    let base = match action {
        Action::EnrolFactor(_)
        | Action::EnableFactors
        | Action::ChangeAddress
        | Action::ExportData
        | Action::DeleteAccount
        | Action::Administer(_) => floor.all_since(fresh),
        _ => floor.second_factor_since(fresh),
    };
    prove(base.at_least_strength(least), &proof, again)
}

/// What is asked before an enrolment. One that takes the place of a factor is a removal, too.
fn enrolment_proof(
    pool: &Pool,
    kind: Option<&FactorKind>,
    offers: &Offers,
) -> (Decided<Proof>, LeastStrength) {
    let (enrol, remove) = (&offers.policy.enrol, &offers.policy.remove);
    // A mailed code is not enough to add a factor where a real one could answer.
    let least = offers.least(|_| true).min(LeastStrength::Factor);
    let kind = kind.filter(|kind| pool.settings.enrolment.replace && offers.has(kind));
    let Some(kind) = kind else { return (enrol.clone(), least) };
    let value = enrol.value.and(remove.value);
    let rule = if value == enrol.value { &enrol.rule } else { &remove.rule };
    (Decided { value, rule: rule.clone() }, least.max(offers.least(|one| one == kind)))
}

fn prove(requirement: Requirement, proof: &Decided<Proof>, again: Timestamp) -> Requirement {
    let mut requirement = requirement.because_fresh(&proof.rule);
    if proof.value.password() {
        requirement = requirement.first_factor_since(again);
    }
    if proof.value.factor() {
        requirement = requirement.answered_since(again);
    }
    requirement
}
