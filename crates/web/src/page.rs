//! Pages, with everything that guards them.

use crate::{
    http::{log::Causes, reply::bare},
    paths,
    visit::Visit,
};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use vestibule_flows::Account;
use vestibule_pages::{Chrome, ChromeUser, ErrorPage, Message, Nav, Page};

/// What surrounds a page besides the pool.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where a form's redirect may lead besides this origin.
    pub(crate) form_target: Option<String>,
    /// Who is signed in.
    pub(crate) user: Option<ChromeUser>,
    /// The page of the user center, for its menu.
    pub(crate) nav: Option<Nav>,
    /// Whether the user may change the pool's settings.
    pub(crate) admin: bool,
}

impl Frame {
    /// A page of a sign-in, which may end with a redirect to the application.
    pub(crate) fn toward(form_target: Option<String>) -> Self {
        Self { form_target, ..Self::default() }
    }

    /// A page of the user center.
    pub(crate) fn center(visit: &Visit, account: &Account, nav: Nav) -> Self {
        let (user, admin) = (&account.live.user, account.as_admin(&visit.cx).is_some());
        let display_name = user.name.clone().unwrap_or_else(|| user.username.clone());
        let user = ChromeUser { display_name, username: user.username.clone() };
        Self { form_target: None, user: Some(user), nav: Some(nav), admin }
    }
}

impl Visit {
    /// Renders a page with everything that guards it.
    pub(crate) fn page<P: Page>(&self, status: StatusCode, page: &P, frame: Frame) -> Response {
        let pool = &self.cx.pool.pool;
        let accent = pool.settings.accent.as_ref();
        let chrome = Chrome {
            pool_name: pool.name.clone(),
            support_email: pool.settings.support_email.clone(),
            accent_css: accent.map(|colour| paths::pool_css(colour)),
            locale: self.locale(),
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
                if let Some(policy) = content_security_policy(frame.form_target.as_deref()) {
                    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
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

/// The one policy of all pages. Browsers hold `form-action` against every redirect that follows a form (CSP Level 3
/// §6.4.1), so a sign-in that ends at the application names its origin, and `https:` for wherever the application
/// sends its user from there: it may itself be a broker for others.
fn content_security_policy(form_target: Option<&str>) -> Option<HeaderValue> {
    let target = form_target.map(|target| format!(" https: {target}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}
