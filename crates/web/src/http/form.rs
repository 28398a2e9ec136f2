//! Forms: whether a body is one, where it comes from, and its fields.
//!
//! A body may carry a password, a code or a client secret. It is read into memory that is wiped when it is dropped, each
//! field is decoded once into such memory, and nothing is ever copied into other memory on the way. What the HTTP library
//! keeps in its own buffers is out of reach.

use crate::http::headers::text;
use axum::body::{Body, HttpBody as _};
use http::{HeaderMap, header};
use std::{collections::BTreeMap, future::poll_fn, pin::Pin};
use zeroize::Zeroizing;

/// More fields than any of our forms has.
const MOST_FIELDS: usize = 64;

/// The fields of a form. Each name once.
pub(crate) struct Fields(BTreeMap<String, Zeroizing<String>>);

impl Fields {
    /// A field, or the empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.as_str())
    }

    /// A field, if the form has it.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
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
    pub(crate) fn into_factor_input(self) -> vestibule_mfa::FactorInput {
        self.0.into()
    }
}

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is longer than allowed, or broke off.
    TooLarge,
    /// It is not UTF-8.
    NotText,
}

/// Reads a body of at most so many bytes, into no more memory than it needs: wiping takes time, and a layer may hide the
/// length that was announced.
pub(crate) async fn read(mut body: Body, limit: usize) -> Result<Zeroizing<String>, Unreadable> {
    let announced = body.size_hint().upper().map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
    if announced.is_some_and(|bytes| bytes > limit) {
        return Err(Unreadable::TooLarge);
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(announced.unwrap_or_default()));
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| Unreadable::TooLarge)?.into_data() else { continue };
        if data.len() > limit - bytes.len() {
            return Err(Unreadable::TooLarge);
        }
        make_room(&mut bytes, data.len(), limit);
        bytes.extend_from_slice(&data);
    }
    into_text(bytes).map_err(|_| Unreadable::NotText)
}

/// Makes room for some more bytes. A vector that grows by itself leaves copies of its content behind; here the memory
/// that became too small is wiped.
fn make_room(bytes: &mut Zeroizing<Vec<u8>>, more: usize, limit: usize) {
    let needed = bytes.len() + more;
    if needed > bytes.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(bytes.capacity() * 2).min(limit)));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
}

/// The same memory as text; or back as it was, when it is not UTF-8.
fn into_text(mut bytes: Zeroizing<Vec<u8>>) -> Result<Zeroizing<String>, Zeroizing<Vec<u8>>> {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => Err(Zeroizing::new(error.into_bytes())),
    }
}

/// `Sec-Fetch-Site` where the browser sends it, otherwise `Origin`. A request without either still needs the token.
pub(crate) fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    headers.get(header::ORIGIN).is_none_or(|value| value == origin)
}

/// Whether a body says that it is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// The fields of a form (URL Standard §5.1). `None`: a name comes twice, there are too many, or something holds a NUL,
/// which no person types and one of the databases cannot store.
pub(crate) fn parse(body: &str) -> Option<Fields> {
    let mut fields = BTreeMap::new();
    for pair in body.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        if name.contains('\0') || value.contains('\0') {
            return None;
        }
        let is_new = fields.insert(name.to_string(), value).is_none();
        if !is_new || fields.len() > MOST_FIELDS {
            return None;
        }
    }
    Some(Fields(fields))
}

/// The first value of a name in a form or a query, without a look at the rest.
pub(crate) fn first(body: &str, name: &str) -> Option<Zeroizing<String>> {
    let pairs = body.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let is_it = |known: &str| known == name || known.contains(['%', '+']) && *decoded(known) == *name;
    pairs.filter(|(known, _)| is_it(known)).map(|(_, value)| decoded(value)).next()
}

/// Undoes percent encoding. Anything that is not percent-encoded stays as it is; bytes that are not UTF-8 are replaced.
fn decoded(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'+' | b'%')) {
        let (plain, encoded) = rest.split_at(at);
        bytes.extend_from_slice(plain);
        let (byte, after) = match encoded {
            [b'+', after @ ..] => (b' ', after),
            _ => escaped(encoded).unwrap_or((b'%', encoded.get(1..).unwrap_or_default())),
        };
        bytes.push(byte);
        rest = after;
    }
    bytes.extend_from_slice(rest);
    into_text(bytes).unwrap_or_else(|bytes| {
        // Room for the worst case, so that it never grows: three bytes for each that is replaced.
        let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 3));
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text
    })
}

/// The byte of an escape at the beginning, and what follows it.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, after @ ..] = text else { return None };
    Some((hex(*high)? << 4 | hex(*low)?, after))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_s11_a_nul_is_refused_wherever_it_stands() {
        for text in ["a=%00", "a=x%00y", "%00=a", "b=c&a=\0"] {
            assert!(parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn the_first_value_of_a_name_is_found_however_it_is_written() {
        let value = |body: &str| first(body, "client_id").map(|value| value.to_string());
        assert_eq!(value("a=b&client_id=x%20y&client_id=z").as_deref(), Some("x y"));
        assert_eq!(value("client%5Fid=x").as_deref(), Some("x"));
        assert_eq!(value("client_id"), Some(String::new()));
        assert_eq!(value("client_idx=1&xclient_id=2&a=client_id"), None);
    }

    #[test]
    fn forms_are_decoded_as_the_url_standard_says() {
        let texts = [
            "",
            "a",
            "a=",
            "=b",
            "a=b&c=d",
            "a=b+c%20d",
            "a=%",
            "a=%4",
            "a=%zz",
            "a=%4g%41",
            "a=%c3%a9",
            "a=%ff%fe",
            "a=%e2%82",
            "a=%f0%9f%98%80x",
            "%61=1",
            "a=1=2",
            "a=é",
            "&&a=1&&",
            "a=%2B+%26%3D",
            "a%+=%%41",
        ];
        for text in texts {
            let expected: BTreeMap<String, String> =
                url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            let fields = parse(text).unwrap().0;
            let found: BTreeMap<String, String> =
                fields.into_iter().map(|(name, value)| (name, value.to_string())).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert!(parse("a=1&b=2&%61=3").is_none(), "a name that comes twice");
        let many: Vec<String> = (0..65).map(|i| format!("f{i}=1")).collect();
        assert!(parse(&many.join("&")).is_none());
    }

    #[tokio::test]
    async fn a_body_is_read_once_and_never_beyond_its_limit() {
        assert_eq!(read(Body::from("user=a"), 6).await.unwrap().as_str(), "user=a");
        assert_eq!(read(Body::from("user=ab"), 6).await.unwrap_err(), Unreadable::TooLarge);
        assert_eq!(read(Body::from(vec![b'a', 0xff]), 6).await.unwrap_err(), Unreadable::NotText);
        assert_eq!(read(Body::empty(), 0).await.unwrap().as_str(), "");
        let unannounced = |parts: Vec<&'static str>| {
            Body::from_stream(futures_util::stream::iter(parts.into_iter().map(Ok::<_, std::io::Error>)))
        };
        let text = read(unannounced(vec!["us", "er", "=a"]), 6).await.unwrap();
        assert_eq!((text.as_str(), text.capacity()), ("user=a", 6), "it never grew");
        let text = read(unannounced(vec!["a"; 100]), 4096).await.unwrap();
        assert_eq!(
            (text.len(), text.capacity()),
            (100, 128),
            "many small parts need no more than twice their size"
        );
        assert_eq!(read(unannounced(vec!["user", "=ab"]), 6).await.unwrap_err(), Unreadable::TooLarge);
    }
}
