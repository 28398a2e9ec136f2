//! What people see of their account, a copy of it, and its end.

use crate::support::try_password;
use reqwest::StatusCode;
use serde_json::Value;
use vestibule_domain::{AccountRules, PoolSettings};
use vestibule_tests::{ADMINS, Browser, Engine, PASSWORD, Page, Server, Setup, on_every_engine};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1";

/// Opens an address that asks for the password once more.
async fn open(server: &Server, browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    if !page.has_id("login-submit") {
        return page;
    }
    server.clock.advance(1);
    browser.log_in(&page, "alice", PASSWORD).await
}

/// A pool where people may delete their account, or may not.
fn deleting(engine: Engine, may: Option<bool>) -> Setup {
    let mut setup = Setup::on(engine);
    setup.settings.account.self_delete = may;
    setup
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_people_read_what_happened_to_their_account_in_words() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_user("bruno").await;
        let mut owner = server.browser();
        owner.headers.push(("user-agent".to_owned(), PHONE.to_owned()));
        server.clock.advance(1);
        try_password(&mut server.browser(), "alice", "not the password").await;
        server.clock.advance(1);
        owner.sign_in("alice").await;
        server.clock.advance(1);
        server.browser().sign_in("bruno").await;
        let page = owner.get("/u/profile").await;
        owner.submit(page.form_of("#profile-save").with("name", "Alice Again")).await;
        server.clock.advance(1);
        let page = owner.get("/u/activity").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let titles = page.texts("#activity h2");
        let told: Vec<&str> = titles.iter().map(String::as_str).collect();
        assert_eq!(told[..3], ["Profile changed", "Signed in", "Wrong password at the sign-in"], "{told:?}");
        assert!(page.text("#activity li:nth-child(2)").contains("Safari, iPhone"), "{}", page.body);
        assert!(page.has("#activity time[datetime]") && !page.body.contains("bruno"));
        // What an administrator did is told as such.
        let renamed = |spec: &mut vestibule_flows::UserSpec| spec.name = Some("Alice".to_owned());
        server.admin().update_user("main", "alice", renamed).await.unwrap();
        let page = owner.get("/u/activity").await;
        assert!(page.text("#activity li").contains("by an administrator"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_the_list_has_pages_and_every_line_stands_on_one() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        // Several in the same second, which must neither be lost nor told twice between two pages.
        for number in 0..60 {
            let page = owner.get("/u/profile").await;
            owner.submit(page.form_of("#profile-save").with("name", &format!("Alice {number}"))).await;
        }
        let mut page = owner.get("/u/activity").await;
        let mut seen = page.texts("#activity h2").len();
        while let Some(older) = page.attribute("#activity-older", "href") {
            page = owner.get(&older).await;
            assert!(page.has_id("activity-newest"));
            seen += page.texts("#activity h2").len();
        }
        assert_eq!(seen, 1 + 60 + usize::from(server.audited("user-created", "done").await == 1));
        for odd in ["/u/activity?before=x", "/u/activity?before=1.2", "/u/activity?before=-9.-9"] {
            assert_eq!(owner.get(odd).await.status, StatusCode::OK, "{odd}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_a_copy_of_ones_data_has_everything_but_secrets() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        server.add_user("bruno").await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let phone = server.enrol(&mut owner).await;
        server.rp().silent(&mut owner, &[("scope", "openid offline_access")]).await;
        let page = owner.get("/u/data").await;
        let link = page.attribute("#export", "href").unwrap();
        let page = owner.get(&link).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(page.headers["content-type"], "application/json");
        assert!(page.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(page.headers["cache-control"], "no-store");
        let copy: Value = serde_json::from_str(&page.body).unwrap();
        assert_eq!(copy["account"]["username"], "alice");
        assert_eq!(copy["account"]["email"], "alice@example.test");
        assert_eq!(copy["sessions"].as_array().unwrap().len(), 1);
        assert!(copy["factors"].as_array().unwrap().iter().any(|factor| factor["kind"] == "totp"));
        assert_eq!(copy["applications"][0]["client_id"], "app");
        assert!(copy["activity"].as_array().unwrap().iter().any(|line| line["action"] == "sign-in"));
        let alice = server.rows().user_by_identifier("alice").await.unwrap().unwrap();
        let hash = alice.password_hash.unwrap();
        let mut secrets = vec![phone.secret.clone(), hash, owner.cookies["vestibule"].clone()];
        secrets.extend(phone.codes.clone());
        for secret in secrets {
            assert!(!page.body.contains(&secret), "{secret}");
        }
        assert!(!page.body.contains("bruno"));
        assert_eq!(server.audited("data-exported", "done").await, 1);
        // A session that was left open gives no copy.
        server.clock.advance(301);
        let page = owner.get(&link).await;
        assert!(serde_json::from_str::<Value>(&page.body).is_err(), "{}", page.body);
        assert_eq!(server.audited("data-exported", "done").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_people_delete_their_account_and_everything_of_theirs_ends() {
    on_every_engine(|engine| async move {
        let server = deleting(engine, Some(true)).start().await;
        let (mut owner, mut elsewhere) = (server.browser(), server.browser());
        owner.sign_in("alice").await;
        elsewhere.sign_in("alice").await;
        let rp = server.rp();
        let tokens = rp.verified(&rp.silent(&mut owner, &[("scope", "openid offline_access")]).await).await;
        let id = server.rows().user_by_identifier("alice").await.unwrap().unwrap().user.id;
        // At an open session nobody does it.
        let page = owner.get("/u/data/delete").await;
        assert!(page.has_id("login-submit"), "{}", page.body);
        let page = owner.get("/u/profile").await;
        let forged = page.form_of("#profile-save").to("/u/data/delete").forged("username", "alice");
        assert!(owner.submit(forged).await.has_id("login-submit"));
        let page = open(&server, &mut owner, "/u/data/delete").await;
        assert!(page.text("#delete-lost").contains("The Application"), "{}", page.body);
        let page = owner.submit(page.form_of("#delete-submit").with("username", "alicia")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{}", page.body);
        assert!(page.has_id("form-error") && page.has("#username[value='alicia']"));
        assert!(server.rows().user(id).await.unwrap().is_some());
        let page = owner.submit(page.form_of("#delete-submit").with("username", " Alice ")).await;
        assert_eq!(page.text("#done-title"), "Your account is deleted", "{}", page.body);
        assert!(!owner.cookies.contains_key("vestibule"));
        let rows = server.rows();
        assert!(rows.user(id).await.unwrap().is_none());
        assert!(
            rows.sessions_of(id).await.unwrap().is_empty() && rows.grants_of(id).await.unwrap().is_empty()
        );
        assert!(elsewhere.get("/u").await.has_id("login-submit"));
        assert_ne!(rp.refresh(&tokens.text("refresh_token")).await.status, 200);
        assert_ne!(rp.userinfo(&tokens.text("access_token")).await.status, 200);
        let page = try_password(&mut elsewhere, "alice", PASSWORD).await;
        assert!(page.has_id("form-error") && !elsewhere.get("/u").await.has_id("sign-out"), "{}", page.body);
        // The trail keeps what happened, and its mailbox is told.
        let trail = rows.audit(10, Some("user-deleted")).await.unwrap();
        assert!(trail.len() == 1 && trail[0].user == Some(id) && trail[0].detail.contains("alice"));
        assert_eq!(rows.audit(10, Some("sign-in")).await.unwrap().len(), 3);
        assert!(server.mails().await.iter().any(|mail| mail.subject.contains("was deleted")));
        // What says so is a page of its own, and nobody else makes it say so.
        let page = server.browser().get("/login/deleted").await;
        assert!(page.has_id("login-submit"), "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_the_pool_decides_who_deletes_accounts() {
    for (registration, told, may) in
        [(true, None, true), (false, None, false), (true, Some(false), false), (false, Some(true), true)]
    {
        let account = AccountRules { self_delete: told, ..AccountRules::default() };
        let settings = PoolSettings { registration, account, ..PoolSettings::default() };
        let server = Setup { settings, ..Setup::default() }.start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let page = owner.get("/u/data").await;
        assert_eq!(
            (page.has_id("delete"), page.has_id("delete-off")),
            (may, !may),
            "{registration} {told:?}"
        );
        let page = open(&server, &mut owner, "/u/data/delete").await;
        let status = if may { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(page.status, status, "{}", page.body);
        if !may {
            let page = owner.get("/u/profile").await;
            let forged = page.form_of("#profile-save").to("/u/data/delete").forged("username", "alice");
            assert_eq!(owner.submit(forged).await.status, StatusCode::FORBIDDEN);
            assert!(server.rows().user_by_identifier("alice").await.unwrap().is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_the_last_administrator_stays() {
    on_every_engine(|engine| async move {
        let server = deleting(engine, Some(true)).administered().start().await;
        let mut owner = server.browser();
        owner.sign_in("alice").await;
        let page = open(&server, &mut owner, "/u/data/delete").await;
        let page = owner.submit(page.form_of("#delete-submit").with("username", "alice")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{}", page.body);
        server.add_member("bruno", &[ADMINS]).await;
        let page = owner.submit(page.form_of("#delete-submit").with("username", "alice")).await;
        assert_eq!(page.text("#done-title"), "Your account is deleted", "{}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_password_managers_find_the_page_that_changes_a_password() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    let page = browser.send("GET", "/.well-known/change-password", None).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.headers["location"], "/u/password");
    browser.sign_in("alice").await;
    assert!(browser.get("/.well-known/change-password").await.has_id("password-save"));
    // They tell a site that has it from one that answers everything (§3 of the same specification).
    let odd = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(browser.get(odd).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_u19_a_slash_at_the_end_of_an_address_changes_nothing() {
    let server = Setup::default().start().await;
    let mut browser = server.browser();
    assert!(browser.get("/u/").await.has_id("login-submit"));
    browser.sign_in("alice").await;
    for page in vestibule_web::ROUTES.iter().filter(|route| route.path.starts_with("/u")) {
        let here = vestibule_tests::concrete(page.path);
        let slashed = browser.send("GET", &format!("{here}/?x=1"), None).await;
        if page.methods.contains(&"get") {
            assert_eq!(slashed.status, StatusCode::SEE_OTHER, "{here}");
            assert_eq!(slashed.headers["location"], format!("{here}?x=1").as_str());
        } else {
            assert_eq!(slashed.status, StatusCode::NOT_FOUND, "{here}");
        }
    }
    // It leads nowhere but to pages of ours, and forms are not sent on.
    for odd in ["//evil.example/", "/nothing/", "/u//", "/%2fevil.example/", "/u/security/enrol//"] {
        let page = browser.send("GET", odd, None).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{odd}");
    }
    let form = browser.get("/u/profile").await.form_of("#profile-save").to("/u/profile/");
    assert_eq!(browser.post(&form).await.status, StatusCode::NOT_FOUND);
}
