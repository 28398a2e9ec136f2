//! No way in without, and no way back.

use crate::album::{Album, submit};
use vestibule_browser_tests::{Authenticator, Tab};
use vestibule_tests::PASSWORD;

pub(crate) async fn walk(album: &Album) {
    let (preset, clock) = (&album.preset, &album.preset.server.clock);
    let tab = album.enter("budi").await;
    album.page(&tab, "setup").await;
    let (_, phone) = preset.scan(&tab).await;
    submit(&tab, "#otp", &phone.wrong_code(clock), "#enrol-submit").await;
    album.page(&tab, "setup-wrong-code").await;
    submit(&tab, "#otp", &phone.code(clock), "#enrol-submit").await;
    album.visit(&tab, "/u/profile").await;
    album.page(&tab, "profile").await;
    album.visit(&tab, "/u/security/disable").await;
    album.page(&tab, "locked").await;
    let tab = album.at_application("budi").await;
    album.page(&tab, "login").await;
    preset.answer(&tab, &phone).await;
    enroll_new_code(album, &tab, &phone).await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
    reset(album).await;
}

/// The switch again: the password, the old code, then a new one in its place.
async fn enroll_new_code(album: &Album, tab: &Tab, phone: &Authenticator) {
    album.preset.server.clock.advance(2);
    album.visit(tab, "/u/profile").await;
    tab.follow("#mfa-replace").await;
    album.page(tab, "confirm-password").await;
    submit(tab, "#password", "not the password", "#login-submit").await;
    album.page(tab, "wrong-password").await;
    submit(tab, "#password", PASSWORD, "#login-submit").await;
    album.page(tab, "old-code").await;
    album.preset.answer(tab, phone).await;
    album.page(tab, "new-code").await;
}

/// An admin, where the phone is lost.
async fn reset(album: &Album) {
    let admin = album.enter("admin").await;
    album.preset.confirm(&admin).await;
    album.preset.server.clock.advance(2);
    album.visit(&admin, "/u/settings").await;
    submit(&admin, "#username", "budi", "#reset-factors").await;
    submit(&admin, "#password", PASSWORD, "#login-submit").await;
    admin.follow("#confirm-submit").await;
    album.page(&admin, "reset").await;
}
