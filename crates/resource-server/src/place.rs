//! The address of a request, as the client wrote it and as proofs name it.

use axum::extract::OriginalUri;
use axum::http::request::Parts;
use url::Url;

/// Tells the public address of a request.
pub(crate) type PublicUrl = Box<dyn Fn(&Parts) -> Option<String> + Send + Sync>;

/// For an API below one base address: proxies may have changed host and scheme, and taken its path away.
pub(crate) fn below(base: &Url) -> PublicUrl {
    let base = base.as_str().trim_end_matches('/').to_owned();
    Box::new(move |parts| {
        let path = path(parts);
        // Routers take such a path as it is, proofs would take it for another one.
        let dotted = normal_escapes(path).split('/').any(|segment| matches!(segment, "." | ".."));
        (!dotted).then(|| format!("{base}{path}"))
    })
}

/// The path that the application was asked for; nested routers hide its beginning from those inside.
fn path(parts: &Parts) -> &str {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0).path()
}

/// Whether two addresses are the same (RFC 9449 §4.3): without query and fragment, after the normalization of RFC 3986
/// §6.2.2 and §6.2.3.
pub(crate) fn are_equal(one: &str, other: &str) -> bool {
    normal(one).is_some_and(|one| normal(other).is_some_and(|other| one == other))
}

fn normal(address: &str) -> Option<String> {
    // The parser forgives white space and backslashes, which RFC 3986 does not know.
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
    let url = Url::parse(address).ok().filter(|_| address.bytes().all(plain))?;
    let fits =
        matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
    fits.then(|| format!("{}{}", url.origin().ascii_serialization(), normal_escapes(url.path())))
}

/// Escapes in capitals, and none of letters, digits, `-`, `.`, `_` and `~`.
fn normal_escapes(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut normal = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match escaped(piece) {
            Some((byte, rest)) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                normal.push(char::from(byte));
                normal.push_str(rest);
            }
            Some((byte, rest)) => normal.push_str(&format!("%{byte:02X}{rest}")),
            None => normal.push_str(&format!("%{piece}")),
        }
    }
    normal
}

/// The byte that two hexadecimal digits at the beginning stand for, and what follows them.
fn escaped(piece: &str) -> Option<(u8, &str)> {
    let (digits, rest) = piece.split_at_checked(2)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    Some((u8::from_str_radix(digits, 16).ok().filter(|_| is_hex)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_as_rfc_3986_says() {
        let here = "https://api.example/v1/a%2Fb";
        for same in [
            "https://api.example/v1/a%2fb",
            "HTTPS://API.example:443/v1/a%2Fb",
            "https://api.example/v1/a%2Fb?x=1#y",
            "https://api.example/%76%31/a%2fb",
            "https://api.example/v0/../v1/./a%2Fb",
        ] {
            assert!(are_equal(same, here), "{same}");
        }
        for other in [
            "http://api.example/v1/a%2Fb",
            "https://api.example:8443/v1/a%2Fb",
            "https://api.example/v1/a/b",
            "https://api.example/v1/a%252Fb",
            "https://api.example/v1/A%2Fb",
            "https://api.example/v1/a%2Fb/",
            "https://api.example.evil.example/v1/a%2Fb",
            "https://user@api.example/v1/a%2Fb",
            "https://api.example\\v1/a%2Fb",
            " https://api.example/v1/a%2Fb",
            "/v1/a%2Fb",
            "",
        ] {
            assert!(!are_equal(other, here), "{other}");
        }
        assert!(are_equal("https://api.example", "https://api.example/"));
        assert!(!are_equal("", ""), "what is no address is equal to nothing");
        assert_eq!(normal_escapes("/%zz%4%%+1%é"), "/%zz%4%%+1%é");
    }
}
