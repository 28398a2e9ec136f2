//! Keys of the messages that other crates choose. Each has a text in every language; a test holds them together.

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $key;)*
        /// Every key above.
        pub const ALL: &[&str] = &[$($key),*];
    };
}

keys! {
    /// Unknown user or wrong password: one text for both.
    CREDENTIALS_WRONG = "credentials_wrong";
    /// Too many attempts; argument `minutes`.
    THROTTLED = "throttled";
    /// Too many attempts; argument `seconds`.
    THROTTLED_SECONDS = "throttled_seconds";
    /// A code that is wrong, too old or already used: one text for all.
    CODE_WRONG = "code_wrong";
    /// A code that was not accepted, where the page says why.
    CODE_REFUSED = "code_refused";
    /// A recovery code that is wrong or already used.
    FACTOR_RECOVERY_WRONG = "factor-recovery-wrong";
    /// The same of an authenticator app, at the second factor.
    FACTOR_TOTP_WRONG = "factor-totp-wrong";
    /// The same of a code by mail.
    FACTOR_EMAIL_WRONG = "factor-email-wrong";
    /// The clock of the authenticator is fast, so its codes do not fit; argument `minutes`.
    FACTOR_TOTP_DRIFT_AHEAD = "factor-totp-drift-ahead";
    /// The clock of the authenticator is slow, so its codes do not fit; argument `minutes`.
    FACTOR_TOTP_DRIFT_BEHIND = "factor-totp-drift-behind";
    /// A passkey that was not accepted, as first or as second factor.
    PASSKEY_WRONG = "factor-passkey-wrong";
    /// A security key that was not accepted.
    SECURITY_KEY_WRONG = "factor-security-key-wrong";
    /// A code field that was left empty or is malformed.
    CODE_MALFORMED = "code_malformed";
    /// The factor is switched off after too many wrong codes.
    FACTOR_DISABLED = "factor_disabled";
    /// The factor is not available (any more).
    FACTOR_UNAVAILABLE = "factor_unavailable";
    /// The sign-in took too long or was finished elsewhere.
    FLOW_EXPIRED = "flow_expired";
    /// The set-up or challenge took too long; a new one is shown.
    CEREMONY_EXPIRED = "ceremony_expired";
    /// The form does not belong to this browser session.
    FORM_EXPIRED = "form_expired";
    /// The second factor cannot be switched off here.
    MFA_LOCKED = "error-mfa-locked";
    /// The settings are for the pool's admins.
    NOT_ALLOWED_HERE = "error-not-allowed-here";
    /// A change would leave users without a way in; arguments `count` and `names`.
    LOCKOUT = "error-would-lock-out";
    /// The same of the last admin; argument `names`.
    LOCKOUT_LAST_ADMIN = "error-would-lock-out-admin";
    /// So the change was not made.
    NOTHING_CHANGED = "error-nothing-changed";
    /// The pool does not take that model of authenticator.
    FACTOR_MODEL_REFUSED = "error-factor-model-refused";
    /// Too many codes were mailed; argument `minutes`.
    MAIL_LIMIT = "error-mail-limit";
    /// The enrolment cannot be postponed any more.
    SKIPS_USED = "error-skips-used";
    /// No challenge has that reference.
    TRACE_UNKNOWN = "error-trace-unknown";
    /// No user has that name.
    USER_UNKNOWN = "error-user-unknown";
    /// Something required was left empty.
    FIELD_MISSING = "field_missing";
    /// Please sign in again to go on.
    SIGN_IN_AGAIN = "sign_in_again";
    /// The application asks for a fresh sign-in.
    SIGN_IN_FRESH = "sign_in_fresh";
    /// The account cannot be used.
    ACCOUNT_LOCKED = "account_locked";

    /// Password shorter than `min` characters.
    PASSWORD_TOO_SHORT = "password_too_short";
    /// Password too long.
    PASSWORD_TOO_LONG = "password_too_long";
    /// Password is among the common or breached ones.
    PASSWORD_COMMON = "password_common";
    /// Password contains user name, address or pool name.
    PASSWORD_CONTAINS_IDENTITY = "password_contains_identity";
    /// The current password is wrong.
    PASSWORD_CURRENT_WRONG = "password_current_wrong";
    /// The new password is the old one.
    PASSWORD_UNCHANGED = "password_unchanged";
    /// User name cannot be had.
    USERNAME_TAKEN = "username_taken";
    /// User name has a form that is not allowed.
    USERNAME_INVALID = "username_invalid";
    /// Not an address.
    EMAIL_INVALID = "email_invalid";
    /// The address is that of the account already.
    EMAIL_UNCHANGED = "email_unchanged";
    /// The code that proves an address is wrong, too old or used.
    EMAIL_CODE_WRONG = "email_code_wrong";
    /// Somebody else has the address.
    EMAIL_IN_USE = "email_in_use";
    /// Display name too long or with control characters.
    NAME_INVALID = "name_invalid";
    /// Factor name empty, too long or with control characters.
    LABEL_INVALID = "label_invalid";
    /// Not one of the languages.
    LOCALE_INVALID = "locale_invalid";
    /// A field of the profile has a value that it cannot have.
    PROFILE_FIELD_INVALID = "profile_field_invalid";
    /// A mailed link that is wrong, expired or used.
    LINK_INVALID_OR_USED = "link_invalid_or_used";
    /// Too much was tried with a link.
    LINK_USED_UP = "link_used_up";
    /// What was to be changed is no longer there.
    GONE = "gone";
    /// The factor cannot go because the pool or an application requires one.
    FACTOR_REQUIRED = "factor_required";

    /// Profile saved.
    PROFILE_SAVED = "profile_saved";
    /// The address is proven, and that of the account.
    EMAIL_PROVED = "email_proved";
    /// A user got another address; arguments `username` and `email`.
    ADDRESS_SET = "address_set";
    /// What was typed to delete an account is not its user name.
    DELETE_MISTYPED = "delete_mistyped";
    /// The last administrator deletes no account of their own.
    DELETE_LAST_ADMIN = "delete_last_admin";
    /// Password changed.
    PASSWORD_CHANGED = "password_changed";
    /// Factor added.
    FACTOR_ADDED = "factor_added";
    /// Factor removed.
    FACTOR_REMOVED = "factor_removed";
    /// Factor renamed.
    FACTOR_RENAMED = "factor_renamed";
    /// New recovery codes made, the old ones void.
    CODES_REGENERATED = "codes_regenerated";
    /// Session ended.
    SESSION_REVOKED = "session_revoked";
    /// All other sessions ended.
    SESSIONS_REVOKED = "sessions_revoked";
    /// Application disconnected.
    APP_REVOKED = "app_revoked";
    /// Few recovery codes left; argument `left`.
    CODES_LOW = "codes_low";

    /// The pool requires a second factor of everybody; argument `pool`.
    REASON_POLICY_REQUIRED = "reason-policy-required";
    /// A rule of the pool that is not for everybody requires it; argument `pool`.
    REASON_POLICY_YOURS = "reason-policy-yours";
    /// The application requires it; argument `client`.
    REASON_APP_REQUIRES = "reason-app-requires";
    /// The person has set up a second factor.
    REASON_ENROLLED = "reason-enrolled";
    /// What was asked for takes a proof of its own.
    REASON_FRESH = "reason-fresh";
    /// A recovery code was used, and what was asked for takes a factor: set up a new one.
    REASON_RECOVERED = "reason-recovered";

    /// The application asked for it this time; argument `client`.
    REASON_REQUESTED = "reason-requested";
    /// The pool proposes it; argument `pool`.
    REASON_SUGGESTED = "reason-suggested";

    /// The second factor is on.
    MFA_ON = "mfa-card-on";
    /// It is off.
    MFA_OFF = "mfa-card-off";
    /// It is on because a rule asks for it.
    MFA_REQUIRED = "mfa-card-required";
    /// Button: set it up.
    MFA_ENABLE = "mfa-enable";
    /// Link: see what is set up.
    MFA_MANAGE = "mfa-manage";
    /// Button: switch it off.
    MFA_DISABLE = "mfa-disable";
    /// Button: make new recovery codes.
    MFA_REGENERATE = "mfa-regenerate";
    /// Button: remove one factor.
    MFA_REMOVE = "mfa-remove";
    /// Once on, it cannot be switched off.
    MFA_LOCKED_WARNING = "mfa-locked-warning";
    /// It was switched on.
    MFA_ENABLED = "mfa-enabled";
    /// It was switched off.
    MFA_DISABLED = "mfa-disabled";
    /// A passkey that its owner's other devices have as well.
    CREDENTIAL_SYNCED = "credential-synced";
    /// A passkey that could be on other devices and is not yet.
    CREDENTIAL_SYNCABLE = "credential-syncable";
    /// A key that never leaves its device.
    CREDENTIAL_DEVICE_BOUND = "credential-device-bound";
    /// A key that is carried, and not part of a device.
    CREDENTIAL_KEY_BOUND = "credential-key-bound";

    /// Before the second factor is set up.
    CONFIRM_ENABLE = "confirm-enable-title";
    /// What will happen.
    CONFIRM_ENABLE_DETAIL = "confirm-enable-detail";
    /// Before it is switched off.
    CONFIRM_DISABLE = "confirm-disable-title";
    /// What will happen.
    CONFIRM_DISABLE_DETAIL = "confirm-disable-detail";
    /// Before one factor is removed.
    CONFIRM_REMOVE = "confirm-remove-title";
    /// What will happen.
    CONFIRM_REMOVE_DETAIL = "confirm-remove-detail";
    /// Before new recovery codes are made.
    CONFIRM_REGENERATE = "confirm-regenerate-title";
    /// What will happen.
    CONFIRM_REGENERATE_DETAIL = "confirm-regenerate-detail";
    /// It is the last one: the password alone will do afterwards.
    CONFIRM_LAST_WARNING = "confirm-last-warning";

    /// Browser forgotten.
    REMEMBERED_BROWSER_FORGOTTEN = "device_forgotten";
    /// The pool's settings were changed.
    SETTINGS_SAVED = "settings_saved";
    /// The second factor for everybody: the headline.
    SETTINGS_MFA_TOGGLE = "settings-mfa-toggle";
    /// It is not offered.
    SETTINGS_MFA_OFF = "settings-mfa-off";
    /// Everybody decides.
    SETTINGS_MFA_OPTIONAL = "settings-mfa-optional";
    /// Everybody has to have one.
    SETTINGS_MFA_REQUIRED = "settings-mfa-required";
    /// Whom it would concern; argument `count`.
    SETTINGS_WOULD_ENROL = "settings-would-enrol";
    /// What stays when it is required no longer.
    SETTINGS_RELAX_HINT = "settings-relax-hint";
    /// The button that requires it.
    SETTINGS_REQUIRE = "settings-require";
    /// The button that leaves it to people.
    SETTINGS_RELAX = "settings-relax";
    /// Resetting somebody's factors: the headline.
    SETTINGS_RESET_TITLE = "settings-reset-title";
    /// What that does.
    SETTINGS_RESET_LEAD = "settings-reset-lead";
    /// The button that does it.
    SETTINGS_RESET_SUBMIT = "settings-reset-submit";
    /// Whose factors they are; argument `username`.
    CONFIRM_WHOM = "confirm-whom";
    /// A user's factors were reset; arguments `username` and `count`.
    FACTORS_RESET = "factors_reset";

    /// Explained: the first factor.
    EXPLAIN_ASKED_FIRST = "explain-asked-first";
    /// Explained: a factor.
    EXPLAIN_ASKED_FACTOR = "explain-asked-factor";
    /// Explained: an enrolment.
    EXPLAIN_ASKED_ENROL = "explain-asked-enrol";
    /// Explained: an enrolment that could be postponed.
    EXPLAIN_ASKED_SUGGEST = "explain-asked-suggest";
    /// Explained: nothing, because the user could not reach what was required.
    EXPLAIN_ASKED_NOTHING = "explain-asked-nothing";
    /// It is not known (yet) what came of it.
    EXPLAIN_OPEN = "explain-open";
    /// It was given.
    EXPLAIN_PASSED = "explain-passed";
    /// It was not given, or refused.
    EXPLAIN_FAILED = "explain-failed";

    /// The pool offers no second factor.
    POLICY_OFF = "policy-off";
    /// The pool offers none, and still asks for the one that there is.
    POLICY_OFF_ASKED = "policy-off-asked";
    /// The pool requires one soon.
    POLICY_ANNOUNCED = "policy-announced";
    /// The pool leaves it to the person.
    POLICY_OPTIONAL = "policy-optional";
    /// The pool asks everybody.
    POLICY_REQUIRED = "policy-required";


    /// Headline of most errors.
    TITLE_CANNOT_CONTINUE = "title-cannot-continue";
    /// Headline of 404.
    TITLE_NOT_FOUND = "title-not-found";
    /// Headline of 429.
    TITLE_TOO_MANY = "title-too-many";
    /// Headline of 5xx.
    TITLE_OUR_FAULT = "title-our-fault";
    /// Headline for a link that no longer works.
    TITLE_LINK = "title-link";

    /// No pool answers at this host.
    UNKNOWN_HOST = "unknown_host";
    /// No such page.
    NOT_FOUND = "not_found";
    /// The page does not take this method.
    METHOD_NOT_ALLOWED = "method_not_allowed";
    /// The body is too large.
    TOO_LARGE = "too_large";
    /// The request took too long.
    TIMEOUT = "timeout";
    /// The form or query cannot be read.
    MALFORMED_REQUEST = "malformed_request";
    /// The content type is not a form.
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type";
    /// A fault of ours.
    INTERNAL_ERROR = "internal_error";
    /// Busy or in maintenance.
    UNAVAILABLE = "unavailable";
    /// Not allowed for this person.
    FORBIDDEN = "forbidden";
    /// A form from another site.
    CROSS_SITE = "cross_site";
    /// The pool does not offer this function.
    FEATURE_OFF = "feature_off";
    /// No such client.
    CLIENT_UNKNOWN = "client_unknown";
    /// The redirect address is not registered.
    REDIRECT_URI_INVALID = "redirect_uri_invalid";
    /// An authorization request that is wrong in another way.
    AUTHORIZE_REQUEST_INVALID = "authorize_request_invalid";
    /// A sign-out whose message cannot be read.
    SIGNOUT_UNREADABLE = "signout_unreadable";
    /// A sign-out that names an address and not whose it is.
    SIGNOUT_NO_APPLICATION = "signout_no_application";
    /// A sign-out that names one application and brings the hint of another.
    SIGNOUT_OTHER_APPLICATION = "signout_other_application";
    /// A sign-out that leads to an address that is not registered.
    SIGNOUT_ADDRESS = "signout_address";
    /// Label: which application.
    ARRIVED_CLIENT = "error-arrived-client";
    /// Label: which address.
    ARRIVED_ADDRESS = "error-arrived-address";
    /// Advice to developers: register this address.
    ADVICE_REGISTER = "error-advice-register";
    /// Advice to developers: this address can never be registered.
    ADVICE_UNFIT = "error-advice-unfit";
    /// Advice to developers: a registered `client_id` is needed.
    ADVICE_CLIENT = "error-advice-client";
    /// Advice to developers: what is wrong is in the error.
    ADVICE_REQUEST = "error-advice-request";
    /// Button: sign out without the application's wishes.
    NEXT_SIGN_OUT = "next-sign-out";
    /// Button: begin the sign-in anew.
    NEXT_START_AGAIN = "next-start-again";

    /// Headline of a finished reset.
    DONE_RESET = "done-reset";
    /// Its text.
    DONE_RESET_DETAIL = "done-reset-detail";
    /// Headline after a change of the address was taken back.
    DONE_ADDRESS_RESTORED = "done-address-restored";
    /// Its text.
    DONE_ADDRESS_RESTORED_DETAIL = "done-address-restored-detail";
    /// Headline where the old address belongs to somebody else by now.
    DONE_ADDRESS_IN_USE = "done-address-in-use";
    /// Its text.
    DONE_ADDRESS_IN_USE_DETAIL = "done-address-in-use-detail";
    /// Headline after an account was deleted.
    DONE_DELETED = "done-deleted";
    /// Its text.
    DONE_DELETED_DETAIL = "done-deleted-detail";
    /// Headline of a finished registration.
    DONE_REGISTERED = "done-registered";
    /// Its text.
    DONE_REGISTERED_DETAIL = "done-registered-detail";
    /// Headline of a cancelled sign-in.
    DONE_CANCELLED = "done-cancelled";
    /// Its text.
    DONE_CANCELLED_DETAIL = "done-cancelled-detail";
    /// Headline after a sign-in by a recovery code.
    DONE_RECOVERED = "done-recovered";
    /// Its text.
    DONE_RECOVERED_DETAIL = "done-recovered-detail";
    /// Its text when the number of codes left is known; argument `left`.
    DONE_RECOVERED_LEFT = "done-recovered-left";
    /// What to do when the device is lost.
    DONE_RECOVERED_ADVICE = "done-recovered-advice";
    /// Headline of a finished enrolment.
    DONE_ENROLLED = "done-enrolled";
    /// Its text.
    DONE_ENROLLED_DETAIL = "done-enrolled-detail";
    /// Headline where the recovery codes were shown before.
    CODES_SHOWN = "codes-shown";
    /// Its text.
    CODES_SHOWN_DETAIL = "codes-shown-detail";
    /// A recent proof was given; the change can be made now.
    PROVED_FRESH = "proved_fresh";
    /// Link that goes on where the person was going.
    NEXT_CONTINUE = "next-continue";
    /// Link to the security page, to replace a lost device.
    NEXT_REPLACE = "next-replace";
    /// Link to the security page.
    NEXT_SECURITY = "next-security";
    /// Link to the reset of the password.
    NEXT_NEW_PASSWORD = "next-new-password";
    /// No device that waits shows this code: one text for unknown, late and answered.
    DEVICE_CODE_WRONG = "device-code-wrong";
    /// Headline after a device was let in.
    DEVICE_ALLOWED = "device-allowed";
    /// Its text; argument `client`.
    DEVICE_ALLOWED_DETAIL = "device-allowed-detail";
    /// Headline after a device was refused.
    DEVICE_DENIED = "device-denied";
    /// Its text; argument `client`.
    DEVICE_DENIED_DETAIL = "device-denied-detail";
    /// Link to the sign-in.
    NEXT_SIGN_IN = "next-sign-in";
    /// Link to the user center.
    NEXT_ACCOUNT = "next-account";

    /// Name of the authenticator app factor.
    FACTOR_TOTP = "factor-totp";
    /// What it is good for.
    FACTOR_TOTP_DESCRIPTION = "factor-totp-description";
    /// Name of the recovery codes.
    FACTOR_RECOVERY = "factor-recovery";
    /// What they are good for.
    FACTOR_RECOVERY_DESCRIPTION = "factor-recovery-description";

    /// Session proven by one factor.
    ACR_1FA = "acr-1fa";
    /// Session proven by two factors.
    ACR_MFA = "acr-mfa";
    /// Session proven phishing-resistantly.
    ACR_PHR = "acr-phr";
    /// Session proven phishing-resistantly by hardware.
    ACR_PHRH = "acr-phrh";
}

/// Details of [`crate::ErrorPage`].
pub const ERROR_DETAILS: &[&str] = &[
    UNKNOWN_HOST,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    TIMEOUT,
    MALFORMED_REQUEST,
    UNSUPPORTED_MEDIA_TYPE,
    INTERNAL_ERROR,
    UNAVAILABLE,
    FORBIDDEN,
    CROSS_SITE,
    FEATURE_OFF,
    CLIENT_UNKNOWN,
    REDIRECT_URI_INVALID,
    AUTHORIZE_REQUEST_INVALID,
    SIGNOUT_UNREADABLE,
    SIGNOUT_NO_APPLICATION,
    SIGNOUT_OTHER_APPLICATION,
    SIGNOUT_ADDRESS,
    FLOW_EXPIRED,
    FORM_EXPIRED,
    LINK_INVALID_OR_USED,
    THROTTLED,
    ACCOUNT_LOCKED,
    GONE,
    MFA_LOCKED,
    NOT_ALLOWED_HERE,
    MAIL_LIMIT,
    SKIPS_USED,
    DEVICE_CODE_WRONG,
];
