//! The cookies: the browser's own, which every sign-in is bound to, the session's, and that of a browser that is
//! remembered after a second factor; and the language of the pages.
//!
//! On `https` all carry the `__Host-` prefix (RFC 6265bis §4.1.3.2): no other host or path can set or shadow them.
//! Plain `http` exists only on loopback, for development, where some browsers would drop `Secure` cookies.
//!
//! Cookies do not tell ports apart (RFC 6265 §8.5), and pools may share a host. So the name of a cookie ends with the port
//! of its pool, where that is not the default one.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::borrow::Cow;
use vestibule_domain::Origin;

/// 400 days, the longest that browsers keep a cookie.
const BROWSER_MAX_AGE: i64 = 400 * 86_400;

/// Longer values are not ours.
const LONGEST_VALUE: usize = 128;

/// Which cookie.
#[derive(Clone, Copy)]
pub(crate) enum Cookie {
    Browser,
    Session,
    /// Lives for so many seconds.
    RememberedBrowser(i64),
    /// The language that the person or their application asked for.
    Language,
}

impl Cookie {
    fn name(self, origin: &Origin) -> Cow<'static, str> {
        let name = match (self, origin.is_secure()) {
            (Self::Browser, true) => "__Host-vestibule-browser",
            (Self::Session, true) => "__Host-vestibule",
            (Self::RememberedBrowser(_), true) => "__Host-vestibule-device",
            (Self::Language, true) => "__Host-vestibule-language",
            (Self::Language, false) => "vestibule-language",
            (Self::Browser, false) => "vestibule-browser",
            (Self::Session, false) => "vestibule",
            (Self::RememberedBrowser(_), false) => "vestibule-device",
        };
        origin.port().map_or(Cow::Borrowed(name), |port| Cow::Owned(format!("{name}-{port}")))
    }

    /// Reads the cookie; a value that could not be ours counts as none. Each pair is judged alone: what another site of
    /// the same domain has set, in whatever bytes, does not hide ours.
    pub(crate) fn read(self, headers: &HeaderMap, origin: &Origin) -> Option<String> {
        let name = self.name(origin);
        let name = name.as_bytes();
        let mut pairs =
            headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        pairs.find_map(|pair| {
            let value = pair.trim_ascii().strip_prefix(name)?.strip_prefix(b"=")?;
            let ours = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
            let fits = !value.is_empty() && value.len() <= LONGEST_VALUE && value.iter().all(ours);
            fits.then(|| String::from_utf8_lossy(value).into_owned())
        })
    }

    /// The `Set-Cookie` header that stores a value.
    pub(crate) fn set(self, origin: &Origin, value: &str) -> Option<HeaderValue> {
        let secure = if origin.is_secure() { "; Secure" } else { "" };
        let lifetime = match self {
            Self::Browser | Self::Language => format!("; Max-Age={BROWSER_MAX_AGE}"),
            Self::RememberedBrowser(seconds) => format!("; Max-Age={seconds}"),
            Self::Session => String::new(),
        };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lifetime}", self.name(origin));
        HeaderValue::from_str(&text).ok()
    }

    /// The `Set-Cookie` header that forgets it.
    pub(crate) fn clear(self, origin: &Origin) -> Option<HeaderValue> {
        let secure = if origin.is_secure() { "; Secure" } else { "" };
        let text = format!("{}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0", self.name(origin));
        HeaderValue::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_host_bound_on_https_and_strangers_are_ignored() {
        let origin = Origin::parse("https://id.example").unwrap();
        let set = Cookie::Session.set(&origin, "abc").unwrap();
        assert_eq!(set, "__Host-vestibule=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("vestibule=evil; __Host-vestibule=good; x=y"));
        assert_eq!(Cookie::Session.read(&headers, &origin).as_deref(), Some("good"));
        headers.insert(COOKIE, HeaderValue::from_static("__Host-vestibule=a b\"c"));
        assert_eq!(Cookie::Session.read(&headers, &origin), None);
    }

    #[test]
    fn fault_u14_pools_on_one_host_have_cookies_of_their_own() {
        for (one, other) in [
            ("http://localhost:8080", "http://localhost:8081"),
            ("http://localhost", "http://localhost:8080"),
            ("https://id.example", "https://id.example:8443"),
            ("https://id.example:8443", "https://id.example:8444"),
            ("http://[::1]:8080", "http://[::1]:8081"),
        ] {
            let (one, other) = (Origin::parse(one).unwrap(), Origin::parse(other).unwrap());
            for cookie in [Cookie::Browser, Cookie::Session, Cookie::RememberedBrowser(60)] {
                let set = cookie.set(&one, "abc").unwrap();
                let (pair, _) = set.to_str().unwrap().split_once(';').unwrap();
                let mut headers = HeaderMap::new();
                headers.insert(COOKIE, HeaderValue::from_str(pair).unwrap());
                assert_eq!(cookie.read(&headers, &one).as_deref(), Some("abc"), "{one}");
                assert_eq!(cookie.read(&headers, &other), None, "{one} {other}");
                let cleared = cookie.clear(&other).unwrap();
                let (name, _) = pair.split_once('=').unwrap();
                assert!(!cleared.to_str().unwrap().starts_with(&format!("{name}=")), "{cleared:?}");
            }
        }
        let origin = Origin::parse("https://id.example:443").unwrap();
        assert!(
            Cookie::Session.set(&origin, "a").unwrap().to_str().unwrap().starts_with("__Host-vestibule=a;")
        );
    }

    #[test]
    fn fault_s10_a_cookie_of_somebody_else_does_not_hide_ours() {
        let origin = Origin::parse("https://id.example").unwrap();
        for pairs in [
            b"theme=\xff\xfe; __Host-vestibule=good".as_slice(),
            b"__Host-vestibule=good; \xf0\x9f\x98\x80=1".as_slice(),
            b"novalue; =; ;; __Host-vestibule=good".as_slice(),
            b"__Host-vestibule=\xe9; __Host-vestibule=good".as_slice(),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_bytes(pairs).unwrap());
            assert_eq!(Cookie::Session.read(&headers, &origin).as_deref(), Some("good"), "{pairs:?}");
        }
    }
}
