//! The second-factor seam and the factors that come with the product.
//!
//! **Owns** what a second factor is ([`SecondFactor`]), which ones there are ([`Registry`]), and how each of them
//! makes a challenge and judges an answer. Everything is synchronous and pure: time, randomness and keys come in
//! with [`FactorCx`]; what has to be written or mailed leaves as data ([`Enrolment`], [`Effect`],
//! [`OutboundMessage`]).
//!
//! **Must not know** OAuth, HTTP, SQL, how often a guesser may try (the caller counts each attempt before it tells the verdict),
//! whether a ceremony is still fresh (the caller takes it once, from the user it belongs to), or any other factor:
//! a built-in one has no privileges over one from another crate.
//!
//! **To add a factor**: one module with a type that implements [`SecondFactor`], one folder
//! `templates/factors/<kind>/`, one line in [`Registry::builtin`], and a device for it in `tests/contract.rs`, which
//! runs every factor of the registry through [`contract`].

mod assurance_doc;
#[doc(hidden)]
pub mod contract;
mod digits;
pub mod email;
mod factor;
mod label;
pub mod recovery;
mod registry;
mod settings;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod soft_authenticator;
#[cfg(test)]
mod testkit;
pub mod totp;
mod types;
pub mod webauthn;

pub use assurance_doc::{assurance_document, truth_table};
pub use email::EmailCode;
pub use factor::{
    FactorCx, FactorError, Passwordless, PasswordlessCx, SecondFactor, Subject, guarded, secret_ad,
};
pub use recovery::RecoveryCodes;
pub use registry::{Registry, RegistryError};
pub use settings::FactorSettings;
pub use totp::Totp;
pub use types::{
    Aftermath, Ceremony, CeremonyState, Effect, Enrolment, FactorInput, FactorTraits, FactorView, Hint,
    NewCredential, OutboundMessage, Replaces, UseMails, Verified,
};
pub use webauthn::WebAuthn;
