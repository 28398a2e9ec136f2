//! The token endpoint (RFC 6749 §3.2): what can be asked for, and what is answered.

pub mod grants;
mod refusal;
mod response;

pub use refusal::NotHonoured;
pub use response::TokenResponse;
pub(crate) use response::token_type;
