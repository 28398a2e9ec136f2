//! A request that ends in the middle leaves all of its work or nothing.

use std::{future::Future, task::Poll};
use vestibule_domain::{FactorKind, FlowId, MfaMode};
use vestibule_flows::{Admission, EnrolFactor};
use vestibule_mfa::FactorInput;
use vestibule_tests::{Authenticator, Form, PASSWORD, Page, Server, Setup, on_every_engine};

/// Drives something for so many steps at most, then drops it where it stands.
async fn polled<F: Future>(future: F, most: usize) -> Option<F::Output> {
    let (mut future, mut left) = (Box::pin(future), most);
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

/// What there is of a user: authenticator apps, recovery codes, audit lines, mails.
async fn found(server: &Server, name: &str) -> [usize; 4] {
    // Whatever is still under way in the database is done, or rolled back, before this is.
    server.rows().write(|_| async { Ok(()) }).await.unwrap();
    let rows = server.rows();
    let user = rows.user_by_identifier(name).await.unwrap().unwrap().user;
    let credentials = rows.credentials(user.id).await.unwrap();
    let of = |kind: &str| credentials.iter().filter(|one| one.kind.as_str() == kind).count();
    let audit = rows.audit(10_000, Some("factor-enrolled")).await.unwrap();
    let audited = audit.iter().filter(|row| row.user == Some(user.id)).count();
    let mails = server.mails().await;
    let told = mails.iter().filter(|mail| mail.to.starts_with(&format!("{name}@"))).count();
    [of("totp"), of("recovery"), audited, told]
}

/// The same, when it has come to rest.
async fn settled(server: &Server, name: &str) -> [usize; 4] {
    let mut last = found(server, name).await;
    for _ in 0..20 {
        let now = found(server, name).await;
        if now == last {
            break;
        }
        last = now;
    }
    last
}

const NOTHING: [usize; 4] = [0, 0, 0, 0];
const ALL: [usize; 4] = [1, 10, 1, 1];

fn filled_in(server: &Server, page: &Page) -> Form {
    let secret: String = page.text("#totp-secret").split_whitespace().collect();
    let device = Authenticator { secret, codes: Vec::new() };
    page.form_of("#enrol-submit").with("code", &device.code(&server.clock))
}

fn input(form: &Form) -> FactorInput {
    form.fields.iter().cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c9_an_enrolment_that_is_cut_off_at_any_step_is_whole_or_nothing() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).start().await;
        let mut ended = false;
        for steps in 0..200 {
            let name = format!("user{steps}");
            server.add_user(&name).await;
            let mut browser = crate::support::password_suffices(&server, &name).await;
            let page = browser.get("/u/security/enrol/totp").await;
            let form = filled_in(&server, &page);
            let cx = server.request_of(&browser).await;
            let app = server.app();
            let enrol = EnrolFactor(FactorKind::new("totp"));
            let admission = app.sign_in().admit(&cx, enrol).await.unwrap();
            let Admission::Open(account) = admission else { unreachable!("the password is recent") };
            let ceremony = form.value("ceremony").unwrap();
            ended = polled(app.accounts().finish_enrolment(&cx, &account, ceremony, input(&form)), steps)
                .await
                .is_some();
            let left = settled(&server, &name).await;
            assert!(left == NOTHING || left == ALL, "after {steps} steps: {left:?}");
            assert!(!ended || left == ALL);
            // What was never asked has done nothing.
            assert!(steps > 0 || left == NOTHING);
            // Sent again, it is done, and not twice.
            browser.submit(form).await;
            assert_eq!(settled(&server, &name).await, ALL, "after {steps} steps and once more");
            if ended {
                break;
            }
        }
        assert!(ended);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c9_a_forced_enrolment_that_is_cut_off_at_any_step_is_whole_or_nothing() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).mfa(MfaMode::Required).start().await;
        let mut ended = false;
        for steps in 0..200 {
            let name = format!("user{steps}");
            server.add_user(&name).await;
            let mut browser = server.browser();
            let page = browser.sign_in(&name).await;
            let page = browser.to_totp(&page).await;
            let form = filled_in(&server, &page);
            let cx = server.request_of(&browser).await;
            let (flow, ceremony) = (form.flow_id(), form.value("ceremony").unwrap());
            let flow: FlowId = flow.parse().unwrap();
            let app = server.app();
            ended =
                polled(app.sign_in().enrol_in_flow(&cx, flow, ceremony, input(&form)), steps).await.is_some();
            let left = settled(&server, &name).await;
            assert!(left == NOTHING || left == ALL, "after {steps} steps: {left:?}");
            assert!(!ended || left == ALL);
            browser.submit(form).await;
            assert_eq!(settled(&server, &name).await, ALL, "after {steps} steps and once more");
            if ended {
                break;
            }
        }
        assert!(ended);
    })
    .await;
}

/// Spent recovery codes, successes in the audit trail, sessions: of alice, beyond what there was before.
async fn used(server: &Server) -> [usize; 3] {
    server.rows().write(|_| async { Ok(()) }).await.unwrap();
    let state = crate::support::state(server).await;
    let left = state.credentials.iter().filter(|one| one.1 == "recovery").count();
    [10 - left, server.audited("second-factor", "done").await, state.sessions.len() - 1]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c9_an_answer_that_is_cut_off_at_any_step_spends_a_code_for_a_session_or_not_at_all() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = crate::support::enrolled(Setup::on(engine)).await;
        let mut codes = phone.codes.iter();
        let mut code = codes.next().unwrap();
        let (mut done, mut ended) = (0, false);
        for steps in 0..200 {
            let mut browser = server.browser();
            let page = browser.get("/u").await;
            let page = browser.log_in(&page, "alice", PASSWORD).await;
            let page = crate::support::to_recovery(&mut browser, &page).await;
            let form = page.form_of("#factor-submit").with("code", code);
            let cx = server.request_of(&browser).await;
            let (flow, ceremony) = (form.flow_id(), form.value("ceremony").unwrap());
            let flow: FlowId = flow.parse().unwrap();
            ended = polled(server.app().sign_in().answer(&cx, flow, ceremony, input(&form)), steps)
                .await
                .is_some();
            let mut now = used(&server).await;
            for _ in 0..20 {
                let again = used(&server).await;
                if again == now {
                    break;
                }
                now = again;
            }
            assert!(now == [done; 3] || now == [done + 1; 3], "after {steps} steps: {now:?}, {done}");
            if now == [done + 1; 3] {
                done += 1;
                match codes.next() {
                    Some(next) => code = next,
                    None => break,
                }
            }
            if ended {
                break;
            }
        }
        assert!(ended || done > 0);
        assert!(done > 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c9_an_enrolment_in_a_server_that_is_ended_is_whole_or_nothing() {
    on_every_engine(|engine| async move {
        let mut server = Setup::on(engine).start().await;
        for round in 0..10 {
            let name = format!("user{round}");
            server.add_user(&name).await;
            let mut browser = crate::support::password_suffices(&server, &name).await;
            let page = browser.get("/u/security/enrol/totp").await;
            let form = filled_in(&server, &page);
            let (mut sender, sent) = (browser.clone(), form.clone());
            let task = tokio::spawn(async move { sender.post(&sent).await.status });
            // Longer and longer, without looking at a clock.
            for _ in 0..(1_usize << round) {
                tokio::task::yield_now().await;
            }
            task.abort();
            server.restart().await;
            let _ = task.await;
            let left = settled(&server, &name).await;
            assert!(left == NOTHING || left == ALL, "round {round}: {left:?}");
            browser.submit(form).await;
            assert_eq!(settled(&server, &name).await, ALL, "round {round}");
        }
    })
    .await;
}
