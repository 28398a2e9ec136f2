//! The end of sessions: the one function that ends any, so that whatever has to happen then hangs on one place.

use crate::base::{
    bound::{Bound, REVEAL},
    links::end_links,
};
use vestibule_domain::{FlowId, SessionId, Timestamp, UserId};
use vestibule_store::{PoolTx, StoreError};

/// Several sessions of a user.
#[derive(Clone, Copy)]
pub(crate) enum Sessions {
    /// Every one.
    All,
    /// Every one but this.
    AllBut(SessionId),
}

impl Sessions {
    const fn kept(self) -> Option<SessionId> {
        match self {
            Self::All => None,
            Self::AllBut(id) => Some(id),
        }
    }
}

/// Why sessions end, and which. The reason decides what ends with them.
#[derive(Clone, Copy)]
pub(crate) enum SessionEnd {
    /// The user signed out. Offline access stays: it is meant for a user who is not there (OIDC Core §11).
    SignedOut(SessionId),
    /// Another session takes its place in the browser. Its tokens end.
    Replaced(SessionId),
    /// The user revoked a session. Its tokens end.
    RevokedByUser(SessionId),
    /// The user revoked sessions. Their tokens and the sign-ins under way end.
    AllRevokedByUser(Sessions),
    /// The password was changed. Everything that stood on the old one ends: tokens, sign-ins under way, remembered
    /// browsers, mailed links.
    PasswordChanged(Sessions),
    /// A factor was removed or replaced. The same ends as with a password.
    FactorsChanged(Sessions),
    /// A lost factor was replaced during a sign-in, which goes on. The same ends otherwise.
    FactorReplacedDuring(FlowId, Sessions),
    /// A change of the address was taken back: whoever made it is out. Everything ends.
    AddressRestored,
    /// The account was disabled. Everything ends.
    AccountDisabled,
    /// The account is being deleted. Everything ends, and its applications are told.
    AccountDeleted,
    /// An administrator took factors away, or ended every session. Everything ends.
    ByAdministrator,
    /// An administrator replaced the password or the address. Everything ends.
    ReplacedByAdministrator,
}

impl SessionEnd {
    /// Whether the links end that were mailed to the user, too: they were asked for by whoever had the account before.
    const fn ends_links(self) -> bool {
        match self {
            Self::PasswordChanged(_)
            | Self::AddressRestored
            | Self::AccountDisabled
            | Self::AccountDeleted
            | Self::ReplacedByAdministrator => true,
            Self::SignedOut(_)
            | Self::Replaced(_)
            | Self::RevokedByUser(_)
            | Self::AllRevokedByUser(_)
            | Self::FactorsChanged(_)
            | Self::FactorReplacedDuring(..)
            | Self::ByAdministrator => false,
        }
    }
}

/// Ends sessions of a user, and what ends with them, inside a transaction. Applications that were given something in them and
/// want to be told are noted in the same transaction. Says how many sessions ended.
pub(crate) async fn end_sessions(
    tx: &PoolTx,
    user: UserId,
    why: SessionEnd,
    now: Timestamp,
) -> Result<u64, StoreError> {
    forget_shown(tx, user, why).await?;
    let (several, during) = match why {
        SessionEnd::SignedOut(id) => return Ok(u64::from(tx.end_session(user, id, now).await?)),
        SessionEnd::Replaced(id) | SessionEnd::RevokedByUser(id) => {
            return Ok(u64::from(tx.revoke_session(user, id, now).await?));
        }
        SessionEnd::AllRevokedByUser(which) => {
            return tx.revoke_sessions(user, which.kept(), None, now).await;
        }
        SessionEnd::PasswordChanged(which) | SessionEnd::FactorsChanged(which) => (which, None),
        SessionEnd::FactorReplacedDuring(flow, which) => (which, Some(flow)),
        SessionEnd::AddressRestored
        | SessionEnd::AccountDisabled
        | SessionEnd::AccountDeleted
        | SessionEnd::ByAdministrator
        | SessionEnd::ReplacedByAdministrator => (Sessions::All, None),
    };
    let ended = tx.revoke_sessions(user, several.kept(), during, now).await?;
    tx.revoke_grants(user, None, now).await?;
    tx.forget_remembered_browsers(user).await?;
    if !matches!(why, SessionEnd::FactorsChanged(_) | SessionEnd::FactorReplacedDuring(..)) {
        // Whoever knew the password before has no browser left in which wrong ones count by themselves.
        tx.forget_known_browsers(user).await?;
    }
    if why.ends_links() {
        end_links(tx, user).await?;
    }
    Ok(ended)
}

/// Drops what the sessions that end show only once: nobody reads it any more who has not saved it.
async fn forget_shown(tx: &PoolTx, user: UserId, why: SessionEnd) -> Result<(), StoreError> {
    let kept = match why {
        SessionEnd::SignedOut(id) | SessionEnd::Replaced(id) | SessionEnd::RevokedByUser(id) => {
            tx.delete_ceremonies(&Bound::Session(id).digest(), REVEAL).await?;
            return Ok(());
        }
        SessionEnd::AllRevokedByUser(which)
        | SessionEnd::PasswordChanged(which)
        | SessionEnd::FactorsChanged(which)
        | SessionEnd::FactorReplacedDuring(_, which) => which.kept(),
        SessionEnd::AddressRestored
        | SessionEnd::AccountDisabled
        | SessionEnd::AccountDeleted
        | SessionEnd::ByAdministrator
        | SessionEnd::ReplacedByAdministrator => None,
    };
    let kept = kept.map(|id| Bound::Session(id).digest());
    tx.delete_ceremonies_of(user, REVEAL, kept.as_ref()).await?;
    Ok(())
}
