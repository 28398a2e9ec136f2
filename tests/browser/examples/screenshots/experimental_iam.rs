//! One button, and a label that says how much to expect of it.

use crate::album::{Album, submit};
use vestibule_browser_tests::Authenticator;
use vestibule_domain::MfaMode;
use vestibule_tests::PASSWORD;

pub(crate) async fn walk(album: &Album) {
    let phone = enable(album).await;
    let (preset, clock) = (&album.preset, &album.preset.server.clock);
    let tab = album.enter("sam").await;
    album.page(&tab, "login").await;
    submit(&tab, "#otp", &phone.wrong_code(clock), "#factor-submit").await;
    album.page(&tab, "failed-code").await;
    preset.answer(&tab, &phone).await;
    album.visit(&tab, "/u").await;
    album.page(&tab, "dashboard-on").await;
    tab.follow("#mfa-disable").await;
    album.page(&tab, "disable-code").await;
    submit(&tab, "#otp", &phone.code(clock), "#factor-submit").await;
    album.page(&tab, "disable-used-code").await;
    preset.answer(&tab, &phone).await;
    album.page(&tab, "disable").await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "disabled").await;

    preset.server.rule(|settings| settings.mfa.everybody.mode = Some(MfaMode::Off)).await;
    album.visit(&tab, "/u/security/enable").await;
    album.page(&tab, "flag-off").await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// From a failed login to a TOTP that was right.
async fn enable(album: &Album) -> Authenticator {
    let (preset, clock) = (&album.preset, &album.preset.server.clock);
    let tab = album.visitor().await;
    album.visit(&tab, "/u").await;
    tab.log_in("sam", "not the password").await;
    album.page(&tab, "failed-login").await;
    submit(&tab, "#password", PASSWORD, "#login-submit").await;
    album.page(&tab, "dashboard").await;
    tab.follow("#mfa-enable").await;
    album.page(&tab, "enable").await;
    tab.follow("#confirm-submit").await;
    tab.press("#manual summary").await;
    album.page(&tab, "setup").await;
    let (_, phone) = preset.scan(&tab).await;
    submit(&tab, "#otp", &phone.wrong_code(clock), "#enrol-submit").await;
    album.page(&tab, "setup-wrong-code").await;
    submit(&tab, "#otp", &phone.code(clock), "#enrol-submit").await;
    album.page(&tab, "enabled").await;
    phone
}
