//! Which tokens an application may exchange for which others (RFC 8693). What no rule allows is refused.

use super::{Client, ClientKind, GrantType};
use crate::field::{self, Fault, Faults, FieldPath};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The most rules of an application.
const MOST: usize = 64;

names! {
    /// What a new token says of whoever asked for it (RFC 8693 §1.1).
    ExchangeMode {
        /// The token names who acts for its subject (`act`).
        Delegation = "delegation",
        /// The token looks as if its subject had got it. Whoever acted for the subject before is still named.
        Impersonation = "impersonation",
    }
}

/// One kind of token that an application may exchange, and for what (RFC 8693). It has to be the application's own, or one for
/// an API that the application serves (`introspects`); the rule says which of those.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExchangeRule {
    /// The applications that the token was issued to, by `client_id`; any when left out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub issued_to: BTreeSet<String>,
    /// The APIs that the token is for: at least one of these. Any when left out; an ID token is for none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub audience: BTreeSet<String>,
    /// The API that the new token is for: one of the application's `apis`.
    pub api: String,
    /// The scopes of the new token, each with the scope that the exchanged one must have for it:
    /// `{ "ledger.read" = "orders.read" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub scopes: BTreeMap<String, String>,
    /// Whether the new token says who acts.
    #[serde(default = "delegation")]
    pub mode: ExchangeMode,
    /// Whether tokens that are bound to the key of somebody else are exchanged, too: the application checks the proofs of that
    /// key itself (RFC 9449 §7). What it gets for them is bound to a key of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bound_subjects: bool,
    /// Whether ID tokens are exchanged, too, and tell who acts. They are bound to no key: what comes of one is free, also where
    /// the access tokens of its sign-in are bound.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_tokens: bool,
}

const fn delegation() -> ExchangeMode {
    ExchangeMode::Delegation
}

impl Client {
    /// Whether it may exchange tokens at all: it proves itself, and somebody answers for it.
    pub fn may_exchange(&self) -> bool {
        self.may_use(GrantType::TokenExchange)
            && self.kind == ClientKind::Confidential
            && !self.is_a_strangers()
    }

    /// Whether it may use what issuers say that the pool trusts (RFC 7523 §2.1): it proves itself, and somebody answers for it.
    pub fn may_assert(&self) -> bool {
        self.may_use(GrantType::JwtBearer) && self.kind == ClientKind::Confidential && !self.is_a_strangers()
    }

    /// Whether any of its rules gives tokens for the API.
    pub fn may_exchange_for(&self, api: &str) -> bool {
        self.may_exchange() && self.exchange.iter().any(|rule| rule.api == api)
    }

    /// Whether any of its rules still gives the scope in tokens for one of these APIs.
    pub fn may_exchange_into(&self, apis: &[String], scope: &str) -> bool {
        self.exchange.iter().any(|rule| apis.contains(&rule.api) && rule.scopes.contains_key(scope))
    }

    pub(super) fn check_exchange(&self, at: &FieldPath, faults: &mut Faults) {
        let grant = self.may_use(GrantType::TokenExchange);
        let place = at.key("exchange");
        faults.require(grant || self.exchange.is_empty(), &place, || {
            Fault::new("rules of exchange without the grant")
                .expected(format!("\"{}\" among the grants", GrantType::TokenExchange.as_str()))
                .hint("add the grant, or remove the rules")
        });
        faults.require(!grant || !self.exchange.is_empty(), &at.key("grants"), || {
            Fault::new("token exchange without a rule")
                .expected("at least one [[pool.client.exchange]] table: nothing may be exchanged by default")
                .hint("add a rule, or remove the grant")
        });
        // RFC 8693 §5: whoever holds a token would get more of them.
        faults.require(!grant || self.kind == ClientKind::Confidential, &at.key("grants"), || {
            Fault::new("an application without a secret cannot exchange tokens")
                .expected("token exchange for confidential applications only")
                .hint("remove the grant, or make the application confidential")
        });
        faults.require(self.exchange.len() <= MOST, &place, || {
            Fault::new("too many rules of exchange").expected(format!("at most {MOST}")).hint("join some")
        });
        for (index, rule) in self.exchange.iter().enumerate() {
            rule.check(self, &place.index(index), faults);
        }
    }
}

impl ExchangeRule {
    fn check(&self, of: &Client, at: &FieldPath, faults: &mut Faults) {
        faults.require(!(self.issued_to.is_empty() && self.audience.is_empty()), at, || {
            Fault::new("a rule for whatever token there is")
                .expected("`issued_to`, `audience` or both")
                .hint("say which applications the tokens were issued to, or which APIs they are for")
        });
        for api in &self.audience {
            faults.require(of.introspects.contains(api), &at.key("audience"), || {
                Fault::new("tokens for an API that the application does not serve")
                    .expected("one of its `introspects`")
                    .found(format!("{api:?}"))
                    .hint("add the API there, or remove it here")
            });
        }
        faults.require(of.may_ask_for(&self.api), &at.key("api"), || {
            Fault::new("an API that the application may not ask tokens for")
                .expected("one of its `apis`")
                .found(format!("{:?}", self.api))
                .hint("add the API there, or correct the name")
        });
        for (scope, needed) in &self.scopes {
            let at = at.key("scopes").key(scope);
            faults.judge(&at, field::scope(needed));
            faults.require(of.scopes.contains(scope), &at, || {
                Fault::new("a scope that the application is not registered for")
                    .expected("one of its `scopes`")
                    .found(format!("{scope:?}"))
                    .hint("add the scope there, or remove it here")
            });
        }
    }
}
