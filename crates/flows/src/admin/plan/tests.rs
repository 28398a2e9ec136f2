use crate::admin::AdminError;
use crate::admin::plan::Plan;
use crate::admin::plan::PlanAction;
use crate::admin::plan::PlanStep;
use crate::admin::plan::Present;
use crate::admin::plan::compare;
use crate::admin::plan::compare_client;
use crate::admin::spec::ClientSpec;
use crate::admin::spec::PoolSpec;
use crate::admin::spec::SecretSpec;
use crate::admin::spec::UserSpec;
use std::collections::HashMap;
use vestibule_domain::Client;
use vestibule_domain::ClientAuthMethod;
use vestibule_domain::ClientKind;
use vestibule_domain::Email;
use vestibule_domain::GrantType;
use vestibule_domain::Origin;
use vestibule_domain::Pool;
use vestibule_domain::PoolId;
use vestibule_domain::PoolSettings;
use vestibule_domain::Timestamp;
use vestibule_domain::TokenAlg;
use vestibule_domain::User;
use vestibule_domain::UserId;
use vestibule_domain::UserStatus;
use vestibule_domain::Username;
use vestibule_seal::testing::SeededEntropy;
use zeroize::Zeroizing;

const T0: Timestamp = Timestamp::from_seconds(1_000_000);

fn spec() -> PoolSpec {
    PoolSpec {
        tenant: "acme-corp".to_owned(),
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        origin: Origin::parse("https://acme.example.com").unwrap(),
        settings: PoolSettings::default(),
        clients: vec![ClientSpec { client: client(), secret: SecretSpec::Keep }],
        users: vec![UserSpec {
            username: Username::parse("Jo").unwrap(),
            email: Some(Email::parse("jo@example.com").unwrap()),
            email_verified: true,
            name: None,
            locale: None,
            groups: vec!["staff".to_owned()],
            profile: vestibule_domain::UserProfile::default(),
            seen: vestibule_domain::UserProfile::default(),
            password: Some(Zeroizing::new("a good long password".to_owned())),
            exact: false,
        }],
    }
}

fn client() -> Client {
    Client {
        name: "Shop".to_owned(),
        auth_method: Some(ClientAuthMethod::ClientSecretBasic),
        redirect_uris: vec!["https://shop.example.com/callback".to_owned()],
        scopes: vec!["openid".to_owned()],
        grants: vec![GrantType::AuthorizationCode],
        id_token_alg: Some(TokenAlg::Es256),
        ..Client::new("shop", ClientKind::Confidential)
    }
}

/// What is there after `spec` has been applied once.
fn applied(spec: &PoolSpec) -> Present {
    let user = User {
        id: UserId::new(T0, &SeededEntropy::new(1)),
        username: "Jo".to_owned(),
        email: Some("jo@example.com".to_owned()),
        email_verified: true,
        name: Some("Jo, renamed by Jo".to_owned()),
        locale: None,
        groups: vec!["staff".to_owned()],
        profile: vestibule_domain::UserProfile::default(),
        status: UserStatus::Active,
        mfa_skips: 0,
        created_at: T0,
        updated_at: T0,
    };
    Present {
        pool: Some(Pool {
            id: PoolId::new(T0, &SeededEntropy::new(2)),
            tenant: spec.tenant.clone(),
            slug: spec.slug.clone(),
            name: spec.name.clone(),
            origin: spec.origin.clone(),
            settings: spec.settings.clone(),
            version: 1,
        }),
        clients: vec![Client { secret_sha256: Some([7; 32]), ..client() }],
        algs: TokenAlg::ALL.to_vec(),
        users: HashMap::from([("jo".to_owned(), user.clone())]),
        addresses: HashMap::from([("jo@example.com".to_owned(), user)]),
    }
}

fn steps(spec: &PoolSpec, present: &Present) -> Vec<PlanStep> {
    let mut steps = Vec::new();
    compare(spec, present, &mut steps).map(|_| ()).unwrap();
    steps
}

#[test]
fn an_empty_server_gets_everything_with_three_keys() {
    let found = steps(&spec(), &Present::default());
    assert!(found.iter().all(|step| step.action == PlanAction::Create));
    let kinds: Vec<&str> = found.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, ["pool", "signing key", "signing key", "signing key", "client", "user"]);
    assert_eq!(found.last().unwrap().name, "acme/Jo");
}

#[test]
fn applying_twice_changes_nothing() {
    let spec = spec();
    let plan = Plan { steps: steps(&spec, &applied(&spec)) };
    assert!(plan.is_unchanged(), "{plan:?}");
    let mut present = applied(&spec);
    let work = compare(&spec, &present, &mut Vec::new()).map_err(|error| error.to_string());
    let work = work.unwrap_or_else(|error| panic!("{error}"));
    assert!(work.clients.is_empty() && work.users.is_empty() && work.algs.is_empty());
    // A key that is missing is made again.
    present.algs.clear();
    assert_eq!(steps(&spec, &present).iter().filter(|step| step.action == PlanAction::Create).count(), 3);
}

#[test]
fn changes_are_named_and_secrets_are_not_shown() {
    let old = spec();
    let present = applied(&old);
    let mut new = spec();
    new.settings.registration = true;
    new.settings.lifetimes.code = 30;
    let one = new.clients.first_mut().unwrap();
    one.client.redirect_uris = vec!["https://shop.example.com/other".to_owned()];
    one.secret = SecretSpec::Given(Zeroizing::new("0123456789abcdef0123456789abcdef".to_owned()));
    new.users.first_mut().unwrap().groups.clear();
    let found = steps(&new, &present);
    let text = format!("{found:?}");
    assert!(!text.contains("0123456789abcdef"), "{text}");
    let changes: Vec<String> = found.into_iter().flat_map(|step| step.changes).collect();
    assert_eq!(
        changes,
        [
            "lifetimes.code: 60 → 30",
            "registration: false → true",
            "redirect_uris: [\"https://shop.example.com/callback\"] → [\"https://shop.example.com/other\"]",
            "secret: replaced",
            "groups: [\"staff\"] → []",
        ]
    );
}

#[test]
fn a_secret_is_drawn_only_where_there_is_none() {
    let wanted = ClientSpec { client: client(), secret: SecretSpec::Keep };
    assert!(compare_client(&wanted, None).draw_secret);
    let there = Client { secret_sha256: Some([7; 32]), ..client() };
    let kept = compare_client(&wanted, Some(&there));
    assert_eq!((kept.draw_secret, kept.client.secret_sha256), (false, Some([7; 32])));
    let public = Client { kind: ClientKind::Public, auth_method: Some(ClientAuthMethod::None), ..client() };
    let turned = compare_client(&ClientSpec { client: public, secret: SecretSpec::Keep }, Some(&there));
    assert_eq!((turned.draw_secret, turned.client.secret_sha256), (false, None));
    assert!(turned.changes.contains(&"secret: removed".to_owned()));
}

#[test]
fn an_address_is_never_taken_from_somebody_or_changed() {
    let mut spec = spec();
    let present = applied(&spec);
    spec.users.first_mut().unwrap().username = Username::parse("mallory").unwrap();
    let refused = compare(&spec, &present, &mut Vec::new()).map(|_| ());
    assert!(matches!(refused, Err(AdminError::EmailTaken { .. })));
    let mut spec = self::spec();
    spec.users.first_mut().unwrap().email = Some(Email::parse("other@example.com").unwrap());
    let refused = compare(&spec, &present, &mut Vec::new()).map(|_| ());
    assert!(matches!(refused, Err(AdminError::EmailDiffers { .. })));
}

#[test]
fn fault_c4_a_plan_is_read_by_people() {
    let old = serde_json::json!({ "mfa": { "everybody": { "required_from": null, "min_acr": "mfa" }, "rules": [
        { "name": "finance", "ask": { "skips": 1 } },
        { "name": "staff", "ask": { "skips": null } },
    ] }, "distinct": [["password", "email"]] });
    let new = serde_json::json!({ "mfa": { "everybody": { "required_from": 1_798_761_600, "min_acr": null }, "rules": [
        { "name": "finance", "ask": { "skips": 2 } },
    ] }, "distinct": [] });
    let mut changes = Vec::new();
    super::fields("", &old, &new, &mut changes);
    assert_eq!(
        changes,
        [
            "distinct: [[\"password\", \"email\"]] → []",
            "mfa.everybody.min_acr: \"mfa\" → none",
            "mfa.everybody.required_from: none → 2027-01-01T00:00:00Z",
            "mfa.rules.finance.ask.skips: 1 → 2",
            "mfa.rules.staff: { ask = {} } → none",
        ]
    );
}
