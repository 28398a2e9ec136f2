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
mod context;
mod enrol;
mod error;
mod factor;
mod finish;
mod hasher;
mod links;
mod login;
mod logout;
mod notice;
mod password;
mod register;
mod request;
mod reset;
mod runtime;
mod security;
mod token;

pub use account::{Account, AppView, Gate, Gated, PasswordChange, SessionView};
pub use admin::{
    Action, AdminError, Applied, ClientSecret, ClientSpec, FactorReset, KeyChange, KeyRotation, KeyView,
    Plan, PlanStep, PoolSpec, Resealed, SecretSpec, UserSpec,
};
pub use answer::Answer;
pub use app::{App, Parts};
pub use authorize::ConsentPage;
pub use context::{Cx, Live, Next, SessionToken, Step};
pub use enrol::{Enrolled, EnrolmentPage, Revealed};
pub use error::Failure;
pub use factor::{FlowPage, FlowView};
pub use hasher::{Checked, HashCost, Hasher};
pub use login::{LoginPage, PasswordAnswer};
pub use logout::{LogoutDecision, LogoutPage};
pub use notice::{Letter, MailRenderer, Notice, Rendered};
pub use password::{min_length as password_min, weakness};
pub use register::{Registration, RegistrationForm};
pub use reset::ResetOutcome;
pub use runtime::{Document, PoolRuntime};
pub use security::{FactorLine, FactorSet, Removal, SecurityView};
