#![doc = include_str!("../README.md")]
//!
//! # For who changes this crate
//!
//! It owns: reading a token and its proof from a request, the checks of RFC 9068 §4 and RFC 9449 §4.3 and §7, the certificate of RFC 8705 §3, the keys of
//! the issuer and how long they are believed, and the challenges of RFC 6750, 9449 and 9470, and what the API says of itself (RFC 9728).
//!
//! It must not know: anything of Vestibule in particular but `vestibule-jose`. Cryptography of JOSE stays there.
//!
//! To add a requirement: a kind in `require.rs` with its check, and its [`Reason`] with status and challenge in
//! `refusal.rs`. To add a check of a token: a [`TokenFault`] in `claims.rs`; of a proof: a [`ProofFault`] in `dpop.rs`.

mod access;
mod builder;
mod certificate;
mod claims;
mod clock;
mod dpop;
#[cfg(feature = "reqwest")]
mod http;
mod keys;
mod layer;
mod metadata;
mod nonce;
mod place;
mod presented;
mod refusal;
mod replay;
mod require;
mod server;

pub use access::AccessToken;
pub use builder::{BuildError, Builder};
pub use certificate::ClientCertificate;
pub use claims::{Actor, Claims, TokenFault};
pub use clock::{Clock, SystemClock};
pub use dpop::ProofFault;
#[cfg(feature = "reqwest")]
pub use http::{HttpKeys, HttpKeysError};
pub use keys::{BoxFuture, FetchedKeys, KeySource, KeysError};
pub use layer::{Protect, Protected};
pub use metadata::Description;
pub use nonce::Nonces;
pub use refusal::{Reason, Refusal, Scheme};
pub use replay::{Full, ProofId, ReplayCache, SeenProofs};
pub use require::{RequireAuthentication, RequireScope, Requirement};
pub use server::ResourceServer;
pub use vestibule_jose::{Alg, ForeignKeys, ForeignKeysError, JwkError, TimeError, VerifyError};
