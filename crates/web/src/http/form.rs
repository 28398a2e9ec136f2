//! Forms: whether a body is one, where it comes from, and its fields.

use crate::http::headers::text;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, header};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The fields of a form. Each name once.
pub(crate) struct Fields(BTreeMap<String, Zeroizing<String>>);

impl Fields {
    /// A field, or the empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.as_str())
    }

    /// A field that may be missing or empty.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// A secret field, wiped after use.
    pub(crate) fn secret(&self, name: &str) -> Zeroizing<String> {
        Zeroizing::new(self.get(name).to_owned())
    }

    /// All fields, for a factor to read its own.
    pub(crate) fn for_factor(&self) -> vestibule_mfa::FactorInput {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Why a body could not be read.
#[derive(Clone, Copy)]
pub(crate) enum Unreadable {
    /// It is longer than allowed, or broke off.
    TooLarge,
    /// It is not UTF-8.
    NotText,
}

/// Reads a body of at most so many bytes.
pub(crate) async fn read(body: Body, limit: usize) -> Result<String, Unreadable> {
    let bytes = to_bytes(body, limit).await.map_err(|_| Unreadable::TooLarge)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Unreadable::NotText)
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin`. A request without either still needs the token.
pub(crate) fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    headers.get(header::ORIGIN).is_none_or(|value| value == origin)
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

pub(crate) fn parse(body: &str) -> Option<Fields> {
    let mut fields = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        if fields.insert(name.into_owned(), Zeroizing::new(value.into_owned())).is_some() || fields.len() > 64
        {
            return None;
        }
    }
    Some(Fields(fields))
}
