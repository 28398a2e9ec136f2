//! New credentials: those that factors issue by themselves, and how a factor's own become the user's.

use crate::{
    base::{cx::Cx, failure::Failure},
    factor::{Claimant, Factors},
};
use vestibule_domain::{Credential, CredentialId, FactorKind, User};
use vestibule_mfa::{Enrolment, FactorInput, NewCredential, SecondFactor};

impl Factors<'_> {
    /// What every factor that is issued by itself issues now.
    pub(crate) async fn automatic(
        self,
        cx: &Cx,
        user: &User,
    ) -> Result<Vec<(FactorKind, Enrolment)>, Failure> {
        let at = self.at(cx);
        let offered = |factor: &&dyn SecondFactor| {
            factor.traits().automatic
                && self.look(at, user, |factor_cx| Ok(factor.available(factor_cx))).unwrap_or(false)
        };
        let kinds: Vec<FactorKind> =
            self.app.registry().iter().filter(offered).map(|factor| factor.kind()).collect();
        let mut issued = Vec::new();
        for kind in kinds {
            let issue = self.call(cx, Claimant { user, own: &[] }, &kind, |factor, factor_cx, _| {
                let begun = factor.begin_enrol(factor_cx, &[])?;
                factor.finish_enrol(factor_cx, &begun.state, &FactorInput::default())
            });
            let enrolment = issue.await.map_err(Failure::internal)?;
            issued.push((kind, enrolment));
        }
        Ok(issued)
    }

    pub(crate) fn credentials_of(
        self,
        cx: &Cx,
        user: &User,
        kind: &FactorKind,
        chosen: bool,
        new: Vec<NewCredential>,
    ) -> Vec<Credential> {
        new.into_iter()
            .map(|new| Credential {
                id: CredentialId::new(cx.now, self.app.entropy().as_ref()),
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
