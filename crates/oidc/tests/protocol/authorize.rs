//! The table of the authorization request's rules, row by row.

use crate::common::{CHALLENGE, ISSUER, VERIFIER, client, params, query, texts};
use vestibule_domain::{Acr, Client, GrantType};
use vestibule_oidc::{
    ErrorCode, Parameters,
    authorize::{AcrGoal, AuthorizationRequest, Prompts, Rejection, check},
};

/// Parameters to set, or to leave out.
type Changes<'a> = [(&'a str, Option<&'a str>)];

fn ask(changes: &Changes<'_>) -> AuthorizationRequest {
    check(&params(changes), &client()).unwrap_or_else(|rejection| panic!("{changes:?}: {rejection:?}"))
}

/// The code of an error that goes back to the application, with its state.
fn refused(client: &Client, changes: &Changes<'_>) -> ErrorCode {
    match check(&params(changes), client) {
        Err(Rejection::Redirect { to, state, error }) => {
            assert_eq!(to.as_str(), "https://rp.example/cb");
            assert_eq!(state.as_deref(), Some("st"), "{changes:?}");
            error.code
        }
        other => panic!("{changes:?} was answered with {other:?}"),
    }
}

#[test]
fn a_good_request_is_read_whole() {
    let request = ask(&[
        ("scope", Some("openid  profile openid offline_access")),
        ("nonce", Some("n")),
        ("prompt", Some("login consent")),
        ("max_age", Some("300")),
        ("login_hint", Some("alice@example.test")),
        ("id_token_hint", Some("a.b.c")),
        ("acr_values", Some("gold mfa")),
        ("claims", Some(r#"{"userinfo":{"name":null}}"#)),
        ("ui_locales", Some("de-AT <b> en")),
        ("response_mode", Some("query")),
        ("unknown", Some("ignored")),
    ]);
    assert_eq!(request.client_id, "app");
    assert_eq!(request.scopes, ["openid", "profile", "offline_access"]);
    assert!(request.offline);
    assert_eq!((request.state.as_deref(), request.nonce.as_deref()), (Some("st"), Some("n")));
    assert_eq!(request.code_challenge, CHALLENGE);
    assert_eq!(request.prompt, Prompts { login: true, consent: true, ..Prompts::default() });
    assert_eq!(request.max_age, Some(300));
    assert_eq!(request.login_hint.as_deref(), Some("alice@example.test"));
    assert_eq!(request.id_token_hint.as_deref(), Some("a.b.c"));
    assert_eq!(request.acr.goal(), AcrGoal::Voluntary(Acr::Mfa));
    assert_eq!(request.claims.as_ref().unwrap().userinfo_claims().len(), 1);
    assert_eq!(request.ui_locales, ["de-AT", "en"]);
    assert!(request.success("c", ISSUER).ends_with("?code=c&state=st&iss=https%3A%2F%2Facme.example%2Foidc"));
}

#[test]
fn each_rule_refuses_what_it_is_for() {
    use ErrorCode as E;
    let (long_nonce, many_acr, long_acr) = ("n".repeat(1025), "x ".repeat(17), "x".repeat(257));
    let table: &[(&Changes<'_>, ErrorCode)] = &[
        (&[("request", Some("eyJ"))], E::RequestNotSupported),
        (&[("request_uri", Some("https://rp.example/r"))], E::RequestUriNotSupported),
        (&[("registration", Some("{}"))], E::RegistrationNotSupported),
        (&[("response_type", None)], E::InvalidRequest),
        (&[("response_type", Some("token"))], E::UnsupportedResponseType),
        (&[("response_type", Some("code id_token"))], E::UnsupportedResponseType),
        (&[("response_type", Some("Code"))], E::UnsupportedResponseType),
        (&[("response_mode", Some("fragment"))], E::InvalidRequest),
        (&[("response_mode", Some("form_post"))], E::InvalidRequest),
        (&[("scope", None)], E::InvalidScope),
        (&[("scope", Some("profile"))], E::InvalidScope),
        (&[("scope", Some("OpenID"))], E::InvalidScope),
        (&[("scope", Some("openid admin"))], E::InvalidScope),
        (&[("scope", Some("openid\tprofile"))], E::InvalidScope),
        (&[("nonce", Some(&long_nonce))], E::InvalidRequest),
        (&[("prompt", Some("none login"))], E::InvalidRequest),
        (&[("prompt", Some("consent none"))], E::InvalidRequest),
        (&[("prompt", Some("create"))], E::InvalidRequest),
        (&[("prompt", Some("Login"))], E::InvalidRequest),
        (&[("max_age", Some("-1"))], E::InvalidRequest),
        (&[("max_age", Some("+1"))], E::InvalidRequest),
        (&[("max_age", Some("1.5"))], E::InvalidRequest),
        (&[("max_age", Some("soon"))], E::InvalidRequest),
        (&[("max_age", Some("99999999999999999999"))], E::InvalidRequest),
        (&[("claims", Some("{"))], E::InvalidRequest),
        (&[("claims", Some(r#"{"id_token":{"acr":{"values":[1]}}}"#))], E::InvalidRequest),
        (&[("acr_values", Some(&many_acr))], E::InvalidRequest),
        (&[("acr_values", Some(&long_acr))], E::InvalidRequest),
    ];
    for (changes, code) in table {
        assert_eq!(refused(&client(), changes), *code, "{changes:?}");
    }
    let no_code = Client { grants: vec![GrantType::RefreshToken], ..client() };
    assert_eq!(refused(&no_code, &[]), E::UnauthorizedClient);
}

#[test]
fn threat_c5_every_request_needs_an_s256_challenge() {
    for changes in [
        &[("code_challenge", None), ("code_challenge_method", None)][..],
        &[("code_challenge", None)],
        &[("code_challenge", Some(""))],
        &[("code_challenge_method", None)],
        &[("code_challenge_method", Some("plain")), ("code_challenge", Some(VERIFIER))],
        &[("code_challenge_method", Some("s256"))],
        &[("code_challenge_method", Some("S512"))],
        &[("code_challenge", Some("short"))],
        &[("code_challenge", Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="))],
        &[("code_challenge", Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"))],
        &[("code_challenge", Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMA"))],
    ] {
        assert_eq!(refused(&client(), changes), ErrorCode::InvalidRequest, "{changes:?}");
    }
}

#[test]
fn what_cannot_be_trusted_is_answered_on_a_page() {
    let page = |changes: &Changes<'_>, client: &Client| match check(&params(changes), client) {
        Err(Rejection::Page(error)) => error.code,
        other => panic!("{changes:?} was answered with {other:?}"),
    };
    assert_eq!(page(&[("client_id", None)], &client()), ErrorCode::InvalidRequest);
    assert_eq!(page(&[("client_id", Some("other"))], &client()), ErrorCode::UnknownClient);
    let disabled = Client { enabled: false, ..client() };
    assert_eq!(page(&[], &disabled), ErrorCode::UnauthorizedClient);
    // Errors before the address is verified win over those after it.
    assert_eq!(
        page(&[("redirect_uri", None), ("response_type", None)], &client()),
        ErrorCode::InvalidRedirectUri
    );
    for repeated in ["scope", "state", "redirect_uri", "client_id", "code_challenge", "anything"] {
        let query = format!("{}&anything=0&{repeated}=1", query(&[]));
        assert_eq!(Parameters::parse(&query).unwrap_err().code, ErrorCode::InvalidRequest, "{repeated}");
    }
}

#[test]
fn an_oversized_state_is_refused_and_not_repeated() {
    let long = "s".repeat(2049);
    let Err(Rejection::Redirect { state, error, .. }) = check(&params(&[("state", Some(&long))]), &client())
    else {
        panic!("accepted");
    };
    assert_eq!((state, error.code), (None, ErrorCode::InvalidRequest));
    assert_eq!(ask(&[("state", Some(&long[1..]))]).state.unwrap().len(), 2048);
    assert_eq!(ask(&[("state", None)]).state, None);
    assert_eq!(ask(&[("state", Some("é \r\n\"<"))]).state.as_deref(), Some("é \r\n\"<"));
}

#[test]
fn defaults_and_permissions_of_the_application_count() {
    let strict = Client { default_max_age: Some(60), ..client() };
    assert_eq!(check(&params(&[]), &strict).unwrap().max_age, Some(60));
    assert_eq!(check(&params(&[("max_age", Some("0"))]), &strict).unwrap().max_age, Some(0));
    assert_eq!(ask(&[]).max_age, None);

    let offline = &[("scope", Some("openid offline_access"))];
    let no_refresh = Client { grants: vec![GrantType::AuthorizationCode], ..client() };
    let request = check(&params(offline), &no_refresh).unwrap();
    assert_eq!((request.scopes, request.offline), (texts(["openid"]), false));

    let only_openid = Client { scopes: texts(["openid"]), ..client() };
    let claims = Some(r#"{"userinfo":{"email":null},"id_token":{"name":null,"acr":{"value":"gold"}}}"#);
    let request = check(&params(&[("claims", claims)]), &only_openid).unwrap();
    let limited = request.claims.unwrap();
    assert!(limited.userinfo_claims().is_empty() && limited.id_token_claims().is_empty());
    assert_eq!(request.acr.goal(), AcrGoal::Voluntary(Acr::Phr));
}

#[test]
fn hints_that_cannot_be_used_are_dropped() {
    let long = "a".repeat(255);
    assert_eq!(ask(&[("login_hint", Some(&long))]).login_hint, None);
    assert_eq!(ask(&[("login_hint", Some("a\nb"))]).login_hint, None);
    assert_eq!(ask(&[("ui_locales", Some(&"de ".repeat(50)))]).ui_locales.len(), 8);
}
