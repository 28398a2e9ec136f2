//! The first factor: the login page and the password.

use crate::{
    base::{
        audit::{AuditAction, Ended},
        budget::{of_pool, of_source},
        cx::Cx,
        failure::Failure,
        hasher::todays_form,
        notice::{Letter, Notice},
        outbox::{ReadyMail, queue},
        outcome::Step,
        sealed_request::{OpenedRequest, PendingRequest},
    },
    sign_in::{
        SignIn,
        entry::{Entry, FirstProof},
        intent::passed_on,
        passwordless::PasswordlessOption,
    },
};
use uuid::Uuid;
use vestibule_domain::{
    AccountPage, Action, Budget, FactorKind, Intent, User, UserId, UserStatus,
    attempts::{Admission, LONGEST_DELAY},
    password::MAX_BYTES,
    user::fold,
};
use vestibule_seal::sha256;
use vestibule_store::{PoolTx, StoreError, records::UserWithPassword};
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
            // Sealed again for this browser. It keeps its end; one that was over has a new one.
            Some((OpenedRequest::Own(pending), _)) => {
                let request = self.app.seal_again(cx, &pending);
                (pending.intent, request)
            }
            Some((OpenedRequest::Foreign(pending), _)) => {
                let intent = passed_on(pending.intent.clone());
                let pending = pending.instead(intent);
                let request = self.app.seal_again(cx, &pending);
                (pending.intent, request)
            }
            Some((OpenedRequest::Unusable, _)) => return Ok(None),
        };
        let checked = match &intent {
            Intent::Authorize(asked) => self.app.oidc().check_request(cx, asked).ok(),
            Intent::Account(_) => None,
        };
        let live = if switch { None } else { self.app.live(cx).await? };
        let selecting = checked.as_ref().is_some_and(|checked| checked.request.prompt.select_account);
        let live = live.filter(|live| {
            !selecting && checked.as_ref().is_none_or(|checked| checked.is_for(cx, &live.user))
        });
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
        let OpenedRequest::Own(PendingRequest { intent, .. }) = self.app.open_request(cx, request) else {
            return Ok(PasswordAnswer::Expired);
        };
        let found = self.app.pool_store(cx).user_by_typed(identifier).await?;
        let (user, stored) = split(found);
        let guessed = Guessed::to_enter(cx, user.as_ref().map(|user| user.id), &fold(identifier));
        if let Some(seconds) = self.app.guessers().wait(cx)
            && !self.app.pool_store(cx).knows_browser(guessed.holder(), &cx.browser).await?
        {
            self.app.note_unjudged(cx, "password", guessed.user()).await?;
            return Ok(PasswordAnswer::Throttled { seconds });
        }
        let counted = match self.check_password(cx, guessed, password, stored.as_deref()).await? {
            PasswordCheck::Throttled { seconds } => return Ok(PasswordAnswer::Throttled { seconds }),
            PasswordCheck::Wrong { counted } => counted,
            PasswordCheck::Right { renewed, counted } => {
                let usable = user.clone().filter(|user| user.status == UserStatus::Active);
                if let Some(user) = usable {
                    let checked = stored.unwrap_or_default();
                    let kept = renewed.unwrap_or_else(|| todays_form(&checked));
                    let proof = FirstProof::Password { checked, kept, counted_by: counted.by };
                    let entered = self.enter(cx, intent, user, proof).await;
                    if entered.is_err() {
                        self.uncount_password(cx, counted.by).await;
                    }
                    return Ok(match entered? {
                        Entry::Step(step) => PasswordAnswer::Step(step),
                        Entry::Spent => PasswordAnswer::Expired,
                    });
                }
                counted
            }
        };
        let mails = self.password_disabled(cx, user.as_ref(), identifier, &counted)?;
        self.note_wrong(cx, guessed.user(), mails).await?;
        Ok(PasswordAnswer::Wrong)
    }

    /// Writes down a wrong password, as long as its source and the pool have something left for that.
    async fn note_wrong(self, cx: &Cx, user: Option<UserId>, mails: Vec<ReadyMail>) -> Result<(), Failure> {
        let audit = self.app.audit(cx, AuditAction::Password, user, Ended::Refused);
        let source = of_source(cx, Budget::WrongPasswordFromSource);
        let (rows, now) = ([of_pool(Budget::WrongPasswordAtPool)], cx.now);
        let note = move |tx: PoolTx| async move {
            let used_up = tx.spend_budgets(&source, now).await?;
            if used_up.is_none() && tx.spend_budgets(&rows, now).await?.is_none() {
                tx.insert_audit(&audit).await?;
            }
            queue(&tx, &mails).await?;
            Ok(used_up)
        };
        if let Some(until) = self.app.pool_store(cx).write(note).await? {
            self.app.note_guesser(cx, until).await?;
        }
        Ok(())
    }

    /// The mail for the case that this very guess was the last for the name or address that was typed: with a way back. For one
    /// that nobody has it is queued for nobody.
    fn password_disabled(
        self,
        cx: &Cx,
        user: Option<&User>,
        identifier: &str,
        counted: &CountedPassword,
    ) -> Result<Vec<ReadyMail>, Failure> {
        if !counted.disables {
            return Ok(Vec::new());
        }
        let notice = Notice::PasswordDisabled { can_reset: self.app.offers_reset(cx) };
        let letter = user.and_then(|user| Letter::to_user(user, cx.now, notice.clone()));
        let letter = letter.map(|letter| match user.and_then(|user| user.email.clone()) {
            Some(address) if fold(identifier).contains('@') => Letter { account: address, ..letter },
            _ => letter,
        });
        let nobody = || Letter::to_nobody(cx.now, notice);
        self.app.letters(&cx.pool.pool, cx.now, [letter.unwrap_or_else(nobody)])
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
        guessed: Guessed,
        password: Zeroizing<String>,
        stored: Option<&str>,
    ) -> Result<PasswordCheck, Failure> {
        // The place first: somebody who is turned away because others crowd the server has not guessed.
        let place = self.app.hasher().place(cx.source()).await?;
        let counted = match self.count_password(cx, guessed).await? {
            Ok(counted) => counted,
            Err(seconds) => {
                self.app.note_unjudged(cx, "password", guessed.user()).await?;
                return Ok(PasswordCheck::Throttled { seconds });
            }
        };
        let checked = self.app.hasher().check(place, password, stored, self.app.entropy().as_ref()).await?;
        Ok(if checked.right {
            PasswordCheck::Right { renewed: checked.renewed, counted }
        } else {
            PasswordCheck::Wrong { counted }
        })
    }

    /// Counts an attempt. Where the name has to wait, a browser in which its owner has signed in before has a count of its
    /// own: strangers do not lock it out. The inner error is for how many seconds nothing counts.
    async fn count_password(
        self,
        cx: &Cx,
        guessed: Guessed,
    ) -> Result<Result<CountedPassword, i64>, Failure> {
        let by = guessed.counter();
        let seconds = match self.admit_password(cx, by).await? {
            Ok(disables) => return Ok(Ok(CountedPassword { by, disables })),
            Err(seconds) => seconds,
        };
        let to_enter = matches!(guessed, Guessed::ToEnter { .. });
        if !to_enter || !self.app.pool_store(cx).knows_browser(guessed.holder(), &cx.browser).await? {
            return Ok(Err(seconds));
        }
        let own = subject_of(&[b"browser".as_slice(), guessed.holder().as_bytes(), &cx.browser]);
        let counted = self.admit_password(cx, own).await?;
        Ok(counted.map(|_| CountedPassword { by: own, disables: false }))
    }

    async fn admit_password(self, cx: &Cx, counter: Uuid) -> Result<Result<bool, i64>, Failure> {
        let now = cx.now;
        let admit = move |tx: PoolTx| async move {
            tx.admit_attempt_for(IDENTIFIERS, counter, &FactorKind::PASSWORD, now).await
        };
        Ok(match self.app.pool_store(cx).write(admit).await? {
            Admission::Admitted(counted) => Ok(counted.is_disabled()),
            Admission::Throttled { until } => Err(until.wait_from(now)),
            Admission::Disabled => Err(LONGEST_DELAY),
        })
    }
}

/// An account answers to its user name and to its address. Guesses are counted apart for each, as they are for two names that
/// nobody has: if one lock held for both, a stranger could tell which address belongs to which name. A guess counts for each
/// of them, so that both together are not more guesses.
const IDENTIFIERS: u32 = 2;

/// Whose password is given, and where.
#[derive(Clone, Copy)]
pub(crate) enum Guessed {
    /// By somebody who wants to sign in.
    ToEnter {
        /// The account with the identifier that was typed.
        user: Option<UserId>,
        /// Where guesses with this identifier are counted.
        counter: Uuid,
        /// The account, or a subject that no account has.
        holder: Uuid,
    },
    /// By somebody who is signed in: a thief of the session would have its browser's cookies, too, so those count for nothing.
    Inside(UserId),
}

impl Guessed {
    fn to_enter(cx: &Cx, user: Option<UserId>, folded: &str) -> Self {
        let (holder, counter) = match user {
            Some(user) if folded.contains('@') => (user.as_uuid(), counter_of_address(user)),
            Some(user) => (user.as_uuid(), user.as_uuid()),
            None => (phantom(cx, folded), phantom(cx, folded)),
        };
        Self::ToEnter { user, counter, holder }
    }

    const fn counter(self) -> Uuid {
        match self {
            Self::ToEnter { counter, .. } => counter,
            Self::Inside(user) => user.as_uuid(),
        }
    }

    const fn holder(self) -> Uuid {
        match self {
            Self::ToEnter { holder, .. } => holder,
            Self::Inside(user) => user.as_uuid(),
        }
    }

    const fn user(self) -> Option<UserId> {
        match self {
            Self::ToEnter { user, .. } => user,
            Self::Inside(user) => Some(user),
        }
    }
}

/// Where guesses are counted that were made with the address of an account. It stays the same when the address changes.
fn counter_of_address(user: UserId) -> Uuid {
    subject_of(&[b"address".as_slice(), user.as_uuid().as_bytes()])
}

/// Forgets the guesses at an account's password, whatever it was called: there is a new one.
pub(crate) async fn forget_guesses(tx: &PoolTx, user: UserId) -> Result<(), StoreError> {
    for counter in [user.as_uuid(), counter_of_address(user)] {
        tx.forget_attempts(counter, &FactorKind::PASSWORD).await?;
    }
    Ok(())
}

/// What became of a counted password.
pub(crate) enum PasswordCheck {
    Right {
        /// A hash of today's cost, where the stored one is of another.
        renewed: Option<String>,
        counted: CountedPassword,
    },
    Wrong {
        counted: CountedPassword,
    },
    Throttled {
        seconds: i64,
    },
}

/// Where an attempt at a password was counted.
pub(crate) struct CountedPassword {
    /// The subject of the count: the identifier, or one of the account's browsers.
    pub(crate) by: Uuid,
    /// If it is wrong, it is the one too many for the identifier.
    disables: bool,
}

/// The subject whose attempts are counted when no user has the identifier: a subject that no user has (UUIDv8), so that
/// unknown names are throttled exactly as known ones are.
pub(crate) fn phantom(cx: &Cx, folded: &str) -> Uuid {
    subject_of(&[b"phantom".as_slice(), cx.pool.pool.id.as_bytes(), folded.as_bytes()])
}

/// A subject that is no user.
fn subject_of(parts: &[&[u8]]) -> Uuid {
    let digest = sha256(&parts.concat());
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn split(found: Option<UserWithPassword>) -> (Option<User>, Option<String>) {
    found.map_or((None, None), |found| (Some(found.user), found.password_hash))
}
