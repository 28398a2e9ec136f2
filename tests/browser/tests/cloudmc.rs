//! The preset `cloudmc`, row by row: a cloud console that recommends the second factor and forces nobody.

use vestibule_browser_tests::{Authenticator, Preset, Tab};
use vestibule_tests::{Browser, PASSWORD, Page};

const PRESET: &str = "cloudmc";

/// What the console is told of a sign-in.
fn told(acr: &str, amr: &str) -> (String, String) {
    (format!("urn:vestibule:acr:{acr}"), amr.to_owned())
}

/// What stands on a page, as its reader sees it.
async fn words(tab: &Tab) -> String {
    tab.text("main").await
}

/// User menu → My profile → Security, as the manual leads there.
async fn to_security(preset: &Preset, tab: &Tab) {
    tab.open(&preset.provider("/u")).await;
    tab.follow("#account-name").await;
    tab.follow(".nav-side a[href='/u/security']").await;
}

/// Answers the prompt for the password that stands before what was asked for, at least a second after the sign-in.
async fn confirm_password(preset: &Preset, tab: &Tab) {
    assert_eq!(tab.text("h1").await, "Confirm your password", "{}", words(tab).await);
    assert_eq!(tab.text("#login-submit").await, "Confirm");
    preset.server.clock.advance(1);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
}

/// From the security page to the QR code.
async fn to_qr_code(preset: &Preset, tab: &Tab) {
    to_security(preset, tab).await;
    tab.follow("#mfa-enable").await;
    confirm_password(preset, tab).await;
    tab.follow("#confirm-submit").await;
    assert!(tab.sees("#qr svg").await, "{}", words(tab).await);
}

/// Enables two-factor authentication; the tab is at the security page again, and the next token is good.
async fn enabled(preset: &Preset, tab: &Tab) -> Authenticator {
    to_qr_code(preset, tab).await;
    let mut phone = preset.confirm(tab).await;
    phone.codes = Authenticator::codes_on(tab).await;
    tab.follow("#codes-next").await;
    phone
}

/// Robin, signed in, with two-factor authentication enabled.
async fn robin_enabled(preset: &Preset) -> (Tab, Authenticator) {
    let tab = preset.signed_in("robin", None).await;
    let phone = enabled(preset, &tab).await;
    (tab, phone)
}

/// "Manage", and the password that it asks for.
async fn manage(preset: &Preset, tab: &Tab) {
    to_security(preset, tab).await;
    tab.follow("#mfa-manage").await;
    confirm_password(preset, tab).await;
}

/// Types a backup code where a sign-in asks for a token.
async fn recover(tab: &Tab, code: &str) {
    if !tab.sees("#recovery-code").await {
        tab.press("#other-methods summary").await;
        assert!(tab.text("#choose-recovery").await.starts_with("Backup codes"));
        tab.follow("#choose-recovery").await;
    }
    tab.fill("#recovery-code", code).await;
    tab.follow("#factor-submit").await;
}

/// M1: User menu → My profile → Security; the button *Enable two-factor authentication (2FA)* at the bottom.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m1_the_security_page_has_the_enable_button_at_its_bottom() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    // The user menu is in the upper right corner.
    let corner = "(() => { const b = document.querySelector('#account-name').getBoundingClientRect();
        return b.top < 80 && b.left > innerWidth / 2; })()";
    assert!(tab.eval(corner).await == true);
    assert_eq!(tab.text("#account-name").await, "Robin Example");
    tab.follow("#account-name").await;
    assert_eq!(tab.text("h1").await, "My profile");
    assert_eq!(tab.text(".nav-side a[href='/u/profile']").await, "My profile");
    assert_eq!(tab.text(".nav-side a[href='/u/security']").await, "Security");
    tab.follow(".nav-side a[href='/u/security']").await;
    assert_eq!(tab.text("#mfa-enable").await, "Enable two-factor authentication (2FA)");
    assert!(tab.sees("#mfa-enable").await && !tab.sees("#mfa-manage").await);
    let last = "Array.from(document.querySelectorAll('main a, main button, main input'))
        .filter(e => e.checkVisibility()).at(-1).id";
    assert_eq!(tab.eval(last).await, "mfa-enable", "nothing stands below it");
    preset.end(&tab).await;
}

/// M2: password prompt → Confirm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m2_enabling_asks_for_the_password_first() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    to_security(&preset, &tab).await;
    tab.follow("#mfa-enable").await;
    assert_eq!(tab.text("h1").await, "Confirm your password");
    assert_eq!(tab.text("label[for=password]").await, "Password");
    assert_eq!(tab.eval("document.querySelector('#username').readOnly").await, true);
    tab.fill("#password", "not the password").await;
    tab.follow("#login-submit").await;
    assert!(tab.sees("#form-error").await && tab.sees("#password").await, "{}", words(&tab).await);
    // Not by another address either: the secret stays behind the password.
    for path in ["/u/security/enable", "/u/security/enrol/totp"] {
        tab.open(&preset.provider(path)).await;
        assert!(tab.sees("#password").await && !tab.sees("#qr").await, "{path}: {}", words(&tab).await);
    }
    confirm_password(&preset, &tab).await;
    assert!(tab.url().await.ends_with("/u/security/enrol/totp"), "{}", tab.url().await);
    assert!(tab.sees("#qr svg").await, "{}", words(&tab).await);
    preset.end(&tab).await;
}

/// M3: LastPass, 1Password, Google and Microsoft scan the QR code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m3_the_qr_code_is_one_that_the_named_generators_scan() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    to_qr_code(&preset, &tab).await;
    let (scanned, phone) = preset.scan(&tab).await;
    assert!(scanned.url.starts_with("otpauth://totp/"), "{}", scanned.url);
    assert_eq!(scanned.label, "Cloud Console:robin@cloudmc.example");
    assert_eq!(scanned.parameter("issuer"), "Cloud Console");
    // What all four understand: SHA-1, six digits, thirty seconds, which is also what is meant where nothing is said.
    for (name, value) in [("algorithm", "SHA1"), ("digits", "6"), ("period", "30")] {
        assert!(["", value].contains(&scanned.parameter(name)), "{}", scanned.url);
    }
    assert_eq!(phone.secret.len(), 32, "160 bits in base32: {}", phone.secret);
    assert!(!tab.sees("#manual").await, "the QR code alone");

    assert!(tab.sees("#authenticators a").await, "the links are there at once");
    let names =
        "Array.from(document.querySelectorAll('#authenticators li > span'), e => e.textContent.trim())";
    let expected = ["LastPass Authenticator", "1Password", "Google Authenticator", "Microsoft Authenticator"];
    assert_eq!(tab.eval(names).await, serde_json::json!(expected));
    let stores = "Array.from(document.querySelectorAll('#authenticators li'), li =>
        Array.from(li.querySelectorAll('a'), a => new URL(a.href).hostname).join(' '))";
    let stores = tab.eval(stores).await;
    assert_eq!(stores, serde_json::json!(vec!["play.google.com apps.apple.com"; 4]));
    preset.end(&tab).await;
}

/// M4: a token and *Enable* activate; a wrong token does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m4_a_right_token_activates_and_a_wrong_one_does_not() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    to_qr_code(&preset, &tab).await;
    assert_eq!(tab.text("label[for=otp]").await, "One-time token");
    assert_eq!(tab.text("#enrol-submit").await, "Enable");
    let (scanned, phone) = preset.scan(&tab).await;
    tab.fill("#otp", &phone.wrong_code(&preset.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.text("#form-error").await.contains("not valid"));
    let other = preset.at_application("#sign-in", "robin").await;
    assert_eq!(preset.claims(&other).await, told("1fa", "pwd"), "nothing is active");

    assert_eq!(preset.scan(&tab).await.0.url, scanned.url, "a typing error costs no new scan");
    tab.fill("#otp", &phone.code(&preset.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#recovery-codes").await, "{}", words(&tab).await);
    let other = preset.at_application("#sign-in", "robin").await;
    assert!(other.sees("#otp").await, "{}", words(&other).await);
    preset.answer(&other, &phone).await;
    assert_eq!(preset.claims(&other).await, told("mfa", "mfa otp pwd"));
    preset.end(&tab).await;
}

/// A sign-in that stands before the token, in a browser without scripts, and has chosen the backup codes.
async fn before_backup_code(preset: &Preset) -> (Browser, Page) {
    let mut browser = preset.server.browser();
    let page = browser.sign_in("robin").await;
    let page = browser.submit(page.form_of("#choose-recovery")).await;
    assert!(page.has_id("recovery-code"), "{}", page.body);
    (browser, page)
}

/// M5: a list of backup codes follows; each works once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m5_a_list_of_backup_codes_follows_and_each_works_once() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    to_qr_code(&preset, &tab).await;
    preset.confirm(&tab).await;
    assert_eq!(tab.text("h1").await, "Your backup codes");
    assert_eq!(tab.text(".sheet-for").await, "Backup codes for Cloud Console, account robin");
    let codes = Authenticator::codes_on(&tab).await;
    assert_eq!(codes.len(), 10);
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10, "{codes:?}");
    for control in ["#copy-codes", "#download-codes", "#print-codes"] {
        assert!(tab.sees(control).await, "{control}");
    }
    tab.follow("#codes-next").await;
    assert!(tab.text("#recovery-left").await.contains("10"), "{}", words(&tab).await);

    let mut spent: Option<&String> = None;
    for code in &codes {
        let (mut browser, mut page) = before_backup_code(&preset).await;
        if let Some(spent) = spent {
            page = browser.answer(&page, spent).await;
            assert!(page.text("#form-error").contains("used already"), "twice: {}", page.body);
        }
        let in_ = browser.answer(&page, code).await;
        assert!(in_.has_id("qr"), "{code} did not open the door: {}", in_.body);
        spent = Some(code);
    }
    // All ten are spent: there is none left to choose.
    let page = preset.server.browser().sign_in("robin").await;
    assert!(page.has_id("otp") && !page.has_id("choose-recovery"), "{}", page.body);
    preset.end(&tab).await;
}

/// M6: username and password are verified first, then the token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m6_the_password_is_verified_before_the_token_is_asked() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = robin_enabled(&preset).await;
    let tab = preset.visitor().await;
    tab.open(&preset.url).await;
    tab.follow("#sign-in").await;
    assert!(tab.sees("#username").await && tab.sees("#password").await && !tab.sees("#otp").await);
    tab.log_in("robin", "not the password").await;
    assert!(tab.sees("#form-error").await && !tab.sees("#otp").await, "{}", words(&tab).await);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    assert_eq!(tab.text("h1").await, "Two-factor authentication");
    assert_eq!(tab.text("label[for=otp]").await, "One-time token");
    assert!(!tab.sees("#password").await);
    // Between the two nobody is in.
    let pending = tab.url().await;
    tab.open(&preset.provider("/u")).await;
    assert!(!tab.sees("#sign-out").await, "{}", words(&tab).await);
    tab.open(&pending).await;
    tab.fill("#otp", &phone.wrong_code(&preset.server.clock)).await;
    tab.follow("#factor-submit").await;
    assert!(tab.sees("#form-error").await && tab.sees("#otp").await, "{}", words(&tab).await);
    preset.answer(&tab, &phone).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    preset.end(&tab).await;
}

/// M7: a backup code signs in, then the user re-enables with a new generator; the old secret dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m7_a_backup_code_leads_to_a_new_generator_and_the_old_secret_dies() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, lost) = robin_enabled(&preset).await;
    let tab = preset.at_application("#sign-in", "robin").await;
    recover(&tab, &lost.codes[2]).await;
    // In, and nowhere but to the new generator.
    assert!(tab.text("#reason").await.starts_with("Your backup code let you in."), "{}", words(&tab).await);
    assert!(tab.sees("#qr svg").await && !tab.sees("#enrol-skip").await);
    let enrolling = tab.url().await;
    tab.open(&preset.provider("/u/security")).await;
    assert!(!tab.sees("#sign-out").await, "{}", words(&tab).await);
    tab.open(&enrolling).await;
    let mut found = preset.confirm(&tab).await;
    assert_ne!(found.secret, lost.secret);
    found.codes = Authenticator::codes_on(&tab).await;
    assert!(found.codes.iter().all(|code| !lost.codes.contains(code)), "the list is a new one");
    tab.follow("#codes-next").await;
    assert_eq!(preset.claims(&tab).await.0, "urn:vestibule:acr:mfa");

    preset.server.clock.advance(30);
    let tab = preset.at_application("#sign-in", "robin").await;
    tab.fill("#otp", &lost.code(&preset.server.clock)).await;
    tab.follow("#factor-submit").await;
    assert!(tab.text("#form-error").await.contains("not valid"), "the old generator is dead");
    recover(&tab, &lost.codes[3]).await;
    assert!(
        tab.sees("#form-error").await && !tab.sees("#qr").await,
        "and so are the codes that came with it"
    );
    tab.press("#other-methods summary").await;
    tab.follow("#choose-totp").await;
    preset.answer(&tab, &found).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    tab.open(&preset.provider("/u/security")).await;
    assert_eq!(tab.eval("document.querySelectorAll('#factors > li').length").await, 1);
    preset.end(&tab).await;
}

/// M8: the button becomes *Manage 2FA*; the password is asked again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m8_the_button_becomes_manage_and_asks_for_the_password_again() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = robin_enabled(&preset).await;
    preset.server.clock.advance(30);
    let tab = preset.signed_in("robin", Some(&phone)).await;
    to_security(&preset, &tab).await;
    assert_eq!(tab.text("#mfa-manage").await, "Manage two-factor authentication (2FA)");
    assert!(!tab.sees("#mfa-enable").await);
    tab.follow("#mfa-manage").await;
    // Though it was typed a moment ago, to sign in.
    assert_eq!(tab.text("h1").await, "Confirm your password");
    tab.fill("#password", "not the password").await;
    tab.follow("#login-submit").await;
    assert!(tab.sees("#form-error").await && !tab.sees("#regenerate-codes").await, "{}", words(&tab).await);
    confirm_password(&preset, &tab).await;
    assert_eq!(tab.text("h1").await, "Manage two-factor authentication (2FA)");
    assert_eq!(tab.text("#regenerate-codes").await, "Regenerate backup codes");
    assert_eq!(tab.text("#mfa-disable").await, "Disable two-factor authentication");
    // What it asked for is not asked again behind it.
    tab.follow("#mfa-disable").await;
    assert!(tab.sees("#confirm-submit").await, "{}", words(&tab).await);
    tab.follow("#cancel").await;
    assert!(tab.sees("#mfa-manage").await, "and nothing is changed: {}", words(&tab).await);
    preset.end(&tab).await;
}

/// M9: *Regenerate backup codes* shows a new list; all old codes fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m9_regenerated_backup_codes_work_and_all_old_ones_fail() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = robin_enabled(&preset).await;
    preset.server.clock.advance(30);
    let tab = preset.signed_in("robin", Some(&phone)).await;
    manage(&preset, &tab).await;
    tab.follow("#regenerate-codes").await;
    assert_eq!(tab.text("h1").await, "Regenerate your backup codes?");
    assert!(tab.text("#confirm-detail").await.contains("stop working"));
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.text("h1").await, "Your backup codes");
    let new = Authenticator::codes_on(&tab).await;
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !phone.codes.contains(code)));

    // Who guesses often is made to wait, so a right one comes in between.
    for (old, new) in phone.codes.chunks(4).zip(&new) {
        let (mut browser, mut page) = before_backup_code(&preset).await;
        for code in old {
            page = browser.answer(&page, code).await;
            assert!(page.text("#form-error").contains("not valid"), "{code} works: {}", page.body);
        }
        let page = browser.answer(&page, new).await;
        assert!(page.has_id("qr"), "a new one does not work: {}", page.body);
    }
    preset.end(&tab).await;
}

/// M10: *Disable* → the next login takes the password only.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m10_after_disabling_the_next_login_takes_the_password_only() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let (_, phone) = robin_enabled(&preset).await;
    preset.server.clock.advance(30);
    let tab = preset.signed_in("robin", Some(&phone)).await;
    manage(&preset, &tab).await;
    tab.follow("#mfa-disable").await;
    assert_eq!(tab.text("h1").await, "Disable two-factor authentication?");
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.attribute("#mfa-status", "data-state").await, "off");
    assert_eq!(tab.text("#mfa-enable").await, "Enable two-factor authentication (2FA)");

    let next = preset.at_application("#sign-in", "robin").await;
    assert_eq!(preset.claims(&next).await, told("1fa", "pwd"));
    // The secret is gone: enabled once more, it is another one, and the codes are others.
    let again = preset.signed_in("robin", None).await;
    let other = enabled(&preset, &again).await;
    assert_ne!(other.secret, phone.secret);
    assert!(other.codes.iter().all(|code| !phone.codes.contains(code)));

    // A stolen session with the password alone does not get that far: a token has to be recent as well.
    preset.server.clock.advance(400);
    manage(&preset, &again).await;
    again.follow("#mfa-disable").await;
    assert!(again.sees("#otp").await && !again.sees("#confirm-submit").await, "{}", words(&again).await);
    preset.end(&again).await;
}

/// M11: opt-in, recommended and not forced.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m11_it_is_recommended_and_nobody_is_forced() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    for user in ["robin", "admin"] {
        let tab = preset.at_application("#sign-in", user).await;
        assert_eq!(preset.claims(&tab).await, told("1fa", "pwd"), "straight to the console");
    }
    let tab = preset.signed_in("robin", None).await;
    let recommended =
        "It is off. We recommend to enable it: your password is all that protects your account.";
    for page in ["/u", "/u/profile", "/u/security"] {
        tab.open(&preset.provider(page)).await;
        assert_eq!(tab.text("#mfa-status").await, recommended, "{page}");
    }
    assert_eq!(tab.attribute("#mfa-state", "data-policy").await, "optional");
    assert_eq!(tab.text("#policy-note").await, "Nobody has to: it is up to you.");
    // Nor is it kept from a user who wants to switch it off again.
    enabled(&preset, &tab).await;
    assert!(tab.sees("#mfa-disable").await, "{}", words(&tab).await);
    preset.end(&tab).await;
}

/// M12: localised screens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn m12_the_screens_speak_the_users_language() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let tab = preset.signed_in("robin", None).await;
    tab.open(&preset.provider("/u/profile")).await;
    tab.eval("document.querySelector('#locale').value = 'fr'; null").await;
    tab.follow("#profile-save").await;
    assert_eq!(tab.text("h1").await, "Mon profil");
    assert_eq!(tab.eval("document.documentElement.lang").await, "fr");
    to_security(&preset, &tab).await;
    assert_eq!(tab.text("#mfa-enable").await, "Activer l’authentification à deux facteurs (2FA)");
    tab.follow("#mfa-enable").await;
    preset.server.clock.advance(1);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    assert_eq!(tab.text("h1").await, "Activer l’authentification à deux facteurs ?");
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.text("label[for=otp]").await, "Jeton à usage unique");
    assert_eq!(tab.text("#enrol-submit").await, "Activer");
    assert_eq!(
        tab.attribute("#factor-label", "value").await,
        "Générateur de jetons",
        "the name that is proposed"
    );
    preset.confirm(&tab).await;
    assert_eq!(tab.text("h1").await, "Vos codes de secours");
    assert_eq!(tab.text(".sheet-for").await, "Codes de secours pour Cloud Console, compte robin");
    tab.follow("#codes-next").await;
    assert_eq!(tab.text("#mfa-manage").await, "Gérer l’authentification à deux facteurs (2FA)");

    // Before anybody is known it is the browser's language that counts; behind the first factor the user's own.
    for (wish, lang, title) in [
        ("fr-CA,fr;q=0.9", "fr", "Se connecter"),
        ("en-GB", "en", "Sign in"),
        ("de", "de", "Anmelden"),
        ("tlh", "en", "Sign in"),
    ] {
        let mut browser = preset.server.browser();
        browser.headers.push(("accept-language".to_owned(), wish.to_owned()));
        let page = browser.get("/u").await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(lang), "{wish}");
        assert_eq!((page.text("h1").as_str(), page.text("#login-submit").as_str()), (title, title), "{wish}");
        let page = browser.log_in(&page, "robin", PASSWORD).await;
        assert_eq!(page.text("label[for=otp]"), "Jeton à usage unique", "{wish}");
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("fr"), "{wish}");
    }
    preset.end(&tab).await;
}
