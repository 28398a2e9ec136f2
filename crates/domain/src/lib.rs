//! The nouns and rules of Vestibule: pools, users, applications, sessions, the login flow, policy and assurance.
//!
//! **Owns** every decision that needs no I/O: which evidence makes which `acr`, what a policy asks of whom, which
//! stage of a sign-in follows which, how long a guesser has to wait. Time and randomness come in as parameters.
//!
//! Values derive `serde` and, with the feature `schema`, JSON Schema: files, commands, database and API say the same words.
//! [`field`] and the `check` of a value hold the rules that a declared value keeps, wherever it comes from.
//!
//! **Must not know** SQL, HTTP, templates, OAuth messages, or any particular second factor.
//!
//! **To add a rule**, extend [`policy`] (what is required) or [`assurance`] (what evidence is worth) and their
//! tables in the tests; a new stage of the sign-in is a variant of [`flow::Stage`] with its transitions.

pub mod action;
pub mod api;
pub mod assurance;
pub mod attempts;
pub mod attribute;
pub mod budget;
pub mod client;
pub mod credential;
pub mod field;
pub mod flow;
pub mod ids;
pub mod password;
pub mod policy;
pub mod pool;
pub mod precis;
pub mod profile;
pub mod session;
pub mod source;
pub mod time;
pub mod typed;
pub mod user;
pub mod user_code;

pub use action::{AccountPage, Action, PoolTask};
pub use api::{Api, TokenShape};
pub use assurance::{Acr, Assurance, AuthEvent, Category, Counts, Evidence, assess};
pub use attribute::{Attribute, AttributeType, AttributeValue, Editor};
pub use budget::{Budget, Kept};
pub use client::{
    AccessTokenType, Client, ClientAnswers, ClientAuthMethod, ClientKind, ClientLogout, ClientTls,
    ContentEncryption, Encryption, ExchangeMode, ExchangeRule, GrantType, KeyEncryption, Profile, Registered,
    RegisteredBy, Sector, Strictness, SubjectType, TokenAlg, TokenRules,
};
pub use credential::{Credential, FactorKind};
pub use field::{Fault, Faults, FieldPath, is_loopback};
pub use flow::{Authenticated, AuthorizationIntent, Intent, LoginFlow, Stage};
pub use ids::{
    AccessTokenId, AuditId, CeremonyId, CredentialId, FlowId, GrantId, MailId, PoolId, RememberedBrowserId,
    SessionId, UserId,
};
pub use policy::{
    Because, Effective, FactorOffer, Facts, LeastStrength, Need, Policy, Reason, Requirement, Suggestion,
};
pub use pool::{
    AccountRules, AssertedSubject, ClientRegistration, FactorRules, MetadataDocuments, MfaMode, MutualTls,
    Origin, OutboundSettings, Pool, PoolSettings, RegistrationMode, TrustedIssuer,
};
pub use profile::{PersonalField, PostalAddress, ProfileEdit, TextField, UserProfile};
pub use session::Session;
pub use source::Source;
pub use time::{Clock, Timestamp};
pub use user::{Email, User, UserStatus, Username};
pub use user_code::UserCode;
pub use vestibule_seal::Entropy;
