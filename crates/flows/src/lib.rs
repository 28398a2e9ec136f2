//! The use cases: what a person, an application or a tenant can do, each one call.
//!
//! **Owns** the order of things: read, judge (in `domain`, `oidc`, `mfa`), write in one transaction, say what comes
//! next. It owns throttling, password hashing, the sealed login request, the mail outbox and the audit trail.
//!
//! **Must not know** HTTP, cookies, templates or SQL.
//!
//! Its folders are rooms, and each knows only those before it: `base`, `factor`, `policy`, `oidc`, `sign_in`, `account`,
//! `admin`. A test asserts the order. Every room has one type whose methods are its use cases, which [`App`] hands out.
//!
//! **To add a use case**, add a method to the type of its room ([`SignIn`], [`Oidc`], [`Accounts`], [`Admin`]), in the file
//! of its subject. It takes a [`Cx`], returns an outcome enum (a refusal is an outcome, a [`Failure`] is not) and writes
//! at most once.

mod account;
mod admin;
mod base;
mod factor;
mod oidc;
mod policy;
mod sign_in;

pub use account::{
    Accounts, Unchanged,
    activity::{Activity, ActivityLine, ActivityPlace, activities},
    address::{AddressAsked, AddressProof, AddressUndo, PendingAddress},
    data::{AccountDeletion, AccountHoldings},
    enrolment::{EnrolmentPage, Kept},
    factors::{FactorLine, FactorSet, Removal, SecurityView},
    password::{PasswordChange, min_length as password_min},
    profile::{AppView, ProfileChange},
    recovery::ResetOutcome,
    registration::{Registration, RegistrationForm},
    sessions::SessionView,
};
pub use admin::{
    Actor, AddressAnswer, Admin, AdminError, Applied, Asked, ClientHoldings, ClientSecret, ClientSpec,
    Explanation, FactorReset, KeyChange, KeyRotation, KeyView, Knob, KnownAs, Plan, PlanAction, PlanStep,
    PolicyAnswer, PolicyQuestion, PoolAdmin, PoolSettingsView, PoolSpec, Progress, PromptOutcome, Proof,
    Resealed, ResetAnswer, Scope, SecretSpec, Switched, TrailStart, UserHoldings, UserSpec, Via, WhichFactor,
    Who,
};
pub use base::{
    app::{App, Parts, SeesCertificates},
    audit::{AuditAction, Why},
    cx::{Cx, Language, Live, RememberedBrowserToken, SessionToken},
    failure::Failure,
    hasher::{HashCost, Hasher, PasswordMatch},
    key_sets::check_issuer_keys,
    letters::{ClaimedMail, OutgoingMail},
    links::LinkAsked,
    notice::{Letter, MailRenderer, Notice, Rendered},
    outcome::{DeviceAnswer, Next, Step},
    places::Place,
    runtime::{Document, PoolRuntime},
    sealed_request::NoteReader,
    tries::next_try,
};
pub use factor::revealed::Revealed;
pub use oidc::registration::InitialToken;
pub use oidc::{
    Oidc,
    back_channel::ClaimedLogout,
    device::DeviceAuthorization,
    farewell::{Farewell, FarewellQuery},
    introspection::Introspected,
    logout::{LogoutDecision, LogoutPage},
    pushed::PushedRequest,
    userinfo::{Presented, UserinfoAnswer},
};
pub use policy::lockout::LockOut;
pub use sign_in::{
    SignIn,
    again::RequestOwner,
    answer::Answer,
    challenge::{Chosen, FlowPage, FlowView},
    consent::{Asker, ConsentPage, ConsentView, SelfMade},
    device::DeviceCodeTyped,
    enrolment::Enrolled,
    gate::{
        Account, Administer, Admission, Admitted, ChangeAddress, ConnectDevice, DeleteAccount,
        DisableFactors, EnableFactors, EnrolFactor, ExportData, Gated, ManageFactors, RegenerateCodes,
        RemoveFactor, View,
    },
    password::{LoginPage, PasswordAnswer},
    passwordless::{PasswordlessAnswer, PasswordlessOption},
    postpone::Postponed,
};
pub use vestibule_store::{LogoutNotice, LogoutOutcome, LogoutState, RememberedBrowser};
