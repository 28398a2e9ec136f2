//! Which identifier of a user an application is told (OpenID Connect Core §8).

use super::{Client, logout::web_address};
use crate::field::{Fault, Faults, FieldPath, is_loopback};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// What the address of a sector is for.
const WHAT: &str = "the list of a sector";

names! {
    /// Which identifier of a user an application is told (OpenID Connect Core §8).
    #[derive(Default)]
    SubjectType {
        /// The same as every other public one.
        #[default]
        Public = "public",
        /// One that its sector alone knows: nobody can tell by it who the user is elsewhere.
        Pairwise = "pairwise",
    }
}

impl SubjectType {
    /// Whether it is the usual one.
    pub const fn is_public(&self) -> bool {
        matches!(self, Self::Public)
    }
}

/// Those who know a user by the same pairwise identifier (OpenID Connect Core §8.1).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sector {
    /// The applications of a host.
    Host(String),
    /// One application alone. Its addresses name no host that is anybody's own: every machine has loopback addresses, and any
    /// program can claim a private-use scheme.
    Application(String),
}

/// What the addresses of an application say about its sector.
#[derive(Default)]
struct Homes {
    hosts: BTreeSet<String>,
    /// Whether there is one without a host of its own.
    homeless: bool,
}

impl Client {
    /// The sector whose identifiers it is told, where it is not told those that are public.
    pub fn sector(&self) -> Option<Sector> {
        if self.subject_type == SubjectType::Public {
            return None;
        }
        if let Some(host) = self.sector_identifier_uri.as_deref().and_then(host_of) {
            return Some(Sector::Host(host));
        }
        let Homes { hosts, homeless } = self.homes();
        let mut hosts = hosts.into_iter();
        Some(match (hosts.next(), hosts.next()) {
            (Some(only), None) if !homeless => Sector::Host(only),
            _ => Sector::Application(self.id.clone()),
        })
    }

    /// Whether what stands at its `sector_identifier_uri` has to be looked at (OpenID Connect Registration §5), where it was
    /// `before`. Once accepted it counts until one of the two changes, whether the address still answers or not.
    pub fn has_new_sector(&self, before: Option<&Self>) -> Option<&str> {
        let uri = self.sector_identifier_uri.as_deref()?;
        let same = before.is_some_and(|before| {
            before.sector_identifier_uri == self.sector_identifier_uri
                && before.redirect_uris == self.redirect_uris
        });
        (!same).then_some(uri)
    }

    /// Everything that is wrong with the way its users are named to it; places are below `at`.
    pub(super) fn check_subject(&self, at: &FieldPath, faults: &mut Faults) {
        let place = at.key("sector_identifier_uri");
        if let Some(uri) = &self.sector_identifier_uri {
            faults.judge(&place, web_address(uri, WHAT).map(drop));
            return;
        }
        let Homes { hosts, homeless } = self.homes();
        let clear = hosts.len() + usize::from(homeless) <= 1;
        faults.require(self.subject_type == SubjectType::Public || clear, &place, || {
            let none = homeless.then(|| "an address without a host of its own".to_owned());
            let homes = hosts.into_iter().chain(none).collect::<Vec<_>>().join(", ");
            Fault::new("redirect URIs of several hosts, and nothing says that they belong together")
                .expected("one host for all redirect_uris, or a sector_identifier_uri (OIDC Core 8.1)")
                .found(homes)
                .hint("publish a JSON list of all redirect URIs at an https address and name it, or use one host")
        });
    }

    fn homes(&self) -> Homes {
        let mut homes = Homes::default();
        for uri in &self.redirect_uris {
            match Url::parse(uri).ok().as_ref().and_then(own_host) {
                Some(host) => drop(homes.hosts.insert(host)),
                None => homes.homeless = true,
            }
        }
        homes
    }
}

/// The host of an address that could have a sector's list.
fn host_of(uri: &str) -> Option<String> {
    web_address(uri, WHAT).ok().as_ref().and_then(named)
}

/// The host of a redirect URI, where it is somebody's own.
fn own_host(url: &Url) -> Option<String> {
    let web = matches!(url.scheme(), "https" | "http");
    url.host().filter(|host| web && !is_loopback(host)).and_then(|_| named(url))
}

/// A dot at the end makes another name of the same host.
fn named(url: &Url) -> Option<String> {
    url.host_str().map(|host| host.trim_end_matches('.').to_ascii_lowercase()).filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientKind, GrantType};

    fn app(uris: &[&str], sector: Option<&str>) -> Client {
        Client {
            subject_type: SubjectType::Pairwise,
            sector_identifier_uri: sector.map(str::to_owned),
            redirect_uris: uris.iter().map(|uri| (*uri).to_owned()).collect(),
            scopes: vec!["openid".into()],
            grants: vec![GrantType::AuthorizationCode],
            ..Client::new("app", ClientKind::Public)
        }
    }

    fn faults(client: &Client) -> Vec<String> {
        let mut faults = Faults::default();
        client.check(&FieldPath::root(), &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.at.to_string()).collect()
    }

    fn host(name: &str) -> Option<Sector> {
        Some(Sector::Host(name.to_owned()))
    }

    #[test]
    fn a_sector_is_the_host_that_all_addresses_have() {
        let one = app(&["https://a.example/x", "https://A.example:8443/y", "https://a.example./z"], None);
        assert_eq!((faults(&one), one.sector()), (vec![], host("a.example")));
        let own = Some(Sector::Application("app".to_owned()));
        let native = app(&["http://127.0.0.1/cb", "http://localhost:1/cb", "com.example.app:/cb"], None);
        assert_eq!((faults(&native), native.sector()), (vec![], own.clone()));
        for mixed in [
            ["https://a.example/x", "https://b.example/x"],
            ["https://a.example/x", "https://sub.a.example/x"],
            ["https://a.example/x", "http://127.0.0.1/x"],
            ["https://a.example/x", "com.example.app:/x"],
        ] {
            let mixed = app(&mixed, None);
            assert_eq!(faults(&mixed), ["sector_identifier_uri"], "{:?}", mixed.redirect_uris);
            assert_eq!(mixed.sector(), own);
            let public = Client { subject_type: SubjectType::Public, ..mixed.clone() };
            assert_eq!((faults(&public), public.sector()), (vec![], None));
            let named = Client { sector_identifier_uri: Some("https://s.example/list".into()), ..mixed };
            assert_eq!((faults(&named), named.sector()), (vec![], host("s.example")));
        }
    }

    #[test]
    fn the_list_of_a_sector_stands_at_an_https_address() {
        for bad in [
            "",
            "http://s.example/list",
            "https:/s.example/list",
            "https://u@s.example/list",
            "https://s.example/list#x",
            "https://s.example\\@a.example/",
            "com.example:/list",
        ] {
            assert_eq!(faults(&app(&["https://a.example/x"], Some(bad))), ["sector_identifier_uri"], "{bad}");
        }
    }

    #[test]
    fn a_list_that_was_accepted_is_looked_at_again_when_something_changes() {
        let before = app(&["https://a.example/x"], Some("https://s.example/list"));
        assert_eq!(before.has_new_sector(Some(&before)), None);
        assert!(before.has_new_sector(None).is_some());
        let more = app(&["https://a.example/x", "https://b.example/x"], Some("https://s.example/list"));
        assert!(more.has_new_sector(Some(&before)).is_some());
        let other = app(&["https://a.example/x"], Some("https://t.example/list"));
        assert!(other.has_new_sector(Some(&before)).is_some());
        assert_eq!(app(&["https://a.example/x"], None).has_new_sector(Some(&before)), None);
    }

    #[test]
    fn an_application_of_an_earlier_version_is_public() {
        let plain = serde_json::to_value(Client::new("app", ClientKind::Public)).unwrap();
        assert!(plain.get("subject_type").is_none() && plain.get("sector_identifier_uri").is_none());
        assert_eq!(serde_json::from_value::<Client>(plain).unwrap().sector(), None);
    }
}
