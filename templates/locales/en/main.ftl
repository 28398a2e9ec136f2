# English is the measure: every key and argument here exists in every other language.

## Everywhere

ui-skip = Skip to content
ui-demo-label = About this site
ui-demo = Demonstration. Use only the sample accounts; do not type a real password.
ui-help = Get help
ui-language-switch = Change language
ui-error-prefix = Error:
ui-show = Show
ui-hide = Hide
ui-show-password = Show password
ui-hide-password = Hide password
ui-copy = Copy
ui-copied = Copied
ui-cancel = Cancel
ui-save = Save
ui-switch-account = Not you? Use another account
ui-back-to-login = Back to sign-in
ui-sign-out = Sign out

nav-label = Your account
nav-profile = Profile
nav-password = Password
nav-security = Security
nav-sessions = Sessions
nav-apps = Connected apps

field-username = User name
field-username-hint = Letters, digits, dots, dashes and underscores. You sign in with it.
field-identifier = User name or email
field-password = Password
field-current-password = Current password
field-new-password = New password
field-password-hint = At least { $min } characters. A few unrelated words make a good one.
field-email = Email
field-name = Display name
field-name-hint = Optional. Applications you connect may show it.
field-locale = Language

## Sign-in

login-title = Sign in
login-to-client = to continue to { $client }
login-submit = Sign in
login-again-title = Confirm your password
login-again-submit = Confirm
login-forgot = Forgot your password?
login-no-account = No account yet?
login-register = Create one

factor-title = Confirm it’s you
factor-submit = Continue
factor-others = Lost your phone, or it doesn’t work? Use another method
factor-lost = Lost your phone? The people who look after this site can help you in.
factor-totp = Authenticator app
factor-totp-description = A six-digit code from an app on your phone
factor-totp-enrol-title = Set up your authenticator app
factor-recovery = Recovery codes
factor-recovery-description = A code you kept for when your phone is not at hand
factor-recovery-enrol-title = Your recovery codes
factor-label = Name of this device
factor-label-hint = So you recognise it later, for example “Work phone”.

totp-code = Six-digit code
totp-verify-hint = Open your authenticator app and type the code it shows.
totp-enrol-hint = Type the code your app shows now.
totp-step-app = Have an authenticator app ready
totp-step-app-text = Any app that shows six-digit codes will do.
totp-no-app = I don’t have one yet
totp-step-scan = Add this account to the app
totp-qr-name = QR code that adds { $issuer }, account { $account }, to an authenticator app
totp-scan-text = Scan this code with the app. Reading this on your phone? Open the app directly.
totp-open-app = Open in authenticator app
totp-manual = Can’t scan? Type it in
totp-keep = Keep the account and the key in a safe place. With them you can set up another phone.
totp-issuer = Issuer
totp-account = Account
totp-secret = Key
totp-kind = Type
totp-kind-value = Time-based, 6 digits, every 30 seconds
totp-step-code = Prove that it works

recovery-code = Recovery code
recovery-enrol-text = You get { $count } codes for when your phone is not at hand. They are shown once, on the next page.
recovery-enrol-replaced = { $replaced ->
    [one] Your one unused code stops working.
   *[other] Your { $replaced } unused codes stop working.
}
recovery-verify-hint = Each code works once. Dashes, spaces and letter case don’t matter.

enrol-title = Set up a second step
enrol-forced = You can go on as soon as this is done.
enrol-submit = Confirm and continue
enrol-choice-title = Choose a second step
enrol-choice-lead = It keeps others out even if they learn your password.

reveal-title = Save this now
reveal-next = I have saved them
factor-recovery-reveal-title = Save your recovery codes
codes-lead = If you lose your phone, one of these codes lets you in. Each works once.
codes-for = Recovery codes for { $pool }, account { $account }
codes-once = These codes stay here until you go on. Keep them where you keep important papers.
codes-copy = Copy
codes-download = Download
codes-print = Print
codes-filename = recovery-codes.txt

reason-policy-required = { $pool } asks everyone for a second step.
reason-policy-yours = { $pool } asks you for a second step.
reason-app-requires = { $client } asks for a second step.
reason-enrolled = A second step is set up for your account.
reason-fresh = For this, confirm once more that it’s you.
reason-recovered = Your recovery code let you in. To go on, set up an authenticator again: the one you lost stops working.

consent-title = Allow access?
consent-lead = { $client } would like to use your { $pool } account.
consent-scopes = It will be able to
consent-allow = Allow
consent-deny = Don’t allow
consent-host = You will be sent to
consent-described = This application describes itself at:
consent-described-untrusted = Nobody here knows this application. Allow only if you trust the site that describes it:
consent-registered = This application registered by itself. Nobody has checked its name. Allow only if you know where it answers:
consent-revoke = You can withdraw this at any time in your account.

device-title = Connect a device
device-lead = Type the code that the device shows.
device-lead-compare = Does the device show exactly this code? Only then go on.
device-code-field = Code
device-code-hint = Eight letters, such as WDJB-MJHT
device-fine = Has somebody sent you this code, or told it to you on the phone? Then do not go on: they would get into your account.
device-code-wrong = No device is waiting with this code, or not any more. Look at the device again, or have it show a new code.
device-consent-title = Let this device in?
device-consent-lead = { $client } on another device would like to use your { $pool } account.
device-warning = Allow this only if you have just started it yourself and the device in front of you shows this code.
device-code-shown = Code on the device
device-asked = Asked
device-allowed = The device is connected
device-allowed-detail = { $client } will go on in a moment on the device. You can close this window.
device-denied = The device was not let in
device-denied-detail = { $client } gets nothing from your account. You can close this window.

scope-openid = Know who you are
scope-openid-description = A stable identifier, and how you signed in
scope-profile = See your profile
scope-profile-description = Name, user name, language, and what your profile says about you
scope-email = See your email address
scope-email-description = The address, and whether it is verified
scope-groups = See which groups you are in
scope-groups-description = The names of your groups here
scope-address = See your postal address
scope-address-description = Street, postal code, city, region and country, as far as your profile has them
scope-phone = See your phone number
scope-phone-description = The number, and whether it is verified
scope-roles = See your roles
scope-roles-description = The names of the roles that administrators gave you
scope-own = Shares: { $names }
scope-api = Use { $api } on your behalf
scope-offline_access = Stay connected
scope-offline_access-description = Keep this access while you are away

## Account by mail

register-title = Create an account
register-lead = We’ll send you a link to get started.
register-submit = Send link
register-have-account = Already have an account?
register-complete-title = Finish your account
register-complete-lead = { $email } is confirmed.
register-complete-submit = Create account
mail-sent-title = Check your mail
mail-sent-register = If the address can be used here, a message with the next step is on its way.
mail-sent-reset = If there is a matching account, a message with a link is on its way.
mail-sent-hint = Nothing after a few minutes? Look in your spam folder, then try again. Only a few messages an hour go to one address.
reset-title = Reset your password
reset-lead = Tell us who you are and we’ll send a link to the email address of your account.
reset-submit = Send link
reset-form-title = Choose a new password
reset-form-submit = Set password
reset-form-note = All your other sessions will be signed out. Your second step stays as it is.
done-reset = Password changed
done-reset-detail = Sign in with your new password.
done-registered = Welcome
done-registered-detail = Your account is ready.
done-cancelled = Sign-in cancelled
done-cancelled-detail = Nothing has changed. You can close this window.
done-recovered = You are in
done-recovered-advice = If your device is lost, remove it now and set up another one: until then it still opens your account.
done-recovered-detail = Your recovery code is used up. If your device is lost, remove it and set up another one.
done-recovered-left = Your recovery code is used up. { $left ->
    [0] It was the last one: make new ones in your account.
    [one] One is left: make new ones in your account.
   *[other] { $left } are left.
}
codes-shown = Your recovery codes were shown
codes-shown-detail = They are shown only once. If you did not save them, make new ones on the security page of your account.
proved_fresh = Thank you. For a few minutes you can change your factors.
next-continue = Continue
next-security = Go to security
next-replace = Replace a lost device
next-sign-in = Sign in
next-account = Go to your account

## Signing out

answer-title = Back to the application
answer-lead-client = The sign-in goes on at { $client }.
answer-lead = The sign-in goes on at the application.

logout-title = Sign out?
logout-lead = You are signed in to { $pool }.
logout-lead-client = { $client } asks to sign you out of { $pool }.
logout-confirm = Sign out
logout-stay = Stay signed in
signed-out-title = Signed out
signed-out-lead = You are signed out of { $pool } in this browser.
signed-out-back-client = Back to { $client }

## User center

profile-title = Profile
profile-lead = How you appear to the applications you connect.
profile-verified = Verified
profile-unverified = Not verified
profile-locale-auto = Same as my browser
profile-field-given_name = First name
profile-field-middle_name = Middle name
profile-field-family_name = Last name
profile-field-nickname = Nickname
profile-field-gender = Gender
profile-field-birthdate = Birthday
profile-field-phone_number = Phone number
profile-field-street_address = Street and number
profile-field-postal_code = Postal code
profile-field-locality = City
profile-field-region = State or region
profile-field-country = Country
profile-field-zoneinfo = Time zone
profile-field-picture = Picture
profile-field-profile = Page about you
profile-field-website = Website
profile-details = About you
profile-details-lead = All of it is optional. An application gets only what it asks for.
profile-yes = Yes
profile-no = No
profile-not-set = Not said
profile-hint-birthdate = 1990-12-31. Without the year: 0000-12-31. The year alone: 1990.
profile-hint-phone_number = With the country code, such as +49 30 12345678.
profile-hint-zoneinfo = Such as Europe/Berlin.
profile-hint-picture = The https address of a picture.
profile-hint-page = The address of a page, with https://
profile-hint-lines = One on each line.
password-title = Password
password-lead = Changing it signs out all your other sessions.
password-submit = Change password
security-title = Security
security-active = You are asked for a second step when you sign in.
security-inactive = Your password is all that protects your account. A second step keeps others out.
security-factors = Second steps
security-none = Nothing set up yet.
security-add = Add: { $factor }
security-added = Added
security-used = last used
security-never-used = never used
security-disabled = Switched off
security-disabled-text = Too many wrong codes were tried. Remove it and set it up again.
security-manage = Rename or remove
security-rename = Rename
security-remove-named = Remove { $label }
security-codes-left = { $left ->
    [0] None of { $total } codes left.
    [one] One of { $total } codes left.
   *[other] { $left } of { $total } codes left.
}
security-codes-low = Make new codes now, so you don’t lock yourself out.
security-regenerate-hint = Your old codes stop working at once.
sessions-title = Sessions
sessions-lead = Where you are signed in. End any you don’t recognise, then change your password.
sessions-current = This one
sessions-started = Signed in
sessions-seen = Last active
sessions-revoke = End
sessions-revoke-named = End session: { $device }
sessions-revoke-others = End all other sessions
apps-title = Connected apps
apps-lead = Applications you have allowed to use your account.
apps-none = No application has access.
apps-may-see = May:
apps-granted = Allowed
apps-used = Last used
apps-revoke = Disconnect
apps-revoke-named = Disconnect { $client }
policy-off = Second steps are not offered here.
policy-off-asked = New second steps are not offered here. You are still asked for yours.
policy-optional = A second step is up to you here, unless an application asks for one.
policy-announced = You can put a second step off for now. After that it is required of you.
policy-required = A second step is required here, so the last one can’t be removed.
acr-1fa = Signed in with one step
acr-mfa = Signed in with two steps
acr-phr = Signed in with a passkey or security key
acr-phrh = Signed in with a key that can’t be copied

## What went wrong and what to do

credentials_wrong = That user name and password don’t match. Check both and try again.
throttled = Too many attempts. Try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
throttled_seconds = Too many attempts. Try again in { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
}.
code_wrong = That code is not valid, or was used already. Wait for the next one and type it in.
code_refused = That code was not accepted.
factor-totp-wrong = That code is not valid, or was used already. Wait for the next one and type it in.
factor-recovery-wrong = That recovery code is not valid, or was used already. Try another one.
code_malformed = Type the code exactly as it is shown.
factor_disabled = This method is switched off after too many wrong codes. Use another one.
factor_unavailable = This method is not available. Use another one.
flow_expired = This sign-in took too long or was finished elsewhere. If an application sent you, go back there; or start again here.
ceremony_expired = That took too long. Here is a fresh start.
form_expired = This page was open too long, or belongs to another session. Go back, reload it and try again.
field_missing = Fill in every field.
sign_in_again = Please sign in again to go on.
sign_in_fresh = The application asks you to sign in again.
account_locked = This account can’t be used at the moment. Ask for help.
password_too_short = Use at least { $min } characters for your password.
password_too_long = That password is too long. Use a shorter one.
password_common = That password is known from data leaks or easy to guess. Choose another one.
password_contains_identity = Your password must not contain your name, your address or the name of this site.
password_current_wrong = That is not your current password.
password_unchanged = That is your current password. Choose a different one.
username_taken = This user name is not available. Choose another one.
username_invalid = Use up to 64 letters, digits, dots, dashes and underscores for the user name.
email_invalid = Type a complete email address, for example name@example.org.
name_invalid = Use a shorter name, without special characters.
label_invalid = Give the device a short name.
locale_invalid = Choose one of the languages in the list.
profile_field_invalid = Check the marked field: its value cannot be kept like this.
link_invalid_or_used = This link has expired or was used already. Ask for a new one.
link_used_up = Too many tries with this link. Ask for a new one.
gone = It is no longer there. Reload to see what is.
factor_required = A second step is required here. Add another one before you remove this.
profile_saved = Profile saved.
password_changed = Password changed. Your other sessions are signed out.
factor_added = Second step added.
factor_removed = Second step removed.
factor_renamed = Name changed.
codes_regenerated = You have new recovery codes. The old ones no longer work.
session_revoked = Session ended.
sessions_revoked = All other sessions ended.
app_revoked = Application disconnected.
codes_low = { $left ->
    [0] You have no recovery codes left. Make new ones now.
    [one] You have one recovery code left. Make new ones now.
   *[other] You have { $left } recovery codes left. Make new ones now.
}

title-cannot-continue = We can’t continue
title-not-found = There is nothing here
title-too-many = Slow down a little
title-our-fault = Something broke on our side
title-link = This link no longer works
error-back = Go to your account
error-code = Error
error-request-id = Request
unknown_host = No sign-in lives at this address. Check the address in your browser.
not_found = Check the address, or go back to the application you came from.
method_not_allowed = This address doesn’t take that kind of request.
too_large = What was sent is too large.
timeout = That took too long. Try again.
malformed_request = What was sent can’t be read. Go back and try again.
unsupported_media_type = This address takes forms only.
internal_error = It is not your fault, and nothing was changed. Try again in a moment; if it stays, tell us the request number.
unavailable = We are busy or under maintenance. Try again in a moment.
forbidden = Your account is not allowed to do this.
cross_site = That request came from another site, so we did nothing.
feature_off = This is not offered here.
client_unknown = The application that sent you is not known here. Tell its maker.
redirect_uri_invalid = The application asked to send you to an address that is not registered for it. For your safety, we stop here. Tell its maker.
error-arrived-client = Application that asked (client_id)
error-arrived-address = Address that arrived
error-advice-register = For the maker of the application: if this address is right, register exactly this text, character for character. What is registered now stands in this server’s log, at the request number below.
error-advice-unfit = For the maker of the application: this address cannot be registered either. Use one that can, register it, and send exactly the same text.
error-advice-client = For the maker of the application: send the client_id that is registered here, or have this one registered. This server’s log has the details at the request number below.
error-advice-request = For the maker of the application: the line “Error” says what is wrong. This server’s log has the details at the request number below.
authorize_request_invalid = The application asked to sign you in with a request that can’t be answered. You did nothing wrong. Tell its maker.
signout_unreadable = The application asked to sign you out with a message that can’t be read. Nothing was changed, and you did nothing wrong. Tell its maker.
signout_no_application = The application wants to send you on to an address after signing out, but does not say which application it is. Nothing was changed, and you did nothing wrong. Tell its maker.
signout_other_application = The request to sign you out names one application and carries the token of another. Nothing was changed, and you did nothing wrong. Tell the maker of the application.
signout_address = The application asked to send you, after signing out, to an address that is not registered for it. For your safety, we stop here; nothing was changed. Tell its maker.
next-sign-out = Sign out here
next-start-again = Start again

## Second steps: how they stand, and changing them

nav-home = Overview
nav-settings = Settings
home-title = Overview
home-greeting = Hello, { $name }
home-links = Your account
home-profile = Your name and language
home-password = Change your password
home-security = Second steps and recovery codes
home-sessions = Where you are signed in
home-apps = Who may use your account
home-settings = Rules for everybody, and help for those who are stuck

mfa-card-title = Second step at sign-in
mfa-card-on = It is on: you are asked for it when you sign in.
mfa-card-off = It is off: your password is all that protects your account.
mfa-card-required = It is on, and required here.
mfa-card-count = { $count ->
    [one] One method is set up.
   *[other] { $count } methods are set up.
}
mfa-locked = It can’t be switched off here.
mfa-locked-warning = Once it is on, you can’t switch it off again.
mfa-enable = Set up a second step
mfa-manage = Manage second steps
mfa-replace = Set up a new one in its place
security-replace = Replace: { $factor }
enrol-replaces = As soon as you have confirmed it, it takes the place of the one you have now.
mfa-disable = Switch it off
mfa-regenerate = Make new codes
mfa-remove = Remove
mfa-enabled = Your second step is on.
mfa-disabled = Your second step is off. From now on your password is enough.
mfa-experimental = Experimental
mfa-experimental-text = Second steps are still being tried out here.
mfa-experimental-help = Something wrong? Write to
credential-synced = Kept in step across your devices
credential-syncable = On this device only; your other devices could have it as well
credential-device-bound = Stays on the device it was made on
credential-key-bound = Stays on the key

confirm-now = At the moment
confirm-items = This concerns
confirm-enable-title = Set up a second step?
confirm-enable-detail = From then on, knowing your password is not enough to get in. It takes a minute or two.
confirm-disable-title = Switch off your second step?
confirm-disable-detail = All your methods and recovery codes are removed. To use a second step again, you set it up anew.
confirm-remove-title = Remove this method?
confirm-remove-detail = It can no longer be used to sign in, and its secret is destroyed.
confirm-regenerate-title = Make new recovery codes?
confirm-regenerate-detail = All your old codes stop working at once. The new ones are shown one time only.
confirm-whom = This is about { $username }.
confirm-last-warning = It is your last one. Afterwards your password is enough to get in.

enrol-skip = Not now
enrol-skip-left = { $left ->
    [one] You can put this off one more time.
   *[other] You can put this off { $left } more times.
}
enrol-skip-from = Required from
done-enrolled = Your second step is set up
done-enrolled-detail = From now on you are asked for it when you sign in.
ui-reference = Reference:
remember-device = { $days ->
    [one] Don’t ask again in this browser for a day
   *[other] Don’t ask again in this browser for { $days } days
}
remember-device-hint = Not on a shared computer.
devices-title = Remembered browsers
devices-lead = They are not asked for your second step again until the time shown.
devices-created = Remembered since
devices-used = Last used
devices-expires = Until
devices-forget = Forget
devices-forget-named = Forget { $device }
device_forgotten = Browser forgotten. It will be asked for your second step again.

reason-requested = { $client } asks for a second step this time.
reason-suggested = { $pool } advises you to set up a second step.
error-mfa-locked = A second step is required here and can’t be switched off.
error-not-allowed-here = Only people who look after this site can see this page.
error-would-lock-out = { $count ->
    [one] One person would no longer get in: { $names }. Allow a method they have, or let them set one up first.
   *[other] { $count } people would no longer get in, among them { $names }. Allow a method they have, or let them set one up first.
}
error-would-lock-out-admin = Nobody could change these settings any more: { $names } would no longer get in. Add another admin first.
error-nothing-changed = That would shut people out, so nothing was changed.
error-factor-model-refused = This model of key is not allowed here. Use another one, or ask for help.
error-factor-unverified = A passkey needs a device that checks your fingerprint, face or PIN, and this one didn’t. Use another one, or add it as a security key.
error-mail-limit = Several codes are on their way already. Use the latest, or try again in { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
error-skips-used = You can’t put this off any more. Set up a second step to go on.
error-trace-unknown = There is nothing with this reference here. Copy it again from the page that shows it.
error-user-unknown = There is no user of that name. Check the spelling.

## Settings for admins

settings-title = Settings
settings-lead = For the people who look after { $pool }.
settings-mfa-toggle = Second step for everybody
settings-mfa-off = It is not offered here at the moment.
settings-mfa-optional = Everybody decides for themselves at the moment.
settings-mfa-required = Everybody has to have one.
settings-will-enrol = { $count ->
    [0] Everybody has set one up already.
    [one] One person will be asked to set one up at the next sign-in.
   *[other] { $count } people will be asked to set one up at their next sign-in.
}
settings-would-enrol = { $count ->
    [0] Everybody has set one up already, so nobody would notice.
    [one] If you require it, one person will be asked to set one up at the next sign-in.
   *[other] If you require it, { $count } people will be asked to set one up at their next sign-in.
}
settings-require = Require it from everybody
settings-relax = Leave it to each person
settings-relax-hint = Who has set one up by choice is still asked for it.
settings-reset-title = Reset somebody’s second steps
settings-reset-lead = For somebody who lost their phone and their recovery codes. First make sure that it is them. All their methods are removed, their sessions end, and they get a mail. Their password stays; you can’t sign in as them.
settings-reset-submit = Reset second steps
settings-explain-title = Explain a prompt
settings-explain-lead = Somebody wonders why they were asked? Their page shows a reference: paste it here.
settings-explain-trace = Reference
settings-explain-submit = Explain
settings-blocked = Who would be shut out
settings_saved = Settings saved.
factors_reset = { $count ->
    [one] One method of { $username } was removed.
   *[other] { $count } methods of { $username } were removed.
}
explain-when = When
explain-user = User
explain-application = Application
explain-no-application = User center
explain-asked = Asked for
explain-with = By
explain-rule = Decided by
explain-rule-version = rule { $rule }, version { $version }
explain-acr = Class needed
explain-reasons = Reasons
explain-outcome = Outcome
explain-asked-first = Signing in
explain-asked-factor = A second step
explain-asked-enrol = Setting up a second step
explain-asked-suggest = Setting up a second step, which could be put off
explain-asked-nothing = Nothing: what is required is out of this user’s reach
explain-open = No answer yet
explain-passed = Given
explain-failed = Not given

## Mails

mail-when = When:
mail-account = Account:
mail-not-you = If this wasn’t you, change your password and end all other sessions now.
mail-help = Questions? Write to { $email }.
mail-verify-subject = Confirm your address for { $pool }
mail-verify-lead = Somebody, hopefully you, wants to open an account at { $pool } with this address.
mail-verify-after = The link is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and works once. If it wasn’t you, do nothing.
mail-verify-action = Confirm and go on
mail-registered-subject = You already have an account at { $pool }
mail-registered-lead = Somebody, hopefully you, tried to open an account at { $pool } with this address. There is one already: { $account }.
mail-registered-after = If it wasn’t you, do nothing. Your account is unchanged.
mail-registered-action = Sign in
mail-reset-subject = Reset your password for { $pool }
mail-reset-lead = Somebody, hopefully you, asked to reset the password of { $account } at { $pool }.
mail-reset-after = The link is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and works once. If it wasn’t you, do nothing. Your password is unchanged.
mail-reset-action = Choose a new password
mail-password-changed-subject = Your password for { $pool } was changed
mail-password-changed-lead = The password of { $account } was changed.
mail-password-changed-after = All other sessions were signed out.
mail-factor-added-subject = A second step was added to your account at { $pool }
mail-factor-added-lead = Added: { $factor } “{ $label }”.
mail-factor-added-after = From now on it can be used to sign in.
mail-factor-removed-subject = A second step was removed from your account at { $pool }
mail-factor-removed-lead = Removed: { $factor } “{ $label }”.
mail-factor-removed-after = It can no longer be used to sign in.
mail-factor-disabled-subject = A second step was switched off at { $pool }
mail-factor-disabled-lead = Switched off after too many wrong codes: { $factor } “{ $label }”.
mail-factor-disabled-after = Somebody who tries codes usually knows the password already. If it was you, remove it and set it up again.
mail-password-disabled-subject = Your password for { $pool } was switched off
mail-password-disabled-lead = Somebody tried too many wrong passwords for { $account }. In browsers that are new to your account, nobody can sign in as { $account } with a password any more.
mail-password-disabled-after = Where you have signed in before it still works. To use it everywhere again, set a new one.
mail-wrong-codes-subject = Wrong answers at your account at { $pool }
mail-wrong-codes-lead = Somebody gave the right password of { $account } and then too many wrong answers: { $factor }.
mail-wrong-codes-after = They did not get in. If it was not you, somebody knows your password: change it.
factor-recovery-used-subject = A recovery code was used at { $pool }
factor-recovery-used-lead = Somebody signed in to { $account } with a recovery code.
factor-recovery-used-after = { $left ->
    [0] There are no codes left.
    [one] There is one code left.
   *[other] There are { $left } codes left.
}
factor-recovery-low-subject = Few recovery codes left at { $pool }
factor-recovery-low-lead = { $left ->
    [0] You have no recovery codes left.
    [one] You have one recovery code left.
   *[other] You have { $left } recovery codes left.
}
factor-recovery-low-after = Make new ones on the security page of your account.
mail-codes-regenerated-subject = New recovery codes for { $pool }
mail-codes-regenerated-lead = New recovery codes were made for { $account }.
mail-codes-regenerated-after = The old codes no longer work.
mail-new-device-subject = New sign-in to { $pool }
mail-new-device-lead = { $known ->
    [0] Somebody signed in to { $account } from a browser we have not seen before: { $device }.
   *[other] Somebody signed in to { $account } from a browser we have not seen before: { $device }, { $place }.
}
mail-new-device-after = If that was you, there is nothing to do.
mail-held-back-subject = { $pool } holds further mails about your account back
mail-held-back-lead = So much happened in the account { $account } that we write no further mail about each thing for up to an hour.
mail-held-back-after = Nothing is lost: everything is listed in your account, under “Activity”. Look at it now.
mail-held-back-action = See what happened
mail-factors-reset-subject = Your second steps at { $pool } were reset
mail-factors-reset-lead = An admin removed all second steps of { $account }.
mail-factors-reset-after = Your password is unchanged and your sessions have ended. Sign in and set up a second step again.
mail-mfa-disabled-subject = Your second step at { $pool } was switched off
mail-mfa-disabled-lead = The second step of { $account } was switched off.
mail-mfa-disabled-after = From now on the password is enough to sign in.
mail-password-reset-done-subject = Your password for { $pool } was reset
mail-password-reset-done-lead = The password of { $account } was set anew with a link that we had sent to this address.
mail-password-reset-done-after = All sessions were signed out. Your second step is unchanged.

## Passkeys and security keys

factor-passkey-sign-in = Sign in with a passkey
factor-passkey = Passkey
factor-passkey-description = Your fingerprint, your face or the lock of your device
factor-passkey-enrol-title = Create a passkey
factor-passkey-enrol-text = Your device or a password manager keeps it and unlocks it with your fingerprint, your face or a PIN. From then on it signs you in without a password, and it works only on this site.
factor-passkey-verify-text = Press the button and unlock your passkey the way you unlock your device.
factor-passkey-wrong = That passkey was not accepted. Try again, or use another method.
factor-security-key = Security key
factor-security-key-description = A key that you plug in or hold to your device
factor-security-key-enrol-title = Add a security key
factor-security-key-enrol-text = Have your key at hand. Your browser will tell you when to plug it in and touch it.
factor-security-key-verify-text = Have your key at hand, press the button, then touch the key when it blinks.
factor-security-key-wrong = That security key was not accepted. Try again, or use another method.
webauthn-noscript = This needs JavaScript. Switch it on and reload the page, or use another method.
webauthn-waiting = Your browser is asking you now. Look for its window.
webauthn-denied = That was cancelled or took too long. Try again.
webauthn-denied-passkey = That was cancelled or took too long, or this device can’t check your fingerprint, face or PIN, which a passkey needs. Try again, or use another method, such as a security key.
webauthn-known = This one is set up already. Use another one.
webauthn-unsupported = This browser can’t do that. Use another browser or another method.
webauthn-insecure = Your browser does this only over a secure connection to the right address. Check the address, or use another method.
webauthn-failed = That did not work. Try again, or use another method.

## Codes by mail, clocks that are off, and a single recovery code

factor-email = Code by email
factor-email-description = A six-digit code that we send to your address
factor-email-enrol-title = Use codes by email
factor-email-wrong = That code is not right, or no longer good: it works for ten minutes, and only the newest one. After five wrong tries ask for a new one.
email-enrol-text = When you sign in, we’ll send a code to your email address and ask you for it.
email-sent = We have sent a code to { $address }. It is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
}.
email-code = Six-digit code from the mail
email-hint = Nothing there? Look in your spam folder, too.
email-resend = Send a new code
factor-totp-drift-ahead = That code does not fit because the clock of your phone is about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} fast. Set the phone to network time, then type the code it shows.
factor-totp-drift-behind = That code does not fit because the clock of your phone is about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} slow. Set the phone to network time, then type the code it shows.
totp-get-android = { $app } for Android
totp-get-ios = { $app } for iOS
factor-recovery-enrol-title-one = Your recovery code
factor-recovery-reveal-title-one = Save your recovery code
recovery-enrol-text-one = You get one code for when your phone is not at hand. It is shown once, on the next page.
codes-lead-one = If you lose your phone, this code lets you in. It works once.
codes-for-one = Recovery code for { $pool }, account { $account }
codes-once-one = This code stays here until you go on. Keep it where you keep important papers.
codes-filename-one = recovery-code.txt
factor-email-mail-subject = Your code for { $pool }
factor-email-mail-lead = To sign in at { $pool }, type this code: { $code }
factor-email-mail-after = It is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and works once. Give it to nobody, not even to us. If you are not signing in just now, somebody knows your password: change it.

## The mail address

field-new-email = New address
profile-email-change = Change address
profile-email-add = Add an address
profile-email-prove = Confirm this address
pending-title = Confirm your address
pending-lead = If { $email } can be used here, a code is on its way to it. Type it in; until then nothing changes.
pending-hint = Nothing after a few minutes? Look in your spam folder. Only a few messages an hour go to one address.
pending-code = Eight-digit code
pending-until = Good until
pending-submit = Confirm address
pending-cancel = Forget this address
address-title = Email address
address-lead = We send a code to the address. It counts as soon as you have typed the code in.
address-current = Your address now
address-undo-hint = Your present address is told, and can take the change back for a week.
address-submit = Send code
email_unchanged = That is your address already, and it is confirmed.
email_code_wrong = That code is not valid. Use the one in the latest message, or have a new one sent.
email_in_use = That address belongs to another account. Use a different one.
email_proved = Your address is confirmed.
address_set = { $username } has the address { $email } now. It counts as not confirmed until they confirm it in their profile.
done-address-restored = Your old address is back
done-address-restored-detail = Everybody is signed out. Whoever changed the address may know your password: choose a new one now.
done-address-in-use = The old address belongs to another account by now
done-address-in-use-detail = Everybody is signed out, and the new address is no longer trusted. Sign in and add an address of yours, or ask for help.
next-new-password = Choose a new password
address-undo-title = Take the change back?
address-undo-lead = { $email } becomes the address of { $account } again. Every session ends, so whoever changed the address is out.
address-undo-submit = Take it back
settings-address-title = Give somebody another address
settings-address-lead = For somebody who lost their mailbox. First make sure that it is them. The old address is told and can take the change back. The new one counts as not confirmed until they confirm it in their profile, so no password can be reset with it.
settings-address-submit = Change address
mail-address-code-subject = Confirm your address for { $pool }
mail-address-code-lead = Somebody, hopefully you, wants to use this address for an account at { $pool }. To confirm, type this code on the page that asks for it: { $code }
mail-address-code-after = The code is good for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} and works once. Give it to nobody: nobody here will ever ask you for it. If it wasn’t you, do nothing.
mail-address-in-use-subject = Your address is in use at { $pool } already
mail-address-in-use-lead = Somebody wants to use this address for another account at { $pool }. It belongs to { $account } already, so nothing was changed.
mail-address-in-use-after = If it was you: sign in to { $account }, or use another address. If it wasn’t, do nothing. Your account is unchanged.
mail-address-undo-subject = The address of your account at { $pool } was changed
mail-address-undo-lead = The account { $account } has another address now. This one is no longer in use there.
mail-address-undo-after = If it wasn’t you, take the change back: your address returns, and everybody is signed out. The link is good for { $days ->
    [one] one day
   *[other] { $days } days
} and works once. Until then no password is reset with the new address.
mail-address-undo-action = Take the change back
mail-address-changed-subject = The address of an account at { $pool } was changed
mail-address-changed-lead = The account { $account } has another address now. This one is no longer in use there.
mail-address-changed-after = Mails about the account no longer come here.

## Activity, a copy of one’s data, the end of an account

nav-activity = Activity
nav-data = Your data
home-activity = What happened to your account
home-data = Download a copy, or delete your account
activity-title = Activity
activity-lead = What happened to your account, newest first.
activity-none = Nothing yet.
activity-newest = Newest
activity-older = Older
activity-pages = Pages of the list
activity-advice = Something you don’t recognise? Change your password, then end the other sessions:
activity-by-administrator = by an administrator
activity-sign-in = Signed in
activity-sign-out = Signed out
activity-consent = Access allowed: { $client }
activity-consent-refused = Access not allowed: { $client }
activity-device-code-refused = Code of a device that was not waiting
activity-registered = Account created
activity-reset-asked = A link to reset the password was asked for
activity-password-reset = Password reset by a mailed link
activity-password-change = Password changed
activity-password-change-refused = Password not changed: the current one was wrong
activity-profile = Profile changed
activity-address-asked = A code for an email address was asked for
activity-address-changed = Email address confirmed
activity-address-changed-refused = Wrong code for an email address
activity-address-restored = Change of the email address taken back
activity-data-exported = Copy of your data downloaded
activity-application-revoked = Disconnected: { $client }
activity-session-revoked = A session was ended
activity-sessions-revoked = All other sessions were ended
activity-browser-forgotten = A remembered browser was forgotten
activity-factor-enrolled = Second step added
activity-factor-replaced = Second step replaced
activity-factor-renamed = Second step renamed
activity-factor-removed = Second step removed
activity-factors-chosen = Second step switched on
activity-factors-disabled = Second step switched off
activity-codes-regenerated = New recovery codes made
activity-factors-reset = All second steps removed
activity-user-created = Account created
activity-user-updated = Account changed
activity-user-disabled = Account disabled
activity-user-enabled = Account enabled again
activity-password-set = Password replaced
activity-code-replayed = Access of an application ended: it used a code twice
activity-refresh-token-reused = Access of an application ended: it used a token twice
activity-token-revoked = An application gave its access back
activity-password-refused = Wrong password at the sign-in
activity-passwordless-refused = Wrong passkey at the sign-in
activity-second-factor-refused = Wrong answer at the second step
data-title = Your data
data-lead = What is kept about you here, and the end of it.
data-export-title = Download a copy
data-export-lead = A file in the format JSON with your profile, sessions, second steps, applications and what happened lately. There are no passwords, keys or codes in it.
data-export-submit = Download
data-delete-title = Delete your account
data-delete-lead = It can’t be undone. You see what is lost before anything happens.
data-delete-submit = Delete account
data-delete-off = Accounts are deleted here by the people who look after them. Ask them.
delete-title = Delete your account?
delete-lead = This is lost at once and for good:
delete-account = The account { $username }, with its name, address and password
delete-sessions = { $count ->
    [one] This session
   *[other] All { $count } sessions
}
delete-factors = Your second steps and recovery codes
delete-application = Access to { $client }, and whatever you can reach only through it
delete-kept = Kept for the security of the service: the record of what happened, with your user name and the addresses it came from. What applications keep about you is up to them.
delete-type = To confirm, type { $username }
delete-submit = Delete my account
delete_mistyped = That is not your user name. Nothing was deleted.
delete_last_admin = You are the only one who can look after this site. Add another administrator first.
done-deleted = Your account is deleted
done-deleted-detail = You are signed out everywhere. You can close this window.
mail-deleted-subject = Your account at { $pool } was deleted
mail-deleted-lead = The account { $account } was deleted. Somebody who was signed in asked for it and proved once more who they were.
mail-deleted-after = Everything in it is gone. If it wasn’t you, ask for help: the record of what happened is kept.
