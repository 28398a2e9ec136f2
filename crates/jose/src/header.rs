//! The header of a compact token, signed or encrypted.

use serde_json::{Map, Value};

use crate::decode;
use crate::strict::StrictObject;

/// A header parameter that has the wrong JSON type, or a header that is no JSON object with unique members.
pub(crate) struct BadHeader;

/// The parameters of a header.
pub(crate) struct Header(Map<String, Value>);

impl Header {
    /// Reads JSON.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, BadHeader> {
        let StrictObject(members) = serde_json::from_slice(json).map_err(|_| BadHeader)?;
        Ok(Self(members))
    }

    /// The first of `names` that is there, whatever its value.
    pub(crate) fn any_of(&self, mut names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
        names.find(|name| self.0.contains_key(*name))
    }

    /// A parameter that must be text where it is present.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, BadHeader> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(BadHeader),
        }
    }

    /// A parameter that must be base64url text where it is present.
    pub(crate) fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, BadHeader> {
        self.text(name)?.map(|text| decode(text).ok_or(BadHeader)).transpose()
    }

    /// A parameter that must be an object where it is present.
    pub(crate) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, BadHeader> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(BadHeader),
        }
    }
}
