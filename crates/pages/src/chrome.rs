//! What surrounds every page: whose login this is, in which language, for whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::{Locale, LocaleOption};

/// A pool's own words: language tag, then translation key, then plain text in which `{ $name }` stands for an
/// argument. They come before the translation of that very language; other languages keep their translation.
pub type TextOverrides = BTreeMap<String, BTreeMap<String, String>>;

/// The frame of every page. Made once a request by the web layer.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chrome {
    /// Name of the user pool as its members know it.
    pub pool_name: String,
    /// Where people find help; shown in the footer and on error pages.
    pub support_email: Option<String>,
    /// URL of the pool's own style sheet (see [`crate::accent_css`]). Inline styles are forbidden by policy.
    pub accent_css: Option<String>,
    /// Language and direction of the page.
    pub locale: Locale,
    /// The languages to choose from.
    pub locales: Vec<LocaleOption>,
    /// The address that shows this page again, in another language.
    pub here: String,
    /// Anti-forgery value; every form that posts carries it as the hidden field `csrf`.
    pub csrf: String,
    /// Identifier of the request, shown on error pages for the help desk.
    pub request_id: String,
    /// Who is signed in, when the page belongs to the user center.
    pub user: Option<ChromeUser>,
    /// The active entry of the user center; also switches its navigation on.
    pub active_nav: Option<Nav>,
    /// Marks the pool as a demonstration, so that nobody takes it for a real one.
    pub demo: bool,
    /// The pool's own words.
    #[serde(skip)]
    pub texts: Arc<TextOverrides>,
    /// Marks everything about second factors as experimental, and shows the support address with it.
    pub experimental: bool,
    /// Whether the person may change the pool's settings; adds that entry to the user center.
    pub admin: bool,
}

/// The person in the user menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChromeUser {
    /// Name to greet with; the user name when there is none.
    pub display_name: String,
    /// User name.
    pub username: String,
}

/// Entries of the user center.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nav {
    /// `/u`
    Home,
    /// `/u/profile`
    Profile,
    /// `/u/password`
    Password,
    /// `/u/security`
    Security,
    /// `/u/sessions`
    Sessions,
    /// `/u/apps`
    Apps,
    /// `/u/activity`
    Activity,
    /// `/u/data`
    Data,
    /// `/u/settings`, for the pool's admins
    Settings,
}
