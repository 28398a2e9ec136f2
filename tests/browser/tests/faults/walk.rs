//! The walk: every page on the way of a person, and whatever people do there that nobody planned. It ends in the
//! application or in the user center, keeps what was typed, and locks nobody out.

use crate::application::{Application, Says};
use std::sync::Arc;
use vestibule_browser_tests::{Authenticator, CHROMIUM, Chromium, OATHTOOL, Tab, tools};
use vestibule_domain::{MfaMode, Policy};
use vestibule_tests::{App, PASSWORD, Server, Setup};

/// What happens on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Reload,
    Back,
    BackAndForward,
    SecondTab,
    ResentForm,
    Expired,
    CookiesLost,
    SignedInMeanwhile,
    SignedOutMeanwhile,
    FactorChangedMeanwhile,
}

const EVENTS: [Event; 10] = [
    Event::Reload,
    Event::Back,
    Event::BackAndForward,
    Event::SecondTab,
    Event::ResentForm,
    Event::Expired,
    Event::CookiesLost,
    Event::SignedInMeanwhile,
    Event::SignedOutMeanwhile,
    Event::FactorChangedMeanwhile,
];

/// The pages on the way to the application, in the order in which a person meets them, and those of the user center.
const PAGES: [&str; 17] = [
    "login",
    "login after a wrong password",
    "factor",
    "factor after a wrong code",
    "consent",
    "enrolment",
    "codes",
    "recovered",
    "forgotten password",
    "application",
    "/u",
    "/u/profile",
    "/u/password",
    "/u/security",
    "/u/security/enrol/totp",
    "/u/sessions",
    "/u/apps",
];

struct World {
    server: Server,
    app: App,
    application: Application,
    chromium: Chromium,
    oathtool: std::path::PathBuf,
}

/// One person of the walk: everybody has an account of their own, so that no case disturbs another.
struct Person {
    name: String,
    phone: Option<Authenticator>,
}

impl World {
    async fn start() -> Option<Self> {
        let [program, oathtool] = tools([CHROMIUM, OATHTOOL])?;
        let application = Application::start(|path| {
            Says::Page(
                if path.starts_with("/callback") { "<h1 id=arrived>arrived</h1>" } else { "" }.to_owned(),
            )
        })
        .await;
        let to = application.callback();
        let mut setup = Setup { main: ("localhost", "Acme"), real_time: true, ..Setup::default() };
        setup.settings.mfa = Policy::of(MfaMode::Optional);
        let setup = setup.client(move |client| {
            client.redirect_uris = vec![to.clone()];
            client.first_party = false;
        });
        let server = setup.start().await;
        let mut app = server.rp();
        app.redirect_uri = application.callback();
        let chromium = Chromium::start(&program).await;
        Some(Self { server, app, application, chromium, oathtool })
    }

    fn url(&self, path: &str) -> String {
        self.server.pool().origin.url(path)
    }

    /// Where a sign-in for the application begins; `strong` asks for a second factor.
    fn begin(&self, strong: bool) -> String {
        let claims = r#"{"id_token":{"acr":{"essential":true,"values":["urn:vestibule:acr:mfa"]}}}"#;
        let extra: &[(&str, &str)] = if strong { &[("claims", claims)] } else { &[] };
        self.url(&self.app.authorize_path(extra))
    }

    /// A new account, with an authenticator app where the page needs one.
    async fn person(&self, number: usize, page: &str) -> Person {
        let name = format!("walker{number}");
        self.server.add_user(&name).await;
        let needs =
            matches!(page, "factor" | "factor after a wrong code" | "consent" | "recovered" | "application");
        let phone = if needs {
            let mut browser = self.server.browser();
            browser.sign_in(&name).await;
            let phone = self.server.enrol(&mut browser).await;
            let mut read = Authenticator::with(&phone.secret, &self.oathtool);
            read.codes = phone.codes;
            Some(read)
        } else {
            None
        };
        Person { name, phone }
    }

    /// Brings a tab to a page.
    async fn reach(&self, tab: &Tab, person: &mut Person, page: &str) {
        if page.starts_with("/u") {
            tab.open(&self.url(page)).await;
            tab.log_in(&person.name, PASSWORD).await;
            return;
        }
        tab.open(&self.begin(matches!(page, "enrolment" | "codes"))).await;
        match page {
            "login" => return,
            "login after a wrong password" => return tab.log_in(&person.name, "wrong").await,
            "forgotten password" => return tab.follow("#forgot-password").await,
            _ => tab.log_in(&person.name, PASSWORD).await,
        }
        match page {
            "factor" => {}
            "factor after a wrong code" => {
                let phone = person.phone.as_ref().unwrap();
                tab.fill("#otp", &phone.wrong_code(&self.server.clock)).await;
                tab.follow("#factor-submit").await;
            }
            "recovered" => {
                tab.press("#other-methods summary").await;
                tab.follow("#choose-recovery").await;
                let code = person.phone.as_mut().unwrap().codes.remove(0);
                tab.fill("#recovery-code", &code).await;
                tab.follow("#factor-submit").await;
                assert!(tab.sees("#done-next").await, "{}", tab.text("body").await);
            }
            "consent" | "application" => {
                self.code(tab, person).await;
                assert!(tab.sees("#consent-allow").await, "{}", tab.text("body").await);
                if page == "application" {
                    tab.follow("#consent-allow").await;
                }
            }
            "enrolment" | "codes" => {
                let phone = Authenticator::read(tab, &self.oathtool).await;
                if page == "codes" {
                    tab.fill("#otp", &phone.code(&self.server.clock)).await;
                    tab.follow("#enrol-submit").await;
                    assert!(tab.sees("#recovery-codes").await, "{}", tab.text("body").await);
                    person.phone = Some(phone);
                    self.server.clock.advance(30);
                }
            }
            other => panic!("no page {other}"),
        }
    }

    async fn code(&self, tab: &Tab, person: &Person) {
        self.server.clock.advance(30);
        tab.fill("#otp", &person.phone.as_ref().unwrap().code(&self.server.clock)).await;
        tab.follow("#factor-submit").await;
    }

    /// Lets something happen.
    async fn happen(&self, tab: &Tab, person: &mut Person, page: &str, event: Event) {
        let (clock, here) = (&self.server.clock, tab.url().await);
        match event {
            Event::Reload => tab.reload().await,
            Event::Back => tab.back().await,
            Event::BackAndForward => {
                tab.back().await;
                tab.forward().await;
            }
            Event::SecondTab => {
                let other = self.chromium.beside(tab).await;
                other.open(&here).await;
                self.finish(&other, person, &format!("{page}, in a second tab")).await;
                tab.reload().await;
            }
            Event::ResentForm => tab.resend().await,
            Event::Expired => {
                clock.advance(self.server.pool().settings.lifetimes.flow + 60);
                tab.reload().await;
            }
            Event::CookiesLost => {
                tab.lose_cookies().await;
                tab.resend().await;
            }
            Event::SignedInMeanwhile => {
                let other = self.chromium.beside(tab).await;
                other.open(&self.url("/u")).await;
                self.finish(&other, person, &format!("{page}, signed in meanwhile")).await;
                tab.resend().await;
            }
            Event::SignedOutMeanwhile => {
                let other = self.chromium.beside(tab).await;
                other.open(&self.url("/oidc/session/end")).await;
                if other.sees("#logout-confirm").await {
                    other.follow("#logout-confirm").await;
                }
                tab.resend().await;
            }
            Event::FactorChangedMeanwhile => {
                let slug = &self.server.pool().slug;
                self.server.admin().reset_factors(slug, &person.name).await.unwrap();
                person.phone = None;
                tab.resend().await;
            }
        }
    }

    /// Does what every page asks for, until the application or the user center is reached.
    async fn finish(&self, tab: &Tab, person: &mut Person, what: &str) {
        let mut seen = Vec::new();
        for _ in 0..14 {
            let here = tab.url().await;
            seen.push(here.split('?').next().unwrap_or_default().to_owned());
            if here.starts_with(&self.application.callback()) || tab.sees("#sign-out").await {
                return;
            }
            if tab.sees("#login-submit").await {
                if tab.attribute("#username", "readonly").await.is_empty()
                    && tab.attribute("#username", "value").await != person.name
                {
                    tab.fill("#username", &person.name).await;
                }
                tab.fill("#password", PASSWORD).await;
                tab.follow("#login-submit").await;
            } else if tab.sees("#factor-submit").await && tab.sees("#otp").await {
                self.code(tab, person).await;
            } else if tab.sees("#recovery-codes").await {
                tab.follow("#codes-next").await;
            } else if tab.sees("#choose-totp").await || tab.sees("#enrol-submit").await {
                let phone = Authenticator::read(tab, &self.oathtool).await;
                tab.fill("#otp", &phone.code(&self.server.clock)).await;
                tab.follow("#enrol-submit").await;
                self.server.clock.advance(30);
                person.phone = Some(phone);
            } else if tab.sees("#back-to-login").await {
                tab.follow("#back-to-login").await;
            } else {
                let ways = ["#consent-allow", "#done-next", "#error-back", "#signed-out-back", "#go-on"];
                let mut found = false;
                for way in ways {
                    if tab.sees(way).await {
                        tab.follow(way).await;
                        found = true;
                        break;
                    }
                }
                assert!(found, "{what}: a dead end after {seen:?}:\n{}", tab.text("body").await);
            }
        }
        panic!("{what}: in circles: {seen:?}\n{}", tab.text("body").await);
    }
}

/// One page, one event.
#[derive(Clone, Copy, Debug)]
struct Case {
    number: usize,
    page: &'static str,
    event: Event,
    scripts: bool,
}

/// Every event on every page; the pages and the events with and without scripts in turns, as on a chessboard.
fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for (row, page) in PAGES.into_iter().enumerate() {
        for (column, event) in EVENTS.into_iter().enumerate() {
            all.push(Case { number: all.len(), page, event, scripts: (row + column) % 2 == 0 });
        }
    }
    all
}

impl World {
    async fn walk(&self, case: Case) {
        let Case { number, page, event, scripts } = case;
        let what = format!("{page}, {event:?}, {}", if scripts { "with scripts" } else { "without" });
        let tab = self.chromium.visitor().await;
        tab.scripts(scripts).await;
        let mut person = self.person(number, page).await;
        self.reach(&tab, &mut person, page).await;
        self.happen(&tab, &mut person, page, event).await;
        self.finish(&tab, &mut person, &what).await;
        tab.close().await;
        // Nobody is locked out: the right proofs still open the door, at once.
        let mut fresh = self.server.browser();
        let mut inside = fresh.sign_in(&person.name).await;
        if let Some(phone) = person.phone.as_ref().filter(|_| inside.has_id("factor-submit")) {
            self.server.clock.advance(30);
            inside = fresh.answer(&inside, &phone.code(&self.server.clock)).await;
        }
        assert!(inside.has_id("sign-out"), "{what}, afterwards: {} {}", inside.url, inside.body);
    }
}

/// The cases of this run: every third one, which has every page and every event in it. All of them take a quarter of an hour;
/// `VESTIBULE_WHOLE_WALK=1` walks them.
fn walked() -> Vec<Case> {
    let stride = if std::env::var_os("VESTIBULE_WHOLE_WALK").is_some() { 1 } else { 3 };
    cases().into_iter().step_by(stride).collect()
}

/// Two walks at once, each in a world of its own: what one lets happen is no business of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u4_the_walk_over_every_page_ends_in_the_application_or_in_the_user_center() {
    let mut walkers = tokio::task::JoinSet::new();
    for walker in 0..2 {
        let Some(world) = World::start().await else { return };
        let world = Arc::new(world);
        walkers.spawn(async move {
            let mut lost = Vec::new();
            for case in walked().into_iter().skip(walker).step_by(2) {
                let walking = Arc::clone(&world);
                let walked = tokio::spawn(async move { walking.walk(case).await }).await;
                lost.extend(walked.err().map(|error| format!("{case:?}: {error:?}")));
            }
            lost
        });
    }
    let lost: Vec<String> = walkers.join_all().await.into_iter().flatten().collect();
    assert!(lost.is_empty(), "{} of {} were lost:\n{}", lost.len(), walked().len(), lost.join("\n"));
}
