//! Devices that wait for their user's answer (RFC 8628).

use super::Hash;
use vestibule_domain::{GrantId, Timestamp};

/// So many seconds beyond its end the row of a device is kept: it hears that it is too late, and a copy of its code is noticed.
pub const DEVICE_KEPT: i64 = 3_600;

/// What a device hears that asks too often: so many seconds more each time (RFC 8628 §3.5)…
pub const SLOWER_BY: i64 = 5;

/// …up to so many.
pub const SLOWEST: i64 = 60;

/// A device that asks to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// Of the code that it keeps.
    pub hash: Hash,
    /// Of the code that it shows.
    pub user_code: Hash,
    /// Whose it is.
    pub client_id: String,
    /// What it asks for, sealed.
    pub request: String,
    /// Thumbprint of the key that has to be proved with its code, where one was proved with the request.
    pub dpop_jkt: Option<String>,
    /// Thumbprint of the certificate that has to be shown with it instead (RFC 8705 §4).
    pub x5t_s256: Option<String>,
    /// So many seconds have to be between two questions.
    pub interval: i64,
    /// When it is too late.
    pub expires_at: Timestamp,
    /// What its user has said.
    pub state: DeviceState,
}

/// What became of the request of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Nobody has answered.
    Waiting,
    /// The user has said no.
    Denied,
    /// The user has agreed to this.
    Allowed(GrantId),
    /// The device has got its tokens.
    Spent(GrantId),
}
