//! What nobody may set, addresses that are claimed by somebody else, and what the tenant has switched off.

use crate::support::{Rows, SESSION, changed, hidden, rows};
use vestibule_domain::{PoolSettings, User};
use vestibule_flows::PoolSpec;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup, on_every_engine};

async fn user(server: &Server, name: &str) -> Option<User> {
    server.rows().user_by_identifier(name).await.unwrap().map(|found| found.user)
}

/// What a form could carry to make an address count as proved, or to be more than oneself.
const CLAIMS: [(&str, &str); 14] = [
    ("email", "mallory@example.test"),
    ("email_verified", "true"),
    ("verified", "1"),
    ("emailVerified", "on"),
    ("username", "admin"),
    ("preferred_username", "admin"),
    ("groups", "admins"),
    ("groups[]", "admins"),
    ("status", "active"),
    ("id", "00000000-0000-0000-0000-000000000000"),
    ("sub", "admin"),
    ("user", "admin"),
    ("pool_id", "other"),
    ("password", "set by a profile form 12"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b9_no_form_sets_an_address_or_declares_it_proved() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    browser.sign_in("alice").await;
    let before = user(&server, "alice").await.unwrap();
    let hash = server.rows().password_hash(before.id).await.unwrap();
    let page = browser.get("/u/profile").await;
    assert!(!page.has("input[name=email]") && !page.has("input[name=email_verified]"));
    let posts = vestibule_web::ROUTES.iter().filter(|route| route.methods.contains(&"post"));
    for route in posts.filter(|route| route.path.starts_with("/u/") && route.path != "/u/sign-out") {
        let mut form = page.form("/u/profile").with("name", "Alice");
        form.action = vestibule_tests::concrete(route.path);
        for (name, value) in CLAIMS {
            form = form.forged(name, value);
        }
        let page = browser.post(&form).await;
        assert!(!page.status.is_server_error(), "{}", route.path);
        let after = user(&server, "alice").await.unwrap();
        let expected = User { name: after.name.clone(), updated_at: after.updated_at, ..before.clone() };
        assert_eq!(User { locale: None, ..after }, expected, "{}", route.path);
    }
    assert_eq!(server.rows().password_hash(before.id).await.unwrap(), hash);
    assert_eq!(user(&server, "mallory@example.test").await, None);
    for method in ["PUT", "PATCH", "DELETE"] {
        for path in ["/u/profile", "/u", "/oidc/me"] {
            let page = browser.send(method, path, Some(&crate::support::fields(&CLAIMS))).await;
            assert_eq!(page.status, 405, "{method} {path}");
        }
    }
}

async fn ask(browser: &mut Browser, email: &str) -> Page {
    let page = browser.get("/login/register").await;
    let page = browser.submit(page.form_of("#register-submit").with("email", email)).await;
    assert!(page.has_id("mail-sent"), "{}", page.body);
    page
}

async fn register(browser: &mut Browser, link: &str, username: &str) -> Page {
    let page = browser.get(link).await;
    let form = page.form_of("#register-complete-submit");
    browser.submit(form.with("username", username).with("password", PASSWORD)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b9_the_address_of_a_registration_is_the_one_the_link_went_to() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    ask(&mut browser, "mallory@example.test").await;
    let link = server.mailed_link("mallory@example.test", "/login/register/complete").await.unwrap();
    let page = browser.get(&link).await;
    let mut form = page.form_of("#register-complete-submit");
    for (name, value) in CLAIMS {
        form = form.forged(name, value);
    }
    let form = form.forged("email", "victim@example.test").forged("username", "mallory");
    let page = browser.submit(form.forged("password", PASSWORD)).await;
    assert!(page.has_id("done-title"), "{}", page.body);
    let made = user(&server, "mallory").await.unwrap();
    assert_eq!(made.email.as_deref(), Some("mallory@example.test"));
    assert!(made.email_verified && made.groups.is_empty());
    assert_eq!(user(&server, "victim@example.test").await, None);
    assert!(!browser.cookies.contains_key(SESSION), "registering signs nobody in");
    // The link is spent, and a made-up or edited one is none.
    let (path, token) = link.split_once("token=").unwrap();
    for token in
        [token.to_owned(), token[1..].to_owned(), format!("{token}A"), token.to_lowercase(), String::new()]
    {
        let page = browser.get(&format!("{path}token={token}")).await;
        assert!(page.status.is_client_error(), "{token}");
        assert!(!page.has_id("register-complete-submit"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b11_an_address_cannot_be_taken_before_its_owner_comes() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let (mut attacker, mut victim) = (server.browser(), server.browser());
        let address = "victim@example.test";
        // The attacker asks in several spellings, and tries to go on without the mail.
        for spelling in [address, "VICTIM@example.test", " victim@Example.test "] {
            ask(&mut attacker, spelling).await;
        }
        assert_eq!(user(&server, address).await, None, "an account exists before its address is proved");
        let page = attacker.get("/login").await;
        let page = attacker.log_in(&page, address, PASSWORD).await;
        assert!(page.has_id("form-error"));
        let own = attacker.get("/login/register").await.form_of("#register-submit");
        for token in ["", "x", address, &hidden(&attacker.get("/login").await, "csrf")] {
            let mut form =
                own.clone().forged("token", token).forged("username", "evil").forged("password", PASSWORD);
            "/login/register/complete".clone_into(&mut form.action);
            assert!(attacker.post(&form).await.status.is_client_error());
        }
        assert_eq!(user(&server, "evil").await, None);
        // The owner uses one of the links; the attacker's other links, even if one leaked, are worth nothing then.
        let mut links = Vec::new();
        for mail in server.mails().await {
            let link = mail.text.split_whitespace().find(|word| word.contains("/login/register/complete"));
            links.extend(link.map(str::to_owned));
        }
        assert_eq!(links.len(), 3);
        let page = register(&mut victim, &links[1], "victim").await;
        assert!(page.has_id("done-title"), "{}", page.body);
        let made = user(&server, address).await.unwrap();
        for leaked in [&links[0], &links[2]] {
            let mut form =
                own.clone().forged("username", "evil").forged("password", "an intruders password 1");
            form = form.forged("token", leaked.split_once("token=").unwrap().1);
            "/login/register/complete".clone_into(&mut form.action);
            assert!(attacker.post(&form).await.status.is_client_error());
        }
        assert_eq!(user(&server, address).await.unwrap(), made);
        assert_eq!(user(&server, "evil").await, None);
        let page = victim.sign_in(address).await;
        assert!(page.has_id("sign-out"), "{}", page.body);
        let page = victim.get("/u/profile").await;
        assert!(page.text("#profile-email").to_lowercase().contains(address));
        // Nothing of the attacker came along: no factor, no session, no grant.
        assert!(server.rows().credentials(made.id).await.unwrap().is_empty());
        assert_eq!(server.rows().sessions_of(made.id).await.unwrap().len(), 1);
        assert!(server.rows().grants_of(made.id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b11_one_name_or_address_makes_one_account_however_many_ask_at_once() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut links = Vec::new();
        for number in 0..4 {
            let address = format!("one{number}@example.test");
            ask(&mut server.browser(), &address).await;
            links.push(server.mailed_link(&address, "/login/register/complete").await.unwrap());
            ask(&mut server.browser(), "same@example.test").await;
        }
        for mail in server.mails().await.iter().filter(|mail| mail.to == "same@example.test") {
            let link = mail.text.split_whitespace().find(|word| word.contains("/login/register/complete"));
            links.push(link.unwrap().to_owned());
        }
        assert_eq!(links.len(), 8);
        let jobs = links.into_iter().enumerate().map(|(index, link)| {
            let mut browser = server.browser();
            let name = if index < 4 { "same".to_owned() } else { format!("name{index}") };
            async move { register(&mut browser, &link, &name).await.has_id("done-title") }
        });
        let made = crate::support::at_once(jobs.collect::<Vec<_>>()).await;
        assert_eq!(made.iter().filter(|done| **done).count(), 2, "one by name, one by address");
        assert_eq!(server.audited("registered", "done").await, 2);
    })
    .await;
}

async fn configure(server: &Server, change: impl Fn(&mut PoolSettings)) {
    let mut spec = PoolSpec::of(server.pool());
    change(&mut spec.settings);
    server.admin().apply(&[spec]).await.unwrap();
    server.refresh().await;
}

async fn assert_closed(server: &Server, browser: &mut Browser, paths: &[&str], token: &str) {
    let login = browser.get("/login").await;
    let before: Rows = rows(server).await;
    for path in paths {
        let page = browser.get(&format!("{path}?token={token}")).await;
        assert!(page.status.is_client_error(), "GET {path}: {}", page.status);
        let mut form = login.form_of("#login-submit").forged("token", token);
        (*path).clone_into(&mut form.action);
        for (name, value) in
            [("email", "new@example.test"), ("identifier", "alice"), ("username", "newcomer")]
        {
            form = form.forged(name, value);
        }
        let page = browser.post(&form.forged("password", PASSWORD)).await;
        assert_eq!(page.status, 403, "POST {path}: {}", page.body);
    }
    assert_eq!(changed(&before, &rows(server).await, &[]), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b20_a_closed_registration_is_closed_at_every_step() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    ask(&mut browser, "early@example.test").await;
    let link = server.mailed_link("early@example.test", "/login/register/complete").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    assert!(browser.get(&link).await.has_id("register-complete-submit"));
    assert!(browser.get("/login").await.has_id("register"));
    configure(&server, |settings| settings.registration = false).await;
    let paths = ["/login/register", "/login/register/complete"];
    assert_closed(&server, &mut browser, &paths, &token).await;
    assert!(!browser.get("/login").await.has_id("register"));
    assert_eq!(user(&server, "newcomer").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b20_a_closed_password_reset_is_closed_at_every_step() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let page = browser.get("/login/reset").await;
    browser.submit(page.form_of("#reset-submit").with("identifier", "alice")).await;
    let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
    let token = link.split_once("token=").unwrap().1.to_owned();
    assert!(browser.get(&link).await.has_id("reset-complete-submit"));
    configure(&server, |settings| settings.password_reset = false).await;
    assert_closed(&server, &mut browser, &["/login/reset", "/login/reset/complete"], &token).await;
    assert!(!browser.get("/login").await.has_id("forgot-password"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b20_without_mail_there_is_neither() {
    let server = Setup { can_mail: false, ..Setup::default() }.start().await;
    let mut browser = server.browser();
    let paths = ["/login/register", "/login/register/complete", "/login/reset", "/login/reset/complete"];
    assert_closed(&server, &mut browser, &paths, "x").await;
    let page = browser.get("/login").await;
    assert!(!page.has_id("register") && !page.has_id("forgot-password"));
}
