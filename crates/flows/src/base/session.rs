//! The session of a request.

use crate::base::{
    app::App,
    cx::{Cx, Live},
};
use vestibule_domain::{SessionId, Timestamp};
use vestibule_store::{PoolTx, StoreError};

/// That a session was used, and from where.
#[derive(Clone)]
pub(crate) struct Touch {
    session: SessionId,
    at: Timestamp,
    ip: Option<String>,
    user_agent: Option<String>,
}

impl App {
    /// Notes that a session was used, at most once a minute.
    pub(crate) fn touch_of(&self, cx: &Cx, live: &Live) -> Option<Touch> {
        if cx.now.since(live.session.last_seen_at) < 60 {
            return None;
        }
        let (ip, user_agent) = (cx.ip.clone(), cx.user_agent.clone());
        Some(Touch { session: live.session.id, at: cx.now, ip, user_agent })
    }
}

impl Touch {
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<bool, StoreError> {
        tx.touch_session(self.session, self.at, self.ip.as_deref(), self.user_agent.as_deref()).await
    }
}
