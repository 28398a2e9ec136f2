//! A compact JWS taken apart.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::VerifyError;
use crate::decode;
use crate::header::{BadHeader, Header};
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
        let header = Header::parse(&raw)?;
        match header.any_of(FORBIDDEN.into_iter().filter(|name| allowed != Some(*name))) {
            Some(name) => Err(VerifyError::ForbiddenHeader(name)),
            None => Ok(header),
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

impl From<BadHeader> for VerifyError {
    fn from(BadHeader: BadHeader) -> Self {
        Self::Header
    }
}
