//! Key sets that applications publish: fetched, read once, and kept as long as the document is fresh.

use bytes::Bytes;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use vestibule_domain::{Client, TrustedIssuer};
use vestibule_jose::{ForeignKeys, ForeignKeysError};
use vestibule_outbound::{Cached, Outbound, OutboundRules};

/// So many documents are kept at once.
const MOST: usize = 1_024;

/// What a key set is served as (RFC 7517 §8.5); many servers say no more than that it is JSON.
const ACCEPT: [&str; 2] = ["application/jwk-set+json", "application/json"];

/// The keys that an application registered, if it did.
///
/// # Errors
/// Why they cannot be used.
pub(crate) fn registered(client: &Client) -> Option<Result<ForeignKeys, ForeignKeysError>> {
    client.jwks.as_ref().map(parsed)
}

/// The keys of a set that an operator wrote down.
///
/// # Errors
/// Why they cannot be used.
pub(crate) fn parsed(document: &Value) -> Result<ForeignKeys, ForeignKeysError> {
    ForeignKeys::parse(document.to_string().as_bytes())
}

/// Whether the keys of a trusted issuer can be read, where they are written down.
///
/// # Errors
/// Why not.
pub fn check_issuer_keys(issuer: &TrustedIssuer) -> Result<(), ForeignKeysError> {
    issuer.jwks.as_ref().map_or(Ok(()), |keys| parsed(keys).map(drop))
}

/// Whether what is kept will do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// As long as it is fresh.
    Kept,
    /// Something was signed with a key that is not in it. It is asked for at most once a minute.
    Newer,
}

/// The key sets of all applications of all pools.
pub(crate) struct KeySets {
    documents: Cached,
    /// What was read of the documents, which come as the same bytes until they change.
    read: Mutex<HashMap<String, Read>>,
}

struct Read {
    body: Bytes,
    /// Nothing where it is no key set; that need not be found out again.
    keys: Option<Arc<ForeignKeys>>,
}

impl KeySets {
    pub(crate) fn new(outbound: Outbound) -> Self {
        Self { documents: Cached::new(outbound, MOST), read: Mutex::default() }
    }

    /// The keys at an address. Nothing where it does not answer, or with something else: the cause is in the log.
    pub(crate) async fn at(&self, rules: &OutboundRules, uri: &str, want: Want) -> Option<Arc<ForeignKeys>> {
        let fetched = match want {
            Want::Kept => self.documents.get(rules, uri, &ACCEPT).await,
            Want::Newer => self.documents.refresh(rules, uri, &ACCEPT).await,
        };
        let fetched = fetched.inspect_err(|error| {
            tracing::warn!(%error, pool.id = rules.on_behalf_of, "the keys of an application cannot be fetched");
        });
        self.read(uri, fetched.ok()?.body)
    }

    fn read(&self, uri: &str, body: Bytes) -> Option<Arc<ForeignKeys>> {
        let shelf = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = shelf().get(uri).filter(|known| known.body == body) {
            return known.keys.clone();
        }
        // Without the lock: reading keys takes its time, and others need theirs meanwhile.
        let keys = ForeignKeys::parse(&body).inspect_err(|error| {
            tracing::warn!(%error, "the keys of an application cannot be read");
        });
        let keys = keys.ok().map(Arc::new);
        let mut read = shelf();
        if read.len() >= MOST {
            read.clear();
        }
        read.insert(uri.to_owned(), Read { body, keys: keys.clone() });
        keys
    }
}
