//! What happened to an account, for its owner to read: the part of the audit trail that is about it.

use crate::{
    account::Accounts,
    base::{
        audit::{AGENT, AuditAction, Ended},
        cx::Cx,
        failure::Failure,
    },
    sign_in::gate::Account,
};
use serde_json::Value;
use vestibule_domain::{AuditId, Timestamp, UserId};
use vestibule_store::records::AuditRow;

/// What is shown when it was done.
const DONE: [AuditAction; 32] = [
    AuditAction::SignIn,
    AuditAction::SignOut,
    AuditAction::Consent,
    AuditAction::Registered,
    AuditAction::ResetAsked,
    AuditAction::PasswordReset,
    AuditAction::PasswordChange,
    AuditAction::Profile,
    AuditAction::AddressAsked,
    AuditAction::AddressChanged,
    AuditAction::AddressRestored,
    AuditAction::DataExported,
    AuditAction::ApplicationRevoked,
    AuditAction::SessionRevoked,
    AuditAction::SessionsRevoked,
    AuditAction::BrowserForgotten,
    AuditAction::FactorEnrolled,
    AuditAction::FactorReplaced,
    AuditAction::FactorRenamed,
    AuditAction::FactorRemoved,
    AuditAction::FactorsChosen,
    AuditAction::FactorsDisabled,
    AuditAction::CodesRegenerated,
    AuditAction::FactorsReset,
    AuditAction::UserCreated,
    AuditAction::UserUpdated,
    AuditAction::UserDisabled,
    AuditAction::UserEnabled,
    AuditAction::PasswordSet,
    AuditAction::CodeReplayed,
    AuditAction::RefreshTokenReused,
    AuditAction::TokenRevoked,
];

/// What is shown when it was refused.
const REFUSED: [AuditAction; 7] = [
    AuditAction::Password,
    AuditAction::Passwordless,
    AuditAction::SecondFactor,
    AuditAction::PasswordChange,
    AuditAction::AddressChanged,
    AuditAction::Consent,
    AuditAction::DeviceCode,
];

/// How many lines a page has.
const LINES: usize = 25;

/// Where a page begins: behind this line.
pub type ActivityPlace = (Timestamp, AuditId);

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivityLine {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: AuditAction,
    /// Whether it was done; otherwise it was refused.
    pub done: bool,
    /// Name of the application it concerns.
    pub application: Option<String>,
    /// `User-Agent` of a browser that signed in.
    pub user_agent: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// Whether an administrator did it.
    pub by_administrator: bool,
}

/// A page of them, newest first.
pub struct Activity {
    /// The lines.
    pub lines: Vec<ActivityLine>,
    /// Where the page with older ones begins; `None` where there are none.
    pub older: Option<ActivityPlace>,
}

/// Everything that can stand in the list: what, and whether it was done or refused.
pub fn activities() -> impl Iterator<Item = (AuditAction, bool)> {
    DONE.into_iter().map(|action| (action, true)).chain(REFUSED.into_iter().map(|action| (action, false)))
}

impl Accounts<'_> {
    /// What happened to the account, newest first, behind a place when it is given.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn activity(
        self,
        cx: &Cx,
        account: &Account,
        behind: Option<ActivityPlace>,
    ) -> Result<Activity, Failure> {
        let user = account.live.user.id;
        let mut rows = self.activity_rows(cx, user, behind, LINES + 1).await?;
        let more = rows.len() > LINES;
        rows.truncate(LINES);
        let older = rows.last().filter(|_| more).map(|row| (row.at, row.id));
        Ok(Activity { lines: rows.iter().filter_map(|row| line(cx, row, user)).collect(), older })
    }

    /// The rows of the audit trail that an account's owner may read, newest first.
    pub(super) async fn activity_rows(
        self,
        cx: &Cx,
        user: UserId,
        behind: Option<ActivityPlace>,
        most: usize,
    ) -> Result<Vec<AuditRow>, Failure> {
        let names = |actions: &[AuditAction]| actions.iter().map(|one| one.as_str()).collect::<Vec<_>>();
        let (done, refused) = (names(&DONE), names(&REFUSED));
        let kinds = [(Ended::Done.as_str(), done.as_slice()), (Ended::Refused.as_str(), refused.as_slice())];
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        Ok(self.app.pool_store(cx).audit_of(user, kinds, behind, most).await?)
    }
}

fn line(cx: &Cx, row: &AuditRow, user: UserId) -> Option<ActivityLine> {
    let action = AuditAction::ALL.iter().find(|action| action.as_str() == row.action)?;
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let text = |key: &str| detail.get(key).and_then(Value::as_str).map(str::to_owned);
    let application = row.client_id.as_deref();
    Some(ActivityLine {
        at: row.at,
        action: *action,
        done: row.outcome == Ended::Done.as_str(),
        application: application.map(|id| cx.pool.client_name(id).unwrap_or(id).to_owned()),
        user_agent: text(AGENT),
        ip: row.ip.clone(),
        by_administrator: text("actor").is_some_and(|actor| actor != user.to_string()),
    })
}
