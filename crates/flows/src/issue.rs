//! New credentials: those that factors issue by themselves, and how a factor's own become the user's.

use crate::{app::App, context::Cx, error::Failure};
use vestibule_domain::{Credential, CredentialId, FactorKind, User};
use vestibule_mfa::{CeremonyState, Enrolment, FactorCx, FactorInput, NewCredential, SecondFactor};

impl App {
    /// What every factor that is issued by itself issues now.
    pub(crate) fn automatic(&self, cx: &Cx, user: &User) -> Result<Vec<(FactorKind, Enrolment)>, Failure> {
        let offered = |factor: &&dyn SecondFactor| {
            let now = |cx: &FactorCx<'_>| Ok(factor.available(cx));
            factor.traits().automatic && self.with_factor(cx, user, now).unwrap_or(false)
        };
        let automatic = self.registry.iter().filter(offered);
        automatic
            .map(|factor| {
                let issued = self.with_factor(cx, user, |factor_cx| {
                    let begun = factor.begin_enrol(factor_cx, &[])?;
                    factor.finish_enrol(factor_cx, &CeremonyState(begun.state.0), &FactorInput::default())
                });
                issued.map(|issued| (factor.kind(), issued)).map_err(Failure::internal)
            })
            .collect()
    }

    pub(crate) fn credentials_of(
        &self,
        cx: &Cx,
        user: &User,
        (kind, chosen): (&FactorKind, bool),
        new: Vec<NewCredential>,
    ) -> Vec<Credential> {
        new.into_iter()
            .map(|new| Credential {
                id: CredentialId::new(cx.now, self.entropy.as_ref()),
                user: user.id,
                kind: kind.clone(),
                label: new.label,
                public: new.public,
                secret: new.secret,
                counter: new.counter,
                chosen,
                created_at: cx.now,
                last_used_at: None,
            })
            .collect()
    }
}
