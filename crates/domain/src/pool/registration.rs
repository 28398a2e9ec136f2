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

/// Which applications are known without a registration, by the address of the document that describes them (OAuth Client ID
/// Metadata Document).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MetadataDocuments {
    /// None.
    #[default]
    Off,
    /// Those that hosts of `document_hosts` describe.
    Listed,
    /// Whichever: nobody vouches for those that other hosts describe.
    Any,
}

/// What applications may register by themselves (RFC 7591), or be by a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ClientRegistration {
    /// Who may.
    pub mode: RegistrationMode,
    /// Which are known by a document that they publish.
    pub documents: MetadataDocuments,
    /// Hosts that the pool trusts to describe applications truly, such as `vscode.dev`: their users see no warning.
    pub document_hosts: BTreeSet<String>,
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
            documents: MetadataDocuments::Off,
            document_hosts: BTreeSet::new(),
            grants: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
            scopes: ["openid", "profile", "email", "offline_access"].map(str::to_owned).into(),
            apis: BTreeSet::new(),
            // The names of an authority's certificates are for administrators to give.
            auth_methods: ClientAuthMethod::ALL
                .iter()
                .copied()
                .filter(|method| *method != ClientAuthMethod::TlsClientAuth)
                .collect(),
            most: 100,
            unused: 86_400,
        }
    }
}

impl ClientRegistration {
    /// Whether applications register by requests at all.
    pub fn takes_requests(&self) -> bool {
        self.mode != RegistrationMode::Off
    }

    /// Whether applications can be known by a document at all.
    pub fn takes_documents(&self) -> bool {
        self.documents != MetadataDocuments::Off
    }

    /// Whether what a host describes is taken.
    pub fn takes_document_of(&self, host: &str) -> bool {
        match self.documents {
            MetadataDocuments::Off => false,
            MetadataDocuments::Listed => self.vouches_for(host),
            MetadataDocuments::Any => true,
        }
    }

    /// Whether the pool trusts a host to describe applications.
    pub fn vouches_for(&self, host: &str) -> bool {
        self.document_hosts.contains(host)
    }

    /// Everything that is wrong with it; places are below `at`.
    pub(super) fn check(&self, apis: &[crate::Api], at: &FieldPath, faults: &mut Faults) {
        let by_browser = [GrantType::AuthorizationCode, GrantType::RefreshToken];
        let others = self.grants.iter().any(|grant| !by_browser.contains(grant));
        let code = self.grants.contains(&GrantType::AuthorizationCode);
        faults.require(code && !others, &at.key("grants"), || {
            Fault::new("grants that applications cannot register by themselves")
                .expected("\"authorization_code\", and \"refresh_token\" where wanted")
                .hint("what acts without a user, or without an address, is added by an administrator")
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
        for (index, host) in self.document_hosts.iter().enumerate() {
            let plain = host.parse::<std::net::IpAddr>().is_err()
                && host.bytes().all(|byte| {
                    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
                });
            faults.require(plain && !host.is_empty(), &at.key("document_hosts").index(index), || {
                Fault::new("not a host name")
                    .expected(
                        "a name in small ASCII letters, without scheme and port, such as \"vscode.dev\"",
                    )
                    .found(format!("{host:?}"))
                    .hint("write the name as it stands in the address")
            });
        }
        let listed = self.documents != MetadataDocuments::Listed || !self.document_hosts.is_empty();
        faults.require(listed, &at.key("document_hosts"), || {
            Fault::new("no host is listed")
                .expected("at least one host where `documents` is \"listed\"")
                .hint("list the hosts, or set documents = \"off\"")
        });
        faults.judge(&at.key("most"), field::range(self.most, 1, 10_000));
        faults.judge(&at.key("unused"), field::range(self.unused, 60, u32::MAX.into()));
    }
}
