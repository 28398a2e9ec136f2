//! The verdict of a factor: checked against what the factor promised, and what follows from it.

use crate::{base::cx::Cx, factor::Factors};
use vestibule_domain::{
    AuthEvent, Credential, CredentialId, Evidence, FactorKind, Timestamp, UserId, assurance::EventKind,
};
use vestibule_mfa::{Effect, FactorError, SecondFactor, Verified};
use vestibule_store::{CredentialUpdate, PoolTx, StoreError};

impl Factors<'_> {
    /// An event of the second factor, with its own expiry.
    pub(crate) fn event(
        self,
        cx: &Cx,
        factor: &FactorKind,
        credential: Option<CredentialId>,
        kind: EventKind,
        evidence: Evidence,
    ) -> AuthEvent {
        let expires_at = cx.now + cx.pool.pool.settings.lifetimes.second_factor;
        AuthEvent { factor: factor.clone(), credential, kind, at: cx.now, expires_at, evidence }
    }
}

/// Checks a verdict against what the factor promised: an answer is given by a credential of the user's and of its kind, and is worth no more
/// than the factor said it could be.
pub(crate) fn checked_verdict(
    factor: &dyn SecondFactor,
    user: UserId,
    own: &[Credential],
    verified: Verified,
) -> Result<Verified, FactorError> {
    let kind = factor.kind();
    let owned = own.iter().any(|one| one.id == verified.credential && one.user == user && one.kind == kind);
    let (best, claimed) = (factor.traits().evidence, &verified.evidence);
    let modest = claimed.category == best.category
        && claimed.counts == best.counts
        && claimed.phishing_resistant <= best.phishing_resistant
        && claimed.user_verified <= best.user_verified
        && claimed.hardware <= best.hardware;
    if owned && modest {
        Ok(verified)
    } else {
        Err(FactorError::Internal("its answer makes no sense".to_owned()))
    }
}

/// Applies what a right answer does to its credential; `false` means that it was spent before: a replay.
pub(crate) async fn apply(
    tx: &PoolTx,
    user: UserId,
    credential: CredentialId,
    effect: &Effect,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match effect {
        Effect::RaiseCounter { to } => tx.raise_counter(credential, user, *to, now).await,
        Effect::Spend => tx.spend_credential(credential, user, now).await,
        Effect::Replace { was, public, secret } => {
            let secret = secret.as_ref();
            let update = CredentialUpdate { id: credential, user, was, public, secret };
            tx.replace_credential(&update, now).await
        }
    }
}
