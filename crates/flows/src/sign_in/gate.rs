//! The gate before the user center: who may open which page, and what has to come first.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
    },
    policy::{account::page_requirement, gate::Gate},
    sign_in::SignIn,
};
use vestibule_domain::{Authenticated, Intent, Need, Requirement, policy::plan};

/// Whoever may act on the account: the only way to get one is through a gate.
pub struct Account {
    /// The session and its user.
    pub live: Live,
    authenticated: Authenticated,
}

impl Account {
    /// The proof.
    pub const fn authenticated(&self) -> &Authenticated {
        &self.authenticated
    }
}

/// What a gate says.
pub enum Gated {
    /// Come in.
    Open(Box<Account>),
    /// This first.
    First(Step),
}

impl SignIn<'_> {
    /// Lets the browser's session through a gate, or says what has to come first. `path` is where to come back to,
    /// and decides the gate.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn gate(self, cx: &Cx, gate: Gate, path: &str) -> Result<Gated, Failure> {
        debug_assert_eq!(gate, Gate::of_path(path));
        let intent = Intent::UserCenter { path: path.to_owned() };
        let login = || Gated::First(Next::Login { request: self.app.seal_request(cx, &intent) }.into());
        let Some(live) = self.app.live(cx).await? else { return Ok(login()) };
        if let Some((id, now, ip, agent)) = self.app.touch_of(cx, &live) {
            let touch = move |tx: vestibule_store::PoolTx| async move {
                tx.touch_session(id, now, ip.as_deref(), agent.as_deref()).await
            };
            self.app.pool_store(cx).write(touch).await?;
        }
        let policy = self.app.policies().policy_inside(cx, &live.user, None);
        if gate == Gate::View {
            let strictest = Requirement::floor(&policy, true);
            if let Some(authenticated) = Authenticated::from_session(&live.session, &strictest, cx.now) {
                return Ok(Gated::Open(Box::new(Account { live, authenticated })));
            }
        }
        let offers = self.app.policies().offers(cx, &live.user, policy).await?;
        let requirement = page_requirement(cx, path, &offers, Some(live.session.created_at));
        let need = plan(&requirement, &live.session.events, &offers.enrolled, &offers.enrollable, cx.now);
        Ok(match need {
            Need::Nothing | Need::Suggest(_) => {
                match Authenticated::from_session(&live.session, &requirement, cx.now) {
                    Some(authenticated) => Gated::Open(Box::new(Account { live, authenticated })),
                    None => login(),
                }
            }
            Need::FirstFactor => login(),
            Need::Unreachable => {
                let audit = self.app.refusal_row(cx, (live.user.id, &intent), Some(&requirement));
                let error = crate::oidc::request::unreachable(&requirement, audit.id);
                self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
                Gated::First(Next::Page(error).into())
            }
            need => Gated::First(self.start_flow(cx, intent, &live, (requirement, need), &offers.own).await?),
        })
    }
}
