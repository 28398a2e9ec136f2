//! Whether somebody has an account must not show: not in the status, the page, its length, the headers, nor in what
//! the database has to do.

use std::collections::BTreeSet;
use vestibule_domain::UserStatus;
use vestibule_tests::{Browser, PASSWORD, Page, Server, Setup};

/// What an outsider sees of an answer, and what the database did for it.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Seen {
    status: u16,
    body: String,
    length: usize,
    headers: BTreeSet<String>,
    cookies: usize,
    statements: u64,
    commits: u64,
}

/// Cuts what is random by design out of a text: everything between a mark and the next quotation mark.
fn without(text: &str, mark: &str) -> String {
    let mut parts = text.split(mark);
    let mut clean = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        clean.push_str(mark);
        clean.push_str(part.split_once('"').map_or("", |(_, rest)| rest));
    }
    clean
}

fn normal(page: &Page, typed: &str) -> String {
    let mut body = page.body.replace(typed, "TYPED");
    for mark in [
        "name=\"csrf\" value=\"",
        "name=\"request\" value=\"",
        "name=\"ceremony\" value=\"",
        "&#34;challenge&#34;:&#34;",
        "&quot;challenge&quot;:&quot;",
        "request=",
        "said=",
        "id=\"request-id\" dir=\"",
    ] {
        body = without(&body, mark);
    }
    body
}

/// Sends something and notes everything about the answer.
async fn seen(server: &Server, browser: &mut Browser, form: &vestibule_tests::Form, typed: &str) -> Seen {
    let before = server.app().store().counters();
    let page = browser.post(form).await;
    let after = server.app().store().counters();
    Seen {
        status: page.status.as_u16(),
        body: normal(&page, typed),
        length: page.body.len(),
        headers: page.headers.keys().map(|name| name.as_str().to_owned()).collect(),
        cookies: page.headers.get_all("set-cookie").iter().count(),
        statements: after.statements - before.statements,
        commits: after.commits - before.commits,
    }
}

/// A pool with accounts of every kind; the names are all five letters long.
async fn town() -> Server {
    let server = Setup::default().start().await;
    for name in ["bruno", "clara", "diana"] {
        server.add_user(name).await;
    }
    server.admin().set_user_status("main", "clara", UserStatus::Disabled).await.unwrap();
    let mut browser = server.browser();
    browser.sign_in("diana").await;
    server.enrol(&mut browser).await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_a_wrong_password_says_nothing_about_the_account() {
    let server = town().await;
    let histories = ["alice", "bruno", "clara", "diana", "ghost", "nobod"];
    let mut all = Vec::new();
    // One browser, since the length of a sealed request depends on whose it is.
    let mut browser = server.browser();
    // Names, addresses, and other spellings, often enough to meet the throttle, which must be the same, too.
    for spell in [
        |name: &str| name.to_owned(),
        |name: &str| format!("{name}@example.test"),
        |name: &str| format!("  {}", name.to_uppercase()),
    ] {
        all.clear();
        let login = browser.get("/login").await;
        for name in histories {
            let typed = spell(name);
            let mut history = Vec::new();
            for _ in 0..9 {
                let form =
                    login.form_of("#login-submit").with("username", &typed).with("password", "wrong one");
                history.push(seen(&server, &mut browser, &form, &typed).await);
            }
            all.push((name, history));
        }
        let (_, first) = all.first().unwrap();
        assert!(first.iter().any(|seen| seen.status == 429), "the throttle was not met");
        assert!(first.iter().any(|seen| seen.status == 200 && seen.commits > 0));
        for (name, history) in &all {
            assert_eq!(history, first, "{name}");
        }
        // Known and unknown names are forgiven by the same rule; so every round begins alike.
        server.clock.advance(86_400 * 401);
        server.app().store().sweep(server.app().now()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_the_right_password_of_a_disabled_account_is_a_wrong_one() {
    let server = town().await;
    let mut answers = Vec::new();
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    for name in ["clara", "ghost"] {
        let form = login.form_of("#login-submit").with("username", name).with("password", PASSWORD);
        answers.push(seen(&server, &mut browser, &form, name).await);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_asking_for_a_reset_says_nothing_about_the_account() {
    let server = town().await;
    let mut all: Vec<(String, Vec<Seen>)> = Vec::new();
    for name in ["alice", "bruno", "clara", "diana", "ghost"] {
        for typed in [name.to_owned(), format!("{name}@example.test")] {
            if typed.contains('@') {
                // Name and address of one account share their limit; every history begins alike.
                server.clock.advance(7200);
            }
            let mut browser = server.browser();
            let page = browser.get("/login/reset").await;
            let form = page.form_of("#reset-submit").with("identifier", &typed);
            let mut history = Vec::new();
            for _ in 0..8 {
                history.push(seen(&server, &mut browser, &form, &typed).await);
            }
            all.push((typed, history));
        }
    }
    let (_, first) = all.first().unwrap().clone();
    assert!(first.iter().all(|seen| seen.status == 200));
    assert!(first.first().unwrap().commits > 0 && first.last().unwrap().commits == 0, "no limit was met");
    for (typed, history) in &all {
        assert_eq!(*history, first, "{typed}");
    }
    // Nobody but the owners of usable accounts was written to.
    let told: BTreeSet<String> = server.mails().await.into_iter().map(|mail| mail.to).collect();
    assert!(told.contains("alice@example.test"));
    assert!(!told.contains("clara@example.test") && !told.contains("ghost@example.test"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_registering_says_nothing_about_the_account() {
    let server = town().await;
    let mut all: Vec<(String, Vec<Seen>)> = Vec::new();
    for typed in [
        "alice@example.test",
        "clara@example.test",
        "diana@example.test",
        "ghost@example.test",
        "ALICE@example.test",
    ] {
        server.clock.advance(7200);
        let mut browser = server.browser();
        let page = browser.get("/login/register").await;
        let form = page.form_of("#register-submit").with("email", typed);
        let mut history = Vec::new();
        for _ in 0..8 {
            history.push(seen(&server, &mut browser, &form, typed).await);
        }
        all.push((typed.to_owned(), history));
    }
    let (_, first) = all.first().unwrap().clone();
    assert!(first.iter().all(|seen| seen.status == 200));
    assert!(first.first().unwrap().commits > 0 && first.last().unwrap().commits == 0, "no limit was met");
    for (typed, history) in &all {
        assert_eq!(*history, first, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn threat_b7_a_login_hint_and_a_prompt_say_nothing_about_the_account() {
    let server = town().await;
    let rp = server.rp();
    let mut answers = Vec::new();
    let mut browser = server.browser();
    browser.get("/login").await;
    for name in ["alice", "clara", "ghost"] {
        let before = server.app().store().counters();
        let page = rp.authorize(&mut browser, &[("login_hint", name)]).await;
        let silent = rp.silent(&mut browser, &[("login_hint", name)]).await;
        let after = server.app().store().counters();
        let page = (page.status, normal(&page, name), page.body.len());
        answers.push((page, silent.0.get("error").cloned(), after.statements - before.statements));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}
