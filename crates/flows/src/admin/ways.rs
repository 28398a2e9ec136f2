//! Before a declaration is written: does everybody who gets in now still get in?

use crate::{
    admin::{
        Admin, AdminError,
        actor::is_admin,
        plan::{PlanAction, Present, UserWork, Work},
    },
    policy::lockout::{Admins, OwnedFactors, PoolState, UserChange},
};
use vestibule_domain::{Client, Pool, Timestamp, User};

impl Admin<'_> {
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
        if work.pool == PlanAction::Unchanged && work.clients.is_empty() && changed.is_empty() {
            return Ok(None);
        }
        let store = self.app.store().pool(pool.id);
        let before = PoolState { pool, clients: &present.clients };
        let after = PoolState { pool: wanted, clients: &clients };
        let census = store.census().await?;
        let shut = self.app.policies().lock_outs(before, after, &census, now);
        if !shut.is_empty() {
            return Err(AdminError::LockOut(shut));
        }
        let admins = self.app.policies().admins(pool, &census, now);
        let mut leaving = 0;
        for user in changed {
            let found = store.user(user.id).await?;
            let Some(was) = found else { continue };
            let means = OwnedFactors::of(&store, user.id).await?;
            let usable = self.app.policies().usable(after.pool, user, now);
            let change = UserChange { before: &means.line(&was), after: &means.line(user) };
            if self.app.policies().would_strand(after, change, &usable, now) {
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
