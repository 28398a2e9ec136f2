//! The application object: everything a use case may touch.

use crate::base::{
    cx::{Cx, Live, SessionToken},
    drift::Drifts,
    failure::Failure,
    guessers::Guessers,
    hasher::Hasher,
    key_sets::{KeySets, Want},
    notice::MailRenderer,
    polls::Polls,
    runtime::Runtimes,
    slots::Calls,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{collections::BTreeSet, sync::Arc};
use vestibule_domain::{Clock, Entropy, Pool, Timestamp, UserStatus, session::Session};
use vestibule_jose::ForeignKeys;
use vestibule_mfa::{Registry, guarded};
use vestibule_outbound::{Cached, Outbound, OutboundRules};
use vestibule_seal::{AssociatedData, KeyRing, OpenError, random_token};
use vestibule_store::{
    PoolStore, Store,
    records::{ConsentRow, SessionWithUser},
};

/// What an [`App`] is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Keys for everything sealed.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Second factors.
    pub registry: Arc<Registry>,
    /// Password hashing.
    pub hasher: Hasher,
    /// What asks addresses that applications name.
    pub outbound: Outbound,
    /// Mail texts.
    pub renderer: Arc<dyn MailRenderer>,
    /// Languages of the pages, for the metadata.
    pub locales: Vec<String>,
    /// How certificates of connections arrive here, so that applications can prove themselves by them.
    pub sees_certificates: SeesCertificates,
    /// Whether mail can be sent at all; without it neither registration nor password reset is offered.
    pub can_mail: bool,
}

/// How certificates of connections arrive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeesCertificates {
    /// A proxy hands them on, for whatever host it asks for them.
    pub by_proxy: bool,
    /// A listener of the server's own asks for them: for pools whose applications are sent there.
    pub by_listener: bool,
}

/// The application: what every use case stands on. The use cases are methods of its rooms: [`App::sign_in`],
/// [`App::oidc`], [`App::accounts`] and [`App::admin`]. Cloning shares it.
#[derive(Clone)]
pub struct App {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) store: Store,
    pub(super) keys: Arc<KeyRing>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) registry: Arc<Registry>,
    pub(super) hasher: Hasher,
    pub(super) outbound: Outbound,
    pub(super) key_sets: KeySets,
    pub(super) signed_requests: Cached,
    pub(super) metadata_documents: Cached,
    pub(super) renderer: Arc<dyn MailRenderer>,
    pub(super) locales: Vec<String>,
    pub(super) can_mail: bool,
    pub(super) sees_certificates: SeesCertificates,
    pub(super) drifts: Drifts,
    pub(super) guessers: Guessers,
    pub(super) polls: Polls,
    pub(super) calls: Calls,
    /// Which templates the factors have.
    pub(super) templates: Arc<BTreeSet<String>>,
    pub(super) runtimes: Runtimes,
}

/// Label of the MAC that makes the anti-forgery token of a browser.
const CSRF: &str = "csrf";

/// Bytes of randomness in session secrets, codes and mailed links (at least 128 bits; ASVS 7.2.3).
const SECRET_BYTES: usize = 32;

/// So many of the requests that applications keep at their addresses are remembered.
const SIGNED_REQUESTS: usize = 256;

/// So many of the documents by which applications describe themselves are remembered.
const METADATA_DOCUMENTS: usize = 256;

impl App {
    /// Puts the application together. [`App::refresh_configuration`] has to run before the first request.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, keys, clock, entropy, registry, hasher, outbound, renderer, .. } = parts;
        let Parts { locales, can_mail, sees_certificates, .. } = parts;
        let (runtimes, drifts) = (Runtimes::default(), Drifts::default());
        let templates = templates(&registry);
        let shared = Shared {
            store,
            keys,
            clock,
            entropy,
            registry,
            hasher,
            key_sets: KeySets::new(outbound.clone()),
            signed_requests: Cached::new(outbound.clone(), SIGNED_REQUESTS),
            metadata_documents: Cached::new(outbound.clone(), METADATA_DOCUMENTS),
            outbound,
            renderer,
            locales,
            can_mail,
            sees_certificates,
            drifts,
            guessers: Guessers::default(),
            polls: Polls::default(),
            calls: Calls::default(),
            templates,
            runtimes,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// The database, for health checks, workers and counters.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// How far this node's clock seems to be off, in seconds, when many users' clocks differ from it by the same:
    /// positive when theirs are ahead.
    pub fn clock_suspicion(&self) -> Option<i64> {
        self.shared.drifts.suspicion(self.now())
    }

    pub(crate) fn keys(&self) -> &Arc<KeyRing> {
        &self.shared.keys
    }

    pub(crate) fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.shared.entropy
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.shared.hasher
    }

    /// What asks addresses that applications name, and what the pool lets it reach.
    pub(crate) fn outbound(&self, pool: &Pool) -> (&Outbound, OutboundRules) {
        (&self.shared.outbound, rules_of(pool))
    }

    /// The signed requests that applications keep at addresses of their own, and what the pool lets be reached.
    pub(crate) fn signed_requests(&self, pool: &Pool) -> (&Cached, OutboundRules) {
        (&self.shared.signed_requests, rules_of(pool))
    }

    /// The documents by which applications describe themselves, and what the pool may ask for.
    pub(crate) fn metadata_documents(&self, pool: &Pool) -> (&Cached, OutboundRules) {
        (&self.shared.metadata_documents, rules_of(pool))
    }

    /// The public keys that somebody publishes.
    pub(crate) async fn keys_at(&self, cx: &Cx, uri: &str, want: Want) -> Option<Arc<ForeignKeys>> {
        self.shared.key_sets.at(&rules_of(&cx.pool.pool), uri, want).await
    }

    pub(crate) fn drifts(&self) -> &Drifts {
        &self.shared.drifts
    }

    pub(crate) fn guessers(&self) -> &Guessers {
        &self.shared.guessers
    }

    pub(crate) fn polls(&self) -> &Polls {
        &self.shared.polls
    }

    pub(crate) fn calls(&self) -> &Calls {
        &self.shared.calls
    }

    pub(crate) fn templates(&self) -> &Arc<BTreeSet<String>> {
        &self.shared.templates
    }

    /// The second factors, for the pages that name them.
    pub fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// A fresh secret for a cookie or a link: 256 bits, base64url.
    pub fn secret(&self) -> String {
        random_token(self.shared.entropy.as_ref(), SECRET_BYTES)
    }

    /// Secrets of the same form that can be made again of `data`, by this server alone: one for each key of its ring, that of
    /// the active key first. Each is made when it is asked for.
    pub(crate) fn secrets_of<'a>(
        &'a self,
        label: &'a str,
        data: &'a [u8],
    ) -> impl Iterator<Item = String> + 'a {
        use base64::Engine;
        let text = |mac| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode::<[u8; 32]>(mac);
        self.shared.keys.macs(label, data).map(text)
    }

    /// Seals a value into text that only this server can open, for what `ad` says.
    ///
    /// # Errors
    /// When the value does not serialize.
    pub(crate) fn seal_value<T: Serialize>(
        &self,
        ad: &AssociatedData,
        value: &T,
    ) -> Result<String, serde_json::Error> {
        let plain = serde_json::to_vec(value)?;
        Ok(self.shared.keys.seal_token(self.shared.entropy.as_ref(), ad, &plain))
    }

    /// Opens what [`App::seal_value`] made.
    ///
    /// # Errors
    /// [`Unopened`].
    pub(crate) fn open_value<T: DeserializeOwned>(
        &self,
        ad: &AssociatedData,
        sealed: &str,
    ) -> Result<T, Unopened> {
        Ok(serde_json::from_slice(&self.shared.keys.open_token(ad, sealed)?)?)
    }

    /// The anti-forgery token of a browser at a pool, from the digest of its cookie.
    pub fn csrf_token(&self, cx: &Cx) -> String {
        use base64::Engine;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(self.shared.keys.mac(CSRF, &csrf_subject(cx)))
    }

    /// Whether a form carries the token of the browser that sends it, at this pool.
    pub fn csrf_is_valid(&self, cx: &Cx, token: &str) -> bool {
        use base64::Engine;
        let decoded = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token);
        decoded.is_ok_and(|tag| self.shared.keys.verify_mac(CSRF, &csrf_subject(cx), &tag))
    }

    /// Whether the pool lets people create accounts, and mail can be sent.
    pub fn offers_registration(&self, cx: &Cx) -> bool {
        self.shared.can_mail && cx.pool.pool.settings.registration
    }

    /// Whether the pool lets people reset a forgotten password, and mail can be sent.
    pub fn offers_reset(&self, cx: &Cx) -> bool {
        self.shared.can_mail && cx.pool.pool.settings.password_reset
    }

    /// Whether mail can be sent at all.
    pub fn can_mail(&self) -> bool {
        self.shared.can_mail
    }

    /// A name for a request, for logs and error pages.
    pub fn request_name(&self) -> String {
        random_token(self.shared.entropy.as_ref(), 9)
    }

    pub(crate) fn pool_store(&self, cx: &Cx) -> PoolStore {
        self.shared.store.pool(cx.pool.pool.id)
    }

    pub(crate) fn fresh_session_token(&self) -> SessionToken {
        SessionToken::new(self.secret())
    }

    /// The living session of the request and its active user. One statement.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn live(&self, cx: &Cx) -> Result<Option<Live>, Failure> {
        let Some(token) = &cx.session else { return Ok(None) };
        Ok(living(cx, self.pool_store(cx).session_by_token(&token.digest()).await?))
    }

    /// The browser's session as long as it is not over, even where it was left alone for too long: for whoever ends it.
    pub(crate) async fn open_session(&self, cx: &Cx) -> Result<Option<Live>, Failure> {
        let Some(token) = &cx.session else { return Ok(None) };
        let found = self.pool_store(cx).session_by_token(&token.digest()).await?;
        let open = found.filter(|found| found.session.is_open(cx.now));
        Ok(open.map(|found| Live { session: found.session, user: found.user }))
    }

    /// As [`App::live`], with what the user agreed to for an application. One statement.
    pub(crate) async fn live_and_consent(
        &self,
        cx: &Cx,
        client_id: &str,
    ) -> Result<Option<(Live, Option<ConsentRow>)>, Failure> {
        let Some(token) = &cx.session else { return Ok(None) };
        let found = self.pool_store(cx).session_and_consent(&token.digest(), client_id).await?;
        Ok(found.and_then(|(session, consent)| Some((living(cx, Some(session))?, consent))))
    }
}

/// A session that is alive, of a user who may use it.
fn living(cx: &Cx, found: Option<SessionWithUser>) -> Option<Live> {
    let lifetimes = &cx.pool.pool.settings.lifetimes;
    let alive = |session: &Session| session.is_alive(lifetimes, cx.now);
    found
        .filter(|found| found.user.status == UserStatus::Active && alive(&found.session))
        .map(|found| Live { session: found.session, user: found.user })
}

/// What an anti-forgery token stands for. Both parts have a fixed length.
fn csrf_subject(cx: &Cx) -> Vec<u8> {
    [cx.pool.pool.id.as_bytes(), &cx.browser].concat()
}

/// The templates of all factors. One that fails to name its own has none.
pub(crate) fn templates(registry: &Registry) -> Arc<BTreeSet<String>> {
    let views = registry.iter().flat_map(|factor| guarded(|| Ok(factor.sample_views())).unwrap_or_default());
    Arc::new(views.map(|view| view.template).collect())
}

/// Why a sealed value cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unopened {
    /// It was sealed for something else, with another key, or never.
    #[error(transparent)]
    Seal(#[from] OpenError),
    /// Another version of this program sealed it.
    #[error(transparent)]
    Layout(#[from] serde_json::Error),
}

/// What a pool lets the server reach.
fn rules_of(pool: &Pool) -> OutboundRules {
    OutboundRules { on_behalf_of: pool.id.to_string(), allow: pool.settings.outbound.allow.clone() }
}
