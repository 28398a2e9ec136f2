//! Who is behind an identifier that an application knows (OIDC Core §8).

use crate::{
    admin::{Admin, AdminError, plan::ClientWork},
    base::subjects::Subjects,
};
use std::collections::BTreeMap;
use vestibule_domain::{Client, Pool, Sector, User};
use vestibule_store::{PoolTx, StoreError, UserFilter};

/// How many users are read at once.
const PAGE: u64 = 500;

/// Who it is, and who knows them by it.
#[derive(Clone, Debug)]
pub struct KnownAs {
    /// The user.
    pub user: User,
    /// The applications that know the user by it.
    pub applications: Vec<String>,
}

/// Writes applications, in a transaction that holds the pool. What was given to one ends that will know its users by other names
/// than the one that is there now, which may be another than the plan saw.
pub(super) async fn write_clients(tx: &PoolTx, clients: &[Client]) -> Result<(), StoreError> {
    let there = if clients.is_empty() { Vec::new() } else { tx.clients().await? };
    for client in clients {
        if there.iter().any(|there| there.id == client.id && there.sector() != client.sector()) {
            tx.end_grants_of(&client.id).await?;
        }
        tx.upsert_client(client).await?;
    }
    Ok(())
}

impl Admin<'_> {
    /// Whether the applications belong to the sectors that they name: asked before anything is written.
    pub(super) async fn check_sectors(
        &self,
        pool: &Pool,
        wanted: &[ClientWork],
        there: &[Client],
    ) -> Result<(), AdminError> {
        for ClientWork { client, .. } in wanted {
            let before = there.iter().find(|before| before.id == client.id);
            let belongs = self.app.belongs_to_sector(pool, client, before).await;
            let sector = |cause: String| AdminError::Sector { client: client.id.clone(), cause };
            belongs.map_err(|cause| sector(cause.to_string()))?;
        }
        Ok(())
    }

    /// The user whom an application knows by this `sub`. A pairwise one is a one-way function of the user: each user is tried
    /// for each sector, about a million in a second.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn user_by_subject(&self, pool: &str, subject: &str) -> Result<KnownAs, AdminError> {
        let found = self.pool_named(pool).await?;
        let store = self.app.store().pool(found.id);
        let nobody = || AdminError::NoSuchUser { pool: pool.to_owned(), user: subject.to_owned() };
        let mut sectors: BTreeMap<Option<Sector>, Vec<String>> = BTreeMap::new();
        for client in store.clients().await? {
            sectors.entry(client.sector()).or_default().push(client.id);
        }
        if let Ok(id) = subject.parse() {
            let user = store.user(id).await?.ok_or_else(nobody)?;
            return Ok(KnownAs { user, applications: sectors.remove(&None).unwrap_or_default() });
        }
        sectors.remove(&None);
        if sectors.is_empty() {
            return Err(nobody());
        }
        let subjects = Subjects::new(Some(self.app.subject_secret(found.id).await?));
        let mut after = None;
        loop {
            let page = store.users(&UserFilter::default(), after, PAGE).await?;
            for user in page.items {
                for (sector, applications) in &sectors {
                    let Some(sector) = sector else { continue };
                    if subjects.in_sector(sector, user.id)? == subject {
                        return Ok(KnownAs { user, applications: applications.clone() });
                    }
                }
            }
            after = Some(page.next.ok_or_else(nobody)?);
        }
    }
}
