//! What applications rely on in a profile is not what its owner says.

use vestibule_domain::{
    Attribute, AttributeType, AttributeValue, Editor, PersonalField, TextField, UserProfile,
};
use vestibule_flows::{Actor, UserSpec};
use vestibule_tests::{Browser, Form, Server, Setup, on_every_engine};

fn attribute(name: &str, kind: AttributeType, edit: Editor) -> Attribute {
    let scope = "profile".to_owned();
    Attribute { name: name.to_owned(), kind, edit, claim: None, scope, label: None }
}

/// A profile of which an administrator wrote what counts.
fn trusted() -> UserProfile {
    let mut profile = UserProfile::default();
    profile.set(TextField::PhoneNumber, Some("+493012345678")).unwrap();
    profile.phone_number_verified = true;
    profile.roles = ["reader".to_owned()].into();
    profile.attributes.insert("clearance".to_owned(), AttributeValue::Integer(1));
    profile
}

async fn start(setup: Setup, offered: &[PersonalField]) -> (Server, Browser) {
    let mut setup = setup;
    setup.settings.account.profile_fields = offered.iter().copied().collect();
    setup.settings.attributes = vec![
        attribute("clearance", AttributeType::Integer, Editor::Administrator),
        attribute("motto", AttributeType::String, Editor::Person),
    ];
    let server = setup.start().await;
    give(&server, trusted()).await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    (server, browser)
}

async fn give(server: &Server, profile: UserProfile) {
    let slug = &server.pool().slug;
    server.admin().update_user(slug, "alice", |spec| spec.profile = profile).await.unwrap();
}

async fn profile(server: &Server) -> UserProfile {
    server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.profile
}

/// Every way to name what only administrators write, and what this pool does not offer.
fn forged(form: Form) -> Form {
    [
        "roles",
        "roles[]",
        "roles.0",
        "role",
        "groups",
        "phone_number_verified",
        "email_verified",
        "attribute.clearance",
        "attributes.clearance",
        "clearance",
        "attribute.roles",
        "attribute.phone_number_verified",
        "profile",
        "profile.roles",
        "address.formatted",
        "nickname",
        "birthdate",
        "picture",
    ]
    .iter()
    .fold(form, |form, name| form.forged(name, "2"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b21_nobody_gives_themselves_roles_proofs_or_attributes_of_administrators() {
    on_every_engine(|engine| async move {
        let (server, mut browser) = start(Setup::on(engine), &[PersonalField::GivenName]).await;
        let page = browser.get("/u/profile").await;
        for name in ["roles", "phone_number_verified", "attribute.clearance", "nickname", "address.formatted"]
        {
            assert!(!page.has(&format!("[name='{name}']")), "{name}");
        }
        let form = forged(page.form_of("#profile-save").with("given_name", "Mallory"));
        browser.submit(form.with("attribute.motto", "mine")).await;
        let mut expected = trusted();
        expected.given_name = Some("Mallory".to_owned());
        expected.attributes.insert("motto".to_owned(), AttributeValue::Text("mine".to_owned()));
        assert_eq!(profile(&server).await, expected);
        let user = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user;
        assert!(user.groups.is_empty() && user.email_verified);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b21_another_number_is_not_proved() {
    let (server, mut browser) = start(Setup::default(), &[PersonalField::PhoneNumber]).await;
    let page = browser.get("/u/profile").await;
    let form = page.form_of("#profile-save");
    browser.submit(form.clone().with("phone_number", "+49 (30) 1234 5678")).await;
    assert!(profile(&server).await.phone_number_verified, "it is the same");
    browser.submit(form.with("phone_number", "+493099999999")).await;
    let kept = profile(&server).await;
    assert_eq!((kept.phone_number.as_deref(), kept.phone_number_verified), (Some("+493099999999"), false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b21_a_page_from_before_writes_only_what_is_offered_now() {
    let (server, mut browser) =
        start(Setup::default(), &[PersonalField::GivenName, PersonalField::Picture]).await;
    let form = browser.get("/u/profile").await.form_of("#profile-save");
    let form = form.with("given_name", "Al").with("picture", "https://a.example/p.png");
    let form = form.with("attribute.motto", "mine");
    server
        .rule(|settings| {
            settings.account.profile_fields = [PersonalField::GivenName].into();
            settings.attributes[1].edit = Editor::Administrator;
        })
        .await;
    browser.submit(form).await;
    let mut expected = trusted();
    expected.given_name = Some("Al".to_owned());
    assert_eq!(profile(&server).await, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b21_a_change_at_the_same_time_brings_nothing_back() {
    on_every_engine(|engine| async move {
        let (server, mut browser) = start(Setup::on(engine).nodes(2), &[PersonalField::GivenName]).await;
        let form = browser.get("/u/profile").await.form_of("#profile-save");
        for round in 0..8 {
            give(&server, trusted()).await;
            let name = format!("Al {round}");
            let form = form.clone().with("given_name", &name);
            let mut person = browser.clone();
            let admin = server.shared(1);
            let slug = server.pool().slug.clone();
            let taken = tokio::spawn(async move {
                let change = |spec: &mut UserSpec| {
                    spec.profile.roles.clear();
                    spec.profile.phone_number_verified = false;
                };
                let admin = admin.admin(Actor::command_line());
                admin.update_user(&slug, "alice", change).await.map(|_| ())
            });
            let saved = tokio::spawn(async move { person.submit(form).await.status });
            let (taken, saved) = (taken.await.unwrap(), saved.await.unwrap());
            taken.unwrap();
            assert_eq!(saved, 200);
            let kept = profile(&server).await;
            assert!(kept.roles.is_empty() && !kept.phone_number_verified, "{kept:?}");
            assert_eq!(kept.given_name, Some(name), "and the administrator undid nothing of the person's");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b22_what_is_typed_is_bounded_and_is_no_script() {
    let every: Vec<PersonalField> = PersonalField::ALL.to_vec();
    let (server, mut browser) = start(Setup::default(), &every).await;
    let before = profile(&server).await;
    let page = browser.get("/u/profile").await;
    let form = page.form_of("#profile-save");
    for (name, value) in [
        ("picture", "javascript:alert(1)"),
        ("picture", "http://a.example/p.png"),
        ("picture", "data:image/svg+xml,<svg onload=alert(1)>"),
        ("website", "javascript://a.example/%0aalert(1)"),
        ("profile", "https://user:password@a.example/"),
        ("zoneinfo", "../../etc/localtime"),
        ("birthdate", "1990-02-30"),
        ("phone_number", "911"),
        ("given_name", "a\u{202e}b"),
        ("address.street_address", "a\u{7}b"),
        ("attribute.motto", "a\nb"),
        ("given_name", &"x".repeat(20_000)),
        ("attribute.motto", &"x".repeat(20_000)),
    ] {
        let page = browser.submit(form.clone().with(name, value)).await;
        let shown: String = value.chars().take(30).collect();
        assert_eq!(page.status, 400, "{name} {shown}");
        assert!(page.has(&format!("[name='{name}'][aria-invalid=true]")), "{name} {shown}: {}", page.body);
        assert_eq!(profile(&server).await, before, "{name} {shown}");
    }
    let markup = "\"><script>alert(1)</script>";
    let page = browser.submit(form.with("nickname", markup).with("address.street_address", markup)).await;
    assert!(page.status == 200 && !page.body.contains("<script>alert"), "{}", page.body);
    assert_eq!(profile(&server).await.nickname.as_deref(), Some(markup), "it is a text like any other");
}
