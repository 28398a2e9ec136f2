//! Style sheet, script and icon, each under the hash of its content, so that they can be cached for ever.

use crate::generated::{ASSETS, Embedded};

/// A file to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its bytes.
    pub body: &'static [u8],
    /// Value of `Content-Type`.
    pub content_type: &'static str,
}

/// The asset at a request path such as `/assets/0123456789abcdef/app.css`; the hash has to be the current one,
/// so the answer may be marked immutable.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    ASSETS
        .iter()
        .find(|embedded| embedded.url == path || embedded.url.strip_prefix('/') == Some(path))
        .map(|embedded| Asset { body: embedded.body, content_type: embedded.content_type })
}

/// The path to serve an asset at, from its bare name such as `app.css`.
#[must_use]
pub fn asset_url(name: &str) -> Option<&'static str> {
    find(name).map(|embedded| embedded.url)
}

fn find(name: &str) -> Option<&'static Embedded> {
    ASSETS.iter().find(|embedded| embedded.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_is_found_under_its_hash_only() {
        for (name, content_type) in [
            ("app.css", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"),
            ("webauthn.js", "text/javascript; charset=utf-8"),
            ("favicon.svg", "image/svg+xml"),
        ] {
            let url = asset_url(name).unwrap();
            let found = asset(url).unwrap();
            assert_eq!(found.content_type, content_type);
            assert!(!found.body.is_empty());
            assert_eq!(url, asset_url(name).unwrap());
            assert!(asset(&format!("/assets/0000000000000000/{name}")).is_none());
        }
        assert!(asset_url("../Cargo.toml").is_none());
        assert!(asset("/assets/").is_none());
    }
}
