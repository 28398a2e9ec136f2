//! Certificates that applications show on a TLS connection (RFC 5280, RFC 8705): whose they are, and who vouches for them.
//!
//! It owns: reading a certificate, its subject and other names, the chain to an authority that somebody trusts. It must not
//! know: what a certificate is good for. That is for `oidc`, and whether it was proved at all is for whoever hands it in.

mod authorities;
mod name;
mod peer;

pub use authorities::{Authorities, BadAuthorities, Untrusted};
pub use name::{BadName, DistinguishedName, SubjectName};
pub use peer::{BadCertificate, PeerCertificate};
