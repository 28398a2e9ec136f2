//! The acceptance suite of `config/presets/cloudeka.toml`: a portal that nobody uses without a second factor, and where
//! it stays on. Each test is a row of the product's documentation for its users.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use vestibule_browser_tests::{Authenticator, Preset, Tab, assert_forbidden};
use vestibule_tests::{Browser, PASSWORD, Page};

async fn portal() -> Option<Preset> {
    Preset::start("cloudeka").await
}

/// A user who has just enrolled on the way in, and the tab that leads to.
async fn enrolled(portal: &Preset, username: &str) -> (Tab, Authenticator) {
    let tab = portal.visitor().await;
    portal.enter(&tab, username, None).await;
    let phone = portal.confirm(&tab).await;
    assert!(tab.sees("#sign-out").await, "{}", tab.text("body").await);
    (tab, phone)
}

/// Presses the switch on the profile.
async fn enroll_new_code(portal: &Preset, tab: &Tab) {
    // Later than the sign-in, whose password does not count here.
    portal.server.clock.advance(2);
    tab.open(&portal.provider("/u/profile")).await;
    tab.follow("#mfa-replace").await;
}

async fn type_password(tab: &Tab, password: &str) {
    tab.fill("#password", password).await;
    tab.follow("#login-submit").await;
}

/// The same without a browser: signed in with both, in a session that can do all that a session of the product can.
async fn session(portal: &Preset, username: &str) -> (Browser, Page) {
    let mut browser = portal.server.browser();
    let page = browser.sign_in(username).await;
    let (_, page) = browser.finish_enrolment(&page, &portal.server.clock).await;
    assert!(page.has_id("sign-out"), "{} {}", page.url, page.body);
    (browser, page)
}

/// L1. Account name → My Profile shows section Multi-Factor Authentication with switch *Enroll New Code*.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l1_profile_shows_mfa_section_with_enroll_new_code() {
    let Some(portal) = portal().await else { return };
    let (tab, _) = enrolled(&portal, "budi").await;
    assert_eq!(tab.text("#account-name").await, "Budi Example");
    tab.follow("#account-name").await;
    assert_eq!(tab.text("h1").await, "My Profile");
    assert_eq!(tab.text(".mfa h2").await, "Multi-Factor Authentication");
    assert!(tab.sees(".mfa #mfa-replace").await);
    assert_eq!(tab.text("#mfa-replace").await, "Enroll New Code");
    portal.end(&tab).await;
}

/// L2. Warning before enabling: cannot be switched off later.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l2_warning_that_it_cannot_be_switched_off_comes_before_enabling() {
    let Some(portal) = portal().await else { return };
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    assert_eq!(tab.text("h1").await, "Enable Multi Factor Authentication");
    assert!(tab.sees("#mfa-locked-warning").await);
    let warning = "Once Multi-Factor Authentication is on, it cannot be switched off.";
    assert_eq!(tab.text("#mfa-locked-warning").await, warning);
    let before = "!!(document.querySelector('#mfa-locked-warning').compareDocumentPosition(\
                  document.querySelector('#enrol-submit')) & Node.DOCUMENT_POSITION_FOLLOWING)";
    assert_eq!(tab.eval(before).await, true, "it is read before the button");
    portal.confirm(&tab).await;
    tab.open(&portal.provider("/u/profile")).await;
    assert_eq!(tab.text("#mfa-locked").await, "It cannot be switched off.");
    portal.end(&tab).await;
}

/// L3. Switch on → Confirm Password; it must match the account's password; Confirm continues.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l3_switch_asks_to_confirm_the_password_and_continues() {
    let Some(portal) = portal().await else { return };
    let (tab, phone) = enrolled(&portal, "budi").await;
    enroll_new_code(&portal, &tab).await;
    assert_eq!(tab.text("h1").await, "Confirm Password");
    assert_eq!(tab.text("#login-submit").await, "Confirm");
    assert_eq!(tab.attribute("#username", "value").await, "budi");
    assert!(!tab.sees("#qr").await, "nothing is shown before");
    tab.follow("#cancel").await;
    assert!(tab.sees("#sign-out").await, "who thinks better of it stays signed in");
    enroll_new_code(&portal, &tab).await;
    type_password(&tab, PASSWORD).await;
    // The old authenticator is asked next, see L12.
    portal.answer(&tab, &phone).await;
    assert!(tab.sees("#qr").await && tab.sees("#enrol-submit").await, "{}", tab.text("body").await);
    portal.end(&tab).await;
}

/// L4. Wrong password → error, no secret created, attempt rate-limited.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l4_wrong_password_is_refused_makes_no_secret_and_is_throttled() {
    let Some(portal) = portal().await else { return };
    let (tab, phone) = enrolled(&portal, "budi").await;
    enroll_new_code(&portal, &tab).await;
    type_password(&tab, "not the password").await;
    assert!(
        tab.text("#form-error").await.contains("not your current password"),
        "{}",
        tab.text("body").await
    );
    assert!(!tab.sees("#qr").await && !tab.sees("#otp").await);
    tab.open(&portal.provider("/u/security/enrol/totp")).await;
    assert_eq!(tab.text("h1").await, "Confirm Password", "there is still no secret to see");
    for _ in 0..12 {
        type_password(&tab, "not the password").await;
        if tab.text("#form-error").await.contains("Too many attempts") {
            break;
        }
    }
    assert!(tab.text("#form-error").await.contains("Too many attempts"), "{}", tab.text("body").await);
    type_password(&tab, PASSWORD).await;
    assert!(tab.text("#form-error").await.contains("Too many attempts"), "the right one has to wait, too");
    assert!(!tab.sees("#qr").await);
    // What was there stays: the old authenticator is the one that signs in.
    portal.server.clock.advance(3600);
    portal.signed_in("budi", Some(&phone)).await;
    portal.end(&tab).await;
}

/// L5. Account name and secret key shown for safekeeping, copyable, next to the QR code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l5_account_name_and_secret_key_are_beside_the_qr_code_and_can_be_copied() {
    let Some(portal) = portal().await else { return };
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    let (scanned, phone) = portal.scan(&tab).await;
    assert_eq!(scanned.label, "Service Portal:budi@cloudeka.example");
    for seen in ["#totp-account", "#totp-secret", "#totp-keep"] {
        assert!(tab.sees(seen).await, "{seen} takes no click");
    }
    let facts = tab.text("#manual dl").await;
    assert!(facts.contains("Account name") && facts.contains("Secret key"), "{facts}");
    assert!(tab.text("#totp-keep").await.contains("Save your account name and secret key"));
    assert_eq!(tab.text("#totp-account").await, "budi@cloudeka.example");
    let shown: String = tab.text("#totp-secret").await.split_whitespace().collect();
    assert_eq!(shown, phone.secret, "what is read is what is scanned");
    for target in ["totp-account", "totp-secret"] {
        let button = format!("[data-copy={target}]");
        assert!(tab.sees(&button).await, "{button}");
        tab.press(&button).await;
        let done = format!("document.querySelector('{button}').textContent.trim() === 'Copied'");
        tab.until("the word of success", &done).await;
    }
    portal.end(&tab).await;
}

/// L6. Store links: Google and Microsoft Authenticator, Android and iOS.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l6_links_lead_to_both_authenticators_in_both_stores() {
    let Some(portal) = portal().await else { return };
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    assert!(tab.sees("#authenticators a").await, "the links are there at once");
    for (app, android, ios) in [
        ("Google Authenticator", "com.google.android.apps.authenticator2", "id388497605"),
        ("Microsoft Authenticator", "com.azure.authenticator", "id983156458"),
    ] {
        for (store, host, part) in
            [("Android", "https://play.google.com/", android), ("iOS", "https://apps.apple.com/", ios)]
        {
            let link = format!("#authenticators a[aria-label='{app} for {store}']");
            assert!(tab.sees(&link).await, "{link}");
            let href = tab.attribute(&link, "href").await;
            assert!(href.starts_with(host) && href.ends_with(part), "{href}");
        }
    }
    assert!(tab.text("#authenticators").await.contains("Microsoft Authenticator"));
    portal.end(&tab).await;
}

/// L7. Active only after one valid code; abandoning leaves nothing active.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l7_nothing_is_active_before_one_valid_code() {
    let Some(portal) = portal().await else { return };
    let clock = &portal.server.clock;
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    let (_, abandoned) = portal.scan(&tab).await;
    tab.fill("#otp", &abandoned.wrong_code(clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#form-error").await && tab.sees("#qr").await, "a wrong code changes nothing");

    // Gone away and come back: nobody asks for a code of what was never confirmed, and it is never shown again.
    let later = portal.visitor().await;
    portal.enter(&later, "budi", None).await;
    assert!(later.sees("#qr").await && !later.sees("#factor-submit").await);
    let (_, phone) = portal.scan(&later).await;
    assert_ne!(phone.secret, abandoned.secret);
    later.fill("#otp", &abandoned.code(clock)).await;
    later.follow("#enrol-submit").await;
    assert!(later.sees("#form-error").await, "the abandoned secret confirms nothing");
    later.fill("#otp", &phone.code(clock)).await;
    later.follow("#enrol-submit").await;
    assert!(later.sees("#sign-out").await, "{}", later.text("body").await);

    // Active: the next sign-in asks for it.
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    assert!(tab.sees("#factor-submit").await && !tab.sees("#qr").await);
    portal.end(&tab).await;
}

/// L8. Every later login asks TOTP after password; no remembered device.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l8_every_later_login_asks_for_a_totp_and_no_browser_is_remembered() {
    let Some(portal) = portal().await else { return };
    let (tab, phone) = enrolled(&portal, "budi").await;
    for _ in 0..2 {
        tab.follow("#sign-out").await;
        portal.enter(&tab, "budi", None).await;
        assert_eq!(tab.text("h1").await, "Multi-Factor Authentication");
        assert_eq!(tab.text("label[for=otp]").await, "TOTP code");
        assert!(!tab.sees("#remember").await, "there is no way not to be asked");
        portal.answer(&tab, &phone).await;
        assert!(tab.sees("#sign-out").await);
    }
    tab.follow("#sign-out").await;
    tab.open(&portal.url).await;
    tab.follow("#sign-in").await;
    tab.log_in("budi", PASSWORD).await;
    assert!(tab.sees("#otp").await, "{}", tab.text("body").await);
    portal.answer(&tab, &phone).await;
    assert_eq!(
        portal.claims(&tab).await,
        ("urn:vestibule:acr:mfa".to_owned(), "mfa otp pwd".to_owned()),
        "the portal is told"
    );
    portal.end(&tab).await;
}

/// L9. No disable control; API call returns 403 `mfa_locked`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l9_nothing_switches_it_off_and_the_request_is_refused() {
    let Some(portal) = portal().await else { return };
    let (tab, phone) = enrolled(&portal, "budi").await;
    for path in ["/u", "/u/profile", "/u/security", "/u/security/manage"] {
        tab.open(&portal.provider(path)).await;
        assert!(tab.sees("#mfa-locked").await, "{path} says so");
        for control in ["#mfa-disable", ".remove-factor", "a[href*='/disable']", "form[action*='/disable']"] {
            assert!(!tab.sees(control).await, "{control} on {path}");
        }
    }
    tab.open(&portal.provider("/u/security/disable")).await;
    assert!(tab.sees("#form-error[data-code=mfa_locked]").await, "{}", tab.text("body").await);

    let (mut browser, page) = session(&portal, "admin").await;
    let mut form = page.form_of("#sign-out");
    form.action = "/u/security/disable".to_owned();
    assert_forbidden(&browser.post(&form).await, "mfa_locked");
    let page = browser.get("/u/security").await;
    assert!(page.has_id("factors"), "it is still there: {}", page.body);
    portal.server.clock.advance(60);
    let mut again = portal.server.browser();
    assert!(again.sign_in("admin").await.has_id("factor-submit"), "and still asked for");
    portal.signed_in("budi", Some(&phone)).await;
    assert_not_removable(&portal).await;
    portal.end(&tab).await;
}

/// The last factor cannot be removed one by one, either, whatever was proved before.
async fn assert_not_removable(portal: &Preset) {
    let clock = &portal.server.clock;
    portal.server.add_user("citra").await;
    let mut browser = portal.server.browser();
    let page = browser.sign_in("citra").await;
    let (phone, _) = browser.finish_enrolment(&page, clock).await;
    clock.advance(30);
    let page = browser.get("/u/security").await;
    let id = page.attribute("input[name=credential]", "value").unwrap_or_default();
    let path = format!("/u/security/remove/{id}");
    let page = browser.get(&path).await;
    let page = browser.answer(&page, &phone.code(clock)).await;
    let mut form = page.form_of("#sign-out");
    form.action = path;
    assert_forbidden(&browser.post(&form).await, "mfa_locked");
    assert!(browser.get("/u/security").await.has_id("factors"));
}

/// L10. User without MFA reaches only enrolment and logout (enrol-only session).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l10_without_mfa_there_is_only_enrolment_and_the_way_out() {
    let Some(portal) = portal().await else { return };
    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", None).await;
    let enrolment = tab.url().await;
    assert!(tab.sees("#enrol-submit").await && tab.text("#reason").await.contains("cannot be used without"));
    assert!(!tab.sees("nav").await && !tab.sees("#enrol-skip").await);
    for path in ["/u", "/u/profile", "/u/password", "/u/security", "/u/sessions", "/u/apps", "/u/settings"] {
        tab.open(&portal.provider(path)).await;
        assert!(!tab.sees("#sign-out").await && tab.sees("#login-submit").await, "{path} is not reached");
    }
    // No application is, either, not even silently.
    tab.open(&portal.url).await;
    tab.follow("#sign-in-silent").await;
    assert_eq!(tab.text("#oauth-error").await, "login_required");
    tab.open(&portal.url).await;
    tab.follow("#sign-in").await;
    tab.log_in("budi", PASSWORD).await;
    assert!(tab.sees("#enrol-submit").await, "{}", tab.text("body").await);
    tab.follow("#cancel").await;
    assert_eq!(tab.text("#oauth-error").await, "unmet_authentication_requirements");
    // The enrolment is where it was, and so is the way out; it leads to the login and ends what the password began.
    tab.open(&enrolment).await;
    assert!(tab.sees("#enrol-submit").await);
    tab.follow("#cancel").await;
    assert!(tab.sees("#login-submit").await, "{}", tab.text("body").await);
    tab.open(&enrolment).await;
    assert!(!tab.sees("#enrol-submit").await, "{}", tab.text("body").await);
    portal.end(&tab).await;
}

/// L11. Lost device, no codes in this product → audited admin reset.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l11_a_lost_phone_is_reset_by_an_admin_which_is_audited_and_told() {
    let Some(portal) = portal().await else { return };
    let (tab, lost) = enrolled(&portal, "budi").await;
    assert!(!tab.sees("#recovery-codes").await);
    tab.open(&portal.provider("/u/security")).await;
    assert!(!tab.sees("#regenerate-codes").await, "there are no codes here");
    tab.open(&portal.provider("/u/settings")).await;
    assert!(!tab.sees("#reset-factors").await, "not for everybody: {}", tab.text("body").await);

    let (admin, key) = enrolled(&portal, "admin").await;
    reset(&portal, &admin, &key, "budi").await;
    assert!(admin.text("body").await.contains("of budi was removed"), "{}", admin.text("body").await);
    assert_eq!(portal.server.audited("factors-reset", "done").await, 1);
    let mails = portal.server.mails().await;
    let told = |mail: &&vestibule_flows::OutgoingMail| mail.to == "budi@cloudeka.example";
    let last = mails.iter().rfind(told).map(|mail| mail.text.clone()).unwrap_or_default();
    assert!(last.contains("An admin removed"), "{last}");

    // The session ended; the password leads to a new enrolment, and the lost phone to nothing.
    tab.open(&portal.provider("/u")).await;
    assert!(tab.sees("#login-submit").await, "{}", tab.text("body").await);
    tab.log_in("budi", PASSWORD).await;
    let phone = portal.confirm(&tab).await;
    assert_ne!(phone.secret, lost.secret);
    portal.signed_in("budi", Some(&phone)).await;
    portal.end(&tab).await;
}

/// An admin resets somebody's factors, and proves first what is asked for.
async fn reset(portal: &Preset, admin: &Tab, key: &Authenticator, username: &str) {
    portal.server.clock.advance(2);
    for _ in 0..3 {
        admin.open(&portal.provider("/u/settings")).await;
        admin.fill("#username", username).await;
        admin.follow("#reset-factors").await;
        if admin.sees("#password").await {
            type_password(admin, PASSWORD).await;
        }
        if admin.sees("#factor-submit").await {
            portal.answer(admin, key).await;
        }
        if admin.sees("#confirm-submit").await {
            admin.follow("#confirm-submit").await;
        }
        if portal.server.audited("factors-reset", "done").await > 0 {
            return;
        }
    }
    panic!("never reset: {}", admin.text("body").await);
}

/// L12. *Enroll New Code* again rotates secret after proving the old one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn l12_enroll_new_code_rotates_the_secret_after_the_old_one_answered() {
    let Some(portal) = portal().await else { return };
    let clock = &portal.server.clock;
    let (tab, old) = enrolled(&portal, "budi").await;
    enroll_new_code(&portal, &tab).await;
    type_password(&tab, PASSWORD).await;
    assert!(tab.sees("#otp").await && !tab.sees("#qr").await, "the password is not enough");
    tab.fill("#otp", &old.wrong_code(clock)).await;
    tab.follow("#factor-submit").await;
    assert!(tab.sees("#form-error").await && !tab.sees("#qr").await);
    portal.answer(&tab, &old).await;
    assert!(tab.sees("#enrol-replaces").await, "{}", tab.text("body").await);
    assert!(tab.text("h1").await.starts_with("Enroll New Code"), "{}", tab.text("h1").await);
    let (_, new) = portal.scan(&tab).await;
    assert_ne!(new.secret, old.secret);

    // Until the new one is confirmed the old one stands.
    let elsewhere = portal.signed_in("budi", Some(&old)).await;
    clock.advance(30);
    tab.fill("#otp", &new.code(clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.text("#mfa-status").await.contains("One method is set up"), "{}", tab.text("body").await);
    elsewhere.open(&portal.provider("/u")).await;
    assert!(elsewhere.sees("#login-submit").await, "what stood on the old one ended");

    let tab = portal.visitor().await;
    portal.enter(&tab, "budi", Some(&old)).await;
    assert!(tab.sees("#form-error").await, "the old secret is dead");
    portal.answer(&tab, &new).await;
    assert!(tab.sees("#sign-out").await, "{}", tab.text("body").await);
    assert_eq!(portal.server.audited("factor-replaced", "done").await, 1);
    portal.end(&tab).await;
}
