//! Applications that registered by themselves.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How an application came that registered by itself (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registered {
    /// When it did: `client_id_issued_at`.
    pub at: Timestamp,
    /// How.
    pub by: RegisteredBy,
    /// Whether somebody vouches for it: whoever registered it had an initial access token, or the pool lists the host that
    /// describes it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub vouched: bool,
    /// Whether an administrator has changed it since. From then on it is theirs: it does not change itself back, and does not go
    /// because nobody uses it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_over: bool,
    /// What it says of itself and nothing here depends on: told to itself again, and shown to nobody.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, Value>,
}

/// How an application registered by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RegisteredBy {
    /// By a request (RFC 7591).
    Request {
        /// SHA-256 of its registration access token (RFC 7592 §1.2).
        token_sha256: [u8; 32],
    },
    /// By the document at the address that is its `client_id` (OAuth Client ID Metadata Document).
    Document,
}

impl Registered {
    /// Whether nobody answers for it: anybody may have registered it, with any address and any name.
    pub const fn is_a_strangers(&self) -> bool {
        !self.vouched && !self.taken_over
    }
}
