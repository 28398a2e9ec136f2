//! Client authentication and token requests.

use crate::common::{PROVING, VERIFIER, client, texts};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::error::Error;
use vestibule_domain::{Client, ClientAuthMethod, ClientKind, GrantType, Strictness};
use vestibule_oidc::{
    BackChannelRequest, ErrorCode, Headers, OAuthError, Parameters,
    client_auth::{ClientAuthFailure, ClientCredentials, authenticate},
    token::{
        TokenResponse,
        grants::{
            AuthorizationCode, ClientCredentialsGrant, DeviceCode, GrantRequest, JwtBearer, PresentedToken,
            RefreshToken, TokenExchange, asked_for, narrowed_scopes,
        },
    },
};

fn extract(header: Option<&str>, form: &str) -> Result<ClientCredentials, ErrorCode> {
    let request = BackChannelRequest {
        method: "POST".to_owned(),
        url: "https://acme.example/oidc/token".to_owned(),
        headers: Headers::new(header.map(|header| ("authorization", header))),
        form: Parameters::parse(form).unwrap(),
        certificate: None,
    };
    ClientCredentials::read(&request).map_err(|error| error.code)
}

fn basic(text: &str) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

fn accepts(client: &Client, header: Option<&str>, form: &str) -> bool {
    let credentials = extract(header, form).unwrap_or_else(|code| panic!("{form}: {code:?}"));
    let verdict = authenticate(Some(client), &credentials, PROVING);
    assert!(verdict.is_ok() || verdict == authenticate(None, &credentials, PROVING));
    verdict.is_ok()
}

#[test]
fn each_client_proves_itself_by_its_own_method_alone() {
    let basic_client = client();
    let post_client = Client { auth_method: Some(ClientAuthMethod::ClientSecretPost), ..client() };
    let public = Client {
        auth_method: Some(ClientAuthMethod::None),
        kind: ClientKind::Public,
        secret_sha256: None,
        ..client()
    };
    let (good, wrong) = (basic("app:s3cret"), basic("app:wrong"));
    for (header, form, as_basic, as_post, as_public) in [
        (Some(good.as_str()), "", true, false, false),
        (Some(good.as_str()), "client_id=app", true, false, false),
        (Some(wrong.as_str()), "", false, false, false),
        // An empty secret is none.
        (Some(basic("app:").as_str()), "", false, false, true),
        (Some(basic("other:s3cret").as_str()), "", false, false, false),
        (None, "client_id=app&client_secret=s3cret", false, true, false),
        (None, "client_id=app&client_secret=wrong", false, false, false),
        (None, "client_id=other&client_secret=s3cret", false, false, false),
        (None, "client_id=app", false, false, true),
        (None, "client_id=app&client_secret=", false, false, true),
        (None, "client_id=other", false, false, false),
    ] {
        assert_eq!(accepts(&basic_client, header, form), as_basic, "basic: {header:?} {form}");
        assert_eq!(accepts(&post_client, header, form), as_post, "post: {header:?} {form}");
        assert_eq!(accepts(&public, header, form), as_public, "public: {header:?} {form}");
    }
}

#[test]
fn half_configured_or_disabled_clients_never_pass() {
    let zero_secret = Client { secret_sha256: None, ..client() };
    assert!(!accepts(&zero_secret, Some(&basic("app:s3cret")), ""));
    assert!(!accepts(&zero_secret, Some(&basic("app:")), ""));
    let confidential_none = Client { auth_method: Some(ClientAuthMethod::None), ..client() };
    assert!(!accepts(&confidential_none, None, "client_id=app"));
    let disabled = Client { enabled: false, ..client() };
    assert!(!accepts(&disabled, Some(&basic("app:s3cret")), ""));
}

#[test]
fn basic_is_read_raw_and_form_decoded() {
    // Half the libraries do not encode it.
    assert!(accepts(
        &Client { id: "a".to_owned(), secret_sha256: Some(vestibule_seal::sha256(b"p%+:w%zz")), ..client() },
        Some(&basic("a:p%+:w%zz")),
        ""
    ));
    let odd =
        Client { id: "a b:ü".to_owned(), secret_sha256: Some(vestibule_seal::sha256(b"p%+:w")), ..client() };
    let header = basic("a+b%3A%C3%BC:p%25%2B%3Aw");
    assert_eq!(extract(Some(&header), "").unwrap().client_id(), "a b:ü");
    assert!(accepts(&odd, Some(&header), ""));
    assert!(accepts(&client(), Some(&basic("app:s3cret").replace("Basic", "basic")), ""));
}

#[test]
fn two_methods_or_a_malformed_one_are_refused() {
    use ErrorCode::{InvalidClient, InvalidRequest};
    let good = basic("app:s3cret");
    for (header, form, code) in [
        (Some(good.as_str()), "client_secret=s3cret", InvalidRequest),
        (Some(good.as_str()), "client_id=other", InvalidRequest),
        (Some(good.as_str()), "client_assertion=x", InvalidRequest),
        (None, "client_id=app&client_assertion_type=x", InvalidClient),
        (None, "", InvalidClient),
        (Some("Bearer abc"), "client_id=app", InvalidClient),
        (Some("Basic"), "client_id=app", InvalidClient),
        (Some("Basic !!!"), "", InvalidClient),
        (Some(basic("app").as_str()), "", InvalidClient),
        (Some(basic(":s3cret").as_str()), "", InvalidClient),
    ] {
        assert_eq!(extract(header, form).err(), Some(code), "{header:?} {form}");
    }
}

#[test]
fn the_log_learns_why_an_application_was_not_authenticated() {
    let why = |client: Option<&Client>, header: Option<&str>, form: &str| {
        let error = authenticate(client, &extract(header, form).unwrap(), PROVING).unwrap_err();
        assert_eq!(error.to_string(), "invalid_client: client authentication failed");
        error.source().unwrap().downcast_ref::<ClientAuthFailure>().unwrap().clone()
    };
    let (app, good) = (|| "app".to_owned(), basic("app:s3cret"));
    let disabled = Client { enabled: false, ..client() };
    let unproved = Client { auth_method: Some(ClientAuthMethod::None), ..client() };
    assert_eq!(why(None, Some(&good), ""), ClientAuthFailure::Unknown(app()));
    assert_eq!(why(Some(&client()), Some(&basic("app:wrong")), ""), ClientAuthFailure::WrongSecret(app()));
    assert_eq!(why(Some(&disabled), Some(&good), ""), ClientAuthFailure::Disabled(app()));
    assert_eq!(why(Some(&unproved), None, "client_id=app"), ClientAuthFailure::NotPublic(app()));
    let either = Client { auth_method: None, ..client() };
    assert!(
        accepts(&either, Some(&good), "") && accepts(&either, None, "client_id=app&client_secret=s3cret")
    );
    assert!(!accepts(&either, None, "client_id=app") && !accepts(&either, Some(&basic("app:")), ""));
    assert_eq!(
        why(Some(&client()), None, "client_id=app&client_secret=s3cret"),
        ClientAuthFailure::OtherMethod {
            client_id: app(),
            used: "client_secret_post",
            registered: "client_secret_basic",
        }
    );
}

/// A token request of either grant.
enum TokenRequest {
    Code(AuthorizationCode),
    Refresh(RefreshToken),
    Itself(ClientCredentialsGrant),
    Device(DeviceCode),
    Exchange(TokenExchange),
    Bearer(JwtBearer),
}

fn parse(form: &str) -> Result<TokenRequest, (ErrorCode, String)> {
    let read = || {
        let form = Parameters::parse(form)?;
        Ok(match asked_for(&form)? {
            GrantType::AuthorizationCode => TokenRequest::Code(AuthorizationCode::read(&form)?),
            GrantType::RefreshToken => TokenRequest::Refresh(RefreshToken::read(&form)?),
            GrantType::ClientCredentials => TokenRequest::Itself(ClientCredentialsGrant::read(&form)?),
            GrantType::DeviceCode => TokenRequest::Device(DeviceCode::read(&form)?),
            GrantType::JwtBearer => TokenRequest::Bearer(JwtBearer::read(&form)?),
            GrantType::TokenExchange => TokenRequest::Exchange(TokenExchange::read(&form)?),
        })
    };
    read().map_err(|error: OAuthError| (error.code, error.hint().to_owned()))
}

#[test]
fn grants_are_read() {
    let code = format!(
        "grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fr%2F&code_verifier={VERIFIER}"
    );
    let Ok(TokenRequest::Code(AuthorizationCode { code, redirect_uri, code_verifier, .. })) = parse(&code)
    else {
        panic!("refused");
    };
    let verifier = code_verifier.as_ref().map(|verifier| verifier.as_str());
    assert_eq!((code.as_str(), redirect_uri.as_deref(), verifier), ("c", Some("https://r/"), Some(VERIFIER)));
    let Ok(TokenRequest::Refresh(RefreshToken { refresh_token, scope, .. })) =
        parse("grant_type=refresh_token&refresh_token=r&scope=openid++email")
    else {
        panic!("refused");
    };
    assert_eq!((refresh_token.as_str(), scope), ("r", Some(texts(["openid", "email"]))));
    let Ok(TokenRequest::Itself(ClientCredentialsGrant { scope, .. })) =
        parse("grant_type=client_credentials")
    else {
        panic!("refused");
    };
    assert_eq!(scope, None);
    let device = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=d&resource=r";
    let Ok(TokenRequest::Device(DeviceCode { device_code, resource })) = parse(device) else {
        panic!("refused");
    };
    assert_eq!((device_code.as_str(), resource), ("d", texts(["r"])));
    let exchange = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=s\
        &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&resource=r&audience=a&resource=a";
    let Ok(TokenRequest::Exchange(TokenExchange { subject, actor, targets, scope })) = parse(exchange) else {
        panic!("refused");
    };
    let bearer =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a&scope=s&resource=r";
    let Ok(TokenRequest::Bearer(JwtBearer { assertion, scope: wanted, resource })) = parse(bearer) else {
        panic!("refused");
    };
    assert_eq!((assertion.as_str(), wanted, resource), ("a", Some(texts(["s"])), texts(["r"])));
    let PresentedToken::Access(token) = subject else { panic!("another type") };
    assert_eq!((token.as_str(), actor.is_none(), targets, scope), ("s", true, texts(["a", "r"]), None));
    let exchange = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=s\
        &subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&resource=r&audience=a&resource=a";
    let Ok(TokenRequest::Exchange(TokenExchange { subject, actor, targets, scope })) = parse(exchange) else {
        panic!("refused");
    };
    let PresentedToken::Access(token) = subject else { panic!("another type") };
    assert_eq!((token.as_str(), actor.is_none(), targets, scope), ("s", true, texts(["a", "r"]), None));
}

#[test]
fn incomplete_requests_say_what_is_missing() {
    use ErrorCode::{InvalidRequest, UnsupportedGrantType};
    let code = "grant_type=authorization_code&code=c&redirect_uri=r";
    for (form, code, hint) in [
        (String::new(), InvalidRequest, "grant_type is missing"),
        ("grant_type=".to_owned(), InvalidRequest, "grant_type is missing"),
        ("grant_type=password&username=a".to_owned(), UnsupportedGrantType, "grant_type must be"),
        ("grant_type=implicit".to_owned(), UnsupportedGrantType, "grant_type must be"),
        ("grant_type=authorization_code".to_owned(), InvalidRequest, "code is missing"),
        (format!("{code}&code_verifier={}", "a".repeat(42)), InvalidRequest, "code_verifier must have"),
        (format!("{code}&code_verifier={}", "a".repeat(129)), InvalidRequest, "code_verifier must have"),
        (format!("{code}&code_verifier={}%21", "a".repeat(43)), InvalidRequest, "code_verifier must have"),
        (format!("{code}&code_verifier={VERIFIER}&code=d"), InvalidRequest, "the parameter code is repeated"),
        ("grant_type=refresh_token".to_owned(), InvalidRequest, "refresh_token is missing"),
        (
            "grant_type=refresh_token&grant_type=refresh_token".to_owned(),
            InvalidRequest,
            "the parameter grant_type",
        ),
    ] {
        let (found, text) = parse(&form).err().unwrap_or_else(|| panic!("{form} was accepted"));
        assert!(found == code && text.starts_with(hint), "{form}: {found:?} {text}");
    }
}

#[test]
fn threat_c7_a_refreshed_token_is_never_wider() {
    let granted = texts(["openid", "email", "offline_access"]);
    let of = |client: &Client, asked: &[&str]| {
        let asked: Vec<String> = asked.iter().map(|one| (*one).to_owned()).collect();
        narrowed_scopes(client, &granted, Some(&asked))
    };
    let narrowed = |asked: &[&str]| of(&client(), asked);
    assert_eq!(narrowed_scopes(&client(), &granted, None).unwrap(), granted);
    // What nobody knows was left out at the sign-in, too.
    assert_eq!(narrowed(&["openid", "email", "unknown"]).unwrap(), ["openid", "email"]);
    let strict = Client { strict: [Strictness::RefuseUnknownScopes].into(), ..client() };
    assert_eq!(of(&strict, &["openid", "unknown"]).unwrap_err().code, ErrorCode::InvalidScope);
    assert_eq!(narrowed(&["email"]).unwrap(), ["openid", "email"]);
    assert_eq!(narrowed(&["openid", "openid"]).unwrap(), ["openid"]);
    assert_eq!(narrowed(&["openid", "profile"]).unwrap_err().code, ErrorCode::InvalidScope);
}

#[test]
fn responses_have_the_fields_of_the_specification() {
    let bare = TokenResponse::new("at".to_owned(), 600, &texts(["openid", "email"]));
    let expected = serde_json::json!(
        {"access_token": "at", "token_type": "Bearer", "expires_in": 600, "scope": "openid email"}
    );
    assert_eq!(bare.to_json(), expected);
    let full = bare.with_id_token("id".to_owned()).with_refresh_token("rt".to_owned()).to_json();
    assert_eq!((full["id_token"].as_str(), full["refresh_token"].as_str()), (Some("id"), Some("rt")));
}
