//! Where an answer may be sent: only to an address that the application registered.

use crate::parameters::form_encode;
use url::Url;
use vestibule_domain::{
    Client,
    client::redirect_uri::{any_loopback_port, fit},
};

/// What arrived as an address, and what is registered. It may be logged: addresses are no secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sent:?} is none of the registered addresses {registered:?}")]
pub struct RedirectMismatch {
    /// The first 256 characters of what arrived.
    pub sent: String,
    /// What the application registered.
    pub registered: Vec<String>,
}

impl RedirectMismatch {
    pub(crate) fn new(sent: &str, registered: &[String]) -> Self {
        Self { sent: sent.chars().take(256).collect(), registered: registered.to_vec() }
    }
}

/// An address that the application registered. There is no other way to make one than the match, so an answer can
/// be sent nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedRedirect {
    uri: String,
}

impl VerifiedRedirect {
    /// Matches `sent` with the application's `redirect_uris`: equal character for character (RFC 9700 §2.1), but
    /// for the port of a loopback IP literal of a native application (RFC 8252 §7.3).
    pub fn of_client(client: &Client, sent: &str) -> Option<Self> {
        Self::among(client, &client.redirect_uris, sent, any_loopback_port(client.kind))
    }

    /// Matches `sent` with the application's `post_logout_redirect_uris`, character for character (RP-Initiated
    /// Logout §3.1). Only a [`crate::logout::SignOutReturn`] is made of it: no code is ever sent there.
    pub(crate) fn after_logout(client: &Client, sent: &str) -> Option<Self> {
        Self::among(client, &client.post_logout_redirect_uris, sent, false)
    }

    fn among(client: &Client, registered: &[String], sent: &str, any_port: bool) -> Option<Self> {
        fit(sent, client.kind).ok()?;
        let without_port = if any_port { without_loopback_port(sent) } else { None };
        let matches = |known: &String| {
            known == sent || (without_port.is_some() && without_loopback_port(known) == without_port)
        };
        registered.iter().any(matches).then(|| Self { uri: sent.to_owned() })
    }

    /// The address as it was sent and registered.
    pub fn as_str(&self) -> &str {
        &self.uri
    }

    /// Where that is, to tell people: `https://host:port`, or `scheme:` for private-use schemes.
    pub fn origin(&self) -> String {
        // It was parsed before it was matched.
        Url::parse(&self.uri).map_or_else(|_| self.uri.clone(), |url| origin(&url))
    }

    /// The address with parameters added to its query.
    pub(crate) fn with<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let query = form_encode(pairs);
        let joint = match self.uri.split_once('?') {
            _ if query.is_empty() => "",
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        format!("{}{joint}{query}", self.uri)
    }
}

fn origin(url: &Url) -> String {
    match url.scheme() {
        "https" | "http" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}

/// The loopback IP literal and what follows the port, for a URI that [`fit`] accepts. `localhost` is a name,
/// which can be made to resolve to something else (RFC 8252 §8.3), so it has no exception.
fn without_loopback_port(uri: &str) -> Option<(&'static str, &str)> {
    for literal in ["http://127.0.0.1", "http://[::1]"] {
        let Some(rest) = uri.strip_prefix(literal) else { continue };
        let after = match rest.strip_prefix(':') {
            None => rest,
            Some(port) => {
                let (digits, after) =
                    port.split_at(port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len()));
                digits.parse::<u16>().ok().filter(|port| *port != 0)?;
                after
            }
        };
        return Some((literal, after));
    }
    None
}
