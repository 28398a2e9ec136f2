//! Before a declaration is written: does everybody who gets in now still get in?

use super::{
    AdminError,
    plan::{Action, Present, UserWork, Work},
};
use crate::{
    app::App,
    lockout::{Admins, Means, Scene},
    settings::is_admin,
};
use vestibule_domain::{Client, Pool, Timestamp, User};

impl App {
    /// Refuses a change that would shut somebody out, or leave the pool without an administrator. What it returns has to
    /// be held to inside the transaction.
    pub(super) async fn check_ways(
        &self,
        work: &Work<'_>,
        wanted: &Pool,
        present: &Present,
        now: Timestamp,
    ) -> Result<Option<Admins>, AdminError> {
        let Some(pool) = &present.pool else { return Ok(None) };
        let clients = with_changes(&present.clients, work);
        let changed: Vec<&User> = work.users.iter().filter_map(UserWork::changed).collect();
        if work.pool == Action::Unchanged && work.clients.is_empty() && changed.is_empty() {
            return Ok(None);
        }
        let store = self.store.pool(pool.id);
        let before = Scene { pool, clients: &present.clients };
        let after = Scene { pool: wanted, clients: &clients };
        let census = store.census().await?;
        let shut = self.lock_outs((before, after), &census, now);
        if !shut.is_empty() {
            return Err(AdminError::LockOut(shut));
        }
        let admins = self.admins(pool, &census, now);
        let mut leaving = 0;
        for user in changed {
            let found = store.user(user.id).await?;
            let Some(was) = found else { continue };
            let means = Means::of(&store, user.id).await?;
            if self.would_strand(after, (&means.line(&was), &means.line(user)), now) {
                return Err(AdminError::Strands(user.username.clone()));
            }
            if is_admin(pool, &was) && !is_admin(pool, user) {
                leaving += 1;
                if leaving >= admins.count() {
                    return Err(AdminError::LastAdmin(user.username.clone()));
                }
            }
        }
        Ok(Some(admins))
    }
}

/// The applications as they would be.
fn with_changes(present: &[Client], work: &Work<'_>) -> Vec<Client> {
    let mut clients = present.to_vec();
    for change in &work.clients {
        match clients.iter_mut().find(|one| one.id == change.client.id) {
            Some(one) => *one = change.client.clone(),
            None => clients.push(change.client.clone()),
        }
    }
    clients
}
