//! The gate of the user center.

use crate::{http::reply::Stop, visit::Visit};
use vestibule_flows::{Admission, Admitted, Gated};

/// Comes in through the gate before an action, or is stopped until what the action asks for is given.
pub(crate) async fn enter<A: Gated>(visit: &Visit, action: A) -> Result<Admitted<A>, Stop> {
    match visit.app().sign_in().admit(&visit.cx, action).await? {
        Admission::Open(admitted) => {
            let _ = visit.entered.set(admitted.live.user.id);
            visit.speak(admitted.live.user.locale.as_deref());
            Ok(*admitted)
        }
        Admission::First(step) => Err(Stop::First(Box::new(step))),
    }
}
