//! Applications that registered by themselves.

use crate::{Client, ClientRegistration, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How an application came that registered by itself (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Registered {
    /// When it did: `client_id_issued_at`.
    pub at: Timestamp,
    /// Since when it looks to people as it does: its name and its addresses.
    pub since: Timestamp,
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
    Document {
        /// The host of that address.
        host: String,
    },
}

impl Registered {
    /// Whether nobody answers for it: anybody may have registered it, with any address and any name.
    pub const fn is_a_strangers(&self) -> bool {
        !self.vouched && !self.taken_over
    }
}

impl Client {
    /// As it counts now. One that registered by itself has nothing beyond the rules of now, whatever they were then; where they
    /// would not take it any more, it is switched off. What an administrator has changed is the administrator's.
    #[must_use]
    pub fn within(mut self, rules: &ClientRegistration) -> Self {
        let Some(registered) = self.registered.as_mut().filter(|registered| !registered.taken_over) else {
            return self;
        };
        if let RegisteredBy::Document { host } = &registered.by {
            registered.vouched = rules.vouches_for(host);
            self.enabled &= rules.takes_document_of(host);
        }
        self.enabled &= self.auth_method.is_some_and(|method| rules.auth_methods.contains(&method));
        self.scopes.retain(|scope| rules.scopes.contains(scope));
        self.apis.retain(|api| rules.apis.contains(api));
        self.grants.retain(|grant| rules.grants.contains(grant));
        self
    }

    /// Whether nobody answers for it: it registered by itself, and neither the pool nor an administrator vouches for it.
    pub fn is_a_strangers(&self) -> bool {
        self.registered.as_ref().is_some_and(Registered::is_a_strangers)
    }

    /// Whether it is the same to people as before: by its name, and by where it sends or answers them.
    pub fn looks_like(&self, before: &Self) -> bool {
        self.name == before.name
            && self.redirect_uris == before.redirect_uris
            && self.post_logout_redirect_uris == before.post_logout_redirect_uris
            && self.logout == before.logout
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientAuthMethod, ClientKind, MetadataDocuments};

    fn described(taken_over: bool) -> Client {
        let by = RegisteredBy::Document { host: "editor.example".to_owned() };
        let at = Timestamp::from_seconds(1);
        let metadata = BTreeMap::new();
        Client {
            auth_method: Some(ClientAuthMethod::None),
            scopes: vec!["openid".to_owned(), "groups".to_owned()],
            registered: Some(Registered { at, since: at, by, vouched: true, taken_over, metadata }),
            ..Client::new("https://editor.example/app", ClientKind::Public)
        }
    }

    #[test]
    fn trust_and_rules_are_those_of_now() {
        let mut rules =
            ClientRegistration { documents: MetadataDocuments::Any, ..ClientRegistration::default() };
        let now = described(false).within(&rules);
        assert!(now.enabled && now.is_a_strangers(), "the host is not listed any more");
        assert_eq!(now.scopes, ["openid"]);
        rules.document_hosts.insert("editor.example".to_owned());
        assert!(!described(false).within(&rules).is_a_strangers());
        rules.documents = MetadataDocuments::Off;
        assert!(!described(false).within(&rules).enabled);
        assert_eq!(described(true).within(&rules), described(true), "it is the administrator's");
    }
}
