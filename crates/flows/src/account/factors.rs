//! The security page of the user center: which factors there are, renaming, removing, new recovery codes.

use crate::{
    account::Accounts,
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    factor::{ceremony::Bound, revealed::Revealed},
    policy::lockout::{OwnedFactors, PoolState},
    sign_in::gate::{Account, Admitted, DisableFactors, EnableFactors, RegenerateCodes, RemoveFactor, View},
};
use std::collections::BTreeSet;
use vestibule_domain::{
    Client, Credential, CredentialId, FactorKind, SessionId, Timestamp, UserId, policy::Obligation,
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
    /// [`Failure`] when the database fails.
    pub async fn choose_factors(self, cx: &Cx, account: &Admitted<EnableFactors>) -> Result<bool, Failure> {
        let user = account.live.user.id;
        let audit = self.app.audit(cx, AuditAction::FactorsChosen, Some(user), Ended::Done);
        let store = self.app.pool_store(cx);
        let choose = store.write(move |tx| async move {
            let chosen = tx.choose_credentials(user).await? > 0;
            if chosen {
                tx.insert_audit(&audit).await?;
            }
            Ok(chosen)
        });
        Ok(choose.await?)
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
    ) -> Result<bool, Failure> {
        let label = label.trim().to_owned();
        let fits =
            (1..=LONGEST_LABEL).contains(&label.chars().count()) && !label.chars().any(char::is_control);
        if !fits {
            return Ok(false);
        }
        let user = account.live.user.id;
        let audit = self.app.audit(cx, AuditAction::FactorRenamed, Some(user), Ended::Done);
        let store = self.app.pool_store(cx);
        let rename = store.write(move |tx| async move {
            let renamed = tx.rename_credential(id, user, &label).await?;
            if renamed {
                tx.insert_audit(&audit).await?;
            }
            Ok(renamed)
        });
        Ok(rename.await?)
    }

    /// Removes a factor. With the last one go its recovery codes.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn remove_factor(self, cx: &Cx, account: &Admitted<RemoveFactor>) -> Result<Removal, Failure> {
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
        let mails = self.app.letters(&cx.pool.pool, cx.now, Letter::to_user(&user, cx.now, notice))?;
        let undoing = Undoing {
            user: user.id,
            gone: Gone::One { id, kind },
            sets: self.sets(),
            last: self.last_word(&view),
            keep: account.live.session.id,
            told: Notices { mails, audit },
            now: cx.now,
        };
        self.undo(cx, account, undoing).await
    }

    /// Switches the second factor off: every factor and every recovery code goes.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn disable_factors(
        self,
        cx: &Cx,
        account: &Admitted<DisableFactors>,
    ) -> Result<Removal, Failure> {
        let user = account.live.user.clone();
        let view = self.security(cx, account).await?;
        if view.factors.is_empty() {
            return Ok(Removal::Unknown);
        }
        let audit = self.app.audit(cx, AuditAction::FactorsDisabled, Some(user.id), Ended::Done);
        let letter = Letter::to_user(&user, cx.now, Notice::MfaDisabled);
        let mails = self.app.letters(&cx.pool.pool, cx.now, letter)?;
        let undoing = Undoing {
            user: user.id,
            gone: Gone::All,
            sets: self.sets(),
            last: self.last_word(&view),
            keep: account.live.session.id,
            told: Notices { mails, audit },
            now: cx.now,
        };
        self.undo(cx, account, undoing).await
    }

    async fn undo(self, cx: &Cx, account: &Account, undoing: Undoing) -> Result<Removal, Failure> {
        let user = &account.live.user;
        let store = self.app.pool_store(cx);
        let means = OwnedFactors::of(&store, user.id).await?;
        let left: Vec<Credential> = means.own.iter().filter(|one| undoing.leaves(one)).cloned().collect();
        let clients: Vec<Client> = cx.pool.clients().cloned().collect();
        let scene = PoolState { pool: &cx.pool.pool, clients: &clients };
        if self.app.policies().would_strand(scene, &means.line(user), &means.line_with(user, &left), cx.now) {
            return Ok(Removal::Required);
        }
        let done = store.write_or_undo(move |tx| async move { undoing.run(&tx).await }).await?;
        Ok(done.unwrap_or_else(|refused| refused))
    }

    /// What the rules say to somebody who wants to be without a factor.
    fn last_word(self, view: &SecurityView) -> Option<Removal> {
        if view.locked {
            return Some(Removal::Locked);
        }
        (view.obligation == Obligation::Required).then_some(Removal::Required)
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
    ) -> Result<bool, Failure> {
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
        let letter = Letter::to_user(&user, cx.now, Notice::RecoveryCodesRegenerated);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, letter)?, audit };
        self.app
            .pool_store(cx)
            .write(move |tx| async move {
                // Two requests at once would leave both sets valid.
                tx.lock_user(user.id).await?;
                tx.delete_credentials_of_kind(user.id, &kind).await?;
                tx.forget_attempts(user.id.as_uuid(), &kind).await?;
                for credential in &credentials {
                    tx.insert_credential(credential).await?;
                }
                tx.forget_remembered_browsers(user.id).await?;
                if let Some(kept) = &kept {
                    tx.delete_ceremonies(&kept.bound_to, &kept.purpose).await?;
                    tx.insert_ceremony(kept).await?;
                }
                told.store(&tx).await
            })
            .await?;
        Ok(true)
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
    user: UserId,
    gone: Gone,
    sets: Vec<FactorKind>,
    /// What is answered instead when none would be left.
    last: Option<Removal>,
    keep: SessionId,
    told: Notices,
    now: Timestamp,
}

impl Undoing {
    fn leaves(&self, one: &Credential) -> bool {
        matches!(&self.gone, Gone::One { id, .. } if *id != one.id)
    }

    async fn run(self, tx: &PoolTx) -> Result<Result<Removal, Removal>, StoreError> {
        // One after the other, so that two removals at once do not each leave the last factor to the other.
        tx.lock_user(self.user).await?;
        let subject = self.user.as_uuid();
        if let Gone::One { id, .. } = &self.gone
            && !tx.delete_credential(*id, self.user).await?
        {
            return Ok(Err(Removal::Unknown));
        }
        let left = tx.credentials(self.user).await?;
        let last = matches!(self.gone, Gone::All) || left.iter().all(|one| self.sets.contains(&one.kind));
        if let (true, Some(refused)) = (last, self.last) {
            return Ok(Err(refused));
        }
        if last {
            let kinds: BTreeSet<FactorKind> = left.iter().map(|one| one.kind.clone()).collect();
            for kind in &kinds {
                tx.delete_credentials_of_kind(self.user, kind).await?;
                tx.forget_attempts(subject, kind).await?;
            }
        }
        if let Gone::One { kind, .. } = &self.gone
            && left.iter().all(|one| one.kind != *kind)
        {
            tx.forget_attempts(subject, kind).await?;
        }
        end_sessions(tx, self.user, SessionEnd::FactorsChanged(Sessions::AllBut(self.keep)), self.now)
            .await?;
        self.told.store(tx).await?;
        Ok(Ok(Removal::Done))
    }
}
