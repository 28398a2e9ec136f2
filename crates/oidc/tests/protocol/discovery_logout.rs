//! The metadata document, and RP-initiated logout.

use crate::common::{ISSUER, client, texts};
use openidconnect::core::CoreProviderMetadata;
use std::collections::BTreeSet;
use vestibule_domain::{Acr, Client};
use vestibule_jose::{Alg, SigningKey};
use vestibule_oidc::{
    discovery,
    discovery::Supported,
    logout::{EndSessionRequest, Logout, SignOutRefusal, SignOutReturn},
    tokens::HintClaims,
};

#[test]
fn metadata_is_true_and_readable() {
    let strict = BTreeSet::new();
    let supported = Supported {
        strict: &strict,
        certificates: None,
        algs: &[Alg::Es256, Alg::Rs256],
        acr: &[Acr::OneFactor, Acr::Mfa],
        scopes: &texts(["openid", "profile", "email", "offline_access"]),
        attributes: &[],
        ui_locales: &texts(["en", "de"]),
        registration: false,
        client_registration: false,
        metadata_documents: false,
    };
    let document = discovery(ISSUER, &supported).unwrap();
    for (member, value) in [
        ("issuer", serde_json::json!(ISSUER)),
        ("authorization_endpoint", serde_json::json!("https://acme.example/oidc/auth")),
        ("token_endpoint", serde_json::json!("https://acme.example/oidc/token")),
        ("userinfo_endpoint", serde_json::json!("https://acme.example/oidc/me")),
        ("revocation_endpoint", serde_json::json!("https://acme.example/oidc/revoke")),
        ("device_authorization_endpoint", serde_json::json!("https://acme.example/oidc/device")),
        ("jwks_uri", serde_json::json!("https://acme.example/oidc/jwks")),
        ("end_session_endpoint", serde_json::json!("https://acme.example/oidc/session/end")),
        ("response_types_supported", serde_json::json!(["code"])),
        (
            "response_modes_supported",
            serde_json::json!(["query", "form_post", "query.jwt", "form_post.jwt", "jwt"]),
        ),
        (
            "grant_types_supported",
            serde_json::json!([
                "authorization_code",
                "refresh_token",
                "client_credentials",
                "urn:ietf:params:oauth:grant-type:device_code",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "urn:ietf:params:oauth:grant-type:jwt-bearer"
            ]),
        ),
        ("subject_types_supported", serde_json::json!(["public", "pairwise"])),
        ("id_token_signing_alg_values_supported", serde_json::json!(["ES256", "RS256"])),
        ("code_challenge_methods_supported", serde_json::json!(["S256"])),
        (
            "token_endpoint_auth_methods_supported",
            serde_json::json!(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]),
        ),
        ("acr_values_supported", serde_json::json!(["urn:vestibule:acr:1fa", "urn:vestibule:acr:mfa"])),
        ("scopes_supported", serde_json::json!(["openid", "profile", "email", "offline_access"])),
        ("prompt_values_supported", serde_json::json!(["none", "login", "consent", "select_account"])),
        ("ui_locales_supported", serde_json::json!(["en", "de"])),
        ("claims_parameter_supported", serde_json::json!(true)),
        ("request_parameter_supported", serde_json::json!(true)),
        ("request_uri_parameter_supported", serde_json::json!(true)),
        ("authorization_response_iss_parameter_supported", serde_json::json!(true)),
    ] {
        assert_eq!(document[member], value, "{member}");
    }
    assert!(!document.as_object().unwrap().values().any(serde_json::Value::is_null));
    let read: CoreProviderMetadata = serde_json::from_value(document).unwrap();
    assert_eq!(read.issuer().as_str(), ISSUER);
    assert!(discovery("not a url", &supported).is_err());
}

fn hint(aud: &[&str]) -> HintClaims {
    let key = SigningKey::generate(Alg::EdDsa).unwrap();
    let claims = serde_json::json!({ "iss": ISSUER, "sub": "u", "sid": "s", "aud": aud, "exp": 1 });
    let token = vestibule_jose::sign(&key, None, &claims).unwrap();
    vestibule_oidc::tokens::verify_id_token_hint(&token, &[key.public()], ISSUER, None).unwrap()
}

fn end(query: &str, hint: Option<HintClaims>, client: Option<&Client>) -> Result<Logout, SignOutRefusal> {
    EndSessionRequest::parse(query)?.check(hint, client)
}

fn url(logout: &Logout) -> Option<String> {
    logout.back.as_ref().map(SignOutReturn::url)
}

#[test]
fn logout_goes_only_to_registered_addresses_of_a_known_application() {
    let bye = "post_logout_redirect_uri=https%3A%2F%2Frp.example%2Fbye";
    let app = client();
    let by_hint = end(&format!("id_token_hint=x&{bye}&state=a+b"), Some(hint(&["app"])), Some(&app)).unwrap();
    assert_eq!(url(&by_hint).as_deref(), Some("https://rp.example/bye?state=a+b"));
    let by_id = end(&format!("client_id=app&{bye}"), None, Some(&app)).unwrap();
    assert_eq!(url(&by_id).as_deref(), Some("https://rp.example/bye"));
    assert_eq!(by_id.client_id.as_deref(), Some("app"));
    assert_eq!(end("", None, None).unwrap().back, None);
    assert_eq!(end("state=x", None, None).unwrap().back, None);
    // A hint that cannot be checked: nothing that came with it counts.
    for query in [format!("id_token_hint=forged&{bye}"), format!("id_token_hint=forged&client_id=app&{bye}")]
    {
        assert_eq!(end(&query, None, Some(&app)).unwrap(), Logout::default(), "{query}");
    }
    let known = by_hint.known.unwrap();
    assert!(known.is("u", "s") && !known.is("u", "t") && !known.is("v", "s"));
    assert!(by_id.known.is_none());

    let not_registered = "post_logout_redirect_uri not registered";
    for (query, hint, client, says) in [
        (format!("client_id=app&{bye}%2F"), None, Some(&app), not_registered),
        (format!("client_id=app&{bye}%3Fx%3D1"), None, Some(&app), not_registered),
        (bye.replace("bye", "cb") + "&client_id=app", None, Some(&app), not_registered),
        (
            bye.replace("rp.example", "rp.example%40evil.example") + "&client_id=app",
            None,
            Some(&app),
            not_registered,
        ),
        (format!("client_id=app&{bye}"), None, Some(&Client { enabled: false, ..client() }), not_registered),
        (bye.to_owned(), None, None, "post_logout_redirect_uri needs an id_token_hint or a client_id"),
        (
            format!("id_token_hint=x&client_id=app&{bye}"),
            Some(hint(&["other"])),
            Some(&app),
            "id_token_hint invalid: it was not issued to client_id",
        ),
        (format!("client_id=nobody&{bye}"), None, None, "client_id is not registered here"),
        (format!("client_id=nobody&{bye}"), None, Some(&app), "client_id is not registered here"),
        (format!("{bye}&{bye}"), None, None, "the parameter post_logout_redirect_uri is repeated"),
    ] {
        assert_eq!(end(&query, hint, client).unwrap_err().error.hint(), says, "{query}");
    }
}

#[test]
fn the_application_is_named_by_client_id_or_the_only_audience() {
    let request = |query| EndSessionRequest::parse(query).unwrap();
    assert_eq!(request("client_id=a").client_of(Some(&hint(&["b"]))), Some("a"));
    assert_eq!(request("id_token_hint=x").client_of(Some(&hint(&["b"]))), Some("b"));
    assert_eq!(request("id_token_hint=x").client_of(Some(&hint(&["b", "c"]))), None);
    assert_eq!(request("").client_of(None), None);
}
