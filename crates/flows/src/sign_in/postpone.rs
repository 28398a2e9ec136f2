//! Postponing an enrolment that was proposed.

use crate::{
    base::{
        cx::Cx,
        failure::Failure,
        outcome::{Next, Step},
    },
    sign_in::SignIn,
};
use vestibule_domain::{FlowId, policy::Obligation};

/// What became of postponing an enrolment.
pub enum Postponed {
    /// This is next.
    Step(Step),
    /// It cannot be postponed any more.
    NoMore,
}

impl SignIn<'_> {
    /// The user postpones an enrolment that was proposed; the sign-in ends without it. The last time that is possible is
    /// counted in the same transaction.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn postpone(self, cx: &Cx, id: FlowId) -> Result<Postponed, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else {
            return Ok(Postponed::Step(Next::Expired.into()));
        };
        let suggested = current.flow.requirement().suggest;
        let ends = cx.now + cx.pool.pool.settings.lifetimes.session_absolute;
        let Ok(flow) = current.flow.clone().postpone(cx.now, ends) else {
            return Ok(Postponed::Step(Next::Flow(Box::new(current.flow)).into()));
        };
        // The table may have become stricter since the page was shown.
        let most = match self.flow_policy(cx, &current).mode.value {
            Obligation::Required => return Ok(Postponed::NoMore),
            Obligation::Announced { from: None, skips_left: Some(left) } => {
                Some(current.user.mfa_skips + left)
            }
            _ => None,
        };
        let ending = self.ending(cx, &flow, Some(current.version), &current.user).await?;
        let (user, counted) = (current.user.id, suggested.is_some());
        let done = self
            .app
            .pool_store(cx)
            .write_or_undo(move |tx| async move {
                if counted && !tx.skip_enrolment(user, most).await? {
                    return Ok(Err(Postponed::NoMore));
                }
                let ended = ending.store(&tx).await?;
                Ok(ended.map_err(|_| Postponed::Step(Next::Expired.into())))
            })
            .await?;
        Ok(done.map_or_else(|refused| refused, Postponed::Step))
    }
}
