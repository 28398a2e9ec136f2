//! Two sign-ins of one user, step by step, with every change of the account and of the rules between their steps: whatever
//! the order, a session begins only with everything that is asked at that moment.

use crate::support::{SESSION, is_inside};
use std::collections::BTreeSet;
use vestibule_domain::{
    Entropy as _, MfaMode, UserId,
    assurance::EventKind,
    policy::{Ask, Policy},
};
use vestibule_seal::testing::SeededEntropy;
use vestibule_tests::{
    Authenticator, Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine, recovery_codes,
};

/// Steps of one history.
const STEPS: usize = 40;

struct World {
    server: Server,
    dice: SeededEntropy,
    password: String,
    phone: Option<Authenticator>,
    alice: UserId,
    /// How many sessions the two sign-ins came to.
    begun: usize,
    /// Everything that was done, to be told when something is wrong.
    told: Vec<String>,
}

/// One of the two sign-ins.
struct Visitor {
    name: &'static str,
    browser: Browser,
    page: Option<Page>,
    /// The password that it gave.
    gave: String,
}

impl World {
    async fn new(engine: Engine, seed: u64) -> Self {
        let server = Setup::on(engine).policy(rules(MfaMode::Required, Some(200))).start().await;
        let alice = crate::support::alice(&server).await.id;
        let dice = SeededEntropy::new(seed);
        let (password, told) = (PASSWORD.to_owned(), vec![format!("seed {seed}")]);
        Self { server, dice, password, phone: None, alice, begun: 0, told }
    }

    fn roll(&self, sides: u8) -> u8 {
        let mut byte = [0_u8];
        self.dice.fill(&mut byte);
        byte[0] % sides
    }

    fn visitor(&self, name: &'static str) -> Visitor {
        Visitor { name, browser: self.server.browser(), page: None, gave: String::new() }
    }

    /// A code that was never used: time passes first.
    fn code(&self) -> Option<String> {
        self.server.clock.advance(30);
        self.phone.as_ref().map(|phone| phone.code(&self.server.clock))
    }

    /// The owner, signed in again with everything that is asked.
    async fn owner(&mut self) -> Option<Browser> {
        let mut browser = self.server.browser();
        let page = browser.get("/u").await;
        let mut page = browser.log_in(&page, "alice", &self.password).await;
        if page.has_id("factor-submit") {
            let code = self.code()?;
            page = browser.answer(&page, &code).await;
        }
        if page.has_id("enrol-skip") {
            page = browser.submit(page.form_of("#enrol-skip")).await;
        }
        is_inside(&page).then_some(browser)
    }

    /// The owner or an administrator changes something.
    async fn change(&mut self) {
        let what = self.roll(7);
        self.told.push(format!("change {what}"));
        match what {
            0 => self.owner_enrols().await,
            1 => self.owner_submits("/u/security/disable").await,
            2 => self.owner_submits("/u/security/regenerate").await,
            3 => self.owner_changes_the_password().await,
            4 => {
                let reset = self.server.admin().reset_factors(&self.server.pool().slug, "alice").await;
                assert!(matches!(reset, Ok(vestibule_flows::ResetAnswer::Done(_))), "{reset:?}");
                self.phone = None;
            }
            5 => self.server.rule(|settings| settings.mfa = rules(MfaMode::Required, Some(200))).await,
            _ => self.server.rule(|settings| settings.mfa = rules(MfaMode::Required, None)).await,
        }
    }

    async fn owner_enrols(&mut self) {
        if self.phone.is_some() {
            return;
        }
        let Some(mut owner) = self.owner().await else { return };
        self.phone = Some(self.server.enrol(&mut owner).await);
    }

    async fn owner_submits(&mut self, path: &str) {
        if self.phone.is_none() {
            return;
        }
        let Some(mut owner) = self.owner().await else { return };
        let page = owner.get(path).await;
        if !page.has_id("confirm-submit") {
            return;
        }
        let page = owner.submit(page.form_of("#confirm-submit")).await;
        if page.has_id("recovery-codes") {
            let codes = recovery_codes(&page);
            self.phone = self.phone.take().map(|phone| Authenticator { codes, ..phone });
        }
        if self.factors().await.is_empty() {
            self.phone = None;
        }
    }

    async fn owner_changes_the_password(&mut self) {
        let Some(mut owner) = self.owner().await else { return };
        let new = format!("tulip over the moat {}", self.told.len());
        let page = owner.get("/u/password").await;
        let form = page.form("/u/password").with("current_password", &self.password);
        let page = owner.submit(form.with("new_password", &new)).await;
        assert!(page.status.is_success(), "{} {}", page.url, page.body);
        self.password = new;
    }

    /// The kinds of alice's factors, recovery codes not among them.
    async fn factors(&self) -> BTreeSet<String> {
        let own = self.server.rows().credentials(self.alice).await.unwrap();
        own.iter().map(|one| one.kind.to_string()).filter(|kind| kind != "recovery").collect()
    }

    /// One step of a sign-in: whatever its page offers.
    async fn step(&mut self, visitor: &mut Visitor) {
        let (factors, before) = (self.factors().await, visitor.browser.cookies.contains_key(SESSION));
        let done = self.go(visitor).await;
        self.told.push(format!("{} {done}", visitor.name));
        if before || !visitor.browser.cookies.contains_key(SESSION) {
            return;
        }
        assert_eq!(visitor.gave, self.password, "the password was changed: {:?}", self.told);
        let sessions = self.server.rows().sessions_of(self.alice).await.unwrap();
        let session = sessions.iter().max_by_key(|one| (one.created_at, one.id.as_uuid())).unwrap();
        let proved = session
            .events
            .iter()
            .any(|event| matches!(event.kind, EventKind::SecondFactor | EventKind::Enrolment));
        assert!(factors.is_empty() || proved, "no factor was asked: {:?}", self.told);
        self.begun += 1;
        // A session that is done with its sign-in makes room for another one.
        *visitor = self.visitor(visitor.name);
    }

    async fn go(&mut self, visitor: &mut Visitor) -> &'static str {
        let page = match visitor.page.take() {
            Some(page) if page.status.is_success() => page,
            _ => visitor.browser.get("/u").await,
        };
        let (done, page) = if page.has_id("login-submit") {
            visitor.gave = self.password.clone();
            ("gives the password", visitor.browser.log_in(&page, "alice", &visitor.gave).await)
        } else if page.has_id("factor-submit") {
            let recovery = self.phone.as_mut().and_then(|phone| phone.codes.pop());
            match (self.roll(4), recovery) {
                (0, Some(code)) if page.has_id("choose-recovery") => {
                    let page = visitor.browser.submit(page.form_of("#choose-recovery")).await;
                    if page.has_id("recovery-code") {
                        ("gives a recovery code", visitor.browser.answer(&page, &code).await)
                    } else {
                        ("wants to give a recovery code", page)
                    }
                }
                (_, spare) => {
                    if let (Some(phone), Some(code)) = (self.phone.as_mut(), spare) {
                        phone.codes.push(code);
                    }
                    let code = self.code().unwrap_or_else(|| "000000".to_owned());
                    if page.has_id("recovery-code") {
                        visitor.browser = self.server.browser();
                        return "starts over";
                    }
                    ("gives a code", visitor.browser.answer(&page, &code).await)
                }
            }
        } else if page.has_id("enrol-skip") && self.roll(3) > 0 {
            ("postpones", visitor.browser.submit(page.form_of("#enrol-skip")).await)
        } else if page.has_id("totp-secret") {
            self.server.clock.advance(30);
            let secret: String = page.text("#totp-secret").split_whitespace().collect();
            let phone = Authenticator { secret, codes: Vec::new() };
            let form = page.form_of("#enrol-submit").with("code", &phone.code(&self.server.clock));
            let page = visitor.browser.submit(form).await;
            if page.has_id("recovery-codes") || visitor.browser.cookies.contains_key(SESSION) {
                self.phone = Some(Authenticator { codes: recovery_codes(&page), ..phone });
            }
            ("enrols", page)
        } else if page.enrols() {
            ("chooses what to enrol", visitor.browser.submit(page.form_of("#choose-totp")).await)
        } else if page.has_id("recovery-codes") || page.has("form[action='/login/codes']") {
            ("has saved the codes", visitor.browser.submit(page.form("/login/codes")).await)
        } else {
            visitor.browser = self.server.browser();
            return "starts over";
        };
        visitor.page = Some(page);
        done
    }
}

fn rules(mode: MfaMode, skips: Option<u32>) -> Policy {
    Policy { everybody: Ask { mode: Some(mode), skips, ..Ask::default() }, ..Policy::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s2_no_order_of_steps_and_changes_yields_a_session_without_what_is_asked() {
    on_every_engine(|engine| async move {
        for seed in 1..=8 {
            let mut world = World::new(engine, seed).await;
            let mut visitors = [world.visitor("one"), world.visitor("two")];
            for _ in 0..STEPS {
                match world.roll(5) {
                    0 => world.change().await,
                    side => world.step(&mut visitors[usize::from(side % 2)]).await,
                }
            }
            // The history went somewhere.
            assert!(world.begun > 0, "{:?}", world.told);
        }
    })
    .await;
}
