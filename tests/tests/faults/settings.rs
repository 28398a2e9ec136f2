//! The settings page of a pool.

use vestibule_domain::MfaMode;
use vestibule_tests::Setup;

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
