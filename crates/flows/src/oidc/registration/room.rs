//! Room for one more application: what nobody uses makes way.

use crate::{
    base::{
        app::App,
        audit::{AuditAction, Detailed as _},
        cx::Cx,
    },
    oidc::Oidc,
};
use vestibule_domain::{Client, Registered, Timestamp};
use vestibule_store::{PoolTx, StoreError, records::AuditRow};

/// So long an application keeps its place, whoever crowds in: its user is just signing in, in seconds.
const FIRST_SIGN_IN: i64 = 600;

/// How many applications may be there, and what goes before one more comes.
#[derive(Clone)]
pub(super) struct Room {
    app: App,
    /// About each that goes; it lacks the name.
    gone: AuditRow,
    most: usize,
    unused: i64,
    pub(super) now: Timestamp,
}

impl Room {
    pub(super) fn new(oidc: Oidc<'_>, cx: &Cx) -> Self {
        let rules = &cx.pool.pool.settings.client_registration;
        Self {
            app: oidc.app.clone(),
            gone: oidc.registration_row(cx, AuditAction::ClientRemoved, "").why("because", "unused"),
            most: usize::try_from(rules.most).unwrap_or(usize::MAX),
            unused: rules.unused,
            now: cx.now,
        }
    }

    /// Removes what no user has agreed to for too long, and, where strangers fill all places, the oldest of theirs that nobody
    /// uses. Returns whether there is room for `coming` then. The pool has to be held, so that no two take the last place.
    pub(super) async fn make(&self, tx: &PoolTx, coming: &Client) -> Result<bool, StoreError> {
        let mut there: Vec<Place> = tx.clients().await?.into_iter().filter_map(Place::of).collect();
        there.sort_by_key(|place| place.since);
        let strangers = there.iter().filter(|place| place.strangers).count();
        let crowded =
            Place::of(coming.clone()).is_some_and(|place| place.strangers) && strangers >= self.most;
        let may_go: Vec<&Place> = there.iter().filter(|place| self.may_go(place, crowded)).collect();
        let ids: Vec<&str> = may_go.iter().map(|place| place.id.as_str()).collect();
        let used = tx.agreed_to(&ids).await?;
        let mut left = strangers;
        for place in may_go.into_iter().filter(|place| !used.contains(&place.id)) {
            if self.is_stale(place) || (place.strangers && left >= self.most) {
                tx.delete_client(&place.id).await?;
                let row = AuditRow { id: self.app.audit_id(self.now), ..self.gone.clone() };
                tx.insert_audit(&row.client(&place.id)).await?;
                left -= usize::from(place.strangers);
            }
        }
        Ok(!crowded || left < self.most)
    }

    fn is_stale(&self, place: &Place) -> bool {
        place.since + self.unused < self.now
    }

    fn may_go(&self, place: &Place, crowded: bool) -> bool {
        let settled = place.since + FIRST_SIGN_IN < self.now;
        self.is_stale(place) || (crowded && place.strangers && settled)
    }
}

/// One that registered by itself and that nobody has taken over.
struct Place {
    id: String,
    since: Timestamp,
    strangers: bool,
}

impl Place {
    fn of(client: Client) -> Option<Self> {
        let registered = client.registered.filter(|registered: &Registered| !registered.taken_over)?;
        Some(Self { id: client.id, since: registered.since, strangers: registered.is_a_strangers() })
    }
}
