//! The acceptance suite of `config/presets/experimental-iam.toml`: a second factor that is being tried out, on one
//! button. Each test is a row of the product's documentation for its users.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vestibule_browser_tests::{Authenticator, Preset, Tab};
use vestibule_domain::{Credential, MfaMode};
use vestibule_tests::PASSWORD;

const OFF: &str = "MFA is disabled for your account.";
const ON: &str = "MFA is enabled for your account.";

async fn iam() -> Option<Preset> {
    Preset::start("experimental-iam").await
}

/// Opens the dashboard and presses *Enable MFA*, then *Enable MFA* on what opens.
async fn to_the_qr_code(iam: &Preset, tab: &Tab) {
    tab.open(&iam.provider("/u")).await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    assert!(tab.sees("#qr").await, "{}", tab.text("body").await);
}

/// Sam, who has enabled it, and the tab where that happened.
async fn enabled(iam: &Preset) -> (Tab, Authenticator) {
    let tab = iam.signed_in("sam", None).await;
    to_the_qr_code(iam, &tab).await;
    let phone = iam.confirm(&tab).await;
    assert!(tab.text("#mfa-status").await.starts_with(ON), "{}", tab.text("body").await);
    (tab, phone)
}

/// How the dashboard says that it stands.
async fn status(iam: &Preset, tab: &Tab) -> String {
    tab.open(&iam.provider("/u")).await;
    tab.text("#mfa-status").await
}

/// What the database keeps of Sam's factors.
async fn kept(iam: &Preset) -> Vec<Credential> {
    let rows = iam.server.rows();
    let sam = rows.user_by_identifier("sam").await.unwrap().unwrap();
    rows.credentials(sam.user.id).await.unwrap()
}

/// The label with the contact, as it is on every page about this.
async fn assert_experimental(tab: &Tab, place: &str) {
    assert!(tab.sees("#experimental .badge").await, "{place}: {}", tab.text("body").await);
    assert_eq!(tab.text("#experimental .badge").await, "Experimental", "{place}");
    assert!(tab.text("#experimental").await.contains("Contact us"), "{place}");
    assert_eq!(tab.attribute("#experimental a", "href").await, "mailto:contact@iam.example", "{place}");
}

/// X1. Dashboard: button *Enable MFA* when off, *Disable MFA* when on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x1_dashboard_has_enable_mfa_when_off_and_disable_mfa_when_on() {
    let Some(iam) = iam().await else { return };
    let tab = iam.signed_in("sam", None).await;
    assert_eq!(tab.text("[aria-current=page]").await, "Dashboard");
    assert!(tab.sees("#mfa-enable").await && !tab.sees("#mfa-disable").await);
    assert_eq!(tab.text("#mfa-enable").await, "Enable MFA");
    to_the_qr_code(&iam, &tab).await;
    iam.confirm(&tab).await;
    tab.open(&iam.provider("/u")).await;
    assert!(tab.sees("#mfa-disable").await && !tab.sees("#mfa-enable").await);
    assert_eq!(tab.text("#mfa-disable").await, "Disable MFA");
    iam.end(&tab).await;
}

/// X2. Popup shows current status before acting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x2_what_opens_shows_the_current_status_and_changes_nothing() {
    let Some(iam) = iam().await else { return };
    let tab = iam.signed_in("sam", None).await;
    tab.follow("#mfa-enable").await;
    assert_eq!(tab.text("h1").await, "Enable MFA?");
    assert_eq!(tab.text("#mfa-status").await, OFF);
    tab.follow("#cancel").await;
    assert_eq!(status(&iam, &tab).await, OFF);

    to_the_qr_code(&iam, &tab).await;
    let phone = iam.confirm(&tab).await;
    tab.open(&iam.provider("/u")).await;
    tab.follow("#mfa-disable").await;
    iam.answer(&tab, &phone).await;
    assert_eq!(tab.text("h1").await, "Disable MFA?");
    assert_eq!(tab.text("#mfa-status").await, ON);
    tab.follow("#cancel").await;
    assert!(status(&iam, &tab).await.starts_with(ON));
    iam.end(&tab).await;
}

/// X3. Any authenticator scans the QR code, or manual code entry.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x3_the_qr_code_suits_any_authenticator_and_can_be_typed_in_instead() {
    let Some(iam) = iam().await else { return };
    let tab = iam.signed_in("sam", None).await;
    to_the_qr_code(&iam, &tab).await;
    let (scanned, phone) = iam.scan(&tab).await;
    assert_eq!((scanned.label.as_str(), scanned.parameter("issuer")), ("IAM:sam@iam.example", "IAM"));
    // What some apps ignore must be what all apps assume.
    for (name, usual) in [("algorithm", "SHA1"), ("digits", "6"), ("period", "30")] {
        assert!(["", usual].contains(&scanned.parameter(name)), "{}", scanned.url);
    }
    assert!(!tab.sees("#totp-secret").await);
    tab.press("#manual summary").await;
    assert!(tab.sees("#totp-secret").await);
    let typed: String = tab.text("#totp-secret").await.split_whitespace().collect();
    assert_eq!(typed, phone.secret);
    let by_hand = Authenticator::with(&typed, &iam.oathtool);
    tab.fill("#otp", &by_hand.code(&iam.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(status(&iam, &tab).await.starts_with(ON));
    iam.end(&tab).await;
}

/// X4. Valid TOTP + Submit → enabled; wrong → stays off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x4_a_wrong_totp_leaves_it_off_and_a_valid_one_enables_it() {
    let Some(iam) = iam().await else { return };
    let tab = iam.signed_in("sam", None).await;
    to_the_qr_code(&iam, &tab).await;
    let (_, phone) = iam.scan(&tab).await;
    assert_eq!(tab.text("#enrol-submit").await, "Submit");
    tab.fill("#otp", &phone.wrong_code(&iam.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#form-error").await && tab.sees("#qr").await);
    assert_eq!(iam.scan(&tab).await.1.secret, phone.secret, "the code that was scanned is still good");
    let elsewhere = iam.signed_in("sam", None).await;
    assert_eq!(status(&iam, &elsewhere).await, OFF);
    assert!(kept(&iam).await.is_empty());

    tab.fill("#otp", &phone.code(&iam.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(status(&iam, &tab).await.starts_with(ON));
    assert_eq!(kept(&iam).await.len(), 1, "and nothing comes with it");
    iam.end(&tab).await;
}

/// X5. Additional TOTP screen after password.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x5_login_has_an_additional_totp_screen_after_the_password() {
    let Some(iam) = iam().await else { return };
    let (_, phone) = enabled(&iam).await;
    let tab = iam.at_application("#sign-in", "sam").await;
    assert_eq!(tab.text("h1").await, "Multi-factor authentication (MFA)");
    assert_eq!(tab.text("label[for=otp]").await, "TOTP");
    assert_eq!(tab.text("#factor-submit").await, "Submit");
    assert!(!tab.sees("#remember").await && !tab.sees("#other-methods").await);
    iam.answer(&tab, &phone).await;
    assert_eq!(iam.claims(&tab).await, ("urn:vestibule:acr:mfa".to_owned(), "mfa otp pwd".to_owned()));
    iam.end(&tab).await;
}

/// X6. Disable → TOTP prompt → Submit → off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x6_disable_asks_for_a_totp_and_turns_it_off() {
    let Some(iam) = iam().await else { return };
    let (_, phone) = enabled(&iam).await;
    let tab = iam.signed_in("sam", Some(&phone)).await;
    tab.follow("#mfa-disable").await;
    assert!(tab.sees("#otp").await && !tab.sees("#password").await, "the code of the login is not enough");
    assert_eq!(tab.text("#factor-submit").await, "Submit");
    iam.answer(&tab, &phone).await;
    assert_eq!(tab.text("#mfa-status").await, ON);
    tab.follow("#confirm-submit").await;
    assert!(tab.text("[role=status]").await.contains(OFF), "{}", tab.text("body").await);
    assert_eq!(status(&iam, &tab).await, OFF);
    assert!(tab.sees("#mfa-enable").await);
    iam.end(&tab).await;
}

/// X7. Wrong or replayed TOTP → stays on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x7_a_wrong_or_replayed_totp_leaves_it_on() {
    let Some(iam) = iam().await else { return };
    let clock = &iam.server.clock;
    let (_, phone) = enabled(&iam).await;
    let tab = iam.visitor().await;
    iam.enter(&tab, "sam", None).await;
    clock.advance(30);
    let used = phone.code(clock);
    tab.fill("#otp", &used).await;
    tab.follow("#factor-submit").await;
    tab.follow("#mfa-disable").await;
    for code in [used, phone.wrong_code(clock)] {
        tab.fill("#otp", &code).await;
        tab.follow("#factor-submit").await;
        assert!(tab.sees("#form-error").await && tab.sees("#otp").await, "{}", tab.text("body").await);
        assert!(!tab.sees("#confirm-submit").await);
    }
    assert!(status(&iam, &tab).await.starts_with(ON));

    // Nor does the request itself, without the page.
    let mut browser = iam.server.browser();
    let page = browser.sign_in("sam").await;
    clock.advance(30);
    let page = browser.answer(&page, &phone.code(clock)).await;
    let mut form = page.form_of("#sign-out");
    form.action = "/u/security/disable".to_owned();
    let page = browser.submit(form).await;
    assert!(page.has_id("factor-submit"), "a code first: {}", page.body);
    assert_eq!(kept(&iam).await.len(), 1);
    iam.signed_in("sam", Some(&phone)).await;
    iam.end(&tab).await;
}

/// X8. Next login single-step; secret destroyed; new QR differs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x8_once_off_login_is_one_step_and_the_secret_is_gone() {
    let Some(iam) = iam().await else { return };
    let (tab, old) = enabled(&iam).await;
    tab.follow("#mfa-disable").await;
    iam.answer(&tab, &old).await;
    tab.follow("#confirm-submit").await;
    assert!(kept(&iam).await.is_empty(), "nothing is left of it");
    let tab = iam.at_application("#sign-in", "sam").await;
    assert_eq!(iam.claims(&tab).await, ("urn:vestibule:acr:1fa".to_owned(), "pwd".to_owned()));
    to_the_qr_code(&iam, &tab).await;
    let (_, new) = iam.scan(&tab).await;
    assert_ne!(new.secret, old.secret);
    tab.fill("#otp", &old.code(&iam.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#form-error").await, "the old secret confirms nothing");
    iam.end(&tab).await;
}

/// X9. *Experimental* label and support contact, also on failed login.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x9_the_experimental_label_and_the_contact_are_everywhere() {
    let Some(iam) = iam().await else { return };
    let tab = iam.visitor().await;
    tab.open(&iam.provider("/u")).await;
    assert_experimental(&tab, "the login page").await;
    tab.log_in("sam", "not the password").await;
    assert!(tab.sees("#form-error").await);
    assert_experimental(&tab, "a failed login").await;
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    for path in ["/u", "/u/profile", "/u/security", "/u/security/enable", "/u/security/enrol/totp"] {
        tab.open(&iam.provider(path)).await;
        assert_experimental(&tab, path).await;
    }
    let phone = iam.confirm(&tab).await;
    for path in ["/u", "/u/security", "/u/security/manage", "/u/security/disable"] {
        tab.open(&iam.provider(path)).await;
        assert_experimental(&tab, path).await;
    }
    let tab = iam.visitor().await;
    iam.enter(&tab, "sam", None).await;
    assert_experimental(&tab, "the TOTP screen").await;
    for _ in 0..40 {
        if !tab.sees("#factor-submit").await {
            break;
        }
        tab.fill("#otp", &phone.wrong_code(&iam.server.clock)).await;
        tab.follow("#factor-submit").await;
        assert_experimental(&tab, "a failed TOTP").await;
    }
    assert!(!tab.sees("#otp").await, "guessing ends: {}", tab.text("body").await);
    iam.end(&tab).await;
}

/// X10. Feature flag off hides enrolment; enrolled users still challenged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x10_with_the_flag_off_nobody_enrols_and_who_has_is_still_asked() {
    let Some(iam) = iam().await else { return };
    let (_, phone) = enabled(&iam).await;
    let mut pool = iam.server.declared().await;
    pool.settings.mfa.everybody.mode = Some(MfaMode::Off);
    iam.server.admin().apply(&[pool]).await.unwrap();
    iam.server.refresh().await;

    let tab = iam.signed_in("admin", None).await;
    for path in ["/u", "/u/profile", "/u/security", "/u/security/manage"] {
        tab.open(&iam.provider(path)).await;
        for control in ["#mfa-enable", "#add-totp", "a[href*='/enable']", "a[href*='/enrol']"] {
            assert!(!tab.sees(control).await, "{control} on {path}");
        }
    }
    for path in ["/u/security/enable", "/u/security/enrol/totp"] {
        tab.open(&iam.provider(path)).await;
        assert!(!tab.sees("#qr").await && !tab.sees("#confirm-submit").await, "{path}");
    }

    let tab = iam.at_application("#sign-in", "sam").await;
    assert!(tab.sees("#otp").await, "{}", tab.text("body").await);
    iam.answer(&tab, &phone).await;
    assert_eq!(iam.claims(&tab).await.0, "urn:vestibule:acr:mfa");
    // The way out stays open, and there is none back in.
    tab.open(&iam.provider("/u/security/disable")).await;
    iam.answer(&tab, &phone).await;
    tab.follow("#confirm-submit").await;
    assert_eq!(status(&iam, &tab).await, OFF);
    assert!(!tab.sees("#mfa-enable").await);
    iam.end(&tab).await;
}
