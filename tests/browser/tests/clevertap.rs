//! The preset `clevertap`, row by row: a dashboard whose admins switch the second factor on for everybody.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vestibule_browser_tests::{Authenticator, Preset, Tab, assert_forbidden};
use vestibule_tests::{Browser, PASSWORD, Page};

const PRESET: &str = "clevertap";

/// What somebody reads who wants out while the switch is on.
const LOCKED: &str =
    "Two Factor Authentication is on for all users of this account, so it can’t be turned off.";

/// Two lines of a sign-in with one factor and with two, as the dashboard is told.
fn told(acr: &str, amr: &str) -> (String, String) {
    (format!("urn:vestibule:acr:{acr}"), amr.to_owned())
}

/// What stands on a page, as its reader sees it.
async fn words(tab: &Tab) -> String {
    tab.text("main").await
}

/// How the switch of a pool stands by what the pool's configuration says, whatever a page shows.
async fn mode(preset: &Preset) -> String {
    let pool = preset.server.admin().pool_named(&preset.server.pool().slug).await.unwrap();
    pool.settings.mfa.mode().as_str().to_owned()
}

/// The admin turns the switch at Settings – Account; it then stands at `to`.
async fn turn(preset: &Preset, admin: &Tab, to: &str) {
    admin.open(&preset.provider("/u/settings")).await;
    assert_ne!(admin.attribute("#mfa-mode", "data-mode").await, to, "it stands there already");
    admin.follow("#settings-mfa-toggle").await;
    admin.follow("#confirm-submit").await;
    assert_eq!(admin.attribute("#mfa-mode", "data-mode").await, to, "{}", words(admin).await);
    assert_eq!(mode(preset).await, to);
}

/// The admin signs in, with nothing but a password, and turns the switch on for all users.
async fn turned_on(preset: &Preset) -> Tab {
    let admin = preset.signed_in("admin", None).await;
    turn(preset, &admin, "required").await;
    admin
}

/// The same admin turns it off again: by now that takes an authenticator of the admin's own.
async fn turn_off(preset: &Preset, admin: &Tab) {
    admin.open(&preset.provider("/u/settings")).await;
    preset.confirm(admin).await;
    turn(preset, admin, "optional").await;
}

/// Turns the second factor on for the visitor's own account, from the profile. The next code is good afterwards.
async fn opt_in(preset: &Preset, tab: &Tab) -> Authenticator {
    tab.open(&preset.provider("/u/profile")).await;
    assert_eq!(tab.text("#mfa-enable").await, "Turn on Two Factor Authentication");
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    let phone = preset.confirm(tab).await;
    assert!(tab.sees("#factors").await, "{}", words(tab).await);
    phone
}

/// What a page that enrols shows: the QR code, and no other way on.
async fn assert_at_qr_page(tab: &Tab, what: &str) {
    assert!(tab.sees("#qr svg").await && tab.sees("#enrol-submit").await, "{what}: {}", words(tab).await);
    assert!(!tab.sees("#sign-out").await && !tab.sees("#enrol-skip").await, "{what} leads past it");
    assert!(tab.url().await.contains("/login/enrol"), "{what}: {}", tab.url().await);
}

/// Somebody's browser without scripts, signed in to the user center with a password.
async fn plain_browser(preset: &Preset, username: &str) -> (Browser, Page) {
    let mut browser = preset.server.browser();
    let page = browser.sign_in(username).await;
    assert!(page.has_id("sign-out"), "{}", page.body);
    (browser, page)
}

/// C1: Settings → Account: an admin sees the toggle *Two Factor Authentication*.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c1_an_admin_sees_the_toggle_at_settings_account() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let admin = preset.signed_in("admin", None).await;
    assert_eq!(admin.text(".nav-side a[href='/u/settings']").await, "Settings");
    admin.follow(".nav-side a[href='/u/settings']").await;
    assert_eq!(admin.text("h1").await, "Settings – Account");
    assert_eq!(admin.text("#mfa-heading").await, "Two Factor Authentication");
    let mode_shown = admin.text("#mfa-mode").await;
    assert_eq!(mode_shown, "It is off: users may turn it on for their own accounts.");
    assert_eq!(admin.text("#settings-mfa-toggle").await, "Turn on for all users");
    assert_eq!(admin.attribute("#will-enrol", "data-count").await, "2", "whom it would ask: both");

    // Half an hour later the password is asked for once more before the switch moves, and then it does.
    preset.server.clock.advance(1800);
    admin.follow("#settings-mfa-toggle").await;
    assert_eq!(mode(&preset).await, "optional");
    admin.fill("#password", PASSWORD).await;
    admin.follow("#login-submit").await;
    assert_eq!(mode(&preset).await, "optional", "it asks whether that is meant");
    admin.follow("#confirm-submit").await;
    assert_eq!(admin.text("h1").await, "Settings – Account");
    let mode_shown = admin.text("#mfa-mode").await;
    assert_eq!(mode_shown, "It is on: everybody signs in with a password and a security code.");
    assert_eq!(admin.text("#settings-mfa-toggle").await, "Turn off");
    assert_eq!(mode(&preset).await, "required");
    preset.end(&admin).await;
}

/// C2: a user who is no admin has no toggle, and is refused at its address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c2_without_admin_rights_there_is_no_toggle_and_403() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let priya = preset.signed_in("priya", None).await;
    for page in ["/u", "/u/profile", "/u/security"] {
        priya.open(&preset.provider(page)).await;
        assert!(priya.eval("!document.querySelector('[href=\"/u/settings\"]')").await == true, "{page}");
        assert!(!priya.sees("#settings-mfa-toggle").await, "{page}");
    }
    priya.open(&preset.provider("/u/settings")).await;
    assert!(!priya.sees("#settings-mfa-toggle").await, "{}", words(&priya).await);
    assert!(words(&priya).await.contains("Only admins can see this page"), "{}", words(&priya).await);

    let (mut browser, page) = plain_browser(&preset, "priya").await;
    assert_eq!(browser.get("/u/settings").await.status.as_u16(), 403);
    // Session and token of the form are good; the rights are missing.
    let form = page.form("/u/sign-out").to("/u/settings/mfa").forged("mode", "required");
    assert_forbidden(&browser.post(&form).await, "Only admins can see this page");
    let reset = form.clone().to("/u/settings/reset-factors").forged("username", "admin");
    assert_forbidden(&browser.post(&reset).await, "Only admins can see this page");
    assert_eq!(mode(&preset).await, "optional");
    // The very same form of an admin turns it.
    let (mut browser, page) = plain_browser(&preset, "admin").await;
    let form = page.form("/u/sign-out").to("/u/settings/mfa").forged("mode", "required");
    assert_eq!(browser.post(&form).await.status.as_u16(), 200);
    assert_eq!(mode(&preset).await, "required");
    preset.end(&priya).await;
}

/// C3: toggle on → all users of that account, and no other account, need password and code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c3_the_toggle_is_for_all_users_of_this_account_and_of_no_other() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    preset.server.add_user("joined-later").await;
    let before = preset.at_application("#sign-in", "priya").await;
    assert_eq!(preset.claims(&before).await, told("1fa", "pwd"));
    turned_on(&preset).await;

    for user in ["admin", "priya", "joined-later"] {
        let tab = preset.at_application("#sign-in", user).await;
        assert_at_qr_page(&tab, user).await;
        let phone = preset.confirm(&tab).await;
        assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"), "{user}");
        // And each time from now on: a password is not enough, and a wrong code is not.
        let tab = preset.at_application("#sign-in", user).await;
        tab.fill("#otp", &phone.wrong_code(&preset.server.clock)).await;
        tab.follow("#factor-submit").await;
        assert!(tab.text("#form-error").await.contains("not valid"), "{user}");
        preset.answer(&tab, &phone).await;
        assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"), "{user}");
    }

    // The other account has the same settings and is somebody else's.
    let other = &preset.server.other().origin;
    let tab = preset.visitor().await;
    tab.open(&other.url("/u")).await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.sees("#sign-out").await, "{}", words(&tab).await);
    assert_eq!(tab.attribute("#mfa-status", "data-state").await, "off");
    preset.end(&tab).await;
}

/// C4: first login: email and password → QR page → code → dashboard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c4_the_first_login_goes_by_email_and_password_qr_page_and_code_to_the_dashboard() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    turned_on(&preset).await;
    let tab = preset.at_application("#sign-in", "priya@clevertap.example").await;
    assert_at_qr_page(&tab, "the first login").await;
    let reason = tab.text("#reason").await;
    assert_eq!(reason, "An admin of Dashboard has turned on Two Factor Authentication for all users.");
    assert!(tab.sees("#authenticators a").await, "the links are there at once");
    let android = tab.attribute("#authenticators a[href*='play.google.com']", "href").await;
    assert!(android.ends_with("id=com.google.android.apps.authenticator2"), "{android}");
    assert!(words(&tab).await.contains("Google Authenticator"));

    let (scanned, phone) = preset.scan(&tab).await;
    assert_eq!(
        (scanned.label.as_str(), scanned.parameter("issuer")),
        ("Dashboard:priya@clevertap.example", "Dashboard")
    );
    tab.fill("#otp", &phone.wrong_code(&preset.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert_at_qr_page(&tab, "a wrong code").await;
    assert!(tab.sees("#form-error").await);
    tab.fill("#otp", &phone.code(&preset.server.clock)).await;
    // No recovery codes in between: straight on.
    tab.follow("#enrol-submit").await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    assert!(tab.text("h1").await.contains("Priya Example"));
    preset.end(&tab).await;
}

/// C5: deep links cannot leave the QR page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c5_deep_links_cannot_leave_the_qr_page() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    // One who is signed in already, and one who comes with a password after the switch was turned.
    let signed_in = preset.at_application("#sign-in", "priya").await;
    turned_on(&preset).await;
    let arriving = preset.at_application("#sign-in", "priya").await;
    assert_at_qr_page(&arriving, "signing in").await;

    let links = [
        "/",
        "/u",
        "/u/profile",
        "/u/password",
        "/u/sessions",
        "/u/apps",
        "/u/security",
        "/u/security/enable",
        "/u/security/enrol/totp",
        "/u/security/disable",
        "/u/security/manage",
        "/u/settings",
        "/login/resume",
        "/login/codes/continue",
    ];
    for link in links {
        signed_in.open(&preset.provider(link)).await;
        assert!(!signed_in.sees("#sign-out").await, "{link} opened: {}", words(&signed_in).await);
        if link.starts_with("/u") || link == "/" {
            assert_at_qr_page(&signed_in, link).await;
        }
        arriving.open(&preset.provider(link)).await;
        // Nobody is signed in there: at most the first factor opens, and behind it is the QR page again.
        assert!(!arriving.sees("#sign-out").await, "{link} opened: {}", words(&arriving).await);
        if arriving.sees("#password").await {
            arriving.log_in("priya", PASSWORD).await;
            assert_at_qr_page(&arriving, link).await;
        }
    }
    // Nor does the dashboard let anybody in, and the steps of a sign-in cannot be skipped.
    for (tab, who) in [(&signed_in, "signed in"), (&arriving, "arriving")] {
        tab.open(&preset.url).await;
        tab.follow(if tab.sees("#sign-out").await { "#step-up" } else { "#sign-in" }).await;
        if tab.sees("#username").await {
            tab.log_in("priya", PASSWORD).await;
        }
        assert_at_qr_page(tab, who).await;
    }
    let mut browser = preset.server.browser();
    let page = browser.sign_in("priya").await;
    let flow = page.form("/login/enrol").value("flow").unwrap().to_owned();
    for step in ["/login/skip", "/login/codes", "/login/factor"] {
        let page = browser.submit(page.form("/login/enrol").to(step).forged("flow", &flow)).await;
        assert!(!page.left && !page.has_id("sign-out"), "{step}: {}", page.body);
        assert!(!browser.get("/u").await.has_id("sign-out"), "{step} signed somebody in");
    }
    // The one way on is the code.
    let phone = preset.confirm(&arriving).await;
    assert_eq!(preset.claims(&arriving).await, told("mfa", "mfa otp pwd"));
    signed_in.open(&preset.provider("/u/profile")).await;
    preset.answer(&signed_in, &phone).await;
    assert!(signed_in.sees("#profile-username").await, "and the link leads where it said");
    preset.end(&arriving).await;
}

/// C6: already enrolled: the flow is unchanged, and nobody enrols again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c6_who_is_enrolled_already_notices_no_change() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let priya = preset.signed_in("priya", None).await;
    let phone = opt_in(&preset, &priya).await;
    let mut seen = Vec::new();
    for turned in [false, true] {
        if turned {
            turned_on(&preset).await;
        }
        let tab = preset.at_application("#sign-in", "priya@clevertap.example").await;
        assert_eq!(tab.text("label[for=otp]").await, "Security code");
        assert!(!tab.sees("#qr").await, "{}", words(&tab).await);
        let (title, controls) = (tab.text("h1").await, "input:not([type=hidden]), button, summary");
        let count = tab.eval(&format!("document.querySelectorAll('{controls}').length")).await;
        preset.answer(&tab, &phone).await;
        seen.push((title, count, preset.claims(&tab).await));
    }
    assert_eq!(seen[0].2, told("mfa", "mfa otp pwd"));
    assert_eq!(seen[0], seen[1], "the same screens and the same outcome before and after");
    // The session that was there when the switch was turned goes on as well.
    priya.open(&preset.provider("/u/security")).await;
    assert_eq!(priya.attribute("#mfa-status", "data-state").await, "required");
    let factors = "document.querySelectorAll('#factors > li').length";
    assert_eq!(priya.eval(factors).await, 1);
    preset.end(&priya).await;
}

/// C7: account toggle off → a user may opt in alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c7_with_the_toggle_off_a_user_opts_in_alone() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let priya = preset.signed_in("priya", None).await;
    priya.open(&preset.provider("/u/profile")).await;
    assert_eq!(priya.text("#mfa-card-heading").await, "Two Factor Authentication");
    assert_eq!(priya.attribute("#mfa-status", "data-state").await, "off");
    let phone = opt_in(&preset, &priya).await;
    priya.open(&preset.provider("/u/profile")).await;
    assert_eq!(priya.attribute("#mfa-status", "data-state").await, "on");

    let tab = preset.at_application("#sign-in", "priya").await;
    assert!(tab.sees("#otp").await && !tab.sees("#qr").await, "{}", words(&tab).await);
    preset.answer(&tab, &phone).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    // Alone: nobody else is asked, and the account's switch has not moved.
    let admin = preset.at_application("#sign-in", "admin").await;
    assert_eq!(preset.claims(&admin).await, told("1fa", "pwd"));
    assert_eq!(mode(&preset).await, "optional");
    // And out again, by the same card.
    priya.open(&preset.provider("/u/profile")).await;
    assert_eq!(priya.text("#mfa-disable").await, "Turn off Two Factor Authentication");
    priya.follow("#mfa-disable").await;
    priya.follow("#confirm-submit").await;
    let tab = preset.at_application("#sign-in", "priya").await;
    assert_eq!(preset.claims(&tab).await, told("1fa", "pwd"));
    preset.end(&priya).await;
}

/// C8: account toggle on → a user cannot opt out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c8_with_the_toggle_on_a_user_cannot_opt_out() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let priya = preset.signed_in("priya", None).await;
    let phone = opt_in(&preset, &priya).await;
    turned_on(&preset).await;
    for page in ["/u", "/u/profile", "/u/security", "/u/security/manage"] {
        priya.open(&preset.provider(page)).await;
        assert_eq!(priya.attribute("#mfa-status", "data-state").await, "required", "{page}");
        for control in ["#mfa-disable", ".remove-factor"] {
            let script = format!("!document.querySelector('{control}')");
            assert!(priya.eval(&script).await == true, "{page} has {control}");
        }
    }
    // The address that no button leads to any more.
    priya.open(&preset.provider("/u/security/disable")).await;
    assert!(!priya.sees("#confirm-submit").await, "{}", words(&priya).await);
    assert_eq!(priya.text("#form-error").await, LOCKED);

    let mut browser = preset.server.browser();
    preset.server.clock.advance(30);
    let page = browser.sign_in("priya").await;
    let page = browser.answer(&page, &phone.code(&preset.server.clock)).await;
    let credential = browser.get("/u/security").await.form("/u/security/rename");
    let credential = credential.value("credential").unwrap().to_owned();
    for action in ["/u/security/disable".to_owned(), format!("/u/security/remove/{credential}")] {
        let refused = browser.post(&page.form("/u/sign-out").to(&action)).await;
        assert_forbidden(&refused, LOCKED);
    }
    let tab = preset.at_application("#sign-in", "priya").await;
    assert!(tab.sees("#otp").await, "still asked: {}", words(&tab).await);
    preset.answer(&tab, &phone).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"), "with the same phone");
    preset.end(&priya).await;
}

/// C9: toggle off → users who opted in stay challenged; users who were forced keep the factor and lose the challenge.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c9_the_toggle_off_spares_whom_it_had_forced_and_nobody_else() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    preset.server.add_user("forced").await;
    let priya = preset.signed_in("priya", None).await;
    let own = opt_in(&preset, &priya).await;
    let admin = turned_on(&preset).await;
    let tab = preset.at_application("#sign-in", "forced").await;
    let forced = preset.confirm(&tab).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    turn_off(&preset, &admin).await;
    assert_eq!(admin.text("#settings-mfa-toggle").await, "Turn on for all users");

    let tab = preset.at_application("#sign-in", "priya").await;
    preset.answer(&tab, &own).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"), "a choice stays a choice");

    let tab = preset.at_application("#sign-in", "forced").await;
    assert_eq!(preset.claims(&tab).await, told("1fa", "pwd"), "no challenge");
    tab.open(&preset.provider("/u/security")).await;
    assert_eq!(tab.eval("document.querySelectorAll('#factors > li').length").await, 1, "the factor is kept");
    assert_eq!(
        tab.attribute("#mfa-status", "data-state").await,
        "off",
        "and the page says that it is not asked for"
    );
    // The kept factor is the same one: an application that wants it gets it without another enrolment.
    tab.open(&preset.url).await;
    tab.follow("#step-up").await;
    assert!(!tab.sees("#qr").await, "{}", words(&tab).await);
    preset.answer(&tab, &forced).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    // A user who was forced may choose now, too, without scanning anything again, and is asked from then on.
    tab.open(&preset.provider("/u/security")).await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    assert_eq!(tab.attribute("#mfa-status", "data-state").await, "on", "{}", words(&tab).await);
    let tab = preset.at_application("#sign-in", "forced").await;
    preset.answer(&tab, &forced).await;
    assert_eq!(preset.claims(&tab).await, told("mfa", "mfa otp pwd"));
    preset.end(&tab).await;
}

/// C10: toggle on → live sessions meet the policy at the next authorization; the toggle is audited.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn c10_live_sessions_meet_the_policy_at_their_next_authorization_and_the_toggle_is_audited() {
    let Some(preset) = Preset::start(PRESET).await else { return };
    let live = preset.at_application("#sign-in", "priya").await;
    let rp = preset.rp();
    let (mut browser, _) = plain_browser(&preset, "priya").await;
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), None);
    let admin = turned_on(&preset).await;

    // Nothing is torn away in the middle of work; the next authorization asks.
    assert_eq!(rp.silent(&mut browser, &[]).await.error(), Some("interaction_required"));
    live.open(&preset.url).await;
    assert_eq!(live.text("#claim-acr .value").await, "urn:vestibule:acr:1fa");
    live.follow("#sign-in-silent").await;
    assert_eq!(live.text("#oauth-error").await, "interaction_required");
    live.follow("#sign-in").await;
    assert_at_qr_page(&live, "the next authorization").await;
    assert!(!live.sees("#password").await, "the password was given in this session");
    preset.confirm(&live).await;
    assert_eq!(preset.claims(&live).await, told("mfa", "mfa otp pwd"));
    live.follow("#sign-in-silent").await;
    assert_eq!(preset.claims(&live).await, told("mfa", "mfa otp pwd"), "once is enough");

    turn_off(&preset, &admin).await;
    let rows = preset.server.rows().audit(100, Some("policy-changed")).await.unwrap();
    let admin_id = preset.server.rows().user_by_identifier("admin").await.unwrap().unwrap().user.id;
    let mut said: Vec<(bool, String)> = rows
        .iter()
        .map(|row| (row.user == Some(admin_id), format!("{} {}", row.outcome, row.detail)))
        .collect();
    said.sort();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said.iter().all(|(by_admin, said)| *by_admin && said.contains("done")), "{said:?}");
    assert!(said[0].1.contains("optional") && said[1].1.contains("required"), "{said:?}");
    preset.end(&live).await;
}
