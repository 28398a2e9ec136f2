//! The APIs of a pool: what access tokens are for (RFC 8707).

use crate::{
    client::{AccessTokenType, TokenAlg, TokenRules},
    field::{self, Fault, Faults, FieldPath},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// The longest identifier of an API, in bytes.
const LONGEST: usize = 512;

/// The most APIs of a pool.
const MOST: usize = 256;

/// A registered API (RFC 8707: a protected resource). Tokens for it are made as it reads them, whichever application asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// Its resource indicator (RFC 8707 §2): an absolute URI without fragment. It is the audience of its tokens, compared
    /// character by character.
    pub id: String,
    /// Shown to people who are asked whether an application may use it; the identifier when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The scopes that are its own: they are in tokens for it and in no others.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub scopes: BTreeSet<String>,
    /// Algorithm of its access tokens, where it is not the pool's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_alg: Option<TokenAlg>,
    /// What its access tokens look like, where it is not as at the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_type: Option<AccessTokenType>,
    /// How long its access tokens live in seconds, where it is not as at the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 4_294_967_295u32)))]
    pub access_token_lifetime: Option<i64>,
}

/// What the access tokens of one reader look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenShape {
    /// Their algorithm.
    pub alg: TokenAlg,
    /// Their kind.
    pub typ: AccessTokenType,
    /// How long they live, in seconds.
    pub lifetime: i64,
}

impl TokenShape {
    /// What can be read by both, if anything can: a token has one algorithm and one kind. It lives as long as either permits.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let alike = self.alg == other.alg && self.typ == other.typ;
        alike.then(|| Self { lifetime: self.lifetime.min(other.lifetime), ..self })
    }
}

/// Scopes that are everybody's: what they give is told to applications, whichever API has a scope of that name.
const OF_USERS: [&str; 8] =
    ["openid", "offline_access", "profile", "email", "address", "phone", "groups", "roles"];

impl Api {
    /// What its tokens look like at a pool that has these rules and this lifetime for all others.
    pub fn shape(&self, pool: &TokenRules, lifetime: i64) -> TokenShape {
        TokenShape {
            alg: self.access_token_alg.unwrap_or(pool.access_token_alg),
            typ: self.access_token_type.unwrap_or(pool.access_token_type),
            lifetime: self.access_token_lifetime.unwrap_or(lifetime),
        }
    }

    /// Its name for people.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }

    fn check(&self, at: &FieldPath, faults: &mut Faults) {
        faults.require(is_resource(&self.id), &at.key("id"), || {
            Fault::new("not a resource indicator")
                .expected(format!("an absolute URI without fragment, at most {LONGEST} bytes"))
                .found(format!("{:?}", self.id))
                .hint("write the API's address, such as \"https://api.example.com\"")
        });
        if let Some(name) = &self.name {
            faults.judge(&at.key("name"), field::name(name));
        }
        for (index, scope) in self.scopes.iter().enumerate() {
            let at = at.key("scopes").index(index);
            faults.judge(&at, field::scope(scope));
            faults.require(!OF_USERS.contains(&scope.as_str()), &at, || {
                Fault::new("a scope that tells claims of a user")
                    .expected("a scope of the API's own")
                    .found(format!("{scope:?}"))
                    .hint(format!("call it by the API, such as \"orders.{scope}\""))
            });
        }
        if let Some(seconds) = self.access_token_lifetime {
            faults.judge(&at.key("access_token_lifetime"), field::range(seconds, 1, u32::MAX.into()));
        }
    }
}

/// Whether a text can be the `resource` of a request (RFC 8707 §2).
pub fn is_resource(text: &str) -> bool {
    let plain = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain && !text.contains('#') && Url::parse(text).is_ok()
}

/// Everything that is wrong with the APIs of a pool, whose own issuer is none of them.
pub(crate) fn check(apis: &[Api], at: &FieldPath, faults: &mut Faults) {
    faults.require(apis.len() <= MOST, at, || {
        Fault::new("too many APIs").expected(format!("at most {MOST}")).hint("remove those that are not used")
    });
    for (index, api) in apis.iter().enumerate() {
        api.check(&at.index(index), faults);
    }
    faults.unique(
        "API",
        apis.iter().enumerate().map(|(index, api)| (at.index(index).key("id"), api.id.clone())),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_an_absolute_uri_without_fragment() {
        for good in
            ["https://api.example.com", "https://api.example.com/v1?x", "urn:example:orders", "api://orders"]
        {
            assert!(is_resource(good), "{good}");
        }
        for bad in ["", "orders", "/orders", "https://a#b", "https://a b", "https://é", "https://"] {
            assert!(!is_resource(bad), "{bad}");
        }
        assert!(!is_resource(&format!("https://{}", "a".repeat(LONGEST))));
    }

    #[test]
    fn a_token_for_two_has_the_shape_of_both() {
        let shape = |typ, lifetime| TokenShape { alg: TokenAlg::Es256, typ, lifetime };
        let (short, long) = (shape(AccessTokenType::Jwt, 60), shape(AccessTokenType::Jwt, 600));
        assert_eq!(long.and(short), Some(short));
        assert_eq!(long.and(shape(AccessTokenType::Opaque, 600)), None);
        assert_eq!(long.and(TokenShape { alg: TokenAlg::Rs256, ..long }), None);
    }
}
