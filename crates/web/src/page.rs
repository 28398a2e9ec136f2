//! Pages, with everything that guards them.

use crate::{
    http::{
        headers::{CROSS_ORIGIN_OPENER_POLICY, OPENER_KEPT},
        log::Causes,
        reply::bare,
    },
    paths,
    visit::Visit,
};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use vestibule_flows::Account;
use vestibule_pages::{Chrome, ChromeUser, ErrorPage, LocaleOption, Message, Nav, Page, ScopeItem};

/// Where a page may lead in the end.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nowhere but to this pool.
    #[default]
    Inside,
    /// To an application, and from there wherever the application sends its user.
    Outside,
}

/// What surrounds a page besides the pool.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where the page may lead in the end.
    pub(crate) way: Way,
    /// Who is signed in.
    pub(crate) user: Option<ChromeUser>,
    /// The page of the user center, for its menu.
    pub(crate) nav: Option<Nav>,
    /// Whether the user may change the pool's settings.
    pub(crate) admin: bool,
    /// Origins of applications whose pages it loads in hidden frames.
    pub(crate) loads: Vec<String>,
}

impl Frame {
    /// A page on the way to an application, or on no such way.
    pub(crate) fn toward(application: bool) -> Self {
        let way = if application { Way::Outside } else { Way::Inside };
        Self { way, ..Self::default() }
    }

    /// A page of the user center.
    pub(crate) fn center(visit: &Visit, account: &Account, nav: Nav) -> Self {
        let (user, admin) = (&account.live.user, account.as_admin(&visit.cx).is_some());
        let display_name = user.name.clone().unwrap_or_else(|| user.username.clone());
        let user = ChromeUser { display_name, username: user.username.clone() };
        Self { way: Way::Inside, user: Some(user), nav: Some(nav), admin, loads: Vec::new() }
    }
}

impl Visit {
    /// What an application may have, in words: a scope, or an API of the pool by its name.
    pub(crate) fn scope_item(&self, text: &str) -> ScopeItem {
        let settings = &self.cx.pool.pool.settings;
        if let Some(api) = settings.api(text) {
            return ScopeItem::of_api(api.title());
        }
        let own = settings.attributes.iter().filter(|attribute| attribute.scope == text);
        ScopeItem::new(text).with_own(own.map(|attribute| attribute.title().to_owned()).collect())
    }

    /// Renders a page with everything that guards it.
    pub(crate) fn page<P: Page>(&self, status: StatusCode, page: &P, frame: Frame) -> Response {
        let pool = &self.cx.pool.pool;
        let accent = pool.settings.accent.as_ref();
        let chrome = Chrome {
            pool_name: pool.name.clone(),
            support_email: pool.settings.support_email.clone(),
            accent_css: accent.map(|colour| paths::pool_css(colour)),
            locale: self.locale(),
            locales: LocaleOption::all(),
            here: self.here(),
            csrf: self.app().csrf_token(&self.cx),
            request_id: self.cx.request_id.clone(),
            user: frame.user,
            active_nav: frame.nav,
            demo: self.web.options.demo,
            texts: self.cx.pool.texts(),
            experimental: pool.settings.enrolment.experimental,
            admin: frame.admin,
        };
        match self.web.pages.render(&chrome, page) {
            Ok(html) => {
                let mut response = (status, html).into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                headers.insert(
                    header::CONTENT_SECURITY_POLICY,
                    content_security_policy(frame.way, &frame.loads),
                );
                if frame.way == Way::Outside {
                    headers.insert(CROSS_ORIGIN_OPENER_POLICY, OPENER_KEPT);
                }
                self.private(response)
            }
            Err(error) => {
                tracing::error!(request.id = %self.cx.request_id, error = %Causes(&error), "a page could not be rendered");
                bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
            }
        }
    }

    /// A page that says what is wrong.
    pub(crate) fn problem(&self, status: StatusCode, detail: Message) -> Response {
        let back = self.cx.pool.pool.origin.url(paths::ACCOUNT);
        self.page(status, &ErrorPage::new(status.as_u16(), detail).with_back(back), Frame::default())
    }
}

/// The policy of all pages, as a literal that ends with what a page may add.
macro_rules! policy {
    ($forms:literal) => {
        HeaderValue::from_static(concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; ",
            "connect-src 'self'; ",
            $forms,
            "frame-ancestors 'none'; base-uri 'none'"
        ))
    };
}

/// The policy of a page, which frames nothing unless it is named.
fn content_security_policy(way: Way, loads: &[String]) -> HeaderValue {
    let usual = way.content_security_policy();
    if loads.is_empty() {
        return usual;
    }
    // An origin has neither blanks nor semicolons; should one have, nothing is framed.
    let separated = |origin: &String| origin.contains([' ', ';', ',', '\'', '*']);
    let listed = (!loads.iter().any(separated)).then(|| loads.join(" "));
    let policy = listed.zip(usual.to_str().ok()).map(|(loads, usual)| format!("{usual}; frame-src {loads}"));
    policy.and_then(|policy| HeaderValue::from_str(&policy).ok()).unwrap_or(usual)
}

impl Way {
    /// One policy for all pages, but for `form-action`. Chromium holds that directive against every redirect that follows
    /// a form (CSP Level 3 §6.4.1), and where an application sends its user from its own address is its own matter: to
    /// another origin, or to the scheme of an app. No list could name that, so a page that may lead there has none.
    fn content_security_policy(self) -> HeaderValue {
        match self {
            Self::Inside => policy!("form-action 'self'; "),
            Self::Outside => policy!(""),
        }
    }
}
