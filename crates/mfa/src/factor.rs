//! The seam itself.

use crate::types::{
    Aftermath, Ceremony, CeremonyState, Enrolment, FactorInput, FactorTraits, FactorView, Verified,
};
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use vestibule_domain::{
    Credential, CredentialId, Email, Entropy, Evidence, FactorKind, Fault, Pool, PoolId, PoolSettings,
    Timestamp, UserId, credential::Public,
};
use vestibule_seal::{AssociatedData, KeyRing};

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The user.
    pub user: UserId,
    /// What the user knows the account by; shown by authenticators together with the pool's name.
    pub account: &'a str,
    /// The user's address, provided that a mail to it was answered.
    pub email: Option<&'a Email>,
    /// The user's language, a BCP 47 tag, where it is known.
    pub locale: Option<&'a str>,
}

/// All that a factor may draw on.
#[derive(Clone, Copy)]
pub struct FactorCx<'a> {
    /// The server's time.
    pub now: Timestamp,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// The keys that seal secrets.
    pub keys: &'a KeyRing,
    /// The user's pool.
    pub pool: &'a Pool,
    /// Whether mail can be sent at this moment.
    pub can_mail: bool,
    /// The user.
    pub subject: Subject<'a>,
}

/// What a factor may use at the first factor, where nobody knows yet who the user is.
#[derive(Clone, Copy)]
pub struct PasswordlessCx<'a> {
    /// The server's time.
    pub now: Timestamp,
    /// Randomness.
    pub entropy: &'a dyn Entropy,
    /// The keys that seal secrets.
    pub keys: &'a KeyRing,
    /// The pool that is signed in to.
    pub pool: &'a Pool,
}

/// Why a factor did not say yes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactorError {
    /// The answer is wrong, used before, or malformed: all the same to the user.
    #[error("the answer is wrong")]
    Wrong,
    /// The state is not one that this factor made for this user in this pool.
    #[error("the ceremony's state is invalid")]
    StateInvalid,
    /// The name is too long or has characters that do not print.
    #[error("the label is not usable")]
    LabelInvalid,
    /// What the user holds is not allowed here, for a reason that the user has to know: a translation key.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// The user has no credential of this kind.
    #[error("no such factor is enrolled")]
    NotEnrolled,
    /// Something is broken; the text is for the log and never shown.
    #[error("internal: {0}")]
    Internal(String),
}

/// A second factor.
///
/// `own` are credentials of the subject; a factor ignores those of other kinds, and those of
/// other users if the caller made a mistake. `state` is what the factor's own `begin_` method returned, given back at most once.
pub trait SecondFactor: Send + Sync {
    /// Its name: in rows, form fields and the folder of its templates. Never changes once credentials exist.
    fn kind(&self) -> FactorKind;

    /// What it is. The registry asks once and holds the factor to it.
    fn traits(&self) -> FactorTraits;

    /// Its name for messages when it fails to say its kind.
    fn type_name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// The best that an answer of this very credential can be worth. Never more than [`FactorTraits::evidence`].
    fn evidence_of(&self, _pool: &PoolSettings, _credential: &Credential) -> Evidence {
        self.traits().evidence
    }

    /// The best that a credential enrolled in this pool could be worth. Never more than [`FactorTraits::evidence`].
    fn potential(&self, _pool: &PoolSettings) -> Evidence {
        self.traits().evidence
    }

    /// What its credentials keep from now on, after the user proved that `address` is theirs: a pair of credential and public
    /// data each. Nothing but a factor that writes to the address has anything to say. Asked inside a transaction, so never of
    /// one that is [watched](Self::watched).
    fn moved(&self, _own: &[Credential], _address: &Email) -> Vec<(CredentialId, Public)> {
        Vec::new()
    }

    /// Whether it can be used at all at this moment and by this user: a factor that mails its codes cannot while no
    /// mail can be sent. One that is enrolled but not available is asked of nobody, and its owner still has a factor.
    fn available(&self, _cx: &FactorCx<'_>) -> bool {
        true
    }

    /// Whether its ceremonies may do more than compute, such as wait for somebody: then they run on a thread of their own
    /// with a deadline of two seconds. What merely describes the factor ([`SecondFactor::kind`],
    /// [`SecondFactor::traits`], [`SecondFactor::available`] and the like) must never wait.
    fn watched(&self) -> bool {
        true
    }

    /// Translation key of what the owner of a credential should know of it, such as that it is synced.
    fn detail(&self, _credential: &Credential) -> Option<&'static str> {
        None
    }

    /// The factor as a first factor, where it can be one without a user name or a password.
    fn passwordless(&self) -> Option<&dyn Passwordless> {
        None
    }

    /// Everything that is wrong with its settings in a pool, as they are declared; places are below the factor's own table.
    /// A factor with settings passes this on to its [`FactorSettings`](crate::FactorSettings).
    fn check_settings(&self, settings: &Value) -> Vec<Fault> {
        if settings.as_object().is_some_and(Map::is_empty) {
            return Vec::new();
        }
        let fault = Fault::new("this factor has no settings");
        vec![fault.hint(format!("remove the table of {}", self.kind()))]
    }

    /// The JSON Schema of its settings, where it has any.
    fn settings_schema(&self) -> Option<Value> {
        None
    }

    /// At least one view for each of its templates, with every field filled in: the page tests render them.
    fn sample_views(&self) -> Vec<FactorView>;

    /// Starts an enrolment.
    ///
    /// # Errors
    /// [`FactorError::Internal`] only.
    fn begin_enrol(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError>;

    /// Finishes an enrolment. The caller writes what it returns.
    ///
    /// # Errors
    /// [`FactorError::Wrong`], [`FactorError::Refused`], [`FactorError::LabelInvalid`],
    /// [`FactorError::StateInvalid`] or [`FactorError::Internal`].
    fn finish_enrol(
        &self,
        cx: &FactorCx<'_>,
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Enrolment, FactorError>;

    /// Makes a challenge.
    ///
    /// # Errors
    /// [`FactorError::NotEnrolled`] or [`FactorError::Internal`].
    fn begin_verify(&self, cx: &FactorCx<'_>, own: &[Credential]) -> Result<Ceremony, FactorError>;

    /// Judges an answer. Nothing is proved before [`Verified::effect`] has been applied.
    ///
    /// # Errors
    /// [`FactorError::Wrong`], [`FactorError::StateInvalid`], [`FactorError::NotEnrolled`] or
    /// [`FactorError::Internal`].
    fn verify(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError>;

    /// How many of the user's secrets an answer could hit by chance: an attempt counts for each, so that more of them are not
    /// more guesses. 1 where an answer names its credential, or cannot be guessed.
    fn secrets(&self, own: &[Credential]) -> u32 {
        let _ = own;
        1
    }

    /// Looks at an answer that [`SecondFactor::verify`] or [`SecondFactor::finish_enrol`] found wrong: what the challenge has to remember of it, and what
    /// may be told to the user in addition to "wrong". The answer stays wrong and stays counted.
    fn after_wrong(
        &self,
        _cx: &FactorCx<'_>,
        _own: &[Credential],
        _state: &CeremonyState,
        _input: &FactorInput,
    ) -> Aftermath {
        Aftermath::default()
    }
}

/// A factor that can say who the user is and prove it with one answer: a discoverable credential (WebAuthn Level 3 §1.2.1).
///
/// The state is kept by the browser, sealed by the caller, bound to it, and burned with the first answer that counts.
pub trait Passwordless: Send + Sync {
    /// Makes a challenge that any user may answer. Its view is a form of its own on the login page: the template
    /// `factors/<kind>/sign_in.html` is the whole inside, with its button. Of the data the page itself reads two fields:
    /// `scripted`, whether the form is hidden until a script of the factor's shows it, and `autocomplete`, what the field
    /// of the user name is marked with besides `username`. Nothing can be mailed here: nobody knows yet who the user is.
    ///
    /// # Errors
    /// [`FactorError::Internal`] only.
    fn begin(&self, cx: &PasswordlessCx<'_>) -> Result<Ceremony, FactorError>;

    /// Who the answer claims to be from. Nothing is proved yet.
    ///
    /// # Errors
    /// [`FactorError::Wrong`] when it does not say.
    fn claimed(&self, cx: &PasswordlessCx<'_>, input: &FactorInput) -> Result<UserId, FactorError>;

    /// Judges the answer for the user it claims to be from. Nothing is proved before [`Verified::effect`] has been
    /// applied.
    ///
    /// # Errors
    /// As [`SecondFactor::verify`].
    fn open(
        &self,
        cx: &FactorCx<'_>,
        own: &[Credential],
        state: &CeremonyState,
        input: &FactorInput,
    ) -> Result<Verified, FactorError>;
}

/// What the sealed secret of a credential is bound to: pool, user and kind. One rule for every factor, so that a key
/// ring can be changed without asking them.
#[must_use]
pub fn secret_ad(pool: PoolId, user: UserId, kind: &FactorKind) -> AssociatedData {
    AssociatedData::new("factor-secret").with(pool.as_bytes()).with(user.as_bytes()).with(kind.as_str())
}

/// Runs a factor so that its panic is an [`FactorError::Internal`] and not the end of the request.
///
/// Factors are borrowed immutably and return their result by value, so a panic leaves nothing half changed behind.
///
/// # Errors
/// Those of `run`, and [`FactorError::Internal`] when it panics.
pub fn guarded<T>(run: impl FnOnce() -> Result<T, FactorError>) -> Result<T, FactorError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|cause| {
        let cause = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&'static str>().copied())
            .unwrap_or("no message");
        Err(FactorError::Internal(format!("the factor panicked: {cause}")))
    })
}

/// The credentials that are the subject's and of this kind.
pub(crate) fn mine<'a>(
    cx: &FactorCx<'_>,
    kind: &FactorKind,
    own: &'a [Credential],
) -> Result<Vec<&'a Credential>, FactorError> {
    let user = cx.subject.user;
    let mine: Vec<&Credential> = own.iter().filter(|one| one.user == user && one.kind == *kind).collect();
    if mine.is_empty() { Err(FactorError::NotEnrolled) } else { Ok(mine) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_internal() {
        let formatted = guarded::<()>(|| panic!("number {}", 7));
        assert_eq!(formatted, Err(FactorError::Internal("the factor panicked: number 7".to_owned())));
        let plain = guarded::<()>(|| panic!("plain"));
        assert_eq!(plain, Err(FactorError::Internal("the factor panicked: plain".to_owned())));
        assert_eq!(guarded(|| Ok(1)), Ok(1));
        assert_eq!(guarded::<()>(|| Err(FactorError::Wrong)), Err(FactorError::Wrong));
    }
}
