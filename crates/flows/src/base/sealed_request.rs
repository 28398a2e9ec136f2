//! The sealed login request: everything about a sign-in before its first factor was given.
//!
//! Nothing is stored for a visitor who has proved nothing, so a flood of authorization requests costs no row. The
//! request travels through the browser under authenticated encryption instead, bound to the pool and the browser.
//! It is not a one-time thing: its holder could as well repeat the authorization request itself. But what its application
//! asks for is counted from the moment at which it arrived, so it ends: however often it is sealed again, it does so when it
//! would have at first. After that it counts as one that arrives now: an old page is no dead end, and no proof that is older
//! than the page answers a request for a new one.

use crate::base::{app::App, cx::Cx};
use serde::{Deserialize, Serialize};
use vestibule_domain::{AuthorizationIntent, Intent, Timestamp, UserId};
use vestibule_oidc::authorize::ResolvedRequest;
use vestibule_seal::AssociatedData;

#[derive(Serialize, Deserialize)]
struct SealedIntent {
    intent: Intent,
    browser: [u8; 32],
    expires_at: i64,
}

/// What somebody wants who has yet to give the first factor, and until when it counts as what arrived then.
#[derive(Clone)]
pub(crate) struct PendingRequest {
    pub(crate) intent: Intent,
    expires_at: Timestamp,
}

impl PendingRequest {
    /// One that begins now.
    pub(crate) fn new(cx: &Cx, intent: Intent) -> Self {
        Self { intent, expires_at: cx.now + cx.pool.pool.settings.lifetimes.flow }
    }

    /// The same one, for something else.
    pub(crate) fn instead(self, intent: Intent) -> Self {
        Self { intent, ..self }
    }

    /// One that a sign-in was begun for: the sign-in does not lengthen its life.
    pub(crate) fn of_flow(cx: &Cx, intent: &Intent) -> Self {
        let pending = Self::new(cx, intent.clone());
        let Intent::Authorize(asked) = intent else { return pending };
        let arrived = ResolvedRequest::deserialize(&asked.request).map_or(cx.now, |asked| asked.received_at);
        Self { expires_at: arrived + cx.pool.pool.settings.lifetimes.flow, ..pending }
    }

    /// The same, as if it arrived at this moment. `None`: it is of a layout that is not read any more.
    fn arriving_now(self, cx: &Cx) -> Option<Self> {
        let Intent::Authorize(asked) = self.intent else { return Some(Self::new(cx, self.intent)) };
        let request = ResolvedRequest::deserialize(&asked.request).ok()?.received_again(cx.now);
        let request = serde_json::to_value(&request).ok()?;
        Some(Self::new(cx, Intent::Authorize(AuthorizationIntent { request, ..asked })))
    }
}

/// What opening a request says.
pub(crate) enum OpenedRequest {
    /// It is this browser's.
    Own(PendingRequest),
    /// It is genuine, but was sealed for another browser: a link that was passed on.
    Foreign(PendingRequest),
    /// Tampered with, of another pool, or of a layout that is not read any more.
    Unusable,
}

/// For whom a note is.
pub struct NoteReader<'a> {
    /// The page that says it: the path.
    pub page: &'a str,
    /// Whose page it is, in the user center.
    pub user: Option<UserId>,
}

impl App {
    fn request_ad(cx: &Cx) -> AssociatedData {
        AssociatedData::new("login-request").with(cx.pool.pool.id.as_bytes())
    }

    /// Seals an intent for the browser of this request: it begins now.
    pub(crate) fn seal_request(&self, cx: &Cx, intent: &Intent) -> String {
        self.seal_again(cx, &PendingRequest::new(cx, intent.clone()))
    }

    /// Seals what a sign-in was begun for, for the browser of this request; it ends as if there were no sign-in.
    pub(crate) fn seal_request_of_flow(&self, cx: &Cx, intent: &Intent) -> String {
        self.seal_again(cx, &PendingRequest::of_flow(cx, intent))
    }

    /// Seals a request for the browser of this one; it expires when it would have.
    pub(crate) fn seal_again(&self, cx: &Cx, pending: &PendingRequest) -> String {
        let (intent, expires_at) = (pending.intent.clone(), pending.expires_at.as_seconds());
        let content = SealedIntent { intent, browser: cx.browser, expires_at };
        self.seal_value(&Self::request_ad(cx), &content).unwrap_or_default()
    }

    /// Opens a sealed request.
    pub(crate) fn open_request(&self, cx: &Cx, sealed: &str) -> OpenedRequest {
        let Ok(content) = self.open_value::<SealedIntent>(&Self::request_ad(cx), sealed) else {
            return OpenedRequest::Unusable;
        };
        let expires_at = Timestamp::from_seconds(content.expires_at);
        let mut pending = PendingRequest { intent: content.intent, expires_at };
        if cx.now >= expires_at {
            let Some(again) = pending.arriving_now(cx) else { return OpenedRequest::Unusable };
            pending = again;
        }
        let own_browser = vestibule_seal::ct_eq(&content.browser, &cx.browser);
        if own_browser { OpenedRequest::Own(pending) } else { OpenedRequest::Foreign(pending) }
    }

    fn note_ad(cx: &Cx, reader: &NoteReader<'_>) -> AssociatedData {
        let user = reader.user.map(|user| user.as_uuid().into_bytes());
        AssociatedData::new("note")
            .with(cx.pool.pool.id.as_bytes())
            .with(cx.browser)
            .with(reader.page)
            .with(user.as_ref().map_or(&[][..], |user| user.as_slice()))
    }

    /// Seals what a page is to say after the redirect that answers a form: for this page in the browser of this request, and
    /// for as long as a sign-in may take. So nobody makes a page say what it does not say by itself.
    pub fn seal_note(&self, cx: &Cx, reader: &NoteReader<'_>, note: &[u8]) -> String {
        let expires_at = (cx.now + cx.pool.pool.settings.lifetimes.flow).as_seconds();
        let plain = [expires_at.to_be_bytes().as_slice(), note].concat();
        self.shared.keys.seal_token(self.shared.entropy.as_ref(), &Self::note_ad(cx, reader), &plain)
    }

    /// Opens such a note; `None` for one that is too old, for another reader or another browser, or no note at all.
    pub fn open_note(&self, cx: &Cx, reader: &NoteReader<'_>, sealed: &str) -> Option<Vec<u8>> {
        let plain = self.shared.keys.open_token(&Self::note_ad(cx, reader), sealed).ok()?;
        let (expires_at, note) = plain.split_first_chunk()?;
        (cx.now.as_seconds() < i64::from_be_bytes(*expires_at)).then(|| note.to_vec())
    }
}
