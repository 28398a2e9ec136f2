//! Bound and unbound at a user center.

use crate::album::{Album, submit};
use vestibule_browser_tests::Authenticator;
use vestibule_tests::PASSWORD;

pub(crate) async fn walk(album: &Album) {
    let tab = album.visitor().await;
    tab.open(&album.preset.url).await;
    tab.follow("#sign-in").await;
    album.page(&tab, "login").await;
    let phone = bind(album).await;
    sign_in(album, &phone).await;
    recover(album, &phone).await;
}

/// From the user center's door to its success, and out again.
async fn bind(album: &Album) -> Authenticator {
    let (preset, clock) = (&album.preset, &album.preset.server.clock);
    let tab = album.visitor().await;
    album.visit(&tab, "/u").await;
    album.page(&tab, "tenant").await;
    tab.log_in("mei", PASSWORD).await;
    album.page(&tab, "user-center").await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "set-up").await;
    let (_, mut phone) = preset.scan(&tab).await;
    submit(&tab, "#otp", &phone.wrong_code(clock), "#enrol-submit").await;
    album.page(&tab, "wrong-code").await;
    submit(&tab, "#otp", &phone.code(clock), "#enrol-submit").await;
    album.page(&tab, "recovery-code").await;
    phone.codes = Authenticator::codes_on(&tab).await;
    tab.follow("#codes-next").await;
    album.page(&tab, "bound").await;
    album.visit(&tab, "/u/security/regenerate").await;
    album.page(&tab, "new-recovery-code").await;
    album.visit(&tab, "/oidc/session/end").await;
    album.page(&tab, "sign-out").await;
    tab.follow("#logout-confirm").await;
    album.page(&tab, "signed-out").await;
    phone
}

/// With the phone: once, and not with the same code again.
async fn sign_in(album: &Album, phone: &Authenticator) {
    let clock = &album.preset.server.clock;
    let tab = album.at_application("mei").await;
    album.page(&tab, "second-factor").await;
    clock.advance(30);
    let code = phone.code(clock);
    submit(&tab, "#otp", &code, "#factor-submit").await;
    album.page(&tab, "claims").await;
    let tab = album.enter("mei").await;
    submit(&tab, "#otp", &code, "#factor-submit").await;
    album.page(&tab, "used-code").await;
    while tab.sees("#otp").await {
        submit(&tab, "#otp", &phone.wrong_code(clock), "#factor-submit").await;
    }
    album.page(&tab, "throttled").await;
    clock.advance(7200);
}

/// With the code that stands in for the phone, and without either.
async fn recover(album: &Album, phone: &Authenticator) {
    let tab = album.at_application("mei").await;
    tab.press("#other-methods summary").await;
    tab.follow("#choose-recovery").await;
    submit(&tab, "#recovery-code", &phone.codes[0], "#factor-submit").await;
    album.page(&tab, "recovered").await;
    tab.follow("#done-next").await;
    album.visit(&tab, "/u").await;
    tab.follow("#mfa-disable").await;
    album.page(&tab, "unbind").await;
    tab.follow("#confirm-submit").await;
    album.page(&tab, "unbound").await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
}
