//! Why an address gave nothing.

use thiserror::Error;

/// What is wrong with an address itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AddressFault {
    /// It is no URL, or has no host.
    #[error("is no absolute URL: write it as https://host/path")]
    Malformed,
    /// It is longer than 2048 bytes.
    #[error("is longer than 2048 bytes: use a shorter one")]
    TooLong,
    /// Neither `https` nor `http`, or `http` to somewhere else than this machine.
    #[error("is not https: use https (http is only for a loopback address that the pool allows)")]
    Scheme,
    /// A user name or a password is in it.
    #[error("contains a user name or a password: leave them out")]
    UserInfo,
    /// A fragment is in it.
    #[error("contains a fragment: leave out `#` and what follows")]
    Fragment,
}

/// Why an address gave nothing. No message contains more of the address than its host, or anything of the answer
/// beyond its status, so that all of them can be logged and shown.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// The address cannot be asked at all.
    #[error("the address {0}")]
    Address(#[from] AddressFault),
    /// The host, or one of its addresses, is not public.
    #[error(
        "{host} is at an address that is not public: use a public one, or let the operator allow its network \
         in the pool's `[pool.outbound] allow`"
    )]
    NotPublic {
        /// Of the address that was asked.
        host: String,
    },
    /// The name has no address, or nobody could tell.
    #[error(
        "the name {host} was not found: see that it is in the DNS and that this server can look names up"
    )]
    NotFound {
        /// Of the address that was asked.
        host: String,
    },
    /// No connection.
    #[error(
        "no connection to {host}: see that it listens and that nothing is in between that stops this server"
    )]
    Connect {
        /// Of the address that was asked.
        host: String,
    },
    /// TLS failed: most often the certificate.
    #[error(
        "TLS with {host} failed: see that its certificate is of now, for this name, from a public authority and \
         sent with its chain, and that TLS 1.2 or 1.3 is spoken"
    )]
    Tls {
        /// Of the address that was asked.
        host: String,
    },
    /// It took too long.
    #[error("{host} did not answer in time: see why it takes so long")]
    Timeout {
        /// Of the address that was asked.
        host: String,
    },
    /// The answer is no HTTP, or ended early.
    #[error("{host} broke off, or answered with something that is no HTTP: see its log")]
    Broken {
        /// Of the address that was asked.
        host: String,
    },
    /// It wants somebody else to be asked.
    #[error("{host} answered with the redirect {status}, which is not followed: name the final address")]
    Redirect {
        /// Of the address that was asked.
        host: String,
        /// 300 to 399
        status: u16,
    },
    /// It answered, but not with a document.
    #[error("{host} answered with status {status}: see its log")]
    Status {
        /// Of the address that was asked.
        host: String,
        /// Anything but 200.
        status: u16,
    },
    /// The document is of another type.
    #[error("{host} sent a document of another type: its `Content-Type` has to be {expected}")]
    ContentType {
        /// Of the address that was asked.
        host: String,
        /// What would have been taken.
        expected: String,
    },
    /// The document is compressed or otherwise encoded.
    #[error("{host} sent an encoded document: it has to be sent without `Content-Encoding`")]
    Encoded {
        /// Of the address that was asked.
        host: String,
    },
    /// The document is too large.
    #[error("{host} sent more than {limit} bytes: make the document smaller")]
    TooLarge {
        /// Of the address that was asked.
        host: String,
        /// Bytes.
        limit: usize,
    },
    /// Too much is asked at the moment, of this host or for this pool.
    #[error("too many requests run, to {host} or in all: try again in some seconds")]
    Busy {
        /// Of the address that was asked.
        host: String,
    },
    /// This program cannot ask at all.
    #[error("the HTTP client could not be made: this is a fault of the program")]
    Client,
}

impl OutboundError {
    /// Whether the host as a whole could not be reached, so that its other addresses would fail just so.
    pub(crate) const fn is_of_the_host(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::Connect { .. }
                | Self::Tls { .. }
                | Self::Timeout { .. }
                | Self::Broken { .. }
        )
    }

    /// A short name of the reason, for logs and machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::NotPublic { .. } => "not_public",
            Self::NotFound { .. } => "not_found",
            Self::Connect { .. } => "connect",
            Self::Tls { .. } => "tls",
            Self::Timeout { .. } => "timeout",
            Self::Broken { .. } => "broken",
            Self::Redirect { .. } => "redirect",
            Self::Status { .. } => "status",
            Self::ContentType { .. } => "content_type",
            Self::Encoded { .. } => "encoded",
            Self::TooLarge { .. } => "too_large",
            Self::Busy { .. } => "busy",
            Self::Client => "client",
        }
    }
}
