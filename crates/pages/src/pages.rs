//! Typed contexts, one for each page. The fields are the whole of what a template can see besides the frame.

mod account;
mod center;
mod data;
mod factor;
mod login;
mod mfa;
mod profile;
mod sessions;
mod settings;
mod status;

pub use account::{
    AddressUndoPage, Advice, DonePage, MailPurpose, MailSentPage, RegisterCompletePage, RegisterPage,
    ResetFormPage, ResetRequestPage,
};
pub use center::{
    AddressPage, AppRow, AppsPage, FactorRow, LocaleOption, PasswordPage, RecoveryStatus, SecurityPage,
};
pub use data::{ACTIVITIES, ActivityPage, ActivityRow, DataPage, DeletePage};
pub use factor::{
    EnrolChoicePage, EnrolPage, FactorChoice, FactorView, RevealPage, SecondFactorPage, SkipOffer,
};
pub use login::{
    ConsentPage, DeviceFacts, DevicePage, LoginPage, OriginNotice, PasswordlessSignIn, SCOPES, ScopeItem,
};
pub use mfa::{ConfirmItem, ConfirmPage, HomePage, MfaCard, MfaState};
pub use profile::{PROFILE_FIELDS, PendingEmail, ProfileField, ProfileInput, ProfilePage};
pub use sessions::{RememberedBrowserRow, SessionRow, SessionsPage};
pub use settings::{Explained, ExplainedReason, SettingsPage};
pub use status::{AnswerPage, ErrorFact, ErrorPage, LogoutPage, SignedOutPage};

use serde::Serialize;

/// A page: a context that knows its template and its title.
pub trait Page: Serialize + Sized {
    /// Name of the template, relative to `templates/`.
    const TEMPLATE: &'static str;

    /// Translation key of the document title.
    fn title_key(&self) -> &str;

    /// Contexts that together show every branch of the template; rendered in every language by the tests.
    fn samples() -> Vec<Self>;
}
