//! The second factor as its user comes by it, and looks after it.

use crate::album::{Album, submit};
use vestibule_browser_tests::{Authenticator, Tab};
use vestibule_tests::PASSWORD;

/// Types the password that stands before what was asked for.
async fn confirm(album: &Album, tab: &Tab) {
    album.preset.server.clock.advance(1);
    submit(tab, "#password", PASSWORD, "#login-submit").await;
}

pub(crate) async fn walk(album: &Album) {
    let lost = enable(album).await;
    let tab = album.at_application("robin").await;
    album.page(&tab, "login").await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    submit(&tab, "#recovery-code", &lost.codes[0], "#factor-submit").await;
    album.page(&tab, "recovered").await;
    let phone = album.preset.confirm(&tab).await;
    tab.follow("#codes-next").await;
    manage(album, &phone).await;
}

/// From the button at the bottom of the security page to the list of codes.
async fn enable(album: &Album) -> Authenticator {
    let (preset, clock) = (&album.preset, &album.preset.server.clock);
    let tab = album.enter("robin").await;
    album.visit(&tab, "/u/security").await;
    album.page(&tab, "security").await;
    tab.follow("#mfa-enable").await;
    album.page(&tab, "confirm-password").await;
    confirm(album, &tab).await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "set-up").await;
    let (_, mut phone) = preset.scan(&tab).await;
    submit(&tab, "#otp", &phone.wrong_code(clock), "#enrol-submit").await;
    album.page(&tab, "wrong-token").await;
    submit(&tab, "#otp", &phone.code(clock), "#enrol-submit").await;
    album.page(&tab, "backup-codes").await;
    phone.codes = Authenticator::codes_on(&tab).await;
    tab.follow("#codes-next").await;
    album.page(&tab, "enabled").await;
    phone
}

/// New codes, and the end of it.
async fn manage(album: &Album, phone: &Authenticator) {
    let tab = album.enter("robin").await;
    album.preset.answer(&tab, phone).await;
    album.visit(&tab, "/u/security").await;
    tab.follow("#mfa-manage").await;
    album.page(&tab, "manage-password").await;
    confirm(album, &tab).await;
    album.page(&tab, "manage").await;
    tab.follow("#regenerate-codes").await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "new-backup-codes").await;
    tab.follow("#codes-next").await;
    tab.follow("#mfa-disable").await;
    album.page(&tab, "disable").await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "disabled").await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
