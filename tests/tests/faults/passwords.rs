//! New passwords: what judging one may cost, and which are too well known.

use crate::support::{ask_reset, registration_form};
use reqwest::StatusCode;
use vestibule_tests::{PASSWORD, Setup, at_once, on_every_engine};

/// Signs that an estimator reads in many ways, as long as it looks.
fn dear() -> Vec<String> {
    ["@4({[<1|!70$5+%2", "4@8({[<369!1|70$5+%2", "1|7l!i", "a1b2", "qwertyuiop@1"]
        .map(|unit| unit.chars().cycle().take(100).collect())
        .to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s1_dear_passwords_leave_the_server_answering() {
    let server = Setup { permits: 1, ..Setup::default() }.start().await;
    let mut browser = server.browser();
    let page = registration_form(&server, &mut browser, "new@example.test").await;
    let mut jobs = Vec::new();
    for (number, password) in dear().into_iter().cycle().take(15).enumerate() {
        let form = page.form_of("#register-complete-submit").with("username", "alice");
        let form = form.with("password", &password[..100 - number % 3]);
        let mut browser = browser.clone();
        jobs.push(async move { browser.post(&form).await.status });
    }
    let asking = tokio::spawn(at_once(jobs));
    for _ in 0..20 {
        assert_eq!(server.browser().get("/healthz").await.status, StatusCode::OK);
    }
    let ended = asking.await.unwrap();
    assert!(ended.iter().all(|status| *status == StatusCode::BAD_REQUEST), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s14_a_leaked_password_is_refused_wherever_one_is_chosen() {
    let server = Setup::default().start().await;
    let leaked = ["Password123456!", "P@ssw0rd 2024!!", "Qwerty1234567890"];
    let mut browser = server.browser();
    let form = registration_form(&server, &mut browser, "new@example.test").await;
    ask_reset(&mut browser, "alice").await;
    let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
    let reset = browser.get(&link).await;
    let mut insider = server.browser();
    insider.sign_in("alice").await;
    for password in leaked {
        let filled = form.form_of("#register-complete-submit").with("username", "newcomer");
        let page = browser.post(&filled.with("password", password)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{password}");
        let page = browser.post(&reset.form_of("#reset-complete-submit").with("password", password)).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{password}");
        let filled = insider.get("/u/password").await.form_of("#password-save");
        let filled = filled.with("current_password", PASSWORD).with("new_password", password);
        assert_eq!(insider.post(&filled).await.status, StatusCode::BAD_REQUEST, "{password}");
    }
    let page = browser
        .post(&reset.form_of("#reset-complete-submit").with("password", "seven tulips in a row"))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s1_tries_at_a_new_password_are_counted_by_link_and_by_account() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut browser = server.browser();
        let form = registration_form(&server, &mut browser, "new@example.test").await;
        let refused = form.form_of("#register-complete-submit").with("username", "alice");
        let refused = refused.with("password", "a quite different phrase 9");
        ask_reset(&mut browser, "alice").await;
        let link = server.mailed_link("alice@example.test", "/login/reset/complete").await.unwrap();
        let reset = browser.get(&link).await;
        let reset = reset.form_of("#reset-complete-submit").with("password", "alice@example.test");
        let mut insider = server.browser();
        insider.sign_in("alice").await;
        let change = insider.get("/u/password").await.form_of("#password-save");
        let change = change.with("current_password", PASSWORD).with("new_password", "alice@example.test");
        for number in 0..40 {
            let expected = if number < 20 { StatusCode::BAD_REQUEST } else { StatusCode::TOO_MANY_REQUESTS };
            for (what, form) in [("registration", &refused), ("reset", &reset)] {
                let page = browser.post(form).await;
                assert_eq!(page.status, expected, "{what} {number}: {}", page.body);
            }
            let page = insider.post(&change).await;
            assert_eq!(page.status, expected, "change {number}: {}", page.body);
        }
        // What was typed stays on the page.
        assert!(browser.post(&refused).await.has("input[name=username][value=alice]"));
    })
    .await;
}
