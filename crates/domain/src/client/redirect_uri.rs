//! Which addresses an application may be answered at.

use crate::{client::ClientKind, field::Fault, field::is_loopback};
use url::Url;

/// The longest address that is looked at, in bytes.
const MAX_URI_BYTES: usize = 2048;

/// Parameters that a provider adds to an answer; an address that already has one would send it twice.
const RESERVED: [&str; 6] = ["code", "state", "iss", "error", "error_description", "response"];

/// Why an address cannot be registered, or is not answered to although it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriProblem {
    /// Longer than 2048 bytes.
    #[error("the URI is longer than 2048 bytes")]
    TooLong,
    /// Something other than printable ASCII, or a backslash, which browsers read as a slash.
    #[error("the URI has characters that must be percent-encoded")]
    Characters,
    /// Not an absolute URI (RFC 3986 §4.3).
    #[error("the URI is not absolute; expected something like https://app.example.com/callback")]
    NotAbsolute,
    /// RFC 6749 §3.1.2.
    #[error("the URI has a fragment")]
    Fragment,
    /// `user@host`, which hides the host from people.
    #[error("the URI has a user name")]
    UserInfo,
    /// Compared exactly, `*` stands for nothing but itself (RFC 9700 §2.1).
    #[error("the URI has a wildcard")]
    Wildcard,
    /// `http` to another machine (RFC 9700 §4.1.3).
    #[error("http is allowed only for loopback addresses; use https")]
    NotSecure,
    /// Not `https`, loopback `http`, or a private-use scheme with a period (RFC 8252 §8.4).
    #[error("the scheme is not https, http on loopback, or a private-use scheme such as com.example.app")]
    Scheme,
    /// The query already has a parameter of the answer.
    #[error("the URI's query uses a name that the answer needs")]
    ReservedQuery,
}

/// Reads a URI that is fit for `redirect_uri` or `post_logout_redirect_uri` of an application of this kind. The one rule:
/// what it accepts can be registered and is answered to, and nothing else.
///
/// # Errors
/// [`RedirectUriProblem`], the first that applies.
pub fn fit(uri: &str, kind: ClientKind) -> Result<Url, RedirectUriProblem> {
    let url = parse_redirect_uri(uri)?;
    // RFC 8252 §7.1: a private-use scheme is for native applications, which are public.
    if matches!(url.scheme(), "https" | "http") || kind == ClientKind::Public {
        return Ok(url);
    }
    Err(RedirectUriProblem::Scheme)
}

/// Whether an application of this kind may name any port at a loopback IP literal (RFC 8252 §7.3). That is for native
/// applications, which take whatever port is free; a server has a fixed one.
pub const fn any_loopback_port(kind: ClientKind) -> bool {
    matches!(kind, ClientKind::Public)
}

/// Reads a URI that some application could have.
///
/// # Errors
/// [`RedirectUriProblem`], the first that applies.
pub fn parse_redirect_uri(uri: &str) -> Result<Url, RedirectUriProblem> {
    if uri.len() > MAX_URI_BYTES {
        return Err(RedirectUriProblem::TooLong);
    }
    if !uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"\\\"<>`{}|^".contains(&byte)) {
        return Err(RedirectUriProblem::Characters);
    }
    if uri.contains('#') {
        return Err(RedirectUriProblem::Fragment);
    }
    if uri.contains('*') {
        return Err(RedirectUriProblem::Wildcard);
    }
    let url = Url::parse(uri).map_err(|_| RedirectUriProblem::NotAbsolute)?;
    check_scheme(&url)?;
    // The parser forgives `https:host` and `HTTPS://host`; the text has to be what it seems.
    let hierarchical = matches!(url.scheme(), "http" | "https");
    if hierarchical && (!uri.starts_with(&format!("{}://", url.scheme())) || authority(uri).is_empty()) {
        return Err(RedirectUriProblem::NotAbsolute);
    }
    if !url.username().is_empty() || url.password().is_some() || authority(uri).contains('@') {
        return Err(RedirectUriProblem::UserInfo);
    }
    // A name that is not encoded as it should be may be read in more than one way.
    let unclear = |name: &str| name.contains(['%', char::REPLACEMENT_CHARACTER]);
    if url.query_pairs().any(|(name, _)| RESERVED.contains(&name.as_ref()) || unclear(&name)) {
        return Err(RedirectUriProblem::ReservedQuery);
    }
    Ok(url)
}

fn check_scheme(url: &Url) -> Result<(), RedirectUriProblem> {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => Ok(()),
        ("http", Some(host)) if is_loopback(&host) => Ok(()),
        ("http", _) => Err(RedirectUriProblem::NotSecure),
        (scheme, _) if scheme.contains('.') => Ok(()),
        _ => Err(RedirectUriProblem::Scheme),
    }
}

/// The part between `//` and the path, as written.
fn authority(uri: &str) -> &str {
    let rest = uri.split_once("//").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or("")
}

/// Checks that a URI is fit to be registered by an application of this kind.
///
/// # Errors
/// A [`Fault`] for the first problem.
pub fn registrable(uri: &str, kind: ClientKind) -> Result<(), Fault> {
    let judged = fit(uri, kind);
    judged.map(|_| ()).map_err(|problem| problem.fault().found(format!("{uri:?}")))
}

impl RedirectUriProblem {
    fn fault(self) -> Fault {
        let (cause, expected, hint) = match self {
            Self::TooLong => (
                "a redirect URI that is too long",
                "at most 2048 bytes",
                "keep what is long out of the address",
            ),
            Self::Characters => (
                "a strange character in a redirect URI",
                "no blanks, quotes, braces or backslashes",
                "encode it as %XX",
            ),
            Self::NotAbsolute => (
                "not an absolute URI",
                "an address such as https://app.example.com/callback",
                "write scheme, host and path in full",
            ),
            Self::Fragment => ("a fragment in a redirect URI", "no # part", "remove everything from the #"),
            Self::UserInfo => ("a user name in a redirect URI", "no name before the host", "remove it"),
            Self::Wildcard => ("a wildcard in a redirect URI", "one exact address", "list each address"),
            Self::NotSecure => {
                ("an unprotected redirect URI", "https (http only for loopback hosts)", "use https")
            }
            Self::Scheme => (
                "a scheme that nothing vouches for",
                "https, http on loopback, or (public applications) a private scheme such as com.example.app:/callback",
                "use one of these",
            ),
            Self::ReservedQuery => (
                "a redirect URI with a parameter of the answer",
                "no code, state, iss, error, error_description or response in its query",
                "rename the parameter",
            ),
        };
        Fault::new(cause).expected(expected).hint(hint)
    }
}
