//! The gate before the user center: who may open which page, and what has to come first.

use crate::{
    base::{
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
        sealed_request::PendingRequest,
    },
    policy::account::action_requirement,
    sign_in::{
        SignIn,
        course::{Course, Standing},
    },
};
use std::ops::Deref;
use vestibule_domain::{
    AccountPage, Action, Authenticated, CredentialId, FactorKind, Intent, PoolTask, Requirement,
};

/// A person at their account: signed in, and let in through a gate, which is the only way to get one.
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

/// A type of action that a gate stands before. Each change of an account names the one that it takes a proof for.
pub trait Gated {
    /// The action as a value, for the policy and for the way back.
    fn action(&self) -> Action;
}

/// The proof that a person has given what `A` asks for: only the gate for `A` makes one. A change of an account takes it
/// as an argument, so that there is no way around the gate.
pub struct Admitted<A> {
    account: Account,
    action: A,
}

impl<A> Admitted<A> {
    /// What was asked for.
    pub const fn action(&self) -> &A {
        &self.action
    }

    /// The account alone; the proof is used up.
    pub(crate) fn into_account(self) -> Account {
        self.account
    }
}

impl<A> Deref for Admitted<A> {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

macro_rules! gated {
    ($($(#[$doc:meta])* $name:ident $(($value:ty))? => $action:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name $((pub $value))?;

        impl Gated for $name {
            fn action(&self) -> Action {
                let make: fn(&Self) -> Action = $action;
                make(self)
            }
        }
    )*};
}

gated! {
    /// [`Action::View`].
    View(AccountPage) => |it| Action::View(it.0);
    /// [`Action::ManageFactors`].
    ManageFactors => |_| Action::ManageFactors;
    /// [`Action::EnableFactors`].
    EnableFactors => |_| Action::EnableFactors;
    /// [`Action::EnrolFactor`].
    EnrolFactor(FactorKind) => |it| Action::EnrolFactor(it.0.clone());
    /// [`Action::RemoveFactor`].
    RemoveFactor(CredentialId) => |it| Action::RemoveFactor(it.0);
    /// [`Action::DisableFactors`].
    DisableFactors => |_| Action::DisableFactors;
    /// [`Action::RegenerateCodes`].
    RegenerateCodes => |_| Action::RegenerateCodes;
    /// [`Action::ChangeAddress`].
    ChangeAddress => |_| Action::ChangeAddress;
    /// [`Action::ExportData`].
    ExportData => |_| Action::ExportData;
    /// [`Action::DeleteAccount`].
    DeleteAccount => |_| Action::DeleteAccount;
    /// [`Action::ConnectDevice`], with what was typed.
    ConnectDevice(String) => |it| Action::ConnectDevice { user_code: it.0.clone() };
    /// [`Action::Administer`].
    Administer(PoolTask) => |it| Action::Administer(it.0.clone());
}

/// What a gate says.
pub enum Admission<A> {
    /// Come in.
    Open(Box<Admitted<A>>),
    /// This first.
    First(Step),
}

/// What a gate found, before anything is admitted.
enum Passage {
    Open(Box<Account>),
    First(Step),
}

impl SignIn<'_> {
    /// Lets the browser's session through the gate before an action, or says what has to come first.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn admit<A: Gated>(self, cx: &Cx, action: A) -> Result<Admission<A>, Failure> {
        let pending = PendingRequest::new(cx, Intent::Account(action.action()));
        Ok(match self.pass(cx, action.action(), pending).await? {
            Passage::Open(account) => Admission::Open(Box::new(Admitted { account: *account, action })),
            Passage::First(step) => Admission::First(step),
        })
    }

    /// Goes to an action in the user center after something was done for it.
    pub(crate) async fn go_on(self, cx: &Cx, pending: PendingRequest) -> Result<Step, Failure> {
        let Intent::Account(action) = pending.intent.clone() else { return Ok(Next::Expired.into()) };
        Ok(match self.pass(cx, action.clone(), pending).await? {
            Passage::Open(_) => Next::Account(action).into(),
            Passage::First(step) => step,
        })
    }

    async fn pass(self, cx: &Cx, action: Action, pending: PendingRequest) -> Result<Passage, Failure> {
        let login = || Passage::First(Next::Login { request: self.app.seal_again(cx, &pending) }.into());
        let Some(live) = self.app.live(cx).await? else { return Ok(login()) };
        if let Some(touch) = self.app.touch_of(cx, &live) {
            self.app.pool_store(cx).write(move |tx| async move { touch.store(&tx).await }).await?;
        }
        let policy = self.app.policies().policy_inside(cx, &live, None);
        if matches!(action, Action::View(_) | Action::ConnectDevice { .. }) {
            let strictest = Requirement::floor(&policy, true);
            if let Some(authenticated) = Authenticated::from_session(&live.session, &strictest, cx.now) {
                return Ok(Passage::Open(Box::new(Account { live, authenticated })));
            }
        }
        let offers = self.app.policies().offers(cx, &live.user, policy).await?;
        let requirement =
            action_requirement(self.app.factors().at(cx), &action, &offers, Some(live.session.created_at));
        let missing = match Standing::of(&live, requirement, offers, cx.now) {
            Standing::Met(met) => {
                let authenticated = met.authenticated;
                return Ok(Passage::Open(Box::new(Account { live, authenticated })));
            }
            Standing::Missing(missing) => *missing,
        };
        Ok(match missing.course {
            Course::Through | Course::FirstFactor => login(),
            Course::Unreachable => {
                Passage::First(self.turn_away(cx, &live, &pending.intent, &missing.requirement).await?)
            }
            Course::Propose(_) | Course::SecondFactor(_) | Course::Enrol(_) => {
                Passage::First(self.start_flow(cx, pending.intent, &live, missing).await?)
            }
        })
    }
}
