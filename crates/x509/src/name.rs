//! Names that certificates are issued to.

use std::{fmt, net::IpAddr, str::FromStr};

use x509_cert::{
    attr::AttributeTypeAndValue,
    der::{
        Encode as _, Tag, Tagged as _,
        asn1::{Ia5StringRef, PrintableStringRef, TeletexStringRef, Utf8StringRef},
    },
    name::Name,
};

/// Longest name, in bytes.
const LONGEST: usize = 1024;

/// The one name by which a certificate is known to be of an application (RFC 8705 §2.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectName {
    /// The subject as a whole.
    Distinguished(DistinguishedName),
    /// A host among its alternative names (RFC 5280 §4.2.1.6). A wildcard is no host, and stands for none.
    Dns(String),
    /// An address such as `spiffe://example.com/billing`.
    Uri(String),
    /// An IP address.
    Ip(IpAddr),
    /// A mail address.
    Email(String),
}

/// Why a text is not the name of a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// It is no distinguished name.
    #[error("not a distinguished name as RFC 4514 writes it, the most specific part first")]
    Distinguished,
    /// No text, or a very long one.
    #[error("not a name of 1 to 1024 bytes")]
    Length,
}

/// A distinguished name (RFC 5280 §4.1.2.4). Two are equal where their parts are, in the same order and with the same values;
/// which of the ASN.1 types for texts a value has does not count, as RFC 4514 does not write it.
#[derive(Clone, Default)]
pub struct DistinguishedName {
    name: Name,
    parts: Vec<Vec<Part>>,
}

/// One attribute of a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    oid: String,
    value: Value,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    /// Of a type that is no text.
    Der(Vec<u8>),
}

impl DistinguishedName {
    pub(crate) fn of(name: &Name) -> Self {
        let parts = name.iter_rdn().map(|rdn| {
            let mut parts: Vec<Part> = rdn.iter().map(part).collect();
            parts.sort();
            parts
        });
        Self { parts: parts.collect(), name: name.clone() }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

fn part(attribute: &AttributeTypeAndValue) -> Part {
    let any = &attribute.value;
    let text = match any.tag() {
        Tag::Utf8String => Utf8StringRef::try_from(any).ok().map(|text| text.as_str().to_owned()),
        Tag::PrintableString => PrintableStringRef::try_from(any).ok().map(|text| text.as_str().to_owned()),
        Tag::Ia5String => Ia5StringRef::try_from(any).ok().map(|text| text.as_str().to_owned()),
        Tag::TeletexString => TeletexStringRef::try_from(any).ok().map(|text| text.as_str().to_owned()),
        _ => None,
    };
    let value = text.map_or_else(|| Value::Der(any.to_der().unwrap_or_default()), Value::Text);
    Part { oid: attribute.oid.to_string(), value }
}

impl FromStr for DistinguishedName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(BadName::Length);
        }
        // Blanks after a separator are no part of a value (RFC 4514 §2 writes none, people do).
        let name: Name = unspaced(text).parse().map_err(|_| BadName::Distinguished)?;
        let name = Self::of(&name);
        if name.is_empty() { Err(BadName::Distinguished) } else { Ok(name) }
    }
}

/// Without the blanks after separators; escaped ones stay.
fn unspaced(text: &str) -> String {
    let (mut out, mut escaped, mut separated) = (String::with_capacity(text.len()), false, true);
    for character in text.chars() {
        if separated && character == ' ' {
            continue;
        }
        separated = !escaped && matches!(character, ',' | '+');
        escaped = !escaped && character == '\\';
        out.push(character);
    }
    out
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Eq for DistinguishedName {}

/// As RFC 4514 writes it.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DistinguishedName({self})")
    }
}
