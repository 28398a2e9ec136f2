//! The sealed login request: everything about a sign-in before its first factor was given.
//!
//! Nothing is stored for a visitor who has proved nothing, so a flood of authorization requests costs no row. The
//! request travels through the browser under authenticated encryption instead, bound to the pool and the browser.
//! It is not a one-time thing: its holder could as well repeat the authorization request itself. So one that is older than
//! its life counts as one that arrives now, and whatever its application asks for is counted from now.

use crate::base::{app::App, cx::Cx};
use serde::{Deserialize, Serialize};
use vestibule_domain::{AuthorizationIntent, Intent, Timestamp};
use vestibule_oidc::authorize::ResolvedRequest;
use vestibule_seal::AssociatedData;

#[derive(Serialize, Deserialize)]
struct SealedIntent {
    intent: Intent,
    browser: [u8; 32],
    expires_at: i64,
}

/// The same intent, as if it arrived at this moment.
fn arriving_now(intent: Intent, now: Timestamp) -> Option<Intent> {
    let Intent::Authorize(asked) = intent else { return Some(intent) };
    let request = ResolvedRequest::deserialize(&asked.request).ok()?.received_again(now);
    let request = serde_json::to_value(&request).ok()?;
    Some(Intent::Authorize(AuthorizationIntent { request, ..asked }))
}

/// What opening a request says.
pub(crate) enum OpenedRequest {
    /// It is this browser's.
    Own(Intent),
    /// It is genuine, but was sealed for another browser: a link that was passed on.
    Foreign(Intent),
    /// Tampered with, of another pool, or of a layout that is not read any more.
    Unusable,
}

impl App {
    fn request_ad(cx: &Cx) -> AssociatedData {
        AssociatedData::new("login-request").with(cx.pool.pool.id.as_bytes())
    }

    /// Seals an intent for the browser of this request.
    pub(crate) fn seal_request(&self, cx: &Cx, intent: &Intent) -> String {
        let expires_at = (cx.now + cx.pool.pool.settings.lifetimes.flow).as_seconds();
        let content = SealedIntent { intent: intent.clone(), browser: cx.browser, expires_at };
        let plain = serde_json::to_vec(&content).unwrap_or_default();
        self.shared.keys.seal_token(self.shared.entropy.as_ref(), &Self::request_ad(cx), &plain)
    }

    /// Opens a sealed request.
    pub(crate) fn open_request(&self, cx: &Cx, sealed: &str) -> OpenedRequest {
        let Ok(plain) = self.shared.keys.open_token(&Self::request_ad(cx), sealed) else {
            return OpenedRequest::Unusable;
        };
        let Ok(content) = serde_json::from_slice::<SealedIntent>(&plain) else {
            return OpenedRequest::Unusable;
        };
        let intent = if cx.now.as_seconds() < content.expires_at {
            content.intent
        } else {
            match arriving_now(content.intent, cx.now) {
                Some(intent) => intent,
                None => return OpenedRequest::Unusable,
            }
        };
        let own_browser = vestibule_seal::ct_eq(&content.browser, &cx.browser);
        if own_browser { OpenedRequest::Own(intent) } else { OpenedRequest::Foreign(intent) }
    }

    fn note_ad(cx: &Cx) -> AssociatedData {
        AssociatedData::new("note").with(cx.pool.pool.id.as_bytes()).with(cx.browser)
    }

    /// Seals what a page is to say after the redirect that answers a form, for the browser of this request and for as
    /// long as a sign-in may take.
    pub fn seal_note(&self, cx: &Cx, note: &[u8]) -> String {
        let expires_at = (cx.now + cx.pool.pool.settings.lifetimes.flow).as_seconds();
        let plain = [expires_at.to_be_bytes().as_slice(), note].concat();
        self.shared.keys.seal_token(self.shared.entropy.as_ref(), &Self::note_ad(cx), &plain)
    }

    /// Opens such a note; `None` for one that is too old, another browser's, or no note at all.
    pub fn open_note(&self, cx: &Cx, sealed: &str) -> Option<Vec<u8>> {
        let plain = self.shared.keys.open_token(&Self::note_ad(cx), sealed).ok()?;
        let (expires_at, note) = plain.split_first_chunk()?;
        (cx.now.as_seconds() < i64::from_be_bytes(*expires_at)).then(|| note.to_vec())
    }
}
