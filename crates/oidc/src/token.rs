//! The token endpoint (RFC 6749 §3.2): who asks, and for what.

mod credentials;
mod request;
mod response;

pub use credentials::{ClientCredentials, authenticate, authenticate_unknown, basic_challenge};
pub use request::{TokenRequest, narrowed_scopes};
pub use response::TokenResponse;
