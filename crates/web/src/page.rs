//! Pages, with everything that guards them, and what can go wrong as people see it: never a cause, always a way on.

use crate::{
    http::{
        form::Unreadable,
        reply::{bare, status_of},
    },
    paths,
    visit::Visit,
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use vestibule_flows::{Account, Failure};
use vestibule_oidc::{ErrorCode, OAuthError};
use vestibule_pages::{Chrome, ChromeUser, ErrorPage, Message, Nav, Page, keys};

/// What surrounds a page besides the pool.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where a form's redirect may lead besides this origin.
    pub(crate) form_target: Option<String>,
    /// Who is signed in.
    pub(crate) user: Option<ChromeUser>,
    /// Where in the user center.
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
            locale: self.locale,
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
                tracing::error!(request.id = %self.cx.request_id, error = %error, "a page could not be rendered");
                bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
            }
        }
    }

    /// A redirect after which the browser uses GET (RFC 9700 §4.12: 303 after credentials).
    pub(crate) fn see_other(&self, to: &str) -> Response {
        let Ok(location) = HeaderValue::from_str(to) else {
            return bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.");
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        self.private(response)
    }

    /// A page that says what is wrong.
    pub(crate) fn problem(&self, status: StatusCode, detail: Message) -> Response {
        let back = self.cx.pool.pool.origin.url(paths::ACCOUNT);
        self.page(status, &ErrorPage::new(status.as_u16(), detail).with_back(back), Frame::default())
    }

    /// A body could not be read.
    pub(crate) fn unreadable(&self, why: Unreadable) -> Response {
        match why {
            Unreadable::TooLarge => {
                self.problem(StatusCode::PAYLOAD_TOO_LARGE, Message::error(keys::TOO_LARGE))
            }
            Unreadable::NotText => {
                self.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST))
            }
        }
    }

    /// A use case failed: the cause goes to the log, the user gets the request's name.
    pub(crate) fn failed(&self, cause: &Failure) -> Response {
        tracing::error!(request.id = %self.cx.request_id, pool.id = %self.cx.pool.pool.id, error = %cause, "failed");
        let status = status_of(cause);
        let key = if cause.is_passing() { keys::UNAVAILABLE } else { keys::INTERNAL_ERROR };
        let mut response = self.problem(status, Message::error(key));
        if cause.is_passing() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }

    /// A protocol error that is shown to the user because it must not be sent anywhere (RFC 6749 §4.1.2.1).
    pub(crate) fn oauth_page(&self, error: &OAuthError) -> Response {
        let (status, key) = match error.code {
            ErrorCode::UnknownClient => (StatusCode::BAD_REQUEST, keys::CLIENT_UNKNOWN),
            ErrorCode::InvalidRedirectUri => (StatusCode::BAD_REQUEST, keys::REDIRECT_URI_INVALID),
            ErrorCode::AccessDenied | ErrorCode::UnmetAuthenticationRequirements => {
                (StatusCode::FORBIDDEN, keys::ACCOUNT_LOCKED)
            }
            _ => (StatusCode::BAD_REQUEST, keys::MALFORMED_REQUEST),
        };
        let code = format!("{}: {}", error.code.as_str(), error.hint());
        let page = ErrorPage::new(status.as_u16(), Message::error(key)).with_code(code);
        self.page(status, &page, Frame::default())
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
