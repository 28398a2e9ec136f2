//! The first factor without a password: a factor whose one answer says who the user is and proves it.
//!
//! Nobody is known yet, so nothing is stored: the challenge travels sealed, bound to the pool and the browser, and is
//! burned by the one answer that counts.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        outcome::Step,
        sealed_request::{OpenedRequest, PendingRequest},
    },
    factor::{ceremony::checked_ceremony, verdict::checked_verdict},
    sign_in::{
        SignIn,
        entry::{Entry, FirstProof},
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use vestibule_domain::{FactorKind, Facts, Timestamp, UserId, UserStatus, attempts::Admission};
use vestibule_mfa::{
    Ceremony, CeremonyState, FactorError, FactorInput, FactorView, Passwordless, PasswordlessCx,
    SecondFactor, Verified, guarded,
};
use vestibule_seal::{AssociatedData, sha256};

/// A first factor other than the password, as the login page shows it.
pub struct PasswordlessOption {
    /// Which factor.
    pub kind: FactorKind,
    /// Its part of the page.
    pub view: FactorView,
    /// The sealed challenge.
    pub ceremony: String,
}

/// What became of an answer at the first factor.
pub enum PasswordlessAnswer {
    /// It was right; this is next.
    Step(Box<Step>),
    /// Wrong, used before, somebody else's, or nobody's: one answer for all.
    Wrong,
    /// Too many tries.
    Throttled {
        /// Until the next.
        seconds: i64,
    },
    /// The page was out of date; show it again.
    Stale,
}

/// A challenge that came back with its answer.
struct OpenedChallenge {
    state: CeremonyState,
    /// Digest of the sealed challenge, which is good for one answer.
    digest: [u8; 32],
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct SealedChallenge {
    state: String,
    browser: [u8; 32],
    expires_at: Timestamp,
}

/// For how long a challenge at the first factor is good, in seconds.
const GOOD_FOR: i64 = 600;

fn passwordless_ad(cx: &Cx, kind: &FactorKind) -> AssociatedData {
    AssociatedData::new("first-door").with(cx.pool.pool.id.as_bytes()).with(kind.as_str())
}

impl SignIn<'_> {
    fn passwordless_cx<'a>(&'a self, cx: &'a Cx) -> PasswordlessCx<'a> {
        PasswordlessCx {
            now: cx.now,
            entropy: self.app.entropy().as_ref(),
            keys: self.app.keys(),
            pool: &cx.pool.pool,
        }
    }

    /// The first factors of a pool other than the password, each with a fresh challenge. One whose factor fails is left out.
    pub(crate) fn passwordless_options(self, cx: &Cx) -> Vec<PasswordlessOption> {
        let pool = &cx.pool.pool;
        let facts = Facts {
            application: None,
            application_acr: None,
            groups: &[],
            scopes: &[],
            skips_used: 0,
            now: cx.now,
        };
        let policy = self.app.policies().effective(pool, &facts);
        let allowed = |factor: &&dyn SecondFactor| policy.allows(&factor.kind());
        let options = self.app.registry().iter().filter(allowed).filter_map(|factor| {
            let passwordless = factor.passwordless()?;
            match self.passwordless_option(cx, &factor.kind(), passwordless) {
                Ok(open) => Some(open),
                Err(cause) => {
                    tracing::error!(factor.kind = %factor.kind(), error = %cause, "a first factor failed");
                    None
                }
            }
        });
        options.collect()
    }

    fn passwordless_option(
        self,
        cx: &Cx,
        kind: &FactorKind,
        passwordless: &dyn Passwordless,
    ) -> Result<PasswordlessOption, Failure> {
        let templates = self.app.templates();
        let ceremony =
            guarded(|| checked_ceremony(kind, templates, passwordless.begin(&self.passwordless_cx(cx))?));
        let ceremony = ceremony.map_err(Failure::internal)?;
        let Ceremony { state, view, .. } = ceremony;
        let (state, expires_at) = (URL_SAFE_NO_PAD.encode(&state.0), cx.now + GOOD_FOR);
        let content = SealedChallenge { state, browser: cx.browser, expires_at };
        let plain = serde_json::to_vec(&content).map_err(Failure::internal)?;
        let ceremony =
            self.app.keys().seal_token(self.app.entropy().as_ref(), &passwordless_ad(cx, kind), &plain);
        Ok(PasswordlessOption { kind: kind.clone(), view, ceremony })
    }

    fn opened_passwordless(self, cx: &Cx, kind: &FactorKind, ceremony: &str) -> Option<OpenedChallenge> {
        let plain = self.app.keys().open_token(&passwordless_ad(cx, kind), ceremony).ok()?;
        let content: SealedChallenge = serde_json::from_slice(&plain).ok()?;
        let own_browser = vestibule_seal::ct_eq(&content.browser, &cx.browser) && cx.now < content.expires_at;
        let state = CeremonyState(URL_SAFE_NO_PAD.decode(content.state).ok()?);
        let (digest, expires_at) = (sha256(ceremony.as_bytes()), content.expires_at);
        own_browser.then_some(OpenedChallenge { state, digest, expires_at })
    }

    /// Evaluates an answer at the first factor for a sealed request.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn answer_passwordless(
        self,
        cx: &Cx,
        request: &str,
        kind: &FactorKind,
        ceremony: &str,
        input: FactorInput,
    ) -> Result<PasswordlessAnswer, Failure> {
        let OpenedRequest::Own(PendingRequest { intent, .. }) = self.app.open_request(cx, request) else {
            return Ok(PasswordlessAnswer::Stale);
        };
        let factor = self.app.registry().get(kind);
        let Some((factor, passwordless)) = factor.and_then(|factor| Some((factor, factor.passwordless()?)))
        else {
            return Ok(PasswordlessAnswer::Wrong);
        };
        let Some(challenge) = self.opened_passwordless(cx, kind, ceremony) else {
            return Ok(PasswordlessAnswer::Stale);
        };
        let Ok(claimed) = guarded(|| passwordless.claimed(&self.passwordless_cx(cx), &input)) else {
            return Ok(PasswordlessAnswer::Wrong);
        };
        let user = self.app.pool_store(cx).user(claimed).await?;
        let Some(user) = user.filter(|user| user.status == UserStatus::Active) else {
            return Ok(PasswordlessAnswer::Wrong);
        };
        let wish = self.wish(cx, &intent).ok();
        let policy = self.app.policies().policy(
            cx,
            &user,
            wish.as_ref().and_then(crate::sign_in::intent::Wish::application).as_ref(),
        );
        let offers = self.app.policies().offers(cx, &user, policy).await?;
        if !offers.enrolled.iter().any(|offer| offer.kind == factor.kind() && !offer.disabled) {
            return Ok(PasswordlessAnswer::Wrong);
        }
        let counter = offers.attempts.iter().find(|(one, _)| one == kind).map(|(_, attempts)| *attempts);
        if let Admission::Throttled { until } = counter.unwrap_or_default().admit(cx.now) {
            return Ok(PasswordlessAnswer::Throttled { seconds: until.wait_from(cx.now) });
        }
        let alike = self.app.factors().alike(kind);
        let (id, state) = (user.id, challenge.state.clone());
        let claimant = offers.claimant(&user);
        let judged = self.app.factors().call(cx, claimant, kind, move |factor, factor_cx, own| {
            let passwordless = factor.passwordless().ok_or(FactorError::NotEnrolled)?;
            checked_verdict(factor, id, own, passwordless.open(factor_cx, own, &state, &input)?)
        });
        let verified: Verified = match judged.await {
            Ok(verified) => verified,
            Err(error) => {
                let told = self.refuse_passwordless(cx, kind, user.id, &error, &challenge).await?;
                if matches!(told, PasswordlessAnswer::Stale) {
                    alike.await;
                }
                return Ok(told);
            }
        };
        let OpenedChallenge { digest, expires_at, .. } = challenge;
        let proof = FirstProof::Factor { kind: kind.clone(), verified, challenge: digest, expires_at };
        Ok(match self.enter(cx, intent, user, proof).await? {
            Entry::Step(step) => PasswordlessAnswer::Step(step),
            Entry::Spent => {
                alike.await;
                PasswordlessAnswer::Stale
            }
        })
    }

    /// Counts a wrong answer. One that no credential of the user could have given is not counted: anybody who knows a user's
    /// identifier, as every application does, could otherwise lock that user out. An answer to a challenge that was
    /// answered before is not counted either: a form that is sent twice is no guess, and is told what a right one would be.
    async fn refuse_passwordless(
        self,
        cx: &Cx,
        kind: &FactorKind,
        user: UserId,
        error: &FactorError,
        challenge: &OpenedChallenge,
    ) -> Result<PasswordlessAnswer, Failure> {
        let counts = *error == FactorError::Wrong;
        let audit = self
            .app
            .audit(cx, AuditAction::Passwordless, Some(user), Ended::Refused)
            .why("kind", kind.as_str());
        let (kind, now, challenge, expires_at) =
            (kind.clone(), cx.now, challenge.digest, challenge.expires_at);
        // Whoever knows a user's identifier can send any number of them.
        let audit = self.app.budgeted(cx, audit);
        let spent = self
            .app
            .pool_store(cx)
            .write(move |tx| async move {
                audit.store(&tx).await?;
                if !counts {
                    return Ok(false);
                }
                if tx.spend_challenge(&challenge, expires_at).await? {
                    tx.admit_attempt(user.as_uuid(), &kind, now).await?;
                    return Ok(false);
                }
                Ok(true)
            })
            .await?;
        Ok(if spent { PasswordlessAnswer::Stale } else { PasswordlessAnswer::Wrong })
    }
}
