//! The security page of the user center: which factors there are, renaming, removing, new recovery codes.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        app::App,
        audit::{AuditAction, Detailed as _, Ended},
        bound::{Bound, REVEAL},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        runtime::PoolRuntime,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    factor::revealed::Revealed,
    policy::lockout::{OwnedFactors, PoolState, Usable, UserChange},
    sign_in::{
        gate::{
            Account, Admitted, DisableFactors, EnableFactors, Gated, RegenerateCodes, RemoveFactor, View,
        },
        hold::Held,
    },
};
use std::{collections::BTreeSet, sync::Arc};
use vestibule_domain::{
    Client, Credential, CredentialId, Effective, FactorKind, Timestamp, User, field::is_one_line,
    policy::Obligation,
};
use vestibule_store::{PoolTx, StoreError};

/// Longest name of a factor, in characters.
const LONGEST_LABEL: usize = 40;

/// What the security page shows.
pub struct SecurityView {
    /// What the rules ask of this user.
    pub obligation: Obligation,
    /// Whether the last factor cannot be removed.
    pub locked: bool,
    /// Whether a sign-in asks for a second factor. `false` also for a user who had to enrol one by a rule that no longer
    /// applies.
    pub asked: bool,
    /// Factors with a name of their own, oldest first.
    pub factors: Vec<FactorLine>,
    /// What can be added.
    pub addable: Vec<FactorKind>,
    /// Kinds that come as a set: recovery codes.
    pub sets: Vec<FactorSet>,
}

/// One factor on the security page.
pub struct FactorLine {
    /// The credential.
    pub credential: Credential,
    /// Too many failures, or not allowed any more: it does not answer.
    pub disabled: bool,
    /// Translation key of what else its owner should know of it.
    pub detail: Option<&'static str>,
}

/// A set of one-time credentials on the security page.
pub struct FactorSet {
    /// Which kind.
    pub kind: FactorKind,
    /// Unspent.
    pub left: u32,
    /// Issued.
    pub total: u32,
    /// Whether so few are left that the user should make new ones.
    pub low: bool,
}

/// What became of removing a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// Gone; every other session and every token is dead.
    Done,
    /// No such factor of this user.
    Unknown,
    /// A rule requires one and this is the last.
    Required,
    /// A rule locks it: the last factor cannot be removed.
    Locked,
}

impl Accounts<'_> {
    /// The security page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn security(self, cx: &Cx, account: &Account) -> Result<SecurityView, Failure> {
        let user = &account.live.user;
        let offers = self.app.policies().offers(cx, user, self.app.policies().policy(cx, user, None)).await?;
        let totals = self.app.pool_store(cx).credential_totals(user.id).await?;
        let disabled =
            |kind: &FactorKind| offers.enrolled.iter().any(|offer| offer.kind == *kind && offer.disabled);
        let is_set =
            |kind: &FactorKind| self.app.registry().get(kind).is_some_and(|factor| factor.traits().automatic);
        let lines = offers.own.iter().filter(|one| !is_set(&one.kind));
        let factors: Vec<FactorLine> = lines.map(|one| self.line(one, disabled(&one.kind))).collect();
        let sets = totals
            .into_iter()
            .filter(|total| is_set(&total.kind) && !factors.is_empty())
            .map(|total| {
                let low = self.app.registry().get(&total.kind).and_then(|factor| factor.traits().low_water);
                // A set that is still complete is as large as its tenant wants it.
                let low = low.is_some_and(|low| total.left <= low && total.left < total.total);
                FactorSet { kind: total.kind, left: total.left, total: total.total, low }
            })
            .collect();
        Ok(SecurityView {
            obligation: offers.policy.mode.value,
            locked: offers.policy.locked.value,
            asked: offers.has_factor() || offers.policy.mode.value == Obligation::Required,
            addable: offers.enrollable.iter().map(|offer| offer.kind.clone()).collect(),
            factors,
            sets,
        })
    }

    fn line(self, one: &Credential, disabled: bool) -> FactorLine {
        let detail = self.app.registry().get(&one.kind).and_then(|factor| factor.detail(one));
        FactorLine { credential: one.clone(), disabled, detail }
    }

    /// Has sign-ins ask for the factors of a user whom they were not asking. `false`: there are none.
    ///
    /// # Errors
    /// [`Unchanged`] when the session ended meanwhile, or the database fails.
    pub async fn choose_factors(self, cx: &Cx, account: &Admitted<EnableFactors>) -> Result<bool, Unchanged> {
        let user = account.live.user.id;
        let audit = self.app.audit(cx, AuditAction::FactorsChosen, Some(user), Ended::Done);
        let choose = self.change_for_sure(cx, account, move |tx, _| async move {
            let chosen = tx.choose_credentials(user).await? > 0;
            if chosen {
                tx.insert_audit(&audit).await?;
            }
            Ok(chosen)
        });
        choose.await
    }

    /// Renames a factor; `false` when the name is not allowed or there is no such factor of this user.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn rename_factor(
        self,
        cx: &Cx,
        account: &Admitted<View>,
        id: CredentialId,
        label: &str,
    ) -> Result<bool, Unchanged> {
        let label = label.trim().to_owned();
        let fits = (1..=LONGEST_LABEL).contains(&label.chars().count()) && is_one_line(&label);
        if !fits {
            return Ok(false);
        }
        let user = account.live.user.id;
        let audit = self.app.audit(cx, AuditAction::FactorRenamed, Some(user), Ended::Done);
        let rename = self.change_for_sure(cx, account, move |tx, _| async move {
            let renamed = tx.rename_credential(id, user, &label).await?;
            if renamed {
                tx.insert_audit(&audit).await?;
            }
            Ok(renamed)
        });
        rename.await
    }

    /// Removes a factor. With the last one go its recovery codes.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn remove_factor(
        self,
        cx: &Cx,
        account: &Admitted<RemoveFactor>,
    ) -> Result<Removal, Unchanged> {
        let user = account.live.user.clone();
        let (view, id) = (self.security(cx, account).await?, account.action().0);
        let Some(line) = view.factors.iter().find(|line| line.credential.id == id) else {
            return Ok(Removal::Unknown);
        };
        let (kind, label) = (line.credential.kind.clone(), line.credential.label.clone());
        let audit = self
            .app
            .audit(cx, AuditAction::FactorRemoved, Some(user.id), Ended::Done)
            .why("kind", kind.as_str());
        let notice = Notice::FactorRemoved { kind: kind.clone(), label };
        let mails = self.app.letters(&cx.pool.pool, cx.now, Letter::in_answer(cx, &user, notice))?;
        self.undo(cx, account, Gone::One { id, kind }, Notices { mails, audit }).await
    }

    /// Switches the second factor off: every factor and every recovery code goes.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn disable_factors(
        self,
        cx: &Cx,
        account: &Admitted<DisableFactors>,
    ) -> Result<Removal, Unchanged> {
        let user = account.live.user.clone();
        let view = self.security(cx, account).await?;
        if view.factors.is_empty() {
            return Ok(Removal::Unknown);
        }
        let audit = self.app.audit(cx, AuditAction::FactorsDisabled, Some(user.id), Ended::Done);
        let letter = Letter::in_answer(cx, &user, Notice::MfaDisabled);
        let mails = self.app.letters(&cx.pool.pool, cx.now, letter)?;
        self.undo(cx, account, Gone::All, Notices { mails, audit }).await
    }

    async fn undo<A: Gated>(
        self,
        cx: &Cx,
        account: &Admitted<A>,
        gone: Gone,
        told: Notices,
    ) -> Result<Removal, Unchanged> {
        let (app, pool, now) = (self.app.clone(), Arc::clone(&cx.pool), cx.now);
        let usable = self.app.policies().usable(&cx.pool.pool, &account.live.user, now);
        let undoing = Undoing { app, pool, usable, gone, sets: self.sets(), told, now };
        let done = self.change(cx, account, move |tx, held| async move { undoing.run(&tx, &held).await });
        Ok(done.await?.unwrap_or_else(|refused| refused))
    }

    /// The kinds that come as sets.
    fn sets(self) -> Vec<FactorKind> {
        self.app
            .registry()
            .iter()
            .filter(|factor| factor.traits().automatic)
            .map(|factor| factor.kind())
            .collect()
    }

    /// Replaces a set of one-time credentials by a new one, shown until it is saved: that of a kind, otherwise the first
    /// that there is. `false`: there is no such set.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn regenerate(
        self,
        cx: &Cx,
        account: &Admitted<RegenerateCodes>,
        kind: Option<&FactorKind>,
    ) -> Result<bool, Unchanged> {
        let user = account.live.user.clone();
        let view = self.security(cx, account).await?;
        if view.factors.is_empty() {
            return Ok(false);
        }
        let issued = self.app.factors().automatic(cx, &user).await?;
        let Some((kind, issued)) = issued.into_iter().find(|(one, _)| kind.is_none_or(|kind| one == kind))
        else {
            return Ok(false);
        };
        let bound = Bound::Session(account.live.session.id);
        let revealed =
            issued.reveal.map(|view| Revealed { kind: kind.clone(), view, account: user.username.clone() });
        let kept = revealed.map(|revealed| self.app.reveal_row(cx, user.id, bound, &revealed)).transpose()?;
        let chosen = view.factors.iter().any(|line| line.credential.chosen);
        let credentials = self.app.factors().credentials_of(cx, &user, &kind, chosen, issued.credentials);
        let audit = self
            .app
            .audit(cx, AuditAction::CodesRegenerated, Some(user.id), Ended::Done)
            .why("kind", kind.as_str());
        let letter = Letter::in_answer(cx, &user, Notice::RecoveryCodesRegenerated);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, letter)?, audit };
        let sets = self.sets();
        let replace = self.change(cx, account, move |tx, held| async move {
            if held.offers.own.iter().all(|one| sets.contains(&one.kind)) {
                return Ok(Err(()));
            }
            tx.delete_credentials_of_kind(user.id, &kind).await?;
            tx.forget_attempts(user.id.as_uuid(), &kind).await?;
            for credential in &credentials {
                tx.insert_credential(credential).await?;
            }
            tx.forget_remembered_browsers(user.id).await?;
            // What another session still shows of the old set is worth nothing any more.
            tx.delete_ceremonies_of(user.id, REVEAL, None).await?;
            if let Some(kept) = &kept {
                tx.insert_ceremony(kept).await?;
            }
            told.store(&tx).await?;
            Ok(Ok(()))
        });
        Ok(replace.await?.is_ok())
    }
}

#[derive(Clone)]
enum Gone {
    One { id: CredentialId, kind: FactorKind },
    All,
}

/// The transaction that takes factors away.
#[derive(Clone)]
struct Undoing {
    app: App,
    pool: Arc<PoolRuntime>,
    usable: Usable,
    gone: Gone,
    sets: Vec<FactorKind>,
    told: Notices,
    now: Timestamp,
}

impl Undoing {
    fn leaves(&self, one: &Credential) -> bool {
        matches!(&self.gone, Gone::One { id, .. } if *id != one.id)
    }

    /// What the rules say to a user who wants to be without a factor.
    fn last_word(policy: &Effective) -> Option<Removal> {
        if policy.locked.value {
            return Some(Removal::Locked);
        }
        (policy.mode.value == Obligation::Required).then_some(Removal::Required)
    }

    /// Whether the user would be shut out of anything.
    async fn strands(&self, tx: &PoolTx, user: &User) -> Result<bool, StoreError> {
        let owned = OwnedFactors::of(tx, user.id).await?;
        let left: Vec<Credential> = owned.own.iter().filter(|one| self.leaves(one)).cloned().collect();
        let clients: Vec<Client> = self.pool.clients().cloned().collect();
        let pool = PoolState { pool: &self.pool.pool, clients: &clients };
        let change = UserChange { before: &owned.line(user), after: &owned.line_with(user, &left) };
        Ok(self.app.policies().would_strand(pool, change, &self.usable, self.now))
    }

    async fn run(self, tx: &PoolTx, held: &Held) -> Result<Result<Removal, Removal>, StoreError> {
        let (user, session) = (held.live.user.id, held.live.session.id);
        if self.strands(tx, &held.live.user).await? {
            return Ok(Err(Removal::Required));
        }
        let subject = user.as_uuid();
        if let Gone::One { id, .. } = &self.gone
            && !tx.delete_credential(*id, user).await?
        {
            return Ok(Err(Removal::Unknown));
        }
        let left = tx.credentials(user).await?;
        let last = matches!(self.gone, Gone::All) || left.iter().all(|one| self.sets.contains(&one.kind));
        if let (true, Some(refused)) = (last, Self::last_word(&held.offers.policy)) {
            return Ok(Err(refused));
        }
        if last {
            let kinds: BTreeSet<FactorKind> = left.iter().map(|one| one.kind.clone()).collect();
            for kind in &kinds {
                tx.delete_credentials_of_kind(user, kind).await?;
                tx.forget_attempts(subject, kind).await?;
            }
            // What is still shown of a set that is gone is worth nothing any more.
            tx.delete_ceremonies_of(user, REVEAL, None).await?;
        }
        if let Gone::One { kind, .. } = &self.gone
            && left.iter().all(|one| one.kind != *kind)
        {
            tx.forget_attempts(subject, kind).await?;
        }
        end_sessions(tx, user, SessionEnd::FactorsChanged(Sessions::AllBut(session)), self.now).await?;
        self.told.store(tx).await?;
        Ok(Ok(Removal::Done))
    }
}
