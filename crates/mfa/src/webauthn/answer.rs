//! Reading what a browser sends: the parts that have to be exact, checked before any cryptography.

use super::{ceremony::Challenge, wire};
use crate::{factor::FactorError, types::FactorInput};
use serde::{Deserialize, de::DeserializeOwned};
use vestibule_domain::Pool;

/// The form field that carries the browser's answer.
pub(super) const FIELD: &str = "credential";

/// The longest answer that is looked at, in bytes: one with a chain of certificates has some ten thousand.
const MAX_LEN: usize = 65_536;

/// The longest credential id (WebAuthn Level 3 §4, Credential ID).
const MAX_ID: usize = 1023;

/// `RegistrationResponseJSON` or `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1), read into the library's type.
pub(super) fn parse<T: DeserializeOwned>(input: &FactorInput) -> Result<T, FactorError> {
    let text = input.get(FIELD).filter(|text| text.len() <= MAX_LEN).ok_or(FactorError::Wrong)?;
    serde_json::from_str(text).map_err(|_| FactorError::Wrong)
}

/// Both forms of the credential id agree, and it is one of a public key.
pub(super) fn check_id(id: &str, raw_id: &[u8], kind: &str) -> Result<(), FactorError> {
    let fits = kind == "public-key" && (1..=MAX_ID).contains(&raw_id.len()) && id == wire::encode(raw_id);
    if fits { Ok(()) } else { Err(FactorError::Wrong) }
}

/// What the browser signed together with the authenticator (WebAuthn Level 3 §5.8.1).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<String>,
}

/// The ceremony that a browser took part in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// `webauthn.create`
    Create,
    /// `webauthn.get`
    Get,
}

/// Type, challenge and origin are the expected ones, character by character, and no other site framed the page
/// (WebAuthn Level 3 §7.1 steps 7 to 11 and §7.2 steps 10 to 14).
pub(super) fn check_client_data(
    bytes: &[u8],
    act: Act,
    challenge: &Challenge,
    pool: &Pool,
) -> Result<(), FactorError> {
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| FactorError::Wrong)?;
    let act = match act {
        Act::Create => "webauthn.create",
        Act::Get => "webauthn.get",
    };
    let origin = pool.origin.as_str();
    let fits = data.r#type == act
        && data.challenge == challenge.nonce
        && data.origin == origin
        && data.cross_origin != Some(true)
        && data.top_origin.is_none_or(|top| top == origin);
    if fits { Ok(()) } else { Err(FactorError::Wrong) }
}
