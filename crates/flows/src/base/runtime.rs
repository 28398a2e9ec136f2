//! The in-process snapshot of what changes rarely: pools, applications, keys.
//!
//! Nothing that must be spent once is ever here. A node asks the database for the configuration's version (the
//! server does so every second) and drops what it has when the version moved.

use crate::base::{failure::Failure, subjects::Subjects};
use bytes::Bytes;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, RwLock},
};
use vestibule_domain::{Client, Pool, PoolId, SessionId, TokenAlg, UserId};
use vestibule_jose::{ForeignKeys, Jwk, SigningKey};
use vestibule_seal::{AssociatedData, sha256};
use vestibule_x509::Authorities;

/// A document ready to send. Cloning shares the bytes.
#[derive(Clone)]
pub struct Document {
    /// The bytes.
    pub body: Bytes,
    /// Its entity tag, quotes included (RFC 9110 §8.8.3).
    pub etag: Bytes,
}

impl Document {
    pub(super) fn new(text: String) -> Self {
        let digest = sha256(text.as_bytes());
        let etag =
            digest.iter().take(12).fold("\"".to_owned(), |tag, byte| format!("{tag}{byte:02x}")) + "\"";
        Self { body: Bytes::from(text), etag: Bytes::from(etag) }
    }
}

/// A pool with everything that a request needs to know about it.
pub struct PoolRuntime {
    /// The pool.
    pub pool: Pool,
    /// Its issuer identifier.
    pub issuer: String,
    /// The key set document (RFC 7517 §5), ready to send.
    pub jwks: Document,
    /// The discovery document (OIDC Discovery §4), ready to send.
    pub discovery: Document,
    pub(super) clients: HashMap<String, Client>,
    pub(super) authorities: Option<Authorities>,
    pub(super) client_keys: HashMap<String, Arc<ForeignKeys>>,
    pub(super) issuer_keys: HashMap<String, Arc<ForeignKeys>>,
    pub(super) signing: HashMap<TokenAlg, SigningKey>,
    pub(super) verifying: Vec<Jwk>,
    pub(super) subjects: Subjects,
    pub(super) texts: Arc<BTreeMap<String, BTreeMap<String, String>>>,
}

impl PoolRuntime {
    /// An enabled application of the pool.
    pub fn client(&self, id: &str) -> Option<&Client> {
        self.clients.get(id).filter(|client| client.enabled)
    }

    /// An application, also one that is switched off.
    pub(crate) fn client_on_or_off(&self, id: &str) -> Option<&Client> {
        self.clients.get(id)
    }

    /// The public keys that an application registered.
    pub(crate) fn registered_keys(&self, client: &str) -> Option<Arc<ForeignKeys>> {
        self.client_keys.get(client).map(Arc::clone)
    }

    /// Who vouches for the certificates of its applications.
    pub(crate) const fn authorities(&self) -> Option<&Authorities> {
        self.authorities.as_ref()
    }

    /// The public keys of an issuer that the pool trusts, where they are written down.
    pub(crate) fn keys_of_issuer(&self, issuer: &str) -> Option<Arc<ForeignKeys>> {
        self.issuer_keys.get(issuer).map(Arc::clone)
    }

    /// The pool's own words.
    pub fn texts(&self) -> Arc<BTreeMap<String, BTreeMap<String, String>>> {
        Arc::clone(&self.texts)
    }

    /// All applications, disabled ones included.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.values()
    }

    /// All applications, for telling users their names.
    pub fn client_name(&self, id: &str) -> Option<&str> {
        self.clients.get(id).map(|client| client.name.as_str())
    }

    /// Whether any application redirects to the origin; token and userinfo answers may be read from it (CORS).
    pub fn serves_origin(&self, origin: &str) -> bool {
        let starts = |uri: &String| {
            uri.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.clients.values().any(|client| client.enabled && client.redirect_uris.iter().any(starts))
    }

    /// The active key for an algorithm.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the pool has none.
    pub fn signing_key(&self, alg: TokenAlg) -> Result<&SigningKey, Failure> {
        let missing =
            || Failure::internal(format!("pool {} has no active {} key", self.pool.slug, alg.as_str()));
        self.signing.get(&alg).ok_or_else(missing)
    }

    /// The active key for what is signed for an application; the pool's usual one where it is gone.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the pool has none.
    pub fn key_for(&self, client: &str) -> Result<&SigningKey, Failure> {
        let tokens = &self.pool.settings.tokens;
        let client = self.clients.get(client);
        self.signing_key(client.map_or(tokens.id_token_alg, |client| client.signed_with(tokens)))
    }

    /// The user, as the application knows them (OIDC Core §8): the one `sub` that it is ever told, and that counts when it says it.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the pool has no secret for pairwise ones.
    pub fn subject_of(&self, client: &Client, user: UserId) -> Result<String, Failure> {
        self.subjects.of_user(client, user)
    }

    /// The session, as the application knows it: its `sid`.
    ///
    /// # Errors
    /// As for [`PoolRuntime::subject_of`].
    pub fn sid_of(&self, client: &Client, session: SessionId) -> Result<String, Failure> {
        self.subjects.of_session(client, session)
    }

    /// Every key whose signatures still count.
    pub fn verifying_keys(&self) -> &[Jwk] {
        &self.verifying
    }
}

#[derive(Default)]
pub(super) struct Directory {
    pub(super) version: i64,
    pub(super) by_authority: HashMap<String, Arc<Pool>>,
    /// By the host at which their applications are asked for certificates, where that is another one.
    pub(super) by_mutual_tls: HashMap<String, Arc<Pool>>,
    pub(super) runtimes: HashMap<PoolId, Arc<PoolRuntime>>,
}

/// The snapshot. Cheap to read, replaced as a whole.
#[derive(Default)]
pub(crate) struct Runtimes(pub(super) RwLock<Directory>);

/// What a sealed signing key is bound to.
pub(crate) fn signing_key_ad(pool: PoolId, kid: &str) -> AssociatedData {
    AssociatedData::new("signing-key").with(pool.as_bytes()).with(kid)
}
