//! An application and a user to test with.

use std::collections::BTreeMap;
use vestibule_domain::{
    Acr, Client, ClientAuthMethod, ClientKind, GrantType, Timestamp, TokenAlg, User, UserId, UserProfile,
    UserStatus,
};
use vestibule_jose::SigningKey;
use vestibule_oidc::{
    Parameters,
    authorize::{Arrival, AuthorizationResponse, Endpoint, PermittedRequest, Registered, Rejection, resolve},
    client_auth::Proving,
    tokens::TokenError,
};

pub(crate) const ISSUER: &str = "https://acme.example/oidc";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// The URL of an answer that is not signed.
pub(crate) fn url_of(answer: &AuthorizationResponse) -> String {
    let parameters = answer.parameters(NOW, || Err::<&SigningKey, TokenError>(TokenError::Time)).unwrap();
    answer.query_url(&parameters)
}

/// Where an application proves itself.
pub(crate) const PROVING: Proving<'static> = Proving {
    issuer: ISSUER,
    url: "https://acme.example/oidc/token",
    keys: None,
    authorities: None,
    now: NOW,
};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

pub(crate) fn client() -> Client {
    Client {
        name: "App".to_owned(),
        auth_method: Some(ClientAuthMethod::ClientSecretBasic),
        secret_sha256: Some(vestibule_seal::sha256(b"s3cret")),
        redirect_uris: texts(["https://rp.example/cb"]),
        post_logout_redirect_uris: texts(["https://rp.example/bye"]),
        scopes: texts(["openid", "profile", "email", "offline_access"]),
        grants: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        id_token_alg: Some(TokenAlg::Es256),
        acr_aliases: BTreeMap::from([("gold".to_owned(), Acr::Phr), ("silver".to_owned(), Acr::Mfa)]),
        ..Client::new("app", ClientKind::Confidential)
    }
}

pub(crate) fn user() -> User {
    User {
        id: UserId::from_uuid(uuid::Uuid::from_u128(7)),
        username: "alice".to_owned(),
        email: Some("alice@example.test".to_owned()),
        email_verified: true,
        name: Some("Alice Zoë".to_owned()),
        locale: None,
        profile: UserProfile::default(),
        groups: Vec::new(),
        status: UserStatus::Active,
        mfa_skips: 0,
        created_at: Timestamp::from_seconds(1_000),
        updated_at: Timestamp::from_seconds(2_000),
    }
}

/// A good authorization request with changes: `None` removes a parameter.
pub(crate) fn query(changes: &[(&str, Option<&str>)]) -> String {
    let mut pairs = BTreeMap::from([
        ("client_id", "app"),
        ("redirect_uri", "https://rp.example/cb"),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "st"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]);
    for (name, value) in changes {
        match value {
            Some(value) => pairs.insert(name, value),
            None => pairs.remove(name),
        };
    }
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

pub(crate) fn params(changes: &[(&str, Option<&str>)]) -> Parameters {
    Parameters::parse(&query(changes)).unwrap()
}

/// A request of now at a provider without keys.
pub(crate) const ARRIVAL: Arrival<'static> = Arrival {
    issuer: ISSUER,
    keys: &[],
    registration: true,
    apis: &[],
    attributes: &[],
    signed: false,
    now: Timestamp::from_seconds(1_800_000_000),
};

/// What counts at a provider without APIs.
pub(crate) const REGISTERED: Registered<'static> = Registered { apis: &[], attributes: &[], now: NOW };

/// What becomes of a request that is judged and used at once, stored in between.
pub(crate) fn check(params: &Parameters, client: &Client) -> Result<PermittedRequest, Rejection> {
    let permitted = resolve(Endpoint::Authorization, params, client, ARRIVAL)?;
    let stored = serde_json::to_string(&permitted.request).unwrap();
    let resolved: vestibule_oidc::authorize::ResolvedRequest = serde_json::from_str(&stored).unwrap();
    assert_eq!(resolved, permitted.request);
    assert_eq!(resolved.still_registered(client, REGISTERED).unwrap(), permitted);
    Ok(permitted)
}
