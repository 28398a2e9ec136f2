//! What can go wrong without being a refusal.

use vestibule_oidc::tokens::TokenError;
use vestibule_store::StoreError;

/// A use case could not be carried out. Refusals are outcomes, not this.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// All hashing permits are taken and the queue is full; try again soon.
    #[error("too many passwords are being checked at once")]
    Busy,
    /// Something that cannot happen unless the data or the program is broken.
    #[error("internal: {0}")]
    Internal(String),
}

impl From<TokenError> for Failure {
    fn from(cause: TokenError) -> Self {
        Self::internal(cause)
    }
}

impl Failure {
    /// Whether trying again soon may help.
    pub const fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::Store(
                    StoreError::Unreachable { .. }
                        | StoreError::Interrupted(_)
                        | StoreError::Full
                        | StoreError::Contention { .. }
                )
        )
    }

    /// An internal failure with its cause.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}
