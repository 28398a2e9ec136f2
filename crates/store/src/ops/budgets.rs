//! Budgets: what was granted to whom, and until when that counts.

use crate::{
    engine::values,
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::Hash,
};
use vestibule_domain::{Budget, Timestamp};

/// A budget and whose it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BudgetKey {
    /// Which budget.
    pub budget: Budget,
    /// Digest of whoever shares it.
    pub hash: Hash,
    /// How many times what the budget says whoever shares it gets: more than once where they may be many.
    pub times: u32,
}

impl BudgetKey {
    /// What is granted at most.
    fn most(self) -> i64 {
        i64::from(self.budget.terms().most) * i64::from(self.times)
    }
}

impl PoolReads {
    /// Until when the first of these budgets that is used up stays so; `None`: there is something left of each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn used_up(
        &self,
        budgets: &[BudgetKey],
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT ends_at FROM budgets \
                   WHERE pool_id = $1 AND budget = $2 AND hash = $3 AND ends_at > $4 AND spent >= $5";
        for key in budgets {
            let name = key.budget.terms().name;
            let values = values![self.pool.as_uuid(), name, key.hash.to_vec(), now.as_seconds(), key.most()];
            if let Some(ends_at) = self.exec.number(sql, values).await? {
                return Ok(Some(Timestamp::from_seconds(ends_at)));
            }
        }
        Ok(None)
    }
}

impl PoolTx {
    /// Takes one from each of these budgets, in one conditional write each, or from none; says until when the first that is
    /// used up stays so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_budgets(
        &self,
        budgets: &[BudgetKey],
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "INSERT INTO budgets (pool_id, budget, hash, spent, ends_at) VALUES ($1, $2, $3, 1, $4) \
                   ON CONFLICT (pool_id, budget, hash) DO UPDATE SET \
                   spent = CASE WHEN budgets.ends_at <= $5 THEN 1 ELSE budgets.spent + 1 END, \
                   ends_at = CASE WHEN budgets.ends_at <= $5 THEN $4 ELSE budgets.ends_at END \
                   WHERE budgets.ends_at <= $5 OR budgets.spent < $6";
        for (taken, budget) in budgets.iter().enumerate() {
            let terms = budget.budget.terms();
            let values = values![
                self.pool.as_uuid(),
                terms.name,
                budget.hash.to_vec(),
                (now + terms.seconds).as_seconds(),
                now.as_seconds(),
                budget.most()
            ];
            if !self.exec.hit(sql, values).await? {
                self.give_back(budgets.iter().take(taken)).await?;
                let until = self.used_up(std::slice::from_ref(budget), now).await?;
                return Ok(Some(until.unwrap_or(now + terms.seconds)));
            }
        }
        Ok(None)
    }

    /// Gives back what was just taken.
    async fn give_back(&self, budgets: impl Iterator<Item = &BudgetKey>) -> Result<(), StoreError> {
        let sql = "UPDATE budgets SET spent = spent - 1 WHERE pool_id = $1 AND budget = $2 AND hash = $3 AND spent > 0";
        for budget in budgets {
            let values = values![self.pool.as_uuid(), budget.budget.terms().name, budget.hash.to_vec()];
            self.exec.run(sql, values).await?;
        }
        Ok(())
    }
}
