//! RFC 8628 §3.4: a device asks what its user has answered.

use super::{GrantRequest, resources_of};
use crate::{ErrorCode, OAuthError, Parameters};
use vestibule_domain::GrantType;
use zeroize::Zeroizing;

/// A device code. Without `Debug`: it holds the code.
#[derive(Clone)]
pub struct DeviceCode {
    /// The code.
    pub device_code: Zeroizing<String>,
    /// Fewer APIs than the device's request named, if it names any (RFC 8707 §2.2).
    pub resource: Vec<String>,
}

impl GrantRequest for DeviceCode {
    const GRANT: GrantType = GrantType::DeviceCode;
    const PARAMETERS: &'static [&'static str] = &["device_code", "resource"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let device_code = Zeroizing::new(form.require("device_code")?.to_owned());
        Ok(Self { device_code, resource: resources_of(form) })
    }
}

/// Why a device gets no tokens yet, or never (RFC 8628 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// The user has not answered.
    Pending,
    /// The user has not answered, and the device asks too often.
    TooOften {
        /// From now on so many seconds have to be between two questions.
        interval: i64,
    },
    /// The user has said no.
    Denied,
    /// It is too late.
    Expired,
}

impl From<NotYet> for OAuthError {
    fn from(reason: NotYet) -> Self {
        match reason {
            NotYet::Pending => Self::new(ErrorCode::AuthorizationPending, "the user has not answered yet"),
            NotYet::TooOften { interval } => {
                Self::new(ErrorCode::SlowDown, format!("wait {interval} seconds between two questions"))
            }
            NotYet::Denied => Self::new(ErrorCode::AccessDenied, "the user did not agree"),
            NotYet::Expired => Self::new(ErrorCode::ExpiredToken, "the device code is too old: begin again"),
        }
    }
}
