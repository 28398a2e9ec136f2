//! Pages and mails: typed contexts, templates, translations, assets.
//!
//! **Owns** what people see: `templates/` (pages, components, factors, mails, translations, assets), the typed
//! context of each page, and the choice of language. Everything is embedded in the binary.
//!
//! **Must not know** HTTP, cookies, databases, OAuth or any factor: a context carries ready values and
//! translation keys, and a factor's own part comes as a [`FactorView`] that names its template.
//!
//! **One more page**: a struct in `pages/` that implements [`Page`] with samples, a template, and its texts in
//! every `templates/locales/<tag>/main.ftl`; then add it to the list in `tests.rs`. **One more factor**:
//! `templates/factors/<kind>/verify.html` and `enrol.html`, and the texts `factor-<kind>` with `-description`,
//! `-enrol-title` and `-wrong`; a factor from another crate brings the same as an [`Extension`]. **One more
//! language**: a copy of `templates/locales/en/main.ftl`, and a row in `locale.rs`. The tests render every page,
//! sample and factor in every language and compare their keys, so anything forgotten is named there.

mod accent;
mod assets;
mod chrome;
mod extension;
mod i18n;
pub mod keys;
mod locale;
mod mail;
mod message;
mod pages;
mod render;
mod svg;
#[cfg(test)]
mod tests;
mod voice;

/// What `build.rs` found in `templates/`.
mod generated {
    /// A file to serve.
    pub(crate) struct Embedded {
        pub(crate) name: &'static str,
        pub(crate) url: &'static str,
        pub(crate) content_type: &'static str,
        pub(crate) body: &'static [u8],
    }
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

pub use accent::accent_css;
pub use assets::{Asset, asset, asset_url};
pub use chrome::{Chrome, ChromeUser, Nav, TextOverrides};
pub use extension::Extension;
pub use i18n::is_text_key;
pub use locale::Locale;
pub use mail::{Mail, MailFrame, RenderedMail};
pub use message::{Arg, Message, Tone};
pub use pages::{
    ACTIVITIES, ActivityPage, ActivityRow, AddressPage, AddressUndoPage, Advice, AnswerPage, AppRow,
    AppsPage, ConfirmItem, ConfirmPage, ConsentPage, DataPage, DeletePage, DeviceFacts, DevicePage, DonePage,
    EnrolChoicePage, EnrolPage, ErrorFact, ErrorPage, Explained, ExplainedReason, FactorChoice, FactorRow,
    FactorView, HomePage, LocaleOption, LoginPage, LogoutPage, MailPurpose, MailSentPage, MfaCard, MfaState,
    OriginNotice, PROFILE_FIELDS, Page, PasswordPage, PasswordlessSignIn, PendingEmail, ProfileField,
    ProfileInput, ProfilePage, RecoveryStatus, RegisterCompletePage, RegisterPage, RememberedBrowserRow,
    ResetFormPage, ResetRequestPage, RevealPage, SCOPES, ScopeItem, SecondFactorPage, SecurityPage,
    SessionRow, SessionsPage, SettingsPage, SignedOutPage, SkipOffer,
};
pub use render::{Pages, PagesError};
