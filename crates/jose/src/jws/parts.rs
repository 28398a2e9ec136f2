//! A compact JWS taken apart.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::VerifyError;
use crate::decode;
use crate::strict::StrictObject;

/// Header parameters that would let a token bring its own key or change what is signed. `crit` is among them
/// because nothing that could be critical is supported (RFC 7515 section 4.1.11).
const FORBIDDEN: [&str; 6] = ["crit", "jwk", "jku", "x5u", "x5c", "b64"];

/// The parts of a compact JWS, still encoded.
pub(super) struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// Header and payload with their dot: what the signature covers.
    pub(super) signed: &'a str,
}

impl<'a> Parts<'a> {
    /// Splits a token of at most `limit` bytes.
    pub(super) fn split(token: &'a str, limit: usize) -> Result<Self, VerifyError> {
        if token.len() > limit {
            return Err(VerifyError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
        // Two dots, no more: five parts would be a JWE.
        if payload.contains('.') {
            return Err(VerifyError::Malformed);
        }
        Ok(Self { header, payload, signature, signed })
    }

    /// The header, without any [`FORBIDDEN`] parameter but the one in `allowed`.
    pub(super) fn header(&self, allowed: Option<&str>) -> Result<Header, VerifyError> {
        let raw = decode(self.header).ok_or(VerifyError::Malformed)?;
        let StrictObject(members) = serde_json::from_slice(&raw).map_err(|_| VerifyError::Header)?;
        let forbidden = |name: &&str| members.contains_key(*name) && allowed != Some(*name);
        match FORBIDDEN.into_iter().find(forbidden) {
            Some(name) => Err(VerifyError::ForbiddenHeader(name)),
            None => Ok(Header(members)),
        }
    }

    pub(super) fn signature(&self) -> Result<Vec<u8>, VerifyError> {
        decode(self.signature).ok_or(VerifyError::Malformed)
    }

    pub(super) fn claims<T: DeserializeOwned>(&self) -> Result<T, VerifyError> {
        let raw = decode(self.payload).ok_or(VerifyError::Malformed)?;
        let object: StrictObject = serde_json::from_slice(&raw).map_err(|_| VerifyError::Payload)?;
        serde_json::from_value(Value::Object(object.0)).map_err(|_| VerifyError::Payload)
    }
}

/// A header without forbidden parameters.
pub(super) struct Header(Map<String, Value>);

impl Header {
    /// A parameter that must be text where it is present.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, VerifyError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(VerifyError::Header),
        }
    }

    /// A parameter that must be an object where it is present.
    pub(super) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, VerifyError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(members)),
            Some(_) => Err(VerifyError::Header),
        }
    }
}
