//! The provider's metadata (OIDC Discovery §3, RFC 8414): what it promises, and nothing else.

use crate::{
    authorize::{Prompts, ResponseMode},
    claims::ToldClaim,
    client_auth,
    signed::algs_of,
    token::grants::GRANTS,
    tokens::{content_encryptions, key_encryptions},
};
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, AuthenticationContextClass, IssuerUrl, JsonWebKeySetUrl,
    LanguageTag, ProviderMetadata, RegistrationUrl, ResponseTypes, Scope, TokenUrl, UserInfoUrl,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use vestibule_domain::{Acr, Attribute, ClientAuthMethod, Strictness};
use vestibule_jose::{Alg, OidcKey};

/// Paths below the issuer.
pub mod path {
    /// The authorization endpoint.
    pub const AUTHORIZATION: &str = "/auth";
    /// The token endpoint.
    pub const TOKEN: &str = "/token";
    /// The userinfo endpoint.
    pub const USERINFO: &str = "/me";
    /// Pushed authorization requests (RFC 9126).
    pub const PUSHED: &str = "/par";
    /// Requests of devices (RFC 8628).
    pub const DEVICE_AUTHORIZATION: &str = "/device";
    /// Introspection (RFC 7662).
    pub const INTROSPECTION: &str = "/introspect";
    /// Revocation (RFC 7009).
    pub const REVOCATION: &str = "/revoke";
    /// Registration of applications (RFC 7591).
    pub const REGISTRATION: &str = "/register";
    /// The public keys.
    pub const JWKS: &str = "/jwks";
    /// RP-initiated logout.
    pub const END_SESSION: &str = "/session/end";
    /// The metadata itself.
    pub const METADATA: &str = "/.well-known/openid-configuration";
}

/// The scopes that give something by themselves (OIDC Core §5.4, §11; `groups` and `roles` are everybody's custom). Of others only
/// those are promised that an API or an attribute of the pool has, whatever applications are registered for.
pub const FILLED_SCOPES: [&str; 8] =
    ["address", "email", "groups", "offline_access", "openid", "phone", "profile", "roles"];

/// What differs between pools.
#[derive(Clone, Debug)]
pub struct Supported<'a> {
    /// Algorithms that the pool has keys for.
    pub algs: &'a [Alg],
    /// Classes that the pool's factors can reach, weakest first.
    pub acr: &'a [Acr],
    /// Those of [`FILLED_SCOPES`], of its APIs and of its attributes that its applications are registered for, `openid` included.
    pub scopes: &'a [String],
    /// What it declares of its users.
    pub attributes: &'a [Attribute],
    /// Languages of the pages.
    pub ui_locales: &'a [String],
    /// Whether people can register.
    pub registration: bool,
    /// Whether applications can.
    pub client_registration: bool,
    /// Whether applications are known by the address of a document that describes them.
    pub metadata_documents: bool,
    /// What the pool asks of every application.
    pub strict: &'a BTreeSet<Strictness>,
    /// How applications show certificates; not at all where none arrive.
    pub certificates: Option<Certificates<'a>>,
}

/// How applications of a pool show certificates (RFC 8705).
#[derive(Clone, Copy, Debug)]
pub struct Certificates<'a> {
    /// Whether there is an authority that vouches for some.
    pub authorities: bool,
    /// The origin at which they are asked for, where it is not the pool's own.
    pub origin: Option<&'a str>,
}

impl Supported<'_> {
    fn has(&self, method: ClientAuthMethod) -> bool {
        match method {
            ClientAuthMethod::TlsClientAuth => self.certificates.is_some_and(|shown| shown.authorities),
            ClientAuthMethod::SelfSignedTlsClientAuth => self.certificates.is_some(),
            _ => true,
        }
    }
}

/// The endpoints at which applications are asked for a certificate (RFC 8705 §5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct MutualTlsAliases {
    token_endpoint: String,
    revocation_endpoint: String,
    introspection_endpoint: String,
    userinfo_endpoint: String,
    device_authorization_endpoint: String,
    pushed_authorization_request_endpoint: String,
}

/// Metadata in addition to OIDC Discovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Additional {
    /// RP-Initiated Logout §2.1.
    end_session_endpoint: String,
    /// RFC 8628 §4.
    device_authorization_endpoint: String,
    /// RFC 9126 §5.
    pushed_authorization_request_endpoint: String,
    /// RFC 9126 §5.
    require_pushed_authorization_requests: bool,
    /// RFC 9101 §10.5.
    require_signed_request_object: bool,
    /// JWT Secured Authorization Response Mode §3.
    authorization_signing_alg_values_supported: Vec<String>,
    /// RFC 9449 §5.1.
    dpop_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    introspection_endpoint: String,
    /// RFC 8414 §2.
    introspection_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    revocation_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    introspection_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 9701 §7.
    introspection_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    revocation_endpoint: String,
    /// RFC 8414 §2.
    revocation_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 8414 §2.
    code_challenge_methods_supported: Vec<String>,
    /// RFC 9207 §3.
    authorization_response_iss_parameter_supported: bool,
    /// Initiating User Registration §2.
    prompt_values_supported: Vec<String>,
    /// Back-Channel Logout §2.1.
    backchannel_logout_supported: bool,
    /// Back-Channel Logout §2.1.
    backchannel_logout_session_supported: bool,
    /// Front-Channel Logout §3.
    frontchannel_logout_supported: bool,
    /// Front-Channel Logout §3.
    frontchannel_logout_session_supported: bool,
    /// OAuth Client ID Metadata Document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    client_id_metadata_document_supported: bool,
    /// RFC 8705 §3.3.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    tls_client_certificate_bound_access_tokens: bool,
    /// RFC 8705 §5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mtls_endpoint_aliases: Option<MutualTlsAliases>,
}

impl AdditionalProviderMetadata for Additional {}

type Metadata = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    OidcKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The metadata could not be written: the issuer is not a URL.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is not a URL.
    #[error("the issuer is not a URL")]
    Issuer(#[from] openidconnect::url::ParseError),
    /// The document does not serialize.
    #[error("the metadata does not serialize")]
    Json(#[from] serde_json::Error),
}

/// Claims of the ID token that every sign-in has.
const ALWAYS: [&str; 9] = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid"];

/// The document at `/.well-known/openid-configuration` below `issuer`.
///
/// # Errors
/// [`DiscoveryError`] when the issuer is not a URL.
pub fn discovery(issuer: &str, supported: &Supported<'_>) -> Result<serde_json::Value, DiscoveryError> {
    let at = |path: &str| format!("{issuer}{path}");
    let of_applications = algs_of(supported.strict);
    let foreign_algs =
        || of_applications.iter().map(|alg| (*alg).into()).collect::<Vec<CoreJwsSigningAlgorithm>>();
    let foreign = || of_applications.iter().map(|alg| alg.as_str().to_owned()).collect::<Vec<String>>();
    let algs = || told_with(supported).map(|alg| alg.as_str().to_owned()).collect::<Vec<String>>();
    let has = |method: &ClientAuthMethod| supported.has(*method);
    let method_names = || client_auth::methods(supported.strict).filter(has).map(ClientAuthMethod::as_str);
    let additional = Additional {
        end_session_endpoint: at(path::END_SESSION),
        device_authorization_endpoint: at(path::DEVICE_AUTHORIZATION),
        pushed_authorization_request_endpoint: at(path::PUSHED),
        require_pushed_authorization_requests: supported.strict.contains(&Strictness::RequirePushedRequests),
        require_signed_request_object: supported.strict.contains(&Strictness::RequireSignedRequests),
        authorization_signing_alg_values_supported: algs(),
        dpop_signing_alg_values_supported: foreign(),
        introspection_endpoint: at(path::INTROSPECTION),
        introspection_endpoint_auth_signing_alg_values_supported: foreign(),
        revocation_endpoint_auth_signing_alg_values_supported: foreign(),
        introspection_endpoint_auth_methods_supported: method_names()
            .filter(|name| *name != ClientAuthMethod::None.as_str())
            .map(str::to_owned)
            .collect(),
        introspection_signing_alg_values_supported: algs(),
        revocation_endpoint: at(path::REVOCATION),
        revocation_endpoint_auth_methods_supported: method_names().map(str::to_owned).collect(),
        code_challenge_methods_supported: vec!["S256".to_owned()],
        authorization_response_iss_parameter_supported: true,
        prompt_values_supported: Prompts::served(supported.registration).map(str::to_owned).collect(),
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        frontchannel_logout_supported: true,
        frontchannel_logout_session_supported: true,
        client_id_metadata_document_supported: supported.metadata_documents,
        tls_client_certificate_bound_access_tokens: supported.certificates.is_some(),
        mtls_endpoint_aliases: supported.certificates.and_then(|shown| aliases(issuer, shown.origin?)),
    };
    let filled = |claim: &ToldClaim<'_>| supported.scopes.iter().any(|scope| scope == claim.scope());
    let told = ToldClaim::all(supported.attributes).filter(filled).map(ToldClaim::name);
    let claims = ALWAYS.into_iter().chain(told);
    let acr = supported.acr.iter().map(|acr| AuthenticationContextClass::new(acr.as_str().to_owned()));
    // `Extension` writes the name as it is given.
    let modes =
        ResponseMode::names(supported.strict).map(|name| CoreResponseMode::Extension(name.to_owned()));
    let grants = GRANTS.iter().map(|row| CoreGrantType::Extension(row.grant.as_str().to_owned()));
    let methods = method_names().map(|name| CoreClientAuthMethod::Extension(name.to_owned()));
    let registers = supported.client_registration.then(|| RegistrationUrl::new(at(path::REGISTRATION)));
    let metadata = Metadata::new(
        IssuerUrl::new(issuer.to_owned())?,
        AuthUrl::new(at(path::AUTHORIZATION))?,
        JsonWebKeySetUrl::new(at(path::JWKS))?,
        vec![ResponseTypes::new(vec![CoreResponseType::Code])],
        vec![CoreSubjectIdentifierType::Public, CoreSubjectIdentifierType::Pairwise],
        supported.algs.iter().map(|alg| (*alg).into()).collect(),
        additional,
    )
    .set_token_endpoint(Some(TokenUrl::new(at(path::TOKEN))?))
    .set_userinfo_endpoint(Some(UserInfoUrl::new(at(path::USERINFO))?))
    .set_registration_endpoint(registers.transpose()?)
    .set_scopes_supported(Some(supported.scopes.iter().cloned().map(Scope::new).collect()))
    .set_response_modes_supported(Some(modes.collect()))
    .set_grant_types_supported(Some(grants.collect()))
    .set_acr_values_supported(Some(acr.collect()))
    .set_token_endpoint_auth_methods_supported(Some(methods.collect()))
    .set_claim_types_supported(Some(vec![CoreClaimType::Normal]))
    .set_claims_supported(Some(claims.map(|name| CoreClaimName::new(name.to_owned())).collect()))
    .set_ui_locales_supported(Some(supported.ui_locales.iter().cloned().map(LanguageTag::new).collect()))
    .set_claims_parameter_supported(Some(true))
    .set_token_endpoint_auth_signing_alg_values_supported(Some(foreign_algs()))
    .set_id_token_encryption_alg_values_supported(Some(key_encryptions()))
    .set_id_token_encryption_enc_values_supported(Some(content_encryptions()))
    .set_userinfo_signing_alg_values_supported(Some(told_with(supported).map(Into::into).collect()))
    .set_userinfo_encryption_alg_values_supported(Some(key_encryptions()))
    .set_userinfo_encryption_enc_values_supported(Some(content_encryptions()))
    .set_request_object_signing_alg_values_supported(Some(foreign_algs()))
    .set_request_parameter_supported(Some(true))
    .set_request_uri_parameter_supported(Some(true))
    .set_require_request_uri_registration(Some(true));
    Ok(serde_json::to_value(metadata)?)
}

/// The endpoints below another origin: their paths are the same.
fn aliases(issuer: &str, origin: &str) -> Option<MutualTlsAliases> {
    let below = url::Url::parse(issuer).ok()?.path().to_owned();
    let at = |path: &str| format!("{origin}{below}{path}");
    Some(MutualTlsAliases {
        token_endpoint: at(path::TOKEN),
        revocation_endpoint: at(path::REVOCATION),
        introspection_endpoint: at(path::INTROSPECTION),
        userinfo_endpoint: at(path::USERINFO),
        device_authorization_endpoint: at(path::DEVICE_AUTHORIZATION),
        pushed_authorization_request_endpoint: at(path::PUSHED),
    })
}

/// The algorithms of what applications are told, but for the ID token: a provider names RS256 there in any case (OIDC
/// Discovery §3).
fn told_with<'a>(supported: &'a Supported<'_>) -> impl Iterator<Item = Alg> + 'a {
    let without = supported.strict.contains(&Strictness::NoRs256);
    supported.algs.iter().copied().filter(move |alg| !(without && *alg == Alg::Rs256))
}
