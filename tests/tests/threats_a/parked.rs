//! A page of a sign-in that was kept open is worth nothing more than a new one.

use crate::support::{SESSION, enrolled, is_inside, pending};
use vestibule_domain::{FlowId, MfaMode, Policy, policy::Ask};
use vestibule_tests::{Browser, Page, Server, Setup, on_every_engine};

/// A pool that proposes an enrolment and lets it be postponed.
fn proposing() -> Policy {
    let everybody = Ask { mode: Some(MfaMode::Required), skips: Some(9), ..Ask::default() };
    Policy { everybody, ..Policy::default() }
}

/// A browser of somebody who knows alice's password and keeps the page open that proposes an enrolment.
async fn parked(server: &Server) -> (Browser, Page) {
    let mut browser = server.browser();
    let page = browser.sign_in("alice").await;
    assert!(page.enrols() && page.has_id("enrol-skip"), "{} {}", page.url, page.body);
    (browser, page)
}

/// Alice signs in, postpones the enrolment, and then enrols an authenticator app in the user center.
async fn owner_enrols(server: &Server) {
    let (mut owner, page) = parked(server).await;
    let page = owner.submit(page.form_of("#enrol-skip")).await;
    assert!(is_inside(&page), "{} {}", page.url, page.body);
    server.enrol(&mut owner).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s2_a_parked_proposal_yields_nothing_once_the_owner_has_enrolled() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(proposing()).start().await;
        let (mut parked, page) = parked(&server).await;
        owner_enrols(&server).await;
        let page = parked.submit(page.form_of("#enrol-skip")).await;
        assert!(!is_inside(&page) && !parked.cookies.contains_key(SESSION), "{} {}", page.url, page.body);
        let page = parked.get("/u").await;
        assert!(!is_inside(&page), "{} {}", page.url, page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s2_the_ending_itself_asks_for_the_factor_that_there_is_now() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(proposing()).start().await;
        let (mut parked, page) = parked(&server).await;
        let id: FlowId = page.form_of("#enrol-skip").flow_id().parse().unwrap();
        let flow = server.rows().flow(id, server.app().now()).await.unwrap().unwrap().flow;
        owner_enrols(&server).await;
        // As if the enrolment had not ended it: the ending must not depend on that.
        server.rows().write(move |tx| async move { tx.insert_flow(&flow).await }).await.unwrap();
        let page = parked.submit(page.form_of("#enrol-skip")).await;
        assert!(page.has_id("factor-submit"), "{} {}", page.url, page.body);
        assert!(!parked.cookies.contains_key(SESSION));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_s2_the_ending_reads_rules_that_this_node_has_not_heard_of_yet() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).policy(proposing()).start().await;
        let (mut parked, page) = parked(&server).await;
        let mut pool = server.admin().pool_named(&server.pool().slug).await.unwrap();
        pool.settings.mfa.everybody.skips = None;
        let platform = server.app().store().platform();
        platform.write(move |tx| async move { tx.upsert_pool(&pool).await }).await.unwrap();
        let page = parked.submit(page.form_of("#enrol-skip")).await;
        assert!(page.enrols() && !page.has_id("enrol-skip"), "{} {}", page.url, page.body);
        assert!(!parked.cookies.contains_key(SESSION));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_factor_that_ages_out_before_the_second_leads_back_to_the_login_page() {
    on_every_engine(|engine| async move {
        let (server, _, phone) = enrolled(Setup::on(engine)).await;
        server.rule(|settings| settings.lifetimes.session_absolute = 300).await;
        let (mut browser, page) = pending(&server).await;
        server.clock.advance(330);
        let page = browser.answer(&page, &phone.code(&server.clock)).await;
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
        assert!(!browser.cookies.contains_key(SESSION));
    })
    .await;
}
