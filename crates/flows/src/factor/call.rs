//! Calls of factors. A factor that panics or stalls has failed; that is written down, and no other user notices. One that
//! does more than compute runs on a thread of its own with a deadline, and the number of such threads is limited.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    factor::{Claimant, Factors},
};
use std::{sync::Arc, time::Duration};
use tokio::{
    task::spawn_blocking,
    time::{Sleep, sleep, timeout},
};
use vestibule_domain::{Credential, Email, Entropy, FactorKind, Pool, Timestamp, User};
use vestibule_mfa::{FactorCx, FactorError, SecondFactor, Subject, guarded};
use vestibule_seal::KeyRing;

/// After so long a factor has failed, in seconds. A person waits for it.
const DEADLINE: Duration = Duration::from_secs(2);

/// When it is told that an answer was judged and does not count: later than any verdict of a factor that only computes.
const ALIKE: Duration = Duration::from_secs(1);

/// A pool at a moment, as a factor is asked about it.
#[derive(Clone, Copy)]
pub(crate) struct PoolAt<'a> {
    pub(crate) pool: &'a Pool,
    pub(crate) now: Timestamp,
    pub(crate) can_mail: bool,
}

/// Runs code of a factor with the context that it may see; a panic counts as a failure of the factor.
fn in_context<T>(
    entropy: &dyn Entropy,
    keys: &KeyRing,
    at: PoolAt<'_>,
    user: &User,
    run: impl FnOnce(&FactorCx<'_>) -> Result<T, FactorError>,
) -> Result<T, FactorError> {
    let account = user.email.as_deref().unwrap_or(&user.username);
    let proved = user.email.as_deref().filter(|_| user.email_verified);
    let email = proved.and_then(|email| Email::parse(email).ok());
    let locale = user.locale.as_deref();
    let subject = Subject { user: user.id, account, email: email.as_ref(), locale };
    let PoolAt { pool, now, can_mail } = at;
    guarded(|| run(&FactorCx { now, entropy, keys, pool, can_mail, subject }))
}

impl<'a> Factors<'a> {
    /// The pool of a request, as its factors are asked about it.
    pub(crate) fn at(self, cx: &Cx) -> PoolAt<'_> {
        PoolAt { pool: &cx.pool.pool, now: cx.now, can_mail: self.app.can_mail() }
    }

    pub(crate) fn factor(self, kind: &FactorKind) -> Result<&'a Arc<dyn SecondFactor>, Failure> {
        self.app
            .registry()
            .get_shared(kind)
            .ok_or_else(|| Failure::internal(format!("no factor of kind {kind}")))
    }

    /// Begins to wait for the moment at which it is told that an answer was judged and does not count, because somebody was
    /// faster or there were too many. It is the same for every verdict, so that nobody learns one from the time that the
    /// work took.
    pub(crate) fn alike(self, kind: &FactorKind) -> Sleep {
        let watched = self.app.registry().get(kind).is_some_and(SecondFactor::watched);
        sleep(if watched { DEADLINE + ALIKE } else { ALIKE })
    }

    /// Asks a factor about itself. It must know that without work, so there is no deadline.
    pub(crate) fn look<T>(
        self,
        at: PoolAt<'_>,
        user: &User,
        run: impl FnOnce(&FactorCx<'_>) -> Result<T, FactorError>,
    ) -> Result<T, FactorError> {
        in_context(self.app.entropy().as_ref(), self.app.keys(), at, user, run)
    }

    /// Calls a factor. Its failure is logged and written down; what it refuses is for the caller to handle.
    ///
    /// # Errors
    /// Those of `run`, and [`FactorError::Internal`] when it panics or does not return in time.
    pub(crate) async fn call<T: Send + 'static>(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        kind: &FactorKind,
        run: impl FnOnce(&dyn SecondFactor, &FactorCx<'_>, &[Credential]) -> Result<T, FactorError>
        + Send
        + 'static,
    ) -> Result<T, FactorError> {
        let Some(factor) = self.app.registry().get_shared(kind) else { return Err(FactorError::NotEnrolled) };
        let done = if factor.watched() {
            self.watched(cx, claimant, Arc::clone(factor), run).await
        } else {
            let at = self.at(cx);
            self.look(at, claimant.user, |factor_cx| run(&**factor, factor_cx, claimant.own))
        };
        if let Err(FactorError::Internal(cause)) = &done {
            self.factor_failed(cx, claimant.user, kind, cause).await;
        }
        done
    }

    async fn watched<T: Send + 'static>(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        factor: Arc<dyn SecondFactor>,
        run: impl FnOnce(&dyn SecondFactor, &FactorCx<'_>, &[Credential]) -> Result<T, FactorError>
        + Send
        + 'static,
    ) -> Result<T, FactorError> {
        let failed = |cause: &str| FactorError::Internal(cause.to_owned());
        let place = self.app.calls().place(factor.kind());
        let place = place.map_err(|_| failed("too many of its calls have not returned"))?;
        let (entropy, keys, pool) =
            (Arc::clone(self.app.entropy()), Arc::clone(self.app.keys()), Arc::clone(&cx.pool));
        let (now, can_mail) = (cx.now, self.app.can_mail());
        let (user, own) = (claimant.user.clone(), claimant.own.to_vec());
        let call = spawn_blocking(move || {
            let _place = place;
            let at = PoolAt { pool: &pool.pool, now, can_mail };
            in_context(entropy.as_ref(), &keys, at, &user, |factor_cx| run(&*factor, factor_cx, &own))
        });
        match timeout(DEADLINE, call).await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(failed("its thread ended")),
            Err(_) => Err(failed("it did not return in time")),
        }
    }

    /// Writes down that a factor failed. A database that fails as well must not hide it: the log has both.
    async fn factor_failed(self, cx: &Cx, user: &User, kind: &FactorKind, cause: &str) {
        tracing::error!(factor.kind = %kind, request.id = %cx.request_id, cause, "a factor failed");
        let row = self
            .app
            .audit(cx, AuditAction::FactorFailed, Some(user.id), Ended::Refused)
            .why("kind", kind.as_str());
        let store = self.app.pool_store(cx);
        if let Err(error) = store.write(move |tx| async move { tx.insert_audit(&row).await }).await {
            tracing::error!(request.id = %cx.request_id, error = %error, "the failure was not written down");
        }
    }
}
