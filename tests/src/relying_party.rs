//! A relying party by hand, so that a test can get every parameter wrong; `openidconnect` verifies its ID tokens.

use crate::{
    Browser, Page,
    server::{CLIENT_SECRET, REDIRECT_URI, TestClock},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    ClientId, EmptyAdditionalClaims, IdToken, IdTokenVerifier, IssuerUrl, Nonce,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    },
};
use reqwest::StatusCode;
use serde_json::Value;
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};
use vestibule_domain::Origin;
use vestibule_jose::{Alg, Expect, JwkSet, Typ, verify};
use vestibule_seal::sha256;

/// The application.
#[derive(Clone)]
pub struct App {
    /// Its requests to the provider.
    pub browser: Browser,
    /// `client_id`.
    pub client_id: String,
    /// Secret; none for public applications.
    pub secret: Option<String>,
    /// Where answers come to.
    pub redirect_uri: String,
    origin: Origin,
    clock: Arc<TestClock>,
}

/// The answer to an authorization request, as it arrives at the application.
#[derive(Clone, Debug)]
pub struct Callback(pub BTreeMap<String, String>);

impl Callback {
    /// The code.
    ///
    /// # Panics
    /// When the answer is an error.
    pub fn code(&self) -> String {
        self.0.get("code").unwrap_or_else(|| panic!("no code: {:?}", self.0)).clone()
    }
    /// The error, if it is one.
    pub fn error(&self) -> Option<&str> {
        self.0.get("error").map(String::as_str)
    }
}

/// What the token endpoint answers.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Status.
    pub status: StatusCode,
    /// Body.
    pub body: Value,
}

impl Tokens {
    /// A text of the body.
    ///
    /// # Panics
    /// When it is not there.
    pub fn text(&self, name: &str) -> String {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {name}: {:?}", self.body))
            .to_owned()
    }
    /// The error code, if it is one.
    pub fn error(&self) -> Option<&str> {
        self.body.get("error").and_then(Value::as_str)
    }
    /// Claims of the ID token, not verified.
    pub fn claims(&self) -> Value {
        payload(&self.text("id_token"))
    }
    /// Claims of the access token, not verified.
    pub fn access_claims(&self) -> Value {
        payload(&self.text("access_token"))
    }
}

/// The payload of a JWS, not verified.
///
/// # Panics
/// When it is none.
pub fn payload(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The PKCE verifier of every request of the harness.
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123456789";

/// Its challenge.
pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(sha256(VERIFIER.as_bytes()))
}

impl App {
    pub(crate) fn new(origin: Origin, address: SocketAddr, clock: Arc<TestClock>) -> Self {
        Self {
            browser: Browser::new(origin.clone(), address),
            client_id: "app".to_owned(),
            secret: Some(CLIENT_SECRET.to_owned()),
            redirect_uri: REDIRECT_URI.to_owned(),
            origin,
            clock,
        }
    }

    /// The path of an authorization request. `extra` replaces or adds parameters; an empty value removes one.
    pub fn authorize_path(&self, extra: &[(&str, &str)]) -> String {
        let challenge = challenge();
        let mut parameters: Vec<(&str, &str)> = vec![
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", "openid profile email offline_access"),
            ("state", "the-state"),
            ("nonce", "the-nonce"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        parameters.retain(|(known, _)| extra.iter().all(|(name, _)| known != name));
        for (name, value) in extra.iter().filter(|(_, value)| !value.is_empty()) {
            // Of the others the last one counts; this one may be repeated.
            parameters.retain(|(known, _)| known != name || *name == "resource");
            parameters.push((name, value));
        }
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("/oidc/auth?{query}")
    }

    /// Sends a browser with an authorization request.
    pub async fn authorize(&self, browser: &mut Browser, extra: &[(&str, &str)]) -> Page {
        browser.get(&self.authorize_path(extra)).await
    }

    /// Reads the answer that a browser was sent back with.
    ///
    /// # Panics
    /// When the browser was not sent back.
    pub fn callback(&self, page: &Page) -> Callback {
        assert!(
            page.left && page.url.starts_with(&self.redirect_uri),
            "{} {}\n{}",
            page.status,
            page.url,
            page.body
        );
        Callback(page.query())
    }

    /// Calls the token endpoint.
    pub async fn token(&self, fields: &[(&str, &str)]) -> Tokens {
        self.post("/oidc/token", fields).await
    }

    /// Calls an endpoint where applications authenticate, which answers JSON.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Tokens {
        let page = self.send(path, fields).await;
        Tokens { status: page.status, body: serde_json::from_str(&page.body).unwrap_or_default() }
    }

    /// Calls an endpoint where applications authenticate.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut browser = self.browser.clone();
        let mut fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        match &self.secret {
            Some(secret) => {
                let basic =
                    base64::engine::general_purpose::STANDARD.encode(format!("{}:{secret}", self.client_id));
                browser.headers.push(("authorization".to_owned(), format!("Basic {basic}")));
            }
            None => fields.push(("client_id".to_owned(), self.client_id.clone())),
        }
        browser.send("POST", path, Some(&fields)).await
    }

    /// Exchanges a code.
    pub async fn exchange(&self, code: &str) -> Tokens {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    /// Uses a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Tokens {
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Asks userinfo.
    pub async fn userinfo(&self, access_token: &str) -> Tokens {
        let mut browser = self.browser.clone();
        browser.headers.push(("authorization".to_owned(), format!("Bearer {access_token}")));
        let page = browser.send("GET", "/oidc/me", None).await;
        Tokens { status: page.status, body: serde_json::from_str(&page.body).unwrap_or_default() }
    }

    /// A silent authorization request: its answer.
    pub async fn silent(&self, browser: &mut Browser, extra: &[(&str, &str)]) -> Callback {
        let mut all = vec![("prompt", "none")];
        all.extend_from_slice(extra);
        let page = self.authorize(browser, &all).await;
        self.callback(&page)
    }

    /// The payload of what the provider signed, verified with its published keys.
    ///
    /// # Panics
    /// When its signature or its type is wrong.
    pub async fn signed_by_provider(&self, token: &str, typ: Typ<'_>) -> Value {
        let keys = self.browser.clone().send("GET", "/oidc/jwks", None).await;
        let keys: JwkSet = serde_json::from_str(&keys.body).unwrap();
        verify(&keys.keys, token, &Expect { typ, algs: &Alg::ALL }).unwrap().claims
    }

    /// Exchanges the code of an answer and has `openidconnect` verify the ID token against the published keys.
    ///
    /// # Panics
    /// When anything about it is wrong.
    pub async fn verified(&self, callback: &Callback) -> Tokens {
        assert_eq!(callback.0.get("state").map(String::as_str), Some("the-state"));
        assert_eq!(callback.0.get("iss").map(String::as_str), Some(self.origin.issuer().as_str()));
        let tokens = self.exchange(&callback.code()).await;
        assert_eq!(tokens.status, StatusCode::OK, "{:?}", tokens.body);
        let keys = self.browser.clone().send("GET", "/oidc/jwks", None).await;
        let keys: CoreJsonWebKeySet = serde_json::from_str(&keys.body).unwrap();
        let now = i128::from(self.clock.seconds());
        let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = IdTokenVerifier::new_public_client(
            ClientId::new(self.client_id.clone()),
            IssuerUrl::new(self.origin.issuer()).unwrap(),
            keys,
        )
        .set_allowed_algs([
            CoreJwsSigningAlgorithm::EcdsaP256Sha256,
            CoreJwsSigningAlgorithm::EdDsa,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        ])
        .set_time_fn(move || openidconnect_time(now));
        type Token = IdToken<
            EmptyAdditionalClaims,
            CoreGenderClaim,
            CoreJweContentEncryptionAlgorithm,
            CoreJwsSigningAlgorithm,
        >;
        let token: Token = tokens.text("id_token").parse().unwrap();
        token.claims(&verifier, &Nonce::new("the-nonce".to_owned())).unwrap();
        tokens
    }
}

fn openidconnect_time(seconds: i128) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(i64::try_from(seconds).unwrap(), 0).unwrap()
}
