//! The audit trail: who did what, from where, and how it ended. Rows are written in the transaction they tell about.

use crate::base::{app::App, cx::Cx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vestibule_domain::{
    Acr, AuditId, Because, Intent, LoginFlow, Requirement, SessionId, Stage, Timestamp, UserId,
};
use vestibule_store::records::AuditRow;

/// One list makes the variants, their names and [`AuditAction::ALL`], so that none can be left out.
macro_rules! actions {
    ($($(#[$doc:meta])+ $variant:ident => $name:literal;)+) => {
        /// What a row of the audit trail tells. The names are stable: trails are read by other programs, and
        /// `docs/audit.md` lists them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AuditAction {
            $($(#[$doc])+ $variant,)+
        }

        impl AuditAction {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name in the trail.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

actions! {
    /// A session was opened or raised.
    SignIn => "sign-in";
    /// The user signed out, here or through an application.
    SignOut => "sign-out";
    /// A wrong password.
    Password => "password";
    /// A guess that was not looked at because of too many before it; of many such, some.
    Throttled => "throttled";
    /// An application gave a wrong secret; of many such, some.
    ClientRefused => "client-refused";
    /// A wrong answer of a factor that signs in without a password.
    Passwordless => "passwordless";
    /// An answer of a second factor.
    SecondFactor => "second-factor";
    /// A second factor, an enrolment or a proposal was put before the user; says which rules asked.
    Challenge => "challenge";
    /// The user was turned away; says which rules asked for what could not be given.
    Refusal => "refusal";
    /// A factor failed: it panicked, was too slow, or answered what it must not.
    FactorFailed => "factor-failed";
    /// The user's decision about what an application may have.
    Consent => "consent";
    /// A user typed a code that no waiting device shows.
    DeviceCode => "device-code";
    /// An authorization code or the code of a device came twice; what it gave was revoked.
    CodeReplayed => "code-replayed";
    /// A refresh token came twice; its family was revoked.
    RefreshTokenReused => "refresh-token-reused";
    /// An application gave a token back; its grant ended, or, of an exchanged one, it alone; of very many such, some.
    TokenRevoked => "token-revoked";
    /// An application exchanged a token of a user for another one, or was refused; of very many, some.
    TokenExchanged => "token-exchanged";
    /// An application got a token for the word of an issuer that the pool trusts, or was refused; of very many refusals, some.
    AssertionTaken => "assertion-taken";
    /// A link for a registration was asked for.
    RegistrationAsked => "registration-asked";
    /// An account was made by its user.
    Registered => "registered";
    /// A link for a forgotten password was asked for.
    ResetAsked => "reset-asked";
    /// A forgotten password was replaced.
    PasswordReset => "password-reset";
    /// The user changed the password, or gave a wrong current one.
    PasswordChange => "password-change";
    /// The user changed the profile.
    Profile => "profile";
    /// A code that proves an address was asked for.
    AddressAsked => "address-asked";
    /// The user proved an address, which is that of the account now.
    AddressChanged => "address-changed";
    /// A change of the address was taken back by the mailbox that was given up.
    AddressRestored => "address-restored";
    /// The user got a copy of what is kept about them.
    DataExported => "data-exported";
    /// The user took back what an application had been given.
    ApplicationRevoked => "application-revoked";
    /// The user, or an administrator, ended one session.
    SessionRevoked => "session-revoked";
    /// The user ended all sessions but the present one.
    SessionsRevoked => "sessions-revoked";
    /// The user had a remembered browser forgotten.
    BrowserForgotten => "browser-forgotten";
    /// A factor was added.
    FactorEnrolled => "factor-enrolled";
    /// A factor took the place of the one before.
    FactorReplaced => "factor-replaced";
    /// The user gave a factor another name.
    FactorRenamed => "factor-renamed";
    /// The user removed a factor.
    FactorRemoved => "factor-removed";
    /// The user chose which factors are asked for.
    FactorsChosen => "factors-chosen";
    /// The user switched the second factor off.
    FactorsDisabled => "factors-disabled";
    /// The user drew new recovery codes.
    CodesRegenerated => "codes-regenerated";
    /// An administrator took all factors of a user away.
    FactorsReset => "factors-reset";
    /// An administrator turned the switch of the second factor for everybody.
    PolicyChanged => "policy-changed";
    /// A pool was made.
    PoolCreated => "pool-created";
    /// A pool's settings were changed.
    PoolUpdated => "pool-updated";
    /// An application was made.
    ClientCreated => "client-created";
    /// An application was changed.
    ClientUpdated => "client-updated";
    /// An application was removed.
    ClientRemoved => "client-removed";
    /// An application's secret was replaced.
    ClientSecretRotated => "client-secret-rotated";
    /// An account was made by an administrator.
    UserCreated => "user-created";
    /// An account was changed by an administrator.
    UserUpdated => "user-updated";
    /// An account was disabled.
    UserDisabled => "user-disabled";
    /// An account was enabled again.
    UserEnabled => "user-enabled";
    /// An account was deleted, by its user or an administrator, with everything that was its user's.
    UserDeleted => "user-deleted";
    /// An administrator gave an account another password.
    PasswordSet => "password-set";
    /// A notice to the user was not mailed, because there had been too many; says which.
    NoticeHeldBack => "notice-held-back";
    /// An application was told that a session had ended, or was given up; says why.
    BackchannelLogout => "backchannel-logout";
    /// A signing key was made with its pool.
    KeyCreated => "key-created";
    /// Signing keys were moved one step on.
    KeysRotated => "keys-rotated";
    /// Signing keys were sealed under the newest key of the ring.
    KeysResealed => "keys-resealed";
}

/// How something ended.
#[derive(Clone, Copy)]
pub(crate) enum Ended {
    Done,
    Refused,
}

impl Ended {
    /// Its name in the trail.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

impl App {
    /// An identifier for a row.
    pub(crate) fn audit_id(&self, now: Timestamp) -> AuditId {
        AuditId::new(now, self.entropy().as_ref())
    }

    /// A row for the audit trail. `detail` never holds a secret.
    pub(crate) fn audit(&self, cx: &Cx, action: AuditAction, user: Option<UserId>, ended: Ended) -> AuditRow {
        let (ip, request_id) = (cx.ip.clone(), Some(cx.request_id.clone()));
        AuditRow { ip, request_id, ..self.row(cx.now, action, user, ended) }
    }

    /// A row that no request is known of.
    pub(crate) fn row(
        &self,
        at: Timestamp,
        action: AuditAction,
        user: Option<UserId>,
        ended: Ended,
    ) -> AuditRow {
        AuditRow {
            id: self.audit_id(at),
            at,
            action: action.as_str().to_owned(),
            user,
            client_id: None,
            session: None,
            ip: None,
            request_id: None,
            outcome: ended.as_str().to_owned(),
            detail: "{}".to_owned(),
        }
    }

    /// The row that explains why a challenge was put. Its identifier is the flow's, so that what the page shows as a
    /// reference leads to it.
    pub(crate) fn challenge_row(&self, cx: &Cx, flow: &LoginFlow) -> AuditRow {
        let requirement = flow.requirement();
        let mut row = self.audit(cx, AuditAction::Challenge, Some(flow.user()), Ended::Done);
        row.id = AuditId::from_uuid(flow.id().as_uuid());
        row.session = flow.base();
        row.client_id = client_of(flow.intent());
        row.detail = json!({ "stage": stage_name(flow), "why": Why::of(requirement) }).to_string();
        row
    }

    /// The row that explains why somebody was turned away.
    pub(crate) fn refusal_row(
        &self,
        cx: &Cx,
        user: UserId,
        intent: &Intent,
        requirement: Option<&Requirement>,
    ) -> AuditRow {
        let mut row = self.audit(cx, AuditAction::Refusal, Some(user), Ended::Refused);
        row.client_id = client_of(intent);
        row.detail = json!({ "why": requirement.map(Why::of) }).to_string();
        row
    }
}

/// The application that an intent is about.
fn client_of(intent: &Intent) -> Option<String> {
    let Intent::Authorize(asked) = intent else { return None };
    Some(asked.client_id.clone()).filter(|id| !id.is_empty())
}

fn stage_name(flow: &LoginFlow) -> &'static str {
    match flow.stage() {
        Stage::SecondFactor { .. } => "second-factor",
        Stage::Enrol { .. } => "enrol",
        Stage::Suggest { .. } => "suggest",
        Stage::SaveCodes | Stage::Authenticated | Stage::Unreachable => "done",
    }
}

/// Which rules asked for what, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The least class.
    pub acr: Acr,
    /// Reasons and their rules, the most important first.
    pub reasons: Vec<Because>,
    /// Version of the pool's settings.
    pub version: i64,
}

impl Why {
    pub(crate) fn of(requirement: &Requirement) -> Self {
        let (acr, reasons, version) = (requirement.acr, requirement.reasons.clone(), requirement.version);
        Self { acr, reasons, version }
    }
}

/// Fills in what else is known.
pub(crate) trait Detailed {
    fn client(self, id: &str) -> Self;
    fn in_session(self, id: SessionId) -> Self;
    fn why(self, key: &str, value: impl Into<Value>) -> Self;
    /// Besides what is told already.
    fn and(self, key: &str, value: impl Into<Value>) -> Self;
}

/// The member of a detail that names the browser.
pub(crate) const AGENT: &str = "agent";

/// The member of a detail that names the challenge.
pub(crate) const FLOW: &str = "flow";

impl Detailed for AuditRow {
    fn client(mut self, id: &str) -> Self {
        self.client_id = Some(id.to_owned());
        self
    }
    fn in_session(mut self, id: SessionId) -> Self {
        self.session = Some(id);
        self
    }
    fn why(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail = json!({ key: value.into() }).to_string();
        self
    }
    fn and(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Ok(Value::Object(mut told)) = serde_json::from_str(&self.detail) {
            told.insert(key.to_owned(), value.into());
            self.detail = Value::Object(told).to_string();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const PAGE: &str = include_str!("../../../../docs/audit.md");

    #[test]
    fn every_action_has_a_name_of_its_own_in_kebab_case() {
        let names: BTreeSet<&str> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(names.len(), AuditAction::ALL.len());
        for name in names {
            let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(name.split('-').all(is_word), "{name}");
        }
    }

    #[test]
    fn the_page_lists_exactly_the_actions_that_there_are() {
        let (_, table) = PAGE.split_once("| action | what happened |").unwrap();
        let listed: Vec<&str> =
            table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        let actions: Vec<&str> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
        assert_eq!(listed, actions);
    }
}
