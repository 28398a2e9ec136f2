//! What a pool's settings page shows and does: the switch for everybody, and why a prompt appeared.

use crate::{
    admin::{Admin, AdminError, actor::PoolAdmin, spec::PoolSpec},
    base::{
        app::App,
        audit::{AuditAction, FLOW, Why},
        cx::Cx,
        failure::Failure,
    },
    policy::lockout::LockOut,
};
use serde_json::Value;
use uuid::Uuid;
use vestibule_domain::{AuditId, FactorKind, FlowId, MfaMode, Pool, SessionId, Timestamp};
use vestibule_store::{
    AuditFilter,
    records::{AuditRow, GrantRow},
};

/// What the settings page shows.
pub struct PoolSettingsView {
    /// Who is asked for a second factor.
    pub mode: MfaMode,
    /// Whether that is locked, so that no switch may be offered.
    pub locked: bool,
    /// How many users would have to enrol if the second factor were required of everybody.
    pub will_enrol: u64,
}

/// What became of turning the switch.
pub enum Switched {
    /// Done.
    Done,
    /// It had that position already, or somebody else changed the settings at the same moment.
    Unchanged,
    /// The second factor is locked for everybody, so it cannot be switched.
    Locked,
    /// These could not get in any more; nothing was changed.
    Blocked(Vec<LockOut>),
}

/// Why a prompt or a refusal appeared.
pub struct Explanation {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub user: String,
    /// At which stage: `second-factor`, `enrol`, `suggest`; `granted` for a code or token; empty for a refusal.
    pub stage: String,
    /// Rules and their version; none where no rule was asked.
    pub why: Option<Why>,
    /// Name of the application; none for the user center.
    pub application: Option<String>,
    /// What came of it.
    pub outcome: PromptOutcome,
}

/// What came of a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptOutcome {
    /// It still waits for an answer.
    Open,
    /// It was answered, and the sign-in ended well; or a code was issued.
    Passed,
    /// It was a refusal, or it was given up or left until it expired.
    Failed,
}

impl PromptOutcome {
    /// Its name in answers to programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }
}

/// The kinds that only help those who lost another factor.
fn backups(app: &App) -> Vec<FactorKind> {
    let backups = app.registry().iter().filter(|factor| factor.traits().evidence.is_recovery());
    backups.map(|factor| factor.kind()).collect()
}

impl App {
    /// The settings page of the pool of the request.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn pool_settings(&self, cx: &Cx, _: PoolAdmin<'_>) -> Result<PoolSettingsView, Failure> {
        let will_enrol = self.pool_store(cx).users_without_factor(&backups(self)).await?;
        let mfa = &cx.pool.pool.settings.mfa;
        let locked = mfa.everybody.locked == Some(true);
        Ok(PoolSettingsView { mode: mfa.mode(), locked, will_enrol })
    }
}

impl Admin<'_> {
    /// How many users of a pool have no second factor, recovery codes not counted.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn users_without_factor(&self, pool: &str) -> Result<u64, AdminError> {
        let pool = self.pool_named(pool).await?;
        Ok(self.app.store().pool(pool.id).users_without_factor(&backups(self.app)).await?)
    }

    /// Turns the switch for everybody: the pool is declared again with another mode. Running servers notice at once.
    ///
    /// # Errors
    /// [`AdminError`], but for what [`Switched`] says.
    pub async fn switch_mfa(&self, pool: &str, mode: MfaMode) -> Result<Switched, AdminError> {
        let pool = self.pool_named(pool).await?;
        if pool.settings.mfa.mode() == mode {
            return Ok(Switched::Unchanged);
        }
        if pool.settings.mfa.everybody.locked == Some(true) {
            return Ok(Switched::Locked);
        }
        let mut wanted = PoolSpec::of(&pool);
        wanted.settings.mfa.everybody.mode = Some(mode);
        match self.apply(&[wanted]).await {
            Ok(_) => {}
            Err(AdminError::LockOut(shut)) => return Ok(Switched::Blocked(shut)),
            Err(AdminError::Conflict(_)) => return Ok(Switched::Unchanged),
            Err(error) => return Err(error),
        }
        self.app.refresh_configuration().await?;
        Ok(Switched::Done)
    }

    /// Explains a challenge or a refusal of a pool by its reference, or the `acr` that was issued last in a session by the
    /// session's `sid`.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn explain(&self, pool: &str, trace: &str) -> Result<Option<Explanation>, AdminError> {
        let pool = self.pool_named(pool).await?;
        let Ok(id) = trace.trim().parse::<Uuid>() else { return Ok(None) };
        let Some((seconds, _)) = id.get_timestamp().map(|stamp| stamp.to_unix()) else { return Ok(None) };
        let Ok(seconds) = i64::try_from(seconds) else { return Ok(None) };
        let store = self.app.store().pool(pool.id);
        let found = store.audit_row(Timestamp::from_seconds(seconds), AuditId::from_uuid(id)).await?;
        let (user, explanation) = match found.filter(explains) {
            Some(row) => {
                let outcome = self.outcome_of(&pool, &row).await?;
                (row.user, Explanation { outcome, ..explanation(&row) })
            }
            // Not a prompt: then perhaps a session, whose latest code or token has its reasons with it.
            None => match store.grants_of_session(SessionId::from_uuid(id)).await?.into_iter().next() {
                Some(grant) => (Some(grant.user), granted(grant)),
                None => return Ok(None),
            },
        };
        let user = match user {
            Some(user) => store.user(user).await?.map(|user| user.username),
            None => None,
        };
        Ok(Some(Explanation { user: user.unwrap_or_default(), ..explanation }))
    }
}

impl Admin<'_> {
    /// What came of a prompt or a refusal, as the sign-in and the trail have it now.
    async fn outcome_of(&self, pool: &Pool, row: &AuditRow) -> Result<PromptOutcome, Failure> {
        let (Some(user), false) = (row.user, row.action == AuditAction::Refusal.as_str()) else {
            return Ok(PromptOutcome::Failed);
        };
        let store = self.app.store().pool(pool.id);
        let flow = FlowId::from_uuid(row.id.as_uuid());
        if store.flow(flow, self.app.now()).await?.is_some() {
            return Ok(PromptOutcome::Open);
        }
        let filter = AuditFilter {
            action: Some(AuditAction::SignIn.as_str().to_owned()),
            user: Some(user),
            since: Some(row.at),
            until: Some(row.at + pool.settings.lifetimes.flow + 1),
            ..AuditFilter::default()
        };
        let signed_in = store.audit_after(&filter, None, MOST_SIGN_INS).await?;
        let answers = |row: &AuditRow| {
            let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
            detail.get(FLOW).and_then(Value::as_str) == Some(flow.to_string().as_str())
        };
        Ok(if signed_in.iter().any(answers) { PromptOutcome::Passed } else { PromptOutcome::Failed })
    }
}

/// How many sign-ins of one user are looked through for the one that answered a prompt: more than anybody makes while one
/// prompt waits.
const MOST_SIGN_INS: u64 = 500;

/// Stage of an explanation of what was issued.
const GRANTED: &str = "granted";

fn granted(grant: GrantRow) -> Explanation {
    Explanation {
        at: grant.created_at,
        user: String::new(),
        stage: GRANTED.to_owned(),
        why: serde_json::from_str(&grant.basis).ok(),
        application: Some(grant.client_id),
        outcome: PromptOutcome::Passed,
    }
}

/// Whether a row tells why a prompt or a refusal appeared.
fn explains(row: &AuditRow) -> bool {
    [AuditAction::Challenge, AuditAction::Refusal].iter().any(|action| row.action == action.as_str())
}

fn explanation(row: &AuditRow) -> Explanation {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let part = |name: &str| detail.get(name).cloned().unwrap_or_default();
    Explanation {
        at: row.at,
        user: String::new(),
        stage: part("stage").as_str().unwrap_or_default().to_owned(),
        why: serde_json::from_value(part("why")).ok(),
        application: row.client_id.clone(),
        outcome: PromptOutcome::Failed,
    }
}
