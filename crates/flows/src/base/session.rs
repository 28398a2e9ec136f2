//! The session of a request.

use crate::base::{
    app::App,
    cx::{Cx, Live},
};
use vestibule_domain::{SessionId, Timestamp};

impl App {
    /// Notes that a session was used, at most once a minute.
    pub(crate) fn touch_of(&self, cx: &Cx, live: &Live) -> Option<Touch> {
        let due = cx.now.since(live.session.last_seen_at) >= 60;
        due.then(|| (live.session.id, cx.now, cx.ip.clone(), cx.user_agent.clone()))
    }
}

/// Session, time, address, user agent.
pub(crate) type Touch = (SessionId, Timestamp, Option<String>, Option<String>);
