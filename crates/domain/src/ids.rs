//! Identifiers: one newtype each, so that a user id can never be passed where a session id is meant.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;
use vestibule_seal::Entropy;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A fresh UUIDv7 (RFC 9562 §5.7): sorted by `now`, with 74 bits from `entropy`.
            pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
                let mut random = [0_u8; 10];
                entropy.fill(&mut random);
                let millis = u64::try_from(now.as_seconds()).unwrap_or(0).saturating_mul(1000);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// Takes over an identifier that already exists, for instance one read from the database.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The identifier as a UUID.
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// The second in which it was made, as it says itself (RFC 9562 §5.7); the epoch for one of another kind.
            pub fn made_at(&self) -> Timestamp {
                let made = self.0.get_timestamp().and_then(|made| i64::try_from(made.to_unix().0).ok());
                made.map_or(Timestamp::EPOCH, Timestamp::from_seconds)
            }

            /// The sixteen bytes of the identifier, for associated data of sealed values.
            pub fn as_bytes(&self) -> &[u8] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A user pool: the unit of isolation, partitioning and export.
    PoolId
);
id!(
    /// A user of one pool; also the `sub` claim.
    UserId
);
id!(
    /// A browser session at the identity provider; also the `sid` claim.
    SessionId
);
id!(
    /// A sign-in under way.
    FlowId
);
id!(
    /// One enrolled second factor.
    CredentialId
);
id!(
    /// A challenge of a factor that waits for its answer, once.
    CeremonyId
);
id!(
    /// What a user granted to an application in one sign-in; all its tokens die together.
    GrantId
);
id!(
    /// An access token; its `jti` claim (RFC 9068 §2.2).
    AccessTokenId
);
id!(
    /// A line of the audit trail; what explains a challenge has the identifier of its sign-in.
    AuditId
);
id!(
    /// A mail that waits to be sent.
    MailId
);
id!(
    /// A browser that is remembered.
    RememberedBrowserId
);
