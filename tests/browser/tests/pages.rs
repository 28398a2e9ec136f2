//! Every page of the product and of the demo application in a browser: accessible by the rules of axe-core in light
//! and dark on phones and desks, never wider than the window, usable with the keyboard alone, silent on the console,
//! and the way in works without scripts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, path::Path};
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, Demo, Inspector, OATHTOOL, Tab, tools};
use vestibule_domain::{Attribute, AttributeType, Editor, GrantType, MfaMode, PersonalField, PoolSettings};
use vestibule_tests::{PASSWORD, Setup};

fn setup() -> Setup {
    let settings = PoolSettings {
        registration: true,
        accent: Some("#0b6e4f".to_owned()),
        support_email: Some("help@example.test".to_owned()),
        ..PoolSettings::default()
    };
    Setup { settings, main: ("localhost", "Acme"), ..Setup::default() }.administered()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_accessible_fits_and_works_with_the_keyboard() {
    let Some([chromium, oathtool]) = tools([CHROMIUM, OATHTOOL]) else { return };
    let Some(mut inspector) = Inspector::new() else { return };
    let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup(), |_| {}));
    let tab = chromium.visitor().await;
    strangers(&mut inspector, &tab, &demo).await;
    accounts_by_mail(&mut inspector, &tab, &demo).await;
    let tab = chromium.visitor().await;
    first_sign_in(&mut inspector, &tab, &demo).await;
    devices(&mut inspector, &tab, &demo).await;
    let phone = user_center(&mut inspector, &tab, &demo, &oathtool).await;
    signing_out(&mut inspector, &tab, &demo).await;
    let tab = chromium.visitor().await;
    second_factor(&mut inspector, &tab, &demo, &phone).await;
    let tab = chromium.visitor().await;
    forced_enrolment(&mut inspector, &tab, &demo, &oathtool).await;
    let tab = chromium.visitor().await;
    locked_out(&mut inspector, &tab, &demo, &phone).await;
    chromium.end().await;

    let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/pages");
    let templates: BTreeSet<String> = std::fs::read_dir(templates)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let missed: Vec<&String> = templates.iter().filter(|name| !inspector.seen().contains(*name)).collect();
    assert!(missed.is_empty(), "templates that were not looked at: {missed:?}");
    inspector.finish();
}

/// What somebody sees who comes from nowhere in particular, or with a broken request.
async fn strangers(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    for (path, id, name) in [
        ("/no-such-page", "error-detail", "error 404"),
        ("/u/sign-out", "error-detail", "error method"),
        ("/oidc/auth", "error-detail", "error request"),
        ("/oidc/auth?client_id=nobody", "error-detail", "error unknown client"),
        (
            "/oidc/auth?client_id=app&redirect_uri=https://evil.example/&response_type=code&scope=openid",
            "error-detail",
            "error redirect URI",
        ),
        ("/login/factor?flow=00000000-0000-7000-8000-000000000000", "error-detail", "error expired flow"),
        ("/login/reset/complete?token=made-up", "error-detail", "error link"),
        ("/login/register/complete?token=made-up", "error-detail", "error registration link"),
        (
            "/oidc/session/end?client_id=app&post_logout_redirect_uri=https://evil.example/",
            "error-detail",
            "error logout address",
        ),
        ("/login?request=made-up", "error-detail", "error sealed request"),
    ] {
        tab.open(&demo.provider(path)).await;
        assert!(tab.sees(&format!("#{id}")).await, "{path}: {}", tab.text("body").await);
        inspector.look(tab, name).await;
    }
    let port = demo.server.address(0).port();
    tab.open(&format!("http://nobody.localhost:{port}/")).await;
    // No pool, no page: plain words, which every browser shows and every reader reads.
    assert_eq!(tab.eval("document.contentType").await, "text/plain");
    assert!(tab.text("body").await.contains("no user pool lives at this address"));
    tab.complaints();
    for (path, name) in [("/", "demo welcome"), ("/nowhere", "demo 404"), ("/callback?state=x", "demo error")]
    {
        tab.open(&format!("{}{path}", demo.url)).await;
        inspector.look(tab, name).await;
    }
}

/// Registration and reset.
async fn accounts_by_mail(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    tab.open(&demo.provider("/u")).await;
    tab.follow("#register").await;
    inspector.look(tab, "register").await;
    tab.fill("#email", "grace@example").await;
    tab.follow("#register-submit").await;
    if tab.sees("#form-error").await {
        inspector.look(tab, "register wrong").await;
    }
    tab.open(&demo.provider("/login/register")).await;
    tab.fill("#email", "grace@example.test").await;
    tab.follow("#register-submit").await;
    inspector.look(tab, "mail_sent").await;
    let link = demo.server.mailed_link("grace@example.test", "/login/register/complete").await.unwrap();
    tab.open(&link).await;
    inspector.look(tab, "register_complete").await;
    tab.fill("#username", "grace").await;
    tab.fill("#password", "password").await;
    tab.follow("#register-complete-submit").await;
    assert!(tab.sees("#form-error").await);
    inspector.look(tab, "register_complete weak password").await;
    tab.fill("#username", "grace").await;
    tab.fill("#password", PASSWORD).await;
    tab.follow("#register-complete-submit").await;
    assert!(tab.sees("#done-next").await, "{}", tab.text("body").await);
    inspector.look(tab, "done registered").await;

    tab.open(&demo.provider("/login/reset")).await;
    inspector.look(tab, "reset_request").await;
    tab.fill("#identifier", "grace").await;
    tab.follow("#reset-submit").await;
    inspector.look(tab, "mail_sent reset").await;
    let link = demo.server.mailed_link("grace@example.test", "/login/reset/complete").await.unwrap();
    tab.open(&link).await;
    inspector.look(tab, "reset_form").await;
    tab.fill("#password", "grace").await;
    tab.follow("#reset-complete-submit").await;
    inspector.look(tab, "reset_form weak password").await;
    tab.fill("#password", &format!("{PASSWORD} anew")).await;
    tab.follow("#reset-complete-submit").await;
    inspector.look(tab, "done reset").await;
    tab.open(&link).await;
    inspector.look(tab, "error used link").await;
}

/// From the application to the application.
async fn first_sign_in(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    tab.open(&demo.url).await;
    tab.follow("#sign-in").await;
    inspector.look(tab, "login").await;
    tab.log_in("alice", "wrong").await;
    inspector.look(tab, "login wrong").await;
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    inspector.look(tab, "consent").await;
    tab.follow("#consent-allow").await;
    inspector.look(tab, "demo signed in").await;
    tab.follow("#refresh").await;
    inspector.look(tab, "demo refreshed").await;
    // An answer that is posted leaves by itself where scripts run, and by a button where they do not.
    let callback = format!("{}/callback", demo.url);
    let encoded: String = url::form_urlencoded::byte_serialize(callback.as_bytes()).collect();
    let silent = "client_id=app&response_type=code&scope=openid&response_mode=form_post&prompt=none";
    let request = demo.provider(&format!("/oidc/auth?{silent}&redirect_uri={encoded}"));
    tab.open(&request).await;
    tab.until("the application", &format!("location.href.startsWith({callback:?})")).await;
    tab.complaints();
    tab.scripts(false).await;
    tab.open(&request).await;
    tab.scripts(true).await;
    assert!(tab.sees("#answer-send").await, "{}", tab.text("body").await);
    inspector.look(tab, "answer").await;
}

/// A device without a browser, and its user's answer.
async fn devices(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    let grants = vec![GrantType::DeviceCode];
    demo.server.add_client("tv", |client| client.grants.clone_from(&grants)).await;
    let mut device = demo.server.rp();
    "tv".clone_into(&mut device.client_id);
    let shown = device.post("/oidc/device", &[("scope", "openid profile email")]).await;
    tab.open(&shown.text("verification_uri")).await;
    inspector.look(tab, "device").await;
    tab.fill("#user-code", "BCDF-GHJK").await;
    tab.follow("#device-submit").await;
    inspector.look(tab, "device wrong").await;
    tab.open(&shown.text("verification_uri_complete")).await;
    inspector.look(tab, "device compare").await;
    tab.follow("#device-submit").await;
    inspector.look(tab, "consent device").await;
    tab.follow("#consent-allow").await;
    inspector.look(tab, "done device").await;
}

/// Every room of the user center; ends with a factor.
async fn user_center(inspector: &mut Inspector, tab: &Tab, demo: &Demo, oathtool: &Path) -> Authenticator {
    tab.open(&demo.provider("/u")).await;
    inspector.look(tab, "home").await;
    tab.open(&demo.provider("/u/security/enable")).await;
    inspector.look(tab, "confirm enable").await;
    for room in ["profile", "password", "sessions", "apps", "activity", "data", "security", "settings"] {
        tab.open(&demo.provider(&format!("/u/{room}"))).await;
        inspector.look(tab, room).await;
    }
    tab.open(&demo.provider("/u/profile")).await;
    tab.fill("#name", "Alice Liddell").await;
    tab.follow("#profile-save").await;
    inspector.look(tab, "profile saved").await;
    profile_in_full(inspector, tab, demo).await;
    tab.open(&demo.provider("/u/password")).await;
    tab.fill("#current-password", "wrong").await;
    tab.fill("#new-password", "also wrong").await;
    tab.follow("#password-save").await;
    inspector.look(tab, "password wrong").await;

    mail_address(inspector, tab, demo).await;
    tab.open(&demo.provider("/u/security")).await;
    tab.follow("#add-totp").await;
    inspector.look(tab, "enrol").await;
    tab.press("#manual summary").await;
    let mut phone = Authenticator::read(tab, oathtool).await;
    inspector.look(tab, "enrol by hand").await;
    tab.fill("#otp", &phone.wrong_code(&demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    inspector.look(tab, "enrol wrong").await;
    tab.fill("#otp", &phone.code(&demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    phone.codes = Authenticator::codes_on(tab).await;
    inspector.look(tab, "reveal").await;
    tab.follow("#codes-next").await;
    inspector.look(tab, "security with a factor").await;
    tab.press("details.fold summary").await;
    inspector.look(tab, "security with a factor unfolded").await;
    demo.server.clock.advance(30);

    // A change needs a recent proof: with the time for it over, password and code are asked again.
    demo.server.clock.advance(3600);
    tab.open(&demo.provider("/u/security")).await;
    tab.follow("#regenerate-codes").await;
    inspector.look(tab, "login asked again").await;
    phone
}

/// Everything that a pool can let people fill in, saved and refused.
async fn profile_in_full(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    let own = |(name, kind): (&str, AttributeType)| Attribute {
        name: name.to_owned(),
        kind,
        edit: Editor::Person,
        claim: None,
        scope: "profile".to_owned(),
        label: Some(format!("Own {name}")),
    };
    let kinds = [
        ("text", AttributeType::String),
        ("number", AttributeType::Integer),
        ("choice", AttributeType::Boolean),
        ("list", AttributeType::StringList),
    ];
    let usual = demo.server.declared().await.settings;
    demo.server
        .rule(|settings| {
            settings.account.profile_fields = PersonalField::ALL.iter().copied().collect();
            settings.attributes = kinds.map(own).to_vec();
        })
        .await;
    tab.open(&demo.provider("/u/profile")).await;
    inspector.look(tab, "profile in full").await;
    tab.fill("#profile-given-name", "Alice").await;
    tab.fill("#profile-street-address", "Weg 1").await;
    tab.fill("#profile-zoneinfo", "Europe/Berlin").await;
    tab.fill("#attribute-list", "de").await;
    tab.fill("#profile-birthdate", "soon").await;
    tab.follow("#profile-save").await;
    assert_eq!(tab.attribute("#profile-birthdate", "aria-invalid").await, "true");
    inspector.look(tab, "profile refused").await;
    tab.fill("#profile-birthdate", "1990-12-31").await;
    tab.follow("#profile-save").await;
    assert!(tab.sees(".alert-success").await, "{}", tab.text("body").await);
    inspector.look(tab, "profile in full saved").await;
    demo.server
        .rule(|settings| {
            settings.account.clone_from(&usual.account);
            settings.attributes.clear();
        })
        .await;
}

/// Another mail address: asked for, proved, and taken back by the old one.
async fn mail_address(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    demo.server.clock.advance(1);
    tab.open(&demo.provider("/u/profile")).await;
    tab.follow("#change-email").await;
    tab.log_in("alice", PASSWORD).await;
    inspector.look(tab, "address").await;
    tab.fill("#email", "alice@example.test").await;
    tab.follow("#address-submit").await;
    inspector.look(tab, "address unchanged").await;
    tab.fill("#email", "alice@new.example").await;
    tab.follow("#address-submit").await;
    inspector.look(tab, "profile pending").await;
    tab.fill("#code", "00000000").await;
    tab.follow("#prove-submit").await;
    inspector.look(tab, "profile wrong code").await;
    let mails = demo.server.mails().await;
    let mail = mails.iter().rfind(|mail| mail.to == "alice@new.example").unwrap();
    let words: Vec<&str> = mail.text.split_whitespace().collect();
    let digits = |word: &&str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let code = words.windows(2).find(|pair| pair.iter().all(digits)).unwrap().join(" ");
    tab.fill("#code", &code).await;
    tab.follow("#prove-submit").await;
    inspector.look(tab, "profile proved").await;
    let link = demo.server.mailed_link("alice@example.test", "/login/address").await.unwrap();
    tab.open(&link).await;
    inspector.look(tab, "address_undo").await;
    tab.follow("#address-undo-submit").await;
    inspector.look(tab, "done address restored").await;
    tab.open(&demo.provider("/u")).await;
    tab.log_in("alice", PASSWORD).await;
    tab.open(&demo.provider("/u/activity")).await;
    inspector.look(tab, "activity of all that").await;
    demo.server.clock.advance(1);
    tab.open(&demo.provider("/u/data/delete")).await;
    tab.log_in("alice", PASSWORD).await;
    inspector.look(tab, "delete").await;
    tab.fill("#username", "somebody").await;
    tab.follow("#delete-submit").await;
    inspector.look(tab, "delete mistyped").await;
}

/// The end of a session, from the application.
async fn signing_out(inspector: &mut Inspector, tab: &Tab, demo: &Demo) {
    tab.open(&demo.provider("/oidc/session/end?client_id=app")).await;
    inspector.look(tab, "logout").await;
    tab.open(&demo.url).await;
    tab.follow("#sign-out").await;
    inspector.look(tab, "demo signed out").await;
}

/// The question for the second factor, with everything that can happen there.
async fn second_factor(inspector: &mut Inspector, tab: &Tab, demo: &Demo, phone: &Authenticator) {
    tab.open(&demo.url).await;
    tab.follow("#sign-in-mfa").await;
    tab.log_in("alice", PASSWORD).await;
    inspector.look(tab, "second_factor").await;
    tab.fill("#otp", &phone.wrong_code(&demo.server.clock)).await;
    tab.follow("#factor-submit").await;
    inspector.look(tab, "second_factor wrong").await;
    tab.press("#other-methods summary").await;
    inspector.look(tab, "second_factor others").await;
    tab.follow("#choose-recovery").await;
    inspector.look(tab, "second_factor recovery").await;
    tab.fill("#recovery-code", "AAAA-BBBB-CCCC").await;
    tab.follow("#factor-submit").await;
    inspector.look(tab, "second_factor recovery wrong").await;
    tab.follow("#cancel").await;
    inspector.look(tab, "demo unmet").await;

    tab.open(&demo.provider("/u")).await;
    tab.log_in("alice", PASSWORD).await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    tab.fill("#recovery-code", &phone.codes[0]).await;
    tab.follow("#factor-submit").await;
    inspector.look(tab, "done recovered").await;
    tab.follow("#done-next").await;
    assert!(tab.sees("#sign-out").await);
    tab.open(&demo.provider("/u/security")).await;
    inspector.look(tab, "security after recovery").await;
    tab.follow("#sign-out").await;
    inspector.look(tab, "signed_out").await;
}

/// An application demands a factor of somebody who has none.
async fn forced_enrolment(inspector: &mut Inspector, tab: &Tab, demo: &Demo, oathtool: &Path) {
    demo.server.add_user("bruno").await;
    tab.open(&demo.url).await;
    tab.follow("#sign-in-mfa").await;
    tab.log_in("bruno", PASSWORD).await;
    inspector.look(tab, "enrol_choice forced").await;
    let phone = Authenticator::read(tab, oathtool).await;
    inspector.look(tab, "enrol forced").await;
    tab.fill("#otp", &phone.code(&demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    inspector.look(tab, "reveal on the way").await;
    let codes = Authenticator::codes_on(tab).await;
    let flow = tab.attribute("[name=flow]", "value").await;
    tab.open(&demo.provider(&format!("/login/codes?flow={flow}"))).await;
    assert_eq!(Authenticator::codes_on(tab).await, codes, "they stay until they are saved");
}

/// Too many wrong codes and passwords.
async fn locked_out(inspector: &mut Inspector, tab: &Tab, demo: &Demo, phone: &Authenticator) {
    tab.open(&demo.provider("/u")).await;
    tab.log_in("alice", PASSWORD).await;
    for _ in 0..12 {
        if !tab.sees("#factor-submit").await {
            break;
        }
        let code = phone.wrong_code(&demo.server.clock);
        tab.fill("#otp", &code).await;
        tab.follow("#factor-submit").await;
    }
    assert!(!tab.sees("#otp").await, "guessing ends");
    inspector.look(tab, "error locked").await;
    tab.open(&demo.provider("/u")).await;
    for _ in 0..30 {
        tab.log_in("bruno", "wrong").await;
        if tab.text("body").await.contains("Too many") {
            break;
        }
    }
    assert!(tab.text("body").await.contains("Too many"));
    inspector.look(tab, "login throttled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inspector_finds_what_is_wrong_with_a_page() {
    let Some([chromium]) = tools([CHROMIUM]) else { return };
    let Some(mut inspector) = Inspector::new() else { return };
    let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup(), |_| {}));
    let tab = chromium.visitor().await;
    tab.open(&demo.provider("/u")).await;
    // A picture from elsewhere without a text, a button without a name and without a visible focus that is wider
    // than any window, and a link that the keyboard cannot reach.
    let spoil = "(() => {
        const [picture, button, link] = ['img', 'button', 'a'].map(name => document.createElement(name));
        picture.src = 'https://elsewhere.invalid/picture.png';
        Object.assign(button.style, { width: '2000px', height: '40px', outline: 'none' });
        link.href = '/u'; link.textContent = 'never reached';
        const box = document.createElement('div'); box.append(link);
        link.addEventListener('focus', () => link.blur());
        document.querySelector('main').append(picture, button, box);
        return null;
    })()";
    tab.eval(spoil).await;
    inspector.look(&tab, "spoilt").await;
    let wrong = inspector.wrong().join("\n");
    for what in [
        "wider than the window",
        "image-alt",
        "button-name",
        "no visible focus",
        "the Tab key never reaches",
        "Content Security Policy",
    ] {
        assert!(wrong.contains(what), "{what} was not found:\n{wrong}");
    }
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_needs_nothing_but_the_keyboard() {
    let Some([chromium, oathtool]) = tools([CHROMIUM, OATHTOOL]) else { return };
    let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup(), |_| {}));
    let tab = chromium.visitor().await;
    demo.enter(&tab, "alice", None).await;
    let phone = demo.enrol(&tab, &oathtool).await;

    let tab = chromium.visitor().await;
    tab.open(&demo.url).await;
    tab.tab_to("#sign-in").await;
    tab.key_through("Enter").await;
    // The first field has the focus already.
    tab.type_in("alice").await;
    tab.key("Tab").await;
    tab.type_in(PASSWORD).await;
    tab.key_through("Enter").await;
    tab.type_in(&phone.code(&demo.server.clock)).await;
    tab.tab_to("#factor-submit").await;
    tab.key_through("Space").await;
    tab.tab_to("#consent-allow").await;
    tab.key_through("Enter").await;
    assert_eq!(tab.text("#claim-acr .value").await, "urn:vestibule:acr:mfa");
    assert_eq!(tab.complaints(), Vec::<String>::new());
    // The link past the navigation is the first stop, and leads to the content.
    tab.open(&demo.provider("/u/security")).await;
    tab.key("Tab").await;
    assert!(tab.sees(".skip:focus").await);
    tab.key("Enter").await;
    tab.until("the focus in the content", "document.activeElement.id === 'main'").await;
    chromium.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_without_scripts() {
    let Some([chromium, oathtool]) = tools([CHROMIUM, OATHTOOL]) else { return };
    let setup = Setup {
        settings: PoolSettings { mfa: vestibule_domain::Policy::of(MfaMode::Required), ..setup().settings },
        ..setup()
    };
    let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup, |_| {}));
    let tab = chromium.visitor().await;
    tab.scripts(false).await;
    tab.open(&demo.url).await;
    tab.follow("#sign-in").await;
    assert!(!tab.sees(".reveal-button").await, "no button that would do nothing");
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#choose-totp").await;
    tab.press("#manual summary").await;
    assert!(tab.sees("#totp-secret").await);
    let phone = Authenticator::read(&tab, &oathtool).await;
    tab.fill("#otp", &phone.code(&demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    for button in ["#copy-codes", "#download-codes", "#print-codes"] {
        assert!(!tab.sees(button).await, "{button} would do nothing");
    }
    let codes = Authenticator::codes_on(&tab).await;
    tab.follow("#codes-next").await;
    tab.follow("#consent-allow").await;
    assert_eq!(tab.text("#claim-acr .value").await, "urn:vestibule:acr:mfa");
    tab.follow("#sign-out").await;

    demo.server.clock.advance(30);
    tab.follow("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    tab.fill("#recovery-code", &codes[0]).await;
    tab.follow("#factor-submit").await;
    assert!(tab.sees("#done-next").await);
    chromium.end().await;
}
