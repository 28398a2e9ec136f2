//! The first factor: the login page and the password.

use crate::{
    base::{
        audit::{AuditAction, Ended},
        cx::Cx,
        failure::Failure,
        outcome::Step,
        sealed_request::OpenedRequest,
    },
    sign_in::{
        SignIn,
        entry::{Entry, FirstProof},
        passwordless::PasswordlessOption,
    },
};
use uuid::Uuid;
use vestibule_domain::{
    AccountPage, Action, FactorKind, Intent, User, UserStatus, attempts::Admission, password::MAX_BYTES,
    user::fold,
};
use vestibule_seal::sha256;
use vestibule_store::{PoolTx, records::UserWithPassword};
use zeroize::Zeroizing;

/// What the login page shows.
pub struct LoginPage {
    /// The sealed request, bound to this browser.
    pub request: String,
    /// What to fill in as user name.
    pub username: String,
    /// The user who is asked again, when a session exists.
    pub reauthenticates: Option<String>,
    /// The name of the application that the sign-in leads to, if it leads to one.
    pub client_name: Option<String>,
    /// Whether there is somewhere to go back to.
    pub can_cancel: bool,
    /// `ui_locales` of the request, best first.
    pub ui_locales: Vec<String>,
    /// Other ways in than the password.
    pub passwordless: Vec<PasswordlessOption>,
}

/// What became of a password.
pub enum PasswordAnswer {
    /// It was right; this is next.
    Step(Box<Step>),
    /// User name or password is wrong, or the account cannot be used: one answer for all.
    Wrong,
    /// Too many tries. The same answer for accounts that do not exist.
    Throttled {
        /// Until the next try.
        seconds: i64,
    },
    /// More bytes than any password has; nothing was hashed.
    TooLong,
    /// The sealed request is not usable any more.
    Expired,
}

impl SignIn<'_> {
    /// The login page of a sealed request. Without one, the way to the user center. A request that was sealed for
    /// another browser is sealed again for this one: its link was passed on, which is as good as the original link.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn login_page(
        self,
        cx: &Cx,
        request: Option<&str>,
        switch: bool,
    ) -> Result<Option<LoginPage>, Failure> {
        let (intent, request) = match request.map(|sealed| (self.app.open_request(cx, sealed), sealed)) {
            None => {
                let intent = Intent::Account(Action::View(AccountPage::Home));
                let request = self.app.seal_request(cx, &intent);
                (intent, request)
            }
            // Sealed again for this browser, and with a whole life before it.
            Some((OpenedRequest::Own(intent) | OpenedRequest::Foreign(intent), _)) => {
                let request = self.app.seal_request(cx, &intent);
                (intent, request)
            }
            Some((OpenedRequest::Unusable, _)) => return Ok(None),
        };
        let checked = match &intent {
            Intent::Authorize(asked) => self.app.oidc().check_request(cx, asked).ok(),
            Intent::Account(_) => None,
        };
        let live = if switch { None } else { self.app.live(cx).await? };
        let selecting = checked.as_ref().is_some_and(|checked| checked.request.prompt.select_account);
        let live = live
            .filter(|live| !selecting && checked.as_ref().is_none_or(|checked| checked.is_for(&live.user)));
        let hint = checked.as_ref().and_then(|checked| checked.request.login_hint.clone());
        let can_cancel = checked.is_some() || live.is_some();
        Ok(Some(LoginPage {
            request,
            username: hint.filter(|hint| hint.chars().count() <= 254).unwrap_or_default(),
            reauthenticates: live.map(|live| live.user.username),
            client_name: checked.as_ref().map(|checked| checked.client.name.clone()),
            can_cancel,
            ui_locales: checked.map(|checked| checked.request.ui_locales).unwrap_or_default(),
            passwordless: self.passwordless_options(cx),
        }))
    }

    /// Checks a user name and password for a sealed request.
    ///
    /// An unknown user costs the same statements, the same hash and the same throttle as a known one.
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is free.
    pub async fn password(
        self,
        cx: &Cx,
        request: &str,
        identifier: &str,
        password: Zeroizing<String>,
    ) -> Result<PasswordAnswer, Failure> {
        if password.len() > MAX_BYTES || identifier.len() > MAX_BYTES {
            return Ok(PasswordAnswer::TooLong);
        }
        let OpenedRequest::Own(intent) = self.app.open_request(cx, request) else {
            return Ok(PasswordAnswer::Expired);
        };
        let folded = fold(identifier);
        let found = self.app.pool_store(cx).user_by_identifier(&folded).await?;
        let subject = found.as_ref().map_or_else(|| phantom(cx, &folded), |found| found.user.id.as_uuid());
        let (user, stored) = split(found);
        match self.check_password(cx, subject, password.clone(), stored.as_deref()).await? {
            PasswordCheck::Throttled { seconds } => return Ok(PasswordAnswer::Throttled { seconds }),
            PasswordCheck::Wrong => {}
            PasswordCheck::Right { rehash } => {
                let usable = user.filter(|user| user.status == UserStatus::Active);
                if let Some(user) = usable {
                    let checked = stored.unwrap_or_default();
                    let kept = if rehash {
                        self.app.hasher().hash(password, self.app.entropy().as_ref()).await?
                    } else {
                        checked.clone()
                    };
                    let entered = self.enter(cx, intent, user, FirstProof::Password { checked, kept }).await;
                    if entered.is_err() {
                        self.uncount_password(cx, subject).await;
                    }
                    return Ok(match entered? {
                        Entry::Step(step) => PasswordAnswer::Step(step),
                        Entry::Spent => PasswordAnswer::Expired,
                    });
                }
            }
        }
        let audit = self.app.audit(cx, AuditAction::Password, user_of(subject), Ended::Refused);
        self.app.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
        Ok(PasswordAnswer::Wrong)
    }

    /// Clears the count of a password that was right: a failure after it, for instance of a
    /// factor, is not held against it. If it was the database that failed, the count stays.
    async fn uncount_password(self, cx: &Cx, subject: Uuid) {
        let job = move |tx: PoolTx| async move { tx.forget_attempts(subject, &FactorKind::PASSWORD).await };
        if let Err(error) = self.app.pool_store(cx).write(job).await {
            tracing::warn!(request.id = %cx.request_id, error = %error, "a right password stays counted");
        }
    }

    /// Counts an attempt at a password, then evaluates it. A right one has not yet cleared the count.
    pub(crate) async fn check_password(
        self,
        cx: &Cx,
        subject: Uuid,
        password: Zeroizing<String>,
        stored: Option<&str>,
    ) -> Result<PasswordCheck, Failure> {
        let now = cx.now;
        let admitted = self
            .app
            .pool_store(cx)
            .write(move |tx| async move { tx.admit_attempt(subject, &FactorKind::PASSWORD, now).await })
            .await?;
        match admitted {
            Admission::Admitted(_) => {}
            Admission::Throttled { until } => {
                return Ok(PasswordCheck::Throttled { seconds: until.since(now).max(1) });
            }
            Admission::Disabled => {
                return Ok(PasswordCheck::Throttled { seconds: vestibule_domain::attempts::LONGEST_DELAY });
            }
        }
        let checked = self.app.hasher().check(password, stored).await?;
        Ok(if checked.right {
            PasswordCheck::Right { rehash: checked.outdated }
        } else {
            PasswordCheck::Wrong
        })
    }
}

/// What became of a counted password.
pub(crate) enum PasswordCheck {
    Right { rehash: bool },
    Wrong,
    Throttled { seconds: i64 },
}

/// The subject whose attempts are counted when no user has the identifier: a subject that no user has (UUIDv8), so that
/// unknown names are throttled exactly as known ones are.
fn phantom(cx: &Cx, folded: &str) -> Uuid {
    let digest = sha256(&[b"phantom".as_slice(), cx.pool.pool.id.as_bytes(), folded.as_bytes()].concat());
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn user_of(subject: Uuid) -> Option<vestibule_domain::UserId> {
    let is_phantom = subject.get_version_num() == 8;
    (!is_phantom).then(|| vestibule_domain::UserId::from_uuid(subject))
}

fn split(found: Option<UserWithPassword>) -> (Option<User>, Option<String>) {
    found.map_or((None, None), |found| (Some(found.user), found.password_hash))
}
