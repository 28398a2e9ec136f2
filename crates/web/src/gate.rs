//! The gate of the user center.

use crate::visit::Visit;
use axum::response::Response;
use vestibule_flows::{Admission, Admitted, Gated};

/// Comes in through the gate before an action, or is sent where it has to go first.
pub(crate) async fn enter<A: Gated>(visit: &mut Visit, action: A) -> Result<Admitted<A>, Response> {
    match visit.app().sign_in().admit(&visit.cx, action).await {
        Ok(Admission::Open(admitted)) => {
            visit.speak_to(&admitted.live.user);
            Ok(*admitted)
        }
        Ok(Admission::First(step)) => Err(visit.step(Ok(step))),
        Err(cause) => Err(visit.failed(&cause)),
    }
}
