//! The settings page of a pool.

use vestibule_domain::MfaMode;
use vestibule_tests::{Form, PASSWORD, Setup, on_every_engine};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c5_a_locked_switch_is_not_offered() {
    for locked in [false, true] {
        let mut setup = Setup::default().administered().mfa(MfaMode::Optional);
        setup.settings.mfa.everybody.locked = Some(locked);
        let server = setup.start().await;
        let mut alice = server.browser();
        alice.sign_in("alice").await;
        let page = alice.get("/u/settings").await;
        assert_eq!(page.status, 200);
        assert_eq!((page.has("#settings-mfa-toggle"), page.has("#settings-locked")), (!locked, locked));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c5_what_concerns_many_or_destroys_something_shows_whom_and_asks() {
    on_every_engine(|engine| async move {
        let server = Setup::on(engine).administered().mfa(MfaMode::Optional).start().await;
        for name in ["bob", "carol"] {
            server.add_user(name).await;
        }
        let mut bob = server.browser();
        bob.sign_in("bob").await;
        server.enrol(&mut bob).await;
        let mut alice = server.browser();
        alice.sign_in("alice").await;
        let settings = alice.get("/u/settings").await;
        let mode = async || server.admin().pool_named("main").await.unwrap().settings.mfa.mode();
        let asked = alice.submit(settings.form_of("#settings-mfa-toggle")).await;
        assert!(asked.text("#confirm-detail").contains('2'), "alice and carol: {}", asked.body);
        assert_eq!(mode().await, MfaMode::Optional);
        let done = alice.submit(asked.form_of("#confirm-submit")).await;
        assert!(done.has(".alert-success") || done.enrols(), "{}", done.body);
        assert_eq!(mode().await, MfaMode::Required);
        server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Optional)).await;
        // Whose factors go, and which.
        let factors = async || {
            let bob = server.rows().user_by_identifier("bob").await.unwrap().unwrap().user.id;
            server.rows().credentials(bob).await.unwrap().len()
        };
        let before = factors().await;
        let form = settings.form("/u/settings/reset-factors");
        let asked = alice.submit(form.clone().with("username", "bob@example.test")).await;
        assert!(asked.text("#confirm-warning").contains("bob"), "{}", asked.body);
        assert!(asked.body.contains("Recovery codes") && asked.body.contains("Authenticator app"));
        assert_eq!(factors().await, before);
        alice.submit(asked.form_of("#confirm-submit")).await;
        assert_eq!(factors().await, 0);
        // A name that nobody has is kept, to be corrected.
        let wrong = alice.submit(form.with("username", "bbo")).await;
        assert_eq!(wrong.status, 404);
        assert_eq!(wrong.form("/u/settings/reset-factors").value("username"), Some("bbo"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_c5_what_was_typed_survives_a_proof() {
    let server = Setup::default().administered().mfa(MfaMode::Optional).start().await;
    server.add_user("bob").await;
    let mut alice = server.browser();
    alice.sign_in("alice").await;
    let settings = alice.get("/u/settings").await;
    let proved = async |form: Form| {
        server.clock.advance(1800);
        let mut alice = alice.clone();
        let page = alice.submit(form).await;
        assert!(page.has_id("login-submit"), "{} {}", page.url, page.body);
        alice.log_in(&page, "alice", PASSWORD).await
    };
    let page = proved(settings.form("/u/settings/reset-factors").with("username", "bob")).await;
    assert_eq!(page.form_of("#confirm-submit").value("username"), Some("bob"), "{}", page.body);
    let page = proved(settings.form("/u/settings/explain").with("trace", "no such trace")).await;
    assert_eq!(page.form("/u/settings/explain").value("trace"), Some("no such trace"), "{}", page.body);
    let address = settings.form("/u/settings/address").with("username", "bob").with("email", "b@new.example");
    let page = proved(address).await;
    let form = page.form("/u/settings/address");
    assert_eq!(
        (form.value("username"), form.value("email")),
        (Some("bob"), Some("b@new.example")),
        "{}",
        page.body
    );
}
