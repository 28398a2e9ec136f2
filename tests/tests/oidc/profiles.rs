//! The standard claims in full (OIDC Core §5.1, §5.4), and those that the pool declares of its own.

use crate::support::{named, tokens_of};
use serde_json::{Value, json};
use vestibule_domain::{
    Attribute, AttributeType, AttributeValue, Editor, Strictness, TextField, UserProfile,
};
use vestibule_tests::{App, Browser, Server, Setup, Tokens};

/// All scopes that tell something of a user.
const SCOPES: [&str; 6] = ["profile", "email", "address", "phone", "groups", "roles"];

fn attribute(name: &str, kind: AttributeType, scope: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        kind,
        edit: Editor::Administrator,
        claim: None,
        scope: scope.to_owned(),
        label: None,
    }
}

/// A profile in which every field has a value.
fn full() -> UserProfile {
    let mut profile = UserProfile::default();
    for (field, text) in [
        (TextField::GivenName, "Alice"),
        (TextField::MiddleName, "B."),
        (TextField::FamilyName, "Example"),
        (TextField::Nickname, "Al"),
        (TextField::Gender, "female"),
        (TextField::Birthdate, "1990-12-31"),
        (TextField::PhoneNumber, "+493012345678"),
        (TextField::StreetAddress, "Weg 1\nHof 2"),
        (TextField::PostalCode, "10115"),
        (TextField::Locality, "Berlin"),
        (TextField::Region, "Berlin"),
        (TextField::Country, "Germany"),
        (TextField::Zoneinfo, "Europe/Berlin"),
        (TextField::Picture, "https://alice.example/a.png"),
        (TextField::Profile, "https://alice.example/about"),
        (TextField::Website, "https://alice.example/"),
    ] {
        profile.set(field, Some(text)).unwrap();
    }
    profile.roles = ["approver".to_owned(), "reader".to_owned()].into();
    profile
}

/// A server whose application may have every scope, and where alice's profile is that.
async fn start(profile: UserProfile, attributes: Vec<Attribute>) -> Server {
    let scopes = ["openid", "offline_access", "staff"].into_iter().chain(SCOPES).map(str::to_owned);
    let scopes: Vec<String> = scopes.collect();
    let mut setup = Setup::default().client(move |client| client.scopes.clone_from(&scopes));
    setup.settings.attributes = attributes;
    let server = setup.start().await;
    become_(&server, profile).await;
    server
}

/// Gives alice another profile, as an administrator does.
async fn become_(server: &Server, profile: UserProfile) {
    let slug = &server.pool().slug;
    server.admin().update_user(slug, "alice", |spec| spec.profile = profile).await.unwrap();
}

async fn told(rp: &App, browser: &mut Browser, extra: &[(&str, &str)]) -> (Tokens, Value) {
    let tokens = rp.verified(&rp.silent(browser, extra).await).await;
    let told = rp.userinfo(&tokens.text("access_token")).await.body;
    (tokens, told)
}

/// The members of `all` that are about the user.
fn about(all: &Value, told: &[(&str, Value)]) {
    for (name, value) in told {
        assert_eq!(all.get(*name), Some(value), "{name}: {all}");
    }
}

fn of_scope(scope: &str, updated_at: &Value) -> Vec<(&'static str, Value)> {
    match scope {
        "profile" => vec![
            ("name", json!("alice Example")),
            ("given_name", json!("Alice")),
            ("family_name", json!("Example")),
            ("middle_name", json!("B.")),
            ("nickname", json!("Al")),
            ("preferred_username", json!("alice")),
            ("profile", json!("https://alice.example/about")),
            ("picture", json!("https://alice.example/a.png")),
            ("website", json!("https://alice.example/")),
            ("gender", json!("female")),
            ("birthdate", json!("1990-12-31")),
            ("zoneinfo", json!("Europe/Berlin")),
            ("locale", json!("de")),
            ("updated_at", updated_at.clone()),
        ],
        "email" => vec![("email", json!("alice@example.test")), ("email_verified", json!(true))],
        "address" => vec![(
            "address",
            json!({ "street_address": "Weg 1\nHof 2", "postal_code": "10115", "locality": "Berlin",
                "region": "Berlin", "country": "Germany" }),
        )],
        "phone" => vec![("phone_number", json!("+493012345678")), ("phone_number_verified", json!(false))],
        "groups" => vec![("groups", json!([]))],
        "roles" => vec![("roles", json!(["approver", "reader"]))],
        _ => Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scope_asks_for_its_claims_and_for_no_others() {
    let server = start(full(), Vec::new()).await;
    let slug = server.pool().slug.clone();
    server.clock.advance(7);
    let now = json!(server.clock.seconds());
    server.admin().update_user(&slug, "alice", |spec| spec.locale = Some("de".to_owned())).await.unwrap();
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let every: Vec<&str> =
        SCOPES.iter().flat_map(|scope| of_scope(scope, &now)).map(|(name, _)| name).collect();
    for scope in SCOPES {
        let (tokens, userinfo) = told(&rp, &mut browser, &[("scope", &format!("openid {scope}"))]).await;
        let expected = of_scope(scope, &now);
        assert!(!expected.is_empty(), "{scope}");
        about(&userinfo, &expected);
        about(&tokens.claims(), &expected);
        assert_eq!(userinfo.as_object().unwrap().len(), expected.len() + 1, "{scope}: {userinfo}");
        let others = every.iter().filter(|name| !expected.iter().any(|(own, _)| own == *name));
        for name in others {
            assert_eq!(tokens.claims().get(*name), None, "{scope} {name}");
        }
    }
    // One by one, in each place, without any scope.
    for name in &every {
        for (member, other) in [("userinfo", "id_token"), ("id_token", "userinfo")] {
            let wish = json!({ member: { *name: null }, other: {} }).to_string();
            let (tokens, userinfo) = told(&rp, &mut browser, &[("scope", "openid"), ("claims", &wish)]).await;
            let places = [tokens.claims().get(*name).is_some(), userinfo.get(*name).is_some()];
            assert_eq!(places, [member == "id_token", member == "userinfo"], "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_without_a_value_are_left_out_and_a_number_is_not_proved_by_itself() {
    let mut profile = UserProfile::default();
    profile.set(TextField::Locality, Some("Berlin")).unwrap();
    let server = start(profile.clone(), Vec::new()).await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let scope = [("scope", "openid profile address phone")];
    let (tokens, userinfo) = told(&rp, &mut browser, &scope).await;
    assert_eq!(userinfo["address"], json!({ "locality": "Berlin" }));
    for all in [&userinfo, &tokens.claims()] {
        for absent in ["given_name", "picture", "phone_number", "phone_number_verified", "zoneinfo", "locale"]
        {
            assert_eq!(all.get(absent), None, "{absent}: {all}");
        }
    }
    profile.set(TextField::PhoneNumber, Some("+49 30 1234-5678")).unwrap();
    become_(&server, profile.clone()).await;
    let (_, userinfo) = told(&rp, &mut browser, &scope).await;
    about(&userinfo, &of_scope("phone", &Value::Null));
    profile.phone_number_verified = true;
    become_(&server, profile).await;
    let (_, userinfo) = told(&rp, &mut browser, &scope).await;
    assert_eq!(userinfo["phone_number_verified"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_token_can_be_without_them() {
    let server = start(full(), vec![attribute("department", AttributeType::String, "profile")]).await;
    server.rule(|settings| _ = settings.tokens.strict.insert(Strictness::ClaimsAtUserinfo)).await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let (tokens, userinfo) =
        told(&rp, &mut browser, &[("scope", "openid profile address phone roles")]).await;
    assert!(userinfo.get("address").is_some() && userinfo.get("roles").is_some());
    for name in ["given_name", "address", "phone_number", "roles", "department"] {
        assert_eq!(tokens.claims().get(name), None, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_claims_have_the_type_that_the_pool_declares() {
    let attributes = vec![
        Attribute {
            claim: Some("https://acme.example/department".to_owned()),
            ..attribute("department", AttributeType::String, "profile")
        },
        attribute("badge", AttributeType::Integer, "staff"),
        attribute("remote", AttributeType::Boolean, "staff"),
        attribute("languages", AttributeType::StringList, "staff"),
    ];
    let values = [
        ("department", AttributeValue::Text("Finance".to_owned())),
        ("badge", AttributeValue::Integer(-7)),
        ("remote", AttributeValue::Boolean(false)),
        ("languages", AttributeValue::Texts(vec!["de".to_owned(), "en".to_owned()])),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let profile = UserProfile { attributes: values.into(), ..UserProfile::default() };
    let server = start(profile.clone(), attributes.clone()).await;
    let rp = server.rp();
    let (mut browser, _) = tokens_of(&server, &rp).await;
    let department = ("https://acme.example/department", json!("Finance"));
    let staff = [("badge", json!(-7)), ("remote", json!(false)), ("languages", json!(["de", "en"]))];
    let (tokens, userinfo) = told(&rp, &mut browser, &[("scope", "openid profile")]).await;
    about(&userinfo, std::slice::from_ref(&department));
    about(&tokens.claims(), std::slice::from_ref(&department));
    assert_eq!((userinfo.get("badge"), tokens.claims().get("badge")), (None, None));
    let (tokens, userinfo) = told(&rp, &mut browser, &[("scope", "openid staff")]).await;
    about(&userinfo, &staff);
    about(&tokens.claims(), &staff);
    assert_eq!(userinfo.as_object().unwrap().len(), 4, "{userinfo}");
    let wish = json!({ "userinfo": { department.0: null }, "id_token": { "badge": { "essential": true } } });
    let wish = wish.to_string();
    let (tokens, userinfo) = told(&rp, &mut browser, &[("scope", "openid"), ("claims", &wish)]).await;
    assert_eq!((&userinfo[department.0], &tokens.claims()["badge"]), (&department.1, &json!(-7)));
    let metadata = browser.get("/oidc/.well-known/openid-configuration").await;
    let metadata: Value = serde_json::from_str(&metadata.body).unwrap();
    let promised = |member: &str, name: &str| metadata[member].as_array().unwrap().contains(&json!(name));
    assert!(promised("scopes_supported", "staff") && promised("claims_supported", "badge"), "{metadata}");
    assert!(promised("claims_supported", department.0));
    // What no longer fits is told to nobody, and disturbs no other change.
    server.rule(|settings| settings.attributes[1].kind = AttributeType::Boolean).await;
    let (_, userinfo) = told(&rp, &mut browser, &[("scope", "openid staff")]).await;
    assert_eq!((userinfo.get("badge"), &userinfo["remote"]), (None, &json!(false)));
    let slug = &server.pool().slug;
    server.admin().update_user(slug, "alice", |spec| spec.name = Some("Alice".to_owned())).await.unwrap();
    for (name, value) in [("badge", AttributeValue::Integer(8)), ("unknown", AttributeValue::Boolean(true))] {
        let change = |spec: &mut vestibule_flows::UserSpec| {
            spec.profile.attributes.insert(name.to_owned(), value);
        };
        let refused = server.admin().update_user(slug, "alice", change).await;
        assert!(matches!(refused, Err(vestibule_flows::AdminError::BadField { .. })), "{name}");
    }
    server.rule(|settings| settings.attributes.clear()).await;
    let (_, userinfo) = told(&rp, &mut browser, &[("scope", "openid staff profile")]).await;
    assert!(userinfo.get("remote").is_none() && userinfo.get(department.0).is_none(), "{userinfo}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_read_what_an_application_gets_to_know() {
    let attributes = vec![
        Attribute {
            label: Some("Abteilung".to_owned()),
            ..attribute("department", AttributeType::String, "profile")
        },
        Attribute {
            label: Some("Ausweis".to_owned()),
            ..attribute("badge", AttributeType::Integer, "staff")
        },
    ];
    let server = start(full(), attributes).await;
    server
        .add_client("foreign", |client| {
            client.first_party = false;
            let scopes = ["openid", "profile", "address", "phone", "roles", "staff"];
            client.scopes = scopes.map(str::to_owned).to_vec();
        })
        .await;
    let (rp, mut browser) = (named(&server.rp(), "foreign"), server.browser());
    browser.sign_in("alice").await;
    let page = rp.authorize(&mut browser, &[("scope", "openid profile address phone roles staff")]).await;
    let items = page.texts(".scopes li");
    for (at, words) in [
        (1, "Shares: Abteilung"),
        (2, "See your postal address"),
        (2, "Street, postal code, city"),
        (3, "See your phone number"),
        (3, "whether it is verified"),
        (4, "See your roles"),
        (5, "Shares: Ausweis"),
    ] {
        // Arguments of a text are set apart from the direction of what stands around them.
        let item = items[at].replace(['\u{2068}', '\u{2069}'], "");
        assert!(item.contains(words), "{words}: {items:?}");
    }
    // A claim of its own is asked for like its scope, by whichever parameter.
    let wish = json!({ "userinfo": { "badge": null, "phone_number": null } }).to_string();
    let page = rp.authorize(&mut browser, &[("scope", "openid"), ("claims", &wish)]).await;
    let items = page.texts(".scopes li");
    assert!(items.len() == 3 && items.iter().any(|item| item.contains("Ausweis")), "{items:?}");
    let page = browser.submit(page.form_of("#consent-allow")).await;
    let tokens = rp.verified(&rp.callback(&page)).await;
    let userinfo = rp.userinfo(&tokens.text("access_token")).await.body;
    assert_eq!((&userinfo["phone_number"], userinfo.get("address")), (&json!("+493012345678"), None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_the_data_has_the_profile_and_the_trail_has_no_values() {
    let server = start(full(), Vec::new()).await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let page = browser.get("/u/profile").await;
    let form = page.form_of("#profile-save").with("given_name", "Alicia Unusual").with("family_name", "");
    let page = browser.submit(form).await;
    assert!(page.body.contains("Alicia Unusual"), "{}", page.body);
    let page = browser.get("/u/data").await;
    let copy = browser.get(&page.attribute("#export", "href").unwrap()).await;
    let copy: Value = serde_json::from_str(&copy.body).unwrap();
    let profile = &copy["account"]["profile"];
    assert_eq!((&profile["given_name"], profile.get("family_name")), (&json!("Alicia Unusual"), None));
    assert_eq!(
        (&profile["address"]["locality"], &profile["roles"][0]),
        (&json!("Berlin"), &json!("approver"))
    );
    let rows = server.rows().audit(1000, None).await.unwrap();
    let details: Vec<&str> = rows.iter().map(|row| row.detail.as_str()).collect();
    assert!(
        details.iter().any(|detail| detail.contains("given_name") && detail.contains("family_name")),
        "{details:?}"
    );
    assert!(details.iter().any(|detail| detail.contains("profile.address.locality: changed")), "{details:?}");
    for value in ["Unusual", "10115", "1990-12-31", "+4930", "Europe/Berlin", "approver"] {
        assert!(!details.iter().any(|detail| detail.contains(value)), "{value}: {details:?}");
    }
}
