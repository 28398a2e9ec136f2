//! Registrations and assertions before the library's judgement.
//!
//! The core of webauthn-rs is used, not its wrapper: the wrapper draws its own randomness, forces a user interface on
//! the first factor, and cannot ask a passkey to be discoverable. What the wrapper holds is held here instead: user
//! verification is required of passkeys when they are registered and at every answer, cross-origin answers and
//! changed backup eligibility are refused, and attestation is judged only against certificates that the pool names.

use super::{
    Flavour, WebauthnSettings,
    answer::{self, Act},
    ceremony::{ALGORITHMS, Challenge, LIFETIME},
    record::{Mark, Record},
    wire,
};
use crate::factor::FactorError;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use url::Url;
use uuid::Uuid;
use vestibule_domain::Pool;
use webauthn_rs_core::{
    WebauthnCore,
    error::WebauthnError,
    internals::AuthenticatorData,
    proto::{
        AttestationCaList, AttestationFormat, AuthenticationState, COSEKey, Credential as Verifier,
        ParsedAttestation, PublicKeyCredential, RegisterPublicKeyCredential, RegisteredExtensions,
        Registration, RegistrationState, RequestRegistrationExtensions, UserVerificationPolicy,
    },
};

/// Translation key of what is said when the pool does not allow an authenticator.
pub(super) const MODEL_REFUSED: &str = "error-factor-model-refused";

/// Translation key of what is said when an authenticator for a passkey did not verify its user.
const UNVERIFIED: &str = "error-factor-unverified";

/// A registration that stood.
pub(super) struct Registered {
    pub(super) record: Record,
    pub(super) mark: Mark,
}

/// An assertion that stood.
pub(super) struct Asserted {
    pub(super) mark: Mark,
    pub(super) user_verified: bool,
}

fn internal(what: &str, error: impl std::fmt::Display) -> FactorError {
    FactorError::Internal(format!("WebAuthn: {what}: {error}"))
}

fn core(pool: &Pool) -> Result<WebauthnCore, FactorError> {
    let origin = Url::parse(pool.origin.as_str()).map_err(|error| internal("the pool's origin", error))?;
    let timeout = Duration::from_secs(LIFETIME.unsigned_abs());
    let (name, rp_id) = (&pool.name, pool.origin.host());
    Ok(WebauthnCore::new_unsafe_experts_only(name, rp_id, vec![origin], timeout, Some(false), Some(false)))
}

/// The certificates that may vouch for an authenticator in this pool.
///
/// # Errors
/// [`FactorError::Internal`] when one of them cannot be read.
pub(super) fn roots(settings: &WebauthnSettings) -> Result<AttestationCaList, FactorError> {
    let mut all = AttestationCaList::default();
    for pem in &settings.attestation_roots {
        all.union(&root(pem)?);
    }
    Ok(all)
}

/// One certificate that may vouch.
///
/// # Errors
/// [`FactorError::Internal`] when it cannot be read.
pub(super) fn root(pem: &str) -> Result<AttestationCaList, FactorError> {
    AttestationCaList::try_from(pem.trim().as_bytes())
        .map_err(|error| internal("an attestation root of the pool", error))
}

/// Judges a registration (WebAuthn Level 3 §7.1).
pub(super) fn register(
    flavour: Flavour,
    pool: &Pool,
    challenge: &Challenge,
    reply: &RegisterPublicKeyCredential,
) -> Result<Registered, FactorError> {
    answer::check_id(&reply.id, &reply.raw_id, &reply.type_)?;
    answer::check_client_data(&reply.response.client_data_json, Act::Create, challenge, pool)?;
    let state = json!({
        "policy": flavour.verification(),
        "exclude_credentials": challenge.taken,
        "challenge": challenge.nonce,
        "credential_algorithms": ALGORITHMS.map(|(_, name)| name),
        "require_resident_key": flavour == Flavour::Passkey,
        "authenticator_attachment": null,
        "extensions": RequestRegistrationExtensions::default(),
        "allow_synchronised_authenticators": true,
    });
    let state: RegistrationState =
        serde_json::from_value(state).map_err(|error| internal("state of a registration", error))?;
    let settings = flavour.settings(&pool.settings)?;
    let trusted = roots(&settings)?;
    let asked = (!trusted.is_empty()).then_some(&trusted);
    let made = core(pool)?.register_credential(reply, &state, asked).map_err(|error| refusal(&error))?;
    if made.cred_id != reply.raw_id {
        return Err(FactorError::Wrong);
    }
    let authenticator = authenticator(&reply.response.attestation_object)?;
    if !settings.allows(authenticator.aaguid) {
        return Err(FactorError::Refused(MODEL_REFUSED));
    }
    let attested_by = match asked {
        None => None,
        Some(trusted) => {
            let voucher = made.verify_attestation(trusted).map_err(|error| refusal(&error))?;
            let voucher = voucher.ok_or(FactorError::Refused(MODEL_REFUSED))?;
            let digest = voucher.get_kid().map_err(|error| internal("an attestation root", error))?;
            Some(wire::encode(digest.as_slice()))
        }
    };
    let transports = reply.response.transports.iter().flatten();
    let record = Record {
        id: wire::encode(&made.cred_id),
        key: wire::encode(&authenticator.key),
        aaguid: authenticator.aaguid,
        transports: transports.map(ToString::to_string).filter(|name| is_transport(name)).collect(),
        backup_eligible: made.backup_eligible,
        attested_by,
        user_verified: made.user_verified,
    };
    Ok(Registered { record, mark: Mark::new(made.counter, made.backup_state) })
}

/// The transports of WebAuthn Level 3 §5.8.4: others are noise that could only confuse a browser later.
fn is_transport(name: &str) -> bool {
    matches!(name, "usb" | "nfc" | "ble" | "smart-card" | "hybrid" | "internal")
}

/// What a failed registration is to the user: an authenticator that nobody vouched for, one that did not verify its
/// user, or simply wrong.
fn refusal(error: &WebauthnError) -> FactorError {
    use WebauthnError as E;
    match error {
        E::AttestationChainNotTrusted(_)
        | E::AttestationNotVerifiable
        | E::AttestationNotSupported
        | E::AttestationUntrustedAaguid
        | E::AttestationFormatMissingAaguid
        | E::AttestationTrustFailure => FactorError::Refused(MODEL_REFUSED),
        E::UserNotVerified => FactorError::Refused(UNVERIFIED),
        _ => FactorError::Wrong,
    }
}

/// Model and public key, from the data that was verified.
struct Authenticator {
    aaguid: Uuid,
    key: Vec<u8>,
}

#[derive(Deserialize)]
struct AttestationObject<'a> {
    #[serde(rename = "authData", borrow)]
    auth_data: &'a [u8],
}

fn authenticator(attestation_object: &[u8]) -> Result<Authenticator, FactorError> {
    let object: AttestationObject<'_> =
        serde_cbor_2::from_slice(attestation_object).map_err(|_| FactorError::Wrong)?;
    let data =
        AuthenticatorData::<Registration>::try_from(object.auth_data).map_err(|_| FactorError::Wrong)?;
    let attested = data.acd.ok_or(FactorError::Wrong)?;
    let key = serde_cbor_2::to_vec(&attested.credential_pk).map_err(|_| FactorError::Wrong)?;
    Ok(Authenticator { aaguid: Uuid::from_bytes(attested.aaguid), key })
}

/// Judges an assertion (WebAuthn Level 3 §7.2) by a credential of the user's.
pub(super) fn assert(
    flavour: Flavour,
    pool: &Pool,
    challenge: &Challenge,
    record: &Record,
    mark: Mark,
    reply: &PublicKeyCredential,
) -> Result<Asserted, FactorError> {
    answer::check_client_data(&reply.response.client_data_json, Act::Get, challenge, pool)?;
    let state = json!({
        "credentials": [],
        "policy": flavour.verification(),
        "challenge": challenge.nonce,
        "appid": null,
        "allow_backup_eligible_upgrade": false,
    });
    let state: AuthenticationState =
        serde_json::from_value(state).map_err(|error| internal("state of an assertion", error))?;
    let verifier = verifier(flavour, record, mark)?;
    let result = core(pool)?
        .authenticate_single_credential(reply, &state, &verifier)
        .map_err(|_| FactorError::Wrong)?;
    let mark = mark.after(result.counter(), result.backup_state()).ok_or(FactorError::Wrong)?;
    Ok(Asserted { mark, user_verified: result.user_verified() })
}

/// The library's view of a stored credential.
fn verifier(flavour: Flavour, record: &Record, mark: Mark) -> Result<Verifier, FactorError> {
    let broken = || internal("a stored credential", "its id or key cannot be read");
    let key = wire::decode(&record.key).ok_or_else(broken)?;
    let key: serde_cbor_2::Value = serde_cbor_2::from_slice(&key).map_err(|_| broken())?;
    Ok(Verifier {
        cred_id: record.id().ok_or_else(broken)?,
        cred: COSEKey::try_from(&key).map_err(|_| broken())?,
        counter: mark.signatures,
        transports: None,
        user_verified: record.user_verified,
        backup_eligible: record.backup_eligible,
        backup_state: mark.backed_up,
        registration_policy: match flavour {
            Flavour::Passkey => UserVerificationPolicy::Required,
            Flavour::SecurityKey => UserVerificationPolicy::Discouraged_DO_NOT_USE,
        },
        extensions: RegisteredExtensions::none(),
        attestation: ParsedAttestation::default(),
        attestation_format: AttestationFormat::None,
    })
}

/// Whether the certificate that vouched for a credential is one that the pool still trusts, and the key cannot have
/// left the hardware that it vouched for.
pub(super) fn is_hardware(record: &Record, settings: &WebauthnSettings) -> Result<bool, FactorError> {
    let Some(voucher) = record.attested_by.as_deref().and_then(wire::decode) else { return Ok(false) };
    if record.backup_eligible {
        return Ok(false);
    }
    Ok(roots(settings)?.cas().keys().any(|digest| digest.as_slice() == voucher))
}
