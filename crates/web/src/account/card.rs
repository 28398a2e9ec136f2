//! How second factors stand, for the pages that show it at a glance.

use crate::visit::Visit;
use vestibule_domain::{FactorKind, policy::Obligation};
use vestibule_flows::{Account, Failure, SecurityView};
use vestibule_pages::{MfaCard, MfaState};

/// How second factors stand, for the pages that show it at a glance.
pub(crate) async fn card_of(visit: &Visit, account: &Account) -> Result<MfaCard, Failure> {
    Ok(card(visit, &visit.app().accounts().security(&visit.cx, account).await?))
}

pub(crate) fn card(visit: &Visit, view: &SecurityView) -> MfaCard {
    let (has, required) = (!view.factors.is_empty(), view.obligation == Obligation::Required);
    // A user with a factor that is not asked for can still wish to be asked.
    let idle = has && !view.asked && view.obligation != Obligation::Off;
    MfaCard {
        state: match (has && view.asked, required || view.locked) {
            (false, _) => MfaState::Off,
            (true, true) => MfaState::Required,
            (true, false) => MfaState::On,
        },
        locked: view.locked,
        experimental: visit.cx.pool.pool.settings.enrolment.experimental,
        can_enable: idle || (!has && !view.addable.is_empty()),
        can_disable: has && view.asked && !required && !view.locked,
        replace: match view.addable.as_slice() {
            [only] if replaces(visit, view, only) => Some(only.to_string()),
            _ => None,
        },
        factor_count: u32::try_from(view.factors.len()).unwrap_or(u32::MAX),
    }
}

/// Whether a new factor of the kind would take the place of what is there.
pub(crate) fn replaces(visit: &Visit, view: &SecurityView, kind: &FactorKind) -> bool {
    let has = || view.factors.iter().any(|line| line.credential.kind == *kind);
    visit.cx.pool.pool.settings.enrolment.replace && has()
}
