//! Form-encoded messages, read strictly.

use crate::OAuthError;
use std::{collections::BTreeMap, fmt};
use zeroize::Zeroizing;

/// The longest message that is read, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 8 * 1024;

/// What may be named several times: the places that a token is for (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["audience", "resource"];

/// The parameters of a request, each at most once but for those that name where a token is for. Without `Debug`: tokens and
/// secrets are among them.
#[derive(Clone)]
pub struct Parameters(BTreeMap<String, Vec<Zeroizing<String>>>);

impl Parameters {
    /// Reads a query string or form body.
    ///
    /// # Errors
    /// `invalid_request` when it is longer than [`MAX_MESSAGE_BYTES`], is not form-encoded UTF-8, holds a NUL, which one of
    /// the databases cannot store, or repeats a parameter (RFC 6749 §3.1 and §3.2). Such a request is answered on a page: nothing in it can be trusted.
    pub fn parse(encoded: &str) -> Result<Self, OAuthError> {
        if encoded.len() > MAX_MESSAGE_BYTES {
            return Err(OAuthError::invalid_request("the request is too long"));
        }
        let mut read: BTreeMap<String, Vec<Zeroizing<String>>> = BTreeMap::new();
        for pair in encoded.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = form_decode(name).zip(form_decode(value));
            let (name, value) = decoded
                .ok_or_else(|| OAuthError::invalid_request("the request is not form-encoded UTF-8"))?;
            if name.contains('\0') || value.contains('\0') {
                return Err(OAuthError::invalid_request("the request contains a NUL character"));
            }
            if read.contains_key(&name) && !REPEATABLE.contains(&name.as_str()) {
                return Err(OAuthError::invalid_request(format!("the parameter {name} is repeated")));
            }
            read.entry(name).or_default().push(Zeroizing::new(value));
        }
        Ok(Self(read))
    }

    /// Parameters that came in another form; `None` when they could not have come as a query.
    pub(crate) fn of(pairs: &[(String, String)]) -> Option<Self> {
        let encoded = form_encode(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        Self::parse(&encoded).ok()
    }

    /// The same as a request of the application that authenticated itself, whatever way it did so (RFC 9126 §2.1).
    #[must_use]
    pub fn of_client(mut self, client_id: &str) -> Self {
        self.0.entry("client_id".to_owned()).or_insert_with(|| vec![Zeroizing::new(client_id.to_owned())]);
        self
    }

    /// A parameter. One without a value counts as left out (RFC 6749 §3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All values of a parameter that may be repeated.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let values = self.0.get(name).into_iter().flatten();
        values.map(|value| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `invalid_request` with its name.
    pub fn require(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
    }

    /// `client_id`, to look the application up before anything is checked.
    pub fn client_id(&self) -> Option<&str> {
        self.get("client_id")
    }
}

impl fmt::Debug for Parameters {
    /// Names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Undoes `application/x-www-form-urlencoded` (RFC 6749 appendix B). `None` for a broken escape or broken UTF-8,
/// which two lenient readers might each repair in their own way.
pub(crate) fn form_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
                u8::try_from(value).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Encodes pairs as `application/x-www-form-urlencoded`.
pub(crate) fn form_encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_each_parameter_once() {
        let read = Parameters::parse("client_id=a%20b+c&empty=&&flag&state=%C3%A9").unwrap();
        assert_eq!(read.client_id(), Some("a b c"));
        assert_eq!((read.get("empty"), read.get("flag"), read.get("state")), (None, None, Some("é")));
        assert!(!format!("{read:?}").contains("a b"));
        let several = Parameters::parse("resource=urn:a&resource=&resource=urn:b").unwrap();
        assert_eq!(several.all("resource").collect::<Vec<_>>(), ["urn:a", "urn:b"]);
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        for bad in [
            "a=1&a=1",
            "a=1&a=2",
            "a=&a=1",
            "%61=1&a=2",
            "a=%",
            "a=%4",
            "a=%zz",
            "a=%ff",
            "a=%+1",
            "%ff=1",
            "a=%00",
            "%00=a",
            "a=b%00c",
        ] {
            assert_eq!(Parameters::parse(bad).unwrap_err().code.as_str(), "invalid_request", "{bad}");
        }
        assert!(Parameters::parse(&format!("a={}", "x".repeat(MAX_MESSAGE_BYTES - 2))).is_ok());
        assert!(Parameters::parse(&format!("a={}", "x".repeat(MAX_MESSAGE_BYTES - 1))).is_err());
    }

    proptest! {
        #[test]
        fn encoding_round_trips(name in "[a-z]{1,8}", value in "\\PC{1,40}") {
            let read = Parameters::parse(&form_encode([(name.as_str(), value.as_str())])).unwrap();
            prop_assert_eq!(read.get(&name), Some(value.as_str()));
        }

        #[test]
        fn never_panics(text in "\\PC{0,200}") {
            let _ = Parameters::parse(&text);
        }
    }
}
