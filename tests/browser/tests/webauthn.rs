//! Passkeys and security keys in a real browser, with authenticators that the browser simulates: enrolled in the user
//! center, used as first and as second factor, told truthfully to the application, and refused where they have to be.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use vestibule_browser_tests::{CHROMIUM, Chromium, Demo, Inspector, Key, Tab, tools};
use vestibule_domain::PoolSettings;
use vestibule_tests::{PASSWORD, Setup};

/// What a passkey and its user are to an application, and the same with a password before.
const ALONE: (&str, &str) = ("phr", "mfa swk user");
const BEHIND_PASSWORD: (&str, &str) = ("phr", "mfa pwd swk user");

struct World {
    chromium: Chromium,
    demo: Demo,
}

impl World {
    async fn start() -> Option<Self> {
        Self::with(PoolSettings::default()).await
    }

    async fn with(settings: PoolSettings) -> Option<Self> {
        let [chromium] = tools([CHROMIUM])?;
        let setup = Setup { settings, main: ("localhost", "Acme"), ..Setup::default() };
        let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup, |_| {}));
        Some(Self { chromium, demo })
    }

    /// Somebody who is signed in to the user center with the password.
    async fn at_home(&self) -> Tab {
        let tab = self.chromium.visitor().await;
        self.demo.enter(&tab, "alice", None).await;
        tab
    }

    /// The page that enrols one.
    async fn to_enrolment(&self, tab: &Tab, kind: &str) {
        tab.open(&self.demo.provider("/u/security")).await;
        tab.follow(&format!("#add-{kind}")).await;
    }

    /// Enrols one, and saves the recovery codes where it is the first factor. Ends on the security page.
    async fn enrol(&self, tab: &Tab, kind: &str) {
        self.to_enrolment(tab, kind).await;
        tab.follow("#enrol-submit").await;
        if tab.sees("#codes-next").await {
            tab.follow("#codes-next").await;
        }
        assert!(tab.sees("#factors").await, "{}: {}", tab.url().await, tab.text("body").await);
    }

    /// Signs out, of the application as well.
    async fn sign_out(&self, tab: &Tab) {
        tab.open(&self.demo.url).await;
        if tab.sees("#sign-out").await {
            tab.follow("#sign-out").await;
        } else {
            tab.open(&self.demo.provider("/u")).await;
            tab.follow("#sign-out").await;
        }
    }

    /// From the application to the login page.
    async fn begin(&self, tab: &Tab, button: &str) {
        tab.open(&self.demo.url).await;
        tab.follow(button).await;
        assert!(tab.sees("#login-submit").await, "{}: {}", tab.url().await, tab.text("body").await);
    }

    /// Back to the application, where consent may be asked on the way, and what it was told.
    async fn claims(&self, tab: &Tab) -> (String, String) {
        if tab.url().await.contains("/login/consent") {
            tab.follow("#consent-allow").await;
        }
        let at = tab.url().await;
        assert_eq!(at, format!("{}/", self.demo.url), "{}", tab.text("body").await);
        let amr = "Array.from(document.querySelectorAll('#claim-amr .value'), e => e.textContent).join(' ')";
        let amr = tab.eval(amr).await.as_str().unwrap().to_owned();
        (tab.text("#claim-acr .value").await, amr)
    }

    async fn end(self, tab: &Tab) {
        assert_eq!(tab.complaints(), Vec::<String>::new());
        self.chromium.end().await;
    }
}

fn told((acr, amr): (&str, &str)) -> (String, String) {
    (acr.to_owned(), amr.to_owned())
}

/// Waits for what the page says about a ceremony that came to nothing.
async fn said(tab: &Tab, words: &str) {
    let there = "!!document.querySelector('[data-webauthn-status] .alert-error')";
    tab.until("words about the ceremony", there).await;
    let status = tab.text("[data-webauthn-status]").await;
    assert!(status.contains(words), "{status}");
    // Who pressed the button can press it again.
    assert_eq!(tab.eval("document.querySelector('form[aria-busy=true]')").await, serde_json::Value::Null);
}

/// What a script of somebody else's, or a browser that does as it likes, would ask of the authenticator instead.
async fn ask_less(tab: &Tab) {
    let script = "(() => {
        const box = document.querySelector('[data-webauthn]'), options = JSON.parse(box.dataset.options);
        options.userVerification = 'discouraged';
        if (options.authenticatorSelection) options.authenticatorSelection =
            { residentKey: 'discouraged', requireResidentKey: false, userVerification: 'discouraged' };
        box.dataset.options = JSON.stringify(options);
        return true;
    })()";
    tab.eval(script).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_signs_in_alone_and_the_application_is_told_what_it_is() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    let row = tab.text("#factors").await;
    assert!(row.contains("Passkey") && row.contains("Stays on the key"), "{row}");
    assert_eq!(key.credentials().await.len(), 1);
    let held = &key.credentials().await[0];
    assert!(held.is_resident_credential, "it can be found without a name");
    assert_eq!(held.rp_id.as_deref(), Some("localhost"));
    world.sign_out(&tab).await;

    world.begin(&tab, "#sign-in").await;
    assert_eq!(tab.text("#passkey-submit").await, "Sign in with a passkey");
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE), "no password, no further question");
    assert!(tab.text("h1").await.contains("alice Example"));
    // The same session in the user center, where it changes factors: it was a second factor as well.
    tab.open(&world.demo.provider("/u/security")).await;
    assert!(!tab.text("#factors").await.contains("never used"));
    tab.follow("#regenerate-codes").await;
    assert!(tab.sees("#confirm-submit").await, "{}", tab.text("body").await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_enough_where_an_application_demands_two_factors() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let _key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    world.sign_out(&tab).await;
    world.begin(&tab, "#sign-in-mfa").await;
    tab.follow("#passkey-submit").await;
    // It asked for "mfa" by name, and gets an answer that it knows.
    assert_eq!(world.claims(&tab).await, told(("urn:vestibule:acr:mfa", ALONE.1)));
    tab.follow("#call-api").await;
    assert!(tab.text("#api-result").await.contains("200 OK"), "{}", tab.text("#api-result").await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_field_of_the_name_offers_the_passkey() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::platform(&tab).await;
    world.enrol(&tab, "passkey").await;
    world.sign_out(&tab).await;

    // Offered, and not taken: the page is as usable as before.
    key.touched(false).await;
    world.begin(&tab, "#sign-in").await;
    assert_eq!(tab.attribute("#username", "autocomplete").await, "username webauthn");
    tab.log_in("alice", "not the password").await;
    assert!(tab.sees("#form-error").await, "typing goes on while the offer stands");
    assert_eq!(tab.text("[data-webauthn-status]").await, "", "nobody asked, so nobody is told");
    // The button takes the offer's place.
    key.touched(true).await;
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.sign_out(&tab).await;

    // Taken: not a key is pressed.
    tab.open(&world.demo.provider("/u")).await;
    tab.until("the user center", "!!document.querySelector('#sign-out')").await;
    tab.open(&world.demo.url).await;
    tab.follow("#sign-in").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_security_key_is_the_second_factor_after_the_password() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::simple(&tab).await;
    world.to_enrolment(&tab, "security-key").await;
    tab.fill("#factor-label", "Blue key").await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#recovery-codes").await, "it is a first factor like others");
    tab.follow("#codes-next").await;
    assert!(tab.text("#factors").await.contains("Blue key"));
    world.sign_out(&tab).await;

    world.begin(&tab, "#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.text("#security-key-text").await.contains("touch"));
    tab.follow("#factor-submit").await;
    assert_eq!(world.claims(&tab).await, told(BEHIND_PASSWORD));

    // Without the key in reach there is no way past, and with a key that is not the user's neither.
    world.sign_out(&tab).await;
    world.begin(&tab, "#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    let mine = key.credentials().await.remove(0);
    key.unplug().await;
    let stranger = Key::simple(&tab).await;
    tab.press("#factor-submit").await;
    said(&tab, "cancelled or took too long").await;
    stranger.unplug().await;
    let again = Key::simple(&tab).await;
    again.put(mine).await;
    tab.follow("#factor-submit").await;
    assert_eq!(world.claims(&tab).await, told(BEHIND_PASSWORD), "the page still works");

    // The same key is not enrolled twice.
    world.to_enrolment(&tab, "security-key").await;
    tab.press("#enrol-submit").await;
    said(&tab, "set up already").await;
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_is_a_second_factor_after_the_password_too() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let _key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    world.sign_out(&tab).await;
    world.begin(&tab, "#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.sees("#passkey-text").await);
    tab.follow("#factor-submit").await;
    assert_eq!(world.claims(&tab).await, told(BEHIND_PASSWORD));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authenticator_that_does_not_verify_its_user_becomes_no_passkey() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let simple = Key::simple(&tab).await;
    world.to_enrolment(&tab, "passkey").await;
    tab.press("#enrol-submit").await;
    said(&tab, "fingerprint").await;
    // A browser that asks for less gets it, and the server says why it will not do.
    ask_less(&tab).await;
    tab.follow("#enrol-submit").await;
    let error = tab.text("#form-error").await;
    assert!(error.contains("fingerprint") && error.contains("security key"), "{error}");
    tab.open(&world.demo.provider("/u/security")).await;
    assert!(tab.sees("#no-factors").await, "nothing is active");
    // As what it is, it is welcome.
    world.enrol(&tab, "security-key").await;
    assert!(tab.text("#factors").await.contains("Security key"));
    simple.unplug().await;

    // One that could, and does not recognise its owner, creates nothing and opens nothing.
    let key = Key::roaming(&tab).await;
    key.recognises(false).await;
    world.to_enrolment(&tab, "passkey").await;
    tab.press("#enrol-submit").await;
    said(&tab, "fingerprint").await;
    assert_eq!(key.credentials().await.len(), 0);
    key.recognises(true).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.text("#factors").await.contains("Passkey"), "{}", tab.text("body").await);
    world.sign_out(&tab).await;
    key.forgets_its_owner(true).await;
    world.begin(&tab, "#sign-in").await;
    ask_less(&tab).await;
    tab.follow("#passkey-submit").await;
    assert!(tab.text("#form-error").await.contains("not accepted"), "{}", tab.text("body").await);
    key.forgets_its_owner(false).await;
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cloned_authenticator_is_refused() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    world.sign_out(&tab).await;
    key.set_counter(40).await;
    world.begin(&tab, "#sign-in").await;
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.sign_out(&tab).await;

    // The copy was made when the counter stood at 20.
    key.set_counter(20).await;
    world.begin(&tab, "#sign-in").await;
    tab.follow("#passkey-submit").await;
    let error = tab.text("#form-error").await;
    assert!(error.contains("passkey was not accepted"), "{error}");
    // Behind the password it is no better.
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#factor-submit").await;
    assert!(tab.text("#form-error").await.contains("not accepted"), "{}", tab.text("body").await);
    tab.open(&world.demo.provider("/u")).await;
    assert!(!tab.sees("#sign-out").await);
    // The original goes on.
    key.set_counter(41).await;
    world.begin(&tab, "#sign-in").await;
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_of_one_pool_is_not_offered_to_another() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::platform(&tab).await;
    world.enrol(&tab, "passkey").await;
    let other = world.demo.server.other().origin.url("/u");
    assert_ne!(world.demo.server.other().origin.host(), world.demo.server.pool().origin.host());
    tab.open(&other).await;
    assert!(tab.sees("#login-submit").await);
    tab.press("#passkey-submit").await;
    said(&tab, "cancelled or took too long").await;
    // The question was this pool's, and was left unanswered.
    let asked =
        "JSON.parse(document.querySelector('[data-webauthn]').dataset.options).rpId === location.hostname";
    assert_eq!(tab.eval(asked).await, true);
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.sees("#sign-out").await, "the page still works: {}", tab.text("body").await);
    tab.open(&other.replace("/u", "/u/security")).await;
    assert!(tab.sees("#no-factors").await, "they are different people");
    // One of its own fits on the same authenticator, and each opens its own account.
    tab.follow("#add-passkey").await;
    tab.follow("#enrol-submit").await;
    tab.follow("#codes-next").await;
    assert_eq!(key.credentials().await.len(), 2);
    tab.follow("#sign-out").await;
    key.touched(false).await;
    tab.open(&other).await;
    key.touched(true).await;
    tab.follow("#passkey-submit").await;
    assert!(tab.sees("#sign-out").await && tab.url().await.starts_with(&other), "{}", tab.url().await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ceremony_that_is_cancelled_leaves_a_page_that_works() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    world.sign_out(&tab).await;

    world.begin(&tab, "#sign-in").await;
    key.recognises(false).await;
    tab.press("#passkey-submit").await;
    said(&tab, "That was cancelled or took too long. Try again.").await;
    tab.press("#passkey-submit").await;
    said(&tab, "That was cancelled or took too long. Try again.").await;
    key.recognises(true).await;
    tab.follow("#passkey-submit").await;
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.sign_out(&tab).await;

    // The browser waits for a touch; its person changes their mind, types the password, and hears of it no more.
    world.begin(&tab, "#sign-in").await;
    key.touched(false).await;
    tab.press("#passkey-submit").await;
    let waiting = "document.querySelector('[data-webauthn-status]').textContent.includes('asking you now')";
    tab.until("the browser's question", waiting).await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.sees("#passkey-text").await, "the second factor: {}", tab.text("body").await);
    // So does who pressed by mistake at the second factor, and takes another way.
    tab.press("#factor-submit").await;
    tab.until("the browser's question", waiting).await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    assert!(tab.sees("#recovery-code").await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removed_passkey_opens_nothing() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.enrol(&tab, "passkey").await;
    let held = key.credentials().await.remove(0);
    tab.press("#factors summary").await;
    tab.follow(".remove-factor").await;
    tab.follow("#confirm-submit").await;
    assert!(tab.sees("#no-factors").await, "{}", tab.text("body").await);
    world.sign_out(&tab).await;
    if key.credentials().await.is_empty() {
        // A browser may have been told that it is of no use any more; somebody has a copy.
        key.put(held).await;
    }
    world.begin(&tab, "#sign-in").await;
    tab.follow("#passkey-submit").await;
    assert!(tab.text("#form-error").await.contains("not accepted"), "{}", tab.text("body").await);
    tab.log_in("alice", PASSWORD).await;
    assert_eq!(world.claims(&tab).await, told(("urn:vestibule:acr:1fa", "pwd")));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_with_a_passkey_is_accessible_and_fits() {
    let Some(mut inspector) = Inspector::new() else { return };
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.to_enrolment(&tab, "passkey").await;
    inspector.look(&tab, "enrol passkey").await;
    key.recognises(false).await;
    tab.press("#enrol-submit").await;
    said(&tab, "fingerprint").await;
    inspector.look(&tab, "enrol passkey cancelled").await;
    key.recognises(true).await;
    key.forgets_its_owner(true).await;
    ask_less(&tab).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#form-error").await);
    inspector.look(&tab, "enrol passkey refused").await;
    key.forgets_its_owner(false).await;
    world.enrol(&tab, "passkey").await;
    world.to_enrolment(&tab, "security-key").await;
    inspector.look(&tab, "enrol security-key").await;
    tab.press("#enrol-submit").await;
    said(&tab, "set up already").await;
    inspector.look(&tab, "enrol security-key known").await;
    // There is also what became of the refused enrolment: of no use to anybody.
    let passkey = key.credentials().await.into_iter().find(|one| one.is_resident_credential).unwrap();
    key.unplug().await;
    let simple = Key::simple(&tab).await;
    world.enrol(&tab, "security-key").await;
    simple.unplug().await;
    let key = Key::roaming(&tab).await;
    key.put(passkey).await;
    inspector.look(&tab, "security with keys").await;
    tab.press("#factors summary").await;
    tab.follow(".remove-factor").await;
    inspector.look(&tab, "confirm remove passkey").await;
    world.sign_out(&tab).await;

    world.begin(&tab, "#sign-in").await;
    inspector.look(&tab, "login passkey").await;
    key.recognises(false).await;
    tab.press("#passkey-submit").await;
    said(&tab, "cancelled").await;
    inspector.look(&tab, "login passkey cancelled").await;
    key.recognises(true).await;
    key.forgets_its_owner(true).await;
    ask_less(&tab).await;
    tab.follow("#passkey-submit").await;
    assert!(tab.sees("#form-error").await);
    assert_eq!(tab.eval("document.querySelector('[aria-invalid]')").await, serde_json::Value::Null);
    inspector.look(&tab, "login passkey refused").await;
    tab.log_in("alice", PASSWORD).await;
    inspector.look(&tab, "second_factor passkey").await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-security-key").await;
    inspector.look(&tab, "second_factor security-key").await;
    key.touched(false).await;
    tab.press("#factor-submit").await;
    tab.until("the browser's question", "!!document.querySelector('[data-webauthn-status] .alert')").await;
    inspector.look(&tab, "second_factor security-key waiting").await;
    world.chromium.end().await;
    inspector.finish();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passkey_signs_in_on_a_narrow_screen_in_the_dark_with_the_keyboard() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let _key = Key::roaming(&tab).await;
    tab.size(360, 740).await;
    tab.dark(true).await;
    world.to_enrolment(&tab, "passkey").await;
    tab.tab_to("#enrol-submit").await;
    tab.key_through("Enter").await;
    tab.tab_to("#codes-next").await;
    tab.key_through("Enter").await;
    assert!(tab.sees("#factors").await);
    world.sign_out(&tab).await;
    tab.open(&world.demo.url).await;
    tab.follow("#sign-in").await;
    tab.tab_to("#passkey-submit").await;
    tab.key_through("Space").await;
    let inside = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(tab.eval(inside).await, true);
    assert_eq!(world.claims(&tab).await, told(ALONE));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_other_ways_stay_open() {
    let Some(world) = World::start().await else { return };
    let tab = world.at_home().await;
    let key = Key::roaming(&tab).await;
    world.to_enrolment(&tab, "passkey").await;
    tab.follow("#enrol-submit").await;
    let codes = "Array.from(document.querySelectorAll('#recovery-codes li'), li => li.textContent.trim())[0]";
    let code = tab.eval(codes).await.as_str().unwrap().to_owned();
    world.sign_out(&tab).await;
    tab.scripts(false).await;
    world.begin(&tab, "#sign-in").await;
    assert!(!tab.sees("#passkey-submit").await, "no button that would do nothing");
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.text("main").await.contains("JavaScript"), "{}", tab.text("main").await);
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    tab.fill("#recovery-code", &code).await;
    tab.follow("#factor-submit").await;
    assert!(tab.sees("#done-next").await, "{}", tab.text("main").await);
    key.unplug().await;
    world.end(&tab).await;
}
