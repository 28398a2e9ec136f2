//! What the sender of a token request proves that it holds, for the tokens that are bound to it.

use crate::dpop::ProvedKey;

/// What tokens are bound to: whoever uses them has to prove that it holds the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A key, by a proof with the request (RFC 9449).
    Key(ProvedKey),
    /// The certificate of its connection, by its thumbprint (RFC 8705 §3.1).
    Certificate(String),
}

impl Holder {
    /// The key, if it is one.
    pub const fn key(&self) -> Option<&ProvedKey> {
        match self {
            Self::Key(key) => Some(key),
            Self::Certificate(_) => None,
        }
    }

    /// The thumbprint of the key, if it is one.
    pub fn jkt(&self) -> Option<&str> {
        self.key().map(|key| key.jkt.as_str())
    }

    /// The thumbprint of the certificate, if it is one.
    pub fn x5t_s256(&self) -> Option<&str> {
        match self {
            Self::Key(_) => None,
            Self::Certificate(thumbprint) => Some(thumbprint),
        }
    }
}
