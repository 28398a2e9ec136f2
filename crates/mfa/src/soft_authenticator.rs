//! An authenticator and its browser in software, for tests: it can be told to misbehave.
//!
//! It reads and writes the JSON of WebAuthn Level 3 §5.1, so the same value goes into a factor's form field and into
//! a form sent over HTTP. Written from the specification, with no line in common with the library that judges it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a device for tests: a misuse may end the test"
)]

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;
use vestibule_seal::sha256;

/// Unpadded base64url, as in every binary field of the JSON.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind [`encode`].
///
/// # Panics
/// When it is none.
#[must_use]
pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// How authenticator and browser behave. The default is right in every respect.
#[derive(Clone, Debug)]
pub struct Manners {
    /// The flag UP.
    pub user_present: bool,
    /// The flag UV.
    pub user_verified: bool,
    /// The flag BE.
    pub backup_eligible: bool,
    /// The flag BS.
    pub backup_state: bool,
    /// The flag UV follows what was asked; `user_verified` is then only whether the device could.
    pub obeys: bool,
    /// Another `type` in the client data.
    pub act: Option<String>,
    /// Another `origin` in the client data.
    pub origin: Option<String>,
    /// `crossOrigin` in the client data.
    pub cross_origin: Option<bool>,
    /// `topOrigin` in the client data.
    pub top_origin: Option<String>,
    /// Another RP id in the authenticator's data.
    pub rp_id: Option<String>,
    /// Another challenge, base64url.
    pub challenge: Option<String>,
    /// Another user handle; `Some(None)` for none.
    pub user_handle: Option<Option<Vec<u8>>>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            user_present: true,
            user_verified: true,
            backup_eligible: false,
            backup_state: false,
            obeys: true,
            act: None,
            origin: None,
            cross_origin: Some(false),
            top_origin: None,
            rp_id: None,
            challenge: None,
            user_handle: None,
        }
    }
}

/// What a manufacturer built into the authenticator.
#[derive(Clone)]
pub struct Attestation {
    /// Certificates, DER, the authenticator's own first.
    pub chain: Vec<Vec<u8>>,
    /// Its private key, PKCS #8.
    pub key: Vec<u8>,
}

#[derive(Clone)]
struct Key {
    id: Vec<u8>,
    user: Vec<u8>,
    rp_id: String,
    discoverable: bool,
    pair: Arc<EcdsaKeyPair>,
}

/// The authenticator.
#[derive(Clone, Default)]
pub struct SoftAuthenticator {
    /// How it behaves from now on.
    pub manners: Manners,
    /// The last value of its signature counter; `None` for one that does not count.
    pub counter: Option<u32>,
    /// Its model.
    pub aaguid: Uuid,
    /// What vouches for it; without, it attests nothing.
    pub attestation: Option<Attestation>,
    keys: Vec<Key>,
}

impl SoftAuthenticator {
    /// One that counts its signatures, as a security key does.
    #[must_use]
    pub fn counting() -> Self {
        Self { counter: Some(0), ..Self::default() }
    }

    /// One that copies its keys to a cloud and counts nothing, as that of a phone does.
    #[must_use]
    pub fn synced() -> Self {
        let manners = Manners { backup_eligible: true, backup_state: true, ..Manners::default() };
        Self { manners, ..Self::default() }
    }

    /// The same of a certain model.
    #[must_use]
    pub fn of_model(self, aaguid: Uuid) -> Self {
        Self { aaguid, ..self }
    }

    /// The same with a manufacturer that vouches for it.
    #[must_use]
    pub fn attested(self, attestation: Attestation) -> Self {
        Self { attestation: Some(attestation), ..self }
    }

    /// `navigator.credentials.create`: answers `PublicKeyCredentialCreationOptionsJSON`, the text of a page at
    /// `origin`, with `RegistrationResponseJSON`.
    ///
    /// # Panics
    /// When the options are none, or exclude a key of this authenticator.
    pub fn create(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        for excluded in options["excludeCredentials"].as_array().into_iter().flatten() {
            let id = decode(excluded["id"].as_str().unwrap());
            assert!(!self.keys.iter().any(|key| key.id == id), "InvalidStateError: registered already");
        }
        let pair = Arc::new(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap());
        let mut id = vec![0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        let selection = &options["authenticatorSelection"];
        let key = Key {
            id: id.clone(),
            user: decode(options["user"]["id"].as_str().unwrap()),
            rp_id: options["rp"]["id"].as_str().unwrap().to_owned(),
            discoverable: selection["residentKey"] == "required",
            pair,
        };
        let point = key.pair.public_key().as_ref().to_vec();
        let cose = BTreeMap::from([
            (Cbor::Integer(1), Cbor::Integer(2)),
            (Cbor::Integer(3), Cbor::Integer(-7)),
            (Cbor::Integer(-1), Cbor::Integer(1)),
            (Cbor::Integer(-2), Cbor::Bytes(point[1..33].to_vec())),
            (Cbor::Integer(-3), Cbor::Bytes(point[33..65].to_vec())),
        ]);
        let mut data = self.authenticator_data(&key.rp_id, selection["userVerification"] != "discouraged");
        data[32] |= 0x40;
        data.extend_from_slice(self.aaguid.as_bytes());
        data.extend_from_slice(&u16::try_from(id.len()).unwrap().to_be_bytes());
        data.extend_from_slice(&id);
        data.extend_from_slice(&serde_cbor_2::to_vec(&Cbor::Map(cose)).unwrap());
        let client = self.client_data("webauthn.create", &options, origin);
        let object = self.attestation_object(&data, &client);
        self.keys.push(key);
        json!({
            "id": encode(&id),
            "rawId": encode(&id),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client),
                "attestationObject": encode(&object),
                "transports": ["usb", "nfc", "quantum"],
            },
        })
        .to_string()
    }

    /// `navigator.credentials.get`: answers `PublicKeyCredentialRequestOptionsJSON`, the text of a page at `origin`,
    /// with `AuthenticationResponseJSON`.
    ///
    /// # Panics
    /// When the options are none, or it has no key for them.
    pub fn get(&mut self, options: &str, origin: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let allowed: Vec<Vec<u8>> = options["allowCredentials"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| decode(one["id"].as_str().unwrap()))
            .collect();
        let rp_id = options["rpId"].as_str().unwrap();
        let fits = |key: &&Key| {
            let named = if allowed.is_empty() { key.discoverable } else { allowed.contains(&key.id) };
            key.rp_id == rp_id && named
        };
        let key = self.keys.iter().rev().find(fits).expect("NotAllowedError: no key for this").clone();
        let data = self.authenticator_data(&key.rp_id, options["userVerification"] != "discouraged");
        let client = self.client_data("webauthn.get", &options, origin);
        let signature = sign(&key.pair, &[data.as_slice(), &sha256(&client)].concat());
        let handle = self.manners.user_handle.clone().unwrap_or(key.discoverable.then_some(key.user));
        json!({
            "id": encode(&key.id),
            "rawId": encode(&key.id),
            "type": "public-key",
            "authenticatorAttachment": "cross-platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(&client),
                "authenticatorData": encode(&data),
                "signature": encode(&signature),
                "userHandle": handle.map(|handle| encode(&handle)),
            },
        })
        .to_string()
    }

    /// §6.1: hash of the RP id, flags, counter.
    fn authenticator_data(&mut self, rp_id: &str, verification_wanted: bool) -> Vec<u8> {
        let manners = &self.manners;
        let verified = manners.user_verified && (verification_wanted || !manners.obeys);
        let flags = u8::from(manners.user_present)
            | u8::from(verified) << 2
            | u8::from(manners.backup_eligible) << 3
            | u8::from(manners.backup_state) << 4;
        let mut data = sha256(manners.rp_id.as_deref().unwrap_or(rp_id).as_bytes()).to_vec();
        data.push(flags);
        self.counter = self.counter.map(|last| last.wrapping_add(1));
        data.extend_from_slice(&self.counter.unwrap_or(0).to_be_bytes());
        data
    }

    /// §5.8.1.
    fn client_data(&self, act: &str, options: &Value, origin: &str) -> Vec<u8> {
        let manners = &self.manners;
        let challenge = manners.challenge.as_deref().unwrap_or(options["challenge"].as_str().unwrap());
        let mut data = json!({
            "type": manners.act.as_deref().unwrap_or(act),
            "challenge": challenge,
            "origin": manners.origin.as_deref().unwrap_or(origin),
        });
        if let Some(cross_origin) = manners.cross_origin {
            data["crossOrigin"] = cross_origin.into();
        }
        if let Some(top_origin) = &manners.top_origin {
            data["topOrigin"] = top_origin.as_str().into();
        }
        data.to_string().into_bytes()
    }

    /// §6.5: none, or packed with a chain (§8.2).
    fn attestation_object(&self, data: &[u8], client: &[u8]) -> Vec<u8> {
        let text = |text: &str| Cbor::Text(text.to_owned());
        let (format, statement) = match &self.attestation {
            None => ("none", BTreeMap::new()),
            Some(Attestation { chain, key }) => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key).unwrap();
                let signature = sign(&pair, &[data, &sha256(client)].concat());
                let chain = chain.iter().cloned().map(Cbor::Bytes).collect();
                let statement = BTreeMap::from([
                    (text("alg"), Cbor::Integer(-7)),
                    (text("sig"), Cbor::Bytes(signature)),
                    (text("x5c"), Cbor::Array(chain)),
                ]);
                ("packed", statement)
            }
        };
        let object = BTreeMap::from([
            (text("fmt"), text(format)),
            (text("attStmt"), Cbor::Map(statement)),
            (text("authData"), Cbor::Bytes(data.to_vec())),
        ]);
        serde_cbor_2::to_vec(&Cbor::Map(object)).unwrap()
    }
}

fn sign(pair: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
}
