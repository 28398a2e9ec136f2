//! How an application hears that a session ended.

use super::{
    Client,
    redirect_uri::{RedirectUriProblem, parse_redirect_uri},
};
use crate::field::{Fault, Faults, FieldPath};
use serde::{Deserialize, Serialize};
use url::Url;

/// How an application hears that a session ended in which it was given something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ClientLogout {
    /// Where a logout token is posted to, from server to server (OpenID Connect Back-Channel Logout 1.0 §2.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether it needs the session in the token. Every logout token has it, so that this changes nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub backchannel_logout_session_required: bool,
    /// What the user's browser loads, hidden, when the user signs out (OpenID Connect Front-Channel Logout 1.0 §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// Whether that address needs the issuer and the session. It always has them, so that this changes nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub frontchannel_logout_session_required: bool,
}

impl Client {
    /// Everything that is wrong with the addresses for sign-outs; places are below `at`.
    pub(super) fn check_logout(&self, at: &FieldPath, faults: &mut Faults) {
        let ClientLogout { backchannel_logout_uri, frontchannel_logout_uri, .. } = &self.logout;
        if let Some(uri) = backchannel_logout_uri {
            faults.judge(&at.key("backchannel_logout_uri"), web_address(uri, "sign-outs").map(drop));
        }
        if let Some(uri) = frontchannel_logout_uri {
            let at = at.key("frontchannel_logout_uri");
            match web_address(uri, "sign-outs") {
                Ok(address) => faults.require(self.is_at_home(&address), &at, || {
                    // Front-Channel Logout §2: it is a page of the application, not of somebody else.
                    Fault::new("a sign-out page of another origin")
                        .expected("scheme, host and port of one of the redirect_uris")
                        .found(format!("{uri:?}"))
                        .hint("name a page of the application itself")
                }),
                Err(fault) => faults.add(&at, fault),
            }
        }
    }

    fn is_at_home(&self, address: &Url) -> bool {
        let homes = self.redirect_uris.iter().filter_map(|uri| Url::parse(uri).ok());
        homes.map(|home| home.origin()).any(|origin| origin == address.origin())
    }
}

/// Reads an address that the provider, or a hidden frame, can load.
pub(crate) fn web_address(uri: &str, what_for: &str) -> Result<Url, Fault> {
    let judged = parse_redirect_uri(uri).and_then(|url| match url.scheme() {
        "https" | "http" => Ok(url),
        _ => Err(RedirectUriProblem::Scheme),
    });
    judged.map_err(|problem| {
        Fault::new(format!("not an address for {what_for}"))
            .expected("an https address (http only on loopback) without fragment and user name")
            .found(format!("{uri:?}"))
            .hint(problem.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientKind, GrantType};

    fn faults(logout: ClientLogout) -> Vec<String> {
        let client = Client {
            redirect_uris: vec!["https://app.example/cb".into(), "http://127.0.0.1:8090/cb".into()],
            logout,
            scopes: vec!["openid".into()],
            grants: vec![GrantType::AuthorizationCode],
            ..Client::new("app", ClientKind::Confidential)
        };
        let mut faults = Faults::default();
        client.check(&FieldPath::root(), &mut faults);
        faults.into_vec().into_iter().map(|fault| fault.at.to_string()).collect()
    }

    fn back(uri: &str) -> Vec<String> {
        faults(ClientLogout { backchannel_logout_uri: Some(uri.into()), ..ClientLogout::default() })
    }

    fn front(uri: &str) -> Vec<String> {
        faults(ClientLogout { frontchannel_logout_uri: Some(uri.into()), ..ClientLogout::default() })
    }

    #[test]
    fn what_is_posted_to_is_https_or_on_loopback() {
        for good in ["https://app.example/out?a=b", "https://other.example:8443/", "http://localhost:1/out"] {
            assert_eq!(back(good), Vec::<String>::new(), "{good}");
        }
        for bad in [
            "",
            "app.example/out",
            "http://app.example/out",
            "https://app.example/out#",
            "https://app.example/out#part",
            "https://user@app.example/",
            "com.example.app:/out",
            "ftp://app.example/",
            "https://app.example/ü",
        ] {
            assert_eq!(back(bad), ["backchannel_logout_uri"], "{bad}");
        }
    }

    #[test]
    fn what_a_browser_loads_is_at_home() {
        for good in ["https://app.example/out", "https://app.example:443/", "http://127.0.0.1:8090/out"] {
            assert_eq!(front(good), Vec::<String>::new(), "{good}");
        }
        for bad in [
            "https://other.example/out",
            "https://app.example:444/out",
            "http://app.example/out",
            "http://127.0.0.1:8091/out",
            "https://app.example/out#part",
            "https://app.example.evil.example/out",
        ] {
            assert_eq!(front(bad), ["frontchannel_logout_uri"], "{bad}");
        }
    }

    #[test]
    fn an_application_of_an_earlier_version_has_none() {
        let none = serde_json::to_value(ClientLogout::default()).unwrap();
        assert_eq!(none, serde_json::json!({}));
        assert_eq!(serde_json::from_value::<ClientLogout>(none).unwrap(), ClientLogout::default());
    }
}
