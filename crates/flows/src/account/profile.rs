//! The profile and the connected applications of a user.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    sign_in::gate::{Account, Admitted, View},
};
use vestibule_domain::{ProfileEdit, Requirement, Timestamp, User};

/// A connected application, as its user sees it.
pub struct AppView {
    /// `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub granted_at: Timestamp,
    /// Last sign-in through it.
    pub last_used_at: Timestamp,
}

/// What a person typed into the profile page.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// Display name.
    pub name: Option<String>,
    /// Language.
    pub locale: Option<String>,
    /// Everything else that was shown.
    pub edit: ProfileEdit,
}

/// Which fields changed; the trail has no use for their values.
fn changed(was: &User, now: &User) -> Vec<String> {
    let name = (was.name != now.name).then(|| "name".to_owned());
    let locale = (was.locale != now.locale).then(|| "locale".to_owned());
    name.into_iter().chain(locale).chain(was.profile.differences(&now.profile)).collect()
}

impl Accounts<'_> {
    /// Changes the name, the language, and of the rest what the pool lets people change. Gives the account as it is now; or the
    /// name of the field whose value is not possible, and then nothing was changed.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn update_profile(
        self,
        cx: &Cx,
        admitted: Admitted<View>,
        change: ProfileChange,
    ) -> Result<Result<Account, String>, Unchanged> {
        let (pool, now) = (cx.pool.pool.clone(), cx.now);
        let audit = self.app.audit(cx, AuditAction::Profile, Some(admitted.live.user.id), Ended::Done);
        let done = self.change(cx, &admitted, move |tx, held| async move {
            let settings = &held.changed.as_ref().unwrap_or(&pool).settings;
            let (was, ProfileChange { name, locale, edit }) = (held.live.user, change);
            let (offered, declared) = (&settings.account.profile_fields, &settings.attributes);
            let profile = match was.profile.clone().edited(&edit, offered, declared) {
                Ok(profile) => profile,
                Err(field) => return Ok(Err(field)),
            };
            let user = User { name, locale, profile, ..was.clone() };
            tx.update_profile(&user, now).await?;
            tx.insert_audit(&audit.why("fields", changed(&was, &user))).await?;
            Ok(Ok(user))
        });
        Ok(done.await?.map(|user| {
            let mut account = admitted.into_account();
            account.live.user = user;
            account
        }))
    }

    /// The language that a person has chosen on a page. It becomes that of the account that is signed in, where one is and has
    /// proved what the user center asks.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn choose_language(self, cx: &Cx, tag: &str) -> Result<(), Failure> {
        let Some(live) = self.app.live(cx).await? else { return Ok(()) };
        if live.user.locale.as_deref() == Some(tag) {
            return Ok(());
        }
        let policy = self.app.policies().policy_inside(cx, &live, None);
        let offers = self.app.policies().offers(cx, &live.user, policy).await?;
        let floor = Requirement::floor(&offers.policy, offers.has_factor());
        if !floor.is_met_by(&live.session.events, cx.now) {
            return Ok(());
        }
        let (user, now, tag) = (live.user.id, cx.now, tag.to_owned());
        let audit = self.app.audit(cx, AuditAction::Profile, Some(user), Ended::Done);
        let store = self.app.pool_store(cx);
        let change = store.write(move |tx| async move {
            tx.set_locale(user, Some(&tag), now).await?;
            tx.insert_audit(&audit).await
        });
        Ok(change.await?)
    }

    /// Applications that the user has signed in to.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn apps(self, cx: &Cx, account: &Account) -> Result<Vec<AppView>, Failure> {
        let user = account.live.user.id;
        let store = self.app.pool_store(cx);
        let name = |id: &str| cx.pool.client_name(id).unwrap_or(id).to_owned();
        let mut apps: Vec<AppView> = store
            .consents_of(user)
            .await?
            .into_iter()
            .map(|consent| AppView {
                name: name(&consent.client_id),
                client_id: consent.client_id,
                scopes: consent.scopes,
                granted_at: consent.granted_at,
                last_used_at: consent.last_used_at,
            })
            .collect();
        for grant in store.grants_of(user).await? {
            match apps.iter_mut().find(|app| app.client_id == grant.client_id) {
                Some(app) => app.last_used_at = app.last_used_at.max(grant.created_at),
                None => apps.push(AppView {
                    name: name(&grant.client_id),
                    client_id: grant.client_id,
                    scopes: grant.scopes,
                    granted_at: grant.created_at,
                    last_used_at: grant.created_at,
                }),
            }
        }
        Ok(apps)
    }

    /// Disconnects an application: consent, tokens and all.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_app(
        self,
        cx: &Cx,
        account: &Admitted<View>,
        client_id: &str,
    ) -> Result<bool, Unchanged> {
        let (user, now, client_id) = (account.live.user.id, cx.now, client_id.to_owned());
        let audit =
            self.app.audit(cx, AuditAction::ApplicationRevoked, Some(user), Ended::Done).client(&client_id);
        let revoke = self.change_for_sure(cx, account, move |tx, _| async move {
            let consent = tx.delete_consent(user, &client_id).await?;
            let grants = tx.revoke_grants(user, Some(&client_id), now).await?;
            let any = consent || grants > 0;
            if any {
                tx.insert_audit(&audit).await?;
            }
            Ok(any)
        });
        revoke.await
    }
}
