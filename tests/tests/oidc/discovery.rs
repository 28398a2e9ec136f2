//! Discovery is true: what it promises works, and what it does not promise is refused.

use crate::support::{both_factors, enrolled, tokens_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vestibule_domain::{PersonalField, TextField, TokenAlg, UserProfile};
use vestibule_tests::{App, Setup};

async fn metadata(rp: &App) -> Value {
    let page = rp.browser.clone().send("GET", "/oidc/.well-known/openid-configuration", None).await;
    serde_json::from_str(&page.body).unwrap()
}

fn list<'a>(metadata: &'a Value, name: &str) -> Vec<&'a str> {
    metadata[name].as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

/// Everything that the document has.
const KNOWN: [&str; 48] = [
    "device_authorization_endpoint",
    "require_request_uri_registration",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "end_session_endpoint",
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "claim_types_supported",
    "claims_supported",
    "ui_locales_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "code_challenge_methods_supported",
    "authorization_response_iss_parameter_supported",
    "prompt_values_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "revocation_endpoint",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "introspection_signing_alg_values_supported",
    "pushed_authorization_request_endpoint",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "request_object_signing_alg_values_supported",
    "authorization_signing_alg_values_supported",
    "dpop_signing_alg_values_supported",
    "token_endpoint_auth_signing_alg_values_supported",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_in_the_document_is_known_to_these_tests() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let metadata = metadata(&rp).await;
    let names: BTreeSet<&str> = metadata.as_object().unwrap().keys().map(String::as_str).collect();
    let known = BTreeSet::from(KNOWN);
    assert_eq!(names, known);
    let issuer = server.pool().origin.issuer();
    assert_eq!(metadata["issuer"], issuer);
    for (name, method) in [
        ("authorization_endpoint", "GET"),
        ("authorization_endpoint", "POST"),
        ("token_endpoint", "POST"),
        ("device_authorization_endpoint", "POST"),
        ("userinfo_endpoint", "GET"),
        ("userinfo_endpoint", "POST"),
        ("jwks_uri", "GET"),
        ("end_session_endpoint", "GET"),
        ("end_session_endpoint", "POST"),
    ] {
        let url = metadata[name].as_str().unwrap();
        assert!(url.starts_with(&format!("{issuer}/")), "{url}");
        let form = [("x".to_owned(), "y".to_owned())];
        let page = server.browser().send(method, url, (method == "POST").then_some(&form[..])).await;
        assert!(
            page.status.as_u16() != 404 && page.status.as_u16() != 405,
            "{name} {method} {}",
            page.status
        );
        assert!(!page.status.is_server_error(), "{name} {method} {}", page.status);
    }
    assert_eq!(metadata["backchannel_logout_supported"], true);
    assert_eq!(metadata["frontchannel_logout_supported"], true);
    assert_eq!(metadata["frontchannel_logout_session_supported"], true);
    assert_eq!(metadata["backchannel_logout_session_supported"], true);
    assert_eq!(metadata["subject_types_supported"], json!(["public", "pairwise"]));
    assert_eq!(metadata["claim_types_supported"], json!(["normal"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let algs: BTreeSet<&str> = list(&metadata, "id_token_signing_alg_values_supported").into_iter().collect();
    assert_eq!(algs, TokenAlg::ALL.iter().map(|alg| alg.as_str()).collect());
    let methods: BTreeSet<&str> =
        list(&metadata, "token_endpoint_auth_methods_supported").into_iter().collect();
    assert_eq!(
        methods,
        BTreeSet::from(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"])
    );
}

/// Values of a parameter that are promised, and the error for others.
async fn exactly(name: &str, parameter: &str, others: &[&str], error: &str) {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let metadata = metadata(&rp).await;
    let promised = list(&metadata, name);
    assert!(!promised.is_empty());
    for value in &promised {
        let page = rp.authorize(&mut browser, &[(parameter, value)]).await;
        assert!(!page.left || rp.callback(&page).error().is_none(), "{parameter}={value} {}", page.url);
    }
    for value in others {
        assert!(!promised.contains(value));
        let page = rp.authorize(&mut browser, &[(parameter, value)]).await;
        assert_eq!(rp.callback(&page).error(), Some(error), "{parameter}={value}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn response_types_and_modes_are_true() {
    let types = ["token", "id_token", "code token", "code id_token", "id_token token", "none", "CODE"];
    exactly("response_types_supported", "response_type", &types, "unsupported_response_type").await;
    let modes = ["fragment", "fragment.jwt", "JWT", "web_message"];
    exactly("response_modes_supported", "response_mode", &modes, "invalid_request").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prompts_and_challenge_methods_are_true() {
    let prompts = ["force", "Create", "none login", "none consent", "login none", "NONE"];
    exactly("prompt_values_supported", "prompt", &prompts, "invalid_request").await;
    let methods = ["plain", "", "s256", "S512", "none"];
    exactly("code_challenge_methods_supported", "code_challenge_method", &methods, "invalid_request").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scopes_are_true() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let metadata = metadata(&rp).await;
    let promised = list(&metadata, "scopes_supported");
    assert_eq!(promised, ["email", "offline_access", "openid", "profile"]);
    for scope in promised {
        let scope = format!("openid {scope}");
        assert_eq!(rp.silent(&mut browser, &[("scope", &scope)]).await.error(), None, "{scope}");
    }
    for scope in ["openid phone", "openid address", "openid admin"] {
        let code = rp.silent(&mut browser, &[("scope", scope)]).await.code();
        assert_eq!(rp.exchange(&code).await.text("scope"), "openid", "{scope}");
    }
    for scope in ["phone", "OPENID", "openid\temail"] {
        let refused = rp.silent(&mut browser, &[("scope", scope)]).await;
        assert_eq!(refused.error(), Some("invalid_scope"), "{scope}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn request_objects_are_taken_as_announced() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let metadata = metadata(&rp).await;
    assert_eq!(metadata["claims_parameter_supported"], true);
    assert!(!list(&metadata, "request_object_signing_alg_values_supported").contains(&"none"));
    assert_eq!(metadata["require_request_uri_registration"], true);
    for (parameter, error) in [("request", "invalid_request_object"), ("request_uri", "invalid_request_uri")]
    {
        assert_eq!(metadata[format!("{parameter}_parameter_supported")], true);
        let page = rp.authorize(&mut browser, &[(parameter, "eyJhbGciOiJub25lIn0.e30.")]).await;
        assert_eq!(rp.callback(&page).error(), Some(error));
    }
    let page = rp.authorize(&mut browser, &[("registration", "{}")]).await;
    assert_eq!(rp.callback(&page).error(), Some("registration_not_supported"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grant_types_are_true() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (_, tokens) = tokens_of(&server, &rp).await;
    let metadata = metadata(&rp).await;
    let mut promised = list(&metadata, "grant_types_supported");
    promised.sort_unstable();
    let [device, bearer, exchange] = ["device_code", "jwt-bearer", "token-exchange"]
        .map(|name| format!("urn:ietf:params:oauth:grant-type:{name}"));
    let others = ["authorization_code", "client_credentials", "refresh_token"].map(str::to_owned);
    assert_eq!(promised, [others.as_slice(), &[device, bearer, exchange]].concat());
    assert_eq!(rp.refresh(&tokens.text("refresh_token")).await.status, 200);
    for grant in [
        "implicit",
        "password",
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
        "urn:openid:params:grant-type:ciba",
        "Authorization_code",
    ] {
        let fields = [("grant_type", grant), ("username", "alice"), ("password", vestibule_tests::PASSWORD)];
        assert_eq!(rp.token(&fields).await.error(), Some("unsupported_grant_type"), "{grant}");
    }
    assert_eq!(rp.token(&[("code", "x")]).await.error(), Some("invalid_request"));
    assert_eq!(rp.token(&[("grant_type", "refresh_token")]).await.error(), Some("invalid_request"));
    let twice = [("grant_type", "refresh_token"), ("grant_type", "refresh_token"), ("refresh_token", "x")];
    assert_eq!(rp.token(&twice).await.error(), Some("invalid_request"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn classes_are_true() {
    let (server, phone) = enrolled(Setup::default()).await;
    let rp = server.rp();
    let metadata = metadata(&rp).await;
    let promised = list(&metadata, "acr_values_supported");
    assert_eq!(promised, ["urn:vestibule:acr:1fa", "urn:vestibule:acr:mfa", "phr"]);
    let (here, elsewhere) = promised.split_at(2);
    let essential =
        |class: &str| json!({ "id_token": { "acr": { "essential": true, "value": class } } }).to_string();
    let mut browser = server.browser();
    let page = rp.authorize(&mut browser, &[("claims", &essential(here[1]))]).await;
    let page = both_factors(&server, &mut browser, &page, &phone).await;
    rp.verified(&rp.callback(&page)).await;
    for class in here {
        let tokens = rp.verified(&rp.silent(&mut browser, &[("claims", &essential(class))]).await).await;
        assert_eq!(tokens.claims()["acr"], *class);
    }
    // What takes a passkey is promised, since one can be enrolled on the way; a code does not reach it.
    for class in elsewhere {
        let silent = rp.silent(&mut browser, &[("claims", &essential(class))]).await;
        assert_eq!(silent.error(), Some("interaction_required"), "{class}");
        let page = rp.authorize(&mut browser, &[("claims", &essential(class))]).await;
        assert!(
            page.enrols() && !page.has_id("choose-totp") && !page.has_id("totp-secret"),
            "{class} {}",
            page.body
        );
    }
    for class in ["phrh", "phr ", "PHR", "urn:vestibule:acr:hardware"] {
        let silent = rp.silent(&mut browser, &[("claims", &essential(class))]).await;
        assert_eq!(silent.error(), Some("unmet_authentication_requirements"), "{class}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_are_true() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let page = browser.get("/u/profile").await;
    browser.submit(page.form_of("#profile-save").with("locale", "de")).await;
    let mut profile = UserProfile::default();
    for (field, text) in [
        (TextField::Birthdate, "1990"),
        (TextField::Zoneinfo, "UTC"),
        (TextField::Picture, "https://alice.example/"),
        (TextField::Profile, "https://alice.example/"),
        (TextField::Website, "https://alice.example/"),
    ] {
        profile.set(field, Some(text)).unwrap();
    }
    for field in TextField::ALL.iter().filter(|field| field.part() != PersonalField::Address) {
        if profile.text(*field).is_none() && *field != TextField::PhoneNumber {
            profile.set(*field, Some("Al")).unwrap();
        }
    }
    let slug = &server.pool().slug;
    server.admin().update_user(slug, "alice", |spec| spec.profile = profile).await.unwrap();
    let metadata = metadata(&rp).await;
    let promised = list(&metadata, "claims_supported");
    let all: serde_json::Map<String, Value> =
        promised.iter().chain(&["phone_number"]).map(|name| ((*name).to_owned(), Value::Null)).collect();
    let wish = json!({ "userinfo": all, "id_token": all }).to_string();
    let tokens = rp.verified(&rp.silent(&mut browser, &[("scope", "openid"), ("claims", &wish)]).await).await;
    let (claims, told) = (tokens.claims(), rp.userinfo(&tokens.text("access_token")).await.body);
    for name in &promised {
        assert!(claims.get(name).is_some(), "{name}: {claims}");
    }
    let about_the_user = [
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
        "email",
        "email_verified",
    ];
    for name in about_the_user {
        assert_eq!((told.get(name), promised.contains(&name)), (claims.get(name), true), "{name}: {told}");
    }
    assert_eq!(told["locale"], "de");
    assert_eq!(told.as_object().unwrap().len(), about_the_user.len() + 1, "{told}");
    // The application is registered for no scope that covers it.
    assert_eq!((claims.get("phone_number"), told.get("phone_number")), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn languages_are_true() {
    let server = Setup::default().start().await;
    let rp = server.rp();
    let metadata = metadata(&rp).await;
    let promised = list(&metadata, "ui_locales_supported");
    assert!(promised.contains(&"en") && promised.contains(&"de"), "{promised:?}");
    for language in promised {
        let page = rp.authorize(&mut server.browser(), &[("ui_locales", language)]).await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn oauth_clients_find_the_same_document() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let oidc = browser.get("/oidc/.well-known/openid-configuration").await;
    let oauth = browser.get("/.well-known/oauth-authorization-server/oidc").await;
    assert_eq!((oauth.status.as_u16(), &oauth.body), (200, &oidc.body));
}
