//! Challenges: what the browser is asked, and what is remembered of it.

use super::{Flavour, record::Record, wire};
use crate::{factor::FactorError, types::CeremonyState};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vestibule_domain::{Credential, Entropy, Pool, Timestamp, UserId};
use vestibule_seal::{AssociatedData, KeyRing, Sealed};

/// How long a challenge is good for, in seconds: the lower end of what WebAuthn Level 3 §15.1 recommends where users
/// are verified.
pub(super) const LIFETIME: i64 = 300;

/// How far the clocks of two servers may differ, in seconds.
const SKEW: i64 = 60;

/// The signature algorithms asked for, best first: ES256, ES384, RS256 (IANA COSE Algorithms).
pub(super) const ALGORITHMS: [(i32, &str); 3] = [(-7, "ES256"), (-35, "ES384"), (-257, "RS256")];

/// What a challenge is for. None can stand in for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A user registers an authenticator.
    Enrol(UserId),
    /// A known user answers.
    Verify(UserId),
    /// Nobody knows yet who will answer.
    Passwordless,
}

/// What is remembered between a challenge and its answer.
#[derive(Serialize, Deserialize)]
pub(super) struct Challenge {
    /// 32 random bytes, base64url.
    pub(super) nonce: String,
    /// When it was made, seconds since the epoch.
    issued: i64,
    /// The name proposed for the new credential.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) suggestion: String,
    /// The credentials that the user has already, by id: none of them can be registered again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) taken: Vec<String>,
}

impl Challenge {
    pub(super) fn new(entropy: &dyn Entropy, now: Timestamp) -> Self {
        let nonce = wire::encode(&vestibule_seal::bytes::<32>(entropy));
        Self { nonce, issued: now.as_seconds(), suggestion: String::new(), taken: Vec::new() }
    }

    /// Seals it, bound to what it is for and whom.
    pub(super) fn seal(
        &self,
        keys: &KeyRing,
        entropy: &dyn Entropy,
        ad: &AssociatedData,
    ) -> Result<CeremonyState, FactorError> {
        let plain = serde_json::to_vec(self).map_err(|error| FactorError::Internal(error.to_string()))?;
        Ok(CeremonyState(keys.seal(entropy, ad, &plain).into_bytes()))
    }

    /// Opens one that was made for the same purpose, pool, user and kind, and is not too old.
    pub(super) fn open(
        state: &CeremonyState,
        keys: &KeyRing,
        ad: &AssociatedData,
        now: Timestamp,
    ) -> Result<Self, FactorError> {
        let sealed = Sealed::from_bytes(state.0.clone());
        let plain = keys.open(ad, &sealed).map_err(|_| FactorError::StateInvalid)?;
        let challenge: Self = serde_json::from_slice(&plain).map_err(|_| FactorError::StateInvalid)?;
        let age = now.since(Timestamp::from_seconds(challenge.issued));
        if (-SKEW..=LIFETIME).contains(&age) { Ok(challenge) } else { Err(FactorError::StateInvalid) }
    }
}

/// What a challenge is bound to.
pub(super) fn binding(flavour: Flavour, pool: &Pool, purpose: Purpose) -> AssociatedData {
    let (name, user) = match &purpose {
        Purpose::Enrol(user) => ("enrol", user.as_bytes()),
        Purpose::Verify(user) => ("verify", user.as_bytes()),
        Purpose::Passwordless => ("passwordless", [].as_slice()),
    };
    AssociatedData::new("webauthn-ceremony")
        .with(name)
        .with(flavour.kind().as_str())
        .with(pool.id.as_bytes())
        .with(user)
}

/// The records of the user's credentials, of both flavours, that can be read.
pub(super) fn records(user: UserId, own: &[Credential]) -> impl Iterator<Item = Record> {
    own.iter()
        .filter(move |one| one.user == user && Flavour::of(&one.kind).is_some())
        .filter_map(|one| Record::read(&one.public))
}

fn descriptors(records: impl Iterator<Item = Record>) -> Vec<Value> {
    records.map(|one| json!({ "type": "public-key", "id": one.id, "transports": one.transports })).collect()
}

/// `PublicKeyCredentialCreationOptionsJSON` (WebAuthn Level 3 §5.1.8).
pub(super) fn creation(
    flavour: Flavour,
    pool: &Pool,
    user: UserId,
    account: &str,
    challenge: &Challenge,
    own: &[Credential],
) -> Result<String, FactorError> {
    let settings = flavour.settings(&pool.settings)?;
    // Without a wish for attestation browsers may blank the model, too (§5.4.7).
    let picky = !(settings.aaguids.is_empty() && settings.attestation_roots.is_empty());
    let resident = flavour == Flavour::Passkey;
    let algorithms = ALGORITHMS.map(|(id, _)| json!({ "type": "public-key", "alg": id }));
    let mut options = json!({
        "rp": { "id": pool.origin.host(), "name": pool.name },
        "user": { "id": wire::encode(user.as_bytes()), "name": account, "displayName": account },
        "challenge": challenge.nonce,
        "pubKeyCredParams": algorithms,
        "timeout": LIFETIME * 1000,
        "excludeCredentials": descriptors(records(user, own)),
        "authenticatorSelection": {
            "residentKey": if resident { "required" } else { "discouraged" },
            "requireResidentKey": resident,
            "userVerification": flavour.verification(),
        },
        "attestation": if picky { "direct" } else { "none" },
    });
    if let (Flavour::SecurityKey, Some(fields)) = (flavour, options.as_object_mut()) {
        fields.insert("hints".to_owned(), json!(["security-key"]));
    }
    Ok(options.to_string())
}

/// `PublicKeyCredentialRequestOptionsJSON` (WebAuthn Level 3 §5.1.9); without credentials, for any user.
pub(super) fn request(
    flavour: Flavour,
    pool: &Pool,
    challenge: &Challenge,
    allowed: impl Iterator<Item = Record>,
) -> String {
    let options = json!({
        "rpId": pool.origin.host(),
        "challenge": challenge.nonce,
        "timeout": LIFETIME * 1000,
        "allowCredentials": descriptors(allowed),
        "userVerification": flavour.verification(),
    });
    options.to_string()
}
