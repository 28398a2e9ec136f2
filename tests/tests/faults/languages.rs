//! The language of a sign-in, on every page and in every mail.

use vestibule_domain::FactorKind;
use vestibule_tests::{Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

/// The language that a page says it is in.
fn language(page: &Page) -> String {
    page.attribute("html", "lang").unwrap_or_default()
}

async fn asked_in(server: &Server, browser: &mut Browser, ui_locales: &str) -> Page {
    let rp = server.rp();
    browser.get(&rp.authorize_path(&[("ui_locales", ui_locales)])).await
}

/// Where alice answers with a mailed code, too.
fn with_mail(engine: Engine) -> Setup {
    let mut setup = Setup::on(engine);
    setup.settings.mfa.everybody.factors = Some(["totp", "email"].map(FactorKind::new).to_vec());
    setup
}

/// Chooses a language on a page, as its form does.
async fn choose(browser: &mut Browser, page: &Page, tag: &str) -> Page {
    browser.submit(page.form_of("#language-submit").with("language", tag)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u8_a_sign_in_keeps_the_language_that_the_application_wished() {
    on_every_engine(|engine| async move {
        let server = with_mail(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let mut browser = server.browser();
        let page = asked_in(&server, &mut browser, "xx de-AT en").await;
        assert_eq!(language(&page), "de");
        // A wrong password, a wrong code, a wrong address and another way in: all of it in German.
        let page = browser.log_in(&page, "alice", "something else entirely").await;
        assert!(page.has_id("form-error"));
        assert_eq!(language(&page), "de");
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("factor-submit"), "{}", page.body);
        assert_eq!(language(&page), "de");
        let wrong = browser.answer(&page, &phone.wrong_code(&server.clock)).await;
        assert!(wrong.has_id("form-error"));
        assert_eq!(language(&wrong), "de");
        let lost = browser.get("/login/factor?flow=nonsense").await;
        assert_eq!((lost.status.as_u16(), language(&lost).as_str()), (400, "de"));
        let recovery = browser.submit(wrong.form_of("#choose-recovery")).await;
        assert_eq!(language(&recovery), "de");
        let after = browser.answer(&recovery, &phone.codes[0]).await;
        assert_eq!(language(&after), "de", "{}", after.body);
        let mails = server.mails().await;
        let mail = mails.iter().rev().find(|mail| mail.to == "alice@example.test").unwrap();
        assert!(mail.html.contains("lang=\"de\""), "{}", mail.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u8_somebody_who_registers_in_german_is_written_to_in_german() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        let page = asked_in(&server, &mut browser, "de").await;
        let page = browser.get(&page.attribute("#register", "href").unwrap()).await;
        assert_eq!(language(&page), "de");
        let page = browser.submit(page.form_of("#register-submit").with("email", "jan@example.test")).await;
        assert_eq!(language(&page), "de");
        let link = server.mailed_link("jan@example.test", "/login/register/complete").await.unwrap();
        let mail = server.mails().await.pop().unwrap();
        assert!(mail.html.contains("lang=\"de\""), "{}", mail.text);
        // The link is opened somewhere else.
        let mut phone = server.browser();
        let page = phone.get(&link).await;
        assert_eq!(language(&page), "de");
        let form = page.form_of("#register-complete-submit").with("username", "jan");
        let page = phone.submit(form.clone().with("password", "kurz")).await;
        assert!(page.has_id("form-error"));
        assert_eq!(language(&page), "de");
        let page = phone.submit(form.with("password", PASSWORD)).await;
        assert!(page.has_id("done-title"), "{}", page.body);
        assert_eq!(language(&page), "de");
        let jan = server.rows().user_by_identifier("jan").await.unwrap().unwrap().user;
        assert_eq!(jan.locale.as_deref(), Some("de"));
        // Later, elsewhere, and by somebody else's doing.
        server.clock.advance(60);
        let mut later = server.browser();
        assert_eq!(language(&later.sign_in("jan").await), "de");
        let admin = server.admin();
        admin
            .set_user_password(&server.pool().slug, "jan", zeroize::Zeroizing::new(format!("{PASSWORD} 2")))
            .await
            .unwrap();
        let mail = server.mails().await.into_iter().rev().find(|mail| mail.to == "jan@example.test").unwrap();
        assert!(mail.html.contains("lang=\"de\""), "{}", mail.text);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u8_every_page_lets_a_person_choose_the_language_and_stay() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        let mut browser = server.browser();
        let page = asked_in(&server, &mut browser, "de").await;
        let page = choose(&mut browser, &page, "fr").await;
        assert_eq!(language(&page), "fr");
        let page = browser.log_in(&page, "alice", PASSWORD).await;
        assert!(page.has_id("factor-submit"), "{}", page.body);
        assert_eq!(language(&page), "fr");
        // On a page that answered a form, too; the sign-in goes on where it was.
        let page = browser.answer(&page, &phone.wrong_code(&server.clock)).await;
        let page = choose(&mut browser, &page, "ja").await;
        assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
        assert_eq!(language(&page), "ja");
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.left && page.query().contains_key("code"), "{} {}", page.url, page.body);
        // It is the account's from now on, on other devices as well.
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user;
        assert_eq!(alice.locale.as_deref(), Some("ja"));
        let page = owner.get("/u/sessions").await;
        assert_eq!(language(&page), "ja");
        let page = choose(&mut owner, &page, "id").await;
        assert_eq!(
            (language(&page).as_str(), page.url.ends_with("/u/sessions")),
            ("id", true),
            "{}",
            page.url
        );
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user;
        assert_eq!(alice.locale.as_deref(), Some("id"));
        // Pages without anybody signed in, and pages about a mistake.
        let mut stranger = server.browser();
        for path in [
            "/login",
            "/login/register",
            "/login/reset",
            "/nowhere",
            "/oidc/auth?client_id=nobody",
            "/login?request=x",
        ] {
            let page = stranger.get(path).await;
            let page = choose(&mut stranger, &page, "es").await;
            assert_eq!(language(&page), "es", "{path}");
            stranger.cookies.remove("vestibule-language");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u8_choosing_a_language_leads_nowhere_else() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let form = page.form_of("#language-submit").with("language", "de");
    for elsewhere in
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "u", "/ü"]
    {
        let answer = browser.submit(form.clone().with("to", elsewhere)).await;
        assert!(!answer.left && !answer.url.contains("evil"), "{elsewhere}: {}", answer.url);
    }
    let answer = browser.post(&form.clone().with("language", "tlh")).await;
    assert_eq!(answer.status.as_u16(), 400);
}
