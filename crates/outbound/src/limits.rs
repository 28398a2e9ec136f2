//! What a request may cost.

use std::time::Duration;

/// The longest address that is asked, in bytes.
pub(crate) const URL_BYTES: usize = 2048;

/// How many addresses of one name are tried.
pub(crate) const ADDRESSES: usize = 8;

/// What one request may cost, and all of them at once. [`Limits::default`] is for production; tests have smaller ones.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the call to the last byte of the answer.
    pub total: Duration,
    /// For a place among the requests that run: part of `total`.
    pub wait: Duration,
    /// For the look-up of the name, and once more for the connection with its TLS handshake.
    pub connect: Duration,
    /// Bytes of an answer's body.
    pub body: usize,
    /// Requests at once.
    pub all: usize,
    /// Requests at once on behalf of one pool.
    pub pool: usize,
    /// Requests at once to one host.
    pub host: usize,
    /// For how many seconds nobody is asked again who could not be reached.
    pub remember: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(5),
            wait: Duration::from_secs(2),
            connect: Duration::from_secs(2),
            body: 64 * 1024,
            all: 64,
            pool: 16,
            host: 2,
            remember: 10,
        }
    }
}
