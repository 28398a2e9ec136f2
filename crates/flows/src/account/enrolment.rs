//! Enrolling a factor in the user center.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        bound::{Bound, REVEAL},
        cx::Cx,
        failure::Failure,
        outcome::{Next, Step},
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    factor::{
        ceremony::{CeremonyBinding, Purpose, WaitingCeremony, take},
        revealed::Revealed,
    },
    policy::account::action_requirement,
    sign_in::{
        enrolment::{Enrolled, EnrolmentAnswer, EnrolmentPlace},
        gate::{Account, Admitted, EnrolFactor, Gated as _, RegenerateCodes},
    },
};
use vestibule_domain::{AccountPage, Action, FactorKind};
use vestibule_mfa::{FactorInput, FactorView};
use vestibule_store::{PoolTx, records::CeremonyRow};

/// An enrolment under way in the user center.
pub struct EnrolmentPage {
    /// Which factor.
    pub kind: FactorKind,
    /// Its part of the page.
    pub view: FactorView,
    /// Whether it can never be switched off again: with a locked policy the last factor stays.
    pub locked: bool,
    /// Whether it takes the place of the one that there is.
    pub replaces: bool,
}

/// What a change shows only once, and keeps until it is saved.
pub enum Kept {
    /// It can be shown.
    Shown(Box<Revealed>),
    /// It is old: first what new codes ask has to be proved.
    AfterProof,
}

impl Accounts<'_> {
    /// What a change in this session shows only once, until it is saved. Somebody who comes back to it later than a proof
    /// is good for a change has to prove first what a new one would ask.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revealed(self, cx: &Cx, account: &Account) -> Result<Option<Kept>, Failure> {
        let Some(row) = self.kept(cx, account).await? else { return Ok(None) };
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        if cx.now >= row.expires_at - lifetimes.flow + lifetimes.fresh {
            return Ok(Some(Kept::AfterProof));
        }
        Ok(self.open_kept(cx, account, row)?.map(|revealed| Kept::Shown(Box::new(revealed))))
    }

    /// The same for somebody who has just proved what new codes ask.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revealed_again(
        self,
        cx: &Cx,
        account: &Admitted<RegenerateCodes>,
    ) -> Result<Option<Revealed>, Failure> {
        let Some(row) = self.kept(cx, account).await? else { return Ok(None) };
        self.open_kept(cx, account, row)
    }

    async fn kept(self, cx: &Cx, account: &Account) -> Result<Option<CeremonyRow>, Failure> {
        let bound = Bound::Session(account.live.session.id).digest();
        Ok(self.app.pool_store(cx).ceremony(&bound, REVEAL, cx.now).await?)
    }

    fn open_kept(self, cx: &Cx, account: &Account, row: CeremonyRow) -> Result<Option<Revealed>, Failure> {
        self.app.revealed(cx, &account.live.user, Bound::Session(account.live.session.id), row)
    }

    /// The user has saved it: it is not kept any longer.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn saved(self, cx: &Cx, account: &Account) -> Result<(), Failure> {
        let bound = Bound::Session(account.live.session.id).digest();
        let job = move |tx: PoolTx| async move { tx.delete_ceremonies(&bound, REVEAL).await };
        self.app.pool_store(cx).write(job).await?;
        Ok(())
    }

    /// Begins an enrolment in the user center again: a code that was mailed for it is worth nothing any more.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn restart_enrolment(self, cx: &Cx, account: &Admitted<EnrolFactor>) -> Result<(), Unchanged> {
        let bound = Bound::Session(account.live.session.id).digest();
        let restart = self.change_for_sure(cx, account, move |tx, _| async move {
            tx.delete_ceremonies(&bound, Purpose::Enrol.as_str()).await?;
            Ok(())
        });
        restart.await
    }

    /// Begins, or goes on with, an enrolment in the user center. `None`: there is no such factor to enrol.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn enrolment_page(
        self,
        cx: &Cx,
        account: &Admitted<EnrolFactor>,
    ) -> Result<Option<EnrolmentPage>, Failure> {
        let user = &account.live.user;
        let binding = CeremonyBinding::enrol(Bound::Session(account.live.session.id));
        let kind = &account.action().0;
        let offers = self.app.policies().offers(cx, user, self.app.policies().policy(cx, user, None)).await?;
        if !offers.enrollable.iter().any(|offer| offer.kind == *kind) {
            return Ok(None);
        }
        let locked = offers.policy.locked.value && !offers.has_factor();
        let replaces = cx.pool.pool.settings.enrolment.replace && offers.has(kind);
        let page = |held: WaitingCeremony| EnrolmentPage {
            kind: kind.clone(),
            view: held.page_view(),
            locked,
            replaces,
        };
        let factors = self.app.factors();
        let held = factors.held_ceremony(cx, user, binding).await?;
        if let Some(held) = held.filter(|held| held.row.kind == *kind) {
            return Ok(Some(page(held)));
        }
        let row = factors.begin_ceremony(cx, offers.claimant(user), kind, binding).await?;
        factors.replace_ceremony(cx, row).await?;
        Ok(factors.held_ceremony(cx, user, binding).await?.map(page))
    }

    /// The answer to an enrolment in the user center. The session gets no evidence from it: it can go on, but is worth
    /// to a relying party what it was worth before.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn finish_enrolment(
        self,
        cx: &Cx,
        account: &Admitted<EnrolFactor>,
        ceremony: &str,
        input: FactorInput,
    ) -> Result<Enrolled, Unchanged> {
        let user = &account.live.user;
        let binding = CeremonyBinding::enrol(Bound::Session(account.live.session.id));
        let held = self.app.factors().held_ceremony(cx, user, binding).await?;
        let Some(held) =
            held.filter(|held| held.row.kind == account.action().0 && held.row.id.to_string() == ceremony)
        else {
            return Ok(Enrolled::Stale);
        };
        let offers = self.app.policies().offers(cx, user, self.app.policies().policy(cx, user, None)).await?;
        if !offers.enrollable.iter().any(|offer| offer.kind == held.row.kind) {
            return Ok(Enrolled::Expired);
        }
        // A factor may have been enrolled after the gate was passed: then this needs what removing that one needs.
        let session = &account.live.session;
        if !action_requirement(
            self.app.factors().at(cx),
            &account.action().action(),
            &offers,
            Some(session.created_at),
        )
        .is_met_by(&session.events, cx.now)
        {
            return Ok(Enrolled::Stale);
        }
        let answer = EnrolmentAnswer { held: &held, input: &input, place: EnrolmentPlace::Center };
        let new_factor = match self.app.sign_in().judge_enrolment(cx, user, &offers, answer).await? {
            Ok(new_factor) => new_factor,
            Err(refused) => return Ok(refused),
        };
        let bound = Bound::Session(account.live.session.id);
        let kept = new_factor.reveal.as_ref().map(|reveal| self.app.reveal_row(cx, user.id, bound, reveal));
        let (kept, shows) = (kept.transpose()?, new_factor.reveal.is_some());
        let token = self.app.fresh_session_token();
        let (id, session, taken, now) = (user.id, account.live.session.id, held.row, cx.now);
        let digest = token.digest();
        let done = self
            .change(cx, account, move |tx, _| async move {
                if !take(&tx, &taken, id, now).await? {
                    return Ok(Err(()));
                }
                if !new_factor.store(&tx, None).await? {
                    return Ok(Err(()));
                }
                if new_factor.replaces {
                    let end = SessionEnd::FactorsChanged(Sessions::AllBut(session));
                    end_sessions(&tx, id, end, now).await?;
                }
                let raised = tx
                    .raise_session(session, id, std::slice::from_ref(&new_factor.event), &digest, now)
                    .await?;
                if let Some(kept) = kept {
                    tx.delete_ceremonies(&kept.bound_to, &kept.purpose).await?;
                    tx.insert_ceremony(&kept).await?;
                }
                Ok(if raised { Ok(()) } else { Err(()) })
            })
            .await?;
        let step = Box::new(Step {
            session: Some(token),
            ..Next::Account(Action::View(AccountPage::Security)).into()
        });
        Ok(match done {
            Ok(()) if shows => Enrolled::Shown { step: Some(step) },
            Ok(()) => Enrolled::Step(step),
            Err(()) => Enrolled::Stale,
        })
    }
}
