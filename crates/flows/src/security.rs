//! The security page of the user center: which factors there are, renaming, removing, new recovery codes.

use crate::{
    account::Account,
    app::App,
    audit::{Detailed, Ended},
    context::Cx,
    enrol::Revealed,
    error::Failure,
    notice::{Letter, Notice},
};
use vestibule_domain::{Credential, CredentialId, FactorKind, MfaMode};

/// Longest name of a factor, in characters.
const LONGEST_LABEL: usize = 40;

/// What the security page shows.
pub struct SecurityView {
    /// The pool's rule.
    pub mode: MfaMode,
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
    /// Too many failures: it does not answer any more.
    pub disabled: bool,
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
    /// The pool requires one and this is the last.
    Required,
}

impl App {
    /// The security page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn security(&self, cx: &Cx, account: &Account) -> Result<SecurityView, Failure> {
        let user = &account.live.user;
        let offers = self.offers(cx, user).await?;
        let totals = self.pool_store(cx).credential_totals(user.id).await?;
        let disabled =
            |kind: &FactorKind| offers.enrolled.iter().any(|offer| offer.kind == *kind && offer.disabled);
        let is_set =
            |kind: &FactorKind| self.registry.get(kind).is_some_and(|factor| factor.traits().automatic);
        let lines = offers.own.iter().filter(|one| !is_set(&one.kind));
        let factors: Vec<FactorLine> =
            lines.map(|one| FactorLine { credential: one.clone(), disabled: disabled(&one.kind) }).collect();
        let sets = totals
            .into_iter()
            .filter(|total| is_set(&total.kind) && !factors.is_empty())
            .map(|total| {
                let low = self.registry.get(&total.kind).and_then(|factor| factor.traits().low_water);
                let low = low.is_some_and(|low| total.left <= low);
                FactorSet { kind: total.kind, left: total.left, total: total.total, low }
            })
            .collect();
        Ok(SecurityView {
            mode: cx.pool.pool.settings.mfa,
            addable: offers.enrollable.iter().map(|offer| offer.kind.clone()).collect(),
            factors,
            sets,
        })
    }

    /// Renames a factor; `false` when the name will not do or there is no such factor of this user.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn rename_factor(
        &self,
        cx: &Cx,
        account: &Account,
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
        let audit = self.audit(cx, "factor-renamed", Some(user), Ended::Done);
        let store = self.pool_store(cx);
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
    /// The account must have come through [`crate::Gate::Factor`].
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn remove_factor(
        &self,
        cx: &Cx,
        account: &Account,
        id: CredentialId,
    ) -> Result<Removal, Failure> {
        let user = account.live.user.clone();
        let view = self.security(cx, account).await?;
        let Some(line) = view.factors.iter().find(|line| line.credential.id == id) else {
            return Ok(Removal::Unknown);
        };
        let (kind, label) = (line.credential.kind.clone(), line.credential.label.clone());
        let audit = self.audit(cx, "factor-removed", Some(user.id), Ended::Done).why("kind", kind.as_str());
        let notice = Notice::FactorRemoved { kind: kind.clone(), label };
        let mails = self.letters(&cx.pool.pool, cx.now, Letter::to_user(&user, cx.now, notice))?;
        let sets: Vec<FactorKind> = self
            .registry
            .iter()
            .filter(|factor| factor.traits().automatic)
            .map(|factor| factor.kind())
            .collect();
        let required = view.mode == MfaMode::Required;
        let (keep, now) = (account.live.session.id, cx.now);
        let removed = self
            .pool_store(cx)
            .write_or_undo(move |tx| async move {
                // One after the other, so that two removals at once do not each leave the last factor to the other.
                tx.lock_user(user.id).await?;
                if !tx.delete_credential(id, user.id).await? {
                    return Ok(Err(Removal::Unknown));
                }
                let left = tx.credentials(user.id).await?;
                let last = left.iter().all(|one| sets.contains(&one.kind));
                if last && required {
                    return Ok(Err(Removal::Required));
                }
                for set in sets.iter().filter(|_| last) {
                    tx.delete_credentials_of_kind(user.id, set).await?;
                    tx.clear_attempts(user.id.as_uuid(), set).await?;
                }
                if left.iter().all(|one| one.kind != kind) {
                    tx.clear_attempts(user.id.as_uuid(), &kind).await?;
                }
                tx.revoke_sessions(user.id, Some(keep), now).await?;
                tx.revoke_grants(user.id, None, now).await?;
                for mail in &mails {
                    tx.queue_mail(mail).await?;
                }
                tx.insert_audit(&audit).await?;
                Ok(Ok(Removal::Done))
            })
            .await?;
        Ok(removed.unwrap_or_else(|refused| refused))
    }

    /// Replaces a set of one-time credentials by a new one, shown once. `None`: there is no such set.
    ///
    /// The account must have come through [`crate::Gate::Factor`].
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn regenerate(
        &self,
        cx: &Cx,
        account: &Account,
        kind: &FactorKind,
    ) -> Result<Option<Revealed>, Failure> {
        let user = account.live.user.clone();
        let view = self.security(cx, account).await?;
        if view.factors.is_empty() {
            return Ok(None);
        }
        let issued = self.automatic(cx, &user)?;
        let Some((kind, issued)) = issued.into_iter().find(|(one, _)| one == kind) else { return Ok(None) };
        let (credentials, shown) = (self.credentials_of(cx, &user, &kind, issued.credentials), kind.clone());
        let audit =
            self.audit(cx, "codes-regenerated", Some(user.id), Ended::Done).why("kind", kind.as_str());
        let letter = Letter::to_user(&user, cx.now, Notice::RecoveryCodesRegenerated);
        let mails = self.letters(&cx.pool.pool, cx.now, letter)?;
        self.pool_store(cx)
            .write(move |tx| async move {
                // Two at once would leave both sets good.
                tx.lock_user(user.id).await?;
                tx.delete_credentials_of_kind(user.id, &kind).await?;
                tx.clear_attempts(user.id.as_uuid(), &kind).await?;
                for credential in &credentials {
                    tx.insert_credential(credential).await?;
                }
                for mail in &mails {
                    tx.queue_mail(mail).await?;
                }
                tx.insert_audit(&audit).await
            })
            .await?;
        let account = account.live.user.username.clone();
        Ok(issued.reveal.map(|view| Revealed { kind: shown, view, account }))
    }
}
