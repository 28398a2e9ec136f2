//! What is refused of tokens (RFC 9068 §4, RFC 8725).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use serde_json::{Value, json};
use vestibule_jose::{Jwk, SigningKey, sign};
use vestibule_resource_server::{Alg, ClientCertificate, ForeignKeys};

use crate::api::{AUDIENCE, Answer, Api, ISSUER, Key, NOW, changed, claims, encode, parts, reason};

#[tokio::test]
async fn a_good_token_is_read() {
    let api = Api::new();
    let token = api.bearer(&api.key.token(&claims())).await.unwrap();
    assert_eq!((token.sub.as_str(), token.client_id.as_str()), ("user-1", "shop"));
    assert!(token.has_scope("orders.read") && token.has_scope("orders.write") && !token.has_scope("orders"));
    assert_eq!(token.acr.as_deref(), Some("urn:vestibule:acr:mfa"));
    assert_eq!(token.amr, ["pwd", "otp"]);
    assert_eq!((token.auth_time, token.expires_at), (Some(NOW - 100), NOW + 300));
    assert_eq!(
        (token.groups.as_slice(), token.audience.as_slice()),
        (&["staff".to_owned()][..], &[AUDIENCE.to_owned()][..])
    );
    assert_eq!(json!(token.other), json!({ "jti": "t1", "sid": "s1" }), "everything else");
    assert_eq!(format!("{token:?}"), "AccessToken(..)");
}

#[tokio::test]
async fn whoever_acts_is_told_with_everybody_before() {
    let api = Api::new();
    let act = json!({ "sub": "ledger", "client_id": "ledger", "iss": ISSUER, "exp": 1,
        "act": { "sub": "user-2", "client_id": "desk" } });
    let token = api.bearer(&api.key.token(&changed(claims(), json!({ "act": act })))).await.unwrap();
    let actor = token.actor.as_ref().unwrap();
    assert_eq!((actor.client_id.as_deref(), actor.issuer.as_deref()), (Some("ledger"), Some(ISSUER)));
    let chain: Vec<&str> = actor.chain().map(|actor| actor.sub.as_str()).collect();
    assert_eq!((token.sub.as_str(), chain), ("user-1", vec!["ledger", "user-2"]));
    assert!(api.bearer(&api.key.token(&claims())).await.unwrap().actor.is_none());
    // What cannot be read is not taken as the call of the user alone.
    let deep = (0..17).fold(json!(null), |act, _| match act {
        Value::Null => json!({ "sub": "a" }),
        act => json!({ "sub": "a", "act": act }),
    });
    for act in [
        json!("ledger"),
        json!([]),
        json!({}),
        json!({ "sub": "" }),
        json!({ "sub": 1 }),
        json!({ "client_id": "ledger" }),
        json!({ "sub": "a", "iss": ["b"] }),
        json!({ "sub": "a", "act": "b" }),
        deep,
    ] {
        let token = api.key.token(&changed(claims(), json!({ "act": act })));
        assert_eq!(reason(&api.bearer(&token).await.unwrap_err()), "Token(Claim(\"act\"))", "{act}");
    }
}

#[tokio::test]
async fn every_algorithm_verifies_and_only_where_it_is_accepted() {
    let keys: Vec<SigningKey> = Alg::ALL.iter().map(|alg| SigningKey::generate(*alg).unwrap()).collect();
    let published: Vec<Jwk> = keys.iter().map(SigningKey::public).collect();
    let published = ForeignKeys::parse(json!({ "keys": published }).to_string().as_bytes()).unwrap();
    for accepted in Alg::ALL {
        let (all, one) = (Api::new(), Api::with(|builder| builder.algorithms(&[accepted])));
        for api in [&all, &one] {
            api.answers(Answer::Keys(published.clone(), None));
        }
        for key in &keys {
            let token = sign(key, Some("at+jwt"), &claims()).unwrap();
            assert!(all.bearer(&token).await.is_ok(), "{}", key.alg());
            assert_eq!(one.bearer(&token).await.is_ok(), key.alg() == accepted, "{} {accepted}", key.alg());
        }
    }
}

#[tokio::test]
async fn what_is_missing_or_shaped_otherwise_is_read_as_it_is_meant() {
    let api = Api::new();
    let changes = json!({ "aud": ["https://other.example", AUDIENCE], "scope": null, "acr": null, "amr": null,
        "auth_time": 12.9, "groups": [{ "value": "staff" }], "iat": null, "nbf": NOW });
    let token = api.bearer(&api.key.token(&changed(claims(), changes))).await.unwrap();
    assert!(
        token.scopes.is_empty() && token.acr.is_none() && token.amr.is_empty() && token.groups.is_empty()
    );
    assert_eq!(token.auth_time, Some(12));
    assert_eq!(token.other["groups"], json!([{ "value": "staff" }]), "nobody is in a group that is no name");
    for header in [
        json!({ "typ": "application/at+jwt", "alg": "EdDSA", "kid": "k1" }),
        json!({ "typ": "AT+JWT", "alg": "EdDSA", "kid": "k1" }),
        json!({ "typ": "at+jwt", "alg": "EdDSA" }),
    ] {
        assert!(api.bearer(&api.key.jws(&header, &claims())).await.is_ok(), "{header}");
    }
}

#[tokio::test]
async fn each_wrong_claim_is_refused() {
    let api = Api::new();
    for (change, expected) in [
        (json!({ "iss": "https://evil.example" }), "Token(Issuer)"),
        (json!({ "iss": format!("{ISSUER}/") }), "Token(Issuer)"),
        (json!({ "iss": null }), "Token(Claim(\"iss\"))"),
        (json!({ "iss": [ISSUER] }), "Token(Claim(\"iss\"))"),
        (json!({ "aud": "https://other.example" }), "Token(Audience)"),
        (json!({ "aud": "HTTPS://orders.example.com" }), "Token(Audience)"),
        (json!({ "aud": format!("{AUDIENCE}/") }), "Token(Audience)"),
        (json!({ "aud": format!("{AUDIENCE} https://other.example") }), "Token(Audience)"),
        (json!({ "aud": ISSUER }), "Token(Audience)"),
        (json!({ "aud": ["a", "b"] }), "Token(Audience)"),
        (json!({ "aud": [] }), "Token(Audience)"),
        (json!({ "aud": [AUDIENCE, 1] }), "Token(Claim(\"aud\"))"),
        (json!({ "aud": { AUDIENCE: 1 } }), "Token(Claim(\"aud\"))"),
        (json!({ "aud": null }), "Token(Claim(\"aud\"))"),
        (json!({ "exp": NOW - 5 }), "Token(Times(Expired))"),
        (json!({ "exp": null }), "Token(Times(NoExpiry))"),
        (json!({ "exp": "never" }), "Token(Claim(\"exp, nbf or iat\"))"),
        (json!({ "nbf": NOW + 6 }), "Token(Times(NotYet))"),
        (json!({ "iat": NOW + 6 }), "Token(Times(IssuedInFuture))"),
        (json!({ "sub": null }), "Token(Claim(\"sub\"))"),
        (json!({ "sub": "" }), "Token(Claim(\"sub\"))"),
        (json!({ "client_id": null }), "Token(Claim(\"client_id\"))"),
        (json!({ "scope": ["orders.read"] }), "Token(Claim(\"scope\"))"),
        (json!({ "acr": 2 }), "Token(Claim(\"acr\"))"),
        (json!({ "amr": "pwd" }), "Token(Claim(\"amr\"))"),
        (json!({ "auth_time": "now" }), "Token(Claim(\"auth_time\"))"),
        (json!({ "cnf": { "x5t#S256": "x" } }), "Token(OtherCertificate)"),
        (json!({ "cnf": { "x5t#S256": 1 } }), "Token(OtherBinding)"),
        (json!({ "cnf": { "jkt": "x", "x5t#S256": "x" } }), "Token(OtherBinding)"),
        (json!({ "cnf": "x" }), "Token(OtherBinding)"),
        (json!({ "cnf": { "jkt": 1 } }), "Token(OtherBinding)"),
        (json!({ "cnf": { "jkt": "x" } }), "Token(Bound)"),
    ] {
        assert_eq!(api.why(&api.key.token(&changed(claims(), change.clone()))).await, expected, "{change}");
    }
    for (change, good) in
        [(json!({ "exp": NOW - 4 }), "exp"), (json!({ "nbf": NOW + 5, "iat": NOW + 5 }), "nbf")]
    {
        assert!(api.bearer(&api.key.token(&changed(claims(), change))).await.is_ok(), "leeway for {good}");
    }
}

#[tokio::test]
async fn no_header_leads_to_another_key_or_algorithm() {
    let api = Api::with(|builder| builder.algorithms(&[Alg::EdDsa, Alg::Es256]));
    let stranger = Key::new("k1");
    let signed_with_hmac = |secret: &[u8]| {
        let header = encode(json!({ "typ": "at+jwt", "alg": "HS256", "kid": "k1" }).to_string());
        let signed = format!("{header}.{}", encode(claims().to_string()));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
        format!("{signed}.{}", encode(tag))
    };
    let with = |header: Value| api.key.jws(&header, &claims());
    let unsigned = |alg: &str| {
        let header = json!({ "typ": "at+jwt", "alg": alg, "kid": "k1" });
        format!("{}.{}.", encode(header.to_string()), encode(claims().to_string()))
    };
    let good = api.key.token(&claims());
    let (head, signature) = good.rsplit_once('.').unwrap();
    let header = head.split_once('.').unwrap().0;
    let stronger = encode(changed(claims(), json!({ "scope": "admin" })).to_string());
    let twice = encode(claims().to_string().replacen('{', "{\"sub\":\"admin\",", 1));
    for (token, expected) in [
        (stranger.token(&claims()), "Token(Jws(Signature))"),
        (format!("{header}.{stronger}.{signature}"), "Token(Jws(Signature))"),
        (format!("{header}.{twice}.{signature}"), "Token(Jws(Signature))"),
        (signed_with_hmac(api.key.x().as_bytes()), "Token(Jws(Algorithm))"),
        (signed_with_hmac(api.key.published().to_string().as_bytes()), "Token(Jws(Algorithm))"),
        (unsigned("none"), "Token(Jws(Algorithm))"),
        (unsigned("None"), "Token(Jws(Algorithm))"),
        (unsigned("EdDSA"), "Token(Jws(Signature))"),
        (with(json!({ "typ": "at+jwt", "alg": "ES256", "kid": "k1" })), "Token(Jws(KeyAlgorithm))"),
        (with(json!({ "typ": "at+jwt", "alg": "RS256", "kid": "k1" })), "Token(Jws(Algorithm))"),
        (
            with(json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": "of-another-issuer" })),
            "Token(Jws(UnknownKey))",
        ),
        (
            stranger.jws(&json!({ "typ": "at+jwt", "alg": "EdDSA", "jwk": stranger.jwk() }), &claims()),
            "Token(Jws(ForbiddenHeader(\"jwk\")))",
        ),
        (
            stranger
                .jws(&json!({ "typ": "at+jwt", "alg": "EdDSA", "jku": "https://evil.example" }), &claims()),
            "Token(Jws(ForbiddenHeader(\"jku\")))",
        ),
        (
            with(json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": "k1", "crit": [] })),
            "Token(Jws(ForbiddenHeader(\"crit\")))",
        ),
        ("nonsense".to_owned(), "Token(Jws(Malformed))"),
        (format!("{good}.x"), "Token(Jws(Malformed))"),
        (format!("{good}="), "Token(Jws(Malformed))"),
        (format!("{good}{}", "A".repeat(20_000)), "Token(Jws(TooLong))"),
    ] {
        assert_eq!(api.why(&token).await, expected, "{token}");
    }
    assert!(api.bearer(&good).await.is_ok());
}

/// An issuer that signs something else with the same key.
#[tokio::test]
async fn tokens_of_other_kinds_do_not_pass() {
    let (strict, lenient) = (Api::new(), Api::with(|builder| builder.accept_plain_jwt()));
    let jwt = json!({ "typ": "JWT", "alg": "EdDSA", "kid": "k1" });
    let none = json!({ "alg": "EdDSA", "kid": "k1" });
    for header in [&jwt, &none] {
        assert_eq!(strict.why(&strict.key.jws(header, &claims())).await, "Token(Jws(Type))");
        assert!(lenient.bearer(&lenient.key.jws(header, &claims())).await.is_ok());
    }
    assert!(lenient.bearer(&lenient.key.token(&claims())).await.is_ok());
    assert_eq!(strict.calls(), 1, "a token of another type is no reason to read keys again");

    for typ in ["logout+jwt", "dpop+jwt", "secevent+jwt", "at+jwt+x", ""] {
        let header = json!({ "typ": typ, "alg": "EdDSA", "kid": "k1" });
        assert_eq!(lenient.why(&lenient.key.jws(&header, &claims())).await, "Token(Jws(Type))", "{typ}");
    }
    // Where the application's client_id is the API's audience, only claims tell an ID token apart.
    for (change, expected) in [
        (json!({ "client_id": null, "azp": "shop" }), "Token(Claim(\"client_id\"))"),
        (json!({ "nonce": "n" }), "Token(NotAccess)"),
        (json!({ "at_hash": "h" }), "Token(NotAccess)"),
        (json!({ "c_hash": "h" }), "Token(NotAccess)"),
        (json!({ "events": {} }), "Token(NotAccess)"),
    ] {
        let token = lenient.key.jws(&jwt, &changed(claims(), change.clone()));
        assert_eq!(lenient.why(&token).await, expected, "{change}");
    }
}

#[tokio::test]
async fn one_authorization_header_with_one_token() {
    let api = Api::new();
    let token = api.key.token(&claims());
    let bearer = format!("Bearer {token}");
    let lower = format!("bearer  {token} ");
    assert!(api.send(&[("authorization", &lower)]).await.is_ok());
    let twice = format!("{bearer}, {bearer}");
    let dpop = format!("DPoP {token}");
    for (headers, expected) in [
        (vec![], "NoToken"),
        (vec![("authorization", "Basic dTpw")], "NoToken"),
        (vec![("authorization", token.as_str())], "NoToken"),
        (vec![("authorization", "")], "NoToken"),
        (vec![("authorization", &dpop)], "NoToken"),
        (vec![("authorization", "Bearer")], "Malformed(\"expected an access token"),
        (vec![("authorization", "Bearer ")], "Malformed(\"expected an access token"),
        (vec![("authorization", "Bearer a b")], "Malformed(\"expected an access token"),
        (vec![("authorization", &twice)], "Malformed(\"expected an access token"),
        (vec![("authorization", "Bearer \u{e9}")], "Malformed(\"expected an access token"),
        (vec![("authorization", &bearer), ("authorization", &bearer)], "Malformed(\"there is more than one"),
        (
            vec![("authorization", "Basic dTpw"), ("authorization", &bearer)],
            "Malformed(\"there is more than one",
        ),
    ] {
        let refusal = api.send(&headers).await.expect_err(expected);
        assert!(reason(&refusal).starts_with(expected), "{headers:?}: {refusal:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_token_is_in_its_refusal() {
    let api = Api::dpop();
    let secret = changed(claims(), json!({ "iss": "SECRET-iss", "aud": "SECRET-aud", "sub": "SECRET-sub" }));
    for token in [
        api.key.token(&secret),
        api.key.jws(&json!({ "typ": "SECRET", "alg": "SECRET", "kid": "SECRET" }), &secret),
        "SECRET".to_owned(),
    ] {
        let refusal = api.bearer(&token).await.expect_err("refused");
        let said = format!(
            "{refusal:?} {refusal} {:?}",
            axum::response::IntoResponse::into_response(api.bearer(&token).await.expect_err("refused")),
            refusal = reason(&refusal)
        );
        assert!(!said.contains("SECRET") && !said.contains(&token[..6]), "{said}");
    }
}

#[tokio::test]
async fn a_token_that_is_bound_to_a_certificate_comes_with_it() {
    let api = Api::new();
    let own = b"the certificate";
    let thumbprint = encode(digest(&SHA256, own));
    let token = api.key.token(&changed(claims(), json!({ "cnf": { "x5t#S256": thumbprint } })));
    let with = |certificate: Option<&[u8]>| {
        let mut parts = parts("GET", "/orders", &[("authorization", &format!("Bearer {token}"))]);
        if let Some(der) = certificate {
            parts.extensions.insert(ClientCertificate::from_der(der));
        }
        parts
    };
    assert_eq!(api.server.admit(&with(Some(own))).await.unwrap().sub, "user-1");
    for other in [None, Some(b"another one".as_slice())] {
        let refused = api.server.admit(&with(other)).await.expect_err("refused");
        assert_eq!(reason(&refused), "Token(OtherCertificate)");
    }
    // A certificate makes nothing better of a token that is bound to none.
    assert!(api.bearer(&api.key.token(&claims())).await.is_ok());
}
