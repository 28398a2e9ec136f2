//! The table of the authorization request's rules, row by row.

use crate::common::{
    ARRIVAL, CHALLENGE, ISSUER, REGISTERED, VERIFIER, check, client, params, query, texts, url_of, user,
};
use std::{collections::BTreeSet, error::Error};
use vestibule_domain::{Acr, Client, ClientKind, GrantType, Strictness};
use vestibule_jose::{Alg, SigningKey, sign};
use vestibule_oidc::{
    ErrorCode, MAX_MESSAGE_BYTES, OAuthError, Parameters,
    authorize::{
        AcrGoal, Arrival, AuthorizationResponse, DeviceRequest, Endpoint, PermittedRequest, Prompts,
        RefusedByRule, Rejection, Reply, ResolvedRequest, ResponseMode, resolve, resolve_device, rules_of,
    },
};

/// Parameters to set, or to leave out.
type Changes<'a> = [(&'a str, Option<&'a str>)];

fn ask(changes: &Changes<'_>) -> PermittedRequest {
    check(&params(changes), &client()).unwrap_or_else(|rejection| panic!("{changes:?}: {rejection:?}"))
}

/// The code of an error that goes back to the application, with its state.
fn refused(client: &Client, changes: &Changes<'_>) -> ErrorCode {
    refusal(client, changes).code
}

fn refusal(client: &Client, changes: &Changes<'_>) -> OAuthError {
    match check(&params(changes), client) {
        Err(Rejection::Redirect { to, error }) => {
            assert_eq!(to.redirect().as_str(), "https://rp.example/cb");
            assert_eq!(to.state(), Some("st"), "{changes:?}");
            error
        }
        other => panic!("{changes:?} was answered with {other:?}"),
    }
}

#[test]
fn a_good_request_is_read_whole() {
    let key = SigningKey::generate(Alg::EdDsa).unwrap();
    let claims = serde_json::json!({ "iss": ISSUER, "sub": user().id, "aud": "app", "exp": 1 });
    let hint = sign(&key, None, &claims).unwrap();
    let sent = params(&[
        ("scope", Some("openid  profile openid offline_access")),
        ("nonce", Some("n")),
        ("prompt", Some("login consent")),
        ("max_age", Some("300")),
        ("login_hint", Some("alice@example.test")),
        ("id_token_hint", Some(&hint)),
        ("acr_values", Some("gold mfa")),
        ("claims", Some(r#"{"userinfo":{"name":null}}"#)),
        ("ui_locales", Some("de-AT <b> en")),
        ("response_mode", Some("query")),
        ("unknown", Some("ignored")),
    ]);
    let keys = [key.public()];
    let resolved = resolve(Endpoint::Authorization, &sent, &client(), Arrival { keys: &keys, ..ARRIVAL })
        .unwrap()
        .request;
    let PermittedRequest { request, to, acr } = resolved.still_registered(&client(), REGISTERED).unwrap();
    assert_eq!((request.client_id.as_str(), request.received_at), ("app", ARRIVAL.now));
    let reply = Reply::Redirect {
        redirect_uri: "https://rp.example/cb".to_owned(),
        response_mode: ResponseMode::Query,
        state: Some("st".to_owned()),
    };
    assert_eq!(request.reply, reply);
    assert_eq!(request.scopes, ["openid", "profile", "offline_access"]);
    assert!(request.offline);
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.code_challenge.as_deref(), Some(CHALLENGE));
    assert_eq!(request.prompt, Prompts { login: true, consent: true, ..Prompts::default() });
    assert_eq!(request.max_age, Some(300));
    assert_eq!(request.login_hint.as_deref(), Some("alice@example.test"));
    assert_eq!(request.hinted_subject, Some(user().id.to_string()));
    assert!(request.expects(&user().id.to_string()) && !request.expects("u"));
    assert_eq!(acr.goal(), AcrGoal::Voluntary(Acr::Mfa));
    assert_eq!(request.claims.as_ref().unwrap().scopes(&[]).len(), 1);
    assert_eq!(request.ui_locales, ["de-AT", "en"]);
    let answer = AuthorizationResponse::code(to.address().unwrap(), "c", ISSUER);
    assert!(url_of(&answer).ends_with("?code=c&state=st&iss=https%3A%2F%2Facme.example%2Foidc"));
    assert!(answer.refusal().is_none() && !format!("{answer:?}").contains("\"c\""));
}

#[test]
fn each_rule_refuses_what_it_is_for() {
    use ErrorCode as E;
    let (long_nonce, many_acr, long_acr) = ("n".repeat(1025), "x ".repeat(17), "x".repeat(257));
    let table: &[(&Changes<'_>, ErrorCode)] = &[
        (&[("request", Some("eyJ"))], E::InvalidRequestObject),
        (&[("request_uri", Some("https://rp.example/r"))], E::RequestUriNotSupported),
        (&[("registration", Some("{}"))], E::RegistrationNotSupported),
        (&[("response_type", None)], E::InvalidRequest),
        (&[("response_type", Some("token"))], E::UnsupportedResponseType),
        (&[("response_type", Some("code id_token"))], E::UnsupportedResponseType),
        (&[("response_type", Some("Code"))], E::UnsupportedResponseType),
        (&[("response_mode", Some("fragment"))], E::InvalidRequest),
        (&[("scope", Some("OpenID"))], E::InvalidScope),
        (&[("scope", Some("openid\tprofile"))], E::InvalidScope),
        (&[("nonce", Some(&long_nonce))], E::InvalidRequest),
        (&[("prompt", Some("none login"))], E::InvalidRequest),
        (&[("prompt", Some("consent none"))], E::InvalidRequest),
        (&[("prompt", Some("create none"))], E::InvalidRequest),
        (&[("prompt", Some("Create"))], E::InvalidRequest),
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
fn threat_c5_a_challenge_is_s256_and_whoever_has_no_secret_sends_one() {
    let without: &Changes<'_> = &[("code_challenge", None), ("code_challenge_method", None)];
    assert_eq!(ask(without).request.code_challenge, None);
    let public = Client { kind: ClientKind::Public, auth_method: None, secret_sha256: None, ..client() };
    let careful = Client { strict: [Strictness::RequirePkce].into(), ..client() };
    for client in [public, careful] {
        assert_eq!(refused(&client, without), ErrorCode::InvalidRequest);
        // Also of a request that was judged before it was demanded.
        let resolved = check(&params(without), &self::client()).unwrap().request;
        assert!(matches!(resolved.still_registered(&client, REGISTERED), Err(Rejection::Redirect { .. })));
    }
    for changes in [
        &[("code_challenge", None)][..],
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
fn fault_u12_a_state_comes_back_whole_up_to_the_limit_of_the_request() {
    let long = "s".repeat(3000);
    assert_eq!(ask(&[("state", Some(&long))]).to.address().unwrap().state(), Some(long.as_str()));
    let room = MAX_MESSAGE_BYTES - query(&[("state", Some(""))]).len();
    let longest = "s".repeat(room);
    assert_eq!(ask(&[("state", Some(&longest))]).to.address().unwrap().state(), Some(longest.as_str()));
    let too_long = query(&[("state", Some(&format!("{longest}s")))]);
    assert_eq!(Parameters::parse(&too_long).unwrap_err().hint(), "the request is too long");
    // An error takes it along as well.
    let Err(Rejection::Redirect { to, .. }) =
        check(&params(&[("state", Some(&long)), ("response_type", None)]), &client())
    else {
        panic!("accepted");
    };
    assert_eq!(to.state(), Some(long.as_str()));
    assert_eq!(ask(&[("state", None)]).to.address().unwrap().state(), None);
    let odd = ask(&[("state", Some("é \r\n\"<"))]);
    assert_eq!(odd.to.address().unwrap().state(), Some("é \r\n\"<"));
}

#[test]
fn defaults_and_permissions_of_the_application_count() {
    let strict = Client { default_max_age: Some(60), ..client() };
    assert_eq!(check(&params(&[]), &strict).unwrap().request.max_age, Some(60));
    assert_eq!(check(&params(&[("max_age", Some("0"))]), &strict).unwrap().request.max_age, Some(0));
    assert_eq!(ask(&[]).request.max_age, None);

    let offline = &[("scope", Some("openid offline_access"))];
    let no_refresh = Client { grants: vec![GrantType::AuthorizationCode], ..client() };
    let request = check(&params(offline), &no_refresh).unwrap().request;
    assert_eq!((request.scopes, request.offline), (texts(["openid"]), false));

    let only_openid = Client { scopes: texts(["openid"]), ..client() };
    let claims = Some(r#"{"userinfo":{"email":null},"id_token":{"name":null,"acr":{"value":"gold"}}}"#);
    let permitted = check(&params(&[("claims", claims)]), &only_openid).unwrap();
    let limited = permitted.request.claims.unwrap();
    assert!(limited.scopes(&[]).is_empty());
    assert_eq!(permitted.acr.goal(), AcrGoal::Voluntary(Acr::Phr));
}

#[test]
fn hints_that_cannot_be_used_are_dropped() {
    let long = "a".repeat(255);
    assert_eq!(ask(&[("login_hint", Some(&long))]).request.login_hint, None);
    assert_eq!(ask(&[("login_hint", Some("a\nb"))]).request.login_hint, None);
    assert_eq!(ask(&[("ui_locales", Some(&"de ".repeat(50)))]).request.ui_locales.len(), 8);
}

/// The rule of the table that refused.
fn rule_of(error: &OAuthError) -> &'static str {
    error.source().and_then(|cause| cause.downcast_ref::<RefusedByRule>()).unwrap().rule
}

#[test]
fn every_rule_of_the_table_is_asked_in_its_order() {
    let page = |client: &Client, changes: &Changes<'_>| match check(&params(changes), client) {
        Err(Rejection::Page(error)) => rule_of(&error),
        other => panic!("{changes:?} was answered with {other:?}"),
    };
    // From the first rule on, each of these breaks one more rule; the first of them is the answer.
    let (long_acr, long_nonce) = ("x".repeat(257), "n".repeat(1025));
    let breaking: [(&str, &Changes<'_>); 13] = [
        ("id_token_hint", &[("id_token_hint", Some("a.b.c"))]),
        ("acr", &[("acr_values", Some(&long_acr))]),
        ("claims", &[("claims", Some("{"))]),
        ("max_age", &[("max_age", Some("soon"))]),
        ("prompt", &[("prompt", Some("none login"))]),
        ("nonce", &[("nonce", Some(&long_nonce))]),
        ("dpop_jkt", &[("dpop_jkt", Some("x"))]),
        ("pkce", &[("code_challenge", None)]),
        ("resource", &[("resource", Some("https://unknown.example"))]),
        ("scope", &[("scope", Some("unknown"))]),
        ("response_mode", &[("response_mode", Some("fragment"))]),
        ("response_type", &[("response_type", None)]),
        ("request_object", &[("request", Some("eyJ"))]),
    ];
    let mut changes = Vec::new();
    let mut refused_by = BTreeSet::new();
    for (rule, change) in &breaking {
        changes.extend_from_slice(change);
        let error = refusal(&client(), &changes);
        assert_eq!(rule_of(&error), *rule);
        refused_by.insert(*rule);
    }
    let no_code = Client { grants: vec![GrantType::RefreshToken], ..client() };
    refused_by.insert(rule_of(&refusal(&no_code, &changes)));
    let pushing = Client { strict: [Strictness::RequirePushedRequests].into(), ..no_code.clone() };
    refused_by.insert(rule_of(&refusal(&pushing, &changes)));
    changes.push(("redirect_uri", None));
    refused_by.insert(page(&no_code, &changes));
    changes.push(("client_id", None));
    refused_by.insert(page(&no_code, &changes));

    let never = ["state", "login_hint", "ui_locales"];
    let asked: BTreeSet<&str> = rules_of(Endpoint::Authorization).collect();
    assert_eq!(refused_by.union(&never.into()).copied().collect::<BTreeSet<_>>(), asked);
    assert_eq!(
        rules_of(Endpoint::PushedAuthorization).collect::<Vec<_>>(),
        rules_of(Endpoint::Authorization).collect::<Vec<_>>()
    );
    for endpoint in [Endpoint::DeviceAuthorization, Endpoint::Backchannel] {
        assert!(
            rules_of(endpoint).all(|rule| rule != "redirect_uri" && rule != "response_type"),
            "{endpoint:?}"
        );
        assert!(rules_of(endpoint).any(|rule| rule == "scope"), "{endpoint:?}");
    }
}

#[test]
fn what_an_operator_took_away_since_is_refused_when_the_request_is_used() {
    let sent =
        &[("scope", Some("openid email offline_access")), ("claims", Some(r#"{"id_token":{"email":null}}"#))];
    let resolved = resolve(Endpoint::Authorization, &params(sent), &client(), ARRIVAL).unwrap().request;
    let now = |client: &Client| resolved.still_registered(client, REGISTERED);
    assert!(now(&client()).is_ok());
    for (changed, rule) in [
        (Client { enabled: false, ..client() }, "client"),
        (Client { id: "other".to_owned(), ..client() }, "client"),
        (Client { redirect_uris: texts(["https://rp.example/new"]), ..client() }, "redirect_uri"),
    ] {
        match now(&changed) {
            Err(Rejection::Page(error)) => assert_eq!(rule_of(&error), rule),
            other => panic!("{other:?}"),
        }
    }
    let fewer = Client { scopes: texts(["openid", "offline_access"]), ..client() };
    assert_eq!(now(&fewer).unwrap().request.scopes, ["openid", "offline_access"]);
    let strict = Client { strict: [Strictness::RefuseUnknownScopes].into(), ..fewer };
    for (changed, rule) in
        [(Client { grants: vec![GrantType::RefreshToken], ..client() }, "grant"), (strict, "scope")]
    {
        match now(&changed) {
            Err(Rejection::Redirect { to, error }) => {
                assert_eq!((rule_of(&error), to.state()), (rule, Some("st")));
            }
            other => panic!("{other:?}"),
        }
    }
    let no_refresh = Client { grants: vec![GrantType::AuthorizationCode], ..client() };
    let less = now(&no_refresh).unwrap().request;
    assert_eq!((less.scopes, less.offline), (texts(["openid", "email"]), false));
}

#[test]
fn stored_requests_are_small_and_of_one_layout() {
    let claims = r#"{"id_token":{"sub":{"value":"u"},"acr":{"value":"gold"},"name":{"essential":true,"value":"x"},
                    "phone_number":null,"unknown":{"values":["much","more"]}},"userinfo":{"email":null},"more":[1]}"#;
    let resolved = resolve(Endpoint::Authorization, &params(&[("claims", Some(claims))]), &client(), ARRIVAL)
        .unwrap()
        .request;
    let stored = serde_json::to_value(&resolved).unwrap();
    assert_eq!(
        stored["claims"],
        serde_json::json!({ "userinfo": { "email": {} },
            "id_token": { "name": { "essential": true }, "sub": { "essential": true, "values": ["u"] } } })
    );
    assert!(resolved.expects("u") && !resolved.expects("v"));
    assert_eq!(resolved.clone().received_again(ARRIVAL.now + 7).received_at, ARRIVAL.now + 7);
    let read = |value: &serde_json::Value| serde_json::from_value::<ResolvedRequest>(value.clone());
    assert_eq!(read(&stored).unwrap(), resolved);
    for (member, value) in [("layout", 1), ("more", 1)] {
        let mut other = stored.clone();
        other[member] = value.into();
        assert!(read(&other).is_err(), "{member}");
    }
    for missing in ["layout", "client_id", "reply", "scopes", "offline", "received_at"] {
        let mut other = stored.clone();
        other.as_object_mut().unwrap().remove(missing);
        assert!(read(&other).is_err(), "{missing}");
    }
}

#[test]
fn a_redirect_mismatch_tells_the_log_what_arrived_and_what_is_registered() {
    let Err(Rejection::Page(error)) =
        check(&params(&[("redirect_uri", Some("https://rp.example/CB"))]), &client())
    else {
        panic!("accepted");
    };
    let cause = error.source().and_then(Error::source).unwrap().to_string();
    assert!(cause.contains("https://rp.example/CB") && cause.contains("https://rp.example/cb"), "{cause}");
}

/// The request of a device of this application, as its parameters say.
fn device(client: &Client, sent: &str) -> Result<ResolvedRequest, OAuthError> {
    let asks = DeviceRequest {
        hash: [7; 32],
        user_code: "WDJB-MJHT".to_owned(),
        asked_at: ARRIVAL.now,
        asked_from: None,
    };
    resolve_device(&Parameters::parse(sent).unwrap(), client, ARRIVAL, asks)
}

#[test]
fn a_device_asks_by_the_rules_of_its_column() {
    let grants = vec![GrantType::DeviceCode, GrantType::RefreshToken];
    let tv = Client { grants, redirect_uris: Vec::new(), ..client() };
    let sent = "client_id=app&scope=openid+offline_access&acr_values=mfa&max_age=60&ui_locales=de\
                &redirect_uri=https%3A%2F%2Fevil.example%2F&response_mode=nonsense&prompt=nonsense&state=s";
    let asked = device(&tv, sent).unwrap();
    assert_eq!(
        (asked.scopes.as_slice(), asked.offline),
        (texts(["openid", "offline_access"]).as_slice(), true)
    );
    assert_eq!((asked.max_age, asked.ui_locales.as_slice()), (Some(60), texts(["de"]).as_slice()));
    let device_asks = asked.device().unwrap().clone();
    let permitted = asked.still_registered(&tv, REGISTERED).unwrap();
    assert_eq!(permitted.acr.goal(), AcrGoal::Voluntary(Acr::Mfa));
    assert_eq!((permitted.to.address(), permitted.to.device()), (None, Some(&device_asks)));
    // It waits sealed, and is the same when it is opened.
    let stored = serde_json::to_value(&asked).unwrap();
    assert_eq!(serde_json::from_value::<ResolvedRequest>(stored).unwrap(), asked);
    for (changed, sent, rule) in [
        (client(), "client_id=app", "grant"),
        (Client { enabled: false, ..tv.clone() }, "client_id=app", "client"),
        (tv.clone(), "client_id=app&max_age=-1", "max_age"),
        (tv.clone(), "client_id=app&request=x", "request_object"),
        (tv.clone(), "client_id=app&resource=https%3A%2F%2Funknown.example", "resource"),
        (tv.clone(), "client_id=app&claims=x", "claims"),
    ] {
        assert_eq!(rule_of(&device(&changed, sent).unwrap_err()), rule, "{sent}");
    }
    // What an operator took away since counts when its user answers; nothing is ever sent to an address.
    for (changed, rule) in [
        (client(), "grant"),
        (Client { enabled: false, ..tv.clone() }, "client"),
        (Client { strict: [Strictness::RequireSignedRequests].into(), ..tv.clone() }, "request_object"),
    ] {
        match asked.still_registered(&changed, REGISTERED) {
            Err(Rejection::Page(error)) => assert_eq!(rule_of(&error), rule),
            other => panic!("{other:?}"),
        }
    }
    // Pushing and PKCE are about browsers.
    let strict = [Strictness::RequirePushedRequests, Strictness::RequirePkce].into();
    assert!(asked.still_registered(&Client { strict, ..tv }, REGISTERED).is_ok());
}
