//! Every address of the product: the routes' patterns, and the links, redirects and mails that lead to them.
//!
//! No other file of this crate spells a path. A pattern is a constant; an address with a value in it has a function.
//! Addresses begin at the pool's origin, which is never part of a path: a pool is an origin of its own.

use http::Uri;
use std::borrow::Cow;
use vestibule_domain::{
    AccountPage, Action, AuditId, CredentialId, FactorKind, Origin, PoolTask, Stage, Timestamp,
};

/// The parameter of an authorization request that wishes a language (OpenID Connect Core 1.0 §3.1.2.1); in our own links,
/// too.
pub(crate) const UI_LOCALES: &str = "ui_locales";

/// The parameter of an address that carries what its page has to say.
pub(crate) const NOTE: &str = "said";

/// The pool's address alone; leads to the user center.
pub const ROOT: &str = "/";
/// Whether the process runs.
pub const HEALTHZ: &str = "/healthz";
/// Whether requests can be answered.
pub const READYZ: &str = "/readyz";
/// Numbers for a monitoring system on the same machine.
pub const METRICS: &str = "/metrics";
/// Where password managers find the page that changes a password (W3C, A Well-Known URL for Changing Passwords §2).
pub const CHANGE_PASSWORD: &str = "/.well-known/change-password";
/// Asked for by browsers without being told to.
pub const FAVICON: &str = "/favicon.ico";
/// The pool's own colour.
pub const POOL_CSS: &str = "/assets/pool.css";
/// Style sheets, scripts, pictures.
pub const ASSET: &str = "/assets/{hash}/{name}";

/// OpenID Connect Discovery 1.0 §4.
pub const DISCOVERY: &str = "/oidc/.well-known/openid-configuration";
/// The same document where OAuth clients look for it (RFC 8414 §3.1): the path of the issuer comes after the well-known name.
pub const SERVER_METADATA: &str = "/.well-known/oauth-authorization-server/oidc";
/// The key set (RFC 7517 §5).
pub const JWKS: &str = "/oidc/jwks";
/// The authorization endpoint (RFC 6749 §3.1).
pub const AUTHORIZE: &str = "/oidc/auth";
/// Pushed authorization requests (RFC 9126).
pub const PUSHED: &str = "/oidc/par";
/// Registration of applications (RFC 7591 §3).
pub const REGISTRATION: &str = "/oidc/register";
/// One that registered by itself (RFC 7592 §2).
pub const REGISTERED: &str = "/oidc/register/{client}";
/// The token endpoint (RFC 6749 §3.2).
pub const TOKEN: &str = "/oidc/token";
/// Devices ask here to be let in (RFC 8628).
pub const DEVICE_AUTHORIZATION: &str = "/oidc/device";
/// Introspection (RFC 7662).
pub const INTROSPECTION: &str = "/oidc/introspect";
/// Revocation (RFC 7009).
pub const REVOCATION: &str = "/oidc/revoke";
/// The userinfo endpoint (OpenID Connect Core 1.0 §5.3).
pub const USERINFO: &str = "/oidc/me";
/// The logout endpoint (OpenID Connect RP-Initiated Logout 1.0 §2).
pub const END_SESSION: &str = "/oidc/session/end";
/// The same, for a browser whose session has just ended.
pub fn signed_out(farewell: &vestibule_flows::FarewellQuery) -> String {
    format!("{END_SESSION}?{}", farewell.as_str())
}
/// The user's answer to the question of that endpoint.
pub const END_SESSION_CONFIRM: &str = "/oidc/session/end/confirm";

/// Where people type the code that a device shows (RFC 8628 §3.3); short, because it is typed, too.
pub const DEVICE: &str = "/device";
/// After that.
pub const DEVICE_ANSWERED: &str = "/device/answered";

/// The login page; `login` makes its address.
pub const LOGIN: &str = "/login";
/// The answer at a first factor without a password.
pub const PASSWORDLESS: &str = "/login/passwordless";
/// Postpones a proposed enrolment.
pub const SKIP: &str = "/login/skip";
/// Gives a sign-in up.
pub const CANCEL: &str = "/login/cancel";
/// Back to the first factor.
pub const RESTART: &str = "/login/restart";
/// Goes on with a request.
pub const RESUME: &str = "/login/resume";
/// Asks whether the application may.
pub const CONSENT: &str = "/login/consent";
/// After a recovery code.
pub const RECOVERED: &str = "/login/recovered";
/// The second factor.
pub const FACTOR: &str = "/login/factor";
/// Another second factor.
pub const FACTOR_CHOOSE: &str = "/login/factor/choose";
/// Enrolment during a sign-in.
pub const ENROL: &str = "/login/enrol";
/// Which factor to enrol during a sign-in.
pub const ENROL_CHOOSE: &str = "/login/enrol/choose";
/// Recovery codes during a sign-in.
pub const CODES: &str = "/login/codes";
/// Goes on after them.
pub const CODES_CONTINUE: &str = "/login/codes/continue";
/// Asks for an address to register.
pub const REGISTER: &str = "/login/register";
/// Completes a registration.
pub const REGISTER_COMPLETE: &str = "/login/register/complete";
/// Asks for an account whose password to reset.
pub const RESET: &str = "/login/reset";
/// Sets the new password.
pub const RESET_COMPLETE: &str = "/login/reset/complete";
/// Takes a change of the mail address back.
pub const ADDRESS_UNDO: &str = "/login/address";
/// After an account was deleted.
pub const DELETED: &str = "/login/deleted";
/// After that.
pub const ADDRESS_UNDONE: &str = "/login/address/undone";

/// Chooses the language of the pages.
pub const LANGUAGE: &str = "/language";

/// The user center.
pub const ACCOUNT: &str = "/u";
/// Name and language.
pub const PROFILE: &str = "/u/profile";
/// Changes or proves the mail address.
pub const PROFILE_ADDRESS: &str = "/u/profile/address";
/// Proves an address by the code that was mailed to it.
pub const PROFILE_ADDRESS_PROVE: &str = "/u/profile/address/prove";
/// Forgets an address that waits for its code.
pub const PROFILE_ADDRESS_CANCEL: &str = "/u/profile/address/cancel";
/// Changes the password.
pub const PASSWORD: &str = "/u/password";
/// Sessions and remembered browsers.
pub const SESSIONS: &str = "/u/sessions";
/// Ends one session.
pub const SESSIONS_REVOKE: &str = "/u/sessions/revoke";
/// Ends all sessions but this one.
pub const SESSIONS_REVOKE_OTHERS: &str = "/u/sessions/revoke-others";
/// Forgets a remembered browser.
pub const SESSIONS_FORGET: &str = "/u/sessions/forget";
/// Connected applications.
pub const APPS: &str = "/u/apps";
/// Disconnects one.
pub const APPS_REVOKE: &str = "/u/apps/revoke";
/// What happened to the account.
pub const ACTIVITY: &str = "/u/activity";
/// What is kept about a person.
pub const DATA: &str = "/u/data";
/// A copy of it.
pub const DATA_EXPORT: &str = "/u/data/export";
/// Deletes the account.
pub const DATA_DELETE: &str = "/u/data/delete";
/// Signs this browser out.
pub const SIGN_OUT: &str = "/u/sign-out";
/// Second factors.
pub const SECURITY: &str = "/u/security";
/// The same for somebody who has proved what every change asks for.
pub const SECURITY_MANAGE: &str = "/u/security/manage";
/// Begins to enrol a factor.
pub const SECURITY_ENROL: &str = "/u/security/enrol";
/// Enrols a factor of a kind.
pub const SECURITY_ENROL_KIND: &str = "/u/security/enrol/{kind}";
/// Renames a factor.
pub const SECURITY_RENAME: &str = "/u/security/rename";
/// Switches the second factor on.
pub const SECURITY_ENABLE: &str = "/u/security/enable";
/// Switches the second factor off.
pub const SECURITY_DISABLE: &str = "/u/security/disable";
/// Removes a factor.
pub const SECURITY_REMOVE: &str = "/u/security/remove/{credential}";
/// Makes new recovery codes.
pub const SECURITY_REGENERATE: &str = "/u/security/regenerate";
/// What a change shows only once, until it is saved.
pub const SECURITY_CODES: &str = "/u/security/codes";
/// The pool's settings, for its administrators.
pub const SETTINGS: &str = "/u/settings";
/// Switches the second factor for everybody.
pub const SETTINGS_MFA: &str = "/u/settings/mfa";
/// Takes all factors of a user away.
pub const SETTINGS_RESET_FACTORS: &str = "/u/settings/reset-factors";
/// Gives a user another mail address.
pub const SETTINGS_ADDRESS: &str = "/u/settings/address";
/// Explains a prompt.
pub const SETTINGS_EXPLAIN: &str = "/u/settings/explain";

/// A file whose address changes with its content.
pub(crate) fn asset(hash: &str, name: &str) -> String {
    format!("/assets/{hash}/{name}")
}

/// The pool's colour, at an address that changes with it.
pub(crate) fn pool_css(colour: &str) -> String {
    format!("{POOL_CSS}?v={}", colour.trim_start_matches('#'))
}

/// The login page for a sealed request.
pub(crate) fn login(request: &str) -> String {
    format!("{LOGIN}?request={request}")
}

/// The login page for a sealed request, or for none.
pub(crate) fn login_for(request: Option<&str>) -> String {
    request.map_or_else(|| LOGIN.to_owned(), login)
}

/// The login page for a sealed request, for another user than the one who is signed in.
pub(crate) fn login_as_other(request: &str) -> String {
    format!("{LOGIN}?request={request}&switch=1")
}

/// On with a sealed request.
pub(crate) fn resume(request: &str) -> String {
    format!("{RESUME}?request={request}")
}

/// The consent page of a sealed request.
pub(crate) fn consent(request: &str) -> String {
    format!("{CONSENT}?request={request}")
}

/// The page after a recovery code, which leads on with a sealed request.
pub(crate) fn recovered(request: &str) -> String {
    format!("{RECOVERED}?request={request}")
}

/// Registration for somebody who came with a sealed request.
pub(crate) fn register(request: &str) -> String {
    format!("{REGISTER}?request={request}")
}

/// The page of a sign-in at its stage. The handle says which, and what it is for.
pub(crate) fn flow(stage: &Stage, handle: &str) -> String {
    let page = match stage {
        Stage::SecondFactor { .. } => FACTOR,
        Stage::Enrol { .. } | Stage::Suggest { .. } => ENROL,
        Stage::SaveCodes | Stage::Authenticated | Stage::Unreachable => CODES,
    };
    at_flow(page, handle)
}

/// A page of a sign-in, whatever its stage: it shows what is next.
pub(crate) fn at_flow(page: &str, handle: &str) -> String {
    format!("{page}?flow={handle}")
}

/// Asks for an account whose password to reset, for somebody who came with a sealed request.
pub(crate) fn reset(request: &str) -> String {
    format!("{RESET}?request={request}")
}

/// The page of a mailed link: registration, or a new password.
pub(crate) fn of_link(page: &str, token: &str) -> String {
    format!("{page}?token={token}")
}

/// A mailed link, which may be opened in another browser than the one it was asked for in.
fn in_language(page: &str, token: &str, language: &str) -> String {
    format!("{page}?{UI_LOCALES}={language}&token={token}")
}

/// A mailed link that completes a registration. The token is the secret of the link.
pub(crate) fn register_complete(origin: &Origin, token: &str, language: &str) -> String {
    origin.url(&in_language(REGISTER_COMPLETE, token, language))
}

/// A mailed link that resets a password. The token is the secret of the link.
pub(crate) fn reset_complete(origin: &Origin, token: &str, language: &str) -> String {
    origin.url(&in_language(RESET_COMPLETE, token, language))
}

/// A mailed link that takes a change of the address back. The token is the secret of the link.
pub(crate) fn address_undo(origin: &Origin, token: &str, language: &str) -> String {
    origin.url(&in_language(ADDRESS_UNDO, token, language))
}

/// What happened before something that happened.
pub(crate) fn activity_before(at: Timestamp, id: AuditId) -> String {
    format!("{ACTIVITY}?before={}.{id}", at.as_seconds())
}

/// The page after an account was deleted, with a note that shows that it was.
pub(crate) fn deleted(note: &str) -> String {
    format!("{DELETED}?{NOTE}={note}")
}

/// The page after a device was answered, with a note that says how.
pub(crate) fn device_answered(note: &str) -> String {
    format!("{DEVICE_ANSWERED}?{NOTE}={note}")
}

/// The page for the code of a device, with a code.
pub(crate) fn device(user_code: &str) -> String {
    let typed = [("user_code", user_code)].into_iter().filter(|(_, code)| !code.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
    if query.is_empty() { DEVICE.to_owned() } else { format!("{DEVICE}?{query}") }
}

/// The page of an action in the user center.
pub(crate) fn action(action: &Action) -> Cow<'static, str> {
    Cow::Borrowed(match action {
        Action::View(AccountPage::Home) => ACCOUNT,
        Action::View(AccountPage::Profile) => PROFILE,
        Action::View(AccountPage::Password) => PASSWORD,
        Action::View(AccountPage::Sessions) => SESSIONS,
        Action::View(AccountPage::Applications) => APPS,
        Action::View(AccountPage::Security) => SECURITY,
        Action::View(AccountPage::Activity) => ACTIVITY,
        Action::View(AccountPage::Data) => DATA,
        Action::View(AccountPage::Settings) => SETTINGS,
        Action::ManageFactors => SECURITY_MANAGE,
        Action::EnableFactors => SECURITY_ENABLE,
        Action::EnrolFactor(kind) => return Cow::Owned(enrol_factor(kind)),
        Action::RemoveFactor(credential) => return Cow::Owned(remove_factor(*credential)),
        Action::DisableFactors => SECURITY_DISABLE,
        Action::RegenerateCodes => SECURITY_REGENERATE,
        Action::ChangeAddress => PROFILE_ADDRESS,
        Action::ExportData => DATA_EXPORT,
        Action::DeleteAccount => DATA_DELETE,
        Action::ConnectDevice { user_code } => return Cow::Owned(device(user_code)),
        Action::Administer(task) => return Cow::Owned(pool_task(task)),
    })
}

/// The page of a task of a pool's administrator, with what was typed for it.
pub(crate) fn pool_task(task: &PoolTask) -> String {
    let (page, typed) = match task {
        PoolTask::SwitchSecondFactor(mode) => (SETTINGS_MFA, vec![("mode", mode.as_str())]),
        PoolTask::ResetFactors { username } => {
            (SETTINGS_RESET_FACTORS, vec![("username", username.as_str())])
        }
        PoolTask::ChangeAddress { username, email } => {
            (SETTINGS_ADDRESS, vec![("username", username.as_str()), ("email", email.as_str())])
        }
        PoolTask::Explain { trace } => (SETTINGS_EXPLAIN, vec![("trace", trace.as_str())]),
    };
    let typed = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(typed).finish();
    format!("{page}?{typed}")
}

/// Something that the security page reports on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Done {
    /// A factor was enrolled.
    Enrolled,
    /// There are new recovery codes.
    NewCodes,
}

impl Done {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::NewCodes => "codes",
        }
    }
}

/// The security page after something was done.
pub(crate) fn security_after(done: Done) -> String {
    format!("{SECURITY}?done={}", done.as_str())
}

/// What something that was done shows only once.
pub(crate) fn codes(done: Done) -> String {
    format!("{SECURITY_CODES}?done={}", done.as_str())
}

/// What the security page's address says was done; anybody can write one.
pub(crate) fn done(text: &str) -> Option<Done> {
    match text {
        "enrolled" => Some(Done::Enrolled),
        "codes" => Some(Done::NewCodes),
        _ => None,
    }
}

/// The security page where it offers factors to add.
pub(crate) fn security_choice() -> String {
    format!("{SECURITY}#add-factor")
}

/// Enrols a factor of a kind.
pub(crate) fn enrol_factor(kind: &FactorKind) -> String {
    format!("{SECURITY_ENROL}/{kind}")
}

/// The kind that a form or an address names; `None` where no kind could be named so.
pub(crate) fn enrollable(kind: &str) -> Option<FactorKind> {
    let clean = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    clean.then(|| FactorKind::from_text(kind))
}

/// Removes a factor.
fn remove_factor(credential: CredentialId) -> String {
    SECURITY_REMOVE.replace("{credential}", &credential.to_string())
}

/// The address of the page that a request asks for; of a form that is sent to an address without a page, the page that the
/// form is on.
pub(crate) fn here(uri: &Uri) -> String {
    let page = match uri.path() {
        PASSWORDLESS | CANCEL | RESTART => LOGIN,
        SKIP | ENROL_CHOOSE => ENROL,
        FACTOR_CHOOSE => FACTOR,
        SESSIONS_REVOKE | SESSIONS_REVOKE_OTHERS | SESSIONS_FORGET => SESSIONS,
        APPS_REVOKE => APPS,
        PROFILE_ADDRESS_PROVE | PROFILE_ADDRESS_CANCEL => PROFILE,
        SECURITY_ENROL | SECURITY_RENAME => SECURITY,
        END_SESSION_CONFIRM | SIGN_OUT | LANGUAGE | ROOT => ACCOUNT,
        path => path,
    };
    uri.query().map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"))
}

/// An address without its query.
pub(crate) fn bare(address: &str) -> &str {
    address.split('?').next().unwrap_or_default()
}

/// The same with what a form says that it belongs to.
pub(crate) fn with_form<'a>(here: &str, field: impl Fn(&str) -> Option<&'a str>) -> String {
    let plain =
        |value: &&str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
    let known =
        ["flow", "request", "token"].into_iter().find_map(|name| Some((name, field(name).filter(plain)?)));
    known.map_or_else(|| here.to_owned(), |(name, value)| format!("{}?{name}={value}", bare(here)))
}

/// The address that a form leads back to, where it is one of ours: a path, and nothing that a browser could read as
/// another host.
pub(crate) fn back_to(wanted: &str) -> &str {
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && wanted.bytes().all(|byte| byte.is_ascii_graphic());
    if ours && !wanted.contains('\\') { wanted } else { ACCOUNT }
}
