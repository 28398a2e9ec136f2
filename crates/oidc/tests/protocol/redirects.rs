//! Threat C1: nothing is sent to an address that was not registered, however it is spelled.

use crate::common::{check, client, params, texts, url_of};
use vestibule_domain::{
    Client, ClientAuthMethod, ClientKind,
    client::redirect_uri::{RedirectUriProblem, parse_redirect_uri, registrable},
};
use vestibule_oidc::{
    ErrorCode, OAuthError, VerifiedRedirect,
    authorize::{AuthorizationResponse, Rejection, ResponseMode, ReturnAddress},
};

fn with_uris<const N: usize>(uris: [&str; N]) -> Client {
    Client { redirect_uris: texts(uris), ..native() }
}

/// Only native applications have private-use schemes and a free port.
fn native() -> Client {
    Client {
        kind: ClientKind::Public,
        auth_method: Some(ClientAuthMethod::None),
        secret_sha256: None,
        ..client()
    }
}

fn page_code(client: &Client, uri: Option<&str>) -> ErrorCode {
    match check(&params(&[("redirect_uri", uri)]), client) {
        Err(Rejection::Page(error)) => error.code,
        other => panic!("{uri:?} was answered with {other:?}"),
    }
}

/// Ways to misspell `https://rp.example/app/cb` and `com.example.app:/cb`.
const MUTANTS: &[&str] = &[
    // Other hosts.
    "https://evil.example/app/cb",
    "https://rp.example.evil.example/app/cb",
    "https://evilrp.example/app/cb",
    "https://sub.rp.example/app/cb",
    "https://rp.example./app/cb",
    "https://rp%2eexample/app/cb",
    "https://rp。example/app/cb",
    "https://xn--rp.example/app/cb",
    "https://[rp.example]/app/cb",
    "//rp.example/app/cb",
    "///rp.example/app/cb",
    "/app/cb",
    "app/cb",
    // User information.
    "https://rp.example@evil.example/app/cb",
    "https://rp.example@@evil.example/app/cb",
    "https://evil.example@rp.example/app/cb",
    "https://user:pass@rp.example/app/cb",
    "https://@rp.example/app/cb",
    "https://:@rp.example/app/cb",
    "https://rp.example%40evil.example/app/cb",
    "https://rp.example:443@evil.example/app/cb",
    // Slashes and backslashes.
    "https://evil.example\\@rp.example/app/cb",
    "https://rp.example\\.evil.example/app/cb",
    "https://rp.example\\app\\cb",
    "https:\\\\rp.example\\app\\cb",
    "https:/rp.example/app/cb",
    "https:rp.example/app/cb",
    "https:///rp.example/app/cb",
    "https://rp.example//app/cb",
    "https://rp.example/app//cb",
    "https://rp.example/app/cb/",
    "https://rp.example%5cevil.example/app/cb",
    // Dots and encodings.
    "https://rp.example/app/../app/cb",
    "https://rp.example/app/./cb",
    "https://rp.example/app/cb/..",
    "https://rp.example/app/cb/../../evil",
    "https://rp.example/app/%2e%2e/evil",
    "https://rp.example/app/..;/cb",
    "https://rp.example/app/cb;/../evil",
    "https://rp.example/app/%63b",
    "https://rp.example/app%2fcb",
    "https://rp.example/app/cb%00",
    "https://rp.example/app/cb%0d%0aLocation:%20https://evil.example",
    "https://rp.example/app/cb%20",
    // Case.
    "https://RP.example/app/cb",
    "HTTPS://rp.example/app/cb",
    "https://rp.example/app/CB",
    "COM.example.app:/cb",
    // Port and scheme.
    "https://rp.example:443/app/cb",
    "https://rp.example:8443/app/cb",
    "https://rp.example:/app/cb",
    "http://rp.example/app/cb",
    "http://rp.example:443/app/cb",
    "ftp://rp.example/app/cb",
    "javascript:alert(1)//https://rp.example/app/cb",
    "data:text/html,https://rp.example/app/cb",
    "com.example.app:cb",
    "com.example.app://cb",
    "com.example.app2:/cb",
    // Query and fragment.
    "https://rp.example/app/cb?",
    "https://rp.example/app/cb?x=1",
    "https://rp.example/app/cb?code=evil",
    "https://rp.example/app/cb#",
    "https://rp.example/app/cb#evil",
    "https://rp.example/app/cb%23",
    // Lists, wildcards, white space.
    "https://rp.example/app/*",
    "https://*.example/app/cb",
    "https://rp.example/app/cb https://evil.example/",
    "https://rp.example/app/cb,https://evil.example/",
    " https://rp.example/app/cb",
    "https://rp.example/app/cb ",
    "https://rp.example/app/cb\n",
    "https://rp.example\t/app/cb",
    "https://rp.example/app/c\u{200b}b",
    "https://rp.example/app",
    "https://rp.example/",
    "https://rp.example",
];

#[test]
fn threat_c1_no_mutant_of_a_registered_address_is_redirected_to() {
    let client = with_uris(["https://rp.example/app/cb", "com.example.app:/cb"]);
    assert!(check(&params(&[("redirect_uri", Some("https://rp.example/app/cb"))]), &client).is_ok());
    assert!(check(&params(&[("redirect_uri", Some("com.example.app:/cb"))]), &client).is_ok());
    for mutant in MUTANTS {
        assert_eq!(page_code(&client, Some(mutant)), ErrorCode::InvalidRedirectUri, "{mutant}");
    }
    assert_eq!(page_code(&client, None), ErrorCode::InvalidRedirectUri);
    assert_eq!(page_code(&client, Some("")), ErrorCode::InvalidRedirectUri);
    let long = format!("https://rp.example/{}", "a".repeat(2048));
    assert_eq!(page_code(&with_uris([long.as_str()]), Some(&long)), ErrorCode::InvalidRedirectUri);
}

#[test]
fn only_the_port_of_a_loopback_literal_is_free() {
    let client = with_uris(["http://127.0.0.1/cb", "http://[::1]:1/cb?x=1", "http://localhost:7000/cb"]);
    for good in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:49152/cb?x=1",
        "http://[::1]/cb?x=1",
        "http://localhost:7000/cb",
    ] {
        let answer = check(&params(&[("redirect_uri", Some(good))]), &client).unwrap();
        assert_eq!(answer.to.address().unwrap().redirect().as_str(), good);
    }
    for bad in [
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:80a/cb",
        "http://127.0.0.1:+80/cb",
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:8080.evil.example/cb",
        "http://127.0.0.2/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0x7f.0.0.1/cb",
        "http://0.0.0.0/cb",
        "http://[::1]:49152/cb",
        "http://[0:0:0:0:0:0:0:1]/cb?x=1",
        "http://[::ffff:127.0.0.1]/cb",
        "http://localhost/cb",
        "http://localhost:7001/cb",
        "https://127.0.0.1/cb",
        "http://127.0.0.1:8080/cb2",
        "http://127.0.0.1:8080/cb?x=1",
        "http://127.0.0.1:8080/cb#x",
        "http://127.0.0.1:8080",
    ] {
        assert_eq!(page_code(&client, Some(bad)), ErrorCode::InvalidRedirectUri, "{bad}");
    }
    // The exception is for loopback alone.
    let secure = with_uris(["https://rp.example:1/cb"]);
    assert_eq!(page_code(&secure, Some("https://rp.example:2/cb")), ErrorCode::InvalidRedirectUri);
}

#[test]
fn fault_s16_the_loopback_port_is_free_for_native_applications_alone() {
    let uris = ["http://127.0.0.1:3000/cb", "http://[::1]/cb"];
    let server = Client { redirect_uris: texts(uris), ..client() };
    for uri in uris {
        assert!(VerifiedRedirect::of_client(&server, uri).is_some(), "{uri}");
    }
    for other in ["http://127.0.0.1:3001/cb", "http://127.0.0.1/cb", "http://[::1]:3000/cb"] {
        assert!(VerifiedRedirect::of_client(&server, other).is_none(), "{other}");
        assert!(VerifiedRedirect::of_client(&with_uris(uris), other).is_some(), "{other}");
    }
}

#[test]
fn fault_s16_what_can_be_registered_is_answered_to_and_nothing_else() {
    let shapes = [
        "https://rp.example/cb",
        "https://rp.example/cb?x=1",
        "https://rp.example:8443",
        "http://localhost:3000/cb",
        "http://app.localhost/cb",
        "http://127.0.0.1:0/cb",
        "http://[::1]:9/cb",
        "com.example.app:/cb",
        "com.example.app://cb",
        "com.example.app:cb",
        "https://b\u{fc}cher.example/cb",
        "https://rp.example/c%62",
        "https://rp.example/[x]",
        "https://rp.example/cb?code=1",
        "https://rp.example/cb#x",
        "https://u@rp.example/cb",
        "https://*.rp.example/cb",
        "http://rp.example/cb",
        "myapp:/cb",
        "https://rp.example/cb|x",
    ];
    for kind in [ClientKind::Public, ClientKind::Confidential] {
        for uri in shapes {
            let own = Client { kind, redirect_uris: texts([uri]), ..client() };
            let registered = registrable(uri, kind).is_ok();
            assert_eq!(VerifiedRedirect::of_client(&own, uri).is_some(), registered, "{kind:?} {uri}");
        }
    }
    assert!(registrable("com.example.app:/cb", ClientKind::Confidential).is_err());
}

#[test]
fn an_unfit_address_is_not_answered_to_even_when_registered() {
    use RedirectUriProblem as P;
    for (uri, problem) in [
        ("http://rp.example/cb", P::NotSecure),
        ("http://localhost.evil.example/cb", P::NotSecure),
        ("javascript:alert(1)", P::Scheme),
        ("data:text/html,x", P::Scheme),
        ("file:///etc/passwd", P::Scheme),
        ("myapp://cb", P::Scheme),
        ("https://u@rp.example/cb", P::UserInfo),
        ("https://@rp.example/cb", P::UserInfo),
        ("https://rp.example/cb#x", P::Fragment),
        ("https://rp.example\\cb", P::Characters),
        ("https://rp.example/c b", P::Characters),
        ("https://rp.example/cb\u{e9}", P::Characters),
        ("https://rp.example/{tenant}", P::Characters),
        ("https:rp.example/cb", P::NotAbsolute),
        ("HTTPS://rp.example/cb", P::NotAbsolute),
        ("/cb", P::NotAbsolute),
        ("", P::NotAbsolute),
        ("https://rp.example/cb?code=1", P::ReservedQuery),
        ("https://rp.example/cb?x=1&st%61te=1", P::ReservedQuery),
    ] {
        assert_eq!(parse_redirect_uri(uri).map(|_| ()), Err(problem), "{uri}");
        assert_eq!(page_code(&with_uris([uri]), Some(uri)), ErrorCode::InvalidRedirectUri, "{uri}");
    }
    for good in [
        "https://rp.example",
        "https://rp.example:443/cb?x=1",
        "http://app.localhost:3000/cb",
        "com.example.app:/cb",
    ] {
        assert_eq!(parse_redirect_uri(good).map(|_| ()), Ok(()), "{good}");
        assert!(VerifiedRedirect::of_client(&with_uris([good]), good).is_some(), "{good}");
    }
}

#[test]
fn answers_carry_state_and_issuer_and_keep_the_query() {
    let to = |uri: &str, state: Option<&str>| {
        let redirect = VerifiedRedirect::of_client(&with_uris([uri]), uri).unwrap();
        ReturnAddress::new(&client(), redirect, ResponseMode::Query, state.map(str::to_owned))
    };
    let code = |to: ReturnAddress, issuer: &str| url_of(&AuthorizationResponse::code(&to, "c", issuer));
    assert_eq!(
        code(to("https://rp.example/cb", Some("a&b=c d")), "https://i/oidc"),
        "https://rp.example/cb?code=c&state=a%26b%3Dc+d&iss=https%3A%2F%2Fi%2Foidc"
    );
    assert_eq!(code(to("https://rp.example/cb?x=1", None), "i"), "https://rp.example/cb?x=1&code=c&iss=i");
    assert_eq!(code(to("https://rp.example/cb?", None), "i"), "https://rp.example/cb?code=c&iss=i");
    let error = OAuthError::new(ErrorCode::AccessDenied, "no");
    assert_eq!(
        url_of(&AuthorizationResponse::error(&to("com.example.app:/cb", Some("s")), error, "i")),
        "com.example.app:/cb?error=access_denied&error_description=no&state=s&iss=i"
    );
}

#[test]
fn an_address_tells_people_where_it_is() {
    for (uri, source) in [
        ("https://rp.example/cb", "https://rp.example"),
        ("https://rp.example:443/cb", "https://rp.example"),
        ("https://rp.example:8443/cb", "https://rp.example:8443"),
        ("http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"),
        ("http://[::1]:5000/cb", "http://[::1]:5000"),
        ("com.example.app:/cb", "com.example.app:"),
        ("com.example.app://host/cb", "com.example.app:"),
    ] {
        let redirect = VerifiedRedirect::of_client(&with_uris([uri]), uri).unwrap();
        assert_eq!(redirect.origin(), source, "{uri}");
    }
}
