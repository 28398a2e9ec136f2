//! The demo application, clicked through in a browser: what it asks for, what its person has to do for it, and what
//! it is told afterwards.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, Demo, OATHTOOL, Tab, tools};
use vestibule_domain::{Client, MfaMode};
use vestibule_tests::{PASSWORD, Setup};

/// Everything a journey needs.
struct World {
    chromium: Chromium,
    demo: Demo,
    oathtool: PathBuf,
}

impl World {
    async fn start() -> Option<Self> {
        Self::with(Setup::default()).await
    }

    async fn with(setup: Setup) -> Option<Self> {
        Self::with_client(setup, |_| {}).await
    }

    async fn with_client(setup: Setup, change: impl Fn(&mut Client) + Send + Sync + 'static) -> Option<Self> {
        let [chromium, oathtool] = tools([CHROMIUM, OATHTOOL])?;
        let (chromium, demo) = tokio::join!(Chromium::start(&chromium), Demo::start(setup, change));
        Some(Self { chromium, demo, oathtool })
    }

    /// A visitor who has just pressed a button of the demo application's start page.
    async fn begin_with(&self, button: &str) -> Tab {
        let tab = self.chromium.visitor().await;
        tab.open(&self.demo.url).await;
        tab.follow(button).await;
        tab
    }

    /// Enrols a factor for alice in a browser that is then forgotten.
    async fn enrolled(&self) -> Authenticator {
        let tab = self.chromium.visitor().await;
        self.demo.enter(&tab, "alice", None).await;
        self.demo.enrol(&tab, &self.oathtool).await
    }

    /// What the demo shows about the sign-in: `acr`, `amr`. The time of it lies between `from` and now.
    async fn claims(&self, tab: &Tab, from: i64) -> (String, String) {
        assert_eq!(tab.url().await, format!("{}/", self.demo.url));
        let time: i64 = tab.text("#claim-auth-time .value").await.parse().unwrap();
        let now = self.demo.server.clock.seconds();
        assert!((from..=now).contains(&time), "auth_time {time}, not between {from} and {now}");
        let amr = "Array.from(document.querySelectorAll('#claim-amr .value'), e => e.textContent).join(' ')";
        let amr = tab.eval(amr).await.as_str().unwrap().to_owned();
        (tab.text("#claim-acr .value").await, amr)
    }

    fn now(&self) -> i64 {
        self.demo.server.clock.seconds()
    }

    async fn end(self, tab: &Tab) {
        assert_eq!(tab.complaints(), Vec::<String>::new());
        self.chromium.end().await;
    }
}

fn pair(acr: &str, amr: &str) -> (String, String) {
    (format!("urn:vestibule:acr:{acr}"), amr.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_visit_asks_for_password_and_consent_and_ends_with_a_confirmed_sign_out() {
    let Some(world) = World::start().await else { return };
    let before = world.now();
    let tab = world.begin_with("#sign-in").await;
    assert!(tab.text("main").await.contains("Demo Application"), "who asks is named");
    tab.log_in("alice", "not the password").await;
    assert!(tab.sees("#form-error").await);
    tab.fill("#password", PASSWORD).await;
    tab.follow("#login-submit").await;
    assert!(tab.text(".scopes").await.contains("email"), "the person sees what the application will get");
    tab.follow("#consent-allow").await;
    assert_eq!(world.claims(&tab, before).await, pair("1fa", "pwd"));
    assert!(tab.text("h1").await.contains("alice Example"));
    let (sub, sid) = (tab.text("#claim-sub .value").await, tab.text("#claim-sid .value").await);

    // Fresh tokens say the same about an old sign-in.
    tab.follow("#refresh").await;
    assert!(tab.text("#notice").await.contains("Fresh tokens"));
    assert_eq!(world.claims(&tab, before).await, pair("1fa", "pwd"));
    assert_eq!(tab.text("#claim-sub .value").await, sub);

    // The provider remembers the person and the consent.
    tab.follow("#sign-in-silent").await;
    assert_eq!(world.claims(&tab, before).await, pair("1fa", "pwd"));
    assert_eq!(tab.text("#claim-sid .value").await, sid);

    // The application proves by its ID token that it means this very sign-in, so nobody is asked.
    tab.follow("#sign-out").await;
    assert_eq!(tab.text("#signed-out").await, "You are signed out");
    assert!(tab.url().await.starts_with(&format!("{}/signed-out?", world.demo.url)));

    tab.follow("#sign-in").await;
    assert!(tab.sees("#password").await, "the next visit asks again");
    tab.open(&world.demo.url).await;
    tab.follow("#sign-in-silent").await;
    assert_eq!(tab.text("#oauth-error").await, "login_required");
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_out_that_is_declined_leaves_the_providers_session() {
    let Some(world) = World::start().await else { return };
    let tab = world.begin_with("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#consent-allow").await;
    // Without a hint nobody knows who is meant, so the person is asked.
    tab.open(&world.demo.provider("/oidc/session/end")).await;
    tab.follow("#logout-cancel").await;
    tab.open(&world.demo.provider("/u")).await;
    assert!(tab.sees("#sign-out").await, "still signed in at {}", tab.url().await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consent_that_is_refused_and_a_sign_in_that_is_cancelled_are_told_to_the_application() {
    let Some(world) = World::start().await else { return };
    let tab = world.begin_with("#sign-in").await;
    tab.follow("#cancel").await;
    assert_eq!(tab.text("#oauth-error").await, "access_denied");
    tab.follow("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#consent-deny").await;
    assert_eq!(tab.text("#oauth-error").await, "access_denied");
    tab.follow("#home").await;
    assert!(tab.sees("#sign-in-mfa").await && !tab.sees("#claim-acr").await, "nobody is signed in");
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enrolment_in_the_user_center_shows_codes_to_copy_download_and_print() {
    let Some(world) = World::start().await else { return };
    let tab = world.chromium.visitor().await;
    world.demo.enter(&tab, "alice", None).await;
    tab.open(&world.demo.provider("/u/security")).await;
    tab.follow("#add-totp").await;
    assert!(tab.sees("#qr svg").await && !tab.sees("#totp-secret").await);
    tab.press("#manual summary").await;
    assert!(tab.sees("#totp-secret").await);
    let shown: String = tab.text("#totp-secret").await.split_whitespace().collect();
    let phone = Authenticator::read(&tab, &world.oathtool).await;
    assert_eq!(shown, phone.secret, "what is read out is what is copied");
    let url = tab.attribute("#open-app", "href").await;
    assert!(url.starts_with("otpauth://totp/") && url.contains(&format!("secret={shown}")), "{url}");

    tab.fill("#otp", &phone.wrong_code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert!(tab.sees("#form-error").await);
    assert_eq!(
        Authenticator::read(&tab, &world.oathtool).await.secret,
        shown,
        "a typing error costs no new scan"
    );
    tab.fill("#otp", &phone.code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;

    let codes = Authenticator::codes_on(&tab).await;
    assert_eq!(codes.len(), 10);
    for button in ["#copy-codes", "#download-codes", "#print-codes"] {
        assert!(tab.sees(button).await, "{button}");
    }
    tab.press("#copy-codes").await;
    tab.until("the word of success", "document.querySelector('#copy-codes').textContent.trim() === 'Copied'")
        .await;
    tab.press("#download-codes").await;
    let file = tab.downloads.join("recovery-codes.txt");
    for _ in 0..400 {
        if std::fs::read_to_string(&file).is_ok_and(|text| text.contains(&codes[9])) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(codes.iter().all(|code| text.contains(code)) && text.contains("alice"), "{text}");

    tab.follow("#codes-next").await;
    assert!(tab.sees("#factors").await && tab.text("#recovery-left").await.contains("10"));
    tab.open(&world.demo.provider("/u/security/enrol/totp")).await;
    assert!(!tab.sees("#recovery-codes").await, "they are shown once");
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_demands_a_second_factor_takes_the_right_code_only() {
    let Some(world) = World::start().await else { return };
    let phone = world.enrolled().await;
    let before = world.now();
    let clock = &world.demo.server.clock;
    let tab = world.begin_with("#sign-in-mfa").await;
    tab.log_in("alice@example.test", PASSWORD).await;
    tab.fill("#otp", &phone.wrong_code(clock)).await;
    tab.follow("#factor-submit").await;
    assert!(tab.text("#form-error").await.contains("not valid"));
    let code = phone.code(clock);
    tab.fill("#otp", &format!("{} {}", &code[..3], &code[3..])).await;
    tab.follow("#factor-submit").await;
    tab.follow("#consent-allow").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_factor_is_enrolled_on_the_way_and_arrives_with_two() {
    let Some(world) = World::start().await else { return };
    let before = world.now();
    let tab = world.begin_with("#sign-in-mfa").await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.text("#reason").await.contains("Demo Application"), "the reason is named");
    let phone = Authenticator::read(&tab, &world.oathtool).await;
    tab.fill("#otp", &phone.code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert_eq!(Authenticator::codes_on(&tab).await.len(), 10);
    tab.follow("#codes-next").await;
    tab.follow("#consent-allow").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_application_of_the_house_is_reached_from_the_recovery_codes_without_a_question() {
    let own = |client: &mut Client| client.first_party = true;
    let Some(world) = World::with_client(Setup::default(), own).await else { return };
    let tab = world.begin_with("#sign-in-mfa").await;
    tab.log_in("alice", PASSWORD).await;
    let phone = Authenticator::read(&tab, &world.oathtool).await;
    tab.fill("#otp", &phone.code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    // From a form straight to another origin: the policy of the page that holds it must not stand in the way.
    tab.follow("#codes-next").await;
    assert_eq!(world.claims(&tab, 0).await, pair("mfa", "mfa otp pwd"));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stepping_up_asks_for_the_code_alone_and_keeps_the_session() {
    let Some(world) = World::start().await else { return };
    let clock = &world.demo.server.clock;
    let tab = world.begin_with("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#consent-allow").await;
    let phone = world.demo.enrol(&tab, &world.oathtool).await;
    tab.open(&world.demo.url).await;
    assert_eq!(world.claims(&tab, 0).await, pair("1fa", "pwd"));
    let sid = tab.text("#claim-sid .value").await;

    let before = world.now();
    tab.follow("#step-up").await;
    assert!(tab.sees("#otp").await && !tab.sees("#password").await);
    assert!(tab.text("#reason").await.contains("Demo Application asks for a second step"));
    tab.fill("#otp", &phone.code(clock)).await;
    tab.follow("#factor-submit").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    assert_eq!(tab.text("#claim-sid .value").await, sid);
    // Once is enough.
    tab.follow("#step-up").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_apis_challenge_is_answered_by_stepping_up() {
    let Some(world) = World::start().await else { return };
    let tab = world.begin_with("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    tab.follow("#consent-allow").await;
    let phone = world.demo.enrol(&tab, &world.oathtool).await;
    tab.open(&world.demo.url).await;
    let before = world.now();
    tab.follow("#call-api").await;
    assert!(tab.sees("#otp").await, "{}", tab.url().await);
    tab.fill("#otp", &phone.code(&world.demo.server.clock)).await;
    tab.follow("#factor-submit").await;
    let steps = tab.text("#api-result").await;
    let order = ["401", "insufficient_user_authentication", "urn:vestibule:acr:mfa", "200 OK", "transferred"];
    let mut rest = steps.as_str();
    for part in order {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("no {part} in order in {steps}")).1;
    }
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    // The API looks at the token, not at the session: it is content for as long as the sign-in is fresh.
    tab.follow("#call-api").await;
    assert!(tab.text("#api-result").await.contains("200 OK"));
    world.end(&tab).await;
}

/// Answers the question for a factor with a recovery code, as people type: small letters, no dashes.
async fn recover(tab: &Tab, code: &str) {
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    tab.fill("#recovery-code", &code.to_lowercase().replace('-', " ")).await;
    tab.follow("#factor-submit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recovery_code_lets_in_once_and_is_not_told_as_a_second_factor() {
    let Some(world) = World::start().await else { return };
    let phone = world.enrolled().await;
    let before = world.now();
    let tab = world.begin_with("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    recover(&tab, &phone.codes[3]).await;
    assert!(tab.text("main").await.contains("9 are left"), "{}", tab.text("main").await);
    tab.follow("#done-next").await;
    tab.follow("#consent-allow").await;
    assert_eq!(world.claims(&tab, before).await, pair("1fa", "pwd rec"));

    // Not a second time, and not in place of the factor that an application demands: that one is enrolled again.
    let tab = world.begin_with("#sign-in-mfa").await;
    tab.log_in("alice", PASSWORD).await;
    recover(&tab, &phone.codes[3]).await;
    assert!(tab.text("#form-error").await.contains("used already"));
    tab.fill("#recovery-code", &phone.codes[4]).await;
    tab.follow("#factor-submit").await;
    let new_phone = Authenticator::read(&tab, &world.oathtool).await;
    assert_ne!(new_phone.secret, phone.secret);
    tab.fill("#otp", &new_phone.code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    assert_eq!(Authenticator::codes_on(&tab).await.len(), 10, "the old codes are worth nothing now");
    tab.follow("#codes-next").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd rec"));
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demanded_factor_that_is_not_given_leaves_the_application_with_the_error_that_says_so() {
    let Some(world) = World::start().await else { return };
    // Without a factor, from the enrolment.
    let tab = world.begin_with("#sign-in-mfa").await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.sees("#choose-totp").await && tab.sees("#choose-passkey").await);
    tab.follow("#cancel").await;
    assert_eq!(tab.text("#oauth-error").await, "unmet_authentication_requirements");
    assert!(tab.text("#oauth-error-next").await.contains("second factor"));
    // With one, from the question.
    world.demo.enter(&tab, "alice", None).await;
    world.demo.enrol(&tab, &world.oathtool).await;
    tab.open(&world.demo.url).await;
    tab.follow("#sign-in-mfa").await;
    assert!(tab.sees("#otp").await);
    tab.follow("#cancel").await;
    assert_eq!(tab.text("#oauth-error").await, "unmet_authentication_requirements");
    tab.follow("#home").await;
    assert!(!tab.sees("#claim-acr").await);
    world.end(&tab).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pool_that_demands_a_factor_demands_it_for_a_plain_sign_in() {
    let Some(world) = World::with(Setup::default().mfa(MfaMode::Required)).await else { return };
    let before = world.now();
    let tab = world.begin_with("#sign-in").await;
    tab.log_in("alice", PASSWORD).await;
    assert!(tab.text("#reason").await.contains("asks everyone for a second step"));
    let phone = Authenticator::read(&tab, &world.oathtool).await;
    tab.fill("#otp", &phone.code(&world.demo.server.clock)).await;
    tab.follow("#enrol-submit").await;
    tab.follow("#codes-next").await;
    tab.follow("#consent-allow").await;
    assert_eq!(world.claims(&tab, before).await, pair("mfa", "mfa otp pwd"));
    world.end(&tab).await;
}
