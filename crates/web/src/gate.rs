//! The gate of the user center.

use crate::visit::Visit;
use axum::response::Response;
use vestibule_flows::{Account, Gate, Gated};

/// Comes in through the gate of `path`, or is sent where it has to go first.
pub(crate) async fn enter(visit: &mut Visit, path: &str) -> Result<Account, Response> {
    match visit.app().sign_in().gate(&visit.cx, Gate::of_path(path), path).await {
        Ok(Gated::Open(account)) => {
            visit.speak_to(&account.live.user);
            Ok(*account)
        }
        Ok(Gated::First(step)) => Err(visit.step(Ok(step))),
        Err(cause) => Err(visit.failed(&cause)),
    }
}
