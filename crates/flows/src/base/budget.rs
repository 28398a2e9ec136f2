//! Who shares a budget: the keys under which the budgets of [`vestibule_domain::budget`] are counted.

use crate::base::{
    app::App,
    audit::{AuditAction, Detailed as _, Ended},
    cx::Cx,
    failure::Failure,
};
use uuid::Uuid;
use vestibule_domain::{Budget, Client, Source, Timestamp, UserId, budget::mailbox};
use vestibule_seal::sha256;
use vestibule_store::{BudgetKey, PoolTx, StoreError, records::AuditRow};

/// What the source of a request has left, and the networks around it.
pub(crate) fn of_source(cx: &Cx, budget: Budget) -> Vec<BudgetKey> {
    cx.source().with_networks().map(|(source, times)| of_network(source, times, budget)).collect()
}

/// What a source, or a network around one, has left.
pub(crate) fn of_network(source: Source, times: u32, budget: Budget) -> BudgetKey {
    BudgetKey { times, ..key(budget, format!("{source:?}").as_bytes()) }
}

/// What a mailbox has left, however its address is written.
pub(crate) fn of_mailbox(address: &str, budget: Budget) -> BudgetKey {
    key(budget, mailbox(address).as_bytes())
}

/// What a user has left.
pub(crate) fn of_user(user: UserId, budget: Budget) -> BudgetKey {
    key(budget, user.as_bytes())
}

/// What a mailed link, known by its digest, has left.
pub(crate) fn of_link(link: &[u8; 32], budget: Budget) -> BudgetKey {
    key(budget, link)
}

/// What a browser has left for a subject that it is known to.
pub(crate) fn of_known_browser(cx: &Cx, subject: Uuid, budget: Budget) -> BudgetKey {
    key(budget, &[subject.as_bytes().as_slice(), &cx.browser].concat())
}

/// What an application has left.
pub(crate) fn of_application(client_id: &str, budget: Budget) -> BudgetKey {
    key(budget, client_id.as_bytes())
}

/// What everybody at a pool has left together.
pub(crate) fn of_pool(budget: Budget) -> BudgetKey {
    key(budget, b"pool")
}

/// A row about something that was not looked at. There may be any number of such things, so there is a budget for the rows.
#[derive(Clone)]
pub(crate) struct UnjudgedRow {
    row: AuditRow,
    budgets: Vec<BudgetKey>,
}

impl UnjudgedRow {
    /// Writes it, if there is something left for it.
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<(), StoreError> {
        if tx.spend_budgets(&self.budgets, self.row.at).await?.is_some() {
            self.leave_out();
            return Ok(());
        }
        tx.insert_audit(&self.row).await
    }

    /// The log has a line where the trail has none.
    fn leave_out(&self) {
        let request = self.row.request_id.as_deref().unwrap_or_default();
        tracing::info!(request.id = %request, action = self.row.action, "no row: too many of them");
    }
}

impl App {
    /// The row about a guess that was not looked at.
    pub(crate) fn unjudged(&self, cx: &Cx, what: &str, user: Option<UserId>) -> UnjudgedRow {
        let row = self.audit(cx, AuditAction::Throttled, user, Ended::Refused).why("kind", what);
        self.budgeted(cx, row)
    }

    /// A row that is written only as long as there is something left for its kind.
    pub(crate) fn budgeted(&self, cx: &Cx, row: AuditRow) -> UnjudgedRow {
        let mut budgets = of_source(cx, Budget::RowBySource);
        budgets.push(of_pool(Budget::RowAtPool));
        UnjudgedRow { row, budgets }
    }

    /// A row about a token that an application did not get for another one, or for an assertion.
    pub(crate) fn budgeted_refusal(&self, client: &Client, row: AuditRow) -> UnjudgedRow {
        UnjudgedRow { row, budgets: vec![of_application(&client.id, Budget::RefusalRowOfApplication)] }
    }

    /// A row about a token that an application exchanged, or gave back.
    pub(crate) fn budgeted_exchange(&self, client: &Client, row: AuditRow) -> UnjudgedRow {
        UnjudgedRow { row, budgets: vec![of_application(&client.id, Budget::ExchangeRowOfApplication)] }
    }

    /// Writes down a guess that was not looked at.
    pub(crate) async fn note_unjudged(
        &self,
        cx: &Cx,
        what: &str,
        user: Option<UserId>,
    ) -> Result<(), Failure> {
        self.note_budgeted(cx, self.unjudged(cx, what, user)).await
    }

    /// Remembers who has to wait with passwords until then: the widest network that has used up its wrong ones.
    pub(crate) async fn note_guesser(&self, cx: &Cx, until: Timestamp) -> Result<(), Failure> {
        let mut guesser = cx.source();
        for (network, times) in cx.source().with_networks() {
            let budget = of_network(network, times, Budget::WrongPasswordFromSource);
            if self.pool_store(cx).used_up(&[budget], cx.now).await?.is_some() {
                guesser = network;
            }
        }
        self.guessers().note(cx, guesser, until);
        Ok(())
    }

    /// Writes a row in a transaction of its own; where nothing is left for it, that costs no transaction.
    pub(crate) async fn note_budgeted(&self, cx: &Cx, row: UnjudgedRow) -> Result<(), Failure> {
        let store = self.pool_store(cx);
        if store.used_up(&row.budgets, cx.now).await?.is_some() {
            row.leave_out();
            return Ok(());
        }
        Ok(store.write(move |tx| async move { row.store(&tx).await }).await?)
    }
}

fn key(budget: Budget, whose: &[u8]) -> BudgetKey {
    BudgetKey { budget, hash: sha256(whose), times: 1 }
}
