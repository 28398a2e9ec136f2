//! Registration by a mailed link. No account exists before its address is proved, so nobody can plant a password or a
//! factor on an address that is not theirs; and the answer is the same for addresses that have an account.

use crate::{
    account::{Accounts, password::personal},
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        budget::of_link,
        cx::Cx,
        failure::Failure,
        links::{LinkAsked, LinkBudgets, LinkMail, NOTHING},
        notice::{Letter, Notice},
        sealed_request::{OpenedRequest, PendingRequest},
    },
    oidc::request::{device_of, intent_of},
};
use vestibule_domain::{
    AccountPage, Action, Budget, Email, Intent, User, UserId, UserProfile, UserStatus, Username, field,
    password::{MAX_BYTES, Weakness},
    user::NameError,
};
use vestibule_oidc::authorize::ResolvedRequest;
use vestibule_seal::sha256;
use vestibule_store::records::Insertion;
use zeroize::Zeroizing;

/// Purpose of the mailed link.
const PURPOSE: &str = "register";

/// What the last form of a registration carries.
pub struct RegistrationForm {
    /// From the link.
    pub token: String,
    /// Chosen by the user.
    pub username: String,
    /// Display name, may be empty.
    pub name: String,
    /// Chosen by the user.
    pub password: Zeroizing<String>,
}

/// What became of it.
pub enum Registration {
    /// The account exists; the user can sign in and go on with the sealed request.
    Done {
        /// For the login page.
        request: String,
    },
    /// The pool does not offer registration.
    Closed,
    /// The link is unknown, expired or used.
    BadLink,
    /// The user name is refused.
    BadUsername,
    /// The user name is taken, looks like one that is, or is reserved.
    UsernameTaken,
    /// The display name is refused.
    BadName,
    /// The password is refused.
    Weak(Weakness),
    /// Too many were tried with this link.
    LinkUsedUp,
}

impl Accounts<'_> {
    /// Sends a registration link, or tells the owner of the address that there is an account already. The answer is
    /// the same. `Ok(None)`: the pool does not offer registration.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error when the text is no address.
    pub async fn register(
        self,
        cx: &Cx,
        request: Option<&str>,
        email: &str,
    ) -> Result<Result<Option<LinkAsked>, NameError>, Failure> {
        if !self.app.offers_registration(cx) {
            return Ok(Ok(None));
        }
        let email = match Email::parse(email) {
            Ok(email) => email,
            Err(error) => return Ok(Err(error)),
        };
        let known = self.app.pool_store(cx).user_by_identifier(&email.key()).await?.map(|known| known.user);
        let secret = self.app.secret();
        let (purpose, notice) = match &known {
            None => {
                let minutes = cx.pool.pool.settings.lifetimes.mail_link / 60;
                (PURPOSE, Notice::VerifyRegistration { token: secret.clone(), minutes })
            }
            Some(_) => (NOTHING, Notice::AlreadyRegistered { can_reset: self.app.offers_reset(cx) }),
        };
        let (to, account) = (email.as_str().to_owned(), email.as_str().to_owned());
        let spoken = cx.language.known().map(str::to_owned);
        let locale = known.and_then(|user| user.locale).or(spoken);
        let order = LinkMail {
            purpose,
            secret,
            counted_by: email.key(),
            budgets: LinkBudgets {
                mailbox: Budget::RegistrationToMailbox,
                known_browser: None,
                source: Budget::RegistrationFromSource,
                pool: Budget::RegistrationAtPool,
            },
            user: None,
            data: self.carried_request(cx, request),
            letter: Letter::to_address(to, account, locale, cx.now, notice),
            action: AuditAction::RegistrationAsked,
        };
        Ok(Ok(Some(self.app.send_link(cx, order).await?)))
    }

    /// The authorization request that a link leads back to, as text; empty for none.
    pub(super) fn carried_request(self, cx: &Cx, request: Option<&str>) -> String {
        match request.map(|sealed| self.app.open_request(cx, sealed)) {
            // A mail carries no device to whoever reads it: they type its code.
            Some(OpenedRequest::Own(PendingRequest { intent, .. })) if device_of(&intent).is_some() => {
                String::new()
            }
            Some(OpenedRequest::Own(PendingRequest { intent: Intent::Authorize(asked), .. })) => {
                asked.request.to_string()
            }
            _ => String::new(),
        }
    }

    /// The address that a registration link proves; `None` when the link is of no use.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn registration_address(self, cx: &Cx, token: &str) -> Result<Option<String>, Failure> {
        if !self.app.offers_registration(cx) {
            return Ok(None);
        }
        let found = self.app.pool_store(cx).mail_token(&sha256(token.as_bytes()), PURPOSE, cx.now).await?;
        Ok(found.map(|row| row.email))
    }

    /// Creates the account. The link is spent in the same transaction, and only by success.
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is free.
    pub async fn complete_registration(
        self,
        cx: &Cx,
        form: RegistrationForm,
    ) -> Result<Registration, Failure> {
        if !self.app.offers_registration(cx) {
            return Ok(Registration::Closed);
        }
        let hash = sha256(form.token.as_bytes());
        let store = self.app.pool_store(cx);
        let Some(link) = store.mail_token(&hash, PURPOSE, cx.now).await? else {
            return Ok(Registration::BadLink);
        };
        if form.password.len() > MAX_BYTES {
            return Ok(Registration::Weak(Weakness::TooLong));
        }
        // Every try tells whether somebody has the name, and may cost a hash.
        if self.spend(cx, of_link(&hash, Budget::PasswordByLink)).await?.is_some() {
            return Ok(Registration::LinkUsedUp);
        }
        let Ok(username) = Username::parse(&form.username) else { return Ok(Registration::BadUsername) };
        if cx.pool.pool.settings.reserves(username.as_str()) {
            return Ok(Registration::UsernameTaken);
        }
        let name = form.name.trim();
        if !name.is_empty() && field::name(name).is_err() {
            return Ok(Registration::BadName);
        }
        let user = User {
            id: UserId::new(cx.now, self.app.entropy().as_ref()),
            username: username.as_str().to_owned(),
            email: Some(link.email.clone()),
            email_verified: true,
            name: (!name.is_empty()).then(|| name.to_owned()),
            locale: cx.language.known().map(str::to_owned),
            groups: Vec::new(),
            profile: UserProfile::default(),
            status: UserStatus::Active,
            mfa_skips: 0,
            created_at: cx.now,
            updated_at: cx.now,
        };
        let hashed = self.hash_new(cx.source(), &cx.pool.pool, form.password, &personal(&user)).await?;
        let password = match hashed {
            Ok(hash) => hash,
            Err(weakness) => return Ok(Registration::Weak(weakness)),
        };
        let audit = self
            .app
            .audit(cx, AuditAction::Registered, Some(user.id), Ended::Done)
            .why("username", user.username.as_str());
        let now = cx.now;
        let done = store
            .write_or_undo(move |tx| async move {
                let Some(link) = tx.spend_mail_token(&hash, PURPOSE, now).await? else {
                    return Ok(Err(Registration::BadLink));
                };
                match tx.insert_user(&user, Some(&password)).await? {
                    Insertion::Inserted => {}
                    Insertion::UsernameTaken => return Ok(Err(Registration::UsernameTaken)),
                    Insertion::EmailTaken => return Ok(Err(Registration::BadLink)),
                }
                tx.insert_audit(&audit).await?;
                Ok(Ok(link))
            })
            .await?;
        Ok(match done {
            Ok(link) => Registration::Done { request: self.reopened(cx, &link.data) },
            Err(refusal) => refusal,
        })
    }

    /// Seals the authorization request that a link carried, for the browser that opened it. Without one that can be
    /// read, the way leads to the user center.
    pub(super) fn reopened(self, cx: &Cx, carried: &str) -> String {
        let intent = match serde_json::from_str::<ResolvedRequest>(carried) {
            Ok(request) => intent_of(&request.received_again(cx.now)),
            Err(_) => Intent::Account(Action::View(AccountPage::Home)),
        };
        self.app.seal_request(cx, &intent)
    }
}
