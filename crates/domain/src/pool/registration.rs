//! What applications may register by themselves.

use crate::{
    client::{ClientAuthMethod, GrantType},
    field::{self, Fault, Faults, FieldPath},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who may register an application (RFC 7591 §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Administrators alone.
    #[default]
    Off,
    /// Whoever has an initial access token, which counts once.
    Token,
    /// Anybody.
    Open,
}

/// What applications may register by themselves (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClientRegistration {
    /// Who may.
    pub mode: RegistrationMode,
    /// Grants that they may use: `authorization_code`, and `refresh_token` with it.
    pub grants: BTreeSet<GrantType>,
    /// Scopes that they may ask for. Others that they name are left out.
    pub scopes: BTreeSet<String>,
    /// APIs of the pool that all of them may ask tokens for.
    pub apis: BTreeSet<String>,
    /// How they may prove themselves.
    pub auth_methods: BTreeSet<ClientAuthMethod>,
    /// So many of them at most at one time that nobody vouches for. When all places are taken, the oldest that no user has agreed
    /// to makes way for the next.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000u32)))]
    pub most: u32,
    /// One that no user has agreed to for so many seconds goes when another one comes.
    #[cfg_attr(feature = "schema", schemars(range(min = 60, max = 4_294_967_295u32)))]
    pub unused: i64,
}

impl Default for ClientRegistration {
    fn default() -> Self {
        Self {
            mode: RegistrationMode::Off,
            grants: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
            scopes: ["openid", "profile", "email", "offline_access"].map(str::to_owned).into(),
            apis: BTreeSet::new(),
            auth_methods: ClientAuthMethod::ALL.iter().copied().collect(),
            most: 100,
            unused: 86_400,
        }
    }
}

impl ClientRegistration {
    /// Everything that is wrong with it; places are below `at`.
    pub(super) fn check(&self, apis: &[crate::Api], at: &FieldPath, faults: &mut Faults) {
        let acts_alone = self.grants.contains(&GrantType::ClientCredentials);
        let code = self.grants.contains(&GrantType::AuthorizationCode);
        faults.require(code && !acts_alone, &at.key("grants"), || {
            Fault::new("grants that applications cannot register by themselves")
                .expected("\"authorization_code\", and \"refresh_token\" where wanted")
                .hint("what acts without a user is added by an administrator")
        });
        for (index, scope) in self.scopes.iter().enumerate() {
            faults.judge(&at.key("scopes").index(index), field::scope(scope));
        }
        faults.require(self.scopes.contains("openid"), &at.key("scopes"), || {
            Fault::new("not for OpenID Connect").expected("\"openid\" among the scopes").hint("add it")
        });
        faults.require(!self.auth_methods.is_empty(), &at.key("auth_methods"), || {
            Fault::new("no way to prove oneself")
                .expected("at least one method, such as \"none\"")
                .hint("add one, or set mode = \"off\"")
        });
        for name in &self.apis {
            faults.require(apis.iter().any(|api| api.id == *name), &at.key("apis"), || {
                Fault::new("an API that the pool does not have")
                    .expected("the `id` of one of its [[pool.api]] tables")
                    .found(format!("{name:?}"))
                    .hint("declare the API, or correct the name")
            });
        }
        faults.judge(&at.key("most"), field::range(self.most, 1, 10_000));
        faults.judge(&at.key("unused"), field::range(self.unused, 60, u32::MAX.into()));
    }
}
