//! Where the switch for all users stands, and what it asks of one.

use crate::album::Album;
use vestibule_browser_tests::{Authenticator, Tab};

/// The admin turns the switch.
async fn turn(album: &Album, admin: &Tab) {
    album.visit(admin, "/u/settings").await;
    admin.follow("#settings-mfa-toggle").await;
    admin.follow("#confirm-submit").await;
}

pub(crate) async fn walk(album: &Album) {
    let preset = &album.preset;
    // Somebody who has set up nothing when the switch is turned.
    preset.server.add_user("ravi").await;
    let priya = album.enter("priya").await;
    album.visit(&priya, "/u/settings").await;
    album.page(&priya, "no-rights").await;
    let phone = opt_in(album, &priya).await;
    let live = album.at_application("ravi").await;
    let admin = album.enter("admin").await;
    album.visit(&admin, "/u/settings").await;
    album.page(&admin, "switch").await;
    turn(album, &admin).await;
    album.page(&admin, "switch-on").await;

    album.visit(&live, "/u/profile").await;
    album.page(&live, "deep-link").await;
    live.open(&preset.url).await;
    live.follow("#sign-in-silent").await;
    album.page(&live, "next-authorization").await;
    let tab = album.at_application("ravi@example.test").await;
    album.page(&tab, "first-login").await;
    preset.confirm(&tab).await;
    let tab = album.at_application("priya@clevertap.example").await;
    album.page(&tab, "login").await;
    preset.answer(&tab, &phone).await;
    album.visit(&tab, "/u/security/disable").await;
    album.page(&tab, "no-opt-out").await;

    album.visit(&admin, "/u/settings").await;
    preset.confirm(&admin).await;
    turn(album, &admin).await;
    let tab = album.at_application("ravi").await;
    album.visit(&tab, "/u/security").await;
    album.page(&tab, "spared").await;
    assert_eq!(tab.complaints(), Vec::<String>::new());
}

/// By choice, while nobody is made to.
async fn opt_in(album: &Album, tab: &Tab) -> Authenticator {
    album.visit(tab, "/u/profile").await;
    tab.follow("#mfa-enable").await;
    tab.follow("#confirm-submit").await;
    let phone = album.preset.confirm(tab).await;
    album.visit(tab, "/u/profile").await;
    album.page(tab, "opted-in").await;
    phone
}
