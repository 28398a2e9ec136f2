//! Tokens: made here, read by the client half of `openidconnect`; and read back.

use crate::common::{ISSUER, texts, user};
use openidconnect::{
    AccessToken, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl, JsonWebKeySet, Nonce,
    SignatureVerificationError,
};
use serde_json::Value;
use uuid::Uuid;
use vestibule_domain::{GrantId, SessionId, Timestamp, TokenAlg, User};
use vestibule_jose::{Alg, Jwk, OidcKey, SigningKey, peek_unverified};
use vestibule_oidc::{
    claims::{AskedClaims, ClaimsParameter},
    tokens::{
        AccessTokenHeader, AccessTokenInput, Acting, ClientSubject, IdTokenInput, SignedIdToken, Subject,
        UserSubject, access_token, id_token, key_alg, verify_access_token, verify_id_token_hint,
    },
    userinfo,
};

const NOW: i64 = 1_800_000_000;

fn sid() -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(9))
}

fn signed_id_token(key: &SigningKey, user: &User, claims: Option<&ClaimsParameter>) -> String {
    id_token_of_scopes(key, user, claims, &[])
}

fn id_token_of_scopes(
    key: &SigningKey,
    user: &User,
    claims: Option<&ClaimsParameter>,
    scopes: &[String],
) -> String {
    let input = IdTokenInput {
        issuer: ISSUER,
        client_id: "app",
        user,
        sub: &user.id.to_string(),
        sid: &sid().to_string(),
        nonce: Some("n"),
        auth_time: Timestamp::from_seconds(NOW - 30),
        acr: "gold",
        amr: &texts(["mfa", "otp", "pwd"]),
        now: Timestamp::from_seconds(NOW),
        lifetime: 600,
        asked: AskedClaims { own: &[], scopes, claims },
        access_token: Some("the access token"),
    };
    id_token(&input, key).unwrap()
}

fn verifier(keys: &[Jwk], client_id: &str, issuer: &str, now: i64) -> IdTokenVerifier<'static, OidcKey> {
    let set = JsonWebKeySet::new(keys.iter().cloned().map(OidcKey::from).collect());
    let issuer = IssuerUrl::new(issuer.to_owned()).unwrap();
    IdTokenVerifier::new_public_client(ClientId::new(client_id.to_owned()), issuer, set)
        .set_allowed_algs(Alg::ALL.map(Into::into))
        .set_time_fn(move || chrono::DateTime::from_timestamp(now, 0).unwrap())
}

#[test]
fn the_client_half_of_openidconnect_accepts_id_tokens_of_every_algorithm() {
    for alg in TokenAlg::ALL {
        let key = SigningKey::generate(key_alg(alg)).unwrap();
        let token: SignedIdToken = signed_id_token(&key, &user(), None).parse().unwrap();
        let verifier = verifier(&[key.public()], "app", ISSUER, NOW + 1);
        let claims = token.claims(&verifier, &Nonce::new("n".to_owned())).unwrap();
        assert_eq!(claims.subject().as_str(), user().id.to_string());
        assert_eq!(claims.auth_context_ref().unwrap().as_str(), "gold");
        let amr: Vec<&str> = claims.auth_method_refs().unwrap().iter().map(|one| one.as_str()).collect();
        assert_eq!(amr, ["mfa", "otp", "pwd"]);
        assert_eq!(claims.auth_time().unwrap().timestamp(), NOW - 30);
        assert_eq!((claims.issue_time().timestamp(), claims.expiration().timestamp()), (NOW, NOW + 600));
        assert_eq!(claims.additional_claims().sid.as_deref(), Some(sid().to_string().as_str()));
        assert!(claims.name().is_none() && claims.email().is_none(), "no claim without being asked");
        let hash = openidconnect::AccessTokenHash::from_token(
            &AccessToken::new("the access token".to_owned()),
            &key.alg().into(),
            &OidcKey::from(key.public()),
        );
        assert_eq!(claims.access_token_hash(), Some(&hash.unwrap()));
    }
}

#[test]
fn the_client_half_refuses_what_is_not_its_own() {
    let key = SigningKey::generate(Alg::Es256).unwrap();
    let other = SigningKey::generate(Alg::Es256).unwrap();
    let token: SignedIdToken = signed_id_token(&key, &user(), None).parse().unwrap();
    let nonce = Nonce::new("n".to_owned());
    let verdict = |keys: &[Jwk], client: &str, issuer: &str, now| {
        token.claims(&verifier(keys, client, issuer, now), &nonce).map(|_| ())
    };
    assert!(verdict(&[key.public()], "app", ISSUER, NOW).is_ok());
    let good = [key.public()];
    assert!(matches!(verdict(&good, "b", ISSUER, NOW), Err(ClaimsVerificationError::InvalidAudience(_))));
    assert!(matches!(
        verdict(&good, "app", "https://b/oidc", NOW),
        Err(ClaimsVerificationError::InvalidIssuer(_))
    ));
    assert!(matches!(verdict(&good, "app", ISSUER, NOW + 601), Err(ClaimsVerificationError::Expired(_))));
    assert!(matches!(
        verdict(&[other.public()], "app", ISSUER, NOW),
        Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
    ));
    let verifier = verifier(&good, "app", ISSUER, NOW);
    assert!(token.claims(&verifier, &Nonce::new("other".to_owned())).is_err());
}

#[test]
fn claims_for_the_id_token_are_those_of_the_claims_parameter() {
    let key = SigningKey::generate(Alg::EdDsa).unwrap();
    let asked = r#"{"id_token":{"name":null,"email":null,"email_verified":null,"locale":null,"updated_at":null,
                    "preferred_username":null,"phone_number":null},"userinfo":{}}"#;
    let asked = ClaimsParameter::parse(asked).unwrap();
    let read = |user: &User| peek_unverified::<Value>(&signed_id_token(&key, user, Some(&asked))).unwrap();
    let full = read(&user());
    assert_eq!(
        (full["name"].as_str(), full["preferred_username"].as_str()),
        (Some("Alice Zoë"), Some("alice"))
    );
    assert_eq!(
        (full["email"].as_str(), full["email_verified"].as_bool()),
        (Some("alice@example.test"), Some(true))
    );
    assert_eq!(full["updated_at"], 2_000);
    let bare = read(&User { email: None, name: None, ..user() });
    for absent in ["name", "email", "email_verified", "locale", "phone_number"] {
        assert_eq!(bare.get(absent), None, "{absent}");
    }
}

#[test]
fn claims_of_granted_scopes_are_in_the_id_token() {
    let key = SigningKey::generate(Alg::EdDsa).unwrap();
    let read = |scopes: &[&str]| {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        peek_unverified::<Value>(&id_token_of_scopes(&key, &user(), None, &scopes)).unwrap()
    };
    let email = read(&["openid", "email"]);
    assert_eq!((email["email"].as_str(), email.get("name")), (Some("alice@example.test"), None));
    assert_eq!(read(&["openid", "profile", "unknown"])["name"], "Alice Zoë");
}

#[test]
fn userinfo_has_what_scopes_and_claims_ask_for() {
    let sub = user().id.to_string();
    let told = |scopes: &[String], asked: Option<&ClaimsParameter>| {
        let asked = AskedClaims { own: &[], scopes, claims: asked };
        Value::from(userinfo(&user(), &user().id.to_string(), asked))
    };
    assert_eq!(told(&texts(["openid"]), None), serde_json::json!({ "sub": sub }));
    assert_eq!(
        told(&texts(["openid", "profile", "email"]), None),
        serde_json::json!({ "sub": sub, "name": "Alice Zoë", "preferred_username": "alice", "updated_at": 2_000,
            "email": "alice@example.test", "email_verified": true })
    );
    let asked =
        ClaimsParameter::parse(r#"{"userinfo":{"name":{"essential":true}},"id_token":{"email":null}}"#);
    assert_eq!(
        told(&texts(["openid"]), Some(&asked.unwrap())),
        serde_json::json!({ "sub": sub, "name": "Alice Zoë" })
    );
}

fn signed_access_token(key: &SigningKey, issuer: &str, audience: &[&str]) -> String {
    let subject = UserSubject {
        sub: user().id.to_string(),
        gid: GrantId::from_uuid(Uuid::from_u128(5)),
        sid: Some(sid().to_string()),
        acr: "gold".to_owned(),
        amr: texts(["pwd", "otp"]),
        auth_time: Some(NOW - 30),
    };
    signed_for(key, issuer, audience, Subject::User(subject))
}

fn signed_for(key: &SigningKey, issuer: &str, audience: &[&str], subject: Subject) -> String {
    let input = AccessTokenInput {
        issuer,
        audience: audience.iter().map(|one| (*one).to_owned()).collect(),
        client_id: "app",
        subject,
        scopes: &texts(["openid", "email"]),
        jti: "j",
        cnf: None,
        acting: Acting::default(),
        now: Timestamp::from_seconds(NOW),
        lifetime: 600,
    };
    access_token(&input.claims(), AccessTokenHeader::AtJwt, key).unwrap()
}

#[test]
fn access_tokens_are_accepted_by_their_issuer_alone_and_only_while_they_live() {
    for alg in Alg::ALL {
        let key = SigningKey::generate(alg).unwrap();
        let (keys, token) = ([key.public()], signed_access_token(&key, ISSUER, &[ISSUER]));
        let at = |now| verify_access_token(&token, &keys, ISSUER, Timestamp::from_seconds(now));
        let claims = at(NOW).unwrap();
        let subject = claims.subject.user().unwrap();
        assert_eq!(
            (subject.sub.clone(), subject.sid.clone(), subject.gid.as_uuid()),
            (user().id.to_string(), Some(sid().to_string()), Uuid::from_u128(5))
        );
        assert_eq!(
            (claims.client_id.as_str(), subject.acr.as_str(), claims.jti.as_str()),
            ("app", "gold", "j")
        );
        assert_eq!((subject.auth_time, claims.scopes()), (Some(NOW - 30), texts(["openid", "email"])));
        assert!(claims.has_scope("email") && !claims.has_scope("mail") && !claims.has_scope("openid email"));
        assert!(at(NOW + 604).is_ok());
        assert_eq!(at(NOW + 605).unwrap_err().status(), 401);
        assert!(at(NOW - 60).is_err(), "from the future");
    }
}

#[test]
fn an_access_token_is_for_a_user_or_for_the_application_itself() {
    let key = SigningKey::generate(Alg::Es256).unwrap();
    let read = |sub: &str| {
        let token =
            signed_for(&key, ISSUER, &[ISSUER], Subject::Client(ClientSubject { sub: sub.to_owned() }));
        verify_access_token(&token, &[key.public()], ISSUER, Timestamp::from_seconds(NOW))
    };
    assert_eq!(read("app").unwrap().subject, Subject::Client(ClientSubject { sub: "app".to_owned() }));
    assert!(read("app").unwrap().subject.user().is_none());
    assert!(read("other").is_err(), "neither");
    assert!(read(&user().id.to_string()).is_err(), "a user without a sign-in");
}

#[test]
fn threat_d2_tokens_of_other_issuers_audiences_keys_and_types_are_refused() {
    let (key, other) = (SigningKey::generate(Alg::Es256).unwrap(), SigningKey::generate(Alg::Es256).unwrap());
    let keys = [key.public()];
    let refused =
        |token: &str| verify_access_token(token, &keys, ISSUER, Timestamp::from_seconds(NOW)).is_err();
    assert!(!refused(&signed_access_token(&key, ISSUER, &[ISSUER])));
    assert!(refused(&signed_access_token(&key, "https://other.example/oidc", &[ISSUER])));
    for (audience, meant) in [
        (&["https://api.example"][..], false),
        (&["https://api.example", ISSUER], true),
        (&["https://api.example", "https://id.example/oidcx"], false),
        (&[], false),
    ] {
        let token = signed_access_token(&key, ISSUER, audience);
        let claims = verify_access_token(&token, &keys, ISSUER, Timestamp::from_seconds(NOW)).unwrap();
        assert_eq!(claims.require_audience(ISSUER).is_ok(), meant, "{audience:?}");
    }
    assert!(refused(&signed_access_token(&other, ISSUER, &[ISSUER])));
    assert!(refused(&signed_id_token(&key, &user(), None)), "an ID token is no access token");
    for garbage in ["", "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30."] {
        assert!(refused(garbage), "{garbage}");
    }
}

#[test]
fn hints_may_be_expired_but_not_forged() {
    let (key, other) = (SigningKey::generate(Alg::Rs256).unwrap(), SigningKey::generate(Alg::Rs256).unwrap());
    let token = signed_id_token(&key, &user(), None);
    let keys = [other.public(), key.public()];
    for client in [None, Some("app")] {
        let hint = verify_id_token_hint(&token, &keys, ISSUER, client).unwrap();
        assert_eq!((hint.sub, hint.sid), (user().id.to_string(), Some(sid().to_string())));
        assert_eq!(hint.aud, ["app"]);
    }
    let error = verify_id_token_hint(&token, &[other.public()], ISSUER, None).unwrap_err();
    assert_eq!(error.to_string(), "invalid_request: id_token_hint invalid");
    assert!(verify_id_token_hint(&token, &keys, "https://other.example/oidc", None).is_err());
    assert!(verify_id_token_hint(&token, &keys, ISSUER, Some("other")).is_err());
    assert!(
        verify_id_token_hint(&signed_access_token(&key, ISSUER, &[ISSUER]), &keys, ISSUER, None).is_err()
    );
}
