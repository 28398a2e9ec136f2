//! The use cases: what a person, an application or a tenant can do, each one call.
//!
//! **Owns** the order of things: read, judge (in `domain`, `oidc`, `mfa`), write in one transaction, say what comes
//! next. It owns throttling, password hashing, the sealed login request, the mail outbox and the audit trail.
//!
//! **Must not know** HTTP, cookies, templates or SQL.
//!
//! **To add a use case**, add a method on [`App`] in the module of its subject that takes a [`Cx`], returns an
//! outcome enum (a refusal is an outcome, a [`Failure`] is not) and writes at most once.

mod account;
mod admin;
mod answer;
mod app;
mod audit;
mod authorize;
mod ceremony;
mod change;
mod context;
mod drift;
mod enrol;
mod error;
mod factor;
mod finish;
mod hasher;
mod issue;
mod links;
mod lockout;
mod login;
mod logout;
mod notice;
mod opening;
mod password;
mod passwordless;
mod policy;
mod postpone;
mod register;
mod request;
mod reset;
mod runtime;
mod security;
mod settings;
mod token;
mod watch;

pub use account::{Account, AppView, Gate, Gated, PasswordChange, SessionView};
pub use admin::{
    Action, AdminError, Applied, Asked, ClientSecret, ClientSpec, FactorReset, KeyChange, KeyRotation,
    KeyView, Knob, Plan, PlanStep, PolicyAnswer, PolicyQuestion, PoolSpec, Resealed, SecretSpec, UserSpec,
};
pub use answer::Answer;
pub use app::{App, Parts};
pub use audit::Why;
pub use authorize::ConsentPage;
pub use context::{Cx, Live, Next, RememberedBrowserToken, SessionToken, Step};
pub use enrol::{Enrolled, EnrolmentPage, Revealed};
pub use error::Failure;
pub use factor::{Chosen, FlowPage, FlowView};
pub use hasher::{Checked, HashCost, Hasher};
pub use lockout::LockOut;
pub use login::{LoginPage, PasswordAnswer};
pub use logout::{LogoutDecision, LogoutPage};
pub use notice::{Letter, MailRenderer, Notice, Rendered};
pub use password::{min_length as password_min, weakness};
pub use passwordless::{PasswordlessAnswer, PasswordlessOption};
pub use postpone::Postponed;
pub use register::{Registration, RegistrationForm};
pub use reset::ResetOutcome;
pub use runtime::{Document, PoolRuntime};
pub use security::{FactorLine, FactorSet, Removal, SecurityView};
pub use settings::{Explanation, PoolAdmin, PoolSettingsView, ResetAnswer, Switched};
pub use vestibule_store::RememberedBrowser;
