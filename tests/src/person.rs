//! What a person does: typing passwords and codes.

use crate::{Browser, Page, server::TestClock};
use totp_rs::{Builder, Secret};

/// The password of every user that the harness makes.
pub const PASSWORD: &str = "tulips over the moat 42";

/// An authenticator app that knows one secret.
#[derive(Clone)]
pub struct Authenticator {
    /// The secret as it was shown, base32 without spaces.
    pub secret: String,
    /// Recovery codes that came with it.
    pub codes: Vec<String>,
}

impl Authenticator {
    /// The code at a time.
    pub fn code_at(&self, seconds: i64) -> String {
        let secret = Secret::try_from_base32(&self.secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }

    /// The code now.
    pub fn code(&self, clock: &TestClock) -> String {
        self.code_at(clock.seconds())
    }

    /// A code that is wrong now and for some time around.
    pub fn wrong_code(&self, clock: &TestClock) -> String {
        let near: Vec<String> = (-4..=4).map(|step| self.code_at(clock.seconds() + step * 30)).collect();
        (0..1000).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }
}

impl Browser {
    /// Fills in and sends the login form that a page shows.
    pub async fn log_in(&mut self, page: &Page, username: &str, password: &str) -> Page {
        let form = page.form_of("#login-submit").with("username", username).with("password", password);
        self.submit(form).await
    }

    /// Signs in to the user center with a password alone.
    pub async fn sign_in(&mut self, username: &str) -> Page {
        let page = self.get("/u").await;
        self.log_in(&page, username, PASSWORD).await
    }

    /// Answers the second-factor page with a code.
    pub async fn answer(&mut self, page: &Page, code: &str) -> Page {
        let form = page.form_of("#factor-submit").with("code", code);
        self.submit(form).await
    }

    /// Answers the second-factor page with a code, and ticks the box to be remembered.
    pub async fn answer_and_be_remembered(&mut self, page: &Page, code: &str) -> Page {
        assert!(page.has_id("remember"), "{} {}", page.url, page.body);
        let form = page.form_of("#factor-submit").with("code", code).forged("remember", "1");
        self.submit(form).await
    }

    /// Enrols an authenticator app in the user center, from wherever the browser is signed in, and saves the codes.
    ///
    /// # Panics
    /// When a step does not look as it should.
    pub async fn enrol_totp(&mut self, clock: &TestClock) -> Authenticator {
        let page = self.get("/u/security").await;
        let page = self.submit(page.form_of("#add-totp")).await;
        let (authenticator, page) = self.finish_enrolment(&page, clock).await;
        let codes = recovery_codes(&page);
        assert!(!codes.is_empty(), "{}", page.body);
        self.submit(page.form_of("#codes-next")).await;
        Authenticator { codes, ..authenticator }
    }

    /// Chooses the authenticator app where a page asks which factor to enrol; gives the page with the secret.
    ///
    /// # Panics
    /// When the page is about no enrolment.
    pub async fn to_totp(&mut self, page: &Page) -> Page {
        assert!(page.enrols(), "{} {}", page.url, page.body);
        if page.has_id("totp-secret") {
            return page.clone();
        }
        let page = self.submit(page.form_of("#choose-totp")).await;
        assert!(page.has_id("totp-secret"), "{} {}", page.url, page.body);
        page
    }

    /// Types the code of a new authenticator into the enrolment page, which may first ask which factor to set up.
    pub async fn finish_enrolment(&mut self, page: &Page, clock: &TestClock) -> (Authenticator, Page) {
        let page = &self.to_totp(page).await;
        assert!(page.has_id("totp-secret"), "{} {}", page.url, page.body);
        let secret: String = page.text("#totp-secret").split_whitespace().collect();
        let authenticator = Authenticator { secret, codes: Vec::new() };
        let form = page.form_of("#enrol-submit").with("code", &authenticator.code(clock));
        let page = self.submit(form).await;
        (authenticator, page)
    }
}

/// The recovery codes on a page.
pub fn recovery_codes(page: &Page) -> Vec<String> {
    page.texts("#recovery-codes li")
}
