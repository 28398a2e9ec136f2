//! Which identifier of a user an application is told (OpenID Connect Core §8).

use super::{Client, logout::web_address};
use crate::field::{Fault, Faults, FieldPath, is_loopback};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// What the address of a sector is for.
const WHAT: &str = "the list of a sector";

/// Where strangers' lists stand (RFC 8615): whoever may put a file on a host may not put it there by that alone.
const WELL_KNOWN: &str = "/.well-known/";

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
    /// `before`. Once accepted it counts until it is another one or there is another redirect URI, whether the address still
    /// answers or not. Nothing depends on it while identifiers are public.
    pub fn has_new_sector(&self, before: Option<&Self>) -> Option<&str> {
        let uri = self.sector_identifier_uri.as_deref().filter(|_| !self.subject_type.is_public())?;
        let accepted = before.is_some_and(|before| {
            !before.subject_type.is_public()
                && before.sector_identifier_uri == self.sector_identifier_uri
                && self.redirect_uris.iter().all(|uri| before.redirect_uris.contains(uri))
        });
        (!accepted).then_some(uri)
    }

    /// What it says about the sector of a host and shows by nothing, in words for its developer. A sector is as strong as its
    /// weakest application, and codes are sent to the host alone; whoever registers by itself has no other way to learn the
    /// identifiers of that sector.
    pub fn unproved_sector(&self) -> Option<&'static str> {
        let Some(Sector::Host(_)) = self.sector() else { return None };
        let Homes { hosts, homeless } = self.homes();
        let at_home = |uri: &str| host_of(uri).is_some_and(|host| hosts.contains(&host));
        // A logout token names the user, and is posted without a code.
        if self.logout.backchannel_logout_uri.as_deref().is_some_and(|uri| !at_home(uri)) {
            return Some(
                "backchannel_logout_uri of a pairwise application has a host of one of the redirect_uris",
            );
        }
        let uri = self.sector_identifier_uri.as_deref()?;
        if homeless || hosts.is_empty() {
            return Some(
                "with a sector_identifier_uri all redirect_uris of a pairwise application have a host of their own",
            );
        }
        let well_known = Url::parse(uri).ok().is_some_and(|url| {
            // What is escaped could be read as a step up.
            url.path().strip_prefix(WELL_KNOWN).is_some_and(|rest| !rest.is_empty() && !rest.contains('%'))
        });
        (!well_known).then_some("sector_identifier_uri has a path below /.well-known/ here")
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
        // Fewer addresses are in the list as before; the list of an application that was public was never read.
        assert_eq!(before.has_new_sector(Some(&more)), None);
        let public = Client { subject_type: SubjectType::Public, ..before.clone() };
        assert_eq!((public.has_new_sector(None), public.has_new_sector(Some(&before))), (None, None));
        assert!(before.has_new_sector(Some(&public)).is_some());
    }

    #[test]
    fn who_registers_by_itself_shows_that_the_host_of_its_sector_knows() {
        let list = Some("https://s.example/.well-known/sector");
        let heard = |uris: &[&str], sector: Option<&str>, address: &str| {
            let mut client = app(uris, sector);
            client.logout.backchannel_logout_uri = Some(address.to_owned());
            client
        };
        for good in [
            app(&["https://a.example/x"], None),
            app(&["https://a.example/x", "https://b.example/x"], list),
            app(&["http://127.0.0.1/cb", "com.example.app:/cb"], None),
            heard(&["https://a.example/x"], None, "https://A.example.:8443/out"),
            heard(&["https://a.example/x", "https://b.example/x"], list, "https://b.example/out"),
            // Nobody else has the sector of an application alone.
            heard(&["com.example.app:/cb"], None, "https://b.example/out"),
        ] {
            assert_eq!(good.unproved_sector(), None, "{:?}", good.redirect_uris);
        }
        for bad in [
            heard(&["https://a.example/x"], None, "https://b.example/out"),
            heard(&["https://a.example/x"], None, "https://sub.a.example/out"),
            // The host of the list is not told by that who signs in.
            heard(&["https://a.example/x"], list, "https://s.example/out"),
            app(&["http://127.0.0.1/cb"], list),
            app(&["https://a.example/x", "com.example.app:/cb"], list),
            app(&[], list),
            app(&["https://a.example/x"], Some("https://s.example/list")),
            app(&["https://a.example/x"], Some("https://s.example/.well-known/")),
            app(&["https://a.example/x"], Some("https://s.example/.well-known/../list")),
            app(&["https://a.example/x"], Some("https://s.example/.well-known/..%2Flist")),
            app(&["https://a.example/x"], Some("https://s.example/files/.well-known/list")),
        ] {
            assert!(
                bad.unproved_sector().is_some(),
                "{:?} {:?}",
                bad.redirect_uris,
                bad.sector_identifier_uri
            );
            let public = Client { subject_type: SubjectType::Public, ..bad };
            assert_eq!(public.unproved_sector(), None);
        }
    }

    #[test]
    fn an_application_of_an_earlier_version_is_public() {
        let plain = serde_json::to_value(Client::new("app", ClientKind::Public)).unwrap();
        assert!(plain.get("subject_type").is_none() && plain.get("sector_identifier_uri").is_none());
        assert_eq!(serde_json::from_value::<Client>(plain).unwrap().sector(), None);
    }
}
