//! Issuers whose word about the pool's users counts (RFC 7523 §2.1).

use crate::{
    Api,
    client::web_address,
    field::{self, Fault, Faults, FieldPath},
    user::Email,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most of a pool.
const MOST: usize = 32;

/// The longest name of one, in bytes.
const LONGEST: usize = 512;

/// How an assertion says whom it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AssertedSubject {
    /// `sub` is the identifier that the user has in this pool.
    #[default]
    UserId,
    /// `email`, with a true `email_verified`, is the address that is proved here, too. Only addresses of `domains` count.
    Email,
}

/// An issuer that the pool trusts to say on whose behalf an application acts (RFC 7523 §2.1): whoever has its key acts for every
/// user that it may speak of, within `apis` and `scopes`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TrustedIssuer {
    /// Its name: the `iss` of what it signs, compared character by character.
    pub issuer: String,
    /// Its public keys as a JSON Web Key Set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Where it publishes them instead: `https`, or `http` on loopback. An address that is not public has to be allowed in
    /// `[pool.outbound]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    /// The applications that may use its assertions, by `client_id`.
    pub applications: BTreeSet<String>,
    /// How it says whom it speaks of.
    #[serde(default)]
    pub subject: AssertedSubject,
    /// The domains whose addresses it has the say about, such as `example.com`; with `subject = "email"`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub domains: BTreeSet<String>,
    /// The APIs that tokens may be for: those of them that the application may ask for.
    pub apis: BTreeSet<String>,
    /// The scopes that tokens may have: those of them that the application is registered for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scopes: BTreeSet<String>,
    /// Whether its users have given one factor to it, so that tokens say so in `acr`. Otherwise they say `0`: nobody knows. A
    /// second factor is never taken on its word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first_factor: bool,
}

impl TrustedIssuer {
    /// Whether an application may use what it signs.
    pub fn serves(&self, client_id: &str) -> bool {
        self.applications.contains(client_id)
    }

    /// Whether it has the say about an address.
    pub fn speaks_for(&self, address: &Email) -> bool {
        let key = address.key();
        key.rsplit_once('@').is_some_and(|(_, domain)| self.domains.contains(domain))
    }

    fn check(&self, apis: &[Api], at: &FieldPath, faults: &mut Faults) {
        let name = !self.issuer.is_empty()
            && self.issuer.len() <= LONGEST
            && self.issuer.bytes().all(|byte| byte.is_ascii_graphic());
        faults.require(name, &at.key("issuer"), || {
            Fault::new("not the name of an issuer")
                .expected(format!("1 to {LONGEST} visible ASCII characters"))
                .found(format!("{:?}", self.issuer))
                .hint("write the `iss` of its assertions, such as \"https://idp.example.com\"")
        });
        faults.require(self.jwks.is_some() != self.jwks_uri.is_some(), &at.key("jwks"), || {
            Fault::new("keys in no place, or in two")
                .expected("one of `jwks` and `jwks_uri`")
                .hint("give the issuer's public keys, or where it publishes them")
        });
        if let Some(uri) = &self.jwks_uri {
            faults.judge(&at.key("jwks_uri"), web_address(uri, "keys").map(drop));
        }
        faults.require(!self.applications.is_empty(), &at.key("applications"), || {
            Fault::new("an issuer for no application")
                .expected("at least one `client_id`")
                .hint("name the applications that may use its assertions")
        });
        let by_email = self.subject == AssertedSubject::Email;
        faults.require(by_email != self.domains.is_empty(), &at.key("domains"), || {
            Fault::new("domains and the way to name users do not fit")
                .expected("domains with subject = \"email\", and only with that")
                .hint("list the domains whose addresses the issuer has the say about, or remove them")
        });
        for domain in &self.domains {
            let plain =
                Email::parse(&format!("x@{domain}")).is_ok_and(|email| email.key() == format!("x@{domain}"));
            faults.require(plain, &at.key("domains"), || {
                Fault::new("not a domain")
                    .expected("a name in small ASCII letters, such as \"example.com\"")
                    .found(format!("{domain:?}"))
                    .hint("write what stands behind the @ of its addresses")
            });
        }
        faults.require(!self.apis.is_empty(), &at.key("apis"), || {
            Fault::new("tokens for no API")
                .expected("at least one `id` of a [[pool.api]] table: userinfo is not read with such tokens")
                .hint("name the APIs")
        });
        for name in &self.apis {
            faults.require(apis.iter().any(|api| api.id == *name), &at.key("apis"), || {
                Fault::new("an API that the pool does not have")
                    .expected("the `id` of one of its [[pool.api]] tables")
                    .found(format!("{name:?}"))
                    .hint("declare the API, or correct the name")
            });
        }
        for (index, scope) in self.scopes.iter().enumerate() {
            faults.judge(&at.key("scopes").index(index), field::scope(scope));
        }
    }
}

/// Everything that is wrong with the trusted issuers of a pool.
pub(super) fn check(issuers: &[TrustedIssuer], apis: &[Api], at: &FieldPath, faults: &mut Faults) {
    faults.require(issuers.len() <= MOST, at, || {
        Fault::new("too many trusted issuers").expected(format!("at most {MOST}")).hint("remove some")
    });
    for (index, issuer) in issuers.iter().enumerate() {
        issuer.check(apis, &at.index(index), faults);
    }
    let names = issuers.iter().enumerate();
    faults.unique(
        "trusted issuer",
        names.map(|(index, one)| (at.index(index).key("issuer"), one.issuer.clone())),
    );
}
